"""A view as lines of text, as many as a small terminal holds.

Input: a view, and the width and height of the place.  Output: lines no wider and no more than that,
each said to be a heading or not.  What does not fit is counted: the last row of a table adds up the
others, the last point says how many more there are, and a cut paragraph ends in an ellipsis.
"""

from __future__ import annotations

import functools
import itertools
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

import attrs

from reen.gate.characters import visible
from reen.reasons import say
from reen.views.figures import bar, percent
from reen.views.model import Breakdown, Point, View

__all__ = ["LINES", "Line", "text_of", "width_of", "wrap"]

#: Lines of a page on a small terminal.
LINES = 25

#: Lines that a paragraph may take.
_PARAGRAPH = 2

#: Rows of a table that are worth its heads, rows that it has at first where points follow, and the
#: most that it has.
_FEW, _FIRST, _ALL = 2, 4, 20

#: Lines for rows and points from which three points are asked for at first.
_ROOM = 12

#: Lines of a table that says something: a blank one, its heads, three rows and the others.
_TABLE = 6

#: Lines that points have at the least: a blank one, their title, and two.
_POINTS = 4

#: Columns that the label of a row has at the least.
_LABEL = 12

#: Lines that the first paragraph may take: what must be read with the figure.
_HEADLINE = 3


#: What ends a line, or leaves its place in it.
_ENDS = re.compile("[\n\t\u2028\u2029]")


@attrs.frozen(eq=False, repr=False)
class Line:
    """One line: its text, and whether it is a heading."""

    text: str
    heading: bool = False


#: The blank before a mark that French sets apart, and after one: no line ends there.
_HELD = re.compile(r" (?=[:;?!%»€])|(?<=«) ")


def wrap(text: str, *, width: int, first: str = "", rest: str = "") -> list[str]:
    """Return a text as lines: no word is cut, and no line begins with a mark of the sentence."""
    lines = textwrap.wrap(
        _HELD.sub("\ufdd0", text),
        width=max(width, 20),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\ufdd0", " ") for line in lines]


def width_of(text: str) -> int:
    """Return the columns of a terminal that a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@functools.lru_cache(maxsize=1024)
def _columns(sign: str) -> int:
    """Return the columns that a sign takes beside the others."""
    wide = unicodedata.east_asian_width(sign) in "WF"
    return 1 + wide - (unicodedata.combining(sign) > 0)


def _within(text: str, width: int) -> str:
    """Return as much of a text as fits in so many columns."""
    if text.isascii():
        return text[: max(width, 0)]
    ends = itertools.accumulate(map(_columns, text))
    return text[: sum(1 for _ in itertools.takewhile(lambda end: end <= width, ends))]


def shown(text: str) -> str:
    """Return a text without what would move the cursor, or end the line: names come from files."""
    return _ENDS.sub(" ", visible(text))


@attrs.frozen(eq=False, repr=False)
class _Place:
    """The room for a page, and the signs that it knows."""

    width: int
    ascii_only: bool

    def paragraph(self, text: str, *, first: str = "", lines: int = _PARAGRAPH) -> list[Line]:
        """Return a paragraph of so many lines at the most, what is cut marked as cut."""
        told = wrap(shown(text), width=self.width, first=first, rest="  ") or [first]
        end = "..." if self.ascii_only else "…"
        if len(told) > lines:
            told = [*told[: lines - 1], told[lines - 1][: self.width - len(end)].rstrip() + end]
        # a path without a space is not wrapped: it is cut, so that the line stays one
        return [Line(self.cut(line)) for line in told]

    def cut(self, text: str) -> str:
        """Return a text no wider than the place."""
        return _within(text, self.width)

    def table(self, breakdown: Breakdown, number: int) -> list[Line]:
        """Return a blank line, the heads and so many rows, with that of the others."""
        rows = breakdown.shown(number)
        shares = [breakdown.share(row) for row in rows]
        heads = [shown(text) for text in (breakdown.head, *breakdown.columns)]
        cells = [[shown(text) for text in (row.label, *row.texts)] for row in rows]
        if breakdown.shares:
            heads += [say("page_share")]
            for told, share in zip(cells, shares, strict=True):
                told.append("" if share is None else percent(share))
        heads, cells = self._fitting(heads, cells)
        widths = [max(map(width_of, column)) for column in zip(heads, *cells, strict=True)]
        spare = self.width - sum(widths[1:]) - 2 * (len(widths) - 1)
        bars = max(8, min(24, self.width - 60)) if breakdown.shares else 0
        widths[0] = min(widths[0], max(_LABEL, spare - (bars + 2 if bars else 0)))
        drawn = [bar(share or 0.0, cells=bars, ascii_only=self.ascii_only) for share in shares]
        made = [Line("")]
        for told, more in zip([heads, *cells], ["", *drawn], strict=True):
            line = "  ".join(
                _padded(text, width, right=k > 0)
                for k, (text, width) in enumerate(zip(told, widths, strict=True))
            )
            made.append(Line(self.cut(f"{line}  {more}" if more else line).rstrip()))
        return made

    def _fitting(
        self, heads: list[str], cells: list[list[str]]
    ) -> tuple[list[str], list[list[str]]]:
        """Return the columns that there is room for: a number that is cut is another number."""
        widths = [max(map(width_of, column)) for column in zip(heads, *cells, strict=True)]
        mark = "..." if self.ascii_only else "…"
        number, room = len(widths), self.width - _LABEL
        if sum(widths[1:]) + 2 * (number - 1) <= room:
            return heads, cells
        room -= 2 + len(mark)
        while number > 2 and sum(widths[1:number]) + 2 * (number - 1) > room:  # noqa: PLR2004 - the label and a figure
            number -= 1
        kept = [
            [*line[:number], *([mark] if number < len(line) else [])] for line in (heads, *cells)
        ]
        return kept[0], kept[1:]

    def points(self, title: str, points: Sequence[Point], lines: int) -> list[Line]:
        """Return a blank line, the title and the points; those that do not fit are counted."""
        if not points:
            return []
        left = max(lines - 2, 1)
        # a line for each as far as they go, one that counts the rest, then a second from the top
        number = len(points) if len(points) <= left else left - 1
        spare = left - number - (number < len(points))
        made = [Line(""), Line(self.cut(shown(title)), heading=True)]
        for point in points[:number]:
            told = self.paragraph(point.text, first="- ", lines=min(_PARAGRAPH, 1 + spare))
            spare -= len(told) - 1
            made += told
        if number < len(points):
            made += self.paragraph(say("page_more_points", count=len(points) - number), lines=1)
        return made


def _padded(text: str, width: int, *, right: bool) -> str:
    # what is far too wide goes at once: a name of a file may be as long as a page
    text = _within(text, width + 2 * len("...") + 2)
    while width_of(text) > width:
        text = text[: -4 if text.endswith("...") else -3].rstrip() + "..."
        if len(text) <= len("..."):
            break
    blank = " " * (width - width_of(text))
    return blank + text if right else text + blank


def text_of(
    view: View, *, width: int = 80, height: int = LINES, ascii_only: bool = False
) -> tuple[Line, ...]:
    """Return a view as lines of text.

    Parameters
    ----------
    view
        What is shown.
    width, height
        Characters of a line, 20 at the least, and lines of the page, 12 at the least.
    ascii_only
        Whether the place knows no block characters.
    """
    place, height = _Place(max(width, 20), ascii_only), max(height, 12)
    view = _with_room(view, place, height)
    for paragraph in range(_PARAGRAPH, 0, -1):
        top = _top(view, place, paragraph)
        tail = _tail(view, place, paragraph)
        if len(top) + len(tail) <= height - (_POINTS if view.mend_first or view.breakdowns else 0):
            break
    # what the page rests on goes before what stands out, and the figure before both
    top = top[: height - 1]
    # where no table would stand there, what the page rests on is told in a line each
    for least, whole in ((0, tail), (_TABLE, _tail(view, place, 1, last=_PARAGRAPH))):
        most = max(height - len(top) - _POINTS - least, 1)
        tail = _kept(whole, most if view.mend_first else height - len(top) - least)
        left = height - len(top) - len(tail)
        first = min(len(view.mend_first), 3 if len(view.breakdowns) == 1 and left > _ROOM else 2)
        asked = _POINTS if least else 2 + _PARAGRAPH * first
        tables = _tables(view, place, left, asked=asked if first else 0, most=_FIRST)
        if tables or not any(each.rows for each in view.breakdowns):
            break
    points = place.points(view.mend_title, view.mend_first, left - len(tables))
    # what the points do not take, more rows do
    tables = _tables(view, place, left, asked=len(points), most=_ALL)
    return (*top, *tables, *points, *tail)[:height]


def _with_room(view: View, place: _Place, height: int) -> View:
    """Return a view without the last of what stands out, where its rows and points lack room."""
    wanted = _TABLE if view.breakdowns else 0
    wanted += 2 + _PARAGRAPH * min(len(view.mend_first), 2) if view.mend_first else 0
    while len(view.stands_out) > 1:
        used = len(_top(view, place, _PARAGRAPH)) + len(_tail(view, place, _PARAGRAPH))
        if used <= height - wanted:
            break
        view = attrs.evolve(view, stands_out=view.stands_out[:-1])
    return view


def _top(view: View, place: _Place, paragraph: int) -> list[Line]:
    lines = [attrs.evolve(line, heading=True) for line in place.paragraph(view.title)]
    for number, text in enumerate(view.headline):
        most = _HEADLINE if not number and paragraph == _PARAGRAPH else paragraph
        lines += place.paragraph(text, lines=most)
    return lines


def _tail(view: View, place: _Place, paragraph: int, *, last: int = 0) -> list[Line]:
    lines: list[Line] = []
    texts = (*view.stands_out, *view.rests_on)
    for number, text in enumerate(reversed(texts)):
        lines[:0] = place.paragraph(text, lines=paragraph if number else last or paragraph)
    if view.more:
        lines += place.paragraph(view.more, lines=1)
    return [Line(""), *lines] if lines else []


def _kept(lines: Sequence[Line], number: int) -> list[Line]:
    """Return as many lines as fit, the last ones: what a page rests on, and how to see more."""
    if len(lines) <= number:
        return list(lines)
    return [Line(""), *lines[len(lines) - number + 1 :]] if number > 1 else list(lines[-1:])


def _tables(view: View, place: _Place, left: int, *, asked: int, most: int) -> list[Line]:
    """Return the breakdowns, with as many rows as leave the lines that the points ask for."""
    made: list[Line] = []
    tables = [each for each in view.breakdowns if each.rows]
    for number, breakdown in enumerate(tables):
        after = sum(3 + min(len(each.rows), _FEW) + 1 for each in tables[number + 1 :])
        room = left - len(made) - asked - after
        for rows in range(min(most, len(breakdown.rows)), 0, -1):
            table = place.table(breakdown, rows)
            if len(table) <= room or (rows <= _FEW and len(table) <= left - len(made) - asked):
                made += table
                break
    return made


def plain(lines: Iterable[Line]) -> str:
    """Return lines as one text."""
    return "\n".join(line.text for line in lines)
