"""People: the agents and the inhabitants that figures are divided by.

Input: the headcount of a context.  Output: the last count on or before the end of the period, or
why there is none.  A count that lacks is never taken for one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs
import numpy as np

from reen.plugin import Reason
from reen.plugin.indicators import IndicatorContext

__all__ = ["People", "counted_of", "of_year", "people_of"]


@attrs.frozen
class People:
    """A count of people.

    Attributes
    ----------
    count
        How many, above zero.
    said
        How many, and when they were counted.
    """

    count: float
    said: Reason


def counted_of(context: IndicatorContext, column: str) -> frozenset[str]:
    """Return the entities of which people are counted; the whole, as one, is the empty text."""
    people = context.headcount
    return frozenset() if people is None else frozenset(people.latest(context.period.end, column))


def people_of(context: IndicatorContext, column: str, entity: str = "") -> People | Reason:
    """Return the people of the whole organisation or of an entity, or why they are not known.

    Parameters
    ----------
    context
        What was given.
    column
        ``agents`` or ``inhabitants``.
    entity
        Whose people; empty for the whole.
    """
    end = context.period.end
    counts: Mapping[str, tuple[float, dt.date]] = {}
    odd: Reason | None = None
    if context.headcount is not None:
        counts = context.headcount.latest(end, column)
        odd = context.headcount.said_of(end, column)
    if entity and entity not in counts:
        return Reason("no_count_of_entity_before", people=column, entity=entity, day=str(end))
    if entity in counts:
        number, day = counts[entity]
    elif counts:
        number = sum(each for each, _ in counts.values())
        day = min(day for _, day in counts.values())
    else:
        return Reason("no_count_of_people", column=column, date=str(end))
    if np.isnan(number) or number <= 0.0:
        return odd or Reason("count_of_people_unknown", column=column, date=str(day))
    if of_year(day):
        said = Reason("people_counted_in", number=number, column=column, year=str(day.year))
    else:
        said = Reason("people_counted", number=number, column=column, date=str(day))
    return People(number, odd or said)


def of_year(day: dt.date) -> bool:
    """Tell whether a day stands for its year: a year alone is read as its middle, 1 July."""
    return (day.month, day.day) == (7, 1)
