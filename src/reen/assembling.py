"""Assembling: the parts that importers return become one inventory, or one information system.

Input: parts, each with its account.  Output: their rows together, each asset once over all lists,
with one account of all that was read.  Knows no file.
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
from reen.inventory.issues import Issue, ReadReport
from reen.inventory.system import InformationSystem
from reen.plugins.importer import ImportedSystem
from reen.plugins.registry import Registry
from reen.tables.identity import Merged, merge_assets
from reen.tables.importing import Imported
from reen.tables.kept_account import settled
from reen.tables.pages import tell_pages
from reen.tables.recapitulation import tell_recapitulations

__all__ = ["together"]


def _sum_of(inventories: Sequence[Inventory]) -> Inventory | None:
    """Return the rows of some inventories, in order; None when there is none.

    Neighbours are added first: one after the other would copy the first rows once per inventory.
    """
    sums = list(inventories)
    while len(sums) > 1:
        sums = [functools.reduce(operator.add, sums[at : at + 2]) for at in range(0, len(sums), 2)]
    return sums[0] if sums else None


def together(
    parts: Sequence[Imported | ImportedSystem], passed: Sequence[Issue], registry: Registry
) -> Inventory | InformationSystem:
    """Return the rows of all parts as one inventory or one system."""
    lists = [part for part in parts if isinstance(part, Imported) and not part.keyed]
    equipment = _sum_of([_inventory(part, registry) for part in lists])
    # a list that was read before, and not changed since, has its assets once
    if equipment is not None and (len(lists) > 1 or lists[0].kept is None):
        equipment = _each_asset_once(equipment)
    # the files of a system have keys of their own
    others = [
        _inventory(part, registry) for part in parts if not any(part is each for each in lists)
    ]
    equipment = _sum_of([*([equipment] if equipment is not None else []), *others])
    if equipment is None:
        raise FileFormatError("reen.read", "no importer returned anything")
    told = (*passed, *tell_recapitulations(equipment.table), *tell_pages(lists))
    account = equipment.account + Account.of(issues=told)
    equipment = attrs.evolve(equipment, issues=(*equipment.issues, *told), read_account=account)
    systems = [part for part in parts if isinstance(part, ImportedSystem)]
    reports: list[ReadReport] = []
    for part in parts:
        reports += part.reports if isinstance(part, ImportedSystem) else (part.report,)
    if not systems:
        return attrs.evolve(equipment, report=_joint_report(reports))
    return InformationSystem.from_tables(
        equipment=equipment,
        datacenters=_stacked([part.datacenters for part in systems]),
        virtual_machines=_stacked([part.virtual_machines for part in systems]),
        applications=_stacked([part.applications for part in systems]),
        equipment_types=registry.equipment_types,
        issues=[issue for part in systems for issue in part.issues],
        reports=reports,
        uncounted=Account.sum(part.uncounted for part in systems),
    )


def _inventory(part: Imported | ImportedSystem, registry: Registry) -> Inventory:
    imported = part.equipment if isinstance(part, ImportedSystem) else part
    table, place = imported.table, imported.report.source
    inventory = inventory_of(
        table if imported.passed else admit(table, place=place),
        source=imported.report.source,
        equipment_types=registry.equipment_types,
        issues=imported.issues,
        report=imported.report,
        uncounted=imported.uncounted,
    )
    if imported.kept is None:
        return inventory
    # what was doubted when the rows were read first stands in the account that was kept
    rest = tuple(issue for issue in inventory.issues if issue.severity not in BEARING)
    account = settled(imported.kept, inventory.account)
    return attrs.evolve(inventory, issues=(*account.issues, *rest), read_account=account)


def _stacked(tables: Sequence[pa.Table | None]) -> pa.Table | None:
    there = [table for table in tables if table is not None]
    if len(there) < 2:  # noqa: PLR2004 - nothing to put together
        return there[0] if there else None
    return pa.concat_tables(there, promote_options="permissive").unify_dictionaries()


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
    once = Inventory(merged.table, issues, equipment.report)
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


def _joint_report(reports: Sequence[ReadReport]) -> ReadReport:
    """Return one report of several reads: what each found, in order."""
    if len(reports) == 1:
        return reports[0]
    mapped: dict[str, str] = {}
    for report in reports:
        mapped |= {
            column: header for column, header in report.mapped.items() if column not in mapped
        }
    return ReadReport(
        source=", ".join(report.source for report in reports),
        importer=", ".join(dict.fromkeys(report.importer for report in reports)),
        mapped=mapped,
        kept=tuple(dict.fromkeys(header for report in reports for header in report.kept)),
        columns_read=tuple(each for report in reports for each in report.columns_read),
        mappings={name: each for report in reports for name, each in report.mappings.items()},
        assumptions=tuple(
            f"{report.source}: {sentence}" for report in reports for sentence in report.assumptions
        ),
    )
