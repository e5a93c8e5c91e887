"""A table of counts is one wherever the column that says what is counted stands."""

from __future__ import annotations

import itertools

import pytest

import reen
from reen.inventory.issues import Severity

#: Counts by type and place: 10 + 5 + 3 + 12 + 6 + 4 + 2 + 1 + 1 = 44.
PLACES = ("Mairie", "École", "Médiathèque")
COUNTS = {"PC portable": (10, 5, 3), "Écran": (12, 6, 4), "Imprimante": (2, 1, 1)}
ITEMS = {
    (kind, place): float(number)
    for kind, numbers in COUNTS.items()
    for place, number in zip(PLACES, numbers, strict=True)
}
KEYS = {"PC portable": "laptop", "Écran": "monitor", "Imprimante": "printer"}

TYPES = ["Catégorie", *COUNTS]
NUMBERS = ["N°", "1", "2", "3"]
CODES = ["Code", "A12", "B13", "C14"]
COLUMNS = {
    place: [place, *(str(numbers[k]) for numbers in COUNTS.values())]
    for k, place in enumerate(PLACES)
}


def counted(columns: list[list[str]]) -> reen.Inventory:
    text = "\n".join(";".join(cells) for cells in zip(*columns, strict=True))
    return reen.read(text.encode(), name="parc.csv")


def items(inventory: reen.Inventory) -> dict[tuple[str, str], float]:
    table = inventory.table
    cells = (table[name].to_pylist() for name in ("equipment_type", "site", "quantity"))
    return {(kind, place): number for kind, place, number in zip(*cells, strict=True)}


EXPECTED = {(KEYS[kind], place): number for (kind, place), number in ITEMS.items()}


@pytest.mark.slow
@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("before", [[], [NUMBERS], [CODES], [NUMBERS, CODES]])
@pytest.mark.parametrize("header", ["Catégorie", "Machin", ""])
def test_the_column_of_types_may_stand_anywhere(
    at: int, before: list[list[str]], header: str
) -> None:
    columns = [*COLUMNS.values()]
    columns.insert(at, [header, *TYPES[1:]])
    found = counted([*before, *columns])
    assert items(found) == EXPECTED
    assert not [issue for issue in found.issues if issue.severity is Severity.DOUBT]


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("header", ["Site", "Lieu-dit"])
def test_the_column_of_places_may_stand_anywhere(at: int, header: str) -> None:
    """Types by place: the same counts, the other way round."""
    columns = [[kind, *map(str, numbers)] for kind, numbers in COUNTS.items()]
    columns.insert(at, [header, *PLACES])
    assert items(counted(columns)) == EXPECTED


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_totals_are_set_aside_beside_a_label_that_stands_last(order: tuple[int, ...]) -> None:
    """Rows of 18, 22 and 4, and 24 + 12 + 8 = 44 at the end."""
    rows = [*COUNTS.values(), tuple(map(sum, zip(*COUNTS.values(), strict=True)))]
    columns = [[PLACES[k], *(str(row[k]) for row in rows)] for k in order]
    columns += [["Total", *(str(sum(row)) for row in rows)], [*TYPES, "Total"]]
    assert items(counted(columns)) == EXPECTED


def test_years_before_their_label_are_never_added() -> None:
    """The last year alone counts: 3 + 4 + 1 = 8."""
    columns = [[str(2022 + k), *column[1:]] for k, column in enumerate(COLUMNS.values())]
    found = counted([*columns, TYPES])
    assert sum(found.table["quantity"].to_pylist()) == 8.0


def test_numbers_of_models_are_no_counts_wherever_the_model_stands() -> None:
    columns = [["Cuivre", "24", "8"], ["Fibre", "4", "2"], ["Type", "Switch", "Routeur"]]
    found = counted([*columns, ["Modèle", "A", "B"]])
    assert "quantity" not in found.table.column_names
    assert len(found) == 2
