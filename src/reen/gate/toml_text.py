"""TOML of users: a file, or its text, becomes tables, or an error that says what to mend.

Input: a path or a text, and what it should hold.  Output: the content as the parser gives it; what
it means is for those who asked.  Mappings, strategies, reviews and rules of sharing pass here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from reen.errors import FileFormatError
from reen.gate.reads import noted
from reen.reasons import Reason, Words
from reen.reasons.system import system_words

__all__ = ["text_of_toml", "toml_content"]

#: How the parser ends what it says.
_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
#: A key of very many parts, of which the parser makes as many tables and their square of marks: one
#: of 100 kB asked for 6 GB.
_DEEP_KEY = re.compile(r"""(?:(?:[\w-]{1,99}|"[^"\n]{0,99}"|'[^'\n]{0,99}')[ \t]*\.[ \t]*){64}""")
#: Its parts; a line of fewer dots, as all are, is not looked at for them.
_DEEP = 64


def text_of_toml(path: Path, what: str) -> str:
    """Return the text of a file, without the mark that editors put before it.

    Parameters
    ----------
    path
        The file.
    what
        What it should hold, for messages: ``a strategy``.

    Raises
    ------
    FileFormatError
        It cannot be read, or is not in UTF-8.
    """
    try:
        return noted(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = Reason("error_cannot_read_expected_toml", strerror=system_words(error), what=what)
        raise FileFormatError(str(path), reason) from error
    except UnicodeDecodeError as error:
        reason = Reason("error_not_utf_8_toml_save_encoding")
        raise FileFormatError(str(path), reason) from error


def _where(said: str) -> Words:
    """Return the message of the parser, with the place in words of the language in force."""
    found = _PLACE.fullmatch(said)
    if found is None:
        return said
    what, line, column = found.groups()
    if line is None:
        return Reason("toml_at_end", what=what)
    return Reason("toml_at", what=what, line=line, column=column)


def toml_content(text: str, *, place: str, what: str) -> dict[str, Any]:
    """Return the tables of a text.

    Parameters
    ----------
    text
        The text.
    place
        What it is called in messages.
    what
        As of `text_of_toml`.

    Raises
    ------
    FileFormatError
        It is no TOML, holds values inside values too deep, or a number of too many digits.

    Examples
    --------
    >>> toml_content('nom = "Mairie"', place="mairie.toml", what="a mapping")
    {'nom': 'Mairie'}
    """
    too_deep = Reason("error_holds_values_inside_values_too_deep", what=what)
    if any(line.count(".") >= _DEEP and _DEEP_KEY.search(line) for line in text.split("\n")):
        raise FileFormatError(place, too_deep)
    import tomllib  # its expressions take as long to compile as a small list to read

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise FileFormatError(place, too_deep) from error
    except ValueError as error:  # no TOML, or a number of more digits than Python reads
        reason = Reason("error_no_toml_correct_line_texts_names", error=_where(str(error)))
        raise FileFormatError(place, reason) from error
