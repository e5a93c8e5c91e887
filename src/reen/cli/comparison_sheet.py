"""What every part of the page of a comparison needs: the comparison, the page, the language.

Input: a `Comparison` and the frame of the page.  Output: titles, figures and units as the language
of the page writes them.  Lays nothing out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs

import reen
from reen.cli.page import Page
from reen.cli.titles import Titles
from reen.vocabulary.criteria import Criteria

__all__ = ["Sheet", "bound"]


@attrs.frozen
class Sheet(Titles):
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

    prefix: ClassVar[str] = "comparison"
    comparison: reen.types.Comparison
    page: Page
    baseline: str
    language: str
    options: Mapping[str, Mapping[str, str]]

    @property
    def vocabulary(self) -> Criteria:
        """Return the criteria of the comparison."""
        return self.comparison.vocabulary

    def cause(self, name: object, only: object) -> str:
        """Return the title of an effect."""
        return self.word("only", only=str(only)) if only else self.word(str(name))


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
