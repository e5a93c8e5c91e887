"""Deciding: one type from several pieces of evidence, or a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.inventory.schema import TYPE_BASES
from reen.tables.evidence.deciding import Clue, Decision, decide


def test_a_word_that_names_one_type_is_used() -> None:
    assert decide([Clue("word", ("laptop",))]) == Decision("laptop", "word")


def test_a_model_settles_an_everyday_word() -> None:
    clues = [Clue("word", ("laptop", "mobile_phone", "smartphone")), Clue("model", ("laptop",))]
    assert decide(clues) == Decision("laptop", "model")


def test_a_model_makes_a_coarse_word_finer() -> None:
    """An "Imprimante" beside an IM C3000 is a copier that prints."""
    clues = [Clue("word", ("printer",)), Clue("model", ("multifunction_printer",))]
    assert decide(clues) == Decision("multifunction_printer", "model")


def test_a_model_does_not_replace_a_word_and_the_contradiction_is_told() -> None:
    clues = [Clue("word", ("laptop",)), Clue("model", ("desktop",))]
    assert decide(clues) == Decision("laptop", "word", against="model", other="desktop")


def test_a_smartphone_by_its_word_is_not_made_coarser() -> None:
    clues = [Clue("word", ("smartphone",)), Clue("model", ("mobile_phone",))]
    assert decide(clues).type == "smartphone"


def test_several_clues_leave_what_is_common() -> None:
    clues = [
        Clue("record_type", ("smartphone", "mobile_phone", "desk_phone", "tablet")),
        Clue("platform", ("smartphone", "tablet")),
        Clue("form_factor", ("tablet",)),
    ]
    assert decide(clues) == Decision("tablet", "form_factor")
    assert decide(clues[:2]) == Decision(candidates=("smartphone", "tablet"))


def test_a_weak_clue_against_a_model_is_passed_over() -> None:
    """A tower server reports a desktop chassis; its model is surer."""
    clues = [Clue("model", ("server",)), Clue("form_factor", ("desktop",))]
    assert decide(clues) == Decision("server", "model")


def test_an_everyday_word_that_no_model_of_that_kind_has_is_a_question() -> None:
    clues = [Clue("word", ("laptop", "mobile_phone")), Clue("model", ("desktop",))]
    decided = decide(clues)
    assert decided.type == ""
    assert set(decided.candidates) == {"desktop", "laptop", "mobile_phone"}


def test_things_under_one_word_stay_a_question_whatever_the_model() -> None:
    clues = [Clue("word", ("desktop", "monitor"), bundle=True), Clue("model", ("desktop",))]
    assert decide(clues) == Decision(candidates=("desktop", "monitor"))


def test_what_the_mapping_says_goes_before_all() -> None:
    clues = [Clue("word", ("laptop",)), Clue("mapping", ("thin_client",))]
    assert decide(clues) == Decision("thin_client", "mapping")


def test_nothing_says_nothing() -> None:
    assert decide([Clue("model", ()), Clue("word", ())]) == Decision()


TYPES = ("laptop", "desktop", "server", "monitor", "smartphone", "mobile_phone", "printer")
CLUES = st.lists(
    st.builds(
        Clue,
        st.sampled_from(TYPE_BASES),
        st.lists(st.sampled_from(TYPES), max_size=3, unique=True).map(tuple),
    ),
    max_size=6,
    unique_by=lambda clue: clue.kind,
)


@given(CLUES, st.randoms())
def test_the_order_of_evidence_changes_nothing(clues: list[Clue], random: object) -> None:
    shuffled = list(clues)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decide(shuffled) == decide(clues)


@given(CLUES)
def test_a_type_is_one_that_some_evidence_names(clues: list[Clue]) -> None:
    decided = decide(clues)
    named = {each for clue in clues for each in clue.types}
    assert decided.type in {"", *named}
    assert set(decided.candidates) <= named
    assert bool(decided.type) != bool(decided.candidates) or not named


@given(CLUES)
def test_evidence_that_says_nothing_decides_nothing(clues: list[Clue]) -> None:
    said = {clue.kind for clue in clues}
    silent = [Clue(kind, ()) for kind in TYPE_BASES if kind not in said]
    assert decide([*clues, *silent]) == decide(clues)


@pytest.mark.parametrize("basis", TYPE_BASES)
def test_each_kind_of_evidence_can_settle_a_type(basis: str) -> None:
    assert decide([Clue(basis, ("laptop",))]) == Decision("laptop", basis)
