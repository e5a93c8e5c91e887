"""Persons in columns of services and sites: what leaves, and what only looks like a person."""

from __future__ import annotations

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given

import reen
from reen.tables.privacy.names_in_places import _are_places, _without_persons, services_of_places
from reen.tables.privacy.names_in_text import name_nobody, without_holders, without_names

_PERSONS = {
    "Fanny Salaün": None,
    "Jean Dupont": None,
    "O. Kerbrat": None,
    "KERBRAT O.": None,
    "J.-Y. Quéméner": None,
    "Jean-Yves Quéméner": None,
    "DUPONT Jeanne": None,
    "JEAN DUPONT": None,
    "Mme Quéméner": None,
    "Finances / Marie Martin": "Finances",
    "Etat civil - Fanny Salaün": "Etat civil",
    "Compta (Dupont)": "Compta",
    "Valcour > CCAS > Jean Dupont": "Valcour > CCAS",
    "Bureau 12 Fanny Salaün": "Bureau 12",
    "École / Marie Martin": "École",
}
_PLACES = (
    *("Saint-Jean", "École Jean Jaurès", "Salle Marie Curie", "Collège Victor Hugo"),
    *("Pierre Bleue", "Jean Jaurès", "Jean MOULIN", "Rue Madame Curie", "École - Jean Dupont"),
    *("Saint Pierre", "Sainte Anne", "Police municipale", "Techniques", "CCAS > Bureau 1"),
    *("Pauline Kergomard", "Pauline Kergomard élémentaire", "Stade Pierre Dupont", "Mairie"),
    *("Espace Simone Veil", "Martin", "DSI / SIG", "RH - Paie", "Zone B.", "Rez-de-chaussée"),
    *("Charles de Gaulle", "Ville-Marie", "Marine Nationale", "Jean Zay / Bât. A", "Bureau 3"),
)


@pytest.mark.parametrize("cell", _PERSONS)
def test_a_person_leaves_a_column_of_places(cell: str) -> None:
    assert services_of_places([cell]) == {cell: _PERSONS[cell]}


@pytest.mark.parametrize("cell", _PLACES)
def test_a_place_stays(cell: str) -> None:
    assert services_of_places([cell]) == {}


def test_a_surname_alone_leaves_where_its_first_name_is_told() -> None:
    cells = ["Fanny Salaün", "Salaün", "Techniques"]
    assert services_of_places(cells) == {"Fanny Salaün": None, "Salaün": None}


@pytest.mark.parametrize(
    ("header", "column"),
    [
        *(("Service", "entity"), ("Direction", "entity"), ("Entité", "entity")),
        *(("Site", "site"), ("Lieu", "site"), ("Bureau", "site")),
    ],
)
def test_no_person_of_a_column_of_places_reaches_an_output(header: str, column: str) -> None:
    """Of four cells two are persons, one has a person beside a service, and one is a school."""
    cells = ["Fanny Salaün", "O. Kerbrat", "Finances / Marie Martin", "École Jean Jaurès"]
    rows = "".join(f"Écran;{cell}\n" for cell in cells)
    found = reen.read(f"Type;{header}\n{rows}".encode(), name="a.csv")
    assert found.table[column].to_pylist() == [None, None, "Finances", "École Jean Jaurès"]
    (issue,) = [each for each in found.issues if each.reason.code == "persons_left_out"]
    assert issue.count == 3
    for name in ("Salaün", "Kerbrat", "Martin"):
        assert name not in str(found.issues) + str(found.account.to_dict())


def test_no_person_of_canonical_rows_stays_either() -> None:
    """A table of Arrow under canonical names passes by no header."""
    rows = {"equipment_type": ["monitor"] * 2, "entity": ["Jean Dupont", "Collège Victor Hugo"]}
    found = reen.read(pa.table(rows))
    assert found.table["entity"].to_pylist() == [None, "Collège Victor Hugo"]


_PARTS = st.sampled_from(
    (
        *(
            "Finances",
            "CCAS",
            "Pôle",
            "santé",
            "42",
            "Bureau",
            "bureau 3",
            "Ateliers",
            "École",
            "de",
        ),
        *(
            "d'Isabelle",
            "Isabelle",
            "Jean-Marc",
            "DUPONT",
            "Martin",
            "Jaurès",
            "Mme",
            "M",
            "Dr",
            "M.",
        ),
        *(
            "J.",
            "a@b.fr",
            "MSI",
            "Drôme",
            "Mrs",
            "PC",
            "domicile",
            "poste",
            "n°",
            "l'Étoile",
            "Jean",
        ),
        *(
            "/",
            "-",
            ">",
            "(",
            ")",
            ",",
            " - ",
            "chez",
            "pour",
            "prêté à",
            "\\",
            "dom\\jd",
            "Portable",
        ),
    )
)
_CELLS = st.lists(st.lists(_PARTS, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=4)


@given(_CELLS)
def test_a_look_at_a_column_misses_no_person(cells: list[str]) -> None:
    """Where it says that a column names nobody, each cell alone says so too."""
    if _are_places(cells):
        assert [_without_persons(cell) for cell in cells] == cells
    if name_nobody(cells, places=True):
        assert [without_holders(cell) for cell in cells] == cells
    if name_nobody(cells):
        assert [without_names(cell) for cell in cells] == cells


@pytest.mark.parametrize("cell", _PERSONS)
def test_a_look_at_a_column_sees_each_person(cell: str) -> None:
    assert not _are_places(["Mairie", cell])


def test_a_look_at_a_column_is_enough_for_most() -> None:
    assert _are_places(["Pôle santé 42", "Direction de la culture", "CCAS", "Mairie"])
    assert name_nobody(["Latitude 5420", "Série 7", "Écran 24"])
    assert name_nobody(["Mairie", "CCAS"], places=True)
