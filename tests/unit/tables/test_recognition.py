"""What a table is: decided by its headers and its names, before anything counts.

The headers are invented.  Each case says in one line why a person would call it so.
"""

from __future__ import annotations

import csv
import datetime as dt
import importlib.resources
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.errors import EmptyInventoryError, InventoryError
from reen.inventory.issues import Severity
from reen.inventory.table_kinds import SCHEMA_OF_KIND
from reen.plugin.files import Imported, ReadOptions
from reen.reasons import LANGUAGES, Reason
from reen.tables.headers.wording import WORDING_OF_KIND
from reen.tables.mapping.mapping import FileMapping, TableMapping
from reen.tables.reader import read_tables
from reen.tables.recognition.kinds import verdict_of
from reen.types import Fate

FLEET = "Type;Modèle;N° de série;Date d'achat;Prix HT;Statut;Site"

#: Header, name of the file, kind.
KINDS = (
    # a date of purchase and a price are facts of an asset
    (FLEET, "liste.csv", "equipment"),
    ("Modele,Fabricant,Type,Date d'achat", "liste.csv", "equipment"),
    ("Type;Quantité", "liste.csv", "equipment"),
    # one more header, which may be a remark, a place or a rating of the same equipment
    ("id;type;quantity;note", "n.csv", "equipment"),
    ("Type;Quantité;Niveau", "n.csv", "equipment"),
    ("Type;Quantité;Environnement", "n.csv", "equipment"),
    ("Type;Quantité;Format", "n.csv", "equipment"),
    # who sold it and for how much, and nothing of where it is
    ("Date de commande;Fournisseur;Désignation;Qté;PU HT", "liste.csv", "purchases"),
    ("Date;Type;Quantité", "Commandes 2025.csv", "purchases"),
    ("Date;Type;Quantité", "DEEE 2024.csv", "disposals"),
    ("Date d'enlèvement;Type;Quantité;Poids (kg);Destination", "liste.csv", "disposals"),
    ("Date;Agents", "liste.csv", "headcount"),
    ("Année;Effectif", "effectifs.csv", "headcount"),
    ("VM;Hôte;vCPU;Cluster", "liste.csv", "virtual_machines"),
    ("Datacenter;PUE;Pays", "liste.csv", "datacenters"),
    ("Application;Environnement;Domaine", "liste.csv", "applications"),
)

#: Header of what is no inventory, and what it is.
REFUSED = (
    ("ID;Titre;Demandeur;Statut;Date d'ouverture", "tickets"),
    ("Ticket;Priorité;Catégorie", "tickets"),
    ("Licence;Éditeur;Nombre", "licences"),
    ("Logiciel;Version;Éditeur", "software"),
    ("Nom;Prénom;Service;Fonction", "users"),
    ("UserPrincipalName;Email;Last logon", "users"),
    ("Adresse MAC;VLAN;Port", "network_cards"),
    ("N° de ligne;Forfait;Titulaire", "telephone_lines"),
    ("Référence;Désignation;Prix public", "catalogue"),
    ("N° de contrat;Titulaire;Date d'échéance", "contracts"),
    ("Toner;Imprimante compatible;Stock", "consumables"),
)


def cells(header: str) -> list[str]:
    return header.split(";" if ";" in header else ",")


def options(mapping: FileMapping | None = None) -> ReadOptions:
    types = reen.default_registry().equipment_types
    return ReadOptions(today=dt.date(2025, 6, 30), equipment_types=types, mapping=mapping)


def said(table: TableMapping) -> FileMapping:
    return FileMapping(name="own", tables=(table,))


def read(text: str, name: str = "liste.csv", mapping: FileMapping | None = None) -> list[Imported]:
    return read_tables([(name, text.encode())], options(mapping))


@pytest.mark.parametrize(("header", "name", "kind"), KINDS)
def test_a_table_is_what_its_headers_and_its_name_say(header: str, name: str, kind: str) -> None:
    verdict = verdict_of(cells(header), name)
    assert (verdict.kind, verdict.rivals, verdict.refused) == (kind, (), "")


@pytest.mark.parametrize(("header", "refused"), REFUSED)
def test_what_is_no_inventory_is_refused_with_its_reason(header: str, refused: str) -> None:
    verdict = verdict_of(cells(header), "liste.csv")
    assert (verdict.kind, verdict.refused) == ("", refused)
    assert len(verdict.evidence) >= 2, "the headers that say so"


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({}, "maturity"),
        ({"Libellé": "equipment_type"}, "equipment"),
        ({"absent": "equipment_type"}, "maturity"),
    ],
)
def test_a_column_that_the_user_names_rules_out_kinds_without_it(
    columns: dict[str, str], kind: str
) -> None:
    """A table of scores has equipment once the user says which column says what it is."""
    header = ("Année", "Dimension", "Note", "Libellé", "Nombre")
    assert verdict_of(header, "grille de maturité.csv", given=columns).kind == kind


@given(data=st.data())
def test_the_order_of_the_columns_changes_nothing(data: st.DataObject) -> None:
    header, name, kind = data.draw(st.sampled_from(KINDS))
    assert verdict_of(data.draw(st.permutations(cells(header))), name).kind == kind


@pytest.mark.parametrize("kind", WORDING_OF_KIND)
def test_canonical_names_are_their_kind(kind: str) -> None:
    assert verdict_of(list(SCHEMA_OF_KIND[kind]), "x.csv").kind == kind


def test_the_name_of_a_sheet_goes_before_that_of_its_file() -> None:
    header = cells("Date;Type;Quantité")
    assert verdict_of(header, "parc.xlsx[Achats]").kind == "purchases"
    assert verdict_of(header, "achats.xlsx[Parc]").kind == "equipment"
    assert verdict_of(header, "achats.xlsx[Feuil1]").rivals == ("equipment", "purchases")


def test_a_tie_is_a_question() -> None:
    """Supplier, price and order number (4) weigh what serial number, site and type do (2 + 1 + 1).

    The rows count as equipment, and the figure is not complete until somebody answers.
    """
    text = (
        "Type;N° de série;Site;Fournisseur;Prix HT;N° de commande;Date d'achat\nÉcran;S1;A;D;9;B;"
    )
    (part,) = read(text)
    assert part.kind == "equipment"
    (issue,) = (issue for issue in part.issues if issue.reason.code == "kind_unclear")
    assert issue.severity is Severity.DOUBT
    assert "purchases" in str(issue.reason)


def test_a_tie_of_two_other_kinds_counts_as_neither() -> None:
    """These two columns are of purchases as they are of disposals; no type says it is a fleet."""
    text = "date,quantity,entity\n2024-01-31,3,Town\n"
    with pytest.raises(EmptyInventoryError, match=r"purchases.*disposals"):
        read(text)


#: Lists of purchases or disposals by their headers or name, that lack a date; and fleets.
LACKING = (
    ("Type;Quantité;Fournisseur;PU HT", "liste.csv", "purchases"),
    ("Type;Modèle;Quantité;Livré", "parc.xlsx[Achats 2025]", "purchases"),
    ("Type;Quantité;Filière;N° BSD", "liste.csv", "disposals"),
    ("Type;Quantité;Bénéficiaire", "parc.xlsx[Sorties]", "disposals"),
    ("Type;Modèle;Quantité", "parc.xlsx[RH]", "equipment"),
    ("Type;Modèle;Quantité", "parc.xlsx[Salle informatique]", "equipment"),
    (FLEET, "parc.xlsx[Acquisitions]", "equipment"),
)


@pytest.mark.parametrize(("header", "place", "kind"), LACKING)
def test_a_list_that_lacks_its_date_is_no_fleet(header: str, place: str, kind: str) -> None:
    """A sheet may be called as the service or the room that has the equipment."""
    assert verdict_of(cells(header), place).kind == kind


def test_a_list_that_lacks_its_date_is_refused_with_the_question() -> None:
    """12 screens are the fleet; of what was bought, the column of the date is asked."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Parc"
    for row in (("Type", "Quantité"), ("Écran", 12)):
        book.worksheets[0].append(row)
    sheet = book.create_sheet("Achats")
    for bought in (
        ("Type", "Quantité", "Le"),
        ("Écran", 30, "2024-01-31"),
        ("PC", 4, "2024-02-01"),
    ):
        sheet.append(bought)
    target = io.BytesIO()
    book.save(target)
    found = reen.read(target.getvalue(), name="parc.xlsx")
    assert isinstance(found, reen.Inventory)
    assert found.account.items_of(Fate.COUNTED) == 12.0
    (refused,) = (line for line in found.account.lines if line.fate is Fate.REFUSED)
    assert (refused.rows, refused.reason and refused.reason.code) == (2, "kind_lacks_column")
    (question,) = (one for one in found.worklist if one.reason.code == "kind_lacks_column")
    assert (question.rows, question.value) == (2, "Type, Quantité, Le")
    assert question.reason.detail("column") == "date"


def test_a_list_of_purchases_alone_that_lacks_its_date_is_an_error() -> None:
    with pytest.raises(InventoryError, match="no header names the column 'date'"):
        read("Type;Quantité;Fournisseur;PU HT\nÉcran;12;D;150\n")


def test_tables_of_all_kinds_are_read_in_one_go() -> None:
    """Each sheet gives the rows of its kind; the tickets are counted and named."""
    sheets = {
        "Matériel": [cells(FLEET), ["Écran", "P24", "S1", "2022-01-31", 150, "En service", "A"]],
        "Achats": [cells("Date;Type;Quantité"), ["2024-03-01", "Écran", 12]],
        "Agents": [cells("Date;Agents"), ["2024-12-31", 200]],
        "Incidents": [cells("Titre;Demandeur"), ["Écran noir", "Accueil"], ["Souris", "Mairie"]],
    }
    found = {}
    for order in (sheets, reversed(sheets)):
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name in order:
            sheet = book.create_sheet(name)
            for row in sheets[name]:
                sheet.append(row)
        target = io.BytesIO()
        book.save(target)
        parts = read_tables([("parc.xlsx", target.getvalue())], options())
        kinds = {part.report.source: (part.kind, part.table.num_rows) for part in parts}
        found[str(sorted(kinds.items()))] = parts
    (parts,) = list(found.values())[:1]
    assert len(found) == 1, "the order of the sheets changes nothing"
    by_sheet = {part.report.source: part for part in parts}
    assert [(part.kind, part.table.num_rows) for part in by_sheet.values() if not part.lines] == [
        *(("headcount", 1), ("purchases", 1), ("equipment", 1)),
    ]
    (line,) = by_sheet["parc.xlsx[Incidents]"].lines
    assert (line.fate, line.rows) == (Fate.SET_ASIDE, 2)
    assert line.reason == Reason("row_no_inventory", what=Reason("what_tickets"))
    assert by_sheet["parc.xlsx[Achats]"].report.details["kind"] == "purchases (Achats)"


def test_a_file_of_purchases_is_no_fleet() -> None:
    """12 screens were bought; where they are is not said."""
    text = "Date de commande;Fournisseur;Désignation;Qté;PU HT\n01/02/2024;D;Écran;12;150\n"
    inventory = reen.read(text.encode(), name="liste.csv")
    assert inventory.account.items_of(Fate.COUNTED) == 0.0


def test_a_title_stands_above_a_headcount() -> None:
    (part,) = read("Effectifs de la ville\n;\nDate;Agents\n31/12/2024;200\n")
    assert (part.kind, part.table["agents"].to_pylist()) == ("headcount", [200.0])


@pytest.mark.parametrize("kind", ["purchases", "disposals"])
def test_the_kind_that_is_said_wins(kind: str) -> None:
    text = "Date;Type;Quantité;N° de série\n2024-01-31;Écran;1;S1\n"
    (part,) = read(text, "parc.csv", said(TableMapping(kind=kind, files=("*",))))
    assert part.kind == kind
    assert len(reen.read_records(text.encode(), kind=kind, name="parc.csv")) == 1  # type: ignore[call-overload]


def test_what_is_said_to_be_no_inventory_is_none() -> None:
    mapping = said(TableMapping(kind="none", refused="catalogue", files=("*",)))
    with pytest.raises(EmptyInventoryError, match="catalogue"):
        read("Type;Quantité\nÉcran;12\n", mapping=mapping)


def test_virtual_machines_and_applications_are_read_whole() -> None:
    (part,) = read("VM;Hôte;vCPU;Cluster\npaie;esx1;4;C1\nsig;esx2;8;C1\n")
    assert part.table["id"].to_pylist() == ["paie", "sig"], "the name, where there is no other"
    assert part.table.select(["name", "host_id", "vcpu"]).to_pylist() == [
        {"name": "paie", "host_id": "esx1", "vcpu": 4.0},
        {"name": "sig", "host_id": "esx2", "vcpu": 8.0},
    ]
    (part,) = read("Application;Environnement;VM\nPaie;production;paie\n")
    assert part.table.select(["name", "environment", "virtual_machine_id"]).to_pylist() == [
        {"name": "Paie", "environment": "production", "virtual_machine_id": "paie"}
    ]


def test_every_refusal_has_its_sentence_in_both_languages() -> None:
    table = importlib.resources.files("reen.tables").joinpath("data", "no_inventory.csv")
    codes = {row["code"] for row in csv.DictReader(table.read_text("utf-8").splitlines())}
    assert codes == {refused for _, refused in REFUSED}
    told = [f"what_{code}" for code in codes] + [f"kind_{kind}" for kind in SCHEMA_OF_KIND]
    for code in told:
        for language in LANGUAGES:
            assert Reason(code).text(language) != code


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Effectifs 2025.csv", dt.date(2025, 12, 31)),
        ("agents_2024.csv", dt.date(2024, 12, 31)),
        ("RH 2023-12.csv", dt.date(2023, 12, 31)),
    ],
)
def test_a_headcount_has_the_year_of_its_name(name: str, day: dt.date) -> None:
    """No column says when: the last day of the year is taken, and told."""
    (part,) = read("Direction;Effectif\nÉcoles;120\nMairie;80\n", name)
    assert part.kind == "headcount"
    rows = part.table.select(["date", "date_precision", "agents", "entity"]).to_pylist()
    assert rows == [
        {"date": day, "date_precision": "year", "agents": 120.0, "entity": "Écoles"},
        {"date": day, "date_precision": "year", "agents": 80.0, "entity": "Mairie"},
    ]
    assert [(issue.reason.code, issue.count) for issue in part.issues] == [("date_of_name", 2)]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Effectifs au 31-12-2025.csv", dt.date(2025, 12, 31)),
        ("Effectifs au 30.06.2025.csv", dt.date(2025, 6, 30)),
        ("effectifs_2024_09_30.csv", dt.date(2024, 9, 30)),
        ("agents 1_1_2025.csv", dt.date(2025, 1, 1)),
    ],
)
def test_a_headcount_has_the_day_of_its_name(name: str, day: dt.date) -> None:
    """A whole day is taken as it stands, and told; 30 can be no month."""
    (part,) = read("Direction;Effectif\nÉcoles;120\nMairie;80\n", name)
    assert part.table["date"].to_pylist() == [day, day]
    assert "date_precision" not in part.table.column_names
    assert [(issue.reason.code, issue.count) for issue in part.issues] == [("day_of_name", 2)]


@pytest.mark.parametrize("name", ["Effectifs au 05-06-2025.csv", "Effectifs 31-02-2025.csv"])
def test_a_day_that_may_be_another_leaves_its_year(name: str) -> None:
    """5 June or 6 May; no 31 February: the last day of the year is taken, and told."""
    (part,) = read("Direction;Effectif\nÉcoles;120\n", name)
    assert part.table["date"].to_pylist() == [dt.date(2025, 12, 31)]
    assert [issue.reason.code for issue in part.issues] == ["date_of_name"]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ('[constants]\nyear = "2025"\n', dt.date(2025, 12, 31)),
        ('[columns]\nAgents = "agents"\n[constants]\ndate = "2025-06-30"\n', dt.date(2025, 6, 30)),
    ],
)
def test_a_mapping_dates_a_headcount(tmp_path: Path, said: str, day: dt.date) -> None:
    """A file that says what it is and not when: by the year of the mapping, or by its day."""
    (tmp_path / "agents.csv").write_text("Direction;Agents\nMairie;80\n", "utf-8")
    (tmp_path / "mairie.toml").write_text(f'name = "mairie"\n{said}', "utf-8")
    found = reen.read(tmp_path / "agents.csv", mapping=tmp_path / "mairie.toml")
    rows = found.linked["headcount"].select(["date", "agents"]).to_pylist()
    assert rows == [{"date": day, "agents": 80.0}]


def test_the_date_of_a_column_goes_before_the_year_of_a_name() -> None:
    (part,) = read("Date;Agents\n30/06/2024;120\n;80\n", "Effectifs 2025.csv")
    assert part.table["date"].to_pylist() == [dt.date(2024, 6, 30), None]


@pytest.mark.parametrize("name", ["Effectifs.csv", "Effectifs 2024-2025.csv", "liste 2025.csv"])
def test_a_headcount_of_no_year_is_refused(name: str) -> None:
    """No year, two of them, or one that does not say of what."""
    with pytest.raises(InventoryError):
        read("Direction;Effectif\nÉcoles;120\n", name)


def test_a_number_of_machines_is_no_headcount() -> None:
    (part,) = read("Type;Effectif\nÉcran;120\n", "materiel 2025.csv")
    assert part.kind == "equipment"


@pytest.mark.parametrize(
    "text",
    [
        "Date;Type;Agent;Quantité\n01/02/2021;PC portable;A;2\n01/02/2021;Écran;B;3\n",
        "Type;Agents;Nb\nPC portable;4;2\nÉcran;5;3\n",
    ],
)
def test_who_uses_a_device_makes_no_headcount_of_a_list(text: str) -> None:
    inventory = reen.read(text.encode(), name="export.csv")
    assert inventory.table["quantity"].to_pylist() == [2.0, 3.0]
    assert not inventory.linked
