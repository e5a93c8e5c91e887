"""Installed plugins: which packages have entry points of the group ``reen``, and what loads each.

Input: the folders of `sys.path`.  Output: plugins by entry point, reen's own first.  What counts is
what `importlib.metadata` says; it imports the reading of mails and of archives, which a command
would wait for.  Where all that is installed are plain folders, and reen alone has such entry
points, these are read here: anything else, or any doubt, is left to it.
"""

from __future__ import annotations

import functools
import importlib
import importlib.machinery
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from reen.errors import PluginApiWarning, PluginError
from reen.lazy_names import lazy_module
from reen.plugins.hookspecs import GROUP
from reen.plugins.loading import LoadedPlugin

if TYPE_CHECKING:
    from importlib import metadata
else:
    metadata = lazy_module("importlib.metadata")

__all__ = ["OWN", "installed_plugins"]

#: The distribution whose plugins go first.
OWN = "reen"

#: A plugin, and what imports it.
Installed: TypeAlias = tuple[LoadedPlugin, Callable[[], object]]

#: Endings of the folders that describe a package.
_INFO = (".dist-info", ".egg-info")

#: A plain place: a module, or a name in one.
_PLACE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*(?::[^\W\d]\w*)?")


def installed_plugins() -> list[Installed]:
    """Return the installed plugins, reen's own first, then by name."""
    try:
        alone = _reen_alone()
    except (_NotPlain, OSError, ValueError, TypeError):
        return _by_metadata()
    return sorted(alone, key=_order)


def _order(each: Installed) -> tuple[bool, LoadedPlugin]:
    return each[0].distribution != OWN, each[0]


def _by_metadata() -> list[Installed]:
    found = [(_plugin_of(point), point) for point in _all_points()]
    # An editable install beside a wheel lists one entry point twice: equal pairs are one plugin.
    points = dict(found).items()
    loads = ((plugin, functools.partial(_load_point, plugin, point)) for plugin, point in points)
    return sorted(loads, key=_order)


def _all_points() -> Iterable[metadata.EntryPoint]:
    """Return the entry points of all packages, but for those whose own description is broken."""
    try:
        return metadata.entry_points(group=GROUP)
    except (ValueError, OSError, TypeError, AttributeError):
        points: list[metadata.EntryPoint] = []
        for package in metadata.distributions():
            try:
                points += package.entry_points.select(group=GROUP)
            except (ValueError, OSError, TypeError, AttributeError) as error:
                warnings.warn(_unreadable(package, error), PluginApiWarning, 2)
        return points


def _unreadable(package: metadata.Distribution, error: Exception) -> str:
    """Return which package has entry points that cannot be read, and what to do about it."""
    name, version = _name_of(package)
    named = f"{name} {version}".strip()
    # without a name, the folder says which one: what else a package has is not its own to choose
    place = getattr(package, "_path", "")
    return (
        f"the package {named or 'of unknown name'}: its entry points cannot be read, and it gives"
        f" no plugin ({place and f'{place}, '}entry_points.txt: {type(error).__name__}: {error});"
        f" install it again, as with pip install --force-reinstall {name or 'PACKAGE'}, or tell"
        " its authors: each line is a [group] or NAME = MODULE:OBJECT, in UTF-8"
    )


def _plugin_of(point: metadata.EntryPoint) -> LoadedPlugin:
    return LoadedPlugin(point.name, *(_name_of(point.dist) if point.dist else ()))


def _name_of(package: metadata.Distribution) -> tuple[str, str]:
    """Return the name and the version of a package, empty where its description has none."""
    try:
        return package.name or "", package.version or ""
    except (ValueError, OSError, TypeError, AttributeError, KeyError):
        return "", ""  # installed by halves; whether it loads is seen when it does


def _load_point(plugin: LoadedPlugin, point: metadata.EntryPoint) -> object:
    """Load a plugin by its entry point.

    Raises
    ------
    PluginError
        What the entry point says is no place of an object.
    """
    if not point.pattern.match(point.value):
        raise PluginError(
            str(plugin),
            f"has the entry point {point.name!r} with {point.value!r}, which is no place; write"
            f" {point.name} = MODULE or MODULE:OBJECT in the group {GROUP!r} of its package, and"
            " install it again",
        )
    return point.load()


class _NotPlain(Exception):  # noqa: N818 - never leaves this module
    """What is installed is not all in plain folders, or reen is not alone."""


def _reen_alone() -> list[Installed]:
    """Return the plugins of reen, where no other package has any.

    Raises
    ------
    _NotPlain, OSError, ValueError, TypeError
        That cannot be told here.
    """
    plain = importlib.machinery.PathFinder
    if any(hasattr(each, "find_distributions") for each in sys.meta_path if each is not plain):
        raise _NotPlain
    own: list[Path] = []
    points: dict[Path, list[tuple[str, str]]] = {}
    for info in _infos():
        if re.split(r"[-_.]", info.name)[0].lower() == OWN:
            own.append(info)
        found = list(_points_in(info))
        if found:
            points[info] = found
    if len(own) != 1 or list(points) != own or own[0].suffix != _INFO[0]:
        raise _NotPlain
    name, version = _name_and_version(own[0])
    return [
        (LoadedPlugin(point, name, version), functools.partial(_load, place))
        for point, place in points[own[0]]
    ]


def _infos() -> Iterator[Path]:
    """Yield the folders that describe the packages on the path."""
    for folder in dict.fromkeys(map(Path, sys.path)):
        if folder.suffix.lower() == ".egg":
            raise _NotPlain
        try:
            with os.scandir(folder) as found:
                names = [each.name for each in found if each.name.lower().endswith(_INFO)]
        except FileNotFoundError:
            continue
        yield from map(folder.joinpath, names)


def _points_in(info: Path) -> Iterator[tuple[str, str]]:
    """Yield the entry points of reen's group in the description of a package."""
    try:
        lines = (info / "entry_points.txt").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return
    group = ""
    for line in map(str.strip, lines):
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            group = line.strip("[]")
            continue
        name, mark, place = line.partition("=")
        if not mark or (group == GROUP and not _PLACE.fullmatch(place.strip())):
            raise _NotPlain
        if group == GROUP:
            yield name.strip(), place.strip()


def _name_and_version(info: Path) -> tuple[str, str]:
    """Return the first name and version in the description of a package."""
    said: dict[str, str] = {}
    with (info / "METADATA").open(encoding="utf-8") as file:
        for line in file:
            name, mark, value = line.partition(":")
            if not mark or not line.strip():
                break
            said.setdefault(name.strip().lower(), value.strip())
    if not said.get("name") or not said.get("version"):
        raise _NotPlain
    return said["name"], said["version"]


def _load(place: str) -> object:
    module, _, name = place.partition(":")
    found: object = importlib.import_module(module)
    return getattr(found, name) if name else found
