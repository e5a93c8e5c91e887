"""Sheets of the manufacturer method: which one answers for a model, and its figures.

Role: what `Manufacturer` asks of the packs in use: the sheet of a model and its maker, the median
of a type, and what is to be said of either.  Its answers are classes of models (which flow, how it
was found), as few as there are sheets.  Imports `reen.plugin`, the matching of `reen`, and the
statuses that the reader of sheets gives to its flows.
"""

from __future__ import annotations

import itertools

import attrs
import numpy as np

from reen.plugin import Assumption, Default, LeftOut, Match, Packs, Reason, ReferenceFlow
from reen.plugin.arrays import FlowDescription
from reen.plugin.packs import ModelMatcher
from reen_plugins.manufacturer.pcf import (
    AVERAGE_RATIO,
    BROUGHT_DOWN,
    ENERGY_SET_ASIDE,
    MEDIAN,
    PARTIAL_RATIOS,
    SPLIT_SET_ASIDE,
    statuses,
)

__all__ = ["BANDS", "Sheet", "Sheets"]

#: What is said of figures that are not the sheet's as it stands, by their status.
_SAID = {
    AVERAGE_RATIO: Assumption("low_quality", parameter="use_ratio"),
    PARTIAL_RATIOS: Assumption("low_quality", parameter="use_ratio"),
    BROUGHT_DOWN: Assumption("brought_down_to_one", parameter="ratios"),
    SPLIT_SET_ASIDE: Assumption("stages_not_separated", parameter="ratios"),
}

#: Bands in which the scores of approximate matches are reported, between the threshold and 100.
BANDS = 4


@attrs.frozen
class Sheet:
    """What answers for a model.

    Attributes
    ----------
    position
        Of its flow in the packs in use, -1 for none.
    match
        How well it fits.
    found
        What is to be said of how it was found; None for the sheet of that very name.
    why_none
        Why there is none.
    """

    position: int = -1
    match: Match = Match.NONE
    found: Assumption | None = None
    why_none: Reason | None = None


@attrs.frozen(eq=False)
class Sheets:
    """The sheets of the packs in use.

    Attributes
    ----------
    packs
        The packs.
    matcher
        Finds the sheet of a model.
    """

    packs: Packs
    matcher: ModelMatcher

    def of_model(self, model: str | None, manufacturer: str | None) -> Sheet:
        """Return the sheet of a model, or why it has none."""
        if model is None:
            return Sheet(why_none=Reason("missing", column="model"))
        found = self.matcher.match(model, manufacturer or "")
        if found.set_aside:
            return Sheet(why_none=Reason("sheet_set_aside"))
        if found.flow < 0:
            return Sheet(why_none=Reason("refused_by_hand" if found.by_hand else "no_sheet"))
        if found.level == "approximate model":
            return Sheet(found.flow, Match.APPROXIMATE_MODEL, self._alike(found.score))
        by_hand = Assumption("by_hand", parameter="model") if found.by_hand else None
        return Sheet(found.flow, Match.MODEL, by_hand)

    def _alike(self, score: float) -> Assumption:
        """Return the likeness of two names, in bands: the lower bound is in, the upper is not."""
        edges: list[float] = np.linspace(self.matcher.threshold, 100.0, BANDS + 1).tolist()
        low, high = next(each for each in itertools.pairwise(edges) if score < each[1])
        return Assumption("approximate_model", parameter="model", low=low, high=high)

    def of_type(self, equipment_type: str | None) -> Sheet | None:
        """Return the median of a type, None when the packs have none."""
        position = self.packs.context.factors.by_type(equipment_type or "")
        return None if position < 0 else Sheet(position, Match.TYPE)

    # -- what a sheet says -----------------------------------------------------------------------

    def flow(self, sheet: Sheet) -> ReferenceFlow:
        """Return its flow, of one item, with its assumptions.

        Raises
        ------
        LeftOut
            There is none.
        """
        flow = self.packs.flow(sheet.position, sheet.match)
        if flow is None:
            raise LeftOut.because(sheet.why_none or Reason("no_sheet"))
        said = [] if sheet.found is None else [sheet.found]
        if self.is_median(sheet):
            said.append(Assumption("median_of_type", parameter="model"))
        said += [each for status, each in _SAID.items() if status in self._statuses(sheet)]
        return attrs.evolve(flow, assumptions=tuple(said))

    def _text(self, sheet: Sheet) -> FlowDescription:
        return self.packs.context.factors.factors.descriptions[sheet.position]

    def _statuses(self, sheet: Sheet) -> frozenset[str]:
        return statuses(self._text(sheet).status)

    def energy_set_aside(self, sheet: Sheet) -> bool:
        """Tell whether it publishes a yearly energy that its use stage contradicts."""
        return sheet.position >= 0 and ENERGY_SET_ASIDE in self._statuses(sheet)

    def is_median(self, sheet: Sheet) -> bool:
        """Tell whether it is the median of a type, and no sheet of a model."""
        return self._text(sheet).status == MEDIAN

    def equipment_type(self, sheet: Sheet) -> str | None:
        """Return its type, None without a sheet."""
        return None if sheet.position < 0 else self._text(sheet).equipment_type

    def energy(self, sheet: Sheet, *, implied: bool) -> Default | None:
        """Return its yearly energy, else the one that its use stage implies; None for none."""
        if sheet.position < 0:
            return None
        key = self.packs.context.factors.factors.flows[sheet.position].id
        published = self.packs.default(key, "annual_energy")
        if published is not None or not implied:
            return published
        return self.packs.default(key, "implied_energy")
