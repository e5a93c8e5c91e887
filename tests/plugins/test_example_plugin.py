"""The example plugin of docs/examples: a package of its own, which its own tests run as installed.

Here its metadata are written beside its sources, so that neither pip nor a network is needed; `nox
-s example_plugin` builds both wheels and runs the same tests in an isolated environment.
"""

from __future__ import annotations

import ast
import importlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

NAME = "reen-example-method"


@pytest.fixture(scope="module")
def example(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package, beside what installing it would write."""
    source = repository / "docs" / "examples" / NAME
    if not source.is_dir():
        pytest.skip("the documentation is not part of what is installed")
    folder = tmp_path_factory.mktemp("example")
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache", ".venv", ".hypothesis")
    shutil.copytree(source, folder / NAME, ignore=ignored)
    project = tomllib.loads((folder / NAME / "pyproject.toml").read_text("utf-8"))["project"]
    info = folder / NAME / "src" / f"{NAME.replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    points = project["entry-points"]["reen"]
    lines = ["[reen]", *(f"{name} = {module}" for name, module in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder / NAME


def run(example: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a Python command where the package is installed."""
    path = os.pathsep.join([str(example / "src"), *filter(None, sys.path)])
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=example,
        env=os.environ | {"PYTHONPATH": path, "COLUMNS": "100", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_tests_pass(example: Path) -> None:
    """The conformance suite, the figures worked out by hand, the files with faults."""
    done = run(example, "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "13 passed" in done.stdout


def test_the_command_line_lists_it(example: Path) -> None:
    """With the distribution that gives it."""
    done = run(example, "reen.cli", "methods", "second-life")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "plugin: example (reen-example-method 0.1.0)" in done.stdout
    assert "--option share=0.5" in done.stdout


def test_it_uses_public_names_only(example: Path) -> None:
    """Names of the public faces, and of `reen.testing` in its tests."""
    faces = ("", ".errors", ".plugin", ".plugin.files", ".plugin.packs", ".testing", ".types")
    public = {
        name: set(importlib.import_module(name).__all__)
        for name in (f"reen{each}" for each in faces)
    }
    files = sorted(example.rglob("*.py"))
    assert files
    for file in files:
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "reen":
                names = {alias.name for alias in node.names}
                assert names <= public[node.module or ""], file
            elif isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
                assert not [name for name in imported if name.startswith("reen.")], file
            elif (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "reen"
            ):
                assert node.attr in public["reen"], file
