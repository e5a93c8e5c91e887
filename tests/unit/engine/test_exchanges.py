"""Exchanges: amounts as products of named drivers; outcomes in words."""

from __future__ import annotations

import numpy as np
import pytest

from reen.engine.exchanges import Assumption, Driver, Exchanges, FlowKind, Match, Outcome, Status
from reen.factors.factor_set import Flow
from reen.vocabulary.stages import Stage

KIND = FlowKind("item", (Stage.EMBEDDED,))


def exchanges(**drivers: list[float]) -> Exchanges:
    return Exchanges(
        kind=KIND,
        flows=(Flow("p", "f"),),
        flow=np.zeros(2, np.int32),
        drivers={name: Driver(np.array(values), "1") for name, values in drivers.items()},
        reference_unit="item",
        outcomes=(Outcome(),),
        outcome=np.zeros(2, np.uint8),
    )


def test_the_amount_is_the_product() -> None:
    """2 x 0.5 = 1 and 3 x 0.2 = 0.6."""
    amount = exchanges(quantity=[2.0, 3.0], per_lifetime=[0.5, 0.2]).amount()
    assert amount.tolist() == [pytest.approx(1.0), pytest.approx(0.6)]


def test_one_driver_is_the_amount() -> None:
    """As given."""
    assert exchanges(quantity=[2.0, 3.0]).amount().tolist() == [2.0, 3.0]


def test_no_driver_is_one() -> None:
    """The empty product."""
    assert exchanges().amount().tolist() == [1.0, 1.0]


def test_the_length_is_that_of_the_flows() -> None:
    """Two exchanges."""
    assert len(exchanges()) == 2


@pytest.mark.parametrize(
    ("status", "label"),
    [
        (Status.ASSESSED, "assessed"),
        (Status.INCLUDED_ELSEWHERE, "included elsewhere"),
        (Status.EXCLUDED, "excluded"),
        (Status.LEFT_OUT, "left out"),
    ],
)
def test_statuses_in_words(status: Status, label: str) -> None:
    """Lower case, without underscores."""
    assert status.label == label


def test_statuses_worsen() -> None:
    """Left out is the worst: it wins when a row has several exchanges."""
    assert list(Status) == sorted(Status)
    assert max(Status) is Status.LEFT_OUT


def test_match_levels_in_words() -> None:
    """The same."""
    assert Match.APPROXIMATE_MODEL.label == "approximate model"


def test_assumptions_in_words() -> None:
    """Parameter, rule, and the pack where one gives the figure."""
    assert str(Assumption("lifetime", "default of the type", "p")) == (
        "lifetime: default of the type (p)"
    )
    assert str(Assumption("status", "counted as in use")) == "status: counted as in use"
