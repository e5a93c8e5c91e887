"""Importing: what a reader of files is given, and what it gives back.

A reader sees a `Sample` of a file and says how sure it is of it (`Sniff`); it is given
`ReadOptions`, which hold what the user says; it gives an `Imported`: rows, issues and a report.
Knows no format; plugins meet these values in the contract of importers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import attrs
import pyarrow as pa

from reen.gate.limits import GENEROUS, Limits
from reen.inventory.issues import Issue, ReadReport
from reen.vocabulary.equipment_types import EquipmentTypes

__all__ = ["HEAD_BYTES", "Imported", "ReadOptions", "Sample", "Sniff"]

#: Bytes of a file that `Importer.sniff` sees.
HEAD_BYTES = 65_536


@attrs.frozen
class Sample:
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


@attrs.frozen
class Sniff:
    """How sure an importer is that it can read a file.

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


@attrs.frozen(kw_only=True)
class ReadOptions:
    """What the user says about a file.

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
    """

    country: str | None = None
    columns: Mapping[str, str] = attrs.field(factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    today: dt.date
    equipment_types: EquipmentTypes
    limits: Limits = GENEROUS


@attrs.frozen(kw_only=True)
class Imported:
    """What an importer found.

    Attributes
    ----------
    table
        Rows, canonical column names; further columns are kept.
    issues
        What was odd or refused.
    report
        How the file was read: it must add up (rows read = records + ignored + rejected), its
        records be the rows of the table, and each rejected row have an issue.
    passed
        Whether every cell of the table passed the gate (`reen.admit`, `reen.read_arrow`) or was
        made by the importer from text; it is then not checked again.
    """

    table: pa.Table
    issues: tuple[Issue, ...]
    report: ReadReport
    passed: bool = False
