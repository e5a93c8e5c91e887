"""Personal data by content: cells that name persons or their devices, whatever the header.

Input: the distinct values of a column.  Output: whether most of them are addresses, telephone
numbers, logins or names of persons; for the columns of an inventory, a note with how many rows name
one.  Headers that say so are in `data/headers.csv`.

Keeps nothing and shows nothing of what it looks at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.bounds import content_of
from reen.inventory.issues import Severity
from reen.inventory.schema import ColumnKind
from reen.reasons import Reason
from reen.tables.findings import Findings
from reen.tables.headers.headings import Heading, Headings
from reen.tables.headers.reading_columns import (
    EVIDENCE,
    NAMES_PERSONS,
    OF_NUMBERS,
    PERSONAL_IDENTIFIERS,
)
from reen.tables.privacy.keeping_columns import refuse_group_of_persons
from reen.tables.privacy.names_in_places import services_of_places
from reen.tables.privacy.names_in_text import (
    MARK,
    PLACES,
    name_nobody,
    without_holders,
    without_names,
)
from reen.tables.privacy.person_names import holds_a_name, names_persons_too, services_of
from reen.tables.sheet import Sheet, codes_of, recode_words
from reen.vocabulary.text import normalise

__all__ = ["leave_out_persons", "names_persons", "tell_persons"]

#: Distinct values looked at.
_LOOKED_AT = 1000
#: Share of them that make the column personal.
_SHARE = 0.5

_ADDRESS = r"[^@\s]+@[^@\s]+\.[A-Za-z]{{2,}}"
_TELEPHONE = r"(?:\+33|0033|0)[ .]?[1-9](?:[ .]?\d{{2}}){{4}}"  # in France
#: {U}, {l} and {L} stand for capital letters, small ones and both.
_WHOLE = (
    rf"^(?:{_ADDRESS}"
    r"|(?:[0-9A-Fa-f]{{2}}[:-]){{5}}[0-9A-Fa-f]{{2}}.*"  # MAC address
    r"|(?:\d{{1,3}}\.){{3}}\d{{1,3}}"  # IP address
    rf"|{_TELEPHONE}"
    r"|\+\d{{10,14}}"  # telephone elsewhere
    r"|[A-Za-z][\w.-]*\\[\w.-]+"  # login with its domain
    r"|[a-z][a-z-]+\.[a-z][a-z-]+"  # login of first and last name
    r"|[{U}][{l}]+(?:[ -][{U}][{l}]+)? [{U}][{U}\x27-]+(?: [{U}][{U}\x27-]+)*"
    r"|[{U}][{U}\x27-]+(?: [{U}][{U}\x27-]+)* [{U}][{l}]+(?:[ -][{U}][{l}]+)?)$"
)
#: What names a person inside a longer text.
_INSIDE = (
    rf"{_ADDRESS}|(?:^|[^\d])(?:{_TELEPHONE})(?:[^\d]|$)"
    r"|\b(?:M\.|Mr|Mme|Mlle|Monsieur|Madame|Mademoiselle) ?[{U}][{L}]"
)
#: What an address and each title hold one of, and the digits of a telephone number.
_MARKS_INSIDE = (b"@", b"M.", b"Mr", b"Mme", b"Mlle", b"Monsieur", b"Madame", b"Mademoiselle")
_DIGITS_INSIDE = re.compile(rb"[1-9](?:[ .]?\d\d){4}")
#: Letters of the languages of Western Europe, and all of them: a pattern of these takes
#: milliseconds to be made, each time that it is used.
_OF_THE_WEST = {
    "U": "A-ZÀ-ÖØ-ÞŒŸ",
    "l": "a-zµß-öø-ÿœ",
    "L": "A-Za-zªµºÀ-ÖØ-öø-ÿŒœŸ",
}
_OF_ALL = {"U": r"\p{Lu}", "l": r"\p{Ll}", "L": r"\p{L}"}
#: Neither of these languages, nor punctuation or a currency.
_BEYOND_THE_WEST = r"[^\x{00}-\x{FF}ŒœŸ\x{2000}-\x{206F}\x{20A0}-\x{20CF}]"

#: Columns whose cells are persons where they look like one.
_OF_USERS = ("user", "email")

#: Columns of free text in which no service is looked for: numbers and names of products.
_OF_PRODUCTS = (
    OF_NUMBERS
    | {"cpu_model", "gpu_model", "datacenter_id", "cluster"}
    | {column.name for column in EVIDENCE}
)


def names_persons(distinct: pa.Array) -> bool:
    """Tell whether most of the distinct values of a column name persons or their devices."""
    head = distinct.slice(0, _LOOKED_AT)
    if not len(head):
        return False
    hits = pc.sum(_matching(head, _WHOLE)).as_py() or 0
    return bool(hits >= _SHARE * len(head))


def _matching(cells: pa.Array, pattern: str) -> pa.Array:
    """Return which cells match a pattern of letters."""
    beyond = pc.any(pc.match_substring_regex(cells, _BEYOND_THE_WEST)).as_py()
    letters = _OF_ALL if beyond else _OF_THE_WEST
    return pc.match_substring_regex(cells, pattern.format(**letters))


def _may_name_inside(cells: pa.Array) -> bool:
    """Tell whether a cell may have what `_INSIDE` says, by what stands between all of them."""
    content = bytes(content_of(cells))
    if any(mark in content for mark in _MARKS_INSIDE):
        return True
    return _DIGITS_INSIDE.search(content) is not None


def leave_out_persons(
    sheet: Sheet, headings: Headings, findings: Findings
) -> Mapping[str, frozenset[str]]:
    """Leave out the persons in columns of persons or places.

    Where the header says that cells may be persons, a surname alone may be one; in other columns
    of places a cell is a person by its form.

    Persons in other free text are replaced by a mark.

    Return the identifiers that hold the name of one who left a cell, by column: logins.

    Parameters
    ----------
    sheet, headings
        The rows, whose words change in place, and what their columns are; those asked for stay,
        those to group by stay without the persons.
    findings
        Where it is told in how many rows; none is shown.

    Raises
    ------
    OptionError
        A column to group by has nothing but persons.
    """
    grouped = [each for each in headings.kept.items() if each[1].position in headings.grouped]
    logins: dict[str, frozenset[str]] = {}
    gone: set[str] = set()
    for column, heading in (*_of_free_text(headings), *grouped):
        if heading.position in headings.asked - headings.grouped:
            continue
        if names_persons_too(heading.text):
            judge = services_of
        elif column in PLACES or column in headings.kept:
            judge = services_of_places
        else:
            continue
        words = sheet.words(heading.position)
        texts = words.dictionary.to_pylist()
        left = judge(texts)
        if not left:
            continue
        if heading.position in headings.grouped and not any(left.get(each, each) for each in texts):
            raise refuse_group_of_persons(heading.text)
        rows = np.isin(codes_of(words), [texts.index(text) for text in left])
        gone.update(word for text, rest in left.items() for word in _words_gone(text, rest))
        for name, found in _logins(sheet, headings, words.filter(pa.array(rows)), rows, left):
            logins[name] = logins.get(name, frozenset()) | found
        sheet.replace(heading.position, recode_words(words, lambda text: left.get(text, text)))  # noqa: B023
        findings.rows(
            column,
            heading.text,
            Reason("persons_left_out", count=int(rows.sum())),
            sheet.lines[rows],
            expected=Reason("services_alone", header=heading.text),
            severity=Severity.NOTE,
        )
    gone |= _cut_names(sheet, headings, findings)
    users = [heading for column in _OF_USERS for heading in headings.columns.get(column, ())]
    if gone or users:
        from reen.tables.privacy.named_elsewhere import identifiers_with

        for name, held in identifiers_with(sheet, headings, gone, users).items():
            logins[name] = logins.get(name, frozenset()) | held
    return logins


def _logins(
    sheet: Sheet,
    headings: Headings,
    cells: pa.DictionaryArray,
    rows: npt.NDArray[np.bool_],
    left: Mapping[str, str | None],
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the identifiers of some rows that hold a surname of those who leave their cell."""
    names = {text: " ".join(_words_gone(text, rest)) for text, rest in left.items()}
    persons = [names[text] for text in cells.to_pylist()]
    for column in PERSONAL_IDENTIFIERS:
        for heading in headings.columns.get(column, ()):
            held = sheet.words(heading.position).filter(pa.array(rows)).to_pylist()
            pairs = zip(held, persons, strict=True)
            found = (each for each, name in pairs if each and holds_a_name(each, name))
            yield column, frozenset(found)


def _words_gone(text: str, rest: str | None) -> list[str]:
    """Return the words of a cell that are no part of what is left of it."""
    there = normalise(rest or "").split()
    return [word for word in normalise(text).split() if word not in there]


def _cut_names(sheet: Sheet, headings: Headings, findings: Findings) -> set[str]:
    """Put a mark in the place of each person whom a cell of free text names; return their words.

    Parameters
    ----------
    sheet, headings
        The rows, whose words change in place, and what their columns are; those asked for stay.
    findings
        Where it is told in how many rows; none is shown.
    """
    gone: set[str] = set()
    for column, heading in _of_words(headings):
        places = column in PLACES or column in headings.kept
        cut = without_holders if places else without_names
        words = sheet.words(heading.position)
        texts = words.dictionary.to_pylist()
        if name_nobody(texts, places=places):
            continue
        changed = {text: cut(text) for text in texts}
        codes = [code for code, text in enumerate(texts) if changed[text] != text]
        if not codes:
            continue
        rows = np.isin(codes_of(words), codes)
        gone.update(
            word for code in codes for word in _words_gone(texts[code], changed[texts[code]])
        )
        sheet.replace(heading.position, recode_words(words, changed.__getitem__))
        findings.rows(
            column,
            heading.text,
            Reason("names_cut", count=int(rows.sum()), mark=MARK),
            sheet.lines[rows],
            expected=Reason("names_kept_by", header=heading.text),
            severity=Severity.NOTE,
        )
    return gone


def _of_words(headings: Headings) -> Iterator[tuple[str, Heading]]:
    """Yield the columns of words, but for those that were asked for as they are."""
    schema = headings.wording.schema
    known = (
        (column, heading)
        for column, group in headings.columns.items()
        if schema[column].kind is ColumnKind.TEXT and column not in NAMES_PERSONS | OF_NUMBERS
        for heading in group
    )
    grouped = (each for each in headings.kept.items() if each[1].position in headings.grouped)
    for column, heading in (*known, *grouped):
        if heading.position not in headings.asked - headings.grouped:
            yield column, heading


def _of_free_text(headings: Headings) -> Iterator[tuple[str, Heading]]:
    """Yield the columns whose cells may be anything, persons too, and that stay."""
    schema = headings.wording.schema
    for column, group in headings.columns.items():
        free = schema[column].kind is ColumnKind.TEXT and not schema[column].values
        if free and column not in NAMES_PERSONS | _OF_PRODUCTS:
            yield from ((column, heading) for heading in group)


def tell_persons(sheet: Sheet, headings: Headings, findings: Findings) -> None:
    """Note in how many rows a column that stays names persons, and show none of them.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    findings
        Where it is told.
    """
    asked = [each for each in headings.kept.items() if each[1].position in headings.asked]
    for column, heading in (*_of_free_text(headings), *asked):
        words = sheet.words(heading.position)
        if column not in headings.kept and not _may_name_inside(words.dictionary):
            continue
        hits = _matching(words.dictionary, _INSIDE)
        if column in headings.kept:
            hits = pc.or_(hits, _matching(words.dictionary, _WHOLE))
        named = numpy_of(pc.indices_nonzero(hits))
        if not len(named):
            continue
        lines = sheet.lines[np.isin(codes_of(words), named)]
        findings.rows(
            column,
            heading.text,
            Reason("names_persons", count=len(lines)),
            lines,
            expected=Reason("leave_persons_out", header=heading.text),
            severity=Severity.NOTE,
        )
