"""Tallies: the sums of a fleet by equipment type and entity that the indicators share.

Input: an inventory or records.  Output: small values with what is known, what there is, and how
many rows do not say how many items they stand for; the mean of them as the value of an indicator.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping

import attrs
import numpy as np
import numpy.typing as npt

from reen import Inventory
from reen.plugin import Reason
from reen.plugin.arrays import Batch, StatusRule
from reen.plugin.indicators import Completeness, Indicator, IndicatorContext, IndicatorValue

__all__ = [
    "UNTYPED",
    "Tally",
    "entity_subject",
    "holds_unread_status",
    "in_fleet",
    "may_belong",
    "mean_of_part",
    "means_by_type",
    "part_subject",
    "parts_of_fleet",
    "status_unread",
    "tally_by_type",
    "with_whole",
    "without_quantity",
]

#: Subject of rows without an equipment type.
UNTYPED = "unknown"


@attrs.frozen
class Tally:
    """Sums over some rows.

    Attributes
    ----------
    part
        Sum of what the numerator counts.
    known
        Items (or money) of which the figure is known.
    total
        Items (or money) in all, where their number is known.
    rows, unknown
        Number of rows, and of those whose number of items is not known.
    """

    part: float = 0.0
    known: float = 0.0
    total: float = 0.0
    rows: int = 0
    unknown: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Return the sums over both."""
        return Tally(
            self.part + other.part,
            self.known + other.known,
            self.total + other.total,
            self.rows + other.rows,
            self.unknown + other.unknown,
        )

    def completeness(self, what: str, *, unit: str = "item") -> Completeness:
        """Return how much is known."""
        return Completeness(self.known, self.total, self.rows, self.unknown, what, unit)


def tally_by_type(
    batch: Batch,
    weights: npt.NDArray[np.float64],
    part: npt.NDArray[np.float64],
    *,
    keep: npt.NDArray[np.bool_] | None = None,
    column: str = "equipment_type",
) -> dict[str, Tally]:
    """Return the tally of each equipment type of a batch, or of each word of another column.

    Parameters
    ----------
    batch
        Rows.
    weights
        Items or money of each row, NaN where unknown.
    part
        Figure of one item of each row, NaN where unknown: the numerator sums weight x figure.
    keep
        Rows that count, all when absent.
    column
        Column that tells the rows apart.
    """
    codes, names = batch.codes(column)
    slot = np.where(codes < 0, len(names), codes)
    keep = np.ones(len(batch), np.bool_) if keep is None else keep
    weighed = keep & ~np.isnan(weights)
    known = weighed & ~np.isnan(part)

    def sums(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.bincount(slot, weights=values, minlength=len(names) + 1).astype(np.float64)

    parts = sums(np.where(known, weights * part, 0.0))
    knowns = sums(np.where(known, weights, 0.0))
    totals = sums(np.where(weighed, weights, 0.0))
    rows = sums(keep.astype(np.float64))
    unknowns = sums((keep & ~weighed).astype(np.float64))
    found: dict[str, Tally] = {}
    for k, name in enumerate([*names, UNTYPED]):
        if rows[k]:
            tally = Tally(
                float(parts[k]), float(knowns[k]), float(totals[k]), int(rows[k]), int(unknowns[k])
            )
            found[name] = found.get(name, Tally()) + tally
    return found


def with_whole(tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    """Return the tally of all types together (empty subject), then of each, sorted."""
    whole = Tally()
    for tally in tallies.values():
        whole += tally
    return {"": whole} | {name: tallies[name] for name in sorted(tallies)}


def may_belong(subject: str, tallies: Mapping[str, Tally]) -> Tally:
    """Return the rows that may belong to a type, and are not counted in it: those without one."""
    return Tally() if subject in ("", UNTYPED) else tallies.get(UNTYPED, Tally())


def entity_subject(name: str, types: Container[str]) -> str:
    """Return the subject of an entity: apart from that of a type, and from that of the whole."""
    taken = not name or name in types or name.startswith("entity ")
    return f"entity {name}" if taken else name


def part_subject(entity: str, part: str) -> str:
    """Return the subject of a part of the fleet, of the whole or of an entity."""
    return f"{entity}: {part}" if entity else part


def parts_of_fleet(
    context: IndicatorContext,
    inventory: Inventory,
    read: Callable[[Batch], npt.NDArray[np.float64]],
) -> Iterator[tuple[str, Tally, bool]]:
    """Yield the tally of the whole fleet, of each type and, where asked for, of each entity.

    With each part, whether rows that it does not count may belong to it: those of no type, or of
    no entity.
    """
    types = means_by_type(inventory, read)
    for name, tally in types.items():
        yield name, tally, bool(may_belong(name, types).rows)
    if not context.by_entity:
        return
    entities = means_by_type(inventory, read, column="entity")
    for name, tally in entities.items():
        if name not in ("", UNTYPED):
            subject = entity_subject(name, types)
            yield subject, tally, bool(may_belong(name, entities).rows)


def means_by_type(
    inventory: Inventory,
    read: Callable[[Batch], npt.NDArray[np.float64]],
    *,
    column: str = "equipment_type",
) -> dict[str, Tally]:
    """Return the tally of a figure of each item, for the whole fleet and each type.

    Or for each word of another column.

    What is retired or lost is no longer in the fleet and is not counted.
    """
    found: dict[str, Tally] = {}
    for batch in inventory.batches():
        tallies = tally_by_type(
            batch,
            batch.values("quantity", "item"),
            # what nobody knows to be in the fleet has no known figure: no verdict rests on it
            np.where(status_unread(batch), np.nan, read(batch)),
            keep=in_fleet(batch),
            column=column,
        )
        for name, tally in tallies.items():
            found[name] = found.get(name, Tally()) + tally
    return with_whole(found)


def in_fleet(batch: Batch) -> npt.NDArray[np.bool_]:
    """Return which rows are neither retired nor lost."""
    return ~_of_status(batch, *StatusRule().excluded)


def status_unread(batch: Batch) -> npt.NDArray[np.bool_]:
    """Return which rows have a status that nobody understands; a blank one is in the fleet."""
    return _of_status(batch, "unknown")


def holds_unread_status(inventory: Inventory | None) -> bool:
    """Tell whether a fleet has a row whose status nobody understands: it may be there or gone."""
    return inventory is not None and any(status_unread(b).any() for b in inventory.batches())


def _of_status(batch: Batch, *wanted: str) -> npt.NDArray[np.bool_]:
    codes, statuses = batch.codes("status")
    return np.isin(codes, [code for code, status in enumerate(statuses) if status in wanted])


def without_quantity(tally: Tally, column: str) -> Reason:
    """Return why a tally has no known item: unknown or zero quantities, or a blank column."""
    if tally.rows == tally.unknown:
        return Reason("every_quantity_unknown", count=tally.rows)
    if tally.total == 0.0:
        return Reason("every_quantity_zero")
    return Reason("no_item_has", count=tally.total, column=column)


def mean_of_part(
    indicator: Indicator,
    context: IndicatorContext,
    part: tuple[str, Tally, bool],
    *,
    known: str,
    column: str,
    notes: tuple[Reason, ...] = (),
) -> IndicatorValue:
    """Return the mean of a part of the fleet, or why there is none.

    Parameters
    ----------
    indicator, context
        Whose value it is.
    part
        Subject and tally, and whether rows that it does not count may belong to it, as
        `parts_of_fleet` gives them.
    known, column
        What of an item must be known, in words, and the column that says it.
    notes
        What must be said beside the value.
    """
    subject, tally, unread = part
    completeness = tally.completeness(known)
    if tally.known <= 0.0:
        why = without_quantity(tally, column)
        return context.left_out(indicator, why, subject=subject, completeness=completeness)
    return context.value(
        indicator,
        tally.part / tally.known,
        subject=subject,
        completeness=completeness,
        notes=notes,
        unread=unread,
        numerator=tally.part,
        denominator=tally.known,
    )
