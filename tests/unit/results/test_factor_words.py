"""Texts of bundled factors in French: none of ours is left in English."""

from __future__ import annotations

import pytest

import reen
from reen.results.factor_words import factor_name, factor_text

#: English that a text of ours may begin or hold.
ENGLISH = (" of ", " not ", "boundary", "sub-lines", " and ", "current", "report")


def test_boundaries_and_statuses_of_every_bundled_pack_are_in_french() -> None:
    left = set()
    with reen.language("fr"):
        for pack in reen.default_registry().factor_packs.values():
            try:
                descriptions = pack.factors.descriptions
            except reen.errors.MissingExtraError:
                continue  # its figures are not here
            for about in descriptions:
                for text in (factor_text(about.boundary, under="boundary"), about.status):
                    said = factor_text(text) if text == about.status else text
                    left |= {said} if any(word in said for word in ENGLISH) else set()
    assert left == set()


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("boundary: Bureautique", "Bureautique"),
        ("sub-lines: A, B; boundary: C", "postes décomposés : A, B ; périmètre : C"),
        ("boundary not stated", "périmètre non précisé"),
        ("as a plugin says", "as a plugin says"),
        ("", ""),
    ],
)
def test_a_text_and_its_parts(text: str, french: str) -> None:
    with reen.language("fr"):
        assert factor_text(text, under="boundary").replace("\N{NO-BREAK SPACE}", " ") == french


def test_names_that_a_pack_gives_in_both_languages() -> None:
    with reen.language("fr"):
        assert (
            factor_name("Laptop (ordinateur portable)", "ademe-numerique") == "Ordinateur portable"
        )
        assert factor_name("Écran (23 pouces)", "base-carbone") == "Écran (23 pouces)"
    assert factor_name("Laptop (x)", "ademe-numerique") == "Laptop (x)"
