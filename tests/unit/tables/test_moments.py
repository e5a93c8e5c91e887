"""Names of sheets and files: the moment in them, and what the table is called without it."""

from __future__ import annotations

import pytest

from reen.tables.together.moments import BEFORE, NOW, Moment, moment_in, newest, without_moments


@pytest.mark.parametrize(
    ("name", "key", "stem"),
    [
        ("Parc au 31-12-23", "2023-12-31", ""),
        ("parc au 1/9/2024", "2024-09-01", ""),
        ("export-20241231", "2024-12-31", ""),
        ("export_31122024", "2024-12-31", ""),
        ("glpi 2024-12-31 15h30", "2024-12-31", "glpi 15h30"),
        ("parc_20241231_1530", "2024-12-31", ""),
        ("parc_sept23", "2023-09", ""),
        ("Inventaire 1er septembre 2023", "2023-09-01", ""),
        ("écoles 12-2024", "2024-12", "ecole"),
        ("parc_202412", "2024-12", ""),
        ("2023-2024", "2023-2024", ""),
        ("Année scolaire 2023/24", "2023-2024", ""),
        ("23-24", "2023-2024", ""),
        ("T3 2024", "2024-09", ""),
        ("2024 S1", "2024-06", ""),
        ("FY24", "2024", ""),
        ("Parc 2023 (ancien)", "2023", ""),
        ("Archive 2022", "2022", ""),
        ("Nouveaux PC 2024", "2024", "nouveau pc"),
        ("N-1", "9998", ""),
        ("Exercice N - 2", "9997", ""),
        ("N", NOW, ""),
        ("Actuel", NOW, ""),
        ("Parc nouveau", NOW, ""),
        ("Écoles (ancien)", BEFORE, "ecole"),
        ("Mairie (RDC)", NOW, "mairy rdc"),
        ("École n° 2", NOW, "ecole no 2"),
        ("Feuil1", NOW, "feuil1"),
    ],
)
def test_the_moment_of_a_name(name: str, key: str, stem: str) -> None:
    assert moment_in(name) == Moment(key, stem)


@pytest.mark.parametrize(
    "name", ["Parc v2", "Parc (1)", "Copie de Parc", "Parc janvier", "Bureaux 23-24", "parc 311223"]
)
def test_what_may_be_a_moment_is_not_sure(name: str) -> None:
    """A month without a year, a version, a copy: nothing says which is the later one."""
    found = moment_in(name)
    assert found is not None
    assert (found.sure, found.stem) in {(False, ""), (False, "bureau")}


@pytest.mark.parametrize("name", ["Parc 2010-2015", "2022, 2023 et 2024", "2023 et juin 2024"])
def test_a_name_of_several_years_is_of_no_moment(name: str) -> None:
    assert moment_in(name) is None


def test_the_newest_of_those_that_are_wanted() -> None:
    keys = ["2023-12-31", "2024-06-30", "2024-12-31", NOW]
    assert newest(keys) == NOW
    assert newest(keys, "2024") == "2024-12-31"
    assert newest(keys, "1999") == NOW


def test_a_folder_without_its_year() -> None:
    assert without_moments("Parc 2023") == without_moments("2024") == ""
    assert without_moments("Écoles") == "ecoles"
