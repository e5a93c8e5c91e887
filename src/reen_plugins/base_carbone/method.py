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

A type without an element takes the figure of ADEME's digital study, flagged.  What has no published
figure is left out, and counted by documented proxies, apart, where `proxies` asks for them.

Sources: ADEME, Base Carbone (elements named in `ELEMENTS`); BEGES method v4.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

import attrs
from reen.plugin.files import resolve_country

from reen.plugin import (
    ARCHIVED,
    Amount,
    Assumption,
    Case,
    CaseMethod,
    Context,
    Electricity,
    Exchange,
    Excluded,
    Kind,
    LeftOut,
    Match,
    OptionError,
    ReferenceFlow,
    Stage,
    constant,
    day,
    known_type,
    lifetime_of,
    year_option,
    yearly_energy,
    years_between,
    years_since,
)
from reen_plugins.base_carbone.packs import ADEME, BASE, PROXIES, BaseCarbonePacks
from reen_plugins.base_carbone.types import ELEMENTS, PLACES, SET_ASIDE
from reen_plugins.methods.type_options import check_types

__all__ = ["ELEMENTS", "BaseCarbone"]

ITEM = Kind(
    "item", (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE, Stage.EMBEDDED), "item"
)
ELECTRICITY = Kind("electricity", (Stage.USE,), "kWh", use=True, match=Match.DECLARED)


def _word(value: object) -> object:
    """Return a truth as the word of it, so that ``proxies=True`` says what it means."""
    return str(value).lower() if isinstance(value, bool) else value


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
        year; see `year_option`.
    elements
        Equipment type to Base Carbone element id, over the default ones.  An archived element is
        used only so, and flagged.
    mixes
        Place to the id of the element of its electricity, over those of the packs; flagged.
    ademe_numerique
        Whether a type without an element takes the figure of ADEME's digital study.
    proxies
        ``true`` counts by documented proxies, in a line of their own, what no published figure
        counts: `Footprint.by_proxy`.  ``only`` gives that line alone.
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
    ademe_numerique: bool = True
    proxies: Literal["false", "true", "only"] = attrs.field(
        default="false",
        converter=_word,
        validator=attrs.validators.in_(("false", "true", "only")),
    )

    name: ClassVar[str] = "base-carbone"
    version: ClassVar[str] = "2"
    title: ClassVar[str] = "Base Carbone: French greenhouse-gas accounts (BEGES)"
    reference: ClassVar[str] = "ADEME, Base Carbone; BEGES method v4"

    @property
    def packs(self) -> tuple[str, ...]:
        """Return the names of its packs, in order of precedence."""
        return (
            BASE,
            *((ADEME,) if self.ademe_numerique else ()),
            "electricity-france",
            "electricity-world",
            "equipment-defaults",
            *((PROXIES,) if self.proxies == "only" else ()),
        )

    @property
    def beside(self) -> BaseCarbone | None:
        """Return the method of the line by proxy, None where it is not asked for."""
        return attrs.evolve(self, proxies="only") if self.proxies == "true" else None

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
        return PreparedBaseCarbone(
            options=self,
            context=context,
            items=self._items(context),
            mixes=Electricity(context, self.electricity_year, self.mixes),
        )

    def _items(self, context: Context) -> Mapping[str, ReferenceFlow]:
        """Return the element of each type; a pack of the user's answers without their ids too."""
        library, packs = context.factors, BaseCarbonePacks(context)
        elements = {**ELEMENTS, **self.elements}
        found: dict[str, ReferenceFlow] = {}
        for equipment_type in {*elements, *context.equipment_types.keys}:
            element = elements.get(equipment_type)
            position = -1 if element is None else library.by_id(element)
            if self.sub_lines and element is not None:
                split = library.by_id(f"{element}-stages")
                position = split if split >= 0 else position
            flow = packs.flow(position, Match.TYPE) or packs.by_type(equipment_type)
            if flow is not None:
                found[equipment_type] = self._flagged(context, flow)
        return found

    @staticmethod
    def _flagged(context: Context, flow: ReferenceFlow) -> ReferenceFlow:
        """Return a flow, flagged where the base no longer vouches for its element."""
        factors = context.factors.factors
        if factors.descriptions[factors.position[flow.key]].status != ARCHIVED:
            return flow
        said = Assumption("archived_by_option", parameter="element", option="elements")
        return attrs.evolve(flow, assumptions=(said,))

    def _check_element(self, context: Context, option: str, element: str, unit: str) -> None:
        """Refuse an element that the packs in use do not have, or that is counted otherwise."""
        position = context.factors.by_id(element)
        texts = context.factors.factors.descriptions
        if position < 0 or texts[position].reference_unit != unit:
            example = "27002" if unit == "item" else "24308"
            expected = f"the id of a flow per {unit} of the packs in use, such as {example}"
            raise OptionError(self.name, option, element, f"{expected} of Base Carbone")


@attrs.frozen(kw_only=True, eq=False)
class PreparedBaseCarbone(CaseMethod):
    """`BaseCarbone`, ready to answer.

    Attributes
    ----------
    options
        The method.
    context
        Packs and reference date.
    items
        Flow of each equipment type.
    mixes
        Electricity of each place.
    """

    options: BaseCarbone
    context: Context
    items: Mapping[str, ReferenceFlow]
    mixes: Electricity
    reads: ClassVar[tuple[str, ...]] = (
        "annual_energy",
        "country",
        "equipment_type",
        "lifetime",
        "power",
        "purchase_date",
        "usage_hours",
    )

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds of flow; the use stage is excluded by option."""
        if self.options.use_stage:
            return (ITEM, ELECTRICITY)
        return (ITEM, ELECTRICITY.without("use_stage", "false"))

    @functools.cached_property
    def packs(self) -> BaseCarbonePacks:
        """Return the packs in use."""
        return BaseCarbonePacks(self.context)

    def item(self, case: Case) -> Exchange:
        """Return n F / lifetime, or what the amortisation makes of it."""
        return self._in_line(case, self._item)

    def electricity(self, case: Case) -> Exchange:
        """Return the yearly energy of the items, of the mix of their country."""
        return self._in_line(case, self._electricity)

    def _in_line(self, case: Case, counting: Callable[[Case], Exchange]) -> Exchange:
        """Return an exchange; of the line by proxy, nothing that published figures count."""
        exchange = counting(case)
        if self.options.proxies == "only" and Match.PROXY not in (case.level, exchange.flow.match):
            raise Excluded("counted_as_published")
        return exchange

    def _item(self, case: Case) -> Exchange:
        element = case.of(self.element, "equipment_type")
        amount = case.quantity * case.usage_share
        if self.options.amortisation == "purchase-year":
            return amount / self._purchase_year(case) * element
        lifetime = lifetime_of(case, self.packs)
        if self.options.amortisation == "accounting":
            return amount / lifetime * self._year_share(case, lifetime) * element
        return amount / lifetime * element

    def element(self, equipment_type: str | None) -> ReferenceFlow:
        """Return the element of a type.

        Raises
        ------
        LeftOut
            The type is not known, or has none: why is said.
        """
        equipment_type = known_type(equipment_type)
        if equipment_type in self.items:
            return self.items[equipment_type]
        packs = self.packs.item_packs
        if packs and BASE not in packs:  # given in place of Base Carbone
            raise LeftOut("no_factor", packs=", ".join(packs))
        if self.options.proxies == "only":
            raise LeftOut("no_proxy")
        if equipment_type in SET_ASIDE:
            element, why = SET_ASIDE[equipment_type]
            raise LeftOut(f"element_{why}", element=element, equipment_type=equipment_type)
        raise LeftOut("no_element")

    def _purchase_year(self, case: Case) -> Amount:
        """Return one year for what was bought in the reference year; the rest is out of scope."""
        bought, year = self._bought(case), self.context.as_of.year
        if bought < day(dt.date(year, 1, 1)) or bought > day(dt.date(year, 12, 31)):
            raise Excluded("outside_year", year=year)
        return constant("purchase_year", 1.0, "year")

    @staticmethod
    def _bought(case: Case) -> Amount:
        bought = case.date("purchase_date")
        if bought is None:
            raise LeftOut("missing", column="purchase_date")
        return bought

    def _year_share(self, case: Case, lifetime: Amount) -> Amount:
        """Return the share of the reference year that the amortisation period covers.

        Full first year: years y <= reference < y + A count whole, y the year of purchase and A
        the period (a period of 2.5 years leaves half of the third).  Pro rata: the period starts
        on the day of purchase; a day is 1/365 or 1/366 of its own year.
        """
        bought, year = self._bought(case), float(self.context.as_of.year)
        if self.options.first_year == "full":
            elapsed = case.derived("elapsed", "year", years_since, bought, year)
            covered = (lifetime - elapsed).clip(0.0, 1.0)
        else:
            begin = case.derived("begin", "year", years_between, bought, year)
            covered = (begin + lifetime).clip(0.0, 1.0) - begin.clip(0.0, 1.0)
        share = (covered / constant("year", 1.0, "year")).named("year_share", "1")
        if share <= 0.0:
            raise Excluded("amortised")
        return share

    def _electricity(self, case: Case) -> Exchange:
        amount = case.quantity * case.usage_share * yearly_energy(case, self.packs)
        return amount * case.of(self.mix, "country")

    def mix(self, place: str | None) -> ReferenceFlow:
        """Return the mix of a place.

        Raises
        ------
        LeftOut
            The place is not known or has none; where Base Carbone has elements for it that the
            option `mixes` could take, these are named.
        """
        elements = PLACES.get(place or "")
        try:
            return self.mixes.mix(place)
        except LeftOut:
            if not place or not elements:
                raise
            year = self.mixes.year
            raise LeftOut(
                "mixes_by_option", country=place, year=year, elements=", ".join(elements)
            ) from None
