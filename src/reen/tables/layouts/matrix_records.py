"""Records of a matrix: each of its counts as a row, and what its own totals say of them.

Input: where labels, counts and totals stand.  Output: the records, and the totals that do not
agree.  A blank cell and a zero are no record; "n.c." is one of unknown number; a total is none, and
is checked.

It finds no matrix: `matrix` does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import attrs

from reen.reasons import Reason
from reen.tables.headers.quantity_words import counts_something_else
from reen.tables.layouts.counts import (
    count_of,
    is_none,
    names_a_period,
    without_number,
    year_in,
    year_of,
)
from reen.tables.layouts.matrix_header import YEARS, Column
from reen.tables.layouts.matrix_labels import is_total, label_in
from reen.tables.layouts.parents import Parent, told_parents
from reen.tables.layouts.words import Words
from reen.tables.rows.totals import is_part_label

__all__ = ["Matrix", "Shape", "sum_of"]

Cells = Sequence[Sequence[str]]

#: Periods that a doubt names.
_SHOWN = 6


@attrs.frozen(eq=False, repr=False)
class Matrix:
    """A table of counts as records.

    Attributes
    ----------
    header
        Headers of the records.
    rows
        Place of the row in the block, and cells, of each record; totals have a label alone.
    told
        What is to be told: that it was read so, and the totals that do not agree.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    told: tuple[Reason, ...]


@attrs.frozen(eq=False, repr=False)
class Shape:
    """Where the parts of a matrix stand.

    Attributes
    ----------
    rows, start
        The rows of its block, and the first one below the header.
    labels, values, totals, carried
        Columns left of the counts, of counts, of their totals, and of other facts.
    words
        What is known of cells.
    dimensions
        Header of each level of the columns of counts, None for one that says nothing.
    left
        Columns that are none of these.
    parents
        Lines that add up those below them.
    label
        Which of `labels` says what a row counts.
    told_of_types
        What is to be told of where the types stand.
    """

    rows: Cells
    start: int
    labels: list[Column]
    values: list[Column]
    totals: list[Column]
    carried: list[Column]
    words: Words
    dimensions: tuple[str | None, ...]
    left: Sequence[Column] = ()
    parents: tuple[Parent, ...] = ()
    label: int = 0
    told_of_types: tuple[Reason, ...] = ()

    def unpivoted(self) -> Matrix:
        """Return the records."""
        asides = [*self.labels, *self.carried]
        named = [header for header in self.dimensions if header is not None]
        header = (*(column.text for column in asides), *named, "Quantité")
        found: list[tuple[int, tuple[str, ...]]] = []
        summed = self._summed
        for place, row in self._body():
            if place in summed or self._is_total(row):
                own = self._name_of(row)
                text = f"Sous-total {own}" if place in summed else own
                blank = [""] * (len(header) - self.label - 1)
                found.append((place, (*[""] * self.label, text, *blank)))
                continue
            beside = tuple(row[column.place] for column in asides)
            counts = [(column, row[column.place]) for column in self.values]
            filled = [(column, cell) for column, cell in counts if not is_none(cell)]
            for column, cell in filled:
                if count_of(cell) != 0.0:
                    found.append((place, (*beside, *self._named(column), cell)))
            if not filled and self._is_title(row):
                found.append((place, (*beside, *[""] * (len(header) - len(beside)))))
        records = [cells for _, cells in found if cells[-1]]
        known = [count for count in map(count_of, (cells[-1] for cells in records)) if count > 0]
        read = Reason("matrix_read", count=len(records), columns=len(self.values), items=sum(known))
        return Matrix(
            header, tuple(found), (read, *self.told_of_types, *self._told(), *self._wrong_totals())
        )

    def _told(self) -> Iterator[Reason]:
        """Yield which columns are not read, with their sums, and which years are marked."""
        body = self._counted()
        yield from self._told_parents()
        for code, counted in (("matrix_counts_left", True), ("matrix_columns_left", False)):
            shown = [
                f"{' - '.join(filter(None, column.levels))} ({total:g})"
                for column in self.left
                if any(row[column.place].strip() for row in body)
                for total in (sum_of(row[column.place] for row in body),)
                if counted is self._may_be_items(column)
            ]
            if shown:
                yield Reason(code, columns=", ".join(shown))
        for level, header in enumerate(self.dimensions):
            texts = [column.levels[level] for column in self.values]
            marked = [text for text in texts if header in YEARS and not year_of(text)]
            if marked:
                yield Reason("matrix_years_marked", columns=", ".join(marked))
        levels = [
            [column.levels[level] for column in self.values]
            for level, header in enumerate(self.dimensions)
            if header not in YEARS
        ]
        rows = [[row[label.place] for row in body] for label in self.labels]
        for texts in (*levels, *rows):
            periods = list(dict.fromkeys(text for text in texts if names_a_period(text)))
            if len(periods) > 1:
                yield Reason("matrix_periods", periods=", ".join(periods[:_SHOWN]))

    @property
    def _summed(self) -> frozenset[int]:
        """Return the places of the lines that are counted by those below them."""
        return frozenset(each.row for each in self.parents if each.sure)

    def _counted(self) -> list[Sequence[str]]:
        """Return the lines whose counts are records."""
        summed = self._summed
        return [row for at, row in self._body() if at not in summed and not self._is_total(row)]

    def _told_parents(self) -> Iterator[Reason]:
        """Yield which lines add up others: those that are set aside, and those that may be."""
        named = [
            (each, self._name_of(row), sum_of(row[one.place] for one in self.values))
            for each in self.parents
            for row in (self.rows[each.row],)
        ]
        yield from told_parents(named)

    def _may_be_items(self, column: Column) -> bool:
        """Tell whether a column that is not read may count items of equipment."""
        if counts_something_else(column.text) or is_part_label(column.text):
            return False
        return any(
            self.words.names_a_type(without_number(level)) for level in column.levels if level
        )

    def _named(self, column: Column) -> tuple[str, ...]:
        """Return what a column of counts stands for."""
        return tuple(
            year_in(level) if header in YEARS else without_number(level)
            for level, header in zip(column.levels, self.dimensions, strict=True)
            if header is not None
        )

    def _is_title(self, row: Sequence[str]) -> bool:
        """Tell whether a row without counts is a title, and no type of which there is none."""
        filled = [cell for cell in row if not is_none(cell)]
        if len(filled) != 1 or "Type" in self.dimensions:
            return False
        return not self.words.names_a_type(filled[0])

    def _body(self) -> Iterator[tuple[int, Sequence[str]]]:
        return (
            (place, row)
            for place, row in enumerate(self.rows[self.start :], self.start)
            if any(cell.strip() for cell in row)
        )

    def _is_total(self, row: Sequence[str]) -> bool:
        return is_total(row, self.labels, self.label, blank=True)

    def _name_of(self, row: Sequence[str]) -> str:
        """Return what a row is called: its label, or what stands beside it."""
        return label_in(row, self.labels, self.label)

    def _wrong_totals(self) -> Iterator[Reason]:
        """Yield the totals of rows and of columns that are not the sums of their counts."""
        for row in self._counted():
            counted = sum_of(row[column.place] for column in self.values)
            start = 0
            for column in self.totals:
                places = range(start, column.place)
                near = sum_of(row[each.place] for each in self.values if each.place in places)
                start = column.place
                written = count_of(row[column.place])
                if not math.isnan(written) and written not in (counted, near):
                    yield _wrong(self._name_of(row), column.text, written, counted)
        for column in (*self.values, *self.totals):
            yield from self._wrong_columns(column)

    def _wrong_columns(self, column: Column) -> Iterator[Reason]:
        every = sum_of(row[column.place] for row in self._counted())
        above = since = 0.0
        for place, row in self._body():
            if place in self._summed:
                continue
            cell = row[column.place]
            if not self._is_total(row):
                above, since = above + _known(cell), since + _known(cell)
                continue
            label = self._name_of(row)
            if is_part_label(label):
                continue
            written = count_of(cell)
            if not math.isnan(written) and written not in (above, since, every):
                yield _wrong(label, column.text, written, above)
            since = 0.0


def _wrong(row: str, column: str, written: float, computed: float) -> Reason:
    return Reason("matrix_total", row=row or "?", column=column, written=written, computed=computed)


def _known(cell: str) -> float:
    count = count_of(cell)
    return 0.0 if math.isnan(count) else count


def sum_of(cells: Iterable[str]) -> float:
    """Return the sum of some cells; one that holds no number adds nothing."""
    return sum(map(_known, cells))
