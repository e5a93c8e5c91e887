"""Plans of a review: whose it is, which files each year has, what it is measured with.

Input: a TOML file.  Output: an immutable value, every path found from the folder of the file.
Reads no inventory and measures nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from reen.errors import OptionError
from reen.gate.reads import is_there
from reen.reasons import Reason, say
from reen.strategy.fields import Field, amount, day, flag, text, texts, whole
from reen.strategy.organisation import Organisation
from reen.strategy.strategy_reading import ORGANISATION
from reen.strategy.toml_tables import Tables, not_known
from reen.vocabulary.countries import resolve_country
from reen.vocabulary.text import normalise

__all__ = ["Entity", "Narrative", "Plan", "YearFiles", "read_plan"]

_YEAR = whole(1990, 2100)

_FRENCH = {
    "mapping": "correspondances",
    "previous": "bilan_precedent",
    "strategy": "strategie",
}

SETTINGS = (
    Field("method", "methode", text, required=True),
    Field("strategy", "strategie", text),
    Field("comparison", "comparaison", texts),
    Field("previous", "bilan_precedent", text),
    Field("baseline_year", "annee_reference", _YEAR),
    Field("country", "pays", text),
    Field("mapping", "correspondances", texts),
)
YEAR = (
    Field("year", "annee", _YEAR, required=True),
    Field("files", "fichiers", texts, required=True),
    Field("as_of", "date", day),
    Field("mapping", "correspondances", texts),
    Field("agents", "effectif", amount),
)
ENTITY = (
    Field("name", "entite", text, required=True),
    Field("inside", "inclus", flag, required=True),
    Field("why", "raison", text),
)
NARRATIVE = (
    Field("year", "annee", _YEAR, required=True),
    Field("axis", "axe", whole(0, 6), required=True),
    Field("text", "texte", text, required=True),
)
_TABLES = {
    "organisation": ("organisation",),
    "review": ("bilan", "review"),
    "year": ("annee", "year"),
    "perimeter": ("perimetre", "perimeter"),
    "narrative": ("recit", "narrative"),
}


@attrs.frozen(kw_only=True)
class YearFiles:
    """The files of one year.

    Attributes
    ----------
    year
        The year.
    files
        Files and folders: fleet, purchases, disposals, headcount...
    as_of
        Day on which the fleet is looked at; the last of the year when nobody said.
    agents
        Agents at the end of the year, for a year whose files hold no headcount.
    mapping
        Mappings of the files of the year: saved ones, or answered worklists.
    """

    year: int
    files: tuple[Path, ...]
    as_of: dt.date
    agents: float | None = None
    mapping: tuple[Path, ...] = ()

    @property
    def period(self) -> tuple[dt.date, dt.date]:
        """Return the first and last day of the year."""
        return dt.date(self.year, 1, 1), dt.date(self.year, 12, 31)


@attrs.frozen(kw_only=True)
class Entity:
    """A body that is inside the review, or outside of it, and why."""

    name: str
    inside: bool
    why: str = ""


@attrs.frozen(kw_only=True)
class Narrative:
    """A comment of the authority on an axis of its strategy in a year (0: on the whole)."""

    year: int
    axis: int
    text: str


@attrs.frozen(kw_only=True)
class Plan:
    """What a review is made of.

    Attributes
    ----------
    path
        The file that says so.
    organisation
        Whose it is.
    method, comparison
        Method of the figures, and those whose totals stand beside.
    strategy
        File of the strategy; None when there is none.
    previous
        ``review.json`` of the year before; None when there is none.
    baseline_year
        Year that the strategy counts from; None when nobody said.
    country
        Country of the rows that name none; None when nobody said, and their electricity is left
        out then.
    mapping
        Mappings of the files of every year, before those of a year.
    years
        Files by year, in order.
    perimeter
        Who is inside and who is not.
    narratives
        What is said of the axes.
    """

    path: Path
    organisation: Organisation
    method: str
    comparison: tuple[str, ...] = ()
    strategy: Path | None = None
    previous: Path | None = None
    baseline_year: int | None = None
    country: str | None = None
    mapping: tuple[Path, ...] = ()
    years: tuple[YearFiles, ...]
    perimeter: tuple[Entity, ...] = ()
    narratives: tuple[Narrative, ...] = ()

    def year(self, year: int) -> YearFiles:
        """Return the files of a year.

        Raises
        ------
        OptionError
            The plan has none of that year.
        """
        found = self.find(year)
        if found is None:
            known = ", ".join(str(each.year) for each in self.years)
            expected = Reason("error_year_add_section_annee", name=self.path.name, known=known)
            raise OptionError("review", "year", str(year), expected)
        return found

    def find(self, year: int | None) -> YearFiles | None:
        """Return the files of a year, None when there are none."""
        return next((each for each in self.years if each.year == year), None)


def read_plan(path: Path, *, methods: Sequence[str]) -> Plan:
    """Read the plan of a TOML file, its keys in French or in English.

    Parameters
    ----------
    path
        The file.
    methods
        Names of the methods that there are.

    Raises
    ------
    FileFormatError
        The file cannot be read, is no TOML, or says what no review can: every fault is named, with
        its line, its key, what was expected and how to mend it.
    """
    tables = Tables.read(path, say("what_review"))
    tables.check_names([name for names in _TABLES.values() for name in names])
    whose = [
        tables.made(Organisation, tables.values(each, ORGANISATION, place), place, ORGANISATION)
        for each, place in tables.once(_TABLES["organisation"])
    ]
    if not whose:
        tables.fault(("organisation", 1, ""), say("fault_organisation"))
    settings = _settings(tables, path.parent, methods)
    years = _years(tables, path.parent)
    entities = _entities(tables)
    said = [
        Narrative(**found)
        for each, place in tables.each(_TABLES["narrative"])
        if (found := tables.values(each, NARRATIVE, place)) is not None
    ]
    tables.refuse_faults(path)
    organisation = whose[0] or Organisation()
    return Plan(
        path=path,
        organisation=organisation,
        years=tuple(years),
        perimeter=tuple(entities),
        narratives=tuple(said),
        **settings,
    )


def _settings(tables: Tables, folder: Path, methods: Sequence[str]) -> dict[str, Any]:
    """Return the settings of the section [bilan], with its paths."""
    found: dict[str, Any] = {}
    sections = list(tables.once(_TABLES["review"]))
    if not sections:
        tables.fault(("bilan", 1, ""), say("fault_bilan"))
    for each, place in sections:
        found |= tables.values(each, SETTINGS, place) or {}
        _check_methods(tables, found, place, methods)
        for name in ("strategy", "previous"):
            if name in found:
                found[name] = _existing(tables, folder, str(found[name]), place, name)
        if "mapping" in found:
            found["mapping"] = _mappings(tables, folder, found["mapping"], place)
        if found.get("country"):
            found["country"] = code = resolve_country(found["country"])
            if code is None:
                tables.fault((*place, "pays"), say("fault_country"))
    return found


def _check_methods(
    tables: Tables, found: Mapping[str, Any], place: tuple[str, int], methods: Sequence[str]
) -> None:
    """Add a fault for each method that there is not: a misspelt one is no method that failed."""
    for keys, names in (
        (("methode", "method"), [found["method"]] if "method" in found else []),
        (("comparaison", "comparison"), found.get("comparison", ())),
    ):
        key = next((each for each in keys if (*place, each) in tables.lines), keys[0])
        for name in names:
            if name not in methods:
                tables.fault(
                    (*place, key),
                    say("fault_names_unknown", name=name, text=not_known(name, methods)),
                )


def _mappings(
    tables: Tables, folder: Path, names: tuple[str, ...], place: tuple[str, int]
) -> tuple[Path, ...]:
    return tuple(_existing(tables, folder, name, place, "mapping") for name in names)


def _years(tables: Tables, folder: Path) -> list[YearFiles]:
    """Return the years, each once, in order."""
    found: dict[int, YearFiles] = {}
    sections = list(tables.each(_TABLES["year"]))
    if not sections:
        tables.fault(("annee", 1, ""), say("fault_annee"))
    for each, place in sections:
        values = tables.values(each, YEAR, place)
        if values is None:
            continue
        year = int(values["year"])
        if year in found:
            tables.fault((*place, "annee"), say("fault_year_twice", year=year))
            continue
        if not values["files"]:
            said = say("fault_no_files")
            tables.fault((*place, "fichiers"), said)
        files = tuple(
            _existing(tables, folder, name, place, "fichiers") for name in values["files"]
        )
        as_of = values.get("as_of") or dt.date(year, 12, 31)
        if as_of.year != year:
            tables.fault((*place, "date"), say("fault_day_of", day=str(as_of), year=year))
        found[year] = YearFiles(
            year=year,
            files=files,
            as_of=as_of,
            agents=values.get("agents"),
            mapping=_mappings(tables, folder, values.get("mapping", ()), place),
        )
    return [found[year] for year in sorted(found)]


def _entities(tables: Tables) -> list[Entity]:
    """Return the entities inside and outside of the perimeter, each once."""
    found: dict[str, Entity] = {}
    for each, place in tables.each(_TABLES["perimeter"]):
        values = tables.values(each, ENTITY, place)
        if values is None:
            continue
        entity = Entity(**values)
        other = found.setdefault(normalise(entity.name), entity)
        if other is not entity:
            code = "fault_entity_twice" if other.inside == entity.inside else "fault_entity_in_out"
            key = next((name for name in ("entite", "name") if (*place, name) in tables.lines), "")
            tables.fault((*place, key), say(code, name=entity.name))
    return list(found.values())


def _existing(tables: Tables, folder: Path, name: str, place: tuple[str, int], key: str) -> Path:
    """Return a path from the folder of the plan; a fault where nothing is there."""
    path = folder / name
    if not is_there(path):
        french = _FRENCH.get(key, key)
        here = next((each for each in (french, key) if (*place, each) in tables.lines), french)
        said = say("fault_not_in_folder", name=name, folder=str(folder))
        tables.fault((*place, here), said)
    return path
