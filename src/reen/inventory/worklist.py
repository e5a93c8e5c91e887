"""Worklist: what to answer first, so that more of an inventory can be measured.

Input: the rows of equipment, the issues of a read and its unknown headers.  Output: the share of
items whose type is known, and the questions that stand in the way (`questions`), ordered by the
items that they block.  Changes no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from reen.inventory.batch import Batch
from reen.inventory.issues import Issue, Severity
from reen.inventory.questions import Question, Subject, Worklist
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.reasons import Reason
from reen.vocabulary.equipment_types import EquipmentTypes
from reen.vocabulary.text import fold_plurals, normalise

__all__ = ["worklist_of"]

#: Columns of which a word may be answered by another; numbers and days are mended in their file.
_OF_WORDS = {"equipment_type", "country", "status"} | {
    column.name for schema in SCHEMA_OF_KIND.values() for column in schema.values() if column.values
}

#: Words of the headers of free text.
_OF_REMARKS = frozenset(
    fold_plurals(normalise(word))
    for word in (
        *("commentaire", "observation", "remarque", "note", "précision", "divers", "mémo"),
        *("comment", "remark", "observation", "notes", "memo", "misc", "miscellaneous"),
    )
)


def worklist_of(
    batches: Iterable[Batch],
    *,
    issues: Iterable[Issue],
    equipment_types: EquipmentTypes,
    headers: Iterable[tuple[str, str]] = (),
    records: Iterable[Batch] = (),
    refused: int = 0,
    linked: Mapping[str, int] | None = None,
) -> Worklist:
    """Return what to answer first about some equipment.

    Parameters
    ----------
    batches
        The rows of equipment.
    issues
        What was odd or refused while reading.
    equipment_types
        Taxonomy, for proposals.
    headers
        Headers that nothing explains: file and header.
    records
        The rows of what was bought and of what left, whose types are asked too.
    refused
        Rows of the files that could not be read.
    linked
        Rows of the tables beside the equipment, by kind.
    """
    from reen.inventory.untyped import Tally

    issues = tuple(issues)
    tally, others = Tally(), Tally()
    for batch in batches:
        tally.add(batch)
    for batch in records:
        others.add(batch)
    questions = [
        *_asked_as_sums(
            _once((*tally.questions(equipment_types), *others.questions(equipment_types))), issues
        ),
        # rows without a type are asked by word and model, with what each stands for
        *_of_issues(
            issue
            for issue in issues
            if issue.column != "equipment_type" or issue.severity is not Severity.CELL
        ),
        *(
            Question(
                subject=Subject.HEADER,
                column="",
                value=header,
                reason=Reason("header_not_known"),
                proposals=(*_columns_gone(issues), "-", "keep"),
                source=source,
            )
            for source, header in dict.fromkeys(headers)
        ),
    ]
    order = list(Subject)
    questions.sort(
        key=lambda each: (
            -each.blocked,
            order.index(each.subject),
            each.subject is Subject.HEADER and _is_of_remarks(each.value),
            each.value,
        )
    )
    return Worklist(
        questions=tuple(questions),
        items=tally.items,
        typed=tally.typed,
        rows=tally.rows,
        uncountable=tally.uncountable,
        unknown=tally.unknown,
        refused=refused,
        linked=linked or {},
    )


def _is_of_remarks(header: str) -> bool:
    """Tell whether a header names what people add in words of their own, which no column is."""
    return not _OF_REMARKS.isdisjoint(fold_plurals(normalise(header)).split())


def _columns_gone(issues: Iterable[Issue]) -> tuple[str, ...]:
    """Return the columns of which a mapping names a header that no table has: renamed, perhaps."""
    named = (
        str(issue.reason.detail("columns")).split(", ")
        for issue in issues
        if issue.reason.code == "mapping_of_other_files"
    )
    return tuple(dict.fromkeys(name for names in named for name in names if name))


def _once(questions: Iterable[Question]) -> list[Question]:
    """Return each question once: a word means one thing in the equipment and in what left it."""
    found: dict[tuple[Subject, str, str], Question] = {}
    for each in questions:
        key = each.subject, each.column, each.value
        known = found.get(key)
        found[key] = (
            each
            if known is None
            else attrs.evolve(
                known,
                rows=known.rows + each.rows,
                items=((known.items or 0.0) + (each.items or 0.0)) or None,
                blocks=known.blocks or each.blocks,
            )
        )
    return list(found.values())


def _asked_as_sums(questions: Iterable[Question], issues: Iterable[Issue]) -> Iterator[Question]:
    """Yield the questions; of a word whose numbers are the sums of others, whether it adds them up.

    A type would count these twice: none is proposed.
    """
    # the doubt names the lines as "Ordinateurs (39), Téléphonie (25)"
    lines = [
        f", {issue.reason.detail('rows')}"
        for issue in issues
        if issue.reason.code == "matrix_may_be_parents"
    ]
    for each in questions:
        of_type = each.subject is Subject.WORD and each.column == "equipment_type"
        if of_type and any(f", {each.value} (" in line for line in lines):
            yield attrs.evolve(each, reason=Reason("word_may_be_sum"), proposals=("total",))
        else:
            yield each


def _of_issues(issues: Iterable[Issue]) -> Iterator[Question]:
    """Yield a question for every issue that keeps a row or a cell out, or that doubts it."""
    subjects = {
        Severity.REJECTED: Subject.REFUSED,
        Severity.CELL: Subject.WORD,
        Severity.DOUBT: Subject.DOUBT,
    }
    for issue in issues:
        if issue.severity not in subjects:
            continue
        yield Question(
            subject=Subject.REFUSED
            if issue.severity is Severity.CELL and issue.column not in _OF_WORDS
            else subjects[issue.severity],
            column=issue.column,
            value=issue.value,
            reason=issue.reason,
            rows=issue.count,
            source=issue.source,
            examples=issue.rows,
        )
