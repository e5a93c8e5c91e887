"""Registers the bundled methods, each with its default options.

The hook that the entry point of the package exposes; adding a method is one line here.
"""

from __future__ import annotations

from reen.plugin import Method, hookimpl
from reen_plugins.base_carbone.method import BaseCarbone
from reen_plugins.boavizta.method import Boavizta
from reen_plugins.declared.method import Declared
from reen_plugins.ecodiag.method import EcoDiag
from reen_plugins.manufacturer.method import Manufacturer
from reen_plugins.numecoeval.method import NumEcoEval
from reen_plugins.spend.method import Spend

__all__ = ["reen_methods"]


@hookimpl
def reen_methods() -> list[Method]:
    """Return the bundled methods."""
    return [
        BaseCarbone(),
        Boavizta(),
        Declared(),
        EcoDiag(),
        Manufacturer(),
        NumEcoEval(),
        Spend(),
    ]
