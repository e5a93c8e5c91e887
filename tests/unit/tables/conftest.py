"""Reading small files in the tests of the importers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from reen.plugin.files import Imported, ReadOptions

import reen
from reen import Inventory
from reen.tables.reader import TableReader

TODAY = dt.date(2025, 6, 30)

Read = Callable[..., Imported]


def make_options(
    *,
    country: str | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    keep: Sequence[str] = (),
) -> ReadOptions:
    """Return what a user says of a file, on a fixed day."""
    return ReadOptions(
        country=country,
        columns=columns or {},
        encoding=encoding,
        delimiter=delimiter,
        keep=tuple(keep),
        today=TODAY,
        equipment_types=reen.default_registry().equipment_types,
    )


@pytest.fixture(scope="session")
def options() -> Callable[..., ReadOptions]:
    """Return a function that makes the options of a read."""
    return make_options


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes some text or bytes to a file and reads it."""

    def read_content(content: str | bytes, *, name: str = "parc.csv", **said: object) -> Imported:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (part,) = TableReader().read(path, make_options(**said))  # type: ignore[arg-type]
        return part

    return read_content


@pytest.fixture
def conformed(read: Read) -> Callable[..., Inventory]:
    """Return a function that reads some text into an inventory, as `reen.read` does."""

    def read_inventory(content: str | bytes, **said: object) -> Inventory:
        found = read(content, **said)
        return Inventory.from_arrow(
            found.table, source="parc.csv", issues=found.issues, report=found.report
        )

    return read_inventory
