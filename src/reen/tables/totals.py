"""Totals: the rows of a sheet that add up other rows, and whether they do.

Input: the rows of a sheet and its quantities.  Output: which rows are totals or sub-totals, by
their label or because they hold nothing but the sum of what stands above; a total that differs
from the computed sum is told.

Must not drop anything: `rows` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.tables.amounts import read_amounts
from reen.tables.findings import Findings
from reen.tables.number_marks import Marks, NumberColumn
from reen.tables.sheet import Sheet, codes_of

__all__ = ["check_totals", "is_total_label", "labelled_totals", "quantities_of", "sums_above"]

_LABEL = (
    r"(?i)^\W*(grand[ -]total|total[ -]g[ée]n[ée]ral|sous[ -]?total|sous[ -]?totaux|sub[ -]?total"
    r"|totaux|totals?|somme|sum)\b"
)
_PARTIAL = r"(?i)^\W*(sous|sub)"

#: The label stands in one of the first cells, if not in the first one that is filled.
_FIRST_CELLS = 3

#: Two sums of quantities that differ by less are the same, written and computed.
_SAME = 1e-6


def is_total_label(text: str) -> bool:
    """Tell whether a cell labels a total or a sub-total."""
    return re.match(_LABEL, text) is not None


def labelled_totals(
    sheet: Sheet, text_positions: Sequence[int], identifiers: Sequence[int]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return (rows labelled total, those of them that are sub-totals).

    A row with a serial number or an asset tag is an asset, whatever it is called (there are
    switches of the model "Total Access 924").

    Parameters
    ----------
    sheet
        The rows.
    text_positions
        Text columns, in the order of the file.
    identifiers
        Columns of serial numbers and asset tags.
    """
    total = np.zeros(len(sheet), np.bool_)
    partial = np.zeros(len(sheet), np.bool_)
    for k, position in enumerate(text_positions[:_FIRST_CELLS]):
        words = sheet.words(position)
        labelled = pc.match_substring_regex(words.dictionary, _LABEL)
        if not pc.any(labelled).as_py():
            continue
        here = _spread(labelled, words)
        for before in text_positions[:k]:
            here &= ~sheet.filled(before)
        for position_of_identifier in identifiers:
            if position_of_identifier != position:
                here &= ~sheet.filled(position_of_identifier)
        total |= here
        partial |= here & _spread(pc.match_substring_regex(words.dictionary, _PARTIAL), words)
    return total, partial


def _spread(of_words: pa.Array, words: pa.DictionaryArray) -> npt.NDArray[np.bool_]:
    """Return what holds of distinct words, for each row."""
    table = np.append(of_words.to_numpy(zero_copy_only=False), False)
    spread: npt.NDArray[np.bool_] = table[codes_of(words)].astype(np.bool_)
    return spread


def quantities_of(
    sheet: Sheet, position: int, marks: Marks | None = None
) -> npt.NDArray[np.float64]:
    """Return the quantity of each row, 0 where it is blank, no number or negative."""
    unheard = Findings("")  # the rows that stay are read again, and told then
    numbers = read_amounts(sheet, NumberColumn("quantity", position), unheard, marks=marks).numbers
    values: npt.NDArray[np.float64] = numbers.to_numpy(zero_copy_only=False)
    # what is refused as a quantity is in no sum either
    return np.nan_to_num(np.maximum(values, 0.0), nan=0.0)


def sums_above(
    quantities: npt.NDArray[np.float64], is_data: npt.NDArray[np.bool_], row: int
) -> float:
    """Return the sum of the quantities of the data rows above `row`."""
    return float(quantities[:row][is_data[:row]].sum())


def check_totals(
    sheet: Sheet,
    position: int,
    totals: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]],
    is_data: npt.NDArray[np.bool_],
    findings: Findings,
) -> None:
    """Tell the totals that are not the sum of their rows.

    A total may cover all rows of the sheet or those above it; a sub-total those since the last
    total or sub-total.  One that is the sum of any of these is right.
    """
    total, _ = totals
    quantities = quantities_of(sheet, position)
    words = sheet.words(position)
    everything = float(quantities[is_data].sum())
    previous = 0
    for row in np.flatnonzero(total):
        written = words[int(row)].as_py()
        part = float(quantities[previous:row][is_data[previous:row]].sum())
        above = sums_above(quantities, is_data, int(row))
        previous = int(row)
        if written is None or any(
            abs(quantities[row] - value) < _SAME for value in (part, above, everything)
        ):
            continue
        computed = part if totals[1][row] else above
        findings.rows(
            "quantity",
            written,
            f"is the total of the sheet, but its rows add up to {computed:g}",
            sheet.lines[row : row + 1],
            expected="the same figure: look for rows left out of one of the two",
        )
