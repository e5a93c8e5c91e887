"""Laws of methods: one check each, on one generated measurement.

Input: a `Measurement` (inventory, method with options, packs, groups, date), run in several ways.
Each check raises `AssertionError` in words when the law does not hold; which laws there are, and
in which order they are looked at, stands in `METHOD_LAWS`: a law is only meant where those before
it hold.
"""

from __future__ import annotations

import functools
import io
import math
import pickle
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.engine.exchanges import Status
from reen.errors import PluginError
from reen.factors.library import FactorLibrary
from reen.factors.pack import FactorPack
from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT, ColumnKind
from reen.measurement.arguments import other_items_of
from reen.measurement.ready_method import ReadyMethod, prepare_method
from reen.plugins.options import options_of
from reen.results.footprint import Footprint
from reen.testing.assertions import assert_conserves, assert_footprints_close
from reen.testing.case_laws import CASE_LAWS
from reen.testing.laws import Law, must
from reen.testing.measurements import Measurement
from reen.verbs.explaining import explain
from reen.verbs.tracing import trace
from reen.vocabulary.units import conversion_factor

__all__ = ["CONTRACT", "METHOD_LAWS", "table_bytes", "traced_rows"]

P = ParamSpec("P")
T = TypeVar("T")

#: Relative rounding that sums in another order may show.
_RTOL = 1e-12

#: Another unit for the first part of a column's unit.
_OTHER_UNITS: Mapping[str, str] = {
    "kgCO2e": "tCO2e",
    "kWh": "MWh",
    "year": "month",
    "1": "percent",
    "W": "kW",
    "kg": "g",
    "GB": "TB",
    "GiB": "MiB",
    "inch": "cm",
}

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")

#: Rows that are explained one by one.
_EXPLAINED = 3

#: What pickle raises, depending on what it meets.
_UNPICKLABLE = (pickle.PicklingError, AttributeError, TypeError, RecursionError)


def _purity(case: Measurement) -> None:
    rows = table_bytes(case.inventory.table)
    own = [case.registry.factor_pack(name) for name in case.method.packs]
    arrays = {pack.name: _arrays(pack) for pack in (*own, *case.factors)}
    options = options_of(case.method)
    ready = _answered(case)
    must(table_bytes(case.inventory.table) == rows, "the rows of the inventory were changed")
    for pack in (*own, *case.factors):
        for name, array in _arrays(pack).items():
            _must_equal(array, arrays[pack.name][name], f"{name} of the pack {pack.name!r}")
    others = other_items_of(case.method)
    untouched = FactorLibrary.of(own, case.factors, other_items=others).factors.values
    _must_equal(ready.library.factors.values, untouched, "the factors of its context")
    after = options_of(case.method)
    must(after == options, f"its own options went from {options} to {after}")


def _answered(case: Measurement) -> ReadyMethod:
    """Prepare the method and let it answer; factors that are shared refuse to be written into."""
    try:
        ready = prepare_method(
            case.method, factors=case.factors, as_of=case.as_of, registry=case.registry
        )
        for batch in case.inventory.batches():
            ready.answers(batch)
    except PluginError as error:
        refused = isinstance(error.__cause__, ValueError) and "read-only" in str(error)
        must(not refused, "the factors of its context were changed")
        raise
    return ready


def table_bytes(table: pa.Table) -> bytes:
    """Return the rows of a table as bytes, equal for equal rows in equal pieces."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _arrays(pack: FactorPack) -> dict[str, npt.NDArray[np.float64]]:
    """Return a copy of the arrays of a pack."""
    names = ("values", "lower", "upper", "spread")
    return {name: np.array(getattr(pack.factors, name)) for name in names}


def _must_equal(
    found: npt.NDArray[np.float64], expected: npt.NDArray[np.float64], what: str
) -> None:
    must(np.array_equal(found, expected, equal_nan=True), f"{what} were changed")


def _contract(case: Measurement) -> None:
    """Run everything that a host may run; what breaks the contract raises a `PluginError`."""
    case.run()
    case.run(Inventory(case.inventory.table.slice(0, 0)))
    traced_rows(case)


def traced_rows(case: Measurement) -> pa.Table:
    """Return what `trace` gives for the rows of a measurement."""
    reader = trace(
        case.inventory,
        method=case.method,
        factors=case.factors,
        as_of=case.as_of,
        registry=case.registry,
    )
    return reader.read_all()


def _determinism(case: Measurement) -> None:
    again = case.run()
    assert_footprints_close(again, case.whole, rtol=0.0)
    must(again == case.whole, "two runs give the same figures and are not equal")


def _coverage(case: Measurement) -> None:
    footprint = case.whole
    assert_conserves(footprint, case.inventory, rtol=_RTOL)
    for row in footprint.coverage:
        what = f"of the flow kind {row.kind!r} are {row.status.label}"
        if row.status is Status.ASSESSED:
            odd = f"{row.unknown} row(s) {what}, and their quantity is unknown or invalid"
            must(not row.unknown, odd)
        else:
            must(bool(row.reason), f"{row.rows} row(s) {what} without a reason")


def _linearity(case: Measurement) -> None:
    once, twice = case.whole, case.run(_doubled(case.inventory))
    for criterion in once.criteria:
        for stage, one in once.stage_totals(criterion).items():
            two = twice.stage_totals(criterion).get(stage, math.nan)
            same = math.isnan(one) and math.isnan(two)
            must(
                same or math.isclose(two, 2.0 * one, rel_tol=_RTOL),
                f"{criterion}, {stage}: {one!r}, and {two!r} with twice the quantity",
            )


def _doubled(inventory: Inventory) -> Inventory:
    table = inventory.table
    if "quantity" not in table.column_names:
        two = pa.array([2.0] * table.num_rows, pa.float64())
        return Inventory(table.append_column("quantity", two))
    index = table.column_names.index("quantity")
    doubled = pc.multiply(table.column(index), 2.0)
    return Inventory(table.set_column(index, table.schema.field(index), doubled))


def _units(case: Measurement) -> None:
    whole = case.whole
    for name in case.inventory.table.column_names:
        other = _in_another_unit(case.inventory, name)
        if other is not None:
            inventory, unit = other
            _must_agree(functools.partial(case.run, inventory), whole, f"{name} in {unit}")


def _must_agree(run: Callable[[], Footprint], whole: Footprint, how: str) -> None:
    try:
        assert_footprints_close(run(), whole, rtol=_RTOL)
    except AssertionError as error:
        message = f"measured with {how}: {error}"
        raise AssertionError(message) from None


def _in_another_unit(inventory: Inventory, name: str) -> tuple[Inventory, str] | None:
    """Return the same inventory with a number column in another unit, and that unit."""
    column = EQUIPMENT.get(name)
    if column is None or column.kind is not ColumnKind.NUMBER:
        return None
    first, slash, rest = column.unit.partition("/")
    if first not in _OTHER_UNITS:
        return None
    unit = f"{_OTHER_UNITS[first]}{slash}{rest}"
    table = inventory.table
    index = table.column_names.index(name)
    here = (table.schema.field(index).metadata or {}).get(b"unit", column.unit.encode()).decode()
    values = pc.multiply(table.column(index), conversion_factor(here, column.unit))
    values = pc.divide(values, conversion_factor(unit, column.unit))
    field = pa.field(name, pa.float64(), metadata={"unit": unit})
    return Inventory(table.set_column(index, field, values)), unit


def _batches(case: Measurement) -> None:
    whole, half = case.whole, len(case.inventory) // 2
    runs: Mapping[str, Callable[[], Footprint]] = {
        "one row at a time": lambda: case.run(batch_rows=1),
        "three rows at a time": lambda: case.run(batch_rows=3),
        "the rows in the opposite order": lambda: case.run(_reversed(case.inventory)),
        "the rows in two inventories, added": lambda: _part(case, 0, half) + _part(case, half),
    }
    for how, run in runs.items():
        _must_agree(run, whole, how)


def _reversed(inventory: Inventory) -> Inventory:
    order = np.arange(len(inventory))[::-1].copy()
    return Inventory(inventory.table.take(pa.array(order)))


def _part(case: Measurement, start: int, stop: int | None = None) -> Footprint:
    length = None if stop is None else stop - start
    return case.run(Inventory(case.inventory.table.slice(start, length)))


def _explanation(case: Measurement) -> None:
    footprint, traced = case.run(by=()), traced_rows(case)
    for criterion in footprint.criteria:
        total = footprint.total(criterion).value
        _must_add_up(f"the rows make {criterion}", _impacts(traced, criterion), total)
    for row in range(min(len(case.inventory), _EXPLAINED)):
        _must_be_explained(case, row, traced.filter(pc.equal(traced["row"], row)))


def _impacts(traced: pa.Table, criterion: str) -> list[float]:
    """Return every impact of a criterion in some traced rows."""
    names = [name for name in traced.column_names if name.startswith(f"{criterion}.")]
    return [cell for name in names for cell in traced[name].to_pylist() if cell is not None]


def _must_be_explained(case: Measurement, row: int, traced: pa.Table) -> None:
    found = explain(
        case.inventory,
        row=row,
        method=case.method,
        factors=case.factors,
        as_of=case.as_of,
        registry=case.registry,
    )
    for each in found.exchanges:
        if each.flow is None or each.description is None:
            continue
        product = math.prod(value for _, value, _ in each.drivers)
        must(
            math.isclose(product, each.amount, rel_tol=_RTOL),
            f"row {row}, {each.kind}: the drivers shown make {product!r}, and the amount is"
            f" {each.amount!r}",
        )
    for criterion in {key for each in found.exchanges for key, *_ in each.impacts}:
        what = f"the exchanges of row {row} make {criterion}"
        _must_add_up(what, _impacts(traced, criterion), found.total(criterion))


def _must_add_up(what: str, parts: Iterable[float], total: float) -> None:
    cells = list(parts)
    found = math.fsum(cells) if cells else math.nan
    tolerance = max(_RTOL * math.fsum(map(abs, cells)), math.ulp(total))
    same = math.isnan(found) and math.isnan(total)
    must(same or abs(found - total) <= tolerance, f"{what} {found!r}, and the total is {total!r}")


def _provenance(case: Measurement) -> None:
    method = case.method
    footprint = case.whole
    said = footprint.provenance
    names = (said.method, said.method_version)
    must(names == (method.name, method.version), f"the result says {' '.join(names)}")
    for name, text in said.options.items():
        must(
            not _ADDRESS.search(text),
            f"the option {name!r} is written as {text}: an address in memory, another one in every"
            " process",
        )
    kind = type(method)
    held = set(getattr(method, "__dict__", {})) - set(said.options)
    hidden = [
        name
        for name in sorted(held)
        if not isinstance(getattr(kind, name, None), functools.cached_property)
    ]
    must(not hidden, f"it holds {', '.join(hidden)}, which no option says")
    pairs = zip(footprint.factors.flows, footprint.factors.descriptions, strict=True)
    for flow, description in pairs:
        must(any(description.sources), f"the factor {flow} has no source")


def _pickling(case: Measurement) -> None:
    try:
        again = pickle.loads(pickle.dumps(case.method))  # noqa: S301 - our own bytes
    except _UNPICKLABLE as error:
        message = f"the method cannot be pickled: {error}"
        raise AssertionError(message) from error
    must(options_of(again) == options_of(case.method), "it comes back with other options")
    try:
        there = case.run(executor=_OtherProcess())
    except _UNPICKLABLE as error:
        message = f"the work cannot be handed over: {error}"
        raise AssertionError(message) from error
    assert_footprints_close(there, case.whole, rtol=_RTOL)


class _OtherProcess(Executor):
    """Work that goes to another process and comes back, as far as pickling tells."""

    def submit(self, function: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> Future[T]:
        """Run a function on what arrives of it and of its arguments."""
        sent = pickle.dumps(functools.partial(function, *args, **options))
        work: Callable[[], T] = pickle.loads(sent)  # noqa: S301 - our own bytes
        future: Future[T] = Future()
        future.set_result(pickle.loads(pickle.dumps(work())))  # noqa: S301 - our own bytes
        return future


#: The law that whatever raises a `PluginError` breaks.
CONTRACT = Law("contract", "every answer is one that the engine can fold, whatever the rows")

#: Laws of one measurement, in the order in which they are looked at.
METHOD_LAWS: Mapping[Law, Callable[[Measurement], None]] = {
    Law("purity", "nothing that a method is given is changed"): _purity,
    CONTRACT: _contract,
    Law("determinism", "the same rows, options and date give the same result"): _determinism,
    Law("coverage", "each row is assessed, excluded or left out once, with a reason"): _coverage,
    Law("linearity", "twice the quantity, twice the footprint"): _linearity,
    Law("units", "a column written in another unit changes nothing"): _units,
    Law("batches", "neither batches nor order change the result"): _batches,
    **CASE_LAWS,
    Law("explanation", "what explains the rows adds up to the footprint"): _explanation,
    Law("provenance", "a result names all that it was made with"): _provenance,
    Law("pickling", "a method works in another process as in this one"): _pickling,
}
