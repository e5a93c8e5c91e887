"""Countries: what "NC" and "NA" mean in a column of countries.

Input: the words of the column and what else the file writes for nothing.  Output: the words as
they are, blanks, and rows whose country is a question.  "NC" is New Caledonia or "non communiqué",
"NA" Namibia or "not available".  Other territories written as codes, or blanks written otherwise,
show a country; the same letters for nothing in other columns show a blank.  Else it is a question,
and such a row never gets the country of the others.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.reasons import Reason
from reen.tables.cells.text import read_text_column
from reen.tables.findings import Findings
from reen.tables.sheet import Sheet, codes_of
from reen.vocabulary.countries import resolve_country

__all__ = ["Countries", "read_countries"]

#: Codes of countries that people and tools write for nothing: non communiqué, not available, non
#: renseigné, non précisé, non indiqué, sans objet.
_TWO_MEANINGS = frozenset({"NC", "NA", "NR", "NP", "NI", "SO"})

#: "NA" for "not available" comes from programs, which write codes too: codes alone prove nothing.
_WRITTEN_BY_PROGRAMS = frozenset({"NA"})

#: Territories whose lists hold "NC" as one of them.
_OVERSEAS = frozenset({"PF", "WF", "RE", "GP", "MQ", "GF", "YT", "PM", "BL", "MF"})
_HOME = "FR"

#: What letters with two meanings are.
_COUNTRY = "code"
_PROBABLY = "probably_code"
_NOTHING = "nothing"
_QUESTION = "question"


@attrs.frozen(eq=False, repr=False)
class Countries:
    """A column of countries.

    Attributes
    ----------
    words
        Dictionary-encoded words, null where blank or a question.
    written
        The words as written, when some of them are a question; else None.
    question
        Rows whose country is a question.
    """

    words: pa.DictionaryArray
    written: pa.DictionaryArray | None
    question: npt.NDArray[np.bool_]


def read_countries(
    sheet: Sheet, position: int, others: Iterable[int], findings: Findings
) -> Countries:
    """Return a column of countries.

    Parameters
    ----------
    sheet, position
        The cells; rows set aside are evidence too.
    others
        The other text columns, which show what the file writes for nothing.
    findings
        Where the questions are told.
    """
    written = sheet.words(position)
    read = read_text_column(sheet, position, "country", findings)
    none = np.zeros(len(sheet), np.bool_)
    texts = written.dictionary.to_pylist()
    codes = codes_of(written)
    double = {k: text for k, text in enumerate(texts) if text.upper() in _TWO_MEANINGS}
    if not double:
        return Countries(read, None, none)
    known, blanks = _shown(sheet.evidence, position)
    elsewhere = {
        word.upper()
        for place in others
        for word in sheet.evidence.words(place).dictionary.to_pylist()
    }
    cells = numpy_of(read.cast(pa.string())).copy()
    question = none.copy()
    for code, text in double.items():
        rows = codes == code
        means = _settled(text.upper(), known, blanks=blanks, elsewhere=elsewhere)
        cells[rows] = text.upper() if means in (_COUNTRY, _PROBABLY) else None
        question |= rows & (means == _QUESTION)
        _tell(text, means, sheet.lines[rows], findings)
    words = pa.array(cells, pa.string()).dictionary_encode()
    return Countries(words, written if question.any() else None, question)


def _shown(evidence: Sheet, position: int) -> tuple[list[str], bool]:
    """Return the words of one meaning in a column, and whether it has blanks written otherwise."""
    words = evidence.words(position)
    # a column of countries has no cell to be told of
    read = read_text_column(evidence, position, "country", Findings(""))
    texts = words.dictionary.to_pylist()
    double = [k for k, text in enumerate(texts) if text.upper() in _TWO_MEANINGS]
    known = [text for k, text in enumerate(texts) if k not in double]
    blank = np.asarray(numpy_of(read.is_null()), np.bool_)
    return known, bool((blank & ~np.isin(codes_of(words), double)).any())


def _settled(text: str, known: list[str], *, blanks: bool, elsewhere: set[str]) -> str:
    """Return what letters with two meanings mean in a column.

    Parameters
    ----------
    text
        The letters.
    known
        The other words of the column.
    blanks
        Whether the column has blanks written otherwise.
    elsewhere
        Words of the other text columns.
    """
    places = {word: resolve_country(word) for word in known}
    by_code = {word for word, code in places.items() if word == code} - {_HOME}
    shown = bool(by_code) or bool(_OVERSEAS & set(places.values()))
    if text in _WRITTEN_BY_PROGRAMS:
        shown, blanks = shown and blanks, False
    if text in elsewhere:
        return _QUESTION if shown or blanks else _NOTHING
    if shown:
        return _COUNTRY
    return _PROBABLY if blanks else _QUESTION


def _tell(text: str, means: str, lines: npt.NDArray[np.int64], findings: Findings) -> None:
    if means == _COUNTRY:
        return
    severity = {
        _QUESTION: Severity.CELL,
        _PROBABLY: Severity.DOUBT,
        _NOTHING: Severity.NOTE,
    }[means]
    findings.rows(
        "country",
        text,
        Reason(f"country_{means}"),
        lines,
        expected=Reason("country_by_name"),
        severity=severity,
    )
