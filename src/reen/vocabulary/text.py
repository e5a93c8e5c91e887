"""Text: the one normaliser of words, titles, headers and place names.

Role: reduce what people write ("Écrans  PLATS", "wi-fi", a no-break space from a spreadsheet) to
a form that can be compared.  Inputs and outputs are plain strings; the forms are for comparison,
never for display.

Must not hold any vocabulary of its own, and imports nothing of reen.
"""

from __future__ import annotations

import functools
import re
import unicodedata

__all__ = ["fold_plurals", "normalise"]

#: Marks on letters, and invisible characters (soft hyphen, zero-width space, byte order mark).
_DROPPED_CATEGORIES = frozenset({"Mn", "Cf"})

#: The marks that nearly all letters of European languages have, all of them of category Mn.
_MARKS_ON_LETTERS = re.compile("[\u0300-\u036f]")

#: Letters that carry a stroke or no dot instead of a mark, which no Unicode form separates, and
#: trade marks, which NFKD would spell out ("Wi-Fi™" is not "wi fitm").
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "\u0131": "i"}
    | {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"}
    | dict.fromkeys("™®©", " ")
)

#: Not letters of Western Europe that are one of ASCII with a mark, which unfolds to these two.
_NOT_ACCENTED = re.compile("[^\x00-\x7fÀ-ÅÇ-ÏÑ-ÖÙ-Ýà-åç-ïñ-öù-ýÿ]")

#: "N° de série" and "Nº de série" are "No de série"; a degree sign elsewhere is punctuation.
_NUMBER_SIGN = re.compile(r"(?<=[nN])[°º]")

#: Words of text without accents, once in lower case.
_ASCII_WORD = re.compile(r"[a-z0-9]+")

#: Below this length an s belongs to the word: UPS, NAS, GPS.
_SHORTEST_PLURAL = 4

#: English plurals that add a whole syllable (switches, boxes), with the French singulars (affiche,
#: fixe, caisse) that must meet the same stem.
_SYLLABLE_ENDINGS = ("che", "she", "sse", "xe", "ze")


def normalise(text: str) -> str:
    """Return `text` in its comparable form: bare lower-case words, one space between them.

    Compatibility forms are unfolded (NFKD: ligatures, full-width letters, no-break spaces),
    case is folded, accents are removed, and every run of other characters becomes one space.

    Parameters
    ----------
    text
        Anything that was written in a cell, a header or an option.

    Returns
    -------
    str
        Letters, digits and single spaces; empty when `text` holds no letter and no digit.

    Examples
    --------
    >>> normalise("  Écran\u00a0plat (24 pouces) ")
    'ecran plat 24 pouces'
    >>> normalise("N° d'inventaire") == normalise("no d inventaire")
    True
    """
    if text.isascii():  # most text: nothing below but the last line would change it
        return " ".join(_ASCII_WORD.findall(text.lower()))
    if _NOT_ACCENTED.search(text) is None:  # most of what is left
        letters = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()
        return " ".join(_ASCII_WORD.findall(letters.lower()))
    spelt = _NUMBER_SIGN.sub("o ", text.translate(_LETTERS))
    unfolded = unicodedata.normalize("NFKD", spelt)
    bare = _MARKS_ON_LETTERS.sub("", unfolded)
    if bare.isascii():
        return " ".join(_ASCII_WORD.findall(bare.lower()))
    letters = _without_marks(unfolded).casefold()
    # Case folding may bring marks back (some Greek letters): one more pass makes the form stable.
    letters = _without_marks(unicodedata.normalize("NFKD", letters))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def _without_marks(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in _DROPPED_CATEGORIES)


def fold_plurals(text: str) -> str:
    """Return a normalised `text` with the plain French and English plural endings folded.

    Each word is folded on its own: final ``s`` and the ``x`` of *-aux*, *-eux*, *-oux* go, *-ies*
    meets *-y*, *-ches* meets *-ch*.  A singular and its plural give one form, which need not be a
    word.  Words of fewer than four letters stay as they are (UPS, NAS), as do irregular plurals
    (mice): a vocabulary lists those.

    Parameters
    ----------
    text
        A result of `normalise`.

    Examples
    --------
    >>> fold_plurals("ecrans plats"), fold_plurals("switches"), fold_plurals("tableaux")
    ('ecran plat', 'switch', 'tableau')
    """
    return " ".join(map(_singular, text.split()))


@functools.lru_cache(maxsize=1 << 14)  # vocabularies and tables say the same words again and again
def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL:
        return word
    if word.endswith(("eaux", "eux", "oux")):
        return word[:-1]
    if word.endswith("aux"):
        return word[:-2] + "l"
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("ie"):
        return word[:-2] + "y"
    return word[:-1] if word.endswith(_SYLLABLE_ENDINGS) else word
