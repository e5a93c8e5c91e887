"""Registers the bundled factor packs: those embedded as files, and those read elsewhere.

The hook that the entry point of the package exposes; adding a pack is one line here.  Of
those embedded nothing but the names is read now.
"""

from __future__ import annotations

from reen.plugin import Deferred, hookimpl
from reen_plugins.factor_packs import embedded

__all__ = ["reen_factor_packs"]


@hookimpl
def reen_factor_packs() -> list[Deferred]:
    """Return the names of the bundled packs."""
    read_elsewhere = Deferred("base-impacts", "reen_plugins.base_impacts.package:PACK")
    return [*embedded.reen_factor_packs(), read_elsewhere]
