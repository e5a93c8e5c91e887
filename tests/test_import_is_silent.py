"""`import reen` leaves the host as it was: no file read, nothing built, nothing set up.

A fresh interpreter imports the dependencies, notes its state, listens to every file that is opened
(an audit hook sees them all), imports reen and reports.  The dependencies come first, since what
they do on import is not ours to judge.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

PROBE = """
import gc, json, logging, os, signal, sys, threading, warnings

import attrs, numpy, pluggy, pyarrow

before = set(sys.modules)
opened = []


def state():
    return {
        "environment": dict(os.environ),
        "excepthook": repr(sys.excepthook),
        "root handlers": repr(logging.root.handlers),
        "root level": logging.root.level,
        "signals": [repr(signal.getsignal(number)) for number in signal.valid_signals()],
        "threads": threading.active_count(),
        "warning filters": [repr(item) for item in warnings.filters],
        "working directory": os.getcwd(),
    }


def listen(event, arguments):
    if event == "open":
        opened.append(str(arguments[0]))


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    old = state()
    sys.addaudithook(listen)
    import reen
    found = list(opened)
    new = state()

print(
    json.dumps(
        {
            "changed": [name for name in old if old[name] != new[name]],
            "handlers": [type(item).__name__ for item in logging.getLogger("reen").handlers],
            "managers": sum(isinstance(item, pluggy.PluginManager) for item in gc.get_objects()),
            "modules": sorted(set(sys.modules) - before),
            "opened": found,
            "warnings": [str(item.message) for item in caught],
        }
    )
)
"""

# What an interpreter needs to start and to find the packages.
KEPT = ("LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "SYSTEMROOT")

# What Python itself reads to import a module.
MODULE_FILES = (".py", ".pyc", ".so", ".pyd")

# Needed for some work, never for the import.
ON_USE = {
    "click",
    "duckdb",
    "importlib.metadata",
    "pandas",
    "pint",
    "polars",
    "pyarrow.compute",
    "pyarrow.csv",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "reen.cli",
    "reen.testing",
    "reen_plugins",
    "rich",
}


@pytest.fixture(scope="module")
def report() -> dict[str, list[str]]:
    # -B: writing bytecode beside the sources would count as opening a file.  The environment is
    # bare: what an import of reen may have set in this process must not be found there already.
    run = subprocess.run(
        [sys.executable, "-B", "-c", PROBE],
        env={name: os.environ[name] for name in KEPT if name in os.environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    *printed, last = run.stdout.splitlines()
    assert not printed, "import reen prints"
    assert not run.stderr, "import reen prints"
    return json.loads(last)


def test_no_file_is_opened(report: dict[str, list[str]]) -> None:
    assert not [path for path in report["opened"] if not path.endswith(MODULE_FILES)]


def test_nothing_costly_is_imported(report: dict[str, list[str]]) -> None:
    assert not ON_USE & set(report["modules"])


def test_no_plugin_is_loaded(report: dict[str, list[str]]) -> None:
    assert report["managers"] == 0


def test_logging_is_left_alone(report: dict[str, list[str]]) -> None:
    assert set(report["handlers"]) <= {"NullHandler"}


def test_nothing_is_warned_about(report: dict[str, list[str]]) -> None:
    assert not report["warnings"]


def test_the_process_is_left_alone(report: dict[str, list[str]]) -> None:
    assert not report["changed"]
