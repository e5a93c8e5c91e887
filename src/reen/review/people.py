"""People of a year: counted by the files, stated by the plan, and which of both divides figures.

Input: the plan and the measured year.  Output: a headcount, completed by what only the plan says;
and a sentence for each number that both give.  The files count: a plan is written once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import attrs
import pyarrow as pa

from reen.inventory.headcounts import counts_on
from reen.inventory.record_kinds import Headcount
from reen.reasons import Detail, Reason

if TYPE_CHECKING:
    from reen.inventory.inventory import Inventory
    from reen.review.plan import Plan
    from reen.review.year import MeasuredYear

__all__ = ["said_twice", "with_people"]

_KIND = "headcount"
_PEOPLE = ("agents", "inhabitants")

#: Relative: a number that was written with fewer digits is the same one.
_SAME = 1e-9


def with_people(plan: Plan, now: MeasuredYear) -> tuple[Inventory, Headcount | None]:
    """Return the inventory of a year, and the people beside it where the plan names some alone.

    What the files count is then among these people, and no longer in the inventory.
    """
    held = Headcount.held_by(now.inventory)
    only = {
        name: value
        for name, value in _of_plan(plan, now).items()
        if held is None or not _counts(held, name)
    }
    if not only:
        return now.inventory, None
    columns = {name: pa.array([only.get(name)], pa.float64()) for name in _PEOPLE}
    columns |= {"date": pa.array([now.files.period[1]], pa.date32())}
    columns |= {"source": pa.array([plan.path.name])}  # a file that counts this, and nothing else
    own = Headcount.from_arrow(pa.table(columns), source=plan.path.name)
    if held is None:
        return now.inventory, own
    kinds = (now.inventory.linked, now.inventory.linked_accounts)
    linked, accounts = ({k: v for k, v in kind.items() if k != _KIND} for kind in kinds)
    return attrs.evolve(now.inventory, linked=linked, linked_accounts=accounts), held + own


def said_twice(plan: Plan, now: MeasuredYear) -> Iterator[Reason]:
    """Yield what must be known of each number of people that files and plan give both."""
    held = Headcount.held_by(now.inventory)
    if held is None:
        return
    for name, value in _of_plan(plan, now).items():
        if not _counts(held, name):
            continue
        last = counts_on(held.batch, now.files.period[1], name).last
        whole = last[""][0] if "" in last else math.fsum(count for count, _ in last.values())
        said: dict[str, Detail] = {
            "people": name,
            "plan": plan.path.name,
            "said": value,
            "year": now.files.year,
        }
        if not last or math.isnan(whole):
            yield Reason("review_people_unknown", **said)
        elif math.isclose(whole, value, rel_tol=_SAME):
            yield Reason("review_people_same", **said)
        else:
            yield Reason("review_people_differ", counted=whole, **said)


def _of_plan(plan: Plan, now: MeasuredYear) -> Mapping[str, float]:
    given = dict(zip(_PEOPLE, (now.files.agents, plan.organisation.population), strict=True))
    return {name: float(value) for name, value in given.items() if value is not None}


def _counts(held: Headcount, name: str) -> bool:
    """Tell whether the files count this at all."""
    return name in held.table.column_names and held.table[name].null_count < len(held.table)
