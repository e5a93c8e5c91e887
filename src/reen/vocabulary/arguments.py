"""Arguments: one rule for what takes a name or several (`by`, `criteria`, `factors`, `methods`).

A single name, or object, stands for itself, never for its letters; None is "not given"; anything
else is refused before it is used, with what was expected.  Knows no registry and reads no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from reen.errors import OptionError
from reen.reasons import Reason, Words
from reen.vocabulary.criteria import Criteria

__all__ = ["columns_of", "criteria_of", "one_or_more"]

T = TypeVar("T")


def one_or_more(
    function: str, name: str, given: object, *, kinds: tuple[type[T], ...], expected: Words
) -> tuple[T, ...]:
    """Return what an argument names, in order; nothing for None.

    Parameters
    ----------
    function, name
        The public function and its argument, for messages.
    given
        What was given.
    kinds
        What one of them may be.
    expected
        The same in words, such as "the name of a column, or several".

    Raises
    ------
    OptionError
        Neither one of `kinds` nor several of them.
    """
    if given is None:
        return ()
    if isinstance(given, kinds):
        return (given,)
    if isinstance(given, Mapping) or not isinstance(given, Iterable):
        raise OptionError(function, name, repr(given), expected)
    items = tuple(given)
    for item in items:
        if not isinstance(item, kinds):
            raise OptionError(function, name, repr(item), expected)
    return items


def columns_of(function: str, by: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the columns of an argument `by`, each once.

    Raises
    ------
    OptionError
        Something else than names.
    """
    expected = "the name of a column, or several"
    return tuple(dict.fromkeys(one_or_more(function, "by", by, kinds=(str,), expected=expected)))


def criteria_of(
    function: str, criteria: str | Iterable[str] | None, available: Sequence[str], known: Criteria
) -> tuple[str, ...]:
    """Return the keys of the criteria of an argument `criteria`, each once; all for None.

    Parameters
    ----------
    function
        The public function, for messages.
    criteria
        What was given.
    available
        Keys of those that the packs in use publish.
    known
        Criteria that the names may stand for.

    Raises
    ------
    UnknownNameError
        A name that the vocabulary does not have.
    OptionError
        Something else than names, no name at all, or a criterion that is not `available`.
    """
    if criteria is None:
        return tuple(key for key in known.keys if key in available)
    expected = Reason("error_key_criterion_several")
    names = one_or_more(function, "criteria", criteria, kinds=(str,), expected=expected)
    if not names:
        raise OptionError(
            function, "criteria", repr(criteria), Reason("error_none_all", expected=expected)
        )
    keys = tuple(dict.fromkeys(known.resolve(name).key for name in names))
    for key in keys:
        if key not in available:
            expected = Reason(
                "error_criteria_packs_use_publish", available=", ".join(available) or "none"
            )
            raise OptionError(function, "criteria", key, expected)
    return keys
