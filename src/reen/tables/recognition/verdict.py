"""Verdicts: what a table is said to be, and by what.

Values only; `kinds` makes them.
"""

from __future__ import annotations

import attrs

from reen.reasons import Reason

__all__ = ["Verdict"]


@attrs.frozen
class Verdict:
    """What a table is.

    Attributes
    ----------
    kind
        Kind of table (`reen.inventory.kinds`); empty when it is none, or when nothing decides.
    evidence
        The headers and names that say so.
    refused
        Of no inventory: what it is (``tickets``, ``licences``, ``users``...).
    rivals
        Kinds that have as much evidence as the one that is taken, that one first.
    """

    kind: str
    evidence: tuple[str, ...] = ()
    refused: str = ""
    rivals: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """Return the evidence in one line."""
        return ", ".join(self.evidence)

    @property
    def reason(self) -> Reason:
        """Return why the rows of a table that is no inventory are set aside."""
        return Reason(f"row_of_{self.refused}")
