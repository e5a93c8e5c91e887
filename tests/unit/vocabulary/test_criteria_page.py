"""The page on criteria shows what the data files hold: every key, unit, name and factor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from reen.vocabulary.criteria import Criterion, bundled_criteria
from reen.vocabulary.normalisation import pef_factors, planetary_boundaries


@pytest.fixture(scope="module")
def page(repository: Path) -> Sequence[str]:
    """Return the lines of the page."""
    return (repository / "docs" / "reference" / "criteria.md").read_text("utf-8").splitlines()


def described(criterion: Criterion) -> str:
    """Return the line of a criterion, as the page should have it."""
    names = ", ".join(f"`{name}`" for name in criterion.aliases)
    note = f" {criterion.note}" if criterion.note else ""
    cells = [
        f"`{criterion.key}`",
        f"`{criterion.unit}`",
        criterion.published_unit,
        f"{criterion.title_en}; {criterion.title_fr}.{note}",
        names,
    ]
    return f"| {' | '.join(cells)} |"


def factors(key: str) -> str:
    """Return the line of the factors of a criterion, as the page should have it."""
    factor, boundary = pef_factors()[key], planetary_boundaries()[key].value
    unit = bundled_criteria()[key].unit
    cells = [
        f"`{key}`",
        f"{factor.normalisation:.6g} {unit}",
        f"{factor.weight:g}",
        "none" if boundary is None else f"{boundary:.3g} {unit}",
    ]
    return f"| {' | '.join(cells)} |"


def test_every_criterion_stands_on_the_page_in_order(page: Sequence[str]) -> None:
    expected = [described(criterion) for criterion in bundled_criteria() if criterion.in_ef]
    expected += [described(criterion) for criterion in bundled_criteria() if not criterion.in_ef]
    expected += [factors(key) for key in pef_factors()]
    assert [line for line in page if line.startswith("| `")] == expected
