"""Registry: what the loaded plugins provide, by name; immutable once built.

Input: entry points of the group ``reen`` and plugin objects given by the host.  Output: methods,
importers, exporters, factor packs and readers, criteria, equipment types and indicators by name,
with the distribution that gives each.  A plugin that cannot be imported is recorded with the
reason and the others go on; two plugins that claim one name, or a misspelt hook, are refused.
"""

from __future__ import annotations

import difflib
import functools
import importlib.metadata
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

import attrs
import pluggy

from reen.errors import PluginConflictError, PluginError, UnknownNameError
from reen.factors.pack import FactorPack
from reen.plugins import hookspecs
from reen.plugins.exporter import Exporter
from reen.plugins.factor_reader import FactorReader
from reen.plugins.guard import blame
from reen.plugins.importer import Importer
from reen.plugins.method import Method
from reen.vocabulary.criteria import Criteria, bundled_criteria
from reen.vocabulary.equipment_types import (
    EquipmentType,
    EquipmentTypes,
    bundled_equipment_types,
)

if TYPE_CHECKING:
    from reen.monitoring.indicator import Indicator

__all__ = ["FailedPlugin", "LoadedPlugin", "Registry", "default_registry", "load_plugins"]

T = TypeVar("T")

_BUILDING = threading.Lock()


@attrs.frozen(order=True)
class LoadedPlugin:
    """A plugin in a registry.

    Attributes
    ----------
    name
        Entry-point name, or the name given by the host.
    distribution, version
        Where it comes from; empty for an object given by the host.
    """

    name: str
    distribution: str = ""
    version: str = ""

    def __str__(self) -> str:
        """Return name, distribution and version."""
        origin = f" ({self.distribution} {self.version})" if self.distribution else ""
        return f"{self.name}{origin}"


@attrs.frozen
class FailedPlugin:
    """A plugin that could not be loaded.

    Attributes
    ----------
    plugin
        Which one.
    reason
        Class and message of the error.
    """

    plugin: LoadedPlugin
    reason: str


@attrs.frozen(eq=False)
class Registry:
    """What the loaded plugins provide.

    Attributes
    ----------
    plugins, failed
        Plugins loaded, and those that could not be.
    methods, importers, factor_packs, factor_readers, indicators, exporters
        Objects by name.
    criteria
        The bundled criteria.
    equipment_types
        The bundled taxonomy and what plugins add.
    origins
        Plugin of each (kind, name).
    """

    plugins: tuple[LoadedPlugin, ...]
    failed: tuple[FailedPlugin, ...]
    methods: Mapping[str, Method]
    importers: Mapping[str, Importer]
    factor_packs: Mapping[str, FactorPack]
    factor_readers: Mapping[str, FactorReader]
    indicators: Mapping[str, Indicator]
    criteria: Criteria
    equipment_types: EquipmentTypes
    origins: Mapping[tuple[str, str], LoadedPlugin]
    exporters: Mapping[str, Exporter] = attrs.field(factory=dict)

    def method(self, name: str) -> Method:
        """Return the method called `name`, with its default options.

        Raises
        ------
        UnknownNameError
            When no plugin provides it; the nearest names are proposed.
        """
        return self._find("method", self.methods, name)

    def importer(self, name: str) -> Importer:
        """Return the importer called `name` (see `method` for errors)."""
        return self._find("importer", self.importers, name)

    def factor_pack(self, name: str) -> FactorPack:
        """Return the factor pack called `name` (see `method` for errors)."""
        return self._find("factor pack", self.factor_packs, name)

    def exporter(self, name: str) -> Exporter:
        """Return the exporter called `name` (see `method` for errors)."""
        return self._find("exporter", self.exporters, name)

    def indicator(self, name: str) -> Indicator:
        """Return the indicator called `name` (see `method` for errors)."""
        return self._find("indicator", self.indicators, name)

    def _find(self, kind: str, known: Mapping[str, T], name: str) -> T:
        try:
            return known[name]
        except KeyError:
            near = difflib.get_close_matches(name, list(known), 2, cutoff=0.5)
            error = UnknownNameError(kind, name, near, sorted(known))
            for each in self.failed:
                error.add_note(f"The plugin {each.plugin} could not be loaded: {each.reason}")
            raise error from None


def load_plugins(
    *,
    only: Iterable[str] | None = None,
    extra: Iterable[object] = (),
    block: Iterable[str] = (),
) -> Registry:
    """Load plugins and return what they provide.

    Parameters
    ----------
    only
        Entry-point names to load; all installed ones when absent.  reen's own methods, importers
        and packs are the plugin ``reen-bundled``.
    extra
        Further plugin objects (modules or instances with hook implementations).
    block
        Entry-point names not to load.

    Raises
    ------
    PluginConflictError
        Two plugins claim one name.
    PluginError
        A misspelt hook, a hook that fails or returns something without a name, an unknown name in
        `only`.
    """
    manager = pluggy.PluginManager(hookspecs.GROUP)
    manager.add_hookspecs(hookspecs)
    plugins: dict[str, LoadedPlugin] = {}
    failed: list[FailedPlugin] = []
    wanted = None if only is None else {only} if isinstance(only, str) else set(only)
    blocked = {block} if isinstance(block, str) else set(block)
    for found, entry_point in _entry_points():
        if found.name in blocked or (wanted is not None and found.name not in wanted):
            continue
        if found.name in plugins:
            raise PluginConflictError(
                found.name, f"is registered twice: by {plugins[found.name]} and by {found}"
            )
        try:
            with blame(str(found), "to import"):
                plugin = entry_point.load()
        except (PluginError, OSError) as error:
            failed.append(FailedPlugin(found, str(error)))
            continue
        _register(manager, plugin, found)
        plugins[found.name] = found
    missing = sorted((wanted or set()) - set(plugins) - {each.plugin.name for each in failed})
    if missing:
        raise PluginError(missing[0], "is not installed: no entry point of that name in 'reen'")
    for plugin in extra:
        given = LoadedPlugin(_name_of(plugin, plugins))
        _register(manager, plugin, given)
        plugins[given.name] = given
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        culprit = plugins.get(manager.get_name(error.plugin) or "", "plugin")
        raise PluginError(str(culprit), f"a hook that does not exist: {error}") from error
    return _build(manager, plugins, tuple(failed))


def _name_of(plugin: object, taken: Collection[str]) -> str:
    """Return a name for a plugin object: its own, else that of its class."""
    name = getattr(plugin, "__name__", None) or type(plugin).__name__
    return name if name not in taken else f"{name} #{len(taken) + 1}"


def _register(manager: pluggy.PluginManager, plugin: object, found: LoadedPlugin) -> None:
    try:
        manager.register(plugin, name=found.name)
    except pluggy.PluginValidationError as error:
        raise PluginError(str(found), f"a hook that does not fit: {error}") from error
    except ValueError as error:
        raise PluginConflictError(str(found), "is loaded already; leave it out of extra") from error
    if not manager.get_hookcallers(plugin):
        raise PluginError(
            str(found), "has no hook implementation: is it marked with reen.hookimpl?"
        )


def _entry_points() -> list[tuple[LoadedPlugin, importlib.metadata.EntryPoint]]:
    points = importlib.metadata.entry_points(group=hookspecs.GROUP)
    found = []
    for point in points:
        name, version = (point.dist.name, point.dist.version) if point.dist else ("", "")
        found.append((LoadedPlugin(point.name, name, version), point))
    # An editable install beside a wheel lists one entry point twice: equal pairs are one plugin.
    return sorted(dict(found).items(), key=lambda pair: pair[0])


@attrs.define
class _Collector:
    """Asks each plugin what it provides, and refuses what has no name or one already taken."""

    manager: pluggy.PluginManager
    plugins: Mapping[str, LoadedPlugin]
    origins: dict[tuple[str, str], LoadedPlugin] = attrs.field(factory=dict)

    def collect(
        self, hook: str, kind: str, contract: type[T], *, key: str = "name"
    ) -> dict[str, T]:
        objects: dict[str, T] = {}
        # Calling each implementation rather than the hook tells who returned what.
        for implementation in getattr(self.manager.hook, hook).get_hookimpls():
            plugin = self.plugins[implementation.plugin_name]
            for each in _call(implementation.function, hook, plugin):
                name = getattr(each, key, None)
                if not isinstance(each, contract) or not isinstance(name, str) or not name:
                    raise PluginError(
                        str(plugin),
                        f"{hook} returned {each!r}, which is no {kind}: see the hook's contract",
                    )
                if (kind, name) in self.origins:
                    raise PluginConflictError(
                        str(plugin),
                        f"provides the {kind} {name!r}, which {self.origins[kind, name]} provides"
                        " already; rename it, or load only one of the two plugins",
                    )
                self.origins[kind, name] = plugin
                objects[name] = each
        return dict(sorted(objects.items()))


def _build(
    manager: pluggy.PluginManager,
    plugins: Mapping[str, LoadedPlugin],
    failed: tuple[FailedPlugin, ...],
) -> Registry:
    found = _Collector(manager, plugins)
    types = found.collect("reen_equipment_types", "equipment type", EquipmentType, key="key")
    bundled = bundled_equipment_types()
    for key, each in types.items():
        try:
            bundled = bundled.extended([each])
        except ValueError as error:
            culprit = found.origins["equipment type", key]
            raise PluginConflictError(str(culprit), str(error)) from error
    return Registry(
        plugins=tuple(plugins.values()),
        failed=failed,
        methods=found.collect("reen_methods", "method", Method),  # type: ignore[type-abstract]
        importers=found.collect("reen_importers", "importer", Importer),  # type: ignore[type-abstract]
        factor_packs=found.collect("reen_factor_packs", "factor pack", FactorPack),
        factor_readers=found.collect(
            "reen_factor_readers",
            "factor reader",
            FactorReader,  # type: ignore[type-abstract]
        ),
        # the indicator's contract stands on a storey above this one
        indicators=found.collect("reen_indicators", "indicator", object),  # type: ignore[arg-type]
        exporters=found.collect("reen_exporters", "exporter", Exporter),  # type: ignore[type-abstract]
        criteria=bundled_criteria(),
        equipment_types=bundled,
        origins=found.origins,
    )


def _call(
    function: Callable[[], Iterable[object]], hook: str, plugin: LoadedPlugin
) -> list[object]:
    with blame(str(plugin), f"in {hook}"):
        return list(function())


@functools.cache
def _default() -> Registry:
    return load_plugins()


def default_registry() -> Registry:
    """Return the registry of all installed plugins, built on first use, once per process."""
    with _BUILDING:
        return _default()
