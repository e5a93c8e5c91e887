"""Toy method: the smallest method that uses the whole contract, to test the engine with.

Per row: one item exchange (the flow of its equipment type, over its lifetime), one electricity
exchange (its yearly energy, in its country), and, as an option, one exchange on a flow made at run
time.  Rows are excluded, included elsewhere, left out and assessed under assumptions.  It follows
no publication and must not be used to measure anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.assessment import Assessment
from reen.engine.exchanges import Assumption, Driver, Exchanges, FlowKind, Match
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.inventory.batch import Batch
from reen.plugins.method import Context
from reen.reasons import Reason
from reen.vocabulary.stages import Stage

__all__ = ["ToyMethod"]

_ITEM = FlowKind(
    "item", (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE, Stage.EMBEDDED)
)
_ENERGY = FlowKind("electricity", (Stage.USE,))
_MADE = FlowKind("declared", (Stage.UNSPECIFIED,))

#: Years of the rows that give no lifetime and whose type has no default.
_YEARS = 4.0


@attrs.frozen(kw_only=True)
class ToyMethod:
    """Item flows by type, electricity by country, and declared figures as run-time flows.

    Attributes
    ----------
    answers
        ``whole``: one set of exchanges per kind; ``halves``: the even rows, then the odd ones.
    exchanges
        ``one`` item exchange per row, or ``two``: half of the amount on the flow of the type, half
        on the first item flow of the packs.
    declared
        Whether declared yearly footprints are counted too, by a flow made at run time.
    """

    answers: Literal["whole", "halves"] = "whole"
    exchanges: Literal["one", "two"] = "one"
    declared: bool = False

    name: ClassVar[str] = "toy"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Toy: exercises the engine"
    reference: ClassVar[str] = "none: for tests"
    packs: ClassVar[tuple[str, ...]] = ()

    def prepare(self, context: Context) -> PreparedToy:
        """Return the method ready to answer."""
        kinds = (_ITEM, _ENERGY, _MADE) if self.declared else (_ITEM, _ENERGY)
        return PreparedToy(options=self, context=context, kinds=kinds)


@attrs.frozen(kw_only=True, eq=False)
class PreparedToy:
    """`ToyMethod`, ready to answer."""

    options: ToyMethod
    context: Context
    kinds: tuple[FlowKind, ...]
    columns: ClassVar[tuple[str, ...]] = (
        "annual_energy",
        "country",
        "declared_annual_footprint",
        "equipment_type",
        "lifetime",
        "quantity",
        "status",
    )
    _flows: tuple[Flow, ...] = attrs.field(init=False)
    _mixes: tuple[Flow, ...] = attrs.field(init=False)

    @_flows.default
    def _item_flows(self) -> tuple[Flow, ...]:
        return self._of_unit("item")

    @_mixes.default
    def _kwh_flows(self) -> tuple[Flow, ...]:
        return self._of_unit("kWh")

    def _of_unit(self, unit: str) -> tuple[Flow, ...]:
        factors = self.context.factors.factors
        pairs = zip(factors.flows, factors.descriptions, strict=True)
        return tuple(flow for flow, text in pairs if text.reference_unit == unit)

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        """Return the exchanges of every kind."""
        item = self._item(batch)
        yield from self._cut(item)
        if self.options.exchanges == "two":
            yield from self._cut(self._second(item))
        yield from self._cut(self._electricity(batch))
        if self.options.declared:
            yield from self._cut(self._declared(batch))

    def _cut(self, each: Exchanges) -> Iterable[Exchanges]:
        """Return some exchanges of all rows whole, or as those of even and of odd rows."""
        if self.options.answers == "whole":
            yield each
            return
        for first in (1, 0):  # out of order on purpose
            rows = np.arange(first, len(each), 2)
            yield attrs.evolve(
                each,
                row=rows,
                flow=each.flow[rows],
                outcome=each.outcome[rows],
                drivers={
                    name: Driver(driver.values[rows], driver.unit)
                    for name, driver in each.drivers.items()
                },
            )

    # Answers on distinct words.

    def _flow_of(self, types: Sequence[str | None]) -> npt.NDArray[np.int32]:
        library = self.context.factors
        at = {flow: k for k, flow in enumerate(self._flows)}
        found = [library.by_type(each or "") for each in types]
        return np.array([at[library.factors.flows[k]] if k >= 0 else -1 for k in found], np.int32)

    def _years_of(self, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        found = [self.context.factors.default(each or "", "lifetime") for each in types]
        return np.array([np.nan if each is None else each.value for each in found])

    def _mix_of(self, countries: Sequence[str | None]) -> npt.NDArray[np.int32]:
        library, year = self.context.factors, self.context.as_of.year
        at = {flow: k for k, flow in enumerate(self._mixes)}
        found = [library.nearest_electricity(each or "", year) for each in countries]
        return np.array([at[library.factors.flows[k]] if k >= 0 else -1 for k in found], np.int32)

    # Kinds.

    def _quantity(self, batch: Batch, assessment: Assessment) -> Driver:
        missing, invalid = batch.missing("quantity"), batch.invalid("quantity")
        assessment.require("quantity", missing=missing, invalid=invalid)
        return Driver(batch.values("quantity", "item"), "item")

    def _item(self, batch: Batch) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.TYPE)
        self.context.status_rule.apply(batch, assessment)
        drivers = {"quantity": self._quantity(batch, assessment)}
        codes, types = batch.codes("equipment_type")
        other = np.array([each == "other" for each in types] + [False])[codes]
        assessment.exclude(other, Reason("out_of_scope", kept="equipment of a named type"))
        flow = batch.map("equipment_type", self._flow_of)
        assessment.leave_out(flow < 0, Reason("no_factor", packs="the packs in use"))
        drivers["per_lifetime"] = self._per_lifetime(batch, assessment)
        return _exchanges(_ITEM, self._flows, flow, drivers, "item", assessment)

    def _per_lifetime(self, batch: Batch, assessment: Assessment) -> Driver:
        lifetime = batch.values("lifetime", "year")
        missing = batch.missing("lifetime")
        default = batch.map("equipment_type", self._years_of)
        nowhere = missing & np.isnan(default)
        lifetime = np.where(missing, default, lifetime)
        lifetime = np.where(nowhere, _YEARS, lifetime)
        assessment.assume(missing & ~nowhere, Assumption("default_of_type", parameter="lifetime"))
        of_method = Assumption("default_of_method", parameter="lifetime", value=_YEARS, unit="year")
        assessment.assume(nowhere, of_method)
        assessment.match(nowhere, Match.DEFAULT)
        assessment.leave_out(batch.invalid("lifetime"), Reason("invalid", column="lifetime"))
        return Driver(1.0 / lifetime, "1/year")

    def _second(self, item: Exchanges) -> Exchanges:
        """Return the same exchanges on the first item flow, in place of the type's."""
        flow = np.where(item.flow >= 0, 0, -1).astype(np.int32)
        drivers = {**item.drivers, "share": Driver(np.full(len(item), 0.5), "1")}
        return attrs.evolve(item, flow=flow, drivers=drivers)

    def _electricity(self, batch: Batch) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.DECLARED)
        self.context.status_rule.apply(batch, assessment, use=True)
        drivers = {"quantity": self._quantity(batch, assessment)}
        energy = batch.values("annual_energy", "kWh/item/year")
        # plain text, as a method may still give it: no code, one language
        assessment.include_elsewhere(batch.missing("annual_energy"), "in the building's bill")
        invalid = batch.invalid("annual_energy")
        assessment.leave_out(invalid, Reason("invalid", column="annual_energy"))
        drivers["annual_energy"] = Driver(energy, "kWh/item/year")
        flow = batch.map("country", self._mix_of)
        assessment.leave_out(flow < 0, Reason("no_country", packs="the packs in use"))
        return _exchanges(_ENERGY, self._mixes, flow, drivers, "kWh", assessment)

    def _declared(self, batch: Batch) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.DECLARED)
        drivers = {"quantity": self._quantity(batch, assessment)}
        name = "declared_annual_footprint"
        assessment.require(name, missing=batch.missing(name), invalid=batch.invalid(name))
        drivers["intensity"] = Driver(batch.values(name, "kgCO2e/item/year"), "kgCO2e/item/year")
        flow = np.zeros(len(batch), np.int32)
        made = _made_factors()
        each = _exchanges(_MADE, made.flows, flow, drivers, "kgCO2e", assessment)
        return attrs.evolve(each, factors=made)


def _exchanges(
    kind: FlowKind,
    flows: Sequence[Flow],
    flow: npt.NDArray[np.int32],
    drivers: dict[str, Driver],
    reference_unit: str,
    assessment: Assessment,
) -> Exchanges:
    outcomes, outcome = assessment.result()
    return Exchanges(
        kind=kind,
        flows=flows,
        flow=assessment.flow(flow),
        drivers=drivers,
        reference_unit=reference_unit,
        outcomes=outcomes,
        outcome=outcome,
    )


def _made_factors() -> FactorSet:
    """Return one kgCO2e declared, made anew for every batch as a run-time source would."""
    row = {
        "flow": "one-kilogram",
        "reference_unit": "kgCO2e",
        "stage": "unspecified",
        "criterion": "climate_change",
        "value": "1",
        "unit": "kgCO2e/kgCO2e",
        "source": "by definition",
    }
    return FactorSet.from_rows([row], pack="toy")
