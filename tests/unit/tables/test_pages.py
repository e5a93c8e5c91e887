"""Pages of a list: what a document announces and does not hold makes every total incomplete."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen import Inventory


def page(first: int, count: int, total: int | None, kind: str = "laptop") -> bytes:
    """Return one page of a list: `count` devices from number `first` on."""
    rows = [
        {"type": kind, "model": f"Model {kind}", "serial": f"{kind[:2]}SN{number:06}X"}
        for number in range(first, first + count)
    ]
    return json.dumps({"rows": rows} if total is None else {"total": total, "rows": rows}).encode()


def read(folder: Path, *pages: bytes) -> Inventory:
    paths = []
    for at, content in enumerate(pages):
        paths.append(folder / f"page{at}.json")
        paths[-1].write_bytes(content)
    found = reen.read(*paths)
    assert isinstance(found, Inventory)
    return found


def doubts(inventory: Inventory) -> list[tuple[str, dict[str, object]]]:
    found = [issue.reason for issue in inventory.account.doubts]
    return [(each.code, dict(each.details)) for each in found if each.code == "list_is_a_page"]


def test_a_page_says_how_much_of_the_list_it_is(tmp_path: Path) -> None:
    """15 is also the length of a page of many tools: a list that lacks 45 is not called whole."""
    inventory = read(tmp_path, page(0, 15, 60))
    assert len(inventory) == 15
    assert doubts(inventory) == [("list_is_a_page", {"rows": 15, "total": 60})]
    assert not any(
        "The list is whole" in str(each) for each in list(map(str, inventory.report.assumptions))
    )


def test_all_pages_together_are_whole(tmp_path: Path) -> None:
    inventory = read(tmp_path, page(0, 4, 6), page(4, 2, 6))
    assert (len(inventory), doubts(inventory)) == (6, [])


def test_lists_of_one_length_are_not_pages_of_one_another(tmp_path: Path) -> None:
    """Half of the monitors does not make half of the printers whole: their columns differ."""
    screens = page(0, 3, 6, "monitor").replace(b'"model"', b'"monitormodels_id"')
    inventory = read(tmp_path, page(0, 3, 6, "printer"), screens)
    assert len(doubts(inventory)) == 2


@pytest.mark.parametrize("total", [None, 3, 2])
def test_a_list_that_is_whole_is_not_doubted(tmp_path: Path, total: int | None) -> None:
    assert doubts(read(tmp_path, page(0, 3, total))) == []


@pytest.mark.slow
@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3), missing=st.integers(0, 3))
def test_doubts_are_told_exactly_when_records_are_missing(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], missing: int
) -> None:
    """However a list is cut into pages, and in whatever order they are given."""
    total = sum(sizes) + missing
    starts = [sum(sizes[:at]) for at in range(len(sizes))]
    pages = [page(first, size, total) for first, size in zip(starts, sizes, strict=True)]
    inventory = read(tmp_path_factory.mktemp("pages"), *reversed(pages))
    told = [dict(details) for _, details in doubts(inventory)]
    assert told == [{"rows": sum(sizes), "total": total}] * (len(sizes) if missing else 0)
