"""Storage of comparisons: JSON with the footprint and provenance of each method, read back equal.

The text holds readable results (totals side by side, agreement by type, each gap with its effects
and its sentence in both languages) and, in the form of `storage`, the footprint of each method,
from which all of it is computed again when read.  Knows results only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa

from reen.engine.fold import TableRows
from reen.results.comparison import Comparison
from reen.results.content_digest import content_digest
from reen.results.effect_sums import group_key
from reen.results.footprint_json import footprint_content, footprint_from_content, plain
from reen.results.gap import Effect, Gap
from reen.results.integrity import check_digest, undamaged
from reen.results.json_files import content_of, text_of, write_json
from reen.results.json_text import Records, json_pieces
from reen.results.stored_state import arrow_table, arrow_text
from reen.results.stored_types import check_finite, check_types
from reen.results.wording import LANGUAGES

__all__ = [
    "comparison_from_json",
    "comparison_to_json",
    "read_comparison",
    "write_comparison",
]

#: Version of the form; the reader refuses others.
FORM = "reen-comparison/2"


def write_comparison(comparison: Comparison, path: str | Path) -> None:
    """Write a comparison as ``.json``.

    Raises
    ------
    FileFormatError
        Another ending.

    Examples
    --------
    >>> screens = reen.Equipment("monitor", quantity=100, lifetime=7, country="FR")
    >>> comparison = reen.compare(screens, methods=["base-carbone", "ecodiag"], as_of="2022-12-31")
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     reen.stored.write_comparison(comparison, f"{folder}/comparison.json")
    ...     again = reen.stored.read_comparison(f"{folder}/comparison.json")
    >>> print(again.footprint("ecodiag").total())
    6.731 tCO2e/year
    """
    write_json(path, "a comparison", lambda: comparison_to_json(comparison))


def read_comparison(path: str | Path) -> Comparison:
    """Read a comparison written by `write_comparison`; it equals the one written.

    Raises
    ------
    FileFormatError
        The file is not a comparison, or was written in another version of the form.

    Examples
    --------
    >>> screens = reen.Equipment("monitor", quantity=100, lifetime=7, country="FR")
    >>> comparison = reen.compare(screens, methods=["base-carbone", "ecodiag"], as_of="2022-12-31")
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     reen.stored.write_comparison(comparison, f"{folder}/comparison.json")
    ...     again = reen.stored.read_comparison(f"{folder}/comparison.json")
    >>> print(again.footprint("ecodiag").total())
    6.731 tCO2e/year
    """
    return comparison_from_json(text_of(path), source=str(path))


def comparison_to_json(comparison: Comparison, *, indent: int | None = 2) -> str:
    """Return readable results and the footprint of each method as JSON text.

    Examples
    --------
    >>> screens = reen.Equipment("monitor", quantity=100, lifetime=7, country="FR")
    >>> comparison = reen.compare(screens, methods=["base-carbone", "ecodiag"], as_of="2022-12-31")
    >>> text = reen.stored.comparison_to_json(comparison)
    >>> reen.stored.comparison_from_json(text).by == comparison.by
    True
    """
    groups = _groups(comparison)
    numbers = {key: number for number, key in enumerate(_keys(groups))}
    content = {
        "form": FORM,
        "sha256": content_digest(comparison),
        "by": list(comparison.by),
        "account": comparison.account.to_dict(merges=False),
        "totals": [
            {
                "criterion": key,
                "method": name,
                "value": None if total is None else _finite(total.value),
                "unit": None if total is None else total.unit,
                "complete": None if total is None else total.complete,
                "lower_bound": None if total is None else total.lower_bound,
                "doubtful": None if total is None else total.doubtful,
            }
            for key in comparison.criteria
            for name, total in comparison.totals(key).items()
        ],
        "types": [
            attrs.asdict(each)
            | {
                "highest_over_lowest": _finite(each.highest_over_lowest),
                "partly_covered": each.partly_covered,
            }
            for key in comparison.criteria
            for each in comparison.by_type(key)
        ],
        "gaps": [
            _gap(comparison.gap(a, b, key), numbers)
            for a, b in comparison.gaps
            for key in comparison.criteria
        ],
        "failed": dict(comparison.failed),
        **(
            {
                "tables": {
                    name: [attrs.asdict(each) for each in tables]
                    for name, tables in comparison.tables.items()
                }
            }
            if comparison.tables
            else {}
        ),
        "state": {"groups": arrow_text(groups)},
        "footprints": {name: footprint_content(each) for name, each in comparison.details.items()},
    }
    return "".join(json_pieces(content, indent=indent))


def _groups(comparison: Comparison) -> pa.Table:
    """Return the keys of the groups, which are the same for every method."""
    for each in comparison.footprints.values():
        return each.groups
    return pa.table({})


def _keys(groups: pa.Table) -> list[tuple[object, ...]]:
    return [group_key(tuple(row.values())) for row in groups.to_pylist()] or [()]


def _gap(gap: Gap, numbers: Mapping[tuple[object, ...], int]) -> dict[str, object]:
    return {
        "a": gap.a,
        "b": gap.b,
        "criterion": gap.criterion,
        "unit": gap.unit,
        "total_a": gap.assessed_a,
        "total_b": gap.assessed_b,
        "value": gap.value,
        "sentences": {language: gap.sentence(language) for language in LANGUAGES},
        "effects": Records(
            {
                "name": effect.name,
                "only": effect.only,
                "stage": effect.stage,
                "group": dict(zip(gap.grouped_by, map(plain, effect.group), strict=True)),
                "group_number": numbers[group_key(effect.group)],
                "equipment_type": effect.equipment_type,
                "value": effect.value,
            }
            for effect in gap.effects
        ),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def comparison_from_json(text: str, *, source: str = "text") -> Comparison:
    """Return the comparison written by `comparison_to_json`.

    Raises
    ------
    FileFormatError
        The text is not such a comparison.

    Examples
    --------
    >>> screens = reen.Equipment("monitor", quantity=100, lifetime=7, country="FR")
    >>> comparison = reen.compare(screens, methods=["base-carbone", "ecodiag"], as_of="2022-12-31")
    >>> again = reen.stored.comparison_from_json(reen.stored.comparison_to_json(comparison))
    >>> print(again.footprint("ecodiag").total())
    6.731 tCO2e/year
    """
    content = content_of(text, FORM, "a comparison", source)
    with undamaged(source):
        comparison = Comparison(
            by=tuple(content["by"]),
            details={
                name: footprint_from_content(each, source=f"{source}, {name}")
                for name, each in content["footprints"].items()
            },
            gaps=_gaps(content["gaps"], _keys(arrow_table(content["state"]["groups"]))),
            failed=content["failed"],
            tables={
                name: tuple(TableRows(**each) for each in tables)
                for name, tables in content.get("tables", {}).items()
            },
        )
        check_types(comparison)
        check_digest(comparison, content.get("sha256"), source)
        for a, b in comparison.gaps:
            for key in comparison.criteria:
                gap = comparison.gap(a, b, key)
                check_finite((gap.value, *(each.value for each in gap.effects)), "gaps")
    return comparison


def _gaps(
    content: Sequence[Mapping[str, Any]], keys: Sequence[tuple[object, ...]]
) -> dict[tuple[str, str], tuple[Effect, ...]]:
    """Return the effects of each pair, in the order in which they were written."""
    found: dict[tuple[str, str], list[Effect]] = {}
    for gap in content:
        effects = found.setdefault((gap["a"], gap["b"]), [])
        effects += [
            Effect(
                name=each["name"],
                only=each["only"],
                stage=each["stage"],
                group=keys[each["group_number"]],
                equipment_type=each["equipment_type"],
                criterion=gap["criterion"],
                value=each["value"],
            )
            for each in gap["effects"]
        ]
    return {pair: tuple(effects) for pair, effects in found.items()}
