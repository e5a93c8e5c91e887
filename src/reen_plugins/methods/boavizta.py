"""BoaviztAPI: devices and servers by the figures of the installed package `boaviztapi`.

With n items, X the package's embedded figure of one (whole life), L the lifetime, P the mean power
in use, r the share of the year in use, f its electricity factor of the country:

    embedded    n X / L, a year never bearing more than n X
    use         n (P / 1000) r 8760 f

L, P and r are the row's, else its archetype's; X and f are the package's own, unrounded, asked
once per distinct configuration and then spread over the rows.  Its minima and maxima are the bounds
of these factors: `Footprint.bounds` folds minima together and maxima together, as it does.

Extra `reen[boavizta]` (AGPL-3.0).  `boavizta_configurations` finds what to ask, `boavizta_answers`
asks, `boavizta_package` opens the package.  Source: BoaviztAPI, documentation and code of 2.5.0.
"""

from __future__ import annotations

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
    FlowKind,
    Match,
    Reason,
    Stage,
)
from reen_plugins.methods import boavizta_package as package
from reen_plugins.methods.boavizta_answers import Answer, Rules, answer_to
from reen_plugins.methods.boavizta_configurations import (
    COMPONENTS,
    Configuration,
    Configurations,
    distinct_configurations,
)
from reen_plugins.methods.boavizta_factors import Made, made_of

__all__ = ["Boavizta"]

ITEM = FlowKind("item", (Stage.EMBEDDED,))
ELECTRICITY = FlowKind("electricity", (Stage.USE,))


def _of_archetype(parameter: str) -> Assumption:
    return Assumption("of_archetype", parameter=parameter, pack=package.PACKAGE)


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
        )


@attrs.frozen(kw_only=True, eq=False)
class PreparedBoavizta:
    """`Boavizta`, ready to answer; remembers what it has asked."""

    options: Boavizta
    context: Context
    rules: Rules
    countries: Mapping[str, str]
    source: str
    kinds: ClassVar[tuple[FlowKind, ...]] = (ITEM, ELECTRICITY)
    columns: ClassVar[tuple[str, ...]] = (
        "annual_energy",
        "country",
        "cpu_cores",
        "cpu_model",
        "cpu_sockets",
        "equipment_type",
        "lifetime",
        "power",
        "quantity",
        "ram",
        "status",
        "storage",
        "storage_type",
        "usage_hours",
        "usage_share",
    )
    _answers: dict[Configuration, Answer] = attrs.field(init=False, factory=dict)
    _made: dict[tuple[Configuration, ...], Made] = attrs.field(init=False, factory=dict)

    # Answers on distinct values, spread by Batch.map: no loop over rows.

    def _device_of(self, types: Sequence[str | None]) -> npt.NDArray[np.int64]:
        order = {device: k for k, device in enumerate(package.DEVICES)}
        return np.array([order.get(each or "", -1) for each in types], np.int64)

    def _country_of(self, countries: Sequence[str | None]) -> npt.NDArray[np.int64]:
        order = {country: k for k, country in enumerate(self.countries)}
        return np.array([order.get(each or "", -1) for each in countries], np.int64)

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        """Return one item exchange and one electricity exchange per row."""
        found = distinct_configurations(
            batch,
            devices=tuple(package.DEVICES),
            device=batch.map("equipment_type", self._device_of),
            countries=tuple(self.countries),
            country=batch.map("country", self._country_of),
        )
        made = self._factors_of(found.distinct)
        yield self._item(batch, found, made)
        yield self._electricity(batch, found, made)

    def _factors_of(self, distinct: tuple[Configuration, ...]) -> Made:
        """Return the factors of the configurations, asking for those not seen before."""
        known = self._made.get(distinct)
        if known is None:
            for each in distinct:
                if each not in self._answers:
                    self._answers[each] = answer_to(
                        each, rules=self.rules, countries=self.countries
                    )
            answers = [self._answers[each] for each in distinct]
            known = self._made.setdefault(distinct, made_of(distinct, answers, source=self.source))
        return known

    # -- what both kinds ask of a row ------------------------------------------------------------

    def _judge(self, batch: Batch, assessment: Assessment, found: Configurations) -> None:
        codes, types = batch.codes("equipment_type")
        unknown = codes < 0
        if "unknown" in types:
            unknown |= codes == types.index("unknown")
        assessment.leave_out(unknown, Reason("type_unknown"))
        assessment.leave_out(found.code < 0, Reason("no_factor", packs=package.PACKAGE))
        servers = found.spread([each.device == "server" for each in found.distinct], default=0) > 0
        for name in COMPONENTS:
            if batch.has(name):
                invalid = servers & batch.invalid(name)
                assessment.leave_out(invalid, Reason("invalid", column=name))

    def _shared(self, batch: Batch, assessment: Assessment) -> dict[str, Driver]:
        """Require quantity and usage share; return them as drivers."""
        drivers = {}
        for name, unit in (("quantity", "item"), ("usage_share", "1")):
            if name == "quantity" or batch.has(name):
                assessment.require(name, missing=batch.missing(name), invalid=batch.invalid(name))
                drivers[name] = Driver(batch.values(name, unit), unit)
        return drivers

    def _assume(
        self,
        assessment: Assessment,
        found: Configurations,
        made: Made,
        where: npt.NDArray[np.bool_],
    ) -> None:
        """Flag what the answers took for granted."""
        for assumed in sorted({each for answer in made.answers for each in answer.assumed}):
            holds = found.spread([assumed in each.assumed for each in made.answers], default=0) > 0
            assessment.assume(where & holds, assumed)

    # -- embedded ------------------------------------------------------------------------------

    def _item(self, batch: Batch, found: Configurations, made: Made) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.TYPE)
        self.context.status_rule.apply(batch, assessment)
        self._judge(batch, assessment, found)
        drivers = self._shared(batch, assessment)
        lifetime, missing = batch.values("lifetime", "year"), batch.missing("lifetime")
        assessment.leave_out(batch.invalid("lifetime"), Reason("invalid", column="lifetime"))
        lifetime = np.where(
            missing,
            found.spread([each.lifetime for each in made.answers], default=np.nan),
            lifetime,
        )
        nowhere = missing & np.isnan(lifetime)
        assessment.leave_out(nowhere, Reason("no_default", parameter="lifetime"))
        assessment.assume(missing, _of_archetype("lifetime"))
        short = lifetime < 1.0  # a year bears one whole item at the most
        assessment.assume(short, Assumption("raised_to", parameter="lifetime", minimum=1.0))
        drivers["per_lifetime"] = Driver(1.0 / np.where(short, 1.0, lifetime), "1/year")
        self._assume(assessment, found, made, np.ones(len(batch), np.bool_))
        outcomes, outcome = assessment.result()
        flow = found.spread(made.item, default=-1).astype(np.int32)
        return Exchanges(
            kind=ITEM,
            flows=made.items.flows,
            flow=assessment.flow(flow),
            drivers=drivers,
            reference_unit="item",
            outcomes=outcomes,
            outcome=outcome,
            factors=made.items,
        )

    # -- use -----------------------------------------------------------------------------------

    def _electricity(self, batch: Batch, found: Configurations, made: Made) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.TYPE)
        self.context.status_rule.apply(batch, assessment, use=True)
        self._judge(batch, assessment, found)
        drivers = self._shared(batch, assessment)
        drivers["annual_energy"] = self._energy(batch, assessment, found, made)
        self._places(batch, assessment)
        given = ~batch.missing("annual_energy") | ~batch.missing("power")
        assessment.match(given, Match.DECLARED)
        self._assume(assessment, found, made, ~given)
        outcomes, outcome = assessment.result()
        flow = found.spread(made.use, default=-1).astype(np.int32)
        return Exchanges(
            kind=ELECTRICITY,
            flows=made.uses.flows,
            flow=assessment.flow(flow),
            drivers=drivers,
            reference_unit="kWh",
            outcomes=outcomes,
            outcome=outcome,
            factors=made.uses,
        )

    def _energy(
        self, batch: Batch, assessment: Assessment, found: Configurations, made: Made
    ) -> Driver:
        """Return the yearly energy of each row: its own, else power x hours of use."""
        for name in ("annual_energy", "power", "usage_hours"):
            assessment.leave_out(batch.invalid(name), Reason("invalid", column=name))
        own, missing = (
            batch.values("annual_energy", "kWh/item/year"),
            batch.missing("annual_energy"),
        )
        no_power, no_hours = batch.missing("power"), batch.missing("usage_hours")
        power = found.spread([each.power for each in made.answers], default=np.nan)
        power = np.where(no_power, power, batch.values("power", "W/item"))
        hours = found.spread(
            [each.use_ratio * package.HOURS for each in made.answers], default=np.nan
        )
        hours = np.where(no_hours, hours, batch.values("usage_hours", "h/year"))
        energy = np.where(missing, power * hours / 1000.0, own)
        assessment.leave_out(np.isnan(energy), Reason("no_default", parameter="power"))
        assessment.assume(missing & no_power, _of_archetype("power"))
        assessment.assume(missing & no_hours, _of_archetype("usage_hours"))
        return Driver(energy, "kWh/item/year")

    def _places(self, batch: Batch, assessment: Assessment) -> None:
        unknown = batch.missing("country")
        without = ~unknown & (batch.map("country", self._country_of) < 0)
        if self.options.unknown_country == "package-default":
            europe = Assumption("europe_for_country", parameter="country", pack=package.PACKAGE)
            assessment.assume(unknown | without, europe)
            return
        assessment.leave_out(unknown, Reason("missing", column="country"))
        assessment.leave_out(without, Reason("no_country", packs=package.PACKAGE))
