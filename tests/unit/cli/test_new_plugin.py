"""`reen new-plugin`: packages that install and pass their tests at once, and names that cannot be.

The packages are run as installed: what installing them would write is put beside their sources.
Where hatchling is there, one is installed by pip as well, without a network.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]

KINDS = ("method", "importer", "factor-pack")


def install(package: Path) -> None:
    """Write beside the sources what installing the package would write."""
    project = tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]
    name, version = project["name"], project["version"]
    info = package / "src" / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    points = project["entry-points"]["reen"].items()
    lines = ["[reen]", *(f"{point} = {module}" for point, module in points)]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")


def run(package: Path, *command: str, path: str = "src") -> subprocess.CompletedProcess[str]:
    """Run a Python command where the package is installed."""
    found = os.pathsep.join([str(package / path), *filter(None, sys.path)])
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=package,
        env=os.environ | {"PYTHONPATH": found, "COLUMNS": "100", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_plugin_passes_its_tests(kind: str, typed: Typed, tmp_path: Path) -> None:
    """Its own, and the conformance suite, as it was written."""
    assert typed("new-plugin", "reen-acme-lab", "--kind", kind, "--directory", tmp_path).code == 0
    package = tmp_path / "reen-acme-lab"
    install(package)
    done = run(package, "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


@pytest.mark.slow
def test_the_tutorial_makes_a_package_that_passes(
    typed: Typed, tmp_path: Path, repository: Path
) -> None:
    """Its files put where it says, in the package that it begins with: the tests pass."""
    page = repository / "docs" / "tutorials" / "write-a-method.md"
    if not page.is_file():
        pytest.skip("the documentation is not part of what is installed")
    typed("new-plugin", "reen-screens", "--kind", "method", "--directory", tmp_path)
    blocks = re.findall(r"```python\n# (\S+\.py)\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 3  # the method, its hooks and its figures
    for path, text in blocks:
        assert (tmp_path / path).is_file()
        (tmp_path / path).write_text(text, encoding="utf-8")
    install(tmp_path / "reen-screens")
    done = run(
        tmp_path / "reen-screens", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 passed" in done.stdout


@pytest.mark.slow
def test_its_method_is_listed_and_measures(
    typed: Typed, fleet: Path, tmp_path: Path, repository: Path
) -> None:
    """By the name without `reen-`; the fleet of the examples too."""
    typed("new-plugin", "reen-acme-lab", "--kind", "method", "--directory", tmp_path)
    package = tmp_path / "reen-acme-lab"
    install(package)
    listed = run(package, "reen.cli", "methods", "acme-lab")
    assert "acme-lab 1" in listed.stdout
    assert "plugin: acme-lab (reen-acme-lab 0.1.0)" in listed.stdout
    city = repository / "examples" / "boulogne_billancourt_2022.csv"
    for path in (fleet, city):
        measured = run(package, "reen.cli", "measure", str(path), "--method", "acme-lab")
        assert measured.returncode == 0, measured.stderr
        assert "Climate change: >= " in measured.stdout


def test_the_files_are_named_and_what_to_do_next(typed: Typed, tmp_path: Path) -> None:
    """Every file, then the commands in order."""
    out = typed("new-plugin", "reen-acme", "--kind", "importer", "--directory", tmp_path).out
    folder = tmp_path / "reen-acme"
    written = {path for path in folder.rglob("*") if path.is_file()}
    assert {Path(line) for line in out.splitlines() if line.startswith(str(tmp_path))} == written
    assert {path.relative_to(folder).as_posix() for path in written} == {
        *(".gitignore", "README.md", "pyproject.toml"),
        *("src/reen_acme/__init__.py", "src/reen_acme/acme.py", "src/reen_acme/py.typed"),
        *("tests/sample.jsonl", "tests/test_acme.py", "tests/test_conformance.py"),
    }
    steps = [line.strip() for line in out.splitlines() if line.startswith("  ")]
    assert steps[0] == f"cd {folder}"
    assert "../reen[cli]" in steps[2]  # a folder: no index has a package of ours
    assert steps[-1].endswith("reen read tests/sample.jsonl --importer acme")
    assert out.splitlines()[-1].startswith("../reen is the folder of your copy")


def test_nothing_is_left_of_the_template(typed: Typed, tmp_path: Path) -> None:
    """Neither a name to be put in, nor a name of this repository's plugins."""
    for kind in KINDS:
        typed("new-plugin", f"reen-x-{kind}", "--kind", kind, "--directory", tmp_path)
    for path in tmp_path.rglob("*"):
        if path.is_file() and "fleet" not in path.name:
            text = path.read_text("utf-8")
            assert "$" not in text, path
            assert "__module__" not in path.as_posix()
            assert "reen_plugins" not in text


@pytest.mark.slow
def test_the_code_is_well_formed(typed: Typed, tmp_path: Path) -> None:
    """As ruff formats it, documented, in lines of 100."""
    if importlib.util.find_spec("ruff") is None:
        pytest.skip("ruff is not installed: pip install -e '.[test]'")
    for kind in KINDS:
        typed("new-plugin", f"reen-acme-{kind}", "--kind", kind, "--directory", tmp_path)
    tool = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--line-length", "100", str(tmp_path)]
    for check in (["format", "--check"], ["check", "--select", "B,D1,E,F,SIM,UP,W"]):
        command = [*tool, *check, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Acme", "expected small letters and digits, words joined by '-', such as reen-my-labo"),
        ("reen_acme", "expected small letters"),
        ("reen-", "expected small letters"),
        ("-acme", "expected small letters"),
        ("../acme", "expected small letters"),
        ("3d", "expected small letters"),
        ("acmé", "expected small letters"),
        ("json", "expected another name: 'json' means something else in Python"),
        ("class", "expected another name: 'class' means something else in Python"),
        ("reen-class", "expected another name: 'class' means something else in Python"),
        ("reen", "expected another name: a module 'reen' is installed already"),
        ("pyarrow", "expected another name: a module 'pyarrow' is installed already"),
        (
            "reen-ecodiag",
            "expected another name: reen-bundled (reen ",
        ),
    ],
)
def test_a_name_that_cannot_be(name: str, said: str, typed: Typed, tmp_path: Path) -> None:
    """Refused in one line, before anything is written."""
    run = typed("new-plugin", "--kind", "method", "--directory", tmp_path, "--", name)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert len(run.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_there(typed: Typed, tmp_path: Path) -> None:
    """Nothing of it is touched."""
    (tmp_path / "reen-acme").mkdir()
    (tmp_path / "reen-acme" / "notes.txt").write_text("mine", encoding="utf-8")
    run = typed("new-plugin", "reen-acme", "--kind", "method", "--directory", tmp_path)
    assert run.code == 2
    assert "expected a folder that is not there yet; choose another name or --directory" in run.err
    assert [path.name for path in (tmp_path / "reen-acme").iterdir()] == ["notes.txt"]


def test_a_kind_must_be_said(typed: Typed) -> None:
    """With the choices."""
    run = typed("new-plugin", "reen-acme")
    assert run.code == 2
    assert "--kind" in run.err


@pytest.mark.slow
def test_pip_installs_it(typed: Typed, tmp_path: Path) -> None:
    """Into a folder, without a network: the wheel holds the sources, the data, the entry point."""
    for tool in ("hatchling", "pip"):
        if importlib.util.find_spec(tool) is None:
            pytest.skip(f"{tool} is not installed; nox -s example_plugin does this with a network")
    typed("new-plugin", "reen-acme", "--kind", "factor-pack", "--directory", tmp_path)
    package, there = tmp_path / "reen-acme", tmp_path / "there"
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    done = run(package, "pip", "install", "-q", *options, "--target", str(there), ".")
    assert done.returncode == 0, done.stdout + done.stderr
    listed = run(package, "reen.cli", "factors", "acme", path="../there")
    assert "Laptop (invented)" in listed.stdout, listed.stderr
