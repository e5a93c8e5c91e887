"""Assessment: builds the outcome of every row of a batch while a method reads its columns.

A method says, in order, which rows a rule excludes, which cannot be measured and why, how the
others were matched and what was assumed.  The first verdict on a row stays.  Output: the distinct
outcomes and one small code per row, without any loop over rows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Assumption, Match, Outcome, Status
from reen.reasons import Reason

__all__ = ["Assessment"]

_LEVELS = len(Match)


class Assessment:
    """Outcomes of the rows of one batch, under construction.

    Parameters
    ----------
    size
        Number of rows.
    match
        Match level of the rows that get no other.
    """

    def __init__(self, size: int, *, match: Match = Match.NONE) -> None:
        self._verdict = np.zeros(size, np.uint16)
        self._verdicts = [Outcome()]
        self._match: int | npt.NDArray[np.uint8] = int(match)
        self._bits: npt.NDArray[np.uint16] | None = None
        self._assumptions: list[Assumption] = []

    @property
    def assessed(self) -> npt.NDArray[np.bool_]:
        """Return the rows that no verdict excludes so far."""
        assessed: npt.NDArray[np.bool_] = self._verdict == 0
        return assessed

    def flow(self, codes: npt.NDArray[np.signedinteger] | int) -> npt.NDArray[np.int32]:
        """Return flow codes as `Exchanges` takes them: -1 where a verdict excludes the row.

        Parameters
        ----------
        codes
            Position of the flow of each row, -1 for none: integers (n,), or one for all rows.

        Returns
        -------
        numpy.ndarray
            int32 (n,).
        """
        refused = self._verdict != 0
        # all bits set are -1: a choice for each row takes several times as long
        flow: npt.NDArray[np.int32] = np.negative(refused.astype(np.int32))
        flow |= np.asarray(codes).astype(np.int32, copy=False)
        return flow

    def _judge(self, where: npt.NDArray[np.bool_], outcome: Outcome) -> None:
        if not where.any():
            return
        if outcome not in self._verdicts:
            self._verdicts.append(outcome)
        code = self._verdicts.index(outcome)
        # arithmetic on whole columns is several times as fast as writing through a mask
        fresh = np.logical_and(where, self._verdict == 0)
        self._verdict += np.multiply(fresh, np.uint16(code), dtype=np.uint16)

    def exclude(self, where: npt.NDArray[np.bool_], reason: Reason | str) -> None:
        """Exclude rows by a named rule of the method."""
        self._judge(where, Outcome(Status.EXCLUDED, reason=reason))

    def include_elsewhere(self, where: npt.NDArray[np.bool_], reason: Reason | str) -> None:
        """Mark rows as included in another stage or flow kind."""
        self._judge(where, Outcome(Status.INCLUDED_ELSEWHERE, reason=reason))

    def leave_out(self, where: npt.NDArray[np.bool_], reason: Reason | str) -> None:
        """Leave rows out, which should be measured and cannot be."""
        self._judge(where, Outcome(Status.LEFT_OUT, reason=reason))

    def require(
        self,
        name: str,
        *,
        missing: npt.NDArray[np.bool_],
        invalid: npt.NDArray[np.bool_],
    ) -> None:
        """Leave out the rows where a needed value is missing or invalid, each under its reason."""
        self.leave_out(invalid, Reason("invalid", column=name))
        self.leave_out(missing, Reason("missing", column=name))

    def match(self, where: npt.NDArray[np.bool_], level: Match) -> None:
        """Record how rows were matched."""
        if isinstance(self._match, int):
            self._match = np.full(len(self._verdict), self._match, np.uint8)
        # arithmetic modulo 256, as above: nothing or the difference is added
        self._match += (np.uint8(level) - self._match) * where

    def assume(self, where: npt.NDArray[np.bool_], assumption: Assumption) -> None:
        """Record something taken for granted for some rows.

        Raises
        ------
        ValueError
            When a method makes more than twelve different assumptions in a batch.
        """
        if not where.any():
            return
        if self._bits is None:
            self._bits = np.zeros(len(self._verdict), np.uint16)
        if assumption not in self._assumptions:
            if len(self._assumptions) == 12:  # noqa: PLR2004 - 2**12 x 6 codes still fit in uint16
                message = (
                    "A method can make at most twelve different assumptions in a batch;"
                    " give them one rule in common."
                )
                raise ValueError(message)
            self._assumptions.append(assumption)
        bit = np.uint16(1 << self._assumptions.index(assumption))
        self._bits |= np.multiply(where, bit, dtype=np.uint16)

    def result(self) -> tuple[tuple[Outcome, ...], npt.NDArray[np.unsignedinteger]]:
        """Return the distinct outcomes and the code of each row among them."""
        # One number says all: the verdict of a refused row, else how it was assessed.
        verdicts = len(self._verdicts)
        fresh = self._verdict == 0
        codes = np.add(self._details(), verdicts, dtype=np.uint32)
        codes *= fresh
        codes += self._verdict
        numbers = codes.astype(np.intp)  # once for both look-ups
        there = np.zeros(int(codes.max(initial=0)) + 1, np.bool_)
        there[numbers] = True
        present = np.flatnonzero(there)
        outcomes = [*self._verdicts[1:]]
        table = np.arange(-1, int(present.max(initial=0)), dtype=np.int64).astype(np.uint16)
        for number in present[present >= verdicts].tolist():
            table[number] = len(outcomes)
            outcomes.append(self._outcome(number - verdicts))
        return tuple(outcomes), table.take(numbers)

    def _details(self) -> npt.NDArray[np.uint16]:
        """Return assumptions and match level of each row as one number."""
        match = np.asarray(self._match, np.uint16)
        if self._bits is None:
            return np.broadcast_to(match, self._verdict.shape)
        details: npt.NDArray[np.uint16] = self._bits * np.uint16(_LEVELS)
        details += match
        return details

    def _outcome(self, detail: int) -> Outcome:
        bits, level = divmod(detail, _LEVELS)
        made = tuple(assumption for k, assumption in enumerate(self._assumptions) if bits >> k & 1)
        return Outcome(Status.ASSESSED, Match(level), None, tuple(sorted(made)))
