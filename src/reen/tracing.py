"""Tracing: the exchanges and impacts behind a footprint, row by row, streamed.

Input: what `measure` takes.  Output: an Arrow record-batch reader, one record per exchange, made
batch by batch (the equipment), or exchange set by exchange set (virtual machines, applications).
The impacts of the rows add up to the footprint.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from reen.engine.exchanges import Exchanges
from reen.errors import OptionError
from reen.factors.factor_set import FactorSet
from reen.inventory.batch import BATCH_ROWS, Batch
from reen.inventory.conform import TEXT
from reen.inventory.system import InformationSystem
from reen.levels import level_of
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.preparation import PackLike, Preparation, Source, factor_rows, open_source, prepare
from reen.reading import read
from reen.vocabulary.criteria import bundled_criteria
from reen.vocabulary.stages import Stage

__all__ = ["trace"]

#: Exchanges looked at for the criteria of run-time factors before the first record is made.
_PEEKED = 8

_ROW = ("id", "source", "source_row", "equipment_type", "model")


def trace(
    source: Source | InformationSystem,
    *,
    method: str | Method,
    level: str = "equipment",
    factors: Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    registry: Registry | None = None,
    batch_rows: int = BATCH_ROWS,
) -> pa.RecordBatchReader:
    """Return the exchanges of every row with their impacts, as a stream of record batches.

    Columns: row (position in the inventory), id, source, source_row, equipment_type, model, kind,
    status, match, reason, assumptions, flow, pack, geography, year, drivers (name, value, unit),
    amount, amount_unit, then one column ``criterion.stage`` per published stage and criterion,
    with its unit in the field metadata; null where the row is not assessed or the factor does not
    publish the cell.

    Parameters
    ----------
    source, method, level, factors, as_of, registry, batch_rows
        As in `measure`.  At the levels of an information system other than ``equipment``, `row` is
        a position in that table, equipment_type and model are null, and the drivers end with the
        shares by which a host's, or a machine's, exchanges come to the row.

    Raises
    ------
    UnknownNameError, OptionError, PluginError
        As `measure`.
    """
    if isinstance(source, (str, Path)):
        source = read(source, registry=registry)
    places = source.datacenter() if isinstance(source, InformationSystem) else None
    ready = prepare(method, factors=factors, as_of=as_of, registry=registry, datacenters=places)
    kinds = {stage for kind in ready.prepared.kinds for stage in kind.stages}
    stages = tuple(stage for stage in Stage if stage in kinds)
    if level == "equipment":
        batches, _ = open_source(source, registry=registry, batch_rows=batch_rows)
        answers = ((batch, each) for batch in batches for each in ready.answers(batch))
    elif isinstance(source, InformationSystem):
        rows = level_of(ready, source, level)
        answers = ((rows.batch, each) for each in rows.exchanges)
    else:
        expected = "'equipment', or an InformationSystem as source"
        raise OptionError("trace", "level", level, expected)
    # what a method makes at run time shows in its first answers
    head = list(itertools.islice(answers, _PEEKED))
    sets = [ready.library.factors, *(each.factors for _, each in head if each.factors is not None)]
    found = dict.fromkeys(key for factors_of in sets for key in factors_of.criteria)
    criteria = tuple(found) or ("climate_change",)
    schema = _schema(stages, criteria)
    records = (
        _record_batch(ready, batch, each, schema, stages, criteria)
        for batch, each in itertools.chain(head, answers)
    )
    return pa.RecordBatchReader.from_batches(schema, records)


def _schema(stages: Sequence[Stage], criteria: Sequence[str]) -> pa.Schema:
    fields = [
        pa.field("row", pa.int64()),
        pa.field("id", pa.string()),
        pa.field("source", pa.string()),
        pa.field("source_row", pa.int64()),
        pa.field("equipment_type", pa.string()),
        pa.field("model", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("status", pa.string()),
        pa.field("match", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("assumptions", pa.list_(pa.string())),
        pa.field("flow", pa.string()),
        pa.field("pack", pa.string()),
        pa.field("geography", pa.string()),
        pa.field("year", pa.int32()),
        pa.field(
            "drivers",
            pa.list_(
                pa.struct([("name", pa.string()), ("value", pa.float64()), ("unit", pa.string())])
            ),
        ),
        pa.field("amount", pa.float64()),
        pa.field("amount_unit", pa.string()),
    ]
    units = {key: f"{bundled_criteria()[key].unit}/year" for key in criteria}
    fields += [
        pa.field(f"{key}.{stage}", pa.float64(), metadata={"unit": units[key]})
        for key in criteria
        for stage in stages
    ]
    return pa.schema(fields)


def _record_batch(
    ready: Preparation,
    batch: Batch,
    each: Exchanges,
    schema: pa.Schema,
    stages: Sequence[Stage],
    criteria: Sequence[str],
) -> pa.RecordBatch:
    rows = np.arange(len(batch)) if each.row is None else each.row
    there = each.flow >= 0
    amount = np.where(there, each.amount(), np.nan)
    columns: dict[str, pa.Array] = {"row": pa.array(batch.offset + rows, pa.int64())}
    at = pa.array(rows)
    for name in _ROW:
        index = batch.data.schema.get_field_index(name)
        column = pa.nulls(len(batch)) if index < 0 else batch.data.column(index)
        if column.type == TEXT:
            column = column.cast(pa.string())
        columns[name] = column.take(at).cast(schema.field(name).type)
    columns |= _outcome_columns(each)
    columns |= _flow_columns(each)
    columns["drivers"] = _drivers(each, schema.field("drivers").type)
    columns["amount"] = pa.array(amount, from_pandas=True)
    columns["amount_unit"] = pa.array([f"{each.reference_unit}/year"] * len(rows))
    columns |= _impacts(
        factor_rows(ready.library, each.flows, each.factors), each, amount, stages, criteria
    )
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def _outcome_columns(each: Exchanges) -> dict[str, pa.Array]:
    at = pa.array(each.outcome)
    texts = {
        "kind": [each.kind.name for _ in each.outcomes],
        "status": [outcome.status.label for outcome in each.outcomes],
        "match": [outcome.match.label for outcome in each.outcomes],
        "reason": [outcome.reason or None for outcome in each.outcomes],
    }
    columns = {name: pa.array(text, pa.string()).take(at) for name, text in texts.items()}
    made = [[str(assumption) for assumption in outcome.assumptions] for outcome in each.outcomes]
    columns["assumptions"] = pa.array(made, pa.list_(pa.string())).take(at)
    return columns


def _flow_columns(each: Exchanges) -> dict[str, pa.Array]:
    at = pa.array(each.flow, mask=each.flow < 0)
    return {
        "flow": pa.array([flow.id for flow in each.flows], pa.string()).take(at),
        "pack": pa.array([flow.pack for flow in each.flows], pa.string()).take(at),
        "geography": pa.array([flow.geography or None for flow in each.flows], pa.string()).take(
            at
        ),
        "year": pa.array([flow.year or None for flow in each.flows], pa.int32()).take(at),
    }


def _drivers(each: Exchanges, kind: pa.DataType) -> pa.Array:
    """Return the named drivers of each exchange as a list column, without a loop over rows."""
    count, size = len(each.drivers), len(each)
    names = pa.array(list(each.drivers) * size, pa.string())
    units = pa.array([driver.unit for driver in each.drivers.values()] * size, pa.string())
    values = np.empty((size, count))
    for k, driver in enumerate(each.drivers.values()):
        values[:, k] = driver.values
    structs = pa.StructArray.from_arrays(
        [names, pa.array(values.reshape(-1), from_pandas=True), units], fields=list(kind.value_type)
    )
    offsets = pa.array(
        np.arange(0, size * count + 1, count) if count else np.zeros(size + 1), pa.int32()
    )
    return pa.ListArray.from_arrays(offsets, structs).cast(kind)


def _impacts(
    factors: FactorSet,
    each: Exchanges,
    amount: np.ndarray[tuple[int], np.dtype[np.float64]],
    stages: Sequence[Stage],
    criteria: Sequence[str],
) -> dict[str, pa.Array]:
    columns = {}
    for key in criteria:
        for stage in stages:
            if stage in factors.stages and key in factors.criteria:
                cell = factors.values[:, factors.stages.index(stage), factors.criteria.index(key)]
                values = amount * np.append(cell, np.nan)[each.flow]
            else:
                values = np.full(len(each), np.nan)
            columns[f"{key}.{stage}"] = pa.array(values, from_pandas=True)
    return columns
