"""Row digest: the same for the same rows in any order, different for any other."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reen.engine.digest import TextHashes, hash_days, hash_numbers, hash_texts, row_digest


def digest(lifetimes: list[float], shares: list[float]) -> int:
    columns = [
        ("lifetime", hash_numbers(np.array(lifetimes))),
        ("usage_share", hash_numbers(np.array(shares))),
    ]
    return row_digest(columns, rows=len(lifetimes))


def test_order_does_not_count() -> None:
    """The same two rows the other way round."""
    assert digest([1.0, 2.0], [0.5, 0.6]) == digest([2.0, 1.0], [0.6, 0.5])


def test_pairs_count() -> None:
    """The same cells paired otherwise are other rows."""
    assert digest([1.0, 2.0], [0.5, 0.6]) != digest([1.0, 2.0], [0.6, 0.5])


def test_repeats_count() -> None:
    """Twice the same row is not once, nor another row twice."""
    assert (
        len({digest([1.0], [1.0]), digest([1.0] * 2, [1.0] * 2), digest([2.0] * 2, [1.0] * 2)}) == 3
    )


def test_parts_add_up() -> None:
    """The digest of all rows is the sum of those of the parts, modulo 2**64."""
    whole = digest([1.0, 2.0, 3.0], [0.1, 0.2, 0.3])
    parts = digest([1.0], [0.1]) + digest([2.0, 3.0], [0.2, 0.3])
    assert parts % (1 << 64) == whole


def test_no_row_is_zero() -> None:
    """So that adding an empty part changes nothing."""
    assert digest([], []) == 0


def test_both_zeros_are_one_number() -> None:
    """0.0 and -0.0 are the same lifetime."""
    assert hash_numbers(np.array([0.0]))[0] == hash_numbers(np.array([-0.0]))[0]


def test_every_nan_is_one_value() -> None:
    """Whatever its bits."""
    odd = np.array([0x7FF8000000000001], np.uint64).view(np.float64)
    assert hash_numbers(odd)[0] == hash_numbers(np.array([math.nan]))[0]


def test_no_text_is_not_an_empty_text() -> None:
    """Null has a hash of its own."""
    none, empty = hash_texts([None, ""])
    assert none != empty


def test_days_tell_days_apart() -> None:
    """Two days and no day: three hashes."""
    days = hash_days(np.array(["2022-01-01", "2022-01-02", "NaT"], "datetime64[D]"))
    assert len(set(days.tolist())) == 3


def test_names_of_columns_count() -> None:
    """The same numbers under another name are another inventory."""
    cells = hash_numbers(np.array([1.0]))
    assert row_digest([("lifetime", cells)], rows=1) != row_digest([("power", cells)], rows=1)


@pytest.mark.slow
def test_hashes_that_are_kept_are_those_worked_out_anew() -> None:
    """Words that come again, more of them than are kept."""
    hashes = TextHashes()
    words = [f"word {k}" for k in range(70_000)]
    for asked in (words[:40_000], words[30_000:], [None, "word 1", None], words, words[::-1]):
        np.testing.assert_array_equal(hashes(asked), hash_texts(asked))


@pytest.mark.slow
def test_no_more_words_are_kept_than_said() -> None:
    """Batches of new words, and one of more words than are ever kept."""
    hashes = TextHashes()
    for first in range(0, 200_000, 20_000):
        hashes([str(k) for k in range(first, first + 20_000)])
        assert 0 < len(vars(hashes)["_known"]) <= 1 << 16
    hashes([str(k) for k in range(100_000)])
    assert not vars(hashes)["_known"]


def test_many_rows_are_the_sum_of_their_parts() -> None:
    """70,000 rows in ten parts: a column of cells, and one cell that stands for all rows."""
    cells = hash_numbers(np.arange(70_000.0))
    same = hash_numbers(np.array([0.5]))
    whole = row_digest([("lifetime", cells), ("usage_share", same)], rows=70_000)
    parts = [
        row_digest([("lifetime", cells[k : k + 7_000]), ("usage_share", same)], rows=7_000)
        for k in range(0, 70_000, 7_000)
    ]
    assert whole == sum(parts) % (1 << 64)


def test_blank_and_unreadable_cells_differ() -> None:
    """Both are NaN; one is known to be blank."""
    values = np.array([math.nan, math.nan, 1.0])
    cells = hash_numbers(values, np.array([True, False, False]))
    assert len(set(cells.tolist())) == 3
    assert cells[1] == hash_numbers(values)[0]
