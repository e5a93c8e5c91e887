"""Sums among the rows of canonical Arrow data, found while the rows pass, once and in their order.

Input: record batches.  Output: which of their rows add up others, by the label of a total or by
their number, and the account of these.  A row is looked at for what it may be: the first and the
last ones, those that count many times more items than a row does, those with a label.  A total that
is no sum, and numbers that may be sums, are doubted.

Of what is looked at every cell passes the gate first.  Must not read files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import all_but, numpy_of
from reen.gate.admission import Admission, admit
from reen.inventory.account import Account, AccountLine, Fate
from reen.inventory.issues import Issue
from reen.reasons import Reason
from reen.tables.arrow_amounts import SAME, Above, amounts_of, counted_column, plain_of
from reen.tables.arrow_doubts import Doubts, WrongTotal
from reen.tables.arrow_ends import ENDS, sum_at_the_end
from reen.tables.arrow_labels import OF_ASSETS, LabelColumns, split_apart
from reen.tables.arrow_place_words import WordsOfPlaces
from reen.tables.arrow_places import ItemsOfPlaces, RowsOfSums
from reen.tables.rows.totals import is_part_label, labelled_totals

__all__ = ["MANY_TIMES", "SumFinder", "sums_of_held", "without_sums"]

#: Times the mean quantity from which a row may add up others.
MANY_TIMES = 10.0

_Floats = npt.NDArray[np.float64]
_Rows = npt.NDArray[np.int64]


def without_sums(table: pa.Table, source: str) -> tuple[pa.Table, Account]:
    """Return the rows of a table that add up no others, and the account of those that do."""
    rows, account, _ = sums_of_held(table.schema, table.to_batches(), source)
    if not len(rows):
        return table, account
    kept = all_but(table.num_rows, rows)
    return admit(table, place=source or "table").filter(kept), account


def sums_of_held(
    schema: pa.Schema,
    batches: Sequence[pa.RecordBatch],
    source: str,
    *,
    place: str = "",
    encoded: Collection[str] = (),
) -> tuple[_Rows, Account, list[pa.RecordBatch]]:
    """Return which rows of batches in memory add up others, the account of these, and the batches.

    Some columns of these are dictionaries: see `SumFinder`.

    Raises
    ------
    InventoryError
        A cell is not what its type says.
    """
    finder = SumFinder(schema, source, place=place, adds_places=False, encoded=encoded)
    looked = [batch for batch, _ in finder.looked(batches)]
    while finder.needs_another_look:
        finder = finder.for_another_look()
        looked = [batch for batch, _ in finder.looked(looked)]
    settled = finder.settle().get(0, np.zeros(0, np.int64))
    return np.union1d(np.array(finder.rows, np.int64), settled), finder.account, looked


class SumFinder:
    """Looks for the rows that add up others.

    Parameters
    ----------
    schema
        Columns of the rows.
    source
        What they are called in the account.
    place
        What they are called in errors, where it is another name.
    adds_places
        Whether the items of each place are added up from the first row on; else
        `needs_another_look` tells at the end whether they are to be.
    encoded
        Columns to hand on as dictionaries: whoever takes the rows would make them again.
    with_labels
        Columns of which every word is looked at.

    Attributes
    ----------
    rows
        Positions, from 0, of the rows of the source that do.
    saw_many
        Whether some rows count many times more items than a row does.
    """

    def __init__(
        self,
        schema: pa.Schema,
        source: str,
        *,
        place: str = "",
        adds_places: bool = True,
        encoded: Collection[str] = (),
        with_labels: Iterable[str] = (),
    ) -> None:
        self.saw_many = False
        self._place = place or source or "Arrow data"
        self._gate = Admission(place=self._place)
        self._columns = LabelColumns(self._gate, encoded, with_labels)
        self._encoded = encoded
        self._seen = 0
        self._all, self._part, self._of_site = Above(), Above(), Above()
        self._sums: dict[tuple[str, str], int] = {}
        self._issues: list[Issue] = []
        self._doubts = Doubts()
        self._adds_places = adds_places
        self._groups = ItemsOfPlaces()
        self._words = WordsOfPlaces()
        self._settled: RowsOfSums | None = None
        self._ended_in_sums = False
        self.begin(source, schema)

    def begin(
        self,
        source: str,
        schema: pa.Schema,
        *,
        file: int = 0,
        constants: Mapping[str, str | None] | None = None,
    ) -> None:
        """Go on with the rows of another file of the same table, and what its folders say."""
        self.rows: list[int] = []
        self._source, self._schema, self._file = source, schema, file
        self._passed, self._here = 0, Above()
        self._constants = constants or {}
        self._columns.begin(schema)
        self._counted = counted_column(schema)

    @property
    def needs_another_look(self) -> bool:
        """Tell whether rows held more than this look was prepared for."""
        return self._columns.is_late or self._needs_places

    @property
    def _needs_places(self) -> bool:
        return not self._adds_places and (
            self._words.are_there or any(each.kind is not None for each in self._doubts.totals)
        )

    def for_another_look(self) -> SumFinder:
        """Return a finder for the same rows, prepared for what they held."""
        return SumFinder(
            self._schema,
            self._source,
            place=self._place,
            adds_places=self._adds_places or self._needs_places,
            encoded=self._encoded,
            with_labels=self._columns.with_labels,
        )

    def settle(self) -> Mapping[int, _Rows]:
        """Return, once all rows were looked at, those of places that add up others, by their file.

        They are no more counted.  Where this is not asked they are, and doubted.
        """
        self._settled = self._of_places(was_kept=False)
        for source, rows in self._settled.sources.items():
            self._count(source, "row_total", rows)
        return self._settled.rows

    def _of_places(self, *, was_kept: bool) -> RowsOfSums:
        return RowsOfSums() if self._ended_in_sums else self._groups.settled(was_kept=was_kept)

    @property
    def _sums_above(self) -> tuple[Above, ...]:
        """What a total may add up: rows since one, those of a site, of the file, or all of them."""
        return self._part, self._of_site, self._here, self._all

    @property
    def account(self) -> Account:
        """Return what became of the rows that add up others, and what is doubted."""
        settled = self._settled or self._of_places(was_kept=True)
        everything = self._all.items, self._all.items - settled.items
        doubts = self._doubts.issues(everything, self._groups.items_of_type)
        lines = [
            AccountLine(source=source, fate=Fate.SET_ASIDE, reason=Reason(code), rows=rows)
            for (source, code), rows in self._sums.items()
        ]
        return Account.of(lines, issues=[*self._issues, *settled.issues, *doubts])

    def looked(
        self, batches: Iterable[pa.RecordBatch]
    ) -> Iterator[tuple[pa.RecordBatch, pa.Array | None]]:
        """Yield each batch, and which of its rows stay; None where all do.

        Some are held back, as the last rows are looked at as such.

        Raises
        ------
        InventoryError
            A cell is not what its type says.
        """
        if not self._columns.names and not self._constants:
            for batch in batches:
                yield batch, None
            return
        held: list[pa.RecordBatch] = []
        after = 0
        for batch in batches:
            held.append(batch)
            after += batch.num_rows
            while after - held[0].num_rows >= ENDS:
                first = held.pop(0)
                after -= first.num_rows
                yield self._look(first, np.zeros(0, np.int64))
        yield from self._look_at_the_end(held)

    def _look_at_the_end(
        self, held: Sequence[pa.RecordBatch]
    ) -> Iterator[tuple[pa.RecordBatch, pa.Array | None]]:
        left = sum(batch.num_rows for batch in held)
        looked: list[tuple[pa.RecordBatch, pa.Array | None]] = []
        found, before = len(self.rows), self._passed
        for batch in held:
            first = max(0, batch.num_rows - max(0, ENDS - (left - batch.num_rows)))
            left -= batch.num_rows
            looked.append(self._look(batch, np.arange(first, batch.num_rows, dtype=np.int64)))
        if len(self.rows) == found and self._counted:
            begin = self._sum_at_the_end(held)
            for k, (batch, _) in enumerate(looked):
                here = max(0, begin - before)
                before += batch.num_rows
                if here < batch.num_rows:
                    looked[k] = batch, all_but(batch.num_rows, np.arange(here, batch.num_rows))
        yield from looked

    def _sum_at_the_end(self, held: Sequence[pa.RecordBatch]) -> int:
        """Return the position from which the last rows are a sum of no label."""
        last = sum_at_the_end(
            held,
            self._gate,
            names=self._columns.names,
            identifiers=self._columns.identifiers,
            items=(self._all.items, self._here.items),
            rows=self._seen,
            passed=self._passed,
            source=self._source,
        )
        if last is None:
            return self._passed
        self._issues += last.issues
        self._ended_in_sums = True
        if not last.is_sum:
            return self._passed
        self._count(self._source, "row_total", last.rows)
        begin = self._passed - last.rows
        self.rows += [*range(begin, self._passed)]
        return begin

    def _look(self, batch: pa.RecordBatch, last: _Rows) -> tuple[pa.RecordBatch, pa.Array | None]:
        """Find the sums of a batch, of which some rows are the last ones."""
        if self._counted:
            counts = self._columns.admitted(batch, self._counted)
            quantities = amounts_of(counts)
            if not pa.types.is_integer(plain_of(counts.slice(0, 0)).type):
                self._doubts.add_parts(self._source, quantities, self._passed)
        else:
            quantities = np.zeros(batch.num_rows)
        columns = self._columns.words_of(batch)
        rows = self._rows_to_look_at(batch, columns, quantities, last)
        found: list[int] = []
        done = 0
        for piece in split_apart(rows):
            found += self._sums_of(batch, piece, quantities, done)
            done = int(piece[-1]) + 1
        self._add(quantities[done:])
        if self._counted:
            self._add_places(batch, columns, quantities, found)
        self.rows += [self._passed + row for row in found]
        self._passed += batch.num_rows
        self._seen += batch.num_rows
        kept = all_but(batch.num_rows, np.array(found, np.int64)) if found else None
        return self._columns.handed_on(batch, columns), kept

    def _add_places(
        self,
        batch: pa.RecordBatch,
        columns: Mapping[str, pa.Array],
        quantities: _Floats,
        found: Sequence[int],
    ) -> None:
        """Add up the items of each place and type; those of single assets stand in no sum."""
        counted = np.ones(batch.num_rows, np.bool_)
        counted[found] = False
        if not self._adds_places:
            items = np.where(counted, quantities, 0.0) if found else quantities
            self._words.add(columns, self._constants, items)
            return
        for name in OF_ASSETS.intersection(self._columns.identifiers):
            counted &= numpy_of(self._columns.admitted(batch, name).is_null())
        self._groups.add(
            columns,
            self._constants,
            quantities,
            counted,
            file=self._file,
            source=self._source,
            passed=self._passed,
        )

    def _rows_to_look_at(
        self,
        batch: pa.RecordBatch,
        columns: dict[str, pa.Array],
        quantities: _Floats,
        last: _Rows,
    ) -> _Rows:
        found = [last, np.arange(max(0, min(ENDS - self._passed, len(quantities))), dtype=np.int64)]
        if len(quantities):
            mean = (self._all.items + quantities.sum()) / (self._seen + len(quantities))
            many = np.flatnonzero(quantities > MANY_TIMES * mean).astype(np.int64)
            self.saw_many |= len(many) > 0
            if len(columns) == len(self._columns.names):
                # where every word is looked at, what has none is left
                many = _blank_in_all(columns.values(), many)
            found.append(many)
        looked = np.concatenate(found)
        found += self._columns.rows_with_labels(batch, columns, looked, passed=self._seen)
        return np.unique(np.concatenate(found))

    def _sums_of(
        self, batch: pa.RecordBatch, rows: _Rows, quantities: _Floats, done: int
    ) -> list[int]:
        """Return those of some rows that are sums; add up what stands between them."""
        end = int(rows[-1]) + 1
        sheet = self._columns.sheet_of(batch, rows, self._passed) if self._columns.names else None
        if sheet is None:
            self._add(quantities[done:end])
            return []
        labelled = labelled_totals(sheet, self._columns.places)
        bare = np.full(len(sheet), not self._constants)
        for position in sheet.positions:
            bare &= ~sheet.filled(position)
        found = []
        for k in np.flatnonzero(labelled.total | labelled.maybe | bare).tolist():
            row, line = int(rows[k]), int(sheet.lines[k])
            quantity = float(quantities[row])
            self._add(quantities[done:row])
            done = row
            is_sum = quantity > 0.0 and any(each.equals(quantity) for each in self._sums_above)
            label = self._columns.label_of(sheet, k)
            if not labelled.total[k] and not is_sum:
                if labelled.maybe[k] and not self._columns.is_a_name(batch, label):
                    self._doubts.names.setdefault((self._source, label), []).append(line)
                continue
            partial = bool(labelled.partial[k])
            if quantity > 0.0 and not is_part_label(label):
                kind = self._columns.type_of(sheet, k)
                self._check(quantity, line, partial=partial, kind=kind)
            self._count(self._source, "row_sub_total" if partial else "row_total", 1)
            found.append(row)
            done = row + 1
            self._part = Above()
            if not partial:
                self._of_site = Above()
        self._add(quantities[done:end])
        return found

    def _add(self, quantities: _Floats) -> None:
        items, rows = float(quantities.sum()), int(np.count_nonzero(quantities))
        for above in self._sums_above:
            above.items += items
            above.rows += rows

    def _count(self, source: str, code: str, rows: int) -> None:
        self._sums[source, code] = self._sums.get((source, code), 0) + rows

    def _check(self, quantity: float, line: int, *, partial: bool, kind: str | None) -> None:
        """Remember a total that is not the sum of its rows."""
        if any(abs(each.items - quantity) < SAME for each in self._sums_above):
            return
        computed = self._part.items if partial else self._here.items
        self._doubts.totals.append(WrongTotal(self._source, quantity, computed, line, kind))


def _blank_in_all(columns: Iterable[pa.Array], rows: _Rows) -> _Rows:
    """Return those of some rows that are blank in all columns."""
    for column in columns:
        if len(rows):
            blank = pc.equal(plain_of(column.take(pa.array(rows))), "")
            rows = rows[numpy_of(pc.fill_null(blank, fill_value=True))]
    return rows
