"""Amounts whose cell says the tax: "7 200 € TTC" is a number, in the column of what it says."""

from __future__ import annotations

import math

import pytest

import reen
from reen.tables.cells.prices import UNSAID, WITH, WITHOUT, tax_in

NAN = "not a number"


@pytest.mark.parametrize(
    ("words", "rest", "said"),
    [
        ("€ TTC", "€", WITH),
        ("EUR HT", "EUR", WITHOUT),
        ("€ H.T.", "€", WITHOUT),
        ("€TTC", "€", WITH),
        ("HTVA", "", WITHOUT),
        ("€ hors taxes", "€", WITHOUT),
        ("€ TVA comprise", "€", WITH),
        ("EUR incl. VAT", "EUR", WITH),
        ("EUR excl. VAT", "EUR", WITHOUT),
        ("kWh", "kWh", UNSAID),
        ("Wht", "Wht", UNSAID),
    ],
)
def test_what_words_say_of_the_tax(words: str, rest: str, said: int) -> None:
    assert tax_in(words) == (rest, said)


def services(header: str, *cells: str) -> reen.Inventory:
    rows = "".join(f"2025-03-0{k};SaaS;{cell}\n" for k, cell in enumerate(cells, 1))
    text = f"Date;Type de prestation;{header}\n{rows}"
    return reen.read(text.encode(), name="prestations 2025.csv")


def amounts(inventory: reen.Inventory) -> list[dict[str, float]]:
    """Return what each row spends, by column."""
    return [
        {k: NAN if math.isnan(v) else v for k, v in row.items() if k.startswith("amount") and v}
        for row in inventory.linked["services"].to_pylist()
    ]


@pytest.mark.parametrize(
    ("header", "plain"),
    [
        ("Montant", "amount_as_written"),
        ("Montant HT", "amount"),
        ("Montant TTC", "amount_with_tax"),
    ],
)
def test_each_amount_stands_in_the_column_of_its_tax(header: str, plain: str) -> None:
    """The cell is nearer than the header; what it moves is told, and nothing is converted."""
    found = services(header, "7 200 € TTC", "1 200,50 € HT", "300", "2 000 EUR")
    assert amounts(found) == [
        {"amount_with_tax": 7200.0},
        {"amount": 1200.5},
        {plain: 300.0},
        {plain: 2000.0},
    ]
    told = [issue.count for issue in found.issues if issue.reason.code == "amount_says_its_tax"]
    assert told == ([1, 1] if plain == "amount_as_written" else [1])


def test_a_bill_with_tax_is_counted_without_it() -> None:
    """7,200 EUR with 20 % of tax are 6,000 without, as 6,000 € HT are."""
    totals = [
        reen.measure(services("Montant", cell), "spend", as_of="2025-12-31").total().value
        for cell in ("7 200 € TTC", "6 000 € HT")
    ]
    assert totals[0] == pytest.approx(totals[1], rel=1e-12)
    assert totals[0] > 0


def test_a_price_with_tax_is_no_price_without() -> None:
    """Purchases have prices without tax: one with tax is told, and not used."""
    found = reen.read(
        "Date d'achat;Type;Nb;Prix\n"
        "2025-03-01;PC portable;1;1 200 € TTC\n2025-03-02;PC portable;1;900 € HT\n".encode(),
        name="achats 2025.csv",
    )
    first, second = found.linked["purchases"]["unit_price"].to_pylist()
    assert math.isnan(first)
    assert second == 900.0
    (issue,) = (i for i in found.issues if i.reason.code == "with_tax_in_a_column_without")
    assert issue.value == "1 200 € TTC"
