"""Factor library: several packs read as one, in order of precedence.

Input: the method's own packs and those that the user gave.  Output: flows found by id, by
equipment type, or by place and year, and type defaults, each from the first pack that has it.
A given pack replaces the method's own packs for what it holds: all item flows, the electricity of
a place for every year, the default of a type.  Item figures of two origins are never mixed
without being asked for.

Knows packs and flows; knows no inventory and no method.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import attrs
import numpy as np
import numpy.typing as npt

from reen.errors import OptionError, PluginError
from reen.factors.content import TypeDefault
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.factors.pack import FactorPack
from reen.gate.frozen import frozen
from reen.reasons import Reason
from reen.values import Compared
from reen.vocabulary.criteria import Criteria, bundled_criteria, completed
from reen.vocabulary.lookup import VocabularyError

__all__ = ["LATEST_WITHIN", "PARTS", "REFURBISHING", "FactorLibrary", "Mix"]

#: Parts of a kWh that a pack may give apart, by what is added to the identifier of the whole.
PARTS = ("combustion", "fugitive", "losses", "upstream")


#: What the ids of flows begin with that are the refurbishing of an item of a type.
REFURBISHING = "refurbishing-"

#: How many years older than the year asked for the last published one may be and still serve it.
LATEST_WITHIN = 2


@attrs.frozen(eq=False, repr=False)
class Mix(Compared):
    """The electricity flow that serves a place in a year.

    Attributes
    ----------
    position
        Of the flow in `FactorLibrary.factors`; -1 when there is none.
    note
        Why it is not the plain answer (another year, no stated year, another pack than the one
        that the place's other years come from); None when it is.
    pack
        Pack that gives it, when the note is about a pack.
    """

    position: int
    note: Reason | None = None
    pack: str = ""


@attrs.frozen(eq=False, repr=False)
class FactorLibrary(Compared):
    """The flows and defaults that a measurement may use.

    Attributes
    ----------
    packs
        Packs in use, in order of precedence.
    factors
        Their flows, one after the other.
    defaults
        Their type defaults, by (equipment type, parameter).
    """

    packs: tuple[FactorPack, ...]
    factors: FactorSet
    defaults: Mapping[tuple[str, str], TypeDefault]

    @classmethod
    def of(
        cls,
        own: Sequence[FactorPack],
        given: Sequence[FactorPack] = (),
        *,
        other_items: Collection[str] = (),
    ) -> FactorLibrary:
        """Build the library of a method's `own` packs and the packs `given` by the user.

        What a given pack holds is taken from the given packs only: item flows as a whole,
        electricity place by place.  The `other_items` of the method, by identifier, are no making
        of equipment: each is replaced by its own identifier only.

        Raises
        ------
        OptionError
            When two given packs have one name.
        PluginError
            When two packs define one criterion otherwise.
        """
        _criteria_of((*given, *own), bundled_criteria())
        names = [pack.name for pack in given]
        for name in names:
            if names.count(name) > 1:
                expected = Reason("error_packs_different_names_flow_s_key")
                raise OptionError(Reason("error_factor_packs"), "name", name, expected)
        others = frozenset(other_items)
        replaced = {subject for pack in given for subject in _subjects(pack.factors, others)}
        parts: list[FactorSet] = [pack.factors for pack in given]
        used = list(given)
        for pack in own:
            kept = pack.factors
            if replaced:
                subjects = _subjects(kept, others)
                kept = kept.take([k for k, each in enumerate(subjects) if each not in replaced])
            if len(kept) or pack.defaults or pack.matching:
                used.append(pack)
                parts.append(kept)
        defaults: dict[tuple[str, str], TypeDefault] = {}
        for pack in used:
            for default in pack.defaults:
                defaults.setdefault((default.equipment_type, default.parameter), default)
        return cls(tuple(used), FactorSet.concatenate([p for p in parts if len(p)]), defaults)

    def protected(self) -> FactorLibrary:
        """Return the library with factors that nobody can write into."""
        given = self.factors
        kept = attrs.evolve(
            given,
            values=frozen(given.values),
            lower=frozen(given.lower),
            upper=frozen(given.upper),
            spread=frozen(given.spread),
        )
        return FactorLibrary(self.packs, kept, self.defaults)

    @functools.cached_property
    def _ids(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for k, flow in enumerate(self.factors.flows):
            found.setdefault(flow.id, k)
        return found

    @functools.cached_property
    def _matches(self) -> Mapping[tuple[str, str], str]:
        """Item flow of each (``type`` or ``model``, key), from the first pack that has one."""
        found: dict[tuple[str, str], str] = {}
        for pack in self.packs:
            for match, key, target in pack.matching:
                # A model whose target has no factor is kept: it does not fall back to its type.
                if match == "model" or self.by_id(target) >= 0:
                    found.setdefault((match, key), target)
        for flow, text in zip(self.factors.flows, self.factors.descriptions, strict=True):
            if text.reference_unit != "item":
                continue
            if text.model:
                found.setdefault(("model", text.model), flow.id)
            elif text.equipment_type:
                found.setdefault(("type", text.equipment_type), flow.id)
        return found

    @functools.cached_property
    def _warming(self) -> npt.NDArray[np.float64]:
        """Return the climate change of each flow, over its stages."""
        c = self.factors.criteria.index("climate_change")
        sums: npt.NDArray[np.float64] = np.nansum(self.factors.values[:, :, c], axis=1)
        return sums

    @functools.cached_property
    def _places(self) -> Mapping[str, Mapping[int, int]]:
        found: dict[str, dict[int, int]] = {}
        for k, (flow, text) in enumerate(
            zip(self.factors.flows, self.factors.descriptions, strict=True)
        ):
            if text.reference_unit == "kWh" and flow.geography:
                found.setdefault(flow.geography, {}).setdefault(flow.year, k)
        return found

    def rows(self, flows: Sequence[Flow], made: FactorSet | None = None) -> FactorSet:
        """Return the factors of some flows, in their order.

        Parameters
        ----------
        flows
            Keys of flows of the packs in use, or of `made`.
        made
            Factors made at run time; a flow that a pack has too is taken from the pack.
        """
        known = self.factors.position
        if made is None:
            return self.factors.take([known[flow] for flow in flows])
        own = [flow for flow in flows if flow in known]
        other = [flow for flow in flows if flow not in known]
        # only what is asked for is put together: the packs may hold thousands of flows
        both = FactorSet.concatenate(
            [
                self.factors.take([known[flow] for flow in own]),
                made.take([made.position[flow] for flow in other]),
            ]
        )
        return both.take([both.position[flow] for flow in flows])

    def parts(self, flows: Sequence[Flow]) -> tuple[tuple[Flow, str, float], ...]:
        """Return the parts of some kWh in climate change, where their pack splits them.

        A pack gives the part of a flow by the identifier of the flow and the name of the part:
        ``42513-combustion``, ``-fugitive``, ``-upstream``, ``-losses``, of the same year.

        Returns
        -------
        tuple
            (flow, part, kgCO2e per kWh).
        """
        found = []
        for flow in flows:
            whole = self.factors.position.get(flow)
            if whole is None or self.factors.descriptions[whole].reference_unit != "kWh":
                continue
            for part in PARTS:
                key = attrs.evolve(flow, id=f"{flow.id}-{part}", geography="")
                position = self.factors.position.get(key)
                if position is not None:
                    found.append((flow, part, float(self._warming[position])))
        return tuple(found)

    def criteria(self, known: Criteria) -> Criteria:
        """Return the criteria `known`, followed by those that packs in use bring.

        Raises
        ------
        PluginError
            When a pack defines one of them otherwise.
        """
        return _criteria_of(self.packs, known)

    def flow(self, key: Flow) -> int:
        """Return the position of a flow key, -1 when no pack in use has it."""
        try:
            return self.factors.flows.index(key)
        except ValueError:
            return -1

    def by_id(self, identifier: str) -> int:
        """Return the position of the first flow with that id, -1 when there is none."""
        return self._ids.get(identifier, -1)

    def by_type(self, equipment_type: str) -> int:
        """Return the position of the item flow that answers for a type, -1 when there is none.

        The type is a key of the taxonomy, or the name as written when a pack matches by it.
        """
        flow = self._matches.get(("type", equipment_type))
        return -1 if flow is None else self.by_id(flow)

    def by_model(self, model: str) -> int | None:
        """Return the position of the item flow that answers for exactly that model.

        None when no pack in use names the model; -1 when one does and the flow has no factor.
        """
        flow = self._matches.get(("model", model))
        return None if flow is None else self.by_id(flow)

    def electricity(self, country: str, year: int) -> int:
        """Return the position of the mix of a country in a year, -1 when there is none.

        A mix that its pack does not tie to a year serves where no other has the year.
        """
        years = self._places.get(country, {})
        return years.get(year, years.get(0, -1))

    def mix(
        self, country: str, year: int, *, choose: Literal["exact", "latest", "nearest"] = "exact"
    ) -> Mix:
        """Return the electricity mix of a country in a year, with the remarks on it.

        Parameters
        ----------
        country, year
            Place and year of the electricity.
        choose
            What serves when the series of the place lacks that year: nothing (``exact``), the last
            published year if it is at most `LATEST_WITHIN` years older (``latest``), the closest
            year (``nearest``).
        """
        position = self.electricity(country, year)
        if position < 0:
            return self._other_year(country, year, choose)
        flow = self.factors.flows[position]
        if not flow.year:
            validity = self.factors.descriptions[position].validity
            note = Reason("no_stated_year", year=year)
            if validity:
                note = Reason("printed_validity", validity=validity, year=year)
            return Mix(position, note, flow.pack)
        first = self.factors.flows[next(iter(self._places[country].values()))].pack
        if flow.pack != first:
            return Mix(position, Reason("other_series", without=first, year=year), flow.pack)
        return Mix(position)

    def _other_year(self, country: str, year: int, choose: str) -> Mix:
        """Return what serves a year that the series of a country lacks."""
        years = self.electricity_years(country)
        if choose == "nearest" and years:
            nearest = self.nearest_electricity(country, year)
            return Mix(nearest, Reason("nearest_year", year=year))
        if choose == "latest" and years and 0 < year - years[-1] <= LATEST_WITHIN:
            position = self.electricity(country, years[-1])
            note = Reason("last_published_year", last=years[-1], year=year)
            return Mix(position, note, self.factors.flows[position].pack)
        return Mix(-1)

    @property
    def places(self) -> tuple[str, ...]:
        """Return the places whose electricity the packs in use have."""
        return tuple(self._places)

    def electricity_years(self, country: str) -> tuple[int, ...]:
        """Return the years for which the packs in use have a mix of that country, sorted."""
        return tuple(sorted(year for year in self._places.get(country, {}) if year))

    def nearest_electricity(self, country: str, year: int) -> int:
        """Return the mix of the closest year (the earlier of two), -1 without any."""
        years = self.electricity_years(country)
        if not years:
            return -1
        return self.electricity(country, min(years, key=lambda other: (abs(other - year), other)))

    def default(self, equipment_type: str, parameter: str) -> TypeDefault | None:
        """Return the published default of a parameter for a type, or None."""
        return self.defaults.get((equipment_type, parameter))


def _criteria_of(packs: Sequence[FactorPack], known: Criteria) -> Criteria:
    for pack in packs:
        try:
            known = completed(known, pack.factors.definitions)
        except VocabularyError as error:
            raise PluginError(
                f"factor pack {pack.name} {pack.version}",
                f"defines a criterion otherwise than the other packs or plugins in use: {error}",
            ) from error
    return known


def _subjects(factors: FactorSet, others: frozenset[str]) -> list[tuple[str, str]]:
    """Return what each flow is about: its reference unit, and its place when it has one.

    The refurbishing of a type is no making of items, and replaces none; nor are `others`.
    """
    return [
        (text.reference_unit, flow.id)
        if flow.id.startswith(REFURBISHING) or flow.id in others
        else (text.reference_unit, flow.geography if text.reference_unit == "kWh" else "")
        for flow, text in zip(factors.flows, factors.descriptions, strict=True)
    ]
