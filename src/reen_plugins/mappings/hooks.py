"""What the mappings of tools give to reen: the hook of the bundled plugin.

Input: the TOML files beside this module.  Output: one mapping file per tool, read on first use.
Must not say anything of a tool that its file does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reen.plugin import hookimpl
from reen.tables.mapping.files import MappingFile

__all__ = ["reen_mappings"]


@hookimpl
def reen_mappings() -> Iterable[MappingFile]:
    """Return the bundled mappings, one per tool."""
    return tuple(map(MappingFile, sorted(Path(__file__).parent.glob("*.toml"))))
