"""Snapshots: a fleet that was counted several times is one choice, never a sum.

Input: the rows of a list with a year, or the names of several tables.  Output: the year that is
taken, and which rows are of others.  The latest complete year is taken, or the one that the user
names.  A year in which things were bought is none of these.

Must not drop anything: who asks sets the others aside, with their items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.tables.header_words import key_of
from reen.tables.headings import Heading, Headings
from reen.tables.layouts.counts import year_of
from reen.tables.layouts.matrix_header import INVENTORY_YEAR
from reen.tables.sheet import Sheet, codes_of

__all__ = ["Choice", "chosen_year", "said_years", "without"]

#: Headers of the year of a count, and those that may be one.
_SAID = frozenset(
    map(
        key_of,
        (
            *(INVENTORY_YEAR, "exercice d'inventaire", "année du parc", "année de recensement"),
            *("année du recensement", "millésime", "campagne", "inventory year", "survey year"),
        ),
    )
)
_MAY_BE = frozenset(map(key_of, ("année", "exercice", "year")))

#: Columns of what is one asset, which no year counts again as another row.
_OF_ASSETS = ("serial_number", "asset_tag", "id")
#: Columns that say what a row counts.
_KEYS = ("equipment_type", "model", "manufacturer", "status", "entity", "site", "country")

#: Share of the rows of one year that stand in the other too, and of the largest year.
_SAME, _COMPLETE = 0.8, 0.8

#: Rows of a year that show anything, and the most rows that such a list has.
_LEAST, _MOST = 2, 200_000


@attrs.frozen(eq=False)
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
        Whether the header says that it is a year of count, and the latest one is complete.
    """

    heading: Heading
    year: str
    years: tuple[str, ...]
    others: npt.NDArray[np.bool_]
    sure: bool


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
        if heading.preference and (key in _SAID or key in _MAY_BE):
            choice = _choice(sheet, headings, heading, wanted)
            if choice is not None:
                return choice
    return None


def _latest_complete(sizes: Mapping[str, int], wanted: str) -> str:
    """Return the year that is taken, of the number of rows of each."""
    if wanted in sizes:
        return wanted
    largest = max(sizes.values())
    return max(year for year, size in sizes.items() if size >= _COMPLETE * largest)


def _choice(sheet: Sheet, headings: Headings, heading: Heading, wanted: str) -> Choice | None:
    words = sheet.words(heading.position)
    texts = words.dictionary.to_pylist()
    years = [year_of(text.removesuffix(".0")) for text in texts]
    found = sorted(set(years))
    if len(found) < 2 or not all(found) or words.null_count or len(sheet) > _MOST:  # noqa: PLR2004 - one year is no choice
        return None
    of_rows = np.array(years)[codes_of(words)]
    said = key_of(heading.text) in _SAID
    keys = _keys(sheet, headings)
    by_year = {year: keys[of_rows == year] for year in found}
    if not said and not _repeat(by_year, sheet, headings):
        return None
    year = _latest_complete({each: len(rows) for each, rows in by_year.items()}, wanted)
    sure = said and year in (found[-1], wanted)
    return Choice(heading, year, tuple(found), of_rows != year, sure)


def _keys(sheet: Sheet, headings: Headings) -> npt.NDArray[np.int64]:
    """Return a number for what each row counts."""
    positions = [
        heading.position for column in _KEYS for heading in headings.columns.get(column, ())
    ]
    codes = np.stack([codes_of(sheet.words(position)) for position in positions], axis=1)
    _, keys = np.unique(codes, axis=0, return_inverse=True)
    return np.asarray(keys, np.int64).reshape(-1)


def _repeat(by_year: Mapping[str, npt.NDArray[np.int64]], sheet: Sheet, headings: Headings) -> bool:
    """Tell whether each year counts the same things, once each, with a quantity and no asset."""
    if "quantity" not in headings.columns:
        return False
    assets = [h.position for column in _OF_ASSETS for h in headings.columns.get(column, ())]
    if any(sheet.filled(position).any() for position in assets):
        return False
    sets = [set(keys.tolist()) for keys in by_year.values()]
    once = all(len(one) == len(keys) for one, keys in zip(sets, by_year.values(), strict=True))
    return once and all(
        min(len(one), len(sets[-1])) >= _LEAST
        and len(one & sets[-1]) >= _SAME * min(len(one), len(sets[-1]))
        for one in sets
    )


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
