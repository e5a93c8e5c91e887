"""The pack `base-impacts`: read from whatever `boaviztapi` is installed, never from reen itself.

`fixtures/boaviztapi` has the layout of the real package's data; every figure in it is invented:
device row r, column c holds a multiple of c (Epf, LU and WU negative), mix row r, area a holds
r x a / 1000.  A stand-in package made of it is put on the path, whose code must never run.  The
last tests read the real package and are skipped where it is not installed.
"""

from __future__ import annotations

import csv
import importlib.util
import math
import pickle
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import reen
from reen.plugin import FactorPack
from reen.plugin.arrays import FactorLibrary, Flow, FlowDescription
from reen.plugin.files import resolve_country
from reen.vocabulary.criteria import bundled_criteria
from reen_plugins.base_impacts.package import base_impacts_pack
from reen_plugins.base_impacts.tables import (
    DEVICE_COLUMNS,
    DEVICES,
    MIX_ROWS,
    MIXES,
    device_rows,
    mix_rows,
)

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures" / "boaviztapi"
TABLES = FIXTURE / "data" / "crowdsourcing"

needs_boaviztapi = pytest.mark.skipif(
    importlib.util.find_spec("boaviztapi") is None,
    reason="boaviztapi (AGPL-3.0) is not installed: pip install '.[boavizta]'",
)


@pytest.fixture
def without_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `boaviztapi` impossible to find, be it installed or not."""
    monkeypatch.setitem(sys.modules, "boaviztapi", None)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install a `boaviztapi` 9.9.9 of invented figures, whose code raises when it is run."""
    monkeypatch.delitem(sys.modules, "boaviztapi", raising=False)
    package = tmp_path / "boaviztapi"
    shutil.copytree(FIXTURE, package)
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n", "utf-8")
    about = tmp_path / "boaviztapi-9.9.9.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: boaviztapi\nVersion: 9.9.9\n", "utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package / "data" / "crowdsourcing"
    assert "boaviztapi" not in sys.modules


@pytest.fixture
def pack(stand_in: Path) -> FactorPack:
    """Return the pack of the invented figures."""
    assert stand_in.is_dir()
    return base_impacts_pack()


def published(pack: FactorPack, flow: str, geography: str = "") -> dict[str, float]:
    """Return the published figures of a flow, by criterion."""
    factors = pack.factors
    k = factors.flows.index(Flow("base-impacts", flow, geography))
    return {
        key: float(factors.values[k, s, c])
        for s in range(len(factors.stages))
        for c, key in enumerate(factors.criteria)
        if not math.isnan(factors.values[k, s, c])
    }


def described(pack: FactorPack, flow: str, geography: str = "") -> FlowDescription:
    factors = pack.factors
    return factors.descriptions[factors.flows.index(Flow("base-impacts", flow, geography))]


# -- where the figures come from ---------------------------------------------------------------


@pytest.mark.usefixtures("without_package")
def test_without_the_package_the_error_names_the_command_and_the_licence() -> None:
    pack = base_impacts_pack()
    with pytest.raises(reen.errors.MissingExtraError, match=r"AGPL-3\.0") as caught:
        _ = pack.factors
    assert "pip install '.[boavizta]'" in str(caught.value)
    assert (caught.value.package, caught.value.extra) == ("boaviztapi", "boavizta")
    assert isinstance(caught.value, ImportError)


@pytest.mark.slow
@pytest.mark.usefixtures("without_package")
def test_it_is_listed_all_the_same_and_measuring_with_it_says_what_to_do() -> None:
    registry = reen.load_plugins(only=["reen-bundled"])
    assert "AGPL-3.0" in registry.factor_pack("base-impacts").licence
    laptop = reen.Equipment("laptop", country="FR", lifetime="4 year")
    with pytest.raises(reen.errors.MissingExtraError, match="pip install"):
        reen.measure(laptop, method="numecoeval", factors=["base-impacts"], registry=registry)


def test_the_extra_is_outside_all_and_test(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert extras["boavizta"] == ["boaviztapi>=2.5"]
    others = [need for name, needs in extras.items() if name != "boavizta" for need in needs]
    assert not any("boavizta" in need for need in [*others, *project["dependencies"]])


def test_version_is_that_of_the_package_whose_code_never_runs(pack: FactorPack) -> None:
    assert pack.version == "9.9.9"
    assert len(pack.factors) == 14
    assert "boaviztapi 9.9.9" in described(pack, "server").sources[0]
    assert len(pack.digest) == 64


def test_the_pack_travels_to_other_processes(pack: FactorPack) -> None:
    copy = pickle.loads(pickle.dumps(pack))  # noqa: S301 - our own bytes
    assert copy.factors == pack.factors


# -- devices -----------------------------------------------------------------------------------


def test_every_column_goes_to_its_criterion_in_its_unit(pack: FactorPack) -> None:
    """Row 2 (laptop, pro) holds 2 c in column c, negative in columns 7, 15 and 19."""
    figures = published(pack, "laptop-pro")
    expected = {
        criterion: 2.0 * c * (-1.0 if column in ("Epf", "LU", "WU") else 1.0)
        for c, (column, (criterion, _)) in enumerate(DEVICE_COLUMNS.items(), start=1)
    }
    assert figures == pytest.approx(expected, rel=1e-9)
    assert len(figures) == 20
    assert figures["climate_change"] == pytest.approx(20.0, rel=1e-9)  # column 10


def test_units_are_those_of_the_criteria() -> None:
    units = {criterion.key: criterion.unit for criterion in bundled_criteria()}
    for criterion, unit in DEVICE_COLUMNS.values():
        assert unit == units[criterion]
    for criterion, _, unit in MIX_ROWS.values():
        assert unit == units[criterion]


def test_devices_have_one_stage_and_the_professional_row_answers(pack: FactorPack) -> None:
    library = FactorLibrary.of([], [pack])
    flows = library.factors.flows
    assert flows[library.by_type("laptop")].id == "laptop-pro"
    assert flows[library.by_type("external_hdd")].id == "external_hdd"
    assert described(pack, "laptop-perso").equipment_type == ""
    rows = list(device_rows(TABLES, version="9.9.9"))
    assert {row["stage"] for row in rows} == {"embedded"}


def test_a_category_without_a_type_is_found_by_its_identifier_only(pack: FactorPack) -> None:
    assert described(pack, "watch").equipment_type == ""
    assert published(pack, "watch")["climate_change"] == pytest.approx(2.5, rel=1e-9)


def test_an_empty_cell_is_not_published(pack: FactorPack) -> None:
    assert "material_input_per_service" not in published(pack, "external_hdd")
    assert len(published(pack, "external_hdd")) == 19


def test_a_row_that_repeats_the_personal_one_says_so(pack: FactorPack) -> None:
    assert "repeats the personal one" in described(pack, "desktop-pro").note
    assert "repeats" not in described(pack, "laptop-pro").note


@pytest.mark.slow
def test_negative_figures_are_kept_named_and_no_lower_bound(pack: FactorPack) -> None:
    """Two laptops, one of unknown quantity: water is negative, so its total is 'incomplete'."""
    note = described(pack, "server").note
    assert "eutrophication freshwater, land use, water use" in note
    assert "water use is not to be relied on" in note
    registry = reen.load_plugins(only=["reen-bundled"])
    fleet = [
        reen.Equipment("laptop", country="FR", lifetime="4 year", annual_energy="30 kWh/year"),
        reen.Equipment("scanner", country="FR", lifetime="4 year", annual_energy="30 kWh/year"),
    ]
    footprint = reen.measure(fleet, method="numecoeval", factors=[pack], registry=registry)
    water, climate = footprint.total("water_use"), footprint.total("climate_change")
    assert water.value == pytest.approx(-38.0 / 4.0, rel=1e-9)
    assert not water.complete
    assert not water.lower_bound
    assert climate.lower_bound


# -- mixes -------------------------------------------------------------------------------------


def test_mixes_by_country_take_the_rows_of_the_base_itself(pack: FactorPack) -> None:
    """France is area 3: row r holds 3 r / 1000; climate change is the base's own 0.3, not 8."""
    figures = published(pack, "electricity", "FR")
    assert figures["climate_change"] == pytest.approx(0.3, rel=1e-9)
    assert figures["acidification"] == pytest.approx(0.003, rel=1e-9)
    assert figures["resource_use_minerals_metals"] == pytest.approx(13 * 3 / 1000, rel=1e-9)
    assert "primary_energy" not in figures
    assert described(pack, "electricity", "FR").status == "data of 2011"


def test_mixes_serve_any_year_as_they_have_none(pack: FactorPack) -> None:
    library = FactorLibrary.of([], [pack])
    assert library.electricity("FR", 2022) == library.electricity("FR", 2030) >= 0
    assert library.electricity("NA", 2022) >= 0


def test_zeros_are_not_published(pack: FactorPack) -> None:
    france, czechia = published(pack, "electricity", "FR"), published(pack, "electricity", "CZ")
    for criterion in ("climate_change_biogenic", "climate_change_land_use", "land_use"):
        assert criterion not in france
    assert "ozone_depletion" in france
    assert "ozone_depletion" not in czechia
    note = described(pack, "electricity", "CZ").note
    assert "ozone depletion left out: 0 in the source" in note


def test_czech_acidification_and_what_it_contaminates_are_left_out(pack: FactorPack) -> None:
    for flow, place in (("electricity", "CZ"), ("electricity", "WORLD"), ("electricity-eee", "")):
        assert "acidification" not in published(pack, flow, place)
        assert "climate_change" in published(pack, flow, place)
        assert "acidification left out" in described(pack, flow, place).note
    assert "acidification" in published(pack, "electricity", "FR")


def test_obsolete_and_unknown_areas_answer_for_no_country(pack: FactorPack) -> None:
    assert "obsolete" in described(pack, "electricity-scg").note
    assert "'QQQ' is no country code" in described(pack, "electricity-qqq").note
    assert FactorLibrary.of([], [pack]).electricity("RS", 2022) == -1


@pytest.mark.slow
def test_a_device_measured_with_the_pack(pack: FactorPack) -> None:
    """Laptop, pro: 20 / 4 years + 30 kWh x 0.3 = 14 kgCO2e a year; no water figure for use."""
    registry = reen.load_plugins(only=["reen-bundled"])
    laptop = reen.Equipment("laptop", country="FR", lifetime="4 year", annual_energy="30 kWh/year")
    footprint = reen.measure(laptop, method="numecoeval", factors=[pack], registry=registry)
    climate = footprint.total("climate_change")
    assert climate.value == pytest.approx(14.0, rel=1e-9)
    assert climate.complete
    stages = footprint.stage_totals("water_use")
    assert math.isnan(stages[reen.Stage.USE])
    assert not footprint.total("water_use").complete


# -- files that are not as expected ------------------------------------------------------------

Reader = Callable[..., Iterator[dict[str, str]]]


@pytest.mark.parametrize(
    ("reader", "file", "old", "new", "message"),
    [
        (device_rows, DEVICES, "GWPf", "GWPx", "row 1, column 'GWPf'"),
        (device_rows, DEVICES, '"1,00E+01"', "ten", "row 2, column 'GWP': 'ten'"),
        (device_rows, DEVICES, '"1,00E+01",', "", "row 2, column '': '21 cells'"),
        (mix_rows, MIXES, "mol éq. H+", "kg éq. SO2", "row 3, column 'unit': 'kg éq. SO2'"),
        (mix_rows, MIXES, "0.003", "0.00.3", "row 3, column 'FRA': '0.00.3'"),
        (mix_rows, MIXES, "gwpf", "other", "column 'name': ''; expected a row 'gwpf'"),
    ],
)
def test_a_changed_file_is_refused_where_it_changed(
    tmp_path: Path, reader: Reader, file: str, old: str, new: str, message: str
) -> None:
    text = (TABLES / file).read_bytes().decode("utf-8")
    assert old in text
    (tmp_path / file).write_bytes(text.replace(old, new, 1).encode("utf-8"))
    with pytest.raises(reen.errors.FactorDataError) as caught:
        list(reader(tmp_path, version="9.9.9"))
    assert message in str(caught.value)
    assert str(caught.value).startswith(file)


@pytest.mark.parametrize(("reader", "file"), [(device_rows, DEVICES), (mix_rows, MIXES)])
def test_a_missing_or_garbled_file_is_refused(tmp_path: Path, reader: Reader, file: str) -> None:
    with pytest.raises(reen.errors.FileFormatError, match=r"boaviztapi==2\.5\.0"):
        list(reader(tmp_path, version="9.9.9"))
    (tmp_path / file).write_bytes(b"Category\xff")
    with pytest.raises(reen.errors.FileFormatError, match="not UTF-8"):
        list(reader(tmp_path, version="9.9.9"))


# -- the real package --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> FactorPack:
    """Return the pack of the installed package."""
    return base_impacts_pack()


@needs_boaviztapi
def test_real_devices(real: FactorPack) -> None:
    items = [text for text in real.factors.descriptions if text.reference_unit == "item"]
    assert len(items) == 14
    assert published(real, "laptop-pro")["climate_change"] == pytest.approx(181.0, rel=1e-9)
    assert "repeats" in described(real, "desktop-pro").note
    for flow, text in zip(real.factors.flows, real.factors.descriptions, strict=True):
        if text.reference_unit == "item":
            assert len(published(real, flow.id)) == 20
            assert published(real, flow.id)["water_use"] < 0.0


@needs_boaviztapi
@pytest.mark.slow
def test_the_real_tables_are_read_without_its_code() -> None:
    """In a process of its own: another test may have imported the package here."""
    code = (
        "import sys; from reen_plugins.base_impacts.package import base_impacts_pack;"
        "assert base_impacts_pack().factors.flows; assert 'boaviztapi' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


@needs_boaviztapi
def test_real_mixes(real: FactorPack) -> None:
    france = published(real, "electricity", "FR")
    assert france["climate_change"] == pytest.approx(0.0813225, rel=1e-9)
    assert len(france) == 12
    assert "acidification" not in published(real, "electricity", "CZ")


@needs_boaviztapi
def test_real_figures_are_those_of_the_reference_copy(real: FactorPack, shared_data: Path) -> None:
    """Every figure of 2.5.0 that no flag forbids, and none that one does."""
    if real.version != "2.5.0":
        pytest.skip(f"the reference copy is of boaviztapi 2.5.0, not {real.version}")
    kinds = {"personal": "-perso", "professional": "-pro", "": ""}
    criteria = bundled_criteria()
    with (shared_data / "equipment_factors_base_impacts_negaoctet.csv").open("r", -1, "utf-8") as f:
        for row in csv.DictReader(f):
            flow = row["equipment_type"] + kinds[row["equipment_subtype"]]
            key = criteria.resolve(row["criterion_code"]).key
            assert published(real, flow)[key] == pytest.approx(float(row["value"]), rel=1e-9)
    with (shared_data / "electricity_mix_base_impacts.csv").open("r", -1, "utf-8") as f:
        rows = [row for row in csv.DictReader(f) if row["source_id"] == "ademe_base_impacts"]
    figures = {
        flow: published(real, flow.id, flow.geography)
        for flow in real.factors.flows
        if flow.id.startswith("electricity")
    }
    for row in rows:
        area = row["country_code"]
        place = "WORLD" if area == "WOR" else resolve_country(area) or ""
        name = "electricity" if place else f"electricity-{area.lower()}"
        key = criteria.resolve(row["criterion_code"]).key
        found = figures[Flow("base-impacts", name, place)].get(key)
        expected = None if row["quality_flag"] else pytest.approx(float(row["value"]), rel=1e-9)
        assert found == expected
