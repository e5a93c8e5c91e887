"""Reading: a strategy as a plain TOML file, every fault named by its line.

Input: a path.  Output: the organisation, its objectives and its actions.  What each key may hold is
said by `fields`; this module says which keys there are and where they stand.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from reen.errors import FileFormatError, OptionError
from reen.monitoring.values import Direction
from reen.strategy.action import Action, ActionState, Effect, Step
from reen.strategy.fields import (
    Fault,
    Field,
    choice,
    day,
    flag,
    number,
    numbers_by_year,
    text,
    texts,
    whole,
)
from reen.strategy.objective import Objective, PathShape
from reen.strategy.organisation import Organisation
from reen.strategy.toml_lines import lines_of

__all__ = ["Tables", "read_parts"]

T = TypeVar("T")

_YEAR = whole(1990, 2100)

ORGANISATION = (
    Field("name", "nom", text, required=True),
    Field("siren", "siren", text),
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


class Tables:
    """The tables of one file on their way to values, and the faults met.

    Parameters
    ----------
    content
        What the parser found.
    lines
        Line of each key; see `lines_of`.
    """

    def __init__(
        self, content: Mapping[str, Any], lines: Mapping[tuple[str, int, str], int]
    ) -> None:
        self.content, self.lines = content, lines
        self.faults: list[tuple[int, str]] = []

    def fault(self, where: tuple[str, int, str], message: str) -> None:
        """Add a fault at a key, or at its table where the key is not there."""
        table, position, key = where
        line = self.lines.get(where) or self.lines.get((table, position, "")) or 0
        name = f"[[{table}]] {position}" if table else "the file"
        said = f"{name}, key {key!r}" if key else name
        self.faults.append((line, f"line {line}: {said} {message}"))

    def each(self, names: Sequence[str]) -> Iterator[tuple[Mapping[str, Any], tuple[str, int]]]:
        """Yield the tables of a name, in either language, with their place."""
        for name in names:
            found = self.content.get(name, [])
            found = [found] if isinstance(found, dict) else found
            if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
                self.fault(("", 1, name), f"is no table; expected sections [[{name}]]")
                continue
            yield from ((each, (name, position)) for position, each in enumerate(found, 1))

    def values(
        self,
        given: Mapping[str, Any],
        fields: Sequence[Field],
        place: tuple[str, int],
        *,
        within: str = "",
        others: Sequence[str] = (),
    ) -> dict[str, Any] | None:
        """Return the values of the keys of one table, None where one is missing or wrong.

        Parameters
        ----------
        given
            The table.
        fields
            The keys that it may have.
        place
            Name and number of the table of the file.
        within
            Key of that table in which it stands, where it is an inner one.
        others
            Keys that the caller reads itself.
        """
        before = len(self.faults)
        found: dict[str, Any] = {}
        known = {name: field for field in fields for name in field.names}
        for key, value in given.items():
            where = (*place, within or key)
            said = f"({key!r}) " if within else ""
            if key in others:
                continue
            if key not in known:
                near = difflib.get_close_matches(key, [*known, *others], 1, cutoff=0.6)
                hint = f"; is it {near[0]!r}?" if near else f"; expected {', '.join(known)}"
                self.fault(where, f"{said}is not known{hint}")
                continue
            field = known[key]
            if field.name in found:
                self.fault(where, f"{said}says again what another key says; keep one of them")
                continue
            try:
                found[field.name] = field.read(value)
            except Fault as fault:
                self.fault(where, f"{said}is {value!r}; expected {fault}")
        for field in fields:
            there = any(name in given for name in field.names)
            if field.required and not there:
                where = (*place, within or field.french)
                said = f"({field.french!r}) " if within else ""
                self.fault(where, f"{said}is missing; add {field.french} = ...")
        return found if len(self.faults) == before else None

    def made(
        self, make: Callable[..., T], values: Mapping[str, Any] | None, place: tuple[str, int]
    ) -> T | None:
        """Return a value of some fields, None with a fault where they do not go together."""
        if values is None:
            return None
        try:
            return make(**values)
        except OptionError as error:
            fields = {field.name: field for field in (*OBJECTIVE, *ACTION)}
            field = fields.get(error.option)
            names = [error.option] if field is None else field.names
            key = next((name for name in names if (*place, name) in self.lines), "")
            self.fault((*place, key), f"is {error.value}; expected {error.expected}")
            return None


def read_parts(
    path: Path,
) -> tuple[Organisation, tuple[Objective, ...], tuple[Action, ...]]:
    """Return what a strategy file holds.

    Raises
    ------
    FileFormatError
        As `Strategy.read`.
    """
    tables = _parsed(path)
    known = ("organisation", "objectif", "objective", "action", *EXTRA)
    for key in tables.content:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1, cutoff=0.6)
            hint = f"; is it {near[0]!r}?" if near else f"; expected {', '.join(known)}"
            place = (key, 1, "") if (key, 1, "") in tables.lines else ("", 1, key)
            tables.fault(place, f"is not known{hint}")
    organisations = [
        tables.made(Organisation, tables.values(each, ORGANISATION, place), place)
        for each, place in tables.each(("organisation",))
    ]
    objectives = {
        place: tables.made(Objective, tables.values(each, OBJECTIVE, place), place)
        for each, place in tables.each(("objectif", "objective"))
    }
    actions = {place: _action(tables, each, place) for each, place in tables.each(("action",))}
    _check_names(tables, objectives, actions)
    if tables.faults:
        told = "; ".join(message for _, message in sorted(tables.faults))
        raise FileFormatError(str(path), told)
    return (
        next(filter(None, organisations), Organisation()),
        tuple(filter(None, objectives.values())),
        tuple(filter(None, actions.values())),
    )


#: Tables of the file that other modules read.
EXTRA = ("scenario", "hypothese", "assumption", "mix")


def _parsed(path: Path) -> Tables:
    try:
        text_of_file = path.read_bytes().decode("utf-8-sig")
        content = tomllib.loads(text_of_file)
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error}); expected a strategy in TOML"
        raise FileFormatError(str(path), reason) from error
    except UnicodeDecodeError as error:
        reason = "is not in UTF-8, as TOML is; save it in that encoding"
        raise FileFormatError(str(path), reason) from error
    except RecursionError as error:
        reason = "holds values inside values too deep to be a strategy"
        raise FileFormatError(str(path), reason) from error
    except tomllib.TOMLDecodeError as error:
        reason = f"is no TOML: {error}; correct the line (texts stand in quotation marks)"
        raise FileFormatError(str(path), reason) from error
    return Tables(content, lines_of(text_of_file))


def _action(tables: Tables, given: Mapping[str, Any], place: tuple[str, int]) -> Action | None:
    """Return an action, with its effects and its steps."""
    parts = ("attendu", "expected", "mesure", "measured", "etapes", "steps")
    values = tables.values(given, ACTION, place, others=parts)
    inner: dict[str, object] = {}
    for names in (("attendu", "expected"), ("mesure", "measured")):
        for key in filter(given.__contains__, names):
            if not isinstance(given[key], dict):
                tables.fault((*place, key), f"is {given[key]!r}; expected {{ tonnes = 1.2, ... }}")
                continue
            found = tables.values(given[key], EFFECT, place, within=key)
            if found is not None:
                inner[names[1]] = Effect(**found)
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
    return tables.made(Action, {**values, **inner, "steps": made}, place)


def _check_names(
    tables: Tables,
    objectives: Mapping[tuple[str, int], Objective | None],
    actions: Mapping[tuple[str, int], Action | None],
) -> None:
    """Add the faults of names that stand twice, and of those that lead nowhere."""
    if tables.faults:
        return  # what is said of the others would follow from what is wrong already
    for parts in (objectives, actions):
        seen: set[str] = set()
        for place, part in parts.items():
            if part is not None and part.id in seen:
                tables.fault((*place, "id"), f"is {part.id!r}, which another has too")
            seen |= set() if part is None else {part.id}
    known = {each.id for each in objectives.values() if each is not None}
    for place, action in actions.items():
        for each in () if action is None else action.objectives:
            if each in known:
                continue
            near = difflib.get_close_matches(each, known, 1, cutoff=0.4)
            hint = f"; is it {near[0]!r}?" if near else ""
            names = (name for name in ("objectifs", "objectives") if (*place, name) in tables.lines)
            tables.fault((*place, next(names, "")), f"names {each!r}, which is not there{hint}")
