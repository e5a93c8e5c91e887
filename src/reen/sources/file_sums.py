"""Sums among the rows of scanned files: found before the rows are read, in a look at few columns.

Input: the files of a folder or dataset.  Output: the rows of each that add up others, and the
account of these.  Of a long Parquet file the quantities are read first; its words
only where some row counts many times more than a row does, or where nothing says how many it is.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator, Mapping, Sequence
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

#: Rows of a last row group that is looked at although no row counts for many others.
_FEW_ROWS = 1 << 16

#: First characters of labels: letters of "Total", "Somme", "Grand total"..., or a mark before them.
_BEGINNINGS = (*"tsgcdnqepTSGCDNQEPΣ\u03c3\u03c2", *string.punctuation, " ")

#: Columns that tell whether a row with a label describes an asset.
_CONTEXT = ("equipment_type", "model")

#: Rows of a scan.
_ROWS = 1 << 17


@attrs.frozen(eq=False)
class _Looked:
    """What is looked at of a file.

    Attributes
    ----------
    fragment, schema
        The file and its columns.
    names
        Columns to look at; none where no row can add up others.
    before
        Rows above those that are looked at.
    items
        How many items the rows are that are not looked at.
    row_groups
        Those that are looked at; all where there are none.
    """

    fragment: pa_dataset.Fragment
    schema: pa.Schema
    names: Collection[str] = ()
    before: int = 0
    items: float = 0.0
    row_groups: tuple[int, ...] = ()


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
            if each.row_groups:
                scanned = scanned.subset(row_group_ids=list(each.row_groups))
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
    fragment: pa_dataset.ParquetFileFragment,
    schema: pa.Schema,
    names: Collection[str],
    counted: str,
) -> _Looked:
    groups = [group for group in fragment.row_groups if group.num_rows]
    rows = sum(group.num_rows for group in groups)
    if rows < MANY_ROWS:
        return _Looked(fragment, schema, names)
    last = groups[-1]
    before, above = rows - last.num_rows, 0.0
    if counted:
        low, high = _bounds([group.statistics or {} for group in groups], counted)
        above, items = low * before, low * rows
        if low != high:
            column = _quantities(fragment, schema, counted)
            items, above = _sum(column), _sum(column.slice(0, before))
            if (pc.max(column).as_py() or 0.0) > MANY_TIMES * items / rows:
                at_the_end = pc.max(column.slice(rows - ENDS)).as_py() or 0.0
                if at_the_end < _SHARE * items:
                    few = _of_few_words(fragment, names, rows)
                    names = {*few, counted, *_CONTEXT} & {*schema.names}
                return _Looked(fragment, schema, names)
        if last.num_rows > _FEW_ROWS:  # no row counts for many others, whatever it is called
            return _Looked(fragment, schema, before=rows, items=items)
    else:
        names = _of_few_words(fragment, names, rows)
    # none counts for many others, whatever it is called: the last ones are looked at
    bounds = last.statistics or {}
    labels = [name for name in names if name != counted and _may_hold_label(bounds.get(name))]
    wanted = ({*labels, counted, *_CONTEXT} & {*schema.names}) if labels else ()
    return _Looked(fragment, schema, wanted, before, above, (last.id,))


def _may_hold_label(bounds: Mapping[str, object] | None) -> bool:
    """Tell whether the label of a total may stand between the first and the last word."""
    first, last = (str(bounds[end])[:1] for end in ("min", "max")) if bounds else ("", "")
    return not first or any(first <= letter <= last for letter in _BEGINNINGS)


def _bounds(statistics: Sequence[dict[str, dict[str, float]]], counted: str) -> tuple[float, float]:
    """Return the least and the largest quantity, by what the file says; NaN where it does not."""
    found = [each[counted] for each in statistics if counted in each]
    if len(found) < len(statistics):
        return np.nan, np.nan
    return min(each["min"] for each in found), max(each["max"] for each in found)


def _quantities(fragment: pa_dataset.Fragment, schema: pa.Schema, counted: str) -> pa.ChunkedArray:
    there = pa.schema([schema.field(counted)])
    table = pa.Table.from_batches(_scan(fragment, there), schema=there)
    return table[counted].cast(pa.float64(), safe=False)


def _sum(column: pa.ChunkedArray) -> float:
    return float(pc.sum(column).as_py() or 0.0)


def _of_few_words(
    fragment: pa_dataset.ParquetFileFragment, names: Collection[str], rows: int
) -> list[str]:
    """Return the columns of words of which many rows have the same, by the bytes of a row."""
    sizes: dict[str, int] = {}
    for group in fragment.row_groups:
        columns = fragment.metadata.row_group(group.id)
        for k in range(columns.num_columns):
            column = columns.column(k)
            path = column.path_in_schema
            sizes[path] = sizes.get(path, 0) + column.total_uncompressed_size
    return [name for name in names if sizes.get(name, 0) <= _FEW_BYTES * rows]
