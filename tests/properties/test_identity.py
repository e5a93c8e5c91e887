"""Laws of identity: what merging rows into assets never depends on, and never loses."""

from __future__ import annotations

import datetime as dt
import random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen import Inventory
from reen.tables.identity.merging import Merged, merge_assets

DAYS = [dt.date(2024, 6, 1) - dt.timedelta(days=days) for days in (0, 3, 200, 900)]


def maybe(*values: object) -> st.SearchStrategy[object]:
    """Return one of some values, or nothing."""
    return st.sampled_from([None, *values])


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "equipment_type": maybe("laptop", "desktop", "unknown"),
            "model": maybe("Latitude 5420", "Dell Latitude 5420", "OptiPlex 7090"),
            "serial_number": maybe("ABC1", "abc1 ", "ABC2", "0000000001", "1,5E+17", "En attente"),
            "asset_tag": maybe("UC1", "UC2", "7"),
            "id": maybe("1", "2", "3"),
            "name": maybe("PC-1", "PC-1-old", "PC-2", "Latitude 5420"),
            "entity": maybe("Mairie", "Ville > Mairie"),
            "status": maybe("in_use", "retired", "unknown"),
            "last_seen": maybe(*DAYS),
            "purchase_date": maybe(*DAYS[:2]),
            "price": maybe(700.0, 840.0),
            "quantity": maybe(1.0, 1.0, 4.0),
            "N°": maybe(*map(str, range(20))),
            "Device UUID": maybe("4c4c4544-1", "4c4c4544-2"),
            "source": st.sampled_from(["a.csv", "b.csv", "c.csv"]),
        }
    ),
    min_size=1,
    max_size=14,
)


def table(rows: list[dict[str, object]]) -> pa.Table:
    """Return conformed rows, each with its own line."""
    types = {"last_seen": pa.date32(), "purchase_date": pa.date32()}
    types |= dict.fromkeys(("price", "quantity"), pa.float64()) | {"source_row": pa.int64()}
    names = list(rows[0])
    columns = {
        name: pa.array([row[name] for row in rows], types.get(name, pa.string())) for name in names
    }
    return Inventory.from_arrow(pa.table(columns)).table


def lined(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{**row, "source_row": line} for line, row in enumerate(rows, 2)]


def said(found: Merged) -> tuple[object, ...]:
    """Return all that a merge says, in an order of its own."""
    rows = sorted(found.table.select(sorted(found.table.column_names)).to_pylist(), key=str)
    return rows, set(found.merges), sorted(map(str, found.issues))


@pytest.mark.slow
@given(ROWS, st.randoms(use_true_random=False))
def test_order_of_rows_and_columns_changes_nothing(
    rows: list[dict[str, object]], chance: random.Random
) -> None:
    """Rows in any order: so in any order of files too."""
    given_rows = lined(rows)
    shuffled = chance.sample(given_rows, len(given_rows))
    names = chance.sample(list(given_rows[0]), len(given_rows[0]))
    other = [{name: row[name] for name in names} for row in shuffled]
    assert said(merge_assets(table(given_rows))) == said(merge_assets(table(other)))


@pytest.mark.slow
@given(ROWS, st.sampled_from(["site", "ram", "user_id", "cpu_model", "MAC", "Remarques"]))
def test_blank_columns_change_nothing(rows: list[dict[str, object]], name: str) -> None:
    plain = table(lined(rows))
    kind = pa.float64() if name == "ram" else pa.string()
    blank = Inventory.from_arrow(plain.append_column(name, pa.nulls(len(rows), kind))).table
    with_blank = merge_assets(blank)
    without = merge_assets(plain)
    assert with_blank.table.drop_columns([name]).to_pylist() == without.table.to_pylist()
    assert (with_blank.merges, with_blank.issues) == (without.merges, without.issues)


@given(ROWS)
def test_merging_again_changes_nothing(rows: list[dict[str, object]]) -> None:
    once = merge_assets(table(lined(rows)))
    twice = merge_assets(once.table)
    assert not twice.merges
    assert twice.table.to_pylist() == once.table.to_pylist()


@pytest.mark.slow
@given(ROWS)
def test_every_row_is_kept_or_merged_into_one_that_is(rows: list[dict[str, object]]) -> None:
    found = merge_assets(table(lined(rows)))
    kept = set(found.table["source_row"].to_pylist())
    merged = [merge.row for merge in found.merges]
    assert len(merged) == len(set(merged))
    assert kept | set(merged) == set(range(2, len(rows) + 2))
    assert not kept & set(merged)
    assert {merge.into_row for merge in found.merges} <= kept


@pytest.mark.slow
@given(ROWS)
def test_contradicting_types_are_never_merged(rows: list[dict[str, object]]) -> None:
    given_rows = table(lined(rows))
    types = dict(
        zip(
            given_rows["source_row"].to_pylist(),
            given_rows["equipment_type"].to_pylist(),
            strict=True,
        )
    )
    found = merge_assets(given_rows)
    groups: dict[int, set[str]] = {}
    for merge in found.merges:
        groups.setdefault(merge.into_row, {types[merge.into_row]}).add(types[merge.row])
    assert all(len(group - {None, "unknown"}) <= 1 for group in groups.values())


@pytest.mark.slow
@given(ROWS)
def test_rows_without_an_identifier_are_all_kept(rows: list[dict[str, object]]) -> None:
    blank = dict.fromkeys(("serial_number", "asset_tag", "id", "Device UUID"))
    given_rows = table(lined([{**row, **blank} for row in rows]))
    found = merge_assets(given_rows)
    assert found.table.equals(given_rows)
    assert (found.merges, found.issues) == ((), ())


@pytest.mark.slow
@given(ROWS)
def test_no_item_is_lost_when_no_identifier_repeats(rows: list[dict[str, object]]) -> None:
    own = [
        {**row, "serial_number": f"S{k}", "asset_tag": f"T{k}", "id": str(k), "Device UUID": None}
        for k, row in enumerate(rows)
    ]
    found = merge_assets(table(lined(own)))
    assert found.table.num_rows == len(rows)


@pytest.mark.slow
@given(st.integers(1, 9), st.integers(4, 60), st.sampled_from(["4XK2Z4J", "0000000001", "N/D"]))
def test_pairs_are_merged_beside_a_serial_of_many(pairs: int, many: int, serial: str) -> None:
    """Both at once: real duplicates become one, a serial on many named rows none."""
    row: dict[str, object] = {"model": "X", "source": "a", "last_seen": None}
    rows = [
        {**row, "serial_number": f"R{k}", "name": f"PC-{k}{suffix}", "last_seen": day}
        for k in range(pairs)
        for suffix, day in (("", DAYS[0]), ("-old", DAYS[3]))
    ]
    rows += [{**row, "serial_number": serial, "name": f"esx{k}"} for k in range(many)]
    found = merge_assets(table(lined(rows)))
    assert len(found.merges) == pairs
    assert found.table.num_rows == pairs + many
