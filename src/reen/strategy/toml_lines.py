"""Lines of a TOML file: where each key stands, which the parser does not say.

Input: the text.  Output: the line of a table, and of a key in it, by the path of the table and its
number among those of its name.  Reads headers and the beginnings of lines only; values are the
parser's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

__all__ = ["lines_of"]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")
_QUOTES = ('"""', "'''")


def lines_of(text: str) -> Mapping[tuple[str, int, str], int]:
    r"""Return the line of each key by (table, number of the table, key).

    A table without a header is ``""``; the empty key is the header itself.  Tables of one name are
    counted from 1.

    Examples
    --------
    >>> found = lines_of("title = 'x'\n[[action]]\nid = 'A1'\n\n[[action]]\nid = 'A2'\n")
    >>> found["action", 2, "id"], found["", 1, "title"]
    (6, 1)
    """
    found: dict[tuple[str, int, str], int] = {}
    counts: dict[str, int] = {}
    table, number = "", 1
    for line, content in _outside_texts(text):
        header = _HEADER.match(content)
        if header:
            table = header[2].strip("\"'")
            counts[table] = counts.get(table, 0) + 1
            number = counts[table]
            found[table, number, ""] = line
            continue
        key = _KEY.match(content)
        if key:
            found.setdefault((table, number, key[1].strip("\"'")), line)
    return found


def _outside_texts(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that begin outside a text of several lines, with their numbers."""
    inside = ""
    for line, content in enumerate(text.splitlines(), 1):
        if not inside:
            yield line, content
        for mark in _QUOTES:
            if inside in ("", mark) and content.count(mark) % 2:
                inside = "" if inside else mark
