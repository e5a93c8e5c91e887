"""Registries made of given objects, for tests that must not depend on what is installed.

Input: methods, packs, importers... as values.  Output: a `Registry` built by the same loader, with
the same checks, as that of installed plugins.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from reen.factors.pack import FactorPack
from reen.plugins.building import load_plugins
from reen.plugins.file_contracts import Importer
from reen.plugins.hookspecs import hookimpl
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.vocabulary.criteria import Criterion
from reen.vocabulary.equipment_types import EquipmentType

__all__ = ["registry_of"]


@attrs.frozen(eq=False)
class _Given:
    """A plugin that provides given objects."""

    #: What pluggy calls it; without it, its address in memory would stand in messages.
    __name__ = "given objects"

    methods: tuple[Method, ...]
    packs: tuple[FactorPack, ...]
    importers: tuple[Importer, ...]
    equipment_types: tuple[EquipmentType, ...]
    criteria: tuple[Criterion, ...]

    @hookimpl
    def reen_methods(self) -> Iterable[Method]:
        return self.methods

    @hookimpl
    def reen_factor_packs(self) -> Iterable[FactorPack]:
        return self.packs

    @hookimpl
    def reen_importers(self) -> Iterable[Importer]:
        return self.importers

    @hookimpl
    def reen_equipment_types(self) -> Iterable[EquipmentType]:
        return self.equipment_types

    @hookimpl
    def reen_criteria(self) -> Iterable[Criterion]:
        return self.criteria


def registry_of(
    *,
    methods: Iterable[Method] = (),
    packs: Iterable[FactorPack] = (),
    importers: Iterable[Importer] = (),
    equipment_types: Iterable[EquipmentType] = (),
    criteria: Iterable[Criterion] = (),
) -> Registry:
    """Return a registry that holds these objects and nothing that is installed.

    Parameters
    ----------
    methods, packs, importers, equipment_types, criteria
        What it provides; two of one name are refused, as between plugins.

    Raises
    ------
    PluginError
        An object without a name, or two of one name.
    """
    plugin = _Given(
        tuple(methods), tuple(packs), tuple(importers), tuple(equipment_types), tuple(criteria)
    )
    return load_plugins(only=(), extra=[plugin])
