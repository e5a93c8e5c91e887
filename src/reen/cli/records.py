"""Files of records on the command line: which is which, and which `--column` is meant for which.

Input: what was typed.  Output: records by kind, and the `--column` options that are left for the
inventory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

import reen
from reen.cli.arguments import pairs
from reen.cli.reading_options import Reading, tell_issues
from reen.inventory.record_kinds import RECORD_KINDS
from reen.plugin.files import EQUIPMENT, TableSchema
from reen.reasons import Reason, Words

if TYPE_CHECKING:
    from reen.inventory.records import Records
    from reen.plugin import Registry

__all__ = ["read_records", "share_columns"]

_TABLES: Mapping[str, TableSchema] = {
    "inventory": EQUIPMENT,
    **{kind: made.schema for kind, made in RECORD_KINDS.items()},
}


def share_columns(texts: Iterable[str], given: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the ``HEADER=COLUMN`` texts that are meant for each file.

    ``purchases:HEADER=COLUMN`` names the file.  Without a name, it is the inventory where there is
    one and it has such a column, else the one file that has.

    Raises
    ------
    click.BadParameter
        No file that was given has such a column, several have, or the one named was not given.
    """
    files = list(given)
    shared: dict[str, list[str]] = {name: [] for name in files}
    for text in texts:
        name, mark, rest = text.partition(":")
        if mark and name.strip() in _TABLES:
            file = name.strip()
            if file not in files:
                raise _wrong(text, Reason("error_names_no_file_given", file=file))
            shared[file].append(rest.strip())
            continue
        column = text.rpartition("=")[2].strip()
        having = [file for file in files if column in _TABLES[file]]
        if len(having) > 1 and having[0] != "inventory":
            forms = " or ".join(f"'{file}:{text}'" for file in having)
            raise _wrong(
                text, Reason("error_may_meant_type", having=" and ".join(having), forms=forms)
            )
        if not having and "inventory" not in files and len(files) > 1:
            known = "; ".join(f"{file}: {', '.join(_TABLES[file])}" for file in files)
            raise _wrong(text, Reason("error_names_no_column_files_given", known=known))
        shared[(having or files)[0]].append(text)
    return {file: tuple(found) for file, found in shared.items()}


def _wrong(text: str, why: Words) -> click.BadParameter:
    return click.BadParameter(f"{text!r} {why}", param_hint="'--column'")


def read_records(
    files: Mapping[str, Path],
    columns: Mapping[str, tuple[str, ...]],
    reading: Reading,
    registry: Registry,
) -> dict[str, Records]:
    """Read files of records, and say what was odd in them.

    Parameters
    ----------
    files
        The file of each kind.
    columns
        The ``HEADER=COLUMN`` texts of each kind.
    reading
        Encoding and delimiter, and whether a refused row is an error.
    registry
        Plugins.
    """
    found: dict[str, Records] = {}
    for kind, path in files.items():
        found[kind] = reen.read_records(  # type: ignore[call-overload]
            path,
            kind=kind,
            columns=pairs(columns.get(kind, ()), option="--column", form="header=column"),
            encoding=reading.encoding,
            delimiter=reading.mark,
            keep=reading.keep,
            strict=reading.strict,
            registry=registry,
        )
        tell_issues(found[kind].issues, path.name)
    return found
