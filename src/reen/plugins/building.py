"""Building: the installed plugins, and those that the host gives, become a registry.

Input: entry points of the group ``reen`` and plugin objects.  Output: a `Registry`.  An installed
plugin that cannot be used is recorded with the reason and the others go on; two plugins that claim
one name are refused, both named.
"""

from __future__ import annotations

import contextvars
import functools
import threading
import types
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, cast

import attrs

from reen.errors import PluginApiWarning, PluginError, ReenError
from reen.factors.pack import FactorPack
from reen.lazy_names import lazy_module
from reen.plugins.api import check_api
from reen.plugins.deferred import Deferred, Objects
from reen.plugins.file_contracts import Exporter, FactorReader, Importer
from reen.plugins.guard import answer_of
from reen.plugins.installed import installed_plugins
from reen.plugins.loading import (
    HOOK_OF_KIND,
    FailedPlugin,
    LoadedPlugin,
    Provided,
    arrived,
    provided_by,
)
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.reasons.sentences import Sentences, add_sentences
from reen.tables.mapping.files import MappingFile
from reen.tables.mapping.mapping import FileMapping
from reen.vocabulary.criteria import Criteria, Criterion, bundled_criteria
from reen.vocabulary.equipment_types import EquipmentType, EquipmentTypes, bundled_equipment_types
from reen.vocabulary.lookup import VocabularyError

if TYPE_CHECKING:
    import reen.monitoring.indicator as monitoring
else:  # stands above: only annotations name it
    monitoring = lazy_module("reen.monitoring.indicator")

__all__ = ["default_registry", "load_plugins"]

_BUILDING = threading.Lock()

#: Whether this thread is loading plugins, which must not ask for the registry being built.
_LOADING: contextvars.ContextVar[bool] = contextvars.ContextVar("loading", default=False)


def load_plugins(
    *,
    only: Iterable[str] | None = None,
    extra: Iterable[object] = (),
    block: Iterable[str] = (),
) -> Registry:
    """Load plugins and return what they provide.

    An installed plugin that cannot be imported, breaks the contract of a hook, was written for a
    newer reen, or claims a name that another one has provides nothing: it is in `Registry.failed`
    with the reason, and the others go on.  Of two that claim one name, reen's own stays, else the
    first by the names of entry point and distribution.  An object given by the host is the host's
    own: the same faults raise.

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
    PluginError
        A fault of an object in `extra`, or an unknown name in `only`.

    Warns
    -----
    PluginApiWarning
        A plugin written for an older version of what reen asks of plugins.

    Examples
    --------
    >>> registry = reen.load_plugins(only=["reen-bundled"])
    >>> registry.plugins
    (LoadedPlugin(name='reen-bundled', distribution='reen', version='0.1.0'),)
    """
    loader = _Loader()
    wanted = None if only is None else {only} if isinstance(only, str) else set(only)
    blocked = {block} if isinstance(block, str) else set(block)
    points = installed_plugins()
    missing = sorted((wanted or set()) - {found.name for found, _ in points})
    if missing:
        raise PluginError(missing[0], "is not installed: no entry point of that name in 'reen'")
    token = _LOADING.set(True)
    try:
        for found, load in points:
            if found.name not in blocked and (wanted is None or found.name in wanted):
                loader.install(found, load)
        for plugin in extra:
            loader.add(plugin, LoadedPlugin(_name_of(plugin, loader.plugins)))
    finally:
        _LOADING.reset(token)
    return loader.registry()


def _name_of(plugin: object, taken: Collection[str]) -> str:
    """Return a name for a plugin object: its own, else that of its class."""
    name = getattr(plugin, "__name__", None) or type(plugin).__name__
    return name if name not in taken else f"{name} #{len(taken) + 1}"


@attrs.define(eq=False, repr=False)
class _Loader:
    """Plugins on their way into a registry."""

    plugins: dict[str, LoadedPlugin] = attrs.field(factory=dict)
    failed: list[FailedPlugin] = attrs.field(factory=list)
    objects: dict[tuple[str, str], object] = attrs.field(factory=dict)
    origins: dict[tuple[str, str], LoadedPlugin] = attrs.field(factory=dict)
    types: EquipmentTypes = attrs.field(factory=bundled_equipment_types)
    criteria: Criteria = attrs.field(factory=bundled_criteria)
    _seen: list[tuple[object, str]] = attrs.field(factory=list)

    def install(self, found: LoadedPlugin, load: Callable[[], object]) -> None:
        """Add an installed plugin, or note why it cannot be used."""
        try:
            if found.name in self.plugins:
                reason = f"has the name of {self.plugins[found.name]}, which was found before it"
                raise PluginError(str(found), f"{reason}; one of the two must be renamed")
            plugin = answer_of(str(found), "while it was imported", load)
            notice, provided = check_api(plugin, str(found)), provided_by(plugin, found)
            self._take(plugin, found, provided, notice)
        except ReenError as error:
            self.failed.append(FailedPlugin(found, str(error)))

    def add(self, plugin: object, found: LoadedPlugin) -> None:
        """Add an object of the host's."""
        notice, provided = check_api(plugin, str(found)), provided_by(plugin, found)
        self._take(plugin, found, provided, notice)

    def _take(self, plugin: object, found: LoadedPlugin, provided: Provided, notice: str) -> None:
        """Put what a plugin provides with what the others do."""
        for other, name in self._seen:
            if plugin is other:
                raise PluginError(
                    str(found), f"is loaded already, as {name}; leave it out of extra"
                )
        for (kind, name), each in provided.items():
            same = isinstance(each, Sentences) and self.objects.get((kind, name)) == each
            if (kind, name) in self.origins and not same:
                raise PluginError(
                    str(found),
                    f"provides the {kind} {name!r}, which {self.origins[kind, name]} provides"
                    " already; rename it, or load only one of the two plugins",
                )
        # both are looked at before either is kept
        criteria = self._with_criteria(found, provided)
        self.types = self._extended(found, provided)
        self.criteria = criteria
        if notice:
            warnings.warn(notice, PluginApiWarning, stacklevel=4)
        for each in provided.values():
            if isinstance(each, Sentences):
                # at once, so that the next plugin with other sentences is refused, and this one not
                add_sentences(each, str(found))
        self._seen.append((plugin, str(found)))
        self.plugins[found.name] = found
        self.objects.update(provided)
        self.origins.update({key: found for key in provided if key not in self.origins})

    def _extended(self, found: LoadedPlugin, provided: Provided) -> EquipmentTypes:
        """Return the taxonomy with the types of a plugin, whose words nobody else may have."""
        new = [each for each in provided.values() if isinstance(each, EquipmentType)]
        try:
            return self.types.extended(new)
        except VocabularyError as error:
            others = sorted(
                {str(plugin) for key, plugin in self.origins.items() if key[0] == "equipment type"}
            )
            added = f"; types were added by {', '.join(others)}" if others else ""
            raise PluginError(str(found), f"{error}{added}") from error

    def _with_criteria(self, found: LoadedPlugin, provided: Provided) -> Criteria:
        """Return the criteria with those of a plugin, whose words and units nobody else has."""
        new = [each for each in provided.values() if isinstance(each, Criterion)]
        try:
            return self.criteria.extended(new)
        except VocabularyError as error:
            owners = "; ".join(
                f"{each.key!r} is provided by {self.origins.get(('criterion', each.key), 'reen')}"
                for each in self.criteria.rivals(new)
            )
            raise PluginError(str(found), f"{error} {owners}") from error

    def registry(self) -> Registry:
        """Return the registry of everything added."""
        return Registry(
            plugins=tuple(self.plugins.values()),
            failed=tuple(self.failed),
            methods=cast("Mapping[str, Method]", self._of("method")),
            importers=cast("Mapping[str, Importer]", self._of("importer")),
            factor_packs=cast("Mapping[str, FactorPack]", self._of("factor pack")),
            factor_readers=cast("Mapping[str, FactorReader]", self._of("factor reader")),
            indicators=cast("Mapping[str, monitoring.Indicator]", self._of("indicator")),
            exporters=cast("Mapping[str, Exporter]", self._of("exporter")),
            mapping_files=cast("Mapping[str, MappingFile | FileMapping]", self._of("mapping")),
            reasons=cast("Mapping[str, Sentences]", self._of("reason")),
            criteria=self.criteria,
            equipment_types=self.types,
            origins=types.MappingProxyType(self.origins),
        )

    def _of(self, kind: str) -> Mapping[str, object]:
        """Return the objects of a kind by name, sorted, for reading only."""
        found = {name: each for (kind_of, name), each in self.objects.items() if kind_of == kind}
        plugins = {name: str(self.origins[kind, name]) for name in found}
        return Objects(found, functools.partial(_arrived, kind, plugins))


def _arrived(kind: str, plugins: Mapping[str, str], given: Deferred) -> object:
    """Return what a plugin deferred, its plugin named where it is wrong."""
    return arrived(given, HOOK_OF_KIND[kind], plugins[given.name])


@functools.cache
def _default() -> Registry:
    return load_plugins()


def default_registry() -> Registry:
    """Return the registry of all installed plugins, built on first use, once per process.

    Raises
    ------
    RuntimeError
        A plugin asks for it while it is being loaded.

    Examples
    --------
    >>> registry = reen.default_registry()
    >>> "base-carbone" in registry.methods
    True
    >>> registry.equipment_types.resolve("PC portables")
    'laptop'
    """
    if _LOADING.get():
        # waiting for the registry that waits for this plugin would never end
        message = (
            "the registry of all plugins was asked for while plugins are being loaded;"
            " a plugin may ask for it only once it is used"
        )
        raise RuntimeError(message)
    with _BUILDING:
        return _default()
