"""Snapshot: a table of cases as arrays, and what it gives for the rows of a batch.

Input: the numbers of the cases of the rows.  Output: the same answers twice: by case, for the fold,
and as exchanges, for whoever wants to see each row.  Rows pay a look-up and a product a factor.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.arrays import distinct_of
from reen.engine.cases import CaseAnswers, CaseExchange, RowAmounts
from reen.engine.exchanges import Driver, Exchanges, Outcome
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.inventory.masks import present_in
from reen.kernel import lendable
from reen.kernel.interface import Factor
from reen.method.flow_kinds import Kind
from reen.method.reader import Reader
from reen.method.terms import (
    Apply,
    Floats,
    Term,
    Whole,
    inverted,
    is_whole,
    slots_in,
    worked_out,
)

__all__ = ["CONSTANT", "NOTHING", "PlaceArrays", "Signature", "Snapshot"]

Rows: TypeAlias = npt.NDArray[np.intp]

#: In place of a form: a constant; no exchange at all.
CONSTANT, NOTHING = -1, -2

#: Names and units of the drivers, whether the amounts have errors of their own, reference unit.
Signature: TypeAlias = tuple[tuple[tuple[str, str], ...], bool, str]


@attrs.frozen(eq=False, repr=False)
class PlaceArrays:
    """One exchange of each case, as arrays by case.

    Attributes
    ----------
    flow, sign
        Position of its flow and of its signature, -1 for none.
    spread
        Relative standard deviation of its amount.
    form
        For each factor, the position of its form, `CONSTANT` or `NOTHING`.
    constant
        For each factor, its value where it is a constant, else 0.
    slots
        For each factor, the constants of its form: (slots, cases), NaN where it has fewer.
    """

    flow: npt.NDArray[np.int32]
    sign: npt.NDArray[np.int32]
    spread: Floats
    form: tuple[npt.NDArray[np.int32], ...]
    constant: tuple[Floats, ...]
    slots: tuple[Floats, ...]

    @functools.cached_property
    def chosen(self) -> tuple[npt.NDArray[np.uint64], ...]:
        """Return, for each factor, all bits where a form is taken, none where a constant is."""
        return tuple(np.negative((form != CONSTANT).astype(np.uint64)) for form in self.form)


@attrs.frozen(eq=False, repr=False)
class Snapshot:
    """A table of cases as arrays.

    Attributes
    ----------
    kind
        The kind of flow.
    outcomes, outcome
        Distinct outcomes, and the position of that of each case.
    flows, factors
        Distinct flows, and the factors of those that no pack in use has.
    forms, signatures
        Distinct forms of factors, and distinct signatures.
    places
        The first exchange of each case, the second...
    """

    kind: Kind
    outcomes: tuple[Outcome, ...]
    outcome: npt.NDArray[np.uint16]
    flows: tuple[Flow, ...]
    factors: FactorSet | None
    forms: tuple[Term, ...]
    signatures: tuple[Signature, ...]
    places: tuple[PlaceArrays, ...]

    def exchanges(self, reader: Reader, cases: npt.NDArray[np.int32]) -> Iterator[Exchanges]:
        """Return the exchanges of the rows of a batch.

        Those with the same drivers go together, in an order that does not depend on which row
        came first, so that sums are the same to the last bit; rows without one go with the first.
        """
        every = _Part(reader, cases, len(self.outcome))
        for number, place in enumerate(self.places):
            used = self._used(place, every)
            if number == 0 and not used:
                yield self._of_none(cases)
            of_row = place.sign.take(cases)
            for first, sign in enumerate(used):
                if number == first == 0:
                    with_it = (of_row == sign) | (of_row < 0)
                else:
                    with_it = of_row == sign
                yield self._of_sign(
                    sign, place, every if with_it.all() else every.of(np.flatnonzero(with_it))
                )

    def _used(self, place: PlaceArrays, part: _Part) -> list[int]:
        """Return the signatures that some rows have, in order."""
        signs = place.sign.take(part.present)
        return sorted(distinct_of(signs[signs >= 0]).tolist(), key=self._order)

    def answers(self, reader: Reader, cases: npt.NDArray[np.int32]) -> CaseAnswers:
        """Return the answers for the rows of a batch, by case."""
        every = _Part(reader, cases, len(self.outcome))
        drivers = [tuple(name for name, _ in names) for names, *_ in self.signatures]
        return CaseAnswers(
            kind=self.kind,
            reference_unit=self.kind.unit,
            case=cases,
            flows=self.flows,
            factors=self.factors,
            outcomes=self.outcomes,
            outcome=self.outcome,
            exchanges=[
                CaseExchange(
                    place.flow,
                    drivers,
                    place.sign,
                    _Amounts(self, place, every),
                    self._spread(place, every),
                )
                for place in self.places
            ],
        )

    def _spread(self, place: PlaceArrays, part: _Part) -> Floats | None:
        """Return the spread of the amount of each row, None where none is stated."""
        uncertain = any(self.signatures[sign][1] for sign in self._used(place, part))
        return place.spread.take(part.cases) if uncertain else None

    def row_amounts(self, place: PlaceArrays, part: _Part) -> Floats:
        """Return the amount of each row."""
        used = self._used(place, part)
        if len(used) == 1:
            return self._product(used[0], place, part)
        amount, of_row = np.ones(len(part.cases)), place.sign.take(part.cases)
        for sign in used:
            rows = np.flatnonzero(of_row == sign)
            amount[rows] = self._product(sign, place, part.of(rows))
        return amount

    def row_factors(self, place: PlaceArrays, part: _Part) -> tuple[Factor, ...]:
        """Return the factors of the amounts of all rows of a batch, by case.

        A case of fewer factors than others has the constant 1 in place of the rest, which changes
        no bit of a product.
        """
        used = self._used(place, part)
        count = max((len(self.signatures[sign][0]) for sign in used), default=0)
        return tuple(self._factor(place, number, part) for number in range(count))

    def _factor(self, place: PlaceArrays, number: int, part: _Part) -> Factor:
        form = place.form[number]
        source = np.full(len(form), -1, np.int32)
        constant = np.where(form == CONSTANT, place.constant[number], 1.0)
        forms = [each for each in distinct_of(form[part.present]).tolist() if each >= 0]
        if all(_is_of_rows(self.forms[each]) for each in forms):
            for position, each in enumerate(forms):
                source[form == each] = position
            columns = [worked_out(self.forms[each], (), part.whole) for each in forms]
        else:  # worked out for the rows of each form, with the constants of their cases
            source[form >= 0] = 0
            columns = [self._driver(place, number, part)]
        return constant, source, tuple(lendable(np.asarray(each, np.float64)) for each in columns)

    def _product(self, sign: int, place: PlaceArrays, part: _Part) -> Floats:
        """Return the product of the factors of some rows, multiplied as `Exchanges.amount` does."""
        count = len(self.signatures[sign][0])
        if not count:
            return np.ones(len(part.cases))
        product = self._driver(place, 0, part)
        with np.errstate(all="ignore"):  # of rows without an exchange, whose numbers may be any
            if count > 1:
                product = product * self._driver(place, 1, part)
            for number in range(2, count):
                product *= self._driver(place, number, part)
        return product

    def _order(self, sign: int) -> tuple[int, Signature]:
        signature = self.signatures[sign]
        return len(signature[0]), signature

    def _of_none(self, cases: npt.NDArray[np.int32]) -> Exchanges:
        """Return the exchanges of rows of which none is assessed."""
        drivers = {"amount": Driver(np.ones(len(cases)), f"{self.kind.unit}/year")}
        if self.signatures:
            names = self.signatures[min(range(len(self.signatures)), key=self._order)][0]
            drivers = {name: Driver(np.ones(len(cases)), unit) for name, unit in names}
        return self._made(np.full(len(cases), -1, np.int32), drivers, cases, None, None)

    def _of_sign(self, sign: int, place: PlaceArrays, part: _Part) -> Exchanges:
        names, uncertain, unit = self.signatures[sign]
        drivers = {
            name: Driver(self._driver(place, number, part), unit)
            for number, (name, unit) in enumerate(names)
        }
        spread = place.spread.take(part.cases) if uncertain else None
        made = self._made(place.flow.take(part.cases), drivers, part.cases, part.rows, spread)
        return attrs.evolve(made, reference_unit=unit)

    def _made(
        self,
        flow: npt.NDArray[np.int32],
        drivers: dict[str, Driver],
        cases: npt.NDArray[np.int32],
        rows: Rows | None,
        spread: Floats | None,
    ) -> Exchanges:
        return Exchanges(
            kind=self.kind,
            flows=self.flows,
            flow=flow,
            drivers=drivers,
            reference_unit=self.kind.unit,
            outcomes=self.outcomes,
            outcome=self.outcome.take(cases),
            row=rows,
            factors=self.factors,
            amount_spread=spread,
        )

    def _driver(self, place: PlaceArrays, number: int, part: _Part) -> Floats:
        """Return the values of one factor of the amounts of some rows."""
        form, constant = place.form[number], place.constant[number]
        here = distinct_of(form.take(part.present)).tolist()
        forms = [each for each in here if each >= 0]
        if not forms:
            return constant.take(part.cases)
        if len(forms) > 1:
            return self._of_forms(place, number, forms, part)
        slots = [each.take(part.cases) for each in self._slots(place, number, forms[0])]
        values = worked_out(self.forms[forms[0]], slots, part.whole)
        if CONSTANT not in here:
            return values
        # chosen by bits: a choice for each row takes twice as long
        bits = place.chosen[number].take(part.cases)
        bits &= np.ascontiguousarray(values).view(np.uint64)
        bits |= constant.view(np.uint64).take(part.cases)
        return bits.view(np.float64)

    def _of_forms(
        self, place: PlaceArrays, number: int, forms: Sequence[int], part: _Part
    ) -> Floats:
        """Return the values of a factor that is worked out in several ways, each for its rows."""
        found = place.constant[number].take(part.cases)
        of_row = place.form[number].take(part.cases)
        for each in forms:
            mine = part.of(np.flatnonzero(of_row == each))
            slots = [slot.take(mine.cases) for slot in self._slots(place, number, each)]
            found[mine.here] = worked_out(self.forms[each], slots, mine.whole)
        return found

    def _slots(self, place: PlaceArrays, number: int, form: int) -> list[Floats]:
        """Return the constants of a form, by case."""
        return [*place.slots[number][: slots_in(self.forms[form])]]


#: Functions of arithmetic, which give a row the same whatever rows stand beside it.
_ARITHMETIC = (np.add, np.divide, np.multiply, np.subtract, inverted)


def _is_of_rows(form: Term) -> bool:
    """Tell whether a form is read of the rows as they are, or by arithmetic on what is."""
    if isinstance(form, Apply):
        return form.function in _ARITHMETIC and all(map(_is_of_rows, form.terms))
    return is_whole(form)


@attrs.frozen(eq=False, repr=False)
class _Amounts(RowAmounts):
    """The amounts of the rows of a batch at one place of their cases."""

    snapshot: Snapshot
    place: PlaceArrays
    part: _Part

    def array(self) -> Floats:
        """Return the amount of each row."""
        return self.snapshot.row_amounts(self.place, self.part)

    def factors(self) -> tuple[Factor, ...]:
        """Return the factors by case."""
        return self.snapshot.row_factors(self.place, self.part)


@attrs.frozen(eq=False, repr=False)
class _Part:
    """Some rows of a batch.

    Attributes
    ----------
    reader
        The batch.
    cases
        The case of each of them.
    size
        Number of cases that there are.
    rows
        Their positions in the batch, None for all in order.
    here
        Their positions among the rows that they are a part of.
    """

    reader: Reader
    cases: npt.NDArray[np.int32]
    size: int
    rows: Rows | None = None
    here: Rows | slice = slice(None)

    @functools.cached_property
    def present(self) -> Rows:
        """Return the cases that they have."""
        return present_in(self.cases, self.size)

    def of(self, here: Rows) -> _Part:
        """Return some of them."""
        rows = here if self.rows is None else self.rows[here]
        return _Part(self.reader, self.cases[here], self.size, rows, here)

    def whole(self, term: Whole) -> Floats:
        """Return the values of a column, or of what is derived from columns."""
        values = self.reader.whole(term)
        return values if self.rows is None else values[self.rows]
