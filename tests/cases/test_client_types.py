"""Client code needs no narrowing: what two type checkers say of it, where reen is installed.

Beside its sources, mypy looks at both in one run: `test_static.py`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CLIENT = Path(__file__).resolve().parents[1] / "typing" / "client_code.py"


@pytest.mark.slow
def test_mypy_is_content(repository: Path, tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    if (repository / "src").is_dir():
        pytest.skip("there are sources here: test_static.py looks at them and at this in one run")
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(CLIENT)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_pyright_is_content(tmp_path: Path) -> None:
    program = shutil.which("pyright", path=str(Path(sys.executable).parent))
    if program is None or shutil.which("node") is None:
        pytest.skip("pyright, or the node that it runs on, is not installed")
    command = [program, "--pythonpath", sys.executable, str(CLIENT)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
