"""Rows whose description says several types: the question is which, not that they are blank."""

from __future__ import annotations

import reen

ROWS = (
    "N° inv;Désignation;Modèle;Qté\nM1;Accueil du public;Latitude 5420;10\nM2;Portable;;2\n"
    "M3;Salle 3;Latitude 5420;1\n"
)


def test_a_description_that_may_be_several_types_is_asked_as_such() -> None:
    found = reen.read(ROWS.encode(), name="a.csv")
    (asked,) = [each for each in found.worklist if each.column == "equipment_type"]
    assert asked.reason.code == "type_left_open"
    assert "laptop" in asked.proposals


def test_the_assumption_names_a_header_that_may_hold_the_type() -> None:
    (report,) = reen.read(ROWS.encode(), name="a.csv").reports
    (said,) = [str(each) for each in report.assumptions if each.code == "read_no_type"]
    assert "'Désignation'" in said
    assert "--column" in said
