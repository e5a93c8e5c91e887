"""The embedded packs are what their rows say: made again byte for byte, and compared cell by cell.

The comparison reads the rows kept in the repository with the csv module only, so that a fault of
the reader of exports cannot hide a fault of the pack.  Where the tables that the rows were taken
from are at hand, the rows are compared with them too.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import pytest

from reen.errors import FactorDataError, FileFormatError
from reen.plugin.packs import compact_folder
from reen_plugins.base_carbone.types import ELEMENTS, PLACES, SET_ASIDE, WHY
from reen_plugins.factor_packs.embedded import PACKS
from reen_plugins.factor_packs.making import (
    ademe_numerique,
    base_carbone,
    electricity_world,
    packs,
    proxies,
    weee_weights,
)

Row = dict[str, str]

DATA = files("reen_plugins.factor_packs") / "data"
ROWS = files("reen_plugins.factor_packs.making") / "rows"
SMALL = Path(__file__).resolve().parents[1] / "fixtures" / "base_carbone_small.csv"

ID, TOTAL = "Identifiant de l'élément", "Total poste non décomposé"
#: Parts of a mix by the kind of their sub-line.
PARTS = {
    "Combustion à la centrale": "combustion",
    "Amont": "upstream",
    "Transport et distribution": "losses",
    "Emissions fugitives": "fugitive",
}


def table(text: str, delimiter: str = ",") -> list[Row]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def kept() -> list[Row]:
    """Return the rows of the Base Carbone in the repository."""
    return table((ROWS / "base_carbone.csv").read_text("utf-8"), ";")


def shipped(pack: str) -> list[Row]:
    return table((DATA / pack / "factors.csv").read_text("utf-8"))


def facts(name: str) -> dict[str, str]:
    return tomllib.loads((ROWS / f"{name}.toml").read_text("utf-8"))


def number(text: str) -> float:
    return float(text.replace(",", "."))


def label(row: Row) -> str:
    parts = [row[f"Nom {part} français"].strip() for part in ("base", "attribut", "frontière")]
    return " - ".join(part for part in parts if part)


def test_the_packs_are_made_again_byte_for_byte() -> None:
    """Whoever edits a figure by hand, or a row without making the pack, is told here."""
    made = base_carbone.files(*base_carbone.kept(), **facts("base_carbone"))
    made |= electricity_world.files(
        (ROWS / "carbon_intensity.csv").read_text("utf-8"), **facts("carbon_intensity")
    )
    made |= ademe_numerique.files() | weee_weights.files() | proxies.files()
    shipped_files = {
        f"{pack}/{path.name}"
        for pack in PACKS
        for path in (DATA / pack).iterdir()
        if path.is_file() and path.name != "compact.json"
    }
    assert set(made) == shipped_files
    for name, text in made.items():
        assert (DATA / name).read_bytes() == text.encode("utf-8"), name
    for pack in PACKS:
        assert (DATA / pack / "compact.json").read_bytes() == compact_folder(DATA / pack, pack), (
            pack
        )


@pytest.mark.slow
def test_the_command_writes_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the rows kept, into another folder: the same bytes as those that are shipped."""
    for pack in PACKS:
        (tmp_path / pack).mkdir()
    monkeypatch.setattr(packs, "DATA", tmp_path)
    base_carbone.main([])
    electricity_world.main([])
    ademe_numerique.main()
    weee_weights.main()
    proxies.main()
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 3 * len(PACKS) + 1
    for path in written:
        made = path.relative_to(tmp_path)
        assert path.read_bytes() == (DATA / made.parent.name / made.name).read_bytes()


@pytest.mark.parametrize(
    ("command", "argument"),
    [(base_carbone.main, str(SMALL)), (electricity_world.main, str(SMALL))],
)
def test_a_new_release_needs_its_date(command: object, argument: str) -> None:
    """Nothing is written: the version and the date of a release are in every source."""
    before = (ROWS / "base_carbone.csv").read_bytes()
    assert callable(command)
    with pytest.raises(SystemExit):
        command([argument])
    assert (ROWS / "base_carbone.csv").read_bytes() == before


# -- every shipped value against the rows in the repository ----------------------------------


def test_every_item_is_a_row_of_the_export() -> None:
    """Value, label, status, validity, uncertainty of each total; each split a sum of sub-lines."""
    rows = kept()
    totals = {row[ID]: row for row in rows if row["Type Ligne"] == "Elément"}
    digital = {
        element
        for element, row in totals.items()
        if row["Code de la catégorie"].endswith("Informatique et équipements électroniques")
    }
    pack = shipped("base-carbone")
    assert {row["flow"] for row in pack if "-" not in row["flow"]} == digital
    for row in pack:
        element = row["flow"].removesuffix("-stages")
        source = totals[element]
        assert row["status"] == source["Statut de l'élément"]
        assert row["validity"] == source["Période de validité"]
        assert row["uncertainty_percent"] == source["Incertitude"], row
        if element == row["flow"]:
            assert float(row["value"]) == number(source[TOTAL]), row
            assert row["name"] == label(source)
        else:
            lines = [each for each in rows if each[ID] == element and each["Type Ligne"] == "Poste"]
            wanted = [
                number(each[TOTAL])
                for each in lines
                if (each["Nom poste français"] == "Distribution")
                == (row["stage"] == "distribution")
            ]
            assert float(row["value"]) == pytest.approx(sum(wanted), rel=1e-12), row


def test_every_mix_of_france_is_a_row_of_the_export_or_of_later_years() -> None:
    rows = kept()
    totals = {row[ID]: row for row in rows if row["Type Ligne"] == "Elément"}
    parts = {
        (row[ID], PARTS[row["Type poste"]]): row
        for row in rows
        if row["Type Ligne"] == "Poste" and row["Type poste"] in PARTS
    }
    later = {row["flow"]: row for row in table((ROWS / base_carbone.LATER).read_text("utf-8"))}
    for row in shipped("electricity-france"):
        if row["flow"] in later:
            assert row == later[row["flow"]]
            continue
        element, _, part = row["flow"].partition("-")
        source = parts[element, part] if part else totals[element]
        assert float(row["value"]) == number(source[TOTAL]), row
        assert row["uncertainty_percent"] == source["Incertitude"], row
        assert row["status"] == source["Statut de l'élément"], row
        if row["geography"] == "FR":
            assert source["Nom attribut français"] == f"{row['year']} - mix moyen", row
            assert source["Localisation géographique"] == "France continentale", row


def test_every_mix_of_the_world_is_a_row_of_the_table() -> None:
    grams = {
        (row["Entity"], row["Year"]): row["Carbon intensity of electricity - gCO2/kWh"]
        for row in table((ROWS / "carbon_intensity.csv").read_text("utf-8"))
    }
    for row in shipped("electricity-world"):
        area = row["name"].removeprefix("Electricity generation, ").removesuffix(f" {row['year']}")
        expected = float(grams[area, row["year"]]) / 1000
        assert float(row["value"]) == pytest.approx(expected, rel=1e-12), row


def ademe_figures() -> dict[tuple[str, str, str], float]:
    """Return the figures of ADEME's digital study that are kept, as published."""
    rows = table((ROWS / "ademe_figures.csv").read_text("utf-8"))
    found = {
        (row["table"], row["object"], row["parameter"]): float(row["value"])
        / (1000 if row["unit"].startswith("gCO2e") else 1)
        for row in rows
    }
    assert len(found) == len(rows)
    return found


def test_every_figure_of_the_digital_study_is_a_row_kept() -> None:
    figures = ademe_figures()
    objects = {row["flow"]: row for row in table((ROWS / "ademe_objects.csv").read_text("utf-8"))}
    used = set()
    for row in shipped("ademe-numerique"):
        key = (objects[row["flow"]]["table"], objects[row["flow"]]["object"], row["stage"])
        assert float(row["value"]) == pytest.approx(figures[key], rel=1e-12), row
        used.add(key)
    steps = {"manufacturing", "distribution", "end_of_life", "embedded"}
    assert used == {key for key in figures if key[2] in steps}


def test_every_default_is_a_row_kept() -> None:
    """Lifetimes and powers as they are; energy by hand: power x hours a day x 365 / 1000."""
    figures = ademe_figures()
    types = {
        row["equipment_type"]: row for row in table((ROWS / "ademe_types.csv").read_text("utf-8"))
    }
    for row in table((DATA / "equipment-defaults" / "defaults.csv").read_text("utf-8")):
        kind = types[row["equipment_type"]]
        power = figures.get(("bdd_numerique", kind["bdd_numerique"], "power_active"))
        hours = figures.get(("bdd_numerique", kind["bdd_numerique"], "hours_per_day"))
        if row["parameter"] == "lifetime":
            said = {figures.get((name, kind[name], "lifetime")) for name in list(kind)[1:4]}
            assert said - {None} == {float(row["value"])}, row  # where two say it, they agree
        elif row["parameter"] == "power":
            assert float(row["value"]) == power
        else:
            assert power is not None
            assert hours is not None
            assert float(row["value"]) == pytest.approx(power * hours * 0.365, rel=1e-12)


def test_every_mass_is_a_row_kept() -> None:
    kept_masses = {
        row["unu_key"]: row["value"] for row in table((ROWS / "unu_weights.csv").read_text("utf-8"))
    }
    rows = table((DATA / "weee-weights" / "defaults.csv").read_text("utf-8"))
    for row in rows:
        key = re.search(r"UNU key (\w+)", row["source"])
        assert key is not None
        assert row["value"] == kept_masses[key[1]], row
    assert len(rows) == 21


def test_no_territory_is_filled_from_the_world() -> None:
    """What the world's table says of a French territory is in no pack."""
    places = {row["geography"] for row in shipped("electricity-world")}
    assert not places & set(electricity_world.TERRITORIES)
    assert "XK" in places


def test_uncertainty_is_shipped_wherever_the_base_publishes_it() -> None:
    """Of the elements of digital equipment, all but six, which the base gives without."""
    rows = [row for row in shipped("base-carbone") if "-" not in row["flow"]]
    without = {row["flow"] for row in rows if not row["uncertainty_percent"]}
    assert without == {"24239", "24240", "24241", "24242", "24243", "24246"}
    answering = [row for row in rows if row["equipment_type"]]
    assert len(answering) == len(ELEMENTS)
    assert all(row["uncertainty_percent"] for row in answering)


def test_the_choices_name_elements_that_there_are() -> None:
    """What stands in a sentence is the figure of the pack."""
    items = {row["flow"]: row for row in shipped("base-carbone")}
    mixes = {row["flow"]: row for row in shipped("electricity-france")}
    assert all(items[element]["status"].startswith("Valide") for element in ELEMENTS.values())
    assert set(WHY) <= set(ELEMENTS)
    assert not set(SET_ASIDE) & set(ELEMENTS)
    said = [pair for text in WHY.values() for pair in figures(text)]
    assert len(said) >= 9
    for element, kilograms in said:
        assert items[element]["value"] == kilograms, element
    for elements in PLACES.values():
        assert all(mixes[element]["geography"] == "" for element in elements)
    assert mixes["15496"]["status"] == "Archivé"


def figures(text: str) -> Iterable[tuple[str, str]]:
    """Yield each element of a sentence with the figure that follows it in brackets."""
    for found in re.finditer(r"(2\d{4})[^(0-9;]*(?:[0-9.]+ inches[^(;]*)?\(([\d.,]+) kg\)", text):
        yield found[1], found[2].replace(",", "")


# -- the rows against what they were taken from ----------------------------------------------


@pytest.mark.slow
def test_the_rows_kept_are_those_of_the_release(shared_data: Path) -> None:
    """Cell for cell, and no digital element or placed mix of the release is missing."""
    release = shared_data / "base_carbone_v23_6_digital.csv"
    assert base_carbone.rows_used(release) == (ROWS / "base_carbone.csv").read_text("utf-8")
    source = table(release.read_bytes().decode("cp1252"), ";")
    cells = {tuple(value.strip() for value in row.values()) for row in source}
    for row in kept():
        assert tuple(value.strip() for value in row.values()) in cells
    digital = {
        row[ID]
        for row in source
        if row["Code de la catégorie"].endswith("Informatique et équipements électroniques")
        and row["Unité français"] in {"kgCO2e/unité", "kgCO2e/appareil"}
    }
    assert digital <= {row[ID] for row in kept()}


def test_the_figures_of_the_digital_study_are_the_published_ones(shared_data: Path) -> None:
    """Each row kept stands in one of the four published tables, value and unit."""
    files_of = {
        ("impact_co2", "step"): ("equipment_factors_ademe_impactco2.csv", "impactco2_slug"),
        ("bdd_numerique", "step"): ("equipment_factors_ademe_acv_numerique.csv", "publicodes_name"),
        ("impact_co2", "default"): ("equipment_defaults.csv", "source_label"),
        ("bdd_numerique", "default"): ("equipment_defaults.csv", "source_label"),
    }
    published = set()
    for (origin, kind), (name, column) in files_of.items():
        for row in table((shared_data / name).read_text("utf-8")):
            source = {"impactco2_2026_06": "impact_co2", "ademe_acv_numerique": "bdd_numerique"}
            if kind == "default" and source.get(row["source_id"]) != origin:
                continue
            if kind == "step" and row.get("status", "current") != "current":
                continue
            if kind == "step" and row.get("indicator", "climate_change") != "climate_change":
                continue
            parameter = row["life_cycle_step" if kind == "step" else "parameter"]
            published.add((origin, row[column], parameter, row["value"], row["unit"]))
    for row in table(
        (shared_data / "data_centre_network_ademe_acv_numerique.csv").read_text("utf-8")
    ):
        if row["licence"] == "MIT":
            thing = ("data_centre", row["object"])
            published.add((*thing, "embedded", row["value"], row["unit"]))
            published.add((*thing, "lifetime", row["lifetime_years"], "year"))
    for row in table((ROWS / "ademe_figures.csv").read_text("utf-8")):
        assert tuple(row.values()) in published, row


def test_the_masses_kept_are_the_published_ones(shared_data: Path) -> None:
    """Of the European Union, in the last year that is no projection."""
    published = {
        (row["unu_key"], row["unu_description"], row["year"], row["value"], row["unit"])
        for row in table((shared_data / "weee_weights.csv").read_text("utf-8"))
        if row["country"].startswith("EU")
    }
    for row in table((ROWS / "unu_weights.csv").read_text("utf-8")):
        assert tuple(row.values()) in published, row


def test_the_table_of_the_world_is_the_published_one(shared_data: Path) -> None:
    path = shared_data / "electricity_carbon_intensity_yearly.csv"
    published = {
        (row["entity"], row["year"]): row["value"] for row in table(path.read_text("utf-8"))
    }
    found = {
        (row["Entity"], row["Year"]): row["Carbon intensity of electricity - gCO2/kWh"]
        for row in table((ROWS / "carbon_intensity.csv").read_text("utf-8"))
    }
    assert found == published


def test_an_export_in_its_true_form_is_made_into_packs(shared_data: Path, tmp_path: Path) -> None:
    """Thirty real rows: dates, sources and texts in three languages stand, the figures are ours."""
    sample = tmp_path / "Base_Carbone_V23.6.csv"
    sample.write_bytes((shared_data / "base_carbone_sample.csv").read_bytes())
    rows = base_carbone.rows_used(sample)
    made = base_carbone.files(rows, [], release="23.6", date="2025-07")
    values = {row["flow"]: row for row in table(made["base-carbone/factors.csv"])}
    assert set(values) >= {"20591", "27002", "27003", "27025", "27002-stages"}
    ours = {row["flow"]: row for row in shipped("base-carbone")}
    for flow, row in values.items():
        assert row["uncertainty_percent"] == ours[flow]["uncertainty_percent"]
        assert row["source"] == ours[flow]["source"]
    assert values["27002"]["source_year"] == "2018"  # the date that the copy of the release lacks
    assert next(row["flow"] for row in table(made["electricity-france/factors.csv"])) == "42513"


# -- what is refused -------------------------------------------------------------------------


def test_rows_of_another_form_are_refused() -> None:
    with pytest.raises(FileFormatError):
        base_carbone.files("a;b\n1;2\n", [], release="23.6", date="2025-07")


def test_an_area_that_is_no_country_is_refused() -> None:
    """A name that a new download writes otherwise is no area to drop in silence."""
    text = "Entity,Code,Year,Intensity\nFrance,FRA,2024,44.18\nAtlantis,ATL,2024,1\n"
    with pytest.raises(FactorDataError, match="Atlantis"):
        electricity_world.files(text, date="2026-05")


def test_aggregates_of_a_new_download_are_left_out() -> None:
    """Areas without a code, or with one of the source's own, are no countries; the world is."""
    text = (
        "Entity,Code,Year,Intensity\nASEAN (Ember),,2025,565.01\nAfrica,OWID_AFR,2025,1\n"
        "France,FRA,2014,1\nFrance,FRA,2025,40\nKosovo,OWID_KOS,2025,900\nWorld,OWID_WRL,2025,450\n"
        "Reunion,REU,2025,500\n"
    )
    rows = table(electricity_world.files(text, date="2026-05")["electricity-world/factors.csv"])
    assert {row["geography"]: row["value"] for row in rows} == {
        "FR": "0.04",
        "XK": "0.9",
        "WORLD": "0.45",
    }
    assert {row["source_year"] for row in rows} == {"2026"}


# -- licences --------------------------------------------------------------------------------

#: SPDX names of the licences of rows, by how these begin.
SPDX = {"Licence Ouverte 2.0": "etalab-2.0", "CC BY 4.0": "CC-BY-4.0", "MIT": "MIT"}


def test_each_data_folder_bears_the_mark_of_its_licence(repository: Path) -> None:
    """In pack.toml, and in REUSE.toml of a checkout; both as the rows and the description say."""
    marks: dict[str, str] = {}
    reuse = repository / "REUSE.toml"
    if reuse.is_file():
        for each in tomllib.loads(reuse.read_text("utf-8"))["annotations"]:
            paths = each["path"] if isinstance(each["path"], list) else [each["path"]]
            marks |= dict.fromkeys(paths, each["SPDX-License-Identifier"])
    for folder in DATA.iterdir():
        text = (folder / "pack.toml").read_text("utf-8")
        stated = tomllib.loads(text)["licence"]
        (mark,) = (spdx for words, spdx in SPDX.items() if stated.startswith(words))
        # REUSE-IgnoreStart
        assert text.splitlines()[0] == f"# SPDX-License-Identifier: {mark}", folder
        # REUSE-IgnoreEnd
        if marks:
            path = f"src/reen_plugins/factor_packs/data/{folder.name}/**"
            assert marks[path] == mark, folder


def test_the_notice_names_every_source(repository: Path) -> None:
    """Whoever publishes figures that stand in the product is thanked, and under which terms."""
    path = repository / "NOTICE"
    if not path.is_file():
        pytest.skip("an installed package keeps its NOTICE elsewhere")
    notice = " ".join(path.read_text("utf-8").split())
    for pack in DATA.iterdir():
        assert pack.name in notice
    release = facts("base_carbone")["release"]
    for words in (
        f"Base Carbone V{release}", "Ember", "EcoDiag 1.1.0", "EUR 31414 EN", "NegaOctet",
        "Base Empreinte", "publicodes-acv-numerique", "Impact CO2", "Boulogne-Billancourt",
    ):  # fmt: skip
        assert words in notice, words
