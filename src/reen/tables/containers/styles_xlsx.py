"""Styles of an xlsx workbook: which cells their style sets in, and how far, and which it strikes.

Input: the XML of the styles and of a sheet.  Output: the steps of each style, the styles that
strike their text through, and the cells that have one.  Most workbooks have no such style, and
their sheets are not looked at.  Source: ECMA-376-1, 18.8.1 (alignment), 18.8.10 (cellXfs), 18.8.22
(font), 18.4.10 (strike) and 18.3.1.4 (c).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from reen.tables.containers.layout_xlsx import column_number

__all__ = ["indented_styles", "struck_styles", "styled_cells"]

_T = TypeVar("_T")

_CELL_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?xf>)", re.DOTALL)
_FONTS = re.compile(rb"<(?:\w+:)?fonts\b[^>]*>(.*?)</(?:\w+:)?fonts>", re.DOTALL)
_FONT = re.compile(rb"<(?:\w+:)?font(?:\s[^>]*?)?(?:/>|>(.*?)</(?:\w+:)?font>)", re.DOTALL)
_FONT_OF = re.compile(rb"""\sfontId\s*=\s*["'](\d{1,6})["']""")
_STRIKE = re.compile(rb"""<(?:\w+:)?strike(?:\s*/?>|\s+val\s*=\s*["'](?:1|true|on)["'])""")
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


def struck_styles(styles: bytes) -> dict[bytes, bool]:
    """Return the styles of cells whose font is struck through, by their number as it is written."""
    fonts, found = _FONTS.search(styles), _CELL_STYLES.search(styles)
    if b"strike" not in styles or fonts is None or found is None:
        return {}
    struck = {
        b"%d" % number
        for number, font in enumerate(_FONT.finditer(fonts[1]))
        if _STRIKE.search(font[1] or b"")
    }
    named = ((k, _FONT_OF.search(style[0])) for k, style in enumerate(_STYLE.finditer(found[1])))
    return {b"%d" % k: True for k, font in named if font and font[1] in struck}


def styled_cells(sheet: bytes, styles: Mapping[bytes, _T]) -> dict[tuple[int, int], _T]:
    """Return what the styles of the cells of a sheet say, of those styles that are given."""
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
