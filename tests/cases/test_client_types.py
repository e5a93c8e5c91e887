"""Client code needs no narrowing: what two type checkers say of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CLIENT = """
# pyright: strict
from pathlib import Path

import reen
from reen_plugins.base_carbone import BaseCarbone

fleet: reen.Inventory = reen.read("parc.csv", b"Type\\nPC\\n", Path("x.csv"), name="x")
footprint = reen.measure(fleet, "base-carbone", by="equipment_type", use_stage=False)
other = reen.measure("parc.csv", BaseCarbone(use_stage=False))
value: float = footprint.total().value
added: reen.Total = footprint.total() + other.total().to("tCO2e/year")
first: str = fleet.worklist[0].value
some: int = len(fleet.worklist[:3])
comparison = reen.compare(fleet, ["declared", BaseCarbone()])
gap: float = comparison.gap("declared", "base-carbone").value
change = reen.change(fleet, fleet, "base-carbone")
title: str = footprint.view().title + comparison.view().title + fleet.view().title
bib: str = reen.cite(footprint).bibtex() + reen.cite(change)[0].key
Path("a.svg").write_bytes(footprint.plot())
schema: dict[str, object] = reen.json_schema("footprint")
purchases: reen.Purchases = reen.read_records("achats.csv", kind="purchases")
found: float | None = reen.indicators(fleet, footprint=footprint)[0].value
total: float = reen.explain(fleet, "PC-0042", method="base-carbone").total()
stated = reen.statement(fleet, method="base-carbone", scheme="beges-v5")
texts: str = stated.to_json() + reen.explain(fleet, 0, method="declared").to_json()
with reen.language("fr"):
    print(reen.offers("achat.toml").view().title)
"""


@pytest.fixture
def client(tmp_path: Path) -> Path:
    path = tmp_path / "client.py"
    path.write_text(CLIENT, encoding="utf-8")
    return path


@pytest.mark.slow
def test_mypy_is_content(client: Path) -> None:
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(client)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=client.parent, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_pyright_is_content(client: Path) -> None:
    program = shutil.which("pyright", path=str(Path(sys.executable).parent))
    if program is None or shutil.which("node") is None:
        pytest.skip("pyright, or the node that it runs on, is not installed")
    command = [program, "--pythonpath", sys.executable, str(client)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=client.parent, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
