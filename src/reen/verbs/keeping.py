"""Keeping: an inventory written in canonical form, with the account of the files it comes from.

Input: an inventory.  Output: a Parquet or CSV file for each table, with one name and one unit per
column, which gives the same figures when it is read, and the same account.  A refused number is
written as NaN, never as it was nor as a blank, which a method may replace by a default.  Knows no
importer.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import OptionError
from reen.gate.csv_text import table_as_csv
from reen.gate.writing import Content, write_files
from reen.inventory.account import Account
from reen.inventory.batch import BATCH_ROWS, BatchMemo, batches_of
from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT, ColumnKind, TableSchema
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.reasons import Reason
from reen.tables.together.kept_account import (
    KIND_KEY,
    METADATA_KEY,
    account_path,
    body_digest,
    kept_text,
)

__all__ = [
    "with_units",
    "without_refused",
    "write_inventory",
    "written_paths",
]

_FORMATS = (".parquet", ".csv")


def write_inventory(
    inventory: Inventory, path: str | Path, *, keep_formulas: bool = False
) -> tuple[Path, ...]:
    """Write an inventory in canonical form, with the account of every row that was read.

    Each table has a file: the equipment that of the name given, the others beside it, as
    ``NAME.purchases.csv``; a table that is alone has the name given.  A CSV file has its account
    beside it, as ``NAME.account.json``: keep the two together.  In a Parquet file, the account is
    in the metadata.

    Parameters
    ----------
    inventory
        The inventory.
    path
        File to write, ``.parquet`` or ``.csv``; one that is there is replaced.
    keep_formulas
        Write texts that a spreadsheet would run (``=1+1``) as they are, in CSV for programs alone;
        they have an apostrophe before them otherwise, which `read` takes away.

    Returns
    -------
    tuple of Path
        The files of tables that were written; read together, they are the inventory again.

    Raises
    ------
    OptionError
        The file is to be neither.
    FileNotWrittenError
        A file cannot be written; what was there is unchanged.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> with TemporaryDirectory() as folder:
    ...     inventory = reen.Inventory.from_equipment([laptop])
    ...     written = reen.write_inventory(inventory, f"{folder}/parc.csv")
    ...     print([path.name for path in written], reen.read(f"{folder}/parc.csv").table.num_rows)
    ['parc.csv'] 1
    """
    path = Path(path)
    if path.suffix.casefold() not in _FORMATS:
        raise OptionError("write_inventory", "path", str(path), Reason("error_name_parquet_csv"))
    places = written_paths(inventory, path)
    # what was read of a kind of which no row is left is told with the first table
    without = [kind for kind in (EQUIPMENT.name, *inventory.linked_accounts) if kind not in places]
    rest = Account.sum(map(inventory.account_of, without)) if without else Account()
    contents: dict[Path, Content] = {}
    for kind, place in places.items():
        account, rest = inventory.account_of(kind) + rest, Account()
        users = inventory.users if kind == EQUIPMENT.name else None
        kept = functools.partial(kept_text, account, kind=kind, users=users)
        contents |= _files(inventory.tables[kind], kind, kept, place, keep_formulas=keep_formulas)
    write_files(contents)
    return tuple(places.values())


def written_paths(inventory: Inventory, path: Path) -> Mapping[str, Path]:
    """Return where `write_inventory` writes each table, by kind."""
    kinds = [*inventory.linked]
    if len(inventory) or not kinds:
        kinds.insert(0, EQUIPMENT.name)
    if len(kinds) == 1:
        return {kinds[0]: path}
    return {
        kind: path if kind == EQUIPMENT.name else path.with_name(f"{path.stem}.{kind}{path.suffix}")
        for kind in kinds
    }


def _files(
    table: pa.Table,
    kind: str,
    kept: Callable[[str], str],
    path: Path,
    *,
    keep_formulas: bool,
) -> Mapping[Path, Content]:
    """Return a table with what is kept of its files, a text made of the digest of its rows."""
    schema = SCHEMA_OF_KIND[kind]
    rows, _ = without_refused(table, schema)
    if path.suffix.casefold() == ".csv":
        made = table_as_csv(with_units(rows, schema), keep_formulas=keep_formulas)
        return {path: made, account_path(path): kept(hashlib.sha256(made).hexdigest())}
    return {path: functools.partial(_write_parquet, rows, kind, kept)}


def _write_parquet(rows: pa.Table, kind: str, kept: Callable[[str], str], file: BinaryIO) -> None:
    """Write a table twice: its rows, which are the same both times, have a digest only then."""
    import pyarrow.parquet as pq

    pq.write_table(rows, file)
    about = {METADATA_KEY: kept(body_digest(file)), KIND_KEY: kind}
    file.seek(0)
    file.truncate()
    pq.write_table(rows.replace_schema_metadata({**(rows.schema.metadata or {}), **about}), file)


def without_refused(table: pa.Table, schema: TableSchema) -> tuple[pa.Table, int]:
    """Return the rows with NaN for every number that is refused, and how many there are.

    NaN is refused again when it is read, so that the figures stay those of the file; the number
    itself would mislead other programs.
    """
    rows, refused = table, 0
    for index, field in enumerate(rows.schema):
        column = schema.get(field.name)
        if column is None or column.kind is not ColumnKind.NUMBER:
            continue
        batches = batches_of(table, schema=schema, memo=BatchMemo(), rows=BATCH_ROWS)
        parts = [batch.invalid(field.name) for batch in batches]
        invalid = pa.array(np.concatenate(parts)) if parts else pa.array([], pa.bool_())
        if count_of := pc.sum(invalid).as_py():
            refused += count_of
            nan = pa.scalar(math.nan, pa.float64())
            rows = rows.set_column(index, field, pc.if_else(invalid, nan, rows.column(index)))
    return rows, refused


def with_units(rows: pa.Table, schema: TableSchema) -> pa.Table:
    """Return the rows with the unit of each number column in its name."""
    names = []
    for field in rows.schema:
        unit = (field.metadata or {}).get(b"unit", b"").decode()
        column = schema.get(field.name)
        if not unit and column is not None:
            unit = column.unit
        # A count of items and a share need no unit to be read.
        names.append(field.name if unit in ("", "1", "item") else f"{field.name} [{unit}]")
    return rows.rename_columns(names)
