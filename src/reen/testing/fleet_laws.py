"""Laws of methods of cases on a fleet: how many cases, outcomes and reasons they make.

A method is fast, and its coverage readable, because rows fall into few cases.  A measurement of
eight rows cannot tell, so that a fleet of many is answered once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Outcome
from reen.inventory.inventory import Inventory
from reen.measurement.ready_method import ReadyMethod
from reen.method.case_method import CaseMethod, CasesOfKind
from reen.method.tree import Asked, CaseTree
from reen.reasons import Reason
from reen.testing.case_laws import REASONS, reasons_of
from reen.testing.laws import Law

__all__ = ["FLEET_LAWS", "Excess", "Fleet", "answered_fleet"]

#: Cases of one kind of flow.
_MOST_CASES = 50_000

#: Distinct outcomes of one kind, and distinct reasons of a method.
_MOST_OUTCOMES = _MOST_REASONS = 1_000

#: Rows answered at a time, so that a method of too many cases is stopped early.
_BATCH = 8_192


@attrs.frozen(eq=False)
class Fleet:
    """A method that has answered a fleet, or as much of it as tells enough.

    Attributes
    ----------
    inventory
        The rows.
    kinds, cases
        The cases of each kind of flow, and the number of the case of each row.
    """

    inventory: Inventory
    kinds: tuple[CasesOfKind, ...]
    cases: tuple[npt.NDArray[np.int32], ...]

    def outcomes(self, kind: CasesOfKind) -> list[Outcome]:
        """Return the outcome of each case of a kind."""
        return [answer.outcome for answer in kind.tree.answers]

    def rows(self, kind: CasesOfKind, of_case: Iterable[Hashable], most: int) -> Inventory:
        """Return the first row of each of `most` values and one more.

        Parameters
        ----------
        kind
            A kind of flow.
        of_case
            The value of each of its cases.
        most
            How many values are not too many.
        """
        numbers: dict[Hashable, int] = {}
        number = np.array([numbers.setdefault(each, len(numbers)) for each in of_case], np.int64)
        cases = self.cases[self.kinds.index(kind)]
        _, first = np.unique(number[cases], return_index=True)
        kept = np.sort(first)[: most + 1]
        return Inventory(self.inventory.table.take(kept))


@attrs.frozen(eq=False)
class Excess:
    """What there are too many of, in words, and the rows that show it."""

    found: str
    rows: Inventory


def answered_fleet(ready: ReadyMethod, inventory: Inventory) -> Fleet | None:
    """Let a method answer a fleet; None for one that answers by arrays.

    Raises
    ------
    PluginError
        The method raises.
    """
    prepared = ready.prepared
    if not isinstance(prepared, CaseMethod):
        return None
    kinds = prepared.cases.kinds
    parts: list[list[npt.NDArray[np.int32]]] = [[] for _ in kinds]
    for batch in inventory.batches(rows=_BATCH):
        for part, each in zip(parts, ready.answers_by_case(batch) or (), strict=True):
            part.append(each.case)
        if any(len(each.tree) > _MOST_CASES for each in kinds):
            break
    return Fleet(inventory, kinds, tuple(map(np.concatenate, parts)))


def _size(fleet: Fleet) -> Excess | None:
    rows = f"in {len(fleet.inventory):,} rows"
    for each in fleet.kinds:
        cases, outcomes = range(len(each.tree)), fleet.outcomes(each)
        if len(cases) > _MOST_CASES:
            asked = _forks_most(each.tree)
            said = f"{each.kind.name}: more than {_MOST_CASES:,} cases {rows}, most by {asked}"
            return Excess(said, fleet.rows(each, cases, _MOST_CASES))
        if (number := len(set(outcomes))) > _MOST_OUTCOMES:
            code = _most_common_code(reason for one in outcomes for reason in reasons_of(one))
            said = f"{each.kind.name}: {number:,} different outcomes {rows}; {code}"
            return Excess(said, fleet.rows(each, outcomes, _MOST_OUTCOMES))
    return None


def _forks_most(tree: CaseTree) -> str:
    """Return the question whose answers make most cases."""
    branches: Counter[Asked] = Counter()
    waiting = [tree.root]
    while waiting:
        node = waiting.pop()
        if node.asked is not None:
            branches[node.asked] += len(node.branches) - 1
        waiting += node.branches.values()
    ((asked, _),) = branches.most_common(1)
    return tree.questions.in_words(asked)


def _few_reasons(fleet: Fleet) -> Excess | None:
    for each in fleet.kinds:
        outcomes = fleet.outcomes(each)
        found = {reason for one in outcomes for reason in reasons_of(one)}
        if len(found) > _MOST_REASONS:
            code, rows = _most_common_code(found), len(fleet.inventory)
            said = f"{each.kind.name}: {len(found):,} different reasons in {rows:,} rows; {code}"
            of_case = (tuple(reasons_of(one)) for one in outcomes)
            return Excess(said, fleet.rows(each, of_case, _MOST_REASONS))
    return None


def _most_common_code(reasons: Iterable[Reason]) -> str:
    """Return the code with most different details, and one of them."""
    distinct = set(reasons)
    ((code, number),) = Counter(reason.code for reason in distinct).most_common(1)
    example = min(reason for reason in distinct if reason.code == code)
    details = ", ".join(f"{name}={value}" for name, value in example.details)
    return f"{number:,} of {code!r}, such as {details or 'one without details'}"


#: Laws of a fleet, in the order in which they are looked at.
FLEET_LAWS: Mapping[Law, Callable[[Fleet], Excess | None]] = {
    REASONS: _few_reasons,
    Law(
        "size", "rows fall into at most 50,000 cases and 1,000 outcomes of each kind of flow"
    ): _size,
}
