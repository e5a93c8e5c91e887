"""Shared assumptions: one uncertain value that many rows share, such as a lifetime per type.

Input: assumptions and a fold.  Output: the classes of its cells, a class being the set of shared
values that act on a cell.  The error of a shared assumption does not cancel out over the rows, as
independent errors do: it is one draw for all of them.  Knows no method and no inventory.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.amounts import Ints, SharedLaws
from reen.engine.draws import stream_of
from reen.engine.flow_columns import Use
from reen.engine.fold import Cells, Fold
from reen.errors import OptionError
from reen.reasons import Reason
from reen.vocabulary.arguments import one_or_more

__all__ = ["Assumptions", "SharedAssumption", "SharedValue", "check_used", "listed"]

#: Values shown in a message.
_SHOWN = 8


def _driver(name: str) -> str:
    """Return what a driver is about: ``per_lifetime`` divides by the lifetime."""
    return name.removeprefix("per_")


@attrs.frozen(kw_only=True)
class SharedAssumption:
    """One uncertain driver that all rows of a kind share: the lifetime of laptops, a PUE.

    The amounts that the driver enters are multiplied by exp(tau z - tau^2 / 2), z standard normal
    and tau^2 = ln(1 + spread^2): lognormal of mean 1, one draw for all these rows, independent of
    the factors and of the other assumptions.  What keeps its mean is the amount, hence the
    footprint.  A lifetime L0 divides the amount: it is L0 exp(tau^2 / 2 - tau z), of harmonic mean
    L0 (the value used), median L0 exp(tau^2 / 2), mean L0 (1 + spread^2), and of the same relative
    standard deviation `spread` as its inverse.

    Attributes
    ----------
    driver
        Name of the driver, as `explain` shows it: ``lifetime``, ``annual_energy``, ``pue``...
    spread
        Relative standard deviation of the value, above 0: 0.2 for 20 %.
    by
        Grouping column of the footprint: each of its values (each type, each entity) has a draw
        of its own.  None: one draw for everything.
    only
        The one value of `by` concerned; all when absent.

    Raises
    ------
    OptionError
        A spread that is no relative standard deviation above 0, or `only` without `by`.
    """

    driver: str = attrs.field(converter=_driver)
    spread: float
    by: str | None = "equipment_type"
    only: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if not 0.0 < self.spread < math.inf:
            expected = Reason("error_relative_standard_deviation_above_0_0")
            raise OptionError("SharedAssumption", "spread", str(self.spread), expected)
        if self.by is None and self.only is not None:
            expected = Reason("error_nothing_when_by_none_one_draw")
            raise OptionError("SharedAssumption", "only", str(self.only), expected)

    def __str__(self) -> str:
        """Return the driver, what shares it, and its spread."""
        shared = "one for all" if self.by is None else f"by {self.by}"
        if self.only is not None:
            shared = f"of {self.only}"
        return f"{self.driver} {shared} ({self.spread:.3g} relative standard deviation)"


@attrs.frozen
class SharedValue:
    """One draw of a shared assumption: that of one type, or of one value of its column.

    Attributes
    ----------
    assumption
        The assumption.
    value
        Value of the column `by`; None for one draw for everything, or for rows without value.
    """

    assumption: SharedAssumption
    value: object = None

    def __str__(self) -> str:
        """Return what is uncertain: ``lifetime of laptop``."""
        if self.assumption.by is None:
            return f"{self.assumption.driver} of everything"
        value = "(not given)" if self.value is None else self.value
        return f"{self.assumption.driver} of {value}"


@attrs.frozen(eq=False)
class Assumptions:
    """Shared assumptions on the cells of a fold.

    Attributes
    ----------
    klass
        int64 (N,): class of each cell.
    values
        What is shared, length K.
    laws
        Their laws, and which act on each class.
    """

    klass: Ints
    values: tuple[SharedValue, ...]
    laws: SharedLaws

    @classmethod
    def on(
        cls, fold: Fold, cells: Cells, assumptions: Sequence[SharedAssumption], *, owner: str
    ) -> Assumptions:
        """Return which assumption acts on which cell.

        Parameters
        ----------
        fold
            Groups, flows and their drivers.
        cells
            Cells of that fold.
        assumptions
            What is shared.
        owner
            What asks, for messages.

        Raises
        ------
        OptionError
            The footprint is not grouped by a column, a driver enters only some amounts of a flow,
            or a value is assumed twice.
        """
        values: list[SharedValue] = []
        columns: list[Ints] = []
        for each in assumptions:
            codes, names = _values_of_groups(fold, each, owner)
            concerned = _entered(fold, each, owner)[cells.flow]
            column = np.where(concerned, codes[cells.group], -1)
            used = np.unique(column[column >= 0])
            position = np.full(len(names) + 1, -1, np.int64)  # the last is that of code -1
            position[used] = len(values) + np.arange(len(used))
            columns.append(position[column])
            values += [SharedValue(assumption=each, value=names[k]) for k in used.tolist()]
        seen = [(each.assumption.driver, each.assumption.by, each.value) for each in values]
        for k, name in enumerate(seen):
            if name in seen[:k]:
                expected = Reason("error_once", values=str(values[k]))
                raise OptionError(owner, "assumptions", str(values[k].assumption), expected)
        klass, members = _classes(columns, len(cells.flow))
        laws = SharedLaws(
            members,
            np.array([each.assumption.spread for each in values], np.float64),
            tuple(
                stream_of("assumption", driver, by or "", repr(value)) for driver, by, value in seen
            ),
        )
        return cls(klass, tuple(values), laws)


def _entered(fold: Fold, assumption: SharedAssumption, owner: str) -> npt.NDArray[np.bool_]:
    """Return the flows whose amounts a driver enters: boolean (F,).

    Raises
    ------
    OptionError
        It enters some of the amounts of a flow and not the others: they are not told apart.
    """
    inverse, name = f"per_{assumption.driver}", assumption.driver
    use = fold.drivers.get(inverse if inverse in fold.drivers else name)
    if use is None:
        return np.zeros(len(fold.flows), np.bool_)
    mixed = np.flatnonzero(use == Use.SOME)
    if len(mixed):
        expected = Reason(
            "error_driver_all_amounts_flow_enters_some",
            name=name,
            flows=str(fold.flows[int(mixed[0])]),
        )
        raise OptionError(owner, "assumptions", str(assumption), expected)
    return np.asarray(use == Use.ALL)


def check_used(
    assumptions: Sequence[SharedAssumption],
    values: Sequence[SharedValue],
    folds: Sequence[Fold],
    owner: str,
) -> None:
    """Refuse an assumption that changes nothing.

    Raises
    ------
    OptionError
        No amount depends on one of them.
    """
    used = {each.assumption for each in values}
    for each in assumptions:
        if each in used:
            continue
        drivers = sorted({name.removeprefix("per_") for fold in folds for name in fold.drivers})
        among: Reason | str = ""
        if each.by is not None and each.only is not None:
            groups = {str(name) for fold in folds for name in fold.groups[each.by].to_pylist()}
            shown = ", ".join(sorted(groups)[:_SHOWN])
            among = Reason("error_of_values", by=each.by, only=repr(each.only), known=shown)
        elif each.driver not in drivers:
            among = Reason("error_drivers", known=", ".join(drivers))
        expected = Reason(
            "error_an_assumption_some_amount_depends_on", driver=each.driver, among=among
        )
        raise OptionError(owner, "assumptions", str(each), expected)


def listed(assumptions: object, owner: str) -> tuple[SharedAssumption, ...]:
    """Return one assumption or several as a tuple.

    Raises
    ------
    OptionError
        Something else.
    """
    expected = Reason("error_shared_assumption")
    return one_or_more(
        owner, "assumptions", assumptions, kinds=(SharedAssumption,), expected=expected
    )


def _values_of_groups(
    fold: Fold, assumption: SharedAssumption, owner: str
) -> tuple[Ints, list[object]]:
    """Return a code per group, -1 where the assumption does not act, and what the codes name."""
    by, only = assumption.by, assumption.only
    if by is None:
        return np.zeros(fold.group_count, np.int64), [None]
    if by not in fold.groups.column_names:
        expected = Reason("error_footprint_grouped_by_amounts_its_values", by=by)
        raise OptionError(owner, "assumptions", str(assumption), expected)
    column = fold.groups[by].to_pylist()
    names: dict[object, int] = {}
    codes = np.array([names.setdefault(value, len(names)) for value in column], np.int64)
    if only is not None:
        kept = np.array([str(value) == only for value in names], np.bool_)
        codes = np.where(kept[codes], codes, -1) if len(codes) else codes
    return codes, list(names)


def _classes(columns: Sequence[Ints], size: int) -> tuple[Ints, tuple[tuple[int, ...], ...]]:
    """Return the class of each cell and the members of each class; class 0 has none."""
    klass = np.zeros(size, np.int64)
    members: list[tuple[int, ...]] = [()]
    for column in columns:
        width = int(column.max(initial=-1)) + 2
        # the plain class comes first, cells or not
        pairs, inverse = np.unique(np.r_[0, klass * width + column + 1], return_inverse=True)
        klass = inverse.reshape(-1)[1:].astype(np.int64)
        members = [
            members[pair // width] + ((pair % width - 1,) if pair % width else ())
            for pair in pairs.tolist()
        ]
    return klass, tuple(members)
