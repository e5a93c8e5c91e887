"""Measure the environmental footprint of digital equipment.

What a person types, and nothing else: ``import reen`` opens no file, builds no registry, loads no
plugin and imports no dependency; each name is imported when it is first used.  Authors of plugins
import from `reen.plugin`; what may go wrong stands in `reen.errors`; the classes of results, for
annotations, in `reen.types`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reen._version import __version__
from reen.lazy_names import lazy_names as _lazy_names

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

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.errors": "ReenError errors=*",
        "reen.gate.limits": "Limits",
        "reen.inventory.datacenter": "Datacenter",
        "reen.inventory.equipment": "Equipment",
        "reen.inventory.inventory": "Inventory",
        "reen.inventory.sharing": "perimeters",
        "reen.inventory.users": "Users",
        "reen.monitoring.collection": "Indicators",
        "reen.monitoring.computing": "indicators",
        "reen.monitoring.joining": "with_purchases",
        "reen.monitoring.reading": "read_records",
        "reen.monitoring.record_kinds": "Disposals Headcount Purchases",
        "reen.plugin": "plugin=*",
        "reen.plugins.options": "configure",
        "reen.plugins.registry": "default_registry load_plugins",
        "reen.reasons.spoken": "language",
        "reen.results.change": "Change",
        "reen.results.change_storage": "read_change write_change",
        "reen.results.comparison": "Comparison",
        "reen.results.comparison_storage": (
            "comparison_from_json comparison_to_json read_comparison write_comparison"
        ),
        "reen.results.footprint": "Footprint",
        "reen.results.normalisation": "pef_single_score person_equivalents",
        "reen.results.statement_parts": "STATEMENT_BY",
        "reen.results.storage": (
            "footprint_from_json footprint_to_json read_footprint write_footprint"
        ),
        "reen.results.total": "Total",
        "reen.review.review": "Review",
        "reen.runs.measurement": "prepare",
        "reen.sources.factor_files": "read_factors",
        "reen.sources.reading": "read",
        "reen.strategy.action": "Action",
        "reen.strategy.objective": "Objective",
        "reen.strategy.scenario": "Scenario",
        "reen.strategy.strategy": "Strategy",
        "reen.tables.mapping.loading": "read_mapping write_mapping",
        "reen.testing": "testing=*",
        "reen.types": "types=*",
        "reen.verbs.balancing": "allocation_balance",
        "reen.verbs.change_tracing": "trace_change",
        "reen.verbs.changing": "change",
        "reen.verbs.comparing": "compare",
        "reen.verbs.explaining": "explain",
        "reen.verbs.exporting": "export",
        "reen.verbs.keeping": "write_inventory",
        "reen.verbs.measuring": "measure",
        "reen.verbs.stating": "statement",
        "reen.verbs.tracing": "trace",
        "reen.vocabulary.stages": "Stage",
        "reen.vocabulary.units": "units=*",
    },
)
