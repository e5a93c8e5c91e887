"""Gap: the difference between two products of drivers, split exactly into one effect per driver.

For rows that two methods both assess, with drivers x_i (quantity, lifetime, energy...) and factor
f, the impacts are A = f_A prod x_i^A and B = f_B prod x_i^B.  The effect of a driver is its
Shapley value in the game that goes from A to B: the mean, over all orders, of what changing that
driver alone changes.  For two drivers this is Bennet's midpoint rule.  The effects add up to B - A
exactly, whatever the signs, and swapping the methods negates each of them.

Since A and B are linear in f_A and f_B, every effect has the form P f_A + Q f_B, where P and Q do
not depend on stage or criterion: they are summed over the rows of a pair of flows, and the factors
are multiplied afterwards, for all stages and criteria at once.

Sources: T. L. Bennet, The theory of measurement of changes in cost of living (1920); L. S.
Shapley, A value for n-person games (1953).  Arrays only.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

__all__ = ["FACTOR", "Coefficients", "shapley_coefficients", "shapley_slopes"]

Floats = npt.NDArray[np.float64]

#: Name of the player that stands for the factor.
FACTOR = "factor"


@attrs.frozen(eq=False)
class Coefficients:
    """Row coefficients of the effects.

    Attributes
    ----------
    on_a, on_b
        By driver (and `FACTOR`), float64 per row: the effect is on_a f_A + on_b f_B.
    """

    on_a: Mapping[str, Floats]
    on_b: Mapping[str, Floats]


def shapley_coefficients(
    a: Mapping[str, Floats], b: Mapping[str, Floats], *, rows: int
) -> Coefficients:
    """Return the coefficients of every driver's effect and of the factor's.

    Parameters
    ----------
    a, b
        Drivers of the two methods by name, float64 of length `rows`, same names.
    rows
        Number of rows.

    Returns
    -------
    Coefficients
        Drivers that are equal in every row have no effect and are left out.

    Notes
    -----
    With k drivers that differ, 2**k products are made; k is 4 at the most in practice (lifetime,
    energy, PUE, share).
    """
    slopes = shapley_slopes(a, b, rows=rows)
    weight = slopes.on_b[FACTOR]
    on_a, on_b = {FACTOR: -weight}, {FACTOR: weight}
    for name in (each for each in a if each in slopes.on_a):
        change = b[name] - a[name]
        on_a[name], on_b[name] = slopes.on_a[name] * change, slopes.on_b[name] * change
    return Coefficients(on_a, on_b)


def shapley_slopes(
    a: Mapping[str, Floats],
    b: Mapping[str, Floats],
    *,
    rows: int,
    players: frozenset[str] = frozenset(),
) -> Coefficients:
    """Return the effect of each driver, and of the factor, per unit by which it changes.

    Parameters
    ----------
    a, b, rows
        As in `shapley_coefficients`.
    players
        Drivers to give even where they are equal in every row.

    Returns
    -------
    Coefficients
        The slope of a driver is on_a f_A + on_b f_B: times any part of its change, it gives the
        effect of that part.  That of the factor is on_b, of length `rows`, and on_a is zero.
    """
    common = np.ones(rows)
    differing = []
    for name, values in a.items():
        if name not in players and np.array_equal(values, b[name]):
            common = common * values
        else:
            differing.append(name)
    count = len(differing) + 1
    on_a: dict[str, Floats] = {FACTOR: np.zeros(rows)}
    on_b: dict[str, Floats] = {FACTOR: np.zeros(rows)}
    for chosen in _subsets(differing):
        product = _product(common, a, b, differing, chosen)
        on_b[FACTOR] = on_b[FACTOR] + _weight(len(chosen), count) * product
    for name in differing:
        others = [other for other in differing if other != name]
        on_a[name], on_b[name] = np.zeros(rows), np.zeros(rows)
        for chosen in _subsets(others):
            product = _product(common, a, b, others, chosen)
            # the factor is already changed, or not yet
            on_a[name] = on_a[name] + _weight(len(chosen), count) * product
            on_b[name] = on_b[name] + _weight(len(chosen) + 1, count) * product
    return Coefficients(on_a, on_b)


def _subsets(names: Sequence[str]) -> list[frozenset[str]]:
    return [
        frozenset(chosen)
        for size in range(len(names) + 1)
        for chosen in itertools.combinations(names, size)
    ]


def _weight(before: int, players: int) -> float:
    """Return the share of the orders in which exactly `before` given players come first."""
    return math.factorial(before) * math.factorial(players - before - 1) / math.factorial(players)


def _product(
    common: Floats,
    a: Mapping[str, Floats],
    b: Mapping[str, Floats],
    names: Sequence[str],
    changed: frozenset[str],
) -> Floats:
    """Return the product of the drivers, those of `changed` as method b has them."""
    product = common
    for name in names:
        product = product * (b[name] if name in changed else a[name])
    return product
