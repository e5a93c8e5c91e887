"""Words: what the reader knows, as the layouts ask for it, and the names of layouts.

Values only: the functions that tell known headers and types, given by the reader of tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from reen.tables.headers.header_words import key_of
from reen.vocabulary.statuses import resolve_status

__all__ = ["COUNTS", "PIVOT", "RECAPS", "ROW_LABELS", "TITLE", "Words"]

#: Layouts of a table of counts: one that a person wrote, and one that a workbook computes.
COUNTS, PIVOT = "table of counts", "pivot table"

#: Detail of a table: the title above it, where several tables stand on one sheet.
TITLE = "title"

#: Names of tables that add up others.
RECAPS = frozenset(
    {
        *("synthese", "recap", "recapitulatif", "recapitulation", "bilan", "total"),
        *("tcd", "pivot", "summary"),
    }
)

#: What workbooks write above the labels of the rows of a pivot table.
ROW_LABELS = frozenset(map(key_of, ("étiquettes de lignes", "row labels")))


@attrs.frozen(eq=False, repr=False)
class Words:
    """What is known of cells.

    Attributes
    ----------
    known
        Canonical columns that the cells of a header name, in the kind that knows most of them.
    column_of
        Canonical column that one header names, empty when it is not known.
    names_a_type
        Whether a word is a type of equipment.
    place
        Name of the file or sheet that is looked at.
    is_sum
        Whether the user says of a word that it adds up the lines below it.
    """

    known: Callable[[Sequence[str]], list[str]]
    column_of: Callable[[str], str]
    names_a_type: Callable[[str], bool]
    place: str = ""
    is_sum: Callable[[str], bool] = lambda _: False

    @staticmethod
    def names_a_status(word: str) -> bool:
        """Tell whether a word is a status."""
        return resolve_status(word) is not None
