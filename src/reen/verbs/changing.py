"""Changing: two years of one organisation measured, and the difference split into its causes.

Input: two sources, a method for both, and what the first year was measured with.  Output: a
`Change`.  The first year is measured again by the method and the factors of the second (the two
are folded side by side, as `compare` folds two methods); the sums of both years' drivers then give
the rest (see `engine.yearly`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import numpy as np

from reen.engine.gap import FACTOR
from reen.engine.joint import COVERAGE
from reen.errors import FactorDataError, OptionError, UnknownNameError
from reen.factors.pack import FactorPack
from reen.inventory.batch import BATCH_ROWS
from reen.measurement.arguments import method_of
from reen.measurement.folding import Progress
from reen.plugins.building import default_registry
from reen.plugins.method import Method
from reen.plugins.options import configure, options_of
from reen.plugins.registry import Registry
from reen.provenance import PackRecord, Provenance
from reen.results.change import Change
from reen.results.change_figures import ChangeEffect
from reen.results.footprint import Footprint
from reen.sources.opening import Source, open_parts
from reen.verbs.side_by_side import Packs
from reen.verbs.two_years import ENTITY, NOW, Day, Step, YearCells, YearRun, spell_as_one
from reen.verbs.year_dates import days_of_years, swapped_days
from reen.vocabulary.arguments import columns_of

__all__ = ["change"]

#: The measurements of the first year beside `NOW`: by its method and factors, and by its method
#: and the new factors.
_THEN, _NEW_FACTORS = "then", "then, new factors"

#: Causes in the order in which effects of a criterion are kept.
_CAUSES = ("reading", "restatement", "factors", "method", "perimeter", "fleet")

#: Relative difference of two figures that is what rounding leaves of none.
_SAME = 1e-9


def change(  # noqa: PLR0913 - the whole set-up of two measurements, each part by its name
    before: Source,
    after: Source,
    method: str | Method,
    *,
    by: str | Sequence[str] | None = (),
    factors: Packs | None = None,
    as_of: tuple[Day, ...] | Day = None,
    before_method: str | Method | None = None,
    before_factors: Packs | None = None,
    before_packs: Sequence[str | FactorPack | PackRecord] = (),
    printed: Footprint | None = None,
    criteria: str | Sequence[str] | None = None,
    registry: Registry | None = None,
    batch_rows: int = BATCH_ROWS,
    progress: Progress | None = None,
) -> Change:
    """Measure two years of an organisation, and split the change of its footprint into causes.

    First comes what is no change of the organisation: the first year is measured again by the
    method and factors of the second (restatement), and rows that only one of the years has or
    knows count apart (perimeter).  In the entities and types that both years have, the rest is
    split over the number of items, the share of use, the lifetimes, the models, the energy, the
    PUE and the electricity mix.  The effects add up to the change.

    Only equipment has drivers to split by: services and disposals are one effect for each entity
    and type (`services`, `disposals`).  Tables that the method does not count are named with their
    rows (`Change.not_counted`).

    Parameters
    ----------
    before, after
        The two years, each as in `measure`.
    method, factors
        Method of both, and packs that go before its own, as in `measure`.
    by
        Grouping columns of the effects.  Effects are always split by entity, if both years name
        entities.
    as_of
        Reference dates of the two years, as a pair; one date is that of both.  Where one is not
        given, it is that of `printed`, else the end of the source's own year, which the names of
        its files or the dates of its records say (`Change.dated_by` tells which).
    before_method, before_factors, before_packs
        What the first year was measured with, where that was not `method` and `factors`: a method
        or other options of it, packs that went before its own, and versions of packs as
        `Registry.with_packs` takes them, such as ``base-carbone@2026.1``.
    printed
        Footprint of the first year as it was published.  The change then starts from its total.
        Unless one of the three above is given, it is made again by its own method, options and
        packs; if these are no longer available, factors and method are one effect
        (`restatement`), and `Change.not_replayed` gives the reason.
    criteria, registry, batch_rows, progress
        As in `measure`; progress starts again with the second year.

    Raises
    ------
    OptionError
        More or fewer than two dates; a date that is not given, and that nothing says.
    ReenError
        What `measure` raises.

    Notes
    -----
    The effect of a driver is its Shapley value: the mean, over all orders in which the drivers may
    change, of what changing it alone changes.  With two drivers it is Bennet's midpoint rule.
    Sources: T. L. Bennet, The theory of measurement of changes in cost of living, Journal of the
    Royal Statistical Society 83 (1920); L. S. Shapley, A value for n-person games (1953).

    Examples
    --------
    Ten laptops kept 5 years, then eight kept 6 years:

    >>> import reen
    >>> old = reen.Equipment("laptop", quantity=10, lifetime=5, declared_footprint=156)
    >>> new = reen.Equipment("laptop", quantity=8, lifetime=6, declared_footprint=156)
    >>> found = reen.change(old, new, method="declared", as_of="2025-12-31")
    >>> round(found.value(), 6)
    -104.0
    >>> {cause: round(value, 6) for (cause,), value in found.by_cause().items()}
    {'fleet': -57.2, 'lifetime': -46.8}
    >>> found.sentence().partition(", of which ")[2]
    '-57.2 by fewer items and -46.8 by longer lives.'
    """
    known = registry or default_registry()
    columns = columns_of("change", by)
    opened = [
        open_parts(each, registry=known, batch_rows=batch_rows, by=columns)
        for each in (before, after)
    ]
    days, dated_by = days_of_years(as_of, opened, printed)
    entities = all(each.columns is None or ENTITY in each.columns for each in opened)
    runs = tuple(YearRun.of(columns, known, each, entities=entities) for each in opened)
    new = Step(NOW, method, factors or (), known)
    made = Step(
        _THEN,
        method if before_method is None else before_method,
        new.factors if before_factors is None else before_factors,
        known.with_packs(*before_packs) if before_packs else known,
    )
    why = ""
    if printed is not None and made[1:4] == new[1:4]:
        made, why = _of_result(printed.provenance, new)
    steps = _steps(made, new)
    runs[0].prepare(steps, days[0])
    runs[1].prepare(steps[-1:], days[1])
    for run in runs:
        run.measure(criteria, batch_rows=batch_rows, progress=progress)
    first, last = (run.details[NOW] for run in runs)
    then = runs[0].details[steps[0].name]
    shown = tuple(key for key in last.criteria if key in first.criteria and key in then.criteria)
    alike = spell_as_one(runs)
    cells = YearCells.of(runs, columns, entities=entities)
    pieces = cells.pieces()
    effects = [
        *_as_printed(printed, then, shown, len(columns), apart=why),
        *_restated(runs[0], steps, shown, len(columns)),
        *cells.effects(shown, pieces),
        *cells.beside(shown),
    ]
    return Change(
        by=columns,
        before=then,
        restated=first,
        after=last,
        printed=printed,
        not_replayed=why,
        dated_by=dated_by if any(dated_by) else (),
        swapped=swapped_days(days, opened),
        spelt_alike=alike,
        effects=_sorted(effects, shown),
        entities=entities,
        without_entity=cells.without_entity(),
        identified=bool(pieces),
    )


def _steps(then: Step, new: Step) -> list[Step]:
    """Return the measurements of the first year: as then, with the new factors, by the method."""
    method = method_of(then.method, then.registry), method_of(new.method, new.registry)
    other_factors = then[2:4] != new[2:4]
    if method[0] == method[1]:
        return [then, new._replace(cause="factors")] if other_factors else [new]
    steps = [then]
    if other_factors:
        steps.append(Step(_NEW_FACTORS, then.method, new.factors, new.registry, "factors"))
    return [*steps, new._replace(cause="method")]


def _of_result(made: Provenance, new: Step) -> tuple[Step, str]:
    """Return how a result is made again; why it cannot be, and how it is measured instead."""
    registry = new.registry
    try:
        method = registry.method(made.method)
        if method.version != made.method_version:
            return new, f"{made.method} is of version {method.version}, not {made.method_version}"
        own = options_of(method)
        given = {name: text for name, text in made.options.items() if own.get(name) != text}
        method = configure(method, given)
        known = registry.factor_packs
        of_user = [pack for pack in made.packs if pack.name not in known]
        if of_user and not new.factors:
            return new, f"the factors {of_user[0].name} of that time are not given"
        others = [
            pack
            for pack in made.packs
            if pack.name in known and known[pack.name].digest != pack.digest
        ]
        then = registry.with_packs(*others) if others else registry
    except (UnknownNameError, FactorDataError, OptionError) as error:
        return new, str(error)
    return Step(_THEN, method, new.factors, then), ""


def _restated(
    run: YearRun, steps: Sequence[Step], shown: Sequence[str], width: int
) -> Iterator[ChangeEffect]:
    """Yield what measuring the first year again changes, and what it makes known."""
    causes = {step.name: step.cause for step in steps}
    groups, types = run.groups, list(run.folds.types)
    for (_, name), cells in run.folds.gap_cells(run.details, shown).items():
        for cell in cells:
            apart = cell.name == COVERAGE
            driver = cell.name.removeprefix("per_")
            yield ChangeEffect(
                cause="perimeter" if apart else causes[name],
                detail="known" if apart else "factor" if driver == FACTOR else driver,
                stage=str(cell.stage),
                group=groups[cell.group][:width],
                equipment_type=types[cell.kind],
                criterion=cell.criterion,
                value=cell.value,
            )


def _as_printed(
    printed: Footprint | None,
    then: Footprint,
    shown: Sequence[str],
    width: int,
    *,
    apart: str,
) -> Iterator[ChangeEffect]:
    """Yield what leads from the printed figure to the first year measured again."""
    if printed is None:
        return
    cause = "restatement" if apart else "reading"
    for key in (each for each in shown if each in printed.criteria):
        figures = [np.nan_to_num(each.total(key).value) for each in (printed, then)]
        value = float(figures[1] - figures[0])
        if abs(value) > _SAME * max(map(abs, figures)):
            yield ChangeEffect(cause, "", "", (None,) * width, "", key, value)


def _sorted(effects: Sequence[ChangeEffect], shown: Sequence[str]) -> tuple[ChangeEffect, ...]:
    """Return effects of one key as one, in an order that does not depend on that of the rows."""
    found: dict[tuple[object, ...], ChangeEffect] = {}
    for effect in effects:
        key = (*attrs.astuple(effect, recurse=False)[:-1],)
        known = found.get(key)
        found[key] = (
            effect if known is None else attrs.evolve(known, value=known.value + effect.value)
        )
    order = {cause: place for place, cause in enumerate(_CAUSES)}

    def place(effect: ChangeEffect) -> tuple[object, ...]:
        return (
            shown.index(effect.criterion),
            order.get(effect.cause, len(order)),
            effect.cause,
            effect.detail,
            effect.stage,
            [(each is None, str(each)) for each in effect.group],
            effect.equipment_type,
        )

    return tuple(sorted(found.values(), key=place))
