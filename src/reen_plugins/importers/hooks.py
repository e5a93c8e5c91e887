"""What the importers give to reen: the hook of the bundled plugin.

One importer per module: `delimited` (CSV, TSV), `arrow` (Parquet, Arrow IPC),
`numecoeval` (the four files of NumEcoEval and G4IT).
"""

from __future__ import annotations

from collections.abc import Iterable

from reen import Importer, hookimpl
from reen.tables.reader import TableReader
from reen_plugins.importers.arrow import ArrowFile
from reen_plugins.importers.numecoeval import NumEcoEvalFiles

__all__ = ["reen_importers"]


@hookimpl
def reen_importers() -> Iterable[Importer]:
    """Return the bundled importers."""
    return (TableReader(), ArrowFile(), NumEcoEvalFiles())
