"""Status of a name: the status of rows that state none, by the name of their sheet or file.

Input: where a table stands, and its statuses.  Output: the status that the name says ("Réformés",
"PC en stock", "Volés"), the statuses with those that are blank filled by it, and what is told: an
assumption, or a doubt where rows state another status.

The name is the weakest evidence: it never replaces what a row states.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.inventory.issues import Severity
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.findings import Findings
from reen.tables.headers.quantity_words import names_things
from reen.tables.mapping.choosing import Place
from reen.tables.sheet import Sheet, codes_of
from reen.vocabulary.statuses import resolve_status
from reen.vocabulary.text import normalise

__all__ = ["NamedStatus", "fill_status", "status_of_name"]

#: Statuses that a list is called by; what is in use is called otherwise.
_SAID = frozenset({"in_stock", "loaned", "in_repair", "retired", "lost"})
#: Words of statuses that are services, persons, what was done or nothing in a name.
_OTHER = frozenset(
    {"maintenance", "in maintenance", "en maintenance", "absent", "absents", "old", "pending"}
    | {"registered", "not used", "en attente", "disponible", "disponibles", "sortie"}
    | {"sorties"}
)
#: Words beside a status that say nothing of it.
_BESIDE = frozenset(
    {"liste", "list", "parc", "inventaire", "inventory", "export", "etat", "materiel", "materiels"}
    | {"informatique", "des", "les", "de", "du", "le", "la", "of", "the"}
)
#: Names of sheets that nobody gave.
_NO_NAME = pattern(r"(?i)(feuil|sheet) ?\d*")


@attrs.frozen(eq=False, repr=False)
class NamedStatus:
    """The status that a name says.

    Attributes
    ----------
    status
        Canonical status.
    name
        The sheet or the file that says it.
    of_sheet
        Whether it is a sheet, which stands beside others; "stock" is also what is held in all.
    """

    status: str
    name: str
    of_sheet: bool

    @property
    def sure(self) -> bool:
        """Tell whether the name says it of its rows, and may not mean all that is held."""
        return self.of_sheet or self.status != "in_stock"


def status_of_name(source: str) -> NamedStatus | None:
    """Return the status that the name of a table says, None when it says none.

    Examples
    --------
    >>> from reen.tables.rows.status_of_name import status_of_name
    >>> names = (
    ...     "parc.xlsx[Réformés 2024]",
    ...     "parc.xlsx[PC en stock]",
    ...     "volés.csv",
    ...     "a.xlsx[Mairie]",
    ... )
    >>> [found and found.status for found in map(status_of_name, names)]
    ['retired', 'in_stock', 'lost', None]
    """
    place = Place.of(source)
    sheet = place.sheet.partition("]")[0]
    of_sheet = bool(sheet) and _NO_NAME.fullmatch(sheet) is None and not sheet.isdecimal()
    name = sheet if of_sheet else PurePosixPath(place.file).stem
    words = normalise("".join(" " if c.isdecimal() else c for c in name)).split()
    while words and (words[0] in _BESIDE or names_things(words[0])):
        words = words[1:]
    while words and (words[-1] in _BESIDE or names_things(words[-1])):
        words = words[:-1]
    text = " ".join(words)
    status = resolve_status(text) if text and text not in _OTHER else None
    return NamedStatus(status, name, of_sheet) if status in _SAID else None


def fill_status(
    words: pa.DictionaryArray | None, named: NamedStatus, sheet: Sheet, findings: Findings
) -> pa.DictionaryArray:
    """Return the statuses of rows, those that are blank as the name says; tell it.

    Parameters
    ----------
    words
        What the rows state; None without a column of statuses.
    named
        What the name says.
    sheet, findings
        The rows, and where it is told.
    """
    if words is None:
        stated: list[str | None] = [None] * len(sheet)
    elif not named.sure:
        return words  # rows that have statuses of their own are all that is held
    else:
        stated = words.cast(pa.string()).to_pylist()
    blank = np.array([word is None for word in stated], np.bool_)
    _tell(Reason("status_of_name", status=named.status), blank, named, sheet, findings)
    if words is not None:
        known = [resolve_status(word) for word in words.dictionary.to_pylist()]
        others = [k for k, each in enumerate(known) if each not in (None, "unknown", named.status)]
        against = np.isin(codes_of(words), others)
        _tell(Reason("status_against_name", status=named.status), against, named, sheet, findings)
    return pa.array([word or named.status for word in stated], pa.string()).dictionary_encode()


def _tell(
    reason: Reason,
    rows: npt.NDArray[np.bool_],
    named: NamedStatus,
    sheet: Sheet,
    findings: Findings,
) -> None:
    doubted = reason.code == "status_against_name" or not named.sure
    findings.rows(
        "status",
        named.name,
        reason,
        sheet.lines[rows],
        expected=Reason("expect_status_column"),
        severity=Severity.DOUBT if doubted else Severity.NOTE,
    )
