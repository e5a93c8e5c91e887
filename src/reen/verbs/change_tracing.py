"""Change tracing: the rows of two years behind the effects of a change, and what became of each.

Input: what `change` takes.  Output: one Arrow table, a record per exchange of each year as `trace`
gives it, with the year and the fate of its asset.  The impacts of the records of an entity and a
type add up to what `change` sets against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.engine.assets import IDENTIFIERS, matched
from reen.engine.key_sums import Keys
from reen.factors.pack import FactorPack
from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT
from reen.plugins.building import default_registry
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.provenance import PackRecord
from reen.sources.opening import Source, load_source, open_parts
from reen.verbs.side_by_side import Packs
from reen.verbs.tracing import trace
from reen.verbs.two_years import ENTITY, Day
from reen.verbs.year_dates import days_of_years

__all__ = ["trace_change"]

#: The first year as it was measured then; by the method and factors of now; the second year.
_THEN, _YEARS = "then", ("before", "after")
#: Table of the kinds of flow of what stands beside the equipment.
_TABLES = {"service": "services", "waste": "disposals"}
_ALONE = ("exits", "entries")
_PLACE = (ENTITY, "equipment_type")


def trace_change(  # noqa: PLR0913 - as `change`
    before: Source,
    after: Source,
    *,
    method: str | Method,
    factors: Packs | None = None,
    as_of: tuple[Day, ...] | Day = None,
    before_method: str | Method | None = None,
    before_factors: Packs | None = None,
    before_packs: Sequence[str | FactorPack | PackRecord] = (),
    registry: Registry | None = None,
) -> pa.Table:
    """Return the exchanges of two years, row by row, with what became of each asset.

    Columns: when (``before`` measured as `after` is, or ``after``; ``then``, if you state how the
    first year was measured then: ``before`` less ``then`` is the restatement of a row), fate
    (``entries``, ``exits``, ``kept``, ``moved`` to another entity or type, ``unnamed``; null
    where no identifier of one year is found in the other, and of services and disposals), entity,
    then those of `trace`.

    Parameters
    ----------
    before, after, method, factors, as_of, before_method, before_factors, before_packs, registry
        As in `change`.  Both years are kept in memory.

    Raises
    ------
    ReenError
        What `trace` raises.

    Examples
    --------
    >>> import pyarrow as pa, reen
    >>> def year(**columns):
    ...     laptops = {"equipment_type": ["laptop"] * 2, "declared_annual_footprint": [30.0] * 2}
    ...     return reen.Inventory.from_arrow(pa.table({**laptops, **columns}))
    >>> years = year(id=["A", "B"]), year(id=["B", "C"])
    >>> rows = reen.trace_change(*years, method="declared", as_of="2025-12-31")
    >>> rows.select(["when", "fate", "id"]).to_pylist()[0]
    {'when': 'before', 'fate': 'exits', 'id': 'A'}
    """
    known = registry or default_registry()
    years = [load_source(each, registry=known) for each in (before, after)]
    days, _ = days_of_years(as_of, [open_parts(each, registry=known) for each in years])
    fates = _fates(years)
    steps = [(name, k, method, factors, known) for k, name in enumerate(_YEARS)]
    if before_method is not None or before_factors is not None or before_packs:
        then = known.with_packs(*before_packs) if before_packs else known
        own = before_method or method, factors if before_factors is None else before_factors
        steps.insert(0, (_THEN, 0, *own, then))
    tables = []
    for name, k, by, packs, having in steps:
        records = trace(years[k], method=by, factors=packs, as_of=days[k], registry=having)
        table = records.read_all()
        at = _places(table)
        tables.append(
            table.add_column(0, "when", pa.array([name] * table.num_rows, pa.string()))
            .add_column(1, "fate", fates[k].take(at[EQUIPMENT.name]))
            .add_column(2, ENTITY, _entities(years[k], at))
        )
    return pa.concat_tables(tables, promote_options="permissive")


def _places(records: pa.Table) -> dict[str, pa.Array]:
    """Return the row of each record in each table, null in those that it is not of."""
    kinds, rows = records["kind"], records["row"]
    nothing = pa.scalar(None, rows.type)
    found = {
        table: pc.if_else(pc.equal(kinds, kind), rows, nothing) for kind, table in _TABLES.items()
    }
    fleet = pc.invert(pc.is_in(kinds, pa.array(list(_TABLES))))
    return {EQUIPMENT.name: pc.if_else(fleet, rows, nothing), **found}


def _entities(inventory: Inventory, at: Mapping[str, pa.Array]) -> pa.Array:
    """Return the entity of each record, from the table that it is of."""
    tables = {EQUIPMENT.name: inventory.table, **inventory.linked}
    return pc.coalesce(
        *(_column(tables[name], ENTITY).take(rows) for name, rows in at.items() if name in tables)
    )


def _texts(inventory: Inventory, name: str) -> pa.Array:
    """Return a column of the equipment as text, null where it is not there."""
    return _column(inventory.table, name)


def _column(table: pa.Table, name: str) -> pa.Array:
    """Return a column as text, null where it is not there."""
    if name not in table.column_names:
        return pa.nulls(table.num_rows, pa.large_string())
    column = table[name].cast(pa.large_string())
    return pa.concat_arrays([pa.array([], pa.large_string()), *column.chunks])


def _fates(years: Sequence[Inventory]) -> tuple[pa.Array, pa.Array]:
    """Return what became of the asset of each row of two years."""
    found = [matched(*(_texts(year, name) for year in years)) for name in IDENTIFIERS]
    codes, once, count = max(found, key=lambda each: each[2])
    if not count:
        nothing = [pa.nulls(len(year), pa.string()) for year in years]
        return nothing[0], nothing[1]
    where = [_row_of(code, len(once)) for code in codes]
    same = np.ones(len(once), np.bool_)
    for name in _PLACE:
        cells = [
            _texts(year, name).take(pa.array(rows, mask=rows < 0))
            for year, rows in zip(years, where, strict=True)
        ]
        same &= numpy_of(pc.equal(*(pc.fill_null(each, "") for each in cells)))
    fates = []
    for code, alone in zip(codes, _ALONE, strict=True):
        words = np.where(once, np.where(same, "kept", "moved"), alone)
        fates.append(pa.array(np.append(words, "unnamed")[code], pa.string()))
    return fates[0], fates[1]


def _row_of(code: Keys, size: int) -> npt.NDArray[np.int64]:
    """Return the row of each code, -1 where no row has it."""
    found = np.full(size, -1, np.int64)
    named = np.flatnonzero(code >= 0)
    found[code[named]] = named
    return found
