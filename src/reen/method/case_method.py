"""Methods that answer case by case: the base class of what they prepare.

The engine asks it as any prepared method for the exchanges of a batch; these come from the cases
that the functions of the method answered, each distinct case once.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

from reen.engine.cases import CaseAnswers
from reen.engine.exchanges import Assumption, Exchanges, Outcome, Status
from reen.errors import PluginError
from reen.factors.factor_set import FactorSet
from reen.inventory.batch import Batch
from reen.inventory.schema import EQUIPMENT, TableSchema
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.lazy_names import lazy_module
from reen.method.amounts import Amount
from reen.method.answers import Answer, Exchange
from reen.method.case import Case, Path, Questions
from reen.method.case_numbering import CaseNumbering
from reen.method.flow_kinds import Kind
from reen.method.questions import Question, combinations
from reen.method.reader import Reader
from reen.method.rules import columns_of, read_preamble
from reen.method.snapshot import Snapshot
from reen.method.table import CaseTable
from reen.method.tree import CaseTree
from reen.method.verdicts import Verdict
from reen.plugins.guard import A_METHOD
from reen.plugins.method import Context, Remark, Remarks

if TYPE_CHECKING:
    from reen.method import hosting as hosts
    from reen.method import packs as uses
else:  # a method that asks for neither does not wait for them
    hosts, uses = lazy_module("reen.method.hosting"), lazy_module("reen.method.packs")

__all__ = ["Answering", "CaseMethod", "Cases", "CasesOfKind", "OfTable"]

#: What becomes of a case, as an author's function says it.
Answering: TypeAlias = Callable[[Case], object]


class CaseMethod:
    """Base class of a prepared method that computes case by case, one function a kind of flow.

    A subclass is an ``attrs.frozen`` class with a field `context`; the function of a kind has its
    name, takes a `Case` and returns an `Exchange` (or a tuple of several), or raises a verdict.

    Attributes
    ----------
    context
        Packs, taxonomy and reference date.
    reads
        Columns of the inventory that its functions read, besides those of the preamble.
    remarks_on
        Columns of text on whose words it remarks (see `remark`), none by default.
    """

    context: Context
    reads: ClassVar[tuple[str, ...]] = ()
    remarks_on: ClassVar[tuple[str, ...]] = ()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds of flow that it answers for; two of them share no stage."""
        message = f"{type(self).__name__} has no kinds: name the kinds of flow that it answers for"
        raise NotImplementedError(message)

    @property
    def kinds_beside(self) -> tuple[Kind, ...]:
        """Return the kinds of flow of tables beside the equipment (see `Kind.table`), none here."""
        return ()

    def offers(self, kind: Kind) -> FactorSet | None:  # noqa: ARG002 - for those who override it
        """Return factors that are made at run time, and known even if every row is refused."""
        return None

    def remark(self, words: Mapping[str, str | None]) -> Remark | None:  # noqa: ARG002
        """Return the remark on rows with some words in the columns `remarks_on`, if any.

        Asked once for each distinct words, by `explain` and `trace`: it may name models, as a case
        never does, and no figure depends on it.
        """
        return None

    @functools.cached_property
    def packs(self) -> uses.Packs:
        """Return the packs in use.

        Always the same object, so that ``case.of(self.packs.item, "equipment_type")`` is one
        question.
        """
        return uses.Packs(self.context)

    @functools.cached_property
    def hosting(self) -> hosts.Hosting:
        """Return where the items of the inventory stand; always the same object too."""
        return hosts.Hosting(self.context)

    # -- the engine's side -----------------------------------------------------------------------

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that are read: its own, and those of the preambles."""
        preambles = (name for kind in self.kinds for name in columns_of(kind))
        asked = (name for kind in self.kinds if kind.excluded is None for name in kind.reads)
        read = {*self.reads, *self.remarks_on, *preambles, *asked}
        # whether a date is blank or unreadable stands beside it
        beside = {f"{name}_precision" for name in read} & EQUIPMENT.keys()
        return tuple(sorted(read | beside))

    @functools.cached_property
    def cases(self) -> Cases:
        """Return the cases met so far."""
        return Cases(self, self.kinds)

    @functools.cached_property
    def beside(self) -> Mapping[str, OfTable]:
        """Return what answers for the rows of each table beside the equipment that is counted."""
        tables = dict.fromkeys(kind.table for kind in self.kinds_beside)
        return {table: OfTable(self, table) for table in tables}

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        """Return the exchanges of a batch, kind by kind."""
        return self.cases.exchanges(Reader(batch))

    def answers(self, batch: Batch) -> list[CaseAnswers]:
        """Return the answers for a batch by case, kind by kind."""
        return self.cases.answers(Reader(batch))

    def remarks(self, batch: Batch) -> Iterable[Remarks]:
        """Return the remark on the words of each row of a batch, made once for distinct words."""
        if not self.remarks_on:
            return
        found, place = combinations(batch, self.remarks_on)
        made = [self.remark(dict(zip(self.remarks_on, words, strict=True))) for words in found]
        number = np.cumsum([each is not None for each in made], dtype=np.int64) - 1
        number[[each is None for each in made]] = -1
        yield Remarks(tuple(each for each in made if each is not None), number[place])

    def __getstate__(self) -> dict[str, Any]:
        """Travel without the cases met so far."""
        met = ("cases", "beside", "allocation")
        return {name: value for name, value in self.__dict__.items() if name not in met}


class OfTable:
    """What a method of cases answers for the rows of a table beside the equipment.

    Parameters
    ----------
    method
        The prepared method.
    table
        Kind of the table.
    """

    def __init__(self, method: CaseMethod, table: str) -> None:
        self.kinds = tuple(kind for kind in method.kinds_beside if kind.table == table)
        self.cases = Cases(method, self.kinds)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of the table that are read."""
        read = (name for kind in self.kinds for name in (*kind.reads, *columns_of(kind)))
        return tuple(sorted(set(read)))

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        """Return the exchanges of a batch, kind by kind."""
        return self.cases.exchanges(Reader(batch))

    def answers(self, batch: Batch) -> list[CaseAnswers]:
        """Return the answers for a batch by case, kind by kind."""
        return self.cases.answers(Reader(batch))


class Cases:
    """The cases of a prepared method, kind by kind of flow.

    Parameters
    ----------
    method
        The prepared method.
    kinds
        Kinds of flow of one table.
    """

    def __init__(self, method: CaseMethod, kinds: Sequence[Kind]) -> None:
        made: dict[Hashable, Question] = {}
        rule = method.context.status_rule

        def answering(kind: Kind) -> Answering:
            def answer(case: Case) -> object:
                read_preamble(case, kind, rule)
                return getattr(method, kind.name)(case)

            return answer

        self.kinds = tuple(
            CasesOfKind(
                kind,
                answering(kind),
                made=made,
                offers=method.offers(kind),
                schema=SCHEMA_OF_KIND[kind.table],
            )
            for kind in kinds
        )

    def exchanges(self, reader: Reader) -> Iterator[Exchanges]:
        """Return the exchanges of the rows of a batch, kind by kind."""
        for each in self.kinds:
            yield from each.exchanges(reader)

    def answers(self, reader: Reader) -> list[CaseAnswers]:
        """Return the answers for the rows of a batch by case, kind by kind."""
        return [each.answers(reader) for each in self.kinds]


class CasesOfKind:
    """The cases of one kind of flow.

    Parameters
    ----------
    kind
        The kind.
    answering
        What becomes of a case: its exchange, several, or a verdict raised.
    made
        Questions that the kinds of the method share.
    offers
        Factors made at run time, known even if every row is refused.
    schema
        Columns of the rows.
    per
        What amounts are per: a year of flows; nothing of shares.
    """

    def __init__(
        self,
        kind: Kind,
        answering: Answering,
        *,
        made: dict[Hashable, Question],
        offers: FactorSet | None = None,
        schema: TableSchema = EQUIPMENT,
        per: str = "/year",
    ) -> None:
        self.kind, self._answering, self._per = kind, answering, per
        self.tree = CaseTree(Questions(schema, made), self._answer)
        self._table = CaseTable(kind, offers)
        self._lock = threading.Lock()
        self._local = threading.local()

    def numbers(self, reader: Reader) -> npt.NDArray[np.int32]:
        """Return the number of the case of each row, int32 (n,)."""
        numbering: CaseNumbering | None = getattr(self._local, "numbering", None)
        if numbering is None:
            numbering = self._local.numbering = CaseNumbering(self.tree)
        return numbering.cases(reader)

    def exchanges(self, reader: Reader) -> Iterator[Exchanges]:
        """Return the exchanges of the rows of a batch."""
        cases = self.numbers(reader)
        yield from self.snapshot().exchanges(reader, cases)

    def answers(self, reader: Reader) -> CaseAnswers:
        """Return the answers for the rows of a batch, by case."""
        cases = self.numbers(reader)
        return self.snapshot().answers(reader, cases)

    def snapshot(self) -> Snapshot:
        """Return the cases met so far, as arrays."""
        with self._lock:
            self._table.add(self.tree.answers)
            return self._table.snapshot

    def _answer(self, path: Path) -> Answer:
        """Return what becomes of one case."""
        kind, case = self.kind, Case(path)
        try:
            found = self._answering(case)
        except Verdict as verdict:
            return Answer(Outcome(verdict.status, reason=verdict.reason))
        given = found if isinstance(found, tuple) else (found,)
        exchanges = tuple(_checked(kind, each, self._per) for each in given)
        flows = [each.flow for each in exchanges]
        stated = (level for level in (case.level, *(flow.match for flow in flows)) if level)
        made = {*case.assumptions, *(each for flow in flows for each in flow.assumptions)}
        said = tuple(sorted(made, key=Assumption.sort_key) if len(made) > 1 else made)
        outcome = Outcome(Status.ASSESSED, next(stated, kind.match), None, said)
        return Answer(outcome, exchanges)


def _checked(kind: Kind, found: object, per: str) -> Exchange:
    """Return an exchange of a kind, checked, without a reference to the rows that it came from.

    Raises
    ------
    PluginError
        Naming the function, and the factors with their units.
    """
    if not isinstance(found, Exchange):
        raise PluginError(
            A_METHOD,
            f"{kind.name}(case) gave {type(found).__name__}; expected an amount times a flow, or a"
            " verdict raised",
        )
    unit = found.flow.unit
    if unit not in (kind.unit, *kind.also):
        raise PluginError(
            A_METHOD,
            f"{kind.name}(case) gave a flow per {unit}; the kind is of one"
            f" {' or '.join((kind.unit, *kind.also))}",
        )
    scale = found.amount.scale_in(f"{unit}{per}")
    if scale != 1.0:
        raise PluginError(
            A_METHOD,
            f"{kind.name}(case) gave {found.amount.formula}, which is {unit}{per} only after"
            f" a multiplication by {scale:.10g}: ask for each number in its unit, as in"
            " case.number('lifetime', 'year')",
        )
    return Exchange(Amount(found.amount.factors), found.flow, found.spread)
