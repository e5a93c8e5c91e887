"""What is written of the project in several places agrees: workflows, chores, metadata, forms.

Reads the checkout; a source distribution has no `.github`, where the tests of it are skipped.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import reen


@pytest.fixture
def forge(repository: Path) -> Path:
    folder = repository / ".github"
    if not folder.is_dir():
        pytest.skip("a source distribution has no .github")
    return folder


@pytest.fixture
def metadata(repository: Path) -> dict[str, Any]:
    return tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))


def sessions(repository: Path) -> set[str]:
    """Return the names of the chores."""
    text = (repository / "noxfile.py").read_text("utf-8")
    return set(re.findall(r"^@nox\.session.*\ndef (\w+)\(", text, flags=re.MULTILINE))


def test_workflows_call_chores_that_there_are(repository: Path, forge: Path) -> None:
    """`nox -s NAME`, and the names of the matrix."""
    text = (forge / "workflows/ci.yml").read_text("utf-8")
    (listed,) = re.findall(r"session: \[(.*)\]", text)
    named = set(listed.split(", ")) | set(re.findall(r"nox -s (\w+)-", text))
    assert {"lint", "types", "tests", "docs", "wheel", "example_plugin"} <= named
    assert named <= sessions(repository)


def test_every_supported_python_is_tested(
    repository: Path, forge: Path, metadata: dict[str, Any]
) -> None:
    """The classifiers, the chores and the workflow name the same versions."""
    classifiers = str(metadata["project"]["classifiers"])
    supported = re.findall(r"Python :: (3\.\d+)'", classifiers)
    chores = (repository / "noxfile.py").read_text("utf-8")
    (pythons,) = re.findall(r"^PYTHONS = (\[.*\])$", chores, flags=re.MULTILINE)
    (matrix,) = re.findall(r"python: (\[.*\])", (forge / "workflows/ci.yml").read_text("utf-8"))
    assert supported == re.findall(r"3\.\d+", pythons) == re.findall(r"3\.\d+", matrix)


def test_workflows_may_read_and_no_more(forge: Path) -> None:
    """Only the draft of a release is written, by one job; no password is asked for."""
    for workflow in sorted((forge / "workflows").glob("*.yml")):
        text = workflow.read_text("utf-8")
        assert "\npermissions:\n  contents: read\n" in text, workflow.name
        assert text.count("write") == (2 if workflow.name == "release.yml" else 0), workflow.name
        assert "secrets." not in text, workflow.name
        assert "twine" not in text, workflow.name


def test_a_fault_is_told_with_its_versions(forge: Path) -> None:
    """Every form but that of ideas asks for what `reen show-versions` prints."""
    forms = sorted((forge / "ISSUE_TEMPLATE").glob("[0-9]-*.yml"))
    asking = [form.name for form in forms if "reen show-versions" in form.read_text("utf-8")]
    assert len(forms) == 4
    assert asking == [form.name for form in forms if "idea" not in form.name]


def test_the_linter_is_one(repository: Path, metadata: dict[str, Any]) -> None:
    """What tidies a commit is what the suite runs."""
    hooks = repository / ".pre-commit-config.yaml"
    if not hooks.is_file():
        pytest.skip("a source distribution has no .pre-commit-config.yaml")
    tools = metadata["project"]["optional-dependencies"]["test"]
    (wanted,) = (each for each in tools if each.startswith("ruff"))
    assert set(re.findall(r'"(ruff[^"]*)"', hooks.read_text("utf-8"))) == {wanted}


def test_the_addresses_of_the_project_stand_in_one_place(
    repository: Path, metadata: dict[str, Any]
) -> None:
    """A maintainer fills them in once: no other file repeats the address of the sources."""
    address = str(metadata["project"]["urls"]["Source"])
    named = [
        path.relative_to(repository).as_posix()
        for kind in ("*.md", "*.py", "*.yml", "*.cff", "*.toml")
        for folder in ("docs", "src", ".github", ".")
        for path in ((repository / folder).rglob(kind) if folder != "." else repository.glob(kind))
        if "_build" not in path.parts and address in path.read_text("utf-8")
    ]
    assert named == ["pyproject.toml"]


def test_the_citation_is_of_this_version(repository: Path) -> None:
    citation = (repository / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {reen.__version__}\n" in citation
