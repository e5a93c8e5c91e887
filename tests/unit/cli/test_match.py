"""`reen match`: the table of models, written for a person and given back corrected."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

SHEETS = Path(__file__).resolve().parents[2] / "fixtures" / "pcf_small_fr.csv"

MODELS = """\
id,equipment_type,manufacturer,model,quantity,lifetime,country
1,laptop,Makerville,Feather 5420,26,5,FR
2,laptop,Makerville Inc.,MAKERVILLE FEATHER 5420 i5,3,5,FR
3,laptop,Makerville,Feathers 5420,2,5,FR
4,laptop,Makerville,Feather 5410,6,5,FR
5,desktop,Makerville,Tower 9000,4,5,FR
6,desktop,Otherland,Bolt Mini,1,5,FR
7,laptop,Makerville,Feather 5420,4,5,FR
8,laptop,,,9,5,FR
"""


@pytest.fixture
def models(tmp_path: Path) -> Path:
    path = tmp_path / "models.csv"
    path.write_text(MODELS, encoding="utf-8")
    return path


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["model"]: row for row in csv.DictReader(file)}


def test_the_page_counts_and_shows_what_to_look_at_first(typed: Typed, models: Path) -> None:
    run = typed("match", models, "--factors", SHEETS)
    assert run.code == 0
    text = " ".join(run.out.split())
    assert "6 models, 46 items; 2 models (33 items) by the sheet of the model" in text
    assert "1 model (2 items) by a name alike" in text
    assert "2 models (5 items) without a sheet" in text
    assert "give it back with --matching matching.csv" in text
    lines = [line for line in run.out.splitlines() if "Feather 5410" in line or "i5" in line]
    assert "type" in lines[0]  # what needs a person's eyes comes first
    assert max(map(len, run.out.splitlines())) <= 100


@pytest.mark.slow
def test_the_table_is_corrected_and_given_back(typed: Typed, models: Path, tmp_path: Path) -> None:
    path = tmp_path / "matching.csv"
    run = typed("match", models, "--factors", SHEETS, "--output", path)
    assert (run.code, run.out) == (0, "")
    assert run.err.startswith(f"written to {path}: 6 models, 46 items")
    rows = rows_of(path)
    assert rows["Feather 5420"]["quantity"] == "30"
    assert rows["Feather 5420"]["sheet"] == "makerville-feather-5420"
    assert rows["Feathers 5420"]["level"] == "approximate model"
    assert rows["Feather 5410"]["sheet"] == ""
    assert rows["Feather 5410"]["candidates"].startswith("makerville-feather-5")
    assert rows["Bolt Mini"]["remark"].startswith("its sheet is set aside")

    measured = ("measure", models, "-m", "manufacturer", "--factors", SHEETS, "--as-of")
    measured += ("2022-12-31", "--format", "json")
    as_is = json.loads(typed(*measured).out)
    same = json.loads(typed(*measured, "-o", f"matching={path}").out)
    assert total(same) == total(as_is)

    text = path.read_text("utf-8").replace(
        "Feather 5410,Makerville,laptop,6,,",
        "Feather 5410,Makerville,laptop,6,makerville-feather-5490,",
    )
    path.write_text(text, encoding="utf-8")
    corrected = json.loads(typed(*measured, "-o", f"matching={path}").out)
    assert total(corrected) != total(as_is)
    again = tmp_path / "again.csv"
    typed("match", models, "--factors", SHEETS, "--matching", path, "--output", again)
    assert rows_of(again)["Feather 5410"]["sheet"] == "makerville-feather-5490"
    assert rows_of(again)["Feather 5410"]["remark"] == "corrected by hand"


def corrected(typed: Typed, models: Path, path: Path) -> None:
    """Write the table; give the tenth-of-a-number neighbour its sheet, take another's away."""
    typed("match", models, "--factors", SHEETS, "--output", path)
    text = path.read_text("utf-8")
    for before, after in (
        ("Feather 5410,Makerville,laptop,6,,", "Feather 5410,Makerville,laptop,6,SHEET,"),
        (
            "Feather 5420,Makerville,laptop,30,makerville-feather-5420,",
            "Feather 5420,Makerville,laptop,30,,",
        ),
    ):
        assert before in text
        text = text.replace(before, after.replace("SHEET", "makerville-feather-5490"))
    path.write_text(text, encoding="utf-8")


APPROXIMATE = (
    "approximate match: Makerville Feather 5420 [makerville-feather-5420]; score 93.3333 of 100,"
    " accepted from 90"
)
REFUSED = (
    "no sheet, as decided by hand (matching.csv, line 6); counted with the median of its type:"
    " Laptop, median of 7 sheets [median-laptop]"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "said", "match"),
    [
        ("3", APPROXIMATE, "approximate"),  # feather, feathers: 14 of 15 letters pair
        ("2", "exact match: Makerville Feather 5420 [makerville-feather-5420]", "exact"),
        ("4", "sheet chosen by hand (matching.csv, line 4): Makerville Feather 5490", "by hand"),
        ("1", REFUSED, "median of the type"),
        ("8", "model unknown; counted with the median of its type", "median of the type"),
    ],
)
def test_explain_says_how_the_sheet_was_found(
    typed: Typed, models: Path, tmp_path: Path, row: str, said: str, match: str
) -> None:
    path = tmp_path / "matching.csv"
    corrected(typed, models, path)
    arguments = ("explain", models, row, "-m", "manufacturer", "--factors", SHEETS, "--as-of")
    arguments += ("2022-12-31", "--matching", path)
    assert said in " ".join(typed(*arguments).out.split())
    (remark,) = json.loads(typed(*arguments, "--format", "json").out)["remarks"]
    assert said in remark["text"]
    assert remark["details"]["match"] == match
    if match == "approximate":
        assert remark["details"]["score"] == pytest.approx(100 * 14 / 15, rel=1e-12)
        assert remark["details"]["sheet"] == "makerville-feather-5420"
    if match == "by hand":
        assert remark["details"]["matching_line"] == 4


@pytest.mark.slow
def test_the_flag_is_the_option(typed: Typed, models: Path, tmp_path: Path) -> None:
    path = tmp_path / "matching.csv"
    corrected(typed, models, path)
    arguments = ("measure", models, "-m", "manufacturer", "--factors", SHEETS, "--as-of")
    arguments += ("2022-12-31", "--format", "json")
    as_is = json.loads(typed(*arguments).out)
    flag = json.loads(typed(*arguments, "--matching", path).out)
    option = json.loads(typed(*arguments, "-o", f"matching={path}").out)
    assert flag["totals"] == option["totals"]
    assert flag["provenance"] == option["provenance"]
    # 30 Feather 5420 by the median (210 kg instead of 240), 6 Feather 5410 by the sheet of 5490
    # (210, as the median): 30 x -30 / 5 kg a year; electricity 6 x (30 - 25) x 0.052
    assert total(flag) - total(as_is) == pytest.approx(-180 + 1.56)
    compared = typed(
        "compare", models, "--methods", "manufacturer,base-carbone", "--factors",
        f"manufacturer={SHEETS}", "--as-of", "2022-12-31", "--matching", path, "--format", "json",
    )  # fmt: skip
    assert json.loads(compared.out)["totals"][0]["value"] == pytest.approx(total(flag))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-m", "base-carbone"), "base-carbone: models are not matched with sheets there"),
        # its option of that name is no table of models
        (("-m", "numecoeval"), "methods that do match them: manufacturer"),
        (("-m", "manufacturer", "-o", "matching=x.csv"), "has a table already, x.csv"),
    ],
)
def test_the_flag_is_refused_where_it_has_no_use(
    typed: Typed, models: Path, words: tuple[str, ...], said: str
) -> None:
    path = models.with_name("matching.csv")
    path.write_text("model,sheet\n", encoding="utf-8")
    for command in (("measure", models), ("explain", models, "1")):
        run = typed(*command, *words, "--matching", path)
        assert (run.code, run.out) == (2, "")
        assert said in run.err


def total(content: dict[str, Any]) -> float:
    return float(content["totals"][0]["value"])


def test_json_is_the_same_table(typed: Typed, models: Path) -> None:
    run = typed("match", models, "--factors", SHEETS, "--format", "json")
    content = json.loads(run.out)
    assert [row["level"] for row in content] == [
        "none",
        "none",
        "type",
        "approximate model",
        "model",
        "model",
    ]


def test_the_threshold_is_obeyed(typed: Typed, models: Path) -> None:
    run = typed("match", models, "--factors", SHEETS, "--threshold", 95, "--format", "json")
    assert "approximate model" not in [row["level"] for row in json.loads(run.out)]


def test_a_file_without_models_says_so(typed: Typed, fleet: Path) -> None:
    run = typed("match", fleet, "--factors", SHEETS)
    assert run.code == 0
    assert "The file names no model." in run.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--factors"),
        (("--factors", "nowhere.csv"), "nowhere.csv"),
        (("--factors", SHEETS, "--output", "x.parquet"), "write it as .csv"),
        (("--factors", SHEETS, "--matching", "nowhere.csv"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    typed: Typed, models: Path, words: tuple[object, ...], said: str
) -> None:
    run = typed("match", models, *words)
    assert (run.code, run.out) == (2, "")
    assert said in run.err


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_model_of_unknown_quantity_has_no_number_of_items(
    typed: Typed, tmp_path: Path, language: str
) -> None:
    """It is counted beside the items that are known, never added to them."""
    path = tmp_path / "parc.csv"
    path.write_text("Type;Modèle;Quantité\nPC portable;Zeta;vingt\nÉcran;P2419H;3\n", "utf-8")
    run = typed("match", path, "--factors", SHEETS, "--lang", language)
    assert run.code == 0, run.err
    said = {"en": "3 items, and 1 model of unknown", "fr": "3 équipements, et 1 modèle de quantité"}
    assert said[language] in run.out
    assert "nan" not in run.out
