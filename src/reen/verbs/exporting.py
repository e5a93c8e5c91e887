"""Exporting: a measurement written in the files of another tool, by the exporter that knows them.

Role: resolve names, make the folder, call the exporter.  Formats live in plugins; this module only
asks them, and blames them when they fail.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from reen.errors import FileFormatError
from reen.plugins.exporter import ExportOptions
from reen.plugins.guard import blame
from reen.plugins.method import Method
from reen.plugins.registry import Registry, default_registry
from reen.reasons import Reason
from reen.runs.preparation import PackLike, given_packs, prepare_method
from reen.sources.opening import Source, load_source

__all__ = ["export"]


def export(
    source: Source,
    folder: str | Path,
    *,
    exporter: str,
    method: str | Method,
    factors: PackLike | Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    labels: Mapping[str, str] | None = None,
    registry: Registry | None = None,
) -> tuple[Path, ...]:
    """Measure, and write the result in the files of another tool.

    Parameters
    ----------
    source
        As in `measure`; Arrow streams are read whole.
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
        The files written; the last one, ``reen-account.json``, says what became of every row of
        the inventory's files, and whether the figures lack or doubt any.

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
    source = load_source(source, registry=registry)
    given = given_packs(factors, registry)
    ready = prepare_method(method, factors=given, as_of=as_of, registry=registry)
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise FileFormatError(str(folder), Reason("error_file_name_folder_write"))
    folder.mkdir(parents=True, exist_ok=True)
    options = ExportOptions(
        method=ready.method,
        factors=tuple(given),
        as_of=ready.as_of,
        registry=registry,
        labels=dict(labels or {}),
    )
    with blame(f"exporter {chosen.name}", f"in {folder}", reads_files=True):
        written = chosen.export(source, folder, options)
    # no format of another tool has a place for it
    account = folder / "reen-account.json"
    content = {"form": "reen-account/1", "account": source.account.to_dict()}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    account.write_text(f"{text}\n", encoding="utf-8")
    return (*written, account)
