"""Set files: which files of a folder were written together, each with the digest of its content.

Input: a folder.  Output: the mark in it, a hidden file.  While files take their names, it names
those that are coming, so that nobody reads new ones and old ones as one set; after that, it keeps
the digests of those that a person may retouch, so that they are not replaced in silence.  Writes
nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import attrs

__all__ = ["SET_FILE", "Mark", "digest_of", "mark_of"]

#: The name of a mark.
SET_FILE = ".reen-set.json"


@attrs.frozen
class Mark:
    """What a mark says of the files of its folder, by name from the folder on.

    Attributes
    ----------
    coming
        SHA-256 of the files whose writing was not brought to its end.
    written
        SHA-256 of those that were written.
    """

    coming: Mapping[str, str] = attrs.field(factory=dict)
    written: Mapping[str, str] = attrs.field(factory=dict)

    def __bool__(self) -> bool:
        """Tell whether it says anything."""
        return bool(self.coming or self.written)

    def is_ours(self, name: str, digest: str) -> bool:
        """Tell whether a file still is as it was written, by this writing or the one before."""
        return digest in (self.written.get(name), self.coming.get(name))

    def text(self) -> str:
        """Return what stands in the file."""
        return json.dumps(attrs.asdict(self), sort_keys=True, indent=1) + "\n"


def mark_of(folder: Path) -> Mark:
    """Return the mark of a folder; an empty one where there is none."""
    try:
        content = json.loads((folder / SET_FILE).read_bytes())
    except (OSError, ValueError):  # a mark is written whole: what is no JSON is none of ours
        return Mark()
    found = content if isinstance(content, dict) else {}
    return Mark(_texts(found.get("coming")), _texts(found.get("written")))


def _texts(found: object) -> dict[str, str]:
    """Return the names and digests of a part of a mark, as far as they are any."""
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: digest for name, digest in pairs if isinstance(digest, str)}


def digest_of(content: bytes | Path) -> str:
    """Return the SHA-256 of bytes, or of those of a file."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
