"""Laws: what every plugin of a kind must satisfy, and how one is looked for an example against.

Input: a law, a Hypothesis strategy and a check of one example.  Output: nothing, or a
`BrokenLawError` that names the law and shows the smallest example, in words.  Which laws there are
stands with each kind of plugin.  ``hypothesis`` is imported on use.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

import attrs

from reen.errors import (
    BrokenLawError,
    MissingExtraError,
    OptionError,
    PluginError,
    ReenError,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["Law", "Reduction", "chosen_laws", "must", "search", "verdict"]

T = TypeVar("T")

#: Takes an example and what tells whether one breaks the law; tries smaller ones.
Reduction: TypeAlias = "Callable[[T, Callable[[T], bool]], None]"


@attrs.frozen
class Law:
    """One law.

    Attributes
    ----------
    name
        One or two words, such as ``linearity``.
    rule
        What must hold, in one sentence.
    """

    name: str
    rule: str


def must(holds: bool, found: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Raise `AssertionError` with what was found, unless something holds."""
    if not holds:
        raise AssertionError(found)


def chosen_laws(
    function: str, laws: Sequence[Law], names: str | Iterable[str] | None
) -> tuple[Law, ...]:
    """Return the laws of those names, in the order in which they are looked at; all for None.

    Raises
    ------
    OptionError
        A name that no law has.
    """
    if names is None:
        return tuple(laws)
    wanted = {names} if isinstance(names, str) else set(names)
    known = [law.name for law in laws]
    for name in sorted(wanted - set(known)):
        near = difflib.get_close_matches(name, known, 1)
        expected = f"{near[0]!r}? (" if near else "one of ("
        raise OptionError(function, "laws", name, f"{expected}{', '.join(known)})")
    return tuple(law for law in laws if law.name in wanted)


def verdict(
    subject: str,
    law: Law,
    check: Callable[[], None],
    *,
    contract: Law | None = None,
    words: Callable[[], str] = str,
) -> None:
    """Check one example.

    Parameters
    ----------
    subject
        Whose law it is, for the message.
    law
        What must hold.
    check
        Raises `AssertionError` when it does not, in words that say what was found.
    contract
        The law that a `PluginError` breaks; `law` itself when absent.
    words
        Gives the example in words.

    Raises
    ------
    BrokenLawError
        The law does not hold.
    """
    try:
        check()
    except BrokenLawError:
        raise
    except PluginError as error:
        broken = contract or law
        raise BrokenLawError(subject, broken.name, broken.rule, str(error), words()) from error
    except AssertionError as error:
        raise BrokenLawError(subject, law.name, law.rule, str(error), words()) from error


def search(
    strategy: SearchStrategy[T],
    checks: Mapping[Law, Callable[[T], None]],
    *,
    examples: int,
    reduce: Reduction[T] | None = None,
) -> None:
    """Look for the smallest example that breaks one of some laws.

    Each example is held against the laws in order, as far as the first one that any example broke.
    That law is then searched alone: Hypothesis draws the same examples again, and shrinks the one
    that it found.  What it says besides the error is left out.

    Parameters
    ----------
    strategy
        Of the examples.
    checks
        For each law, in order, what raises `BrokenLawError` for an example that breaks it.
    examples
        How many are drawn.
    reduce
        Makes an example still smaller, given what tells whether one breaks the law: Hypothesis
        knows how an example is drawn, and not what it is.

    Raises
    ------
    BrokenLawError
        The first law that does not hold.
    MissingExtraError
        When hypothesis is not installed.
    """
    first: list[_Broken[T]] = []

    def hold_all(example: T) -> None:
        for law, check in checks.items():
            if first and law is first[-1].law:
                return  # what comes after a broken law is not looked at
            try:
                check(example)
            except BrokenLawError as error:
                first.append(_Broken(law, example, error))
                return

    _draw(strategy, hold_all, examples=examples)
    if not first:
        return
    known = first[-1]
    check = checks[known.law]
    # if no example of the second search breaks the law, the one that is known is shown
    smallest = _shrunk(strategy, known.law, check, examples=examples) or known
    if reduce is not None:
        smallest = _reduced(smallest, check, reduce)
    raise BrokenLawError(*smallest.error.args)


@attrs.frozen
class _Broken(Generic[T]):
    """A law, an example that breaks it, and the message."""

    law: Law
    example: T
    error: BrokenLawError


def _draw(strategy: SearchStrategy[T], check: Callable[[T], None], *, examples: int) -> None:
    """Run a check on examples, and on smaller ones of one that fails."""
    try:
        from hypothesis import HealthCheck, Phase, given, settings
    except ImportError as error:
        raise MissingExtraError("hypothesis", "test", "The conformance suite") from error

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(strategy)
    def hold(example: T) -> None:
        check(example)

    hold()


def _shrunk(
    strategy: SearchStrategy[T], law: Law, check: Callable[[T], None], *, examples: int
) -> _Broken[T] | None:
    """Return the smallest example that Hypothesis finds against a law, None without any."""
    from hypothesis.errors import Flaky

    seen: list[_Broken[T]] = []

    def keep(example: T) -> None:
        try:
            check(example)
        except BrokenLawError as error:
            seen.append(_Broken(law, example, error))
            raise

    try:
        _draw(strategy, keep, examples=examples)
    except BrokenLawError:
        # Hypothesis runs the smallest example last
        return seen[-1]
    except Flaky:
        # the same example held the second time: what differs between two runs is not the example
        last = seen[-1].error
        found = f"{last.found}; and nothing of the kind when the same example was run again"
        error = BrokenLawError(last.subject, last.law, last.rule, found, last.example)
        return attrs.evolve(seen[-1], error=error)
    return None


def _reduced(smallest: _Broken[T], check: Callable[[T], None], reduce: Reduction[T]) -> _Broken[T]:
    """Return a still smaller example of the same fault."""
    best = smallest

    def breaks(example: T) -> bool:
        nonlocal best
        try:
            check(example)
        except BrokenLawError as error:
            if error.law == smallest.error.law:
                best = _Broken(smallest.law, example, error)
                return True
        except ReenError:
            return False  # an example that cannot be measured at all
        return False

    reduce(smallest.example, breaks)
    return best
