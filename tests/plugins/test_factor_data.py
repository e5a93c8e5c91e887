"""The figures of the bundled factor packs, checked as plain CSV files.

Part 1 checks the shipped files against the declared form, with the csv module only, so that a
fault of the pack loader cannot hide a fault of the data.  Part 2 compares each figure with the
published tables it was re-entered from, where these stand beside the repository: some of them
may not be redistributed, so a public clone skips that part.
"""

from __future__ import annotations

import csv
import math
import os
import pickle
import re
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from reen.vocabulary.criteria import bundled_criteria
from reen.vocabulary.equipment_types import bundled_equipment_types
from reen.vocabulary.stages import Stage
from reen_plugins.factor_packs.embedded import pack_named

Row = dict[str, str]

DATA = files("reen_plugins.factor_packs") / "data"
PACKS = (
    "ademe-numerique",
    "base-carbone",
    "base-carbone-services",
    "electricity-france",
    "electricity-world",
    "equipment-defaults",
    "weee-weights",
    "proxies",
)
WITH_FACTORS = tuple(pack for pack in PACKS if pack not in ("equipment-defaults", "weee-weights"))
WITH_DEFAULTS = ("equipment-defaults", "weee-weights", "proxies")
#: The tables the figures were re-entered from, in a checkout that has them.
PUBLISHED = Path(
    os.environ.get("REEN_REFERENCE_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data"
)

FACTOR_COLUMNS = (
    "flow", "name", "reference_unit", "geography", "year", "stage", "criterion", "value", "unit",
    "lower", "upper", "uncertainty_percent", "equipment_type", "manufacturer", "model",
    "boundary", "status", "validity", "source", "source_year", "source_url", "licence", "note",
)  # fmt: skip
DEFAULT_COLUMNS = (
    "equipment_type", "parameter", "value", "lower", "upper", "unit",
    "source", "source_year", "source_url", "licence", "note",
)  # fmt: skip
DEFAULT_UNITS = {"lifetime": "year", "annual_energy": "kWh/year", "power": "W"}
ITEM_STAGES = ("manufacturing", "distribution", "end_of_life")

#: The elements that the base-carbone method takes by default, by equipment type.
DEFAULT_ELEMENTS = {
    "desktop": "27003", "workstation": "27004", "laptop": "27002", "monitor": "27006",
    "tablet": "27007", "smartphone": "27012", "printer": "27026", "server": "20894",
    "multifunction_printer": "27027", "video_projector": "28313", "box": "27019",
    "television": "27000", "rack": "20896", "e_reader": "27021", "game_console": "27023",
}  # fmt: skip

#: Flow of ademe-numerique -> label in Impact CO2, or in "bdd numérique" where only that has it.
IMPACT_CO2_SLUGS = {
    "smartphone": "smartphone", "mobile-phone": "telephonebasique", "tablet": "tabletteclassique",
    "laptop": "ordinateurportable", "desktop-professional": "ordinateurfixeprofessionnel",
    "desktop-personal": "ordinateurfixeparticulier", "monitor": "ecran",
    "television": "television", "video-projector": "videoprojecteur", "box": "box",
    "vr-headset": "casquevr", "external-hdd": "disquedur", "external-ssd": "ssd",
    "usb-stick": "clefusb", "power-supply-laptop": "alimentationordinateur",
    "power-supply-phone": "alimentationsmartphone", "connected-speaker": "enceintebluetooth",
}  # fmt: skip
BDD_NUMERIQUE_NAMES = {
    "vr-controller": "manette casque de réalité virtuelle", "game-console": "console de salon",
    "portable-console": "console portable", "printer": "imprimante",
}  # fmt: skip

#: Flow of ademe-numerique -> object of the file of data centres of "bdd numérique".
DATA_CENTRE = {
    "server": "server", "switch": "switch", "firewall": "firewall", "router": "router",
    "storage-disk": "storage",
}  # fmt: skip

#: Areas of the published table that electricity-world leaves out, for the reasons in its notes.
LEFT_OUT = (
    "Europe", "European Union (27)", "Central African Republic", "French Guiana",
    "French Polynesia", "Guadeloupe", "Martinique", "New Caledonia", "Reunion",
    "Saint Pierre and Miquelon",
)  # fmt: skip

#: Corsica and the territories that have one factor without a series, with their element.
WITHOUT_SERIES = {
    "FR-20R": ("24308", "0.594"), "GP": ("24305", "0.702"), "MQ": ("24306", "0.84"),
    "GF": ("24307", "0.957"), "RE": ("24303", "0.78"), "YT": ("24304", "0.78"),
    "PM": ("15572", "0.944"), "MF": ("15573", "0.82"), "BL": ("15574", "0.859"),
}  # fmt: skip


def read(pack: str, name: str) -> list[Row]:
    """Return the rows of one file of a pack; its bytes must be UTF-8 with LF ends."""
    raw = (DATA / pack / name).read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(raw.decode("utf-8").splitlines()))


def tables(pack: str) -> list[tuple[str, str]]:
    """Return the tables of a pack, each with the pack's name."""
    names = ["factors.csv"] if pack in WITH_FACTORS else []
    return [(pack, name) for name in names + ["defaults.csv"] * (pack in WITH_DEFAULTS)]


def header(pack: str, name: str) -> tuple[str, ...]:
    """Return the first line of one file of a pack, split."""
    return tuple((DATA / pack / name).read_text(encoding="utf-8").splitlines()[0].split(","))


def published(name: str) -> list[Row]:
    """Return the rows of a published table, or skip where it is not at hand."""
    path = PUBLISHED / name
    if not path.is_file():
        pytest.skip(f"{name} is not beside the repository: it may not be redistributed")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def equal(left: float, right: float) -> bool:
    """Tell whether two figures agree to 1e-12, relatively."""
    return math.isclose(left, right, rel_tol=1e-12, abs_tol=0.0)


# --------------------------------------------------------------------------- part 1: the form


def test_the_folder_holds_these_packs_and_nothing_else() -> None:
    """A pack that is added must be added to these checks too; its earlier versions stand in it."""
    assert sorted(entry.name for entry in DATA.iterdir()) == sorted(PACKS)
    for pack in PACKS:
        expected = {"pack.toml", "compact.json"} | {name for _, name in tables(pack)}
        found = {entry.name for entry in (DATA / pack).iterdir() if entry.is_file()}
        assert found == expected


@pytest.mark.parametrize("pack", PACKS)
def test_the_description_is_complete(pack: str) -> None:
    """Every declared key of pack.toml has a text; the name is that of the folder."""
    about = tomllib.loads((DATA / pack / "pack.toml").read_text(encoding="utf-8"))
    required = {"name", "version", "title", "publisher", "licence", "url", "description", "source"}
    required |= {"title_fr", "description_fr"}
    assert required <= set(about) <= required | {"licence_url", "notes", "notes_fr", "proxies"}
    assert ("notes" in about) is ("notes_fr" in about)
    assert about["name"] == pack
    assert about.pop("proxies", False) is (pack == "proxies")
    assert all(isinstance(text, str) and text.strip() for text in about.values())


@pytest.mark.parametrize("pack", WITH_FACTORS)
def test_columns_of_factors_are_the_declared_ones(pack: str) -> None:
    """The header is the declared one, and no row is ragged or padded with blanks."""
    assert header(pack, "factors.csv") == FACTOR_COLUMNS
    lines = (DATA / pack / "factors.csv").read_text(encoding="utf-8").splitlines()
    for cells in csv.reader(lines, strict=True):
        assert len(cells) == len(FACTOR_COLUMNS), cells
        assert all(cell == cell.strip() for cell in cells), cells


@pytest.mark.parametrize("pack", WITH_FACTORS)
def test_every_factor_says_what_it_is_and_where_it_comes_from(pack: str) -> None:
    """Value, unit, source, year, address, licence and boundary stand in every row."""
    for row in read(pack, "factors.csv"):
        for column in (
            "flow", "name", "reference_unit", "stage", "criterion", "value", "unit",
            "boundary", "source", "source_year", "source_url", "licence",
        ):  # fmt: skip
            assert row[column], (column, row)
        assert re.fullmatch(r"20[0-2]\d", row["source_year"]), row
        assert row["source_url"].startswith("https://"), row


@pytest.mark.parametrize("pack", WITH_FACTORS)
def test_numbers_are_plain_positive_decimals(pack: str) -> None:
    """No exponent, no float noise, no zero: a published zero would mean no impact at all."""
    for row in read(pack, "factors.csv"):
        assert re.fullmatch(r"\d+(\.\d*[1-9])?", row["value"]), row
        assert len(row["value"].replace(".", "").lstrip("0")) <= 10, row
        assert float(row["value"]) > 0.0, row
        if pack == "proxies":
            assert float(row["lower"]) < float(row["value"]) < float(row["upper"]), row
        else:
            assert row["lower"] == row["upper"] == ""
        assert row["uncertainty_percent"] == "" or 0 < float(row["uncertainty_percent"]) <= 100, row


@pytest.mark.parametrize("pack", WITH_FACTORS)
def test_one_value_per_flow_place_year_stage_and_criterion(pack: str) -> None:
    """Two rows never claim one cell."""
    key = ("flow", "geography", "year", "stage", "criterion")
    counts = Counter(tuple(row[column] for column in key) for row in read(pack, "factors.csv"))
    assert [cell for cell, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("pack", WITH_FACTORS)
def test_words_are_those_of_the_vocabulary(pack: str) -> None:
    """Stages, criteria, units and type keys exist; one type has one flow per pack."""
    types = set(bundled_equipment_types().keys)
    answers: dict[str, set[str]] = {}
    for row in read(pack, "factors.csv"):
        # what a ratio of money holds, its source does not say
        unspecified = Stage(row["stage"]) is Stage.UNSPECIFIED
        assert unspecified == (row["reference_unit"] == "EUR")
        criterion = bundled_criteria().resolve(row["criterion"])
        assert criterion.key == row["criterion"]
        assert row["reference_unit"] in {"item", "kWh", "kg", "EUR"}
        assert row["unit"] == f"{criterion.unit}/{row['reference_unit']}"
        assert row["equipment_type"] in types | {""}, row
        if row["equipment_type"]:
            answers.setdefault(row["equipment_type"], set()).add(row["flow"])
    assert all(len(flows) == 1 for flows in answers.values()), answers


@pytest.mark.parametrize("pack", WITH_FACTORS)
def test_what_is_said_of_a_flow_is_said_alike_in_all_its_rows(pack: str) -> None:
    """Name, unit, type, boundary, status, remarks do not change from stage to stage."""
    same = (
        "name", "reference_unit", "equipment_type", "boundary", "status", "source", "licence",
        "note",
    )  # fmt: skip
    seen: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in read(pack, "factors.csv"):
        key = (row["flow"], row["geography"], row["year"])
        said = tuple(row[column] for column in same)
        assert seen.setdefault(key, said) == said, row


def test_mixes_of_the_world_have_a_place_a_year_and_the_use_stage() -> None:
    """A kWh exists in one place and year."""
    for row in read("electricity-world", "factors.csv"):
        assert re.fullmatch(r"[A-Z]{2}|WORLD", row["geography"]), row
        assert re.fullmatch(r"20(1[5-9]|2[0-5])", row["year"]), row
        assert (row["stage"], row["reference_unit"]) == ("use", "kWh"), row


def test_mixes_of_france_are_a_series_and_places_without_one() -> None:
    """2008 to 2025 in continental France, each once; Corsica and eight territories at any date."""
    rows = read("electricity-france", "factors.csv")
    assert {(row["stage"], row["reference_unit"]) for row in rows} == {("use", "kWh")}
    series = {row["year"]: row for row in rows if row["geography"] == "FR"}
    assert sorted(series) == [str(year) for year in range(2008, 2026)]
    assert {row["uncertainty_percent"] for year, row in series.items() if year < "2025"} == {"10"}
    assert series["2025"]["uncertainty_percent"] == ""
    others = {
        row["geography"]: (row["flow"], row["value"])
        for row in rows
        if row["geography"] not in {"", "FR"}
    }
    assert others == WITHOUT_SERIES
    for row in rows:
        if row["geography"] in WITHOUT_SERIES:
            assert (row["year"], row["uncertainty_percent"]) == ("", "15"), row
            assert row["validity"], row
            assert row["status"].startswith("Valide"), row


def test_the_smoothing_window_is_that_of_each_element() -> None:
    """Until 2023 the four years before; in 2024 the year itself and three before; 2025 alike."""
    notes = {
        row["year"]: row["note"]
        for row in read("electricity-france", "factors.csv")
        if row["geography"] == "FR"
    }
    for year, note in notes.items():
        last = int(year) - (year < "2024")
        assert {int(found) for found in re.findall(r"(?:19|20)\d\d", note)} == set(
            range(last - 3, last + 1)
        ), (year, note)


def test_parts_of_a_mix_add_up_to_it_and_answer_for_no_place() -> None:
    """2018: 0.0395 + 0.0125 + 0.0051 = 0.0571; the last figure of a rounded sum may differ."""
    rows = {row["flow"]: row for row in read("electricity-france", "factors.csv")}
    sums: dict[str, float] = {}
    for flow, row in rows.items():
        element, _, part = flow.partition("-")
        if element == "mix" or not part:
            continue
        assert part in {"combustion", "upstream", "losses", "fugitive"}, row
        assert row["geography"] == "", row
        sums[element] = sums.get(element, 0.0) + float(row["value"])
    assert sums["26765"] == pytest.approx(0.0571, rel=1e-12)
    assert len(sums) == 17 + len(WITHOUT_SERIES)
    for element, total in sums.items():
        assert total == pytest.approx(float(rows[element]["value"]), rel=0.01), element


@pytest.mark.parametrize("pack", ["ademe-numerique", "base-carbone", "proxies"])
def test_items_have_no_place_no_year_and_no_use_stage(pack: str) -> None:
    """Use is kWh times a chosen mix, never part of an item."""
    for row in read(pack, "factors.csv"):
        assert (row["geography"], row["year"], row["reference_unit"]) == ("", "", "item"), row
        assert row["stage"] != "use", row


def test_no_value_of_doubtful_terms_is_shipped() -> None:
    """Water values, Base IMPACTS, NegaOctet, EcoDiag and ODbL sheets stay out."""
    for pack in WITH_FACTORS:
        assert {row["criterion"] for row in read(pack, "factors.csv")} == {"climate_change"}
    for table in (each for pack in PACKS for each in tables(pack)):
        for row in read(*table):
            terms = (row["source"] + row["licence"]).casefold()
            for word in ("odbl", "agpl", "base impacts", "negaoctet", "ecodiag", "boavizta"):
                assert word not in terms, row
            assert row["licence"].startswith(("MIT", "Licence Ouverte 2.0", "CC BY 4.0")), row


def test_base_carbone_types_are_the_default_elements() -> None:
    """Each default type is answered by one total that the base vouches for; splits by none."""
    rows = read("base-carbone", "factors.csv")
    answers = {row["equipment_type"]: row["flow"] for row in rows if row["equipment_type"]}
    assert answers == DEFAULT_ELEMENTS
    for row in rows:
        is_split = row["flow"].endswith("-stages")
        assert re.fullmatch(r"\d{5}(-stages)?", row["flow"]), row
        assert (row["stage"] in {"manufacturing", "distribution"}) == is_split, row
        assert (row["stage"] == "embedded") == (not is_split), row
        assert not (is_split and row["equipment_type"]), row
        assert row["status"] in {"Valide générique", "Archivé"}, row
        assert not (row["status"] == "Archivé" and row["equipment_type"]), row
        element = row["flow"].removesuffix("-stages")
        assert row["source"] == f"ADEME, Base Carbone V23.6, element {element}", row


def test_base_carbone_labels_and_totals() -> None:
    """Labels are exact: 27010 is a smartphone, 27012 one of 5 inches, 27026 the laser printer."""
    found = {
        row["flow"]: (row["name"], row["value"], row["uncertainty_percent"])
        for row in read("base-carbone", "factors.csv")
    }
    for element, said in {
        "27003": ("Ordinateur - fixe - Bureautique", "169", "50"),
        "27002": ("Ordinateur - portable", "156", "50"),
        "27006": ("Ecran - 23,8 pouces", "248", "50"),
        "27007": ("Tablette - classique - 9 à 11 pouces", "63.2", "50"),
        "27010": ("Smartphone - classique", "16.5", "50"),
        "27012": ("Smartphone - de 5 pouces", "32.8", "50"),
        "27025": ("Imprimante - jet d'encre", "88.2", "50"),
        "27026": ("Imprimante - laser", "197", "50"),
        "27027": ("Imprimante - multi-fonction", "87.9", "50"),
        "20591": ("Photocopieurs", "2935", "50"),
        "20894": ("Serveurs informatiques", "600", "80"),
        "20614": ("Téléphone fixe", "17", "20"),
        "28313": ("Vidéo-projecteur", "145", "50"),
    }.items():
        assert found[element] == said


def test_both_copier_elements_stand_in_the_notes() -> None:
    """The choice is told with both figures."""
    notes = tomllib.loads((DATA / "base-carbone" / "pack.toml").read_text("utf-8"))["notes"]
    for words in ("20591", "2,935 kg", "27027", "87.9 kg"):
        assert words in notes


def test_base_carbone_sub_lines_add_up_as_their_note_says() -> None:
    """27002: 120 + 1.89 + 0.75 + 1.9 = 124.54, and 31.7 of distribution, 156.24 in all."""
    sums: dict[str, float] = {}
    cells: dict[tuple[str, str], float] = {}
    totals: dict[str, float] = {}
    for row in read("base-carbone", "factors.csv"):
        if row["flow"].endswith("-stages"):
            element = row["flow"].removesuffix("-stages")
            sums[element] = sums.get(element, 0.0) + float(row["value"])
            cells[element, row["stage"]] = float(row["value"])
        else:
            totals[row["flow"]] = float(row["value"])
    assert cells["27002", "manufacturing"] == 124.54
    assert cells["27002", "distribution"] == 31.7
    assert {element: sums[element] for element in ("27002", "27003", "27025")} == pytest.approx(
        {"27002": 156.24, "27003": 169.0, "27025": 88.19}, rel=1e-12
    )
    for element, total in sums.items():
        assert total == pytest.approx(totals[element], rel=0.01), element


def test_ademe_numerique_stages() -> None:
    """20 kinds of device (desktops twice); three stages each, save the basic phone's transport.

    The devices of a data centre have one figure each.
    """
    rows = read("ademe-numerique", "factors.csv")
    whole = {row["flow"] for row in rows if row["stage"] == "embedded"}
    assert whole == set(DATA_CENTRE)
    rows = [row for row in rows if row["flow"] not in whole]
    flows = {row["flow"] for row in rows}
    assert flows == set(IMPACT_CO2_SLUGS) | set(BDD_NUMERIQUE_NAMES)
    missing = {(flow, stage) for flow in flows for stage in ITEM_STAGES} - {
        (row["flow"], row["stage"]) for row in rows
    }
    assert missing == {("mobile-phone", "distribution")}
    assert {row["flow"] for row in rows if row["equipment_type"] == "desktop"} == {
        "desktop-professional"
    }


def test_columns_of_defaults_are_the_declared_ones() -> None:
    """One positive value per type and parameter, in the parameter's unit, with its source."""
    assert header("equipment-defaults", "defaults.csv") == DEFAULT_COLUMNS
    rows = read("equipment-defaults", "defaults.csv")
    counts = Counter((row["equipment_type"], row["parameter"]) for row in rows)
    assert [key for key, count in counts.items() if count > 1] == []
    types = set(bundled_equipment_types().keys)
    for row in rows:
        assert row["equipment_type"] in types, row
        assert row["unit"] == DEFAULT_UNITS[row["parameter"]], row
        assert float(row["value"]) > 0.0, row
        for column in ("source", "source_year", "source_url", "licence", "note"):
            assert row[column], (column, row)


def test_yearly_electricity_follows_the_formula_that_its_note_names() -> None:
    """Power x hours x 365 / 1000; a professional desktop: 70 W x 6 h x 365 / 1000 = 153.3 kWh."""
    rows = read("equipment-defaults", "defaults.csv")
    power = {row["equipment_type"]: row["value"] for row in rows if row["parameter"] == "power"}
    energy = {row["equipment_type"]: row for row in rows if row["parameter"] == "annual_energy"}
    assert set(power) == set(energy)
    assert energy["desktop"]["value"] == "153.3"
    for equipment_type, row in energy.items():
        found = re.search(r"= ([\d.]+) W x ([\d.]+) h/day x 365 / 1000", row["note"])
        assert found is not None, row
        assert found[1] == power[equipment_type]
        assert equal(float(row["value"]), float(found[1]) * float(found[2]) * 365.0 / 1000.0)


@pytest.mark.parametrize(
    "equipment_type", ["server", "desk_phone", "wifi_access_point", "switch", "interactive_display"]
)
def test_a_type_without_open_published_default_has_none(equipment_type: str) -> None:
    """The gap must show: only sources that may not be carried give these an energy."""
    rows = read("equipment-defaults", "defaults.csv")
    given = {row["parameter"] for row in rows if row["equipment_type"] == equipment_type}
    assert given == ({"lifetime"} if equipment_type in ("server", "switch") else set())


@pytest.mark.slow
def test_the_loader_takes_every_row_and_changes_no_value() -> None:
    """What the packs give is what the files say, row for row, also in another process."""
    packs = pickle.loads(pickle.dumps([pack_named(name) for name in PACKS]))  # noqa: S301 - our own bytes
    assert tuple(pack.name for pack in packs) == PACKS
    for pack in packs:
        factors = pack.factors
        shipped = read(pack.name, "factors.csv") if pack.name in WITH_FACTORS else []
        found = {
            (flow.id, flow.geography, flow.year, stage): factors.values[k, s, 0]
            for k, flow in enumerate(factors.flows)
            for s, stage in enumerate(factors.stages)
            if not math.isnan(factors.values[k, s, 0])
        }
        assert found == {
            (row["flow"], row["geography"], int(row["year"] or 0), row["stage"]): float(
                row["value"]
            )
            for row in shipped
        }
        defaults = read(pack.name, "defaults.csv") if pack.name in WITH_DEFAULTS else []
        assert {(d.equipment_type, d.parameter): d.value for d in pack.defaults} == {
            (row["equipment_type"], row["parameter"]): float(row["value"]) for row in defaults
        }


# ------------------------------------------------------------- part 2: the published figures


def test_ademe_numerique_against_the_published_tables() -> None:
    """Every current Impact CO2 figure of a stage is here, and the others are bdd numérique's."""
    impact_co2 = {
        (row["impactco2_slug"], row["life_cycle_step"]): float(row["value"])
        for row in published("equipment_factors_ademe_impactco2.csv")
        if row["status"] == "current" and row["life_cycle_step"] in ITEM_STAGES
    }
    bdd_numerique = {
        (row["publicodes_name"], row["life_cycle_step"]): float(row["value"]) / 1000.0
        for row in published("equipment_factors_ademe_acv_numerique.csv")
        if row["indicator"] == "climate_change"
    }
    centres = {
        row["object"]: row for row in published("data_centre_network_ademe_acv_numerique.csv")
    }
    used = set()
    for row in read("ademe-numerique", "factors.csv"):
        if row["flow"] in DATA_CENTRE:
            source = centres[DATA_CENTRE[row["flow"]]]
            assert equal(float(row["value"]), float(source["value"])), row
            assert source["licence"] == "MIT", row
        elif row["flow"] in IMPACT_CO2_SLUGS:
            key = (IMPACT_CO2_SLUGS[row["flow"]], row["stage"])
            used.add(key)
            assert equal(float(row["value"]), impact_co2[key]), row
        else:
            key = (BDD_NUMERIQUE_NAMES[row["flow"]], row["stage"])
            assert equal(float(row["value"]), bdd_numerique[key]), row
    assert used == set(impact_co2)


def test_base_carbone_against_other_copies() -> None:
    """Where another public project quotes a total, it is that of the release, to its rounding.

    27013 is quoted as 39.1 and as 33, which is 27012 rounded: the release says 39.1.
    """
    totals = {
        row["flow"]: float(row["value"])
        for pack in ("base-carbone", "electricity-france")
        for row in read(pack, "factors.csv")
        if "-" not in row["flow"]
    }
    checked = 0
    for row in published("base_carbone_values.csv"):
        element = row["base_carbone_id"]
        if row["row_type"] == "Poste" or element not in totals:
            continue
        if (element, float(row["value"])) == ("27013", 33.0):
            continue
        assert float(row["value"]) == pytest.approx(totals[element], rel=0.01), row
        checked += 1
    assert checked >= 20


def test_electricity_in_france_against_the_published_table() -> None:
    """2020 to 2025, read elsewhere; the regulatory factor of 2012 is of no such series."""
    shipped = {
        row["year"]: row
        for row in read("electricity-france", "factors.csv")
        if row["geography"] == "FR"
    }
    quoted = [
        row
        for row in published("electricity_france_ademe_yearly.csv")
        if row["factor"] == "mix moyen, consommation"
    ]
    assert [row["year"] for row in quoted] == [str(year) for year in range(2020, 2026)]
    for row in quoted:
        assert equal(float(row["value"]), float(shipped[row["year"]]["value"])), row


def test_electricity_of_the_world_against_the_published_table() -> None:
    """Every area and year is here in kg, save those named in the pack's notes."""
    expected = {
        (row["entity"], row["year"]): float(row["value"]) / 1000.0
        for row in published("electricity_carbon_intensity_yearly.csv")
        if row["entity"] not in LEFT_OUT
    }
    shipped = {}
    for row in read("electricity-world", "factors.csv"):
        area = row["name"].removeprefix("Electricity generation, ").removesuffix(f" {row['year']}")
        shipped[area, row["year"]] = float(row["value"])
    assert set(shipped) == set(expected)
    for key, value in shipped.items():
        assert equal(value, expected[key]), key
    notes = tomllib.loads((DATA / "electricity-world" / "pack.toml").read_text("utf-8"))["notes"]
    assert all(area in notes for area in LEFT_OUT)


def test_defaults_against_the_published_table() -> None:
    """Lifetimes, yearly kWh and watts are ADEME's, under sources that may be carried."""
    names = {"lifetime": "lifetime", "annual_energy": "yearly_kwh", "power": "power_active"}
    table = [
        row
        for row in published("equipment_defaults.csv")
        if row["source_id"] in {"ademe_acv_numerique", "impactco2_2026_06"}
        and not (row["equipment_type"] == "desktop" and row["equipment_subtype"] == "personal")
    ]
    centres = {
        row["object"]: float(row["lifetime_years"])
        for row in published("data_centre_network_ademe_acv_numerique.csv")
        if row["lifetime_years"]
    }
    for row in read("equipment-defaults", "defaults.csv"):
        if "data center" in row["source"]:
            assert float(row["value"]) == centres[row["equipment_type"]], row
            continue
        values = [
            float(source["value"])
            for source in table
            if source["equipment_type"] == row["equipment_type"]
            and source["parameter"] == names[row["parameter"]]
        ]
        assert values, row
        assert all(equal(float(row["value"]), value) for value in values), row
