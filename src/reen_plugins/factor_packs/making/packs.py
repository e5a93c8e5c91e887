"""The files of a pack folder, as text: rows of factors and a description filled in.

Input: long-form rows, the template of a description.  Output: the text of each file by its path
under `data`, the same to the byte for the same input.  Reads no publisher's format.
"""

from __future__ import annotations

import csv
import io
import string
from collections.abc import Iterable, Mapping
from pathlib import Path

__all__ = ["COLUMNS", "ROWS", "description", "factors", "write"]

HERE = Path(__file__).resolve().parent
#: Where the publishers' rows are kept.
ROWS = HERE / "rows"
DATA = HERE.parent / "data"

#: Columns of the factor files that are made.
COLUMNS = (
    "flow", "name", "reference_unit", "geography", "year", "stage", "criterion", "value", "unit",
    "lower", "upper", "uncertainty_percent", "equipment_type", "manufacturer", "model",
    "boundary", "status", "validity", "source", "source_year", "source_url", "licence", "note",
)  # fmt: skip


def factors(rows: Iterable[Mapping[str, str]]) -> str:
    """Return the text of ``factors.csv``."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def description(pack: str, **facts: str) -> str:
    """Return the text of ``pack.toml``: the template of the pack with the facts in their places.

    Raises
    ------
    KeyError
        The template has a place that no fact fills.
    """
    template = (HERE / "about" / f"{pack}.toml").read_text(encoding="utf-8")
    return string.Template(template).substitute(facts)


def write(files: Mapping[str, str]) -> None:
    """Write the files under ``data``."""
    for name, text in files.items():
        (DATA / name).write_text(text, encoding="utf-8", newline="\n")
