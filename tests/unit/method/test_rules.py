"""The rule of statuses and dates says the same of a case as of the rows of a batch."""

from __future__ import annotations

import datetime as dt

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given

import reen
from reen.measurement.ready_method import prepare_method
from reen.plugin import Case, Exchange, Excluded, Kind, Packs, Reason, Stage
from reen.plugin.arrays import Assessment, StatusRule

from .toys import Toy, pack

DAY = dt.date(2024, 12, 31)
STATUSES = ("in_use", "in_stock", "retired", "lost", "unknown", None)
DATES = (None, dt.date(2020, 1, 1), DAY, dt.date(2025, 1, 1))
ROWS = st.lists(st.tuples(*map(st.sampled_from, (STATUSES, DATES, DATES))), min_size=1, max_size=12)


@pytest.mark.parametrize("use", [False, True])
@given(rows=ROWS, with_status=st.booleans())
def test_cases_and_masks_judge_alike(
    *, use: bool, rows: list[tuple[object, ...]], with_status: bool
) -> None:
    """Each row has the same outcome by either, but that the function of the toy counts nothing."""
    names = ("status", "purchase_date", "retirement_date")
    cells = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    types = {"purchase_date": pa.date32(), "retirement_date": pa.date32(), "status": pa.string()}
    table = {name: pa.array(cells[name], types[name]) for name in names}
    if not with_status:
        del table["status"]
    inventory = reen.Inventory.from_arrow(pa.table({"model": ["X"] * len(rows), **table}))
    (batch,) = inventory.batches()

    assessment = Assessment(len(batch))
    StatusRule(as_of=DAY).apply(batch, assessment, use=use)
    outcomes, codes = assessment.result()
    expected = [outcomes[code] for code in codes.tolist()]

    said: list[object] = []

    def note(case: Case, _: Packs) -> Exchange:
        said.append(sorted(case.assumptions))
        raise Excluded("out_of_scope", kept="nothing")

    kind = Kind("item", (Stage.EMBEDDED,), "item", use=use, preamble=("status",))
    ready = prepare_method(Toy(note, kind=kind), factors=pack(), as_of=DAY)
    (answers,) = ready.answers_by_case(batch) or ()
    found = [answers.outcomes[answers.outcome[case]] for case in answers.case.tolist()]
    for mine, theirs in zip(found, expected, strict=True):
        if theirs.reason is None:  # in use: the toy's own verdict follows
            assert mine.reason == Reason("out_of_scope", kept="nothing")
            assert list(theirs.assumptions) in said
        else:
            assert (mine.status, mine.reason) == (theirs.status, theirs.reason)
