"""Quantity words: whether a header is of the number of items of a row.

Input: a header that no list has.  Output: whether it names a quantity.  It does when a word for a
number ("Nombre", "Qté", "Number of") comes with nothing but things that are equipment and states
that equipment is in: "Nombre de PC", "Qté en service", "Device count"; not "Nombre de ports".

Reads no cell: what the column holds is looked at by `quantities`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from reen.patterns import pattern
from reen.tables.bundled_words import rows_of_forms
from reen.tables.headers.header_words import key_of

__all__ = [
    "counts_something",
    "counts_something_else",
    "is_share",
    "names_quantity",
    "names_things",
    "names_what_stands_beside",
]

#: What the headers of shares of a whole have, and what one of these words begins with.
_IN_SHARES = ("%", "pour", "percent", "proportion", "share", "part")
#: What the headers of shares of a whole have.
_SHARE = pattern(
    r"(?i)%|\bpour ?cent\w*|\bpercent\w*|\bproportions?\b|\bshares?\b"
    r"|\bpart(?: relative)?(?: (?:du|de|des|dans|en)\b| *$| *\()"
)

#: Words that count only before "of": an "asset number" is an identifier.
_BEFORE_OF = ("number", "no")


@functools.cache
def _words() -> Mapping[str, frozenset[str]]:
    rows = rows_of_forms("quantity_words.csv")
    return {row["sense"]: frozenset(row["words"].split(";")) for row in rows}


#: Equipment that lists of computers have in columns of their own, and words beside it.
_BESIDE = frozenset(
    map(key_of, ("écran", "moniteur", "monitor", "dock", "station d'accueil", "docking station"))
)
_WHICH = frozenset(
    map(key_of, ("associé", "secondaire", "principal", "externe", "supplémentaire", "additionnel"))
) | {"fixe", "pc", "n", "no"}


def names_what_stands_beside(header: str) -> bool:
    """Tell whether a header names what stands beside a computer: its screens, its dock.

    Examples
    --------
    >>> headers = ("Écran 1", "Nb écrans", "Écran associé", "Taille écran", "Modèle")
    >>> [names_what_stands_beside(header) for header in headers]
    [True, True, True, False, False]
    """
    key = key_of(header)
    rest = _without_head(key)
    words = key.split() if rest is None else rest
    words = [word for word in words if not word.isdecimal() and word not in _WHICH]
    return " ".join(words) in _BESIDE


@functools.lru_cache(maxsize=4096)
def names_quantity(header: str) -> bool:
    """Tell whether a header names a number of items.

    Examples
    --------
    >>> [names_quantity(h) for h in ("Nombre de PC", "Qté en service", "Nombre de ports")]
    [True, True, False]
    """
    words = _words()
    key = key_of(header)
    if key in words["alone"]:
        return True
    rest = _without_head(key)
    if rest is None or words["other"] & set(rest):
        return False
    known = words["thing"] | words["state"]
    if not rest or not all(word in known for word in rest):
        return False
    # a total may be one of money: it needs a thing that is counted
    return not key.startswith("total") or bool(words["thing"] & set(rest))


def names_things(text: str) -> bool:
    """Tell whether a text names what is counted, such as "PC" or "postes de travail"."""
    words = _words()
    rest = [word for word in key_of(text).split() if word not in words["link"]]
    return bool(rest) and set(rest) <= words["thing"]


def counts_something(header: str) -> bool:
    """Tell whether a header counts what may be equipment, though not all of its words are known."""
    rest = _without_head(key_of(header))
    return rest is not None and not counts_something_else(header)


def counts_something_else(header: str) -> bool:
    """Tell whether a header is about ports, hours, money... anything but items of equipment."""
    return bool(_words()["other"] & set(key_of(header).split()))


def is_share(header: str) -> bool:
    """Tell whether a header is that of shares of a whole, which are no numbers of items.

    Examples
    --------
    >>> headers = ("Part du parc", "% PC", "Répartition (%)", "Pourcentage", "Parc", "PC partagés")
    >>> [is_share(header) for header in headers]
    [True, True, True, True, False, False]
    """
    folded = header.casefold()
    return any(word in folded for word in _IN_SHARES) and _SHARE.search(header) is not None


def _without_head(key: str) -> list[str] | None:
    """Return the words beside the one that counts, None when none does."""
    words = _words()
    for before in _BEFORE_OF:
        if key.startswith(f"{before} of "):
            return [word for word in key.split()[2:] if word not in words["link"]]
    tokens = key.split()
    heads = [k for k in (0, len(tokens) - 1) if tokens and tokens[k] in words["head"]]
    if not heads:
        return None
    rest = tokens[1:] if heads[0] == 0 else tokens[:-1]
    return [word for word in rest if word not in words["link"]]
