"""Laws of the tables beside the equipment: services, disposals, and whatever a method counts.

Input: a `Measurement` of an inventory that has such tables and no equipment.  Each check raises
`AssertionError` in words.  They have the names of the laws of equipment (`method_laws`) that they
are the like of; those that ask for a quantity of items (linearity, units), or for one row by its
number, have none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pyarrow as pa

from reen.engine.exchanges import Status
from reen.inventory.inventory import Inventory
from reen.measurement.ready_method import prepare_method
from reen.results.footprint import Footprint
from reen.testing.assertions import assert_conserves, assert_footprints_close
from reen.testing.case_laws import must_have_words, reasons_of
from reen.testing.laws import must
from reen.testing.measurements import Measurement
from reen.testing.method_laws import METHOD_LAWS, table_bytes, traced_rows

__all__ = ["TABLE_LAWS"]

#: Relative rounding that sums in another order may show.
_RTOL = 1e-12


def _purity(case: Measurement) -> None:
    before = {kind: table_bytes(table) for kind, table in case.inventory.linked.items()}
    case.run()
    for kind, table in case.inventory.linked.items():
        must(table_bytes(table) == before[kind], f"the rows of {kind} were changed")


def _contract(case: Measurement) -> None:
    """Run what a host may run; what breaks the contract raises a `PluginError`."""
    case.run()
    traced_rows(case)


def _coverage(case: Measurement) -> None:
    """Each row of a table is told of once by each kind of flow of that table."""
    assert_conserves(case.whole)
    ready = prepare_method(
        case.method, factors=case.factors, as_of=case.as_of, registry=case.registry
    )
    told: dict[str, int] = {}
    for row in case.whole.coverage:
        told[row.kind] = told.get(row.kind, 0) + row.rows
        if row.status is not Status.ASSESSED:
            must(bool(row.reason), f"{row.rows} row(s) are {row.status.label} without a reason")
    for each, batch in ready.beside(case.inventory):
        for kind in each.prepared.kinds:
            found = told.get(kind.name, 0)
            must(found == len(batch), f"{kind.name} tells of {found} of {len(batch)} row(s)")


def _batches(case: Measurement) -> None:
    """Rows in another order, and two parts that are added, make the same."""
    tables = case.inventory.linked
    backwards = {
        kind: table.take(pa.array(range(table.num_rows)[::-1], pa.int64()))
        for kind, table in tables.items()
    }
    turned = case.run(Inventory.from_tables(**backwards))
    assert_footprints_close(turned, case.whole, rtol=_RTOL)
    first = {kind: table.slice(0, 1) for kind, table in tables.items()}
    rest = {kind: table.slice(1) for kind, table in tables.items() if table.num_rows > 1}
    if rest:
        parts: list[Footprint] = [case.run(Inventory.from_tables(**each)) for each in (first, rest)]
        assert_footprints_close(parts[0] + parts[1], case.whole, rtol=_RTOL)


def _explanation(case: Measurement) -> None:
    traced = traced_rows(case)
    for criterion in case.whole.criteria:
        names = [name for name in traced.column_names if name.startswith(f"{criterion}.")]
        cells = [cell for name in names for cell in traced[name].to_pylist() if cell is not None]
        total, found = case.whole.total(criterion).value, math.fsum(cells) if cells else math.nan
        same = math.isclose(found, total, rel_tol=_RTOL) or (
            math.isnan(found) and math.isnan(total)
        )
        must(same, f"the rows make {criterion} {found!r}, and the total is {total!r}")


def _reasons(case: Measurement) -> None:
    for klass in case.whole.fold.classes:
        for reason in reasons_of(klass.outcome):
            must_have_words(reason)


#: Check of the tables beside the equipment, by the name of its law.
TABLE_LAWS: Mapping[str, Callable[[Measurement], None]] = {
    "purity": _purity,
    "contract": _contract,
    "coverage": _coverage,
    "batches": _batches,
    "reasons": _reasons,
    "explanation": _explanation,
    # of any inventory
    **{
        law.name: check
        for law, check in METHOD_LAWS.items()
        if law.name in {"determinism", "provenance", "pickling"}
    },
}
