"""Reading records: a CSV or Parquet file becomes purchases, disposals or a headcount.

Role: find the columns by their headers (French or English), parse text cell by distinct cell, say
by file, row and column what was not used, and conform.  Rows that are a total of others are
refused by name.  Simple tables only, header first: inventories have importers for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias, overload

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import OptionError, SchemaError, StrictReadError
from reen.inventory.issues import Issue, Severity
from reen.inventory.schema import TableSchema
from reen.monitoring.cells import parse_column
from reen.monitoring.files import File, blank, read_file
from reen.monitoring.headers import DATES, canonical_name
from reen.monitoring.records import Disposals, Headcount, Purchases
from reen.plugins.registry import Registry, default_registry
from reen.vocabulary.text import normalise

__all__ = ["read_records"]

#: Kinds of records.
Kind: TypeAlias = Literal["purchases", "disposals", "headcount"]

_CLASSES: Mapping[str, type[Purchases | Disposals | Headcount]] = {
    "purchases": Purchases,
    "disposals": Disposals,
    "headcount": Headcount,
}

#: Where a row that sums up others says so.
_LABELS = ("id", "equipment_type", "entity")
_TOTALS = ("total", "totaux", "sous total", "subtotal", "somme", "grand total")


@overload
def read_records(
    path: str | Path,
    *,
    kind: Literal["purchases"],
    columns: Mapping[str, str] | None = ...,
    encoding: str | None = ...,
    delimiter: str | None = ...,
    strict: bool = ...,
    registry: Registry | None = ...,
) -> Purchases: ...


@overload
def read_records(
    path: str | Path,
    *,
    kind: Literal["disposals"],
    columns: Mapping[str, str] | None = ...,
    encoding: str | None = ...,
    delimiter: str | None = ...,
    strict: bool = ...,
    registry: Registry | None = ...,
) -> Disposals: ...


@overload
def read_records(
    path: str | Path,
    *,
    kind: Literal["headcount"],
    columns: Mapping[str, str] | None = ...,
    encoding: str | None = ...,
    delimiter: str | None = ...,
    strict: bool = ...,
    registry: Registry | None = ...,
) -> Headcount: ...


def read_records(
    path: str | Path,
    *,
    kind: Kind,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    strict: bool = False,
    registry: Registry | None = None,
) -> Purchases | Disposals | Headcount:
    """Read purchases, disposals or a headcount from a CSV or Parquet file.

    Parameters
    ----------
    path
        A table with its header on the first line: ``.parquet``, else delimited text.
    kind
        ``purchases``, ``disposals`` or ``headcount``.
    columns
        Header of the file to canonical column, over what the words of the headers say.
    encoding, delimiter
        For text; UTF-8 (else Windows-1252) and the most frequent of ``;``, ``,`` and tab in the
        header when absent.
    strict
        Raise at the end when any cell or row was refused.
    registry
        Plugins whose equipment types are known, the installed ones by default.

    Returns
    -------
    Purchases, Disposals or Headcount
        Rows, and the issues by file, row and column.  The date of a purchase is that of its
        invoice, else of its delivery, else of its order.

    Raises
    ------
    FileFormatError
        The file does not exist, is empty, or is no table.
    SchemaError
        A required column is missing, or two columns claim one meaning.
    StrictReadError
        In a strict read, when there were issues.
    """
    if kind not in _CLASSES:
        raise OptionError("read_records", "kind", str(kind), f"one of {', '.join(_CLASSES)}")
    path = Path(path)
    file = read_file(path, encoding=encoding, delimiter=delimiter)
    file = _without_totals(_renamed(file, kind, columns or {}))
    schema = _CLASSES[kind].schema
    table, issues = _parsed(file, schema, kind)
    types = (registry or default_registry()).equipment_types
    records = _CLASSES[kind].from_arrow(
        _with_origin(table, file), source=file.source, equipment_types=types, issues=issues
    )
    refused = [str(issue) for issue in records.issues if issue.severity is not Severity.NOTE]
    if strict and refused:
        raise StrictReadError(str(path), refused)
    return records


# -- columns ---------------------------------------------------------------------------------


def _renamed(file: File, kind: str, columns: Mapping[str, str]) -> File:
    """Return the file with canonical column names where its headers say so."""
    schema = _CLASSES[kind].schema
    unknown = sorted(set(columns) - set(file.table.column_names))
    if unknown:
        found = ", ".join(file.table.column_names)
        raise OptionError("read_records", "columns", unknown[0], f"a header among {found}")
    fields, claimed = [], dict[str, str]()
    for field in file.table.schema:
        header, unit = _split_unit(field.name)
        name = columns.get(field.name) or canonical_name(kind, header) or header
        header = field.name
        if name in claimed and (name in schema or name in DATES):
            message = (
                f"{file.source}: the columns {claimed[name]!r} and {header!r} both mean {name!r};"
                " drop one, or say with columns= what each is."
            )
            raise SchemaError(message)
        claimed.setdefault(name, header)
        metadata = {"unit": unit} if unit and name in schema else field.metadata
        fields.append(pa.field(name, field.type, metadata=metadata))
    return attrs.evolve(
        file, table=pa.Table.from_arrays(file.table.columns, schema=pa.schema(fields))
    )


def _split_unit(header: str) -> tuple[str, str]:
    """Return the name and the unit of a header such as ``weight [kg]``; the unit may be empty."""
    name, mark, rest = header.partition("[")
    unit = rest.strip().removesuffix("]")
    return (name.strip(), unit) if mark and rest.strip().endswith("]") else (header, "")


def _without_totals(file: File) -> File:
    """Refuse, by name, rows that sum up others; drop blank lines."""
    keep = np.ones(file.table.num_rows, np.bool_)
    nothing = np.ones(file.table.num_rows, np.bool_)
    issues = []
    for name, texts in zip(file.table.column_names, file.table.columns, strict=True):
        if not pa.types.is_string(texts.type):
            nothing &= texts.is_null().to_numpy()
            continue
        nothing &= blank(texts)
        if name not in _LABELS:
            continue
        for word in texts.unique().to_pylist():
            if word is None or not _is_total(word):
                continue
            rows = np.flatnonzero(pc.equal(texts, word).fill_null(fill_value=False).to_numpy())
            keep[rows] = False
            issues.append(
                Issue(
                    name,
                    word,
                    "is a total of other rows",
                    expected="one record per row",
                    severity=Severity.NOTE,  # it is no record, and its figures are elsewhere
                    source=file.source,
                    rows=tuple(int(line) for line in file.lines[rows[: Issue.SHOWN]]),
                    count=len(rows),
                )
            )
    keep &= ~nothing
    if keep.all():
        return file
    return attrs.evolve(
        file,
        table=file.table.filter(pa.array(keep)),
        lines=file.lines[keep],
        issues=(*file.issues, *issues),
    )


def _is_total(text: str) -> bool:
    word = normalise(text)
    return any(word == total or word.startswith(f"{total} ") for total in _TOTALS)


def _parsed(file: File, schema: TableSchema, kind: str) -> tuple[pa.Table, tuple[Issue, ...]]:
    """Return typed columns, and the issues of the file so far."""
    table, issues = file.table, list(file.issues)
    for index, name in enumerate(table.column_names):
        column = schema["date"] if name in DATES and kind == "purchases" else schema.get(name)
        if column is None or not pa.types.is_string(table.column(index).type):
            continue
        found = parse_column(
            attrs.evolve(column, name=name),
            table.column(index),
            lines=file.lines,
            source=file.source,
            decimal_comma=file.decimal_comma,
        )
        issues += found.issues
        table = table.set_column(
            index,
            pa.field(name, found.array.type, metadata=table.field(index).metadata),
            found.array,
        )
    if kind == "purchases":
        table = _with_purchase_date(table)
    return table, tuple(issues)


def _with_purchase_date(table: pa.Table) -> pa.Table:
    """Return purchases with their date: invoice, else delivery, else order."""
    names = [name for name in ("date", *DATES) if name in table.column_names]
    if not set(names) & set(DATES):
        return table
    date = pc.coalesce(*(table[name].cast(pa.date32()) for name in names))
    if "date" in table.column_names:
        index = table.column_names.index("date")
        return table.set_column(index, pa.field("date", pa.date32()), date)
    return table.append_column(pa.field("date", pa.date32()), date)


def _with_origin(table: pa.Table, file: File) -> pa.Table:
    """Return the rows with the file and line that they come from, unless they say so."""
    if "source_row" in table.column_names:
        return table
    if "source" in table.column_names:
        table = table.drop_columns(["source"])
    table = table.append_column("source", pa.array([file.source] * table.num_rows, pa.string()))
    return table.append_column("source_row", pa.array(file.lines, pa.int64()))
