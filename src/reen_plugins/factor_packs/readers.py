"""What the factor readers give to reen: the hook of the bundled plugin.

Readers of the exports of ADEME's Base Carbone, of manufacturers' sheets as Boavizta collects them,
and of the reference files of NumEcoEval and G4IT.  Adding a format is one line here.
"""

from __future__ import annotations

from collections.abc import Iterable

from reen.plugin import Deferred, hookimpl

__all__ = ["reen_factor_readers"]


@hookimpl
def reen_factor_readers() -> Iterable[Deferred]:
    """Return the bundled factor readers."""
    return (
        Deferred("base-carbone-export", "reen_plugins.base_carbone.export:BaseCarboneReader"),
        Deferred("manufacturer-pcf", "reen_plugins.manufacturer.pcf:ManufacturerPcfReader"),
        Deferred("numecoeval-reference", "reen_plugins.numecoeval.reference:NumEcoEvalReference"),
    )
