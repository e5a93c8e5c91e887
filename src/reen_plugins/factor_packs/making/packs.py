"""The files of a pack folder, as text: rows of factors and a description filled in.

Input: long-form rows, the template of a description.  Output: the text of each file by its path
under `data`, the same to the byte for the same input.  Where the version is a new one, the old one
is kept in a folder of its name, so that its results can be made again.  Reads no format of a
publisher's.
"""

from __future__ import annotations

import csv
import gzip
import io
import string
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from reen.plugin.files import write_file
from reen.plugin.packs import compact_folder

__all__ = [
    "COLUMNS",
    "DEFAULT_COLUMNS",
    "ROWS",
    "description",
    "factors",
    "keep",
    "table_text",
    "write",
]

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

#: Columns of the files of defaults.
DEFAULT_COLUMNS = (
    "equipment_type", "parameter", "value", "lower", "upper", "unit",
    "source", "source_year", "source_url", "licence", "note",
)  # fmt: skip


def factors(rows: Iterable[Mapping[str, str]]) -> str:
    """Return the text of ``factors.csv``."""
    return table_text(COLUMNS, rows)


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return the text of a table of some columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
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
    """Write the files under ``data`` and the compact form of each pack, and say which.

    What was there is kept where the version is a new one.
    """
    for name, text in files.items():
        folder, _, file = name.partition("/")
        if file == "pack.toml":
            keep(DATA / folder, next_version=tomllib.loads(text)["version"])
    for name, text in files.items():
        write_file(DATA / name, text)
    for pack in sorted({name.partition("/")[0] for name in files}):
        write_file(DATA / pack / "compact.json", compact_folder(DATA / pack, pack))
    sys.stdout.write("".join(f"wrote {name}\n" for name in files))


def keep(folder: Path, *, next_version: str) -> None:
    """Keep the version of a pack that is in a folder, unless it is the next one itself.

    Parameters
    ----------
    folder
        Folder of the pack; the version is kept in a folder within it, its tables compressed.
    next_version
        Version that is about to be written.
    """
    about = folder / "pack.toml"
    if not about.is_file():
        return
    version = tomllib.loads(about.read_text("utf-8"))["version"]
    if version == next_version:
        return
    kept = folder / version
    kept.mkdir(exist_ok=True)
    write_file(kept / about.name, about.read_bytes())
    for table in folder.glob("*.csv"):
        packed = gzip.compress(table.read_bytes(), mtime=0)
        write_file(kept / f"{table.name}.gz", packed)
