"""The manufacturer method on fleets small enough to compute by hand, and on the real sheets.

The sheets of `fixtures/pcf_small_fr.csv` are invented.  Mix: 0.05 kgCO2e/kWh in France in 2022.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

import reen
from reen.inventory.batch import batches_of
from reen.inventory.schema import EQUIPMENT
from reen.measurement.ready_method import prepare_method
from reen.plugin import FactorPack
from reen.plugin.arrays import FactorLibrary
from reen.plugin.packs import ModelMatcher
from reen.testing import (
    Measurement,
    assert_conserves,
    assert_footprints_close,
    inventories,
    measurements,
    methods,
)
from reen_plugins.manufacturer.method import Manufacturer

SHEETS = Path(__file__).resolve().parents[1] / "fixtures" / "pcf_small_fr.csv"
AS_OF = "2022-12-31"
USE = reen.Stage.USE


def mix_of(value: float, *, year: int = 2022) -> FactorPack:
    return FactorPack.from_rows(
        name="mix",
        version="1",
        title="One mix",
        publisher="tests",
        licence="CC0-1.0",
        source="tests",
        factors=[
            {
                "flow": "mix",
                "reference_unit": "kWh",
                "geography": "FR",
                "year": str(year),
                "stage": "use",
                "criterion": "climate_change",
                "value": repr(value),
                "unit": "kgCO2e/kWh",
                "source": "tests",
            }
        ],
    )


MIX = mix_of(0.05)
ASIDE = "the sheet of the model is set aside (see the notes of its pack)"


def laptop(model: str | None = "Feather 5420", **known: object) -> reen.Equipment:
    columns: dict[str, object] = {"equipment_type": "laptop", "lifetime": 5, "country": "FR"}
    return reen.Equipment(model=model, **(columns | known))  # type: ignore[arg-type]


def measure(*rows: reen.Equipment, **options: object) -> reen.Footprint:
    method = Manufacturer(**options)  # type: ignore[arg-type]
    return reen.measure(rows, method=method, factors=[SHEETS, MIX], as_of=AS_OF)


def covered(footprint: reen.Footprint, kind: str = "item") -> list[tuple[str, str, str]]:
    """Return (match, reason, assumptions) of the rows, for one flow kind."""
    return [
        (row.match.label, str(row.reason or ""), "; ".join(map(str, row.assumptions)))
        for row in footprint.coverage
        if row.kind == kind
    ]


# -- the formula -------------------------------------------------------------------------------


def test_a_sheet_over_the_organisations_own_lifetime() -> None:
    """300 kg: 0.7, 0.06, 0.01 and a rest of 0.03 over 5 years; 25 kWh x 0.05."""
    totals = measure(laptop(quantity=10)).stage_totals()
    assert totals == {
        reen.Stage.MANUFACTURING: pytest.approx(10 * 210 / 5),
        reen.Stage.DISTRIBUTION: pytest.approx(10 * 18 / 5),
        reen.Stage.END_OF_LIFE: pytest.approx(10 * 3 / 5),
        reen.Stage.EMBEDDED: pytest.approx(10 * 9 / 5),
        USE: pytest.approx(10 * 25 * 0.05),
    }


@pytest.mark.slow
def test_the_implied_energy_is_the_algebra_of_the_reference() -> None:
    """U = (T u / L') x m / m': 250 x 0.20 / 5 x 0.05 / 0.58333, m' the median of the EU sheets."""
    footprint = measure(laptop("Plume 14 Gen 2"))
    implied = 280 * 0.25 / (30 * 4)
    assert footprint.stage_totals()[USE] == pytest.approx(250 * 0.20 / 5 * 0.05 / implied)
    assert covered(footprint, "electricity") == [
        ("model", "", "implied_energy: of the use stage and location of the sheet")
    ]
    # without it, the default of the type: 29.0175 kWh for a laptop
    other = measure(laptop("Plume 14 Gen 2"), implied=False)
    assert other.stage_totals()[USE] == pytest.approx(29.0175 * 0.05)
    assert "annual_energy: default of the type" in covered(other, "electricity")[0][2]


@pytest.mark.slow
def test_the_row_or_the_sheet_gives_the_energy() -> None:
    row = laptop(annual_energy=60)
    assert measure(row).stage_totals()[USE] == pytest.approx(60 * 0.05)
    assert measure(row, energy="sheet").stage_totals()[USE] == pytest.approx(25 * 0.05)
    assert covered(measure(row), "electricity") == [("declared", "", "")]


def test_a_lifetime_that_is_missing_is_the_default_of_the_type() -> None:
    """Laptops: 5 years; 240 / 5 = 48.  A row without a type gets that of its sheet."""
    for equipment_type in ("laptop", None):
        footprint = measure(laptop(lifetime=None, equipment_type=equipment_type))
        assert sum(footprint.stage_totals().values()) == pytest.approx(48 + 1.25)
        assert covered(footprint) == [
            ("model", "", "lifetime: default of the type (equipment-defaults)")
        ]


def test_quantity_and_share_multiply() -> None:
    one = float(measure(laptop()).total())
    assert float(measure(laptop(quantity=4, usage_share=0.5)).total()) == pytest.approx(2 * one)


def test_statuses() -> None:
    """Retired: excluded.  In stock: counted without use."""
    assert not covered(measure(laptop(status="retired")))[0][0].startswith("model")
    assert USE not in measure(laptop(status="in stock")).stage_totals()


def test_the_spread_is_that_of_the_sheet() -> None:
    interval = measure(laptop()).interval(draws=2000)
    assert interval.lower < 49.25 < interval.upper
    assert interval.covered == pytest.approx(48 / 49.25)


# -- which sheet -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "match", "assumed"),
    [
        ("Feather 5420", "model", ""),
        ("MAKERVILLE FEATHER 5420 i5", "model", ""),
        ("Feather5420", "model", ""),
        ("makerville-feather-5420", "model", ""),
        ("Feathers 5420", "approximate model", "model: approximate, score 92.5 to 95"),
        ("Feather 5410", "type", "model: median of the type"),
        (None, "type", "model: median of the type"),
    ],
)
def test_levels(model: str | None, match: str, assumed: str) -> None:
    footprint = measure(laptop(model))
    assert covered(footprint) == [(match, "", assumed)]
    expected = 210 / 5 if match == "type" else 240 / 5
    embedded = float(footprint.total()) - footprint.stage_totals()[USE]
    assert embedded == pytest.approx(expected)


def test_another_number_is_another_model() -> None:
    """Feather 5490: 210 + 0 + 0 kg of manufacturing; never the sheet of Feather 5420."""
    assert measure(laptop("Feather 5490")).stage_totals()[
        reen.Stage.MANUFACTURING
    ] == pytest.approx(42)


@pytest.mark.parametrize(
    ("row", "options", "reason"),
    [
        (laptop("Feather 5410"), {"median": False}, "no sheet of the model"),
        (laptop(None), {"median": False}, "model unknown"),
        (
            laptop("K50 Maxi", equipment_type="desktop"),
            {},
            "no sheet of the model",
        ),
        (
            laptop("Bolt Mini", equipment_type="desktop"),
            {},
            ASIDE,
        ),
        (laptop("Feathers 5420"), {"threshold": 95.0, "median": False}, "no sheet of the model"),
        (laptop("Feathers 5420"), {"approximate": False, "median": False}, "no sheet of the model"),
    ],
)
def test_what_has_no_sheet_is_left_out_by_name(
    row: reen.Equipment, options: Mapping[str, object], reason: str
) -> None:
    footprint = measure(row, **options)
    assert covered(footprint) == [("none", reason, "")]
    assert not footprint.total().complete


def test_low_quality_is_flagged() -> None:
    for model in ("Plume 15", "Plume 14 Gen 3"):
        assert covered(measure(laptop(model))) == [
            ("model", "", "use_ratio: not published by the sheet, low quality")
        ]


@pytest.mark.parametrize(
    ("model", "kind", "kilograms", "flag"),
    [
        # 5,000 kg x (1 - 0.90) = 500, over 5 years
        ("Rack One Gen10", "server", 100.0, ""),
        # 210 kg x (1 - 0.20) = 168
        ("Tower 900 Ultra", "desktop", 33.6, "ratios: one is above 1 in the sheet"),
        # 50.5 kg x (1 - 0.25) = 37.875
        ("Plume Phone 4", "smartphone", 7.575, "ratios: sum above 1 in the sheet, brought down"),
    ],
)
def test_a_doubtful_field_leaves_the_making_and_is_flagged(
    model: str, kind: str, kilograms: float, flag: str
) -> None:
    footprint = measure(laptop(model, equipment_type=kind))
    totals = footprint.stage_totals()
    assert sum(v for s, v in totals.items() if s != USE) == pytest.approx(kilograms, rel=1e-12)
    assert all(flag in said for _, _, said in covered(footprint))


@pytest.mark.slow
def test_a_contradicted_energy_gives_way_to_the_default_of_the_type() -> None:
    """The server of 800 kWh: its use stage implies 4,500 / 3,200 = 1.41 kg/kWh; no default either.

    A row that gives 1,000 kWh is counted with them: x 0.05 = 50.
    """
    server = laptop("Rack One Gen10", equipment_type="server")
    assert covered(measure(server), "electricity") == [
        ("none", "annual_energy unknown, and no default for the type either", "")
    ]
    own = laptop("Rack One Gen10", equipment_type="server", annual_energy=1000)
    assert measure(own).stage_totals()[USE] == pytest.approx(50.0, rel=1e-12)
    # a type that has a default takes it, and says why
    printer = measure(laptop("InkPot 33dw", equipment_type="laptop"))
    assert printer.stage_totals()[USE] == pytest.approx(29.0175 * 0.05)
    ((_, _, said),) = covered(printer, "electricity")
    assert "annual_energy: that of the sheet contradicts its use stage, not used" in said


def test_explain_shows_the_sheet_and_the_score() -> None:
    explanation = reen.explain(
        laptop("Feathers 5420", manufacturer="Makerville"),
        method=Manufacturer(),
        factors=[SHEETS, MIX],
        as_of=AS_OF,
    )
    text = str(explanation)
    assert "Makerville Feather 5420 [pcf_small_fr:makerville-feather-5420]" in text
    assert "matched by approximate model" in text
    assert "model: approximate, score 92.5 to 95" in text
    (remark,) = explanation.remarks
    assert remark.text in text
    # 14 of the 15 letters of feather and feathers pair
    assert remark.details == {
        "model": "Feathers 5420",
        "manufacturer": "Makerville",
        "match": "approximate",
        "sheet": "makerville-feather-5420",
        "sheet_name": "Makerville Feather 5420",
        "score": pytest.approx(100 * 14 / 15, rel=1e-12),
    }
    assert explanation.total() == pytest.approx(49.25)


@pytest.mark.slow
def test_trace_says_how_the_sheet_of_every_row_was_found() -> None:
    rows = [
        laptop("Feathers 5420"),
        laptop("Feather5420"),
        laptop("makerville-feather-5420"),
        laptop("Feather 5410"),
        laptop("Bolt Mini", equipment_type="desktop"),
        laptop(None),
        laptop("Feathers 5420", quantity=2),
        laptop("Feather 5410", equipment_type="desktop"),
    ]
    table = reen.trace(rows, method=Manufacturer(), factors=[SHEETS, MIX], as_of=AS_OF).read_all()
    said = [row["remarks"] for row in table.to_pylist() if row["kind"] == "item"]
    assert all(len(remarks) == 1 for remarks in said)
    texts = [text for (text,) in said]
    assert "approximate match" in texts[0]
    assert "score 93.3333 of 100, accepted from 90" in texts[0]
    assert "exact match: Makerville Feather 5420" in texts[1]
    assert "named by its identifier: Makerville Feather 5420" in texts[2]
    assert (
        "no sheet of that name; nearest names, but other numbers or words: makerville-" in texts[3]
    )
    assert texts[3].endswith("median of its type: Laptop, median of 7 sheets [median-laptop]")
    assert texts[4] == "model 'Bolt Mini': its sheet is set aside (see the notes of its pack)"
    assert texts[5].startswith("model unknown; counted with the median of its type")
    assert texts[6] == texts[0]
    assert "median of its type" not in texts[7]  # of desktops there is none
    exact = Manufacturer(approximate=False, median=False)
    table = reen.trace(rows[3], method=exact, factors=[SHEETS, MIX], as_of=AS_OF).read_all()
    assert table["remarks"][0].as_py() == ["model 'Feather 5410': no sheet of that name"]


def test_what_a_table_refuses_is_left_out_by_that_name(tmp_path: Path) -> None:
    path = tmp_path / "matching.csv"
    path.write_text("model,sheet\nFeather 5420,\n")
    footprint = measure(laptop(), matching=path, median=False)
    assert covered(footprint) == [("none", "the matching table gives the model no sheet", "")]


def test_a_corrected_table_is_fed_back(tmp_path: Path) -> None:
    path = tmp_path / "matching.csv"
    path.write_text("model,sheet\nOld laptop,makerville-feather-5490\nFeather 5420,\n")
    method = reen.configure(reen.default_registry().method("manufacturer"), {"matching": str(path)})
    rows = [laptop("Old laptop"), laptop("Feather 5420")]
    footprint = reen.measure(rows, method=method, factors=[SHEETS, MIX], as_of=AS_OF)
    assert sorted(covered(footprint)) == [
        ("model", "", "model: matched by hand"),
        ("type", "", "model: median of the type"),
    ]
    said = footprint.provenance.options["matching"]
    assert said.startswith("matching.csv (2 models, SHA-256 ")
    assert str(tmp_path) not in said


def test_a_table_that_cannot_be_read_is_an_option_error(tmp_path: Path) -> None:
    method = reen.default_registry().method("manufacturer")
    with pytest.raises(reen.errors.OptionError, match="cannot be read"):
        reen.configure(method, {"matching": str(tmp_path / "nowhere.csv")})


def test_without_sheets_the_error_says_how_to_get_them() -> None:
    with pytest.raises(reen.errors.OptionError, match=r"boavizta-data-fr\.csv.*factors=\["):
        reen.measure(laptop(), method="manufacturer")
    with pytest.raises(reen.errors.OptionError, match="none is shipped"):
        reen.measure(laptop(), method="manufacturer", factors=[MIX])


@pytest.mark.slow
def test_electricity_is_left_out_by_name() -> None:
    footprint = measure(laptop(country="DE"), laptop(country=None))
    reasons = {reason for _, reason, _ in covered(measure(laptop(country=None)), "electricity")}
    assert reasons == {"country unknown"}
    assert footprint.stage_totals()[USE] > 0.0  # Germany has its own mix in electricity-world
    year = reen.measure(laptop(), method=Manufacturer(), factors=[SHEETS, MIX], as_of="2031-01-01")
    assert covered(year, "electricity")[0][1] == (
        "no electricity factor of FR for 2031 (series 2022 to 2022)"
    )
    near = reen.measure(
        laptop(),
        method=Manufacturer(electricity_year="nearest"),
        factors=[SHEETS, MIX],
        as_of="2031-01-01",
    )
    assert near.stage_totals()[USE] == pytest.approx(25 * 0.05)


# -- cut into batches, handed to others ----------------------------------------------------------

MODELS = ["Feather 5420", "Feathers 5420", "Feather 5490", "Plume 14 Gen 2", "Zzz", None, "V2422H"]


def fleet(rows: int) -> reen.Inventory:
    return reen.Inventory.from_arrow(
        pa.table(
            {
                "model": [MODELS[k % len(MODELS)] for k in range(rows)],
                "manufacturer": [["Makerville", None, "Otherland"][k % 3] for k in range(rows)],
                "equipment_type": [["laptop", "monitor"][k % 2] for k in range(rows)],
                "quantity": [float(k % 5) for k in range(rows)],
                "country": ["FR"] * rows,
            }
        )
    )


@pytest.mark.slow
def test_batches_and_executors_change_nothing() -> None:
    inventory, method = fleet(400), Manufacturer()
    factors = [reen.read_factors(SHEETS), MIX]
    whole = reen.measure(inventory, method=method, factors=factors, as_of=AS_OF)
    with ThreadPoolExecutor(2) as pool:
        cut = reen.measure(
            inventory, method=method, factors=factors, as_of=AS_OF, batch_rows=7, executor=pool
        )
    assert float(cut.total()) == pytest.approx(float(whole.total()), rel=1e-12)
    assert cut.fold.classes == whole.fold.classes
    assert pickle.loads(pickle.dumps(method)) == method  # noqa: S301 - our own bytes


@pytest.mark.slow
def test_distinct_models_do_not_multiply_cases() -> None:
    """1,000 spellings of a sheet, 1,000 near it, 1,000 models without: 3 cases of items.

    1,000 x (240 + 240 + 210) / 5 = 138,000 kg a year.
    """
    spelt = [
        name
        for k in range(1, 1001)
        for name in (f"Feather{'-' * k}5420", f"Feathers{'-' * k}5420", f"Zzz {k}")
    ]
    rows = pa.table({"model": spelt, "equipment_type": ["laptop"] * 3000, "lifetime": [5.0] * 3000})
    inventory = reen.Inventory.from_arrow(rows)
    ready = prepare_method(Manufacturer(), factors=[SHEETS, MIX], as_of=AS_OF)
    answers = ready.answers_by_case(next(batches_of(inventory.table, schema=EQUIPMENT)))
    assert answers is not None
    assert len(answers[0].outcome) == 3
    footprint = reen.measure(inventory, method=Manufacturer(), factors=[SHEETS, MIX], as_of=AS_OF)
    levels = {row.match.label: row.rows for row in footprint.coverage if row.kind == "item"}
    assert levels == {"model": 1000, "approximate model": 1000, "type": 1000}
    assert float(footprint.total()) == pytest.approx(138_000, rel=1e-12)


@pytest.mark.slow
def test_the_trace_adds_up() -> None:
    inventory = fleet(50)
    factors = [SHEETS, MIX]
    footprint = reen.measure(inventory, method=Manufacturer(), factors=factors, as_of=AS_OF)
    rows = reen.trace(inventory, method=Manufacturer(), factors=factors, as_of=AS_OF).read_all()
    columns = [name for name in rows.column_names if name.startswith("climate_change.")]
    total = sum(value or 0.0 for name in columns for value in rows[name].to_pylist())
    assert total == pytest.approx(float(footprint.total()))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> st.SearchStrategy[Measurement]:
    """Return measurements by this method with any options, of rows that name a model at times."""
    path = tmp_path_factory.mktemp("sheets") / "sheets.csv"
    # the name that the drawn inventories write
    path.write_text(SHEETS.read_text("utf-8").replace("Feather 5420;", "Latitude 5420;"), "utf-8")
    given_packs = (reen.read_factors(path), MIX)
    registry = reen.load_plugins(only=["reen-bundled"])
    cases = measurements(
        registry,
        method=methods(registry, names=["manufacturer"]),
        inventory=inventories(min_rows=1),
    )
    return cases.map(lambda case: attrs.evolve(case, factors=given_packs))


@pytest.mark.slow
@settings(max_examples=settings.default.max_examples // 5)
@given(data=st.data())
def test_the_laws_hold(drawn: st.SearchStrategy[Measurement], data: st.DataObject) -> None:
    """Equal to the slow engine, whole or cut into batches; no item is lost."""
    case = data.draw(drawn)
    footprint = case.run()
    assert_footprints_close(footprint, case.reference())
    assert_footprints_close(case.run(batch_rows=3), footprint)
    assert_conserves(footprint, case.inventory)


# -- the worked figure, on the real sheets -------------------------------------------------------


@pytest.fixture(scope="module")
def real(shared_data: Path) -> FactorPack:
    """Return the French variant of the Boavizta data set."""
    return reen.read_factors(shared_data / "manufacturer_pcf" / "boavizta-data-fr.csv")


@pytest.mark.slow
@pytest.mark.parametrize("model", ["Latitude 5420", "DELL LATITUDE 5420 i5", "Latitude5420"])
def test_latitude_5420_kept_five_years_in_france(real: FactorPack, model: str) -> None:
    """364 x (1 - 0.122) / 5 = 63.9184; 21.35 kWh x 0.0813225 = 1.7362; together 65.7 kg a year."""
    footprint = reen.measure(
        laptop(model), method="manufacturer", factors=[real, mix_of(0.0813225)], as_of=AS_OF
    )
    assert float(footprint.total()) == pytest.approx(364 * 0.878 / 5 + 21.35 * 0.0813225)
    assert f"{float(footprint.total()):.1f}" == "65.7"
    assert covered(footprint) == [("model", "", "")]


@pytest.mark.slow
def test_the_same_with_the_mix_of_ademe_in_2025(real: FactorPack) -> None:
    """63.9184 + 21.35 x 0.0461 = 64.9026."""
    footprint = reen.measure(
        laptop("Latitude 5420"), method="manufacturer", factors=[real], as_of="2025-12-31"
    )
    assert f"{float(footprint.total()):.1f}" == "64.9"


def test_the_sheet_of_latitude_5420(real: FactorPack) -> None:
    """364 x 0.878 = 319.6 without the use stage, which is 44.4 over 4 years of 21.35 kWh.

    That implies 44.408 / 85.4 = 0.520 kg per kWh; the sheet as it is says 364 / 4 = 91.0 kg a year;
    its error of 0.2198 is 80 kg on the whole.
    """
    library = FactorLibrary.of((), [real])
    at = library.by_id("dell-latitude-5420")
    embedded = float(np.nansum(library.factors.values[at]))
    energy = library.default("dell-latitude-5420", "annual_energy")
    assert embedded == pytest.approx(319.592, rel=1e-9)
    assert energy is not None
    assert energy.value == 21.35
    assert f"{(364 - embedded) / (4 * energy.value):.3f}" == "0.520"
    assert f"{364 / 4:.1f}" == "91.0"
    assert f"{364 * np.nanmax(library.factors.spread[at]):.0f}" == "80"


@pytest.mark.slow
def test_latitude_5490_is_not_latitude_5420(real: FactorPack) -> None:
    """Without its own sheet it would be a median, never the sheet of another number."""
    library = FactorLibrary.of((), [real])
    others = [k for k, f in enumerate(library.factors.flows) if f.id != "dell-latitude-5490"]
    for factors in (library.factors, library.factors.take(others)):
        answer = ModelMatcher(factors).match("Latitude 5490", "Dell")
        assert answer.flow < 0 or factors.flows[answer.flow].id == "dell-latitude-5490"


@pytest.mark.slow
def test_every_real_sheet_answers_for_its_own_name(real: FactorPack) -> None:
    """But for older sheets of a model, whose newest answers."""
    factors = real.factors
    matcher = ModelMatcher(factors)
    for k, text in enumerate(factors.descriptions):
        if text.model:
            answer = matcher.match(text.model, text.manufacturer)
            assert answer.level == "model", text.name
            found = factors.flows[answer.flow].id
            assert factors.flows[k].id.startswith(found), (text.name, found)
