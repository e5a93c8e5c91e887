"""State of a footprint as JSON types, and back: what both file forms hold beside their rows.

Output: plain lists, objects and numbers, from which an equal footprint is made again; what is by
group (keys, amounts, coverage) is kept apart, since each form writes it in its own way.  A damaged
state fails with the builtin error of its first fault, which `storage` turns into its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.engine.exchanges import Assumption, Match, Outcome, Status
from reen.engine.fold import (
    Cells,
    ColumnRows,
    CoverageCells,
    CoverageClass,
    Example,
    Fold,
    TableRows,
)
from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow, FlowDescription
from reen.gate.ipc import read_ipc_bytes
from reen.inventory.account import Account
from reen.provenance import Provenance
from reen.reasons import Reason
from reen.results.footprint import Footprint
from reen.results.stored_types import check_types
from reen.vocabulary.criteria import Criterion
from reen.vocabulary.stages import Stage

__all__ = [
    "arrow_table",
    "arrow_text",
    "columns_content",
    "example_content",
    "finite",
    "footprint_of_state",
    "read_cells",
    "read_coverage_cells",
    "state_content",
]


def state_content(footprint: Footprint) -> dict[str, object]:
    """Return what is not by group."""
    fold = footprint.fold
    return {
        **(
            {"parts": [[attrs.astuple(f), *more] for f, *more in footprint.parts]}
            if footprint.parts
            else {}
        ),
        "criteria": list(footprint.criteria),
        "nonnegative": list(footprint.nonnegative),
        "factors": _factors(footprint.factors),
        "made": None if fold.made is None else _factors(fold.made),
        "classes": [_class(klass) for klass in fold.classes],
        "types": list(fold.types),
        "by_type": columns_content(fold.by_type),
        "examples": [
            {
                "class": fold.classes.index(klass),
                "type": kind,
                "rows": [example_content(each) for each in rows],
            }
            for (klass, kind), rows in fold.examples.items()
        ],
        "drivers": {name: use.tolist() for name, use in fold.drivers.items()},
        "rows": fold.rows,
        "digest": f"{fold.digest:016x}",
        # absent where nothing is known, as in the files of before there were accounts
        **({"account": fold.account.to_dict()} if fold.account else {}),
        **({"boundary": [attrs.astuple(each) for each in fold.boundary]} if fold.boundary else {}),
        **({"unused": [attrs.astuple(each) for each in fold.unused]} if fold.unused else {}),
    }


def _factors(factors: FactorSet) -> dict[str, object]:
    own = [attrs.asdict(each) for each in factors.definitions]
    return {
        "flows": [attrs.astuple(flow) for flow in factors.flows],
        "descriptions": [attrs.asdict(text) for text in factors.descriptions],
        "stages": [str(stage) for stage in factors.stages],
        "criteria": list(factors.criteria),
        **{
            name: [finite(value) for value in getattr(factors, name).reshape(-1).tolist()]
            for name in ("values", "lower", "upper", "spread")
        },
        # a reader may not have the plugin that defines them
        **({"definitions": own} if own else {}),
    }


def _class(klass: CoverageClass) -> dict[str, object]:
    return {
        "kind": klass.kind,
        "stages": [str(stage) for stage in klass.stages],
        "status": klass.outcome.status.name,
        "match": klass.outcome.match.name,
        "reason": None if klass.outcome.reason is None else klass.outcome.reason.to_dict(),
        "assumptions": [each.to_dict() for each in klass.outcome.assumptions],
        "published": [[str(stage), key] for stage, key in klass.published],
    }


def columns_content(cells: Cells | CoverageCells) -> dict[str, list[float]]:
    """Return cells as one list per column."""
    return {field.name: getattr(cells, field.name).tolist() for field in attrs.fields(type(cells))}


def arrow_text(table: pa.Table) -> str:
    """Return a small table as base-64 Arrow, which keeps every type of group key."""
    import base64

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return base64.b64encode(sink.getvalue().to_pybytes()).decode()


def arrow_table(text: str) -> pa.Table:
    """Return the table that `arrow_text` wrote."""
    import base64

    return read_ipc_bytes(base64.b64decode(text), place="the groups")


def footprint_of_state(
    state: Mapping[str, Any],
    provenance: Mapping[str, object],
    *,
    groups: pa.Table,
    cells: Cells,
    noise: Cells | None,
    by_group: CoverageCells,
) -> Footprint:
    """Return the footprint of a state and of what is by group."""
    factors = _read_factors(state["factors"])
    made = state["made"]
    classes = tuple(_read_class(each) for each in state["classes"])
    fold = Fold(
        groups=groups,
        flows=factors.flows,
        cells=cells,
        classes=classes,
        by_group=by_group,
        types=tuple(state["types"]),
        by_type=read_coverage_cells(state["by_type"]),
        examples={
            (classes[each["class"]], each["type"]): tuple(
                _read_example(row) for row in each["rows"]
            )
            for each in state["examples"]
        },
        rows=state["rows"],
        digest=int(state["digest"], 16),
        made=None if made is None else _read_factors(made),
        drivers={name: np.array(use, np.uint8) for name, use in state["drivers"].items()},
        noise=noise,
        account=Account.from_dict(state["account"]) if "account" in state else Account(),
        boundary=tuple(TableRows(*each) for each in state.get("boundary", ())),
        unused=tuple(ColumnRows(*each) for each in state.get("unused", ())),
    )
    _check_sound(fold)
    footprint = Footprint(
        fold=fold,
        factors=factors,
        criteria=tuple(state["criteria"]),
        nonnegative=tuple(state["nonnegative"]),
        provenance=Provenance.from_dict(provenance),
        parts=tuple((Flow(*flow), part, value) for flow, part, value in state.get("parts", ())),
    )
    check_types(footprint)
    return footprint


def _check_sound(fold: Fold) -> None:
    """Refuse cells that lead nowhere: a negative place would be that of another group or flow."""
    bounds = {"group": fold.group_count, "flow": len(fold.flows), "klass": len(fold.classes)}
    tables = {
        "amounts": (fold.cells, bounds),
        "noise": (fold.noise, bounds),
        "by_group": (fold.by_group, {**bounds, "key": fold.group_count}),
        "by_type": (fold.by_type, {**bounds, "key": len(fold.types)}),
    }
    for table, (cells, ends) in tables.items():
        columns = {} if cells is None else attrs.asdict(cells, recurse=False)
        shapes = {column.shape for column in columns.values()}
        if len(shapes) > 1 or any(len(shape) != 1 for shape in shapes):
            raise ValueError(table)
        for name, column in columns.items():
            if not np.isfinite(column).all():
                raise ValueError(f"{table}.{name}")
            end = ends.get(name, math.inf)  # an amount may be below zero
            if name != "amount" and (np.any(column < 0) or np.any(column >= end)):
                raise IndexError(f"{table}.{name}")
    words = (*fold.types, *fold.groups.column_names)
    if not all(isinstance(word, str) for word in words) or type(fold.rows) is not int:
        raise TypeError


def _read_factors(content: Mapping[str, Any]) -> FactorSet:
    flows = tuple(Flow(*flow) for flow in content["flows"])
    stages = tuple(Stage(str(stage)) for stage in content["stages"])
    criteria = tuple(str(key) for key in content["criteria"])
    shape = (len(flows), len(stages), len(criteria))

    def array(name: str) -> npt.NDArray[np.float64]:
        # None becomes NaN
        return np.array(content[name], np.float64).reshape(shape)

    return FactorSet(
        flows,
        tuple(
            FlowDescription(**{**text, "sources": tuple(text["sources"])})
            for text in content["descriptions"]
        ),
        stages,
        criteria,
        array("values"),
        array("lower"),
        array("upper"),
        array("spread"),
        tuple(Criterion(**definition) for definition in content.get("definitions", ())),
    )


def _read_class(content: Mapping[str, Any]) -> CoverageClass:
    return CoverageClass(
        str(content["kind"]),
        tuple(Stage(stage) for stage in content["stages"]),
        Outcome(
            Status[str(content["status"])],
            Match[str(content["match"])],
            None if content["reason"] is None else Reason.from_dict(content["reason"]),
            tuple(Assumption.from_dict(each) for each in content["assumptions"]),
        ),
        tuple((Stage(stage), key) for stage, key in content["published"]),
    )


def _read_example(content: Mapping[str, Any]) -> Example:
    quantity = content["quantity"]
    return Example(**{**content, "quantity": math.nan if quantity is None else quantity})


def read_cells(content: Mapping[str, Sequence[float]]) -> Cells:
    """Return the amounts that `columns_content` wrote."""
    return Cells(
        np.array(content["group"], np.int64),
        np.array(content["flow"], np.int32),
        np.array(content["amount"], np.float64),
    )


def read_coverage_cells(content: Mapping[str, Sequence[float]]) -> CoverageCells:
    """Return the coverage that `columns_content` wrote."""
    return CoverageCells(
        np.array(content["key"], np.int64),
        np.array(content["klass"], np.int32),
        np.array(content["quantity"], np.float64),
        np.array(content["rows"], np.int64),
        np.array(content["unknown"], np.int64),
    )


def finite(value: float) -> float | None:
    """Return a number, None for what is none: JSON has no NaN."""
    return value if math.isfinite(value) else None


def example_content(example: Example) -> dict[str, object]:
    """Return an example row, as JSON types."""
    return attrs.asdict(example) | {"quantity": finite(example.quantity)}
