"""Mending: words that lost letters, and the issues of a text that was repaired.

Input: the sheet of a file, what its columns are, and the repairs of its text.  Output: words of
closed vocabularies (types, statuses, countries, lists) with their letters again where one meaning
alone fits, and one issue for each kind of repair and column.

Decides nothing about encodings; reads no file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pyarrow.compute as pc

from reen.inventory.issues import Severity
from reen.inventory.schema import EQUIPMENT, ColumnKind, TableSchema
from reen.reasons import Reason
from reen.tables.cells.lost_letters import LOST, KnownWords, has_lost_letters, mend_beginning
from reen.tables.delimited.dialect import Dialect, cell_at_end
from reen.tables.delimited.textfile import Place, Repair, Text
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of, spelt_values, value_words
from reen.tables.headers.headings import Headings
from reen.tables.headers.understanding import recognise
from reen.tables.headers.wording import EQUIPMENT_WORDING, Wording
from reen.tables.importing import ReadOptions
from reen.tables.sheet import Sheet, codes_of, recode_words
from reen.vocabulary.countries import country_words, resolve_country
from reen.vocabulary.equipment_types import EquipmentTypes
from reen.vocabulary.statuses import resolve_status, status_words

__all__ = ["knows", "matters", "may_have_lost_letters", "mend_words", "tell_repairs"]

#: Mended words that are told one by one.
_TOLD = 20

#: Text columns that figures depend on.
_MATTERS = frozenset(
    {"equipment_type", "model", "manufacturer", "serial_number", "asset_tag", "id", "status"}
    | {"country", "quantity"}
)


def knows(options: ReadOptions, *wordings: Wording) -> Callable[[str], bool]:
    """Return a function that tells whether a cell is a known header, type, status or country.

    Headers are those of equipment where no other kinds are named.
    """
    resolve = options.equipment_types.resolve

    def known(cell: str) -> bool:
        return bool(
            resolve(cell)
            or resolve_status(cell)
            or resolve_country(cell)
            or any(
                recognise([cell], options.columns, wording)
                for wording in wordings or (EQUIPMENT_WORDING,)
            )
        )

    return known


def may_have_lost_letters(text: Text) -> bool:
    """Tell whether a text has marks of lost letters (cheap: most have none, and need no look)."""
    mark = LOST.encode()
    marks = [each for each in (b"?", mark) if each[0] not in text.absent]
    return any(each[:1] in text.data and each in text.data for each in marks)


def mend_words(sheet: Sheet, headings: Headings, types: EquipmentTypes, findings: Findings) -> None:
    """Give words of closed vocabularies their lost letters again, and tell it.

    Parameters
    ----------
    sheet, headings
        The rows, whose words change in place, and what their columns are.
    types
        Taxonomy.
    findings
        Where it is told, and the letters that stay lost too.
    """
    unshown = headings.unshown
    names = {heading.position: name for name, heading in headings.kept.items()}
    for column, group in headings.columns.items():
        for heading in group:
            names[heading.position] = column
            vocabulary = _vocabulary(column, types)
            if vocabulary is not None:
                _mend_column(sheet, heading.position, column, vocabulary, findings)
    for position in headings.read:
        if position not in unshown:
            _tell_lost(sheet, position, names.get(position, ""), findings)


_Vocabulary = tuple[Callable[[str], object], Callable[[], KnownWords]]


def _vocabulary(column: str, types: EquipmentTypes) -> _Vocabulary | None:
    """Return what resolves the words of a column, and these words; None for free text."""
    if column == "equipment_type":
        return (
            lambda word: types.resolve(word) or types.candidates(word),
            lambda: KnownWords.of(_type_words(types)),
        )
    if column == "status":
        return resolve_status, lambda: KnownWords.of(status_words())
    if column == "country":
        return resolve_country, lambda: KnownWords.of(
            (name, code) for code, words in country_words() for name in words
        )
    meanings = value_words().get(column)
    if meanings is None:
        return None
    return lambda word: meanings.get(key_of(word)), lambda: KnownWords.of(spelt_values(column))


def _type_words(types: EquipmentTypes) -> Iterable[tuple[str, str]]:
    for each in types:
        for word in (each.key, each.title_en, each.title_fr, *each.synonyms):
            yield word, each.key
    for entry in types.ambiguous:
        yield entry.word, f"ambiguous {entry.word}"


def _mend_column(
    sheet: Sheet, position: int, column: str, vocabulary: _Vocabulary, findings: Findings
) -> None:
    resolve, known_words = vocabulary
    words = sheet.words(position)
    marked = pc.match_substring_regex(words.dictionary, r"[\x{FFFD}?]")
    damaged = {
        code: word
        for code in pc.indices_nonzero(marked).to_pylist()
        if has_lost_letters(word := words.dictionary[code].as_py()) and not resolve(word)
    }
    if not damaged:
        return
    known = known_words()
    mended = {code: mend_beginning(word, known) for code, word in damaged.items()}
    found = {code: word for code, word in mended.items() if word is not None and resolve(word)}
    codes = codes_of(words)
    for code in list(found)[:_TOLD]:
        reason = Reason("lost_letters_found", word=found[code])
        findings.rows(column, damaged[code], reason, sheet.lines[codes == code])
    others = list(found)[_TOLD:]
    if others:
        where = sheet.lines[np.isin(codes, others)]
        findings.rows(column, damaged[others[0]], Reason("lost_letters_of_others"), where)
    if found:
        spelt = {damaged[code]: word for code, word in found.items()}
        sheet.replace(position, recode_words(words, lambda word: spelt.get(word, word)))


def _tell_lost(sheet: Sheet, position: int, column: str, findings: Findings) -> None:
    """Tell which cells of a column have letters that stay lost."""
    words = sheet.words(position)
    lost = pc.indices_nonzero(pc.match_substring(words.dictionary, LOST)).to_pylist()
    if lost:
        where = np.isin(codes_of(words), lost)
        example = words.dictionary[lost[0]].as_py()
        findings.rows(column, example, Reason("letters_lost"), sheet.lines[where])


def tell_repairs(
    text: Text,
    dialect: Dialect,
    headings: Headings,
    known: Callable[[str], bool],
    findings: Findings,
) -> None:
    """Tell what was repaired in a text, once for each kind and column.

    A guessed letter of a cell that figures depend on, and that is no known word, is a doubt.
    """
    for repair in text.repairs:
        told = _tell_places(repair, dialect, headings, known, findings)
        rest = np.array([line for line in repair.lines if line not in told], np.int64)
        findings.rows("", text.encoding.partition(",")[0], repair.reason, rest)


def _tell_places(
    repair: Repair,
    dialect: Dialect,
    headings: Headings,
    known: Callable[[str], bool],
    findings: Findings,
) -> set[int]:
    """Tell the places whose column is known; return their lines."""
    names = {heading.position: name for name, heading in headings.kept.items()}
    for column, group in headings.columns.items():
        names |= {heading.position: column for heading in group}
    groups: dict[tuple[str, Severity], list[tuple[int, str]]] = {}
    for place in repair.places:
        position, cell = _cell_of(place, dialect.delimiter)
        if position not in names:
            continue
        column = names[position]
        at_stake = place.line != dialect.header_line and matters(column, headings.wording.schema)
        doubt = repair.guessed and at_stake
        severity = Severity.DOUBT if doubt and not known(cell) else Severity.NOTE
        groups.setdefault((column, severity), []).append((place.line, cell))
    for (column, severity), cells in groups.items():
        lines = np.array(list(dict.fromkeys(line for line, _ in cells)), np.int64)
        findings.rows(column, cells[0][1], repair.reason, lines, severity=severity)
    return {line for cells in groups.values() for line, _ in cells}


def matters(column: str, schema: TableSchema = EQUIPMENT) -> bool:
    """Tell whether figures depend on a column."""
    return column in _MATTERS or (column in schema and schema[column].kind is not ColumnKind.TEXT)


def _cell_of(place: Place, delimiter: str) -> tuple[int, str]:
    """Return the position and text of the cell in which something was repaired, -1 for unknown."""
    if place.before is None:
        return -1, ""
    position, begun = cell_at_end(place.before, delimiter)
    ended = min(
        (end for mark in (delimiter, "\n", '"') if (end := place.after.find(mark)) >= 0),
        default=len(place.after),
    )
    return position, (begun + place.after[:ended]).strip(' "\r')
