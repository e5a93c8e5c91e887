"""Defaults of the NumEcoEval reference files: item types, as matching and default lifetimes.

Input: the rows of the table of types.  Output: which item answers for which type, how long it lasts
and whether it is a server, by the name as the set writes it and by reen's type where the names of
one type agree.

As in the engine, a type without `dureeVieDefaut` has the lifetime of the hypotheses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from reen import default_registry
from reen.plugin import Reason
from reen.plugin.files import normalise_text
from reen_plugins.numecoeval.tables import Row, Table

__all__ = ["LICENCE", "default_row", "read_types"]

LICENCE = "not stated in the files; the publisher's terms hold (NegaOctet figures are licensed)"

_TRUE = frozenset({"true", "vrai", "oui", "yes", "1", "t"})

Note = Callable[[str, str], None]

H = TypeVar("H")


def default_row(key: str, parameter: str, value: float, unit: str, source: str) -> dict[str, str]:
    """Return one row of a default file."""
    return {
        "equipment_type": key,
        "parameter": parameter,
        "value": repr(value),
        "unit": unit,
        "source": source or "NumEcoEval reference files, source not stated",
        "licence": LICENCE,
    }


def read_types(
    rows: Sequence[tuple[Table, int, Row]], hypothesis: Mapping[str, str] | None, note: Note
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return the matching of types, and their default lifetimes and server flags.

    Parameters
    ----------
    rows
        Rows of the table of types, with file and line; the first of a name counts.
    hypothesis
        Default of the lifetime for everything, or None.
    note
        Counts what is not carried over: (reason, what).

    Raises
    ------
    FactorDataError
        A type without a name, a lifetime that is no number.
    """
    items: dict[str, str] = {}
    lives: dict[str, dict[str, str]] = {}
    flags: dict[str, dict[str, str]] = {}

    owners: dict[str, str] = {}

    def keep(known: dict[str, H], name: str, value: H) -> None:
        """Keep the first of what is said of a name, and count another one of the same owner."""
        if known.setdefault(name, value) != value and owners[name] == owner:
            note("types given twice otherwise, the first is kept", name)

    for table, line, row in rows:
        name, owner = row["type"], row.get("owner", "")
        if not name:
            raise table.fail(line, "type", "", Reason("error_name_type"))
        owners.setdefault(name, owner)
        flag = float(normalise_text(row["server"]) in _TRUE)
        keep(flags, name, default_row(name, "server", flag, "1", row["source"]))
        if row["item"]:
            keep(items, name, row["item"])
        if row["lifetime"]:
            years = table.number(line, row, "lifetime")
            keep(lives, name, default_row(name, "lifetime", years, "year", row["source"]))
        elif hypothesis is not None:
            keep(lives, name, {**hypothesis, "equipment_type": name})
            note("types without dureeVieDefaut, given dureeVieParDefaut", name)
    items |= _by_key(items, note)
    defaults = [*lives.values(), *flags.values()]
    for parameter, unit, given in (("lifetime", "year", lives), ("server", "1", flags)):
        values = _by_key({name: made["value"] for name, made in given.items()}, note)
        sources = {_type_of(name): made["source"] for name, made in given.items()}
        defaults += [
            default_row(key, parameter, float(value), unit, sources[key])
            for key, value in values.items()
        ]
    matching = [{"match": "type", "key": key, "flow": item} for key, item in items.items()]
    return matching, defaults


def _type_of(name: str) -> str | None:
    return default_registry().equipment_types.resolve(name)


def _by_key(given: Mapping[str, str], note: Note) -> dict[str, str]:
    """Return what names stand for by reen's type, where the names of one type agree.

    A name that is the type's own key ("Server") decides over others ("Dedicated Server").
    """
    groups: dict[str, dict[str, str]] = {}
    for name, value in given.items():
        key = _type_of(name)
        if key is not None:
            groups.setdefault(key, {})[name] = value
    chosen = {}
    for key, names in groups.items():
        exact = {value for name, value in names.items() if _is_key(name, key)}
        values = exact or set(names.values())
        if len(values) == 1:
            chosen[key] = values.pop()
        else:
            note("types of which several names differ: by name only", ", ".join(names))
    return {key: value for key, value in chosen.items() if key not in given}


def _is_key(name: str, key: str) -> bool:
    return normalise_text(name) == key.replace("_", " ")
