"""The error of the system about a file, in words of the language in force.

Input: an error of the system.  Output: a reason for the usual ones; its own words for others.
"""

from __future__ import annotations

import errno

from reen.reasons import Reason, Words, has_sentence

__all__ = ["system_words"]


def system_words(error: OSError) -> Words:
    """Return why the system refused, such as ``No such file or directory``.

    Examples
    --------
    >>> str(system_words(FileNotFoundError(2, "No such file or directory", "parc.csv")))
    'No such file or directory'
    """
    code = f"system_{errno.errorcode.get(error.errno or 0, '').lower()}"
    return Reason(code) if has_sentence(code) else str(error.strerror or error)
