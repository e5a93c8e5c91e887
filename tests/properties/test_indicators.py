"""What holds for indicators of any fleet and any records."""

from __future__ import annotations

import datetime as dt
import math

import attrs
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import reen
from reen.inventory.record_kinds import RECORD_KINDS
from reen.inventory.records import Records
from reen.plugin.indicators import Target
from reen.types import Issue, Severity

DAY = dt.date(2022, 12, 31)
YEAR = ("2022-01-01", "2022-12-31")

TYPES = st.sampled_from(["laptop", "desktop", "server", "router", None, "no such thing"])
QUANTITIES = st.none() | st.integers(0, 1_000).map(float)
LIFETIMES = st.none() | st.floats(0.25, 30.0)
ENERGIES = st.none() | st.floats(0.0, 5_000.0)
FOOTPRINTS = st.none() | st.floats(0.0, 5_000.0)
STATUSES = st.sampled_from(["in_use", "in_stock", "retired", "lost", None])
ENTITIES = st.sampled_from(["town hall", "schools", None])
DAYS = st.none() | st.dates(dt.date(2015, 1, 1), dt.date(2024, 12, 31))

ASSETS = st.tuples(TYPES, QUANTITIES, LIFETIMES, ENERGIES, FOOTPRINTS, STATUSES, ENTITIES, DAYS)
COLUMNS = (
    ("equipment_type", pa.string()),
    ("quantity", pa.float64()),
    ("lifetime", pa.float64()),
    ("annual_energy", pa.float64()),
    ("declared_footprint", pa.float64()),
    ("status", pa.string()),
    ("entity", pa.string()),
    ("purchase_date", pa.date32()),
)
FLEETS = st.lists(ASSETS, max_size=12)

PURCHASES = st.lists(
    st.tuples(DAYS, TYPES, QUANTITIES, st.none() | st.floats(0.01, 1e4), st.none() | st.booleans()),
    max_size=12,
)
DISPOSALS = st.lists(
    st.tuples(
        DAYS,
        TYPES,
        QUANTITIES,
        st.sampled_from([*reen.plugin.files.DISPOSALS["destination"].values, None]),
    ),
    max_size=12,
)
AGENTS = st.floats(0.5, 1e5)


#: Indicators of a fleet, its footprint and its agents.
OF_FLEETS = [
    name
    for name, each in reen.default_registry().indicators.items()
    if {*each.needs} <= {"inventory", "footprint", "headcount", "footprint or inventory"}
]


#: Parts of a whole, in per cent, of a footprint, purchases or disposals; what is divided by another
#: whole (refurbished for retired, a decree's A / B) may be above a hundred.
SHARES = [
    name
    for name, each in reen.default_registry().indicators.items()
    if each.unit == "%" and each.needs in {("footprint",), ("purchases",), ("disposals",)}
]


def table(rows: list[tuple[object, ...]], columns: tuple[tuple[str, pa.DataType], ...]) -> pa.Table:
    return pa.table(
        {name: pa.array([row[k] for row in rows], kind) for k, (name, kind) in enumerate(columns)}
    )


def fleet_of(rows: list[tuple[object, ...]], *, times: float = 1.0) -> reen.Inventory:
    scaled = [
        (kind, quantity if quantity is None else quantity * times, *rest)  # type: ignore[operator]
        for kind, quantity, *rest in rows
    ]
    return reen.Inventory.from_arrow(table(scaled, COLUMNS))


def purchases_of(rows: list[tuple[object, ...]]) -> reen.types.Purchases:
    names = ("date", "equipment_type", "quantity", "unit_price", "reconditioned")
    kinds = (pa.date32(), pa.string(), pa.float64(), pa.float64(), pa.bool_())
    return reen.types.Purchases.from_arrow(table(rows, tuple(zip(names, kinds, strict=True))))


def disposals_of(rows: list[tuple[object, ...]]) -> reen.types.Disposals:
    names = ("date", "equipment_type", "quantity", "destination")
    kinds = (pa.date32(), pa.string(), pa.float64(), pa.string())
    return reen.types.Disposals.from_arrow(table(rows, tuple(zip(names, kinds, strict=True))))


def compute(rows: list[tuple[object, ...]], *, times: float = 1.0) -> reen.types.Indicators:
    fleet = fleet_of(rows, times=times)
    return reen.indicators(
        inventory=fleet,
        footprint=reen.measure(fleet, method="declared", by=("entity",), as_of=DAY),
        headcount=reen.types.Headcount.of(10.0, date=DAY),
        period=YEAR,
        names=OF_FLEETS,
    )


def numbers(found: reen.types.Indicators) -> dict[tuple[str, str], float | None]:
    return {(value.indicator, value.subject): value.value for value in found}


@pytest.mark.slow
@given(FLEETS)
def test_doubling_quantities_leaves_means_and_shares_unchanged(
    rows: list[tuple[object, ...]],
) -> None:
    once, twice = numbers(compute(rows)), numbers(compute(rows, times=2.0))
    assert set(once) == set(twice)
    for key, value in once.items():
        factor = 2.0 if key[0] in {"footprint_per_agent", "items_per_agent"} else 1.0
        expected = None if value is None else pytest.approx(value * factor, rel=1e-9)
        assert twice[key] == expected, key


@pytest.mark.slow
@given(FLEETS, AGENTS)
def test_per_agent_times_agents_is_the_footprint(
    rows: list[tuple[object, ...]], agents: float
) -> None:
    """Without agents, and where nothing was assessed, there is no value."""
    footprint = reen.measure(fleet_of(rows), method="declared", as_of=DAY)

    def value(headcount: reen.types.Headcount | None) -> float | None:
        names = ["footprint_per_agent"]
        found = reen.indicators(footprint=footprint, headcount=headcount, period=YEAR, names=names)
        return found[0].value

    total = footprint.total().value
    expected = None if math.isnan(total) else pytest.approx(total / agents)
    assert value(reen.types.Headcount.of(agents, date=DAY)) == expected
    assert value(reen.types.Headcount.of(0.0, date=DAY)) is None
    assert value(reen.types.Headcount.of(agents, date=DAY + dt.timedelta(days=1))) is None
    assert value(None) is None


@pytest.mark.slow
@given(FLEETS, PURCHASES, DISPOSALS)
def test_shares_are_between_0_and_100(
    rows: list[tuple[object, ...]],
    bought: list[tuple[object, ...]],
    gone: list[tuple[object, ...]],
) -> None:
    found = reen.indicators(
        footprint=reen.measure(fleet_of(rows), method="declared", as_of=DAY),
        purchases=purchases_of(bought),
        disposals=disposals_of(gone),
        period=YEAR,
        names=SHARES,
    )
    for value in found:
        if value.value is not None:
            assert 0.0 <= value.value <= 100.0


@pytest.mark.slow
@given(FLEETS, PURCHASES, DISPOSALS)
def test_every_value_is_a_number_or_a_reason_and_reads_back(
    rows: list[tuple[object, ...]],
    bought: list[tuple[object, ...]],
    gone: list[tuple[object, ...]],
) -> None:
    fleet = fleet_of(rows)
    found = reen.indicators(
        inventory=fleet,
        footprint=reen.measure(fleet, method="declared", by=("entity",), as_of=DAY),
        purchases=purchases_of(bought),
        disposals=disposals_of(gone),
        headcount=reen.types.Headcount.of(10, date=DAY),
        period=YEAR,
    )
    assert reen.types.Indicators.from_json(found.to_json()) == found
    assert found.to_arrow().num_rows == len(found)
    for value in found:
        assert (value.value is None) == bool(value.missing)
        if value.completeness is not None:
            assert 0.0 <= value.completeness.known <= value.completeness.total


@pytest.mark.slow
@given(FLEETS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[tuple[object, ...]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    left, right = compute(rows), compute(shuffled)
    assert [value.provenance for value in left] == [value.provenance for value in right]
    expected = {
        key: None if value is None else pytest.approx(value, rel=1e-9)
        for key, value in numbers(left).items()
    }
    assert numbers(right) == expected


@pytest.mark.slow
@given(FLEETS)
def test_a_mean_lies_between_the_extremes(rows: list[tuple[object, ...]]) -> None:
    found = compute(rows).get("mean_lifetime").value
    counted = [
        row[2]
        for row in rows
        if row[1] and row[2] is not None and row[5] not in {"retired", "lost"}
    ]
    if not counted:
        assert found is None
    else:
        assert found is not None
        assert min(counted) <= found * (1 + 1e-12)  # type: ignore[type-var]
        assert found * (1 - 1e-12) <= max(counted)  # type: ignore[type-var]


@pytest.mark.slow
@given(PURCHASES, st.dates(dt.date(2015, 1, 1), dt.date(2024, 12, 31)))
def test_periods_that_meet_share_no_purchase(rows: list[tuple[object, ...]], cut: dt.date) -> None:
    bought = purchases_of(rows)
    before = bought.between(dt.date.min, cut)
    after = bought.between(cut + dt.timedelta(days=1), dt.date.max)
    assert len(before) + len(after) + bought.undated == len(bought)
    assert len(before + after) == len(before) + len(after)


# -- what is not read ------------------------------------------------------------------------

SET_OF_TARGETS = tuple(Target(level, "our own") for level in (0.0, 20.0, 50.0, 80.0, 100.0))
SPOILT = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 4)), max_size=6)


def verdicts(
    rows: list[tuple[object, ...]], kind: str, target: Target, *, refused: int = 0
) -> dict[tuple[str, str], bool | None]:
    """Return the verdicts on the shares of reuse, of the whole and of each type that is known."""
    lost = [Issue("", "", "is cut short", severity=Severity.REJECTED) for _ in range(refused)]
    records = disposals_of(rows) if kind == "disposals" else purchases_of(rows)
    names = {
        "disposals": ["reuse_of_disposals"],
        "purchases": ["reuse_in_purchases", "reuse_in_spending"],
    }
    registry = reen.default_registry()
    chosen = [attrs.evolve(registry.indicator(name), targets=(target,)) for name in names[kind]]
    found = reen.indicators(
        **{kind: attrs.evolve(records, issues=tuple(lost))}, period=YEAR, names=chosen
    )
    return {
        (value.indicator, value.subject): value.meets_target
        for value in found
        if value.subject != "unknown"
    }


def spoil(
    rows: list[tuple[object, ...]], spoilt: list[tuple[int, int]]
) -> tuple[list[tuple[object, ...]], int]:
    """Return the rows with some cells unread, and how many rows are refused."""
    cells = [list(row) for row in rows]
    gone = set()
    for row, column in spoilt:
        if row >= len(cells):
            continue
        if column < len(cells[row]):
            cells[row][column] = None
        else:
            gone.add(row)
    return [tuple(row) for k, row in enumerate(cells) if k not in gone], len(gone)


@pytest.mark.slow
@given(
    st.one_of(
        DISPOSALS.map(lambda rows: ("disposals", rows)),
        PURCHASES.map(lambda rows: ("purchases", rows)),
    ),
    SPOILT,
    st.sampled_from(SET_OF_TARGETS),
    st.booleans(),
)
def test_what_is_not_read_never_turns_a_verdict_green(
    given_rows: tuple[str, list[tuple[object, ...]]],
    spoilt: list[tuple[int, int]],
    target: Target,
    at_most: bool,  # noqa: FBT001 - drawn
) -> None:
    """A verdict on part of what could be read is that on all of it, or none."""
    kind, rows = given_rows
    target = attrs.evolve(target, at_most=at_most)
    left, refused = spoil(rows, spoilt)
    whole = verdicts(rows, kind, target)
    for key, met in verdicts(left, kind, target, refused=refused).items():
        if met is not None and key in whole:
            assert whole[key] is met, key


#: Words that say no type or no entity, and entities that are called like a type.
WORDS = st.sampled_from(["laptop", "monitor", "unknown", "no such thing", "", " ", None])
PLACES = st.sampled_from(["schools", "unknown", "laptop", "entity laptop", "", " ", None])


def records_of(kind: str, rows: list[tuple[str | None, str | None]]) -> Records:
    """Return records of a kind with a type and an entity of each row, the rest of one value."""
    made = RECORD_KINDS[kind]
    columns: dict[str, pa.Array] = {}
    for column in made.schema.columns:
        if column.name == "equipment_type":
            values: list[object] = [kind for kind, _ in rows]
        elif column.name in {"entity", "label", "subject_id"}:
            values = [place for _, place in rows]
        elif column.kind.value == "date":
            values = [dt.date(2022, 6, 1)] * len(rows)
        elif column.kind.value == "timestamp":
            values = [dt.datetime(2022, 6, 1, tzinfo=dt.UTC)] * len(rows)
        elif column.kind.value == "boolean":
            values = [True] * len(rows)
        elif column.kind.value == "number":
            values = [2.0] * len(rows)
        elif column.values:
            values = [column.values[k % len(column.values)] for k in range(len(rows))]
        elif column.kind.value == "text":
            values = [f"{column.name} {k}" for k in range(len(rows))]
        else:
            continue
        columns[column.name] = pa.array(values)
    return made.from_arrow(pa.table(columns))


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(WORDS, QUANTITIES, LIFETIMES, ENERGIES, FOOTPRINTS, STATUSES, PLACES, DAYS),
        min_size=1,
        max_size=8,
    ),
    st.lists(st.tuples(WORDS, PLACES), min_size=1, max_size=6),
)
@example(
    [
        ("laptop", 10.0, None, None, None, None, None, None),
        ("no such thing", 3.0, None, None, None, None, None, None),
        (None, 2.0, None, None, None, None, None, None),
    ],
    [(None, None)],
)
def test_no_indicator_gives_two_values_for_one_subject(
    rows: list[tuple[object, ...]], told: list[tuple[str | None, str | None]]
) -> None:
    """A blank, an unknown word and an entity called like a type are no second value."""
    fleet = fleet_of(rows)
    footprint = reen.measure(
        fleet, method="base-carbone", by=("equipment_type", "entity", "label"), as_of=DAY
    )
    found = reen.indicators(
        inventory=fleet,
        inventory_before=fleet,
        footprint=footprint,
        purchases_footprint=footprint,
        period=YEAR,
        by_entity=True,
        **{kind: records_of(kind, told) for kind in RECORD_KINDS},
    )
    pairs = [(value.indicator, value.subject) for value in found]
    assert len(pairs) == len(set(pairs))


NAMED = st.sampled_from(["town hall", "schools"])
WHOSE = st.fixed_dictionaries(
    {
        "equipment_type": st.sampled_from(["laptop", "desktop", "monitor", "smartphone"]),
        "quantity": st.integers(1, 9).map(float),
        "purchase_date": st.none() | st.dates(dt.date(2010, 1, 1), DAY),
        "status": st.sampled_from(["in_use", "in_stock", "retired"]),
        "entity": NAMED,
        "user_id": st.none() | st.sampled_from(["a", "b", "c", "d", "e"]),
    }
)
BOUGHT = st.fixed_dictionaries(
    {"date": DAYS, "equipment_type": TYPES, "quantity": QUANTITIES, "entity": NAMED}
)


#: Equipment of one of two entities: what the other buys is divided by nothing.
ONE: dict[str, object] = {
    "equipment_type": "laptop",
    "quantity": 2.0,
    "purchase_date": DAY,
    "status": "in_use",
    "entity": "town hall",
    "user_id": "a",
}


ELSEWHERE: dict[str, object] = {
    "date": DAY,
    "equipment_type": "laptop",
    "quantity": 5.0,
    "entity": "schools",
}


def columns_of(rows: list[dict[str, object]]) -> pa.Table:
    return pa.table({name: [row[name] for row in rows] for name in rows[0]})


@given(
    st.lists(WHOSE, min_size=1, max_size=10),
    st.lists(WHOSE, min_size=1, max_size=10),
    st.lists(BOUGHT, min_size=1, max_size=5),
)
@example(
    [ONE], [ONE], [{"date": DAY, "equipment_type": "laptop", "quantity": 5.0, "entity": "schools"}]
)
def test_what_entities_divide_adds_up_to_the_whole(
    before: list[dict[str, object]], after: list[dict[str, object]], bought: list[dict[str, object]]
) -> None:
    """Numerators and denominators, where each row says whose it is; a user of two is apart."""
    people = {"date": [DAY] * 2, "agents": [30.0, 12.0], "entity": ["town hall", "schools"]}
    found = reen.indicators(
        inventory=reen.Inventory.from_arrow(columns_of(after)),
        inventory_before=reen.Inventory.from_arrow(columns_of(before)),
        purchases=reen.types.Purchases.from_arrow(columns_of(bought)),
        headcount=reen.types.Headcount.from_arrow(pa.table(people)),
        period=YEAR,
        by_entity=True,
        names=["age_classes", "items_per_agent", "renewal_rate", "double_equipped"],
    )
    sums: dict[tuple[str, str], list[float]] = {}
    unknown = set()
    for value in found:
        entity, _, part = value.subject.rpartition(": ")
        if entity or value.subject in ("town hall", "schools"):
            key = (value.indicator, part if entity else "")
            if value.value is None:  # it bought, and has nothing to divide that by
                unknown.add(key)
            at = sums.setdefault(key, [0.0, 0.0])
            at[0] += value.numerator or 0.0
            at[1] += value.denominator or 0.0
    for (name, subject), (numerator, denominator) in sums.items():
        whole = found.get(name, subject)
        if whole.value is None:
            continue
        notes = whole.notes if name == "double_equipped" else ()
        apart = sum(float(str(dict(note.details)["count"])) for note in notes)
        assert whole.denominator == pytest.approx(denominator + apart), name
        assert whole.numerator is not None
        if (name, subject) in unknown:
            assert whole.numerator >= numerator - 1e-9, name
            continue
        # of those of two entities, nobody says here how many have two computers
        assert 0.0 <= whole.numerator - numerator + 1e-9 <= apart + 2e-9, name
