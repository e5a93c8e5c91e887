"""Pack folders and tables of factors: what is read from them becomes a factor pack.

Input: a folder (`pack.toml`, `factors.csv`, `defaults.csv`, and one such folder for each earlier
version), or one long-form table.  Output: `FactorPack`; a folder's tables are read on first use,
its compact form where there is one.  Every start opens packs here: the reader of tables is imported
for a table, and no registry is.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reen.errors import FactorDataError
from reen.factors.compact import COMPACT, compact_form, content_of, description_of
from reen.factors.content import PackContent
from reen.factors.factor_set import FactorSet
from reen.factors.pack import FactorPack, same_content
from reen.lazy_names import lazy_module
from reen.reasons import Reason
from reen.vocabulary.criteria import Criterion, own_criteria
from reen.vocabulary.equipment_types import EquipmentTypes

if TYPE_CHECKING:
    from importlib.resources import abc as resources

    from reen.factors import columns, pack_tables, text_rows
    from reen.tables.reference.reading import Fault
else:  # costly, and needed for packs without a compact form alone
    resources = lazy_module("importlib.resources.abc")
    columns = lazy_module("reen.factors.columns")
    pack_tables = lazy_module("reen.factors.pack_tables")
    text_rows = lazy_module("reen.factors.text_rows")

__all__ = ["compact_folder", "read_pack_folder", "read_pack_table"]


def read_pack_folder(
    folder: Path | resources.Traversable,
    *,
    equipment_types: EquipmentTypes | None = None,
    criteria: Iterable[Criterion] = (),
) -> FactorPack:
    """Read a pack folder: `pack.toml` now, `factors.csv` and `defaults.csv` on first use.

    A table may be compressed (`factors.csv.gz`).  A folder within the folder that has a `pack.toml`
    of the same name holds an earlier version of the pack.

    Parameters
    ----------
    folder
        The folder.
    equipment_types
        Taxonomy that its tables refer to, the bundled one by default.
    criteria
        Criteria that its tables may name besides those that reen ships.

    Raises
    ------
    FactorDataError
        `pack.toml` is missing, is not TOML, or lacks a key.
    """
    own = own_criteria(criteria)
    description = folder.joinpath("pack.toml")
    if not description.is_file():
        raise FactorDataError(
            str(folder), None, "pack.toml", "", Reason("error_pack_toml_file_name_version_licence")
        )
    about = _about(folder, str(description), description.read_bytes())
    for key in ("name", "version", "title", "publisher", "licence", "source"):
        if not isinstance(about.get(key), str):
            raise FactorDataError(str(description), None, key, "", Reason("error_text_value"))
    return FactorPack(
        name=about["name"],
        version=about["version"],
        title=about["title"],
        publisher=about["publisher"],
        licence=about["licence"],
        source=about["source"],
        url=about.get("url", ""),
        description=about.get("description", ""),
        notes=about.get("notes", ""),
        title_fr=about.get("title_fr", ""),
        description_fr=about.get("description_fr", ""),
        notes_fr=about.get("notes_fr", ""),
        proxies=about.get("proxies", False) is True,
        load=functools.partial(_read_folder_content, folder, about["name"], equipment_types, own),
        find_earlier=functools.partial(_earlier, folder, about["name"], equipment_types, own),
    )


def _about(folder: Path | resources.Traversable, place: str, toml: bytes) -> Mapping[str, Any]:
    """Return the content of the `pack.toml` of a folder."""
    compact = folder.joinpath(COMPACT)
    if compact.is_file():
        with compact.open("rb") as file:
            found = description_of(file.readline(), toml)
        if found is not None:
            return found
    return _read_description(toml, place)


def _read_description(toml: bytes, place: str) -> Mapping[str, Any]:
    import tomllib  # costly, and needed for packs without a compact form alone

    try:
        return tomllib.loads(toml.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n"))
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, too deep, too many digits
        expected = Reason("error_toml_file_utf_8", error=str(error))
        raise FactorDataError(place, None, "pack.toml", "", expected) from error


def _earlier(
    folder: Path | resources.Traversable,
    name: str,
    equipment_types: EquipmentTypes | None,
    criteria: tuple[Criterion, ...],
) -> tuple[FactorPack, ...]:
    """Return the earlier versions in a pack folder, the latest first.

    Raises
    ------
    FactorDataError
        A folder within it holds another pack.
    """
    found = [
        read_pack_folder(inner, equipment_types=equipment_types, criteria=criteria)
        for inner in sorted(folder.iterdir(), key=lambda each: each.name, reverse=True)
        if inner.joinpath("pack.toml").is_file()
    ]
    for pack in found:
        if pack.name != name:
            expected = Reason("error_earlier_versions_pack_only", name=name)
            raise FactorDataError(str(folder), None, "name", pack.name, expected)
    return tuple(found)


def _read_folder_content(
    folder: Path | resources.Traversable,
    name: str,
    equipment_types: EquipmentTypes | None,
    criteria: tuple[Criterion, ...],
) -> PackContent:
    tables = _tables_of(folder, name)
    compact = folder.joinpath(COMPACT)
    # it was checked against reen's own vocabulary, which a taxonomy of the caller's need not hold
    if equipment_types is None and not criteria and compact.is_file():
        found = content_of(compact.read_bytes(), name, tables)
        if found is not None:
            return found
    return _read_tables(tables, name, equipment_types, criteria)


def _tables_of(folder: Path | resources.Traversable, name: str) -> dict[str, bytes]:
    """Return the bytes of the tables of a pack folder, by file name, those that are there."""
    found = {
        file: _table_of(folder, file, f"{name}/{file}")
        for file in ("factors.csv", "defaults.csv", "matching.csv")
    }
    return {file: data for file, data in found.items() if data is not None}


def _read_tables(
    tables: Mapping[str, bytes],
    name: str,
    equipment_types: EquipmentTypes | None,
    criteria: tuple[Criterion, ...],
) -> PackContent:
    def rows(file: str, names: Mapping[str, str], required: Sequence[str]) -> text_rows.TextRows:
        place = f"{name}/{file}"
        if file not in tables:
            return text_rows.TextRows(place, ())
        return _read_rows(tables[file], place=place, names=names, required=required)

    of_match = columns.MATCH_COLUMNS
    return pack_tables.content_of_tables(
        name,
        equipment_types,
        criteria,
        factors=rows("factors.csv", columns.FACTOR_COLUMNS, columns.REQUIRED_FACTOR),
        defaults=rows("defaults.csv", columns.DEFAULT_COLUMNS, columns.REQUIRED_DEFAULT),
        matching=rows("matching.csv", of_match, tuple(of_match)),
    )


def compact_folder(folder: Path | resources.Traversable, name: str) -> bytes:
    """Return the compact form of a pack folder, to be written into it as ``compact.json``.

    A pack opens several times as fast by it; where its tables are others than those it was made
    from, they are read.

    Parameters
    ----------
    folder
        The folder; its tables name types and criteria that reen ships.
    name
        Name of the pack.

    Raises
    ------
    FactorDataError
        A row that does not fit the declared schema.
    """
    tables = _tables_of(folder, name)
    description = folder.joinpath("pack.toml")
    toml = description.read_bytes()
    about = _read_description(toml, str(description))
    return compact_form(_read_tables(tables, name, None, ()), name, tables, toml, about)


def _table_of(folder: Path | resources.Traversable, name: str, place: str) -> bytes | None:
    """Return the bytes of a table of a pack folder, compressed or not; None where there is none."""
    plain, packed = folder.joinpath(name), folder.joinpath(f"{name}.gz")
    if plain.is_file():
        return plain.read_bytes()
    if not packed.is_file():
        return None
    import gzip  # the tables of earlier versions alone are compressed
    import zlib

    try:
        return gzip.decompress(packed.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        expected = Reason("error_file_gzip_can_read", error=str(error))
        raise FactorDataError(f"{place}.gz", None, "", "", expected) from error


def read_pack_table(
    path: Path,
    *,
    equipment_types: EquipmentTypes | None = None,
    criteria: Iterable[Criterion] = (),
) -> FactorPack:
    """Read one long-form file of factors (text, workbook, Parquet) as a pack named after it.

    Parameters
    ----------
    path
        The file.
    equipment_types
        Taxonomy that it refers to, the bundled one by default.
    criteria
        Criteria that it may name besides those that reen ships.

    Raises
    ------
    FactorDataError
        A row that does not fit the declared schema.
    """
    rows = _read_rows(
        path,
        place=path.name,
        names=columns.FACTOR_COLUMNS,
        required=columns.REQUIRED_FACTOR,
    )
    factors = FactorSet.from_text(
        rows, pack=path.stem, equipment_types=equipment_types, criteria=criteria
    )
    content = PackContent(factors)
    licences = sorted({row.get("licence") or "" for _, row in rows} - {""})
    return FactorPack(
        name=path.stem,
        version=content.digest()[:12],
        title=path.name,
        publisher="",
        licence="; ".join(licences) or "not stated in the file",
        source=path.name,
        load=functools.partial(same_content, content),
    )


def _read_rows(
    data: bytes | Path, *, place: str, names: Mapping[str, str], required: Sequence[str]
) -> text_rows.TextRows:
    """Read a table and check its header; rows of a Parquet file are counted from 1.

    Raises
    ------
    FactorDataError
        The file holds no table, its header lacks a column or has one that nothing says, a row has
        more cells than the header, quotes do not close, a cell holds a control character.
    """
    from reen.tables.reference.header import Layout
    from reen.tables.reference.reading import read_reference

    layout = Layout(columns=tuple(names), required=required)
    table = read_reference(place, data, layout=layout, refuse=_error)
    rows = text_rows.TextRows(table.place, tuple(table.records(names)))
    return text_rows.checked_rows(rows)


def _error(fault: Fault) -> FactorDataError:
    expected = fault.expected
    if fault.kind == "file":
        expected = Reason("error_table_of_factors", expected=expected)
    return FactorDataError(fault.place, fault.line, fault.column, fault.value, expected)
