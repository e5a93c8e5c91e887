"""Small files of each kind, written in memory by the libraries that people's tools use."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from reen.tables.containers import Content, Grid, Limits, open_container

Rows = Sequence[Sequence[Any]]

ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)


def read(name: str, data: bytes, limits: Limits | None = None) -> list[Content]:
    return list(open_container(name, data, limits or Limits()))


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def xlsx(sheets: Mapping[str, Rows]) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, dt.datetime):
                    sheet.write_datetime(row, column, value, moment)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(row, column, value, day)
                elif isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif value is not None:
                    sheet.write(row, column, value)
    book.close()
    return target.getvalue()


def ods_cell(value: Any) -> str:  # noqa: ANN401 - a cell of any kind
    if value is None:
        return "<table:table-cell/>"
    kinds = {bool: "boolean", dt.date: "date", dt.datetime: "date", str: "string"}
    kind = kinds.get(type(value), "float")
    if kind == "string":
        shown = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
        return f'<table:table-cell office:value-type="string">{shown}</table:table-cell>'
    attribute = {"boolean": "boolean-value", "date": "date-value"}.get(kind, "value")
    text = {"boolean": str(value).lower(), "date": str(value).replace(" ", "T")}.get(
        kind, repr(value)
    )
    return (
        f'<table:table-cell office:value-type="{kind}" office:{attribute}="{text}">'
        "<text:p>shown</text:p></table:table-cell>"
    )


def ods_of(tables: str, styles: str = "", manifest: str = "<m/>") -> bytes:
    content = (
        f"<?xml version='1.0'?><office:document-content {_NAMES}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return zipped({"mimetype": ODS, "META-INF/manifest.xml": manifest, "content.xml": content})


def ods(sheets: Mapping[str, Rows]) -> bytes:
    tables = ""
    for name, rows in sheets.items():
        body = "".join(
            f"<table:table-row>{''.join(map(ods_cell, cells))}</table:table-row>\n"
            for cells in rows
        )
        tables += f"<table:table table:name={quoteattr(name)}>{body}</table:table>"
    return ods_of(tables)


def xlsb_record(kind: int, body: bytes = b"") -> bytes:
    code = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    assert len(body) < 0x80
    return code + bytes([len(body)]) + body


def xlsb(sheet: bytes) -> bytes:
    """Build a workbook of one sheet, from the records of its data and of its merged blocks."""

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    book = xlsb_record(131) + xlsb_record(143)
    book += xlsb_record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Parc"))
    book += xlsb_record(144) + xlsb_record(132)
    part = xlsb_record(129) + xlsb_record(148, struct.pack("<IIII", 0, 3, 0, 1))
    part += sheet + xlsb_record(130)
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                f'relationships"><Relationship Id="rId1" Type="{relation}"'
                ' Target="worksheets/sheet1.bin"/></Relationships>'
            ),
            "xl/worksheets/sheet1.bin": part,
        }
    )


def grid(name: str, data: bytes) -> Grid:
    (content,) = read(name, data)
    assert isinstance(content, Grid)
    return content


@pytest.fixture(scope="session")
def files() -> SimpleNamespace:
    """Return writers of small files, and the reading of them."""
    return SimpleNamespace(
        read=read,
        grid=grid,
        zipped=zipped,
        xlsx=xlsx,
        ods=ods,
        ods_of=ods_of,
        xlsb=xlsb,
        xlsb_record=xlsb_record,
    )


@pytest.fixture(scope="session")
def codes() -> Callable[[Grid], dict[str, dict[str, str | int]]]:
    """Return what gives the remarks of a grid by code."""
    return lambda grid: {remark.code: dict(remark.details) for remark in grid.remarks}
