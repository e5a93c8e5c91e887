"""Assessment: outcomes of rows, the first verdict staying, in one small code per row."""

from __future__ import annotations

import numpy as np
import pytest

from reen.engine.assessment import Assessment
from reen.engine.exchanges import Assumption, Match, Outcome, Status

LIFETIME = Assumption("default_of_type", parameter="lifetime", pack="pack")
ENERGY = Assumption("default_of_type", parameter="annual_energy", pack="pack")


def mask(*rows: int, size: int = 4) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return true at some rows."""
    where = np.zeros(size, np.bool_)
    where[list(rows)] = True
    return where


def outcomes(assessment: Assessment) -> list[Outcome]:
    """Return the outcome of each row."""
    distinct, codes = assessment.result()
    return [distinct[code] for code in codes]


def test_rows_are_assessed_unless_judged() -> None:
    """With the match level given for all."""
    assert outcomes(Assessment(2, match=Match.TYPE)) == [Outcome(match=Match.TYPE)] * 2


def test_no_row_has_no_outcome() -> None:
    """An empty batch."""
    distinct, codes = Assessment(0).result()
    assert (distinct, codes.tolist()) == ((), [])


def test_every_row_judged_leaves_no_assessed_outcome() -> None:
    """One outcome, code 0 for both rows."""
    assessment = Assessment(2)
    assessment.leave_out(mask(0, 1, size=2), "no factor")
    distinct, codes = assessment.result()
    assert distinct == (Outcome(Status.LEFT_OUT, reason="no factor"),)
    assert codes.tolist() == [0, 0]


def test_the_first_verdict_stays() -> None:
    """Excluded, then left out: excluded; the rest of the second mask is left out."""
    assessment = Assessment(4)
    assessment.exclude(mask(0), "retired")
    assessment.leave_out(mask(0, 1), "no factor")
    assert [str(outcome.reason or "") for outcome in outcomes(assessment)] == [
        "retired",
        "no factor",
        "",
        "",
    ]


def test_each_verdict_has_its_status() -> None:
    """One of each, and a row without verdict."""
    assessment = Assessment(4)
    assessment.exclude(mask(0), "a")
    assessment.include_elsewhere(mask(1), "b")
    assessment.leave_out(mask(2), "c")
    assert [outcome.status for outcome in outcomes(assessment)] == [
        Status.EXCLUDED,
        Status.INCLUDED_ELSEWHERE,
        Status.LEFT_OUT,
        Status.ASSESSED,
    ]


def test_invalid_comes_before_missing() -> None:
    """A cell that is both reads as invalid, which says more."""
    assessment = Assessment(4)
    assessment.require("lifetime", missing=mask(0, 1), invalid=mask(1, 2))
    assert [str(outcome.reason or "") for outcome in outcomes(assessment)] == [
        "lifetime unknown",
        "lifetime unreadable or out of range",
        "lifetime unreadable or out of range",
        "",
    ]


def test_match_levels_differ_by_row() -> None:
    """One row is matched by its model."""
    assessment = Assessment(4, match=Match.TYPE)
    assessment.match(mask(1), Match.MODEL)
    assert [outcome.match for outcome in outcomes(assessment)] == [
        Match.TYPE,
        Match.MODEL,
        Match.TYPE,
        Match.TYPE,
    ]


def test_assumptions_add_up_sorted() -> None:
    """Made in any order, they are named in one order."""
    assessment = Assessment(4)
    assessment.assume(mask(0, 1), LIFETIME)
    assessment.assume(mask(1, 2), ENERGY)
    assert [outcome.assumptions for outcome in outcomes(assessment)] == [
        (LIFETIME,),
        (ENERGY, LIFETIME),
        (ENERGY,),
        (),
    ]


def test_a_refused_row_names_no_assumption() -> None:
    """What was taken for granted of a row that is not counted is of no interest."""
    assessment = Assessment(4)
    assessment.assume(mask(0), LIFETIME)
    assessment.leave_out(mask(0), "no factor")
    assert outcomes(assessment)[0] == Outcome(Status.LEFT_OUT, reason="no factor")


def test_one_assumption_counts_once() -> None:
    """Said twice of a row, named once."""
    assessment = Assessment(4)
    assessment.assume(mask(0), LIFETIME)
    assessment.assume(mask(0, 1), LIFETIME)
    assert outcomes(assessment)[0].assumptions == (LIFETIME,)


def test_empty_masks_leave_no_trace() -> None:
    """Verdicts and assumptions on no row make no outcome."""
    assessment = Assessment(4)
    assessment.exclude(mask(), "never")
    assessment.assume(mask(), LIFETIME)
    distinct, _ = assessment.result()
    assert distinct == (Outcome(),)


def test_assessed_tells_the_rows_without_verdict() -> None:
    """The two in the middle."""
    assessment = Assessment(4)
    assessment.exclude(mask(0, 3), "retired")
    assert assessment.assessed.tolist() == [False, True, True, False]


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64])
def test_flows_of_the_rows_without_verdict(kind: type[np.signedinteger]) -> None:
    """Rows 0 and 3 are excluded; row 2 has no flow."""
    assessment = Assessment(4)
    assessment.exclude(mask(0, 3), "retired")
    found = assessment.flow(np.array([7, 5, -1, -1], kind))
    assert found.dtype == np.int32
    assert found.tolist() == [-1, 5, -1, -1]
    assert assessment.flow(3).tolist() == [-1, 3, 3, -1]
    assert assessment.flow(-1).tolist() == [-1] * 4


def test_twelve_assumptions_are_told_apart() -> None:
    """Twelve rows, twelve assumptions, each with its own match level."""
    assessment = Assessment(12, match=Match.DEFAULT)
    made = [Assumption("rule", parameter=f"parameter {k:02}") for k in range(12)]
    for k, assumption in enumerate(made):
        assessment.assume(mask(k, size=12), assumption)
    assert [outcome.assumptions for outcome in outcomes(assessment)] == [(each,) for each in made]


def test_a_thirteenth_assumption_is_refused() -> None:
    """The message says what to do."""
    assessment = Assessment(1)
    for k in range(12):
        assessment.assume(mask(0, size=1), Assumption("rule", parameter=f"parameter {k}"))
    with pytest.raises(ValueError, match="at most twelve different assumptions"):
        assessment.assume(mask(0, size=1), LIFETIME)


def test_three_hundred_reasons_are_told_apart() -> None:
    """A reason per country or per model: 300 rows left out, each for its own."""
    assessment = Assessment(300)
    for k in range(300):
        assessment.leave_out(mask(k, size=300), f"no factor of {k}")
    assert [str(outcome.reason or "") for outcome in outcomes(assessment)] == [
        f"no factor of {k}" for k in range(300)
    ]
