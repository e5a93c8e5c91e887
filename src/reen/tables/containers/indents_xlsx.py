"""Indents of an xlsx workbook: which cells the alignment of their style sets in, and how far.

Input: the XML of the styles and of a sheet.  Output: the steps of each style, and of each cell
that has one.  Most workbooks have no such style, and their sheets are not looked at.  Source:
ECMA-376-1, 18.8.1 (alignment), 18.8.10 (cellXfs) and 18.3.1.4 (c).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reen.tables.containers.layout_xlsx import column_number

__all__ = ["find_indents", "indented_styles"]

_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?xf>)", re.DOTALL)
_ALIGNMENT = re.compile(rb"<(?:\w+:)?alignment\b([^>]*)")
_INDENT = re.compile(rb"""\sindent\s*=\s*["'](\d{1,3})["']""")
#: What is centred or at the right is not set in from the margin.
_ELSEWHERE = re.compile(rb"""\shorizontal\s*=\s*["'](?!left|general|distributed)""")


def indented_styles(styles: bytes) -> dict[bytes, int]:
    """Return the steps of each style of cells that sets text in, by its number as it is written."""
    if b"indent" not in styles or (found := _CELL_STYLES.search(styles)) is None:
        return {}
    steps = {}
    for number, style in enumerate(_STYLE.finditer(found[1])):
        alignment = _ALIGNMENT.search(style[1] or b"")
        indent = alignment and _INDENT.search(alignment[1])
        if alignment and indent and int(indent[1]) and not _ELSEWHERE.search(alignment[1]):
            steps[b"%d" % number] = int(indent[1])
    return steps


def find_indents(sheet: bytes, styles: Mapping[bytes, int]) -> dict[tuple[int, int], int]:
    """Return the steps of the cells of a sheet that have one of some styles, by row and column."""
    if not styles:
        return {}
    numbers = b"|".join(map(re.escape, styles))
    # the order of the two attributes is the writer's
    cell = re.compile(
        rb"""<(?:\w+:)?c\b(?=[^>]*\ss=["'](""" + numbers + rb""")["'])[^>]*\sr=["']([A-Z]{1,3})"""
        rb"""(\d{1,7})["']"""
    )
    return {
        (int(found[3]) - 1, column_number(found[2])): styles[found[1]]
        for found in cell.finditer(sheet)
    }
