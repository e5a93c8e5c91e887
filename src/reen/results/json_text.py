"""JSON text for people and programs: structure over lines, one line per record, written in pieces.

Input: JSON types; a `Records` list may be made while it is written.  Output: pieces of text.  The
encoder that knows indentation is written in Python and puts every number on a line of its own: ten
times slower and longer.  Here each record, or array of plain values, is one call of the fast one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

import attrs

__all__ = ["Records", "json_pieces"]

_ENCODE: Callable[[object], str] = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


@attrs.frozen(eq=False)
class Records:
    """A list written one element a line, each made when its turn comes."""

    rows: Iterable[object]


#: Types of lists and objects: what JSON content is made of, no other class of them.
_NESTED = frozenset({dict, list, tuple, Records})


def json_pieces(content: object, *, indent: int | None = 2) -> Iterator[str]:
    """Yield the text of JSON content in pieces.

    Parameters
    ----------
    content
        JSON types and `Records`; numbers must be finite.
    indent
        Blanks by level of structure; None for one line.

    Raises
    ------
    ValueError
        A number that is not finite.
    """
    yield from _pieces(content, "\n" if indent is not None else "", " " * (indent or 0))


def _pieces(content: object, line: str, step: str) -> Iterator[str]:
    inner = line + step if line else ""
    if isinstance(content, Records):
        yield from _joined("[]", (_ENCODE(row) for row in content.rows), line, inner)
    elif isinstance(content, dict) and _is_nested(content.values()):
        parts = (
            _prefixed(_ENCODE(str(key)) + ": ", _pieces(value, inner, step))
            for key, value in content.items()
        )
        yield from _nested("{}", parts, line, inner)
    elif isinstance(content, (list, tuple)) and _is_nested(content):
        yield from _nested("[]", (_pieces(value, inner, step) for value in content), line, inner)
    else:
        yield _ENCODE(content)


def _is_nested(values: Iterable[object]) -> bool:
    """Tell whether any of the values is itself a list or an object."""
    return any(type(value) in _NESTED for value in values)


def _prefixed(prefix: str, pieces: Iterator[str]) -> Iterator[str]:
    yield prefix
    yield from pieces


def _joined(ends: str, texts: Iterable[str], line: str, inner: str) -> Iterator[str]:
    return _nested(ends, ([text] for text in texts), line, inner)


def _nested(ends: str, parts: Iterable[Iterable[str]], line: str, inner: str) -> Iterator[str]:
    """Yield the parts between two ends, a comma between them, each on a line."""
    yield ends[0]
    empty = True
    for part in parts:
        yield inner if empty else f",{inner or ' '}"
        empty = False
        yield from part
    yield ends[1] if empty else line + ends[1]
