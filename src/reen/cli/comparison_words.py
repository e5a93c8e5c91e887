"""The words of the page of a comparison, in English and in French.

Titles, column heads and short labels; the sentences that explain a gap are the library's own.
Holds no figure and no layout.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["WORDS"]

#: What the page says, by language.
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "method": "Method",
        "times": "x {baseline}",
        "by type": "By type of equipment",
        "by stage": "By stage of the life cycle",
        "by": "By {columns}",
        "type": "Type",
        "stage": "Stage",
        "agreement": "Highest / lowest",
        "at least": "at least: some equipment is left out;",
        "incomplete": "incomplete, and what is left out might lower it;",
        "doubtful": "doubtful: something that is counted may be wrong, as said below",
        "rows": "Rows of the files",
        "who": "names it.",
        "nothing": "nothing measured",
        "nothing at all": "No method measures anything of this file.",
        "other criteria": "Other impacts",
        "criterion": "Impact",
        "unit": "Unit",
        "by none": "Measured by none of the methods:",
        "in brackets": "one of the two leaves equipment of the type out: part of the difference is"
        " what they cover",
        "others": "({number} others)",
        "as of": "As of",
        "today": " (today; --as-of sets another date)",
        "why": "Why {b} differs from {a}",
        "cause": "Cause",
        "rank": "What weighs most",
        "share": "Of the gap",
        "failed": "Could not be run",
        "others criteria": "The rest of the page is about {criterion}; --criteria chooses another.",
        "made": "Made with: ",
        "options": "options",
        "packs": "factor packs:",
        "none": "none",
        "untyped": "(no type)",
        "factor": "factors",
        "only": "only in {only}",
        "lifetime": "lifetimes",
        "annual_energy": "yearly energy",
        "pue": "overhead of data centres (PUE)",
        "usage_share": "share of use",
        "year_share": "years written off",
    },
    "fr": {
        "method": "Méthode",
        "times": "x {baseline}",
        "by type": "Par type d'équipement",
        "by stage": "Par étape du cycle de vie",
        "by": "Par {columns}",
        "type": "Type",
        "stage": "Étape",
        "agreement": "Max / min",
        "at least": "au moins\u00a0: des équipements sont laissés de côté\u00a0;",
        "incomplete": "incomplet, et ce qui manque pourrait le diminuer\u00a0;",
        "doubtful": "douteux\u00a0: une ligne comptée peut être fausse, comme il est dit plus bas",
        "rows": "Lignes des fichiers",
        "who": "dit lesquels.",
        "nothing": "rien de mesuré",
        "nothing at all": "Aucune méthode ne mesure rien de ce fichier.",
        "other criteria": "Autres impacts",
        "criterion": "Impact",
        "unit": "Unité",
        "by none": "Aucune des méthodes ne les mesure\u00a0:",
        "in brackets": "l'une des deux laisse de côté des équipements du type\u00a0: une partie de"
        " l'écart est ce qu'elles couvrent",
        "others": "({number} autres)",
        "as of": "Au",
        "today": " (aujourd'hui\u00a0; --as-of donne une autre date)",
        "why": "Pourquoi {b} et {a} diffèrent",
        "cause": "Cause",
        "rank": "Ce qui pèse le plus",
        "share": "De l'écart",
        "failed": "Méthodes qui n'ont pas pu tourner",
        "others criteria": "La suite porte sur un seul impact, {criterion}\u00a0; --criteria en"
        " choisit un autre.",
        "made": "Fait avec\u00a0: ",
        "options": "options",
        "packs": "jeux de facteurs\u00a0:",
        "none": "aucun",
        "untyped": "(sans type)",
        "factor": "facteurs",
        "only": "dans {only} seulement",
        "lifetime": "durées de vie",
        "annual_energy": "énergie annuelle",
        "pue": "surcoût des centres de données (PUE)",
        "usage_share": "part d'usage",
        "year_share": "années amorties",
    },
}
