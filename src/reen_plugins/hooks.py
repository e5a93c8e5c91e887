"""The hooks of the plugins that come with reen: each object by name, with its module.

The hooks that the entry point of the package exposes; adding a method, an importer, a pack or an
indicator is one line here.  Nothing but the names is read now: each is imported when it is first
used, and a file is read then.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reen.plugin import Deferred, hookimpl
from reen.tables.mapping.files import MappingFile
from reen_plugins.factor_packs.embedded import PACKS

__all__ = [
    "reen_exporters",
    "reen_factor_packs",
    "reen_factor_readers",
    "reen_importers",
    "reen_indicators",
    "reen_mappings",
    "reen_methods",
]

#: Names of the indicators by where they stand, below `indicators`.
_INDICATORS = {
    "electricity_per_item:ElectricityPerItem": "electricity_per_item",
    "fleet_assessed:FleetAssessed": "fleet_assessed",
    "footprint_per_agent:FootprintPerAgent": "footprint_per_agent",
    "footprint_per_agent:FootprintPerInhabitant": "footprint_per_inhabitant",
    "mean_age:MeanAge": "mean_age",
    "mean_lifetime:MeanLifetime": "mean_lifetime",
    "acting:ACTING": (
        "eco_design_trained eco_designed_projects rgesn_score workshops participants "
        "elected_participants participants_per_agent phishing_clicks phishing_reports "
        "data_deleted public_events people_reached partners people_certified citizens_weee "
        "repair_visits objects_per_1000 shared_objects net_energy_saved maturity"
    ),
    "buying:BUYING": (
        "reuse_in_purchases reuse_in_spending refurbished_over_retired repairability "
        "label_share rental_share clauses clause_spending criterion_weight "
        "local_repair_contracts kg_per_keuro"
    ),
    "energy:ENERGY": ("pue energy_saved kwh_per_agent"),
    "fleet_use:FLEET_USE": (
        "age_classes renewal_rate items_per_agent screens_per_pc double_equipped "
        "dormant_stock used_devices"
    ),
    "leaving:LEAVING": (
        "reuse_of_disposals donated reused_inside weee_mass weee_approved observed_life "
        "kept_after_warranty reuse_of_retired repaired repair_rate repair_hours"
    ),
    "services_use:SERVICES_USE": ("used_accounts stored_per_agent footprint_per_user"),
}


@hookimpl
def reen_methods() -> list[Deferred]:
    """Return the methods, each with its default options."""
    return [
        Deferred("base-carbone", "reen_plugins.base_carbone.method:BaseCarbone"),
        Deferred("boavizta", "reen_plugins.boavizta.method:Boavizta"),
        Deferred("declared", "reen_plugins.declared.method:Declared"),
        Deferred("ecodiag", "reen_plugins.ecodiag.method:EcoDiag"),
        Deferred("manufacturer", "reen_plugins.manufacturer.method:Manufacturer"),
        Deferred("numecoeval", "reen_plugins.numecoeval.method:NumEcoEval"),
        Deferred("spend", "reen_plugins.spend.method:Spend"),
    ]


@hookimpl
def reen_importers() -> list[Deferred]:
    """Return the importers.

    The reader of tables, which reads any container as text or grid, `arrow` (Parquet, Arrow IPC),
    and the lists that EcoDiag's page saves.
    """
    return [
        Deferred("table", "reen.tables.reader:TableReader"),
        Deferred("arrow", "reen_plugins.importers.arrow:ArrowFile"),
        Deferred("ecodiag-list", "reen_plugins.ecodiag.list_importer:EcoDiagList"),
    ]


@hookimpl
def reen_mappings() -> Iterable[MappingFile]:
    """Return the mappings, one per tool: nothing is said of a tool that its file does not say."""
    return tuple(map(MappingFile, sorted((Path(__file__).parent / "mappings").glob("*.toml"))))


@hookimpl
def reen_factor_packs() -> list[Deferred]:
    """Return the packs: those embedded as files, and one that is read elsewhere."""
    return [
        *(Deferred(name, f"reen_plugins.factor_packs.embedded:{name}") for name in PACKS),
        Deferred("base-impacts", "reen_plugins.base_impacts.package:PACK"),
    ]


@hookimpl
def reen_factor_readers() -> list[Deferred]:
    """Return the readers of files of factors.

    Of the exports of ADEME's Base Carbone, of manufacturers' sheets as Boavizta collects them, and
    of the reference files of NumEcoEval and G4IT.
    """
    return [
        Deferred("base-carbone-export", "reen_plugins.base_carbone.export:BaseCarboneReader"),
        Deferred("manufacturer-pcf", "reen_plugins.manufacturer.pcf:ManufacturerPcfReader"),
        Deferred("numecoeval-reference", "reen_plugins.numecoeval.reference:NumEcoEvalReference"),
    ]


@hookimpl
def reen_indicators() -> list[Deferred]:
    """Return the indicators, each with its default targets."""
    return [
        Deferred(name, f"reen_plugins.indicators.{home}")
        for home, names in _INDICATORS.items()
        for name in names.split()
    ]


@hookimpl
def reen_exporters() -> list[Deferred]:
    """Return the exporters: the indicator files of NumEcoEval and G4IT."""
    return [
        Deferred("numecoeval-indicators", "reen_plugins.numecoeval.exporter:NumEcoEvalIndicators")
    ]
