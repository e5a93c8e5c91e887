"""Text cells: fillers, yes and no, and the words of closed lists.

Input: dictionary-encoded cells.  Output: the same cells with fillers ("To be filled by O.E.M.",
"N/A", a serial number of zeros) as nulls, booleans, and the values of the closed lists.  All is
decided on distinct values.

Identifiers stay text, leading zeros included; nothing is resolved that reen resolves itself (types,
statuses, countries).
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import arrow_of, scalar_of, texts_of
from reen.inventory.bounds import bounds_of
from reen.inventory.issues import Severity
from reen.inventory.schema import EQUIPMENT, Column, TableSchema
from reen.reasons import Reason
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of, value_words
from reen.tables.sheet import Sheet, codes_of, recode, recode_words
from reen.tables.typed.proofs import first_is_fourth, holds_byte

__all__ = [
    "IDENTIFIERS",
    "PLACEHOLDERS",
    "UNKNOWN",
    "is_filler",
    "read_booleans",
    "read_text_column",
]

#: Columns that identify one asset.
IDENTIFIERS = ("serial_number", "asset_tag", "id")

#: What tools and people write for "nothing", lower case.
PLACEHOLDERS = frozenset(
    {
        *("to be filled by o.e.m.", "to be filled by oem", "default string"),
        *("system serial number", "system product name", "system manufacturer"),
        *("not specified", "not available", "none", "null", "nil", "n/a", "na", "?", "??"),
        *("-", "--", "---", "\u2013", "\u2014", "néant", "aucun", "aucune"),
    }
)
#: What means "nothing" except in a list that has the word.
UNKNOWN = frozenset({"unknown", "inconnu", "non renseigné"})
#: What means "nothing" in text, and a fault where a number is expected.
_NO_TEXT = frozenset(
    {
        "n.c.",
        "nc",
        "n.r.",
        "#formula!",
        "#n/a",
        "#ref!",
        "#value!",
        "#valeur!",
        "#name?",
        "#nom?",
        "#div/0!",
    }
)
_WITHOUT_MEANING = PLACEHOLDERS | _NO_TEXT
_UNKNOWN_TOO = _WITHOUT_MEANING | UNKNOWN
#: Closed lists whose values people write with a name beside them.
_SPOKEN = frozenset({"destination"})
_NO_IDENTIFIER = frozenset({"0", "0123456789", "123456789", "1234567890", "012345678", "12345678"})

#: A number that a spreadsheet has rounded: its last digits are lost.
_ROUNDED = r"^\d[.,]\d+[eE]\+\d+$"


def is_filler(word: str) -> bool:
    """Tell whether a cell means nothing, whatever is expected there."""
    return word.lower() in PLACEHOLDERS | UNKNOWN | _NO_TEXT


def read_text_column(
    sheet: Sheet,
    position: int,
    column: str,
    findings: Findings,
    *,
    schema: TableSchema = EQUIPMENT,
) -> pa.Array:
    """Return a text column, fillers as nulls and words of closed lists as their values."""
    cells = sheet.plain_cells(position)
    if cells is not None and schema[column].identifier and _says_nothing_odd(cells, schema[column]):
        return cells
    words = sheet.words(position)
    distinct = words.dictionary
    filler = _fillers(distinct, schema[column])
    if column in IDENTIFIERS:
        filler = _tell_identifiers(sheet, position, column, filler, findings)
    if pc.any(filler).as_py():
        words = recode(words, pc.if_else(filler, pa.scalar(None, pa.string()), distinct))
    meanings = value_words().get(column)
    if meanings is None:
        return words
    told = _told_by_a_word(words, meanings) if column in _SPOKEN else {}
    for word, value in told.items():
        where = sheet.lines[sheet.rows_with(position, word)]
        findings.rows(column, word, Reason("value_of_one_word", value=value), where)
    return recode_words(words, lambda word: meanings.get(key_of(word)) or told.get(word, word))


def _told_by_a_word(words: pa.DictionaryArray, meanings: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each cell that names one among other words: "Don Emmaüs" is a gift."""
    found = {}
    for word in words.dictionary.to_pylist():
        parts = key_of(word).split() if word else []
        runs = (
            " ".join(parts[first:last])
            for first, last in itertools.combinations(range(len(parts) + 1), 2)
        )
        values = {meanings[run] for run in runs if run in meanings}
        if len(parts) > 1 and key_of(word) not in meanings and len(values) == 1:
            found[word] = values.pop()
    return found


def _says_nothing_odd(cells: pa.Array, column: Column) -> bool:
    """Tell whether no cell means nothing, or only looks like an identifier."""
    known = _filler_words(column)
    if column.name not in IDENTIFIERS:
        return not _any_of(cells, known)
    if _any_of(cells, known | _NO_IDENTIFIER) or (holds_byte(cells, "+") and _any_rounded(cells)):
        return False
    may_run = cells.filter(arrow_of(first_is_fourth(cells)))
    repeated = pc.binary_repeat(pc.utf8_slice_codeunits(may_run, 0, 1), pc.utf8_length(may_run))
    return not pc.any(pc.equal(repeated, may_run)).as_py()


def _any_of(cells: pa.Array, words: frozenset[str]) -> bool:
    """Tell whether a cell of plain text is one of some words, whatever its case."""
    bounds = bounds_of(cells)
    if bounds is not None and bounds.is_ascii:
        words = frozenset(word for word in words if word.isascii() and bounds.may_be(word))
        if not words:
            return False
    found = pc.is_in(pc.ascii_lower(cells), value_set=_array_of(words))
    return bool(pc.any(found).as_py())


def _any_rounded(cells: pa.Array) -> bool:
    return bool(pc.any(pc.match_substring_regex(cells, _ROUNDED)).as_py())


def _fillers(distinct: pa.Array, column: Column) -> pa.Array:
    """Return which distinct values mean nothing."""
    return pc.is_in(pc.ascii_lower(distinct), value_set=_array_of(_filler_words(column)))


@functools.lru_cache(maxsize=256)
def _array_of(words: frozenset[str]) -> pa.Array:
    """Return the words of a vocabulary, of which there are few, for Arrow.

    Each in the two ways that it may have once its ASCII letters are in lower case (NÉANT): Arrow
    takes milliseconds to learn the case of all others.
    """
    raised = ("".join(c if c.isascii() else c.upper() for c in word) for word in words)
    return texts_of(sorted(words.union(raised)))


def _filler_words(column: Column) -> frozenset[str]:
    if column.name == "equipment_type" or "unknown" in column.values:
        return _WITHOUT_MEANING
    return _UNKNOWN_TOO


def _tell_identifiers(
    sheet: Sheet, position: int, column: str, filler: pa.Array, findings: Findings
) -> pa.Array:
    """Return which identifiers mean nothing, and note those that only look like one."""
    words = sheet.words(position)
    distinct = words.dictionary
    first = pc.utf8_slice_codeunits(distinct, 0, 1)
    length = pc.utf8_length(distinct)
    # An id of one character is an id; "00000000" or "XXXX" is none.
    run = pc.and_(
        pc.greater(length, scalar_of(np.int32(3))),
        pc.equal(pc.binary_repeat(first, length), distinct),
    )
    run = _unexplained(run, words)
    listed = pc.is_in(distinct, value_set=_array_of(_NO_IDENTIFIER))
    if column == "id":
        listed = pc.and_(listed, scalar_of(value=False))  # an id of 0 or 123456789 is one
    filler = pc.or_(filler, pc.or_(run, listed))
    rounded = pc.match_substring_regex(distinct, _ROUNDED)
    for which, reason, expected in (
        (pc.and_not(filler, rounded), Reason("no_identifier"), None),
        (rounded, Reason("rounded_identifier"), Reason("text_not_number")),
    ):
        if pc.any(which).as_py():
            places = pc.indices_nonzero(which).to_pylist()
            bad = {place: distinct[place].as_py() for place in places}
            findings.values(
                column,
                bad,
                reason,
                codes_of(words),
                sheet.lines,
                expected=expected,
                severity=Severity.NOTE,
            )
    return pc.or_(filler, rounded)


def _unexplained(run: pa.Array, words: pa.DictionaryArray) -> pa.Array:
    """Return the runs of one character that the rest of the column does not explain.

    1111 between 1110 and 1112 is a number like the others; so is 2222, once, among numbers of four
    digits.  Zeros need a neighbour.
    """
    places = pc.indices_nonzero(run).to_pylist()
    if not places:
        return run
    distinct = words.dictionary
    texts = distinct.to_pylist()
    numbers = {text for text in texts if text.isdigit()}
    lengths = Counter(len(text) for text in numbers)
    count = np.bincount(codes_of(words)[codes_of(words) >= 0], minlength=len(texts))
    explained = np.zeros(len(texts), np.bool_)
    for place in places:
        text = texts[place]
        if text not in numbers or count[place] > 1:
            continue
        beside = {str(int(text) + step).zfill(len(text)) for step in (-1, 1)}
        alike = lengths[len(text)] > 1 and text.strip("0") != ""
        explained[place] = bool(beside & numbers) or alike
    return pc.and_not(run, pa.array(explained))


def read_booleans(
    sheet: Sheet,
    position: int,
    column: str,
    findings: Findings,
    *,
    schema: TableSchema = EQUIPMENT,
) -> pa.Array:
    """Return a yes-or-no column; null where blank or not understood."""
    words = sheet.words(position)
    meanings = value_words()[column]
    texts = words.dictionary.to_pylist()
    found = [meanings.get(key_of(text)) for text in texts]
    bad = {
        place: text
        for place, text in enumerate(texts)
        if found[place] is None and text.casefold() not in PLACEHOLDERS | UNKNOWN
    }
    findings.values(
        column,
        bad,
        Reason("neither_yes_nor_no"),
        codes_of(words),
        sheet.lines,
        expected=schema[column].expected,
    )
    answers = [None if value is None else value == "true" for value in found]
    return pa.array(answers, pa.bool_()).take(words.indices)
