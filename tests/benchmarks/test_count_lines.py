"""The count of lines of code: what counts, by hand, and folders that add up."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = '''"""A docstring
of two lines."""

# a comment
import os  # counts once


class Empty:
    """No code."""


def size(
    path: str,
) -> int:
    """Return a size."""
    text = """two
    lines"""
    return os.stat(path).st_size + len(text)
'''


@pytest.fixture(scope="module")
def count_lines(repository: Path) -> ModuleType:
    """Return the script as a module."""
    script = repository / "benchmarks" / "count_lines.py"
    if not script.is_file():
        pytest.skip("there are no benchmarks here, only the tests of an installed package")
    spec = importlib.util.spec_from_file_location("count_lines", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_lines_by_hand(count_lines: ModuleType) -> None:
    """1 import, 1 class, 3 of the signature, 2 of the text, 1 return."""
    assert count_lines.code_lines(SOURCE) == 8


def test_folders_add_up(count_lines: ModuleType, tmp_path: Path) -> None:
    """8 in the folder, 8 and 1 below: 17."""
    below = tmp_path / "below"
    below.mkdir()
    for path, text in (
        (tmp_path / "a.py", SOURCE),
        (below / "b.py", SOURCE),
        (below / "c.py", "1"),
    ):
        path.write_text(text, encoding="utf-8")
    found = count_lines.counted(tmp_path)
    assert (found[tmp_path], found[below], found[below / "b.py"]) == (17, 9, 8)
