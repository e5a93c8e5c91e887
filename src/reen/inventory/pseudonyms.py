"""Pseudonyms: keyed hashes in place of the names of persons and of their devices.

Input: the secret of the organisation and a name.  Output: the same short text for the same name in
every file and every year, by which nobody without the secret finds the name again.

Keeps neither the secret nor the name.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from reen.errors import OptionError
from reen.gate.reads import is_there, noted
from reen.patterns import pattern
from reen.reasons import Reason
from reen.vocabulary.text import normalise

__all__ = ["KEY_BYTES", "are_pseudonyms", "check_key", "new_key", "pseudonym", "read_key"]

#: The fewest bytes that no one can guess.
KEY_BYTES = 16

#: 100 bits: two of a million names meet with a probability of 1e-18.
_LETTERS = 20
_FORM = pattern(rf"p-[a-z2-7]{{{_LETTERS}}}")


def new_key() -> str:
    """Return a new secret, as a line of text."""
    import secrets

    return secrets.token_hex(2 * KEY_BYTES)


def check_key(key: bytes, *, place: str) -> bytes:
    """Return a secret without blanks around.

    Raises
    ------
    OptionError
        It is too short to be one.
    """
    key = key.strip()
    if len(key) < KEY_BYTES:
        expected = Reason("error_at_least_bytes_file_reen_new", key_bytes=KEY_BYTES)
        raise OptionError("read", "key", Reason("error_bytes", place=place, key=len(key)), expected)
    return key


def read_key(given: bytes | str | Path) -> bytes:
    """Return the secret that is given, or read from a file.

    Raises
    ------
    OptionError
        There is no such file, or it is too short to be a secret.
    """
    if isinstance(given, bytes):
        return check_key(given, place="bytes")
    path = Path(given)
    if not is_there(path, file=True):
        raise OptionError("read", "key", str(path), Reason("error_file_which_reen_new_key_file"))
    return check_key(noted(path).read_bytes(), place=str(path))


def pseudonym(name: str, key: bytes) -> str:
    """Return the pseudonym of a name; a pseudonym is returned unchanged.

    Parameters
    ----------
    name
        Case, accents, blanks and punctuation do not matter.
    key
        Secret of the organisation.

    Examples
    --------
    >>> key = b"secret of the town hall"
    >>> pseudonym("PC-Dupont", key) == pseudonym("pc dupont", key)
    True
    """
    if _FORM.fullmatch(name):
        return name
    import base64  # most inventories are read without a key
    import hmac

    form = (normalise(name) or name).encode()
    digest = hmac.digest(key, form, "sha256")
    return f"p-{base64.b32encode(digest).decode().lower()[:_LETTERS]}"


def are_pseudonyms(cells: pa.Array) -> pa.Array:
    """Return which cells are pseudonyms; null where they are blank."""
    likely = pc.starts_with(cells, pattern="p-")
    if not pc.any(likely).as_py():
        return likely  # the expression is looked for in no other column: it takes ten times as long
    return pc.match_substring_regex(cells, f"^{_FORM.pattern}$")
