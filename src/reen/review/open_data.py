"""Open data: the review as tables that anybody may reuse, with their description.

Input: a `YearReview`.  Output: CSV files (UTF-8, commas) and `datapackage.json` (Table Schema),
under Licence Ouverte 2.0.  No identifier, no name; cells of fewer than five items are merged.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from reen.monitoring.values import IndicatorValue
from reen.review.cells import LEAST, OTHERS, Cell, Key, cells_of, counts_of, merged
from reen.review.figures import NO_FLEET
from reen.review.later_sections import ACTION_STATES
from reen.review.review import CLIMATE, YearReview
from reen.review.sections import STATES
from reen.strategy.judging import Standing

__all__ = ["open_data"]

Row = Mapping[str, object]

_TEXT, _NUMBER, _WHOLE, _FLAG, _DATE, _YEAR = (
    "string", "number", "integer", "boolean", "date", "year",
)  # fmt: skip

#: Columns of each table: name, type of Table Schema, what it is.
TABLES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "empreinte": (
        ("siren", _TEXT, "Numéro SIREN de la collectivité"),
        ("annee", _YEAR, "Année"),
        ("entite", _TEXT, "Entité ; (autres) réunit celles de moins de cinq équipements"),
        ("categorie", _TEXT, "Type d'équipement, mot du vocabulaire de reen"),
        ("etape", _TEXT, "Étape du cycle de vie"),
        ("critere", _TEXT, "Critère d'impact"),
        ("valeur", _NUMBER, "Impact sur une année ; vide si rien n'est évalué"),
        ("unite", _TEXT, "Unité de la valeur"),
        ("minimum", _FLAG, "Vrai si la valeur ne peut être que plus élevée"),
        ("methode", _TEXT, "Méthode"),
        ("version", _TEXT, "Version de la méthode"),
        ("facteurs_hash", _TEXT, "Empreinte du résultat et de ses facteurs"),
        ("equipements", _NUMBER, "Équipements à compter"),
        ("evalues", _NUMBER, "Équipements évalués"),
        ("non_evalues", _NUMBER, "Équipements non évalués"),
    ),
    "parc": (
        ("siren", _TEXT, "Numéro SIREN de la collectivité"),
        ("annee", _YEAR, "Année"),
        ("entite", _TEXT, "Entité"),
        ("categorie", _TEXT, "Type d'équipement"),
        ("statut", _TEXT, "Statut ; (autres) réunit les petits ensembles"),
        ("nombre", _NUMBER, "Équipements"),
        ("age_moyen", _NUMBER, "Âge moyen en années, là où la date d'achat est connue"),
        ("duree_prevue", _NUMBER, "Durée de vie prévue, moyenne en années"),
        ("kwh_an", _NUMBER, "Consommation annuelle moyenne par équipement, en kWh"),
        ("part_reconditionne", _NUMBER, "Part des équipements reconditionnés, de 0 à 1"),
    ),
    "indicateurs": (
        ("siren", _TEXT, "Numéro SIREN de la collectivité"),
        ("periode_debut", _DATE, "Premier jour"),
        ("periode_fin", _DATE, "Dernier jour"),
        ("axe", _WHOLE, "Axe de la stratégie, 0 pour l'ensemble"),
        ("indicateur", _TEXT, "Nom de l'indicateur"),
        ("titre", _TEXT, "Titre"),
        ("perimetre", _TEXT, "Partie dont il s'agit ; vide pour l'ensemble"),
        ("valeur", _NUMBER, "Valeur ; vide si elle n'est pas calculée ou pas publiée"),
        ("unite", _TEXT, "Unité"),
        ("borne_basse", _NUMBER, "Borne basse de la valeur vraie"),
        ("borne_haute", _NUMBER, "Borne haute de la valeur vraie"),
        ("numerateur", _NUMBER, "Numérateur"),
        ("denominateur", _NUMBER, "Dénominateur"),
        ("connu", _NUMBER, "Ce dont les données sont connues"),
        ("total", _NUMBER, "Tout ce qui devrait être compté"),
        ("cible", _NUMBER, "Cible légale"),
        ("source_cible", _TEXT, "Source de la cible"),
        ("etat", _TEXT, "calculé, non calculé, ou secret (moins de cinq équipements)"),
    ),
    "objectifs": (
        ("siren", _TEXT, "Numéro SIREN de la collectivité"),
        ("annee", _YEAR, "Année jugée"),
        ("objectif", _TEXT, "Identifiant"),
        ("titre", _TEXT, "Titre"),
        ("axe", _WHOLE, "Axe, 0 pour l'ensemble"),
        ("indicateur", _TEXT, "Indicateur"),
        ("reference_annee", _YEAR, "Année de référence"),
        ("reference", _NUMBER, "Valeur de référence"),
        ("attendu", _NUMBER, "Valeur attendue dans l'année"),
        ("constate", _NUMBER, "Valeur constatée"),
        ("cible_annee", _YEAR, "Année de la cible"),
        ("cible", _NUMBER, "Cible"),
        ("unite", _TEXT, "Unité"),
        ("source", _TEXT, "Source de l'objectif"),
        ("etat", _TEXT, "atteint, en bonne voie, en retard, hors trajectoire ou indéterminé"),
    ),
    "actions": (
        ("siren", _TEXT, "Numéro SIREN de la collectivité"),
        ("annee", _YEAR, "Année"),
        ("action", _TEXT, "Identifiant"),
        ("titre", _TEXT, "Titre"),
        ("axe", _WHOLE, "Axe, 0 pour l'ensemble"),
        ("responsable", _TEXT, "Fonction responsable"),
        ("etat", _TEXT, "prévue, en cours, faite ou abandonnée"),
        ("en_retard", _FLAG, "En retard à la fin de l'année"),
        ("debut", _DATE, "Premier jour"),
        ("fin", _DATE, "Dernier jour"),
        ("tonnes_attendues", _NUMBER, "tCO2e évitées par an, attendues"),
        ("tonnes_mesurees", _NUMBER, "tCO2e évitées par an, mesurées"),
        ("kwh_attendus", _NUMBER, "kWh évités par an, attendus"),
        ("kwh_mesures", _NUMBER, "kWh évités par an, mesurés"),
    ),
    "evolution": (
        ("siren", _TEXT, "Numéro SIREN de la collectivité"),
        ("annee_a", _YEAR, "Première année"),
        ("annee_b", _YEAR, "Seconde année"),
        ("entite", _TEXT, "Entité"),
        ("categorie", _TEXT, "Type d'équipement"),
        ("etape", _TEXT, "Étape ; vide pour l'ensemble"),
        ("cause", _TEXT, "Cause"),
        ("detail", _TEXT, "Détail de la cause"),
        ("valeur", _NUMBER, "Effet ; leur somme est l'écart"),
        ("unite", _TEXT, "Unité"),
    ),
    "agec58": (
        ("siren", _TEXT, "Numéro SIREN de la collectivité"),
        ("annee", _YEAR, "Année"),
        ("depenses_reemploi", _NUMBER, "Dépenses issues du réemploi, en euros hors taxes"),
        ("depenses_connues", _NUMBER, "Dépenses dont l'origine est connue"),
        ("depenses_totales", _NUMBER, "Dépenses de la catégorie"),
        ("part", _NUMBER, "Part du réemploi, en %"),
        ("borne_basse", _NUMBER, "Borne basse de la part, en %"),
        ("borne_haute", _NUMBER, "Borne haute de la part, en %"),
    ),
    "beges": (
        ("siren", _TEXT, "Numéro SIREN de la collectivité"),
        ("annee", _YEAR, "Année"),
        ("poste_v5", _TEXT, "Poste du BEGES, version 5"),
        ("titre", _TEXT, "Titre du poste"),
        ("valeur", _NUMBER, "Émissions ; vide si rien n'y est compté"),
        ("unite", _TEXT, "Unité"),
        ("incertitude", _NUMBER, "Incertitude relative à 95 %, de 0 à 1"),
        ("manque", _FLAG, "Vrai si une partie du poste n'a pas pu être comptée"),
    ),
}
_TITLES = {
    "beges": "Lignes du bilan des émissions de gaz à effet de serre (BEGES v5)",
    "empreinte": "Empreinte par entité, type et étape",
    "parc": "Parc par entité, type et statut",
    "indicateurs": "Indicateurs de la stratégie",
    "objectifs": "Objectifs et leur état",
    "actions": "Actions",
    "evolution": "Évolution depuis l'année précédente, par cause",
    "agec58": "Achats issus du réemploi (loi AGEC, article 58)",
}


def open_data(review: YearReview) -> dict[str, bytes]:
    """Return the files by name; a table without rows is left out, and named in the description."""
    cells = cells_of(review.rows(), review.now.inventory)
    fleet = merged(counts_of(cell for cell in cells if cell.kind not in NO_FLEET))
    made: dict[str, list[Row]] = {
        "empreinte": list(_footprint(review, cells)),
        "parc": list(_fleet(review)),
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


def _footprint(review: YearReview, cells: Sequence[Cell]) -> Iterator[Row]:
    kinds = {cell.kind for cell in cells}
    places = {kind: merged(counts_of(c for c in cells if c.kind == kind)) for kind in kinds}
    about, account = review.now.footprint.provenance, review.now.footprint.account
    grows = CLIMATE in review.now.footprint.nonnegative and not account.doubts
    unit = review.now.footprint.unit(CLIMATE) if CLIMATE in review.now.footprint.criteria else ""
    sums: dict[tuple[str, str, str], list[float | None]] = {}
    for cell in cells:
        key = (*places[cell.kind][cell.entity, cell.equipment_type], cell.stage)
        found = sums.setdefault(key, [None, 0.0, 0.0, 0.0, 0.0])
        if cell.value is not None:
            found[0] = (found[0] or 0.0) + cell.value
        given = (cell.items, cell.assessed, cell.left_out, float(cell.unknown_rows))
        for place, value in enumerate(given, 1):
            found[place] = (found[place] or 0.0) + value
    for (entity, kind, stage), found in sorted(sums.items()):
        yield {
            "entite": entity,
            "categorie": kind,
            "etape": stage,
            "critere": CLIMATE,
            "valeur": found[0],
            "unite": unit,
            "minimum": grows and bool(found[3] or found[4] or account.refused),
            "methode": about.method,
            "version": about.method_version,
            "facteurs_hash": about.hash,
            "equipements": found[1],
            "evalues": found[2],
            "non_evalues": found[3],
        }


def _fleet(review: YearReview) -> Iterator[Row]:
    table = review.now.inventory.table
    size = table.num_rows
    columns: dict[str, list[Any]] = {
        name: table.column(name).to_pylist() if name in table.column_names else [None] * size
        for name in (
            "entity",
            "equipment_type",
            "status",
            "quantity",
            "purchase_date",
            "lifetime",
            "annual_energy",
            "reconditioned",
        )
    }
    if "quantity" not in table.column_names:
        columns["quantity"] = [1.0] * size
    groups: dict[Key, list[int]] = {}
    for place in range(size):
        kind = f"{columns['equipment_type'][place] or ''}\0{columns['status'][place] or ''}"
        groups.setdefault((columns["entity"][place] or "", kind), []).append(place)
    counts = {
        key: math.fsum(columns["quantity"][place] or 0.0 for place in rows)
        for key, rows in groups.items()
    }
    joined: dict[Key, list[int]] = {}
    for key, at in merged(counts).items():
        joined.setdefault(at, []).extend(groups[key])
    for (entity, kind), rows in sorted(joined.items()):
        title, _, status = kind.partition("\0")
        yield {
            "entite": entity,
            "categorie": title,
            "statut": OTHERS if kind == OTHERS else status,
            "nombre": math.fsum(columns["quantity"][row] or 0.0 for row in rows),
            "age_moyen": _mean(columns, rows, lambda row: _age(review, columns, row)),
            "duree_prevue": _mean(columns, rows, lambda row: columns["lifetime"][row]),
            "kwh_an": _mean(columns, rows, lambda row: columns["annual_energy"][row]),
            "part_reconditionne": _mean(columns, rows, lambda row: columns["reconditioned"][row]),
        }


def _age(review: YearReview, columns: Mapping[str, list[Any]], row: int) -> float | None:
    bought = columns["purchase_date"][row]
    return None if bought is None else (review.now.files.as_of - bought).days / 365.25


def _mean(columns: Mapping[str, list[Any]], rows: Iterable[int], value: Any) -> float | None:  # noqa: ANN401 - a function of a row
    """Return the mean over the items whose value is known, None where fewer than five are."""
    known = [(value(row), columns["quantity"][row] or 0.0) for row in rows]
    known = [(float(each), weight) for each, weight in known if each is not None]
    items = math.fsum(weight for _, weight in known)
    if items < LEAST:
        return None
    return round(math.fsum(each * weight for each, weight in known) / items, 4)


def _indicators(review: YearReview) -> Iterator[Row]:
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
            "source_cible": None if target is None else target.source,
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
        "etat": STATES[each.state],
    }


def _actions(review: YearReview) -> Iterator[Row]:
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
            "etat": ACTION_STATES[each.state],
            "en_retard": each.id in late,
            "debut": each.start,
            "fin": each.end,
            "tonnes_attendues": None if expected is None else expected.tonnes,
            "tonnes_mesurees": None if measured is None else measured.tonnes,
            "kwh_attendus": None if expected is None else expected.kwh,
            "kwh_mesures": None if measured is None else measured.kwh,
        }


def _change(review: YearReview, places: Mapping[Key, Key]) -> Iterator[Row]:
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


def _reuse(review: YearReview) -> Iterator[Row]:
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


def _beges(review: YearReview) -> Iterator[Row]:
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
    return "" if value is None else value


def _package(review: YearReview, names: Iterable[str], absent: Iterable[str]) -> dict[str, object]:
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
        "title": _TITLES[name],
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
