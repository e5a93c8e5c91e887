"""Words of records: whether an object is a device or a record, by its keys.

Knows single objects; `record_lists` knows where they lie in a document.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import attrs

from reen.tables.headers.header_words import header_words, key_of

__all__ = [
    "COUNTED",
    "LOOKED_AT",
    "Record",
    "is_alike",
    "is_envelope",
    "is_keyed",
    "meanings",
    "plain",
    "scalars",
    "tells_record",
    "words_of",
]

#: Keys that only a device has, keys that other things have too, and keys that say what a device is:
#: they tell whether an object around a list is a device itself, or the list's envelope.
_IDENTIFIERS = frozenset(
    {
        "serial",
        "serialnumber",
        "serialno",
        "ssn",
        "sn",
        "imei",
        "meid",
        "udid",
        "assettag",
        "servicetag",
        "macaddress",
        "wifimac",
        "numeroserie",
        "numerodeserie",
    }
)
_COMMON_IDENTIFIERS = frozenset({"uuid", "guid", "deviceid", "objectid"})
_DESCRIPTIONS = frozenset(
    {
        "model",
        "modelname",
        "modelid",
        "modele",
        "smodel",
        "manufacturer",
        "fabricant",
        "constructeur",
        "marque",
        "smanufacturer",
        "devicename",
        "hostname",
        "computername",
        "machine",
        "marketingname",
        "productname",
        "assetnumber",
        "osversion",
        "operatingsystem",
        "phonenumber",
    }
)
#: Columns of equipment whose header among the keys of an object says that it is a record.
_TELLING = frozenset(
    {
        "equipment_type",
        "manufacturer",
        "model",
        "model_number",
        "serial_number",
        "asset_tag",
        "quantity",
    }
)
#: Headers of these columns that paging and links have too.
_PAGING = frozenset(
    {"count", "total", "nombretotal", "nbtotal", "quantitetotale", "kind", "nature", "reference"}
)
#: Names of objects that describe a document or an organisation: in them only an identifier, or a
#: type with a quantity, makes a record.
_ENVELOPES = frozenset(
    {
        "author",
        "company",
        "contact",
        "context",
        "entity",
        "entite",
        "error",
        "filter",
        "filters",
        "generator",
        "header",
        "info",
        "license",
        "licence",
        "link",
        "links",
        "location",
        "meta",
        "metadata",
        "organisation",
        "organization",
        "page",
        "pagination",
        "paging",
        "query",
        "request",
        "schema",
        "site",
        "statistics",
        "stats",
        "status",
        "statut",
        "summary",
        "total",
        "totals",
        "totaux",
        "user",
        "utilisateur",
    }
)
#: What says that a list holds equipment, rather than the parts of one device.
COUNTED = frozenset({"equipment_type", "quantity"})
#: Keys of an object looked at: one with more is refused as too wide.
_KEYS = 20_000
#: Keys that two objects must share to be of one kind.
_SHARED = 2
#: Records looked at to know what a list is about.
LOOKED_AT = 20
#: Share of the keys of two records of one kind that both have.
_ALIKE = 0.5
#: Keys that may be identifiers of records, of a single one and of several.
_KEY_OF_ONE = re.compile(r"\d+|[0-9a-fA-F-]{8,}")
_KEY_OF_MANY = re.compile(r".*\d.*", re.DOTALL)

Record = Mapping[str, Any]


@attrs.frozen(eq=False, repr=False)
class _Words:
    """Which kinds of key a record has, with a value."""

    identifier: bool
    common: bool
    description: bool


def tells_record(own: Record, known: Sequence[Collection[str]], *, envelope: bool) -> bool:
    """Tell whether the values of an object say that it is a record.

    In an envelope a type or a model alone is that of a link, of a generator, of an organisation.
    """
    words, means = words_of(own), meanings(own)
    if words.identifier or means >= COUNTED:
        return True
    return not envelope and (
        words.description or bool(means) or any(is_alike(own, keys) for keys in known)
    )


def is_alike(one: Collection[str], other: Collection[str]) -> bool:
    """Tell whether two records, or the keys of one, share half of their keys."""
    shared = len(set(one) & set(other))
    return shared >= _SHARED and shared / len(set(one) | set(other)) >= _ALIKE


def meanings(record: Record) -> set[str]:
    """Return what the keys of a record with a value mean, of what tells that it is equipment."""
    known = header_words()
    words = [
        known.get(key_of(key))
        for key, value in itertools.islice(record.items(), _KEYS)
        if value and not isinstance(value, list) and plain(key) not in _PAGING
    ]
    return {word.column for word in words if word is not None} & _TELLING


def is_keyed(value: Record) -> bool:
    """Tell whether an object is a list of records by identifier: ``{"101": {...}, ...}``."""
    records = list(value.values())
    if not records or not all(isinstance(record, dict) and record for record in records):
        return False
    pattern = _KEY_OF_ONE if len(records) == 1 else _KEY_OF_MANY
    if not all(pattern.fullmatch(key) for key in value):
        return False
    first = set(records[0])
    shares = [
        len(first & set(record)) / len(first | set(record)) for record in records[1:LOOKED_AT]
    ]
    return all(share >= _ALIKE for share in shares)


def words_of(record: Record) -> _Words:
    """Return what the keys of a record say of it; lists and records by key are left out."""
    found: set[str] = set()
    waiting: list[Record] = [record]
    while waiting:
        for key, value in waiting.pop().items():
            if isinstance(value, dict):
                if not is_keyed(value):
                    waiting.append(value)
            elif not isinstance(value, list) and value:
                found.add(plain(key))
    return _Words(
        bool(found & _IDENTIFIERS), bool(found & _COMMON_IDENTIFIERS), bool(found & _DESCRIPTIONS)
    )


def plain(key: str) -> str:
    """Return a key without case, accents and marks."""
    letters = unicodedata.normalize("NFKD", key.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def scalars(record: Record) -> Record:
    """Return an object without the objects and lists in it."""
    return {key: value for key, value in record.items() if not isinstance(value, dict | list)}


def is_envelope(name: str) -> bool:
    """Tell whether an object of that name describes the document or an organisation."""
    return plain(name) in _ENVELOPES
