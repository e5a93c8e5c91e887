"""Sums among the rows of scanned files: found before the rows are read, in a look at few columns.

Input: the files of a folder or dataset.  Output: the rows of each that add up others, and the
account of these.  Of a long Parquet file the quantities are read first; its words
only where some row counts many times more than a row does, or where nothing says how many it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pa_dataset

from reen.errors import ReenError
from reen.gate.admission import FAULTS
from reen.inventory.account import Account
from reen.sources.scanning import is_ipc_file, scan_ipc, with_dictionaries
from reen.tables.arrow_grid import MANY_ROWS
from reen.tables.arrow_sums import (
    ENDS,
    IDENTIFIERS,
    MANY_TIMES,
    SumFinder,
    counted_column,
    label_columns,
)

__all__ = ["Aside", "find_sums"]

#: Positions of the rows that add up others, by the number of their file.
Aside: TypeAlias = dict[int, npt.NDArray[np.int64]]

#: Bytes of a row from which a column has many distinct words, as one of comments has.
_FEW_BYTES = 8

#: Share of all items from which one of the last rows may be their total: its label may stand in
#: any column.
_SHARE = 0.1

#: Rows of a scan.
_ROWS = 1 << 17


@attrs.frozen(eq=False)
class _Looked:
    """What is looked at of a file.

    Attributes
    ----------
    fragment, schema
        The file, or some row groups of it, and its columns.
    names
        Columns to look at; none where no row can add up others.
    before
        Rows above those that are looked at.
    items
        How many items the rows are that are not looked at.
    """

    fragment: pa_dataset.Fragment
    schema: pa.Schema
    names: Sequence[str] = ()
    before: int = 0
    items: float = 0.0


def find_sums(
    fragments: Sequence[pa_dataset.Fragment], labels: Sequence[str]
) -> tuple[Aside, Account]:
    """Return the rows that add up others, and the account of these."""
    looked = [_worth_a_look(fragment) for fragment in fragments]
    if not any(each.names for each in looked):
        return {}, Account()
    aside, account = _found(looked, labels, ())
    if account and any({*IDENTIFIERS} & {*each.schema.names} for each in looked):
        return _found(looked, labels, IDENTIFIERS)
    return aside, account


def _found(
    looked: Sequence[_Looked], labels: Sequence[str], others: Sequence[str]
) -> tuple[Aside, Account]:
    """Return what is found in some columns of the files, one after the other."""
    finder = SumFinder(pa.schema([]), "")
    aside: Aside = {}
    for k, (each, label) in enumerate(zip(looked, labels, strict=True)):
        if each.before or each.items:
            finder.pass_over(each.before, each.items)
        if not each.names:
            continue
        wanted = frozenset({*each.names, *others})
        there = pa.schema([field for field in each.schema if field.name in wanted])
        try:
            scanned, there = with_dictionaries(each.fragment, there, wanted)
            finder.begin(label, there, before=each.before)
            for _ in finder.looked(_scan(scanned, there)):
                pass
        except (*FAULTS, ReenError):
            continue  # what is wrong with a file is said where it is read
        if finder.rows:
            aside[k] = np.array(finder.rows, np.int64)
    return aside, finder.account


def _scan(fragment: pa_dataset.Fragment, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield columns of a file, which are checked as they are looked at."""
    if is_ipc_file(fragment):
        return scan_ipc(fragment, schema, schema.names)
    scanner = fragment.scanner(
        schema=schema, columns=schema.names, batch_size=_ROWS, batch_readahead=1
    )
    batches: Iterator[pa.RecordBatch] = scanner.to_batches()
    return batches


def _worth_a_look(fragment: pa_dataset.Fragment) -> _Looked:
    """Return what to look at of a file."""
    try:
        schema = fragment.physical_schema
        labels, counted = label_columns(schema), counted_column(schema)
        names = [*labels, *([counted] if counted else ())]
        if labels and isinstance(fragment, pa_dataset.ParquetFileFragment):
            return _of_parquet(fragment, schema, names, counted)
    except FAULTS:
        return _Looked(fragment, pa.schema([]))  # what is wrong with it is said where it is read
    return _Looked(fragment, schema, names if labels else ())


def _of_parquet(
    fragment: pa_dataset.ParquetFileFragment, schema: pa.Schema, names: Sequence[str], counted: str
) -> _Looked:
    groups = [group for group in fragment.row_groups if group.num_rows]
    rows = sum(group.num_rows for group in groups)
    if rows < MANY_ROWS:
        return _Looked(fragment, schema, names)
    if not counted:
        # a row is one item, whatever it is called: the last ones are looked at
        last = fragment.subset(row_group_ids=[groups[-1].id])
        return _Looked(last, schema, names, rows - groups[-1].num_rows)
    low, high = _bounds([group.statistics or {} for group in groups], counted)
    if low == high:
        return _Looked(fragment, schema, before=rows, items=low * rows)
    items, most, at_the_end = _sums_of(fragment, schema, counted)
    if most <= MANY_TIMES * items / rows:
        return _Looked(fragment, schema, before=rows, items=items)
    if at_the_end < _SHARE * items:
        names = [name for name in names if _has_few_words(fragment, name, rows) or name == counted]
    return _Looked(fragment, schema, names)


def _bounds(statistics: Sequence[dict[str, dict[str, float]]], counted: str) -> tuple[float, float]:
    """Return the least and the largest quantity, by what the file says; NaN where it does not."""
    found = [each[counted] for each in statistics if counted in each]
    if len(found) < len(statistics):
        return np.nan, np.nan
    return min(each["min"] for each in found), max(each["max"] for each in found)


def _sums_of(
    fragment: pa_dataset.Fragment, schema: pa.Schema, counted: str
) -> tuple[float, float, float]:
    """Return the sum of the quantities, the largest of them, and that of the last rows."""
    there = pa.schema([schema.field(counted)])
    table = pa.Table.from_batches(_scan(fragment, there), schema=there)
    column = table[counted].cast(pa.float64(), safe=False)
    last = column.slice(max(0, len(column) - ENDS))
    found = (pc.sum(column), pc.max(column), pc.max(last))
    items, most, at_the_end = (float(each.as_py() or 0.0) for each in found)
    return items, most, at_the_end


def _has_few_words(fragment: pa_dataset.ParquetFileFragment, name: str, rows: int) -> bool:
    metadata = fragment.metadata
    size = 0
    for group in fragment.row_groups:
        columns = metadata.row_group(group.id)
        for k in range(columns.num_columns):
            if columns.column(k).path_in_schema == name:
                size += columns.column(k).total_uncompressed_size
    return size <= _FEW_BYTES * rows
