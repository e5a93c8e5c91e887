"""Groups above the types of a table of counts by place: who uses them, in the place of the row."""

from __future__ import annotations

import pytest

import reen
from reen.errors import InventoryError
from reen.types import Severity

TITLES = "VILLE DE SAINT-AUBIN;;;;;\nParc des écoles au 14/11/2025;;;;;\n;;;;;\n"
GROUPS = ";Élèves;;Enseignants;;\n"
#: 6 + 4 + 1 + 2 = 13, and 24 + 12 + 3 + 5 = 44: 57 items in 8 counts, of which 9 laptops.
LINES = (
    "{corner};PC fixe;PC portable;PC fixe;PC portable;Observations\n"
    "Maternelle Macé;6;4;1;2;\n"
    "Primaire Ferry;24;12;3;5;à recompter\n"
)


def read(text: str) -> reen.Inventory:
    """Read the text of a sheet."""
    return reen.read(text.encode(), name="ecoles.csv")


def counted(inventory: reen.Inventory) -> dict[tuple[str, str], float]:
    """Return the items of each type and place."""
    table = inventory.table
    found: dict[tuple[str, str], float] = {}
    place = "entity" if "entity" in table.column_names else "site"
    columns = (table[name].to_pylist() for name in (place, "equipment_type", "quantity"))
    for site, kind, quantity in zip(*columns, strict=True):
        found[site, kind] = found.get((site, kind), 0.0) + quantity
    return found


COUNTS = {
    ("Maternelle Macé", "desktop"): 7.0,
    ("Maternelle Macé", "laptop"): 6.0,
    ("Primaire Ferry", "desktop"): 27.0,
    ("Primaire Ferry", "laptop"): 17.0,
}


@pytest.mark.parametrize("corner", ["École", "Établissement", "Site"])
@pytest.mark.parametrize("above", ["", TITLES])
def test_groups_of_users_stand_above_the_types(corner: str, above: str) -> None:
    """6 + 1, 4 + 2, 24 + 3 and 12 + 5: the pupils' and the teachers' are those of their school."""
    found = read(above + GROUPS + LINES.format(corner=corner))
    assert counted(found) == COUNTS
    assert not any(each.severity is Severity.REJECTED for each in found.issues)


@pytest.mark.parametrize(
    "groups",
    [
        ";Élèves;;Total;;\n",
        ";Parc;;Dont HS;;\n",
        ";Parc;;Besoins 2026;;\n",
        ";Parc;;Commandés;;\n",
    ],
)
def test_a_group_of_what_is_not_there_is_not_counted(groups: str) -> None:
    """Control: what adds up the others, or is wished for, counts nothing: nothing is read as it."""
    with pytest.raises(InventoryError):
        read(groups + LINES.format(corner="Site"))


def test_remarks_are_no_places() -> None:
    """Control: below a blank corner the remarks name no place, and half of the rows have none."""
    with pytest.raises(InventoryError):
        read(GROUPS + LINES.format(corner=""))


def test_a_list_without_groups_reads_as_before() -> None:
    """Control: one row of headers, 30 + 16 items."""
    text = "Site;PC fixe;PC portable\nMaternelle Macé;6;4\nPrimaire Ferry;24;12\n"
    assert sum(counted(read(text)).values()) == 46
