"""Sent method: what a worker must know to fold as the caller would, small enough for each part.

What plugins registered travels by name, with the version and hash that it must have; a worker that
has another is refused.  What the caller made itself (a method of a notebook, a pack read from a
file) travels as it is.  Options travel by value.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping

import attrs

from reen._version import __version__
from reen.errors import WorkerError
from reen.factors.content import PackContent
from reen.factors.pack import FactorPack
from reen.inventory.datacenter import Datacenter
from reen.measurement.ready_method import ReadyMethod, prepare_method
from reen.plugins.building import default_registry
from reen.plugins.file_contracts import Importer
from reen.plugins.method import Method
from reen.plugins.options import options_of
from reen.plugins.registry import Registry
from reen.reasons import Reason, Words
from reen.vocabulary.criteria import Criteria, bundled_criteria
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types

__all__ = ["Reference", "SentMethod"]


@attrs.frozen(repr=False)
class Reference:
    """A registered object by its name, and what it is.

    Attributes
    ----------
    kind, name
        What is looked up: ``method``, ``factor pack``, ``importer``.
    version
        Its own version, empty when it has none.
    digest
        SHA-256 of the content of a pack.
    plugin
        Distribution and version of the plugin that provides it.
    """

    kind: str
    name: str
    version: str
    digest: str
    plugin: str

    def __str__(self) -> str:
        """Return version, hash and plugin."""
        version = f"version {self.version}" if self.version else "the one"
        content = f" (hash {self.digest[:12]})" if self.digest else ""
        return f"{version}{content} of {self.plugin}"


def _described(kind: str, found: object, registry: Registry) -> Reference:
    """Return what a registered object is."""
    name = str(getattr(found, "name", ""))
    origin = registry.origins[kind, name]
    return Reference(
        kind,
        name,
        str(getattr(found, "version", "")),
        found.digest if isinstance(found, FactorPack) else "",
        f"{origin.distribution} {origin.version}".strip(),
    )


def _is_installed(kind: str, name: str, registry: Registry) -> bool:
    """Tell whether a name is that of an installed plugin, not of an object given by the host."""
    origin = registry.origins.get((kind, name))
    return origin is not None and bool(origin.distribution)


def _known(kind: str, registry: Registry) -> Mapping[str, object]:
    known: dict[str, Mapping[str, object]] = {
        "method": registry.methods,
        "factor pack": registry.factor_packs,
        "importer": registry.importers,
    }
    return known[kind]


def _referred(kind: str, given: object, registry: Registry) -> Reference | None:
    """Return the reference to an object, None when it must travel as it is."""
    name = str(getattr(given, "name", ""))
    registered = _known(kind, registry).get(name)
    same = type(registered) is type(given) if kind == "method" else registered is given
    if not same or not _is_installed(kind, name, registry):
        return None
    return _described(kind, given, registry)


def _resolved(reference: Reference, registry: Registry) -> object:
    """Return the object of this process that a reference names.

    Raises
    ------
    WorkerError
        There is none, or it is of another version or content.
    """
    subject = f"{reference.kind} {reference.name!r}"
    found = _known(reference.kind, registry).get(reference.name)
    if found is None:
        failed = "; ".join(f"{each.plugin}: {each.reason}" for each in registry.failed)
        none = Reason("error_worker_none")
        if failed:
            none = Reason("error_worker_none_loaded", failed=failed)
        raise _mismatch(subject, str(reference), none)
    here = _described(reference.kind, found, registry)
    if here != reference:
        raise _mismatch(subject, str(reference), str(here))
    return found


def _mismatch(subject: str, caller: str, worker: Words) -> WorkerError:
    """Return the error of a worker that has something else than the caller."""
    return WorkerError(Reason("error_worker", subject=subject, caller=caller, worker=worker))


def _values_of(method: Method) -> dict[str, object]:
    """Return the options of a method as they are set, by argument."""
    kind: type = type(method)
    if not attrs.has(kind):
        return {}
    return {
        field.alias or field.name: getattr(method, field.name)
        for field in attrs.fields(kind)
        if field.init
    }


def _content(content: PackContent) -> PackContent:
    return content


def _packed(pack: FactorPack) -> FactorPack:
    """Return a pack that holds its content, wherever it was to be read from."""
    return attrs.evolve(pack, load=functools.partial(_content, pack.content))


@attrs.frozen(kw_only=True, repr=False)
class SentMethod:
    """A prepared method as it goes to a worker.

    Attributes
    ----------
    key
        Tells one measurement from another: a worker prepares once for each.
    reen_version
        Version of the caller.
    method
        The method, and its options when it goes by name.
    method_version, options_text
        What the method must be once it has arrived.
    own, given, importers
        Packs of the method, packs given by the user, importers of the files.
    as_of, datacenters, equipment_types, criteria
        As `prepare` takes them; no types and no criteria when they are the bundled ones.
    """

    key: str
    reen_version: str = attrs.field(eq=False)
    method: Reference | Method = attrs.field(eq=False)
    options: Mapping[str, object] = attrs.field(eq=False)
    method_version: str = attrs.field(eq=False)
    options_text: Mapping[str, str] = attrs.field(eq=False)
    own: tuple[Reference | FactorPack, ...] = attrs.field(eq=False)
    given: tuple[Reference | FactorPack, ...] = attrs.field(eq=False)
    importers: tuple[Reference | Importer, ...] = attrs.field(eq=False)
    as_of: dt.date = attrs.field(eq=False)
    datacenters: Mapping[str, Datacenter] = attrs.field(eq=False)
    equipment_types: EquipmentTypes | None = attrs.field(eq=False)
    criteria: Criteria | None = attrs.field(eq=False)

    @classmethod
    def of(cls, ready: ReadyMethod, *, importers: frozenset[str], key: str) -> SentMethod:
        """Return what is sent of a preparation.

        Parameters
        ----------
        ready
            What the caller prepared.
        importers
            Names of the importers that the parts use.
        key
            Tells this measurement from others.
        """
        registry = ready.registry
        by_name = _referred("method", ready.method, registry)
        types, criteria = registry.equipment_types, registry.criteria

        def pack(each: FactorPack) -> Reference | FactorPack:
            return _referred("factor pack", each, registry) or _packed(each)

        return cls(
            key=key,
            reen_version=__version__,
            method=by_name or ready.method,
            options=_values_of(ready.method) if by_name else {},
            method_version=ready.method.version,
            options_text=options_of(ready.method),
            own=tuple(pack(registry.factor_pack(name)) for name in ready.method.packs),
            given=tuple(pack(each) for each in ready.given),
            importers=tuple(
                _referred("importer", registry.importer(name), registry) or registry.importer(name)
                for name in sorted(importers)
            ),
            as_of=ready.as_of,
            datacenters=dict(ready.datacenters),
            equipment_types=None if types == bundled_equipment_types() else types,
            criteria=None if criteria == bundled_criteria() else criteria,
        )

    def preparation(self) -> ReadyMethod:
        """Prepare in the worker what the caller prepared.

        Raises
        ------
        WorkerError
            Something here is not what the caller has.
        PluginError
            The method fails while preparing.
        """
        if self.reen_version != __version__:
            raise _mismatch(
                "library reen", f"version {self.reen_version}", f"version {__version__}"
            )
        registry = default_registry()
        method = self._method(registry)
        own = [self._pack(each, registry) for each in self.own]
        given = [self._pack(each, registry) for each in self.given]
        importers = [
            _resolved(each, registry) if isinstance(each, Reference) else each
            for each in self.importers
        ]
        there = attrs.evolve(
            registry,
            factor_packs={**registry.factor_packs, **{pack.name: pack for pack in own}},
            importers={
                **registry.importers,
                **{each.name: each for each in importers if isinstance(each, Importer)},
            },
            equipment_types=self.equipment_types or bundled_equipment_types(),
            criteria=self.criteria or bundled_criteria(),
        )
        return prepare_method(
            method, factors=given, as_of=self.as_of, registry=there, datacenters=self.datacenters
        )

    @staticmethod
    def _pack(each: Reference | FactorPack, registry: Registry) -> FactorPack:
        found = _resolved(each, registry) if isinstance(each, Reference) else each
        if not isinstance(found, FactorPack):  # pragma: no cover - a registry holds nothing else
            raise _mismatch("factor pack", str(each), repr(found))
        return found

    def _method(self, registry: Registry) -> Method:
        method = self.method
        if isinstance(method, Reference):
            found = _resolved(method, registry)
            # a method with options is an attrs class, which its protocol cannot say
            method = attrs.evolve(found, **self.options) if self.options else found  # type: ignore[assignment, misc]
        if not isinstance(method, Method):  # pragma: no cover - as above
            raise _mismatch("method", str(self.method), repr(method))
        here = (method.version, options_of(method))
        if here != (self.method_version, dict(self.options_text)):
            raise _mismatch(
                f"method {method.name!r}",
                f"version {self.method_version}, options {dict(self.options_text)}",
                f"version {here[0]}, options {here[1]}",
            )
        return method
