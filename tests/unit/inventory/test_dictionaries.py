"""Text columns as words and codes: one dictionary, distinct words, empty text as null."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

import reen
from reen.inventory.dictionaries import (
    TEXT,
    encoded_text,
    look_up,
    plain_text,
    recoded,
    same_memory,
    shares_one_dictionary,
)

_WORDS = st.lists(st.sampled_from([None, "", "a", "b", "écran"]), max_size=6)


def encoded(words: list[str | None], dictionary: list[str]) -> pa.DictionaryArray:
    """Return words with the codes of a given dictionary, repeated words included."""
    codes = [None if word is None else dictionary.index(word) for word in words]
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(dictionary))


@given(
    parts=st.lists(_WORDS, min_size=1, max_size=5),
    kind=st.sampled_from(["plain", "large", "codes"]),
)
def test_words_stay_and_empty_text_is_null(parts: list[list[str | None]], kind: str) -> None:
    """Whatever the chunks and the type of the text, and however its dictionary was made."""
    if kind == "codes":
        chunks = [encoded(part, ["b", "", "a", "écran", "b"]) for part in parts]
        array = pa.chunked_array(chunks)
    else:
        text = pa.string() if kind == "plain" else pa.large_string()
        array = pa.chunked_array([pa.array(part, text) for part in parts])
    wanted = [word or None for part in parts for word in part]
    plain = plain_text(array)
    assert plain.type == pa.string()
    assert plain.to_pylist() == wanted
    found = encoded_text(array)
    assert found.type == TEXT
    assert found.to_pylist() == wanted
    for chunk in found.chunks:
        words = chunk.dictionary.to_pylist()
        assert len(set(words)) == len(words)
        assert not {"", None} & set(words)


@pytest.mark.parametrize("blank", ["", "d"])
def test_text_in_chunks_gets_one_dictionary(blank: str) -> None:
    """Sixty distinct words in twenty chunks: the words are looked at once, not once per chunk."""
    words = [f"word {k}" for k in range(60)]
    words[7] = blank
    array = pa.chunked_array([pa.array(words[k : k + 3]) for k in range(0, 60, 3)])
    found = encoded_text(array)
    assert found.num_chunks == 20
    assert shares_one_dictionary(found)
    assert all(same_memory(found.chunk(0).dictionary, each.dictionary) for each in found.chunks)


def test_recoded_chunks_share_a_dictionary() -> None:
    array = encoded_text(pa.chunked_array([["pc", "écran"], ["pc", None, "?"]]))
    found = recoded(array, ["desktop", "monitor", None])
    assert found.to_pylist() == ["desktop", "monitor", "desktop", None, None]
    assert shares_one_dictionary(found)


def test_dictionaries_of_their_own_are_told_apart() -> None:
    array = pa.chunked_array([encoded(["a"], ["a"]), encoded(["a"], ["a"])])
    assert not shares_one_dictionary(array)


def test_an_inventory_of_chunks_is_that_of_one() -> None:
    """Ids that never repeat, in chunks; types resolved in all of them."""
    ids, types = [f"id-{k}" for k in range(40)], ["PC portable", "Écran"] * 20
    whole = pa.table({"id": ids, "equipment_type": types})
    pieces = pa.Table.from_batches(whole.to_batches(max_chunksize=3))
    one, many = (reen.Inventory.from_arrow(table) for table in (whole, pieces))
    assert many.table["id"].num_chunks == 14
    assert many.table.to_pylist() == one.table.to_pylist()
    assert shares_one_dictionary(many.table["equipment_type"])


@pytest.mark.parametrize("rows", [0, 1, 32_768, 70_001])
def test_codes_are_looked_up_in_blocks(rows: int) -> None:
    """Whatever the number of rows; code -1 reads the last entry."""
    codes = (np.arange(rows) % 4 - 1).astype(np.int32)
    table = np.array([10.0, 20.0, 30.0, np.nan])
    found = look_up(table, codes)
    assert found.dtype == table.dtype
    np.testing.assert_array_equal(found, table[codes])


def test_a_code_that_a_table_does_not_have() -> None:
    """Refused: another entry would be a silent mistake."""
    codes = np.zeros(40_000, np.int32)
    codes[-1] = 2
    with pytest.raises(IndexError):
        look_up(np.array([1, 2]), codes)
