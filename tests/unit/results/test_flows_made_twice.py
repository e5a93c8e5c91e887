"""A flow that a method makes twice, with two figures, is counted by the first of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import attrs
import numpy as np
import pyarrow as pa

import reen
from reen.plugin import Context, Match
from reen.plugin.arrays import (
    Batch,
    Driver,
    Exchanges,
    FactorSet,
    Flow,
    FlowDescription,
    FlowKind,
    Outcome,
    Status,
)

ITEM = FlowKind("item", (reen.Stage.MANUFACTURING,))


@attrs.frozen
class Made:
    """One kind of item, whose factor is the lifetime of the first row of each batch."""

    name: ClassVar[str] = "made"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "A factor made for each batch"
    reference: ClassVar[str] = "none"
    packs: ClassVar[tuple[str, ...]] = ()

    def prepare(self, context: Context) -> PreparedMade:
        del context
        return PreparedMade()


@attrs.frozen
class PreparedMade:
    kinds: ClassVar[tuple[FlowKind, ...]] = (ITEM,)
    columns: ClassVar[tuple[str, ...]] = ("equipment_type", "lifetime", "quantity")

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        flows = (Flow("made", "thing"),)
        values = batch.values("lifetime", "year")[:1].reshape(1, 1, 1)
        blank = np.full(values.shape, np.nan)
        yield Exchanges(
            kind=ITEM,
            flows=flows,
            flow=np.zeros(len(batch), np.int32),
            drivers={
                "quantity": Driver(batch.values("quantity", "item"), "item"),
                "per_year": Driver(np.ones(len(batch)), "1/year"),
            },
            reference_unit="item",
            outcomes=(Outcome(Status.ASSESSED, Match.TYPE),),
            outcome=np.zeros(len(batch), np.uint8),
            factors=FactorSet(
                flows,
                (FlowDescription(),),
                ITEM.stages,
                ("climate_change",),
                *(values, blank, blank, blank),
            ),
        )


def measured(*lifetimes: float) -> reen.Footprint:
    """Return the footprint of laptops, one a batch."""
    table = pa.table({"equipment_type": ["laptop"] * len(lifetimes), "lifetime": lifetimes})
    return reen.measure(table, method=Made(), as_of="2022-12-31", batch_rows=1)


def test_of_two_batches_the_first_counts() -> None:
    """3 kgCO2e, then 5 for the same flow: two items of 3."""
    footprint = measured(3.0, 5.0)
    assert float(footprint.total()) == 6.0
    made = footprint.fold.made
    assert made is not None
    assert made.values.tolist() == [[[3.0]]]


def test_of_two_footprints_the_left_one_counts() -> None:
    """3 kgCO2e on the left, 5 on the right: two items of 3, and of 5 the other way round."""
    left, right = measured(3.0), measured(5.0)
    assert float((left + right).total()) == 6.0
    assert float((right + left).total()) == 10.0
    for added in (left + right, right + left):
        assert added.fold.made == added.factors
