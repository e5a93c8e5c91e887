"""Rendering: a document as a page, a PDF and an editable file.

Input: a `Document`.  Output: the bytes of each format.  Every renderer goes through the same
blocks; none adds a figure.
"""

from __future__ import annotations

import datetime as dt
import importlib.resources
import io
import json
from typing import Any

import attrs

from reen.gate.characters import escaped, visible_value
from reen.review.document import Bullets, Cards, Chart, Document, Table, Text
from reen.review.packages import needed

__all__ = ["as_docx", "as_html", "as_pdf"]

#: Width of a picture in a document, in its units (914,400 to the inch): 16 cm.
_PICTURE = 5_760_000

#: Widths of columns by the length of what they hold, in characters.
_NARROW, _WIDE = 7, 30


def _template(name: str) -> str:
    folder = importlib.resources.files("reen.review").joinpath("templates")
    return folder.joinpath(name).read_text("utf-8")


def _data(document: Document) -> dict[str, Any]:
    """Return a document as plain data, each block with its kind."""
    found = attrs.asdict(document)
    for section, given in zip(found["sections"], document.sections, strict=True):
        for block, source in zip(section["blocks"], given.blocks, strict=True):
            block["kind"] = type(source).__name__
            if isinstance(source, Table):
                block["widths"] = _widths(source)
            elif isinstance(source, Chart):
                del block["png"]  # pages draw the SVG
    return found


def _widths(table: Table) -> list[int]:
    """Return the share of the width that each column needs."""
    lines = [tuple(column.title for column in table.columns), *table.rows]
    widths = []
    for place in range(len(table.columns)):
        longest = max(len(row[place]) for row in lines)
        # what has no space that a line may end with must fit
        tied = max(len(part) for row in lines for part in row[place].split(" "))
        widths.append(max(min(longest, _WIDE), tied + 2, _NARROW))
    return widths


def as_html(document: Document) -> bytes:
    """Return one self-contained page.

    Raises
    ------
    MissingExtraError
        jinja2 is not installed.
    """
    jinja2 = needed("jinja2", "writing the page of a review")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, finalize=visible_value
    )
    page = environment.from_string(_template("bilan.html"))
    content = _data(document)
    for block in (each for section in content["sections"] for each in section["blocks"]):
        if block["kind"] == "Chart":
            said = escaped(block["alternative"])
            block["svg"] = block["svg"].replace("<svg ", f'<svg role="img" aria-label="{said}" ', 1)
    return (str(page.render(document=content)) + "\n").encode()


def as_pdf(document: Document, *, date: dt.date) -> bytes:
    """Return a tagged PDF on A4; `date` is that of its making.

    Raises
    ------
    MissingExtraError
        typst is not installed.
    """
    typst = needed("typst", "writing a review as PDF")
    content = _data(document) | {"author": document.subtitle.partition(",")[0]}
    stamp = int(dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC).timestamp())
    made: bytes = typst.compile(
        _template("bilan.typ").encode(),
        format="pdf",
        ignore_system_fonts=True,  # the same pages on every machine
        sys_inputs={"document": json.dumps(content)},
        timestamp=stamp,
        pdf_standards=["ua-1"],
    )
    return made


def as_docx(document: Document) -> bytes:
    """Return an editable document.

    Raises
    ------
    MissingExtraError
        python-docx is not installed.
    """
    docx = needed("python-docx", "writing an editable review", module="docx")
    made = docx.Document()
    made.core_properties.title = document.title
    made.core_properties.language = document.language
    made.core_properties.author = document.subtitle.partition(",")[0]
    made.add_heading(document.title, 0)
    made.add_paragraph(document.subtitle)
    for number, section in enumerate(document.sections):
        made.add_heading(f"{number}. {section.title}" if number else section.title, 1)
        for block in section.blocks:
            _add(made, block)
    made.sections[0].footer.paragraphs[0].text = document.footer
    given = io.BytesIO()
    made.save(given)
    return given.getvalue()


def _add(made: Any, block: object) -> None:  # noqa: ANN401 - a document of python-docx
    match block:
        case Text(text, "heading"):
            made.add_heading(text, 2)
        case Text(text, style):
            run = made.add_paragraph().add_run(text)
            run.bold, run.italic = style == "lead", style == "note"
        case Bullets(items):
            for item in items:
                made.add_paragraph(item, style="List Bullet")
        case Cards(cards):
            for card in cards:
                paragraph = made.add_paragraph(f"{card.label} : ")
                paragraph.add_run(card.value).bold = True
                paragraph.add_run(f" ({card.detail})")
        case Chart(caption, _, png, alternative):
            made.add_paragraph().add_run(caption).bold = True
            picture = made.add_picture(io.BytesIO(png), width=_PICTURE)
            # what it shows, for screen readers
            picture._inline.docPr.set("descr", alternative)  # noqa: SLF001 - python-docx has no other way
        case Table():
            _add_table(made, block)


def _add_table(made: Any, table: Table) -> None:  # noqa: ANN401 - as above
    made.add_paragraph().add_run(table.caption).bold = True
    grid = made.add_table(rows=1, cols=len(table.columns), style="Light Grid Accent 1")
    lines = [tuple(column.title for column in table.columns), *table.rows]
    for _ in table.rows:
        grid.add_row()
    cells = iter(grid._cells)  # noqa: SLF001 - `row.cells` walks the whole table at each call
    for line in lines:
        for text in line:
            next(cells).text = text
