"""Status words: what asset managers write, mapped to the closed list of the inventory schema.

Role: resolve "En service", "Réformé", "Ready to Deploy"... on distinct values.  The words are
those of French and English inventory tools (GLPI, OCS, Snipe-IT, Lansweeper, Workspace ONE) and
of hand-made sheets.  Imports only the text normaliser.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from reen.vocabulary.text import normalise

__all__ = ["resolve_status", "status_words"]

_WORDS: Mapping[str, tuple[str, ...]] = {
    "in_use": (
        "in use",
        "en service",
        "en serv.",
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
        "pending install",
        "registered",
        "registered never enrolled",
        "in transit",
        "en attente",
        "disponible",
    ),
    "loaned": ("loaned", "prêt", "prêté", "en prêt", "on loan"),
    "in_repair": (
        "in repair",
        "sav",
        "en sav",
        "en réparation",
        "out for repair",
        "out for diagnostics",
        "pending repair",
        "maintenance",
        "in maintenance",
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
        "mise au rebut",
        "rebut",
        "au rebut",
        "obsolète",
        "recyclé",
        "cédé",
        "vendu",
        "sold",
        "donné",
        "scrapped",
        "broken not fixable",
        "disposed",
        "archived",
        "archivé",
        "not used",
        "old",
        "sorti",
        "sorti de l'inventaire",
        "sorti du parc",
        "sortie d'inventaire",
        "retiré",
        "déclassé",
        "détruit",
        "destruction",
        "recyclage",
        "restitué",
        "deee",
        "d3e",
        "à réformer",
    ),
    "lost": ("lost", "perdu", "volé", "stolen", "absent", "lost stolen", "missing"),
    "unknown": ("unknown", "inconnu", "non renseigné"),
}


#: Words in brackets that leave a choice, with what the label before them may say instead: what is
#: archived left somehow, what is pending waits for something.
_LEFT_OPEN: Mapping[str, tuple[str, ...]] = {
    "archived": ("lost",),
    "archive": ("lost",),
    "pending": ("in_repair", "retired", "lost"),
    "en attente": ("in_repair", "retired", "lost"),
}

#: A day or a year after a status: "Réformé en 2023", "volé le 12/03/2023".  What is to be done in
#: some year is not done.
_SINCE = re.compile(
    r"(?<=\w)\W+(?:(?:en|le|depuis|in|on|since)\W+)?\d[\d/.\-]{3,}\s*$", re.IGNORECASE
)
_TO_DO = "a "

#: Brackets of one label that are looked into; more of them is no status.
_BRACKETS = 3


@functools.cache
def _by_word() -> Mapping[str, str]:
    words = {normalise(word): status for status, group in _WORDS.items() for word in group}
    # French agreement: "Réformée", "Volées", "Prêtés" follow the masculine of the list.
    for word, status in list(words.items()):
        for ending in ("e", "s", "es"):
            words.setdefault(word + ending, status)
    return words


def status_words() -> tuple[tuple[str, str], ...]:
    """Return each word as it is spelt, with the status that it names."""
    return tuple(
        (word + ending, status)
        for status, group in _WORDS.items()
        for word in group
        for ending in ("", "e", "s", "es")
    )


def resolve_status(text: str) -> str | None:
    """Return the status that `text` names, or None.

    Matching is exact after normalisation.  Of a label with a word in brackets, as Snipe-IT writes
    them, the word decides when it is known (``"Prêt à l'emploi (Deployable)"``: in stock), except
    that the label says how something archived left (``"Lost/Stolen (Archived)"``: lost) and what
    something pending waits for; else the label decides (``"En stock (pièces)"``: in stock).
    """
    return _resolve(text, _BRACKETS)


def _resolve(text: str, brackets: int) -> str | None:
    words = _by_word()
    found = words.get(normalise(text)) or _agreed(text, words) or _dated(text, words)
    label, opened, end = text.rpartition("(")
    if found is not None or not opened or not brackets:
        return found
    bracketed = normalise(end.partition(")")[0])
    decided, said = words.get(bracketed), _resolve(label, brackets - 1)
    if decided is None or said in _LEFT_OPEN.get(bracketed, ()):
        return said
    return decided


def _dated(text: str, words: Mapping[str, str]) -> str | None:
    """Return the status that stands before a day or a year."""
    found = _SINCE.search(text)
    key = normalise(text[: found.start()]) if found else ""
    return None if key.startswith(_TO_DO) else words.get(key)


def _agreed(text: str, words: Mapping[str, str]) -> str | None:
    """Return the status that both sides of a dash name: "En panne - SAV" is in repair twice."""
    parts = [part for part in re.split(r"\s[-–—]\s|/", text) if part.strip()]  # noqa: RUF001
    said = {words.get(normalise(part)) for part in parts}
    return said.pop() if len(parts) > 1 and len(said) == 1 else None
