"""Tables of counts as they come: places with parts, and counts with thousands and decimals."""

from __future__ import annotations

import pytest

import reen
from reen.types import Fate

#: 15 + 4 + 12 + 5 = 36 laptops, 6 + 2 + 0 + 3 = 11 desktops: 47 items.
BODY = "Ordinateurs portables;15;4;12;5;36\nPC fixes;6;2;0;3;11\nTotal;21;6;12;8;47\n"


@pytest.mark.parametrize("corner", ["Type", "Matériel", "Machin"])
@pytest.mark.parametrize(
    "lower",
    [
        ("Élèves", "Enseignants", "Élèves", "Enseignants"),
        ("Salle info", "Classe mobile", "Salle info", "Classe mobile"),
        ("Culture", "Finances", "Sports", "Urbanisme"),
        ("RDC", "1er étage", "RDC", "2e étage"),
    ],
)
@pytest.mark.parametrize("merged", [True, False], ids=["merged", "blank"])
def test_parts_of_places_are_counts_of_the_place(
    corner: str, lower: tuple[str, ...], *, merged: bool
) -> None:
    """Each of the seven counts that are not 0 is a record of the place above it."""
    ends = (corner, "Total") if merged else ("", "")
    text = (
        f"{corner};École Jules Ferry;;Mairie annexe;;Total\n"
        f"{ends[0]};{';'.join(lower)};{ends[1]}\n{BODY}"
    )
    found = reen.read(text.encode(), name="ecoles.csv")
    assert found.account.items_of(Fate.COUNTED) == 47.0
    assert found.account.doubts == ()
    rows = found.table.to_pylist()
    assert [row["site"] for row in rows[:4]] == ["École Jules Ferry"] * 2 + ["Mairie annexe"] * 2
    assert [row["quantity"] for row in rows] == [15.0, 4.0, 12.0, 5.0, 6.0, 2.0, 3.0]


@pytest.mark.parametrize(
    "thousand", ["1 920,00", "1\u202f920,00", "1.920,00", "1,920.00", "1920,00"]
)
def test_counts_with_decimals_of_zero_and_thousands_are_counts(thousand: str) -> None:
    """1,920 + 1,000 + 12 + 3 = 2,935."""
    mark = "." if thousand.endswith(".00") else ","
    cells = [thousand, f"1000{mark}00", f"12{mark}00", f"3{mark}00"]
    text = "Type;Mairie;École\nPC fixe;{};{}\nÉcran;{};{}\n".format(*cells)
    found = reen.read(text.encode(), name="parc.csv")
    assert found.account.items_of(Fate.COUNTED) == 2935.0
    assert found.account.doubts == ()
