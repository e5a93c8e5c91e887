"""Driver sums: what the means of a year's drivers are made of, summed while batches arrive.

Input: the answers of one method for the rows of one year.  Output: for each part of the life cycle
and each cell (group, type), the quantity that is there, the sums of the products of the drivers
taken one after the other (quantity, quantity x share, quantity x share / lifetime...), and the
amounts by flow.  The quotient of two sums that follow each other is the mean of a driver, and the
means multiply to the total exactly.  Arrays only; `yearly` sets two years against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Exchanges, Match, Outcome, Status
from reen.engine.joint import Places
from reen.engine.key_sums import Floats, Keys, KeySums
from reen.engine.sides import INTENSITY, ITEM, RATIO, USE, FlowNumbers, about, occurrence
from reen.factors.flow import Flow

__all__ = ["QUANTITY", "DriverSums", "Lead", "Presence", "Signature", "ordered"]

#: The driver that says how many there are.
QUANTITY = "quantity"

#: Names and units of the drivers of some exchanges, in the order in which they are multiplied.
Signature: TypeAlias = tuple[tuple[str, str], ...]

#: Parameters of assumptions that bear on a driver besides its own name.
_ALSO: Mapping[str, frozenset[str]] = {
    "lifetime": frozenset({"purchase_date", "commissioning_date", "retirement_date"}),
    "annual_energy": frozenset({"power", "usage_hours", "implied_energy", "use_ratio"}),
}

#: Assumptions about whether and how many there are: no matter of the factor.
_OF_PRESENCE = frozenset({"status", QUANTITY})


def ordered(names: Mapping[str, str]) -> Signature:
    """Return drivers in the order in which their means are taken, without the quantity.

    Ratios first, since every exchange has them (1 where it says none), then what has a dimension;
    the PUE last, so that its mean is that of the energy.
    """

    def place(item: tuple[str, str]) -> tuple[int, str]:
        name, unit = item
        return (2 if name == "pue" else 0 if unit == RATIO else 1), name

    kept = [item for item in names.items() if item[0] not in (QUANTITY, INTENSITY)]
    return tuple(sorted(kept, key=place))


@attrs.frozen(eq=False)
class Lead:
    """Sums over the first exchange of each row, of rows whose drivers have the same names.

    Attributes
    ----------
    signature
        The drivers after the quantity.
    keys
        (n, 3): group, type, combination of flows.
    sums
        (1 + len(signature), n): quantity, then the product up to each driver.
    assumed
        (len(signature) + 1, 2, n): by driver, and last by the factor, the products before and
        after it of the rows that do not state it (a default, a figure of the type).
    """

    signature: Signature
    keys: Keys
    sums: Floats
    assumed: Floats


@attrs.frozen(eq=False)
class Presence:
    """What is there by cell, measured or not.

    Attributes
    ----------
    keys
        (n, 2): group, type.
    quantity
        Items that the method counts or should count.
    """

    keys: Keys
    quantity: Floats


class DriverSums:
    """Sums of drivers and amounts by cell, of one method and one year."""

    def __init__(self) -> None:
        self._numbers = FlowNumbers()
        #: number of each combination of flows, by that of all but the last, and the last
        self._combinations: dict[tuple[int, int], int] = {}
        self._leads: dict[tuple[str, Signature], KeySums] = {}
        self._amounts: dict[str, KeySums] = {}
        self._present: dict[str, KeySums] = {}

    @property
    def flows(self) -> tuple[Flow, ...]:
        """Return the flows, in the order of their numbers."""
        return tuple(self._numbers)

    def combinations(self) -> list[tuple[int, ...]]:
        """Return the flows of each combination, by its number."""
        found: list[tuple[int, ...]] = []
        for before, flow in self._combinations:
            found.append((*(found[before] if before >= 0 else ()), flow))
        return found

    def add(
        self, places: Places, quantity: Floats, answers: Sequence[Exchanges]
    ) -> dict[str, npt.NDArray[np.bool_]]:
        """Add the rows of a batch; return by part which of them are there."""
        return {
            part: self._add(part, places, quantity, [each for each in answers if about(each, part)])
            for part in (ITEM, USE)
        }

    def _add(
        self, part: str, places: Places, quantity: Floats, answers: Sequence[Exchanges]
    ) -> npt.NDArray[np.bool_]:
        size = len(quantity)
        present = np.zeros(size, np.bool_)
        taken, combination = np.zeros(size, np.int64), np.full(size, -1, np.int64)
        assumed_factor = np.zeros(size, np.bool_)
        leads: list[_Picked] = []
        every: list[_Picked] = []
        for each in answers:
            there = np.array([_is_there(one) for one in each.outcomes], np.bool_)
            rows = np.arange(size) if each.row is None else each.row
            present[rows[there[each.outcome]]] = True
            code = self._numbers.of(each)
            where = np.flatnonzero(code >= 0)
            layer = taken[rows[where]] + occurrence(rows[where])
            np.add.at(taken, rows[where], 1)
            every.append(_Picked(each, where, rows[where], code[where]))
            for number in range(int(layer.max(initial=-1)) + 1):
                mine = where[layer == number]
                picked = _Picked(each, mine, rows[mine], code[mine])
                combination[picked.rows] = self._combined(combination[picked.rows], picked.code)
                if not number and len(mine):
                    leads.append(picked)
                    flags = _flags(each, None)
                    assumed_factor[picked.rows] = flags[each.outcome[mine]]
        for picked in leads:
            self._add_lead(part, places, combination, picked)

        for picked in every:
            rows = picked.rows
            flag = assumed_factor[rows].astype(np.int64)
            keys = np.stack([places.group[rows], places.kind[rows], picked.code, flag], axis=1)
            amounts = picked.each.amount()[picked.where]
            self._amounts.setdefault(part, KeySums()).add(keys, amounts)
        known = np.flatnonzero(present & ~np.isnan(quantity))
        keys = np.stack([places.group[known], places.kind[known]], axis=1)
        self._present.setdefault(part, KeySums()).add(keys, quantity[known])
        return present

    def _combined(self, before: Keys, code: Keys) -> Keys:
        """Return the number of each combination with one flow more."""
        width = int(code.max(initial=-1)) + 2
        packed, inverse = np.unique((before + 1) * width + code, return_inverse=True)
        numbers = np.empty(len(packed), np.int64)
        for place, value in enumerate(packed.tolist()):
            pair = (value // width - 1, value % width)
            numbers[place] = self._combinations.setdefault(pair, len(self._combinations))
        found: Keys = numbers[inverse.reshape(-1)]
        return found

    def _add_lead(self, part: str, places: Places, combination: Keys, picked: _Picked) -> None:
        each, where, rows = picked.each, picked.where, picked.rows
        names = ordered({name: driver.unit for name, driver in each.drivers.items()})
        keys = np.stack([places.group[rows], places.kind[rows], combination[rows]], axis=1)
        first = each.drivers.get(QUANTITY)
        product = np.ones(len(where)) if first is None else first.values[where]
        sums, assumed = [product], []
        for name, _ in names:
            flag = _flags(each, name)[each.outcome[where]]
            before, product = product, product * each.drivers[name].values[where]
            sums.append(product)
            assumed += [np.where(flag, before, 0.0), np.where(flag, product, 0.0)]
        flag = _flags(each, None)[each.outcome[where]]
        assumed += [np.where(flag, product, 0.0)] * 2
        self._leads.setdefault((part, names), KeySums()).add(keys, *sums, *assumed)

    def leads(self, part: str) -> Iterator[Lead]:
        """Yield the sums over the first exchanges, one for each signature."""
        for (of, names), found in self._leads.items():
            if of == part:
                keys, columns = found.merged()
                count = 1 + len(names)
                assumed = columns[count:].reshape(count, 2, len(keys))
                yield Lead(names, keys, columns[:count], assumed)

    def amounts(self, part: str) -> tuple[Keys, Floats]:
        """Return amounts by (group, type, flow, whether the row states what the flow is)."""
        if part not in self._amounts:
            return np.zeros((0, 4), np.int64), np.zeros(0)
        keys, columns = self._amounts[part].merged()
        return keys, columns[0]

    def presence(self, part: str) -> Presence:
        """Return the quantity by cell."""
        if part not in self._present:
            return Presence(np.zeros((0, 2), np.int64), np.zeros(0))
        keys, columns = self._present[part].merged()
        return Presence(keys, columns[0])


@attrs.frozen(eq=False)
class _Picked:
    """Some exchanges: their places among the answers, their rows, their flows' numbers."""

    each: Exchanges
    where: npt.NDArray[np.intp]
    rows: npt.NDArray[np.intp]
    code: Keys


def _is_there(outcome: Outcome) -> bool:
    """Return whether a row is there: measured, or to be measured."""
    return outcome.status in (Status.ASSESSED, Status.LEFT_OUT)


def _flags(each: Exchanges, driver: str | None) -> npt.NDArray[np.bool_]:
    """Return of each outcome whether it assumes a driver, or (None) what decides on the flow."""
    drivers = [name.removeprefix("per_") for name in each.drivers]
    if driver is not None:
        name = driver.removeprefix("per_")
        about_it = {name, *_ALSO.get(name, ())}
        taken = [
            any(one.parameter in about_it for one in outcome.assumptions)
            for outcome in each.outcomes
        ]
        return np.array(taken, np.bool_)
    others = _OF_PRESENCE.union(drivers, *(_ALSO.get(name, ()) for name in drivers))
    return np.array(
        [
            outcome.match > Match.MODEL
            or any(one.parameter not in others for one in outcome.assumptions)
            for outcome in each.outcomes
        ],
        np.bool_,
    )
