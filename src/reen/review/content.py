"""The content of `review.json`, for programs, for next year, and for whoever checks.

Input: a `ReviewYear`.  Output: plain JSON types in a fixed order; the schema is
`review.schema.json` beside this module.  A section whose data are absent says so by name.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from reen._version import __version__
from reen.engine.exchanges import Status
from reen.gate.reads import noted
from reen.inventory.account import Fate
from reen.monitoring.indicator import AXES
from reen.monitoring.values import IndicatorValue
from reen.reasons import Reason, as_reason
from reen.results.change import Change
from reen.results.footprint import Footprint
from reen.results.json_files import total_content
from reen.review.cells import cells_of, sum_of
from reen.review.figures import Figure, of_indicator, of_total
from reen.review.year import CLIMATE, FOOTPRINT_FILE, MeasuredYear, ReviewYear
from reen.strategy.judging import Standing
from reen.tables.files import readable

__all__ = ["SCHEMA", "canonical", "content_hash", "content_of", "headline_of"]

#: Form of the file; readers refuse others.
SCHEMA = "reen-review/1"

#: Indicators that the first page shows beside the total.
PER = ("footprint_per_agent", "footprint_per_inhabitant")


def content_of(review: ReviewYear) -> dict[str, object]:
    """Return the content of `review.json`."""
    now = review.now
    body: dict[str, object] = {
        "schema": SCHEMA,
        "reen_version": __version__,
        "organisation": attrs.asdict(review.plan.organisation),
        "year": review.year,
        "period": [day.isoformat() for day in now.files.period],
        "as_of": now.files.as_of.isoformat(),
        "perimeter": [attrs.asdict(each) for each in review.plan.perimeter],
        "headline": {figure.name: _plain(figure) for figure in headline_of(review)},
        "published_before": _published(review),
        "footprint": _footprint(review),
        "change": _change(review.change, absent="no files of the year before"),
        "change_since_baseline": _change(
            review.since_baseline, absent="no files of another baseline year"
        ),
        "axes": [_axis(review, number) for number in AXES],
        "objectives": [_objective(each) for each in review.standings],
        "actions": _actions(review),
        "statements": {"beges": _beges(review)},
        "quality": _quality(now),
        "provenance": now.footprint.provenance.to_dict(),
        "files": _hashes(review),
    }
    body["hash"] = content_hash(body)
    return body


def content_hash(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of a review, all but the one that it states."""
    body = {key: value for key, value in content.items() if key != "hash"}
    return hashlib.sha256(canonical(body)).hexdigest()


def canonical(content: Mapping[str, object]) -> bytes:
    """Return JSON that is the same for the same content: keys sorted, no NaN."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return (text + "\n").encode()


def headline_of(review: ReviewYear) -> tuple[Figure, ...]:
    """Return the figures of the first page: the total, per agent and per inhabitant."""
    total = of_total("total", review.now.footprint, CLIMATE, draw=True)
    return (
        total,
        *(
            of_indicator(each, review.registry.indicator(each.indicator))
            for name in PER
            if (each := _whole(review, name)) is not None
        ),
    )


def _whole(review: ReviewYear, name: str) -> IndicatorValue | None:
    for value in review.indicators:
        if (value.indicator, value.subject) == (name, ""):
            return value
    return None


def _plain(value: object) -> object:
    """Return a value as plain JSON types."""
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Reason):
        return value.to_dict()
    return _fields(value) if attrs.has(type(value)) else _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value) if isinstance(value, str) else value


def _fields(value: Any) -> dict[str, object]:  # noqa: ANN401 - any class of attrs
    """Return the attributes of a value as plain JSON types."""
    return {name: _plain(each) for name, each in attrs.asdict(value, recurse=False).items()}


def _published(review: ReviewYear) -> object:
    """Return last year's headline as it was published."""
    if review.previous is None:
        return {"absent": "no review of the year before was given"}
    return {name: review.previous.get(name) for name in ("year", "hash", "headline")}


# -- figures ---------------------------------------------------------------------------------


def _footprint(review: ReviewYear) -> dict[str, object]:
    footprint = review.now.footprint
    cells = cells_of(review.rows(), review.now.inventory)
    stages = {
        str(stage): {
            "value": None if math.isnan(value) else value,
            "coverage": _plain(sum_of(each for each in cells if each.stage == str(stage))),
        }
        for stage, value in footprint.stage_totals(CLIMATE).items()
    }
    return {
        "totals": {each.criterion: total_content(each) for each in footprint.totals()},
        "stages": stages,
        "cells": [_plain(each) for each in cells],
        "beside": [
            {
                "method": each.method,
                "why_not": as_reason(each.why).text("en"),
                "total": _beside(each.footprint),
            }
            for each in review.beside
        ],
    }


def _beside(footprint: Footprint | None) -> object:
    if footprint is None or CLIMATE not in footprint.criteria:
        return None
    return {
        **total_content(footprint.total(CLIMATE)),
        "provenance": footprint.provenance.hash,
    }


def _change(change: Change | None, *, absent: str) -> dict[str, object]:
    if change is None or CLIMATE not in change.criteria:
        return {"absent": absent if change is None else "nothing is measured in both years"}
    keys = ("detail", "stage", "equipment_type", *change.by)
    return {
        "value": change.value(CLIMATE),
        "of_the_fleet": change.of_the_fleet(CLIMATE),
        "unit": change.unit(CLIMATE),
        "doubtful": change.doubtful,
        "totals": {name: total_content(each) for name, each in change.totals(CLIMATE).items()},
        "sentence": {language: change.sentence(language) for language in ("fr", "en")},
        "notes": {language: list(change.notes(language)) for language in ("fr", "en")},
        "not_replayed": change.not_replayed,
        "effects": [
            {
                **dict(zip(("cause", *keys), (_plain(part) for part in key), strict=True)),
                "value": value,
            }
            for key, value in change.sums("cause", *keys).items()
        ],
    }


# -- what is followed, promised and done -----------------------------------------------------


def _axis(review: ReviewYear, number: int) -> dict[str, object]:
    plan, mine = review.plan, []
    for value in review.indicators:
        indicator = review.registry.indicator(value.indicator)
        if indicator.axis == number:
            mine.append(_indicator(review, value))
    said = [
        each.text for each in plan.narratives if (each.year, each.axis) == (review.year, number)
    ]
    return {
        "axis": number,
        "title": {"en": AXES[number][0], "fr": AXES[number][1]},
        "narrative": said,
        "indicators": mine,
    }


def _indicator(review: ReviewYear, value: IndicatorValue) -> dict[str, object]:
    indicator = review.registry.indicator(value.indicator)
    return {
        **_fields(of_indicator(value, indicator)),
        "indicator": value.indicator,
        "subject": value.subject,
        "title": {"en": value.title_en, "fr": value.title_fr},
        "numerator": value.numerator,
        "period": [value.period.start.isoformat(), value.period.end.isoformat()],
        "target": _plain(value.target),
        "meets_target": value.meets_target,
        "notes": [each.to_dict() for each in value.notes],
    }


def _objective(standing: Standing) -> dict[str, object]:
    value = standing.value
    return {
        **_fields(standing.objective),
        "year": standing.year,
        "state": str(standing.state),
        "reasons": [each.to_dict() for each in standing.reasons],
        "found": standing.found,
        "ends": [None, None] if value is None else list(value.ends),
        "baseline_used": standing.baseline,
        "expected": standing.expected,
    }


def _actions(review: ReviewYear) -> list[object]:
    if review.strategy is None:
        return []
    late = {each.id for each in review.late}
    return [{**_fields(each), "late": each.id in late} for each in review.strategy.actions]


def _beges(review: ReviewYear) -> dict[str, object]:
    found = review.beges
    if found is None:
        return {"absent": as_reason(review.beges_why).text("en")}
    return {
        "scheme": found.scheme,
        "unit": "kgCO2e",
        "complete": found.complete,
        "lower_bound": found.lower_bound,
        "doubtful": found.doubtful,
        "total": _scalar(found.total),
        "lines": [
            {
                "code": line.code,
                "title": {language: line.title.text(language) for language in ("fr", "en")},
                "value": _scalar(line.value),
                "uncertainty": _scalar(line.uncertainty),
                "remarks": list(line.remarks("fr")),
            }
            for line in found.lines
        ],
    }


# -- what it rests on ------------------------------------------------------------------------


def _quality(now: MeasuredYear) -> dict[str, object]:
    coverage, account = now.footprint.coverage, now.inventory.account
    listed = {Status.LEFT_OUT: coverage.left_out(), Status.EXCLUDED: coverage.excluded()}
    found: dict[str, object] = {
        str(status.name).lower(): [
            {
                "kind": row.kind,
                "equipment_type": row.equipment_type,
                "items": row.quantity,
                "rows": row.rows,
                "rows_of_unknown_quantity": row.unknown,
                "reason": None if row.reason is None else row.reason.to_dict(),
            }
            for row in rows
        ]
        for status, rows in listed.items()
    }
    found["assumed"] = [
        {
            "kind": row.kind,
            "equipment_type": row.equipment_type,
            "items": row.quantity,
            "assumptions": [each.text("fr") for each in row.assumptions],
        }
        for row in coverage.assumed()
    ]
    found["rows_of_files"] = {str(fate): account.rows_of(fate) for fate in Fate}
    return found


def _hashes(review: ReviewYear) -> dict[str, str]:
    """Return the SHA-256 of each file that a figure may rest on, by its path from the plan."""
    plan = review.plan
    folder = plan.path.parent
    years = [each.files for each in (review.now, review.before) if each is not None]
    baseline = plan.find(plan.baseline_year)
    years += [] if baseline is None or baseline in years else [baseline]
    given = [path for year in years for path in (*year.files, *year.mapping)]
    given += [plan.path, *plan.mapping, *([plan.strategy] if plan.strategy else [])]
    if plan.previous is not None:
        published = plan.previous if plan.previous.is_dir() else plan.previous.parent
        review_file = published / "review.json" if plan.previous.is_dir() else plan.previous
        given += [review_file, published / FOOTPRINT_FILE]
    files = [
        file
        for path in given
        for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
        if file.is_file()
    ]
    return {
        _name(file, folder): hashlib.sha256(noted(file).read_bytes()).hexdigest() for file in files
    }


def _name(file: Path, folder: Path) -> str:
    name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name
    return readable(name)
