"""Fleet rows: how many items of each entity, type and status, how old, used how much.

Input: a `ReviewYear`.  Output: rows of the open data `parc.csv`; sets of fewer than five
items, or of an unknown number, are merged, and a mean of fewer than five is left out.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from reen.review.cells import LEAST, OTHERS, Key, merged
from reen.review.year import ReviewYear

__all__ = ["fleet_rows"]

#: A value of a row; None where it is not known.
_Value: TypeAlias = Callable[[int], "float | None"]
#: A known value and the items that have it.
_Weighted: TypeAlias = tuple[float, float]

#: Classes of age in years, those of the indicator `age_classes`, and where each ends.
_AGES = ("0-1", "1-3", "3-5", "5-7", "7-10", ">=10")
_ENDS = (1.0, 3.0, 5.0, 7.0, 10.0)


def fleet_rows(review: ReviewYear) -> Iterator[Mapping[str, object]]:
    """Yield the rows of `parc.csv`."""
    table = review.now.inventory.table
    size = table.num_rows
    columns: dict[str, list[Any]] = {
        name: list(map(_told, table.column(name).to_pylist()))
        if name in table.column_names
        else [None] * size
        for name in (
            "entity",
            "equipment_type",
            "status",
            "quantity",
            "purchase_date",
            "lifetime",
            "annual_energy",
            "reconditioned",
        )
    }
    if "quantity" not in table.column_names:
        columns["quantity"] = [1.0] * size
    groups: dict[Key, list[int]] = {}
    for place in range(size):
        kind = f"{columns['equipment_type'][place] or ''}\0{columns['status'][place] or ''}"
        groups.setdefault((columns["entity"][place] or "", kind), []).append(place)
    counts = {
        key: math.fsum(columns["quantity"][place] or 0.0 for place in rows)
        for key, rows in groups.items()
    }
    joined: dict[Key, list[int]] = {}
    for key, at in merged(counts).items():
        joined.setdefault(at, []).extend(groups[key])
    for (entity, kind), rows in sorted(joined.items()):
        title, _, status = kind.partition("\0")
        yield {
            "entite": entity,
            "categorie": title,
            "statut": OTHERS if kind == OTHERS else status,
            "nombre": math.fsum(columns["quantity"][row] or 0.0 for row in rows),
            "lignes_sans_nombre": sum(columns["quantity"][row] is None for row in rows),
            "age_moyen": _mean(columns, rows, lambda row: _age(review, columns, row)),
            "classe_age": _class(columns, rows, lambda row: _age(review, columns, row)),
            "duree_prevue": _mean(columns, rows, lambda row: columns["lifetime"][row]),
            "kwh_an": _mean(columns, rows, lambda row: columns["annual_energy"][row]),
            "part_reconditionne": _mean(columns, rows, lambda row: columns["reconditioned"][row]),
        }


def _told(value: Any) -> Any:  # noqa: ANN401 - a cell of any column
    """Return a cell, None for a number that is not known."""
    return None if isinstance(value, float) and math.isnan(value) else value


def _age(review: ReviewYear, columns: Mapping[str, list[Any]], row: int) -> float | None:
    bought = columns["purchase_date"][row]
    return None if bought is None else (review.now.files.as_of - bought).days / 365.25


def _known(columns: Mapping[str, list[Any]], rows: Iterable[int], value: _Value) -> list[_Weighted]:
    """Return the known values with their items; nothing where fewer than five items have one."""
    found = [(value(row), columns["quantity"][row] or 0.0) for row in rows]
    known = [(float(each), weight) for each, weight in found if each is not None]
    return known if math.fsum(weight for _, weight in known) >= LEAST else []


def _mean(columns: Mapping[str, list[Any]], rows: Iterable[int], value: _Value) -> float | None:
    """Return the mean over the items whose value is known."""
    known = _known(columns, rows, value)
    items = math.fsum(weight for _, weight in known)
    return round(math.fsum(each * weight for each, weight in known) / items, 4) if known else None


def _class(columns: Mapping[str, list[Any]], rows: Iterable[int], value: _Value) -> str | None:
    """Return the class of age of the median item."""
    known = sorted(_known(columns, rows, value))
    half = math.fsum(weight for _, weight in known) / 2.0
    counted = itertools.accumulate(weight for _, weight in known)
    for (years, _), reached in zip(known, counted, strict=True):
        if reached >= half:
            return _AGES[bisect.bisect_right(_ENDS, years)]
    return None
