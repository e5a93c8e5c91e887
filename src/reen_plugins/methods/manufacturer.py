"""Manufacturer: the carbon footprint sheets of the models, electricity counted where it is used.

With n items, T the footprint of a model's sheet over its whole life and u the share of its use
stage, L the organisation's own lifetime, E the yearly energy of the sheet, m the electricity factor
of the country and year:

    manufacturing, distribution, end of life    n T (1 - u) / L, by stage where the sheet tells
    use                                         n E m

A sheet without yearly energy has one that is implied: T u / (L' m'), with L' the lifetime of the
sheet and m' the electricity factor that sheets for its location count with.  Models are matched by
name (see `reen.ModelMatcher`), else counted with the median of their type, flagged.

The sheets are the user's copy: none is shipped.  The algebra is ours (inferred, see the page of the
methods); the sheets are those of the Boavizta data set, whose authors advise against comparing
makers and against precise conclusions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
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
    MatchingTable,
    ModelMatcher,
    OptionError,
    Reason,
    Remarks,
    Stage,
)
from reen_plugins.methods.manufacturer_lookups import Lookups, Matched
from reen_plugins.methods.manufacturer_remarks import remarks_of
from reen_plugins.methods.mixes import Mixes, year_option

__all__ = ["Manufacturer"]

ITEM = FlowKind(
    "item", (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE, Stage.EMBEDDED)
)
ELECTRICITY = FlowKind("electricity", (Stage.USE,))

_NO_SHEETS = (
    "sheets of models, of which none is shipped (ODbL). Get boavizta-data-fr.csv or"
    " boavizta-data-us.csv from https://github.com/Boavizta/environmental-footprint-data, or make a"
    " table with its columns, and give the file: factors=['boavizta-data-fr.csv'], or"
    " --factors boavizta-data-fr.csv"
)


def _read_table(given: MatchingTable | str | Path | None) -> MatchingTable | None:
    if given is None or isinstance(given, MatchingTable):
        return given
    return MatchingTable.read(given)


@attrs.frozen(kw_only=True)
class Manufacturer:
    """Carbon footprint sheets of models, and the electricity of use where it is used.

    Attributes
    ----------
    approximate
        Whether a model may be matched to the most alike name of its maker, numbers being the same;
        needs rapidfuzz (``pip install 'reen[match]'``).
    threshold
        Likeness of names, 0 to 100, from which an approximate match is accepted.
    matching
        Matching table, or its path: what a person wrote there goes first (see ``reen match``).
    median
        Whether a model without a sheet is counted with the median of its type, flagged; else it is
        left out.
    energy
        ``declared``: the row's yearly energy, else the sheet's; ``sheet``: the other way round.
    implied
        Whether a sheet without yearly energy is given the one that its use stage implies, flagged;
        else the default of the type.
    electricity_year
        Which year of a series of electricity serves: ``latest``, ``exact``, ``nearest``, or a
        year; see `mixes.year_option`.
    """

    approximate: bool = True
    threshold: float = attrs.field(
        default=90.0, validator=[attrs.validators.ge(0.0), attrs.validators.le(100.0)]
    )
    matching: MatchingTable | None = attrs.field(default=None, converter=_read_table)
    median: bool = True
    energy: Literal["declared", "sheet"] = attrs.field(
        default="declared", validator=attrs.validators.in_(("declared", "sheet"))
    )
    implied: bool = True
    electricity_year: str = year_option()

    name: ClassVar[str] = "manufacturer"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Manufacturers' carbon footprint sheets, use stage counted where it is"
    reference: ClassVar[str] = "Product carbon footprints of manufacturers; Boavizta data set"
    packs: ClassVar[tuple[str, ...]] = (
        "electricity-france",
        "electricity-world",
        "equipment-defaults",
    )

    def prepare(self, context: Context) -> PreparedManufacturer:
        """Index the models of the sheets in use.

        Raises
        ------
        OptionError
            No pack in use has the sheet of a model.
        MissingExtraError
            `approximate` is on and rapidfuzz is not installed.
        SchemaError
            The matching table names a flow that is not there.
        """
        if not any(text.model for text in context.factors.factors.descriptions):
            raise OptionError(self.name, "factors", "", _NO_SHEETS)
        matcher = ModelMatcher.of(
            context.factors,
            threshold=self.threshold,
            approximate=self.approximate,
            table=self.matching,
        )
        mixes = Mixes.of(context, self.electricity_year)
        lookups = Lookups(context, matcher, self.median, self.implied, mixes)
        return PreparedManufacturer(options=self, context=context, lookups=lookups)


@attrs.frozen(kw_only=True, eq=False)
class PreparedManufacturer:
    """`Manufacturer`, ready to answer."""

    options: Manufacturer
    context: Context
    lookups: Lookups
    kinds: ClassVar[tuple[FlowKind, ...]] = (ITEM, ELECTRICITY)
    columns: ClassVar[tuple[str, ...]] = (
        "annual_energy",
        "country",
        "equipment_type",
        "lifetime",
        "manufacturer",
        "model",
        "quantity",
        "status",
        "usage_share",
    )
    _flows: tuple[Flow, ...] = attrs.field(init=False)

    @_flows.default
    def _all_flows(self) -> tuple[Flow, ...]:
        return self.context.factors.factors.flows

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        """Return one item exchange and one electricity exchange per row."""
        matched = self.lookups.matched(batch)
        yield self._item(batch, matched)
        yield self._electricity(batch, matched)

    def remarks(self, batch: Batch) -> Iterable[Remarks]:
        """Return which sheet answers for each row, and how it was found."""
        yield remarks_of(batch, self.lookups)

    def _shared(self, batch: Batch, assessment: Assessment) -> dict[str, Driver]:
        """Require quantity and usage share; return them as drivers."""
        drivers = {}
        for name, unit in (("quantity", "item"), ("usage_share", "1")):
            if name == "quantity" or batch.has(name):
                assessment.require(name, missing=batch.missing(name), invalid=batch.invalid(name))
                drivers[name] = Driver(batch.values(name, unit), unit)
        return drivers

    # -- all stages but use ----------------------------------------------------------------------

    def _item(self, batch: Batch, matched: Matched) -> Exchanges:
        assessment = Assessment(len(batch))
        self.context.status_rule.apply(batch, assessment)
        for level in (Match.MODEL, Match.APPROXIMATE_MODEL, Match.TYPE):
            assessment.match(matched.level == level, level)
        drivers = self._shared(batch, assessment)
        self._judge(batch, matched, assessment)
        lifetime = self._lifetime(batch, matched, assessment)
        drivers["per_lifetime"] = Driver(1.0 / lifetime, "1/year")
        return self._answer(ITEM, "item", matched.flow, drivers, assessment)

    def _judge(self, batch: Batch, matched: Matched, assessment: Assessment) -> None:
        """Say how rows were matched, or why they were not."""
        without = matched.flow < 0
        assessment.leave_out(without & batch.missing("model"), Reason("missing", column="model"))
        assessment.leave_out(without & matched.set_aside, Reason("sheet_set_aside"))
        assessment.leave_out(without & matched.by_hand, Reason("refused_by_hand"))
        assessment.leave_out(without, Reason("no_sheet"))
        near = matched.level == Match.APPROXIMATE_MODEL
        for low, high in self.lookups.bands:
            inside = near & (matched.score >= low) & (matched.score < high)
            alike = Assumption("approximate_model", parameter="model", low=low, high=high)
            assessment.assume(inside, alike)
        by_hand = matched.by_hand & (matched.level == Match.MODEL)
        assessment.assume(by_hand, Assumption("by_hand", parameter="model"))
        medians = self.lookups.medians[matched.flow]
        assessment.assume(medians, Assumption("median_of_type", parameter="model"))
        poor = self.lookups.low_quality[matched.flow]
        assessment.assume(poor, Assumption("low_quality", parameter="use_ratio"))

    def _lifetime(
        self, batch: Batch, matched: Matched, assessment: Assessment
    ) -> npt.NDArray[np.float64]:
        """Return the row's lifetime, else the default of its type (else the sheet's type)."""
        lifetime = batch.values("lifetime", "year")
        missing, invalid = batch.missing("lifetime"), batch.invalid("lifetime")
        if missing.any():
            by_type = batch.map("equipment_type", self.lookups.type_lifetime)
            of_sheet = self.lookups.lifetime_of_flow_type[matched.flow]
            default = np.where(np.isnan(by_type), of_sheet, by_type)
            lifetime = np.where(missing, default, lifetime)
            assumption = self._default_of_type("lifetime")
            assessment.assume(missing & ~np.isnan(lifetime), assumption)
        assessment.leave_out(invalid, Reason("invalid", column="lifetime"))
        nowhere = missing & np.isnan(lifetime)
        assessment.leave_out(nowhere, Reason("no_default", parameter="lifetime"))
        return lifetime

    def _default_of_type(self, parameter: str) -> Assumption:
        pack = self.lookups.giver(parameter)
        return Assumption("default_of_type", parameter=parameter, pack=pack)

    # -- use -------------------------------------------------------------------------------------

    def _electricity(self, batch: Batch, matched: Matched) -> Exchanges:
        assessment = Assessment(len(batch), match=Match.TYPE)
        self.context.status_rule.apply(batch, assessment, use=True)
        drivers = self._shared(batch, assessment)
        energy = self._energy(batch, matched, assessment)
        drivers["annual_energy"] = Driver(energy, "kWh/item/year")
        flow = self.lookups.mixes.of_rows(batch, assessment)
        return self._answer(ELECTRICITY, "kWh", flow, drivers, assessment)

    def _energy(
        self, batch: Batch, matched: Matched, assessment: Assessment
    ) -> npt.NDArray[np.float64]:
        """Return the yearly energy of an item: the row's, the sheet's, the type's default."""
        declared = batch.values("annual_energy", "kWh/item/year")
        invalid = batch.invalid("annual_energy")
        assessment.leave_out(invalid, Reason("invalid", column="annual_energy"))
        published = self.lookups.published_energy[matched.flow]
        implied = np.full(len(batch), np.nan)
        if self.options.implied:
            implied = self.lookups.implied_energy[matched.flow]
        sheet = np.where(np.isnan(published), implied, published)
        own = ~np.isnan(declared)
        if self.options.energy == "sheet":
            own &= np.isnan(sheet)
        of_sheet = ~own & ~np.isnan(sheet)
        energy = np.where(own, declared, sheet)
        assessment.match(own, Match.DECLARED)
        for level in (Match.MODEL, Match.APPROXIMATE_MODEL):
            assessment.match(of_sheet & (matched.level == level), level)
        by_sheet = Assumption("implied_by_sheet", parameter="implied_energy")
        assessment.assume(of_sheet & np.isnan(published), by_sheet)
        for pack, medians in self.lookups.medians_by_pack.items():
            # named with its pack: the default of the type is another figure
            median = Assumption("median_of_type", parameter="annual_energy", pack=pack)
            assessment.assume(of_sheet & medians[matched.flow], median)
        rest = np.isnan(energy)
        if rest.any():
            by_type = batch.map("equipment_type", self.lookups.type_energy)
            default = self.lookups.energy_of_flow_type[matched.flow]
            energy = np.where(rest, np.where(np.isnan(by_type), default, by_type), energy)
            assumption = self._default_of_type("annual_energy")
            assessment.assume(rest & ~np.isnan(energy), assumption)
        assessment.leave_out(np.isnan(energy), Reason("no_default", parameter="annual_energy"))
        return energy

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
