"""Purchases joined to a fleet: blanks are filled, nothing is added, and it is told."""

from __future__ import annotations

import datetime as dt

import reen
from reen.types import Severity

FLEET = """\
Type;Modèle;N° de série;N° de commande;Nombre;Date d'achat
PC portable;Latitude 5420;5CG1234XYZ;;1;
PC portable;Latitude 5420;5CG9876ABC;;1;2021-05-04
Écran;P2419H;;BC-2022-17;40;
"""
BOUGHT = """\
Date de facture;Type;N° de série;N° de commande;Quantité;PU HT
2022-03-15;PC portable;5CG1234XYZ;BC-2022-11;1;812,50
2022-04;Écran;;BC-2022-17;40;150,00
2022-05-01;Tablette;ZZ9988;BC-2022-18;10;300,00
"""


def fleet() -> reen.Inventory:
    return reen.read(FLEET.encode(), name="parc.csv")


def bought() -> reen.types.Purchases:
    return reen.read_records(BOUGHT.encode(), kind="purchases", name="achats.csv")


def test_purchases_fill_blanks_and_add_nothing() -> None:
    before, joined = fleet(), reen.with_purchases(fleet(), bought())
    table = joined.table
    assert table["purchase_date"].to_pylist() == [
        dt.date(2022, 3, 15),
        dt.date(2021, 5, 4),
        dt.date(2022, 4, 15),
    ]
    assert table["purchase_date_precision"].to_pylist() == ["day", "day", "month"]
    assert table["price"].to_pylist() == [812.5, None, 150.0]
    assert table["quantity"].to_pylist() == before.table["quantity"].to_pylist()
    assert joined.account == before.account


def test_the_issues_say_what_was_filled_from_where() -> None:
    joined = reen.with_purchases(fleet(), bought())
    told = [issue for issue in joined.issues if issue.reason.code == "filled_from_purchases"]
    assert [(issue.column, issue.count, issue.source) for issue in told] == [
        ("purchase_date", 2, "achats.csv"),
        ("price", 2, "achats.csv"),
    ]
    assert {issue.severity for issue in told} == {Severity.NOTE}


def test_a_fleet_without_shared_numbers_stays_as_it_is() -> None:
    other = reen.read_records(b"date;quantity\n2022-01-02;4\n", kind="purchases", name="autres.csv")
    joined = reen.with_purchases(fleet(), other)
    assert joined.table.equals(fleet().table)
    assert joined.issues == fleet().issues
