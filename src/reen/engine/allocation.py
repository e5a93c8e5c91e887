"""Allocation: amounts of some rows given to other rows by shares.

    amount[target, flow] = sum over links of share * amount[source, flow]

Input: the exchanges of source rows and links (source row, target row, share).  Output: exchanges
of target rows, with the driver `allocation_share` beside those of the source, so that what a
virtual machine or an application gets is explained like anything else.  Nothing is normalised:
shares that add up to more or less than 1 are the method's affair and are reported beside the
result.  Arrays only.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from reen.engine.exchanges import Driver, Exchanges

__all__ = ["Links", "allocate", "balance"]


@attrs.frozen(eq=False)
class Links:
    """Shares of source rows that target rows get.

    Attributes
    ----------
    source, target
        int64 row positions, length n, sorted by source.
    share
        float64, length n.
    """

    source: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]
    share: npt.NDArray[np.float64]

    @classmethod
    def of(
        cls,
        source: npt.NDArray[np.int64],
        target: npt.NDArray[np.int64],
        share: npt.NDArray[np.float64],
    ) -> Links:
        """Return links sorted by source row, those without a source (-1) left out."""
        there = source >= 0
        order = np.argsort(source[there], kind="stable")
        return cls(source[there][order], target[there][order], share[there][order])


def allocate(each: Exchanges, links: Links, *, offset: int = 0) -> Exchanges:
    """Return the exchanges of target rows that source exchanges give them.

    Parameters
    ----------
    each
        Exchanges of source rows; row r of the batch is source row ``offset + r``.
    links
        Who gets which share of what.
    offset
        Position of the batch's first row in the source table.

    Returns
    -------
    Exchanges
        One exchange per (source exchange, link of its row), with `row` in the target table.  Each
        keeps the relative spread of its source; what targets of one source share of its error is
        not kept, so that the spread of their sum comes out too small.
    """
    rows = offset + (np.arange(len(each)) if each.row is None else each.row)
    first = np.searchsorted(links.source, rows, side="left")
    count = np.searchsorted(links.source, rows, side="right") - first
    origin = np.repeat(np.arange(len(each)), count)
    # positions of the links of each exchange, one run after the other
    runs = np.arange(len(origin)) - np.repeat(np.cumsum(count) - count, count)
    link = np.repeat(first, count) + runs
    drivers = {
        name: Driver(driver.values[origin], driver.unit) for name, driver in each.drivers.items()
    }
    name = "allocation_share" if "allocation_share" not in drivers else "application_share"
    drivers[name] = Driver(links.share[link], "1")
    return attrs.evolve(
        each,
        flow=each.flow[origin],
        drivers=drivers,
        outcome=each.outcome[origin],
        row=links.target[link],
        amount_spread=None if each.amount_spread is None else each.amount_spread[origin],
    )


def balance(
    links: Links, *, sources: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return (allocated, unallocated, over-allocated) shares of each source row.

    For every source row: allocated + unallocated - over-allocated = 1.

    Parameters
    ----------
    links
        Who gets which share of what.
    sources
        Number of source rows.

    Returns
    -------
    tuple of numpy.ndarray
        Three float64 arrays of length `sources`.
    """
    allocated = np.zeros(sources)
    np.add.at(allocated, links.source, links.share)
    return (
        allocated,
        np.maximum(0.0, 1.0 - allocated),
        np.maximum(0.0, allocated - 1.0),
    )
