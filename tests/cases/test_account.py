"""A refused row, a merged row and a doubt, followed from the file to every result."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reen
from reen.results.storage import read_footprint, write_footprint
from reen.types import Account, Fate, Issue, Severity

DAY = "2022-12-31"

#: 12 laptops (line 2), the same PC twice (3 and 5), a line too long (4), a total of 14 (6).
SHEET = (
    "Type;Modèle;N° de série;Quantité;Empreinte déclarée [kgCO2e/item];Durée de vie [year]\n"
    "PC portable;Latitude;;12;200;5\n"
    "PC fixe;OptiPlex;A1;1;300;6\n"
    "Écran;P2419H;;1;200;5;de trop\n"
    "PC fixe;OptiPlex;A1;1;300;6\n"
    "Total;;;14;;\n"
)
LINE = "parc.csv: 5 rows: 2 counted, 1 merged, 1 set aside (1 total), 1 refused"
DOUBT = Issue("lifetime", "60", "is long", severity=Severity.DOUBT, source="parc.csv", rows=(2,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "parc.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


@pytest.fixture
def footprint(path: Path) -> reen.Footprint:
    return reen.measure(path, method="declared", as_of=DAY)


def doubted(path: Path) -> reen.Inventory:
    """Return the inventory with a doubt, as a reader tells one."""
    found = reen.read(path)
    assert isinstance(found, reen.Inventory)
    told = found.account + Account.of(issues=[DOUBT])
    return attrs.evolve(found, read_account=told)


@pytest.mark.slow
def test_a_refused_row_makes_the_total_a_lower_bound(footprint: reen.Footprint) -> None:
    """12 x 200 / 5 + 300 / 6 = 530 kg, at least."""
    assert str(footprint.account) == LINE
    total = footprint.total()
    assert total.value == pytest.approx(530.0)
    assert (total.complete, total.lower_bound, total.doubtful) == (False, True, False)
    assert str(total) == ">= 530 kgCO2e/year"
    assert not footprint.coverage.left_out()
    assert footprint.coverage.account == footprint.account


def test_without_the_refused_row_it_is_complete(path: Path) -> None:
    """Merged rows and totals are no reason to doubt."""
    path.write_text(SHEET.replace("Écran;P2419H;;1;200;5;de trop\n", ""), encoding="utf-8")
    total = reen.measure(path, method="declared", as_of=DAY).total()
    assert total.complete
    assert str(total) == "530 kgCO2e/year"


def test_a_doubt_wins_over_a_lower_bound(path: Path) -> None:
    total = reen.measure(doubted(path), method="declared", as_of=DAY).total()
    assert (total.complete, total.lower_bound, total.doubtful) == (False, False, True)
    assert str(total) == "530 kgCO2e/year (incomplete, doubtful)"


def test_quantity_in_is_counted_merged_set_aside_and_refused(footprint: reen.Footprint) -> None:
    """13 items measured and 1 merged; the refused row stands for an unknown number."""
    account = footprint.account
    assert account.items_of(Fate.COUNTED) == 13.0
    assert sum(row.quantity for row in footprint.coverage) == 13.0
    assert account.items_of(Fate.MERGED) == 1.0
    assert account.unknown_of(Fate.REFUSED) == 1
    assert account.rows_of(Fate.COUNTED) == footprint.coverage.rows == footprint.fold.rows


@pytest.mark.slow
def test_it_adds_up_and_groups(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "autre.csv"
    other.write_text(
        "Type;Empreinte déclarée [kgCO2e/item];Durée de vie [year]\nPC;100;5\n", "utf-8"
    )
    by = {"method": "declared", "as_of": DAY, "by": "equipment_type"}
    both = reen.measure([path, other], **by)
    one, two = reen.measure(path, **by), reen.measure(other, **by)
    assert (one + two).account == (two + one).account == both.account
    assert both.by().account == both.account
    assert both.account.sources == ("autre.csv", "parc.csv")
    read = [reen.read(each) for each in (path, other)]
    assert (read[0] + read[1]).account == both.account  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 3])
def test_workers_give_the_same_account(path: Path, tmp_path: Path, workers: int) -> None:
    """Text files, each read by a worker, and a Parquet file in pieces."""
    files = [path]
    for k in range(3):
        files.append(tmp_path / f"parc{k}.csv")
        # a file given twice is read once, and one asset of two files is one
        files[-1].write_text(SHEET.replace("A1", f"B{k}"), encoding="utf-8")
    table = pa.table({"equipment_type": ["laptop"] * 50, "declared_footprint": [10.0] * 50})
    pq.write_table(table, tmp_path / "rest.parquet", row_group_size=7)
    files.append(tmp_path / "rest.parquet")
    alone = reen.measure(files, method="declared", as_of=DAY)
    with ThreadPoolExecutor(workers) as executor:
        shared = reen.measure(files, method="declared", as_of=DAY, executor=executor)
    assert shared.account == alone.account
    assert alone.account.rows == 4 * 5 + 50
    assert alone.account.rows_of(Fate.COUNTED) == alone.fold.rows
    held = reen.read(files)
    assert held.account == alone.account


@pytest.mark.parametrize("name", ["footprint.json", "footprint.parquet"])
def test_it_is_stored_with_the_footprint(path: Path, tmp_path: Path, name: str) -> None:
    made = reen.measure(doubted(path), method="declared", as_of=DAY)
    write_footprint(made, tmp_path / name)
    again = read_footprint(tmp_path / name)
    assert again == made
    assert again.account == made.account
    (merge,) = again.account.merges
    assert (merge.source, merge.row, merge.into_source, merge.into_row) == (
        *("parc.csv", 5),
        *("parc.csv", 3),
    )
    assert "the same serial number" in str(merge.reason)


def test_the_json_of_a_footprint_is_not_complete(footprint: reen.Footprint) -> None:
    content = json.loads(reen.stored.footprint_to_json(footprint))
    assert content["totals"][0]["complete"] is False
    assert content["totals"][0]["lower_bound"] is True
    assert content["account"]["complete"] is False
    assert (content["account"]["rows"], content["account"]["refused"]) == (5, 1)
    assert content["account"]["issues"][0]["rows"] == [4]


@pytest.mark.slow
def test_a_comparison_has_it(path: Path) -> None:
    compared = reen.compare(doubted(path), methods=["declared", "base-carbone"], as_of=DAY)
    assert compared.account == doubted(path).account
    assert all(total is None or total.doubtful for total in compared.totals().values())
    assert reen.stored.comparison_from_json(reen.stored.comparison_to_json(compared)) == compared
    assert (
        reen.compare(path, methods=["declared"] * 2, as_of=DAY).account == reen.read(path).account
    )


def test_an_indicator_has_it(path: Path) -> None:
    found = reen.indicators(
        inventory=reen.read(path),
        footprint=reen.measure(path, method="declared", as_of=DAY),
        names=["mean_lifetime", "fleet_assessed"],
    )
    for name in ("mean_lifetime", "fleet_assessed"):
        value = found.get(name)
        assert value.unread
        assert any("were refused or are doubtful" in str(note) for note in value.notes)
    assert found.get("fleet_assessed").ends == (0.0, 100.0)


def test_a_merged_row_is_explained_by_the_row_that_counts(path: Path) -> None:
    found = reen.explain(path, row="parc.csv:5", method="declared", as_of=DAY)
    assert found.remarks[0].text.startswith("is counted with row 3: it is the same asset")
    assert found.total() == pytest.approx(50.0)
    assert found.row.startswith("parc.csv:3")


def test_a_refused_row_is_explained_by_its_issue(path: Path) -> None:
    found = reen.explain(path, row="4", method="declared", as_of=DAY)
    assert "has 7 cells" in found.remarks[0].text
    assert not found.exchanges
    with pytest.raises(reen.errors.UnknownNameError):
        reen.explain(path, row="parc.csv:99", method="declared", as_of=DAY)


@attrs.frozen
class Nothing:
    """An exporter that writes no file."""

    name: str = "nothing"
    title: str = "No file"

    def export(self, *_: object) -> tuple[Path, ...]:
        return ()


@pytest.mark.slow
def test_an_export_tells(path: Path, tmp_path: Path) -> None:
    """Whatever the format, whose files have no place for it."""
    registry = attrs.evolve(reen.default_registry(), exporters={"nothing": Nothing()})
    (written,) = reen.export(
        path, tmp_path / "export", exporter="nothing", method="declared", registry=registry
    )
    assert written.name == "reen-account.json"
    content = json.loads(written.read_text(encoding="utf-8"))
    found = reen.read(path)
    assert Account.from_dict(content["account"]) == found.account


def test_data_in_memory_is_counted() -> None:
    """No file: the account says so, and holds every row."""
    table = pa.table({"equipment_type": ["laptop", "server"], "quantity": [3.0, None]})
    made: list[Callable[[], reen.Footprint]] = [
        lambda: reen.measure(table, method="base-carbone", as_of=DAY),
        lambda: reen.measure(reen.Inventory.from_arrow(table), method="base-carbone", as_of=DAY),
    ]
    for make in made:
        account = make().account
        assert str(account) == "rows in memory: 2 rows: 2 counted"
        assert account.items_of(Fate.COUNTED) == 3.0
        assert account.unknown_of(Fate.COUNTED) == 1
    one = reen.measure(reen.Equipment(equipment_type="laptop"), method="base-carbone")
    assert one.account.rows_of(Fate.COUNTED) == 1
