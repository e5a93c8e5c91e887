"""The first hour of a researcher and of a vendor: plain lines that work, or an error that helps.

Every line of `WORKS` gives a result; every line of `HELPS` ends in a documented error (a
`ReenError`) that says what was found and what was expected: no other exception leaves the library.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

import reen
from reen.errors import ReenError
from reen_plugins.base_carbone import BaseCarbone  # noqa: F401 - named by the lines

PARC = (
    "N° d'inventaire;Type;Modèle;Nombre;Durée de vie (ans);Pays;Direction\n"
    "PC-0042;PC portable;Latitude 5420;12;5;FR;DSI\n"
    "EC-1;Écran;P2419H;3;6,5;FR;RH\n"
)
DAY = "2025-12-31"

WORKS = """
reen.read("parc.csv")
reen.read(PARC.encode(), name="parc.csv")
reen.read(io.BytesIO(PARC.encode()), name="parc.csv")
reen.read(io.StringIO(PARC), name="parc.csv")
reen.read(open("parc.csv", "rb"))
reen.read(Path("parc.csv"))
reen.read(frame())
reen.read(frame(), name="parc", country="FR")
reen.read(polars_frame())
reen.read(frame().rename(columns={"Nombre": "quantity"}))
reen.measure("parc.csv", "base-carbone", as_of=DAY)
reen.measure(frame(), "base-carbone", as_of=DAY)
reen.measure(inventory, "base-carbone", use_stage=False, as_of=DAY)
reen.measure(inventory, BaseCarbone(use_stage=False), as_of=DAY)
reen.measure(inventory, reen.configure(BaseCarbone(), {"use_stage": "false"}), as_of=DAY)
reen.measure(inventory, "base-carbone", by="entity", as_of=DAY)
reen.measure(reen.Equipment("laptop", lifetime="5 year", country="FR"), "base-carbone", as_of=DAY)
footprint.total() + footprint.total()
sum(footprint.totals())
footprint.total().to("tCO2e/year")
float(footprint.total())
footprint.total().quantity
footprint.to_pandas()
footprint.to_polars()
footprint.coverage.to_pandas()
footprint.by("equipment_type")
footprint.plot()
footprint.view().to_dict()
footprint._repr_html_()
reen.explain(inventory, "PC-0042", method="base-carbone", as_of=DAY)
reen.explain(inventory, "parc.csv:3", method="base-carbone", as_of=DAY)
reen.explain(inventory, 1, method="base-carbone", use_stage=False, as_of=DAY).to_pandas()
reen.compare(inventory, ["declared", "base-carbone"], as_of=DAY)
reen.compare(inventory, [BaseCarbone(), BaseCarbone(amortisation="accounting")], as_of=DAY)
reen.change(inventory, inventory, "base-carbone", as_of=DAY)
reen.trace(inventory, "base-carbone", as_of=DAY).read_all().to_pandas()
reen.statement(inventory, "base-carbone", scheme="beges-v5", as_of=DAY)
reen.indicators(inventory, footprint=footprint)
reen.cite(footprint).bibtex()
reen.stored.json_schema("footprint")
reen.stored.footprint_from_json(reen.stored.footprint_to_json(footprint))
inventory.to_pandas()
inventory.worklist[0:2]
inventory + inventory
__import__("pickle").loads(__import__("pickle").dumps(footprint))
"""

HELPS = """
reen.read("absent.csv")
reen.read(PARC.encode())
reen.read(io.StringIO(PARC))
reen.read(12)
reen.read(inventory)
reen.read({"Type": ["PC portable"]})
reen.read(b"", name="parc.csv")
reen.read(b"\\x00\\xff" * 40, name="parc.xlsx")
reen.read(frame()[["Direction"]])
reen.read("parc.csv", mapping={"Nombre": 3})
reen.read("parc.csv", columns={"Absent": "quantity"})
reen.measure("parc.csv", "base-carbonne")
reen.measure(inventory, "base-carbone", use_stages=False)
reen.measure(inventory, "base-carbone", use_stage="perhaps")
reen.measure(inventory, BaseCarbone)
reen.measure(inventory, None)
reen.measure(None, "base-carbone")
reen.measure(frame()[["Direction"]], "base-carbone")
reen.measure(inventory, "base-carbone", as_of="31/12/2025")
reen.measure(inventory, "base-carbone", as_of=2025)
reen.measure(inventory, "base-carbone", by="absent")
reen.measure(inventory, "base-carbone", criteria="carbon footprint of everything")
reen.measure(inventory, "base-carbone", factors="absent-pack")
reen.measure(reen.Equipment("laptop", lifetime="5 kg"), "base-carbone")
reen.explain(inventory, "PC-9999", method="base-carbone")
reen.explain(inventory, 99, method="base-carbone")
reen.compare(inventory, ["base-carbone"])
reen.compare(inventory, [])
footprint.total("water")
footprint.by("absent")
footprint.total().to("kWh")
footprint.total() + reen.types.Total(1.0, "m3/year", "water", True, False)
footprint.statement("beges-v4")
reen.statement(inventory, "base-carbone", scheme="beges-v5", market={"DE": 0.1}, as_of=DAY)
reen.stored.footprint_from_json("{}")
reen.stored.footprint_from_json("nothing")
reen.read_footprint("parc.csv")
reen.indicators(inventory, names=["absent"])
reen.stored.json_schema("absent")
reen.read_factors("absent.csv")
with_language("de")
"""


def lines(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line]


def frame() -> Any:  # noqa: ANN401 - of a library without types here
    pandas = pytest.importorskip("pandas")
    return pandas.read_csv(io.StringIO(PARC), sep=";", decimal=",")


def polars_frame() -> Any:  # noqa: ANN401 - of a library without types here
    polars = pytest.importorskip("polars")
    return polars.read_csv(io.BytesIO(PARC.encode()), separator=";", decimal_comma=True)


def with_language(name: str) -> None:
    with reen.language(name):
        pass


@pytest.fixture(scope="module")
def held() -> dict[str, Any]:
    """Return an inventory and its footprint, which no line can change."""
    inventory = reen.read(PARC.encode(), name="parc.csv")
    footprint = reen.measure(inventory, "base-carbone", by="equipment_type", as_of=DAY)
    return {"inventory": inventory, "footprint": footprint}


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: dict[str, Any]) -> dict[str, Any]:
    monkeypatch.chdir(tmp_path)
    Path("parc.csv").write_text(PARC, encoding="utf-8")
    return {**globals(), **held}


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # open() without with, as people write it
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("line", lines(WORKS))
def test_a_plain_line_works(line: str, names: dict[str, Any]) -> None:
    assert eval(line, names) is not None  # noqa: S307 - lines of this file


@pytest.mark.parametrize("line", lines(HELPS))
def test_a_wrong_line_gets_an_error_that_helps(line: str, names: dict[str, Any]) -> None:
    with pytest.raises(ReenError) as caught:
        eval(line, names)  # noqa: S307 - lines of this file
    assert len(str(caught.value)) > 20


@pytest.mark.slow
def test_frames_and_files_of_the_same_rows_give_the_same_figure(tmp_path: Path) -> None:
    """6,5 years of the French file are the 6.5 of the frame; 12 items are 12."""
    path = tmp_path / "parc.csv"
    path.write_text(PARC, encoding="utf-8")
    by_file = reen.measure(path, "base-carbone", as_of=DAY).total()
    assert by_file.value > 0
    for given in (frame(), polars_frame()):
        assert reen.measure(given, "base-carbone", as_of=DAY).total() == by_file
        assert reen.measure(reen.read(given), "base-carbone", as_of=DAY).total() == by_file
