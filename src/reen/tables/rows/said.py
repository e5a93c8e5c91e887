"""The rules of mappings on rows, words and blank cells, applied to the rows of one table.

Input: the rows of a table and its headings, whose wording has the layers of the mappings.  Output:
which rows are set aside, words replaced by the values that they mean (what was written stays in the
column ``*_raw``), and blank cells filled with constants.  All is told.

Decides nothing by itself: without a mapping nothing changes.
"""

from __future__ import annotations

import datetime as dt
import fnmatch

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Severity
from reen.inventory.schema import ColumnKind
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.cells.date_columns import Days
from reen.tables.converted import Converted, first_of
from reen.tables.findings import Findings
from reen.tables.headers.header_words import key_of
from reen.tables.headers.headings import Heading, Headings
from reen.tables.mapping.layers import Layers
from reen.tables.mapping.mapping import RowRule
from reen.tables.sheet import Sheet, codes_of, recode_words
from reen.vocabulary.units import conversion_factor, parse_quantity

__all__ = [
    "fill_columns",
    "fill_numbers",
    "leave_out_keys",
    "rows_of_rule",
    "said_days",
    "said_words",
    "set_aside_rows",
    "tell_unexpected",
    "words_of_rule",
]

#: Key of a record that a tool wrote where the label of that record belongs.
_KEY = pattern(r"(?a)\d+|[0-9a-fA-F]{32}")


def rows_of_rule(sheet: Sheet, headings: Headings, rule: RowRule) -> npt.NDArray[np.bool_]:
    """Return which rows a rule sets aside; none when the table has no such header.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    rule
        The header that tells, and the values.
    """
    heading = headings.telling.get(key_of(rule.header))
    if heading is None:
        return np.zeros(len(sheet), np.bool_)
    words = sheet.words(heading.position)
    found = words_of_rule(words, rule)
    makers = headings.columns.get("manufacturer", ())
    if rule.header == "model" and makers and not rule.keep:
        # a model is asked about with its maker, where another column names it
        whole = pc.binary_join_element_wise(
            sheet.words(makers[0].position).cast(pa.string()), words.cast(pa.string()), " "
        )
        found |= words_of_rule(whole.dictionary_encode(), rule)
    return found


def set_aside_rows(sheet: Sheet, headings: Headings) -> npt.NDArray[np.bool_]:
    """Return which rows the mappings set aside, by any rule."""
    layers = headings.wording.layers
    found = np.zeros(len(sheet), np.bool_)
    for rule in () if layers is None else layers.set_aside:
        found |= rows_of_rule(sheet, headings, rule)
    return found


def words_of_rule(words: pa.DictionaryArray, rule: RowRule) -> npt.NDArray[np.bool_]:
    """Return which cells of a column a rule sets aside."""
    texts = words.dictionary.to_pylist()
    hits = np.array([*(_is_one_of(text, rule) for text in texts), "" in rule.values], np.bool_)
    found = hits[codes_of(words)]
    return ~found if rule.keep else found


def _is_one_of(text: str, rule: RowRule) -> bool:
    keys = {key_of(value) for value in rule.values if value and "*" not in value}
    patterns = [value.casefold() for value in rule.values if "*" in value]
    key = key_of(text)
    # a value without letter and digit is compared as it is
    alike = key in keys if key else text in rule.values
    return alike or any(fnmatch.fnmatchcase(text.casefold(), each) for each in patterns)


def leave_out_keys(sheet: Sheet, headings: Headings, findings: Findings) -> None:
    """Leave out the keys of other records that a tool wrote for their labels; tell them.

    Parameters
    ----------
    sheet, headings
        The rows, whose words change in place, and what their columns are.
    findings
        Where they are told; 0 is the key of none, and a blank cell.
    """
    for column, group in headings.columns.items():
        for heading in group if any(each.reference for each in group) else ():
            words = sheet.words(heading.position)
            keys = {
                code: text
                for code, text in enumerate(words.dictionary.to_pylist())
                if heading.reference and _KEY.fullmatch(text)
            }
            findings.values(
                column,
                {code: text for code, text in keys.items() if text.strip("0")},
                Reason("reference_unresolved"),
                codes_of(words),
                sheet.lines,
                expected=Reason("expect_label"),
            )
            if keys:
                known = set(keys.values())
                left = recode_words(words, lambda word: None if word in known else word)  # noqa: B023
                sheet.replace(heading.position, left)


def tell_unexpected(
    sheet: Sheet, headings: Headings, findings: Findings, *, but: frozenset[str]
) -> None:
    """Tell the cells that the tool does not write, blank ones in one issue.

    Parameters
    ----------
    sheet, headings, findings
        The rows, what their columns are, and where it is told.
    but
        Columns whose blank cells the user fills.
    """
    layers = headings.wording.layers
    for column, values in ({} if layers is None else layers.expect).items():
        if column not in headings.columns:
            continue
        words = sheet.words(headings.columns[column][0].position)
        codes, rule = codes_of(words), RowRule("", values, "")
        odd = {
            code: text
            for code, text in enumerate(words.dictionary.to_pylist())
            if not _is_one_of(text, rule)
        }
        listed = ", ".join(filter(None, values))
        findings.values(
            column,
            odd,
            Reason("not_expected"),
            codes,
            sheet.lines,
            expected=Reason("expect_listed", values=listed),
            severity=Severity.NOTE,
        )
        if "" not in values and column not in but:
            expected = headings.wording.schema[column].expected
            findings.rows(
                column, "", Reason("cell_blank"), sheet.lines[codes < 0], expected=expected
            )


def said_words(sheet: Sheet, headings: Headings, width: int) -> Headings:
    """Put the values that words mean in their columns; return the headings with what was written.

    Parameters
    ----------
    sheet, headings
        The rows, whose words change in place, and what their columns are.
    width
        Number of columns of the table: what was written is put beyond them.
    """
    layers = headings.wording.layers
    if layers is None:
        return headings
    schema = headings.wording.schema
    place, columns = _second_columns(sheet, headings, layers, width)
    for column, meanings in layers.words.items():
        raw = f"{column}_raw"
        written = []
        for heading in headings.columns.get(column, ()):
            words = sheet.words(heading.position)
            texts = words.dictionary.to_pylist()
            found = {text: meanings[key] for text in texts if (key := key_of(text)) in meanings}
            if raw in schema and raw not in headings.columns:
                sheet.add(place, words)
                written.append(attrs.evolve(heading, position=place, column=raw))
                place += 1
            if found:
                meant = recode_words(words, lambda word: found.get(word, word) or None)  # noqa: B023
                sheet.replace(heading.position, meant)
        if written:
            columns[raw] = tuple(written)
    return attrs.evolve(
        headings, columns={name: columns[name] for name in schema if name in columns}
    )


def _second_columns(
    sheet: Sheet, headings: Headings, layers: Layers, place: int
) -> tuple[int, dict[str, tuple[Heading, ...]]]:
    """Add the columns that the words of others fill too; return the place after them.

    Words to which the mapping gives no value there say nothing of it.
    """
    columns = dict(headings.columns)
    every = [each for group in headings.columns.values() for each in group if each.also]
    for heading in every:
        meanings = layers.words.get(heading.also, {})
        if heading.also not in headings.wording.schema:
            continue
        words = sheet.words(heading.position)
        sheet.add(place, recode_words(words, lambda word: meanings.get(key_of(word)) or None))  # noqa: B023
        second = attrs.evolve(heading, position=place, column=heading.also, also="")
        columns[heading.also] = (*columns.get(heading.also, ()), second)
        place += 1
    return place, columns


def said_days(days: Days, heading: Heading) -> Days:
    """Return the days of a column with the precision that a mapping says of them."""
    if not heading.precision:
        return days
    there = days.days.is_valid()
    said = pc.if_else(there, heading.precision, pa.scalar(None, pa.string()))
    return attrs.evolve(days, precision=said.dictionary_encode())


def fill_columns(
    sheet: Sheet,
    headings: Headings,
    result: Converted,
    dates: dict[str, list[Days]],
    *,
    but: frozenset[str] = frozenset(),
) -> None:
    """Fill the blank cells of text, dates and answers, and add the columns that no header gives.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    result, dates
        The columns and the date columns; filled in place.
    but
        Columns that the caller fills.
    """
    schema, rows = headings.wording.schema, len(sheet)
    for column, value in headings.wording.constants.items():
        kind = schema[column].kind
        if column in but or (kind is ColumnKind.NUMBER and column in result.columns):
            continue
        if kind is ColumnKind.DATE:
            group = dates.setdefault(column, [])
            known = [each.days for each in group]
            group.append(Days(pa.array([dt.date.fromisoformat(value)] * rows, pa.date32())))
        else:
            known = [result.columns[column]] if column in result.columns else []
            filling = _constant(value, kind, column, headings, rows)
            result.columns[column] = first_of([*known, filling])
        if kind is ColumnKind.NUMBER:
            result.units[column] = schema[column].unit
        _tell(column, value, first_of(known).null_count if known else rows, result)


def _constant(value: str, kind: ColumnKind, column: str, headings: Headings, rows: int) -> pa.Array:
    if kind is ColumnKind.NUMBER:
        unit = headings.wording.schema[column].unit
        return pa.array(np.full(rows, _number(value, column, unit, unit)))
    if kind is ColumnKind.BOOLEAN:
        return pa.array(np.full(rows, value == "true"))
    codes = pa.array(np.zeros(rows, np.int32))
    return pa.DictionaryArray.from_arrays(codes, pa.array([value], pa.string()))


def _number(value: str, column: str, unit: str, to: str) -> float:
    number, own = parse_quantity(value, what=column, expected=unit)
    return number * conversion_factor(own or unit, to, what=column)


def fill_numbers(headings: Headings, result: Converted) -> None:
    """Fill the blank cells of number columns that the file has, in the unit that they are in."""
    schema = headings.wording.schema
    for column, value in headings.wording.constants.items():
        there = column in headings.columns and column in result.columns
        if not there or schema[column].kind is not ColumnKind.NUMBER:
            continue
        blank = result.columns[column].null_count
        number = _number(value, column, schema[column].unit, result.units[column])
        result.columns[column] = pc.fill_null(result.columns[column], number)
        _tell(column, value, blank, result)


def _tell(column: str, value: str, rows: int, result: Converted) -> None:
    if rows:
        result.assumptions.append(Reason("read_constant", count=rows, column=column, value=value))
