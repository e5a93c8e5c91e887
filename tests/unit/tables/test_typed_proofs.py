"""A look at the bytes of a column says "certain" only where a look at each cell says so."""

from __future__ import annotations

import re

import hypothesis.strategies as st
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given

from reen.inventory.schema import EQUIPMENT
from reen.tables.cells.date_columns import days_of_one_order
from reen.tables.cells.text import _NO_IDENTIFIER, _any_of, _filler_words, _says_nothing_odd
from reen.tables.identity.identifiers import comparable, repeated_rows
from reen.tables.privacy.contents import _INSIDE, _matching, _may_name_inside
from reen.tables.privacy.identifiers import no_numbers
from reen.tables.rows.not_hardware import _IN_TEXT
from reen.tables.rows.totals import _IN_LABELS, _LABEL, is_total_label
from reen.tables.sheet import cast_all, tidy
from reen.tables.typed.proofs import (
    first_is_fourth,
    holds_byte,
    is_tidy,
    is_tidy_latin,
    may_hold_total,
    may_hold_words,
)

SERIAL = EQUIPMENT["serial_number"]

TEXT = st.text(st.sampled_from("aAtoSsubm '\t\u00a0\u017fé0+-\x1c=\"&;_x"), max_size=6)


@st.composite
def series(draw: st.DrawFn) -> list[str | None]:
    """Return cells of one length that are alike in most places."""
    form = draw(st.text(st.sampled_from("#SNto0-_ 'x=?"), min_size=1, max_size=20))
    place = st.sampled_from("0123456789") | st.sampled_from("AtoSsubmx-_+& ")
    cell = st.lists(place, min_size=len(form), max_size=len(form)).map(
        lambda drawn: "".join(d if f == "#" else f for d, f in zip(drawn, form, strict=True))
    )
    return draw(st.lists(st.none() | cell, max_size=6))


_INSIDE_PIECES = st.sampled_from(
    (
        *("a@b.fr", "@", "0", "6", "12", "34", ".", " ", "+33", "0612345678", "M.", "Mme", "Mlle"),
        *("Mr", "Monsieur", "Madame", "Mademoiselle", "Durand", "é", "x", "MADAME", "0033"),
    )
)
CELLS = st.lists(st.none() | TEXT, max_size=6) | series()


@given(CELLS)
def test_tidy_cells_are_those_that_tidying_leaves_alone(cells: list[str | None]) -> None:
    array = pa.array(cells, pa.string())
    if is_tidy(array):
        assert tidy(array).equals(array)
        by_hand = pc.utf8_upper(pc.utf8_trim_whitespace(array))
        assert comparable(array).equals(by_hand)


LETTERS = st.text(st.characters(codec="utf-8", max_codepoint=0x2100) | st.sampled_from("aé °€ "))


@given(st.lists(st.none() | LETTERS, max_size=6))
def test_tidying_leaves_tidy_letters_alone(cells: list[str | None]) -> None:
    array = pa.array(cells, pa.string())
    if is_tidy_latin(array):
        assert tidy(array).equals(array)


def test_each_letter_that_is_tidy_is_left_alone() -> None:
    """Every character of the Basic Multilingual Plane, inside a word and at either end."""
    characters = [chr(k) for k in (*range(1, 0xD800), *range(0xE000, 0x10000))]
    known = [each for each in characters if is_tidy_latin(pa.array([f"a{each}b"]))]
    assert set("éÀçœŒŸß°²€") <= set(known)
    assert set("\u0085\u00a0\u00ad\u0301\u2009\u200b\ufeff").isdisjoint(known)
    cells = pa.array([form.format(c) for c in known if c not in " '" for form in ("e{}e", "{}")])
    assert tidy(cells).equals(cells)


def test_an_empty_cell_is_not_tidy_though_a_null_one_has_bytes() -> None:
    """Foreign data may keep the bytes of a cell that it made null."""
    offsets, content = pa.py_buffer(b"\0\0\0\0\1\0\0\0\1\0\0\0"), pa.py_buffer(b"x")
    array = pa.Array.from_buffers(pa.string(), 2, [pa.py_buffer(b"\2"), offsets, content])
    assert array.to_pylist() == [None, ""]
    assert not is_tidy(array)


LABELS = (
    *("Total", "sous-total", "\u017fomme", "TOTAUX 2022", "Grand total"),
    *("Parc total", "Tot.", "T O T A L", "t.o.t.a.l", "Σ", "\u03c3", "Gesamt", "Summe"),
)


@given(CELLS, st.sampled_from(LABELS))
def test_a_label_of_a_total_is_never_missed(cells: list[str | None], label: str) -> None:
    assert may_hold_total(pa.array([*cells, label], pa.string()))
    if any(is_total_label(cell) for cell in cells if cell):
        assert may_hold_total(pa.array(cells, pa.string()))


def test_numbered_names_hold_no_total() -> None:
    assert not may_hold_total(pa.array(["PC-0001", "SN000123", None]))
    assert not holds_byte(pa.array(["PC0001", None]), "-")
    assert holds_byte(pa.array(["PC-0001"]), "-")


@pytest.mark.parametrize("word", sorted(_filler_words(SERIAL) | _NO_IDENTIFIER))
def test_no_filler_passes_for_a_serial_number(word: str) -> None:
    plain = [f"SN{k:05d}" for k in range(5)]
    assert _says_nothing_odd(pa.array(plain), SERIAL)
    if word.isascii():
        assert not _says_nothing_odd(pa.array([*plain, word.upper()]), SERIAL)


@pytest.mark.parametrize("word", ["0000", "XXXXXXXX", "2,5E+10"])
def test_no_run_and_no_rounded_number_passes_for_a_serial_number(word: str) -> None:
    assert not _says_nothing_odd(pa.array(["SN00001", word]), SERIAL)
    assert _says_nothing_odd(pa.array(["SN00001", word]), EQUIPMENT["name"])


def test_first_and_fourth_characters() -> None:
    cells = pa.array(["abca", "abc", None, "", "aaaa", "abcd"])
    assert first_is_fourth(cells).tolist() == [True, False, False, False, True, False]
    assert first_is_fourth(cells.slice(4)).tolist() == [True, False]
    assert first_is_fourth(cells.slice(0, 0)).tolist() == []


_PIECES = st.sampled_from(
    (
        *(
            "total",
            "TOTAUX",
            "Somme",
            "\u017fomme",
            "sum",
            "Cumul",
            "dont",
            "ensemble",
            "S/T",
            "sous",
        ),
        *("nombre de lignes", "number of rows", "soit 3 total", "qté totale", "enregistrements"),
        *(
            "VMware",
            "\u212avm",
            "KVM",
            "vm",
            "Virtuel",
            "machine virtuelle",
            "Cloud PC",
            "QEMU",
            "xen",
        ),
        *("HVM domU", "Standard PC (", "Google Compute Engine", "0000-0012-3456", "VMware-5", "hp"),
        *(" ", "-", "x", "é", "12", "Bochs", "innotek", "Parallels Virtual", "Amazon EC2"),
    )
)


@given(st.lists(st.lists(_PIECES, max_size=4).map("".join), max_size=3))
def test_a_word_that_a_pattern_finds_is_seen_before_it(cells: list[str]) -> None:
    array = pa.array(cells, pa.string())
    for pattern, words in {_LABEL: _IN_LABELS, **_IN_TEXT}.items():
        if pc.any(pc.match_substring_regex(array, pattern)).as_py():
            assert may_hold_words(array, words)


def test_most_words_are_in_no_pattern() -> None:
    for words in (_IN_LABELS, *_IN_TEXT.values()):
        assert not may_hold_words(pa.array(["Latitude 5420", "Écran", None, "PC portable"]), words)


@given(st.lists(st.lists(_INSIDE_PIECES, max_size=5).map("".join), max_size=3))
def test_who_is_named_inside_a_cell_is_seen_before_it(cells: list[str]) -> None:
    array = pa.array(cells, pa.string())
    if pc.any(_matching(array, _INSIDE)).as_py():
        assert _may_name_inside(array)


@given(CELLS)
def test_a_word_among_cells_is_never_missed(cells: list[str | None]) -> None:
    words = {"sss", "n/a", "0", "00000000", "xxxx", "néant", *(filter(None, cells[:1]))}
    expected = any(cell is not None and cell.lower() in words for cell in cells)
    ascii_words = frozenset(word.lower() for word in words)
    assert _any_of(pa.array(cells, pa.string()), ascii_words) >= expected


@given(CELLS)
def test_what_is_no_number_is_never_missed(cells: list[str | None]) -> None:
    expected = [k for k, cell in enumerate(cells) if cell is not None and not _number(cell)]
    assert no_numbers(pa.array(cells, pa.string())).to_pylist() == expected


def _number(cell: str) -> bool:
    return re.fullmatch("[A-Za-z]{0,2}[ _-]?[0-9]+", cell) is not None


@given(series() | st.lists(st.none() | st.integers(0, 9).map("SN-{:09d}".format), max_size=60))
def test_repeated_rows_of_one_length_are_those_of_a_count(cells: list[str | None]) -> None:
    expected = [k for k, cell in enumerate(cells) if cell is not None and cells.count(cell) > 1]
    assert repeated_rows(pa.array(cells, pa.string())).tolist() == expected


def test_no_two_of_many_numbers_are_taken_for_one() -> None:
    """Eight bytes and more that differ, in order and out of it; the last two are the same."""
    for form in ("SN{:09d}", "{:08d}", "A-{:016d}", "{:012d}END-OF-A-LONG-NUMBER"):
        cells = [form.format(k * 7_919_000_003 % 10**8) for k in range(3000)]
        for texts in (cells, sorted(cells)):
            assert repeated_rows(pa.array(texts)).tolist() == []
            assert repeated_rows(pa.array([*texts, texts[-1]])).tolist() == [2999, 3000]


@given(st.lists(st.none() | st.integers(0, 40).map("SN{:03d}".format), max_size=60))
def test_repeated_rows_are_those_of_a_count(cells: list[str | None]) -> None:
    expected = [k for k, cell in enumerate(cells) if cell and cells.count(cell) > 1]
    assert repeated_rows(pa.array(cells, pa.string())).tolist() == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["12/03/2021", "25/12/2020"], ["2021-03-12", "2020-12-25"]),
        (["03-25-2021", "12-01-2020"], ["2021-03-25", "2020-12-01"]),
        (["12/03/2021", "01/02/2020"], None),  # nothing proves the order
        (["25/03/2021", "03/25/2021"], None),  # both orders
        (["31/04/2021"], None),
        (["31/12/9999"], None),
        (["25/12/20"], None),
        (["25/12/2020", "mars 2021"], None),
        ([], None),
    ],
)
def test_days_of_one_order(cells: list[str], expected: list[str] | None) -> None:
    found = days_of_one_order(pa.array(cells, pa.string()))
    assert (None if found is None else [str(day) for day in found[0].to_pylist()]) == expected


_NUMBERS = st.text(st.sampled_from("0123456789+-.,eExinfatyINFATY /T:Z\t"), max_size=10)


@given(st.lists(st.none() | _NUMBERS | st.sampled_from(("2021-03-12", "12,5", "1e5")), max_size=3))
def test_a_cast_is_tried_where_it_may_succeed(cells: list[str | None]) -> None:
    for kind in (pa.float64(), pa.date32()):
        array = pa.array(cells, pa.string())
        try:
            expected = array.cast(kind)
        except pa.ArrowInvalid:
            assert cast_all(array, kind) is None
        else:
            assert str(cast_all(array, kind)) == str(expected)
