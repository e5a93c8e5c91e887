"""`--mapping` and `reen read --save-mapping`: what one said of a file, kept and given back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import reen
from reen.plugin.files import ColumnRule

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]


@pytest.fixture
def parc(tmp_path: Path) -> Path:
    path = tmp_path / "parc.csv"
    path.write_text("Type;Parc;Remarque\nPC portable;Mairie;x\nÉcran;Annexe;\n", encoding="utf-8")
    return path


def test_a_saved_mapping_reads_alike(typed: Typed, parc: Path, tmp_path: Path) -> None:
    saved = tmp_path / "mairie.toml"
    run = typed(
        "read",
        "--full",
        parc,
        "--column",
        "Parc=entity",
        "--country",
        "FR",
        "--save-mapping",
        saved,
    )
    assert run.code == 0
    mapping = reen.read_mapping(saved)
    assert mapping.name == "mairie"
    assert mapping.shared.columns == {
        "Parc": ColumnRule("entity"),
        "Type": ColumnRule("equipment_type"),
    }
    assert '# Remarque = "keep"' in saved.read_text(encoding="utf-8")
    said = json.loads(typed("read", "--full", parc, "--mapping", saved, "--format", "json").out)
    before = json.loads(
        typed(
            "read", "--full", parc, "--column", "Parc=entity", "--country", "FR", "--format", "json"
        ).out
    )
    assert said["reports"][0]["mappings"] == {"mairie": mapping.digest}
    for key in ("columns", "equipment", "account", "issues"):
        assert said[key] == before[key]


def test_every_command_that_reads_takes_a_mapping(typed: Typed, parc: Path, tmp_path: Path) -> None:
    saved = tmp_path / "mairie.toml"
    saved.write_text('name = "mairie"\n[columns]\nParc = "entity"\n', encoding="utf-8")
    run = typed("measure", parc, "--mapping", saved, "-m", "base-carbone", "--by", "entity")
    assert run.code == 0
    assert "Annexe" in run.out


def test_a_fault_of_a_mapping_is_told_with_the_file(
    typed: Typed, parc: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('name = "wrong"\n[columns]\nParc = "entite"\n', encoding="utf-8")
    run = typed("read", "--full", parc, "--mapping", wrong)
    assert run.code != 0
    assert "wrong.toml" in " ".join(run.err.split())
    assert "did you mean 'entity'" in " ".join(run.err.split())


def test_a_mapping_is_not_written_over_the_file_that_is_read(typed: Typed, parc: Path) -> None:
    before = parc.read_bytes()
    assert typed("read", "--full", parc, "--save-mapping", parc).code != 0
    assert parc.read_bytes() == before
