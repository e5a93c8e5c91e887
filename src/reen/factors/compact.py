"""The compact form of a pack folder: its checked content in one file that opens at once.

Input: the content of a pack, what its `pack.toml` says, and the bytes of the files that these were
read from.  Output: ``compact.json``, and both again, equal to what the files say.  The files stay
what counts and what a person reads: a compact form that was made from others, or edited, is not
used.  Its first line has the description, the second the content, column by column.

JSON: it holds doubles to the last bit, Python reads it at the speed of C, and it can run no code.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from reen.factors.content import PackContent, TypeDefault
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow, FlowDescription
from reen.vocabulary.stages import Stage

__all__ = ["COMPACT", "compact_form", "content_of", "description_of"]

#: Name of the file in the folder of a pack.
COMPACT = "compact.json"

#: What is read into a `PackContent`, and how: a change here makes older files unused.
_FORM = 2

_ARRAYS = ("values", "lower", "upper", "spread")
_OF_FLOW = tuple(field.name for field in attrs.fields(Flow) if field.name != "pack")
_OF_DESCRIPTION = tuple(field.name for field in attrs.fields(FlowDescription))


def compact_form(
    content: PackContent,
    pack: str,
    tables: Mapping[str, bytes],
    toml: bytes,
    about: Mapping[str, object],
) -> bytes:
    """Return the compact form of a pack.

    Parameters
    ----------
    content
        What the tables say.
    pack
        Name of the pack, that of all its flows and defaults.
    tables
        Bytes of the tables by file name, as they stand in the folder.
    toml, about
        Bytes of ``pack.toml``, and what it says.
    """
    factors = content.factors
    texts = _Texts()
    body = {
        "digest": content.digest(),
        "size": len(factors),
        "stages": list(factors.stages),
        "criteria": list(factors.criteria),
        "flows": [texts.column(factors.flows, name) for name in _OF_FLOW],
        "descriptions": [texts.column(factors.descriptions, name) for name in _OF_DESCRIPTION],
        "arrays": {name: _sparse(getattr(factors, name)) for name in _ARRAYS},
        "defaults": [attrs.astuple(default) for default in content.defaults],
        "matching": content.matching,
        "texts": texts.found,
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    made_of = {"form": _FORM, "pack": pack, "tables": _hash(tables), "content": _sha(text)}
    plain = all(isinstance(said, (str, bool)) for said in about.values())
    # of a date or a number TOML and JSON make different things: such a description is read itself
    description = {"about": about, "toml": _sha(toml)} if plain else {}
    head = json.dumps(made_of | description, ensure_ascii=False, separators=(",", ":"))
    return head.encode() + b"\n" + text + b"\n"


def description_of(head: bytes, toml: bytes) -> Mapping[str, object] | None:
    """Return the description in a compact form; None where that was made of another ``pack.toml``.

    Parameters
    ----------
    head
        First line of ``compact.json``.
    toml
        Bytes of ``pack.toml``.
    """
    made_of = _made_of(head)
    if made_of.get("form") != _FORM or made_of.get("toml") != _sha(toml):
        return None
    about: Mapping[str, object] = made_of["about"]
    return about


def _made_of(head: bytes) -> Mapping[str, Any]:
    """Return the digests in the first line of a compact form; nothing where it is none."""
    try:
        found: object = json.loads(head)
    except (ValueError, RecursionError):
        return {}  # it only saves time: the files themselves are read
    return found if isinstance(found, dict) else {}


def content_of(data: bytes, pack: str, tables: Mapping[str, bytes]) -> PackContent | None:
    """Return the content of a compact form; None where it is not that of these tables.

    Parameters
    ----------
    data
        Bytes of ``compact.json``.
    pack
        Name of the pack.
    tables
        Bytes of the tables by file name, as they stand in the folder.
    """
    head, _, text = data.partition(b"\n")
    text = text.removesuffix(b"\n")
    wanted = {"form": _FORM, "pack": pack, "tables": _hash(tables), "content": _sha(text)}
    if not wanted.items() <= _made_of(head).items():
        return None
    body = json.loads(text)
    texts: Sequence[object] = [
        tuple(each) if isinstance(each, list) else each for each in body["texts"]
    ]

    shape = body["size"], len(body["stages"]), len(body["criteria"])

    def columns(name: str) -> Iterator[Iterator[Any]]:
        for places in body[name]:
            if isinstance(places, int):
                yield itertools.repeat(texts[places], shape[0])
            else:
                yield map(texts.__getitem__, places)

    factors = FactorSet(
        tuple(map(Flow, itertools.repeat(pack), *columns("flows"))),
        tuple(map(FlowDescription, *columns("descriptions"))),
        tuple(map(Stage, body["stages"])),
        tuple(body["criteria"]),
        *(_dense(body["arrays"][name], shape) for name in _ARRAYS),
    )
    content = PackContent(
        factors,
        tuple(TypeDefault(*default) for default in body["defaults"]),
        tuple((kind, key, flow) for kind, key, flow in body["matching"]),
    )
    return content.of_digest(body["digest"])


class _Texts:
    """The distinct values of cells, each held once."""

    def __init__(self) -> None:
        self.found: list[object] = []
        self._places: dict[object, int] = {}

    def at(self, value: object) -> int:
        """Return the place of a value, which gets one where it has none."""
        place = self._places.setdefault(value, len(self.found))
        if place == len(self.found):
            self.found.append(value)
        return place

    def column(self, rows: Iterable[object], name: str) -> list[int] | int:
        """Return the places of what rows have under a name; one place where all have the same."""
        places = [self.at(getattr(row, name)) for row in rows]
        return places[0] if len(set(places)) == 1 else places


def _sparse(array: npt.NDArray[np.float64]) -> tuple[list[int], list[float]]:
    """Return the places of the numbers of an array, and the numbers."""
    flat = array.ravel().tolist()
    there = [k for k, value in enumerate(flat) if not math.isnan(value)]
    return there, [flat[k] for k in there]


def _dense(sparse: Sequence[Sequence[float]], shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    array = np.full(math.prod(shape), np.nan)
    there, values = sparse
    array[np.asarray(there, np.intp)] = values
    return array.reshape(shape)


def _hash(tables: Mapping[str, bytes]) -> str:
    return _sha(b"".join(f"{name} {_sha(tables[name])}\n".encode() for name in sorted(tables)))


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
