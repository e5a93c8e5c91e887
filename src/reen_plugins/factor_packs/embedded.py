"""The packs that come with reen: figures published by others, re-entered row by row.

Output: one `FactorPack` per folder of `data`, described when it is named, whose tables are read on
first use.  The figures, with source, year, unit, licence and uncertainty per row, stand in the
files: no number is written in code, and no other format is read here.
"""

from __future__ import annotations

from pathlib import Path

from reen.plugin import FactorPack
from reen.plugin.packs import read_pack_folder

__all__ = ["PACKS", "pack_named"]

#: Folders of `data`, which are also the names of the packs.
PACKS = (
    "ademe-numerique",
    "base-carbone",
    "base-carbone-services",
    "electricity-france",
    "electricity-world",
    "equipment-defaults",
    "weee-weights",
    "proxies",
)


def __getattr__(name: str) -> FactorPack:
    """Return the pack that a name stands for: what was deferred is an attribute of this module."""
    if name not in PACKS:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return pack_named(name)


def pack_named(name: str) -> FactorPack:
    """Return an embedded pack; only its description is read now."""
    return read_pack_folder(Path(__file__).parent / "data" / name)
