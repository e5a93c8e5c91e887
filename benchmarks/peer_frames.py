"""Polars and pandas as contenders: the same work as data frames, written in two ways.

Input: the Arrow tables of `fold_work`.  Output: functions that give the sums by group, and their
results in the order of the groups.  *Join* is what an analyst writes: join the factors to the rows,
multiply, sum by group.  *By hand* is what an expert writes: sum the amounts by (group, flow), then
join the factors to the small sums.  Polars runs lazily, on its streaming engine.  Knows no part of
`reen`.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
import pyarrow as pa

__all__ = ["Frames", "in_order", "in_pandas", "pandas_by_join"]


@attrs.frozen(eq=False)
class Frames:
    """Rows and wide factors, as both libraries want them: made before anything is timed.

    Attributes
    ----------
    rows
        Columns ``grouped``, ``item_flow``, ``mix_flow``, ``quantity``, ``per_lifetime`` and
        ``annual_energy``.
    item, mix
        A row per flow, a column per stage and criterion, and the column ``flow``.
    """

    rows: pl.DataFrame
    item: pl.DataFrame
    mix: pl.DataFrame

    @classmethod
    def of(cls, rows: pa.Table, item: pa.Table, mix: pa.Table) -> Frames:
        """Take over Arrow tables."""
        frames = [pl.DataFrame(table) for table in (rows, item, mix)]
        return cls(*frames)

    def _amounts(self) -> pl.LazyFrame:
        return self.rows.lazy().select(
            "grouped",
            "item_flow",
            "mix_flow",
            item_amount=pl.col("quantity") * pl.col("per_lifetime"),
            kwh_amount=pl.col("quantity") * pl.col("annual_energy"),
        )

    def polars_by_join(self) -> pl.DataFrame:
        """Join the factors to the rows, sum by group."""
        item, mix = self.item.columns[1:], self.mix.columns[1:]
        query = (
            self._amounts()
            .join(self.item.lazy(), left_on="item_flow", right_on="flow", how="left")
            .join(self.mix.lazy(), left_on="mix_flow", right_on="flow", how="left")
            .group_by("grouped")
            .agg(
                *((pl.col("item_amount") * pl.col(name)).sum().alias(name) for name in item),
                *((pl.col("kwh_amount") * pl.col(name)).sum().alias(name) for name in mix),
            )
        )
        return query.collect(engine="streaming")

    def polars_by_hand(self) -> pl.DataFrame:
        """Sum the amounts by group and flow, then join the factors."""
        impacts = []
        for flow, amount, factors in (
            ("item_flow", "item_amount", self.item),
            ("mix_flow", "kwh_amount", self.mix),
        ):
            weights = (
                self._amounts().drop_nulls(flow).group_by("grouped", flow).agg(pl.col(amount).sum())
            )
            impacts.append(
                weights.join(factors.lazy(), left_on=flow, right_on="flow")
                .group_by("grouped")
                .agg(
                    (pl.col(amount) * pl.col(name)).sum().alias(name)
                    for name in factors.columns[1:]
                )
            )
        joined = impacts[0].join(impacts[1], on="grouped", how="full", coalesce=True)
        return joined.collect(engine="streaming")


def pandas_by_join(rows: pd.DataFrame, item: pd.DataFrame, mix: pd.DataFrame) -> pa.Table:
    """Join the factors to the rows, multiply, sum by group."""
    wide = rows.merge(item, left_on="item_flow", right_on="flow", how="left")
    wide = wide.merge(mix, left_on="mix_flow", right_on="flow", how="left", suffixes=("", "_"))
    products = {"grouped": wide["grouped"]}
    for factors, driver in ((item, "per_lifetime"), (mix, "annual_energy")):
        amount = wide["quantity"] * wide[driver]
        products |= {name: amount * wide[name] for name in factors.columns[1:]}
    sums = pd.DataFrame(products).groupby("grouped", sort=False).sum()
    return pa.Table.from_pandas(sums.reset_index())


def in_pandas(frames: Frames) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return rows, item factors and mix factors as frames of pandas."""
    rows, item, mix = (
        frame.to_arrow().to_pandas() for frame in (frames.rows, frames.item, frames.mix)
    )
    return rows, item, mix


def in_order(table: pl.DataFrame | pa.Table, columns: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the result sorted by its first column, as (groups, columns); null is 0."""
    frame = table if isinstance(table, pl.DataFrame) else pl.DataFrame(table)
    frame = frame.sort(frame.columns[0])
    empty = np.zeros(frame.height)
    return np.column_stack(
        [
            np.nan_to_num(frame[name].cast(pl.Float64).to_numpy(), nan=0.0)
            if name in frame.columns
            else empty
            for name in columns
        ]
    )
