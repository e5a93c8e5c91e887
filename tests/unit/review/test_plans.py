"""Plans of a review: every fault by its line; small cells; what lacks and what is asked for."""

from __future__ import annotations

import builtins
import csv
import datetime as dt
import gzip
import hashlib
import html
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.cli.app import app
from reen.reasons import Reason
from reen.review.cells import LEAST, merged
from reen.review.charts import stacked
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


@pytest.mark.slow
def test_what_is_no_number_is_an_unknown_one(tmp_path: Path) -> None:
    """The row is named, the others count, and every page can be written."""
    path = plan_of(tmp_path, GOOD)
    (tmp_path / "parc.csv").write_text("type;quantité\nPC portable;10\nServeur;dix\n", "utf-8")
    year = reen.Review.open(path).year(2025)
    year.write(tmp_path / "bilan", formats=["html"])
    page = (tmp_path / "bilan" / "bilan.html").read_text("utf-8")
    assert "et 1 ligne de quantité inconnue" in page


@pytest.mark.slow
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


@pytest.mark.slow
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
        "reen.gate.packages.importlib.import_module", lambda name: without(name, fromlist=["x"])
    )
    with pytest.raises(reen.errors.MissingExtraError, match=r"pip install '\.\[review\]'"):
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


@pytest.mark.slow
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


@pytest.mark.slow
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
    assert {each.name for each in out.glob("[!.]*")} == {
        "review.json",
        "empreinte.json",
        "bilan.html",
    }


def test_start_takes_files_without_a_year_where_there_is_one_year(tmp_path: Path) -> None:
    for name in ("parc-2025.csv", "effectifs.csv", "achats.xlsx", "objectifs.csv"):
        (tmp_path / name).write_bytes(b"type;quantite\nPC portable;3\n")
    done = CliRunner().invoke(app, ["start", str(tmp_path), "--name", "V"])
    assert done.exit_code == 0, done.output
    text = (tmp_path / "review.toml").read_text("utf-8")
    assert 'fichiers = ["parc-2025.csv", "achats.xlsx", "effectifs.csv"]' in text
    assert 'strategie = "objectifs.csv"' in text
    assert "in their name" not in done.output


def test_start_names_files_without_a_year_where_there_are_several(tmp_path: Path) -> None:
    names = ("parc-2024.csv", "parc-2025.csv", "effectifs.csv", "Achats.XLSM", "bilan-2024.csv")
    for name in names:
        (tmp_path / name).write_bytes(b"type;quantite\nPC portable;3\n")
    (tmp_path / "bilan-2023").mkdir()
    asked = "about;column;value;question;proposals;answer\n"
    (tmp_path / "questions-2025.csv").write_text(asked, "utf-8-sig")
    done = CliRunner().invoke(app, ["start", str(tmp_path), "--name", "V"])
    assert done.exit_code == 0, done.output
    text = (tmp_path / "review.toml").read_text("utf-8")
    for name in ("effectifs.csv", "Achats.XLSM", "bilan-2024.csv"):
        assert f'#   "{name}"' in text
        assert name in done.output
    assert "bilan-2023" not in text + done.output
    assert [len(each.files) for each in reen.Review.open(tmp_path / "review.toml").plan.years] == [
        1,
        1,
    ]


@pytest.mark.parametrize("name", ["reponses.csv", "questions-2025.csv", "questions.xlsx"])
@pytest.mark.slow
def test_a_first_run_uses_the_answers_that_are_there(tmp_path: Path, name: str) -> None:
    """From `reen read --worklist` to the review, nobody edits the plan."""
    (tmp_path / "parc-2025.csv").write_text("Type;Quantité\nPC portable;3\nBidule;5\n", "utf-8")
    run, made = CliRunner(), tmp_path / name
    done = run.invoke(
        app, ["read", str(tmp_path / "parc-2025.csv"), "--lang", "fr", "--worklist", str(made)]
    )
    assert done.exit_code == 0, done.output
    if made.suffix == ".csv":
        with made.open(encoding="utf-8-sig", newline="") as file:
            head, cells, *_ = csv.reader(file, delimiter=";")
        cells[head.index("réponse")] = "écran"
        with made.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=";").writerows([head, cells])
    done = run.invoke(app, ["start", str(tmp_path), "--name", "V"])
    assert done.exit_code == 0, done.output
    assert name in done.stderr
    plan = reen.Review.open(tmp_path / "review.toml").plan
    assert [each.name for each in plan.mapping] == [name]
    assert [[path.name for path in each.files] for each in plan.years] == [["parc-2025.csv"]]
    if made.suffix == ".csv":
        fleet = reen.read(tmp_path / "parc-2025.csv", mapping=list(plan.mapping))
        assert fleet.table["equipment_type"].to_pylist() == ["laptop", "monitor"]


@pytest.mark.slow
def test_a_saved_mapping_is_used_and_a_gzip_is_a_table(tmp_path: Path) -> None:
    text = b"Genre;Nb\nPC portable;3\n"
    (tmp_path / "parc-2025.csv.gz").write_bytes(gzip.compress(text))
    (tmp_path / "mairie.toml").write_text(
        'name = "mairie"\n[columns]\n"Genre" = "equipment_type"\n"Nb" = "quantity"\n', "utf-8"
    )
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "other"\n', "utf-8")
    done = CliRunner().invoke(app, ["start", str(tmp_path), "--name", "V"])
    assert done.exit_code == 0, done.output
    plan = reen.Review.open(tmp_path / "review.toml").plan
    assert [each.name for each in plan.mapping] == ["mairie.toml"]
    assert [path.name for path in plan.years[0].files] == ["parc-2025.csv.gz"]


def test_start_without_a_year_says_how_to_name_files(tmp_path: Path) -> None:
    (tmp_path / "parc.csv").write_text("type\n", "utf-8")
    done = CliRunner().invoke(app, ["start", str(tmp_path)])
    assert done.exit_code == 2
    assert "parc-2025.xlsx" in done.output
    assert not (tmp_path / "review.toml").exists()


def page_of(folder: Path, **files: str) -> str:
    """Return the page of 2025, as text of its tables; a file each year is called by its year."""
    years = sorted(name.removeprefix("parc") for name in files if name.startswith("parc"))
    text = '[organisation]\nnom = "Ville"\n[bilan]\nmethode = "base-carbone"\npays = "FR"\n'
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, "utf-8")
    others = "".join(f', "{name}.csv"' for name in files if not name.startswith("parc"))
    for year in years:
        text += f'[[annee]]\nannee = {year}\nfichiers = ["parc{year}.csv"{others}]\n'
    (folder / "review.toml").write_text(text, "utf-8")
    reen.Review.open(folder / "review.toml").year(2025).write(folder / "bilan", formats=["html"])
    page = (folder / "bilan" / "bilan.html").read_text("utf-8")
    page = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    cells = re.sub(r"</t[dh]>", "|", page).replace("\u00a0", " ")
    return html.unescape(re.sub(r"<[^>]+>", "", cells))


FLEET = "type;quantité\nPC portable;10\nÉcran d'ordinateur;5\n"
PEOPLE = "date;agents;habitants\n2024-07-01;10;100\n2025-07-01;20;200\n"


@pytest.mark.slow
def test_a_doubtful_total_is_doubtful_wherever_it_is_divided_or_split(tmp_path: Path) -> None:
    """The total row says 20, its lines 15: of both years, no part of that total stands bare."""
    wrong = FLEET + "Total;20\n"
    page = page_of(tmp_path, parc2024=wrong, parc2025=wrong, effectifs=PEOPLE)
    rows = [line for line in page.splitlines() if line.startswith(("Par agent|", "Par habitant|"))]
    assert len(rows) == 2
    assert all(row.count("(douteux)") == 2 for row in rows), rows  # this year, and last year's
    (row,) = (line for line in page.splitlines() if line.startswith("Empreinte par agent|"))
    assert row.count("(douteux)") == 2
    lines = [line for line in page.splitlines() if re.match(r"(2\.1|4\.2) ", line)]
    assert len(lines) == 2
    assert all("(douteux)" in line for line in lines), lines


@pytest.mark.slow
def test_a_lower_bound_is_one_in_every_table_that_splits_it(tmp_path: Path) -> None:
    """A row that nobody could count: 'au moins' stands before every type, stage and category."""
    page = page_of(tmp_path, parc2025=FLEET + "PC portable;x\n")
    heads = ("Utilisation|", "Tout sauf l'utilisation|", "Ordinateur portable|", "2.1 ", "4.2 ")
    found = [line for line in page.splitlines() if line.startswith(heads)]
    assert len([line for line in found if "|≥ " in line]) == 5, found
    assert "portable|≥ 0,33|≥ 0,01|≥ 0,31" in page


@pytest.mark.slow
def test_a_set_of_unknown_size_is_a_small_one(tmp_path: Path) -> None:
    """Seven servers alone; a laptop row that nobody could count joins the two printers."""
    fleet = "type;quantité\nServeur;7\nPC portable;beaucoup\nImprimante;2\nServeur;x\nÉcran;4\n"
    path = plan_of(tmp_path, GOOD)
    (tmp_path / "parc.csv").write_text(fleet, "utf-8")
    reen.Review.open(path).year(2025).write(tmp_path / "bilan", formats=["open-data"])
    with (tmp_path / "bilan" / "open-data" / "parc.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {row["categorie"]: (row["nombre"], row["lignes_sans_nombre"]) for row in rows}
    assert found == {"server": ("7.0", "1"), "(autres)": ("6.0", "1")}
    for each in (tmp_path / "bilan" / "open-data").glob("*.csv"):
        assert not re.search(r"(^|,)-?(nan|inf)(,|$)", each.read_text("utf-8"), re.MULTILINE)


@pytest.mark.slow
def test_the_population_of_a_year_is_one(tmp_path: Path) -> None:
    """The file counts 200 inhabitants in 2025, whatever the plan says; a year is no day of it."""
    people = "Année;Agents;Habitants\n2024;10;100\n2025;20;200\n"
    page = page_of(tmp_path, parc2025=FLEET, effectifs=people)
    assert "Population|200 habitants|" in page
    path = tmp_path / "review.toml"
    path.write_text(path.read_text("utf-8").replace('"Ville"', '"Ville"\nhabitants = 999'), "utf-8")
    year = reen.Review.open(path).year(2025)
    year.write(tmp_path / "again", formats=["html"])
    page = (tmp_path / "again" / "bilan.html").read_text("utf-8")
    assert "200\u00a0habitants" in page.replace("200 habitants", "200\u00a0habitants")
    assert "review.toml en annonce 999" in page.replace("\u00a0", " ")  # once, to be corrected
    assert "999" not in re.sub(
        r"en annonce 999", "", re.sub(r"<svg.*?</svg>|[0-9a-f]{12}", "", page, flags=re.DOTALL)
    )
    for name in ("footprint_per_inhabitant", "items_per_agent"):
        (value, *_) = year.indicators.named(name)
        (said, *_) = value.notes
        assert said.text("en").endswith("counted in 2025")
        assert said.text("fr").endswith("2025")
        assert "07-01" not in said.text("fr")


@pytest.mark.slow
def test_every_file_that_a_figure_may_rest_on_is_listed_with_its_hash(tmp_path: Path) -> None:
    """Mappings of all years and of one, the files of the baseline year, and last year's review."""
    mapping = (
        'name = "{0}"\ntitle = "Mots"\nseveral_files = true\n'
        '[words.equipment_type]\nbidule = "laptop"\n'
    )
    for name in ("tous", "celui-ci"):
        (tmp_path / f"{name}.toml").write_text(mapping.format(name), "utf-8")
    for year in (2020, 2025):
        (tmp_path / f"parc{year}.csv").write_text(FLEET, "utf-8")
    plan = (
        '[organisation]\nnom = "V"\n[bilan]\nmethode = "base-carbone"\nannee_reference = 2020\n'
        'correspondances = ["tous.toml"]\n'
        '[[annee]]\nannee = 2020\nfichiers = ["parc2020.csv"]\n'
        '[[annee]]\nannee = 2025\nfichiers = ["parc2025.csv"]\n'
        'correspondances = ["celui-ci.toml"]\n'
    )
    (tmp_path / "review.toml").write_text(plan, "utf-8")
    content = reen.Review.open(tmp_path / "review.toml").year(2025).content()
    names = {"tous.toml", "celui-ci.toml", "parc2020.csv", "parc2025.csv", "review.toml"}
    expected = {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in names}
    assert content["files"] == expected


@pytest.mark.slow
def test_bars_of_what_lacks_something_have_the_sign_of_a_lower_bound() -> None:
    """The drawing of a figure with the sign is another than that of the figure alone."""
    series = [("Tout sauf l'utilisation", [0.312])]
    drawn = {
        mark: stacked(["Ordinateur portable"], series, marks=[mark], unit="t")[0]
        for mark in ("", "≥\u00a0")
    }
    assert drawn[""].count("<use") + 1 <= drawn["≥\u00a0"].count("<use")


def test_what_to_fill_in_is_named_in_french_words() -> None:
    """Every column that an indicator asks for has a word that a French reader knows."""
    asked = {
        name.strip()
        for each in reen.default_registry().indicators.values()
        for name in getattr(each, "fill_in", "").split(",")
        if name.strip()
    }
    assert {"unit_price", "labelled", "approved"} <= asked
    for name in sorted(asked):
        said = Reason("fill_in", columns=name).text("fr")
        assert "_" not in said, said
        assert name in {"dimension", "destination", "participants", "score"} or not said.endswith(
            f" {name}"
        ), said
    told = Reason("no_item_has", count=346.0, column="lifetime").text("fr")
    assert told == "346 équipements, dont aucun n'a de durée de vie"


@pytest.mark.slow
@pytest.mark.parametrize("spoken", ["en", "fr"])
def test_the_annex_is_in_french_whichever_language_is_spoken(tmp_path: Path, spoken: str) -> None:
    path = plan_of(tmp_path, GOOD)
    with reen.language(spoken):
        reen.Review.open(path).year(2025).write(
            tmp_path / "bilan", formats=["annex"], language=spoken
        )
    text = (tmp_path / "bilan" / "annexe.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert {row["type"] for row in rows} == {"Ordinateur portable"}
    assert {row["flux"] for row in rows} == {"fabrication", "électricité"}
    said = " ".join(row["hypothèses"] + row["motif"] for row in rows)
    assert "valeur par défaut du type" in said
    assert "default" not in said.replace("equipment-defaults", "")


#: A mark of a control, of no font and of no XML, and a terminal's escape, as cells may hold them.
STRANGE = "Ac\x1b[31mme ✅ 東京 \x07 \ufffe"


def strange(folder: Path) -> Path:
    path = plan_of(folder, GOOD.replace('"Ville"', '"Ville ✅ \\u0007"'))
    cells = f"type;quantité;direction\nordinateur portable;3;{STRANGE}\nécran;4;{STRANGE}\n"
    (folder / "parc.csv").write_text(cells, "utf-8")
    return path


@pytest.mark.slow
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


@pytest.mark.slow
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
    there = {path.name for path in (tmp_path / "out").glob("[!.]*")}
    assert there == {"bilan.html", "bilan.docx", "review.json", "empreinte.json"}


def test_what_is_incomplete_and_doubtful_says_both(tmp_path: Path) -> None:
    """A row that nobody could count beside a total that is wrong: neither hides the other."""
    page = page_of(tmp_path, parc2025=FLEET + "PC portable;x\nTotal;20\n", effectifs=PEOPLE)
    for head in ("Par agent|", "2.1 ", "4.2 "):
        (line,) = (each for each in page.splitlines() if each.startswith(head))
        assert "(incomplet et douteux)" in line, line
    assert "Ce total est douteux" in page
    assert "incomplet et douteux." in page  # the sum of the categories


def test_nobody_is_inside_and_outside(tmp_path: Path) -> None:
    both = GOOD + (
        '[[perimetre]]\nentite = "CCAS"\ninclus = true\n'
        '[[perimetre]]\nentite = "C.C.A.S "\ninclus = {second}\nraison = "x"\n'
    )
    with pytest.raises(reen.errors.FileFormatError, match=r"key 'entite' .* other side"):
        reen.Review.open(
            plan_of(tmp_path, both.replace("{second}", "false").replace("C.C.A.S ", "ccas"))
        )
    with pytest.raises(reen.errors.FileFormatError, match="each body once: delete"):
        reen.Review.open(
            plan_of(tmp_path, both.replace("{second}", "true").replace("C.C.A.S ", "ccas"))
        )


def people_of(folder: Path, *, agents: float, file: str) -> tuple[reen.YearReview, str]:
    """Return the review of 2025 with people in the plan and in a file, and its page."""
    plan = GOOD.replace('"Ville"', '"Ville"\nhabitants = 1000')
    path = plan_of(folder, plan)
    text = path.read_text("utf-8").replace('["parc.csv"]', '["parc.csv", "effectifs.csv"]')
    path.write_text(text.replace("annee = 2025", f"annee = 2025\neffectif = {agents:g}"), "utf-8")
    (folder / "effectifs.csv").write_text(file, "utf-8")
    year = reen.Review.open(path).year(2025)
    year.write(folder / "bilan", formats=["html"])
    page = html.unescape((folder / "bilan" / "bilan.html").read_text("utf-8"))
    return year, re.sub(r"<[^>]+>", "", page).replace("\u00a0", " ").replace("\u202f", " ")


def test_the_file_counts_and_a_plan_that_differs_is_told(tmp_path: Path) -> None:
    """20 agents in the file, 25 in the plan: the footprint is divided by 20, and both are named."""
    file = "date;agents;habitants\n2025-12-31;20;1000\n"
    year, page = people_of(tmp_path, agents=25, file=file)
    total = year.now.footprint.total().value
    assert year.indicators.get("footprint_per_agent").value == pytest.approx(total / 20)
    assert "Douteux : les fichiers de 2025 comptent 20 agents, review.toml en annonce 25." in page
    assert "donnent le même nombre d'habitants : 1 000." in page


def test_the_plan_completes_a_file_that_counts_agents_only(tmp_path: Path) -> None:
    """Inhabitants are then those of the plan, and agents those of the file."""
    year, page = people_of(tmp_path, agents=20, file="date;agents\n2025-12-31;20\n")
    total = year.now.footprint.total().value
    assert year.indicators.get("footprint_per_agent").value == pytest.approx(total / 20)
    assert year.indicators.get("footprint_per_inhabitant").value == pytest.approx(total / 1000)
    assert "même nombre d'agents : 20" in page


def test_a_count_of_a_file_that_is_not_known_is_told(tmp_path: Path) -> None:
    year, page = people_of(tmp_path, agents=20, file="date;agents\n2027-12-31;20\n")
    assert year.indicators.get("footprint_per_agent").value is None
    assert "Les 20 que review.toml annonce ne servent pas" in page
