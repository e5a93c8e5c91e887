"""Statuses: what is retired, lost, in stock or unknown, for every bundled method that counts it."""

from __future__ import annotations

import pyarrow as pa
import pytest

import reen
from reen.plugin.arrays import Status

METHODS = ("base-carbone", "declared")


def measure(status: str | None, method: str = "base-carbone") -> reen.Footprint:
    """Return the footprint of one laptop with a status."""
    table = pa.table(
        {
            "equipment_type": ["laptop"],
            "country": ["FR"],
            "lifetime": [4.0],
            "annual_energy": [100.0],
            "declared_footprint": [200.0],
            "status": pa.array([status], pa.string()),
        }
    )
    return reen.measure(reen.Inventory.from_arrow(table), method=method, as_of="2022-12-31")


def reasons(footprint: reen.Footprint) -> set[tuple[str, str, str]]:
    return {(row.kind, row.status.label, str(row.reason)) for row in footprint.coverage}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("status", ["retired", "lost"])
def test_what_is_gone_is_excluded_by_name(method: str, status: str) -> None:
    """Every flow kind of both methods names the status."""
    assert {(label, why) for _, label, why in reasons(measure(status, method))} == {
        ("excluded", f"status {status}")
    }


@pytest.mark.parametrize("method", METHODS)
def test_what_is_gone_leaves_nothing_to_assess(method: str) -> None:
    """Nothing assessed is not zero: the total says so."""
    assert str(measure("retired", method).total()) == "nothing assessed"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("status", ["in_use", "loaned", "in_repair", "in_stock"])
def test_what_is_there_has_an_embedded_share(method: str, status: str) -> None:
    """156 / 4 = 39 kg by the element, 200 / 4 = 50 kg as declared."""
    footprint = measure(status, method)
    stage, kilograms = {
        "base-carbone": (reen.Stage.EMBEDDED, 39.0),
        "declared": (reen.Stage.UNSPECIFIED, 50.0),
    }[method]
    assert footprint.stage_totals()[stage] == pytest.approx(kilograms, rel=1e-12)


@pytest.mark.parametrize("status", ["in_use", "loaned", "in_repair"])
def test_what_is_used_has_a_use_stage(status: str) -> None:
    """100 kWh x 0.052 = 5.2 kg."""
    use = measure(status).stage_totals()[reen.Stage.USE]
    assert use == pytest.approx(5.2, rel=1e-12)


def test_what_is_in_stock_has_no_use_stage() -> None:
    """The electricity is excluded by name."""
    assert ("electricity", "excluded", "status in_stock: not in use") in reasons(
        measure("in_stock")
    )


@pytest.mark.parametrize("status", [None, "unknown", "qui sait"])
def test_an_unknown_status_counts_as_in_use_and_is_flagged(status: str | None) -> None:
    """Blank, said to be unknown, or a word that nobody knows: assumed to be in use."""
    assert {tuple(map(str, row.assumptions)) for row in measure(status).coverage} == {
        ("status: unknown, taken as in use",)
    }


def test_without_a_status_column_everything_is_in_use() -> None:
    """A file without statuses lists what is in use: nothing is assumed."""
    inventory = reen.Inventory.from_arrow(
        pa.table({"equipment_type": ["laptop"], "lifetime": [4.0]})
    )
    footprint = reen.measure(inventory, method="base-carbone", as_of="2022-12-31")
    item = next(row for row in footprint.coverage if row.kind == "item")
    assert (item.status, item.assumptions) == (Status.ASSESSED, ())


@pytest.mark.parametrize(
    ("word", "status"),
    [("Réformé", "retired"), ("volée", "lost"), ("En stock", "in_stock"), ("En service", "in_use")],
)
def test_words_of_asset_managers(word: str, status: str) -> None:
    """A French word is the status it means, and stays readable beside it."""
    table = pa.table({"equipment_type": ["laptop"], "status": [word]})
    inventory = reen.Inventory.from_arrow(table)
    assert inventory.table["status"].to_pylist() == [status]
    assert inventory.table["status_raw"].to_pylist() == [word]


def test_a_word_that_nobody_knows_is_an_issue() -> None:
    """It is counted as unknown, and reported with its row."""
    table = pa.table({"equipment_type": ["laptop"] * 2, "status": ["in_use", "qui sait"]})
    (issue,) = reen.Inventory.from_arrow(table, source="parc").issues
    assert str(issue) == (
        "parc, row 1, column 'status': 'qui sait' is not known, counted as 'unknown'; expected a"
        " status such as in_use, in_stock, loaned, in_repair, retired, lost, unknown"
        " (value not used)"
    )


def test_an_unknown_quantity_of_what_is_gone_is_excluded() -> None:
    """The status decides first: a retired server of unknown number is not left out."""
    table = pa.table(
        {
            "equipment_type": ["server"],
            "quantity": pa.array([None], pa.float64()),
            "status": ["retired"],
        }
    )
    footprint = reen.measure(
        reen.Inventory.from_arrow(table), method="declared", as_of="2022-12-31"
    )
    assert footprint.coverage.left_out() == ()
    assert footprint.total().complete
