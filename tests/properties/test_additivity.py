"""Invariant 1: folds add up, however the rows are split, ordered, batched or executed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import Executor

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

import reen
from reen.plugin import Registry
from reen.testing import Measurement, assert_footprints_close, inventories

#: Canonical columns: an inventory may lack them and still be grouped by them.
_CANONICAL = ("entity", "equipment_type", "country", "site")

_OTHERS = inventories()


def part(inventory: reen.Inventory, rows: Sequence[int]) -> reen.Inventory:
    """Return some rows of an inventory, in the order given."""
    return reen.Inventory(inventory.table.take(pa.array(rows, pa.int64())))


def outcomes(footprint: reen.Footprint) -> dict[tuple[object, ...], tuple[int, int]]:
    """Return rows and rows of unknown quantity of everything that coverage tells apart."""
    return {
        (row.kind, row.equipment_type, row.status, row.match, row.reason, row.assumptions): (
            row.rows,
            row.unknown,
        )
        for row in footprint.coverage
    }


@given(data=st.data())
def test_any_split_adds_up(cases: st.SearchStrategy[Measurement], data: st.DataObject) -> None:
    """Rows dealt into two hands: the footprints of the hands sum to that of the pack."""
    case = data.draw(cases)
    rows = range(len(case.inventory))
    left = data.draw(st.sets(st.sampled_from(rows)), label="left")
    one = case.run(part(case.inventory, sorted(left)))
    other = case.run(part(case.inventory, [row for row in rows if row not in left]))
    whole = case.run()
    assert_footprints_close(one + other, whole)
    assert outcomes(one + other) == outcomes(whole)
    assert (one + other).provenance.rows_digest == whole.provenance.rows_digest


@pytest.mark.slow
@given(data=st.data())
def test_footprints_add_in_any_order(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """(a + b) + c = c + (b + a), classes, digest and figures."""
    case = data.draw(cases)
    hands = data.draw(
        st.lists(st.integers(0, 2), min_size=len(case.inventory), max_size=len(case.inventory))
    )
    a, b, c = (
        case.run(part(case.inventory, [row for row, hand in enumerate(hands) if hand == which]))
        for which in range(3)
    )
    assert_footprints_close((a + b) + c, c + (b + a))
    assert outcomes((a + b) + c) == outcomes(c + (b + a))
    assert ((a + b) + c).provenance.hash == (c + (b + a)).provenance.hash


@pytest.mark.slow
@given(data=st.data())
def test_inventories_of_different_columns_add_up(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """measure(a + b) = measure(a) + measure(b), though each lacks columns of the other.

    An absent column reads as blank cells, or as its default, in other units as well.
    """
    case = data.draw(cases)
    by = data.draw(st.lists(st.sampled_from(_CANONICAL), unique=True, max_size=2), label="by")
    other = data.draw(_OTHERS, label="other")
    apart = case.run(by=by) + case.run(other, by=by)
    together = case.run(case.inventory + other, by=by)
    assert_footprints_close(apart, together)


@pytest.mark.slow
@given(data=st.data())
def test_order_of_rows_is_indifferent(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """Shuffled rows give the same figures, classes and digest."""
    case = data.draw(cases)
    rows = data.draw(st.permutations(range(len(case.inventory))), label="order")
    shuffled, straight = case.run(part(case.inventory, rows)), case.run()
    assert_footprints_close(shuffled, straight)
    assert outcomes(shuffled) == outcomes(straight)
    assert shuffled.provenance.hash == straight.provenance.hash


@pytest.mark.slow
@given(data=st.data())
def test_size_of_batches_is_indifferent(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """Any batch size gives the same figures, classes, examples and digest."""
    case = data.draw(cases)
    rows = data.draw(st.integers(1, 5), label="batch_rows")
    cut, whole = case.run(batch_rows=rows), case.run()
    assert_footprints_close(cut, whole)
    assert list(map(repr, cut.coverage)) == list(map(repr, whole.coverage))
    assert cut.provenance == whole.provenance


@pytest.mark.slow
@given(data=st.data())
def test_threads_give_the_same_footprint(
    cases: st.SearchStrategy[Measurement], threads: Executor, data: st.DataObject
) -> None:
    """One row a batch, handed to two threads: the same figures, classes, examples and digest."""
    case = data.draw(cases)
    shared, alone = case.run(batch_rows=1, executor=threads), case.run()
    assert_footprints_close(shared, alone)
    assert list(map(repr, shared.coverage)) == list(map(repr, alone.coverage))
    assert shared.provenance == alone.provenance


# A few examples: handing work to another process costs more than the work.
@pytest.mark.slow
@settings(max_examples=max(2, settings.default.max_examples // 30))
@given(data=st.data())
def test_processes_give_the_same_footprint(
    cases: st.SearchStrategy[Measurement], processes: Executor, data: st.DataObject
) -> None:
    """The same by two spawned processes, which receive the prepared method pickled."""
    case = data.draw(cases)
    shared, alone = case.run(batch_rows=1, executor=processes), case.run()
    assert_footprints_close(shared, alone)
    assert list(map(repr, shared.coverage)) == list(map(repr, alone.coverage))
    assert shared.provenance == alone.provenance


@pytest.mark.slow
@given(data=st.data())
def test_a_stream_gives_the_same_footprint(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """The table as an Arrow stream, batch by batch, equals the inventory held in memory."""
    case = data.draw(cases)
    reader = pa.RecordBatchReader.from_batches(
        case.inventory.table.schema,
        case.inventory.table.to_batches(max_chunksize=data.draw(st.integers(2, 8))),
    )
    streamed = reen.measure(
        reader,
        method=case.method,
        by=case.by,
        factors=case.factors,
        as_of=case.as_of,
        registry=case.registry,
    )
    held = case.run()
    assert_footprints_close(streamed, held)
    assert streamed.provenance.hash == held.provenance.hash


@pytest.mark.slow
@given(data=st.data())
def test_examples_are_the_first_rows_by_file_and_line(
    registry: Registry, data: st.DataObject
) -> None:
    """Whatever the order and the batches, coverage shows the five first (file, line)."""
    places = data.draw(
        st.lists(
            st.tuples(st.sampled_from(("a.csv", "b.csv")), st.integers(1, 30)),
            unique=True,
            min_size=1,
            max_size=12,
        )
    )
    table = pa.table(
        {
            "equipment_type": ["laptop"] * len(places),
            "source": [source for source, _ in places],
            "source_row": [row for _, row in places],
        }
    )
    footprint = reen.measure(
        reen.Inventory.from_arrow(table),
        method="base-carbone",
        as_of="2022-12-31",
        registry=registry,
        batch_rows=data.draw(st.integers(1, 12)),
    )
    shown = [(each.source, each.row) for each in next(iter(footprint.coverage)).examples]
    assert shown == sorted(places)[:5]


def test_a_date_column_that_one_part_lacks_can_be_grouped_by(registry: Registry) -> None:
    """Grouped by purchase date: one part has no such column, the sum has a null group."""
    dated = pa.table({"equipment_type": ["laptop"], "purchase_date": [dt.date(2020, 1, 1)]})
    parts = [pa.table({"equipment_type": ["laptop"]}), dated]
    one, other = (
        reen.measure(
            reen.Inventory.from_arrow(table),
            method="declared",
            by="purchase_date",
            registry=registry,
        )
        for table in parts
    )
    assert (one + other).groups["purchase_date"].to_pylist() == [dt.date(2020, 1, 1), None]


def test_adding_nothing_changes_nothing(registry: Registry) -> None:
    """The footprint of no row is neutral: empty + one = one."""
    inventory = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"]}))
    nothing = part(inventory, [])
    one, none = (
        reen.measure(each, method="base-carbone", as_of="2022-12-31", registry=registry)
        for each in (inventory, nothing)
    )
    assert none + one == one


def test_an_absent_status_column_is_a_blank_one(registry: Registry) -> None:
    """Added to an inventory with statuses, rows without fare as they do alone."""
    plain = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"]}))
    known = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"], "status": ["lost"]}))
    alone, other, together = (
        reen.measure(each, method="base-carbone", as_of="2022-12-31", registry=registry)
        for each in (plain, known, plain + known)
    )
    assert outcomes(alone + other) == outcomes(together)


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_progress_counts_the_rows(registry: Registry, rows: int) -> None:
    """Four rows by batches of `rows`: the counts rise to 4 of 4, batch by batch."""
    seen: list[tuple[int, int | None]] = []
    inventory = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"] * 4}))
    reen.measure(
        inventory,
        method="declared",
        registry=registry,
        batch_rows=rows,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(min(done, 4), 4) for done in range(rows, 4 + rows, rows)]


def test_progress_counts_the_rows_of_an_executor(registry: Registry, threads: Executor) -> None:
    """With an executor too, the last count is that of the rows."""
    seen: list[tuple[int, int | None]] = []
    inventory = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"] * 4}))
    reen.measure(
        inventory,
        method="declared",
        registry=registry,
        batch_rows=1,
        progress=lambda done, total: seen.append((done, total)),
        executor=threads,
    )
    assert seen[-1:] == [(4, 4)]


def test_parts_of_different_methods_are_refused(registry: Registry) -> None:
    """A declared footprint and one by base-carbone are no sum."""
    inventory = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"]}))
    one, other = (
        reen.measure(inventory, method=method, as_of="2022-12-31", registry=registry)
        for method in ("declared", "base-carbone")
    )
    with pytest.raises(
        reen.errors.OptionError, match="option method='base-carbone': expected the same"
    ):
        _ = one + other


def test_parts_of_different_groups_are_refused(registry: Registry) -> None:
    """A footprint by entity and one by site are no sum."""
    inventory = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"]}))
    one, other = (
        reen.measure(inventory, method="declared", as_of="2022-12-31", by=by, registry=registry)
        for by in ("entity", "site")
    )
    with pytest.raises(reen.errors.OptionError, match="option by="):
        _ = one + other


def test_one_group_per_asset_equals_the_sum(registry: Registry) -> None:
    """Fifty identifiers, fifty groups: their sum is the ungrouped total."""
    table = pa.table({"equipment_type": ["laptop"] * 50, "id": [f"PC-{k}" for k in range(50)]})
    inventory = reen.Inventory.from_arrow(table)
    footprint = reen.measure(
        inventory, method="base-carbone", by="id", as_of="2022-12-31", registry=registry
    )
    assert footprint.group_count == 50
    total = footprint.total().value
    assert np.nansum(footprint.impacts()) == pytest.approx(total, rel=1e-12)


def test_yearly_energies_with_and_without_item_can_be_joined(registry: Registry) -> None:
    """2 kWh/year and 3 kWh/item/year are figures of one kind: together 5 kWh, France 2022."""
    one, other = (
        reen.Inventory.from_arrow(
            pa.table(
                [["laptop"], ["FR"], [energy]],
                schema=pa.schema(
                    [
                        ("equipment_type", pa.string()),
                        ("country", pa.string()),
                        pa.field("annual_energy", pa.float64(), metadata={"unit": unit}),
                    ]
                ),
            )
        )
        for energy, unit in ((2.0, "kWh/year"), (3.0, "kWh/item/year"))
    )
    footprint = reen.measure(
        one + other, method="base-carbone", as_of="2022-12-31", registry=registry
    )
    assert footprint.stage_totals()[reen.Stage.USE] == pytest.approx(5 * 0.052, rel=1e-12)
