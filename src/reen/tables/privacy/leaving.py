"""Leaving: what serves to find the rows of one asset, and ends once each asset stands once.

Input: the tables of all files, and what was asked for.  Output: the tables with a stand-in for each
identifier that holds a person or a device; and, once rows are merged, the same without stand-ins,
without the columns that nobody asked for and without names of persons or of their devices.  With a
key, pseudonyms stand for these, so that the lists of two years still match.  How many rows have a
user, and how many users there are, is counted on the way.

Looks neither at files nor at which rows are one asset.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.batch import Batch
from reen.inventory.dictionaries import encoded_text, is_text
from reen.inventory.inventory import Inventory
from reen.inventory.issues import Issue, ReadReport, Severity
from reen.inventory.pseudonyms import KEY_BYTES, are_pseudonyms, pseudonym
from reen.inventory.schema import EQUIPMENT, TableSchema
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.inventory.users import Users, computer_users
from reen.reasons import Reason
from reen.tables.headers.header_words import key_of
from reen.tables.headers.reading_columns import NAMES_PERSONS, PERSONAL_IDENTIFIERS, PSEUDONYMOUS
from reen.tables.importing import Imported, ReadOptions
from reen.tables.privacy.identifiers import personal_identifiers
from reen.tables.privacy.keeping_columns import (
    headers_asked,
    headers_that_stay,
    refuse_group_of_persons,
)
from reen.vocabulary.text import normalise

__all__ = ["Leaving", "users_of"]

#: Columns that refer to the identifier of a row of equipment, by kind of table.
_REFERENCES = {
    "equipment": ("parent_id",),
    "virtual_machines": ("host_id",),
    "applications": ("equipment_id",),
    "energy_readings": ("subject_id",),
}

#: What says who uses a device, the surest first.
_WHO = ("user_id", "email", "user")

#: What says which rows are computers in use, how many, and whose.
_USE = ("equipment_type", "status", "quantity", "entity")


@attrs.frozen(eq=False, repr=False)
class Leaving:
    """What serves to find the rows of one asset, and leaves once each stands once.

    Attributes
    ----------
    parts
        The tables that were read, personal identifiers hidden: a stand-in is in the place of each,
        wherever it stands, so that rows still join by it and references still lead to it.  Of
        columns that were asked for, each table has its own.
    options
        What the user says.
    stand_ins
        What stands for each personal identifier, by its text.
    """

    parts: Sequence[Imported]
    options: ReadOptions
    stand_ins: Mapping[str, str]

    @classmethod
    def of(cls, parts: Sequence[Imported], options: ReadOptions) -> Leaving:
        """Return what leaves of some tables.

        Without the organisation's key the stand-ins are of this read alone; with it they are
        pseudonyms, which stay.  Identifiers that were asked for stay as they are.
        """
        asked = headers_asked(options)
        found = {
            text: None
            for part in parts
            if part.kind == EQUIPMENT.name
            for text in _personal_in(part, asked)
        }
        secret = secrets.token_bytes(KEY_BYTES) if options.key is None else options.key
        stand_ins = {text: pseudonym(text, secret) for text in found}
        hidden = [_hidden_in(part, stand_ins) for part in parts] if stand_ins else parts
        every = frozenset().union(*(part.wanted for part in parts))
        stay = headers_that_stay(options)
        return cls([_with_its_own(part, every, stay) for part in hidden], options, stand_ins)

    def once_joined(self, whole: Inventory) -> Inventory:
        """Return merged rows without what only served to join, and how many users they have.

        A row that others refer to needs a name: where that was a person's, it is called by its file
        and line.
        """
        lists = [part for part in self.parts if part.kind == EQUIPMENT.name]
        wanted = frozenset().union(*(part.wanted for part in lists))
        asked = headers_that_stay(self.options)
        table = whole.table
        gone = _leaves(table.column_names, EQUIPMENT, wanted=wanted, asked=asked)
        kept = [part.users for part in lists if part.users is not None]
        users = kept[0] if len(kept) == len(lists) == 1 else users_of(table)
        joined = _once_joined(table, gone, self.options.key)
        whole = attrs.evolve(whole, table=joined, users=users)
        # with the organisation's key, stand-ins are its pseudonyms
        if self.options.key is not None or not self.stand_ins:
            return whole
        return _without_stand_ins(whole, dict.fromkeys(self.stand_ins.values()))

    def check_groups(self, names: Sequence[str]) -> None:
        """Refuse a column to group by whose names left, and for which no pseudonyms stand.

        Parameters
        ----------
        names
            Columns of all tables, once rows are joined.

        Raises
        ------
        OptionError
            There is such a column.
        """
        left = {key_of(header) for part in self.parts for header in part.report.joining}
        for header in self.options.by:
            if header not in names and key_of(header) in left:
                raise refuse_group_of_persons(header)


def _with_its_own(part: Imported, every: frozenset[str], asked: frozenset[str]) -> Imported:
    """Return a table as it is reported, without columns that were asked for in another.

    Columns of equipment that show which rows are one asset stay until the rows were merged.
    """
    table, schema = part.table, SCHEMA_OF_KIND[part.kind]
    gone = _leaves(table.column_names, schema, wanted=part.wanted, asked=asked)
    if schema is not EQUIPMENT:
        gone = [name for name in gone if name not in schema]  # a machine's name is no person's
    # only text shows which rows are one asset, and only text is of one type everywhere
    early = [
        name
        for name in gone
        if schema is not EQUIPMENT or name in every or not is_text(table.schema.field(name).type)
    ]
    return attrs.evolve(
        part, table=table.drop_columns(early), report=_report_without(part.report, gone)
    )


def _hidden_in(part: Imported, stand_ins: Mapping[str, str]) -> Imported:
    """Return a table with stand-ins, and issues that show none of what they stand for."""
    table, told = part.table, []
    for column in _columns_of(part.kind, table):
        changed = _replaced(table, column, stand_ins)
        if changed is not table and column in PERSONAL_IDENTIFIERS:
            told.append(_told(part, column, stand_ins))
        table = changed
    issues = (*_shown(part.issues, dict.fromkeys(stand_ins)), *told)
    return attrs.evolve(part, table=table, issues=issues)


def _told(part: Imported, column: str, stand_ins: Collection[str]) -> Issue:
    """Tell how many identifiers of a table are personal, and show none."""
    cells = part.table[column].cast(pa.string()).to_pylist()
    rows = [row for row, text in enumerate(cells) if text in stand_ins]
    lines = part.table["source_row"].take(pa.array(rows[: Issue.SHOWN])).to_pylist()
    return Issue(
        column,
        part.report.mapped.get(column, ""),
        Reason("identifiers_are_names", count=len(rows)),
        severity=Severity.NOTE,
        source=part.report.source,
        rows=tuple(lines),
        count=len(rows),
    )


def _without_stand_ins(whole: Inventory, names: Mapping[str, None]) -> Inventory:
    """Return merged tables without stand-ins; a row that others refer to has its file and line."""
    referred = {
        text
        for kind, columns in _REFERENCES.items()
        for column in columns
        if column in whole.tables[kind].column_names
        for text in pc.unique(whole.tables[kind][column]).to_pylist()
        if text in names
    }
    instead: dict[str, str | None] = {**names, **_places_of(whole.table, referred)}
    account = whole.account_of(EQUIPMENT.name)
    tables = {}
    for kind, table in whole.tables.items():
        for column in _columns_of(kind, table):
            table = _replaced(table, column, instead)  # noqa: PLW2901
        tables[kind] = table
    return attrs.evolve(
        whole,
        table=tables[EQUIPMENT.name],
        linked={kind: tables[kind] for kind in whole.linked},
        issues=_shown(whole.issues, instead),
        read_account=attrs.evolve(account, issues=_shown(account.issues, instead)),
    )


def _replaced(table: pa.Table, column: str, instead: Mapping[str, str | None]) -> pa.Table:
    cells = table[column]
    texts = cells.cast(pa.string()).combine_chunks().dictionary_encode()
    words = [instead.get(text, text) for text in texts.dictionary.to_pylist()]
    if words == texts.dictionary.to_pylist():
        return table
    changed = pa.chunked_array([pa.array(words, pa.string()).take(texts.indices)])
    if pa.types.is_dictionary(cells.type):
        changed = encoded_text(changed)
    place = table.column_names.index(column)
    field = table.schema.field(column).with_type(changed.type)
    return table.set_column(place, field, changed)


def _shown(issues: Sequence[Issue], instead: Mapping[str, str | None]) -> tuple[Issue, ...]:
    """Return issues that show what stands for an identifier, or nothing."""
    return tuple(
        attrs.evolve(issue, value=instead[issue.value] or "") if issue.value in instead else issue
        for issue in issues
    )


def _columns_of(kind: str, table: pa.Table) -> list[str]:
    own = PERSONAL_IDENTIFIERS if kind == EQUIPMENT.name else ()
    return [name for name in (*own, *_REFERENCES.get(kind, ())) if name in table.column_names]


def _places_of(table: pa.Table, names: Iterable[str]) -> dict[str, str]:
    """Return file and line of the first row that has each name."""
    wanted = {*names}
    if not wanted or "id" not in table.column_names:
        return {}
    rows = zip(*(table[name].to_pylist() for name in ("id", "source", "source_row")), strict=True)
    found: dict[str, str] = {}
    for name, source, line in rows:
        if name in wanted:
            found.setdefault(name, f"{source}:{line}")
    return found


def _identifiers_of(part: Imported, asked: frozenset[str]) -> Iterator[str]:
    """Yield the identifiers of a table that nobody asked to keep as they are."""
    for column in PERSONAL_IDENTIFIERS:
        header = part.report.mapped.get(column, "")
        if column in part.table.column_names and key_of(header) not in asked:
            yield column


def _personal_in(part: Imported, asked: frozenset[str]) -> Iterator[str]:
    """Yield the identifiers of a table that hold the name of a person or of a device."""
    columns = [*_identifiers_of(part, asked)]
    for column in columns:
        yield from part.logins.get(column, ())
    yield from personal_identifiers(part.table, columns, but=part.wanted)


def _leaves(
    names: Iterable[str], schema: TableSchema, *, wanted: frozenset[str], asked: frozenset[str]
) -> list[str]:
    """Return which columns are not to stay as they are.

    Parameters
    ----------
    names
        Columns of a table.
    schema
        Those that reen knows.
    wanted
        Columns that were asked for.
    asked
        Headers that were asked for, in their comparable form.
    """
    return [
        name
        for name in names
        if (name not in schema or name in NAMES_PERSONS)
        and name not in wanted
        and key_of(name) not in asked
    ]


def _report_without(report: ReadReport, gone: Collection[str]) -> ReadReport:
    """Return a report that says of some columns that they do not stay."""
    persons = {name for name in gone if name in report.mapped}
    left_out = [header for header in report.kept if header in gone]
    joining = [report.mapped[name] for name in report.mapped if name in persons]
    return attrs.evolve(
        report,
        mapped={name: text for name, text in report.mapped.items() if name not in persons},
        kept=tuple(header for header in report.kept if header not in gone),
        left_out=(*report.left_out, *left_out),
        joining=(*report.joining, *joining),
    )


def _once_joined(table: pa.Table, gone: Iterable[str], key: bytes | None) -> pa.Table:
    """Return a table without some columns; with a key, pseudonyms stand for names.

    Parameters
    ----------
    table
        The rows, each asset once.
    gone
        Columns that do not stay as they are.
    key
        Secret of the organisation; without one, pseudonyms that a list already has stay alone.
    """
    there = table.column_names  # made anew each time it is asked for
    gone = {*gone}.intersection(there)
    columns = {name: table[name] for name in there if name not in gone}
    said = {"name": ("name",), "user_id": _WHO}
    for column in PSEUDONYMOUS:
        if column in columns:
            continue
        hidden = _pseudonyms([table[name] for name in said[column] if name in gone], key)
        if hidden is not None:
            columns[column] = hidden if column == "name" else encoded_text(hidden)
    order = [name for name in (*there, *PSEUDONYMOUS) if name in columns]
    fields = [
        table.schema.field(name)
        if name in there and name not in PSEUDONYMOUS
        else pa.field(name, columns[name].type)
        for name in dict.fromkeys(order)
    ]
    return pa.table([columns[field.name] for field in fields], schema=pa.schema(fields))


def _pseudonyms(cells: list[pa.ChunkedArray], key: bytes | None) -> pa.ChunkedArray | None:
    """Return what stands for the first name of each row; None when nothing may."""
    if not cells:
        return None
    texts = pc.coalesce(*(each.cast(pa.string()) for each in cells)).combine_chunks()
    if key is None and not pc.any(are_pseudonyms(texts)).as_py():
        return None  # most lists have none: to tell their words apart would be for nothing
    words = texts.dictionary_encode()
    distinct = words.dictionary
    if key is None:
        known = pc.if_else(are_pseudonyms(distinct), distinct, pa.scalar(None, pa.string()))
    else:
        hidden = [pseudonym(word, key) for word in distinct.to_pylist()]
        known = pa.array(hidden, pa.string())
    if known.null_count == len(known):
        return None
    return pa.chunked_array([known.take(words.indices)])


def users_of(table: pa.Table) -> Users | None:
    """Return how many rows have a user, how many users they have, and whose computers are double.

    None when no column says who.

    Who has one address of electronic mail everywhere is one user, by whatever name.
    """
    who = [name for name in _WHO if name in table.column_names and is_text(table[name].type)]
    if not who:
        return None
    forms = {name: _forms(table[name], normalise) for name in who}
    if {"email", "user"} <= set(who):
        forms["user"] = _by_address(forms["user"], forms["email"])
    cells = pc.coalesce(*forms.values())
    numbers = numpy_of(pc.fill_null(cells.dictionary_encode().indices, -1))
    return Users(
        rows=len(cells) - cells.null_count,
        users=pc.count_distinct(cells).as_py(),
        computers=computer_users(_batch_of(table), numbers.astype(np.int64)),
    )


def _batch_of(table: pa.Table) -> Batch:
    """Return what tells the computers in use of some rows of equipment."""
    needed = table.select([name for name in _USE if name in table.column_names])
    rows = needed.combine_chunks().to_batches() if needed.num_columns else []
    empty = pa.RecordBatch.from_pydict({"row": pa.nulls(table.num_rows)})
    return Batch(rows[0] if rows else empty, schema=EQUIPMENT)


def _forms(cells: pa.ChunkedArray, form: Callable[[str], str]) -> pa.Array:
    words = cells.cast(pa.string()).combine_chunks().dictionary_encode()
    forms = pa.array([form(word) or None for word in words.dictionary.to_pylist()], pa.string())
    return forms.take(words.indices)


def _by_address(users: pa.Array, addresses: pa.Array) -> pa.Array:
    """Return users by their address, where they have one and only one."""
    pairs = pa.table({"user": users, "address": addresses}).drop_null()
    known = pairs.group_by("user").aggregate([("address", "count_distinct"), ("address", "min")])
    known = known.filter(pc.equal(known["address_count_distinct"], 1))
    place = pc.index_in(users, value_set=known["user"].combine_chunks())
    return pc.coalesce(known["address_min"].combine_chunks().take(place), users)
