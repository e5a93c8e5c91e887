"""Values: records that are compared and printed by their fields, with one code for all of them.

`attrs` writes and compiles `__eq__`, `__hash__` and `__repr__` of each class at every start: two
thirds of what it takes to make a class, and few commands call any of them.  Classes of which that
is so say ``eq=False, repr=False`` and take all three from `Compared`.  Those that are keys in inner
loops, are ordered, or are equal to themselves alone take how they are printed from `Printed`.
Imports nothing of the house.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import attrs

__all__ = ["Compared", "Printed"]


class Printed:
    """What a class of `attrs` is printed by: its fields, as `attrs` would do."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the class with its fields."""
        kind: Any = type(self)
        said = ", ".join(f"{name}={shown(getattr(self, name))}" for name, shown in _shown(kind))
        return f"{kind.__qualname__.rpartition('>.')[2]}({said})"


class Compared(Printed):
    """What a class of `attrs` is compared, hashed and printed by: its fields, as `attrs` would do.

    Examples
    --------
    >>> @attrs.frozen(eq=False, repr=False)
    ... class Place(Compared):
    ...     name: str
    ...     note: str = attrs.field(default="", eq=False, repr=False)
    >>> Place("Mairie", "2e étage"), Place("Mairie", "2e étage") == Place("Mairie")
    (Place(name='Mairie'), True)
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Compare the fields of two values of one class; no other class has equal ones."""
        if other.__class__ is not self.__class__:
            return NotImplemented
        kind: Any = type(self)
        return all(of(self) == of(other) for of in _compared(kind))

    def __hash__(self) -> int:
        """Return the hash of the fields that are compared."""
        kind: Any = type(self)
        return hash((kind, *(of(self) for of in _compared(kind))))


#: Fields of a class: what attrs says of each is only partly known to type checkers.
_fields: Any = attrs.fields


@functools.cache
def _compared(kind: Any) -> tuple[Callable[[object], object], ...]:  # noqa: ANN401 - of attrs
    return tuple(_getter(each.name, each.eq_key) for each in _fields(kind) if each.eq)


def _getter(name: str, key: Callable[[object], object] | None) -> Callable[[object], object]:
    if key is None:
        return operator.attrgetter(name)
    return lambda value: key(getattr(value, name))


@functools.cache
def _shown(kind: Any) -> tuple[tuple[str, Callable[[object], str]], ...]:  # noqa: ANN401 - of attrs
    return tuple(
        (each.name, each.repr if callable(each.repr) else repr)
        for each in _fields(kind)
        if each.repr
    )
