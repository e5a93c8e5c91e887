"""What is bought beside equipment: software, services, rents, consumables, and what was cancelled.

Input: rows of purchases and their headings.  Output: which rows are which, by the first words of
what was bought, or by a remark that says that the order was cancelled; and which give money back,
by their words or a negative quantity or amount.  A word that names a type of equipment is
equipment.

Must not drop anything.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from reen.tables.headers.header_words import key_of
from reen.tables.headers.headings import Headings
from reen.tables.sheet import Sheet, codes_of
from reen.vocabulary.lookup import read_table

__all__ = ["CREDIT", "no_purchases", "says_reconditioned"]

#: Rows of which the items go back to who sold them.
CREDIT = "credit note"
CANCELLED = "cancelled order"

_CANCELLED = re.compile(
    r"(?i)^\W*((commande|cde|bc|bon de commande|achat|ligne|order|line)\W+)?(annul[ée]|cancell?ed)"
)
_NEGATIVE = re.compile(r"^\W*[-\u2212]\s*\d|^\(\s*\d[\d ]*\)$")
_CREDIT = re.compile(r"(?i)^\W*(avoir|credit note)\b")
_RECONDITIONED = re.compile(r"(?i)\b(reconditionn|refurbish|seconde? main|second[ -]hand)")

#: Words of headers of what a line costs.
_AMOUNT = frozenset(map(key_of, ("montant", "total", "amount", "prix", "price", "ht", "ttc")))

_MASK = npt.NDArray[np.bool_]


@functools.cache
def _words() -> Mapping[str, tuple[str, ...]]:
    """Return, by kind of row, the words with which what is bought begins."""
    rows = read_table("bought_words.csv", "reen.tables")
    return {
        row["code"].replace("_", " "): tuple(key_of(word) for word in row["words"].split(";"))
        for row in rows
    }


def no_purchases(
    sheet: Sheet, headings: Headings, resolve: Callable[[str], str | None]
) -> Iterator[tuple[str, _MASK]]:
    """Yield the kinds of rows that are no purchase of equipment, and which rows are of each.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    resolve
        Resolves a word to an equipment type, or to None.
    """
    gone = _rows_with(sheet, _remarks(headings), lambda text: _CANCELLED.match(text) is not None)
    bought = _of(headings, "model", "equipment_type")
    credit = _rows_with(sheet, bought, bool)
    credit &= _rows_with(sheet, _of(headings, "quantity"), _is_negative)
    credit |= _rows_with(sheet, bought, lambda text: _CREDIT.match(text) is not None)
    taken = gone | credit
    others: dict[str, _MASK] = {}
    for kind, words in _words().items():

        def is_one(text: str, words: tuple[str, ...] = words) -> bool:
            key = f"{key_of(text)} "
            begins = any(key.startswith(f"{word} ") for word in words)
            return begins and resolve(text) is None

        found = _rows_with(sheet, bought, is_one) & ~taken
        taken = taken | found
        others[kind] = found
    # a discount on a service is that service
    paid_back = _rows_with(sheet, bought, bool) & _rows_with(
        sheet, _amounts(headings), _is_negative
    )
    credit |= paid_back & ~taken
    yield CANCELLED, gone
    yield CREDIT, credit & ~gone
    yield from others.items()


def says_reconditioned(sheet: Sheet, headings: Headings) -> _MASK:
    """Return which rows say in what was bought, or in a remark, that it was refurbished."""
    places = [*_of(headings, "model", "equipment_type"), *_remarks(headings)]
    return _rows_with(sheet, places, lambda text: _RECONDITIONED.search(text) is not None)


def _is_negative(text: str) -> bool:
    return _NEGATIVE.match(text) is not None


def _amounts(headings: Headings) -> list[int]:
    """Return the columns of prices, and those that nothing knows and that are called amounts."""
    kept = headings.kept.values()
    named = [each.position for each in kept if _AMOUNT & set(key_of(each.text).split())]
    return [*_of(headings, "unit_price"), *named]


def _of(headings: Headings, *columns: str) -> list[int]:
    return [each.position for name in columns for each in headings.columns.get(name, ())]


def _remarks(headings: Headings) -> list[int]:
    """Return the columns whose meaning is not known: a remark is one of them."""
    return [heading.position for heading in headings.kept.values()]


def _rows_with(sheet: Sheet, positions: list[int], is_one: Callable[[str], bool]) -> _MASK:
    """Return the rows with a cell of a kind; each distinct one is looked at once."""
    found = np.zeros(len(sheet), np.bool_)
    for position in positions:
        words = sheet.words(position)
        table = [is_one(word) for word in words.dictionary.to_pylist()]
        if any(table):
            found |= np.array([*table, False], np.bool_)[codes_of(words)]
    return found
