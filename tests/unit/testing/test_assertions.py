"""The assertions of `reen.testing` themselves: they hold, and they can fail."""

from __future__ import annotations

import math
import sys

import attrs
import numpy as np
import pyarrow as pa
import pytest

import reen
from reen.engine.fold import Cells
from reen.plugin.arrays import Status
from reen.testing import (
    ToyMethod,
    assert_conserves,
    assert_footprints_close,
    factor_packs,
    inventories,
    measurements,
    methods,
    reference_footprint,
    registry_of,
)


def inventory(unknown: float = 3.0) -> reen.Inventory:
    """Return two laptops, desktops of unknown number, and some unknown things."""
    return reen.Inventory.from_arrow(
        pa.table(
            {
                "equipment_type": ["laptop", "desktop", "zorglub"],
                "quantity": [2.0, None, unknown],
                "lifetime": [4.0, 5.0, 6.0],
                "country": ["FR", "FR", None],
            }
        )
    )


INVENTORY = inventory()
OPTIONS = {"method": "base-carbone", "by": "equipment_type", "as_of": "2022-12-31"}


@pytest.fixture
def footprint() -> reen.Footprint:
    """Return three rows by type: one assessed, two left out."""
    return reen.measure(INVENTORY, **OPTIONS)  # type: ignore[arg-type]


def spoilt(footprint: reen.Footprint, factor: float) -> reen.Footprint:
    """Return a footprint with its amounts multiplied, which no engine would give."""
    cells = footprint.fold.cells
    wrong = Cells(cells.group, cells.flow, cells.amount * factor)
    return attrs.evolve(footprint, fold=attrs.evolve(footprint.fold, cells=wrong))


def test_the_reference_by_hand() -> None:
    """Laptops: 2 x 156 / 4 = 78 kg, and 2 x 29.0175 kWh x 0.052 = 3.01782 kg of use."""
    reference = reference_footprint(INVENTORY, **OPTIONS)  # type: ignore[arg-type]
    assert reference.values == {
        (("laptop",), reen.Stage.EMBEDDED, "climate_change"): pytest.approx(78.0, rel=1e-12),
        (("laptop",), reen.Stage.USE, "climate_change"): pytest.approx(3.01782, rel=1e-12),
    }
    assert reference.total() == pytest.approx(81.01782, rel=1e-12)


def test_the_coverage_of_the_reference_by_hand() -> None:
    """2 laptops assessed; 3 unknown things and a row of unknown quantity left out."""
    reference = reference_footprint(INVENTORY, **OPTIONS)  # type: ignore[arg-type]
    embedded = {
        status: counts
        for (stage, criterion, status), counts in reference.coverage.items()
        if (stage, criterion) == (reen.Stage.EMBEDDED, "climate_change")
    }
    assert embedded == {Status.ASSESSED: (2.0, 1, 0), Status.LEFT_OUT: (3.0, 2, 1)}


def test_the_reference_of_nothing() -> None:
    """No row, no value, and a total that is no number."""
    empty = reen.Inventory(INVENTORY.table.slice(0, 0))
    reference = reference_footprint(empty, **OPTIONS)  # type: ignore[arg-type]
    assert (reference.values, reference.groups, reference.rows) == ({}, frozenset(), 0)
    assert math.isnan(reference.total())


def test_a_footprint_is_close_to_its_reference(footprint: reen.Footprint) -> None:
    """What the properties ask for."""
    assert_footprints_close(footprint, reference_footprint(INVENTORY, **OPTIONS))  # type: ignore[arg-type]


def test_rounding_is_allowed(footprint: reen.Footprint) -> None:
    """One part in 1e13 is close."""
    assert_footprints_close(spoilt(footprint, 1.0 + 1e-13), footprint)


def test_a_wrong_figure_is_found(footprint: reen.Footprint) -> None:
    """One part in 1e9 is not; the figure is named."""
    with pytest.raises(AssertionError, match=r"figure of climate_change, .* of the group laptop"):
        assert_footprints_close(spoilt(footprint, 1.0 + 1e-9), footprint)


def test_a_lacking_group_is_found(footprint: reen.Footprint) -> None:
    """The keys that are lacking are named."""
    fewer = reen.measure(reen.Inventory(INVENTORY.table.slice(0, 2)), **OPTIONS)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="number of rows: 2, expected 3"):
        assert_footprints_close(fewer, footprint)


def test_another_coverage_is_found(footprint: reen.Footprint) -> None:
    """The same figures with another quantity left out."""
    other = reen.measure(inventory(4.0), **OPTIONS)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="quantity left out of"):
        assert_footprints_close(other, footprint)


def test_conservation_holds(footprint: reen.Footprint) -> None:
    """With the inventory and without."""
    assert_conserves(footprint)
    assert_conserves(footprint, INVENTORY)


def test_conservation_needs_the_right_inventory(footprint: reen.Footprint) -> None:
    """Another quantity in is found."""
    with pytest.raises(AssertionError, match="quantity of"):
        assert_conserves(footprint, inventory(4.0))


def test_a_lost_row_is_found(footprint: reen.Footprint) -> None:
    """A fold that forgets a row of its coverage."""
    by_type = footprint.fold.by_type
    fewer = attrs.evolve(by_type, rows=np.where(by_type.rows > 0, by_type.rows - 1, 0))
    lossy = attrs.evolve(footprint, fold=attrs.evolve(footprint.fold, by_type=fewer))
    with pytest.raises(AssertionError, match="rows of"):
        assert_conserves(lossy)


def test_a_registry_of_given_objects() -> None:
    """What is given and nothing else."""
    registry = registry_of(methods=[ToyMethod()])
    assert (list(registry.methods), dict(registry.factor_packs)) == (["toy"], {})


def test_two_given_objects_of_one_name() -> None:
    """Refused, as between plugins."""
    with pytest.raises(reen.errors.PluginError, match="provides the method 'toy'"):
        registry_of(methods=[ToyMethod(), ToyMethod(declared=True)])


@pytest.mark.parametrize(
    "strategy",
    [
        inventories,
        factor_packs,
        lambda: methods(registry_of(methods=[ToyMethod()])),
        lambda: measurements(registry_of(methods=[ToyMethod()])),
    ],
    ids=["inventories", "factor_packs", "methods", "measurements"],
)
def test_without_hypothesis_a_strategy_says_what_to_install(
    strategy: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import that fails, as where the extra is not installed."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(reen.errors.MissingExtraError) as caught:
        strategy()  # type: ignore[operator]
    assert str(caught.value) == (
        "A strategy of reen.testing needs the package 'hypothesis', which is not installed:"
        " pip install '.[test]' in the folder of your copy of reen"
    )
