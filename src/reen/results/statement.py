"""Statement: a footprint under the categories of a greenhouse-gas account.

Input: lines that `statement_making` worked out.  Output: a value with, for each category, a figure,
its uncertainty, what is missing and the sources; its table, its JSON and its page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import attrs
import pyarrow as pa

from reen.errors import OptionError
from reen.reasons import Detail, Reason
from reen.results.json_text import json_pieces
from reen.results.total import Total
from reen.views.arrow_table import ArrowTable
from reen.views.viewed import Viewed

__all__ = ["FORM", "Difference", "Missing", "Statement", "StatementLine", "sum_of_known"]


#: What the JSON text says it is.
FORM = "reen-statement/1"


@attrs.frozen(order=True)
class Missing:
    """Rows of a category that should be counted and could not be.

    Attributes
    ----------
    kind
        Kind of flow: ``item``, ``electricity``, ``service``, ``waste``.
    reason
        Why.
    quantity
        Items of the rows whose quantity is known.
    rows
        Number of rows.
    """

    kind: str
    reason: Reason
    quantity: float
    rows: int


@attrs.frozen(kw_only=True)
class StatementLine:
    """One category of a statement.

    Attributes
    ----------
    code, title
        Number of the category, and its name.
    value
        kgCO2e per year; NaN where nothing was counted, which is not zero.
    uncertainty
        Half width of the 95 % interval as a share of the value, flows being independent of each
        other; None where less than 80 % of the value has a published uncertainty.
    covered
        Share of the value whose factors have a published uncertainty.
    sources
        Citations of the factors used.
    parts
        What the value is made of, where that is more than one thing: name and kgCO2e per year.
    missing
        What should be counted and could not be.
    notes
        What must be known to read the figure.
    """

    code: str
    title: Reason
    value: float
    uncertainty: float | None
    covered: float
    sources: tuple[str, ...]
    parts: tuple[tuple[Reason, float], ...]
    missing: tuple[Missing, ...]
    notes: tuple[Reason, ...]

    @property
    def bound(self) -> str:
        """Return the sign of a lower bound, where something that should be counted is missing."""
        return ">= " if self.missing and not math.isnan(self.value) else ""

    def figure(self, language: str = "en") -> str:
        """Return the category and its figure in one line."""
        said: dict[str, Detail] = {
            "code": self.code,
            "title": self.title,
            "bound": self.bound,
            "value": _shown(self.value),
        }
        if self.uncertainty is None:
            return Reason("statement_line", **said).text(language)
        percent = round(100 * self.uncertainty)
        return Reason("statement_line_uncertain", percent=percent, **said).text(language)

    def remarks(self, language: str = "en") -> Iterator[str]:
        """Yield what the figure is made of, how it must be read, and what is missing from it."""
        for name, value in self.parts:
            said = Reason("statement_of_which", part=name, value=_shown(value))
            yield said.text(language)
        yield from (note.text(language) for note in self.notes)
        for one in self.missing:
            yield Reason("statement_missing", count=one.rows, reason=one.reason).text(language)


@attrs.frozen
class Difference:
    """A named difference between the lines of a statement and the footprint.

    Attributes
    ----------
    reason
        What makes it.
    value
        kgCO2e per year that the statement has more than the footprint.
    """

    reason: Reason
    value: float

    def text(self, language: str = "en") -> str:
        """Return the difference in words."""
        sign = "+" if self.value >= 0 else "-"
        value = _shown(abs(self.value))
        said = Reason("statement_difference", reason=self.reason, sign=sign, value=value)
        return said.text(language)


@attrs.frozen(kw_only=True, repr=False)
class Statement(ArrowTable, Viewed):
    """A footprint under the categories of a greenhouse-gas account.

    Attributes
    ----------
    scheme
        ``beges-v5`` or ``ghg-protocol``.
    year
        Year of the reference date.
    lines
        The categories, in the order of the scheme; those that a digital footprint never fills are
        not among them.
    outside
        What the scheme has no category for.
    differences
        What the lines and `outside` have more than the footprint; they add up to it exactly.
    measured
        The total of the footprint, by the method.
    complete
        Whether nothing is missing, refused or doubted.
    lower_bound
        Whether the sum can only grow when what is missing is counted.
    doubtful
        Whether something that is counted may be wrong.
    lacking
        Whether something that should be counted is missing or refused.
    """

    made_by: ClassVar = "reen.results.statement_view:statement_view"

    scheme: str
    year: int
    lines: tuple[StatementLine, ...]
    outside: tuple[StatementLine, ...]
    differences: tuple[Difference, ...]
    measured: Total
    complete: bool
    lower_bound: bool
    doubtful: bool
    lacking: bool = False

    def line(self, code: str) -> StatementLine:
        """Return the line of a category.

        Raises
        ------
        OptionError
            The statement has no such category.
        """
        for each in (*self.lines, *self.outside):
            if each.code == code:
                return each
        known = ", ".join(each.code for each in (*self.lines, *self.outside))
        raise OptionError("statement", "code", code, Reason("error_one_of", names=known))

    @property
    def footprint(self) -> float:
        """Return the figure of the footprint, kgCO2e per year; NaN when nothing was assessed."""
        return self.measured.value

    @property
    def total(self) -> float:
        """Return the sum of the categories, without what is outside; NaN when all are unknown."""
        return sum_of_known(each.value for each in self.lines)

    def to_arrow(self) -> pa.Table:
        """Return one row per category, those outside the scheme last.

        Columns: scheme, year, code, title (in English), value, lower_bound, unit, uncertainty
        (share of the value), covered, sources, missing and notes (in English).
        """
        rows = [
            {
                "scheme": self.scheme,
                "year": self.year,
                "code": each.code,
                "title": each.title.text("en"),
                "value": _finite(each.value),
                "lower_bound": bool(each.bound),
                "unit": "kgCO2e/year",
                "uncertainty": each.uncertainty,
                "covered": each.covered,
                "sources": list(each.sources),
                "missing": [
                    f"{one.kind}: {one.reason.text('en')}, {one.rows} row(s)"
                    for one in each.missing
                ],
                "notes": [note.text("en") for note in each.notes],
            }
            for each in (*self.lines, *self.outside)
        ]
        texts = pa.list_(pa.string())
        fields = [
            ("scheme", pa.string()),
            ("year", pa.int32()),
            ("code", pa.string()),
            ("title", pa.string()),
            ("value", pa.float64()),
            ("lower_bound", pa.bool_()),
            ("unit", pa.string()),
            ("uncertainty", pa.float64()),
            ("covered", pa.float64()),
            ("sources", texts),
            ("missing", texts),
            ("notes", texts),
        ]
        return pa.Table.from_pylist(rows, schema=pa.schema(fields))

    def to_dict(self) -> dict[str, object]:
        """Return the statement as JSON types, its sentences in English."""
        rows = self.to_arrow().to_pylist()
        return {
            "form": FORM,
            "scheme": self.scheme,
            "year": self.year,
            "total": _finite(self.total),
            "unit": "kgCO2e/year",
            "complete": self.complete,
            "lower_bound": self.lower_bound,
            "doubtful": self.doubtful,
            "footprint": _finite(self.footprint),
            "differences": [
                {
                    "code": each.reason.code,
                    "text": each.reason.text("en"),
                    "value": _finite(each.value),
                }
                for each in self.differences
            ],
            "lines": rows[: len(self.lines)],
            "outside": rows[len(self.lines) :],
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the statement as JSON text, by the schema ``reen.json_schema("statement")``."""
        return "".join(json_pieces(self.to_dict(), indent=indent))

    def __repr__(self) -> str:
        """Return the scheme, the year and the sum in one line."""
        return f"<Statement {self.scheme} {self.year}: {self.sum_in_words()}>"

    def __str__(self) -> str:
        """Return the categories as lines of text, in English."""
        return "\n".join(self.text())

    def sum_in_words(self, language: str = "en") -> str:
        """Return the sum of the categories in a sentence, with its completeness."""
        return _in_words("statement_total", self.total, self).text(language)

    def footprint_in_words(self, language: str = "en") -> str:
        """Return the footprint by the method in a sentence, with its completeness."""
        return _in_words("statement_footprint", self.footprint, self.measured).text(language)

    def text(self, language: str = "en") -> Iterator[str]:
        """Yield the statement as lines of text."""
        yield Reason("statement_of", scheme=self.scheme, year=self.year).text(language)
        for each in (*self.lines, *self.outside):
            yield each.figure(language)
            yield from (f"  {said}" for said in each.remarks(language))
        yield self.sum_in_words(language)
        yield from (f"  {difference.text(language)}" for difference in self.differences)
        if self.differences:
            yield f"  {self.footprint_in_words(language)}"


def _in_words(code: str, value: float, of: Statement | Total) -> Reason:
    """Return a figure in a sentence, with how complete it is."""
    if of.doubtful:
        code += "_doubtful_incomplete" if of.lacking else "_doubtful"
    elif of.lower_bound:
        code += "_at_least"
    elif not of.complete:
        code += "_incomplete"
    return Reason(code, value=_shown(value))


def _finite(value: float) -> float | None:
    """Return a figure as JSON has it: null where it is not known."""
    return None if math.isnan(value) else value


def _shown(value: float) -> float | str:
    """Return a figure in tonnes, to the kilogram; what is shown where nothing was counted."""
    return "-" if math.isnan(value) else round(value / 1000.0, 3)


def sum_of_known(values: Iterator[float]) -> float:
    """Return the sum of the figures that are known; NaN where none is."""
    found = list(values)
    known = [value for value in found if not math.isnan(value)]
    return math.fsum(known) if known else math.nan
