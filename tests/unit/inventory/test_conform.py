"""Conforming: canonical types and units, words resolved, and every oddity an issue."""

from __future__ import annotations

import datetime as dt
import math

import pyarrow as pa
import pytest

import reen


def inventory(**columns: object) -> reen.Inventory:
    return reen.Inventory.from_arrow(pa.table(columns), source="parc")


def issues(**columns: object) -> list[str]:
    return [str(issue) for issue in inventory(**columns).issues]


def in_unit(unit: str, *values: float | None, name: str = "annual_energy") -> reen.Inventory:
    """Return an inventory with one number column in a unit."""
    schema = pa.schema(
        [
            pa.field("equipment_type", pa.string()),
            pa.field(name, pa.float64(), metadata={"unit": unit}),
        ]
    )
    table = pa.table([["laptop"] * len(values), list(values)], schema=schema)
    return reen.Inventory.from_arrow(table, source="parc")


# -- types -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())],
    ids=str,
)
def test_text_is_dictionary_encoded(kind: pa.DataType) -> None:
    """Whatever the text type given."""
    words = pa.array(["laptop", "desktop", "laptop"])
    given = (
        words.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else words.cast(kind)
    )
    table = inventory(equipment_type=given).table
    assert table.schema.field("equipment_type").type == pa.dictionary(pa.int32(), pa.string())
    assert table["equipment_type"].to_pylist() == ["laptop", "desktop", "laptop"]


@pytest.mark.parametrize("name", ["id", "name", "serial_number", "asset_tag"])
def test_identifiers_stay_plain(name: str) -> None:
    """Hardly two are alike: there are no words to be found among them."""
    words = pa.array(["a", "", "b"]).dictionary_encode()
    table = inventory(**{"equipment_type": ["laptop"] * 3, name: words}).table
    assert table.schema.field(name).type == pa.string()
    assert table[name].to_pylist() == ["a", None, "b"]


def test_unknown_text_columns_are_encoded_too() -> None:
    """They can be grouped by as cheaply."""
    field = inventory(equipment_type=["laptop"], service=["DSI"]).table.schema.field("service")
    assert field.type == pa.dictionary(pa.int32(), pa.string())


def test_unknown_columns_are_kept() -> None:
    """Of any type, untouched."""
    table = inventory(equipment_type=["laptop"], floor=[3], tags=[["a", "b"]]).table
    assert table["floor"].to_pylist() == [3]
    assert table["tags"].to_pylist() == [["a", "b"]]


def test_empty_text_is_missing() -> None:
    """An empty cell is no word."""
    table = inventory(equipment_type=["laptop", ""]).table
    assert table["equipment_type"].to_pylist() == ["laptop", None]


@pytest.mark.parametrize(
    "kind", [pa.int16(), pa.float32(), pa.uint64(), pa.decimal128(30, 2)], ids=str
)
def test_numbers_become_float64(kind: pa.DataType) -> None:
    """Whole numbers, singles and decimals alike."""
    table = inventory(equipment_type=["laptop"], lifetime=pa.array([4]).cast(kind)).table
    assert table.schema.field("lifetime").type == pa.float64()
    assert table["lifetime"].to_pylist() == [4.0]


def test_numbers_carry_their_unit() -> None:
    """The canonical one when none is given."""
    field = inventory(equipment_type=["laptop"], lifetime=[4.0]).table.schema.field("lifetime")
    assert field.metadata == {b"unit": b"year"}


def test_a_given_unit_is_kept() -> None:
    """Figures are not rewritten; batches convert them."""
    table = in_unit("MWh/item/year", 0.058).table
    assert table.schema.field("annual_energy").metadata == {b"unit": b"MWh/item/year"}
    assert table["annual_energy"].to_pylist() == [0.058]


def test_a_unit_without_its_item_gets_it() -> None:
    """MWh/year in a column of kWh/item/year is per item: the same figures, of one dimension."""
    metadata = in_unit("MWh/year", 0.058).table.schema.field("annual_energy").metadata
    unit = reen.units.parse(metadata[b"unit"].decode())
    assert unit == reen.units.parse("MWh/item/year")


def test_instants_become_days() -> None:
    """The hour of a purchase does not count."""
    instant = pa.array([dt.datetime(2022, 3, 1, 15, 30)])  # noqa: DTZ001 - a plain Arrow timestamp
    table = inventory(equipment_type=["laptop"], purchase_date=instant).table
    assert table["purchase_date"].to_pylist() == [dt.date(2022, 3, 1)]


def test_serial_numbers_that_look_like_numbers_are_text() -> None:
    """Whole numbers in a text column are written out."""
    table = inventory(equipment_type=["laptop"], serial_number=[1234]).table
    assert table["serial_number"].to_pylist() == ["1234"]


def test_conforming_twice_changes_nothing() -> None:
    """What comes out may go in again."""
    once = inventory(
        equipment_type=["PC portables", None, "zorglub"],
        country=["France", "", None],
        status=["Réformé", None, "qui sait"],
        lifetime=[5.0, None, -1.0],
    )
    twice = reen.Inventory.from_arrow(once.table)
    assert twice.table.equals(once.table)


# -- words -----------------------------------------------------------------------------------


def test_type_words_are_resolved_and_kept() -> None:
    """The key, and beside it the word as written."""
    table = inventory(equipment_type=["PC portables", "laptop"]).table
    assert table["equipment_type"].to_pylist() == ["laptop", "laptop"]
    assert table["equipment_type_raw"].to_pylist() == ["PC portables", "laptop"]


def test_keys_need_no_raw_column() -> None:
    """Nothing was changed: nothing is kept beside."""
    assert "equipment_type_raw" not in inventory(equipment_type=["laptop"]).table.column_names


def test_an_unknown_type_is_unknown_and_reported() -> None:
    """Never guessed, with the rows it stands in."""
    found = inventory(equipment_type=["laptop", "zorglub", "zorglub"])
    assert found.table["equipment_type"].to_pylist() == ["laptop", "unknown", "unknown"]
    (issue,) = found.issues
    assert (issue.column, issue.value, issue.rows, issue.count) == (
        "equipment_type",
        "zorglub",
        (1, 2),
        2,
    )


def test_an_ambiguous_type_proposes_what_it_may_mean() -> None:
    """`portable` is a laptop or a mobile phone in French: not decided for the user."""
    (issue,) = inventory(equipment_type=["portable"]).issues
    assert "did you mean 'laptop'" in str(issue.expected)


def test_words_that_no_row_uses_are_not_reported() -> None:
    """A dictionary may hold more words than the rows do."""
    words = pa.array(["laptop", "zorglub"])
    codes = pa.array([0, 0], pa.int32())
    assert inventory(equipment_type=pa.DictionaryArray.from_arrays(codes, words)).issues == ()


def test_countries_become_codes() -> None:
    """Names in French and English; overseas territories are their own."""
    table = inventory(
        equipment_type=["laptop"] * 3, country=["France", "Germany", "La Réunion"]
    ).table
    assert table["country"].to_pylist() == ["FR", "DE", "RE"]
    assert table["country_raw"].to_pylist() == ["France", "Germany", "La Réunion"]


def test_an_unknown_country_is_missing_and_reported() -> None:
    """No country is assumed."""
    found = inventory(equipment_type=["laptop"], country=["Atlantis"])
    assert found.table["country"].to_pylist() == [None]
    assert str(found.issues[0]).startswith("parc, row 0, column 'country': 'Atlantis' is not known")


def test_words_outside_a_closed_list_are_missing_and_reported() -> None:
    """`user_mode` takes five words."""
    found = inventory(equipment_type=["laptop"], user_mode=["everybody"])
    assert found.table["user_mode"].to_pylist() == [None]
    assert "expected one of individual, shared, self_service" in str(found.issues[0])


# -- ranges ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("quantity", -1.0, "a number in item, at least 0"),
        ("lifetime", 0.0, "a number in year, above 0"),
        ("lifetime", math.inf, "a number in year, above 0"),
        ("usage_share", 1.5, "a number, at least 0 and at most 1"),
        ("annual_energy", -5.0, "a number in kWh/item/year, at least 0"),
        ("usage_hours", 9000.0, "a number in h/year, at least 0 and at most 8,784"),
    ],
)
def test_values_out_of_range_are_reported(column: str, value: float, expected: str) -> None:
    """With what was expected; the value stays in the table for the batch to refuse."""
    found = inventory(equipment_type=["laptop"], **{column: [value]})
    (issue,) = found.issues
    assert (issue.column, str(issue.reason), str(issue.expected)) == (
        column,
        "is out of range",
        expected,
    )
    assert found.table[column].to_pylist() == [value]


def test_one_fault_is_one_issue_however_many_rows() -> None:
    """A thousand negative quantities: one line, five rows shown."""
    (text,) = issues(equipment_type=["laptop"] * 1000, quantity=[-1.0] * 1000)
    assert text.startswith(
        "parc, row 0, 1, 2, 3, 4 and 995 more, column 'quantity': '-1' is out of range"
    )


def test_many_values_out_of_range_are_summed_up() -> None:
    """Five values by name, the others in one line: nothing is lost."""
    found = inventory(equipment_type=["laptop"] * 8, lifetime=[-float(k) for k in range(8)]).issues
    assert len(found) == 6
    assert sum(issue.count for issue in found) == 8


def test_lines_of_the_file_are_named() -> None:
    """With a `source_row` column the issue names lines, not positions."""
    (issue,) = inventory(
        equipment_type=["laptop"] * 2, lifetime=[4.0, 0.0], source_row=[12, 13]
    ).issues
    assert issue.rows == (13,)


def test_numbers_that_are_not_numbers_are_reported() -> None:
    """A present NaN makes its row invalid: the reader should learn it."""
    found = inventory(equipment_type=["laptop"], lifetime=pa.array([math.nan]))
    assert [issue.column for issue in found.issues] == ["lifetime"]


def test_blanks_are_no_issue() -> None:
    """Missing is allowed everywhere."""
    assert issues(equipment_type=[None], lifetime=pa.array([None], pa.float64())) == []


# -- refusals --------------------------------------------------------------------------------


def test_neither_type_nor_model() -> None:
    """An inventory says what things are; the nearest header is proposed."""
    with pytest.raises(reen.errors.InventoryError) as caught:
        inventory(equipement_type=["laptop"])
    assert str(caught.value) == (
        "parc: none of the columns equipment_type, model is there (is it 'equipement_type'?);"
        " found: equipement_type. An inventory needs a type or a model."
    )


def test_a_model_is_enough() -> None:
    """Methods that know models need no type."""
    assert len(inventory(model=["Latitude 5420"])) == 1


def test_two_columns_of_one_name() -> None:
    """A meaning cannot be claimed twice."""
    table = pa.table([["laptop"], [1.0], [2.0]], names=["equipment_type", "quantity", "quantity"])
    with pytest.raises(reen.errors.InventoryError, match="two columns are called 'quantity'"):
        reen.Inventory.from_arrow(table)


def test_energy_in_kilograms() -> None:
    """The dimension is refused before any row is read, by column and with what was expected."""
    with pytest.raises(reen.errors.DimensionError) as caught:
        in_unit("kg", 5.0)
    assert str(caught.value).startswith(
        "parc: column 'annual_energy' is in 'kg', which cannot be converted to 'kWh/item/year'."
    )


def test_no_unit_at_all() -> None:
    """A word that is no unit."""
    with pytest.raises(reen.errors.DimensionError, match="is in 'apples'"):
        in_unit("apples", 5.0)


@pytest.mark.parametrize(
    ("column", "cells", "message"),
    [
        ("lifetime", ["5 ans"], "column 'lifetime' is text (first cells: '5 ans'); expected a"),
        ("purchase_date", ["01/02/2022"], "expected a date such as 2022-12-31"),
        ("purchase_date", [3.5], "has the Arrow type double"),
        ("reconditioned", ["oui"], "expected yes or no"),
        ("manufacturer", [1.5], "has the Arrow type double (first cells: '1.5'); expected text"),
        ("lifetime", [[5.0]], "has the Arrow type list"),
    ],
)
def test_columns_that_cannot_be_what_they_should(
    column: str, cells: list[object], message: str
) -> None:
    """The message shows the first cells, what was expected, and how to mend it."""
    with pytest.raises(reen.errors.InventoryError) as caught:
        inventory(equipment_type=["laptop"], **{column: cells})
    assert message in str(caught.value)
    assert "read the file with reen.read" in str(caught.value)


def test_what_is_expected_is_said_in_the_language_of_the_page() -> None:
    """A range is told where the cell is read, and where it is judged, in one sentence."""
    expected = reen.plugin.files.EQUIPMENT["quantity"].expected
    assert expected.text("en") == "a number in item, at least 0"
    assert expected.text("fr") == "un nombre (unité : équipements), au moins 0"
