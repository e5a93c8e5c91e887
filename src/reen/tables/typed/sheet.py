"""Typed sheet: rows of which some columns are read in their types, and are text only when asked.

Input: Arrow arrays by position: dictionaries of words, plain text of which hardly two cells are
alike, numbers, days; and a way to read a column as text.  Output: a `Sheet` like any other.  What
can be answered from the types is; `words` of any column gives its text as the careful path has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of, scalar_of
from reen.tables.sheet import Sheet, chosen_rows, compact, map_columns
from reen.tables.typed.proofs import is_tidy

__all__ = ["TypedSheet"]


class TypedSheet(Sheet):
    """Rows of typed cells.

    Parameters
    ----------
    cells
        Arrays by position: dictionary-encoded or plain strings, float64, date32.
    lines
        Line in the file of each row.
    text
        Returns the cells of a column, of all rows that were read, as they are written.
    rows
        Those of the rows read that are here, None for all.
    """

    def __init__(
        self,
        cells: dict[int, pa.Array],
        lines: npt.NDArray[np.int64],
        *,
        text: Callable[[int], pa.Array],
        rows: npt.NDArray[np.int64] | None = None,
        words: dict[int, pa.DictionaryArray] | None = None,
        tidy: dict[int, bool] | None = None,
    ) -> None:
        super().__init__(cells, lines, words=words)
        self._text = text
        self._rows = rows
        self._tidy = {} if tidy is None else tidy

    def _encode(self, position: int) -> pa.DictionaryArray:
        cells = self._cells[position]
        if _is_typed(cells):
            cells = self._text(position)
            if self._rows is not None:
                cells = cells.take(pa.array(self._rows))
                cells = compact(cells) if pa.types.is_dictionary(cells.type) else cells
        if pa.types.is_dictionary(cells.type):
            return self.tidied(cells)
        return self.tidied(cells.dictionary_encode())

    def prepare(self, positions: Sequence[int]) -> None:
        """Look at the columns of plain text, on all processors when there are many rows.

        They are not encoded: most are never asked for.  Words are encoded already.
        """
        plain = [k for k in positions if pa.types.is_string(self._cells[k].type)]
        found = map_columns(is_tidy, [self._cells[k] for k in plain])
        self._tidy |= dict(zip(plain, found, strict=True))

    def plain_cells(self, position: int) -> pa.Array | None:
        """Return the cells of a column of tidy text that is not encoded; None for any other."""
        cells = self._cells[position]
        if not pa.types.is_string(cells.type) or position in self._words:
            return None
        if position not in self._tidy:
            self._tidy[position] = is_tidy(cells)
        return cells if self._tidy[position] else None

    def filled(self, position: int) -> npt.NDArray[np.bool_]:
        """Return where a column holds something."""
        cells = self._cells[position]
        if not _is_typed(cells) and self.plain_cells(position) is None:
            return super().filled(position)
        return np.asarray(numpy_of(cells.is_valid()), np.bool_)

    def keep(self, mask: npt.NDArray[np.bool_]) -> TypedSheet:
        """Return the rows where `mask` is true."""
        if mask.all():
            return self
        chosen = pa.array(mask)
        return TypedSheet(
            {k: chosen_rows(cells, chosen) for k, cells in self._cells.items()},
            self.lines[mask],
            text=self._text,
            rows=np.flatnonzero(mask) if self._rows is None else self._rows[mask],
            words={k: chosen_rows(words, chosen) for k, words in self._words.items()},
            tidy={position: tidy for position, tidy in self._tidy.items() if tidy},
        )

    def rows_with(self, position: int, text: str) -> npt.NDArray[np.int64]:
        """Return the rows whose cell of a column is a text."""
        cells = self.plain_cells(position)
        if cells is None:
            return super().rows_with(position, text)
        hits = pc.indices_nonzero(pc.equal(cells, scalar_of(text)))
        return np.asarray(numpy_of(hits), np.int64)


def _is_typed(cells: pa.Array) -> bool:
    return bool(pa.types.is_floating(cells.type) or pa.types.is_date(cells.type))
