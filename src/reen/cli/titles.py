"""Titles and figures as the language of a page writes them.

Input: the frame of a page, its language, and what the codes of its words begin with.  Output:
titles of types, stages, criteria and groups, figures and units.  Lays nothing out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol

import reen
from reen.cli.page import Page
from reen.cli.tables import bar, figure
from reen.plugin.packs import Criterion
from reen.reasons import Detail, Reason, has_sentence
from reen.results.wording import unit_in
from reen.vocabulary.titles import type_title

__all__ = ["Titles"]


class _Criteria(Protocol):
    def __getitem__(self, key: str, /) -> Criterion: ...


class Titles:
    """What pages of one kind share: mixed into what holds the page, its language and its words."""

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
