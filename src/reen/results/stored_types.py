"""Stored types: whether a value made of the content of a file fits the annotations of its class.

Input: a value whose parts came from JSON.  Output: nothing, or `TypeError`, which names the field.
A digest says that nobody changed a file after it was written, not that whoever wrote it was reen: a
list where a text should be is found here, not in the middle of a page.
"""

from __future__ import annotations

import collections.abc
import functools
import math
import types
import typing
from collections.abc import Callable, Collection, Iterable, Mapping

import attrs
import numpy as np

__all__ = ["check_finite", "check_types"]

#: Numbers that may be NaN, by class and field; no other may be, and none is endless.
_MAY_BE_UNKNOWN = frozenset({("Example", "quantity")})

#: Whole numbers that a column of them can hold, digests too.
_LEAST, _MOST = -(1 << 63), 1 << 64


def check_types(value: object) -> None:
    """Raise TypeError where a field, or one of those in it, is not of its type.

    Examples
    --------
    >>> from reen.inventory.account import AccountLine, Fate
    >>> check_types(AccountLine(source="a.csv", fate=Fate.COUNTED, rows=1))
    >>> check_types(AccountLine(source="a.csv", fate=Fate.COUNTED, rows="1"))
    Traceback (most recent call last):
    TypeError: AccountLine.rows
    """
    kind: typing.Any = type(value)  # a class is hashable, whatever its values are
    for field, hint in _hints(kind).items():
        part = getattr(value, field)
        unknown = (kind.__name__, field) in _MAY_BE_UNKNOWN and part != part  # noqa: PLR0124 - NaN
        if not unknown and not _fits(part, hint):
            raise TypeError(f"{kind.__name__}.{field}")


def check_finite(values: Iterable[float], what: str) -> None:
    """Raise ValueError where a number is none, or beyond all measure: no file of reen holds it."""
    if not all(map(math.isfinite, values)):
        raise ValueError(what)


@functools.cache
def _hints(kind: type) -> Mapping[str, object]:
    """Return the types of the fields of a class of ours."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in attrs.fields(kind)}


def _fits(value: object, hint: object) -> bool:
    """Tell whether a value is of a type; what has fields of its own raises for them."""
    origin = typing.get_origin(hint) or hint
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, each) for each in typing.get_args(hint))
    fits = _FITS.get(origin)
    if fits is not None:
        return fits(value, typing.get_args(hint))
    if not isinstance(origin, type):
        return True  # of any type
    if not isinstance(value, origin):
        return False
    if attrs.has(type(value)):
        check_types(value)
    return True


def _is_tuple(value: object, hints: tuple[object, ...]) -> bool:
    if not isinstance(value, tuple):
        return False
    if hints[1:] == (...,):
        return _all(value, hints[0])
    return len(value) == len(hints) and all(map(_fits, value, hints))


def _is_mapping(value: object, hints: tuple[object, ...]) -> bool:
    if not isinstance(value, Mapping):
        return False
    return _all(value.keys(), hints[0]) and _all(value.values(), hints[1])


def _is_collection(value: object, hints: tuple[object, ...]) -> bool:
    return (
        isinstance(value, Collection)
        and not isinstance(value, (str, bytes, Mapping))
        and _all(value, hints[0])
    )


def _all(values: Collection[object], hint: object) -> bool:
    return all(_fits(each, hint) for each in values)


def _is_whole(value: object, _: tuple[object, ...]) -> bool:
    return type(value) is int and _LEAST <= value < _MOST


def _is_number(value: object, _: tuple[object, ...]) -> bool:
    return isinstance(value, (float, int)) and type(value) is not bool and math.isfinite(value)


#: What fits a type, where it is not for `isinstance` alone to say.
_FITS: Mapping[object, Callable[[object, tuple[object, ...]], bool]] = {
    float: _is_number,
    int: _is_whole,
    tuple: _is_tuple,
    dict: _is_mapping,
    collections.abc.Mapping: _is_mapping,
    collections.abc.Sequence: _is_collection,
    frozenset: _is_collection,
    np.ndarray: lambda value, _: isinstance(value, np.ndarray),
    typing.Literal: lambda value, words: value in words,
}
