"""Gap: why one method differs from another, in effects that add up to the difference.

Input: the effects that `comparing` summed, and the two totals.  Output: the effects by cause,
stage, group and type, their ranking, a table and a sentence.  A value; computes sums only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import attrs
import pyarrow as pa

from reen.results.effect_sums import RankedEffect, group_key, ranked, summed
from reen.results.wording import Scale, gap_sentence, scale_of, scaled
from reen.views.arrow_table import ArrowTable
from reen.views.viewed import Viewed

__all__ = ["Effect", "Gap", "RankedEffect", "effects_table", "group_key"]

#: What effects may be summed by, besides the grouping columns.
KEYS = ("name", "only", "stage", "group", "equipment_type")

#: Columns of a table of effects; a grouping column of such a name is written ``group.NAME``.
_COLUMNS = frozenset({"a", "b", "name", "only", "stage", "criterion", "value", "unit"})

_TYPE = "equipment_type"


@attrs.frozen
class Effect:
    """One part of a gap.

    Attributes
    ----------
    name
        ``coverage`` (what only one of the two methods assesses), ``factor``, or a driver:
        ``lifetime``, ``annual_energy``, ``pue``, ``usage_share``...
    only
        Of a coverage effect, the method that alone covers it; else empty.
    stage
        Stage boundary on which the two methods are compared.
    group
        Key of the group: its values by grouping column, in their order; empty when nothing is
        grouped by.
    equipment_type
        Type, empty when the rows have none.
    criterion
        Criterion key.
    value
        Contribution to (b - a), in the criterion's unit per year.
    """

    name: str
    only: str
    stage: str
    group: tuple[object, ...] = attrs.field(eq=group_key)
    equipment_type: str
    criterion: str
    value: float


@attrs.frozen(repr=False)
class Gap(ArrowTable, Viewed):
    """Why method b differs from method a.

    Attributes
    ----------
    a, b
        Names of the methods.
    criterion, unit
        What is compared.
    assessed_a, assessed_b
        The two totals, in `unit`; None when nothing was assessed.
    at_least
        Of a and b, whether the total is a lower bound.
    effects
        Parts that add up to ``total_b - total_a``.
    grouped_by
        Grouping columns, of which `Effect.group` holds the values.
    """

    made_by: ClassVar = "reen.results.comparison_view:gap_view"

    a: str
    b: str
    criterion: str
    unit: str
    assessed_a: float | None
    assessed_b: float | None
    at_least: tuple[bool, bool]
    effects: tuple[Effect, ...]
    grouped_by: tuple[str, ...] = ()

    @property
    def total_a(self) -> float:
        """Return the total of a, in `unit`; 0 when nothing was assessed."""
        return self.assessed_a or 0.0

    @property
    def total_b(self) -> float:
        """Return the total of b, in `unit`; 0 when nothing was assessed."""
        return self.assessed_b or 0.0

    @property
    def value(self) -> float:
        """Return b - a, in `unit`."""
        return self.total_b - self.total_a

    def by(self, *keys: str) -> dict[tuple[object, ...], float]:
        """Return the effects summed by some of: name, only, stage, equipment_type, group.

        A grouping column is a key as well, such as ``entity``, unless it has one of these names;
        ``group`` is the tuple of all of them.  Groups are told apart by the values of their
        columns, of whatever type, never by how these would be written.  The largest in absolute
        value come first.

        Raises
        ------
        OptionError
            Another key.
        """
        return summed(self.effects, keys, names=KEYS, grouped_by=self.grouped_by, of="Gap.by")

    def rank(self, *keys: str, top: int | None = None) -> tuple[RankedEffect, ...]:
        """Return what drives the gap, the largest first.

        Parameters
        ----------
        keys
            As in `by`; cause, stage and type when there are none.
        top
            Lines to return, all when absent.

        Raises
        ------
        OptionError
            Another key.
        """
        sums = self.by(*(keys or ("name", "only", "stage", "equipment_type")))
        return ranked(sums, whole=self.value, top=top)

    def to_arrow(self) -> pa.Table:
        """Return one row per effect.

        Columns: a, b, name, only, stage, the grouping columns (as ``group.NAME`` when a column of
        the effects has that name), equipment_type, criterion, value, unit.
        """
        rows = [(self.a, self.b, effect, self.unit) for effect in self.effects]
        return effects_table(rows, self.grouped_by)

    @property
    def scale(self) -> Scale:
        """Return the unit and decimals in which the sentence writes its figures."""
        parts = self._parts().values()
        return scale_of([self.total_a, self.total_b, self.value, *parts], self.unit)

    def _parts(self) -> dict[tuple[str, str], float]:
        """Return the effects of the sentence: by cause, the factors of the use apart."""
        found: dict[tuple[str, str], float] = {}
        for effect in self.effects:
            of_use = (effect.name, effect.stage) == ("factor", "use")
            key = (f"{effect.name} of use" if of_use else effect.name, effect.only)
            found[key] = found.get(key, 0.0) + effect.value
        return dict(sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0])))

    def sentence(self, language: str = "en") -> str:
        """Return the gap in one plain sentence, in English (``en``) or French (``fr``).

        Raises
        ------
        UnknownNameError
            Another language.
        """
        return gap_sentence(
            names=(self.a, self.b),
            totals=(self.assessed_a, self.assessed_b),
            at_least=self.at_least,
            parts=self._parts(),
            scale=self.scale,
            language=language,
        )

    def __repr__(self) -> str:
        """Return the methods and the gap in one line."""
        value, unit = scaled(self.value, self.unit)
        return f"<Gap {self.b} - {self.a}: {self.criterion} {value:+,.4g} {unit}>"

    def __str__(self) -> str:
        """Return the sentence and the effects, largest first."""
        scale = self.scale
        lines = [self.sentence()]
        lines += [
            f"  {name}{f' (only {only})' if only else ''}, {stage}:"
            f" {scale.text(value, sign=True)} {scale.unit}"
            for (name, only, stage), value in self.by("name", "only", "stage").items()
            if value
        ]
        return "\n".join(lines)


def effects_table(
    effects: Sequence[tuple[str, str, Effect, str]], grouped_by: Sequence[str]
) -> pa.Table:
    """Return one row per (a, b, effect, unit): see `Gap.to_arrow`."""

    def texts(name: str) -> pa.Array:
        # blank where there is none, as in the tables of a footprint
        return pa.array([getattr(effect, name) or None for _, _, effect, _ in effects], pa.string())

    columns: dict[str, pa.Array] = {
        "a": pa.array([a for a, _, _, _ in effects], pa.string()),
        "b": pa.array([b for _, b, _, _ in effects], pa.string()),
        "name": texts("name"),
        "only": texts("only"),
        "stage": texts("stage"),
    }
    for k, name in enumerate(grouped_by):
        if name != _TYPE:  # the type of an effect is that of its group
            values = pa.array([effect.group[k] for _, _, effect, _ in effects])
            named = f"group.{name}" if name in _COLUMNS else name
            columns[named] = values.cast(pa.string()) if pa.types.is_null(values.type) else values
    columns[_TYPE] = texts(_TYPE)
    columns["criterion"] = texts("criterion")
    columns["value"] = pa.array([effect.value for _, _, effect, _ in effects], pa.float64())
    columns["unit"] = pa.array([unit for *_, unit in effects], pa.string())
    return pa.table(columns)
