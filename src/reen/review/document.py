"""Documents: the review as blocks in words, before it is a page, a PDF or an editable file.

Input and output: values.  Each renderer writes the same blocks in the same order, so that all
formats say the same.
"""

from __future__ import annotations

from typing import TypeAlias

import attrs

__all__ = [
    "Block",
    "Bullets",
    "Card",
    "Cards",
    "Chart",
    "Column",
    "Document",
    "Section",
    "Table",
    "Text",
]


@attrs.frozen
class Text:
    """A paragraph; `style` is ``plain``, ``lead`` (what matters most), ``note`` or ``heading``."""

    text: str
    style: str = "plain"


@attrs.frozen
class Bullets:
    """Several short statements."""

    items: tuple[str, ...]


@attrs.frozen
class Card:
    """A figure of the first page: what it is, the figure, and what must be known of it."""

    label: str
    value: str
    detail: str


@attrs.frozen
class Cards:
    """The figures of the first page."""

    cards: tuple[Card, ...]


@attrs.frozen
class Column:
    """A column of a table; the first one heads its rows."""

    title: str
    numeric: bool = False


@attrs.frozen
class Table:
    """A table of text, with what it shows."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@attrs.frozen
class Chart:
    """A picture, with its description in words; a table beside it has the figures.

    Attributes
    ----------
    caption
        Its title.
    svg
        The picture, for pages.
    png
        The same for editable documents, which hold no SVG.
    alternative
        What it shows.
    """

    caption: str
    svg: str
    png: bytes = attrs.field(repr=False)
    alternative: str


Block: TypeAlias = Text | Bullets | Cards | Table | Chart


@attrs.frozen
class Section:
    """A part of the document."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@attrs.frozen(kw_only=True)
class Document:
    """The whole review.

    Attributes
    ----------
    title, subtitle
        What it is, and of when.
    language
        Of its texts, for screen readers and hyphenation.
    sections
        Its parts, in order; the first is the first page.
    footer
        What was used, on every page.
    """

    title: str
    subtitle: str
    language: str
    sections: tuple[Section, ...]
    footer: str
