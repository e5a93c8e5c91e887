"""The frame of a printed page: how wide it is, how much it shows, which titles it may use.

Input: the terminal, the options of the command and the registry.  Holds no text of its own, and
knows no result.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

import reen
from reen.reasons import has_sentence, say, title_of

if TYPE_CHECKING:
    from reen.cli.reading_options import Files
    from reen.plugin import Registry
    from reen.types import Interval

__all__ = ["Page", "Spread", "uncertainty"]


@attrs.frozen(eq=False, repr=False)
class Spread:
    """What is asked of the uncertainty of a total.

    Attributes
    ----------
    level
        Probability between the bounds.
    assumed
        Relative standard deviation of the factors that publish none; None leaves them exact.
    """

    level: float
    assumed: float | None = None

    def interval(self, footprint: reen.Footprint, criterion: str) -> Interval:
        """Return the interval of a total."""
        return footprint.interval(criterion=criterion, level=self.level, assume_spread=self.assumed)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Page:
    """How a page is laid out, and what it may name.

    Attributes
    ----------
    width
        Characters of a line.
    ascii_only
        Whether the stream knows no block characters.
    limit
        Groups and lines shown in a table; 0 for all.
    registry
        What is installed: titles of types and methods, figures of factor packs.
    files
        What was measured.
    inventory
        What it holds.
    level
        What is counted of it.
    dated
        Whether the reference date was given.
    options
        Options given to the method.
    computing
        Options of the command that say how it is measured, as they are typed.
    spread
        What is asked of the uncertainty of the total, None for nothing.
    read
        Columns that the method reads.
    """

    width: int
    ascii_only: bool
    limit: int
    registry: Registry
    files: Files
    inventory: reen.Inventory
    dated: bool = True
    level: str = "equipment"
    options: Mapping[str, str] = attrs.field(factory=dict)
    computing: str = ""
    spread: Spread | None = None
    read: frozenset[str] = frozenset()

    def type_title(self, key: str) -> str:
        """Return the title of a type of equipment or of service, or its key."""
        from reen.vocabulary.titles import type_title

        return type_title(self.registry.equipment_types, key)

    def method_title(self, name: str, packs: Collection[str] = ()) -> str:
        """Return a method by its name and its title, which may depend on the packs it ran on."""
        from reen.plugins.method import title_on

        code = f"method_{name.replace('-', '_')}"
        method = self.registry.methods.get(name)
        title = title_on(method, packs) if method else ""
        if has_sentence(code) and (method is None or title == method.title):
            title = say(code)
        return say("page_named", name=name, title=title) if title else name

    @property
    def typed_path(self) -> str:
        """Return the files as they must be typed."""
        return self.files.typed_with

    def row_name(self, *, source: str, row: int, name: str) -> str:
        """Return how `reen explain` knows a row: its identifier where that is enough."""
        place = f"{source}:{row}" if source else str(row)
        try:
            if self.inventory.position(name) == self.inventory.position(place):
                return name
        except (reen.errors.UnknownNameError, reen.errors.InventoryError):
            pass  # a name that is no identifier, or that several rows bear
        return place

    def head(self, number: int) -> int:
        """Return how many of `number` lines are shown."""
        return number if self.limit == 0 else min(number, self.limit)

    @property
    def bar_cells(self) -> int:
        """Return the width of a bar: what a narrow terminal can spare."""
        return max(8, min(24, self.width - 60))


def uncertainty(footprint: reen.Footprint, page: Page, criteria: Sequence[str]) -> dict[str, str]:
    """Return the sentence on the uncertainty of some totals, where it is asked for."""
    if page.spread is None:
        return {}
    found = {}
    for criterion in criteria:
        total = footprint.total(criterion)
        interval = page.spread.interval(footprint, total.criterion)
        hint = "" if total.complete else say("page_range_of_counted")
        if not interval.covers_enough:
            hint = say("page_range_hint")
        label = (
            say("page_range")
            if len(footprint.criteria) == 1
            else title_of(footprint.factors.vocabulary[total.criterion])
        )
        found[label] = f"{interval}{hint}"
    return found
