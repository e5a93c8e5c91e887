"""The importer `arrow`: Parquet and Arrow IPC files that already have canonical columns.

Input: a file whose columns have the names of the inventory schema, text as text, numbers as
numbers with their unit in the field metadata; or a folder of Parquet files.  Output: the same rows
with the file and the position of each, or how to read them piece by piece.  Nothing is guessed: a
file with other headers, or with sums below its rows, is for the reader of tables.

Must not read delimited text, nor change a value.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as pa_ipc

from reen.errors import (
    EmptyInventoryError,
    FileFormatError,
    InventoryError,
    OptionError,
    ReenError,
)
from reen.plugin import Reason
from reen.plugin.files import (
    SCHEMA_OF_KIND,
    ColumnKind,
    Completion,
    Imported,
    ImportedFiles,
    ReadOptions,
    Sample,
    Sniff,
    TableSchema,
    resolve_country,
)
from reen.tables.arrow_grid import MANY_ROWS, is_canonical, may_have_sums
from reen.tables.cells_to_columns import constant
from reen.tables.conversion import assumed_status
from reen.tables.files import readable
from reen.tables.together.kept_account import KIND_KEY
from reen.types import Account, Issue, ReadReport

__all__ = ["ArrowFile"]

_PARQUET = b"PAR1"
_IPC_FILE = b"ARROW1"
#: An IPC stream has no signature but this continuation mark before its first message.
_IPC_STREAM = b"\xff\xff\xff\xff"

_SUFFIXES = frozenset({".parquet", ".pq", ".arrow", ".feather", ".ipc", ".arrows"})

_NEED = ("equipment_type", "model")

#: Bytes of a file that is looked into before it is read: what somebody put together has less.
_SHORT = 1 << 20

#: Names of the Parquet files of a folder, and of what no reader of one looks at.
_PARQUET_SUFFIXES = frozenset({".parquet", ".pq"})
_IGNORED = (".", "_")


@attrs.frozen(eq=False, repr=False)
class ArrowFile:
    """Reader of Parquet and Arrow IPC files."""

    name: str = attrs.field(default="arrow", init=False)
    title: str = attrs.field(
        default="Parquet and Arrow (Feather) files with canonical columns", init=False
    )

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is that it can read the file, from its signature.

        A folder is known by its Parquet files, unless it holds other files: none is left unread
        without a word.
        """
        if sample.path.is_dir():
            return _sniff_folder(sample.path)
        if sample.head.startswith((_PARQUET, _IPC_FILE)):
            why = _for_the_reader_of_tables(sample.path)
            return Sniff(0.2, (why,)) if why else Sniff(0.95, ("signature of Parquet or Arrow",))
        if sample.path.suffix.casefold() in _SUFFIXES:
            if sample.head.startswith(_IPC_STREAM):
                why = _for_the_reader_of_tables(sample.path)
                return Sniff(0.2, (why,)) if why else Sniff(0.9, ("an Arrow stream",))
            # Claimed all the same, to say what is wrong with it when nothing else can read it.
            return Sniff(0.2, (f"named {sample.path.suffix}, without the signature",))
        return Sniff(0.0)

    def files(self, path: Path) -> ImportedFiles | None:
        """Say how to read a file, or a folder of Parquet files, piece by piece."""
        completions = {"status": Completion(_status_of, reads=("retirement_date",))}
        if path.is_dir():
            return ImportedFiles(
                paths=tuple(_members(path)), format="parquet", folder=path, completions=completions
            )
        kind = _pieces(path)
        if kind is None:
            return None
        return ImportedFiles(paths=(path,), format=kind, completions=completions)

    def read(self, path: Path, options: ReadOptions) -> Imported:
        """Read the file.

        Raises
        ------
        FileFormatError
            The file cannot be read as Parquet or Arrow, or says that it is of a kind unknown.
        EmptyInventoryError
            It has no row.
        InventoryError
            No column says what the equipment is.
        OptionError
            The country given does not exist.
        """
        table, form = _read_table(path, options)
        kind = _kind_of(table.schema)
        if kind not in SCHEMA_OF_KIND:
            expected = ", ".join(SCHEMA_OF_KIND)
            reason = Reason("error_says_table_expected_one", kind=kind, expected=expected)
            raise FileFormatError(str(path), reason)
        schema = SCHEMA_OF_KIND[kind]
        spelt = {options.columns.get(name, name): name for name in table.column_names}
        table = _renamed(table, options.columns, schema)
        if kind == "equipment" and not set(_NEED) & set(table.column_names):
            absent = [header for header in options.columns if header not in spelt.values()]
            raise InventoryError(_no_type_or_model(table.column_names, readable(path.name), absent))
        if not table.num_rows:
            message = Reason("error_file_has_columns_but_no_row", path=str(path))
            raise EmptyInventoryError(message)
        names, assumptions = table.column_names, list[Reason]()
        if "country" in schema:
            table, assumptions = _with_country(table, options)
        if "status" in schema and "status" not in names:
            retired = table["retirement_date"] if "retirement_date" in names else None
            status, said = assumed_status(table.num_rows, retired)
            table = table.append_column("status", status)
            assumptions.append(said)
        quantity = schema.get("quantity")
        if quantity is not None and quantity.default is not None and "quantity" not in names:
            assumptions.append(Reason("read_no_quantity"))
        report = ReadReport(
            source=readable(path.name),
            importer=self.name,
            details={"format": form},
            mapped={name: spelt.get(name, name) for name in names if name in schema},
            kept=tuple(name for name in names if name not in schema),
            written_anew=tuple(name for name in ("source", "source_row") if name in names),
            assumptions=tuple(assumptions),
        )
        issues = tuple(_unreadable(table, readable(path.name), schema))
        rows, account = _with_source(table, readable(path.name)), Account()
        if kind == "equipment" and _pieces(path) is None:
            # a stream: files that are cut into pieces are looked at as such
            from reen.tables.arrow_sums import without_sums

            rows, account = without_sums(rows, readable(path.name))
        return Imported(
            table=rows,
            issues=(*issues, *account.issues),
            report=report,
            rows_read=table.num_rows,
            kind=kind,
            lines=account.lines,
            passed=True,
        )


def _sniff_folder(folder: Path) -> Sniff:
    files = _members(folder)
    if files and all(
        file.suffix.casefold() in _PARQUET_SUFFIXES and _lists_equipment(file) for file in files
    ):
        return Sniff(0.95, ("a folder of Parquet files",))
    return Sniff(0.0)


def _for_the_reader_of_tables(path: Path) -> str:
    """Return why a file of equipment is one to be understood; nothing when it is canonical."""
    schema = _schema(path)
    if schema is not None and _kind_of(schema) == "equipment" and not is_canonical(schema):
        return "a Parquet or Arrow file whose columns have other names"
    if _has_sums(path):
        return "a Parquet or Arrow file of which some rows may add up others"
    return ""


def _has_sums(path: Path) -> bool:
    """Tell whether rows of a short file may add up others, which nothing here sets aside."""
    import pyarrow.parquet as pq

    from reen.plugin.files import read_arrow

    try:
        if path.stat().st_size > _SHORT:
            return False
        with path.open("rb") as file:
            is_parquet = file.read(len(_PARQUET)) == _PARQUET
        if is_parquet and pq.read_metadata(path).num_rows >= MANY_ROWS:
            return False
        table, _ = read_arrow(path)
        return _kind_of(table.schema) == "equipment" and may_have_sums(table)
    except (ReenError, pa.ArrowException, OSError, OverflowError, ValueError):
        # what is wrong with it is said where it is read
        return False


def _lists_equipment(path: Path) -> bool:
    """Tell whether a file does not say that its rows are of another kind."""
    schema = _schema(path)
    return schema is None or _kind_of(schema) == "equipment"


def _members(folder: Path) -> list[Path]:
    """Return the files of a folder and of those in it, in order, but for hidden ones."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file()
        and not any(part.startswith(_IGNORED) for part in file.relative_to(folder).parts)
    )


def _pieces(path: Path) -> Literal["parquet", "ipc"] | None:
    """Return the format of a file that is cut into pieces and says what the equipment is.

    The others are read whole: an Arrow stream has no pieces to choose from, and what is wrong with
    a file is said where it is read.
    """
    schema = _schema(path)
    if schema is None or _kind_of(schema) != "equipment" or not set(_NEED) & set(schema.names):
        return None
    with path.open("rb") as file:
        return "parquet" if file.read(len(_PARQUET)) == _PARQUET else "ipc"


def _schema(path: Path) -> pa.Schema | None:
    """Return the columns of a Parquet or an Arrow file; None of a stream, or of a damaged file."""
    import pyarrow.parquet as pq  # a tenth of the start of a command, which reads a text as a rule

    try:
        with path.open("rb") as file:
            head = file.read(len(_IPC_FILE))
        schema = None
        if head.startswith(_PARQUET):
            schema = pq.read_schema(path)
        elif head.startswith(_IPC_FILE):
            with pa.OSFile(str(path)) as source:
                schema = pa_ipc.open_file(source).schema
        _ = schema and schema.names  # which may be no text
    except (pa.ArrowException, OSError, OverflowError, ValueError):
        # what is wrong with it is said where it is read
        return None
    return schema


def _kind_of(schema: pa.Schema) -> str:
    """Return the kind of table that a file states; equipment when it states none."""
    metadata: Mapping[bytes, bytes] = schema.metadata or {}
    return metadata.get(KIND_KEY, b"equipment").decode(errors="replace")


def _status_of(rows: pa.Table) -> pa.Array:
    """Return the status of rows of a file that states none."""
    retired = rows["retirement_date"] if "retirement_date" in rows.column_names else None
    return assumed_status(rows.num_rows, retired)[0]


def _read_table(path: Path, options: ReadOptions) -> tuple[pa.Table, str]:
    """Return the rows of a file, and its format."""
    with path.open("rb") as file:
        head = file.read(len(_IPC_FILE))
    if not head:
        raise EmptyInventoryError(Reason("error_file_empty_expected_row_per_asset", path=str(path)))

    from reen.plugin.files import read_arrow

    return read_arrow(path, limits=options.limits)


def _unreadable(table: pa.Table, source: str, schema: TableSchema) -> Iterator[Issue]:
    """Yield an issue per column of numbers that holds NaN, which is no number and no blank."""
    for name in table.column_names:
        column = schema.get(name)
        kind = table.schema.field(name).type
        if column is None or column.kind is not ColumnKind.NUMBER or not pa.types.is_floating(kind):
            continue
        rows = pc.indices_nonzero(pc.fill_null(pc.is_nan(table[name]), fill_value=False))
        if len(rows):
            yield Issue(
                name,
                "NaN",
                "is no number",
                expected=f"{column.expected}, or a null",
                source=source,
                rows=tuple(row + 1 for row in rows[: Issue.SHOWN].to_pylist()),
                count=len(rows),
            )


def _renamed(table: pa.Table, given: Mapping[str, str], schema: TableSchema) -> pa.Table:
    """Return the table with the columns that the user names."""
    for header, column in given.items():
        if header not in table.column_names:
            continue  # it may be that of another file
        if column not in schema:
            near = difflib.get_close_matches(column, schema, 2)
            hint = (
                Reason("hint_did_you_mean", near=str(Reason("page_or")).join(map(repr, near)))
                if near
                else ""
            )
            message = Reason(
                "error_columns_there_no_column", header=header, column=column, hint=hint
            )
            raise InventoryError(message)
    return table.rename_columns([given.get(name, name) for name in table.column_names])


def _no_type_or_model(names: list[str], source: str, absent: Sequence[str]) -> Reason:
    """Say that no column names the equipment: the user named one that is not there, or none."""
    if absent:
        return Reason(
            "error_there_no_column_which_columns_names",
            source=source,
            header=absent[0],
            found=", ".join(names),
        )
    near = [
        Reason("error_column_looks_like", name=name, column=hit)
        for name in names
        for hit in difflib.get_close_matches(name, _NEED, 1)
    ]
    return Reason(
        "error_no_type_or_model",
        source=source,
        names=", ".join(names) or Reason("nothing_found"),
        near=f" {'; '.join(map(str, near))}." if near else "",
    )


def _with_country(table: pa.Table, options: ReadOptions) -> tuple[pa.Table, list[Reason]]:
    """Return the table with the country of the rows that name none, and what was assumed."""
    country = options.country
    if country is None:
        return table, []
    if resolve_country(country) is None:
        raise OptionError("read", "country", country, Reason("error_country"))
    if "country" not in table.column_names:
        table = table.append_column("country", constant(country, table.num_rows))
        return table, [Reason("read_country", country=country)]
    place = table.column_names.index("country")
    words = table.column(place).cast(pa.string())
    if not words.null_count:
        return table, []
    filled = table.set_column(place, "country", pc.fill_null(words, country))
    return filled, [Reason("read_country_of_blanks", count=words.null_count, country=country)]


def _with_source(table: pa.Table, source: str) -> pa.Table:
    """Return the table with the file and the position (from 1) of each row."""
    table = table.drop_columns(
        [name for name in ("source", "source_row") if name in table.column_names]
    )
    rows = np.arange(1, table.num_rows + 1, dtype=np.int64)
    table = table.append_column("source", constant(source, table.num_rows))
    return table.append_column("source_row", pa.array(rows))
