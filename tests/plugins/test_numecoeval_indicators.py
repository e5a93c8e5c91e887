"""The exporter `numecoeval-indicators`: the columns, statuses and traces of the indicator files."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import reen
from reen_plugins.numecoeval.exported_files import COLUMNS, FILES
from reen_plugins.numecoeval.exporter import indicator_batches

HERE = Path(__file__).resolve().parents[1] / "fixtures" / "numecoeval"
REFERENCE = HERE / "reference_en"
AS_OF = "2024-12-31"
LEVELS = tuple(FILES)


@pytest.fixture(scope="module")
def system() -> reen.Inventory:
    found = reen.read(
        [HERE / f"{n}.csv" for n in ("salles", "materiel", "machines", "applications")]
    )
    assert isinstance(found, reen.Inventory)
    return found


def lines(system: reen.Inventory, level: str, **labels: str) -> list[dict[str, object]]:
    table = indicator_batches(
        system, level=level, factors=[REFERENCE], as_of=AS_OF, labels=labels
    ).read_all()
    assert tuple(table.column_names) == COLUMNS[level]
    found: list[dict[str, object]] = table.to_pylist()
    return found


def of(found: list[dict[str, object]], **cells: str) -> dict[str, object]:
    """Return the one line with these cells."""
    (line,) = [line for line in found if all(line[name] == value for name, value in cells.items())]
    return line


@pytest.mark.parametrize("level", LEVELS)
def test_one_line_per_item_step_and_criterion(system: reen.Inventory, level: str) -> None:
    """Every row x 4 steps x 2 criteria, OK with a figure and a trace, or ERREUR with neither."""
    table = {
        "equipment": system.table,
        "virtual_machine": system.virtual_machines,
        "application": system.applications,
    }[level]
    found = lines(system, level)
    assert len(found) == table.num_rows * 4 * 2
    assert {line["acvStep"] for line in found} == {
        "FABRICATION",
        "DISTRIBUTION",
        "UTILISATION",
        "FIN_DE_VIE",
    }
    assert {line["criteria"] for line in found} == {
        "Climate change",
        "Resource use (minerals and metals)",
    }
    for line in found:
        trace = json.loads(str(line["trace"]))
        if line["indicatorStatus"] == "OK":
            assert isinstance(line["unitImpact"], float)
            assert isinstance(line["sipImpact"], float)
            assert "formule" in trace
        else:
            assert line["indicatorStatus"] == "ERREUR"
            assert line["unitImpact"] is None
            assert trace["erreur"].startswith("ErrCalcFonc : ")


@pytest.mark.parametrize("level", LEVELS)
def test_figures_are_those_of_measure(system: reen.Inventory, level: str) -> None:
    """The lines of a step and criterion add up to the footprint's."""
    table = indicator_batches(system, level=level, factors=[REFERENCE], as_of=AS_OF).read_all()
    footprint = reen.measure(
        system, method="numecoeval", factors=[REFERENCE], as_of=AS_OF, level=level
    )
    steps = {
        "FABRICATION": "manufacturing",
        "DISTRIBUTION": "distribution",
        "UTILISATION": "use",
        "FIN_DE_VIE": "end_of_life",
    }
    for step, stage in steps.items():
        mine = table.filter(
            pc.and_(pc.equal(table["acvStep"], step), pc.equal(table["criteria"], "Climate change"))
        )
        total = footprint.stage_totals("climate_change")[reen.Stage(stage)]
        assert math.fsum(mine["unitImpact"].drop_null().to_pylist()) == pytest.approx(
            total, rel=1e-12
        )


def test_traces_of_equipment(system: reen.Inventory) -> None:
    """Fixed lifetime with its parts; energy and mix with the PUE; a default of the type."""
    found = lines(system, "equipment", inventory="2024", batch="B1", organisation="Ville")
    made = of(found, equipmentName="srv-1", acvStep="FABRICATION", criteria="Climate change")
    assert made["inventoryName"] == "2024"
    assert made["organizationName"] == made["organizationNameDiscriminator"] == "Ville"
    assert made["entityName"] == "Ville"
    assert made["dataSourceName"] == "CMDB"
    assert (made["equipmentType"], made["physicalEquipmentStatus"]) == ("Server", "In use")
    assert made["unitImpact"] == pytest.approx(1200.5 / 6.5, rel=1e-12)
    assert json.loads(str(made["trace"]))["dureeDeVie"] == {
        "valeurRetenue": 6.5,
        "methodeDureeUsage": "FIXE",
        "dureeUsageAmont": 1.0,
        "dureeUsageAval": 0.5,
        "dureeUsageInterne": 5.0,
    }
    used = of(found, equipmentName="srv-1", acvStep="UTILISATION", criteria="Climate change")
    assert used["averagePowerConsumption"] == 2628.0
    trace = json.loads(str(used["trace"]))
    assert trace["consoElecAnMoyenne"] == {
        "valeur": 2628.0,
        "valeurEquipementConsoElecAnnuelle": 2628.0,
    }
    mix = trace["mixElectrique"]
    assert mix["valeur"] == pytest.approx(0.08 * 1.8)
    assert (mix["dataCenterPue"], mix["valeurReferentielMixElectrique"]) == (1.8, 0.08)
    assert mix["serveur"] is True
    lost = of(found, equipmentName="flou", acvStep="UTILISATION", criteria="Climate change")
    assert "quantity unknown" in str(lost["trace"])
    plain = of(found, equipmentName="lap", acvStep="FABRICATION", criteria="Climate change")
    assert json.loads(str(plain["trace"]))["dureeDeVie"]["valeurRetenue"] == 4.0


def test_default_lifetimes_in_traces() -> None:
    """The type's 7 years, and the hypothesis where even the type says nothing."""
    inventory = reen.Inventory.from_arrow(
        pa.table(
            {"id": ["a", "b"], "equipment_type": ["Server", "Monitor"], "model": [None, "R640"]}
        )
    )
    table = indicator_batches(inventory, factors=[REFERENCE], as_of=AS_OF).read_all()
    found = table.to_pylist()
    typed = of(found, equipmentName="a", acvStep="FABRICATION", criteria="Climate change")
    assert json.loads(str(typed["trace"]))["dureeDeVie"]["dureeDeVieParDefaut"] == {
        "valeur": 7.0,
        "valeurEquipementDureeVieDefaut": 7.0,
    }


def test_traces_of_machines(system: reen.Inventory) -> None:
    """VCPU over the sum of the host's, an explicit share, storage, and electricity of its own."""
    found = lines(system, "virtual_machine")

    def trace(name: str, step: str = "FABRICATION") -> dict[str, object]:
        line = of(found, virtualEquipmentName=name, acvStep=step, criteria="Climate change")
        parsed: dict[str, object] = json.loads(str(line["trace"]))
        return parsed

    assert trace("vm-1")["nbTotalVCPU"] == 12.0
    assert trace("vm-1")["nbEquipementsVirtuels"] == 2
    assert str(trace("vm-1")["formule"]).endswith("* equipementVirtuel.vCPU(4.0) / nbvCPU(12.0)")
    assert str(trace("vm-3")["formule"]).endswith("* equipementVirtuel.cleRepartition(0.7)")
    storage = trace("lun-1", "UTILISATION")
    assert storage["stockageTotalVirtuel"] == 55.5
    own = trace("lun-2", "UTILISATION")
    assert "equipementVirtuel.consoElecAnnuelle(120.0)" in str(own["formule"])
    assert "erreur" in trace("vm-seule")
    line = of(found, virtualEquipmentName="nuage", acvStep="FABRICATION", criteria="Climate change")
    assert (line["infrastructureType"], line["indicatorStatus"]) == ("CLOUD_SERVICES", "ERREUR")


def test_traces_of_applications(system: reen.Inventory) -> None:
    """vm-1 carries two applications: each gets its half, and the host's name."""
    found = lines(system, "application")
    line = of(
        found,
        applicationName="Paie",
        environmentType="Production",
        acvStep="FABRICATION",
        criteria="Climate change",
    )
    trace = json.loads(str(line["trace"]))
    assert trace["nbApplications"] == 2
    machine = 1200.5 / 6.5 * 4 / 12
    assert line["unitImpact"] == pytest.approx(machine / 2, rel=1e-12)
    assert trace["formule"].startswith("ImpactApplication = ImpactEquipementVirtuel(61.5")
    assert line["physicalEquipmentName"] == "srv-1"
    assert (line["domain"], line["subDomain"]) == ("Gestion", "Paie")


@pytest.mark.slow
def test_files_are_written(system: reen.Inventory, tmp_path: Path) -> None:
    """``;``, UTF-8, one header, as many lines as the tables; an inventory has one file."""
    written = reen.export(
        system,
        tmp_path / "out",
        exporter="numecoeval-indicators",
        method="numecoeval",
        factors=[REFERENCE],
        as_of=AS_OF,
        labels={"inventory": "2024"},
    )
    assert [path.name for path in written] == [*FILES.values(), "reen-account.json"]
    for level, path in zip(LEVELS, written[:-1], strict=True):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        assert tuple(rows[0]) == COLUMNS[level]
        expected = lines(system, level, inventory="2024")
        assert len(rows) == len(expected)
        for row, line in zip(rows, expected, strict=True):
            assert row["trace"] == line["trace"]
            assert row["unitImpact"] == (
                "" if line["unitImpact"] is None else repr(line["unitImpact"])
            )
    alone = reen.export(
        reen.Inventory.from_arrow(system.table),
        tmp_path,
        exporter="numecoeval-indicators",
        method="numecoeval",
        factors=[REFERENCE],
    )
    assert [path.name for path in alone] == [
        "ind_physical_equipment.csv",
        "reen-account.json",
    ]


def test_lines_are_streamed(system: reen.Inventory) -> None:
    reader = indicator_batches(system, factors=[REFERENCE], as_of=AS_OF)
    assert sum(batch.num_rows for batch in reader) == len(system) * 8


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"level": "rack"}, "level"),
        ({"labels": {"ville": "x"}}, "labels"),
        ({"as_of": "hier"}, "as_of"),
    ],
)
def test_wrong_options(system: reen.Inventory, options: dict[str, str], option: str) -> None:
    with pytest.raises(reen.errors.OptionError) as caught:
        indicator_batches(system, factors=[REFERENCE], **options).read_all()  # type: ignore[arg-type]
    assert caught.value.option == option


def test_factors_that_separate_no_steps(system: reen.Inventory) -> None:
    """A figure for all but use has no line in these files: refused, never dropped."""
    with pytest.raises(reen.errors.OptionError, match="separate life-cycle steps"):
        indicator_batches(system, factors=["base-carbone"], as_of=AS_OF).read_all()


def test_export_to_a_file_and_by_an_unknown_exporter(
    system: reen.Inventory, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(reen.errors.FileFormatError, match="is a file"):
        reen.export(
            system, tmp_path / "taken", exporter="numecoeval-indicators", method="numecoeval"
        )
    with pytest.raises(reen.errors.UnknownNameError, match="exporter 'numecoeval'"):
        reen.export(system, tmp_path, exporter="numecoeval", method="numecoeval")
