"""What the exporters give to reen: the hook of the bundled plugin.

One exporter per module: `numecoeval` (the indicator files of NumEcoEval and G4IT).
"""

from __future__ import annotations

from collections.abc import Iterable

from reen.plugin import Deferred, hookimpl

__all__ = ["reen_exporters"]


@hookimpl
def reen_exporters() -> Iterable[Deferred]:
    """Return the bundled exporters."""
    return (
        Deferred("numecoeval-indicators", "reen_plugins.numecoeval.exporter:NumEcoEvalIndicators"),
    )
