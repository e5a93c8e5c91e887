"""Saving: mappings written as TOML, and what was understood of some files as such a mapping.

Input: a mapping; or what each header was read as, and what the user had said.  Output: a TOML text,
which reads back as an equal mapping, with the headers that nothing knows as lines to fill in.

Reads no file; decides nothing that the reading did not.
"""

from __future__ import annotations

import glob
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import attrs

from reen.gate.packages import needed
from reen.gate.writing import write_file
from reen.inventory.issues import ColumnRead
from reen.reasons import say
from reen.tables.headers.header_words import key_of
from reen.tables.mapping.choosing import Place, without_year
from reen.tables.mapping.loading import COLUMN_KEYS
from reen.tables.mapping.mapping import KEEP, ColumnRule, FileMapping, RowRule, TableMapping

__all__ = ["mapping_to_toml", "text_of", "understood", "write_mapping"]

#: Characters of a line of a comment.
_WIDTH = 98

_DEFAULT = ColumnRule("")


def understood(
    read: Sequence[ColumnRead],
    *,
    name: str,
    said: FileMapping | None = None,
    columns: Mapping[str, str] | None = None,
    country: str | None = None,
) -> FileMapping:
    """Return a mapping by which the same files are read alike.

    Parameters
    ----------
    read
        What each header was read as.
    name
        What the mapping is called.
    said, columns, country
        What the user had said: a mapping, headers, and the country of rows that name none.
    """
    base = said or FileMapping(name=name)
    given = {header: ColumnRule(column) for header, column in (columns or {}).items()}
    rules, apart = _rules([each for each in read if each.sure and each.column])
    own = {key_of(header) for header in (*base.shared.columns, *given)}
    found = {header: rule for header, rule in rules.items() if key_of(header) not in own}
    later = {key_of(header) for header in given}
    kept = {h: rule for h, rule in base.shared.columns.items() if key_of(h) not in later}
    constants = dict(base.shared.constants)
    if country is not None:
        constants["country"] = country
    shared = attrs.evolve(base.shared, columns={**kept, **given, **found}, constants=constants)
    several = base.several_files or len({each.source for each in read}) > 1
    tables = (*apart, *base.tables)
    return attrs.evolve(base, name=name, shared=shared, tables=tables, several_files=several)


def _rules(
    read: Iterable[ColumnRead],
) -> tuple[dict[str, ColumnRule], tuple[TableMapping, ...]]:
    """Return the rules that hold in every table, and those of tables that differ, table by table.

    A header that one table reads otherwise than another holds for each of them alone.
    """
    by_key: dict[str, dict[str, ColumnRule]] = {}
    spelt: dict[str, str] = {}
    for each in read:
        rule = ColumnRule(
            each.column, unit=each.unit, preference=each.preference, precision=each.precision
        )
        by_key.setdefault(key_of(each.header), {})[each.source] = rule
        spelt.setdefault(key_of(each.header), each.header)
    rules: dict[str, ColumnRule] = {}
    apart: dict[str, dict[str, ColumnRule]] = {}
    for key, by_source in by_key.items():
        if len(set(by_source.values())) == 1:
            rules[spelt[key]] = next(iter(by_source.values()))
            continue
        for source, rule in by_source.items():
            apart.setdefault(source, {})[spelt[key]] = rule
    alone = len({Place.of(source).file for each in by_key.values() for source in each}) == 1
    sections = [_section(source, found, alone=alone) for source, found in apart.items()]
    named = Counter((each.sheets, each.files) for each in sections)
    # two years of one sheet, read otherwise, are told apart by their names as they are
    exact = [
        attrs.evolve(each, sheets=_as_written(place.sheet), files=_as_written(place.file))
        if named[each.sheets, each.files] > 1
        else each
        for each, place in zip(sections, map(Place.of, apart), strict=True)
    ]
    return rules, tuple(exact)


def _section(source: str, columns: dict[str, ColumnRule], *, alone: bool) -> TableMapping:
    """Return the rules of one table, by its name without its year: next year's has another.

    Of one workbook the sheets say which table it is, whatever the file is called.  The folder of a
    file stands in its place only where it was given: it is left out.
    """
    place = Place.of(source)
    sheets = (without_year(place.sheet),) if place.sheet else ()
    files = () if alone and sheets else (without_year(PurePosixPath(place.file).name),)
    return TableMapping(files=files, sheets=sheets, columns=columns)


def _as_written(name: str) -> tuple[str, ...]:
    return (glob.escape(name),) if name else ()


def text_of(mapping: FileMapping, read: Iterable[ColumnRead]) -> str:
    """Return a mapping as TOML, with the headers that are not known as lines to fill in.

    Parameters
    ----------
    mapping
        The mapping.
    read
        What each header was read as.

    Raises
    ------
    MissingExtraError
        The package that writes TOML is not installed.
    """
    tables = (mapping.shared, *mapping.tables)
    known = {key_of(header) for table in tables for header in table.columns}
    # of a header that is not wanted there is nothing to fill in
    known |= {key_of(each.value) for each in mapping.accepted if each.doubt == "header_not_known"}
    unknown = {
        each.header: ColumnRule(each.column or KEEP)
        for each in read
        if key_of(each.header) not in known
    }
    text = mapping_to_toml(mapping)
    if not unknown:
        return text
    lines = mapping_to_toml(FileMapping(name="", shared=TableMapping(columns=unknown)))
    rest = lines.partition("[columns]\n")[2].splitlines()
    said = textwrap.wrap(say("mapping_to_fill_in"), _WIDTH)
    return f"{text}\n" + "".join(f"# {line}\n" for line in (*said, *rest))


def write_mapping(mapping: FileMapping, path: str | Path) -> None:
    r"""Write a mapping as a TOML file, over what is there.

    Raises
    ------
    MissingExtraError
        The package that writes TOML is not installed.
    FileNotWrittenError
        The file cannot be written; what was there is unchanged.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "mairie.toml")
    ...     _ = file.write_text('name = "mairie"\n[columns]\n"Direction" = "entity"\n')
    ...     reen.write_mapping(reen.read_mapping(file), Path(folder, "copy.toml"))
    ...     print(reen.read_mapping(Path(folder, "copy.toml")).name)
    mairie
    """
    write_file(path, mapping_to_toml(mapping))


def mapping_to_toml(mapping: FileMapping) -> str:
    """Return a mapping as TOML, without what is as it would be if left out.

    Raises
    ------
    MissingExtraError
        The package that writes TOML is not installed.
    """
    tomli_w = needed("tomli-w", "writing a mapping", extra="tables", module="tomli_w")
    shared = _table_content(mapping.shared)
    content = {
        "name": mapping.name,
        "title": mapping.title,
        "source": mapping.source,
        "several_files": mapping.several_files,
        "keep": list(mapping.keep),
        "accept": [_filled(attrs.asdict(each)) for each in mapping.accepted],
        **shared,
        "table": [_table_content(table) for table in mapping.tables],
    }
    return str(tomli_w.dumps(_filled(content)))


def _table_content(table: TableMapping) -> dict[str, object]:
    """Return a table as TOML values."""
    return _filled(
        {
            "kind": table.kind,
            "refused": table.refused,
            "signature": [list(group) for group in table.signature],
            "at_most": table.at_most,
            "sheets": list(table.sheets),
            "files": list(table.files),
            "header": table.header,
            "keys": list(table.keys),
            "decimal": table.decimal,
            "unique": list(table.unique),
            "columns": _columns_content(table.columns),
            "words": {column: dict(words) for column, words in table.words.items()},
            "expect": {column: list(values) for column, values in table.expect.items()},
            "constants": dict(table.constants),
            "set_aside": _row_rules_content(table.set_aside),
            "list": [
                {
                    "path": each.path,
                    **_filled(
                        {
                            "kind": each.kind,
                            "columns": _columns_content(each.columns),
                            "constants": dict(each.constants),
                            "set_aside": _row_rules_content(each.set_aside),
                        }
                    ),
                }
                for each in table.lists
            ],
        }
    )


def _row_rules_content(rules: Sequence[RowRule]) -> list[dict[str, object]]:
    """Return the rules of rows as TOML values."""
    return [
        {
            "header": rule.header,
            "values": list(rule.values),
            "reason": rule.reason,
            **({"keep": True} if rule.keep else {}),
            **_filled({"record": {column: list(words) for column, words in rule.record.items()}}),
        }
        for rule in rules
    ]


def _columns_content(columns: Mapping[str, ColumnRule]) -> dict[str, object]:
    found: dict[str, object] = {}
    for header, rule in columns.items():
        more = {
            key: getattr(rule, key)
            for key in COLUMN_KEYS[1:]
            if getattr(rule, key) != getattr(_DEFAULT, key)
        }
        found[header] = {"column": rule.column, **more} if more else rule.column
    return found


def _filled(content: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in content.items() if value not in ("", 0, [], {})}
