"""Importing: what a reader of files is given, and what it gives back.

A reader sees a `Sample` of a file and says how sure it is of it (`Sniff`); it is given
`ReadOptions`, which hold what the user says; it gives an `Imported`: rows, issues, a report, and
what became of the rows that are not among them.
Knows no format; plugins meet these values in the contract of importers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import attrs
import pyarrow as pa

from reen.gate.limits import GENEROUS, Limits
from reen.inventory.account import Account, AccountLine, Merge, uncounted
from reen.inventory.issues import Issue, ReadReport
from reen.inventory.users import Users
from reen.tables.mapping.mapping import FileMapping
from reen.values import Compared
from reen.vocabulary.equipment_types import EquipmentTypes

__all__ = ["HEAD_BYTES", "Imported", "ReadOptions", "Sample", "Sniff"]

#: Bytes of a file that `Importer.sniff` sees.
HEAD_BYTES = 65_536


@attrs.frozen(eq=False, repr=False)
class Sample(Compared):
    """What an importer sees of a file before reading it.

    Attributes
    ----------
    path
        The file or folder.
    head
        Its first `HEAD_BYTES` bytes; empty for a folder.
    """

    path: Path
    head: bytes = attrs.field(repr=False)


@attrs.frozen(eq=False, repr=False)
class Sniff(Compared):
    """How confident an importer is that it can read a file.

    Attributes
    ----------
    score
        0 (not this format) to 1 (certain); signature columns 0.9, aliases 0.5 to 0.8, a fallback
        at most 0.4.
    reasons
        What it saw.
    """

    score: float
    reasons: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ReadOptions(Compared):
    """What the user specifies about a file: columns, country, encoding, mapping.

    Attributes
    ----------
    country
        Country of the rows that name none; none is assumed.
    columns
        Header of the source to canonical column, over what the importer would find.
    encoding, delimiter
        For text formats, over what the importer would find.
    today
        Day of the import: purchases after it are not believed.
    equipment_types
        Taxonomy.
    limits
        How much of a Parquet or Arrow file is accepted.
    mapping
        The user's mapping, which goes before that of the tool.
    mappings
        The mappings of tools, one of which is chosen by the headers of a table.
    keep
        Headers to keep as they are, beside what is mapped.
    by
        Headers of columns that figures are to be grouped by: kept too, without the persons that
        they name.
    key
        Secret of the organisation, by which what names persons is hashed; without one it is
        dropped once it has served to join.
    """

    country: str | None = None
    columns: Mapping[str, str] = attrs.field(factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    today: dt.date
    equipment_types: EquipmentTypes
    limits: Limits = GENEROUS
    mapping: FileMapping | None = None
    mappings: tuple[FileMapping, ...] = ()
    keep: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    key: bytes | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Imported(Compared):
    """What an importer found.

    Attributes
    ----------
    table
        Rows, canonical column names.  They are those that are counted.  Further columns help to
        find the records of one asset, and leave once all files are merged; so do those that name
        persons.  The ones that the user asked for stay.
    report
        How the file was read.
    rows_read
        Rows of the file, after its header: each is a row of the table or stands in a line.
    kind
        Kind of table (`reen.inventory.table_kinds`).
    issues
        What was odd or refused; each refused row has one.
    lines
        What became of the rows that are not in the table.  Refused rows need no line when each has
        an issue of its own; a line without a source is about the file of the report.
    merges
        Rows merged into others.
    kept
        What the file says of the files that it was made from; importers leave it out.
    keys
        Columns by which two of its rows are one asset, the first filled one deciding, where its
        tool has such; other evidence is looked for beside.
    headers
        The cells of the header, of a table that a mapping may name.
    unique
        Columns that together name a row in all tables of its kind that have the same ones: the
        first of a name counts, and no other evidence is looked for.
    wanted
        Names of the columns beside the canonical ones that were asked for, where they are not the
        headers that `ReadOptions.keep` names.
    logins
        Identifiers that hold the name of a person who left another cell of their row, by column.
    users
        What a written inventory kept of its users; importers leave it out.
    passed
        Whether every cell of the table passed the gate (`reen.plugin.files.admit`,
        `reen.plugin.files.read_arrow`) or was made by the importer from text; it is then not
        checked again.
    announced
        How many records the file says that there are in all, where it is a page of a list.
    """

    table: pa.Table = attrs.field(repr=False)
    report: ReadReport
    rows_read: int
    kind: str = "equipment"
    issues: tuple[Issue, ...] = ()
    lines: tuple[AccountLine, ...] = ()
    merges: tuple[Merge, ...] = ()
    kept: Account | None = None
    keys: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    wanted: frozenset[str] = frozenset()
    logins: Mapping[str, frozenset[str]] = attrs.field(factory=dict, repr=False)
    users: Users | None = None
    passed: bool = False
    announced: int | None = None

    @property
    def uncounted(self) -> Account:
        """Return what became of the rows that are not in the table."""
        return uncounted(
            self.lines, issues=self.issues, merges=self.merges, source=self.report.source
        )
