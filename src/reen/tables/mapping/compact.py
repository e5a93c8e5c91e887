"""Compact mappings: what the TOML files of a folder say, in one JSON file that opens at once.

Input: a folder of mappings.  Output: ``compact.json``, each content under the digest of the file
that it was read from, once nothing was wrong with it.  A file that was edited since, or that stands
in another folder, is read and checked itself: the TOML files stay what counts.

    python -m reen.tables.mapping.compact src/reen_plugins/mappings
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reen.gate.reads import noted
from reen.gate.writing import write_file

__all__ = ["COMPACT", "compact_content", "compact_folder"]

#: Name of the file in the folder of some mappings.
COMPACT = "compact.json"


def compact_folder(folder: Path) -> str:
    """Return the compact form of the mappings of a folder, all of which are in order."""
    import tomllib  # what this file spares

    found = {}
    for path in sorted(folder.glob("*.toml")):
        data = path.read_bytes()
        found[_digest(data)] = tomllib.loads(data.decode("utf-8"))
    # a date is a constant, and is its text: what else JSON does not know is no mapping
    return json.dumps(found, ensure_ascii=False, indent=None, default=str) + "\n"


def compact_content(path: Path) -> Mapping[str, Any] | None:
    """Return what the compact form beside a mapping says of it; None when that is of another."""
    known = _known(path.parent / COMPACT)
    return known.get(_digest(noted(path).read_bytes())) if known else None


@functools.lru_cache(maxsize=8)
def _known(path: Path) -> Mapping[str, Mapping[str, Any]]:
    if not path.is_file():
        return {}
    try:
        found: object = json.loads(noted(path).read_bytes())
    except ValueError:
        return {}  # it only saves time: the mappings themselves are read
    return found if isinstance(found, dict) else {}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    write_file(folder / COMPACT, compact_folder(folder))
