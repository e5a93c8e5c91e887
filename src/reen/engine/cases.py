"""Cases: what a method answers for a batch, case by case instead of row by row.

Rows of one case share outcome, flow and the names of their drivers: a row brings the number of its
case and its amount, and everything else is looked up once for each case.  Means the same as the
`Exchanges` of the same rows, at a third of the look-ups.  Arrays only.
"""

from __future__ import annotations

import abc
import functools
from collections.abc import Sequence
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Exchanges, FlowKind, Outcome
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.inventory.masks import present_in
from reen.kernel.interface import Factor, Floats

__all__ = ["CaseAnswers", "CaseExchange", "RowAmounts"]

Names: TypeAlias = tuple[str, ...]


class RowAmounts(abc.ABC):
    """The amounts of one exchange, row by row: as an array, or as the factors that make them."""

    @abc.abstractmethod
    def array(self) -> Floats:
        """Return the amount of each row, the factors multiplied in their order."""

    @abc.abstractmethod
    def factors(self) -> tuple[Factor, ...]:
        """Return the factors by case, of which the compiled loops make the same amounts."""


@attrs.frozen(eq=False, repr=False)
class CaseExchange:
    """One exchange of each case, and its amount for each row.

    Attributes
    ----------
    flow
        int32, one per case: position in `CaseAnswers.flows`, -1 for none.
    drivers
        Names of the drivers, once for each set of them.
    sign
        int32, one per case: position in `drivers`, -1 where the case has no flow.
    amounts
        Of the rows, in reference units per year; read where the case has a flow.
    spread
        float64, one per row: relative standard deviation of the amount; None where none is stated.
    """

    flow: npt.NDArray[np.int32]
    drivers: Sequence[Names]
    sign: npt.NDArray[np.int32]
    amounts: RowAmounts
    spread: npt.NDArray[np.float64] | None = None

    @functools.cached_property
    def amount(self) -> Floats:
        """Return the amount of each row, float64 (n,)."""
        return self.amounts.array()


@attrs.frozen(eq=False, kw_only=True, repr=False)
class CaseAnswers:
    """The answers of one flow kind for all rows of a batch.

    Attributes
    ----------
    kind, reference_unit
        Flow kind, and the unit of one unit of its flows.
    case
        int32, one per row: number of its case.
    flows
        Distinct flow keys.
    factors
        Factors of flows made at run time; None for none.
    outcomes, outcome
        Distinct outcomes, and the position of that of each case: unsigned integers.
    exchanges
        The first exchange of each case, the second...: at least one, which may be none's.
    """

    kind: FlowKind
    reference_unit: str
    case: npt.NDArray[np.int32]
    flows: Sequence[Flow]
    factors: FactorSet | None
    outcomes: Sequence[Outcome]
    outcome: npt.NDArray[np.unsignedinteger]
    exchanges: Sequence[CaseExchange]

    def present(self) -> npt.NDArray[np.intp]:
        """Return the numbers of the cases that the batch has."""
        return present_in(self.case, len(self.outcome))

    def of_cases(self, exchange: CaseExchange, cases: npt.NDArray[np.intp]) -> Exchanges:
        """Return some cases as if each were a row, without amounts."""
        return Exchanges(
            kind=self.kind,
            flows=self.flows,
            flow=exchange.flow[cases],
            drivers={},
            reference_unit=self.reference_unit,
            outcomes=self.outcomes,
            outcome=self.outcome[cases],
            factors=self.factors,
        )
