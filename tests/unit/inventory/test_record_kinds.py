"""Records of a strategy: header words in French and English, cells, what is said of bad ones."""

from __future__ import annotations

import datetime as dt

import pytest

import reen
from reen.inventory.record_kinds import RECORD_KINDS
from reen.types import Severity

#: Kind, a file, and what its first row says in canonical columns.
FILES = (
    (
        "repairs",
        (
            "Date de réparation;Type de matériel;Qté;Issue;Réparateur local;Heures\n"
            "05/03/2025;PC portable;2;réparé;oui;1,5\n"
        ),
        {
            "date": dt.date(2025, 3, 5),
            "equipment_type": "laptop",
            "quantity": 2.0,
            "outcome": "repaired",
            "local_repairer": True,
            "hours": 1.5,
        },
    ),
    (
        "repairs",
        (
            "repair date,device type,quantity,outcome,local repairer\n"
            "2025-03-05,laptop,1,replaced,no\n"
        ),
        {"outcome": "replaced", "local_repairer": False, "quantity": 1.0},
    ),
    (
        "contracts",
        (
            "N° de marché;Date de notification;Montant HT;Clause environnementale;Clause sociale\n"
            "2025-01;05/03/2025;12 500,50;oui;non\n"
        ),
        {
            "id": "2025-01",
            "amount": 12_500.5,
            "environmental_clause": True,
            "social_clause": False,
        },
    ),
    (
        "contracts",
        (
            "contract number,award date,amount,environmental clause,environmental criterion (%)\n"
            "7,2025-03-05,100,yes,20\n"
        ),
        {"environmental_clause": True, "criterion_weight": 20.0},
    ),
    (
        "events",
        (
            "Date de l'événement;Axe;Type d'événement;Thème;Public;Participants;Dont élus\n"
            "05/03/2025;4;atelier;sobriété;agents;24;2\n"
        ),
        {
            "axis": 4.0,
            "event_kind": "workshop",
            "theme": "sober_use",
            "audience": "staff",
            "participants": 24.0,
            "elected": 2.0,
        },
    ),
    (
        "events",
        "event date,axis,event kind,participants,clicked\n2025-03-05,4,phishing test,100,12\n",
        {"event_kind": "phishing_test", "clicked": 12.0},
    ),
    (
        "projects",
        "Projet;Date de mise en service;Écoconçu\nPortail;05/03/2025;oui\n",
        {"name": "Portail", "id": "Portail", "eco_designed": True},
    ),
    (
        "connected_objects",
        (
            "Usage de l'objet;Nombre d'objets;Réseau mutualisé;Énergie économisée (MWh)\n"
            "Éclairage;120;oui;31\n"
        ),
        {
            "object_use": "Éclairage",
            "quantity": 120.0,
            "shared_network": True,
            "saved_energy": 31_000.0,
        },
    ),
    (
        "last_seen",
        "N° de série;Dernier contact\n0012AB;05/03/2025\n",
        {"serial_number": "0012AB", "last_contact": dt.date(2025, 3, 5)},
    ),
    (
        "maturity",
        "Année;Dimension;Question;Note\n2025;3;3.1;4\n",
        {"dimension": 3.0, "score": 4.0},
    ),
    (
        "headcount",
        "Date;Effectif;Habitants\n31/12/2025;1 195;61 530\n",
        {"agents": 1_195.0, "inhabitants": 61_530.0},
    ),
    (
        "disposals",
        (
            "Date de sortie;Type;Qté;Destination;Repreneur;Organisme agréé;Fin de garantie\n"
            "05/03/2025;Écran;3;recyclage;ecosystem;oui;01/02/2020\n"
        ),
        {
            "destination": "recycling",
            "recipient": "ecosystem",
            "approved": True,
            "warranty_end_date": dt.date(2020, 2, 1),
        },
    ),
    (
        "purchases",
        (
            "Date de facture;Type;Qté;Mode d'acquisition;Indice de réparabilité;"
            "Label environnemental;Fournisseur\n"
            "05/03/2025;PC portable;3;location;7,4;oui;UGAP\n"
        ),
        {"acquisition": "lease", "repairability": 7.4, "labelled": True},
    ),
)


@pytest.mark.parametrize(("kind", "text", "expected"), FILES)
def test_a_file_of_each_kind(kind: str, text: str, expected: dict[str, object]) -> None:
    records = reen.read_records(text.encode(), kind=kind, name="fichier.csv")  # type: ignore[call-overload]
    assert type(records) is RECORD_KINDS[kind]
    row = records.table.to_pylist()[0]
    assert {name: row[name] for name in expected} == expected
    assert records.account.is_complete


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, text, _ in FILES])
def test_each_is_recognised_beside_others(kind: str, text: str) -> None:
    """A read of files finds the kind by the headers; a plain name says nothing."""
    found = reen.read(text.encode(), name="x.csv")
    assert tuple(found.linked) == (kind,)
    assert found.tables[kind].num_rows == 1


@pytest.mark.parametrize(
    ("kind", "text", "column", "message"),
    [
        (
            "contracts",
            "Date de notification;Montant HT;Clause environnementale\n05/03/2025;100;peut-être\n",
            "environmental_clause",
            "yes or no",
        ),
        ("maturity", "Année;Dimension;Note\n2025;3;6\n", "score", "at most 5"),
        ("events", "Date;Axe;Participants\n05/03/2025;9;3\n", "axis", "at most 6"),
        ("repairs", "Date de réparation;Issue\n05/03/2025;au trou\n", "outcome", "repaired"),
        ("projects", "Projet;Date de mise en service\nx;32/13/2025\n", "date", "date"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(
    kind: str, text: str, column: str, message: str
) -> None:
    records = reen.read_records(text.encode(), kind=kind, name="f.csv")  # type: ignore[call-overload]
    (issue,) = [each for each in records.issues if each.severity is not Severity.NOTE]
    assert (issue.source, issue.column, list(issue.rows)) == ("f.csv", column, [2])
    assert message in str(issue)


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_what_each_kind_cannot_do_without_is_asked_for(kind: str) -> None:
    named = reen.plugin.Reason(f"kind_{kind}").text()
    with pytest.raises(reen.errors.InventoryError, match=f"What is read as {named} needs '"):
        reen.read_records(b"Couleur;Forme\nbleu;rond\n", kind=kind, name="f.csv")  # type: ignore[call-overload]


def test_people_are_not_read() -> None:
    """Who led a workshop, and who repaired, are no columns of ours."""
    text = "Date;Type d'événement;Participants;Animateur\n05/03/2025;atelier;24;Jeanne Invention\n"
    found = reen.read_records(text.encode(), kind="events", name="f.csv")
    assert "Jeanne Invention" not in str(found.table.to_pylist())
