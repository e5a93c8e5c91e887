"""Storage of comparisons: JSON with the footprint and provenance of each method, read back equal.

The text holds readable results (totals side by side, agreement by type, each gap with its effects
and its sentence in both languages) and, in the form of `storage`, the footprint of each method,
from which all of it is computed again when read.  Knows results only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from reen.errors import FileFormatError
from reen.results.comparison import Comparison
from reen.results.gap import Effect, Gap
from reen.results.storage import footprint_from_json, footprint_to_json
from reen.results.wording import LANGUAGES

__all__ = [
    "comparison_from_json",
    "comparison_to_json",
    "read_comparison",
    "write_comparison",
]

#: Version of the form; the reader refuses others.
FORM = "reen-comparison/1"


def write_comparison(comparison: Comparison, path: str | Path) -> None:
    """Write a comparison as ``.json``.

    Raises
    ------
    FileFormatError
        Another ending.
    """
    path = Path(path)
    if path.suffix.lower() != ".json":
        reason = "a comparison is written as .json; its tables go to other formats by to_arrow()"
        raise FileFormatError(str(path), reason)
    path.write_text(comparison_to_json(comparison), encoding="utf-8")


def read_comparison(path: str | Path) -> Comparison:
    """Read a comparison written by `write_comparison`; it equals the one written.

    Raises
    ------
    FileFormatError
        The file is not a comparison, or was written in another version of the form.
    """
    path = Path(path)
    if not path.exists():
        raise FileFormatError(str(path), "there is no such file; check the path")
    return comparison_from_json(path.read_text(encoding="utf-8"), source=str(path))


def comparison_to_json(comparison: Comparison, *, indent: int | None = 2) -> str:
    """Return readable results and the footprint of each method as JSON text."""
    content = {
        "form": FORM,
        "by": list(comparison.by),
        "totals": [
            {
                "criterion": key,
                "method": name,
                "value": None if total is None else _finite(total.value),
                "unit": None if total is None else total.unit,
                "complete": None if total is None else total.complete,
                "lower_bound": None if total is None else total.lower_bound,
            }
            for key in comparison.criteria
            for name, total in comparison.totals(key).items()
        ],
        "types": [
            attrs.asdict(each) | {"highest_over_lowest": _finite(each.highest_over_lowest)}
            for key in comparison.criteria
            for each in comparison.by_type(key)
        ],
        "gaps": [
            _gap(comparison.gap(a, b, key))
            for a, b in comparison.gaps
            for key in comparison.criteria
        ],
        "failed": dict(comparison.failed),
        "footprints": {
            name: json.loads(footprint_to_json(each)) for name, each in comparison.details.items()
        },
    }
    return json.dumps(content, indent=indent, ensure_ascii=False, allow_nan=False)


def _gap(gap: Gap) -> dict[str, object]:
    return {
        "a": gap.a,
        "b": gap.b,
        "criterion": gap.criterion,
        "unit": gap.unit,
        "total_a": gap.assessed_a,
        "total_b": gap.assessed_b,
        "value": gap.value,
        "sentences": {language: gap.sentence(language) for language in LANGUAGES},
        "effects": [attrs.asdict(effect) for effect in gap.effects],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def comparison_from_json(text: str, *, source: str = "text") -> Comparison:
    """Return the comparison written by `comparison_to_json`.

    Raises
    ------
    FileFormatError
        The text is not such a comparison.
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise FileFormatError(source, f"is not JSON: {error}") from error
    if not isinstance(content, dict) or content.get("form") != FORM:
        found = content.get("form") if isinstance(content, dict) else type(content).__name__
        raise FileFormatError(source, f"is not a comparison of form {FORM!r} (found {found!r})")
    return Comparison(
        by=tuple(content["by"]),
        details={
            name: footprint_from_json(json.dumps(each), source=f"{source}, {name}")
            for name, each in content["footprints"].items()
        },
        gaps=_gaps(content["gaps"]),
        failed=content["failed"],
    )


def _gaps(content: list[Mapping[str, Any]]) -> dict[tuple[str, str], tuple[Effect, ...]]:
    found: dict[tuple[str, str], list[Effect]] = {}
    for gap in content:
        effects = [Effect(**effect) for effect in gap["effects"]]
        found.setdefault((gap["a"], gap["b"]), []).extend(effects)
    return {pair: tuple(sorted(effects)) for pair, effects in found.items()}
