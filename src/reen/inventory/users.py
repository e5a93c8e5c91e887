"""Users: how many rows of an inventory have a user, how many users there are, and their computers.

Counted while names are still in memory; they are kept nowhere.  Must not know any name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.inventory.batch import Batch

__all__ = ["ComputerUsers", "Users", "computer_users"]

_FIXED, _LAPTOP = frozenset({"desktop", "all_in_one", "workstation"}), frozenset({"laptop"})

#: Statuses of what a user no longer has, or has not got yet.
_NOT_USED = frozenset({"in_stock", "retired", "lost"})

#: What nobody understands: it may be anything.
_UNREAD = frozenset({"unknown"})

#: One number a row: 1 yes, 0 no, NaN unknown.
_Answers: TypeAlias = npt.NDArray[np.float64]


@attrs.frozen
class ComputerUsers:
    """How many users have a computer in use, and how many have a desktop and a laptop.

    Attributes
    ----------
    users
        Distinct users of a desktop or a laptop.
    double
        Those of both.
    open_items
        Items that may be a computer of one more user, or the second one of a user: those of nobody,
        of an unknown type or of an unknown status; None where their number is not known.
    """

    users: int
    double: int
    open_items: float | None

    @property
    def least(self) -> float:
        """Return the share, in per cent, if all open items are the computers of other users."""
        if self.open_items is None:
            return 0.0
        return 100.0 * self.double / (self.users + self.open_items)

    @property
    def most(self) -> float:
        """Return the share, in per cent, if each open item doubles a user."""
        if self.open_items is None:
            return 100.0
        return 100.0 * min(self.users, self.double + self.open_items) / self.users


def computer_users(batch: Batch, who: npt.NDArray[np.int64]) -> ComputerUsers:
    """Return how many users have a computer, and how many have two kinds of them.

    Parameters
    ----------
    batch
        Equipment.
    who
        Number of the user of each row, below zero for none.
    """
    fixed, laptop = (_among(batch, "equipment_type", types) for types in (_FIXED, _LAPTOP))
    used = 1.0 - _among(batch, "status", _NOT_USED, blank=0.0)
    sure = (who >= 0) & (used == 1.0)
    owners = [frozenset(who[sure & (mine == 1.0)].tolist()) for mine in (fixed, laptop)]
    may_be = (used != 0.0) & ((fixed != 0.0) | (laptop != 0.0))
    items = batch.values("quantity", "item")[may_be & ~(sure & ~np.isnan(fixed))]
    return ComputerUsers(
        users=len(owners[0] | owners[1]),
        double=len(owners[0] & owners[1]),
        open_items=None if np.isnan(items).any() else float(items.sum()),
    )


def _among(batch: Batch, column: str, words: Collection[str], *, blank: float = np.nan) -> _Answers:
    """Return whether the word of a column is one of some, unknown where it is not understood."""
    codes, there = batch.codes(column)
    told = [np.nan if word in _UNREAD else float(word in words) for word in there]
    return np.asarray([*told, blank], np.float64)[codes]


@attrs.frozen
class Users:
    """How many people use the devices of an inventory.

    Attributes
    ----------
    rows
        Rows that name a user.
    users
        Distinct users that they name.
    computers
        Their computers; None of a list that was kept without.

    Examples
    --------
    >>> users = reen.Users(rows=30, users=20)
    >>> users.devices_per_user
    1.5
    """

    rows: int
    users: int
    computers: ComputerUsers | None = None

    @property
    def devices_per_user(self) -> float:
        """Return how many rows each user has in the mean; NaN when there is no user."""
        return self.rows / self.users if self.users else float("nan")

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON types."""
        computers = None if self.computers is None else attrs.asdict(self.computers)
        return {"rows": self.rows, "users": self.users, "computers": computers}

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Users:
        """Return what `to_dict` wrote; raise TypeError or ValueError for anything else."""
        computers = content.get("computers")
        return cls(
            rows=_count(content["rows"]),
            users=_count(content["users"]),
            computers=None if computers is None else _computers(computers),
        )


def _computers(content: object) -> ComputerUsers:
    if not isinstance(content, Mapping):
        raise TypeError(content)
    items = content["open_items"]
    found = ComputerUsers(
        users=_count(content["users"]),
        double=_count(content["double"]),
        open_items=None if items is None else float(items),
    )
    if not found.double <= found.users or not (items is None or 0.0 <= float(items) < np.inf):
        raise ValueError(content)
    return found


def _count(given: object) -> int:
    if not isinstance(given, int) or given < 0:
        raise ValueError(given)
    return given
