"""Encodings found by trying, and files that are no text."""

from __future__ import annotations

import codecs
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from reen.errors import FileFormatError, OptionError
from reen.tables.delimited.survey import absent_from
from reen.tables.delimited.textfile import decode, decode_head, foreign_kind

ACCENTS = "Modèle;Écran;quantité\nP2422H;24 pouces;3\n"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (ACCENTS.encode(), "utf-8"),
        (b"Modele;Type\n", "utf-8"),
        (ACCENTS.encode("utf-8-sig"), "utf-8-sig"),
        (ACCENTS.encode("cp1252"), "cp1252"),
        (codecs.BOM_UTF16_LE + ACCENTS.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + ACCENTS.encode("utf-16-be"), "utf-16"),
        (ACCENTS.encode("utf-16-le"), "utf-16-le"),
        (ACCENTS.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + ACCENTS.encode("utf-32-le"), "utf-32"),
    ],
)
def test_encoding_is_found(raw: bytes, encoding: str) -> None:
    text = decode(raw, Path("parc.csv"))
    assert text.encoding == encoding
    assert "\ufeff" not in text.data[text.start :].decode()
    if encoding != "utf-8" or raw == ACCENTS.encode():
        assert text.data[text.start :].decode() == ACCENTS


def test_encoding_given_is_obeyed() -> None:
    text = decode("Modèle".encode("cp850"), Path("parc.csv"), "cp850")
    assert text.data.decode() == "Modèle"


def test_a_late_byte_is_seen() -> None:
    """The first megabyte is ASCII; strict UTF-8 fails on what follows."""
    raw = b"a;b\n" * 300_000 + "é;à\n".encode("cp1252")
    assert decode(raw, Path("parc.csv")).encoding == "cp1252"


def test_line_ends_of_old_macs_become_plain() -> None:
    assert decode(b"a;b\r1;2\r", Path("p")).data == b"a;b\n1;2\n"
    assert decode(b"a;b\r\n1;2\r\n", Path("p")).data == b"a;b\r\n1;2\r\n"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04....xl/workbook.xml", "Excel workbook"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        (b"PK\x03\x04readme", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ".xls"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PAR1", "Parquet"),
        (b"ARROW1\0\0", "Arrow"),
        (b'[{"id": 1}]', "JSON"),
        (b'\xef\xbb\xbf{"rows": []}', "JSON"),
        (b"  <?xml version='1.0'?>", "XML"),
        (b"<!DOCTYPE html>", "web page"),
    ],
)
def test_other_kinds_are_named_with_a_remedy(head: bytes, kind: str) -> None:
    assert kind in str(foreign_kind(head))


def test_zero_bytes_are_a_binary_file() -> None:
    with pytest.raises(FileFormatError, match=r"zero byte at offset 14, in line 2\).*CSV UTF-8"):
        decode(b"Type;Modele\nPC\0fixe;x\n", Path("parc.csv"))


@pytest.mark.parametrize("encoding", ["latin-42", ""])
def test_unknown_encoding_given(encoding: str) -> None:
    with pytest.raises(OptionError, match="encoding="):
        decode(b"a;b", Path("parc.csv"), encoding)


@pytest.mark.parametrize("encoding", ["rot13", "utf-16", "utf-8"])
def test_wrong_encoding_given(encoding: str) -> None:
    with pytest.raises(FileFormatError, match=r"parc\.csv"):
        decode(b"Mod\xe8les", Path("parc.csv"), encoding)


def test_heads_cut_anywhere_are_decoded() -> None:
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        raw = ACCENTS.encode(encoding)
        for end in range(24, len(raw)):
            assert (decode_head(raw[:end]) or "").startswith("Modèle;"), (encoding, end)
    assert decode_head(b"PAR1") is None
    assert decode_head(b"a\0b;c") is None


@given(
    st.lists(
        st.sampled_from(("é", "Ã©", "&eacute;", "&", "?", "\r", "\r\n", "\n", '"', ";", "x", "\0"))
    )
    .map("".join)
    .map("Type;Modèle\n".__add__),
    st.sampled_from(("utf-8", "cp1252", "utf-16", "utf-8-sig")),
)
def test_a_byte_that_is_said_to_be_absent_is(text: str, encoding: str) -> None:
    try:
        found = decode(text.encode(encoding, errors="replace"), "parc.csv")
    except FileFormatError:
        return
    assert found.absent.isdisjoint(found.data)


def test_bytes_are_looked_for_everywhere() -> None:
    """The last byte of a piece, the first of the next one, and the last of all."""
    for place in (0, (1 << 18) - 1, 1 << 18, (1 << 19) + 5):
        data = bytearray(b"x" * ((1 << 19) + 6))
        data[place] = ord("&")
        assert absent_from(bytes(data), b'&?"') == frozenset(b'?"')
    assert absent_from(b"", b"&") == frozenset(b"&")
