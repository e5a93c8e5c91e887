"""Use where it takes place: the row's own energy, PUE and country of the data centre, by hand.

    use = n u E PUE M(country of the data centre, else of the row)

The same in every method but numecoeval, whose engine has rules of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pytest

import reen
from reen.plugin import Reason

METHODS = ("base-carbone", "ecodiag")


def inventory(centres: Mapping[str, list[object]] | None = None, **cells: object) -> reen.Inventory:
    """Return one server of 1,000 kWh a year, hosted in D, and data centres."""
    row = {
        "equipment_type": "server",
        "quantity": 1.0,
        "country": "FR",
        "annual_energy": 1000.0,
        "datacenter_id": "D",
        **cells,
    }
    table = pa.table({name: [cell] for name, cell in row.items() if cell is not None})
    return reen.Inventory.from_tables(
        equipment=table, datacenters=None if centres is None else pa.table(dict(centres))
    )


def electricity(source: reen.Inventory, method: str, **options: str) -> list[dict[str, object]]:
    """Return what is said of the electricity of each row."""
    configured = reen.configure(reen.default_registry().method(method), options)
    batches = reen.trace(source, method=configured, as_of="2023-12-31")
    rows = [row for batch in batches for row in batch.to_pylist()]
    return [row for row in rows if row["kind"] == "electricity"]


def total(source: reen.Inventory, method: str, **options: str) -> reen.Footprint:
    """Return a footprint at the end of 2023."""
    configured = reen.configure(reen.default_registry().method(method), options)
    return reen.measure(source, method=configured, as_of="2023-12-31")


@pytest.mark.parametrize("method", METHODS)
def test_the_pue_of_the_data_centre(method: str) -> None:
    """1,000 kWh x 1.5 = 1,500 kWh; where nothing hosts it, 1,000."""
    (row,) = electricity(inventory({"id": ["D"], "pue": [1.5], "country": ["FR"]}), method)
    assert row["amount"] == pytest.approx(1500.0, rel=1e-12)
    (row,) = electricity(inventory({"id": ["D"], "pue": [1.5]}, datacenter_id=None), method)
    assert row["amount"] == pytest.approx(1000.0, rel=1e-12)


def test_the_country_of_the_data_centre() -> None:
    """What stands in Germany draws the German mix, whatever the row says; twice x twice."""
    abroad = total(inventory({"id": ["D"], "pue": [1.0], "country": ["DE"]}), "base-carbone")
    there = total(inventory(datacenter_id=None, country="DE"), "base-carbone")
    here = total(inventory(datacenter_id=None), "base-carbone")
    use = reen.Stage.USE
    assert abroad.stage_totals()[use] == there.stage_totals()[use]
    assert abroad.stage_totals()[use] > 2.0 * here.stage_totals()[use]
    # a data centre that says nothing of its country stands where the row does
    silent = total(inventory({"id": ["D"], "pue": [1.0]}), "base-carbone")
    assert silent.stage_totals()[use] == here.stage_totals()[use]


@pytest.mark.parametrize("centres", [None, {"id": ["D"], "country": ["FR"]}])
@pytest.mark.parametrize("method", METHODS)
def test_a_pue_that_nobody_gives_is_named(
    method: str, centres: Mapping[str, list[object]] | None
) -> None:
    """A PUE is at least 1: what it adds is not counted, and the figure is a lower bound."""
    source = inventory(centres)
    (row,) = electricity(source, method)
    assert row["amount"] == pytest.approx(1000.0, rel=1e-12)
    assert "pue: not counted, since no source gives it" in str(row["assumptions"])
    footprint = total(source, method)
    assert footprint.total().lower_bound
    assert not footprint.total().complete


@pytest.mark.parametrize("method", METHODS)
def test_what_cannot_be_read_of_a_data_centre_takes_no_default(method: str) -> None:
    """A PUE of 0.9 is an error, not a blank."""
    footprint = total(inventory({"id": ["D"], "pue": [0.9], "country": ["FR"]}), method)
    reasons = {row.reason for row in footprint.coverage.left_out() if row.kind == "electricity"}
    assert reasons == {Reason("invalid", column="pue")}


def test_a_country_that_cannot_be_read() -> None:
    """The row's own country is no answer for a data centre that stands elsewhere."""
    centres = {"id": ["D"], "pue": [1.2], "country": [None], "country_raw": ["Francia"]}
    centres["country"] = pa.array([None], pa.string())
    footprint = total(inventory(centres), "base-carbone")
    reasons = {row.reason for row in footprint.coverage.left_out() if row.kind == "electricity"}
    assert reasons == {Reason("invalid", column="country")}


@pytest.mark.parametrize("method", [*METHODS, "numecoeval"])
def test_power_and_hours_of_the_row(method: str) -> None:
    """40 W x 2,088 h = 83.52 kWh; a power without hours says nothing; an unusable one is out."""
    laptop = {"equipment_type": "laptop", "annual_energy": None, "datacenter_id": None}
    (row,) = electricity(inventory(**laptop, power=40.0, usage_hours=2088.0), method)
    assert row["amount"] == pytest.approx(83.52, rel=1e-12)
    assert "from power, usage_hours" in str(row["assumptions"])
    (alone,) = electricity(inventory(**laptop, power=40.0), method)
    (without,) = electricity(inventory(**laptop), method)
    assert alone["amount"] == without["amount"]
    (refused,) = electricity(inventory(**laptop, power=-1.0, usage_hours=2088.0), method)
    assert refused["status"] == "left out"
    (own,) = electricity(
        inventory(**{**laptop, "annual_energy": 50.0}, power=40.0, usage_hours=2088.0), method
    )
    assert own["amount"] == 50.0
