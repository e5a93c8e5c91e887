"""Display: a footprint as plain text, whole.

Plain strings, no dependency: the command line has richer tables of its own.  Figures are rounded
here and only here.  Knows results only.
"""

from __future__ import annotations

import math

import numpy as np

from reen.engine.exchanges import Status
from reen.inventory.account import Fate
from reen.reasons import has_sentence, number_text, say, spoken, title_of
from reen.results.coverage import lines_of
from reen.results.footprint_figures import FootprintFigures
from reen.results.wording import scaled, unit_in

__all__ = ["by_line", "footprint_text", "group_label", "lines_apart"]

#: Groups shown before the rest is summed up in one line.
_SHOWN = 20


def group_label(key: dict[str, object]) -> str:
    """Return a group's key in words."""
    return " / ".join("(not given)" if value is None else str(value) for value in key.values())


def _rows(footprint: FootprintFigures) -> list[tuple[str, str, str]]:
    """Return (group, criterion, figure) of the largest groups, for one criterion at a time."""
    rows = []
    values = footprint.impacts(0, footprint.group_count)
    doubt = " (doubtful)" if footprint.account.doubts else ""
    keys = footprint.groups.to_pylist()
    for c, criterion in enumerate(footprint.criteria):
        sums = np.nansum(values[:, :, c], axis=1)
        nothing = np.asarray(np.isnan(values[:, :, c]).all(axis=1))
        grows = footprint.group_left_out(criterion)
        grows &= criterion in footprint.nonnegative and not doubt
        order = np.argsort(np.where(nothing, np.inf, -sums), kind="stable")
        shown = [(group_label(keys[k]), [k]) for k in order[:_SHOWN].tolist()]
        if rest := order[_SHOWN:].tolist():
            shown.append((f"{len(rest)} other groups", rest))
        for label, each in shown:
            figure, unit = scaled(float(sums[each].sum()), footprint.unit(criterion))
            bound = ">= " if grows[each].any() else ""
            text = f"{bound}{figure:,.4g} {unit}{doubt}"
            rows.append((label, criterion, "nothing assessed" if nothing[each].all() else text))
    return rows


def _rounded(value: float) -> str:
    """Return a figure of a line apart, of four digits."""
    return number_text(float(f"{value:.4g}"))


def by_line(name: str) -> str:
    """Return by what a line apart counts, in words: ``by archived element``."""
    code = f"apart_{name}"
    return say(code) if has_sentence(code) else f"by {name.replace('_', ' ')}"


def lines_apart(footprint: FootprintFigures) -> list[str]:
    """Return the lines apart, one of each and criterion."""
    return [
        line
        for name, other in footprint.apart.items()
        for line in _line_apart(by_line(name), other)
    ]


def _line_apart(by: str, other: FootprintFigures) -> list[str]:
    """Return a line apart for each criterion: the figure, of how many items, and its bounds.

    The bounds are those of the factors; a yearly energy by proxy enters with its figure.
    """
    items: dict[str, float] = {}
    for row in other.coverage:
        if row.status is Status.ASSESSED:
            items[row.kind] = items.get(row.kind, 0.0) + row.quantity
    counted = ", ".join(
        say(
            f"apart_of_{kind}" if has_sentence(f"apart_of_{kind}") else "apart_of_kind",
            kind=kind,
            items=_rounded(number),
        )
        for kind, number in sorted(items.items(), reverse=True)
    )
    lines = []
    for total in other.totals():
        if math.isnan(total.value):
            continue
        bounds = other.bounds(total.criterion)
        value, unit = scaled(total.value, total.unit)
        scale = value / total.value if total.value else 1.0
        low, high = bounds.lower * scale, bounds.upper * scale
        between = say("apart_between", low=_rounded(low), high=_rounded(high)) if low < high else ""
        title = title_of(other.factors.vocabulary[total.criterion])
        figure = f"{_rounded(value)} {unit_in(unit, spoken())}"
        lines.append(
            say(
                "apart_bound" if total.lower_bound else "apart_line",
                criterion=title,
                figure=figure,
                by=by,
                items=counted,
                between=between,
            )
        )
    return lines


def footprint_text(footprint: FootprintFigures) -> str:
    """Return totals, groups and coverage as lines."""
    about = footprint.provenance
    lines = [f"Footprint by {about.method} {about.method_version}, as of {about.as_of}"]
    lines += [f"  {total.criterion}: {total}" for total in footprint.totals()]
    lines += [
        f"  {'counts' if each.counted else 'does not count'} {each.table}, {each.rows:,} rows"
        for each in footprint.boundary
    ]
    lines += [f"  {line}" for line in lines_apart(footprint)]
    if footprint.grouped_by:
        lines.append("By " + ", ".join(footprint.grouped_by))
        lines += [
            f"  {label}: {figure} {criterion}" for label, criterion, figure in _rows(footprint)
        ]
    account = footprint.account
    if account.rows != account.rows_of(Fate.COUNTED) or not account.is_complete:
        lines.append("Rows of the files")
        lines += [f"  {line}" for line in str(account).splitlines()]
        lines += [f"  {issue}" for issue in account.issues]
    gaps = list(lines_of(footprint.coverage))
    if gaps:
        lines.append("Coverage")
        lines += [f"  {line}" for line in gaps]
    return "\n".join(lines)
