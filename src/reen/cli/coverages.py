"""What a footprint covers, in plain words: counted, left out and why, excluded, assumed.

Input: a `Footprint`.  Output: rich renderables for the end of its page.  Everything that entered
the inventory is named here under one of these heads; nothing is summed away.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Iterator, Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rich.console import RenderableType
from rich.text import Text

import reen
from reen.cli.accounts import account_blocks
from reen.cli.page import Page
from reen.cli.tables import as_is, count, hang, heading, joined, plural, table
from reen.plugin import Assumption, Reason, Status
from reen.types import Account, CoverageRow, Fate

__all__ = ["coverage_page"]

#: Title of what a method does not count on purpose, by status.
_SET_APART = {
    Status.EXCLUDED: "Not counted, by a rule of the method",
    Status.INCLUDED_ELSEWHERE: "Counted in another part",
}


#: Rows that do not say where they are: an option says it for them.
_NO_COUNTRY = Reason("missing", column="country")


#: What a kind of flow of a table beside the equipment is about.
_BESIDE = {"service": "Services", "waste": "Waste of the year"}


@attrs.define
class _Line:
    """Rows of one type that fared alike in some flow kinds."""

    row: CoverageRow
    kinds: list[str]


def coverage_page(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    """Yield the blocks that say what the footprint covers."""
    coverage = footprint.coverage
    rows = list(coverage)
    parts = _parts(footprint, rows)
    yield Text("")
    yield heading("Coverage")
    for kind, part in parts.items():
        head = f"{part}: " if len(parts) > 1 else ""
        of_kind = [row for row in rows if row.kind == kind]
        yield hang(f"{head}{_counts(of_kind)}", width=page.width, rest="  ")
    if not rows:
        yield Text("nothing: the inventory is empty")
    if page.level == "equipment":
        yield from _personal(footprint, page)
    yield from _account(footprint.account, page)
    yield from _left_out(footprint, rows, parts, page)
    for status in _SET_APART:
        yield from _by_reason(footprint, status, parts, page)
    packs = {pack.name for pack in footprint.provenance.packs}
    yield from _assumed(rows, page, packs)


def _personal(footprint: reen.Footprint, page: Page) -> Iterator[RenderableType]:
    """Say how many items are not the organisation's own, where the method does not look."""
    rows = page.inventory.table
    if (
        page.level != "equipment"
        or "ownership" in page.read
        or "ownership" not in rows.schema.names
    ):
        return
    rows = rows.filter(pc.equal(rows["ownership"].cast(pa.string()), "personal"))
    if not rows.num_rows:
        return
    given = "quantity" in rows.schema.names
    quantity = rows["quantity"].to_numpy() if given else np.ones(rows.num_rows)
    unknown = int(np.isnan(quantity).sum())
    items = _items(float(np.nansum(quantity)), rows.num_rows, unknown)
    are = "is a personal device" if items.startswith("1 item in 1 row") else "are personal devices"
    hint = "" if "ownership" in footprint.grouped_by else "; --by ownership shows them"
    said = f"{items} {are}, treated as the organisation's own{hint}."
    yield hang(said, width=page.width, rest="  ")


def _parts(footprint: reen.Footprint, rows: Iterable[CoverageRow]) -> dict[str, str]:
    """Return what each flow kind stands for in the life cycle, in words, by kind."""
    stages = {klass.kind: klass.stages for klass in footprint.fold.classes}
    parts = {}
    for kind in dict.fromkeys(row.kind for row in rows):
        seen = [stage for stage in stages[kind] if stage in footprint.stages] or stages[kind]
        if kind in _BESIDE and footprint.boundary:
            parts[kind] = _BESIDE[kind]
            continue
        parts[kind] = joined(stage.title_en.lower() for stage in seen).capitalize()
    return parts


def _items(quantity: float, rows: int, unknown: int) -> str:
    """Return items and rows in words, what is not known apart."""
    known = rows - unknown
    said = [f"{plural(quantity, 'item')} in {plural(known, 'row')}"] if known or not rows else []
    if unknown:
        said.append(f"{plural(unknown, 'row')} of unknown quantity")
    return joined(said)


def _sum(rows: Iterable[CoverageRow]) -> str:
    rows = list(rows)
    return _items(
        sum(row.quantity for row in rows),
        sum(row.rows for row in rows),
        sum(row.unknown for row in rows),
    )


def _counts(rows: Sequence[CoverageRow]) -> str:
    """Return the line of one part: what became of every item."""
    words = {
        Status.ASSESSED: "counted",
        Status.LEFT_OUT: "left out",
        Status.EXCLUDED: "not counted by a rule",
        Status.INCLUDED_ELSEWHERE: "counted in another part",
    }
    said = []
    for status, word in words.items():
        concerned = [row for row in rows if row.status is status]
        if concerned or status is Status.ASSESSED:
            said.append(f"{word} {_sum(concerned) if concerned else 'nothing'}")
    return "; ".join(said)


def _account(account: Account, page: Page) -> Iterator[RenderableType]:
    """Say what became of the rows of the files before anything was measured."""
    yield Text("")
    yield heading("Rows of the files")
    yield from account_blocks(account, width=page.width, limit=page.limit)
    if account.rows != account.rows_of(Fate.COUNTED):
        yield hang(f"`reen read {page.typed_path}` says why.", width=page.width)


def _merged(rows: Iterable[CoverageRow]) -> list[_Line]:
    """Return one line for the same rows under the same reason in several parts."""
    lines: dict[object, _Line] = {}
    for row in rows:
        places = tuple((each.source, each.row) for each in row.examples)
        key = (row.equipment_type, row.reason, row.quantity, row.rows, row.unknown, places)
        if key in lines:
            lines[key].kinds.append(row.kind)
        else:
            lines[key] = _Line(row, [row.kind])
    # What has no known quantity may weigh most: it comes first.
    return sorted(lines.values(), key=lambda line: (-line.row.unknown, -line.row.quantity))


def _left_out(
    footprint: reen.Footprint, rows: Sequence[CoverageRow], parts: dict[str, str], page: Page
) -> Iterator[RenderableType]:
    lines = _merged(row for row in rows if row.status is Status.LEFT_OUT)
    missing = footprint.coverage.partly_published()
    if not lines and not missing:
        return
    yield Text("")
    yield heading("Left out of the figures above")
    if lines:
        sources = {each.source for line in lines for each in line.row.examples}
        one = sources.pop() if len(sources) == 1 else None
        place = "File:row" if one is None else "Row"
        several = len(parts) > 1
        made = table("Type", "Items", "Why", *(["Part"] if several else []), place, right=["Items"])
        shown = lines[: page.head(len(lines))]
        for line in shown:
            part = joined(parts[kind].lower() for kind in line.kinds)
            all_parts = len(line.kinds) == len(parts)
            made.add_row(
                _type(line.row, page),
                _quantity(line.row),
                str(line.row.reason),
                *(["all" if all_parts else part] if several else []),
                _places(line.row, one),
            )
        yield made
        if len(lines) > len(shown):
            yield hang(
                f"and {len(lines) - len(shown):,} more kinds of rows: --limit 0 shows them.",
                width=page.width,
            )
    for stage, criterion, quantity, number in missing:
        title = footprint.factors.vocabulary[criterion].title_en.lower()
        yield hang(
            f"{stage.title_en}, {title}: the factors"
            f" in use publish no figure for {_items(quantity, number, 0)}.",
            width=page.width,
            rest="  ",
        )
    if any(line.row.reason == _NO_COUNTRY for line in lines):
        yield Text("Where equipment is used, for the rows that do not say: --country CODE")
    if any(line.row.reason is not None and line.row.reason.code == "no_mix" for line in lines) and (
        "electricity_year" in footprint.provenance.options
    ):
        yield Text("The closest year that a series has: --option electricity_year=nearest")
    if lines and lines[0].row.examples:
        first = lines[0].row.examples[0]
        name = page.row_name(source=first.source, row=first.row, name=first.id)
        about = footprint.provenance
        dated = f" --as-of {about.as_of}" if page.dated else ""
        level = f" --level {page.level}" if page.level != "equipment" else ""
        computing = f" {page.computing}" if page.computing else ""
        yield Text("What one row lacks:")
        yield as_is(
            f"  reen explain {page.typed_path} {shlex.quote(name)} --method {about.method}"
            f"{dated}{level}{computing}"
        )


def _type(row: CoverageRow, page: Page) -> str:
    if row.equipment_type:
        return page.type_title(row.equipment_type)
    written = dict.fromkeys(each.text for each in row.examples if each.text)
    return f"no known type: {', '.join(written)}" if written else "no type given"


def _quantity(row: CoverageRow) -> str:
    if row.unknown == row.rows:
        return "not known"
    return count(row.quantity) + (f" + {row.unknown} not known" if row.unknown else "")


def _places(row: CoverageRow, one: str | None) -> str:
    """Return the first rows concerned, by line of their file; the file only where several are."""
    places = [
        str(each.row) if one is not None or not each.source else f"{each.source}:{each.row}"
        for each in row.examples
    ]
    more = ", ..." if row.rows > len(row.examples) else ""
    return ", ".join(places) + more


def _by_reason(
    footprint: reen.Footprint, status: Status, parts: dict[str, str], page: Page
) -> Iterator[RenderableType]:
    """Yield one line per reason, the types named unless they are all concerned."""
    reasons: dict[tuple[Reason | None, str], list[CoverageRow]] = {}
    for row in footprint.coverage:
        if row.status is status:
            reasons.setdefault((row.reason, row.kind), []).append(row)
    if not reasons:
        return
    yield Text("")
    yield heading(_SET_APART[status])
    lines: dict[str, list[str]] = {}
    for (reason, kind), concerned in reasons.items():
        line = f"{reason}: {_sum(concerned)}"
        if sum(row.rows for row in concerned) != footprint.coverage.rows:
            types = (f"{_type(row, page)} {_quantity(row)}" for row in concerned)
            line += f" ({', '.join(types)})"
        lines.setdefault(line, []).append(kind)
    for line, kinds in lines.items():
        everywhere = len(kinds) == len(parts)
        head = "" if everywhere else f"{joined(parts[kind] for kind in kinds)}: "
        yield hang(f"{head}{line}", width=page.width, rest="  ")


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
    yield Text("")
    yield heading("Assumed, where the file says nothing")
    for assumption, of_one in concerned.items():
        giver = "the factor pack " if assumption.pack in packs else ""
        pack = f", from {giver}{assumption.pack}" if assumption.pack else ""
        values = [_value(row, assumption, page) for row in of_one]
        yield hang(
            f"{assumption.parameter}: {assumption.rule}{pack}; {_sum(of_one)}: "
            + ", ".join(dict.fromkeys(values)),
            width=page.width,
            rest="  ",
        )


def _value(row: CoverageRow, assumption: Assumption, page: Page) -> str:
    """Return the type, and the figure used for it when an installed pack gives it."""
    title = _type(row, page)
    pack = page.registry.factor_packs.get(assumption.pack)
    for default in pack.defaults if pack is not None else ():
        if (default.equipment_type, default.parameter) == (
            row.equipment_type,
            assumption.parameter,
        ):
            unit = default.unit.replace("/item", "")
            years = "s" if unit == "year" and default.value != 1.0 else ""
            return f"{title} {default.value:,.4g} {unit}{years}"
    return title
