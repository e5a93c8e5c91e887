"""`reen change`: what its page says in both languages, and that its data are the library's own.

100 laptops kept 5 years, then 80 kept 6 years and one row that is not read, by the 156 kg of
`base-carbone` without use: fleet -20 x 156 x (1/5 + 1/6) / 2 = -572, lifetime 90 x 156 x (1/6 -
1/5) = -468; the screens are the same.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import reen

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

HEADER = "id;type;quantité;entité;durée de vie;pays\n"
NO_USE = ("--method", "base-carbone", "--option", "use_stage=false")


@pytest.fixture
def years(tmp_path: Path) -> tuple[Path, Path]:
    """Return the files of two years."""
    rows = (
        "A1;ordinateur portable;60;Mairie;5;FR\nA2;ordinateur portable;40;Écoles;5;FR\n",
        "A1;ordinateur portable;50;Mairie;6;FR\nA2;ordinateur portable;30;Écoles;6;FR\n",
    )
    paths = (tmp_path / "parc-2024.csv", tmp_path / "parc-2025.csv")
    for path, text in zip(paths, rows, strict=True):
        path.write_text(f"{HEADER}{text}B1;écran;50;Mairie;6;FR\n", encoding="utf-8")
    return paths


def lines_of(page: str) -> list[str]:
    return [" ".join(line.split()) for line in page.splitlines()]


@pytest.mark.slow
def test_the_page_says_why(typed: Typed, years: tuple[Path, Path]) -> None:
    dates = ("--before-as-of", "2024-12-31", "--as-of", "2025-12-31")
    run = typed("change", "--full", *years, *NO_USE, *dates, "--by", "entity")
    assert (run.code, run.err) == (0, "")
    lines = lines_of(run.out)
    assert lines[0] == "Climate change, tCO2e/year"
    said = " ".join(lines[1:3]).strip()
    assert said.endswith("-1.040, of which -0.572 by fewer items and -0.468 by longer lives.")
    assert any(line.startswith("parc-2024.csv, measured again 2024-12-31") for line in lines)
    assert any(line.startswith("number of items: kept -0.572") for line in lines)
    assert "number of items: kept Laptop -0.572 55%" in lines
    assert "lifetimes Écoles -0.182 18%" in lines  # 35 x 156 x (1/6 - 1/5)
    assert "parc-2025.csv: 3 rows: 3 counted" in lines


@pytest.mark.slow
def test_the_page_in_french(typed: Typed, years: tuple[Path, Path]) -> None:
    run = typed("change", "--full", *years, *NO_USE, "--as-of", "2025-12-31", "--lang", "fr")
    lines = lines_of(run.out)
    assert lines[0] == "Changement climatique, t CO₂e/an"
    assert "dont -0,572 par la baisse du nombre d'équipements" in " ".join(lines)
    assert "Les deux années sont mesurées au 31 décembre 2025" in " ".join(lines)


@pytest.mark.slow
def test_a_word_that_is_not_read_makes_fewer_items_doubtful(
    typed: Typed, years: tuple[Path, Path]
) -> None:
    with years[1].open("a", encoding="utf-8") as file:
        file.write("C1;machin;20;Mairie;6;FR\n")
    run = typed("change", "--full", *years, *NO_USE, "--as-of", "2025-12-31")
    assert run.code == 0
    text = " ".join(lines_of(run.out))
    assert "(doubtful: see what is not read)" in text
    assert "fewer items" not in text
    assert "At 28.60 kgCO2e/year for each item" in text or "At 0.029 tCO2e/year for each" in text


def test_data_are_those_of_the_library(
    typed: Typed, years: tuple[Path, Path], tmp_path: Path
) -> None:
    asked = ("change", *years, *NO_USE, "--as-of", "2025-12-31")
    method = reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"})
    expected = reen.change(*years, method=method, as_of="2025-12-31")
    assert json.loads(typed(*asked, "--format", "json").out)["form"] == "reen-change/1"
    typed(*asked, "--output", tmp_path / "change.json")
    assert reen.stored.read_change(tmp_path / "change.json") == expected
    rows = list(csv.DictReader(io.StringIO(typed(*asked, "--format", "csv").out)))
    assert [row["cause"] for row in rows] == expected.to_arrow().column("cause").to_pylist()
    records = csv.DictReader(io.StringIO(typed(*asked, "--table", "rows", "--format", "csv").out))
    of_items = [row for row in records if row["kind"] == "item"]
    assert of_items[0]["drivers"] == "quantity 60.0 item; per_lifetime 0.2 1/year"
    assert [(row["when"], row["id"], row["fate"]) for row in of_items] == [
        (year, name, "kept") for year in ("before", "after") for name in ("A1", "A2", "B1")
    ]
    typed(*asked, "--output", tmp_path / "effects.parquet")
    assert pq.read_table(tmp_path / "effects.parquet").equals(expected.to_arrow())


@pytest.mark.slow
def test_the_printed_year_stays_beside(
    typed: Typed, years: tuple[Path, Path], tmp_path: Path
) -> None:
    """Printed by the packs of that time, it is made again by them: nothing stands apart."""
    printed = tmp_path / "footprint-2024.json"
    then = ("--pack", "base-carbone@2026.1", "--as-of", "2024-12-31")
    assert typed("measure", years[0], *NO_USE, *then, "--output", printed).code == 0
    run = typed("change", "--full", *years, *NO_USE, "--as-of", "2025-12-31", "--printed", printed)
    lines = lines_of(run.out)
    assert any(line.startswith("parc-2024.csv, as printed 2024-12-31") for line in lines)
    assert any(line.startswith("parc-2024.csv, as measured then 2024-12-31") for line in lines)
    assert not any("figure as printed" in line for line in lines)
    assert "base-carbone 2026.1" in " ".join(lines)


@pytest.mark.slow
def test_an_option_of_the_first_year(typed: Typed, years: tuple[Path, Path]) -> None:
    """Measured then with its use, the first year is measured again without."""
    run = typed(
        *("change", *years, *NO_USE, "--as-of", "2025-12-31"),
        *("--before-option", "use_stage=true"),
    )
    assert run.code == 0
    assert any(line.startswith("parc-2024.csv, as measured then") for line in lines_of(run.out))
    wrong = typed("change", "--full", *years, *NO_USE, "--before-pack", "base-carbone@1999")
    assert wrong.code == 2
    assert "1999" in wrong.err


def test_the_part_of_one_organisation(
    typed: Typed, years: tuple[Path, Path], tmp_path: Path
) -> None:
    """The schools belong to the agglomeration: 40 laptops, then 30.

    -10 x 156 x (1/5 + 1/6) / 2 = -286 by fewer items.
    """
    rules = tmp_path / "partage.toml"
    rules.write_text(
        '[perimeters]\nville = "Ville"\nagglo = "Agglo"\n'
        '[rows]\n"Mairie" = "ville"\n"Écoles" = "agglo"\n',
        encoding="utf-8",
    )
    asked = ("change", *years, *NO_USE, "--as-of", "2025-12-31", "--perimeter")
    run = typed(*asked, f"{rules}:agglo")
    assert (run.code, run.err) == (0, "")
    assert "-286.0 by fewer items" in " ".join(lines_of(run.out))
    wrong = typed(*asked, f"{rules}:autre")
    assert wrong.code == 2
    assert "one of ville, agglo" in wrong.err
