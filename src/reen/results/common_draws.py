"""Common draws: how often one method is above another, their shared factors being drawn once.

Input: two footprints.  Output: the share of draws in which the first total is above the second.
A flow that both use has one multiplier in both, so what they have in common does not blur how
they differ.  It speaks of the published uncertainty of factors, and says how much of each total
has one.
"""

from __future__ import annotations

import attrs
import numpy as np

from reen.engine.draws import Floats
from reen.factors.flow import Flow
from reen.reasons import share_text
from reen.results.assumptions import SharedAssumption, check_used
from reen.results.footprint import Footprint
from reen.results.law import Law, check_draws, law_of
from reen.views.figures import percent

__all__ = ["ProbabilityAbove", "probability_above"]


@attrs.frozen
class ProbabilityAbove:
    """How often the total of one method is above that of another.

    Attributes
    ----------
    a, b
        Names of the methods.
    criterion
        Criterion key.
    probability
        Share of draws in which a is above b; NaN when one of them assessed nothing.
    shared
        Uncertain flows that both use: drawn once.
    covered
        Of a and b, the share of the total that has a published (or assumed) uncertainty.
    draws, seed
        How it was drawn.
    assumed_spread
        Relative standard deviation given to the factors without one, or None.
    assumptions
        Shared assumptions on amounts, drawn once for both too.
    """

    a: str
    b: str
    criterion: str
    probability: float
    shared: tuple[Flow, ...]
    covered: tuple[float, float]
    draws: int
    seed: int
    assumed_spread: float | None = None
    assumptions: tuple[SharedAssumption, ...] = ()

    def __float__(self) -> float:
        """Return the probability."""
        return self.probability

    def __str__(self) -> str:
        """Return the probability, the draws, and the shares of the totals that they cover."""
        if np.isnan(self.probability):
            return f"{self.a} and {self.b} cannot be ordered: one of them assessed nothing"
        return (
            f"{self.a} is above {self.b} in {share_text(self.probability)} of {self.draws:,} draws"
            f" ({percent(self.covered[0])} of {self.a} and {percent(self.covered[1])} of {self.b}"
            f" have an uncertainty; uncertain factors in common: {len(self.shared)})"
        )


def probability_above(
    names: tuple[str, str],
    footprints: tuple[Footprint, Footprint],
    *,
    criterion: str,
    draws: int,
    seed: int,
    assume_spread: float | None,
    assumptions: tuple[SharedAssumption, ...],
) -> ProbabilityAbove:
    """Draw two totals together and count; the parameters are those of `ProbabilityAbove`.

    A flow, or a shared assumption, has the same draws in both, since they depend on its name and
    the seed only.

    Raises
    ------
    OptionError
        Fewer than one draw, a seed below 0, a spread that is none, or assumptions that neither
        footprint can take.
    """
    owner = "probability_above"
    check_draws(owner, draws=draws, seed=seed)
    laws = [
        law_of(
            each,
            criterion=criterion,
            assume_spread=assume_spread,
            assumptions=assumptions,
            owner=owner,
        )
        if criterion in each.criteria
        else None
        for each in footprints
    ]
    there = [law for law in laws if law is not None]
    values = [value for law in there for value in law.shared_values]
    check_used(assumptions, values, [law.fold for law in there], owner)
    known = all(criterion in each.criteria for each in footprints) and not any(
        np.isnan(each.total(criterion).value) for each in footprints
    )
    probability = float("nan")
    if known:
        first, second = (_draws(law, draws, seed) for law in there)
        probability = float(np.mean(first > second))
    uncertain = [set() if law is None else _uncertain(law) for law in laws]
    covered = [0.0 if law is None else law.covered() for law in laws]
    return ProbabilityAbove(
        names[0],
        names[1],
        criterion,
        probability,
        tuple(sorted(uncertain[0] & uncertain[1])),
        (covered[0], covered[1]),
        draws,
        seed,
        assume_spread,
        assumptions,
    )


def _draws(law: Law, draws: int, seed: int) -> Floats:
    ((_, block),) = law.of_total().blocks(draws=draws, seed=seed)
    return block.reshape(draws)


def _uncertain(law: Law) -> set[Flow]:
    """Return the flows whose factors make the total uncertain."""
    moving = ((law.spread > 0.0) & (law.contributions != 0.0)).any(axis=1)
    return {law.units.flows[k] for k in np.flatnonzero(moving).tolist()}
