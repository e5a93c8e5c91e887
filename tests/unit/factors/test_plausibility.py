"""Factors that cannot be what their unit says."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import reen
from reen.types import Severity
from reen_plugins.factor_packs.embedded import PACKS

HEADER = "flow,reference_unit,geography,year,stage,criterion,value,unit,equipment_type,source\n"


def electricity(value: str, unit: str = "kgCO2e/kWh") -> str:
    return HEADER + f"el-fr,kWh,FR,2024,use,climate_change,{value},{unit},,ours\n"


def making(value: str, unit: str = "kgCO2e/item", stage: str = "embedded") -> str:
    return HEADER + f"pc,item,,,{stage},climate_change,{value},{unit},laptop,ours\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (electricity("52"), "is not plausible in kgCO2e/kWh: is it in gCO2e/kWh?"),
        (electricity("700"), "is not plausible in kgCO2e/kWh: is it in gCO2e/kWh?"),
        (electricity("0.000052"), "is not plausible in kgCO2e/kWh: is it in tCO2e/kWh?"),
        (electricity("52000"), "is not plausible in kgCO2e/kWh;"),
        (electricity("-0.052"), "is negative, though only the end of life can be credited"),
        (making("156000"), "is not plausible in kgCO2e: is it in gCO2e?"),
        (making("0.156"), "is not plausible in kgCO2e: is it in tCO2e?"),
        (making("-156"), "is negative"),
        (making("-156", stage="manufacturing"), "is negative"),
        (making("1", stage="distribution"), "gives neither the manufacturing nor embedded"),
        (
            making("156") + "other,item,,,embedded,climate_change,90,kgCO2e/item,laptop,ours\n",
            "though other factors are of the same type: other; expected one factor for each type",
        ),
    ],
)
def test_a_factor_in_another_unit_is_told(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(content)
    with pytest.warns(reen.errors.FactorWarning, match="ours") as warned:
        pack = reen.read_factors(path)
    (message,) = (str(each.message) for each in warned)
    assert said in message
    (doubt,) = pack.doubts
    assert doubt.severity is Severity.DOUBT
    assert doubt.text("fr") != message


def test_equipment_per_kilogram_is_told(tmp_path: Path) -> None:
    """Its own figure is not used; that of the method is, and nobody would know."""
    path = tmp_path / "ours.csv"
    path.write_text(HEADER + "pc,kg,,,manufacturing,climate_change,20,kgCO2e/kg,laptop,ours\n")
    with pytest.warns(reen.errors.FactorWarning, match="is given per kg, and is not used"):
        pack = reen.read_factors(path)
    assert pack.doubts[0].reason.detail("reason").code == "factor_per_weight"


def test_a_matching_table_says_which_of_two(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "pack.toml").write_text(
        'name = "ours"\nversion = "1"\ntitle = "Ours"\npublisher = "us"\n'
        'licence = "internal"\nsource = "us"\n'
    )
    (folder / "factors.csv").write_text(
        making("156") + "other,item,,,embedded,climate_change,90,kgCO2e/item,laptop,ours\n"
    )
    (folder / "matching.csv").write_text("match,key,flow\ntype,laptop,other\n")
    assert reen.read_factors(folder).doubts == ()


@pytest.mark.parametrize("stage", ["distribution", "end_of_life"])
def test_a_total_without_the_making_is_a_lower_bound(tmp_path: Path, stage: str) -> None:
    """10 laptops of 5 years: 9 kg each of their distribution alone is no whole footprint."""
    path = tmp_path / "ours.csv"
    path.write_text(making("9", stage=stage))
    with pytest.warns(reen.errors.FactorWarning):
        found = reen.measure(
            reen.Equipment("laptop", quantity=10, lifetime=5),
            "base-carbone",
            factors=path,
            use_stage=False,
            as_of="2024-12-31",
        )
    total = found.total()
    assert (total.value, total.complete, total.lower_bound) == (18.0, False, True)
    assert str(total).startswith(">=")
    assert "manufacturing" in found.view().mend_first[0].text


@pytest.mark.parametrize("stage", ["manufacturing", "embedded"])
def test_a_total_with_the_making_is_whole(tmp_path: Path, stage: str) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(making("156", stage=stage))
    found = reen.measure(
        reen.Equipment("laptop", lifetime=5),
        "base-carbone",
        factors=path,
        use_stage=False,
        as_of="2024-12-31",
    )
    assert found.total().complete


@pytest.mark.parametrize(
    "content",
    [
        electricity("0.052"),
        electricity("52", "gCO2e/kWh"),
        electricity("1.4"),
        electricity("0"),
        electricity("52", "kgCO2e/MWh"),
        making("156"),
        making("156", "kgCO2e/item"),
        making("156", stage="manufacturing") + making("-3", stage="end_of_life").partition("\n")[2],
    ],
)
def test_plausible_factors_are_read_in_silence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert reen.read_factors(path).doubts == ()


def test_many_factors_of_one_fault_are_one_doubt(tmp_path: Path) -> None:
    rows = "".join(
        f"el-{k},kWh,FR,{k},use,climate_change,52,kgCO2e/kWh,,ours\n" for k in range(2000, 2020)
    )
    path = tmp_path / "ours.csv"
    path.write_text(HEADER + rows)
    with pytest.warns(reen.errors.FactorWarning):
        (doubt,) = reen.read_factors(path).doubts
    assert doubt.count == 20


def test_the_packs_that_come_with_the_library_raise_no_doubt() -> None:
    registry = reen.default_registry()
    for name in PACKS:
        assert registry.factor_packs[name].doubts == (), name
