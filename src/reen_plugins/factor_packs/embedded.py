"""The packs that come with reen: figures published by others, re-entered row by row.

Output: one `FactorPack` per folder of `data`, whose tables are read on first use.  The figures,
with source, year, unit, licence and uncertainty per row, stand in the files: no number is written
in code, and no other format is read here.
"""

from __future__ import annotations

from importlib.resources import files

from reen.plugin import FactorPack, hookimpl
from reen.plugin.packs import read_pack_folder

__all__ = ["PACKS", "pack_named", "reen_factor_packs"]

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


@hookimpl
def reen_factor_packs() -> list[FactorPack]:
    """Return the embedded packs; only their descriptions are read now."""
    return [pack_named(name) for name in PACKS]


def pack_named(name: str) -> FactorPack:
    """Return an embedded pack; only its description is read now."""
    return read_pack_folder(files("reen_plugins.factor_packs") / "data" / name)
