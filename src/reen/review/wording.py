"""Wording of the review: titles, states, flows and masses in words, and what lacks for a figure.

Input: keys, totals and the reason of a figure that could not be worked out.  Output: a few words in
the language in force.  Decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from reen.plugins.registry import Registry
from reen.reasons import Reason, say, spoken
from reen.results.total import Total
from reen.review.figures import Figure
from reen.review.numbers import (
    NONE,
    at_least,
    bounded,
    number,
    sure_of,
)
from reen.strategy.action import ActionState
from reen.strategy.judging import State
from reen.vocabulary import titles

__all__ = [
    "ACTION_STATES",
    "FLOWS",
    "PER",
    "STATES",
    "TONNES",
    "in_sentence",
    "missing_text",
    "per_text",
    "tonnes",
    "total_text",
    "type_title",
]

ACTION_STATES: Mapping[ActionState, Reason] = {
    ActionState.PLANNED: Reason("review_planned"),
    ActionState.RUNNING: Reason("review_under_way"),
    ActionState.DONE: Reason("review_done"),
    ActionState.DROPPED: Reason("review_abandoned"),
}

FLOWS: Mapping[str, Reason] = {
    "item": Reason("review_making"),
    "electricity": Reason("review_electricity"),
    "waste": Reason("review_waste"),
    "service": Reason("review_services"),
}

STATES: Mapping[State, Reason] = {
    State.REACHED: Reason("review_reached"),
    State.ON_TRACK: Reason("review_on_track"),
    State.BEHIND: Reason("review_behind"),
    State.OFF: Reason("review_off_track"),
    State.UNKNOWN: Reason("review_undetermined"),
}

#: What a total is divided by: the head of that figure, and who is counted.
PER = {
    "footprint_per_agent": (
        Reason("review_per_member_of_staff"),
        Reason("review_members_of_staff"),
    ),
    "footprint_per_inhabitant": (Reason("review_per_inhabitant"), Reason("review_inhabitants")),
}

#: Unit of the masses of the review.
TONNES = Reason("review_t_co2e_a_year")

_INPUTS: Mapping[str, Reason] = {
    "connected_objects": Reason("review_the_connected_objects"),
    "contracts": Reason("review_the_contracts"),
    "disposals": Reason("review_the_disposals"),
    "energy_readings": Reason("review_the_energy_readings"),
    "events": Reason("review_the_events"),
    "footprint": Reason("review_a_footprint"),
    "headcount": Reason("review_the_headcount"),
    "inventory": Reason("review_the_inventory"),
    "inventory_before": Reason("review_the_inventory_of_the_year"),
    "last_seen": Reason("review_the_last_contacts_of_devices"),
    "maturity": Reason("review_the_maturity_grid"),
    "projects": Reason("review_the_projects"),
    "purchases": Reason("review_the_purchases"),
    "purchases_footprint": Reason("review_the_footprint_of_purchases_a"),
    "repairs": Reason("review_the_repairs"),
    "services": Reason("review_the_services"),
}


def missing_text(reason: Reason | None) -> str:
    """Return what lacks.

    Examples
    --------
    >>> missing_text(Reason("not_given", what="purchases, headcount"))
    'missing: the purchases, the headcount'
    """
    if reason is None:
        return ""
    if reason.code != "not_given":
        return reason.text()
    given = str(reason.detail("what")).split(", ")
    return say("review_missing") + ", ".join(str(_INPUTS.get(each, each)) for each in given)


def per_text(figure: Figure) -> str:
    """Return a figure per person, whose unit the heading says, with what must be said of it."""
    if figure.value is None:
        return NONE
    text = bounded(figure.value, "kgCO2e/year", lower_bound=figure.lower_bound)
    return text + sure_of(figure)


def type_title(registry: Registry, key: str) -> str:
    """Return the title of a type of equipment or of service."""
    return titles.type_title(registry.equipment_types, key, spoken()) or say("review_no_type")


def in_sentence(title: str) -> str:
    """Return a title as it stands within a sentence: no capital, but in words that have others.

    Examples
    --------
    >>> in_sentence("Logiciels en ligne (SaaS)"), in_sentence("UPS")
    ('logiciels en ligne (SaaS)', 'UPS')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def tonnes(value: float | None, *, sign: bool = False, bound: bool = False) -> str:
    """Return a mass in kilograms as tonnes, without its unit; ``≥`` before a lower bound."""
    if value is None:
        return NONE
    return at_least(bound) + number(value / 1000.0, decimals=2, sign=sign)


def total_text(total: Total) -> str:
    """Return a total with its unit, and whether it is a lower bound, doubtful or incomplete."""
    if math.isnan(total.value):
        return say("review_nothing_measured")
    text = bounded(total.value, total.unit, lower_bound=total.lower_bound)
    if total.doubtful:
        return say("review_doubtful_incomplete" if total.lacking else "review_doubtful", text=text)
    return text if total.complete or total.lower_bound else say("review_incomplete", text=text)
