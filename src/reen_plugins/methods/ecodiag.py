"""EcoDiag: the carbon of computer equipment as EcoInfo (CNRS) counts it for French research.

With n items, g the manufacture and transport of one (kgCO2e), d the lifetime, E the yearly
electricity of one (kWh), c the electricity factor, A the damping period and k the lifetime factor:

    stock   n g / (k d), every year in use, and n E c of electricity
    flux    n g / (k A) for what was bought in the A years to the account year; no electricity

k is 1; 1.5 is EcoDiag's what-if "objective".  Each g is log-normal, and its bounds are quantiles
of that law: `Footprint.bounds` then sums them over the lines, as EcoDiag does.  Lifetime, use and
electricity have no uncertainty.  Sources: EcoDiag 1.1.0, `device_utils.js`, `method_picker.vue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, Literal

import attrs
import numpy as np
import numpy.typing as npt

from reen import (
    Assessment,
    Assumption,
    Batch,
    Context,
    Driver,
    Exchanges,
    FactorSet,
    FlowKind,
    Match,
    OptionError,
    Reason,
    Stage,
)
from reen_plugins.methods.ecodiag_devices import (
    DEVICES,
    NEAREST,
    TYPES,
    Device,
    device_factors,
    electricity_factor,
)
from reen_plugins.methods.mixes import Mixes, year_option
from reen_plugins.methods.type_options import check_types

__all__ = ["EcoDiag"]

ITEM = FlowKind("item", (Stage.EMBEDDED,))
ELECTRICITY = FlowKind("electricity", (Stage.USE,))

#: Whose defaults these are, where packs are named.
_SOURCE = "ecodiag"


def _fraction(_: object, attribute: attrs.Attribute[float], value: float) -> None:
    if not 0.0 < value < 1.0:
        message = f"{attribute.name} must lie between 0 and 1, such as 0.95"
        raise ValueError(message)


@attrs.frozen(kw_only=True)
class EcoDiag:
    """EcoDiag, stock or flux, with its defaults by type.

    Attributes
    ----------
    mode
        ``stock``: what is in use, spread over its lifetime, with its electricity; ``flux``: what
        was bought in the account year, without electricity.
    damping_period
        In flux, years over which a purchase is spread; the inventory must hold the purchases of
        that many years.
    undated
        In flux, whether a row without a purchase date counts.
    ignore_years
        In flux, whether every row counts, whatever its purchase date.
    lifetimes
        In stock, ``declared``: the row's lifetime, else EcoDiag's for the type, flagged;
        ``ecodiag``: EcoDiag's for every row.
    energy
        The same choice for the yearly electricity of an item.
    lifetime_factor
        What lifetime (or damping period) is multiplied by; EcoDiag's objective is 1.5.
    electricity
        ``ecodiag``: 0.084 kgCO2e/kWh everywhere; ``packs``: the factor of the row's country in
        the year of the reference date.
    electricity_year
        With ``electricity=packs``, which year of a series serves: ``latest``, ``exact``,
        ``nearest``, or a year; see `mixes.year_option`.
    level
        Probability between the bounds of a factor; EcoDiag shows 0.95, 0.71 and 0.5.
    inverse_erf
        ``exact``, or ``approximate`` for EcoDiag's own approximation.
    types
        Equipment type to EcoDiag type, over the default ones.
    """

    mode: Literal["stock", "flux"] = attrs.field(
        default="stock", validator=attrs.validators.in_(("stock", "flux"))
    )
    damping_period: int = attrs.field(
        default=1, validator=[attrs.validators.instance_of(int), attrs.validators.ge(1)]
    )
    undated: bool = False
    ignore_years: bool = False
    lifetimes: Literal["declared", "ecodiag"] = attrs.field(
        default="declared", validator=attrs.validators.in_(("declared", "ecodiag"))
    )
    energy: Literal["declared", "ecodiag"] = attrs.field(
        default="declared", validator=attrs.validators.in_(("declared", "ecodiag"))
    )
    lifetime_factor: float = attrs.field(default=1.0, validator=attrs.validators.gt(0.0))
    electricity: Literal["ecodiag", "packs"] = attrs.field(
        default="ecodiag", validator=attrs.validators.in_(("ecodiag", "packs"))
    )
    electricity_year: str = year_option()
    level: float = attrs.field(default=0.95, validator=_fraction)
    inverse_erf: Literal["exact", "approximate"] = attrs.field(
        default="exact", validator=attrs.validators.in_(("exact", "approximate"))
    )
    types: Mapping[str, str] = attrs.field(factory=dict, converter=dict)

    name: ClassVar[str] = "ecodiag"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "EcoDiag: carbon of computer equipment, stock or flux"
    reference: ClassVar[str] = "EcoInfo (CNRS), EcoDiag 1.1.0, 2022"

    @property
    def packs(self) -> tuple[str, ...]:
        """Return the electricity packs, when they are asked for."""
        return ("electricity-france", "electricity-world") if self.electricity == "packs" else ()

    def prepare(self, context: Context) -> PreparedEcoDiag:
        """Settle the type of each equipment type, and the factors.

        Raises
        ------
        OptionError
            `types` names a type that the taxonomy or EcoDiag does not have.
        """
        check_types(self.name, "types", self.types, context)
        for equipment_type, device in self.types.items():
            if device not in DEVICES:
                expected = f"a type of EcoDiag: {', '.join(DEVICES)}"
                raise OptionError(self.name, f"types.{equipment_type}", device, expected)
        return PreparedEcoDiag(
            options=self,
            context=context,
            types={**TYPES, **self.types},
            devices=device_factors(level=self.level, inverse_erf=self.inverse_erf),
            constant=electricity_factor(),
            mixes=Mixes.of(context, self.electricity_year),
        )


@attrs.frozen(kw_only=True, eq=False)
class PreparedEcoDiag:
    """`EcoDiag`, ready to answer."""

    options: EcoDiag
    context: Context
    types: Mapping[str, str]
    devices: FactorSet
    constant: FactorSet
    mixes: Mixes
    kinds: ClassVar[tuple[FlowKind, ...]] = (ITEM, ELECTRICITY)
    columns: ClassVar[tuple[str, ...]] = (
        "annual_energy",
        "country",
        "equipment_type",
        "lifetime",
        "purchase_date",
        "quantity",
        "status",
        "usage_share",
    )
    # Answers on distinct values, spread by Batch.map: no loop over rows.

    def _device(self, equipment_type: str | None) -> Device | None:
        name = self.types.get(equipment_type or "")
        return None if name is None else DEVICES[name]

    def _device_of(self, types: Sequence[str | None]) -> npt.NDArray[np.int32]:
        order = {name: k for k, name in enumerate(DEVICES)}
        return np.array([order.get(self.types.get(each or "", ""), -1) for each in types], np.int32)

    def _is_nearest(self, types: Sequence[str | None]) -> npt.NDArray[np.bool_]:
        return np.array([each in NEAREST and each not in self.options.types for each in types])

    def _lifetime_of(self, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        found = [self._device(each) for each in types]
        return np.array([np.nan if each is None else each.lifetime for each in found])

    def _energy_of(self, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        found = [self._device(each) for each in types]
        return np.array([np.nan if each is None else each.energy for each in found])

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        """Return one item exchange and one electricity exchange per row."""
        yield self._item(batch)
        yield self._electricity(batch)

    # -- manufacture and transport -------------------------------------------------------------

    def _item(self, batch: Batch) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.TYPE)
        if self.options.mode == "flux":
            self._purchases(batch, assessment)  # bought is bought, whatever became of it since
        else:
            self.context.status_rule.apply(batch, assessment)
        flow = self._devices(batch, assessment)
        drivers = self._shared(batch, assessment)
        if self.options.mode == "flux":
            period = np.full(len(batch), float(self.options.damping_period))
        else:
            declared = self.options.lifetimes == "declared"
            period = self._declared_or_default(
                batch, assessment, ("lifetime", "year"), self._lifetime_of, declared=declared
            )
        spread_over = self.options.lifetime_factor * period
        drivers["per_lifetime"] = Driver(1.0 / spread_over, "1/year")
        return self._answer(ITEM, "item", flow, drivers, assessment, made=self.devices)

    def _purchases(self, batch: Batch, assessment: Assessment) -> None:
        """Keep the purchases of the account period: year - A < purchase year <= year."""
        if self.options.ignore_years:
            return
        bought = batch.dates("purchase_date")
        undated = np.isnat(bought)
        if self.options.undated:
            taken = Assumption("taken_as", parameter="purchase_date", value="account_period")
            assessment.assume(undated, taken)
        else:
            assessment.exclude(undated, Reason("undated"))
        years = bought.astype("datetime64[Y]")
        last = self.context.day.astype("datetime64[Y]")
        inside = (years <= last) & (years > last - self.options.damping_period)
        year = self.context.as_of.year
        first = year - self.options.damping_period + 1
        outside = Reason("outside_year", year=year)
        if first < year:
            outside = Reason("outside_period", first=first, last=year)
        assessment.exclude(~undated & ~inside, outside)

    def _devices(self, batch: Batch, assessment: Assessment) -> npt.NDArray[np.int32]:
        """Return the EcoDiag type of each row; rows without one are left out by name."""
        device = batch.map("equipment_type", self._device_of)
        codes, types = batch.codes("equipment_type")
        unknown = codes < 0
        if "unknown" in types:
            unknown |= codes == types.index("unknown")
        assessment.leave_out(unknown, Reason("type_unknown"))
        assessment.leave_out(device < 0, Reason("no_factor", packs=_SOURCE))
        nearest = batch.map("equipment_type", self._is_nearest)
        neighbour = Assumption("nearest_type", parameter="equipment_type", pack=_SOURCE)
        assessment.assume(nearest, neighbour)
        return device

    def _shared(self, batch: Batch, assessment: Assessment) -> dict[str, Driver]:
        """Require quantity and usage share; return them as drivers."""
        drivers = {}
        for name, unit in (("quantity", "item"), ("usage_share", "1")):
            if name == "quantity" or batch.has(name):
                assessment.require(name, missing=batch.missing(name), invalid=batch.invalid(name))
                drivers[name] = Driver(batch.values(name, unit), unit)
        return drivers

    def _declared_or_default(
        self,
        batch: Batch,
        assessment: Assessment,
        column: tuple[str, str],
        default: Callable[[Sequence[str | None]], npt.NDArray[np.float64]],
        *,
        declared: bool,
    ) -> npt.NDArray[np.float64]:
        """Return the row's value, else EcoDiag's default of its type, flagged."""
        name, unit = column
        own = batch.map("equipment_type", default)
        if not declared:
            return own
        missing = batch.missing(name)
        assessment.leave_out(batch.invalid(name), Reason("invalid", column=name))
        default_of_type = Assumption("default_of_type", parameter=name, pack=_SOURCE)
        assessment.assume(missing & ~np.isnan(own), default_of_type)
        return np.where(missing, own, batch.values(name, unit))

    # -- electricity ---------------------------------------------------------------------------

    def _electricity(self, batch: Batch) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.TYPE)
        if self.options.mode == "flux":
            everything = np.ones(len(batch), np.bool_)
            assessment.exclude(everything, Reason("option", option="mode", value="flux"))
        else:
            self.context.status_rule.apply(batch, assessment, use=True)
        self._devices(batch, assessment)
        drivers = self._shared(batch, assessment)
        declared = self.options.energy == "declared"
        energy = self._declared_or_default(
            batch,
            assessment,
            ("annual_energy", "kWh/item/year"),
            self._energy_of,
            declared=declared,
        )
        if declared:
            assessment.match(~batch.missing("annual_energy"), Match.DECLARED)
        drivers["annual_energy"] = Driver(energy, "kWh/item/year")
        if self.options.electricity == "ecodiag":
            self._flag_abroad(batch, assessment)
            flow = np.zeros(len(batch), np.int32)
            return self._answer(ELECTRICITY, "kWh", flow, drivers, assessment, made=self.constant)
        flow = self._mix(batch, assessment)
        return self._answer(ELECTRICITY, "kWh", flow, drivers, assessment)

    def _flag_abroad(self, batch: Batch, assessment: Assessment) -> None:
        codes, countries = batch.codes("country")
        home = countries.index("FR") if "FR" in countries else -1
        abroad = (codes >= 0) & (codes != home)
        constant = Assumption("constant_abroad", parameter="electricity", pack=_SOURCE)
        assessment.assume(abroad, constant)

    def _mix(self, batch: Batch, assessment: Assessment) -> npt.NDArray[np.int32]:
        """Return the electricity flow of each row's country in the reference year."""
        return self.mixes.of_rows(batch, assessment)

    def _answer(
        self,
        kind: FlowKind,
        unit: str,
        flow: npt.NDArray[np.int32],
        drivers: Mapping[str, Driver],
        assessment: Assessment,
        *,
        made: FactorSet | None = None,
    ) -> Exchanges:
        outcomes, outcome = assessment.result()
        return Exchanges(
            kind=kind,
            flows=self.context.factors.factors.flows if made is None else made.flows,
            flow=assessment.flow(flow),
            drivers=drivers,
            reference_unit=unit,
            outcomes=outcomes,
            outcome=outcome,
            factors=made,
        )
