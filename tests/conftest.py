"""What every test may ask for: the Hypothesis profiles, the checkout, the reference data.

Profiles: `default` (300 examples, the same ones on every run where `CI` is set) and `nightly`
(5,000), chosen with `--hypothesis-profile=nightly`.

Reference data: a directory of published figures and of real and synthetic inventory files, too
large or not free to be part of this repository.  It is the directory that the environment variable
REEN_REFERENCE_DATA names, or else `../shared/data` beside the checkout.  Where there is none, the
tests that need it are skipped: no test of behaviour may rest on it alone.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# No deadline and no speed check: shared machines are slow at moments that say nothing of the code.
settings.register_profile(
    "default",
    max_examples=300,
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("nightly", settings.get_profile("default"), max_examples=5_000)
settings.load_profile("default")


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
