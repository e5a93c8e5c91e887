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
from reen.values import Compared

__all__ = ["ComputerUsers", "Users", "computer_users"]

_FIXED, _LAPTOP = frozenset({"desktop", "all_in_one", "workstation"}), frozenset({"laptop"})

#: Statuses of what a user no longer has, or has not got yet.
_NOT_USED = frozenset({"in_stock", "retired", "lost"})

#: What nobody understands: it may be anything.
_UNREAD = frozenset({"unknown"})

#: One number a row: 1 yes, 0 no, NaN unknown.
_Answers: TypeAlias = npt.NDArray[np.float64]


@attrs.frozen(eq=False, repr=False)
class ComputerUsers(Compared):
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
    open_users, open_double
        Of an entity: users of whom a computer names no entity, and none another one; and those of
        them who have a desktop and a laptop.
    elsewhere
        Of an entity: open items that may be of another, and take one of its users out of it.
    by_entity
        The same of each entity.  A user is of an entity when all of their computers are: who has
        computers of two entities is in the whole only, so that nobody counts twice.
    """

    users: int
    double: int
    open_items: float | None
    open_users: int = 0
    open_double: int = 0
    elsewhere: float = 0.0
    by_entity: Mapping[str, ComputerUsers] = attrs.field(factory=dict)

    @property
    def least(self) -> float:
        """Return the share, in per cent, if all that is open is against it."""
        if self.open_items is None:
            return 0.0
        gone = min(self.double, self.elsewhere)
        others = self.users - gone + self.open_users - self.open_double + self.open_items
        return 100.0 * (self.double - gone) / others if others else 0.0

    @property
    def most(self) -> float:
        """Return the share, in per cent, if all that is open doubles a user."""
        if self.open_items is None:
            return 100.0
        users = self.users + self.open_double
        double = self.double + self.open_double + self.open_items + self.elsewhere
        return 100.0 * min(users, double) / users

    @property
    def of_no_entity(self) -> int:
        """Return how many users are in the whole and in no entity."""
        return self.users - sum(each.users for each in self.by_entity.values())


def computer_users(batch: Batch, who: npt.NDArray[np.int64]) -> ComputerUsers:
    """Return how many users have a computer, and two kinds of them; of each entity too.

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
    double = owners[0] & owners[1]
    opened = may_be & ~(sure & ~np.isnan(fixed))
    items = np.where(opened, batch.values("quantity", "item"), 0.0)
    computers = sure & ((fixed == 1.0) | (laptop == 1.0))
    return ComputerUsers(
        users=len(owners[0] | owners[1]),
        double=len(double),
        open_items=None if np.isnan(items).any() else float(items.sum()),
        by_entity=_by_entity(batch, np.where(computers, who, -1), double, items),
    )


def _by_entity(
    batch: Batch, who: npt.NDArray[np.int64], double: Collection[int], items: _Answers
) -> dict[str, ComputerUsers]:
    """Return the users of each entity; `who` is below zero where a row is no computer in use."""
    codes, words = batch.codes("entity")
    names = {code: word for code, word in enumerate(words) if word and word not in _UNREAD}
    codes = np.where(np.isin(codes, list(names)), codes, -1)
    size, count = len(words), int(who.max(initial=-1)) + 1
    first, last = np.full(count, size), np.full(count, -1)
    told, blank = (who >= 0) & (codes >= 0), who[(who >= 0) & (codes < 0)]
    np.minimum.at(first, who[told], codes[told])
    np.maximum.at(last, who[told], codes[told])
    unsaid, doubled = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    unsaid[blank] = doubled[list(double)] = True
    one, nowhere = first == last, unsaid & (last < 0)

    def users(which: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return np.bincount(last[one & which], minlength=size) + int((nowhere & which).sum())

    mine = [users(each) for each in (~unsaid, ~unsaid & doubled, unsaid, unsaid & doubled)]
    here = np.bincount(codes[codes >= 0], weights=items[codes >= 0], minlength=size)
    loose = float(items[codes < 0].sum())
    found = {}
    for code, name in names.items():
        own = float(here[code]) + loose
        others = float(here.sum()) - float(here[code]) + loose
        known = not np.isnan(own + others)
        of_users, of_double, open_users, open_double = (int(each[code]) for each in mine)
        if of_users or open_users or not known or own:
            found[name] = ComputerUsers(
                of_users,
                of_double,
                own if known else None,
                open_users=open_users,
                open_double=open_double,
                elsewhere=others if known else 0.0,
            )
    return found


def _among(batch: Batch, column: str, words: Collection[str], *, blank: float = np.nan) -> _Answers:
    """Return whether the word of a column is one of some, unknown where it is not understood."""
    codes, there = batch.codes(column)
    told = [np.nan if word in _UNREAD else float(word in words) for word in there]
    return np.asarray([*told, blank], np.float64)[codes]


@attrs.frozen(eq=False, repr=False)
class Users(Compared):
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
    >>> users = reen.types.Users(rows=30, users=20)
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
    items, elsewhere = content["open_items"], float(content.get("elsewhere", 0.0))
    parts = content.get("by_entity", {})
    if not isinstance(parts, Mapping):
        raise TypeError(content)
    found = ComputerUsers(
        users=_count(content["users"]),
        double=_count(content["double"]),
        open_items=None if items is None else float(items),
        open_users=_count(content.get("open_users", 0)),
        open_double=_count(content.get("open_double", 0)),
        elsewhere=elsewhere,
        by_entity={str(name): _computers(part) for name, part in parts.items()},
    )
    numbers = [elsewhere] if items is None else [elsewhere, float(items)]
    if (
        not found.double <= found.users
        or not found.open_double <= found.open_users
        or not all(0.0 <= each < np.inf for each in numbers)
        or found.of_no_entity < 0
    ):
        raise ValueError(content)
    return found


def _count(given: object) -> int:
    if not isinstance(given, int) or given < 0:
        raise ValueError(given)
    return given
