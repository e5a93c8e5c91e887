"""Lists inside records as tables: whose part a row is, and what is no asset of its own."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.inventory.account import Fate
from reen.tables.headers.wording import EQUIPMENT_WORDING
from reen.tables.importing import Imported, ReadOptions
from reen.tables.mapping.loading import mapping_from_toml
from reen.tables.reader import read_tables
from reen.vocabulary.equipment_types import bundled_equipment_types

TOOL = """
name = "agent"
[[table]]
kind = "equipment"
signature = [["key", "device.serial"]]
[table.columns]
"key" = "id"
"device.kind" = "equipment_type"
"device.serial" = "serial_number"
"device.name" = "model"
"place" = "site"
"device.modules.size" = { column = "ram", unit = "MiB", combine = "sum" }
[[table.set_aside]]
header = "template"
values = ["1"]
reason = "row_template"
[[table.list]]
path = "device.modules"
[[table.list.set_aside]]
header = "port"
values = ["USB*"]
reason = "row_removable"
[[table.list]]
path = "device.screens"
kind = "equipment"
[table.list.columns]
"label" = "model"
"serial" = "serial_number"
[table.list.constants]
equipment_type = "monitor"
[[table.list.set_aside]]
header = "serial"
values = ["", "0000"]
reason = "row_internal_panel"
record = { equipment_type = ["laptop"] }
"""


def device(number: int, kind: str = "PC portable", **content: object) -> dict[str, object]:
    own = {"serial": f"SN{number:05}X", "name": f"Modele {number}", "kind": kind, **content}
    return {"key": f"d{number}", "place": "Mairie", "device": own}


def read(*records: object, country: str | None = None) -> dict[str, Imported]:
    options = ReadOptions(
        today=dt.date(2025, 6, 1),
        equipment_types=bundled_equipment_types(),
        mappings=(mapping_from_toml(TOOL, place="agent.toml"),),
        country=country,
    )
    data = json.dumps(list(records)).encode()
    parts = read_tables([("x.json", data)], options, EQUIPMENT_WORDING)
    assert sum(part.rows_read for part in parts) == sum(
        part.table.num_rows + part.uncounted.rows for part in parts
    )
    return {part.report.source: part for part in parts if part.table.num_rows}


def aside(*records: object) -> dict[str, int]:
    """Return the rows that are set aside, by reason."""
    options = ReadOptions(
        today=dt.date(2025, 6, 1),
        equipment_types=bundled_equipment_types(),
        mappings=(mapping_from_toml(TOOL, place="agent.toml"),),
    )
    found: Counter[str] = Counter()
    for part in read_tables(
        [("x.json", json.dumps(list(records)).encode())], options, EQUIPMENT_WORDING
    ):
        for line in part.uncounted.lines:
            assert line.fate is Fate.SET_ASIDE
            assert line.reason is not None
            found[line.reason.code] += line.rows
    return dict(found)


SCREEN = {"label": "P2423", "serial": "SC00001X"}


def test_a_row_has_the_id_of_its_record_and_stands_where_it_stands() -> None:
    parts = read(device(1), device(2, screens=[SCREEN]), country="FR")
    (screen,) = parts["x.json[device.screens]"].table.to_pylist()
    assert screen["parent_id"] == "d2"
    assert (screen["site"], screen["country"]) == ("Mairie", "FR")
    assert (screen["equipment_type"], screen["model"]) == ("monitor", "P2423")
    assert screen["serial_number"] == "SC00001X"
    assert parts["x.json"].table.num_rows == 2


def test_a_list_has_the_mapping_of_its_tool() -> None:
    parts = read(device(1, screens=[SCREEN]))
    assert parts["x.json[device.screens]"].report.mappings.keys() == {"agent"}


@pytest.mark.parametrize(
    ("kind", "screens", "counted"),
    [
        ("PC portable", [{"label": "panel", "serial": "0000"}, SCREEN], 1),
        ("PC portable", [{"label": "panel"}], 0),  # no serial at all
        ("PC portable", [{"label": "panel", "serial": None}, SCREEN], 1),
        ("Unité centrale", [{"label": "P2423", "serial": "0000"}, SCREEN], 2),
        ("Unité centrale", [{"label": "P2423"}], 1),
    ],
)
def test_the_panel_of_a_laptop_is_no_monitor(
    kind: str, screens: list[object], counted: int
) -> None:
    """A monitor without a serial number beside a desktop is one; a laptop's own panel is not."""
    parts = read(device(1, kind, screens=screens))
    found = parts.get("x.json[device.screens]")
    assert (0 if found is None else found.table.num_rows) == counted
    expected = {"row_internal_panel": len(screens) - counted} if counted < len(screens) else {}
    assert aside(device(1, kind, screens=screens)) == expected


def test_parts_of_a_record_that_is_not_counted_are_not_either() -> None:
    """A template has a screen, which nobody owns; the other computer keeps its own."""
    template = {**device(1, "Unité centrale", screens=[SCREEN]), "template": 1}
    other = device(2, "Unité centrale", screens=[{**SCREEN, "serial": "SC00002X"}])
    parts = read(template, {**other, "template": 0})
    (screen,) = parts["x.json[device.screens]"].table.to_pylist()
    assert screen["parent_id"] == "d2"
    assert aside(template, {**other, "template": 0}) == {
        "row_template": 1,
        "row_of_record_not_counted": 1,
    }


def test_what_is_set_aside_of_a_list_is_not_combined() -> None:
    """8192 + 8192 = 16384 MiB; the stick of 64000 on USB is no memory of the computer."""
    modules = [{"size": 8192}, {"size": 8192}, {"size": 64000, "port": "USB 3"}]
    part = read(device(1, modules=modules))["x.json"]
    assert part.table["ram"].to_pylist() == [16384.0]
    assert part.table.schema.field("ram").metadata == {b"unit": b"MiB"}
    assert aside(device(1, modules=modules)) == {"row_removable": 1, "row_inside_record": 2}


def test_what_cannot_be_added_is_told_and_never_a_smaller_sum() -> None:
    part = read(device(1, modules=[{"size": 8192}, {"size": "many"}]))["x.json"]
    assert str(part.table["ram"].to_pylist()) == "[nan]"
    assert [issue.reason.code for issue in part.issues if issue.column == "ram"] == ["no_number"]


def test_lists_that_nothing_names_are_counted_and_named() -> None:
    record = device(1, apps=[{"name": "a", "files": [{"f": 1}, {"f": 2}]}, {"name": "b"}])
    assert aside(record) == {"row_inside_record": 4}
    (told,) = [
        issue.reason
        for issue in read(record)["x.json"].issues
        if issue.reason.code == "lists_inside_records"
    ]
    assert dict(told.details) == {"count": 1, "lists": "device.apps (2)"}


def test_a_list_that_is_counted_is_not_called_uncounted() -> None:
    issues = read(device(1, screens=[SCREEN]))["x.json"].issues
    assert [issue.reason.code for issue in issues] == []


@pytest.mark.slow
@given(
    screens=st.lists(
        st.tuples(st.sampled_from(["PC portable", "Unité centrale"]), st.integers(0, 3)),
        min_size=1,
        max_size=4,
    )
)
def test_every_row_of_a_list_is_counted_or_set_aside(screens: list[tuple[str, int]]) -> None:
    """Whatever lies in which record, one screen in two having no serial number."""
    records = [
        device(
            at,
            kind,
            screens=[
                {"label": "P", "serial": f"SC{at}{n}00X" if n % 2 else None} for n in range(count)
            ],
        )
        for at, (kind, count) in enumerate(screens)
    ]
    found = read(*records).get("x.json[device.screens]")
    panels = sum((count + 1) // 2 for kind, count in screens if kind == "PC portable")
    expected = sum(count for _, count in screens) - panels
    assert (0 if found is None else found.table.num_rows) == expected
    assert aside(*records).get("row_internal_panel", 0) == panels
