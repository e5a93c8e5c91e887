"""Lines: which line of a result counts what, so that no item is counted by two.

The figures of a method are published and valid.  What only archived elements count is in a line of
its own (`archived`), and what only documented proxies count in another (`proxies`).  Input: the
line that is asked for and the packs.  Output: the flow of each type in that line, and a refusal of
what another line counts.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Literal

import attrs

from reen.plugin import Assumption, Case, Context, Exchange, Excluded, LeftOut, Match, ReferenceFlow
from reen.plugin.arrays import Flow
from reen.plugin.rules import ARCHIVED
from reen_plugins.base_carbone.packs import BaseCarbonePacks, of_another_pack
from reen_plugins.base_carbone.types import ELEMENTS, PLACES, SET_ASIDE

__all__ = [
    "ARCHIVED_ELEMENT",
    "ARRAY",
    "DISK",
    "PROXY",
    "PROXY_DISKS",
    "Line",
    "archived_mixes",
    "line_option",
]

#: Names of the lines apart; that of the method has none.
ARCHIVED_ELEMENT, PROXY = "archived_element", "proxy"

#: Type that is counted by its disks; the flow of one of them; how many the proxies of it stand for.
ARRAY, DISK, PROXY_DISKS = "storage", "storage-disk", 12.0


def _word(value: object) -> object:
    """Return a truth as the word of it, so that ``proxies=True`` says what it means."""
    return str(value).lower() if isinstance(value, bool) else value


def line_option() -> Literal["false", "true", "only"]:
    """Return the field of an option that asks for a line apart, or for that line alone."""
    field: Literal["false", "true", "only"] = attrs.field(
        default="false",
        converter=_word,
        validator=attrs.validators.in_(("false", "true", "only")),
    )
    return field


def archived_mixes(context: Context) -> Mapping[str, str]:
    """Return the archived elements of the electricity of places that have no other."""
    return {
        place: element
        for place, elements in PLACES.items()
        for element, what in elements.items()
        if what == "archived" and context.factors.by_id(element) >= 0
    }


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Line:
    """What one line counts.

    Attributes
    ----------
    context
        Packs and reference date.
    name
        ``archived_element``, ``proxy``, or nothing for the figures of the method.
    takes_archived
        Whether archived elements serve what no valid figure counts.
    chosen
        Elements that the user names, by type; they are known.
    sub_lines
        Whether the sub-lines of an element serve where it has some.
    """

    context: Context
    name: str
    takes_archived: bool
    chosen: Mapping[str, str]
    sub_lines: bool

    @functools.cached_property
    def packs(self) -> BaseCarbonePacks:
        """Return the packs in use: the same object for all types."""
        return BaseCarbonePacks(self.context)

    @functools.cached_property
    def archived(self) -> frozenset[Flow]:
        """Return the flows that their publisher has archived."""
        factors = self.context.factors.factors
        pairs = zip(factors.flows, factors.descriptions, strict=True)
        return frozenset(flow for flow, text in pairs if text.status == ARCHIVED)

    @functools.cached_property
    def disk(self) -> ReferenceFlow | None:
        """Return one disk of an array, flagged as no element; None where no pack has it."""
        if ARRAY in self.chosen:
            return None
        flow = self.packs.flow(self.context.factors.by_id(DISK), Match.TYPE)
        return None if flow is None else of_another_pack(flow)

    def items(self) -> Mapping[str, ReferenceFlow]:
        """Return the flow of each type; a pack of the user's answers without their ids too."""
        types = {*ELEMENTS, *self.chosen, *self.context.equipment_types.keys}
        found = {equipment_type: self._item(equipment_type) for equipment_type in types}
        return {each: flow for each, flow in found.items() if flow is not None}

    def _item(self, equipment_type: str) -> ReferenceFlow | None:
        """Return the flow of a type: a valid one, else an archived one, else a proxy."""
        if equipment_type in self.chosen:
            return self._valid(self._element(self.chosen[equipment_type]))
        flow = self._element(ELEMENTS.get(equipment_type)) or self.packs.by_type(equipment_type)
        aside, why = SET_ASIDE.get(equipment_type, ("", ""))
        if why == "archived" and (flow is None or flow.match is Match.PROXY):
            flow = self._valid(self._element(aside)) or flow
        return self._valid(flow)

    def _element(self, element: str | None) -> ReferenceFlow | None:
        """Return the flow of an element, or of its sub-lines; None where no pack has it."""
        if element is None:
            return None
        library = self.context.factors
        position = library.by_id(f"{element}-stages") if self.sub_lines else -1
        position = position if position >= 0 else library.by_id(element)
        return self.packs.flow(position, Match.TYPE)

    def _valid(self, flow: ReferenceFlow | None) -> ReferenceFlow | None:
        """Return a flow, flagged where it is archived; None where such are not taken."""
        if flow is None or flow.key not in self.archived:
            return flow
        if not self.takes_archived:
            return None
        said = Assumption("archived_by_option", parameter="element", option="archived")
        return attrs.evolve(flow, assumptions=(said,))

    def check(self, case: Case, found: Exchange | tuple[Exchange, ...]) -> None:
        """Refuse what a line before this one counts.

        Raises
        ------
        Excluded
            It is counted by valid published figures, or by an archived element.
        """
        if not self.name:
            return
        flows = [each.flow for each in (found if isinstance(found, tuple) else (found,))]
        by_archived = any(flow.key in self.archived for flow in flows)
        by_proxy = Match.PROXY in (case.level, *(flow.match for flow in flows))
        if not (by_proxy if self.name == PROXY else by_archived):
            raise Excluded("counted_as_archived" if by_archived else "counted_as_published")

    def none(self, equipment_type: str) -> LeftOut:
        """Return why a type has no flow in this line."""
        aside, why = SET_ASIDE.get(equipment_type, ("", ""))
        if not self.takes_archived and (element := self.chosen.get(equipment_type)):
            return LeftOut("element_archived", element=element)
        if self.name == PROXY:
            return LeftOut("no_proxy")
        if why == "archived":
            return LeftOut("element_archived", element=aside)
        if equipment_type == ARRAY and self.disk is not None:
            return LeftOut("disks_unknown", element=aside, equipment_type=ARRAY)
        if why:
            return LeftOut("element_implausible", element=aside, equipment_type=equipment_type)
        return LeftOut("no_element")
