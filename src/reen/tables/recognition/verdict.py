"""Verdicts: what a table is said to be, and by what.

Values only; `kinds` makes them.
"""

from __future__ import annotations

import attrs

from reen.reasons import Reason
from reen.tables.recognition.signs import refusals

__all__ = ["Verdict"]

#: What mappings call what is no inventory, besides what its headers say.
_OF_MAPPINGS = frozenset(
    {"choices", "other", "parts_of_machines", "reference_data", "shared_storage"}
)


@attrs.frozen(eq=False, repr=False)
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
    def what(self) -> Reason | str:
        """Return what a table that is no inventory is; a word of a mapping as it is."""
        known = {refusal.code for refusal in refusals()} | _OF_MAPPINGS
        if self.refused in known:
            return Reason(f"what_{self.refused}")
        return self.refused.replace("_", " ")
