"""`reen show-versions`: what goes with a report of a fault, and nothing of who reports it."""

from __future__ import annotations

import getpass
import json
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reen
from reen import kernel

Typed = Callable[..., Any]


def test_what_is_installed(typed: Typed) -> None:
    content = json.loads(typed("show-versions", "--format", "json").out)
    assert content["reen"] == reen.__version__
    assert content["requires"]["numpy"] == np.__version__
    assert content["extras"]["click"]
    assert content["python"].endswith(platform.python_version())
    assert any(name.startswith("reen-bundled") for name in content["plugins"])
    assert (content["engine"], content["kernel"]) == (kernel.state().engine, kernel.state().why)


def test_the_engine_that_was_asked_for(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernel.ENGINE_VARIABLE, "numpy")
    assert "engine: numpy" in typed("show-versions").out


def test_nothing_of_whoever_reports(typed: Typed) -> None:
    out = typed("show-versions").out + typed("show-versions", "--format", "json").out
    for private in (str(Path.home()), str(Path.cwd()), platform.node(), getpass.getuser()):
        assert len(private) < 4 or private not in out
