"""Style, formatting and types of the checkout, and its own settings against each other.

The tools come with the `test` extra; where one is missing, its check is skipped, and so are all of
them where there are no sources (the tests of a wheel).  `nox -s lint types` runs the same checks.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest


def run_tool(repository: Path, tool: str, *arguments: str) -> None:
    """Run one tool over the checkout and fail with what it says."""
    if not (repository / "src").is_dir():
        pytest.skip("there are no sources here, only the tests of an installed package")
    if importlib.util.find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed: pip install -e '.[test]'")
    run = subprocess.run(
        [sys.executable, "-m", tool, *arguments],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if run.returncode != 0:
        pytest.fail(f"{tool} {' '.join(arguments)}\n{run.stdout}{run.stderr}", pytrace=False)


@pytest.mark.slow
def test_style(repository: Path) -> None:
    """Ruff finds nothing, and would format nothing."""
    run_tool(repository, "ruff", "check", ".")
    run_tool(repository, "ruff", "format", "--check", ".")


@pytest.mark.slow
def test_types(repository: Path) -> None:
    """Mypy finds nothing, strictly: in the packages, and in what a client writes with them."""
    run_tool(repository, "mypy", "--strict", "src", "tests/typing")


def test_oldest_constraints_are_the_declared_floors(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["cli"]]
    floors = dict(requirement.partition(";")[0].split(">=") for requirement in declared)
    text = (repository / "tests/constraints-oldest.txt").read_text("utf-8")
    pinned = dict(re.findall(r"^([\w-]+)==(.+)$", text, flags=re.MULTILINE))
    assert {name: pinned.get(name) for name in floors} == floors
