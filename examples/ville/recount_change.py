"""Recount why the footprint of Valmarin changed from 2024 to 2025, from its files alone.

Plain Python: `csv`, `itertools` and arithmetic, nothing of reen.  It prints the totals of both
years and the effects by cause, detail, department and type of equipment, as JSON, so that `reen
change` can be held to them.  The effect of one cause is tried in every order, and the mean taken.

    python examples/ville/recount_change.py [FOLDER]
"""

from __future__ import annotations

import csv
import itertools
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

Row = dict[str, str]
Cell = tuple[str, str]
Means = list[float]
Effects = dict[tuple[str, str, str, str], float]

#: kgCO2e to make one item: Base Carbone V23.6 (elements 27002, 27003, 27006, 27012, 27007, 27026
#: and 20894), and ADEME's study of digital equipment for the switch.
MADE = {
    "PC portable": 156.0,
    "PC fixe": 169.0,
    "Écran": 248.0,
    "Smartphone": 32.8,
    "Tablette": 63.2,
    "Imprimante": 197.0,
    "Serveur": 600.0,
    "Commutateur réseau": 367.0,
}

#: kgCO2e of a kWh in France: Base Carbone, element 43642, then the value of 2025.
MIX = {2024: 0.0519, 2025: 0.0461}

#: kgCO2e to treat a kg of waste: small appliances (element 34612), and what has a screen of more
#: than 100 cm2 (element 34616), which is category 2 of waste equipment.
SMALL_WASTE, SCREEN_WASTE = 0.802, 0.907
WITH_SCREEN = {"Écran", "PC portable", "Tablette"}

#: kg of an item that was not weighed: mean of its kind in the waste statistics (UNU keys).
UNWEIGHED = {"Tablette": 0.99}


def read(folder: Path, year: int, name: str) -> list[Row]:
    with (folder / str(year) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def number(text: str) -> float:
    return float(text.replace(",", "."))


def cell_of(row: Row) -> Cell:
    return row["Direction"], row["Type"]


def there(row: Row, part: str) -> bool:
    """Tell whether a row should count: what is retired does not, nor does the use of stock."""
    return row["Statut"] == "En service" or (part == "making" and row["Statut"] == "En stock")


def measured(row: Row, part: str, year: int) -> tuple[float, float] | None:
    """Return what a row multiplies, amount and figure; None where no figure is published.

    Nobody publishes what it takes to refurbish an item: those bought so have none.
    """
    if part == "use":
        return number(row["Consommation annuelle (kWh)"]), MIX[year]
    if row["Reconditionné"] == "oui":
        return None
    return 1.0 / number(row["Durée d'usage (ans)"]), MADE[row["Type"]]


def mean_effect(means: tuple[Means, Means], which: int) -> float:
    """Return what one unit of a mean is worth: the others' product, over all orders of change."""
    orders = list(itertools.permutations(range(len(means[0]))))
    worth = 0.0
    for order in orders:
        changed = set(order[: order.index(which)])
        others = (k for k in range(len(order)) if k != which)
        worth += math.prod(means[1 if k in changed else 0][k] for k in others)
    return worth / len(orders)


def what_became(cell: Cell, part: str, years: list[list[Row]]) -> Iterator[tuple[str, float]]:
    """Yield the change of the number of items of a cell, by what became of each."""
    counted = [
        {row["N° inventaire"]: cell_of(row) for row in rows if there(row, part)} for rows in years
    ]
    for side, sign in ((0, -1.0), (1, 1.0)):
        for tag, place in counted[side].items():
            if place == cell:
                other = counted[1 - side].get(tag)
                alone = ("exits", "entries")[side]
                yield alone if other is None else "kept" if other == cell else "moved", sign


def of_cell(cell: Cell, part: str, years: list[list[Row]]) -> Iterator[tuple[str, str, float]]:
    """Yield the effects of one part of the life cycle in one department and type."""
    rows = [[r for r in each if cell_of(r) == cell and there(r, part)] for each in years]
    told = [
        [got for r in each if (got := measured(r, part, year)) is not None]
        for each, year in zip(rows, (2024, 2025), strict=True)
    ]
    weights = [sum(amount * figure for amount, figure in each) for each in told]
    change = weights[1] - weights[0]
    pieces: dict[str, float] = {}
    for name, items in what_became(cell, part, years):
        pieces[name] = pieces.get(name, 0.0) + items
    if not (rows[0] and rows[1]):
        items = len(rows[1]) - len(rows[0])
        yield from (("fleet", name, change * part / items) for name, part in pieces.items())
        return
    if not (told[0] and told[1]):
        yield "perimeter", "known", change
        return
    means = [
        [
            float(len(rows[k])),
            len(told[k]) / len(rows[k]),
            sum(amount for amount, _ in told[k]) / len(told[k]),
            weights[k] / sum(amount for amount, _ in told[k]),
        ]
        for k in (0, 1)
    ]
    both = means[0], means[1]
    for name, items in pieces.items():
        yield "fleet", name, mean_effect(both, 0) * items
    names = ("perimeter", "lifetime", "models")
    if part == "use":
        names = ("perimeter", "annual_energy", "mix")
    for k, name in enumerate(names, 1):
        detail = "known" if name == "perimeter" else ""
        yield name, detail, mean_effect(both, k) * (both[1][k] - both[0][k])


def waste(rows: list[Row]) -> dict[Cell, float]:
    """Return what it takes to treat what left for recycling, by department and type."""
    found: dict[Cell, float] = {}
    for row in rows:
        if row["Destination"] == "recyclage":
            kind = row["Type de matériel"]
            figure = SCREEN_WASTE if kind in WITH_SCREEN else SMALL_WASTE
            mass = number(row["Poids (kg)"]) if row["Poids (kg)"] else UNWEIGHED[kind]
            cell = row["Direction"], kind
            found[cell] = found.get(cell, 0.0) + mass * figure
    return found


def recount(folder: Path) -> dict[str, object]:
    years = [read(folder, year, "parc.csv") for year in MIX]
    left = [waste(read(folder, year, "sorties.csv")) for year in MIX]
    effects: Effects = {}

    def add(cause: str, detail: str, cell: Cell, value: float) -> None:
        key = (cause, detail, *cell)
        effects[key] = effects.get(key, 0.0) + value

    for cell in {cell_of(row) for rows in years for row in rows}:
        for part in ("making", "use"):
            for cause, detail, value in of_cell(cell, part, years):
                add(cause, detail, cell, value)
    for cell in {*left[0], *left[1]}:
        add("disposals", "", cell, left[1].get(cell, 0.0) - left[0].get(cell, 0.0))
    totals = [
        sum(of.values())
        + sum(
            amount * figure
            for row in rows
            for part in ("making", "use")
            if there(row, part) and (got := measured(row, part, year)) is not None
            for amount, figure in [got]
        )
        for rows, year, of in zip(years, MIX, left, strict=True)
    ]
    return {
        "totals": totals,
        "effects": [[*key, value] for key, value in sorted(effects.items()) if abs(value) > 1e-9],
    }


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    print(json.dumps(recount(where), indent=2, ensure_ascii=False))
