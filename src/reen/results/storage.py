"""Storage: footprints written to JSON or Parquet with their provenance, and read back equal.

JSON holds readable results (totals, groups, coverage) and the state from which they are computed.
Parquet has one row per group, with its key, its impacts by criterion and stage, and its amounts
and coverage as lists; everything that is not by group stands in the file's metadata.  Both hold
the SHA-256 of the footprint, which is checked when it is read.  Knows results only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from reen.engine.exchanges import Status
from reen.engine.fold import Cells, CoverageCells
from reen.errors import FileFormatError
from reen.gate.json_text import json_content
from reen.gate.parquet import read_parquet
from reen.gate.reads import note
from reen.gate.writing import write_file, writing
from reen.reasons import Reason
from reen.results.content_digest import content_digest
from reen.results.coverage import CoverageRow
from reen.results.footprint import Footprint
from reen.results.json_text import Records, json_pieces
from reen.results.printed_figures import check_printed
from reen.results.stored_state import (
    arrow_table,
    arrow_text,
    columns_content,
    example_content,
    finite,
    footprint_of_state,
    read_cells,
    read_coverage_cells,
    state_content,
)
from reen.results.total import Total

__all__ = [
    "check_digest",
    "coverage_content",
    "footprint_content",
    "footprint_from_content",
    "footprint_from_json",
    "footprint_to_json",
    "plain",
    "read_footprint",
    "undamaged",
    "write_footprint",
]

#: Version of the two file forms; readers refuse others.
FORM = "reen-footprint/2"

_KEY = b"reen"

#: Groups whose impacts are worked out at a time, when they are written as text.
_GROUPS = 4096


def write_footprint(footprint: Footprint, path: str | Path) -> None:
    """Write a footprint as ``.json`` or ``.parquet``, by the ending of `path`.

    Raises
    ------
    FileFormatError
        Another ending.
    FileNotWrittenError
        It cannot be written; what was there is unchanged.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     reen.write_footprint(footprint, f"{folder}/footprint.parquet")
    ...     again = reen.read_footprint(f"{folder}/footprint.parquet")
    >>> print(again.total())
    312 kgCO2e/year
    """
    path = Path(path)
    if path.suffix.lower() == ".json":
        write_file(path, footprint_to_json(footprint))
    elif path.suffix.lower() == ".parquet":
        with writing(path) as file:
            pq.write_table(_group_table(footprint), file, write_page_checksum=True)
    else:
        raise FileFormatError(str(path), Reason("error_footprint_written_json_parquet"))


def read_footprint(path: str | Path) -> Footprint:
    """Read a footprint written by `write_footprint`; it equals the one written.

    Raises
    ------
    FileFormatError
        The file is not a footprint, has another version of the form, or was changed after it was
        written.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     reen.write_footprint(footprint, f"{folder}/footprint.json")
    ...     again = reen.read_footprint(f"{folder}/footprint.json")
    >>> print(again.total())
    312 kgCO2e/year
    """
    path = Path(path)
    note(path, stored=True)
    if not path.exists():
        raise FileFormatError(str(path), Reason("error_there_no_file_check_path"))
    if path.suffix.lower() == ".json":
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise FileFormatError(
                str(path), Reason("error_not_utf_8_text", error=str(error))
            ) from error
        return footprint_from_json(text, source=str(path))
    with undamaged(str(path)):
        # without threads, a page that fails its checksum is always the same one
        table = read_parquet(path.read_bytes(), place=str(path), use_threads=False)
        return _from_group_table(table, str(path))


@contextmanager
def undamaged(source: str) -> Iterator[None]:
    """Turn what a damaged file makes fail into an error that names it."""
    try:
        yield
    except FileFormatError as error:
        if error.path.startswith(source):
            raise
        raise FileFormatError(source, Reason("error_is_damaged_179", error=str(error))) from error
    except KeyError as error:
        raise FileFormatError(source, Reason("error_damaged_lacks", name=str(error))) from error
    except (
        ArithmeticError,
        LookupError,
        MemoryError,
        TypeError,
        ValueError,
        AttributeError,
        RecursionError,
        OSError,
        pa.ArrowException,
    ) as error:
        reason = Reason(
            "error_damaged_its_state_cannot_read", name=type(error).__name__, error=str(error)
        )
        raise FileFormatError(source, reason) from error


def check_digest(value: object, written: object, source: str) -> None:
    """Refuse a result that is not the one that was written.

    Parameters
    ----------
    value
        What was read.
    written
        The digest that stands in the file.
    source
        Name of the file.

    Raises
    ------
    FileFormatError
        Their digests differ.
    """
    found = content_digest(value)
    if found != written:
        reason = Reason(
            "error_damaged_was_changed_since_was_written",
            written=str(written)[:12],
            found=found[:12],
        )
        raise FileFormatError(source, reason)


# -- JSON ------------------------------------------------------------------------------------


def footprint_to_json(footprint: Footprint, *, indent: int | None = 2) -> str:
    """Return readable results and the state of a footprint as JSON text.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    >>> text = reen.stored.footprint_to_json(footprint)
    >>> print(reen.stored.footprint_from_json(text).total())
    312 kgCO2e/year
    """
    return "".join(json_pieces(footprint_content(footprint), indent=indent))


def footprint_content(footprint: Footprint) -> dict[str, object]:
    """Return readable results and the state of a footprint, for `json_pieces`."""
    fold, printed = footprint.fold, _printed(footprint)
    return {
        "form": FORM,
        "sha256": content_digest(footprint),
        "provenance": footprint.provenance.to_dict(),
        "totals": printed["totals"],
        "stages": _stages(footprint),
        "groups": Records(_groups(footprint)),
        "account": footprint.account.to_dict(merges=False),
        "coverage": printed["coverage"],
        "apart": {name: footprint_content(line) for name, line in footprint.apart.items()},
        "state": state_content(footprint)
        | {
            "groups": arrow_text(fold.groups),
            "cells": columns_content(fold.cells),
            "noise": None if fold.noise is None else columns_content(fold.noise),
            "by_group": columns_content(fold.by_group),
        },
    }


def footprint_from_json(text: str, *, source: str = "text") -> Footprint:
    """Return the footprint written by `footprint_to_json`.

    Its state is read; readable totals and coverage that are not those of the state are refused.

    Raises
    ------
    FileFormatError
        The text is not such a footprint, or not as it was written.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    >>> again = reen.stored.footprint_from_json(reen.stored.footprint_to_json(footprint))
    >>> print(again.total())
    312 kgCO2e/year
    """
    return footprint_from_content(json_content(text, place=source), source=source)


def footprint_from_content(content: object, *, source: str) -> Footprint:
    """Return the footprint of what `footprint_content` gave, once read as JSON.

    Raises
    ------
    FileFormatError
        As `footprint_from_json`.
    """
    if not isinstance(content, dict) or content.get("form") != FORM:
        found = content.get("form") if isinstance(content, dict) else type(content).__name__
        raise FileFormatError(
            source, Reason("error_not_footprint_form_found", form=repr(FORM), found=repr(found))
        )
    with undamaged(source):
        state = content["state"]
        footprint = footprint_of_state(
            state,
            content["provenance"],
            groups=arrow_table(state["groups"]),
            cells=read_cells(state["cells"]),
            noise=None if state["noise"] is None else read_cells(state["noise"]),
            by_group=read_coverage_cells(state["by_group"]),
        )
        lines = {
            name: footprint_from_content(line, source=f"{source}, apart: {name}")
            for name, line in content["apart"].items()
        }
        footprint = attrs.evolve(footprint, apart=lines)
        check_digest(footprint, content.get("sha256"), source)
        check_printed(content, _printed(footprint), source)
    return footprint


def _printed(footprint: Footprint) -> dict[str, object]:
    """Return the readable figures that are compared with the state when a file is read."""
    return {
        "totals": [_total(total) for total in footprint.totals()],
        "coverage": coverage_content(footprint),
    }


def _total(total: Total) -> dict[str, object]:
    return {
        "criterion": total.criterion,
        "value": finite(total.value),
        "unit": total.unit,
        "complete": total.complete,
        "lower_bound": total.lower_bound,
        "doubtful": total.doubtful,
        "text": str(total),
    }


def _stages(footprint: Footprint) -> list[dict[str, object]]:
    return [
        {
            "criterion": key,
            "stage": str(stage),
            "value": finite(value),
            "unit": footprint.unit(key),
        }
        for key in footprint.criteria
        for stage, value in footprint.stage_totals(key).items()
    ]


def _groups(footprint: Footprint) -> Iterator[dict[str, object]]:
    """Yield the impacts of each group by criterion, a few groups at a time."""
    if not footprint.grouped_by:
        return
    left_out = footprint.group_left_out().tolist()
    stages = [str(stage) for stage in footprint.stages]
    units = [footprint.unit(key) for key in footprint.criteria]
    for start in range(0, footprint.group_count, _GROUPS):
        keys = footprint.groups.slice(start, _GROUPS).to_pylist()
        impacts = footprint.impacts(start, start + len(keys))
        assessed = ~np.isnan(impacts).all(axis=1)
        sums = np.where(assessed, np.nansum(impacts, axis=1), np.nan).tolist()
        by_stage = impacts.transpose(0, 2, 1).tolist()
        for g, key in enumerate(keys):
            group = {name: plain(value) for name, value in key.items()}
            for c, criterion in enumerate(footprint.criteria):
                yield {
                    "group": group,
                    "criterion": criterion,
                    "value": finite(sums[g][c]),
                    "unit": units[c],
                    "stages": dict(zip(stages, map(finite, by_stage[g][c]), strict=True)),
                    "rows_left_out": left_out[start + g],
                }


def coverage_content(footprint: Footprint) -> dict[str, object]:
    """Return the coverage by status, as JSON types; the columns that are not used by their rows."""
    found: dict[str, list[dict[str, object]]] = {
        status.label.replace(" ", "_"): [] for status in Status
    }
    for row in footprint.coverage:
        found[row.status.label.replace(" ", "_")].append(_coverage_row(row))
    found["not_published"] = [
        {"stage": str(stage), "criterion": key, "quantity": quantity, "rows": rows}
        for stage, key, quantity, rows in footprint.coverage.partly_published()
    ]
    return {
        **found,
        "columns_not_used": {each.column: each.rows for each in footprint.coverage.unused},
    }


def _coverage_row(row: CoverageRow) -> dict[str, object]:
    return {
        "kind": row.kind,
        "equipment_type": row.equipment_type or None,
        "match": row.match.label,
        "reason": None if row.reason is None else row.reason.to_dict(),
        "assumptions": [each.to_dict() for each in row.assumptions],
        "quantity": None if row.unknown == row.rows else row.quantity,
        "rows": row.rows,
        "rows_of_unknown_quantity": row.unknown,
        "examples": [example_content(each) for each in row.examples],
    }


def plain(value: object) -> object:
    """Return a value of a group key as JSON can hold it, for readers."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


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
    cover: dict[str, npt.NDArray[Any]] = {
        name: getattr(fold.by_group, name) for name in ("klass", "quantity", "rows", "unknown")
    }
    for name, cells in {"reen.amounts": fold.cells, "reen.noise": fold.noise}.items():
        if cells is not None:
            found: dict[str, npt.NDArray[Any]] = {"flow": cells.flow, "amount": cells.amount}
            columns[name] = _lists(cells.group, height, found)
    columns["reen.coverage"] = _lists(fold.by_group.key, height, cover)
    metadata = {
        "form": FORM,
        "sha256": content_digest(footprint),
        "provenance": footprint.provenance.to_dict(),
        "state": state_content(footprint),
        "groups": arrow_text(fold.groups.slice(0, 0)),
        "apart": {name: footprint_to_json(line) for name, line in footprint.apart.items()},
    }
    return pa.table(columns).replace_schema_metadata({_KEY: json.dumps(metadata, allow_nan=False)})


def _from_group_table(table: pa.Table, source: str) -> Footprint:
    metadata = (table.schema.metadata or {}).get(_KEY)
    content = json.loads(metadata) if metadata else {}
    if content.get("form") != FORM:
        found = content.get("form")
        raise FileFormatError(
            source, Reason("error_not_footprint_form_found", form=repr(FORM), found=repr(found))
        )
    schema = arrow_table(content["groups"]).schema
    groups = pa.table(
        [table[f"group.{name}"].cast(schema.field(name).type) for name in schema.names],
        schema=schema,
    )
    cover, noise = _unlisted(table["reen.coverage"]), "reen.noise"
    footprint = footprint_of_state(
        content["state"],
        content["provenance"],
        groups=groups,
        cells=_listed_cells(table["reen.amounts"]),
        noise=_listed_cells(table[noise]) if noise in table.column_names else None,
        by_group=CoverageCells(
            cover["key"],
            cover["klass"].astype(np.int32),
            cover["quantity"],
            cover["rows"],
            cover["unknown"],
        ),
    )
    lines = {
        name: footprint_from_json(line, source=f"{source}, apart: {name}")
        for name, line in content["apart"].items()
    }
    footprint = attrs.evolve(footprint, apart=lines)
    check_digest(footprint, content.get("sha256"), source)
    _printed(footprint)  # a digest says who wrote, not that sums can be made of it
    return footprint


def _listed_cells(column: pa.ChunkedArray) -> Cells:
    found = _unlisted(column)
    return Cells(found["key"], found["flow"].astype(np.int32), found["amount"])


def _unlisted(column: pa.ChunkedArray) -> dict[str, npt.NDArray[Any]]:
    lists = column.combine_chunks()
    if isinstance(lists, pa.ChunkedArray):  # pyarrow returns either, by version
        lists = lists.chunk(0)
    structs = lists.flatten()
    found = {field.name: structs.field(field.name).to_numpy() for field in structs.type}
    lengths = lists.value_lengths().to_numpy()
    found["key"] = np.repeat(np.arange(len(lists), dtype=np.int64), lengths)
    return found
