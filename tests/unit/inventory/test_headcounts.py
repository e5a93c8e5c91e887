"""Counts of people by several files: the same people are counted once, or not at all."""

from __future__ import annotations

import datetime as dt
import math

import pyarrow as pa
import pytest

import reen
from reen.reasons import Reason

DAY = dt.date(2025, 12, 31)
MIDYEAR = dt.date(2025, 7, 1)
Row = tuple[str, dt.date, str | None, float | None]


def headcount(*rows: Row) -> reen.types.Headcount:
    sources, days, entities, agents = zip(*rows, strict=True)
    return reen.types.Headcount.from_arrow(
        pa.table(
            {
                "date": pa.array(days, pa.date32()),
                "agents": pa.array(agents, pa.float64()),
                "entity": pa.array(entities, pa.string()),
                "source": pa.array(sources, pa.string()),
            }
        )
    )


PARTS: tuple[Row, ...] = (("h1", DAY, "Administration", 34.0), ("h1", DAY, "Technique", 41.0))


@pytest.mark.parametrize("whole", [None, "Valcour"])
def test_a_total_beside_its_parts_is_one_headcount(whole: str | None) -> None:
    """34 + 41 = 75, which another file counts for the town: 75 agents, and not 150."""
    staff = headcount(*PARTS, ("h2", MIDYEAR, whole, 75.0))
    assert staff.latest(DAY)[""] == (75.0, MIDYEAR)
    said = staff.said_of(DAY)
    assert said is not None
    assert said.code == "people_counted_once"


def test_a_total_near_the_sum_of_the_parts_is_a_question() -> None:
    """76 beside 34 + 41 = 75: neither 75, 76, nor 151."""
    staff = headcount(*PARTS, ("h2", MIDYEAR, "Valcour", 76.0))
    assert math.isnan(staff.latest(DAY)[""][0])
    said = staff.said_of(DAY)
    assert said is not None
    assert said == Reason("counts_of_people_differ", column="agents", numbers="75, 76")


@pytest.mark.parametrize("entity", [None, "Valcour"])
def test_two_totals_of_one_day_are_no_sum(entity: str | None) -> None:
    staff = headcount(("h2", DAY, entity, 75.0), ("h2b", DAY, entity, 76.0))
    assert math.isnan(staff.latest(DAY)[""][0])
    again = headcount(("h2", DAY, entity, 75.0), ("h2b", DAY, entity, 75.0))
    assert again.latest(DAY) == {entity or "": (75.0, DAY)}


def test_an_entity_of_another_file_adds_up() -> None:
    """34 + 41 agents of the town and 20 of its CCAS are 95 people."""
    staff = headcount(*PARTS, ("ccas", DAY, "CCAS", 20.0))
    assert "" not in staff.latest(DAY)
    assert staff.said_of(DAY) is None


def test_a_department_that_is_as_large_as_two_others_adds_up() -> None:
    """In one file 34, 41 and 75 are three departments: its totals leave when it is read."""
    staff = headcount(*PARTS, ("h1", DAY, "Écoles", 75.0))
    assert sum(number for number, _ in staff.latest(DAY).values()) == 150.0


def test_a_total_of_another_year_is_no_total_of_these_parts() -> None:
    staff = headcount(*PARTS, ("h2", dt.date(2019, 7, 1), "Valcour", 75.0))
    assert "" not in staff.latest(DAY)


def test_a_file_that_counts_no_inhabitants_hides_none() -> None:
    rows = {
        "date": pa.array([DAY, DAY], pa.date32()),
        "agents": pa.array([34.0, 75.0]),
        "inhabitants": pa.array([None, 8190.0], pa.float64()),
        "entity": ["Administration", "Valcour"],
        "source": ["h1", "h2"],
    }
    staff = reen.types.Headcount.from_arrow(pa.table(rows))
    assert staff.latest(DAY, "inhabitants") == {"Valcour": (8190.0, DAY)}


def test_indicators_say_that_people_are_counted_once() -> None:
    staff = headcount(*PARTS, ("h2", MIDYEAR, "Valcour", 75.0))
    fleet = reen.read(b"Type;Nombre\nPC portable;15\n", name="a.csv")
    found = reen.indicators(
        inventory=fleet,
        headcount=staff,
        period=(dt.date(2025, 1, 1), DAY),
        names=["items_per_agent"],
    )
    (each,) = [value for value in found.values if value.subject == "computer"]
    assert each.value == pytest.approx(15 / 75, rel=1e-9)
    assert "people_counted_once" in [note.code for note in each.notes]
