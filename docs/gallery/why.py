"""Draw why one city is 36 t by its own figures and several times that by the Base Carbone.

Run it from the top of the checkout, with matplotlib (``pip install '.[plot]'``).  Input: the fleet
that the city of Boulogne-Billancourt published.  Output: ``docs/gallery/why-LANGUAGE-COLOURS.svg``,
the picture of the README and of the site's first page, in English and French, for light and dark
screens.  Every bar is a sum of effects of `Comparison.gap`; no figure is typed here.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure

import reen

HERE = Path("docs/gallery")
FLEET = Path("examples/boulogne_billancourt_2022.csv")
OWN, NATIONAL = "declared", "base-carbone"

#: Cause, the only method that covers it and stage, as `Gap.by` names them; then a reader's words.
CAUSES = {
    ("factor", "", "unspecified"): (
        "The same devices, by published factors",
        "Mêmes équipements, facteurs publiés",
    ),
    ("coverage", NATIONAL, "use"): (
        "Electricity used, which the city left out",
        "Électricité consommée, non comptée par la ville",
    ),
    ("coverage", NATIONAL, "embedded"): (
        "Devices that the city has no figure for",
        "Équipements sans chiffre de la ville",
    ),
    ("coverage", OWN, "unspecified"): (
        "Interactive displays: no factor there",
        "Écrans interactifs : sans facteur",
    ),
}
TOTALS = {
    OWN: ("By the city's own figures", "Avec les chiffres de la ville"),
    NATIONAL: ("By the Base Carbone", "Avec la Base Carbone"),
}
UNIT = ("tCO\u2082e a year", "t CO\u2082e par an")


class Bar(NamedTuple):
    """One bar: its label, where it starts and how long it is, in tonnes."""

    label: str
    start: float
    width: float
    total: bool


class Ink(NamedTuple):
    """Colours of one kind of screen: text, totals, what adds, what takes away, fine lines."""

    text: str
    total: str
    more: str
    less: str
    line: str


#: Blue and orange stay apart for colour-blind eyes; each pair has a contrast of 3 or more with the
#: page on which it stands.
INKS = {
    "light": Ink("#1f2328", "#3d444d", "#0072b2", "#b35900", "#8c959f"),
    "dark": Ink("#f0f6fc", "#c9d1d9", "#56b4e9", "#e69f00", "#6e7681"),
}


def bars(comparison: reen.types.Comparison, language: int) -> list[Bar]:
    """Return the bars from the city's total to the other, the largest cause first."""
    gap = comparison.gap(OWN, NATIONAL)
    effects = {
        tuple(map(str, key)): value / 1000.0
        for key, value in gap.by("name", "only", "stage").items()
    }
    unknown = set(effects) - set(CAUSES)
    if unknown:
        message = f"say in CAUSES what these causes are: {sorted(unknown)}"
        raise SystemExit(message)
    reached = gap.total_a / 1000.0
    drawn = [Bar(TOTALS[OWN][language], 0.0, reached, total=True)]
    for key, value in sorted(effects.items(), key=lambda each: -each[1]):
        drawn.append(Bar(CAUSES[key][language], reached, value, total=False))
        reached += value
    total = gap.total_b / 1000.0
    if not math.isclose(reached, total, rel_tol=1e-9):
        message = f"the bars end at {reached} t, the total is {total} t"
        raise SystemExit(message)
    return [*drawn, Bar(TOTALS[NATIONAL][language], 0.0, total, total=True)]


def figure_of(bar: Bar, language: int) -> str:
    """Return the figure beside a bar, as readers of the language write it."""
    text = f"\u2265 {bar.width:.1f} t" if bar.total else f"{bar.width:+.1f}"
    text = text.replace("-", "\u2212")
    return text.replace(".", ",").replace(" ", "\u00a0") if language else text


def draw(drawn: list[Bar], language: int, ink: Ink) -> Figure:
    """Draw the bars under each other, each under its label, so that a phone shows them large."""
    figure = Figure(figsize=(5.0, 3.4))
    axes = figure.add_axes((0.01, 0.13, 0.98, 0.86))
    for row, bar in enumerate(drawn):
        weight = "bold" if bar.total else "normal"
        colour = ink.total if bar.total else ink.more if bar.width > 0 else ink.less
        axes.barh(row, bar.width, left=bar.start, color=colour, height=0.42)
        words = {"va": "center", "color": ink.text, "fontweight": weight}
        axes.text(0.0, row - 0.42, bar.label, ha="left", **words)
        end = max(bar.start, bar.start + bar.width)
        axes.text(end + 2.0, row, figure_of(bar, language), **words)
    axes.set_ylim(len(drawn) - 0.65, -0.7)
    axes.set_xlim(0.0, 176.0)
    axes.set_yticks([])
    axes.set_xlabel(UNIT[language], color=ink.text, fontsize=9.0)
    axes.tick_params(colors=ink.text, labelsize=8.0)
    axes.patch.set_alpha(0.0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(ink.line)
    return figure


def main() -> None:
    """Compare, draw and write."""
    comparison = reen.compare(FLEET, methods=[OWN, NATIONAL], as_of="2022-12-31")
    # No date and no random names: the same figures give the same file.
    style = {"svg.hashsalt": "reen", "svg.fonttype": "none", "font.size": 10.0}
    with mpl.rc_context(style):
        for language, name in enumerate(("en", "fr")):
            for colours, ink in INKS.items():
                figure = draw(bars(comparison, language), language, ink)
                figure.savefig(
                    HERE / f"why-{name}-{colours}.svg",
                    transparent=True,
                    metadata={"Date": None, "Creator": None},
                )


if __name__ == "__main__":
    main()
