"""Exchanges: what a method answers for a batch, in columns.

An exchange is (row, flow, amount per year).  The amount is the product of named drivers, so that
it can be explained and compared; the outcome of each row says whether it is assessed, and if not,
why.  Imports flow keys and stages; knows no method, no file and no pint.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.inventory.schema import EQUIPMENT
from reen.reasons import Detail, Reason, details_of, order_of_details, reason_if_given
from reen.values import Printed
from reen.vocabulary.stages import Stage

__all__ = [
    "NOT_COUNTED",
    "Assumption",
    "Driver",
    "Exchanges",
    "FlowKind",
    "Match",
    "Outcome",
    "Status",
]


#: Code of the assumption that a part of an assessed row is not counted, since no source gives it.
NOT_COUNTED = "not_counted"


class _Labelled(enum.IntEnum):
    @property
    def label(self) -> str:
        """Return the name in words."""
        return self.name.lower().replace("_", " ")


class Status(_Labelled):
    """What becomes of a row, per flow kind.  Higher wins when a row has several exchanges."""

    #: It has exchanges; what the factor does not publish is left out stage by stage.
    ASSESSED = 0
    #: Another flow kind or stage holds it.
    INCLUDED_ELSEWHERE = 1
    #: A named rule of the method excludes it (retired, fully amortised, out of scope).
    EXCLUDED = 2
    #: It should be measured and cannot be: no factor, a missing or invalid value.
    LEFT_OUT = 3


class Match(_Labelled):
    """How a row was matched to its flow, best first."""

    NONE = 0
    #: The row itself gives the figure.
    DECLARED = 1
    #: A factor of that very model.
    MODEL = 2
    #: A factor of a model that resembles it.
    APPROXIMATE_MODEL = 3
    #: The factor of its equipment type.
    TYPE = 4
    #: A default for everything else.
    DEFAULT = 5
    #: The factor or default of another device, by a documented argument: no published figure.
    PROXY = 6


@attrs.frozen(init=False, order=True, repr=False)
class Assumption(Printed):
    """A value that a row does not give and that the method assumed.

    Assumptions are ordered by parameter, then by code, pack and details.

    Attributes
    ----------
    parameter
        What was missing: ``lifetime``, ``annual_energy``, ``status``...
    code
        What was used instead, in snake_case: ``default_of_type``, ``nearest_year``...
    pack
        Factor pack that gives the figure, empty when there is none.
    details
        Parameters of the sentence, sorted by name.

    Examples
    --------
    >>> taken = Assumption("default_of_type", parameter="lifetime", pack="mine")
    >>> str(taken)
    'lifetime: default of the type (mine)'
    >>> taken.text("fr")
    'durée de vie : valeur par défaut du type (mine)'
    """

    parameter: str
    code: str
    pack: str
    details: tuple[tuple[str, Detail], ...] = attrs.field(eq=True, order=order_of_details)

    def __init__(self, code: str, /, *, parameter: str, pack: str = "", **details: Detail) -> None:
        """Make an assumption of a code and the parameters of its sentence."""
        self.__attrs_init__(parameter, code, pack, details_of(details))

    def sort_key(self) -> tuple[object, ...]:
        """Return what assumptions are ordered by, for sorting many of them quickly."""
        return self.parameter, self.code, self.pack, order_of_details(self.details)

    @property
    def rule(self) -> Reason:
        """Return what was used instead, whatever it was used for."""
        return Reason(self.code, **dict(self.details))

    def text(self, language: str | None = None) -> str:
        """Return the assumption in words.

        Raises
        ------
        KeyError
            The language is not one that reen speaks.
        """
        said: dict[str, Detail] = {"parameter": self.parameter, "rule": self.rule}
        if self.pack:
            return Reason("assumed_by_pack", pack=self.pack, **said).text(language)
        return Reason("assumed", **said).text(language)

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types, with the English sentence for readers."""
        written = {"parameter": self.parameter, "pack": self.pack, **self.rule.to_dict()}
        return written | {"text": self.text("en")}

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Assumption:
        """Return the assumption written by `to_dict`; its sentence is not read."""
        rule = Reason.from_dict(content)
        parameter, pack = (str(content[name]) for name in ("parameter", "pack"))
        return cls(rule.code, parameter=parameter, pack=pack, **dict(rule.details))

    def __str__(self) -> str:
        """Return the assumption in the language in force."""
        return self.text()


def _order_of_reason(reason: Reason | None) -> tuple[Reason, ...]:
    """Return what an outcome is ordered by: without a reason first."""
    return () if reason is None else (reason,)


@attrs.frozen(order=True, cache_hash=True, repr=False)
class Outcome(Printed):
    """What became of a row and how.

    Attributes
    ----------
    status
        Assessed, excluded, included elsewhere or left out.
    match
        Match level of an assessed row.
    reason
        Rule or cause, None for an assessed row; plain text becomes a reason without a code.
    assumptions
        What was taken for granted for an assessed row.
    """

    status: Status = Status.ASSESSED
    match: Match = Match.NONE
    reason: Reason | None = attrs.field(
        default=None, converter=reason_if_given, eq=True, order=_order_of_reason
    )
    assumptions: tuple[Assumption, ...] = ()

    @property
    def lacks(self) -> bool:
        """Return whether something is missing: the row as a whole, or a part that it names."""
        return self.status is Status.LEFT_OUT or any(
            said.code == NOT_COUNTED for said in self.assumptions
        )


@attrs.frozen(repr=False)
class FlowKind(Printed):
    """A kind of flow that a method answers for, row by row.

    Attributes
    ----------
    name
        ``item``, ``electricity``, ``declared``...
    stages
        Stages that flows of this kind may fill.  Two kinds of one method and table share no stage.
    table
        Kind of table whose rows it answers for: ``equipment``, or one beside it (``services``).
    also
        Reference units that its flows may have besides its own: services are counted in EUR, in kg,
        in GB.
    """

    name: str
    stages: tuple[Stage, ...]
    table: str = attrs.field(default=EQUIPMENT.name, kw_only=True)
    also: tuple[str, ...] = attrs.field(default=(), kw_only=True)


@attrs.frozen(eq=False, repr=False)
class Driver(Printed):
    """One factor of an amount.

    Attributes
    ----------
    values
        float64, one per exchange; read where the exchange has a flow.
    unit
        Unit of the values.
    """

    values: npt.NDArray[np.float64]
    unit: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Exchanges(Printed):
    """The exchanges of one flow kind for (some rows of) a batch.

    Attributes
    ----------
    kind
        Flow kind.
    flows
        Distinct flow keys.
    flow
        int32, one per exchange: position in `flows`, -1 where the row is not assessed.
    drivers
        Named columns whose product is the amount, in `reference_unit` per year: 0 or more where
        the exchange has a flow.
    reference_unit
        Unit of one unit of the flows: ``item``, ``kWh``, ``kgCO2e``.
    outcomes
        Distinct outcomes.
    outcome
        Unsigned integers, one per exchange: position in `outcomes`.
    row
        Position of each exchange's row in the batch; None for all rows in order.
    factors
        Factors made at run time, for flows that no pack in use has; other figures for one that a
        pack has are refused.
    amount_spread
        float64, one per exchange: relative standard deviation of the amount, read where the
        exchange has a flow; None where the method states none.  The errors of two exchanges are
        taken as independent, those of one row on two flows included; an error that rows share is
        not one of theirs (see `SharedAssumption`).
    """

    kind: FlowKind
    flows: Sequence[Flow]
    flow: npt.NDArray[np.int32]
    drivers: Mapping[str, Driver]
    reference_unit: str
    outcomes: Sequence[Outcome]
    outcome: npt.NDArray[np.unsignedinteger]
    row: npt.NDArray[np.intp] | None = None
    factors: FactorSet | None = None
    amount_spread: npt.NDArray[np.float64] | None = None

    def __len__(self) -> int:
        """Return the number of exchanges."""
        return len(self.flow)

    def amount(self) -> npt.NDArray[np.float64]:
        """Return the product of the drivers, in reference units per year."""
        columns = [driver.values for driver in self.drivers.values()]
        if not columns:
            return np.ones(len(self))
        if len(columns) == 1:
            return columns[0]
        with np.errstate(all="ignore"):  # of exchanges without a flow, whose numbers may be any
            product = columns[0] * columns[1]
            for column in columns[2:]:
                product *= column
        return product
