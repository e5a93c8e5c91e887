"""Rows of a place that add up those of others: totals by evidence, whatever they are called."""

from __future__ import annotations

import numpy as np
import pytest

import reen
from reen.types import Fate

HEAD = "Site;Type;Quantité\n"
#: Of two schools: 20 laptops, 24 screens.
LIST = HEAD + "École A;PC portable;12\nÉcole A;Écran;17\nÉcole B;PC portable;8\nÉcole B;Écran;7\n"


def read(text: str) -> reen.Inventory:
    return reen.read(text.encode(), name="parc.csv")


def codes(inventory: reen.Inventory) -> list[str]:
    return [doubt.reason.code for doubt in inventory.account.doubts]


def items(inventory: reen.Inventory) -> float:
    return inventory.account.items_of(Fate.COUNTED)


@pytest.mark.parametrize(
    "word",
    [
        *("Tous", "Toutes les écoles", "Ville", "VILLE", "Commune", "Agglo", "Ensemble", "", "All"),
        "Total général",
    ],
)
def test_the_rows_of_all_places_are_counted_once(word: str) -> None:
    """12 + 17 + 8 + 7 = 44 items, which the last two rows add up again."""
    found = read(f"{LIST}{word};PC portable;20\n{word};Écran;24\n")
    assert (items(found), codes(found)) == (44.0, [])
    assert found.account.rows_of(Fate.SET_ASIDE) == 2


@pytest.mark.parametrize("word", ["Tous", "Ville", "Agglo"])
def test_they_may_stand_first_and_in_columns(word: str) -> None:
    """The same 44 items: the sums above their places, in a row and in a column of a cross table."""
    first = f"{HEAD}{word};PC portable;20\n{word};Écran;24\n{LIST.removeprefix(HEAD)}"
    row = f"Site;PC portable;Écran\nÉcole A;12;17\nÉcole B;8;7\n{word};20;24\n"
    column = f"Type;École A;École B;{word}\nPC portable;12;8;20\nÉcran;17;7;24\n"
    for text in (first, row, column):
        found = read(text)
        assert (items(found), codes(found)) == (44.0, [])


def test_sums_of_sectors_and_of_all() -> None:
    """North 30 + 9 + 4, south 50 + 20 + 7: 120 items, written three times."""
    kinds = ("PC portable", "Écran", "Imprimante")
    numbers = {
        "École A": (12, 5, 3),
        "École B": (18, 4, 1),
        "Nord": (30, 9, 4),
        "École C": (31, 11, 2),
        "École D": (19, 9, 5),
        "Sud": (50, 20, 7),
        "Ville": (80, 29, 11),
    }
    text = HEAD + "".join(
        f"{site};{kind};{number}\n"
        for site, row in numbers.items()
        for kind, number in zip(kinds, row, strict=True)
    )
    found = read(text)
    named = next(i for i in found.issues if i.reason.code == "matrix_may_be_parents")
    # three numbers of two schools may be chance where no word says it: "Nord" is asked
    assert items(found) == 120.0 + 43.0 + 77.0
    assert named.reason.detail("rows") == "Nord (43), Sud (77)"


def test_a_sum_called_as_a_place_by_many_numbers() -> None:
    """Three kinds and 40 items agree by no chance: the town hall adds up its schools."""
    text = LIST + "École A;Imprimante;3\nÉcole B;Imprimante;2\n"
    found = read(f"{text}Mairie;PC portable;20\nMairie;Écran;24\nMairie;Imprimante;5\n")
    assert (items(found), codes(found)) == (49.0, [])
    note = next(i for i in found.issues if i.reason.code == "matrix_parents")
    assert note.rows == (8, 9, 10)
    assert note.reason.detail("rows") == "Mairie (49)"


def test_a_sum_of_places_that_are_its_kinds() -> None:
    """Schools A and B have 20 + 7 items, the schools too; with the town hall 33."""
    row = "Site;PC portable;Écran\nÉcole A;12;3\nÉcole B;8;4\nÉcoles;20;7\nMairie;5;1\n"
    column = "Type;École A;École B;Écoles;Mairie\nPC portable;12;8;20;5\nÉcran;3;4;7;1\n"
    for text in (row, column):
        assert (items(read(text)), codes(read(text))) == (33.0, [])
    other = "Site;PC portable;Écran\nMairie annexe A;1;1\nMairie annexe B;2;1\nMairie;3;2\n"
    assert (items(read(other)), codes(read(other))) == (10.0, [])


@pytest.mark.parametrize(("title", "counted"), [("Ville", 44.0), ("Toutes les écoles", 44.0)])
def test_a_section_that_adds_up_the_others(title: str, counted: float) -> None:
    """Schools A and B have 12 + 17 + 8 + 7 items, and a last section all of them again."""
    found = read(
        "Type;Modèle;Quantité\nÉcole A;;\nPC portable;Latitude;12\nÉcran;P24;17\n"
        "École B;;\nPC portable;Latitude;8\nÉcran;P24;7\n"
        f"{title};;\nPC portable;Latitude;20\nÉcran;P24;24\n"
    )
    assert (items(found), codes(found)) == (counted, [])
    assert set(found.table["entity"].to_pylist()) == {"École A", "École B"}


def test_a_department_that_may_add_up_its_services() -> None:
    """10 = 4 + 6 of the services of one department: its own, or theirs again."""
    found = read(
        "Direction;Service;Type;Nb\nDGS;;PC fixe;10\nDGS;Accueil;PC fixe;4\nDGS;RH;PC fixe;6\n"
        "DST;Voirie;PC fixe;3\n"
    )
    assert (items(found), codes(found)) == (23.0, ["matrix_may_be_parents"])


def test_few_numbers_of_a_place_are_asked() -> None:
    found = read(f"{LIST}Mairie;PC portable;20\nMairie;Écran;24\n")
    assert (items(found), codes(found)) == (88.0, ["matrix_may_be_parents"])
    assert found.account.doubts[0].rows == (6, 7)


@pytest.mark.parametrize(
    ("word", "laptops", "screens"),
    [("Ville", 20, 25), ("Tous", 20, 30), ("Tous", 3, 1), ("", 21, 24), ("Agglo", 20, 22)],
)
def test_words_and_sums_disagree(word: str, laptops: int, screens: int) -> None:
    """Neither a total nor surely equipment: counted, and told with its rows."""
    found = read(f"{LIST}{word};PC portable;{laptops}\n{word};Écran;{screens}\n")
    assert items(found) == 44.0 + laptops + screens
    assert codes(found) == ["sums_agree_in_part"]
    assert found.account.doubts[0].rows == (6, 7)


@pytest.mark.parametrize(
    "text",
    [
        # the town, its agglomeration and its welfare centre: none adds up others
        HEAD + "Ville;PC portable;120\nVille;Écran;90\nAgglo;PC portable;40\nCCAS;Écran;9\n",
        # as many screens as computers everywhere: two numbers that say one thing
        HEAD
        + "".join(
            f"{site};{kind};{number}\n"
            for site, number in (("École A", 8), ("École B", 12), ("Mairie", 20))
            for kind in ("PC fixe", "Écran")
        ),
        # few items agree by chance
        HEAD + "A;PC fixe;1\nA;Écran;2\nB;PC fixe;1\nB;Écran;1\nC;PC fixe;2\nC;Écran;3\n",
        # assets with tags
        "N° inventaire;Site;Type;Quantité\nT1;A;PC fixe;12\nT2;B;PC fixe;8\nT3;Ville;PC fixe;20\n",
        # what all share, and no place has of its own
        LIST + "Tous;Copieur;2\n",
        # a blank place with what no other place has
        LIST + ";Serveur;4\n;Imprimante;9\n",
    ],
)
def test_places_that_are_counted(text: str) -> None:
    found = read(text)
    assert codes(found) == []
    assert found.account.rows_of(Fate.SET_ASIDE) == 0


def test_sums_of_the_types_of_a_place() -> None:
    """A row of no type adds up its site: 12 + 8 and 3 + 5."""
    for word in ("", "Tous", "Ensemble"):
        found = read(
            f"{HEAD}A;PC portable;12\nA;Écran;8\nA;{word};20\n"
            f"B;PC portable;3\nB;Écran;5\nB;{word};8\n"
        )
        assert (items(found), codes(found)) == (28.0, [])


def test_a_type_without_a_model_that_adds_up_its_models() -> None:
    """30 laptops, and 9 and 21 of two models: the same ones, or as many more."""
    found = read(
        "Type;Modèle;Quantité\nPC portable;;30\nPC portable;Latitude;9\nPC portable;EliteBook;21\n"
        "Écran;;7\nÉcran;P24;3\nÉcran;P27;4\n"
    )
    assert (items(found), codes(found)) == (74.0, ["matrix_may_be_parents"])
    assert found.account.doubts[0].reason.detail("rows") == "PC portable (30), Écran (7)"


def test_a_few_items_that_stand_apart_from_their_models_are_no_sum() -> None:
    """8 laptops beside 5 and 3 of two models may be these; 8 a line further, or 4, are others."""
    head = "Type;Modèle;Quantité\n"
    models, screen = "PC portable;Latitude;5\nPC portable;EliteBook;3\n", "Écran;P24;1\n"
    sums = read(f"{head}PC portable;;8\n{models}{screen}")
    assert (items(sums), codes(sums)) == (17.0, ["matrix_may_be_parents"])
    apart = f"{head}PC portable;;8\n{screen}{models}"
    few = f"{head}PC portable;;4\nPC portable;Latitude;3\nPC portable;EliteBook;1\n"
    for text, count in ((apart, 17.0), (few, 8.0)):
        found = read(text)
        assert (items(found), codes(found)) == (count, [])


def test_a_labelled_total_of_one_type_is_no_wrong_total() -> None:
    right = read(f"{LIST}Total;PC portable;20\nTotal;Écran;24\n")
    wrong = read(f"{LIST}Total;PC portable;20\nTotal;Écran;25\n")
    assert (items(right), codes(right)) == (44.0, [])
    assert (items(wrong), codes(wrong)) == (44.0, ["wrong_total"])
    assert wrong.account.doubts[0].reason.detail("computed") == 24.0


@pytest.mark.slow
def test_no_clean_list_is_asked() -> None:
    """Of 150 lists of random numbers by place, none is doubted and all is counted."""
    random = np.random.default_rng(7)
    kinds = ("PC portable", "PC fixe", "Écran", "Imprimante", "Smartphone", "Tablette")
    for _ in range(150):
        places, types = random.integers(2, 12), random.integers(1, 7)
        base = random.gamma(1.0, random.choice([1.5, 4.0, 12.0, 40.0]), size=places)
        numbers = random.poisson(base[:, None], size=(places, types)) + 1
        text = HEAD + "".join(
            f"École {chr(65 + place)};{kind};{number}\n"
            for place, row in enumerate(numbers)
            for kind, number in zip(kinds, row, strict=False)
        )
        found = read(text)
        assert (items(found), codes(found)) == (float(numbers.sum()), [])


def _of_schools(*below: str) -> str:
    """50 schools of 1, 2 or 3 laptops, 1 or 2 screens, 1 to 5 printers: 99, 75 and 150 items."""
    rows = [
        f"École {k};PC portable;{1 + k % 3}\nÉcole {k};Écran;{1 + k % 2}\n"
        f"École {k};Imprimante;{1 + k % 5}\n"
        for k in range(50)
    ]
    return HEAD + "".join((*rows, *below, "Piscine;PC portable;3\nPiscine;Écran;2\n"))


@pytest.mark.parametrize(
    ("place", "screens", "counted", "doubts"),
    [
        ("Nord", 75, 324 + 324 + 5, ["matrix_may_be_parents"]),
        ("Nord", 76, 324 + 325 + 5, []),
        ("Écoles", 75, 324 + 5, []),
    ],
)
def test_a_sector_of_many_schools(
    place: str, screens: int, counted: int, doubts: list[str]
) -> None:
    """99 + 75 + 150 = 324 items of 50 schools and again of their sector, and 5 of the pool."""
    below = f"{place};PC portable;99\n{place};Écran;{screens}\n{place};Imprimante;150\n"
    found = read(_of_schools(below))
    assert (items(found), codes(found)) == (counted, doubts)


@pytest.mark.parametrize("word", ["", "Tous"])
def test_sums_of_many_places_and_types(word: str) -> None:
    """1,100 rooms of a type of their own, of 1, 2 or 3 items: 1,100 + 1,099 = 2,199.

    367 rooms of 1, 367 of 2 and 366 of 3 items; more than a million pairs of a room and a type.
    """
    rows = [f"Salle {k};Genre {k};{1 + k % 3}\n" for k in range(1_100)]
    sums = [f"Tous;Genre {k};{1 + k % 3}\n" for k in range(1_100 if word else 0)]
    found = read(HEAD + "".join((*rows, *sums)))
    assert (items(found), codes(found)) == (2_199.0, [])
    assert found.account.rows_of(Fate.SET_ASIDE) == len(sums)
