"""Measure the environmental footprint of digital equipment.

The public names of the library, and nothing else: ``import reen`` opens no file, builds no
registry, loads no plugin and imports no dependency; each name is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from reen._version import __version__

if TYPE_CHECKING:
    from reen.engine.exchanges import (
        Assumption,
        Match,
        Status,
    )
    from reen.errors import (
        AmbiguousFormatError,
        AmbiguousRowError,
        BatchError,
        BrokenLawError,
        CountryError,
        DimensionError,
        DuplicateFactorError,
        EmptyInventoryError,
        FactorDataError,
        FactorWarning,
        FileFormatError,
        InventoryError,
        MissingExtraError,
        OptionError,
        PluginApiWarning,
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
        WorkerMismatchError,
    )
    from reen.factors.defaults import TypeDefault
    from reen.factors.factor_set import FactorSet, Flow, FlowDescription
    from reen.factors.library import FactorLibrary
    from reen.factors.matching import ModelMatch, ModelMatcher
    from reen.factors.matching_table import MatchedModel, MatchingTable
    from reen.factors.pack import FactorPack, PackContent, read_pack_folder
    from reen.gate.admission import admit
    from reen.gate.files import read_arrow
    from reen.gate.limits import Limits
    from reen.inventory.account import Account, AccountLine, Fate, Merge
    from reen.inventory.batch import Batch
    from reen.inventory.datacenter import Datacenter
    from reen.inventory.equipment import Equipment
    from reen.inventory.inventory import Inventory
    from reen.inventory.issues import Issue, ReadReport, Severity
    from reen.inventory.kinds import SCHEMA_OF_KIND
    from reen.inventory.schema import (
        DISPOSALS,
        ENERGY_READINGS,
        EQUIPMENT,
        HEADCOUNT,
        PURCHASES,
        SERVICES,
        Column,
        ColumnKind,
        TableSchema,
    )
    from reen.inventory.system_schema import APPLICATIONS, DATACENTERS, VIRTUAL_MACHINES
    from reen.inventory.users import Users
    from reen.monitoring.collection import Indicators
    from reen.monitoring.computing import indicators
    from reen.monitoring.indicator import Indicator, IndicatorContext
    from reen.monitoring.joining import with_purchases
    from reen.monitoring.reading import read_records
    from reen.monitoring.records import Disposals, Headcount, Purchases
    from reen.monitoring.values import Completeness, Direction, IndicatorValue, Target
    from reen.plugins.exporter import Exporter, ExportOptions
    from reen.plugins.factor_reader import FactorReader
    from reen.plugins.guard import time_limit
    from reen.plugins.hookspecs import hookimpl
    from reen.plugins.importer import (
        Completion,
        ImportedFiles,
        Importer,
        StreamingImporter,
    )
    from reen.plugins.method import (
        Context,
        Method,
    )
    from reen.plugins.options import configure
    from reen.plugins.registry import Registry, default_registry, load_plugins
    from reen.provenance import MappingRecord, PackRecord, PluginRecord, Provenance
    from reen.reasons import Reason
    from reen.results.assumptions import SharedAssumption, SharedValue
    from reen.results.bounds import Bounds
    from reen.results.common_draws import ProbabilityAbove
    from reen.results.comparison import Comparison, TypeTotals
    from reen.results.comparison_storage import (
        comparison_from_json,
        comparison_to_json,
        read_comparison,
        write_comparison,
    )
    from reen.results.coverage import Coverage, CoverageRow
    from reen.results.footprint import Footprint
    from reen.results.gap import Effect, Gap, RankedEffect
    from reen.results.interval import Interval
    from reen.results.normalisation import (
        NormalisedImpact,
        PersonEquivalents,
        SingleScore,
        pef_single_score,
        person_equivalents,
    )
    from reen.results.sensitivity import AssumptionShare, FlowShare, GroupShare, Sensitivity
    from reen.results.statement import Statement
    from reen.results.statement_parts import STATEMENT_BY
    from reen.results.storage import (
        footprint_from_json,
        footprint_to_json,
        read_footprint,
        write_footprint,
    )
    from reen.results.total import Total
    from reen.runs.measurement import PreparedMeasurement, prepare
    from reen.sources.factor_files import read_factors
    from reen.sources.reading import read
    from reen.tables.importing import Imported, ReadOptions, Sample, Sniff
    from reen.tables.mapping.files import MappingFile
    from reen.tables.mapping.loading import read_mapping, write_mapping
    from reen.tables.mapping.mapping import (
        ColumnRule,
        FileMapping,
        ListRule,
        RowRule,
        TableMapping,
    )
    from reen.verbs.balancing import allocation_balance
    from reen.verbs.comparing import compare
    from reen.verbs.explaining import Explanation, explain
    from reen.verbs.exporting import export
    from reen.verbs.keeping import write_inventory
    from reen.verbs.measuring import measure
    from reen.verbs.stating import statement
    from reen.verbs.tracing import trace
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
    "APPLICATIONS": "reen.inventory.system_schema",
    "Account": "reen.inventory.account",
    "AccountLine": "reen.inventory.account",
    "Assumption": "reen.engine.exchanges",
    "AssumptionShare": "reen.results.sensitivity",
    "Batch": "reen.inventory.batch",
    "Bounds": "reen.results.bounds",
    "Column": "reen.inventory.schema",
    "ColumnKind": "reen.inventory.schema",
    "ColumnRule": "reen.tables.mapping.mapping",
    "Comparison": "reen.results.comparison",
    "Completeness": "reen.monitoring.values",
    "Completion": "reen.plugins.importer",
    "Context": "reen.plugins.method",
    "Coverage": "reen.results.coverage",
    "CoverageRow": "reen.results.coverage",
    "Criterion": "reen.vocabulary.criteria",
    "DATACENTERS": "reen.inventory.system_schema",
    "DISPOSALS": "reen.inventory.schema",
    "ENERGY_READINGS": "reen.inventory.schema",
    "Datacenter": "reen.inventory.datacenter",
    "Direction": "reen.monitoring.values",
    "Disposals": "reen.monitoring.records",
    "EQUIPMENT": "reen.inventory.schema",
    "Effect": "reen.results.gap",
    "Equipment": "reen.inventory.equipment",
    "EquipmentType": "reen.vocabulary.equipment_types",
    "Explanation": "reen.verbs.explaining",
    "ExportOptions": "reen.plugins.exporter",
    "Exporter": "reen.plugins.exporter",
    "FactorLibrary": "reen.factors.library",
    "FactorPack": "reen.factors.pack",
    "FactorReader": "reen.plugins.factor_reader",
    "FactorSet": "reen.factors.factor_set",
    "Fate": "reen.inventory.account",
    "FactorWarning": "reen.errors",
    "FileMapping": "reen.tables.mapping.mapping",
    "Flow": "reen.factors.factor_set",
    "FlowDescription": "reen.factors.factor_set",
    "FlowShare": "reen.results.sensitivity",
    "Footprint": "reen.results.footprint",
    "Gap": "reen.results.gap",
    "GroupShare": "reen.results.sensitivity",
    "HEADCOUNT": "reen.inventory.schema",
    "Headcount": "reen.monitoring.records",
    "Imported": "reen.tables.importing",
    "ImportedFiles": "reen.plugins.importer",
    "Importer": "reen.plugins.importer",
    "Indicator": "reen.monitoring.indicator",
    "IndicatorContext": "reen.monitoring.indicator",
    "IndicatorValue": "reen.monitoring.values",
    "Indicators": "reen.monitoring.collection",
    "Interval": "reen.results.interval",
    "Inventory": "reen.inventory.inventory",
    "Issue": "reen.inventory.issues",
    "Limits": "reen.gate.limits",
    "ListRule": "reen.tables.mapping.mapping",
    "MappingFile": "reen.tables.mapping.files",
    "MappingRecord": "reen.provenance",
    "Match": "reen.engine.exchanges",
    "MatchedModel": "reen.factors.matching_table",
    "MatchingTable": "reen.factors.matching_table",
    "Merge": "reen.inventory.account",
    "Method": "reen.plugins.method",
    "ModelMatch": "reen.factors.matching",
    "ModelMatcher": "reen.factors.matching",
    "NormalisedImpact": "reen.results.normalisation",
    "PURCHASES": "reen.inventory.schema",
    "PackContent": "reen.factors.pack",
    "PackRecord": "reen.provenance",
    "PersonEquivalents": "reen.results.normalisation",
    "PluginApiWarning": "reen.errors",
    "PluginRecord": "reen.provenance",
    "PreparedMeasurement": "reen.runs.measurement",
    "ProbabilityAbove": "reen.results.common_draws",
    "Provenance": "reen.provenance",
    "Purchases": "reen.monitoring.records",
    "RankedEffect": "reen.results.gap",
    "ReadOptions": "reen.tables.importing",
    "ReadReport": "reen.inventory.issues",
    "Reason": "reen.reasons",
    "Registry": "reen.plugins.registry",
    "SCHEMA_OF_KIND": "reen.inventory.kinds",
    "SERVICES": "reen.inventory.schema",
    "STATEMENT_BY": "reen.results.statement_parts",
    "Statement": "reen.results.statement",
    "RowRule": "reen.tables.mapping.mapping",
    "Sample": "reen.tables.importing",
    "Sensitivity": "reen.results.sensitivity",
    "Severity": "reen.inventory.issues",
    "SharedAssumption": "reen.results.assumptions",
    "SharedValue": "reen.results.assumptions",
    "SingleScore": "reen.results.normalisation",
    "Sniff": "reen.tables.importing",
    "Stage": "reen.vocabulary.stages",
    "Status": "reen.engine.exchanges",
    "StreamingImporter": "reen.plugins.importer",
    "TableMapping": "reen.tables.mapping.mapping",
    "TableSchema": "reen.inventory.schema",
    "Target": "reen.monitoring.values",
    "Total": "reen.results.total",
    "TypeDefault": "reen.factors.defaults",
    "TypeTotals": "reen.results.comparison",
    "VIRTUAL_MACHINES": "reen.inventory.system_schema",
    "Users": "reen.inventory.users",
    "admit": "reen.gate.admission",
    "allocation_balance": "reen.verbs.balancing",
    "compare": "reen.verbs.comparing",
    "comparison_from_json": "reen.results.comparison_storage",
    "comparison_to_json": "reen.results.comparison_storage",
    "configure": "reen.plugins.options",
    "default_registry": "reen.plugins.registry",
    "explain": "reen.verbs.explaining",
    "export": "reen.verbs.exporting",
    "fold_plurals": "reen.vocabulary.text",
    "footprint_from_json": "reen.results.storage",
    "footprint_to_json": "reen.results.storage",
    "hookimpl": "reen.plugins.hookspecs",
    "indicators": "reen.monitoring.computing",
    "load_plugins": "reen.plugins.registry",
    "measure": "reen.verbs.measuring",
    "pef_single_score": "reen.results.normalisation",
    "person_equivalents": "reen.results.normalisation",
    "prepare": "reen.runs.measurement",
    "read": "reen.sources.reading",
    "read_arrow": "reen.gate.files",
    "read_comparison": "reen.results.comparison_storage",
    "read_factors": "reen.sources.factor_files",
    "read_footprint": "reen.results.storage",
    "read_mapping": "reen.tables.mapping.loading",
    "read_pack_folder": "reen.factors.pack",
    "read_records": "reen.monitoring.reading",
    "resolve_country": "reen.vocabulary.countries",
    "resolve_status": "reen.vocabulary.statuses",
    "statement": "reen.verbs.stating",
    "time_limit": "reen.plugins.guard",
    "trace": "reen.verbs.tracing",
    "with_purchases": "reen.monitoring.joining",
    "write_comparison": "reen.results.comparison_storage",
    "write_footprint": "reen.results.storage",
    "write_inventory": "reen.verbs.keeping",
    "write_mapping": "reen.tables.mapping.loading",
}

__all__ = [
    "APPLICATIONS",
    "DATACENTERS",
    "DISPOSALS",
    "ENERGY_READINGS",
    "EQUIPMENT",
    "HEADCOUNT",
    "PURCHASES",
    "SCHEMA_OF_KIND",
    "SERVICES",
    "STATEMENT_BY",
    "VIRTUAL_MACHINES",
    "Account",
    "AccountLine",
    "AmbiguousFormatError",
    "AmbiguousRowError",
    "Assumption",
    "AssumptionShare",
    "Batch",
    "BatchError",
    "Bounds",
    "BrokenLawError",
    "Column",
    "ColumnKind",
    "ColumnRule",
    "Comparison",
    "Completeness",
    "Completion",
    "Context",
    "CountryError",
    "Coverage",
    "CoverageRow",
    "Criterion",
    "Datacenter",
    "DimensionError",
    "Direction",
    "Disposals",
    "DuplicateFactorError",
    "Effect",
    "EmptyInventoryError",
    "Equipment",
    "EquipmentType",
    "Explanation",
    "ExportOptions",
    "Exporter",
    "FactorDataError",
    "FactorLibrary",
    "FactorPack",
    "FactorReader",
    "FactorSet",
    "FactorWarning",
    "Fate",
    "FileFormatError",
    "FileMapping",
    "Flow",
    "FlowDescription",
    "FlowShare",
    "Footprint",
    "Gap",
    "GroupShare",
    "Headcount",
    "Imported",
    "ImportedFiles",
    "Importer",
    "Indicator",
    "IndicatorContext",
    "IndicatorValue",
    "Indicators",
    "Interval",
    "Inventory",
    "InventoryError",
    "Issue",
    "Limits",
    "ListRule",
    "MappingFile",
    "MappingRecord",
    "Match",
    "MatchedModel",
    "MatchingTable",
    "Merge",
    "Method",
    "MissingExtraError",
    "ModelMatch",
    "ModelMatcher",
    "NormalisedImpact",
    "OptionError",
    "PackContent",
    "PackRecord",
    "PersonEquivalents",
    "PluginApiWarning",
    "PluginConflictError",
    "PluginError",
    "PluginRecord",
    "PreparedMeasurement",
    "ProbabilityAbove",
    "Provenance",
    "Purchases",
    "RankedEffect",
    "ReadOptions",
    "ReadReport",
    "Reason",
    "ReenError",
    "Registry",
    "RowRule",
    "Sample",
    "SchemaError",
    "Sensitivity",
    "Severity",
    "SharedAssumption",
    "SharedValue",
    "SingleScore",
    "Sniff",
    "Stage",
    "Statement",
    "Status",
    "StreamingImporter",
    "StrictReadError",
    "TableMapping",
    "TableSchema",
    "Target",
    "Total",
    "TypeDefault",
    "TypeTotals",
    "UndeclaredColumnError",
    "UnknownColumnError",
    "UnknownCriterionError",
    "UnknownEquipmentTypeError",
    "UnknownFactorError",
    "UnknownNameError",
    "UnknownRowError",
    "Users",
    "WorkerMismatchError",
    "__version__",
    "admit",
    "allocation_balance",
    "compare",
    "comparison_from_json",
    "comparison_to_json",
    "configure",
    "default_registry",
    "explain",
    "export",
    "fold_plurals",
    "footprint_from_json",
    "footprint_to_json",
    "hookimpl",
    "indicators",
    "load_plugins",
    "measure",
    "normalise_text",
    "pef_single_score",
    "person_equivalents",
    "prepare",
    "read",
    "read_arrow",
    "read_comparison",
    "read_factors",
    "read_footprint",
    "read_mapping",
    "read_pack_folder",
    "read_records",
    "resolve_country",
    "resolve_status",
    "statement",
    "time_limit",
    "trace",
    "units",
    "with_purchases",
    "write_comparison",
    "write_footprint",
    "write_inventory",
    "write_mapping",
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
