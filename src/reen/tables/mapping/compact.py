"""Compact mappings: those of the TOML files of a folder, in one JSON file that opens at once.

Input: a folder of mappings.  Output: ``compact.json``, the values of each mapping under the digest
of the file that it was read from, once nothing was wrong with it.  A file that was edited since, or
that stands in another folder, is read and checked itself: the TOML files stay what counts.

    python -m reen.tables.mapping.compact src/reen_plugins/mappings
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from reen.gate.reads import noted
from reen.tables.mapping.mapping import ColumnRule, FileMapping, ListRule, RowRule, TableMapping

__all__ = ["COMPACT", "compact_folder", "compact_mapping"]

#: Name of the file in the folder of some mappings.
COMPACT = "compact.json"


def compact_folder(folder: Path) -> str:
    """Return the compact form of the mappings of a folder, all of which are in order."""
    from reen.tables.mapping.loading import read_mapping  # what this file spares

    found = {
        _digest(path.read_bytes()): read_mapping(path) for path in sorted(folder.glob("*.toml"))
    }
    lines = (
        f"{json.dumps(digest)}: {json.dumps(_values_of(mapping), ensure_ascii=False)}"
        for digest, mapping in found.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def compact_mapping(path: Path) -> FileMapping | None:
    """Return the mapping that the compact form beside a file has of it; None when of another."""
    known = _known(path.parent / COMPACT)
    said = known.get(_digest(noted(path).read_bytes())) if known else None
    return None if said is None else _mapping(said)


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


def _values_of(value: object) -> object:
    """Return a part of a mapping as JSON has it, without what is as it would be if left out."""
    if isinstance(value, Mapping):
        return {key: _values_of(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_values_of(each) for each in value]
    kind: Any = type(value)
    if not attrs.has(kind):
        return value
    fields = [each for each in attrs.fields(kind) if each.init]
    said = {each.name: getattr(value, each.name) for each in fields}
    kept = {
        each.name: _values_of(said[each.name])
        for each in fields
        if each.default is attrs.NOTHING or said[each.name] != _default(each)
    }
    # nearly all rules of columns say nothing but the column
    return kept["column"] if isinstance(value, ColumnRule) and len(kept) == 1 else kept


def _default(field: attrs.Attribute[Any]) -> object:
    default: Any = field.default
    return default.factory() if hasattr(default, "factory") else default


def _mapping(said: Mapping[str, Any]) -> FileMapping:
    return FileMapping(**_fields(said, _MAPPING))


def _table(said: Mapping[str, Any]) -> TableMapping:
    return TableMapping(**_fields(said, _TABLE))


def _list(said: Mapping[str, Any]) -> ListRule:
    return ListRule(**_fields(said, _TABLE))


def _fields(said: Mapping[str, Any], known: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    return {key: known[key](value) if key in known else value for key, value in said.items()}


def _columns(said: Mapping[str, str | Mapping[str, Any]]) -> dict[str, ColumnRule]:
    return {
        header: _plain_rule(rule) if isinstance(rule, str) else ColumnRule(**rule)
        for header, rule in said.items()
    }


@functools.lru_cache(maxsize=1024)
def _plain_rule(column: str) -> ColumnRule:
    return ColumnRule(column)


def _rule(said: Mapping[str, Any]) -> RowRule:
    return RowRule(
        **{**said, "values": tuple(said["values"]), "record": _tuples(said.get("record", {}))}
    )


def _tuples(said: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(each) for key, each in said.items()}


#: What stands as lists or sections, of a table, a list or a mapping: how it is read.
_TABLE: Mapping[str, Callable[[Any], Any]] = {
    "signature": lambda said: tuple(map(tuple, said)),
    "sheets": tuple,
    "files": tuple,
    "columns": _columns,
    "set_aside": lambda said: tuple(map(_rule, said)),
    "keys": tuple,
    "unique": tuple,
    "expect": _tuples,
    "lists": lambda said: tuple(map(_list, said)),
}
_MAPPING: Mapping[str, Callable[[Any], Any]] = {
    "shared": _table,
    "tables": lambda said: tuple(map(_table, said)),
    "keep": tuple,
}


if __name__ == "__main__":
    from reen.gate.writing import write_file

    folder = Path(sys.argv[1])
    write_file(folder / COMPACT, compact_folder(folder))
