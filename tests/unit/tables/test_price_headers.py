"""Headers of prices: what they say of the tax, and of what they are the price."""

from __future__ import annotations

import pytest

import reen

ROWS = "Date facture;Fournisseur;Libellé;Qté;{}\n12/03/2025;UGAP;PC portable;10;12000\n"


def bought(header: str, **how: object) -> reen.Inventory:
    return reen.read(ROWS.format(header).encode(), name="a.csv", **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Montant TTC", "price_header_with_tax"),
        ("PU TTC", "price_header_with_tax"),
        ("Montant HT", "price_header_of_line"),
    ],
)
def test_a_header_that_says_otherwise_is_a_doubt(header: str, code: str) -> None:
    """12,000 € with tax for 10 laptops are no 12,000 € for one without tax."""
    found = bought(header, columns={header: "unit_price"})
    (doubt,) = [each for each in found.issues if each.column == "unit_price"]
    assert (doubt.reason.code, doubt.severity.name, doubt.rows) == (code, "DOUBT", (2,))


@pytest.mark.parametrize(("header", "said"), [("Prix", True), ("PU HT", False)])
def test_a_price_that_says_nothing_of_the_tax_is_an_assumption(header: str, *, said: bool) -> None:
    assumed = [each.code for report in bought(header).reports for each in report.assumptions]
    assert ("read_price_without_tax" in assumed) == said


FLEET = "Type;Modèle;Qté;{}\nPC portable;Latitude 5420;12;{}\nÉcran;P2419H;1;{}\n"


def test_the_price_of_one_item_goes_before_the_amount_of_the_line() -> None:
    """12 laptops at 1,050 € are 12,600 €: the first column is what one costs."""
    found = reen.read(
        FLEET.format("Prix unitaire HT;Montant HT", "1050;12600", "149,90;149,90").encode(),
        name="parc.csv",
    )
    assert found.table["price"].to_pylist() == [1050.0, 149.9]
    assert found.account.doubts == ()
    assert found.report.unknown_headers == ()


def test_the_amount_of_a_line_of_several_items_is_doubted() -> None:
    """12,600 € for 12 laptops is no price of one; 149.90 € for one screen is."""
    found = reen.read(FLEET.format("Montant HT", "12600", "149,90").encode(), name="parc.csv")
    (doubt,) = found.account.doubts
    assert (doubt.reason.code, doubt.rows) == ("price_header_of_line", (2,))
