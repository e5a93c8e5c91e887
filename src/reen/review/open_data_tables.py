"""Tables of the open data: their columns, types of Table Schema and titles, in French.

Values only: what `open_data` fills, and what `datapackage.json` says of it.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TABLES", "TITLES"]

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
        (
            "borne_basse",
            _NUMBER,
            "Borne basse à 95 % ; vide si trop peu de facteurs publient une incertitude",
        ),
        (
            "borne_haute",
            _NUMBER,
            "Borne haute à 95 % ; vide si trop peu de facteurs publient une incertitude",
        ),
        ("minimum", _FLAG, "Vrai si la valeur ne peut être que plus élevée"),
        ("methode", _TEXT, "Méthode"),
        ("version", _TEXT, "Version de la méthode"),
        ("facteurs_hash", _TEXT, "Empreinte du résultat et de ses facteurs"),
        (
            "equipements",
            _NUMBER,
            "Équipements de l'ensemble, évalués à cette étape ou à une autre, ou non",
        ),
        ("evalues", _NUMBER, "Équipements évalués à cette étape"),
        ("non_evalues", _NUMBER, "Équipements non évalués"),
    ),
    "parc": (
        ("siren", _TEXT, "Numéro SIREN de la collectivité"),
        ("annee", _YEAR, "Année"),
        ("entite", _TEXT, "Entité"),
        ("categorie", _TEXT, "Type d'équipement"),
        ("statut", _TEXT, "Statut ; (autres) réunit les petits ensembles"),
        ("nombre", _NUMBER, "Équipements, là où leur nombre est connu"),
        ("lignes_sans_nombre", _WHOLE, "Lignes de l'inventaire dont le nombre n'est pas connu"),
        ("age_moyen", _NUMBER, "Âge moyen en années, là où la date d'achat est connue"),
        (
            "classe_age",
            _TEXT,
            "Classe d'âge de l'équipement médian ; vide si moins de cinq âges sont connus",
        ),
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
#: Title of each table.
TITLES: Mapping[str, str] = {
    "beges": "Lignes du bilan des émissions de gaz à effet de serre (BEGES v5)",
    "empreinte": "Empreinte par entité, type et étape",
    "parc": "Parc par entité, type et statut",
    "indicateurs": "Indicateurs de la stratégie",
    "objectifs": "Objectifs et leur état",
    "actions": "Actions",
    "evolution": "Évolution depuis l'année précédente, par cause",
    "agec58": "Achats issus du réemploi (loi AGEC, article 58)",
}
