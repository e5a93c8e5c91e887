"""What is not read of a fleet never turns a verdict green: the truth lies between the ends.

A fleet, that of the year before, purchases and disposals are drawn whole; then some of their cells
are blanked and some rows refused.  Whatever an indicator of the fleet then says, the value of the
whole lies between its ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.monitoring.record_kinds import RECORD_KINDS
from reen.types import Issue, Severity

YEAR = ("2025-01-01", "2025-12-31")
NAMES = (
    "age_classes",
    "dormant_stock",
    "mean_age",
    "mean_lifetime",
    "items_per_agent",
    "screens_per_pc",
    "renewal_rate",
    "reuse_of_retired",
    "reuse_of_disposals",
    "refurbished_over_retired",
    "reuse_in_spending",
)

TYPES = st.sampled_from(["laptop", "desktop", "monitor", "smartphone"])
DAYS = st.dates(dt.date(2012, 1, 1), dt.date(2025, 12, 31))
ITEMS = st.integers(1, 20).map(float)
FLEET = st.lists(
    st.fixed_dictionaries(
        {
            "equipment_type": TYPES,
            "quantity": ITEMS,
            "status": st.sampled_from(["in_use", "in_stock", "retired"]),
            "purchase_date": DAYS,
            "lifetime": st.integers(1, 10).map(float),
        }
    ),
    min_size=1,
    max_size=6,
)
PURCHASES = st.lists(
    st.fixed_dictionaries(
        {
            "date": DAYS,
            "equipment_type": TYPES,
            "quantity": ITEMS,
            "unit_price": st.integers(1, 900).map(float),
            "reconditioned": st.booleans(),
        }
    ),
    min_size=1,
    max_size=5,
)
DISPOSALS = st.lists(
    st.fixed_dictionaries(
        {
            "date": st.dates(dt.date(2024, 6, 1), dt.date(2026, 6, 1)),
            "equipment_type": TYPES,
            "quantity": ITEMS,
            "purchase_date": DAYS,
            "destination": st.sampled_from(["donated", "recycled", "resold"]),
        }
    ),
    min_size=1,
    max_size=5,
)
WHOLE = st.fixed_dictionaries(
    {"inventory": FLEET, "before": FLEET, "purchases": PURCHASES, "disposals": DISPOSALS}
)
#: Table, row and cell (beyond the last: the whole row).
SPOILT = st.lists(
    st.tuples(
        st.sampled_from(["inventory", "before", "purchases", "disposals"]),
        st.integers(0, 5),
        st.integers(0, 6),
    ),
    max_size=5,
)

Rows = list[dict[str, object]]


def table(rows: Rows, names: list[str]) -> pa.Table:
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def lost(count: int) -> tuple[Issue, ...]:
    return tuple(Issue("", "", "is cut", severity=Severity.REJECTED) for _ in range(count))


def computed(
    tables: Mapping[str, Rows], names: Mapping[str, list[str]], refused: Mapping[str, int]
) -> dict[tuple[str, str], reen.plugin.indicators.IndicatorValue]:
    fleets = {
        kind: attrs.evolve(
            made := reen.Inventory.from_arrow(table(tables[kind], names[kind])),
            issues=(*made.issues, *lost(refused.get(kind, 0))),
        )
        for kind in ("inventory", "before")
    }
    records = {
        kind: attrs.evolve(
            RECORD_KINDS[kind].from_arrow(table(tables[kind], names[kind])),
            issues=lost(refused.get(kind, 0)),
        )
        for kind in ("purchases", "disposals")
    }
    found = reen.indicators(
        inventory=fleets["inventory"],
        inventory_before=fleets["before"],
        headcount=reen.Headcount.of(50.0, date=dt.date(2025, 12, 31)),
        period=YEAR,
        names=NAMES,
        **records,
    )
    return {(value.indicator, value.subject): value for value in found}


@pytest.mark.slow
@given(WHOLE, SPOILT)
def test_the_truth_lies_between_the_ends(
    tables: dict[str, Rows], spoilt: list[tuple[str, int, int]]
) -> None:
    names = {kind: list(rows[0]) for kind, rows in tables.items()}
    left = {kind: [dict(row) for row in rows] for kind, rows in tables.items()}
    gone: dict[str, set[int]] = {kind: set() for kind in tables}
    for kind, row, cell in spoilt:
        if row < len(left[kind]):
            if cell < len(names[kind]):
                name = names[kind][cell]
                # a blank status is in the fleet by rule; one that nobody understands may not be
                left[kind][row][name] = "unknown" if name == "status" else None
            else:
                gone[kind].add(row)
    kept = {
        kind: [r for k, r in enumerate(rows) if k not in gone[kind]] for kind, rows in left.items()
    }
    if not all(kept.values()):
        return
    truth = computed(tables, names, {})
    found = computed(kept, names, {kind: len(rows) for kind, rows in gone.items()})
    for key, value in found.items():
        whole = truth.get(key)
        if value.value is None or whole is None or whole.value is None:
            continue
        least, most = value.ends
        slack = 1e-9 * max(1.0, abs(whole.value))
        assert least is None or least <= whole.value + slack, key
        assert most is None or whole.value <= most + slack, key
        if value.meets_target:
            assert whole.meets_target, key
