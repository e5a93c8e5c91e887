"""What is kept of a file, what only joins, and what stands for a person."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import reen
from reen.inventory.account import Fate
from reen.inventory.pseudonyms import pseudonym
from reen.inventory.users import ComputerUsers
from reen.sources.reading import read_claimed
from reen.tables.headers.understanding import map_headers
from reen.tables.importing import ReadOptions
from reen.tables.mapping.mapping import ColumnRule, FileMapping, TableMapping
from reen.tables.privacy import contents as personal
from reen.tables.privacy.keeping_columns import keep_asked
from reen.tables.privacy.leaving import users_of
from reen.types import Users

KEY = b"0123456789abcdef"


def counts(users: Users | None) -> tuple[int, int] | None:
    return None if users is None else (users.rows, users.users)


def read(text: str, *, name: str = "parc.csv", **said: object) -> reen.Inventory:
    return reen.read(text.encode(), name=name, **said)  # type: ignore[arg-type]


def columns(inventory: reen.Inventory) -> set[str]:
    """Return the columns, but for those of every read."""
    every = {"equipment_type", "equipment_type_raw", "status", "source", "source_row"}
    return set(inventory.table.column_names) - every


# ------------------------------------------------------------------------------- what is kept


def test_what_is_not_known_leaves_and_is_named() -> None:
    found = read("Type;Étage;Remarque\nÉcran;2;neuf\n")
    assert columns(found) == set()
    assert found.report.left_out == ("Étage", "Remarque")


def test_headers_are_asked_for_in_any_spelling() -> None:
    found = read("Type;Étage;Remarque\nÉcran;2;neuf\n", keep=["etages"])
    assert columns(found) == {"Étage"}
    assert (found.report.kept, found.report.left_out) == (("Étage",), ("Remarque",))


def test_a_header_that_no_file_has_is_told() -> None:
    found = read("Type;Étage;Service\nÉcran;2;DSI\n", keep=["Etaje", "service"])
    (issue,) = [issue for issue in found.issues if issue.reason.code == "asked_in_vain"]
    assert issue.value == "Etaje"
    assert "Étage" in issue.text()
    assert found.account.is_complete


def test_a_header_of_persons_is_kept_under_its_own_name_when_asked_for() -> None:
    found = read("Type;Prénom;Courriel\nÉcran;Jeanne;j@x.example\n", keep=["Prénom", "courriel"])
    assert columns(found) == {"Prénom", "Courriel"}
    assert counts(found.users) == (1, 1)
    told = {issue.column: issue.count for issue in found.issues}
    assert told == {"Courriel": 1}
    assert "j@x" not in "".join(map(str, found.issues))


def test_the_name_of_a_device_is_kept_when_asked_for() -> None:
    found = read("Type;Nom du poste\nÉcran;E-12\n", keep=["Nom du poste"])
    assert found.table["name"].to_pylist() == ["E-12"]
    assert found.report.mapped["name"] == "Nom du poste"


def test_a_column_asked_for_like_a_canonical_one() -> None:
    """A header "user" is kept as "user", and still counts users."""
    found = read("Type;user\nÉcran;Jeanne\n", keep=["user"])
    assert (columns(found), counts(found.users)) == ({"user"}, (1, 1))


def test_identifiers_of_assets_stay() -> None:
    found = read("id;Type;N° de série;N° inventaire;N° de commande;Nom\n1;Écran;S1A9;I7;C5;E-1\n")
    assert columns(found) == {"id", "serial_number", "asset_tag", "order_number"}


def test_a_list_of_types_keeps_its_ids() -> None:
    found = read("id;Type;Nombre\nagents-laptop;PC portable;1200\n")
    assert found.table["id"].to_pylist() == ["agents-laptop"]
    assert found.position("agents-laptop") == 0


def test_mappings_ask_for_columns() -> None:
    """By a list of headers, and by a rule of one."""
    mapping = FileMapping(
        name="mairie",
        keep=("Direction générale",),
        shared=TableMapping(columns={"Étage": ColumnRule("keep")}),
    )
    options = ReadOptions(
        today=dt.date(2025, 1, 1),
        equipment_types=reen.default_registry().equipment_types,
        mapping=mapping,
    )
    headers = ["Type", "Étage", "Remarque", "direction  generale"]
    headings = keep_asked(map_headers(headers, {}, "parc.csv"), options)
    assert headings.wanted == {"Étage", "direction generale"}
    assert [heading.text for heading in headings.left_out] == ["Remarque"]


def test_columns_grouped_by_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "parc.csv"
    path.write_text("Type;Nombre;Étage\nÉcran;2;un\nÉcran;3;deux\n")
    found = reen.measure(path, method="base-carbone", by="Étage", as_of="2024-12-31")
    assert sorted(found.groups["Étage"].to_pylist()) == ["deux", "un"]
    with pytest.raises(reen.errors.UnknownNameError, match=r"keep=\['Étage'\]"):
        reen.measure(reen.read(path), method="base-carbone", by="Étage")
    claims = reen.sources.claims.Claims(reen.default_registry())
    assert "Étage" not in read_claimed([path], claims).table.column_names


def test_data_given_in_code_keeps_its_columns() -> None:
    table = pa.table({"equipment_type": ["monitor"], "name": ["E-1"], "floor": ["2"]})
    assert {"name", "floor"} <= set(reen.Inventory.from_arrow(table).table.column_names)


# ------------------------------------------------------------------------------- what joins


def test_what_leaves_still_shows_that_two_rows_are_one_asset() -> None:
    """One serial number, one UUID, a suffix: one asset; without the UUID it is left open."""
    rows = "PC;5CG1234X;{};PC-12;OptiPlex\nPC;5CG1234X;{};PC-12-old;OptiPlex\n"
    text = "Type;N° de série;UUID;Nom du poste;Modèle\n" + rows
    uuid = "4c4c4544-0042-3510-8053-b7c04f4d4e32"
    merged, doubted = read(text.format(uuid, uuid)), read(text.format("", ""))
    assert merged.account.rows_of(Fate.MERGED) == 1
    assert doubted.account.rows_of(Fate.MERGED) == 0
    assert columns(merged) == {"serial_number", "model", "equipment_type_basis"}


def test_a_uuid_is_in_no_message() -> None:
    """Two lists of one machine by its UUID that contradict each other: told by their rows."""
    uuid = "4c4c4544-0042-3510-8053-b7c04f4d4e32"
    head = "Type;N° de série;UUID;Modèle\n"
    found = read(f"{head}PC;AAA111;{uuid};OptiPlex\nPC;BBB222;{uuid};Latitude\n")
    told = [issue for issue in found.issues if issue.column == "uuid"]
    assert [(issue.value, issue.rows) for issue in told] == [("", (2, 3))]


# ------------------------------------------------------------------------------- pseudonyms


def test_pseudonyms_stand_for_names_and_join_two_years() -> None:
    text = "Type;N° de série;Nom du poste;Utilisateur\nÉcran;S1A9;{};{}\n"
    first = read(text.format("PC-DUPONT", "Jeanne Dupont"), key=KEY)
    second = read(text.format("pc dupont", "JEANNE DUPONT"), name="next.csv", key=KEY)
    assert columns(first) == {"serial_number", "name", "user_id"}
    for column in ("name", "user_id"):
        assert first.table[column].to_pylist() == second.table[column].to_pylist()
    assert first.table["name"].to_pylist() == [pseudonym("PC-DUPONT", KEY)]


def test_a_row_is_found_by_the_clear_name_with_the_key() -> None:
    text = "Type;Nom du poste;Utilisateur\nÉcran;E-1;Ali\nÉcran;E-2;Eve\nPC;P-2;Eve\n"
    found = read(text, key=KEY)
    assert (found.position("e-2", key=KEY), found.position("Ali", key=KEY)) == (1, 0)
    with pytest.raises(reen.errors.UnknownNameError):
        found.position("E-2")
    with pytest.raises(reen.errors.InventoryError, match=r"parc\.csv:3"):
        found.position("Eve", key=KEY)
    said = reen.explain(found, method="base-carbone", row="E-2", key=KEY, as_of="2024-12-31")
    assert "E-2" not in str(said)


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
@pytest.mark.parametrize("key", [None, KEY])
def test_a_written_list_keeps_pseudonyms_and_numbers(
    tmp_path: Path, name: str, key: bytes | None
) -> None:
    """With the key or without it, they are neither hashed again nor dropped."""
    text = "Type;Nom du poste;Utilisateur\nÉcran;E-1;Ali\nÉcran;E-2;Eve\nPC;P-2;Eve\n"
    first = read(text, key=KEY)
    reen.write_inventory(first, tmp_path / name)
    again = reen.read(tmp_path / name, key=key)
    for column in ("name", "user_id"):
        assert again.table[column].to_pylist() == first.table[column].to_pylist()
    assert first.users == again.users
    assert counts(first.users) == (3, 2)
    assert again.account == first.account


def test_without_a_key_the_numbers_of_users_stay(tmp_path: Path) -> None:
    first = read("Type;Utilisateur\nÉcran;Ali\nÉcran;Eve\nPC;Eve\nServeur;\n")
    reen.write_inventory(first, tmp_path / "out.csv")
    again = reen.read(tmp_path / "out.csv")
    assert counts(again.users) == (3, 2)
    assert "user_id" not in again.table.column_names


# ------------------------------------------------------------------------------- users


def test_users_of_one_address_are_one() -> None:
    """Ali has one address under two names; the second row of Eve has none: three rows, two users.

    Zoé has two addresses: they are two, since two persons may have one name.
    """
    table = pa.table(
        {
            "user": ["Ali B.", "B. Ali", "Eve", "Eve", "Zoé", "Zoé", None],
            "email": ["ali@x.fr", "ALI@x.fr", "eve@x.fr", None, "z1@x.fr", "z2@x.fr", None],
        }
    )
    assert counts(users_of(table.slice(0, 4))) == (4, 2)
    assert counts(users_of(table)) == (6, 4)


def test_no_column_of_users_is_not_zero_users() -> None:
    assert read("Type;Nombre\nÉcran;3\n").users is None
    assert read("Type;Utilisateur\nÉcran;\n").users == Users(0, 0, ComputerUsers(0, 0, 0.0))


# ------------------------------------------------------------------------------- told, not shown


@pytest.mark.parametrize(
    "cell",
    [
        "Salle Mme Durand",  # it may be called after her
        "salle 3 (j.durand@ville.example)",
        "tél. 0612345678",
    ],
)
def test_a_person_in_a_column_that_stays_is_told_and_not_shown(cell: str) -> None:
    found = read(f"Type;Site\nÉcran;Mairie\nÉcran;{cell}\nPC;{cell}\n")
    (issue,) = [issue for issue in found.issues if issue.reason.code == "names_persons"]
    assert (issue.column, issue.count, issue.rows) == ("site", 2, (3, 4))
    for word in ("Untel", "Durand", "durand", "0612"):
        assert word not in issue.text() + issue.text("fr")
    assert found.table["site"].to_pylist() == ["Mairie", cell, cell]


@pytest.mark.parametrize(
    "cell", ["Mairie annexe", "École J. Ferry", "Bât. 12 01 02", "M 12", "A@2"]
)
def test_places_are_no_persons(cell: str) -> None:
    found = read(f"Type;Site\nÉcran;{cell}\n")
    assert "names_persons" not in {issue.reason.code for issue in found.issues}


@pytest.mark.parametrize(
    "cells",
    [
        ("Jeanne DUPONT", "Ali MARTIN"),
        ("DUPONT Jeanne", "DE LA TOUR Ali"),
        ("VILLE\\jd", "VILLE\\am"),
    ],
)
def test_names_and_logins_by_content(cells: tuple[str, str]) -> None:
    found = read(f"Type;Suivi\nÉcran;{cells[0]}\nPC;{cells[1]}\n")
    assert any(
        "'Suivi'" in said for said in list(map(str, found.report.assumptions)) if "persons" in said
    )


def test_letters_of_western_europe_are_those_of_unicode() -> None:
    """The short pattern, which is made in no time, says of each letter what the long one says."""
    letters = [*map(chr, range(0x20, 0x100)), *"ŒœŸ\u2019\u2013€"]
    forms = ("{}ean DUPONT", "J{}an DUPONT", "Jean D{}PONT", "DUPONT J{}an", "M. {}ntel", "M. U{}l")
    cells = pa.array([form.format(letter) for letter in letters for form in forms])
    for pattern in (personal._WHOLE, personal._INSIDE):
        every, western = (
            pc.match_substring_regex(cells, pattern.format(**those))
            for those in (personal._OF_ALL, personal._OF_THE_WEST)
        )
        assert every.equals(western)
        assert pc.any(every).as_py()
    assert personal.names_persons(pa.array(["Žofie NOVÁKOVÁ", "Łukasz NOWAK"]))


@pytest.mark.parametrize(
    "text",
    [
        "User;Equipment type;Site\nx;Tablet;Library\ntotal Zyxwq;Monitor;Town hall\n",
        "Remarque;Type;Modèle;Qté\nx;PC;L;2\nTotal Zyxwq;Écran;M;3\n",
        "Utilisateur;Type;Modèle;Qté\nZyxwq;;;\n;PC portable;L;1\n;Écran;P;3\n;Écran;Q;4\n",
    ],
)
def test_a_total_or_a_title_in_a_column_of_persons_is_never_shown(text: str) -> None:
    inventory = read(text)
    everything = f"{inventory.table.to_pylist()} {inventory.issues} {inventory.account.to_dict()}"
    everything += str(inventory.worklist.to_dict())
    assert "Zyxwq" not in everything
