"""The recorded runs of the NumEcoEval engine, line by line: 403 of engine 1.0 and 6 of its 2.2.0.

G4IT's tests publish a run of 14 June 2023 (`indicatorview.sql`): 21 items, and a figure or an error
by step and criterion, each with the numbers that made it.  The folder `recorded` holds its items,
and of each figure what the engine multiplied the factor by: recorded figure / factor of the trace
(use: / (kWh x mix)).  The factors beside them are invented; those of the run are not ours to give.
Three retirement dates of its rows were edited after the run: those of the traces stand.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import reen
from reen.plugin import FactorPack, Method
from reen_plugins.numecoeval.exporter import indicator_batches

RECORDED = Path(__file__).resolve().parents[1] / "fixtures" / "numecoeval" / "recorded"
NAMES = {
    "CLIMATE_CHANGE": "Climate change",
    "PARTICULATE_MATTER": "Particulate matter and respiratory inorganics",
    "IONISING_RADIATION": "Ionising radiation",
    "ACIDIFICATION": "Acidification",
    "RESOURCE_USE_MINERALS_METALS": "Resource use (minerals and metals)",
}
STEPS = {
    "FABRICATION": "MANUFACTURING",
    "DISTRIBUTION": "DISTRIBUTION",
    "FIN_DE_VIE": "END_OF_LIFE",
}
#: Item, step and criterion of a line.
Line = tuple[str, str, str]
#: The row whose model is written "Unknown", which the set of the run matches by that very word.
UNKNOWN_MODEL = "physical-eq-16"
#: A line that the published file has damaged: two lines run into one, the figure and unit of
#: climate change under the name of particulate matter.
DAMAGED = ("physical-eq-3327", "UTILISATION", "PARTICULATE_MATTER")


def rows(name: str) -> list[dict[str, str]]:
    """Return the lines of a file of the folder."""
    with (RECORDED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def recorded() -> dict[Line, str]:
    """Return the recorded multiplier of the factor, or ERREUR, by item, step and criterion."""
    return {
        (row["equipment"], row["step"], criterion): row[criterion]
        for row in rows("multipliers.csv")
        for criterion in NAMES
        if row[criterion]
    }


def expected() -> dict[Line, float | None]:
    """Return the figure of each line by the factors of the folder, None for an error."""
    factors, energy = {}, {}
    for row in rows("ref/itemImpact.csv"):
        mix = row["category"] == "electricity-mix"
        place = ("mix", row["location"]) if mix else (row["lifecycleStep"], row["name"])
        factors[(*place, row["criterion"])] = float(row["value"])
        energy[row["name"]] = float(row["avgElectricityConsumption"] or "nan")
    models = {row["itemSource"]: row["refItemTarget"] for row in rows("ref/matchingItem.csv")}
    types = {row["type"]: row["refDefaultItem"] for row in rows("ref/itemType.csv")}
    equipment = {row["nomEquipementPhysique"]: row for row in rows("in/equipements.csv")}
    found: dict[Line, float | None] = {}
    for (name, step, criterion), text in recorded().items():
        row = equipment[name]
        item = models.get(row["modele"]) or types[row["type"]]
        if text == "ERREUR":
            found[name, step, criterion] = None
        elif step == "UTILISATION":
            mix = factors["mix", row["paysDUtilisation"], criterion]
            found[name, step, criterion] = float(text) * energy[item] * mix
        else:
            found[name, step, criterion] = float(text) * factors[STEPS[step], item, criterion]
    return found


def engine(minimum_lifetime: float = 0.0, **options: object) -> Method:
    """Return the method as engine 1.0 computed: real lifetimes, and no floor of them."""
    method = reen.default_registry().method("numecoeval")
    return reen.configure(
        method, {"lifetime": "real", "minimum_lifetime": minimum_lifetime, **options}
    )


def as_recorded(inventory: reen.Inventory) -> reen.Inventory:
    """Return the inventory with the model that the run had, where ours reads no model."""
    table = inventory.table
    ids, models = table["id"], table["model"].cast(pa.string())
    written = pc.if_else(pc.equal(ids, UNKNOWN_MODEL), "Unknown", models)
    table = table.set_column(table.column_names.index("model"), "model", written)
    return reen.Inventory.from_tables(equipment=table, datacenters=inventory.datacenters)


def differing(inventory: reen.Inventory, method: Method) -> set[Line]:
    """Return the recorded lines that are not ours: figures to 1e-12, errors as errors."""
    lines = (
        indicator_batches(
            inventory,
            method=method,
            factors=[reen.read_factors(RECORDED / "ref")],
            as_of="2023-06-14",
        )
        .read_all()
        .to_pylist()
    )
    ours = {(line["equipmentName"], line["acvStep"], line["criteria"]): line for line in lines}
    found = set()
    for (name, step, criterion), figure in expected().items():
        line = ours[name, step, NAMES[criterion]]
        status, value = line["indicatorStatus"], line["unitImpact"]
        if figure is None:
            equal = status == "ERREUR" and value is None
        else:
            equal = status == "OK" and math.isclose(value, figure, rel_tol=1e-12)
        if not equal:
            found.add((name, step, criterion))
    return found


def test_403_recorded_lines() -> None:
    """402 are equal; the other one is a line that the published file has damaged.

    368 figures and 35 errors: 19 items by 4 steps and 5 criteria, 12 lines of physical-eq-3327 and
    11 of physical-eq-18345.  The damaged line names particulate matter and holds the figure of
    climate change, 3.29 kWh x 0.0813225 = 0.267551025 kgCO2e: 0.267551025 / (3.29 x 4.15844e-9) is
    the multiplier that it seems to have.
    """
    assert len(recorded()) == 403
    assert sum(text == "ERREUR" for text in recorded().values()) == 35
    assert float(recorded()[DAMAGED]) == 0.267551025 / (3.29 * 4.15844e-9)
    assert differing(as_recorded(reen.read(RECORDED / "in")), engine()) == {DAMAGED}


@pytest.mark.slow
def test_a_model_that_says_unknown_is_no_model() -> None:
    """Read from its file, the 20 lines of the one item whose model is "Unknown" are errors."""
    found = differing(reen.read(RECORDED / "in"), engine()) - {DAMAGED}
    assert len(found) == 20
    assert {name for name, _, _ in found} == {UNKNOWN_MODEL}


@pytest.mark.slow
def test_what_today_s_rules_compute_otherwise() -> None:
    """G4IT's floor of a year changes 5 items, the place of a hosted item that is no server one.

    Of less than a year: physical-eq-3392 (0.32), 12224 (0.91), 15728 (0.84), 2783 (0.70) and 7680
    (0.61), by 15 lines each.  physical-eq-3386 stands in Russia, of which the set has no mix.
    """
    inventory = as_recorded(reen.read(RECORDED / "in"))
    floor = differing(inventory, engine(1.0)) - {DAMAGED}
    short = {"3392", "12224", "15728", "2783", "7680"}
    assert {name.rpartition("-")[2] for name, _, _ in floor} == short
    assert len(floor) == 75
    place = differing(inventory, engine(hosted_mix="datacenter")) - {DAMAGED}
    assert {line[:2] for line in place} == {("physical-eq-3386", "UTILISATION")}
    assert len(place) == 5


def test_six_lines_of_engine_2_2() -> None:
    """Two servers, the one machine of each and the one application of each: the host's figure.

    2226.09317222576 / (1596 days / 365) = 509.1002555528837, and twice that by 907 days for two.
    Source: G4IT, `apievaluating/eval_nominal/export/ind_*.csv`.
    """
    ids = ["physical-eq-1", "physical-eq-2"]
    system = reen.Inventory.from_tables(
        equipment=pa.table(
            {
                "id": ids,
                "equipment_type": ["server"] * 2,
                "quantity": [1.0, 2.0],
                "purchase_date": pa.array(["2020-07-08"] * 2).cast(pa.date32()),
                "retirement_date": pa.array(["2024-11-20", "2023-01-01"]).cast(pa.date32()),
            }
        ),
        virtual_machines=pa.table(
            {
                "id": ["virtual-eq-1-1", "virtual-eq-2-1"],
                "host_id": ids,
                "kind": ["compute"] * 2,
                "vcpu": [4.0, 2.0],
            }
        ),
        applications=pa.table(
            {
                "id": ["application-1", "application-2"],
                "virtual_machine_id": ["virtual-eq-1-1", "virtual-eq-2-1"],
            }
        ),
    )
    pack = FactorPack.from_rows(
        name="run",
        version="1",
        title="Set of the run",
        publisher="G4IT",
        licence="Apache-2.0",
        source="itemImpact.csv of the run",
        factors=[
            {
                "flow": "blade",
                "reference_unit": "item",
                "stage": "manufacturing",
                "criterion": "climate_change",
                "value": "2226.09317222576",
                "unit": "kgCO2e/item",
                "source": "the run",
            }
        ],
        matching=[{"match": "type", "key": "server", "flow": "blade"}],
    )
    for level in ("equipment", "virtual_machine", "application"):
        footprint = reen.measure(
            system, engine(1.0), factors=[pack], as_of="2024-12-31", level=level, by="id"
        )
        rows = footprint.to_arrow().to_pylist()
        made = [row["value"] for row in rows if row["stage"] == "manufacturing"]
        assert made == pytest.approx([509.1002555528837, 1791.6736667307662], rel=1e-12), level
