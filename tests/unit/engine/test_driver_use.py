"""Driver use: where each driver enters all amounts of a flow, some, or none."""

from __future__ import annotations

import numpy as np

from reen.engine.flow_columns import DriverUse, Use, merge_uses
from reen.factors.flow import Flow

LAPTOP, DESKTOP, MIX = (Flow("pack", name) for name in ("laptop", "desktop", "mix"))
AT = {LAPTOP: 0, DESKTOP: 1, MIX: 2}
ITEM = {"quantity": 0, "per_lifetime": 0}


def columns(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, np.int64)


def test_each_kind_has_its_drivers() -> None:
    """Lifetimes divide items, not electricity; the quantity is everywhere."""
    use = DriverUse()
    use.add("item", ITEM, columns(1, 2), 1)
    use.add("electricity", {"quantity": 0, "annual_energy": 0}, columns(1), 1)
    table = use.table({"item": [LAPTOP, DESKTOP], "electricity": [MIX]}, AT)
    assert {name: each.tolist() for name, each in table.items()} == {
        "annual_energy": [Use.NONE, Use.NONE, Use.ALL],
        "per_lifetime": [Use.ALL, Use.ALL, Use.NONE],
        "quantity": [Use.ALL, Use.ALL, Use.ALL],
    }


def test_other_drivers_on_the_same_flow() -> None:
    """Laptops with and without a lifetime, desktops only with one: some, and all."""
    use = DriverUse()
    use.add("item", ITEM, columns(1, 2), 1)
    use.add("item", {"quantity": 0}, columns(1, 0), 3)
    use.add("item", ITEM, columns(2), 3)
    table = use.table({"item": [LAPTOP, DESKTOP]}, {LAPTOP: 0, DESKTOP: 1})
    assert table["per_lifetime"].tolist() == [Use.SOME, Use.ALL]


def test_rows_without_a_flow_do_not_count() -> None:
    """The first answer assessed nothing: what it names enters no amount."""
    use = DriverUse()
    use.add("item", {"quantity": 0}, columns(0, 0), 1)
    use.add("item", ITEM, columns(1), 1)
    table = use.table({"item": [LAPTOP]}, {LAPTOP: 0})
    assert table["per_lifetime"].tolist() == [Use.ALL]


def test_merging_folds() -> None:
    """Two folds share the laptop: all and none make some; what only one has keeps its use."""
    first = {"per_lifetime": np.array([Use.ALL, Use.ALL], np.uint8)}
    second = {"quantity": np.array([Use.ALL], np.uint8)}
    merged = merge_uses([first, second], [columns(0, 1), columns(0)], 2)
    assert {name: each.tolist() for name, each in merged.items()} == {
        "per_lifetime": [Use.SOME, Use.ALL],
        "quantity": [Use.SOME, Use.NONE],
    }
