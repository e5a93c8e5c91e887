"""Types told by the names of models: every rule by its examples, what denies them, and the laws."""

from __future__ import annotations

import csv
import importlib.resources
import itertools
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.tables.bundled_words import COMPACT, rows_of
from reen.tables.evidence.makers import maker_in, maker_of
from reen.tables.evidence.model_rules import Rule, compact_models, model_rules, telling_words
from reen.tables.evidence.models import ModelTypes, types_of_model
from reen.vocabulary.equipment_types import bundled_equipment_types

RULES = model_rules()
EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]


def _makers_of(rule: Rule) -> tuple[str, ...]:
    """Return the makers under which the examples of a rule must be told: none where it may be."""
    return (min(rule.makers),) if rule.needs_maker == "yes" else ("", min(rule.makers))


def _known_by(rule: Rule, example: str) -> str:
    """Return a maker of the rule under which its example is told; each must have one."""
    for maker in sorted(rule.makers):
        if rule.family in types_of_model(maker, example).family:
            return maker
    pytest.fail(f"{rule.family}: {example!r} is told under none of its makers")


@pytest.mark.slow
def test_every_rule_tells_its_examples() -> None:
    wrong = []
    for rule, example in EXAMPLES:
        makers = {_known_by(rule, example)} | ({""} if rule.needs_maker != "yes" else set())
        for maker in sorted(makers):
            told = types_of_model(maker, example)
            if told.types != tuple(sorted(rule.types)) or rule.family not in told.family:
                wrong.append((rule.family, maker, example, told))
    assert not wrong


@pytest.mark.parametrize("file", ["models.csv", "makers.csv", "telling_words.csv"])
def test_every_row_has_the_cells_of_its_header(file: str) -> None:
    source = importlib.resources.files("reen.tables.evidence").joinpath("data", file)
    header, *rows = csv.reader(source.read_text(encoding="utf-8").splitlines())
    assert rows
    assert not [row for row in rows if len(row) != len(header)]


def test_a_rule_is_written_once() -> None:
    patterns = [(rule.makers, rule.needs_maker, each) for rule in RULES for each in rule.patterns]
    assert len(patterns) == len(set(patterns))


def test_every_rule_has_examples_and_a_reason() -> None:
    assert not [rule.family for rule in RULES if not rule.examples or not rule.why]


@pytest.mark.parametrize(
    ("maker", "model", "types"),
    [
        ("Hewlett-Packard", "HP EliteBook 840 G8 Notebook PC", ("laptop",)),
        ("DELL Inc.", "LATITUDE 5420", ("laptop",)),
        ("", "Samsung Galaxy A53 5G (128 Go) noir", ("smartphone",)),
        ("Apple Inc.", "iPad Pro® 11-inch (64 GB Space Gray)", ("tablet",)),
        ("LENVO", "ThinkCentre M720q", ("desktop",)),
        ("Microsoft Corporation", "Microsoft Corporation Surface Pro 7", ("laptop", "tablet")),
        ("HP", "LaserJet Pro MFP M428fdw", ("multifunction_printer",)),
        ("HP", "LaserJet Pro M404dn", ("printer",)),
        ("HP", "LaserJet", ("multifunction_printer", "printer")),
    ],
)
def test_marketing_and_spelling_do_not_matter(
    maker: str, model: str, types: tuple[str, ...]
) -> None:
    assert types_of_model(maker, model).types == types


@pytest.mark.parametrize(
    ("maker", "model", "types"),
    [
        ("Dell", "Precision 3560", ("laptop",)),
        ("Dell", "Precision 3460", ("workstation",)),
        ("Dell", "Precision 3680 Tower", ("workstation",)),
        ("Dell", "Precision 5680", ("laptop",)),
        ("Dell", "OptiPlex 7070", ("desktop",)),
        ("Dell", "OptiPlex 7470 AIO", ("all_in_one",)),
        ("HP", "LaserJet 3055", ("multifunction_printer", "printer")),
        ("HP", "LaserJet 4250n", ("printer",)),
        ("Lenovo", "ThinkCentre Tiny-In-One 24", ("monitor",)),
        ("Lenovo", "3000 N200", ()),
        ("Cisco", "C9300-24T", ("switch",)),
        ("Cisco", "C9120AXI-E", ("wifi_access_point",)),
        ("Cisco", "C8300-1N1S-4T2X", ("router",)),
        ("Dell", "PowerConnect W-AP105", ("network_other", "wifi_access_point")),
        ("Kyocera", "ECOSYS P3045dn", ("printer",)),
        ("Kyocera", "ECOSYS M3145dn", ("multifunction_printer",)),
        ("Microsoft", "Surface Hub 2S", ("interactive_display",)),
        ("NEC", "V404", ()),
    ],
)
def test_names_that_differ_by_a_letter_or_a_digit_are_kept_apart(
    maker: str, model: str, types: tuple[str, ...]
) -> None:
    assert types_of_model(maker, model).types == types


@pytest.mark.parametrize(
    ("maker", "model"),
    [
        ("", "WD2500AAKX"),
        ("", "SN L123456"),
        ("", "PC at service"),
        ("Acer", "TM P214"),
        ("", "Neo 50s"),
        ("Fitbit", "Versa 2"),
        ("", "AMD FX-8350"),
        ("", "DS-530"),
        ("Samsung", "Galaxy Watch 4"),
    ],
)
def test_letters_of_one_maker_tell_nothing_of_another_thing(maker: str, model: str) -> None:
    assert types_of_model(maker, model) == ModelTypes()


@pytest.mark.parametrize(
    "model",
    [
        "Batterie pour Latitude 5420",
        "EliteBook 840 battery",
        "Housse iPad",
        "Toner LaserJet M404",
        "ThinkPad charger 65W",
        "Licence Latitude",
        "Latitude virtual machine",
    ],
)
def test_what_goes_with_a_model_is_not_the_model(model: str) -> None:
    assert types_of_model("", model) == ModelTypes()


def test_a_dock_named_after_a_laptop_is_a_dock() -> None:
    assert types_of_model("", "Lenovo ThinkPad USB-C Dock Gen 2").types == ("docking_station",)


def test_a_word_of_the_name_narrows_a_question() -> None:
    assert types_of_model("HP", "Pavilion").types == ("all_in_one", "desktop", "laptop")
    assert types_of_model("HP", "Pavilion Notebook").types == ("laptop",)
    assert types_of_model("HP", "LaserJet MFP").types == ("multifunction_printer",)


def test_a_short_code_needs_its_maker() -> None:
    """A monitor "E24 G4" is HP's; of another maker, or of none, it could be anything."""
    assert types_of_model("HP", "E24 G4").types == ("monitor",)
    assert types_of_model("", "HP E24 G4").types == ("monitor",)
    assert types_of_model("", "E24 G4") == ModelTypes()
    assert types_of_model("Acer", "E24 G4") == ModelTypes()
    assert types_of_model("Dell", "HP E24 G4") == ModelTypes()


def test_a_seller_in_the_place_of_the_maker_does_not_hide_the_maker() -> None:
    assert types_of_model("Ets Durand", "HP E24 G4").types == ("monitor",)
    assert types_of_model("Ets Durand", "Latitude 5420").types == ("laptop",)
    assert types_of_model("Ets Durand", "P2419H") == ModelTypes()


def test_a_number_completes_a_name() -> None:
    assert types_of_model("Lenovo", "", "20XWS4X200").types == ("laptop",)
    assert types_of_model("Samsung", "inconnu", "SM-T505").types == ("tablet",)
    both = types_of_model("Dell", "Inspiron", "Inspiron 15 3511")
    assert both.types == ("laptop",)


def test_a_name_and_a_number_that_disagree_are_a_question() -> None:
    told = types_of_model("Samsung", "Galaxy Tab A8", "SM-A536B")
    assert told == ModelTypes(("smartphone", "tablet"), "Galaxy Tab / SM phones")


def test_a_number_makes_no_accessory_a_model() -> None:
    assert types_of_model("Samsung", "Housse", "SM-T505") == ModelTypes()


def test_nothing_is_told_of_nothing() -> None:
    assert types_of_model("", "") == ModelTypes()
    assert types_of_model("Dell", "") == ModelTypes()
    assert types_of_model("Dell", "5420") == ModelTypes()


def test_types_are_of_the_taxonomy_and_sorted() -> None:
    taxonomy = {each.key for each in bundled_equipment_types()}
    told = [types_of_model(min(rule.makers), example).types for rule, example in EXAMPLES]
    assert all(taxonomy.issuperset(types) and list(types) == sorted(types) for types in told)
    assert taxonomy.issuperset(itertools.chain.from_iterable(telling_words().values()))


def test_an_example_is_never_told_other_types_under_a_maker_of_its_rule() -> None:
    """Rules that overlap agree, the longer match counts, or the union is given: a question."""
    wrong = [
        (rule.family, example, told)
        for rule, example in EXAMPLES
        for maker in sorted(rule.makers)
        if (told := types_of_model(maker, example).types) and not set(told) & set(rule.types)
    ]
    assert not wrong


@pytest.mark.slow
def test_the_order_of_the_rules_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from reen.tables.evidence import models

    known = models._known()
    families, patterns = known["families"], known["patterns"]
    moved = [each.split(" ", 1) for each in reversed(patterns)]
    backward_known = {
        **known,
        "families": families[::-1],
        "patterns": [f"{len(families) - 1 - int(number)} {each}" for number, each in moved],
        "beginnings": {
            head: {
                literal: " ".join(str(len(patterns) - 1 - int(each)) for each in numbers.split())
                for literal, numbers in reversed(begun.items())
            }
            for head, begun in known["beginnings"].items()
        },
    }
    assert backward_known["patterns"] != patterns
    asked = (models._rules, models._family, models.types_of_model)
    forward = [types_of_model(min(rule.makers), example) for rule, example in EXAMPLES]
    try:
        monkeypatch.setattr(models, "_known", lambda: backward_known)
        for cached in asked:
            cached.cache_clear()
        backward = [types_of_model(min(rule.makers), example) for rule, example in EXAMPLES]
    finally:
        for cached in asked:
            cached.cache_clear()
    assert forward == backward


@given(
    st.sampled_from(EXAMPLES),
    st.randoms(use_true_random=False),
    st.sampled_from(["", " ", "  ", "\u00a0", "™ ", "® "]),
)
def test_case_and_spacing_change_nothing(
    case: tuple[Rule, str], chance: random.Random, blank: str
) -> None:
    rule, example = case
    maker = min(rule.makers)
    choose = chance.choice
    written = "".join(choose((c.lower(), c.upper())) for c in example)
    spaced = blank + written.replace(" ", " " + blank) + blank
    assert types_of_model(maker.upper(), spaced) == types_of_model(maker, example)


def test_makers_are_known_however_they_are_written() -> None:
    written = {
        "DELL Inc.": "Dell",
        "Hewlett-Packard Company": "HP",
        "LENOVO": "Lenovo",
        "Apple Inc.": "Apple",
        "ASUSTeK COMPUTER INC.": "Asus",
        "SAMSUNG ELECTRONICS CO., LTD.": "Samsung",
        "Micro-Star International": "MSI",
        "TOSHIBA": "Dynabook",
        "Samsumg": "Samsung",
        "": "",
        "Ets Durand": "?",
    }
    assert {cell: maker_of(cell) for cell in written} == written


def test_a_maker_is_found_in_the_words_of_a_model() -> None:
    assert maker_in(["ecran", "hewlett", "packard", "e24"]) == ("HP", 3)
    assert maker_in(["latitude", "5420"]) == ("", 0)


def test_the_compact_form_is_made_of_the_rules_that_are_there() -> None:
    """Else: python -m reen.tables.evidence.model_rules."""
    folder = importlib.resources.files("reen.tables.evidence").joinpath("data")
    assert folder.joinpath(COMPACT).read_text(encoding="utf-8") == compact_models()


def test_a_maker_has_one_row() -> None:
    rows = rows_of("makers.csv", "reen.tables.evidence")
    assert len({row["maker"] for row in rows}) == len(rows)


def test_every_pattern_is_one() -> None:
    """Patterns are compiled when a word first begins as they do: here, all of them."""
    for rule in RULES:
        for pattern in rule.patterns:
            assert re.compile(pattern).pattern == pattern
