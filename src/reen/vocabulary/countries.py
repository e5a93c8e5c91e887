"""Countries: from a name or code as written to ISO 3166-1 alpha-2.

Role: resolve "Pays-Bas", "USA", "FRA" or "La Réunion", on distinct values.  Source of the codes:
ISO 3166-1; names are its English and French short names, those in everyday use, and the spellings
of electricity data sets.  French overseas territories keep their own codes (RE, GP, MQ, GF, YT,
NC, PF...): their electricity is not the mainland's.  Two places go beyond the codes that ISO 3166-1
assigns: Kosovo has XK, which the standard leaves to users and the European Union uses, and Corsica
FR-20R of ISO 3166-2, because its grid is not the continental one.

Groups of countries and the world resolve to none.
Imports the lookup only.
"""

from __future__ import annotations

import functools

from reen.vocabulary.lookup import WordIndex, read_table, split_words

__all__ = ["country_words", "resolve_country"]


def resolve_country(text: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of the country or territory that `text` names.

    Parameters
    ----------
    text
        An alpha-2 or alpha-3 code or a name in English or French, in any case, with or without
        accents.

    Returns
    -------
    str or None
        Two capital letters (``FR-20R`` for Corsica), or None when `text` names no single country.
    """
    return _index().get(text)


@functools.cache
def country_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each code with the names of its country as they are spelt."""
    return tuple(
        (
            row["alpha_2"],
            (row["alpha_3"], row["name_en"], row["name_fr"], *split_words(row["aliases"])),
        )
        for row in read_table("countries.csv")
    )


@functools.cache
def _index() -> WordIndex:
    return WordIndex.of("countries", country_words())
