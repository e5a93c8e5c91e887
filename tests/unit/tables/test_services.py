"""Tables of services: accounting lines, as French and English files write them.

All files are invented.
"""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

import reen
from reen.errors import InventoryError
from reen.inventory.issues import Severity
from reen.types import Fate

FRENCH = (
    "Type de prestation;Libellé;Fournisseur;Montant HT;Montant TTC;Ramettes;Année des prix;"
    "Service\n"
    "SaaS;Messagerie;Éditeur A;12 000,00;;;2023;DSI\n"
    "Téléphonie mobile;Forfaits;Opérateur B;;14 400,50;;;DSI\n"
    "Ramettes;Papier A4;Papetier;;;400;;Moyens généraux\n"
)
ENGLISH = (
    "Service type,Description,Supplier,Amount excl. tax,Amount incl. tax,Reams,Price year,"
    "Department\n"
    "SaaS,Messagerie,Éditeur A,12000.00,,,2023,DSI\n"
    "Mobile plan,Forfaits,Opérateur B,,14400.50,,,DSI\n"
    "Reams of paper,Papier A4,Papetier,,,400,,Moyens généraux\n"
)
NUMBERS = ("amount", "amount_with_tax", "reams", "price_year")


def read(text: str, name: str = "prestations.csv") -> reen.Inventory:
    return reen.read(text.encode(), name=name)


def shown(inventory: reen.Inventory) -> list[tuple[object, ...]]:
    names = ("service_type", "label", "supplier", *NUMBERS, "entity")
    return [tuple(row[name] for name in names) for row in inventory.services.to_pylist()]


EXPECTED = [
    ("saas", "Messagerie", "Éditeur A", 12000.0, None, None, 2023.0, "DSI"),
    ("telecom", "Forfaits", "Opérateur B", None, 14400.5, None, None, "DSI"),
    ("paper", "Papier A4", "Papetier", None, None, 400.0, None, "Moyens généraux"),
]


@pytest.mark.parametrize(("text", "name"), [(FRENCH, "prestations.csv"), (ENGLISH, "list.csv")])
def test_in_french_and_in_english(text: str, name: str) -> None:
    """The same lines by other words; what was written as the type stays beside it."""
    inventory = read(text, name)
    assert shown(inventory) == EXPECTED
    assert inventory.services["service_type_raw"].to_pylist()[0] == "SaaS"
    assert not inventory.issues
    assert inventory.account.rows_of(Fate.COUNTED) == 3
    (report,) = inventory.reports
    assert report.kind == "services"
    assert "Montant HT" in report.details["kind"] or "Amount excl. tax" in report.details["kind"]


def test_in_a_workbook_beside_the_fleet() -> None:
    """Two sheets, two tables: each is recognised by its headers."""
    book = openpyxl.Workbook()
    fleet = book.active
    assert fleet is not None
    fleet.title = "Parc"
    for row in (["Type", "Quantité"], ["Ordinateur portable", 3]):
        fleet.append(row)
    sheet = book.create_sheet("Dépenses")
    for line in FRENCH.replace(",", ".").replace(" ", " ").splitlines():
        cells: list[object] = []
        for cell in line.split(";"):
            plain = cell.replace(" ", "")
            number = plain.replace(".", "", 1).isdigit() and plain
            cells.append(float(number) if number else cell or None)
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    inventory = reen.read(stream.getvalue(), name="dsi.xlsx")
    assert len(inventory) == 1
    assert [row[0] for row in shown(inventory)] == ["saas", "telecom", "paper"]
    assert shown(inventory)[1][4] == 14400.5


def test_a_word_that_is_not_known_is_a_question() -> None:
    inventory = read(FRENCH + "Formation;Messagerie;Organisme;2 000;;;;RH\n")
    row = inventory.services.to_pylist()[-1]
    assert (row["service_type"], row["service_type_raw"]) == ("unknown", "Formation")
    (issue,) = inventory.issues
    assert (issue.column, issue.severity) == ("service_type", Severity.CELL)


def test_an_amount_that_says_nothing_of_the_tax() -> None:
    text = "Type de prestation;Montant annuel\nHébergement;3 600,00\n"
    row = read(text).services.to_pylist()[0]
    assert row["amount_as_written"] == 3600.0
    assert row.get("amount") is None


def test_a_list_of_purchases_stays_one() -> None:
    """Devices bought, with a date and a price: no services, whatever the supplier."""
    text = (
        "Date de commande;Désignation;Fournisseur;Quantité;PU HT\n"
        "12/03/2023;Ordinateur portable Latitude 5440;Revendeur;3;900\n"
    )
    inventory = read(text, "commandes.csv")
    assert inventory.purchases.num_rows == 1
    assert inventory.services.num_rows == 0


def test_a_mapping_says_what_a_table_is(tmp_path: Path) -> None:
    """Headers that say too little, and a type that is said of all rows."""
    text = "Objet de la dépense;Euros\nSuite bureautique;1 200\nMessagerie;300\n"
    path = tmp_path / "grand_livre.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InventoryError):
        reen.read(path)
    mapping = tmp_path / "mairie.toml"
    mapping.write_text(
        'name = "mairie"\n[[table]]\nfiles = ["grand_livre.csv"]\nkind = "services"\n'
        '[table.columns]\n"Objet de la dépense" = "label"\nEuros = "amount"\n'
        '[table.constants]\nservice_type = "saas"\n',
        encoding="utf-8",
    )
    found = reen.read(path, mapping=mapping)
    assert [(row["service_type"], row["amount"]) for row in found.services.to_pylist()] == [
        ("saas", 1200.0),
        ("saas", 300.0),
    ]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_written_and_read_back(tmp_path: Path, ending: str) -> None:
    """The table, its account and its words are what they were."""
    inventory = read(FRENCH + "Formation;Messagerie;Organisme;2 000;;;;RH\n")
    path = tmp_path / f"kept.{ending}"
    reen.write_inventory(inventory, path)
    again = reen.read(path)
    places = ["source", "source_row"]  # those of the file that is read
    kept, read_again = (each.services.drop_columns(places) for each in (inventory, again))
    assert read_again.to_pylist() == kept.to_pylist()
    assert again.account_of("services").rows == inventory.account_of("services").rows


def test_an_invoice_that_stands_twice_counts_and_is_doubted() -> None:
    """The same number, word for word, is one invoice more likely than two; another line is none."""
    header = "N° de facture;Type de prestation;Montant HT;Date de facture\n"
    once = "F1;SaaS;1000;31/01/2025\n"
    twice = reen.read((header + once + once).encode(), name="prestations.csv")
    (issue,) = (each for each in twice.issues if each.reason.code == "record_stands_twice")
    assert (issue.value, issue.rows, issue.severity) == ("F1", (3,), reen.types.Severity.DOUBT)
    other = reen.read(
        (header + once + once.replace("1000", "900")).encode(), name="prestations.csv"
    )
    unnumbered = reen.read((header + 2 * once.replace("F1", "")).encode(), name="prestations.csv")
    for inventory in (other, unnumbered):
        assert "record_stands_twice" not in {each.reason.code for each in inventory.issues}
