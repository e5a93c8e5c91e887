"""Effect sums: effects summed by some of their columns, and ranked.

Input: effects, and what each of them is by a key.  Output: sums and ranks, the largest first.  Gaps
between methods and changes between years are both read through it.  Computes sums only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

import attrs

from reen.errors import OptionError
from reen.reasons import Reason

__all__ = ["RankedEffect", "group_key", "ranked", "summed", "value_of"]


def group_key(values: Sequence[object]) -> tuple[object, ...]:
    """Return the key of a group as it is looked up: NaN, unequal to itself, is one object."""
    return tuple(math.nan if value != value else value for value in values)  # noqa: PLR0124


class _Effect(Protocol):
    @property
    def group(self) -> tuple[object, ...]: ...

    @property
    def value(self) -> float: ...


E = TypeVar("E", bound=_Effect)


@attrs.frozen
class RankedEffect:
    """A line of the rank table of a gap, or of a change.

    Attributes
    ----------
    rank
        1 for the largest in absolute value.
    key
        What it is the sum of, in the order of the keys asked for.
    value
        Contribution to the whole, in its unit.
    share
        Share of the whole: negative where it goes against it, above 1 where others do; NaN when the
        whole is zero.
    weight
        Share of the sum of absolute values, between 0 and 1.
    """

    rank: int
    key: tuple[object, ...]
    value: float
    share: float
    weight: float


def value_of(effect: _Effect, key: str, names: Sequence[str], grouped_by: Sequence[str]) -> object:
    """Return what a key is for an effect: one of its fields, its group, or a grouping column."""
    if key in names and key != "group":
        return getattr(effect, key)
    group = group_key(effect.group)
    return group if key == "group" else group[grouped_by.index(key)]


def summed(
    effects: Iterable[E],
    keys: Sequence[str],
    *,
    names: Sequence[str],
    grouped_by: Sequence[str],
    of: str,
    among: Callable[[E], bool] = lambda _: True,
) -> dict[tuple[object, ...], float]:
    """Return effects summed by some keys, the largest in absolute value first.

    Parameters
    ----------
    effects
        The effects.
    keys
        What to sum by.
    names, grouped_by
        What may be: fields of an effect, and columns of which `group` holds the values.
    of
        Who asks, for messages.
    among
        Which effects are summed.

    Raises
    ------
    OptionError
        Another key.
    """
    known = dict.fromkeys((*names, *grouped_by))
    for key in keys:
        if key not in known:
            raise OptionError(of, "keys", key, Reason("error_some", known=", ".join(known)))
    found: dict[tuple[object, ...], float] = {}
    for effect in effects:
        if among(effect):
            place = tuple(value_of(effect, name, names, grouped_by) for name in keys)
            found[place] = found.get(place, 0.0) + effect.value
    return dict(sorted(found.items(), key=lambda pair: -abs(pair[1])))


def ranked(
    sums: Mapping[tuple[object, ...], float], *, whole: float, top: int | None
) -> tuple[RankedEffect, ...]:
    """Return sums as ranked lines, `top` of them or all."""
    size = sum(abs(value) for value in sums.values())
    return tuple(
        RankedEffect(
            rank,
            key,
            value,
            value / whole if whole else float("nan"),
            abs(value) / size if size else 0.0,
        )
        for rank, (key, value) in enumerate(sums.items(), start=1)
        if top is None or rank <= top
    )
