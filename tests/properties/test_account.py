"""Laws of the account: it adds up, in rows and in items, wherever the rows are read and written."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.reasons import Reason
from reen.types import Account, AccountLine, Fate, Issue, Merge, Severity

NAMES = st.sampled_from(["a.csv", "b.csv", "c.xlsx[Feuil1]", ""])
REASONS = st.sampled_from(
    [Reason("row_total"), Reason("many_cells", count=3), Reason("said", text="é"), "blank"]
)
NUMBERS = st.integers(0, 1_000)
LINES = st.builds(
    AccountLine,
    source=NAMES,
    fate=st.sampled_from(list(Fate)),
    reason=st.none() | REASONS,
    rows=NUMBERS,
    items=NUMBERS.map(float),  # whole, so that sums are the same in any order
    unknown=NUMBERS,
    examples=st.lists(st.integers(1, 50), max_size=5, unique=True).map(lambda k: tuple(sorted(k))),
)
ISSUES = st.builds(
    Issue,
    st.sampled_from(["", "quantity"]),
    st.sampled_from(["", "-1", "n/a"]),
    REASONS,
    expected=st.none() | REASONS,
    severity=st.sampled_from(list(Severity)),
    source=NAMES,
    rows=st.lists(st.integers(1, 9), max_size=3).map(tuple),
    count=st.integers(1, 9),
)
MERGES = st.builds(
    Merge, NAMES, st.integers(1, 9), NAMES, st.integers(1, 9), st.just(Reason("row_total"))
)
ACCOUNTS = st.builds(
    lambda lines, issues, merges: Account.of(lines, issues=issues, merges=merges),
    st.lists(LINES, max_size=8),
    st.lists(ISSUES, max_size=5),
    st.lists(MERGES, max_size=5),
)


@pytest.mark.slow
@given(ACCOUNTS, ACCOUNTS, ACCOUNTS)
def test_accounts_add_up_in_any_order(one: Account, two: Account, three: Account) -> None:
    assert one + two == two + one
    assert (one + two) + three == one + (two + three) == Account.sum([three, one, two])
    assert one + Account() == one
    for fate in Fate:
        assert (one + two).rows_of(fate) == one.rows_of(fate) + two.rows_of(fate)
        assert (one + two).items_of(fate) == one.items_of(fate) + two.items_of(fate)
    assert (one + two).is_complete == (one.is_complete and two.is_complete)


@given(ACCOUNTS)
def test_an_account_is_the_sum_of_its_tables(account: Account) -> None:
    assert sum(account.rows_by_fate.values()) == account.rows
    assert sum(account.of_source(name).rows for name in account.sources) == account.rows
    assert len(str(account).splitlines()) == len(account.sources)
    assert len(account.text("fr").splitlines()) == len(account.sources)


@given(ACCOUNTS)
def test_an_account_reads_back_equal(account: Account) -> None:
    content = json.loads(json.dumps(account.to_dict(), allow_nan=False))
    assert Account.from_dict(content) == account


# -- files ------------------------------------------------------------------------------------

TYPES = st.sampled_from(["PC portable", "PC fixe", "Écran", "chose", "", "Total"])
QUANTITIES = st.sampled_from(["1", "12", "", "-3", "n/a", "2,5"])
SERIALS = st.sampled_from(["", "", "A1", "B2", "C3"])
CELLS = st.tuples(TYPES, QUANTITIES, SERIALS)
ROWS = st.lists(
    CELLS | CELLS.map(lambda row: row[:2]) | CELLS.map(lambda row: (*row, "de trop")) | st.just(()),
    min_size=1,
    max_size=10,
)


def text_of(rows: list[tuple[str, ...]], *, place: str = "") -> str:
    """Return a list; those of two places have no line and no asset in common."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["Type", "Quantité", "N° de série"])
    writer.writerow(["Imprimante", "1", f"{place}P1"])  # so that there is an inventory
    writer.writerows(
        [(*row[:2], row[2] and place + row[2], *row[3:]) if len(row) > 2 else row for row in rows]
    )
    return out.getvalue()


def rows_in(text: str) -> int:
    return len(text.rstrip("\n").split("\n")) - 1


@given(ROWS)
def test_every_row_of_a_file_has_a_fate_in_every_result(rows: list[tuple[str, ...]]) -> None:
    text = text_of(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parc.csv"
        path.write_text(text, encoding="utf-8")
        inventory = reen.read(path)
        footprint = reen.measure(inventory, method="base-carbone", as_of="2024-12-31")
    account = inventory.account
    assert account.rows == rows_in(text)
    assert account.rows_of(Fate.COUNTED) == len(inventory)
    assert footprint.account == account
    assert footprint.by().account == account
    kinds = {row.kind for row in footprint.coverage}
    for kind in kinds:
        mine = [row for row in footprint.coverage if row.kind == kind]
        assert sum(row.rows for row in mine) == account.rows_of(Fate.COUNTED)
        items = sum(row.quantity for row in mine)
        assert items == pytest.approx(account.items_of(Fate.COUNTED))
        assert sum(row.unknown for row in mine) == account.unknown_of(Fate.COUNTED)
    if account.has_refused:
        assert not footprint.total().complete
    assert footprint.total().doubtful == bool(account.doubts)


@pytest.mark.slow
@given(ROWS, st.sampled_from([".csv", ".parquet"]))
def test_reading_writing_and_reading_again_changes_nothing(
    rows: list[tuple[str, ...]], ending: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, clean = Path(folder) / "parc.csv", Path(folder) / f"clean{ending}"
        path.write_text(text_of(rows), encoding="utf-8")
        inventory = reen.read(path, country="FR")
        assert isinstance(inventory, reen.Inventory)
        reen.write_inventory(inventory, clean)
        again = reen.read(clean)
        measured = reen.measure(clean, method="base-carbone", as_of="2024-12-31")
    assert again.account.rows_by_fate == inventory.account.rows_by_fate
    assert again.account.doubts == inventory.account.doubts
    assert again.account.refused == inventory.account.refused
    assert measured.account == again.account


@pytest.mark.slow
@given(st.lists(ROWS, min_size=2, max_size=4), st.integers(1, 3))
def test_whoever_reads_the_files_the_account_is_the_same(
    files: list[list[tuple[str, ...]]], workers: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"parc{k}.csv" for k in range(len(files))]
        for path, rows in zip(paths, files, strict=True):
            path.write_text(text_of(rows, place=path.stem), encoding="utf-8")
        alone = reen.measure(paths, method="base-carbone", as_of="2024-12-31")
        turned = reen.measure(paths[::-1], method="base-carbone", as_of="2024-12-31")
        with ThreadPoolExecutor(workers) as executor:
            shared = reen.measure(
                paths, method="base-carbone", as_of="2024-12-31", executor=executor
            )
        single = [reen.measure(path, method="base-carbone", as_of="2024-12-31") for path in paths]
        held = reen.read(paths).account
    assert alone.account == shared.account == turned.account == held
    # files together may be doubted where each alone is not: one may add up the others
    apart = Account.sum(each.account for each in single)
    assert (apart.lines, apart.merges) == (held.lines, held.merges)
    assert set(apart.issues) <= set(held.issues)
