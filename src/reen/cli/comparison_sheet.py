"""What every part of the page of a comparison needs: the comparison, the page, the language.

Input: a `Comparison` and the frame of the page.  Output: titles, figures and units as the language
of the page writes them.  Lays nothing out.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

import reen
from reen.cli.comparison_words import WORDS
from reen.cli.page import Page
from reen.cli.tables import bar, figure

__all__ = ["Sheet", "bound"]


@attrs.frozen
class Sheet:
    """The page that is being written.

    Attributes
    ----------
    comparison, page
        What is shown, and the frame that it is shown in.
    baseline
        Method that the others are divided by.
    language
        ``en`` or ``fr``.
    options
        Options given to each method.
    """

    comparison: reen.Comparison
    page: Page
    baseline: str
    language: str
    options: Mapping[str, Mapping[str, str]]

    def word(self, key: str) -> str:
        """Return a text of the page."""
        return WORDS[self.language].get(key, key.replace("_", " "))

    def number(self, value: float, decimals: int) -> str:
        """Return a figure as the language writes it."""
        text = figure(value, decimals)
        return text.translate(str.maketrans(",.", "\u00a0,")) if self.language == "fr" else text

    def unit(self, unit: str) -> str:
        """Return a unit as the language writes it."""
        return unit.replace("/year", "/an") if self.language == "fr" else unit

    def type_title(self, key: str) -> str:
        """Return the title of an equipment type."""
        types = self.page.registry.equipment_types
        if key not in types:
            return key or self.word("untyped")
        return types[key].title_fr if self.language == "fr" else types[key].title_en

    def stage_title(self, key: str) -> str:
        """Return the title of a stage."""
        stage = reen.Stage(key)
        return stage.title_fr if self.language == "fr" else stage.title_en

    def criterion_title(self, key: str) -> str:
        """Return the title of a criterion."""
        criterion = self.comparison.vocabulary[key]
        return criterion.title_fr if self.language == "fr" else criterion.title_en

    def group_title(self, key: Mapping[str, object]) -> str:
        """Return the values of a group key, by column."""
        return " / ".join(
            self.type_title(str(value or "")) if name == "equipment_type" else str(value or "-")
            for name, value in key.items()
        )

    def cause(self, name: object, only: object) -> str:
        """Return the title of an effect."""
        return self.word("only").format(only=only) if only else self.word(str(name))

    def bar(self, share: float, *, columns: int = 1) -> str:
        """Return a share of the largest figure as a bar, in one of some columns."""
        cells = self.page.bar_cells // columns
        return bar(share, cells=cells, ascii_only=self.page.ascii_only)


def bound(*, left_out: bool, grows: bool) -> str:
    """Return the sign of a figure of which something is left out.

    Parameters
    ----------
    left_out
        Whether something is.
    grows
        Whether counting it can only make the figure larger: no factor in use is negative.
    """
    if not left_out:
        return ""
    return ">= " if grows else "~ "
