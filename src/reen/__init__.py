"""Measure the environmental footprint of digital equipment.

What a person types, and nothing else: ``import reen`` opens no file, builds no registry, loads no
plugin and imports no dependency; each name is imported when it is first used.  Authors of plugins
import from `reen.plugin`; what may go wrong stands in `reen.errors`; the classes of results, for
annotations, in `reen.types`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from reen._version import __version__

if TYPE_CHECKING:
    from reen import errors, plugin, testing, types
    from reen.errors import ReenError
    from reen.gate.limits import Limits
    from reen.inventory.datacenter import Datacenter
    from reen.inventory.equipment import Equipment
    from reen.inventory.inventory import Inventory
    from reen.inventory.sharing import perimeters
    from reen.inventory.users import Users
    from reen.monitoring.collection import Indicators
    from reen.monitoring.computing import indicators
    from reen.monitoring.joining import with_purchases
    from reen.monitoring.reading import read_records
    from reen.monitoring.record_kinds import Disposals, Headcount, Purchases
    from reen.plugins.options import configure
    from reen.plugins.registry import default_registry, load_plugins
    from reen.purchasing.comparing import offers
    from reen.reasons.spoken import language
    from reen.results.change import Change
    from reen.results.change_storage import read_change, write_change
    from reen.results.comparison import Comparison
    from reen.results.comparison_storage import (
        comparison_from_json,
        comparison_to_json,
        read_comparison,
        write_comparison,
    )
    from reen.results.footprint import Footprint
    from reen.results.normalisation import pef_single_score, person_equivalents
    from reen.results.statement_parts import STATEMENT_BY
    from reen.results.storage import (
        footprint_from_json,
        footprint_to_json,
        read_footprint,
        write_footprint,
    )
    from reen.results.total import Total
    from reen.review.review import Review
    from reen.runs.measurement import prepare
    from reen.sources.factor_files import read_factors
    from reen.sources.reading import read
    from reen.strategy.action import Action
    from reen.strategy.objective import Objective
    from reen.strategy.scenario import Scenario
    from reen.strategy.strategy import Strategy
    from reen.tables.mapping.loading import read_mapping, write_mapping
    from reen.verbs.balancing import allocation_balance
    from reen.verbs.buying import measure_purchases
    from reen.verbs.change_tracing import trace_change
    from reen.verbs.changing import change
    from reen.verbs.comparing import compare
    from reen.verbs.explaining import explain
    from reen.verbs.exporting import export
    from reen.verbs.keeping import write_inventory
    from reen.verbs.measuring import measure
    from reen.verbs.stating import statement
    from reen.verbs.tracing import trace
    from reen.vocabulary import units
    from reen.vocabulary.stages import Stage

#: Module of each public name.
_HOMES = {
    "Action": "reen.strategy.action",
    "Change": "reen.results.change",
    "Comparison": "reen.results.comparison",
    "Datacenter": "reen.inventory.datacenter",
    "Disposals": "reen.monitoring.record_kinds",
    "Equipment": "reen.inventory.equipment",
    "Footprint": "reen.results.footprint",
    "Headcount": "reen.monitoring.record_kinds",
    "Indicators": "reen.monitoring.collection",
    "Inventory": "reen.inventory.inventory",
    "Limits": "reen.gate.limits",
    "Objective": "reen.strategy.objective",
    "Purchases": "reen.monitoring.record_kinds",
    "ReenError": "reen.errors",
    "Review": "reen.review.review",
    "STATEMENT_BY": "reen.results.statement_parts",
    "Scenario": "reen.strategy.scenario",
    "Stage": "reen.vocabulary.stages",
    "Strategy": "reen.strategy.strategy",
    "Total": "reen.results.total",
    "Users": "reen.inventory.users",
    "allocation_balance": "reen.verbs.balancing",
    "change": "reen.verbs.changing",
    "compare": "reen.verbs.comparing",
    "comparison_from_json": "reen.results.comparison_storage",
    "comparison_to_json": "reen.results.comparison_storage",
    "configure": "reen.plugins.options",
    "default_registry": "reen.plugins.registry",
    "explain": "reen.verbs.explaining",
    "export": "reen.verbs.exporting",
    "footprint_from_json": "reen.results.storage",
    "footprint_to_json": "reen.results.storage",
    "indicators": "reen.monitoring.computing",
    "language": "reen.reasons.spoken",
    "load_plugins": "reen.plugins.registry",
    "measure": "reen.verbs.measuring",
    "measure_purchases": "reen.verbs.buying",
    "offers": "reen.purchasing.comparing",
    "pef_single_score": "reen.results.normalisation",
    "perimeters": "reen.inventory.sharing",
    "person_equivalents": "reen.results.normalisation",
    "prepare": "reen.runs.measurement",
    "read": "reen.sources.reading",
    "read_change": "reen.results.change_storage",
    "read_comparison": "reen.results.comparison_storage",
    "read_factors": "reen.sources.factor_files",
    "read_footprint": "reen.results.storage",
    "read_mapping": "reen.tables.mapping.loading",
    "read_records": "reen.monitoring.reading",
    "statement": "reen.verbs.stating",
    "trace": "reen.verbs.tracing",
    "trace_change": "reen.verbs.change_tracing",
    "with_purchases": "reen.monitoring.joining",
    "write_change": "reen.results.change_storage",
    "write_comparison": "reen.results.comparison_storage",
    "write_footprint": "reen.results.storage",
    "write_inventory": "reen.verbs.keeping",
    "write_mapping": "reen.tables.mapping.loading",
}

#: Modules that are public as they are.
_MODULES = {
    "errors": "reen.errors",
    "plugin": "reen.plugin",
    "testing": "reen.testing",
    "types": "reen.types",
    "units": "reen.vocabulary.units",
}

__all__ = [
    "STATEMENT_BY",
    "Action",
    "Change",
    "Comparison",
    "Datacenter",
    "Disposals",
    "Equipment",
    "Footprint",
    "Headcount",
    "Indicators",
    "Inventory",
    "Limits",
    "Objective",
    "Purchases",
    "ReenError",
    "Review",
    "Scenario",
    "Stage",
    "Strategy",
    "Total",
    "Users",
    "__version__",
    "allocation_balance",
    "change",
    "compare",
    "comparison_from_json",
    "comparison_to_json",
    "configure",
    "default_registry",
    "errors",
    "explain",
    "export",
    "footprint_from_json",
    "footprint_to_json",
    "indicators",
    "language",
    "load_plugins",
    "measure",
    "measure_purchases",
    "offers",
    "pef_single_score",
    "perimeters",
    "person_equivalents",
    "plugin",
    "prepare",
    "read",
    "read_change",
    "read_comparison",
    "read_factors",
    "read_footprint",
    "read_mapping",
    "read_records",
    "statement",
    "testing",
    "trace",
    "trace_change",
    "types",
    "units",
    "with_purchases",
    "write_change",
    "write_comparison",
    "write_footprint",
    "write_inventory",
    "write_mapping",
]


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'reen' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
