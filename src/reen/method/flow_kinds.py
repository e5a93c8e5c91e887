"""Kinds of flow: what a method answers for, and what the engine reads of each row first.

Values only.  What the preamble of a kind means stands in `rules`.
"""

from __future__ import annotations

import attrs

from reen.engine.exchanges import FlowKind, Match
from reen.reasons import Detail, Reason
from reen.vocabulary.stages import Stage

__all__ = ["EMBEDDED_STAGES", "Kind"]

#: Stages that a pack may publish of an item, besides its use.
EMBEDDED_STAGES = (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE, Stage.EMBEDDED)


@attrs.frozen
class Kind(FlowKind):
    """A kind of flow that a method answers for, by the function of its name.

    Attributes
    ----------
    unit
        Reference unit of its flows: ``item``, ``kWh``, ``kgCO2e``, ``EUR``...
    reads
        Columns that the function of this kind reads, besides the preamble and those that all kinds
        of the method read (`CaseMethod.reads`): none where an option leaves the kind out.
    use
        Whether it is a use stage, which what lies in stock does not have.
    match
        Match level of a case, unless its flow or its numbers give another.
    preamble
        What the engine reads of a row before the function runs, in this order: ``status`` is the
        rule of statuses and dates; a number must be given and valid.  The columns need no mention
        in `CaseMethod.columns`.
    excluded
        Why the options of the method count no row of this kind, None where they do.

    Examples
    --------
    >>> from reen.plugin import Stage
    >>> kind = Kind("electricity", (Stage.USE,), "kWh", use=True)
    >>> str(kind.without("use_stage", "false").excluded)
    'not counted: option use_stage=false'
    """

    unit: str
    use: bool = attrs.field(default=False, kw_only=True)
    match: Match = attrs.field(default=Match.TYPE, kw_only=True)
    reads: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    preamble: tuple[str, ...] = attrs.field(
        default=("status", "quantity", "usage_share"), kw_only=True
    )
    excluded: Reason | None = attrs.field(default=None, kw_only=True)

    def without(self, option: str, value: Detail) -> Kind:
        """Return the kind as an option that does not count it leaves it."""
        return attrs.evolve(self, excluded=Reason("option", option=option, value=value))
