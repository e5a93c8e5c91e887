"""Reading of scenarios: figures of types, the mix, and levers, from the tables of a strategy file.

Input: the tables of the file.  Output: figures, a mix and scenarios; faults are added to those of
the file, by line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import attrs

from reen.errors import OptionError
from reen.reasons import Reason, say
from reen.strategy import levers
from reen.strategy.cohorts import TypeFigures
from reen.strategy.fields import Field, number, numbers_by_year, text, whole
from reen.strategy.scenario import Scenario
from reen.strategy.toml_tables import Tables

__all__ = ["TABLES", "Mix", "read_figures", "read_mix", "read_scenarios"]

#: Tables of the file that are read here.
TABLES = ("hypothese", "figures", "mix", "scenario")

FIGURES = (
    Field("equipment_type", "type", text, required=True),
    Field("embedded", "fabrication_kg", number, required=True),
    Field("life", "duree_ans", number, required=True),
    Field("kwh", "kwh_an", number),
    Field("price", "prix_euros", number),
    Field("weight", "masse_kg", number),
    Field("source", "source", text, required=True),
    Field("spread", "dispersion", number),
    Field("shape", "forme_weibull", number),
)
MIX = (
    Field("value", "kg_kwh", number),
    Field("by_year", "par_annee", numbers_by_year),
    Field("source", "source", text, required=True),
)
SCENARIO = (Field("id", "id", text, required=True), Field("title", "titre", text, required=True))

_YEAR = Field("from_year", "a_partir_de", whole(1990, 2100), required=True)
_TYPE = Field("equipment_type", "type", text, required=True)
_SOURCE = Field("source", "source", text, required=True)
_ITEMS = Field("items", "nombre", number, required=True)
_EMBEDDED = Field("embedded", "fabrication_kg", number, required=True)
_LIFE, _PRICE = Field("life", "duree_ans", number), Field("price", "prix_euros", number)

#: Each lever by its names in French and English, with its keys.
LEVERS: tuple[tuple[tuple[str, str], type[Any], tuple[Field, ...]], ...] = (
    (
        ("garder plus longtemps", "keep longer"),
        levers.KeepLonger,
        (Field("years", "annees", number, required=True),),
    ),
    (
        ("reconditionner", "refurbish"),
        levers.Refurbish,
        (Field("share", "part", number, required=True), _EMBEDDED, _LIFE, _PRICE, _SOURCE),
    ),
    (
        ("mutualiser", "pool"),
        levers.Pool,
        (
            Field("items_per_agent", "par_agent", number, required=True),
            Field("agents", "agents", number, required=True),
        ),
    ),
    (("retirer", "drop"), levers.Drop, (_ITEMS,)),
    (
        ("mettre en veille", "sleep"),
        levers.Sleep,
        (
            Field("saved_share", "part", number, required=True),
            Field("measured_kwh", "kwh_mesures", number, required=True),
            _SOURCE,
        ),
    ),
    (
        ("virtualiser", "virtualise"),
        levers.Virtualise,
        (_ITEMS, Field("added_kwh", "kwh_ajoutes", number, required=True)),
    ),
    (
        ("remplacer", "replace"),
        levers.Replace,
        (
            _EMBEDDED,
            Field("kwh", "kwh_an", number, required=True),
            attrs.evolve(_LIFE, required=True),
            _PRICE,
            _SOURCE,
        ),
    ),
    (
        ("passer au nuage", "move to a cloud"),
        levers.MoveToCloud,
        (_ITEMS, Field("hosting", "hebergement_kg", number, required=True), _SOURCE),
    ),
)
_BY_WORD = {word: (made, keys) for words, made, keys in LEVERS for word in words}


@attrs.frozen(kw_only=True)
class Mix:
    """Electricity, kgCO2e/kWh: one for all years, or by year.

    Attributes
    ----------
    value, by_year
        One of the two.
    source
        Who says so.
    """

    value: float | None = None
    by_year: Mapping[int, float] = attrs.field(factory=dict, converter=dict)
    source: str

    def __attrs_post_init__(self) -> None:
        """Refuse none of the two, and both."""
        if (self.value is None) != bool(self.by_year):
            found = "neither" if self.value is None else "both"
            raise OptionError("mix", "value", found, Reason("error_either_kg_kwh_par_annee"))
        for figure in (self.value, *self.by_year.values()):
            if figure is not None and not 0.0 <= figure < math.inf:
                raise OptionError("mix", "value", f"{figure:g}", Reason("error_kgco2e_kwh_0_more"))


def read_figures(tables: Tables) -> tuple[TypeFigures, ...]:
    """Return the figures of types."""
    found = []
    for each, place in tables.each(("hypothese", "figures")):
        found.append(tables.made(TypeFigures, tables.values(each, FIGURES, place), place, FIGURES))
    return tuple(filter(None, found))


def read_mix(tables: Tables) -> Mix | None:
    """Return the mix, None when there is none."""
    for each, place in tables.each(("mix",)):
        return tables.made(Mix, tables.values(each, MIX, place), place, MIX)
    return None


def read_scenarios(tables: Tables) -> tuple[Scenario, ...]:
    """Return the scenarios with their levers."""
    found = []
    for each, place in tables.each(("scenario",)):
        values = tables.values(each, SCENARIO, place, others=("leviers", "levers"))
        key = "leviers" if "leviers" in each else "levers"
        given = each.get(key, [])
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            said = '[{ levier = "retirer", type = "monitor", ... }]'
            tables.fault((*place, key), say("fault_is", value=repr(given), expected=said))
            continue
        made = [_lever(tables, one, place, key) for one in given]
        if not made:
            tables.fault((*place, key), say("fault_no_lever"))
        known = [lever for lever in made if lever is not None]
        if values is not None and known and len(known) == len(made):
            found.append(Scenario(**values, levers=tuple(known)))
    return tuple(found)


def _lever(
    tables: Tables, given: Mapping[str, Any], place: tuple[str, int], key: str
) -> levers.Lever | None:
    word = given.get("levier", given.get("lever"))
    if not isinstance(word, str) or word not in _BY_WORD:
        words = ", ".join(f'"{each}"' for each in _BY_WORD)
        tables.fault((*place, key), say("fault_lever", word=repr(word), words=words))
        return None
    made, keys = _BY_WORD[word]
    fields = (_TYPE, _YEAR, *keys)
    others = ("levier", "lever")
    values = tables.values(given, fields, place, within=key, others=others)
    lever: levers.Lever | None = tables.made(made, values, place, fields, within=key)
    return lever
