"""Draw why the methods disagree on the equipment of Boulogne-Billancourt, as an SVG.

Run it from the top of the checkout, with matplotlib (pip install '.[plot]'); it writes
docs/tutorials/why-methods-disagree-light.svg and -dark.svg, for pages of either colour; neither has
a ground of its own.  From one total to the next, every bar is a sum of effects
of `Comparison.gap`: the same figures as in the table of `reen compare`.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import reen
from reen.types import Gap

HERE = Path("docs/tutorials")
FLEET = Path("examples/boulogne_billancourt_2022.csv")

#: From the lowest total to the highest.
METHODS = ("declared", "base-carbone", "numecoeval", "ecodiag")

#: Of text and totals, by the page that it stands on.
INKS = {"light": "#333333", "dark": "#e6e6e6"}
#: Colours that stay apart for colour-blind eyes and in grey (Okabe and Ito).
COLOURS = {
    "factors of the equipment": "#0072b2",
    "factors of electricity": "#56b4e9",
    "yearly energy": "#e69f00",
    "lifetimes": "#009e73",
}
COVERED, DROPPED = "#cc79a7", "#999999"


def steps(gap: Gap) -> list[tuple[str, float, str]]:
    """Return (label, tonnes, colour) of each cause of a gap, largest first."""
    found: dict[tuple[str, str], float] = {}
    for (cause, only, stage), value in gap.by("name", "only", "stage").items():
        name = str(cause)
        label = {"lifetime": "lifetimes", "annual_energy": "yearly energy"}.get(name, name)
        colour = COLOURS.get(label, "")
        if name == "factor":
            label = f"factors of {'electricity' if stage == 'use' else 'the equipment'}"
            colour = COLOURS[label]
        elif name == "coverage":
            label, colour = f"only in {only}", COVERED if only == gap.b else DROPPED
        found[label, colour] = found.get((label, colour), 0.0) + value / 1000.0
    steps = [(label, value, colour) for (label, colour), value in found.items() if value]
    return sorted(steps, key=lambda step: -abs(step[1]))


def bars(comparison: reen.types.Comparison, ink: str) -> list[tuple[str, float, float, str]]:
    """Return (label, start, width, colour) of every bar, from the top."""
    drawn: list[tuple[str, float, float, str]] = []
    for before, name in zip((None, *METHODS[:-1]), METHODS, strict=True):
        if before is not None:
            gap = comparison.gap(before, name)
            reached = gap.total_a / 1000.0
            for label, value, colour in steps(gap):
                drawn.append((label, reached, value, colour))
                reached += value
        total = float(comparison.footprint(name).total()) / 1000.0
        drawn.append((name, 0.0, total, ink))
    return drawn


def figure_of(width: float, *, total: bool) -> str:
    """Return the figure that stands beside a bar, in tonnes."""
    if total:
        return f"\u2265 {width:.1f}"
    figure = f"{width:+.1f}" if round(width, 1) else f"{width:+.1g}"
    return figure.replace("-", "\u2212")


def draw(axes: Axes, drawn: list[tuple[str, float, float, str]], ink: str) -> None:
    """Draw the bars, each with its figure, and a line from the end of one to the next."""
    for row, (label, start, width, colour) in enumerate(drawn):
        total = colour == ink
        words = {"va": "center", "color": ink, "fontweight": "bold" if total else "normal"}
        axes.barh(row, width, left=start, color=colour, height=0.8 if total else 0.6)
        text = figure_of(width, total=total)
        end = max(start, start + width)
        axes.text(end + 3.0, row, text, **words)
        if row + 1 < len(drawn):
            axes.plot([start + width] * 2, [row, row + 1], color="#999999", linewidth=0.6, zorder=0)
        axes.text(-4.0, row, label, ha="right", **words)
    axes.set_ylim(len(drawn) - 0.4, -0.6)
    axes.set_xlim(0.0, 340.0)
    axes.set_yticks([])
    axes.set_xlabel("tCO\u2082e a year (lower bounds: some equipment is left out)", color=ink)
    axes.tick_params(colors=ink)
    axes.spines["bottom"].set_color(ink)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.axvline(0.0, color=ink, linewidth=0.8)


def main() -> None:
    """Compare, draw and write."""
    comparison = reen.compare(FLEET, methods=list(METHODS), as_of="2022-12-31")
    # No date and no random names: the same figures give the same file.
    style = {"svg.hashsalt": "reen", "svg.fonttype": "none", "font.size": 9.0}
    with mpl.rc_context(style):
        for page, ink in INKS.items():
            figure = Figure(figsize=(8.0, 5.4))
            axes = figure.add_axes((0.24, 0.1, 0.74, 0.82))
            draw(axes, bars(comparison, ink), ink)
            axes.set_title("One fleet, four methods, and why they differ", loc="left", color=ink)
            figure.savefig(
                HERE / f"why-methods-disagree-{page}.svg",
                transparent=True,
                metadata={"Date": None, "Creator": None},
            )


if __name__ == "__main__":
    main()
