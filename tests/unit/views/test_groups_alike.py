"""Groups whose names differ by their spelling alone are named beside the figure."""

from __future__ import annotations

import pyarrow as pa
import pytest

import reen
from reen.results.footprint_view import groups_spelt_alike


def grouped(*entities: str | None, by: str | None = "entity") -> reen.types.Footprint:
    fleet = {"equipment_type": ["laptop"] * len(entities), "entity": list(entities)}
    inventory = reen.Inventory.from_arrow(pa.table(fleet))
    return reen.measure(inventory, "base-carbone", by=by, as_of="2025-12-31")


@pytest.mark.parametrize(
    "names", [("Mairie", "mairie"), ("École Jules-Ferry", "Ecole Jules Ferry"), ("CCAS", "C.C.A.S")]
)
def test_they_are_told(names: tuple[str, str]) -> None:
    found = grouped(*names, None, "Stade")
    assert groups_spelt_alike(found) == (tuple(sorted(names)),)
    points = [point.text for point in found.view().mend_first]
    assert any(all(name in text for name in names) for text in points)
    assert not found.total().doubtful


@pytest.mark.parametrize("names", [("Site 1", "Site 2"), ("Site 1 1", "Site 11"), ("Été", "Étés")])
def test_other_names_are_not(names: tuple[str, str]) -> None:
    assert groups_spelt_alike(grouped(*names)) == ()


def test_what_is_not_grouped_is_not_told() -> None:
    assert groups_spelt_alike(grouped("Mairie", "mairie", by=None)) == ()
