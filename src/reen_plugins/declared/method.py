"""Declared: the footprint that the organisation itself states for each item.

    yearly footprint = quantity x declared annual footprint                (when the row has it)
                     = quantity x declared footprint / lifetime            (otherwise)

times the share of use, in kgCO2e per year, in the stage `unspecified`: what the declared figure
covers is not known.  It is the method of the city of Boulogne-Billancourt (REEN work programme of
5 February 2023, figures 1 to 4), whose lifetime is the accounting amortisation.  Reads the
inventory only: no factor pack.
"""

from __future__ import annotations

from typing import ClassVar

import attrs

from reen.plugin import (
    Case,
    CaseMethod,
    Context,
    Exchange,
    FactorPack,
    Kind,
    Match,
    ReferenceFlow,
    Stage,
    State,
)
from reen.plugin.arrays import FactorSet
from reen.plugin.rules import name_unused

__all__ = ["Declared"]

#: What a row says of other owners: nothing says whether the declared figure knows of them.
_OTHER_OWNERS = ("downstream_lifetime", "reconditioned", "upstream_lifetime")

#: One kgCO2e declared is one kgCO2e: the row's own figure is a driver of the amount.
_FACTORS: FactorSet = FactorPack.from_rows(
    name="declared",
    version="1",
    title="Declared footprints",
    publisher="the organisation itself",
    licence="not applicable",
    source="the inventory",
    factors=[
        {
            "flow": "declared-footprint",
            "name": "footprint declared in the inventory",
            "reference_unit": "kgCO2e",
            "stage": "unspecified",
            "criterion": "climate_change",
            "value": "1",
            "unit": "kgCO2e/kgCO2e",
            "boundary": "as declared: not known",
            "source": "figure declared by the organisation, in the row",
        }
    ],
).factors
_FLOW = ReferenceFlow(_FACTORS.flows[0], "kgCO2e", Match.DECLARED, factors=_FACTORS)


@attrs.frozen
class Declared:
    """Quantity x the footprint that the inventory declares per item."""

    name = "declared"
    version = "2"
    title = "Declared: quantity x declared footprint per item / lifetime"
    reference = (
        "City of Boulogne-Billancourt, deliberation no. 20 of 30 March 2023, REEN work programme"
    )
    packs = ()

    def prepare(self, context: Context) -> PreparedDeclared:
        """Return the method ready to answer."""
        return PreparedDeclared(context)


@attrs.frozen(eq=False, repr=False)
class PreparedDeclared(CaseMethod):
    """`Declared`, ready to answer."""

    context: Context
    kinds = (Kind("declared", (Stage.UNSPECIFIED,), "kgCO2e"),)
    reads: ClassVar[tuple[str, ...]] = (
        "declared_annual_footprint",
        "declared_footprint",
        "lifetime",
        *_OTHER_OWNERS,
    )

    def offers(self, kind: Kind) -> FactorSet:  # noqa: ARG002 - one kind
        """Return the one factor, in use or not."""
        return _FACTORS

    def declared(self, case: Case) -> Exchange:
        """Return the annual figure where the row has it, else the whole one over the lifetime."""
        name_unused(case, *_OTHER_OWNERS)
        if case.state("declared_annual_footprint") is not State.BLANK:
            annual = case.number("declared_annual_footprint").named("intensity", "kgCO2e/item/year")
            return case.quantity * case.usage_share * annual * _FLOW
        whole = case.number("declared_footprint").named("intensity", "kgCO2e/item")
        return case.quantity * case.usage_share * whole / case.number("lifetime") * _FLOW
