"""Titles of sections that speak of equipment, and rows that count others under a name of theirs."""

from __future__ import annotations

import pytest

import reen

HEADER = "N° inv;Désignation;Modèle;Qté\n"


def test_titles_of_equipment_are_no_entity() -> None:
    """A title "ÉCRANS" names the type of a row that says none; "PORTABLES" names no single one."""
    rows = (
        "PORTABLES;;;\nM1;PC portable;Latitude 5420;10\nM2;Portable;;2\n"
        "ÉCRANS;;;\nM3;Écran 24;P2419H;5\nM4;;Z1;3\nIMPRESSIONS;;;\nM5;Traceur;;1\n"
    )
    table = reen.read((HEADER + rows).encode(), name="a.csv").table
    assert table["equipment_type"].to_pylist()[0] == "laptop"
    assert table["equipment_type"].to_pylist()[2:4] == ["monitor", "monitor"]
    assert not {"entity", "site", "section_type"} & set(table.column_names)


def test_titles_of_places_are_entities_and_those_of_types_beside_them_are_not() -> None:
    rows = (
        "Mairie;;;\nM1;PC portable;X;1\nÉcole;;;\nM2;PC portable;X;1\nÉCRANS;;;\nM3;;P1;2\n"
        "Stade;;;\nM4;Écran;P1;2\n"
    )
    table = reen.read((HEADER + rows).encode(), name="a.csv").table
    assert table["entity"].to_pylist() == ["Mairie", "École", "École", "Stade"]
    assert table["equipment_type"].to_pylist()[2] == "monitor"


def test_a_title_does_not_gainsay_the_row_below_it() -> None:
    rows = "SERVEURS;;;\nM1;Switch;X;7\nM2;;X;2\nÉCRANS;;;\nM3;Écran;Z;1\n"
    table = reen.read((HEADER + rows).encode(), name="a.csv").table
    assert table["equipment_type"].to_pylist() == ["switch", "server", "monitor"]


@pytest.mark.parametrize(
    "label", ["Nombre total de postes", "Nb total", "Quantité totale", "Total number of devices"]
)
def test_a_number_in_all_is_a_total(label: str) -> None:
    """10 + 5 counted again under a label, then 2: 17 items, and not 32."""
    rows = f"Type;Modèle;Qté\nPC portable;X;10\nÉcran;;5\n{label};;15\nImprimante;;2\n"
    table = reen.read(rows.encode(), name="a.csv").table
    assert sum(table["quantity"].to_pylist()) == 17.0
