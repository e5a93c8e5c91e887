"""Added quantities: "8 + 2 HS" in a column of quantities is ten items.

Input: the rows of a list and what its columns are.  Output: the same rows, in which such a cell is
its sum.  Where words stand beside the numbers, part of the items may be in another status than the
row: the sum counts, in doubt.

Looks at distinct cells, and only where one of them has a plus sign.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from reen.inventory.issues import Severity
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.findings import Findings
from reen.tables.headers.headings import Headings
from reen.tables.sheet import Sheet, codes_of, recode

__all__ = ["add_up_quantities"]

_SUM = pattern(r"(?P<numbers>\d{1,6}(\s*\+\s*\d{1,6})+)(?P<words>\s*[^\W\d][\w .]{0,20})?")


def add_up_quantities(sheet: Sheet, headings: Headings, findings: Findings) -> None:
    """Put the sum in place of the quantities that are written as one.

    Parameters
    ----------
    sheet, headings
        The rows, changed in place, and what their columns are.
    findings
        Where each is told.
    """
    for heading in headings.columns.get("quantity", ()):
        if not _may_add(sheet.raw(heading.position)):
            continue
        words = sheet.words(heading.position)
        texts = words.dictionary.to_pylist()
        sums = {code: found for code, text in enumerate(texts) if (found := _SUM.fullmatch(text))}
        for code, found in sums.items():
            texts[code] = str(sum(map(int, found["numbers"].split("+"))))
        for severity, bare in ((Severity.NOTE, True), (Severity.DOUBT, False)):
            told = {code: found[0] for code, found in sums.items() if bool(found["words"]) != bare}
            findings.values(
                "quantity",
                told,
                Reason("quantities_added"),
                codes_of(words),
                sheet.lines,
                expected=Reason("row_per_status"),
                severity=severity,
            )
        if sums:
            sheet.replace(heading.position, recode(words, pa.array(texts, pa.string())))


def _may_add(cells: pa.Array) -> bool:
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary
    return pa.types.is_string(cells.type) and bool(pc.any(pc.match_substring(cells, "+")).as_py())
