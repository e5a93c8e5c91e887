"""Proofs: cheap looks at the bytes of a whole column that spare a look at each of its cells.

Input: a string array.  Output: whether the column is certain to hold nothing of some kind.  "No"
means that it may: then its cells are looked at one by one.

Knows no column by name.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.bounds import Bounds, bounds_of, content_of, spans_of
from reen.inventory.masks import nulls_of

__all__ = [
    "first_is_fourth",
    "holds_byte",
    "is_tidy",
    "is_tidy_latin",
    "may_hold_total",
    "may_hold_words",
]

#: Blanks that no tidy cell holds (a space may stand between two words), and marks of wrappers.
_BLANKS = (*(b"\t", b"\n", b"\v", b"\f", b"\r"), *(b"\x1c", b"\x1d", b"\x1e", b"\x1f"))
_WRAPPERS = (b"=", b"&", b'"', b"\0")
_NEVER = (*_BLANKS, *_WRAPPERS)
#: These, and what no tidy cell has in some places.
_ODD = b" '_" + b"".join(_NEVER)

#: Bytes of ASCII and of the letters of Western and Central Europe (U+00C0 to U+017F), which have no
#: other form; U+0080 to U+00BF begin with a third byte, U+2080 to U+20BF with two more.
_OF_LETTERS = bytes(range(0xC0)) + b"\xc3\xc4\xc5"
_SIGNS, _MORE_SIGNS = b"\xc2", b"\xe2"
#: Among these signs: a line end, a no-break space, a soft hyphen; and the beginning of the latter.
_NO_SIGNS, _FEW_SIGNS = (b"\xc2\x85", b"\xc2\xa0", b"\xc2\xad"), b"\xe2\x82"

#: An old s and the sign of the kelvin.
_LIKE_ASCII = ("\u017f".encode(), "\u212a".encode())

_FOUR = 4

_SPACE, _APOSTROPHE = ord(" "), ord("'")

#: Two letters of every label of a total, in lower case: total, t o t a l, t.o.t.a.l, somme, cumul,
#: ensemble, dont, gesamt.
_BEGINNINGS = {ord("t"): b"o .", ord("s"): b"ou/", ord("m"): b"ub", ord("d"): b"o", ord("g"): b"e"}
#: The first bytes of the Greek letters that stand for a sum, large and small.
_GREEK = (0xCE, 0xCF)

_BYTES = npt.NDArray[np.uint8]


def holds_byte(cells: pa.Array, byte: str) -> bool:
    """Tell whether a byte may stand in a column."""
    bounds = bounds_of(cells)
    if bounds is not None and not bounds.may_hold(byte.encode()):
        return False
    return bytes(content_of(cells)).find(byte.encode()) >= 0


def is_tidy(cells: pa.Array) -> bool:
    """Tell whether no cell of a column would be changed by `sheet.tidy`.

    Such cells are ASCII, begin with neither a blank nor an apostrophe, end with no blank, and hold
    single spaces alone; and nothing in them may be a wrapper.
    """
    bounds = bounds_of(cells)
    if bounds is not None and bounds.is_ascii and not bounds.may_hold(_ODD):
        return True
    content = bytes(content_of(cells))
    return content.isascii() and _is_tidy(cells, content)


def is_tidy_latin(cells: pa.Array) -> bool:
    """Tell the same of cells that may have letters of Western and Central Europe, and some signs.

    None of them is a blank, invisible, or a mark on another letter.
    """
    content = bytes(content_of(cells))
    return (content.isascii() or _is_latin(content)) and _is_tidy(cells, content)


def _is_latin(content: bytes) -> bool:
    others = content.translate(None, _OF_LETTERS)
    return not others or (
        not others.strip(_SIGNS + _MORE_SIGNS)
        and not any(sign in content for sign in _NO_SIGNS)
        and content.count(_MORE_SIGNS) == content.count(_FEW_SIGNS)
    )


def _is_tidy(cells: pa.Array, content: bytes) -> bool:
    if any(mark in content for mark in _NEVER) or (b"_" in content and b"_x" in content):
        return False
    spans = spans_of(cells)
    starts, ends = spans[:-1], spans[1:]
    filled = ends > starts
    if cells.null_count:
        filled &= ~nulls_of(cells)
    if np.count_nonzero(filled) + cells.null_count != len(cells):
        return False  # an empty cell that is not null
    if b" " not in content and b"'" not in content:
        return True
    array = np.frombuffer(content, np.uint8)
    first, last = array.take(starts[filled]), array.take(ends[filled] - 1)
    outside = (first == _APOSTROPHE) | (first == _SPACE) | (last == _SPACE)
    return b"  " not in content and not outside.any()


def may_hold_words(cells: pa.Array, words: Iterable[str]) -> bool:
    """Tell whether a column may hold one of some words of ASCII, in whatever case.

    A search that ignores case takes two other letters for those of ASCII.
    """
    content = bytes(content_of(cells))
    if not content.isascii() and any(letter in content for letter in _LIKE_ASCII):
        return True
    small = content.lower()
    return any(word.encode() in small for word in words)


def first_is_fourth(cells: pa.Array) -> npt.NDArray[np.bool_]:
    """Return the cells whose first byte is their fourth, as in a run of one character."""
    bounds = bounds_of(cells)
    if bounds is not None and (
        len(bounds) < _FOUR
        or not bounds.may_have(0, range(bounds.low[_FOUR - 1], bounds.high[_FOUR - 1] + 1))
    ):
        return np.zeros(len(cells), np.bool_)
    content, spans = np.frombuffer(content_of(cells), np.uint8), spans_of(cells)
    found = np.diff(spans) >= _FOUR
    starts = spans[:-1][found]
    found[found] = content.take(starts) == content.take(starts + (_FOUR - 1))
    return found


def may_hold_total(cells: pa.Array) -> bool:
    """Tell whether a cell of a column may have the label of a total (`totals`)."""
    bounds = bounds_of(cells)
    if bounds is not None and bounds.is_ascii:
        return any(_may_begin(bounds, place) for place in range(len(bounds) - 1))
    content = np.frombuffer(content_of(cells), np.uint8)
    lower = content | 0x20
    for letter, others in _BEGINNINGS.items():
        following = lower.take(np.flatnonzero(lower[:-1] == letter) + 1)
        if any((following == other).any() for other in others):
            return True
    return _holds_long_s(content) or any((content == byte).any() for byte in _GREEK)


def _may_begin(bounds: Bounds, place: int) -> bool:
    """Tell whether two letters of a label may stand at a place."""
    return any(
        bounds.may_have(place, (letter, letter ^ 0x20))
        and bounds.may_have(place + 1, {*others, *others.upper()})
        for letter, others in _BEGINNINGS.items()
    )


def _holds_long_s(content: _BYTES) -> bool:
    """Tell whether an old s may stand there, which a search that ignores case takes for an s."""
    return bool((content == 0xC5).any())  # noqa: PLR2004 - the first of its two bytes
