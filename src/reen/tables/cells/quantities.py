"""Quantities: how many items a row stands for, and numbers that are of all of them.

Input: the rows, and headings among which some may name a quantity.  Output: headings with one
quantity column or none; the sum in place of quantities that are written as one ("12 + 3 en stock");
numbers of a whole row ("Consommation totale (kWh)") divided by its quantity.

A column that a header of unknown words names is a quantity when it holds whole numbers.  Of
several, the one that is the sum of the others is taken; else the first, told as a doubt.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.cells.amounts import Amounts, read_amounts
from reen.tables.cells.number_marks import NumberColumn, marks_of_columns
from reen.tables.converted import Converted
from reen.tables.findings import Findings
from reen.tables.headers.headings import BY_SENSE, Heading, Headings
from reen.tables.sheet import Sheet, codes_of, recode

__all__ = ["add_up_quantities", "may_be_quantity", "settle_quantity", "share_lines"]

#: Quantities above it are money or codes.
_LARGEST = 1_000_000.0
#: Whole numbers between them are years.
_YEARS = (1980.0, 2045.0)
#: Distinct values from which a column without any repetition numbers its rows.
_MANY = 8

_FLOATS = npt.NDArray[np.float64]


def settle_quantity(
    sheet: Sheet, headings: Headings, findings: Findings, *, language: str
) -> Headings:
    """Return the headings with one quantity column, or none.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    findings
        Where several columns that may be the quantity are told.
    language
        ``fr`` or ``en``, for numbers that nothing else settles.
    """
    claims = [*headings.columns.get("quantity", ()), *headings.rivals]
    if not any(claim.preference == BY_SENSE for claim in claims):
        return headings
    usual = "," if language == "fr" else "."
    columns = [NumberColumn("quantity", claim.position) for claim in claims]
    marks = marks_of_columns(sheet, columns, usual=usual)
    unheard = Findings("")  # the chosen one is read again, and told then
    found = {}
    for claim, column in zip(claims, columns, strict=True):
        numbers = read_amounts(sheet, column, unheard, marks=marks[claim.position]).numbers
        values: _FLOATS = numpy_of(numbers)
        if claim.preference != BY_SENSE or may_be_quantity(
            values, sheet.filled(claim.position), named=True
        ):
            found[claim] = values
    chosen = _choose(sheet, found, findings)
    return headings.with_quantity(chosen, claims)


def may_be_quantity(values: _FLOATS, filled: npt.NDArray[np.bool_], *, named: bool) -> bool:
    """Tell whether numbers may be those of items: whole, and neither identifiers nor years.

    Where the header names a number of things, 2000 is no year and 1, 2, 3 number no rows.
    """
    numbers = values[np.isfinite(values)]
    if not len(numbers) or 2 * len(numbers) < np.count_nonzero(filled):
        return False
    if (numbers < 0).any() or (numbers % 1 != 0).any() or (numbers > _LARGEST).any():
        return False
    if named:
        return True
    if ((numbers >= _YEARS[0]) & (numbers <= _YEARS[1])).all():
        return False
    distinct = np.unique(numbers)
    steps = np.diff(distinct)
    numbered = len(distinct) == len(numbers) >= _MANY and bool((steps == 1).all())
    return not numbered and not (numbers == 0).all()


def _choose(sheet: Sheet, found: dict[Heading, _FLOATS], findings: Findings) -> Heading | None:
    claims = list(found)
    if len(claims) < 2:  # noqa: PLR2004 - nothing to choose
        return claims[0] if claims else None
    first = claims[0]
    values = {claim: np.nan_to_num(found[claim], nan=0.0) for claim in claims}
    different = [first]
    for claim in claims[1:]:
        if not any(np.array_equal(values[claim], values[other]) for other in different):
            different.append(claim)
    if len(different) == 1:
        return first
    for claim in different:
        others = sum((values[o] for o in different if o is not claim), np.zeros(len(sheet)))
        if len(different) > 2 and np.array_equal(values[claim], others):  # noqa: PLR2004 - a sum
            return claim
    _tell(sheet, different, found, findings)
    return first


def _tell(
    sheet: Sheet, claims: Sequence[Heading], found: dict[Heading, _FLOATS], findings: Findings
) -> None:
    first = claims[0]
    others = " / ".join(f"{claim.text} ({np.nansum(found[claim]):g})" for claim in claims[1:])
    findings.rows(
        "quantity",
        f"{first.text} ({np.nansum(found[first]):g})",
        Reason("several_quantities", others=others),
        sheet.lines[np.isfinite(found[first])],
        expected=Reason("name_the_quantity", header=first.text),
        severity=Severity.DOUBT,
    )


_SUM = pattern(r"(?P<numbers>\d{1,6}(\s*\+\s*\d{1,6})+)(?P<words>\s*[^\W\d][\w .]{0,20})?")


def add_up_quantities(sheet: Sheet, headings: Headings, findings: Findings) -> None:
    """Put the sum in place of the quantities that are written as one.

    Parameters
    ----------
    sheet, headings
        The rows, changed in place, and what their columns are.
    findings
        Where each is told.
    """
    for heading in headings.columns.get("quantity", ()):
        if not _may_add(sheet.raw(heading.position)):
            continue
        words = sheet.words(heading.position)
        texts = words.dictionary.to_pylist()
        sums = {code: found for code, text in enumerate(texts) if (found := _SUM.fullmatch(text))}
        for code, found in sums.items():
            texts[code] = str(sum(map(int, found["numbers"].split("+"))))
        for severity, bare in ((Severity.NOTE, True), (Severity.DOUBT, False)):
            told = {code: found[0] for code, found in sums.items() if bool(found["words"]) != bare}
            findings.values(
                "quantity",
                told,
                Reason("quantities_added"),
                codes_of(words),
                sheet.lines,
                expected=Reason("row_per_status"),
                severity=severity,
            )
        if sums:
            sheet.replace(heading.position, recode(words, pa.array(texts, pa.string())))


def _may_add(cells: pa.Array) -> bool:
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary
    return pa.types.is_string(cells.type) and bool(pc.any(pc.match_substring(cells, "+")).as_py())


def share_lines(headings: Headings, amounts: dict[str, Amounts], result: Converted) -> None:
    """Divide the columns of whole rows by the quantities, in `amounts`.

    Parameters
    ----------
    headings
        What the columns are.
    amounts
        What their cells hold, by canonical column.
    result
        The quantities, and where it is told.
    """
    quantity = result.columns.get("quantity")
    for column, group in headings.columns.items():
        if not headings.is_of_line(column) or column not in amounts or quantity is None:
            continue
        items = numpy_of(quantity)
        numbers = amounts[column].numbers
        with np.errstate(invalid="ignore", divide="ignore"):
            each = np.where(items > 0.0, numpy_of(numbers) / items, np.nan)
        blank = numpy_of(numbers.is_null())
        shared = pa.array(each, pa.float64(), mask=blank, from_pandas=False)
        amounts[column] = attrs.evolve(amounts[column], numbers=shared)
        result.assumptions.append(Reason("read_of_line", header=group[0].text))
