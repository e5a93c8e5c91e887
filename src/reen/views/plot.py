"""A view as a picture: its first breakdown as bars, in SVG.

Input: a view.  Output: SVG bytes without any outer resource, the same for the same view.  Texts
and axes take the colour of the page around them, light or dark; bars differ by hatch as well as by
colour, so that they can be told apart in grey; 370 points wide, so that a phone shows it as it is.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reen.errors import MissingExtraError, OptionError
from reen.gate.characters import escaped
from reen.gate.writing import write_file
from reen.reasons import Reason, say, speaking
from reen.views.figures import decimals_for, figure
from reen.views.model import Breakdown, Row, View
from reen.views.text import shown

__all__ = ["Picture", "picture"]

#: Rows drawn at the most; the others are one bar.
_ROWS = 12

#: Width in inches: 370 points.
_WIDTH = 5.14

#: Characters of a line of a label, and its lines at the most.
_LABEL, _LINES = 26, 2

#: Fills told apart in grey too, and legible on white and on black: colour and hatch.
_FILLS = (("#3b82c4", ""), ("#e0912f", "////"), ("#8c8c8c", "...."), ("#5aa469", "xxxx"))

#: What stands for the colour of the page's own text, until the picture is written.
_INK = "#010203"

_STYLE = (
    "<style>svg.reen-plot{color:#1b1b1b}@media(prefers-color-scheme:dark)"
    "{svg.reen-plot{color:#e8e8e8}}</style>"
)


class Picture(bytes):
    """SVG, shown by a notebook as a picture."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the size in one line."""
        return f"<Picture: SVG, {len(self):,} bytes>"

    def _repr_svg_(self) -> str:
        return self.decode()

    def write(self, path: str | Path) -> Path:
        """Write the picture to a file, and return its path."""
        write_file(path, self)
        return Path(path)


def picture(view: View) -> Picture:
    """Return the first breakdown of a view as bars.

    Raises
    ------
    MissingExtraError
        matplotlib is not installed.
    OptionError
        The view has no breakdown with a figure.
    """
    drawn = [each for each in view.breakdowns if any(_known(row) for row in each.rows)]
    if not drawn:
        expected = Reason("error_plot_parts")
        raise OptionError("plot", "result", view.kind, expected)
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plot", "a plot") from error
    breakdown = drawn[0]
    rows = [row for row in breakdown.shown(_ROWS) if _known(row)]
    columns = _columns(breakdown, rows)
    figures: Any = Figure(
        figsize=(_WIDTH, 0.3 * len(rows) * max(1.0, 0.6 * len(columns)) + 1.15),
        layout="constrained",
    )
    with speaking(view.language):
        axes = figures.add_subplot()
        _draw(axes, breakdown, rows, columns)
        figures.suptitle(_wrapped(view.title), fontsize=9, color=_INK, x=0.02, ha="left")
        given = io.StringIO()
        options: Any = {"svg.hashsalt": "reen", "svg.fonttype": "path", "hatch.linewidth": 0.6}
        with mpl.rc_context(options):
            figures.savefig(
                given, format="svg", transparent=True, metadata={"Date": None, "Creator": None}
            )
    return Picture(_themed(given.getvalue(), view).encode())


def _known(row: Row) -> bool:
    return any(value is not None and math.isfinite(value) for value in row.values)


def _columns(breakdown: Breakdown, rows: Sequence[Row]) -> list[int]:
    """Return the columns that are drawn: those of the unit of the breakdown."""
    if not breakdown.additive:
        return [0]  # the others are ratios, uncertainties, shares
    there = range(len(breakdown.columns))
    same = [k for k in there if any(row.values[k] is not None for row in rows)]
    return same[: len(_FILLS)] if breakdown.unit != "item" else same[:1]


def _draw(axes: Any, breakdown: Breakdown, rows: Sequence[Row], columns: Sequence[int]) -> None:  # noqa: ANN401 - matplotlib's
    height = 0.8 / len(columns)
    ends = [0.0]
    for number, column in enumerate(columns):
        colour, hatch = _FILLS[number]
        for place, row in enumerate(rows):
            value = row.values[column]
            if value is None or not math.isfinite(value):
                continue
            size = value / breakdown.divisor
            y = place - 0.4 + height * (number + 0.5)
            less = size < 0.0
            axes.barh(
                [y],
                [size],
                height=0.9 * height,
                color=_FILLS[1][0] if less else colour,
                hatch=_FILLS[1][1] if less else hatch,
                edgecolor=_INK,
                linewidth=0.4,
                label=breakdown.columns[column] if not place else None,
            )
            ends.append(size)
            side = "right" if less else "left"
            axes.annotate(
                row.texts[column],
                (size, y),
                xytext=(-3 if less else 3, 0),
                textcoords="offset points",
                ha=side,
                va="center",
                fontsize=8,
                color=_INK,
            )
    low, high = min(ends), max(ends)
    room = 0.28 * ((high - low) or 1.0)
    axes.set_xlim(low - (room if low < 0.0 else 0.0), high + room)
    axes.set_yticks(range(len(rows)), [_label(row.label) for row in rows], fontsize=8)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(_locator())
    decimals = max(0, decimals_for(max(map(abs, ends))) - 2)
    axes.xaxis.set_major_formatter(lambda value, _: figure(value, decimals))
    head = breakdown.head if len(breakdown.columns) > 1 else breakdown.columns[0]
    if blank := len(breakdown.rows) - sum(map(_known, breakdown.rows)):
        head = f"{head} ({say('view_not_drawn', count=blank)})"
    axes.set_xlabel(head, fontsize=8, color=_INK)
    axes.tick_params(axis="both", labelsize=8, colors=_INK, length=2)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(_INK)
    if low < 0.0:
        axes.axvline(0.0, color=_INK, linewidth=0.6)
    if len(columns) > 1:
        axes.legend(fontsize=8, frameon=False, labelcolor=_INK, loc="lower right")


def _locator() -> Any:  # noqa: ANN401 - matplotlib's
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(4)


def _label(text: str) -> str:
    """Return a label on two lines at the most, what is cut marked as cut."""
    lines = textwrap.wrap(shown(text).replace("$", r"\$"), _LABEL) or [""]
    if len(lines) > _LINES:
        lines = [lines[0], f"{lines[1][: _LABEL - 1].rstrip()}…"]
    return "\n".join(lines)


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(shown(text).replace("$", r"\$"), 66)[:_LINES])


def _themed(text: str, view: View) -> str:
    """Return the SVG element in the colours of the page, with its title for who cannot see it."""
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = text[text.index("<svg") :].replace(_INK, "currentColor")
    title = f"<title>{escaped(view.title)}</title>"
    return re.sub(
        r"(<svg)([^>]*>)", rf'\1 class="reen-plot" role="img"\2{title}{_STYLE}', text, count=1
    )
