"""Users: how many rows of an inventory have a user, and how many users there are.

Counted while names are still in memory; they are kept nowhere.  Must not know any name.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

__all__ = ["Users"]


@attrs.frozen
class Users:
    """Who uses the devices of an inventory, as two numbers.

    Attributes
    ----------
    rows
        Rows that name a user.
    users
        Distinct users that they name.
    """

    rows: int
    users: int

    @property
    def devices_per_user(self) -> float:
        """Return how many rows each user has in the mean; NaN when there is no user."""
        return self.rows / self.users if self.users else float("nan")

    def to_dict(self) -> dict[str, int]:
        """Return plain JSON types."""
        return {"rows": self.rows, "users": self.users}

    @classmethod
    def from_dict(cls, content: Mapping[str, int]) -> Users:
        """Return what `to_dict` wrote."""
        return cls(rows=int(content["rows"]), users=int(content["users"]))
