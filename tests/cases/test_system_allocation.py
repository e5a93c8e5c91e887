"""An information system whose allocation is not trivial, and every identity that must hold.

The system (figures by hand below; the server factor is invented, and labelled so):

    data centres     DC-A (Germany, PUE 1.5), DC-B (France, no PUE: 1.75)
    hosts            h1  server, DC-A, 3,000 kWh  three compute machines and two storage machines
                     h2  server, DC-B, 2,000 kWh  explicit shares 0.5 + 0.75 (over-allocated)
                     h3  server, DC-B, 1,000 kWh  explicit share 0.25 (three quarters left over)
                     h4  server, DC-B,   500 kWh  two compute machines, one of them without vCPU
                     h5  server, DC-A, 4,000 kWh  a compute machine with its own electricity
    others           pc  ten laptops, no host of anything

NumEcoEval's keys do not conserve: vCPU and storage are summed over all machines of a host, whatever
their kind, and each kind takes its own key; on h1 the shares add up to 0.875 + 0.875.

For every host, stage and criterion

    allocated + unallocated - over-allocated = impact of the host

and every machine here carries applications, so that application totals are machine totals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import reen
from reen.plugin import FactorPack

EXACT = 1e-12
AS_OF = "2024-12-31"

#: Invented: no server is like that.
MADE, SHIPPED, ENDED, ACID = 1200.0, 60.0, 12.0, 6.0
GERMANY, FRANCE, GERMAN_ACID = 0.5, 0.05, 0.002


def _row(
    flow: str, unit: str, stage: str, criterion: str, value: float, place: str = ""
) -> dict[str, str]:
    impact = "kgCO2e" if criterion == "climate_change" else "molHe"
    return {
        "flow": flow,
        "reference_unit": unit,
        "geography": place,
        "stage": stage,
        "criterion": criterion,
        "value": repr(value),
        "unit": f"{impact}/{unit}",
        "equipment_type": {"server-invented": "server", "laptop-invented": "laptop"}.get(flow, ""),
        "source": "INVENTED for this test: no server is like that",
    }


PACK = FactorPack.from_rows(
    name="invented",
    version="1",
    title="Invented factors",
    publisher="the test",
    licence="none",
    source="invented",
    factors=[
        _row("server-invented", "item", "manufacturing", "climate_change", MADE),
        _row("server-invented", "item", "distribution", "climate_change", SHIPPED),
        _row("server-invented", "item", "end_of_life", "climate_change", ENDED),
        _row("server-invented", "item", "manufacturing", "acidification", ACID),
        _row("laptop-invented", "item", "manufacturing", "climate_change", 200.0),
        _row("mix-de", "kWh", "use", "climate_change", GERMANY, "DE"),
        _row("mix-de", "kWh", "use", "acidification", GERMAN_ACID, "DE"),
        _row("mix-fr", "kWh", "use", "climate_change", FRANCE, "FR"),
    ],
)

HOSTS = ("h1", "h2", "h3", "h4", "h5")

#: Machine: (host, kind, vCPU, storage, explicit share, own electricity).
MACHINES: Mapping[str, tuple[str, str, float | None, float | None, float | None, float | None]] = {
    "m11": ("h1", "compute", 8.0, 4.0, None, None),
    "m12": ("h1", "compute", 4.0, 4.0, None, None),
    "m13": ("h1", "compute", 2.0, 2.0, None, None),
    "m14": ("h1", "storage", 1.0, 60.0, None, None),
    "m15": ("h1", "storage", 1.0, 10.0, None, None),
    "m21": ("h2", "compute", 8.0, None, 0.5, None),
    "m22": ("h2", "compute", None, None, 0.75, None),
    "m31": ("h3", "storage", None, None, 0.25, None),
    "m41": ("h4", "compute", 4.0, None, None, None),
    "m42": ("h4", "compute", None, None, None, None),
    "m51": ("h5", "compute", 6.0, None, None, 800.0),
    "m52": ("h5", "compute", 2.0, None, None, None),
}

#: Shares by hand: vCPU 8/16, 4/16, 2/16; storage 60/80, 10/80; explicit ones; none on h4.
SHARES = dict(
    zip(
        ("m11", "m12", "m13", "m14", "m15", "m21", "m22", "m31", "m51", "m52"),
        (0.5, 0.25, 0.125, 0.75, 0.125, 0.5, 0.75, 0.25, 0.75, 0.25),
        strict=True,
    )
)

#: Impact of each host by hand: lifetime 4 years, quantity 2 on h1.
ENERGY = {"h1": 2 * 3000.0, "h2": 2000.0, "h3": 1000.0, "h4": 500.0, "h5": 4000.0}
MIX = {
    "h1": GERMANY * 1.5,
    "h2": FRANCE * 1.75,
    "h3": FRANCE * 1.75,
    "h4": FRANCE * 1.75,
    "h5": GERMANY * 1.5,
}
ITEMS = {"h1": 2.0, "h2": 1.0, "h3": 1.0, "h4": 1.0, "h5": 1.0}


def build() -> reen.Inventory:
    """Return the system."""
    names = [*HOSTS, "pc"]
    equipment = pa.table(
        {
            "id": names,
            "equipment_type": ["server"] * 5 + ["laptop"],
            "quantity": [2.0, 1.0, 1.0, 1.0, 1.0, 10.0],
            "lifetime": [4.0] * 6,
            "annual_energy": [3000.0, 2000.0, 1000.0, 500.0, 4000.0, 30.0],
            "datacenter_id": ["DC-A", "DC-B", "DC-B", "DC-B", "DC-A", None],
            "country": ["FR"] * 6,
        }
    )
    columns = list(zip(*MACHINES.values(), strict=True))
    numbers = {
        name: pa.array(columns[k], pa.float64())
        for k, name in enumerate(("vcpu", "storage", "allocation_share", "annual_energy"), start=2)
    }
    machines = pa.table(
        {"id": list(MACHINES), "host_id": columns[0], "kind": columns[1], **numbers}
    )
    # m11 carries three applications, m21 two, the others one; "shared" stands on several machines
    carried = {
        "m11": ("payroll", "mail", "shared"),
        "m21": ("mail", "shared"),
    }
    rows = [
        (name, machine)
        for machine in MACHINES
        for name in carried.get(machine, ("shared" if machine in ("m14", "m31") else machine,))
    ]
    applications = pa.table(
        {
            "id": [name for name, _ in rows],
            "environment": ["Production"] * len(rows),
            "virtual_machine_id": [machine for _, machine in rows],
        }
    )
    return reen.Inventory.from_tables(
        equipment=equipment,
        datacenters=pa.table(
            {
                "id": ["DC-A", "DC-B"],
                "country": ["DE", "FR"],
                "pue": pa.array([1.5, None], pa.float64()),
            }
        ),
        virtual_machines=machines,
        applications=applications,
    )


@pytest.fixture(scope="module")
def system() -> reen.Inventory:
    return build()


def impacts(
    system: reen.Inventory, level: str, by: str, **options: str
) -> dict[tuple[str, str, str], float]:
    """Return the impacts by (row name, stage, criterion) at one level."""
    method = reen.configure(reen.default_registry().method("numecoeval"), options)
    footprint = reen.measure(system, method=method, factors=[PACK], as_of=AS_OF, level=level, by=by)
    return {
        (row[by], row["stage"], row["criterion"]): row["value"]
        for row in footprint.to_arrow().to_pylist()
        if row["value"] is not None and not math.isnan(row["value"])
    }


def by_stage(found: Mapping[tuple[str, str, str], float]) -> dict[tuple[str, str], float]:
    """Return the sums by (stage, criterion)."""
    sums: dict[tuple[str, str], list[float]] = {}
    for (_, stage, criterion), value in found.items():
        sums.setdefault((stage, criterion), []).append(value)
    return {key: math.fsum(values) for key, values in sums.items()}


def host_impact(host: str, stage: str, criterion: str = "climate_change") -> float:
    """Return a host's impact by hand."""
    if stage == "use":
        return ENERGY[host] * MIX[host] if criterion == "climate_change" else 0.0
    factor = {"manufacturing": MADE, "distribution": SHIPPED, "end_of_life": ENDED}[stage]
    return ITEMS[host] * (factor if criterion == "climate_change" else ACID) / 4.0


def test_hosts_by_hand(system: reen.Inventory) -> None:
    """h1: 2 x 1200 / 4 = 600 made, 6,000 kWh x 0.5 x 1.5 = 4,500 used; h2: 300 and 175..."""
    found = impacts(system, "equipment", "id")
    for host in HOSTS:
        for stage in ("manufacturing", "distribution", "end_of_life", "use"):
            expected = host_impact(host, stage)
            assert found[host, stage, "climate_change"] == pytest.approx(expected, rel=EXACT)
    assert found["h1", "manufacturing", "climate_change"] == pytest.approx(600.0)
    assert found["h1", "use", "climate_change"] == pytest.approx(4500.0)
    assert found["h2", "use", "climate_change"] == pytest.approx(175.0)


def test_machines_by_hand(system: reen.Inventory) -> None:
    """m11 gets 8/16 of h1, m14 60/80 of it as well, m22 its explicit 0.75, those of h4 nothing."""
    found = impacts(system, "virtual_machine", "id")
    for machine, share in SHARES.items():
        host = MACHINES[machine][0]
        expected = share * host_impact(host, "manufacturing")
        made = found[machine, "manufacturing", "climate_change"]
        assert made == pytest.approx(expected, rel=EXACT), machine
    assert not [key for key in found if key[0] in ("m41", "m42")]


def test_own_electricity_stands_apart(system: reen.Inventory) -> None:
    """m51: 800 kWh x 0.5 x 1.5 = 600 kg of its own, not 0.75 of the 3,000 kg of h5."""
    found = impacts(system, "virtual_machine", "id")
    assert found["m51", "use", "climate_change"] == pytest.approx(600.0, rel=EXACT)
    assert found["m52", "use", "climate_change"] == pytest.approx(0.25 * 3000.0, rel=EXACT)
    balance = balance_of(system)
    (row,) = [r for r in balance if (r["host"], r["stage"]) == ("h5", "use") and _is_climate(r)]
    assert row["own_use"] == pytest.approx(600.0, rel=EXACT)
    assert row["allocated"] == pytest.approx(750.0, rel=EXACT)
    assert row["unallocated"] == pytest.approx(2250.0, rel=EXACT)


def _is_climate(row: Mapping[str, object]) -> bool:
    return row["criterion"] == "climate_change"


def balance_of(system: reen.Inventory, **options: str) -> list[dict[str, object]]:
    method = reen.configure(reen.default_registry().method("numecoeval"), options)
    table = reen.allocation_balance(system, method=method, factors=[PACK], as_of=AS_OF)
    rows: list[dict[str, object]] = table.to_pylist()
    return rows


def number(row: Mapping[str, object], name: str) -> float:
    value = row[name]
    return value if isinstance(value, float) else 0.0


def test_balance_of_every_host(system: reen.Inventory) -> None:
    """Allocated + unallocated - over-allocated = impact, whatever the keys do.

    h1: 0.875 by vCPU and 0.875 by storage: over-allocated by three quarters of the host.
    h2: 1.25: over by a quarter.  h3: 0.25: three quarters left.  h4: nothing allocated.
    """
    rows = balance_of(system)
    assert {row["host"] for row in rows} == set(HOSTS)
    shares = {(row["host"], row["stage"]): number(row, "share") for row in rows if _is_climate(row)}
    expected = {"h1": 1.75, "h2": 1.25, "h3": 0.25, "h4": 0.0, "h5": 1.0}
    for (host, stage), share in shares.items():
        # the use of h5: m51 has its own electricity, only m52's quarter is allocated
        assert share == pytest.approx(
            0.25 if (host, stage) == ("h5", "use") else expected[str(host)]
        )
    for row in rows:
        impact = number(row, "impact")
        total = (
            number(row, "allocated") + number(row, "unallocated") - number(row, "over_allocated")
        )
        assert total == pytest.approx(impact, rel=EXACT)
        if _is_climate(row):
            by_hand = host_impact(str(row["host"]), str(row["stage"]))
            assert impact == pytest.approx(by_hand, rel=EXACT)


def test_applications_are_machines_are_hosts(system: reen.Inventory) -> None:
    """Application totals = machine totals = hosts - unallocated + over-allocated + own use.

    Per stage and criterion, to the last digits, and no term of it is zero:

        manufacturing, climate: hosts 600 + 4 x 300 = 1,800; unallocated 225 (h3) + 300 (h4);
        over 450 (h1) + 75 (h2): 1,800 = 1050 (h1) + 375 (h2) + 75 (h3) + 300 (h5).
    """
    machines = by_stage(impacts(system, "virtual_machine", "host_id"))
    applications = by_stage(impacts(system, "application", "id"))
    rows = balance_of(system)
    sums: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        cell = sums.setdefault((str(row["stage"]), str(row["criterion"])), {})
        for name in ("impact", "unallocated", "over_allocated", "own_use"):
            cell[name] = math.fsum([cell.get(name, 0.0), number(row, name)])
    assert set(machines) == set(applications) == set(sums)
    for key, cell in sums.items():
        hosts = cell["impact"] - cell["unallocated"] + cell["over_allocated"] + cell["own_use"]
        assert machines[key] == pytest.approx(hosts, rel=EXACT), key
        assert applications[key] == pytest.approx(machines[key], rel=EXACT), key
    made = sums["manufacturing", "climate_change"]
    assert made["impact"] == pytest.approx(1800.0)
    assert made["unallocated"] == pytest.approx(525.0)
    assert made["over_allocated"] == pytest.approx(525.0)
    assert machines["manufacturing", "climate_change"] == pytest.approx(1800.0)
    used = sums["use", "climate_change"]
    assert min(used.values()) > 0.0, "every term of the identity counts"


def test_hosts_of_the_balance_are_those_of_the_equipment(system: reen.Inventory) -> None:
    """Impacts of the balance = equipment without the laptops, which host nothing."""
    equipment = impacts(system, "equipment", "id")
    rows = balance_of(system)
    of_hosts = by_stage({key: value for key, value in equipment.items() if key[0] != "pc"})
    for (stage, criterion), total in of_hosts.items():
        mine = [
            number(row, "impact")
            for row in rows
            if (row["stage"], row["criterion"]) == (stage, criterion)
        ]
        assert math.fsum(mine) == pytest.approx(total, rel=EXACT)


def test_a_shared_application_adds_up_its_machines(system: reen.Inventory) -> None:
    """Application shared: a third of m11, half of m21, all of m14 and of m31.

    Manufacturing: 300 / 3 + 150 / 2 + 450 + 75 = 700 kg.
    """
    found = impacts(system, "application", "id")
    assert found["shared", "manufacturing", "climate_change"] == pytest.approx(700.0, rel=EXACT)


def test_a_blank_key_leaves_out_its_host_only(system: reen.Inventory) -> None:
    """h4: m42 has no vCPU, so neither m41 nor m42 gets a share, with the reason."""
    method = reen.default_registry().method("numecoeval")
    footprint = reen.measure(
        system, method=method, factors=[PACK], as_of=AS_OF, level="virtual_machine"
    )
    left_out = {(row.kind, str(row.reason)): row.rows for row in footprint.coverage.left_out()}
    assert left_out == {
        ("electricity", "vcpu blank on a machine of the host"): 2,
        ("item", "vcpu blank on a machine of the host"): 2,
    }


def test_equal_share_is_an_option(system: reen.Inventory) -> None:
    """With it, m41 and m42 get one half of h4 each; other hosts keep their keys."""
    found = impacts(system, "virtual_machine", "id", equal_share="true")
    usual = impacts(system, "virtual_machine", "id")
    assert found["m41", "manufacturing", "climate_change"] == pytest.approx(150.0, rel=EXACT)
    assert found["m42", "use", "climate_change"] == pytest.approx(0.5 * 43.75, rel=EXACT)
    assert {key: found[key] for key in usual} == usual


@pytest.mark.slow
def test_trace_and_explain_of_a_level_are_its_footprint(system: reen.Inventory) -> None:
    """The rows of the trace add up to the footprint; one of them is explained by its numbers."""
    for level in ("virtual_machine", "application"):
        table = reen.trace(
            system, method="numecoeval", factors=[PACK], as_of=AS_OF, level=level
        ).read_all()
        totals = by_stage(impacts(system, level, "id"))
        for (stage, criterion), total in totals.items():
            column = table[f"{criterion}.{stage}"]
            assert pc.sum(column).as_py() == pytest.approx(total, rel=EXACT)
    explanation = reen.explain(
        system,
        row="m14",
        level="virtual_machine",
        method="numecoeval",
        factors=[PACK],
        as_of=AS_OF,
    )
    found = impacts(system, "virtual_machine", "id")
    own = [value for key, value in found.items() if key[0] == "m14" and key[2] == "climate_change"]
    assert explanation.total() == pytest.approx(math.fsum(own), rel=EXACT)
    text = str(explanation)
    assert text.startswith("m14, row 3, storage, on h1")
    assert "0.75 (allocation_share)" in text
    assert "INVENTED for this test" in text


def test_an_application_row_is_named_by_its_place(system: reen.Inventory) -> None:
    """The application stands in four rows: the error says where, a position says which."""
    options = {"method": "numecoeval", "factors": [PACK], "as_of": AS_OF, "level": "application"}
    with pytest.raises(
        reen.errors.InventoryError, match=r"'shared' names several rows \(position 2, position 5"
    ):
        reen.explain(system, row="shared", **options)  # type: ignore[arg-type]
    explanation = reen.explain(system, row=2, **options)  # type: ignore[arg-type]
    assert "0.3333333333 (application_share)" in str(explanation)
    assert "on m11" in str(explanation)


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (
            lambda s: reen.measure(
                reen.Inventory.from_arrow(s.table), method="numecoeval", level="application"
            ),
            "level",
        ),
        (
            lambda s: reen.trace(
                reen.Inventory.from_arrow(s.table), method="numecoeval", level="application"
            ),
            "level",
        ),
        (
            lambda s: reen.explain(
                reen.Inventory.from_arrow(s.table), method="numecoeval", level="application"
            ),
            "level",
        ),
        (lambda s: reen.measure(s, method="numecoeval", level="rack"), "level"),
        (lambda s: reen.measure(s, method="base-carbone", level="application"), "level"),
        (
            lambda s: reen.allocation_balance(
                reen.Inventory.from_arrow(s.table), method="numecoeval"
            ),
            "source",
        ),
        (lambda s: reen.allocation_balance(s, method="base-carbone"), "level"),
        (lambda s: reen.allocation_balance(s, method="numecoeval", criteria=["water"]), "criteria"),
    ],
)
def test_levels_that_are_not_there(system: reen.Inventory, call: object, value: str) -> None:
    """A level, a method or a criterion that is not there is an option error that names it."""
    assert callable(call)
    with pytest.raises((reen.errors.OptionError, reen.errors.UnknownNameError)) as caught:
        call(system)
    if isinstance(caught.value, reen.errors.OptionError):
        assert caught.value.option == value


def test_the_data_centres_are_part_of_the_provenance(system: reen.Inventory) -> None:
    """Another PUE, another figure: the digest of what was measured must differ."""
    places = system.datacenters.set_column(
        system.datacenters.column_names.index("pue"), "pue", pa.array([1.2, 1.3], pa.float64())
    )
    other = reen.Inventory.from_tables(equipment=system.table, datacenters=places)
    options = {"method": "numecoeval", "factors": [PACK], "as_of": AS_OF}
    one = reen.measure(system, **options)  # type: ignore[arg-type]
    two = reen.measure(other, **options)  # type: ignore[arg-type]
    assert one.total().value != two.total().value
    assert one.provenance.rows_digest != two.provenance.rows_digest
