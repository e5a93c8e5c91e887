"""Reading: a strategy as a plain TOML file or as sheets, every fault named by its line or row.

Input: a path.  Output: the organisation, its objectives and its actions.  What each key may hold is
said by `fields`; this module says which keys there are and where they stand.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from reen.gate.reads import is_there
from reen.monitoring.values import Direction
from reen.reasons import say
from reen.strategy.action import Action, ActionState, Saving, Step
from reen.strategy.cohorts import TypeFigures
from reen.strategy.fields import (
    Field,
    choice,
    day,
    flag,
    number,
    numbers_by_year,
    siren,
    text,
    texts,
    whole,
)
from reen.strategy.objective import Objective, PathShape
from reen.strategy.organisation import Organisation
from reen.strategy.scenario import Scenario
from reen.strategy.scenario_reading import (
    TABLES,
    Mix,
    read_figures,
    read_mix,
    read_scenarios,
)
from reen.strategy.sheets import SHEET_SUFFIXES, SheetKind, SheetTables
from reen.strategy.toml_tables import Tables

__all__ = ["Parts", "read_parts"]

_YEAR = whole(1990, 2100)

ORGANISATION = (
    Field("name", "nom", text, required=True),
    Field("siren", "siren", siren),
    Field("population", "habitants", whole(1, 100_000_000)),
    Field("website", "site", text),
)
OBJECTIVE = (
    Field("id", "id", text, required=True),
    Field("title", "titre", text, required=True),
    Field("axis", "axe", whole(0, 6)),
    Field("indicator", "indicateur", text, required=True),
    Field("scope", "perimetre", text),
    Field("unit", "unite", text),
    Field(
        "direction",
        "sens",
        choice(
            {
                "hausse": Direction.HIGHER,
                "baisse": Direction.LOWER,
                "higher": Direction.HIGHER,
                "lower": Direction.LOWER,
            }
        ),
        required=True,
    ),
    Field("baseline_year", "annee_reference", _YEAR, required=True),
    Field("baseline", "reference", number),
    Field("target_year", "annee_cible", _YEAR, required=True),
    Field("target", "cible", number, required=True),
    Field(
        "path",
        "trajectoire",
        choice(
            {
                "lineaire": PathShape.LINEAR,
                "linéaire": PathShape.LINEAR,
                "paliers": PathShape.STEPS,
                "linear": PathShape.LINEAR,
                "steps": PathShape.STEPS,
            }
        ),
    ),
    Field("steps", "paliers", numbers_by_year),
    Field("source", "source", text),
    Field("owner", "responsable", text),
)
EFFECT = (
    Field("tonnes", "tonnes", number),
    Field("kwh", "kwh", number),
    Field("euros", "euros", number),
    Field("method", "methode", text),
    Field("evidence", "preuve", text),
)
STEP = (
    Field("what", "quoi", text, required=True),
    Field("who", "qui", text),
    Field("due", "echeance", day),
    Field("done", "fait", flag),
)
_STATES = {
    "prévue": ActionState.PLANNED,
    "prevue": ActionState.PLANNED,
    "en cours": ActionState.RUNNING,
    "faite": ActionState.DONE,
    "abandonnée": ActionState.DROPPED,
    "abandonnee": ActionState.DROPPED,
    **{str(state): state for state in ActionState},
}
ACTION = (
    Field("id", "id", text, required=True),
    Field("title", "titre", text, required=True),
    Field("axis", "axe", whole(0, 6)),
    Field("owner", "responsable", text, required=True),
    Field("state", "etat", choice(_STATES), required=True),
    Field("start", "debut", day),
    Field("end", "fin", day),
    Field("objectives", "objectifs", texts),
    Field("lever", "levier", text),
    Field("anct_dimension", "dimension_anct", whole(1, 7)),
    Field("priority", "priorite", whole(1, 3)),
    Field("difficulty", "difficulte", whole(1, 3)),
    Field("resources", "moyens", whole(1, 5)),
    Field("complexity", "complexite", whole(1, 5)),
    Field(
        "perimeter",
        "perimetre",
        choice(
            {
                "dsi": "dsi",
                "général": "general",
                "tous": "all",
                "territoire": "territory",
                "general": "general",
                "all": "all",
                "territory": "territory",
            }
        ),
    ),
    Field("sponsor", "commanditaire", text),
    Field("pilot", "pilote", text),
    Field("contributors", "contributeurs", texts),
    Field("prerequisites", "prealables", text),
    Field("results", "resultats_attendus", text),
    Field("euros", "cout_euros", number),
    Field("person_days", "jours_homme", number),
    Field("scenario", "scenario", text),
)


@attrs.frozen(kw_only=True)
class Parts:
    """The content of a strategy file."""

    organisation: Organisation
    objectives: tuple[Objective, ...]
    actions: tuple[Action, ...]
    scenarios: tuple[Scenario, ...]
    figures: tuple[TypeFigures, ...]
    mix: Mix | None
    files: tuple[Path, ...]


_TABLES = ("organisation", "objectif", "objective", "action", *TABLES)

#: The key that names the sheets beside a TOML file.
SHEETS = (Field("sheets", "feuilles", texts),)
_OBJECTIVES, _ACTIONS = ("objectif", "objective"), ("action",)
_EXPECTED, _MEASURED = ("attendu", "expected"), ("mesure", "measured")
_KINDS = (
    SheetKind(name="objectif", fields=OBJECTIVE),
    SheetKind(name="action", fields=ACTION, inner={_EXPECTED: EFFECT, _MEASURED: EFFECT}),
)

#: A file that is read, with its tables.
_File: TypeAlias = tuple[Path, Tables]
#: What a place leads to: the tables of its file, and the name and number there.
_Place: TypeAlias = tuple[Tables, tuple[str, int]]


def read_parts(path: Path) -> Parts:
    """Read a strategy file, and the sheets that it names.

    Raises
    ------
    FileFormatError
        As `Strategy.read`.
    """
    files = list(_files(path))
    tables = files[0][1]
    organisations = [
        tables.made(Organisation, tables.values(each, ORGANISATION, place), place, ORGANISATION)
        for each, place in tables.once(("organisation",))
    ]
    objectives = [
        (
            (each, place),
            each.made(Objective, each.values(given, OBJECTIVE, place), place, OBJECTIVE),
        )
        for _, each in files
        for given, place in each.each(_OBJECTIVES)
    ]
    actions = [
        ((each, place), _action(each, given, place))
        for _, each in files
        for given, place in each.each(_ACTIONS)
    ]
    figures, mix, scenarios = read_figures(tables), read_mix(tables), read_scenarios(tables)
    if not any(each.faults for _, each in files):
        # otherwise what is said of the others would follow from what is wrong already
        _check_names(objectives, actions, {each.id for each in scenarios})
    for file, each in files:
        each.refuse_faults(file)
    return Parts(
        organisation=next(filter(None, organisations), Organisation()),
        objectives=tuple(each for _, each in objectives if each is not None),
        actions=tuple(each for _, each in actions if each is not None),
        scenarios=scenarios,
        figures=figures,
        mix=mix,
        files=tuple(file for file, _ in files),
    )


def _files(path: Path) -> Iterator[_File]:
    """Yield the file with its tables, and the sheets that it names."""
    if path.suffix.lower() in SHEET_SUFFIXES:
        yield path, SheetTables.read_sheet(path, _KINDS)
        return
    tables = Tables.read(path, say("what_strategy"))
    named = {key: value for key, value in tables.content.items() if key in SHEETS[0].names}
    for key in named:
        del tables.content[key]
    tables.check_names(_TABLES)
    found = tables.values(named, SHEETS, ("", 1)) or {}
    sheets = [path.parent / name for name in found.get("sheets", ())]
    for sheet in sheets:
        if not is_there(sheet, file=True):
            said = say("fault_not_in_folder", name=sheet.name, folder=str(sheet.parent))
            tables.fault(("", 1, next(iter(named))), said)
    if any(not is_there(sheet, file=True) for sheet in sheets):
        tables.refuse_faults(path)
    yield path, tables
    for sheet in sheets:
        yield sheet, SheetTables.read_sheet(sheet, _KINDS)


def _action(tables: Tables, given: Mapping[str, Any], place: tuple[str, int]) -> Action | None:
    """Return an action, with its effects and its steps."""
    parts = (*_EXPECTED, *_MEASURED, "etapes", "steps")
    values = tables.values(given, ACTION, place, others=parts)
    inner: dict[str, object] = {}
    for names in (_EXPECTED, _MEASURED):
        for key in filter(given.__contains__, names):
            if not isinstance(given[key], dict):
                tables.fault(
                    (*place, key),
                    say("fault_is", value=repr(given[key]), expected="{ tonnes = 1.2, ... }"),
                )
                continue
            found = tables.values(given[key], EFFECT, place, within=key)
            if found is not None:
                inner[names[1]] = Saving(**found)
    steps = []
    for key in filter(given.__contains__, ("etapes", "steps")):
        each = given[key]
        if not isinstance(each, list) or not all(isinstance(step, dict) for step in each):
            tables.fault((*place, key), f'is {each!r}; expected [{{ quoi = "..." }}, ...]')
            continue
        steps += [tables.values(step, STEP, place, within=key) for step in each]
    if values is None or None in steps:
        return None
    made = tuple(Step(**step) for step in steps if step is not None)
    return tables.made(Action, {**values, **inner, "steps": made}, place, ACTION)


def _check_names(
    objectives: Sequence[tuple[_Place, Objective | None]],
    actions: Sequence[tuple[_Place, Action | None]],
    scenarios: set[str],
) -> None:
    """Add the faults of names that are given twice, and of those that refer to nothing."""
    for parts in (objectives, actions):
        seen: set[str] = set()
        for (tables, place), part in parts:
            if part is not None and part.id in seen:
                tables.fault((*place, "id"), say("fault_id_twice", id=part.id))
            seen |= set() if part is None else {part.id}
    known = {each.id for _, each in objectives if each is not None}
    for (tables, place), action in actions:
        for each in () if action is None else action.objectives:
            if each in known:
                continue
            near = difflib.get_close_matches(each, known, 1, cutoff=0.4)
            hint = say("fault_hint", near=near[0]) if near else ""
            names = (name for name in ("objectifs", "objectives") if (*place, name) in tables.lines)
            tables.fault((*place, next(names, "")), say("fault_not_there", name=each, hint=hint))
        if action is not None and action.scenario and action.scenario not in scenarios:
            listed = ", ".join(sorted(scenarios)) or "-"
            told = say("fault_is_none_of", value=action.scenario, names=listed)
            tables.fault((*place, "scenario"), told)
