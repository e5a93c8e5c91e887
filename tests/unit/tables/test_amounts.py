"""Numbers: marks decided for a column, units in cells, and what is no number."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen import Inventory
from reen.errors import DimensionError
from reen.plugin.files import Imported
from reen.tables.cells.amounts import Marks, decide_marks, read_number
from reen.tables.cells.number_marks import PROVED, UNDECIDED
from reen.types import Severity

Read = Callable[..., Imported]


def numbers(read: Read, header: str, *cells: str) -> tuple[list[float | None], Imported]:
    """Return the second column of a file whose rows have the given cells."""
    rows = "".join(f"PC fixe;{cell}\n" for cell in cells)
    found = read(f"Type;{header}\n{rows}")
    names = set(found.table.column_names) - {"equipment_type", "status", "source", "source_row"}
    return found.table[names.pop()].to_pylist(), found


@pytest.mark.parametrize(
    ("texts", "decimal", "by"),
    [
        (["1,5", "2"], ",", PROVED),
        (["1.5", "2"], ".", PROVED),
        (["1.234,5"], ",", PROVED),
        (["1,234.5"], ".", PROVED),
        (["1,234,567"], ".", PROVED),
        (["1.234.567"], ",", PROVED),
        (["0,125", "1,250"], ",", PROVED),
        (["1 250,500"], ",", PROVED),
        (["1234,500"], ",", PROVED),
        (["4,096", "1,024"], ".", UNDECIDED),
        (["4,096", "0.5"], ".", PROVED),
        (["1.234"], ".", UNDECIDED),
        (["12", "x"], ".", UNDECIDED),
        (["98,5 kWh/an"], ",", PROVED),
        (["€ 1 050,00"], ",", PROVED),
        (["10.0.0.1", "v1.2.3"], ".", UNDECIDED),
    ],
)
def test_marks_that_one_column_proves(texts: list[str], decimal: str, by: str) -> None:
    (marks,) = decide_marks([texts])
    assert (marks.decimal, marks.by) == (decimal, by)


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        ("12", Marks(), (12.0, "")),
        ("-3", Marks(), (-3.0, "")),
        ("\u22123", Marks(), (-3.0, "")),
        (".5", Marks(), (0.5, "")),
        ("1 200", Marks(","), (1200.0, "")),
        ("1'200", Marks(), (1200.0, "")),
        ("1\u2019200", Marks(), (1200.0, "")),
        ("1.200", Marks(","), (1200.0, "")),
        ("1,200", Marks(","), (1.2, "")),
        ("1.200", Marks(), (1.2, "")),
        ("1 234 567,89", Marks(","), (1234567.89, "")),
        ("11 250,00", Marks("."), (11250.0, "")),
        ("12.5", Marks(","), (12.5, "")),
        ("12,5", Marks("."), (12.5, "")),
        ("3,5E+02", Marks(","), (350.0, "")),
        ("1 234,5 kWh/an", Marks(","), (1234.5, "kWh/an")),
        ('24"', Marks(), (24.0, '"')),
        ("16Go", Marks(), (16.0, "Go")),
        ("€ 1 200", Marks(","), (1200.0, "€")),
        ("45 %", Marks(), (45.0, "%")),
        ("12.", Marks(), (12.0, "")),
        ("8 + 2 HS", Marks(), (8.0, "+ 2 HS")),
        ("12 34", Marks(), None),
        ("1,23,4", Marks(), None),
        ("1 234.567 890", Marks(), None),
        ("une dizaine", Marks(), None),
        ("", Marks(), None),
        ("1e999", Marks(), None),
        ("nan", Marks(), None),
        ("inf", Marks(), None),
    ],
)
def test_number_and_unit(text: str, marks: Marks, expected: tuple[float, str] | None) -> None:
    assert read_number(text, marks) == expected


def test_clean_numbers(read: Read) -> None:
    values, found = numbers(read, "Poids", "1.5", "", "3")
    assert values == [1.5, None, 3.0]
    assert found.issues == ()


def test_decimal_commas(read: Read) -> None:
    values, found = numbers(read, "Poids (kg)", "1,5", "", "3", "0,125")
    assert values == [1.5, None, 3.0, 0.125]
    assert found.issues == ()
    assert found.report.details["decimal mark"] == ","


def test_thousands_by_spaces_of_all_kinds(read: Read) -> None:
    values, _ = numbers(read, "Quantité", "1 200", "1\u00a0300", "1\u202f400", "5")
    assert values == [1200.0, 1300.0, 1400.0, 5.0]


def doubts(found: Imported) -> list[tuple[str, str]]:
    """Return the column and the first cell of each doubt."""
    severe = [issue for issue in found.issues if issue.severity is Severity.DOUBT]
    return [(issue.column, issue.value) for issue in severe]


def test_a_comma_that_makes_sense_only_as_thousands_is_noted(read: Read) -> None:
    """Nobody writes 4.096 megabytes of memory."""
    values, found = numbers(read, "RAM (Mo)", "4,096", "8,192")
    assert values == [4096.0, 8192.0]
    assert [(issue.value, issue.severity) for issue in found.issues] == [
        ("4,096", Severity.NOTE),
        ("8,192", Severity.NOTE),
    ]
    assert found.issues[0].reason.code == "mark_is_thousands"


@pytest.mark.parametrize(
    ("header", "cells", "expected", "in_doubt"),
    [
        ("Quantité", ("1.250", "2.400"), [1250.0, 2400.0], False),  # an item is whole
        ("Quantité", ("1,250", "2,400"), [1250.0, 2400.0], False),
        ("Quantité", ("1.000", "2.000"), [1000.0, 2000.0], True),  # whole both ways: French
        ("Quantité", ("1.000", "2.000", "1.250"), [1000.0, 2000.0, 1250.0], False),
        ("Durée de vie", ("5,000", "4,500"), [5.0, 4.5], False),  # nothing lasts 5000 years
        ("Diagonale", ("23,800", "27,000"), [23.8, 27.0], False),
        ("Prix HT", ("1.050", "2.100"), [1050.0, 2100.0], True),
        ("Prix HT", ("1.050", "999,90"), [1050.0, 999.9], False),
        ("Prix HT", ("1 234,5", "1.050"), [1234.5, 1050.0], False),
        ("Prix HT", ("1.050", "999.90"), [1.05, 999.9], False),
        ("Prix HT", ("30.1250", "1.050"), [30.125, 1.05], False),  # a workbook's own number
        ("Prix HT", ("999.90", "12.5", "999,90", "1.050"), [999.9, 12.5, 999.9, 1.05], True),
    ],
)
def test_what_a_column_can_hold_settles_its_marks(
    read: Read,
    header: str,
    cells: tuple[str, ...],
    expected: list[float],
    in_doubt: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    values, found = numbers(read, header, *cells)
    assert values == pytest.approx(expected)
    assert bool(doubts(found)) is in_doubt


def test_one_number_locale_a_file(read: Read) -> None:
    """Cells with one reading in one column decide for the others."""
    found = read("Type;Conso (kWh/an);Prix HT\nPC;30,500;1050,00\nÉcran;26,125;149,90\n")
    assert found.table["annual_energy"].to_pylist() == [30.5, 26.125]
    assert found.table["price"].to_pylist() == [1050.0, 149.9]
    assert found.issues == ()
    found = read("type,weight (kg),price\nlaptop,1.250,1050.00\nlaptop,2.375,149.90\n")
    assert found.table["weight"].to_pylist() == [1.25, 2.375]
    assert found.issues == ()


def test_sense_goes_before_the_marks_of_other_columns(read: Read) -> None:
    """Prices with points, quantities that cannot be parts of an item: both stand, in doubt."""
    found = read("Type;Qté;Prix HT\nPC;1.250;999.90\nÉcran;2.400;12.50\n")
    assert found.table["quantity"].to_pylist() == [1250.0, 2400.0]
    assert found.table["price"].to_pylist() == [999.9, 12.5]
    assert doubts(found) == [("quantity", "1.250"), ("quantity", "2.400")]


def test_the_library_reads_its_own_format_without_doubt(read: Read) -> None:
    found = read("equipment_type,model,price [EUR/item]\nlaptop,x,1.050\nlaptop,y,2.125\n")
    assert found.table["price"].to_pylist() == [1.05, 2.125]
    assert found.issues == ()
    found = read("equipment_type;model;quantity\nlaptop;x;1.250\nlaptop;y;2.400\n")
    assert found.table["quantity"].to_pylist() == [1250.0, 2400.0]


def test_blank_is_null_and_unreadable_is_nan_with_an_issue(read: Read) -> None:
    values, found = numbers(read, "Quantité", "8 ou 10", "", "une dizaine", "N/A", "3", "n.c.")
    assert [value is None for value in values] == [False, True, False, True, False, False]
    assert [value for value in values if value is not None and not math.isnan(value)] == [3.0]
    issues = {issue.value: issue for issue in found.issues}
    # a type alone in its row, of which nothing says how many there are
    assert issues.pop("PC fixe").reason.code == "alone_counted"
    assert set(issues) == {"8 ou 10", "une dizaine", "n.c."}
    issue = issues["8 ou 10"]
    assert (issue.source, issue.rows, issue.column) == ("parc.csv", (2,), "quantity")
    assert issue.severity is Severity.CELL
    assert str(issue) == (
        "parc.csv, row 2, column 'quantity': '8 ou 10' is no number; expected a number in item,"
        " at least 0 (value not used)"
    )


def test_units_in_cells_are_converted_to_that_of_the_header(read: Read) -> None:
    values, found = numbers(
        read, "Conso (kWh/an)", "98,5 kWh/an", "0,1 MWh par an", "50", "12 000 Wh"
    )
    assert values == pytest.approx([98.5, 100.0, 50.0, 12.0])
    assert found.table.schema.field("annual_energy").metadata == {b"unit": b"kWh/item/year"}


def test_units_in_cells_without_one_in_the_header(read: Read) -> None:
    assert numbers(read, "Durée de vie", "5 ans", "60 mois", "4")[0] == pytest.approx([5, 5, 4])
    assert numbers(read, "RAM", "16 Go", "8192 Mo", "4")[0] == pytest.approx([16, 8, 4])
    assert numbers(read, "Disque", "1 To", "256 Go")[0] == pytest.approx([1000, 256])
    assert numbers(read, "Diagonale", '24"', "27 pouces", "61 cm")[0] == pytest.approx(
        [24, 27, 61 / 2.54]
    )
    assert numbers(read, "Prix HT", "1 200 €", "€ 5")[0] == [1200.0, 5.0]
    assert numbers(read, "Quantité", "12 postes", "3")[0] == [12.0, 3.0]


def test_wrong_dimension_in_a_cell_is_an_issue(read: Read) -> None:
    values, found = numbers(read, "Poids (kg)", "1,5", "3 kWh")
    assert values[0] == 1.5
    assert math.isnan(values[1] or 0)
    assert "'3 kWh' is in 'kWh', which cannot be converted to 'kg/item'" in str(found.issues[0])
    assert found.issues[0].rows == (3,)


@pytest.mark.parametrize("slip", ["12O", "12o", "12l", "1 2O"])
def test_a_letter_for_a_digit_is_no_unit(read: Read, slip: str) -> None:
    """French writes octets as "o": 12 of them are an amount of memory, and no number of items."""
    values, found = numbers(read, "Quantité", "3", slip)
    assert values[0] == 3.0
    assert math.isnan(values[1] or 0)
    assert f"{slip!r} is no number" in str(found.issues[0])


def test_octets_stay_a_unit_of_memory(read: Read) -> None:
    values, found = numbers(read, "Disque (Go)", "512", "512000000000 o")
    assert values == pytest.approx([512.0, 512.0])
    assert found.issues == ()


def test_a_column_of_energy_in_watts_is_power(read: Read) -> None:
    values, found = numbers(read, "Conso", "30 W", "", "0,5 kW")
    assert "annual_energy" not in found.table.column_names
    assert values == pytest.approx([30.0, None, 500.0])
    assert found.report.mapped["power"] == "Conso"
    assert found.issues == ()
    values, found = numbers(read, "Conso", "30 W", "50 kWh")
    assert [issue.reason.code for issue in found.issues] == ["wrong_unit"]


def test_wrong_dimension_in_the_header_is_an_error(
    conformed: Callable[..., Inventory],
) -> None:
    message = r"parc\.csv: column 'annual_energy' is in 'kg', .* converted to 'kWh/item/year'"
    with pytest.raises(DimensionError, match=message):
        conformed("Type;Conso (kg)\nPC fixe;12\n")


def test_no_unit_in_square_brackets_is_an_error(conformed: Callable[..., Inventory]) -> None:
    with pytest.raises(DimensionError, match="column 'lifetime' is in 'bidule'"):
        conformed("Type;lifetime [bidule]\nPC fixe;12\n")


def test_negative_quantity_is_told_as_out_of_range(conformed: Callable[..., Inventory]) -> None:
    inventory = conformed("Type;Quantité\nPC fixe;-2\nPC fixe;3\n")
    (issue,) = inventory.issues
    assert str(issue) == (
        "parc.csv, row 2, column 'quantity': '-2' is out of range; expected a number in item, at"
        " least 0 (value not used)"
    )


def test_a_quantity_that_is_no_whole_number_is_noted(read: Read) -> None:
    values, found = numbers(read, "Quantité", "1.25", "7")
    assert values == [1.25, 7.0]
    assert "'1.25' is no whole number of items; expected whole items" in str(found.issues[0])


def test_many_distinct_faults_do_not_fill_the_issues(read: Read) -> None:
    _, found = numbers(read, "Quantité", *(f"environ {k}" for k in range(1, 201)))
    assert len(found.issues) == 21
    assert sum(issue.count for issue in found.issues) == 200
    assert found.issues[-1].value == "environ 21 and 179 other values"


@given(
    value=st.integers(0, 10**9),
    decimals=st.text("0123456789", max_size=6),
    thousands=st.sampled_from(["", " ", "\u00a0", "'", "."]),
)
def test_a_written_number_is_read_back(value: int, decimals: str, thousands: str) -> None:
    """Whatever separates thousands, a decimal comma that is proved gives the number back."""
    written = f"{value:,}".replace(",", thousands) + ("," + decimals if decimals else "")
    found = read_number(written.replace("\u00a0", " "), Marks(","))
    expected = float(f"{value}.{decimals or 0}")
    assert found is not None
    assert found[0] == pytest.approx(expected, rel=1e-15)
