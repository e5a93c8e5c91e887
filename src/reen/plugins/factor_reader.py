"""The factor-reader contract: a file of published factors becomes a factor pack.

The pack folder and the long form are read by the core; formats of others (the official Base
Carbone export...) by plugins that implement this protocol.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

from reen.factors.pack import FactorPack
from reen.tables.importing import Sample, Sniff

__all__ = ["FactorReader"]


@runtime_checkable
class FactorReader(Protocol):
    """A reader of one format of factor files."""

    @property
    def name(self) -> str:
        """Return the name by which it is called."""

    @property
    def title(self) -> str:
        """Return one line for a list."""

    def sniff(self, sample: Sample) -> Sniff:
        """Say how sure it is that it can read the file."""

    def read(self, path: Path) -> FactorPack:
        """Read the file as a factor pack."""
