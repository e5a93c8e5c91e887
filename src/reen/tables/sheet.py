"""Sheet: the rows of a file while they are read, column by column, with their lines.

Input: Arrow string columns by position.  Output: the same cells tidied (blanks around, no-break
spaces, signs without width, what programs wrap cells in) and dictionary-encoded, so that whatever
is decided on text is decided once per distinct value; rows are dropped by masks.

The distinct values of a column are those of the rows that are here, in the order of these rows:
what is decided on them does not depend on when a column was encoded.  Rows that are set aside
(`Sheet.set_aside`) still show how the file writes days and numbers: they stay in `Sheet.evidence`.

Knows no column by name and no rule about rows.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence, Sized
from typing import TypeVar
from unicodedata import normalize

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of, scalar_of
from reen.tables.cells.wrappers import WRAPPED, unwrap
from reen.tables.typed.proofs import is_tidy_latin

__all__ = [
    "MANY_ROWS",
    "Sheet",
    "cast_all",
    "chosen_rows",
    "codes_of",
    "compact",
    "is_plain",
    "map_columns",
    "recode",
    "recode_words",
    "tidy",
    "tidy_cell",
]

#: What tidying would change: blanks, a text mark, zero bytes, anything that is not ASCII, wrappers.
_UNTIDY = r"^[\s']|\s$|[\t-\r\x00]|  |[^\x00-\x7F]|^$|" + WRAPPED
_TEXT_MARKS = (b"  ", b"'", b"\t", b"\v", b"\f", b"=", b"&", b"\0")
#: Blanks of any script; \p{Z} has the no-break ones.
_SPACES = r"[\s\x00\x0B\x{85}\p{Z}]+"
#: Soft hyphens, joiners, marks of direction and of byte order: nobody sees them.
_NO_WIDTH = r"[\x{AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2064}\x{FEFF}]+"

#: The same for one cell: `str.split` knows what `_SPACES` has, but for zero bytes.
_UNSEEN = frozenset("\u00ad\ufeff").union(
    *(map(chr, range(*ends)) for ends in ((0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2065)))
)
_ODD = _UNSEEN.union("=\"'&_")

#: Places of an underscore looked at one by one, which is quicker than to look for two letters.
_FEW = 200

_NONE = scalar_of(np.int32(-1))

T = TypeVar("T", bound=Sized)
R = TypeVar("R")

#: Cells on which a cast is tried first.
_TRIED = 1000

#: Characters of which numbers (inf, nan), and days of ISO 8601, consist for Arrow.
_IN_NUMBERS = frozenset("0123456789+-.eExXpP_ \t\n\r\v\f" + "infatyINFATY")
_IN_DAYS = frozenset("0123456789+-:.TZW \t\n\r\v\f")

#: Rows from which threads are worth starting.
MANY_ROWS = 100_000


def is_plain(data: bytes, delimiter: str) -> bool:
    """Tell whether no cell needs tidying, but for blanks around it (a sufficient test)."""
    if not data.isascii() or (b'"' in data and b'""' in data) or _holds_escapes(data):
        return False
    return not any(mark in data for mark in _TEXT_MARKS if mark != delimiter.encode())


def _holds_escapes(data: bytes) -> bool:
    """Tell whether `_x000D_` or the like may be in a text; headers have a few underscores."""
    at = -1
    for _ in range(_FEW):
        at = data.find(b"_", at + 1)
        if at < 0 or data[at + 1 : at + 2] == b"x":
            return at >= 0
    return b"_x" in data


def tidy(values: pa.Array, *, plain: bool = False, unquote: bool = False) -> pa.Array:
    """Return string cells without what a reader does not see; a blank one is null.

    Parameters
    ----------
    values
        String array.
    plain
        Only blanks around the cells are to be looked for (see `is_plain`).
    unquote
        Undo quotation marks around whole cells (in a file where they do not balance).
    """
    if plain and pc.ascii_trim_whitespace(values).equals(values):
        return values
    if unquote:
        inner = pc.replace_substring_regex(values, r'^\s*"(.*)"\s*$', r"\1")
        changed = pc.not_equal(inner, values)
        values = pc.if_else(changed, pc.replace_substring(inner, '""', '"'), values)
    if not pc.any(pc.match_substring_regex(values, _UNTIDY)).as_py():
        return values
    wrapped = pc.match_substring_regex(values, WRAPPED)
    if pc.any(wrapped).as_py():
        mask = pc.coalesce(wrapped, pa.scalar(value=False))
        content = [unwrap(cell) for cell in values.filter(mask).to_pylist()]
        values = pc.replace_with_mask(values, mask, pa.array(content, pa.string()))
    if pc.any(pc.match_substring_regex(values, r"\p{M}")).as_py():
        # Not Arrow's own function, which decomposes instead in its older versions.
        composed = [None if v is None else normalize("NFC", v) for v in values.to_pylist()]
        values = pa.array(composed, pa.string())
    values = pc.replace_substring_regex(values, _NO_WIDTH, "")
    values = pc.utf8_trim(pc.replace_substring_regex(values, _SPACES, " "), characters=" ")
    values = pc.replace_substring_regex(values, "^'", "")
    return pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)


@functools.lru_cache(maxsize=1 << 14)
def tidy_cell(text: str) -> str:
    """Return one cell, such as a header, as `tidy` makes it; a blank one is empty."""
    words = text
    if not _ODD.isdisjoint(text):
        words = "".join(mark for mark in unwrap(text) if mark not in _UNSEEN)
    return " ".join(normalize("NFC", words).replace("\0", " ").split()).removeprefix("'")


def cast_all(cells: pa.Array, kind: pa.DataType) -> pa.Array | None:
    """Return text cells as another type, None when one of them cannot be.

    The first cells are tried alone: a cast that fails costs ten times one that succeeds, and a look
    at the first cell a hundredth.  Words are cast once each.
    """
    if cells.type == kind:
        return cells
    if pa.types.is_string(cells.type) and not _may_be(cells, kind):
        return None
    if pa.types.is_dictionary(cells.type):
        words = cast_all(cells.dictionary, kind)
        return None if words is None else words.take(cells.indices)
    try:
        cells.slice(0, _TRIED).cast(kind)
        return cells.cast(kind)
    except pa.ArrowInvalid:
        return None


def _may_be(cells: pa.Array, kind: pa.DataType) -> bool:
    """Tell whether the first cell has no character that no cell of another type has."""
    first = cells[0].as_py() if len(cells) else None
    if first is None:
        return True
    return _IN_DAYS.issuperset(first) if pa.types.is_date(kind) else _IN_NUMBERS.issuperset(first)


def map_columns(function: Callable[[T], R], columns: Sequence[T]) -> list[R]:
    """Return what a function makes of each column, on all processors when there are many rows."""
    if len(columns) < 2 or len(columns[0]) < MANY_ROWS:  # noqa: PLR2004 - one is no many
        return [function(column) for column in columns]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(pa.cpu_count()) as pool:
        return list(pool.map(function, columns))


def codes_of(words: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """Return the code of each row, -1 for null."""
    indices = words.indices.fill_null(_NONE) if words.indices.null_count else words.indices
    codes: npt.NDArray[np.int32] = numpy_of(indices)
    return codes.astype(np.int32, copy=False)


def compact(words: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return words with those distinct values alone that a row has, in the order of the rows."""
    used = words.indices.dictionary_encode()
    distinct = words.dictionary.take(used.dictionary)
    return pa.DictionaryArray.from_arrays(used.indices.cast(pa.int32()), distinct)


def chosen_rows(cells: pa.Array, chosen: pa.Array) -> pa.Array:
    """Return some rows of a column; words that none of them has are gone."""
    found = cells.filter(chosen)
    return compact(found) if pa.types.is_dictionary(found.type) else found


def recode(words: pa.DictionaryArray, values: pa.Array) -> pa.DictionaryArray:
    """Return `words` with its k-th distinct value replaced by ``values[k]``; null is null."""
    distinct = values.dictionary_encode()
    table = np.append(codes_of(distinct), np.int32(-1))
    codes = table[codes_of(words)]
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int32(), mask=codes < 0), distinct.dictionary
    )


def recode_words(
    words: pa.DictionaryArray, replace: Callable[[str], str | None]
) -> pa.DictionaryArray:
    """Return `words` with each distinct value replaced by what a function makes of it."""
    values = [replace(word) for word in words.dictionary.to_pylist()]
    return recode(words, pa.array(values, pa.string()))


class Sheet:
    """Rows of text cells.

    Attributes
    ----------
    lines
        Line in the file of each row.
    looks
        What was worked out on the words of a column, beside these words.
    """

    def __init__(
        self,
        cells: dict[int, pa.Array],
        lines: npt.NDArray[np.int64],
        *,
        plain: bool = False,
        unquote: bool = False,
        words: dict[int, pa.DictionaryArray] | None = None,
    ) -> None:
        self.lines = lines
        self._cells = cells
        self._plain = plain
        self._unquote = unquote
        self._words = {} if words is None else words
        self._evidence: Sheet | None = None
        self.looks: dict[object, tuple[pa.DictionaryArray, object]] = {}

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.lines)

    @property
    def positions(self) -> list[int]:
        """Return the places of the columns that are here."""
        return sorted(self._cells)

    @property
    def evidence(self) -> Sheet:
        """Return the rows that show how the file writes: these, and those set aside."""
        return self if self._evidence is None else self._evidence

    def raw(self, position: int) -> pa.Array:
        """Return the cells of a column as written; an empty one is null."""
        return self._cells[position]

    def words(self, position: int) -> pa.DictionaryArray:
        """Return the tidied cells of a column, dictionary-encoded."""
        if position not in self._words:
            self._words[position] = self._encode(position)
        return self._words[position]

    def _encode(self, position: int) -> pa.DictionaryArray:
        return self.tidied(self._cells[position].dictionary_encode())

    def tidied(self, encoded: pa.DictionaryArray) -> pa.DictionaryArray:
        """Return encoded cells of this sheet without what a reader does not see."""
        distinct = encoded.dictionary
        if is_tidy_latin(distinct):
            return encoded
        values = tidy(distinct, plain=self._plain, unquote=self._unquote)
        return encoded if values.equals(distinct) else recode(encoded, values)

    def plain_cells(self, position: int) -> pa.Array | None:
        """Return the cells of a column as tidy text, when that is known without encoding them.

        It is of the columns that a typed read leaves as text, because hardly two of their cells
        are alike; here there are none.
        """
        assert position in self._cells  # noqa: S101 - a column that is not here has no answer
        return None

    def has_no_blank(self, position: int) -> bool:
        """Tell whether no cell of a column is blank, by the cheaper test first."""
        if self._cells[position].null_count:
            return False
        if self.plain_cells(position) is not None:
            return True
        return not self.words(position).null_count

    def rows_with(self, position: int, text: str) -> npt.NDArray[np.int64]:
        """Return the rows whose cell of a column is a text."""
        words = self.words(position)
        code = pc.index(words.dictionary, scalar_of(text)).as_py()
        if code < 0:
            return np.zeros(0, np.int64)
        return np.flatnonzero(codes_of(words) == code).astype(np.int64)

    def replace(self, position: int, words: pa.DictionaryArray) -> None:
        """Put other words in a column, row by row."""
        self._words[position] = words

    def rewrite(self, position: int, words: pa.DictionaryArray) -> None:
        """Put other words in a column in place of what is written, for numbers too."""
        self._cells[position] = self._words[position] = words

    def add(self, position: int, words: pa.DictionaryArray) -> None:
        """Add a column of words, at a place that no column has."""
        self.rewrite(position, words)

    def prepare(self, positions: Sequence[int]) -> None:
        """Tidy and encode some columns, on all processors when there are many rows."""
        if len(self) < MANY_ROWS:
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(pa.cpu_count()) as pool:
            self._words |= dict(zip(positions, pool.map(self._encode, positions), strict=True))

    def filled(self, position: int) -> npt.NDArray[np.bool_]:
        """Return where a column holds something."""
        return np.asarray(numpy_of(self.words(position).is_valid()), np.bool_)

    def keep(self, mask: npt.NDArray[np.bool_]) -> Sheet:
        """Return the rows where `mask` is true."""
        if mask.all():
            return self
        chosen = pa.array(mask)
        return Sheet(
            {k: chosen_rows(cells, chosen) for k, cells in self._cells.items()},
            self.lines[mask],
            plain=self._plain,
            unquote=self._unquote,
            words={k: chosen_rows(words, chosen) for k, words in self._words.items()},
        )

    def set_aside(self, others: npt.NDArray[np.bool_]) -> Sheet:
        """Return the other rows; those set aside still show how the file writes.

        They were written by the same hand, as totals and titles may not have been.
        """
        kept = self.keep(~others)
        if kept is not self:
            kept._evidence = self.evidence  # noqa: SLF001 - a sheet of this class, just made
        return kept

    def first_filled(self, positions: Sequence[int]) -> npt.NDArray[np.int64]:
        """Return the place in `positions` of the first filled cell of each row, -1 for none."""
        found = np.full(len(self), -1, np.int64)
        for k, position in reversed(list(enumerate(positions))):
            found[self.filled(position)] = k
        return found
