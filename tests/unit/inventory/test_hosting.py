"""Machines, hosts and applications: what no row shows alone is told, file by file."""

from __future__ import annotations

import pyarrow as pa

from reen.inventory.hosting import hosting_issues
from reen.types import Severity

EMPTY = pa.table({"id": pa.array([], pa.string())})
HOSTS = pa.table({"id": ["h1", "h2", "l1"], "equipment_type": ["server", "server", "laptop"]})


def told(**tables: pa.Table) -> dict[str, tuple[str, int, Severity]]:
    """Return, by the code of the reason, the value, the rows and the severity."""
    every = {"equipment": HOSTS, "virtual_machines": EMPTY, "applications": EMPTY, **tables}
    return {
        issue.reason.code: (issue.value, issue.count, issue.severity)
        for issue in hosting_issues(every, {"server"})
        if not isinstance(issue.reason, str)
    }


def test_an_inventory_of_equipment_alone_has_no_hosts() -> None:
    assert told() == {}


def test_machines_without_host_and_servers_without_machine() -> None:
    """m2 names no host; m3 neither, but is of a cloud; h2 hosts nothing, and a laptop need not."""
    machines = pa.table(
        {
            "id": ["m1", "m2", "m3"],
            "host_id": ["h1", None, None],
            "infrastructure": [None, "on_premises", "public_cloud"],
        }
    )
    assert told(virtual_machines=machines) == {
        "machine_without_host": ("", 1, Severity.CELL),
        "machine_of_cloud": ("public_cloud", 1, Severity.NOTE),
        "server_without_machine": ("h2", 1, Severity.NOTE),
    }
    assert told(virtual_machines=machines.select(["id"]))["machine_without_host"][1] == 3


def test_applications_without_machine() -> None:
    applications = pa.table({"id": ["a", "b"], "virtual_machine_id": ["m1", None]})
    assert told(applications=applications) == {
        "application_without_machine": ("", 1, Severity.CELL)
    }


def test_blanks_that_decide_of_an_allocation() -> None:
    """m1 says neither its kind nor its share; m2 its share; m3 its kind; m4 has no host.

    A table without the column leaves the question open for all rows: nothing is told of each.
    """
    machines = pa.table(
        {
            "id": ["m1", "m2", "m3", "m4"],
            "host_id": ["h1", "h2", "h1", None],
            "kind": [None, None, "compute", None],
            "allocation_share": [None, 0.5, None, None],
        }
    )
    found = told(virtual_machines=machines)
    assert found["machine_without_kind"] == ("", 1, Severity.CELL)
    assert "machine_without_kind" not in told(virtual_machines=machines.drop_columns(["kind"]))
    applications = pa.table(
        {"id": ["a", "b"], "virtual_machine_id": ["m1", "m2"], "environment": [None, "Test"]}
    )
    assert told(applications=applications) == {
        "application_without_environment": ("", 1, Severity.NOTE)
    }


def test_shares_that_exceed_their_host() -> None:
    """0.6 + 0.7 is more than h1; 0.333 + 0.667 is h2, but for rounding; NaN is no share."""
    machines = pa.table(
        {
            "id": ["a", "b", "c", "d", "e"],
            "host_id": ["h1", "h1", "h2", "h2", "h2"],
            "allocation_share": [0.6, 0.7, 0.333, 0.667, float("nan")],
        }
    )
    assert told(virtual_machines=machines) == {"shares_exceed_host": ("h1", 2, Severity.NOTE)}


def test_many_hosts_are_counted_in_one_issue() -> None:
    names = [f"h{k:02}" for k in range(30)]
    machines = pa.table(
        {"id": names, "host_id": names, "allocation_share": [1.5] * 30, "source": ["m.csv"] * 30}
    )
    every = {"equipment": HOSTS, "virtual_machines": machines, "applications": EMPTY}
    found = [i for i in hosting_issues(every, set()) if i.column == "allocation_share"]
    assert [issue.count for issue in found] == [1] * 20 + [10]
    assert {issue.source for issue in found} == {"m.csv"}
