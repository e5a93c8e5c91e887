"""What a container gives: grids of text cells, text files, Arrow files, and what it left out.

Cells are text, before anyone knows what they mean.  They are kept as Arrow columns, by position: a
million rows of twenty cells take some hundred megabytes instead of gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.reasons import Reason

__all__ = [
    "INSIDE",
    "RECORD",
    "ArrowFile",
    "Content",
    "Grid",
    "Skipped",
    "TextFile",
    "inside_records",
]

#: Name of the column of an inner list that has the line of the record it lies in.
RECORD = "(record)"
#: Code of the remark that names the lists inside records.
INSIDE = "lists_inside_records"


@attrs.frozen(eq=False, repr=False)
class Grid:
    """Cells of one sheet or list, as text, before anyone knows what they mean.

    Attributes
    ----------
    place
        File name, with the sheet or the path of the list: ``parc.xlsx[Ordinateurs]``.
    columns
        One Arrow string array a column; a blank cell is null.  All have the same length.
    lines
        Shape (rows,), from 1: the row as the spreadsheet numbers it, or the number of the record.
    header
        Column names, where the container gives them (JSON, XML); None for a sheet, whose header is
        to be found among its first rows.
    details
        Facts about the place, such as ``{"sheet": "Ordinateurs"}``.
    remarks
        What is to be told.
    loose
        Values among the records that are none (a text, a list): the number and the text of each,
        None for a blank one.  They are rows that have no columns.
    inner
        Lists that lie inside its records, each with the column `RECORD` first.
    announced
        How many records the document says that there are in all; None when it says nothing.
    """

    place: str
    columns: tuple[pa.Array, ...]
    lines: npt.NDArray[np.int64]
    header: tuple[str, ...] | None = None
    details: Mapping[str, str] = attrs.field(factory=dict)
    remarks: tuple[Reason, ...] = ()
    loose: tuple[tuple[int, str | None], ...] = ()
    inner: tuple[Grid, ...] = attrs.field(default=())
    announced: int | None = None

    @property
    def height(self) -> int:
        """Number of rows, blank ones included."""
        return len(self.lines)

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.columns)

    def lists_inside(self) -> Iterator[Grid]:
        """Yield the lists inside its records, and those inside theirs."""
        for one in self.inner:
            yield one
            yield from one.lists_inside()

    def rows(self, start: int = 0, stop: int | None = None) -> list[tuple[str | None, ...]]:
        """Return some rows as tuples of text.

        Parameters
        ----------
        start, stop
            Positions, as of a slice; all the rows if left out.
        """
        end = self.height if stop is None else min(stop, self.height)
        part = [column.slice(start, max(end - start, 0)).to_pylist() for column in self.columns]
        return list(zip(*part, strict=True))


def inside_records(lists: Sequence[Grid]) -> tuple[Reason, ...]:
    """Return the remark that names lists inside records which are not counted, if there are any."""
    names = ", ".join(f"{each.details['list']} ({each.height})" for each in lists)
    return (Reason(INSIDE, count=len(lists), lists=names),) if lists else ()


@attrs.frozen(eq=False, repr=False)
class TextFile:
    """Delimited text, to be decoded and split by the reader of text.

    Attributes
    ----------
    place
        File name, with the archive it lies in.
    data
        Its bytes.
    remarks
        What is to be told.
    """

    place: str
    data: bytes
    remarks: tuple[Reason, ...] = ()


@attrs.frozen(eq=False, repr=False)
class ArrowFile:
    """A Parquet or Arrow file, to be validated and read by the gate.

    Attributes
    ----------
    place
        File name, with the archive it lies in.
    data
        Its bytes, or where it lies.
    remarks
        What is to be told.
    """

    place: str
    data: bytes | Path
    remarks: tuple[Reason, ...] = ()


@attrs.frozen(eq=False, repr=False)
class Skipped:
    """A part of a container that is not read, and why.

    Attributes
    ----------
    place
        The sheet, the member or the list.
    remark
        The reason.
    """

    place: str
    remark: Reason


#: Whatever a container may hold.
Content = Grid | TextFile | ArrowFile | Skipped
