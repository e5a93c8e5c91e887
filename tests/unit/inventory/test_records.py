"""Purchases, disposals and headcounts: what is checked, what is kept, how they add and are cut."""

from __future__ import annotations

import datetime as dt
import math
import pickle

import numpy as np
import pyarrow as pa
import pytest

import reen

NEW_YEAR = dt.date(2022, 1, 1)
LAST_DAY = dt.date(2022, 12, 31)


def purchases(**columns: object) -> reen.types.Purchases:
    days = columns.pop("date", [NEW_YEAR] * len(next(iter(columns.values()))))
    return reen.types.Purchases.from_arrow(
        pa.table({"date": pa.array(days, pa.date32()), **columns})
    )


def headcount(*rows: tuple[dt.date | None, float | None, str | None]) -> reen.types.Headcount:
    days, agents, entities = zip(*rows, strict=True)
    return reen.types.Headcount.from_arrow(
        pa.table(
            {
                "date": pa.array(days, pa.date32()),
                "agents": pa.array(agents, pa.float64()),
                "entity": pa.array(entities, pa.string()),
            }
        )
    )


def test_types_are_resolved_and_unknown_words_reported() -> None:
    bought = purchases(equipment_type=["PC portables", "Machin"])
    assert bought.table["equipment_type"].to_pylist() == ["laptop", "unknown"]
    assert [issue.value for issue in bought.issues] == ["Machin"]


def test_a_row_without_quantity_column_is_one_item() -> None:
    assert purchases(id=["a", "b"]).batch.values("quantity", "item").tolist() == [1.0, 1.0]


def test_defaults_survive_addition() -> None:
    both = purchases(id=["a"]) + purchases(id=["b"], quantity=[3.0])
    assert both.batch.values("quantity", "item").tolist() == [1.0, 3.0]


def test_units_come_from_the_metadata() -> None:
    field = pa.field("weight", pa.float64(), metadata={"unit": "t"})
    date = pa.field("date", pa.date32())
    table = pa.table([[2.0], [NEW_YEAR]], schema=pa.schema([field, date]))
    assert reen.types.Disposals.from_arrow(table).table["weight"].to_pylist() == [2_000.0]


def test_a_unit_of_another_dimension_is_refused() -> None:
    field = pa.field("weight", pa.float64(), metadata={"unit": "kWh"})
    table = pa.table([[2.0]], schema=pa.schema([field])).append_column("date", pa.array([NEW_YEAR]))
    with pytest.raises(reen.errors.DimensionError, match=r"'kWh'.*'kg'"):
        reen.types.Disposals.from_arrow(table, source="bennes.csv")


def test_a_date_is_required() -> None:
    with pytest.raises(
        reen.errors.InventoryError, match=r"achats: the column 'date'.*is it 'dates'"
    ):
        reen.types.Purchases.from_arrow(pa.table({"dates": [1]}), source="achats")


def test_a_headcount_needs_agents() -> None:
    table = pa.table({"date": pa.array([NEW_YEAR])})
    with pytest.raises(reen.errors.InventoryError, match="'agents' is not there; found: date"):
        reen.types.Headcount.from_arrow(table)


def test_kinds_do_not_add() -> None:
    with pytest.raises(TypeError):
        purchases(id=["a"]) + headcount((NEW_YEAR, 1.0, None))  # type: ignore[operator]


def test_columns_of_two_types_do_not_add() -> None:
    with pytest.raises(reen.errors.InventoryError, match="cannot be added"):
        purchases(lot=[["a"]]) + purchases(lot=[1])


def test_both_ends_of_a_period_belong_to_it() -> None:
    days = [dt.date(2021, 12, 31), NEW_YEAR, LAST_DAY, dt.date(2023, 1, 1), None]
    bought = purchases(date=days, id=list("abcde"))
    assert bought.between(NEW_YEAR, LAST_DAY).table["id"].to_pylist() == ["b", "c"]
    assert bought.undated == 1


def test_no_row_is_no_fault() -> None:
    empty = purchases(id=["a"]).between(LAST_DAY, LAST_DAY)
    assert len(empty) == 0
    assert len(empty.batch) == 0


def test_flags_tell_no_from_unknown() -> None:
    true, known = purchases(reconditioned=[True, False, None]).flags("reconditioned")
    assert true.tolist() == [True, False, False]
    assert known.tolist() == [True, True, False]


def test_a_flag_that_is_not_there_is_unknown() -> None:
    _, known = purchases(id=["a"]).flags("reconditioned")
    assert not known.any()


def test_negative_quantities_are_reported_and_not_used() -> None:
    bought = purchases(quantity=[-2.0, 1.0])
    assert np.isnan(bought.batch.values("quantity", "item")[0])
    assert "at least 0" in str(bought.issues[0])


def test_records_survive_pickling() -> None:
    bought = purchases(equipment_type=["laptop"], quantity=[2.0])
    assert pickle.loads(pickle.dumps(bought)) == bought  # noqa: S301 - our own bytes


def test_the_last_count_on_or_before_the_day_is_taken() -> None:
    staff = headcount(
        (dt.date(2021, 12, 31), 100.0, None),
        (dt.date(2022, 6, 30), 110.0, None),
        (dt.date(2023, 1, 1), 120.0, None),
    )
    assert staff.latest(LAST_DAY) == {"": (110.0, dt.date(2022, 6, 30))}


def test_counts_of_one_entity_and_day_add_up() -> None:
    staff = headcount((LAST_DAY, 10.0, "schools"), (LAST_DAY, 5.0, "schools"))
    assert staff.latest(LAST_DAY) == {"schools": (15.0, LAST_DAY)}


def test_a_blank_count_is_not_zero() -> None:
    staff = headcount((LAST_DAY, None, "schools"), (LAST_DAY, 5.0, "schools"))
    assert math.isnan(staff.latest(LAST_DAY)["schools"][0])


def test_undated_counts_are_never_the_last() -> None:
    assert headcount((None, 7.0, None)).latest(LAST_DAY) == {}


def test_one_count() -> None:
    assert reen.types.Headcount.of(1_650, date=LAST_DAY).latest(LAST_DAY) == {
        "": (1_650.0, LAST_DAY)
    }
