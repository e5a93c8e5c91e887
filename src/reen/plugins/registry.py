"""Registry: what the loaded plugins provide, by name; immutable once built (see `building`).

Methods, importers, exporters, mappings, factor packs and readers, criteria, equipment types and
indicators by name, with the distribution that gives each; packs in other versions, and libraries
of several of them.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

import attrs

from reen.errors import (
    FactorDataError,
    FileFormatError,
    OptionError,
    PluginError,
    UnknownNameError,
)
from reen.factors.library import FactorLibrary
from reen.factors.pack import FactorPack
from reen.lazy_names import lazy_module
from reen.plugins.contract_checks import check_content
from reen.plugins.file_contracts import Exporter, FactorReader, Importer
from reen.plugins.loading import (
    FailedPlugin,
    LoadedPlugin,
)
from reen.plugins.method import Method
from reen.provenance import PackRecord
from reen.reasons import Reason
from reen.reasons.sentences import Sentences, add_sentences
from reen.tables.mapping.files import MappingFile, of_tool
from reen.tables.mapping.mapping import FileMapping
from reen.values import Printed
from reen.vocabulary.criteria import Criteria
from reen.vocabulary.equipment_types import (
    EquipmentTypes,
)

if TYPE_CHECKING:
    import reen.monitoring.indicator as monitoring
else:  # stands above: only annotations name it
    monitoring = lazy_module("reen.monitoring.indicator")

__all__ = ["Registry"]

T = TypeVar("T")


def _names(found: Mapping[str, object]) -> str:
    """Return what a registry shows of its objects: all of them would fill screens."""
    return f"<{', '.join(found) or 'none'}>"


@attrs.frozen(eq=False, repr=False)
class Registry(Printed):
    """What the loaded plugins provide.

    Attributes
    ----------
    plugins, failed
        Plugins loaded, and those that could not be.
    methods, importers, factor_packs, factor_readers, indicators, exporters, mapping_files
        Objects by name.
    reasons
        Sentences that plugins bring, by code; every registry adds its own for the whole process.
    criteria
        The bundled criteria and what plugins add.
    equipment_types
        The bundled taxonomy and what plugins add.
    origins
        Plugin of each (kind, name).
    """

    plugins: tuple[LoadedPlugin, ...]
    failed: tuple[FailedPlugin, ...]
    methods: Mapping[str, Method] = attrs.field(repr=_names)
    importers: Mapping[str, Importer] = attrs.field(repr=_names)
    factor_packs: Mapping[str, FactorPack] = attrs.field(repr=_names)
    factor_readers: Mapping[str, FactorReader] = attrs.field(repr=_names)
    indicators: Mapping[str, monitoring.Indicator] = attrs.field(repr=_names)
    criteria: Criteria = attrs.field(repr=False)
    equipment_types: EquipmentTypes = attrs.field(repr=False)
    origins: Mapping[tuple[str, str], LoadedPlugin] = attrs.field(repr=False)
    exporters: Mapping[str, Exporter] = attrs.field(factory=dict, repr=_names)
    mapping_files: Mapping[str, MappingFile | FileMapping] = attrs.field(factory=dict, repr=_names)
    reasons: Mapping[str, Sentences] = attrs.field(factory=dict, repr=_names)
    #: Libraries of registered packs, which nothing changes: put together once.
    _libraries: dict[tuple[str, ...], FactorLibrary] = attrs.field(
        factory=dict, init=False, repr=False
    )
    _mappings: list[tuple[FileMapping, ...]] = attrs.field(factory=list, init=False, repr=False)
    #: What others have worked out of the registry alone, for as long as it is there.
    memo: dict[Hashable, object] = attrs.field(factory=dict, init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Let reasons find the sentences of plugins, in another process too."""
        for code, sentences in self.reasons.items():
            plugin = str(self.origins.get(("reason", code), code))
            owner = add_sentences(sentences, plugin)
            if owner:
                said = f"gives the code {code!r} other sentences than {owner} does"
                raise PluginError(plugin, said)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the mappings as dictionaries; loading needs the plugins' modules."""
        given = [field.name for field in attrs.fields(Registry) if field.init]
        fields = {name: getattr(self, name) for name in given}
        plain = {
            name: dict(value) if isinstance(value, types.MappingProxyType) else value
            for name, value in fields.items()
        }
        return functools.partial(_registry_again, **plain), ()

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
        """Return the factor pack called `name`, or an earlier version as ``name@version``.

        Raises
        ------
        UnknownNameError
            When no plugin provides it, or has kept that version; the nearest are proposed.

        Examples
        --------
        >>> import reen
        >>> registry = reen.default_registry()
        >>> old = registry.factor_pack("base-carbone@2026.1").factors
        >>> new = registry.factor_pack("base-carbone").factors
        >>> len(old) < len(new)
        True
        """
        plain, mark, version = name.partition("@")
        pack = self._find("factor pack", self.factor_packs, plain)
        return pack.at(version) if mark else pack

    def with_packs(self, *packs: str | FactorPack | PackRecord) -> Registry:
        """Return the same registry with other versions of packs: what measures by it takes them.

        So is an earlier result made again, or a new inventory measured by the factors of a year
        before: ``measure(..., registry=registry.with_packs(...))``, and likewise `prepare`,
        `compare` and `explain`.  A version takes the place of the pack of that name in every
        method, where `factors=` would put it before all others.

        Parameters
        ----------
        packs
            Packs as ``name@version``, packs themselves (one read from a file is known by its name
            from then on), or the packs of a result (``*footprint.provenance.packs``), whose
            content is checked against the hash that the result states.

        Raises
        ------
        UnknownNameError
            A pack that no plugin provides, or a version that is not kept.
        FactorDataError
            A pack has another content than the result states.
        OptionError
            Two versions of one pack.

        Examples
        --------
        >>> import reen
        >>> printer = reen.Equipment("printer", lifetime="5 year")
        >>> today = reen.default_registry()
        >>> before = today.with_packs("base-carbone@2026.1")
        >>> def made(registry):
        ...     method = reen.configure(registry.method("base-carbone"), {"use_stage": "false"})
        ...     return reen.measure(printer, method=method, registry=registry)
        >>> print(made(today).total(), made(before).total(), sep=", then ")
        39.4 kgCO2e/year, then 17.64 kgCO2e/year
        """
        chosen: dict[str, FactorPack] = {}
        for pack in map(self._chosen, packs):
            other = chosen.setdefault(pack.name, pack)
            if other.digest != pack.digest:
                found = f"{pack.name}@{other.version}, {pack.name}@{pack.version}"
                raise OptionError("with_packs", "packs", found, "one version of a pack")
        merged = dict(sorted({**self.factor_packs, **chosen}.items()))
        return attrs.evolve(self, factor_packs=types.MappingProxyType(merged))

    def _chosen(self, given: str | FactorPack | PackRecord) -> FactorPack:
        if isinstance(given, FactorPack):
            return given
        if isinstance(given, str):
            return self.factor_pack(given)
        pack = self.factor_pack(f"{given.name}@{given.version}")
        if pack.digest != given.digest:
            place, expected = f"{pack.name} {pack.version}", f"the content {given.digest[:12]}"
            raise FactorDataError(place, None, "SHA-256", pack.digest[:12], expected)
        return pack

    def library(self, packs: Iterable[str]) -> FactorLibrary:
        """Return the factor packs of some names as one library, in order of precedence.

        Put together, and checked, on first use.

        Raises
        ------
        UnknownNameError
            A name that no plugin provides.
        PluginError
            A pack that cannot be loaded, or whose content breaks its contract.
        """
        names = tuple(packs)
        found = self._libraries.get(names)
        if found is None:
            own = [self.factor_pack(name) for name in names]
            for pack in own:
                check_content(pack)
            # every measurement to come is given these: a method that writes into them is refused
            made = FactorLibrary.of(own).protected()
            # of two threads that come first, both get what stays
            found = self._libraries.setdefault(names, made)
        return found

    @property
    def mappings(self) -> tuple[FileMapping, ...]:
        """Return the mappings of tools, sorted by name, read on first use.

        Raises
        ------
        PluginError
            A file that is no mapping of a tool.
        """
        if not self._mappings:
            self._mappings.append(tuple(map(self._mapping, self.mapping_files)))
        return self._mappings[0]

    def _mapping(self, name: str) -> FileMapping:
        given = self.mapping_files[name]
        types = self.equipment_types
        try:
            if isinstance(given, MappingFile):
                return given.load(types)
            from reen.tables.mapping.loading import checked_mapping  # most are files

            return of_tool(checked_mapping(given, place=name, equipment_types=types), name)
        except FileFormatError as error:
            origin = self.origins.get(("mapping", name), name)
            raise PluginError(
                str(origin), f"provides a mapping that cannot be used: {error}"
            ) from error

    def exporter(self, name: str) -> Exporter:
        """Return the exporter called `name` (see `method` for errors)."""
        return self._find("exporter", self.exporters, name)

    def indicator(self, name: str) -> monitoring.Indicator:
        """Return the indicator called `name` (see `method` for errors)."""
        return self._find("indicator", self.indicators, name)

    def _find(self, kind: str, known: Mapping[str, T], name: str) -> T:
        given: object = name
        if not isinstance(given, str):
            reason = Reason("error_name_as_text")
            raise OptionError("registry", kind, type(given).__name__, reason)
        try:
            return known[name]
        except KeyError:
            import difflib

            near = difflib.get_close_matches(name, list(known), 2, cutoff=0.5)
            error = UnknownNameError(kind, name, near, sorted(known))
            for each in self.failed:
                error.add_note(f"The plugin {each.plugin} could not be loaded: {each.reason}")
            raise error from None

    def plugins_of(
        self,
        *,
        method: Method | None = None,
        packs: Iterable[FactorPack] = (),
        importers: Iterable[str] = (),
    ) -> tuple[LoadedPlugin, ...]:
        """Return the plugins that something, or a criterion of its figures, comes from, sorted.

        An object of the host's own that has the name of a plugin's is not the plugin's.

        Parameters
        ----------
        method
            A method, with any options.
        packs
            Factor packs.
        importers
            Names of importers.
        """
        used: set[tuple[str, str]] = {("importer", name) for name in importers}
        if method is not None and type(self.methods.get(method.name)) is type(method):
            used.add(("method", method.name))
        used |= {
            ("factor pack", pack.name) for pack in packs if self.factor_packs.get(pack.name) == pack
        }
        used |= {("criterion", own.key) for pack in packs for own in pack.factors.definitions}
        return tuple(sorted({self.origins[key] for key in used if key in self.origins}))


def _registry_again(**fields: object) -> Registry:
    """Return the registry of some fields, its mappings for reading only as they were."""
    make: Callable[..., Registry] = Registry
    read_only = {
        name: types.MappingProxyType(value) if isinstance(value, dict) else value
        for name, value in fields.items()
    }
    return make(**read_only)
