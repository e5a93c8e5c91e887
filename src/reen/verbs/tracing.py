"""Tracing: the exchanges and impacts behind a footprint, row by row, streamed.

Input: what `measure` takes.  Output: an Arrow record-batch reader, one record per exchange, made
batch by batch (the equipment), or exchange set by exchange set (virtual machines, applications).
The impacts of the rows add up to the footprint.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from reen.engine.exchanges import Exchanges
from reen.errors import OptionError, PluginError
from reen.factors.factor_set import FactorSet
from reen.inventory.batch import BATCH_ROWS, Batch
from reen.inventory.dictionaries import TEXT
from reen.inventory.schema import EQUIPMENT
from reen.measurement.arguments import PackLike
from reen.measurement.levels import EXPECTED_LEVEL, level_of
from reen.measurement.ready_method import ReadyMethod, prepare_method
from reen.plugins.building import default_registry
from reen.plugins.guard import blame
from reen.plugins.method import Method, Remarking, Remarks
from reen.plugins.registry import Registry
from reen.reasons import speaking
from reen.sources.opening import Source, open_parts
from reen.sources.parts import View, located
from reen.vocabulary.criteria import Criteria, completed, own_criteria
from reen.vocabulary.stages import Stage

__all__ = ["remarks_on", "trace"]

#: Exchanges looked at for the criteria of run-time factors before the first record is made.
_PEEKED = 8

_REMARKS = pa.list_(pa.string())
_CODES = pa.list_(pa.struct([("parameter", pa.string()), ("code", pa.string())]))

_ROW = ("id", "source", "source_row", "equipment_type", "model")


def trace(
    source: Source,
    method: str | Method,
    *,
    level: str = "equipment",
    factors: PackLike | Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    registry: Registry | None = None,
    batch_rows: int = BATCH_ROWS,
) -> pa.RecordBatchReader:
    """Return the exchanges of every row with their impacts, as a stream of record batches.

    Columns: row (position in the inventory), id, source, source_row, equipment_type, model, kind,
    status, match, reason and assumptions (in English), reason_code, assumption_codes (parameter
    and code), remarks (remarks of the method on the row, the same for all its exchanges), flow,
    pack, geography, year, drivers (name, value, unit), amount, amount_unit, then one column
    ``criterion.stage`` per published stage and criterion, with its unit in the field metadata;
    null where the row is not assessed or the factor does not publish the cell.

    Parameters
    ----------
    source, method, level, factors, as_of, registry, batch_rows
        As in `measure`.  A row of a table beside the equipment has its own type there (``saas``)
        under `equipment_type`.  At the levels of an information system other than ``equipment``,
        `row` is a position in that table, equipment_type and model are null, and the drivers end
        with the shares by which a host's, or a machine's, exchanges come to the row.

    Raises
    ------
    UnknownNameError, OptionError, PluginError
        As `measure`.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> rows = reen.trace(laptop, method="base-carbone", as_of="2025-12-31").read_all()
    >>> rows.column("status").to_pylist()
    ['assessed', 'assessed']
    """
    known = registry or default_registry()
    opened = open_parts(source, registry=known, batch_rows=batch_rows)
    held = opened.held
    places = None if held is None else held.datacenter()
    ready = prepare_method(method, factors=factors, as_of=as_of, registry=known, datacenters=places)
    kinds = {stage for kind in ready.kinds for stage in kind.stages}
    stages = tuple(stage for stage in Stage if stage in kinds)
    if level == "equipment":
        view = View(columns=ready.columns | {*_ROW}, registry=known, batch_rows=batch_rows)
        counted = opened.batches(view) if EQUIPMENT.name in ready.tables else ()
        answers: Iterator[tuple[Batch, pa.Array, Exchanges]] = itertools.chain(
            _answers(ready, counted),
            *(_answers(each, [batch]) for each, batch in ready.beside(held)),
        )
    elif held is not None:
        rows = level_of(ready, held, level)
        none = _remarks_column((), len(rows.batch))
        answers = ((rows.batch, none, each) for each in rows.exchanges)
    else:
        raise OptionError("trace", "level", level, EXPECTED_LEVEL)
    # what a method makes at run time shows in its first answers
    head = list(itertools.islice(answers, _PEEKED))
    sets = [ready.library.factors, *(each.factors for *_, each in head if each.factors is not None)]
    found = dict.fromkeys(key for factors_of in sets for key in factors_of.criteria)
    criteria = tuple(found) or ("climate_change",)
    own = own_criteria(each for factors_of in sets for each in factors_of.definitions)
    schema = _schema(stages, criteria, completed(ready.criteria, own))
    records = (
        _record_batch(ready, batch, each, said, schema, stages, criteria)
        for batch, said, each in itertools.chain(head, answers)
    )
    return pa.RecordBatchReader.from_batches(schema, records)


def remarks_on(ready: ReadyMethod, batch: Batch) -> tuple[Remarks, ...]:
    """Return the remarks of a method on the rows of a batch, nothing when it makes none.

    Raises
    ------
    PluginError
        When the method raises, or answers something else than one remark per row.
    """
    if not isinstance(ready.prepared, Remarking):
        return ()
    with blame(ready.name, "remarking on rows"):
        found = tuple(ready.prepared.remarks(batch.restricted(ready.columns)))
    for each in found:
        if not isinstance(each, Remarks):
            raise PluginError(ready.name, f"returned {type(each).__name__} instead of Remarks")
        if len(each.remark) != len(batch):
            message = f"remarked on {len(each.remark)} rows of a batch of {len(batch)}"
            raise PluginError(ready.name, message)
        if each.remark.max(initial=-1) >= len(each.remarks):
            number = int(each.remark.max())
            message = f"gave the remark number {number} out of {len(each.remarks)}"
            raise PluginError(ready.name, message)
    return found


def _answers(
    ready: ReadyMethod, batches: Iterable[Batch]
) -> Iterator[tuple[Batch, pa.Array, Exchanges]]:
    """Yield the exchanges of each batch, with the batch and the remarks on its rows."""
    for batch in batches:
        with located(batch.place):
            with speaking("en"):  # as all the texts of its tables
                said = _remarks_column(remarks_on(ready, batch), len(batch))
            answers = ready.shaped_answers(batch)
        for each in answers:
            yield batch, said, each


def _remarks_column(columns: Sequence[Remarks], size: int) -> pa.Array:
    """Return the texts of the remarks of each row, as a list column."""
    codes = np.empty((size, len(columns)), np.int64)
    for k, column in enumerate(columns):
        codes[:, k] = column.remark
    distinct, place = np.zeros((1, 0), np.int64), np.zeros(size, np.int64)
    if columns:
        distinct, place = np.unique(codes, axis=0, return_inverse=True)
    texts = [
        [column.remarks[code].text for column, code in zip(columns, row, strict=True) if code >= 0]
        for row in distinct.tolist()
    ]
    return pa.array(texts, _REMARKS).take(pa.array(place.reshape(-1)))


def _schema(stages: Sequence[Stage], criteria: Sequence[str], defined: Criteria) -> pa.Schema:
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
        pa.field("reason_code", pa.string()),
        pa.field("assumptions", pa.list_(pa.string())),
        pa.field("assumption_codes", _CODES),
        pa.field("remarks", _REMARKS),
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
    units = {key: f"{defined[key].unit}/year" for key in criteria}
    fields += [
        pa.field(f"{key}.{stage}", pa.float64(), metadata={"unit": units[key]})
        for key in criteria
        for stage in stages
    ]
    return pa.schema(fields)


def _record_batch(
    ready: ReadyMethod,
    batch: Batch,
    each: Exchanges,
    said: pa.Array,
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
        # a service stands under its own type, as it does in the groups of a footprint
        there_as = batch.schema.type_column if name == "equipment_type" else name
        index = batch.data.schema.get_field_index(there_as)
        column = pa.nulls(len(batch)) if index < 0 else batch.data.column(index)
        if column.type == TEXT:
            column = column.cast(pa.string())
        columns[name] = column.take(at).cast(schema.field(name).type)
    columns |= _outcome_columns(each)
    columns["remarks"] = said.take(at)
    columns |= _flow_columns(each)
    columns["drivers"] = _drivers(each, schema.field("drivers").type)
    columns["amount"] = pa.array(amount, from_pandas=True)
    columns["amount_unit"] = pa.array([f"{each.reference_unit}/year"] * len(rows))
    columns |= _impacts(
        ready.library.rows(each.flows, each.factors), each, amount, stages, criteria
    )
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def _outcome_columns(each: Exchanges) -> dict[str, pa.Array]:
    at = pa.array(each.outcome)
    reasons = [outcome.reason for outcome in each.outcomes]
    texts = {
        "kind": [each.kind.name for _ in each.outcomes],
        "status": [outcome.status.label for outcome in each.outcomes],
        "match": [outcome.match.label for outcome in each.outcomes],
        "reason": [None if reason is None else reason.text("en") for reason in reasons],
        "reason_code": [None if reason is None else reason.code for reason in reasons],
    }
    columns = {name: pa.array(text, pa.string()).take(at) for name, text in texts.items()}
    made = [
        [assumption.text("en") for assumption in outcome.assumptions] for outcome in each.outcomes
    ]
    columns["assumptions"] = pa.array(made, pa.list_(pa.string())).take(at)
    codes = [
        [{"parameter": taken.parameter, "code": taken.code} for taken in outcome.assumptions]
        for outcome in each.outcomes
    ]
    columns["assumption_codes"] = pa.array(codes, _CODES).take(at)
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
