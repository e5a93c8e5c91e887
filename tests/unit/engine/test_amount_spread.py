"""Spreads of single rows: folded as second moments, beside the amounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

import reen
from reen.plugin import Context, FactorPack, Match
from reen.plugin.arrays import Assessment, Batch, Driver, Exchanges, FlowKind, Outcome

AS_OF = "2022-12-31"
KIND = FlowKind("item", (reen.Stage.MANUFACTURING,))

#: 3 kg an item, +- 58.8 % at 95 %: a relative standard deviation of 0.3.
PACK = FactorPack.from_rows(
    name="mine",
    version="1",
    title="Mine",
    publisher="me",
    licence="CC0-1.0",
    source="me",
    factors=[
        {
            "flow": "laptop",
            "reference_unit": "item",
            "stage": "manufacturing",
            "criterion": "climate_change",
            "value": "3",
            "unit": "kgCO2e/item",
            "uncertainty_percent": str(100 * 0.3 * 1.959963984540054),
            "source": "me",
        }
    ],
)


@attrs.frozen
class Weighed:
    """Quantities with the spread that the column `weight` states, for tests."""

    states: bool = True
    times: str = "1"
    name: ClassVar[str] = "weighed"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Weighed"
    reference: ClassVar[str] = "none: for tests"
    packs: ClassVar[tuple[str, ...]] = ()

    def prepare(self, context: Context) -> PreparedWeighed:  # noqa: ARG002 - the contract
        return PreparedWeighed(self)


@attrs.frozen
class PreparedWeighed:
    """`Weighed`, ready to answer."""

    options: Weighed
    kinds: ClassVar = (KIND,)
    columns: ClassVar = ("quantity", "weight")

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        assessment = Assessment(len(batch), match=Match.DECLARED)
        assessment.require(
            "quantity", missing=batch.missing("quantity"), invalid=batch.invalid("quantity")
        )
        outcomes, outcome = assessment.result()
        yield Exchanges(
            kind=KIND,
            flows=FLOWS,
            flow=assessment.flow(0),
            drivers={"quantity": Driver(batch.values("quantity", "item"), "item/year")},
            reference_unit="item",
            outcomes=outcomes,
            outcome=outcome,
            amount_spread=self.spread(batch) if self.options.states else None,
        )

    def spread(self, batch: Batch) -> npt.NDArray[np.float64]:
        return batch.values("weight", "kg/item") * float(self.options.times)


FLOWS = PACK.factors.flows


def measure(
    *by: str, method: Weighed | None = None, batch_rows: int = 65_536, **columns: object
) -> reen.Footprint:
    size = len(columns["quantity"])  # type: ignore[arg-type]
    table = pa.table({"equipment_type": ["laptop"] * size, **columns})
    return reen.measure(
        reen.Inventory.from_arrow(table),
        method=method or Weighed(),
        by=by,
        factors=[PACK],
        as_of=AS_OF,
        batch_rows=batch_rows,
    )


ROWS: Mapping[str, object] = {
    "quantity": [6.0, 4.0],
    "weight": [0.1, 0.5],
    "entity": ["a", "b"],
}


def test_the_fold_holds_second_moments() -> None:
    """(6 x 0.1)^2 + (4 x 0.5)^2 = 0.36 + 4 = 4.36."""
    noise = measure(**ROWS).fold.noise
    assert noise is not None
    assert noise.amount.tolist() == pytest.approx([4.36], rel=1e-12)


def test_the_exact_variance_of_a_total() -> None:
    """E F = 3, Var F = 0.81: (9 + 0.81) x 4.36 + 0.81 x 10^2 = 42.7716 + 81 = 123.7716.

    Of it, the rows alone bring 9 x 4.36 = 39.24 and half of 0.81 x 4.36 = 3.5316.
    """
    found = measure(**ROWS).sensitivity()
    assert found.variance == pytest.approx(123.7716, rel=1e-9)
    assert found.amounts_share == pytest.approx((39.24 + 1.7658) / 123.7716, rel=1e-9)
    assert found.flows[0].share == pytest.approx((81.0 + 1.7658) / 123.7716, rel=1e-9)
    assert "  33.1% amounts of the rows" in str(found)


def test_groups_share_it_out() -> None:
    """Covariance with the total: a 9.81 x 0.36 + 0.81 x 6 x 10, b 9.81 x 4 + 0.81 x 4 x 10."""
    footprint = measure("entity", **ROWS)
    shares = {each.key: each.share for each in footprint.sensitivity().groups}
    assert shares == {
        ("a",): pytest.approx((3.5316 + 48.6) / 123.7716, rel=1e-9),
        ("b",): pytest.approx((39.24 + 32.4) / 123.7716, rel=1e-9),
    }
    assert footprint.by().variance() == pytest.approx(123.7716, rel=1e-9)


def test_draws_have_that_variance() -> None:
    """200,000 draws of 30 kg: within 3 % of 123.7716, and the mean within 0.1."""
    footprint = measure(**ROWS)
    sure = measure(method=Weighed(states=False), **ROWS)
    wide, narrow = (each.interval(draws=2_000) for each in (footprint, sure))
    assert wide.upper - wide.lower > narrow.upper - narrow.lower
    assert wide.mean == narrow.mean == pytest.approx(30.0)


def test_many_rows_cancel_out() -> None:
    """10,000 rows of 1 +- 50 %: variance 2,500 x 9.81 of the rows, 81 x 10^6 of the factor."""
    footprint = measure(quantity=np.ones(10_000), weight=np.full(10_000, 0.5))
    assert footprint.variance() == pytest.approx(9.81 * 2500.0 + 0.81 * 1e8, rel=1e-9)


def test_batches_and_inventories_add_up() -> None:
    """One row at a time, or one inventory after the other: the same second moments."""
    whole = measure("entity", **ROWS)
    assert measure("entity", batch_rows=1, **ROWS).fold == whole.fold
    parts = [
        measure("entity", **{name: [column[k]] for name, column in ROWS.items()})  # type: ignore[index]
        for k in (1, 0)
    ]
    both = parts[0] + parts[1]
    assert both.fold.noise is not None
    assert both.fold.noise.amount.tolist() == pytest.approx([0.36, 4.0], rel=1e-12)
    assert both.variance() == pytest.approx(whole.variance(), rel=1e-12)


def test_methods_that_state_none_and_methods_that_do() -> None:
    """No second moments at all without a spread; a sum keeps those of the part that has some."""
    sure = measure(method=Weighed(states=False), **ROWS)
    assert sure.fold.noise is None
    found = (sure.fold + measure(**ROWS).fold).noise
    assert found is not None
    assert found.amount.tolist() == pytest.approx([4.36], rel=1e-12)


@pytest.mark.parametrize("suffix", [".json", ".parquet"])
def test_they_are_written_and_read_back(tmp_path: Path, suffix: str) -> None:
    """With the drivers of the amounts."""
    footprint = measure("entity", **ROWS)
    path = tmp_path / f"footprint{suffix}"
    reen.write_footprint(footprint, path)
    again = reen.read_footprint(path)
    assert again == footprint
    assert again.sensitivity() == footprint.sensitivity()


def test_rows_left_out_need_no_spread() -> None:
    """A row without quantity is left out; what its spread says is not read."""
    footprint = measure(quantity=[6.0, None], weight=[0.1, None])
    assert footprint.fold.noise is not None
    assert footprint.fold.noise.amount.tolist() == pytest.approx([0.36], rel=1e-12)


@pytest.mark.parametrize("spread", ["-0.1", "nan", "inf"])
def test_a_spread_that_is_none_is_refused(spread: str) -> None:
    """The method is named, and the value."""
    with pytest.raises(reen.errors.PluginError, match=rf"weighed.*amount_spread.* holds {spread}"):
        measure(method=Weighed(times=spread), quantity=[6.0], weight=[1.0])


@attrs.frozen
class Wrong(Weighed):
    """A spread of another shape or type."""

    kind: str = "short"

    def prepare(self, context: Context) -> PreparedWeighed:  # noqa: ARG002 - the contract
        return PreparedWrong(self)


@attrs.frozen
class PreparedWrong(PreparedWeighed):
    """`Wrong`, ready to answer."""

    options: Wrong

    def spread(self, batch: Batch) -> npt.NDArray[np.float64]:
        if self.options.kind == "short":
            return np.zeros(len(batch) + 1)
        return np.zeros(len(batch), np.float32)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("kind", "message"),
    [("short", r"has the shape \(3,\) for 2 exchanges"), ("float32", "must be a float64 array")],
)
def test_a_spread_of_another_shape_or_type_is_refused(kind: str, message: str) -> None:
    """As any driver would be."""
    with pytest.raises(reen.errors.PluginError, match=message):
        measure(method=Wrong(kind=kind), **ROWS)


def test_what_is_allocated_keeps_its_relative_spread() -> None:
    """A host of 10 +- 20 % given to two machines by halves: (5 x 0.2)^2 = 1 each."""
    from reen.measurement.levels import Links, allocate

    one = np.zeros(1, np.int64)
    each = Exchanges(
        kind=KIND,
        flows=FLOWS,
        flow=np.zeros(1, np.int32),
        drivers={"quantity": Driver(np.array([10.0]), "item")},
        reference_unit="item",
        outcomes=(Outcome(),),
        outcome=np.zeros(1, np.uint8),
        amount_spread=np.array([0.2]),
    )
    halves = np.array([0.5, 0.5])
    given = allocate(each, Links(np.repeat(one, 2), np.arange(2), halves))
    assert given.amount_spread is not None
    assert np.square(given.amount() * given.amount_spread).tolist() == pytest.approx([1.0, 1.0])
