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
    from reen import errors, plugin, stored, testing, types
    from reen.errors import ReenError
    from reen.inventory.datacenter import Datacenter
    from reen.inventory.equipment import Equipment
    from reen.inventory.inventory import Inventory
    from reen.inventory.sharing import perimeters
    from reen.measurement.prepared_measurement import prepare
    from reen.monitoring.computing import indicators
    from reen.plugins.building import default_registry, load_plugins
    from reen.plugins.options import configure
    from reen.purchasing.offer_comparison import offers
    from reen.results.citations import cite
    from reen.results.footprint import Footprint
    from reen.results.normalisation import pef_single_score, person_equivalents
    from reen.results.storage import read_footprint, write_footprint
    from reen.review.review import Review
    from reen.sources.assembling import with_purchases
    from reen.sources.factor_files import read_factors
    from reen.sources.reading import read
    from reen.sources.record_files import read_records
    from reen.speaking import language
    from reen.strategy.strategy import Strategy
    from reen.tables.mapping.loading import read_mapping
    from reen.tables.mapping.saving import write_mapping
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

__all__ = [
    "Datacenter",
    "Equipment",
    "Footprint",
    "Inventory",
    "ReenError",
    "Review",
    "Stage",
    "Strategy",
    "__version__",
    "allocation_balance",
    "change",
    "cite",
    "compare",
    "configure",
    "default_registry",
    "errors",
    "explain",
    "export",
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
    "read_factors",
    "read_footprint",
    "read_mapping",
    "read_records",
    "statement",
    "stored",
    "testing",
    "trace",
    "trace_change",
    "types",
    "units",
    "with_purchases",
    "write_footprint",
    "write_inventory",
    "write_mapping",
]

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.errors": "ReenError errors=*",
        "reen.inventory.datacenter": "Datacenter",
        "reen.inventory.equipment": "Equipment",
        "reen.inventory.inventory": "Inventory",
        "reen.inventory.sharing": "perimeters",
        "reen.monitoring.computing": "indicators",
        "reen.sources.assembling": "with_purchases",
        "reen.sources.record_files": "read_records",
        "reen.plugin": "plugin=*",
        "reen.plugins.options": "configure",
        "reen.plugins.building": "default_registry load_plugins",
        "reen.purchasing.offer_comparison": "offers",
        "reen.results.citations": "cite",
        "reen.results.footprint": "Footprint",
        "reen.results.normalisation": "pef_single_score person_equivalents",
        "reen.results.storage": "read_footprint write_footprint",
        "reen.review.review": "Review",
        "reen.measurement.prepared_measurement": "prepare",
        "reen.sources.factor_files": "read_factors",
        "reen.sources.reading": "read",
        "reen.speaking": "language",
        "reen.stored": "stored=*",
        "reen.strategy.strategy": "Strategy",
        "reen.tables.mapping.loading": "read_mapping",
        "reen.tables.mapping.saving": "write_mapping",
        "reen.testing": "testing=*",
        "reen.types": "types=*",
        "reen.verbs.balancing": "allocation_balance",
        "reen.verbs.buying": "measure_purchases",
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
