"""Registers the bundled factor packs, and the readers of files of factors.

The hooks that the entry point of the package exposes; adding a pack or a format is one line here.
Nothing but the names is read now.
"""

from __future__ import annotations

from reen.plugin import Deferred, hookimpl
from reen_plugins.factor_packs import embedded

__all__ = ["reen_factor_packs", "reen_factor_readers"]


@hookimpl
def reen_factor_packs() -> list[Deferred]:
    """Return the names of the bundled packs."""
    read_elsewhere = Deferred("base-impacts", "reen_plugins.base_impacts.package:PACK")
    return [*embedded.reen_factor_packs(), read_elsewhere]


@hookimpl
def reen_factor_readers() -> list[Deferred]:
    """Return the bundled readers.

    Of the exports of ADEME's Base Carbone, of manufacturers' sheets as Boavizta collects them, and
    of the reference files of NumEcoEval and G4IT.
    """
    return [
        Deferred("base-carbone-export", "reen_plugins.base_carbone.export:BaseCarboneReader"),
        Deferred("manufacturer-pcf", "reen_plugins.manufacturer.pcf:ManufacturerPcfReader"),
        Deferred("numecoeval-reference", "reen_plugins.numecoeval.reference:NumEcoEvalReference"),
    ]
