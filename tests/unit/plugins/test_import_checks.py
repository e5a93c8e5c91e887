"""What an importer returns is looked at: an account that does not add up is its fault, by name."""

from __future__ import annotations

from pathlib import Path

import attrs
import pyarrow as pa
import pytest

import reen
from reen.plugin import Reason
from reen.plugin.files import Imported, ReadOptions, Sample, Sniff
from reen.plugins.contract_checks import checked_import
from reen.types import AccountLine, Fate, Issue, Merge, ReadReport, Severity

TABLE = pa.table({"equipment_type": ["laptop", "desktop"]})
REPORT = ReadReport(source="parc.csv", importer="mine")
REFUSED = Issue("quantity", "-1", "is negative", severity=Severity.REJECTED, rows=(4,))
BLANK = AccountLine(fate=Fate.SET_ASIDE, reason="blank", rows=2)
FOUND = Imported(table=TABLE, report=REPORT, rows_read=5, issues=(REFUSED,), lines=(BLANK,))


def refused(rows: int) -> AccountLine:
    return AccountLine(fate=Fate.REFUSED, rows=rows)


def merged(rows: int) -> AccountLine:
    return AccountLine(fate=Fate.MERGED, reason="twice", rows=rows, items=float(rows))


@attrs.frozen
class Mine:
    """An importer that returns what it was told to."""

    answer: object
    name: str = "mine"
    title: str = "Mine"

    def sniff(self, sample: Sample) -> Sniff:  # noqa: ARG002 - the contract's
        return Sniff(1.0)

    def read(self, path: Path, options: ReadOptions) -> object:  # noqa: ARG002
        return self.answer


def read(answer: object, tmp_path: Path) -> object:
    path = tmp_path / "parc.csv"
    path.write_text("x")
    registry = attrs.evolve(reen.default_registry(), importers={"mine": Mine(answer)})
    return reen.read(path, registry=registry)


def test_what_adds_up_is_read(tmp_path: Path) -> None:
    """5 rows = 2 counted + 2 blank + 1 refused, whose line follows from its issue."""
    found = read(FOUND, tmp_path)
    assert isinstance(found, reen.Inventory)
    assert (len(found), found.report) == (2, REPORT)
    assert str(found.account) == "parc.csv: 5 rows: 2 counted, 2 set aside (2 blank), 1 refused"
    assert found.account.refused == (REFUSED,)
    assert found.account.unknown_of(Fate.REFUSED) == 1


def test_a_refused_row_whose_quantity_is_known(tmp_path: Path) -> None:
    """The importer says it in a line of its own."""
    line = attrs.evolve(refused(1), items=3.0, reason="no type")
    found = read(attrs.evolve(FOUND, lines=(BLANK, line)), tmp_path)
    assert isinstance(found, reen.Inventory)
    assert found.account.items_of(Fate.REFUSED) == 3.0
    assert found.account.rows == 5


def test_merged_rows_are_named(tmp_path: Path) -> None:
    """Each with the row that it is merged into."""
    merge = Merge("parc.csv", 3, "parc.csv", 2, Reason("row_total"))
    twice = attrs.evolve(FOUND, rows_read=6, lines=(BLANK, merged(1)), merges=(merge,))
    found = read(twice, tmp_path)
    assert isinstance(found, reen.Inventory)
    assert found.account.merges == (merge,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"rows_read": 6},
            "parc.csv does not add up: 6 rows read are not 2 counted + 0 merged + 2 set aside + 1",
        ),
        ({"lines": ()}, "5 rows read are not 2 counted + 0 merged + 0 set aside + 1 refused"),
        ({"lines": (BLANK, refused(2))}, "reports 2 refused rows, and has issues for 1"),
        (
            {"lines": (attrs.evolve(BLANK, rows=-1),)},
            "reports -1 as blank, rows; expected a number of rows",
        ),
        ({"rows_read": 5.5}, "reports 5.5 as rows_read; expected a number of rows"),
        (
            {"lines": (attrs.evolve(BLANK, items=float("nan")),)},
            "reports nan items as blank",
        ),
        (
            {"lines": (BLANK, attrs.evolve(BLANK, fate=Fate.COUNTED))},
            "gave a line of counted rows: these are the rows of its table",
        ),
        (
            {"lines": (BLANK, merged(1)), "rows_read": 6},
            "merged 1 rows of parc.csv, and says of 0 into which: each needs a Merge",
        ),
    ],
    ids=["sum", "lines", "refused", "negative", "fraction", "items", "counted", "merges"],
)
def test_an_account_that_does_not_add_up(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    """The importer is named, with the figures."""
    with pytest.raises(reen.errors.PluginError) as caught:
        read(attrs.evolve(FOUND, **change), tmp_path)
    assert message in str(caught.value)
    assert caught.value.plugin == "importer mine"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, "returned None instead of Imported"),
        (TABLE, "instead of Imported: see its contract"),
        (attrs.evolve(FOUND, table=[1]), "returned [1] instead of a pyarrow table"),
        (attrs.evolve(FOUND, report=None), "returned None instead of a ReadReport"),
        (attrs.evolve(FOUND, issues=("bad",)), "returned 'bad' instead of an Issue"),
        (attrs.evolve(FOUND, lines=("bad",)), "returned 'bad' instead of an AccountLine"),
        (attrs.evolve(FOUND, issues=None), "returned None instead of a tuple of Issue"),
        (attrs.evolve(FOUND, kind="tickets"), "returned a table of kind 'tickets'"),
    ],
    ids=["nothing", "table", "rows", "report", "issue", "line", "issues", "kind"],
)
def test_something_else(tmp_path: Path, answer: object, message: str) -> None:
    """Whatever it promises."""
    with pytest.raises(reen.errors.PluginError) as caught:
        read(answer, tmp_path)
    assert message in str(caught.value)


def test_every_part_is_accounted_for_by_itself() -> None:
    """Two machines of three rows, the third refused: without its issue, a row is lost."""
    machines = Imported(
        table=pa.table({"id": ["a", "b"]}),
        report=ReadReport(source="vm.csv", importer="mine"),
        rows_read=3,
        kind="virtual_machines",
        issues=(attrs.evolve(REFUSED, source="vm.csv"),),
    )
    assert checked_import("importer mine", [FOUND, machines]) == [FOUND, machines]
    with pytest.raises(reen.errors.PluginError, match="3 rows read are not 2 counted"):
        checked_import("importer mine", [FOUND, attrs.evolve(machines, issues=())])
