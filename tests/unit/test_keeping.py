"""A written inventory keeps its account: read again, it knows what was refused and doubted."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pyarrow as pa
import pyarrow.dataset as pa_dataset
import pyarrow.parquet as pq
import pytest

import reen
from reen.types import Account, AccountLine, Fate, Issue, Severity

#: Two PCs of one serial number, a line too long, a total, a blank line.
SHEET = (
    "Type;Modèle;N° de série;Quantité\n"
    "PC fixe;OptiPlex;A1;1\n"
    "PC portable;Latitude;B2;1\n"
    "PC fixe;OptiPlex;A1;1\n"
    "Écran;P2419H;;1;de trop\n"
    "\n"
    "Écran;P2419H;;40\n"
    "Total;;;43\n"
)
DOUBT = Issue("lifetime", "60", "is long", severity=Severity.DOUBT, source="parc.csv", rows=(2,))
NAMES = ["clean.csv", "clean.parquet"]


@pytest.fixture
def inventory(tmp_path: Path) -> reen.Inventory:
    path = tmp_path / "parc.csv"
    path.write_text(SHEET, encoding="utf-8")
    found = reen.read(path, country="FR")
    assert isinstance(found, reen.Inventory)
    doubted = found.account + Account.of(issues=[DOUBT])
    return attrs.evolve(found, read_account=doubted)


def test_the_account_made_by_hand(inventory: reen.Inventory) -> None:
    """Seven rows: 3 counted (42 items), 1 merged, 2 set aside, 1 refused."""
    account = inventory.account
    assert str(account) == (
        "parc.csv: 7 rows: 3 counted, 1 merged, 2 set aside (1 blank row, 1 total), 1 refused"
    )
    assert account.items_of(Fate.COUNTED) == 42.0
    assert account.items_of(Fate.MERGED) == 1.0
    assert (account.items_of(Fate.REFUSED), account.unknown_of(Fate.REFUSED)) == (0.0, 1)
    assert [(merge.row, merge.into_row) for merge in account.merges] == [(4, 2)]
    assert [issue.rows for issue in account.refused] == [(5,)]
    assert not account.is_complete


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_reading_again_changes_nothing(
    inventory: reen.Inventory, tmp_path: Path, name: str
) -> None:
    """Written, read, written and read: the same account, as a whole and piece by piece."""
    for again in ("", "again-"):
        path = tmp_path / f"{again}{name}"
        reen.write_inventory(inventory, path)
        found = reen.read(path)
        assert isinstance(found, reen.Inventory)
        assert found.account == inventory.account
        assert DOUBT in found.issues
        assert len(found) == 3
        measured = reen.measure(path, method="base-carbone", as_of="2024-12-31")
        assert measured.account == inventory.account
        assert str(measured.total()).endswith("doubtful)")
        inventory = found


def test_a_dataset_of_written_files_knows_too(inventory: reen.Inventory, tmp_path: Path) -> None:
    path = tmp_path / "clean.parquet"
    reen.write_inventory(inventory, path)
    dataset = pa_dataset.dataset(path)
    measured = reen.measure(dataset, method="base-carbone", as_of="2024-12-31")
    assert measured.account == inventory.account


def _said(path: Path) -> list[str]:
    """Return the doubts of a list, which measuring and reading must agree on."""
    found = reen.read(path)
    measured = reen.measure(path, method="base-carbone", as_of="2024-12-31")
    assert measured.account == found.account
    assert not measured.total().complete
    return [str(issue.reason) for issue in found.account.doubts]


def test_a_text_that_was_edited_since_says_so(inventory: reen.Inventory, tmp_path: Path) -> None:
    path = tmp_path / "clean.csv"
    reen.write_inventory(inventory, path)
    path.write_bytes(path.read_bytes().replace(b"40", b"41"))
    (said,) = _said(path)
    assert said.startswith("was changed since its account was written")


def test_rows_that_another_program_changed_say_so(
    inventory: reen.Inventory, tmp_path: Path
) -> None:
    """Pyarrow hands the metadata on with whatever is made of the rows."""
    path = tmp_path / "clean.parquet"
    reen.write_inventory(inventory, path)
    pq.write_table(pq.read_table(path).slice(0, 2), path)
    (said,) = _said(path)
    assert said.startswith("was changed since its account was written")


@pytest.mark.parametrize("name", NAMES)
def test_a_list_that_lost_its_account_says_so(
    inventory: reen.Inventory, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    reen.write_inventory(inventory, path)
    if name.endswith(".csv"):
        (tmp_path / "clean.csv.account.json").unlink()
    else:
        pq.write_table(pq.read_table(path).replace_schema_metadata(None), path)
    (said,) = _said(path)
    assert "the account of that list is not with it" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["", "[]", '{"form": "reen-account/9"}', '{"form": "reen-account/1", "account": 3}']
)
def test_an_account_that_cannot_be_read_says_so(
    inventory: reen.Inventory, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "clean.csv"
    reen.write_inventory(inventory, path)
    (tmp_path / "clean.csv.account.json").write_text(text, encoding="utf-8")
    assert _said(path) == ["has an account that cannot be read"]


def test_a_list_made_in_code_is_read_again_as_it_was(tmp_path: Path) -> None:
    """It may hold one serial number twice; written and read again, it still does."""
    table = pa.table({"equipment_type": ["laptop"] * 2, "serial_number": ["A1", "A1"]})
    kept = Account.of(
        [AccountLine(source="a.csv", fate=Fate.REFUSED, reason="odd", rows=1, unknown=1)]
    )
    inventory = reen.Inventory.from_arrow(table, uncounted=kept)
    path = tmp_path / "clean.csv"
    reen.write_inventory(inventory, path)
    found = reen.read(path)
    assert found.account.rows == 3
    assert found.account.rows_by_fate == {
        Fate.COUNTED: 2,
        Fate.MERGED: 0,
        Fate.SET_ASIDE: 0,
        Fate.REFUSED: 1,
    }


def test_a_list_is_written_as_parquet_or_csv(inventory: reen.Inventory, tmp_path: Path) -> None:
    with pytest.raises(reen.errors.OptionError, match=r"\.parquet or \.csv"):
        reen.write_inventory(inventory, tmp_path / "clean.xlsx")


def test_the_account_beside_a_text_is_plain_json(inventory: reen.Inventory, tmp_path: Path) -> None:
    reen.write_inventory(inventory, tmp_path / "clean.csv")
    content = json.loads((tmp_path / "clean.csv.account.json").read_text(encoding="utf-8"))
    assert content["account"]["complete"] is False
    assert content["account"]["refused"] == 1
    assert Account.from_dict(content["account"]) == inventory.account
