"""Titles and figures as the language of a page writes them, and what a page of a comparison needs.

Input: the frame of a page, its language, and what the codes of its words begin with; a
`Comparison`.  Output: titles of types, stages, criteria and groups, figures and units.  Lays
nothing out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol

import attrs

import reen
from reen.reasons import Detail, Reason, has_sentence
from reen.results.wording import unit_in
from reen.views.figures import bar, figure
from reen.vocabulary.titles import type_title

if TYPE_CHECKING:
    from reen.cli.page import Page
    from reen.plugin.packs import Criterion
    from reen.vocabulary.criteria import Criteria

__all__ = ["Sheet", "Titles", "bound"]


class _Criteria(Protocol):
    def __getitem__(self, key: str, /) -> Criterion: ...


class Titles:
    """Titles and figures in the language of a page; mixed into the class of the page."""

    page: Page
    language: str
    #: What the codes of its words begin with.
    prefix: ClassVar[str]

    @property
    def vocabulary(self) -> _Criteria:
        """Return the criteria of what is shown."""
        raise NotImplementedError

    def word(self, key: str, **details: Detail) -> str:
        """Return a text of the page; the key in words where a plugin brings one without."""
        code = f"{self.prefix}_{key}"
        if not has_sentence(code):
            return key.replace("_", " ")
        return Reason(code, **details).text(self.language)

    def columns_title(self, columns: Sequence[str]) -> str:
        """Return the names of columns that rows are grouped by."""
        codes = {name: f"parameter_{name}" for name in columns}
        said = [
            Reason(code).text(self.language) if has_sentence(code) else name.replace("_", " ")
            for name, code in codes.items()
        ]
        return ", ".join(said)

    def number(self, value: float, decimals: int) -> str:
        """Return a figure as the language writes it."""
        return figure(value, decimals)

    def unit(self, unit: str) -> str:
        """Return a unit as the language writes it."""
        return unit_in(unit, self.language)

    def type_title(self, key: str) -> str:
        """Return the title of a type of equipment or of service."""
        types = self.page.registry.equipment_types
        return type_title(types, key, self.language) or self.word("untyped")

    def stage_title(self, key: str) -> str:
        """Return the title of a stage."""
        stage = reen.Stage(key)
        return stage.title_fr if self.language == "fr" else stage.title_en

    def criterion_title(self, key: str) -> str:
        """Return the title of a criterion."""
        criterion = self.vocabulary[key]
        return criterion.title_fr if self.language == "fr" else criterion.title_en

    def group_title(self, key: Mapping[str, object]) -> str:
        """Return the values of a group key, by column."""
        return " / ".join(
            self.type_title(str(value or "")) if name == "equipment_type" else str(value or "-")
            for name, value in key.items()
        )

    def bar(self, share: float, *, columns: int = 1) -> str:
        """Return a share of the largest figure as a bar, in one of some columns."""
        cells = self.page.bar_cells // columns
        return bar(share, cells=cells, ascii_only=self.page.ascii_only)


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
