"""The perimeters of a shared inventory sum to the whole: items, footprint and account."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Mapping

import attrs
import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given

import reen
from reen.inventory.account import AccountLine, Fate
from reen.plugin import Reason
from reen.testing import Measurement, inventories
from reen.types import Account, Sharing

_RTOL = 1e-9

_NAMES = ("ville", "agglo", "syndicat")
_WEIGHTS = st.dictionaries(st.sampled_from(_NAMES), st.floats(0.0, 1e6), min_size=1).filter(
    lambda weights: sum(weights.values()) > 0.0
)


@st.composite
def sharings(draw: st.DrawFn) -> Sharing:
    """Return rules for the entities that inventories have."""
    keys = draw(st.dictionaries(st.sampled_from(["agents", "postes"]), _WEIGHTS))
    rule = st.sampled_from([*_NAMES, *keys])
    return Sharing(
        perimeters={name: name.title() for name in _NAMES},
        keys=keys,
        rows={name: draw(rule) for name in ("agents", "schools", "Mairie")},
        blank=draw(rule),
    )


def account_of_parts(parts: Mapping[str, reen.Inventory]) -> Account:
    """Return the account of the whole, put together from those of its perimeters.

    The rows of one perimeter add up; those that are divided count once, and their items add up;
    what no perimeter counts is the same in all.
    """
    accounts = [each.account_of("equipment") for each in parts.values()]
    if not accounts:
        return Account()
    own: list[AccountLine] = []
    divided: dict[tuple[str, Reason], AccountLine] = {}
    for account in accounts:
        for line in account.lines:
            if line.fate is not Fate.COUNTED:
                continue
            if line.reason is None or line.reason.code != "row_shared":
                own.append(line)
                continue
            place = (line.source, line.reason)
            known = divided.get(place)
            items = line.items + (0.0 if known is None else known.items)
            divided[place] = attrs.evolve(line, items=items)
    counted = [*own, *(attrs.evolve(line, reason=None) for line in divided.values())]
    rest = accounts[0].uncounted
    return functools.reduce(operator.add, [Account.of(counted), rest])


@pytest.mark.slow
@given(data=st.data())
def test_parts_sum_to_the_whole(cases: st.SearchStrategy[Measurement], data: st.DataObject) -> None:
    case = data.draw(cases)
    whole = data.draw(inventories(min_rows=1, columns=("entity",)))
    parts = reen.perimeters(whole, data.draw(sharings()))
    assert account_of_parts(parts).lines == whole.account.lines or _close(
        account_of_parts(parts), whole.account
    )
    expected = case.run(whole, by=())
    found = [case.run(part, by=()) for part in parts.values() if len(part)]
    for k, key in enumerate(expected.criteria):
        values = [np.nansum(each.impacts()[:, :, k]) for each in found]
        size = sum(map(_magnitude, [*found, expected], [key] * (len(found) + 1)))
        assert abs(math.fsum(values) - np.nansum(expected.impacts()[:, :, k])) <= _RTOL * size
    if "quantity" in whole.table.column_names:
        items = sum(pc.sum(each.table["quantity"]).as_py() or 0.0 for each in parts.values())
        all_items = pc.sum(whole.table["quantity"]).as_py() or 0.0
        assert (
            items == all_items
            or abs(items - all_items) <= _RTOL * abs(all_items)
            or (not math.isfinite(all_items))
        )


#: Values of a column: those of a rule, below one, near one, and none.
_PLACES = st.sampled_from(["Mairie", "Mairie > DSI", "Mairie > DSI > Réseau", "Siège", None, " "])


@given(
    st.lists(st.tuples(_PLACES, st.none() | st.floats(0.0, 1e6)), min_size=1, max_size=12),
    st.sampled_from(["entity", "site"]),
    _WEIGHTS,
    st.booleans(),
)
def test_each_item_stands_in_one_perimeter_or_is_divided_whole(
    rows: list[tuple[str | None, float | None]],
    column: str,
    weights: dict[str, float],
    counted: bool,  # noqa: FBT001 - drawn
) -> None:
    """Row by row: one perimeter alone has it, or each has its part by the key; none is lost."""
    sharing = Sharing(
        perimeters={name: name.title() for name in _NAMES},
        keys={"agents": weights},
        rows={"Mairie": "ville", "Mairie > DSI": "agents", "Siège": "agglo"},
        blank="agents",
        column=column,
    )
    columns: dict[str, list[object]] = {
        "id": [f"R{k}" for k in range(len(rows))],
        "equipment_type": ["laptop"] * len(rows),
        column: [place for place, _ in rows],
    }
    if counted:
        columns["quantity"] = [items for _, items in rows]
    whole = reen.Inventory.from_arrow(pa.table(columns))
    parts = reen.perimeters(whole, sharing)
    of_key = {name: weights.get(name, 0.0) / math.fsum(weights.values()) for name in _NAMES}
    for k, (place, items) in enumerate(rows):
        found = {}
        for name, part in parts.items():
            mine = part.table.filter(pc.equal(part.table["id"], f"R{k}"))
            assert mine.num_rows <= 1, "an item twice in one perimeter"
            if mine.num_rows:
                there = "quantity" in mine.column_names
                found[name] = mine["quantity"][0].as_py() if there else 1.0
        alone = {"Mairie": "ville", "Siège": "agglo"}.get(place or "")
        shares = {alone: 1.0} if alone else {n: each for n, each in of_key.items() if each > 0.0}
        assert found.keys() == shares.keys()
        size = items if counted else 1.0
        for name, share in shares.items():
            expected = None if size is None else size * share
            assert found[name] == (expected if expected is None else pytest.approx(expected))


def _close(found: Account, expected: Account) -> bool:
    """Tell whether accounts differ by the rounding of items alone."""
    same = len(found.lines) == len(expected.lines)
    for a, b in zip(found.lines, expected.lines, strict=same):
        same &= (a.source, a.fate, a.reason, a.rows, a.unknown) == (
            b.source,
            b.fate,
            b.reason,
            b.rows,
            b.unknown,
        )
        same &= math.isclose(a.items, b.items, rel_tol=_RTOL)
    return same and found.issues == expected.issues and found.merges == expected.merges


def _magnitude(footprint: reen.Footprint, criterion: str) -> float:
    if criterion not in footprint.criteria:
        return 0.0
    values = footprint.factors.values[:, :, footprint.factors.criteria.index(criterion)]
    cells = footprint.fold.cells
    return float(np.nansum(np.abs(cells.amount[:, None] * values[cells.flow])))
