"""What one batch frees is kept for the next."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

#: Measures 100,000 rows in a program that did nothing else, and says how many pages it took for it.
_PROGRAM = """
import resource
import pyarrow as pa
import reen

rows = 100_000
columns = {"equipment_type": ["laptop"] * rows, "country": ["FR"] * rows, "lifetime": [5.0] * rows}
inventory = reen.Inventory.from_arrow(pa.table(columns))

def pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    reen.measure(inventory, method="base-carbone", as_of="2022-12-31")
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

pages()
print(min(pages() for _ in range(3)))
"""


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="the C library is not glibc, whose ways are tested"
)
def test_a_second_measurement_takes_no_new_memory() -> None:
    """A hundred thousand rows: some 3,000 pages of 4 KiB when what is freed is given back."""
    # Dask's process for workers says for all that it starts when memory is given back
    settings = {name: said for name, said in os.environ.items() if not name.startswith("MALLOC_")}
    found = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True, env=settings
    )
    assert int(found.stdout) < 500
