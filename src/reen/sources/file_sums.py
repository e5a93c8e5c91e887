"""Sums among the rows of scanned files: found before the rows are read, in a look at few columns.

Input: the files of a folder or dataset.  Output: the rows of each that add up others, and the
account of these.  Of a long Parquet file the words of columns of few distinct ones are read, as
they are written; the others where the first or last rows have a label, or where some rows count
many items.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.dataset as pa_dataset

from reen.errors import ReenError
from reen.gate.admission import Admission
from reen.gate.parquet import FAULTS_OF_FILES
from reen.inventory.account import Account
from reen.inventory.carried_account import METADATA_KEY
from reen.sources.scanning import is_ipc_file, scan_ipc, with_dictionaries
from reen.tables.arrow_amounts import counted_column
from reen.tables.arrow_ends import ENDS
from reen.tables.arrow_grid import MANY_ROWS, PLACES
from reen.tables.arrow_labels import IDENTIFIERS, label_columns
from reen.tables.arrow_sums import SumFinder
from reen.tables.rows.totals import is_total_label

__all__ = ["Aside", "find_sums"]

#: Positions of the rows that add up others, by the number of their file.
Aside: TypeAlias = dict[int, npt.NDArray[np.int64]]

#: Bytes of a row from which a column has many distinct words, as one of comments has.
_FEW_BYTES = 8

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
    unread
        Other columns of words, to look at where some rows count many items.
    constants
        Words of all its rows, as its folders say.
    """

    fragment: pa_dataset.Fragment
    schema: pa.Schema
    names: Collection[str] = ()
    unread: Collection[str] = ()
    constants: Mapping[str, str | None] = attrs.field(factory=dict)


def find_sums(
    fragments: Sequence[pa_dataset.Fragment],
    labels: Sequence[str],
    constants: Sequence[Mapping[str, str | None]] = (),
) -> tuple[Aside, Account]:
    """Return the rows that add up others, and the account of these."""
    said = constants or [_said_by_folders(fragment) for fragment in fragments]
    looked = [_worth_a_look(*each) for each in zip(fragments, said, strict=True)]
    if not any(each.names for each in looked):
        return {}, Account()
    finder, names = SumFinder(pa.schema([]), "", adds_places=False), set[str]()
    columns = {name for each in looked for name in each.schema.names}
    while True:
        aside = _look(looked, labels, finder, names)
        wanted = {name for each in looked for name in each.unread if finder.saw_many}
        if finder.account or finder.needs_another_look:
            wanted |= columns.intersection(IDENTIFIERS)
        if wanted <= names and not finder.needs_another_look:
            break
        names |= wanted
        finder = finder.for_another_look()
    for k, rows in finder.settle().items():
        aside[k] = np.union1d(aside.get(k, rows[:0]), rows)
    return aside, finder.account


def _said_by_folders(fragment: pa_dataset.Fragment) -> dict[str, str | None]:
    """Return the words that the folders of a file of a dataset say."""
    said = pa_dataset.get_partition_keys(fragment.partition_expression)
    return {name: word for name, word in said.items() if isinstance(word, str)}


def _look(
    looked: Sequence[_Looked], labels: Sequence[str], finder: SumFinder, names: Collection[str]
) -> Aside:
    """Return what is found in the files, one after the other, in some columns more."""
    aside: Aside = {}
    for k, (each, label) in enumerate(zip(looked, labels, strict=True)):
        if not each.names:
            continue
        wanted = frozenset({*each.names, *names})
        there = pa.schema([field for field in each.schema if field.name in wanted])
        try:
            scanned, there = with_dictionaries(each.fragment, there, wanted)
            finder.begin(label, there, file=k, constants=each.constants)
            for _ in finder.looked(_scan(scanned, there)):
                pass
        except (*FAULTS_OF_FILES, MemoryError, ReenError):
            continue  # what is wrong with a file is said where it is read
        if finder.rows:
            aside[k] = np.array(finder.rows, np.int64)
    return aside


def _scan(fragment: pa_dataset.Fragment, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield columns of a file, which are checked as they are looked at."""
    if is_ipc_file(fragment):
        return scan_ipc(fragment, schema, schema.names)
    scanner = fragment.scanner(
        schema=schema, columns=schema.names, batch_size=_ROWS, batch_readahead=1
    )
    batches: Iterator[pa.RecordBatch] = scanner.to_batches()
    return batches


def _worth_a_look(fragment: pa_dataset.Fragment, constants: Mapping[str, str | None]) -> _Looked:
    """Return what to look at of a file."""
    try:
        schema = fragment.physical_schema
        if len({*schema.names}) < len(schema.names):
            return _Looked(fragment, pa.schema([]))  # refused where it is read
        labels, counted = label_columns(schema), counted_column(schema)
        names = [*labels, *([counted] if counted else ())]
        if labels and isinstance(fragment, pa_dataset.ParquetFileFragment):
            names = _of_parquet(fragment, schema, names, counted)
    except FAULTS_OF_FILES:
        return _Looked(fragment, pa.schema([]))  # what is wrong with it is said where it is read
    is_ours = METADATA_KEY in (schema.metadata or {})
    is_looked_at = bool(labels) or (bool(counted) and bool(constants) and not is_ours)
    return _Looked(
        fragment,
        schema,
        names if is_looked_at else (),
        [name for name in labels if name not in names],
        {} if is_ours else constants,
    )


def _of_parquet(
    fragment: pa_dataset.ParquetFileFragment,
    schema: pa.Schema,
    names: Sequence[str],
    counted: str,
) -> list[str]:
    """Return the columns of a file to look at.

    Of a long one those of few distinct words, and the others where the label of a total stands in
    its first or last rows.
    """
    groups = [group for group in fragment.row_groups if group.num_rows]
    rows = sum(group.num_rows for group in groups)
    if rows < MANY_ROWS:
        return [*names]
    few = {*_of_few_words(fragment, names, rows), counted, *_CONTEXT, *PLACES}
    unread = [name for name in names if name not in few]
    for end in (0, -1):
        bounds = groups[end].statistics or {}
        others = [name for name in unread if _may_hold_label(bounds.get(name))]
        part = fragment.subset(row_group_ids=[groups[end].id])
        if others and _has_a_label(part, schema, others, at_the_end=end < 0):
            return [*names]
    return [name for name in schema.names if name in few]


def _has_a_label(
    part: pa_dataset.Fragment, schema: pa.Schema, names: Sequence[str], *, at_the_end: bool
) -> bool:
    """Tell whether the first or last rows have the label of a total in some columns of words."""
    if at_the_end:
        rows = part.to_table(schema=pa.schema([schema.field(name) for name in names]))
        rows = rows.slice(max(0, rows.num_rows - ENDS))
    else:
        rows = part.head(ENDS, columns=[*names], batch_size=ENDS)
    return any(
        word and is_total_label(word)
        for column in Admission(place="Parquet").table(rows).columns
        for word in column.cast(pa.string()).to_pylist()
    )


def _may_hold_label(bounds: Mapping[str, object] | None) -> bool:
    """Tell whether the label of a total may stand between the first and the last word."""
    first, last = (str(bounds[end])[:1] for end in ("min", "max")) if bounds else ("", "")
    return not first or any(first <= letter <= last for letter in _BEGINNINGS)


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
