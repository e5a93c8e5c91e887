"""Quotation marks: where a quoted cell begins and ends, and whether they balance in a file.

Input: lines of bytes.  Output: which lines continue a quoted cell of the line before, or that the
marks do not balance (an inch mark that opens a cell), in which case the file is read without them.
The rules are those of pyarrow's reader: a mark quotes only at the beginning of a cell, two marks
inside a quoted cell are one, and what follows the closing mark is plain.

Knows arrays and bytes only; nothing of encodings or headers.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

__all__ = [
    "Lines",
    "continuation_lines",
    "ends_inside",
    "find_lines",
    "lines_of_spaces",
    "without_lines",
    "without_spaces",
]

_NEWLINE, _RETURN, _QUOTE = 10, 13, 34

#: Bytes in which lines are looked for at once; a blank line takes some 60 bytes meanwhile.
_CHUNK = 1 << 18

#: Cells from which it is no accident that two lines have as many as a row.
_WIDE = 3


@attrs.frozen(eq=False, repr=False)
class Lines:
    """The lines of a text that hold something: millions of blank ones take no room.

    Attributes
    ----------
    starts, ends
        Offsets of each line, its line end excluded; int64 of one length.
    numbers
        Its place among all lines, from 0.
    total
        Number of all lines.
    """

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]
    total: int


def find_lines(data: memoryview) -> Lines:
    """Return the lines of `data` that hold something."""
    array = np.frombuffer(data, np.uint8)
    found: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]] = []
    begin = line = 0
    for at in range(0, max(len(array), 1), _CHUNK):
        breaks = np.flatnonzero(array[at : at + _CHUNK] == _NEWLINE) + at
        if at + _CHUNK >= len(array):
            breaks = np.append(breaks, len(array))
        if not len(breaks):
            continue
        starts = np.append(begin, breaks[:-1] + 1).astype(np.int64)
        ends = breaks.astype(np.int64)
        filled = ends > starts
        last = array[np.maximum(ends - 1, 0)] if len(array) else np.zeros(len(ends), np.uint8)
        ends = ends - (filled & (last == _RETURN))
        filled = ends > starts
        found.append((starts[filled], ends[filled], np.flatnonzero(filled) + line))
        begin, line = int(breaks[-1]) + 1, line + len(breaks)
    starts, ends, numbers = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Lines(starts, ends, numbers.astype(np.int64), line)


def lines_of_spaces(data: memoryview, lines: Lines, delimiter: bytes) -> npt.NDArray[np.bool_]:
    """Return which lines (of those found) hold nothing but spaces and tabs that delimit nothing."""
    if not len(lines.starts):
        return np.zeros(0, np.bool_)
    holds = np.ones(256, np.bool_)
    holds[list(b" \t\r\n")] = False
    holds[ord(delimiter)] = True
    return ~np.logical_or.reduceat(holds[np.frombuffer(data, np.uint8)], lines.starts)


def without_lines(data: memoryview, lines: Lines, which: npt.NDArray[np.bool_]) -> memoryview:
    """Return the text with some of its lines emptied: they stay as lines, so that none moves."""
    steps = np.zeros(len(data) + 1, np.int8)
    steps[lines.starts[which]] = 1
    steps[lines.ends[which]] = -1
    kept = np.cumsum(steps[:-1], dtype=np.int8) == 0
    return memoryview(np.frombuffer(data, np.uint8)[kept])


def without_spaces(data: memoryview, delimiter: bytes) -> memoryview:
    """Return a text without marks, its lines of spaces emptied, a piece at a time."""
    pieces: list[memoryview | bytes] = []
    at, begins = 0, True
    while at < len(data):
        piece = bytes(data[at : at + _CHUNK])
        end = len(piece) if at + _CHUNK >= len(data) else piece.rfind(b"\n") + 1
        piece = piece[: end or len(piece)]
        lines = find_lines(memoryview(piece))
        which = lines_of_spaces(memoryview(piece), lines, delimiter)
        if not end or not begins:  # part of a line that is longer than a piece
            which &= (lines.numbers > 0) & (end > 0)
        pieces.append(without_lines(memoryview(piece), lines, which) if which.any() else piece)
        at, begins = at + len(piece), end > 0
    return memoryview(b"".join(pieces))


def ends_inside(line: bytes, delimiter: bytes, *, inside: bool) -> bool:
    """Tell whether a line ends inside a quoted cell, given whether it begins in one."""
    if not inside and b'"' not in line:
        return False
    at = 0
    while True:
        if inside:
            closing = line.find(b'"', at)
            if closing < 0:
                return True
            if line[closing + 1 : closing + 2] == b'"':
                at = closing + 2
                continue
            inside, at = False, closing + 1
        elif line[at : at + 1] == b'"':
            inside, at = True, at + 1
            continue
        following = line.find(delimiter, at)
        if following < 0:
            return False
        at = following + 1


def _closes_well(line: bytes, delimiter: bytes) -> bool:
    """Tell whether the quoted cell that `line` continues ends at the end of a cell."""
    at = 0
    while True:
        closing = line.find(b'"', at)
        if closing < 0:
            return False
        after = line[closing + 1 : closing + 2]
        if after != b'"':
            return after in (b"", delimiter)
        at = closing + 2


def _are_rows(lines: tuple[bytes, ...], delimiter: bytes, width: int) -> bool:
    return width >= _WIDE and all(line.count(delimiter) + 1 == width for line in lines)


def continuation_lines(
    data: memoryview, lines: Lines, delimiter: bytes, width: int
) -> npt.NDArray[np.bool_] | None:
    """Return which lines (of those found) continue a quoted cell; None when marks do not balance.

    Only lines with an odd number of marks are looked at one by one: the others begin and end in
    the same state.  Two lines that would be one cell with their marks, and a whole row each
    without, are two rows with inch marks.

    Parameters
    ----------
    data, lines
        The text and its lines.
    delimiter
        One byte.
    width
        Cells of a row.
    """
    array = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero(array == _QUOTE)
    counts = np.diff(np.searchsorted(marks, np.append(lines.starts, len(array))))
    turns = np.zeros(len(counts), np.bool_)
    inside = False
    opening = b""
    for k in np.flatnonzero(counts % 2):
        line = bytes(data[lines.starts[k] : lines.ends[k]])
        if not inside:
            opening = line
        elif not _closes_well(line, delimiter) or _are_rows((opening, line), delimiter, width):
            return None
        after = ends_inside(line, delimiter, inside=inside)
        turns[k] = after != inside
        inside = after
    if inside:
        return None
    state = np.cumsum(turns) % 2 == 1
    return np.concatenate(([False], state[:-1]))
