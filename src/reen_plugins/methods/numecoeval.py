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

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    Reason,
    Shares,
    Stage,
)
from reen_plugins.methods.mixes import Mixes, year_option
from reen_plugins.methods.numecoeval_lookups import NO_MATCH, Hypotheses, Lookups
from reen_plugins.methods.numecoeval_shares import application_shares, machine_shares
from reen_plugins.methods.type_options import no_factor

__all__ = ["NumEcoEval"]

ITEM = FlowKind(
    "item", (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE, Stage.EMBEDDED)
)
ELECTRICITY = FlowKind("electricity", (Stage.USE,))


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
        year; see `mixes.year_option`.
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
        mixes = Mixes.of(context, self.electricity_year)
        lookups = Lookups(context, hypotheses, self.matching, mixes)
        return PreparedNumEcoEval(options=self, context=context, lookups=lookups)


@attrs.frozen(kw_only=True, eq=False)
class PreparedNumEcoEval:
    """`NumEcoEval`, ready to answer."""

    options: NumEcoEval
    context: Context
    lookups: Lookups
    kinds: ClassVar[tuple[FlowKind, ...]] = (ITEM, ELECTRICITY)
    columns: ClassVar[tuple[str, ...]] = (
        "annual_energy",
        "country",
        "datacenter_id",
        "downstream_lifetime",
        "equipment_type",
        "equipment_type_raw",
        "lifetime",
        "model",
        "ownership",
        "purchase_date",
        "quantity",
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
    _flows: tuple[Flow, ...] = attrs.field(init=False)

    @_flows.default
    def _all_flows(self) -> tuple[Flow, ...]:
        return self.context.factors.factors.flows

    # -- equipment ---------------------------------------------------------------------------

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        """Return one item exchange and one electricity exchange per row."""
        item, match = self._reference_item(batch)
        yield self._item(batch, item, match)
        yield self._electricity(batch, item)

    def _reference_item(self, batch: Batch) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
        """Return each row's reference item (-1: none) and where its model decided.

        A model of the matching table whose target has no factor does not fall back to the type.
        """
        by_model = batch.map("model", self.lookups.model_item)
        by_type = batch.map("equipment_type", self.lookups.type_item)
        if batch.has("equipment_type_raw"):
            # reference data may know the type by the very name that the inventory writes
            by_name = batch.map("equipment_type_raw", self.lookups.type_item)
            by_type = np.where(by_name >= 0, by_name, by_type)
        return np.where(by_model == NO_MATCH, by_type, by_model).astype(
            np.int32
        ), by_model != NO_MATCH

    def _shared(self, batch: Batch, assessment: Assessment) -> dict[str, Driver]:
        """Require the quantity; return it with the utilisation rate."""
        assessment.require(
            "quantity", missing=batch.missing("quantity"), invalid=batch.invalid("quantity")
        )
        rate = batch.map("ownership", self.lookups.rate)
        if batch.has("usage_share"):
            own = batch.values("usage_share", "1")
            invalid = batch.invalid("usage_share")
            assessment.leave_out(invalid, Reason("invalid", column="usage_share"))
            blank = batch.missing("usage_share")
            rate = np.where(blank, rate, own)
            assumed = blank & (rate != 1.0)
        else:
            assumed = rate != 1.0
        assessment.assume(assumed, Assumption("rate_of_ownership", parameter="usage_share"))
        return {
            "quantity": Driver(batch.values("quantity", "item"), "item"),
            "usage_share": Driver(rate, "1"),
        }

    def _item(
        self, batch: Batch, item: npt.NDArray[np.int32], by_model: npt.NDArray[np.bool_]
    ) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.TYPE)
        assessment.match(by_model, Match.MODEL)
        drivers = self._shared(batch, assessment)
        assessment.leave_out(item < 0, no_factor(self.context))
        drivers["per_lifetime"] = Driver(1.0 / self._lifetime(batch, assessment), "1/year")
        return self._answer(ITEM, "item", item, drivers, assessment)

    def _lifetime(self, batch: Batch, assessment: Assessment) -> npt.NDArray[np.float64]:
        """Return the retained lifetime of each row, in years.

        Internal life (declared, or days between the dates / 365) + upstream + downstream; else
        the type's default, else the default for everything; never below the floor.
        """
        own = self._internal_lifetime(batch, assessment)
        for name in ("upstream_lifetime", "downstream_lifetime"):
            if batch.has(name):
                assessment.leave_out(batch.invalid(name), Reason("invalid", column=name))
                own = own + np.where(batch.missing(name), 0.0, batch.values(name, "year"))
        by_type = self._by_type(batch, self.lookups.type_lifetime)
        without = np.isnan(own)
        if without.any():
            typed = without & ~np.isnan(by_type)
            assessment.assume(typed, Assumption("default_of_type", parameter="lifetime"))
            own = np.where(typed, by_type, own)
            rest = without & ~typed
            years = self.lookups.hypotheses.lifetime
            if years > 0.0:
                assessment.assume(
                    rest,
                    Assumption("default_of_method", parameter="lifetime", value=years, unit="year"),
                )
                own = np.where(rest, years, own)
            else:
                assessment.leave_out(rest, Reason("no_default", parameter="lifetime"))
        floor = self.options.minimum_lifetime
        short = own < floor
        assessment.assume(short, Assumption("raised_to", parameter="lifetime", minimum=floor))
        retained: npt.NDArray[np.float64] = np.where(short, floor, own)
        assessment.leave_out(retained <= 0.0, Reason("zero_lifetime"))
        return np.where(retained > 0.0, retained, np.nan)

    def _by_type(
        self, batch: Batch, default: Callable[[Sequence[str | None]], npt.NDArray[np.float64]]
    ) -> npt.NDArray[np.float64]:
        """Return a default by type: by the name that the inventory writes, else by its key."""
        found = batch.map("equipment_type", default)
        if batch.has("equipment_type_raw"):
            by_name = batch.map("equipment_type_raw", default)
            found = np.where(np.isnan(by_name), found, by_name)
        return found

    def _internal_lifetime(self, batch: Batch, assessment: Assessment) -> npt.NDArray[np.float64]:
        if self.options.lifetime == "fixed":
            assessment.leave_out(batch.invalid("lifetime"), Reason("invalid", column="lifetime"))
            return batch.values("lifetime", "year")
        bought, retired = batch.dates("purchase_date"), batch.dates("retirement_date")
        running = np.isnat(retired) & ~np.isnat(bought)
        today = Assumption("taken_as", parameter="retirement_date", value="reference_date")
        assessment.assume(running, today)
        end = np.where(np.isnat(retired), self.context.day, retired)
        days = (end - bought).astype("timedelta64[D]").astype(np.float64)
        days = np.where(np.isnat(bought), np.nan, days)
        crossed = Reason("dates_crossed", first="purchase_date", second="retirement_date")
        assessment.leave_out(days < 0.0, crossed)
        return days / 365.0

    def _electricity(self, batch: Batch, item: npt.NDArray[np.int32]) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.DECLARED)
        drivers = self._shared(batch, assessment)
        drivers["annual_energy"] = self._energy(batch, item, assessment)
        hosted = batch.map("datacenter_id", self.lookups.is_known)
        drivers["pue"] = Driver(self._effectiveness(batch, hosted, assessment), "1")
        mix = self._mix(batch, hosted, assessment)
        return self._answer(ELECTRICITY, "kWh", mix, drivers, assessment)

    def _effectiveness(
        self, batch: Batch, hosted: npt.NDArray[np.bool_], assessment: Assessment
    ) -> npt.NDArray[np.float64]:
        applies = hosted
        if self.options.pue_for == "hosted-servers":
            applies = hosted & batch.map("equipment_type", self.lookups.is_server)
        pue = batch.map("datacenter_id", self.lookups.pue)
        default = applies & np.isnan(pue)
        assessment.assume(default, self._default_pue())
        pue = np.where(default, self.lookups.hypotheses.pue, pue)
        return np.where(applies, pue, 1.0)

    def _default_pue(self) -> Assumption:
        pue = self.lookups.hypotheses.pue
        return Assumption("default_of_method", parameter="pue", value=pue, unit="1")

    def _mix(
        self, batch: Batch, hosted: npt.NDArray[np.bool_], assessment: Assessment
    ) -> npt.NDArray[np.int32]:
        """Return the mix where a row is hosted, else that of its country; -1 where there is none.

        A data centre of no country, or one outside the packs in use, takes none of the row's own.
        """
        mixes = self.lookups.mixes
        codes, countries = batch.codes("country")
        assessment.leave_out(~hosted & (codes < 0), Reason("missing", column="country"))
        mixes.leave_out(assessment, np.where(hosted, -1, codes), countries)
        places, centres = batch.codes("datacenter_id")
        self._judge_centres(np.where(hosted, places, -1), centres, assessment)
        mix = np.where(
            hosted,
            batch.map("datacenter_id", self.lookups.hosting_mix),
            batch.map("country", mixes.positions),
        ).astype(np.int32)
        mixes.flag(assessment, mix)
        return mix

    def _judge_centres(
        self,
        codes: npt.NDArray[np.signedinteger],
        centres: Sequence[str],
        assessment: Assessment,
    ) -> None:
        """Leave out what known data centres host in a country that is unknown or has no mix."""
        for code in np.flatnonzero(self.lookups.hosting_mix(centres) < 0).tolist():
            centre = self.context.datacenters.get(centres[code])
            if centre is not None:
                why = Reason("missing", column="country")
                if centre.country:
                    why = self.lookups.mixes.why_none(centre.country)
                assessment.leave_out(codes == code, why)

    def _energy(self, batch: Batch, item: npt.NDArray[np.int32], assessment: Assessment) -> Driver:
        """Return the row's yearly energy, else its reference item's, else its type's default."""
        energy = batch.values("annual_energy", "kWh/item/year")
        missing = batch.missing("annual_energy")
        invalid = batch.invalid("annual_energy")
        assessment.leave_out(invalid, Reason("invalid", column="annual_energy"))
        if missing.any():
            of_item = np.append(self.lookups.item_energies(), np.nan)[item]
            of_type = self._by_type(batch, self.lookups.type_energy)
            reference = np.where(np.isnan(of_item), of_type, of_item)
            energy = np.where(missing, reference, energy)
            taken = missing & ~np.isnan(energy)
            of_reference = Assumption("of_reference_item", parameter="annual_energy")
            assessment.assume(taken, of_reference)
            assessment.match(taken, Match.TYPE)
        assessment.leave_out(np.isnan(energy), Reason("no_default", parameter="annual_energy"))
        return Driver(energy, "kWh/item/year")

    def _answer(
        self,
        kind: FlowKind,
        unit: str,
        flow: npt.NDArray[np.int32],
        drivers: Mapping[str, Driver],
        assessment: Assessment,
    ) -> Exchanges:
        outcomes, outcome = assessment.result()
        return Exchanges(
            kind=kind,
            flows=self._flows,
            flow=assessment.flow(flow),
            drivers=drivers,
            reference_unit=unit,
            outcomes=outcomes,
            outcome=outcome,
        )

    # -- virtual machines and applications -----------------------------------------------------

    def machine_shares(self, machines: Batch, hosts: npt.NDArray[np.int64]) -> Shares:
        """Return the share of its host that each machine gets."""
        return machine_shares(machines, hosts, equal_share=self.options.equal_share)

    def application_shares(self, applications: Batch, machines: npt.NDArray[np.int64]) -> Shares:
        """Return the part of its machine that each application row gets."""
        return application_shares(applications, machines)

    def machine_exchanges(self, machines: Batch, datacenters: Sequence[str]) -> Iterable[Exchanges]:
        """Return the use stage of machines that declare their own energy.

        Energy x mix x PUE of the host's data centre; nothing for the other machines.
        """
        rows = np.flatnonzero(
            ~machines.missing("annual_energy") & ~machines.invalid("annual_energy")
        )
        if not len(rows):
            return
        names = [datacenters[row] or None for row in rows.tolist()]
        mix, pue = self.lookups.hosting_mix(names), self.lookups.pue(names)
        assessment = Assessment(len(rows), match=Match.DECLARED)
        missing, invalid = machines.missing("quantity"), machines.invalid("quantity")
        assessment.require("quantity", missing=missing[rows], invalid=invalid[rows])
        assessment.leave_out(~self.lookups.is_known(names), Reason("no_datacenter"))
        centres = sorted({name for name in names if name is not None})
        at = {name: code for code, name in enumerate(centres)}
        codes = np.array([-1 if name is None else at[name] for name in names], np.int64)
        self._judge_centres(codes, centres, assessment)
        self.lookups.mixes.flag(assessment, mix)
        default = np.isnan(pue)
        assessment.assume(default, self._default_pue())
        answer = self._answer(
            ELECTRICITY,
            "kWh",
            mix,
            {
                "quantity": Driver(machines.values("quantity", "item")[rows], "item"),
                "annual_energy": Driver(
                    machines.values("annual_energy", "kWh/item/year")[rows], "kWh/item/year"
                ),
                "pue": Driver(np.where(default, self.lookups.hypotheses.pue, pue), "1"),
            },
            assessment,
        )
        yield attrs.evolve(answer, row=rows)
