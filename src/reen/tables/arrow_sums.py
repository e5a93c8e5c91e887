"""Sums among the rows of canonical Arrow data, found while the rows pass, once and in their order.

Input: record batches.  Output: which of their rows add up others, by the label of a total or by
their number, and the account of these.  A row is looked at for what it may be: the first and the
last ones, those that count many times more items than a row does, those of a column of few distinct
words of which one is a label.  A total that is no sum, and numbers that may be sums, are doubted.

Of what is looked at every cell passes the gate first.  Must not read files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import all_but, numpy_of
from reen.gate.admission import Admission, admit
from reen.inventory.account import Account, AccountLine, Fate
from reen.inventory.carried_account import METADATA_KEY
from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.arrow_grid import COMPANIES, NO_LABEL, PLACES, is_words
from reen.tables.arrow_places import ItemsOfPlaces, RowsOfSums, WordsOfPlaces
from reen.tables.findings import Findings
from reen.tables.headers.reading_columns import NAMES_PERSONS
from reen.tables.rows.sums_of_places import names_all_places
from reen.tables.rows.totals import (
    Places,
    is_label_alone,
    is_part_label,
    is_total_label,
    labelled_totals,
    may_hold_label,
)
from reen.tables.sheet import Sheet

__all__ = [
    "ENDS",
    "IDENTIFIERS",
    "MANY_TIMES",
    "SumFinder",
    "counted_column",
    "label_columns",
    "sums_of_held",
    "without_sums",
]

#: Of a row that has one of these nothing is added up.
IDENTIFIERS = ("id", "asset_tag", "serial_number")
#: A row that has one of these is an asset, whatever it is called.
_OF_ASSETS = frozenset({"asset_tag", "serial_number"})

#: Rows at either end that are looked at.
ENDS = 200
#: Times the mean quantity from which a row may add up others.
MANY_TIMES = 10.0
#: Rows between two that are looked at, from which the ones between are not looked at either.
_APART = 4_096
#: Items from which the number of a row that no word calls a total agrees by no likely chance.
_FEW_ITEMS, _SOME_ITEMS, _MANY_ITEMS = 10.0, 20.0, 40.0
#: Rows that have a sum.
_SEVERAL = 2
#: Rows of a column that tell whether most have a word of their own.
_TRIED = 1_000
#: Two sums that differ by less are the same.
_SAME = 1e-6

_MASK = npt.NDArray[np.bool_]
_Floats = npt.NDArray[np.float64]
_Rows = npt.NDArray[np.int64]


def label_columns(schema: pa.Schema) -> list[str]:
    """Return the columns in which a row may be called a total; none of what reen wrote."""
    if METADATA_KEY in (schema.metadata or {}):
        return []
    return [each.name for each in schema if is_words(each.type) and each.name not in NO_LABEL]


def without_sums(table: pa.Table, source: str) -> tuple[pa.Table, Account]:
    """Return the rows of a table that add up no others, and the account of those that do."""
    rows, account = sums_of_held(table.schema, table.to_batches(), source)
    if not len(rows):
        return table, account
    kept = all_but(table.num_rows, rows)
    return admit(table, place=source or "table").filter(kept), account


def sums_of_held(
    schema: pa.Schema, batches: Sequence[pa.RecordBatch], source: str, *, place: str = ""
) -> tuple[_Rows, Account]:
    """Return which rows of batches in memory add up others, and the account of these.

    Raises
    ------
    InventoryError
        A cell is not what its type says.
    """
    finder = SumFinder(schema, source, place=place, adds_places=False)
    for _ in finder.looked(batches):
        pass
    while finder.needs_another_look:
        finder = finder.for_another_look()
        for _ in finder.looked(batches):
            pass
    settled = finder.settle().get(0, np.zeros(0, np.int64))
    return np.union1d(np.array(finder.rows, np.int64), settled), finder.account


@attrs.define
class _Above:
    """The items of the rows above one, since some other row: their sum, and how many rows."""

    items: float = 0.0
    rows: int = 0

    def add(self, items: float, rows: int) -> None:
        """Add the items of some rows."""
        self.items += items
        self.rows += rows

    def equals(self, quantity: float) -> bool:
        """Tell whether a quantity is that of several rows together."""
        return self.rows > 1 and abs(self.items - quantity) < _SAME


@attrs.frozen
class _Sums:
    """What the quantities of a batch add up to.

    Attributes
    ----------
    items, most
        Their sum, and the largest of them.
    rows
        How many of them are more than 0.
    """

    items: float = 0.0
    most: float = 0.0
    rows: int = 0

    @classmethod
    def of(cls, counts: pa.Array | None) -> _Sums:
        """Add up quantities; whole numbers where they stand."""
        if counts is None or not len(counts):
            return cls()
        if pa.types.is_integer(counts.type):
            ends = pc.min_max(counts)
            low, high = ends["min"].as_py(), ends["max"].as_py()
            if low is not None and low > 0:
                return cls(pc.sum(counts).as_py(), high, len(counts) - counts.null_count)
        values = _amounts(_plain(counts))
        return cls(float(values.sum()), float(values.max()), int(np.count_nonzero(values)))


@attrs.frozen
class _Wrong:
    """A total that is not the sum of the rows above it; of those of a type where it names one."""

    source: str
    written: float
    computed: float
    line: int
    kind: str | None = None


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
    with_labels
        Columns of which every word is looked at, as some of their rows have a label.

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
        with_labels: Iterable[str] = (),
    ) -> None:
        self.rows: list[int] = []
        self.saw_many = False
        self._source = source
        self._gate = Admission(place=place or source or "Arrow data")
        self._issues: list[Issue] = []
        self._read(schema)
        self._passed = self._seen = 0
        self._all, self._part, self._of_site, self._here = (_Above() for _ in range(4))
        self._sums: dict[tuple[str, str], int] = {}
        self._wrong: list[_Wrong] = []
        self._doubted: dict[tuple[str, str], list[int]] = {}
        self._known: dict[str, tuple[pa.Array, pa.Array]] = {}
        self._with_labels = {*with_labels}
        self._knew_late = False
        self._constants: Mapping[str, str | None] = {}
        self._file = 0
        self._adds_places = adds_places
        self._parts: dict[tuple[str, bool], tuple[str, list[int]]] = {}
        self._groups = ItemsOfPlaces()
        self._words = WordsOfPlaces()
        self._settled: RowsOfSums | None = None
        self._ended_in_sums = False

    def begin(
        self,
        source: str,
        schema: pa.Schema,
        *,
        file: int = 0,
        constants: Mapping[str, str | None] | None = None,
    ) -> None:
        """Go on with the rows of another file of the same table, and what its folders say."""
        self.rows = []
        self._source, self._passed, self._here, self._file = source, 0, _Above(), file
        self._known = {}
        self._constants = constants or {}
        self._read(schema)

    @property
    def needs_another_look(self) -> bool:
        """Tell whether rows held more than this look was prepared for."""
        return self._knew_late or self._needs_places

    @property
    def _needs_places(self) -> bool:
        return not self._adds_places and (
            self._words.are_there or any(each.kind is not None for each in self._wrong)
        )

    def for_another_look(self) -> SumFinder:
        """Return a finder for the same rows, prepared for what they held."""
        return SumFinder(
            self._schema,
            self._source,
            place=self._gate.place,
            adds_places=self._adds_places or self._needs_places,
            with_labels=self._with_labels,
        )

    def settle(self) -> Mapping[int, npt.NDArray[np.int64]]:
        """Return, once all rows were looked at, those of places that add up others, by their file.

        They are no more counted.  Where this is not asked they are, and doubted.
        """
        self._settled = self._of_places(was_kept=False)
        for source, rows in self._settled.sources.items():
            told = source, "row_total"
            self._sums[told] = self._sums.get(told, 0) + rows
        return self._settled.rows

    def _of_places(self, *, was_kept: bool) -> RowsOfSums:
        if self._ended_in_sums:
            return RowsOfSums()
        return self._groups.settled(was_kept=was_kept)

    def _read(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._labels = label_columns(schema)
        self._counted = counted_column(schema)
        self._others = [name for name in IDENTIFIERS if name in schema.names]

    @property
    def _sums_above(self) -> tuple[_Above, ...]:
        """What a total may add up: rows since one, those of a site, of the file, or all of them."""
        return self._part, self._of_site, self._here, self._all

    @property
    def account(self) -> Account:
        """Return what became of the rows that add up others, and what is doubted."""
        settled = self._settled or self._of_places(was_kept=True)
        issues = [*self._issues, *settled.issues]
        everything = self._all.items, self._all.items - settled.items
        for (source, label), places in self._doubted.items():
            issues += _doubt(
                source,
                "",
                label,
                places,
                Reason("maybe_total"),
                expected=Reason("model_of_asset"),
            )
        for (source, several), (value, places) in self._parts.items():
            issues += _doubt(
                source,
                "quantity",
                value,
                places,
                Reason("parts_of_items"),
                expected=Reason("whole_items"),
                # a part of one item is shared; two and a half are a mean, or a slip
                severity=Severity.DOUBT if several else Severity.NOTE,
            )
        for each in self._wrong:
            of_type = 0.0 if each.kind is None else self._groups.items_of_type(each.kind)
            # that of all may stand above them
            if all(abs(each.written - items) >= _SAME for items in (*everything, of_type)):
                issues += _doubt(
                    each.source,
                    "quantity",
                    f"{each.written:g}",
                    [each.line],
                    Reason("wrong_total", computed=of_type or each.computed),
                    expected=Reason("same_total"),
                )
        lines = [
            AccountLine(source=source, fate=Fate.SET_ASIDE, reason=Reason(code), rows=rows)
            for (source, code), rows in self._sums.items()
        ]
        return Account.of(lines, issues=issues)

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
        if not self._labels and not self._constants:
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
                yield first, self._look(first, np.zeros(0, np.int64))
        yield from self._look_at_the_end(held)

    def _look_at_the_end(
        self, held: Sequence[pa.RecordBatch]
    ) -> Iterator[tuple[pa.RecordBatch, pa.Array | None]]:
        left = sum(batch.num_rows for batch in held)
        masks = []
        begun = len(self.rows)
        before = self._passed
        for batch in held:
            first = max(0, batch.num_rows - max(0, ENDS - (left - batch.num_rows)))
            left -= batch.num_rows
            masks.append(self._look(batch, np.arange(first, batch.num_rows, dtype=np.int64)))
        if len(self.rows) == begun:
            self._look_for_sums_of_no_label(held)
            for k, batch in enumerate(held):
                here = np.array(self.rows[begun:], np.int64) - before
                here = here[(here >= 0) & (here < batch.num_rows)]
                before += batch.num_rows
                if len(here):
                    masks[k] = all_but(batch.num_rows, here)
        yield from zip(held, masks, strict=True)

    def _look(self, batch: pa.RecordBatch, last: _Rows) -> pa.Array | None:
        """Find the sums of a batch, of which some rows are the last ones."""
        counts = self._admitted(batch, self._counted) if self._counted else None
        columns = {name: _as_words(self._admitted(batch, name), name) for name in self._labels}
        for name in self._with_labels.intersection(columns):
            columns[name] = _encoded(columns[name])
        sums = _Sums.of(counts)
        rows = self._rows_to_look_at(batch, columns, counts, sums, last)
        found: list[int] = []
        quantities = None
        if counts is not None:
            quantities = _amounts(_plain(counts))
        if not len(rows):
            self._add(sums.items, sums.rows)
        else:
            done = 0
            for piece in np.split(rows, np.flatnonzero(np.diff(rows) > _APART) + 1):
                found += self._sums_of(batch, piece, quantities, done)
                done = int(piece[-1]) + 1
            self._add_rows(quantities, done)
        if counts is not None:
            self._look_for_parts(counts)
        if quantities is not None and self._adds_places:
            self._add_places(batch, columns, quantities, found)
        elif quantities is not None:
            if found:
                quantities = quantities.copy()
                quantities[found] = 0.0
            self._words.add(columns, self._constants, quantities)
        self.rows += [self._passed + row for row in found]
        self._passed += batch.num_rows
        self._seen += batch.num_rows
        return all_but(batch.num_rows, np.array(found, np.int64)) if found else None

    def _look_for_parts(self, counts: pa.Array) -> None:
        """Remember the quantities that are no whole number, as those of a list are told."""
        if pa.types.is_integer(_plain(counts.slice(0, 0)).type):
            return
        values = _amounts(_plain(counts))
        for row in np.flatnonzero(np.floor(values) != values).tolist():
            value = float(values[row])
            told = self._parts.setdefault((self._source, value > 1.0), (f"{value:g}", []))
            told[1].append(self._passed + row + 1)

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
        for name in _OF_ASSETS.intersection(self._others):
            counted &= numpy_of(self._admitted(batch, name).is_null())
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
        counts: pa.Array | None,
        sums: _Sums,
        last: _Rows,
    ) -> _Rows:
        """Return them; where one has a label, every word of its column is looked at from now on."""
        found = [last]
        if self._passed < ENDS:
            found.append(np.arange(min(ENDS - self._passed, batch.num_rows), dtype=np.int64))
        if counts is not None and batch.num_rows:
            mean = (self._all.items + sums.items) / (self._seen + batch.num_rows)
            if sums.most > MANY_TIMES * mean:
                many = np.flatnonzero(_amounts(_plain(counts)) > MANY_TIMES * mean)
                of_few = all(pa.types.is_dictionary(each.type) for each in columns.values())
                # where every word is looked at, what has none is left
                found.append(_blank_in_all(columns.values(), many) if of_few else many)
                self.saw_many |= bool(len(many))
        some = pa.array(np.concatenate(found))
        for name, column in columns.items():
            words = column
            if not pa.types.is_dictionary(column.type):
                if not len(_labels_among(column.take(some))):
                    continue
                self._with_labels.add(name)
                self._knew_late |= self._seen > 0
                words = columns[name] = _encoded(column)
            codes = self._codes_of_labels(name, words.dictionary)
            if len(codes):
                there = pc.fill_null(pc.is_in(words.indices, codes), fill_value=False)
                found.append(np.flatnonzero(numpy_of(there)))
        return np.unique(np.concatenate(found)).astype(np.int64)

    def _codes_of_labels(self, name: str, words: pa.Array) -> pa.Array:
        """Return which words of a dictionary may be labels; batches share dictionaries."""
        known = self._known.get(name)
        if known is not None and (known[0] is words or known[0].equals(words)):
            return known[1]
        codes = _labels_among(words)
        self._known[name] = words, codes
        return codes

    def _admitted(self, batch: pa.RecordBatch, name: str) -> pa.Array:
        return self._gate.batch(batch.select([name])).column(0)

    def _sheet(self, batch: pa.RecordBatch, rows: _Rows) -> Sheet | None:
        """Return the words of some rows; None where there is no label and each has a word."""
        names = [*self._labels, *self._others]
        low, high = int(rows[0]), int(rows[-1]) + 1
        piece = self._gate.batch(batch.slice(low, high - low).select(names))
        piece = piece.take(pa.array(rows - low))
        cells = {k: piece.column(k).cast(pa.string()) for k in range(len(names))}
        labels = [cells[k] for k in range(len(self._labels))]
        if not any(map(may_hold_label, labels)) and any(map(_is_full, cells.values())):
            return None
        return Sheet(cells, self._passed + rows + 1)

    def _places(self) -> Places:
        texts = [*range(len(self._labels))]
        names = [*self._labels, *self._others]
        return Places(
            all=texts,
            texts=texts,
            identifiers=[k for k, name in enumerate(names) if name in _OF_ASSETS],
            types=[k for k, name in enumerate(names) if name == "equipment_type"],
            models=[k for k, name in enumerate(names) if name == "model"],
            companies=[k for k, name in enumerate(names) if name in COMPANIES],
        )

    def _sums_of(
        self, batch: pa.RecordBatch, rows: _Rows, quantities: _Floats | None, done: int
    ) -> list[int]:
        """Return those of some rows that are sums; add up what stands between them."""
        sheet, places = self._sheet(batch, rows), self._places()
        if sheet is None or not self._labels:
            self._add_rows(quantities, done, int(rows[-1]) + 1)
            return []
        labelled = labelled_totals(sheet, places)
        typed = _any(sheet, places.types)
        bare = ~_any(sheet, range(len(self._labels) + len(self._others)))
        bare &= not self._constants
        found = []
        for k in np.flatnonzero(labelled.total | labelled.maybe | bare).tolist():
            row = int(rows[k])
            quantity = 0.0 if quantities is None else float(quantities[row])
            self._add_rows(quantities, done, row)
            done = row
            is_sum = quantity > 0.0 and any(each.equals(quantity) for each in self._sums_above)
            if not labelled.total[k] and not is_sum:
                if labelled.maybe[k]:
                    self._doubt(batch, self._label(sheet, k), int(sheet.lines[k]))
                continue
            partial = bool(labelled.partial[k])
            label = self._label(sheet, k)
            if quantity > 0.0 and not is_part_label(label):
                kind = self._type_of(sheet, k) if typed[k] else None
                self._check(quantity, int(sheet.lines[k]), partial=partial, kind=kind)
            code = "row_sub_total" if partial else "row_total"
            self._count(code, 1)
            found.append(row)
            done = row + 1
            self._part = _Above()
            if not partial:
                self._of_site = _Above()
        self._add_rows(quantities, done, int(rows[-1]) + 1)
        return found

    def _add_rows(self, quantities: _Floats | None, first: int, after: int | None = None) -> None:
        if quantities is not None:
            some = quantities[first:after]
            self._add(float(some.sum()), int(np.count_nonzero(some)))

    def _add(self, items: float, rows: int) -> None:
        for above in self._sums_above:
            above.add(items, rows)

    def _count(self, code: str, rows: int) -> None:
        told = self._source, code
        self._sums[told] = self._sums.get(told, 0) + rows

    def _type_of(self, sheet: Sheet, row: int) -> str | None:
        """Return the type that a total names; none where that is its label."""
        word = sheet.words(self._labels.index("equipment_type"))[row].as_py()
        return None if not word or is_total_label(word) else word

    def _check(self, quantity: float, line: int, *, partial: bool, kind: str | None) -> None:
        """Remember a total that is not the sum of its rows."""
        if any(abs(each.items - quantity) < _SAME for each in self._sums_above):
            return
        computed = self._part.items if partial else self._here.items
        self._wrong.append(_Wrong(self._source, quantity, computed, line, kind))

    def _doubt(self, batch: pa.RecordBatch, label: str, line: int) -> None:
        """Doubt a row that may be a total, unless many are called so: a place called Somme."""
        if not is_label_alone(label):
            columns = (_plain(self._admitted(batch, name)) for name in self._labels)
            counts = (pc.sum(pc.equal(column, label)).as_py() or 0 for column in columns)
            if max(counts) > 1:
                return
        self._doubted.setdefault((self._source, label), []).append(line)

    def _label(self, sheet: Sheet, row: int) -> str:
        shown = (k for k, name in enumerate(self._labels) if name not in NAMES_PERSONS)
        texts = (sheet.words(k)[row].as_py() for k in shown)
        return next((text for text in texts if text and is_total_label(text)), "")

    def _look_for_sums_of_no_label(self, held: Sequence[pa.RecordBatch]) -> None:
        """Find the last rows that count as many items as all others, whatever they are called.

        Those of no type, or of a word for all places, are sums; another word of few items, and the
        name of a place, are a doubt.
        """
        names = [name for name in PLACES if name in self._labels]
        if not self._counted or not names or not any(batch.num_rows for batch in held):
            return
        last = (batch.slice(max(0, batch.num_rows - ENDS)) for batch in held)
        counts = (_amounts(_plain(self._admitted(batch, self._counted))) for batch in last)
        most = sum(float(each.sum()) for each in counts)
        if 2.0 * most < min(self._all.items, self._here.items) - _SAME:
            return
        models = [each for each in ("model",) if each in self._labels]
        tail = self._tail(held, [*names, *models])
        upto: _Floats = np.cumsum(_amounts(tail[self._counted])[::-1])
        for name in names:
            cells = tail[name].to_pylist()
            word = cells[-1]
            run = next((k for k, cell in enumerate(reversed(cells)) if cell != word), len(cells))
            items, before = float(upto[run - 1]), self._passed - run
            # a row with a model needs no type
            named = [*self._others, *(models if name == "equipment_type" else ())]
            if (
                self._seen - run < _SEVERAL
                or all(abs(each.items - 2.0 * items) >= _SAME for each in (self._all, self._here))
                or word in cells[:-run]
                or any(tail[each][-run:].null_count < run for each in named)
            ):
                continue
            is_sum = _says_sum(name, word, items, self._seen - run)
            if is_sum is None:
                continue
            findings = Findings(self._source)
            findings.rows(
                "",
                "",
                Reason(
                    "matrix_parents" if is_sum else "matrix_may_be_parents",
                    rows=f"{findings.shown(name, word or '-')} ({items:g})",
                ),
                np.arange(before, self._passed, dtype=np.int64) + 1,
                expected=None if is_sum else Reason("expect_sums_named"),
                severity=Severity.NOTE if is_sum else Severity.DOUBT,
            )
            self._issues += findings.issues
            self._ended_in_sums = True
            if is_sum:
                self._count("row_total", run)
                self.rows += [*range(before, self._passed)]
            return

    def _tail(self, held: Sequence[pa.RecordBatch], names: Sequence[str]) -> dict[str, pa.Array]:
        """Return columns of the last rows: words as text, and quantities as numbers."""
        wanted = [*names, *self._others, self._counted]
        pieces: list[pa.RecordBatch] = []
        left = ENDS
        for batch in reversed(held):
            count = min(left, batch.num_rows)
            cut = batch.slice(batch.num_rows - count).select(wanted)
            pieces.insert(0, self._gate.batch(cut))
            left -= count
        found = {}
        for k, name in enumerate(wanted):
            columns = [_plain(piece.column(k)) for piece in pieces]
            kind = pa.float64() if name == self._counted else pa.string()
            safe = name != self._counted
            found[name] = pa.chunked_array(
                [column.cast(kind, safe=safe) for column in columns], kind
            ).combine_chunks()
        return found


def _says_sum(name: str, word: str | None, items: float, before: int) -> bool | None:
    """Tell whether as many items as in all other rows are their sum; None when it is chance."""
    if word is not None and names_all_places(word):
        return True
    if word is not None:
        return False if items >= _MANY_ITEMS else None
    if name == "equipment_type":
        return True
    if items >= _SOME_ITEMS and before > _SEVERAL:
        return True
    return False if items >= _FEW_ITEMS else None


def _doubt(
    source: str,
    column: str,
    value: str,
    lines: Sequence[int],
    reason: Reason,
    *,
    expected: Reason,
    severity: Severity = Severity.DOUBT,
) -> tuple[Issue, ...]:
    findings = Findings(source)
    where = np.array(lines, np.int64)
    findings.rows(column, value, reason, where, expected=expected, severity=severity)
    return findings.issues


def _amounts(column: pa.Array) -> _Floats:
    """Return quantities as they are added up: 0 where there is none, or less."""
    values: _Floats = numpy_of(column.cast(pa.float64(), safe=False))
    if column.null_count or pa.types.is_floating(column.type):
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    return np.maximum(values, 0.0) if len(values) and values.min() < 0.0 else values


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def counted_column(schema: pa.Schema) -> str:
    """Return the column of quantities, when there is one of numbers."""
    if schema.names.count("quantity") != 1:
        return ""
    kind = schema.field("quantity").type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    numbers = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    return "quantity" if any(is_kind(kind) for is_kind in numbers) else ""


def _any(sheet: Sheet, positions: Iterable[int]) -> _MASK:
    found = np.zeros(len(sheet), np.bool_)
    for position in positions:
        found |= sheet.filled(position)
    return found


def _encoded(column: pa.Array) -> pa.Array:
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def _as_words(column: pa.Array, name: str) -> pa.Array:
    """Return a column as a dictionary, but one of which most rows have a word of their own."""
    if pa.types.is_dictionary(column.type):
        return column
    if name not in PLACES and len(column) > _TRIED:
        tried = column.slice(0, _TRIED)
        if pc.count_distinct(tried).as_py() > _TRIED // 2:
            return column
    return column.dictionary_encode()


def _labels_among(words: pa.Array) -> pa.Array:
    """Return which of some words may be labels of totals."""
    codes = []
    if may_hold_label(words.cast(pa.string())):
        codes = [k for k, word in enumerate(words.to_pylist()) if word and is_total_label(word)]
    return pa.array(codes, pa.int32())


def _blank_in_all(columns: Iterable[pa.Array], rows: _Rows) -> _Rows:
    """Return those of some rows that are blank in all columns."""
    for column in columns:
        if len(rows):
            cells = column.take(pa.array(rows))
            blank = cells.dictionary_decode() if pa.types.is_dictionary(cells.type) else cells
            rows = rows[numpy_of(pc.fill_null(pc.equal(blank, ""), fill_value=True))]
    return rows


def _is_full(cells: pa.Array) -> bool:
    """Tell whether no cell is blank."""
    if cells.null_count:
        return False
    return bool(pc.min(pc.utf8_length(pc.utf8_trim_whitespace(cells))).as_py())
