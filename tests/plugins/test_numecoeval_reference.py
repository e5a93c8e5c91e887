"""The reference files of NumEcoEval and G4IT as a factor pack, in their three spellings.

The figures of tests/fixtures/numecoeval/reference_* are invented.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest

import reen
from reen import Stage
from reen.plugin import FactorPack

HERE = Path(__file__).resolve().parents[1] / "fixtures" / "numecoeval"
SETS = ("reference_fr", "reference_en", "reference_snake")
EVERY_SET = pytest.mark.parametrize("name", SETS)


def values(pack: FactorPack) -> dict[tuple[str, str, str, str], float]:
    """Return the published values by (flow, geography, stage, criterion)."""
    factors = pack.factors
    return {
        (flow.id, flow.geography, str(stage), key): float(factors.values[k, s, c])
        for k, flow in enumerate(factors.flows)
        for s, stage in enumerate(factors.stages)
        for c, key in enumerate(factors.criteria)
        if factors.values[k, s, c] == factors.values[k, s, c]
    }


def defaults(pack: FactorPack) -> dict[tuple[str, str], float]:
    """Return the defaults by (what for, parameter)."""
    return {(each.equipment_type, each.parameter): each.value for each in pack.defaults}


@EVERY_SET
def test_factors_and_mixes(name: str) -> None:
    """Items by step and criterion, mixes by country, of no year and whatever their step."""
    pack = reen.read_factors(HERE / name)
    climate, metals = "climate_change", "resource_use_minerals_metals"
    assert values(pack) == {
        ("serveur-essai", "", "manufacturing", climate): 1200.5,
        ("serveur-essai", "", "distribution", climate): 60.0,
        ("serveur-essai", "", "end_of_life", climate): 12.0,
        ("serveur-essai", "", "manufacturing", metals): 0.05,
        ("portable-essai", "", "manufacturing", climate): 170.0,
        ("ligne-essai", "", "manufacturing", climate): 7.5,
        ("Electricity Mix FR", "FR", "use", climate): 0.08,
        ("Electricity Mix FR", "FR", "use", metals): 5e-8,
        ("Electricity Mix DE", "DE", "use", climate): 0.6,
    }
    assert {flow.year for flow in pack.factors.flows} == {0}
    server = pack.factors.descriptions[0]
    assert server.name == "serveur-essai - Serveur"
    assert server.sources == ("INVENTED for tests: no device is like that",)
    assert "Datacenter" in server.boundary


@EVERY_SET
def test_matching_and_defaults(name: str) -> None:
    """Types by their name and by reen's key; models; energies; lifetimes; hypotheses for all."""
    pack = reen.read_factors(HERE / name)
    assert set(pack.matching) == {
        ("model", "R640", "serveur-essai"),
        ("model", "ligne", "ligne-essai"),
        ("model", "Disparu", "absent"),
        ("type", "Server", "serveur-essai"),
        ("type", "server", "serveur-essai"),
        ("type", "Laptop", "portable-essai"),
        ("type", "laptop", "portable-essai"),
        ("type", "Machine à calculer", "serveur-essai"),
    }
    found = defaults(pack)
    assert found["serveur-essai", "annual_energy"] == 3504.0
    assert found["portable-essai", "annual_energy"] == 26.6
    assert found["server", "lifetime"] == found["Server", "lifetime"] == 7.0
    assert found["Machine à calculer", "lifetime"] == 5.0
    assert found["laptop", "lifetime"] == 3.0, "as the engine: the hypothesis, 3 years"
    hypotheses = {parameter: value for (key, parameter), value in found.items() if key == "*"}
    assert hypotheses == {"pue": 1.6, "lifetime": 3.0, "cope_rate": 0.75, "byod_rate": 0.5}


@EVERY_SET
def test_what_is_not_carried_over_is_counted(name: str) -> None:
    """Unknown criteria, USE of items, mixes of no country, types without lifetime..."""
    notes = reen.read_factors(HERE / name).notes
    for words in (
        "USE values of items, which the engine does not use: 1 (serveur-essai)",
        "criteria that reen does not know, not read: 1",
        "electricity mixes of no country, not read: 1 (Europe)",
        "items per Line, read as one item each: 1 (ligne-essai)",
        "hypotheses that the method does not use: 1 (autre)",
        "types without dureeVieDefaut, given dureeVieParDefaut: 3",
    ):
        assert words in notes
    if name != "reference_snake":
        assert "units to compare, read as reen's: 1" in notes


def test_the_three_spellings_measure_alike() -> None:
    """One inventory, the three sets: equal to the last digit."""
    inventory = reen.Inventory.from_arrow(
        pa.table(
            {
                "equipment_type": ["Server", "Laptop", "Machine à calculer", "Monitor"],
                "model": ["R640", None, None, "Disparu"],
                "annual_energy": pa.array([None, None, 50.0, 10.0], pa.float64()),
                "country": ["France", "Germany", "France", "France"],
                "ownership": [None, "corporate_personal_use", None, None],
            }
        )
    )
    found = []
    for name in SETS:
        footprint = reen.measure(
            inventory,
            method="numecoeval",
            factors=[HERE / name],
            as_of="2024-12-31",
            by="equipment_type",
        )
        found.append(footprint.to_arrow().to_pylist())
        reasons = {
            (row.kind, row.reason and row.reason.code) for row in footprint.coverage.left_out()
        }
        assert reasons == {("item", "no_factor")}
    assert found[0] == found[1] == found[2]
    rows = {(r["equipment_type"], r["stage"], r["criterion"]): r["value"] for r in found[0]}
    # 1200.5 / 7 years; 3504 kWh x 0.08; COPE 0.75 x 170 / 3 years
    assert rows["server", "manufacturing", "climate_change"] == pytest.approx(1200.5 / 7, rel=1e-12)
    assert rows["server", "use", "climate_change"] == pytest.approx(3504 * 0.08, rel=1e-12)
    expected = 0.75 * 170 / 3
    assert rows["laptop", "manufacturing", "climate_change"] == pytest.approx(expected, rel=1e-12)


def test_the_file_of_factors_alone() -> None:
    """Its items are found by id: nothing says which type or model they answer for."""
    path = HERE / "reference_fr" / "facteursCaracterisation.csv"
    pack = reen.read_factors(path)
    assert pack.name == "facteursCaracterisation"
    assert len(pack.factors.flows) == 5
    assert pack.matching == ()
    assert defaults(pack) == {
        ("serveur-essai", "annual_energy"): 3504.0,
        ("portable-essai", "annual_energy"): 26.6,
        ("ligne-essai", "annual_energy"): 195.0,
    }


def test_the_version_is_that_of_the_content(tmp_path: Path) -> None:
    """Another name, same content, same version; another figure, another version."""
    folder = tmp_path / "own"
    shutil.copytree(HERE / "reference_fr", folder)
    first = reen.read_factors(folder)
    assert first.name == "own"
    assert first.version == reen.read_factors(HERE / "reference_fr").version
    file = folder / "hypotheses.csv"
    file.write_text(file.read_text("utf-8").replace("1.6", "1.5"), encoding="utf-8")
    assert reen.read_factors(folder).version != first.version


def test_matching_as_keys_and_values(tmp_path: Path) -> None:
    """An older matching file is a bare `cle;valeur`: no source, so no hypotheses."""
    shutil.copy(HERE / "reference_fr" / "facteursCaracterisation.csv", tmp_path)
    (tmp_path / "m.csv").write_text("cle;valeur\nR740;serveur-essai\n")
    pack = reen.read_factors(tmp_path)
    assert pack.matching == (("model", "R740", "serveur-essai"),)


def test_an_organisations_own_rows_go_first(tmp_path: Path) -> None:
    """Of one organisation: its row, then the common one; of several: the common ones only."""
    shutil.copy(HERE / "reference_en" / "itemImpact.csv", tmp_path)
    file = tmp_path / "matching.csv"
    header = "itemSource;refItemTarget;subscriber\n"
    file.write_text(header + "R640;portable-essai;\nR640;serveur-essai;VILLE\n")
    assert reen.read_factors(tmp_path).matching == (("model", "R640", "serveur-essai"),)
    file.write_text(header + "R640;portable-essai;\nR640;serveur-essai;VILLE\nA;b;AUTRE\n")
    pack = reen.read_factors(tmp_path)
    assert pack.matching == (("model", "R640", "portable-essai"),)
    assert "rows of several organisations in matching, not read: 2" in pack.notes


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


FACTORS = "nom;etapeacv;critere;categorie;localisation;valeur;unite;source\n"
TYPES = "type;serveur;dureeVieDefaut;refItemParDefaut\n"


@pytest.mark.parametrize(
    ("files", "row", "column", "value", "expected"),
    [
        (
            {"f": FACTORS + "a;FABRICATION;Climate change;;;x;Item;s\n"},
            2,
            "valeur",
            "x",
            "a number",
        ),
        ({"f": FACTORS + "a;FABRICATION;Climate change;;;;Item;s\n"}, 2, "valeur", "", "a number"),
        (
            {"f": FACTORS + "a;RECYCLAGE;Climate change;;;1;Item;s\n"},
            2,
            "etapeacv",
            "RECYCLAGE",
            "FIN_DE_VIE",
        ),
        (
            {"f": FACTORS + ";FABRICATION;Climate change;;;1;Item;s\n"},
            2,
            "nom",
            "",
            "name of the item",
        ),
        (
            {"f": FACTORS + "a;FABRICATION;Climate change;;;1;Item;s;trop\n"},
            2,
            "",
            "9 cells",
            "8 cells",
        ),
        (
            {
                "f": FACTORS
                + "\na;FABRICATION;Climate change;;;1;Item;s\na;FABRICATION;GWP;;;2;Item;s\n"
            },
            4,
            "valeur",
            "2",
            "one value for a, manufacturing",
        ),
        ({"t": TYPES + "Server;true;long;x\n"}, 2, "dureeVieDefaut", "long", "a number"),
        ({"t": TYPES + ";true;3;x\n"}, 2, "type", "", "the name of a type"),
    ],
)
def test_wrong_cells(
    tmp_path: Path, files: Mapping[str, str], row: int, column: str, value: str, expected: str
) -> None:
    """File, line, column as the file has it, value, expected."""
    with pytest.raises(reen.errors.FactorDataError) as caught:
        reen.read_factors(_write(tmp_path, **files))
    error = caught.value
    assert (error.row, error.column, str(error.value)) == (row, column, value)
    assert error.pack in ("f.csv", "t.csv")
    assert expected in str(error.expected)


def test_equal_lines_are_one(tmp_path: Path) -> None:
    line = "a;FABRICATION;Climate change;;;1;Item;s\n"
    pack = reen.read_factors(_write(tmp_path, f=FACTORS + line + line))
    assert pack.factors.stages == (Stage.MANUFACTURING,)


@pytest.mark.parametrize(
    "data",
    [
        f"Facteurs 2026\n\n{FACTORS}a;FABRICATION;Climate change;;;1,5;Item;mesuré\n".encode(
            "utf-16"
        ),
        f"{FACTORS}a;FABRICATION;Climate change;;;1,5;Item;mesuré\n".encode("cp1252"),
        f"{FACTORS}a;FABRICATION;Climate change;;;1,5;Item;mesuré\n".replace(";", "\t").encode(),
    ],
    ids=["title, utf-16", "cp1252", "tabs"],
)
def test_a_copy_saved_otherwise(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "f.csv").write_bytes(data)
    pack = reen.read_factors(tmp_path)
    assert list(values(pack).values()) == [1.5]
    assert pack.factors.descriptions[0].sources == ("mesuré",)


def test_what_is_no_reference_set(tmp_path: Path) -> None:
    """A folder of other things needs a pack.toml, as before; a long-form file stays one."""
    with pytest.raises(reen.errors.FactorDataError, match=r"pack\.toml"):
        reen.read_factors(_write(tmp_path, other="a;b\n1;2\n"))
    path = tmp_path / "own.csv"
    path.write_text(
        "flow,reference_unit,stage,criterion,value,unit,source\n"
        "laptop,item,manufacturing,climate_change,100,kgCO2e/item,mine\n"
    )
    assert reen.read_factors(path).name == "own"
    reader = reen.default_registry().factor_readers["numecoeval-reference"]
    with pytest.raises(reen.errors.FileFormatError, match="no NumEcoEval reference file"):
        reader.read(path)


def test_criteria_under_an_organisations_own_codes(tmp_path: Path) -> None:
    """A code that reen does not know stands for the label that the set gives it."""
    files = {
        "f": FACTORS + "a;FABRICATION;C1;;;1;Item;s\n",
        "c": "code;label;description;unit\nC1;Climate change;;kg CO2 eq\n",
    }
    assert reen.read_factors(_write(tmp_path, **files)).factors.criteria == ("climate_change",)
