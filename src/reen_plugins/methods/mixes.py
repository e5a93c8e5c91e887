"""Mixes: the electricity flow of each place in the reference year, and what is to be said of it.

A mix of no stated year, of the closest year, or of another series than the place's own is used
with a flag.  Everything is worked out by distinct place when a method prepares; rows only look up.
Imports the public names of `reen` only.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen import Assessment, Assumption, Context

__all__ = ["Mixes"]


@attrs.frozen(eq=False)
class Mixes:
    """Electricity flows by place, in the year of the reference date.

    Attributes
    ----------
    assumptions
        What is said of some of the flows, each once.
    """

    _positions: dict[str, int]
    _said: npt.NDArray[np.int8]
    assumptions: tuple[Assumption, ...]

    @classmethod
    def of(cls, context: Context, *, nearest: bool) -> Mixes:
        """Look up the mix of every place that the packs in use have.

        Parameters
        ----------
        context
            Packs and reference date.
        nearest
            Whether the closest year serves a place that has none of the year.
        """
        library, year = context.factors, context.as_of.year
        positions: dict[str, int] = {}
        # the last entry is that of position -1: no mix, nothing to say
        said = np.full(len(library.factors) + 1, -1, np.int8)
        assumptions: list[Assumption] = []
        for place in library.places:
            mix = library.mix(place, year, nearest=nearest)
            positions[place] = mix.position
            if mix.note:
                assumption = Assumption("electricity", mix.note, mix.pack)
                if assumption not in assumptions:
                    assumptions.append(assumption)
                said[mix.position] = assumptions.index(assumption)
        return cls(positions, said, tuple(assumptions))

    def positions(self, places: Sequence[str | None]) -> npt.NDArray[np.int32]:
        """Return the position of the mix of each place among the flows in use, -1 for none."""
        return np.array([self._positions.get(place or "", -1) for place in places], np.int32)

    def flag(self, assessment: Assessment, flow: npt.NDArray[np.signedinteger]) -> None:
        """Record what is to be said of the flows of some rows, by position; -1 for none."""
        if not self.assumptions:
            return
        said = self._said[flow]
        for code, assumption in enumerate(self.assumptions):
            assessment.assume(said == code, assumption)
