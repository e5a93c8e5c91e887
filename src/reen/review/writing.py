"""Writing: the folder of a review.

Input: a `ReviewYear` and the formats asked for.  Output: the files.  Nothing is written before all
of it is made and on the disk beside its names, so that a failure leaves no half review.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reen.errors import FileNotWrittenError, OptionError
from reen.gate.reads import is_same_file, is_there
from reen.gate.writing import write_files, write_new_folder
from reen.reasons import Reason, speaking
from reen.results.footprint_json import footprint_to_json
from reen.review.all_sections import document_of
from reen.review.annex import annex_csv, annex_xlsx
from reen.review.content import canonical, content_of
from reen.review.open_data import open_data
from reen.review.rendering import PDF_FILE, as_docx, as_html, as_pdf
from reen.review.year import FOOTPRINT_FILE, ReviewYear

__all__ = ["FORMATS", "write_review"]

FORMATS = ("html", "pdf", "docx", "annex", "open-data")


def write_review(
    review: ReviewYear,
    folder: Path,
    formats: Sequence[str] | None,
    *,
    language: str = "fr",
    replace: bool = False,
) -> tuple[Path, ...]:
    """Write the files of a review; see `YearReview.write`."""
    wanted = FORMATS if formats is None else tuple(formats)
    for name in wanted:
        if name not in FORMATS:
            raise OptionError(
                "review", "formats", name, Reason("error_some_of_193", formats=", ".join(FORMATS))
            )
    for source in (path for year in review.plan.years for path in year.files):
        if source.is_dir() and folder.resolve().is_relative_to(source.resolve()):
            expected = Reason("error_folder_outside_whose_files_are_read", source=str(source))
            raise OptionError("review", "folder", str(folder), expected)
    failed: list[FileNotWrittenError] = []
    made = dict(_files(review, wanted, language, failed))
    plan = review.plan
    read = [plan.path, *plan.mapping, *(each for each in (plan.strategy, plan.previous) if each)]
    read += [path for year in plan.years for path in (*year.files, *year.mapping)]
    for path in (folder / name for name in made):
        if any(is_same_file(path, source) for source in read):
            expected = Reason("error_another_folder_file_review_made_from", path=str(path))
            raise OptionError("review", "folder", str(folder), expected)
    if is_there(folder):
        files = {folder / name: content for name, content in made.items()}
        write_files(files, retouched=True, replace=replace)
    else:
        files = {Path(name): content for name, content in made.items()}
        write_new_folder(folder, files, retouched=True)
    for error in failed:  # after all that could be made
        raise FileNotWrittenError(str(folder / error.path), error.reason) from error
    return tuple(folder / name for name in made)


def _files(
    review: ReviewYear, wanted: Sequence[str], language: str, failed: list[FileNotWrittenError]
) -> Mapping[str, bytes]:
    """Return the content of each file; a PDF that cannot be made is added to what failed."""
    content: Any = content_of(review)
    found = {
        "review.json": canonical(content),
        FOOTPRINT_FILE: (footprint_to_json(review.now.footprint) + "\n").encode(),
    }
    if {"html", "pdf", "docx"} & set(wanted):
        document = document_of(review, content["files"], language=language)
        if "html" in wanted:
            found["bilan.html"] = as_html(document)
        if "pdf" in wanted:
            try:
                found[PDF_FILE] = as_pdf(document, date=review.now.files.as_of)
            except FileNotWrittenError as error:
                failed.append(error)
        if "docx" in wanted:
            found["bilan.docx"] = as_docx(document)
    with speaking("fr"):  # as the names of their columns, whatever the language of the page
        found |= _tables(review, wanted)
    return found


def _tables(review: ReviewYear, wanted: Sequence[str]) -> dict[str, bytes]:
    """Return the annex of rows and the open data."""
    found: dict[str, bytes] = {}
    if "annex" in wanted:
        rows = review.rows()
        found["annexe.csv"] = annex_csv(review, rows)
        found["annexe.xlsx"] = annex_xlsx(review, rows)
    if "open-data" in wanted:
        found |= {f"open-data/{name}": data for name, data in open_data(review).items()}
    return found
