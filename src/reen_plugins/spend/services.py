"""Services: what has no device, as Base Carbone counts it, in kinds of flow that methods share.

Spending by monetary ratios, for a row of the services table, in euros a year without tax:

    amount (HT), or amount (TTC) / (1 + rate of the tax)    x ratio of its division, kgCO2e per EUR

of the division that answers for the type of service and the year of the prices; the nearest year
published stands in for another, flagged: no index of prices is applied.  Paper by mass, a ream
being 500 sheets of A4 of 80 g; networks per gigabyte by option only.  Waste equipment of the year,
from the disposals: mass, or items x mean mass of the type, x treatment of its stream.

Sources: ADEME, Base Carbone (elements named in `base_carbone_services`); rate of the tax: French
tax code (CGI), article 278; masses: pack weee-weights.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from typing import Literal

import attrs

from reen.plugin import (
    Amount,
    Assumption,
    Case,
    Context,
    Default,
    Exchange,
    Excluded,
    IncludedElsewhere,
    Kind,
    LeftOut,
    Packs,
    ReferenceFlow,
    Stage,
    constant,
    day,
)
from reen_plugins.base_carbone.services_pack import (
    PAPER,
    RATIOS,
    WASTE,
    WASTE_UNKNOWN,
)

__all__ = ["NETWORKS", "SERVICE", "SERVICE_PACKS", "WASTE_KIND", "Networks", "Services"]

Networks = Literal["none", "negaoctet"]

SERVICE = Kind(
    "service",
    (Stage.EMBEDDED, Stage.UNSPECIFIED),
    "EUR",
    table="services",
    also=("kg", "GB"),
    preamble=(),
    reads=(
        "amount",
        "amount_as_written",
        "amount_with_tax",
        "data_volume",
        "date",
        "lines",
        "paper_weight",
        "price_year",
        "reams",
        "service_type",
        "tax_rate",
    ),
)
WASTE_KIND = Kind(
    "waste",
    (Stage.END_OF_LIFE,),
    "kg",
    table="disposals",
    preamble=(),
    reads=("date", "destination", "equipment_type", "quantity", "weight"),
)

#: Packs that the kinds need.
SERVICE_PACKS = ("base-carbone-services", "weee-weights")

#: Networks per gigabyte, by type of service: flows of a pack that the user gives, since the figures
#: that are known come from NegaOctet, a licensed database, and are not shipped.
NETWORKS: Mapping[str, str] = {
    "fixed_network": "fixed-network-fr",
    "mobile_network": "mobile-network-fr",
}

#: Kilograms of a ream: 500 sheets of 0.210 m x 0.297 m at 0.080 kg a square metre, as the element
#: "Ramette de papier blanc, 80g/m² A4" (24295) describes it.
REAM = 500 * 0.210 * 0.297 * 0.080

#: Destinations of what is no waste: it is used again, or nobody knows that it was treated.
_USED_AGAIN = frozenset({"reuse_internal", "donation", "sale", "returned_to_lessor", "refurbisher"})

#: Why there is no figure of what left otherwise than through the take-back of waste equipment: the
#: figures that we have are those of its treatment.
_UNTREATED: Mapping[str, str] = {"discarded": "waste_thrown_away", "lost": "waste_lost"}

_TAX = Default(20.0, "percent", "normal_tax_rate")


def _known(service_type: str | None) -> str:
    """Return a type of service.

    Raises
    ------
    LeftOut
        It is blank or unknown, or no ratio answers for it.
    """
    if service_type in (None, "unknown"):
        raise LeftOut("service_type_unknown")
    if service_type not in RATIOS:
        raise LeftOut("no_ratio")
    return service_type


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Services:
    """What answers for the rows of services and disposals.

    Attributes
    ----------
    context
        Packs and reference date.
    networks
        ``none``, or ``negaoctet``: networks per gigabyte by figures whose origin is NegaOctet, in
        a pack of the user's (flows ``fixed-network-fr`` and ``mobile-network-fr``).
    holds_end_of_life
        Tells of a type whether the figure of its items holds their end of life.
    """

    context: Context
    networks: Networks = "none"
    holds_end_of_life: Callable[[str | None], bool] | None = None

    @functools.cached_property
    def packs(self) -> Packs:
        """Return the packs in use."""
        return Packs(self.context)

    @functools.cached_property
    def ratios(self) -> Mapping[str, Mapping[int, ReferenceFlow]]:
        """Return the ratios of each type of service, by the year of their prices."""
        found: dict[str, dict[int, ReferenceFlow]] = {}
        for service_type, elements in RATIOS.items():
            flows = filter(None, map(self.packs.by_id, elements))
            found[service_type] = {flow.key.year: flow for flow in flows if flow.unit == "EUR"}
        return found

    # -- services ----------------------------------------------------------------------------------

    def service(self, case: Case) -> Exchange:
        """Return what a service takes in a year: euros, kilograms of paper or gigabytes."""
        service_type = case.of(_known, "service_type")
        self._in_year(case)
        year = constant("year", 1.0, "year")
        if service_type == "paper" and (case.given("reams") or case.given("paper_weight")):
            return self._paper(case) / year * self._flow(PAPER)
        volume = service_type in NETWORKS and case.given("data_volume")
        if volume and self.networks == "negaoctet":
            flow = self._flow(NETWORKS[service_type])
            case.assume("networks_origin", parameter="data_volume", pack=flow.key.pack)
            return case.number("data_volume", "GB") / year * flow
        if volume and not self._priced(case):
            raise LeftOut("networks_by_option")
        if service_type == "telephone_line" and not self._priced(case):
            raise LeftOut("no_figure_per_line")
        return self._amount(case) / year * self._ratio(case, service_type)

    def _in_year(self, case: Case) -> None:
        """Keep what is of the calendar year of the reference date; what has no date is taken so."""
        date, year = case.date("date"), self.context.as_of.year
        if date is None:
            case.assume("taken_as", parameter="date", value="account_period")
        elif date < day(dt.date(year, 1, 1)) or date > day(dt.date(year, 12, 31)):
            raise Excluded("not_of_year", year=year)

    @staticmethod
    def _paper(case: Case) -> Amount:
        if case.given("reams"):
            case.assume("ream_mass", parameter="reams", mass=round(REAM, 4))
            return case.number("reams") * constant("ream", REAM, "kg/item")
        return case.number("paper_weight", "kg")

    @staticmethod
    def _priced(case: Case) -> bool:
        return any(map(case.given, ("amount", "amount_with_tax", "amount_as_written")))

    @staticmethod
    def _amount(case: Case) -> Amount:
        """Return the euros spent, without tax."""
        case.refuse_invalid("amount", "amount_with_tax", "amount_as_written")
        if case.given("amount"):
            return case.number("amount", "EUR")
        if case.given("amount_with_tax"):
            rate = case.number("tax_rate", "percent", else_=_TAX) + 100.0
            return case.number("amount_with_tax", "EUR") / rate.named("with_tax", "1")
        if not case.given("amount_as_written"):
            raise LeftOut("missing", column="amount")
        case.assume("tax_not_stated", parameter="amount")
        return case.number("amount_as_written", "EUR")

    def _ratio(self, case: Case, service_type: str) -> ReferenceFlow:
        """Return the ratio of the year of the prices, or of the nearest year, flagged."""
        known = self.ratios[service_type]
        if not known:
            raise LeftOut("no_ratio")
        case.refuse_invalid("price_year")
        stated = case.value("price_year", "1")
        year = self.context.as_of.year if stated is None else int(stated)
        if stated is None:
            case.assume("price_year_taken", parameter="price_year", year=year)
        nearest = min(known, key=lambda other: (abs(other - year), other))
        if nearest != year:
            case.assume("other_price_year", parameter="price_year", year=year, ratio=nearest)
        return known[nearest]

    def _flow(self, element: str) -> ReferenceFlow:
        found = self.packs.by_id(element)
        if found is None:
            names = ", ".join(pack.name for pack in self.context.factors.packs)
            raise LeftOut("no_factor", packs=names)
        return found

    # -- waste -------------------------------------------------------------------------------------

    def waste(self, case: Case) -> Exchange:
        """Return the kilograms of equipment that were treated as waste in the year."""
        destination = case.word("destination")
        if destination in _USED_AGAIN:
            raise Excluded("not_waste")
        untreated = _UNTREATED.get(destination or "")
        if untreated is not None:
            raise LeftOut(untreated)
        if destination != "recycling":
            raise LeftOut("missing", column="destination")
        if case.date("date") is None:
            raise LeftOut("missing", column="date")
        self._in_year(case)
        if case.of(self._held_by_item, "equipment_type"):
            raise IncludedElsewhere("in_item_end_of_life")
        stream = case.of(self._stream, "equipment_type")
        mass = case.number("weight", "kg", else_=functools.partial(self._mean_mass, case))
        return mass / constant("year", 1.0, "year") * stream

    def _held_by_item(self, equipment_type: str | None) -> bool:
        return self.holds_end_of_life is not None and self.holds_end_of_life(equipment_type)

    def _mean_mass(self, case: Case) -> Amount:
        default = case.of(self._weight, "equipment_type")
        if default is None:
            raise LeftOut("no_default", parameter="weight")
        return case.number("quantity", "item") * case.stand_in("weight", default)

    def _weight(self, equipment_type: str | None) -> Default | None:
        return self.packs.default(equipment_type, "weight")

    def _stream(self, equipment_type: str | None) -> ReferenceFlow:
        """Return the treatment of the stream of a type; that of small appliances when unknown."""
        types = self.context.equipment_types
        category = None
        if equipment_type is not None and equipment_type in types.keys:
            category = types[equipment_type].weee_category
        element = WASTE.get(category or 0)
        if element is not None:
            return self._flow(element)
        said = Assumption("waste_stream_unknown", parameter="equipment_type")
        return attrs.evolve(self._flow(WASTE_UNKNOWN), assumptions=(said,))
