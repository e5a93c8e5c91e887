"""Declared: the footprint that the organisation itself states for each item.

    yearly footprint = quantity x declared annual footprint                (when the row has it)
                     = quantity x declared footprint / lifetime            (otherwise)

in kgCO2e per year, in the stage `unspecified`: what the declared figure covers is not known.  It
is the method of the city of Boulogne-Billancourt (REEN work programme of 5 February 2023, figures
1 to 4), whose lifetime is the accounting amortisation.  Reads the inventory only: no factor pack.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import attrs
import numpy as np

from reen import (
    Assessment,
    Batch,
    Context,
    Driver,
    Exchanges,
    FactorPack,
    FactorSet,
    Flow,
    FlowKind,
    Match,
    Stage,
    StatusRule,
)

__all__ = ["Declared"]

_KIND = FlowKind("declared", (Stage.UNSPECIFIED,))

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
_FLOWS: tuple[Flow, ...] = _FACTORS.flows


@attrs.frozen
class Declared:
    """Quantity x the footprint that the inventory declares per item."""

    name: ClassVar[str] = "declared"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Declared: quantity x declared footprint per item / lifetime"
    reference: ClassVar[str] = (
        "City of Boulogne-Billancourt, deliberation no. 20 of 30 March 2023, REEN work programme"
    )
    packs: ClassVar[tuple[str, ...]] = ()

    def prepare(self, context: Context) -> PreparedDeclared:
        """Return the method ready to answer."""
        return PreparedDeclared(context.status_rule)


@attrs.frozen
class PreparedDeclared:
    """`Declared`, ready to answer."""

    status_rule: StatusRule
    kinds: ClassVar[tuple[FlowKind, ...]] = (_KIND,)
    columns: ClassVar[tuple[str, ...]] = (
        "declared_annual_footprint",
        "declared_footprint",
        "lifetime",
        "quantity",
        "status",
    )

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        """Return one exchange per row, with the annual figure where the row has it."""
        annual = batch.values("declared_annual_footprint", "kgCO2e/item/year")
        has_annual = ~batch.missing("declared_annual_footprint")
        if has_annual.any():
            yield self._exchanges(
                batch,
                np.flatnonzero(has_annual),
                {"intensity": Driver(annual, "kgCO2e/item/year")},
                needed=("declared_annual_footprint",),
            )
        if not has_annual.all() or not len(batch):
            whole = batch.values("declared_footprint", "kgCO2e/item")
            lifetime = batch.values("lifetime", "year")
            yield self._exchanges(
                batch,
                np.flatnonzero(~has_annual),
                {
                    "intensity": Driver(whole, "kgCO2e/item"),
                    "per_lifetime": Driver(1.0 / lifetime, "1/year"),
                },
                needed=("declared_footprint", "lifetime"),
            )

    def _exchanges(
        self,
        batch: Batch,
        rows: np.ndarray[tuple[int], np.dtype[np.intp]],
        drivers: dict[str, Driver],
        *,
        needed: tuple[str, ...],
    ) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.DECLARED)
        self.status_rule.apply(batch, assessment)
        for name in ("quantity", *needed):
            assessment.require(name, missing=batch.missing(name), invalid=batch.invalid(name))
        outcomes, outcome = assessment.result()
        drivers = {"quantity": Driver(batch.values("quantity", "item"), "item"), **drivers}
        return Exchanges(
            kind=_KIND,
            flows=_FLOWS,
            flow=assessment.flow(0)[rows],
            drivers={key: Driver(each.values[rows], each.unit) for key, each in drivers.items()},
            reference_unit="kgCO2e",
            outcomes=outcomes,
            outcome=outcome[rows],
            row=rows,
            factors=_FACTORS,
        )
