"""The verb by which somebody chooses the language: a block of `with`.

Input: ``en`` or ``fr``.  Output: sentences for people in that language until the block ends.
Stands above errors, so that a language which reen does not speak is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from reen.errors import UnknownNameError
from reen.reasons import LANGUAGES, speaking

__all__ = ["language"]


@contextmanager
def language(name: str) -> Iterator[None]:
    """Speak a language for the length of a ``with`` block.

    Sentences for people follow it: reasons, assumptions, issues, accounts, explanations.  Data for
    programs (JSON, CSV, Arrow, codes) stay in English.

    Parameters
    ----------
    name
        ``en`` or ``fr``.

    Raises
    ------
    UnknownNameError
        Another language.

    Examples
    --------
    >>> import reen
    >>> from reen.plugin import Reason
    >>> with reen.language("fr"):
    ...     print(Reason("many_cells", count=7))
    compte 7 cellules
    >>> print(Reason("many_cells", count=7))
    has 7 cells
    """
    if name not in LANGUAGES:
        raise UnknownNameError("language", name, (), LANGUAGES)
    with speaking(name):
        yield
