"""A model that is no equipment is left out by its answer, as a word is."""

from __future__ import annotations

from pathlib import Path

import pytest

import reen
from reen.errors import FileFormatError
from reen.tables.mapping.answers import worklist_to_csv
from reen.types import Fate

#: 1 + 2 + 4 items; of "SIM seule" and "Zog 12" nothing says the type.
LINES = "Modèle;Nombre;Site\niPhone 13;1;Mairie\nSIM seule;2;Mairie\nZog 12;4;CCAS\n"
MAKERS = "Marque;Modèle;Nombre\nApple;iPhone 13;1\nOrange;SIM seule;2\nZig;Zog 12;4\n"


def read(text: str, mapping: Path | None = None) -> reen.Inventory:
    """Read a list of telephones."""
    return reen.read(text.encode(), name="lignes.csv", mapping=mapping)


def answered(text: str, path: Path, answer: str, model: str = "SIM seule") -> Path:
    """Write the worklist of a list with one answer, for the model of a name."""
    lines = worklist_to_csv(read(text).worklist, language="en").splitlines()
    head = lines[0].lstrip("\ufeff").split(";")
    place = head.index("answer")
    rows = [line.split(";") for line in lines[1:] if model in line and line.startswith("model;")]
    assert len(rows) == 1
    rows[0][place] = answer
    path.write_text(f"{';'.join(head)}\n{';'.join(rows[0])}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("answer", ["exclure", "Exclure", "exclude", "hors inventaire", "-"])
@pytest.mark.parametrize("text", [LINES, MAKERS])
def test_a_model_is_excluded(tmp_path: Path, text: str, answer: str) -> None:
    """Of 7 items the 2 SIM cards leave: 5 in 2 rows, and 1 row set aside with its reason."""
    found = read(text, answered(text, tmp_path / "q.csv", answer))
    assert sum(found.table["quantity"].to_pylist()) == 5
    (line,) = [each for each in found.account.lines if each.fate is Fate.SET_ASIDE]
    assert (line.rows, line.reason.code) == (1, "row_not_equipment")
    assert [each.value for each in found.worklist] == [
        each.value for each in read(text).worklist if "SIM seule" not in each.value
    ]


@pytest.mark.parametrize("text", [LINES, MAKERS])
def test_the_type_of_a_model_is_still_an_answer(tmp_path: Path, text: str) -> None:
    """Control: the 2 are telephones then, and all 7 items stay."""
    found = read(text, answered(text, tmp_path / "q.csv", "smartphone"))
    assert sum(found.table["quantity"].to_pylist()) == 7
    assert found.table["equipment_type"].to_pylist()[:2] == ["smartphone"] * 2


def test_a_model_adds_up_nothing(tmp_path: Path) -> None:
    """Control: "total" is no answer for a model."""
    with pytest.raises(FileFormatError, match="total"):
        read(LINES, answered(LINES, tmp_path / "q.csv", "total"))
