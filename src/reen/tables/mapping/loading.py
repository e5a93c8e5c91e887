"""Loading: a TOML file becomes a mapping, every fault of it named (`saving` writes one).

Input: the text of a file.  Output: a `FileMapping`.  `checking` knows what a value may be; this
module, which keys and values a table may have.

Must not apply a mapping to anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import attrs

from reen.errors import FileFormatError
from reen.gate.toml_text import text_of_toml, toml_content
from reen.reasons import Reason
from reen.tables.headers.header_words import key_of
from reen.tables.mapping.checking import Faults, check_table
from reen.tables.mapping.mapping import (
    AcceptedDoubt,
    ColumnRule,
    FileMapping,
    ListRule,
    RowRule,
    TableMapping,
)
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types

__all__ = [
    "COLUMN_KEYS",
    "checked_mapping",
    "mapping_from_toml",
    "mapping_of",
    "read_mapping",
]

T = TypeVar("T")

#: Keys that hold for every table, and those of the file beside them.
_SHARED_KEYS = ("columns", "words", "constants", "set_aside")
_FILE_KEYS = ("name", "title", "source", "several_files", "keep", "accept", *_SHARED_KEYS)
_TABLE_KEYS = (
    *("kind", "refused", "signature", "at_most", "sheets", "files", "header", "keys"),
    *("decimal", "unique"),
    *("columns", "words", "expect", "constants", "set_aside", "list"),
)
COLUMN_KEYS = ("column", "unit", "preference", "precision", "combine", "reference", "also")
_RULE_KEYS = ("header", "values", "reason", "keep")
_LIST_KEYS = ("path", "kind", "columns", "constants", "set_aside")
_ACCEPT_KEYS = ("doubt", "column", "value")


def read_mapping(path: str | Path, *, equipment_types: EquipmentTypes | None = None) -> FileMapping:
    r"""Return the mapping of a TOML file.

    Parameters
    ----------
    path
        The file.
    equipment_types
        Types that words and constants may name; those of reen by default.

    Raises
    ------
    FileFormatError
        The file cannot be read, is no TOML, or has keys or values that no mapping can have.  All
        faults are named, each with its table and key, what was expected and the remedy.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "mairie.toml")
    ...     _ = file.write_text('name = "mairie"\n[columns]\n"Direction" = "entity"\n')
    ...     print(reen.read_mapping(file).name)
    mairie
    """
    path = Path(path)
    text = text_of_toml(path, "a mapping")
    return mapping_from_toml(text, place=str(path), equipment_types=equipment_types)


def mapping_from_toml(
    text: str, *, place: str, equipment_types: EquipmentTypes | None = None
) -> FileMapping:
    """Return the mapping that a TOML text holds (see `read_mapping`).

    Parameters
    ----------
    text
        The content of the file.
    place
        What it is called in messages.
    equipment_types
        As of `read_mapping`.
    """
    content = toml_content(text, place=place, what="a mapping")
    mapping = mapping_of(content, place=place)
    return checked_mapping(mapping, place=place, equipment_types=equipment_types)


def mapping_of(content: Mapping[str, Any], *, place: str) -> FileMapping:
    """Return the mapping that the content of a file says, its names and values not looked up.

    Raises
    ------
    FileFormatError
        Keys or values that no mapping can have.
    """
    faults = Faults()
    mapping = _Reader(faults).file(content)
    if faults:
        raise FileFormatError(place, faults.text())
    return mapping


def checked_mapping(
    mapping: FileMapping, *, place: str, equipment_types: EquipmentTypes | None = None
) -> FileMapping:
    """Return a mapping that says nothing that cannot be.

    Parameters
    ----------
    mapping
        As it was made.
    place, equipment_types
        As of `mapping_from_toml`.

    Raises
    ------
    FileFormatError
        Columns, units, words, constants or reasons that do not exist.
    """
    faults = Faults()
    types = equipment_types or bundled_equipment_types()
    check_table(mapping.shared, "", types, faults)
    for number, table in enumerate(mapping.tables, 1):
        check_table(table, f"[[table]] {number}", types, faults)
    if faults:
        raise FileFormatError(place, faults.text())
    return mapping


def _joined(place: str, key: str) -> str:
    return f"{place}, {key}" if place else key


class _Reader:
    """TOML values on their way to a mapping: what each must be, and where it stands."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def file(self, content: Mapping[str, Any]) -> FileMapping:
        faults = self.faults
        faults.unknown_keys(content, (*_FILE_KEYS, "table"), "")
        name = self._text(content, "name", "")
        if not name.strip() and "name" not in faults.places:
            faults.add("name", Reason("error_missing_expected_what_mapping_called_name"))
        return FileMapping(
            name=name,
            title=self._text(content, "title", ""),
            source=self._text(content, "source", ""),
            several_files=self._flag(content, "several_files", ""),
            keep=self._texts(content, "keep", ""),
            accepted=self._each(content, "accept", "", self._accepted),
            shared=self._table({key: content[key] for key in _SHARED_KEYS if key in content}, ""),
            tables=self._each(content, "table", "", self._table),
        )

    def _table(self, content: Mapping[str, Any], place: str) -> TableMapping:
        if place:
            self.faults.unknown_keys(content, _TABLE_KEYS, place)
        return TableMapping(
            kind=self._text(content, "kind", place),
            refused=self._text(content, "refused", place),
            signature=self._signature(content, place),
            at_most=self._number(content, "at_most", place, default=0),
            sheets=self._texts(content, "sheets", place),
            files=self._texts(content, "files", place),
            columns=self._columns(content, place),
            words={
                column: self._words(words, _joined(place, f"[words.{column}]"))
                for column, words in self._section(content, "words", place).items()
            },
            constants=self._constants(content, place),
            set_aside=self._each(content, "set_aside", place, self._row_rule),
            keys=self._texts(content, "keys", place),
            decimal=self._text(content, "decimal", place),
            unique=self._texts(content, "unique", place),
            expect={
                column: self._texts(values, column, _joined(place, "[expect]"), blank=True)
                for values in [self._section(content, "expect", place)]
                for column in values
            },
            lists=self._each(content, "list", place, self._list_rule),
            header=self._number(content, "header", place, default=0),
        )

    def _accepted(self, content: Mapping[str, Any], place: str) -> AcceptedDoubt:
        self.faults.unknown_keys(content, (*_ACCEPT_KEYS, "quantity"), place)
        return AcceptedDoubt(
            *(self._text(content, key, place) for key in _ACCEPT_KEYS),
            quantity=self._number(content, "quantity", place, default=0),
        )

    def _signature(self, content: Mapping[str, Any], place: str) -> tuple[tuple[str, ...], ...]:
        groups = content.get("signature", [])
        where = _joined(place, "signature")
        if not isinstance(groups, list) or not all(
            isinstance(group, list) and group and all(map(_is_header, group)) for group in groups
        ):
            self.faults.add(
                where,
                Reason("error_no_list_lists_headers_expected_signature"),
            )
            return ()
        return tuple(tuple(group) for group in groups)

    def _columns(self, content: Mapping[str, Any], place: str) -> dict[str, ColumnRule]:
        found: dict[str, ColumnRule] = {}
        where = _joined(place, "[columns]")
        for header, value in self._section(content, "columns", place).items():
            here = f"{where} {header!r}"
            if isinstance(value, str):
                found[header] = ColumnRule(value)
            elif isinstance(value, dict):
                self.faults.unknown_keys(value, COLUMN_KEYS, here)
                if "column" not in value:
                    self.faults.add(here, Reason("error_has_no_column_expected"))
                found[header] = ColumnRule(
                    self._text(value, "column", here),
                    unit=self._text(value, "unit", here),
                    preference=self._number(value, "preference", here, default=1),
                    precision=self._text(value, "precision", here),
                    combine=self._text(value, "combine", here),
                    reference=self._flag(value, "reference", here),
                    also=self._text(value, "also", here),
                )
            else:
                self.faults.add(
                    here,
                    Reason("error_expected_name_column_quotation_marks", value=repr(value)),
                )
        self._once(found, where, "header")
        return found

    def _words(self, words: object, place: str) -> dict[str, str]:
        if not isinstance(words, dict):
            self.faults.add(place, Reason("error_no_section_expected_lines_gros_pc"))
            return {}
        found = {word: self._text(words, word, place) for word in words}
        self._once(found, place, "word")
        return found

    def _once(self, found: Mapping[str, object], place: str, what: str) -> None:
        """Tell the headers or words that are compared as one."""
        seen: dict[str, str] = {}
        for text in found:
            key = key_of(text)
            if not key:
                expected = Reason("error_no_letter", what=what)
                self.faults.add(f"{place} {text!r}", expected)
            elif key in seen:
                self.faults.add(
                    f"{place} {text!r}",
                    Reason("error_same_case_accents_marks_plurals_do", what=what, seen=seen[key]),
                )
            seen.setdefault(key, text)

    def _constants(self, content: Mapping[str, Any], place: str) -> dict[str, str]:
        where = _joined(place, "[constants]")
        found = {}
        for column, value in self._section(content, "constants", place).items():
            if isinstance(value, bool):
                found[column] = str(value).lower()
            elif isinstance(value, (str, int, float, dt.date)):
                found[column] = str(value)
            else:
                self.faults.add(
                    f"{where} {column}", Reason("error_expected_one_value", value=repr(value))
                )
        return found

    def _row_rule(self, content: Mapping[str, Any], place: str) -> RowRule:
        self.faults.unknown_keys(content, _RULE_KEYS, place)
        self._needed(content, ("header", "values", "reason"), place)
        return RowRule(
            self._text(content, "header", place),
            self._texts(content, "values", place, blank=True),
            self._text(content, "reason", place),
            keep=self._flag(content, "keep", place),
        )

    def _list_rule(self, content: Mapping[str, Any], place: str) -> ListRule:
        self.faults.unknown_keys(content, _LIST_KEYS, place)
        self._needed(content, ("path",), place)
        return ListRule(
            path=self._text(content, "path", place),
            kind=self._text(content, "kind", place),
            columns=self._columns(content, place),
            constants=self._constants(content, place),
            set_aside=self._each(content, "set_aside", place, self._row_rule_of_list),
        )

    def _row_rule_of_list(self, content: Mapping[str, Any], place: str) -> RowRule:
        """Read a rule of the rows of a list, which may ask what their record is."""
        record = self._section(content, "record", place)
        own = {key: value for key, value in content.items() if key != "record"}
        return attrs.evolve(
            self._row_rule(own, place),
            record={
                column: self._texts(record, column, _joined(place, "record")) for column in record
            },
        )

    def _needed(self, content: Mapping[str, Any], keys: tuple[str, ...], place: str) -> None:
        for key in keys:
            if not content.get(key):
                self.faults.add(_joined(place, key), Reason("error_missing_say_remove_table"))

    def _text(self, content: Mapping[str, Any], key: str, place: str) -> str:
        value = content.get(key, "")
        if isinstance(value, str):
            return value
        self.faults.add(
            _joined(place, key), Reason("error_expected_text_quotation_marks", value=repr(value))
        )
        return ""

    def _flag(self, content: Mapping[str, Any], key: str, place: str) -> bool:
        value = content.get(key, False)
        if not isinstance(value, bool):
            self.faults.add(
                _joined(place, key), Reason("error_expected_true_false", value=repr(value))
            )
        return value is True

    def _number(self, content: Mapping[str, Any], key: str, place: str, *, default: int) -> int:
        value = content.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= min(default, 1):
            return value
        self.faults.add(
            _joined(place, key), Reason("error_expected_whole_number_from_1", value=repr(value))
        )
        return default

    def _texts(
        self, content: Mapping[str, Any], key: str, place: str, *, blank: bool = False
    ) -> tuple[str, ...]:
        value = content.get(key, [])
        if isinstance(value, list) and all(
            isinstance(each, str) and (each or blank) for each in value
        ):
            return tuple(value)
        expected = Reason("error_list_of_texts", key=key)
        self.faults.add(
            _joined(place, key), Reason("error_is_325", value=repr(value), expected=expected)
        )
        return ()

    def _section(self, content: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
        value = content.get(key, {})
        if isinstance(value, dict):
            return value
        self.faults.add(
            _joined(place, key), Reason("error_expected_section", value=repr(value), key=key)
        )
        return {}

    def _each(
        self,
        content: Mapping[str, Any],
        key: str,
        place: str,
        read: Callable[[Mapping[str, Any], str], T],
    ) -> tuple[T, ...]:
        value = content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.faults.add(
                _joined(place, key), Reason("error_expected_sections", value=repr(value), key=key)
            )
            return ()
        return tuple(
            read(each, _joined(place, f"[[{key}]] {number}"))
            for number, each in enumerate(value, 1)
        )


def _is_header(value: object) -> bool:
    return isinstance(value, str) and bool(key_of(value))
