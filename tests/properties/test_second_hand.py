"""Second-hand: whatever the rule and the lives, the owners of an item bear its making once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen

#: Making of a laptop of Base Carbone.
LAPTOP = 156.0

years = st.floats(0.5, 20.0)


@given(rule=st.sampled_from(["cut-off", "years", "half"]), first=years, second=years)
def test_owners_bear_the_making_once(rule: str, first: float, second: float) -> None:
    """First owner: L = a, D = b; second: U = a, L = b; over their years they bear F, and no more.

    By cut-off the second bears its refurbishing alone, of which nothing is published.
    """
    method = reen.configure(
        reen.default_registry().method("base-carbone"), {"second_hand": rule, "use_stage": "false"}
    )
    owners = (
        (first, reen.Equipment("laptop", lifetime=first, downstream_lifetime=second)),
        (second, reen.Equipment("laptop", lifetime=second, upstream_lifetime=first)),
    )
    borne = [
        life * float(reen.measure(item, method=method, as_of="2023-12-31").total())
        for life, item in owners
    ]
    assert sum(each for each in borne if each == each) == pytest.approx(LAPTOP)  # noqa: PLR0124 - NaN
