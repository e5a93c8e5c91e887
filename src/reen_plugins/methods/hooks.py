"""Registers the bundled methods, each with its default options.

The hook that the entry point of the package exposes; adding a method is one line here.  Each is
imported when it is first used.
"""

from __future__ import annotations

from reen.plugin import Deferred, hookimpl

__all__ = ["reen_methods"]


@hookimpl
def reen_methods() -> list[Deferred]:
    """Return the bundled methods."""
    return [
        Deferred("base-carbone", "reen_plugins.base_carbone.method:BaseCarbone"),
        Deferred("boavizta", "reen_plugins.boavizta.method:Boavizta"),
        Deferred("declared", "reen_plugins.declared.method:Declared"),
        Deferred("ecodiag", "reen_plugins.ecodiag.method:EcoDiag"),
        Deferred("manufacturer", "reen_plugins.manufacturer.method:Manufacturer"),
        Deferred("numecoeval", "reen_plugins.numecoeval.method:NumEcoEval"),
        Deferred("spend", "reen_plugins.spend.method:Spend"),
    ]
