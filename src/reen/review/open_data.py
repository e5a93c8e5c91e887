"""Open data: the review as tables that anybody may reuse, with their description.

Input: a `ReviewYear`.  Output: CSV files (UTF-8, commas) and `datapackage.json` (Table Schema),
under Licence Ouverte 2.0.  No identifier, no name; cells of fewer than five items are merged.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from reen.gate.characters import inert
from reen.monitoring.values import IndicatorValue
from reen.review.cells import LEAST, OTHERS, Cell, Key, cells_of, counts_of, ends_of_cells, merged
from reen.review.figures import NO_FLEET
from reen.review.fleet_rows import fleet_rows
from reen.review.open_data_tables import TABLES, TITLES
from reen.review.wording import ACTION_STATES, STATES
from reen.review.year import CLIMATE, ReviewYear
from reen.strategy.judging import Standing

__all__ = ["open_data"]

Row = Mapping[str, object]


def open_data(review: ReviewYear) -> dict[str, bytes]:
    """Return the files by name; a table without rows is left out, and named in the description."""
    cells = cells_of(review.rows(), review.now.inventory)
    fleet = merged(counts_of(cell for cell in cells if cell.kind not in NO_FLEET))
    made: dict[str, list[Row]] = {
        "empreinte": list(_footprint(review, cells)),
        "parc": list(fleet_rows(review)),
        "indicateurs": list(_indicators(review)),
        "objectifs": [_objective(each) for each in review.standings],
        "actions": list(_actions(review)),
        "evolution": list(_change(review, fleet)),
        "agec58": list(_reuse(review)),
        "beges": list(_beges(review)),
    }
    whose = {"siren": review.plan.organisation.siren, "annee": review.year}
    there = {name: [whose | dict(row) for row in rows] for name, rows in made.items() if rows}
    absent = [name for name in made if name not in there]
    found = {f"{name}.csv": _csv(name, rows) for name, rows in there.items()}
    package = _package(review, tuple(there), absent)
    text = json.dumps(package, ensure_ascii=False, indent=2)
    return found | {"datapackage.json": (text + "\n").encode()}


# -- tables ----------------------------------------------------------------------------------


def _footprint(review: ReviewYear, cells: Sequence[Cell]) -> Iterator[Row]:
    kinds = {cell.kind for cell in cells}
    places = {kind: merged(counts_of(c for c in cells if c.kind == kind)) for kind in kinds}
    about, account = review.now.footprint.provenance, review.now.footprint.account
    grows = CLIMATE in review.now.footprint.nonnegative and not account.doubts
    unit = review.now.footprint.unit(CLIMATE) if CLIMATE in review.now.footprint.criteria else ""
    sums: dict[tuple[str, str, str], list[float | None]] = {}
    # of each key: the items of the sets that it stands for, whichever stage assesses them
    sizes: dict[tuple[str, Key], dict[Key, float]] = {}
    kinds_of: dict[tuple[str, str, str], set[str]] = {}
    for cell in cells:
        mine = (cell.entity, cell.equipment_type)
        at = places[cell.kind][mine]
        sizes.setdefault((cell.kind, at), {})[mine] = cell.whole.total
        key = (*at, cell.stage)
        kinds_of.setdefault(key, set()).add(cell.kind)
        found = sums.setdefault(key, [None, 0.0, 0.0, 0.0])
        if cell.value is not None:
            found[0] = (found[0] or 0.0) + cell.value
        given = (cell.assessed, cell.left_out, float(cell.unknown_rows))
        for place, value in enumerate(given, 1):
            found[place] = (found[place] or 0.0) + value
    ends = ends_of_cells(review.now.footprint, cells, places)
    for (entity, kind, stage), found in sorted(sums.items()):
        low, high = ends.get((entity, kind, stage), (None, None))
        yield {
            "entite": entity,
            "categorie": kind,
            "etape": stage,
            "critere": CLIMATE,
            "valeur": found[0],
            "unite": unit,
            "borne_basse": low,
            "borne_haute": high,
            "minimum": grows and bool(found[2] or found[3] or account.refused),
            "methode": about.method,
            "version": about.method_version,
            "facteurs_hash": about.hash,
            "equipements": math.fsum(
                number
                for flow in kinds_of[entity, kind, stage]
                for number in sizes[flow, (entity, kind)].values()
            ),
            "evalues": found[1],
            "non_evalues": found[2],
        }


def _indicators(review: ReviewYear) -> Iterator[Row]:
    for value in review.indicators:
        hidden = _hidden(value)
        low, high = value.ends
        target = value.target
        row: dict[str, object] = {
            "periode_debut": value.period.start,
            "periode_fin": value.period.end,
            "axe": review.registry.indicator(value.indicator).axis,
            "indicateur": value.indicator,
            "titre": value.title_fr,
            "perimetre": value.subject,
            "unite": value.unit,
            "cible": None if target is None else target.value,
            "source_cible": None if target is None else target.source_fr or target.source,
            "etat": "secret" if hidden else "non calculé" if value.value is None else "calculé",
        }
        if not hidden:
            counted = value.completeness
            row |= {
                "valeur": value.value,
                "borne_basse": low,
                "borne_haute": high,
                "numerateur": value.numerator,
                "denominateur": value.denominator,
                "connu": None if counted is None else counted.known,
                "total": None if counted is None else counted.total,
            }
        yield row


def _hidden(value: IndicatorValue) -> bool:
    """Tell whether a value is of a part of fewer than five items."""
    counted = value.completeness
    if not value.subject or counted is None or counted.unit != "item":
        return False
    return counted.total < LEAST


def _objective(each: Standing) -> Row:
    of = each.objective
    return {
        "objectif": of.id,
        "titre": of.title,
        "axe": of.axis,
        "indicateur": of.indicator,
        "reference_annee": of.baseline_year,
        "reference": each.baseline,
        "attendu": each.expected,
        "constate": each.found,
        "cible_annee": of.target_year,
        "cible": of.target,
        "unite": of.unit,
        "source": of.source,
        "etat": STATES[each.state].text("fr"),
    }


def _actions(review: ReviewYear) -> Iterator[Row]:
    if review.strategy is None:
        return
    late = {each.id for each in review.late}
    for each in review.strategy.actions:
        expected, measured = each.expected, each.measured
        yield {
            "action": each.id,
            "titre": each.title,
            "axe": each.axis,
            "responsable": each.owner,
            "etat": ACTION_STATES[each.state].text("fr"),
            "en_retard": each.id in late,
            "debut": each.start,
            "fin": each.end,
            "tonnes_attendues": None if expected is None else expected.tonnes,
            "tonnes_mesurees": None if measured is None else measured.tonnes,
            "kwh_attendus": None if expected is None else expected.kwh,
            "kwh_mesures": None if measured is None else measured.kwh,
        }


def _change(review: ReviewYear, places: Mapping[Key, Key]) -> Iterator[Row]:
    change = review.change
    if change is None or CLIMATE not in change.criteria:
        return
    keys = ("cause", "detail", "stage", "equipment_type", *change.by)
    sums: dict[tuple[str, ...], float] = {}
    for key, value in change.sums(*keys, criterion=CLIMATE).items():
        cause, detail, stage, kind, *group = (str(each or "") for each in key)
        entity = group[0] if group else ""
        # what only the other year has is not among the cells of this one: it joins the others
        place = places.get((entity, kind), (OTHERS, OTHERS)) if group or kind else (entity, kind)
        made = (*place, stage, cause, detail)
        sums[made] = sums.get(made, 0.0) + value
    for (entity, kind, stage, cause, detail), value in sorted(sums.items()):
        yield {
            "annee_a": review.year - 1,
            "annee_b": review.year,
            "entite": entity,
            "categorie": kind,
            "etape": stage,
            "cause": cause,
            "detail": detail,
            "valeur": value,
            "unite": change.unit(CLIMATE),
        }


def _reuse(review: ReviewYear) -> Iterator[Row]:
    for value in review.indicators:
        counted = value.completeness
        if (value.indicator, value.subject) != ("reuse_in_spending", "") or counted is None:
            continue
        yield {
            "depenses_reemploi": value.numerator,
            "depenses_connues": counted.known,
            "depenses_totales": counted.total,
            "part": value.value,
            "borne_basse": value.ends[0],
            "borne_haute": value.ends[1],
        }


def _beges(review: ReviewYear) -> Iterator[Row]:
    for line in () if review.beges is None else review.beges.lines:
        yield {
            "poste_v5": line.code,
            "titre": line.title.text("fr"),
            "valeur": None if math.isnan(line.value) else line.value,
            "unite": "kgCO2e",
            "incertitude": line.uncertainty,
            "manque": bool(line.missing),
        }


# -- files -----------------------------------------------------------------------------------


def _csv(name: str, rows: Iterable[Row]) -> bytes:
    given = io.StringIO()
    writer = csv.writer(given, lineterminator="\n")
    writer.writerow([column for column, _, _ in TABLES[name]])
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column, _, _ in TABLES[name]])
    return given.getvalue().encode()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return inert(value)
    unknown = value is None or (isinstance(value, float) and not math.isfinite(value))
    return "" if unknown else value


def _package(review: ReviewYear, names: Iterable[str], absent: Iterable[str]) -> dict[str, object]:
    who = attrs.asdict(review.plan.organisation)
    return {
        "profile": "tabular-data-package",
        "name": f"bilan-numerique-responsable-{review.year}",
        "title": f"{who['name']} : bilan {review.year} de la stratégie numérique responsable",
        "description": "Tables absentes faute de données : " + ", ".join(absent) + ". Les ensembles"
        " de moins de cinq équipements sont réunis sous (autres) ; un indicateur qui en compte"
        " moins de cinq n'est pas publié.",
        "licenses": [
            {
                "name": "etalab-2.0",
                "title": "Licence Ouverte 2.0",
                "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
            }
        ],
        "resources": [_resource(name) for name in names],
    }


def _resource(name: str) -> dict[str, object]:
    return {
        "name": name,
        "title": TITLES[name],
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [
                {"name": column, "type": kind, "description": said}
                for column, kind, said in TABLES[name]
            ]
        },
    }
