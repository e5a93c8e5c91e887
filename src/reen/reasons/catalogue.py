"""Catalogues: the sentences of reen in a language, each found in its compiled file when asked for.

Input: the bytes of a compiled gettext catalogue (``.mo``), whose codes are sorted as that format
has them.  Output: the sentence of a code, or that of a count.  The module `gettext` decodes all the
sentences of a catalogue before it answers for one; a run needs forty of three thousand.
"""

from __future__ import annotations

import functools
import pkgutil
import struct
from collections.abc import Callable, Mapping

__all__ = ["PLURAL_OF", "Catalogue", "catalogue_of"]

#: Place among its forms of the sentence that a whole number takes, as each catalogue states it.
PLURAL_OF: Mapping[str, Callable[[int], bool]] = {"en": lambda n: n != 1, "fr": lambda n: n > 1}

#: What a catalogue begins with: its mark, its revision, how many codes, where these and their
#: sentences are listed.
_HEAD = struct.Struct("<5I")
_MARK = 0x950412DE

#: Length and place of one text.
_PLACE = struct.Struct("<2I")


class Catalogue:
    """The sentences of one language.

    Parameters
    ----------
    data
        Bytes of the compiled catalogue.
    plural
        Place among its forms of the sentence that a number takes.

    Raises
    ------
    ValueError
        The bytes are no compiled catalogue.
    """

    def __init__(self, data: bytes, plural: Callable[[int], bool]) -> None:
        mark, _, self._count, self._codes, self._texts = _HEAD.unpack_from(data)
        if mark != _MARK:
            message = "no compiled catalogue of sentences"
            raise ValueError(message)
        self._data = data
        self._plural = plural
        self._found: dict[str, tuple[str, ...]] = {}

    def sentence(self, code: str, count: int | None = None) -> str | None:
        """Return the sentence of a code, that of a count where there are two; None without one."""
        forms = self._found.get(code)
        if forms is None:
            forms = self._found[code] = self._forms(code)
        if len(forms) > 1:
            return forms[self._plural(1 if count is None else count)]
        return forms[0] if forms else None

    def _forms(self, code: str) -> tuple[str, ...]:
        """Return the forms of a sentence, found by halves: the codes of a catalogue are sorted."""
        wanted = code.encode("utf-8", "surrogatepass")  # text of a user may be part of a code
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self._code(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        if low == self._count or self._code(low) != wanted:
            return ()
        return tuple(self._text(self._texts, low).decode().split("\0"))

    def _code(self, place: int) -> bytes:
        # a code with two forms stands twice, a zero between them
        return self._text(self._codes, place).partition(b"\0")[0]

    def _text(self, table: int, place: int) -> bytes:
        length, start = _PLACE.unpack_from(self._data, table + _PLACE.size * place)
        return self._data[start : start + length]


@functools.cache
def catalogue_of(language: str) -> Catalogue:
    """Return the catalogue of a language, read on first use.

    Raises
    ------
    KeyError
        The language is not one of `LANGUAGES`.
    """
    plural = PLURAL_OF[language]
    name = f"languages/{language}/LC_MESSAGES/reen.mo"
    data = pkgutil.get_data("reen", name)
    if data is None:
        raise FileNotFoundError(name)
    return Catalogue(data, plural)
