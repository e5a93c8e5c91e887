"""Mixes: the electricity flow of each place in the reference year, and what is to be said of it.

A mix of no series, of another year, or of another series than the place's own is used with a flag.
Everything is worked out by distinct place when a method prepares; rows only look up.  Imports the
public names of `reen` only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, cast

import attrs
import numpy as np
import numpy.typing as npt

from reen import Assessment, Assumption, Batch, Context, Reason

__all__ = ["ARCHIVED", "Mixes", "year_option"]

#: Status of an element that Base Carbone no longer vouches for.
ARCHIVED = "Archivé"

_Rule = Literal["exact", "latest", "nearest"]
_RULES = ("latest", "exact", "nearest")
_YEAR = re.compile(r"(?:19|20)\d{2}")


def _rule_or_year(_: object, attribute: attrs.Attribute[str], value: str) -> None:
    if value not in _RULES and not _YEAR.fullmatch(value):
        message = f"{attribute.name}: one of {', '.join(_RULES)}, or a year such as 2024"
        raise ValueError(message)


def year_option() -> str:
    """Return the option that says which year of a series of electricity serves.

    ``latest`` (default): the reference year, else the last published one when it is at most two
    years older, flagged as provisional.  ``exact``: the reference year only.  ``nearest``: the
    closest year, flagged.  ``2024``: that year, whatever the reference year.
    """
    field: str = attrs.field(default="latest", converter=str, validator=_rule_or_year)
    return field


@attrs.frozen(eq=False)
class Mixes:
    """Electricity flows by place, in the year of the reference date.

    Attributes
    ----------
    year
        Year that the factors are asked for.
    assumptions
        What is said of some of the flows, each once.
    """

    year: int
    _rule: str
    _context: Context
    _positions: dict[str, int]
    _said: npt.NDArray[np.int8]
    assumptions: tuple[Assumption, ...]

    @classmethod
    def of(cls, context: Context, rule: str, elements: Mapping[str, str] | None = None) -> Mixes:
        """Look up the mix of every place that the packs in use have.

        Parameters
        ----------
        context
            Packs and reference date.
        rule
            Value of the option `electricity_year`.
        elements
            Ids of the flows of some places, over those of the packs; all are known.
        """
        library, as_of = context.factors, context.as_of.year
        year = as_of if rule in _RULES else int(rule)
        choose = cast("_Rule", rule if rule in _RULES else "exact")
        positions: dict[str, int] = {}
        # the last entry is that of position -1: no mix, nothing to say
        said = np.full(len(library.factors) + 1, -1, np.int8)
        assumptions: list[Assumption] = []
        named = elements or {}
        # named places last: what is said of an element is that it was named
        for place in (*(place for place in library.places if place not in named), *named):
            mix = library.mix(place, year, choose=choose)
            position, note, pack = mix.position, mix.note, mix.pack
            if place in named:
                position, note, pack = _named(context, named[place])
            elif position >= 0 and year != as_of and not note:
                note = Reason("year_by_option", year=year, instead_of=as_of)
            positions[place] = position
            if note:
                assumption = _assumed(note, pack)
                if assumption not in assumptions:
                    assumptions.append(assumption)
                said[position] = assumptions.index(assumption)
        return cls(year, rule, context, positions, said, tuple(assumptions))

    def positions(self, places: Sequence[str | None]) -> npt.NDArray[np.int32]:
        """Return the position of the mix of each place among the flows in use, -1 for none."""
        return np.array([self._positions.get(place or "", -1) for place in places], np.int32)

    def flag(self, assessment: Assessment, flow: npt.NDArray[np.signedinteger]) -> None:
        """Record what is to be said of the flows of some rows, by position; -1 for none."""
        if not self.assumptions:
            return
        said = self._said[flow]
        for code, assumption in enumerate(self.assumptions):
            assessment.assume(said == code, assumption)

    def of_rows(self, batch: Batch, assessment: Assessment) -> npt.NDArray[np.int32]:
        """Return the mix of each row's country; rows without one are left out by name."""
        flow = batch.map("country", self.positions)
        codes, countries = batch.codes("country")
        assessment.leave_out(codes < 0, Reason("missing", column="country"))
        self.leave_out(assessment, codes, countries)
        self.flag(assessment, flow)
        return flow

    def leave_out(
        self,
        assessment: Assessment,
        codes: npt.NDArray[np.signedinteger],
        places: Sequence[str],
    ) -> None:
        """Leave out the rows of places without a mix, place by place."""
        for code in np.flatnonzero(self.positions(places) < 0).tolist():
            assessment.leave_out(codes == code, self.why_none(places[code]))

    def why_none(self, place: str) -> Reason:
        """Return why a place has no mix: the years of its series, if it has one."""
        years = self._context.factors.electricity_years(place)
        if not years:
            return Reason("no_series", country=place, year=self.year)
        first, last = years[0], years[-1]
        return Reason("no_mix", country=place, year=self.year, first=first, last=last)


def _assumed(note: Reason, pack: str) -> Assumption:
    return Assumption(note.code, parameter="electricity", pack=pack, **dict(note.details))


def _named(context: Context, element: str) -> tuple[int, Reason, str]:
    """Return (position, what is to be said, pack) of the flow that was named for a place."""
    position = context.factors.by_id(element)
    archived = context.factors.factors.descriptions[position].status == ARCHIVED
    note = Reason("archived_by_option" if archived else "named_by_option", option="mixes")
    return (position, note, context.factors.factors.flows[position].pack)
