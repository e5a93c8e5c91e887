"""Information systems: references that dangle and names that come twice, told in plain words."""

from __future__ import annotations

import pyarrow as pa
import pytest

import reen

HOSTS = pa.table({"id": ["h1", "h2"], "equipment_type": ["server", "server"]})


def system(**tables: pa.Table) -> reen.Inventory:
    return reen.Inventory.from_tables(**{"equipment": HOSTS, **tables})


@pytest.mark.parametrize(
    ("tables", "column", "value", "what"),
    [
        (
            {
                "equipment": HOSTS.append_column("datacenter_id", [["DC-Z", None]]),
                "datacenters": pa.table({"id": ["DC-A"]}),
            },
            "equipment.datacenter_id",
            "DC-Z",
            "a data centre",
        ),
        (
            {"virtual_machines": pa.table({"id": ["m1"], "host_id": ["h9"]})},
            "virtual_machines.host_id",
            "h9",
            "an equipment row",
        ),
        (
            {"applications": pa.table({"id": ["mail"], "virtual_machine_id": ["m9"]})},
            "applications.virtual_machine_id",
            "m9",
            "a virtual machine",
        ),
    ],
)
def test_what_dangles_is_named(
    tables: dict[str, pa.Table], column: str, value: str, what: str
) -> None:
    """The row, the name and what it should have named."""
    table, _, name = column.partition(".")
    (issue,) = system(**tables).issues
    assert str(issue) == (
        f"{table}, row 0, column {name!r}: {value!r} refers to {what} that is not there;"
        f" expected the id of {what} (value not used)"
    )


def test_dangling_names_beyond_the_hundredth_are_counted() -> None:
    """130 machines on 125 hosts that are not there: 100 named, the 25 others in one issue.

    The last five machines are on the host of the last but one: 30 rows for 25 names.
    """
    hosts = [f"x{k:03}" for k in range(125)] + ["x124"] * 5
    machines = pa.table({"id": [f"m{k}" for k in range(130)], "host_id": hosts})
    issues = system(virtual_machines=machines).issues
    assert len(issues) == 101
    assert issues[-1].value == "(other names)"
    assert str(issues[-1].reason) == (
        "25 further names refer each to an equipment row that is not there"
    )
    assert issues[-1].rows == (100, 101, 102, 103, 104)
    assert sum(issue.count for issue in issues) == 130


def test_names_that_come_twice_beyond_the_hundredth_are_counted() -> None:
    """120 hosts that stand twice each: 100 named, the 20 others (40 rows) in one issue."""
    ids = [f"h{k}" for k in range(120)] * 2
    twice = pa.table({"id": ids, "equipment_type": ["server"] * 240})
    machine = pa.table({"id": ["m1"], "host_id": ["h0"]})
    issues = system(equipment=twice, virtual_machines=machine).issues
    assert [issue.count for issue in issues] == [2] * 100 + [40]
    assert str(issues[-1].reason) == (
        "20 further names stand in several rows each; references take the first"
    )


def test_what_is_there_is_no_issue() -> None:
    """A machine on a host of the system, and one without a host."""
    machines = pa.table({"id": ["m1", "m2"], "host_id": ["h1", None]})
    assert system(virtual_machines=machines).issues == ()
