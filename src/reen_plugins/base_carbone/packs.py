"""The packs of base-carbone: which pack answers for a type, with its assumptions.

Base Carbone first, then ADEME's digital figures for the types that it lacks, flagged; where proxies
are asked for, documented proxies last, at a match level of their own.  Output: `BaseCarbonePacks`,
which the functions of the method ask.
"""

from __future__ import annotations

import functools

import attrs

from reen.plugin import Assumption, Default, Match, Packs, ReferenceFlow

__all__ = ["ADEME", "BASE", "PROXIES", "BaseCarbonePacks", "of_another_pack"]

#: Pack of the elements, which a pack of the user's replaces as a whole.
BASE = "base-carbone"
#: Pack of what the base lacks.
ADEME = "ademe-numerique"
#: Pack of what no source publishes.
PROXIES = "proxies"


def of_another_pack(flow: ReferenceFlow) -> ReferenceFlow:
    """Return a flow of ADEME's digital study, flagged as no element of the base."""
    said = Assumption("of_another_pack", parameter="element", pack=ADEME)
    return attrs.evolve(flow, assumptions=(said,))


@attrs.frozen(eq=False, repr=False)
class BaseCarbonePacks(Packs):
    """The packs in use, each answer with the assumptions of the pack that gives it."""

    @functools.cached_property
    def item_packs(self) -> tuple[str, ...]:
        """Return the packs that have factors of items, sorted."""
        factors = self.context.factors.factors
        pairs = zip(factors.flows, factors.descriptions, strict=True)
        return tuple(sorted({flow.pack for flow, text in pairs if text.reference_unit == "item"}))

    def by_type(self, equipment_type: str | None) -> ReferenceFlow | None:
        """Return the item flow that answers for a type, flagged where it is no element."""
        flow = super().by_type(equipment_type)
        if flow is None or BASE not in self.item_packs:  # given in place of Base Carbone
            return flow
        if flow.key.pack == PROXIES:
            said = Assumption("factor_by_proxy", parameter="element", pack=PROXIES)
            return attrs.evolve(flow, match=Match.PROXY, assumptions=(said,))
        if flow.key.pack == ADEME:
            return of_another_pack(flow)
        return flow

    def default(
        self, equipment_type: str | None, parameter: str, match: Match | None = None
    ) -> Default | None:
        """Return the default of a type; what takes a proxy is matched by proxy."""
        found = super().default(equipment_type, parameter, match)
        if found is None or found.pack != PROXIES:
            return found
        return attrs.evolve(found, code="default_by_proxy", match=Match.PROXY)
