"""Spelt headers: the column and unit of a header by its words, without any mapping.

Input: the text of a header and the columns of a kind of table.  Output: the column that it names,
with its unit, or what is to be looked up in its place ("Composants - Adresse MAC", a header that
lost letters).  A unit stands in brackets ("Conso (kWh/an)", "lifetime [month]") or at the end
("annual_energy_kwh", "poids kg"), and what lies in objects is named by the last parts of its path
("device.model.name").

What was said of a text is kept: the first rows of a file are looked at as headers by many rules,
for eight kinds of table each.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

import attrs

from reen.inventory.record_schema import ENERGY_READINGS
from reen.inventory.schema import EQUIPMENT, ColumnKind, TableSchema
from reen.patterns import pattern
from reen.tables.cells.lost_letters import has_lost_letters
from reen.tables.cells.units_in_text import APPARENT, POWERS, in_column, read_unit
from reen.tables.headers.header_words import GROUP, Word, header_words, key_of, mend_header
from reen.tables.headers.headings import BY_SENSE, Heading
from reen.tables.headers.quantity_words import names_quantity
from reen.tables.headers.wording import WORDING_OF_KIND

__all__ = ["may_head", "spelt", "unit_alone"]

_BRACKETS = pattern(r"(?P<base>.*?)\s*(?P<open>[(\[])(?P<inner>[^()\[\]]*)[)\]]\s*")
_GROUP = pattern(r"(?P<group>.+?)\s+-\s+(?P<rest>.+)")

#: What is added to the preference of a header of energy that names a unit of power, and of one of
#: all items of a row: a column of one item goes before it.
_BESIDE = 10

#: What a header adds to the name of a column whose numbers are of all items of a row, or of one.
_OF_LINE = pattern(
    r"(?i)\b(?:totale?s?|globale?s?|cumulée?s?|(?:du|par) lot|(?:de la|par) ligne|du parc)\b"
)
_OF_ONE = pattern(
    r"(?i)\b(?:unitaires?|(?:par|per|/) ?(?:poste|appareil|unité|équipement|machine|pièce|unit"
    r"|device|item|asset)s?)\b"
)
#: One of which every such header has.
_IN_SUMS = ("total", "global", "cumul", "lot", "ligne", "unitaire", "par", "per", "/")
#: Columns of which people write the sum of a row.
_SUMMED = frozenset({"annual_energy", "power", "weight"})

#: Objects that tools put around what they say of a device, the surest first, by their keys.
_AROUND = tuple(
    map(
        key_of,
        (
            *("general", "device", "computer", "hardware", "asset", "machine", "equipment", "host"),
            *("item", "attributes", "properties", "details", "info", "information", "data"),
            *("device info", "device information", "device details", "hardware overview"),
            *("hardware info", "general info", "purchasing", "purchase", "location"),
        ),
    )
)
#: Those that are not the device itself: of them a name or a number is none of the device.
_BESIDE_IT = frozenset(map(key_of, ("purchasing", "purchase", "location")))
#: What an object says of itself, whatever it is.
_OWN = frozenset(
    map(key_of, ("id", "name", "type", "number", "count", "status", "state", "date", "value"))
)
#: How an object that stands for a word gives that word.
_NAMES = frozenset(map(key_of, ("name", "label", "title", "display name")))
#: What is added to the preference of a header of objects: one that stands alone goes before it.
_INSIDE = 20

#: A header of objects inside objects: "device.model.name".
_PATH = pattern(r"[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)+")

#: Words at the end of a header that may be a unit: "kWh par an et par poste" has four.
_UNIT_WORDS = 4

#: Texts of which is kept what they say: those of the headers and first rows of many tables.
_KEPT = 1 << 14


@functools.lru_cache(maxsize=_KEPT)
def may_head(text: str) -> bool:
    """Tell whether a text may be the header of any column, of whatever kind of table.

    It tells most cells of data in one look, where `spelt` needs one for each kind.

    Examples
    --------
    >>> [
    ...     may_head(text)
    ...     for text in ("Modèle", "poids kg", "Prix (€)", "Latitude 5420", "12/03/2024")
    ... ]
    [True, True, True, False, False]
    """
    if any(mark in text for mark in "()[]") or has_lost_letters(text) or " - " in text:
        return True
    if key_of(text) in _every_header() or names_quantity(text):
        return True
    parts = text.replace("_", " ").split()
    sizes = range(1, min(_UNIT_WORDS, len(parts) - 1) + 1)
    if any(read_unit(" ".join(parts[-size:])) for size in sizes):
        return True
    return "." in text and any(may_head(words) for words, _ in _inside(text))


def _inside(text: str) -> Iterator[tuple[str, int]]:
    """Yield what the last parts of a header of objects may say, and how far it is from a header.

    Examples
    --------
    >>> [words for words, _ in _inside("device.model.name")]
    ['device model', 'model name', 'model']
    >>> [words for words, _ in _inside("hardware.processor.count")]
    ['processor count']
    """
    if _PATH.fullmatch(text) is None:
        return
    parts = text.split(".")
    for first in range(len(parts)):
        around = [key_of(part) for part in parts[:first]]
        rest = parts[first:]
        if not all(key in _AROUND for key in around):
            return
        sure = not around or around[-1] not in _BESIDE_IT
        if around and (sure or key_of(rest[0]) not in _OWN):
            yield " ".join(rest), _INSIDE + _AROUND.index(around[-1])
        if len(rest) > 1 and key_of(rest[-1]) in _NAMES:
            yield " ".join(rest[:-1]), _INSIDE + len(_AROUND)


@functools.cache
def _every_header() -> frozenset[str]:
    return frozenset(key for kind in WORDING_OF_KIND for key in header_words(kind))


@functools.lru_cache(maxsize=_KEPT)
def spelt(text: str, schema: TableSchema) -> tuple[Heading, str]:
    """Return what the words of a header say, as if it were the first of its file.

    Parameters
    ----------
    text
        The header, tidy.
    schema
        The columns that it may be.

    Returns
    -------
    tuple of Heading and str
        A heading, without a column when nothing is known; then the text that may say more, or
        nothing.
    """
    known = header_words(schema.name)
    # Units first: the key of "Prix (€)" is that of "Prix".
    for reading in (*_PLAIN, _of_line_or_one):
        found = reading(text, schema, known)
        if found is not None:
            return found, ""
    for words, beside in _inside(text) if "." in text else ():
        found, _ = spelt(words, schema)
        if found.column:
            return attrs.evolve(found, text=text, preference=found.preference + beside), ""
    if "quantity" in schema and names_quantity(text):
        return Heading(0, text, "quantity", BY_SENSE), ""
    group = _GROUP.fullmatch(text) if "-" in text else None
    prefix = known.get(key_of(group["group"])) if group else None
    if group and prefix is not None and prefix.column == GROUP:
        return Heading(0, text), group["rest"]
    return Heading(0, text), mend_header(text, schema.name) or ""


def unit_alone(text: str, column: str, schema: TableSchema) -> str:
    """Return the unit in the brackets of a header whose other words are not known."""
    found = _in_brackets(text)
    unit = read_unit(found["inner"]) if found else None
    if not unit or not _is_number(column, schema):
        return ""
    return in_column(unit, column, schema)


def _in_brackets(text: str) -> re.Match[str] | None:
    return _BRACKETS.fullmatch(text) if text.rstrip().endswith((")", "]")) else None


def _heading(text: str, word: Word, unit: str = "") -> Heading:
    language = "" if text == word.column else word.language
    return Heading(0, text, word.column, word.preference, unit, language)


def _is_number(column: str, schema: TableSchema) -> bool:
    return column in schema and schema[column].kind is ColumnKind.NUMBER


def _as_a_whole(text: str, _: TableSchema, known: Mapping[str, Word]) -> Heading | None:
    word = known.get(key_of(text))
    return None if word is None or word.column == GROUP else _heading(text, word)


def _bracketed(text: str, known: Mapping[str, Word]) -> tuple[Word, str, str] | None:
    """Return (what the words before the brackets mean, the opening bracket, its content)."""
    found = _in_brackets(text)
    word = known.get(key_of(found["base"])) if found else None
    if found is None or word is None or word.column == GROUP:
        return None
    return word, found["open"], found["inner"].strip()


def _with_unit_in_brackets(
    text: str, schema: TableSchema, known: Mapping[str, Word]
) -> Heading | None:
    found = _bracketed(text, known)
    if found is None or not _is_number(found[0].column, schema):
        return None
    word, opening, inner = found
    unit = read_unit(inner)
    if unit is None and opening == "[":
        unit = inner  # reen's own way to write a unit: it has to be one
    return _with_unit(text, word, unit, schema) if unit else None


def _with_unit(text: str, word: Word, unit: str, schema: TableSchema) -> Heading:
    """Return the heading of a number column; watts under "Conso (W)" are power, not energy.

    A column that is headed as power itself goes before it.  The library's own name with its unit,
    "annual_energy [W/item]", is energy at that power all the year round.
    """
    own_name = text.startswith(word.column)
    base = unit.split("/", maxsplit=1)[0]
    if word.column == "power" and schema is ENERGY_READINGS and base in APPARENT:
        return Heading(0, text)  # what a contract allows, and no mean power
    if word.column == "annual_energy" and base in POWERS and not own_name:
        unit = unit.removesuffix("/year")
        found = _heading(text, word, in_column(unit, "power"))
        return attrs.evolve(found, column="power", preference=word.preference + _BESIDE)
    return _heading(text, word, in_column(unit, word.column, schema))


def _with_a_remark(text: str, schema: TableSchema, known: Mapping[str, Word]) -> Heading | None:
    """Return what a header with a remark in brackets says, when the remark changes nothing.

    "Date d'achat (jj/mm/aaaa)" is a date; but "CPU (MHz)" is a frequency, and "Prix (TTC)" another
    thing than the price.
    """
    found = _bracketed(text, known)
    if found is None or _is_number(found[0].column, schema) or read_unit(found[2]) is not None:
        return None
    return _heading(text, found[0])


def _of_line_or_one(text: str, schema: TableSchema, known: Mapping[str, Word]) -> Heading | None:
    """Return what "Consommation totale (kWh)" and "Conso unitaire (kWh)" say of equipment."""
    folded = text.casefold()
    if schema.name != EQUIPMENT.name or not any(word in folded for word in _IN_SUMS):
        return None
    of_line = _OF_LINE.search(text) is not None
    cut = " ".join(_OF_LINE.sub(" ", _OF_ONE.sub(" ", text)).split())
    if cut == text:
        return None
    found = next(filter(None, (reading(cut, schema, known) for reading in _PLAIN)), None)
    if found is None or found.column not in _SUMMED:
        return None
    beside = _BESIDE if of_line else 0
    return attrs.evolve(found, text=text, of_line=of_line, preference=found.preference + beside)


def _with_unit_at_the_end(
    text: str, schema: TableSchema, known: Mapping[str, Word]
) -> Heading | None:
    parts = text.replace("_", " ").split()
    for size in range(min(_UNIT_WORDS, len(parts) - 1), 0, -1):
        unit = read_unit(" ".join(parts[-size:]))
        base = parts[:-size]
        if base[-1].casefold() in ("en", "in"):
            base = base[:-1]
        word = known.get(key_of(" ".join(base))) if unit else None
        if unit is not None and word is not None and _is_number(word.column, schema):
            return _with_unit(text, word, unit, schema)
    return None


#: How a header names a column, the surest way first.
_PLAIN = (_with_unit_in_brackets, _with_unit_at_the_end, _as_a_whole, _with_a_remark)
