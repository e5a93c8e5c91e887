"""Storage: footprints written to JSON or Parquet with their provenance, and read back equal.

JSON holds readable results (totals, groups, coverage) and the state from which they are computed.
Parquet has one row per group, with its key, its impacts by criterion and stage, and its amounts
and coverage as lists; everything that is not by group stands in the file's metadata.  Knows
results only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from reen.engine.exchanges import Assumption, Match, Outcome, Status
from reen.engine.fold import Cells, CoverageCells, CoverageClass, Example, Fold
from reen.errors import FileFormatError
from reen.factors.factor_set import FactorSet, Flow, FlowDescription
from reen.provenance import Provenance
from reen.results.coverage import CoverageRow
from reen.results.footprint import Footprint, Total
from reen.vocabulary.stages import Stage

__all__ = ["footprint_from_json", "footprint_to_json", "read_footprint", "write_footprint"]

#: Version of the two file forms; readers refuse others.
FORM = "reen-footprint/1"

_KEY = b"reen"


def write_footprint(footprint: Footprint, path: str | Path) -> None:
    """Write a footprint as ``.json`` or ``.parquet``, by the ending of `path`.

    Raises
    ------
    FileFormatError
        Another ending.
    """
    path = Path(path)
    if path.suffix.lower() == ".json":
        path.write_text(footprint_to_json(footprint), encoding="utf-8")
    elif path.suffix.lower() == ".parquet":
        pq.write_table(_group_table(footprint), path)
    else:
        raise FileFormatError(str(path), "a footprint is written as .json or .parquet")


def read_footprint(path: str | Path) -> Footprint:
    """Read a footprint written by `write_footprint`; it equals the one written.

    Raises
    ------
    FileFormatError
        The file is not a footprint, or was written in another version of the form.
    """
    path = Path(path)
    if not path.exists():
        raise FileFormatError(str(path), "there is no such file; check the path")
    if path.suffix.lower() == ".json":
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise FileFormatError(str(path), f"is not UTF-8 text: {error}") from error
        return footprint_from_json(text, source=str(path))
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise FileFormatError(str(path), f"is not a Parquet file: {error}") from error
    with _whole(str(path)):
        return _from_group_table(table, str(path))


@contextmanager
def _whole(source: str) -> Iterator[None]:
    """Turn what a damaged file makes fail into an error that names it."""
    try:
        yield
    except FileFormatError:
        raise
    except (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        RecursionError,
        pa.ArrowException,
    ) as error:
        reason = f"is damaged: its state cannot be read ({type(error).__name__}: {error})"
        raise FileFormatError(source, reason) from error


# -- JSON ------------------------------------------------------------------------------------


def footprint_to_json(footprint: Footprint, *, indent: int | None = 2) -> str:
    """Return readable results and the state of a footprint as JSON text."""
    content = {
        "form": FORM,
        "provenance": footprint.provenance.to_dict(),
        "totals": [_total(total) for total in footprint.totals()],
        "stages": _stages(footprint),
        "groups": _groups(footprint),
        "coverage": coverage_content(footprint),
        "state": _state(footprint)
        | {
            "groups": _arrow_text(footprint.fold.groups),
            "cells": _columns(footprint.fold.cells),
            "by_group": _columns(footprint.fold.by_group),
        },
    }
    return json.dumps(content, indent=indent, ensure_ascii=False, allow_nan=False)


def footprint_from_json(text: str, *, source: str = "text") -> Footprint:
    """Return the footprint written by `footprint_to_json`.

    Raises
    ------
    FileFormatError
        The text is not such a footprint.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileFormatError(source, f"is not JSON: {error}") from error
    if not isinstance(content, dict) or content.get("form") != FORM:
        found = content.get("form") if isinstance(content, dict) else type(content).__name__
        raise FileFormatError(source, f"is not a footprint of form {FORM!r} (found {found!r})")
    with _whole(source):
        state = content["state"]
        return _footprint(
            state,
            content["provenance"],
            groups=_arrow_table(state["groups"]),
            cells=_cells(state["cells"]),
            by_group=_coverage_cells(state["by_group"]),
        )


def _total(total: Total) -> dict[str, object]:
    return {
        "criterion": total.criterion,
        "value": _finite(total.value),
        "unit": total.unit,
        "complete": total.complete,
        "lower_bound": total.lower_bound,
        "text": str(total),
    }


def _stages(footprint: Footprint) -> list[dict[str, object]]:
    return [
        {
            "criterion": key,
            "stage": str(stage),
            "value": _finite(value),
            "unit": footprint.unit(key),
        }
        for key in footprint.criteria
        for stage, value in footprint.stage_totals(key).items()
    ]


def _groups(footprint: Footprint) -> list[dict[str, object]]:
    if not footprint.grouped_by:
        return []
    left_out = footprint.group_left_out()
    values = footprint.impacts()
    keys = footprint.groups.to_pylist()
    return [
        {
            "group": {name: _plain(value) for name, value in keys[g].items()},
            "criterion": key,
            "value": _finite(
                float(np.nansum(values[g, :, c]))
                if not np.isnan(values[g, :, c]).all()
                else math.nan
            ),
            "unit": footprint.unit(key),
            "stages": {
                str(stage): _finite(float(values[g, s, c]))
                for s, stage in enumerate(footprint.stages)
            },
            "rows_left_out": bool(left_out[g]),
        }
        for g in range(len(keys))
        for c, key in enumerate(footprint.criteria)
    ]


def coverage_content(footprint: Footprint) -> dict[str, list[dict[str, object]]]:
    """Return the coverage by status, as JSON types."""
    found: dict[str, list[dict[str, object]]] = {
        status.label.replace(" ", "_"): [] for status in Status
    }
    for row in footprint.coverage:
        found[row.status.label.replace(" ", "_")].append(_coverage_row(row))
    found["not_published"] = [
        {"stage": str(stage), "criterion": key, "quantity": quantity, "rows": rows}
        for stage, key, quantity, rows in footprint.coverage.partly_published()
    ]
    return found


def _coverage_row(row: CoverageRow) -> dict[str, object]:
    return {
        "kind": row.kind,
        "equipment_type": row.equipment_type or None,
        "match": row.match.label,
        "reason": row.reason or None,
        "assumptions": list(row.assumptions),
        "quantity": None if row.unknown == row.rows else row.quantity,
        "rows": row.rows,
        "rows_of_unknown_quantity": row.unknown,
        "examples": [_example(each) for each in row.examples],
    }


def _example(example: Example) -> dict[str, object]:
    return attrs.asdict(example) | {"quantity": _finite(example.quantity)}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _plain(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


# -- state -----------------------------------------------------------------------------------


def _state(footprint: Footprint) -> dict[str, object]:
    """Return what is not by group."""
    fold = footprint.fold
    return {
        "criteria": list(footprint.criteria),
        "nonnegative": list(footprint.nonnegative),
        "factors": _factors(footprint.factors),
        "made": None if fold.made is None else _factors(fold.made),
        "classes": [_class(klass) for klass in fold.classes],
        "types": list(fold.types),
        "by_type": _columns(fold.by_type),
        "examples": [
            {
                "class": fold.classes.index(klass),
                "type": kind,
                "rows": [_example(each) for each in rows],
            }
            for (klass, kind), rows in fold.examples.items()
        ],
        "rows": fold.rows,
        "digest": f"{fold.digest:016x}",
    }


def _factors(factors: FactorSet) -> dict[str, object]:
    return {
        "flows": [attrs.astuple(flow) for flow in factors.flows],
        "descriptions": [attrs.asdict(text) for text in factors.descriptions],
        "stages": [str(stage) for stage in factors.stages],
        "criteria": list(factors.criteria),
        **{
            name: [_finite(value) for value in getattr(factors, name).reshape(-1).tolist()]
            for name in ("values", "lower", "upper", "spread")
        },
    }


def _class(klass: CoverageClass) -> dict[str, object]:
    return {
        "kind": klass.kind,
        "stages": [str(stage) for stage in klass.stages],
        "status": klass.outcome.status.name,
        "match": klass.outcome.match.name,
        "reason": klass.outcome.reason,
        "assumptions": [attrs.astuple(each) for each in klass.outcome.assumptions],
        "published": [[str(stage), key] for stage, key in klass.published],
    }


def _columns(cells: Cells | CoverageCells) -> dict[str, list[float]]:
    return {field.name: getattr(cells, field.name).tolist() for field in attrs.fields(type(cells))}


def _arrow_text(table: pa.Table) -> str:
    """Return a small table as base-64 Arrow, which keeps every type of group key."""
    import base64

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return base64.b64encode(sink.getvalue().to_pybytes()).decode()


def _arrow_table(text: str) -> pa.Table:
    import base64

    return pa.ipc.open_stream(base64.b64decode(text)).read_all()


def _footprint(
    state: Mapping[str, Any],
    provenance: Mapping[str, object],
    *,
    groups: pa.Table,
    cells: Cells,
    by_group: CoverageCells,
) -> Footprint:
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
        by_type=_coverage_cells(state["by_type"]),
        examples={
            (classes[each["class"]], each["type"]): tuple(
                _read_example(row) for row in each["rows"]
            )
            for each in state["examples"]
        },
        rows=state["rows"],
        digest=int(state["digest"], 16),
        made=None if made is None else _read_factors(made),
    )
    return Footprint(
        fold=fold,
        factors=factors,
        criteria=tuple(state["criteria"]),
        nonnegative=tuple(state["nonnegative"]),
        provenance=Provenance.from_dict(provenance),
    )


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
    )


def _read_class(content: Mapping[str, Any]) -> CoverageClass:
    return CoverageClass(
        str(content["kind"]),
        tuple(Stage(stage) for stage in content["stages"]),
        Outcome(
            Status[str(content["status"])],
            Match[str(content["match"])],
            str(content["reason"]),
            tuple(Assumption(*each) for each in content["assumptions"]),
        ),
        tuple((Stage(stage), key) for stage, key in content["published"]),
    )


def _read_example(content: Mapping[str, Any]) -> Example:
    quantity = content["quantity"]
    return Example(**{**content, "quantity": math.nan if quantity is None else quantity})


def _cells(content: Mapping[str, Sequence[float]]) -> Cells:
    return Cells(
        np.array(content["group"], np.int64),
        np.array(content["flow"], np.int32),
        np.array(content["amount"], np.float64),
    )


def _coverage_cells(content: Mapping[str, Sequence[float]]) -> CoverageCells:
    return CoverageCells(
        np.array(content["key"], np.int64),
        np.array(content["klass"], np.int32),
        np.array(content["quantity"], np.float64),
        np.array(content["rows"], np.int64),
        np.array(content["unknown"], np.int64),
    )


# -- Parquet ---------------------------------------------------------------------------------


def _lists(
    keys: npt.NDArray[np.int64], height: int, columns: Mapping[str, npt.NDArray[Any]]
) -> pa.ListArray:
    """Return one list of structs per key, the cells being sorted by key."""
    offsets = np.searchsorted(keys, np.arange(height + 1)).astype(np.int32)
    structs = pa.StructArray.from_arrays(
        [pa.array(each) for each in columns.values()], list(columns)
    )
    return pa.ListArray.from_arrays(pa.array(offsets), structs)


def _group_table(footprint: Footprint) -> pa.Table:
    fold, height = footprint.fold, footprint.group_count
    columns = {f"group.{name}": fold.groups[name] for name in footprint.grouped_by}
    impacts = footprint.impacts()
    for c, key in enumerate(footprint.criteria):
        for s, stage in enumerate(footprint.stages):
            columns[f"{key}.{stage}"] = pa.chunked_array(
                [pa.array(impacts[:, s, c], from_pandas=True)]
            )
    cells: dict[str, npt.NDArray[Any]] = {"flow": fold.cells.flow, "amount": fold.cells.amount}
    cover: dict[str, npt.NDArray[Any]] = {
        name: getattr(fold.by_group, name) for name in ("klass", "quantity", "rows", "unknown")
    }
    columns["reen.amounts"] = _lists(fold.cells.group, height, cells)
    columns["reen.coverage"] = _lists(fold.by_group.key, height, cover)
    metadata = {
        "form": FORM,
        "provenance": footprint.provenance.to_dict(),
        "state": _state(footprint),
        "groups": _arrow_text(fold.groups.slice(0, 0)),
    }
    return pa.table(columns).replace_schema_metadata({_KEY: json.dumps(metadata, allow_nan=False)})


def _from_group_table(table: pa.Table, source: str) -> Footprint:
    metadata = (table.schema.metadata or {}).get(_KEY)
    content = json.loads(metadata) if metadata else {}
    if content.get("form") != FORM:
        found = content.get("form")
        raise FileFormatError(source, f"is not a footprint of form {FORM!r} (found {found!r})")
    schema = _arrow_table(content["groups"]).schema
    groups = pa.table(
        [table[f"group.{name}"].cast(schema.field(name).type) for name in schema.names],
        schema=schema,
    )
    amounts, cover = (_unlisted(table[name]) for name in ("reen.amounts", "reen.coverage"))
    return _footprint(
        content["state"],
        content["provenance"],
        groups=groups,
        cells=Cells(amounts["key"], amounts["flow"].astype(np.int32), amounts["amount"]),
        by_group=CoverageCells(
            cover["key"],
            cover["klass"].astype(np.int32),
            cover["quantity"],
            cover["rows"],
            cover["unknown"],
        ),
    )


def _unlisted(column: pa.ChunkedArray) -> dict[str, npt.NDArray[Any]]:
    lists = column.combine_chunks()
    if isinstance(lists, pa.ChunkedArray):  # pyarrow returns either, by version
        lists = lists.chunk(0)
    structs = lists.flatten()
    found = {field.name: structs.field(field.name).to_numpy() for field in structs.type}
    lengths = lists.value_lengths().to_numpy()
    found["key"] = np.repeat(np.arange(len(lists), dtype=np.int64), lengths)
    return found
