"""Records: the rows that may be one asset, as codes that can be compared, and their merged cells.

Input: the rows of a conformed table that share an identifier.  Output: for each column the code of
each row (-1 for blank), and, once rows are merged, the row that each cell of a survivor comes from.
No cell is copied: a survivor picks its cells from rows of the table.

Knows which columns travel together, and no rule about assets.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.dictionaries import is_text
from reen.inventory.schema import EQUIPMENT
from reen.tables.headers.reading_columns import NAMES_PERSONS
from reen.tables.identity.identifiers import (
    IDENTIFYING,
    comparable,
    hardware_columns,
    is_rounded,
)
from reen.vocabulary.text import normalise

__all__ = ["FOLLOWS", "Codes", "Groups", "Records", "codes_of"]

Codes = npt.NDArray[np.int64]

#: Columns that say how to read another, and whose cell comes from the same row.
FOLLOWS = {
    "equipment_type_raw": "equipment_type",
    "status_raw": "status",
    "country_raw": "country",
    "purchase_date_precision": "purchase_date",
    "retirement_date_precision": "retirement_date",
    "energy_method": "annual_energy",
    "source_row": "source",
}

#: Columns that say how precise a date is.
_PRECISION_OF = {"purchase_date": "purchase_date_precision"}

#: Columns compared letter by letter, but for case; the others as words.
_EXACT = frozenset({"serial_number", "asset_tag", "id", "name", "source"})


class Groups:
    """Records that share one value, group by group.

    Attributes
    ----------
    members
        Rows of the records, those of one group together.
    group
        Group of each of them, counted from 0.
    count
        How many groups there are.
    sizes
        How many records each has.
    """

    def __init__(self, members: Codes, group: Codes) -> None:
        self.members = members
        self.group = group
        self.count = int(group[-1]) + 1 if len(group) else 0
        self.sizes = np.bincount(group, minlength=self.count).astype(np.int64)
        self._ends = np.concatenate(([0], np.cumsum(self.sizes))).astype(np.int64).tolist()

    @classmethod
    def of(cls, rows: Codes, *codes: Codes) -> Groups:
        """Return the groups of at least two of `rows` whose codes are the same, none blank."""
        for each in codes:
            rows = rows[each[rows] >= 0]
        key = np.zeros(len(rows), np.int64)
        for each in codes:
            _, inverse = np.unique(each[rows], return_inverse=True)
            key = key * (int(inverse.max(initial=0)) + 1) + inverse.reshape(-1)
        _, group = np.unique(key, return_inverse=True)
        group = group.reshape(-1)
        shared = np.bincount(group)[group] > 1 if len(group) else np.zeros(0, np.bool_)
        rows, group = rows[shared], group[shared]
        order = np.lexsort((rows, group))
        _, group = np.unique(group[order], return_inverse=True)
        return cls(rows[order], group.reshape(-1).astype(np.int64))

    def firsts(self, values: Codes) -> Codes:
        """Return the value of the first record of each group."""
        firsts: Codes = values[self.members[self._ends[:-1]]]
        return firsts

    def distinct(self, codes: Codes) -> Codes:
        """Return how many different values, blanks apart, each group has."""
        here = codes[self.members]
        filled = here >= 0
        if not filled.any():
            return np.zeros(self.count, np.int64)
        width = int(codes.max(initial=0)) + 1
        pairs = np.unique(self.group[filled] * width + here[filled])
        return np.bincount(pairs // width, minlength=self.count).astype(np.int64)

    def number(self, which: npt.NDArray[np.bool_]) -> Codes:
        """Return in how many records of each group `which` is true."""
        return np.bincount(self.group[which[self.members]], minlength=self.count).astype(np.int64)

    def chosen(self, which: npt.NDArray[np.bool_]) -> Groups:
        """Return the groups where `which` is true."""
        kept = which[self.group]
        _, group = np.unique(self.group[kept], return_inverse=True)
        return Groups(self.members[kept], group.reshape(-1).astype(np.int64))

    def rows_of(self, group: int) -> Codes:
        """Return the records of one group."""
        return self.members[self._ends[group] : self._ends[group + 1]]


class Records:
    """Rows of a table while they are merged.

    Attributes
    ----------
    table
        The rows as read.
    alive
        Which of them are not merged into another.
    rounded
        For each identifier, which rows have one that a spreadsheet rounded, and its codes.
    uuid, mac
        Columns, kept as they are, that hold a UUID or the address of a network card.
    kept
        The other text columns that the schema does not know.
    """

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.alive = np.ones(table.num_rows, np.bool_)
        names = [name for name in table.column_names if name not in EQUIPMENT]
        self.uuid = hardware_columns(names, "uuid")
        self.mac = hardware_columns(names, "mac")
        self.kept = sorted(
            name
            for name in names
            if name not in {*self.uuid, *self.mac, *NAMES_PERSONS}
            and is_text(table.schema.field(name).type)
        )
        self.rounded: dict[str, tuple[npt.NDArray[np.bool_], Codes]] = {}
        self._codes: dict[str, Codes] = {}
        self._words: dict[str, list[str]] = {}
        self._picks: dict[str, Codes] = {}

    def __len__(self) -> int:
        """Return the number of rows, merged ones included."""
        return int(self.table.num_rows)

    @property
    def rows(self) -> Codes:
        """Return the rows that are not merged into another."""
        return np.flatnonzero(self.alive).astype(np.int64)

    def pick(self, name: str) -> Codes:
        """Return the row that each cell of a column comes from."""
        picks = self._picks.get(FOLLOWS.get(name, name))
        return np.arange(len(self), dtype=np.int64) if picks is None else picks

    def set_pick(self, name: str, rows: Codes, chosen: Codes) -> None:
        """Let the cells of some rows come from others."""
        picks = self.pick(name).copy()
        picks[rows] = self.pick(name)[chosen]
        self._picks[FOLLOWS.get(name, name)] = picks

    def codes(self, name: str) -> Codes:
        """Return the code of each row in a column, -1 where it is blank."""
        if name not in self._codes:
            self._codes[name] = self._encode(name)
        return self._codes[name][self.pick(name)]

    def stated(self, name: str) -> Codes:
        """Return the codes of a column, blank too where a date is one that stands for another."""
        codes = self.codes(name)
        precision = _PRECISION_OF.get(name)
        if precision is None or "estimated" not in self.words(precision):
            return codes
        estimated = self.words(precision).index("estimated")
        return np.where(self.codes(precision) == estimated, -1, codes)

    def words(self, name: str) -> list[str]:
        """Return what the codes of a text column mean."""
        self.codes(name)
        return self._words[name]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Return a number or date column as numbers, NaN where it is blank."""
        if name not in self.table.column_names:
            return np.full(len(self), np.nan)
        cells = self.table[name].combine_chunks()
        if pa.types.is_date(cells.type):
            cells = cells.cast(pa.int32())
        values = numpy_of(cells.cast(pa.float64()))
        return np.asarray(values, np.float64)[self.pick(name)]

    def _encode(self, name: str) -> Codes:
        self._words[name] = []
        if name not in self.table.column_names:
            if name == "source":  # rows that say nothing of it stand in one list
                self._words[name] = [""]
                return np.zeros(len(self), np.int64)
            return np.full(len(self), -1, np.int64)
        cells = self.table[name].combine_chunks()
        kind = cells.type.value_type if pa.types.is_dictionary(cells.type) else cells.type
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            return _codes(_without_nan(cells).dictionary_encode())
        if name in _EXACT or name in self.uuid:
            return self._as_written(name, comparable(cells).dictionary_encode())
        encoded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
        return self._as_words(name, encoded)

    def _as_written(self, name: str, encoded: pa.DictionaryArray) -> Codes:
        """Return codes of whole texts; an identifier that a spreadsheet rounded is blank."""
        words = self._words[name] = encoded.dictionary.to_pylist()
        codes = _codes(encoded)
        if name == "source":
            self._words[name] = [*words, ""]
            return np.where(codes < 0, len(words), codes)
        if name in IDENTIFYING:
            rounded = np.array([*map(is_rounded, words), False], np.bool_)
            self.rounded[name] = (rounded[codes], codes)
            codes = np.where(rounded[codes], -1, codes)
        return codes

    def _as_words(self, name: str, encoded: pa.DictionaryArray) -> Codes:
        """Return codes by the words that a text is made of; what is unknown is blank."""
        used = encoded.cast(pa.string()).dictionary_encode()
        blank = {"", "unknown"} if _may_be_unknown(name) else {""}
        forms = [normalise(word) for word in used.dictionary.to_pylist()]
        if name in self.mac:
            forms = [form.replace(" ", "") for form in forms]
        distinct = list(dict.fromkeys(form for form in forms if form not in blank))
        places = {form: code for code, form in enumerate(distinct)}
        table = np.array([*(places.get(form, -1) for form in forms), -1], np.int64)
        self._words[name] = distinct
        return table[_codes(used)]


def _may_be_unknown(name: str) -> bool:
    return name == "equipment_type" or (name in EQUIPMENT and "unknown" in EQUIPMENT[name].values)


def _without_nan(cells: pa.Array) -> pa.Array:
    if not pa.types.is_floating(cells.type):
        return cells
    return pc.if_else(pc.is_nan(cells), pa.scalar(None, cells.type), cells)


def codes_of(cells: pa.Array) -> Codes:
    """Return a number for each different cell, -1 for a blank one."""
    return _codes(cells.dictionary_encode())


def _codes(encoded: pa.DictionaryArray) -> Codes:
    codes: Codes = numpy_of(encoded.indices.fill_null(-1))
    return codes.astype(np.int64)
