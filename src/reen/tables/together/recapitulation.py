"""Recapitulations: tables beside the fleet whose rows are no items of their own.

Input: several tables.  Output: the same tables, those that list words to choose from without their
rows, or in doubt.  A summary beside the lists of its file ("Synthèse", a pivot table, counts of
their types on a sheet that is called nothing) is never added to them: its sum is a control.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import numpy as np
import pyarrow as pa

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.headers.header_words import key_of
from reen.tables.importing import Imported
from reen.tables.layouts.words import PIVOT
from reen.tables.together.unnamed_summaries import summed_lists, type_sums
from reen.tables.together.yearly_tables import items_of, put_aside

__all__ = ["settle_choices", "settle_recapitulations"]

#: Columns of which none stands in a list of words to choose from.
_DESCRIBING = frozenset(
    {
        *("asset_tag", "id", "manufacturer", "model", "model_number", "name", "quantity"),
        *("commissioning_date", "lifetime", "price", "purchase_date", "serial_number"),
    }
)


#: Columns of what is one asset or one model, which no summary has; and what tells assets apart.
_OF_ASSETS = frozenset({"asset_tag", "id", "model", "model_number", "name", "serial_number"})
_KEYS = frozenset({"asset_tag", "serial_number"})

#: Columns that say where a row stands and what its type is.
_ADDED = frozenset(
    {"equipment_type", "equipment_type_raw", "equipment_type_candidates", "source", "source_row"}
)

#: Words from which a column that has none twice is a list of choices.
_WORDS = 3

#: Names of tables of words to choose from, and of tables that add up others.
_CHOICES = frozenset(
    {
        *(
            "liste",
            "list",
            "parametre",
            "choix",
            "valeur",
            "referentiel",
        ),
        *(
            "nomenclature",
            "lookup",
            "menu",
        ),
    }
)
_RECAPS = frozenset(
    {
        *(
            "synthese",
            "recap",
            "recapitulatif",
            "recapitulation",
            "bilan",
            "total",
        ),
        *(
            "tcd",
            "pivot",
            "summary",
        ),
    }
)


#: What the rows of a summary are.
_ROWS = Reason("row_recapitulation")


def _is_named(part: Imported, names: frozenset[str]) -> bool:
    """Tell whether the sheet, or the file that has none, has one of some names."""
    file, _, sheet = part.report.source.rpartition("[")
    name = sheet.rstrip("]") if file else part.report.source.rpartition(".")[0]
    return bool(names & set(key_of(name).split()))


def settle_recapitulations(
    parts: Sequence[Imported], resolve: Callable[[str], str | None]
) -> list[Imported]:
    """Return tables without the rows of those that sum up others.

    A summary stands in the file of the lists that it sums up, and is called so or is a pivot table;
    its items are compared with theirs, before and after each asset is counted once.  In another
    file it is a summary when its items are those of all lists, type by type.  A pivot table beside
    nothing but records of another kind may count these: it is set aside in doubt.

    Parameters
    ----------
    parts
        Tables of any kind.
    resolve
        Resolves a word to an equipment type, or to None.
    """
    fleet = [part for part in parts if part.kind == "equipment" and part.table.num_rows]
    recaps = [part for part in fleet if _is_summary(part)]
    others = [part for part in fleet if part not in recaps]
    aside = {}
    for part in others:
        lists = summed_lists(part, others, resolve)
        if lists:
            aside[id(part)] = put_aside(part, _ROWS, *_compared(part, lists))
    others = [part for part in others if id(part) not in aside]
    for part in recaps:
        near = [each for each in others if _file_of(each) == _file_of(part)]
        why, severity = _compared(part, near) if near else (None, Severity.NOTE)
        if not near and _same_items([part], others, resolve):
            why = Reason("table_adds_up_others", total=items_of(part)[0])
        if why is None and _is_pivot(part) and _beside_records(part, parts):
            why, severity = Reason("pivot_of_records", total=items_of(part)[0]), Severity.DOUBT
        if why is not None:
            aside[id(part)] = put_aside(part, _ROWS, why, severity)
    return [aside.get(id(part), part) for part in parts]


def _is_summary(part: Imported) -> bool:
    """Tell whether a table is called a summary, or is a pivot table, and describes no asset."""
    called = _is_pivot(part) or _is_named(part, _RECAPS)
    return called and not any(
        part.table[name].null_count < part.table.num_rows
        for name in _OF_ASSETS & set(part.table.column_names)
    )


def _is_pivot(part: Imported) -> bool:
    return part.report.details.get("layout") == PIVOT


def _beside_records(part: Imported, parts: Sequence[Imported]) -> bool:
    """Tell whether the file of a table has purchases or other records, which a pivot may count."""
    return any(
        each.kind != part.kind and each.table.num_rows and _file_of(each) == _file_of(part)
        for each in parts
    )


def _file_of(part: Imported) -> str:
    return part.report.source.partition("[")[0]


def _compared(part: Imported, others: Sequence[Imported]) -> tuple[Reason, Severity]:
    """Return what the sum of a summary says of the lists beside it."""
    own = items_of(part)[0]
    written = sum(items_of(each)[0] for each in others)
    once = sum(items_of(_each_once(each))[0] for each in others)
    if own in (written, once):
        return Reason("table_adds_up_others", total=own), Severity.NOTE
    # a summary of a part of the lists shows no item that they lack
    severity = Severity.NOTE if own < once else Severity.DOUBT
    return Reason("table_sums_differ", total=own, others=once), severity


def _each_once(part: Imported) -> Imported:
    """Return a list without the rows that repeat a serial number or an asset tag."""
    stays = np.ones(part.table.num_rows, np.bool_)
    for name in _KEYS & set(part.table.column_names):
        words = part.table[name].cast(pa.string()).to_numpy(zero_copy_only=False)
        filled = np.flatnonzero(part.table[name].is_valid())
        _, first = np.unique(words[filled].astype(str), return_index=True)
        again = np.ones(len(filled), np.bool_)
        again[first] = False
        stays[filled[again]] = False
    return attrs.evolve(part, table=part.table.filter(pa.array(stays)))


def _same_items(
    parts: Sequence[Imported], others: Sequence[Imported], resolve: Callable[[str], str | None]
) -> bool:
    """Tell whether some tables have the items of others, type by type."""
    sums: list[dict[str, float]] = [{}, {}]
    for found, group in zip(sums, (parts, others), strict=True):
        for part in group:
            for kind, number in type_sums(part.table, resolve).items():
                found[kind] = found.get(kind, 0.0) + number
    return bool(sums[0]) and sums[0] == sums[1]


def settle_choices(part: Imported) -> Imported:
    """Return a table without its rows, or in doubt, when it lists the words that another offers.

    It says nothing of its rows but their type, and no type twice.  It is one for sure when it is
    called so or hidden, or when no other column has a word twice either and one ends before the
    last row: several lists stand side by side.
    """
    table = part.table
    described = any(
        table[name].null_count < table.num_rows for name in _DESCRIBING & set(table.column_names)
    )
    if described or not table.num_rows or "equipment_type" not in table.column_names:
        return part
    raw = "equipment_type_raw" if "equipment_type_raw" in table.column_names else "equipment_type"
    if not _no_word_twice(table, raw):
        return part
    hidden = "hidden sheet" in part.report.details
    if hidden or _is_named(part, _CHOICES) or _are_lists(table):
        what = Reason("what_choices")
        return put_aside(
            part, Reason("row_no_inventory", what=what), Reason("no_inventory", what=what)
        )
    issue = Issue(
        "",
        part.report.source,
        Reason("table_of_choices", count=table.num_rows),
        severity=Severity.DOUBT,
        source=part.report.source,
    )
    return attrs.evolve(part, issues=(*part.issues, issue))


def _are_lists(table: pa.Table) -> bool:
    """Tell whether columns are lists of their own: no word twice, and not all equally long."""
    words = {
        name: [word not in (None, "unknown") for word in table[name].to_pylist()]
        for name in table.column_names
        if name not in _ADDED
    }
    lists = [name for name, filled in words.items() if sum(filled) >= _WORDS]
    return (
        bool(lists)
        and all(
            _no_word_twice(table, name) and not any(words[name][sum(words[name]) :])
            for name in lists
        )
        and any(not all(words[name]) for name in lists)
    )


def _no_word_twice(table: pa.Table, name: str) -> bool:
    words = [word for word in table[name].to_pylist() if word not in (None, "unknown")]
    return len(set(words)) == len(words)
