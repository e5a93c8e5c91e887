"""The review of the example city: its figures are the library's, in every format.

The city is invented (`examples/ville`); Boulogne-Billancourt's inventory of 2022 is a first review.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
import math
import re
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import reen
from reen.cli.app import app
from reen.review.all_sections import document_of
from reen.review.document import Table
from reen.types import YearReview

ROOT = Path(__file__).resolve().parents[2]
CITY = ROOT / "examples" / "ville"
BOULOGNE = ROOT / "examples" / "boulogne_billancourt_2022.csv"
CLIMATE = "climate_change"


#: A whole review is written before anything of it can be looked at.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def review() -> YearReview:
    return reen.Review.open(CITY / "review.toml").year(2025)


@pytest.fixture(scope="module")
def folder(review: YearReview, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bilan-2025")
    review.write(made)
    return made


@pytest.fixture(scope="module")
def content(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "review.json").read_bytes())
    return found


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Boulogne's inventory as a first review."""
    made = tmp_path_factory.mktemp("boulogne")
    (made / "parc-2022.csv").write_bytes(BOULOGNE.read_bytes())
    (made / "review.toml").write_text(
        '[organisation]\nnom = "Boulogne-Billancourt"\n[bilan]\nmethode = "base-carbone"\n'
        '[[annee]]\nannee = 2022\nfichiers = ["parc-2022.csv"]\neffectif = 1650\n',
        "utf-8",
    )
    reen.Review.open(made / "review.toml").year(2022).write(made / "bilan")
    return made / "bilan"


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "open-data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# -- figures ---------------------------------------------------------------------------------


def calculated(text: str) -> float:
    """Return what a division printed in French comes to, its factor included."""
    plain = text.translate(str.maketrans(",", ".", "\u00a0\u202f "))
    times, _, division = plain.rpartition("\u00d7")
    above, below = division.split("÷")
    return float(times or 1.0) * float(above) / float(below)


def test_every_division_that_is_printed_gives_the_value_beside_it(review: YearReview) -> None:
    """Weighted shares say what was divided: 12 % = 9 045 000 ÷ 751 000, without a factor of 100."""
    with reen.language("fr"):
        document = document_of(review, {}, language="fr")
    axes = next(each for each in document.sections if each.key == "axes")
    checked = 0
    for block in axes.blocks:
        for row in block.rows if isinstance(block, Table) else ():
            for value, division in itertools.pairwise(row):
                found = re.match(r"[\d\u00a0\u202f ]+(,\d+)?", value)
                if "÷" in division and "÷" not in value and found:
                    shown = found[0].translate(str.maketrans(",", ".", "\u00a0\u202f "))
                    last = 0.5 * 10.0 ** -len(shown.partition(".")[2])
                    # The parts are rounded to three digits as well where they are no whole numbers.
                    assert calculated(division) == pytest.approx(float(shown), abs=last, rel=6e-3)
                    checked += 1
    assert checked > 20


def test_the_headline_is_what_the_library_measures(content: dict[str, Any]) -> None:
    fleet = reen.read(CITY / "2025")
    footprint = reen.measure(
        fleet, method="base-carbone", by=("entity", "equipment_type"), as_of="2025-12-31"
    )
    total = footprint.total()
    found = content["headline"]["total"]
    assert found["value"] == pytest.approx(total.value, rel=1e-12)
    assert found["lower_bound"] is total.lower_bound is True
    per = content["headline"]["footprint_per_agent"]
    assert per["value"] == pytest.approx(total.value / 1195, rel=1e-12)
    assert per["denominator_value"] == 1195


def test_cells_add_up_to_the_footprint_and_to_its_coverage(
    review: YearReview, content: dict[str, Any]
) -> None:
    """Of 775 items 685 have a factor; of the 86 that left, 47 may be waste, 43 surely are."""
    cells = content["footprint"]["cells"]
    total = math.fsum(each["value"] or 0.0 for each in cells)
    assert total == pytest.approx(content["headline"]["total"]["value"], rel=1e-12)
    counts = {kind: [0.0, 0.0] for kind in ("item", "electricity", "waste")}
    for row in review.now.footprint.coverage:
        if row.status.label in ("assessed", "left out"):
            counts[row.kind][row.status.label == "left out"] += row.quantity
    assert counts == {"item": [685, 90], "electricity": [740, 0], "waste": [43, 4]}
    for kind, (known, left) in counts.items():
        mine = [each for each in cells if each["kind"] == kind]
        assert math.fsum(each["assessed"] for each in mine) == known
        assert math.fsum(each["left_out"] for each in mine) == left
    stages = content["footprint"]["stages"]
    assert stages["embedded"]["coverage"]["total"] == 775
    assert stages["end_of_life"]["coverage"]["known"] == 43
    assert content["headline"]["total"]["coverage"]["known"] == 685


def test_the_regulatory_account_is_that_of_the_library(content: dict[str, Any]) -> None:
    found = reen.statement(
        CITY / "2025", method="base-carbone", scheme="beges-v5", as_of="2025-12-31"
    )
    mine = content["statements"]["beges"]
    assert [each["code"] for each in mine["lines"]] == [each.code for each in found.lines]
    assert mine["total"] == pytest.approx(found.total, rel=1e-12)
    assert mine["total"] == pytest.approx(content["headline"]["total"]["value"], rel=1e-9)


def test_the_change_adds_up_and_is_that_of_the_library(content: dict[str, Any]) -> None:
    change = reen.change(
        CITY / "2024",
        CITY / "2025",
        method="base-carbone",
        by="entity",
        as_of=("2024-12-31", "2025-12-31"),
    )
    found = content["change"]
    assert found["value"] == pytest.approx(change.value(), rel=1e-9)
    effects = math.fsum(each["value"] for each in found["effects"])
    assert effects == pytest.approx(found["value"], rel=1e-9)
    assert found["sentence"]["fr"] == change.sentence("fr")
    assert found["sentence"]["fr"].startswith("D'au moins ")


def test_states_are_those_of_the_strategy(content: dict[str, Any]) -> None:
    states = {each["id"]: each["state"] for each in content["objectives"]}
    assert states["O1"] == "reached"
    assert states["O3"] == "unknown"  # from 45 % to 50 %, where 50 % is promised
    assert states["O5"] == "unknown"  # the baseline year is a lower bound only


def test_a_word_that_is_not_understood_never_turns_a_state_green(tmp_path: Path) -> None:
    """Destinations nobody understands leave the objective on reuse unknown, never reached."""
    for name in ("2024", "2025"):
        (tmp_path / name).mkdir()
        for file in (CITY / name).iterdir():
            (tmp_path / name / file.name).write_bytes(file.read_bytes())
    exits = tmp_path / "2025" / "sorties.csv"
    text = exits.read_text("utf-8")
    lines = text.splitlines()
    place = lines[0].split(";").index("Destination")
    changed = [lines[0]]
    for line in lines[1:]:
        cells = line.split(";")
        cells[place] = "zzz" if cells[place] == "recyclage" else cells[place]
        changed.append(";".join(cells))
    exits.write_text("\n".join(changed) + "\n", "utf-8")
    for name in ("review.toml", "strategie.toml"):
        (tmp_path / name).write_bytes((CITY / name).read_bytes())
    found = reen.Review.open(tmp_path / "review.toml").year(2025)
    states = {each.objective.id: each.state for each in found.standings}
    assert states["O3"] == "unknown"
    verdicts = {each.indicator: each.meets_target for each in found.indicators if not each.subject}
    assert verdicts["reuse_of_disposals"] is None


def test_last_years_review_is_read_back(folder: Path, tmp_path: Path) -> None:
    """The figure as printed stands beside the year measured again; here both are the same."""
    del folder
    reen.Review.open(CITY / "review.toml").year(2024).write(tmp_path / "bilan-2024", formats=())
    plan = (CITY / "review.toml").read_text("utf-8")
    for name in ("2024", "2025", "strategie.toml"):
        plan = plan.replace(f'"{name}"', f"'{CITY / name}'")
    plan = plan.replace('methode = "b', "bilan_precedent = 'bilan-2024/review.json'\nmethode = \"b")
    (tmp_path / "review.toml").write_text(plan, "utf-8")
    found = reen.Review.open(tmp_path / "review.toml").year(2025)
    assert found.change is not None
    assert found.change.printed is not None
    assert found.change.not_replayed == ""
    content: Any = found.content()
    assert content["published_before"]["year"] == 2024
    totals = content["change"]["totals"]
    assert totals["printed"]["value"] == pytest.approx(totals["restated"]["value"], rel=1e-12)
    assert "reading" not in {each["cause"] for each in content["change"]["effects"]}
    published = tmp_path / "bilan-2024/review.json"
    changed: Any = json.loads(published.read_bytes())
    changed["headline"] = {
        name: each | {"value": 10 * (each["value"] or 1)}
        for name, each in changed["headline"].items()
    }
    for text, said in (
        (json.dumps(changed), "its content is not the one whose SHA-256 it states"),
        ("[" * 100_000, "cannot be read as JSON"),
    ):
        published.write_text(text, "utf-8")
        with pytest.raises(reen.errors.FileFormatError, match=said):
            reen.Review.open(tmp_path / "review.toml").year(2025)


# -- review.json -----------------------------------------------------------------------------


def test_json_keeps_to_the_published_schema(content: dict[str, Any], first: Path) -> None:
    text = resources.files("reen.review").joinpath("review.schema.json").read_text("utf-8")
    validator = jsonschema.Draft202012Validator(json.loads(text))
    assert not [each.message for each in validator.iter_errors(content)]
    other = json.loads((first / "review.json").read_bytes())
    assert not [each.message for each in validator.iter_errors(other)]
    del other["headline"]["total"]["coverage"]
    assert [each.message for each in validator.iter_errors(other)]


def test_the_same_files_give_the_same_bytes(
    review: YearReview, folder: Path, tmp_path: Path
) -> None:
    again = reen.Review.open(CITY / "review.toml").year(2025)
    again.write(tmp_path, formats=("html", "open-data"))
    for path in tmp_path.rglob("[!.]*.*"):  # the mark names the files of both writings
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes()
    assert review.year == 2025


def ended(*words: str) -> object:
    """Type a command, and return its exit code."""
    with pytest.raises(SystemExit) as end:
        app(list(words), prog_name="reen")
    return end.value.code


def test_what_a_person_retouched_is_not_replaced(
    review: YearReview, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Run again as it was, then over a retouched document: nothing of the folder changes."""
    written = review.write(tmp_path, formats=["docx", "open-data"])
    assert review.write(tmp_path, formats=["docx", "open-data"]) == written
    document, data = tmp_path / "bilan.docx", tmp_path / "open-data" / "parc.csv"
    for path in (document, data):
        path.write_bytes(path.read_bytes() + b"retouched")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    command = ("review", str(CITY / "review.toml"), "--year", "2025", "--output", str(tmp_path))
    for language, said in (
        ("en", "were changed since reen wrote them"),
        ("fr", "modifiés depuis que reen les a écrits"),
    ):
        assert ended(*command, "--formats", "docx,open-data", "--lang", language) == 2
        told = " ".join(capsys.readouterr().err.split())
        assert said in told
        assert "(bilan.docx, open-data/parc.csv)" in told
        assert "--replace" in told
        assert {path: path.read_bytes() for path in before} == before
    # what is not written again does not stop the rest
    review.write(tmp_path, formats=["html"])
    assert ended(*command, "--formats", "docx,open-data", "--replace") == 0
    assert not document.read_bytes().endswith(b"retouched")
    assert not data.read_bytes().endswith(b"retouched")
    review.write(tmp_path, formats=["docx", "open-data"])


def test_a_review_is_never_written_among_what_is_read(review: YearReview) -> None:
    with pytest.raises(reen.errors.OptionError, match="a folder outside"):
        review.write(CITY / "2025" / "bilan", formats=())
    assert not (CITY / "2025" / "bilan").exists()


def test_a_first_review_says_what_it_lacks(first: Path) -> None:
    content = json.loads((first / "review.json").read_bytes())
    assert content["change"] == {"absent": "no files of the year before"}
    assert content["headline"]["total"]["coverage"]["unknown_rows"] == 2
    page = (first / "bilan.html").read_text("utf-8")
    assert "C'est un premier bilan" in page.replace("&#39;", "'")
    total = reen.measure(BOULOGNE, method="base-carbone", as_of="2022-12-31").total().value
    assert content["headline"]["total"]["value"] == pytest.approx(total, rel=1e-12)
    assert content["headline"]["footprint_per_agent"]["value"] == pytest.approx(total / 1650)


# -- the page, the PDF, the editable document ------------------------------------------------


def test_what_is_assessed_by_one_stage_is_not_missing_from_another(first: Path) -> None:
    """Boulogne's desktops have one figure for all but their use: 1,741 of 1,741, not 0."""
    page = (first / "bilan.html").read_text("utf-8")
    row = re.search(r"<th[^>]*>Ordinateur fixe</th>.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert "1\u202f741 sur 1\u202f741" in row[0]
    (embedded,) = (
        each
        for each in rows_of(first, "empreinte")
        if each["categorie"] == "desktop" and each["etape"] == "embedded" and "ag" in each["entite"]
    )
    assert (embedded["evalues"], embedded["non_evalues"]) == ("1227.0", "0.0")


def test_the_page_stands_alone(folder: Path) -> None:
    page = (folder / "bilan.html").read_text("utf-8")
    assert page.startswith('<!DOCTYPE html>\n<html lang="fr">')
    assert not re.search(r"<(script|link|iframe|object|embed)\b", page)
    assert not re.search(r'(src|srcset|href)="(?!#)', page)
    assert "url(http" not in page
    assert "@import" not in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page):
        assert "".join(target) in ids


def test_every_path_of_a_chart_has_its_line(folder: Path) -> None:
    """The checker of HTML refuses a path without ``d``, which drawings of blanks have not."""
    page = (folder / "bilan.html").read_text("utf-8")
    assert re.findall(r"<path [^>]*>", page)
    assert not re.findall(r"<path (?![^>]*\bd=)[^>]*>", page)


def test_every_table_has_a_caption_and_heads(folder: Path) -> None:
    page = (folder / "bilan.html").read_text("utf-8")
    tables = re.findall(r"<table>.*?</table>", page, re.DOTALL)
    assert len(tables) > 15
    for table in tables:
        assert "<caption>" in table
        assert '<th scope="col"' in table
        assert '<th scope="row"' in table


def test_the_first_page_says_how_much_of_what(folder: Path) -> None:
    page = (folder / "bilan.html").read_text("utf-8").replace("\u00a0", " ").replace("&#39;", "'")
    opening = page[page.index('id="essentiel"') : page.index('id="identite"')]
    for words in (
        "≥ 22,6 t CO₂e par an",
        "685 sur 775 équipements (88,4 %)",
        "≥ 18,9 kg CO₂e par an",
        "90 équipements ne sont pas évalués en entier",
        "Par ce que la collectivité possède et fait, l'empreinte baisse de 430 kg",
        "8 objectifs : 1 atteint, 4 en bonne voie, 3 indéterminés.",
    ):
        assert words in opening


def test_the_pdf_is_tagged_and_the_document_opens(folder: Path) -> None:
    docx = pytest.importorskip("docx")
    pdf = (folder / "bilan.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf
    made = docx.Document(io.BytesIO((folder / "bilan.docx").read_bytes()))
    assert made.paragraphs[0].text.startswith("Bilan annuel 2025")
    assert len(made.tables) > 15


# -- open data and the annex -----------------------------------------------------------------

CONVERT = {
    "string": str,
    "number": float,
    "integer": int,
    "year": int,
    "date": dt.date.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
}


def test_the_editable_document_is_laid_out_for_a4(folder: Path) -> None:
    """Columns as wide as their words, heads on every page, no row and no title cut off."""
    docx = pytest.importorskip("docx")
    made = docx.Document(io.BytesIO((folder / "bilan.docx").read_bytes()))
    page = made.sections[0]
    assert (page.page_width.mm, page.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    room = page.page_width - page.left_margin - page.right_margin
    for table in made.tables:
        widths = [column.width for column in table.columns]
        assert sum(widths) <= room
        assert table._tbl.tr_lst[0].trPr.xpath("./w:tblHeader")
        assert all(row.trPr.xpath("./w:cantSplit") for row in table._tbl.tr_lst)
    wide = max(made.tables, key=lambda table: len(table.columns))
    assert len({column.width for column in wide.columns}) > 1
    caption = next(each for each in made.paragraphs if each.text.startswith("Par étape"))
    assert caption.paragraph_format.keep_with_next


def test_open_data_are_what_their_description_says(folder: Path, first: Path) -> None:
    for place in (folder, first):
        package = json.loads((place / "open-data" / "datapackage.json").read_bytes())
        names = {each["path"] for each in package["resources"]} | {"datapackage.json"}
        assert names == {each.name for each in (place / "open-data").iterdir()}
        assert package["licenses"][0]["name"] == "etalab-2.0"
        for resource in package["resources"]:
            fields = resource["schema"]["fields"]
            rows = rows_of(place, resource["name"])
            assert rows
            assert list(rows[0]) == [each["name"] for each in fields]
            for row in rows:
                for field in fields:
                    if row[field["name"]]:
                        CONVERT[field["type"]](row[field["name"]])


def test_open_data_add_up_to_the_review(folder: Path, content: dict[str, Any]) -> None:
    rows = rows_of(folder, "empreinte")
    total = math.fsum(float(row["valeur"] or 0.0) for row in rows)
    assert total == pytest.approx(content["headline"]["total"]["value"], rel=1e-12)
    change = math.fsum(float(row["valeur"]) for row in rows_of(folder, "evolution"))
    assert change == pytest.approx(content["change"]["value"], rel=1e-9)
    fleet = math.fsum(float(row["nombre"]) for row in rows_of(folder, "parc"))
    assert fleet == 808  # the rows of 2025/parc.csv, one item each


def test_ends_of_open_data_lie_around_their_value(folder: Path) -> None:
    """Of the 70 published cells, those whose factors publish an uncertainty have two ends."""
    rows = rows_of(folder, "empreinte")
    told = [row for row in rows if row["borne_basse"]]
    assert 0 < len(told) < len(rows)
    for row in told:
        assert float(row["borne_basse"]) < float(row["valeur"]) < float(row["borne_haute"])
    assert all(bool(row["borne_basse"]) == bool(row["borne_haute"]) for row in rows)


def test_classes_of_age_are_those_of_the_files(folder: Path) -> None:
    """The age of the median laptop in use at the general administration, from the file itself."""
    with (CITY / "2025" / "parc.csv").open(encoding="utf-8-sig", newline="") as file:
        fleet = [
            row
            for row in csv.DictReader(file, delimiter=";")
            if row["Direction"] == "Administration générale"
            and (row["Type"], row["Statut"]) == ("PC portable", "En service")
        ]
    days = (tuple(map(int, row["Date d'achat"].split("/"))) for row in fleet)
    end = dt.date(2025, 12, 31)
    ages = sorted((end - dt.date(year, month, day)).days / 365.25 for day, month, year in days)
    assert len(ages) == 46
    low, high = 3, 5
    assert low <= ages[(len(ages) - 1) // 2] < high
    (found,) = (
        row
        for row in rows_of(folder, "parc")
        if (row["entite"], row["categorie"], row["statut"])
        == ("Administration générale", "laptop", "in_use")
    )
    assert found["classe_age"] == "3-5"


def test_no_cell_of_open_data_is_small(folder: Path, first: Path) -> None:
    for place in (folder, first):
        for row in rows_of(place, "parc"):
            assert float(row["nombre"]) >= 5
        for row in rows_of(place, "empreinte"):
            assert float(row["equipements"]) >= 5
        for row in rows_of(place, "indicateurs"):
            if row["etat"] == "secret":
                assert not row["valeur"] + row["numerateur"] + row["connu"]


def test_open_data_hold_no_identifier(folder: Path) -> None:
    text = "".join(path.read_text("utf-8") for path in sorted((folder / "open-data").iterdir()))
    assert not re.search(r"SN\d{4}X|VAL-\d{5}|BC2025-|\bA0\d{3}\b", text)


def test_the_annex_opens_in_a_french_spreadsheet_and_adds_up(
    folder: Path, content: dict[str, Any]
) -> None:
    given = (folder / "annexe.csv").read_bytes()
    assert given.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(given.decode("utf-8-sig")), delimiter=";"))
    columns = [name for name in rows[0] if name.endswith("(kgCO2e par an)")]
    total = math.fsum(
        float(row[name].replace(",", ".")) for row in rows for name in columns if row[name]
    )
    assert total == pytest.approx(content["headline"]["total"]["value"], rel=1e-12)
    assert rows[0]["fichier"] == "2025/parc.csv"
    assert rows[0]["ligne"] == "2"
    assert not re.search(r"SN\d{4}X|VAL-\d{5}", given.decode("utf-8-sig"))
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(folder / "annexe.xlsx").active
    assert sheet.max_row == len(rows) + 1
