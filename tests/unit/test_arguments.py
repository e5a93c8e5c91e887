"""Arguments that take a name or several: a text is one name, never its letters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

import reen
from reen.plugin import FactorPack

LAPTOP = reen.Equipment("laptop", country="FR", entity="schools", declared_footprint=100.0)

#: Options that every call below shares.
OPTIONS = {"method": "base-carbone", "as_of": "2022-12-31"}

PACK = FactorPack.from_rows(
    name="mine",
    version="1",
    title="Invented factors",
    publisher="the test",
    licence="none",
    source="invented",
    factors=[
        {
            "flow": "laptop",
            "reference_unit": "item",
            "stage": "manufacturing",
            "criterion": "climate_change",
            "value": "300",
            "unit": "kgCO2e/item",
            "equipment_type": "laptop",
            "source": "INVENTED",
        }
    ],
)


@pytest.mark.parametrize(
    ("argument", "one"),
    [
        ("by", "entity"),
        ("criteria", "climate_change"),
        ("factors", "base-carbone"),
        ("factors", PACK),
    ],
)
def test_one_is_as_good_as_a_list_of_one(argument: str, one: object) -> None:
    """A name, or an object, stands for itself."""
    alone = reen.measure(LAPTOP, **OPTIONS, **{argument: one})  # type: ignore[arg-type]
    assert alone == reen.measure(LAPTOP, **OPTIONS, **{argument: [one]})  # type: ignore[arg-type]


@pytest.mark.parametrize("argument", ["by", "criteria", "factors"])
def test_none_is_the_same_as_nothing(argument: str) -> None:
    """No groups, all criteria, no packs of the user's."""
    given = reen.measure(LAPTOP, **OPTIONS, **{argument: None})  # type: ignore[arg-type]
    assert given == reen.measure(LAPTOP, **OPTIONS)  # type: ignore[arg-type]


def test_one_pack_of_one_method() -> None:
    """In a comparison, packs by method, each one or several; 300 / 4 years = 75 kgCO2e."""
    laptop = reen.Equipment("laptop", lifetime=4, declared_footprint=100.0)
    packs = {"base-carbone": PACK}
    for factors in (packs, {"base-carbone": [PACK]}, PACK):
        comparison = reen.compare(laptop, methods=["declared", "base-carbone"], factors=factors)
        assert float(comparison.details["base-carbone"].total()) == pytest.approx(75.0, rel=1e-9)


def test_one_file_of_factors(tmp_path: Path) -> None:
    """A path is one pack too, for every function that takes them."""
    header = "flow,reference_unit,stage,criterion,value,unit,equipment_type,source"
    row = "laptop,item,manufacturing,climate_change,300,kgCO2e/item,laptop,INVENTED"
    path = tmp_path / "mine.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    laptop = reen.Equipment("laptop", lifetime=4)
    calls: list[Callable[..., object]] = [reen.measure, reen.trace, reen.explain]
    for call in calls:
        for factors in (path, str(path)):
            call(laptop, method="base-carbone", factors=factors)


@pytest.mark.parametrize(
    ("argument", "value", "expected"),
    [
        ("by", 3, "the name of a column, or several"),
        ("by", [3], "the name of a column, or several"),
        ("by", b"entity", "the name of a column, or several"),
        ("by", {"entity": "x"}, "the name of a column, or several"),
        ("criteria", 3, "the key of a criterion, or several"),
        ("criteria", [None], "the key of a criterion, or several"),
        ("criteria", [], "the key of a criterion, or several; None for all"),
        ("factors", 3, "a factor pack, its name or its file, or several"),
        ("factors", [3], "a factor pack, its name or its file, or several"),
        ("factors", {"declared": "x"}, "a factor pack, its name or its file, or several"),
    ],
)
def test_something_else_is_refused(argument: str, value: object, expected: str) -> None:
    """With what was expected."""
    with pytest.raises(reen.errors.OptionError) as caught:
        reen.measure(LAPTOP, **OPTIONS, **{argument: value})  # type: ignore[arg-type]
    assert (caught.value.owner, caught.value.option) == ("measure", argument)
    assert str(caught.value.expected) == expected


@pytest.mark.parametrize("methods", ["declared", ["declared"], None, [], 3, [1, 2]])
def test_a_comparison_needs_two_methods(methods: object) -> None:
    """One name is one method; what is no method is refused alike."""
    with pytest.raises(reen.errors.OptionError, match="expected two methods or more") as caught:
        reen.compare(LAPTOP, methods=methods)  # type: ignore[arg-type]
    assert caught.value.option == "methods"


# -- what can be explained ---------------------------------------------------------------------


TABLE = pa.table(
    {"id": ["a", "b"], "equipment_type": ["monitor", "laptop"], "lifetime": [5.0, 4.0]}
)


@pytest.mark.parametrize(
    "source",
    [
        TABLE,
        TABLE.to_reader(),
        reen.Inventory.from_arrow(TABLE),
        [reen.Equipment("monitor"), reen.Equipment("laptop", id="b", lifetime=4.0)],
    ],
    ids=["table", "stream", "inventory", "equipment"],
)
def test_whatever_can_be_measured_can_be_explained(source: reen.Inventory) -> None:
    """156 kgCO2e / 4 years = 39, from Arrow data as from an inventory."""
    explanation = reen.explain(source, row="b", method="base-carbone", as_of="2022-12-31")
    assert explanation.total() == pytest.approx(39.0, rel=1e-9)


def test_what_cannot_be_measured_cannot_be_explained() -> None:
    """The message of `measure`."""
    with pytest.raises(
        reen.errors.InventoryError, match="int cannot be measured; give an Inventory"
    ):
        reen.explain(3, method="base-carbone")  # type: ignore[arg-type]
