"""Titles of what a row is: its type of equipment or of service, its status.

Input: a key.  Output: its title in the language in force, or the key where it has none.
"""

from __future__ import annotations

from reen.reasons import Reason, has_sentence, say, spoken
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types

__all__ = ["bundled_title", "status_title", "type_title"]


def type_title(types: EquipmentTypes, key: str, language: str | None = None) -> str:
    """Return the title of a type of equipment or of service, its key where it has none.

    Parameters
    ----------
    types
        Equipment types in use.
    key
        ``laptop``, ``saas``...
    language
        That in force (`reen.language`) when none is named.

    Examples
    --------
    >>> from reen.vocabulary.equipment_types import bundled_equipment_types
    >>> type_title(bundled_equipment_types(), "laptop", "fr")
    'Ordinateur portable'
    >>> type_title(bundled_equipment_types(), "saas", "fr")
    'Logiciels en ligne (SaaS)'
    """
    spoken_in = language or spoken()
    if key in types:
        return types[key].title_fr if spoken_in == "fr" else types[key].title_en
    code = f"service_{key}"
    return Reason(code).text(spoken_in) if key and has_sentence(code) else key


def bundled_title(key: str, language: str | None = None) -> str:
    """Return the title of a type that reen ships, or the key."""
    return type_title(bundled_equipment_types(), key, language)


def status_title(status: str) -> str:
    """Return a status in words."""
    code = f"status_{status}"
    said = say(code) if has_sentence(code) else status
    return said.replace("_", " ")
