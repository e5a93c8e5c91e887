"""`reen explain`: one row's formula, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reen

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

BASE_CARBONE = ("--method", "base-carbone", "--as-of", "2022-12-31")


@pytest.mark.parametrize("row", ["PC-2", "3", "fleet.csv:3"])
def test_a_row_is_named_by_its_id_or_line(typed: Typed, fleet: Path, row: str) -> None:
    run = typed("explain", "--full", fleet, row, *BASE_CARBONE)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("PC-2, fleet.csv:3, laptop")


def test_the_page_says_what_the_library_says(typed: Typed, fleet: Path) -> None:
    page = typed("explain", "--full", fleet, "PC-2", *BASE_CARBONE).out
    explanation = reen.explain(
        reen.read(fleet), row="PC-2", method="base-carbone", as_of="2022-12-31"
    )
    assert " ".join(page.split()) == " ".join(str(explanation).split())
    assert max(map(len, page.splitlines())) <= 100


def test_json_holds_the_same_numbers(typed: Typed, fleet: Path) -> None:
    run = typed("explain", "--full", fleet, "PC-2", *BASE_CARBONE, "--format", "json")
    content = json.loads(run.out)
    explanation = reen.explain(
        reen.read(fleet), row="PC-2", method="base-carbone", as_of="2022-12-31"
    )
    values = [impact["value"] for each in content["exchanges"] for impact in each["impacts"]]
    assert sum(values) == pytest.approx(explanation.total())
    drivers = {each["name"]: each["value"] for each in content["exchanges"][0]["drivers"]}
    assert drivers["quantity"] == 400.0
    assert content["exchanges"][1]["assumed"]


def test_a_row_left_out_says_why(typed: Typed, fleet: Path) -> None:
    run = typed("explain", "--full", fleet, "SV-1", *BASE_CARBONE, "--format", "json")
    first = json.loads(run.out)["exchanges"][0]
    assert (first["status"], first["reason"], first["amount"]) == (
        "left out",
        {"code": "missing", "details": {"column": "quantity"}, "text": "quantity unknown"},
        None,
    )


def test_an_unknown_row_is_refused_with_the_nearest(typed: Typed, fleet: Path) -> None:
    run = typed("explain", "--full", fleet, "PC-22", *BASE_CARBONE)
    assert run.code == 2
    assert run.err.startswith("error: The inventory has no row 'PC-22'. Did you mean 'PC-2'")
