"""Headers that name a column only where their cells do: "École", "Terminal", "Téléphone"."""

from __future__ import annotations

import pytest

import reen
from reen.errors import InventoryError

DEVICES = ["Terminal", "Appareil", "Mobile", "Téléphone"]


def read(text: str) -> reen.Inventory:
    """Read the text of a list."""
    return reen.read(text.encode(), name="liste.csv")


def cells(inventory: reen.Inventory, name: str) -> list[object]:
    """Return the cells of a column."""
    return list(inventory.table[name].to_pylist())


@pytest.mark.parametrize("header", ["École", "Ecole", "Nom de l'école", "ÉCOLE"])
def test_a_school_is_a_place(header: str) -> None:
    found = read(f"Type;{header};Nombre\nÉcran;Jean Macé;3\nPC portable;Ferry;2\n")
    assert cells(found, "site") == ["Jean Macé", "Ferry"]
    assert sum(found.table["quantity"].to_pylist()) == 5


def test_counts_of_a_school_are_counts() -> None:
    """Control: below a type 10 + 5 and 6 + 3 = 24 items, in two places."""
    found = read("Type;École;Mairie\nPC portable;10;5\nÉcran;6;3\n")
    assert sum(found.table["quantity"].to_pylist()) == 24
    assert set(cells(found, "site")) == {"École", "Mairie"}


@pytest.mark.parametrize("tick", ["x", "oui"])
def test_ticks_are_no_places(tick: str) -> None:
    """Control: "x" is no name of a school."""
    found = read(f"Type;Modèle;Écoles\nPC portable;Latitude 5520;{tick}\n")
    assert "site" not in found.table.column_names


def test_numbers_under_a_school_are_no_places() -> None:
    """Control: where a list has a model, 10 and 6 may be items: they stay in doubt."""
    found = read("Type;Modèle;École\nPC portable;Latitude 5520;10\nÉcran;P2419H;6\n")
    assert "site" not in found.table.column_names
    assert any("École" in issue.value for issue in found.issues)


@pytest.mark.parametrize("header", DEVICES)
def test_models_tell_their_header(header: str) -> None:
    """Three telephones and a line without one: two smartphones, a plain telephone."""
    found = read(
        f"N° de ligne;Forfait;{header};Service\n06 12 34 56 78;20Go;iPhone SE;CCAS\n"
        "06 12 34 56 79;Voix;Samsung Galaxy A53;DSI\n06 12 34 56 80;Voix;Nokia 105;DSI\n"
    )
    assert cells(found, "equipment_type") == ["smartphone", "smartphone", "mobile_phone"]
    assert cells(found, "model") == ["iPhone SE", "Samsung Galaxy A53", "Nokia 105"]


@pytest.mark.parametrize("header", DEVICES)
def test_types_tell_their_header(header: str) -> None:
    found = read(f"Forfait;{header};Service\n20Go;Smartphone;CCAS\nVoix;Tablette;DSI\n")
    assert cells(found, "equipment_type") == ["smartphone", "tablet"]


def test_a_title_above_the_header_is_none() -> None:
    """The header is the third row: "Terminal" is what its cells are."""
    found = read(
        "ABONNEMENTS MOBILES;;\n;;\nForfait;Terminal;Service\n20Go;iPhone SE;CCAS\n"
        "Voix;Nokia 105;DSI\n"
    )
    assert cells(found, "equipment_type") == ["smartphone", "mobile_phone"]


@pytest.mark.parametrize("header", DEVICES)
@pytest.mark.parametrize("numbers", [("06 12 34 56 78", "0612345679"), ("a@b.fr", "Dupont")])
def test_telephone_numbers_and_names_are_no_models(header: str, numbers: tuple[str, str]) -> None:
    """Control: nothing says what the equipment is, and no header that looks alike is proposed."""
    one, two = numbers
    with pytest.raises(InventoryError) as caught:
        read(f"Nom;{header};Service\nDupont;{one};CCAS\nMartin;{two};DSI\n")
    assert f"'{header}' looks like" not in str(caught.value)


@pytest.mark.parametrize("header", DEVICES)
def test_beside_a_type_and_a_model_nothing_changes(header: str) -> None:
    """Control: a list that says its types keeps them, whatever stands beside."""
    plain = "Type;Modèle;Service\nPC portable;Latitude 5520;CCAS\nÉcran;P2419H;DSI\n"
    lines = plain.splitlines()
    more = "\n".join(
        f"{line};{cell}"
        for line, cell in zip(lines, (header, "iPhone SE", "Nokia 105"), strict=True)
    )
    for name in ("equipment_type", "model", "entity"):
        assert cells(read(more), name) == cells(read(plain), name)


def test_lines_without_telephones_are_still_no_inventory() -> None:
    """Control: a list of telephone lines lists no equipment."""
    with pytest.raises(InventoryError, match="telephone lines"):
        read("N° de ligne;Forfait;Service\n0612345678;20Go;CCAS\n0612345679;Voix;DSI\n")


def test_a_table_of_counts_under_such_headers_stays_one() -> None:
    """Control: 4 + 1 monitors and 2 + 3 smartphones by site: 10 items."""
    found = read("Site;Écran;Smartphone\nMairie;4;2\nCCAS;1;3\n")
    assert sum(found.table["quantity"].to_pylist()) == 10
