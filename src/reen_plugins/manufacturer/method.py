"""Manufacturer: the carbon footprint sheets of the models, electricity counted where it is used.

With n items, T the footprint of a model's sheet over its whole life and u the share of its use
stage, L the organisation's own lifetime, E the yearly energy of the sheet, m the electricity factor
of the country and year:

    manufacturing, distribution, end of life    n T (1 - u) / L, by stage where the sheet tells
    use                                         n E m

A sheet without yearly energy has one that is implied: T u / (L' m'), with L' the lifetime of the
sheet and m' the electricity factor that sheets for its location count with.  Models are matched by
name (see `reen.plugin.packs.ModelMatcher`), else counted with the median of their type, flagged.

The sheets are the user's copy: none is shipped.  The algebra is ours (inferred, see the page of the
methods); the sheets are those of the Boavizta data set, whose authors advise against comparing
makers and against precise conclusions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    Kind,
    Match,
    OptionError,
    Packs,
    Reason,
    Stage,
    constant,
    yearly_energy,
)
from reen.plugin.arrays import Remark
from reen.plugin.packs import MatchingTable, ModelMatcher
from reen.plugin.rules import (
    ENERGY_COLUMNS,
    Hosting,
    SecondHand,
    second_hand_option,
    states_energy,
    year_option,
)
from reen_plugins.manufacturer.remarks import remark_on
from reen_plugins.manufacturer.sheets import Sheet, Sheets

__all__ = ["Manufacturer"]

ITEM = Kind(
    "item", (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE, Stage.EMBEDDED), "item"
)
ELECTRICITY = Kind("electricity", (Stage.USE,), "kWh", use=True)


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
        Whether a model may be matched to the most similar name of its maker, with the same
        numbers; needs rapidfuzz (``pip install '.[match]'``).
    threshold
        Similarity of names, 0 to 100, from which an approximate match is accepted.
    matching
        Matching table, or its path: the decisions in it go first (see ``reen match``).
    median
        Whether a model without a sheet is counted with the median of its type, flagged; else it is
        left out.
    energy
        ``declared``: the row's yearly energy, else the sheet's; ``sheet``: the other way round.
    implied
        Whether a sheet without yearly energy is given the one that its use stage implies, flagged;
        else the default of the type.
    electricity_year
        Year of a series of electricity: ``latest``, ``exact``, ``nearest``, or a year; see
        `year_option`.
    second_hand
        Rule for the manufacturing of second-hand equipment: ``cut-off``, ``years`` or ``half``;
        see `SecondHand`.
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
    second_hand: str = second_hand_option()

    name = "manufacturer"
    version = "2"
    title = "Manufacturers' carbon footprint sheets, use stage counted where it is"
    reference = "Product carbon footprints of manufacturers; Boavizta data set"
    packs = (
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
        InventoryError
            The matching table names a flow that is not there.
        """
        if not any(text.model for text in context.factors.factors.descriptions):
            raise OptionError(self.name, "factors", "", Reason("error_no_sheets"))
        matcher = ModelMatcher.of(
            context.factors,
            threshold=self.threshold,
            approximate=self.approximate,
            table=self.matching,
        )
        return PreparedManufacturer(
            options=self,
            context=context,
            sheets=Sheets(Packs(context), matcher),
            mixes=Electricity(context, self.electricity_year),
            second_hand=SecondHand(context, self.second_hand),
        )


@attrs.frozen(kw_only=True, eq=False)
class PreparedManufacturer(CaseMethod):
    """`Manufacturer`, ready to answer.

    Attributes
    ----------
    options, context
        The method; packs and reference date.
    sheets
        Sheets of models, and medians of types.
    mixes
        Electricity of each place.
    second_hand
        Who bears the making of what has several owners.
    """

    options: Manufacturer
    context: Context
    sheets: Sheets
    mixes: Electricity
    second_hand: SecondHand
    kinds = (ITEM, ELECTRICITY)
    reads: ClassVar[tuple[str, ...]] = (
        *ENERGY_COLUMNS,
        *Hosting.COLUMNS,
        *SecondHand.COLUMNS,
        "manufacturer",
        "model",
    )
    remarks_on: ClassVar[tuple[str, ...]] = ("model", "manufacturer", "equipment_type")

    def _sheet(self, case: Case) -> Sheet:
        """Return the sheet of the model, else the median of its type."""
        found = case.of(self.sheets.of_model, "model", "manufacturer")
        if found.position >= 0 or not self.options.median:
            return found
        return case.of(self.sheets.of_type, "equipment_type") or found

    def item(self, case: Case) -> Exchange | tuple[Exchange, ...]:
        """Return n / L of the sheet, which counts all stages but use."""
        sheet = self._sheet(case)
        flow = self.sheets.flow(sheet)
        lifetime = case.number(
            "lifetime", else_=lambda: self._of_type(case, sheet, self.sheets.packs.lifetime)
        )
        return self.second_hand.of(case, case.quantity * case.usage_share / lifetime * flow)

    def electricity(self, case: Case) -> Exchange:
        """Return n E and what the place adds, of the mix of the country."""
        energy = self._energy(case) * self.hosting.effectiveness(case)
        return case.quantity * case.usage_share * energy * self.hosting.at(case, self.mixes.mix)

    def _energy(self, case: Case) -> Amount:
        """Return the yearly energy of the row and of the sheet, the option's first; else a default.

        A sheet that has none of its own is given the one that it implies, if need be.
        """

        def otherwise() -> Amount | Default | None:
            found = self._energy_of_sheet(case)
            if found is not None:
                return found
            return self._of_type(case, self._sheet(case), self.sheets.packs.annual_energy)

        case.refuse_invalid("annual_energy")
        first = self._energy_of_sheet(case) if self.options.energy == "sheet" else None
        if first is not None:
            return first
        energy = yearly_energy(case, otherwise)
        if states_energy(case):
            case.match(Match.DECLARED)
        return energy

    def _energy_of_sheet(self, case: Case) -> Amount | None:
        """Return the yearly energy of the sheet, flagged where it is implied, or a median."""
        sheet = self._sheet(case)
        found = self.sheets.energy(sheet, implied=self.options.implied)
        if found is None:
            if self.sheets.energy_set_aside(sheet):
                case.assume("contradicted_by_sheet", parameter="annual_energy")
            return None
        case.match(sheet.match)
        if found.parameter == "implied_energy":
            case.assume("implied_by_sheet", parameter="implied_energy")
        if self.sheets.is_median(sheet):
            # named with its pack: the default of the type is another figure
            case.assume("median_of_type", parameter="annual_energy", pack=found.pack)
        return constant("annual_energy", found.value, found.unit)

    def _of_type(
        self, case: Case, sheet: Sheet, default: Callable[[str | None], Default | None]
    ) -> Default | None:
        """Return a default of the type, else of the type of the sheet."""
        found = case.of(default, "equipment_type")
        return found or default(self.sheets.equipment_type(sheet))

    def remark(self, words: Mapping[str, str | None]) -> Remark:
        """Return which sheet answers for a model, and how it was found."""
        return remark_on(words, self.sheets, median=self.options.median)
