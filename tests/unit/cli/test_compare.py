"""`reen compare`: what its page says in both languages, and that its data are the library's own.

The fleet by `declared` (see test_measure): 14,478.6 + 2,320 + 6,600 = 23,398.6 kgCO2e a year.  By
`base-carbone` without use, over the same lifetimes: desktops 1227 x 169 / 5 = 41,472.6; laptops
400 x 156 / 5 = 12,480; tablets 1000 x 63.2 / 5 = 12,640; and 257 basic mobile phones, by an element
that the option names, 257 x 16.5 / 2.5 = 1,696.2: in all 68,288.8.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import reen

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

COMPARED = ("--methods", "declared,base-carbone", "--as-of", "2022-12-31")
PHONES = "mobile_phone=27010"
NO_USE = (
    *("--option", "base-carbone.use_stage=false"),
    *("--option", f"base-carbone.elements={PHONES}"),
)


def lines_of(page: str) -> list[str]:
    return [" ".join(line.split()) for line in page.splitlines()]


def compared(path: Path, *, by: str | tuple[str, ...] = ()) -> reen.types.Comparison:
    method = reen.configure(
        reen.default_registry().method("base-carbone"), {"use_stage": "false", "elements": PHONES}
    )
    return reen.compare(path, methods=["declared", method], as_of="2022-12-31", by=by)


@pytest.mark.slow
def test_the_page_opens_with_the_totals_side_by_side(typed: Typed, fleet: Path) -> None:
    run = typed("compare", "--full", fleet, *COMPARED, *NO_USE)
    assert (run.code, run.err) == (0, "")
    lines = lines_of(run.out)
    assert lines[:2] == ["Climate change, tCO2e/year", "Method tCO2e/year x declared"]
    ratio = compared(fleet).ratios("declared")["base-carbone"]
    assert lines[2].startswith("declared >= 23.40 1.00 ███")
    assert lines[3].startswith(f"base-carbone >= 68.29 {ratio:.2f} ███")
    assert lines[3].count("█") > 2 * lines[2].count("█")
    assert lines[4] == "As of 31 December 2022"


def test_types_stand_side_by_side_with_their_agreement(typed: Typed, fleet: Path) -> None:
    """Desktops 41,472.6 / 14,478.6 = 2.86; tablets 12,640 / 6,600 = 1.92."""
    lines = lines_of(typed("compare", "--full", fleet, *COMPARED, *NO_USE).out)
    start = lines.index("By type of equipment, tCO2e/year")
    assert lines[start + 1] == "Type declared base-carbone Highest / lowest"
    assert lines[start + 2 : start + 5] == [
        "Desktop computer 14.48 41.47 2.86",
        "Tablet 6.60 12.64 1.92",
        "Laptop 2.32 12.48 5.38",
    ]
    assert any(line.startswith("Mobile phone (basic) - 1.70") for line in lines)


def test_stages_and_groups_stand_side_by_side(typed: Typed, fleet: Path) -> None:
    lines = lines_of(typed("compare", "--full", fleet, *COMPARED, *NO_USE, "--by", "entity").out)
    start = lines.index("By stage of the life cycle, tCO2e/year")
    assert lines[start + 2].startswith("All but use - >= 68.29")
    assert lines[start + 3].startswith("Not specified >= 23.40 -")
    start = lines.index("By entity, tCO2e/year")
    assert lines[start + 1] == "Entity declared base-carbone"
    assert lines[start + 2].startswith("agents >= 16.80 >= 55.65")
    assert lines[start + 3].startswith("schools >= 6.60 >= 12.64")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_sentence_is_that_of_the_library_and_its_figures_stand_in_the_table(
    typed: Typed, fleet: Path, language: str
) -> None:
    page = typed("compare", "--full", fleet, *COMPARED, *NO_USE, "--lang", language).out
    sentence = compared(fleet).gap("declared", "base-carbone").sentence(language)
    words = " ".join(page.split())
    assert " ".join(sentence.split()) in words
    table = page.split("Why " if language == "en" else "Pourquoi ", 1)[1]
    unit = "tCO2e" if language == "en" else "CO₂e"
    table = table.split("\n", 1)[1].partition(unit)[2].partition(unit)[2]
    figures = re.findall(r"[+-]\d+[.,]\d+", sentence)
    assert len(figures) == 3  # the gap, the factors, what only one covers
    assert all(figure in table for figure in figures[1:])
    for total in re.findall(r"(?:at least|au moins) (\d+[.,]\d+)", sentence):
        assert f">= {total}" in table


def test_the_effects_go_from_one_total_to_the_other(typed: Typed, fleet: Path) -> None:
    lines = lines_of(typed("compare", "--full", fleet, *COMPARED, *NO_USE).out)
    start = lines.index("Cause Stage tCO2e/year")
    assert lines[start + 1] == "declared >= 23.40"
    assert lines[start + 2].startswith("factors Not specified +43.19 ███")
    assert lines[start + 3].startswith("only in base-carbone All but use +1.70 █")
    assert lines[start + 4] == "base-carbone >= 68.29"
    start = lines.index("What weighs most Stage Type tCO2e/year Of the gap")
    assert lines[start + 1] == "factors Not specified Desktop computer +26.99 60%"


def test_what_weighs_most_tells_stages_apart(typed: Typed, fleet: Path) -> None:
    """The electricity of desktops is one line, the desktops themselves another; five at the most.

    1227 x 153.3 kWh x 0.052 = 9.78 t, +1227 x (169 - 59) / 5 = 26.99 t.
    """
    lines = lines_of(typed("compare", "--full", fleet, *COMPARED).out)
    start = lines.index("What weighs most Stage Type tCO2e/year Of the gap")
    ranked = lines[start + 1 : lines.index("", start)]
    assert ranked[0].startswith("factors Not specified Desktop computer +26.99")
    assert any(
        line.startswith("only in base-carbone Use Desktop computer +9.78") for line in ranked
    )
    assert len(ranked) == 5


def test_groups_are_ranked_where_there_are_some(typed: Typed, fleet: Path) -> None:
    """Agents: 26.99 + 10.16 of factors, schools 6.04."""
    lines = lines_of(typed("compare", "--full", fleet, *COMPARED, *NO_USE, "--by", "entity").out)
    start = lines.index("What weighs most Stage Entity tCO2e/year Of the gap")
    assert lines[lines.index("", start) - 1].startswith("only in base-carbone")  # and no zero
    assert lines[start + 1] == "factors Not specified agents +37.15 83%"
    assert lines[start + 2] == "factors Not specified schools +6.04 13%"


def test_a_ratio_between_unlike_coverages_is_in_brackets(typed: Typed, tmp_path: Path) -> None:
    """Ten laptops with a declared figure, ten without: 10 x 29 / 5 = 58 against 20 x 31.2 = 624."""
    path = tmp_path / "laptops.csv"
    path.write_text(
        "equipment_type,quantity,lifetime,declared_footprint,country\n"
        "laptop,10,5,29,FR\nlaptop,10,5,,FR\ntablet,1,5,33,FR\n",
        encoding="utf-8",
    )
    lines = lines_of(typed("compare", "--full", path, *COMPARED, *NO_USE).out)
    assert "Laptop >= 58.0 624.0 (10.76)" in lines
    assert "Tablet 6.6 12.6 1.92" in lines
    assert any(line.startswith("(...) one of the two leaves equipment") for line in lines)


def test_negative_effects_have_bars_of_their_own(typed: Typed, fleet: Path) -> None:
    run = typed(
        "compare", "--full", fleet, "-m", "base-carbone,declared", *NO_USE, "--as-of", "2022-12-31"
    )
    table = run.out.partition("Cause")[2].splitlines()
    factors = next(line for line in table if "-43.19" in line)
    covered = next(line for line in table if "-1.70" in line)
    # both to the left of zero, where their bars end
    assert len(factors.rstrip()) == len(covered.rstrip())
    assert factors.count("█") > covered.count("█")


def test_the_page_is_french_when_asked_for(typed: Typed, fleet: Path) -> None:
    run = typed("compare", "--full", fleet, *COMPARED, *NO_USE, "--lang", "fr", "--by", "entity")
    lines = lines_of(run.out)
    assert lines[:2] == ["Changement climatique, t CO₂e/an", "Méthode t CO₂e/an x declared"]
    assert lines[2].startswith("declared >= 23,40 1,00")
    assert "Par type d'équipement, t CO₂e/an" in lines
    assert "Ordinateur fixe 14,48 41,47 2,86" in lines
    assert "Pourquoi base-carbone et declared diffèrent" in lines
    assert any(
        line.startswith("dans base-carbone seulement Tout sauf l'utilisation") for line in lines
    )
    assert any(line.startswith("facteurs Non précisé +43,19") for line in lines)
    words = " ".join(line for line in lines if "reen measure" not in line and "fleet" not in line)
    assert not re.findall(r"\b(?:of|the|from|year|Type of)\b", words.partition("Fait avec")[0])


@pytest.mark.slow
@pytest.mark.parametrize("columns", ["60", "80", "140"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_fits_the_terminal(
    typed: Typed, fleet: Path, monkeypatch: pytest.MonkeyPatch, columns: str, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    page = typed("compare", "--full", fleet, *COMPARED, "--by", "entity", "--lang", language).out
    wide = [line for line in page.splitlines() if len(line) > int(columns)]
    assert not [line for line in wide if "fleet.csv" not in line]


def test_a_method_is_compared_with_itself_under_other_options(typed: Typed, fleet: Path) -> None:
    methods = ("--methods", "base-carbone,base-carbone", "--as-of", "2022-12-31")
    option = ("--option", "base-carbone #2.use_stage=false")
    run = typed("compare", "--full", fleet, *methods, *option, "--baseline", "base-carbone #2")
    lines = lines_of(run.out)
    assert lines[1] == "Method tCO2e/year x base-carbone #2"
    assert any(line.startswith("only in base-carbone Use -") for line in lines)
    words = " ".join(run.out.split())
    assert "wholly from what only base-carbone covers" in words
    assert "base-carbone #2 2, use_stage=false (factor packs:" in words


@pytest.mark.slow
def test_factors_may_be_given_to_one_method(typed: Typed, fleet: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        "flow,reference_unit,stage,criterion,value,unit,source\n"
        "27002,item,embedded,climate_change,200,kgCO2e/item,our supplier\n",
        encoding="utf-8",
    )
    methods = ("--methods", "base-carbone,base-carbone", "--as-of", "2022-12-31")
    for given in (f"base-carbone #2={own}", str(own)):
        run = typed("compare", "--full", fleet, *methods, "--factors", given, "--format", "json")
        comparison = reen.stored.comparison_from_json(run.out)
        (laptops,) = (each for each in comparison.by_type() if each.equipment_type == "laptop")
        factor = comparison.gap("base-carbone", "base-carbone #2").by("name", "equipment_type")
        differs = given.startswith("base")
        # 400 / 5 x (200 - 156)
        assert factor["factor", "laptop"] == pytest.approx(3_520.0 if differs else 0.0)
        assert (laptops.highest_over_lowest > 1.0) is differs


@pytest.mark.slow
def test_json_is_the_comparison_of_the_library(typed: Typed, fleet: Path) -> None:
    run = typed(
        "compare", "--full", fleet, *COMPARED, *NO_USE, "--by", "entity", "--format", "json"
    )
    assert reen.stored.comparison_from_json(run.out) == compared(fleet, by="entity")
    content = json.loads(run.out)
    (gap,) = content["gaps"]
    effects = sum(effect["value"] for effect in gap["effects"])
    assert effects == pytest.approx(gap["value"], rel=1e-12)
    assert set(gap["sentences"]) == {"en", "fr"}
    provenance = content["footprints"]["base-carbone"]["provenance"]
    assert provenance["options"]["use_stage"] == "False"


@pytest.mark.slow
def test_csv_holds_impacts_or_effects(typed: Typed, fleet: Path) -> None:
    arguments = ("compare", fleet, *COMPARED, *NO_USE, "--by", "entity", "--format", "csv")
    impacts = list(csv.DictReader(io.StringIO(typed(*arguments).out)))
    expected = compared(fleet, by="entity")
    assert [row["method"] for row in impacts] == expected.to_arrow()["method"].to_pylist()
    assert {row["entity"] for row in impacts} == {"agents", "schools"}
    effects = list(csv.DictReader(io.StringIO(typed(*arguments, "--table", "effects").out)))
    table = expected.effects_to_arrow()
    assert list(effects[0]) == table.column_names
    assert [float(row["value"]) for row in effects] == table["value"].to_pylist()


@pytest.mark.slow
def test_parquet_holds_the_provenance(typed: Typed, fleet: Path, tmp_path: Path) -> None:
    path = tmp_path / "effects.parquet"
    run = typed(
        "compare", "--full", fleet, *COMPARED, *NO_USE, "--table", "effects", "--output", path
    )
    assert (run.code, run.out) == (0, "")
    assert run.err.startswith(
        f"written to {path}: declared: >= 23.40 tCO2e/year; base-carbone: >= "
    )
    table, expected = pq.read_table(path), compared(fleet)
    assert table.replace_schema_metadata(None).equals(expected.effects_to_arrow())
    provenance = json.loads(table.schema.metadata[b"reen"])
    assert provenance["declared"]["hash"] == expected.provenance["declared"].hash
    typed("compare", "--full", fleet, *COMPARED, *NO_USE, "--output", tmp_path / "comparison.json")
    assert reen.stored.read_comparison(tmp_path / "comparison.json") == expected


def test_a_method_that_fails_is_named_and_the_others_go_on(typed: Typed, fleet: Path) -> None:
    methods = ("--methods", "declared,base-carbone,base-carbone", "--as-of", "2022-12-31")
    option = ("--option", "base-carbone.elements=zorglub=1")
    run = typed("compare", "--full", fleet, *methods, *option)
    assert run.code == 0
    assert run.err.startswith("warning: base-carbone could not be run: ")
    lines = lines_of(run.out)
    assert lines[lines.index("Could not be run") + 1].startswith("base-carbone: ")
    assert any(line.startswith("base-carbone #2 >= ") for line in lines)


def test_one_method_left_is_no_comparison(typed: Typed, fleet: Path) -> None:
    run = typed(
        "compare", "--full", fleet, *COMPARED, "--option", "base-carbone.elements=zorglub=1"
    )
    assert run.code == 2
    assert run.err.startswith("error: There are not two methods left to compare. base-carbone")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--methods", "declared"), "name two methods or more"),
        (("--methods", "declared,zorglub"), "Unknown method 'zorglub'"),
        ((*COMPARED, "--option", "use_stage=false"), "begins with none of the methods: declared"),
        ((*COMPARED, "--option", "declared.x=1"), "declared"),
        ((*COMPARED, "--baseline", "ecodiag"), "'ecodiag' is not among the methods"),
        ((*COMPARED, "--by", "zorglub"), "Unknown column 'zorglub'"),
        ((*COMPARED, "--format", "parquet"), "add --output FILE.parquet"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    typed: Typed, fleet: Path, arguments: tuple[str, ...], message: str
) -> None:
    run = typed("compare", "--full", fleet, *arguments)
    assert (run.code, run.out) == (2, "")
    assert "error: " in run.err
    assert message in run.err


OWN = (
    "flow,reference_unit,stage,criterion,value,unit,source\n"
    "27002,item,manufacturing,climate_change,200,kgCO2e/item,us\n"
    "27002,item,manufacturing,acidification,0.5,molHe/item,us\n"
    "27002,item,manufacturing,water_use,{water},m3_world_e/item,us\n"
)


def several(tmp_path: Path, *, water: str) -> tuple[Path, Path]:
    """Return ten laptops over 5 years and one without a quantity, and a laptop of our own."""
    fleet, own = tmp_path / "fleet.csv", tmp_path / "own.csv"
    fleet.write_text(
        "equipment_type,quantity,lifetime,declared_footprint\nlaptop,10,5,100\nlaptop,,5,100\n",
        encoding="utf-8",
    )
    own.write_text(OWN.format(water=water), encoding="utf-8")
    return fleet, own


def test_other_criteria_are_in_one_table(typed: Typed, tmp_path: Path) -> None:
    """10 / 5 = 2 laptops a year: 1 molHe of acidification by the second, unknown to the first."""
    fleet, own = several(tmp_path, water="20")
    methods = ("--methods", "declared,base-carbone", "--as-of", "2022-12-31")
    lines = lines_of(typed("compare", "--full", fleet, *methods, "--factors", own).out)
    assert lines[0] == "Climate change, kgCO2e/year"
    start = lines.index("Other impacts")
    assert lines[start + 1] == "Impact Unit declared base-carbone"
    assert "Acidification molHe/year - >= 1.000" in lines
    assert "Water use m3_world_e/year - >= 40.00" in lines
    assert any(line.startswith("The rest of the page is about Climate change;") for line in lines)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::reen.errors.FactorWarning")
def test_what_is_incomplete_and_may_shrink_is_no_lower_bound(typed: Typed, tmp_path: Path) -> None:
    """A negative factor: what the row of unknown quantity adds may lower the total."""
    fleet, own = several(tmp_path, water="-20")
    methods = ("--methods", "declared,base-carbone", "--as-of", "2022-12-31")
    run = typed("compare", "--full", fleet, *methods, "--factors", own)
    lines = lines_of(run.out)
    assert "Water use m3_world_e/year - ~ -40.00" in lines
    assert any(
        line.startswith("~ incomplete, and what is left out might lower it") for line in lines
    )
    only = lines_of(
        typed("compare", "--full", fleet, *methods, "--factors", own, "--criteria", "water_use").out
    )
    assert only[2] == "declared nothing measured"
    assert "Laptop - ~ -40.00" in only


def test_a_matching_table_is_for_methods_that_match(typed: Typed, fleet: Path) -> None:
    table = fleet.with_name("matching.csv")
    table.write_text("model,sheet\n", encoding="utf-8")
    run = typed("compare", "--full", fleet, *COMPARED, "--matching", table)
    assert (run.code, run.out) == (2, "")
    assert "declared, base-carbone: models are not matched with sheets there" in run.err
    assert "methods that do match them: manufacturer" in run.err
