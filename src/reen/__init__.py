"""Measure the environmental footprint of digital equipment.

The public names of the library, and nothing else: ``import reen`` opens no file, builds no
registry, loads no plugin and imports no dependency; each name is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from reen._version import __version__

if TYPE_CHECKING:
    from reen.engine.assessment import Assessment
    from reen.engine.exchanges import (
        Assumption,
        Driver,
        Exchanges,
        FlowKind,
        Match,
        Outcome,
        Status,
    )
    from reen.errors import (
        AmbiguousFormatError,
        CountryError,
        DimensionError,
        DuplicateFactorError,
        EmptyInventoryError,
        FactorDataError,
        FileFormatError,
        InventoryError,
        MissingExtraError,
        OptionError,
        PluginConflictError,
        PluginError,
        ReenError,
        SchemaError,
        StrictReadError,
        UndeclaredColumnError,
        UnknownColumnError,
        UnknownCriterionError,
        UnknownEquipmentTypeError,
        UnknownFactorError,
        UnknownNameError,
        UnknownRowError,
    )
    from reen.explaining import Explanation, explain
    from reen.factors.factor_set import FactorSet, Flow, FlowDescription
    from reen.factors.library import FactorLibrary
    from reen.factors.pack import FactorPack, TypeDefault, read_pack_folder
    from reen.inventory.batch import Batch
    from reen.inventory.equipment import Equipment
    from reen.inventory.inventory import Inventory
    from reen.inventory.issues import Issue, ReadReport, Severity
    from reen.inventory.schema import (
        DISPOSALS,
        EQUIPMENT,
        HEADCOUNT,
        PURCHASES,
        Column,
        ColumnKind,
        TableSchema,
    )
    from reen.measuring import measure
    from reen.plugins.factor_reader import FactorReader
    from reen.plugins.hookspecs import hookimpl
    from reen.plugins.importer import Imported, Importer, ReadOptions, Sample, Sniff
    from reen.plugins.method import Context, Method, Prepared, StatusRule
    from reen.plugins.options import configure
    from reen.plugins.registry import Registry, default_registry, load_plugins
    from reen.provenance import PackRecord, PluginRecord, Provenance
    from reen.reading import read, read_factors
    from reen.results.coverage import Coverage, CoverageRow
    from reen.results.footprint import Footprint, Total
    from reen.results.interval import Interval
    from reen.results.storage import read_footprint, write_footprint
    from reen.tracing import trace
    from reen.vocabulary import units
    from reen.vocabulary.countries import resolve_country
    from reen.vocabulary.criteria import Criterion
    from reen.vocabulary.equipment_types import EquipmentType
    from reen.vocabulary.stages import Stage
    from reen.vocabulary.statuses import resolve_status
    from reen.vocabulary.text import fold_plurals
    from reen.vocabulary.text import normalise as normalise_text

#: Module of each public name.
_HOMES = {
    "Assessment": "reen.engine.assessment",
    "Assumption": "reen.engine.exchanges",
    "Batch": "reen.inventory.batch",
    "Column": "reen.inventory.schema",
    "ColumnKind": "reen.inventory.schema",
    "Context": "reen.plugins.method",
    "Coverage": "reen.results.coverage",
    "CoverageRow": "reen.results.coverage",
    "Criterion": "reen.vocabulary.criteria",
    "DISPOSALS": "reen.inventory.schema",
    "Driver": "reen.engine.exchanges",
    "EQUIPMENT": "reen.inventory.schema",
    "Equipment": "reen.inventory.equipment",
    "EquipmentType": "reen.vocabulary.equipment_types",
    "Exchanges": "reen.engine.exchanges",
    "Explanation": "reen.explaining",
    "FactorLibrary": "reen.factors.library",
    "FactorPack": "reen.factors.pack",
    "FactorReader": "reen.plugins.factor_reader",
    "FactorSet": "reen.factors.factor_set",
    "Flow": "reen.factors.factor_set",
    "FlowDescription": "reen.factors.factor_set",
    "FlowKind": "reen.engine.exchanges",
    "Footprint": "reen.results.footprint",
    "HEADCOUNT": "reen.inventory.schema",
    "Imported": "reen.plugins.importer",
    "Importer": "reen.plugins.importer",
    "Interval": "reen.results.interval",
    "Inventory": "reen.inventory.inventory",
    "Issue": "reen.inventory.issues",
    "Match": "reen.engine.exchanges",
    "Method": "reen.plugins.method",
    "Outcome": "reen.engine.exchanges",
    "PURCHASES": "reen.inventory.schema",
    "PackRecord": "reen.provenance",
    "PluginRecord": "reen.provenance",
    "Prepared": "reen.plugins.method",
    "Provenance": "reen.provenance",
    "ReadOptions": "reen.plugins.importer",
    "ReadReport": "reen.inventory.issues",
    "Registry": "reen.plugins.registry",
    "Sample": "reen.plugins.importer",
    "Severity": "reen.inventory.issues",
    "Sniff": "reen.plugins.importer",
    "Stage": "reen.vocabulary.stages",
    "Status": "reen.engine.exchanges",
    "StatusRule": "reen.plugins.method",
    "TableSchema": "reen.inventory.schema",
    "Total": "reen.results.footprint",
    "TypeDefault": "reen.factors.pack",
    "configure": "reen.plugins.options",
    "default_registry": "reen.plugins.registry",
    "explain": "reen.explaining",
    "fold_plurals": "reen.vocabulary.text",
    "hookimpl": "reen.plugins.hookspecs",
    "load_plugins": "reen.plugins.registry",
    "measure": "reen.measuring",
    "read": "reen.reading",
    "read_factors": "reen.reading",
    "read_footprint": "reen.results.storage",
    "read_pack_folder": "reen.factors.pack",
    "resolve_country": "reen.vocabulary.countries",
    "resolve_status": "reen.vocabulary.statuses",
    "trace": "reen.tracing",
    "write_footprint": "reen.results.storage",
}

__all__ = [
    "DISPOSALS",
    "EQUIPMENT",
    "HEADCOUNT",
    "PURCHASES",
    "AmbiguousFormatError",
    "Assessment",
    "Assumption",
    "Batch",
    "Column",
    "ColumnKind",
    "Context",
    "CountryError",
    "Coverage",
    "CoverageRow",
    "Criterion",
    "DimensionError",
    "Driver",
    "DuplicateFactorError",
    "EmptyInventoryError",
    "Equipment",
    "EquipmentType",
    "Exchanges",
    "Explanation",
    "FactorDataError",
    "FactorLibrary",
    "FactorPack",
    "FactorReader",
    "FactorSet",
    "FileFormatError",
    "Flow",
    "FlowDescription",
    "FlowKind",
    "Footprint",
    "Imported",
    "Importer",
    "Interval",
    "Inventory",
    "InventoryError",
    "Issue",
    "Match",
    "Method",
    "MissingExtraError",
    "OptionError",
    "Outcome",
    "PackRecord",
    "PluginConflictError",
    "PluginError",
    "PluginRecord",
    "Prepared",
    "Provenance",
    "ReadOptions",
    "ReadReport",
    "ReenError",
    "Registry",
    "Sample",
    "SchemaError",
    "Severity",
    "Sniff",
    "Stage",
    "Status",
    "StatusRule",
    "StrictReadError",
    "TableSchema",
    "Total",
    "TypeDefault",
    "UndeclaredColumnError",
    "UnknownColumnError",
    "UnknownCriterionError",
    "UnknownEquipmentTypeError",
    "UnknownFactorError",
    "UnknownNameError",
    "UnknownRowError",
    "__version__",
    "configure",
    "default_registry",
    "explain",
    "fold_plurals",
    "hookimpl",
    "load_plugins",
    "measure",
    "normalise_text",
    "read",
    "read_factors",
    "read_footprint",
    "read_pack_folder",
    "resolve_country",
    "resolve_status",
    "trace",
    "units",
    "write_footprint",
]


def __getattr__(name: str) -> object:
    if name == "units":
        return importlib.import_module("reen.vocabulary.units")
    if name == "normalise_text":
        return importlib.import_module("reen.vocabulary.text").normalise
    if name.endswith("Error") and name in __all__:
        return getattr(importlib.import_module("reen.errors"), name)
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'reen' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
