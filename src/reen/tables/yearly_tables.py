"""Yearly tables: "Parc 2022", "Parc 2023 (ancien)" and "Parc 2024" are one fleet, counted thrice.

Input: the tables of some files.  Output: the same tables, of which those of other years than the
one that is taken have no rows, and a line of the account with their items.  Lists of assets that
have no serial number in common are different assets, whatever their names; so are lists of what was
bought in their year, and those of different folders.

Tables of other kinds are not touched: purchases of two years are a sum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import attrs
import numpy as np
import pyarrow.compute as pc

from reen.inventory.account import AccountLine, Fate
from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.header_words import key_of
from reen.tables.importing import Imported

__all__ = ["YEAR", "choose_years", "items_of", "put_aside"]

#: A year in a name.
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_OLD = re.compile(r"(?i)\b(anciens?|ancienne|archives?|old|pr[ée]c[ée]dent)\b")
_BRACKETS = re.compile(r"\([^()]*\)")
_SHEET = re.compile(r"(?P<file>[^\[]*)\[(?P<sheet>.*)\]")

#: Words of lists of what came in one year: they add up.
_ADD_UP = frozenset(
    {
        *(
            "achat",
            "commande",
            "livraison",
            "dotation",
            "acquisition",
            "facture",
        ),
        *(
            "lot",
            "purchase",
            "order",
        ),
    }
)

#: Share of the serial numbers of a list that must stand in the other, when both have some.
_IN_COMMON = 0.1

#: A table with more items than these times those of the year that is taken is doubted.
_UNLIKE = 2.0

#: The year of a table whose name has none, beside others that are called old.
_NOW = "9999"


@attrs.frozen(eq=False)
class _Named:
    """A table, its year, and what it is called without it."""

    part: Imported
    stem: tuple[str, str]
    year: str


def choose_years(parts: Sequence[Imported], wanted: str = "") -> list[Imported]:
    """Return tables of which the fleet of one year counts.

    Parameters
    ----------
    parts
        Tables of any kind.
    wanted
        The year that the user names; empty for the latest one.
    """
    lists = [part for part in parts if part.kind == "equipment" and part.table.num_rows]
    groups = _groups(lists, _named)
    alone = [group[0].part for group in groups if len(group) == 1]
    aside: dict[int, Imported] = {}
    for group in (*groups, *_groups(alone, _named_by_file)):
        years = sorted({named.year for named in group})
        if len(years) < 2 or not _are_snapshots(group):  # noqa: PLR2004 - one year is no choice
            continue
        year = wanted if wanted in years else years[-1]
        counted = sum(items_of(each.part)[0] for each in group if each.year == year)
        for named in group:
            if named.year != year:
                why = Reason("table_of_other_year")
                unlike = items_of(named.part)[0] > _UNLIKE * counted and year != wanted
                severity = Severity.DOUBT if unlike else Severity.NOTE
                line = Reason("row_other_year")
                aside[id(named.part)] = put_aside(named.part, line, why, severity)
    return [aside.get(id(part), part) for part in parts]


def _groups(
    parts: Sequence[Imported], named: Callable[[Imported], _Named | None]
) -> list[list[_Named]]:
    """Return the tables that are called the same but for the year."""
    groups: dict[tuple[str, str], list[_Named]] = {}
    for each in filter(None, map(named, parts)):
        groups.setdefault(each.stem, []).append(each)
    return list(groups.values())


def _named(part: Imported) -> _Named | None:
    """Return a table with the year of its sheet, or of its file where that has no sheets."""
    found = _SHEET.fullmatch(part.report.source)
    if found:
        return _of_year(part, found["file"], found["sheet"])
    folder, _, name = part.report.source.rpartition("/")
    return _of_year(part, folder, name.rpartition(".")[0] or name)


def _named_by_file(part: Imported) -> _Named | None:
    """Return a sheet with the year of its file, when it is called nothing of the kind itself."""
    found = _SHEET.fullmatch(part.report.source)
    if found is None or YEAR.search(found["sheet"]) or _OLD.search(found["sheet"]):
        return None
    folder, _, name = found["file"].rpartition("/")
    return _of_year(part, f"{folder}[{found['sheet']}]", name.rpartition(".")[0] or name)


def _of_year(part: Imported, file: str, name: str) -> _Named | None:
    years = YEAR.findall(name)
    stem = key_of(YEAR.sub(" ", _OLD.sub(" ", _BRACKETS.sub(" ", name))))
    if len(years) > 1 or set(stem.split()) & _ADD_UP:
        return None
    year = years[0] if years else "" if _OLD.search(name) else _NOW
    return _Named(part, (file, stem), year)


def _are_snapshots(group: Sequence[_Named]) -> bool:
    """Tell whether the tables may be one fleet: those with serial numbers share some.

    Lists of what was bought in their own year add up.
    """
    if all(_was_bought_then(named) for named in group):
        return False
    serials = [
        set(pc.drop_null(named.part.table["serial_number"]).to_pylist())
        for named in group
        if "serial_number" in named.part.table.column_names
    ]
    serials = [each for each in serials if each]
    return all(
        len(one & other) >= _IN_COMMON * min(len(one), len(other))
        for k, one in enumerate(serials)
        for other in serials[:k]
    )


def _was_bought_then(named: _Named) -> bool:
    """Tell whether all that a list has was bought in its year."""
    if "purchase_date" not in named.part.table.column_names:
        return False
    years = pc.year(pc.drop_null(named.part.table["purchase_date"])).unique().to_pylist()
    return [str(year) for year in years] == [named.year]


def put_aside(
    part: Imported, line: Reason, why: Reason, severity: Severity = Severity.NOTE
) -> Imported:
    """Return a table without its rows, which are set aside with their items for a reason."""
    rows = part.table.num_rows
    known, unknown = items_of(part)
    aside = AccountLine(fate=Fate.SET_ASIDE, reason=line, rows=rows, items=known, unknown=unknown)
    source = part.report.source
    told = Issue("", source, why, severity=severity, source=source, count=rows)
    refused = [issue for issue in part.issues if issue.severity is Severity.REJECTED]
    return attrs.evolve(
        part,
        table=part.table.slice(0, 0),
        lines=(*part.lines, aside),
        issues=(*refused, told),
    )


def items_of(part: Imported) -> tuple[float, int]:
    """Return the items of a table, and the rows of which they are not known."""
    table = part.table
    if "quantity" not in table.column_names:
        return float(table.num_rows), 0
    numbers = table["quantity"].to_numpy()
    known = numbers[np.isfinite(numbers)]
    return float(known.sum()), len(numbers) - len(known)
