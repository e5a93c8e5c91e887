"""What the factor readers give to reen: the hook of the bundled plugin.

One reader per module: `base_carbone_export` (ADEME), `manufacturer_pcf` (manufacturers' sheets,
Boavizta), `numecoeval_reference` (NumEcoEval and G4IT).  Adding a format is one line here.
"""

from __future__ import annotations

from collections.abc import Iterable

from reen.plugin.packs import FactorReader

from reen.plugin import hookimpl
from reen_plugins.base_carbone.export import BaseCarboneReader
from reen_plugins.manufacturer.pcf import ManufacturerPcfReader
from reen_plugins.numecoeval.reference import NumEcoEvalReference

__all__ = ["reen_factor_readers"]


@hookimpl
def reen_factor_readers() -> Iterable[FactorReader]:
    """Return the bundled factor readers."""
    return (BaseCarboneReader(), ManufacturerPcfReader(), NumEcoEvalReference())
