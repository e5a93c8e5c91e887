"""Files: a CSV or Parquet file of records becomes a table of cells, with the line of each row.

Role: encodings, separators, blank lines and rows cut short, before anybody knows what the columns
mean.  Text stays text: cells are parsed by the rules of their column.  Knows no kind of records.
"""

from __future__ import annotations

import io
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from reen.errors import FileFormatError
from reen.gate.parquet import read_parquet
from reen.inventory.dictionaries import is_text
from reen.inventory.issues import Issue, Severity

__all__ = ["File", "blank", "read_file"]


@attrs.frozen
class File:
    """A table as found in a file: text or typed columns, and the line of each row."""

    table: pa.Table
    lines: npt.NDArray[np.int64]
    source: str
    issues: tuple[Issue, ...] = ()
    decimal_comma: bool = True


def read_file(path: Path, *, encoding: str | None, delimiter: str | None) -> File:
    """Read a table: ``.parquet``, else delimited text with its header first.

    Raises
    ------
    FileFormatError
        The file does not exist, is empty, or is no table.
    """
    if not path.is_file():
        raise FileFormatError(str(path), "there is no such file; check the path")
    if path.suffix.lower() in {".parquet", ".pq"}:
        return _read_parquet(path)
    return _read_delimited(path, encoding, delimiter)


def _read_parquet(path: Path) -> File:
    table = read_parquet(path)
    for index, field in enumerate(table.schema):
        if is_text(field.type):  # dictionaries and large strings are read like any text
            table = table.set_column(
                index, pa.field(field.name, pa.string()), table.column(index).cast(pa.string())
            )
    return File(table, np.arange(1, table.num_rows + 1), path.name)


def _read_delimited(path: Path, encoding: str | None, delimiter: str | None) -> File:
    data = path.read_bytes()
    if b"\0" in data[:4096]:
        reason = "is not text in UTF-8 or Windows-1252; export the table as CSV or Parquet"
        raise FileFormatError(str(path), reason)
    text = _decoded(data, encoding, path)
    if not text.strip():
        raise FileFormatError(str(path), "is empty; expected a header and one row per record")
    above = len(text[: len(text) - len(text.lstrip())].split("\n")) - 1  # blank lines
    text = text.split("\n", above)[above].rstrip("\n") + "\n"
    header = text.split("\n", 1)[0]
    mark = delimiter or max(";,\t", key=header.count)
    bad: list[tuple[int, str]] = []

    def refuse(row: pacsv.InvalidRow) -> str:
        bad.append((int(row.number), str(row.text)))
        return "skip"

    # As text, so that codes keep their zeros and every cell is parsed by the rules of its column.
    try:
        names = pacsv.read_csv(
            io.BytesIO(f"{header}\n".encode()), parse_options=pacsv.ParseOptions(delimiter=mark)
        ).column_names
        table = pacsv.read_csv(
            io.BytesIO(text.encode()),
            read_options=pacsv.ReadOptions(use_threads=False),
            parse_options=pacsv.ParseOptions(
                delimiter=mark, ignore_empty_lines=False, invalid_row_handler=refuse
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise FileFormatError(str(path), f"is not a table of text cells: {error}") from error
    lines = np.setdiff1d(
        np.arange(2, table.num_rows + len(bad) + 2), np.array([number for number, _ in bad], int)
    )
    table = _with_named_columns(table)
    issues = tuple(
        Issue(
            "",
            line if len(line) < 80 else line[:77] + "...",  # noqa: PLR2004 - one line of a terminal
            "does not have as many cells as the header",
            expected=f"{table.num_columns} cells with {mark!r} between them",
            severity=Severity.REJECTED,
            source=path.name,
            rows=(number + above,),
        )
        for number, line in bad
        if line.strip()
    )
    return File(table, lines + above, path.name, issues, decimal_comma=mark != ",")


def _with_named_columns(table: pa.Table) -> pa.Table:
    """Return the table without blank columns that have no header; name the others by position."""
    names = [name.strip() for name in table.column_names]
    kept = [
        index for index, name in enumerate(names) if name or not blank(table.column(index)).all()
    ]
    return table.select(kept).rename_columns(
        [names[index] or f"column {index + 1}" for index in kept]
    )


def blank(texts: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Return where a text column is blank."""
    empty = pc.equal(pc.utf8_trim_whitespace(texts.fill_null("")), "")
    return np.asarray(empty.to_numpy(), np.bool_)


def _decoded(data: bytes, encoding: str | None, path: Path) -> str:
    """Return the text, lines ended by LF; UTF-8, else Windows-1252, unless an encoding is named."""
    try:
        text = data.decode(encoding or "utf-8-sig")
    except LookupError as error:
        raise FileFormatError(str(path), f"{encoding!r} is no encoding; try utf-8") from error
    except UnicodeDecodeError as error:
        if encoding:
            reason = f"is not {encoding} text (byte {error.start}); name another encoding"
            raise FileFormatError(str(path), reason) from error
        text = data.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
