"""Snapshots: a fleet that was counted several times is one choice, never a sum.

Input: the rows of a list with a column of years or periods.  Output: the year that is taken, and
which rows are of others.  The latest complete year is taken, or the one that the user names.  A
year in which things were bought is none of these: it is told from a year of count by its header, or
because the same assets, or the same lines, stand under each year.  Where they do so in part, it is
asked.

Must not drop anything: who asks sets the others aside, with their items.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.tables.headers.header_words import key_of
from reen.tables.headers.headings import Heading, Headings
from reen.tables.layouts.counts import year_of
from reen.tables.layouts.matrix_header import INVENTORY_YEAR
from reen.tables.sheet import Sheet, codes_of
from reen.tables.together.moments import BEFORE, NOW, moment_in, newest

__all__ = ["Choice", "chosen_year", "said_years", "without"]

#: Headers of the year of a count, those of a period that nothing is bought in, and those that may
#: be the year of a count or that of a purchase.
_SAID = frozenset(
    map(
        key_of,
        (
            *(INVENTORY_YEAR, "exercice d'inventaire", "année du parc", "année de recensement"),
            *("année du recensement", "millésime", "campagne", "inventory year", "survey year"),
            *("période d'inventaire", "inventory period", "date du relevé", "date de relevé"),
            *("date d'inventaire", "date de l'inventaire", "date de recensement"),
            *("date du recensement", "date de comptage", "date du comptage", "situation au"),
        ),
    )
)
_PERIOD = frozenset(
    map(key_of, ("période", "period", "mois", "month", "trimestre", "quarter", "semestre"))
)
#: Header of any day: that of a count, or of whatever happened.  The most days that are counts.
_DAY, _MOST_DAYS = "date", 24
_MAY_BE = frozenset(
    map(
        key_of,
        (
            *("année", "exercice", "year", "fy", "fiscal year", "année fiscale", "school year"),
            *("année scolaire", "exercice comptable", "exercice budgétaire", "année budgétaire"),
        ),
    )
)

#: Columns of what is one asset: under two years it was counted twice, and not bought twice.
_OF_ASSETS = ("serial_number", "asset_tag", "id")
#: Columns that say what a row counts.
_KEYS = (
    *("equipment_type", "model", "model_number", "manufacturer", "name"),
    *("status", "entity", "site", "country"),
)

#: Share of the rows of one year that stand in the next one too: of those that are the same list,
#: and of those that may be; and share of the largest year that a complete one has.
_SAME, _PARTLY, _COMPLETE = 0.8, 0.5, 0.8

#: Rows of a year that show anything, those of single assets that do, and the most rows of a list.
_LEAST, _LEAST_SINGLE, _MOST = 2, 3, 200_000


#: Share of the rows from which assets that stand under two years are asked about.
_FEW = 0.2

_MASK = npt.NDArray[np.bool_]


class _Repeated(enum.IntEnum):
    """How the lines of one year stand under another one."""

    NO = 0
    PARTLY = 1
    MOSTLY = 2
    #: Identifiers say so.
    PROVED = 3


@attrs.frozen(eq=False, repr=False)
class Choice:
    """One of several years.

    Attributes
    ----------
    heading
        The column of the year.
    year
        The year that is taken.
    years
        All of them, in order.
    others
        Shape (rows,): the rows of other years.
    sure
        Whether the header or identifiers say that it is a year of count, and the latest one is
        complete.
    taken
        Whether one year is to be counted; else all are, and it is asked whether they add up.
    """

    heading: Heading
    year: str
    years: tuple[str, ...]
    others: npt.NDArray[np.bool_]
    sure: bool
    taken: bool = True


def chosen_year(sheet: Sheet, headings: Headings, wanted: str) -> Choice | None:
    """Return which of the yearly counts of a list is taken, None when it holds no several.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    wanted
        The year that the user names; empty for the latest complete one.
    """
    every = [*headings.kept.values(), *(h for g in headings.columns.values() for h in g)]
    for heading in every:
        key = key_of(heading.text)
        if heading.preference and key in _SAID | _PERIOD | _MAY_BE | {_DAY}:
            choice = _choice(sheet, headings, heading, wanted)
            if choice is not None:
                return choice
    return None


def _latest_complete(sizes: Mapping[str, int], wanted: str) -> str:
    """Return the year that is taken, of the number of rows of each."""
    if wanted and any(year.startswith(wanted) for year in sizes):
        return newest(list(sizes), wanted)
    largest = max(sizes.values())
    return max(year for year, size in sizes.items() if size >= _COMPLETE * largest)


def _choice(sheet: Sheet, headings: Headings, heading: Heading, wanted: str) -> Choice | None:
    words = sheet.words(heading.position)
    if words.null_count or len(sheet) > _MOST:
        return None
    years = list(itertools.takewhile(bool, map(_year, words.dictionary.to_pylist())))
    found = sorted(set(years))
    if len(found) < 2 or len(years) < len(words.dictionary):  # noqa: PLR2004 - one year is no choice
        return None
    key = key_of(heading.text)
    if key == _DAY and len(found) > _MOST_DAYS:
        return None
    of_rows = np.array(years)[codes_of(words)]
    masks = [of_rows == year for year in found]
    repeated = _repeated(sheet, headings, masks)
    said = key in _SAID
    if not said and repeated is _Repeated.NO and key not in _PERIOD:
        return None
    sizes = {year: int(mask.sum()) for year, mask in zip(found, masks, strict=True)}
    year = _latest_complete(sizes, wanted)
    latest = year == found[-1] or bool(wanted and year.startswith(wanted))
    return Choice(
        heading,
        year,
        tuple(found),
        of_rows != year,
        sure=(said or repeated is _Repeated.PROVED) and latest,
        taken=said or (repeated >= _Repeated.MOSTLY and key != _DAY),
    )


def _year(text: str) -> str:
    """Return the year or period that a cell is, empty when it is another thing."""
    text = text.removesuffix(".0")
    if year := year_of(text):
        return year
    moment = moment_in(text)
    dated = (
        moment is not None and moment.sure and not moment.stem and moment.key not in (NOW, BEFORE)
    )
    return moment.key if moment is not None and dated else ""


def _repeated(sheet: Sheet, headings: Headings, years: Sequence[_MASK]) -> _Repeated:
    """Return whether the same assets, else the same lines, stand under each year and the next."""
    assets = [h.position for column in _OF_ASSETS for h in headings.columns.get(column, ())]
    assets = [position for position in assets if sheet.filled(position).any()]
    if assets:
        shares = [_share_of_assets(sheet, position, years) for position in assets]
        share = max(shares)
        if share >= _PARTLY:
            return _Repeated.PROVED
        return _Repeated.PARTLY if share >= _FEW else _Repeated.NO
    keys = _keys(sheet, headings)
    rows = [keys[mask] for mask in years]
    sets = [set(each.tolist()) for each in rows]
    share = min(_share(one, other) for one, other in itertools.pairwise(sets))
    least = min(map(len, sets))
    distinct = min(len(one) / len(each) for one, each in zip(sets, rows, strict=True))
    counted = "quantity" in headings.columns
    enough = _LEAST if counted else _LEAST_SINGLE
    if least >= enough and share >= _SAME and distinct == 1.0:
        return _Repeated.MOSTLY
    alike = least >= _LEAST and share >= _PARTLY and distinct >= _SAME
    return _Repeated.PARTLY if alike else _Repeated.NO


def _share_of_assets(sheet: Sheet, position: int, years: Sequence[_MASK]) -> float:
    """Return the share of the rows whose identifier stands under another year too.

    It is 0 where identifiers come back within one year: they are those of other things.
    """
    codes = codes_of(sheet.words(position))
    filled = [codes[mask & (codes >= 0)] for mask in years]
    sets = [np.unique(each) for each in filled]
    rows = sum(map(len, filled))
    if sum(map(len, sets)) < _SAME * rows:
        return 0.0
    of_years = np.bincount(np.concatenate(sets), minlength=1)
    return float(sum((of_years[each] > 1).sum() for each in filled)) / rows


def _share(one: set[int], other: set[int]) -> float:
    """Return the share of the smaller set that stands in the other."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def _keys(sheet: Sheet, headings: Headings) -> npt.NDArray[np.int64]:
    """Return a number for what each row counts."""
    positions = [
        heading.position for column in _KEYS for heading in headings.columns.get(column, ())
    ]
    if not positions:
        return np.zeros(len(sheet), np.int64)
    codes = np.stack([codes_of(sheet.words(position)) for position in positions], axis=1)
    _, keys = np.unique(codes, axis=0, return_inverse=True)
    return np.asarray(keys, np.int64).reshape(-1)


def without(headings: Headings, heading: Heading) -> Headings:
    """Return headings in which a column is no date of purchase."""
    columns = {
        column: tuple(each for each in group if each is not heading)
        for column, group in headings.columns.items()
    }
    kept = {name: each for name, each in headings.kept.items() if each is not heading}
    return attrs.evolve(
        headings, columns={name: group for name, group in columns.items() if group}, kept=kept
    )


def said_years(years: Sequence[str], but: str) -> str:
    """Return the years that are not taken, as a sentence names them."""
    return ", ".join(year for year in years if year != but)
