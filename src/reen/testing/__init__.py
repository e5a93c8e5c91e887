"""Help for testing plugins and hosts: a conformance suite, a slow engine to agree with, strategies.

`check_method`, `check_importer` and `check_factor_pack` check a plugin against the laws of its
kind, and show the smallest example that breaks one; `reference_footprint` computes a footprint
with loops and dictionaries; the strategies draw inventories, factor packs, methods and whole
measurements with Hypothesis (``pip install hypothesis``, imported on use).  Only the command line
is above this package; nothing in reen imports it.

Examples
--------
>>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
>>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
>>> reen.testing.assert_footprints_close(footprint, footprint)
"""

from __future__ import annotations

from reen.testing.assertions import assert_conserves, assert_footprints_close
from reen.testing.importer_conformance import check_importer
from reen.testing.measurements import Measurement, measurements, methods
from reen.testing.method_conformance import check_method
from reen.testing.pack_conformance import check_factor_pack
from reen.testing.reference_engine import ReferenceFootprint, reference_footprint
from reen.testing.registries import registry_of
from reen.testing.strategies import factor_packs, inventories
from reen.testing.toy_method import ToyMethod

__all__ = [
    "Measurement",
    "ReferenceFootprint",
    "ToyMethod",
    "assert_conserves",
    "assert_footprints_close",
    "check_factor_pack",
    "check_importer",
    "check_method",
    "factor_packs",
    "inventories",
    "measurements",
    "methods",
    "reference_footprint",
    "registry_of",
]
