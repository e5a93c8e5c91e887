"""Integrity of a file of results: what was damaged or changed since it was written is refused.

Input: what was read, the digest that stands in the file, and its readable figures with those that
its state gives.  Output: nothing, or a refusal that names the file.  A figure that somebody rewrote
must not stand beside a state that says another.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pyarrow as pa

from reen.errors import FileFormatError
from reen.reasons import Reason
from reen.results.content_digest import content_digest

__all__ = ["check_digest", "check_printed", "undamaged"]

#: Relative difference that another order of adding floats may make.
_ROUNDING = 1e-9

#: Sentences are for readers, in the language and the words of their day.
_WORDS = "text"


@contextmanager
def undamaged(source: str) -> Iterator[None]:
    """Turn what a damaged file makes fail into an error that names it."""
    try:
        yield
    except FileFormatError as error:
        if error.path.startswith(source):
            raise
        raise FileFormatError(source, Reason("error_is_damaged_179", error=str(error))) from error
    except KeyError as error:
        raise FileFormatError(source, Reason("error_damaged_lacks", name=str(error))) from error
    except (
        ArithmeticError,
        LookupError,
        MemoryError,
        TypeError,
        ValueError,
        AttributeError,
        RecursionError,
        OSError,
        pa.ArrowException,
    ) as error:
        reason = Reason(
            "error_damaged_its_state_cannot_read", name=type(error).__name__, error=str(error)
        )
        raise FileFormatError(source, reason) from error


def check_digest(value: object, written: object, source: str) -> None:
    """Refuse a result that is not the one that was written.

    Parameters
    ----------
    value
        What was read.
    written
        The digest that stands in the file.
    source
        Name of the file.

    Raises
    ------
    FileFormatError
        Their digests differ.
    """
    found = content_digest(value)
    if found != written:
        reason = Reason(
            "error_damaged_was_changed_since_was_written",
            written=str(written)[:12],
            found=found[:12],
        )
        raise FileFormatError(source, reason)


def check_printed(printed: Mapping[str, object], found: Mapping[str, object], source: str) -> None:
    """Refuse a file whose readable figures are not those of its state.

    Parameters
    ----------
    printed
        What stands in the file, by part: ``totals``, ``coverage``.
    found
        The same, worked out from its state.
    source
        Name of the file.

    Raises
    ------
    FileFormatError
        A part differs; it is named.
    """
    for part, value in found.items():
        if not _same(printed.get(part), value):
            raise FileFormatError(source, Reason("error_printed_figures_changed", part=part))


def _same(printed: object, found: object) -> bool:
    if isinstance(found, Mapping):
        if not isinstance(printed, Mapping) or printed.keys() != found.keys():
            return False
        return all(_same(printed[key], found[key]) for key in found if key != _WORDS)
    if isinstance(found, (list, tuple)):
        if not isinstance(printed, Sequence) or isinstance(printed, str):
            return False
        return len(printed) == len(found) and all(map(_same, printed, found))
    if isinstance(found, float) and isinstance(printed, (int, float)):
        return math.isclose(printed, found, rel_tol=_ROUNDING)
    return printed == found
