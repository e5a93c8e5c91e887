"""Both languages of the pages: what is written, how long it is, and that nothing is untranslated.

How an untranslated sentence is found: a French is spoken in which every sentence of the catalogue
stands between ⟦ and ⟧.  What a page says outside of these marks came from no catalogue; it must be
data (the file, titles of types and stages, names of packs, what is typed), else it is English that
somebody wrote into the program.
"""

from __future__ import annotations

import csv
import gc
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import reen
from reen import reasons
from reen.reasons import spoken
from reen.views.text import LINES
from reen.vocabulary.criteria import bundled_criteria

from .conftest import Typed

MESSY = """\
Parc informatique 2024;;;;;
Type;Modèle;Quantité;État;Date d'achat;Pays
Ordinateur portable;Latitude 5420;12;En service;15/03/2021;FR
Ordinateur fixe;OptiPlex 7090;3;En stock;31/02/2020;FR
Tablette;;1 234,5;En service;;FR
Vidéoprojecteur;EB-L200F;2;Réformé;;FR
Téléphone fixe;;40;En service;;
Bidule;;7;En service;;FR
;;;;;
Total;;1298,5;;;
"""

DATED = ("-m", "base-carbone", "--as-of", "2025-12-31")

#: What is typed, keys of data and names that have no translation.
#: Units are written by a table of their own (`reen.results.wording.unit_in`).
UNITS = {"an", "ans", "équipement", "équipements", "co₂e", "kg", "kwh"}

NAMES = {
    "reen",
    "read",
    "explain",
    "csv",
    "base",
    "carbone",
    "full",
    "as",
    "of",
    "by",
    "option",
    "method",
}
#: A month of the date, which babel writes, and the head of a line about CO2e.
NAMES |= {"décembre", "co"}
#: What is typed, keys of data, encodings, examples of dates.
NAMES |= {"keep", "header", "column", "worklist", "questions", "mapping", "table", "utf"}


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "parc.csv"
    path.write_text(MESSY, encoding="utf-8")
    return path


def commands(path: Path) -> Iterator[tuple[object, ...]]:
    yield ("measure", path, *DATED)
    yield ("measure", path, *DATED, "--by", "entity,equipment_type")
    yield ("measure", path, *DATED, "--interval", "95")
    yield ("measure", path, *DATED, "--full")
    yield ("measure", path, *DATED, "--full", "--by", "status", "--limit", "1")
    yield ("read", path)
    yield ("read", path, "--full")
    yield ("explain", path, "3", *DATED)
    yield ("explain", path, "7", *DATED)
    yield ("statement", path, *DATED, "--scheme", "beges-v5")
    yield ("indicators", path, *DATED)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak a French of which every sentence stands between marks."""
    found = reasons._template_or_none

    def marking(code: str, language: str, count: int | None) -> str | None:
        template = found(code, language, count)
        return template if template is None or language == "en" else f"⟦{template}⟧"

    monkeypatch.setattr(reasons, "_template_or_none", marking)
    monkeypatch.setenv("COLUMNS", "4000")  # a sentence that is cut over cells has its marks apart


def outside(text: str) -> str:
    """Return what stands outside of the marks, and the innermost first within them."""
    while "⟦" in text:
        text, number = re.subn(r"⟦[^⟦⟧]*⟧", " ", text)
        if not number:
            pytest.fail(f"marks that do not close: {text}")
    return text


def data_texts(path: Path) -> list[str]:
    """Return what a page may quote as it is, the longest first."""
    registry = reen.default_registry()
    known = [str(path), path.name, *re.split("[;\n]", path.read_text("utf-8"))]
    known += [kind.title_fr for kind in registry.equipment_types]
    known += [stage.title_fr for stage in reen.Stage]
    known += [criterion.title_fr for criterion in bundled_criteria()]
    known += [each.title_fr for each in registry.indicators.values()]
    for name in ("base-carbone", "electricity-france", "electricity-world", "equipment-defaults"):
        pack = registry.factor_pack(name)
        known += [pack.name, *(each.source for each in pack.defaults)]
        known += [each.note for each in pack.defaults]
        for flow, text in zip(pack.factors.flows, pack.factors.descriptions, strict=True):
            known += [str(flow), text.name, text.boundary or "", text.validity or ""]
            known += [text.licence or "", *map(str, text.sources)]
    return sorted({text.lower() for text in known if text.strip()}, key=len, reverse=True)


@pytest.mark.usefixtures("marked")
def test_no_sentence_reaches_a_person_untranslated(typed: Typed, messy: Path) -> None:
    known = data_texts(messy)
    for command in commands(messy):
        run = typed(*command, "--lang", "fr")
        assert run.code == 0, run.err
        left = outside(run.out + run.err).lower()
        for text in known:
            left = left.replace(text, " ")
        words = set(re.findall(r"[^\W\d_]{2,}\w*", left)) - NAMES - UNITS
        assert not words, f"{command[0]}: {sorted(words)}"


def test_the_marks_find_a_sentence_that_no_catalogue_has() -> None:
    """The test above would fail on a page that wrote one."""
    assert outside("⟦compté : ⟦3 lignes⟧⟧ and left out").split() == ["and", "left", "out"]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_every_result_is_25_lines_at_the_most(
    typed: Typed, messy: Path, monkeypatch: pytest.MonkeyPatch, language: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    later = messy.with_name("parc-2025.csv")
    later.write_text(MESSY.replace("12;En", "10;En"), encoding="utf-8")
    for command in (
        ("read", messy),
        ("compare", messy, "--methods", "declared,base-carbone"),
        ("change", messy, later, *DATED),
        ("statement", messy, *DATED, "--scheme", "beges-v5"),
        ("indicators", messy, *DATED),
        ("explain", messy, "3", *DATED),
    ):
        run = typed(*command, "--lang", language)
        assert run.code == 0, run.err
        lines = run.out.splitlines()
        assert 5 < len(lines) <= LINES, run.out
        assert all(len(line) <= width for line in lines), run.out
        assert "--full" in lines[-1]
        assert len(typed(*command, "--lang", language, "--full").out.splitlines()) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_measure_is_25_lines_at_the_most(
    typed: Typed, messy: Path, monkeypatch: pytest.MonkeyPatch, language: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for more in ((), ("--interval", "95"), ("--by", "entity,equipment_type,status")):
        out = typed("measure", messy, *DATED, *more, "--lang", language).out
        assert len(out.splitlines()) <= LINES, out
        assert all(len(line) <= width for line in out.splitlines()), out


@pytest.mark.slow
def test_the_short_page_names_every_gap_or_counts_it(typed: Typed, messy: Path) -> None:
    """Doubtful: 1,234.5 tablets are counted as read; the types left out stand with their items."""
    out = " ".join(typed("measure", messy, *DATED).out.split())
    footprint = reen.measure(messy, method="base-carbone", as_of="2025-12-31")
    assert footprint.total().doubtful == ("doubtful)" in out)
    assert footprint.total().lower_bound == (">=" in out.partition("Share")[0])
    assert "Left out or doubtful: what to fix first" in out
    named = re.findall(r"(?:^| )- ([\d,.]+) item", out)
    more = re.search(r"and (\d+) other points?", out)
    reasons_left = {
        (str(row.reason), row.kind)
        for row in footprint.coverage
        if row.reason and row in footprint.coverage.left_out()
    }
    assert len(named) + (int(more[1]) if more else 0) <= len(reasons_left)
    assert named


@pytest.mark.slow
def test_the_machine_s_locale_chooses(
    typed: Typed, messy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for locale, first in (
        ("fr_FR.UTF-8", "Changement climatique"),
        ("fr", "Changement climatique"),
        ("en_GB.UTF-8", "Climate change"),
        ("de_DE", "Climate change"),
        ("C", "Climate change"),
        ("POSIX", "Climate change"),
    ):
        monkeypatch.setenv("LC_ALL", locale)
        assert typed("measure", messy, *DATED).out.startswith(first), locale
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert typed("measure", messy, *DATED, "--lang", "en").out.startswith("Climate change")
    assert reasons.spoken() == "en"  # nothing stays behind


@pytest.mark.slow
def test_data_for_programs_are_the_same_in_every_language(typed: Typed, messy: Path) -> None:
    for command in (
        ("measure", messy, *DATED, "--format", "json"),
        ("measure", messy, *DATED, "--format", "csv"),
        ("read", messy, "--format", "json"),
        ("explain", messy, "3", *DATED, "--format", "json"),
        ("indicators", messy, *DATED, "--format", "json"),
        ("indicators", messy, *DATED, "--format", "csv"),
    ):
        english, french = (typed(*command, "--lang", name).out for name in ("en", "fr"))
        assert english == french, command


def test_numbers_of_sentences_are_those_of_babel() -> None:
    """The sentences of the library go without babel: their marks are the same."""
    from babel.numbers import format_decimal

    for language, locale in (("en", "en_GB"), ("fr", "fr_FR")):
        for value in (0, 7, 1234, 1234567, 1234.5, -0.25):
            expected = format_decimal(value, format="#,##0.##########", locale=locale)
            assert reasons.number_text(value, language) == expected


def test_another_language_is_refused() -> None:
    with pytest.raises(reen.errors.UnknownNameError, match="'de'"), reen.language("de"):
        pass


@pytest.mark.slow
def test_a_french_spreadsheet_opens_the_figures(typed: Typed, messy: Path) -> None:
    """The same cells as the CSV of programs: only marks differ, and it is read again."""
    plain = typed("measure", messy, *DATED, "--format", "csv", "--lang", "fr").out
    french = typed("measure", messy, *DATED, "--format", "csv-fr").out
    assert french.startswith("\ufeffmethod" if plain.startswith('"method') else "\ufeff")
    rows = list(csv.reader(io.StringIO(french.removeprefix("\ufeff")), delimiter=";"))
    kept = list(csv.reader(io.StringIO(plain)))
    assert len(rows) == len(kept) > 1
    assert rows[0] == kept[0]
    for row, other in zip(rows[1:], kept[1:], strict=True):
        for name, mine, given in zip(rows[0], row, other, strict=True):
            if mine != given:
                assert float(mine.replace(",", ".")) == float(given), name


@pytest.mark.slow
def test_rows_for_a_french_spreadsheet_give_the_same_figures(
    typed: Typed, messy: Path, tmp_path: Path
) -> None:
    written = typed("read", messy, "--format", "csv-fr").out
    assert written.startswith("\ufeff")
    again = tmp_path / "again.csv"
    again.write_text(written, encoding="utf-8")
    totals = [
        json.loads(typed("measure", path, *DATED, "--format", "json").out)["totals"]
        for path in (messy, again)
    ]
    assert [each["value"] for each in totals[0]] == [each["value"] for each in totals[1]]
    assert totals[1][0]["doubtful"]  # the account of the file does not go with rows on a screen
    assert typed("read", messy, "--format", "csv-fr", "--output", again).code == 2


def test_an_error_is_said_in_the_language_that_is_typed(typed: Typed, messy: Path) -> None:
    found = typed("measure", messy, "-m", "base-carbon", "--lang", "fr")
    assert found.code == 2
    assert found.err.startswith(
        "erreur : Méthode : rien ne porte le nom 'base-carbon'. Vouliez-vous dire 'base-carbone' ?"
    )
    assert typed("measure", messy, "-m", "base-carbon").err.startswith("error: Unknown method")
    assert "Il manque l'option" in typed("measure", messy, "--lang", "fr").err
    assert "Mesure l'empreinte annuelle" in typed("measure", "--lang", "fr", "--help").out
    assert "Measure the yearly" in typed("measure", "--help").out  # nothing stays behind


@pytest.mark.slow
def test_a_command_that_ends_early_leaves_no_language_behind(typed: Typed) -> None:
    """Help, and a word that is no option, end a command before it begins; then memory is freed."""
    for words in (("read", "--lang", "fr", "--help"), ("read", "--lang", "fr", "--no-such")):
        typed(*words)
        gc.collect()
        assert spoken() == "en"
    assert "there is no such file" in typed("read", "absent.csv").err
