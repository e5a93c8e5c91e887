"""A published fleet: Boulogne-Billancourt, REEN work programme of 5 February 2023, figures 1 to 4.

The city prints, for its agents and its schools, the number of units N, the amortisation A (years)
and the emissions of one unit F (kgCO2e), and multiplies N x F / A.  It leaves out what it has no F
for, and calls its total a lower bound.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import reen
from reen.plugin.arrays import Status

#: (entity, words of the table, N, A, F, F / A as printed in figures 3 and 4).
FLEET = (
    ("agents", "Serveurs rack", None, None, None, None),
    ("agents", "PC fixes", 1227.0, 5.0, 59.0, 12.0),
    ("agents", "PC portables", 400.0, 5.0, 29.0, 6.0),
    ("agents", "Smartphones", 288.0, 2.0, 32.0, 16.0),
    ("agents", "Téléphones mobiles basiques", 257.0, None, None, None),
    ("agents", "Imprimantes", 448.0, 5.0, 17.0, 3.0),
    ("schools", "Serveurs rack", None, None, None, None),
    ("schools", "PC fixes", 514.0, 4.0, 34.0, 8.5),
    ("schools", "PC portables", 272.0, 4.0, None, None),
    ("schools", "Vidéo projecteurs interactifs", 34.0, None, None, None),
    ("schools", "Écrans numériques interactifs", 230.0, 10.0, 100.0, 10.0),
    ("schools", "Bornes Wifi", 186.0, None, None, None),
    ("schools", "Tablettes", 1000.0, 5.0, 33.0, 6.6),
)

#: Lines that both methods cover: base-carbone has no element for interactive displays.
COMMON = ("desktop", "laptop", "smartphone", "printer", "tablet")

AS_OF = "2022-12-31"

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def fleet(*, printed: bool = False) -> reen.Inventory:
    """Return the city's table; with the yearly values per post as printed, when asked."""
    entity, words, quantity, lifetime, declared, annual = zip(*FLEET, strict=True)
    columns = {
        "entity": pa.array(entity),
        "equipment_type": pa.array(words),
        "country": pa.array(["FR"] * len(words)),
        "quantity": pa.array(quantity, pa.float64()),
        "lifetime": pa.array(lifetime, pa.float64()),
        "declared_footprint": pa.array(declared, pa.float64()),
    }
    if printed:
        columns["declared_annual_footprint"] = pa.array(annual, pa.float64())
    return reen.Inventory.from_arrow(pa.table(columns))


def declared(*, printed: bool = False) -> reen.Footprint:
    return reen.measure(
        fleet(printed=printed), method="declared", by=("entity", "equipment_type"), as_of=AS_OF
    )


def base_carbone(inventory: reen.Inventory) -> reen.Footprint:
    """Return the footprint by Base Carbone elements, without the use stage."""
    method = reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"})
    return reen.measure(inventory, method=method, by=("entity", "equipment_type"), as_of=AS_OF)


def by_group(footprint: reen.Footprint) -> dict[tuple[str, str], float]:
    """Return kgCO2e a year of each (entity, type) that has a figure."""
    rows = footprint.to_arrow().to_pylist()
    found: dict[tuple[str, str], float] = {}
    for row in rows:
        if row["value"] is not None:
            key = (row["entity"], row["equipment_type"])
            found[key] = found.get(key, 0.0) + row["value"]
    return found


def tonnes(footprint: reen.Footprint) -> float:
    return float(footprint.total()) / 1000.0


def common(values: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Return the six lines that both methods cover."""
    return {
        key: value
        for key, value in values.items()
        if key[1] in COMMON and key != ("schools", "laptop")
    }


def test_declared_total() -> None:
    """22.9298 + 13.269 = 36.1988 t/year, from the sums of the next two tests."""
    assert tonnes(declared()) == pytest.approx(36.1988, rel=1e-12)


def test_declared_agents() -> None:
    """1227 x 59/5 + 400 x 29/5 + 288 x 32/2 + 448 x 17/5.

    14,478.6 + 2,320 + 4,608 + 1,523.2 = 22,929.8 kg/year.
    """
    values = by_group(declared())
    agents = sum(value for (entity, _), value in values.items() if entity == "agents")
    assert agents == pytest.approx(22_929.8, rel=1e-12)


def test_declared_schools() -> None:
    """514 x 34/4 + 230 x 100/10 + 1000 x 33/5 = 4,369 + 2,300 + 6,600 = 13,269 kg/year."""
    values = by_group(declared())
    schools = sum(value for (entity, _), value in values.items() if entity == "schools")
    assert schools == pytest.approx(13_269.0, rel=1e-12)


def test_entities_are_marginals() -> None:
    """`by("entity")` sums the types up: 22,929.8 and 13,269 kg/year."""
    rows = declared().by("entity").to_arrow().to_pylist()
    assert {row["entity"]: row["value"] for row in rows} == {
        "agents": pytest.approx(22_929.8, rel=1e-12),
        "schools": pytest.approx(13_269.0, rel=1e-12),
    }


def test_declared_is_a_lower_bound() -> None:
    """Six lines are left out and no factor is negative: the total prints '>='."""
    assert str(declared().total()) == ">= 36.2 tCO2e/year"


def test_entities_are_lower_bounds() -> None:
    """Both entities have lines left out."""
    rows = declared().by("entity").to_arrow().to_pylist()
    assert {row["entity"]: row["rows_left_out"] for row in rows} == {
        "agents": True,
        "schools": True,
    }


def test_declared_names_what_it_leaves_out() -> None:
    """Servers of unknown number twice, and four kinds without a figure, with their numbers."""
    left_out = {
        (row.equipment_type, row.quantity, row.rows, row.unknown, str(row.reason))
        for row in declared().coverage.left_out()
    }
    assert left_out == {
        ("server", 0.0, 2, 2, "quantity unknown"),
        ("mobile_phone", 257.0, 1, 0, "declared_footprint unknown"),
        ("laptop", 272.0, 1, 0, "declared_footprint unknown"),
        ("video_projector", 34.0, 1, 0, "declared_footprint unknown"),
        ("wifi_access_point", 186.0, 1, 0, "declared_footprint unknown"),
    }


def test_declared_assesses_the_rest() -> None:
    """1227 + 400 + 288 + 448 + 514 + 230 + 1000 = 4,107 items in 7 lines."""
    footprint = declared()
    found = footprint.coverage.quantities(reen.Stage.UNSPECIFIED, "climate_change")
    assert found[Status.ASSESSED] == (4_107.0, 7, 0)


def test_printed_yearly_values() -> None:
    """With F / A rounded before it is multiplied, as printed in figures 3 and 4.

    1227 x 12 + 400 x 6 + 288 x 16 + 448 x 3 = 23,076; 13,269 in schools: 36,345 kg, printed 36.3 t.
    """
    assert tonnes(declared(printed=True)) == pytest.approx(36.345, rel=1e-12)


def test_base_carbone_on_the_common_lines() -> None:
    """Elements 169 (desktop), 156 (laptop), 32.8 (smartphone), 197 (printer), 63.2 (tablet).

    1227 x 169/5 + 400 x 156/5 + 288 x 32.8/2 + 448 x 197/5 + 514 x 169/4 + 1000 x 63.2/5
    = 41,472.6 + 12,480 + 4,723.2 + 17,651.2 + 21,716.5 + 12,640 = 110,683.5 kg/year.
    """
    values = common(by_group(base_carbone(fleet())))
    assert sum(values.values()) == pytest.approx(110_683.5, rel=1e-12)


def test_declared_on_the_common_lines() -> None:
    """36,198.8 less the interactive displays, which base-carbone does not know: 33,898.8 kg."""
    values = common(by_group(declared()))
    assert sum(values.values()) == pytest.approx(33_898.8, rel=1e-12)


def test_base_carbone_is_three_times_the_declared() -> None:
    """110,683.5 / 33,898.8 = 3.265: the city suspected 3 to 10."""
    theirs = sum(common(by_group(declared())).values())
    ours = sum(common(by_group(base_carbone(fleet()))).values())
    assert ours / theirs == pytest.approx(3.2651, abs=5e-5)


@pytest.mark.parametrize(
    ("entity", "equipment_type", "times"),
    [
        ("agents", "smartphone", 32.8 / 32),
        ("agents", "desktop", 169 / 59),
        ("agents", "laptop", 156 / 29),
        ("agents", "printer", 197 / 17),
        ("schools", "desktop", 169 / 34),
        ("schools", "tablet", 63.2 / 33),
    ],
)
def test_ratio_of_each_line(entity: str, equipment_type: str, times: float) -> None:
    """Same number and lifetime: the ratio is that of the factors, 1.03 to 11.6."""
    key = (entity, equipment_type)
    ratio = by_group(base_carbone(fleet()))[key] / by_group(declared())[key]
    assert ratio == pytest.approx(times, rel=1e-12)


def test_with_the_school_laptops() -> None:
    """272 x 156/4 = 10,608 kg more: 121,291.5 kg/year on the lines of known lifetime."""
    values = by_group(base_carbone(fleet()))
    known = common(values) | {("schools", "laptop"): values["schools", "laptop"]}
    assert sum(known.values()) == pytest.approx(121_291.5, rel=1e-12)


def test_lifetimes_by_default_are_flagged() -> None:
    """Projectors (8 years) have no lifetime of their own; the phones of none are not counted."""
    assumed = {
        (row.equipment_type, tuple(map(str, row.assumptions)))
        for row in base_carbone(fleet()).coverage.assumed()
        if row.kind == "item"
    }
    assert assumed == {
        ("video_projector", ("lifetime: default of the type (equipment-defaults)",)),
        (
            "mobile_phone",
            (
                "element: that of another pack, as Base Carbone has none (ademe-numerique)",
                "lifetime: default of the type (equipment-defaults)",
            ),
        ),
    }


def test_with_the_lifetimes_by_default() -> None:
    """121,291.5 + 34 x 145/8 + 257 x 23.4/2.5 = 121,291.5 + 616.25 + 2,405.52 kg.

    Basic phones by ADEME's digital study, 23.3 + 0.1 kg, as the element of the base is archived.
    """
    assert float(base_carbone(fleet()).total()) == pytest.approx(124_313.27, rel=1e-12)


def test_the_figure_of_an_earlier_version_is_made_again() -> None:
    """113,857.61852 kg by the packs 2026.1, from which the next test says what changed."""
    registry = reen.default_registry().with_packs(
        "base-carbone@2026.1", "electricity-france@2026.1", "equipment-defaults@2026.1"
    )
    options = {"use_stage": "false", "ademe_numerique": "false"}
    method = reen.configure(registry.method("base-carbone"), options)
    before = reen.measure(fleet(), method=method, as_of=AS_OF, registry=registry)
    assert float(before.total()) == pytest.approx(113_857.61852, rel=1e-12)


def test_what_changed_with_the_elements_of_the_release() -> None:
    """From 113,857.61852 kg by the pack 2026.1 to 121,907.75: printers and basic phones only.

    A laser, 27026, in place of an inkjet: 448 x (197 - 88.2)/5 = 9,748.48.  The phones counted by
    27010, a smartphone, are left out: - 257 x 16.5209/2.5 = - 1,698.34852.
    113,857.61852 + 9,748.48 - 1,698.34852 = 121,907.75.
    """
    method = reen.configure(
        reen.default_registry().method("base-carbone"),
        {"use_stage": "false", "elements": "printer=27025,mobile_phone=27010"},
    )
    before = reen.measure(fleet(), method=method, as_of=AS_OF)
    # 27010 was rounded to three figures since: 16.5 for 16.5209
    assert float(before.total()) == pytest.approx(
        113_857.61852 + 257 * (16.5 - 16.5209) / 2.5, rel=1e-12
    )


def test_the_electricity_of_2018_is_one_of_three_that_print_as_57() -> None:
    """The city prints 57 g/kWh and no year: 2016, 2018 and 2021 all round to it.

    Its own tonnes over its own kWh give 51.9.
    """
    factors = reen.default_registry().factor_pack("electricity-france").factors
    found = {
        flow.year
        for flow, values in zip(factors.flows, factors.values, strict=True)
        if flow.geography == "FR" and round(float(values.max()) * 1000) == 57
    }
    assert found == {2016, 2018, 2021}


def test_base_carbone_names_what_it_leaves_out() -> None:
    """Displays and access points, of which no open source gives a figure."""
    left_out = {
        (row.equipment_type, row.quantity, row.unknown, str(row.reason))
        for row in base_carbone(fleet()).coverage.left_out()
    }
    assert left_out == {
        ("server", 0.0, 2, "quantity unknown"),
        (
            "interactive_display",
            230.0,
            0,
            "no Base Carbone element for the type (option elements names one)",
        ),
        (
            "wifi_access_point",
            186.0,
            0,
            "no Base Carbone element for the type (option elements names one)",
        ),
    }


def test_use_stage_left_out_by_option_is_excluded() -> None:
    """All 13 lines are excluded by name from the electricity, none is left out."""
    rows = [row for row in base_carbone(fleet()).coverage if row.kind == "electricity"]
    assert {str(row.reason) for row in rows} == {"not counted: option use_stage=false"}
    assert sum(row.rows for row in rows) == len(FLEET)


def test_the_example_file_is_the_table() -> None:
    """`examples/boulogne_billancourt_2022.csv`, read by its importer, gives the same figures."""
    path = EXAMPLES / "boulogne_billancourt_2022.csv"
    if not path.exists():
        pytest.skip("the examples are not part of an installed package")
    footprint = reen.measure(reen.read(path), method="declared", as_of=AS_OF)
    assert tonnes(footprint) == pytest.approx(36.1988, rel=1e-12)


def test_the_printed_example_file_is_the_table() -> None:
    """The file with the yearly values as printed gives 36.345 t."""
    path = EXAMPLES / "boulogne_billancourt_2022_printed.csv"
    if not path.exists():
        pytest.skip("the examples are not part of an installed package")
    footprint = reen.measure(reen.read(path), method="declared", as_of=AS_OF)
    assert tonnes(footprint) == pytest.approx(36.345, rel=1e-12)


def test_explaining_a_line() -> None:
    """The formula with its numbers: 1,227 desktops x 59 kg / 5 years."""
    text = str(reen.explain(fleet(), row=1, method="declared", as_of=AS_OF))
    assert (
        "1,227 item (quantity) x 59 kgCO2e/item (intensity) / 5 year (lifetime)"
        " = 14,478.6 kgCO2e/year"
    ) in text


def test_explaining_an_assumption() -> None:
    """A lifetime by default is named with its figure and its pack."""
    text = str(reen.explain(fleet(), row=9, method="base-carbone", as_of=AS_OF))
    assert "assumed: lifetime: default of the type 'video_projector', 8 year" in text


def test_explaining_a_factor() -> None:
    """The element and its source are named."""
    text = str(reen.explain(fleet(), row=2, method="base-carbone", as_of=AS_OF))
    assert "[base-carbone:27002]" in text
    assert "source: ADEME, Base Carbone V23.6, element 27002" in text


def test_explaining_a_gap() -> None:
    """A line that is left out says why."""
    text = str(reen.explain(fleet(), row=0, method="declared", as_of=AS_OF))
    assert "left out: quantity unknown" in text
