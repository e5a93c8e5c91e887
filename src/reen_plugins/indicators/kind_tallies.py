"""Kind tallies: what a footprint assessed of each flow kind, and what it left out.

Input: a footprint.  Output: items by group and flow kind with their status, the completeness that
an indicator rests on, and the first rows that lack a quantity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs
import numpy as np

from reen import Footprint
from reen.plugin import Reason
from reen.plugin.arrays import Status
from reen.plugin.indicators import Completeness
from reen_plugins.indicators.tallies import UNTYPED

__all__ = ["KindTally", "example_rows", "kind_tallies", "least_covered"]

#: Kinds of flow of tables beside the equipment.
_NO_FLEET = frozenset({"service", "waste"})


@attrs.frozen
class KindTally:
    """How the rows of one group fared for one flow kind.

    Attributes
    ----------
    kind
        Flow kind: ``item``, ``electricity``...
    assessed
        Items assessed, or held by another kind.
    left_out
        Items that should have been assessed and could not be.
    excluded
        Items that a rule of the method excludes.
    rows, unknown
        Rows that should have been assessed, and those of them of unknown quantity.
    assumed
        Items assessed under an assumption, by parameter.
    """

    kind: str
    assessed: float = 0.0
    left_out: float = 0.0
    excluded: float = 0.0
    rows: int = 0
    unknown: int = 0
    assumed: Mapping[str, float] = attrs.field(factory=dict)

    @property
    def completeness(self) -> Completeness:
        """Return how much of what should be is assessed."""
        total = self.assessed + self.left_out
        what = f"assessed ({self.kind})"
        unit = "line" if self.kind == "service" else "item"  # an invoice line is no equipment
        return Completeness(self.assessed, total, self.rows, self.unknown, what, unit)

    def __add__(self, other: KindTally) -> KindTally:
        """Return the tally of both, of one flow kind."""
        assumed = dict(self.assumed)
        for parameter, items in other.assumed.items():
            assumed[parameter] = assumed.get(parameter, 0.0) + items
        return attrs.evolve(
            self,
            assessed=self.assessed + other.assessed,
            left_out=self.left_out + other.left_out,
            excluded=self.excluded + other.excluded,
            rows=self.rows + other.rows,
            unknown=self.unknown + other.unknown,
            assumed=assumed,
        )

    def add(self, status: Status, quantity: float, rows: int, unknown: int) -> KindTally:
        """Return the tally with some more rows of one status."""
        if status is Status.EXCLUDED:
            return attrs.evolve(self, excluded=self.excluded + quantity)
        column = "left_out" if status is Status.LEFT_OUT else "assessed"
        return attrs.evolve(
            self,
            **{column: getattr(self, column) + quantity},
            rows=self.rows + rows,
            unknown=self.unknown + unknown,
        )


def kind_tallies(footprint: Footprint) -> dict[tuple[int, str], KindTally]:
    """Return the tally of each (position of the group, flow kind)."""
    cells, classes = footprint.fold.by_group, footprint.fold.classes
    found: dict[tuple[int, str], KindTally] = {}
    for k in range(len(cells.key)):
        klass = classes[cells.klass[k]]
        key = int(cells.key[k]), klass.kind
        quantity = float(cells.quantity[k])
        tally = found.get(key, KindTally(klass.kind)).add(
            klass.outcome.status, quantity, int(cells.rows[k]), int(cells.unknown[k])
        )
        assumed = dict(tally.assumed)
        for assumption in klass.outcome.assumptions:
            parameter = assumption.parameter
            assumed[parameter] = assumed.get(parameter, 0.0) + quantity
        found[key] = attrs.evolve(tally, assumed=assumed)
    return dict(sorted(found.items()))


def least_covered(tallies: Iterable[KindTally]) -> Completeness | None:
    """Return the completeness of the flow kind of which the smallest share is assessed.

    Of the fleet where there is one: what is bought and thrown away beside it is counted in lines,
    and what lacks of it is in the bound of the figure.  Kinds that a rule excludes as a whole (a
    use stage counted elsewhere) do not count.
    """
    there = [tally for tally in tallies if tally.rows]
    parts = [
        tally.completeness
        for tally in [each for each in there if each.kind not in _NO_FLEET] or there
    ]
    if not parts:
        return None
    return min(parts, key=lambda part: -1.0 if part.share is None else part.share)


def example_rows(footprint: Footprint, kind: str) -> str:
    """Return the first rows of unknown quantity of a flow kind, by type, file and line."""
    shown = []
    for row in footprint.coverage:
        if row.kind != kind or not row.unknown or row.status is Status.EXCLUDED:
            continue
        rows = [
            f"{each.source}:{each.row}"
            if each.source
            else Reason("place_row", line=str(each.row)).text()
            for each in row.examples
            if np.isnan(each.quantity)
        ]
        shown.append(f"{row.equipment_type or UNTYPED} ({', '.join(rows) or row.unknown})")
    return "; ".join(shown)
