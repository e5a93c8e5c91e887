"""BoaviztAPI: devices and servers by the figures of the installed package `boaviztapi`.

With n items, X the package's embedded figure of one (whole life), L the lifetime, P the mean power
in use, r the share of the year in use, f its electricity factor of the country:

    embedded    n X / L, a year never bearing more than n X
    use         n (P / 1000) r 8760 f

An instance of a cloud bears both for the r of the year that it exists.  L, P and r are the row's,
else its archetype's; X and f are the package's own, unrounded, asked once per distinct
configuration.  Its minima and maxima are the bounds of these factors: `Footprint.bounds` folds
minima together and maxima together, as it does.

Extra `reen[boavizta]` (AGPL-3.0).  `boavizta_configurations` finds what to ask, `boavizta_requests`
asks, `boavizta_answers` reads the answer, `boavizta_package` opens the package.  Source:
BoaviztAPI, documentation and code of 2.5.0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar, Literal

import attrs
import numpy as np

from reen.plugin import (
    Amount,
    Case,
    CaseMethod,
    Context,
    Default,
    Exchange,
    Kind,
    LeftOut,
    Reason,
    Stage,
    constant,
    known_type,
)
from reen.plugin.arrays import FactorSet
from reen.plugin.rules import ENERGY_COLUMNS, Hosting, SecondHand, second_hand_option
from reen_plugins.boavizta import package
from reen_plugins.boavizta.answers import answer_to
from reen_plugins.boavizta.configurations import (
    CLOUD,
    COMPONENTS,
    WORDS,
    Configuration,
    with_components,
    with_load,
)
from reen_plugins.boavizta.factors import Made, no_factors
from reen_plugins.boavizta.requests import Rules

__all__ = ["Boavizta"]

ITEM = Kind("item", (Stage.EMBEDDED,), "item")
ELECTRICITY = Kind("electricity", (Stage.USE,), "kWh", use=True)


#: Percent.
_ALL = 100.0

#: Columns that say what is asked about.
SUBJECT = ("equipment_type", "archetype", "provider", "instance_type")


def _profile(
    _: object, attribute: attrs.Attribute[Mapping[str, str]], value: Mapping[str, str]
) -> None:
    """Refuse parts of the time that are not all of it, and loads that are none."""
    if not value:
        return
    try:
        loads, times = np.array([(float(load), float(time)) for load, time in value.items()]).T
    except ValueError:
        loads, times = np.full(2, np.nan), np.full(2, np.nan)
    within = (loads >= 0.0) & (loads <= _ALL) & (times >= 0.0)
    if not within.all() or not math.isclose(times.sum(), _ALL, rel_tol=1e-9):
        message = str(Reason("error_percent_load_percent_time_together_100", name=attribute.name))
        raise ValueError(message)


def _of_archetype(parameter: str, value: float, unit: str) -> Default | None:
    """Return a figure of the archetype, flagged; None where it has none."""
    if math.isnan(value):
        return None
    return Default(value, unit, "of_archetype", package.PACKAGE, parameter=parameter)


@attrs.frozen(kw_only=True)
class Boavizta:
    """BoaviztAPI in process, with its minima and maxima.

    Attributes
    ----------
    archetypes
        Archetype of a type, over the package's default ones: ``laptop=laptop-perso``,
        ``server=dellR740``.
    unknown_country
        ``leave-out``: no country, no use stage; ``package-default``: the package's own default,
        Europe, with bounds over all its countries, flagged.
    ram_module
        Usual capacity of a memory module, GiB: a row gives the total only; the archetype's when
        absent.
    ssd_drive, hdd_drive
        Usual capacity of a drive, GB; the archetype's when absent.
    server_load
        Mean load of servers and instances in percent, where the row gives neither power nor load;
        the archetype's, with its range, when absent.
    load_profile
        In place of one mean load, percent of the time at each load: ``10=50,50=40,100=10``.
    second_hand
        Rule for the manufacturing of second-hand equipment: ``cut-off``, ``years`` or ``half``;
        see `SecondHand`.
    """

    archetypes: Mapping[str, str] = attrs.field(factory=dict, converter=dict)
    unknown_country: Literal["leave-out", "package-default"] = attrs.field(
        default="leave-out", validator=attrs.validators.in_(("leave-out", "package-default"))
    )
    ram_module: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.gt(0.0))
    )
    ssd_drive: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.gt(0.0))
    )
    hdd_drive: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.gt(0.0))
    )
    server_load: float | None = attrs.field(
        default=None,
        validator=attrs.validators.optional(
            attrs.validators.and_(attrs.validators.ge(0.0), attrs.validators.le(100.0))
        ),
    )
    load_profile: Mapping[str, str] = attrs.field(factory=dict, converter=dict, validator=_profile)
    second_hand: str = second_hand_option()

    name = "boavizta"
    title = "BoaviztAPI: devices and servers, minima and maxima (extra, AGPL-3.0)"
    reference = "Boavizta, BoaviztAPI, as installed beside reen (AGPL-3.0)"
    packs = ()

    @property
    def version(self) -> str:
        """Return our version and that of the installed package: its figures change with it."""
        installed = package.installed_version()
        return f"2+boaviztapi.{installed}" if installed else "2"

    def __attrs_post_init__(self) -> None:
        """Refuse two loads for one server."""
        if self.load_profile and self.server_load is not None:
            message = str(Reason("error_server_load_load_profile_not_both"))
            raise ValueError(message)

    def _load(self) -> float | tuple[tuple[float, float], ...] | None:
        """Return the mean load, or (time, load) of each part of the time."""
        profile = sorted((float(load), float(time)) for load, time in self.load_profile.items())
        return tuple((time, load) for load, time in profile) or self.server_load

    def prepare(self, context: Context) -> PreparedBoavizta:
        """Open the package.

        Raises
        ------
        MissingExtraError
            It is not installed.
        OptionError
            An archetype that it does not have, or a setting of it changed behind the options.
        PluginError
            It is not as we know it.
        """
        rules = Rules(
            archetypes=package.archetypes(self.archetypes),
            ram_module=self.ram_module,
            ssd_drive=self.ssd_drive,
            hdd_drive=self.hdd_drive,
            server_load=self._load(),
        )
        return PreparedBoavizta(
            options=self,
            context=context,
            rules=rules,
            countries=package.country_codes(),
            source=f"{package.PACKAGE} {package.installed_version()}",
            second_hand=SecondHand(context, self.second_hand),
        )


@attrs.frozen(kw_only=True, eq=False)
class PreparedBoavizta(CaseMethod):
    """`Boavizta`, ready to answer; remembers what it has asked.

    Attributes
    ----------
    options, context
        The method; reference date.
    rules
        What the options say of a request.
    countries
        The package's code of each country.
    source
        Name and version of the package.
    second_hand
        Who bears the making of what has several owners.
    """

    options: Boavizta
    context: Context
    rules: Rules
    countries: Mapping[str, str]
    source: str
    second_hand: SecondHand
    kinds = (ITEM, ELECTRICITY)
    reads: ClassVar[tuple[str, ...]] = (
        *ENERGY_COLUMNS,
        *Hosting.COLUMNS,
        *SecondHand.COLUMNS,
        *SUBJECT,
        *WORDS,
        *COMPONENTS,
        "average_load",
        "case_type",
        "region",
        "storage_type",
    )
    _known: dict[Configuration, Made] = attrs.field(init=False, factory=dict)

    def offers(self, kind: Kind) -> FactorSet | None:
        """Return no flow, of the stage of a kind: flows come with the cases."""
        return no_factors(*kind.stages)

    def device(self, equipment_type: str | None) -> str:
        """Return a type that the package has.

        Raises
        ------
        LeftOut
            The type is not known, or the package does not have it.
        """
        equipment_type = known_type(equipment_type)
        if equipment_type not in package.DEVICES:
            raise LeftOut("no_factor", packs=package.PACKAGE)
        return equipment_type

    def subject(
        self,
        equipment_type: str | None,
        archetype: str | None,
        provider: str | None,
        instance_type: str | None,
    ) -> Configuration:
        """Return what is asked about: a type, with the archetype or the instance of the row.

        Raises
        ------
        LeftOut
            The type is not known, or the package does not have it; nor the archetype; nor the
            instance.  None stands in for one that is named.
        """
        device = self.device(equipment_type)
        if device == CLOUD:
            for column, word in (("provider", provider), ("instance_type", instance_type)):
                if word is None:
                    raise LeftOut("missing", column=column)
            found = package.instance_of(provider or "", instance_type or "")
            if found is None:
                raise LeftOut("unknown_instance", packs=package.PACKAGE)
            return Configuration(device=device, provider=found[0], archetype=found[1])
        if archetype is None and device in package.NAMED:
            raise LeftOut("missing", column="archetype")
        if archetype is not None and not package.has_archetype(device, archetype):
            raise LeftOut("unknown_archetype", packs=package.PACKAGE)
        return Configuration(device=device, archetype=archetype or "")

    def place(self, country: str | None) -> str:
        """Return a country that the package has factors for, empty for others."""
        return country if country is not None and country in self.countries else ""

    def region(self, provider: str | None, region: str | None) -> str:
        """Return the country of a region of a cloud, empty when it is not known."""
        return (
            ""
            if provider is None or region is None
            else self.place(package.place_of_region(provider, region))
        )

    def _asked(self, configuration: Configuration) -> Made:
        """Return the flows of a configuration, asking the package when it was not seen before."""
        known = self._known.get(configuration)
        if known is None:
            answer = answer_to(configuration, rules=self.rules, countries=self.countries)
            known = Made(configuration=configuration, answer=answer, source=self.source)
            self._known[configuration] = known
        return known

    def item(self, case: Case) -> Exchange | tuple[Exchange, ...]:
        """Return n X / L, L being one year at least: a year bears one whole item at the most."""
        subject = case.of(self.subject, *SUBJECT)
        # the server of an instance is its provider's, and has a life of its own
        own_lifetime = case.given("lifetime") and subject.device != CLOUD
        asked = attrs.evolve(subject, own_lifetime=own_lifetime)
        made = self._asked(with_components(case, asked))
        own = _of_archetype("lifetime", made.answer.lifetime, "year")
        lifetime = case.number("lifetime", else_=own)
        if lifetime < 1.0:
            case.assume("raised_to", parameter="lifetime", minimum=1.0)
            lifetime = constant("lifetime", 1.0, "year")
        amount = case.quantity * case.usage_share / lifetime
        if subject.device == CLOUD:
            hours = self._hours(case, made) / constant("year", package.HOURS, "h/year")
            return amount * hours * made.item
        return self.second_hand.of(case, amount * made.item)

    def electricity(self, case: Case) -> Exchange:
        """Return n times the yearly energy of an item, of the country's electricity."""
        subject = case.of(self.subject, *SUBJECT)
        # a yearly energy stands for power and hours at once
        own = case.given("annual_energy")
        asked = attrs.evolve(
            subject,
            country=self._country(case, subject),
            own_power=own or case.given("power"),
            own_hours=own or case.given("usage_hours"),
        )
        made = self._asked(with_load(case, with_components(case, asked)))
        energy = self._energy(case, made) * self.hosting.effectiveness(case)
        amount = case.quantity * case.usage_share * energy
        if not asked.country:
            self._without_country(case)
        return amount * made.use

    def _country(self, case: Case, subject: Configuration) -> str:
        """Return the country of the row; of an instance, that of its region first."""
        region = case.of(self.region, "provider", "region") if subject.device == CLOUD else ""
        return region or self.hosting.at(case, self.place)

    @staticmethod
    def _hours(case: Case, made: Made) -> Amount:
        """Return the hours of use in a year; those that an instance exists."""
        hours = made.answer.use_ratio * package.HOURS
        return case.number("usage_hours", "h/year", _of_archetype("usage_hours", hours, "h/year"))

    def _energy(self, case: Case, made: Made) -> Amount:
        """Return the yearly energy of an item: the row's own, else power x hours of use."""
        case.refuse_invalid("annual_energy", "power", "usage_hours")
        if case.given("annual_energy"):
            return case.number("annual_energy", "kWh/item/year")
        answer = made.answer
        power = _of_archetype("power", answer.power, "W/item")
        used = case.number("power", "W/item", power) * self._hours(case, made)
        return used.named("annual_energy", "kWh/item/year")

    def _without_country(self, case: Case) -> None:
        """Take Europe for a country that is unknown or has no factor, if the option says so."""
        if self.options.unknown_country == "package-default":
            case.assume("europe_for_country", parameter="country", pack=package.PACKAGE)
        elif self.hosting.at(case, _is_blank):
            raise LeftOut("missing", column="country")
        else:
            raise LeftOut("no_country", packs=package.PACKAGE)


def _is_blank(country: str | None) -> bool:
    return country is None
