"""Answers: the questions of a worklist as a table that a person fills in, and the mapping it makes.

Input: a worklist, and the table with the column ``answer`` filled, in any format that tables have.
Output: a `FileMapping`: answered once, a question is not asked of next year's file.  A question
without an answer stays one; an answer that cannot be is an error with its line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

import attrs
import pyarrow as pa

from reen.errors import FileFormatError
from reen.gate.characters import inert
from reen.inventory.questions import SEVERAL, Question, Subject, Worklist
from reen.reasons import Reason, Words, joined, say, spoken
from reen.reasons.system import system_words
from reen.tables.cells.units_in_text import read_unit
from reen.tables.headers.header_words import key_of, value_words
from reen.tables.headers.reading_columns import READ_EQUIPMENT
from reen.tables.mapping.answer_words import (
    ANSWERS,
    SUM,
    column_at_start,
    key_of_header,
    words_of,
)
from reen.tables.mapping.choosing import Place, without_year
from reen.tables.mapping.mapping import (
    KEEP,
    AcceptedDoubt,
    ColumnRule,
    FileMapping,
    RowRule,
    TableMapping,
    no_equipment,
    sum_line,
)
from reen.tables.reference.reading import Fault, Layout, read_reference
from reen.vocabulary.countries import resolve_country
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types
from reen.vocabulary.statuses import resolve_status, status_words
from reen.vocabulary.text import normalise
from reen.vocabulary.titles import type_title

__all__ = [
    "holds_answers",
    "is_answers",
    "proposed_types",
    "read_answers",
    "worklist_table",
    "worklist_to_csv",
]

_NEEDED = ("about", "column", "value", "answer", "code")
_LAYOUT = Layout(
    columns=ANSWERS, required=_NEEDED, others=True, surplus=True, name_of=key_of_header
)

#: Answers that take a doubt as it was read, and that leave a column out.
_YES = frozenset(map(normalise, ("ok", "yes", "oui", "o", "y", "vrai", "true", "1", "x")))
#: How many items the rows of a doubt are, each.
_ITEMS = re.compile(r"[1-9]\d{0,4}")
_OUT = frozenset(("-", "no", "non", "none", "aucune", "rien"))

#: Answers that say of a word that its lines add up others.
_SUMS = frozenset(
    ("total", "totaux", "sum", "somme", "subtotal", "sub-total", "sous-total", "sous total")
)

#: Answers that say of a word that its lines are no equipment of the inventory.
_NO_EQUIPMENT = frozenset(
    map(
        normalise,
        (
            *("exclude", "excluded", "exclure", "exclu", "ignore", "ignorer", "out of scope"),
            *("hors inventaire", "hors parc", "hors périmètre", "no equipment", "not equipment"),
            *("pas un équipement", "pas du matériel"),
        ),
    )
)
_EXCLUDE = "exclude"


def worklist_to_csv(worklist: Worklist, *, language: str | None = None) -> str:
    """Return the questions as text that a French spreadsheet opens: ``;`` between cells, with BOM.

    Parameters
    ----------
    worklist
        The questions, in its order.
    language
        Language of the headers, the questions and how to answer them, by default that in force
        (`reen.language`); the answers may come in any.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_headers(language))
    for each in worklist:
        cells = _cells(each, language)
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in cells])
    return "\ufeff" + text.getvalue()


def worklist_table(worklist: Worklist, *, language: str | None = None) -> pa.Table:
    """Return the questions as a table with the columns of `worklist_to_csv`, all of text."""
    rows = [_cells(each, language) for each in worklist]
    return pa.table(
        {
            name: pa.array([str(row[k]) for row in rows], pa.string())
            for k, name in enumerate(_headers(language))
        }
    )


def _headers(language: str | None) -> tuple[str, ...]:
    return tuple(words_of("worklist_column").write(name, language) for name in ANSWERS)


def _proposed(question: Question, language: str | None) -> str:
    """Return what the answer may be, in words of the language: types of equipment, keep, total."""
    types = bundled_equipment_types()
    said = (
        type_title(types, each, language)
        if each in types and (language or spoken()) != "en"
        else words_of("worklist_answer").write(each, language)
        for each in question.proposals
    )
    return ", ".join(said)


def proposed_types(question: Question) -> str:
    """Return what an answer may name, in the language in force; how to keep a column is no name."""
    named = tuple(each for each in question.proposals if each not in ("-", KEEP, SUM))
    return _proposed(attrs.evolve(question, proposals=named), None)


def _cells(question: Question, language: str | None) -> tuple[object, ...]:
    items = "" if question.items is None else f"{question.items:g}"
    return (
        words_of("worklist_about").write(question.subject, language),
        words_of("parameter").write(question.column, language),
        question.value,
        question.reason.text(language),
        _proposed(question, language),
        "",
        question.how.text(language),
        question.rows,
        items,
        question.source,
        ", ".join(map(str, question.examples)),
        question.reason.code,
    )


def is_answers(path: Path) -> bool:
    """Tell whether a file is a table of answers rather than a mapping in TOML."""
    return path.suffix.casefold() != ".toml"


def holds_answers(path: Path) -> bool:
    """Tell whether a table has the columns of a worklist, whatever its answers are."""
    try:
        read_reference(path.name, path, layout=_LAYOUT, refuse=_refused)
    except (OSError, FileFormatError):
        return False  # another table, or none: whoever reads it says why
    return True


def read_answers(path: str | Path, *, equipment_types: EquipmentTypes | None = None) -> FileMapping:
    """Return the mapping that the answers of a table make.

    Parameters
    ----------
    path
        The table, as `worklist_to_csv` wrote it and a person filled it in: CSV, or a workbook.
    equipment_types
        Types that an answer may name.

    Raises
    ------
    FileFormatError
        It is no such table, or an answer cannot be: the line, the answer, and what was expected.
    """
    path = Path(path)
    try:
        table = read_reference(path.name, path, layout=_LAYOUT, refuse=_refused)
    except OSError as error:
        reason = Reason("error_cannot_read_expected_worklist_answers", strerror=system_words(error))
        raise FileFormatError(str(path), reason) from error
    answers = _Answers(equipment_types or bundled_equipment_types())
    faults = []
    written = dict(zip(reversed(table.names), reversed(table.header), strict=True))
    for line, cells in table.records((*_NEEDED, "file")):
        try:
            answers.add({name: cells.get(name, "").strip() for name in (*_NEEDED, "file")})
        except _NoAnswerError as fault:
            said = Reason("worklist_fault", line=str(line), column=written[fault.column])
            faults.append(Reason("page_colon", name=said, text=fault.said))
    if faults:
        raise FileFormatError(table.place, joined(faults, "joined_by_semicolon"))
    shared = TableMapping(
        columns=answers.columns.pop("", {}),
        words=answers.words,
        set_aside=tuple(rule for rules in answers.aside.values() for rule in rules),
    )
    return FileMapping(
        name=path.stem,
        title="Answers to a worklist",
        shared=shared,
        tables=tuple(
            TableMapping(sheets=(sheet,), columns=columns)
            for sheet, columns in answers.columns.items()
        ),
        accepted=tuple(answers.accepted),
    )


def _set_aside(
    value: str, answer: str, code: str, *, of_word: bool
) -> tuple[str, tuple[RowRule, ...]] | None:
    """Return the rules for the lines of a word that an answer sets aside, with one name for them.

    Lines of which it was asked whether they add up others are left out because they do.  A model
    adds up nothing; it stands under a header of its own, or under that of the type.
    """
    out = answer == "-" or normalise(answer) in _NO_EQUIPMENT
    if not of_word:
        rules = no_equipment(value), no_equipment(value, column="model")
        return (_EXCLUDE, rules) if out else None
    if answer.casefold() in _SUMS or (out and code == "word_may_be_sum"):
        return SUM, (sum_line(value),)
    return (_EXCLUDE, (no_equipment(value),)) if out else None


def _words_of(column: str) -> str:
    """Return the words that a column can be, for an error."""
    if column == "country":
        return "FR, France"
    if column == "status":
        return ", ".join(dict.fromkeys(status for _, status in status_words()))
    return ", ".join(dict.fromkeys(value_words().get(column, {}).values()))


def _sheet_of(source: str) -> str:
    """Return the pattern of the sheet that a question was asked of, empty where it is a file.

    Next year's sheet has another year in its name.
    """
    return without_year(Place.of(source).sheet)


def _refused(fault: Fault) -> FileFormatError:
    where: list[Words] = []
    if fault.line is not None:
        where.append(Reason("place_line", line=str(fault.line)))
    if fault.column:
        where.append(Reason("error_column_named", column=fault.column))
    reason: Words = Reason("error_neither_mapping_nor_worklist", expected=fault.expected)
    if fault.line is not None and fault.value:
        reason = Reason("error_says_expected", answer=fault.value, expected=fault.expected)
    if where:
        reason = Reason("page_colon", name=joined(where), text=reason)
    return FileFormatError(fault.place, reason)


class _NoAnswerError(Exception):
    """What is wrong with one answer; all of them are told together."""

    def __init__(self, said: Reason, column: str = "answer") -> None:
        self.said = said
        self.column = column
        super().__init__(said)


@attrs.define
class _Answers:
    """What the answers say so far."""

    types: EquipmentTypes
    #: Rule of each header, by the sheet that it was asked of; empty: a file without sheets.
    columns: dict[str, dict[str, ColumnRule]] = attrs.field(factory=dict)
    words: dict[str, dict[str, str]] = attrs.field(factory=dict)
    accepted: list[AcceptedDoubt] = attrs.field(factory=list)
    said: dict[tuple[str, str], str] = attrs.field(factory=dict)
    #: Rules of words whose lines add up others or are no equipment, by their comparable form.
    aside: dict[str, tuple[RowRule, ...]] = attrs.field(factory=dict)

    def add(self, cells: Mapping[str, str]) -> None:
        """Add an answer, unless there is none."""
        answer = cells["answer"]
        if not answer:
            return
        about = words_of("worklist_about")
        named = about.read(cells["about"])
        if named is None:
            expected = Reason("error_one_under_about", subject=about.list())
            raise self._fail(cells["about"], expected, column="about")
        subject = Subject(named)
        # a column is named by its key, or by the words of a language
        column = words_of("parameter").read(cells["column"]) or cells["column"]
        cells = {**cells, "column": column}
        if subject is Subject.HEADER and answer.casefold() in _OUT:
            # it is not kept anyway: what is read in other tables under this header stays
            self.accepted.append(AcceptedDoubt(cells["code"], "", cells["value"]))
        elif subject is Subject.HEADER:
            sheet = _sheet_of(cells.get("file", ""))
            self.columns.setdefault(sheet, {})[cells["value"]] = self._column(answer)
        elif subject is Subject.DOUBT:
            self.accepted.append(self._doubt(cells, answer))
        elif subject in (Subject.WORD, Subject.MODEL) and cells["column"]:
            self._add_word(cells, of_word=subject is Subject.WORD)
        else:
            raise self._fail(answer, Reason("error_no_answer_this_mended_file"))

    def _add_word(self, cells: Mapping[str, str], *, of_word: bool) -> None:
        """Add what a word or a model means, or that the lines of a type add up others."""
        column, value, answer = cells["column"], cells["value"], cells["answer"]
        may = column == "equipment_type"
        aside = _set_aside(value, answer, cells["code"], of_word=of_word) if may else None
        word = aside[0] if aside else self._word(column, answer)
        known = self.said.setdefault((column, key_of(value)), word)
        if known != word:
            raise self._fail(answer, Reason("error_one_answer_word_above", known=known))
        if aside:
            self.aside.setdefault(key_of(value), aside[1])
            return
        words = self.words.setdefault(column, {})
        if key_of(value) not in set(map(key_of, words)):
            words[value] = word

    def _doubt(self, cells: Mapping[str, str], answer: str) -> AcceptedDoubt:
        """Return a doubt that is none, or how many items its rows are."""
        place = cells["code"], cells["column"], cells["value"]
        if normalise(answer) in _YES:
            return AcceptedDoubt(*place)
        several = cells["code"] == SEVERAL
        if several and _ITEMS.fullmatch(answer):
            return AcceptedDoubt(*place, quantity=int(answer))
        number: Words = Reason("error_items_of_each_row") if several else ","
        raise self._fail(answer, Reason("error_ok_when_read_rightly_else_no", number=number))

    def _column(self, answer: str) -> ColumnRule:
        """Return a column, with its unit where one follows it: "lifetime month"."""
        name, rest = column_at_start(answer) or ("", "")
        unit = read_unit(rest.strip("[]() ")) if rest else ""
        if name and unit is not None:
            return ColumnRule(name, unit=unit)
        names = words_of("parameter").list(READ_EQUIPMENT)
        expected = Reason("error_column_its_unit_without_lifetime_month", read_equipment=names)
        raise self._fail(answer, expected)

    def _word(self, column: str, answer: str) -> str:
        if column == "equipment_type":
            found = self.types.resolve(answer)
        elif column == "country":
            found = resolve_country(answer)
        elif column == "status":
            found = resolve_status(answer)
        else:
            found = value_words().get(column, {}).get(key_of(answer))
        if found is not None:
            return found
        # "oui" is no word that was misspelt
        is_word = column == "equipment_type" and normalise(answer) not in _YES | _OUT
        near = self.types.nearest(answer) if is_word else ()
        named = say("page_or").join(
            repr(each if spoken() == "en" else type_title(self.types, each)) for each in near
        )
        hint = Reason("hint_did_you_mean", near=named) if near else ""
        if column == "equipment_type":
            raise self._fail(answer, Reason("error_answer_type", hint=hint))
        words = _words_of(column)
        raise self._fail(answer, Reason("error_word_can", column=column, words=words, hint=hint))

    def _fail(self, answer: str, expected: Words, *, column: str = "answer") -> _NoAnswerError:
        said = Reason("error_says_expected", answer=answer, expected=expected)
        return _NoAnswerError(said, column)
