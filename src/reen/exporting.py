"""Exporting: a measurement written in the files of another tool, by the exporter that knows them.

Role: resolve names, make the folder, call the exporter.  Formats live in plugins; this module only
asks them, and blames them when they fail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from reen.errors import FileFormatError
from reen.inventory.inventory import Inventory
from reen.inventory.system import InformationSystem
from reen.plugins.exporter import ExportOptions
from reen.plugins.guard import blame
from reen.plugins.method import Method
from reen.plugins.registry import Registry, default_registry
from reen.preparation import PackLike, prepare
from reen.reading import read

__all__ = ["export"]


def export(
    source: Inventory | InformationSystem | str | Path,
    folder: str | Path,
    *,
    exporter: str,
    method: str | Method,
    factors: Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    labels: Mapping[str, str] | None = None,
    registry: Registry | None = None,
) -> tuple[Path, ...]:
    """Measure, and write the result in the files of another tool.

    Parameters
    ----------
    source
        An inventory or information system, or the path of one.
    folder
        Where to write; made when it is not there.  Files of the same names are replaced.
    exporter
        Name of the exporter (``reen.default_registry().exporters``).
    method, factors, as_of, registry
        As in `measure`.
    labels
        Names that the format wants and no inventory holds; each exporter documents its own.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    UnknownNameError
        An exporter, method or pack that no plugin provides.
    FileFormatError
        The folder cannot be made, since a file of that name is there.
    PluginError
        The exporter or the method broke its contract.
    """
    registry = registry or default_registry()
    chosen = registry.exporter(exporter)
    if isinstance(source, (str, Path)):
        source = read(source, registry=registry)
    ready = prepare(method, factors=factors, as_of=as_of, registry=registry)
    given = ready.library.packs[: len(factors or ())]  # the library begins with them
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise FileFormatError(str(folder), "is a file; name a folder to write in")
    folder.mkdir(parents=True, exist_ok=True)
    options = ExportOptions(
        method=ready.method,
        factors=given,
        as_of=ready.as_of,
        registry=registry,
        labels=dict(labels or {}),
    )
    with blame(f"exporter {chosen.name}", f"in {folder}"):
        return chosen.export(source, folder, options)
