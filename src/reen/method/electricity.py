"""Electricity: how much of it an item uses in a year, and which mix it is made of.

One place for all methods, so that one fact has one wording.  A mix of no series, of another year
than the one asked for, or of another series than the place's own is used with a flag.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

import attrs

from reen.engine.exchanges import Assumption
from reen.errors import PluginError
from reen.factors.library import Mix
from reen.method.amounts import Amount
from reen.method.answers import Default, ReferenceFlow
from reen.method.case import Case, Fallback
from reen.method.packs import Packs
from reen.method.questions import State
from reen.method.verdicts import LeftOut
from reen.patterns import pattern
from reen.plugins.guard import A_METHOD
from reen.plugins.method import Context
from reen.reasons import Reason
from reen.values import Printed

__all__ = ["ENERGY_COLUMNS", "Electricity", "states_energy", "year_option", "yearly_energy"]

#: Unit of the yearly energy of an item.
ENERGY = "kWh/item/year"

_POWER_AND_HOURS = ("power", "usage_hours")

#: Columns of the inventory that the yearly energy of an item is read from.
ENERGY_COLUMNS = ("annual_energy", *_POWER_AND_HOURS)

#: Status of an element that its publisher no longer vouches for.
ARCHIVED = "Archivé"

_Choice = Literal["exact", "latest", "nearest"]
_CHOICES = ("latest", "exact", "nearest")
_YEAR = pattern(r"(?:19|20)\d{2}")


def _choice_or_year(_: object, attribute: attrs.Attribute[str], value: str) -> None:
    if value not in _CHOICES and not _YEAR.fullmatch(value):
        message = f"{attribute.name}: one of {', '.join(_CHOICES)}, or a year such as 2024"
        raise ValueError(message)


def year_option() -> str:
    """Return the option that chooses the year of the electricity factors.

    ``latest`` (default): the reference year, else the last published one when it is at most two
    years older, flagged as provisional.  ``exact``: the reference year only.  ``nearest``: the
    closest year, flagged.  ``2024``: that year, whatever the reference year.
    """
    field: str = attrs.field(default="latest", converter=str, validator=_choice_or_year)
    return field


@attrs.frozen(eq=False, repr=False)
class Electricity(Printed):
    """The electricity mix of each place in the year of the reference date.

    Attributes
    ----------
    context
        Packs and reference date.
    choice
        Value of the option `year_option`.
    elements
        Ids of the flows of some places, over those of the packs; all are known.
    option
        Name of the option that names these elements.
    archived
        Name of the option by which archived elements serve; without one they give no mix.
    """

    context: Context
    choice: str = "latest"
    elements: Mapping[str, str] = attrs.field(factory=dict)
    option: str = "mixes"
    archived: str = ""

    @property
    def year(self) -> int:
        """Return the year that the factors are asked for."""
        return self.context.as_of.year if self.choice in _CHOICES else int(self.choice)

    def mix(self, place: str | None) -> ReferenceFlow:
        """Return the mix of a place: to be asked of a case by ``case.of(electricity.mix, ...)``.

        Raises
        ------
        LeftOut
            No place, or no factor of its electricity for the year.
        """
        if place is None:
            raise LeftOut("missing", column="country")
        found = self._named(place) if place in self.elements else self._of_series(place)
        flow = Packs(self.context).flow(found.position)
        if flow is None:
            raise self._none(place)
        if found.note is None:
            return flow
        note = found.note
        said = Assumption(note.code, parameter="electricity", pack=found.pack, **dict(note.details))
        return attrs.evolve(flow, assumptions=(said,))

    def _of_series(self, place: str) -> Mix:
        as_of = self.context.as_of.year
        choose = cast("_Choice", self.choice if self.choice in _CHOICES else "exact")
        found = self.context.factors.mix(place, self.year, choose=choose)
        if found.position >= 0 and found.note is None and self.year != as_of:
            note = Reason("year_by_option", year=self.year, instead_of=as_of)
            return attrs.evolve(found, note=note)
        return found

    def _named(self, place: str) -> Mix:
        factors = self.context.factors
        position = factors.by_id(self.elements[place])
        if position < 0:
            raise PluginError(A_METHOD, f"no pack in use has the element {self.elements[place]!r}")
        note = Reason("named_by_option", option=self.option)
        if factors.factors.descriptions[position].status == ARCHIVED:
            if not self.archived:
                raise LeftOut("mix_archived", country=place, element=self.elements[place])
            note = Reason("archived_by_option", option=self.archived)
        return Mix(position, note, factors.factors.flows[position].pack)

    def _none(self, place: str) -> LeftOut:
        """Return why a place has no mix: the years of its series, if it has one."""
        years = self.context.factors.electricity_years(place)
        if not years:
            return LeftOut("no_series", country=place, year=self.year)
        return LeftOut("no_mix", country=place, year=self.year, first=years[0], last=years[-1])


def yearly_energy(case: Case, else_: Fallback) -> Amount:
    """Return the electricity of one item of a case in a year.

    The row's own; else its power times its hours a year, flagged; else the figure of the method,
    mostly the default of the type.  A power without hours is not used.

    Parameters
    ----------
    case, else_
        As `Case.number` takes it.

    Raises
    ------
    LeftOut
        An invalid value, or nothing to replace a blank.
    """

    def otherwise() -> Amount | Default | None:
        if _has_power_and_hours(case):
            case.assume("computed_from", parameter="annual_energy", columns="power, usage_hours")
            power = case.number("power", "kW/item")
            return (power * case.number("usage_hours", "h/year")).named("annual_energy", ENERGY)
        return else_() if callable(else_) else else_

    return case.number("annual_energy", ENERGY, else_=otherwise)


def states_energy(case: Case) -> bool:
    """Return whether a row gives its own yearly energy, directly or as power and hours."""
    return case.given("annual_energy") or _has_power_and_hours(case)


def _has_power_and_hours(case: Case) -> bool:
    """Tell whether the energy follows from a power and hours, of which neither is blank.

    An invalid one stands for no other: it is refused when it is asked for.
    """
    return all(case.state(name) is not State.BLANK for name in _POWER_AND_HOURS)
