"""Verdicts: raised by a method for a case that is not measured, with the reason.

Raised by the functions of a method and caught by whoever runs them: a case that cannot be
measured ends where that is found out, and what is said of it is a reason, as data.
"""

from __future__ import annotations

from typing import ClassVar

from reen.engine.exchanges import Status
from reen.reasons import Detail, Reason

__all__ = ["Excluded", "IncludedElsewhere", "LeftOut", "Verdict"]


class Verdict(Exception):  # noqa: N818 - what a method decides, and no fault of anybody's
    """What is said of a case that has no exchange.  Raise one of the three that derive from it.

    Parameters
    ----------
    code
        Code of the reason.
    details
        Parameters of its sentence: classes of things, never a name of one of them.
    """

    status: ClassVar[Status]

    def __init__(self, code: str, /, **details: Detail) -> None:
        super().__init__(code)
        self.reason = Reason(code, **details)

    @classmethod
    def because(cls, reason: Reason) -> Verdict:
        """Return the verdict of a reason that was made before."""
        return cls(reason.code, **dict(reason.details))

    def __reduce__(self) -> tuple[object, ...]:
        """Travel as the reason."""
        return type(self).because, (self.reason,)


class LeftOut(Verdict):
    """Raised when a case cannot be measured: no factor, a missing or invalid value.

    Examples
    --------
    >>> raise LeftOut("missing", column="lifetime")
    Traceback (most recent call last):
        ...
    reen.method.verdicts.LeftOut: missing
    """

    status = Status.LEFT_OUT


class Excluded(Verdict):
    """Raised when a rule of the method excludes the case: retired, out of scope."""

    status = Status.EXCLUDED


class IncludedElsewhere(Verdict):
    """Raised when another kind of flow, or another stage, already includes the case."""

    status = Status.INCLUDED_ELSEWHERE
