"""Registers the bundled methods, each with its default options.

The hook that the entry point of the package exposes; adding a method is one line here.
"""

from __future__ import annotations

from reen import Method, hookimpl
from reen_plugins.methods.base_carbone import BaseCarbone
from reen_plugins.methods.boavizta import Boavizta
from reen_plugins.methods.declared import Declared
from reen_plugins.methods.ecodiag import EcoDiag
from reen_plugins.methods.manufacturer import Manufacturer
from reen_plugins.methods.numecoeval import NumEcoEval
from reen_plugins.methods.spend import Spend

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
