"""Life-cycle stages: the closed list that splits every footprint.

Role: name the stages once, with their titles.  Four are separate; `embedded` and `unspecified`
are for sources that do not separate them, so that a coarse figure is never passed off as a fine
one.  "Stage" and not "phase": ISO 14040 keeps that word for the phases of a study.

Imports nothing of reen.
"""

from __future__ import annotations

import enum
from typing import Final

__all__ = ["EMBEDDED_STAGES", "Stage"]


class Stage(enum.StrEnum):
    """A stage of the life cycle of an item, in the order in which tables show it.

    Examples
    --------
    >>> print([str(stage) for stage in reen.Stage])
    ['manufacturing', 'distribution', 'use', 'end_of_life', 'embedded', 'unspecified']
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    >>> footprint.stage_totals()[reen.Stage.EMBEDDED]
    312.0
    """

    #: Raw materials, parts and assembly.
    MANUFACTURING = "manufacturing"
    #: Transport to the place of use.
    DISTRIBUTION = "distribution"
    #: Electricity and consumables while in service.
    USE = "use"
    #: Collection, treatment and recycling.
    END_OF_LIFE = "end_of_life"
    #: All but use, not separated by the source.
    EMBEDDED = "embedded"
    #: Declared without saying what it contains.
    UNSPECIFIED = "unspecified"

    @property
    def title_en(self) -> str:
        """Title in English."""
        return _TITLES[self][0]

    @property
    def title_fr(self) -> str:
        """Title in French."""
        return _TITLES[self][1]


_TITLES: Final = {
    Stage.MANUFACTURING: ("Manufacturing", "Fabrication"),
    Stage.DISTRIBUTION: ("Distribution", "Distribution"),
    Stage.USE: ("Use", "Utilisation"),
    Stage.END_OF_LIFE: ("End of life", "Fin de vie"),
    Stage.EMBEDDED: ("All but use", "Tout sauf l'utilisation"),
    Stage.UNSPECIFIED: ("Not specified", "Non précisé"),
}

#: The stages that `Stage.EMBEDDED` stands for when a source does not separate them.
EMBEDDED_STAGES: Final = (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE)
