"""Exchanges: amounts as products of named drivers; outcomes in words."""

from __future__ import annotations

import numpy as np
import pytest

from reen.engine.exchanges import Assumption, Driver, Exchanges, FlowKind, Match, Outcome, Status
from reen.factors.flow import Flow
from reen.reasons import Reason
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
    given = Assumption("default_of_type", parameter="lifetime", pack="p")
    assert str(given) == "lifetime: default of the type (p)"
    assert given.text("fr") == "durée de vie : valeur par défaut du type (p)"
    taken = Assumption("taken_as", parameter="status", value="in_use")
    assert str(taken) == "status: unknown, taken as in use"
    assert taken.text("fr") == "statut : non renseigné, pris pour : en service"


def test_assumptions_are_values_that_can_be_stored() -> None:
    """Equal when read back, whatever their details; the sentence is for readers only."""
    made = Assumption("approximate_model", parameter="model", low=90.0, high=92.5)
    assert Assumption.from_dict(made.to_dict() | {"text": "another"}) == made
    assert made.to_dict() == {
        "parameter": "model",
        "pack": "",
        "code": "approximate_model",
        "details": {"high": 92.5, "low": 90.0},
        "text": "model: approximate, score 90 to 92.5",
    }
    assert len({made, Assumption("approximate_model", parameter="model", high=92.5, low=90.0)}) == 1


def test_assumptions_are_ordered_by_parameter_first() -> None:
    """Then by code, pack and details, numbers before texts under one name."""
    ordered = [
        Assumption("b", parameter="energy", pack="z"),
        Assumption("a", parameter="lifetime", pack="z"),
        Assumption("b", parameter="lifetime", pack="a", value="x"),
        Assumption("b", parameter="lifetime", pack="b", value=2),
        Assumption("b", parameter="lifetime", pack="b", value="1"),
    ]
    mixed = [ordered[k] for k in range(len(ordered) - 1, -1, -1)]
    assert sorted(mixed) == ordered


def test_outcomes_are_ordered_with_and_without_a_reason() -> None:
    """Of one status: none, then by code, then by details of whatever type."""
    ordered = [
        Outcome(Status.LEFT_OUT),
        Outcome(Status.LEFT_OUT, reason=Reason("missing", column="country")),
        Outcome(Status.LEFT_OUT, reason=Reason("no_mix", country="DE", year=2040)),
        Outcome(Status.LEFT_OUT, reason=Reason("no_mix", country="FR", year=2040)),
        Outcome(Status.LEFT_OUT, reason=Reason("no_mix", country="FR", year="unknown")),
    ]
    mixed = [ordered[k] for k in range(len(ordered) - 1, -1, -1)]
    assert sorted(mixed) == ordered


def test_plain_text_of_a_third_party_is_a_reason() -> None:
    """What somebody said, and no text is no reason."""
    assert Outcome(Status.EXCLUDED, reason="too old").reason == Reason("said", text="too old")
    assert Outcome(reason="").reason is None
