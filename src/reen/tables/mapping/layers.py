"""Layers: the rules of a tool's and of the user's mappings for one table, the user's on top.

Input: the header of a table, where it stands, and the mappings.  Output: one value with the rule of
each header, the words, constants and rows that are set aside; None where no mapping says anything.
What the user says goes before what the tool says, and both go before the base vocabulary.

Must not know what a table of some kind needs, and reads no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import attrs

from reen.tables.headers.header_words import key_of
from reen.tables.mapping.choosing import Choice, Place, Tools, keys_of
from reen.tables.mapping.mapping import (
    ColumnRule,
    FileMapping,
    ListRule,
    RowRule,
    TableMapping,
)

__all__ = ["BASE", "CALL", "TOOL", "USER", "LaidRule", "Layers", "layers_of", "sections_of"]

T = TypeVar("T")

_NOTHING = TableMapping()

#: Who says what a header means; the lowest goes first.
CALL, USER, TOOL, BASE = range(4)


@attrs.frozen(eq=False, repr=False)
class LaidRule:
    """The rule of a header, and who says it.

    Attributes
    ----------
    rule
        What the header means.
    layer
        `USER` or `TOOL`.
    order
        Its place in the mapping: of two headers of a tool that are one column, the first counts.
    """

    rule: ColumnRule
    layer: int
    order: int


@attrs.frozen(eq=False, kw_only=True, repr=False)
class Layers:
    """What the mappings say of one table.

    Attributes
    ----------
    columns
        Rule of each header, by its normal form.
    words
        By canonical column: canonical value of each word, by its normal form.
    constants
        Value of columns where they are blank, by column.
    set_aside
        Rows that are not what the table is of.
    keys
        Columns by which two rows are one asset.
    decimal
        How its numbers are written; empty when its cells tell.
    unique
        Columns that together name a row.
    expect
        Values that the cells of a column may have, by column.
    lists
        What the lists inside its records are.
    kind, refused
        What the table is, where a mapping says it.
    header
        Line of the header; 0 when it is to be found.
    shared
        Columns whose constant is said of every table, and not of this one.
    choice
        The table of a tool that it is.
    user
        The user's mapping, when it says something of the table.
    """

    columns: Mapping[str, LaidRule] = attrs.field(factory=dict)
    words: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    constants: Mapping[str, str] = attrs.field(factory=dict)
    set_aside: tuple[RowRule, ...] = ()
    keys: tuple[str, ...] = ()
    decimal: str = ""
    unique: tuple[str, ...] = ()
    expect: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    lists: tuple[ListRule, ...] = ()
    kind: str = ""
    refused: str = ""
    header: int = 0
    shared: frozenset[str] = frozenset()
    choice: Choice | None = None
    user: FileMapping | None = None

    @property
    def digests(self) -> dict[str, str]:
        """Return the digest of each mapping that says something, by name; the user's last."""
        used = (*([self.choice.tool] if self.choice else ()), *([self.user] if self.user else ()))
        return {mapping.name: mapping.digest for mapping in used}


def layers_of(
    header: Sequence[str],
    source: str,
    *,
    mapping: FileMapping | None,
    tools: Sequence[FileMapping],
    kind: str = "",
) -> Layers | None:
    """Return what the mappings say of a table; None when they say nothing.

    Parameters
    ----------
    header
        The cells of its header.
    source
        Where it stands: ``parc.xlsx[Feuil1]``.
    mapping
        The user's.
    tools
        Those of tools, one of which is chosen by the header.
    kind
        Kind of table as which it is read, when that is known: a section of the user's mapping for
        another kind does not hold.
    """
    place = Place.of(source)
    choice = Tools.of(tools).choose(header, place) if tools else None
    sections = () if mapping is None else sections_of(mapping, header, place, kind=kind)
    said = [table for table in sections if table != _NOTHING]
    if choice is None and not said:
        return None
    below = [] if choice is None else [(choice.table, TOOL)]
    every = [*below, *((table, USER) for table in said)]
    tables = [table for table, _ in every]
    own = {
        column
        for table in tables
        if mapping is None or table is not mapping.shared
        for column in table.constants
    }
    constants = _merged(table.constants for table in tables)
    return Layers(
        columns=_columns(every),
        words=_words(tables),
        constants=constants,
        set_aside=_set_aside(tables),
        keys=_last([table.keys for table in tables], ()),
        decimal=_last([table.decimal for table in tables], ""),
        unique=_last([table.unique for table in tables], ()),
        expect=_merged(table.expect for table in tables),
        lists=tuple(rule for table in tables for rule in table.lists),
        kind=_kind_said(every, mapping),
        refused=_last([table for table in tables if table.kind], _NOTHING).refused,
        header=_last([table.header for table in tables], 0),
        shared=frozenset(constants) - own,
        choice=choice,
        user=mapping if said else None,
    )


def sections_of(
    mapping: FileMapping, header: Sequence[str], place: Place, *, kind: str = ""
) -> Iterator[TableMapping]:
    """Yield what a user's mapping says of a table: what holds for all, then its sections.

    A section holds for the tables whose header has one of its signatures, that stand in a sheet and
    a file of its names, and that are of its kind; where it says none of these, for all of them.
    """
    yield mapping.shared
    keys = keys_of(header)
    for table in mapping.tables:
        signed = not table.signature or any(keys_of(group) <= keys for group in table.signature)
        of_kind = _names_tables(table) or not table.kind or not kind or table.kind == kind
        if signed and of_kind and place.is_among(table):
            yield table


def _names_tables(table: TableMapping) -> bool:
    """Tell whether a section says which tables it is for: it then says their kind too."""
    return bool(table.signature or table.sheets or table.files)


def _kind_said(tables: Sequence[tuple[TableMapping, int]], mapping: FileMapping | None) -> str:
    """Return of what kind a table is said to be, empty when nothing says it.

    A section that names headers, sheets or files says it of these; else the user's sections that
    name none say it of every table, as long as they all say the same.
    """
    named = [(table.kind, layer) for table, layer in tables if _names_tables(table)]
    by_user = _last([kind for kind, layer in named if layer == USER], "")
    sections = () if mapping is None else mapping.tables
    of_all = {each.kind for each in sections if each.kind and not _names_tables(each)}
    if by_user or len(of_all) == 1:
        return by_user or of_all.pop()
    return _last([kind for kind, _ in named], "")


def _columns(tables: Iterable[tuple[TableMapping, int]]) -> dict[str, LaidRule]:
    found: dict[str, LaidRule] = {}
    for table, layer in tables:
        for order, (header, rule) in enumerate(table.columns.items()):
            found[key_of(header)] = LaidRule(rule, layer, order)
    return found


def _words(tables: Iterable[TableMapping]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table in tables:
        for column, words in table.words.items():
            known = found.setdefault(column, {})
            known.update({key_of(word): value for word, value in words.items()})
    return found


def _set_aside(tables: Iterable[TableMapping]) -> tuple[RowRule, ...]:
    """Return the rules of all; what the user says of a header replaces what the tool says."""
    found: tuple[RowRule, ...] = ()
    for table in tables:
        headers = {key_of(rule.header) for rule in table.set_aside}
        kept = (rule for rule in found if key_of(rule.header) not in headers)
        found = (*kept, *table.set_aside)
    return found


def _merged(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    return {key: value for part in parts for key, value in part.items()}


def _last(values: Sequence[T], nothing: T) -> T:
    return next((value for value in reversed(values) if value), nothing)
