"""Headers: the words by which files of records call their columns, and their destinations.

Role: data of `read_records`, for the columns of purchases, disposals and headcounts.  A header is
compared in its normalised form (case, accents and punctuation do not matter).  Imports the
vocabulary only.
"""

from __future__ import annotations

from collections.abc import Mapping

from reen.vocabulary.lookup import split_words
from reen.vocabulary.text import normalise

__all__ = ["DATES", "canonical_name", "destination"]

#: The dates of a purchase, best first: invoice, else delivery, else order.
DATES = ("invoice_date", "delivery_date", "order_date")

#: Words by canonical column, separated by semicolons.
_COMMON = {
    "id": "identifier; identifiant",
    "entity": "entité; service; direction; department",
    "equipment_type": "category; catégorie; type; equipment; équipement; matériel;"
    " type d'équipement; type de matériel",
    "equipment_type_raw": "category_raw",
    "quantity": "qty; quantité; qté; nombre; nb; count",
}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "purchases": {
        **_COMMON,
        "date": "purchase date; date d'achat; date achat",
        "invoice_date": "date de facture; date facture; date de facturation",
        "delivery_date": "date de livraison; date livraison; livré le",
        "order_date": "date de commande; date commande; commandé le",
        "order_number": "numéro de commande; n° de commande; n° commande; no commande;"
        " bon de commande; n° bon de commande; order no; purchase order; po number",
        "serial_number": "numéro de série; n° de série; n° série; no série; serial no; serial; s/n",
        "supplier": "fournisseur; vendor",
        "manufacturer": "fabricant; constructeur; marque; brand; maker",
        "model": "modèle",
        "unit_price": "unit_price_eur; price; prix; prix unitaire; prix unitaire ht; pu ht;"
        " prix ht",
        "reconditioned": "refurbished; reconditionné; second hand; occasion; réemploi; reused;"
        " reused or refurbished; issu du réemploi",
    },
    "disposals": {
        **_COMMON,
        "date": "disposal date; date de sortie; date sortie; date de réforme",
        "weight": "weight_kg; poids; poids kg; masse; masse kg; mass",
        "destination": "devenir; filière; destination du matériel",
    },
    "headcount": {
        "entity": _COMMON["entity"],
        "date": "date de comptage; as of",
        "agents": "agent; effectif; effectifs; nombre d'agents; nb agents; etp; staff; headcount;"
        " employees; people; fte",
    },
}

_DESTINATIONS: Mapping[str, str] = {
    "reuse_internal": "réemploi interne; réaffecté; internal reuse; réutilisation interne",
    "donation": "don; donné; cession gratuite; gift",
    "sale": "vente; vendu; sold",
    "returned_to_lessor": "retour loueur; restitué; rendu au loueur; lease return",
    "refurbisher": "reconditionneur; reconditionnement; refurbishing",
    "recycling": "recyclage; recyclé; deee; déchet; weee; éco-organisme",
    "lost": "perdu; volé; stolen",
    "unknown": "inconnu; inconnue; non renseigné",
}


def _index(words: Mapping[str, str]) -> Mapping[str, str]:
    return {
        normalise(word): key for key, text in words.items() for word in (key, *split_words(text))
    }


_COLUMNS = {kind: _index(words) for kind, words in _WORDS.items()}
_DESTINATION = _index(_DESTINATIONS)


def canonical_name(kind: str, header: str) -> str | None:
    """Return the canonical column (or one of `DATES`) that a header names, or None."""
    return _COLUMNS[kind].get(normalise(header))


def destination(text: str) -> str | None:
    """Return the destination that a word names, or None."""
    return _DESTINATION.get(normalise(text))
