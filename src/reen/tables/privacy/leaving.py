"""Leaving: the columns that end with the read of all files, once each asset stands once.

Input: the rows of all files, and what was asked for.  Output: the same rows without the columns
that nobody asked for and without names of persons or of their devices; with a key, pseudonyms stand
for these, so that the lists of two years still match.  How many rows have a user, and how many
users there are, is counted on the way.

Looks neither at files nor at which rows are one asset.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.batch import Batch
from reen.inventory.dictionaries import encoded_text, is_text
from reen.inventory.issues import ReadReport
from reen.inventory.pseudonyms import are_pseudonyms, pseudonym
from reen.inventory.schema import EQUIPMENT, TableSchema
from reen.inventory.users import Users, computer_users
from reen.tables.headers.header_words import key_of
from reen.tables.headers.reading_columns import NAMES_PERSONS, PSEUDONYMOUS
from reen.vocabulary.text import normalise

__all__ = ["leaves", "once_joined", "report_without", "users_of"]

#: What says who uses a device, the surest first.
_WHO = ("user_id", "email", "user")

#: What says which rows are computers in use, how many, and whose.
_USE = ("equipment_type", "status", "quantity", "entity")


def leaves(
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


def report_without(report: ReadReport, gone: Collection[str]) -> ReadReport:
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


def once_joined(table: pa.Table, gone: Iterable[str], key: bytes | None) -> pa.Table:
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
    numbers = pc.fill_null(cells.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
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
