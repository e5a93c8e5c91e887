"""Remarks: what a method says of rows besides its answers, in `explain` and `trace` only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import attrs
import numpy as np
import pyarrow as pa
import pytest

import reen
from reen.plugin import Case, CaseMethod, Context, Exchange, Excluded, Kind
from reen.plugin.arrays import Batch, Exchanges, FlowKind, Remark, Remarks
from reen.testing import ToyMethod, registry_of

FLEET = reen.Inventory.from_arrow(
    pa.table({"id": ["a", "b", "c"], "equipment_type": ["laptop", "desktop", "laptop"]})
)


@attrs.frozen(kw_only=True)
class Talking:
    """The toy method, which says the type of each row and, of some, a number."""

    said: object = None

    name: ClassVar[str] = "talking"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Talking"
    reference: ClassVar[str] = "none: for tests"
    packs: ClassVar[tuple[str, ...]] = ()

    def prepare(self, context: Context) -> PreparedTalking:
        return PreparedTalking(ToyMethod().prepare(context), self.said)


@attrs.frozen(eq=False)
class PreparedTalking:
    """`Talking`, ready to answer."""

    toy: Any
    said: object
    kinds: tuple[FlowKind, ...] = attrs.field(init=False)
    columns: tuple[str, ...] = attrs.field(init=False)

    @kinds.default
    def _kinds(self) -> tuple[FlowKind, ...]:
        return tuple(self.toy.kinds)

    @columns.default
    def _columns(self) -> tuple[str, ...]:
        return tuple(self.toy.columns)

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        return self.toy.exchanges(batch)  # type: ignore[no-any-return]

    def remarks(self, batch: Batch) -> Iterable[Remarks]:
        if self.said is not None:
            if isinstance(self.said, Exception):
                raise self.said
            return self.said  # type: ignore[return-value]
        codes, types = batch.codes("equipment_type")
        remarks = tuple(Remark(f"a {kind}", {"kind": kind}) for kind in types)
        odd = np.where(np.arange(len(batch)) % 2 == 1, 0, -1)
        return [Remarks(remarks, codes), Remarks((Remark("odd", {"n": 1.5}),), odd)]


def test_explain_shows_those_of_the_row_as_text_and_as_data() -> None:
    explanation = reen.explain(FLEET, row="b", method=Talking(), registry=registry_of())
    # alone in its batch, the row is the first: not odd
    assert explanation.remarks == (Remark("a desktop", {"kind": "desktop"}),)
    assert str(explanation).splitlines()[1] == "a desktop"


@pytest.mark.parametrize("batch_rows", [2, 100])
def test_trace_shows_those_of_every_row_for_each_of_its_exchanges(batch_rows: int) -> None:
    """Two kinds of exchanges per row; the second row of a batch is odd."""
    table = reen.trace(
        FLEET, method=Talking(), registry=registry_of(), batch_rows=batch_rows
    ).read_all()
    found = {(row["id"], row["kind"]): row["remarks"] for row in table.to_pylist()}
    expected = {"a": ["a laptop"], "b": ["a desktop", "odd"], "c": ["a laptop"]}
    assert found == {
        (name, kind): said for name, said in expected.items() for kind in ("item", "electricity")
    }


def test_a_method_without_remarks_says_nothing() -> None:
    table = reen.trace(FLEET, method=ToyMethod(), registry=registry_of()).read_all()
    assert table["remarks"].to_pylist() == [[]] * 6
    assert reen.explain(FLEET, row="b", method=ToyMethod(), registry=registry_of()).remarks == ()


def test_measuring_never_asks_for_them() -> None:
    broken = Talking(said=RuntimeError("asked"))
    reen.measure(FLEET, method=broken, registry=registry_of())
    with pytest.raises(reen.errors.PluginError, match=r"talking 1.*RuntimeError: asked"):
        reen.explain(FLEET, row="b", method=broken, registry=registry_of())


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (["x"], "returned str instead of Remarks"),
        ([Remarks((), np.full(7, -1))], "remarked on 7 rows of a batch of 1"),
        ([Remarks((), np.zeros(1, np.int64))], "gave the remark number 0 out of 0"),
    ],
)
def test_whoever_breaks_the_contract_is_named(said: object, message: str) -> None:
    with pytest.raises(reen.errors.PluginError, match=f"method talking 1.*{message}"):
        reen.explain(FLEET, row="b", method=Talking(said=said), registry=registry_of())


@attrs.frozen(kw_only=True, eq=False)
class Worded(CaseMethod):
    """Remarks on models and types, laptops apart."""

    context: Context
    kinds: ClassVar[tuple[Kind, ...]] = (Kind("item", (reen.Stage.EMBEDDED,), "item"),)
    remarks_on: ClassVar[tuple[str, ...]] = ("model", "equipment_type")

    def item(self, case: Case) -> Exchange:
        raise Excluded("out_of_scope", kept=str(case.has("purchase_date")))

    def remark(self, words: Mapping[str, str | None]) -> Remark | None:
        if words["equipment_type"] == "laptop":
            return None
        return Remark(f"{words['model']}, a {words['equipment_type']}")


@attrs.frozen(kw_only=True)
class WordedMethod:
    """The method of `Worded`."""

    name: ClassVar[str] = "worded"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Worded"
    reference: ClassVar[str] = "none: for tests"
    packs: ClassVar[tuple[str, ...]] = ()

    def prepare(self, context: Context) -> Worded:
        return Worded(context=context)


def test_a_method_of_cases_remarks_on_words() -> None:
    """Its columns are read for that alone, and what it says nothing of stays blank."""
    rows = pa.table(
        {
            "equipment_type": ["monitor", "laptop", "monitor", "server", "monitor"],
            "model": ["A", "A", None, "A", "A"],
        }
    )
    fleet = reen.Inventory.from_arrow(rows)
    table = reen.trace(fleet, method=WordedMethod(), registry=registry_of()).read_all()
    assert table["remarks"].to_pylist() == [
        ["A, a monitor"],
        [],
        ["None, a monitor"],
        ["A, a server"],
        ["A, a monitor"],
    ]
    without = reen.Inventory.from_arrow(rows.select(["equipment_type"]))
    explanation = reen.explain(without, row=0, method=WordedMethod(), registry=registry_of())
    assert [remark.text for remark in explanation.remarks] == ["None, a monitor"]
    # a batch of which nothing is said
    table = reen.trace(
        fleet, method=WordedMethod(), registry=registry_of(), batch_rows=1
    ).read_all()
    assert table["remarks"].to_pylist()[:2] == [["A, a monitor"], []]
