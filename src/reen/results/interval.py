"""Interval: the uncertainty of a total, from the published uncertainty of its factors.

A value; the drawing is `engine.draws`.  It always says which share of the total has a published
uncertainty at all: a factor without one is not certain.
"""

from __future__ import annotations

import attrs

__all__ = ["Interval"]


@attrs.frozen
class Interval:
    """An interval of a total.

    Attributes
    ----------
    lower, upper
        Quantiles of the draws, in `unit`.
    mean
        Published total (the mean of the law), in `unit`.
    unit, criterion
        What it is an interval of.
    level
        Probability between the bounds.
    covered
        Share of the total that comes from factors with a published (or assumed) uncertainty; the
        rest enters as if it were exact.
    draws, seed
        How it was drawn.
    assumed_spread
        Relative standard deviation given to the factors without one, or None.
    """

    lower: float
    upper: float
    mean: float
    unit: str
    criterion: str
    level: float
    covered: float
    draws: int
    seed: int
    assumed_spread: float | None = None

    def __str__(self) -> str:
        """Return the bounds, the level, and the share of the total that they speak of."""
        return (
            f"{self.lower:,.4g} to {self.upper:,.4g} {self.unit} ({self.level:.0%} interval,"
            f" {self.covered:.0%} of the total has an uncertainty)"
        )
