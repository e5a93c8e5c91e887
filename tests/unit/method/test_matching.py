"""Names of models, and which sheet answers for them."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Sequence

import hypothesis.strategies as st
import pytest
from hypothesis import assume, example, given, settings

import reen
from reen.method.model_names import maker_form, model_aliases, parse_model, text_form
from reen.plugin.arrays import FactorSet
from reen.plugin.files import normalise_text
from reen.plugin.packs import MatchedModel, MatchingTable, ModelMatcher

SHEETS = (
    ("Makerville", "Feather 5420"),
    ("Makerville", "Feather 5490"),
    ("Makerville", "Feather 5420 2-in-1"),
    ("Makerville", "P2422H Monitor"),
    ("Makerville", "P2422HE Monitor"),
    ("Makerville", "Slate Pro 7"),
    ("Makerville", "Slate Pro 7+"),
    ("Makerville", "Slate Pro X"),
    ("Makerville", "Slate Pro"),
    ("Nowhere", "Plume 14 Gen 2"),
    ("Nowhere", "Tab 64GB - 2020"),
    ("Nowhere", "Tab 256GB - 2020"),
    ("Nowhere", "Bolt M93/M93p Tiny"),
    ("Nowhere", "130-15 AMD"),
    ("Nowhere", "130-15 Intel"),
    ("Nowhere", "Fold S7 (SM-T875)"),
    ("Otherland", "V24"),
    ("Nowhere", "V24"),
)


def factors_of(sheets: Sequence[tuple[str, str]]) -> FactorSet:
    return FactorSet.from_rows(
        (
            {
                "flow": f"{maker}|{model}",
                "reference_unit": "item",
                "stage": "embedded",
                "criterion": "climate_change",
                "value": "1",
                "unit": "kgCO2e/item",
                "manufacturer": maker,
                "model": model,
                "source": "tests",
            }
            for maker, model in sheets
        ),
        pack="sheets",
    )


FACTORS = factors_of(SHEETS)
MATCHER = ModelMatcher(FACTORS)


def found(model: str, maker: str = "", matcher: ModelMatcher = MATCHER) -> tuple[str, str] | None:
    """Return the model of the sheet that answers, and the level."""
    answer = matcher.match(model, maker)
    if answer.flow < 0:
        assert (answer.level, answer.score) == ("none", 0.0)
        return None
    return matcher.factors.descriptions[answer.flow].model, answer.level


# -- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "Feather 5420",
        "Feather5420",
        "FEATHER-5420",
        "feather  5420 ",
        "MAKERVILLE FEATHER 5420 i5",
        "PC portable Makerville Feather 5420 16Go 512 Go SSD",
        "Feather 5420 Intel Core i5-1145G7 16 GB RAM",
        'Feather 5420 14"',
        "Feather 5420 (azerty)",
        "Feather 5420 notebook PC",
    ],
)
def test_spellings_of_one_model(written: str) -> None:
    assert found(written, "Makerville Inc.") == ("Feather 5420", "model")


@pytest.mark.parametrize(
    ("written", "sheet"),
    [
        ("Feather 5490", "Feather 5490"),
        ("Feather 5420 2 in 1", "Feather 5420 2-in-1"),
        ("P2422H", "P2422H Monitor"),
        ("Écran 23,8 pouces P2422HE", "P2422HE Monitor"),
        ("Slate Pro 7+", "Slate Pro 7+"),
        ("Slate Pro 7", "Slate Pro 7"),
        ("Slate Pro X", "Slate Pro X"),
    ],
)
def test_a_letter_or_a_figure_makes_another_model(written: str, sheet: str) -> None:
    assert found(written, "Makerville") == (sheet, "model")


@pytest.mark.parametrize(
    ("written", "sheet"),
    [
        ("Latitude 5420", "Latitude 5420"),
        ("DELL LATITUDE 5420 i5", "Latitude 5420"),
        ("Latitude5420", "Latitude 5420"),
        ("Latitude 5490", None),
        ("Latitude 5421", None),
    ],
)
@pytest.mark.parametrize("maker", ["", "Dell", "Dell Inc."])
def test_names_of_a_real_model(written: str, sheet: str | None, maker: str) -> None:
    """Three spellings of one sheet; another number has no sheet here, and never gets that one."""
    matcher = ModelMatcher(factors_of([("Dell", "Latitude 5420"), ("Dell", "Latitude 7420")]))
    assert found(written, maker, matcher) == ((sheet, "model") if sheet else None)


@pytest.mark.parametrize(
    "written",
    [
        "Feather 5491",
        "Feather 542",
        "Feather",
        "P2422",
        "P2422HEX",
        "Slate Pro 8",
        "Slate Go 7",
        "",
    ],
)
def test_numbers_and_variants_must_agree(written: str) -> None:
    assert found(written, "Makerville") is None


@pytest.mark.parametrize("written", ["Feathre 5420", "Feathers 5420", "Feather Notebook 5420x"])
def test_words_may_be_mistyped_numbers_may_not(written: str) -> None:
    loose = ModelMatcher(FACTORS, threshold=70.0)
    answer = found(written, "Makerville", loose)
    assert answer == (None if "5420x" in written else ("Feather 5420", "approximate model"))


def test_the_threshold_decides() -> None:
    """Feathers / feather: 14 of 15 letters, 93.3."""
    score = MATCHER.match("Feathers 5420", "Makerville").score
    assert score == pytest.approx(93.333, abs=1e-3)
    for threshold, expected in ((93.0, "approximate model"), (94.0, None)):
        answer = found("Feathers 5420", "", ModelMatcher(FACTORS, threshold=threshold))
        assert (answer[1] if answer else None) == expected
    assert found("Feathers 5420", "", ModelMatcher(FACTORS, approximate=False)) is None


def test_a_word_is_not_exchanged_for_another() -> None:
    factors = factors_of([("M", "Alpha Bravo Charlie Delta Echo Foxtrot white 12")])
    matcher = ModelMatcher(factors, threshold=80.0)
    assert found("Alpha Bravo Charlie Delta Echo Foxtrot black 12", "M", matcher) is None
    assert found("Alpha Bravo Charlie Delta Echo Foxtrott white 12", "M", matcher) is not None


def test_specifications_name_a_variant() -> None:
    assert found("Tab 2020 256 Go", "Nowhere") == ("Tab 256GB - 2020", "model")
    assert found("Tab 64GB", "Nowhere") == ("Tab 64GB - 2020", "approximate model")
    assert MATCHER.match("Tab 64GB", "Nowhere").score == 98.0  # one that only the sheet states
    assert found("Tab 2021 64GB", "Nowhere") is None
    assert found("130-15 Intel", "Nowhere") == ("130-15 Intel", "model")


def test_a_sheet_of_several_models_answers_for_each() -> None:
    for written in ("Bolt M93", "Bolt M93p Tiny", "Bolt M93/M93p Tiny"):
        assert found(written, "Nowhere") == ("Bolt M93/M93p Tiny", "model")
    for written in ("Fold S7", "SM-T875", "Fold S7 (SM-T875)"):
        assert found(written, "Nowhere") == ("Fold S7 (SM-T875)", "model")


@pytest.mark.parametrize(
    ("name", "aliases"),
    [
        ("Think T560. P50s", ("Think T560. P50s", "Think T560", "Think P50s")),
        ("Yoga 520-14/Flex 5-14", ("Yoga 520-14/Flex 5-14", "Yoga 520-14", "Flex 5-14")),
        ("21.5-inch Mac", ("21.5-inch Mac",)),
    ],
)
def test_aliases(name: str, aliases: tuple[str, ...]) -> None:
    assert model_aliases(name) == aliases


# -- makers ------------------------------------------------------------------------------------


def test_makers_must_agree() -> None:
    assert found("Feather 5420", "Nowhere") is None
    assert found("Nowhere Feather 5420", "Makerville") is None
    assert found("Feather 5420", "Somebody Else") is None
    assert found("Feather 5420") == ("Feather 5420", "model")


def test_a_name_of_two_makers_needs_its_maker() -> None:
    assert found("V24") is None
    assert found("V24", "Otherland") == ("V24", "model")
    assert FACTORS.descriptions[MATCHER.match("Otherland V24").flow].manufacturer == "Otherland"


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Dell Inc.", "dell"),
        ("Dell EMC", "dell"),
        ("HPE", "hp"),
        ("Hewlett-Packard Company", "hp"),
        ("Hewlett Packard Enterprise", "hp"),
        ("ASUSTeK COMPUTER INC.", "asus"),
        ("Samsung Electronics Co., Ltd.", "samsung"),
        ("", ""),
    ],
)
def test_makers_by_other_names(written: str, form: str) -> None:
    assert maker_form(written) == form


def test_a_maker_in_the_name_is_found() -> None:
    assert parse_model("Hewlett Packard EliteBook 840", known={"hp"}).makers == {"hp"}
    assert parse_model("Chromecast with Google TV", known={"google"}).makers == frozenset()


# -- ids, tables, sheets set aside -------------------------------------------------------------


def test_a_declared_id_answers() -> None:
    assert found("Makerville|Feather 5490", "Nobody") == ("Feather 5490", "model")


def test_a_person_goes_first() -> None:
    table = MatchingTable(
        (
            MatchedModel(model="Old Feather", sheet="Makerville|Feather 5420"),
            MatchedModel(model="Feather 5490", manufacturer="Makerville", sheet=""),
            MatchedModel(model="Feathers 5420", sheet="Makerville|Feather 5420"),
            MatchedModel(model="Feathers 5490", sheet="Makerville|Feather 5490", level="model"),
        )
    )
    matcher = ModelMatcher(FACTORS, table=table)
    corrected = matcher.match("OLD  feather", "Anyone")
    assert (corrected.level, corrected.by_hand) == ("model", True)
    refused = matcher.match("Feather 5490", "Makerville")
    assert (refused.flow, refused.by_hand) == (-1, True)
    # given back as it was written, a line changes nothing; its level may be confirmed
    assert matcher.match("Feathers 5420") == MATCHER.match("Feathers 5420")
    assert matcher.match("Feathers 5490").level == "model"


def test_a_table_that_names_no_sheet_is_refused_with_the_nearest() -> None:
    row = MatchedModel(model="x", sheet="Makerville|Feather 5421", line=7)
    with pytest.raises(
        reen.errors.InventoryError, match=r"line 7: .*did you mean 'Makerville\|Feather 5420'"
    ):
        ModelMatcher(FACTORS, table=MatchingTable((row,)))


def test_a_sheet_that_is_set_aside_is_said() -> None:
    matcher = ModelMatcher(FACTORS, set_aside=("Lexo MC33",))
    answer = matcher.match("MC33", "Lexo")
    assert (answer.flow, answer.set_aside) == (-1, True)
    assert not MATCHER.match("MC33", "Lexo").set_aside


def test_without_rapidfuzz_only_approximate_matching_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    with pytest.raises(reen.errors.MissingExtraError, match=r"pip install '\.\[match\]'"):
        ModelMatcher(FACTORS)
    exact = ModelMatcher(FACTORS, approximate=False)
    assert found("Feather5420", "", exact) == ("Feather 5420", "model")


# -- candidates --------------------------------------------------------------------------------


def test_candidates_are_of_the_maker_and_best_first() -> None:
    (listed,) = MATCHER.candidates([("Feather 5421", "Makerville")], limit=3)
    flows = [flow for flow, _ in listed]
    assert flows[0] in ("Makerville|Feather 5420", "Makerville|Feather 5490")
    assert all(flow.startswith("Makerville|") for flow in flows)
    assert [score for _, score in listed] == sorted((score for _, score in listed), reverse=True)
    assert MATCHER.candidates([("x", "Somebody Else")]) == [()]
    assert MATCHER.candidates([]) == []


def test_candidates_do_not_depend_on_the_order() -> None:
    names = [("Feather 5421", ""), ("V24", ""), ("P24", "Makerville"), ("zzz", "")]
    other = ModelMatcher(factors_of(SHEETS[::-1]))
    assert other.candidates(names[::-1]) == MATCHER.candidates(names)[::-1]


# -- what must always hold ---------------------------------------------------------------------

WORDS = st.sampled_from(["Feather", "Feathers", "Plume", "Slate", "Bolt", "Pro", "Mini", "X"])
NUMBERS = st.sampled_from(["5420", "5490", "54", "T14", "T14s", "P2422H", "P2422HE", "G8", "7"])
NAMES = st.lists(st.one_of(WORDS, NUMBERS), min_size=1, max_size=4).map(" ".join)
MAKERS = st.sampled_from(["Makerville", "Nowhere", ""])
MODELS = st.tuples(MAKERS, NAMES)


def numbers_of(name: str) -> set[str]:
    """Return the words that bear a number, read as plainly as can be."""
    return {word.lower() for word in name.split() if re.search(r"\d", word)}


@given(sheets=st.lists(MODELS, min_size=1, max_size=12, unique=True), model=MODELS)
def test_numbers_never_disagree(sheets: list[tuple[str, str]], model: tuple[str, str]) -> None:
    matcher = ModelMatcher(factors_of(sheets), threshold=50.0)
    answer = matcher.match(model[1], model[0])
    if answer.flow >= 0:
        text = matcher.factors.descriptions[answer.flow]
        assert numbers_of(text.model) == numbers_of(model[1])
        assert not model[0] or text.manufacturer in ("", model[0])
        assert (answer.score == 100.0) == (answer.level == "model")


@given(
    sheets=st.lists(MODELS, min_size=1, max_size=12, unique=True),
    models=st.lists(MODELS, max_size=5),
    dice=st.randoms(use_true_random=False),
)
@settings(max_examples=settings.default.max_examples // 2)
def test_order_changes_nothing(
    sheets: list[tuple[str, str]], models: list[tuple[str, str]], dice: random.Random
) -> None:
    shuffled = sheets.copy()
    dice.shuffle(shuffled)
    one, other = (ModelMatcher(factors_of(each)) for each in (sheets, shuffled))
    names = [(model, maker) for maker, model in models]

    def flows(matcher: ModelMatcher, names: list[tuple[str, str]]) -> list[object]:
        answers = [matcher.match(*name) for name in names]
        return [
            (matcher.factors.flows[each.flow].id if each.flow >= 0 else "", each.level, each.score)
            for each in answers
        ]

    assert flows(one, names) == flows(other, names) == flows(one, names[::-1])[::-1]


@example(sheet=("Makerville", "X 7 7 8"), noise=" Notebook PC")
@given(sheet=MODELS, noise=st.sampled_from(["", " i5", " 16Go", " 14 inch", " Notebook PC"]))
def test_a_sheet_answers_for_its_own_name(sheet: tuple[str, str], noise: str) -> None:
    letters = parse_model(sheet[1]).form.replace(" ", "")
    assume(letters)
    # of a short name, or one without a number, the kind of thing is a part
    assume(not noise.endswith("PC") or (numbers_of(sheet[1]) and len(letters) > 3))
    matcher = ModelMatcher(factors_of([sheet]))
    assert matcher.match(sheet[1] + noise, sheet[0]).level == "model"


@given(st.text(max_size=30))
def test_the_short_cut_of_plain_letters_changes_nothing(text: str) -> None:
    assert text_form(text) == normalise_text(text)


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_has_an_answer(model: str, maker: str) -> None:
    answer = MATCHER.match(model, maker)
    assert (answer.flow < 0) == (answer.level == "none")
    MATCHER.candidates([(model, maker)])
