"""Interval: the uncertainty of a total, or of each group, as quantiles of draws.

Input: a footprint and what is assumed.  The drawing is `engine.drawn_totals`.  An interval always
says which share of the total has a published uncertainty at all: a factor without one is not
certain, and an interval of half of a total is none of the whole.
"""

from __future__ import annotations

import math

import attrs
import pyarrow as pa

from reen.engine.drawn_totals import MEMORY, drawn_quantiles
from reen.errors import OptionError
from reen.reasons import Reason, say, share_text, spoken
from reen.results.assumptions import SharedAssumption
from reen.results.footprint_figures import FootprintFigures
from reen.results.law import check_draws, used_law_of
from reen.results.tables import interval_table
from reen.results.wording import scale_of
from reen.views.figures import percent

__all__ = ["ENOUGH", "Interval", "interval_of", "intervals_of"]

#: Share of a total with an uncertainty from which its bounds are shown as an interval of the total.
ENOUGH = 0.8


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
        rest enters as if they were exact.
    draws, seed
        How it was drawn.
    assumed_spread
        Relative standard deviation given to the factors without one, or None.
    assumptions
        Shared assumptions on amounts that were drawn too.
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
    assumptions: tuple[SharedAssumption, ...] = ()

    @property
    def covers_enough(self) -> bool:
        """Tell whether the bounds may be read as an interval of the total.

        So they may where four fifths of it have a published uncertainty, or where a spread was
        assumed for the rest by name; else they are too narrow, by an unknown part.
        """
        return self.covered >= ENOUGH

    def __str__(self) -> str:
        """Return the bounds, the level, and the share of the total that they cover.

        Where the share is not enough, that is said in place of the bounds.
        """
        if math.isnan(self.mean):
            return say("interval_of_nothing", level=percent(self.level))
        if not self.covers_enough:
            covered = percent(self.covered)
            if covered == percent(ENOUGH):  # what is less must not be printed as the same
                covered = share_text(self.covered, decimals=2)
            return say(
                "interval_too_narrow",
                level=percent(self.level),
                covered=covered,
                enough=percent(ENOUGH),
            )
        scale = scale_of([self.lower, self.upper], self.unit)
        assumed = "".join(f"; {each}" for each in self.assumptions)
        if self.assumed_spread is not None:
            spread = say("interval_spread", spread=percent(self.assumed_spread))
            assumed = f"{spread}{assumed}"
        return say(
            "interval",
            lower=scale.text(self.lower, language=spoken()),
            upper=scale.text(self.upper, language=spoken()),
            unit=scale.unit_in(spoken()),
            level=percent(self.level),
            covered=percent(self.covered),
            assumed=assumed,
        )


def interval_of(
    footprint: FootprintFigures,
    *,
    criterion: str,
    level: float,
    draws: int,
    seed: int,
    assume_spread: float | None,
    assumptions: tuple[SharedAssumption, ...],
) -> Interval:
    """Return the interval of a total; the parameters are those of `Footprint.interval`.

    Raises
    ------
    OptionError
        An argument is out of range, or an assumption is about nothing in the footprint.
    """
    tails = _checked("interval", level=level, draws=draws, seed=seed)
    law = used_law_of(
        footprint,
        criterion=criterion,
        assume_spread=assume_spread,
        assumptions=assumptions,
        owner="interval",
    )
    mean = footprint.total(criterion).value
    if math.isnan(mean):  # nothing assessed is not zero
        lower = upper = mean
    else:
        mean = float(law.contributions.sum())
        ((lower, upper),) = drawn_quantiles(law.of_total(), tails, draws=draws, seed=seed).tolist()
    return Interval(
        lower,
        upper,
        mean,
        footprint.unit(criterion),
        criterion,
        level,
        law.covered(),
        draws,
        seed,
        assume_spread,
        assumptions,
    )


def intervals_of(
    footprint: FootprintFigures,
    *,
    criterion: str,
    level: float,
    draws: int,
    seed: int,
    assume_spread: float | None,
    assumptions: tuple[SharedAssumption, ...],
) -> pa.Table:
    """Return the interval of each group; the parameters are those of `Footprint.intervals`.

    The draws of a factor are the same for every group.  Groups are drawn block by block: what is
    held is bounded by `MEMORY`, in bytes, whatever their number, and changes no figure.

    Raises
    ------
    OptionError
        An argument is out of range, or an assumption is about nothing in the footprint.
    """
    tails = _checked("intervals", level=level, draws=draws, seed=seed)
    law = used_law_of(
        footprint,
        criterion=criterion,
        assume_spread=assume_spread,
        assumptions=assumptions,
        owner="intervals",
    )
    bounds = drawn_quantiles(law.of_groups(), tails, draws=draws, seed=seed, memory=MEMORY)
    return interval_table(footprint, criterion, bounds, law.covered_groups())


def _checked(owner: str, *, level: float, draws: int, seed: int) -> tuple[float, float]:
    """Return the probabilities of the two bounds."""
    check_draws(owner, draws=draws, seed=seed)
    if not 0.0 < level < 1.0:
        raise OptionError(owner, "level", str(level), Reason("error_probability_0_95"))
    return (1.0 - level) / 2.0, (1.0 + level) / 2.0
