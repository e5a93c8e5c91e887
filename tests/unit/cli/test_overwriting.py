"""No command writes over a file that it reads, whichever of its options names it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

CITY = Path(__file__).resolve().parents[3] / "examples" / "ville"


@pytest.mark.parametrize(
    ("command", "output"),
    [
        (("objectives", "strategie.toml", "2025/achats.csv", "--year", "2025"), "2025/achats.csv"),
        (("objectives", "strategie.toml", "2025/achats.csv", "--year", "2025"), "strategie.toml"),
        (
            ("scenarios", "strategie.toml", "2025/parc.csv", "--year", "2025", "--until", "2028"),
            "2025/parc.csv",
        ),
        (("indicators", "--repairs", "2025/reparations.csv"), "2025/reparations.csv"),
        (("measure", "2025/parc.csv", "-m", "base-carbone", "--key-file", "key.txt"), "key.txt"),
        (("measure", "2025/parc.csv", "-m", "base-carbone", "--perimeter", "p.toml:a"), "p.toml"),
    ],
)
def test_an_input_is_never_the_output(
    typed: Typed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    output: str,
) -> None:
    shutil.copytree(CITY, tmp_path, dirs_exist_ok=True)
    for name in ("key.txt", "p.toml"):
        (tmp_path / name).write_text("secret", "utf-8")
    monkeypatch.chdir(tmp_path)
    before = Path(output).read_bytes()
    run = typed(*command, "--output", output, "--format", "json")
    assert run.code == 2
    assert "--output is the file that is read" in run.err
    assert Path(output).read_bytes() == before
