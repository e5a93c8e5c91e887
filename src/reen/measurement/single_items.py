"""Single items: another item of a case that is known, measured from the footprint of the first.

Input: the cells of one item, and the footprint of one that differs from it by its numbers alone.
Output: the same footprint as the whole way gives, to the last bit: same cases, so that amounts,
quantities and the digest are all that changes.  Whatever else would change is measured the whole
way.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import attrs
import numpy as np

from reen.engine.digest import RowDigest
from reen.inventory.account import Account
from reen.inventory.batch import Batch
from reen.inventory.conform import out_of_range
from reen.inventory.equipment import FilledCells
from reen.inventory.schema import EQUIPMENT, ColumnKind
from reen.measurement.ready_method import ReadyMethod
from reen.method.answers import Exchange
from reen.method.case_method import CaseMethod, CasesOfKind
from reen.method.questions import Comparison, Question, Value
from reen.method.reader import Reader, Row, Test
from reen.method.table import term_of
from reen.method.terms import Column, Derived, Floats, Whole, worked_out
from reen.results.footprint import Footprint
from reen.results.protection import protected, read_only
from reen.vocabulary.units import conversion_factor

__all__ = ["ItemTemplate", "kept_items"]


def kept_items(
    whole: Callable[[FilledCells], tuple[Footprint, ItemTemplate | None]], *, keep: int
) -> Callable[[FilledCells], Footprint]:
    """Return what measures items, from what it gave before where it can.

    Parameters
    ----------
    whole
        Measures an item the whole way; returns its template too, None where it has none.
    keep
        Footprints kept, those asked for longest ago giving way; as many templates at most.
    """
    templates: dict[Hashable, ItemTemplate] = {}

    @functools.lru_cache(maxsize=keep)
    def measured(filled: FilledCells) -> Footprint:
        shape = _shape(filled)
        known = templates[shape].measured(filled) if shape in templates else None
        if known is not None:
            return protected(known)
        found, template = whole(filled)
        if template is not None:
            if len(templates) >= keep:
                templates.clear()
            templates[shape] = template
        return found

    return measured


def _shape(filled: FilledCells) -> Hashable:
    """Return what two items have alike that differ by their numbers alone."""
    return tuple(
        (name, None if _is_number(name) else (type(cell), cell))
        for name, cell in filled.cells.items()
    )


def _is_number(name: str) -> bool:
    column = EQUIPMENT.get(name)
    return column is not None and column.kind is ColumnKind.NUMBER


@attrs.frozen(eq=False)
class ItemTemplate:
    """The footprint of one item, and what its numbers have to do with it.

    Attributes
    ----------
    footprint
        Of the item that was measured the whole way.
    row
        That item, as cases ask it.
    kinds, cases
        Kinds of flow of the method, and the case of the item for each.
    digest
        Of the item, by its numbers.
    """

    footprint: Footprint
    row: Row
    kinds: tuple[CasesOfKind, ...]
    cases: tuple[int, ...]
    digest: RowDigest

    @classmethod
    def of(
        cls, filled: FilledCells, footprint: Footprint, batch: Batch, ready: ReadyMethod
    ) -> ItemTemplate | None:
        """Return the template of an item; None where more than its numbers would have to change.

        Parameters
        ----------
        filled, batch
            The item: its cells, and as it was measured.
        footprint
            What was measured of it, without groups.
        ready
            The method that measured it; None is returned for one of arrays.
        """
        if not isinstance(ready.prepared, CaseMethod):
            return None
        if any(_unusable(name, value) for name, value in _numbers(filled).items()):
            return None
        batch = batch.restricted(ready.columns)
        row, kinds = Row(Reader(batch), 0), ready.prepared.cases.kinds
        cases = tuple(kind.tree.case_of(row) for kind in kinds)
        made = cls(footprint, row, kinds, cases, RowDigest(batch, ready.columns))
        exchanges, fold = made.exchanges, footprint.fold
        plain = (
            len(fold.cells.amount) == len({each.flow.key for each in exchanges}) == len(exchanges)
            and fold.noise is None
            and not fold.by_type.unknown.any()
            and not fold.account.issues
        )
        return made if plain else None

    @functools.cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Return the exchanges of the item, kind by kind."""
        pairs = zip(self.kinds, self.cases, strict=True)
        return tuple(each for kind, case in pairs for each in kind.tree.answers[case].exchanges)

    def measured(self, filled: FilledCells) -> Footprint | None:
        """Return the footprint of another item of the same shape; None where it is not known."""
        values = _numbers(filled)
        if any(_unusable(name, value) for name, value in values.items()):
            return None
        row = _Numbers(self.row, values)
        cases = tuple(kind.tree.case_of(row) for kind in self.kinds)
        if cases != self.cases:
            return None
        amounts = [_amount(each, row) for each in self.exchanges]
        if not all(np.isfinite(amount) and amount > 0.0 for amount in amounts):
            return None
        return self._with(amounts, values)

    def _with(self, amounts: list[float], values: Mapping[str, Floats]) -> Footprint:
        """Return the footprint with other amounts, quantity and digest."""
        fold = self.footprint.fold
        quantity = float(values["quantity"][0]) if "quantity" in values else 1.0
        place = {flow: k for k, flow in enumerate(fold.flows)}
        column = fold.cells.flow.tolist()
        by_flow = {
            place[each.flow.key]: amount
            for each, amount in zip(self.exchanges, amounts, strict=True)
        }
        digest = self.digest.of(values)
        changed = attrs.evolve(
            fold,
            cells=attrs.evolve(fold.cells, amount=np.array([by_flow[k] for k in column])),
            by_group=attrs.evolve(
                fold.by_group, quantity=np.full(len(fold.by_group.quantity), quantity)
            ),
            by_type=attrs.evolve(
                fold.by_type, quantity=np.full(len(fold.by_type.quantity), quantity)
            ),
            examples=read_only(
                {
                    key: tuple(attrs.evolve(each, quantity=quantity) for each in shown)
                    for key, shown in fold.examples.items()
                }
            ),
            digest=digest,
            account=Account.of(attrs.evolve(line, items=quantity) for line in fold.account.lines),
        )
        provenance = attrs.evolve(self.footprint.provenance, rows_digest=f"{digest:016x}")
        return attrs.evolve(self.footprint, fold=changed, provenance=provenance)


def _numbers(filled: FilledCells) -> dict[str, Floats]:
    """Return the numbers of an item, one value each."""
    return {
        name: np.array([cell], np.float64)
        for name, cell in filled.cells.items()
        if _is_number(name)
    }


def _unusable(name: str, value: Floats) -> bool:
    """Tell whether a number is not one that every method may use."""
    return not np.isfinite(value[0]) or bool(out_of_range(value, EQUIPMENT[name])[0])


class _Numbers:
    """A row that differs from a known one by its numbers."""

    def __init__(self, known: Row, values: Mapping[str, Floats]) -> None:
        self._known, self._values = known, values

    def code(self, question: Question) -> int:
        """Return the number of the answer: that of the known row, but to what asks for numbers."""
        if isinstance(question, Comparison) and question.column.name in self._values:
            return int(question.holds_for(self.whole(question.column))[0])
        if isinstance(question, Value) and question.column.name in self._values:
            return int(question.codes_of(self.whole(question.column))[0])
        return self._known.code(question)

    def holds(self, test: Test) -> bool:
        """Tell whether a comparison holds."""
        return test.holds_for(self.whole)

    def whole(self, term: Whole) -> Floats:
        """Return the value of a column, or of what is derived from columns."""
        if isinstance(term, Derived):
            return term.worked_out(self.whole)
        if not isinstance(term, Column) or term.name not in self._values:
            return self._known.reader.whole(term)
        factor = conversion_factor(EQUIPMENT[term.name].unit, term.unit)
        value = self._values[term.name]
        return value if factor == 1.0 else value * factor


def _amount(exchange: Exchange, row: _Numbers) -> float:
    """Return the amount of an exchange, its factors multiplied in their order."""
    product: Any = None
    with np.errstate(all="ignore"):
        for factor in exchange.amount.factors:
            value = worked_out(term_of(factor), (), row.whole)
            product = value if product is None else product * value
    return 1.0 if product is None else float(np.reshape(product, -1)[0])
