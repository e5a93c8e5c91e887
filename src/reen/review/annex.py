"""The annex: the rows behind every figure, for a French spreadsheet.

Input: the rows of `trace`.  Output: CSV with semicolons, decimal commas and a byte-order mark, and
a workbook.  Rows are named by file and line; no serial number and no user is written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pyarrow as pa

from reen.engine.exchanges import Status
from reen.gate.characters import inert
from reen.gate.packages import needed
from reen.reasons import speaking
from reen.results.wording import unit_in
from reen.review.cells import EntityOf
from reen.review.wording import FLOWS, type_title
from reen.review.year import CLIMATE, ReviewYear
from reen.vocabulary.stages import Stage

__all__ = ["annex_csv", "annex_xlsx"]

_STATES = {
    Status.ASSESSED.label: "évalué",
    Status.EXCLUDED.label: "exclu",
    Status.INCLUDED_ELSEWHERE.label: "compté ailleurs",
    Status.LEFT_OUT.label: "laissé de côté",
}
_HEAD = (
    "fichier", "ligne", "entité", "type", "modèle", "flux", "état", "motif", "hypothèses",
    "facteur", "jeu de facteurs", "quantité par an", "unité",
)  # fmt: skip

Cell = str | float | int | None


def _lines(review: ReviewYear, rows: pa.Table) -> Iterator[tuple[Cell, ...]]:
    stages = [name for name in rows.column_names if name.startswith(f"{CLIMATE}.")]
    titles = [Stage(name.removeprefix(f"{CLIMATE}.")).title_fr for name in stages]
    yield (*_HEAD, *(f"{title} (kgCO2e par an)" for title in titles))
    find = EntityOf(review.now.inventory)
    french = _sentences(review)
    for row in rows.to_pylist():
        yield (
            row["source"],
            row["source_row"],
            find(row["row"], row["source"], row["source_row"])[0] or None,
            type_title(review.registry, row["equipment_type"] or ""),
            row["model"],
            str(FLOWS.get(row["kind"], row["kind"])),
            _STATES.get(row["status"], row["status"]),
            french.get(row["reason"], row["reason"]),
            "; ".join(french.get(each, each) for each in row["assumptions"] or ()),
            row["flow"],
            row["pack"],
            row["amount"],
            unit_in(row["amount_unit"] or "", "fr") or None,
            *(row[name] for name in stages),
        )


def _in_french(review: ReviewYear, rows: pa.Table) -> list[tuple[Cell, ...]]:
    """Return the lines in French, whichever language is in force: the rows hold English data."""
    with speaking("fr"):
        return list(_lines(review, rows))


def _sentences(review: ReviewYear) -> dict[str, str]:
    """Return the French of the sentences that the rows have in English."""
    coverage = review.now.footprint.coverage
    said = [each for row in coverage for each in (row.reason, *row.assumptions) if each is not None]
    return {each.text("en"): each.text("fr") for each in said}


def annex_csv(review: ReviewYear, rows: pa.Table) -> bytes:
    """Return the rows as CSV for a French spreadsheet."""
    given = io.StringIO()
    writer = csv.writer(given, delimiter=";", lineterminator="\r\n")
    for line in _in_french(review, rows):
        writer.writerow(
            [
                f"{cell:.15g}".replace(".", ",")
                if isinstance(cell, float)
                else (inert(cell) if isinstance(cell, str) else cell)
                for cell in line
            ]
        )
    return given.getvalue().encode("utf-8-sig")


def annex_xlsx(review: ReviewYear, rows: pa.Table) -> bytes:
    """Return the rows as a workbook.

    Raises
    ------
    MissingExtraError
        xlsxwriter is not installed.
    """
    xlsxwriter = needed("xlsxwriter", "writing the annex of a review", extra="review")
    given = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(given, options) as book:
        book.set_properties({"title": f"Annexe du bilan {review.year}"})
        sheet = book.add_worksheet("Lignes")
        bold = book.add_format({"bold": True})
        last = 0
        for number, line in enumerate(_in_french(review, rows)):
            sheet.write_row(number, 0, line, bold if number == 0 else None)
            last = number
            width = len(line)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, width - 1)
        sheet.set_column(0, width - 1, 18)
    return given.getvalue()
