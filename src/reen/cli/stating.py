"""The command `statement`: a file under the categories of a greenhouse-gas account.

Input: what was typed.  Output: a page in English or French, JSON, CSV or Parquet; the figures are
the library's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

import reen
from reen.cli.arguments import pairs
from reen.cli.computing_options import Computing, computing_options
from reen.cli.output import (
    choose_format,
    csv_of,
    emit,
    emit_html,
    emit_json,
    emit_page,
    refuse_to_overwrite,
)
from reen.cli.page_options import format_option, full_option, language_option, output_option
from reen.cli.reading_options import Files, Reading, data_file, reading_options, report_issues
from reen.cli.screen import Screen, short_page
from reen.cli.tables import hang, heading, paragraph, table
from reen.gate.writing import writing
from reen.reasons import Reason, say
from reen.views.figures import percent

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.console import RenderableType

    from reen.types import Statement

__all__ = ["statement"]


@click.command(
    short_help="State a footprint by the categories of a BEGES or of the GHG Protocol.",
    epilog="\b\nExamples:\n"
    "  reen statement parc.csv prestations.csv -m base-carbone --scheme beges-v5 --lang fr\n"
    "  reen statement parc.csv -m base-carbone --scheme ghg-protocol --as-of 2025-12-31\n"
    "  reen statement parc.csv -m base-carbone --scheme beges-v5 --market FR=0.012",
)
@data_file
@computing_options
@click.option(
    "--scheme",
    type=click.Choice(["beges-v5", "ghg-protocol"]),
    required=True,
    help="The French regulatory account (version 5), or the GHG Protocol.",
)
@click.option(
    "--market",
    metavar="PLACE=KG",
    multiple=True,
    help="Market-based electricity: kgCO2e per kWh of your contract in a place, such as"
    " FR=0.012, in place of the combustion of its mix. Repeatable.",
)
@language_option
@format_option
@output_option
@full_option
@reading_options
def statement(  # noqa: PLR0913 - each option by its name
    files: Files,
    *,
    computing: Computing,
    scheme: str,
    market: tuple[str, ...],
    language: str,
    reading: Reading,
    output_format: str | None,
    output: Path | None,
    full: bool,
) -> None:
    """State the footprint of the files PATH by the categories of a greenhouse-gas account.

    Each category has its value, its uncertainty, its sources and what is missing. The lines add
    up to the footprint; the page explains any difference.
    """
    made = choose_format(output_format, output)
    refuse_to_overwrite(files.paths, output)
    method = computing.configured()
    source = reading.read(files)
    report_issues(source, files)
    found = reen.statement(
        source,
        method=method,
        scheme=scheme,
        market=_market(market),
        factors=computing.factors or None,
        as_of=computing.as_of,
    )

    def page(screen: Screen) -> Iterator[RenderableType]:
        if not full:
            return short_page(found.view(), screen)
        return _page(found, screen.width, language)

    _write(found, made, output, page)


def _market(given: tuple[str, ...]) -> dict[str, float]:
    """Return the factors of contracts by place.

    Raises
    ------
    click.BadParameter
        One that is not of the form PLACE=KG, or is no number.
    """
    found = {}
    for place, text in pairs(given, option="--market", form="PLACE=KG").items():
        try:
            found[place] = float(text.replace(",", "."))
        except ValueError as error:
            message = say("error_no_number_kgco2e_per_kwh_0", text=text)
            raise click.BadParameter(message, param_hint="'--market'") from error
    return found


def _write(found: Statement, made: str, output: Path | None, page: object) -> None:
    rows = found.to_arrow()
    if made == "json":
        emit_json(found.to_dict(), output)
    elif made == "csv":
        emit(csv_of(_flat(rows)), output)
    elif made == "html":
        emit_html([found.view()], output)
    elif made == "xlsx":
        from reen.verbs.spreadsheets import as_workbook

        emit(as_workbook({found.scheme: rows}), output)
    elif made == "parquet" and output is not None:
        import pyarrow.parquet as pq

        with writing(output) as file:
            pq.write_table(rows, file)
    else:
        emit_page(page, output)  # type: ignore[arg-type]


def _flat(rows: pa.Table) -> pa.Table:
    """Return the table with one text in place of each list, which CSV does not have."""
    import pyarrow as pa

    for k, field in enumerate(rows.schema):
        if pa.types.is_list(field.type):
            texts = ["; ".join(each) for each in rows[field.name].to_pylist()]
            rows = rows.set_column(k, field.name, pa.array(texts, pa.string()))
    return rows


def _page(found: Statement, width: int, language: str) -> Iterator[RenderableType]:
    from reen.results.wording import unit_in

    def said(code: str, **details: float | str) -> str:
        return Reason(code, **details).text(language)

    yield heading(said("statement_of", scheme=found.scheme, year=found.year))
    name, spread = said("statement_column_category"), said("statement_column_uncertainty")
    unit = unit_in("tCO2e", language)
    listed = table("", name, unit, spread, right=[unit, spread])
    for each in (*found.lines, *found.outside):
        value = "-" if math.isnan(each.value) else f"{each.bound}{_tonnes(each.value, language)}"
        spread = "" if each.uncertainty is None else f"± {percent(each.uncertainty)}"
        code = each.code if each in found.lines else ""
        listed.add_row(code, each.title.text(language), value, spread)
    yield listed
    yield hang(found.sum_in_words(language), width=width)
    for difference in found.differences:
        yield hang(difference.text(language), width=width, first="  ")
    if found.differences:
        yield hang(found.footprint_in_words(language), width=width, first="  ")
    remarks = [(each.code, each.remarks(language)) for each in (*found.lines, *found.outside)]
    lines = [(code, text) for code, texts in remarks for text in texts]
    mark = " : " if language == "fr" else ": "
    if lines:
        yield paragraph()
        yield heading(said("statement_remarks"))
        for code, text in lines:
            yield hang(text, width=width, first=f"{code}{mark}", rest="     ")
    if any(each.missing for each in (*found.lines, *found.outside)):
        yield hang(said("statement_rows_named"), width=width)
    sources = [(each.code, _short(each.sources)) for each in found.lines if each.sources]
    if sources:
        yield paragraph()
        yield heading(said("statement_sources"))
        for code, texts in sources:
            yield hang("; ".join(texts), width=width, first=f"{code}{mark}", rest="     ")


def _tonnes(kilograms: float, language: str) -> str:
    """Return a figure in tonnes, to the kilogram."""
    text = f"{kilograms / 1000.0:,.3f}"
    return text.translate({ord(","): "\u202f", ord("."): ","}) if language == "fr" else text


def _short(sources: tuple[str, ...]) -> list[str]:
    """Return citations without their addresses, the elements of one base together."""
    found: dict[str, list[str]] = {}
    for source in sources:
        base, _, rest = source.partition(", element ")
        if rest:
            found.setdefault(base, []).append(rest.partition(",")[0])
        else:
            found.setdefault(source.partition(", http")[0], [])
    return [f"{base}, {', '.join(ids)}" if ids else base for base, ids in found.items()]
