"""The review in words: all sections in order, the same in every format and every year.

Input: a `YearReview` and the hashes of its files.  Output: a `Document` in French.
"""

from __future__ import annotations

from collections.abc import Mapping

from reen.review.cells import cells_of
from reen.review.document import Document
from reen.review.later_sections import actions, axes, objectives, quality, sources, statements
from reen.review.numbers import day
from reen.review.review import YearReview
from reen.review.sections import changed, counted, first_page, headline, identity

__all__ = ["document_of"]


def document_of(review: YearReview, files: Mapping[str, str]) -> Document:
    """Return the review in words; `files` are the hashes of the files read, by name."""
    cells = cells_of(review.rows(), review.now.inventory)
    name = review.plan.organisation.name
    about = review.now.footprint.provenance
    return Document(
        title=f"Bilan annuel {review.year} de la stratégie numérique responsable",
        subtitle=f"{name}, situation au {day(review.now.files.as_of)}",
        language="fr",
        sections=(
            first_page(review),
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
        footer=f"{name}, bilan {review.year}. Fait avec reen {about.reen_version}, résultat"
        f" {about.hash[:12]}.",
    )
