"""Wrappers: what programs put around the content of a cell, undone.

A program writes ``="0012"`` or ``'0012`` so that a spreadsheet keeps the zeros, ``&Eacute;cran``
because it was made for pages, ``_x000D_`` because XML has no such character.  These are no content.
What only resembles a wrapper stays: "R&D", "a=b", "24 pouces".

Knows single cells; `sheet` asks once per distinct value.
"""

from __future__ import annotations

import re

from reen.patterns import pattern

__all__ = ["WRAPPED", "read_entity", "unwrap"]

#: Cells that may hold a wrapper (RE2 and Python alike): `unwrap` looks closer.
WRAPPED = r"^\s*=|^\s*\"|^\s*'.*'\s*$|&(?:#[0-9xX]|[A-Za-z])[0-9A-Za-z]*;|_x[0-9A-Fa-f]{4}_"

#: Signs one of which every wrapper has.
_MARKS = frozenset("=\"'&_")

_MAY_BE_WRAPPED = pattern(WRAPPED, re.DOTALL)

#: ="0012" and =T("0012"), marks inside them doubled.
_FORMULA = pattern(r'=\s*(?:"((?:[^"]|"")*+)"|T\s*\(\s*"((?:[^"]|"")*+)"\s*\))')
_QUOTED = pattern(r"\"([^\"]*)\"|'([^']*)'", re.DOTALL)
_ENTITY = pattern(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][0-9A-Za-z]{1,30});")
#: ECMA-376, part 1, section 22.9.2.19: a character that XML cannot hold; `_x005F_` is the
#: underscore that keeps the next one from being read so.
_ESCAPED = pattern(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = range(0xD800, 0xE000)

#: Wrappers inside wrappers that are undone: `&amp;amp;gt;` needs three.
_DEEPEST = 4


def unwrap(cell: str) -> str:
    """Return the content of a cell.

    Examples
    --------
    >>> unwrap('="0012"'), unwrap("&Eacute;cran"), unwrap("Racine &amp;gt; DSI")
    ('0012', 'Écran', 'Racine > DSI')
    >>> unwrap("R&D = 12")
    'R&D = 12'
    """
    if _MARKS.isdisjoint(cell) or not _MAY_BE_WRAPPED.search(cell):
        return cell
    cell = _ESCAPED.sub(_character, cell)
    for _ in range(_DEEPEST):
        inner = _ENTITY.sub(lambda match: read_entity(match[0]) or match[0], cell).strip()
        found = _FORMULA.fullmatch(inner)
        if found:
            inner = (found[1] if found[1] is not None else found[2]).replace('""', '"')
        found = _QUOTED.fullmatch(inner)
        if found:
            inner = found[1] if found[1] is not None else found[2]
        if inner == cell:
            break
        cell = inner
    return cell


def read_entity(entity: str) -> str | None:
    """Return the character of an HTML entity with its semicolon, None when there is no such one."""
    import html.entities  # two thousand names, which few files have

    if entity[1] == "#":
        return html.unescape(entity)
    # Not `unescape`, which reads the beginning "&not" of any name as one.
    return html.entities.html5.get(entity[1:])


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    if number in _SURROGATES:
        return match[0]
    return chr(number)
