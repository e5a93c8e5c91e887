"""The effects of a change by plain Python: no array, no library of ours, every order tried.

    python plain_change.py YEARS.json

YEARS.json holds the rows of two years (id, entity, type, quantity, lifetime, energy, country), the
figure of one item by type, and the mix of each year by country.  Prints the effects by cause,
detail, entity and type, as JSON.  A lifetime that is blank is taken as four years.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Means = dict[str, float]
Key = tuple[str, str, str, str]

ASSUMED = 4.0


def shapley(means: tuple[Means, Means]) -> tuple[Means, Callable[[str, float], float]]:
    """Return the effect of each mean, and what a part of the change of one is worth."""
    names = list(means[0])
    orders = list(itertools.permutations(names))

    def others(name: str) -> float:
        """Return the mean product of the others, over all orders."""
        total = 0.0
        for order in orders:
            changed = set(order[: order.index(name)])
            product = 1.0
            for other in names:
                if other != name:
                    product *= means[other in changed][other]
            total += product
        return total / len(orders)

    worth = {name: others(name) for name in names}
    effects = {name: worth[name] * (means[1][name] - means[0][name]) for name in names}
    return effects, lambda name, part: worth[name] * part


def cells(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["entity"], row["type"]), []).append(row)
    return found


def pieces(cell: tuple[str, str], years: list[list[Row]]) -> Iterator[tuple[str, float]]:
    """Yield the change of the number of items of a cell, by what became of each."""
    at = [{row["id"]: row for row in rows} for rows in years]
    for side, sign in ((0, -1.0), (1, 1.0)):
        for name, row in at[side].items():
            if (row["entity"], row["type"]) != cell:
                continue
            other = at[1 - side].get(name)
            if other is None:
                yield ("exits", "entries")[side], sign * row["quantity"]
            elif (other["entity"], other["type"]) == cell:
                yield "kept", sign * row["quantity"]
            else:
                yield "moved", sign * row["quantity"]


def part_of(row: Row, part: str, given: dict[str, Any], year: int) -> tuple[float, float] | None:
    """Return the driver and the factor of a row, None where it cannot be measured."""
    if part == "item":
        factor = given["items"].get(row["type"])
        return None if factor is None else (1.0 / (row["lifetime"] or ASSUMED), factor)
    mix = given["mixes"][year].get(row["country"])
    return None if mix is None else (row["energy"], mix)


Told = list[tuple[Row, float, float]]


def alone(
    cell: tuple[str, str], other: int, change: float, years: list[list[Row]]
) -> Iterator[tuple[str, str, float]]:
    """Yield the effects of a cell that the year `other` does not have."""
    verb = ("entered", "left")[other]
    if cell[0] not in {row["entity"] for row in years[other]}:
        yield "perimeter", f"entity_{verb}", change
    elif cell[1] == "unknown":
        yield "perimeter", "known", change
    elif cell[1] not in {row["type"] for row in years[other]}:
        yield "perimeter", f"type_{verb}", change
    else:
        whole = sum(value for _, value in pieces(cell, years))
        for piece, value in pieces(cell, years):
            yield "fleet", piece, change * value / whole


def means_of(rows: list[Row], told: Told) -> Means:
    """Return the means of a cell in one year: their product is its impact."""
    there = sum(row["quantity"] for row in rows)
    items = sum(row["quantity"] for row, _, _ in told)
    amount = sum(row["quantity"] * x for row, x, _ in told)
    impact = sum(row["quantity"] * x * f for row, x, f in told)
    return {
        "present": there,
        "known": items / there,
        "driver": amount / items,
        "factor": impact / amount,
    }


def shift_of(told: list[Told]) -> float:
    """Return the change of the mean of 1 / lifetime that comes from rows that are blank."""
    shares, stated = [], []
    for each in told:
        full = [(row["quantity"], x) for row, x, _ in each if row["lifetime"]]
        number, items = sum(q for q, _ in full), sum(row["quantity"] for row, _, _ in each)
        shares.append(1.0 - number / items)
        stated.append(sum(q * x for q, x in full) / number if full else None)
    if shares[0] == shares[1]:
        return 0.0
    filled = [
        each if each is not None else other
        for each, other in zip(stated, reversed(stated), strict=True)
    ]
    return (shares[1] - shares[0]) * (2.0 / ASSUMED - sum(each or 0.0 for each in filled)) / 2.0


def cell_effects(
    cell: tuple[str, str], part: str, rows: list[list[Row]], given: dict[str, Any]
) -> Iterator[tuple[str, str, float]]:
    """Yield the effects of a cell about one part of the life cycle."""
    years = given["years"]
    told: list[Told] = [
        [(row, *got) for row in rows[side] if (got := part_of(row, part, given, side)) is not None]
        for side in (0, 1)
    ]
    impact = [sum(row["quantity"] * x * f for row, x, f in each) for each in told]
    if not rows[0] or not rows[1]:
        yield from alone(cell, 0 if rows[1] else 1, impact[1] - impact[0], years)
        return
    if not told[0] or not told[1]:
        yield "perimeter", "known", impact[1] - impact[0]
        return
    values, worth = shapley((means_of(rows[0], told[0]), means_of(rows[1], told[1])))
    for piece, value in pieces(cell, years):
        yield "fleet", piece, worth("present", value)
    yield "perimeter", "known", values["known"]
    name = "lifetime" if part == "item" else "annual_energy"
    shifted = worth("driver", shift_of(told)) if part == "item" else 0.0
    yield "assumed", name, shifted
    yield name, "", values["driver"] - shifted
    yield "models" if part == "item" else "mix", "", values["factor"]


def effects(given: dict[str, Any]) -> dict[Key, float]:
    """Return the effects by cause, detail, entity and type."""
    known = [cells(rows) for rows in given["years"]]
    found: dict[Key, float] = {}
    for cell, part in itertools.product({**known[0], **known[1]}, ("item", "use")):
        rows = [year.get(cell, []) for year in known]
        for cause, detail, value in cell_effects(cell, part, rows, given):
            key = (cause, detail, *cell)
            found[key] = found.get(key, 0.0) + value
    return found


if __name__ == "__main__":
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(json.dumps([[*key, value] for key, value in effects(data).items()]))
