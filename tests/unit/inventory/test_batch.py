"""Batches: columns as arrays of one length, in the unit asked for, missing apart from invalid."""

from __future__ import annotations

import datetime as dt
import math
import pickle
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

import reen
from reen.inventory.batch import BatchMemo, batches_of
from reen.plugin.arrays import Batch
from reen.plugin.files import EQUIPMENT


def batch(**columns: Sequence[object] | pa.Array) -> Batch:
    """Return the (first) batch of an inventory."""
    table = pa.table({"equipment_type": ["laptop"] * len(next(iter(columns.values()))), **columns})
    inventory = reen.Inventory.from_arrow(table)
    return next(inventory.batches())


def nan(values: npt.NDArray[np.float64]) -> list[float | None]:
    """Return NaN as None, to compare."""
    return [None if math.isnan(value) else value for value in values]


# -- numbers ---------------------------------------------------------------------------------


def test_values_in_the_unit_of_the_column() -> None:
    """Null and out of range read as NaN."""
    assert nan(batch(lifetime=[4.0, None, 0.0, math.nan]).values("lifetime", "year")) == [
        4.0,
        None,
        None,
        None,
    ]


def test_values_in_another_unit() -> None:
    """5 years are 60 months."""
    assert batch(lifetime=[5.0]).values("lifetime", "month")[0] == pytest.approx(60.0, rel=1e-12)


def test_values_from_another_unit() -> None:
    """0.058 MWh a year are 58 kWh."""
    schema = pa.schema(
        [
            pa.field("equipment_type", pa.string()),
            pa.field("annual_energy", pa.float64(), metadata={"unit": "MWh/year"}),
        ]
    )
    inventory = reen.Inventory.from_arrow(pa.table([["laptop"], [0.058]], schema=schema))
    found = next(inventory.batches()).values("annual_energy", "kWh/item/year")
    assert found[0] == pytest.approx(58.0, rel=1e-12)


def test_missing_and_invalid_are_told_apart() -> None:
    """Null is missing; out of range and NaN are invalid; a default is for the missing only."""
    cells = batch(lifetime=[4.0, None, 0.0, math.nan, math.inf])
    assert cells.missing("lifetime").tolist() == [False, True, False, False, False]
    assert cells.invalid("lifetime").tolist() == [False, False, True, True, True]


def test_an_absent_column_is_missing() -> None:
    """In every row, and nowhere invalid."""
    cells = batch(quantity=[1.0, 2.0])
    assert nan(cells.values("lifetime", "year")) == [None, None]
    assert cells.missing("lifetime").all()
    assert not cells.invalid("lifetime").any()


def test_an_absent_quantity_is_one() -> None:
    """One item a row, and not missing."""
    cells = batch(lifetime=[4.0])
    assert cells.values("quantity", "item").tolist() == [1.0]
    assert not cells.missing("quantity").any()


def test_a_blank_quantity_is_missing() -> None:
    """Blank means unknown, not one."""
    cells = batch(quantity=pa.array([None], pa.float64()))
    assert nan(cells.values("quantity", "item")) == [None]
    assert cells.missing("quantity").all()


def test_a_wrong_dimension_is_refused() -> None:
    """Lifetimes are not kilowatt-hours."""
    with pytest.raises(reen.errors.DimensionError, match="column 'lifetime' is in 'year'"):
        batch(lifetime=[4.0]).values("lifetime", "kWh")


def test_a_column_that_is_no_number() -> None:
    """Text is not read as numbers; the number columns are listed."""
    with pytest.raises(reen.errors.UnknownNameError, match="Unknown column 'country'"):
        batch(country=["FR"]).values("country", "1")


def test_a_column_that_no_schema_has() -> None:
    """Methods read canonical columns."""
    with pytest.raises(reen.errors.UnknownNameError, match="Unknown column 'floor'"):
        batch(floor=[1]).values("floor", "1")


# -- text ------------------------------------------------------------------------------------


def test_codes_and_distinct_values() -> None:
    """Code -1 is missing."""
    codes, values = batch(country=["FR", None, "DE", "FR"]).codes("country")
    assert [values[code] if code >= 0 else None for code in codes] == ["FR", None, "DE", "FR"]


def test_codes_of_an_absent_column() -> None:
    """Missing in every row."""
    codes, values = batch(quantity=[1.0, 1.0]).codes("country")
    assert (codes.tolist(), values) == ([-1, -1], ())


def test_map_asks_once_per_word() -> None:
    """Four rows, two words and None: one call for three answers."""
    calls: list[list[str | None]] = []

    def lengths(words: Sequence[str | None]) -> npt.NDArray[np.int64]:
        calls.append(list(words))
        return np.array([len(word or "") for word in words])

    found = batch(model=["ab", None, "abc", "ab"]).map("model", lengths)
    assert found.tolist() == [2, 0, 3, 2]
    assert calls == [["ab", "abc", None]]


def test_map_asks_once_per_run() -> None:
    """Batches of one inventory share the answers of one function."""
    calls: list[int] = []

    def lengths(words: Sequence[str | None]) -> npt.NDArray[np.int64]:
        calls.append(len(words))
        return np.array([len(word or "") for word in words])

    table = pa.table({"model": ["ab", "abc", "ab", "abc"]})
    found = [
        each.map("model", lengths).tolist()
        for each in reen.Inventory.from_arrow(table).batches(rows=1)
    ]
    assert found == [[2], [3], [2], [3]]
    assert len(calls) == 1


def test_functions_made_anew_for_each_batch_do_not_fill_the_memory() -> None:
    """A thousand batches, each with a function of its own, which keeps its answers alive."""
    table = pa.table({"model": ["ab"] * 1_000})
    memo = BatchMemo()
    for each in batches_of(
        reen.Inventory.from_arrow(table).table, schema=EQUIPMENT, memo=memo, rows=1
    ):
        assert each.map("model", lambda words: np.array([len(w or "") for w in words])) == [2]
    assert 0 < len(memo.entries) < 300


def test_what_was_worked_out_stays_behind() -> None:
    """A memo travels empty: its functions may be such that no other process has them."""
    memo = BatchMemo()
    memo.get("key", pa.array(["ab"]), lambda: np.zeros(2))
    assert pickle.loads(pickle.dumps(memo)).entries == {}  # noqa: S301 - our own bytes
    assert len(memo.entries) == 1


def test_map_of_an_absent_column() -> None:
    """The answer for None, in every row."""
    found = batch(quantity=[1.0, 1.0]).map("model", lambda words: np.array([7 for _ in words]))
    assert found.tolist() == [7, 7]


# -- dates and rows --------------------------------------------------------------------------


def test_dates() -> None:
    """Days, NaT where missing."""
    found = batch(purchase_date=[dt.date(2022, 3, 1), None]).dates("purchase_date")
    assert found.dtype == np.dtype("datetime64[D]")
    assert found.tolist() == [dt.date(2022, 3, 1), None]


def test_dates_of_an_absent_column() -> None:
    """NaT everywhere."""
    assert np.isnat(batch(quantity=[1.0]).dates("purchase_date")).all()


def test_dates_of_a_column_that_is_none() -> None:
    """A number column is not read as days."""
    with pytest.raises(reen.errors.UnknownNameError, match="Unknown column 'lifetime'"):
        batch(lifetime=[1.0]).dates("lifetime")


def test_batches_know_their_first_row() -> None:
    """Five rows by two: offsets 0, 2 and 4."""
    inventory = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"] * 5}))
    assert [(each.offset, len(each)) for each in inventory.batches(rows=2)] == [
        (0, 2),
        (2, 2),
        (4, 1),
    ]


def test_a_pickled_batch_holds_its_own_rows() -> None:
    """Ten rows of 100,000 weigh what ten rows weigh: work is handed to processes by batches."""
    inventory = reen.Inventory.from_arrow(
        pa.table({"equipment_type": ["laptop"] * 100_000, "quantity": [1.0] * 100_000})
    )
    tenth = next(inventory.batches(rows=10))
    assert len(pickle.dumps(tenth)) < 50_000
    assert pickle.loads(pickle.dumps(tenth)).values("quantity", "item").tolist() == [1.0] * 10  # noqa: S301 - our own bytes


def test_has_tells_the_columns_that_are_there() -> None:
    """The schema's other columns are not."""
    cells = batch(lifetime=[4.0])
    assert (cells.has("lifetime"), cells.has("power")) == (True, False)


def test_only_declared_columns_may_be_read() -> None:
    """The error names the column and the declared ones."""
    cells = batch(lifetime=[4.0]).restricted(frozenset({"quantity"}))
    with pytest.raises(reen.errors.PluginError) as caught:
        cells.values("lifetime", "year")
    assert str(caught.value) == (
        "method: The method reads the column 'lifetime' without declaring it; add it to"
        " Prepared.columns, or to CaseMethod.reads (declared: quantity)."
    )
