"""The importer `arrow`: Parquet and Arrow IPC files that already have canonical columns.

Input: a file whose columns have the names of the inventory schema, text as text, numbers as
numbers with their unit in the field metadata.  Output: the same rows with the file and the position
of each.  Nothing is guessed: a file with other headers is for `columns=`.

Must not read delimited text, nor change a value.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as pa_ipc
import pyarrow.parquet as pq

from reen import (
    EQUIPMENT,
    CountryError,
    EmptyInventoryError,
    FileFormatError,
    Imported,
    ReadOptions,
    ReadReport,
    Sample,
    SchemaError,
    Sniff,
    resolve_country,
)
from reen_plugins.importers.conversion import constant

__all__ = ["ArrowFile"]

_PARQUET = b"PAR1"
_IPC_FILE = b"ARROW1"
#: An IPC stream has no signature but this continuation mark before its first message.
_IPC_STREAM = b"\xff\xff\xff\xff"

_SUFFIXES = frozenset({".parquet", ".pq", ".arrow", ".feather", ".ipc", ".arrows"})

_NEED = ("equipment_type", "model")


@attrs.frozen
class ArrowFile:
    """Reader of Parquet and Arrow IPC files."""

    name: str = attrs.field(default="arrow", init=False)
    title: str = attrs.field(
        default="Parquet and Arrow (Feather) files with canonical columns", init=False
    )

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is that it can read the file, from its signature."""
        if sample.head.startswith((_PARQUET, _IPC_FILE)):
            return Sniff(0.95, ("signature of Parquet or Arrow",))
        if sample.path.suffix.casefold() in _SUFFIXES:
            if sample.head.startswith(_IPC_STREAM):
                return Sniff(0.9, ("an Arrow stream",))
            # Claimed all the same, to say what is wrong with it when nothing else can read it.
            return Sniff(0.2, (f"named {sample.path.suffix}, without the signature",))
        return Sniff(0.0)

    def read(self, path: Path, options: ReadOptions) -> Imported:
        """Read the file.

        Raises
        ------
        FileFormatError
            The file cannot be read as Parquet or Arrow.
        EmptyInventoryError
            It has no row.
        SchemaError
            No column says what the equipment is.
        CountryError
            The country given does not exist.
        """
        table, kind = _read_table(path)
        table = _renamed(table, options.columns, path.name)
        if not set(_NEED) & set(table.column_names):
            raise SchemaError(_no_type_or_model(table.column_names, path.name))
        if not table.num_rows:
            message = f"{path}: the file has columns but no row; expected a row per asset."
            raise EmptyInventoryError(message)
        names = table.column_names
        table, assumptions = _with_country(table, options)
        if "status" not in names:
            table = table.append_column("status", constant("in_use", table.num_rows))
            assumptions.append("No status column: every row is in use.")
        if "quantity" not in names:
            assumptions.append("No quantity column: every row is one item.")
        report = ReadReport(
            source=path.name,
            importer=self.name,
            details={"format": kind},
            mapped={name: name for name in names if name in EQUIPMENT},
            kept=tuple(name for name in names if name not in EQUIPMENT),
            rows_read=table.num_rows,
            records=table.num_rows,
            assumptions=tuple(assumptions),
        )
        return Imported(table=_with_source(table, path.name), issues=(), report=report)


def _read_table(path: Path) -> tuple[pa.Table, str]:
    """Return the rows of a file, and its format."""
    with path.open("rb") as file:
        head = file.read(len(_IPC_FILE))
    if not head:
        raise EmptyInventoryError(f"{path}: the file is empty; expected a row per asset.")
    try:
        if head.startswith(_PARQUET):
            return pq.read_table(path), "Parquet"
        # Not mapped into memory: the file may be replaced while the inventory is in use.
        with pa.OSFile(str(path)) as source:
            if head.startswith(_IPC_FILE):
                return pa_ipc.open_file(source).read_all(), "Arrow IPC file"
            return pa_ipc.open_stream(source).read_all(), "Arrow IPC stream"
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = f"cannot be read as Parquet or Arrow ({error}); write the file again, or as CSV"
        raise FileFormatError(str(path), reason) from error


def _renamed(table: pa.Table, given: Mapping[str, str], source: str) -> pa.Table:
    """Return the table with the columns that the user names."""
    for header, column in given.items():
        if header not in table.column_names:
            found = ", ".join(table.column_names)
            message = (
                f"{source}: there is no column {header!r}, which columns= names; found: {found}"
            )
            raise SchemaError(message)
        if column not in EQUIPMENT:
            near = difflib.get_close_matches(column, EQUIPMENT, 2)
            hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
            message = f"columns={{{header!r}: {column!r}}}: there is no column {column!r}{hint}"
            raise SchemaError(message)
    return table.rename_columns([given.get(name, name) for name in table.column_names])


def _no_type_or_model(names: list[str], source: str) -> str:
    near = [
        f"{name!r} looks like {hit!r}"
        for name in names
        for hit in difflib.get_close_matches(name, _NEED, 1)
    ]
    return (
        f"{source}: no column says what the equipment is; found: {', '.join(names) or 'none'}."
        + (f" {'; '.join(near)}." if near else "")
        + " An inventory needs a type or a model: name the column with"
        " columns={'column in the file': 'equipment_type'}."
    )


def _with_country(table: pa.Table, options: ReadOptions) -> tuple[pa.Table, list[str]]:
    """Return the table with the country of the rows that name none, and what was assumed."""
    country = options.country
    if country is None:
        return table, []
    if resolve_country(country) is None:
        raise CountryError(country)
    if "country" not in table.column_names:
        table = table.append_column("country", constant(country, table.num_rows))
        return table, [f"No country column: every row is in {country}."]
    place = table.column_names.index("country")
    words = table.column(place).cast(pa.string())
    if not words.null_count:
        return table, []
    filled = table.set_column(place, "country", pc.fill_null(words, country))
    return filled, [f"{words.null_count} row(s) without a country are in {country}."]


def _with_source(table: pa.Table, source: str) -> pa.Table:
    """Return the table with the file and the position (from 1) of each row."""
    table = table.drop_columns(
        [name for name in ("source", "source_row") if name in table.column_names]
    )
    rows = np.arange(1, table.num_rows + 1, dtype=np.int64)
    table = table.append_column("source", constant(source, table.num_rows))
    return table.append_column("source_row", pa.array(rows))
