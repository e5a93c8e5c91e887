"""The exporter contract: what a measurement says, in the files of another tool.

An exporter knows one format and no life-cycle rule: it measures or traces with the public
functions, and writes what they say under the names that the other tool reads, so that a dashboard
made for it keeps working.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import attrs

from reen.factors.pack import FactorPack
from reen.inventory.inventory import Inventory
from reen.lazy_names import lazy_module
from reen.plugins.method import Method

if TYPE_CHECKING:
    from reen.plugins import registry as registries
else:  # the registry lists exporters
    registries = lazy_module("reen.plugins.registry")

__all__ = ["ExportOptions", "Exporter"]


@attrs.frozen(kw_only=True)
class ExportOptions:
    """Method, factors and format-specific options of an export.

    Attributes
    ----------
    method
        The configured method.
    factors
        Packs that go before the method's own.
    as_of
        Reference date.
    registry
        Plugins in use.
    labels
        Names that the format wants and no inventory holds (of the organisation, of the run...);
        each exporter documents its own.
    """

    method: Method
    factors: tuple[FactorPack, ...] = ()
    as_of: dt.date
    registry: registries.Registry = attrs.field(repr=False)
    labels: Mapping[str, str] = attrs.field(factory=dict)


@runtime_checkable
class Exporter(Protocol):
    """A writer of one format."""

    @property
    def name(self) -> str:
        """Return the name by which it is called."""

    @property
    def title(self) -> str:
        """Return one line for a list."""

    def export(self, source: Inventory, folder: Path, options: ExportOptions) -> tuple[Path, ...]:
        """Write the files of the format in a folder that exists, and return their paths."""
