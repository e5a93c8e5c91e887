"""The method contract: whoever breaks it is refused by name, with the rows and the rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import attrs
import numpy as np
import pyarrow as pa
import pytest

import reen
from reen.plugin import Context, FactorPack, Match
from reen.plugin.arrays import Batch, Driver, Exchanges, Flow, FlowKind, Outcome, Status
from reen.testing import registry_of

ITEM = FlowKind("item", (reen.Stage.EMBEDDED,))
USE = FlowKind("electricity", (reen.Stage.USE,))

PACK = FactorPack.from_rows(
    name="two-flows",
    version="1",
    title="A laptop and a kilowatt-hour",
    publisher="tests",
    licence="CC0-1.0",
    source="tests",
    factors=[
        {
            "flow": flow,
            "reference_unit": unit,
            "stage": stage,
            "criterion": "climate_change",
            "value": value,
            "unit": f"kgCO2e/{unit}",
            "source": "tests",
        }
        for flow, unit, stage, value in (
            ("laptop", "item", "embedded", "100"),
            ("kilowatt-hour", "kWh", "use", "0.05"),
        )
    ],
)
LAPTOP = Flow("two-flows", "laptop")
KWH = Flow("two-flows", "kilowatt-hour")


@attrs.frozen(kw_only=True, eq=False)
class Odd:
    """A method made of one answering function; everything else is right."""

    answer: Callable[[Batch], Iterable[Any]]
    kinds: tuple[FlowKind, ...] = (ITEM,)
    columns: tuple[str, ...] = ()

    name: ClassVar[str] = "odd"
    version: ClassVar[str] = "3"
    title: ClassVar[str] = "Odd"
    reference: ClassVar[str] = "tests"
    packs: ClassVar[tuple[str, ...]] = ("two-flows",)

    def prepare(self, context: Context) -> Odd:
        assert context.factors.flow(LAPTOP) >= 0
        return self

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        return self.answer(batch)


def good(**changes: object) -> Exchanges:
    """Return exchanges of three laptops that are as they should be, but for some changes."""
    fields: dict[str, object] = {
        "kind": ITEM,
        "flows": (LAPTOP,),
        "flow": np.zeros(3, np.int32),
        "drivers": {
            "quantity": Driver(np.ones(3), "item"),
            "per_lifetime": Driver(np.full(3, 0.25), "1/year"),
        },
        "reference_unit": "item",
        "outcomes": (Outcome(match=Match.TYPE),),
        "outcome": np.zeros(3, np.uint8),
    }
    return Exchanges(**(fields | changes))  # type: ignore[arg-type]


def measure(*answers: object, method: Odd | None = None) -> reen.Footprint:
    """Measure three laptops of a file with these exchanges, or with a method."""
    table = pa.table(
        {"equipment_type": ["laptop"] * 3, "source": ["f.csv"] * 3, "source_row": [2, 3, 4]}
    )
    return reen.measure(
        reen.Inventory.from_arrow(table),
        method=method or Odd(answer=lambda _: answers),
        as_of="2022-12-31",
        registry=registry_of(packs=[PACK]),
    )


def refused(*answers: object, method: Odd | None = None) -> str:
    """Return the message of the `PluginError` that these exchanges end in."""
    with pytest.raises(reen.errors.PluginError) as caught:
        measure(*answers, method=method)
    assert caught.value.plugin == "method odd 3"
    return str(caught.value)


#: What is said of the batch wherever the fault is found once the method has answered.
BATCH = " (in the batch of rows 0 to 2)"


def test_good_exchanges_are_measured() -> None:
    """3 x 0.25 x 100 = 75 kg: what the other tests change was right."""
    assert float(measure(good()).total()) == 75.0


# -- what it answers -------------------------------------------------------------------------


def test_a_method_that_raises_is_named_with_its_rows() -> None:
    """The class and message of its error stand in ours."""

    def fails(_: Batch) -> list[object]:
        message = "no such table"
        raise KeyError(message)

    assert refused(method=Odd(answer=fails)) == (
        "method odd 3: failed on rows 0 to 2 with KeyError: 'no such table'"
    )


def test_something_else_than_exchanges() -> None:
    """A list of dictionaries is not what the engine folds."""
    assert refused({"flow": 1}) == f"method odd 3: returned dict instead of Exchanges{BATCH}"


def test_no_exchanges_for_a_kind() -> None:
    """A kind that is listed must be answered for."""
    method = Odd(answer=lambda _: [good()], kinds=(ITEM, USE))
    assert refused(method=method) == (
        f"method odd 3: gave no exchanges for the flow kind 'electricity'{BATCH}"
    )


def test_exchanges_of_an_unlisted_kind() -> None:
    """A kind that is answered for must be listed."""
    other = FlowKind("other", (reen.Stage.EMBEDDED,))
    assert refused(good(), good(kind=other)) == (
        f"method odd 3: answered for the flow kind 'other', which it does not list{BATCH}"
    )


def test_a_column_that_is_not_declared() -> None:
    """Reading `lifetime` without saying so is refused, since the digest would not cover it."""

    def reads(batch: Batch) -> list[object]:
        batch.values("lifetime", "year")
        return [good()]

    assert "reads the column 'lifetime' without declaring it; add it to Prepared.columns" in (
        refused(method=Odd(answer=reads))
    )


def test_a_declared_column_may_be_read() -> None:
    """The same, declared."""

    def reads(batch: Batch) -> list[object]:
        batch.values("lifetime", "year")
        return [good()]

    assert float(measure(method=Odd(answer=reads, columns=("lifetime",))).total()) == 75.0


# -- lengths and codes -----------------------------------------------------------------------


def test_too_few_flows() -> None:
    """Two codes for three rows."""
    assert "flow of the flow kind 'item' has 2 values for 3 rows" in refused(
        good(flow=np.zeros(2, np.int32))
    )


def test_too_few_outcomes() -> None:
    """Two outcome codes for three rows."""
    assert "outcome of the flow kind 'item' has 2 values for 3 rows" in refused(
        good(outcome=np.zeros(2, np.uint8))
    )


def test_too_long_a_driver() -> None:
    """Four quantities for three rows."""
    drivers = {
        "quantity": Driver(np.ones(4), "item"),
        "per_lifetime": Driver(np.ones(3), "1/year"),
    }
    assert "driver 'quantity' of the flow kind 'item' has 4 values for 3 rows" in refused(
        good(drivers=drivers)
    )


def test_a_flow_code_too_high() -> None:
    """Code 1 where there is one flow."""
    assert "flow codes go from 0 to 1 for 1 flows; expected -1 to 0" in refused(
        good(flow=np.array([0, 1, 0], np.int32))
    )


def test_a_flow_code_too_low() -> None:
    """Code -2 means nothing."""
    assert "flow codes go from -2 to 0" in refused(good(flow=np.array([0, -2, 0], np.int32)))


def test_flow_codes_that_are_no_integers() -> None:
    """Floats are refused, not rounded."""
    assert "flow must be int32 and outcome unsigned; got float64 and uint8" in refused(
        good(flow=np.zeros(3))
    )


def test_an_outcome_code_too_high() -> None:
    """Code 7 where there is one outcome."""
    assert "outcome codes go up to 7 for 1 outcomes" in refused(
        good(outcome=np.array([0, 7, 0], np.uint8))
    )


def test_an_outcome_code_too_low() -> None:
    """Code -1 is not the last outcome, as Python would have it."""
    assert "outcome codes" in refused(good(outcome=np.array([0, -1, 0], np.int8)))


# -- rows ------------------------------------------------------------------------------------


def some_rows(*rows: int) -> Exchanges:
    """Return exchanges of some rows by their positions."""
    size = len(rows)
    return good(
        row=np.array(rows, np.intp),
        flow=np.zeros(size, np.int32),
        outcome=np.zeros(size, np.uint8),
        drivers={"amount": Driver(np.full(size, 0.25), "item/year")},
    )


def test_rows_in_several_parts() -> None:
    """Rows 2 and 0, then row 1: 3 x 0.25 x 100 = 75 kg."""
    assert float(measure(some_rows(2, 0), some_rows(1)).total()) == 75.0


def test_several_exchanges_of_one_row() -> None:
    """Row 1 twice: 4 x 0.25 x 100 = 100 kg, three rows assessed."""
    footprint = measure(some_rows(0, 1, 2), some_rows(1))
    assert float(footprint.total()) == 100.0
    assert footprint.coverage.quantities(reen.Stage.EMBEDDED, "climate_change")[
        Status.ASSESSED
    ] == (3.0, 3, 0)


def test_a_row_left_out_for_one_exchange_counts_the_other() -> None:
    """Row 1 has one exchange and lacks another: 3 x 0.25 x 100 = 75 kg, and it is left out."""
    out = Outcome(Status.LEFT_OUT, reason="no battery factor")
    lacking = attrs.evolve(some_rows(1), flow=np.array([-1], np.int32), outcomes=(out,))
    footprint = measure(some_rows(0, 1, 2), lacking)
    assert footprint.total().value == 75.0
    assert [row.rows for row in footprint.coverage.left_out()] == [1]


def test_a_row_without_answer_is_named() -> None:
    """Rows 0 and 2 are answered for; row 1 is line 3 of its file."""
    assert refused(some_rows(0, 2)) == (
        "method odd 3: 1 row(s) got no answer for the flow kind 'item' (f.csv:3); every row needs"
        f" at least one exchange, with flow -1 and an outcome when it is not assessed{BATCH}"
    )


def test_a_row_that_is_not_there() -> None:
    """Position 3 of three rows."""
    assert "row" in refused(some_rows(0, 1, 2, 3))


def test_a_row_before_the_first() -> None:
    """Position -1 is not the last row, as Python would have it."""
    assert "row" in refused(some_rows(0, 1, -1))


# -- amounts, units, flows -------------------------------------------------------------------


def drivers(*values: float, unit: str = "item/year") -> dict[str, Driver]:
    return {"amount": Driver(np.array(values), unit)}


@pytest.mark.parametrize("amount", [np.nan, np.inf, -np.inf, -0.5])
def test_an_amount_that_is_no_number(amount: float) -> None:
    """The row is named with its drivers; it should have been left out."""
    message = refused(good(drivers=drivers(1.0, amount, 1.0)))
    assert message == (
        "method odd 3: the amount of 1 assessed row(s) of the flow kind 'item' is not a finite"
        f" number, 0 or more (f.csv:3; drivers {{'amount': {amount}}}); leave such rows out with a"
        " reason"
        f"{BATCH}"
    )


def test_drivers_of_unassessed_rows_are_not_read() -> None:
    """Left out with a NaN driver: 2 x 0.25 x 100 = 50 kg."""
    each = good(
        flow=np.array([0, -1, 0], np.int32),
        outcomes=(Outcome(), Outcome(Status.LEFT_OUT, reason="no lifetime")),
        outcome=np.array([0, 1, 0], np.uint8),
        drivers=drivers(0.25, np.nan, 0.25),
    )
    assert float(measure(each).total()) == 50.0


@pytest.mark.parametrize("unit", ["kg", "item", "kWh/year", "item/month"])
def test_drivers_of_another_dimension(unit: str) -> None:
    """The product must be items per year, at scale one."""
    assert refused(good(drivers=drivers(1.0, 1.0, 1.0, unit=unit))) == (
        f"method odd 3: the drivers amount [{unit}] of the flow kind 'item' do not make item/year"
        f"{BATCH}"
    )


def test_no_driver_has_no_unit() -> None:
    """Nothing is not an item per year."""
    assert "the drivers (none) of the flow kind 'item' do not make item/year" in refused(
        good(drivers={})
    )


def test_drivers_of_no_known_unit() -> None:
    """A unit that is no unit is the method's fault: it is named."""
    assert "apples" in refused(good(drivers=drivers(1.0, 1.0, 1.0, unit="apples")))


def test_a_flow_of_another_reference_unit() -> None:
    """Items per year on a flow of one kilowatt-hour would multiply 0.05 kg by items."""
    kind = FlowKind("item", (reen.Stage.USE,))
    method = Odd(answer=lambda _: [good(kind=kind, flows=(KWH,))], kinds=(kind,))
    assert "kWh" in refused(method=method)


def test_a_flow_that_no_pack_has() -> None:
    """Its key is named, and where it should be."""
    assert (
        "flow elsewhere:tablet is in no factor pack in use, and no run-time factors come with it;"
        " put it in Exchanges.factors or name its pack in Method.packs"
    ) in refused(good(flows=(Flow("elsewhere", "tablet"),)))


def test_a_stage_that_the_kind_does_not_answer_for() -> None:
    """A kind of the use stage with a flow of the embedded one."""
    method = Odd(answer=lambda _: [good(kind=USE)], kinds=(USE,))
    assert (
        "flow two-flows:laptop publishes the stages embedded, which the flow kind 'electricity'"
        " does not answer for; declare them in FlowKind.stages"
    ) in refused(method=method)


def test_a_flow_without_being_assessed() -> None:
    """Left out and with a flow: one of the two is wrong."""
    out = Outcome(Status.LEFT_OUT, reason="no factor")
    assert (
        "3 row(s) of the flow kind 'item' (f.csv:2, f.csv:3, f.csv:4) are assessed without a"
        in (refused(good(outcomes=(out,))))
    )


def test_being_assessed_without_a_flow() -> None:
    """Assessed, and on nothing."""
    assert "are assessed without a flow, or have a flow without being assessed" in refused(
        good(flow=np.full(3, -1, np.int32))
    )


def test_two_kinds_of_one_stage() -> None:
    """`FlowKind.stages` says that two kinds share none; else quantities do not add up."""
    second = FlowKind("spare", (reen.Stage.EMBEDDED,))
    method = Odd(answer=lambda _: [good(), good(kind=second)], kinds=(ITEM, second))
    assert "embedded" in refused(method=method)


# -- preparing -------------------------------------------------------------------------------


def test_a_method_that_is_none() -> None:
    """An object without the contract's names is refused before anything is read."""
    with pytest.raises(reen.errors.PluginError) as caught:
        reen.measure(reen.Equipment("laptop"), method=object())  # type: ignore[arg-type]
    assert str(caught.value) == (
        "object: is not a method: it needs name, version, title, reference, packs and"
        " prepare(context)"
    )


@attrs.frozen
class Unprepared(Odd):
    """A method whose preparation is what its answer makes of the context."""

    def prepare(self, context: Context) -> Odd:
        return self.answer(context)  # type: ignore[arg-type,return-value]


def test_a_method_that_fails_to_prepare() -> None:
    """Named with its version, the class and the message of its error."""

    def fails(_: object) -> list[object]:
        message = "no table for 2022"
        raise ValueError(message)

    assert refused(method=Unprepared(answer=fails)) == (
        "method odd 3: failed while preparing with ValueError: no table for 2022"
    )


def test_a_method_that_prepares_nothing() -> None:
    """`prepare` that forgets to return."""
    assert "prepare" in refused(method=Unprepared(answer=lambda _: None))  # type: ignore[arg-type,return-value]
