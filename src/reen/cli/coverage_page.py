"""What a footprint covers, in plain words: counted, left out and why, excluded, assumed.

Input: a `Footprint`.  Output: rich renderables for the end of its page.  Everything that entered
the inventory is named here under one of these heads; nothing is summed away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.cli.arguments import shell_words
from reen.cli.tables import amount, as_is, hang, heading, paragraph, table
from reen.plugin import Assumption, Reason
from reen.plugin.arrays import Status
from reen.reasons import say, title_of
from reen.results.coverage_words import (
    beside_kind,
    merged_lines,
    once,
    part_titles,
    type_of,
    unused_columns,
)
from reen.types import Account, CoverageRow, Fate
from reen.views.figures import count, digits, joined, of_items, series

if TYPE_CHECKING:
    from rich.console import RenderableType

    import reen
    from reen.cli.page import Page

__all__ = ["coverage_page", "excluded_lines", "personal_line"]

#: What a method does not count on purpose.
_SET_APART = (Status.EXCLUDED, Status.INCLUDED_ELSEWHERE)


#: Rows that do not say where they are: an option says it for them.
_NO_COUNTRY = Reason("missing", column="country")


def coverage_page(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    """Yield the blocks of the page on the coverage of a footprint."""
    coverage = footprint.coverage
    rows = list(coverage)
    parts = part_titles(footprint, rows)
    yield paragraph()
    yield heading(say("page_coverage"))
    for kind, part in parts.items():
        said = _counts([row for row in rows if row.kind == kind])
        if len(parts) > 1:
            said = say("page_colon", name=part, text=said)
        yield hang(said, width=page.width, rest="  ")
    if not rows:
        yield paragraph(say("page_empty"))
    if personal := personal_line(footprint, page):
        yield hang(personal, width=page.width, rest="  ")
    if unused := unused_columns(footprint):
        yield hang(unused, width=page.width, rest="  ")
    yield from _account(footprint.account, page)
    yield from _left_out(footprint, rows, parts, page)
    for status in _SET_APART:
        yield from _by_reason(footprint, status, page)
    packs = {pack.name for pack in footprint.provenance.packs}
    yield from _assumed(rows, page, packs)


def personal_line(footprint: reen.Footprint, page: Page) -> str:
    """Return how many items are not the organisation's own, where the method does not look."""
    rows = page.inventory.table
    if (
        page.level != "equipment"
        or "ownership" in page.read
        or "ownership" not in rows.schema.names
    ):
        return ""
    rows = rows.filter(pc.equal(rows["ownership"].cast(pa.string()), "personal"))
    if not rows.num_rows:
        return ""
    given = "quantity" in rows.schema.names
    quantity = numpy_of(rows["quantity"]) if given else np.ones(rows.num_rows)
    unknown = int(np.isnan(quantity).sum())
    items = _items(float(np.nansum(quantity)), rows.num_rows, unknown)
    shown = "" if "ownership" in footprint.grouped_by else "_hint"
    return say(f"page_personal{shown}", items=items)


def _items(quantity: float, rows: int, unknown: int, kind: str = "") -> str:
    """Return items (of a kind beside the equipment) and rows in words, what is not known apart."""
    known = rows - unknown
    said = []
    if known or not rows:
        code = f"page_items_{kind}" if kind else "page_items"
        items = say(code, count=of_items(quantity))
        said = [say("page_items_in", items=items, rows=say("account_rows", count=known))]
    if unknown:
        said.append(say("page_rows_unknown", count=unknown))
    return joined(said)


def _sum(rows: Iterable[CoverageRow]) -> str:
    by_kind: dict[str, list[CoverageRow]] = {}
    for row in rows:
        by_kind.setdefault(beside_kind(row), []).append(row)
    return series(
        _items(
            sum(row.quantity for row in mine),
            sum(row.rows for row in mine),
            sum(row.unknown for row in mine),
            kind,
        )
        for kind, mine in sorted(by_kind.items())
    )


def _counts(rows: Sequence[CoverageRow]) -> str:
    """Return the line of one part: what became of every item."""
    said = []
    for status in (Status.ASSESSED, Status.LEFT_OUT, *_SET_APART):
        concerned = [row for row in rows if row.status is status]
        if concerned or status is Status.ASSESSED:
            items = _sum(concerned) if concerned else say("page_nothing")
            said.append(say(f"page_status_{status.name.lower()}", items=items))
    return series(said)


def _account(account: Account, page: Page) -> Iterator[RenderableType]:
    """Say what became of the rows of the files before anything was measured."""
    from reen.cli.account_page import account_blocks

    yield paragraph()
    yield heading(say("page_rows_heading"))
    yield from account_blocks(account, width=page.width, limit=page.limit)
    if account.rows != account.rows_of(Fate.COUNTED):
        yield hang(say("page_read_says", path=page.typed_path), width=page.width)


def _left_out(
    footprint: reen.Footprint, rows: Sequence[CoverageRow], parts: dict[str, str], page: Page
) -> Iterator[RenderableType]:
    lines = merged_lines(row for row in rows if row.status is Status.LEFT_OUT)
    missing = footprint.coverage.partly_published()
    if not lines and not missing:
        return
    yield paragraph()
    yield heading(say("page_left_out"))
    if lines:
        sources = {each.source for line in lines for each in line.row.examples}
        one = sources.pop() if len(sources) == 1 else None
        place = say("page_file_row" if one is None else "page_row")
        several = len(parts) > 1
        items, extra = say("page_items_head"), [say("page_part_head")] if several else []
        made = table(say("page_type"), items, say("page_why"), *extra, place, right=[items])
        shown = lines[: page.head(len(lines))]
        for line in shown:
            part = joined(parts[kind].lower() for kind in line.kinds)
            all_parts = len(line.kinds) == len(parts)
            made.add_row(
                type_of(line.row, page.type_title),
                _quantity(line.row),
                str(line.row.reason),
                *([say("page_all") if all_parts else part] if several else []),
                _places(line.row, one),
            )
        yield made
        if len(lines) > len(shown):
            said = say("page_more_kinds_of_rows", count=len(lines) - len(shown))
            yield hang(said, width=page.width)
    for stage, criterion, quantity, number in missing:
        title = title_of(footprint.factors.vocabulary[criterion]).lower()
        said = say(
            "page_unpublished",
            stage=title_of(stage),
            criterion=title,
            items=_items(quantity, number, 0),
        )
        yield hang(said, width=page.width, rest="  ")
    if any(line.row.reason == _NO_COUNTRY for line in lines):
        yield paragraph(say("page_country_hint"))
    if any(line.row.reason is not None and line.row.reason.code == "no_mix" for line in lines) and (
        "electricity_year" in footprint.provenance.options
    ):
        yield paragraph(say("page_year_hint"))
    if lines and lines[0].row.examples:
        first = lines[0].row.examples[0]
        name = page.row_name(source=first.source, row=first.row, name=first.id)
        about = footprint.provenance
        dated = f" --as-of {about.as_of}" if page.dated else ""
        level = f" --level {page.level}" if page.level != "equipment" else ""
        computing = f" {page.computing}" if page.computing else ""
        yield paragraph(say("page_one_row"))
        yield as_is(
            f"  reen explain {page.typed_path} {shell_words([name])} --method {about.method}"
            f"{dated}{level}{computing}"
        )


def _quantity(row: CoverageRow) -> str:
    if row.unknown == row.rows:
        return say("page_quantity_unknown")
    said = count(row.quantity)
    return say("page_and_unknown", known=said, count=row.unknown) if row.unknown else said


def _places(row: CoverageRow, one: str | None) -> str:
    """Return the first rows concerned, by line of their file; the file only where several are."""
    places = [
        str(each.row) if one is not None or not each.source else f"{each.source}:{each.row}"
        for each in row.examples
    ]
    more = ", ..." if row.rows > len(row.examples) else ""
    return ", ".join(places) + more


def _by_reason(footprint: reen.Footprint, status: Status, page: Page) -> Iterator[RenderableType]:
    """Yield the lines of what is not counted on purpose, under their title."""
    lines = list(excluded_lines(footprint, status, page))
    if lines:
        yield paragraph()
        yield heading(say(f"page_head_{status.name.lower()}"))
        yield from (hang(line, width=page.width, rest="  ") for line in lines)


def excluded_lines(footprint: reen.Footprint, status: Status, page: Page) -> Iterator[str]:
    """Yield one line per reason, the types named unless they are all concerned."""
    parts = part_titles(footprint, footprint.coverage)
    reasons: dict[tuple[Reason | None, str], list[CoverageRow]] = {}
    for row in footprint.coverage:
        if row.status is status:
            reasons.setdefault((row.reason, row.kind), []).append(row)
    lines: dict[str, list[str]] = {}
    for (reason, kind), concerned in reasons.items():
        line = say("page_colon", name=str(reason), text=_sum(concerned))
        if sum(row.rows for row in concerned) != footprint.coverage.rows:
            types = (f"{type_of(row, page.type_title)} {_quantity(row)}" for row in concerned)
            line += f" ({', '.join(types)})"
        lines.setdefault(line, []).append(kind)
    for line, kinds in lines.items():
        if len(kinds) == len(parts):
            yield line
        else:
            yield say("page_colon", name=joined(parts[kind] for kind in kinds), text=line)


def _assumed(
    rows: Iterable[CoverageRow], page: Page, packs: Collection[str]
) -> Iterator[RenderableType]:
    """Yield one paragraph per assumption: what was missing, what was used, for how many items."""
    concerned: dict[Assumption, list[CoverageRow]] = {}
    for row in rows:
        if row.status is Status.ASSESSED:
            for assumption in row.assumptions:
                concerned.setdefault(assumption, []).append(row)
    if not concerned:
        return
    yield paragraph()
    yield heading(say("page_assumed"))
    for assumption, found in concerned.items():
        of_one = once(found)
        said = _ruled(assumption, packs)
        values = ", ".join(dict.fromkeys(_value(row, assumption, page) for row in of_one))
        text = say("page_colon", name=_sum(of_one), text=values)
        yield hang(series([said, text]), width=page.width, rest="  ")


def _ruled(assumption: Assumption, packs: Collection[str]) -> str:
    """Return an assumption in words, with its rule and the pack that it comes from."""
    code = "page_assumed_by"
    if assumption.pack:
        code = "page_assumed_by_pack" if assumption.pack in packs else "page_assumed_by_other"
    return say(code, parameter=assumption.parameter, rule=assumption.rule, pack=assumption.pack)


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _value(row: CoverageRow, assumption: Assumption, page: Page) -> str:
    """Return the type, and the figure used for it when an installed pack gives it."""
    title = type_of(row, page.type_title)
    pack = page.registry.factor_packs.get(assumption.pack)
    for default in pack.defaults if pack is not None else ():
        if (default.equipment_type, default.parameter) == (
            row.equipment_type,
            assumption.parameter,
        ):
            unit = default.unit.replace("/item", "")
            if unit == "year":
                return f"{title} {say('page_years', count=_whole(default.value))}"
            return f"{title} {amount(digits(default.value), unit)}"
    return title
