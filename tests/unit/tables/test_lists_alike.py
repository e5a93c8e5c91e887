"""A list by hand beside the export of a tool: a doubt where both have the same devices."""

from __future__ import annotations

from pathlib import Path

import pytest

import reen


def export(rows: int, *, place: str = "CCAS") -> str:
    lines = "".join(f"HP;5CD{k:04}A;Notebook;HP ProBook 450 G8;{place}\n" for k in range(rows))
    return f"Fabricant;Numéro de série;Type;Modèle;Lieu\n{lines}"


def by_hand(number: int, *, model: str = "HP ProBook 450 G8", place: str = "CCAS") -> str:
    return f"Type;Modèle;Quantité;Lieu\nPC portable;{model};{number};{place}\n"


def read(folder: Path, *texts: str) -> reen.Inventory:
    paths = [folder / f"{place}.csv" for place in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return reen.read(*paths)


@pytest.mark.parametrize("model", ["HP ProBook 450 G8", "ProBook 450 G8"])
def test_the_same_devices_by_hand_and_by_a_tool_are_in_doubt(tmp_path: Path, model: str) -> None:
    """10 laptops of one model at one place in both: 20 are counted, and said to be doubtful."""
    found = read(tmp_path, by_hand(10, model=model), export(10))
    (issue,) = [each for each in found.issues if each.reason.code == "lists_may_be_the_same"]
    assert (issue.source, issue.reason.details) == ("0.csv", (("other", "1.csv"), ("total", 10.0)))
    assert sum(found.table["quantity"].to_pylist()) == 20.0


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (by_hand(9), export(10)),
        (by_hand(10, place="Mairie"), export(10)),
        (by_hand(10, model="HP ProBook 640"), export(10)),
        (by_hand(4), export(4)),
        (export(10), export(10).replace("5CD", "8FK")),
    ],
)
def test_lists_that_differ_or_name_their_devices_are_not(
    tmp_path: Path, left: str, right: str
) -> None:
    found = read(tmp_path, left, right)
    assert "lists_may_be_the_same" not in [each.reason.code for each in found.issues]
