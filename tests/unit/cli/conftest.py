"""What the tests of the command line share: a small fleet on disk, and a way to type commands.

`typed` runs a command in this process, as `reen` would; `run_program` runs it in one of its own,
where terminals, pipes and missing packages are real.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

FLEET = """\
id,entity,equipment_type,quantity,lifetime,declared_footprint,country
PC-1,agents,desktop,1227,5,59,FR
PC-2,agents,laptop,400,5,29,FR
SV-1,agents,server,,,,FR
MB-1,agents,mobile_phone,257,,,FR
TB-1,schools,tablet,1000,5,33,FR
WF-1,schools,wifi_access_point,186,,,FR
"""


class Run(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


Typed = Callable[..., Run]


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fix what the page's look depends on."""
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Return a file of six rows; two have no declared footprint, one no quantity either."""
    path = tmp_path / "fleet.csv"
    path.write_text(FLEET, encoding="utf-8")
    return path


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Typed:
    """Return a function that runs a command and tells what it printed."""
    from reen.cli.app import app

    def run(*words: object) -> Run:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            app([str(word) for word in words], prog_name="reen")
        printed = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Run(end.value.code, printed.out, printed.err)

    return run


def run_program(*words: object, python: str = "", **environment: str) -> Run:
    """Run the program in a process of its own; `python` is run before it."""
    start = ["-c", f"{python}\nfrom reen.cli import main; main()"] if python else ["-m", "reen.cli"]
    done = subprocess.run(
        [sys.executable, *start, *(str(word) for word in words)],
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def program() -> Callable[..., Run]:
    """Return `run_program`."""
    return run_program
