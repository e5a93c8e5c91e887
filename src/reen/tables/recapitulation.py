"""Recapitulations: tables beside the fleet whose rows are no items of their own.

Input: the rows of several tables.  Output: a doubt for each table whose items, type by type, are
those of all other tables together, and for each that lists words to choose from: two schools may
be alike.  Where the name of the table says so too ("Synthèse", "Listes"), its rows are set aside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.header_words import key_of
from reen.tables.importing import Imported
from reen.tables.yearly_tables import put_aside

__all__ = ["settle_choices", "settle_recapitulations", "tell_recapitulations"]

#: Types that agree without any doubt, and items that two types or one must have to agree.
_TYPES, _ITEMS_OF_TWO, _ITEMS_OF_ONE = 3, 10, 50

#: Columns of which none stands in a list of words to choose from.
_DESCRIBING = frozenset(
    {
        *("asset_tag", "id", "manufacturer", "model", "model_number", "name", "quantity"),
        *("commissioning_date", "lifetime", "price", "purchase_date", "serial_number"),
    }
)


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


def _is_named(part: Imported, names: frozenset[str]) -> bool:
    """Tell whether the sheet, or the file that has none, has one of some names."""
    file, _, sheet = part.report.source.rpartition("[")
    name = sheet.rstrip("]") if file else part.report.source.rpartition(".")[0]
    return bool(names & set(key_of(name).split()))


def settle_recapitulations(
    parts: Sequence[Imported], resolve: Callable[[str], str | None]
) -> list[Imported]:
    """Return tables without the rows of those that are named as, and are, the sum of others.

    Parameters
    ----------
    parts
        Tables of any kind.
    resolve
        Resolves a word to an equipment type, or to None.
    """
    fleet = [part for part in parts if part.kind == "equipment" and part.table.num_rows]
    recaps = [part for part in fleet if _is_named(part, _RECAPS)]
    others = [part for part in fleet if part not in recaps]
    if not recaps or not others:
        return list(parts)
    everything: dict[str, float] = {}
    for part in others:
        for kind, number in _items_of(part, resolve).items():
            everything[kind] = everything.get(kind, 0.0) + number
    aside = {}
    for part in recaps:
        own = _items_of(part, resolve)
        if own and own == everything:
            why = Reason("table_adds_up_others", total=sum(own.values()))
            aside[id(part)] = put_aside(part, Reason("row_recapitulation"), why)
    return [aside.get(id(part), part) for part in parts]


def _items_of(part: Imported, resolve: Callable[[str], str | None]) -> dict[str, float]:
    """Return the items of each type of a table."""
    if "equipment_type" not in part.table.column_names:
        return {}
    words = part.table["equipment_type"].cast(pa.string()).to_pylist()
    kinds = pa.array([resolve(word) or key_of(word) if word else "" for word in words], pa.string())
    at = part.table.column_names.index("equipment_type")
    found = _items(part.table.set_column(at, "equipment_type", kinds))
    return dict(next(iter(found.values()), {}))


def settle_choices(part: Imported) -> Imported:
    """Return a table without its rows, or in doubt, when it lists the words that another offers.

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
    if _is_named(part, _CHOICES):
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
