"""Base Carbone: equipment as French greenhouse-gas accounts (BEGES, Bilan Carbone) count it.

Embedded stages, with n items and F the factor of the element, kgCO2e per item:

    physical        n F / lifetime, every year in use (default)
    accounting      n F / lifetime while the reference date is within the amortisation period,
                    then nothing: the row is reported as fully amortised
    purchase-year   n F in the calendar year of purchase, nothing in the others

(The administrator of the BEGES accepts the three; the accounting period is the recommended one.)
In accounting mode the first year counts in full whatever the month (`first_year="full"`) or from
the day of purchase on (`first_year="pro-rata"`): the sources do not say which.

Use stage: n x yearly energy x the electricity factor of the country and year.  Yearly energy is
the row's, else its power x its hours a year, else the published default of its type; the last two
flagged.  A power without hours says nothing of the energy and is not used.  `use_stage=False`
leaves the use stage out, for accounts that already hold this electricity in their energy lines.

Services and paper (`services`) and the waste equipment of the year (`waste`) are counted too where
the inventory holds these tables: see `reen_plugins.spend.services`.

A type without an element takes the figure of ADEME's digital study, flagged; of it, a storage array
is counted by its disks, n x disks x F / lifetime.  What has no valid published figure is left out.
Two lines apart count it where they are asked for, and are never part of the figures: archived
elements (`archived`), documented proxies (`proxies`).

Sources: ADEME, Base Carbone (elements named in `ELEMENTS`); the regulatory method of greenhouse-gas
accounts (BEGES), version 5 of 2022, whose categories `Footprint.statement` gives.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from typing import ClassVar, Literal

import attrs
import numpy as np

from reen.plugin import (
    Amount,
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
    Reason,
    ReferenceFlow,
    Stage,
    State,
    constant,
    day,
    known_type,
    lifetime_of,
    yearly_energy,
    years_between,
    years_since,
)
from reen.plugin.files import resolve_country
from reen.plugin.rules import ENERGY_COLUMNS, Hosting, SecondHand, second_hand_option, year_option
from reen_plugins.base_carbone.lines import (
    ARCHIVED_ELEMENT,
    ARRAY,
    PROXY,
    PROXY_DISKS,
    Line,
    archived_mixes,
    line_option,
)
from reen_plugins.base_carbone.packs import ADEME, BASE, PROXIES, BaseCarbonePacks
from reen_plugins.base_carbone.types import ELEMENTS, PLACES
from reen_plugins.methods.type_options import check_types
from reen_plugins.spend.services import SERVICE, SERVICE_PACKS, WASTE_KIND, Networks, Services

__all__ = ["ELEMENTS", "BaseCarbone"]

ITEM = Kind(
    "item", (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE, Stage.EMBEDDED), "item"
)
ELECTRICITY = Kind(
    "electricity",
    (Stage.USE,),
    "kWh",
    use=True,
    match=Match.DECLARED,
    reads=(*ENERGY_COLUMNS, *Hosting.COLUMNS),
)


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
        Year of a series of electricity: ``latest``, ``exact``, ``nearest``, or a year; see
        `year_option`.
    elements
        Equipment type to Base Carbone element id, over the default ones.
    mixes
        Place to the id of the element of its electricity, over those of the packs; flagged.
    services, waste
        Whether the services table is counted, and the waste equipment of the year (disposals).
    networks
        ``none``, or ``negaoctet``: networks per gigabyte by figures whose origin is NegaOctet, in
        a pack of the user's (flows ``fixed-network-fr`` and ``mobile-network-fr``).
    second_hand
        Rule for the manufacturing of second-hand equipment: ``cut-off``, ``years`` or ``half``;
        see `SecondHand`.
    ademe_numerique
        Whether a type without an element takes the figure of ADEME's digital study.
    archived
        ``true`` counts items without a valid figure by archived elements, in a line of their own:
        ``Footprint.apart["archived_element"]``.  ``only`` gives that line alone.
    proxies
        ``true`` counts items without a published figure by documented proxies, in a line of their
        own: ``Footprint.apart["proxy"]``.  ``only`` gives that line alone.
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
    services: bool = True
    waste: bool = True
    networks: Networks = attrs.field(
        default="none", validator=attrs.validators.in_(("none", "negaoctet"))
    )
    second_hand: str = second_hand_option()
    ademe_numerique: bool = True
    archived: Literal["false", "true", "only"] = line_option()
    proxies: Literal["false", "true", "only"] = line_option()

    name = "base-carbone"
    version = "2"
    title = "Base Carbone: French greenhouse-gas accounts (BEGES)"
    reference = "ADEME, Base Carbone; BEGES method v5"

    @property
    def packs(self) -> tuple[str, ...]:
        """Return the names of its packs, in order of precedence."""
        return (
            BASE,
            *((ADEME,) if self.ademe_numerique else ()),
            "electricity-france",
            "electricity-world",
            "equipment-defaults",
            *(() if self.line else SERVICE_PACKS),
            *((PROXIES,) if self.line == PROXY else ()),
        )

    @property
    def line(self) -> str:
        """Return the name of the line apart that it gives, nothing for its own figures."""
        if self.proxies == "only":
            return PROXY
        return ARCHIVED_ELEMENT if self.archived == "only" else ""

    @property
    def lines_apart(self) -> Mapping[str, BaseCarbone]:
        """Return the method of each line that is asked for: archived elements, then proxies."""
        if self.line:
            return {}
        lines: dict[str, BaseCarbone] = {}
        if self.archived == "true":
            lines[ARCHIVED_ELEMENT] = attrs.evolve(self, archived="only", proxies="false")
        if self.proxies == "true":  # of what the archived elements leave, where these are asked for
            lines[PROXY] = attrs.evolve(self, proxies="only")
        return lines

    def prepare(self, context: Context) -> PreparedBaseCarbone:
        """Look up the element, lifetime and energy of every type.

        Raises
        ------
        OptionError
            `elements` names a type that the taxonomy does not have, `mixes` a place that is no
            code, or one of them an element that the packs in use do not have; `archived` and
            `proxies` both ask for their line alone.
        """
        if self.archived == self.proxies == "only":
            expected = Reason("error_only_one_archived_proxies_result_one")
            raise OptionError(self.name, "archived", "only", expected)
        check_types(self.name, "elements", self.elements, context)
        for place in self.mixes:
            if resolve_country(place) != place:
                expected = Reason("error_code_place_nc_fr_20r")
                raise OptionError(self.name, "mixes", place, expected)
        for option, unit in (("elements", "item"), ("mixes", "kWh")):
            for key, element in getattr(self, option).items():
                self._check_element(context, f"{option}.{key}", element, unit)
        line = Line(
            context=context,
            name=self.line,
            takes_archived=self.line != "" and self.archived != "false",
            chosen=self.elements,
            sub_lines=self.sub_lines,
        )
        return PreparedBaseCarbone(
            options=self,
            context=context,
            line=line,
            items=line.items(),
            mixes=Electricity(
                context,
                self.electricity_year,
                {**(archived_mixes(context) if line.takes_archived else {}), **self.mixes},
                archived="archived" if line.takes_archived else "",
            ),
            second_hand=SecondHand(context, self.second_hand),
        )

    def _check_element(self, context: Context, option: str, element: str, unit: str) -> None:
        """Refuse an element that the packs in use do not have, or that is counted otherwise."""
        position = context.factors.by_id(element)
        texts = context.factors.factors.descriptions
        if position < 0 or texts[position].reference_unit != unit:
            example = "27002" if unit == "item" else "24308"
            expected = Reason("error_id_flow_per_packs_use", unit=unit, example=example)
            raise OptionError(
                self.name, option, element, Reason("error_base_carbone", expected=expected)
            )


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PreparedBaseCarbone(CaseMethod):
    """`BaseCarbone`, ready to answer.

    Attributes
    ----------
    options
        The method.
    context
        Packs and reference date.
    line
        What is counted here, and what another line counts.
    items
        Flow of each equipment type.
    mixes
        Electricity of each place.
    second_hand
        Who bears the making of what has several owners.
    """

    options: BaseCarbone
    context: Context
    line: Line
    items: Mapping[str, ReferenceFlow]
    mixes: Electricity
    second_hand: SecondHand
    reads: ClassVar[tuple[str, ...]] = (
        *SecondHand.COLUMNS,
        "purchase_date",
        "storage_disks",
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
        return self.line.packs

    @property
    def kinds_beside(self) -> tuple[Kind, ...]:
        """Return the kinds of services and of waste, each excluded by its option."""
        options = self.options
        if options.line:
            return ()
        return (
            SERVICE if options.services else SERVICE.without("services", "false"),
            WASTE_KIND if options.waste else WASTE_KIND.without("waste", "false"),
        )

    @functools.cached_property
    def beyond(self) -> Services:
        """Return what answers for services and waste."""
        return Services(
            context=self.context,
            networks=self.options.networks,
            holds_end_of_life=self.holds_end_of_life,
        )

    def service(self, case: Case) -> Exchange:
        """Return what a service takes in a year."""
        return self.beyond.service(case)

    def waste(self, case: Case) -> Exchange:
        """Return the waste equipment of the year."""
        return self.beyond.waste(case)

    def holds_end_of_life(self, equipment_type: str | None) -> bool:
        """Tell whether the figure of the items of a type has a stage of end of life."""
        flow = self.items.get(equipment_type or "")
        factors = self.context.factors.factors
        if flow is None or Stage.END_OF_LIFE not in factors.stages:
            return False
        published = factors.values[
            factors.position[flow.key], factors.stages.index(Stage.END_OF_LIFE)
        ]
        return not np.isnan(published).all()

    def item(self, case: Case) -> Exchange | tuple[Exchange, ...]:
        """Return n F / lifetime, or what the amortisation and other owners make of it."""
        found = self._item(case)
        self.line.check(case, found)
        return found

    def electricity(self, case: Case) -> Exchange | tuple[Exchange, ...]:
        """Return the yearly energy of the items and of what hosts them, of the mix of the place."""
        found = self._electricity(case)
        self.line.check(case, found)
        return found

    def _item(self, case: Case) -> Exchange | tuple[Exchange, ...]:
        items, disk = case.quantity * case.usage_share, self.line.disk
        if disk is not None and (disks := self._disks(case)) is not None:
            items, element = items * disks, disk
        else:
            element = case.of(self.element, "equipment_type")
        amount = self._of_the_year(case, items)
        return self.second_hand.of(case, amount * element)

    def _disks(self, case: Case) -> Amount | None:
        """Return the disks of a storage array, None of what is none or does not say how many."""
        if case.word("equipment_type") != ARRAY:
            return None
        flow = self.items.get(ARRAY)
        if flow is not None and flow.match is not Match.PROXY:  # a figure of whole arrays
            return None
        case.refuse_invalid("storage_disks")
        if case.state("storage_disks") is not State.GIVEN:
            return None
        disks = case.number("storage_disks")
        if disks <= 0.0:
            raise LeftOut("invalid", column="storage_disks")
        return disks

    def _of_the_year(self, case: Case, items: Amount) -> Amount:
        """Return the items whose making counts in the reference year."""
        if self.options.amortisation == "purchase-year":
            return items / self._purchase_year(case)
        lifetime = lifetime_of(case, self.packs)
        if self.options.amortisation == "accounting":
            return items / lifetime * self._year_share(case, lifetime)
        return items / lifetime

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
        raise self.line.none(equipment_type)

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
        energy = yearly_energy(case, lambda: case.of(self.packs.annual_energy, "equipment_type"))
        amount = case.quantity * case.usage_share * energy * self.hosting.effectiveness(case)
        if case.level is Match.PROXY and (disks := self._disks(case)) is not None:
            amount = amount * (disks / constant("disks_of_proxy", PROXY_DISKS, "1"))
        return amount * self.hosting.at(case, self.mix)

    def mix(self, place: str | None) -> ReferenceFlow:
        """Return the mix of a place.

        Raises
        ------
        LeftOut
            The place is not known or has none, or an archived one; where Base Carbone has elements
            for it that the option `mixes` could take, these are named.
        """
        elements = PLACES.get(place or "", {})
        try:
            return self.mixes.mix(place)
        except LeftOut:
            if not place or not elements or place in self.options.mixes:
                raise
            valid = [element for element, what in elements.items() if what != "archived"]
            if not valid:
                raise LeftOut("mix_archived", country=place, element=next(iter(elements))) from None
            year = self.mixes.year
            raise LeftOut(
                "mixes_by_option", country=place, year=year, elements=", ".join(valid)
            ) from None
