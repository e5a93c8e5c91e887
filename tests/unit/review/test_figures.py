"""What a figure of a review says beside its number."""

from __future__ import annotations

import pytest

import reen
from reen.review.figures import Coverage, Figure
from reen.review.numbers import figure_text


def total(*, complete: bool, doubtful: bool, ends_are: str) -> Figure:
    return Figure(
        name="total",
        value=17_400.0,
        unit="kgCO2e/year",
        complete=complete,
        doubtful=doubtful,
        low=16_000.0,
        high=19_000.0,
        ends_are=ends_are,
        coverage=Coverage(known=10.0, total=10.0 if complete else 12.0, unit="item"),
        denominator="",
        formula="",
    )


@pytest.mark.parametrize(
    ("complete", "doubtful", "said"),
    [
        (True, False, ""),
        (True, True, " (douteux)"),
        (False, False, " (incomplet)"),
        (False, True, " (incomplet et douteux)"),
    ],
)
def test_the_uncertainty_of_factors_hides_nothing_else(
    complete: bool,  # noqa: FBT001 - given by pytest
    doubtful: bool,  # noqa: FBT001
    said: str,
) -> None:
    """An interval is of what was counted: what was not is said beside it."""
    with reen.language("fr"):
        text = figure_text(total(complete=complete, doubtful=doubtful, ends_are="interval"))
    assert text.startswith("17,4")
    assert text.endswith(f"16 à 19){said}")
