"""BoaviztAPI: devices and servers by the figures of the installed package `boaviztapi`.

With n items, X the package's embedded figure of one (whole life), L the lifetime, P the mean power
in use, r the share of the year in use, f its electricity factor of the country:

    embedded    n X / L, a year never bearing more than n X
    use         n (P / 1000) r 8760 f

L, P and r are the row's, else its archetype's; X and f are the package's own, unrounded, asked
once per distinct configuration.  Its minima and maxima are the bounds of these factors:
`Footprint.bounds` folds minima together and maxima together, as it does.

Extra `reen[boavizta]` (AGPL-3.0).  `boavizta_configurations` finds what to ask, `boavizta_answers`
asks, `boavizta_package` opens the package.  Source: BoaviztAPI, documentation and code of 2.5.0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar, Literal

import attrs

from reen.plugin import (
    ENERGY_COLUMNS,
    Amount,
    Case,
    CaseMethod,
    Context,
    Default,
    Exchange,
    FactorSet,
    Hosting,
    Kind,
    LeftOut,
    SecondHand,
    Stage,
    constant,
    known_type,
    second_hand_option,
)
from reen_plugins.boavizta import package
from reen_plugins.boavizta.answers import Rules, answer_to
from reen_plugins.boavizta.configurations import Configuration, with_components
from reen_plugins.boavizta.factors import Made, no_factors

__all__ = ["Boavizta"]

ITEM = Kind("item", (Stage.EMBEDDED,), "item")
ELECTRICITY = Kind("electricity", (Stage.USE,), "kWh", use=True)


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
        Mean load of servers in percent, where the row gives no power; the archetype's, with its
        range, when absent.
    second_hand
        Who bears the making of what has several owners: ``cut-off``, ``years`` or ``half``; see
        `SecondHand`.
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
    second_hand: str = second_hand_option()

    name: ClassVar[str] = "boavizta"
    title: ClassVar[str] = "BoaviztAPI: devices and servers, minima and maxima (extra, AGPL-3.0)"
    reference: ClassVar[str] = "Boavizta, BoaviztAPI, as installed beside reen (AGPL-3.0)"
    packs: ClassVar[tuple[str, ...]] = ()

    @property
    def version(self) -> str:
        """Return our version and that of the installed package: its figures change with it."""
        installed = package.installed_version()
        return f"1+boaviztapi.{installed}" if installed else "1"

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
            server_load=self.server_load,
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
        "cpu_cores",
        "cpu_model",
        "cpu_sockets",
        "ram",
        "storage",
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

    def place(self, country: str | None) -> str:
        """Return a country that the package has factors for, empty for others."""
        return country if country is not None and country in self.countries else ""

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
        device = case.of(self.device, "equipment_type")
        asked = Configuration(device=device, own_lifetime=case.given("lifetime"))
        made = self._asked(with_components(case, asked))
        own = _of_archetype("lifetime", made.answer.lifetime, "year")
        lifetime = case.number("lifetime", else_=own)
        if lifetime < 1.0:
            case.assume("raised_to", parameter="lifetime", minimum=1.0)
            lifetime = constant("lifetime", 1.0, "year")
        new = case.quantity * case.usage_share / lifetime * made.item
        return self.second_hand.of(case, new)

    def electricity(self, case: Case) -> Exchange:
        """Return n times the yearly energy of an item, of the country's electricity."""
        device = case.of(self.device, "equipment_type")
        # a yearly energy stands for power and hours at once
        own = case.given("annual_energy")
        asked = Configuration(
            device=device,
            country=self.hosting.at(case, self.place),
            own_power=own or case.given("power"),
            own_hours=own or case.given("usage_hours"),
        )
        made = self._asked(with_components(case, asked))
        energy = self._energy(case, made) * self.hosting.effectiveness(case)
        amount = case.quantity * case.usage_share * energy
        if not asked.country:
            self._without_country(case)
        return amount * made.use

    @staticmethod
    def _energy(case: Case, made: Made) -> Amount:
        """Return the yearly energy of an item: the row's own, else power x hours of use."""
        case.refuse_invalid("annual_energy", "power", "usage_hours")
        if case.given("annual_energy"):
            return case.number("annual_energy", "kWh/item/year")
        answer = made.answer
        power = _of_archetype("power", answer.power, "W/item")
        hours = _of_archetype("usage_hours", answer.use_ratio * package.HOURS, "h/year")
        used = case.number("power", "W/item", power) * case.number("usage_hours", "h/year", hours)
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
