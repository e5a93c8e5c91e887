"""Look-ups of the manufacturer method: answers on distinct models, types and countries.

Role: what `Manufacturer` asks of the packs in use: the sheet of each (model, maker) pair, the
median of each type, yearly energies and defaults, electricity mixes.  Each answers on distinct
values; nothing loops over rows.  Imports the public names of `reen`, and the statuses that the
reader of sheets gives to its flows.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen import Batch, Context, Match, ModelMatch, ModelMatcher
from reen_plugins.factor_packs.manufacturer_pcf import AVERAGE_RATIO, MEDIAN, PARTIAL_RATIOS
from reen_plugins.methods.mixes import Mixes

__all__ = ["BANDS", "Lookups", "Matched", "distinct_codes"]

#: Bands in which the scores of approximate matches are reported, between the threshold and 100.
BANDS = 4

#: Largest table of (model, maker) codes that is counted rather than sorted.
_COUNTED = 1 << 22

_LEVELS = {"model": Match.MODEL, "approximate model": Match.APPROXIMATE_MODEL, "none": Match.NONE}

Flags = npt.NDArray[np.bool_]


@attrs.frozen(eq=False)
class Matched:
    """What answers for each row of a batch.

    Attributes
    ----------
    flow
        int32: position of the flow in the packs in use, -1 for none.
    level
        uint8: `Match` of the row.
    score
        float64: likeness of the names, 0 for none.
    by_hand, set_aside
        Whether a person chose the sheet; whether the model's own sheet is not to be used.
    """

    flow: npt.NDArray[np.int32]
    level: npt.NDArray[np.uint8]
    score: npt.NDArray[np.float64]
    by_hand: Flags
    set_aside: Flags


@attrs.frozen(eq=False)
class Lookups:
    """Answers on distinct values.

    Attributes
    ----------
    context
        Packs in use, reference date.
    matcher
        Finds the sheet of a model.
    median, implied
        Options of the method.
    mixes
        Electricity of each place.
    """

    context: Context
    matcher: ModelMatcher
    median: bool
    implied: bool
    mixes: Mixes
    #: Matches already worked out; the same for every batch.
    _known: dict[tuple[str, str], ModelMatch] = attrs.field(factory=dict, init=False)

    # -- sheets ----------------------------------------------------------------------------------

    def matched(self, batch: Batch) -> Matched:
        """Return what answers for each row: the sheet of its model, else the median of its type."""
        names, place = self.names(batch)
        found = [self.match(model, maker) for model, maker in names]
        flow = np.array([each.flow for each in found], np.int32)[place]
        level = np.array([_LEVELS[each.level] for each in found], np.uint8)[place]
        if self.median:
            by_type = batch.map("equipment_type", self.type_item)
            level[(flow < 0) & (by_type >= 0)] = Match.TYPE
            flow = np.where(flow < 0, by_type, flow)
        return Matched(
            flow,
            level,
            np.array([each.score for each in found], np.float64)[place],
            np.array([each.by_hand for each in found], np.bool_)[place],
            np.array([each.set_aside for each in found], np.bool_)[place],
        )

    def names(self, batch: Batch) -> tuple[list[tuple[str, str]], npt.NDArray[np.int64]]:
        """Return the distinct (model, maker) pairs, empty for unknown, and the place of each row's.

        They are as the inventory writes them.
        """
        models, model_names = batch.codes("model")
        makers, maker_names = batch.codes("manufacturer")
        width = len(maker_names) + 1
        codes = (models.astype(np.int64) + 1) * width + (makers + 1)
        distinct, place = distinct_codes(codes, (len(model_names) + 1) * width)
        found = []
        for code in distinct.tolist():
            model, maker = divmod(code, width)
            found.append(
                (
                    model_names[model - 1] if model else "",
                    maker_names[maker - 1] if maker else "",
                )
            )
        return found, place

    def match(self, model: str, maker: str) -> ModelMatch:
        """Return what answers for a model; the same for every batch."""
        known = self._known.get((model, maker))
        if known is None:
            known = self.matcher.match(model, maker) if model else ModelMatch(-1, "none", 0.0)
            self._known[model, maker] = known
        return known

    def type_item(self, types: Sequence[str | None]) -> npt.NDArray[np.int32]:
        """Return the item flow that answers for each type as a whole, -1 for none."""
        library = self.context.factors
        return np.array([library.by_type(each or "") for each in types], np.int32)

    def _of_status(self, *statuses: str) -> Flags:
        """Return which flows have one of some statuses, False at the end for code -1."""
        texts = self.context.factors.factors.descriptions
        return np.array([*(text.status in statuses for text in texts), False], np.bool_)

    @functools.cached_property
    def medians(self) -> Flags:
        """Which flows are medians of a type; False at the end, as for the others below."""
        return self._of_status(MEDIAN)

    @functools.cached_property
    def medians_by_pack(self) -> dict[str, Flags]:
        """Which flows are medians, by the pack that holds them."""
        flows = self.context.factors.factors.flows
        packs = [*(flow.pack for flow in flows), ""]
        found = sorted({packs[k] for k in np.flatnonzero(self.medians).tolist()})
        return {pack: self.medians & np.array([each == pack for each in packs]) for pack in found}

    @functools.cached_property
    def low_quality(self) -> Flags:
        """Which flows come from a sheet without a use ratio."""
        return self._of_status(AVERAGE_RATIO, PARTIAL_RATIOS)

    @functools.cached_property
    def bands(self) -> list[tuple[float, float]]:
        """The bands of the scores of approximate matches, lower bound included."""
        edges: list[float] = np.linspace(self.matcher.threshold, 100.0, BANDS + 1).tolist()
        return list(itertools.pairwise(edges))

    # -- defaults --------------------------------------------------------------------------------

    @functools.cached_property
    def published_energy(self) -> npt.NDArray[np.float64]:
        """The yearly energy that each flow publishes, in kWh; NaN for none and at the end."""
        return self._of_flow("annual_energy")

    @functools.cached_property
    def implied_energy(self) -> npt.NDArray[np.float64]:
        """The yearly energy that the use stage of each flow's sheet implies, in kWh."""
        return self._of_flow("implied_energy")

    @functools.cached_property
    def lifetime_of_flow_type(self) -> npt.NDArray[np.float64]:
        """The default lifetime of the type of each flow, in years."""
        return self._of_flow_type("lifetime")

    @functools.cached_property
    def energy_of_flow_type(self) -> npt.NDArray[np.float64]:
        """The default yearly energy of the type of each flow, in kWh."""
        return self._of_flow_type("annual_energy")

    def _of_flow(self, parameter: str) -> npt.NDArray[np.float64]:
        flows = self.context.factors.factors.flows
        return self._values([flow.id for flow in flows], parameter)

    def _of_flow_type(self, parameter: str) -> npt.NDArray[np.float64]:
        texts = self.context.factors.factors.descriptions
        return self._values([text.equipment_type for text in texts], parameter)

    def _values(self, keys: Sequence[str], parameter: str) -> npt.NDArray[np.float64]:
        found = [self.context.factors.default(key, parameter) if key else None for key in keys]
        return np.array([*(np.nan if each is None else each.value for each in found), np.nan])

    def type_lifetime(self, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        """Return the default lifetime of each type, in years, NaN for none."""
        return self._values([each or "" for each in types], "lifetime")[:-1]

    def type_energy(self, types: Sequence[str | None]) -> npt.NDArray[np.float64]:
        """Return the default yearly energy of each type, in kWh per item, NaN for none."""
        return self._values([each or "" for each in types], "annual_energy")[:-1]

    def giver(self, parameter: str) -> str:
        """Return the pack that gives the type defaults of a parameter; empty when several do."""
        types = set(self.context.equipment_types.keys)
        packs = {
            default.pack
            for (key, name), default in self.context.factors.defaults.items()
            if name == parameter and key in types
        }
        return packs.pop() if len(packs) == 1 else ""


def distinct_codes(
    codes: npt.NDArray[np.int64], size: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the distinct codes, sorted, and the place of each row's among them."""
    if size > _COUNTED:
        distinct, place = np.unique(codes, return_inverse=True)
        return distinct, place.astype(np.int64, copy=False)
    distinct = np.flatnonzero(np.bincount(codes, minlength=size))
    table = np.zeros(size, np.int64)
    table[distinct] = np.arange(len(distinct))
    return distinct, table[codes]
