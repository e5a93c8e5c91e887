"""Numbers of a review: items of rows of known number and of others, figures with what they miss."""

from __future__ import annotations

import pyarrow as pa
import pytest

import reen
from reen.review.figures import Coverage, Figure
from reen.review.numbers import counted, figure_text


@pytest.mark.parametrize(
    ("quantities", "english", "french"),
    [
        ([5.0, None, None], "5 items, 2 rows of unknown quantity", "5 équipements, 2 lignes de"),
        ([None], "1 row of unknown quantity", "1 ligne de quantité inconnue"),
        ([5.0, 1.0], "6 items", "6 équipements"),
    ],
)
def test_rows_of_unknown_quantity_are_told_beside_the_items(
    quantities: list[float | None], english: str, french: str
) -> None:
    """What a row does not say is no item, and is not lost beside those that are counted."""
    rows = len(quantities)
    fleet = pa.table(
        {
            "equipment_type": ["laptop"] * rows,
            "status": ["retired"] * rows,
            "quantity": pa.array(quantities, pa.float64()),
            "lifetime": [5.0] * rows,
        }
    )
    found = reen.measure(fleet, "base-carbone", as_of="2023-12-31").coverage
    (row,) = [each for each in found.excluded() if each.kind == "item"]
    with reen.language("en"):
        assert counted(row).replace("\N{NO-BREAK SPACE}", " ") == english
    with reen.language("fr"):
        assert counted(row).replace("\N{NO-BREAK SPACE}", " ").startswith(french)


@pytest.mark.parametrize(
    ("known", "given", "note"),
    [
        (9.0, {"doubtful": True}, " (incomplet et douteux)"),
        (10.0, {"doubtful": True}, " (douteux)"),
        (9.0, {}, " (incomplet)"),
        (9.0, {"lower_bound": True}, ""),
        (10.0, {"complete": True}, ""),
    ],
)
def test_the_interval_of_the_factors_hides_nothing_of_what_is_missing(
    known: float, given: dict[str, bool], note: str
) -> None:
    """It is that of what is counted: 9 items of 10, or one that may be wrong."""
    figure = Figure(
        name="total",
        value=1432.0,
        unit="kgCO2e/year",
        low=1100.0,
        high=1860.0,
        ends_are="interval",
        coverage=Coverage(known=known, total=10.0, unit="item"),
        denominator="year",
        formula="base-carbone 2",
        **{"complete": False, **given},
    )
    with reen.language("fr"):
        text = figure_text(figure).replace("\N{NO-BREAK SPACE}", " ")
    at_least = "≥ " if given.get("lower_bound") else ""
    assert text == f"{at_least}1,43 t CO₂e par an (incertitude des facteurs : de 1,10 à 1,86){note}"
