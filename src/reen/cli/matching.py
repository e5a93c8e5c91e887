"""The command `match`: which sheet answers for each model of a file, for a person to correct.

Input: an inventory and factors that name models.  Output: a page, or a table with one line per
distinct model and maker, whose column `sheet` may be corrected and given back with `--matching`.
The matching itself is the library's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click
import pyarrow as pa

import reen
from reen.cli.computing_options import installed
from reen.cli.output import choose_format, emit, emit_json, emit_page, refuse_to_overwrite
from reen.cli.page_options import limit_option, output_option
from reen.cli.progress import Progress
from reen.cli.reading_options import Files, Reading, data_file, reading_options, report_issues
from reen.cli.tables import hang, heading, paragraph, table
from reen.gate.reads import is_there
from reen.plugin.arrays import FactorLibrary
from reen.plugin.packs import MatchedModel, MatchingTable, ModelMatcher
from reen.reasons import say
from reen.views.figures import count, series

if TYPE_CHECKING:
    from rich.console import RenderableType

    from reen.cli.screen import Screen
    from reen.plugin import FactorPack, Registry

__all__ = ["match"]

_MODEL, _NEAR, _TYPE, _NONE = "model", "approximate model", "type", "none"

#: Levels in the order in which they need a person's eyes, with what is said of each.
_LEVELS = {
    _NONE: "match_without",
    _TYPE: "match_by_type",
    _NEAR: "match_by_near",
    _MODEL: "match_by_model",
}


@click.command(
    epilog="\b\nExamples:\n"
    "  reen match parc.csv --factors boavizta-data-fr.csv\n"
    "  reen match parc.csv --factors boavizta-data-fr.csv --output matching.csv\n"
    "  reen measure parc.csv -m manufacturer --factors boavizta-data-fr.csv"
    " --matching matching.csv",
)
@data_file
@click.option(
    "--factors",
    metavar="NAME|FILE",
    multiple=True,
    required=True,
    help="Sheets of models: the Boavizta data set or a table with its columns. Repeatable.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0.0, 100.0),
    default=90.0,
    show_default=True,
    help="Similarity of names from which an approximate match is accepted.",
)
@click.option(
    "--matching",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A table corrected before; its decisions are kept.",
)
@click.option(
    "-f",
    "--format",
    "output_format",
    type=click.Choice(["table", "json", "csv"]),
    help="A page for people (table), or the table itself. By default, that of the file name of"
    " --output, else table.",
)
@output_option
@limit_option("Models shown on the page; 0 for all.", default=40)
@reading_options
def match(
    files: Files,
    *,
    reading: Reading,
    factors: tuple[str, ...],
    threshold: float,
    matching: Path | None,
    output_format: str | None,
    output: Path | None,
    limit: int,
) -> None:
    """Match the models of the files PATH with manufacturers' sheets.

    Each distinct model gets the sheet of its name, else that of the most similar name of its
    maker with the same numbers, else the median of its type. Correct the column `sheet` of the
    table (an identifier among the candidates, or nothing) and give it back with `--matching` to
    measure, compare or explain.
    """
    made = choose_format(output_format, output)
    if made in ("parquet", "xlsx", "html"):
        message = say("error_matching_table_person_correct_write_csv")
        raise click.UsageError(message, click.get_current_context())
    refuse_to_overwrite(files.paths, output)
    registry = installed()
    packs = [_pack(name, registry) for name in factors]
    corrected = MatchingTable.read(matching) if matching is not None else None
    source = reading.read(files)
    report_issues(source, files)
    found = _matched(source, packs, threshold, corrected)
    if made == "csv":
        emit(found.to_csv().encode(), output)
    elif made == "json":
        emit_json([row.cells() for row in found.rows], output)
    else:
        emit_page(lambda screen: _page(found, files, limit, screen), output)
    if output is not None:
        said = _summary(found.rows)
        click.echo(say("page_written", path=str(output), said=said), err=True)


def _pack(name: str, registry: Registry) -> FactorPack:
    if name in registry.factor_packs or not is_there(name):
        return registry.factor_pack(name)
    return reen.read_factors(name, registry=registry)


# -- what there is -----------------------------------------------------------------------------


def _models(inventory: reen.Inventory) -> list[MatchedModel]:
    """Return the distinct (model, maker) pairs with their items and their commonest type."""
    columns = {}
    for name in ("model", "manufacturer", "equipment_type"):
        there = name in inventory.table.column_names
        column = inventory.table[name] if there else pa.nulls(len(inventory), pa.string())
        columns[name] = column.cast(pa.string())
    quantity = pa.chunked_array([pa.array([1.0] * len(inventory), pa.float64())])
    if "quantity" in inventory.table.column_names:
        quantity = inventory.table["quantity"]
    counted = pa.table({**columns, "quantity": quantity})
    keys = list(columns)
    groups = counted.group_by(keys).aggregate([("quantity", "sum")]).to_pylist()
    found: dict[tuple[str, str], MatchedModel] = {}
    most: dict[tuple[str, str], tuple[float, str]] = {}
    for group in groups:
        if not group["model"]:
            continue
        key = (group["model"], group["manufacturer"] or "")
        items = group["quantity_sum"] or 0.0
        known = found.get(key, MatchedModel(model=key[0], manufacturer=key[1], quantity=0.0))
        kind = group["equipment_type"] or ""
        most[key] = max(most.get(key, (-1.0, "")), (items, kind))
        found[key] = attrs.evolve(
            known, quantity=known.quantity + items, equipment_type=most[key][1]
        )
    return list(found.values())


def _matched(
    inventory: reen.Inventory,
    packs: Sequence[FactorPack],
    threshold: float,
    corrected: MatchingTable | None,
) -> MatchingTable:
    """Return the table of an inventory, what a person must see first at the top."""
    library = FactorLibrary.of((), packs)
    matcher = ModelMatcher.of(library, threshold=threshold, table=corrected)
    models = _models(inventory)
    rows = []
    with Progress("matching", total=len(models)) as progress:
        for number, model in enumerate(models, start=1):
            rows.append(_answered(model, library, matcher))
            progress.update(number)
    open_rows = [k for k, row in enumerate(rows) if row.level != _MODEL]
    pairs = [(rows[k].model, rows[k].manufacturer) for k in open_rows]
    for k, candidates in zip(open_rows, matcher.candidates(pairs), strict=True):
        rows[k] = attrs.evolve(rows[k], candidates=candidates)
    order = list(_LEVELS)
    rows.sort(key=lambda row: (order.index(row.level), -row.quantity, row.model, row.manufacturer))
    return MatchingTable(tuple(rows))


def _answered(model: MatchedModel, library: FactorLibrary, matcher: ModelMatcher) -> MatchedModel:
    answer = matcher.match(model.model, model.manufacturer)
    if answer.flow >= 0:
        return attrs.evolve(
            model,
            sheet=library.factors.flows[answer.flow].id,
            sheet_name=library.factors.descriptions[answer.flow].name,
            level=answer.level,
            score=answer.score,
            remark=say("match_corrected") if answer.by_hand else "",
        )
    remark = say("match_no_sheet")
    if answer.set_aside:
        remark = say("match_set_aside")
    elif answer.by_hand:
        remark = say("match_refused")
    by_type = library.by_type(model.equipment_type) if model.equipment_type else -1
    return attrs.evolve(
        model,
        level=_NONE if by_type < 0 else _TYPE,
        sheet_name="" if by_type < 0 else library.factors.descriptions[by_type].name,
        remark=remark,
    )


# -- the page ----------------------------------------------------------------------------------


def _summary(rows: Sequence[MatchedModel]) -> str:
    """Return how many models and items each level has, in words."""
    parts = [_models_and_items(rows, ", {items}")]
    for level in reversed(_LEVELS):
        mine = [row for row in rows if row.level == level]
        if mine:
            said = _models_and_items(mine, " ({items})")
            parts.append(f"{said} {say(_LEVELS[level])}")
    return series(parts)


def _models_and_items(rows: Sequence[MatchedModel], form: str) -> str:
    known = [row.quantity for row in rows if not math.isnan(row.quantity)]
    items = say("page_items", count=math.fsum(known))
    if len(known) < len(rows):
        items = say("match_and_unknown", items=items, count=len(rows) - len(known))
    return say("match_models", count=len(rows)) + form.format(items=items)


_COLUMNS = ("model", "maker", "items", "level", "score", "sheet")


def _page(
    found: MatchingTable, files: Files, limit: int, screen: Screen
) -> Iterator[RenderableType]:
    yield heading(say("match_head", name=files.name))
    yield hang(_summary(found.rows), width=screen.width, first="  ", rest="  ")
    if not found.rows:
        yield hang(say("match_no_model"), width=screen.width, first="  ")
        return
    shown = found.rows if limit == 0 else found.rows[:limit]
    made = table(
        *(say(f"match_column_{name}") for name in _COLUMNS),
        right=[say("match_column_items"), say("match_column_score")],
    )
    for row in shown:
        score = "" if math.isnan(row.score) else f"{row.score:.0f}"
        sheet = row.sheet or row.sheet_name or "-"
        if not row.sheet and row.candidates:
            flow, near = row.candidates[0]
            sheet += f"\n{say('match_nearest', flow=flow, score=round(near))}"
        made.add_row(
            row.model,
            row.manufacturer,
            "?" if math.isnan(row.quantity) else count(row.quantity),
            say(f"match_level_{row.level.replace(' ', '_')}"),
            score,
            sheet,
        )
    yield paragraph()
    yield made
    if len(shown) < len(found.rows):
        more = len(found.rows) - len(shown)
        yield hang(say("match_more", count=more), width=screen.width)
    yield paragraph()
    yield hang(say("match_how_to_answer"), width=screen.width)
