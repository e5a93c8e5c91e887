"""What the importers give to reen: the hook of the bundled plugin.

The reader of tables, which reads any container as text or grid, `arrow` (Parquet, Arrow IPC), and
the lists that EcoDiag's page saves.
"""

from __future__ import annotations

from collections.abc import Iterable

from reen.plugin import Deferred, hookimpl

__all__ = ["reen_importers"]


@hookimpl
def reen_importers() -> Iterable[Deferred]:
    """Return the bundled importers."""
    return (
        Deferred("table", "reen.tables.reader:TableReader"),
        Deferred("arrow", "reen_plugins.importers.arrow:ArrowFile"),
        Deferred("ecodiag-list", "reen_plugins.ecodiag.list_importer:EcoDiagList"),
    )
