"""Assembling: the parts that importers return become one inventory.

Input: parts, each with its kind and account.  Output: their rows together, each kind in its table,
each asset once over all lists, with one account of all that was read.  Knows no file.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Sequence

import attrs
import numpy as np
import pyarrow as pa

from reen.errors import FileFormatError
from reen.gate.admission import admit
from reen.inventory.account import BEARING, Account, AccountLine, Fate
from reen.inventory.inventory import Inventory, inventory_of
from reen.inventory.issues import Issue
from reen.inventory.schema import EQUIPMENT
from reen.monitoring.joining import with_purchases
from reen.monitoring.records import Purchases
from reen.plugins.registry import Registry
from reen.tables.identity import Merged, merge_assets
from reen.tables.importing import Imported
from reen.tables.kept_account import settled
from reen.tables.recapitulation import tell_recapitulations

__all__ = ["together"]


def _sum_of(inventories: Sequence[Inventory]) -> Inventory | None:
    """Return the rows of some inventories, in order; None when there is none."""
    return functools.reduce(operator.add, inventories) if inventories else None


def together(parts: Sequence[Imported], passed: Sequence[Issue], registry: Registry) -> Inventory:
    """Return the rows of all parts as one inventory, each kind in its table.

    Blank purchase dates and prices of the equipment are filled from the purchases among them.

    Parameters
    ----------
    parts
        What importers returned.
    passed
        Issues of what no importer was given.
    registry
        Where the equipment types come from.
    """
    made = [(part, _inventory(part, registry)) for part in parts]
    lists = [each for part, each in made if _is_list(part)]
    equipment = _sum_of(lists)
    # a list that was read before, and not changed since, has its assets once
    if equipment is not None and (len(lists) > 1 or _first_list(parts).kept is None):
        equipment = _each_asset_once(equipment)
    # the files of a system have keys of their own, and other tables list no equipment
    others = _sum_of([each for part, each in made if not _is_list(part)])
    whole = _sum_of([each for each in (equipment, others) if each is not None])
    if whole is None:
        raise FileFormatError("reen.read", "no importer returned anything")
    told = (*passed, *tell_recapitulations(whole.table))
    whole = attrs.evolve(
        whole,
        issues=(*whole.issues, *told),
        reports=tuple(attrs.evolve(part.report, kind=part.kind) for part in parts),
        read_account=whole.account_of(EQUIPMENT.name) + Account.of(issues=told),
    )
    bought = Purchases.held_by(whole)
    return whole if bought is None or not len(whole) else with_purchases(whole, bought)


def _is_list(part: Imported) -> bool:
    """Tell whether a part lists equipment without a key of its own."""
    return part.kind == EQUIPMENT.name and not part.keyed


def _first_list(parts: Sequence[Imported]) -> Imported:
    return next(part for part in parts if _is_list(part))


def _inventory(imported: Imported, registry: Registry) -> Inventory:
    table, place, kind = imported.table, imported.report.source, imported.kind
    inventory = inventory_of(
        table if imported.passed else admit(table, place=place),
        kind=kind,
        source=place,
        equipment_types=registry.equipment_types,
        issues=imported.issues,
        report=imported.report,
        uncounted=imported.uncounted,
    )
    if imported.kept is None:
        return inventory
    # what was doubted when the rows were read first stands in the account that was kept
    rest = tuple(issue for issue in inventory.issues if issue.severity not in BEARING)
    account = settled(imported.kept, inventory.account_of(kind))
    issues = (*account.issues, *rest)
    if kind == EQUIPMENT.name:
        return attrs.evolve(inventory, issues=issues, read_account=account)
    return attrs.evolve(inventory, issues=issues, linked_accounts={kind: account})


def _each_asset_once(equipment: Inventory) -> Inventory:
    """Return the rows of all files with each asset once, and what became of the others."""
    table = equipment.table
    merged = merge_assets(table)
    # a list that was written keeps its doubts: read again, it raises none of them twice
    told = {(doubt.column, doubt.value, doubt.reason) for doubt in equipment.account.doubts}
    new = tuple(
        issue
        for issue in merged.issues
        if issue.severity not in BEARING or (issue.column, issue.value, issue.reason) not in told
    )
    issues = (*equipment.issues, *new)
    doubts = Account.of(issues=new)
    if not merged.merges:
        account = equipment.account + doubts
        return attrs.evolve(equipment, issues=issues, read_account=account)
    once = Inventory(merged.table, issues, equipment.reports)
    lines = _merged_lines(equipment, merged)
    account = Account.of(lines, merges=merged.merges)
    counted = once.counted() + equipment.account.uncounted
    return attrs.evolve(once, read_account=counted + account + doubts)


def _merged_lines(equipment: Inventory, merged: Merged) -> list[AccountLine]:
    """Return the rows that were merged, by file and reason, with the items they stood for.

    A row that gave its quantity to the one that is kept stands for what that one said.
    """
    table = equipment.table
    dropped = np.setdiff1d(np.arange(table.num_rows), merged.rows)
    told = dropped.copy()
    if "quantity" in table.column_names:
        given = merged.cells("quantity")
        borrowed = given != merged.rows
        told[np.searchsorted(dropped, given[borrowed])] = merged.rows[borrowed]
        quantity = table["quantity"].take(pa.array(told)).to_pylist()
    else:
        quantity = [1.0] * len(dropped)
    rows = table.select(["source", "source_row"]).take(pa.array(dropped))
    items: dict[tuple[str, int], list[float | None]] = {}
    places = zip(rows["source"].to_pylist(), rows["source_row"].to_pylist(), strict=True)
    for place, number in zip(places, quantity, strict=True):
        items.setdefault(place, []).append(number)
    lines = []
    for merge in merged.merges:
        number = items[merge.source, merge.row].pop()
        known = -1.0 if number is None or math.isnan(number) else number
        lines.append(
            AccountLine(
                source=merge.source,
                fate=Fate.MERGED,
                reason=merge.reason,
                rows=1,
                items=max(known, 0.0),
                unknown=int(known < 0.0),
                examples=(merge.row,),
            )
        )
    return lines
