"""Invariant 8, first half: written and read back, a result is equal; so is a pickled one."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import Executor
from pathlib import Path

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given, settings

import reen
from reen.plugin import Registry
from reen.results.footprint_json import footprint_from_json, footprint_to_json
from reen.testing import Measurement


@given(data=st.data())
def test_json_reads_back_equal(cases: st.SearchStrategy[Measurement], data: st.DataObject) -> None:
    """Groups of text, whole numbers, days and truth values, null ones too: all come back."""
    footprint = data.draw(cases).run()
    assert footprint_from_json(footprint_to_json(footprint)) == footprint


@pytest.mark.slow
@given(data=st.data())
def test_parquet_reads_back_equal(
    cases: st.SearchStrategy[Measurement],
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
) -> None:
    """The same through a Parquet file."""
    footprint = data.draw(cases).run()
    path = tmp_path_factory.getbasetemp() / "footprint.parquet"
    reen.write_footprint(footprint, path)
    assert reen.read_footprint(path) == footprint


@given(data=st.data())
def test_pickle_loads_equal(cases: st.SearchStrategy[Measurement], data: st.DataObject) -> None:
    """A pickled footprint is the same value."""
    footprint = data.draw(cases).run()
    assert pickle.loads(pickle.dumps(footprint)) == footprint  # noqa: S301 - our own bytes


# A few examples: handing work to another process costs more than the work.
@pytest.mark.slow
@settings(max_examples=max(2, settings.default.max_examples // 30))
@given(data=st.data())
def test_another_process_writes_the_same(
    cases: st.SearchStrategy[Measurement], processes: Executor, data: st.DataObject
) -> None:
    """Sent to a spawned process, a footprint is written there as it is here."""
    footprint = data.draw(cases).run()
    there = processes.submit(footprint_to_json, footprint).result()
    assert there == footprint_to_json(footprint)


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 3)
@given(data=st.data())
def test_json_figures_are_those_of_the_footprint(
    cases: st.SearchStrategy[Measurement], data: st.DataObject
) -> None:
    """The readable totals are the totals, null where nothing was assessed."""
    footprint = data.draw(cases).run()
    content = json.loads(footprint_to_json(footprint))
    found = {total["criterion"]: total["value"] for total in content["totals"]}
    for total in footprint.totals():
        expected = total.value if total.value == total.value else None
        assert found[total.criterion] == expected


@pytest.mark.parametrize("suffix", [".json", ".parquet"])
@pytest.mark.parametrize("by", [(), ("entity",), ("entity", "purchase_date")])
def test_an_empty_inventory_reads_back_equal(
    registry: Registry, tmp_path: Path, suffix: str, by: tuple[str, ...]
) -> None:
    """No row at all, grouped or not."""
    empty = reen.Inventory.from_arrow(pa.table({"equipment_type": pa.array([], pa.string())}))
    footprint = reen.measure(
        empty, method="base-carbone", by=by, as_of="2022-12-31", registry=registry
    )
    path = tmp_path / f"footprint{suffix}"
    reen.write_footprint(footprint, path)
    assert reen.read_footprint(path) == footprint
