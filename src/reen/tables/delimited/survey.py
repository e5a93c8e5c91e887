"""Survey: all bytes of a text looked at once, for what would otherwise need several looks.

Input: the bytes of a file.  Output: whether they are UTF-8, which of the bytes that need a closer
look are not there, and how many lines each part of them has, by which a text is cut in several
threads.  The compiled loops do it in one pass, on all processors when there are many bytes.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.kernel import loops
from reen.kernel.interface import Loops

__all__ = ["Survey", "absent_from", "is_utf8", "survey"]

#: Bytes of a part: threads cost more than they give on fewer.
_PART = 1 << 22

_ASCII = 0x80


@attrs.frozen(eq=False, repr=False)
class Survey:
    """What is known of the bytes of a text.

    Attributes
    ----------
    is_utf8
        Whether they are UTF-8 without fault.
    absent
        Those of the bytes looked for that are not there.
    parts
        Where each part of them ends, which is after a line end or at the end of all, and the line
        ends in it; nothing where they were not counted.
    """

    is_utf8: bool
    absent: frozenset[int] = attrs.field(repr=False)
    parts: tuple[tuple[int, int], ...] = ()


def is_utf8(data: bytes) -> bool:
    """Tell whether bytes are UTF-8 without fault."""
    if data.isascii():
        return True
    # Arrow checks text without decoding it: no second copy, and half the time
    ends = pa.py_buffer(np.array([0, len(data)], np.int64))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(data)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def survey(data: bytes, looked_for: bytes) -> Survey:
    """Look at the bytes of a text.

    Parameters
    ----------
    data
        The bytes.
    looked_for
        Bytes of ASCII, at most five of them, and bytes beyond it.

    Examples
    --------
    >>> found = survey("Écran;2".encode(), b"&;")
    >>> found.is_utf8, sorted(found.absent) == sorted(b"&")
    (True, True)
    """
    compiled = loops()
    if compiled is None or not data:
        return _without_loops(data, looked_for)
    bytes_ = np.frombuffer(data, np.uint8)
    ends = _ends_of_parts(data)
    pieces = [bytes_[start:end] for start, end in zip((0, *ends[:-1]), ends, strict=True)]
    if len(pieces) == 1:
        found = [_looked_at(compiled, pieces[0], looked_for)]
    else:
        from concurrent.futures import ThreadPoolExecutor  # few files are long

        with ThreadPoolExecutor(pa.cpu_count()) as pool:
            found = [*pool.map(lambda piece: _looked_at(compiled, piece, looked_for), pieces)]
    lines = [each for each, _ in found]
    if min(lines) < 0:
        return Survey(is_utf8=False, absent=absent_from(data, looked_for))
    seen = np.logical_or.reduce([each for _, each in found])
    absent = frozenset(byte for byte in looked_for if not seen[byte])
    return Survey(is_utf8=True, absent=absent, parts=tuple(zip(ends, lines, strict=True)))


def _without_loops(data: bytes, looked_for: bytes) -> Survey:
    absent = frozenset[int]()
    if data.isascii():
        absent = frozenset(byte for byte in looked_for if byte >= _ASCII)
        looked_for = bytes(byte for byte in looked_for if byte < _ASCII)
    return Survey(is_utf8=is_utf8(data), absent=absent | absent_from(data, looked_for))


def _ends_of_parts(data: bytes) -> list[int]:
    """Return where parts of about one size end, each after a line end: one for each processor."""
    count = min(pa.cpu_count(), len(data) // _PART)
    ends = {data.find(b"\n", len(data) * k // count) + 1 for k in range(1, count)}
    return [*sorted(ends - {0, len(data)}), len(data)]


def _looked_at(
    compiled: Loops, piece: npt.NDArray[np.uint8], looked_for: bytes
) -> tuple[int, npt.NDArray[np.uint8]]:
    seen = np.zeros(1 << 8, np.uint8)
    ascii_ = bytes(byte for byte in looked_for if byte < _ASCII)
    return compiled.survey(piece, np.frombuffer(ascii_, np.uint8), seen), seen


#: Bytes of a piece.
_PIECE = 1 << 18


def absent_from(data: bytes, looked_for: bytes) -> frozenset[int]:
    """Return which of some bytes a text does not have.

    Examples
    --------
    >>> sorted(absent_from(b"a;b", b"&;?")) == sorted(b"&?")
    True
    """
    absent = set(looked_for)
    for start in range(0, len(data), _PIECE):
        absent = {byte for byte in absent if data.find(byte, start, start + _PIECE) < 0}
    return frozenset(absent)
