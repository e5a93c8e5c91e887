"""Laws of methods of cases: rows alone, what was learnt before, sentences of reasons.

Each check takes a `Measurement`, and holds for a method that answers by arrays: nothing is learnt
there.  Answers are compared row by row and bit by bit, which sums of a footprint cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs
import numpy as np
import pyarrow as pa

from reen.engine.cases import CaseAnswers
from reen.engine.exchanges import Outcome
from reen.inventory.inventory import Inventory
from reen.measurement.ready_method import ReadyMethod, prepare_method
from reen.method.case_method import CaseMethod
from reen.reasons import LANGUAGES, Reason, parameters_of, sentence_template
from reen.reasons.sentences import added_template
from reen.testing.laws import Law, must
from reen.testing.measurements import Measurement

__all__ = ["CASE_LAWS", "REASONS", "must_have_words", "reasons_of"]

#: Rows of a batch when a few rows are cut.
_CUT = 3


@attrs.frozen
class _Answer:
    """What becomes of one row: flow, drivers, amount and spread of each exchange."""

    outcome: Outcome
    exchanges: tuple[tuple[str, tuple[str, ...], float, float], ...]

    def __str__(self) -> str:
        """Return the answer in words."""
        said = [self.outcome.status.label]
        said += [str(self.outcome.reason)] if self.outcome.reason else []
        said += [f"{amount!r} of {flow}" for flow, _, amount, _ in self.exchanges]
        return ", ".join([*said, *map(str, self.outcome.assumptions)])


#: Answers of all rows, by kind of flow.
_Answers = Mapping[str, list[_Answer]]


def _prepared(case: Measurement) -> ReadyMethod | None:
    """Return the method prepared anew; None for one that answers by arrays."""
    ready = prepare_method(
        case.method, factors=case.factors, as_of=case.as_of, registry=case.registry
    )
    return ready if isinstance(ready.prepared, CaseMethod) else None


def _answers(ready: ReadyMethod, inventory: Inventory, *, rows: int = 65_536) -> _Answers:
    found: dict[str, list[_Answer]] = {}
    for batch in inventory.batches(rows=rows):
        for each in ready.answers_by_case(batch) or ():
            found.setdefault(each.kind.name, []).extend(_row_by_row(each))
    return found


def _row_by_row(each: CaseAnswers) -> Iterator[_Answer]:
    for row, case in enumerate(each.case.tolist()):
        exchanges = tuple(
            (
                str(each.flows[place.flow[case]]),
                place.drivers[place.sign[case]],
                float(place.amount[row]),
                0.0 if place.spread is None else float(place.spread[row]),
            )
            for place in each.exchanges
            if place.flow[case] >= 0
        )
        yield _Answer(each.outcomes[each.outcome[case]], exchanges)


def _must_be_same(found: _Answers, expected: _Answers, how: str, *, first: int = 0) -> None:
    for kind, answers in found.items():
        for row, answer in enumerate(answers, first):
            there = expected[kind][row]
            must(answer == there, f"row {row}, {kind}: {answer}, {how}; else {there}")


def _rows(case: Measurement) -> None:
    ready = _prepared(case)
    if ready is None:
        return
    whole = _answers(ready, case.inventory)
    for row in range(len(case.inventory)):
        alone = Inventory(case.inventory.table.slice(row, 1))
        _must_be_same(_answers(ready, alone), whole, "as the only row", first=row)


def _learning(case: Measurement) -> None:
    cold, warm = _prepared(case), _prepared(case)
    if cold is None or warm is None:
        return
    expected = _answers(cold, case.inventory)
    cut = _answers(cold, case.inventory, rows=_CUT)
    _must_be_same(cut, expected, f"{_CUT} rows at a time")
    for other in _other_rows(case.inventory):
        _answers(warm, other)
    found = _answers(warm, case.inventory)
    _must_be_same(found, expected, "when other rows were answered before")


def _other_rows(inventory: Inventory) -> Iterator[Inventory]:
    """Yield other rows than those of an inventory: it without each of its columns, backwards."""
    backwards = inventory.table.take(pa.array(np.arange(len(inventory))[::-1].copy()))
    for name in backwards.column_names:
        yield Inventory(backwards.drop_columns([name]))
    yield Inventory(backwards)


def reasons_of(outcome: Outcome) -> Iterator[Reason]:
    """Yield the reason of an outcome and the rules of its assumptions, with those inside them."""
    given = [outcome.reason] if outcome.reason else []
    waiting = [*given, *(each.rule for each in outcome.assumptions)]
    while waiting:
        reason = waiting.pop()
        yield reason
        waiting += [value for _, value in reason.details if isinstance(value, Reason)]


def _reasons(case: Measurement) -> None:
    ready = _prepared(case)
    if ready is None:
        return
    for answers in _answers(ready, case.inventory).values():
        for reason in {each for answer in answers for each in reasons_of(answer.outcome)}:
            must_have_words(reason)


def must_have_words(reason: Reason) -> None:
    """Check that a reason has a sentence in every language, of the details that it has."""
    for language in LANGUAGES:
        _must_have_words(reason, language)


def _must_have_words(reason: Reason, language: str) -> None:
    details = dict(reason.details)
    count = details.get("count")
    try:
        template = sentence_template(
            reason.code, language, count=count if isinstance(count, int) else None
        )
    except KeyError:
        template = None
    else:
        english = added_template(reason.code, "en")
        # where a plugin gives no sentence of the language, its English one is written
        if language != "en" and english is not None and template is english:
            template = None
    hook = "give one by the hook reen_reasons"
    must(template is not None, f"{reason.code!r} has no sentence in {language!r}: {hook}")
    lacking = sorted(parameters_of(template or "") - details.keys())
    must(
        not lacking,
        f"the sentence of {reason.code!r} in {language!r} speaks of {', '.join(lacking)}, and the"
        f" method gives {', '.join(details) or 'no detail'}",
    )


#: The law that is also held on a fleet, whose reasons are counted.
REASONS = Law(
    "reasons",
    "what is said of a row is a class with a sentence in each language, at most 1,000 of them",
)

#: Laws of one measurement, in the order in which they are looked at.
CASE_LAWS = {
    Law("rows", "a row alone has the outcome and the amount that it has beside others"): _rows,
    Law("learning", "what was answered before, and cuts, change no answer"): _learning,
    REASONS: _reasons,
}
