"""An answer holds for the table that it was asked of."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl

import reen
from reen.tables.mapping.answers import read_answers, worklist_to_csv


def _book(path: Path) -> None:
    book = openpyxl.Workbook()
    schools = book.worksheets[0]
    schools.title = "Ecoles"
    for row in (["Groupe", "Matériel", "Nombre"], ["Kergomard", "PC portable", 6]):
        schools.append(row)
    counts = book.create_sheet("Comptes")
    for row in (["Type", "N° inv", "Groupes"], ["PC portable", "A1", "x"], ["Écran", "A2", "y"]):
        counts.append(row)
    book.save(path)


def test_the_answer_of_one_sheet_is_not_that_of_another(tmp_path: Path) -> None:
    """The header "Groupe" of one sheet is a site; "Groupes" of the other is not said to be one."""
    path, answers = tmp_path / "parc.xlsx", tmp_path / "q.csv"
    _book(path)
    rows = list(
        csv.reader(worklist_to_csv(reen.read(path).worklist)[1:].splitlines(), delimiter=";")
    )
    head = rows[0]
    for row in rows[1:]:
        if row[head.index("value")] == "Groupe":
            row[head.index("answer")] = "site"
    answers.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    (section,) = read_answers(answers).tables
    assert (section.sheets, list(section.columns)) == (("Ecoles",), ["Groupe"])
    found = reen.read(path, mapping=answers)
    sites = dict(
        zip(found.table["source"].to_pylist(), found.table["site"].to_pylist(), strict=True)
    )
    assert sites == {"parc.xlsx[Ecoles]": "Kergomard", "parc.xlsx[Comptes]": None}
