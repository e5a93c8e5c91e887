"""No command writes over a file that it reads, whichever option names it and by whatever link."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

CITY = Path(__file__).resolve().parents[3] / "examples" / "ville"

FLEET = """\
id,entity,equipment_type,model,quantity,lifetime,declared_footprint,country
PC-1,agents,desktop,Optiplex 7090,12,5,59,FR
PC-2,agents,laptop,Latitude 5420,4,5,29,FR
"""
FACTORS = """\
equipment_type,stage,criterion,value,unit,source
laptop,manufacturing,climate_change,100,kgCO2e,own
"""
MAPPING = 'name = "mairie"\n[words.equipment_type]\n"Gros PC" = "workstation"\n'
PERIMETERS = """\
column = "entity"

[perimeter.own]
agents = "whole"
"""
KEY = "0123456789abcdef0123456789abcdef0123456789abcdef\n"
HEADCOUNT = "date,headcount\n2025-12-31,1650\n"
PURCHASES = "id,date,equipment_type,quantity\nA-1,2025-03-01,laptop,4\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: Typed) -> Path:
    """Return a folder with a file of each kind that a command reads."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(CITY, tmp_path / "ville")
    texts = {
        "fleet.csv": FLEET,
        "before.csv": FLEET,
        "factors.csv": FACTORS,
        "mapping.toml": MAPPING,
        "whose.toml": PERIMETERS,
        "headcount.csv": HEADCOUNT,
        "purchases.csv": PURCHASES,
        "folder/a.csv": FLEET,
        "reen.key": KEY,
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    measured = typed("measure", "fleet.csv", "-m", "declared", "--output", "result.json")
    assert measured.code == 0, measured.err
    return tmp_path


def link(target: Path, source: Path, how: str) -> None:
    """Give a file another name; Windows allows links to some users only."""
    try:
        (target.symlink_to if how == "link" else target.hardlink_to)(source)
    except OSError as error:
        pytest.skip(f"this user may make no links: {error}")


MEASURE = ("measure", "fleet.csv", "-m", "declared", "--as-of", "2025-12-31")
YEAR = ("--year", "2025")

#: Each command that writes, the option that names what it writes, and what it reads.
PAIRS = [
    (MEASURE, "--output", "fleet.csv"),
    ((*MEASURE, "--factors", "factors.csv"), "--output", "factors.csv"),
    ((*MEASURE, "--mapping", "mapping.toml"), "--output", "mapping.toml"),
    ((*MEASURE, "--key-file", "reen.key"), "--output", "reen.key"),
    ((*MEASURE, "--pack", "result.json"), "--output", "result.json"),
    ((*MEASURE, "--perimeter", "whose.toml:own"), "--output", "whose.toml"),
    (("measure", "folder", "-m", "declared"), "--output", "folder/a.csv"),
    (("compare", "fleet.csv", "-m", "declared", "-m", "base-carbone"), "--output", "fleet.csv"),
    (("change", "before.csv", "fleet.csv", "-m", "declared"), "--output", "before.csv"),
    (("change", "before.csv", "fleet.csv", "-m", "declared"), "--output", "fleet.csv"),
    (("statement", "fleet.csv", "-m", "declared", "--scheme", "beges-v5"), "--output", "fleet.csv"),
    (("indicators", "fleet.csv"), "--output", "fleet.csv"),
    (("indicators", "fleet.csv", "--headcount", "headcount.csv"), "--output", "headcount.csv"),
    (("indicators", "--purchases", "purchases.csv"), "--output", "purchases.csv"),
    (("indicators", "--repairs", "ville/2025/reparations.csv"), "--output", None),
    (("indicators", "fleet.csv", "--before", "before.csv"), "--output", "before.csv"),
    (("objectives", "ville/strategie.toml", "fleet.csv", *YEAR), "--output", "fleet.csv"),
    (("objectives", "ville/strategie.toml", "fleet.csv", *YEAR), "--output", None),
    (
        ("scenarios", "ville/strategie.toml", "fleet.csv", *YEAR, "--until", "2028"),
        "--output",
        "ville/strategie.toml",
    ),
    (("match", "fleet.csv", "--factors", "factors.csv"), "--output", "fleet.csv"),
    (("match", "fleet.csv", "--factors", "factors.csv"), "--output", "factors.csv"),
    (("read", "fleet.csv"), "--output", "fleet.csv"),
    (("read", "fleet.csv"), "--save-mapping", "fleet.csv"),
    (("read", "fleet.csv"), "--worklist", "fleet.csv"),
    (("read", "fleet.csv", "--mapping", "mapping.toml"), "--output", "mapping.toml"),
    (("read", "folder"), "--output", "folder/a.csv"),
    (("read", "folder"), "--save-mapping", "folder/a.csv"),
]


@pytest.mark.parametrize(
    "how", ["same", *(pytest.param(each, marks=pytest.mark.slow) for each in ("link", "hard link"))]
)
@pytest.mark.parametrize(
    ("command", "option", "read"),
    PAIRS,
    ids=[f"{words[0]} {option} {read or words[2]}" for words, option, read in PAIRS],
)
def test_an_input_is_never_the_output(
    typed: Typed, files: Path, command: tuple[str, ...], option: str, read: str | None, how: str
) -> None:
    """The file itself, a link to it, another name of it: refused, and as it was."""
    source = files / (read or next(word for word in command if word.startswith("ville/")))
    target = source
    if how != "same":
        target = files / f"other{source.suffix}"
        link(target, source, how)
    before = source.read_bytes()
    more = ("--format", "csv") if option == "--output" and command[0] == "read" else ()
    if option == "--output" and command[0] not in {"read", "match"}:
        more = ("--format", "json")
    run = typed(*command, option, target, *more)
    assert run.code == 2, run.err
    assert "is the file that is read" in run.err or "exists, and may hold answers" in run.err
    assert source.read_bytes() == before
    assert target.is_symlink() == (how == "link")
    assert not list(files.rglob(".reen-*.tmp"))


@pytest.mark.slow
@pytest.mark.parametrize("how", ["same", "link", "hard link"])
def test_a_review_writes_over_nothing_of_its_own(typed: Typed, files: Path, how: str) -> None:
    """A file of the year that has the name of one of the review."""
    folder, source = files / "bilan", files / "ville" / "2025" / "parc.csv"
    folder.mkdir()
    before = source.read_bytes()
    if how == "same":
        plan = files / "ville" / "review.toml"
        text = plan.read_text("utf-8").replace('"2025/parc.csv"', '"../bilan/annexe.csv"')
        folder.joinpath("annexe.csv").write_bytes(before)
        if "../bilan" not in text:  # the plan names the folder of the year
            text = text.replace('"2025"', '"../bilan/annexe.csv"')
        plan.write_text(text, "utf-8")
        source = folder / "annexe.csv"
    else:
        target = folder / "annexe.csv"
        link(target, source, how)
    run = typed(
        *("review", "ville/review.toml", "--year", "2025"),
        *("--output", folder, "--formats", "annex"),
    )
    assert run.code == 2
    assert "is a file that the review is made from" in run.err or "is the file that is" in run.err
    assert source.read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["annexe.csv"]


@pytest.mark.slow
def test_an_export_writes_over_nothing_that_it_reads(typed: Typed, files: Path) -> None:
    """Its files have fixed names; one of them may be the inventory itself."""
    source = files / "out" / "ind_physical_equipment.csv"
    source.parent.mkdir()
    source.write_text(FLEET, "utf-8")
    run = typed(
        *("export", source, source.parent, "--method", "numecoeval"),
        *("--to", "numecoeval-indicators", "--as-of", "2025-12-31"),
    )
    assert run.code == 2
    assert "is the file that is read" in run.err
    assert source.read_text("utf-8") == FLEET
    assert [path.name for path in source.parent.iterdir()] == [source.name]


def test_a_mapping_that_was_read_is_saved_and_the_old_one_kept(typed: Typed, files: Path) -> None:
    run = typed("read", "fleet.csv", "--mapping", "mapping.toml", "--save-mapping", "mapping.toml")
    assert run.code == 0, run.err
    assert "is kept as mapping.toml.bak" in run.err
    assert (files / "mapping.toml.bak").read_text("utf-8") == MAPPING
    assert (files / "mapping.toml").read_text("utf-8") != MAPPING


def test_each_mapping_that_was_replaced_is_kept(typed: Typed, files: Path) -> None:
    for _ in range(2):
        assert typed("read", "fleet.csv", "--save-mapping", "mapping.toml").code == 0
    assert (files / "mapping.toml.bak").read_text("utf-8") == MAPPING
    assert (files / "mapping.toml.2.bak").is_file()


@pytest.mark.parametrize("name", ["before.csv", "whose.toml", "reen.key"])
def test_no_mapping_is_saved_over_what_is_none(typed: Typed, files: Path, name: str) -> None:
    """It was not read, and is nobody's mapping: a list, another form, a secret."""
    before = {path: path.read_bytes() for path in files.rglob("*") if path.is_file()}
    run = typed("read", "fleet.csv", "--save-mapping", name)
    assert run.code == 2
    assert f"{name} exists and is no mapping" in run.err
    assert {path: path.read_bytes() for path in files.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "command", [("start", "ville"), ("new-key", "reen.key"), ("new-plugin", "ville", "--kind")]
)
def test_what_makes_new_files_replaces_none(
    typed: Typed, files: Path, command: tuple[str, ...]
) -> None:
    more = ("method",) if command[0] == "new-plugin" else ()
    before = {path: path.read_bytes() for path in files.rglob("*") if path.is_file()}
    assert typed(*command, *more).code == 2
    assert {path: path.read_bytes() for path in files.rglob("*") if path.is_file()} == before
