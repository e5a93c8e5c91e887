"""A plausible city by base-carbone: what share of its equipment has a factor, at a pinned date.

Fourteen lines of one authority, 1,552 items of which two have no type (an array whose words no type
answers for).  The date is one whose year has no electricity published yet.
"""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

import reen
from reen.plugin import Status

#: (type, items, year of purchase, lifetime in years).
CITY = (
    ("laptop", 100, 2023, 5.0),
    ("monitor", 150, 2022, 6.0),
    ("server", 4, 2021, 5.0),
    ("switch", 40, 2020, 7.0),
    ("printer", 20, 2020, 5.0),
    ("wifi_access_point", 186, 2020, 7.0),
    ("interactive_display", 230, 2018, 10.0),
    ("desk_phone", 300, 2018, 10.0),
    ("iot", 50, 2019, 8.0),
    ("iot", 400, 2021, 8.0),
    ("ups", 6, 2019, 10.0),
    ("unknown", 2, 2022, 6.0),
    ("video_projector", 34, 2018, 8.0),
    ("multifunction_printer", 30, 2021, 5.0),
)

AS_OF = "2026-11-29"


@pytest.fixture(scope="module")
def footprint() -> reen.Footprint:
    kinds, items, years, lifetimes = zip(*CITY, strict=True)
    fleet = pa.table(
        {
            "equipment_type": kinds,
            "quantity": [float(each) for each in items],
            "country": ["FR"] * len(CITY),
            "purchase_date": [dt.date(year, 1, 1) for year in years],
            "lifetime": lifetimes,
        }
    )
    inventory = reen.Inventory.from_arrow(fleet)
    return reen.measure(inventory, method="base-carbone", as_of=AS_OF)


def counted(footprint: reen.Footprint, kind: str) -> float:
    return sum(
        row.quantity
        for row in footprint.coverage
        if row.kind == kind and row.status is Status.ASSESSED
    )


def test_making_of_a_fifth_of_the_city(footprint: reen.Footprint) -> None:
    """100 + 150 + 4 + 20 + 34 + 30 = 338 of 1,552 items: 22 %.

    By the pack 2026.1 it was 608 (39 %): 300 desk phones have left, whose element is archived, and
    30 copiers have come.
    """
    assert counted(footprint, "item") == 338.0
    assert sum(items for _, items, *_ in CITY) == 1552


def test_the_making_by_hand(footprint: reen.Footprint) -> None:
    """100 x 156/5 + 150 x 248/6 + 4 x 600/5 + 20 x 197/5 + 34 x 145/8 + 30 x 87.9/5.

    3,120 + 6,200 + 480 + 788 + 616.25 + 527.4 = 11,731.65 kg a year.
    """
    making = footprint.stage_totals()[reen.Stage.EMBEDDED]
    assert making == pytest.approx(11_731.65, rel=1e-12)


def test_use_of_a_fifth_of_the_city_with_the_last_published_year(
    footprint: reen.Footprint,
) -> None:
    """100 x 29.0175 + 150 x 73 + 20 x 21.9 + 34 x 36.5 = 15,530.75 kWh x 0.0461 kg (2025).

    304 of 1,552 items, 20 %; with no electricity for 2026 it was none.
    """
    assert counted(footprint, "electricity") == 304.0
    use = footprint.stage_totals()[reen.Stage.USE]
    assert use == pytest.approx(15_530.75 * 0.0461, rel=1e-12)
    said = [
        each for row in footprint.coverage for each in map(str, row.assumptions) if "2025" in each
    ]
    assert set(said) == {
        "electricity: 2025, the last published year, provisional for 2026 (electricity-france)"
    }
