"""Charts: bars by type and stage, and the steps of a change, as SVG and as PNG.

Input: labels and numbers.  Output: SVG text without any outer resource and the same as PNG, the
same for the same figures, readable in grey (hatches) and on a phone (few, large labels).
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from reen.gate.packages import needed
from reen.review.numbers import number

__all__ = ["stacked", "steps"]

#: Fills told apart in grey too: colour and hatch.
_FILLS = (("#1b4f72", ""), ("#a9cce3", "////"), ("#f5b041", "...."), ("#7b7d7d", "xx"))
_MORE, _LESS, _WHOLE = ("#f5b041", "...."), ("#7fb3d5", "////"), ("#1b4f72", "")
_WIDTH = 5.4
#: Dots per inch of a PNG.
_DOTS = 150


def stacked(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    *,
    marks: Sequence[str],
    unit: str,
) -> tuple[str, bytes]:
    """Return horizontal bars, one a label, in which the series follow each other.

    A mark stands before the figure of each bar: that of a lower bound, or nothing.
    """
    figure, axes = _axes(0.36 * len(labels) + 1.1)
    places = list(range(len(labels)))
    begun = [0.0] * len(labels)
    for (title, values), (colour, hatch) in zip(series, _FILLS, strict=False):
        axes.barh(
            places,
            values,
            left=begun,
            color=colour,
            hatch=hatch,
            edgecolor="#202020",
            linewidth=0.5,
            label=title,
        )
        begun = [begin + value for begin, value in zip(begun, values, strict=True)]
    for place, whole, mark in zip(places, begun, marks, strict=True):
        axes.text(whole, place, f" {mark}{number(whole, decimals=2)}", va="center", fontsize=9)
    axes.set_xlim(0.0, 1.15 * max(begun, default=1.0))
    _finish(axes, labels, unit)
    if len(series) > 1:
        axes.legend(loc="lower right", fontsize=9, frameon=False)
    return _svg(figure, "bars"), _png(figure)


def steps(
    begin: tuple[str, float],
    parts: Sequence[tuple[str, float]],
    end: tuple[str, float],
    *,
    marks: tuple[str, str],
    unit: str,
) -> tuple[str, bytes]:
    """Return the way from a total to another, one step a cause; marks stand before the totals."""
    labels = [begin[0], *(name for name, _ in parts), end[0]]
    figure, axes = _axes(0.42 * len(labels) + 0.9)
    level, ends = begin[1], [begin[1], end[1]]
    _bar(axes, 0, 0.0, begin[1], _WHOLE)
    for place, (_, value) in enumerate(parts, 1):
        _bar(axes, place, level, value, _MORE if value > 0.0 else _LESS)
        level += value
        ends += [level]
        axes.text(
            max(level, level - value),
            place,
            f" {number(value, decimals=2, sign=True)}",
            va="center",
            fontsize=9,
        )
    _bar(axes, len(labels) - 1, 0.0, end[1], _WHOLE)
    for place, value, mark in ((0, begin[1], marks[0]), (len(labels) - 1, end[1], marks[1])):
        axes.text(value, place, f" {mark}{number(value, decimals=2)}", va="center", fontsize=9)
    axes.set_xlim(0.0, 1.18 * max(ends))
    _finish(axes, labels, unit)
    return _svg(figure, "steps"), _png(figure)


def _bar(axes: Any, place: int, left: float, width: float, fill: tuple[str, str]) -> None:  # noqa: ANN401
    axes.barh(
        [place],
        [width],
        left=left,
        color=fill[0],
        hatch=fill[1],
        edgecolor="#202020",
        linewidth=0.5,
    )


def _axes(height: float) -> tuple[Any, Any]:
    """Return a figure of its own: no state of pyplot is touched."""
    figures = needed("matplotlib", "drawing charts", extra="review", module="matplotlib.figure")
    figure = figures.Figure(figsize=(_WIDTH, height), layout="constrained")
    return figure, figure.add_subplot()


def _finish(axes: Any, labels: Sequence[str], unit: str) -> None:  # noqa: ANN401 - matplotlib's
    axes.set_yticks(range(len(labels)), labels, fontsize=9)
    axes.invert_yaxis()
    axes.set_xlabel(unit, fontsize=9)
    axes.xaxis.set_major_formatter(lambda value, _: number(value))
    axes.tick_params(axis="x", labelsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _svg(figure: Any, salt: str) -> str:  # noqa: ANN401 - matplotlib's
    """Return the SVG element, without prologue and metadata; texts are paths, so no font lacks."""
    matplotlib = needed("matplotlib", "drawing charts", extra="review")
    given = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": salt, "svg.fonttype": "path"}):
        figure.savefig(given, format="svg", metadata={"Date": None, "Creator": None})
    text = given.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = text[text.index("<svg") :]
    # the sign of a blank has no line, and SVG 1.1 wants that said
    text = re.sub(r"<path (?![^>]*\bd=)", '<path d="" ', text)
    # ids of one page must differ between its charts
    text = re.sub(r'\bid="', f'id="{salt}-', text)
    text = text.replace('href="#', f'href="#{salt}-')
    return text.replace("url(#", f"url(#{salt}-")


def _png(figure: Any) -> bytes:  # noqa: ANN401 - matplotlib's
    given = io.BytesIO()
    figure.savefig(given, format="png", dpi=_DOTS, metadata={"Software": None})
    return given.getvalue()
