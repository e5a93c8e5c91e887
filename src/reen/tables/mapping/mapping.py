"""Mappings: how the columns, words and units of the files of one tool become ours.

Values only.  A `FileMapping` is one TOML file: that of a tool, chosen by the headers of a table, or
that of a user, which goes before it.  `loading` reads and writes the files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import attrs

from reen.values import Compared

__all__ = [
    "KEEP",
    "NO_INVENTORY",
    "AcceptedDoubt",
    "ColumnRule",
    "FileMapping",
    "ListRule",
    "RowRule",
    "TableMapping",
    "no_equipment",
    "sum_line",
]

#: Target of a header that is kept under its own name.
KEEP = "keep"
#: Kind of a table that is no inventory.
NO_INVENTORY = "none"


@attrs.frozen(eq=False, repr=False)
class ColumnRule(Compared):
    """What one header means.

    Attributes
    ----------
    column
        Canonical column, or a reading column (`reen.tables.headers.reading_columns`); empty leaves
        the header out, and ``keep`` keeps it under its own name.
    unit
        Unit of its numbers where the cells say none; it goes before one that the header names.
    preference
        Order among the headers for one column: where the first is blank, the second counts.
    precision
        Of a date: ``estimated`` when it stands for another one (an enrolment for a purchase).
    combine
        Of a list inside a record: ``sum`` or ``first`` of one of its columns, ``count`` of its
        rows; empty where there is one value.
    reference
        Whether its words are the labels of other records: a bare key (a whole number, 32
        hexadecimal digits) is one that the tool did not resolve, and no word.
    also
        Second column, of words, that it fills where the words given for that column say a value:
        one letter says whose a device is and who uses it.
    """

    column: str
    unit: str = attrs.field(default="", kw_only=True)
    preference: int = attrs.field(default=1, kw_only=True)
    precision: str = attrs.field(default="", kw_only=True)
    combine: str = attrs.field(default="", kw_only=True)
    reference: bool = attrs.field(default=False, kw_only=True)
    also: str = attrs.field(default="", kw_only=True)


@attrs.frozen(eq=False, repr=False)
class RowRule(Compared):
    """A rule for rows to set aside because they are not what the table lists.

    Attributes
    ----------
    header
        Header of the column that tells; where no header is written so, the canonical column that
        one is read as.
    values
        Values that set a row aside, in any spelling; an empty one is a blank cell, ``*`` stands
        for any text.
    reason
        Code of the reason (`reen.reasons`).
    keep
        Whether the values are those that stay, all others being set aside.
    record
        Of a list inside records: values by canonical column of the record, one of which each has
        to have for the rule to hold (``equipment_type``: ``laptop``).
    """

    header: str
    values: tuple[str, ...]
    reason: str
    keep: bool = False
    record: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)


def sum_line(*words: str) -> RowRule:
    """Return the rule that sets aside rows whose type is one of some words: they add up others."""
    return RowRule("equipment_type", words, "row_sub_total")


def no_equipment(*words: str, column: str = "equipment_type") -> RowRule:
    """Return the rule that sets aside rows whose type is one of some words, as no equipment.

    Of another column, such as the model, where that is named.
    """
    return RowRule(column, words, "row_not_equipment")


@attrs.frozen(eq=False, kw_only=True, repr=False)
class ListRule(Compared):
    """How to read a list that is nested in the records of a file.

    Attributes
    ----------
    path
        Where it stands: ``content.monitors``.
    kind
        Kind of table that its rows are (`reen.inventory.table_kinds`); empty sets it aside.
    columns, constants, set_aside
        As of a table; rows that are set aside are not combined either.
    """

    path: str
    kind: str = ""
    columns: Mapping[str, ColumnRule] = attrs.field(factory=dict)
    constants: Mapping[str, str] = attrs.field(factory=dict)
    set_aside: tuple[RowRule, ...] = ()


@attrs.frozen(eq=False, kw_only=True, repr=False)
class TableMapping(Compared):
    """How one kind of table of a tool is read.

    Attributes
    ----------
    kind
        Kind of table (`reen.inventory.table_kinds`); ``none`` when it is no inventory; empty when
        it is to be recognised.
    refused
        Of no inventory: what it is, as a code (``tickets``, ``licences``, ``users``...).
    signature
        Groups of headers: a table has this mapping when all headers of one group are there.
    at_most
        Most headers that a table of this signature has, for tools whose lists are short and whose
        headers anyone may write; 0: any number.
    sheets, files
        Names of sheets or lists, and of files, that it is for; patterns with ``*``.  Empty: any.
        A file without sheets has its own name, without the ending, as that of its sheet.  A tool's
        table that has a signature is known by that, whatever its sheet is called.
    columns
        Rule by header, in any spelling; nested values by their path, ``content.bios.ssn``.
    words
        By canonical column: canonical value of each word, in any spelling.
    constants
        Value of columns that no header gives, in every row where they are blank.
    set_aside
        Rows that are not what the table is of.
    keys
        Columns by which two rows are one asset, the first filled one deciding; empty: the usual
        evidence.
    decimal
        How its numbers are written: ``,`` or ``.`` is its decimal mark, the other one separating
        thousands; ``either`` when both are and none does.  Empty: its cells tell.
    unique
        Columns, or headers that are no column, which together name a row: in all files of the tool
        a name is one, and no other evidence is looked for.
    expect
        By column: the values that its cells may have, ``*`` standing for any text and an empty one
        for a blank cell; others are told.
    lists
        What the lists inside its records are.
    header
        Line of the header, 0 when it is to be found.
    """

    kind: str = ""
    refused: str = ""
    signature: tuple[tuple[str, ...], ...] = ()
    at_most: int = 0
    sheets: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    columns: Mapping[str, ColumnRule] = attrs.field(factory=dict)
    words: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    constants: Mapping[str, str] = attrs.field(factory=dict)
    set_aside: tuple[RowRule, ...] = ()
    keys: tuple[str, ...] = ()
    decimal: str = ""
    unique: tuple[str, ...] = ()
    expect: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    lists: tuple[ListRule, ...] = ()
    header: int = 0


@attrs.frozen(eq=False, repr=False)
class AcceptedDoubt(Compared):
    """A doubt of a file that its owner has looked at: it is read rightly, or says how many.

    Attributes
    ----------
    doubt
        Code of the reason.
    column, value
        Where it was raised.
    quantity
        Items that each of its rows is, of a row that says several; 0 where it is read rightly.
    """

    doubt: str
    column: str = ""
    value: str = ""
    quantity: int = attrs.field(default=0, kw_only=True)


@attrs.frozen(eq=False, kw_only=True, repr=False)
class FileMapping(Compared):
    """The mapping of a tool or of a user: one TOML file.

    Attributes
    ----------
    name
        What it is called: ``intune``, ``mairie``.
    title
        One line for a list.
    source
        Where the headers are documented.
    shared
        What holds for every table.
    tables
        What holds for one kind of table.
    keep
        Headers kept as they are, beside what is mapped.
    accepted
        Doubts that its owner has looked at: they are told no more as such.
    several_files
        Whether its headers stand in several files or sheets, of which one may be read alone: those
        that are not there are noted, and refused only where none is.
    """

    name: str
    title: str = ""
    source: str = ""
    shared: TableMapping = TableMapping()
    tables: tuple[TableMapping, ...] = ()
    keep: tuple[str, ...] = ()
    accepted: tuple[AcceptedDoubt, ...] = ()
    several_files: bool = False
    #: What `digest` is once it was asked for: a tool's is asked for by every table.
    _digest: list[str] = attrs.field(factory=list, init=False, eq=False, repr=False)

    @property
    def sum_words(self) -> tuple[str, ...]:
        """Return the words of types that its owner says are lines that add up others."""
        return tuple(
            word
            for rule in self.shared.set_aside
            if rule == sum_line(*rule.values)
            for word in rule.values
        )

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what it says, for the provenance: comments do not count."""
        if not self._digest:
            fields = attrs.asdict(self, filter=lambda each, _: each.name != "_digest")
            if not self.several_files:
                del fields["several_files"]  # the digests of other mappings stay what they were
            content = json.dumps(fields, sort_keys=True, ensure_ascii=True)
            self._digest.append(hashlib.sha256(content.encode()).hexdigest())
        return self._digest[0]
