"""The importer `json-lines`: one JSON object per line, as ticketing tools export their assets.

    {"type": "Laptop", "model": "Latitude 5420", "count": 3, "bought": "2023-05-04"}

`type` or `model` must be there; other keys stay when they are asked for, to group by.  A line that
is no such object is refused by name, a cell that cannot be read is reported, and reading goes on:
whatever the bytes are, every line is accounted for.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import attrs
import pyarrow as pa
from reen.plugin.files import Imported, ReadOptions, Sample, Sniff
from reen.types import AccountLine, Fate, Issue, ReadReport, Severity

import reen

__all__ = ["JsonLines"]

#: Column of the inventory that each key fills.
COLUMNS: Mapping[str, str] = {
    "id": "id",
    "type": "equipment_type",
    "model": "model",
    "count": "quantity",
    "years": "lifetime",
    "bought": "purchase_date",
    "reused": "reconditioned",
    "site": "site",
    "country": "country",
}

_TYPES: Mapping[str, pa.DataType] = {
    "quantity": pa.float64(),
    "lifetime": pa.float64(),
    "purchase_date": pa.date32(),
    "reconditioned": pa.bool_(),
}

Cell = str | float | bool | dt.date | None


class _Line(NamedTuple):
    """A line of the file, numbered from 1, and the object that it holds, if any."""

    number: int
    text: str
    found: Mapping[str, object] | None


@attrs.frozen
class JsonLines:
    """Reader of one JSON object per line."""

    name: str = attrs.field(default="json-lines", init=False)
    title: str = attrs.field(default="JSON lines: one object per asset", init=False)

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is, by the first line that is not blank."""
        for line in _lines(sample.head):
            if line.found is None:
                return Sniff(0.0)
            known = sorted(set(COLUMNS) & set(line.found))
            score = 0.9 if {"type", "model"} & set(known) else 0.3
            return Sniff(score, tuple(f"key {key}" for key in known))
        return Sniff(0.0)

    def read(self, path: Path, options: ReadOptions) -> Imported:
        """Read the file.

        Raises
        ------
        reen.errors.FileFormatError
            No line is an object with a type or a model.
        """
        raw = path.read_bytes().removesuffix(b"\n")
        columns = {**COLUMNS, **options.columns}
        rows: list[dict[str, Cell]] = []
        issues: list[Issue] = []
        lines = list(_lines(raw))
        for line in lines:
            row, faults = _row(line, columns)
            issues += [attrs.evolve(fault, source=path.name) for fault in faults]
            if row is not None:
                row["country"] = row.get("country") or options.country
                rows.append({**row, "source": path.name, "source_row": line.number})
        if not rows:
            raise reen.errors.FileFormatError(
                str(path), 'has no line such as {"type": "Laptop", "count": 3}'
            )
        blank = raw.count(b"\n") + 1 - len(lines)
        report = ReadReport(
            source=path.name,
            importer=self.name,
            mapped={column: key for key, column in columns.items()},
        )
        aside = AccountLine(fate=Fate.SET_ASIDE, reason="blank line", rows=blank)
        return Imported(
            table=_table(rows),
            report=report,
            rows_read=len(lines) + blank,
            issues=tuple(issues),
            lines=(aside,),
        )


def _lines(raw: bytes) -> Iterator[_Line]:
    """Yield the lines that are not blank, with the object that each holds."""
    for number, line in enumerate(raw.split(b"\n"), start=1):
        text = line.decode("utf-8-sig" if number == 1 else "utf-8", errors="replace").strip()
        if text:
            yield _Line(number, text, _object(text))


def _object(text: str) -> Mapping[str, object] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _row(line: _Line, columns: Mapping[str, str]) -> tuple[dict[str, Cell] | None, list[Issue]]:
    """Return the cells of a line, None when it is refused, and what is wrong with it."""
    if line.found is None:
        return None, [_refused(line, "is no JSON object")]
    row: dict[str, Cell] = {}
    issues = []
    for key, value in line.found.items():
        column = columns.get(key, key)
        cell, fault = _cell(column, value)
        row[column] = cell
        if fault:
            issues.append(Issue(column, str(value)[:80], fault, rows=(line.number,)))
    if not row.get("equipment_type") and not row.get("model"):
        return None, [_refused(line, "has neither type nor model")]
    return row, issues


def _refused(line: _Line, reason: str) -> Issue:
    return Issue(
        "",
        line.text[:80],
        reason,
        expected='an object such as {"type": "Laptop", "count": 3}',
        severity=Severity.REJECTED,
        rows=(line.number,),
    )


def _cell(column: str, value: object) -> tuple[Cell, str]:
    """Return a cell as its column wants it, and what is wrong with it."""
    if value is None:
        return None, ""
    kind = _TYPES.get(column)
    if kind is None:
        return _text(value)
    if kind == pa.bool_():
        return (value, "") if isinstance(value, bool) else (None, "is not true or false")
    if kind == pa.date32():
        return _day(value)
    return _number(value)


def _text(value: object) -> tuple[Cell, str]:
    text = value if isinstance(value, str) else json.dumps(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half of a pair of \u escapes
        return None, "holds characters that are none"
    return text, ""


def _number(value: object) -> tuple[Cell, str]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None, "is no number"
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    return (number, "") if math.isfinite(number) else (None, "is no number")


def _day(value: object) -> tuple[Cell, str]:
    try:
        return dt.date.fromisoformat(str(value)), ""
    except ValueError:
        return None, "is no date such as 2023-05-04"


def _table(rows: list[dict[str, Cell]]) -> pa.Table:
    """Return the rows under the columns that any of them has."""
    names = dict.fromkeys(name for row in rows for name in row)
    types = {**_TYPES, "source_row": pa.int64()}
    return pa.table(
        {
            name: pa.array([row.get(name) for row in rows], types.get(name, pa.string()))
            for name in names
        }
    )
