"""NumEcoEval: the yearly multi-criteria footprint of an information system.

The rules of the French ministry's engine, as published with its programming interfaces and seen in
its outputs (the page "From NumEcoEval or G4IT" says for each whether it is published, observed or
inferred).  With Q items, F the factor of one item for a stage and criterion, u the utilisation
rate, L the retained lifetime in years, E the yearly energy of one item, M the electricity mix:

    manufacturing, distribution, end of life    Q F u / L
    use                                         Q E M u

M is the mix of the data centre's country times its PUE for a server in a data centre, that of the
country of use otherwise.  An error concerns one item and stage only, and is left out, never
counted as zero.  A reference set is the authority: what it lacks is an error, unless an option
says that the open packs complete it (see `numecoeval_reference_set`).

Matching is exact: the model in the matching table, else the type's default item.  Virtual machines
get their host's impact by explicit share, else by what they have of the vCPU or of the storage of
all machines of the host; applications an equal part of their machine's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar, Literal

import attrs

from reen.plugin import (
    Amount,
    Case,
    Context,
    Default,
    Electricity,
    Exchange,
    Kind,
    LeftOut,
    Match,
    ReferenceFlow,
    Stage,
    State,
    constant,
    day,
    yearly_energy,
)
from reen.plugin.arrays import Floats
from reen.plugin.rules import (
    ENERGY_COLUMNS,
    AllocatingCaseMethod,
    Centre,
    SecondHand,
    name_unused,
    second_hand_option,
    year_option,
)
from reen_plugins.methods.type_options import no_factor
from reen_plugins.numecoeval.reference_set import Hypotheses, ReferenceSet

__all__ = ["NumEcoEval"]

# the engine knows no status, and has a rate of utilisation of its own
ITEM = Kind(
    "item",
    (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE, Stage.EMBEDDED),
    "item",
    preamble=("quantity",),
)
ELECTRICITY = Kind(
    "electricity", (Stage.USE,), "kWh", use=True, match=Match.DECLARED, preamble=("quantity",)
)

#: What a machine has of its host, by kind of machine.
_KEYS = {"compute": ("vcpu", "1"), "storage": ("storage", "GB")}


@attrs.frozen(kw_only=True)
class NumEcoEval:
    """Rules of the NumEcoEval engine.

    Attributes
    ----------
    lifetime
        ``fixed``: the declared lifetime; ``real``: retirement (else the reference date) minus
        purchase, in days / 365.
    minimum_lifetime
        Floor of the retained lifetime in years; 0 for none.  Documented at 1, though an older
        output divides by less.
    default_lifetime
        Lifetime in years if neither the row nor its type gives one; the reference data's
        hypothesis when absent, else 2; 0 leaves such rows out.
    default_pue
        PUE of a data centre that gives none; the reference data's hypothesis when absent, else
        1.75.
    pue_for
        ``hosted-servers``: equipment hosted in a data centre and of a type that the reference set
        flags as a server, else reen's taxonomy (every observed output fits it); ``hosted``:
        whatever is hosted.
    hosted_mix
        Electricity of hosted equipment that is not a server: ``own``, of the country of the row,
        as in engine 1.0; ``datacenter``, of the country of its data centre, as in G4IT.
    open_completion
        Whether the open packs complete a reference set: electricity of a country, yearly energy
        and lifetime of a type.  Otherwise such items are left out, where the engine writes an
        error.
    second_hand
        Rule for the manufacturing of second-hand equipment.  ``engine``: the lives before and
        after are added to the lifetime, even for new equipment; else the rules of `SecondHand`.
    cope_rate, byod_rate
        Utilisation rate of corporate devices with personal use (COPE) and of personal ones (BYOD)
        when the row has no `usage_share`; the reference data's hypotheses when absent, else 0.8
        and 0.57.
    equal_share
        Whether machines of a host without usable keys get equal parts of it.
    electricity_year
        Year of a series of electricity: ``latest``, ``exact``, ``nearest``, or a year; see
        `year_option`.
    matching
        Model to reference item id, before the type's default.
    """

    lifetime: Literal["fixed", "real"] = attrs.field(
        default="fixed", validator=attrs.validators.in_(("fixed", "real"))
    )
    minimum_lifetime: float = attrs.field(default=1.0, validator=attrs.validators.ge(0.0))
    default_lifetime: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.ge(0.0))
    )
    default_pue: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.ge(1.0))
    )
    pue_for: Literal["hosted-servers", "hosted"] = attrs.field(
        default="hosted-servers", validator=attrs.validators.in_(("hosted-servers", "hosted"))
    )
    hosted_mix: Literal["own", "datacenter"] = attrs.field(
        default="own", validator=attrs.validators.in_(("own", "datacenter"))
    )
    open_completion: bool = False
    second_hand: str = second_hand_option("engine")
    cope_rate: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.ge(0.0))
    )
    byod_rate: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.ge(0.0))
    )
    equal_share: bool = False
    electricity_year: str = year_option()
    matching: Mapping[str, str] = attrs.field(factory=dict, converter=dict)

    name = "numecoeval"
    version = "2"
    title = "NumEcoEval: yearly footprint of an information system"
    reference = "NumEcoEval (M4G, French ministry for the ecological transition)"
    packs = (
        "ademe-numerique",
        "electricity-france",
        "electricity-world",
        "equipment-defaults",
    )

    def title_on(self, packs: Collection[str]) -> str:
        """Return the title of a measurement by some packs: without a reference set, it says so."""
        if set(packs) <= set(self.packs):
            return f"{self.title}, on open factors: no reference set"
        return self.title

    def prepare(self, context: Context) -> PreparedNumEcoEval:
        """Return the method ready to answer."""
        hypotheses = Hypotheses.settle(
            {
                "lifetime": self.default_lifetime,
                "pue": self.default_pue,
                "cope_rate": self.cope_rate,
                "byod_rate": self.byod_rate,
            },
            context,
        )
        own = frozenset() if self.open_completion else frozenset(self.packs)
        reference = ReferenceSet.of(context, own)
        return PreparedNumEcoEval(
            options=self,
            context=context,
            hypotheses=hypotheses,
            reference=reference,
            mixes=Electricity(reference.of_mixes, self.electricity_year),
            second_hand=SecondHand(context, self.second_hand),
        )


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PreparedNumEcoEval(AllocatingCaseMethod):
    """`NumEcoEval`, ready to answer.

    Attributes
    ----------
    options, context
        The method; packs, data centres and reference date.
    hypotheses
        Values that stand in for what the data do not say.
    reference
        What the reference set says, else the packs in use.
    mixes
        Electricity of each place.
    second_hand
        Who bears the making of what has several owners, but for ``engine``.
    """

    options: NumEcoEval
    context: Context
    hypotheses: Hypotheses
    reference: ReferenceSet
    mixes: Electricity
    second_hand: SecondHand
    kinds = (ITEM, ELECTRICITY)
    reads: ClassVar[tuple[str, ...]] = (
        *ENERGY_COLUMNS,
        "country",
        "datacenter_id",
        *SecondHand.COLUMNS,
        "equipment_type_raw",
        "model",
        "ownership",
        "purchase_date",
        "retirement_date",
        "usage_share",
    )
    machine_reads: ClassVar[tuple[str, ...]] = (
        "allocation_share",
        "annual_energy",
        "datacenter_id",
        "host.datacenter_id",
        "host.id",
        "host_id",
        "kind",
        "quantity",
        "storage",
        "vcpu",
    )
    application_reads: ClassVar[tuple[str, ...]] = (
        "machine.id",
        "share",
        "virtual_machine_id",
    )

    # -- what answers for a row ----------------------------------------------------------------

    def _reference(self, case: Case) -> ReferenceFlow | None:
        """Return the reference item of a case: of its model, else of its type; None for none.

        Reference data may know the type by the very name that the inventory writes.  A model of
        the matching table whose target has no factor does not fall back to the type.
        """
        named, flow = case.of(self.by_model, "model")
        if named:
            return flow
        by_name = case.of(self.reference.packs.by_type, "equipment_type_raw")
        return by_name or case.of(self.reference.packs.by_type, "equipment_type")

    def by_model(self, model: str | None) -> tuple[bool, ReferenceFlow | None]:
        """Return whether a model is matched by name, and to which flow."""
        target = self.options.matching.get(model or "")
        packs = self.reference.packs
        library = packs.context.factors
        position = library.by_model(model or "") if target is None else library.by_id(target)
        return position is not None, packs.flow(position, Match.MODEL)

    def _rate(self, case: Case) -> Amount:
        """Return the utilisation rate: the row's share of use, else that of its ownership."""
        if case.has("usage_share"):
            return case.number("usage_share", else_=lambda: self._rate_of_ownership(case))
        return self._rate_of_ownership(case)

    def _rate_of_ownership(self, case: Case) -> Amount:
        rate = case.of(self.rate, "ownership")
        if rate != 1.0:
            case.assume("rate_of_ownership", parameter="usage_share")
        return constant("usage_share", rate, "1")

    def rate(self, ownership: str | None) -> float:
        """Return the utilisation rate of an ownership."""
        known = {
            "corporate_personal_use": self.hypotheses.cope_rate,
            "personal": self.hypotheses.byod_rate,
        }
        return known.get(ownership or "", 1.0)

    # -- making and end of life ----------------------------------------------------------------

    def item(self, case: Case) -> Exchange | tuple[Exchange, ...]:
        """Return Q F u / L."""
        amount = case.quantity * self._rate(case)
        flow = self._reference(case)
        if flow is None:
            raise LeftOut.because(no_factor(self.context))
        made = amount / self._retained(case) * flow
        if self.options.second_hand != "engine":
            return self.second_hand.of(case, made)
        name_unused(case, "reconditioned")
        return made

    def _retained(self, case: Case) -> Amount:
        """Return the retained lifetime.

        Internal life (declared, or days between the dates / 365) + upstream + downstream; else
        the type's default, else the default for everything; never below the floor.
        """
        lifetime = self._internal(case)
        added = ("upstream_lifetime", "downstream_lifetime")
        for name in added if self.options.second_hand == "engine" else ():
            if case.state(name) is not State.BLANK:
                more = case.number(name)
                lifetime = None if lifetime is None else lifetime + more
        if lifetime is None:
            lifetime = self._default_lifetime(case)
        floor = self.options.minimum_lifetime
        if lifetime < floor:
            case.assume("raised_to", parameter="lifetime", minimum=floor)
            lifetime = constant("lifetime", floor, "year")
        if lifetime <= 0.0:
            raise LeftOut("zero_lifetime")
        return lifetime

    def _internal(self, case: Case) -> Amount | None:
        """Return the life inside the organisation, None when it is not known."""
        if self.options.lifetime == "fixed":
            return None if case.state("lifetime") is State.BLANK else case.lifetime
        bought, retired = case.date("purchase_date"), case.date("retirement_date")
        if bought is None:
            return None
        if retired is None:
            case.assume("taken_as", parameter="retirement_date", value="reference_date")
            retired = day(self.context.as_of)
        if bought > retired:
            raise LeftOut("dates_crossed", first="purchase_date", second="retirement_date")
        return case.derived("lifetime", "year", _years_between, bought, retired)

    def _default_lifetime(self, case: Case) -> Amount:
        by_type = self._by_type(case, "lifetime")
        if by_type is not None:
            return case.stand_in("lifetime", by_type)
        years = self.hypotheses.lifetime
        if years <= 0.0:
            raise LeftOut("no_default", parameter="lifetime")
        case.assume("default_of_method", parameter="lifetime", value=years, unit="year")
        return constant("lifetime", years, "year")

    def _by_type(self, case: Case, parameter: str) -> Default | None:
        """Return a default by type: by the name that the inventory writes, else by its key."""
        packs = self.reference.packs
        asked = packs.lifetime if parameter == "lifetime" else packs.annual_energy
        return case.of(asked, "equipment_type_raw") or case.of(asked, "equipment_type")

    # -- use -----------------------------------------------------------------------------------

    def electricity(self, case: Case) -> Exchange:
        """Return Q E u, times the PUE where it is hosted, of the mix of its place."""
        amount = case.quantity * self._rate(case) * self._energy(case)
        centre = case.of(self.centre, "datacenter_id")
        bears = centre is not None and (self.options.pue_for == "hosted" or self._is_server(case))
        if centre is None or not bears:
            amount *= constant("pue", 1.0, "1")
        else:
            amount *= self._effectiveness(case, centre)
        if centre is None or not (bears or self.options.hosted_mix == "datacenter"):
            return amount * case.of(self.mixes.mix, "country")
        return amount * self._mix_of(centre)

    def centre(self, identifier: str | None) -> Centre | None:
        """Return the data centre of an identifier, None for one that the inventory lacks."""
        found = self.hosting.centre(identifier)
        return found if found is not None and found.known else None

    def _mix_of(self, centre: Centre) -> ReferenceFlow:
        """Return the mix of a data centre; one of no country takes none of the row's own."""
        centre.refuse_invalid("country")
        return self.mixes.mix(centre.country)

    def _effectiveness(self, case: Case, centre: Centre) -> Amount:
        """Return the PUE of a data centre, else the hypothesis, flagged."""
        centre.refuse_invalid("pue")
        if centre.pue is not None:
            return constant("pue", centre.pue, "1")
        pue = self.hypotheses.pue
        case.assume("default_of_method", parameter="pue", value=pue, unit="1")
        return constant("pue", pue, "1")

    def _is_server(self, case: Case) -> bool:
        """Tell whether a case is a server: as the reference set flags its type, if it does any."""
        flag = case.of(self.reference.server, "equipment_type_raw")
        if flag is None:
            flag = case.of(self.reference.server, "equipment_type")
        if flag is None and not self.reference.flags_servers:
            return case.of(self.is_server, "equipment_type")
        return bool(flag)

    def is_server(self, equipment_type: str | None) -> bool:
        """Tell whether a type is a server by reen's taxonomy."""
        types = self.context.equipment_types
        return equipment_type is not None and (
            equipment_type in types and types[equipment_type].is_server
        )

    def _energy(self, case: Case) -> Amount:
        """Return the row's yearly energy, else its reference item's, else its type's default.

        A row may say its energy as power and hours, which the engine's files have no column for.
        """

        def otherwise() -> Default | None:
            flow = self._reference(case)
            of_item = None if flow is None else self.reference.packs.annual_energy(flow.key.id)
            found = of_item or self._by_type(case, "annual_energy")
            return None if found is None else attrs.evolve(found, code="of_reference_item")

        return yearly_energy(case, otherwise)

    # -- virtual machines and applications -----------------------------------------------------

    def machine_share(self, case: Case) -> Amount:
        """Return the share of its host that a machine gets.

        The explicit share; else what it has of the vCPU (of the storage, for a machine of
        storage) of all machines of the host, whatever their kind.  A blank or zero value on one of
        them disables that key for the whole host.  Shares of one host are not made to add up to 1:
        what they leave or exceed is reported beside the result.
        """
        if not case.given("host.id"):
            raise LeftOut("unknown_host" if case.given("host_id") else "no_host")
        case.refuse_invalid("allocation_share")
        if case.given("allocation_share"):
            return case.number("allocation_share")
        key = _KEYS.get(case.word("kind") or "")
        if self.options.equal_share:
            equal = case.part("", of="host.id")
            return equal if key is None else case.part(*key, of="host.id", else_=equal)
        if key is None:
            raise LeftOut("no_key")
        return case.part(*key, of="host.id")

    def machine_electricity(self, case: Case) -> Exchange | None:
        """Return the use of a machine that declares its energy, None of the others.

        Energy x mix x PUE of the data centre of its host, else of its own.
        """
        if case.state("annual_energy") is State.BLANK:
            return None
        amount = case.quantity * case.number("annual_energy", "kWh/item/year")
        of_host = case.of(self.centre, "host.datacenter_id")
        centre = of_host or case.of(self.centre, "datacenter_id")
        if centre is None:
            raise LeftOut("no_datacenter")
        return amount * self._effectiveness(case, centre) * self._mix_of(centre)

    def application_share(self, case: Case) -> Amount:
        """Return the share of the row, else an equal part of its machine."""
        if not case.given("machine.id"):
            raise LeftOut("unknown_machine" if case.given("virtual_machine_id") else "no_machine")
        return case.number("share", else_=lambda: case.part("", of="machine.id"))


def _years_between(bought: Floats, retired: Floats) -> Floats:
    """Return the years of 365 days between dates given as days since 1970."""
    days: Floats = retired - bought
    return days / 365.0
