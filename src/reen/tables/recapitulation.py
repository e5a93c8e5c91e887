"""Recapitulations: tables beside the fleet whose rows are no items of their own.

Input: the rows of several tables.  Output: a doubt for each table whose items, type by type, are
those of all other tables together, and for each that lists words to choose from.  Nothing is set
aside: two schools may be alike.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.importing import Imported

__all__ = ["tell_choices", "tell_recapitulations"]

#: Types that agree without any doubt, and items that two types or one must have to agree.
_TYPES, _ITEMS_OF_TWO, _ITEMS_OF_ONE = 3, 10, 50

#: Columns of which none stands in a list of words to choose from.
_DESCRIBING = frozenset(
    {
        *("asset_tag", "id", "manufacturer", "model", "model_number", "name", "quantity"),
        *("commissioning_date", "lifetime", "price", "purchase_date", "serial_number"),
    }
)


def tell_choices(part: Imported) -> Imported:
    """Return a table with a doubt when it may be the list of words that another one offers.

    It says nothing of its rows but their type, and no type twice.
    """
    table = part.table
    described = any(
        table[name].null_count < table.num_rows for name in _DESCRIBING & set(table.column_names)
    )
    if described or not table.num_rows or "equipment_type" not in table.column_names:
        return part
    types = table["equipment_type"].cast(pa.string())
    if len(types.unique()) < len(types):
        return part
    issue = Issue(
        "",
        part.report.source,
        Reason("table_of_choices", count=table.num_rows),
        severity=Severity.DOUBT,
        source=part.report.source,
    )
    return attrs.evolve(part, issues=(*part.issues, issue))


def tell_recapitulations(table: pa.Table) -> list[Issue]:
    """Return a doubt for each table that adds up the others.

    Small tables may agree by chance: three types have to, or two in ten items, or one in fifty that
    are spread over several others.
    """
    items = _items(table)
    if len(items) < 2:  # noqa: PLR2004 - nothing to add up
        return []
    everything: dict[str, float] = {}
    for own in items.values():
        for kind, number in own.items():
            everything[kind] = everything.get(kind, 0.0) + number
    told = []
    for source, own in items.items():
        others = {kind: number - own.get(kind, 0.0) for kind, number in everything.items()}
        same = own == {kind: number for kind, number in others.items() if number}
        if same and _is_no_chance(own, others=len(items) - 1):
            told.append(
                Issue(
                    "",
                    source,
                    Reason("table_repeats_others", total=sum(own.values())),
                    expected=Reason("expect_no_recapitulation"),
                    severity=Severity.DOUBT,
                    source=source,
                )
            )
    return told


def _is_no_chance(own: Mapping[str, float], *, others: int) -> bool:
    total = sum(own.values())
    return (
        len(own) >= _TYPES
        or (len(own) == _TYPES - 1 and total >= _ITEMS_OF_TWO)
        or (len(own) == 1 and others > 1 and total >= _ITEMS_OF_ONE)
    )


def _items(table: pa.Table) -> Mapping[str, Mapping[str, float]]:
    """Return the items of each type in each table, of rows whose type and number are known."""
    if not {"source", "equipment_type"} <= set(table.column_names):
        return {}
    number = (
        table["quantity"]
        if "quantity" in table.column_names
        else pa.chunked_array([pa.array([1.0] * table.num_rows)])
    )
    rows = pa.table(
        {
            "source": table["source"].cast(pa.string()),
            "type": table["equipment_type"].cast(pa.string()),
            "number": number,
        }
    )
    known = pc.and_(pc.not_equal(rows["type"], "unknown"), pc.greater(rows["number"], 0.0))
    sums = rows.filter(known).group_by(["source", "type"]).aggregate([("number", "sum")])
    found: dict[str, dict[str, float]] = {}
    for row in sums.to_pylist():
        found.setdefault(row["source"] or "", {})[row["type"]] = row["number_sum"]
    return found
