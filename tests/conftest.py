"""What every test may ask for: the Hypothesis profiles, the checkout, the reference data.

Profiles of Hypothesis: `dev` (15 examples a property, the default), `ci` (50, the same ones on
every run, the default where `CI` is set) and `nightly` (5,000, other ones every night); chosen with
`--hypothesis-profile=nightly`.  A property whose examples are costly asks for a share of them:
``@settings(max_examples=settings.default.max_examples // 3)``.

Tiers: a test that starts a process, or takes a tenth of a second or more, is marked `slow`;
``pytest -m "not slow" -n auto`` answers in a minute.

Reference data: a directory of published figures and of real and synthetic inventory files, too
large or not free to be part of this repository.  It is the directory that the environment variable
REEN_REFERENCE_DATA names, or else `../shared/data` beside the checkout.  Where there is none, the
tests that need it are skipped: no test of behaviour may rest on it alone.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# No deadline and no speed check: shared machines are slow at moments that say nothing of the code.
settings.register_profile(
    "dev", max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "ci", settings.get_profile("dev"), max_examples=50, derandomize=True, print_blob=True
)
settings.register_profile("nightly", settings.get_profile("dev"), max_examples=5_000)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# Each worker imports the tests, and hundreds of processes import the library.  Where bytecode may
# not be kept, all of them compile all they import, which takes as long as the tests themselves.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage, and leave what was collected out of every later look.

    Ten thousand tests are kept until the end: looking through them was a quarter of the work of
    collecting, in each worker.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the folder of the checkout, or of the unpacked source distribution."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the reference data directory; skip the test where there is none."""
    named = os.environ.get("REEN_REFERENCE_DATA")
    directory = Path(named) if named else ROOT.parent / "shared" / "data"
    if not directory.is_dir():
        pytest.skip(
            "no reference data directory: set REEN_REFERENCE_DATA to its path, or put it at "
            "../shared/data beside the checkout"
        )
    return directory
