"""Mojibake and entities: text that was encoded twice, and letters written as HTML.

"QuantitÃ©" is UTF-8 that a program read as Windows-1252 and wrote again; "ÔÇÖ" is an apostrophe
read as MS-DOS text.  Only whole sequences that such a reading makes of a French letter or of a
usual sign are put right, each by the letter it stands for.  Nothing is guessed, so that no detector
is needed: ftfy, which mends the same, weighs what looks likely and may change what was right.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from reen.patterns import pattern
from reen.tables.cells.wrappers import read_entity

__all__ = ["BYTES_OF_SIGNS", "mend_mojibake", "undo_entities"]

#: Encodings in which UTF-8 is read by mistake, those that win first.
_WESTERN = ("cp1252", "latin-1")
_MISREADINGS = (*_WESTERN, "mac_roman", "cp850", "cp437")

#: Letters and signs of Windows-1252: what is encoded twice may be encoded again.
_WINDOWS = bytes(range(0x80, 0x100)).decode("cp1252", errors="ignore")
#: Others: the mark of a lost letter, the byte order mark, a narrow no-break space.
_OTHERS = "\ufffd\ufeff\u202f"
#: What French texts do not hold: only read as Windows-1252 can it be encoded twice by a second
#: accident.
_FOREIGN = frozenset("ƒˆ‰Š‹›Žžš˜†‡ŸÐÝÞðýþ¤¥¦¨¬¯´¸¶¡¢¿÷ÂÃ")  # noqa: RUF001

#: Beginnings of the sequences in UTF-8, by a byte that is rare in French: without any of these
#: bytes there is nothing to mend.
_SIGNS: Mapping[int, tuple[bytes, ...]] = {
    byte: tuple(sign.encode() for sign in signs)
    for byte, signs in {
        0x83: ("Ã",),
        0x82: ("Â", "â€"),
        0x85: ("Å“", "Å’", "Å\x93"),  # noqa: RUF001
        0xBF: ("ï»¿", "ï¿½"),
        0x9A: ("√", "‚Ä", "‚Ç¨"),  # noqa: RUF001
        0xAC: ("¬", "≈ì"),
        0x94: ("├", "┬", "┼ô", "ÔÇ", "Ôé¼"),
        0xCE: ("ΓÇ", "Γé¼"),
    }.items()
}
BYTES_OF_SIGNS = bytes(_SIGNS)
#: Places of a byte looked at one by one, which is quicker than to look for the whole sequence.
_FEW = 500

#: Encoded three times is the most that was ever seen.
_TIMES = 3


def _misread(raw: bytes, page: str) -> str:
    # Bytes without a letter stay control characters, as Windows itself reads them.
    return "".join(_misread_byte(byte, page) for byte in raw)


def _misread_byte(byte: int, page: str) -> str:
    try:
        return bytes((byte,)).decode(page)
    except UnicodeDecodeError:
        return chr(byte)


@functools.cache
def _sequences() -> Mapping[str, str]:
    """Return the letter that each sequence stands for."""
    found: dict[str, str] = {}
    for page in _MISREADINGS:
        for letter in _WINDOWS + _OTHERS:
            if page in _WESTERN or letter not in _FOREIGN:
                found.setdefault(_misread(letter.encode(), page), letter)
    # The second half of the letter was lost.
    return found | {"Ã\ufffd": "\ufffd", "Â\ufffd": "\ufffd", "Ã?": "\ufffd"}


@functools.cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_sequences(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def mend_mojibake(
    data: bytes, absent: frozenset[int] = frozenset()
) -> tuple[bytes, list[int], int]:
    """Return a text with what was encoded twice or more put right.

    Parameters
    ----------
    data
        UTF-8.
    absent
        Bytes that are known not to be there.

    Returns
    -------
    tuple
        The text, the lines (from 0) that were put right, and how many times it was encoded too
        often.
    """
    likely = {byte: signs for byte, signs in _SIGNS.items() if byte not in absent}
    if not likely or data.isascii() or not any(_holds(data, *each) for each in likely.items()):
        return data, [], 0
    sequences, pattern = _sequences(), _pattern()
    text = data.decode()
    lines: list[int] = []
    times = 0
    while times < _TIMES:
        found = _lines_of(pattern, text)
        if not found:
            break
        lines = lines or found
        text = pattern.sub(lambda match: sequences[match[0]], text)
        times += 1
    return (text.encode(), lines, times) if times else (data, [], 0)


def _holds(data: bytes, byte: int, signs: tuple[bytes, ...]) -> bool:
    """Tell whether one of some sequences, each of which holds a byte, is in a text."""
    at = -1
    for _ in range(_FEW):
        at = data.find(byte, at + 1)
        if at < 0:
            return False
        around = data[max(0, at - 4) : at + 5]
        if any(sign in around for sign in signs):
            return True
    return any(sign in data for sign in signs)


def _lines_of(pattern: re.Pattern[str], text: str) -> list[int]:
    """Return the lines, from 0, on which a pattern is found."""
    lines: list[int] = []
    at = line = 0
    for match in pattern.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        if not lines or lines[-1] != line:
            lines.append(line)
    return lines


#: An entity, escaped once or more.
_ENTITY = pattern(
    rb"&(?:amp;)*(?P<name>#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
)


def undo_entities(data: bytes) -> bytes:
    """Return a text with the HTML entities of letters and harmless signs undone.

    In a file of semicolons an entity would cut its cell.  Those of delimiters, quotation marks and
    line ends stay: they are undone in their cell, once the text is cut.
    """
    return _ENTITY.sub(_undo, data) if b"&" in data else data


def _undo(match: re.Match[bytes]) -> bytes:
    letter = read_entity(f"&{match['name'].decode()};")
    if letter is None or not letter.isprintable() or not _MARKS.isdisjoint(letter):
        return match[0]
    return letter.encode()


_MARKS = frozenset(";,\t|\r\n\"'")
