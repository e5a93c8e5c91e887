"""`reen read`: the report of a read, and rows that read back the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reen

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

ROWS = """\
id;Entité;Type de matériel;Quantité;Durée de vie (ans);Consommation annuelle (kWh);État;Remarque
A1;Écoles;PC portables;12;5;30,5;En service;neuf
A2;Écoles;Imprimantes;3;;;En stock;
A3;Mairie;Serveurs;;7;;En service;salle 1
"""


def lines_of(page: str) -> list[str]:
    return [" ".join(line.split()) for line in page.splitlines()]


@pytest.fixture
def french(tmp_path: Path) -> Path:
    path = tmp_path / "parc.csv"
    path.write_text(ROWS, encoding="cp1252")
    return path


def test_the_report_says_how_the_file_was_understood(typed: Typed, french: Path) -> None:
    run = typed("read", "--full", french, "--keep", "remarque")
    assert run.code == 0
    report = reen.read(french, keep=["Remarque"]).report
    words = " ".join(run.out.split())
    for name, value in report.details.items():
        assert f"{name} {value}" in words
    assert "Rows parc.csv: 3 rows: 3 counted" in words
    for column, header in report.mapped.items():
        assert f"{' '.join(header.split())} {column}" in words
    assert f"kept as they are (--by can group by them): {', '.join(report.kept)}" in words


def test_the_report_counts_items_by_type_and_status(typed: Typed, french: Path) -> None:
    lines = lines_of(typed("read", "--full", french).out)
    assert "Laptop in use 12 1" in lines
    assert "Printer in stock 3 1" in lines
    assert "Server in use 1 1 row" in lines
    assert "in all: 15 items and 3 rows, 1 row of unknown quantity" in lines


def test_every_issue_is_listed(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    rows = "".join(f"laptop,{k},bad{k}\n" for k in range(1, 10))
    path.write_text(f"equipment_type,quantity,lifetime\n{rows}", encoding="utf-8")
    words = " ".join(typed("read", "--full", path).out.split())
    for k in range(1, 10):
        assert f"'bad{k}'" in words
    assert "Issues (9)" in words


def test_json_is_the_report(typed: Typed, french: Path) -> None:
    content = json.loads(typed("read", "--full", french, "--format", "json").out)
    inventory = reen.read(french)
    assert content["account"] == inventory.account.to_dict()
    assert content["account"]["counted"] == len(inventory) == 3
    assert content["columns"] == inventory.table.column_names
    assert {each["equipment_type"]: each["quantity"] for each in content["equipment"]} == {
        "laptop": 12.0,
        "printer": 3.0,
        "server": None,
    }


@pytest.mark.parametrize("name", ["clean.csv", "clean.parquet"])
def test_what_is_written_reads_back_the_same(
    typed: Typed, french: Path, tmp_path: Path, name: str
) -> None:
    run = typed("read", "--full", french, "--output", tmp_path / name)
    assert run.code == 0
    assert f"written to {tmp_path / name}: 3 rows of equipment" in run.err
    place = ["source", "source_row"]  # where a row was read: the one thing that must differ
    rows, again = (reen.read(path).table.drop_columns(place) for path in (french, tmp_path / name))
    assert again.schema.equals(rows.schema, check_metadata=True)
    assert again.to_pylist() == rows.to_pylist()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["clean.csv", "clean.parquet"])
def test_the_same_footprint_comes_from_what_is_written(
    typed: Typed, fleet: Path, tmp_path: Path, name: str
) -> None:
    typed("read", "--full", fleet, "--output", tmp_path / name)
    both = [
        reen.measure(path, method="base-carbone", by="entity", as_of="2022-12-31")
        for path in (fleet, tmp_path / name)
    ]
    assert both[0].total() == both[1].total()
    assert both[0].provenance.rows_digest == both[1].provenance.rows_digest


def test_units_stand_in_the_header_of_the_csv(typed: Typed, french: Path) -> None:
    run = typed("read", "--full", french, "--format", "csv")
    header = run.out.splitlines()[0].replace('"', "").split(",")
    schema = reen.read(french).table.schema
    energy = schema.field("annual_energy").metadata[b"unit"].decode()
    assert energy.startswith("kWh/")
    assert f"annual_energy [{energy}]" in header
    assert "lifetime [year]" in header
    assert "quantity" in header
    assert len(run.out.splitlines()) == 4
    assert "Columns" in run.err  # the report leaves standard output to the rows


def test_a_column_may_be_told_what_it_means(typed: Typed, french: Path) -> None:
    run = typed("read", "--full", french, "--column", "Remarque=site", "--format", "json")
    assert json.loads(run.out)["reports"][0]["mapped"]["site"] == "Remarque"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--column", "Remarque"), "'Remarque' is not of the form header=column"),
        (("--column", "a=b", "--column", "a=c"), "'a' is given twice"),
        (("--format", "parquet"), "add --output FILE.parquet"),
        (("--output", "rows.xlsx"), "rows are written as .parquet or .csv, not as rows.xlsx"),
        (("--output", "rows.ods"), "is not written as .ods: name the file .xlsx, .json, .csv"),
        (("--importer", "tabel"), "Unknown importer 'tabel'. Did you mean 'table'"),
    ],
)
def test_what_cannot_be_done_is_said(
    typed: Typed, french: Path, words: tuple[str, ...], said: str
) -> None:
    run = typed("read", "--full", french, *words)
    assert run.code == 2
    assert said in run.err
    assert run.err.startswith("error: ")


def test_the_file_that_is_read_is_never_written(typed: Typed, french: Path) -> None:
    before = french.read_bytes()
    assert typed("read", "--full", french, "--output", french).code == 2
    assert french.read_bytes() == before


REFUSED = """\
Type;Quantité;Durée de vie (ans);Puissance (W);Conso (kWh/an)
PC portable;2;-3;45;abc
PC fixe;beaucoup;4;1e30;20
Écran;1;quatre;;
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["clean.csv", "clean.parquet"])
def test_refused_numbers_are_marked_and_not_written(
    typed: Typed, tmp_path: Path, name: str
) -> None:
    """-3, abc, beaucoup, 1e30 and quatre are nan, which is refused again; blanks stay blank."""
    path = tmp_path / "parc.csv"
    path.write_text(REFUSED, encoding="utf-8")
    run = typed("read", "--full", path, "--output", tmp_path / name)
    assert run.code == 0
    assert run.err.endswith(": 3 rows of equipment; 5 refused numbers written as nan\n")
    again = reen.read(tmp_path / name)
    cells = {
        column: [str(cell) for cell in again.table[column].to_pylist()]
        for column in ("quantity", "lifetime", "power", "annual_energy")
    }
    assert cells == {
        "quantity": ["2.0", "nan", "1.0"],
        "lifetime": ["nan", "4.0", "nan"],
        "power": ["45.0", "nan", "None"],
        "annual_energy": ["nan", "20.0", "None"],
    }
    assert sum(issue.count for issue in again.issues) == 5
    both = [reen.measure(each, method="base-carbone", as_of="2022-12-31") for each in (path, again)]
    reasons = [
        {(row.kind, row.equipment_type, row.reason, row.rows) for row in each.coverage}
        for each in both
    ]
    assert reasons[0] == reasons[1]
