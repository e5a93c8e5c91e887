"""Yearly tables: "Parc 2022", "Parc au 31-12-23" and "Actuel" are one fleet, counted thrice.

Input: the tables of some files.  Output: the same tables, of which those of other moments than the
one that is taken have no rows, and a line of the account with their items.  Lists of assets that
have no identifier in common are different assets, whatever their names; so are lists of what was
bought in their year, and those of different folders.  Where nothing tells, all are counted and
doubted.

Tables of other kinds are not touched: purchases of two years are a sum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import attrs
import numpy as np
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.account import AccountLine, Fate
from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.headers.quantity_words import names_things
from reen.tables.identity.shared_assets import Sharing, sharing_of, tell_shared
from reen.tables.importing import Imported
from reen.tables.layouts.words import TITLE
from reen.tables.rows.status_of_name import status_of_name
from reen.tables.together.moments import BEFORE, NOW, Moment, moment_in, newest, without_moments

__all__ = ["choose_years", "doubted", "items_of", "put_aside"]

_BLOCK = re.compile(r"\[\d+\]$")
_SHEET = re.compile(r"(?P<file>[^\[]*)\[(?P<sheet>.*)\]")

#: Words of lists of what came in one year: they add up.
_ADD_UP = frozenset(
    {
        *("achat", "commande", "livraison", "dotation", "acquisition", "facture"),
        *("lot", "nouveau", "nouvelle", "arrivee", "entree", "purchase", "order", "new"),
    }
)

#: A table with more items than these times those of the year that is taken is doubted.
_UNLIKE = 2.0


@attrs.frozen(eq=False, repr=False)
class _Named:
    """A table, when it was counted, and what it is called without that."""

    part: Imported
    stem: tuple[str, str]
    moment: Moment

    @property
    def key(self) -> str:
        """Return what its moment is ordered by."""
        return self.moment.key


def choose_years(parts: Sequence[Imported], wanted: str = "") -> list[Imported]:
    """Return tables of which the fleet of one moment counts.

    Parameters
    ----------
    parts
        Tables of any kind.
    wanted
        The year that the user names; empty for the latest one.
    """
    lists = [part for part in parts if part.kind == "equipment" and part.table.num_rows]
    changed: dict[int, Imported] = {}
    for named in (_named, _named_by_file):
        rest = [part for part in lists if id(part) not in changed]
        for group in _groups(rest, named):
            if len({each.key for each in group}) > 1:
                changed.update(_settled(group, wanted))
    rest = [part for part in lists if id(part) not in changed]
    changed.update(_wholes_and_parts(rest, wanted))
    rest = [part for part in lists if id(part) not in changed]
    changed.update((id(part), doubted(part, issue)) for part, issue in tell_shared(rest))
    return [changed.get(id(part), part) for part in parts]


def _settled(group: Sequence[_Named], wanted: str) -> dict[int, Imported]:
    """Return the tables that change, of some that are called the same but for their moments."""
    sharing = sharing_of([each.part for each in group])
    if all(map(_was_bought_then, group)):
        return {}
    if sharing is Sharing.APART:
        old = [each for each in group if each.key == BEFORE]
        return {id(each.part): _asked(each, group, "old_list_counted") for each in old}
    sure = [each for each in group if each.moment.sure]
    if len({each.key for each in sure}) < 2:  # noqa: PLR2004 - one moment is no choice
        if sharing is Sharing.SOME:  # what they share is told with its number
            return {}
        # the first one stands for all: one question, whatever the order of the files
        first = min(group, key=lambda each: each.part.report.source)
        return {id(first.part): _asked(first, group, "tables_may_be_versions")}
    taken = newest([each.key for each in sure], wanted)
    counted = sum(items_of(each.part)[0] for each in sure if each.key == taken)
    why, line = Reason("table_of_other_year"), Reason("row_other_year")
    aside: dict[int, Imported] = {}
    for each in group:
        if not each.moment.sure:
            aside[id(each.part)] = _asked(each, group, "tables_may_be_versions")
        elif each.key != taken:
            unlike = items_of(each.part)[0] > _UNLIKE * counted
            asked = bool(wanted) and taken.startswith(wanted)
            unclear = _is_within(taken, each.key) or _was_bought_then(each)
            severity = Severity.DOUBT if (unlike or unclear) and not asked else Severity.NOTE
            aside[id(each.part)] = put_aside(each.part, line, why, severity)
    return aside


def _wholes_and_parts(parts: Sequence[Imported], wanted: str) -> dict[int, Imported]:
    """Return, in doubt, lists that are older than another one which they may be a part of.

    "Parc 2024" has the screens that "Écrans 2023" lists; lists of two places, or of two types, add
    up whatever their years, which is noted.
    """
    # what stands in stock or was scrapped is beside the fleet, whatever its year
    fleets = [part for part in parts if not _is_aside(part)]
    dated = [each for each in map(_named, fleets) if each is not None and each.moment.sure]
    found = {}
    now = [each for each in dated if each.key == NOW]
    for each in dated:
        if each.key == BEFORE and now and names_things(each.stem[1]):
            # "Anciens PC" may be in use still; "Ancienne mairie" is a place
            found[id(each.part)] = _asked(each, [each, *now], "older_list_may_be_part")
        if each.key in (NOW, BEFORE) or (wanted and each.key.startswith(wanted)):
            continue
        newer = [
            other
            for other in dated
            if other.key > each.key
            and not _is_within(other.key, each.key)
            and (other.key != NOW or not other.stem[1])
        ]
        if not newer or _was_bought_then(each):
            continue
        wholes = [other for other in newer if bool(other.stem[1]) is not bool(each.stem[1])]
        found[id(each.part)] = (
            _asked(each, [each, *wholes], "older_list_may_be_part")
            if wholes
            else _asked(each, [each, *newer], "older_list_beside", Severity.NOTE)
        )
    return found


def _is_aside(part: Imported) -> bool:
    return status_of_name(part.report.source, part.report.details.get(TITLE, "")) is not None


def _is_within(one: str, other: str) -> bool:
    """Tell whether one of two moments is a part of the other: which is later, is not known."""
    return one.startswith(other) or other.startswith(one)


def _asked(
    named: _Named, group: Sequence[_Named], code: str, severity: Severity = Severity.DOUBT
) -> Imported:
    """Return a table that is counted beside others, and may be the same fleet."""
    others = sorted(each.part.report.source for each in group if each.part is not named.part)
    issue = Issue(
        "",
        named.part.report.source,
        Reason(code, others=", ".join(others)),
        expected=Reason("expect_one_moment") if severity is Severity.DOUBT else None,
        severity=severity,
        source=named.part.report.source,
        count=named.part.table.num_rows,
    )
    return doubted(named.part, issue)


def doubted(part: Imported, issue: Issue) -> Imported:
    """Return a table with a doubt; one that it has already is told once."""
    return part if issue in part.issues else attrs.evolve(part, issues=(*part.issues, issue))


def _groups(
    parts: Sequence[Imported], named: Callable[[Imported], _Named | None]
) -> list[list[_Named]]:
    """Return the tables that are called the same but for their moments."""
    groups: dict[tuple[str, str], list[_Named]] = {}
    for each in filter(None, map(named, parts)):
        groups.setdefault(each.stem, []).append(each)
    return list(groups.values())


def _named(part: Imported) -> _Named | None:
    """Return a table with the moment of its title, of its sheet, or of its file without sheets."""
    title = part.report.details.get(TITLE, "")
    if title and (told := moment_in(title)) is not None and told.key != NOW:
        return _of_name(part, _BLOCK.sub("", part.report.source), title)
    found = _SHEET.fullmatch(part.report.source)
    if found:
        return _of_name(part, found["file"], found["sheet"])
    folder, _, name = part.report.source.rpartition("/")
    return _of_name(part, *_without_folder(folder, name.rpartition(".")[0] or name))


def _named_by_file(part: Imported) -> _Named | None:
    """Return a sheet with the moment of its file, when it is called nothing of the kind itself."""
    found = _SHEET.fullmatch(part.report.source)
    own = None if found is None else moment_in(found["sheet"])
    if found is None or own is None or own.key != NOW:
        return None
    folder, _, name = found["file"].rpartition("/")
    above, name = _without_folder(folder, name.rpartition(".")[0] or name)
    return _of_name(part, f"{above}[{found['sheet']}]", name)


def _without_folder(folder: str, name: str) -> tuple[str, str]:
    """Return a folder without its moment, and a name with it where it has none of its own."""
    above, _, last = folder.rpartition("/")
    own, of_folder = moment_in(name), moment_in(last)
    if of_folder is None or not of_folder.sure or of_folder.key in (NOW, BEFORE):
        return folder, name
    dated = own is not None and own.key == NOW
    return f"{above}/{without_moments(last)}", f"{name} {last}" if dated else name


def _of_name(part: Imported, file: str, name: str) -> _Named | None:
    moment = moment_in(name)
    if moment is None or set(moment.stem.split()) & _ADD_UP:
        return None
    return _Named(part, (file, moment.stem), moment)


def _was_bought_then(named: _Named) -> bool:
    """Tell whether all that a list has was bought in its year."""
    if "purchase_date" not in named.part.table.column_names:
        return False
    years = pc.year(pc.drop_null(named.part.table["purchase_date"])).unique().to_pylist()
    return bool(years) and {str(year) for year in years} <= named.moment.years


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
    numbers = numpy_of(table["quantity"])
    known = numbers[np.isfinite(numbers)]
    return float(known.sum()), len(numbers) - len(known)
