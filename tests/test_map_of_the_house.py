"""The map of the house in CONTRIBUTING is true: its storeys, and the way of a row through them."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import FrameType

import pytest

import reen
import reen_plugins

from .test_architecture import LEVELS

_SOURCES = Path(reen.__file__).parent
_PLUGINS = Path(reen_plugins.__path__[0])


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
    """Each file, or the function that is named, is entered in that order by the second measurement.

    The first imports what it needs, in an order of its own.  It is as of another day, since a
    method that was prepared for a day is kept; no other test measures as of these days.
    """
    row = re.compile(r"^\| `([\w/]+\.py)`(?:: `(\w+)`)? \|", re.MULTILINE)
    drawn = [(_drawn(file), function) for file, function in row.findall(text)]
    fleet = tmp_path / "parc.csv"
    fleet.write_text("type;quantity;lifetime;country\nlaptop;10;5 year;FR\n", "utf-8")
    entered: dict[tuple[str, str], None] = {}

    def enter(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            file = frame.f_code.co_filename
            entered.setdefault((file, ""))
            entered.setdefault((file, frame.f_code.co_name))

    for day in ("2024-02-27", "2024-02-28"):
        entered.clear()
        before = sys.getprofile()
        sys.setprofile(enter)
        try:
            said = str(reen.measure(fleet, "base-carbone", as_of=day).total())
        finally:
            sys.setprofile(before)
    assert said.endswith("kgCO2e/year")
    order = [(Path(file), function) for file, function in entered]
    assert len(drawn) > 15
    assert [each for each in order if each in drawn] == drawn


def _drawn(name: str) -> Path:
    """Return a file of the way: of the library, or of the bundled plugins by their name."""
    first, _, rest = name.partition("/")
    return _PLUGINS / rest if first == _PLUGINS.name else _SOURCES / name
