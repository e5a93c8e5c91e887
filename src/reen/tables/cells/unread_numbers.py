"""Unread numbers: columns of numbers that no header explains, each with a line of its own.

Input: rows and headings.  Output: an issue for each column of numbers that is in no canonical
column: how many numbers, and their sum.  Where nothing else says how many items a row stands for,
and the column may do so, it is a doubt: its items may be missing from every figure.  So is a column
without a header beside the quantity: that of another site, under one header for both; and one of
the screens or docks that stand beside the computers of the rows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of, scalar_of
from reen.inventory.issues import Severity
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.cells.amounts import read_amounts
from reen.tables.cells.number_marks import NumberColumn, marks_of_columns
from reen.tables.cells.quantities import may_be_quantity
from reen.tables.cells.units_in_text import read_unit
from reen.tables.findings import Findings
from reen.tables.headers.headings import Heading, Headings
from reen.tables.headers.quantity_words import (
    counts_something,
    counts_something_else,
    is_share,
    names_quantity,
    names_what_stands_beside,
)
from reen.tables.headers.settling import types_name_it
from reen.tables.sheet import Sheet, codes_of
from reen.vocabulary.statuses import resolve_status
from reen.vocabulary.text import normalise

__all__ = ["BESIDE", "tell_beside", "tell_unread_numbers"]

_NUMBER = r"^[+-]?\d[\d .,'\x{2019}]*$"
#: Share of the filled cells from which a column is one of numbers.
_MOSTLY = 0.5
#: Largest quantity of a column that nothing names.
_LARGEST = 100_000.0

#: Columns of a list of assets or of models, and rows from which types are a table of types.
_OF_ASSETS = frozenset(
    {"manufacturer", "model", "model_number", "name", "purchase_date", "price", "site", "entity"}
)
_TYPES = 2

#: Cells of shares, and of those whose header says so.
_PERCENT = r"^\d+(?:[.,]\d+)? ?%$"
_PERCENT_OR_NUMBER = r"^\d+(?:[.,]\d+)? ?%?$"
#: Headers of shares of the fleet, and how far from the whole the sum of others may be rounded.
_OF_FLEET = pattern(r"(?i)\b(parc|fleet|r[ée]partition)\b")
_NEARLY = 0.03
#: Headers of electricity, and what else is consumed.
_OF_ENERGY = pattern(r"(?i)\b([kMG]?Wh|conso|consommations?|[ée]lectricit[ée]|[ée]nergie|energy)\b")
_OF_OTHERS = pattern(r"(?i)\b(papier|encre|toner|pages?|eau|gaz|donn[ée]es|data|classe|label)\b")

#: Cells that say that there is nothing, and sizes of screens.
_NONE = frozenset({"", "non", "no", "n", "0", "neant", "aucun", "none", "faux", "false"})
_SIZE = pattern(r"(?i)\d{1,2}(?:[.,]\d)? ?(?:\"|''|''|pouces?|inch(?:es)?)?")
#: Words that a number of items begins with.
_NUMBERS = frozenset({"qte", "quantite", "nombre", "nb", "nbre", "number", "quantity", "qty"})
_QUANTITIES = (["qte"], ["quantite"], ["quantity"], ["qty"])
#: Code of the doubt about equipment in a column of other rows.
BESIDE = "equipment_beside"

_NO = scalar_of(value=False)

_FLOATS = npt.NDArray[np.float64]


def tell_unread_numbers(
    sheet: Sheet, headings: Headings, findings: Findings, *, language: str
) -> None:
    """Tell the columns of numbers that are read as no canonical column.

    Parameters
    ----------
    sheet, headings
        The rows that are equipment, and what their columns are.
    findings
        Where they are told.
    language
        ``fr`` or ``en``, for numbers that nothing else settles.
    """
    if not len(sheet):
        return
    each_is_one = _each_row_is_one(sheet, headings)
    types_alone = not each_is_one and _are_types_alone(sheet, headings)
    for heading in (*headings.kept.values(), *headings.unnamed):
        if not each_is_one and _holds_shares(sheet, heading):
            _tell_shares(sheet, heading, findings)
            continue
        values = _numbers(sheet, heading.position, language)
        if values is None:
            continue
        lines = sheet.lines[np.isfinite(values)]
        # A column without a header beside the quantity is often more of it: a second site, a total.
        beside = "quantity" in headings.columns and heading in headings.unnamed
        missing = (beside or not each_is_one) and _may_be_missing(sheet, heading, headings, values)
        missing = missing or _is_another_quantity(sheet, heading, headings, values, language)
        if not missing and _is_known(heading, headings):
            continue
        code, expected = "unread_numbers", "name_the_column"
        if missing:
            code, expected = "unread_numbers_doubt", "name_the_quantity"
        elif _is_energy(heading, headings):
            code, expected = "unread_energy", "name_the_energy"
        elif "quantity" in headings.columns and _counts_what_left(heading.text):
            code, expected = "unread_numbers_left", "row_per_status"
        elif types_alone and heading.column == "":
            code, expected = "rows_of_amounts", "expect_items_not_amounts"
        findings.rows(
            "",
            heading.text,
            Reason(code, count=len(lines), total=float(np.nansum(values))),
            lines,
            expected=Reason(expected, header=heading.text),
            severity=Severity.NOTE if code == "unread_numbers" else Severity.DOUBT,
        )


def _is_another_quantity(
    sheet: Sheet, heading: Heading, headings: Headings, values: _FLOATS, language: str
) -> bool:
    """Tell whether a column is a quantity other than the one that is read: "Qté livrée".

    Those of the same sense are compared where one of them is chosen.
    """
    header = heading.text
    if "quantity" not in headings.columns or normalise(header).split()[:1] not in _QUANTITIES:
        return False
    if names_quantity(header) or counts_something_else(header) or _counts_what_left(header):
        return False
    read = _numbers(sheet, headings.columns["quantity"][0].position, language)
    if read is None:
        return False
    both = np.isfinite(values) & np.isfinite(read)
    return bool((values[both] != read[both]).any())


def _counts_what_left(header: str) -> bool:
    """Tell whether a header is how many of the items of a row left: "Qté réformée"."""
    words = normalise(header).split()
    return set(words[:1]) <= _NUMBERS and any(
        resolve_status(word) in ("retired", "lost") for word in words[1:]
    )


def tell_beside(sheet: Sheet, headings: Headings, findings: Findings) -> None:
    """Doubt the columns that name equipment beside that of their rows: "Écran 1", "Dock".

    Sizes of screens are those of the rows; where some rows are screens, these are counted there.

    Parameters
    ----------
    sheet, headings
        The rows that are equipment, and what their columns are.
    findings
        Where they are told.
    """
    for heading in headings.kept.values():
        if not names_what_stands_beside(heading.text):
            continue
        if types_name_it(sheet, headings, heading.text):
            continue
        words = sheet.words(heading.position)
        texts = words.dictionary.to_pylist()
        filled = [normalise(text) not in _NONE for text in texts]
        counted = counts_something(heading.text)
        if not any(filled) or (not counted and all(map(_SIZE.fullmatch, texts))):
            continue
        rows = np.array([*filled, False], np.bool_)[codes_of(words)]
        findings.rows(
            "",
            heading.text,
            Reason(BESIDE),
            sheet.lines[rows],
            expected=Reason("expect_row_of_its_own"),
            severity=Severity.DOUBT,
        )


def _are_types_alone(sheet: Sheet, headings: Headings) -> bool:
    """Tell whether rows say nothing but their type, no type twice: each stands for some items."""
    columns = headings.columns
    if len(sheet) < _TYPES or "equipment_type" not in columns or set(columns) & _OF_ASSETS:
        return False
    words = sheet.words(columns["equipment_type"][0].position)
    return not words.null_count and len(words.dictionary) == len(words)


def _holds_shares(sheet: Sheet, heading: Heading) -> bool:
    """Tell whether a column is of shares of a whole, which add up to it, or says so.

    The charge of a battery is a percentage, and no share of the fleet.
    """
    words = sheet.words(heading.position)
    signs = _PERCENT if not is_share(heading.text) else _PERCENT_OR_NUMBER
    hits = pc.match_substring_regex(words.dictionary, signs)
    if not pc.any(hits).as_py():
        return False
    shares = numpy_of(pc.fill_null(hits.take(words.indices), _NO))
    filled = np.count_nonzero(sheet.filled(heading.position))
    if np.count_nonzero(shares) <= _MOSTLY * filled:
        return False
    texts = words.filter(pa.array(shares)).cast(pa.string()).to_pylist()
    whole = sum(float(text.rstrip(" %").replace(",", ".")) for text in texts)
    return _OF_FLEET.search(heading.text) is not None or any(
        abs(whole - all_of_it) <= _NEARLY * all_of_it for all_of_it in (1.0, 100.0)
    )


def _tell_shares(sheet: Sheet, heading: Heading, findings: Findings) -> None:
    """Doubt rows of which a share of the whole is known, and no number of items."""
    lines = sheet.lines[sheet.filled(heading.position)]
    findings.rows(
        "",
        heading.text,
        Reason("shares_no_items", count=len(lines)),
        lines,
        expected=Reason("expect_items_not_shares"),
        severity=Severity.DOUBT,
    )


def _is_energy(heading: Heading, headings: Headings) -> bool:
    """Tell whether a column is of the electricity of equipment, which nothing else in it says.

    What a device uses would be taken by default, beside the number that the file has.
    """
    columns = headings.columns
    if "equipment_type" not in headings.wording.schema or {"annual_energy", "power"} & set(columns):
        return False
    text = heading.text
    return _OF_ENERGY.search(text) is not None and _OF_OTHERS.search(text) is None


def _is_known(heading: Heading, headings: Headings) -> bool:
    """Tell whether the mapping of a tool says enough of a column that it does not read.

    A column by which rows are set aside is read; of the records that a tool writes with objects in
    objects, its mapping names all that is of use.
    """
    layers = headings.wording.layers
    of_tool = layers is not None and layers.choice is not None
    return heading in headings.telling.values() or (of_tool and "." in heading.text)


def _numbers(sheet: Sheet, position: int, language: str) -> _FLOATS | None:
    words = sheet.words(position)
    hits = pc.match_substring_regex(words.dictionary, _NUMBER)
    if not pc.any(hits).as_py():
        return None
    numeric = numpy_of(pc.fill_null(hits.take(words.indices), _NO))
    if np.count_nonzero(numeric) < _MOSTLY * np.count_nonzero(sheet.filled(position)):
        return None
    column = NumberColumn("quantity", position)
    marks = marks_of_columns(sheet, [column], usual="," if language == "fr" else ".")
    unheard = Findings("")  # an unknown column has no expectations
    found = read_amounts(sheet, column, unheard, marks=marks[position])
    values: _FLOATS = numpy_of(found.numbers)
    return values if np.isfinite(values).any() else None


def _each_row_is_one(sheet: Sheet, headings: Headings) -> bool:
    """Tell whether the rows have a quantity, or identifiers of one asset each."""
    if headings.wording.counted in headings.columns:
        return True
    for column in ("serial_number", "asset_tag", "id", "name"):
        for heading in headings.columns.get(column, ()):
            if np.count_nonzero(sheet.filled(heading.position)) > _MOSTLY * len(sheet):
                return True
    return False


def _may_be_missing(sheet: Sheet, heading: Heading, headings: Headings, values: _FLOATS) -> bool:
    """Tell whether a column may say how many items a row stands for."""
    filled = sheet.filled(heading.position)
    named = counts_something(heading.text)
    if 2 * np.count_nonzero(filled) < len(sheet):
        return False
    if not may_be_quantity(values, filled, named=named):
        return False
    if float(np.nanmax(values)) > _LARGEST or float(np.nanmax(values)) <= 1.0:
        return False
    if any(word.startswith("0") and len(word) > 1 for word in _texts(sheet, heading)):
        return False
    if heading in headings.unnamed or named or _names_one_place(heading.text):
        return True
    words = heading.text.replace("(", " ").replace(")", " ").split()
    in_a_unit = any(read_unit(word) for word in words if not word.isdecimal())
    return (
        not in_a_unit and not counts_something_else(heading.text) and not _is_a_code(heading.text)
    )


def _texts(sheet: Sheet, heading: Heading) -> list[str]:
    return [text for text in sheet.words(heading.position).dictionary.to_pylist() if text]


def _is_a_code(header: str) -> bool:
    """Tell whether a header is one of codes, numbers of something, or dates."""
    words = set(header.casefold().replace("_", " ").replace("'", " ").split())
    return bool(words & _CODES) or "n°" in header.casefold()


def _names_one_place(header: str) -> bool:
    """Tell whether a header is one lot or floor: below "Lot" are codes, below "Lot 3" numbers."""
    words = header.casefold().split()
    return bool(_NUMBERED & {*words}) and any(word.isdecimal() for word in words)


_NUMBERED = frozenset({"lot", "marché", "étage", "etage", "floor", "bureau", "salle", "room"})
_CODES = frozenset(
    {
        *("code", "id", "identifiant", "numéro", "numero", "num", "no", "number", "ref", "réf"),
        *("référence", "reference", "index", "compte", "account", "poste", "bureau", "étage"),
        *("etage", "floor", "room", "salle", "version", "date", "année", "year", "cp", "postal"),
        *("insee", "siret", "uai", "rne", "vlan", "port", "rang", "ordre", "âge", "age", "score"),
        *("taux", "rate", "note", "priorité", "priority", "ligne", "line", "lot", "marché"),
    }
)
