"""Checking: whether a mapping names columns, units, words and types that exist.

Input: a `TableMapping` as it was written, and the taxonomy.  Output: faults, each with its place,
what was expected and how to mend it.  Columns, units, words of closed lists, constants and reasons
are looked up where they are declared; nothing is declared here.

Reads no file.
"""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import math
from collections.abc import Collection, Iterable, Mapping

from reen.errors import DimensionError
from reen.inventory.schema import Column, ColumnKind, TableSchema
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.reasons import Reason, Words, has_sentence, joined, parameters_of, say, sentence_template
from reen.tables.cells.number_marks import EITHER
from reen.tables.cells.units_in_text import in_column, read_unit
from reen.tables.headers.header_words import value_words
from reen.tables.headers.reading_columns import READ_EQUIPMENT
from reen.tables.mapping.mapping import KEEP, NO_INVENTORY, ColumnRule, RowRule, TableMapping
from reen.vocabulary.countries import resolve_country
from reen.vocabulary.equipment_types import EquipmentTypes
from reen.vocabulary.units import conversion_factor, parse_quantity

#: Constant that names the year of the fleet which counts, where several were counted.
YEAR = "year"

__all__ = ["COMBINE", "Faults", "Kind", "check_table", "columns_of_kind"]

#: What may be made of a list inside a record.
COMBINE = ("sum", "first", "count")

#: How the numbers of a tool may be written.
DECIMALS = (",", ".", EITHER)

#: A kind of table.
Kind = str


class Faults:
    """What is wrong with a mapping, in order.

    Attributes
    ----------
    places
        Where.
    """

    def __init__(self) -> None:
        self.places: list[str] = []
        self._texts: list[str] = []

    def __bool__(self) -> bool:
        """Tell whether there is one."""
        return bool(self._texts)

    def add(self, place: str, text: Words) -> None:
        """Add what is wrong at a place, what was expected and how to mend it."""
        self.places.append(place)
        self._texts.append(str(Reason("error_at", place=place, text=text) if place else text))

    def unknown_keys(self, content: Iterable[str], known: Collection[str], place: str) -> None:
        """Add the keys that nothing reads."""
        for key in content:
            if key not in known:
                self.add(place, Reason("error_no_key", key=key, near=_nearest(key, known)))

    def unknown(self, place: str, what: Words, word: str, known: Collection[str]) -> None:
        """Add a name that is not in a list."""
        self.add(
            place,
            Reason("error_no_such_thing", what=_thing(what), word=word, near=_nearest(word, known)),
        )

    def text(self) -> str:
        """Return all of them, a line each."""
        if len(self._texts) == 1:
            return self._texts[0]
        lines = "".join(f"\n  {text}" for text in self._texts)
        return say("error_faults", count=len(self._texts), lines=lines)


def _thing(what: Words) -> Words:
    if isinstance(what, Reason):
        return what
    code = f"thing_{what.replace(' ', '_')}"
    return Reason(code) if has_sentence(code) else what


def _nearest(word: str, known: Collection[str]) -> Reason:
    near = difflib.get_close_matches(word, known, 2)
    if near:
        names = joined([repr(name) for name in near], "joined_by_or")
        return Reason("hint_did_you_mean", near=names)
    return Reason("error_then_one_of", names=", ".join(sorted(known)))


@functools.cache
def columns_of_kind(kind: Kind) -> Mapping[str, tuple[Column, ...]]:
    """Return the columns that a mapping may name for a kind of table, those of any without one.

    Columns of one name in several kinds of table may differ in unit.
    """
    schemas = {**SCHEMA_OF_KIND, READ_EQUIPMENT.name: READ_EQUIPMENT}
    chosen = [schemas[kind]] if kind in schemas else schemas.values()
    found: dict[str, list[Column]] = {}
    for schema in chosen:
        for column in schema.values():
            if column not in found.setdefault(column.name, []):
                found[column.name].append(column)
    return {name: tuple(columns) for name, columns in found.items()}


def check_table(table: TableMapping, place: str, types: EquipmentTypes, faults: Faults) -> None:
    """Add what is wrong with one table of a mapping.

    Parameters
    ----------
    table
        As it was written.
    place
        Where it stands; empty for what holds for every table.
    types
        The taxonomy.
    faults
        Where faults are added.
    """
    comma = f"{place}, " if place else ""
    kinds = (*SCHEMA_OF_KIND, NO_INVENTORY)
    if table.kind and table.kind not in kinds:
        faults.unknown(f"{comma}kind", "kind of table", table.kind, kinds)
        return
    if table.refused and table.kind != NO_INVENTORY:
        expected = Reason("error_kind_beside", kind=NO_INVENTORY)
        faults.add(
            f"{comma}refused", Reason("error_is", refused=repr(table.refused), expected=expected)
        )
    checks = _Checks(columns_of_kind(table.kind), types, faults)
    checks.columns(table.columns, f"{comma}[columns]")
    for column, words in table.words.items():
        checks.words(column, words, f"{comma}[words.{column}]")
    checks.constants(table.constants, f"{comma}[constants]")
    checks.identity_and_cells(table, comma)
    for number, rule in enumerate(table.set_aside, 1):
        _check_reason(rule, f"{comma}[[set_aside]] {number}, reason", faults)
    for number, each in enumerate(table.lists, 1):
        where = f"{comma}[[list]] {number}"
        if each.kind and each.kind not in SCHEMA_OF_KIND:
            faults.unknown(f"{where}, kind", "kind of table", each.kind, tuple(SCHEMA_OF_KIND))
            continue
        inner = _Checks(columns_of_kind(each.kind), types, faults)
        inner.columns(each.columns, f"{where}, [columns]")
        inner.constants(each.constants, f"{where}, [constants]")
        around = _Checks(columns_of_kind(table.kind), types, faults)
        for at, rule_of_rows in enumerate(each.set_aside, 1):
            here = f"{where}, [[set_aside]] {at}"
            _check_reason(rule_of_rows, f"{here}, reason", faults)
            for column, values in rule_of_rows.record.items():
                around.words(column, {word: word for word in values}, f"{here}, record")


def _check_reason(rule: RowRule, place: str, faults: Faults) -> None:
    """Add a reason that has no sentence, or whose sentence needs what a rule does not say."""
    try:
        template = sentence_template(rule.reason, "en")
    except KeyError:
        template = "{}"
    if (
        not rule.reason.startswith("row_")
        or parameters_of(template) - {"count"}
        or template == "{}"
    ):
        faults.add(
            place,
            Reason("error_which_no_reason_row_expected_one", reason=rule.reason),
        )


class _Checks:
    """What the names and values of one table are looked up in."""

    def __init__(
        self, known: Mapping[str, tuple[Column, ...]], types: EquipmentTypes, faults: Faults
    ) -> None:
        self.known = known
        self.types = types
        self.faults = faults

    def is_column(self, name: str, place: str) -> bool:
        if name not in self.known:
            self.faults.unknown(place, "column", name, tuple(self.known))
        return name in self.known

    def identity_and_cells(self, table: TableMapping, place: str) -> None:
        """Add keys and expectations of columns that do not exist, and marks that are none."""
        for key in table.keys:
            self.is_column(key, f"{place}keys")
        if table.decimal not in ("", *DECIMALS):
            self.faults.unknown(f"{place}decimal", "decimal mark", table.decimal, DECIMALS)
        for column in table.expect:
            self.is_column(column, f"{place}[expect]")

    def columns(self, columns: Mapping[str, ColumnRule], place: str) -> None:
        for header, rule in columns.items():
            here = f"{place} {header!r}"
            if rule.column in ("", KEEP):
                if rule != ColumnRule(rule.column):
                    self.faults.add(here, Reason("error_names_no_column_says_what_one"))
            elif self.is_column(rule.column, here):
                self._rule(rule, self.known[rule.column], here)

    def _rule(self, rule: ColumnRule, columns: tuple[Column, ...], place: str) -> None:
        kinds = {column.kind for column in columns}
        second = self.known[rule.also] if rule.also and self.is_column(rule.also, place) else ()
        if second and all(each.kind is not ColumnKind.TEXT for each in second):
            self.faults.add(place, Reason("error_holds_no_words_leave_out_also", also=rule.also))
        if rule.unit:
            self._unit(rule, columns, place)
        if rule.precision:
            known = tuple(dict.fromkeys(value_words()["purchase_date_precision"].values()))
            if ColumnKind.DATE not in kinds:
                self.faults.add(
                    place, Reason("error_no_date_leave_out_precision", column=rule.column)
                )
            elif rule.precision not in known:
                self.faults.unknown(place, "precision", rule.precision, known)
        if rule.combine and rule.combine not in COMBINE:
            self.faults.unknown(place, "way to combine", rule.combine, COMBINE)
        if rule.combine in ("sum", "count") and ColumnKind.NUMBER not in kinds:
            self.faults.add(place, Reason("error_no_number_combine_first", column=rule.column))

    def _unit(self, rule: ColumnRule, columns: tuple[Column, ...], place: str) -> None:
        """Add a unit that fits no column of the name."""
        numbers = [column for column in columns if column.kind is ColumnKind.NUMBER]
        if not numbers:
            self.faults.add(place, Reason("error_no_number_leave_out_unit", column=rule.column))
            return
        errors = [self._misfit(rule.unit, column) for column in numbers]
        if all(errors):
            expected = " or ".join(dict.fromkeys(repr(column.unit) for column in numbers))
            self.faults.add(
                place,
                Reason(
                    "error_unit_none_expected_one_converts",
                    unit=rule.unit,
                    column=rule.column,
                    expected=expected,
                ),
            )

    def _misfit(self, unit: str, column: Column) -> bool:
        schema = TableSchema(column.name, (column,))
        meant = in_column(read_unit(unit) or unit, column.name, schema)
        try:
            conversion_factor(meant, column.unit)
        except DimensionError:
            return True
        return False

    def words(self, column: str, words: Mapping[str, str], place: str) -> None:
        if not self.is_column(column, place):
            return
        columns = self.known[column]
        if all(each.kind in (ColumnKind.NUMBER, ColumnKind.DATE) for each in columns):
            self.faults.add(place, Reason("error_holds_no_words_leave_section_out", column=column))
            return
        for word, value in words.items():
            if value:  # an empty one says that the word means nothing
                self._value(column, value, f"{place} {word!r}")

    def constants(self, constants: Mapping[str, str], place: str) -> None:
        for column, value in constants.items():
            if column == YEAR:
                if not (value.isdecimal() and len(value) == len("2025")):
                    self.faults.add(
                        f"{place} {column}", Reason("error_expected_2025", value=repr(value))
                    )
            elif self.is_column(column, f"{place} {column}"):
                self._value(column, value, f"{place} {column}")

    def _value(self, name: str, value: str, place: str) -> None:
        """Add a value that a column cannot hold."""
        columns = self.known[name]
        listed = tuple(dict.fromkeys(each for column in columns for each in column.values))
        if name == "equipment_type":
            if value not in self.types:
                self.faults.unknown(place, "equipment type", value, self.types.keys)
        elif name == "country":
            if resolve_country(value) is None:
                expected = Reason("error_country_code")
                self.faults.add(
                    place, Reason("error_no_country", value=repr(value), expected=expected)
                )
        elif listed:
            if value not in listed:
                self.faults.unknown(place, Reason("thing_value_of", name=name), value, listed)
        elif not any(_can_hold(column, value) for column in columns):
            self.faults.add(
                place,
                Reason("error_is_expected_311", value=repr(value), expected=columns[0].expected),
            )


def _can_hold(column: Column, value: str) -> bool:
    if column.kind is ColumnKind.NUMBER:
        try:
            number, unit = parse_quantity(value, what=column.name, expected=column.unit)
            number *= conversion_factor(unit or column.unit, column.unit)
        except DimensionError:
            return False
        low = -math.inf if column.minimum is None else column.minimum
        high = math.inf if column.maximum is None else column.maximum
        inside = low < number <= high or (number == low and not column.exclusive)
        return math.isfinite(number) and inside
    if column.kind is ColumnKind.DATE:
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            return False
        return True
    if column.kind is ColumnKind.BOOLEAN:
        return value in ("true", "false")
    return column.kind is ColumnKind.TEXT and bool(value.strip())
