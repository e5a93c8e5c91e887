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

from reen import Assessment, Assumption, Context

__all__ = ["Mixes", "year_option"]

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
                note = f"of {year} for {as_of}, by option electricity_year"
            positions[place] = position
            if note:
                assumption = Assumption("electricity", note, pack)
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

    def why_none(self, place: str) -> str:
        """Return why a place has no mix: the years of its series, and what would take one."""
        years = self._context.factors.electricity_years(place)
        known = "none"
        if years:
            known = f"{years[0]} to {years[-1]}"
            if self._rule != "nearest":
                known += "; electricity_year=nearest takes the closest"
        return f"no electricity factor of {place} for {self.year} (series: {known})"


def _named(context: Context, element: str) -> tuple[int, str, str]:
    """Return (position, what is to be said, pack) of the flow that was named for a place."""
    position = context.factors.by_id(element)
    text = context.factors.factors.descriptions[position]
    facts = (text.status, f"validity printed: {text.validity}" if text.validity else "")
    said = "; ".join(fact for fact in facts if fact)
    note = f"element {element}, by option mixes" + (f" ({said})" if said else "")
    return (position, note, context.factors.factors.flows[position].pack)
