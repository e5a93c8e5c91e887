"""Items of the short page of a list: a fraction of an item is shown as it was read."""

from __future__ import annotations

import reen


def test_a_fraction_of_items_is_not_cut() -> None:
    """2.5 screens and 3 servers are 5.5 items: the lines add up to the headline."""
    fleet = reen.read(b"Type;Quantit\xc3\xa9\n\xc3\x89cran;2,5\nServeur;3\n", name="parc.csv")
    verdict = str(fleet.worklist.headline)
    assert verdict.startswith("the type of every item is known (5.5 items)")
    view = fleet.view()
    (equipment,) = view.breakdowns
    assert [row.texts for row in equipment.rows] == [("3", "1"), ("2.5", "1")]
    assert view.title.startswith("5.5 items")
