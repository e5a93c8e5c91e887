"""`reen measure`: what its page says, and that its data are the library's own figures.

The fleet, by the method `declared` (quantity x footprint / lifetime, kgCO2e a year):
desktops 1227 x 59 / 5 = 14,478.6; laptops 400 x 29 / 5 = 2,320; tablets 1000 x 33 / 5 = 6,600;
agents 16,798.6, schools 6,600, in all 23,398.6.  Left out: 1 server row of unknown quantity,
257 mobile phones, 186 Wi-Fi access points.
"""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reen

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

DECLARED = ("--method", "declared", "--as-of", "2022-12-31")
BASE_CARBONE = ("--method", "base-carbone", "--as-of", "2022-12-31")


def lines_of(page: str) -> list[str]:
    return [" ".join(line.split()) for line in page.splitlines()]


def test_the_page_opens_with_the_total_as_a_lower_bound(typed: Typed, fleet: Path) -> None:
    run = typed("measure", fleet, *DECLARED, "--full")
    assert run.code == 0
    assert run.out.startswith("Climate change: >= 23.40 tCO2e/year\n")
    assert ">= lower bound: some equipment could not be measured (see below)" in lines_of(run.out)
    assert run.err == ""


def test_the_page_shows_each_group_with_its_share_and_mark(typed: Typed, fleet: Path) -> None:
    lines = lines_of(typed("measure", fleet, *DECLARED, "--by", "entity", "--full").out)
    assert "Entity tCO2e/year Share" in lines
    (agents,) = [line for line in lines if line.startswith("agents")]
    (schools,) = [line for line in lines if line.startswith("schools")]
    assert agents.startswith("agents >= 16.80 72% █████")  # 16,798.6 / 23,398.6 = 71.8 %
    assert schools.startswith("schools >= 6.60 28% ███")
    assert agents.count("█") > 2 * schools.count("█")


def test_the_page_says_how_much_is_counted_and_left_out(typed: Typed, fleet: Path) -> None:
    lines = lines_of(typed("measure", fleet, *DECLARED, "--full").out)
    counted = "counted 2,627 items in 3 rows; left out 443 items in 2 rows and 1 row of unknown"
    assert any(line.startswith(counted) for line in lines)


def test_the_page_names_what_is_left_out_with_quantity_reason_and_line(
    typed: Typed, fleet: Path
) -> None:
    lines = lines_of(typed("measure", fleet, *DECLARED, "--full").out)
    start = lines.index("Left out of the figures above")
    assert lines[start + 1 : start + 5] == [
        "Type Items Why Row",
        "Server not known quantity unknown 4",
        "Mobile phone (basic) 257 declared_footprint unknown 5",
        "Wi-Fi access point 186 declared_footprint unknown 7",
    ]


def test_the_hint_below_what_is_left_out_can_be_typed(typed: Typed, fleet: Path) -> None:
    lines = typed("measure", fleet, *DECLARED, "--full").out.splitlines()
    command = lines[lines.index("What one row lacks:") + 1]
    run = typed(*shlex.split(command)[1:])
    assert run.code == 0
    assert "quantity unknown" in run.out


def test_the_page_ends_with_what_it_was_made_with(typed: Typed, fleet: Path) -> None:
    words = " ".join(
        typed("measure", fleet, *BASE_CARBONE, "-o", "use_stage=false", "--full").out.split()
    )
    footprint = reen.measure(
        fleet,
        method=reen.configure(
            reen.default_registry().method("base-carbone"), {"use_stage": "false"}
        ),
        as_of="2022-12-31",
    )
    assert (
        f"Made with: reen {reen.__version__}; method base-carbone"
        f" {footprint.provenance.method_version}, use_stage=false; as of 2022-12-31;" in words
    )
    assert words.endswith(f"hash of all this {footprint.provenance.hash[:12]}")
    assert "electricity-france" in words


def test_assumptions_are_said_with_figure_pack_and_number_of_items(
    typed: Typed, fleet: Path
) -> None:
    phones = ("-o", "elements=mobile_phone=27010")
    words = " ".join(typed("measure", fleet, *BASE_CARBONE, *phones, "--full").out.split())
    default = reen.default_registry().factor_pack("equipment-defaults").defaults
    (lifetime,) = (
        each.value
        for each in default
        if (each.equipment_type, each.parameter) == ("mobile_phone", "lifetime")
    )
    assert (
        "lifetime: default of the type, from the factor pack equipment-defaults; 257 items in"
        f" 1 row: Mobile phone (basic) {lifetime:g} years" in words
    )


def test_two_parts_of_the_life_cycle_are_shown_and_covered_apart(typed: Typed, fleet: Path) -> None:
    lines = lines_of(typed("measure", fleet, *BASE_CARBONE, "--full").out)
    assert "By stage of the life cycle" in lines
    assert any(line.startswith("Use: counted") for line in lines)
    # a basic phone has its making and its end of life apart
    making = "Manufacturing, end of life and all but use: counted"
    assert any(line.startswith(making) for line in lines)
    # one line for what both parts lack, for one reason
    assert "Server not known quantity unknown all 4" in lines


def test_a_year_that_no_series_has_comes_with_the_option_that_takes_another(
    typed: Typed, tmp_path: Path
) -> None:
    """France in 2040: left out, until the closest year serves."""
    path = tmp_path / "parc.csv"
    path.write_text("Type;Pays;Durée de vie (ans)\nPC portable;FR;4\n", encoding="utf-8")
    late = ("--method", "base-carbone", "--as-of", "2040-12-31")
    hint = "The closest year that a series has: --option electricity_year=nearest"
    words = " ".join(typed("measure", path, *late, "--full").out.split())
    assert "no electricity factor of FR for 2040 (series 2008 to 2025)" in words
    assert hint in words
    assert (
        hint
        not in typed("measure", path, *late, "--option", "electricity_year=nearest", "--full").out
    )


def test_what_a_rule_excludes_is_said_with_its_rule(typed: Typed, fleet: Path) -> None:
    lines = lines_of(typed("measure", fleet, *BASE_CARBONE, "-o", "use_stage=false", "--full").out)
    start = lines.index("Not counted, by a rule of the method")
    assert lines[start + 1].startswith("Use: not counted: option use_stage=false:")
    assert any(line.startswith("Use: counted nothing; not counted by a rule") for line in lines)


def test_without_a_date_the_page_says_that_it_is_today(typed: Typed, fleet: Path) -> None:
    assert "(today; --as-of sets another date)" in typed("measure", fleet, "-m", "declared").out


@pytest.mark.slow
def test_groups_beyond_the_limit_are_summed_up(typed: Typed, fleet: Path) -> None:
    lines = lines_of(typed("measure", fleet, *DECLARED, "--by", "id", "--limit", "1", "--full").out)
    assert any(line.startswith("PC-1 14.48 62%") for line in lines)
    # 2.32 + 6.60 t, and three rows left out
    assert any(line.startswith("(5 others) >= 8.92 38%") for line in lines)
    everything = lines_of(
        typed("measure", fleet, *DECLARED, "--by", "id", "--limit", "0", "--full").out
    )
    assert any(line.startswith("WF-1 not measured") for line in everything)


def test_a_file_with_nothing_to_measure_says_so(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "servers.csv"
    path.write_text("equipment_type,quantity,entity\nserver,,IT\n", encoding="utf-8")
    run = typed("measure", path, *DECLARED, "--by", "entity", "--full")
    assert run.code == 0
    assert run.out.startswith("Climate change: nothing could be measured\n")
    assert "IT not measured" in lines_of(run.out)


@pytest.mark.parametrize("columns", ["60", "80", "140"])
def test_the_page_fits_the_terminal(
    typed: Typed, fleet: Path, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    page = typed("measure", fleet, *BASE_CARBONE, "--by", "entity,equipment_type", "--full").out
    paths = ("fleet.csv",)  # a path is never cut, so that it can be copied
    wide = [line for line in page.splitlines() if len(line) > int(columns)]
    assert not [line for line in wide if not any(path in line for path in paths)]
    assert ">= " in page
    assert "Desktop" in page


def test_no_colour_code_reaches_a_pipe(typed: Typed, fleet: Path) -> None:
    assert "\x1b" not in typed("measure", fleet, *BASE_CARBONE, "--by", "entity").out


def test_groups_may_be_named_as_the_file_names_them(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "parc.csv"
    path.write_text("Type;Entité;Quantité\nPC portable;Mairie;2\n", encoding="utf-8")
    lines = lines_of(typed("measure", path, *BASE_CARBONE, "--by", "Entité", "--full").out)
    assert "By entity" in lines
    assert any(line.startswith("Mairie >= ") for line in lines)
    assert any(line.endswith("for the rows that do not say: --country CODE") for line in lines)


def test_json_is_the_footprint_of_the_library(typed: Typed, fleet: Path) -> None:
    run = typed("measure", fleet, *DECLARED, "--by", "entity", "--format", "json")
    assert (run.code, run.err) == (0, "")
    content = json.loads(run.out)
    footprint = reen.measure(fleet, method="declared", by="entity", as_of="2022-12-31")
    assert content["totals"][0]["value"] == footprint.total().value == pytest.approx(23_398.6)
    assert content["totals"][0]["lower_bound"] is True
    groups = {each["group"]["entity"]: each["value"] for each in content["groups"]}
    assert groups == {"agents": pytest.approx(16_798.6), "schools": pytest.approx(6_600.0)}
    left_out = {
        each["equipment_type"]: each["quantity"] for each in content["coverage"]["left_out"]
    }
    assert left_out == {"server": None, "mobile_phone": 257.0, "wifi_access_point": 186.0}
    assert content["provenance"]["hash"] == footprint.provenance.hash
    assert reen.stored.footprint_from_json(run.out) == footprint


def test_csv_is_the_table_of_the_library(typed: Typed, fleet: Path) -> None:
    run = typed("measure", fleet, *BASE_CARBONE, "--by", "entity", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run.out)))
    table = reen.measure(fleet, method="base-carbone", by="entity", as_of="2022-12-31").to_arrow()
    assert list(rows[0]) == table.column_names
    assert [row["entity"] for row in rows] == table["entity"].to_pylist()
    values = [float(row["value"]) if row["value"] else None for row in rows]
    assert values == table["value"].to_pylist()


@pytest.mark.slow
def test_a_file_s_name_says_its_format(typed: Typed, fleet: Path, tmp_path: Path) -> None:
    expected = reen.measure(fleet, method="declared", by="entity", as_of="2022-12-31")
    for name in ("footprint.json", "footprint.parquet"):
        run = typed("measure", fleet, *DECLARED, "--by", "entity", "--output", tmp_path / name)
        assert (run.code, run.out) == (0, "")
        assert run.err == f"written to {tmp_path / name}: >= 23.40 tCO2e/year\n"
        assert reen.read_footprint(tmp_path / name) == expected
    typed("measure", fleet, *DECLARED, "--output", tmp_path / "footprint.txt", "--full")
    page = (tmp_path / "footprint.txt").read_text("utf-8")
    assert page.startswith("Climate change: >= 23.40 tCO2e/year\n")


def test_parquet_needs_a_file(typed: Typed, fleet: Path) -> None:
    run = typed("measure", fleet, *DECLARED, "--format", "parquet")
    assert run.code == 2
    assert run.err.startswith("error: Parquet is not for the screen: add --output FILE.parquet.")


def test_the_file_that_is_read_is_never_written(typed: Typed, fleet: Path) -> None:
    before = fleet.read_bytes()
    run = typed("measure", fleet, *DECLARED, "--output", fleet)
    assert run.code == 2
    assert "--output is the file that is read" in run.err
    assert fleet.read_bytes() == before


def test_factors_from_a_file_go_before_the_method_s_own(
    typed: Typed, fleet: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        "flow,reference_unit,stage,criterion,value,unit,source\n"
        "27002,item,embedded,climate_change,200,kgCO2e/item,our supplier\n",
        encoding="utf-8",
    )
    arguments = ("measure", fleet, *BASE_CARBONE, "-o", "use_stage=false", "--by", "equipment_type")
    run = typed(*arguments, "--factors", own, "--format", "json")
    values = {
        each["group"]["equipment_type"]: each["value"] for each in json.loads(run.out)["groups"]
    }
    assert values["laptop"] == pytest.approx(400 / 5 * 200)


def test_criteria_are_chosen_by_any_of_their_names(typed: Typed, fleet: Path) -> None:
    run = typed("measure", fleet, *DECLARED, "--criteria", "gwp", "--format", "json")
    assert [each["criterion"] for each in json.loads(run.out)["totals"]] == ["climate_change"]


def test_several_criteria_are_listed_with_a_table_each(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "fleet.csv"
    path.write_text("equipment_type,quantity,lifetime,entity\nlaptop,10,5,A\n", encoding="utf-8")
    own = tmp_path / "own.csv"
    own.write_text(
        "flow,reference_unit,stage,criterion,value,unit,source\n"
        "27002,item,manufacturing,climate_change,200,kgCO2e/item,us\n"
        "27002,item,manufacturing,acidification,0.5,molHe/item,us\n",
        encoding="utf-8",
    )
    arguments = (*BASE_CARBONE, "-o", "use_stage=false", "--factors", own, "--by", "entity")
    lines = lines_of(typed("measure", path, *arguments, "--full").out)
    assert "Climate change 400 kgCO2e/year" in [line.replace("400.0", "400") for line in lines]
    assert "Acidification 1.000 molHe/year" in lines  # 10 x 0.5 / 5
    assert "By entity - Acidification" in lines


def test_parquet_inventories_are_measured_too(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "fleet.parquet"
    years = pa.field("lifetime", pa.float64(), metadata={"unit": "year"})
    kilograms = pa.field("declared_footprint", pa.float64(), metadata={"unit": "kgCO2e/item"})
    schema = pa.schema([("equipment_type", pa.string()), years, kilograms])
    pq.write_table(pa.table([["laptop", "server"], [4.0, 5.0], [100.0, None]], schema=schema), path)
    run = typed("measure", path, *DECLARED, "--full")
    assert run.out.startswith("Climate change: >= 25.00 kgCO2e/year\n")
    assert "Server 1 declared_footprint unknown 2" in lines_of(run.out)


def test_what_was_odd_in_the_file_is_summed_up_on_standard_error(
    typed: Typed, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(
        "equipment_type,quantity,lifetime,declared_footprint\n"
        "laptop,1,5,100\nlaptop,2,soon,100\nlaptop,3,0,100\n",
        encoding="utf-8",
    )
    run = typed("measure", path, *DECLARED, "--format", "json")
    assert json.loads(run.out)["totals"][0]["value"] == pytest.approx(20.0)
    first, *details = run.err.splitlines()
    assert first.startswith("note: while reading odd.csv: 2 values not used")
    assert any("'soon'" in line and "lifetime" in line for line in details)
    assert details[-1] == f"  `reen read {path} --full` shows the whole report."


def test_a_strict_read_fails_on_what_is_refused(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("equipment_type,quantity\nlaptop,-3\ndesktop,2\n", encoding="utf-8")
    run = typed("measure", path, *DECLARED, "--strict")
    assert run.code == 2
    assert "or leave --strict out; `reen read` shows every issue." in run.err
    assert run.out == ""


def test_the_published_fleet_of_a_city(typed: Typed, repository: Path) -> None:
    """The city's table: 36,198.8 kg by its own figures, 22,929.8 for agents, 13,269 for schools."""
    path = repository / "examples" / "boulogne_billancourt_2022.csv"
    run = typed("measure", path, *DECLARED, "--by", "entity", "--format", "json")
    content = json.loads(run.out)
    assert content["totals"][0]["value"] == pytest.approx(36_198.8)
    groups = {each["group"]["entity"]: each["value"] for each in content["groups"]}
    assert groups == {"agents": pytest.approx(22_929.8), "schools": pytest.approx(13_269.0)}
    left_out = sorted(
        (each["equipment_type"], each["quantity"], each["rows_of_unknown_quantity"])
        for each in content["coverage"]["left_out"]
    )
    assert left_out == [
        ("laptop", 272.0, 0),
        ("mobile_phone", 257.0, 0),
        ("server", None, 2),
        ("video_projector", 34.0, 0),
        ("wifi_access_point", 186.0, 0),
    ]


@pytest.mark.slow
def test_an_interval_is_shown_where_it_is_asked_for(typed: Typed, fleet: Path) -> None:
    """By the published uncertainty of the factors, of what is counted; else what may be assumed.

    The making of laptops and desktops has one, and most of EcoDiag's total is made of it; the
    figures that the file declares have none.
    """
    plain = lines_of(typed("measure", fleet, *BASE_CARBONE, "--interval", "95").out)
    assert any(line.startswith("Range ") and "(95% interval," in line for line in plain)
    refused = " ".join(lines_of(typed("measure", fleet, *DECLARED, "--interval", "95").out))
    assert "Range no 95% interval: 0% of the total" in refused
    assert "--assume-spread 0.3 takes 30%" in refused
    spread = ("--interval", "95", "--assume-spread", "0.3")
    assumed = " ".join(lines_of(typed("measure", fleet, *DECLARED, *spread).out))
    assert "assumed where none is published: 30%" in assumed
    assert "of what is counted, and of nothing that is left out" in assumed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--assume-spread", "0.3"), "--assume-spread is about --interval"),
        (("--interval", "95", "--format", "csv"), "--interval is shown on the page"),
    ],
)
def test_an_interval_out_of_place_is_refused(
    typed: Typed, fleet: Path, options: tuple[str, ...], said: str
) -> None:
    """A spread without an interval, an interval in a table."""
    run = typed("measure", fleet, *BASE_CARBONE, *options)
    assert run.code == 2
    assert said in run.err


PHONES = """\
id,equipment_type,quantity,lifetime,declared_footprint,ownership
MB-1,mobile_phone,1,,8,BYOD
MB-2,mobile_phone,2,,8,personal
MB-3,mobile_phone,5,,8,corporate
"""


@pytest.mark.parametrize(
    ("options", "hint"),
    [((), "; --by ownership shows them"), (("--by", "ownership"), "")],
)
def test_personal_devices_are_said_where_the_method_does_not_look(
    typed: Typed, tmp_path: Path, options: tuple[str, ...], hint: str
) -> None:
    """1 + 2 = 3 of 8 phones are personal."""
    path = tmp_path / "phones.csv"
    path.write_text(PHONES, encoding="utf-8")
    page = " ".join(typed("measure", path, "-m", "declared", *options, "--full").out.split())
    assert f"3 items in 2 rows: personal devices, treated as the organisation's own{hint}" in page
    path.write_text(PHONES.replace("BYOD", "corporate").replace("personal", "cope"))
    assert (
        "personal devices" not in typed("measure", path, "-m", "declared", *options, "--full").out
    )


def test_a_method_that_looks_whose_a_device_is_says_it_itself(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "phones.csv"
    path.write_text(PHONES, encoding="utf-8")
    page = typed("measure", path, "-m", "numecoeval", "--full")
    assert page.code == 0
    assert "treated as" not in page.out


@pytest.mark.slow
def test_an_earlier_result_is_made_again_by_its_packs(
    typed: Typed, fleet: Path, tmp_path: Path
) -> None:
    """By name and version, then by the file of the result; today's packs give another figure."""
    then, again = tmp_path / "then.json", tmp_path / "again.json"
    versions = ("--pack", "base-carbone@2026.1", "--pack", "electricity-france@2026.1")
    assert typed("measure", fleet, *BASE_CARBONE, *versions, "--output", then).code == 0
    assert typed("measure", fleet, *BASE_CARBONE, "--pack", then, "--output", again).code == 0
    assert again.read_bytes() == then.read_bytes()
    today = reen.measure(fleet, method="base-carbone", as_of="2022-12-31")
    assert reen.read_footprint(again).totals() != today.totals()
    refused = typed("measure", fleet, *BASE_CARBONE, "--pack", "base-carbone@2019.1")
    assert refused.code != 0
    assert "base-carbone@2026.1" in refused.err


@pytest.mark.slow
def test_the_line_by_proxy_stands_below_the_headline(typed: Typed, fleet: Path) -> None:
    """The headline is the same; a table of figures does not hold the line, and says so."""
    plain = lines_of(typed("measure", fleet, *BASE_CARBONE).out)
    asked = lines_of(typed("measure", fleet, *BASE_CARBONE, "-o", "proxies=true").out)
    assert asked[0] == plain[0]
    assert "no part of the total" in " ".join(asked[1:4])
    table = typed("measure", fleet, *BASE_CARBONE, "-o", "proxies=true", "--format", "csv")
    assert "by proxy" not in table.out
    assert "note: not in the table: Climate change: +" in table.err


def test_the_long_page_counts_what_is_assumed_once(typed: Typed, tmp_path: Path) -> None:
    """Two lots of 3 laptops have no status; it decides of their making and of their electricity."""
    path = tmp_path / "parc.csv"
    lots = ["i;laptop;3;5;30;FR;", "j;laptop;3;5;;FR;", "k;laptop;1;5;30;FR;in_use"]
    head = "id;type;quantity;lifetime;annual_energy;country;status"
    path.write_text("\n".join([head, *lots]) + "\n", "utf-8")
    lines = lines_of(typed("measure", path, *BASE_CARBONE, "--full").out)
    assert "status: unknown, taken as in use; 6 items in 2 rows: Laptop" in lines


def test_the_long_page_counts_lines_of_spending_as_such(typed: Typed, tmp_path: Path) -> None:
    """1,200 EUR with tax are 1,000 without: 136 kg by the ratio of telecommunications of 2023."""
    path = tmp_path / "prestations.csv"
    head = "N° de facture;Type de prestation;Libellé;Montant TTC;Date"
    path.write_text(f"{head}\nF1;Téléphonie mobile;Forfaits;1 200,00;2023-03-01\n", "utf-8")
    options = ("--method", "spend", "--as-of", "2023-12-31", "--full")
    english, french = (
        typed("measure", path, *options, "--lang", each).out for each in ("en", "fr")
    )
    said = " ".join(english.split())
    assert said.startswith("Climate change: 136.0 kgCO2e/year")
    assert "counted 1 line of spending in 1 row" in said
    assert (
        "rate of the tax: 20 %, the normal rate of the French tax code (CGI), article 278" in said
    )
    said = " ".join(french.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "taux de TVA : 20 %, taux normal du code général des impôts (CGI), article 278" in said


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("retired", "nothing to count"),
        ("in_use", "nothing could be measured"),
    ],
)
def test_what_a_rule_leaves_out_is_not_what_could_not_be_measured(
    typed: Typed, tmp_path: Path, status: str, said: str
) -> None:
    """Ten retired displays ask for nothing; ten in use have no element in the Base Carbone."""
    path = tmp_path / "parc.csv"
    head = "equipment_type;quantity;lifetime;status"
    path.write_text(f"{head}\ninteractive_display;10;5;{status}\n", "utf-8")
    assert typed("measure", path, *BASE_CARBONE).out.startswith(f"Climate change: {said}\n")
