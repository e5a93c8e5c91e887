"""What the importers give to reen: the hook of the bundled plugin.

The reader of tables, which reads any container as text or grid, `arrow` (Parquet, Arrow IPC), and
the lists that EcoDiag's page saves.
"""

from __future__ import annotations

from collections.abc import Iterable

from reen.plugin import hookimpl
from reen.plugin.files import Importer
from reen.tables.reader import TableReader
from reen_plugins.ecodiag.list_importer import EcoDiagList
from reen_plugins.importers.arrow import ArrowFile

__all__ = ["reen_importers"]


@hookimpl
def reen_importers() -> Iterable[Importer]:
    """Return the bundled importers."""
    return (TableReader(), ArrowFile(), EcoDiagList())
