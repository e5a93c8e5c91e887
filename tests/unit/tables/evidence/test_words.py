"""Type words: what the text of a type cell says, taken apart where it is not a known word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.tables.bundled_words import rows_of
from reen.tables.evidence.words import types_of_clue, types_of_words
from reen.vocabulary.equipment_types import bundled_equipment_types
from reen.vocabulary.lookup import split_words

TYPES = bundled_equipment_types()


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Poste de travail - Tiny", "desktop"),
        ("AccessSwitch", "switch"),
        ("PC portable 14 pouces", "laptop"),
        ("Ecran 24 Dell", "monitor"),
        ("Serveur (rack)", "server"),
        ("Copieur Ricoh", "multifunction_printer"),
        ("imprimante laser couleur A4 réseau", "printer"),
        ("Unité centrale HP ProDesk 400 G6", "desktop"),
        ("Switch 48 ports PoE", "switch"),
        ("Cisco access switch", "switch"),
        ("Souris sans fil noire", "mouse"),
        ("Poste de travail - Portable", "laptop"),
    ],
)
def test_words_that_name_one_type(text: str, type_: str) -> None:
    assert types_of_words(text, TYPES).types == (type_,)


@pytest.mark.parametrize(
    "text",
    [
        "Batterie de PC portable",
        "Sacoche PC portable",
        "Ecran de projection",
        "Serveur de téléphonie",
        "Bulot",
        "Patch panel",
        "Support écran",
        "",
        "unknown",
    ],
)
def test_a_word_that_is_not_read_names_nothing(text: str) -> None:
    assert types_of_words(text, TYPES).types == ()


def test_alternatives_and_ambiguous_words_leave_their_types_open() -> None:
    assert types_of_words("Imprimantes / copieurs", TYPES).types == (
        "printer",
        "multifunction_printer",
    )
    assert types_of_words("Smartphones et tablettes", TYPES).types == ("smartphone", "tablet")
    assert types_of_words("Portable HP", TYPES).types == ("laptop", "mobile_phone", "smartphone")


@pytest.mark.parametrize("text", ["UC + écran", "PC fixe + écran 24 pouces", "UC et écran"])
def test_things_that_stand_together_are_a_bundle(text: str) -> None:
    """Two devices on one row: no model may make one type of them."""
    said = types_of_words(text, TYPES)
    assert said.bundle
    assert said.types == ("desktop", "monitor")


def test_a_class_in_the_plural_is_no_bundle() -> None:
    assert not types_of_words("Smartphones et tablettes", TYPES).bundle


@pytest.mark.slow
@given(st.sampled_from([word for kind in TYPES for word in kind.synonyms]), st.text(max_size=8))
def test_more_words_never_name_another_type(word: str, more: str) -> None:
    """Words after a known one may leave it, narrow it or take it away: never add a type alone."""
    before, after = types_of_words(word, TYPES).types, types_of_words(f"{word} {more}", TYPES)
    own = types_of_words(more, TYPES).types
    if after.plain or own:
        return  # the longer text is a word of its own, or the other words are
    assert set(after.types) <= set(before)


@pytest.mark.parametrize(
    ("kind", "text", "types"),
    [
        ("form_factor", "Notebook", ("laptop",)),
        ("form_factor", "Mini Tower", ("desktop",)),
        ("operating_system", "Windows Server 2019 Standard", ("server",)),
        ("operating_system", "Microsoft Windows Server 2022 Datacenter", ("server",)),
        ("platform", "iPadOS", ("tablet",)),
        ("platform", "iOS", ("smartphone", "tablet")),
        ("platform", "Plan 9", ()),
        ("record_type", "Monitor", ("monitor", "television", "interactive_display")),
    ],
)
def test_clues_say_no_more_than_they_know(kind: str, text: str, types: tuple[str, ...]) -> None:
    assert types_of_clue(kind, text) == types


def test_windows_of_a_workplace_leaves_the_form_open() -> None:
    assert {"laptop", "desktop"} <= set(types_of_clue("operating_system", "Windows 11 Pro 23H2"))


def test_the_tables_of_evidence_name_types_that_exist() -> None:
    for row in rows_of("clues.csv", "reen.tables.evidence"):
        assert set(split_words(row["types"])) <= set(TYPES.keys), row
    for row in rows_of("refines.csv", "reen.tables.evidence"):
        assert {row["word"], *split_words(row["models"])} <= set(TYPES.keys), row
