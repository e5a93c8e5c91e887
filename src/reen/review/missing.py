"""What lacks for a figure, in French: which file of the year was not given, which column is blank.

Input: the reason of a figure that could not be worked out.  Output: a few words that say what to
bring.  Decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from reen.reasons import Reason

__all__ = ["missing_text"]

_INPUTS: Mapping[str, str] = {
    "connected_objects": "les objets connectés",
    "contracts": "les marchés",
    "disposals": "les sorties de matériel",
    "energy_readings": "les relevés d'énergie",
    "events": "les événements",
    "footprint": "une empreinte",
    "headcount": "les effectifs",
    "inventory": "l'inventaire",
    "inventory_before": "l'inventaire de l'année précédente",
    "last_seen": "les derniers contacts des appareils",
    "maturity": "la grille de maturité",
    "projects": "les projets",
    "purchases": "les achats",
    "purchases_footprint": "l'empreinte des achats (une méthode qui la compte)",
    "repairs": "les réparations",
}


def missing_text(reason: Reason | None) -> str:
    """Return what lacks.

    Examples
    --------
    >>> missing_text(Reason("not_given", what="purchases, headcount"))
    'il manque les achats, les effectifs'
    """
    if reason is None:
        return ""
    if reason.code != "not_given":
        return reason.text("fr")
    given = str(reason.detail("what")).split(", ")
    return "il manque " + ", ".join(_INPUTS.get(each, each) for each in given)
