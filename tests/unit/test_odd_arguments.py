"""What no argument can be is refused by an error of reen, not by one of the code that met it."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import reen
from reen.errors import (
    FileFormatError,
    FileNotWrittenError,
    InventoryError,
    OptionError,
    UnknownNameError,
    WorkerError,
)

LAPTOP: Any = reen.Equipment("laptop", country="FR")
NAMES = ["a\0b.csv", "a\0b.toml", "x\ud800.csv", "x\ud800.toml"]


def measured(**given: object) -> reen.Footprint:
    options: dict[str, Any] = {"as_of": "2025-12-31", **given}
    return reen.measure(LAPTOP, "base-carbone", **options)


def market(factor: object) -> object:
    found: dict[str, Any] = {"FR": factor}
    return reen.statement(
        LAPTOP, method="base-carbone", scheme="beges-v5", as_of="2025-12-31", market=found
    )


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize(
    "reads",
    [
        *(reen.read, reen.read_mapping, reen.read_footprint, reen.Review.open),
        *(reen.offers, reen.Strategy.read, reen.read_factors),
    ],
    ids=lambda each: each.__qualname__,
)
def test_a_name_that_no_file_can_have_is_refused(reads: Callable[[str], Any], name: str) -> None:
    with pytest.raises(reen.ReenError):
        reads(name)


@pytest.mark.parametrize("name", ["a\0b", "x\ud800"], ids=ascii)
def test_nothing_is_written_under_such_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotWrittenError, match="no file can be called so"):
        reen.write_footprint(measured(), tmp_path / f"{name}.json")
    with pytest.raises(FileNotWrittenError, match="no file can be called so"):
        reen.write_inventory(reen.Inventory.from_equipment([LAPTOP]), tmp_path / f"{name}.csv")


def test_a_closed_file_is_refused() -> None:
    file = io.BytesIO(b"Type\nPC\n")
    file.close()
    with pytest.raises(FileFormatError, match=r"a\.csv: cannot be read \(.*closed file"):
        reen.read(file, name="a.csv")


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: measured(executor=3), OptionError),
        (lambda: measured(batch_rows="x"), OptionError),
        (lambda: measured(batch_rows=1.5), OptionError),
        (lambda: measured(in_flight="x"), OptionError),
        (lambda: measured().total(3), UnknownNameError),
        (lambda: reen.cite(measured().total()), OptionError),
        (lambda: reen.cite(None), OptionError),
        (lambda: reen.configure(reen.default_registry().method("ecodiag"), 3), OptionError),
        (lambda: reen.configure(3, {}), OptionError),
        (lambda: reen.default_registry().method(3), OptionError),
        (lambda: reen.measure({"equipment_type": ["laptop"]}, "declared"), InventoryError),  # type: ignore[arg-type]
        (lambda: measured(factors="none.csv"), FileFormatError),
        (lambda: measured(factors="none"), UnknownNameError),
        (lambda: market("low"), OptionError),
        (lambda: market(None), OptionError),
        (lambda: measured().by("entity"), UnknownNameError),
    ],
    ids=[
        "executor",
        "text",
        "float",
        "in_flight",
        "total",
        "Total",
        "None",
        "3",
        "method",
        "name",
        "columns",
        "file",
        "pack",
        "market",
        "no market",
        "by",
    ],
)
def test_a_value_of_another_kind_is_refused(
    call: Callable[[], object], kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        call()


def test_an_executor_that_is_shut_down_is_told_from_a_lost_worker() -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(WorkerError, match="takes no work any more") as caught:
        measured(executor=executor)
    assert caught.value.code == "error_executor_shut"
    assert "memory" not in str(caught.value)
