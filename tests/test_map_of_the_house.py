"""The map of the house in CONTRIBUTING is true: its storeys, and the way of a row through them."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import FrameType

import pytest

import reen

from .test_architecture import LEVELS

_SOURCES = Path(reen.__file__).parent


@pytest.fixture(scope="module")
def text(repository: Path) -> str:
    page = repository / "CONTRIBUTING.md"
    if not page.is_file():
        pytest.skip("an installed package has no such page")
    return page.read_text("utf-8")


def test_every_part_stands_where_the_map_says(text: str) -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", text, flags=re.MULTILINE)
    told = {name: int(level) for level, name in rows}
    folders = {path.name for path in _SOURCES.iterdir() if (path / "__init__.py").is_file()}
    assert told.keys() == folders - {"plugin"}  # a face is no part
    assert told == {name: LEVELS[name] + 1 for name in told}


@pytest.mark.slow
def test_a_row_goes_the_way_that_is_drawn(text: str, tmp_path: Path) -> None:
    """Each file is entered, and in that order, by the second of two measurements.

    The first imports what it needs, in an order of its own.  It is as of another day, since a
    method that was prepared for a day is kept; no other test measures as of these days.
    """
    drawn = re.findall(r"^\| `([\w/]+\.py)` \|", text, flags=re.MULTILINE)
    fleet = tmp_path / "parc.csv"
    fleet.write_text("type;quantity;lifetime;country\nlaptop;10;5 year;FR\n", "utf-8")
    entered: dict[str, None] = {}

    def enter(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            entered.setdefault(frame.f_code.co_filename)

    for day in ("2024-02-27", "2024-02-28"):
        entered.clear()
        before = sys.getprofile()
        sys.setprofile(enter)
        try:
            said = str(reen.measure(fleet, "base-carbone", as_of=day).total())
        finally:
            sys.setprofile(before)
    assert said.endswith("kgCO2e/year")
    within = {Path(each).as_posix() for each in entered if Path(each).is_relative_to(_SOURCES)}
    order = [Path(each).relative_to(_SOURCES).as_posix() for each in entered if each in within]
    assert drawn
    assert [each for each in order if each in drawn] == drawn
