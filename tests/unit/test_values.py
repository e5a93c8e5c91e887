"""Values are equal, hashed and printed as those of attrs are."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.values import Compared


def case(text: str) -> str:
    return text.lower()


def short(text: str) -> str:
    return f"<{len(text)}>"


@attrs.frozen(eq=False, repr=False)
class Ours(Compared):
    """All kinds of fields."""

    number: float
    word: str = attrs.field(default="", eq=case)
    text: str = attrs.field(default="", repr=short)
    aside: int = attrs.field(default=0, eq=False, repr=False)


@attrs.frozen
class Theirs:
    """The same, by attrs."""

    number: float
    word: str = attrs.field(default="", eq=case)
    text: str = attrs.field(default="", repr=short)
    aside: int = attrs.field(default=0, eq=False, repr=False)


FIELDS = st.tuples(
    st.sampled_from([0.0, -0.0, 1.0]),
    st.sampled_from(["a", "A", "b"]),
    st.sampled_from(["", "x"]),
    st.integers(0, 1),
)


@given(FIELDS, FIELDS)
def test_they_are_equal_where_those_of_attrs_are(one: tuple, other: tuple) -> None:  # type: ignore[type-arg]
    assert (Ours(*one) == Ours(*other)) is (Theirs(*one) == Theirs(*other))
    assert (Ours(*one) != Ours(*other)) is (Theirs(*one) != Theirs(*other))
    if Ours(*one) == Ours(*other):
        assert hash(Ours(*one)) == hash(Ours(*other))


@given(FIELDS)
def test_they_are_printed_alike(fields: tuple) -> None:  # type: ignore[type-arg]
    assert repr(Ours(*fields)).partition("(")[2] == repr(Theirs(*fields)).partition("(")[2]
    assert repr(Ours(*fields)).startswith("Ours(number=")


def test_no_other_class_has_equal_ones() -> None:
    assert Ours(1.0) != Theirs(1.0)
    assert Ours(1.0) != 1.0


def test_no_value_is_equal_to_one_that_is_not_a_number() -> None:
    """As of attrs 24.1: earlier ones compare tuples, in which the same NaN equals itself."""
    missing = float("nan")
    assert Ours(missing) != Ours(missing)


def test_what_cannot_be_hashed_says_so() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Ours([]))  # type: ignore[arg-type]
