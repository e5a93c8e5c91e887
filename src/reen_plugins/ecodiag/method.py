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

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

import attrs

from reen.plugin import (
    Amount,
    Case,
    CaseMethod,
    Context,
    Default,
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
    constant,
    day,
    known_type,
    yearly_energy,
)
from reen.plugin.arrays import FactorSet
from reen.plugin.rules import (
    ENERGY_COLUMNS,
    Hosting,
    SecondHand,
    second_hand_option,
    states_energy,
    year_option,
)
from reen_plugins.ecodiag.devices import (
    DEVICES,
    NEAREST,
    TYPES,
    Device,
    device_factors,
    electricity_factor,
)
from reen_plugins.ecodiag.devices import (
    ELECTRICITY as CONSTANT,
)
from reen_plugins.ecodiag.models import EcoDiagModels, device_named
from reen_plugins.methods.type_options import check_types

__all__ = ["EcoDiag"]

ITEM = Kind("item", (Stage.EMBEDDED,), "item")
#: Bought is bought, whatever became of it since.
PURCHASED = attrs.evolve(ITEM, preamble=())
ELECTRICITY = Kind(
    "electricity",
    (Stage.USE,),
    "kWh",
    use=True,
    reads=(*ENERGY_COLUMNS, *Hosting.COLUMNS),
)

#: Whose defaults these are, where packs are named.
_SOURCE = "ecodiag"


def _read_models(given: EcoDiagModels | str | Path | None) -> EcoDiagModels | None:
    if given is None or isinstance(given, EcoDiagModels):
        return given
    return EcoDiagModels.read(given)


def _fraction(_: object, attribute: attrs.Attribute[float], value: float) -> None:
    if not 0.0 < value < 1.0:
        message = str(Reason("error_must_lie_between_0_1_0", name=attribute.name))
        raise ValueError(message)


@attrs.frozen(kw_only=True)
class EcoDiag:
    """EcoDiag, stock or flux, with its defaults by type.

    Attributes
    ----------
    mode
        ``stock``: the items in use, spread over their lifetime, with their electricity; ``flux``:
        the purchases of the account year, without electricity.
    damping_period
        In flux, years over which a purchase is spread; the inventory must have the purchases of
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
        Multiplier of the lifetime (or damping period); EcoDiag's objective is 1.5.
    electricity
        ``ecodiag``: 0.084 kgCO2e/kWh everywhere; ``packs``: the factor of the row's country in
        the year of the reference date.
    electricity_year
        With ``electricity=packs``, year of a series: ``latest``, ``exact``, ``nearest``, or a
        year; see `year_option`.
    level
        Probability between the bounds of a factor; EcoDiag shows 0.95, 0.71 and 0.5.
    inverse_erf
        ``exact``, or ``approximate`` for EcoDiag's own approximation.
    types
        Equipment type to EcoDiag type, over the default ones.
    models
        EcoDiag's table of models, or the path of the user's copy (``devices.js``): its figures go
        before those quoted here, and its patterns recognise the models.
    electricity_constant
        With ``electricity=ecodiag``, kgCO2e/kWh in place of 0.084, as EcoDiag's page allows.
    second_hand
        Rule for the manufacturing of second-hand equipment: ``cut-off``, ``years`` or ``half``;
        see `SecondHand`.
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
    models: EcoDiagModels | None = attrs.field(default=None, converter=_read_models)
    electricity_constant: float = attrs.field(default=CONSTANT, validator=attrs.validators.ge(0.0))
    second_hand: str = second_hand_option()

    name = "ecodiag"
    version = "2"
    title = "EcoDiag: carbon of computer equipment, stock or flux"
    reference = "EcoInfo (CNRS), EcoDiag 1.1.0, 2022"

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
        figures = {**DEVICES, **(self.models.devices if self.models else {})}
        for equipment_type, device in self.types.items():
            if device not in figures:
                expected = Reason("error_type_ecodiag", figures=", ".join(figures))
                raise OptionError(self.name, f"types.{equipment_type}", device, expected)
        source = {"source": f"EcoInfo (CNRS), EcoDiag, {self.models}"} if self.models else {}
        return PreparedEcoDiag(
            options=self,
            context=context,
            types={**TYPES, **self.types},
            figures=figures,
            devices=device_factors(
                figures, level=self.level, inverse_erf=self.inverse_erf, **source
            ),
            constant=electricity_factor(self.electricity_constant),
            mixes=Electricity(context, self.electricity_year),
            second_hand=SecondHand(context, self.second_hand),
        )


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PreparedEcoDiag(CaseMethod):
    """`EcoDiag`, ready to answer.

    Attributes
    ----------
    options, context
        The method; packs and reference date.
    types
        EcoDiag type of each equipment type.
    figures
        What EcoDiag says of each of its types and models.
    devices, constant
        Factors of the EcoDiag types, and of its electricity.
    mixes
        Electricity of each place, where the packs are asked for it.
    second_hand
        Who bears the making of what has several owners.
    """

    options: EcoDiag
    context: Context
    types: Mapping[str, str]
    figures: Mapping[str, Device]
    devices: FactorSet
    constant: FactorSet
    mixes: Electricity
    second_hand: SecondHand
    reads: ClassVar[tuple[str, ...]] = (
        *SecondHand.COLUMNS,
        "model",
        "purchase_date",
        "quantity",
        "usage_share",
    )

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds of flow; a flux counts purchases, not their electricity."""
        if self.options.mode == "flux":
            return (PURCHASED, ELECTRICITY.without("mode", "flux"))
        return (ITEM, ELECTRICITY)

    def offers(self, kind: Kind) -> FactorSet | None:
        """Return EcoDiag's own factors."""
        if kind.name == ITEM.name:
            return self.devices
        return self.constant if self.options.electricity == "ecodiag" else None

    # -- manufacture and transport -------------------------------------------------------------

    def item(self, case: Case) -> Exchange | tuple[Exchange, ...]:
        """Return n g / (k d), or n g / (k A) of what was bought in the account period."""
        if self.options.mode == "flux":
            self._purchases(case)
        device = self._device(case)
        flow = ReferenceFlow(
            self.devices.flows[list(self.figures).index(device)],
            "item",
            case.level,
            factors=self.devices,
        )
        if self.options.mode == "flux":
            period = constant("lifetime", self.options.damping_period, "year")
        else:
            period = self._lifetime(case, self.figures[device].lifetime)
        amount = case.quantity * case.usage_share / (self.options.lifetime_factor * period)
        return self.second_hand.of(case, amount * flow)

    def _lifetime(self, case: Case, own: float) -> Amount:
        """Return the row's lifetime, else EcoDiag's for its type, flagged; or EcoDiag's for all."""
        if self.options.lifetimes == "declared":
            return case.number("lifetime", else_=Default(own, "year", pack=_SOURCE))
        return constant("lifetime", own, "year")

    def _purchases(self, case: Case) -> None:
        """Keep the purchases of the account period: year - A < purchase year <= year."""
        if self.options.ignore_years:
            return
        bought, last = case.date("purchase_date"), self.context.as_of.year
        first = last - self.options.damping_period + 1
        if bought is None:
            if not self.options.undated:
                raise Excluded("undated")
            case.assume("taken_as", parameter="purchase_date", value="account_period")
        elif bought < day(dt.date(first, 1, 1)) or bought > day(dt.date(last, 12, 31)):
            if first == last:
                raise Excluded("outside_year", year=last)
            raise Excluded("outside_period", first=first, last=last)

    def _device(self, case: Case) -> str:
        """Return the EcoDiag device of a case, flagged where it is a neighbouring one."""
        device, how = case.of(self.device, "equipment_type", "model")
        if how is Match.APPROXIMATE_MODEL:
            case.assume("of_family", parameter="model", pack=_SOURCE)
        elif how is Match.DEFAULT:
            case.assume("nearest_type", parameter="equipment_type", pack=_SOURCE)
            return device
        case.match(how)
        return device

    def device(self, equipment_type: str | None, model: str | None) -> tuple[str, Match]:
        """Return the EcoDiag device of a type and a model, and how well it answers for them.

        A model that EcoDiag's lists name (``laptop/latitude_7xxx``) is that one; else the first
        whose pattern it holds, in the user's copy; else the type answers, at its default model.
        `Match.DEFAULT` stands for a neighbouring type.

        Raises
        ------
        LeftOut
            The type is not known, or EcoDiag has none for it.
        """
        named = None if model is None else device_named(model, self.figures)
        if named is not None:
            return named, Match.MODEL
        equipment_type = known_type(equipment_type)
        if equipment_type not in self.types:
            raise LeftOut("no_factor", packs=_SOURCE)
        device = self.types[equipment_type]
        if model is not None and self.options.models is not None:
            found = self.options.models.of_model(device.partition("/")[0], model)
            if found is not None:
                return found, Match.APPROXIMATE_MODEL
        nearest = equipment_type in NEAREST and equipment_type not in self.options.types
        return device, Match.DEFAULT if nearest else Match.TYPE

    # -- electricity ---------------------------------------------------------------------------

    def electricity(self, case: Case) -> Exchange:
        """Return n E, of EcoDiag's electricity or of that of the row's country."""
        energy = self._energy(case, self.figures[self._device(case)].energy)
        amount = case.quantity * case.usage_share * energy * self.hosting.effectiveness(case)
        if self.options.electricity == "packs":
            return amount * self.hosting.at(case, self.mixes.mix)
        if self.hosting.at(case, _abroad):
            case.assume("constant_abroad", parameter="electricity", pack=_SOURCE)
        return amount * ReferenceFlow(self.constant.flows[0], "kWh", factors=self.constant)

    def _energy(self, case: Case, own: float) -> Amount:
        """Return the row's yearly energy, else EcoDiag's for its type, flagged; or EcoDiag's."""
        if self.options.energy == "ecodiag":
            return constant("annual_energy", own, "kWh/item/year")
        energy = yearly_energy(case, Default(own, "kWh/item/year", pack=_SOURCE))
        if states_energy(case):
            case.match(Match.DECLARED)
        return energy


def _abroad(country: str | None) -> bool:
    return country not in (None, "FR")
