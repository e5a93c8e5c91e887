"""The perimeters of a shared inventory sum to the whole: items, footprint and account."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import pyarrow.compute as pc
import pytest
from hypothesis import given

import reen
from reen.inventory.sharing import account_of_parts
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
