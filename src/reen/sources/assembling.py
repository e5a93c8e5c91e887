"""Assembling: the parts that importers return become one inventory.

Input: parts, each with its kind and account.  Output: their rows together, each kind in its table,
each asset once over all lists, blank purchase dates and prices filled from the purchases, with one
account of all that was read.  Knows no file.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np
import pyarrow as pa

from reen.errors import FileFormatError
from reen.gate.admission import admit
from reen.inventory.account import BEARING, Account, AccountLine, Fate
from reen.inventory.hosting import hosting_issues
from reen.inventory.inventory import Inventory, inventory_of
from reen.inventory.issues import Issue, ReadReport, Severity
from reen.inventory.record_schema import PURCHASES
from reen.inventory.schema import EQUIPMENT
from reen.lazy_names import lazy_module
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.tables.arrow_persons import without_persons
from reen.tables.headers.header_words import key_of
from reen.tables.identity.merging import Merged, each_name_once, merge_assets
from reen.tables.importing import Imported, ReadOptions
from reen.tables.privacy.leaving import Leaving
from reen.tables.together.doubts import tell_doubts
from reen.tables.together.kept_account import settled

if TYPE_CHECKING:
    from reen.inventory import record_kinds
else:
    record_kinds = lazy_module("reen.inventory.record_kinds")

__all__ = ["together", "with_purchases"]


def _sum_of(inventories: Sequence[Inventory]) -> Inventory | None:
    """Return the rows of some inventories, in order; None when there is none.

    Neighbours are added first: one after the other would copy the first rows once per inventory.
    """
    sums = list(inventories)
    while len(sums) > 1:
        sums = [functools.reduce(operator.add, sums[at : at + 2]) for at in range(0, len(sums), 2)]
    return sums[0] if sums else None


def together(
    parts: Sequence[Imported],
    passed: Sequence[Issue],
    options: ReadOptions,
    registry: Registry,
) -> Inventory:
    """Return the rows of all parts as one inventory, each kind in its table.

    Blank purchase dates and prices of the equipment are filled from the purchases among them.
    Columns that nobody asked for, and names of persons, leave once each asset stands once.

    Parameters
    ----------
    parts
        What importers returned.
    passed
        Issues of what no importer was given.
    options
        What the user says: which columns to keep, and the key by which names are hashed.
    registry
        Where the equipment types come from.

    Raises
    ------
    FileFormatError
        There is no part.
    OptionError
        A column to group by is one of persons.
    """
    leaving = Leaving.of(
        [without_persons(part, options) for part in each_name_once(parts)], options
    )
    parts = leaving.parts
    made = [(part, _inventory(part, registry)) for part in parts]
    lists = [each for part, each in made if _is_list(part)]
    equipment = _sum_of(lists)
    # a list that was read before, and not changed since, has its assets once
    if equipment is not None and (
        sum(map(bool, map(len, lists))) > 1 or _first_list(parts).kept is None
    ):
        keys = {part.report.source: part.keys for part in parts if _is_list(part) and part.keys}
        equipment = _each_asset_once(equipment, keys)
    # the files of a system have keys of their own, and other tables list no equipment
    others = _sum_of([each for part, each in made if not _is_list(part)])
    whole = _sum_of([each for each in (equipment, others) if each is not None])
    if whole is None:
        raise FileFormatError("reen.read", Reason("error_no_importer_returned_anything"))
    whole = leaving.once_joined(whole)
    reports = tuple(attrs.evolve(part.report, kind=part.kind) for part in parts)
    asked_for = whole.tables.values() if options.by or options.keep else ()
    names = [name for table in asked_for for name in table.column_names]
    leaving.check_groups(names)
    # where nothing is hosted, no server need be known
    types = registry.equipment_types if whole.linked else ()
    servers = {each.key for each in types if each.is_server}
    told = (
        *passed,
        *tell_doubts(whole.table, parts),
        *hosting_issues(whole.tables, servers),
        *_asked_in_vain(options.keep, reports, names),
    )
    whole = attrs.evolve(
        whole,
        issues=(*whole.issues, *told),
        reports=reports,
        read_account=whole.account_of(EQUIPMENT.name) + Account.of(issues=told),
    )
    if PURCHASES.name not in whole.linked or not len(whole):
        return whole
    bought = record_kinds.Purchases.held_by(whole)
    return whole if bought is None else with_purchases(whole, bought)


def with_purchases(fleet: Inventory, purchases: record_kinds.Purchases) -> Inventory:
    r"""Fill blank purchase dates and prices of a fleet from its purchases.

    Parameters
    ----------
    fleet
        An inventory.
    purchases
        Purchases that share serial numbers or order numbers with it.

    Returns
    -------
    Inventory
        The same items: no value of the fleet is replaced, and nothing is added.  Its issues count
        the cells filled, and name the purchases that contradict the fleet.

    Examples
    --------
    >>> parc = b"Type;N\xc2\xb0 de s\xc3\xa9rie\nPC portable;5CG1234XYZ\n"
    >>> achats = b"Date de facture;N\xc2\xb0 de s\xc3\xa9rie\n2022-03-15;5CG1234XYZ\n"
    >>> fleet = reen.with_purchases(
    ...     reen.read(parc, name="parc.csv"),
    ...     reen.read_records(achats, kind="purchases", name="achats.csv"),
    ... )
    >>> fleet.table["purchase_date"].to_pylist()
    [datetime.date(2022, 3, 15)]
    """
    from reen.tables.identity.purchase_joining import join_purchases

    joined = join_purchases(fleet.table, purchases.table)
    sources = purchases.table["source"].unique().to_pylist() if len(purchases) else []
    filled = tuple(
        Issue(
            column,
            str(count),
            Reason("filled_from_purchases", count=count),
            severity=Severity.NOTE,
            source=", ".join(source for source in sources if source),
            count=count,
        )
        for column, count in joined.filled.items()
        if count
    )
    return attrs.evolve(fleet, table=joined.table, issues=(*fleet.issues, *filled, *joined.issues))


def _is_list(part: Imported) -> bool:
    """Tell whether a part lists equipment whose tool does not name each asset once."""
    return part.kind == EQUIPMENT.name and not part.unique


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


def _asked_in_vain(
    asked: Sequence[str], reports: Sequence[ReadReport], names: Sequence[str]
) -> Iterator[Issue]:
    """Yield an issue for each header that was asked for and that no file has."""
    if not asked:
        return
    there = {key_of(name) for name in (*EQUIPMENT, *names)}
    for report in reports:
        there |= set(map(key_of, (*report.kept, *report.joining, *report.mapped.values())))
    headers = {header for report in reports for header in (*report.kept, *report.left_out)}
    for header in asked:
        if key_of(header) not in there:
            yield Issue(
                "",
                header,
                Reason("asked_in_vain"),
                expected=Reason("headers_to_keep", headers=", ".join(sorted(headers)[:20]) or "-"),
                severity=Severity.NOTE,
                source=", ".join(report.source for report in reports),
            )


def _each_asset_once(equipment: Inventory, keys: Mapping[str, Sequence[str]]) -> Inventory:
    """Return the rows of all files with each asset once, and what became of the others."""
    table = equipment.table
    merged = merge_assets(table, keys=keys)
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
