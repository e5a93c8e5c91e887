"""Reasons: codes with parameters, and sentences in two languages."""

from __future__ import annotations

import copy
import gettext
import importlib.resources
import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from reen.reasons import LANGUAGES, Reason, as_reason, parameters_of
from reen.reasons.catalogue import PLURAL_OF, Catalogue, catalogue_of


def catalogue(language: str) -> tuple[Catalog, bytes]:
    folder = importlib.resources.files("reen").joinpath("languages", language, "LC_MESSAGES")
    source = folder.joinpath("reen.po").read_bytes()
    compiled = folder.joinpath("reen.mo").read_bytes()
    return read_po(io.BytesIO(source), locale=language, abort_invalid=True), compiled


def texts_of(source: Catalog) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return codes and sentences, the singular first where there are two."""
    return [
        tuple((part,) if isinstance(part, str) else tuple(part) for part in (m.id, m.string))
        for m in source
        if m.id
    ]


def sentences(language: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue(language)[0]:
        if message.id:
            code = message.id if isinstance(message.id, str) else message.id[0]
            text = message.string
            assert code not in found, f"{code} stands twice"
            found[code] = (text,) if isinstance(text, str) else tuple(text)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_compiled_and_sorted(language: str) -> None:
    """Mend with: pybabel compile -d src/reen/languages -D reen."""
    source, compiled = catalogue(language)
    assert texts_of(source) == texts_of(read_mo(io.BytesIO(compiled)))
    codes = list(sentences(language))
    assert codes == sorted(codes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_answers_as_gettext_does(language: str) -> None:
    """For every code alone and with counts around those where a plural begins, and for others."""
    compiled = catalogue(language)[1]
    expected, found = gettext.GNUTranslations(io.BytesIO(compiled)), catalogue_of(language)
    for code in (*sentences(language), "", "a", "zzz", "\ud800", "account", "account_counted\0x"):
        said = expected.gettext(code)
        assert found.sentence(code) == (None if said == code else said), code
        for count in (-1, 0, 1, 2, 3):
            said = expected.ngettext(code, code, count)
            said = expected.gettext(code) if said == code else said
            assert found.sentence(code, count) == (None if said == code else said), (code, count)


def test_bytes_that_are_no_catalogue_are_refused() -> None:
    with pytest.raises(ValueError, match="no compiled catalogue"):
        Catalogue(bytes(28), PLURAL_OF["en"])


def test_both_languages_have_the_same_codes_and_parameters() -> None:
    english, french = (sentences(language) for language in ("en", "fr"))
    assert set(english) == set(french)
    for code, texts in english.items():
        asked = {parameters_of(text) for text in (*texts, *french[code])}
        assert len(asked) == 1, f"{code}: {asked}"
        assert all(texts), code
        assert all(french[code]), code


def test_the_plural_follows_the_count_and_the_language() -> None:
    assert Reason("many_cells", count=1).text() == "has 1 cell"
    assert Reason("many_cells", count=0).text() == "has 0 cells"
    assert Reason("many_cells", count=0).text("fr") == "compte 0 cellule"


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert Reason("many_cells", count=12345).text() == "has 12,345 cells"
    assert Reason("many_cells", count=12345).text("fr") == "compte 12\u202f345 cellules"


def test_a_reason_in_a_reason_is_written_in_the_same_language() -> None:
    outer = Reason("said", text=Reason("many_cells", count=2))
    assert outer.text("fr") == "compte 2 cellules"


def test_reasons_are_values() -> None:
    reason = Reason("many_cells", count=2)
    assert reason == Reason("many_cells", count=2) != Reason("many_cells", count=3)
    assert copy.deepcopy(reason) == reason
    assert len({reason, Reason("many_cells", count=2)}) == 1
    assert reason.detail("count") == 2


def test_plain_text_is_what_somebody_said() -> None:
    assert str(as_reason("is odd")) == "is odd"
    assert as_reason(Reason("total")) == Reason("total")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_without_a_sentence_is_written_as_it_is(language: str) -> None:
    """As one of a plugin that is gone, or a sentence that speaks of a detail that is not there."""
    assert Reason("nonsense").text(language) == "nonsense"
    assert Reason("nonsense", size=2, kind="a").text(language) == "nonsense (kind=a, size=2)"
    assert Reason("missing", parameter="x").text(language) == "missing (parameter=x)"


def test_another_language_is_an_error() -> None:
    with pytest.raises(KeyError, match="xx"):
        Reason("total").text("xx")


def test_reasons_are_ordered_whatever_their_details() -> None:
    """By code, then name by name; numbers before texts before reasons."""
    ordered = [
        Reason("a"),
        Reason("a", x=1),
        Reason("a", x=2.5),
        Reason("a", x="1"),
        Reason("a", x=Reason("b", y=2)),
        Reason("a", x=Reason("c")),
        Reason("a", y=0),
        Reason("b"),
    ]
    mixed = [ordered[k] for k in range(len(ordered) - 1, -1, -1)]
    assert sorted(mixed) == ordered


def test_years_have_no_mark_of_thousands() -> None:
    reason = Reason("no_mix", country="FR", year=2040, first=2008, last=2025)
    assert str(reason) == "no electricity factor of FR for 2040 (series 2008 to 2025)"
    assert reason.text("fr") == (
        "pas de facteur d'électricité pour FR en 2040 (série de 2008 à 2025)"
    )


def test_columns_and_statuses_are_named_in_french() -> None:
    """A column that is not in the catalogue keeps its name."""
    assert Reason("missing", column="country").text("fr") == "pays : non renseigné"
    assert Reason("missing", column="battery").text("fr") == "battery : non renseigné"
    assert Reason("status", status="lost").text("fr") == "statut : perdu ou volé"


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (1.0, "1 year by default", "1 an par défaut"),
        (1.5, "1.5 years by default", "1,5 an par défaut"),
        (2.0, "2 years by default", "2 ans par défaut"),
    ],
)
def test_a_unit_is_in_the_number_of_its_value(value: float, english: str, french: str) -> None:
    said = Reason("default_of_method", value=value, unit="year")
    assert said.text() == english
    assert said.text("fr") == french
