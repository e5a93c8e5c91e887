"""What rows left out would about weigh: by hand, and never part of a total."""

from __future__ import annotations

import pytest

import reen
from reen.results.footprint_view import points_of
from reen.results.left_out_weights import weight_of

DAY = "2025-12-31"


def fleet() -> reen.Inventory:
    text = (
        "Type;Nombre;Durée de vie (ans);Pays\n"
        "PC portable;10;5;FR\n"
        "PC portable;2;;FR\n"
        "Bidule;4;5;FR\n"
    )
    return reen.read(text.encode(), name="parc.csv")


@pytest.mark.slow
def test_the_effect_is_the_mean_of_the_counted_items_times_those_left_out() -> None:
    """4 items of no type x the mean of the 12 laptops counted, whose making weighs E in all.

    The effect is 4 x E / 12, with and without groups, since no item of the type is counted.
    """
    for by in ((), ("equipment_type",)):
        footprint = reen.measure(fleet(), "base-carbone", by=by, use_stage=False, as_of=DAY)
        rows = [row for row in footprint.coverage.left_out() if row.kind == "item"]
        assert sum(row.quantity for row in rows) == 4.0
        whole = footprint.total().value
        found = weight_of(footprint, "climate_change", ["item"], rows)
        assert found == pytest.approx(4 * whole / 12, rel=1e-12)


def test_an_item_of_a_counted_type_weighs_what_its_type_does() -> None:
    """Of the declared footprints, 30 and 60 kg over 5 years: 6 and 12 kg a year an item.

    2 laptops without a declared footprint would add 2 x 6 = 12 kg a year by their type, and
    2 x (10 x 6 + 10 x 12) / 20 = 18 without groups, by the mean of all items.
    """
    text = (
        "equipment_type,quantity,lifetime,declared_footprint\n"
        "laptop,10,5,30\ndesktop,10,5,60\nlaptop,2,5,\n"
    )
    found = {}
    for by in ("equipment_type", ()):
        footprint = reen.measure(
            reen.read(text.encode(), name="p.csv"), "declared", by=by, as_of=DAY
        )
        (point,) = points_of(footprint, "climate_change")
        found[by] = point.weight
        assert footprint.total().value == pytest.approx(180.0)
    assert found["equipment_type"] == pytest.approx(12.0)
    assert found[()] == pytest.approx(18.0)


def test_what_has_no_known_quantity_has_no_effect_and_comes_first() -> None:
    text = "equipment_type,quantity,lifetime,declared_footprint\nlaptop,10,5,30\nserver,,,\n"
    footprint = reen.measure(reen.read(text.encode(), name="p.csv"), "declared", as_of=DAY)
    first = points_of(footprint, "climate_change")[0]
    assert first.weight is None
    assert first.rows == 1
