"""Rendering: a document as a page, a PDF and an editable file.

Input: a `Document`.  Output: the bytes of each format.  Every renderer goes through the same
blocks; none adds a figure.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib.resources
import io
import json
from collections.abc import Callable
from typing import Any, TypeVar

import attrs

from reen.errors import FileNotWrittenError
from reen.gate.characters import escaped, visible, visible_value
from reen.gate.packages import needed
from reen.reasons import Reason
from reen.review.document import Bullets, Cards, Chart, Document, Table, Text

__all__ = ["PDF_FILE", "as_docx", "as_html", "as_pdf"]

T = TypeVar("T")

PDF_FILE = "bilan.pdf"

#: Width of a picture in a document, in its units (914,400 to the inch): 16 cm.
_PICTURE = 5_760_000

#: Units of a document in EMU, the margins of its pages, and the style of what stands in tables.
_MM, _POINT = 36_000, 12_700
_MARGIN = 18 * _MM
_CELLS = "Cellules"
#: Right, as WordprocessingML numbers alignments.
_RIGHT = 2

#: Widths of columns by the length of what they hold, in characters.
_NARROW, _WIDE = 7, 30


#: Last character of Latin alphabets, which every font of the PDF has.
_LATIN = "\u00ff"

#: How PDFs are made: the same pages on every machine, tagged.
_PAGES: dict[str, Any] = {
    "format": "pdf",
    "ignore_system_fonts": True,
    "pdf_standards": ["ua-1"],
}

#: A page of some characters, in the font of the template.
_PROBE = b'#set document(title: "-")\n#set text(font: "Libertinus Serif")\n#sys.inputs.signs'


def _with_texts(value: T, change: Callable[[str], str]) -> T:
    """Return a document, or a part of one, with every text changed."""
    made: Any = value
    if isinstance(value, str):
        made = change(value)
    elif isinstance(value, tuple):
        made = tuple(_with_texts(each, change) for each in value)
    elif attrs.has(type(value)):
        fields: Any = value
        held = {each.name: getattr(fields, each.name) for each in attrs.fields(type(fields))}
        texts = {name: _with_texts(each, change) for name, each in held.items()}
        made = attrs.evolve(fields, **texts)
    result: T = made
    return result


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
    jinja2 = needed("jinja2", "writing the page of a review", extra="review")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, finalize=visible_value
    )
    page = environment.from_string(_template("bilan.html"))
    content = _data(_with_texts(document, visible))
    for block in (each for section in content["sections"] for each in section["blocks"]):
        if block["kind"] == "Chart":
            said = escaped(block["alternative"])
            block["svg"] = block["svg"].replace("<svg ", f'<svg role="img" aria-label="{said}" ', 1)
    return (str(page.render(document=content)) + "\n").encode()


def as_pdf(document: Document, *, date: dt.date) -> bytes:
    """Return a tagged PDF on A4; `date` is that of its making.

    Characters that its fonts do not have are shown as U+FFFD.

    Raises
    ------
    FileNotWrittenError
        It cannot be made; says what to ask for instead.
    MissingExtraError
        typst is not installed.
    """
    typst = needed("typst", "writing a review as PDF", extra="review")
    document = _with_texts(document, visible)
    document = _with_texts(document, _of_fonts(document))
    content = _data(document) | {"author": document.subtitle.partition(",")[0]}
    stamp = int(dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC).timestamp())
    inputs = {"document": json.dumps(content)}
    try:
        made: bytes = typst.compile(
            _template("bilan.typ").encode(), sys_inputs=inputs, timestamp=stamp, **_PAGES
        )
    except (typst.TypstError, RuntimeError) as error:  # of what no check of ours foresaw
        said = Reason("error_no_pdf", error=visible(str(error)))
        raise FileNotWrittenError(PDF_FILE, said) from error
    return made


def _of_fonts(document: Document) -> Callable[[str], str]:
    """Return what puts the sign of the unknown for characters that no font of the PDF has."""
    found: set[str] = set()

    def seen(text: str) -> str:
        found.update(text)
        return text

    _with_texts(document, seen)
    signs = sorted(each for each in found if each > _LATIN)
    lacking = dict.fromkeys(map(ord, _lacking("".join(signs))), 0xFFFD)
    return lambda text: text.translate(lacking)


@functools.lru_cache(maxsize=1024)
def _lacking(signs: str) -> str:
    """Return the characters that the PDF cannot show, by making one of them: all, then halves."""
    typst = needed("typst", "writing a review as PDF", extra="review")
    try:
        typst.compile(_PROBE, sys_inputs={"signs": " ".join(signs)}, **_PAGES)
    except typst.TypstError:
        if len(signs) == 1:
            return signs
        half = len(signs) // 2
        return _lacking(signs[:half]) + _lacking(signs[half:])
    return ""


def as_docx(document: Document) -> bytes:
    """Return an editable document.

    Raises
    ------
    MissingExtraError
        python-docx is not installed.
    """
    docx = needed("python-docx", "writing an editable review", extra="review", module="docx")
    document = _with_texts(document, visible)
    made = docx.Document()
    _set_page(made)
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
                colon = Reason("review_colon").text(made.core_properties.language)
                paragraph = made.add_paragraph(f"{card.label}{colon}")
                paragraph.add_run(card.value).bold = True
                paragraph.add_run(f" ({card.detail})")
        case Chart(caption, _, png, alternative):
            _add_caption(made, caption)
            picture = made.add_picture(io.BytesIO(png), width=_PICTURE)
            # what it shows, for screen readers
            picture._inline.docPr.set("descr", alternative)  # noqa: SLF001 - python-docx has no other way
        case Table():
            _add_table(made, block)


def _set_page(made: Any) -> None:  # noqa: ANN401 - as above
    """Set A4, narrow margins, and the style of the text of tables."""
    page = made.sections[0]
    page.page_width, page.page_height = 210 * _MM, 297 * _MM
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _MARGIN
    made.styles["Normal"].font.size = 10 * _POINT
    cells = made.styles.add_style(_CELLS, 1)  # a style of paragraphs
    cells.base_style = made.styles["Normal"]
    cells.font.size = 8 * _POINT
    cells.paragraph_format.space_after = 0


def _add_caption(made: Any, text: str) -> None:  # noqa: ANN401 - as above
    """Add the title of a table or a picture, on the page of what it is the title of."""
    paragraph = made.add_paragraph()
    paragraph.add_run(text).bold = True
    paragraph.paragraph_format.keep_with_next = True


def _add_table(made: Any, table: Table) -> None:  # noqa: ANN401 - as above
    _add_caption(made, table.caption)
    grid = made.add_table(rows=1, cols=len(table.columns), style="Light Grid Accent 1")
    grid.autofit = False
    lines = [tuple(column.title for column in table.columns), *table.rows]
    for _ in table.rows:
        grid.add_row()
    shares = [each + 4 for each in _widths(table)]  # the margins of a cell
    widths = [int((210 * _MM - 2 * _MARGIN) * each / sum(shares)) for each in shares]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    cells = iter(grid._cells)  # noqa: SLF001 - `row.cells` walks the whole table at each call
    for line in lines:
        for column, width, text in zip(table.columns, widths, line, strict=True):
            cell = next(cells)
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.style = _CELLS
            paragraph.add_run(text)
            if column.numeric:
                paragraph.alignment = _RIGHT
    for number, row in enumerate(grid.rows):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way
        for name in ("w:cantSplit", *(() if number else ("w:tblHeader",))):
            properties.append(properties.makeelement(_qualified(name), {}))
    made.add_paragraph().paragraph_format.space_after = 0


def _qualified(name: str) -> str:
    """Return the name of an element of WordprocessingML, as its tree has it."""
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name[2:]}"
