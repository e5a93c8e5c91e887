"""Totals: the rows of a sheet that add up other rows, and whether they do.

Input: the rows of a sheet and its quantities.  Output: which rows are totals or sub-totals, by
their label in any column or because they hold nothing but the sum of what stands above; a total
that differs from the computed sum is told, for rows may be missing.

Must not drop anything: `rows` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.reasons import Reason
from reen.tables.cells.amounts import read_amounts
from reen.tables.cells.number_marks import Marks, NumberColumn
from reen.tables.cells.text import is_filler
from reen.tables.findings import Findings
from reen.tables.sheet import Sheet, codes_of
from reen.tables.typed.proofs import may_hold_total, may_hold_words

__all__ = [
    "Labelled",
    "Places",
    "bare_totals",
    "check_totals",
    "figures_about_rows",
    "is_label_alone",
    "is_part_label",
    "is_total_label",
    "labelled_totals",
    "may_hold_label",
    "quantities_of",
    "settle_total",
    "sums_above",
]

#: What is in no word.  In Arrow a boundary of words knows ASCII alone: "Sumène" would be "Sum".
_OUTSIDE = "[^0-9A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f]"


def _by_words(expression: str) -> str:
    """Return an expression of which boundaries and other signs know letters with accents."""
    return expression.replace(r"\W", _OUTSIDE).replace(r"\b", f"(?:{_OUTSIDE}|$)")


_LABEL = _by_words(
    r"(?i)^\W*((s/t|s/total|grand[ -]total|total[ -]g[ée]n[ée]ral|sous[ -]?total|sous[ -]?totaux"
    r"|sub[ -]?total|totaux|totals?|parc total|t[ .]o[ .]t[ .]a[ .]l|somme|sum|cumul[ée]?s?|dont"
    r"|gesamt(summe|anzahl|zahl)?|summe"
    r"|(nombre|nb|nbre) (de |d')?(lignes|enregistrements)|number of (rows|records|lines)"
    r"|(nombre|nb|nbre|qt[ée]|quantit[ée]) totale?|total (number|quantity|count))\b"
    r"|tot\.|Σ"
    r"|ensemble(\W*$|\W+(du|des|de la)\b)|soit (un total|\d+ ([^\d]*\W)?total\b))"
)
#: What every label holds one of.
_IN_LABELS = (
    *("tota", "s/t", "somme", "sum", "cumul", "dont", "ensemble"),
    *("lignes", "enregistrements", "number of"),
    *("tot.", "t o t", "t.o.t", "gesamt", "Σ", "\u03c3", "\u03c2"),
)
#: A label and nothing that could be the name of a model: "Total", "TOTAL GÉNÉRAL :", "Total 2022".
_ALONE = _by_words(
    r"(?i)^\W*(s/t|s/total|grand[ -]total|total[ -]g[ée]n[ée]ral|sous[ -]?total|sous[ -]?totaux"
    r"|sub[ -]?total|totaux|totals?|parc total|tot\.|t[ .]o[ .]t[ .]a[ .]l|Σ|ensemble"
    r"|cumul[ée]?s?|gesamt(summe|anzahl|zahl)?|summe"
    r"|(nombre|nb|nbre) (de |d')?(lignes|enregistrements)|number of (rows|records|lines)"
    r"|(nombre|nb|nbre|qt[ée]|quantit[ée]) totale?( (de|du|des|d))?"
    r"|total (number|quantity|count)( of)?)"
    r"(\W+(g[ée]n[ée]ral|global|du parc|parc|mat[ée]riels?|[ée]quipements?"
    r"|postes|items|devices|(19|20)\d\d))*\W*\d*\W*$"
)
_PARTIAL = _by_words(r"(?i)^\W*(sous|sub|s/|dont\b)")
#: "dont portables" below "Ordinateurs": a part of what stands above, counted there.
_PART = _by_words(r"(?i)^\W*dont\b")

#: A figure about other rows and no items of its own: "Moyenne par site", "Écart", "Objectif 2026".
_ABOUT = _by_words(
    r"(?i)^\W*(moyennes?|average|mean|m[ée]dianes?|median|[ée]carts?|variations?|[ée]volutions?"
    r"|diff[ée]rences?|objectifs?|targets?|pr[ée]visions?|pr[ée]visionnel|forecast|besoins?"
    r"|ratios?|n ?- ?1|ann[ée]e pr[ée]c[ée]dente)"
    r"(\W+(par|du|de|des|sur|vs|site|service|parc|agent|an|annuelle?|g[ée]n[ée]rale?|globale?"
    r"|n|n ?- ?1|per|(19|20)\d\d))*\W*$"
)
_IN_ABOUT = (
    *("moyenne", "average", "mean", "dian", "cart", "variation", "volution", "rence"),
    *("objectif", "target", "vision", "forecast", "besoin", "ratio", "dente"),
    *("n-1", "n - 1", "n -1", "n- 1"),
)

#: Two sums of quantities that differ by less are the same, written and computed.
_SAME = 1e-6

_MASK = npt.NDArray[np.bool_]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Places:
    """Where the kinds of columns stand, for totals.

    Attributes
    ----------
    all
        Every column, in the order of the file, those without a header too.
    texts
        Those that hold no numbers.
    identifiers
        Serial numbers and asset tags.
    types, models
        Types and models.
    companies
        Manufacturers and suppliers, of which one is called Total.
    """

    all: Sequence[int]
    texts: Sequence[int]
    identifiers: Sequence[int]
    types: Sequence[int]
    models: Sequence[int]
    companies: Sequence[int] = ()


@attrs.frozen(eq=False, repr=False)
class Labelled:
    """Rows with the label of a total.

    Attributes
    ----------
    total, partial
        Totals, and those of them that are sub-totals.
    maybe
        Rows that are a total or an asset with such a name ("Total Access 924"): their quantity
        tells.
    """

    total: _MASK
    partial: _MASK
    maybe: _MASK


def is_total_label(text: str) -> bool:
    """Tell whether a cell labels a total or a sub-total."""
    return _may_be_label(text) and re.match(_LABEL, text) is not None


def is_label_alone(text: str) -> bool:
    """Tell whether a cell labels a total and could be the name of nothing else."""
    return _may_be_label(text) and re.match(_ALONE, text) is not None


def is_part_label(text: str) -> bool:
    """Tell whether a cell says that its row or column is a part of another one ("dont ...")."""
    return _may_be_label(text) and re.match(_PART, text) is not None


def _may_be_label(text: str) -> bool:
    """Tell whether the expressions are worth a look: most lists have no label of a total."""
    folded = text.casefold()
    return any(part in folded for part in _IN_LABELS)


def labelled_totals(sheet: Sheet, places: Places) -> Labelled:
    """Return the rows that have the label of a total.

    A row with a serial number or an asset tag is an asset, whatever it is called.
    """
    result = Labelled(*(np.zeros(len(sheet), np.bool_) for _ in range(3)))
    for position in places.all:
        if not _may_have_labels(sheet.raw(position)):
            continue
        words = sheet.words(position)
        labelled = pc.match_substring_regex(words.dictionary, _LABEL)
        if not pc.any(labelled).as_py():
            continue
        here = _spread(labelled, words)
        here &= ~_any_filled(sheet, places.identifiers, position)
        alone = _spread(pc.match_substring_regex(words.dictionary, _ALONE), words)
        texts = [other for other in places.texts if other < position]
        first = ~_any_filled(sheet, texts, position)
        typed = _any_filled(sheet, places.types, position)
        described = typed | _any_filled(sheet, places.models, position)
        fully = typed & _any_filled(sheet, places.models, position)
        if position in places.models:
            sure, maybe = alone & ~fully, ~alone & first & ~typed
        else:
            sure = (alone & ~fully) | (first & ~described)
            # a place called Somme comes more than once
            maybe = first & described & (alone | (~fully & _once(words)))
        if position in places.companies:
            maybe |= sure & described
            sure &= ~described
        result.total[:] |= here & sure
        result.maybe[:] |= here & maybe & ~sure
        partial = _spread(pc.match_substring_regex(words.dictionary, _PARTIAL), words)
        result.partial[:] |= here & (sure | maybe) & partial
    return result


def figures_about_rows(sheet: Sheet, places: Places, of_rows: Sequence[int]) -> _MASK:
    """Return the rows whose first words label a figure about others, such as their average.

    A model may have such a name where a type stands beside it, and so may an asset.

    Parameters
    ----------
    sheet, places
        The rows, and where the kinds of columns stand.
    of_rows
        Columns of services and sites, and the first one of words.
    """
    result = np.zeros(len(sheet), np.bool_)
    for position in (*places.types, *of_rows, *places.models, *places.identifiers):
        cells = sheet.raw(position)
        cells = cells.dictionary if pa.types.is_dictionary(cells.type) else cells
        if not pa.types.is_string(cells.type) or not may_hold_words(cells, _IN_ABOUT):
            continue
        words = sheet.words(position)
        found = _spread(pc.match_substring_regex(words.dictionary, _ABOUT), words)
        if not found.any():
            continue
        texts = [other for other in places.texts if other < position]
        named = _any_filled(sheet, places.identifiers, position) | _any_filled(sheet, texts, -1)
        if position in places.models:
            named |= _any_filled(sheet, places.types, position)
        result |= found & ~named
    return result


def may_hold_label(cells: pa.Array) -> bool:
    """Tell whether a cell of a column of text may label a total, by what every label holds."""
    return may_hold_words(cells, _IN_LABELS)


def _may_have_labels(cells: pa.Array) -> bool:
    """Tell whether the bytes of a column may hold a label (those of numbers and days do not)."""
    if pa.types.is_dictionary(cells.type):
        return may_hold_words(cells.dictionary, _IN_LABELS)
    if pa.types.is_string(cells.type):
        return may_hold_total(cells)
    return not (pa.types.is_floating(cells.type) or pa.types.is_date(cells.type))


def _once(words: pa.DictionaryArray) -> _MASK:
    """Return the rows whose word is in no other row."""
    codes = codes_of(words)
    counts = np.bincount(codes[codes >= 0], minlength=len(words.dictionary))
    return np.append(counts == 1, False)[codes]


def _any_filled(sheet: Sheet, positions: Sequence[int], but: int) -> _MASK:
    found = np.zeros(len(sheet), np.bool_)
    for position in positions:
        if position != but:
            found |= sheet.filled(position)
    return found


def settle_total(
    sheet: Sheet,
    labelled: Labelled,
    quantities: npt.NDArray[np.float64] | None,
    findings: Findings,
    *,
    unshown: frozenset[int] = frozenset(),
) -> None:
    """Decide what may be a total by its quantity; one that is no sum is equipment, in doubt.

    No cell of the columns `unshown` is told.
    """
    for row in np.flatnonzero(labelled.maybe).tolist():
        is_data = ~labelled.total & ~labelled.maybe
        if quantities is not None and _is_sum(quantities, is_data, labelled.total, row):
            labelled.total[row] = True
            continue
        labelled.partial[row] = False
        findings.rows(
            "",
            _label(sheet, row, unshown),
            Reason("maybe_total"),
            sheet.lines[row : row + 1],
            expected=Reason("model_of_asset"),
            severity=Severity.DOUBT,
        )


def _label(sheet: Sheet, row: int, unshown: frozenset[int] = frozenset()) -> str:
    shown = (position for position in sheet.positions if position not in unshown)
    texts = (sheet.words(position)[row].as_py() for position in shown)
    return next((text for text in texts if text and is_total_label(text)), "")


def _is_sum(quantities: npt.NDArray[np.float64], is_data: _MASK, total: _MASK, row: int) -> bool:
    """Tell whether the quantity of a row is the sum of several rows above it."""
    before = np.flatnonzero(total[:row])
    start = int(before[-1]) + 1 if len(before) else 0
    for first in (start, 0):
        rows = np.flatnonzero(is_data[first:row] & (quantities[first:row] > 0)) + first
        if len(rows) > 1 and abs(quantities[rows].sum() - quantities[row]) < _SAME:
            return True
    return False


def bare_totals(
    sheet: Sheet,
    texts: Sequence[int],
    numbers: Sequence[NumberColumn],
    marks: dict[int, Marks],
    total: _MASK,
    counted: str = "quantity",
) -> _MASK:
    """Return the rows of nothing but numbers that are the sums of what stands above them.

    The quantity tells when it is filled, else every other number of the row.
    """
    found = np.zeros(len(sheet), np.bool_)
    bare = ~total
    for position in texts:
        if not bare.any():
            return found
        bare &= ~sheet.filled(position)
    if not numbers or not bare.any():
        return found
    bare &= _any_filled(sheet, [number.position for number in numbers], -1)
    unheard = Findings("")  # rows that stay are read again, and told then
    values = {
        number.column: np.nan_to_num(
            numpy_of(
                read_amounts(sheet, number, unheard, marks=marks[number.position]).numbers
            ).astype(np.float64),
            nan=0.0,
        )
        for number in numbers
    }
    is_data = ~total & ~bare
    for row in np.flatnonzero(bare).tolist():
        filled = {name: cells for name, cells in values.items() if cells[row] > 0}
        if counted in filled:
            filled = {counted: filled[counted]}
        if filled and all(
            _equals_rows_above(cells, is_data, total | found, row) for cells in filled.values()
        ):
            found[row] = True
    return found


def _equals_rows_above(
    cells: npt.NDArray[np.float64], is_data: _MASK, total: _MASK, row: int
) -> bool:
    before = np.flatnonzero(total[:row])
    start = int(before[-1]) + 1 if len(before) else 0
    return any(
        abs(cells[first:row][is_data[first:row]].sum() - cells[row]) < _SAME for first in (start, 0)
    )


def _spread(of_words: pa.Array, words: pa.DictionaryArray) -> npt.NDArray[np.bool_]:
    """Return what holds of distinct words, for each row."""
    table = np.append(numpy_of(of_words), False)
    spread: npt.NDArray[np.bool_] = table[codes_of(words)].astype(np.bool_)
    return spread


def quantities_of(
    sheet: Sheet, position: int, marks: Marks | None = None
) -> npt.NDArray[np.float64]:
    """Return the quantity of each row, 0 where it is blank, no number or negative."""
    unheard = Findings("")  # the rows that stay are read again, and told then
    numbers = read_amounts(sheet, NumberColumn("quantity", position), unheard, marks=marks).numbers
    values: npt.NDArray[np.float64] = numpy_of(numbers)
    # what is refused as a quantity is in no sum either
    return np.nan_to_num(np.maximum(values, 0.0), nan=0.0)


def sums_above(
    quantities: npt.NDArray[np.float64], is_data: npt.NDArray[np.bool_], row: int
) -> float:
    """Return the sum of the quantities of the data rows above `row`."""
    return float(quantities[:row][is_data[:row]].sum())


def check_totals(
    sheet: Sheet,
    counted: NumberColumn,
    quantities: npt.NDArray[np.float64],
    *,
    totals: tuple[_MASK, _MASK],
    types: Sequence[int],
    is_data: _MASK,
    findings: Findings,
) -> None:
    """Tell the totals that are not the sum of their rows.

    A total may cover all rows of the sheet, those above it or those since the last total, as that
    of a site does; a sub-total those since the last total or sub-total; one with a type the rows of
    this type alone.  One that is the sum of any of these is right.
    """
    total, _ = totals
    words = sheet.words(counted.position)
    everything = float(quantities[is_data].sum())
    previous = of_site = 0
    for row in np.flatnonzero(total):
        if is_part_label(_label(sheet, int(row))):
            continue
        written = words[int(row)].as_py()
        of_type = float(quantities[is_data & _of_the_type(sheet, types, int(row))].sum())
        part = float(quantities[previous:row][is_data[previous:row]].sum())
        above = sums_above(quantities, is_data, int(row))
        site = float(quantities[of_site:row][is_data[of_site:row]].sum())
        previous = int(row)
        of_site = of_site if totals[1][row] else previous
        if (
            written is None
            or is_filler(written)
            or any(
                abs(quantities[row] - value) < _SAME
                for value in (part, site, above, everything, of_type)
            )
        ):
            continue
        computed = of_type or (part if totals[1][row] else above)
        findings.rows(
            counted.column,
            written,
            Reason("wrong_total", computed=computed),
            sheet.lines[row : row + 1],
            expected=Reason("same_total"),
            severity=Severity.DOUBT,
        )


def _of_the_type(sheet: Sheet, types: Sequence[int], row: int) -> _MASK:
    """Return the other rows that have the types of a row; none when it names no type."""
    found = np.zeros(len(sheet), np.bool_)
    for k, position in enumerate(types):
        codes = codes_of(sheet.words(position))
        if codes[row] < 0 or is_total_label(sheet.words(position)[row].as_py()):
            return np.zeros(len(sheet), np.bool_)
        found = (found | (k == 0)) & (codes == codes[row])
    return found
