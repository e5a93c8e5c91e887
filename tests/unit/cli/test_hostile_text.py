"""Texts of a file that a terminal would obey, or a spreadsheet run: shown, and written, as text."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Typed = Callable[..., Any]

FLEET = (
    "id,equipment_type,model,quantity,entity,country,lifetime\n"
    "z,laptop,\x1b[2J\x1b[31mPWN\x1b]0;title\x07,1,ent\x1b[31mRED\x1b]8;;http://evil\x07,FR,5\n"
    '"c\x1b[5m",lap\x1b[31mtop,x,1,e2,FR,5\n'
    '"\u009b31mC1",nope,x,1,bidi\u202e evil,FR,5\n'
    '"=cmd|\'/c calc\'!A1",laptop,"=HYPERLINK(""http://evil"")",3,=1+1,FR,5\n'
    "+33,desktop,@SUM(A1),2,@evil,FR,6\n"
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    path = tmp_path / "h\x1b[31m.csv"
    path.write_text(FLEET, "utf-8")
    return path


def obeyed(text: str) -> list[str]:
    """Return what a terminal would obey."""
    return [c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t"] + [
        c for c in text if c in "\u202e\u2066\u200f"
    ]


COMMANDS = [
    ("read",),
    ("read", "--full"),
    ("measure", "-m", "base-carbone", "--full", "--by", "entity"),
    ("compare", "-m", "base-carbone", "-m", "ecodiag"),
    ("explain", "-m", "base-carbone", "--row", "z"),
    ("statement", "-m", "base-carbone", "--scheme", "beges-v5"),
    ("measure", "-m", "base-carbone", "--by", "enti\x1b[31mty"),
    ("measure", "-m", "\x1b[31m"),
    ("read", "--\x1b[31m"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: repr(" ".join(words)))
def test_a_terminal_gets_nothing_to_obey(
    typed: Typed, hostile: Path, command: tuple[str, ...]
) -> None:
    """Neither on standard output nor on standard error, in results and in errors."""
    name, *options = command
    if name == "explain":
        options = [word for word in options if word not in {"--row", "z"}] + ["z"]
        run = typed(name, hostile, options.pop(), *options)
    else:
        run = typed(name, hostile, *options)
    assert run.code in {0, 2}
    assert run.out + run.err
    assert obeyed(run.out) + obeyed(run.err) == []


def test_a_page_in_a_file_neither(typed: Typed, hostile: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.txt"
    run = typed(
        *("measure", hostile, "-m", "base-carbone", "--by", "entity", "--full"),
        *("--output", out, "--format", "table"),
    )
    assert run.code == 0
    text = out.read_text("utf-8")
    assert "ent␛[31mRED" in text
    assert obeyed(text) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["read", "measure", "compare"])
def test_a_spreadsheet_gets_nothing_to_run(typed: Typed, hostile: Path, name: str) -> None:
    """A cell begins with no sign of a formula unless it is a number; `--keep-formulas` keeps it."""
    more = {
        "read": [],
        "measure": ["-m", "base-carbone", "--by", "entity"],
        "compare": ["-m", "base-carbone", "-m", "ecodiag", "--by", "entity"],
    }[name]
    run = typed(name, hostile, *more, "--format", "csv")
    assert run.code == 0, run.err
    cells = [cell for row in csv.reader(io.StringIO(run.out)) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    kept = typed(name, hostile, *more, "--format", "csv", "--keep-formulas")
    assert "=1+1" in [cell for row in csv.reader(io.StringIO(kept.out)) for cell in row]


def test_what_is_written_for_people_is_read_as_the_file_was(typed: Typed, tmp_path: Path) -> None:
    """The worklist, answered, and the rows: the apostrophe is no part of a word."""
    fleet = tmp_path / "fleet.csv"
    fleet.write_text("id,equipment_type,quantity\na,=sorte,3\nb,laptop,1\n", "utf-8")
    work = tmp_path / "work.csv"
    assert typed("read", fleet, "--worklist", work).code == 0
    text = work.read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    (question,) = (row for row in rows if "sorte" in row["value"])
    assert question["value"] == "'=sorte"
    question["answer"] = "desktop"
    made = io.StringIO()
    writer = csv.DictWriter(made, rows[0].keys(), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    work.write_text(made.getvalue(), "utf-8")
    run = typed("read", fleet, "--mapping", work)
    assert run.code == 0, run.err
    assert "the type of every item is known (4 items)" in run.out
