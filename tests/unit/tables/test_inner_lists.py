"""Lists inside records: combined into a column of the record, or rows of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.tables.containers import Grid, open_container
from reen.tables.headers.header_words import key_of
from reen.tables.inner_lists import Unfolded, unfold
from reen.tables.mapping.mapping import ColumnRule, ListRule

MEMORIES = ListRule(path="content.memories")


def grid_of(*records: object) -> Grid:
    (grid,) = open_container("x", json.dumps(list(records)).encode())
    assert isinstance(grid, Grid)
    return grid


def device(number: int, **content: object) -> dict[str, object]:
    return {"deviceid": f"d{number}", "content": {"bios": {"ssn": f"S{number}"}, **content}}


def unfolded(grid: Grid, rules: Mapping[str, ColumnRule], *lists: ListRule) -> Unfolded:
    return unfold(grid, {key_of(header): rule for header, rule in rules.items()}, lists)


def column(grid: Grid, header: str) -> list[str | None]:
    assert grid.header is not None
    return list(grid.columns[grid.header.index(header)].to_pylist())


RAM = ColumnRule("ram", unit="MiB", combine="sum")
CAPACITY = "content.memories.capacity"


@pytest.mark.parametrize(
    ("modules", "total"),
    [
        (["4096", "4096"], "8192"),
        (["8192", None], "8192"),  # an empty slot
        (["8192", " "], "8192"),
        ([4096, 512.5], "4608.5"),
        ([None, None], None),  # not zero: nobody said it
        (["4096", "4 GB"], "4096; 4 GB"),  # not added up: the reading of numbers refuses it
        (["4096", "No module"], "4096; No module"),
        (["-1", "4096"], "-1; 4096"),
    ],
)
def test_a_sum_is_that_of_all_numbers_or_none(modules: list[object], total: str | None) -> None:
    """4096 + 4096 = 8192; text that is no number must not leave a sum of the others."""
    memories = [{"capacity": each} for each in modules]
    found = unfolded(grid_of(device(1, memories=memories)), {CAPACITY: RAM}, MEMORIES)
    assert column(found.grid, CAPACITY) == [total]


@given(modules=st.lists(st.lists(st.integers(0, 10**6), max_size=4), min_size=1, max_size=5))
def test_sums_are_those_of_each_record(modules: list[list[int]]) -> None:
    """A record without modules has none, whatever the records beside it have."""
    records = [
        device(at, memories=[{"capacity": each} for each in capacities])
        for at, capacities in enumerate(modules)
    ]
    rules = {CAPACITY: RAM, "content.memories": ColumnRule("cpu_sockets", combine="count")}
    found = unfolded(grid_of(*records), rules, MEMORIES)
    if any(modules):
        expected = [str(sum(each)) if each else None for each in modules]
        assert column(found.grid, CAPACITY) == expected
    assert sum(one.rows.height for one in found.lists) == sum(map(len, modules))


def test_the_first_and_the_number_of_rows() -> None:
    cpus = [{"name": None, "core": 2}, {"name": "Xeon", "core": 2}, {"name": "other", "core": 2}]
    rules = {
        "content.cpus": ColumnRule("cpu_sockets", combine="count"),
        "content.cpus.name": ColumnRule("cpu_model", combine="first"),
        "content.cpus.core": ColumnRule("cpu_cores", combine="sum"),
    }
    found = unfolded(grid_of(device(1, cpus=cpus), device(2)), rules)
    for header, cells in (("", ["3", None]), (".name", ["Xeon", None]), (".core", ["6", None])):
        assert column(found.grid, f"content.cpus{header}") == cells


@pytest.mark.parametrize("path", ["content.monitors", "CONTENT.MONITORS", "Content.Monitor"])
def test_a_list_of_one_is_a_list(path: str) -> None:
    """XML writes one monitor as an object alone: its columns become a row, of any spelling."""
    xml = (
        "<REQUEST><DEVICEID>d</DEVICEID><CONTENT><BIOS><SSN>S1</SSN></BIOS>"
        "<MONITORS><SERIAL>M1</SERIAL><SIZE><CM>60</CM></SIZE></MONITORS></CONTENT></REQUEST>"
    )
    (grid,) = open_container("x.xml", xml.encode())
    assert isinstance(grid, Grid)
    found = unfolded(grid, {}, ListRule(path=path))
    assert found.grid.header == ("DEVICEID", "CONTENT.BIOS.SSN")
    (one,) = found.lists
    assert one.rule is not None
    assert one.rows.place == "x.xml[CONTENT.MONITORS]"
    assert one.rows.header == ("(record)", "SERIAL", "SIZE.CM")
    assert one.rows.rows() == [("1", "M1", "60")]


def test_paths_begin_at_the_record() -> None:
    """In a page of results too, whose list has a path of its own."""
    page = {"results": [device(1, monitors=[{"serial": "M1"}, {"serial": "M2"}]), device(2)]}
    (grid,) = open_container("x", json.dumps(page).encode())
    assert isinstance(grid, Grid)
    found = unfolded(grid, {}, ListRule(path="content.monitors"))
    (one,) = found.lists
    assert one.rule is not None
    assert (one.rows.place, one.rows.height) == ("x[results.content.monitors]", 2)


def test_lists_that_no_rule_names_stay_lists() -> None:
    found = unfolded(grid_of(device(1, softwares=[{"name": "a"}])), {CAPACITY: RAM}, MEMORIES)
    (one,) = found.lists
    assert (one.path, one.rule, one.rows.height) == ("content.softwares", None, 1)


def test_only_the_rows_that_are_kept_are_combined() -> None:
    """A disk on USB is no part of the computer: 256060 is left of 256060 + 2000000."""
    disks = [{"disksize": 256060}, {"disksize": 2000000, "interface": "USB"}]
    rules = {key_of("content.storages.disksize"): ColumnRule("storage", unit="MB", combine="sum")}
    rule = ListRule(path="content.storages")

    def keep(_: ListRule, rows: Grid) -> Grid:
        return attrs_first(rows)

    found = unfold(grid_of(device(1, storages=disks)), rules, [rule], keep)
    assert column(found.grid, "content.storages.disksize") == ["256060"]
    assert found.lists[0].rows.height == 2  # what is left out is still told


def attrs_first(rows: Grid) -> Grid:
    """Return the first row of a grid."""
    columns = tuple(each.slice(0, 1) for each in rows.columns)
    return Grid(rows.place, columns, rows.lines[:1], rows.header, rows.details)
