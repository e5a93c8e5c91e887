"""Status words: what inventory tools write, and what the words in brackets decide."""

from __future__ import annotations

import pytest
from reen.plugin.files import resolve_status

#: Words by the status that they name, between semicolons.
WORDS = {
    "in_use": """En service; Actif; En production; In use; Production; Installed; Operational;
        Enrolled; Deployed""",
    "in_stock": """En stock; Stock neuf; Réserve; Spare; In stock; Ready to Deploy; On order;
        Registered never enrolled; Registered; Pending install; In transit""",
    "loaned": "Prêté; Prêt; prêtée; En prêt",
    "in_repair": """SAV; En réparation; In repair; Broken; Out for Repair; Out for Diagnostics;
        Pending repair; In maintenance""",
    "retired": """Réformé; Réformée; HS; Hors service; Hors-service; Mis au rebut; Mise au rebut;
        Recyclé; Cédé; Vendu; Donné; Scrapped; Retired; Disposed; Archived; Not used; Old; Sold;
        Broken - Not Fixable""",
    "lost": "Perdu; Volé; Absent; Lost/Stolen; Missing; Stolen",
    "unknown": "Inconnu; Unknown",
}


@pytest.mark.parametrize(("status", "words"), WORDS.items())
def test_words_of_inventory_tools(status: str, words: str) -> None:
    """Those of GLPI, Snipe-IT, Lansweeper, Workspace ONE, ServiceNow, and hand-made sheets."""
    found = {word: resolve_status(word) for word in words.split(";")}
    assert found == dict.fromkeys(found, status)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        # the word in brackets is Snipe-IT's own: the label is free
        ("Prêt à l'emploi (Deployable)", "in_stock"),
        ("Ready to Deploy (Deployed)", "in_use"),
        ("En production (Déployé)", "in_use"),
        ("Mise au rebut (Archivé)", "retired"),
        # archived says that it left, the label how; pending that it waits, the label for what
        ("Lost/Stolen (Archived)", "lost"),
        ("Volé (Archivé)", "lost"),
        ("Actif (Archived)", "retired"),
        ("Out for Repair (Pending)", "in_repair"),
        ("Réception (Pending)", "in_stock"),
        # the brackets hold a remark
        ("En stock (pièces)", "in_stock"),
        ("Réformé (2019)", "retired"),
        ("Recyclé(e)", "retired"),
        ("Volé (2021) (dossier 12)", "lost"),
        ("En stock (pièces", "in_stock"),
        ("(En stock)", "in_stock"),
    ],
)
def test_words_in_brackets(text: str, status: str) -> None:
    """They decide when they are known; else the label does."""
    assert resolve_status(text) == status


@pytest.mark.parametrize(
    "text", ["", "()", "(", "qui sait", "qui sait (pièces)", "Location", "(" * 100_000]
)
def test_what_is_not_known(text: str) -> None:
    """Nothing is guessed."""
    assert resolve_status(text) is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("En panne - SAV", "in_repair"),
        ("Volé (plainte déposée)", "lost"),
        ("en serv.", "in_use"),
        ("Au rebut", "retired"),
        ("En service - SAV", None),
        ("En service - accueil", None),
    ],
)
def test_both_sides_of_a_dash_must_name_one_status(text: str, status: str | None) -> None:
    assert resolve_status(text) == status
