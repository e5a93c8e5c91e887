"""NumEcoEval: the yearly multi-criteria footprint of an information system.

The rules of the French ministry's engine, as published with its programming interfaces and seen in
its outputs (the page "From NumEcoEval or G4IT" says for each whether it is published, observed or
inferred).  With Q items, F the factor of one item for a stage and criterion, u the utilisation
rate, L the retained lifetime in years, E the yearly energy of one item, M the electricity mix:

    manufacturing, distribution, end of life    Q F u / L
    use                                         Q E M u

M is the mix of the data centre's country times its PUE when the equipment is hosted, that of the
country of use otherwise.  An error concerns one item and stage only, and is left out, never
counted as zero.

Matching is exact: the model in the matching table, else the type's default item.  Virtual machines
get their host's impact by explicit share, vCPU or storage; applications an equal part of their
machine's (see `numecoeval_shares`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Literal

import attrs
import numpy as np
import numpy.typing as npt

from reen.plugin import (
    ENERGY_COLUMNS,
    Amount,
    Batch,
    Case,
    CaseMethod,
    Context,
    Default,
    Electricity,
    Exchange,
    Exchanges,
    Floats,
    Kind,
    LeftOut,
    Match,
    ReferenceFlow,
    Shares,
    Stage,
    State,
    constant,
    day,
    year_option,
    yearly_energy,
)
from reen_plugins.methods.numecoeval_hypotheses import Centre, Hypotheses
from reen_plugins.methods.numecoeval_machines import ELECTRICITY, machine_exchanges
from reen_plugins.methods.numecoeval_shares import application_shares, machine_shares
from reen_plugins.methods.type_options import no_factor

__all__ = ["NumEcoEval"]

# the engine knows no status, and has a rate of utilisation of its own
ITEM = Kind(
    "item",
    (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE, Stage.EMBEDDED),
    "item",
    preamble=("quantity",),
)


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
        Years when neither the row nor its type says; the reference data's hypothesis when absent,
        else 2; 0 leaves such rows out.
    default_pue
        PUE of a data centre that gives none; the reference data's hypothesis when absent, else
        1.75.
    pue_for
        ``hosted-servers``: equipment hosted in a data centre and of a server type (every observed
        output fits it); ``hosted``: whatever is hosted.
    cope_rate, byod_rate
        Utilisation rate of corporate devices with personal use (COPE) and of personal ones (BYOD)
        when the row has no `usage_share`; the reference data's hypotheses when absent, else 0.8
        and 0.57.
    equal_share
        Whether machines of a host without usable keys get equal parts of it.
    electricity_year
        Which year of a series of electricity serves: ``latest``, ``exact``, ``nearest``, or a
        year; see `year_option`.
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
    cope_rate: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.ge(0.0))
    )
    byod_rate: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.ge(0.0))
    )
    equal_share: bool = False
    electricity_year: str = year_option()
    matching: Mapping[str, str] = attrs.field(factory=dict, converter=dict)

    name: ClassVar[str] = "numecoeval"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "NumEcoEval: yearly footprint of an information system"
    reference: ClassVar[str] = "NumEcoEval (M4G, French ministry for the ecological transition)"
    packs: ClassVar[tuple[str, ...]] = (
        "ademe-numerique",
        "electricity-france",
        "electricity-world",
        "equipment-defaults",
    )

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
        return PreparedNumEcoEval(
            options=self,
            context=context,
            hypotheses=hypotheses,
            mixes=Electricity(context, self.electricity_year),
        )


@attrs.frozen(kw_only=True, eq=False)
class PreparedNumEcoEval(CaseMethod):
    """`NumEcoEval`, ready to answer.

    Attributes
    ----------
    options, context
        The method; packs, data centres and reference date.
    hypotheses
        Values that stand in for what the data do not say.
    mixes
        Electricity of each place.
    """

    options: NumEcoEval
    context: Context
    hypotheses: Hypotheses
    mixes: Electricity
    kinds = (ITEM, ELECTRICITY)
    reads: ClassVar[tuple[str, ...]] = (
        *ENERGY_COLUMNS,
        "country",
        "datacenter_id",
        "downstream_lifetime",
        "equipment_type",
        "equipment_type_raw",
        "lifetime",
        "model",
        "ownership",
        "purchase_date",
        "retirement_date",
        "upstream_lifetime",
        "usage_share",
    )
    machine_columns: ClassVar[tuple[str, ...]] = (
        "allocation_share",
        "annual_energy",
        "host_id",
        "kind",
        "quantity",
        "storage",
        "vcpu",
    )
    application_columns: ClassVar[tuple[str, ...]] = ("share", "virtual_machine_id")

    # -- what answers for a row ----------------------------------------------------------------

    def _reference(self, case: Case) -> ReferenceFlow | None:
        """Return the reference item of a case: of its model, else of its type; None for none.

        Reference data may know the type by the very name that the inventory writes.  A model of
        the matching table whose target has no factor does not fall back to the type.
        """
        named, flow = case.of(self.by_model, "model")
        if named:
            return flow
        by_name = case.of(self.packs.by_type, "equipment_type_raw")
        return by_name or case.of(self.packs.by_type, "equipment_type")

    def by_model(self, model: str | None) -> tuple[bool, ReferenceFlow | None]:
        """Return whether a model is matched by name, and to which flow."""
        target = self.options.matching.get(model or "")
        library = self.context.factors
        position = library.by_model(model or "") if target is None else library.by_id(target)
        return position is not None, self.packs.flow(position, Match.MODEL)

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

    def item(self, case: Case) -> Exchange:
        """Return Q F u / L."""
        amount = case.quantity * self._rate(case)
        flow = self._reference(case)
        if flow is None:
            raise LeftOut.because(no_factor(self.context))
        return amount / self._retained(case) * flow

    def _retained(self, case: Case) -> Amount:
        """Return the retained lifetime.

        Internal life (declared, or days between the dates / 365) + upstream + downstream; else
        the type's default, else the default for everything; never below the floor.
        """
        lifetime = self._internal(case)
        for name in ("upstream_lifetime", "downstream_lifetime"):
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
        asked = self.packs.lifetime if parameter == "lifetime" else self.packs.annual_energy
        return case.of(asked, "equipment_type_raw") or case.of(asked, "equipment_type")

    # -- use -----------------------------------------------------------------------------------

    def electricity(self, case: Case) -> Exchange:
        """Return Q E u, times the PUE where it is hosted, of the mix of its place."""
        amount = case.quantity * self._rate(case) * self._energy(case)
        centre = case.of(self.centre, "datacenter_id")
        amount *= self._effectiveness(case, centre)
        if centre is None:
            return amount * case.of(self.mixes.mix, "country")
        # a data centre of no country takes none of the row's own
        return amount * self.mixes.mix(centre.country)

    def centre(self, identifier: str | None) -> Centre | None:
        """Return the data centre of an identifier, None for one that the inventory lacks."""
        found = self.context.datacenters.get(identifier or "")
        return None if found is None else Centre.of(found)

    def _effectiveness(self, case: Case, centre: Centre | None) -> Amount:
        """Return the PUE of what is hosted; of servers only, unless an option says otherwise."""
        if centre is None or (
            self.options.pue_for == "hosted-servers"
            and not case.of(self.is_server, "equipment_type")
        ):
            return constant("pue", 1.0, "1")
        if centre.pue is not None:
            return constant("pue", centre.pue, "1")
        pue = self.hypotheses.pue
        case.assume("default_of_method", parameter="pue", value=pue, unit="1")
        return constant("pue", pue, "1")

    def is_server(self, equipment_type: str | None) -> bool:
        """Tell whether a type is a server."""
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
            of_item = None if flow is None else self.packs.annual_energy(flow.key.id)
            found = of_item or self._by_type(case, "annual_energy")
            return None if found is None else attrs.evolve(found, code="of_reference_item")

        return yearly_energy(case, otherwise)

    # -- virtual machines and applications -----------------------------------------------------

    def machine_shares(self, machines: Batch, hosts: npt.NDArray[np.int64]) -> Shares:
        """Return the share of its host that each machine gets."""
        return machine_shares(machines, hosts, equal_share=self.options.equal_share)

    def application_shares(self, applications: Batch, machines: npt.NDArray[np.int64]) -> Shares:
        """Return the part of its machine that each application row gets."""
        return application_shares(applications, machines)

    def machine_exchanges(self, machines: Batch, datacenters: Sequence[str]) -> Iterable[Exchanges]:
        """Return the use stage of machines that declare their own energy."""
        return machine_exchanges(self, machines, datacenters)


def _years_between(bought: Floats, retired: Floats) -> Floats:
    """Return the years of 365 days between dates given as days since 1970."""
    days: Floats = retired - bought
    return days / 365.0
