"""Status of a name: the status of rows that state none, by what is written around them.

Input: where a table stands, the titles above its rows, its headers, and its statuses.  Output: the
status that the name of a sheet or file says ("Réformés", "PC en stock", "Volés"), that of titles
above rows, and that of columns whose header is a status and whose cells say yes or no ("HS": x);
and what is told: an assumption, or a doubt where rows state another status.

The name is the weakest evidence: it never replaces what a row states.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.findings import Findings
from reen.tables.headers.header_words import REMARK, key_of
from reen.tables.headers.headings import Headings
from reen.tables.headers.quantity_words import names_things
from reen.tables.mapping.choosing import Place
from reen.tables.sheet import Sheet, codes_of
from reen.vocabulary.statuses import resolve_status
from reen.vocabulary.text import normalise

__all__ = [
    "NamedStatus",
    "fill_status",
    "placed_statuses",
    "status_of_name",
    "status_said",
    "tell_remarks",
    "ticked_statuses",
    "titled_statuses",
]

#: Statuses that a list is called by; what is in use is called otherwise.
_SAID = frozenset({"in_stock", "loaned", "in_repair", "retired", "lost"})
#: Words of statuses that are services, persons, what was done or nothing in a name.
_OTHER = frozenset(
    {"maintenance", "in maintenance", "en maintenance", "absent", "absents", "old", "pending"}
    | {"registered", "not used", "en attente", "disponible", "disponibles", "sortie"}
    | {"sorties", "deee", "d3e"}
)
#: Words beside a status that say nothing of it.
_BESIDE = frozenset(
    {"liste", "list", "parc", "inventaire", "inventory", "export", "etat", "materiel", "materiels"}
    | {"informatique", "dsi", "des", "les", "de", "du", "le", "la", "of", "the"}
)
#: Columns of places and persons, and words of statuses that are services or rooms there.
_OF_PLACES = ("site", "entity", "user", "user_id")
_NO_PLACE = frozenset(
    {"archive", "archives", "recyclage", "destruction", "maintenance", "absent", "absents", "old"}
    | {"disponible", "pending", "registered", "attente", "donne", "production", "transit"}
)
#: What every such word has one of: most places and persons are known by it to be none.
_MAY_SAY = (
    r"(?i)stock|r.{1,2}serve|rebut|r.{1,2}form|\bhs\b|hors|d3e|deee|vol|perdu|sav|panne|pr.{1,2}t"
    r"|spare|retir|sorti|vendu|c.{1,2}d.{1,2}|lost|stolen|class|truit|restitu|obsol|broken|repar|sold"
    r"|scrap|dispos|loan|missing"
)
#: Headers of what is in use, and cells that say yes and no.
_IN_USE = frozenset({"en service", "in service", "in use", "en fonction", "utilise", "actif"})
_YES = frozenset({"oui", "o", "yes", "y", "vrai", "true", "x", "1", "ok", "✓", "✔"})
_NO = frozenset({"non", "n", "no", "faux", "false", "0", "", "neant", "aucun", "none"})
#: What may stand behind a model: "L5420 (HS)", "P24 - réformé".
_AFTER_MODEL = pattern(r"(?:[(\[]|\s[-:]\s)\s*([^\W\d][^()\[\]]*?)\s*[)\]]?$")
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


def status_of_name(source: str, title: str = "") -> NamedStatus | None:
    """Return the status that the name of a table says, or its title; None when none says any.

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
    if title and (said := status_said(title)) is not None:
        return NamedStatus(said, title, of_sheet=True)
    place = Place.of(source)
    sheet = place.sheet.partition("]")[0]
    of_sheet = bool(sheet) and _NO_NAME.fullmatch(sheet) is None and not sheet.isdecimal()
    name = sheet if of_sheet else PurePosixPath(place.file).stem
    status = status_said(name)
    return None if status is None else NamedStatus(status, name, of_sheet)


def status_said(name: str) -> str | None:
    """Return the status that a name or a title says of what stands below it, None for none."""
    words = normalise("".join(" " if c.isdecimal() else c for c in name)).split()
    whole = " ".join(words)
    while words and (words[0] in _BESIDE or names_things(words[0])):
        words = words[1:]
    while words and (words[-1] in _BESIDE or names_things(words[-1])):
        words = words[:-1]
    text = whole if resolve_status(whole) else " ".join(words)
    status = resolve_status(text) if text and text not in _OTHER else None
    return status if status in _SAID else None


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


def ticked_statuses(
    words: pa.DictionaryArray | None, sheet: Sheet, headings: Headings, findings: Findings
) -> pa.DictionaryArray | None:
    """Return the statuses of rows with those that a column of yes and no says: "HS", "Réformé".

    Parameters
    ----------
    words
        What the rows state; None without a column of statuses.
    sheet, headings, findings
        The rows, what their columns are, and where it is told.
    """
    for heading in headings.kept.values():
        text = normalise(heading.text)
        status = "in_use" if text in _IN_USE else resolve_status(heading.text)
        if text in _OTHER or status not in _SAID | {"in_use"}:
            continue
        if status == "in_use" and text not in _IN_USE:
            continue
        cells = sheet.words(heading.position)
        said = {word: _says(word, status) for word in cells.dictionary.to_pylist()}
        numbers = any(word.isdecimal() for word in said)
        if (numbers and "quantity" in headings.columns) or not set(said.values()) & {True, False}:
            continue  # how many of the items of a row are in that status; or other words
        codes = codes_of(cells)
        yes, no, odd = (
            np.array([*(each is answer for each in said.values()), False], np.bool_)[codes]
            for answer in (True, False, None)
        )
        named = NamedStatus(status, heading.text, of_sheet=True)
        _tell(Reason("status_not_ticked", status=status), odd, named, sheet, findings)
        filled, status = (no, "unknown") if status == "in_use" else (yes, status)
        told = Reason("status_of_name", status=status)
        if status == "unknown":
            told = Reason("status_not_in_use")
        named = NamedStatus(status, heading.text, of_sheet=True)
        words = _filled_in(words, filled, named, told, sheet, findings)
    return words


def titled_statuses(
    words: pa.DictionaryArray | None,
    titles: pa.DictionaryArray,
    sheet: Sheet,
    findings: Findings,
) -> pa.DictionaryArray | None:
    """Return the statuses of rows with those that the titles above them say: "Matériel réformé".

    Parameters
    ----------
    words
        What the rows state; None where nothing states a status.
    titles
        The title above each row, null above the first one.
    sheet, findings
        The rows, and where it is told.
    """
    for code, title in enumerate(titles.dictionary.to_pylist()):
        status = status_said(title)
        if status is not None:
            named = NamedStatus(status, title, of_sheet=True)
            told = Reason("status_of_name", status=status)
            words = _filled_in(words, codes_of(titles) == code, named, told, sheet, findings)
    return words


def placed_statuses(
    words: pa.DictionaryArray | None, sheet: Sheet, headings: Headings, findings: Findings
) -> pa.DictionaryArray | None:
    """Return the statuses of rows with those that stand where a place or a person should.

    "Stock" or "Rebut" below "Affectation" says where nothing else does; what a row states is kept.

    Parameters
    ----------
    words
        What the rows state; None where nothing states a status.
    sheet, headings, findings
        The rows, what their columns are, and where it is told.
    """
    groups = (headings.columns.get(column, ()) for column in _OF_PLACES)
    every = [*(each for group in groups for each in group), *headings.personal]
    for heading in (each for each in every if each.position in set(sheet.positions)):
        if not _may_say_status(sheet, heading.position):
            continue
        cells = sheet.words(heading.position)
        hits = pc.indices_nonzero(pc.match_substring_regex(cells.dictionary, _MAY_SAY))
        for code in hits.to_pylist():
            text = cells.dictionary[code].as_py()
            status = resolve_status(text) or status_said(text)
            if status not in _SAID or _NO_PLACE & set(normalise(text).split()):
                continue
            rows = codes_of(cells) == code
            if words is not None:
                rows &= ~np.asarray(numpy_of(words.is_valid()), np.bool_)
            named = NamedStatus(status, text, of_sheet=True)
            told = Reason("status_of_name", status=status)
            words = _filled_in(words, rows, named, told, sheet, findings)
    return words


def _may_say_status(sheet: Sheet, position: int) -> bool:
    cells = sheet.plain_cells(position)
    return cells is None or bool(pc.any(pc.match_substring_regex(cells, _MAY_SAY)).as_py())


def tell_remarks(
    words: pa.DictionaryArray | None, sheet: Sheet, headings: Headings, findings: Findings
) -> None:
    """Doubt the rows without a status whose remark is one: "HS", or "L5420 (réformé en 2023)".

    Parameters
    ----------
    words
        What the rows state; None where nothing states a status.
    sheet, headings, findings
        The rows, what their columns are, and where it is told.
    """
    blank = np.ones(len(sheet), np.bool_)
    if words is not None:
        blank = ~np.asarray(numpy_of(words.is_valid()), np.bool_)
    remarks = [each for each in headings.kept.values() if REMARK & set(key_of(each.text).split())]
    models = headings.columns.get("model", ())
    for heading in (*remarks, *models) if blank.any() else ():
        cells = sheet.words(heading.position)
        texts = cells.dictionary.to_pylist()
        if heading in models:
            found = [_AFTER_MODEL.search(each) for each in texts]
            texts = [each[1] if each else "" for each in found]
        status = [None if normalise(each) in _OTHER else resolve_status(each) for each in texts]
        # what is lent, or stands in stock, is there
        said = np.array([*(each in ("retired", "lost") for each in status), False], np.bool_)
        findings.rows(
            "status",
            heading.text,
            Reason("remark_says_status"),
            sheet.lines[blank & said[codes_of(cells)]],
            expected=Reason("expect_status_column"),
            severity=Severity.DOUBT,
        )


def _filled_in(
    words: pa.DictionaryArray | None,
    rows: npt.NDArray[np.bool_],
    named: NamedStatus,
    told: Reason,
    sheet: Sheet,
    findings: Findings,
) -> pa.DictionaryArray | None:
    """Return the statuses, those of some rows that state none as a name says; tell it."""
    if not rows.any():
        return words
    stated = [None] * len(sheet) if words is None else words.cast(pa.string()).to_pylist()
    own = np.array([word is None for word in stated], np.bool_)
    _tell(told, rows & own, named, sheet, findings)
    alike = (named.status, "unknown", None)
    against = np.array(
        [word is not None and resolve_status(word) not in alike for word in stated], np.bool_
    )
    told = Reason("status_against_name", status=named.status)
    _tell(told, rows & against, named, sheet, findings)
    given = zip(stated, rows.tolist(), strict=True)
    return pa.array(
        [word or (named.status if here else None) for word, here in given], pa.string()
    ).dictionary_encode()


def _says(word: str, status: str) -> bool | None:
    """Return whether a cell below the name of a status says yes or no; None where it says else."""
    text = normalise(word) or word.strip(" -/.")
    if text in _YES or resolve_status(word) == status:
        return True
    return False if text in _NO else None


def _tell(
    reason: Reason,
    rows: npt.NDArray[np.bool_],
    named: NamedStatus,
    sheet: Sheet,
    findings: Findings,
) -> None:
    doubted = reason.code != "status_of_name" or not named.sure
    findings.rows(
        "status",
        named.name,
        reason,
        sheet.lines[rows],
        expected=Reason("expect_status_column"),
        severity=Severity.DOUBT if doubted else Severity.NOTE,
    )
