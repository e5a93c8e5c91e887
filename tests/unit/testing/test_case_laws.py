"""Laws of methods of cases: a good one keeps them, each wrong one breaks its law and no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

import attrs
import numpy as np
import pytest

import reen
from reen.plugin import (
    EMBEDDED_STAGES,
    Amount,
    Case,
    CaseMethod,
    Context,
    Exchange,
    FactorPack,
    Kind,
    LeftOut,
    constant,
)
from reen.plugin.arrays import Floats
from reen.reasons.sentences import Sentences, add_sentences
from reen.testing import check_method

PACK = FactorPack.from_rows(
    name="plain",
    version="1",
    title="A laptop and a monitor",
    publisher="tests",
    licence="CC0-1.0",
    source="tests",
    factors=[
        {
            "flow": key,
            "reference_unit": "item",
            "stage": "manufacturing",
            "criterion": "climate_change",
            "value": value,
            "unit": "kgCO2e/item",
            "equipment_type": key,
            "source": "tests",
        }
        for key, value in (("laptop", "100"), ("monitor", "60"))
    ],
)

#: A method of cases, and what is wrong with it: an amount by which all is multiplied.
Fault = Callable[["Prepared", Case], Amount]


def none(_: Prepared, __: Case) -> Amount:
    """Nothing wrong."""
    return constant("one", 1.0, "1")


@attrs.frozen(kw_only=True)
class Plain:
    """Quantity over lifetime, on the flow of the type."""

    fault: str = "none"
    name: ClassVar[str] = "plain"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Plain"
    reference: ClassVar[str] = "tests"
    packs: ClassVar[tuple[str, ...]] = ("plain",)

    def prepare(self, context: Context) -> Prepared:
        """Return the method ready to answer."""
        return Prepared(context=context, fault=self.fault)


@attrs.frozen(kw_only=True, eq=False)
class Prepared(CaseMethod):
    """`Plain`, ready to answer."""

    context: Context
    fault: str
    #: What was answered before, which a method must not keep.
    seen: list[str | None] = attrs.field(factory=list)
    kinds = (Kind("item", EMBEDDED_STAGES, "item"),)
    reads: ClassVar[tuple[str, ...]] = (
        "equipment_type",
        "lifetime",
        "manufacturer",
        "model",
    )

    def item(self, case: Case) -> Exchange:
        """Return n / L, times the fault."""
        share = WRONG[self.fault](self, case)
        making = case.of(self.packs.item, "equipment_type")
        return case.quantity * share / case.number("lifetime") * making

    def no_sheet(self, model: str | None) -> None:
        """Name the model, of which there are as many as rows."""
        raise LeftOut("said", text=model or "no model")


def beside_the_others(values: Floats) -> Floats:
    """Look at the other rows."""
    known = values[np.isfinite(values)]
    return values / (known.max() if len(known) else 1.0)


def compares_with_the_batch(_: Prepared, case: Case) -> Amount:
    lifetime = case.number("lifetime")
    return case.derived("share", "1", beside_the_others, lifetime)


def remembers(self: Prepared, case: Case) -> Amount:
    self.seen.append(case.equipment_type)
    return constant("share", 1.0 / len(self.seen), "1")


def has_no_sentence(_: Prepared, case: Case) -> Amount:
    if case.equipment_type == "laptop":
        raise LeftOut("on_a_lap")
    return constant("one", 1.0, "1")


def speaks_english_only(_: Prepared, case: Case) -> Amount:
    add_sentences(Sentences("on_an_english_lap", {"en": "on a lap"}), "tests")
    if case.equipment_type == "laptop":
        raise LeftOut("on_an_english_lap")
    return constant("one", 1.0, "1")


def forgets_a_detail(_: Prepared, case: Case) -> Amount:
    if case.equipment_type == "laptop":
        raise LeftOut("missing", name="model")
    return constant("one", 1.0, "1")


def names_models(self: Prepared, case: Case) -> Amount:
    case.of(self.no_sheet, "model")
    return constant("one", 1.0, "1")


def asks_for_one_word(_: Prepared, case: Case) -> Amount:
    """Look at the model as it is written."""
    return constant("one", 2.0 if case.word("model") == "model 3" else 1.0, "1")


def asks_for_words(_: Prepared, case: Case) -> Amount:
    taken = {case.model, case.manufacturer}
    return constant("one", float(len(taken)), "1")


WRONG: Mapping[str, Fault] = {
    "none": none,
    "the other rows": compares_with_the_batch,
    "a memory": remembers,
    "no sentence": has_no_sentence,
    "English only": speaks_english_only,
    "a detail forgotten": forgets_a_detail,
    "names in reasons": names_models,
    "words as cases": asks_for_words,
    "raw words": asks_for_one_word,
}

#: Fault: the law that it breaks, and what the message says of it.
SAID: Mapping[str, tuple[str, str]] = {
    "the other rows": ("rows", "as the only row; else"),
    "a memory": ("learning", "when other rows were answered before; else"),
    "no sentence": ("reasons", "'on_a_lap' has no sentence in 'en': give one by the hook"),
    "English only": ("reasons", "'on_an_english_lap' has no sentence in 'fr'"),
    "a detail forgotten": ("reasons", "'en' speaks of column, and the method gives name"),
    "names in reasons": ("reasons", "of 'said', such as text=model 0"),
    "words as cases": ("size", "more than 50,000 cases in 80,000 rows, most by case.word('m"),
}
LAWS = ("rows", "learning", "reasons", "size")


@pytest.mark.slow
def test_a_method_that_holds() -> None:
    """What the faults change was right."""
    check_method(Plain(), packs=[PACK], laws=LAWS, examples=25)


def test_every_law_has_a_fault() -> None:
    """A law that nothing breaks would be no law."""
    assert {law for law, _ in SAID.values()} == set(LAWS)


@pytest.mark.slow
@pytest.mark.parametrize("name", SAID)
def test_a_fault_breaks_its_law(name: str) -> None:
    """That law and no other is named, with what was found and the rows that show it."""
    law, said = SAID[name]
    with pytest.raises(reen.errors.BrokenLawError) as caught:
        check_method(Plain(fault=name), packs=[PACK], laws=LAWS, examples=40)
    assert caught.value.law == law, str(caught.value)
    assert said in caught.value.found
    assert caught.value.example.startswith("smallest example: an inventory of ")


@pytest.mark.slow
def test_a_question_on_raw_words_is_found_before_a_user_finds_it() -> None:
    """A fleet has more models than a question may have answers; the remedy is said."""
    with pytest.raises(reen.errors.BrokenLawError, match="class the words first") as caught:
        check_method(Plain(fault="raw words"), packs=[PACK], laws=LAWS, examples=1)
    assert caught.value.law == "contract"


@pytest.mark.slow
def test_the_rows_of_a_fleet_are_as_many_as_it_takes() -> None:
    """One row for each of a thousand reasons, and one more."""
    with pytest.raises(reen.errors.BrokenLawError) as caught:
        check_method(Plain(fault="names in reasons"), packs=[PACK], laws=LAWS, examples=1)
    assert "an inventory of 1001 rows" in caught.value.example


@pytest.mark.slow
def test_a_method_of_arrays_has_no_cases() -> None:
    """Their laws ask nothing of it."""
    check_method(reen.testing.ToyMethod(), factors=[PACK], laws=LAWS, examples=5)
