"""Personal identifiers: those that hold the name of a person or device, replaced before a merge.

Input: the tables that were read.  Output: the same tables, a stand-in in the place of each such
identifier, wherever it stands, so that rows still join by it and references still lead to it; once
rows are merged, the tables without stand-ins.  With the organisation's key the pseudonym stays.

An agent of GLPI or OCS calls a device by its host name and the time of its first inventory.  Other
tools let anyone write an address, a login or the name of the device where an identifier belongs.
A name that is a number with a few letters before it ("PC-0042") names nobody.
"""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.bounds import Bounds, bounds_of, is_within
from reen.inventory.dictionaries import encoded_text
from reen.inventory.inventory import Inventory
from reen.inventory.issues import Issue, Severity
from reen.inventory.pseudonyms import KEY_BYTES, are_pseudonyms, pseudonym
from reen.inventory.schema import EQUIPMENT
from reen.reasons import Reason
from reen.tables.headers.header_words import key_of
from reen.tables.headers.reading_columns import PERSONAL_IDENTIFIERS
from reen.tables.importing import Imported
from reen.tables.privacy.person_names import holds_a_name, is_surname, names_a_person

__all__ = ["NAMES", "PersonalIds", "no_numbers", "personal_identifiers"]

#: Columns that refer to the identifier of a row of equipment, by kind of table.
_REFERENCES = {
    "equipment": ("parent_id",),
    "virtual_machines": ("host_id",),
    "applications": ("equipment_id",),
    "energy_readings": ("subject_id",),
}

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


@attrs.frozen(eq=False)
class PersonalIds:
    """The identifiers of some tables that are personal, and what stands for each.

    Attributes
    ----------
    stand_ins
        What stands for each, by its text.
    stays
        Whether they stay: they are pseudonyms that the organisation's key gives.
    """

    stand_ins: Mapping[str, str]
    stays: bool

    @classmethod
    def of(cls, parts: Sequence[Imported], key: bytes | None, asked: frozenset[str]) -> PersonalIds:
        """Return the personal identifiers of the equipment among some tables.

        Parameters
        ----------
        parts
            The tables, with their columns of names.
        key
            Secret of the organisation; without one the stand-ins are of this read alone.
        asked
            Headers that were asked for, in their comparable form: they stay as they are.
        """
        found = {
            text: None
            for part in parts
            if part.kind == EQUIPMENT.name
            for text in _personal_in(part, asked)
        }
        secret = secrets.token_bytes(KEY_BYTES) if key is None else key
        return cls({text: pseudonym(text, secret) for text in found}, key is not None)

    def hidden_in(self, part: Imported) -> Imported:
        """Return a table with stand-ins, and issues that show none of what they stand for."""
        if not self.stand_ins:
            return part
        table, told = part.table, []
        for column in _columns_of(part.kind, table):
            changed = self._replaced(table, column, self.stand_ins)
            if changed is not table and column in PERSONAL_IDENTIFIERS:
                told.append(self._told(part, column))
            table = changed
        unshown = dict.fromkeys(self.stand_ins)
        return attrs.evolve(part, table=table, issues=(*_shown(part.issues, unshown), *told))

    def _told(self, part: Imported, column: str) -> Issue:
        """Tell how many identifiers of a table are personal, and show none."""
        cells = part.table[column].cast(pa.string()).to_pylist()
        rows = [row for row, text in enumerate(cells) if text in self.stand_ins]
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

    def left_out_of(self, whole: Inventory) -> Inventory:
        """Return merged tables without stand-ins, unless these are the organisation's.

        A row that others refer to needs a name: it is called by its file and line.
        """
        if self.stays or not self.stand_ins:
            return whole
        names = dict.fromkeys(self.stand_ins.values())
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
                table = self._replaced(table, column, instead)  # noqa: PLW2901
            tables[kind] = table
        return attrs.evolve(
            whole,
            table=tables[EQUIPMENT.name],
            linked={kind: tables[kind] for kind in whole.linked},
            issues=_shown(whole.issues, instead),
            read_account=attrs.evolve(account, issues=_shown(account.issues, instead)),
        )

    @staticmethod
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
        return pa.array([], pa.uint64())
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
