"""`reen indicators`: pages, data, the list, and options that do not go together."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pyarrow.parquet as pq
import pytest

import reen

YEAR = ("--from", "2022-01-01", "--to", "2022-12-31")

PURCHASES = """\
date;type;quantité;prix unitaire ht;reconditionné
03/02/2022;PC portables;6;1000,00;non
04/02/2022;PC portables;4;500,00;oui
05/02/2023;Tablettes;100;300,00;oui
"""

DISPOSALS = """\
date;type;quantité;destination
03/02/2024;PC portables;3;don
04/02/2024;Écrans;1;DEEE
"""


class Run(Protocol):
    """What a command did."""

    code: int
    out: str
    err: str


Typed = Callable[..., Run]


@pytest.fixture
def purchases(tmp_path: Path) -> Path:
    path = tmp_path / "achats.csv"
    path.write_text(PURCHASES, encoding="utf-8")
    return path


def test_the_page_of_purchases(typed: Typed, purchases: Path) -> None:
    """4 of 10 laptops are refurbished: 40 % of the items, 2,000 of 8,000 euros: 25 %."""
    run = typed("indicators", "--full", "--purchases", purchases, *YEAR, "-i", "reuse_in_purchases")
    assert run.code == 0
    lines = [line.rstrip() for line in run.out.splitlines()]
    assert lines[0] == "Reused or refurbished items in purchases, 2022"
    assert lines[1].startswith("  target: at least 20% (until 30 June 2024); AGEC law no. 2020-105")
    assert lines[3:] == [
        "  Of      Value  Of which known                            Target",
        "  all     40%    10 of 10 items known to be reused or not  met",
        "  laptop  40%    10 of 10 items known to be reused or not  met",
    ]


def test_the_page_of_disposals(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "sorties.csv"
    path.write_text(DISPOSALS, encoding="utf-8")
    run = typed("indicators", "--full", "--disposals", path, "--as-of", "2024-06-30")
    assert "all      75%    4 of 4 items of known destination  met" in run.out
    assert "left out: asks for purchases" in run.out


def test_values_as_json(typed: Typed, purchases: Path) -> None:
    run = typed("indicators", "--full", "--purchases", purchases, *YEAR, "--format", "json")
    found = reen.types.Indicators.from_json(run.out)
    assert found.get("reuse_in_spending").value == 25.0
    assert str(found.get("mean_lifetime").missing) == "asks for inventory"


def test_values_as_csv(typed: Typed, purchases: Path) -> None:
    run = typed("indicators", "--full", "--purchases", purchases, *YEAR, "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(run.out)))
    values = {(row["indicator"], row["subject"]): row["value"] for row in rows}
    assert values["reuse_in_purchases", ""] == "40"
    assert values["mean_age", ""] == ""


def test_values_as_parquet(typed: Typed, purchases: Path, tmp_path: Path) -> None:
    path = tmp_path / "values.parquet"
    run = typed("indicators", "--full", "--purchases", purchases, *YEAR, "--output", path)
    assert run.code == 0
    assert pq.read_table(path)["value"].to_pylist().count(40.0) == 2


def test_odd_cells_are_said(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "achats.csv"
    path.write_text(PURCHASES.replace(";6;", ";six;"), encoding="utf-8")
    run = typed("indicators", "--full", "--purchases", path, *YEAR, "-i", "reuse_in_purchases")
    assert "achats.csv, row 2, column 'quantity': 'six' is no number" in run.err
    assert "from 0 to 100" in run.out
    assert "unknown" in run.out
    assert " met" not in run.out


def test_the_page_of_a_fleet(typed: Typed, fleet: Path) -> None:
    """1,227 x 59/5 + 400 x 29/5 + 1,000 x 33/5 = 23,398.6 kg; over 1,650 agents: 14.18 kg."""
    run = typed(
        "indicators", "--full", fleet, "-m", "declared", "--agents", 1650, *YEAR, "--by", "entity"
    )
    assert run.code == 0, run.err
    assert ">= 14.18 kgCO2e/person/year" in run.out
    assert "note: 1,650 agents, counted on 2022-12-31" in run.out
    assert "left out: server: the quantity of every row is unknown" in run.out


def test_no_part_stands_for_an_indicator_without_a_whole(typed: Typed, tmp_path: Path) -> None:
    """The classes of age of 3 laptops: all are counted, and none shown in the place of all."""
    path = tmp_path / "parc.csv"
    path.write_text("type,quantity,date d'achat\nlaptop,3,2020-01-15\n", encoding="utf-8")
    words = ("indicators", path, *YEAR, "-i", "age_classes,mean_age")
    lines = [" ".join(line.split()) for line in typed(*words).out.splitlines()]
    assert "Fleet by class of age 6 parts 100%" in lines
    assert "7 further values, by entity, type or part: --full" in lines
    french = [" ".join(line.split()) for line in typed("--lang", "fr", *words).out.splitlines()]
    assert "Parc par classe d'âge 6 parties 100 %" in french


def test_a_fleet_is_read_as_it_is_for_measuring(typed: Typed, tmp_path: Path) -> None:
    """A file of another encoding and delimiter, a header that is told, groups named as it does.

    60 x 60 / 5 = 720 kg; over 72 agents: 10 kg.
    """
    path = tmp_path / "parc.txt"
    path.write_text(
        "Matériel|Nombre|Durée de vie (ans)|Bilan|Parc\nPC portable|60|5|60|Écoles\n",
        encoding="cp1252",
    )
    columns = ("Matériel=equipment_type", "Bilan=declared_footprint", "Parc=entity")
    told = [word for column in columns for word in ("--column", column)]
    how = ("--encoding", "cp1252", "--delimiter", "|", "--importer", "table", *told)
    run = typed(
        "indicators", "--full", path, "-m", "declared", "--agents", 72, *YEAR, "--by", "Parc", *how
    )
    assert run.code == 0, run.err
    assert "10 kgCO2e/person/year" in run.out


def test_factors_of_the_user(typed: Typed, tmp_path: Path) -> None:
    """300 kg in place of Base Carbone's 156: 10 laptops over 5 years and 60 agents, 10 kg each."""
    fleet, factors = tmp_path / "parc.csv", tmp_path / "mine.csv"
    fleet.write_text("equipment_type,quantity,lifetime\nlaptop,10,5\n", encoding="utf-8")
    factors.write_text(
        "flow,reference_unit,stage,criterion,value,unit,equipment_type,source\n"
        "laptop,item,embedded,climate_change,300,kgCO2e/item,laptop,INVENTED\n",
        encoding="utf-8",
    )
    method = ("-m", "base-carbone", "-o", "use_stage=false", "--factors", factors)
    run = typed("indicators", "--full", fleet, *method, "--agents", 60, *YEAR)
    assert run.code == 0, run.err
    assert "10 kgCO2e/person/year" in run.out


def test_the_list(typed: Typed) -> None:
    run = typed("indicators", "--list")
    for name, indicator in reen.default_registry().indicators.items():
        assert f"{name} [{indicator.unit}]" in run.out


def test_the_list_as_json(typed: Typed) -> None:
    run = typed("indicators", "--list", "-f", "json", "-i", "reuse_of_disposals")
    (found,) = json.loads(run.out)
    assert [target["value"] for target in found["targets"]] == [25.0, 35.0, 50.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "nothing to compute from: give a PATH, --purchases, --disposals"),
        (("parc.csv", "--from", "2022-01-01"), "a period has two ends"),
        (("parc.csv", "--by", "site"), "--option, --factors and --by need --method (but"),
        (("parc.csv", "--factors", "base-carbone"), "--option, --factors and --by need --method"),
        (
            ("--purchases", "a.csv", "--country", "FR"),
            "--importer and --country need the PATH of an inventory.",
        ),
        (("--purchases", "a.csv", "-m", "declared"), "--method needs the PATH of an inventory."),
        (
            ("parc.csv", "--agents", "3", "--headcount", "h.csv"),
            "--agents and --headcount say the same thing",
        ),
        (("--list", "-f", "csv"), "--list is shown as table or json."),
        (("-i", "mean_liftime", "--list"), "Did you mean 'mean_lifetime'"),
        (("--purchases", "nothing.csv"), "nothing.csv: there is no such file; check the path"),
        (("--purchases", "a.csv", "--from", "2022", "--to", "2023"), "does not match the format"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    typed: Typed, options: tuple[str, ...], message: str
) -> None:
    run = typed("indicators", "--full", *options)
    assert run.code == 2
    assert message in run.err
    assert "Traceback" not in run.err


def test_columns_of_the_only_file(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "achats.csv"
    path.write_text("Jour;Combien;Occase\n03/02/2022;6;non\n04/02/2022;4;oui\n", encoding="utf-8")
    columns = ("--column", "Jour=date", "--column", "Combien=quantity")
    run = typed(
        *("indicators", "--purchases", path, *YEAR, "-i", "reuse_in_purchases"),
        *(*columns, "--column", "purchases:Occase=reconditioned"),
    )
    assert run.code == 0
    assert "40%" in run.out


def test_columns_of_one_of_several_files(typed: Typed, purchases: Path, tmp_path: Path) -> None:
    fleet = tmp_path / "parc.csv"
    fleet.write_text("Quoi;Combien\nPC portable;12\n", encoding="utf-8")
    gone = tmp_path / "sorties.csv"
    gone.write_text("Jour;Combien;destination\n03/02/2022;3;don\n", encoding="utf-8")
    files = ("indicators", "--full", fleet, "--purchases", purchases, "--disposals", gone, *YEAR)
    run = typed(
        *(*files, "-i", "reuse_of_disposals"),
        *("--column", "Quoi=equipment_type", "--column", "Combien=quantity"),
        *("--column", "disposals:Jour=date", "--column", "disposals:Combien=quantity"),
    )
    assert run.code == 0, run.err
    assert "3 of 3 items of known destination" in run.out


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("Rien=date", "there is no header 'Rien', which --column names; found: 'date', 'type'"),
        ("type=price", "there is no column 'price'"),
        ("headcount:Jour=date", "names headcount, and no such file is given"),
    ],
)
def test_columns_that_nothing_has(typed: Typed, purchases: Path, column: str, message: str) -> None:
    run = typed("indicators", "--full", "--purchases", purchases, *YEAR, "--column", column)
    assert run.code != 0
    assert message in " ".join(run.err.split())


def test_a_column_that_two_files_may_have(typed: Typed, purchases: Path, tmp_path: Path) -> None:
    gone = tmp_path / "sorties.csv"
    gone.write_text(DISPOSALS, encoding="utf-8")
    run = typed(
        *("indicators", "--purchases", purchases, "--disposals", gone, *YEAR),
        *("--column", "date=date"),
    )
    assert run.code != 0
    assert "'purchases:date=date' or 'disposals:date=date'" in " ".join(run.err.split())


def test_purchases_date_the_fleet(typed: Typed, tmp_path: Path) -> None:
    fleet = tmp_path / "parc.csv"
    fleet.write_text("Type;N° de série\nPC portable;5CG1234XYZ\n", encoding="utf-8")
    bought = tmp_path / "achats.csv"
    bought.write_text("date;N° de série\n2020-12-31;5CG1234XYZ\n", encoding="utf-8")
    run = typed("indicators", "--full", fleet, "--purchases", bought, *YEAR, "-i", "mean_age")
    assert run.code == 0, run.err
    assert "filled from a purchase of the same serial or order number" in run.err


def test_a_doubtful_total_of_the_purchases_leaves_the_verdict_open(
    typed: Typed, tmp_path: Path
) -> None:
    path = tmp_path / "achats.csv"
    path.write_text(f"{PURCHASES};Total;999;;\n", encoding="utf-8")
    run = typed("indicators", "--full", "--purchases", path, *YEAR, "-i", "reuse_in_purchases")
    assert "unknown" in run.out
    assert "rows of the purchases were refused or are doubtful" in " ".join(run.out.split())
