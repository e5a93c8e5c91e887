"""How sure the importer is of a file, from its first bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from reen.plugin.files import Sample

from reen.tables.reader import TableReader
from reen_plugins.importers.arrow import ArrowFile

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "inventories"


def score(content: str | bytes, name: str = "parc.csv") -> float:
    head = content if isinstance(content, bytes) else content.encode()
    return TableReader().sniff(Sample(Path(name), head)).score


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("canonical.csv", 0.9),
        ("liste_laboratoire.tsv", 0.5),
        ("parc_mairie_cp1252.csv", 0.4),
        ("powershell_utf16.csv", 0.4),
        ("english_month_first.csv", 0.4),
    ],
)
def test_scores_of_files(name: str, expected: float) -> None:
    assert score((FIXTURES / name).read_bytes(), name) == expected


def test_units_do_not_hide_canonical_columns() -> None:
    assert score("id,entity,equipment_type,quantity,lifetime [year],country\n") == 0.9
    assert score("category,model,annual_energy_kwh,weight_kg\n") == 0.9


def test_unknown_headers_are_claimed_for_the_sake_of_the_message() -> None:
    assert score("rouge;vert\n1;2\n") == 0.1
    assert score("") == 0.1
    assert score(b"%PDF-1.7", "parc.csv") == 0.1
    assert score(b"PK\x03\x04", "parc.xlsx") == 0.4
    assert score("Site;Pays\nMairie;FR\n") == 0.1


def test_a_folder_is_not_text(tmp_path: Path) -> None:
    assert TableReader().sniff(Sample(tmp_path, b"")).score == 0.0


def test_reasons_are_given() -> None:
    sniff = TableReader().sniff(
        Sample(Path("p.csv"), b"x\nid,equipment_type,quantity\n1,laptop,1\n")
    )
    assert sniff.reasons == (
        "canonical columns id, equipment_type, quantity...",
        "header on line 2",
    )


def test_arrow_files_are_known_by_their_signature() -> None:
    arrow = ArrowFile()
    assert arrow.sniff(Sample(Path("p"), b"PAR1....")).score == 0.95
    assert arrow.sniff(Sample(Path("p"), b"ARROW1\0\0")).score == 0.95
    assert arrow.sniff(Sample(Path("p.arrow"), b"\xff\xff\xff\xff\x10")).score == 0.9
    assert arrow.sniff(Sample(Path("p.parquet"), b"id,type\n")).score == 0.2
    assert arrow.sniff(Sample(Path("p.csv"), b"id,type\n")).score == 0.0
