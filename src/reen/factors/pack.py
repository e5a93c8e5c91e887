"""Factor packs: a named, versioned, licensed and hashed set of factors and type defaults.

Input: a folder (`pack.toml`, `factors.csv`, `defaults.csv`, and one such folder for each earlier
version), or rows given by a plugin.  Output: `FactorPack`, whose content is read on first use.
This module reads pack files and nothing else; other formats (Base Carbone's export...) are readers
in plugins that end in `FactorPack`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import attrs

from reen.errors import FactorDataError, UnknownNameError
from reen.factors.compact import COMPACT, compact_form, content_of, description_of
from reen.factors.content import PackContent, TypeDefault
from reen.factors.factor_set import FactorSet
from reen.inventory.issues import Issue
from reen.lazy_names import lazy_module
from reen.reasons import Reason, spoken
from reen.vocabulary.criteria import Criterion, own_criteria
from reen.vocabulary.equipment_types import EquipmentTypes

if TYPE_CHECKING:
    from importlib.resources import abc as resources

    from reen.factors import columns, pack_tables, text_rows
else:  # costly, and needed for packs without a compact form alone
    resources = lazy_module("importlib.resources.abc")
    columns = lazy_module("reen.factors.columns")
    pack_tables = lazy_module("reen.factors.pack_tables")
    text_rows = lazy_module("reen.factors.text_rows")

__all__ = ["FactorPack", "compact_folder", "read_pack_folder", "read_pack_table"]


def _no_earlier() -> tuple[FactorPack, ...]:
    return ()


@attrs.frozen(kw_only=True)
class FactorPack:
    """A named, versioned, licensed set of factors.

    Attributes
    ----------
    name, version, title, publisher, licence, source, url, description
        What a reader must know to cite it.
    notes
        What a reader must know before using it: breaks in a series, what was left out and why.
    title_fr, description_fr, notes_fr
        The same in French, where the pack has it (see `words`).
    load
        Called once, on first use of the content; a module-level function, or a partial of one, so
        that the pack can be pickled.
    find_earlier
        Called for the earlier versions that are kept; as `load`.
    proxies
        Whether its figures are borrowed from other things by an argument: no method counts them
        among published ones.

    Examples
    --------
    >>> import reen
    >>> pack = reen.default_registry().factor_pack("base-carbone")
    >>> [earlier.version for earlier in pack.earlier]
    ['2026.1']
    >>> pack.at("2026.1").version
    '2026.1'
    """

    name: str
    version: str
    title: str
    publisher: str
    licence: str
    source: str
    load: Callable[[], PackContent] = attrs.field(repr=False, eq=False)
    url: str = ""
    description: str = ""
    notes: str = ""
    title_fr: str = ""
    description_fr: str = ""
    notes_fr: str = ""
    proxies: bool = False
    find_earlier: Callable[[], tuple[FactorPack, ...]] = attrs.field(
        default=_no_earlier, repr=False, eq=False
    )

    def words(self, of: Literal["title", "description", "notes"]) -> str:
        """Return a text in the language in force; in English where the pack has no other."""
        given: str = getattr(self, of)
        french: str = getattr(self, f"{of}_fr")
        return french if french and spoken() == "fr" else given

    @functools.cached_property
    def earlier(self) -> tuple[FactorPack, ...]:
        """Return the earlier versions that are kept, by which an earlier result is made again."""
        return self.find_earlier()

    def at(self, version: str) -> FactorPack:
        """Return this pack at a version: itself, or an earlier one that is kept.

        Raises
        ------
        UnknownNameError
            No such version is kept.
        """
        known = {pack.version: pack for pack in (self, *self.earlier)}
        if version not in known:
            import difflib

            near = difflib.get_close_matches(version, list(known), 2)
            names = [f"{self.name}@{kept}" for kept in known]
            raise UnknownNameError(
                "factor pack", f"{self.name}@{version}", [f"{self.name}@{v}" for v in near], names
            )
        return known[version]

    @functools.cached_property
    def content(self) -> PackContent:
        """Return the content, read on first use.

        Raises
        ------
        FactorDataError
            A row that does not fit the declared schema.
        """
        content: object = self.load()
        if not isinstance(content, PackContent):
            expected = f"a PackContent from its load function, not {type(content).__name__}"
            raise FactorDataError(self.name, None, "", "", expected)
        return content

    @property
    def factors(self) -> FactorSet:
        """Return the factors."""
        return self.content.factors

    @property
    def defaults(self) -> tuple[TypeDefault, ...]:
        """Return the type defaults."""
        return self.content.defaults

    @property
    def matching(self) -> tuple[tuple[str, str, str], ...]:
        """Return the matching table: (``type`` or ``model``, key, flow id)."""
        return self.content.matching

    @functools.cached_property
    def doubts(self) -> tuple[Issue, ...]:
        """Return the factors that cannot be what their unit says, one issue for each kind."""
        from reen.factors.plausibility import doubts_of

        matched = frozenset(key for match, key, _ in self.matching if match == "type")
        return doubts_of(self.factors, self.name, matched=matched)

    @functools.cached_property
    def digest(self) -> str:
        """Return a SHA-256 of the content."""
        return self.content.digest()

    @classmethod
    def from_rows(  # noqa: PLR0913 - a citation has that many parts, each by its name
        cls,
        *,
        name: str,
        version: str,
        title: str,
        publisher: str,
        licence: str,
        source: str,
        factors: Iterable[Mapping[str, str]] = (),
        defaults: Iterable[Mapping[str, str]] = (),
        matching: Iterable[Mapping[str, str]] = (),
        url: str = "",
        description: str = "",
        notes: str = "",
        type_names: Iterable[str] = (),
        equipment_types: EquipmentTypes | None = None,
        criteria: Iterable[Criterion] = (),
    ) -> FactorPack:
        """Make a pack of long-form rows (see the factor file page for the columns).

        Parameters
        ----------
        name, version, title, publisher, licence, source, url, description, notes
            As the attributes.
        factors, defaults, matching
            Rows of text; the first of each counts as line 2 of its file.
        type_names
            Names of types that are no keys, which the inventories that the pack is for write too:
            its defaults may be of them.
        equipment_types
            Taxonomy that the rows refer to, the bundled one by default; a plugin that adds types
            gives ``bundled_equipment_types().extended(types)``.
        criteria
            Criteria that the rows may name besides those that reen ships; the content holds the
            definitions of those that it uses.

        Raises
        ------
        FactorDataError
            A row that does not fit the declared schema.
        VocabularyError
            One of `criteria` claims a key, alias or unit that another has.
        """
        content = pack_tables.content_of_tables(
            name,
            equipment_types,
            own_criteria(criteria),
            factors=text_rows.given_rows(factors, place=name, columns=columns.FACTOR_COLUMNS),
            defaults=text_rows.given_rows(defaults, place=name, columns=columns.DEFAULT_COLUMNS),
            matching=text_rows.given_rows(matching, place=name, columns=columns.MATCH_COLUMNS),
            type_names=frozenset(type_names),
        )
        return cls(
            name=name,
            version=version,
            title=title,
            publisher=publisher,
            licence=licence,
            source=source,
            load=functools.partial(_same_content, content),
            url=url,
            description=description,
            notes=notes,
        )


def _same_content(content: PackContent) -> PackContent:
    return content


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
    """Return what the `pack.toml` of a folder says."""
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
    """Return what the tables of a pack folder hold, by file name, those that are there."""
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
    def rows(file: str, known: Mapping[str, str], required: Sequence[str]) -> text_rows.TextRows:
        place = f"{name}/{file}"
        if file not in tables:
            return text_rows.TextRows(place, ())
        return text_rows.read_rows(tables[file], place=place, columns=known, required=required)

    return pack_tables.content_of_tables(
        name,
        equipment_types,
        criteria,
        factors=rows("factors.csv", columns.FACTOR_COLUMNS, columns.REQUIRED_FACTOR),
        defaults=rows("defaults.csv", columns.DEFAULT_COLUMNS, columns.REQUIRED_DEFAULT),
        matching=rows("matching.csv", columns.MATCH_COLUMNS, tuple(columns.MATCH_COLUMNS)),
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
    content = _read_tables(tables, name, None, ())
    return compact_form(content, name, tables, toml, about)


def _table_of(folder: Path | resources.Traversable, name: str, place: str) -> bytes | None:
    """Return what a table of a pack folder holds, compressed or not; None where there is none."""
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
    rows = text_rows.read_rows(
        path, place=path.name, columns=columns.FACTOR_COLUMNS, required=columns.REQUIRED_FACTOR
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
        load=functools.partial(_same_content, content),
    )
