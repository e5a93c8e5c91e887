"""Invariant 8, second half: the hash changes if and only if something that was used does."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import assume, given

import reen
from reen.plugin import FactorPack, Method, Registry
from reen.testing import Measurement, ToyMethod, factor_packs, inventories, registry_of
from reen.types import ReadReport
from reen_plugins.base_carbone.method import BaseCarbone

_PACK = factor_packs()

#: Columns that `base-carbone` does not read.
_UNREAD = ("service", "model", "id", "floor", "seen", "declared_footprint")


def digest(inventory: reen.Inventory, registry: Registry) -> str:
    """Return the hash of a measurement by `base-carbone`."""
    footprint = reen.measure(
        inventory, method="base-carbone", as_of="2022-12-31", registry=registry
    )
    return footprint.provenance.hash


@pytest.mark.slow
@given(data=st.data())
def test_a_column_that_is_not_read_does_not_count(registry: Registry, data: st.DataObject) -> None:
    """Dropping columns that the method does not read leaves the hash as it is."""
    inventory = data.draw(_ROWS)
    there = [name for name in _UNREAD if name in inventory.table.column_names]
    assume(there)
    fewer = reen.Inventory(inventory.table.drop_columns(there))
    assert digest(fewer, registry) == digest(inventory, registry)


_ROWS = inventories(min_rows=1)


@pytest.mark.slow
@given(data=st.data())
def test_a_row_more_changes_the_hash(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """One row repeated is another inventory."""
    case = data.draw(cases)
    row = data.draw(st.integers(0, len(case.inventory) - 1), label="row")
    more = pa.concat_tables([case.inventory.table, case.inventory.table.slice(row, 1)])
    assert case.run(reen.Inventory(more)).provenance.hash != case.run().provenance.hash


@pytest.mark.slow
@given(data=st.data())
def test_a_cell_changed_changes_the_hash(registry: Registry, data: st.DataObject) -> None:
    """Another valid value, or none, in a cell that the method reads."""
    cells = data.draw(
        st.lists(st.one_of(st.none(), st.floats(0.5, 20.0)), min_size=1, max_size=6), label="cells"
    )
    row = data.draw(st.integers(0, len(cells) - 1), label="row")
    other = data.draw(st.one_of(st.none(), st.floats(0.5, 20.0)), label="other")
    assume(other != cells[row])
    changed = [*cells[:row], other, *cells[row + 1 :]]
    before, after = (
        reen.Inventory.from_arrow(
            pa.table(
                {
                    "equipment_type": ["laptop"] * len(cells),
                    "lifetime": pa.array(lifetimes, pa.float64()),
                }
            )
        )
        for lifetimes in (cells, changed)
    )
    assert digest(before, registry) != digest(after, registry)


@pytest.mark.slow
@given(data=st.data())
def test_cells_swapped_between_columns_change_the_hash(
    registry: Registry, data: st.DataObject
) -> None:
    """A lifetime of 3 with a share of 0.5 is not a lifetime of 0.5 with a share of 3."""
    one, other = data.draw(
        st.tuples(st.floats(0.01, 1.0), st.floats(0.01, 1.0)).filter(
            lambda pair: pair[0] != pair[1]
        )
    )
    before, after = (
        reen.Inventory.from_arrow(
            pa.table({"equipment_type": ["laptop"], "lifetime": [first], "usage_share": [second]})
        )
        for first, second in ((one, other), (other, one))
    )
    assert digest(before, registry) != digest(after, registry)


@given(data=st.data())
def test_another_date_changes_the_hash(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """The reference date is part of what was used."""
    case = data.draw(cases)
    later = attrs.evolve(case, as_of="2022-06-15")
    assert later.run().provenance.hash != case.run().provenance.hash


@pytest.mark.slow
@given(data=st.data())
def test_another_option_changes_the_hash(
    registry: Registry, any_method: st.SearchStrategy[Method], data: st.DataObject
) -> None:
    """Two differently configured methods never share a hash; equal ones do."""
    one, other = data.draw(any_method), data.draw(any_method)
    inventory = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"]}))
    hashes = [
        reen.measure(inventory, method=each, as_of="2022-12-31", registry=registry).provenance.hash
        for each in (one, other)
    ]
    assert (hashes[0] == hashes[1]) == (one == other)


@pytest.mark.slow
@given(data=st.data())
def test_another_factor_changes_the_hash(registry: Registry, data: st.DataObject) -> None:
    """Two packs of different content never share a hash; equal ones do."""
    one, other = data.draw(_PACK), data.draw(_PACK)
    inventory = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"]}))
    hashes = [
        reen.measure(
            inventory, method=ToyMethod(), factors=[each], as_of="2022-12-31", registry=registry
        ).provenance.hash
        for each in (one, other)
    ]
    assert (hashes[0] == hashes[1]) == (one.digest == other.digest)


def test_file_names_do_not_count(registry: Registry) -> None:
    """The same rows from two files: sources differ, the hash does not."""
    hashes, sources = set(), set()
    for name in ("parc.csv", "parc-2022.csv"):
        inventory = reen.Inventory.from_arrow(
            pa.table({"equipment_type": ["laptop"]}),
            report=ReadReport(source=name, importer="tests"),
        )
        footprint = reen.measure(
            inventory, method="declared", as_of="2022-12-31", registry=registry
        )
        hashes.add(footprint.provenance.hash)
        sources.add(footprint.provenance.sources)
    assert len(hashes) == 1
    assert sources == {("parc.csv",), ("parc-2022.csv",)}


def test_another_version_of_the_method_changes_the_hash(registry: Registry) -> None:
    """Another version of a method is another method."""

    @attrs.frozen(kw_only=True)
    class Newer(BaseCarbone):
        version = "another"

    inventory = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"]}))
    one, other = (
        reen.measure(inventory, method=method, as_of="2022-12-31", registry=registry)
        for method in (BaseCarbone(), Newer())
    )
    assert one.provenance.hash != other.provenance.hash


def test_another_version_of_a_pack_changes_the_hash() -> None:
    """The same figures under another version of the pack are another source."""
    inventory = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop"]}))
    hashes = set()
    for version in ("1", "2"):
        pack = FactorPack.from_rows(
            name="mine",
            version=version,
            title="Mine",
            publisher="me",
            licence="CC0-1.0",
            source="me",
            factors=[
                {
                    "flow": "laptop",
                    "reference_unit": "item",
                    "stage": "embedded",
                    "criterion": "climate_change",
                    "value": "200",
                    "unit": "kgCO2e/item",
                    "equipment_type": "laptop",
                    "source": "me",
                }
            ],
        )
        footprint = reen.measure(
            inventory,
            method=ToyMethod(),
            factors=[pack],
            as_of="2022-12-31",
            registry=registry_of(),
        )
        hashes.add(footprint.provenance.hash)
    assert len(hashes) == 2


def test_an_invalid_cell_is_not_a_blank_one(registry: Registry) -> None:
    """A lifetime of -1 is left out, a blank one takes the default of the type: two inventories."""
    hashes = {
        digest(
            reen.Inventory.from_arrow(
                pa.table({"equipment_type": ["laptop"], "lifetime": pa.array([cell], pa.float64())})
            ),
            registry,
        )
        for cell in (None, -1.0)
    }
    assert len(hashes) == 2
