"""Conforming: an Arrow table becomes a canonical one, cell by distinct cell, nothing lost.

Input: any Arrow table.  Output: the same rows with canonical types (text dictionary-encoded, but
for identifiers; numbers float64 with their unit in the field metadata, dates date32), words
resolved on distinct values, and the issues found.  A value out of its range stays in the table and
is reported: the batch reads it as invalid, so that a method cannot take it for a missing one and
use a default.

Must not read files, nor know any method.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.errors import InventoryError
from reen.inventory.dictionaries import (
    TEXT,
    codes_of,
    encoded_text,
    is_text,
    plain_text,
    recoded,
    shares_one_dictionary,
)
from reen.inventory.issues import Issue, Severity
from reen.inventory.masks import floats_of
from reen.inventory.schema import Column, ColumnKind, TableSchema
from reen.kernel import lendable, loops
from reen.reasons import Reason
from reen.vocabulary.countries import resolve_country
from reen.vocabulary.equipment_types import EquipmentTypes
from reen.vocabulary.statuses import resolve_status
from reen.vocabulary.units import conversion_factor, spelt_out

__all__ = ["conform", "out_of_range", "unit_of"]

_UNIT = b"unit"

#: No figure of an inventory is larger, in any unit: what is has lost its decimal mark.  No product
#: of such figures, and no sum of them, exceeds a float.
LARGEST = 1e14

#: No figure that others are divided by is smaller (30 ms of a lifetime in years).
SMALLEST = 1e-9

#: Rows whose numbers are looked at together: they stay in the processor's cache.
_BLOCK = 1 << 16

#: Unknown words of a column reported one by one, and those for which the nearest are looked for
#: (a few milliseconds each): a file whose type column holds serial numbers must not take minutes.
_WORDS_REPORTED = 200
_WORDS_SUGGESTED = 50


def unit_of(field: pa.Field, column: Column) -> str:
    """Return the unit of a number column: its field metadata, else the canonical one."""
    metadata = field.metadata or {}
    return metadata[_UNIT].decode() if _UNIT in metadata else column.unit


def conform(
    table: pa.Table,
    *,
    schema: TableSchema,
    equipment_types: EquipmentTypes,
    source: str = "",
    need: Sequence[str] = (),
    report_nan: bool = True,
) -> tuple[pa.Table, tuple[Issue, ...]]:
    """Return `table` with the canonical types of `schema`, and the issues found.

    Parameters
    ----------
    table
        Rows in any column order; columns that the schema does not name are kept.
    schema
        Canonical columns.
    equipment_types
        Taxonomy that resolves type words.
    source
        Name used in messages when the table has no `source` column.
    need
        Columns of which at least one must be there.
    report_nan
        Whether a NaN that stands in a number column is an issue; importers, which write it for
        what they could not read, have reported it already.

    Raises
    ------
    InventoryError
        Two columns of one name, a column whose type cannot hold what it should, none of `need`.
    DimensionError
        A unit of the wrong dimension in the field metadata.
    """
    names = table.column_names
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        message = Reason(
            "error_two_columns_are_called_rename_drop_one", source=source or "table", twice=twice[0]
        )
        raise InventoryError(message)
    if need and not set(need) & set(names):
        import difflib

        near = [
            hit
            for wanted in need
            for hit in difflib.get_close_matches(wanted, [name for name in names if name], 1)
        ]
        hint = Reason("hint_is_it", near=near[0]) if near else ""
        message = Reason(
            "error_none_columns_there_found_an_inventory",
            source=source or "table",
            need=", ".join(need),
            hint=hint,
            names=", ".join(names) or Reason("nothing_found"),
        )
        raise InventoryError(message)
    work = _Conforming(table, source=source, equipment_types=equipment_types, report_nan=report_nan)
    for name in names:
        if name in schema:
            work.column(schema[name])
        else:
            work.keep(name)
    return work.table(), tuple(work.issues)


class _Conforming:
    """The columns of one table on their way to canonical types."""

    def __init__(
        self, table: pa.Table, *, source: str, equipment_types: EquipmentTypes, report_nan: bool
    ) -> None:
        self._report_nan = report_nan
        self._given = table
        self._there: dict[str, tuple[pa.Field, pa.ChunkedArray]] = {
            field.name: (field, array)
            for field, array in zip(table.schema, table.columns, strict=True)
        }
        self._source = source
        self._equipment_types = equipment_types
        self._fields: dict[str, pa.Field] = {}
        self._arrays: dict[str, pa.ChunkedArray] = {}
        self.issues: list[Issue] = []

    def table(self) -> pa.Table:
        arrays = list(self._arrays.values())
        table = pa.table(arrays, schema=pa.schema(list(self._fields.values())))
        # to unify what is one already takes time as the square of the number of chunks
        whole = all(
            array.num_chunks <= 1 or array.type != TEXT or shares_one_dictionary(array)
            for array in arrays
        )
        return table if whole else table.unify_dictionaries()

    def _set(self, field: pa.Field, array: pa.ChunkedArray) -> None:
        self._fields[field.name] = field
        self._arrays[field.name] = array

    def keep(self, name: str) -> None:
        field, array = self._there[name]
        if is_text(field.type):
            array = encoded_text(array)
            field = pa.field(name, array.type, metadata=field.metadata)
        self._set(field, array)

    def column(self, column: Column) -> None:
        field, array = self._there[column.name]
        if column.kind is ColumnKind.NUMBER:
            self._number(column, field, array)
        elif column.kind is ColumnKind.TEXT:
            self._text(column, array)
        else:
            target = {
                ColumnKind.DATE: pa.date32(),
                ColumnKind.TIMESTAMP: pa.timestamp("s", tz="UTC"),
                ColumnKind.BOOLEAN: pa.bool_(),
                ColumnKind.INTEGER: pa.int64(),
            }[column.kind]
            self._set(pa.field(column.name, target), self._cast(column, array, target))

    def _cast(self, column: Column, array: pa.ChunkedArray, target: pa.DataType) -> pa.ChunkedArray:
        if array.type == target:
            return array
        if is_text(array.type):
            raise self._refusal(column, array, Reason("error_text"))
        try:
            # A timestamp cast to a day drops the hour on purpose.
            return array.cast(target, safe=not pa.types.is_timestamp(array.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            what = Reason("error_has_arrow_type", given_type=array.type)
            raise self._refusal(column, array, what) from error

    def _refusal(self, column: Column, array: pa.ChunkedArray, what: Reason) -> InventoryError:
        head = [str(value) for value in array.slice(0, 3).to_pylist()]
        message = Reason(
            "error_column_first_cells_expected_convert_column",
            source=self._source or "table",
            name=column.name,
            what=what,
            head=", ".join(map(repr, head)),
            expected=column.expected,
        )
        return InventoryError(message)

    def _number(self, column: Column, field: pa.Field, array: pa.ChunkedArray) -> None:
        unit = unit_of(field, column)
        conversion_factor(
            unit, column.unit, what=f"column {column.name!r}", where=self._source
        )  # a wrong dimension is refused here, before any row is read
        unit = spelt_out(unit, column.unit)
        numbers = self._cast(column, array, pa.float64())
        self._set(pa.field(column.name, pa.float64(), metadata={"unit": unit}), numbers)
        if len(numbers):
            self._check_range(column, unit, numbers)

    def _check_range(self, column: Column, unit: str, numbers: pa.ChunkedArray) -> None:
        factor = conversion_factor(unit, column.unit)
        blocks = (
            chunk.slice(first, _BLOCK)
            for chunk in numbers.chunks
            for first in range(0, len(chunk), _BLOCK)
        )
        if any(self._is_suspect(column, block, factor) for block in blocks):
            self._report_range(column, numbers, factor)

    def _is_suspect(self, column: Column, block: pa.Array, factor: float) -> bool:
        """Tell whether some cell of a block is unreadable, or out of range."""
        values = floats_of(block)
        if factor != 1.0:
            values = values * factor
        unreadable = np.count_nonzero(np.isnan(values)) > block.null_count
        return (self._report_nan and unreadable) or bool(out_of_range(values, column).any())

    def _report_range(self, column: Column, numbers: pa.ChunkedArray, factor: float) -> None:
        values = numpy_of(numbers) * factor
        if self._report_nan:
            unreadable = np.isnan(values) & numpy_of(numbers.is_valid())
            if unreadable.any():
                rows = np.flatnonzero(unreadable)
                expected = column.expected
                self._issue(
                    column.name, "NaN", Reason("is_no_number"), expected=expected, rows=rows
                )
        bad = out_of_range(values, column)
        if not bad.any():
            return
        for value in np.unique(values[bad])[: Issue.SHOWN]:
            rows = np.flatnonzero(values == value)
            expected = _expected_of(column, float(value))
            self._issue(
                column.name, f"{value:g}", Reason("out_of_range"), expected=expected, rows=rows
            )
        listed = np.isin(values, np.unique(values[bad])[: Issue.SHOWN])
        rest = np.flatnonzero(bad & ~listed)
        if len(rest):
            self._issue(
                column.name,
                "(other values)",
                Reason("others_out_of_range"),
                expected=column.expected,
                rows=rest,
            )

    def _issue(
        self,
        column: str,
        value: str,
        reason: Reason,
        *,
        expected: Reason | str,
        rows: npt.NDArray[np.intp],
        severity: Severity = Severity.CELL,
    ) -> None:
        lines = rows[: Issue.SHOWN]
        if "source_row" in self._given.column_names:
            lines = np.asarray(self._given["source_row"].take(pa.array(lines)).to_pylist())
        self.issues.append(
            Issue(
                column,
                value,
                reason,
                expected=expected,
                severity=severity,
                source=self._source,
                rows=tuple(int(line) for line in lines if line is not None),
                count=len(rows),
            )
        )

    def _text(self, column: Column, array: pa.ChunkedArray) -> None:
        if not is_text(array.type):
            if pa.types.is_null(array.type) or pa.types.is_integer(array.type):
                array = array.cast(pa.string())
            else:
                what = Reason("error_has_arrow_type", given_type=array.type)
                raise self._refusal(column, array, what)
        if column.identifier:
            self._set(pa.field(column.name, pa.string()), plain_text(array))
            return
        encoded = encoded_text(array)
        if column.name == "equipment_type":
            self._resolve(
                column,
                encoded,
                self._equipment_types.resolve,
                expected=Reason("expected_type_word"),
                raw="equipment_type_raw",
                otherwise="unknown",
                suggest=self._equipment_types.nearest,
            )
        elif column.name == "country":
            self._resolve(
                column,
                encoded,
                resolve_country,
                expected=Reason("expected_country"),
                raw="country_raw",
            )
        elif column.name == "status":
            self._resolve(
                column,
                encoded,
                resolve_status,
                expected=Reason("expected_status", values=", ".join(column.values)),
                raw="status_raw",
                otherwise="unknown",
            )
        elif column.name == "service_type":
            self._resolve(
                column,
                encoded,
                {value: value for value in column.values}.get,
                expected=column.expected,
                raw="service_type_raw",
                otherwise="unknown",
            )
        elif column.values:
            known = {value: value for value in column.values}
            self._resolve(column, encoded, known.get, expected=column.expected)
        else:
            self._set(pa.field(column.name, TEXT), encoded)

    def _resolve(
        self,
        column: Column,
        encoded: pa.ChunkedArray,
        resolve: Callable[[str], str | None],
        *,
        expected: Reason,
        otherwise: str | None = None,
        raw: str | None = None,
        suggest: Callable[[str], Sequence[str]] | None = None,
    ) -> None:
        """Replace the distinct words of a column by what they resolve to; keep the words raw."""
        if not shares_one_dictionary(encoded):
            encoded = encoded.unify_dictionaries()
        words = encoded.chunk(0).dictionary.to_pylist() if encoded.num_chunks else []
        found = [resolve(word) for word in words]
        keys = [otherwise if hit is None else hit for hit in found]
        resolved = encoded if keys == words else recoded(encoded, keys)
        self._set(pa.field(column.name, TEXT), resolved)
        if None in found:
            unresolved = np.array([hit is None for hit in found] + [False])
            codes = np.concatenate([codes_of(chunk) for chunk in encoded.chunks])
            self._unresolved(column, words, codes, unresolved, suggest, otherwise, expected)
        if raw and found != words and raw not in self._given.column_names:
            self._set(pa.field(raw, TEXT), encoded)

    def _unresolved(
        self,
        column: Column,
        words: Sequence[str],
        codes: npt.NDArray[np.int32],
        unresolved: npt.NDArray[np.bool_],
        suggest: Callable[[str], Sequence[str]] | None,
        otherwise: str | None,
        expected: Reason,
    ) -> None:
        """Report each unresolved word with its rows; the rarest beyond a limit in one issue."""
        rows = np.flatnonzero(unresolved[codes])
        rows = rows[np.argsort(codes[rows], kind="stable")]
        if not len(rows):  # a dictionary may hold words that no row uses
            return
        parts = np.split(rows, np.flatnonzero(np.diff(codes[rows])) + 1)
        parts.sort(key=lambda part: (-len(part), part[0]))
        for k, part in enumerate(parts[:_WORDS_REPORTED]):
            word = words[codes[part[0]]]
            near = suggest(word) if suggest and k < _WORDS_SUGGESTED else ()
            hint = (
                Reason("expected_near", expected=expected, near=", ".join(map(repr, near)))
                if near
                else expected
            )
            reason = (
                Reason("word_counted_as", fallback=otherwise)
                if otherwise
                else Reason("word_not_known")
            )
            self._issue(column.name, word, reason, expected=hint, rows=part)
        rest = parts[_WORDS_REPORTED:]
        if rest:
            reason = Reason("words_not_known", count=len(rest))
            other = np.sort(np.concatenate(rest))
            self._issue(column.name, "(other words)", reason, expected=expected, rows=other)


def _expected_of(column: Column, value: float) -> Reason:
    """Return the expected content of a column, with the bound that a value exceeds."""
    if LARGEST < value < math.inf and column.maximum is None:
        return Reason("expected_at_most", expected=column.expected, high=LARGEST)
    if 0.0 < value < SMALLEST and column.exclusive:
        return Reason("expected_at_least", expected=column.expected, low=SMALLEST)
    return column.expected


def out_of_range(values: npt.NDArray[np.float64], column: Column) -> npt.NDArray[np.bool_]:
    """Return where `values`, in the column's unit, are outside its range; NaN is not."""
    compiled = loops()
    if compiled is not None:
        low = -np.inf if column.minimum is None else column.minimum
        high = np.inf if column.maximum is None else column.maximum
        least = SMALLEST if column.exclusive else 0.0  # what divides
        outside = np.empty(len(values), np.bool_)
        compiled.outside(lendable(values), LARGEST, least, low, high, column.exclusive, outside)
        return outside
    bad = np.abs(values) > LARGEST  # infinities too
    if column.exclusive:
        bad |= np.abs(values) < SMALLEST  # what divides
    if column.minimum is not None:
        bad |= values <= column.minimum if column.exclusive else values < column.minimum
    if column.maximum is not None:
        bad |= values > column.maximum
    return bad
