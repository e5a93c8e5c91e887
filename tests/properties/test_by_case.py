"""Exchanges row by row and answers case by case give the same fold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

import reen
from reen.engine.fold import Cells, CoverageCells, Fold
from reen.engine.fold_builder import FoldBuilder
from reen.inventory.batch import Batch
from reen.measurement.ready_method import ReadyMethod, prepare_method
from reen.method.case_method import CaseMethod
from reen.plugin import Registry
from reen.testing import Measurement, inventories, measurements, methods

#: How a batch is folded.
Add = Callable[[ReadyMethod, FoldBuilder, Batch, Sequence[str]], None]


def by_row(ready: ReadyMethod, builder: FoldBuilder, batch: Batch, by: Sequence[str]) -> None:
    """Fold the exchanges of a batch."""
    builder.add(ready.facts(batch, by), ready.answers(batch))


def by_case(ready: ReadyMethod, builder: FoldBuilder, batch: Batch, by: Sequence[str]) -> None:
    """Fold the answers of a batch by case."""
    answers = ready.answers_by_case(batch)
    assert answers is not None
    builder.add_cases(ready.facts(batch, by), answers)


def is_of_cases(registry: Registry, name: str) -> bool:
    """Tell whether a method is one of cases, and needs nothing of the user's."""
    try:
        ready = prepare_method(name, as_of="2022-12-31", registry=registry)
    except (reen.errors.OptionError, reen.errors.MissingExtraError):
        return False
    return isinstance(ready.prepared, CaseMethod)


@pytest.fixture(scope="module")
def of_cases(registry: Registry) -> st.SearchStrategy[Measurement]:
    """Return a strategy of measurements by the bundled methods of cases, with any options."""
    names = [name for name in registry.methods if is_of_cases(registry, name)]
    assert {"declared", "base-carbone", "ecodiag", "numecoeval"} <= set(names)
    drawn = inventories(also=["power", "usage_hours", "reconditioned", "retirement_date"])
    # a result is one line: not that of archived elements and that of proxies at once
    drawn_methods = methods(registry, names=names).filter(
        lambda each: [getattr(each, "archived", ""), getattr(each, "proxies", "")] != ["only"] * 2
    )
    return measurements(registry, method=drawn_methods, inventory=drawn)


def folded(case: Measurement, add: Add, *, rows: int) -> Fold:
    """Return the fold of a measurement, some rows at a time."""
    ready = prepare_method(
        case.method, factors=case.factors, as_of=case.as_of, registry=case.registry
    )
    builder = FoldBuilder(method=case.method.name, by=case.by, factors=ready.library.factors)
    for batch in case.inventory.batches(rows=rows):
        add(ready, builder, batch, case.by)
    return builder.result()


def assert_cells_same(found: Cells | None, expected: Cells | None) -> None:
    """Hold sums equal within the rounding of another order."""
    if expected is None or found is None:
        assert found is expected
        return
    np.testing.assert_array_equal(found.group, expected.group)
    np.testing.assert_array_equal(found.flow, expected.flow)
    np.testing.assert_allclose(found.amount, expected.amount, rtol=1e-12)


def assert_coverage_same(found: CoverageCells, expected: CoverageCells) -> None:
    """Hold rows equal, and quantities within rounding."""
    for name in ("key", "klass", "rows", "unknown"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    np.testing.assert_allclose(found.quantity, expected.quantity, rtol=1e-12)


@pytest.mark.slow
@given(data=st.data(), rows=st.sampled_from((3, 65_536)))
def test_a_fold_by_case_is_the_fold_by_row(
    of_cases: st.SearchStrategy[Measurement], data: st.DataObject, rows: int
) -> None:
    """Groups, flows, sums, coverage, examples and the drivers of each flow."""
    case = data.draw(of_cases)
    expected, found = (folded(case, add, rows=rows) for add in (by_row, by_case))
    assert found.groups.equals(expected.groups)
    assert (found.flows, found.types) == (expected.flows, expected.types)
    assert found.classes == expected.classes
    assert_cells_same(found.cells, expected.cells)
    assert_cells_same(found.noise, expected.noise)
    assert_coverage_same(found.by_group, expected.by_group)
    assert_coverage_same(found.by_type, expected.by_type)
    # written out, since a quantity that is not known equals nothing
    assert {key: str(each) for key, each in found.examples.items()} == {
        key: str(each) for key, each in expected.examples.items()
    }
    assert (found.rows, found.digest) == (expected.rows, expected.digest)
    assert found.drivers.keys() == expected.drivers.keys()
    for name, uses in expected.drivers.items():
        np.testing.assert_array_equal(found.drivers[name], uses)
