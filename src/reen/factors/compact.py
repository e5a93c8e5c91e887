"""The compact form of a pack folder: its checked content in one file that opens at once.

Input: the content of a pack, and the bytes of the tables that it was read from.  Output:
``compact.json``, and that content again, equal to what the tables say.  The tables stay what counts
and what a person reads: a compact form that was made from other tables, or edited, is not used.

JSON: it holds doubles to the last bit, Python reads it at the speed of C, and it can run no code.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.factors.content import PackContent
from reen.factors.defaults import TypeDefault
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow, FlowDescription
from reen.vocabulary.stages import Stage

__all__ = ["COMPACT", "compact_form", "content_of"]

#: Name of the file in the folder of a pack.
COMPACT = "compact.json"

#: What is read into a `PackContent`, and how: a change here makes older files unused.
_FORM = 1

_ARRAYS = ("values", "lower", "upper", "spread")
_OF_FLOW = tuple(field.name for field in attrs.fields(Flow) if field.name != "pack")
_OF_DESCRIPTION = tuple(field.name for field in attrs.fields(FlowDescription))


def compact_form(content: PackContent, pack: str, tables: Mapping[str, bytes]) -> bytes:
    """Return the compact form of a content.

    Parameters
    ----------
    content
        What the tables say.
    pack
        Name of the pack, that of all its flows and defaults.
    tables
        Bytes of the tables by file name, as they stand in the folder.
    """
    factors = content.factors
    texts = _Texts()
    body = {
        "digest": content.digest(),
        "stages": list(factors.stages),
        "criteria": list(factors.criteria),
        "flows": [[texts.at(getattr(flow, name)) for name in _OF_FLOW] for flow in factors.flows],
        "descriptions": [
            [texts.at(getattr(said, name)) for name in _OF_DESCRIPTION]
            for said in factors.descriptions
        ],
        "arrays": {name: _sparse(getattr(factors, name)) for name in _ARRAYS},
        "defaults": [attrs.astuple(default) for default in content.defaults],
        "matching": content.matching,
        "texts": texts.found,
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    head = json.dumps({"form": _FORM, "pack": pack, "tables": _hash(tables), "content": _sha(text)})
    return head.encode() + b"\n" + text + b"\n"


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
    if head != json.dumps(wanted).encode():
        return None
    body = json.loads(text)
    texts: Sequence[object] = [
        tuple(each) if isinstance(each, list) else each for each in body["texts"]
    ]
    shape = len(body["flows"]), len(body["stages"]), len(body["criteria"])
    factors = FactorSet(
        tuple(Flow(pack, *(texts[k] for k in flow)) for flow in body["flows"]),
        tuple(FlowDescription(*(texts[k] for k in said)) for said in body["descriptions"]),
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
