"""Table of cases: what one kind of flow answers, case by case, as cases are learnt.

Input: the answers of the functions of a method.  Output: a `Snapshot`, in which everything that
the rows of one case share is looked up by its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from reen.engine.exchanges import Outcome
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.method.amounts import Factor
from reen.method.answers import Answer, Exchange
from reen.method.flow_kinds import Kind
from reen.method.snapshot import CONSTANT, NOTHING, PlaceArrays, Signature, Snapshot
from reen.method.terms import Constant, Floats, Term, applied, form_of, inverted

__all__ = ["CaseTable", "pooled", "term_of"]


def term_of(factor: Factor) -> Term:
    """Return the term that an amount is multiplied by."""
    return factor.term if factor.power > 0 else applied(inverted, factor.term)


class _Terms:
    """The terms at one place of the amounts of all cases."""

    def __init__(self) -> None:
        self.forms: list[int] = []
        self.constants: list[float] = []
        self.slots: list[tuple[float, ...]] = []

    def add(self, form: int, constant: float = 0.0, slots: tuple[float, ...] = ()) -> None:
        self.forms.append(form)
        self.constants.append(constant)
        self.slots.append(slots)

    def slot_table(self) -> Floats:
        """Return the constants of the forms: (slots, cases), NaN where a form has fewer."""
        width = max(map(len, self.slots), default=0)
        table = np.full((width, len(self.slots)), np.nan)
        for case, slots in enumerate(self.slots if width else ()):
            if slots:
                table[: len(slots), case] = slots
        return table


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
        self._signatures: dict[Signature, int] = {}
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
                terms.add(NOTHING)
            place.terms.append(terms)
        for number, terms in enumerate(place.terms):
            if number < len(factors):
                self._add_term(terms, term_of(factors[number]))
            else:
                terms.add(NOTHING)
        if exchange is None:
            place.flows.append(-1)
            place.signs.append(-1)
            place.spreads.append(0.0)
            return
        if exchange.flow.factors is not None:
            self._made[id(exchange.flow.factors)] = exchange.flow.factors
        place.flows.append(self._flows.setdefault(exchange.flow.key, len(self._flows)))
        names = tuple((each.driver, each.driver_unit) for each in factors)
        signature = (names, exchange.spread is not None, exchange.flow.unit)
        place.signs.append(self._signatures.setdefault(signature, len(self._signatures)))
        place.spreads.append(exchange.spread or 0.0)

    def _add_term(self, terms: _Terms, term: Term) -> None:
        if isinstance(term, Constant):
            terms.add(CONSTANT, term.value)
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
                places=tuple(map(_arrays, self._places)),
            )
        return self._snapshot


def _arrays(place: _Place) -> PlaceArrays:
    return PlaceArrays(
        np.array(place.flows, np.int32),
        np.array(place.signs, np.int32),
        np.array(place.spreads, np.float64),
        tuple(np.array(each.forms, np.int32) for each in place.terms),
        tuple(np.array(each.constants, np.float64) for each in place.terms),
        tuple(each.slot_table() for each in place.terms),
    )


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
