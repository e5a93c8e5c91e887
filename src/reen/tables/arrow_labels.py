"""Labels of totals in canonical Arrow data: which rows of a batch may be called one, and how.

Input: record batches.  Output: their words as dictionaries, the rows with a label, and what such a
row says.  Every word is looked at of a column of few distinct ones, and of one in which a row that
was looked at has a label; of another column the rows alone that may be sums for another reason.

Must not set aside a row: `arrow_sums` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.gate.admission import Admission
from reen.inventory.carried_account import METADATA_KEY
from reen.tables.arrow_amounts import plain_of
from reen.tables.arrow_grid import COMPANIES, NO_LABEL, PLACES, is_words
from reen.tables.headers.reading_columns import NAMES_PERSONS
from reen.tables.rows.totals import Places, is_label_alone, is_total_label, may_hold_label
from reen.tables.sheet import Sheet

__all__ = ["IDENTIFIERS", "OF_ASSETS", "LabelColumns", "label_columns", "split_apart"]

#: Of a row that has one of these nothing is added up.
IDENTIFIERS = ("id", "asset_tag", "serial_number")
#: A row that has one of these is an asset, whatever it is called.
OF_ASSETS = frozenset({"asset_tag", "serial_number"})
#: Columns of which every word is looked at.
_ALWAYS = (*PLACES, "model")
#: Rows between two that are looked at, from which the ones between are not looked at either.
_APART = 4_096
#: Rows of a column that tell whether most have a word of their own.
_TRIED = 1_000

_Rows = npt.NDArray[np.int64]


def label_columns(schema: pa.Schema) -> list[str]:
    """Return the columns in which a row may be called a total; none of what reen wrote."""
    if METADATA_KEY in (schema.metadata or {}):
        return []
    return [each.name for each in schema if is_words(each.type) and each.name not in NO_LABEL]


class LabelColumns:
    """The columns of a table in which a row may be called a total.

    Parameters
    ----------
    gate
        What every cell passes before it is looked at.
    encoded
        Columns to have as dictionaries in every batch, as whoever takes the rows wants them.
    with_labels
        Columns of which every word is looked at, as some of their rows have a label.

    Attributes
    ----------
    names
        The columns.
    identifiers
        Columns that name an asset.
    with_labels
        Those given, and those that came to be known.
    is_late
        Whether one came to be known after some rows had passed.
    """

    def __init__(
        self, gate: Admission, encoded: Collection[str], with_labels: Iterable[str]
    ) -> None:
        self.names: list[str] = []
        self.identifiers: list[str] = []
        self.with_labels = {*with_labels}
        self.is_late = False
        self._gate = gate
        self._encoded = encoded
        self._known: dict[str, tuple[pa.Array, pa.Array]] = {}

    def begin(self, schema: pa.Schema) -> None:
        """Go on with rows of other columns."""
        self.names = label_columns(schema)
        self.identifiers = [name for name in IDENTIFIERS if name in schema.names]
        self._known = {}

    def admitted(self, batch: pa.RecordBatch, name: str) -> pa.Array:
        """Return a column of a batch, of which every cell was checked."""
        return self._gate.batch(batch.select([name])).column(0)

    def words_of(self, batch: pa.RecordBatch) -> dict[str, pa.Array]:
        """Return columns as dictionaries, without those of which most rows have another word."""
        always = self.with_labels.union(_ALWAYS, self._encoded)
        return {
            name: _encoded(self.admitted(batch, name))
            for name in self.names
            if name in always or _has_few_words(self.admitted(batch.slice(0, _TRIED), name))
        }

    def handed_on(self, batch: pa.RecordBatch, columns: Mapping[str, pa.Array]) -> pa.RecordBatch:
        """Return a batch with the dictionaries that whoever takes its rows would make again."""
        for name in self.names:
            if name in self._encoded and not pa.types.is_dictionary(batch[name].type):
                at = batch.schema.get_field_index(name)
                batch = batch.set_column(at, name, columns[name])
        return batch

    def rows_with_labels(
        self, batch: pa.RecordBatch, columns: dict[str, pa.Array], looked: _Rows, *, passed: int
    ) -> list[_Rows]:
        """Return the rows with a label, column by column, where some rows passed before.

        Where one of the rows looked at has a label, every word of its column is looked at.
        """
        found = []
        for name in self.names:
            if name not in columns and any(
                len(_labels_among(words)) for words in self._some(batch, name, looked)
            ):
                self.with_labels.add(name)
                self.is_late |= passed > 0
                columns[name] = _encoded(self.admitted(batch, name))
        for name, column in columns.items():
            codes = self._codes_of_labels(name, column.dictionary)
            if len(codes):
                there = pc.fill_null(pc.is_in(column.indices, codes), fill_value=False)
                found.append(np.flatnonzero(numpy_of(there)).astype(np.int64))
        return found

    def _some(self, batch: pa.RecordBatch, name: str, rows: _Rows) -> Iterator[pa.Array]:
        """Yield words of a column, of which no other cell is looked at."""
        for near in split_apart(np.unique(rows)):
            low, high = int(near[0]), int(near[-1]) + 1
            yield self.admitted(batch.slice(low, high - low), name).take(pa.array(near - low))

    def _codes_of_labels(self, name: str, words: pa.Array) -> pa.Array:
        """Return which words of a dictionary may be labels; batches share dictionaries."""
        known = self._known.get(name)
        if known is None or not (known[0] is words or known[0].equals(words)):
            known = self._known[name] = words, _labels_among(words)
        return known[1]

    def sheet_of(self, batch: pa.RecordBatch, rows: _Rows, passed: int) -> Sheet | None:
        """Return the words of some rows; None where there is no label and each has a word."""
        names = [*self.names, *self.identifiers]
        low, high = int(rows[0]), int(rows[-1]) + 1
        piece = self._gate.batch(batch.slice(low, high - low).select(names))
        piece = piece.take(pa.array(rows - low))
        cells = {k: piece.column(k).cast(pa.string()) for k in range(len(names))}
        labels = [cells[k] for k in range(len(self.names))]
        if not any(map(may_hold_label, labels)) and any(map(_is_full, cells.values())):
            return None
        return Sheet(cells, passed + rows + 1)

    @property
    def places(self) -> Places:
        """Return where the kinds of columns stand in `sheet_of`."""
        names = [*self.names, *self.identifiers]
        texts = [*range(len(self.names))]
        return Places(
            all=texts,
            texts=texts,
            identifiers=[k for k, name in enumerate(names) if name in OF_ASSETS],
            types=[k for k, name in enumerate(names) if name == "equipment_type"],
            models=[k for k, name in enumerate(names) if name == "model"],
            companies=[k for k, name in enumerate(names) if name in COMPANIES],
        )

    def label_of(self, sheet: Sheet, row: int) -> str:
        """Return the label of a row, but of a column that names persons."""
        shown = (k for k, name in enumerate(self.names) if name not in NAMES_PERSONS)
        texts = (sheet.words(k)[row].as_py() for k in shown)
        return next((text for text in texts if text and is_total_label(text)), "")

    def type_of(self, sheet: Sheet, row: int) -> str | None:
        """Return the type that a total names; none where that is its label."""
        if "equipment_type" not in self.names:
            return None
        word = sheet.words(self.names.index("equipment_type"))[row].as_py()
        return None if not word or is_total_label(word) else word

    def is_a_name(self, batch: pa.RecordBatch, label: str) -> bool:
        """Tell whether many rows are called so, as those of a place called Somme are."""
        if is_label_alone(label):
            return False
        columns = (plain_of(self.admitted(batch, name)) for name in self.names)
        return any((pc.sum(pc.equal(column, label)).as_py() or 0) > 1 for column in columns)


def split_apart(rows: _Rows) -> list[_Rows]:
    """Return some rows in their order, cut where two are far apart."""
    return np.split(rows, np.flatnonzero(np.diff(rows) > _APART) + 1) if len(rows) else []


def _has_few_words(column: pa.Array) -> bool:
    """Tell whether fewer than half of the first rows have a word of their own."""
    if pa.types.is_dictionary(column.type) or len(column) < _TRIED:
        return True
    return bool(pc.count_distinct(column).as_py() <= _TRIED // 2)


def _encoded(column: pa.Array) -> pa.Array:
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def _labels_among(words: pa.Array) -> pa.Array:
    """Return which of some words may be labels of totals."""
    codes = []
    if may_hold_label(words.cast(pa.string())):
        codes = [k for k, word in enumerate(words.to_pylist()) if word and is_total_label(word)]
    return pa.array(codes, pa.int32())


def _is_full(cells: pa.Array) -> bool:
    """Tell whether no cell is blank."""
    if cells.null_count:
        return False
    return bool(pc.min(pc.utf8_length(pc.utf8_trim_whitespace(cells))).as_py())
