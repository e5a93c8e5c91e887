"""The command `compare`: a file, several methods, and why they differ.

Input: what was typed.  Output: a page, JSON, CSV or Parquet by `output`; the figures and the
sentences are the library's own.  The page is laid out in `comparison_page`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import reen
from reen.cli.arguments import pairs, words
from reen.cli.computing_options import (
    installed,
    matching_option,
    pack_option,
    with_matching,
    with_versions,
)
from reen.cli.output import (
    choose_format,
    emit,
    emit_html,
    emit_page,
    emit_table,
    refuse_to_overwrite,
)
from reen.cli.page_options import (
    format_option,
    full_option,
    language_option,
    limit_option,
    output_option,
)
from reen.cli.progress import Progress
from reen.cli.reading_options import (
    Files,
    Reading,
    data_file,
    grouping_columns,
    reading_options,
    report_issues,
)
from reen.cli.screen import Screen, short_page
from reen.reasons import say
from reen.views.figures import series

if TYPE_CHECKING:
    from rich.console import RenderableType

    from reen.plugin import Method

__all__ = ["compare"]

#: Two methods at the least.
_PAIR = 2


@click.command(
    epilog="\b\nExamples:\n"
    "  reen compare parc.csv --methods declared,base-carbone --lang fr\n"
    "  reen compare parc.csv --methods base-carbone,numecoeval -o base-carbone.use_stage=false\n"
    "  reen compare parc.csv --methods base-carbone,base-carbone"
    " -o 'base-carbone #2.amortisation=accounting'\n"
    "  reen compare parc.csv --methods declared,manufacturer --factors manufacturer=sheets.csv\n"
    "  reen compare parc.csv --methods declared,base-carbone --table effects --format csv",
)
@data_file
@click.option(
    "-m",
    "--methods",
    metavar="NAMES",
    multiple=True,
    required=True,
    help="Two methods or more, separated by commas; `reen methods` lists them. A name that comes"
    " again is numbered: base-carbone #2.",
)
@click.option(
    "-o",
    "--option",
    metavar="METHOD.NAME=VALUE",
    multiple=True,
    help="Option of one of the methods; `reen methods NAME` lists them. Repeatable.",
)
@matching_option
@click.option(
    "--by",
    metavar="COLUMNS",
    multiple=True,
    help="Columns to group by, separated by commas: entity, site, or any column of the file.",
)
@click.option(
    "--baseline",
    metavar="NAME",
    help="Method that the others are divided by; the first by default.",
)
@click.option(
    "--factors",
    metavar="[METHOD=]NAME|FILE",
    multiple=True,
    help="Factors that go before the methods' own, or before those of one METHOD: a pack, or your"
    " file. Repeatable.",
)
@pack_option
@click.option(
    "--as-of",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DATE",
    help="Reference date, such as 2022-12-31; it sets the year of the electricity factors."
    " Today when not given.",
)
@click.option(
    "--criteria",
    metavar="NAMES",
    multiple=True,
    help="Impacts to show, separated by commas; all that the factors publish when not given.",
)
@language_option
@format_option
@click.option(
    "--table",
    type=click.Choice(["impacts", "effects"]),
    default="impacts",
    show_default=True,
    help="Content of CSV and Parquet: the impacts of each method, or the effects of each gap.",
)
@output_option
@limit_option("Lines of a table on the page; 0 for all.")
@full_option
@reading_options
def compare(  # noqa: PLR0913 - each option by its name
    files: Files,
    *,
    methods: tuple[str, ...],
    option: tuple[str, ...],
    matching: Path | None,
    by: tuple[str, ...],
    baseline: str | None,
    factors: tuple[str, ...],
    pack: tuple[str, ...],
    as_of: dt.datetime | None,
    criteria: tuple[str, ...],
    language: str,
    output_format: str | None,
    table: str,
    output: Path | None,
    limit: int,
    full: bool,
    reading: Reading,
) -> None:
    """Measure the files PATH by several methods, and split their gaps into causes.

    The page shows the totals side by side, by type and by stage. Then it explains the gap of
    each pair of methods: in one sentence, and in effects that add up to the gap.
    """
    made = choose_format(output_format, output)
    refuse_to_overwrite(files.paths, output)
    registry = with_versions(installed(), pack)
    options = with_matching(_options(methods, option), matching, registry)
    configured = _configured(options)  # before the file: a mistyped name should cost nothing
    if baseline is not None and baseline not in configured:
        message = say(
            "error_not_among_methods", baseline=baseline, configured=", ".join(configured)
        )
        raise click.BadParameter(message, param_hint="'--baseline'")
    source = reading.read(files, by=words(by))
    report_issues(source, files)
    inventory = source
    with Progress(f"comparing methods on {files.name}", total=len(inventory)) as progress:
        comparison = reen.compare(
            source,
            methods=list(configured.values()),
            by=grouping_columns(words(by), inventory),
            factors=_factors(options, factors),
            as_of=as_of.date() if as_of is not None else None,
            criteria=words(criteria) or None,
            on_error="report",
            registry=registry,
            progress=progress.update,
        )
    _check_failures(comparison)
    base = baseline if baseline in comparison.methods else comparison.methods[0]

    def page(screen: Screen) -> Iterator[RenderableType]:
        if not full:
            from reen.results.comparison_view import comparison_view

            return short_page(comparison_view(comparison, baseline=base), screen)
        from reen.cli.comparison_page import comparison_page
        from reen.cli.page import Page

        frame = Page(
            width=screen.width,
            ascii_only=screen.ascii_only,
            limit=limit,
            registry=registry,
            files=files,
            dated=as_of is not None,
            inventory=inventory,
        )
        return comparison_page(comparison, frame, baseline=base, language=language, options=options)

    if made == "json":
        emit((reen.stored.comparison_to_json(comparison) + "\n").encode(), output)
    elif made == "html":
        from reen.results.comparison_view import comparison_view

        emit_html([comparison_view(comparison, baseline=base)], output)
    elif made == "table":
        emit_page(page, output)
    else:
        rows = comparison.effects_to_arrow() if table == "effects" else comparison.to_arrow()
        about = {name: each.to_dict() for name, each in comparison.provenance.items()}
        emit_table(rows, made, output, provenance=about)
    if output is not None:
        from reen.results.footprint_words import total_text

        totals = series(
            say("page_colon", name=name, text=total_text(each.total()))
            for name, each in comparison.footprints.items()
        )
        click.echo(say("page_written", path=str(output), said=totals), err=True)


def _options(methods: Sequence[str], options: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the options of each method, by the name that it has in the comparison.

    Raises
    ------
    click.BadParameter
        Fewer than two methods, or an option of none of them.
    """
    asked = [word.strip() for text in methods for word in text.split(",") if word.strip()]
    if len(asked) < _PAIR:
        message = say("error_name_two_methods_more_methods_declared")
        raise click.BadParameter(message, param_hint="'--methods'")
    given: dict[str, dict[str, str]] = {}
    for place, name in enumerate(asked):
        again = asked[:place].count(name)
        given[f"{name} #{again + 1}" if again else name] = {}
    for key, value in pairs(options, option="--option", form="METHOD.name=value").items():
        name, _, field = key.rpartition(".")
        if name not in given:
            message = say("error_begins_none_methods", key=key, given=", ".join(given))
            raise click.BadParameter(message, param_hint="'--option'")
        given[name][field] = value
    return given


def _factors(methods: Iterable[str], factors: Sequence[str]) -> dict[str, list[str]]:
    """Return the packs and files of each method: those given for all, and its own."""
    found: dict[str, list[str]] = {name: [] for name in methods}
    for text in factors:
        name, mark, pack = text.partition("=")
        if mark and name.strip() in found:
            found[name.strip()].append(pack.strip())
            continue
        for given in found.values():
            given.append(text)
    return found


def _configured(options: Mapping[str, Mapping[str, str]]) -> dict[str, Method]:
    """Return the methods with their options, by the name that they have in the comparison."""
    registry = installed()
    return {
        name: reen.configure(registry.method(name.partition(" #")[0]), given)
        for name, given in options.items()
    }


def _check_failures(comparison: reen.types.Comparison) -> None:
    """Say on standard error which methods could not be run.

    Raises
    ------
    ReenError
        When there are not two left to compare.
    """
    reasons = [
        say("page_could_not_be_run", name=name, why=why) for name, why in comparison.failed.items()
    ]
    if len(comparison.methods) < _PAIR:
        raise reen.ReenError(say("page_no_two_methods", why=" ".join(reasons)))
    for reason in reasons:
        click.echo(say("page_warning", text=reason), err=True)
