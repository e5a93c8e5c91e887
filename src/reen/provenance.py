"""Provenance: the versions, options and hashes of all that a result used.

A value: strings and numbers only, so that it can be written anywhere and read back equal.  The
hash changes if and only if the method, an option, the date, a factor, a plugin, a mapping or a row
does.
Imports nothing of reen but its version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import attrs

__all__ = ["MappingRecord", "PackRecord", "PluginRecord", "Provenance"]


@attrs.frozen(order=True)
class MappingRecord:
    """A mapping that was used to read the rows: its name and the SHA-256 of its content."""

    name: str
    digest: str


@attrs.frozen(order=True)
class PackRecord:
    """A factor pack in use: name, version, SHA-256 of its content, licence."""

    name: str
    version: str
    digest: str
    licence: str = ""


@attrs.frozen(order=True)
class PluginRecord:
    """A plugin in use: distribution name and version."""

    distribution: str
    version: str


@attrs.frozen(kw_only=True)
class Provenance:
    """What a result was made from.

    Attributes
    ----------
    reen_version
        Version of the library.
    method, method_version
        Method that gave the exchanges.
    options
        Its options, as text, by name.
    as_of
        Reference date, ISO.
    packs
        Factor packs in order of precedence.
    plugins
        Plugins that gave the method and the packs.
    mappings
        Mappings of tools and of the user by which the rows were read.
    made
        SHA-256 of the factors in use that the method made at run time, empty without any.
    rows
        Number of inventory rows.
    rows_digest
        Order-independent digest of the rows, over the columns that the method reads and groups by.
    sources
        Files that the rows come from (not part of the hash: a renamed file is the same data).
    """

    reen_version: str
    method: str
    method_version: str
    options: Mapping[str, str]
    as_of: str
    packs: tuple[PackRecord, ...]
    plugins: tuple[PluginRecord, ...]
    rows: int
    rows_digest: str
    sources: tuple[str, ...] = ()
    mappings: tuple[MappingRecord, ...] = ()
    made: str = ""

    @property
    def hash(self) -> str:
        """Return a SHA-256 of everything but the names of the source files."""
        content = attrs.asdict(self)
        del content["sources"]
        if not self.made:
            del content["made"]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types, the hash included."""
        return {**attrs.asdict(self), "hash": self.hash}

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Provenance:
        """Return the provenance written by `to_dict`."""
        fields = dict(content)
        fields.pop("hash", None)
        fields["packs"] = tuple(PackRecord(**pack) for pack in fields["packs"])  # type: ignore[attr-defined]
        fields["plugins"] = tuple(PluginRecord(**plugin) for plugin in fields["plugins"])  # type: ignore[attr-defined]
        fields["mappings"] = tuple(MappingRecord(**each) for each in fields.get("mappings", ()))  # type: ignore[attr-defined]
        fields["sources"] = tuple(fields["sources"])  # type: ignore[arg-type]
        return cls(**fields)  # type: ignore[arg-type]
