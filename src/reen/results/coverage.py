"""Coverage: what was assessed, how it was matched, what was left out and why.

Derived from the fold's coverage classes.  For every stage and criterion each row is in exactly
one of four statuses, so that quantity in = assessed + excluded + included elsewhere + left out:
nothing is lost.  Knows no method and no file.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.exchanges import Assumption, Match, Status
from reen.engine.fold import ColumnRows, CoverageClass, Example, Fold
from reen.inventory.account import Account
from reen.reasons import Reason, say
from reen.values import Compared
from reen.views.arrow_table import ArrowTable
from reen.views.viewed import Viewed
from reen.vocabulary.stages import EMBEDDED_STAGES, Stage

#: Lines of a coverage as text.
_SHOWN = 20

__all__ = ["Coverage", "CoverageRow", "assessed_groups", "status_at"]


def status_at(
    klass: CoverageClass, stage: Stage, criterion: str
) -> tuple[Status, Reason | None] | None:
    """Return the status and reason of a class for one stage and criterion.

    None when its flow kind does not answer for the stage.
    """
    if stage not in klass.stages:
        return None
    if klass.outcome.status is not Status.ASSESSED:
        return klass.outcome.status, klass.outcome.reason
    published = {where for where, key in klass.published if key == criterion}
    if stage in published:
        return Status.ASSESSED, None
    elsewhere = _holder(stage, published)
    if elsewhere is not None:
        return Status.INCLUDED_ELSEWHERE, elsewhere
    return Status.LEFT_OUT, Reason("not_published")


def _holder(stage: Stage, published: set[Stage]) -> Reason | None:
    """Return where the content of an unpublished stage is counted, None when nowhere."""
    if stage in EMBEDDED_STAGES and Stage.EMBEDDED in published:
        return Reason("in_stage_embedded")
    if stage is Stage.EMBEDDED and published & set(EMBEDDED_STAGES):
        return Reason("in_separate_stages")
    if Stage.UNSPECIFIED in published:
        return Reason("in_stage_unspecified")
    return Reason("in_named_stages") if stage is Stage.UNSPECIFIED and published else None


def _is_partly(klass: CoverageClass, stage: Stage, criterion: str) -> bool:
    """Tell whether rows are assessed by a factor that lacks a cell which stands nowhere else."""
    if klass.outcome.status is not Status.ASSESSED:
        return False
    verdict = status_at(klass, stage, criterion)
    return verdict is not None and verdict[0] is Status.LEFT_OUT


@attrs.frozen(eq=False, repr=False)
class CoverageRow(Compared):
    """Rows and quantity with the same outcome and reason.

    Attributes
    ----------
    kind
        Flow kind: ``item``, ``electricity``...
    equipment_type
        Type, empty when the rows have none.
    status, match
        What became of them, and how they were matched.
    reason
        Rule or cause, None where they are assessed; ``str(row.reason)`` says it in English.
    assumptions
        What was taken for granted.
    quantity
        Items of the rows whose quantity is known.
    rows, unknown
        Number of rows, and of those whose quantity is not known.
    examples
        First rows, by file and line.
    """

    kind: str
    equipment_type: str
    status: Status
    match: Match
    reason: Reason | None
    assumptions: tuple[Assumption, ...]
    quantity: float
    rows: int
    unknown: int
    examples: tuple[Example, ...] = ()


@attrs.frozen(eq=False, repr=False)
class Coverage(ArrowTable, Viewed):
    """What a footprint covers.

    Iterate over it for `CoverageRow` per flow kind, equipment type and outcome; `table` gives the
    same by stage, as Arrow data.
    """

    made_by: ClassVar = "reen.results.coverage_view:coverage_view"

    fold: Fold
    stages: tuple[Stage, ...]
    criteria: tuple[str, ...]

    def __iter__(self) -> Iterator[CoverageRow]:
        """Iterate over kinds, then types, then outcomes."""
        return iter(self._listed)

    @functools.cached_property
    def _listed(self) -> tuple[CoverageRow, ...]:
        """Return the rows, put together on first use."""
        cells = self.fold.by_type
        rows: dict[tuple[object, ...], CoverageRow] = {}
        for k in range(len(cells.key)):
            klass = self.fold.classes[cells.klass[k]]
            outcome = klass.outcome
            row = CoverageRow(
                klass.kind,
                self.fold.types[cells.key[k]],
                outcome.status,
                outcome.match,
                outcome.reason,
                outcome.assumptions,
                float(cells.quantity[k]),
                int(cells.rows[k]),
                int(cells.unknown[k]),
                self.fold.examples.get((klass, self.fold.types[cells.key[k]]), ()),
            )
            why = () if row.reason is None else (row.reason,)
            key = (row.kind, row.status, row.equipment_type, row.match, why, row.assumptions)
            known = rows.get(key)
            rows[key] = row if known is None else _sum(known, row)
        return tuple(rows[key] for key in sorted(rows))

    @property
    def rows(self) -> int:
        """Return the number of inventory rows."""
        return self.fold.rows

    @property
    def account(self) -> Account:
        """Return what became of the rows of the files before anything was measured."""
        return self.fold.account

    @property
    def unused(self) -> tuple[ColumnRows, ...]:
        """Return the columns that rows fill and the method does not look at, with the rows.

        Columns by which some method makes its figures: power, lives, place, components...
        """
        return self.fold.unused

    def left_out(self) -> tuple[CoverageRow, ...]:
        """Return what should have been measured and could not be."""
        return tuple(row for row in self if row.status is Status.LEFT_OUT)

    def excluded(self) -> tuple[CoverageRow, ...]:
        """Return what a rule of the method excludes."""
        return tuple(row for row in self if row.status is Status.EXCLUDED)

    def assumed(self) -> tuple[CoverageRow, ...]:
        """Return what was assessed under assumptions."""
        return tuple(row for row in self if row.assumptions)

    def partly_published(self) -> tuple[tuple[Stage, str, float, int], ...]:
        """Return (stage, criterion, quantity, rows) assessed by a factor that lacks the cell.

        The making of equipment is looked at whether or not any factor in use has it: a factor of
        its distribution alone misses most of the footprint.
        """
        return self._partly_published

    @functools.cached_property
    def _partly_published(self) -> tuple[tuple[Stage, str, float, int], ...]:
        found = []
        for stage in self._looked_at:
            for criterion in self.criteria:
                quantity, rows = 0.0, 0
                for k, klass_number in enumerate(self.fold.by_type.klass):
                    if _is_partly(self.fold.classes[klass_number], stage, criterion):
                        quantity += float(self.fold.by_type.quantity[k])
                        rows += int(self.fold.by_type.rows[k])
                if rows:
                    found.append((stage, criterion, quantity, rows))
        return tuple(found)

    @property
    def _looked_at(self) -> tuple[Stage, ...]:
        making = () if Stage.MANUFACTURING in self.stages else (Stage.MANUFACTURING,)
        return (*making, *self.stages)

    def groups_lacking(self, criterion: str) -> npt.NDArray[np.bool_]:
        """Return which groups miss rows, or parts of rows, of a criterion: boolean (groups,)."""
        lacks = [
            klass.outcome.lacks or any(_is_partly(klass, s, criterion) for s in self._looked_at)
            for klass in self.fold.classes
        ]
        found = np.zeros(self.fold.group_count, np.bool_)
        if lacks:
            cells = self.fold.by_group
            np.logical_or.at(found, cells.key, np.array(lacks, np.bool_)[cells.klass])
        return found

    def is_complete(self, criterion: str) -> bool:
        """Tell whether nothing is left out of a criterion, in any stage, refused or doubted."""
        return self.account.is_complete and not self.has_gaps(criterion)

    def has_gaps(self, criterion: str) -> bool:
        """Tell whether something of what was read is left out of a criterion, in any stage."""
        if any(self.fold.classes[k].outcome.lacks for k in set(self.fold.by_type.klass.tolist())):
            return True
        return any(key == criterion for _, key, _, _ in self.partly_published())

    def lacks(self, stage: Stage, criterion: str) -> bool:
        """Tell whether a stage and criterion miss rows, or parts of rows."""
        for number in set(self.fold.by_type.klass.tolist()):
            klass = self.fold.classes[number]
            verdict = status_at(klass, stage, criterion)
            if verdict is not None and (verdict[0] is Status.LEFT_OUT or klass.outcome.lacks):
                return True
        return False

    def quantities(self, stage: Stage, criterion: str) -> dict[Status, tuple[float, int, int]]:
        """Return (quantity, rows, rows of unknown quantity) by status, for a stage and criterion.

        The four statuses add up to the inventory.
        """
        found = dict.fromkeys(Status, (0.0, 0, 0))
        cells = self.fold.by_type
        for k, number in enumerate(cells.klass):
            verdict = status_at(self.fold.classes[number], stage, criterion)
            if verdict is not None:
                have = found[verdict[0]]
                found[verdict[0]] = (
                    have[0] + float(cells.quantity[k]),
                    have[1] + int(cells.rows[k]),
                    have[2] + int(cells.unknown[k]),
                )
        return found

    def to_arrow(self) -> pa.Table:
        """Return coverage by stage, criterion, type and outcome.

        Columns: kind, stage, criterion, equipment_type, status, match, reason (in English),
        reason_code, assumptions (in English), quantity (item), rows, rows_of_unknown_quantity,
        examples.
        """
        records = []
        cells = self.fold.by_type
        for k, number in enumerate(cells.klass):
            klass = self.fold.classes[number]
            for stage in self.stages:
                for criterion in self.criteria:
                    verdict = status_at(klass, stage, criterion)
                    if verdict is None:
                        continue
                    records.append(
                        {
                            "kind": klass.kind,
                            "stage": str(stage),
                            "criterion": criterion,
                            "equipment_type": self.fold.types[cells.key[k]] or None,
                            "status": verdict[0].label,
                            "match": klass.outcome.match.label,
                            "reason": None if verdict[1] is None else verdict[1].text("en"),
                            "reason_code": None if verdict[1] is None else verdict[1].code,
                            "assumptions": [each.text("en") for each in klass.outcome.assumptions],
                            "quantity": float(cells.quantity[k]),
                            "rows": int(cells.rows[k]),
                            "rows_of_unknown_quantity": int(cells.unknown[k]),
                            "examples": [
                                f"{each.source}:{each.row}" if each.source else str(each.row)
                                for each in self.fold.examples.get(
                                    (klass, self.fold.types[cells.key[k]]), ()
                                )
                            ],
                        }
                    )
        schema = pa.schema(
            [
                ("kind", pa.string()),
                ("stage", pa.string()),
                ("criterion", pa.string()),
                ("equipment_type", pa.string()),
                ("status", pa.string()),
                ("match", pa.string()),
                ("reason", pa.string()),
                ("reason_code", pa.string()),
                ("assumptions", pa.list_(pa.string())),
                pa.field("quantity", pa.float64(), metadata={"unit": "item"}),
                ("rows", pa.int64()),
                ("rows_of_unknown_quantity", pa.int64()),
                ("examples", pa.list_(pa.string())),
            ]
        )
        return pa.Table.from_pylist(records, schema=schema)

    def __repr__(self) -> str:
        """Return how many rows there are and how many are left out, in one line."""
        left = sum(row.rows for row in self.left_out())
        kinds = len({row.kind for row in self})
        return f"<Coverage: {self.rows} row(s), {kinds} flow kind(s), {left} left out>"

    def __str__(self) -> str:
        """Return a line per outcome that is not plainly assessed, the first of them when many."""
        lines = list(lines_of(self))
        if len(lines) > _SHOWN:
            more = say("view_more_lines", count=len(lines) - _SHOWN)
            lines = [*lines[:_SHOWN], more]
        return "\n".join(lines)


def _sum(left: CoverageRow, right: CoverageRow) -> CoverageRow:
    return attrs.evolve(
        left,
        quantity=left.quantity + right.quantity,
        rows=left.rows + right.rows,
        unknown=left.unknown + right.unknown,
        examples=tuple(sorted({*left.examples, *right.examples}))[:5],
    )


def items(quantity: float, rows: int, unknown: int) -> str:
    """Return a quantity in words: ``257 items in 1 row``, ``unknown quantity in 2 rows``."""
    lines = f"{rows} row" + ("s" if rows > 1 else "")
    if unknown == rows:
        return f"unknown quantity in {lines}"
    plural = "" if quantity == 1 else "s"
    more = f", {unknown} of them of unknown quantity" if unknown else ""
    return f"{_number(quantity)} item{plural} in {lines}{more}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == np.floor(value) else f"{value:,.2f}"


def lines_of(coverage: Coverage) -> Iterable[str]:
    """Yield the coverage in lines of plain text."""
    for row in coverage:
        if row.status is Status.ASSESSED and not row.assumptions:
            continue
        what = row.equipment_type or "no type"
        amount = items(row.quantity, row.rows, row.unknown)
        why = row.reason or "; ".join(map(str, row.assumptions))
        yield f"{row.kind}: {row.status.label}: {what}, {amount}: {why}"
    for stage, criterion, quantity, rows in coverage.partly_published():
        what = items(quantity, rows, 0)
        yield f"{stage}: not published by the factors in use: {criterion}, {what}"
    if coverage.unused:
        filled = ", ".join(f"{each.column} ({each.rows:,})" for each in coverage.unused)
        yield f"columns not used, with the rows that fill them: {filled}"


def assessed_groups(
    fold: Fold, stages: Sequence[Stage], criteria: Sequence[str], *, start: int, stop: int
) -> npt.NDArray[np.bool_]:
    """Return where groups `start` to `stop` have an assessed row: boolean (groups, S, C)."""
    table = np.zeros((len(fold.classes), len(stages), len(criteria)), np.bool_)
    stage_at = {stage: s for s, stage in enumerate(stages)}
    criterion_at = {key: c for c, key in enumerate(criteria)}
    for k, klass in enumerate(fold.classes):
        # what `status_at` calls assessed
        for stage, key in klass.published if klass.outcome.status is Status.ASSESSED else ():
            if stage in stage_at and key in criterion_at:
                table[k, stage_at[stage], criterion_at[key]] = True
    cells = fold.by_group
    first, last = np.searchsorted(cells.key, [start, stop])
    found = np.zeros((stop - start, *table.shape[1:]), np.bool_)
    group, classes = cells.key[first:last] - start, cells.klass[first:last]
    # Class by class, since a group comes once in each.  (A product of matrices would be as quick,
    # and single-precision ones raise false warnings of invalid values on some processors.)
    for k in np.flatnonzero(table.any(axis=(1, 2))).tolist():
        found[group[classes == k]] |= table[k]
    return found
