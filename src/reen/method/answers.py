"""Answers: what the function of a method returns for a case.

A reference flow is what a factor describes: one item of "laptop, professional", one kWh of
electricity in France in 2024.  An exchange is an amount of it per year.  A reference flow also
carries how well it matches the row, and what the method assumed to use it.
"""

from __future__ import annotations

import attrs

from reen.engine.exchanges import Assumption, Match, Outcome
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.method.amounts import Amount
from reen.values import Printed

__all__ = ["Answer", "Default", "Exchange", "ReferenceFlow"]


@attrs.frozen(repr=False)
class Default(Printed):
    """A published figure that replaces a blank cell, with its source.

    Attributes
    ----------
    value, unit
        The figure.
    code
        Code of the assumption.  ``default_of_method`` contains the figure itself.
    pack
        Factor pack or publication that gives the figure, empty when none does.
    match
        Match level of the case, where the default lowers it.
    parameter
        What the figure is of; the blank column when empty.

    Examples
    --------
    >>> Default(6.0, "year", code="default_of_method", pack="our laboratory, note 12").value
    6.0
    """

    value: float
    unit: str
    code: str = "default_of_type"
    pack: str = ""
    match: Match | None = None
    parameter: str = ""


@attrs.frozen(repr=False)
class ReferenceFlow(Printed):
    """What a factor describes, and how well it answers for a case.

    Attributes
    ----------
    key
        Key of the flow.
    unit
        Reference unit: ``item``, ``kWh``, ``kgCO2e``...
    match
        Match level of its rows; None to use that of the kind of flow.
    assumptions
        Assumptions to report wherever it is used.
    factors
        Factors made at run time, for a flow that no pack in use has.  Other figures for one that a
        pack has are refused: they would not count.
    """

    key: Flow
    unit: str
    match: Match | None = None
    assumptions: tuple[Assumption, ...] = ()
    # as the set that it is, and not by all of its figures
    factors: FactorSet | None = attrs.field(default=None, repr=False, eq=id)

    def amounting_to(self, amount: Amount) -> Exchange:
        """Return the exchange of an amount per year."""
        return Exchange(amount, self)


@attrs.frozen(eq=False, repr=False)
class Exchange(Printed):
    """An amount per year of a reference flow.

    Attributes
    ----------
    amount
        Product of named factors, in reference units per year.
    flow
        The reference flow.
    spread
        Relative standard deviation of the amount of each row, None where the method states none.
    """

    amount: Amount
    flow: ReferenceFlow
    spread: float | None = None

    def __mul__(self, other: Amount | float) -> Exchange:
        """Return the exchange of so many times the amount."""
        return attrs.evolve(self, amount=self.amount * other)


@attrs.frozen(eq=False, repr=False)
class Answer:
    """What becomes of the rows of one case.

    Attributes
    ----------
    outcome
        Assessed, excluded, included elsewhere or left out; how, and why.
    exchanges
        Its exchanges, none unless assessed.
    """

    outcome: Outcome
    exchanges: tuple[Exchange, ...] = ()
