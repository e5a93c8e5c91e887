"""A footprint as JSON text: readable results, and the state from which they are computed.

Input: a `Footprint`, or a text.  Output: the text, or an equal footprint; totals and coverage that
are not those of the state are refused, as is a text that was changed.  Knows no file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import attrs
import numpy as np

from reen.engine.exchanges import Status
from reen.errors import FileFormatError
from reen.gate.json_text import json_content
from reen.reasons import Reason
from reen.results.content_digest import content_digest
from reen.results.coverage import CoverageRow
from reen.results.footprint import Footprint
from reen.results.integrity import check_digest, check_printed, undamaged
from reen.results.json_text import Records, json_pieces
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
    "FORM",
    "coverage_content",
    "footprint_content",
    "footprint_from_content",
    "footprint_from_json",
    "footprint_to_json",
    "plain",
    "printed_figures",
]

#: Version of the two file forms; readers refuse others.
FORM = "reen-footprint/2"

#: Groups whose impacts are worked out at a time, when they are written as text.
_GROUPS = 4096


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
    fold, printed = footprint.fold, printed_figures(footprint)
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
        check_printed(content, printed_figures(footprint), source)
    return footprint


def printed_figures(footprint: Footprint) -> dict[str, object]:
    """Return the readable figures that are compared with the state when a file is read.

    Raises
    ------
    ValueError
        A sum is beyond all measure.
    """
    sums = [total.value for total in footprint.totals()]
    for key in footprint.criteria:
        sums += footprint.stage_totals(key).values()
    if any(map(math.isinf, sums)):
        raise ValueError("sums")
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
    left_out = [footprint.group_left_out(each).tolist() for each in footprint.criteria]
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
                    "rows_left_out": left_out[c][start + g],
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
