"""The indicator files of NumEcoEval and G4IT: their columns, codes and names.

Role: what a dashboard made for these files expects to read, as seen in the publisher's exports:
one line per item, life-cycle step and criterion.  Declarations only.
"""

from __future__ import annotations

from collections.abc import Mapping

from reen.plugin.packs import Criterion

from reen import Stage

__all__ = ["COLUMNS", "FILES", "NUMBERS", "STEPS", "criterion_name", "unit_name"]

#: File of each level.
FILES: Mapping[str, str] = {
    "equipment": "ind_physical_equipment.csv",
    "virtual_machine": "ind_virtual_equipment.csv",
    "application": "ind_application.csv",
}

_RUN = "inventoryName calculationDate batchDate batchName acvStep criteria"

#: Columns of each level's file, in order.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "equipment": tuple(
        f"{_RUN} source indicatorStatus trace calculationVersion averagePowerConsumption unitImpact"
        " quantity physicalEquipmentStatus equipmentType unit entityName organizationName"
        " dataSourceName equipmentName entityNameDiscriminator batchDateDiscriminator"
        " organizationNameDiscriminator dataSourceNameDiscriminator sipImpact".split()
    ),
    "virtual_machine": tuple(
        f"{_RUN} organizationName dataSourceName equipmentName virtualEquipmentName"
        " infrastructureType provider instanceType entityName source indicatorStatus trace"
        " calculationVersion unitImpact unit averagePowerConsumption cluster"
        " batchDateDiscriminator organizationNameDiscriminator entityNameDiscriminator"
        " dataSourceNameDiscriminator sipImpact".split()
    ),
    "application": tuple(
        f"{_RUN} organizationName dataSourceName applicationName environmentType"
        " physicalEquipmentName virtualEquipmentName entityName source indicatorStatus trace"
        " calculationVersion domain subDomain unitImpact unit averagePowerConsumption"
        " batchDateDiscriminator organizationNameDiscriminator entityNameDiscriminator"
        " dataSourceNameDiscriminator sipImpact".split()
    ),
}

#: Columns that hold numbers; the others hold text.
NUMBERS = frozenset({"averagePowerConsumption", "unitImpact", "quantity", "sipImpact"})

#: Life-cycle steps, in the order of the files.
STEPS: Mapping[Stage, str] = {
    Stage.MANUFACTURING: "FABRICATION",
    Stage.DISTRIBUTION: "DISTRIBUTION",
    Stage.USE: "UTILISATION",
    Stage.END_OF_LIFE: "FIN_DE_VIE",
}

#: Names of criteria where the files do not have that of the Environmental Footprint.
_CRITERIA = {
    "particulate_matter": "Particulate matter and respiratory inorganics",
    "ionising_radiation": "Ionising radiation",
    "resource_use_minerals_metals": "Resource use (minerals and metals)",
    "photochemical_ozone_formation": "Photochemical ozone formation",
}
_UNITS = {"particulate_matter": "Disease incidence"}


def criterion_name(criterion: Criterion) -> str:
    """Return the name of a criterion in the files."""
    return _CRITERIA.get(criterion.key) or criterion.title_en


def unit_name(criterion: Criterion) -> str:
    """Return the unit of a criterion in the files."""
    return _UNITS.get(criterion.key) or criterion.published_unit or criterion.unit
