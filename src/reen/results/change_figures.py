"""The figures of a change: effects that add up to the difference of two years, summed when read.

Input: the footprints of both years, that of the first also as it was measured then, and the
effects.  Output: sums by cause, entity and type, their ranking, and what makes them doubtful.  The
sentences and tables of a change stand above, and take these figures as they are.
"""

from __future__ import annotations

import functools
import math

import attrs
import numpy as np

from reen.engine.exchanges import Status
from reen.errors import UnknownNameError
from reen.factors.factor_set import UNLESS_EMPTY
from reen.reasons import Reason
from reen.results.coverage import CoverageRow
from reen.results.coverage_words import once
from reen.results.effect_sums import RankedEffect, group_key, ranked, summed
from reen.results.footprint import Footprint
from reen.results.total import Total
from reen.results.unread import NO_FLEET, Unread
from reen.results.wording import Scale, scale_of
from reen.vocabulary.criteria import Criteria, bundled_criteria, completed, own_criteria

__all__ = ["KEYS", "ChangeEffect", "ChangeFigures"]

#: What effects may be summed by, besides the grouping columns.
KEYS = ("cause", "detail", "stage", "group", "equipment_type")

#: Tables of the kinds of flow beside the fleet.
_TABLES = {"service": "services", "waste": "disposals"}

#: Causes that are no change of what the organisation owns and does.
_APART = frozenset(
    {
        *("factors", "method", "restatement", "reading", "perimeter"),
        *("mix", "assumed", "unsplit"),
    }
)

_TYPE = "equipment_type"


@attrs.frozen
class ChangeEffect:
    """One part of a change.

    Attributes
    ----------
    cause
        ``factors``, ``method`` or, where the two cannot be told apart, ``restatement``: the first
        year measured again.  ``reading``: its figure as printed, where the same method no longer
        gives it.  ``perimeter``: what only one year has or knows.  ``fleet``: the number of items.
        A driver: ``usage_share``, ``lifetime``, ``annual_energy``, ``pue``...  ``models``: other
        items of the same type; ``mix``: the electricity.  ``assumed``: a figure stated in one year
        and assumed in the other.  ``services``, ``disposals``: what is bought and thrown away,
        which has no drivers to split by.  ``unsplit``: rows whose drivers cannot be compared.
    detail
        Of ``perimeter``: ``known``, ``entity_entered``, ``entity_left``, ``entity_unstated``,
        ``type_entered``, ``type_left``.  Of ``fleet``: ``entries``, ``exits``, ``kept``, ``moved``
        (to another entity, or another type), ``unnamed``; empty where identifiers tell nothing.
        Of ``factors``, ``method`` and ``assumed``: the driver.
    stage
        Stage boundary on which the two are compared; empty for the whole.
    group
        Key of the group: its values by grouping column; all None for the whole organisation.
    equipment_type
        Type, empty when the rows have none.
    criterion
        Criterion key.
    value
        Contribution to (after - before), in the criterion's unit per year.
    """

    cause: str
    detail: str
    stage: str
    group: tuple[object, ...] = attrs.field(eq=group_key)
    equipment_type: str
    criterion: str
    value: float


@attrs.frozen(eq=False, kw_only=True)
class ChangeFigures:
    """What a change is made of, and its sums; see `Change` for the attributes."""

    by: tuple[str, ...]
    before: Footprint
    restated: Footprint
    after: Footprint
    printed: Footprint | None = None
    not_replayed: str = ""
    dated_by: tuple[str, ...] = attrs.field(default=(), metadata={UNLESS_EMPTY: True})
    swapped: tuple[str, ...] = attrs.field(default=(), metadata={UNLESS_EMPTY: True})
    spelt_alike: tuple[tuple[str, ...], ...] = attrs.field(
        default=(), metadata={UNLESS_EMPTY: True}
    )
    effects: tuple[ChangeEffect, ...]
    entities: bool
    without_entity: tuple[float, float] = (0.0, 0.0)
    identified: bool

    def __eq__(self, other: object) -> bool:
        """Tell whether every footprint and effect is the same."""
        if not isinstance(other, ChangeFigures):
            return NotImplemented
        names = [field.name for field in attrs.fields(type(self))]
        return all(getattr(self, name) == getattr(other, name) for name in names)

    __hash__ = None  # type: ignore[assignment]

    # -- figures -----------------------------------------------------------------------------

    @property
    def criteria(self) -> tuple[str, ...]:
        """Return the criteria that both years have."""
        return tuple(key for key in self.after.criteria if key in self._first.criteria)

    @property
    def vocabulary(self) -> Criteria:
        """Return the criteria that reen ships, and those that the factors bring."""
        every = (self.before, self.restated, self.after)
        own = own_criteria(each for one in every for each in one.factors.definitions)
        return completed(bundled_criteria(), own)

    @property
    def _first(self) -> Footprint:
        """Return the footprint that the change starts from."""
        return self.before if self.printed is None else self.printed

    def _criterion(self, criterion: str) -> str:
        key = self.vocabulary.resolve(criterion).key
        if key not in self.criteria:
            raise UnknownNameError(
                "criterion", Reason("error_not_in_change", criterion=criterion), self.criteria[:3]
            )
        return key

    def unit(self, criterion: str = "climate_change") -> str:
        """Return the unit of the figures."""
        return self.after.unit(self._criterion(criterion))

    def totals(self, criterion: str = "climate_change") -> dict[str, Total]:
        """Return the totals: ``printed`` where it is given, ``before``, ``restated``, ``after``.

        Raises
        ------
        UnknownNameError
            When one of the years does not have it.
        """
        key = self._criterion(criterion)
        found = {} if self.printed is None else {"printed": _total(self.printed, key)}
        steps = {"before": self.before, "restated": self.restated, "after": self.after}
        return found | {name: _total(each, key) for name, each in steps.items()}

    def ends(self, criterion: str = "climate_change") -> tuple[Total, Total]:
        """Return the totals that the change leads from (as printed, or as measured), and to."""
        key = self._criterion(criterion)
        return _total(self._first, key), _total(self.after, key)

    def value(self, criterion: str = "climate_change") -> float:
        """Return after - before, in `unit`; what is not measured in a year adds nothing to it."""
        first, last = self.ends(criterion)
        return _known(last) - _known(first)

    def by_cause(
        self, *keys: str, criterion: str = "climate_change"
    ) -> dict[tuple[object, ...], float]:
        """Return the effects summed by cause and some further keys, the largest first.

        Parameters
        ----------
        keys
            Some of: detail, stage, equipment_type, group, or a grouping column such as ``entity``.
        criterion
            Criterion key or alias.

        Raises
        ------
        OptionError
            Another key.
        """
        return self.sums("cause", *keys, criterion=criterion)

    def sums(
        self, *keys: str, criterion: str = "climate_change"
    ) -> dict[tuple[object, ...], float]:
        """Return the effects summed by some keys, as `by_cause` does without the cause."""
        found = self._criterion(criterion)
        return summed(
            self.effects,
            keys,
            names=KEYS,
            grouped_by=self.by,
            of="Change.sums",
            among=lambda effect: effect.criterion == found,
        )

    def rank(
        self, *keys: str, top: int | None = None, criterion: str = "climate_change"
    ) -> tuple[RankedEffect, ...]:
        """Return what drives the change, largest first: by cause, detail and type, or `keys`."""
        sums = self.sums(*(keys or ("cause", "detail", _TYPE)), criterion=criterion)
        return ranked(sums, whole=self.value(criterion), top=top)

    def of_the_fleet(self, criterion: str = "climate_change") -> float:
        """Return the part that is a change of what the organisation owns and does.

        All but restatement, perimeter, electricity mix, and what one year only states or knows.
        """
        causes = self.by_cause(criterion=criterion)
        return math.fsum(value for (cause,), value in causes.items() if cause not in _APART)

    # -- what it rests on --------------------------------------------------------------------

    @functools.cached_property
    def unread(self) -> tuple[Unread, Unread]:
        """Return what is not known of the first and of the second year."""
        return Unread.of(self.restated), Unread.of(self.after)

    @property
    def not_counted(self) -> dict[str, tuple[int, int]]:
        """Return the tables that no figure of the change counts: their rows in either year.

        Services and disposals, of a method that counts equipment only, or that are dated of
        another year than the reference date (`of_other_years`).
        """
        found = {table: list(rows) for table, rows in self.of_other_years.items()}
        for year, footprint in enumerate((self.restated, self.after)):
            for each in footprint.boundary:
                if not each.counted:
                    found.setdefault(each.table, [0, 0])[year] = each.rows
        return {table: (rows[0], rows[1]) for table, rows in sorted(found.items())}

    @property
    def of_other_years(self) -> dict[str, tuple[int, int]]:
        """Return the rows of services and disposals dated of another year than the reference date.

        By table, in either year.  Where there are any, neither total is complete: a date that is
        that of one year only leaves the whole of the other one's services out.
        """
        years = [_of_other_years(each) for each in (self.restated, self.after)]
        return {
            table: (years[0].get(table, 0), years[1].get(table, 0))
            for table in sorted({*years[0], *years[1]})
        }

    @property
    def doubtful(self) -> bool:
        """Tell whether the number of items is not sure in one of the years.

        A row that is not read, or whose type or number is not known, may be one of the items that
        are missing: fewer items are then no progress that one could rely on.
        """
        unread = any(each.rows or each.doubts for each in self.unread)
        return unread or not (self.statuses_known and self.same_blanks)

    @property
    def same_blanks(self) -> bool:
        """Tell whether both years have as many items of no entity."""
        before, after = self.without_entity
        return abs(after - before) <= _SAME_SHARE * max(before, after)

    @property
    def statuses_known(self) -> bool:
        """Tell whether no item of either year is taken to be in use for want of a status."""
        return not any(each.assumed_in_use for each in self.unread)

    @property
    def not_yet_bought(self) -> tuple[float, float]:
        """Return the items of each year that were bought after its reference date.

        The method leaves them out, so that a list of today can be measured as of an earlier day.
        """
        first, last = (
            once(row for row in each.coverage if _is_of_later(row))
            for each in (self.restated, self.after)
        )
        return sum(row.quantity for row in first), sum(row.quantity for row in last)

    def break_even(self, criterion: str = "climate_change") -> float | None:
        """Return the yearly impact per unread item at which the fleet would not have changed.

        None where the fleet effect is not a decrease with more unread items in the second year
        than in the first, or where the number of what is not read is not known.
        """
        fleet = self.by_cause(criterion=criterion).get(("fleet",), 0.0)
        before, after = self.unread
        if any(each.refused_rows or each.unknown_quantities for each in self.unread):
            return None
        more = after.untyped_items - before.untyped_items
        return -fleet / more if more * fleet < 0.0 else None

    def scale(self, criterion: str = "climate_change") -> Scale:
        """Return the unit and decimals in which the sentence writes its figures."""
        parts = [self.value(criterion), *self.by_cause(criterion=criterion).values()]
        if not any(parts):
            parts = [_known(total) for total in self.ends(criterion)]
        return scale_of(parts, self.unit(criterion))


#: Difference of two shares that is what rounding leaves of none.
_SAME_SHARE = 1e-9


def _is_of_later(row: CoverageRow) -> bool:
    return row.reason is not None and row.reason.code == "not_yet_acquired"


def _of_other_years(footprint: Footprint) -> dict[str, int]:
    """Return the rows beside the fleet that a rule about the year excludes, by table."""
    found: dict[str, int] = {}
    for row in footprint.coverage:
        if row.kind in NO_FLEET and row.status is Status.EXCLUDED and row.reason is not None:
            table = _TABLES[row.kind]
            dated = "year" in dict(row.reason.details)
            found[table] = found.get(table, 0) + (row.rows if dated else 0)
    return {table: rows for table, rows in found.items() if rows}


def _total(footprint: Footprint, key: str) -> Total:
    """Return a total, which lacks what is dated of another year."""
    total = footprint.total(key)
    return attrs.evolve(total, complete=False) if _of_other_years(footprint) else total


def _known(total: Total) -> float:
    """Return a figure, 0 when nothing was assessed."""
    return 0.0 if np.isnan(total.value) else total.value
