"""Hooks of the example plugin: what it offers to reen.

reen finds this module through the entry point `example` of the group `reen` (see pyproject.toml)
and calls each hook once.  Nothing is read or computed here: that can wait until it is used.
"""

from __future__ import annotations

from reen.plugin.files import Importer

from reen.plugin import FactorPack, Method, hookimpl
from reen_example_method.factors import example_pack
from reen_example_method.json_lines import JsonLines
from reen_example_method.second_life import SecondLife

__all__ = ["reen_factor_packs", "reen_importers", "reen_methods"]

#: Version of the plugin API that this package was written for.
reen_api = "1.0"


@hookimpl
def reen_methods() -> list[Method]:
    """Return the method, with its default options."""
    return [SecondLife()]


@hookimpl
def reen_factor_packs() -> list[FactorPack]:
    """Return the pack; its figures are read on first use."""
    return [example_pack()]


@hookimpl
def reen_importers() -> list[Importer]:
    """Return the importer."""
    return [JsonLines()]
