"""DuckDB as a contender: the same work as SQL, written in two ways.

Input: Arrow tables and factors.  Output: queries over an in-memory database, and their results in
the order of the groups.  *Join* is what an analyst writes: join the factors to the rows, sum by
group.  *By hand* is what an expert writes: sum the amounts by (group, flow), then join and sum.
Factors are wide, a column per stage and criterion, and groups and flows of the kernel are integer
codes: DuckDB's best case (long factors take several times as long).  Knows no part of `reen`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from generators import FactorTable

__all__ = ["Peer", "Query", "by_hand", "by_join", "in_order", "numbers", "wide"]

# S608 warns of SQL made of text.  Every name and number in it is ours; nothing comes from outside.

_ITEM, _KWH = "item_amount", "kwh_amount"


def wide(factors: FactorTable, keys: pa.Array) -> pa.Table:
    """Return factors as a table of one row per flow, without the stages that none fills."""
    columns = {
        name: pa.array(values, pa.float64(), from_pandas=True)
        for name, values in factors.columns().items()
        if not np.isnan(values).all()
    }
    return pa.table({"flow": keys, **columns})


@attrs.frozen(kw_only=True)
class Query:
    """Names that the two ways of writing the query need.

    Attributes
    ----------
    rows
        SQL of the rows: group, item flow, mix flow, and the two amounts.
    group
        Grouping column.
    item, mix
        Stage and criterion columns of the two factor tables.
    """

    rows: str
    group: str
    item: Sequence[str]
    mix: Sequence[str]


def factor_sql(columns: Sequence[str], amount: str) -> str:
    """Return the sums of an amount times each factor column."""
    return ", ".join(f"sum({amount} * {name}) AS {name}" for name in columns)


def by_join(query: Query) -> str:
    """Return the query as an analyst writes it."""
    return f"""
        SELECT {query.group}, {factor_sql(query.item, _ITEM)}, {factor_sql(query.mix, _KWH)}
        FROM ({query.rows}) AS amounts
        LEFT JOIN item_factors ON amounts.item_flow = item_factors.flow
        LEFT JOIN mix_factors ON amounts.mix_flow = mix_factors.flow
        GROUP BY {query.group}
    """  # noqa: S608


def by_hand(query: Query) -> str:
    """Return the query folded by hand: one group-by per flow kind, then joins on the small sums.

    (One group-by on group, item flow and mix flow together takes 1.3 times as long.)
    """
    return f"""
        WITH amounts AS ({query.rows}),
        item_weights AS (
            SELECT {query.group}, item_flow, sum({_ITEM}) AS amount FROM amounts
            WHERE item_flow IS NOT NULL GROUP BY ALL
        ),
        mix_weights AS (
            SELECT {query.group}, mix_flow, sum({_KWH}) AS amount FROM amounts
            WHERE mix_flow IS NOT NULL GROUP BY ALL
        ),
        item_impacts AS (
            SELECT {query.group}, {factor_sql(query.item, "amount")}
            FROM item_weights JOIN item_factors ON item_flow = flow GROUP BY ALL
        ),
        mix_impacts AS (
            SELECT {query.group}, {factor_sql(query.mix, "amount")}
            FROM mix_weights JOIN mix_factors ON mix_flow = flow GROUP BY ALL
        )
        SELECT {query.group}, {", ".join([*query.item, *query.mix])}
        FROM item_impacts FULL JOIN mix_impacts USING ({query.group})
    """  # noqa: S608


class Peer:
    """An in-memory database that holds the same rows and factors as the reference.

    Parameters
    ----------
    tables
        Arrow tables, copied into DuckDB's own storage before anything is timed.
    views
        Arrow tables that are scanned where they are.
    """

    def __init__(
        self, tables: Mapping[str, pa.Table], *, views: Mapping[str, pa.Table] | None = None
    ) -> None:
        self._connection = duckdb.connect()
        for name, table in tables.items():
            self._connection.register("given", table)
            self._connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608
            self._connection.unregister("given")
        for name, table in (views or {}).items():
            self._connection.register(name, table)

    def table(self, query: str) -> pa.Table:
        """Return the whole result."""
        result: pa.Table = self._connection.sql(query).to_arrow_table()
        return result

    def batches(self, query: str, *, rows: int) -> pa.RecordBatchReader:
        """Return the result batch by batch, for results too large to hold twice."""
        return self._connection.sql(query).fetch_record_batch(rows)

    @property
    def threads(self) -> int:
        """Return the number of threads that the database uses."""
        row = self._connection.execute("SELECT current_setting('threads')").fetchone()
        return int(row[0]) if row else 0


def numbers(table: pa.Table | pa.RecordBatch, columns: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return some columns as (rows, columns), null as 0; a column that is not there is all 0."""
    there = table.schema.names
    empty = np.zeros(table.num_rows)
    return np.column_stack(
        [
            np.nan_to_num(table.column(there.index(name)).to_numpy(zero_copy_only=False), nan=0.0)
            if name in there
            else empty
            for name in columns
        ]
    )


def in_order(table: pa.Table, columns: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the result sorted by its first column, as (groups, columns)."""
    return numbers(table.sort_by(table.column_names[0]).combine_chunks(), columns)
