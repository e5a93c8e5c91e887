"""Exporting: a measurement written in the files of another tool, by the exporter that knows them.

Role: resolve names, make the folder, call the exporter.  Formats live in plugins; this module only
asks them, and blames them when they fail.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from reen.errors import FileFormatError, PluginError
from reen.gate.reads import is_there
from reen.gate.writing import staged_folder, write_file
from reen.inventory.inventory import Inventory
from reen.measurement.arguments import PackLike, given_packs
from reen.measurement.ready_method import prepare_method
from reen.plugins.building import default_registry
from reen.plugins.file_contracts import Exporter, ExportOptions
from reen.plugins.guard import blame
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.sources.opening import Source, load_source

__all__ = ["export"]


def export(  # noqa: PLR0913 - all by keyword but two
    source: Source,
    folder: str | Path,
    *,
    exporter: str,
    method: str | Method,
    factors: PackLike | Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    labels: Mapping[str, str] | None = None,
    registry: Registry | None = None,
    replace: bool = False,
) -> tuple[Path, ...]:
    """Measure, and export the results to another tool's file format.

    Parameters
    ----------
    source
        As in `measure`; Arrow streams are read whole.
    folder
        Where to write; made when it is not there.  Files of an earlier export are replaced.
    exporter
        Name of the exporter (``reen.default_registry().exporters``).
    method, factors, as_of, registry
        As in `measure`.
    labels
        Names that the format needs and inventories lack; each exporter documents its own.
    replace
        Replace files of the same names too that were changed since, or come from elsewhere.

    Returns
    -------
    tuple of Path
        The files written.  The last one, ``reen-account.json``, gives the fate of every row of
        the inventory's files, and whether the figures lack or doubt any.

    Raises
    ------
    UnknownNameError
        An exporter, method or pack that no plugin provides.
    FileFormatError
        The folder cannot be made, since a file of that name is there.
    FileNotWrittenError
        The files cannot be written, or one of the same name is not as an export left it; those
        that were there are unchanged.
    PluginError
        The exporter or the method broke its contract.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     written = reen.export(
    ...         "examples/numecoeval",
    ...         folder,
    ...         exporter="numecoeval-indicators",
    ...         method="numecoeval",
    ...         factors="examples/numecoeval-reference",
    ...         as_of="2024-12-31",
    ...     )
    >>> print(written[0].name, written[-1].name)
    ind_physical_equipment.csv reen-account.json
    """
    registry = registry or default_registry()
    chosen = registry.exporter(exporter)
    source = load_source(source, registry=registry)
    given = given_packs(factors, registry)
    ready = prepare_method(method, factors=given, as_of=as_of, registry=registry)
    folder = Path(folder)
    if is_there(folder, file=True):
        raise FileFormatError(str(folder), Reason("error_file_name_folder_write"))
    options = ExportOptions(
        method=ready.method,
        factors=tuple(given),
        as_of=ready.as_of,
        registry=registry,
        labels=dict(labels or {}),
    )
    # no format of another tool has a place for it
    content = {"form": "reen-account/1", "account": source.account.to_dict()}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    with staged_folder(folder, replace=replace) as staged:
        with blame(f"exporter {chosen.name}", f"for {folder}", reads_files=True):
            made = _made(chosen, source, staged, options)
        write_file(staged / _ACCOUNT, f"{text}\n")
    return tuple(folder / name for name in (*made, Path(_ACCOUNT)))


_ACCOUNT = "reen-account.json"


def _made(
    exporter: Exporter, source: Inventory, folder: Path, options: ExportOptions
) -> tuple[Path, ...]:
    """Return the files that an exporter wrote, named from the folder on.

    Raises
    ------
    PluginError
        Something else than files of the folder.
    """
    written: tuple[object, ...] = exporter.export(source, folder, options)
    home, found = folder.resolve(), []
    for each in written:
        path = Path(each).resolve() if isinstance(each, Path) else home
        if not path.is_relative_to(home) or not path.is_file():
            reason = f"says that it wrote {each}, which is no file of the folder it was given"
            raise PluginError(f"exporter {exporter.name}", reason)
        found.append(path.relative_to(home))
    return tuple(found)
