"""Change: why the footprint of one year differs from that of the year before.

Input: its figures (`change_figures`).  Output: sentences, a table, a page.  A value; the effects
are worked out by `changing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import attrs
import pyarrow as pa

from reen.results.change_figures import ChangeEffect, ChangeFigures
from reen.results.change_wording import change_lines, change_sentence
from reen.views.arrow_table import ArrowTable
from reen.views.viewed import Viewed

__all__ = ["Change"]

#: Columns of a table of effects; a grouping column of such a name is written ``group.NAME``.
_COLUMNS = frozenset({"cause", "detail", "stage", "equipment_type", "criterion", "value", "unit"})

_TYPE = "equipment_type"


@attrs.frozen(eq=False, kw_only=True)
class Change(ChangeFigures, ArrowTable, Viewed):
    """Why the footprint of year `after` differs from that of year `before`.

    Attributes
    ----------
    by
        Grouping columns asked for.
    before
        Footprint of the first year as it was measured then, by those columns and by type: by last
        year's method and factors where they were given, else the same as `restated`.
    restated
        Footprint of the first year by the method and the factors of the second.
    after
        Footprint of the second year.
    printed
        Footprint of the first year as it was published, None when it was not given.
    not_replayed
        Why the printed footprint could not be made again; empty when it could.
    dated_by
        What says the reference date of each year, where one was not given: the ``names`` of its
        files, or its ``records``; empty of one that was.
    swapped
        The days of the two years where the first one is after the second, by their reference dates
        or by the names of their files; else empty.
    spelt_alike
        Names of groups that differ by case, accents, hyphens or blanks alone, and that the effects
        take for one, as the second year spells it.
    effects
        Parts that add up to the change, by criterion in the order of `criteria`.
    entities
        Whether both years name entities.
    without_entity
        Items of each year whose rows name no entity, where others do.
    identified
        Whether assets could be found again by their identifiers.

    Examples
    --------
    >>> before = reen.Equipment("laptop", id="a", lifetime="4 year", country="FR")
    >>> after = reen.Equipment("laptop", id="a", lifetime="5 year", country="FR")
    >>> change = reen.change(before, after, method="base-carbone", as_of="2025-12-31")
    >>> print(change.sentence())
    From 40.338 to 32.538 kgCO2e/year: -7.800, wholly -7.800 by longer lives.
    """

    made_by: ClassVar = "reen.results.change_view:change_view"

    def sentence(self, language: str = "en", *, criterion: str = "climate_change") -> str:
        """Return the change in one plain sentence, in English (``en``) or French (``fr``).

        Raises
        ------
        UnknownNameError
            Another language.
        """
        return change_sentence(self, criterion=self._criterion(criterion), language=language)

    def notes(self, language: str = "en", *, criterion: str = "climate_change") -> tuple[str, ...]:
        """Return what must be known beside the sentence: what is not read, what is one effect."""
        return tuple(change_lines(self, criterion=self._criterion(criterion), language=language))

    # -- tables ------------------------------------------------------------------------------

    def to_arrow(self) -> pa.Table:
        """Return one row per effect.

        Columns: cause, detail, stage, the grouping columns (as ``group.NAME`` when a column of the
        effects has that name), equipment_type, criterion, value, unit.
        """
        return _table(self.effects, self.by, {key: self.after.unit(key) for key in self.criteria})

    def __str__(self) -> str:
        """Return the sentence, the notes, and the effects by cause, largest first."""
        lines = []
        for key in self.criteria:
            scale = self.scale(key)
            lines += [self.sentence(criterion=key), *self.notes(criterion=key)]
            lines += [
                f"  {cause}{f' ({detail})' if detail else ''}:"
                f" {scale.text(value, sign=True)} {scale.unit}"
                for (cause, detail), value in self.by_cause("detail", criterion=key).items()
                if value
            ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Return the method and the first totals in one line."""
        said = ""
        if self.criteria:
            first, last = self.ends(self.criteria[0])
            said = f": {self.criteria[0]} {first} -> {last}"
        return f"<Change {self.after.provenance.method}{said}>"


def _table(effects: Sequence[ChangeEffect], by: Sequence[str], units: dict[str, str]) -> pa.Table:
    def texts(name: str) -> pa.Array:
        return pa.array([getattr(effect, name) or None for effect in effects], pa.string())

    columns = {name: texts(name) for name in ("cause", "detail", "stage")}
    for k, name in enumerate(by):
        if name != _TYPE:
            values = pa.array([effect.group[k] for effect in effects])
            named = f"group.{name}" if name in _COLUMNS else name
            columns[named] = values.cast(pa.string()) if pa.types.is_null(values.type) else values
    columns[_TYPE] = texts(_TYPE)
    columns["criterion"] = texts("criterion")
    columns["value"] = pa.array([effect.value for effect in effects], pa.float64())
    columns["unit"] = pa.array([units[effect.criterion] for effect in effects], pa.string())
    return pa.table(columns)
