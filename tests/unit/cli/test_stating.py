"""The command `statement`: pages in two languages, data for programs, and what it refuses."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reen.cli.app import app

FLEET = (
    "id;Type;Quantité;Durée de vie;Pays;Conso annuelle (kWh)\nL1;Ordinateur portable;10;5;FR;30\n"
)
SPENT = "Type de prestation;Montant HT;Année des prix\nSaaS;10000;2023\nZorglub;5;2023\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Write a fleet and a list of services."""
    found = []
    for name, text in (("parc.csv", FLEET), ("prestations.csv", SPENT)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        found.append(str(tmp_path / name))
    return found


def run(*arguments: str) -> tuple[int, str, str]:
    out, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(errors),
        pytest.raises(SystemExit) as end,
    ):
        app(["statement", "--full", *arguments], prog_name="reen")
    assert isinstance(end.value.code, int)
    for stream in (out, errors):
        stream.seek(0)
    return end.value.code, out.read(), errors.read()


COMMON = ("-m", "base-carbone", "--as-of", "2023-12-31")


def test_the_page_in_french(files: list[str]) -> None:
    """10 laptops of 156 kg over 5 years are 0.312 t; 10,000 EUR of services 0.75 t."""
    code, out, _ = run(*files, *COMMON, "--scheme", "beges-v5", "--lang", "fr")
    assert code == 0
    assert "4.2  immobilisations de biens" in out
    assert "0,312" in out
    assert "0,750" in out
    assert "somme des postes : au moins 1,079 t\N{NO-BREAK SPACE}CO₂e" in out
    assert "4.5 : 1 ligne manque : type de service inconnu" in out
    assert "4.2 : le mode d'acquisition" in out
    assert "4.5 : ADEME, Base Carbone V23.6, 43445" in out.replace("4.5: ADEME", "4.5 : ADEME")


def test_the_page_of_the_ghg_protocol(files: list[str]) -> None:
    """Without a date of purchase, capital goods are unknown; the page names the difference."""
    code, out, _ = run(*files, *COMMON, "--scheme", "ghg-protocol", "--market", "FR=0,01")
    assert code == 0
    assert "3.2: 1 row missing: purchase_date unknown" in out
    assert "electricity by contracts" in out
    assert "footprint by the method: at least 1.079 tCO2e" in out


@pytest.mark.slow
def test_as_data(files: list[str], tmp_path: Path) -> None:
    code, out, _ = run(*files, *COMMON, "--scheme", "beges-v5", "--format", "json")
    assert code == 0
    content = json.loads(out)
    lines = {line["code"]: line["value"] for line in content["lines"]}
    assert lines["4.2"] == pytest.approx(312.0)
    assert lines["4.4"] is None
    assert content["lower_bound"]
    assert content["total"] == pytest.approx(content["footprint"])
    code, out, _ = run(*files, *COMMON, "--scheme", "beges-v5", "--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(out.splitlines()))
    assert [row["code"] for row in rows][:2] == ["2.1", "4.1"]
    path = tmp_path / "beges.parquet"
    assert run(*files, *COMMON, "--scheme", "beges-v5", "--output", str(path))[0] == 0
    assert pq.read_table(path).num_rows == 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scheme", "beges-v4"), "beges-v5"),
        (("--scheme", "beges-v5", "--market", "FR"), "PLACE=KG"),
        (("--scheme", "beges-v5", "--market", "FR=much"), "no number"),
        (("--scheme", "beges-v5", "--market", "FR=-1"), "0 or more"),
    ],
)
def test_what_is_refused(files: list[str], arguments: tuple[str, ...], said: str) -> None:
    code, _, err = run(*files, *COMMON, *arguments)
    assert code == 2
    assert said in err
