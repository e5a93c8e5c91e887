"""Loading: one plugin becomes the objects that it provides, or an error that names it.

Input: a module or object with hook implementations.  Output: what each hook returned, checked
against the contract of its kind.  Each plugin is looked at alone, so that a bad one spoils nothing
for the others; putting them together is the registry's work.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import attrs
import pluggy

from reen.errors import PluginError
from reen.factors.pack import FactorPack
from reen.plugins import hookspecs
from reen.plugins.deferred import Deferred
from reen.plugins.file_contracts import Exporter, FactorReader, Importer
from reen.plugins.guard import answer_of, blame
from reen.plugins.method import Method
from reen.reasons import other_sentences
from reen.reasons.sentences import Sentences
from reen.tables.mapping.files import MappingFile
from reen.tables.mapping.mapping import FileMapping
from reen.values import Printed
from reen.vocabulary.criteria import Criteria, Criterion, own_criteria
from reen.vocabulary.equipment_types import EquipmentType
from reen.vocabulary.lookup import VocabularyError

__all__ = ["HOOK_OF_KIND", "FailedPlugin", "LoadedPlugin", "Provided", "arrived", "provided_by"]

#: Objects of a plugin by (kind, name).
Provided: TypeAlias = "Mapping[tuple[str, str], object]"


@attrs.frozen(order=True, repr=False)
class LoadedPlugin(Printed):
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


@attrs.frozen(eq=False, repr=False)
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


@attrs.frozen(eq=False, repr=False)
class _Hook:
    """What a hook must return, and whether its objects may come when they are asked for."""

    kind: str
    contract: type | tuple[type, ...]
    key: str = "name"
    deferrable: bool = False


_HOOKS: Mapping[str, _Hook] = {
    "reen_methods": _Hook("method", Method, deferrable=True),
    "reen_importers": _Hook("importer", Importer, deferrable=True),
    "reen_mappings": _Hook("mapping", (MappingFile, FileMapping)),
    "reen_factor_packs": _Hook("factor pack", FactorPack, deferrable=True),
    "reen_factor_readers": _Hook("factor reader", FactorReader, deferrable=True),
    "reen_criteria": _Hook("criterion", Criterion, key="key"),
    "reen_equipment_types": _Hook("equipment type", EquipmentType, key="key"),
    # the indicator's contract stands on a storey above this one
    "reen_indicators": _Hook("indicator", object, deferrable=True),
    "reen_exporters": _Hook("exporter", Exporter, deferrable=True),
    "reen_reasons": _Hook("reason", Sentences, key="code"),
}


#: The hook of each kind.
HOOK_OF_KIND: Mapping[str, str] = {wanted.kind: hook for hook, wanted in _HOOKS.items()}


def provided_by(plugin: object, found: LoadedPlugin) -> Provided:
    """Return everything that a plugin provides.

    Raises
    ------
    PluginError
        A hook that does not exist, is not marked, takes arguments, fails, or returns what is not
        of its kind; or no hook at all; or a malformed criterion.
    PluginError
        Two objects of one kind and name.
    """
    name = str(found)
    objects: dict[tuple[str, str], object] = {}
    for hook, function in _implementations(plugin, name).items():
        kind = _HOOKS[hook].kind
        for each in _returned(function, hook, name):
            key = _name_of(each, hook, name)
            if (kind, key) in objects:
                raise PluginError(name, f"provides the {kind} {key!r} twice; rename one")
            objects[kind, key] = each
    return _with_own_criteria(objects, name)


def _with_own_criteria(objects: dict[tuple[str, str], object], name: str) -> Provided:
    """Return the objects without criteria that reen ships as they are; the others are looked at."""
    given = [each for each in objects.values() if isinstance(each, Criterion)]
    try:
        own = set(Criteria(own_criteria(given)))
    except VocabularyError as error:
        raise PluginError(name, f"what reen_criteria returned cannot be used: {error}") from error
    return {
        key: each for key, each in objects.items() if not isinstance(each, Criterion) or each in own
    }


def _implementations(plugin: object, name: str) -> dict[str, Callable[[], Iterable[object]]]:
    """Return the hook implementations of a plugin, checked by a manager of its own."""
    manager = pluggy.PluginManager(hookspecs.GROUP)
    manager.add_hookspecs(hookspecs)
    with blame(name, "while its hooks were looked for"):
        try:
            manager.register(plugin, name=name)
        except pluggy.PluginValidationError as error:
            raise PluginError(name, f"has a hook that does not fit: {error}") from error
        _refuse_unmarked(manager, plugin, name)
    functions: dict[str, Callable[[], Iterable[object]]] = {}
    for caller in manager.get_hookcallers(plugin) or ():
        for implementation in caller.get_hookimpls():
            if implementation.wrapper or implementation.hookwrapper:
                raise PluginError(name, f"{caller.name} is a wrapper, which reen does not call")
            if caller.spec is not None:
                function: Callable[..., Iterable[object]] = implementation.function  # type: ignore[assignment]
                functions[caller.name] = function
            elif not implementation.optionalhook:
                import difflib

                near = difflib.get_close_matches(caller.name, _HOOKS, 1)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(_HOOKS)}"
                raise PluginError(name, f"has a hook that does not exist: {caller.name}; {hint}")
    if not functions:
        raise PluginError(
            name, "has no hook implementation: is it marked with reen.plugin.hookimpl?"
        )
    return functions


def _refuse_unmarked(manager: pluggy.PluginManager, plugin: object, name: str) -> None:
    """Refuse a function that is called like a hook and would never be called."""
    for hook in _HOOKS:
        function = getattr(plugin, hook, None)
        if inspect.isroutine(function) and manager.parse_hookimpl_opts(plugin, hook) is None:
            raise PluginError(
                name, f"{hook} is not marked with reen.plugin.hookimpl: nothing calls it"
            )


def _returned(function: Callable[[], Iterable[object]], hook: str, name: str) -> list[object]:
    def call() -> list[object]:
        returned: object = function()
        if hook == "reen_reasons":
            return _sentences(returned, name)
        if not isinstance(returned, Iterable):
            raise PluginError(name, f"{hook} returned {returned!r} instead of a list")
        return list(returned)

    return answer_of(name, f"in {hook}", call)


def _sentences(returned: object, name: str) -> list[object]:
    """Return the sentences of codes, of which nobody may have others."""
    if not isinstance(returned, Mapping):
        said = f"reen_reasons returned {returned!r} instead of sentences by code and language"
        raise PluginError(name, said)
    made: list[object] = []
    for code, texts in returned.items():
        try:
            sentences = Sentences(code, texts)
        except ValueError as error:
            raise PluginError(
                name, f"what reen_reasons returned cannot be used: {error}"
            ) from error
        owner = other_sentences(sentences)
        if owner:
            raise PluginError(
                name, f"gives the code {code!r} other sentences than {owner} does; rename the code"
            )
        made.append(sentences)
    return made


def arrived(given: Deferred, hook: str, name: str) -> object:
    """Return what a plugin deferred, loaded and checked as its hook would have been.

    Parameters
    ----------
    given
        What was deferred.
    hook
        The hook that returned it.
    name
        The plugin.

    Raises
    ------
    PluginError
        It cannot be loaded, or is not of its kind, or has another name.
    """
    found = answer_of(name, f"while {given.home} was loaded", given.load)
    key = _name_of(found, hook, name)
    if key != given.name or isinstance(found, Deferred):
        raise PluginError(
            name, f"{given.home} is called {key!r} and was deferred as {given.name!r}"
        )
    return found


def _name_of(each: object, hook: str, name: str) -> str:
    """Return the name of what a hook returned, refused when it is not of the hook's kind."""
    wanted = _HOOKS[hook]
    if isinstance(each, Deferred) and wanted.deferrable:
        promised: object = each.name
        if not isinstance(promised, str) or not promised:
            raise PluginError(name, f"{hook} returned {each!r}; expected its name as text")
        return promised
    with blame(name, f"while what {hook} returned was looked at"):
        key = getattr(each, wanted.key, None)
        if not isinstance(each, wanted.contract) or not isinstance(key, str) or not key:
            said = f"{hook} returned {each!r}, which is no {wanted.kind}: see the hook's contract"
            raise PluginError(name, said)
    return key
