"""Factor packs: a named, versioned, licensed and hashed set of factors and type defaults.

Input: a folder (`pack.toml`, `factors.csv`, `defaults.csv`), or rows given by a plugin.  Output:
`FactorPack`, whose content is read on first use.  This module reads pack files and nothing else;
other formats (Base Carbone's export...) are readers in plugins that end in `FactorPack`.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

import attrs
import pyarrow as pa

from reen.errors import DimensionError, FactorDataError
from reen.factors.columns import (
    DEFAULT_COLUMNS,
    FACTOR_COLUMNS,
    MATCH_COLUMNS,
    PARAMETERS,
    REQUIRED_DEFAULT,
    REQUIRED_FACTOR,
)
from reen.factors.factor_set import FactorSet
from reen.vocabulary.units import conversion_factor

__all__ = ["FactorPack", "PackContent", "TypeDefault", "read_pack_folder", "read_pack_table"]


#: Range of each parameter of a pack: what an inventory could hold.
_RANGES: Mapping[str, tuple[float, float]] = {
    "lifetime": (1e-9, 1e9),
    "annual_energy": (0.0, 1e12),
    "implied_energy": (0.0, 1e12),
    "power": (0.0, 1e9),
    "pue": (1.0, 1e3),
    "cope_rate": (0.0, 1.0),
    "byod_rate": (0.0, 1.0),
}


@attrs.frozen
class TypeDefault:
    """A published default of one parameter for one equipment type.

    Attributes
    ----------
    equipment_type, parameter
        What it is the default of.
    value, unit
        The figure, in the unit of the inventory column of that name.
    pack
        Pack that gives it.
    source, licence, note
        Where it comes from.
    """

    equipment_type: str
    parameter: str
    value: float
    unit: str
    pack: str
    source: str
    licence: str = ""
    note: str = ""


@attrs.frozen
class PackContent:
    """What a pack holds: factors, type defaults, and matching beyond the flows' own keys.

    Attributes
    ----------
    factors
        Factors.
    defaults
        Published defaults by type (or flow id, or ``*`` for everything).
    matching
        (``type`` or ``model``, key, flow id): which flow answers for what.
    """

    factors: FactorSet
    defaults: tuple[TypeDefault, ...] = ()
    matching: tuple[tuple[str, str, str], ...] = ()

    def digest(self) -> str:
        """Return a SHA-256 of the content, the same whatever the order of the rows."""
        lines = sorted(repr(attrs.astuple(default)) for default in self.defaults)
        lines += sorted(repr(match) for match in self.matching)
        text = "\n".join([self.factors.digest(), *lines])
        return hashlib.sha256(text.encode()).hexdigest()


@attrs.frozen(kw_only=True)
class FactorPack:
    """A named, versioned, licensed set of factors.

    Attributes
    ----------
    name, version, title, publisher, licence, source, url, description
        What a reader must know to cite it.
    notes
        What a reader must know before using it: breaks in a series, what was left out and why.
    load
        Called once, on first use of the content; a module-level function, or a partial of one, so
        that the pack can be pickled.
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
    ) -> FactorPack:
        """Make a pack of long-form rows (see the factor file page for the columns).

        Raises
        ------
        FactorDataError
            A row that does not fit the declared schema.
        """
        content = PackContent(
            FactorSet.from_rows(factors, pack=name),
            _read_defaults(defaults, pack=name),
            _read_matching(matching, pack=name),
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


def read_pack_folder(folder: Path | Traversable) -> FactorPack:
    """Read a pack folder: `pack.toml` now, `factors.csv` and `defaults.csv` on first use.

    Raises
    ------
    FactorDataError
        `pack.toml` is missing, is not TOML, or lacks a key.
    """
    description = folder.joinpath("pack.toml")
    if not description.is_file():
        raise FactorDataError(
            str(folder), None, "pack.toml", "", "a pack.toml file with name, version and licence"
        )
    try:
        about = tomllib.loads(description.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FactorDataError(
            str(description), None, "pack.toml", "", f"a TOML file in UTF-8 ({error})"
        ) from error
    for key in ("name", "version", "title", "publisher", "licence", "source"):
        if not isinstance(about.get(key), str):
            raise FactorDataError(str(description), None, key, "", "a text value")
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
        load=functools.partial(_read_folder_content, folder, about["name"]),
    )


def _read_folder_content(folder: Path | Traversable, name: str) -> PackContent:
    factors: list[dict[str, str]] = []
    defaults: list[dict[str, str]] = []
    matching: list[dict[str, str]] = []
    if (file := folder.joinpath("factors.csv")).is_file():
        factors = _read_csv(file, pack=name, columns=FACTOR_COLUMNS, required=REQUIRED_FACTOR)
    if (file := folder.joinpath("defaults.csv")).is_file():
        defaults = _read_csv(file, pack=name, columns=DEFAULT_COLUMNS, required=REQUIRED_DEFAULT)
    if (file := folder.joinpath("matching.csv")).is_file():
        matching = _read_csv(file, pack=name, columns=MATCH_COLUMNS, required=MATCH_COLUMNS)
    return PackContent(
        FactorSet.from_rows(factors, pack=name),
        _read_defaults(defaults, pack=name),
        _read_matching(matching, pack=name),
    )


def _read_csv(
    file: Path | Traversable, *, pack: str, columns: Mapping[str, str], required: Iterable[str]
) -> list[dict[str, str]]:
    """Read a comma-separated UTF-8 file and check its header."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FactorDataError(pack, None, file.name, "", f"UTF-8 text ({error})") from error
    reader = csv.DictReader(io.StringIO(text))
    header = reader.fieldnames or []
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise FactorDataError(f"{pack}/{file.name}", 1, twice, "", "each column once")
    _check_header(f"{pack}/{file.name}", reader.fieldnames or [], columns, required)
    rows = list(reader)
    for line, row in enumerate(rows, start=2):
        # DictReader files what is beyond the header under None
        surplus = [cell for name, cells in row.items() if name is None for cell in cells]
        if surplus:
            expected = f"{len(reader.fieldnames or [])} cells; quote those that hold a comma"
            raise FactorDataError(f"{pack}/{file.name}", line, "", ", ".join(surplus), expected)
    return rows


def _check_header(
    place: str, header: Iterable[str], columns: Mapping[str, str], required: Iterable[str]
) -> None:
    """Refuse a header that lacks a required column, or has one that nothing says."""
    for name in required:
        if name not in header:
            raise FactorDataError(place, 1, name, "", f"a column {name!r}")
    for name in header:
        if name not in columns:
            raise FactorDataError(place, 1, name, "", f"only the columns {', '.join(columns)}")


def read_pack_table(path: Path) -> FactorPack:
    """Read one long-form CSV or Parquet file of factors as a pack named after the file.

    Raises
    ------
    FactorDataError
        A row that does not fit the declared schema.
    """
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        try:
            table = pq.read_table(path)
        except (pa.ArrowException, ValueError) as error:
            expected = f"a Parquet file ({error})"
            raise FactorDataError(path.name, None, "", "", expected) from error
        _check_header(path.stem, table.column_names, FACTOR_COLUMNS, REQUIRED_FACTOR)
        rows = [
            {name: "" if cell is None else str(cell) for name, cell in row.items()}
            for row in table.to_pylist()
        ]
    else:
        rows = _read_csv(path, pack=path.stem, columns=FACTOR_COLUMNS, required=REQUIRED_FACTOR)
    content = PackContent(FactorSet.from_rows(rows, pack=path.stem))
    licences = sorted({row.get("licence") or "" for row in rows} - {""})
    return FactorPack(
        name=path.stem,
        version=content.digest()[:12],
        title=path.name,
        publisher="",
        licence="; ".join(licences) or "not stated in the file",
        source=path.name,
        load=functools.partial(_same_content, content),
    )


def _read_defaults(rows: Iterable[Mapping[str, str]], *, pack: str) -> tuple[TypeDefault, ...]:
    defaults: dict[tuple[str, str], TypeDefault] = {}
    for line, row in enumerate(rows, start=2):
        for name in REQUIRED_DEFAULT:
            if not (row.get(name) or "").strip():
                raise FactorDataError(pack, line, name, "", DEFAULT_COLUMNS[name])
        parameter = row["parameter"]
        if parameter not in PARAMETERS:
            raise FactorDataError(
                pack, line, "parameter", parameter, f"one of {', '.join(PARAMETERS)}"
            )
        unit = PARAMETERS[parameter]
        try:
            value = float(row["value"]) * conversion_factor(row["unit"], unit)
        except DimensionError as error:
            raise FactorDataError(
                pack, line, "unit", row["unit"], f"a unit such as {unit}"
            ) from error
        except ValueError as error:
            raise FactorDataError(
                pack, line, "value", row["value"], "a number with a decimal point"
            ) from error
        low, high = _RANGES[parameter]
        if not low <= value <= high:
            expected = f"a number from {low:g} {unit} on" if high > 1.0 else "a share from 0 to 1"
            raise FactorDataError(pack, line, "value", row["value"], expected)
        key = (row["equipment_type"], parameter)
        if key in defaults:
            raise FactorDataError(
                pack, line, "parameter", parameter, f"one {parameter} for {key[0]}, not two"
            )
        source = ", ".join(
            part for part in (row["source"], row.get("source_year"), row.get("source_url")) if part
        )
        defaults[key] = TypeDefault(
            row["equipment_type"],
            parameter,
            value,
            unit,
            pack,
            source,
            row.get("licence") or "",
            row.get("note") or "",
        )
    return tuple(defaults.values())


def _read_matching(
    rows: Iterable[Mapping[str, str]], *, pack: str
) -> tuple[tuple[str, str, str], ...]:
    found: dict[tuple[str, str], str] = {}
    for line, row in enumerate(rows, start=2):
        for name, expected in MATCH_COLUMNS.items():
            if not (row.get(name) or "").strip():
                raise FactorDataError(pack, line, name, "", expected)
        if row["match"] not in ("type", "model"):
            raise FactorDataError(pack, line, "match", row["match"], MATCH_COLUMNS["match"])
        key = (row["match"], row["key"])
        if found.setdefault(key, row["flow"]) != row["flow"]:
            raise FactorDataError(
                pack, line, "flow", row["flow"], f"one flow for the {key[0]} {key[1]!r}, not two"
            )
    return tuple((match, key, flow) for (match, key), flow in found.items())
