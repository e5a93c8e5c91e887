"""Invariant 4: another item of a known case is measured as the whole way measures it."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

import reen

METHODS = ("base-carbone", "declared", "ecodiag", "numecoeval")
DAY = "2023-12-31"

#: Numbers that methods take as they are, and some that they refuse or raise.
_NUMBERS = {
    "quantity": st.sampled_from([1.0, 3.0, 0.0, 1e6, -1.0]) | st.floats(0.1, 1e4),
    "lifetime": st.sampled_from([5.0, 0.5, 1.0, 0.0]) | st.floats(0.1, 12.0),
    "annual_energy": st.sampled_from([0.0, 50.0]) | st.floats(0.0, 500.0),
    "declared_footprint": st.just(0.0) | st.floats(0.5, 500.0),
    "usage_share": st.sampled_from([1.0, 0.0, 2.0]) | st.floats(0.0, 1.0),
}
_WORDS = {
    "equipment_type": st.sampled_from(["laptop", "monitor", "server", "zorglub"]),
    "country": st.sampled_from(["FR", "DE", "XX"]),
    "status": st.sampled_from(["in_use", "in_stock", "retired"]),
    "purchase_date": st.sampled_from(["2019-05-01", "2022-07-14", "2024-02-01"]),
    "id": st.sampled_from(["PC-1", "PC-2"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@given(data=st.data())
def test_an_item_of_a_known_case_is_as_any_other(method: str, data: st.DataObject) -> None:
    """To the last bit, whatever numbers come one after the other under the same words."""
    prepared = reen.prepare(method, as_of=DAY)
    # one that does not go by its name keeps nothing from one item to the next
    object_ = reen.default_registry().method(method)
    words = data.draw(st.fixed_dictionaries({}, optional=_WORDS), label="words")
    names = data.draw(st.sets(st.sampled_from(sorted(_NUMBERS))), label="numbers")
    for _ in range(4):
        numbers = {name: data.draw(_NUMBERS[name], label=name) for name in sorted(names)}
        item = reen.Equipment(**{"equipment_type": "laptop", **words, **numbers})
        found, whole = prepared.measure(item), reen.measure(item, method=object_, as_of=DAY)
        assert found == whole == reen.measure(item, method=method, as_of=DAY)
        assert found.provenance.hash == whole.provenance.hash
        assert str(found.coverage) == str(whole.coverage)
        assert found.account == whole.account


@pytest.mark.parametrize("amortisation", ["accounting", "purchase-year"])
@given(lifetimes=st.lists(st.floats(0.1, 12.0), min_size=2, max_size=5))
def test_a_number_may_lead_to_another_case(amortisation: str, lifetimes: list[float]) -> None:
    """A longer amortisation is not over yet: the template of the shorter one is of no use."""
    method = reen.configure(
        reen.default_registry().method("base-carbone"), {"amortisation": amortisation}
    )
    prepared = reen.prepare(method, as_of=DAY)
    for lifetime in lifetimes:
        item = reen.Equipment(
            "laptop", lifetime=lifetime, purchase_date="2019-05-01", country="FR", power=30.0
        )
        assert prepared.measure(item) == reen.measure(item, method=method, as_of=DAY)
