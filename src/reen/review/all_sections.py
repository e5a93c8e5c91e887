"""The review in words: all sections in order, the same in every format and every year.

Input: a `ReviewYear` and the hashes of its files.  Output: a `Document` in one of both languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attrs

from reen.reasons import say, speaking, spoken
from reen.review.account_sections import quality, sources, statements
from reen.review.cells import cells_of
from reen.review.document import Chart, Document
from reen.review.first_page import first_page
from reen.review.headline_sections import changed, headline, identity
from reen.review.numbers import day
from reen.review.strategy_sections import actions, axes, objectives
from reen.review.weight_section import counted
from reen.review.year import ReviewYear

__all__ = ["document_of"]


def document_of(review: ReviewYear, files: Mapping[str, str], *, language: str = "fr") -> Document:
    """Return the review in words; `files` are the hashes of the files read, by name."""
    with speaking(language):
        made: Document = _document(review, files)
    return _typeset(made) if language == "fr" else made


def _document(review: ReviewYear, files: Mapping[str, str]) -> Document:
    cells = cells_of(review.rows(), review.now.inventory)
    name = review.plan.organisation.name
    about = review.now.footprint.provenance
    return Document(
        title=say("review_yearly_review_of_the_responsible", year=review.year),
        subtitle=say("review_as_on", name=name, as_of=day(review.now.files.as_of)),
        language=spoken(),
        sections=(
            first_page(review, cells),
            identity(review),
            headline(review),
            counted(review, cells),
            changed(review),
            axes(review),
            objectives(review),
            actions(review),
            statements(review),
            quality(review),
            sources(review, files),
        ),
        footer=say(
            "review_review_made_with_reen_result",
            name=name,
            year=review.year,
            reen_version=about.reen_version,
            hash=about.hash[:12],
        ),
    )


#: A space that no line may end with: before double marks, and between a number and its unit.
_TIED = re.compile(
    r" (?=[:;?!»%€])|(?<=«) |(?<=\d) (?=kg\b|t\b|kWh\b|CO₂e)|(?<=[≥≤÷\u00d7]) | (?=[÷\u00d7])"
)


def _typeset(part: Any) -> Any:  # noqa: ANN401 - a document, or any part of one
    """Return a part of a document with the spaces that French ties."""
    if isinstance(part, str):
        return _TIED.sub("\u00a0", part)
    if isinstance(part, tuple):
        return tuple(_typeset(each) for each in part)
    if not attrs.has(type(part)):
        return part
    kept = {"svg"} if isinstance(part, Chart) else {"key", "style", "language"}
    fields = [field.name for field in attrs.fields(type(part)) if field.name not in kept]
    return attrs.evolve(part, **{name: _typeset(getattr(part, name)) for name in fields})
