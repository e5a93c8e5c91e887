"""Variance: what each source of uncertainty brings to a total, exactly and without draws.

Input: amounts by (class, flow), the moments of one unit of each flow, the shared assumptions.  The
total is a sum of products of independent multipliers of mean 1, so its variance is a sum over sets
of sources (its Sobol' components): a factor alone, an assumption alone, both at once...  What
several sources bring at once is shared equally between them: the Shapley effects of Owen (2014,
"Sobol' indices and Shapley value", SIAM/ASA J. Uncertainty Quantification 2).  They are never
negative and add up to the variance.  Arrays only.
"""

from __future__ import annotations

import itertools

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.amounts import Amounts, Ints, SharedLaws, sums_at
from reen.engine.cells import sum_by_key
from reen.engine.draws import Floats, UnitLaws

__all__ = ["Variance", "variance_of"]


@attrs.frozen(eq=False)
class Variance:
    """The variance of a total, by source and by row of results.

    Attributes
    ----------
    flows
        float64 (F,): what the factor of each flow brings.
    shared
        float64 (K,): what each shared assumption brings.
    noise
        What the independent errors of the inventory rows' amounts bring.
    rows
        float64 (R,): covariance of each row of results with the total.
    """

    flows: Floats
    shared: Floats
    noise: float
    rows: Floats

    @property
    def total(self) -> float:
        """Return the variance of the total."""
        return float(self.flows.sum() + self.shared.sum() + self.noise)


def variance_of(amounts: Amounts, units: UnitLaws, shared: SharedLaws, *, rows: int) -> Variance:
    """Return the variance of the sum of all rows, and where it comes from.

    With U a set of shared assumptions, A[U, f] the amount of flow f on which all of U act, N[U, f]
    the variance of that amount from the errors of the inventory rows, m and h the mean and the
    variance of one unit of a flow, and p(U) the product of the squared spreads of U, the
    components are

    - U and the factor of f: ``p(U) h[f] A[U, f]^2``
    - U alone, unless empty: ``p(U) (sum over f of m[f] A[U, f])^2``
    - U and the errors on f: ``p(U) m[f]^2 N[U, f]``
    - U, the errors on f and its factor: ``p(U) h[f] N[U, f]``.

    Parameters
    ----------
    amounts
        Amounts by row, class and flow.
    units
        Law of one unit of each flow.
    shared
        Shared assumptions.
    rows
        Number of rows of results, R.
    """
    total = amounts.in_all()
    parts = _Parts.of(total, shared)
    p, order = parts.weight[parts.which], parts.size[parts.which]
    m, h = units.mean[parts.flow], units.variance[parts.flow]
    by_factor, by_both = p * h * parts.amount**2, p * h * parts.noise
    by_error = p * m**2 * parts.noise
    on_set = sums_at(parts.which, m * parts.amount, len(parts.sets))
    on_set[parts.size == 0.0] = 0.0
    # each of the sources of a component takes the same part of it
    each = (by_factor + by_error) / (order + 1.0) + by_both / (order + 2.0)
    of_set = sums_at(parts.which, each, len(parts.sets))
    of_set += parts.weight * on_set**2 / np.maximum(parts.size, 1.0)
    of_shared = np.zeros(len(shared.spread))
    for members, brought in zip(parts.sets, of_set.tolist(), strict=True):
        of_shared[list(members)] += brought
    of_flow = by_factor / (order + 1.0) + by_both / (order + 2.0)
    per_amount = parts.gathered(p * (h * parts.amount + m * on_set[parts.which]))
    per_noise = parts.gathered(p * (m**2 + h))
    return Variance(
        sums_at(parts.flow, of_flow, len(units.mean)),
        of_shared,
        float((by_error / (order + 1.0) + by_both / (order + 2.0)).sum()),
        _by_row(amounts, total, per_amount, per_noise, rows),
    )


def _by_row(
    amounts: Amounts, total: Amounts, per_amount: Floats, per_noise: Floats, rows: int
) -> Floats:
    """Return the covariance of each row with the total, from that of a unit of each amount."""
    width = int(total.flow.max(initial=0)) + 1
    at = np.searchsorted(total.klass * width + total.flow, amounts.klass * width + amounts.flow)
    brought = amounts.amount * per_amount[at]
    if amounts.noise is not None:
        brought += amounts.noise * per_noise[at]
    return sums_at(amounts.row, brought, rows)


@attrs.frozen(eq=False)
class _Parts:
    """Amounts by (set of assumptions, flow): an amount is counted in every subset of its class.

    Attributes
    ----------
    sets
        Sets of assumptions; the first is empty.
    weight, size
        float64, one per set: product of the squared spreads, number of members.
    which, flow, amount, noise
        One per part: position of the set, flow, sum of the amounts, variance of that sum.
    origin, part
        Pairs (amount, part) of which the first counts in the second.
    """

    sets: tuple[tuple[int, ...], ...]
    weight: Floats
    size: Floats
    which: Ints
    flow: Ints
    amount: Floats
    noise: Floats
    origin: npt.NDArray[np.intp]
    part: npt.NDArray[np.intp]

    @classmethod
    def of(cls, total: Amounts, shared: SharedLaws) -> _Parts:
        at: dict[tuple[int, ...], int] = {(): 0}
        subsets = [
            [at.setdefault(each, len(at)) for each in _subsets(members)]
            for members in shared.members
        ]
        counts = np.array([len(each) for each in subsets])[total.klass]
        starts = np.cumsum([0, *(len(each) for each in subsets)])[:-1][total.klass]
        origin = np.repeat(np.arange(len(counts)), counts)
        step = np.arange(len(origin)) - np.repeat(np.cumsum(counts) - counts, counts)
        which = np.array(list(itertools.chain.from_iterable(subsets)), np.int64)
        width = int(total.flow.max(initial=0)) + 1
        keys = which[starts[origin] + step] * width + total.flow[origin]
        noise = np.zeros(len(total.flow)) if total.noise is None else total.noise
        distinct, sums = sum_by_key(keys, np.stack([total.amount, noise])[:, origin])
        spread2 = shared.spread**2
        return cls(
            tuple(at),
            np.array([float(np.prod(spread2[list(each)])) for each in at]),
            np.array([float(len(each)) for each in at]),
            distinct // width,
            distinct % width,
            sums[0],
            sums[1],
            origin,
            np.searchsorted(distinct, keys),
        )

    def gathered(self, values: Floats) -> Floats:
        """Return the sum, for each amount, of the values of the parts in which it counts."""
        count = int(self.origin.max(initial=-1)) + 1
        return sums_at(self.origin, values[self.part], count)


def _subsets(members: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [
        each for size in range(len(members) + 1) for each in itertools.combinations(members, size)
    ]
