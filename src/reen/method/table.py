"""Table of cases: what one kind of flow answers, case by case, and as exchanges row by row.

Everything that rows of one case share is looked up by its number: outcome, flow, and the terms of
the amount.  Rows pay a look-up and a product a factor.  Cases are added as they are learnt.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.cases import CaseAnswers, CaseExchange
from reen.engine.exchanges import Driver, Exchanges, Outcome
from reen.factors.factor_set import FactorSet, Flow
from reen.method.amounts import Factor
from reen.method.answers import Answer, Exchange
from reen.method.kinds import Kind
from reen.method.reader import Reader
from reen.method.terms import (
    Constant,
    Floats,
    Term,
    Whole,
    applied,
    form_of,
    slots_in,
    worked_out,
)

__all__ = ["CaseTable", "Snapshot", "pooled"]

Rows: TypeAlias = npt.NDArray[np.intp]

#: In place of a form: a constant; no exchange at all.
_CONSTANT, _NOTHING = -1, -2

#: Names and units of the drivers, and whether the amounts have errors of their own.
_Signature: TypeAlias = tuple[tuple[tuple[str, str], ...], bool]


def _inverted(values: Floats) -> Floats:
    found: Floats = 1.0 / values
    return found


def _term_of(factor: Factor) -> Term:
    """Return the term that an amount is multiplied by."""
    return factor.term if factor.power > 0 else applied(_inverted, factor.term)


class _Terms:
    """The terms that stand at one place of the amounts of all cases."""

    def __init__(self) -> None:
        self.forms: list[int] = []
        self.constants: list[float] = []
        self.slots: list[tuple[float, ...]] = []

    def add(self, form: int, constant: float = 0.0, slots: tuple[float, ...] = ()) -> None:
        self.forms.append(form)
        self.constants.append(constant)
        self.slots.append(slots)

    def slot(self, number: int) -> Floats:
        """Return a slot of each case, NaN where its form has none."""
        found = (each[number] if number < len(each) else np.nan for each in self.slots)
        return np.fromiter(found, np.float64, len(self.slots))


class _Place:
    """One exchange of each case: the first, the second..."""

    def __init__(self) -> None:
        self.flows: list[int] = []
        self.signs: list[int] = []
        self.spreads: list[float] = []
        self.terms: list[_Terms] = []


class CaseTable:
    """What one kind of flow answers, by case.

    Parameters
    ----------
    kind
        The kind.
    offers
        Factors that are made at run time whatever the rows are, None for none.
    """

    def __init__(self, kind: Kind, offers: FactorSet | None) -> None:
        self.kind = kind
        self._offers = offers
        self._outcomes: dict[Outcome, int] = {}
        self._outcome: list[int] = []
        self._flows: dict[Flow, int] = {}
        self._made: dict[int, FactorSet] = {}
        self._forms: dict[Term, int] = {}
        self._signatures: dict[_Signature, int] = {}
        self._places = [_Place()]
        self._snapshot: Snapshot | None = None

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self._outcome)

    def add(self, answers: Sequence[Answer]) -> None:
        """Take in what cases answer, those known before coming first."""
        for mine in answers[len(self) :]:
            self._outcome.append(self._outcomes.setdefault(mine.outcome, len(self._outcomes)))
            while len(self._places) < len(mine.exchanges):
                self._places.append(self._blank_place())
            for number, place in enumerate(self._places):
                there = number < len(mine.exchanges)
                self._add(place, mine.exchanges[number] if there else None)
            self._snapshot = None

    def _blank_place(self) -> _Place:
        """Return a place at which no case before has an exchange."""
        place, size = _Place(), len(self) - 1
        place.flows, place.signs, place.spreads = [-1] * size, [-1] * size, [0.0] * size
        return place

    def _add(self, place: _Place, exchange: Exchange | None) -> None:
        factors = () if exchange is None else exchange.amount.factors
        while len(place.terms) < len(factors):
            terms = _Terms()
            for _ in place.flows:
                terms.add(_NOTHING)
            place.terms.append(terms)
        for number, terms in enumerate(place.terms):
            if number < len(factors):
                self._add_term(terms, _term_of(factors[number]))
            else:
                terms.add(_NOTHING)
        if exchange is None:
            place.flows.append(-1)
            place.signs.append(-1)
            place.spreads.append(0.0)
            return
        if exchange.flow.factors is not None:
            self._made[id(exchange.flow.factors)] = exchange.flow.factors
        place.flows.append(self._flows.setdefault(exchange.flow.key, len(self._flows)))
        names = tuple((each.driver, each.driver_unit) for each in factors)
        signature = (names, exchange.spread is not None)
        place.signs.append(self._signatures.setdefault(signature, len(self._signatures)))
        place.spreads.append(exchange.spread or 0.0)

    def _add_term(self, terms: _Terms, term: Term) -> None:
        if isinstance(term, Constant):
            terms.add(_CONSTANT, term.value)
            return
        slots: list[float] = []
        form = self._forms.setdefault(form_of(term, slots), len(self._forms))
        terms.add(form, slots=tuple(slots))

    @property
    def snapshot(self) -> Snapshot:
        """Return the table as arrays; the same until cases are added."""
        if self._snapshot is None:
            self._snapshot = Snapshot(
                kind=self.kind,
                outcomes=tuple(self._outcomes),
                outcome=np.array(self._outcome, np.uint16),
                flows=tuple(self._flows),
                factors=pooled([*self._made.values()], self._offers),
                forms=tuple(self._forms),
                signatures=tuple(self._signatures),
                places=tuple(map(_PlaceArrays.of, self._places)),
            )
        return self._snapshot


@attrs.frozen(eq=False)
class _PlaceArrays:
    """One exchange of each case, as arrays by case."""

    flow: npt.NDArray[np.int32]
    sign: npt.NDArray[np.int32]
    spread: Floats
    form: tuple[npt.NDArray[np.int32], ...]
    constant: tuple[Floats, ...]
    chosen: tuple[npt.NDArray[np.uint64], ...]
    terms: tuple[_Terms, ...]

    @classmethod
    def of(cls, place: _Place) -> _PlaceArrays:
        """Return the arrays of a place."""
        forms = tuple(np.array(each.forms, np.int32) for each in place.terms)
        return cls(
            np.array(place.flows, np.int32),
            np.array(place.signs, np.int32),
            np.array(place.spreads, np.float64),
            forms,
            tuple(np.array(each.constants, np.float64) for each in place.terms),
            # all bits where the form is taken, none where the constant is
            tuple(np.negative((form != _CONSTANT).astype(np.uint64)) for form in forms),
            tuple(place.terms),
        )


@attrs.frozen(eq=False)
class Snapshot:
    """A table of cases as arrays."""

    kind: Kind
    outcomes: tuple[Outcome, ...]
    outcome: npt.NDArray[np.uint16]
    flows: tuple[Flow, ...]
    factors: FactorSet | None
    forms: tuple[Term, ...]
    signatures: tuple[_Signature, ...]
    places: tuple[_PlaceArrays, ...]

    def exchanges(self, reader: Reader, cases: npt.NDArray[np.int32]) -> Iterator[Exchanges]:
        """Return the exchanges of the rows of a batch.

        Those with the same drivers go together, in an order that does not depend on which row
        came first, so that sums are the same to the last bit; rows without one go with the first.
        """
        every = _Part(reader, cases)
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

    def _used(self, place: _PlaceArrays, part: _Part) -> list[int]:
        """Return the signatures that some rows have, in order."""
        signs = place.sign.take(part.present)
        return sorted(np.unique(signs[signs >= 0]).tolist(), key=self._order)

    def answers(self, reader: Reader, cases: npt.NDArray[np.int32]) -> CaseAnswers:
        """Return the answers for the rows of a batch, by case."""
        every = _Part(reader, cases)
        drivers = [tuple(name for name, _ in names) for names, _ in self.signatures]
        return CaseAnswers(
            kind=self.kind,
            reference_unit=self.kind.unit,
            case=cases,
            flows=self.flows,
            factors=self.factors,
            outcomes=self.outcomes,
            outcome=self.outcome,
            exchanges=[
                CaseExchange(place.flow, drivers, place.sign, *self._amounts(place, every))
                for place in self.places
            ],
        )

    def _amounts(self, place: _PlaceArrays, part: _Part) -> tuple[Floats, Floats | None]:
        """Return the amount of each row, and its spread where one is stated."""
        used = self._used(place, part)
        uncertain = any(self.signatures[sign][1] for sign in used)
        spread = place.spread.take(part.cases) if uncertain else None
        if len(used) == 1:
            return self._product(used[0], place, part), spread
        amount, of_row = np.ones(len(part.cases)), place.sign.take(part.cases)
        for sign in used:
            rows = np.flatnonzero(of_row == sign)
            amount[rows] = self._product(sign, place, part.of(rows))
        return amount, spread

    def _product(self, sign: int, place: _PlaceArrays, part: _Part) -> Floats:
        """Return the product of the factors of some rows, multiplied as `Exchanges.amount` does."""
        count = len(self.signatures[sign][0])
        if not count:
            return np.ones(len(part.cases))
        product = self._driver(place, 0, part)
        if count > 1:
            product = product * self._driver(place, 1, part)
        for number in range(2, count):
            product *= self._driver(place, number, part)
        return product

    def _order(self, sign: int) -> tuple[int, _Signature]:
        signature = self.signatures[sign]
        return len(signature[0]), signature

    def _of_none(self, cases: npt.NDArray[np.int32]) -> Exchanges:
        """Return the exchanges of rows of which none is assessed."""
        drivers = {"amount": Driver(np.ones(len(cases)), f"{self.kind.unit}/year")}
        if self.signatures:
            names = self.signatures[min(range(len(self.signatures)), key=self._order)][0]
            drivers = {name: Driver(np.ones(len(cases)), unit) for name, unit in names}
        return self._made(np.full(len(cases), -1, np.int32), drivers, cases, None, None)

    def _of_sign(self, sign: int, place: _PlaceArrays, part: _Part) -> Exchanges:
        names, uncertain = self.signatures[sign]
        drivers = {
            name: Driver(self._driver(place, number, part), unit)
            for number, (name, unit) in enumerate(names)
        }
        spread = place.spread.take(part.cases) if uncertain else None
        return self._made(place.flow.take(part.cases), drivers, part.cases, part.rows, spread)

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

    def _driver(self, place: _PlaceArrays, number: int, part: _Part) -> Floats:
        """Return the values of one factor of the amounts of some rows."""
        form, constant = place.form[number], place.constant[number]
        here = np.unique(form.take(part.present)).tolist()
        forms = [each for each in here if each >= 0]
        if not forms:
            return constant.take(part.cases)
        if len(forms) > 1:
            return self._of_forms(place, number, forms, part)
        slots = [each.take(part.cases) for each in self._slots(place, number, forms[0])]
        values = worked_out(self.forms[forms[0]], slots, part.whole)
        if _CONSTANT not in here:
            return values
        # chosen by bits: a choice for each row takes twice as long
        bits = place.chosen[number].take(part.cases)
        bits &= np.ascontiguousarray(values).view(np.uint64)
        bits |= constant.view(np.uint64).take(part.cases)
        return bits.view(np.float64)

    def _of_forms(
        self, place: _PlaceArrays, number: int, forms: Sequence[int], part: _Part
    ) -> Floats:
        """Return the values of a factor that is worked out in several ways, each for its rows."""
        found = place.constant[number].take(part.cases)
        of_row = place.form[number].take(part.cases)
        for each in forms:
            mine = part.of(np.flatnonzero(of_row == each))
            slots = [slot.take(mine.cases) for slot in self._slots(place, number, each)]
            found[mine.here] = worked_out(self.forms[each], slots, mine.whole)
        return found

    def _slots(self, place: _PlaceArrays, number: int, form: int) -> list[Floats]:
        """Return the constants of a form, by case."""
        terms = place.terms[number]
        return [terms.slot(slot) for slot in range(slots_in(self.forms[form]))]


@attrs.frozen(eq=False)
class _Part:
    """Some rows of a batch.

    Attributes
    ----------
    reader
        The batch.
    cases
        The case of each of them.
    rows
        Their positions in the batch, None for all in order.
    here
        Their positions among the rows that they are a part of.
    """

    reader: Reader
    cases: npt.NDArray[np.int32]
    rows: Rows | None = None
    here: Rows | slice = slice(None)

    @functools.cached_property
    def present(self) -> Rows:
        """Return the cases that they have."""
        if not len(self.cases):
            return np.zeros(0, np.intp)
        return np.flatnonzero(np.bincount(self.cases))

    def of(self, here: Rows) -> _Part:
        """Return some of them."""
        rows = here if self.rows is None else self.rows[here]
        return _Part(self.reader, self.cases[here], rows, here)

    def whole(self, term: Whole) -> Floats:
        """Return the values of a column, or of what is derived from columns."""
        values = self.reader.whole(term)
        return values if self.rows is None else values[self.rows]


def pooled(sets: Iterable[FactorSet], offers: FactorSet | None) -> FactorSet | None:
    """Return factors made at run time as one set, each flow once; None without any."""
    parts = [] if offers is None else [offers]
    seen = set() if offers is None else set(offers.flows)
    for each in sets:
        new = [k for k, flow in enumerate(each.flows) if flow not in seen]
        if new:
            seen.update(each.flows)
            parts.append(each if len(new) == len(each.flows) else each.take(new))
    if len(parts) < 2:  # noqa: PLR2004
        return parts[0] if parts else None
    return FactorSet.concatenate(parts)
