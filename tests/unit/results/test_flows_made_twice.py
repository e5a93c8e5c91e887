"""A flow that a method makes twice has one figure: two of them are refused, wherever they meet."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reen
from reen.errors import PluginError
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

#: What the error says, whoever finds it.
TWICE = "^method made 1: flow made:thing is made at run time with two figures"

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


def test_two_figures_for_one_flow_are_refused() -> None:
    """3 kgCO2e, then 5 for the same flow: the first would make 6 of two items, the last 10."""
    with pytest.raises(PluginError, match=TWICE):
        measured(3.0, 5.0)


def test_two_figures_are_refused_where_workers_find_them(tmp_path: Path) -> None:
    """Each worker sees one of them: their sum would take the first."""
    for lifetime in (3.0, 5.0):
        table = pa.table({"equipment_type": ["laptop"], "lifetime": [lifetime]})
        pq.write_table(table, tmp_path / f"{lifetime:.0f}.parquet")
    with (
        ThreadPoolExecutor(2) as executor,
        pytest.raises(PluginError, match=TWICE),
    ):
        reen.measure(tmp_path, Made(), as_of="2022-12-31", executor=executor)


def test_two_footprints_with_two_figures_are_not_added() -> None:
    """3 kgCO2e on one side and 5 on the other: there is no figure of both for two items."""
    with pytest.raises(PluginError, match=TWICE):
        measured(3.0) + measured(5.0)


def test_figures_that_are_refused_elsewhere_count_where_they_agree() -> None:
    """Three batches of 3 kgCO2e are 9, and two footprints of them 18, from whatever arrays."""
    footprint = measured(3.0, 3.0, 3.0)
    assert float(footprint.total()) == 9.0
    assert float((footprint + measured(3.0, 3.0, 3.0)).total()) == 18.0
    assert (footprint + measured(3.0)).fold.made == footprint.factors


def test_a_flow_that_stands_twice_in_the_factors_of_a_batch_is_refused() -> None:
    """Its position is that of the first: the figure of the second would never count."""

    class Twice(PreparedMade):
        def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
            for each in super().exchanges(batch):
                assert each.factors is not None
                more = attrs.evolve(each.factors, values=each.factors.values + 1.0)
                factors = FactorSet.concatenate([each.factors, more])
                yield attrs.evolve(each, factors=factors)

    class MadeTwice(Made):
        def prepare(self, context: Context) -> PreparedMade:
            del context
            return Twice()

    table = pa.table({"equipment_type": ["laptop"], "lifetime": [3.0]})
    with pytest.raises(PluginError, match="made at run time with two figures"):
        reen.measure(table, MadeTwice(), as_of="2022-12-31")
