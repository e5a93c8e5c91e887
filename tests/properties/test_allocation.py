"""Information systems: allocation loses and makes nothing, files may be cut and shuffled, or wrong.

For every host, stage and criterion: allocated + unallocated - over-allocated = the host's impact;
machines are what hosts gave and what they use of their own; applications are what machines gave.
"""

from __future__ import annotations

import functools
import math
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given, settings

import reen
from reen.plugin import FactorPack, Registry
from reen.types import Fate

#: Absolute error allowed, as a share of the sum of absolute values.
SHARE = 1e-12

AS_OF = "2022-12-31"

Row = dict[str, object]


def _factor(flow: str, unit: str, stage: str, value: float, place: str = "") -> dict[str, str]:
    return {
        "flow": flow,
        "reference_unit": unit,
        "geography": place,
        "stage": stage,
        "criterion": "climate_change",
        "value": repr(value),
        "unit": f"kgCO2e/{unit}",
        "equipment_type": "server" if unit == "item" else "",
        "source": "invented for the properties",
    }


PACK = FactorPack.from_rows(
    name="invented",
    version="1",
    title="Invented",
    publisher="the tests",
    licence="none",
    source="invented",
    factors=[
        _factor("server", "item", "manufacturing", 1234.5),
        _factor("server", "item", "end_of_life", -6.7),
        _factor("de", "kWh", "use", 0.61, "DE"),
        _factor("br", "kWh", "use", 0.09, "BR"),
    ],
)

positive = st.floats(0.01, 1e4, allow_nan=False)
share = st.one_of(st.none(), st.floats(0.0, 1.0))
blank_or = st.one_of(st.none(), positive)

hosts = st.lists(
    st.fixed_dictionaries(
        {
            "quantity": st.one_of(st.none(), st.just(1.0), st.floats(0.0, 50.0)),
            "lifetime": st.one_of(st.none(), st.floats(0.1, 20.0)),
            "annual_energy": blank_or,
            "datacenter_id": st.sampled_from([None, "de", "br", "nowhere"]),
            "country": st.sampled_from([None, "DE", "BR"]),
        }
    ),
    min_size=1,
    max_size=5,
)

machines = st.lists(
    st.fixed_dictionaries(
        {
            "host": st.integers(0, 6),  # 5 and 6 are no host
            "kind": st.sampled_from([None, "compute", "storage"]),
            "vcpu": st.one_of(st.none(), st.just(0.0), st.floats(0.5, 64.0)),
            "storage": blank_or,
            "allocation_share": share,
            "annual_energy": st.one_of(st.none(), st.none(), positive),
        }
    ),
    max_size=8,
)

applications = st.lists(
    st.fixed_dictionaries({"machine": st.integers(0, 9), "share": share}), max_size=12
)


def system_of(
    host_rows: Sequence[Row], machine_rows: Sequence[Row], application_rows: Sequence[Row]
) -> reen.Inventory:
    """Return a system of generated rows."""

    def table(rows: Sequence[Row], texts: Sequence[str], numbers: Sequence[str]) -> pa.Table:
        return pa.table(
            {name: pa.array([row.get(name) for row in rows], pa.string()) for name in texts}
            | {name: pa.array([row.get(name) for row in rows], pa.float64()) for name in numbers}
        )

    named_hosts = [
        row | {"id": f"h{k}", "equipment_type": "server"} for k, row in enumerate(host_rows)
    ]
    named_machines = [
        row | {"id": f"m{k}", "host_id": f"h{row['host']}"} for k, row in enumerate(machine_rows)
    ]
    named_applications = [
        row | {"id": f"a{k}", "virtual_machine_id": f"m{row['machine']}"}
        for k, row in enumerate(application_rows)
    ]
    return reen.Inventory.from_tables(
        equipment=table(
            named_hosts,
            ("id", "equipment_type", "datacenter_id", "country"),
            ("quantity", "lifetime", "annual_energy"),
        ),
        datacenters=pa.table(
            {
                "id": ["de", "br"],
                "country": ["DE", "BR"],
                "pue": pa.array([1.4, None], pa.float64()),
            }
        ),
        virtual_machines=table(
            named_machines,
            ("id", "host_id", "kind"),
            ("vcpu", "storage", "allocation_share", "annual_energy"),
        ),
        applications=table(named_applications, ("id", "virtual_machine_id"), ("share",)),
    )


TABLES = {
    "equipment": "equipment",
    "virtual_machine": "virtual_machines",
    "application": "applications",
}


def impacts(
    system: reen.Inventory, level: str, by: str, registry: Registry, **options: str
) -> dict[tuple[str, str], float]:
    """Return the impacts by (row name, stage); the rows not assessed are not there."""
    method = reen.configure(registry.method("numecoeval"), options)
    measure = functools.partial(
        reen.measure,
        method=method,
        factors=[PACK],
        as_of=AS_OF,
        level=level,
        by=by,
        registry=registry,
    )
    if not system.tables[TABLES[level]].num_rows:
        with pytest.raises(reen.errors.OptionError, match="level"):
            measure(system)
        return {}
    footprint = measure(system)
    return {
        (row[by], row["stage"]): row["value"]
        for row in footprint.to_arrow().to_pylist()
        if row["value"] is not None and not math.isnan(row["value"])
    }


def close(one: Sequence[float], other: Sequence[float]) -> bool:
    size = math.fsum(map(abs, [*one, *other]))
    # below the smallest normal number, a product loses digits whatever is done
    slack = SHARE * size + sys.float_info.min
    return abs(math.fsum(one) - math.fsum(other)) <= slack


@given(rows=hosts, guests=machines, runs=applications, equal=st.booleans())
@settings(max_examples=settings.default.max_examples // 3)
def test_allocation_loses_and_makes_nothing(
    registry: Registry,
    rows: list[Row],
    guests: list[Row],
    runs: list[Row],
    equal: bool,  # noqa: FBT001 - drawn by Hypothesis
) -> None:
    """The balance of every host, machines from hosts, applications from machines."""
    system = system_of(rows, guests, runs)
    options = {"equal_share": str(equal).lower()}
    method = reen.configure(registry.method("numecoeval"), options)
    table = []
    if guests:
        table = reen.allocation_balance(
            system, method=method, factors=[PACK], as_of=AS_OF, registry=registry
        ).to_pylist()
    equipment = impacts(system, "equipment", "id", registry, **options)
    machine = impacts(system, "virtual_machine", "id", registry, **options)
    given_to: dict[str, list[float]] = {}
    for row in table:
        if row["impact"] is not None:
            assert row["impact"] == pytest.approx(equipment[row["host"], row["stage"]], rel=1e-12)
            parts = [row["allocated"], row["unallocated"], -row["over_allocated"]]
            assert close(parts, [row["impact"]])
            assert row["allocated"] == pytest.approx(row["share"] * row["impact"], rel=1e-12)
        given_to.setdefault(row["stage"], []).extend(
            [row["allocated"] or 0.0, row["own_use"] or 0.0]
        )
    for stage in {stage for _, stage in machine} | set(given_to):
        mine = [value for (_, where), value in machine.items() if where == stage]
        assert close(mine, given_to.get(stage, [])), stage
    application = impacts(system, "application", "id", registry, **options)
    carried = {f"m{row['machine']}" for row in runs}
    explicit = any(row["share"] is not None for row in runs)
    if not explicit:  # equal parts: what machines that carry something have, no more and no less
        for stage in {stage for _, stage in machine}:
            here = [value for (_, where), value in application.items() if where == stage]
            there = [
                value
                for (name, where), value in machine.items()
                if where == stage and name in carried
            ]
            assert close(here, there), stage


@pytest.mark.slow
@given(rows=hosts, guests=machines, data=st.data())
@settings(max_examples=settings.default.max_examples // 3)
def test_a_blank_key_affects_its_host_only(
    registry: Registry, rows: list[Row], guests: list[Row], data: st.DataObject
) -> None:
    """One more machine without vCPU: machines of other hosts keep their figures, to the bit."""
    host = data.draw(st.integers(0, len(rows) - 1), label="host")
    blank: Row = {"host": host, "kind": "compute", "vcpu": None}
    before = impacts(system_of(rows, guests, []), "virtual_machine", "id", registry)
    after = impacts(system_of(rows, [*guests, blank], []), "virtual_machine", "id", registry)
    elsewhere = {f"m{k}" for k, row in enumerate(guests) if row["host"] != host}
    assert {key: value for key, value in before.items() if key[0] in elsewhere} == {
        key: value for key, value in after.items() if key[0] in elsewhere
    }
    lost = {
        f"m{k}"
        for k, row in enumerate(guests)
        if row["host"] == host and row["kind"] == "compute" and row["allocation_share"] is None
    }
    of_items = {key for key in after if key[0] in lost and key[1] != "use"}
    assert not of_items, "the vCPU of the whole host cannot be shared any more"


# -- files -------------------------------------------------------------------------------------

HEADERS: Mapping[str, Mapping[str, str]] = {
    "equipment": {
        "id": "nomEquipementPhysique",
        "equipment_type": "type",
        "quantity": "quantite",
        "lifetime": "dureeUsageInterne",
        "annual_energy": "consoElecAnnuelle",
        "datacenter_id": "nomCourtDatacenter",
        "country": "paysDUtilisation",
    },
    "machines": {
        "id": "nomEquipementVirtuel",
        "host_id": "nomEquipementPhysique",
        "kind": "typeEqv",
        "vcpu": "vCPU",
        "storage": "capaciteStockage",
        "allocation_share": "cleRepartition",
        "annual_energy": "consoElecAn",
    },
    "applications": {
        "id": "nomApplication",
        "environment": "typeEnvironnement",
        "virtual_machine_id": "nomEquipementVirtuel",
    },
}


def _written(rows: Sequence[Row], kind: str, order: random.Random, *, comma: bool) -> str:
    """Return rows as a file, columns and rows in any order."""
    columns = list(HEADERS[kind].items())
    order.shuffle(columns)
    lines = [";".join(header for _, header in columns)]
    for row in rows:
        cells = ["" if row.get(name) is None else str(row[name]) for name, _ in columns]
        lines.append(";".join(cell.replace(".", ",") if comma else cell for cell in cells))
    return "\n".join(lines) + "\n"


def _files(folder: Path, tables: Mapping[str, Sequence[Row]], *, seed: int | None) -> list[Path]:
    """Write the tables; with a seed, cut in two, shuffled, under other names."""
    order = random.Random(seed)  # noqa: S311 - no secret
    places = folder / "places.csv"
    places.write_text("nomCourtDatacenter;pue;localisation\nde;1.4;Germany\nbr;;Brésil\n", "utf-8")
    files = [places]
    for kind, rows in tables.items():
        parts = [list(rows)]
        if seed is not None:
            mixed = list(rows)
            order.shuffle(mixed)
            cut = order.randint(0, len(mixed))
            parts = [mixed[:cut], mixed[cut:]]
        for number, part in enumerate(parts):
            path = folder / f"{order.random()}-{kind}-{number}.csv"
            path.write_text(_written(part, kind, order, comma=seed is not None), "utf-8")
            files.append(path)
    if seed is not None:
        order.shuffle(files)
    return files


@pytest.mark.slow
@given(rows=hosts, guests=machines, runs=applications, seed=st.integers(0, 1000))
@settings(max_examples=max(2, settings.default.max_examples // 8))
def test_order_and_splitting_of_files_change_nothing(
    registry: Registry, rows: list[Row], guests: list[Row], runs: list[Row], seed: int
) -> None:
    """Rows, columns and files in any order, cut in two, with commas for points: equal figures."""
    kinds = {"compute": "calcul", "storage": "stockage", None: None}
    tables: dict[str, list[Row]] = {
        "equipment": [
            row | {"id": f"h{k}", "equipment_type": "Server"} for k, row in enumerate(rows)
        ],
        "machines": [
            row | {"id": f"m{k}", "host_id": f"h{row['host']}", "kind": kinds[row["kind"]]}  # type: ignore[index]
            for k, row in enumerate(guests)
        ],
        "applications": [
            {"id": f"a{k}", "environment": "Test", "virtual_machine_id": f"m{row['machine']}"}
            for k, row in enumerate(runs)
        ],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = reen.read(_files(folder, tables, seed=None))
        mixed = reen.read(_files(folder, tables, seed=seed))
    assert isinstance(plain, reen.Inventory)
    assert isinstance(mixed, reen.Inventory)
    for level in ("equipment", "virtual_machine", "application"):
        one = impacts(plain, level, "id", registry)
        other = impacts(mixed, level, "id", registry)
        assert set(one) == set(other), level
        for key, value in one.items():
            assert other[key] == pytest.approx(value, rel=1e-12), (level, key)


ANY_HEADER = st.sampled_from(
    [
        "",
        "nomCourtDatacenter;nomLongDatacenter;pue;localisation;nomEntite;",
        "nomEquipementPhysique;modele;quantite;nomCourtDatacenter;dateAchat;dateRetrait;type;statut",
        "nomEquipementPhysique;type;paysDUtilisation;consoElecAnnuelle;utilisateur;tauxUtilisation",
        "nomEquipementVirtuel;nomEquipementPhysique;cleRepartition;vCPU;typeEqv;capaciteStockage",
        "nomEquipementVirtuel;typeInfrastructure;quantite;provider;chargeMoy;annualUsageDuration",
        "nomApplication;typeEnvironnement;nomEquipementVirtuel;domaine",
    ]
)

CELLS = st.sampled_from(
    ["", "a", "1", "1,5", "-1", "1e400", "nan", "2020-02-31", "31/12/2020", '"', '""', "\x00", "é"]
)

CONTENT = st.one_of(
    st.binary(max_size=300),
    st.lists(st.lists(CELLS, max_size=14).map(";".join), max_size=6).map(
        lambda lines: "\n".join(lines).encode()
    ),
)


@given(header=ANY_HEADER, content=CONTENT, encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]))
@settings(max_examples=settings.default.max_examples // 2)
def test_any_bytes_end_in_issues_or_a_documented_error(
    header: str, content: bytes, encoding: str
) -> None:
    """No other exception, and no row lost: read = counted + set aside + refused."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "file.csv"
        path.write_bytes(header.encode(encoding) + b"\n" * bool(header) + content)
        try:
            found = reen.read(path)
        except reen.errors.PluginError:
            raise  # a failure of the importer itself
        except reen.ReenError:
            return
    assert found.account.rows >= found.account.rows_of(Fate.COUNTED) >= len(found)
