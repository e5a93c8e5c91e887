"""Plans of a review: every fault by its line; small cells; what lacks and what is asked for."""

from __future__ import annotations

import builtins
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.cli.app import app
from reen.review.cells import LEAST, merged
from reen.review.numbers import day, number

GOOD = (
    '[organisation]\nnom = "Ville"\n[bilan]\nmethode = "base-carbone"\n'
    '[[annee]]\nannee = 2025\nfichiers = ["parc.csv"]\n'
)


def plan_of(folder: Path, text: str) -> Path:
    (folder / "parc.csv").write_text("type;quantité\nordinateur portable;3\n", "utf-8")
    path = folder / "review.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('methode = "base', 'metode = "base', "line 4: [[bilan]] 1, key 'metode' is not known"),
        ('"parc.csv"', '"parcs.csv"', "line 7: [[annee]] 1, key 'fichiers' names 'parcs.csv'"),
        ("annee = 2025", 'annee = "2025"', "line 6: [[annee]] 1, key 'annee' is '2025'"),
        ("annee = 2025", "annee = 2025\ndate = 2024-12-31", "expected a day of 2025"),
        ('[bilan]\nmethode = "base-carbone"\n', "", "add [bilan]"),
        ('[organisation]\nnom = "Ville"\n', "", "add [organisation]"),
        (
            "[bilan]",
            '[bilan]\ncomparaison = ["ecodiga"]',
            "line 4: [[bilan]] 1, key 'comparaison' names 'ecodiga', which is not known; is it",
        ),
        (
            '"base-carbone"',
            '"base-carbon"',
            "key 'methode' names 'base-carbon', which is not known",
        ),
        ('["parc.csv"]', "[]", "line 7: [[annee]] 1, key 'fichiers' is empty; name the files of"),
        ("[bilan]", '[bilan]\nstrategie = "non.toml"', "key 'strategie' names 'non.toml'"),
    ],
)
def test_a_fault_is_named_by_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    with pytest.raises(reen.errors.FileFormatError) as caught:
        reen.Review.open(plan_of(tmp_path, GOOD.replace(old, new, 1)))
    assert expected in str(caught.value)


def test_a_year_twice_is_refused(tmp_path: Path) -> None:
    twice = GOOD + '[[annee]]\nannee = 2025\nfichiers = ["parc.csv"]\n'
    with pytest.raises(reen.errors.FileFormatError, match="2025, which another section has too"):
        reen.Review.open(plan_of(tmp_path, twice))


def test_a_year_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    review = reen.Review.open(plan_of(tmp_path, GOOD))
    with pytest.raises(reen.errors.OptionError, match="2025"):
        review.year(2024)


def test_a_review_of_another_year_is_refused(tmp_path: Path) -> None:
    plan = GOOD.replace("[bilan]", '[bilan]\nbilan_precedent = "review.json"')
    (tmp_path / "review.json").write_text('{"schema": "reen-review/1", "year": 2020}', "utf-8")
    review = reen.Review.open(plan_of(tmp_path, plan))
    with pytest.raises(reen.errors.FileFormatError, match="review of 2020; expected that of 2024"):
        review.year(2025)


def test_the_population_of_the_plan_divides_where_no_headcount_is_there(tmp_path: Path) -> None:
    plan = GOOD.replace('"Ville"', '"Ville"\nhabitants = 1000')
    year = reen.Review.open(plan_of(tmp_path, plan)).year(2025)
    found = year.indicators.get("footprint_per_inhabitant")
    total = year.now.footprint.total().value
    assert found.value == pytest.approx(total / 1000)
    assert year.indicators.get("footprint_per_agent").value is None


def test_a_method_beside_that_cannot_run_says_why(tmp_path: Path) -> None:
    plan = GOOD.replace("[bilan]", '[bilan]\ncomparaison = ["manufacturer"]')
    year = reen.Review.open(plan_of(tmp_path, plan)).year(2025)
    assert year.beside[0].footprint is None
    assert "manufacturer" in str(year.beside[0].why)


def test_what_is_no_number_is_an_unknown_one(tmp_path: Path) -> None:
    """The row is named, the others count, and every page can be written."""
    path = plan_of(tmp_path, GOOD)
    (tmp_path / "parc.csv").write_text("type;quantité\nPC portable;10\nServeur;dix\n", "utf-8")
    year = reen.Review.open(path).year(2025)
    year.write(tmp_path / "bilan", formats=["html"])
    page = (tmp_path / "bilan" / "bilan.html").read_text("utf-8")
    assert "et 1 ligne de quantité inconnue" in page


def test_the_country_of_the_plan_is_that_of_rows_that_name_none(tmp_path: Path) -> None:
    """3 laptops x 156 kg / 5 years = 93.6 kg; with a country their electricity counts too."""
    plain = reen.Review.open(plan_of(tmp_path, GOOD)).year(2025)
    plan = GOOD.replace("[bilan]", '[bilan]\npays = "France"')
    placed = reen.Review.open(plan_of(tmp_path, plan)).year(2025)
    use = reen.Stage.USE
    assert plain.now.footprint.total().value == pytest.approx(93.6)
    assert placed.now.footprint.stage_totals()[use] > 0.0
    assert placed.now.footprint.total().value > 93.6
    with pytest.raises(reen.errors.FileFormatError, match="key 'pays' is no country"):
        reen.Review.open(plan_of(tmp_path, plan.replace("France", "Atlantide")))


def test_mappings_of_the_plan_are_replayed(tmp_path: Path) -> None:
    """A word that the town calls its laptops by, answered once."""
    (tmp_path / "mairie.toml").write_text(
        'name = "mairie"\n[[table]]\nkind = "equipment"\n'
        '[table.words.equipment_type]\n"ordinateur portable" = "tablet"\n',
        "utf-8",
    )
    plan = GOOD.replace("[bilan]", '[bilan]\ncorrespondances = ["mairie.toml"]')
    year = reen.Review.open(plan_of(tmp_path, plan)).year(2025)
    assert year.now.inventory.table["equipment_type"].to_pylist() == ["tablet"]


def test_another_format_is_refused(tmp_path: Path) -> None:
    year = reen.Review.open(plan_of(tmp_path, GOOD)).year(2025)
    with pytest.raises(reen.errors.OptionError, match="odt"):
        year.write(tmp_path / "bilan", formats=["odt"])
    assert not (tmp_path / "bilan").exists()


def test_a_package_that_lacks_is_named_with_the_pip_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = reen.Review.open(plan_of(tmp_path, GOOD)).year(2025)
    real = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - of `__import__`
        if name.partition(".")[0] == "typst":
            raise ModuleNotFoundError(name=name)
        return real(name, *args, **more)

    monkeypatch.delitem(__import__("sys").modules, "typst", raising=False)
    monkeypatch.setattr(
        "reen.review.packages.importlib.import_module", lambda name: without(name, fromlist=["x"])
    )
    with pytest.raises(reen.errors.MissingExtraError, match=r"reen\[review\]"):
        year.write(tmp_path / "bilan", formats=["pdf"])


# -- small cells -----------------------------------------------------------------------------

_COUNTS = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("tuvw")),
    st.integers(0, 12).map(float),
    min_size=1,
)


@given(_COUNTS)
def test_no_published_cell_is_small_unless_the_whole_is(counts: dict[Any, float]) -> None:
    places = merged(counts)
    assert set(places) == set(counts)
    sizes: dict[Any, float] = {}
    for key, place in places.items():
        sizes[place] = sizes.get(place, 0.0) + counts[key]
    assert sum(sizes.values()) == sum(counts.values())
    assert min(sizes.values()) >= min(LEAST, sum(counts.values()))


def test_a_small_cell_alone_takes_another_in() -> None:
    """2 servers cannot be published alone, nor be found by taking the rest from the total."""
    places = merged({("a", "laptop"): 20.0, ("a", "phone"): 9.0, ("a", "server"): 2.0})
    assert places["a", "server"] == places["a", "phone"] == ("a", "(autres)")
    assert places["a", "laptop"] == ("a", "laptop")


# -- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0"),
        (23.8287, "23,8"),
        (0.38727, "0,387"),
        (1234.5, "1\u202f234"),
        (99.96, "100"),
        (61530.0, "61\u202f530"),
        (-699.1, "-699"),
    ],
)
def test_numbers_are_french(value: float, expected: str) -> None:
    with reen.language("fr"):
        assert number(value) == expected


def test_days_are_french() -> None:
    with reen.language("fr"):
        assert day(dt.date(2025, 1, 1)) == "1er janvier 2025"
        assert day(dt.date(2025, 8, 11)) == "11 août 2025"
    assert day(dt.date(2025, 1, 1)) == "1 January 2025"


def test_a_review_is_written_in_english_by_option(tmp_path: Path) -> None:
    """The same figures, in English words; a language that reen does not speak is an error."""
    year = reen.Review.open(plan_of(tmp_path, GOOD)).year(2025)
    pages = {}
    for language in ("fr", "en"):
        year.write(tmp_path / language, formats=["html"], language=language)
        pages[language] = (tmp_path / language / "bilan.html").read_text("utf-8")
        assert f'<html lang="{language}">' in pages[language]
    assert "Ce qui pèse" in pages["fr"]
    assert "What weighs" not in pages["fr"]
    for word in ("What weighs", "Quality of the data", "Yearly review 2025"):
        assert word in pages["en"]
    for word in ("Aller au", "équipements", "Indicateur", "par an<", "Lignes"):
        assert word not in pages["en"]
    with pytest.raises(reen.errors.UnknownNameError, match="language"):
        year.write(tmp_path / "de", language="de")


# -- the commands ----------------------------------------------------------------------------


def test_start_writes_a_plan_that_review_reads(tmp_path: Path) -> None:
    for year in (2024, 2025):
        (tmp_path / f"parc-{year}.csv").write_text("type;quantité\nécran;7\n", "utf-8")
    (tmp_path / "promesses.toml").write_text("[[objectif]]\n", "utf-8")
    run = CliRunner()
    done = run.invoke(app, ["start", str(tmp_path), "--name", 'Ville "A"', "--population", "9"])
    assert done.exit_code == 0, done.output
    text = (tmp_path / "review.toml").read_text("utf-8")
    assert 'strategie = "promesses.toml"' in text
    (tmp_path / "review.toml").write_text(text.replace("strategie", "# strategie"), "utf-8")
    plan = reen.Review.open(tmp_path / "review.toml").plan
    assert [each.year for each in plan.years] == [2024, 2025]
    assert plan.organisation.name == 'Ville "A"'
    again = run.invoke(app, ["start", str(tmp_path)])
    assert again.exit_code == 2
    out = tmp_path / "bilan"
    done = run.invoke(
        app,
        ["review", str(tmp_path / "review.toml"), "--year", "2025", "--output", str(out),
         "--formats", "html"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert {each.name for each in out.iterdir()} == {"review.json", "empreinte.json", "bilan.html"}


def test_start_without_a_year_says_how_to_name_files(tmp_path: Path) -> None:
    (tmp_path / "parc.csv").write_text("type\n", "utf-8")
    done = CliRunner().invoke(app, ["start", str(tmp_path)])
    assert done.exit_code == 2
    assert "parc-2025.xlsx" in done.output
    assert not (tmp_path / "review.toml").exists()


#: A mark of a control, of no font and of no XML, and a terminal's escape, as cells may hold them.
STRANGE = "Ac\x1b[31mme ✅ 東京 \x07 \ufffe"


def strange(folder: Path) -> Path:
    path = plan_of(folder, GOOD.replace('"Ville"', '"Ville ✅ \\u0007"'))
    cells = f"type;quantité;direction\nordinateur portable;3;{STRANGE}\nécran;4;{STRANGE}\n"
    (folder / "parc.csv").write_text(cells, "utf-8")
    return path


def test_characters_that_no_font_has_stop_no_document(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    pytest.importorskip("docx")
    pytest.importorskip("openpyxl")
    review = reen.Review.open(strange(tmp_path)).year(2025)
    names = {path.name for path in review.write(tmp_path / "out")}
    assert {"bilan.pdf", "bilan.html", "bilan.docx", "annexe.xlsx"} <= names
    page = (tmp_path / "out/bilan.html").read_text("utf-8")
    assert "Ac␛[31mme ✅ 東京 ␇ \ufffd" in page
    assert not {"\x1b", "\x07", "\ufffe"} & set(page)


def test_a_pdf_that_cannot_be_made_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typst = pytest.importorskip("typst")
    pytest.importorskip("docx")

    def fails(*_: object, **__: object) -> bytes:
        message = "no memory"
        raise typst.TypstError(message)

    review = reen.Review.open(plan_of(tmp_path, GOOD)).year(2025)
    monkeypatch.setattr(typst, "compile", fails)
    with pytest.raises(reen.errors.FileNotWrittenError, match="no memory") as error:
        review.write(tmp_path / "out", formats=["pdf", "html", "docx"])
    assert "--formats html,docx" in str(error.value)
    assert str(tmp_path / "out" / "bilan.pdf") in str(error.value)
    there = {path.name for path in (tmp_path / "out").iterdir()}
    assert there == {"bilan.html", "bilan.docx", "review.json", "empreinte.json"}
