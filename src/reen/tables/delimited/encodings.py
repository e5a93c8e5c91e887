"""Encodings: which one a text without a mark is written in, and the bytes that do not fit it.

A text that is no strict UTF-8 is read as each encoding that French spreadsheets and databases
write, and the one that makes most headers and words known is taken.  When several do as well, the
one with the fewest letters that no one writes ("ModŠle", "QtÈ") wins, and then the commonest.

The general detectors (chardet, charset-normalizer) look at bytes alone: a short table has too few
accents for them, while the headers of an inventory are known words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import attrs
import numpy as np

from reen.patterns import pattern
from reen.tables.cells.lost_letters import LOST

__all__ = [
    "Decoded",
    "Known",
    "count_odd_letters",
    "find_encoding",
]

#: Tells whether a cell is a header or a word of the vocabulary.
Known = Callable[[str], bool]

#: Encodings of one byte a letter, the commonest in French lists first.  The last ones: MS-DOS (old
#: databases, consoles) and the Mac.
_PAGES = ("cp1252", "iso8859-15", "cp850", "mac_roman", "cp437")

#: Bytes decoded at once, so that no second copy of a large file is made only to check it.
_CHUNK = 1 << 20

#: Places looked at, bytes around each, and distinct pieces of text that vote.
_PLACES, _AROUND, _VOTERS = 20_000, 80, 300

_LAST_OF_ASCII = 0x7F
_BETWEEN_CELLS = pattern(rb'[;,\t|\r\n"]+')
_BEYOND_ASCII = pattern(r"[^\x00-\x7f]")

_LETTERS = "àâäæçéèêëîïôöœùûüÿñáíóúãõåìòß"
#: What people write beside ASCII in French and its neighbours.
_USUAL = frozenset(
    _LETTERS + _LETTERS.upper() + "«»‹›“”‘’–—…°ºª²³€£µ·•×±®©™§½¼¾\u00a0\u202f"  # noqa: RUF001
)
#: Signs that do not stand between two letters.
_OUTSIDE_WORDS = frozenset("«»‹›“”–—…°²³€£·•×±®©™§½¼¾")  # noqa: RUF001

#: First bytes of two-byte letters of UTF-8 that are no French letter of Windows-1252: one that
#: stands alone is a letter cut in two.
_CUT = frozenset((0xC2, 0xC3))
#: Bytes that Windows-1252 leaves without a letter.
_UNDEFINED = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))


@attrs.frozen(eq=False, repr=False)
class Decoded:
    """A text and how it was found.

    Attributes
    ----------
    data
        The text in UTF-8.
    encoding
        ``utf-8``, ``cp1252``...
    damaged
        Places in the bytes given, with the length, of what did not fit the encoding.
    """

    data: bytes
    encoding: str
    damaged: tuple[tuple[int, int], ...] = ()

    def read_piece(self, raw: bytes) -> str:
        """Return a part of the bytes given as text."""
        if self.encoding == "utf-8":
            return _utf8_with_damage(raw)
        return _page_reader(self.encoding)(raw)


def find_encoding(data: bytes, known: Known | None = None) -> Decoded:
    """Return bytes that are no strict UTF-8 as text.

    Parameters
    ----------
    data
        Bytes in which a line end is one byte.
    known
        Tells whether a cell is a known header or word; without it, letters decide alone.
    """
    voters = _voters(data)
    good = _two_byte_letters(data, voters)
    readers: list[tuple[str, Callable[[bytes], str]]] = []
    if good:
        readers.append(("utf-8", _utf8_with_damage))
    readers += [(page, _page_reader(page)) for page in _PAGES]
    best = max(
        range(len(readers)),
        key=lambda k: (*_merit([readers[k][1](voter) for voter in voters], known), -k),
    )
    encoding = readers[best][0]
    if encoding == "utf-8":
        return _decode_utf8(data)
    if encoding == "cp1252":
        return _decode_cp1252(data)
    return Decoded(data.decode(encoding).encode(), encoding)


def _voters(data: bytes) -> list[bytes]:
    """Return distinct cells that hold bytes beyond ASCII, or the part around these bytes."""
    found: dict[bytes, None] = {}
    for place in _high_places(data):
        start = max(0, place - _AROUND)
        window = data[start : place + _AROUND]
        at = 0
        for piece in _BETWEEN_CELLS.split(window):
            end = window.find(piece, at) + len(piece)
            if end > place - start:
                found[piece.strip()] = None
                break
            at = end
        if len(found) >= _VOTERS:
            break
    return list(found)


def _high_places(data: bytes) -> Iterator[int]:
    seen = 0
    for start in range(0, len(data), _CHUNK):
        places = np.flatnonzero(
            np.frombuffer(data, np.uint8, min(_CHUNK, len(data) - start), start) > _LAST_OF_ASCII
        )
        for place in places[: _PLACES - seen]:
            yield start + int(place)
        seen += len(places)
        if seen >= _PLACES:
            return


_TWO_BYTES = pattern(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


def _two_byte_letters(data: bytes, voters: Sequence[bytes]) -> bool:
    """Tell whether letters of UTF-8 are among the bytes."""
    return any(map(_TWO_BYTES.search, voters)) or _TWO_BYTES.search(data) is not None


def _page_reader(page: str) -> Callable[[bytes], str]:
    return lambda raw: raw.decode(page, errors="replace")


def _utf8_with_damage(raw: bytes) -> str:
    return _decode_utf8(raw).data.decode()


def _merit(texts: Sequence[str], known: Known | None) -> tuple[int, int]:
    votes = 0 if known is None else sum(map(known, texts))
    return votes, -sum(map(count_odd_letters, texts))


def count_odd_letters(text: str) -> int:
    """Return how many letters of a text show that it is read in the wrong encoding."""
    odd = 0
    for found in _BEYOND_ASCII.finditer(text):
        letter, at = found[0], found.start()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if letter not in _USUAL:
            odd += 1
        elif letter in _OUTSIDE_WORDS:
            # "no. 5" and "24°C" end in a sign, "d…j…" has one between letters.
            inside = before.isalpha() and after.isalpha() and letter != "°"
            odd += inside or (letter in "½¼¾" and (before.isalpha() or after.isalpha()))
        else:
            odd += letter.isupper() and before.islower()
    return odd


def _decode_cp1252(data: bytes) -> Decoded:
    places = [(found.start(), 1) for found in re.finditer(rb"[\x81\x8d\x8f\x90\x9d]", data)]
    return Decoded(data.decode("cp1252", errors="replace").encode(), "cp1252", tuple(places))


def _decode_utf8(data: bytes) -> Decoded:
    """Return the text with each byte that is no UTF-8 read alone, as Windows-1252 where it can."""
    parts: list[bytes] = []
    places: list[tuple[int, int]] = []
    at = 0
    for start, end in _faults(data):
        parts += (data[at:start], _read_alone(data[start:end]).encode())
        places.append((start, end - start))
        at = end
    parts.append(data[at:])
    return Decoded(b"".join(parts), "utf-8", tuple(places))


#: Letters of UTF-8 without fault (RFC 3629, section 4).
_WELL_FORMED = (
    rb"[\xc2-\xdf][\x80-\xbf]"
    rb"|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
#: The beginning of a typographic sign, a mark of a lost letter or a pictogram; other first bytes of
#: three are French letters of Windows-1252.
_CUT_SHORT = rb"\xe2[\x80-\x84]|\xef[\xbb\xbf]|\xf0\x9f[\x80-\xbf]?"
_LETTER_OR_FAULT = pattern(
    rb"(?:" + _WELL_FORMED + rb")+|(?P<fault>" + _CUT_SHORT + rb"|[\x80-\xff])"
)


def _faults(data: bytes) -> Iterator[tuple[int, int]]:
    for found in _LETTER_OR_FAULT.finditer(data):
        if found["fault"] is not None:
            yield found.span()


def _read_alone(raw: bytes) -> str:
    if len(raw) > 1 or raw[0] in _CUT or raw[0] in _UNDEFINED:
        return LOST
    return raw.decode("cp1252")
