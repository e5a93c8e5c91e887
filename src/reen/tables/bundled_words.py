"""Bundled words: the tables of words that the reader knows, one row at a time.

Input: the name of a table in the data folder of a package.  Output: its rows as they are written,
or with every word in the form by which words are compared.  The forms of three thousand words take
longer to make than a short list takes to read: they stand in ``compact.json``, beside the tables,
which stay what counts.  After a change of one of them:

    python -m reen.tables.bundled_words
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reen.vocabulary.lookup import bundled_text, read_table, word_form

__all__ = ["COMPACT", "compact_data", "compact_words", "rows_of", "rows_of_forms"]

#: Name of what is made of the tables of a folder, in that folder.
COMPACT = "compact.json"

#: Tables of which forms are made, with the columns of their words.
_WORDS = {
    "headers.csv": ("french", "english"),
    "record_headers.csv": ("french", "english"),
    "words.csv": ("words",),
    "quantity_words.csv": ("words",),
    "kind_signs.csv": ("headers",),
    "table_names.csv": ("french", "english"),
    "no_inventory.csv": ("headers",),
}


def rows_of(name: str, package: str = "reen.tables") -> list[dict[str, str]]:
    """Return the rows of a table as they are written, by the names of its columns."""
    return list(read_table(name, package))


def rows_of_forms(name: str) -> list[dict[str, str]]:
    """Return the rows of a table with the forms of its words; the words stay apart by ``;``."""
    header, *rows = compact_data("reen.tables")[name]
    return [dict(zip(header, row, strict=True)) for row in rows]


@functools.cache
def compact_data(package: str) -> Mapping[str, Any]:
    """Return what was made of the tables of a package, as it stands in ``compact.json``."""
    found: Mapping[str, Any] = json.loads(bundled_text(package, COMPACT))
    return found


def compact_words() -> str:
    """Return the compact form of the tables of this package, as JSON."""
    tables = []
    for name, columns in _WORDS.items():
        rows = rows_of(name)
        made = (row | {column: _forms_of(row[column]) for column in columns} for row in rows)
        every = ([*rows[0]], *([*row.values()] for row in made))
        lines = (json.dumps(row, ensure_ascii=False) for row in every)
        tables.append(f"{json.dumps(name)}: [\n" + ",\n".join(lines) + "\n]")
    return "{\n" + ",\n".join(tables) + "\n}\n"


def _forms_of(cell: str) -> str:
    """Return the forms of the words of a cell, once each; ``|`` parts groups of them."""
    groups = (map(word_form, filter(None, group.split(";"))) for group in cell.split("|"))
    return "|".join(";".join(dict.fromkeys(group)) for group in groups)


if __name__ == "__main__":
    from reen.gate.writing import write_file

    write_file(Path(__file__).parent / "data" / COMPACT, compact_words())
