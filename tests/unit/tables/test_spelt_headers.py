"""What the words of one header say, and that the quick look at a cell never denies a header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.tables.headers.header_words import header_words
from reen.tables.headers.spelt_headers import may_head, spelt
from reen.tables.headers.wording import WORDING_OF_KIND

#: How people write a header, beside the bare word.
FORMS = [
    "{}",
    "{} (kWh/an)",
    "{} [month]",
    "{}_kwh",
    "{} en kg",
    "{} (jj/mm/aaaa)",
    "Composants - {}",
    "Nombre de {}",
    "{} ?",
    "{}\ufffd",
    "?{}",
]


def known_words() -> list[str]:
    return sorted({word for kind in WORDING_OF_KIND for word in header_words(kind)})


def known_in_any_kind(text: str) -> bool:
    found = [spelt(text, wording.schema) for wording in WORDING_OF_KIND.values()]
    return any(heading.column or rest for heading, rest in found)


@pytest.mark.parametrize("form", FORMS)
def test_a_header_of_any_kind_is_never_denied(form: str) -> None:
    """The quick look is asked first: what it denies, and no other text, must be known nowhere."""
    texts = [form.replace("{}", word) for word in known_words()]
    assert any(map(known_in_any_kind, texts))
    assert not [text for text in texts if not may_head(text) and known_in_any_kind(text)]


words = st.one_of(st.sampled_from(known_words()), st.text(max_size=8))
marks = st.sampled_from([" ", "_", " - ", " (", ")", "[", "]", " kWh", " ans", "?", "\ufffd", "/"])


@given(parts=st.lists(st.one_of(words, marks), max_size=5))
def test_what_is_denied_is_known_in_no_kind(parts: list[str]) -> None:
    text = " ".join("".join(parts).split())
    assert may_head(text) or not known_in_any_kind(text)


def test_cells_of_data_are_denied() -> None:
    cells = ["SN4812XB", "12/03/2024", "1 200,50", "En service", "Latitude 5420", "jeanne", ""]
    assert not any(map(may_head, cells))
