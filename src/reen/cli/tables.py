"""Tables, bars and figures as people read them; the only place that lays text out.

Input: texts and numbers.  Output: rich tables and wrapped lines, as wide as the terminal (or as
COLUMNS says), without colours where NO_COLOR asks so or nobody watches.  Knows no result of reen.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Sequence
from typing import IO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from reen.cli.terminal import wrapped
from reen.gate.characters import visible
from reen.reasons import spoken
from reen.results.wording import unit_in
from reen.views.figures import (
    bar,
    count,
    day,
    decimals_for,
    digits,
    figure,
    joined,
    multiple_of,
    percent,
    series,
)
from reen.views.text import wrap

__all__ = [
    "amount",
    "as_is",
    "bar",
    "console_on",
    "count",
    "day",
    "decimals_for",
    "digits",
    "figure",
    "hang",
    "heading",
    "joined",
    "multiple_of",
    "percent",
    "plural",
    "series",
    "show",
    "table",
    "unit_text",
]


class _Console(Console):
    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render something, its text visible: what moves a cursor is the console's own alone."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield segment._replace(text=visible(segment.text))

    def on_broken_pipe(self) -> None:
        """Let click end the program, as for every other output."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def console_on(stream: IO[str], *, width: int | None = None) -> Console:
    """Return a console that writes plain words to a stream: no mark-up, no highlighting."""
    return _Console(
        file=wrapped(stream),
        width=width,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )


def show(console: Console, blocks: Iterable[RenderableType]) -> None:
    """Print blocks one after the other; what `hang` has wrapped is not wrapped again."""
    for block in blocks:
        console.print(block, soft_wrap=isinstance(block, Text) and bool(block.no_wrap))


def heading(text: str) -> Text:
    """Return the title of a block."""
    return Text(text, style="bold")


def table(*columns: str, right: Sequence[str] = ()) -> Table:
    """Return an empty table without lines; the columns in `right` are figures."""
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
    rest = " " * len(first) if rest is None else rest
    lines = wrap(text, width=width, first=first, rest=rest)
    return as_is("\n".join(lines) or first)


def as_is(line: str) -> Text:
    """Return a line that is never wrapped, so that it can be copied whole."""
    return Text(line, no_wrap=True)


def unit_text(unit: str) -> str:
    """Return a unit as the language in force writes it: ``t CO₂e/an``."""
    return unit_in(unit, spoken())


def amount(number: str, unit: str) -> str:
    """Return a number with its unit, which French does not let go on the next line."""
    if unit == "1":
        return number
    return f"{number}{chr(0xA0) if spoken() == 'fr' else ' '}{unit_text(unit)}"


def plural(number: float, word: str) -> str:
    """Return a number and its noun: ``1 row``, ``1,227 items``."""
    return f"{count(number)} {word}" + ("" if number == 1 else "s")
