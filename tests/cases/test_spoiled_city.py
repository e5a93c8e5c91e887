"""Cells of the invented city that nobody can read: the truth stays between the ends of each figure.

Ten kinds of bad files, each a column of which every fourth cell says something that is no word of
ours, or nothing at all.  No verdict turns green, and no value is settled that is another one.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import reen

YEAR = ("2025-01-01", "2025-12-31")

SPOILED = (
    ("parc.csv", "Statut"),
    ("parc.csv", "Type"),
    ("achats.csv", "Reconditionné"),
    ("achats.csv", "PU HT"),
    ("sorties.csv", "Destination"),
    ("sorties.csv", "Date de sortie"),
    ("marches.csv", "Clause environnementale"),
    ("reparations.csv", "Issue"),
    ("energie.csv", "Périmètre"),
    ("evenements.csv", "Type d'événement"),
    ("maturite.csv", "Dimension"),
    ("projets.csv", "Score RGESN (%)"),
)


def figures(*paths: Path) -> dict[tuple[str, str], reen.types.IndicatorValue]:
    values = reen.indicators(inventory=reen.read(paths), period=YEAR)
    return {(value.indicator, value.subject): value for value in values}


@pytest.mark.slow
@pytest.mark.parametrize("word", ["zorglub", ""])
@pytest.mark.parametrize(("name", "header"), SPOILED)
def test_the_truth_lies_between_the_ends(
    repository: Path, tmp_path: Path, name: str, header: str, word: str
) -> None:
    folder = repository / "examples" / "ville" / "2025"
    if not folder.is_dir():
        pytest.skip("the examples are not part of an installed package")
    if (header, word) == ("Statut", ""):
        pytest.skip("a blank status is in the fleet, by rule")
    people = folder / "effectifs.csv"
    truth = figures(folder / name, people)
    with (folder / name).open(encoding="utf-8", newline="") as file:
        header_row, *rows = csv.reader(file, delimiter=";")
    at = header_row.index(header)
    assert any(row[at] for row in rows[::4])
    for row in rows[::4]:
        row[at] = word
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header_row, *rows])
    found = figures(tmp_path / name, people)
    compared = 0
    for key, true in truth.items():
        spoiled = found.get(key)
        if true.value is None or spoiled is None:
            continue
        compared += 1
        if spoiled.value is None:
            continue  # left out, with the reason
        least, most = spoiled.ends
        slack = 1e-9 * max(1.0, abs(true.value))
        assert least is None or least <= true.value + slack, key
        assert most is None or most >= true.value - slack, key
        assert spoiled.meets_target is not True or true.meets_target, key
    assert compared
