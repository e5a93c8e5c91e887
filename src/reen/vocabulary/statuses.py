"""Status words: what asset managers write, mapped to the closed list of the inventory schema.

Role: resolve "En service", "Réformé", "Ready to Deploy"... on distinct values.  The words are
those of French and English inventory tools (GLPI, OCS, Snipe-IT, Lansweeper, Workspace ONE) and
of hand-made sheets.  Imports only the text normaliser.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from reen.vocabulary.text import normalise

__all__ = ["resolve_status"]

_WORDS: Mapping[str, tuple[str, ...]] = {
    "in_use": (
        "in use",
        "en service",
        "en fonction",
        "actif",
        "active",
        "en production",
        "production",
        "installed",
        "installé",
        "operational",
        "opérationnel",
        "enrolled",
        "deployed",
        "déployé",
        "affecté",
        "attribué",
        "utilisé",
        "ok",
    ),
    "in_stock": (
        "in stock",
        "stock",
        "en stock",
        "stock neuf",
        "réserve",
        "en réserve",
        "spare",
        "ready to deploy",
        "deployable",
        "on order",
        "en commande",
        "pending",
        "registered never enrolled",
        "disponible",
    ),
    "loaned": ("loaned", "prêt", "prêté", "en prêt", "on loan"),
    "in_repair": (
        "in repair",
        "sav",
        "en sav",
        "en réparation",
        "maintenance",
        "en maintenance",
        "en panne",
        "broken",
    ),
    "retired": (
        "retired",
        "réformé",
        "hs",
        "hors service",
        "mis au rebut",
        "rebut",
        "recyclé",
        "cédé",
        "vendu",
        "sold",
        "donné",
        "scrapped",
        "disposed",
        "archived",
        "archivé",
        "not used",
        "old",
        "sorti",
        "sorti de l'inventaire",
        "à réformer",
    ),
    "lost": ("lost", "perdu", "volé", "stolen", "absent", "lost stolen", "missing"),
    "unknown": ("unknown", "inconnu", "non renseigné"),
}


@functools.cache
def _by_word() -> Mapping[str, str]:
    words = {normalise(word): status for status, group in _WORDS.items() for word in group}
    # French agreement: "Réformée", "Volées", "Prêtés" follow the masculine of the list.
    for word, status in list(words.items()):
        for ending in ("e", "s", "es"):
            words.setdefault(word + ending, status)
    return words


def resolve_status(text: str) -> str | None:
    """Return the status that `text` names, or None.

    Matching is exact after normalisation; a word in brackets decides when there is one, as in
    Snipe-IT's ``"Prêt à l'emploi (Deployable)"``.
    """
    words = _by_word()
    bracketed = text[text.rfind("(") + 1 :].rstrip(") ") if "(" in text else ""
    for candidate in (bracketed, text):
        found = words.get(normalise(candidate))
        if found is not None:
            return found
    return None
