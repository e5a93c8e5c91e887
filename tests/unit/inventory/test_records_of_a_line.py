"""A record of a table of counts is named by its line and its type, as the error says."""

from __future__ import annotations

import re

import pytest

import reen
from reen.errors import InventoryError, UnknownNameError

#: 6 + 4 + 1 = 11 items of the first school in line 2, and 24 + 12 + 3 of the second in line 3.
COUNTS = "Site;PC fixe;PC portable;Écran\nMacé;6;4;1\nFerry;24;12;3\n"
#: Two columns of one type, under the pupils and the teachers.
GROUPS = ";Élèves;Enseignants;Élèves\nSite;PC fixe;PC fixe;Écran\nMacé;6;4;1\nFerry;24;12;3\n"


def explained(text: str, row: str) -> str:
    """Return the explanation of a row of a list."""
    inventory = reen.read(text.encode(), name="ecoles.csv", country="FR")
    return str(reen.explain(inventory, row=row, method="base-carbone", as_of="2025-12-31"))


@pytest.mark.parametrize(
    ("row", "items"),
    [
        ("ecoles.csv:2:PC fixe", 6),
        ("ecoles.csv:2:desktop", 6),
        ("ecoles.csv:2:ecran", 1),
        ("ecoles.csv:2:2", 4),
        ("ecoles.csv:3:PC portable", 12),
    ],
)
def test_a_record_is_named_by_its_type_or_its_number(row: str, items: int) -> None:
    """Line 2 has 6 desktops, 4 laptops and 1 monitor, in this order; line 3 has 12 laptops."""
    assert f"{items} item (quantity)" in explained(COUNTS, row)


@pytest.mark.parametrize("text", [COUNTS, GROUPS])
def test_what_the_error_offers_works(text: str) -> None:
    """Each of the 3 places that the error names is one row, and they are not the same."""
    line = "ecoles.csv:3" if text is GROUPS else "ecoles.csv:2"
    with pytest.raises(InventoryError) as caught:
        explained(text, line)
    (places,) = re.findall(r"\((.*)\)", str(caught.value))
    found = {explained(text, place).splitlines()[1] for place in places.split(", ")}
    assert len(found) == 3


def test_a_record_that_is_not_there_is_unknown() -> None:
    """Control: line 2 counts no printer, and has no fourth record."""
    for row in ("ecoles.csv:2:Imprimante", "ecoles.csv:2:4", "ecoles.csv:2:0", "ecoles.csv:9:1"):
        with pytest.raises(UnknownNameError):
            explained(COUNTS, row)


def test_a_line_of_one_asset_is_named_as_before() -> None:
    """Control: a list has one asset in a line."""
    assert "3 item (quantity)" in explained("Type;Nombre\nÉcran;3\nPC portable;2\n", "ecoles.csv:2")
