"""Characters of foreign text that are made harmless before a person or a spreadsheet sees it.

Input: text, or a column of it.  Output: the same without what moves a cursor, turns the direction
of writing or is run as a formula.  Data for programs pass as they are: they come not here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["escaped", "inert", "inert_column", "visible", "visible_value"]

#: Beginnings that a spreadsheet takes for a formula (OWASP, "CSV injection"; the wide ones are
#: taken by some locales).
_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"  # noqa: RUF001 - the wide ones are meant

#: Signs that nobody sees: controls of terminals (but for the ends of lines and tabs), and those
#: that turn the direction of writing.
_CONTROLS = (*range(9), *range(11, 32), *range(127, 160))
_DIRECTION = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))

#: What is no character: halves of pairs, which names of files hold where they are not in UTF-8, and
#: two codes that documents of XML may not hold.
_NONE = (*range(0xD800, 0xE000), 0xFFFE, 0xFFFF)

#: What stands for each: the picture of a control, or the sign of what cannot be shown.
_SHOWN = {code: 0x2400 + code for code in _CONTROLS if code < 32}  # noqa: PLR2004 - ASCII
_SHOWN |= {127: 0x2421}
_SHOWN = dict.fromkeys((*_CONTROLS, *_DIRECTION, *_NONE), 0xFFFD) | _SHOWN
#: The same as ranges, which are compiled at once: every command prints through it.
_ANY = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
    "\\ud800-\\udfff\\ufffe\\uffff]"
)


def visible(text: str) -> str:
    r"""Return text that a terminal prints and does not obey: its lines and tabs stay.

    Examples
    --------
    >>> visible("laptop\x1b[2J")
    'laptop␛[2J'
    """
    return text.translate(_SHOWN) if _ANY.search(text) else text


def visible_value(value: object) -> object:
    """Return what a template is to show: text `visible`, markup and numbers as they are."""
    return visible(value) if type(value) is str else value


def escaped(text: object) -> str:
    """Return text as HTML: escaped, and `visible`."""
    import html

    return html.escape(visible(str(text)))


def inert(text: str) -> str:
    """Return text that no spreadsheet runs: an apostrophe says that it is text.

    Examples
    --------
    >>> inert("=1+1"), inert("PC-1")
    ("'=1+1", 'PC-1')
    """
    return f"'{text}" if re.match(_FORMULA, text) else text


def inert_column(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Return a column whose texts are `inert`; another one is returned as it is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    return pc.replace_substring_regex(column, f"({_FORMULA})", r"'\1")
