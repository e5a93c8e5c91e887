"""Computing: wires inputs -> context -> indicators -> values, and nothing else.

Input: an inventory, a footprint, dated records, a period, and indicators by name or as objects.
Output: `Indicators`.  An indicator whose inputs are not there gives a value left out by name, so
that a list of indicators always says what it would take to compute all of them.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.engine.digest import MASK, hash_days, hash_numbers, hash_texts, row_digest
from reen.errors import OptionError, PluginError, UnknownNameError
from reen.inventory.batch import Batch, BatchMemo, batches_of
from reen.inventory.inventory import Inventory
from reen.inventory.record_kinds import RECORD_KINDS
from reen.inventory.records import Records
from reen.inventory.schema import EQUIPMENT, ColumnKind, TableSchema
from reen.monitoring.collection import Indicators
from reen.monitoring.indicator import AXES, INPUTS, Indicator, IndicatorContext
from reen.monitoring.values import IndicatorValue, Period
from reen.plugins.building import default_registry
from reen.plugins.guard import blame
from reen.plugins.registry import Registry
from reen.reasons import Reason, Words
from reen.results.footprint import Footprint

__all__ = ["indicators"]

#: Columns of where a row comes from.
_ORIGIN = frozenset({"source", "source_row"})


def indicators(
    inventory: Inventory | None = None,
    *,
    footprint: Footprint | None = None,
    inventory_before: Inventory | None = None,
    purchases_footprint: Footprint | None = None,
    period: tuple[dt.date | str, dt.date | str] | None = None,
    names: Sequence[str | Indicator] | None = None,
    by_entity: bool = False,
    registry: Registry | None = None,
    **records: Records | None,
) -> Indicators:
    """Compute indicators over a period.

    Parameters
    ----------
    inventory
        The fleet, with its records; you cannot give these a second time.
    footprint
        Its footprint; grouped by entity or type, it gives values for each of them.
    inventory_before
        The fleet at the beginning of the period, such as that of last year.
    purchases_footprint
        What it took to make what was bought in the period; see `measure_purchases`.
    period
        First and last day, as dates or ISO text; the calendar year of the footprint's reference
        date when absent, else the current one.
    names
        Indicators, by registered name or as objects; all registered ones when absent.
    by_entity
        Whether to compute values of each entity too, from the records that name one; a footprint
        measured by entity gives its own.
    registry
        Plugins to use, the installed ones by default.
    **records
        Records that the inventory does not have, by kind (``purchases``, ``disposals``,
        ``headcount``, ``repairs``, ``contracts``, ``events``...), of any dates: each indicator
        takes those of the period.

    Returns
    -------
    Indicators
        At least one value per indicator.  What cannot be computed has no number but a reason.

    Raises
    ------
    UnknownNameError
        An indicator that no plugin provides, or no kind of records; the nearest names are proposed.
    OptionError
        An input of the wrong kind, records that are also in the inventory, or an invalid period.
    PluginError
        An indicator broke its contract.

    Examples
    --------
    >>> fleet = reen.read("examples/ville/2025/parc.csv")
    >>> for value in reen.indicators(inventory=fleet, names=["screens_per_pc"]):
    ...     print(value)
    0.713
    """
    _check("inventory", inventory, Inventory)
    _check("inventory_before", inventory_before, Inventory)
    _check("footprint", footprint, Footprint)
    _check("purchases_footprint", purchases_footprint, Footprint)
    found = _records(records, inventory)
    given: dict[str, Inventory | Footprint | Records | None] = {
        "inventory": _fleet(inventory),
        "inventory_before": _fleet(inventory_before),
        "footprint": footprint,
        "purchases_footprint": purchases_footprint,
        **found,
    }
    chosen = _chosen(names, registry)
    days = _period(period, footprint)
    needed = {name for each in chosen for need in each.needs for name in need.split(" or ")}
    settled = {kind: each.settled_in(days.start, days.end) for kind, each in found.items()}
    context = IndicatorContext(
        period=days,
        as_of=days.end if footprint is None else _as_of(footprint),
        by_entity=by_entity,
        digests={
            name: _digest(value)
            for name, value in given.items()
            if value is not None and name in needed
        },
        **(given | settled),  # type: ignore[arg-type] # each kind under its own name
    )
    return Indicators(tuple(value for each in chosen for value in _values(each, context)))


def _fleet(inventory: Inventory | None) -> Inventory | None:
    """Return an inventory, None when it has other tables and no fleet."""
    if inventory is not None and not len(inventory) and inventory.linked:
        return None  # its other tables say nothing of a fleet
    return inventory


def _records(
    given: Mapping[str, Records | None], inventory: Inventory | None
) -> dict[str, Records]:
    """Return the records from where they are: given, or a table of the inventory.

    Raises
    ------
    UnknownNameError
        A kind that there is not.
    OptionError
        Records of another kind, or that are in both, which would count them twice.
    """
    for kind, value in given.items():
        if kind not in RECORD_KINDS:
            near = difflib.get_close_matches(kind, RECORD_KINDS, 2, cutoff=0.5)
            raise UnknownNameError("kind of records", kind, near, list(RECORD_KINDS))
        _check(kind, value, RECORD_KINDS[kind])
    found: dict[str, Records] = {}
    for kind, made in RECORD_KINDS.items():
        held = None if inventory is None else made.held_by(inventory)
        apart = given.get(kind)
        if held is not None and apart is not None:
            expected = Reason(
                "error_none_since_inventory_holds_rows_itself", held=len(held), kind=kind
            )
            raise OptionError("indicators", kind, Reason("error_apart", kind=kind), expected)
        value = held if apart is None else apart
        if value is not None:
            found[kind] = value
    return found


def _check(name: str, value: object, kind: type) -> None:
    if value is None or isinstance(value, kind):
        return
    ways: dict[type, Words] = {
        Inventory: Reason("error_ways_to_inventory"),
        Footprint: "reen.measure(inventory, method=...)",
    }
    way = ways.get(kind, Reason("error_ways_to_records", name=name, kind=kind.__name__))
    expected = Reason("page_colon", name=kind.__name__, text=way)
    raise OptionError("indicators", name, type(value).__name__, expected)


def _chosen(
    names: Sequence[str | Indicator] | None, registry: Registry | None
) -> tuple[Indicator, ...]:
    """Return the indicators asked for, in that order, each checked."""
    if names is None:
        chosen = tuple((registry or default_registry()).indicators.values())
    else:
        asked = (names,) if isinstance(names, str) else names
        chosen = tuple(
            (registry or default_registry()).indicator(each) if isinstance(each, str) else each
            for each in asked
        )
    for each in chosen:
        _check_contract(each)
    return chosen


def _check_contract(indicator: object) -> None:
    who = f"indicator {getattr(indicator, 'name', type(indicator).__name__)}"
    if not isinstance(indicator, Indicator):
        raise PluginError(
            who,
            "is no indicator: it needs name, title_en, title_fr, unit, formula, denominator,"
            " source, axis, direction, targets, needs and values(context)",
        )
    if indicator.axis not in AXES:
        raise PluginError(who, f"axis {indicator.axis!r}: expected one of 1 to {max(AXES)}")
    for need in indicator.needs:
        unknown = [name for name in need.split(" or ") if name not in INPUTS]
        if unknown:
            raise PluginError(who, f"needs {unknown[0]!r}, which is not among {', '.join(INPUTS)}")


def _period(
    period: tuple[dt.date | str, dt.date | str] | None, footprint: Footprint | None
) -> Period:
    if period is None:
        day = dt.datetime.now(tz=dt.UTC).date() if footprint is None else _as_of(footprint)
        return Period.year(day.year)
    given: object = period
    if not isinstance(given, (tuple, list)) or len(given) != 2:  # noqa: PLR2004 - a start and an end
        raise OptionError(
            "indicators", "period", str(period), Reason("error_two_dates_2022_01_01_2022")
        )
    return Period.of(*period)


def _as_of(footprint: Footprint) -> dt.date:
    return dt.date.fromisoformat(footprint.provenance.as_of)


def _digest(value: Inventory | Footprint | Records) -> str:
    if isinstance(value, Footprint):
        return value.provenance.hash
    schema = EQUIPMENT if isinstance(value, Inventory) else value.schema
    return _rows_digest(value.table, schema)


def _values(indicator: Indicator, context: IndicatorContext) -> list[IndicatorValue]:
    lacking = context.lacks(indicator)
    if lacking:
        return [context.left_out(indicator, Reason("not_given", what=", ".join(lacking)))]
    who = f"indicator {indicator.name}"
    with blame(who, f"over {context.period}"):
        found: list[object] = list(indicator.values(context))
    values: dict[str, IndicatorValue] = {}
    for value in found:
        if not isinstance(value, IndicatorValue) or value.indicator != indicator.name:
            raise PluginError(
                who, f"returned {value!r} instead of its own values: use context.value"
            )
        if value.subject in values:
            raise PluginError(who, f"returned two values for the subject {value.subject!r}")
        values[value.subject] = value
    if not values:
        raise PluginError(who, "returned nothing: what cannot be computed is left out by name")
    return list(values.values())


def _rows_digest(table: pa.Table, schema: TableSchema) -> str:
    """Return the digest of a conformed table's rows, in whatever order, as 16 hexadecimal digits.

    The same rows in another file are the same data: where they come from is no part of it.
    """
    names = sorted(
        name
        for name in schema
        if name not in _ORIGIN
        and name in table.column_names
        and table[name].null_count < table.num_rows
    )
    memo, total = BatchMemo(), 0
    for batch in batches_of(table, schema=schema, memo=memo):
        columns = [(name, _cells(batch, name, schema)) for name in names]
        total = (total + row_digest(columns, rows=len(batch))) & MASK
    return f"{total:016x}"


def _cells(batch: Batch, name: str, schema: TableSchema) -> npt.NDArray[np.uint64]:
    kind = schema[name].kind
    if kind is ColumnKind.NUMBER:
        return hash_numbers(batch.values(name, schema[name].unit))
    if kind is ColumnKind.DATE:
        return hash_days(batch.dates(name))
    if kind is ColumnKind.BOOLEAN:
        column = batch.data.column(name).cast(pa.uint8()).fill_null(2)
        return np.asarray(numpy_of(column), np.uint64)
    return batch.map(name, hash_texts).astype(np.uint64, copy=False)
