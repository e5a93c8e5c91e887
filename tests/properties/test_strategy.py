"""What is not read never turns a verdict green, of any indicator of records and of any state."""

from __future__ import annotations

import datetime as dt

import attrs
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.inventory.record_kinds import RECORD_KINDS
from reen.plugin.files import SCHEMA_OF_KIND, Column, ColumnKind
from reen.plugin.indicators import Direction, Indicator, IndicatorValue
from reen.strategy.judging import State, judge
from reen.strategy.objective import Objective
from reen.types import Issue, Severity
from reen_plugins.indicators.declared import Average, Proportion, Total

YEAR = ("2025-01-01", "2025-12-31")

#: Kinds whose rows are drawn, with the columns that their indicators read.
COLUMNS = {
    "purchases": ("equipment_type", "quantity", "repairability", "labelled", "acquisition"),
    "disposals": ("equipment_type", "quantity", "weight", "destination", "approved"),
    "repairs": ("equipment_type", "quantity", "outcome", "hours"),
    "contracts": ("amount", "environmental_clause", "social_clause", "criterion_weight"),
    "events": ("axis", "event_kind", "participants", "weight"),
    "projects": ("eco_designed", "users", "rgesn_score"),
    "connected_objects": ("quantity", "shared_network"),
}
INDICATORS = [
    each
    for each in reen.default_registry().indicators.values()
    if isinstance(each, (Total, Proportion, Average)) and each.needs[0] in COLUMNS
]


def cells(column: Column) -> st.SearchStrategy[object]:
    """Return what a cell may hold; never blank."""
    if column.name == "equipment_type":
        return st.sampled_from(["laptop", "monitor"])
    if column.name == "quantity":
        return st.integers(0, 50).map(float)
    if column.kind is ColumnKind.BOOLEAN:
        return st.booleans()
    if column.kind is ColumnKind.NUMBER:
        low, high = column.minimum or 0.0, column.maximum or 500.0
        return st.integers(int(low), int(high)).map(float)
    return st.sampled_from([word for word in column.values if word != "unknown"])


def rows_of(kind: str) -> st.SearchStrategy[list[dict[str, object]]]:
    schema = SCHEMA_OF_KIND[kind]
    drawn = {name: cells(schema[name]) for name in COLUMNS[kind]}
    if "date" in schema:
        days = st.dates(dt.date(2024, 10, 1), dt.date(2026, 3, 1))
        drawn["date"] = days.map(lambda day: day)
    if kind == "connected_objects":
        drawn["object_use"] = st.just("lighting")
    return st.lists(st.fixed_dictionaries(drawn), min_size=1, max_size=8)


CASES = st.sampled_from(INDICATORS).flatmap(
    lambda each: st.tuples(st.just(each), rows_of(each.needs[0]))
)
SPOILT = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 9)), max_size=6)


def computed(
    indicator: Indicator, rows: list[dict[str, object]], *, refused: int = 0
) -> dict[str, IndicatorValue]:
    (kind,) = indicator.needs
    schema = SCHEMA_OF_KIND[kind]
    types = {
        ColumnKind.NUMBER: pa.float64(),
        ColumnKind.DATE: pa.date32(),
        ColumnKind.BOOLEAN: pa.bool_(),
    }
    names = [name for name in schema if any(name in row for row in rows)]
    table = pa.table(
        {
            name: pa.array(
                [row.get(name) for row in rows], types.get(schema[name].kind, pa.string())
            )
            for name in names
        }
    )
    lost = [Issue("", "", "is cut short", severity=Severity.REJECTED) for _ in range(refused)]
    records = attrs.evolve(RECORD_KINDS[kind].from_arrow(table), issues=tuple(lost))
    found = reen.indicators(**{kind: records}, names=[indicator], period=YEAR)
    return {value.subject: value for value in found}


def spoil(
    rows: list[dict[str, object]], spoilt: list[tuple[int, int]]
) -> tuple[list[dict[str, object]], int]:
    """Return the rows with some cells unread, and how many rows are refused."""
    left = [dict(row) for row in rows]
    gone = set()
    for row, column in spoilt:
        if row >= len(left):
            continue
        names = sorted(left[row])
        if column < len(names):
            left[row][names[column]] = None
        else:
            gone.add(row)
    kept = [row for k, row in enumerate(left) if k not in gone]
    return kept, len(gone)


@pytest.mark.slow
@given(CASES, SPOILT)
def test_what_is_known_of_all_lies_between_the_ends_of_what_is_known_of_some(
    case: tuple[Indicator, list[dict[str, object]]], spoilt: list[tuple[int, int]]
) -> None:
    indicator, rows = case
    left, refused = spoil(rows, spoilt)
    if not left:
        return
    whole = computed(indicator, rows)
    for subject, value in computed(indicator, left, refused=refused).items():
        truth = whole.get(subject)
        if value.value is None or truth is None or truth.value is None:
            continue
        least, most = value.ends
        slack = 1e-9 * max(1.0, abs(truth.value))
        assert least is None or least <= truth.value + slack, (indicator.name, subject)
        assert most is None or truth.value <= most + slack, (indicator.name, subject)


@pytest.mark.slow
@given(CASES, SPOILT, st.floats(0.0, 100.0), st.sampled_from(["higher", "lower"]))
def test_no_state_of_a_part_is_better_than_that_of_the_whole(
    case: tuple[Indicator, list[dict[str, object]]],
    spoilt: list[tuple[int, int]],
    target: float,
    direction: str,
) -> None:
    """A state that is given of part of what could be read is that of all of it, or unknown."""
    indicator, rows = case
    left, refused = spoil(rows, spoilt)
    if not left:
        return
    objective = Objective(
        id="O",
        title="x",
        indicator=indicator.name,
        direction=Direction(direction),
        baseline_year=2020,
        baseline=min(50.0, target) if direction == "higher" else max(50.0, target),
        target_year=2030,
        target=target,
    )
    truth = judge(objective, computed(indicator, rows).get(""), 2025).state
    found = judge(objective, computed(indicator, left, refused=refused).get(""), 2025).state
    if State.UNKNOWN not in (truth, found):
        assert found is truth, indicator.name


def test_every_kind_is_drawn() -> None:
    assert {each.needs[0] for each in INDICATORS} == set(COLUMNS)
    assert len(INDICATORS) > 20


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda each: each.name)
def test_an_indicator_of_nothing_has_no_number(indicator: Indicator) -> None:
    (kind,) = indicator.needs
    row: dict[str, object] = {"date": dt.date(2019, 1, 1)}
    if kind == "connected_objects":
        return
    values = computed(indicator, [row]).values()
    assert all(value.value is None for value in values) or not indicator.dated  # type: ignore[attr-defined]
