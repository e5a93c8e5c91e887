"""Information systems on the command line: folders, `--level`, and `reen export`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "numecoeval"
REFERENCE = FIXTURES / "reference_fr"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the four files."""
    made = tmp_path / "system"
    made.mkdir()
    for file in FIXTURES.glob("*.csv"):
        shutil.copy(file, made)
    return made


def _measure(typed: Typed, folder: Path, *words: object) -> Any:  # noqa: ANN401 - the fixture's own
    return typed(
        "measure",
        "--full",
        folder,
        "-m",
        "numecoeval",
        "--factors",
        REFERENCE,
        "--as-of",
        "2024-12-31",
        *words,
    )


@pytest.mark.slow
def test_a_folder_is_read_as_one_system(typed: Typed, folder: Path) -> None:
    run = typed("read", "--full", folder)
    assert run.code == 0
    assert "9 virtual machines" in run.out
    assert "salles.csv" in run.out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("level", "rows"), [("equipment", "8"), ("virtual_machine", "9"), ("application", "6")]
)
def test_levels(typed: Typed, folder: Path, level: str, rows: str) -> None:
    """Each level counts the rows of its own table; the hint to explain names the level."""
    run = _measure(typed, folder, "--level", level, "--by", "entity")
    assert run.code == 0
    assert "Ville" in run.out
    assert ("--level" in run.out) == (level != "equipment")
    json_run = _measure(typed, folder, "--level", level, "--format", "json")
    assert f'"rows": {rows}' in json_run.out


@pytest.mark.slow
def test_explain_of_a_machine(typed: Typed, folder: Path) -> None:
    run = typed("explain", "--full", folder, "vm-1", "--level", "virtual_machine",
        "-m", "numecoeval", "--factors", REFERENCE, "--as-of", "2024-12-31",
    )  # fmt: skip
    assert run.code == 0
    assert "(allocation_share)" in run.out


def test_a_level_that_a_list_does_not_have(typed: Typed, folder: Path) -> None:
    run = typed(
        "measure", folder / "materiel.csv", "-m", "numecoeval", "--level", "application", "--full"
    )
    assert run.code == 2
    assert "option level='application'" in run.err


@pytest.mark.slow
def test_export(typed: Typed, folder: Path, tmp_path: Path) -> None:
    """The three files are written and named; a wrong name costs nothing."""
    words = ("-m", "numecoeval", "--factors", REFERENCE, "--as-of", "2024-12-31")
    out = tmp_path / "indicators"
    run = typed(
        "export",
        folder,
        out,
        "--to",
        "numecoeval-indicators",
        "--label",
        "organisation=Valcour",
        *words,
    )
    assert run.code == 0
    assert [Path(line).name for line in run.out.split()] == [
        "ind_physical_equipment.csv",
        "ind_virtual_equipment.csv",
        "ind_application.csv",
        "reen-account.json",
    ]
    assert ";Valcour;" in (out / "ind_physical_equipment.csv").read_text("utf-8")
    wrong = typed("export", folder, out, "--to", "numecoeval", *words)
    assert (wrong.code, "Unknown exporter 'numecoeval'" in wrong.err) == (2, True)
    label = typed("export", folder, out, "--to", "numecoeval-indicators", "--label", "x=y", *words)
    assert (label.code, "labels among" in label.err) == (2, True)


def test_help_of_export(typed: Typed) -> None:
    run = typed("export", "--help")
    assert run.code == 0
    assert "reen export inventory/" in run.out
