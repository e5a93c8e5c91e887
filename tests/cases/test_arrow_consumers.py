"""Each tabular result, read by four libraries that know nothing of reen but the Arrow interface."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pyarrow as pa
import pytest

import reen
from reen.views.arrow_table import ArrowTable

DAY = "2025-12-31"
FLEET = (
    "Type;Nombre;Durée de vie (ans);Pays;Direction\nPC portable;12;5;FR;DSI\nÉcran;3;6,5;FR;RH\n"
)


@functools.cache
def results() -> dict[str, ArrowTable]:
    fleet = reen.read(FLEET.encode(), name="parc.csv")
    footprint = reen.measure(fleet, "base-carbone", by="equipment_type", as_of=DAY)
    comparison = reen.compare(fleet, ["declared", "base-carbone"], as_of=DAY)
    return {
        "inventory": fleet,
        "footprint": footprint,
        "coverage": footprint.coverage,
        "comparison": comparison,
        "gap": comparison.gap("declared", "base-carbone"),
        "change": reen.change(fleet, fleet, "base-carbone", as_of=DAY),
        "statement": reen.statement(fleet, "base-carbone", scheme="beges-v5", as_of=DAY),
        "indicators": reen.indicators(fleet, footprint=footprint),
        "explanation": reen.explain(fleet, 0, method="base-carbone", as_of=DAY),
    }


NAMES = [
    *("inventory", "footprint", "coverage", "comparison", "gap", "change"),
    *("statement", "indicators", "explanation"),
]


def _polars(result: ArrowTable) -> pa.Table:
    polars = pytest.importorskip("polars")
    # a stream is a series of structures to polars; `polars.DataFrame` takes a sequence for rows
    frame = polars.from_arrow(result).struct.unnest()
    assert frame.equals(result.to_polars())
    return frame.to_arrow()


def _narwhals(result: ArrowTable) -> pa.Table:
    narwhals = pytest.importorskip("narwhals")
    return narwhals.from_arrow(result, backend="pyarrow").to_native()


def _pandas(result: ArrowTable) -> pa.Table:
    pandas = pytest.importorskip("pandas", minversion="2.2")
    frame = pandas.DataFrame.from_arrow(result)
    assert frame.shape == result.to_pandas().shape
    return pa.Table.from_pandas(frame, preserve_index=False)


def _duckdb(result: ArrowTable) -> pa.Table:  # noqa: ARG001 - the query names it
    duckdb = pytest.importorskip("duckdb")
    found = duckdb.connect().sql("select * from result").arrow()
    return found if isinstance(found, pa.Table) else found.read_all()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "consumer", [_polars, _narwhals, _pandas, _duckdb], ids=lambda each: each.__name__[1:]
)
def test_a_result_is_read_with_its_rows_names_and_kinds_of_cells(
    consumer: Callable[[ArrowTable], pa.Table], name: str
) -> None:
    result = results()[name]
    expected, found = result.to_arrow(), consumer(result)
    assert found.num_rows == expected.num_rows
    assert found.column_names == expected.column_names
    for field in expected.schema:
        column = found[field.name]
        if pa.types.is_floating(field.type) or pa.types.is_integer(field.type):
            assert pa.types.is_floating(column.type) or pa.types.is_integer(column.type), field
        if pa.types.is_boolean(field.type) and not expected[field.name].null_count:
            assert pa.types.is_boolean(column.type), field
        if pa.types.is_date(field.type):
            assert pa.types.is_temporal(column.type) or column.type == pa.null(), field


def test_every_public_result_with_rows_is_an_arrow_table() -> None:
    assert all(isinstance(result, ArrowTable) for result in results().values())
    assert list(results()) == NAMES
