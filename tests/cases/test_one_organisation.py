"""One organisation with everything, by every verb: fleet, room, machines, cloud, services, waste.

The files of `examples/small-organisation`, with a cloud instance and virtual machines on its
servers.  What a method does not count is named with its rows, and the figures of the verbs agree.
"""

from __future__ import annotations

import math
from pathlib import Path

import pyarrow as pa
import pytest

import reen

DAY = "2023-12-31"


@pytest.fixture(scope="module")
def everything(repository: Path) -> reen.Inventory:
    files = sorted((repository / "examples" / "small-organisation").glob("*.csv"))
    cloud = pa.table(
        {
            "id": ["CLOUD-1"],
            "equipment_type": ["cloud_instance"],
            "quantity": [2.0],
            "country": ["FR"],
            "ownership": ["third_party"],
        }
    )
    machines = pa.table(
        {
            "id": ["VM-1", "VM-2"],
            "host_id": ["SRV-2022", "SRV-2022"],
            "kind": ["compute", "compute"],
            "vcpu": [4.0, 12.0],
        }
    )
    return reen.read(files) + reen.Inventory.from_tables(equipment=cloud, virtual_machines=machines)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["beges-v5", "ghg-protocol"])
def test_the_lines_reconcile_with_the_footprint(everything: reen.Inventory, scheme: str) -> None:
    """BEGES lines sum to it; those of the GHG Protocol but for one named difference."""
    footprint = reen.measure(everything, method="base-carbone", as_of=DAY)
    stated = reen.statement(everything, method="base-carbone", scheme=scheme, as_of=DAY)
    outside = math.fsum(each.value for each in stated.outside)
    named = math.fsum(each.value for each in stated.differences)
    assert stated.footprint == pytest.approx(footprint.total().value, rel=1e-12)
    assert stated.total + outside - named == pytest.approx(stated.footprint, rel=1e-12)
    assert [each.reason.code for each in stated.differences] == (
        [] if scheme == "beges-v5" else ["statement_whole_purchases"]
    )
    assert stated.lower_bound


def test_refurbished_cloud_and_leased_items_are_named(everything: reen.Inventory) -> None:
    """The making of 25 refurbished laptops in 4.2, that of 2 instances of a third party in 4.4."""
    stated = reen.statement(everything, method="base-carbone", scheme="beges-v5", as_of=DAY)
    missing = {
        code: {(one.reason.code, one.quantity) for one in stated.line(code).missing}
        for code in ("4.2", "4.4")
    }
    assert missing["4.2"] == {("refurbishing_unpublished", 25.0)}
    assert missing["4.4"] == {("no_element", 2.0)}
    # 20 leased laptops over 4 years, and 6 leased copiers over 5
    assert stated.line("4.4").value == pytest.approx(20 * 156 / 4 + 6 * 87.9 / 5, rel=1e-3)


@pytest.mark.slow
def test_methods_side_by_side_agree_with_measure(everything: reen.Inventory) -> None:
    """Each column of `compare` is what `measure` gives; what one does not count is in its name."""
    names = ["base-carbone", "numecoeval", "ecodiag", "spend"]
    compared = reen.compare(everything, methods=names, as_of=DAY)
    for name in names:
        alone = reen.measure(everything, method=name, as_of=DAY)
        assert compared.footprints[name].total().value == pytest.approx(
            alone.total().value, rel=1e-12
        )
        counted = {each.table: each.counted for each in alone.boundary}
        assert counted["services"] is (name in {"base-carbone", "spend"})
        assert counted["equipment"] is (name != "spend")


@pytest.mark.slow
def test_tables_that_a_method_leaves_out_are_named(
    everything: reen.Inventory, tmp_path: Path
) -> None:
    """The room counts where its PUE does, the machines where the host is shared."""
    names = ["base-carbone", "numecoeval", "declared", "spend"]
    compared = reen.compare(everything, methods=names, as_of=DAY)
    rows = {name: table.num_rows for name, table in everything.tables.items()}
    left = {
        name: {each.table: each.rows for each in tables}
        for name, tables in compared.tables_left_out.items()
    }
    machines = {"virtual_machines": 2}
    of = {
        name: {name: rows[name]} for name in ("services", "disposals", "equipment", "datacenters")
    }
    assert left == {
        "base-carbone": machines,
        "numecoeval": of["services"] | of["disposals"],
        "declared": of["services"] | of["disposals"] | of["datacenters"] | machines,
        "spend": of["equipment"] | of["disposals"] | of["datacenters"] | machines,
    }
    assert "base-carbone: makes no figure of virtual_machines (2 rows)" in str(compared)
    reen.stored.write_comparison(compared, tmp_path / "compared.json")
    assert reen.stored.read_comparison(tmp_path / "compared.json") == compared
    fleet = reen.Inventory.from_arrow(everything.table)
    alone = reen.compare(fleet, methods=names[:2], as_of=DAY)
    assert alone.tables_left_out == {}


def test_rows_of_every_table_are_explained(everything: reen.Inventory) -> None:
    """A server with the PUE of its room: 4 x 2,600 kWh x 1.6; a bill; in both languages."""
    server = reen.explain(everything, row="SRV-2022", method="base-carbone", as_of=DAY)
    use = next(each for each in server.exchanges if each.kind == "electricity")
    assert use.amount == pytest.approx(4 * 2600 * 1.6)
    bill = reen.explain(everything, row="F-004", method="base-carbone", as_of=DAY)
    assert "12,000 EUR/year" in str(bill)


def test_machines_share_what_their_host_has(everything: reen.Inventory) -> None:
    """4 and 12 of 16 vCPU: a quarter and three quarters of the servers, whole together."""
    host = reen.measure(everything, method="numecoeval", as_of=DAY, by="id")
    rows = host.to_arrow().to_pylist()
    machines = reen.measure(
        everything, method="numecoeval", as_of=DAY, level="virtual_machine", by="id"
    )
    shares = machines.to_arrow().to_pylist()

    def of(table: list[dict[str, object]], name: str) -> float:
        values = [row["value"] for row in table if row["id"] == name]
        return math.fsum(float(v) for v in values if v is not None)  # type: ignore[arg-type]

    assert of(shares, "VM-1") == pytest.approx(of(rows, "SRV-2022") / 4, rel=1e-9)
    assert of(shares, "VM-2") == pytest.approx(of(rows, "SRV-2022") * 3 / 4, rel=1e-9)
