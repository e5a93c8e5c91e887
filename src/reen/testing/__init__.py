"""Help for testing methods, packs and hosts: a slow engine to agree with, laws, and strategies.

`reference_footprint` computes a footprint with loops and dictionaries; `assert_footprints_close`
and `assert_conserves` state what must hold for every method; the strategies draw inventories,
factor packs, methods and whole measurements with Hypothesis (``pip install 'reen[test]'``, imported
on use).  Stands above everything but the command line; nothing in reen imports it.
"""

from __future__ import annotations

from reen.testing.assertions import assert_conserves, assert_footprints_close
from reen.testing.measurements import Measurement, measurements, methods
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
    "factor_packs",
    "inventories",
    "measurements",
    "methods",
    "reference_footprint",
    "registry_of",
]
