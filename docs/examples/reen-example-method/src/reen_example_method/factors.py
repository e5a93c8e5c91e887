"""The pack `example-lab`: invented figures, in the files that reen reads packs from.

`data/pack.toml` says what the pack is, `data/factors.csv` holds one published figure per line, and
`data/defaults.csv` the lifetimes.  Only `pack.toml` is read when the plugin is loaded.
"""

from __future__ import annotations

from importlib.resources import files

from reen.plugin.packs import read_pack_folder

from reen.plugin import FactorPack

__all__ = ["example_pack"]


def example_pack() -> FactorPack:
    """Return the pack."""
    return read_pack_folder(files("reen_example_method") / "data")
