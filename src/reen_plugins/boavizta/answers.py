"""Answers of `boaviztapi` for a configuration, unrounded, with their minima and maxima.

Input: a configuration and the method's rules.  Output: an `Answer` for one item.  Lets the
package's own functions compute the model of a device (`boavizta_requests`), as its server would.
"""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import attrs
import numpy as np
import numpy.typing as npt

from reen.plugin import Assumption
from reen_plugins.boavizta.configurations import Configuration
from reen_plugins.boavizta.package import CRITERIA, HOURS, PACKAGE, part, stranger
from reen_plugins.boavizta.requests import Asked, Rules, ask

if TYPE_CHECKING:
    from typing import Any

__all__ = ["Answer", "answer_to"]

#: Its curve fitting warns of a covariance that it does not read, pandas of how it filters its table
#: of processors; warning filters are the process's, so one call at a time.
_CALLING = threading.Lock()
_NEEDLESS = (
    "Covariance of the parameters could not be estimated",
    "Boolean Series key will be reindexed",
)


@attrs.frozen(eq=False, kw_only=True)
class Answer:
    """The answer of the package for one item.

    Attributes
    ----------
    embedded
        float64 (3, criteria): value, minimum and maximum over the whole life; NaN where the
        package does not implement the criterion.
    use
        The same per kWh of the mean yearly electricity: the minimum holds those of power and
        hours of use too.
    lifetime
        Years, NaN when it has none.
    power, use_ratio
        Mean power in use (W) and share of the year in use; NaN when it has none.
    archetype
        Archetype that completes what is not known.
    assumed
        What was taken for granted.
    """

    embedded: npt.NDArray[np.float64]
    use: npt.NDArray[np.float64]
    lifetime: float
    power: float
    use_ratio: float
    archetype: str
    assumed: tuple[Assumption, ...] = ()


class _Range(Protocol):
    """A figure of the package with its range."""

    value: float
    min: float
    max: float


def answer_to(
    configuration: Configuration, *, rules: Rules, countries: Mapping[str, str]
) -> Answer:
    """Return the answer of the package for a configuration.

    Parameters
    ----------
    configuration
        What to ask about.
    rules
        Options of the method.
    countries
        `country_codes()`.

    Raises
    ------
    PluginError
        When the package computes otherwise than the version that we know.
    """
    asked = ask(configuration, rules, countries)
    with _CALLING, warnings.catch_warnings():
        for message in _NEEDLESS:
            warnings.filterwarnings("ignore", message=message)
        embedded, use = _figures(asked)
    assumed = [*asked.assumed]
    if "cpu_model" in configuration.components() and not asked.model.cpu.name.is_completed():
        assumed.append(Assumption("not_recognised", parameter="cpu_model", pack=PACKAGE))
    return Answer(
        embedded=embedded,
        use=use,
        lifetime=_number(asked.usage.hours_life_time.value) / HOURS,
        power=_number(asked.model.usage.avg_power.value),
        use_ratio=_number(asked.usage.use_time_ratio.value),
        archetype=asked.archetype,
        assumed=tuple(assumed),
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _figures(asked: Asked) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the figures of a model, in the order in which the package itself computes them.

    The order matters: computing the embedded impacts completes what the model of power reads.
    """
    compute = part("compute.impacts_computation").compute_single_impact
    embedded, use = np.full((3, len(CRITERIA)), math.nan), np.full((3, len(CRITERIA)), math.nan)
    order = list(CRITERIA)
    whole_life = _number(asked.usage.hours_life_time.value)
    for code in part("models.impact").IMPACT_CRITERIAS:
        if code not in order:
            continue
        column = order.index(code)
        whole = None
        if not math.isnan(whole_life):
            whole = compute(asked.model, "embedded", code, whole_life)
        if whole is not None:
            embedded[:, column] = whole.value, whole.min, whole.max
        year = compute(asked.model, "use", code, HOURS)
        if year is not None:
            use[:, column] = _per_kwh(asked, code, year)
    return embedded, use


def _per_kwh(asked: Asked, code: str, year: _Range) -> Sequence[float]:
    """Return factor, minimum and maximum per kWh of the mean yearly electricity.

    Raises
    ------
    PluginError
        When the yearly impact is not factor x power x hours.
    """
    usage: Any = asked.usage
    factor: _Range = usage.elec_factors[code]
    energy = asked.model.usage.avg_power.value / 1000.0 * usage.use_time_ratio.value * HOURS
    if not math.isclose(factor.value * energy, year.value, rel_tol=1e-9):
        name = asked.model.NAME
        raise stranger(f"computes the use of {name} otherwise than power x hours x factor")
    if energy == 0.0 or not asked.range_of_power:
        return factor.value, factor.min, factor.max
    return factor.value, year.min / energy, year.max / energy
