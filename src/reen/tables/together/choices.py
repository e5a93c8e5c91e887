"""Choices: tables beside a fleet that list words to choose from, or what is wanted: no equipment.

Input: a table of equipment.  Output: the same table without its rows, which are set aside, where it
lists words to choose from, or is called a plan ("Besoins", "À commander"); or in doubt.
"""

from __future__ import annotations

import attrs
import pyarrow as pa

from reen.inventory.issues import Issue, Severity
from reen.reasons import Reason
from reen.tables.headers.header_words import key_of
from reen.tables.importing import Imported
from reen.tables.layouts.words import TITLE
from reen.tables.together.yearly_tables import put_aside

__all__ = ["is_called", "settle_choices", "settle_plans"]

#: Columns of which none stands in a list of words to choose from.
_DESCRIBING = frozenset(
    {
        *("asset_tag", "id", "manufacturer", "model", "model_number", "name", "quantity"),
        *("commissioning_date", "lifetime", "price", "purchase_date", "serial_number"),
    }
)

#: Columns that say where a row stands and what its type is.
_ADDED = frozenset(
    {"equipment_type", "equipment_type_raw", "equipment_type_candidates", "source", "source_row"}
)

#: Words from which a column that has none twice is a list of choices.
_WORDS = 3

#: Names of tables of words to choose from.
_NAMES = frozenset(
    {
        *("liste", "list", "parametre", "choix", "valeur", "referentiel"),
        *("nomenclature", "lookup", "menu"),
    }
)


#: Names of tables of what is wanted, and not there.
_PLANS = frozenset(
    map(
        key_of,
        (
            *("besoin", "prévision", "prévisionnel", "souhait", "devis", "budget", "commander"),
            *("acheter", "acquérir", "forecast", "wishlist", "quote"),
        ),
    )
)


def settle_plans(part: Imported) -> Imported:
    """Return a table without its rows, in doubt, when it is called a list of what is wanted."""
    if not part.table.num_rows or not is_called(part, _PLANS):
        return part
    what = Reason("what_plans")
    line, why = Reason("row_no_inventory", what=what), Reason("no_inventory", what=what)
    return put_aside(part, line, why, Severity.DOUBT)


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
    if hidden or is_called(part, _NAMES) or _are_lists(table):
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


def is_called(part: Imported, names: frozenset[str]) -> bool:
    """Tell whether the sheet, the file that has none, or the title has one of some names."""
    if names & set(key_of(part.report.details.get(TITLE, "")).split()):
        return True
    file, _, sheet = part.report.source.rpartition("[")
    name = sheet.rstrip("]") if file else part.report.source.rpartition(".")[0]
    return bool(names & set(key_of(name).split()))
