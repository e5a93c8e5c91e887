"""Base Carbone: equipment as French greenhouse-gas accounts (BEGES, Bilan Carbone) count it.

Embedded stages, with n items and F the factor of the element, kgCO2e per item:

    physical        n F / lifetime, every year in use (default)
    accounting      n F / lifetime while the reference date is within the amortisation period,
                    then nothing: the row is reported as fully amortised
    purchase-year   n F in the calendar year of purchase, nothing in the others

(BEGES method v4 accepts the three; the accounting period is the recommended one.)  In accounting
mode the first year counts in full whatever the month (`first_year="full"`) or from the day of
purchase on (`first_year="pro-rata"`): the sources do not say which.

Use stage: n x yearly energy x the electricity factor of the country and year.  Yearly energy is
the row's, else its power x its hours a year, else the published default of its type; the last two
flagged.  A power without hours says nothing of the energy and is not used.  `use_stage=False`
leaves the use stage out, for accounts that already hold this electricity in their energy lines.

Sources: ADEME, Base Carbone (elements named in `ELEMENTS`); BEGES method v4.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
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
    Flow,
    FlowKind,
    Match,
    OptionError,
    Reason,
    Stage,
    resolve_country,
)
from reen_plugins.factor_packs.base_carbone_types import ELEMENTS, PLACES, SET_ASIDE
from reen_plugins.methods.mixes import ARCHIVED, Mixes, year_option
from reen_plugins.methods.type_options import check_types

__all__ = ["ELEMENTS", "BaseCarbone"]

ITEM = FlowKind(
    "item", (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE, Stage.EMBEDDED)
)
ELECTRICITY = FlowKind("electricity", (Stage.USE,))

#: Pack of the elements, which a pack of the user's replaces as a whole.
_PACK = "base-carbone"


@attrs.frozen(kw_only=True)
class BaseCarbone:
    """Base Carbone elements, spread over the lifetime, and the electricity of use.

    Attributes
    ----------
    amortisation
        ``physical``, ``accounting`` or ``purchase-year``.
    first_year
        In accounting mode, ``full`` or ``pro-rata``.
    use_stage
        Whether the electricity of use is counted.
    sub_lines
        Whether manufacturing and distribution are split where Base Carbone publishes sub-lines;
        the sum of the sub-lines then counts, which may differ from the rounded total.
    electricity_year
        Which year of a series of electricity serves: ``latest``, ``exact``, ``nearest``, or a
        year; see `mixes.year_option`.
    elements
        Equipment type to Base Carbone element id, over the default ones.  An archived element is
        used only so, and flagged.
    mixes
        Place to the id of the element of its electricity, over those of the packs; flagged.
    """

    amortisation: Literal["physical", "accounting", "purchase-year"] = attrs.field(
        default="physical",
        validator=attrs.validators.in_(("physical", "accounting", "purchase-year")),
    )
    first_year: Literal["full", "pro-rata"] = attrs.field(
        default="full", validator=attrs.validators.in_(("full", "pro-rata"))
    )
    use_stage: bool = True
    sub_lines: bool = False
    electricity_year: str = year_option()
    elements: Mapping[str, str] = attrs.field(factory=dict, converter=dict)
    mixes: Mapping[str, str] = attrs.field(factory=dict, converter=dict)

    name: ClassVar[str] = "base-carbone"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Base Carbone: French greenhouse-gas accounts (BEGES)"
    reference: ClassVar[str] = "ADEME, Base Carbone; BEGES method v4"
    packs: ClassVar[tuple[str, ...]] = (
        _PACK,
        "electricity-france",
        "electricity-world",
        "equipment-defaults",
    )

    def prepare(self, context: Context) -> PreparedBaseCarbone:
        """Look up the element, lifetime and energy of every type.

        Raises
        ------
        OptionError
            `elements` names a type that the taxonomy does not have, `mixes` a place that is no
            code, or one of them an element that the packs in use do not have.
        """
        check_types(self.name, "elements", self.elements, context)
        for place in self.mixes:
            if resolve_country(place) != place:
                expected = "the code of a place, such as NC or FR-20R"
                raise OptionError(self.name, "mixes", place, expected)
        for option, unit in (("elements", "item"), ("mixes", "kWh")):
            for key, element in getattr(self, option).items():
                self._check_element(context, f"{option}.{key}", element, unit)
        elements = {**ELEMENTS, **self.elements}
        items: dict[str, int] = {}
        for equipment_type, element in elements.items():
            split = context.factors.by_id(f"{element}-stages") if self.sub_lines else -1
            position = split if split >= 0 else context.factors.by_id(element)
            if position >= 0:
                items[equipment_type] = position
        for equipment_type in context.equipment_types.keys:
            # a pack of the user's may answer for a type without Base Carbone's identifiers
            if equipment_type not in items and context.factors.by_type(equipment_type) >= 0:
                items[equipment_type] = context.factors.by_type(equipment_type)
        mixes = Mixes.of(context, self.electricity_year, self.mixes)
        return PreparedBaseCarbone(options=self, context=context, items=items, mixes=mixes)

    def _check_element(self, context: Context, option: str, element: str, unit: str) -> None:
        """Refuse an element that the packs in use do not have, or that is counted otherwise."""
        position = context.factors.by_id(element)
        texts = context.factors.factors.descriptions
        if position < 0 or texts[position].reference_unit != unit:
            example = "27002" if unit == "item" else "24308"
            expected = f"the id of a flow per {unit} of the packs in use, such as {example}"
            raise OptionError(self.name, option, element, f"{expected} of Base Carbone")


@attrs.frozen(kw_only=True, eq=False)
class PreparedBaseCarbone:
    """`BaseCarbone`, ready to answer."""

    options: BaseCarbone
    context: Context
    items: Mapping[str, int]
    mixes: Mixes
    kinds: ClassVar[tuple[FlowKind, ...]] = (ITEM, ELECTRICITY)
    columns: ClassVar[tuple[str, ...]] = (
        "annual_energy",
        "country",
        "equipment_type",
        "lifetime",
        "power",
        "purchase_date",
        "quantity",
        "status",
        "usage_hours",
        "usage_share",
    )
    _item_flows: tuple[Flow, ...] = attrs.field(init=False)

    @_item_flows.default
    def _items_in_order(self) -> tuple[Flow, ...]:
        return tuple(self.context.factors.factors.flows[k] for k in self.items.values())

    @functools.cached_property
    def _own(self) -> bool:
        """Whether the elements are Base Carbone's, and not those of packs given in their place."""
        return not self._item_packs or _PACK in self._item_packs

    @functools.cached_property
    def _item_packs(self) -> tuple[str, ...]:
        factors = self.context.factors.factors
        pairs = zip(factors.flows, factors.descriptions, strict=True)
        return tuple(sorted({flow.pack for flow, text in pairs if text.reference_unit == "item"}))

    def _without_element(self, equipment_type: str) -> Reason:
        """Why a type that no pack has a factor for is left out."""
        if not self._own:
            return Reason("no_factor", packs=", ".join(self._item_packs))
        if equipment_type in SET_ASIDE:
            element, why = SET_ASIDE[equipment_type]
            return Reason(f"element_{why}", element=element, equipment_type=equipment_type)
        return Reason("no_element")

    @functools.cached_property
    def _archived(self) -> npt.NDArray[np.bool_]:
        """Which of the item flows the base no longer vouches for; False at the end, for none."""
        texts = self.context.factors.factors.descriptions
        return np.array([*(texts[k].status == ARCHIVED for k in self.items.values()), False])

    # Answers on distinct values, spread by Batch.map: no loop over rows.

    def _item_of(self, types: Sequence[str | None]) -> npt.NDArray[np.int32]:
        order = {equipment_type: k for k, equipment_type in enumerate(self.items)}
        return np.array([order.get(each or "", -1) for each in types], np.int32)

    def _default_of(self, parameter: str, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        found = [self.context.factors.default(each or "", parameter) for each in types]
        return np.array([np.nan if each is None else each.value for each in found])

    def _lifetime_of(self, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        return self._default_of("lifetime", types)

    def _energy_of(self, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        return self._default_of("annual_energy", types)

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        """Return one item exchange and one electricity exchange per row."""
        yield self._item(batch)
        yield self._electricity(batch)

    def _quantity(self, batch: Batch, assessment: Assessment) -> dict[str, Driver]:
        """Require quantity and usage share; return them as drivers."""
        drivers = {}
        for name, unit in (("quantity", "item"), ("usage_share", "1")):
            if name == "quantity" or batch.has(name):
                assessment.require(name, missing=batch.missing(name), invalid=batch.invalid(name))
                drivers[name] = Driver(batch.values(name, unit), unit)
        return drivers

    def _lifetime(self, batch: Batch, assessment: Assessment) -> npt.NDArray[np.float64]:
        """Return the row's lifetime, else its type's default, flagged; else leave it out."""
        lifetime = batch.values("lifetime", "year")
        missing, invalid = batch.missing("lifetime"), batch.invalid("lifetime")
        if missing.any():
            default = batch.map("equipment_type", self._lifetime_of)
            lifetime = np.where(missing, default, lifetime)
            self._assume_default(assessment, "lifetime", missing & ~np.isnan(lifetime), batch)
        assessment.leave_out(invalid, Reason("invalid", column="lifetime"))
        nowhere = missing & np.isnan(lifetime)
        assessment.leave_out(nowhere, Reason("no_default", parameter="lifetime"))
        return lifetime

    def _assume_default(
        self,
        assessment: Assessment,
        parameter: str,
        where: npt.NDArray[np.bool_],
        batch: Batch,
    ) -> None:
        """Flag the type default of some rows, which their type has, with the pack that gives it."""
        pack_of = {
            kind: default.pack
            for (kind, name), default in self.context.factors.defaults.items()
            if name == parameter
        }
        packs = sorted(set(pack_of.values()))
        for pack in packs:
            given = where
            if len(packs) > 1:
                codes, types = batch.codes("equipment_type")
                of_pack = np.array([pack_of.get(each) == pack for each in types] + [False])
                given = where & of_pack[codes]
            assessment.assume(given, Assumption("default_of_type", parameter=parameter, pack=pack))

    def _item(self, batch: Batch) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.TYPE)
        self.context.status_rule.apply(batch, assessment)
        drivers = self._quantity(batch, assessment)
        flow = batch.map("equipment_type", self._item_of)
        self._judge_types(batch, assessment, flow < 0)
        archived = Assumption("archived_by_option", parameter="element", option="elements")
        assessment.assume(self._archived[flow], archived)
        if self.options.amortisation == "purchase-year":
            drivers["per_purchase_year"] = self._purchase_year(batch, assessment)
        else:
            lifetime = self._lifetime(batch, assessment)
            drivers["per_lifetime"] = Driver(1.0 / lifetime, "1/year")
            if self.options.amortisation == "accounting":
                drivers["year_share"] = self._accounting(batch, assessment, lifetime)
        outcomes, outcome = assessment.result()
        return Exchanges(
            kind=ITEM,
            flows=self._item_flows,
            flow=assessment.flow(flow),
            drivers=drivers,
            reference_unit="item",
            outcomes=outcomes,
            outcome=outcome,
        )

    def _judge_types(
        self, batch: Batch, assessment: Assessment, no_element: npt.NDArray[np.bool_]
    ) -> None:
        codes, types = batch.codes("equipment_type")
        unknown = codes < 0
        if "unknown" in types:
            unknown |= codes == types.index("unknown")
        assessment.leave_out(unknown, Reason("type_unknown"))
        for code in np.unique(codes[no_element & (codes >= 0)]).tolist():
            assessment.leave_out(codes == code, self._without_element(types[code] or ""))

    def _purchase_year(self, batch: Batch, assessment: Assessment) -> Driver:
        """Return 1/year for what was bought in the reference year; the rest is out of scope."""
        bought = batch.dates("purchase_date")
        assessment.leave_out(np.isnat(bought), Reason("missing", column="purchase_date"))
        other = bought.astype("datetime64[Y]") != self.context.day.astype("datetime64[Y]")
        assessment.exclude(other, Reason("outside_year", year=self.context.as_of.year))
        return Driver(np.ones(len(batch)), "1/year")

    def _accounting(
        self, batch: Batch, assessment: Assessment, lifetime: npt.NDArray[np.float64]
    ) -> Driver:
        """Return the share of the reference year that the amortisation period covers.

        Full first year: years y <= reference < y + A count whole, y the year of purchase and A
        the period (a period of 2.5 years leaves half of the third).  Pro rata: the period starts
        on the day of purchase; a day is 1/365 or 1/366 of its own year.
        """
        bought = batch.dates("purchase_date")
        assessment.leave_out(np.isnat(bought), Reason("missing", column="purchase_date"))
        year = np.datetime64(str(self.context.as_of.year), "Y")
        if self.options.first_year == "full":
            elapsed = (year - bought.astype("datetime64[Y]")).astype(np.float64)
            share = np.clip(lifetime - elapsed, 0.0, 1.0)
        else:
            begin = _in_years(bought) - float(self.context.as_of.year)
            share = np.clip(begin + lifetime, 0.0, 1.0) - np.clip(begin, 0.0, 1.0)
        share = np.where(np.isnat(bought), np.nan, share)
        assessment.exclude(share <= 0.0, Reason("amortised"))
        return Driver(share, "1")

    def _electricity(self, batch: Batch) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.DECLARED)
        self.context.status_rule.apply(batch, assessment, use=True)
        if not self.options.use_stage:
            everything = np.ones(len(batch), np.bool_)
            assessment.exclude(everything, Reason("option", option="use_stage", value="false"))
        drivers = self._quantity(batch, assessment)
        drivers["annual_energy"] = self._energy(batch, assessment)
        flow = self._mix(batch, assessment)
        outcomes, outcome = assessment.result()
        return Exchanges(
            kind=ELECTRICITY,
            flows=self.context.factors.factors.flows,
            flow=assessment.flow(flow),
            drivers=drivers,
            reference_unit="kWh",
            outcomes=outcomes,
            outcome=outcome,
        )

    def _energy(self, batch: Batch, assessment: Assessment) -> Driver:
        """Return the row's yearly energy, else its type's published default, flagged."""
        energy = batch.values("annual_energy", "kWh/item/year")
        missing, invalid = batch.missing("annual_energy"), batch.invalid("annual_energy")
        if missing.any() and batch.has("power") and batch.has("usage_hours"):
            drawn = batch.values("power", "kW/item") * batch.values("usage_hours", "h/year")
            stated = missing & ~np.isnan(drawn)
            energy, missing = np.where(stated, drawn, energy), missing & ~stated
            computed = Assumption(
                "computed_from", parameter="annual_energy", columns="power, usage_hours"
            )
            assessment.assume(stated, computed)
        if missing.any():
            energy = np.where(missing, batch.map("equipment_type", self._energy_of), energy)
            defaulted = missing & ~np.isnan(energy)
            self._assume_default(assessment, "annual_energy", defaulted, batch)
            assessment.match(defaulted, Match.TYPE)
        assessment.leave_out(invalid, Reason("invalid", column="annual_energy"))
        nowhere = missing & np.isnan(energy)
        assessment.leave_out(nowhere, Reason("no_default", parameter="annual_energy"))
        return Driver(energy, "kWh/item/year")

    def _mix(self, batch: Batch, assessment: Assessment) -> npt.NDArray[np.int32]:
        """Return the electricity flow of each row's country in the reference year."""
        flow = batch.map("country", self.mixes.positions)
        codes, countries = batch.codes("country")
        assessment.leave_out(codes < 0, Reason("missing", column="country"))
        for code in np.flatnonzero(self.mixes.positions(countries) < 0).tolist():
            assessment.leave_out(codes == code, self._without_mix(countries[code]))
        self.mixes.flag(assessment, flow)
        return flow

    def _without_mix(self, place: str) -> Reason:
        """Why a place has no electricity, or which elements the base has for it."""
        there = ", ".join(PLACES.get(place, ()))
        if there:
            year = self.mixes.year
            return Reason("mixes_by_option", country=place, year=year, elements=there)
        return self.mixes.why_none(place)


def _in_years(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.float64]:
    """Return dates as years: 2 July 2023 is 2023 + 182 / 365; NaN for no date."""
    years = days.astype("datetime64[Y]")
    start, end = years.astype("datetime64[D]"), (years + 1).astype("datetime64[D]")
    elapsed = (days - start).astype(np.float64) / (end - start).astype(np.float64)
    return np.where(np.isnat(days), np.nan, years.astype(np.float64) + 1970.0 + elapsed)
