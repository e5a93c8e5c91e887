"""Two rows: headers of a plain list in two rows, the upper one naming groups.

Input: the first rows of a sheet and the one that was taken for its header.  Output: one header,
and the row at which the records begin.  The group only counts where the lower cell alone is not
known, is blank or stands twice.  Where the upper row is the header of another table that stands
beside the list, the lower cells are data of that table, and no part of a header.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reen.tables.headers.header_words import key_of
from reen.tables.layouts.counts import is_count
from reen.tables.layouts.words import Words
from reen.tables.recognition.signs import refusals

__all__ = ["joined_header"]

_TWO = 2


def joined_header(
    rows: Sequence[Sequence[str]], place: int, words: Words
) -> tuple[tuple[str, ...], int]:
    """Return the header of a list, and the place of its first record.

    Parameters
    ----------
    rows
        The first rows of the sheet.
    place
        The row that names most known columns.
    words
        What is known of cells.
    """
    here = [cell.strip() for cell in rows[place]]
    below = [cell.strip() for cell in rows[place + 1]] if place + 1 < len(rows) else []
    above = [cell.strip() for cell in rows[place - 1]] if place else []
    if _continues(here, below):
        return _joined(here, below, words), place + 2
    if sum(map(bool, above)) >= _TWO and not any(map(is_count, above)):
        return _joined(above, here, words), place + 1
    return tuple(rows[place]), place + 1


def _continues(here: Sequence[str], below: Sequence[str]) -> bool:
    """Tell whether a row below a header names the columns of its groups.

    Each of its cells is that of the header again (merged over both rows) or stands under a group:
    a header that is followed by blank ones, or that stands several times.
    """
    if sum(map(bool, here)) < _TWO:
        return False  # a title
    if not below or sum(map(bool, below)) < _TWO or any(map(is_count, below)):
        return False
    grouped = _grouped(here)
    own = [k for k, cell in enumerate(below) if cell and cell != here[k]]
    if len(own) < _TWO or not all(grouped[k] for k in own):
        return False
    # what stands below an ungrouped header is a record
    return all(not below[k] or below[k] == here[k] for k in range(len(here)) if not grouped[k])


def _grouped(here: Sequence[str]) -> list[str]:
    """Return the group of each column: the header that spreads over the blank ones after it."""
    found = [""] * len(here)
    for k, cell in enumerate(here):
        if not cell and k and (found[k - 1] or here[k - 1]):
            start = k - 1 if here[k - 1] else None
            found[k] = found[k - 1] or here[k - 1]
            if start is not None:
                found[start] = here[start]
    return found


def _of_another_table(above: Sequence[str], below: Sequence[str], words: Words) -> frozenset[int]:
    """Return the columns whose upper cell is a header of a table that is no list of assets."""
    found: set[int] = set()
    start = 0
    for end in range(len(above) + 1):
        if end < len(above) and above[end]:
            continue
        run = range(start, end)
        start = end + 1
        # a list may end and the other table begin without a column between them
        for first in run:
            keys = frozenset(key_of(above[k]) for k in run if k >= first)
            if any(map(words.column_of, filter(None, (below[k] for k in run if k >= first)))):
                continue
            if any(refusal.headers_of(keys) for refusal in refusals()):
                found.update(k for k in run if k >= first)
                break
    return frozenset(found)


def _joined(above: Sequence[str], below: Sequence[str], words: Words) -> tuple[str, ...]:
    others = _of_another_table(above, below, words)
    below = ["" if k in others else cell for k, cell in enumerate(below)]
    groups = [cell or group for cell, group in zip(above, _grouped(above), strict=True)]
    twice = {cell for cell, times in Counter(filter(None, below)).items() if times > 1}
    header = []
    for group, cell in zip(groups, below, strict=True):
        both = f"{group} {cell}"
        if not cell or cell == group:
            header.append(cell or group)
        elif group and (cell in twice or not words.column_of(cell)):
            header.append(both if words.column_of(both) else f"{group} - {cell}")
        else:
            header.append(cell)
    return tuple(header)
