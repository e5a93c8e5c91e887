"""The view of a result: what it says to a person, in the order in which it is read.

Input: texts in the language in force and the figures behind them, from the result that is viewed.
Output: one value, which `text` and `web` lay out and `to_dict` gives to programs.  Nothing here is
cut or rounded again: a renderer shows as much as its place allows, and says that there is more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs

from reen.reasons import say, spoken
from reen.values import Compared
from reen.views.figures import count, figure

__all__ = ["Breakdown", "Point", "Row", "View", "breakdown_of"]

#: Rows that a breakdown keeps by name; the others are added up.
_TOP = 20


@attrs.frozen(eq=False, repr=False)
class Row(Compared):
    """One line of a breakdown.

    Attributes
    ----------
    label
        What it is about.
    values
        Figure by column, in the unit of the breakdown; None where there is none.
    texts
        How each is written, its bound included.
    bounded
        By column, whether the figure can only grow; empty where none is a bound.
    """

    label: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    bounded: tuple[bool, ...] = ()

    def bound_of(self, column: int) -> bool:
        """Tell whether the figure of a column can only grow."""
        return bool(self.bounded) and self.bounded[column]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Breakdown(Compared):
    """A result split by something: its largest parts, and the sum of the others.

    Attributes
    ----------
    head
        What it is split by.
    columns
        Heads of the figures.
    rows
        The parts, the largest first.
    unit
        Unit of the figures, for programs.
    divisor, decimals
        How the sum of some rows is written: divided, with so many decimals.
    additive
        Whether its figures add up, so that some of them may be shown by their sum.
    shares
        Whether a row may be shown as a share of the whole.
    rest
        How many parts are not among `rows`.
    rest_values, rest_bounded
        Their sums by column, and whether each can only grow.
    nothing
        What is written where there is no figure.
    signed
        Whether figures are differences, written with their sign.
    """

    head: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    unit: str = ""
    divisor: float = 1.0
    decimals: int = 0
    additive: bool = True
    shares: bool = False
    rest: int = 0
    rest_values: tuple[float | None, ...] = ()
    rest_bounded: tuple[bool, ...] = ()
    nothing: str = "-"
    signed: bool = False

    def shown(self, number: int) -> tuple[Row, ...]:
        """Return the first rows, and one for all others where their figures add up."""
        shown, left = self.rows[:number], self.rows[number:]
        others = len(left) + self.rest
        if not others:
            return shown
        if not self.additive:
            blank = ("",) * len(self.columns)
            return (*shown, Row(say("page_others", count=others), (None,) * len(blank), blank))
        sums = [[row.values[k] for row in left] for k in range(len(self.columns))]
        for column, value in zip(sums, self.rest_values, strict=False):
            column.append(value)
        values = tuple(_sum(each) for each in sums)
        bounded = tuple(
            any(row.bound_of(k) for row in left) or (bool(self.rest) and self.rest_bounded[k])
            for k in range(len(self.columns))
        )
        texts = tuple(
            self.text(value, bounded=bound) for value, bound in zip(values, bounded, strict=True)
        )
        return (*shown, Row(say("page_others", count=others), values, texts, bounded))

    def share(self, row: Row) -> float | None:
        """Return a row as a share of the whole; None where that says nothing."""
        if not self.shares or row.values[0] is None:
            return None
        whole = _sum([*(each.values[0] for each in self.rows), *self.rest_values[:1]])
        return row.values[0] / whole if whole else None

    def text(self, value: float | None, *, bounded: bool = False) -> str:
        """Return a figure as this breakdown writes it."""
        if value is None:
            return self.nothing
        sign = ">= " if bounded else "+" if self.signed and value > 0.0 else ""
        shown = value / self.divisor
        return f"{sign}{count(shown) if self.unit == 'item' else figure(shown, self.decimals)}"

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types, what is not known as null."""
        rows: list[dict[str, object]] = [
            {
                "label": row.label,
                "values": list(map(_finite, row.values)),
                "texts": list(row.texts),
                "lower_bound": [row.bound_of(k) for k in range(len(row.values))],
                "share": _finite(self.share(row)),
            }
            for row in self.rows
        ]
        return {
            "by": self.head,
            "columns": list(self.columns),
            "unit": self.unit,
            "rows": rows,
            "others": self.rest,
            "others_values": list(map(_finite, self.rest_values)),
        }


@attrs.frozen(eq=False, repr=False)
class Point(Compared):
    """One thing to mend.

    Attributes
    ----------
    text
        What it is, in words.
    items
        Items that it holds back, as far as they are known.
    rows
        Rows whose number of items is not known.
    weight
        What it would about add to the result if its items weighed what the others do: an order in
        which to mend, and no figure to show; None where nothing says it.
    """

    text: str
    items: float = 0.0
    rows: int = 0
    weight: float | None = None

    @property
    def rank(self) -> tuple[float, ...]:
        """Return what points are ordered by: what is not known first, then the largest weight.

        A row whose number of items is not known may weigh most of all.
        """
        weight = 0.0 if self.weight is None else abs(self.weight)
        return (-self.rows, -weight, -self.items)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class View(Compared):
    """What a result says to a person.

    Attributes
    ----------
    kind
        What is viewed: ``footprint``, ``inventory``, ``comparison``...
    title
        The result in one line.
    headline
        What must be read with it: how much is counted, how far it can be trusted.
    breakdowns
        What it is made of.
    mend_first
        What to fix first, in order.
    mend_title
        The head of that list.
    stands_out
        What must be known beside it.
    rests_on
        Method, date, factors, files.
    sources
        Citations of the factors in use.
    more
        How to see all of it, where the result is shown by a command.
    """

    kind: str
    title: str
    headline: tuple[str, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    mend_first: tuple[Point, ...] = ()
    mend_title: str = ""
    stands_out: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    more: str = ""
    language: str = attrs.field(factory=spoken)

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types: the same sentences and figures that the page shows."""
        return {
            "kind": self.kind,
            "language": self.language,
            "title": self.title,
            "headline": list(self.headline),
            "breakdowns": [each.to_dict() for each in self.breakdowns],
            "mend_first": [
                {"text": each.text, "items": each.items, "rows": each.rows}
                for each in self.mend_first
            ],
            "stands_out": list(self.stands_out),
            "rests_on": list(self.rests_on),
            "sources": list(self.sources),
        }


def breakdown_of(
    frame: Breakdown, rows: Sequence[tuple[str, Sequence[float | None], Sequence[bool]]]
) -> Breakdown:
    """Return a breakdown whose figures add up.

    Parameters
    ----------
    frame
        A breakdown without rows: heads, unit, decimals.
    rows
        Label, figures and their bounds of each part, the largest first.
    """
    every = [
        Row(
            label,
            tuple(values),
            tuple(frame.text(v, bounded=b) for v, b in zip(values, bounds, strict=True)),
            tuple(bounds),
        )
        for label, values, bounds in rows
    ]
    others = every[_TOP:]
    columns = range(len(frame.columns))
    whole = [row.values[0] for row in every]
    return attrs.evolve(
        frame,
        rows=tuple(every[:_TOP]),
        shares=frame.shares and all(value is None or value >= 0.0 for value in whole),
        rest=len(others),
        rest_values=tuple(_sum([row.values[k] for row in others]) for k in columns),
        rest_bounded=tuple(any(row.bound_of(k) for row in others) for k in columns),
    )


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
