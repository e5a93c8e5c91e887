"""The reader of the official Base Carbone export, on a small file of invented elements.

`fixtures/base_carbone_small.csv` has the exact form of the export (67 columns, Windows-1252, its
quoting rule); every figure in it is invented.  The last tests read real rows, where they stand
beside the repository.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen import ReenError
from reen.errors import FactorDataError, FileFormatError
from reen.plugin import FactorPack
from reen.plugin.files import Sample
from reen.plugin.packs import FactorReader
from reen_plugins.base_carbone.export import (
    BaseCarboneExport,
    BaseCarboneReader,
    reen_factor_readers,
)
from reen_plugins.base_carbone.file import COLUMNS
from reen_plugins.factor_packs.embedded import PACKS, pack_named

SMALL = Path(__file__).resolve().parents[1] / "fixtures" / "base_carbone_small.csv"


@pytest.fixture(scope="module")
def small() -> BaseCarboneExport:
    """Return the invented export, read once."""
    return BaseCarboneExport.read(SMALL)


def changed(old: str, new: str) -> bytes:
    """Return the bytes of the invented export with one text replaced."""
    text = SMALL.read_bytes().decode("cp1252")
    assert old in text
    return text.replace(old, new, 1).encode("cp1252")


def refusal(raw: bytes) -> FactorDataError:
    """Return the error that some bytes end in."""
    with pytest.raises(FactorDataError) as caught:
        BaseCarboneExport.parse(SMALL, raw)
    return caught.value


def values(pack: FactorPack) -> dict[tuple[str, str], float]:
    """Return the published climate values by (flow id, stage)."""
    factors = pack.factors
    found = {}
    for k, flow in enumerate(factors.flows):
        for s, stage in enumerate(factors.stages):
            value = float(factors.values[k, s, factors.criteria.index("climate_change")])
            if value == value:  # noqa: PLR0124 - not a number differs from itself
                found[flow.id, str(stage)] = value
    return found


def score(raw: bytes) -> float:
    """Return how sure the reader is of a file that begins with `raw`."""
    return BaseCarboneReader().sniff(Sample(SMALL, raw[:65_536])).score


def test_the_reader_is_offered_and_knows_its_header() -> None:
    (reader,) = reen_factor_readers()
    assert isinstance(reader, FactorReader)
    assert reader.sniff(Sample(SMALL, SMALL.read_bytes())).score == 1.0
    assert score(SMALL.read_bytes().decode("cp1252").encode("utf-8-sig")) == 1.0
    assert len(COLUMNS) == 67


def test_a_header_that_begins_alike_is_worth_an_explanation() -> None:
    assert score(changed(";CO2f;", ";CO2;")) == 0.6


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\x81", b"flow;name\n1;2\n", b'"' * 9000])
def test_other_files_are_not_recognised(raw: bytes) -> None:
    assert score(raw) == 0.0


def test_totals_and_splits() -> None:
    """27002: 60.5 + 5 + 2.25 + 1.75 = 69.5 and 31 of distribution; the total stays 100."""
    assert values(BaseCarboneReader().read(SMALL)) == {
        ("27002", "embedded"): 100.0,
        ("27002-stages", "manufacturing"): 69.5,
        ("27002-stages", "distribution"): 31.0,
        ("90001", "embedded"): 1234.5,
        ("27012", "embedded"): 33.0,
        ("90004", "use"): 0.05,
        ("90004-combustion", "use"): 0.0326,
        ("90004-upstream", "use"): 0.01266,
        ("90004-losses", "use"): 0.00474,  # written 4,74E-3
        ("90003", "end_of_life"): 0.3,  # written per tonne
        ("90005", "use"): 0.032,  # written 3,2E-2
        ("90006", "embedded"): 11.5,
        ("90006-stages", "manufacturing"): 10.0,
        ("90006-stages", "distribution"): 2.0,
        ("90006-stages", "end_of_life"): -0.5,
        ("90007", "embedded"): 700.0,
    }


def test_what_is_kept_out_is_named_with_its_reason(small: BaseCarboneExport) -> None:
    assert small.left_out == {
        "in kgCO2e/keuro, none of an item, a kWh, a mass or euros of a year": ("90002",),
        "without a total": ("90008",),
        "not an emission factor": ("90009",),
    }
    assert small.by_id_only == {
        "a sub-line whose stage or value is not known: no split": ("90007",)
    }
    description = small.to_pack().description
    assert "8 elements read from base_carbone_small.csv" in description
    assert "kept out: 1 (in kgCO2e/keuro, none of an item, a kWh, a mass or eur" in description


def test_each_row_carries_what_the_export_says_of_it(small: BaseCarboneExport) -> None:
    rows = {(row["flow"], row["stage"]): row for row in small.rows}
    laptop = rows["27002", "embedded"]
    assert laptop["name"] == "Exemple inventé - portable"
    assert laptop["status"] == "Valide générique"
    assert laptop["uncertainty_percent"] == "50"
    assert laptop["equipment_type"] == "laptop"
    assert laptop["source"] == "ADEME, Base Carbone, element 27002"
    assert laptop["source_year"] == "2020"
    assert laptop["licence"] == "Licence Ouverte 2.0"
    assert laptop["validity"] == "20/12/2021"
    assert "structure: élément décomposé par poste" in laptop["note"]
    assert laptop["boundary"] == (
        "sub-lines: Matières premières, Approvisionnement, Mise en forme, Assemblage, Distribution"
    )
    assert rows["90006", "embedded"]["boundary"].endswith("; boundary: du berceau à la tombe")
    assert rows["90001", "embedded"]["boundary"] == "boundary not stated"
    split = rows["27002-stages", "manufacturing"]
    assert split["uncertainty_percent"] == "50"
    assert split.get("equipment_type", "") == ""
    assert "their sum is 100.5, the published total 100" in split["note"]
    # A quoted cell with ';' and a line break is one remark.
    assert "point-virgule et un retour à la ligne" in rows["90001", "embedded"]["note"]


def test_an_archived_element_keeps_its_status_and_answers_for_no_type(
    small: BaseCarboneExport,
) -> None:
    row = next(row for row in small.rows if row["flow"] == "27012")
    assert (row["status"], row["equipment_type"]) == ("Archivé", "")


def test_only_the_average_consumption_mix_has_a_place_and_a_year(small: BaseCarboneExport) -> None:
    places = {row["flow"]: (row["geography"], row["year"]) for row in small.rows if "year" in row}
    assert places["90004"] == ("FR", "2022")
    assert places["90005"] == ("", "")
    # its parts are of that year and of no place, which the total answers for
    assert places["90004-losses"] == ("", "2022")


@pytest.mark.parametrize(
    ("place", "status", "code"),
    [
        ("Corse", "Valide générique", "FR-20R"),
        ("Réunion", "Valide générique", "RE"),
        ("St Pierre et Miquelon", "Valide spécifique", "PM"),
        ("Nouvelle-Calédonie", "Archivé", ""),
        ("Guadeloupe hors COM", "Valide générique", ""),
        ("Tahiti", "Valide générique", ""),
        ("", "Valide générique", ""),
    ],
)
def test_a_mix_of_overseas_has_its_place_when_valid_and_known(
    place: str, status: str, code: str
) -> None:
    """An archived one, or one of a place without a code of its own, is found by id only."""
    raw = changed(
        'élément non décomposé";"Facteur d\'émission";"Valide générique";électricité;;;'
        'photovoltaïque;;;"Exemple de fabrication"',
        f'élément non décomposé";"Facteur d\'émission";{status};électricité;;;'
        '"mix moyen";;;"consommation - 2020"',
    ).decode("cp1252")
    head, _, tail = raw.partition("Elément;90005")
    tail = tail.replace('"France continentale";;', f"Outre-mer;{place};", 1)
    export = BaseCarboneExport.parse(SMALL, f"{head}Elément;90005{tail}".encode("cp1252"))
    row = next(row for row in export.rows if row["flow"] == "90005")
    assert (row["geography"], row["year"], row["validity"]) == (code, "", "juin-24")


def test_of_two_mixes_of_a_year_the_valid_one_answers() -> None:
    """90005 turned into an archived mix of 2022 changes nothing for that year."""
    raw = changed(
        'élément non décomposé";"Facteur d\'émission";"Valide générique";électricité;;;'
        'photovoltaïque;;;"Exemple de fabrication"',
        'élément non décomposé";"Facteur d\'émission";Archivé;électricité;;;'
        '"2022 - mix moyen";;;consommation',
    ).replace(b"juin-24", "Année 2022".encode("cp1252"))
    export = BaseCarboneExport.parse(SMALL, raw)
    places = {row["flow"]: (row["geography"], row["year"]) for row in export.rows if "year" in row}
    assert places["90004"] == ("FR", "2022")
    assert places["90005"] == ("", "")
    assert export.by_id_only["another element gives the average mix of 2022"] == ("90005",)


def test_a_mix_whose_two_years_differ_is_found_by_id_only() -> None:
    export = BaseCarboneExport.parse(SMALL, changed('"Année 2022"', '"Année 2021"'))
    row = next(row for row in export.rows if row["flow"] == "90004")
    assert (row["geography"], row["year"]) == ("", "")
    assert export.by_id_only["average mix whose year is missing or contradictory"] == ("90004",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_title_above_the_header_moves_the_lines_only(encoding: str) -> None:
    text = SMALL.read_bytes().decode("cp1252")
    raw = f"Base Carbone\n{text}".encode(encoding)
    assert (
        BaseCarboneExport.parse(SMALL, raw).rows
        == BaseCarboneExport.parse(SMALL, SMALL.read_bytes()).rows
    )
    error = refusal(f"Base Carbone\n{text.replace(';31;;', ';trente;;', 1)}".encode(encoding))
    assert error.row == 8


def test_a_copy_saved_in_utf_8_says_the_same(small: BaseCarboneExport) -> None:
    raw = SMALL.read_bytes().decode("cp1252").encode("utf-8-sig")
    assert BaseCarboneExport.parse(SMALL, raw).rows == small.rows


def test_the_release_is_read_in_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "Base_Carbone_V23.6.csv"
    path.write_bytes(SMALL.read_bytes())
    pack = BaseCarboneReader().read(path)
    assert (pack.name, pack.version) == ("base-carbone-23.6", "23.6")
    assert len(BaseCarboneReader().read(SMALL).version) == 12  # no release: head of the hash


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "expected"),
    [
        (";100;;", ";1.234,5;;", 2, "Total poste non décomposé", "decimal comma such as 88,2"),
        (";31;;", ";trente;;", 7, "Total poste non décomposé", "decimal comma such as 88,2"),
        ("20/12/2021;50;", "20/12/2021;-50;", 2, "Incertitude", "a percentage from 0"),
        ("20/12/2021;50;", "20/12/2021;~50;", 2, "Incertitude", "decimal comma"),
        ("03/04/2020;déc-18", "avril;déc-18", 8, "Date de modification", "a date such as"),
        ("\nElément;90001", "\nTotal;90001", 8, "Type Ligne", "'Elément' (a total) or 'Poste'"),
        ("\nElément;90001", "\nElément;neuf", 8, "Identifiant de l'élément", "a whole number"),
        ("\nElément;90001", "\nElément;90001;", 8, "(whole line)", "67 cells separated by ';'"),
        # The cell with a line break is on lines 8 and 9, so the next record is on line 10.
        ("\nElément;27012", "\nElément;27012;", 10, "(whole line)", "67 cells separated by ';'"),
        ('"Exemple de copieur"', '"Exemple "de copieur"', 8, "(whole line)", "quotes doubled"),
    ],
)  # fmt: skip
def test_a_malformed_cell_is_an_error_that_says_where_and_what_to_do(
    old: str, new: str, row: int, column: str, expected: str
) -> None:
    error = refusal(changed(old, new))
    assert (error.pack, error.row, error.column) == ("base_carbone_small.csv", row, column)
    assert expected in str(error.expected)
    message = str(error)
    assert f"base_carbone_small.csv, row {row}, column {column!r}" in message
    assert repr(str(error.value)) in message


def test_two_elements_with_one_identifier_are_refused() -> None:
    error = refusal(changed("\nElément;90002", "\nElément;90001"))
    assert isinstance(error, FactorDataError)
    assert (error.row, error.value) == (11, "90001")
    assert "line 8 is the first: remove one of the two" in str(error)


def test_a_quote_never_closed_is_refused() -> None:
    error = refusal(SMALL.read_bytes().rstrip(b"\n") + b'\n"')
    assert "quotes doubled inside quoted text" in str(error.expected)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "column 1 is '', expected 'Type Ligne'"),
        (b"flow;name\n", "column 1 is 'flow', expected 'Type Ligne'"),
        (changed(";CO2b\n", "\n"), "column 67 is '', expected 'CO2b'"),
        (changed(";CO2b\n", ";CO2b;plus\n"), "column 68 is 'plus', expected 'nothing'"),
        (changed(";CO2f;", ";CO2;"), "column 52 is 'CO2', expected 'CO2f'"),
        (b"\x81\x8d" + SMALL.read_bytes(), "byte 0 is neither Windows-1252 nor UTF-8"),
    ],
)
def test_another_file_is_refused_with_the_remedy(raw: bytes, said: str) -> None:
    with pytest.raises(FileFormatError) as caught:
        BaseCarboneExport.parse(SMALL, raw)
    assert said in str(caught.value)
    assert "ownload" in str(caught.value)


@pytest.mark.slow
@given(raw=st.binary(max_size=300), cut=st.integers(min_value=0, max_value=6000))
def test_arbitrary_bytes_end_in_rows_or_in_a_documented_error(raw: bytes, cut: int) -> None:
    """Whatever is written over the file, no other exception comes out."""
    whole = SMALL.read_bytes()
    try:
        export = BaseCarboneExport.parse(SMALL, whole[:cut] + raw + whole[cut + len(raw) :])
    except ReenError:
        return
    assert all(row["flow"] and row["value"] for row in export.rows)


# ------------------------------------------------------------------------------- real rows


@pytest.fixture(scope="module")
def real(shared_data: Path) -> BaseCarboneExport:
    """Thirty real rows, where they are at hand."""
    return BaseCarboneExport.read(shared_data / "base_carbone_sample.csv")


def test_real_rows(real: BaseCarboneExport) -> None:
    assert values(real.to_pack()) == pytest.approx(
        {
            ("20591", "embedded"): 2935.0,
            ("27025", "embedded"): 88.2,
            ("27025-stages", "manufacturing"): 61.2 + 6.44 + 5.24 + 3.11,
            ("27025-stages", "distribution"): 12.2,
            ("27003", "embedded"): 169.0,
            ("27003-stages", "manufacturing"): 82.9 + 4.75 + 4.19 + 1.76,
            ("27003-stages", "distribution"): 75.4,
            ("27002", "embedded"): 156.0,
            ("27002-stages", "manufacturing"): 120.0 + 1.89 + 0.75 + 1.9,
            ("27002-stages", "distribution"): 31.7,
            ("22024", "end_of_life"): 0.3,  # 300 kg a tonne
            ("24309", "embedded"): 0.919,
            ("34721", "use"): 0.0323,
            ("42513", "use"): 0.052,
            ("42513-combustion", "use"): 0.0338,
            ("42513-upstream", "use"): 0.0135,
            ("42513-losses", "use"): 0.00474,
        },
        rel=1e-12,
    )
    assert real.left_out == {
        "in kgCO2e/keuro, none of an item, a kWh, a mass or euros of a year": (
            "24999",
            "25001",
            "25004",
            "25022",
        ),
    }
    types = {row["flow"]: row["equipment_type"] for row in real.rows if row.get("equipment_type")}
    assert types == {"27003": "desktop", "27002": "laptop"}
    mix = next(row for row in real.rows if row["flow"] == "42513")
    assert (mix["geography"], mix["year"], mix["uncertainty_percent"]) == ("FR", "2022", "10")


def test_the_embedded_packs_and_the_export_say_the_same(real: BaseCarboneExport) -> None:
    packs = {name: pack_named(name) for name in PACKS}
    shipped = values(packs["base-carbone"]) | values(packs["electricity-france"])
    read = values(real.to_pack())
    common = shipped.keys() & read.keys()
    assert len(common) == 14  # ten of items, a mix with its three parts
    assert {key: shipped[key] for key in common} == pytest.approx(
        {key: read[key] for key in common}, rel=1e-12
    )
