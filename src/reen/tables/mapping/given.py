"""Given: what a user gives as a mapping becomes one: values, TOML files, answered worklists.

Input: one of them or several, the later ones going before the earlier.  Output: one checked
mapping, or None.  Knows no inventory file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from reen.tables.mapping.combining import combined
from reen.tables.mapping.loading import checked_mapping, read_mapping
from reen.tables.mapping.mapping import FileMapping
from reen.vocabulary.equipment_types import EquipmentTypes

__all__ = ["Mapped", "mapping_given"]

#: A mapping, or the file that holds it.
Mapped: TypeAlias = FileMapping | str | Path


def mapping_given(
    given: Mapped | Sequence[Mapped] | None, types: EquipmentTypes
) -> FileMapping | None:
    """Return what the user says of files, from all that was given; None when it is nothing.

    Raises
    ------
    FileFormatError
        A file that is neither a mapping nor a worklist, or says what cannot be.
    """
    if given is None:
        return None
    several = [given] if isinstance(given, (FileMapping, str, Path)) else [*given]
    found = [_one(each, types) for each in several]
    return combined(found) if found else None


def _one(given: Mapped, types: EquipmentTypes) -> FileMapping:
    if isinstance(given, FileMapping):
        place = f"the mapping {given.name!r}"
        return checked_mapping(given, place=place, equipment_types=types)

    from reen.tables.mapping.answers import is_answers, read_answers

    if is_answers(Path(given)):
        return read_answers(given, equipment_types=types)
    return read_mapping(given, equipment_types=types)
