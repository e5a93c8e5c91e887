"""Explaining: the answers of a method for one row, as an `Explanation`.

Input: an inventory or information system, a row and a method.  Output: the exchanges of the row,
with their drivers and factors; or what became of a row that has no figure.  Adds nothing to the
arithmetic of `measure`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from reen.engine.exchanges import Assumption, Exchanges
from reen.errors import UnknownNameError
from reen.inventory.account import AccountLine, Merge
from reen.inventory.batch import Batch, batches_of
from reen.inventory.inventory import Inventory
from reen.inventory.issues import Issue
from reen.inventory.pseudonyms import read_key
from reen.inventory.row_places import position_of
from reen.inventory.schema import EQUIPMENT
from reen.measurement.arguments import PackLike, lines_apart_of, method_of
from reen.measurement.levels import level_of
from reen.measurement.ready_method import ReadyMethod, prepare_method
from reen.plugins.building import default_registry
from reen.plugins.method import Method, Remark
from reen.plugins.options import with_options
from reen.plugins.registry import Registry
from reen.reasons import Reason, say
from reen.sources.opening import Source, load_source
from reen.verbs.explanation import ExplainedExchange, Explanation, measured
from reen.verbs.tracing import remarks_on

__all__ = ["explain"]


def explain(
    source: Source,
    row: str | int = 0,
    *,
    method: str | Method,
    level: str = "equipment",
    factors: PackLike | Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    key: bytes | str | Path | None = None,
    registry: Registry | None = None,
    **options: object,
) -> Explanation:
    """Explain the figure of one row: formula, values, factor and source.

    Parameters
    ----------
    source
        As in `measure`; Arrow streams are read whole.
    row
        Id, ``file:line``, or position counted from 0, in the table that `level` names.
    key
        Secret with which names were hashed, or its file, as in `read`: the row may then be named by
        its device or its user, too.
    method, level, factors, as_of, registry, **options
        As in `measure`.

    Raises
    ------
    UnknownNameError
        When there is no such row, or several have that id.
    OptionError
        A level that the source or the method does not have; a key that is none.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> explained = reen.explain(laptop, method="base-carbone", as_of="2025-12-31")
    >>> print(str(explained).splitlines()[1])
    item: 10 item (quantity) / 5 year (lifetime) = 2 item/year
    """
    registry = registry or default_registry()
    method = with_options(method, options, registry)
    secret = None if key is None else read_key(key)
    source = load_source(source, registry=registry, key=secret)
    places = source.datacenter()
    lines = lines_apart_of(method_of(method, registry))
    fate: Remark | None = None
    if level == "equipment":
        ready = prepare_method(
            method, factors=factors, as_of=as_of, registry=registry, datacenters=places
        )
        of_table = None
        try:
            position = source.position(row, key=secret)
        except UnknownNameError:
            of_table = _row_beside(ready, source, row)
            position, fate = (0, None) if of_table else _counted_for(source, row)
        if position < 0 and fate is not None:
            return _of_no_figure(row, fate, method, as_of, registry)
        if of_table is not None:
            ready, batch = of_table
        else:
            one = source.table.slice(position, 1)
            batch = next(batches_of(one, schema=EQUIPMENT, offset=position))
        found = [(each, k) for each in ready.shaped_answers(batch) for k in range(len(each))]
        said = remarks_on(ready, batch)
    else:
        ready = prepare_method(
            method, factors=factors, as_of=as_of, registry=registry, datacenters=places
        )
        batch, found = _of_level(ready, source, level, row)
        said = ()
    return Explanation(
        row=_row_text(batch),
        method=f"{ready.method.name} {ready.method.version}",
        as_of=ready.as_of.isoformat(),
        exchanges=tuple(_explained(ready, batch, each, k) for each, k in found),
        remarks=(
            *([fate] if fate is not None else []),
            *(each.remarks[int(each.remark[0])] for each in said if each.remark[0] >= 0),
        ),
        apart={
            name: explain(
                source,
                method=line,
                row=row,
                level=level,
                factors=factors,
                as_of=as_of,
                key=key,
                registry=registry,
            )
            for name, line in lines.items()
        },
    )


def _row_beside(
    ready: ReadyMethod, inventory: Inventory, row: str | int
) -> tuple[ReadyMethod, Batch] | None:
    """Return a row of a table beside the equipment and what counts it; None when there is none."""
    for each, batch in ready.beside(inventory):
        table = inventory.tables[batch.schema.name]
        try:
            position = position_of(table, row)
        except UnknownNameError:
            continue
        one = table.slice(position, 1).combine_chunks().to_batches()[0]
        return each, Batch(one, schema=batch.schema, offset=position)
    return None


def _counted_for(inventory: Inventory, row: str | int) -> tuple[int, Remark | None]:
    """Return the place of the row that counts for one that is not there, and what became of it.

    The place is -1 where none does: the row was refused, or set aside.

    Raises
    ------
    UnknownNameError
        Nothing is known of it.
    """
    found = inventory.account.fate_of(str(row)) if isinstance(row, str) else None
    if found is None:
        return inventory.position(row), None  # raises again, without the first error as its cause
    if not isinstance(found, Merge):
        return -1, Remark(_said_of(found))
    details: dict[str, str | float] = {
        "into_source": found.into_source,
        "into_row": float(found.into_row),
    }
    remark = Remark(str(Reason("row_merged", row=found.into_row, why=found.reason)), details)
    try:
        return inventory.position(f"{found.into_source}:{found.into_row}"), remark
    except UnknownNameError:
        return -1, remark  # a written list: its rows stand elsewhere than in the first file


def _said_of(found: Issue | AccountLine) -> str:
    """Return why a row is in no figure."""
    if isinstance(found, Issue):
        return str(found)
    return str(Reason("row_in_no_figure", fate=found.fate, why=found.reason or found.fate))


def _of_no_figure(
    row: str | int,
    fate: Remark,
    method: str | Method,
    as_of: dt.date | str | None,
    registry: Registry,
) -> Explanation:
    """Return what became of a row that is in no figure."""
    ready = prepare_method(method, as_of=as_of, registry=registry)
    return Explanation(
        row=say("rows", rows=str(row)),
        method=f"{ready.method.name} {ready.method.version}",
        as_of=ready.as_of.isoformat(),
        exchanges=(),
        remarks=(fate,),
    )


def _of_level(
    ready: ReadyMethod, inventory: Inventory, level: str, row: str | int
) -> tuple[Batch, list[tuple[Exchanges, int]]]:
    """Return a virtual machine or application row, and its exchanges with their places."""
    rows = level_of(ready, inventory, level)
    position = position_of(inventory.tables[rows.schema.name], row)
    found = [
        (each, int(k))
        for each in rows.exchanges
        for k in np.flatnonzero(np.asarray(each.row) == position)
    ]
    one = Batch(rows.batch.data.slice(position, 1), schema=rows.schema, offset=position)
    return one, found


def _row_text(batch: Batch) -> str:
    cells = {name: batch.data.column(name)[0].as_py() for name in batch.data.schema.names}
    place = (
        f"{cells['source']}:{cells['source_row']}"
        if cells.get("source") and cells.get("source_row") is not None
        else say("rows", rows=str(cells["source_row"]))
        if cells.get("source_row") is not None
        else say("rows", rows=str(batch.offset))
    )
    kind = cells.get("equipment_type_raw") or cells.get("equipment_type")
    kind = kind or cells.get("service_type_raw") or cells.get("service_type")
    parts = [cells.get("id"), place, kind, cells.get("manufacturer"), cells.get("model")]
    parts += [cells.get("label")]
    parts += [cells.get("environment"), cells.get("kind")]  # of applications and virtual machines
    support = cells.get("host_id") or cells.get("virtual_machine_id")
    parts += [say("explain_on", support=support)] if support else []
    return ", ".join(str(part) for part in parts if part)


def _explained(ready: ReadyMethod, batch: Batch, each: Exchanges, k: int) -> ExplainedExchange:
    outcome = each.outcomes[int(each.outcome[k])]
    position = int(each.flow[k])
    assessed = position >= 0
    flow = each.flows[position] if assessed else None
    amount = float(each.amount()[k]) if assessed else math.nan
    description, impacts = None, []
    if flow is not None:
        factors = ready.library.rows([flow], each.factors)
        description = factors.descriptions[0]
        for c, key in enumerate(factors.criteria):
            for s, stage in enumerate(factors.stages):
                factor = float(factors.values[0, s, c])
                if not np.isnan(factor):
                    unit = f"{factors.vocabulary[key].unit}/year"
                    impacts.append((key, stage, factor, amount * factor, unit))
    types = batch.data.column("equipment_type")[0].as_py() if batch.has("equipment_type") else None
    return ExplainedExchange(
        kind=each.kind.name,
        outcome=outcome,
        drivers=tuple(
            (name, float(driver.values[k]), driver.unit) for name, driver in each.drivers.items()
        )
        if assessed
        else (),
        amount=amount,
        amount_unit=f"{each.reference_unit}/year",
        flow=flow,
        description=description,
        impacts=tuple(impacts),
        assumed=tuple(_assumed(ready, types, each_one) for each_one in outcome.assumptions),
    )


def _assumed(ready: ReadyMethod, equipment_type: str | None, assumption: Assumption) -> str:
    """Return an assumption with the figure used and its source, when a pack gives it."""
    default = ready.library.default(equipment_type or "", assumption.parameter)
    if default is None or assumption.pack not in ("", default.pack):
        return str(assumption)
    note = f"; {default.note}" if default.note else ""
    return say(
        "explain_default",
        parameter=assumption.parameter,
        rule=assumption.rule,
        type=equipment_type or "",
        value=measured(default.value, default.unit),
        pack=default.pack,
        source=f"{default.source}{note}",
    )


# English keeps the keys of the data, by which a person finds them in the tables of a trace.
