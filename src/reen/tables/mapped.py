"""Mapped: the wording of one table, with the mappings of its tool and of the user laid over it.

Input: the header of a table, where it stands, and what the user says.  Output: the wording by which
it is read, and which of its cells are known headers, so that the line of the header is found.

Reads no row.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

import attrs

from reen.errors import InventoryError
from reen.inventory.issues import Issue, Severity
from reen.inventory.record_schema import HEADCOUNT
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.cells.days import DayKind, as_date, read_day
from reen.tables.headers.header_words import key_of
from reen.tables.headers.reading_columns import READ_EQUIPMENT
from reen.tables.headers.understanding import recognise, tidy
from reen.tables.headers.wording import Wording
from reen.tables.importing import Imported, ReadOptions
from reen.tables.mapping.choosing import Place, keys_of
from reen.tables.mapping.layers import layers_of, sections_of
from reen.tables.mapping.mapping import FileMapping
from reen.tables.recognition.signs import names_of_kinds

__all__ = [
    "check_given",
    "check_named",
    "dated_by_name",
    "header_line_said",
    "mapped_wording",
    "recognise_mapped",
    "year_wanted",
]


#: A year in a name, and a day written whole there; what stands between its numbers is any mark.
_YEAR = pattern(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DAY = pattern(
    r"(?<!\d)(?:\d{1,2}([-._ /])\d{1,2}\1(?:19|20)\d\d"
    r"|(?:19|20)\d\d([-._ /])\d{1,2}\2\d{1,2})(?!\d)"
)


def mapped_wording(
    wording: Wording, header: Sequence[str], source: str, options: ReadOptions
) -> Wording:
    """Return the wording of a table with what the mappings say of it.

    Parameters
    ----------
    wording
        That of its kind.
    header
        The cells of its header.
    source
        Where it stands: ``parc.xlsx[Feuil1]``.
    options
        What the user says, and the mappings of tools.
    """
    wording = dated_by_name(wording, source, options)
    if options.mapping is None and not options.mappings:
        return wording
    layers = layers_of(
        header,
        source,
        mapping=options.mapping,
        tools=options.mappings,
        kind=wording.schema.name,
    )
    return wording if layers is None else attrs.evolve(wording, layers=layers)


def dated_by_name(wording: Wording, source: str, options: ReadOptions) -> Wording:
    """Return the wording of a headcount with the day or the year in its name: "Effectifs 2025".

    The name of a sheet goes before that of its file.  One that says what it is, and no year, has
    that of the user's mapping; one that says neither dates nothing.
    """
    if wording.schema is not HEADCOUNT:
        return wording
    place, said = Place.of(source), False
    for name in filter(None, (place.sheet, place.file)):
        words, years = name.rpartition("/")[2].partition(".")[0], set[str]()
        if "19" in name or "20" in name:
            words, years = _YEAR.sub(" ", words), set(_YEAR.findall(name))
        words = f" {key_of(words)} "
        if any(f" {each} " in words for each in names_of_kinds()[wording.schema.name]):
            if len(years) == 1:
                day = _day_of(name)
                last = dt.date(int(years.pop()), 12, 31)
                return attrs.evolve(wording, day=day or last, day_is_year=day is None)
            said = said or not years
    wanted = year_wanted(options)
    if not said or not wanted:
        return wording
    return attrs.evolve(wording, day=dt.date(int(wanted), 12, 31), day_is_year=True)


def _day_of(name: str) -> dt.date | None:
    """Return the one day that a name writes whole: "au 31.12.2025"; None where it may be another.

    A day of 12 or less may be a month: the name says its year, and no more.
    """
    found = {match[0] for match in _DAY.finditer(name)}
    day = read_day(re.sub(r"[ _.]", "-", found.pop())) if len(found) == 1 else None
    if day is None or day.year == 0:
        return None
    if day.kind is DayKind.DATE:
        return as_date(day.year, day.first, day.second)
    if day.kind is not DayKind.ORDERED:
        return None
    ways = {as_date(day.year, day.second, day.first), as_date(day.year, day.first, day.second)}
    ways.discard(None)
    return ways.pop() if len(ways) == 1 else None


def recognise_mapped(
    cells: Sequence[str], source: str, options: ReadOptions, wording: Wording
) -> list[str]:
    """Return the canonical columns that cells name, one entry per known cell.

    Where the signature of a tool is there, all headers that it knows count, of whatever kind its
    table is, and what it says of every row.
    """
    mapped = mapped_wording(wording, cells, source, options)
    found = recognise(cells, options.columns, mapped)
    choice = None if mapped.layers is None else mapped.layers.choice
    if choice is None or mapped.layers is None:
        return found
    rules = mapped.layers.columns
    others = [cell for cell in map(tidy, cells) if mapped.rule(cell) is None]
    laid = [rules[key].rule.column for cell in others if (key := key_of(cell)) in rules]
    return [*found, *filter(None, laid), *choice.table.constants]


def header_line_said(source: str, options: ReadOptions) -> int:
    """Return the line of the header that a mapping gives for a place; 0 when none does."""
    layers = layers_of((), source, mapping=options.mapping, tools=options.mappings)
    return 0 if layers is None else layers.header


def year_wanted(options: ReadOptions) -> str:
    """Return the year of the fleet that the user's mapping names, empty when it names none."""
    return "" if options.mapping is None else options.mapping.shared.constants.get("year", "")


def check_given(columns: Mapping[str, str], tables: Sequence[Imported]) -> None:
    """Refuse a header that the call names and none of its tables has.

    Raises
    ------
    InventoryError
        As said.
    """
    if not columns:
        return
    reports = [each.report for each in tables]
    found = dict.fromkeys(
        tidy(cell)
        for each in tables
        for cell in (*each.headers, *each.report.mapped.values(), *each.report.kept)
        if cell.strip()
    )
    known = {*map(key_of, found), *(key_of(each) for one in reports for each in one.left_out)}
    for header in columns:
        if key_of(header) not in known:
            raise InventoryError(
                Reason(
                    "error_there_no_header_which_columns_names",
                    source=", ".join(dict.fromkeys(each.source for each in reports)),
                    header=header,
                    found=", ".join(map(repr, found)),
                )
            )


def check_named(mapping: FileMapping, tables: Sequence[tuple[str, Sequence[str]]]) -> list[Issue]:
    """Refuse the headers that a user's mapping names and no table has; note what fits no table.

    Parameters
    ----------
    mapping
        The user's.
    tables
        Source and header of each table that was looked at.

    Raises
    ------
    InventoryError
        A header that no table has for which the mapping says it; of a mapping of several files,
        where none of its headers is there.
    """
    missing: dict[str, None] = {}
    is_there = False
    notes = []
    for number, section in enumerate((mapping.shared, *mapping.tables)):
        alone = FileMapping(name=mapping.name, tables=(section,))
        there = [
            keys_of(header)
            for source, header in tables
            if section in [*sections_of(alone, header, Place.of(source))][1:]
        ]
        if not there and number:
            notes.append(_fits_nothing(mapping, number))
            continue
        known = frozenset().union(*there)
        # a rule of rows may name a canonical column, whatever its header is
        telling = (rule.header for rule in section.set_aside)
        named = (*section.columns, *(each for each in telling if each not in READ_EQUIPMENT))
        absent = dict.fromkeys(header for header in named if key_of(header) not in known)
        is_there = is_there or len(absent) < len({*named})
        missing |= absent
    if missing and mapping.several_files and is_there:
        return [*notes, _stands_elsewhere(mapping, tuple(missing))]
    if missing:
        found = sorted({tidy(cell) for _, header in tables for cell in header if cell.strip()})
        names = ", ".join(map(repr, missing))
        message = Reason(
            "error_mapping_names_headers_no_table_has",
            name=mapping.name,
            names=names,
            found=", ".join(map(repr, found)),
        )
        raise InventoryError(message)
    return notes


def _stands_elsewhere(mapping: FileMapping, headers: Sequence[str]) -> Issue:
    names = ", ".join(map(repr, headers))
    rules = {
        header: rule
        for section in (*mapping.tables, mapping.shared)
        for header, rule in section.columns.items()
    }
    columns = dict.fromkeys(rules[header].column for header in headers if header in rules)
    reason = Reason("mapping_of_other_files", headers=names, columns=", ".join(columns))
    return Issue("", mapping.name, reason, severity=Severity.NOTE)


def _fits_nothing(mapping: FileMapping, number: int) -> Issue:
    return Issue(
        "",
        f"{mapping.name}, [[table]] {number}",
        Reason("mapping_fits_nothing"),
        expected=Reason("expect_mapping_fits"),
        severity=Severity.NOTE,
    )
