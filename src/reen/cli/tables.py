"""Tables, bars and figures as people read them; the only place that lays text out.

Input: texts and numbers.  Output: rich tables and wrapped lines, as wide as the terminal (or as
COLUMNS says), without colours where NO_COLOR asks so or nobody watches.  Knows no result of reen.
"""

from __future__ import annotations

import datetime as dt
import errno
import math
import os
import textwrap
from collections.abc import Iterable, Sequence
from typing import IO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from reen.cli.terminal import wrapped
from reen.gate.characters import visible
from reen.reasons import say, spoken
from reen.results.wording import unit_in

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

#: Eighths of a cell, from none to seven.
_EIGHTHS = " ▏▎▍▌▋▊▉"

#: Significant digits of the largest figure of a table; the others have as many decimals.
_DIGITS = 4

#: Decimals beyond which figures are written with a power of ten.
_DECIMALS = 6


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
    lines = textwrap.wrap(
        text,
        width=max(width, 20),
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return as_is("\n".join(lines) or first)


def as_is(line: str) -> Text:
    """Return a line that is never wrapped, so that it can be copied whole."""
    return Text(line, no_wrap=True)


def bar(share: float, *, cells: int, ascii_only: bool = False) -> str:
    """Return a share of one as a bar of at most `cells` characters."""
    if not share > 0.0 or not math.isfinite(share):
        return ""
    share = min(share, 1.0)
    if ascii_only:
        return "#" * round(share * cells)
    full, eighths = divmod(round(share * cells * 8), 8)
    return ("█" * full + _EIGHTHS[eighths]).rstrip() or _EIGHTHS[1]


def multiple_of(unit: str, largest: float) -> tuple[str, float]:
    """Return the unit in which a table reads best, and what to divide by: tonnes above 1,000 kg."""
    if unit.startswith("kgCO2e/") and largest >= 1000.0:  # noqa: PLR2004 - a tonne is 1,000 kg
        return "t" + unit.removeprefix("kg"), 1000.0
    return unit, 1.0


def decimals_for(largest: float) -> int:
    """Return the decimals that give the largest figure of a table four significant digits."""
    if not math.isfinite(largest) or largest == 0.0:
        return 0
    return max(0, _DIGITS - 1 - math.floor(math.log10(abs(largest))))


#: Locale of each language: days before months in both.
_LOCALES = {"en": "en_GB", "fr": "fr_FR"}


def figure(value: float, decimals: int) -> str:
    """Return a figure with its thousands apart; a small one keeps a digit rather than vanish."""
    if decimals > _DECIMALS or (value != 0.0 and round(value, decimals) == 0.0):
        if decimals > _DECIMALS:
            return digits(value)
        return _decimal(float(f"{value:.1g}"), "0." + "#" * 20)
    return _decimal(value, f"#,##0.{'0' * decimals}" if decimals else "#,##0")


def count(value: float) -> str:
    """Return a number of items: whole when it is."""
    return _decimal(value, "#,##0.##")


def digits(value: float, number: int = 4) -> str:
    """Return a figure with so many significant digits at most, as ``%g`` has them."""
    text = f"{value:.{number}g}"
    if "e" in text:
        return _decimal(float(text), f"0.{'#' * (number - 1)}E0")
    return _decimal(float(text), "#,##0." + "#" * 10)


def percent(share: float) -> str:
    """Return a share of one in percent: ``6 %``; what is small, or not quite all, says so."""
    from babel.numbers import format_percent

    whole = round(100.0 * share)
    if 0.0 < share < 1.0 and whole in (0, 100):
        sign, whole = ("<", 1) if whole == 0 else (">", 99)
        return f"{sign}\u00a0{format_percent(whole / 100, locale=_LOCALES[spoken()])}"
    return format_percent(whole / 100, locale=_LOCALES[spoken()])


def day(date: str) -> str:
    """Return an ISO date as people write it: ``31 December 2025``."""
    from babel.dates import format_date

    return format_date(dt.date.fromisoformat(date), "long", locale=_LOCALES[spoken()])


def _decimal(value: float, pattern: str) -> str:
    from babel.numbers import format_decimal

    # half to even, as Python rounds; babel rounds the shortest decimals of the float
    return format_decimal(value, format=pattern, locale=_LOCALES[spoken()])


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


def series(parts: Iterable[str]) -> str:
    """Return parts one after the other, with semicolons as the language sets them."""
    return say("page_series").join(parts)


def joined(parts: Iterable[str]) -> str:
    """Return parts as an enumeration: ``a, b and c``."""
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} {say('page_and')} {last}" if most else last
