"""What an importer returns is looked at: a report that does not add up is its fault, by name."""

from __future__ import annotations

from pathlib import Path

import attrs
import pyarrow as pa
import pytest

import reen
from reen.plugins.import_checks import checked_import

TABLE = pa.table({"equipment_type": ["laptop", "desktop"]})
REPORT = reen.ReadReport(
    source="parc.csv", importer="mine", rows_read=5, records=2, ignored={"blank": 2}, rejected=1
)
REFUSED = reen.Issue("quantity", "-1", "is negative", severity=reen.Severity.REJECTED)
FOUND = reen.Imported(table=TABLE, issues=(REFUSED,), report=REPORT)


@attrs.frozen
class Mine:
    """An importer that returns what it was told to."""

    answer: object
    name: str = "mine"
    title: str = "Mine"

    def sniff(self, sample: reen.Sample) -> reen.Sniff:  # noqa: ARG002 - the contract's
        return reen.Sniff(1.0)

    def read(self, path: Path, options: reen.ReadOptions) -> object:  # noqa: ARG002
        return self.answer


def read(answer: object, tmp_path: Path) -> object:
    path = tmp_path / "parc.csv"
    path.write_text("x")
    registry = attrs.evolve(reen.default_registry(), importers={"mine": Mine(answer)})
    return reen.read(path, registry=registry)


def test_what_adds_up_is_read(tmp_path: Path) -> None:
    """5 rows = 2 records + 2 blank + 1 rejected, which has an issue."""
    found = read(FOUND, tmp_path)
    assert isinstance(found, reen.Inventory)
    assert (len(found), found.report) == (2, REPORT)


@pytest.mark.parametrize(
    ("report", "message"),
    [
        (
            {"rows_read": 6},
            "importer mine: its report of parc.csv does not add up: 6 rows read are not 2 records",
        ),
        ({"records": 3, "rejected": 0}, "reports 3 records in parc.csv, and returned 2 rows"),
        ({"rejected": 2, "ignored": {"blank": 1}}, "reports 2 rejected rows, and has issues for 1"),
        ({"ignored": {"blank": -1}, "rows_read": 2}, "reports -1 as blank; expected a number of r"),
        ({"rows_read": 5.5}, "reports 5.5 as rows_read; expected a number of rows"),
    ],
    ids=["sum", "records", "rejected", "negative", "fraction"],
)
def test_a_report_that_does_not_add_up(
    tmp_path: Path, report: dict[str, object], message: str
) -> None:
    """The importer is named, with the figures."""
    wrong = attrs.evolve(FOUND, report=attrs.evolve(REPORT, **report))
    with pytest.raises(reen.PluginError) as caught:
        read(wrong, tmp_path)
    assert message in str(caught.value)
    assert caught.value.plugin == "importer mine"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, "returned None instead of Imported"),
        (TABLE, "instead of Imported: see its contract"),
        (attrs.evolve(FOUND, table=[1]), "returned [1] instead of a pyarrow table"),
        (attrs.evolve(FOUND, report=None), "returned None instead of a ReadReport"),
        (
            attrs.evolve(FOUND, issues=("bad",)),
            "returned 'bad' among its issues instead of an Issue",
        ),
        (attrs.evolve(FOUND, issues=None), "returned None instead of a tuple of issues or reports"),
        (reen.ImportedSystem(equipment=TABLE), "as equipment instead of Imported"),
    ],
    ids=["nothing", "table", "rows", "report", "issue", "issues", "system"],
)
def test_something_else(tmp_path: Path, answer: object, message: str) -> None:
    """Whatever it promises."""
    with pytest.raises(reen.PluginError) as caught:
        read(answer, tmp_path)
    assert message in str(caught.value)


def test_every_report_of_a_system_is_looked_at() -> None:
    """Those of its linked tables too; their refused rows have issues of the system."""
    linked = reen.ReadReport(source="vm.csv", importer="mine", rows_read=3, records=2, rejected=1)
    system = reen.ImportedSystem(equipment=FOUND, reports=(REPORT, linked), issues=(REFUSED,))
    assert checked_import("importer mine", system) == [system]
    with pytest.raises(reen.PluginError, match="reports 2 rejected rows, and has issues for 1"):
        checked_import("importer mine", attrs.evolve(system, issues=()))
    lost = attrs.evolve(linked, rejected=0)
    with pytest.raises(reen.PluginError, match=r"its report of vm\.csv does not add up"):
        checked_import("importer mine", attrs.evolve(system, reports=(REPORT, lost)))
