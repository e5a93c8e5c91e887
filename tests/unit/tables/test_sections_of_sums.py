"""A section that is titled as a summary repeats the rows of the others, which count once."""

from __future__ import annotations

import pytest

import reen
from reen.types import Fate

from .workbooks import workbook_of

LIST = ("Type;Quantité;Pays", "PC portable;7;FR", "Serveur;3;FR")
SUMMARY = ("PC portable;7;", "Serveur;3;")


def both(*lines: str) -> tuple[reen.Inventory, reen.Inventory]:
    rows = [[int(c) if c.isdigit() else c or None for c in line.split(";")] for line in lines]
    return (
        reen.read("\n".join(lines).encode(), name="parc.csv"),
        reen.read(workbook_of({"Parc": rows}), name="parc.xlsx"),
    )


@pytest.mark.parametrize("title", ["Synthèse", "Récapitulatif", "RECAP", "Synthèse du parc"])
@pytest.mark.parametrize("above", [(), ("Mairie;;",)])
def test_a_summary_of_a_list_is_counted_once(title: str, above: tuple[str, ...]) -> None:
    """7 + 3 = 10 items, whether or not the list has a title."""
    for found in both(LIST[0], *above, *LIST[1:], f"{title};;", *SUMMARY):
        assert found.account.items_of(Fate.COUNTED) == 10.0
        assert found.account.rows_of(Fate.SET_ASIDE) == len((*above, title, *SUMMARY))
        assert found.account.is_complete


def test_a_summary_that_is_not_the_sum_is_a_doubt() -> None:
    """8 laptops where the list has 7: both are counted, 21 items, until somebody says which."""
    for found in both(*LIST, "Synthèse;;", "PC portable;8;", "Serveur;3;"):
        assert found.account.items_of(Fate.COUNTED) == 21.0
        assert [each.reason.code for each in found.account.doubts] == ["sums_agree_in_part"]


def test_a_section_with_another_title_counts() -> None:
    """7 + 3 items of the list and as many of the annexe."""
    for found in both(*LIST, "Annexe;;", *SUMMARY):
        assert found.account.items_of(Fate.COUNTED) == 20.0
        assert found.account.is_complete
