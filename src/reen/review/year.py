"""One year of a plan, measured and judged: what every page, file and figure of a review is made of.

Input: the results of the library (footprint, change, indicators, standings) side by side.  Output:
the same, as one value; nothing is worked out twice.  Knows no page and no file of a review.
"""

from __future__ import annotations

import attrs
import pyarrow as pa

from reen.inventory.inventory import Inventory
from reen.monitoring.collection import Indicators
from reen.plugins.registry import Registry
from reen.reasons import Words
from reen.results.change import Change
from reen.results.footprint import Footprint
from reen.results.statement import Statement
from reen.review.plan import Plan, YearFiles
from reen.strategy.action import Action
from reen.strategy.judging import Standing
from reen.strategy.strategy import Strategy
from reen.verbs.tracing import trace

__all__ = ["CLIMATE", "FOOTPRINT_FILE", "Beside", "MeasuredYear", "ReviewYear"]

#: The criterion of the pages; the others stand in the data.
CLIMATE = "climate_change"

#: The footprint of the fleet of a year beside its review, so that next year can make it again.
FOOTPRINT_FILE = "empreinte.json"


@attrs.frozen(kw_only=True, eq=False)
class MeasuredYear:
    """One year of the files, measured.

    Attributes
    ----------
    files
        Where it was read.
    inventory, footprint
        The fleet, and its footprint by entity (where the files say it) and type.
    """

    files: YearFiles
    inventory: Inventory
    footprint: Footprint


@attrs.frozen(kw_only=True, eq=False)
class Beside:
    """The footprint by another method; why there is none, where it could not be run."""

    method: str
    footprint: Footprint | None = None
    why: Words = ""


@attrs.frozen(kw_only=True, eq=False)
class ReviewYear:
    """The content of one yearly review; see `YearReview` for the attributes."""

    plan: Plan
    registry: Registry
    now: MeasuredYear
    before: MeasuredYear | None
    change: Change | None
    since_baseline: Change | None
    indicators: Indicators
    indicators_before: Indicators | None
    strategy: Strategy | None
    standings: tuple[Standing, ...]
    beside: tuple[Beside, ...]
    previous: dict[str, object] | None
    beges: Statement | None
    beges_why: Words

    @property
    def year(self) -> int:
        """Return the year."""
        return self.now.files.year

    @property
    def late(self) -> tuple[Action, ...]:
        """Return the actions that are late at the end of the year."""
        return () if self.strategy is None else self.strategy.late(self.now.files.period[1])

    def rows(self) -> pa.Table:
        """Return the rows behind the footprint, one for each row and kind of flow (see `trace`)."""
        return trace(
            self.now.inventory,
            method=self.plan.method,
            as_of=self.now.files.as_of,
            registry=self.registry,
        ).read_all()
