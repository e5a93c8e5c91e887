"""Comparing: several methods run together on one inventory, and each gap split into its causes.

Input: what `measure` takes, and methods.  Output: a `Comparison`.  On each batch the methods answer
side by side; every method is folded as `measure` folds it, and every pair is summed on its joint
key (see `engine.joint`); the factors multiply at the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal

import attrs

from reen.engine.joint import GapCell
from reen.engine.numbering import number_rows
from reen.errors import OptionError
from reen.inventory.batch import BATCH_ROWS
from reen.kernel import Engine, using
from reen.measurement.arguments import lines_apart_of
from reen.measurement.folding import Progress
from reen.plugins.building import default_registry
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.results.comparison import Comparison, names_of
from reen.results.effect_sums import group_key
from reen.results.footprint import Footprint
from reen.results.gap import Effect
from reen.sources.opening import Source, open_parts
from reen.verbs.side_by_side import Packs, SideBySide
from reen.vocabulary.arguments import columns_of, one_or_more

__all__ = ["compare"]


def compare(  # noqa: PLR0913 - the whole set-up of a comparison, each part by its name
    source: Source,
    methods: str | Method | Sequence[str | Method],
    *,
    by: str | Sequence[str] | None = (),
    factors: Packs | Mapping[str, Packs] | None = None,
    as_of: dt.date | str | None = None,
    criteria: str | Sequence[str] | None = None,
    registry: Registry | None = None,
    on_error: Literal["raise", "report"] = "raise",
    batch_rows: int = BATCH_ROWS,
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> Comparison:
    """Measure one inventory by several methods and split their gaps into causes.

    Parameters
    ----------
    source, by, as_of, criteria, registry, batch_rows, progress, engine
        As in `measure`.
    methods
        Two methods or more, names or configured objects.  A name that comes again (one method with
        other options) is numbered: ``base-carbone``, ``base-carbone #2``.
    factors
        As in `measure`, for every method; or a mapping from the names of some methods to the packs
        of each, such as a manufacturer's sheets that the other methods must not use.
    on_error
        ``report``: a method that cannot be run is named with the reason, and the others go on.

    Raises
    ------
    OptionError
        Fewer than two methods, or packs for a method that is not compared.
    ReenError
        What `measure` raises; with ``report``, only what concerns the source and the groups.

    Examples
    --------
    >>> screens = reen.Equipment("monitor", quantity=100, lifetime=7, country="FR")
    >>> comparison = reen.compare(screens, methods=["base-carbone", "ecodiag"], as_of="2022-12-31")
    >>> for name, footprint in comparison.footprints.items():
    ...     print(name, footprint.total())
    base-carbone 3.922 tCO2e/year
    ecodiag 6.731 tCO2e/year
    """
    expected = Reason("error_two_methods_more_names_configured_objects")
    asked: tuple[str | Method, ...] = one_or_more(
        "compare", "methods", methods, kinds=(str, Method), expected=expected
    )
    if len(asked) < 2:  # noqa: PLR2004 - a comparison needs two
        raise OptionError("compare", "methods", repr(methods), expected)
    columns = columns_of("compare", by)
    found = registry or default_registry()
    opened = open_parts(source, registry=found, batch_rows=batch_rows, by=columns)
    names = names_of([each if isinstance(each, str) else each.name for each in asked])
    places = None if opened.held is None else opened.held.datacenter()
    run = SideBySide(columns, registry=found, report=on_error == "report")
    packs = _packs_by_name(names, factors)
    for name, method in zip(names, asked, strict=True):
        if not isinstance(method, str) and lines_apart_of(method):
            lines = ", ".join(lines_apart_of(method))
            expected = Reason("error_methods_one_line_what_counted_by", lines=lines)
            raise OptionError(
                "compare", "methods", name, Reason("error_see_proxies_only", expected=expected)
            )
        run.prepare(name, method, packs[name], as_of, places)
    with using(engine):
        account = run.run(opened, batch_rows=batch_rows, progress=progress)
        details = run.details(opened.files, criteria, account)
    return attrs.evolve(_comparison(run, columns, details), tables=run.tables(opened.held))


def _packs_by_name(
    names: Sequence[str], factors: Packs | Mapping[str, Packs] | None
) -> dict[str, Packs]:
    """Return the packs given for each method."""
    if not isinstance(factors, Mapping):
        return dict.fromkeys(names, factors or ())
    for name in factors:
        if name not in names:
            raise OptionError(
                "compare", "factors", name, Reason("error_one_of", names=", ".join(names))
            )
    return {name: factors.get(name, ()) for name in names}


def _comparison(
    run: SideBySide, by: tuple[str, ...], details: Mapping[str, Footprint]
) -> Comparison:
    """Return the comparison of the methods that ran."""
    shown = list(dict.fromkeys(key for each in details.values() for key in each.criteria))
    keys = run.groups.keys()
    names = _Names(
        groups=[group_key(tuple(row.values())) for row in keys.to_pylist()] or [()],
        ranks=number_rows(keys)[0].tolist() or [0],
        types=list(run.types),
        criteria=shown,
    )
    gaps = {
        pair: tuple(names.effect(cell, pair) for cell in sorted(cells, key=names.order))
        for pair, cells in run.gap_cells(details, shown).items()
    }
    return Comparison(by=by, details=details, gaps=gaps, failed=run.failed)


@attrs.frozen(kw_only=True)
class _Names:
    """The names behind the numbers of a `GapCell`.

    Attributes
    ----------
    groups, types
        Key of each group, name of each type, by number.
    ranks
        Place of each group among them all, whatever the order of the rows.
    criteria
        Criteria in the order in which they are shown.
    """

    groups: Sequence[tuple[object, ...]]
    ranks: Sequence[int]
    types: Sequence[str]
    criteria: Sequence[str]

    def order(self, cell: GapCell) -> tuple[int, str, int, str, int, str]:
        """Return what effects are sorted by, within a pair of methods."""
        return (
            self.criteria.index(cell.criterion),
            cell.name,
            -1 if cell.only is None else cell.only,
            str(cell.stage),
            self.ranks[cell.group],
            self.types[cell.kind],
        )

    def effect(self, cell: GapCell, pair: tuple[str, str]) -> Effect:
        """Return a cell by its names."""
        return Effect(
            name=cell.name.removeprefix("per_"),
            only="" if cell.only is None else pair[cell.only],
            stage=str(cell.stage),
            group=self.groups[cell.group],
            equipment_type=self.types[cell.kind],
            criterion=cell.criterion,
            value=cell.value,
        )
