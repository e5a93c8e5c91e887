"""Sheets of agents below a title, or without any day: the day is the title's, or is asked for."""

from __future__ import annotations

import reen

from .workbooks import workbook_of

PARC = (("N° inv", "Type", "Qté"), ("M1", "PC portable", 10))
AGENTS = (
    ("Direction", "Responsable", "Nombre d'agents"),
    ("Administration", "Jean-Yves Quéméner", 34),
    ("Technique", "Gwenola Menguy", 41),
    ("Total", None, 75),
)


def test_a_title_dates_the_agents_below_it() -> None:
    """34 + 41 agents on the day of the title; the total is none of them."""
    title = ("Effectifs au 31/12/2025", None, None)
    data = workbook_of({"Parc": PARC, "Agents": (title, *AGENTS)})
    found = reen.read(data, name="a.xlsx")
    staff = found.tables["headcount"]
    assert staff["agents"].to_pylist() == [34.0, 41.0]
    assert staff["entity"].to_pylist() == ["Administration", "Technique"]
    assert {str(day) for day in staff["date"].to_pylist()} == {"2025-12-31"}
    assert "Menguy" not in str(found.issues) + str(staff.to_pylist())


def test_agents_without_a_day_are_asked_for_their_day() -> None:
    found = reen.read(workbook_of({"Parc": PARC, "Agents": AGENTS}), name="a.xlsx")
    (issue,) = [each for each in found.issues if each.severity.name == "REJECTED"]
    assert issue.reason.code != "no_equipment_columns"
    assert "date" in str(issue.reason.details)


def test_a_title_is_no_group_of_headers() -> None:
    title = ("Matériel au 31/12/2025", None, None)
    header = ("Chose", "Couleur", "Poids")
    found = reen.read(
        workbook_of({"Parc": PARC, "Divers": (title, header, ("a", "b", "c"))}), name="a.xlsx"
    )
    assert "31/12/2025 - " not in str(found.issues) + str(found.reports)
