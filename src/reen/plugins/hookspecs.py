"""The hooks of reen: everything that a plugin may add, in one file.

A plugin is a module or object with functions of these names marked with `reen.plugin.hookimpl`,
registered under the entry-point group ``reen``.  Hooks return values and are called once, when a
registry is built; they must not do work that can wait (read data files on first use).  Where a hook
may return a `Deferred`, the name is enough: the object is imported when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from reen.factors.pack import FactorPack
    from reen.monitoring.indicator import Indicator
    from reen.plugins.deferred import Deferred
    from reen.plugins.file_contracts import Exporter, FactorReader, Importer
    from reen.plugins.method import Method
    from reen.tables.mapping.files import MappingFile
    from reen.tables.mapping.mapping import FileMapping
    from reen.vocabulary.criteria import Criterion
    from reen.vocabulary.equipment_types import EquipmentType

__all__ = ["hookimpl", "hookspec"]

#: Name of the pluggy project and of the entry-point group.
GROUP = "reen"

hookspec = pluggy.HookspecMarker(GROUP)

#: Marks a plugin's hook implementations.
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def reen_methods() -> Iterable[Method | Deferred]:  # type: ignore[empty-body]
    """Return the methods that this plugin provides, each with its default options."""


@hookspec
def reen_importers() -> Iterable[Importer | Deferred]:  # type: ignore[empty-body]
    """Return the importers that this plugin provides."""


@hookspec
def reen_mappings() -> Iterable[MappingFile | FileMapping]:  # type: ignore[empty-body]
    """Return the mappings of tools that this plugin provides; files are read on first use."""


@hookspec
def reen_factor_packs() -> Iterable[FactorPack | Deferred]:  # type: ignore[empty-body]
    """Return the factor packs that this plugin provides; their content is read on first use."""


@hookspec
def reen_factor_readers() -> Iterable[FactorReader | Deferred]:  # type: ignore[empty-body]
    """Return the readers of factor files that this plugin provides."""


@hookspec
def reen_criteria() -> Iterable[Criterion]:  # type: ignore[empty-body]
    """Return impact criteria that reen does not have; give them to the packs that use them too."""


@hookspec
def reen_equipment_types() -> Iterable[EquipmentType]:  # type: ignore[empty-body]
    """Return equipment types that the bundled taxonomy does not have."""


@hookspec
def reen_indicators() -> Iterable[Indicator | Deferred]:  # type: ignore[empty-body]
    """Return the indicators that this plugin provides."""


@hookspec
def reen_exporters() -> Iterable[Exporter | Deferred]:  # type: ignore[empty-body]
    """Return the exporters that this plugin provides: results in the files of other tools."""


@hookspec
def reen_reasons() -> Mapping[str, Mapping[str, str]]:  # type: ignore[empty-body]
    """Return the sentences of the codes of reasons and assumptions that this plugin brings.

    By code, then by language: ``{"no_cell": {"en": "no cell of {size} Ah", "fr": "..."}}``.
    """
