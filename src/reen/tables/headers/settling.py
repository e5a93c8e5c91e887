"""Settling: headers with several possible meanings, decided by their cells.

Input: rows, and headings.  Output: headings of which one column at most is the quantity, and a
column of energy whose cells are all in watts is one of power; of several columns of types, the one
whose words are types goes first, and "Désignation" is one where its words are.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.tables.cells.quantities import settle_quantity
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of
from reen.tables.headers.headings import BY_SENSE, Headings
from reen.tables.headers.quantity_words import names_what_stands_beside
from reen.tables.sheet import Sheet, codes_of

__all__ = ["settle", "types_name_it"]

_IN_WATTS = r"(?i)^\d[\d .,]*(k?w|watts?|kilowatts?)\.?$"


def settle(
    sheet: Sheet,
    headings: Headings,
    findings: Findings,
    *,
    language: str,
    names_a_type: Callable[[str], bool],
    speaks_of_a_type: Callable[[str], bool] = lambda _: False,
) -> Headings:
    """Return the headings as the cells show them.

    Parameters
    ----------
    sheet, headings
        The rows, and what their headers say.
    findings
        Where several columns that may be the quantity are told.
    language
        ``fr`` or ``en``, for numbers that nothing else settles.
    names_a_type
        Tells whether a word is a type of equipment.
    speaks_of_a_type
        Tells whether a text names one among other words.
    """
    headings = _of_labels(
        sheet, headings, lambda text: names_a_type(text) or speaks_of_a_type(text)
    )
    headings = _by_words_of_types(sheet, headings, names_a_type)
    headings = _without_others(sheet, headings)
    headings = settle_quantity(sheet, headings, findings, language=language)
    if "power" in headings.columns or not _is_in_watts(sheet, headings):
        return headings
    return headings.moved("annual_energy", "power")


def _of_labels(sheet: Sheet, headings: Headings, names_a_type: Callable[[str], bool]) -> Headings:
    """Return headings of which "Désignation" is the column of types, where its words are types.

    Elsewhere it describes a model that another column names.
    """
    group = headings.columns.get("description", ())
    if "equipment_type" in headings.columns or not group or group[0].said:
        return headings
    (label, *_) = group
    word = headings.wording.headers.get(key_of(label.text))
    if word is None or word.column != "model":
        return headings
    filled = int(np.count_nonzero(sheet.filled(label.position)))
    if 2 * _rows_of_types(sheet, label.position, names_a_type) < max(filled, 1):
        return headings
    return headings.moved("description", "equipment_type")


def _without_others(sheet: Sheet, headings: Headings) -> Headings:
    """Return headings without quantities of what stands beside the rows: "Nb écrans" of a PC."""
    claims = [*headings.columns.get("quantity", ()), *headings.rivals]
    others = [
        each
        for each in claims
        if each.preference == BY_SENSE
        and names_what_stands_beside(each.text)
        and not types_name_it(sheet, headings, each.text)
    ]
    if not others or "equipment_type" not in headings.columns:
        return headings
    rest = [each for each in claims if each not in others]
    found = headings.with_quantity(next(iter(rest), None), claims)
    return attrs.evolve(found, rivals=tuple(each for each in headings.rivals if each in rest))


def types_name_it(sheet: Sheet, headings: Headings, header: str) -> bool:
    """Tell whether a type of the rows is one that a header names: "Écran 24" and "Nb écrans"."""
    named = set(key_of(header).split())
    return any(
        named & set(key_of(word).split())
        for heading in headings.columns.get("equipment_type", ())
        for word in sheet.words(heading.position).dictionary.to_pylist()
    )


def _by_words_of_types(
    sheet: Sheet, headings: Headings, names_a_type: Callable[[str], bool]
) -> Headings:
    """Return headings of which the column of types is the one with most words of types.

    Under "Type" and "Catégorie", either may be the family of the other.
    """
    group = headings.columns.get("equipment_type", ())
    if len(group) < 2 or any(each.said for each in group):  # noqa: PLR2004 - nothing to choose
        return headings
    rows = {each: _rows_of_types(sheet, each.position, names_a_type) for each in group}
    ordered = tuple(sorted(group, key=lambda each: -rows[each]))
    return attrs.evolve(headings, columns={**headings.columns, "equipment_type": ordered})


def _rows_of_types(sheet: Sheet, position: int, names_a_type: Callable[[str], bool]) -> int:
    words = sheet.words(position)
    known = np.array([*map(names_a_type, words.dictionary.to_pylist()), False], np.bool_)
    return int(np.count_nonzero(known[codes_of(words)]))


def _is_in_watts(sheet: Sheet, headings: Headings) -> bool:
    group = headings.columns.get("annual_energy", ())
    if not group or group[0].unit or group[0].said:
        return False
    if pa.types.is_floating(sheet.raw(group[0].position).type):
        return False  # numbers and nothing else
    texts = sheet.words(group[0].position).dictionary
    return len(texts) > 0 and bool(pc.all(pc.match_substring_regex(texts, _IN_WATTS)).as_py())
