"""Normalisation: impacts as shares of the planetary boundaries, and the single score of the PEF.

Input: a footprint.  Output: small values in person-equivalents or points, each with the figure that
it comes from and how complete it is.  Nothing is normalised unless asked for: these are functions,
never part of a measurement.  Knows results and vocabulary only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np
import pyarrow as pa

from reen.errors import OptionError
from reen.lazy_names import lazy_module
from reen.reasons import Reason
from reen.results.footprint import Footprint
from reen.results.total import Total
from reen.views.arrow_table import ArrowTable
from reen.vocabulary.criteria import bundled_criteria
from reen.vocabulary.normalisation import pef_factors, planetary_boundaries
from reen.vocabulary.units import quantity

if TYPE_CHECKING:
    import pint
else:  # who asks for no quantity does not wait for it
    pint = lazy_module("pint")

__all__ = [
    "NormalisedImpact",
    "PersonEquivalents",
    "SingleScore",
    "pef_single_score",
    "person_equivalents",
]

#: People among whom the planetary boundaries are shared by default: 8 thousand million, as in the
#: figures per head of the Consumption Footprint (Joint Research Centre): 6.81e12 kg / 851.25 kg.
POPULATION = 8.0e9

#: Unit of person-equivalents: impact/year over impact/person/year.
PERSON = "person"

#: Unit of the single score.  A dimension of its own: neither a number of persons nor the points of
#: soil quality in which land use is measured.
POINT = "Pt_PEF"

#: The only version whose factors are bundled; those of EF 3.0 are superseded.
VERSION = "EF 3.1"

#: Groups whose impacts are computed at a time when a table is made.
_GROUPS = 4096


@attrs.frozen(kw_only=True)
class NormalisedImpact:
    """The impact of one criterion, in proportion to a reference.

    Attributes
    ----------
    impact
        Total of the footprint, with its unit and completeness; NaN when nothing was assessed.
    reference
        Impact of one person in a year, in the criterion's unit.
    weight
        Weight given to the ratio, as a share; 1 for person-equivalents.
    unit
        Unit of `value`: ``person`` or ``Pt_PEF``.
    """

    # Compared as written out: of two totals of which nothing was assessed, NaN equals NaN.
    impact: Total = attrs.field(eq=repr)
    reference: float
    weight: float = 1.0
    unit: str = PERSON

    @property
    def criterion(self) -> str:
        """Return the criterion key."""
        return self.impact.criterion

    @property
    def value(self) -> float:
        """Return impact / reference x weight, in `unit`."""
        return self.impact.value / self.reference * self.weight

    @property
    def quantity(self) -> pint.Quantity[float]:
        """Return the value as a pint Quantity of reen's registry."""
        return quantity(self.value, self.unit)

    def __str__(self) -> str:
        """Return the value and the ratio that it comes from; '>=' on a lower bound."""
        if math.isnan(self.value):
            return f"{self.criterion}: nothing assessed"
        sign = ">= " if self.impact.lower_bound else ""
        note = "" if self.impact.complete or self.impact.lower_bound else " (incomplete)"
        if self.impact.doubtful:
            note = " (doubtful)"
        weight = "" if self.weight == 1.0 else f" x {self.weight:.4g}"
        unit = self.impact.unit.removesuffix("/year")
        return (
            f"{self.criterion}: {sign}{self.value:,.4g} {self.unit}{note}"
            f" = {self.impact.value:,.4g} {self.impact.unit} / {self.reference:,.4g}"
            f" {unit}/{PERSON}/year{weight}"
        )


@attrs.frozen(kw_only=True)
class PersonEquivalents(ArrowTable):
    """A footprint in shares of the planetary boundaries per head.

    Iterate over it, or index it by criterion, for `NormalisedImpact`.

    Attributes
    ----------
    impacts
        One per criterion that has a boundary, in the footprint's order.
    left_out
        (criterion, reason) of the footprint's other criteria.
    population
        People among whom the boundaries are shared.
    footprint
        What was normalised.
    """

    impacts: tuple[NormalisedImpact, ...]
    left_out: tuple[tuple[str, str], ...]
    population: float
    footprint: Footprint = attrs.field(repr=False)

    def __iter__(self) -> Iterator[NormalisedImpact]:
        """Iterate over the criteria that have a boundary."""
        return iter(self.impacts)

    def __getitem__(self, criterion: str) -> NormalisedImpact:
        """Return one criterion, by key or alias.

        Raises
        ------
        OptionError
            When it was not converted; the reason is given.
        """
        key = self.footprint.factors.vocabulary.resolve(criterion).key
        for impact in self.impacts:
            if impact.criterion == key:
                return impact
        reason = dict(self.left_out).get(key, Reason("error_footprint_does_not_have"))
        known = ", ".join(impact.criterion for impact in self.impacts) or "none"
        raise OptionError(
            "PersonEquivalents",
            "criterion",
            criterion,
            Reason("error_one", known=known, key=key, reason=reason),
        )

    def to_arrow(self) -> pa.Table:
        """Return one row per group, criterion and stage.

        Columns: the grouping columns, criterion, stage, value (null when nothing was assessed),
        unit (``person``), rows_left_out (whether the figure of the group misses rows or stages).
        """
        return _table(self.footprint, self.impacts, unit=PERSON)

    def __str__(self) -> str:
        """Return one line per criterion, with those left out and why."""
        lines = [f"Planetary boundaries shared among {self.population:,.0f} people"]
        lines += [f"  {impact}" for impact in self.impacts]
        lines += [f"  {key}: left out: {reason}" for key, reason in self.left_out]
        return "\n".join(lines)


@attrs.frozen(kw_only=True)
class SingleScore(ArrowTable):
    """The weighted sum of the sixteen criteria of the Environmental Footprint.

    Attributes
    ----------
    impacts
        The sixteen criteria, each with its points; NaN for those missing.
    version
        Version of the normalisation and weighting factors.
    footprint
        What was scored.
    """

    impacts: tuple[NormalisedImpact, ...]
    version: str
    footprint: Footprint = attrs.field(repr=False)
    unit: str = POINT

    @property
    def value(self) -> float:
        """Return the sum of the points of the criteria assessed; NaN when none is."""
        points = [impact.value for impact in self.impacts if not math.isnan(impact.value)]
        return math.fsum(points) if points else math.nan

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the criteria of which the footprint has nothing; the score lacks them."""
        return tuple(each.criterion for each in self.impacts if math.isnan(each.value))

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Return the criteria that are there and not complete: rows, or stages, are left out."""
        return tuple(
            each.criterion
            for each in self.impacts
            if not each.impact.complete and not math.isnan(each.value)
        )

    @property
    def negative(self) -> tuple[str, ...]:
        """Return the criteria that lower the score: their credits exceed their impacts."""
        return tuple(each.criterion for each in self.impacts if each.value < 0.0)

    @property
    def complete(self) -> bool:
        """Return whether all sixteen criteria are there, each of them complete."""
        return not self.missing and not self.incomplete

    @property
    def lower_bound(self) -> bool:
        """Return whether the score can only grow when the rest is counted.

        Never when a criterion is missing: nothing is known of its sign.
        """
        incomplete = [each.impact for each in self.impacts if not each.impact.complete]
        return bool(incomplete) and not self.missing and all(t.lower_bound for t in incomplete)

    @property
    def quantity(self) -> pint.Quantity[float]:
        """Return the score as a pint Quantity of reen's registry."""
        return quantity(self.value, self.unit)

    def __float__(self) -> float:
        """Return the score in points."""
        return self.value

    def to_arrow(self) -> pa.Table:
        """Return one row per group, criterion (all sixteen) and stage; the points add up.

        Columns: the grouping columns, criterion, stage, value (null when nothing was assessed, or
        the footprint lacks the criterion), unit (``Pt_PEF``), rows_left_out (whether the figure
        of the group misses rows or stages).
        """
        return _table(self.footprint, self.impacts, unit=POINT)

    def __str__(self) -> str:
        """Return the score, and on what it does not rest."""
        if math.isnan(self.value):
            return f"no criterion of {self.version} was assessed"
        sign = ">= " if self.lower_bound else ""
        note = "" if self.complete or self.lower_bound else " (incomplete)"
        if any(each.impact.doubtful for each in self.impacts):
            note = " (doubtful)"
        lines = [f"{sign}{self.value:,.4g} {self.unit}, {self.version}{note}"]
        for what, keys in (
            (f"missing, {len(self.missing)} of {len(self.impacts)} criteria", self.missing),
            ("not complete", self.incomplete),
            ("negative", self.negative),
        ):
            if keys:
                lines.append(f"  {what}: {', '.join(keys)}")
        return "\n".join(lines)


def person_equivalents(
    footprint: Footprint,
    *,
    population: float = POPULATION,
    boundaries: Mapping[str, float] | None = None,
) -> PersonEquivalents:
    """Return a footprint in persons: how many people's share of the planetary boundaries it takes.

    For a criterion of impact I a year and planetary boundary B a year, among P people::

        person-equivalents = I / (B / P)

    Boundaries: Sala et al. 2020, Table 3 (see the page on criteria).  Land use has none: the
    published values contradict one another.

    Parameters
    ----------
    footprint
        The footprint.
    population
        P; 8 thousand million as in the figures per head of the Joint Research Centre.
    boundaries
        Boundaries of your own, by criterion key or alias, for the world, in the criterion's unit
        per year; they replace or complete the bundled ones.

    Raises
    ------
    OptionError
        A population or a boundary that is not above 0.
    UnknownNameError
        A name in `boundaries` that is no criterion.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    >>> print(reen.person_equivalents(footprint))
    Planetary boundaries shared among 8,000,000,000 people
      climate_change: 0.3665 person = 312 kgCO2e/year / 851.2 kgCO2e/person/year
    """
    if not 0.0 < population < math.inf:
        expected = Reason("error_number_people_above_0")
        raise OptionError("person_equivalents", "population", str(population), expected)
    values = {key: each.value for key, each in planetary_boundaries().items()}
    for name, boundary in (boundaries or {}).items():
        if not 0.0 < boundary < math.inf:
            expected = Reason("error_boundary_above_0_per_year_world", name=name)
            raise OptionError("person_equivalents", "boundaries", str(boundary), expected)
        values[footprint.factors.vocabulary.resolve(name).key] = float(boundary)
    impacts, left_out = [], []
    whole = footprint.by()
    for key in footprint.criteria:
        value = values.get(key)
        if value is None:
            known = planetary_boundaries().get(key)
            left_out.append((key, known.note if known else "no planetary boundary is published"))
        else:
            total = whole.total(key)
            impacts.append(NormalisedImpact(impact=total, reference=value / population))
    return PersonEquivalents(
        impacts=tuple(impacts),
        left_out=tuple(left_out),
        population=float(population),
        footprint=footprint,
    )


def pef_single_score(footprint: Footprint, *, version: str = VERSION) -> SingleScore:
    """Return the single score of the Product Environmental Footprint, in points.

    With I the impact of a criterion a year, N its normalisation factor per person and year and w
    its weight in percent, over the sixteen criteria::

        score = sum of I / N x w / 100

    Factors: Joint Research Centre, EUR 31414 EN (2023), and Recommendation (EU) 2021/2279 (see the
    page on criteria).  A criterion that the footprint lacks is named, and the score is incomplete.

    Parameters
    ----------
    footprint
        The footprint.
    version
        ``EF 3.1``; the factors of earlier versions are superseded.

    Raises
    ------
    OptionError
        Another version.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "numecoeval", as_of="2025-12-31")
    >>> score = reen.pef_single_score(footprint)
    >>> print(str(score).splitlines()[0])
    0.01069 Pt_PEF, EF 3.1 (incomplete)
    """
    if version != VERSION:
        raise OptionError(
            "pef_single_score", "version", version, Reason("error_only_one", version=VERSION)
        )
    impacts = []
    whole = footprint.by()
    for criterion in bundled_criteria():
        factor = pef_factors().get(criterion.key)
        if factor is not None:
            impacts.append(
                NormalisedImpact(
                    impact=_total(whole, criterion.key),
                    reference=factor.normalisation,
                    weight=factor.weight / 100.0,
                    unit=POINT,
                )
            )
    return SingleScore(impacts=tuple(impacts), version=version, footprint=footprint)


def _total(footprint: Footprint, criterion: str) -> Total:
    """Return a total, that of a footprint in which nothing was assessed when it lacks it."""
    if criterion in footprint.criteria:
        return footprint.total(criterion)
    return Total(math.nan, footprint.unit(criterion), criterion, complete=False, lower_bound=False)


def _table(footprint: Footprint, impacts: Sequence[NormalisedImpact], *, unit: str) -> pa.Table:
    """Return the values by group, criterion and stage, as `Footprint.to_arrow` has them."""
    scale = {each.criterion: each.weight / each.reference for each in impacts}
    stages = [str(stage) for stage in footprint.stages]
    cells = len(scale) * len(stages)
    lacking = [footprint.group_left_out(each) for each in scale]
    left_out = np.stack(lacking, axis=1) if lacking else np.zeros((footprint.group_count, 0), bool)
    parts = []
    for start in range(0, max(footprint.group_count, 1), _GROUPS):
        stop = min(start + _GROUPS, footprint.group_count)
        found = footprint.impacts(start, stop)
        values = np.full((stop - start, len(scale), len(stages)), np.nan)
        for k, (criterion, factor) in enumerate(scale.items()):
            if criterion in footprint.criteria:
                values[:, k] = found[:, :, footprint.criteria.index(criterion)] * factor
        group = pa.array(np.repeat(np.arange(start, stop), cells))
        columns = {name: footprint.groups[name].take(group) for name in footprint.grouped_by}
        columns |= {
            "criterion": pa.array(
                [key for key in scale for _ in stages] * (stop - start), pa.string()
            ),
            "stage": pa.array(stages * (len(scale) * (stop - start)), pa.string()),
            "value": pa.array(values.reshape(-1), pa.float64(), from_pandas=True),
            "unit": pa.array([unit] * values.size, pa.string()),
            "rows_left_out": pa.array(np.repeat(left_out[start:stop].reshape(-1), len(stages))),
        }
        parts.append(pa.table(columns))
    return pa.concat_tables(parts)
