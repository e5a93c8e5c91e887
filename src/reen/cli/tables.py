"""Tables, bars and figures as people read them; the only place that lays text out.

Input: texts and numbers.  Output: rich tables and wrapped lines.  rich is imported for the first of
them: the short page of a result, printed into a pipe, has none.  Knows no result of reen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reen.reasons import spoken
from reen.views.figures import count

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

__all__ = [
    "amount",
    "as_is",
    "hang",
    "heading",
    "paragraph",
    "plural",
    "table",
    "unit_text",
]


def paragraph(text: str = "") -> Text:
    """Return a paragraph that the terminal wraps; a blank line without text."""
    from rich.text import Text

    return Text(text)


def heading(text: str) -> Text:
    """Return the title of a block."""
    from rich.text import Text

    return Text(text, style="bold")


def table(*columns: str, right: Sequence[str] = ()) -> Table:
    """Return an empty table without lines; the columns in `right` are figures."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in columns:
        if name in right:
            made.add_column(name, justify="right", no_wrap=True)
        else:
            made.add_column(name, overflow="fold")
    return made


def hang(text: str, *, width: int, first: str = "", rest: str | None = None) -> Text:
    """Return a paragraph wrapped at `width`, its further lines indented by `rest`.

    Addresses and paths are never cut, so that they can be copied.
    """
    from reen.views.text import wrap

    rest = " " * len(first) if rest is None else rest
    lines = wrap(text, width=width, first=first, rest=rest)
    return as_is("\n".join(lines) or first)


def as_is(line: str) -> Text:
    """Return a line that is never wrapped, so that it can be copied whole."""
    from rich.text import Text

    return Text(line, no_wrap=True)


def unit_text(unit: str) -> str:
    """Return a unit as the language in force writes it: ``t CO₂e/an``."""
    from reen.results.wording import unit_in

    return unit_in(unit, spoken())


def amount(number: str, unit: str) -> str:
    """Return a number with its unit, which French does not let go on the next line."""
    if unit == "1":
        return number
    return f"{number}{chr(0xA0) if spoken() == 'fr' else ' '}{unit_text(unit)}"


def plural(number: float, word: str) -> str:
    """Return a number and its noun: ``1 row``, ``1,227 items``."""
    return f"{count(number)} {word}" + ("" if number == 1 else "s")
