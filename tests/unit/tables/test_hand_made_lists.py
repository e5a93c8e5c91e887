"""Lists as town halls write them: each with the items that stand in it, written down first."""

from __future__ import annotations

import io

import openpyxl
import pytest

import reen
from reen.types import Fate


def types(inventory: reen.Inventory) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in inventory.table.to_pylist():
        kind = row["equipment_type"]
        found[kind] = found.get(kind, 0.0) + row.get("quantity", 1.0)
    return found


def read(text: str) -> reen.Inventory:
    """Return the inventory of a text, once it is made sure that a workbook says the same."""
    book = openpyxl.Workbook()
    for line in text.splitlines():
        cells = [int(cell) if cell.isdecimal() else cell or None for cell in line.split(";")]
        book.worksheets[0].append(cells)
    target = io.BytesIO()
    book.save(target)
    found = reen.read(text.encode(), name="parc.csv")
    assert types(reen.read(target.getvalue(), name="parc.xlsx")) == types(found)
    return found


def doubts(inventory: reen.Inventory) -> list[str]:
    return [doubt.reason.code for doubt in inventory.account.doubts]


LISTS = {
    "surface": (
        "Site;Nb de PC fixes;Nb d'écrans;Superficie (m2)\nMairie;10;12;800\nÉcole;4;5;1200\n",
        {"desktop": 14.0, "monitor": 17.0},
    ),
    "rates": (
        (
            "Site;PC fixes;Écrans;Taux d'équipement;Débit (Mb/s)\n"
            "Mairie;10;12;80;100\nÉcole;4;5;90;50\n"
        ),
        {"desktop": 14.0, "monitor": 17.0},
    ),
    "ages": (
        (
            "Type;0-3 ans;3-5 ans;+ de 5 ans;Total\n"
            "PC fixe;10;5;5;20\nÉcran;5;5;5;15\nTotal;15;10;10;35\n"
        ),
        {"desktop": 20.0, "monitor": 15.0},
    ),
    "corner": (
        "Type;PC fixe;PC portable;Total\nMairie;5;3;8\nÉcole;2;4;6\nTotal;7;7;14\n",
        {"desktop": 7.0, "laptop": 7.0},
    ),
    "users": (
        (
            "École;Ordinateurs élèves;Tablettes;Effectif\n"
            "Jaurès;10;0;210\nFerry;6;8;180\nTotal;16;8;390\n"
        ),
        {"unknown": 16.0, "tablet": 8.0},
    ),
    "departments": (
        "Direction;Service;PC fixe;PC portable\nDGS;Accueil;2;1\nDGS;Com;3;2\nDST;Voirie;4;4\n",
        {"desktop": 9.0, "laptop": 7.0},
    ),
    "sums of services first": (
        (
            "Service;Type;Nombre\n"
            "Mairie;;18\n;PC fixe;10\n;Écran;8\nCTM;;12\n;Tablette;5\n;Switch;7\nTotal;;30\n"
        ),
        {"desktop": 10.0, "monitor": 8.0, "tablet": 5.0, "switch": 7.0},
    ),
    "titles without a number": (
        (
            "Type;Nombre\nPostes de travail;\n"
            "  PC fixe;10\n  PC portable;6\nImpression;\n  Copieur;2\n"
        ),
        {"desktop": 10.0, "laptop": 6.0, "multifunction_printer": 2.0},
    ),
    "outline": (
        (
            "Type;Nombre\n1. Direction;25\n"
            "1.1 PC fixe;15\n1.2 PC portable;10\n2. Autres;5\n2.1 Switch;5\n"
        ),
        {"desktop": 15.0, "laptop": 10.0, "switch": 5.0},
    ),
    "sub-categories": (
        "Catégorie;Sous-catégorie;Quantité\nPostes;;25\nPostes;PC fixe;15\nPostes;PC portable;10\n",
        {"desktop": 15.0, "laptop": 10.0},
    ),
    "total in words": (
        "Type;Nombre\nPC fixe;4\nPC portable;5\nSoit 9 équipements au total;\n",
        {"desktop": 4.0, "laptop": 5.0},
    ),
    "label of the material": (
        "Désignation matériel;Marque;N° série\nPC portable;Dell;A1\nÉcran;Dell;A2\n",
        {"laptop": 1.0, "monitor": 1.0},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("text", "expected"), LISTS.values(), ids=LISTS)
def test_each_item_counts_once(text: str, expected: dict[str, float]) -> None:
    found = read(text)
    assert types(found) == expected
    assert doubts(found) == []


@pytest.mark.parametrize(
    "foot", ["Édité le 12/11/2025;;;Page 1/2", "Page 1 sur 2;;;", "p.;;;Page 1"]
)
def test_the_feet_of_printed_pages_are_no_items(foot: str) -> None:
    head = "Type;Marque;Modèle;N° inventaire"
    text = f"{head}\nPC fixe;HP;EliteDesk 800;1\n{foot}\n{head}\nÉcran;HP;E24;2\n{foot}\n"
    found = read(text)
    assert types(found) == {"desktop": 1.0, "monitor": 1.0}
    assert found.account.rows_of(Fate.SET_ASIDE) == 3


def test_a_model_that_is_called_page_is_one() -> None:
    text = "Type;Modèle;N° inventaire\nImprimante;PagePro 1200W;1\nImprimante;PagePro 1350W;2\n"
    assert types(read(text)) == {"printer": 2.0}


HOSTS = "Nom;Type;Hyperviseur;OS\nSRV-01;Serveur physique;;VMware ESXi\nNAS-01;NAS;;DSM\n"


def test_servers_of_both_sorts_in_one_list() -> None:
    """Two servers of metal count; the virtual one and the VM have none, and the kind is asked."""
    found = reen.read(
        f"{HOSTS}SRV-03;Serveur virtuel;SRV-01;Debian\nSRV-04;VM;SRV-01;Debian\n".encode(),
        name="liste.csv",
    )
    assert types(found) == {"server": 1.0, "storage": 1.0}
    assert doubts(found) == ["kind_unclear"]


@pytest.mark.parametrize("kind", ["VM", "Machine virtuelle", "Serveur virtuel"])
def test_a_list_of_virtual_machines_alone_has_no_equipment(kind: str) -> None:
    book = openpyxl.Workbook()
    sheets = {
        "Parc": (("Type", "Nombre"), ("Écran", 3)),
        "Feuil2": (("Nom", "Type", "Hyperviseur", "OS"), ("A", kind, "H1", "Debian")),
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    found = reen.read(target.getvalue(), name="liste.xlsx")
    assert types(found) == {"monitor": 3.0}
    assert len(found.virtual_machines) == 1
