"""The reader of manufacturers' sheets, on a small file of invented makers and figures.

`fixtures/pcf_small_fr.csv` and `_us.csv` hold the same 21 sheets in the two variants of the
Boavizta data set.  The last tests read the real one, where it stands beside the repository; none of
its rows is copied here.
"""

from __future__ import annotations

import math
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

import reen
from reen.plugin import FactorPack
from reen.plugin.arrays import FlowDescription
from reen.plugin.files import Sample
from reen.plugin.packs import MatchedModel, MatchingTable
from reen_plugins.manufacturer.method import Manufacturer
from reen_plugins.manufacturer.pcf import (
    AVERAGE_RATIO,
    BROUGHT_DOWN,
    ENERGY_SET_ASIDE,
    MEDIAN,
    PARTIAL_RATIOS,
    SPLIT_SET_ASIDE,
    ManufacturerPcfReader,
    ManufacturerSheets,
    Rules,
    sheets_pack,
)
from reen_plugins.manufacturer.pcf_file import date_of

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
FRENCH, US = FIXTURES / "pcf_small_fr.csv", FIXTURES / "pcf_small_us.csv"

HEADER = "manufacturer,name,subcategory,gwp_total,gwp_use_ratio,yearly_tec,lifetime,use_location\n"


@pytest.fixture(scope="module")
def small() -> FactorPack:
    """Return the French file as a pack, read once, as users do."""
    return reen.read_factors(FRENCH)


def stages(pack: FactorPack, flow: str) -> dict[str, float]:
    """Return the published stages of a flow, kgCO2e per item."""
    (k,) = (k for k, each in enumerate(pack.factors.flows) if each.id == flow)
    values = pack.factors.values[k, :, 0]
    return {
        str(stage): float(value)
        for stage, value in zip(pack.factors.stages, values, strict=True)
        if not math.isnan(value)
    }


def about(pack: FactorPack, flow: str) -> FlowDescription:
    (k,) = (k for k, each in enumerate(pack.factors.flows) if each.id == flow)
    return pack.factors.descriptions[k]


def energy(pack: FactorPack, flow: str) -> tuple[str, float] | None:
    found = [(each.parameter, each.value) for each in pack.defaults if each.equipment_type == flow]
    return found[0] if found else None


def judged(tmp_path: Path, *lines: str, rules: Rules | None = None) -> ManufacturerSheets:
    path = tmp_path / "sheets.csv"
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return ManufacturerSheets.read(path, rules=rules)


# -- variants ----------------------------------------------------------------------------------


def test_both_variants_say_the_same(small: FactorPack) -> None:
    other = reen.read_factors(US)
    assert [flow.id for flow in other.factors.flows] == [flow.id for flow in small.factors.flows]
    for name in ("values", "spread"):
        arrays = (getattr(pack.factors, name) for pack in (small, other))
        assert np.array_equal(*arrays, equal_nan=True)
    assert [each.value for each in other.defaults] == [each.value for each in small.defaults]
    assert other.matching == small.matching


def test_a_copy_saved_by_a_spreadsheet_is_read(tmp_path: Path, small: FactorPack) -> None:
    path = tmp_path / "pcf_small_fr.csv"
    path.write_bytes(FRENCH.read_text("utf-8").replace("\n", "\r\n").encode("utf-8-sig"))
    assert reen.read_factors(path).factors == small.factors


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_title_and_an_encoding_hide_nothing(
    tmp_path: Path, small: FactorPack, encoding: str
) -> None:
    path = tmp_path / "pcf_small_fr.csv"
    path.write_bytes(f"Fiches\n\n{FRENCH.read_text('utf-8')}".encode(encoding))
    assert reen.read_factors(path).factors == small.factors


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    """Its numbers have a decimal point; one typed with a comma is set aside, not guessed."""
    import xlsxwriter

    path = tmp_path / "sheets.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Fiches")
        sheet.write_row(0, 0, HEADER.strip().split(","))
        sheet.write_row(1, 0, ["Dell", "A 1", "Laptop", 100.5, 0.25, "", 4, "EU"])
        sheet.write_row(2, 0, ["Dell", "A 2", "Laptop", "100,5", 0.25, "", 4, "EU"])
    sheets = ManufacturerSheets.read(path)
    assert [float(each.total) for each in sheets.sheets.values()] == [100.5]
    (aside,) = sheets.quarantine
    assert (aside.line, aside.reason.startswith("gwp_total is '100,5'")) == (3, True)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Dell,A, 14 pouces,Laptop,100,0.25,,4,EU", "line 2, 9 cells; expected 8 cells"),
        ('Dell,"A,Laptop,100,0.25,,4,EU', "line 2, unexpected end of data; expected quotes"),
    ],
    ids=["unquoted comma", "open quote"],
)
def test_a_line_that_would_be_misread_is_refused(tmp_path: Path, line: str, message: str) -> None:
    """Its cells were moved by one, or took in the rest of the file."""
    with pytest.raises(reen.errors.FileFormatError, match=message):
        judged(tmp_path, line)


def test_the_reader_knows_its_files() -> None:
    reader = ManufacturerPcfReader()
    for path in (FRENCH, US):
        assert reader.sniff(Sample(path, path.read_bytes()[:1000])).score > 0.9
    for text in (b"", b"flow,name,value\n", b"manufacturer;name;gwp_total\n", b"\xff\xfe\x00"):
        assert reader.sniff(Sample(FRENCH, text)).score == 0.0


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("manufacturer,name,gwp_use_ratio\n")
    with pytest.raises(reen.errors.FileFormatError, match="'gwp_total' is missing"):
        ManufacturerPcfReader().read(path)


def test_a_table_of_ones_own_needs_few_columns(tmp_path: Path) -> None:
    """100 kg, use a quarter: 75 kg are left."""
    path = tmp_path / "ours.csv"
    path.write_text("manufacturer,name,gwp_total,gwp_use_ratio,licence\nUs,One,100,0.25,CC0\n")
    pack = reen.read_factors(path)
    assert stages(pack, "us-one") == {"embedded": 75.0}
    assert about(pack, "us-one").licence == "CC0"
    assert (pack.name, pack.licence) == ("ours", "not stated in the file")


# -- stages ------------------------------------------------------------------------------------


def test_stages_are_separate_and_the_rest_is_embedded(small: FactorPack) -> None:
    """300 kg: 0.70, 0.06, 0.01, use 0.20; what is left of 0.80 is 0.03: 9 kg."""
    assert stages(small, "makerville-feather-5420") == {
        "manufacturing": 210.0,
        "distribution": 18.0,
        "end_of_life": 3.0,
        "embedded": 9.0,
    }


def test_a_zero_ratio_counts_where_nothing_is_left(small: FactorPack) -> None:
    """280 kg: 0.75 + 0.25 = 1, so transport and end of life are published as 0."""
    assert stages(small, "makerville-feather-5490") == {
        "manufacturing": 210.0,
        "distribution": 0.0,
        "end_of_life": 0.0,
    }


def test_a_zero_ratio_beside_a_rest_was_not_filled_in(small: FactorPack) -> None:
    """310 kg: 0.64 + 0.30 = 0.94; the other 0.06, 18.6 kg, is transport, end of life, what else."""
    assert stages(small, "makerville-feather-5490-2018-06") == {
        "manufacturing": pytest.approx(198.4),
        "embedded": pytest.approx(18.6),
    }


def test_ratios_above_one_by_their_rounding_are_brought_down(tmp_path: Path) -> None:
    """0.62 + 0.01 + 0.01 + 0.37 = 1.01: the three make 63 kg of 100, in their proportions."""
    path = tmp_path / "x.csv"
    path.write_text(
        "manufacturer,name,gwp_total,gwp_use_ratio,gwp_manufacturing_ratio,gwp_transport_ratio,"
        "gwp_eol_ratio\nM,X,100,0.37,0.62,0.01,0.01\n"
    )
    found = stages(reen.read_factors(path), "m-x")
    assert sum(found.values()) == pytest.approx(63.0, rel=1e-12)
    assert found["manufacturing"] / found["distribution"] == pytest.approx(62.0)


def test_the_coverage_of_a_split_with_a_rest_is_the_truth(small: FactorPack) -> None:
    """Embedded beside manufacturing: what is not separated is said to be there, not left out."""
    rows = [
        reen.Equipment("laptop", model="Feather 5490 ", lifetime=5, country="FR"),
        reen.Equipment("laptop", model="Plume 14 Gen 3", lifetime=5, country="FR"),
        reen.Equipment("laptop", model="Folio 13", lifetime=5, country="FR"),
    ]
    older = MatchingTable(
        (MatchedModel(model="Feather 5490", sheet="makerville-feather-5490-2018-06"),)
    )
    method = Manufacturer(matching=older)
    footprint = reen.measure(rows, method=method, factors=[small], as_of="2022-12-31")
    quantity = {
        stage: {
            status.label: counted[0]
            for status, counted in footprint.coverage.quantities(stage, "climate_change").items()
            if counted[0]
        }
        for stage in footprint.stages
    }
    assert quantity[reen.Stage.MANUFACTURING] == {"assessed": 3.0}
    # Feather: its transport is in the rest; Plume and Folio: their sheets give it
    assert quantity[reen.Stage.DISTRIBUTION] == {"assessed": 2.0, "included elsewhere": 1.0}
    # Feather: under embedded; Plume and Folio: in the separate stages
    assert quantity[reen.Stage.EMBEDDED] == {"assessed": 1.0, "included elsewhere": 2.0}
    # Plume: its sheet gives no end of life and no use ratio, so nothing says where it is
    assert quantity[reen.Stage.END_OF_LIFE] == {
        "assessed": 1.0,
        "included elsewhere": 1.0,
        "left out": 1.0,
    }
    assert not footprint.total().complete


# -- a use ratio that is missing -----------------------------------------------------------------


def test_without_a_use_ratio_the_others_count(small: FactorPack) -> None:
    """260 kg: 0.70 and 0.05 are published, nothing more."""
    flow = "nowhere-devices-plume-14-gen-3"
    assert stages(small, flow) == {"manufacturing": 182.0, "distribution": 13.0}
    assert about(small, flow).status == PARTIAL_RATIOS


def test_without_any_ratio_the_mean_of_the_kind_is_removed(small: FactorPack) -> None:
    """Six laptops: (0.20 + 0.25 + 0.30 + 0.15 + 0.20 + 0.30) / 6 = 0.2333; 240 x 0.7667 = 184."""
    flow = "nowhere-devices-plume-15"
    assert stages(small, flow) == {"embedded": pytest.approx(184.0)}
    assert about(small, flow).status == AVERAGE_RATIO
    assert energy(small, flow) is None  # no energy can be implied by a ratio that is not its own


# -- electricity ---------------------------------------------------------------------------------


def test_the_yearly_energy_is_the_sheets(small: FactorPack) -> None:
    assert energy(small, "makerville-feather-5420") == ("annual_energy", 25.0)


def test_else_it_is_implied_by_the_use_stage_and_the_place(small: FactorPack) -> None:
    """250 kg x 0.20 / 5 years = 10 kg a year; 10 / 0.58333 = 17.14 kWh.

    Seven sheets for the EU imply 0.6, 0.58333, 0.58125, 0.6, 0.5, 0.528 and 0.58333 kgCO2e/kWh;
    their median is 0.58333.  The 1.41 of a server that contradicts itself is not among them.
    """
    name, value = energy(small, "nowhere-devices-plume-14-gen-2") or ("", 0.0)
    implied = [0.6, 280 * 0.25 / 120, 310 * 0.3 / 160, 0.6, 0.5, 440 * 0.3 / 250, 210 * 0.2 / 72]
    assert name == "implied_energy"
    assert value == pytest.approx(10.0 / float(np.median(implied)), rel=1e-12)


def test_a_place_with_few_sheets_implies_nothing() -> None:
    sheets = ManufacturerSheets.read(FRENCH)
    assert list(sheets.implied_factors) == ["EU"]
    assert sheets.implied_factors["EU"][1] == 7


# -- uncertainty -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flow", "spread"),
    [
        ("makerville-feather-5420", 0.2),
        ("makerville-v2422h-monitor", math.nan),  # 0 stands for unknown
        ("nowhere-devices-plume-15", math.nan),  # 3.2 is not believed
        ("otherland-bolt-k50-k50p-tiny", math.nan),
    ],
)
def test_the_published_error_is_one_standard_deviation(
    small: FactorPack, flow: str, spread: float
) -> None:
    (k,) = (k for k, each in enumerate(small.factors.flows) if each.id == flow)
    found = small.factors.spread[k][~np.isnan(small.factors.values[k])]
    assert found == pytest.approx(np.full(len(found), spread), nan_ok=True)
    assert ("its level not given" in small.factors.descriptions[k].note) == (spread > 0)


# -- medians ---------------------------------------------------------------------------------------


def test_medians_are_flows_of_their_type(small: FactorPack) -> None:
    """140, 195, 200, 210, 217, 240, 272: the median is 210; the averaged sheet does not count."""
    assert stages(small, "median-laptop") == {"embedded": 210.0}
    assert about(small, "median-laptop").status == MEDIAN
    assert energy(small, "median-laptop") == ("annual_energy", 25.0)
    # two monitors and two desktops are too few
    assert [f.id for f in small.factors.flows if f.id.startswith("median")] == ["median-laptop"]


# -- quarantine ------------------------------------------------------------------------------------

REASONS = {
    13: "the same figures as line 10",
    18: "the four ratios sum to 0.43, too far below 1",
    19: "lines 19 and 20 give one model of one date other figures",
    20: "lines 19 and 20 give one model of one date other figures",
    21: "gwp_total is 'n/a', not a number from 0 with a decimal comma",
    22: "no ratio, and no mean one: fewer than 5 sheets of its kind publish theirs",
}

#: What is said of a yearly energy that the use stage contradicts.
_IMPLIES = "its use stage implies {} kgCO2e per kWh of yearly_tec, out of 0.2 to 1.2: {}"
DOUBTS = {
    14: "gwp_manufacturing_ratio is 6.9, above 1: stages not separated",
    15: _IMPLIES.format("62.7", "yearly_tec not used"),
    16: _IMPLIES.format("1.41", "yearly_tec not used"),
    17: "the ratios sum to 1.08, brought down to 1",
}


@pytest.mark.parametrize(
    ("flow", "made", "status"),
    [
        # 210 kg, use 0.20: 168 kg, whatever the 6.9 of manufacture
        ("makerville-tower-900-ultra", {"embedded": 168.0}, SPLIT_SET_ASIDE),
        # 8,000 kg, use 0.98, paper most likely in it: 160 kg
        ("otherland-inkpot-33dw", {"embedded": 160.0}, ENERGY_SET_ASIDE),
        # 5,000 kg, use 0.90: 500 kg, of which 0.08, 0.01 and 0.01 of 5,000
        (
            "nowhere-devices-rack-one-gen10",
            {"manufacturing": 400.0, "distribution": 50.0, "end_of_life": 50.0},
            ENERGY_SET_ASIDE,
        ),
        # 50.5 kg, use 0.25: 37.875 kg shared as 0.74, 0.05 and 0.04 of their sum, 0.83
        (
            "nowhere-devices-plume-phone-4",
            {
                "manufacturing": 37.875 * 0.74 / 0.83,
                "distribution": 37.875 * 0.05 / 0.83,
                "end_of_life": 37.875 * 0.04 / 0.83,
            },
            BROUGHT_DOWN,
        ),
    ],
)
def test_a_doubtful_field_takes_what_depends_on_it_and_nothing_else(
    small: FactorPack, flow: str, made: dict[str, float], status: str
) -> None:
    """T (1 - u) stands without the yearly energy, and without the split; no energy is made up."""
    assert stages(small, flow) == pytest.approx(made, rel=1e-12)
    assert about(small, flow).status == status
    # the phone never had one; its sheet implies 50.5 x 0.25 / 5 = 2.525 kg a year
    assert (energy(small, flow) is None) == (status == ENERGY_SET_ASIDE)


def test_what_is_not_believed_is_listed_with_its_reason(small: FactorPack) -> None:
    sheets = ManufacturerSheets.read(FRENCH)
    assert {each.line: str(each.reason) for each in sheets.quarantine} == REASONS
    notes = small.notes.splitlines()
    assert {each.line: each.reason for each in sheets.doubts} == DOUBTS
    assert notes[0].startswith("21 sheets in pcf_small_fr.csv: 15 used; ")
    listed = [line.rstrip(";.") for line in notes[1:]]
    assert listed == [
        *map(str, sheets.quarantine),
        "4 used without a field:",
        *map(str, sheets.doubts),
    ]


def test_what_is_not_believed_has_no_factor(small: FactorPack) -> None:
    ids = {flow.id for flow in small.factors.flows}
    aside = {key: flow for match, key, flow in small.matching if match == "model"}
    assert aside["Nowhere Devices Console One"] == "nowhere-devices-console-one"
    assert not ids & set(aside.values())
    # its twin is used: the model is not set aside
    assert "Makerville V2422H Monitor" not in aside


def test_every_line_is_used_or_set_aside() -> None:
    sheets = ManufacturerSheets.read(US)
    lines = {each.line for each in sheets.quarantine} | {
        each.line for each in sheets.sheets.values()
    }
    assert lines == set(range(2, 23))


def test_the_bounds_can_be_moved() -> None:
    rules = Rules(implied_range=(0.2, 1.5), surplus=0.05, minimum_sheets=2)
    sheets = ManufacturerSheets.read(FRENCH, rules=rules)
    assert [each.line for each in sheets.doubts] == [14, 15]
    assert "the ratios sum to 1.08, too far above 1" in {each.reason for each in sheets.quarantine}
    pack = sheets_pack(sheets, name="loose")
    assert {f.id for f in pack.factors.flows if f.id.startswith("median")} == {
        "median-desktop",
        "median-laptop",
        "median-monitor",
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",X,Laptop,100,0.2,,,", "no manufacturer"),
        ("M,,Laptop,100,0.2,,,", "no name"),
        ("M,X,Laptop,,0.2,,,", "no gwp_total"),
        ("M,X,Laptop,0,0.2,,,", "gwp_total is 0"),
        ("M,X,Laptop,-5,0.2,,,", "gwp_total is '-5'"),
        ("M,X,Laptop,1e400,0.2,,,", "gwp_total is '1e400'"),
        ("M,X,Laptop,100,1.2,,,", "gwp_use_ratio is 1.2: above 1"),
        ("M,X,Laptop,100,1,,,", "gwp_use_ratio is 1: nothing is left"),
        ("M,X,Laptop,100,,,,", "no ratio, and no mean one"),
    ],
)
def test_reasons(tmp_path: Path, line: str, reason: str) -> None:
    sheets = judged(tmp_path, line)
    assert not sheets.sheets
    assert sheets.quarantine[0].reason.startswith(reason)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("M,X,Laptop,100,0.5,10,4,EU", "its use stage implies 1.25"),
        ("M,X,Laptop,100,0.5,300,4,EU", "its use stage implies 0.0417"),
    ],
)
def test_an_odd_yearly_energy_is_all_that_is_lost(tmp_path: Path, line: str, reason: str) -> None:
    """100 kg, use 0.5: 50 kg stand; 50 / (10 x 4) = 1.25, and 50 / (300 x 4) = 0.0417 kg/kWh."""
    sheets = judged(tmp_path, line)
    assert not sheets.quarantine
    (doubt,) = sheets.doubts
    assert doubt.reason.startswith(reason)
    pack = sheets_pack(sheets, name="ours")
    assert stages(pack, "m-x") == {"embedded": 50.0}
    assert energy(pack, "m-x") is None


@given(
    use=st.decimals(0, "0.99", places=3),
    ratios=st.lists(st.decimals(0, 1, places=3), min_size=3, max_size=3),
)
def test_what_is_made_is_never_more_than_the_sheet_without_its_use(
    tmp_path_factory: pytest.TempPathFactory, use: object, ratios: list[object]
) -> None:
    """Whatever the ratios, the stages of a sheet that is used make T (1 - u), to the last digit."""
    path = tmp_path_factory.mktemp("ratios") / "x.csv"
    made, moved, ended = ratios
    path.write_text(
        "manufacturer,name,gwp_total,gwp_use_ratio,gwp_manufacturing_ratio,gwp_transport_ratio,"
        f"gwp_eol_ratio\nM,X,100,{use},{made},{moved},{ended}\n"
    )
    sheets = ManufacturerSheets.read(path)
    for sheet in sheets.sheets.values():
        assert float(sum(sheet.stages(sheets.rules).values())) == pytest.approx(
            100 * (1 - float(str(use))), rel=1e-12
        )


def test_the_newest_sheet_of_a_model_has_the_bare_id() -> None:
    """Found by name, the newest goes first; the older one by its id."""
    sheets = ManufacturerSheets.read(FRENCH).sheets
    assert sheets["makerville-feather-5490"].report_date == "May 2020"
    assert sheets["makerville-feather-5490-2018-06"].report_date == "June 2018"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("November 2020", (2020, 11, 0)),
        ("January 17 2023", (2023, 1, 17)),
        ("2022-2-6", (2022, 2, 6)),
        ("Feb 2021", (2021, 2, 0)),
        ("17 août 2021", (2021, 8, 17)),
        ("2021", (2021, 0, 0)),
        ("2021-55-1", (2021, 0, 0)),
        ("", (0, 0, 0)),
    ],
)
def test_dates(text: str, date: tuple[int, int, int]) -> None:
    assert date_of(text) == date


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_pack_or_an_error_of_reen(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "x.csv"
    for head in (b"", HEADER.encode(), HEADER.replace(",", ";").encode()):
        path.write_bytes(head + tail)
        try:
            pack = ManufacturerPcfReader().read(path)
        except reen.ReenError:
            continue
        assert pack.notes


# -- the real data set, where it is ----------------------------------------------------------------


@pytest.fixture(scope="module", params=["fr", "us"])
def real(request: pytest.FixtureRequest, shared_data: Path) -> FactorPack:
    """Return one variant of the Boavizta data set."""
    return reen.read_factors(
        shared_data / "manufacturer_pcf" / f"boavizta-data-{request.param}.csv"
    )


@pytest.mark.slow
def test_the_real_sheets(real: FactorPack) -> None:
    """364 kg x (1 - 0.122) = 319.592 kg, of which 0.848 x 364 = 308.672 kg of manufacturing."""
    found = stages(real, "dell-latitude-5420")
    assert found == {"manufacturing": pytest.approx(308.672), "embedded": pytest.approx(10.92)}
    assert energy(real, "dell-latitude-5420") == ("annual_energy", 21.35)
    assert real.licence.startswith("ODbL 1.0")
    assert real.publisher == "Boavizta"
    assert "the world 0.662 (4)" in real.notes
    for said in ("1,226 sheets", "1,215 used", "11 set aside", "EU 0.524", "North America 0.536"):
        assert said in real.notes


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("OptiPlex 7070 Ultra", "gwp_manufacturing_ratio is 7.76, above 1: stages not separated"),
        ("ProLiant DL380 Gen10 server", "implies 1.42 kgCO2e per kWh"),
        ("Lexmark MC3326adwe", "implies 63.7 kgCO2e per kWh"),
        ("Surface Studio 2", "the four ratios sum to 0.692, too far below 1"),
        ("iPad (9th generation) Wi-Fi + Cellular with 64GB", "the same figures as line 50"),
    ],
)
def test_known_defects_are_told(real: FactorPack, model: str, why: str) -> None:
    (line,) = (line for line in real.notes.splitlines() if f"{model}: " in line)
    assert why in line


@pytest.mark.parametrize(
    ("flow", "kilograms"),
    [
        ("hp-proliant-dl380-gen10-server", 4780 * (1 - 0.883)),  # 559.26
        ("dell-optiplex-7070-ultra", 196 * (1 - 0.18)),  # 160.72
        ("fairphone-fairphone-4", 49.9 * (1 - 0.248)),  # 37.5248
    ],
)
def test_sheets_that_one_field_had_lost(real: FactorPack, flow: str, kilograms: float) -> None:
    """Total x (1 - share of use), the doubtful field apart."""
    assert sum(stages(real, flow).values()) == pytest.approx(kilograms, rel=1e-9)


def test_no_flow_is_implausible(real: FactorPack) -> None:
    values = np.nan_to_num(real.factors.values)
    assert (values >= 0.0).all()
    assert (values.sum(axis=(1, 2)) > 0.0).all()
    spread = real.factors.spread
    assert ((spread > 0.0) | np.isnan(spread)).all()
