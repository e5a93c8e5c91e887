"""How a file was understood: the whole report of `reen read`, for people and for programs.

Input: an inventory that was read.  Output: what can be measured and what to answer first, the fate
of the rows, the equipment, how each file was read, everything odd.  Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

import reen
from reen.cli.errors import as_typed
from reen.cli.reading_options import Files
from reen.cli.tables import hang, heading, paragraph, table, unit_text
from reen.inventory.holdings import WORST, holdings_of, linked_in_words
from reen.reasons import has_sentence, say, spoken, title_of
from reen.views.figures import count, joined, of_items, series
from reen.vocabulary.titles import status_title

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.console import RenderableType

    from reen.plugin import Registry
    from reen.types import Account, ReadReport

from reen.cli.tables import as_is
from reen.inventory.questions import Worklist, question_text
from reen.tables.mapping.answers import proposed_types

__all__ = ["report_content", "report_page"]

#: Questions on the page.
_QUESTIONS_SHOWN = 10


def _reports(source: reen.Inventory) -> tuple[ReadReport, ...]:
    if source.linked:
        return source.reports
    return (source.report,) if source.report is not None else ()


#: What a row is, by kind of table beside the equipment: for programs; people read `found_...`.
_NOUNS = {
    "datacenters": "data centre",
    "virtual_machines": "virtual machine",
    "applications": "application",
    "purchases": "purchase",
    "disposals": "disposal",
    "headcount": "headcount",
    "energy_readings": "energy reading",
    "repairs": "repair",
    "contracts": "contract",
    "events": "event",
    "projects": "project",
    "connected_objects": "line of connected objects",
    "last_seen": "last contact",
    "maturity": "answer on maturity",
    "services": "service",
}


def report_page(
    source: reen.Inventory, files: Files, registry: Registry, width: int
) -> Iterator[RenderableType]:
    """Yield what can be measured, what became of the rows, what there is, and how it was read."""
    reports = _reports(source)
    yield heading(str(files))
    yield from _questions(source.worklist, files, width)
    yield from _rows(source.account, width)
    yield from _equipment(source, registry)
    if linked := linked_in_words(source):
        yield paragraph(say("page_and_linked", rest=joined(linked)))
    for report in reports:
        yield paragraph()
        yield heading(report.source)
        yield from _how(report, registry, width)
        yield from _columns(report, source.tables[report.kind], width)
    assumptions = [str(each) for report in reports for each in report.assumptions]
    if assumptions:
        yield paragraph()
        yield heading(say("page_read_assumed"))
        yield from (hang(each, width=width, first="- ") for each in assumptions)
    yield paragraph()
    if not source.issues:
        yield heading(say("page_nothing_odd"))
        return
    yield heading(say("page_issues", count=sum(issue.count for issue in source.issues)))
    worst = sorted(source.issues, key=lambda issue: (WORST.index(issue.severity), -issue.count))
    yield from (hang(as_typed(str(issue)), width=width, first="- ") for issue in worst)


def _rows(account: Account, width: int) -> Iterator[RenderableType]:
    """Yield what became of the rows of each file, and which were merged into which."""
    yield paragraph()
    yield heading(say("page_rows_head"))
    for line in str(account).splitlines():
        yield hang(line, width=width, rest="  ")
    for merge in account.merges:
        other = "_other" if merge.into_source != merge.source else ""
        said = say(
            f"page_merged{other}",
            source=merge.source,
            row=merge.row,
            into=merge.into_row,
            why=str(merge.reason),
            **({"other": merge.into_source} if other else {}),
        )
        yield hang(said, width=width, first="- ")


def _how(report: ReadReport, registry: Registry, width: int) -> Iterator[RenderableType]:
    importer = registry.importers.get(report.importer)
    name = report.importer
    if importer is not None:
        code = f"importer_{name.replace('-', '_')}"
        title = say(code) if has_sentence(code) else importer.title
        name = say("page_titled", name=name, title=title)
    details = [_detail(key, value) for key, value in report.details.items()]
    mappings = [say("page_mapping", name=each) for each in report.mappings]
    said = series([say("page_read_by", name=name), *details, *mappings])
    yield hang(said, width=width, rest="  ")


def _detail(key: str, value: str) -> str:
    """Return a detail of how a file was read: ``header line 2``, ``day first``."""
    head, mark, column = key.partition(" in ")
    said = ", ".join(_word("said", each) for each in value.split(", ")) if value != "," else value
    if mark and head == "order":
        return say("detail_order", column=column, order=said)
    if key == "kind":
        kind, _, told = value.partition(" ")
        return f"{_word('detail', key)} {_word('kind', kind)} {told}".rstrip()
    return f"{_word('detail', key)} {said}"


def _word(prefix: str, key: str) -> str:
    """Return the words for a key, or the key."""
    code = f"{prefix}_{key.replace(' ', '_')}"
    return say(code) if has_sentence(code) else key


def _columns(report: ReadReport, rows: pa.Table, width: int) -> Iterator[RenderableType]:
    yield paragraph()
    yield heading(say("page_columns"))
    made = table(say("page_in_file"), say("page_read_as"), say("page_unit"))
    units = {field.name: (field.metadata or {}).get(b"unit", b"").decode() for field in rows.schema}
    for column, header in report.mapped.items():
        unit = units.get(column, "")
        made.add_row(header, _column(column), "" if unit == "1" else unit_text(unit))
    yield made
    for said, headers in (
        (say("page_kept"), report.kept),
        (say("page_not_kept"), report.left_out),
        (_joining(rows), report.joining),
    ):
        if headers:
            named = say("page_colon", name=said, text=", ".join(headers))
            yield hang(named, width=width, rest="  ")


def _column(name: str) -> str:
    """Return a column by its key, and by what people call it where that differs."""
    code = f"parameter_{name}"
    if spoken() == "en" or not has_sentence(code):
        return name
    return say("page_titled", name=name, title=say(code))


def _joining(rows: pa.Table) -> str:
    """Return what became of the columns that name persons or their devices."""
    hashed = {"name", "user_id"} & set(rows.column_names)
    return say("page_names_hashed" if hashed else "page_names_not_kept")


def _equipment(inventory: reen.Inventory, registry: Registry) -> Iterator[RenderableType]:
    holdings = holdings_of(inventory)
    with_status = any(status for _, status in holdings)
    heads = ["page_type", *(["page_status"] if with_status else [])]
    columns = [
        say(code) for code in (*heads, "page_items_head", "page_rows_head", "page_not_known")
    ]
    made = table(*columns, right=columns[-3:])
    types = registry.equipment_types
    for (kind, status), holding in holdings.items():
        title = title_of(types[kind]) if kind in types else kind or say("page_without_type")
        said = status_title(status) if status else say("page_without_status")
        cells = [title, *([said] if with_status else [])]
        items = "" if holding.unknown == holding.rows else count(holding.quantity)
        unknown = say("account_rows", count=holding.unknown) if holding.unknown else ""
        made.add_row(*cells, items, count(holding.rows), unknown)
    yield paragraph()
    yield heading(say("page_equipment"))
    yield made
    total = sum(holding.quantity for holding in holdings.values())
    unsaid = sum(holding.unknown for holding in holdings.values())
    items = say("page_items", count=of_items(total))
    rows = say("account_rows", count=len(inventory))
    said = say("page_in_all", items=items, rows=rows)
    yield paragraph(f"{said}, {say('page_rows_unknown', count=unsaid)}" if unsaid else said)


def report_content(source: reen.Inventory) -> dict[str, object]:
    """Return the report as JSON types."""
    inventory = source
    return {
        "reports": [
            attrs.asdict(report) | {"assumptions": [each.text("en") for each in report.assumptions]}
            for report in _reports(source)
        ],
        "columns": inventory.table.column_names,
        "equipment": [
            {
                "equipment_type": kind or None,
                "status": status or None,
                "quantity": holding.quantity if holding.rows > holding.unknown else None,
                "rows": holding.rows,
                "rows_of_unknown_quantity": holding.unknown,
            }
            for (kind, status), holding in holdings_of(inventory).items()
        ],
        "linked": {
            noun: source.linked[kind].num_rows
            for kind, noun in _NOUNS.items()
            if kind in source.linked
        },
        "account": source.account.to_dict(),
        "worklist": source.worklist.to_dict(),
        "issues": [issue.to_dict() for issue in source.issues],
    }


def _questions(worklist: Worklist, files: Files, width: int) -> Iterator[RenderableType]:
    """Yield what can be measured, and the first questions."""
    yield hang(str(worklist.headline), width=width, rest="  ")
    if not worklist:
        return
    yield paragraph()
    yield heading(say("page_answer_first", asked=say("page_questions", count=len(worklist))))
    for question in worklist.questions[:_QUESTIONS_SHOWN]:
        words = proposed_types(question)
        proposed = [say("page_perhaps", words=words)] if words else []
        where = f" [{question.source}]" if question.source else ""
        text = series([str(question_text(question)), *proposed])
        yield hang(f"{text}{where}", width=width, first="- ")
    if len(worklist) > _QUESTIONS_SHOWN:
        yield paragraph(say("page_more_questions", count=len(worklist) - _QUESTIONS_SHOWN))
    yield paragraph(say("page_answer_file"))
    yield as_is(f"  reen read {files.typed_with} --worklist questions.csv")
    yield as_is(f"  reen read {files.typed_with} --mapping questions.csv")
