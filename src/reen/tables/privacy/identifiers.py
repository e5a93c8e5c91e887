"""Personal identifiers: those that hold the name of a person or of a device.

Input: rows, with their columns of names.  Output: the identifiers that hold one; what becomes of
them is `leaving`'s.

An agent of GLPI or OCS calls a device by its host name and the time of its first inventory.  Other
tools let anyone write an address, a login or the name of the device where an identifier belongs.
A name that is a number with a few letters before it ("PC-0042") names nobody.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.bounds import Bounds, bounds_of, is_within
from reen.inventory.pseudonyms import are_pseudonyms
from reen.tables.privacy.person_names import holds_a_name, is_surname, names_a_person

__all__ = ["NAMES", "no_numbers", "personal_identifiers"]

#: What is personal by its form, by a mark that it has: what an agent calls its device, which is the
#: host name and an instant; an address of electronic mail; a login with its domain.
_FORMS = {
    "-": r"(?s)^.+-\d{4}-\d{2}-\d{2}-\d{2}-\d{2}-\d{2}$",
    "@": r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}",
    "\\": r"^[A-Za-z][\w.-]*\\[\w.-]+$",
}

#: Columns of names that are looked for in an identifier.
NAMES = ("name", "user", "user_id", "email")
#: Columns of what a device may be called by, and is no name of its own.
_PRODUCTS = ("manufacturer", "model")
#: A number of a series with a few letters before it, which is the name of no person; texts so short
#: that they stand in many identifiers by chance.
_NUMBERED = r"^[a-z]{0,4}[ _-]?\d+$|^.{0,2}$"
#: The same with so few letters that no name is in it.
_LETTERS_OF_A_NUMBER = 2
_OF_A_NUMBER = r"^[A-Za-z]{0,2}[ _-]?\d+$"
#: A word of letters long enough to be a surname.
_WITH_A_WORD = "[A-Za-zÀ-ÿ]{4}"
_SHORT = r"^\d{1,4}$|^.{0,2}$"


def personal_identifiers(
    table: pa.Table, columns: Sequence[str], *, but: Collection[str] = ()
) -> frozenset[str]:
    """Return the identifiers that hold the name of a person or of a device.

    Parameters
    ----------
    table
        Rows, with their columns of names.
    columns
        Columns of identifiers.
    but
        Columns of names that were asked for: they are no secret.
    """
    found: set[str] = set()
    for column in columns:
        if pa.types.is_nested(table[column].type):
            continue  # no identifier, and refused as one
        cells = table[column].cast(pa.string()).combine_chunks()
        # a number is like no form, and holds no name but one of digits, which devices have not
        odd = no_numbers(cells)
        found.update(_by_form(cells.take(odd)) if len(odd) else ())
        for name in NAMES:
            if name not in table.column_names or name in but or not (len(odd) or name != "name"):
                continue
            if name == "name":
                found.update(
                    _held(cells.take(odd), table.select(_read_with(table, name)).take(odd), name)
                )
            else:
                found.update(_held(cells, table, name))
    return frozenset(found)


def no_numbers(cells: pa.Array) -> pa.Array:
    """Return the rows whose cell is no number with a few letters before it.

    Such a number names nobody, in whatever column it stands.
    """
    bounds = bounds_of(cells)
    if bounds is not None and _are_of_a_number(bounds):
        return pa.nulls(0, pa.uint64())
    return pc.indices_nonzero(pc.invert(pc.match_substring_regex(cells, _OF_A_NUMBER)))


def _are_of_a_number(bounds: Bounds) -> bool:
    """Tell whether it is certain that all cells are as `_OF_A_NUMBER` says."""
    place = 0
    while place < min(len(bounds), _LETTERS_OF_A_NUMBER) and any(
        is_within(bounds, place, *letters) for letters in ((b"A", b"Z"), (b"a", b"z"))
    ):
        place += 1
    if place < len(bounds) and any(
        is_within(bounds, place, mark, mark) for mark in (b" ", b"_", b"-")
    ):
        place += 1
    digits = range(place, len(bounds))
    return bool(digits) and all(is_within(bounds, each, b"0", b"9") for each in digits)


def _read_with(table: pa.Table, name: str) -> list[str]:
    """Return the columns by which a name is judged."""
    return [each for each in table.column_names if each in (name, *_PRODUCTS)]


def _held(cells: pa.Array, table: pa.Table, column: str) -> Iterator[str]:
    """Yield the identifiers of some rows that hold what a column of names says there."""
    rows, names = _names_in(table, column)
    if not len(rows):
        return
    held = cells.take(rows)
    may = pc.indices_nonzero(_may_hold(held, names))
    texts = names.take(may).to_pylist()
    persons = set() if column == "name" else {*filter(names_a_person, {*texts})}
    yield from _holding(held.take(may), texts, persons)


def _by_form(cells: pa.Array) -> Iterator[str]:
    """Yield the identifiers that nobody but a person or a device has, whatever else is known."""
    yield from _with_surnames(cells)
    for mark, form in _FORMS.items():
        marked = cells.filter(pc.match_substring(cells, mark))
        if len(marked):
            hits = pc.match_substring_regex(marked, form)
            yield from pc.unique(marked.filter(hits)).to_pylist()


def _with_surnames(cells: pa.Array) -> Iterator[str]:
    """Yield the identifiers of which a frequent surname is a word of its own: "QA14-MOREL"."""
    worded = cells.filter(pc.match_substring_regex(cells, _WITH_A_WORD))
    for text in pc.unique(worded).to_pylist():
        # a word of its own, and not some letters of a number
        if any(map(is_surname, re.findall(r"(?<![^\W_])[^\W\d_]{4,}(?![^\W_])", text))):
            yield text


def _may_hold(cells: pa.Array, names: pa.Array) -> pa.Array:
    """Return which identifiers may hold the name of their row: a number holds no three letters."""
    numbers = pc.match_substring_regex(cells, _OF_A_NUMBER)
    letters = pc.match_substring_regex(names, "[a-z][a-z][a-z]")
    return pc.invert(pc.and_(numbers, letters))


def _names_in(table: pa.Table, column: str) -> tuple[pa.Array, pa.Array]:
    """Return the rows that have a name by which an identifier is known as personal, and it."""
    cells = table[column].cast(pa.string()).combine_chunks()
    names = pc.replace_substring_regex(pc.utf8_lower(cells), "@.*", "")
    passed = [
        pc.match_substring_regex(names, _NUMBERED if column == "name" else _SHORT),
        # a pseudonym stands in no identifier, but for its own
        are_pseudonyms(names),
    ]
    if column == "name":  # a screen may be called by its model
        passed.append(pc.is_in(names, value_set=_products_of(table)))
    rows = pc.indices_nonzero(pc.invert(functools.reduce(pc.or_, passed)))
    return rows, names.take(rows)


def _products_of(table: pa.Table) -> pa.Array:
    """Return the makers and models of a table, in small letters."""
    words = [
        pc.utf8_lower(pc.unique(table[name].cast(pa.string())))
        for name in _PRODUCTS
        if name in table.column_names
    ]
    return pa.concat_arrays(words) if words else pa.array([], pa.string())


def _holding(cells: pa.Array, names: Sequence[str], persons: Collection[str]) -> Iterator[str]:
    """Yield the identifiers that hold the name of their row, or a surname in it ("PC-DUPONT")."""
    folded = pc.utf8_lower(cells).to_pylist()
    for row, (cell, name) in enumerate(zip(folded, names, strict=True)):
        if not cell:
            continue
        if name in cell or (name in persons and holds_a_name(cell, name)):
            yield cells[row].as_py()
