"""Acting: what events, projects, objects and a grid of maturity say of axes 3 to 6.

Training and eco-design, awareness, citizens, connected objects and what they save beside what they
use.  Plain counts, shares and means of the rows of a year.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reen.plugin.indicators import Direction, Indicator
from reen_plugins.indicators.acting_kinds import (
    ForEach,
    MaturityScore,
    NetEnergy,
    Partners,
    ShareOfPeople,
)
from reen_plugins.indicators.declared import Average, Proportion, Total, of_rows
from reen_plugins.indicators.rows import Answers, Rows, all_of

__all__ = ["ACTING"]

_GUIDANCE = "State guidance to local authorities, example"
_OWN = "our own"


def _people(column: str) -> Any:  # noqa: ANN401 - what reads a column
    return lambda rows: rows.number(column, "person")


def _axis(number: float) -> Any:  # noqa: ANN401 - what reads an axis
    def told(rows: Rows) -> Answers:
        given = rows.number("axis", "1")
        return np.where(np.isnan(given), np.nan, (given == number) * 1.0)

    return told


def _kind(*kinds: str, axis: float | None = None) -> Any:  # noqa: ANN401 - what reads a kind
    def told(rows: Rows) -> Answers:
        mine = rows.among("event_kind", *kinds)
        return mine if axis is None else all_of(mine, _axis(axis)(rows))

    return told


def _eco_design(rows: Rows) -> Answers:
    return all_of(rows.among("event_kind", "training"), rows.among("theme", "eco_design"))


def _events(**given: Any) -> Total:  # noqa: ANN401 - fields of a sum
    return Total(
        **{
            "denominator": "one",
            "direction": Direction.HIGHER,
            "needs": ("events",),
            "what": "of known kind",
            "fill_in": "event_kind, participants",
            **given,
        }
    )


_EVENTS_OF_PUBLIC = _axis(5)

ACTING: tuple[Indicator, ...] = (
    ShareOfPeople(
        name="eco_design_trained",
        title_en="Staff concerned trained in eco-design",
        title_fr="Part des agents concernés formés à l'écoconception",
        unit="%",
        formula="100 x participants of courses on eco-design / staff concerned by them",
        denominator="staff concerned",
        source=f"{_GUIDANCE} 10",
        axis=3,
        direction=Direction.HIGHER,
        needs=("events",),
        part="participants",
        whole="concerned",
        counts=_eco_design,
    ),
    Proportion(
        name="eco_designed_projects",
        title_en="Eco-designed projects",
        title_fr="Part des projets écoconçus",
        unit="%",
        formula="100 x projects that were eco-designed / projects of which it is known",
        denominator="projects of which it is known",
        source=f"{_GUIDANCE} 11",
        axis=3,
        direction=Direction.HIGHER,
        needs=("projects",),
        amounts=of_rows,
        counted_in="project",
        part=lambda rows: rows.flag("eco_designed"),
        what="of known design",
        fill_in="eco_designed",
    ),
    Average(
        name="rgesn_score",
        title_en="Score of services on the RGESN",
        title_fr="Score RGESN des services numériques",
        unit="%",
        formula="sum of users x score / sum of users, over the services assessed",
        denominator="users of services assessed",
        source=f"{_GUIDANCE} 12",
        axis=3,
        direction=Direction.HIGHER,
        needs=("projects",),
        amounts=_people("users"),
        counted_in="person",
        figures=lambda rows: rows.number("rgesn_score", "percent"),
        limits=(0.0, 100.0),
        dated="",
        what="of services assessed",
        fill_in="rgesn_score, users",
    ),
    _events(
        name="workshops",
        title_en="Workshops and courses for staff and elected members",
        title_fr="Ateliers et formations pour les agents et les élus",
        unit="1",
        formula="workshops, courses and conferences of axis 4, over the period",
        source=f"{_GUIDANCE} 15",
        axis=4,
        amounts=of_rows,
        counted_in="event",
        counts=_kind("workshop", "training", "conference", axis=4.0),
    ),
    _events(
        name="participants",
        title_en="Participants of awareness events",
        title_fr="Participants aux actions de sensibilisation",
        unit="person",
        formula="participants of the events of axis 4, over the period; phishing tests left out",
        source=f"{_GUIDANCE} 16",
        axis=4,
        amounts=_people("participants"),
        counted_in="person",
        counts=_kind("workshop", "training", "conference", "campaign", "other", axis=4.0),
    ),
    _events(
        name="elected_participants",
        title_en="Elected members among the participants",
        title_fr="Élus parmi les participants",
        unit="person",
        formula="elected members in the events of axis 4, over the period; phishing tests left out",
        source=f"{_GUIDANCE} 16",
        axis=4,
        amounts=_people("elected"),
        counted_in="person",
        counts=_kind("workshop", "training", "conference", "campaign", "other", axis=4.0),
    ),
    ForEach(
        name="participants_per_agent",
        title_en="Participations in awareness events for each agent",
        title_fr="Participations à la sensibilisation par agent",
        unit="1",
        formula="participants of the events of axis 4 / agents of the last count",
        denominator="agents",
        source=_OWN,
        axis=4,
        direction=Direction.HIGHER,
        needs=("events", "headcount"),
        kind="events",
        amounts=_people("participants"),
        counts=_kind("workshop", "training", "conference", "campaign", "other", axis=4.0),
        people="agents",
        dated="date",
        counted_in="person",
    ),
    ShareOfPeople(
        name="phishing_clicks",
        title_en="People who followed the link of a phishing test",
        title_fr="Part des personnes ayant cliqué au test d'hameçonnage",
        unit="%",
        formula="100 x people who followed the link / people of the test",
        denominator="people of the tests",
        source=_OWN,
        axis=4,
        direction=Direction.LOWER,
        needs=("events",),
        part="clicked",
        whole="participants",
        counts=_kind("phishing_test"),
    ),
    ShareOfPeople(
        name="phishing_reports",
        title_en="People who reported a phishing test",
        title_fr="Part des personnes ayant signalé le test d'hameçonnage",
        unit="%",
        formula="100 x people who reported it / people of the test",
        denominator="people of the tests",
        source=_OWN,
        axis=4,
        direction=Direction.HIGHER,
        needs=("events",),
        part="reported",
        whole="participants",
        counts=_kind("phishing_test"),
    ),
    _events(
        name="public_events",
        title_en="Campaigns, workshops and conferences for the public",
        title_fr="Campagnes, ateliers et conférences pour les habitants",
        unit="1",
        formula="events of axis 5, over the period",
        source=f"{_GUIDANCE} 18",
        axis=5,
        amounts=of_rows,
        counted_in="event",
        counts=_EVENTS_OF_PUBLIC,
        fill_in="axis",
    ),
    _events(
        name="people_reached",
        title_en="People reached",
        title_fr="Personnes touchées",
        unit="person",
        formula="participants of the events of axis 5, over the period",
        source=f"{_GUIDANCE} 19",
        axis=5,
        amounts=_people("participants"),
        counted_in="person",
        counts=_EVENTS_OF_PUBLIC,
        fill_in="axis, participants",
    ),
    Partners(
        name="partners",
        title_en="Bodies that took part",
        title_fr="Acteurs mobilisés",
        unit="1",
        formula="distinct bodies named by the events of the period, and those of each kind",
        denominator="one",
        source=f"{_GUIDANCE} 20",
        axis=5,
        direction=Direction.HIGHER,
        needs=("events",),
    ),
    _events(
        name="people_certified",
        title_en="People certified",
        title_fr="Personnes certifiées",
        unit="person",
        formula="people certified in the events of axis 5, over the period; blank is unknown",
        source=f"{_GUIDANCE} 21",
        axis=5,
        amounts=_people("certified"),
        counted_in="person",
        counts=_EVENTS_OF_PUBLIC,
        fill_in="certified",
    ),
    _events(
        name="citizens_weee",
        title_en="Equipment collected from citizens",
        title_fr="Équipements collectés auprès des habitants",
        unit="kg",
        formula="mass collected by the events that collect, over the period",
        source=_OWN,
        axis=5,
        amounts=lambda rows: rows.number("weight", "kg"),
        counted_in="kg",
        counts=_kind("collection"),
        fill_in="weight",
    ),
    _events(
        name="repair_visits",
        title_en="Visitors of repair workshops",
        title_fr="Visiteurs des ateliers de réparation",
        unit="person",
        formula="participants of repair workshops, over the period",
        source=_OWN,
        axis=5,
        amounts=_people("participants"),
        counted_in="person",
        counts=_kind("repair_workshop"),
    ),
    ForEach(
        name="objects_per_1000",
        title_en="Connected objects for 1,000 inhabitants",
        title_fr="Objets connectés pour 1 000 habitants",
        unit="1",
        formula="connected objects / (inhabitants of the last count / 1,000)",
        denominator="inhabitants",
        source=f"{_GUIDANCE} 22",
        axis=6,
        direction=Direction.NONE,
        needs=("connected_objects", "headcount"),
        kind="connected_objects",
        amounts=lambda rows: rows.items,
        counts=of_rows,
        people="inhabitants",
        times=1000.0,
    ),
    Proportion(
        name="shared_objects",
        title_en="Connected objects on a shared network",
        title_fr="Part des objets connectés sur un réseau mutualisé",
        unit="%",
        formula="100 x objects on a network shared with others / objects of known network",
        denominator="objects of known network",
        source=f"{_GUIDANCE} 23",
        axis=6,
        direction=Direction.HIGHER,
        needs=("connected_objects",),
        part=lambda rows: rows.flag("shared_network"),
        dated="",
        what="of known network",
        fill_in="shared_network",
    ),
    NetEnergy(
        name="net_energy_saved",
        title_en="Energy saved by connected objects, less their own",
        title_fr="Énergie économisée par les objets connectés, la leur déduite",
        unit="kWh",
        formula="energy that the objects save in a year - quantity x annual_energy",
        denominator="one",
        source=f"{_GUIDANCE} 24",
        axis=6,
        direction=Direction.HIGHER,
        needs=("connected_objects",),
    ),
    MaturityScore(
        name="maturity",
        title_en="Maturity",
        title_fr="Maturité",
        unit="1",
        formula="plain mean of the dimensions of the grid, each the mean of its answers (1 to 5)",
        denominator="dimensions answered",
        source="ANCT, grid of maturity of responsible digital technology (seven dimensions)",
        axis=0,
        direction=Direction.HIGHER,
        needs=("maturity",),
    ),
)
