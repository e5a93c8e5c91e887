"""Counts that only the total row of a headcount gives: used as the whole, or named."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

import reen
from reen.inventory.record_kinds import Headcount

END = dt.date(2025, 12, 31)
HEAD = "Date;Service;Agents;Habitants\n"
PARTS = "31/12/2025;Mairie;120;\n31/12/2025;CCAS;30;\n"


def counts(inventory: reen.Inventory, column: str) -> dict[str, float]:
    held = Headcount.held_by(inventory)
    assert held is not None
    return {name: number for name, (number, _) in held.latest(END, column).items()}


def codes(inventory: reen.Inventory) -> set[str]:
    return {each.reason.code for each in inventory.issues}


@pytest.mark.parametrize(
    "total",
    [
        "31/12/2025;Total;150;12500\n",
        "Total;;150;12500\n",
        ";TOTAL GÉNÉRAL;150;12 500\n",
        ";Total;;12500\n",
        # a total that is wrong for the agents is told, and counts no agent
        "31/12/2025;Total;160;12500\n",
    ],
)
def test_inhabitants_of_the_total_row(total: str) -> None:
    found = reen.read((HEAD + PARTS + total).encode(), name="effectifs.csv")
    assert counts(found, "agents") == {"Mairie": 120.0, "CCAS": 30.0}
    assert counts(found, "inhabitants") == {"": 12500.0}
    assert "count_of_total_row" in codes(found)
    assert ("wrong_total" in codes(found)) == ("160" in total)


def test_agents_of_the_total_row() -> None:
    """The other way round: the inhabitants of each town, the agents of all of them."""
    text = HEAD + "31/12/2025;Villeneuve;;800\n31/12/2025;Bourg;;200\n31/12/2025;Total;40;1000\n"
    found = reen.read(text.encode(), name="effectifs.csv")
    assert counts(found, "agents") == {"": 40.0}
    assert counts(found, "inhabitants") == {"Villeneuve": 800.0, "Bourg": 200.0}


def test_a_total_for_each_year() -> None:
    before = PARTS.replace("2025", "2024") + "31/12/2024;Total;150;12400\n"
    found = reen.read((HEAD + before + PARTS + ";Total;150;12500\n").encode(), name="effectifs.csv")
    assert counts(found, "inhabitants") == {"": 12500.0}
    held = Headcount.held_by(found)
    assert held is not None
    assert held.latest(dt.date(2024, 12, 31), "inhabitants")[""][0] == 12400.0


def test_two_totals_of_one_day_are_named() -> None:
    totals = "31/12/2025;Total;150;12500\n31/12/2025;Total général;150;12900\n"
    found = reen.read((HEAD + PARTS + totals).encode(), name="effectifs.csv")
    assert counts(found, "inhabitants") == {}
    assert "counts_of_total_rows" in codes(found)


def test_a_total_that_says_nothing_of_its_own_is_set_aside() -> None:
    text = HEAD + "31/12/2025;Mairie;120;800\n31/12/2025;CCAS;30;200\n31/12/2025;Total;150;1000\n"
    found = reen.read(text.encode(), name="effectifs.csv")
    assert counts(found, "inhabitants") == {"Mairie": 800.0, "CCAS": 200.0}
    assert "count_of_total_row" not in codes(found)


def test_a_blank_part_is_still_not_known() -> None:
    """Inhabitants of one part are said, so that the blank of another is no whole."""
    text = HEAD + "31/12/2025;Mairie;120;800\n31/12/2025;CCAS;30;\n31/12/2025;Total;150;1000\n"
    found = counts(reen.read(text.encode(), name="effectifs.csv"), "inhabitants")
    assert found["CCAS"] != found["CCAS"]


def test_of_a_workbook() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("Date", "Service", "Agents", "Habitants"),
        (dt.date(2025, 12, 31), "Mairie", 120, None),
        (dt.date(2025, 12, 31), "CCAS", 30, None),
        ("Total", None, 150, 12500),
    ):
        sheet.append(row)
    given = io.BytesIO()
    book.save(given)
    found = reen.read(given.getvalue(), name="effectifs.xlsx")
    assert counts(found, "agents") == {"Mairie": 120.0, "CCAS": 30.0}
    assert counts(found, "inhabitants") == {"": 12500.0}
