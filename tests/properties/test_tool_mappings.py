"""Written through the inverse of a tool's mapping and read again, a list is what it was.

For each flat table of the bundled mappings: rows of canonical values are written under the tool's
headers, in its words and units; read, they are those that a list with canonical headers gives.
Lists inside the records of a tool (its processors, its screens) and tables that are no inventory
have no such inverse, and are not written; nor is what names persons, nor what only tells a type.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import random
from collections.abc import Iterator, Mapping

import attrs
import pytest

import reen
from reen.inventory.schema import Column, ColumnKind
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.tables.cells.units_in_text import read_unit
from reen.tables.headers.header_words import key_of
from reen.tables.headers.reading_columns import READ_EQUIPMENT
from reen.tables.mapping.mapping import ColumnRule, FileMapping, TableMapping
from reen.types import Fate
from reen.vocabulary.units import conversion_factor

#: Models whose type everybody agrees on: a mapping without types is read by them.
MODELS = {
    "laptop": ("Dell", "Latitude 5420"),
    "desktop": ("Dell", "OptiPlex 7090"),
    "monitor": ("Dell", "P2422H"),
    "server": ("Dell", "PowerEdge R640"),
    "smartphone": ("Samsung", "Galaxy A53 5G"),
    "tablet": ("Apple", "iPad (9th generation)"),
    "multifunction_printer": ("Ricoh", "IM C3000"),
    "switch": ("Cisco", "Catalyst 2960X-48TS-L"),
    "docking_station": ("Dell", "WD19S"),
}

#: Types of the rows of a table of which a constant says what they are.
OF_CONSTANT = {
    "monitor": "monitor",
    "server": "server",
    "ChromeOS": "laptop",
    "Apple": "tablet",
    "Computer": "desktop",
    "Printer": "multifunction_printer",
    "Phone": "smartphone",
    "NetworkEquipment": "switch",
    "Peripheral": "docking_station",
}

#: Words of columns of which not every word is one.
WORDS = {"status": ["in_use", "in_stock", "retired"], "country": ["FR", "BE"]}

#: Columns that the inverse leaves out: what is read of them is not what is written, on purpose.
NOT_WRITTEN = (
    frozenset(
        # evidence of the type, and what joins: neither reaches an inventory
        {column.name for column in READ_EQUIPMENT.values()} - {*SCHEMA_OF_KIND["equipment"]}
        # words as written, what a read adds, and references to other tables
    )
    | {"name", "user_id", "status_raw", "equipment_type_raw", "country_raw", "source", "source_row"}
    | {
        "purchase_date_precision",
        "parent_id",
        "user_mode",
        "equipment_type_basis",
        "equipment_type_candidates",
    }
)


@attrs.frozen
class Case:
    """A table of a tool, with the header that is written for each canonical column."""

    tool: FileMapping
    number: int
    headers: Mapping[str, str]

    @property
    def table(self) -> TableMapping:
        return self.tool.tables[self.number]

    @property
    def kind(self) -> str:
        return self.table.kind

    def rule(self, column: str) -> ColumnRule:
        return self.table.columns[self.headers[column]]

    def __str__(self) -> str:
        return f"{self.tool.name}-{self.number + 1}-{self.kind}"


def cases() -> Iterator[Case]:
    for tool in reen.default_registry().mappings:
        for number, table in enumerate(tool.tables):
            if table.kind not in SCHEMA_OF_KIND:
                continue
            schema = SCHEMA_OF_KIND[table.kind]
            headers: dict[str, str] = {}
            signed = set(map(key_of, signature_of(table)))
            for header, rule in table.columns.items():
                known = headers.get(rule.column)
                better = known is None or (
                    (table.columns[known].preference, key_of(known) not in signed)
                    > (rule.preference, key_of(header) not in signed)
                )
                if rule.column in schema and better:
                    headers[rule.column] = header
            yield Case(tool, number, headers)


def signature_of(table: TableMapping) -> tuple[str, ...]:
    return table.signature[0] if table.signature else ()


def value_of(column: Column, draw: random.Random) -> object:
    """Draw a value of a column."""
    if column.values:
        return draw.choice([each for each in column.values if each != "unknown"])
    if column.kind is ColumnKind.NUMBER:
        return float(draw.randint(1, 8))
    if column.kind is ColumnKind.DATE:
        return dt.date(2015, 1, 1) + dt.timedelta(days=draw.randrange(3000))
    if column.kind is ColumnKind.BOOLEAN:
        return draw.random() < 0.5
    if column.name in WORDS:
        return draw.choice(WORDS[column.name])
    return f"{column.name[:3]} {draw.randint(100, 999)}"


def rows_of(case: Case, draw: random.Random) -> list[dict[str, object]]:
    """Draw some rows, each with what its table needs."""
    schema = SCHEMA_OF_KIND[case.kind]
    names = [name for name in case.headers if name not in NOT_WRITTEN]
    rows = []
    for number in range(draw.randint(1, 4)):
        row = {name: value_of(schema[name], draw) for name in names if draw.random() < 0.8}
        row |= {name: f"u-{number}a7" for name in ("id", "meter_id") if name in names}
        row["quantity"] = 1.0
        if case.kind == "equipment":
            row |= device(case, number, draw)
        rows.append({name: row[name] for name in names if name in row})
    return rows


def device(case: Case, number: int, draw: random.Random) -> dict[str, object]:
    """Return what says which device a row is."""
    constants = case.table.constants
    said = [OF_CONSTANT[cell] for cell in constants.values() if cell in OF_CONSTANT]
    kind = draw.choice(said or [*MODELS])
    maker, model = MODELS[kind]
    return {
        "equipment_type": kind,
        "manufacturer": maker,
        "model": model,
        "serial_number": f"SN48{number}XB{kind[:2].upper()}",
        "asset_tag": f"A7{number}",
    }


def written(case: Case, rows: list[dict[str, object]]) -> bytes:
    """Return the rows as the tool writes them."""
    table = case.table
    header = list(dict.fromkeys((*signature_of(table), *case.headers.values())))
    seen: set[str] = set()
    header = [each for each in header if not (key_of(each) in seen or seen.add(key_of(each)))]
    column_of = {key_of(text): name for name, text in case.headers.items()}
    told = {key_of(rule.header): rule.values for rule in table.set_aside}
    lines = [header]
    for number, row in enumerate(rows):
        cells = []
        for text in header:
            name = column_of.get(key_of(text), "")
            cell = "" if name not in row or row[name] is None else as_tool(case, name, row[name])
            if name == "name" or (not cell and "" in told.get(key_of(text), ())):
                cell = cell or f"N-{number}"
            cells.append(cell)
        lines.append(cells)
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(lines)
    return file.getvalue().encode()


def as_tool(case: Case, name: str, value: object) -> str:
    """Return a canonical value in the words and the unit of a tool."""
    rule = case.rule(name)
    column = SCHEMA_OF_KIND[case.kind][name]
    if isinstance(value, float):
        if rule.unit:
            # memory and storage are of one item each
            own = column.unit.removesuffix("/item")
            value *= conversion_factor(own, read_unit(rule.unit) or rule.unit, what=name)
        return f"{value:.10g}"
    if isinstance(value, bool):
        return "true" if value else "false"
    words = case.table.words.get(name, {})
    second = case.table.words.get(rule.also, {})
    for word, meaning in words.items():
        if meaning == value and word and word not in second:
            return word
    return str(value)


def canonical(case: Case, rows: list[dict[str, object]]) -> bytes:
    """Return the same rows under canonical headers."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    schema = SCHEMA_OF_KIND[case.kind]
    units = {name: schema[name].unit for name in names}
    header = [
        f"{name} [{units[name]}]" if units[name] not in ("", "1", "item") else name
        for name in names
    ]
    lines = [header]
    lines += [["" if row.get(name) is None else plain(row[name]) for name in names] for row in rows]
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(lines)
    return file.getvalue().encode()


def plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def cells_of(inventory: reen.Inventory, kind: str, columns: list[str]) -> list[dict[str, object]]:
    """Return the cells of some columns, blank where a table has no such column."""
    table, schema = inventory.tables[kind], SCHEMA_OF_KIND[kind]
    there = [name for name in columns if name in table.column_names]
    factors = {
        name: conversion_factor(unit.decode(), schema[name].unit, what=name)
        for name in there
        if (unit := (table.schema.field(name).metadata or {}).get(b"unit")) is not None
    }
    return [
        {name: rounded(row.get(name), factors.get(name, 1.0)) for name in columns}
        for row in table.select(there).to_pylist()
    ]


def rounded(value: object, factor: float) -> object:
    if isinstance(value, float):
        return None if math.isnan(value) else float(f"{value * factor:.9g}")
    return value


CASES = list(cases())


def read_back(case: Case, rows: list[dict[str, object]]) -> reen.Inventory:
    places = case.table.sheets or case.table.files
    name = f"{places[0].strip('*')}.csv" if places else "parc.csv"
    return reen.read(written(case, rows), name=name)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_a_tool_writes_is_read_as_it_was(case: Case, seed: int) -> None:
    rows = rows_of(case, random.Random(seed))  # noqa: S311 - the same rows each time
    found = read_back(case, rows)
    (report,) = found.reports
    assert (report.tool, report.kind) == (case.tool.name, case.kind)
    expected = reen.read(canonical(case, rows), name=f"{case.kind}.csv")
    columns = sorted({name for row in rows for name in row})
    assert cells_of(found, case.kind, columns) == cells_of(expected, case.kind, columns)
    assert found.account.rows_of(Fate.COUNTED) == found.account.rows == len(rows)
    assert not found.account.doubts
    assert not expected.account.doubts
