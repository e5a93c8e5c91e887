"""Units in text: "kWh/an", "Go", "mois" or a double quote, as the unit names of reen.

Input: the words after a number, or between the brackets of a header.  Output: unit names such as
``kWh/year``, which reen converts.  A word that is no unit gives None: nothing is guessed.  Memory
is counted in powers of two, as inventory tools do whatever they write (1 Go of memory is 1 GiB).

Knows spellings only; numbers and columns of a file belong to other modules.
"""

from __future__ import annotations

import unicodedata

from reen.inventory.schema import EQUIPMENT, TableSchema
from reen.patterns import pattern

__all__ = ["APPARENT", "POWERS", "in_column", "names_a_unit", "read_unit"]

_NAMES = {
    "Wh": "wh",
    "kWh": "kwh kilowattheure kilowattheures kilowatt-heure",
    "MWh": "mwh",
    "GWh": "gwh",
    "W": "w watt watts",
    "kW": "kw kilowatt kilowatts",
    "year": "an ans annee annees year years yr yrs",
    "month": "mois month months",
    "week": "semaine semaines week weeks",
    "day": "jour jours j day days d",
    "hour": "h heure heures hour hours hr hrs",
    "g": "g gramme grammes gram grams",
    "kg": "kg kgs kilo kilos kilogramme kilogrammes",
    "t": "t tonne tonnes",
    "EUR": "€ eur euro euros",
    "B": "octet octets o byte bytes b",
    "kB": "ko kb",
    "MB": "mo mb",
    "GB": "go gb",
    "TB": "to tb",
    "KiB": "kib kio",
    "MiB": "mib mio",
    "GiB": "gib gio",
    "TiB": "tib tio",
    "inch": '" inch inches in pouce pouces po',
    "cm": "cm centimetre centimetres",
    "mm": "mm",
    "percent": "% percent pourcent",
    "item": "item items poste postes unite unites u pce pces piece pieces appareil appareils"
    " equipement equipements device devices unit units ex exemplaire exemplaires",
    "MHz": "mhz",
    "GHz": "ghz",
    "VA": "va",
    "kVA": "kva",
    "m^2": "m2",
    "m^3": "m3",
    "person": "personne personnes person persons",
}
_BY_SPELLING = {
    spelling: name for name, spellings in _NAMES.items() for spelling in spellings.split()
}

_CLIMATE = pattern(r"(kt|mt|kg|g|t|tonnes?)(?:eq)?co2(?:-?(?:e|eq|equivalents?))?")
_MASSES = {
    "g": "gCO2e",
    "kg": "kgCO2e",
    "t": "tCO2e",
    "tonne": "tCO2e",
    "tonnes": "tCO2e",
    "kt": "ktCO2e",
    "mt": "MtCO2e",
}

_BETWEEN_WORDS = pattern(r"[\s_()\[\]]+")
_DIVIDING = ("/", "par", "per")
_DIVISION = pattern(r"\s*/\s*|\s+(?:par|per)\s+|^(?:par|per)\s+")

#: Units of apparent power, and all of power: a column of energy has to have hours beside them.
APPARENT = frozenset({"VA", "kVA"})
POWERS = APPARENT | {"W", "kW"}

_BINARY = {"kB": "KiB", "MB": "MiB", "GB": "GiB", "TB": "TiB"}

_ENERGY = frozenset({"Wh", "kWh", "MWh", "GWh"})

#: What a rate column may leave out: "Conso (kWh)" is read as kWh a year.
_PER_YEAR = {
    "annual_energy": _ENERGY | {"kWh/item", "Wh/item", "MWh/item"},
    "it_energy": _ENERGY,
    "water": frozenset({"m^3"}),
    "declared_annual_footprint": frozenset(
        {"gCO2e", "kgCO2e", "tCO2e", "gCO2e/item", "kgCO2e/item", "tCO2e/item"}
    ),
    "usage_hours": frozenset({"hour"}),
}


def read_unit(text: str) -> str | None:
    """Return the unit that `text` names, None when it names none.

    Examples
    --------
    >>> read_unit("kWh/an"), read_unit("kg éq. CO2 par poste"), read_unit('"'), read_unit("HT")
    ('kWh/year', 'kgCO2e/item', 'inch', None)
    """
    plain = _plain(text)
    if not plain:
        return None
    divided = any(sign in plain for sign in _DIVIDING)
    parts = [_one_unit(part) for part in (_DIVISION.split(plain) if divided else [plain])]
    known = [part for part in parts if part is not None]
    return "/".join(known) if len(known) == len(parts) else None


def _plain(text: str) -> str:
    spelt = text.replace("''", '"').replace("″", '"').replace("”", '"')
    if spelt.isascii():
        return spelt.lower().strip().rstrip(".")
    letters = unicodedata.normalize("NFKD", spelt).casefold()
    return "".join(c for c in letters if not unicodedata.combining(c)).strip().rstrip(".")


def _one_unit(word: str) -> str | None:
    word = word.strip()
    known = _BY_SPELLING.get(word)
    if known is not None:
        return known
    if "c" not in word or "2" not in word:
        return None
    climate = _CLIMATE.fullmatch("".join(word.replace(".", " ").split()))
    return _MASSES[climate[1]] if climate else None


def names_a_unit(text: str) -> bool:
    """Tell whether a word of a header is a unit, if only part of it ("screen_inches")."""
    return any(map(read_unit, filter(None, _BETWEEN_WORDS.split(text))))


def in_column(unit: str, column: str, schema: TableSchema = EQUIPMENT) -> str:
    """Return `unit` as it is meant in a column: memory in powers of two, rates a year.

    A unit of the wrong dimension is returned as it is; reen refuses it with a message.
    """
    if column == "ram":
        unit = _BINARY.get(unit, unit)
    if unit in _PER_YEAR.get(column, ()):
        unit = f"{unit}/year"
    canonical = schema[column].unit
    return canonical if unit == canonical.replace("/item", "") else unit
