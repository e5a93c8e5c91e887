"""Which factor answers for which type, by method: asked of the methods, one item of each type.

Output: Markdown for the page "Factors by type": a table of types and methods, for each method the
factor of each type with its source, or why there is none, and the defaults of each type.  A method
that counts what the row declares, or that needs data of the user's, has no factor by type.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

import reen
from reen.plugin import Method
from reen.plugin.arrays import Flow
from reen_plugins.base_carbone.types import WHY

__all__ = ["defaults_by_type", "factors_by_type", "proxies_by_type"]

#: Methods whose factors depend on the type alone.
METHODS = ("base-carbone", "numecoeval", "ecodiag")

#: A date of the series of electricity, so that nothing but the item is asked about.
_AS_OF = "2024-12-31"


class Found(NamedTuple):
    """What a method has for a type: kilograms and their origin, or why there are none."""

    kilograms: float
    name: str
    source: str
    status: str
    uncertainty: str
    why_none: str


@functools.cache
def _answers(method: str) -> dict[str, Found]:
    """Return what a method answers for one item of each type."""
    registry = reen.default_registry()
    ready = registry.method(method)
    return {
        kind: _answer(reen.Equipment(kind, lifetime=1, annual_energy=1, country="FR"), ready)
        for kind in registry.equipment_types.keys
    }


def _answer(item: reen.Equipment, method: Method) -> Found:
    explained = reen.explain(item, method=method, as_of=_AS_OF)
    (made,) = (each for each in explained.exchanges if each.kind == "item")
    if made.description is None or made.flow is None:
        return Found(math.nan, "", "", "", "", str(made.outcome.reason))
    text = made.description
    total = math.fsum(factor for key, _, factor, _, _ in made.impacts if key == "climate_change")
    return Found(
        total, text.name, "; ".join(text.sources), text.status, _uncertainty(made.flow), ""
    )


def _uncertainty(flow: Flow) -> str:
    """Return the published half-width of 95 % in percent, when all stages have the same."""
    pack = reen.default_registry().factor_packs.get(flow.pack)
    if pack is None:
        return "bounds of EcoDiag" if flow.pack == "ecodiag" else "none published"
    spread = pack.factors.spread[pack.factors.position[flow]]
    found = {round(float(value) * 196) for value in spread.ravel() if not math.isnan(value)}
    return f"± {found.pop()} %" if len(found) == 1 else "none published"


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def factors_by_type() -> str:
    """Return the tables: types by methods, then each method with its factors and gaps."""
    titles = {kind.key: kind.title_en for kind in reen.default_registry().equipment_types}
    parts = [
        _table(
            ("type", *(f"`{method}`" for method in METHODS)),
            (
                (
                    f"{title} (`{kind}`)",
                    *(_kilograms(_answers(method)[kind]) or "none" for method in METHODS),
                )
                for kind, title in titles.items()
            ),
        )
    ]
    for method in METHODS:
        answers = _answers(method)
        there = {kind: found for kind, found in answers.items() if not found.why_none}
        parts.append(f"## {method}: {len(there)} of {len(answers)} types")
        rows = (
            (
                f"`{kind}`",
                _kilograms(found),
                found.name,
                found.uncertainty,
                found.status or "not stated",
                found.source,
            )
            for kind, found in there.items()
        )
        head = ("type", "kgCO2e per item", "factor", "uncertainty", "status", "source")
        parts.append(_table(head, rows))
        parts.append(_missing(answers))
        if method == "base-carbone":
            parts.append("### Why that element")
            parts.append("\n".join(f"- `{kind}`: {reason}." for kind, reason in WHY.items()))
    return "\n\n".join(parts)


def _kilograms(found: Found) -> str:
    return "" if found.why_none else f"{found.kilograms:,.4g}"


def _missing(answers: dict[str, Found]) -> str:
    reasons: dict[str, list[str]] = {}
    for kind, found in answers.items():
        if found.why_none:
            reasons.setdefault(found.why_none, []).append(f"`{kind}`")
    lines = [f"- {', '.join(kinds)}: {reason}." for reason, kinds in reasons.items()]
    return "\n".join(["Missing:", "", *lines])


def defaults_by_type() -> str:
    """Return the default lifetime and yearly energy of each type, with their sources."""
    registry = reen.default_registry()
    found = {
        (default.equipment_type, default.parameter): default
        for pack in registry.factor_packs.values()
        if pack.name == "equipment-defaults"
        for default in pack.defaults
    }

    def cell(kind: str, parameter: str, unit: str) -> str:
        default = found.get((kind, parameter))
        return f"{default.value:g} {unit}" if default else "none"

    def source(kind: str) -> str:
        sources = [
            found[kind, parameter].source
            for parameter in ("lifetime", "annual_energy")
            if (kind, parameter) in found
        ]
        return "; ".join(dict.fromkeys(sources))

    rows = (
        (
            f"`{kind}`",
            cell(kind, "lifetime", "years"),
            cell(kind, "annual_energy", "kWh/year"),
            source(kind),
        )
        for kind in registry.equipment_types.keys
    )
    return _table(("type", "lifetime", "electricity", "source"), rows)


def proxies_by_type() -> str:
    """Return the proxies of each type, with their bounds and the argument, and what has none."""
    pack = reen.default_registry().factor_packs["proxies"]
    factors = pack.factors
    energy = {
        default.equipment_type: default
        for default in pack.defaults
        if default.parameter == "annual_energy"
    }
    rows = []
    for k, text in enumerate(factors.descriptions):
        arrays = (factors.values[k], factors.lower[k], factors.upper[k])
        value, low, high = (float(array[~np.isnan(array)].sum()) for array in arrays)
        figure = f"{value:,.4g} ({low:,.4g} to {high:,.4g})"
        rows.append((f"`{text.equipment_type}`", figure, text.note))
    used = [
        (f"`{kind}`", f"{default.value:,.4g}", default.note) for kind, default in energy.items()
    ]
    return "\n\n".join(
        [
            _table(
                ("type", "kgCO2e per item (low to high)", "argument and arithmetic"), iter(rows)
            ),
            _table(("type", "kWh a year", "argument and arithmetic"), iter(used)),
        ]
    )
