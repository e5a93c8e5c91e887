"""Comparison: several methods on one inventory, and why they differ.

Holds the footprint of each method by group and equipment type, and for each pair the effects that
split their gap exactly (see `gap`).  Totals side by side, agreement by type, ratios, tables.  A
value; the summing is done by `comparing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import attrs
import numpy as np
import pyarrow as pa

from reen.engine.fold import TableRows
from reen.errors import UnknownNameError
from reen.factors.factor_set import UNLESS_EMPTY
from reen.inventory.account import Account
from reen.provenance import Provenance
from reen.reasons import Reason
from reen.results.assumptions import SharedAssumption, listed
from reen.results.common_draws import ProbabilityAbove, probability_above
from reen.results.footprint import Footprint
from reen.results.gap import Effect, Gap, effects_table
from reen.results.total import Total
from reen.views.arrow_table import ArrowTable
from reen.views.viewed import Viewed
from reen.vocabulary.criteria import Criteria, bundled_criteria, completed, own_criteria

__all__ = ["Comparison", "Effect", "Gap", "TypeTotals", "names_of"]

_TYPE = "equipment_type"


@attrs.frozen
class TypeTotals:
    """What each method finds for one equipment type.

    Attributes
    ----------
    equipment_type
        Type, empty for the rows that have none.
    criterion, unit
        What is compared.
    totals
        Total of each method, in `unit`; None when it assessed nothing of the type.
    left_out
        Methods that leave rows of the type out.
    """

    equipment_type: str
    criterion: str
    unit: str
    totals: Mapping[str, float | None]
    left_out: tuple[str, ...]

    @property
    def highest_over_lowest(self) -> float:
        """Return how far the methods agree: 1 when they do; NaN with fewer than two totals."""
        known = [value for value in self.totals.values() if value is not None]
        if len(known) < 2 or min(known) <= 0.0:  # noqa: PLR2004 - a ratio needs two
            return float("nan")
        return max(known) / min(known)

    @property
    def partly_covered(self) -> bool:
        """Return whether the highest or the lowest total leaves rows of the type out.

        Part of `highest_over_lowest` is then what the two cover, not how they count it.
        """
        known = {name: value for name, value in self.totals.items() if value is not None}
        ends = (min(known.values(), default=0.0), max(known.values(), default=0.0))
        return any(known.get(name) in ends for name in self.left_out if name in known)

    def ratios(self, baseline: str) -> dict[str, float]:
        """Return each method's total divided by that of `baseline`; NaN where there is none."""
        return _ratios(self.totals, baseline)


@attrs.frozen(eq=False, kw_only=True)
class Comparison(ArrowTable, Viewed):
    """The footprints of one inventory by several methods, and the causes of their gaps.

    Attributes
    ----------
    by
        Grouping columns asked for.
    details
        Footprint of each method by name, in the order asked for, by those columns and by equipment
        type.
    gaps
        Effects of each ordered pair (a, b) of names, a before b in that order; by criterion, in
        the order of `criteria`.
    failed
        Methods that could not be run, with the reason.
    footprints
        Footprint of each method by name, by the columns asked for.
    tables
        Tables of the inventory by method, and whether it makes figures of their rows; nothing
        where there is equipment only.

    Examples
    --------
    >>> screens = reen.Equipment("monitor", quantity=100, lifetime=7, country="FR")
    >>> comparison = reen.compare(screens, methods=["base-carbone", "ecodiag"], as_of="2022-12-31")
    >>> for name, footprint in comparison.footprints.items():
    ...     print(name, footprint.total())
    base-carbone 3.922 tCO2e/year
    ecodiag 6.731 tCO2e/year
    >>> gap = comparison.gap("base-carbone", "ecodiag")
    >>> f"{gap.value:,.0f} kgCO2e/year", max(gap.by("name").items(), key=lambda part: part[1])[0]
    ('2,808 kgCO2e/year', ('factor',))
    """

    made_by: ClassVar = "reen.results.comparison_view:comparison_view"

    by: tuple[str, ...]
    details: Mapping[str, Footprint]
    gaps: Mapping[tuple[str, str], tuple[Effect, ...]]
    failed: Mapping[str, str] = attrs.field(factory=dict)
    footprints: Mapping[str, Footprint] = attrs.field(init=False)
    tables: Mapping[str, tuple[TableRows, ...]] = attrs.field(
        factory=dict, metadata={UNLESS_EMPTY: True}
    )

    @footprints.default
    def _summed_up(self) -> Mapping[str, Footprint]:
        return {name: each.by(*self.by) for name, each in self.details.items()}

    def __eq__(self, other: object) -> bool:
        """Tell whether every footprint, effect and failure is the same."""
        if not isinstance(other, Comparison):
            return NotImplemented
        return (
            self.by == other.by
            and list(self.details.items()) == list(other.details.items())
            and self.gaps == other.gaps
            and self.failed == other.failed
            and self.tables == other.tables
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def tables_left_out(self) -> dict[str, tuple[TableRows, ...]]:
        """Return the tables of which each method makes no figure; methods that use all are absent.

        A method that is silent on services or on data centres covers less than one that is not.
        """
        found = {
            name: tuple(each for each in tables if not each.counted)
            for name, tables in self.tables.items()
        }
        return {name: tables for name, tables in found.items() if tables}

    # -- side by side ------------------------------------------------------------------------

    @property
    def methods(self) -> tuple[str, ...]:
        """Return the names of the methods that ran."""
        return tuple(self.details)

    @property
    def criteria(self) -> tuple[str, ...]:
        """Return the criteria that at least one method publishes."""
        shown = [key for each in self.details.values() for key in each.criteria]
        return tuple(dict.fromkeys(shown))

    @property
    def account(self) -> Account:
        """Return what became of every row of the files, which is the same for every method."""
        return next((each.account for each in self.details.values()), Account())

    @property
    def vocabulary(self) -> Criteria:
        """Return the criteria that reen ships and those that the methods' factors bring."""
        factors = [each.factors for each in self.details.values()]
        own = own_criteria(definition for each in factors for definition in each.definitions)
        return completed(bundled_criteria(), own)

    @property
    def provenance(self) -> dict[str, Provenance]:
        """Return the provenance of each method's footprint."""
        return {name: each.provenance for name, each in self.details.items()}

    def footprint(self, name: str) -> Footprint:
        """Return the footprint of one method.

        Raises
        ------
        UnknownNameError
            When the comparison does not have it.
        """
        if name not in self.footprints:
            raise UnknownNameError("compared method", name, (), self.methods)
        return self.footprints[name]

    def totals(self, criterion: str = "climate_change") -> dict[str, Total | None]:
        """Return the total of each method; None where it knows nothing of the criterion.

        Raises
        ------
        UnknownNameError
            When no method has it.
        """
        key = self._criterion(criterion)
        return {
            name: each.total(key) if key in each.criteria else None
            for name, each in self.footprints.items()
        }

    def ratios(self, baseline: str, criterion: str = "climate_change") -> dict[str, float]:
        """Return each method's total divided by that of `baseline`; NaN where there is none.

        Raises
        ------
        UnknownNameError
            When the comparison does not have the baseline.
        """
        self.footprint(baseline)
        totals = {name: _known(total) for name, total in self.totals(criterion).items()}
        return _ratios(totals, baseline)

    def by_type(self, criterion: str = "climate_change") -> tuple[TypeTotals, ...]:
        """Return what each method finds for each equipment type, the largest first.

        The methods need not cover the same rows of a type: `TypeTotals.partly_covered` and the
        coverage effects of a gap say so.

        Raises
        ------
        UnknownNameError
            When no method has it.
        """
        key = self._criterion(criterion)
        totals: dict[str, dict[str, float | None]] = {}
        left_out: dict[str, list[str]] = {}
        unit = f"{self.vocabulary[key].unit}/year"
        for name, detail in self.details.items():
            footprint = detail.by(_TYPE)
            values = _totals_by_group(footprint, key)
            missing = footprint.group_left_out(key)
            for k, kind in enumerate(footprint.groups[_TYPE].to_pylist()):
                of_type = totals.setdefault(kind or "", dict.fromkeys(self.details))
                of_type[name] = values[k]
                if missing[k]:
                    left_out.setdefault(kind or "", []).append(name)
        found = [
            TypeTotals(kind, key, unit, of_type, tuple(left_out.get(kind, ())))
            for kind, of_type in totals.items()
        ]
        return tuple(sorted(found, key=lambda each: (-_largest(each.totals), each.equipment_type)))

    def _criterion(self, criterion: str) -> str:
        key = self.vocabulary.resolve(criterion).key
        if key not in self.criteria:
            asked = Reason("error_not_in_comparison", criterion=criterion)
            raise UnknownNameError("criterion", asked, self.criteria[:3])
        return key

    # -- gaps --------------------------------------------------------------------------------

    def gap(self, a: str, b: str, criterion: str = "climate_change") -> Gap:
        """Return why method `b` differs from method `a`.

        Raises
        ------
        UnknownNameError
            When the comparison does not have one of them.
        UnknownNameError
            When no method has the criterion.
        """
        first, second = self.footprint(a), self.footprint(b)
        key = self._criterion(criterion)
        totals = self.totals(key)
        if (a, b) in self.gaps:
            effects = self.gaps[a, b]
        elif a == b:
            effects = ()
        else:
            effects = tuple(attrs.evolve(each, value=-each.value) for each in self.gaps[b, a])
        bounds = [total is not None and total.lower_bound for total in (totals[a], totals[b])]
        return Gap(
            a,
            b,
            key,
            (first if key in first.criteria else second).unit(key),
            _known(totals[a]),
            _known(totals[b]),
            (bounds[0], bounds[1]),
            tuple(each for each in effects if each.criterion == key),
            self.by,
        )

    def probability_above(
        self,
        a: str,
        b: str,
        *,
        draws: int = 10_000,
        seed: int = 0,
        criterion: str = "climate_change",
        assume_spread: float | None = None,
        assumptions: SharedAssumption | Sequence[SharedAssumption] = (),
    ) -> ProbabilityAbove:
        """Return in which share of draws `a` is above `b`, shared factors being drawn once.

        Parameters
        ----------
        a, b
            Names of two methods.
        draws, seed, criterion, assume_spread, assumptions
            As in `Footprint.interval`; an assumption that both depend on is drawn once.

        Raises
        ------
        UnknownNameError
            When the comparison does not have one of them.
        OptionError
            Fewer than one draw, or an assumption that neither depends on.
        """
        for name in (a, b):
            self.footprint(name)  # refuses a name that was not compared
        return probability_above(
            (a, b),
            (self.details[a], self.details[b]),
            criterion=self._criterion(criterion),
            draws=draws,
            seed=seed,
            assume_spread=assume_spread,
            assumptions=listed(assumptions, "probability_above"),
        )

    # -- tables ------------------------------------------------------------------------------

    def to_arrow(self) -> pa.Table:
        """Return the tables of the footprints one under the other, with a column `method`."""
        tables = []
        for name, footprint in self.footprints.items():
            table = footprint.to_arrow()
            names = pa.array([name] * table.num_rows, pa.string())
            tables.append(table.add_column(0, "method", names))
        return pa.concat_tables(tables, promote_options="permissive")

    def effects_to_arrow(self) -> pa.Table:
        """Return the effects of every pair (a, b), one row per effect: see `Gap.to_arrow`."""
        criteria = self.vocabulary
        return effects_table(
            [
                (a, b, effect, f"{criteria[effect.criterion].unit}/year")
                for (a, b), effects in self.gaps.items()
                for effect in effects
            ],
            self.by,
        )

    def _lines(self) -> list[str]:
        lines = []
        for name, footprint in self.footprints.items():
            totals = "; ".join(str(total) for total in footprint.totals())
            lines.append(f"{name}: {totals or 'nothing assessed'}")
        for name, tables in self.tables_left_out.items():
            named = ", ".join(f"{each.table} ({each.rows:,} rows)" for each in tables)
            lines.append(f"{name}: makes no figure of {named}")
        lines += [self.gap(a, b, key).sentence() for a, b in self.gaps for key in self.criteria]
        lines += [f"{name}: could not be run: {reason}" for name, reason in self.failed.items()]
        return lines

    def __str__(self) -> str:
        """Return the totals side by side and one sentence per pair."""
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        """Return the methods and their first totals in one line."""
        totals = ", ".join(
            f"{name} {next(iter(each.totals()), 'nothing assessed')}"
            for name, each in self.footprints.items()
        )
        return f"<Comparison: {totals or 'no method could be run'}>"


def _known(total: Total | None) -> float | None:
    """Return a figure, None when nothing was assessed."""
    return None if total is None or np.isnan(total.value) else total.value


def _totals_by_group(footprint: Footprint, criterion: str) -> list[float | None]:
    if criterion not in footprint.criteria:
        return [None] * footprint.group_count
    values = footprint.impacts()[:, :, footprint.criteria.index(criterion)]
    nothing = np.asarray(np.isnan(values).all(axis=1))
    sums = np.nansum(values, axis=1)
    return [None if none else float(value) for value, none in zip(sums, nothing, strict=True)]


def _largest(totals: Mapping[str, float | None]) -> float:
    return max((abs(value) for value in totals.values() if value is not None), default=-1.0)


def _ratios(totals: Mapping[str, float | None], baseline: str) -> dict[str, float]:
    base = totals[baseline]
    return {
        name: value / base if value is not None and base else float("nan")
        for name, value in totals.items()
    }


def names_of(methods: Sequence[str]) -> tuple[str, ...]:
    """Return a distinct name for each method: its own, numbered when it comes again."""
    names: list[str] = []
    for name in methods:
        count = methods[: len(names)].count(name)
        names.append(f"{name} #{count + 1}" if count else name)
    return tuple(names)
