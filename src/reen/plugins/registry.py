"""Registry: what the loaded plugins provide, by name; immutable once built.

Input: entry points of the group ``reen`` and plugin objects given by the host.  Output: methods,
importers, factor packs and readers, criteria, equipment types and indicators by name, with the
distribution that gives each.  A plugin that cannot be imported is recorded with the reason and
the others go on; two plugins that claim one name, or a misspelt hook, are refused.
"""

from __future__ import annotations

import difflib
import functools
import importlib.metadata
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

import attrs
import pluggy

from reen.errors import PluginConflictError, PluginError, UnknownNameError
from reen.plugins import hookspecs
from reen.plugins.guard import blame
from reen.vocabulary.criteria import Criteria, bundled_criteria
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types

if TYPE_CHECKING:
    from reen.factors.pack import FactorPack
    from reen.monitoring.indicator import Indicator
    from reen.plugins.factor_reader import FactorReader
    from reen.plugins.importer import Importer
    from reen.plugins.method import Method

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
    methods, importers, factor_packs, factor_readers, indicators
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

    def indicator(self, name: str) -> Indicator:
        """Return the indicator called `name` (see `method` for errors)."""
        return self._find("indicator", self.indicators, name)

    def _find(self, kind: str, known: Mapping[str, T], name: str) -> T:
        try:
            return known[name]
        except KeyError:
            near = difflib.get_close_matches(name, list(known), 2, cutoff=0.5)
            raise UnknownNameError(kind, name, near, sorted(known)) from None


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
    wanted = None if only is None else set(only)
    blocked = set(block)
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
        manager.register(plugin, name=found.name)
        plugins[found.name] = found
    missing = sorted((wanted or set()) - set(plugins) - {each.plugin.name for each in failed})
    if missing:
        raise PluginError(missing[0], "is not installed: no entry point of that name in 'reen'")
    for plugin in extra:
        try:
            name = manager.register(plugin) or repr(plugin)
        except ValueError as error:
            raise PluginConflictError(
                repr(plugin), "is loaded already; leave it out of extra"
            ) from error
        plugins[name] = LoadedPlugin(name)
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        culprit = plugins.get(manager.get_name(error.plugin) or "", "plugin")
        raise PluginError(str(culprit), f"a hook that does not exist: {error}") from error
    return _build(manager, plugins, tuple(failed))


def _entry_points() -> list[tuple[LoadedPlugin, importlib.metadata.EntryPoint]]:
    points = importlib.metadata.entry_points(group=hookspecs.GROUP)
    found = []
    for point in points:
        name, version = (point.dist.name, point.dist.version) if point.dist else ("", "")
        found.append((LoadedPlugin(point.name, name, version), point))
    # An editable install beside a wheel lists one entry point twice: equal pairs are one plugin.
    return sorted(dict(found).items(), key=lambda pair: pair[0])


def _build(
    manager: pluggy.PluginManager,
    plugins: Mapping[str, LoadedPlugin],
    failed: tuple[FailedPlugin, ...],
) -> Registry:
    origins: dict[tuple[str, str], LoadedPlugin] = {}

    def collect(hook: str, kind: str, name_of: Callable[[object], object]) -> dict[str, object]:
        objects: dict[str, object] = {}
        # Calling each implementation rather than the hook tells who returned what.
        for implementation in getattr(manager.hook, hook).get_hookimpls():
            plugin = plugins[implementation.plugin_name]
            for each in _call(implementation.function, hook, plugin):
                name = name_of(each)
                if not isinstance(name, str) or not name:
                    raise PluginError(
                        str(plugin), f"{hook} returned {each!r}, which has no name; see the hook"
                    )
                if (kind, name) in origins:
                    raise PluginConflictError(
                        str(plugin),
                        f"provides the {kind} {name!r}, which {origins[kind, name]} provides"
                        " already; rename it, or load only one of the two plugins",
                    )
                origins[kind, name] = plugin
                objects[name] = each
        return dict(sorted(objects.items()))

    def named(each: object) -> object:
        return getattr(each, "name", None)

    def keyed(each: object) -> object:
        return getattr(each, "key", None)

    types = collect("reen_equipment_types", "equipment type", keyed)
    return Registry(
        plugins=tuple(plugins.values()),
        failed=failed,
        methods=collect("reen_methods", "method", named),  # type: ignore[arg-type]
        importers=collect("reen_importers", "importer", named),  # type: ignore[arg-type]
        factor_packs=collect("reen_factor_packs", "factor pack", named),  # type: ignore[arg-type]
        factor_readers=collect("reen_factor_readers", "factor reader", named),  # type: ignore[arg-type]
        indicators=collect("reen_indicators", "indicator", named),  # type: ignore[arg-type]
        criteria=bundled_criteria(),
        equipment_types=(
            bundled_equipment_types().extended(types.values())
            if types
            else bundled_equipment_types()
        ),
        origins=origins,
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
