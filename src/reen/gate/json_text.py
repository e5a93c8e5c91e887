"""JSON of users: a text becomes the values that it holds, or an error that says what is wrong.

Input: a text, and what it is called.  Output: the values as the parser gives them; what they mean
is for those who asked.  Results that are read back and last year's review pass here.
"""

from __future__ import annotations

import json
import re
from typing import Any

from reen.errors import FileFormatError
from reen.reasons import Reason

__all__ = ["json_content"]

#: An escape that may be half of a character.
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def json_content(text: str | bytes, *, place: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the values of a JSON text.

    Raises
    ------
    FileFormatError
        It is no JSON, holds values inside values too deep, a number of too many digits, or half a
        character.

    Examples
    --------
    >>> json_content('{"form": "a"}', place="a.json")
    {'form': 'a'}
    """
    try:
        found = json.loads(text)
        if _HALF.search(text if isinstance(text, bytes) else text.encode()):
            # alone it is no character, and could never be written again
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise FileFormatError(place, Reason("error_not_json", error=str(error))) from error
    return found
