"""Which exchange of one method is set against which of the other, and on which boundary."""

from __future__ import annotations

import numpy as np
import pytest

from reen import Stage
from reen.engine.joint import Joint, Places, stage_boundaries
from reen.plugin import Match
from reen.plugin.arrays import Driver, Exchanges, FactorSet, Flow, FlowKind, Outcome, Status

WHOLE = FlowKind("whole", tuple(Stage))
ITEM = FlowKind("item", (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.EMBEDDED))
USE = FlowKind("electricity", (Stage.USE,))
DECLARED = FlowKind("declared", (Stage.UNSPECIFIED,))

MAKING, MOVING, IN_USE = Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.USE


def factors(**flows: dict[Stage, float]) -> FactorSet:
    """Return factors of climate change by stage."""
    return FactorSet.from_rows(
        [
            {
                "flow": name,
                "reference_unit": "item",
                "stage": str(stage),
                "criterion": "climate_change",
                "value": str(value),
                "unit": "kgCO2e/item",
                "source": "tests",
            }
            for name, stages in flows.items()
            for stage, value in stages.items()
        ],
        pack="tests",
    )


def exchange(kind: FlowKind, name: str, rows: list[int], **drivers: tuple[float, str]) -> Exchanges:
    """Return one exchange with one flow on each of some rows."""
    size = len(rows)
    return Exchanges(
        kind=kind,
        flows=(Flow("tests", name),),
        flow=np.zeros(size, np.int32),
        drivers={key: Driver(np.full(size, value), unit) for key, (value, unit) in drivers.items()},
        reference_unit="item",
        outcomes=(Outcome(Status.ASSESSED, Match.TYPE),),
        outcome=np.zeros(size, np.uint8),
        row=np.array(rows, np.intp),
    )


def effects(
    a: list[Exchanges], b: list[Exchanges], known: FactorSet, *, rows: int = 1
) -> dict[tuple[str, int | None, Stage], float]:
    """Return the effects of a comparison by (name, which covers alone, stage)."""
    joint = Joint()
    nowhere = np.zeros(rows, np.int64)
    joint.add(Places(nowhere, nowhere), a, b)
    position = {flow: k for k, flow in enumerate(known.flows)}
    tables = [known.take([position[flow] for flow in flows]) for flows in joint.flows]
    return {
        (cell.name, cell.only, cell.stage): cell.value
        for cell in joint.cells(tables[0], tables[1], ["climate_change"])
    }


TEN = {"quantity": (10.0, "item")}


def test_known_content_is_set_against_known_content() -> None:
    """An item and a declared figure against a declared one: 10 x 3 in the first alone."""
    known = factors(item={MAKING: 3.0}, said={Stage.UNSPECIFIED: 1.0})
    a = [
        exchange(DECLARED, "said", [0], **TEN, intensity=(4.0, "1/year")),
        exchange(ITEM, "item", [0], **TEN),
    ]
    b = [exchange(DECLARED, "said", [0], **TEN, intensity=(6.0, "1/year"))]
    assert effects(a, b, known) == {
        ("factor", None, Stage.UNSPECIFIED): 20.0,
        ("coverage", 0, Stage.EMBEDDED): -30.0,
    }


def test_what_is_declared_is_set_against_the_item_where_there_is_nothing_else() -> None:
    """Declared 10 x 4 against an item of 10 x (3 + 2): 10 more, on a boundary not known."""
    known = factors(item={MAKING: 3.0, MOVING: 2.0}, said={Stage.UNSPECIFIED: 1.0})
    a = [exchange(DECLARED, "said", [0], **TEN, intensity=(4.0, "1/year"))]
    b = [exchange(ITEM, "item", [0], **TEN)]
    assert effects(a, b, known) == {("factor", None, Stage.UNSPECIFIED): 10.0}


def test_a_flow_of_the_whole_life_has_its_use_compared_with_electricity() -> None:
    """One flow for all, use 1 per item; the other has the item, and 20 kWh at 0.1: +10 in use."""
    known = factors(all={MAKING: 5.0, IN_USE: 1.0}, item={MAKING: 7.0}, mix={IN_USE: 0.1})
    a = [exchange(WHOLE, "all", [0], **TEN)]
    b = [
        exchange(USE, "mix", [0], **TEN, annual_energy=(20.0, "kWh/item/year")),
        exchange(ITEM, "item", [0], **TEN),
    ]
    found = effects(a, b, known)
    assert found.pop(("factor", None, MAKING)) == pytest.approx(20.0)
    # the energy has no counterpart: it counts with the factor
    assert found.pop(("factor", None, IN_USE)) == pytest.approx(10.0)
    assert found == {}


def test_several_exchanges_of_a_row_are_paired_in_order() -> None:
    """Two item flows each: first with first, second with second; a third is b's alone."""
    known = factors(x={MAKING: 1.0}, y={MAKING: 2.0}, z={MAKING: 4.0})
    a = [exchange(ITEM, "x", [0, 1], **TEN), exchange(ITEM, "y", [1], **TEN)]
    b = [exchange(ITEM, "x", [0, 1, 1], **TEN), exchange(ITEM, "z", [1, 0], **TEN)]
    # row 0: x x, then z alone; row 1: x x, y x, then z alone
    assert effects(a, b, known, rows=2) == {
        ("factor", None, MAKING): pytest.approx(10.0 * (1.0 - 2.0)),
        ("coverage", 1, MAKING): pytest.approx(2 * 10.0 * 4.0),
    }


@pytest.mark.parametrize(
    ("part", "a", "b", "coarse", "expected"),
    [
        ("item", {MAKING: 1.0}, {MAKING: 2.0}, False, {MAKING: (1.0, 2.0)}),
        ("item", {MAKING: 1.0}, {MOVING: 2.0}, False, {MAKING: (1.0, None), MOVING: (None, 2.0)}),
        ("item", {MAKING: 1.0, MOVING: 1.0}, {}, False, {MAKING: (1.0, None), MOVING: (1.0, None)}),
        ("item", {MAKING: 1.0, MOVING: 1.0}, {}, True, {Stage.EMBEDDED: (2.0, None)}),
        (
            "item",
            {MAKING: 1.0, IN_USE: 9.0},
            {Stage.EMBEDDED: 5.0},
            True,
            {Stage.EMBEDDED: (1.0, 5.0)},
        ),
        ("item", {Stage.UNSPECIFIED: 1.0}, {MAKING: 5.0}, True, {Stage.UNSPECIFIED: (1.0, 5.0)}),
        ("use", {MAKING: 1.0, IN_USE: 9.0}, {IN_USE: 2.0}, True, {IN_USE: (9.0, 2.0)}),
        ("use", {MAKING: 1.0}, {}, True, {}),
        ("item", {IN_USE: 1.0}, {}, True, {}),
    ],
)
def test_stages_are_compared_on_the_finest_boundary_that_both_share(
    part: str,
    a: dict[Stage, float],
    b: dict[Stage, float],
    coarse: bool,  # noqa: FBT001 - a parameter of the cases
    expected: dict[Stage, tuple[float | None, float | None]],
) -> None:
    assert stage_boundaries(part, a, b, coarse=coarse) == expected
