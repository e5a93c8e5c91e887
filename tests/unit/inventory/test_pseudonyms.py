"""Pseudonyms: the same for a name however it is spelt, and never hashed twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.errors import OptionError
from reen.inventory.pseudonyms import are_pseudonyms, new_key, pseudonym, read_key

KEY = b"0123456789abcdef"


def test_it_is_the_hmac_of_the_comparable_form() -> None:
    """HMAC-SHA256 over the words in lower case, without accents; 100 bits of it in base 32."""
    digest = hmac.new(KEY, b"jeanne dupre", hashlib.sha256).digest()
    expected = "p-" + base64.b32encode(digest).decode().lower()[:20]
    assert pseudonym("DUPRÉ", KEY) != expected
    for spelt in ("Jeanne Dupré", " jeanne  DUPRE", "jeanne.dupré"):
        assert pseudonym(spelt, KEY) == expected


@given(st.text(min_size=1), st.binary(min_size=16, max_size=40))
def test_a_pseudonym_stands_for_itself_and_shows_nothing(name: str, key: bytes) -> None:
    once = pseudonym(name, key)
    assert pseudonym(once, key) == once
    assert are_pseudonyms(pa.array([once, name, None])).to_pylist() == [True, name == once, None]


def test_another_key_gives_another_pseudonym() -> None:
    assert pseudonym("PC-12", KEY) != pseudonym("PC-12", KEY[::-1])
    assert new_key() != new_key()


def test_signs_alone_are_names_too() -> None:
    assert pseudonym("--", KEY) != pseudonym("++", KEY)


def test_a_key_is_read_from_bytes_and_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "reen.key"
    path.write_bytes(KEY + b"\n")
    assert read_key(path) == read_key(str(path)) == read_key(KEY) == KEY


def test_what_is_no_key_is_refused_without_being_shown(tmp_path: Path) -> None:
    path = tmp_path / "short.key"
    path.write_text("secret")
    with pytest.raises(OptionError, match="at least 16 bytes") as caught:
        read_key(path)
    assert "secret" not in str(caught.value)
    with pytest.raises(OptionError, match="reen new-key FILE"):
        read_key(tmp_path / "none.key")
