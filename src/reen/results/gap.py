"""Gap: why one method differs from another, in effects that add up to the difference.

Input: the effects that `comparing` summed, and the two totals.  Output: the effects by cause,
stage, group and type, their ranking, a table and a sentence.  A value; computes sums only.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pyarrow as pa

from reen.errors import OptionError
from reen.results.wording import Scale, gap_sentence, scale_of

__all__ = ["Effect", "Gap", "RankedEffect"]

#: What effects may be summed by.
KEYS = ("name", "only", "stage", "group", "equipment_type")


@attrs.frozen(order=True)
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
        Group key in words, empty when nothing is grouped by.
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
    group: str
    equipment_type: str
    criterion: str
    value: float


@attrs.frozen
class RankedEffect:
    """A line of the rank table of a gap.

    Attributes
    ----------
    rank
        1 for the largest in absolute value.
    key
        What it is the sum of, in the order of the keys asked for.
    value
        Contribution to the gap, in its unit.
    share
        Share of the gap: negative where it goes against it, above 1 where others do; NaN when the
        gap is zero.
    weight
        Share of the sum of absolute values, between 0 and 1.
    """

    rank: int
    key: tuple[str, ...]
    value: float
    share: float
    weight: float


@attrs.frozen
class Gap:
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
    """

    a: str
    b: str
    criterion: str
    unit: str
    assessed_a: float | None
    assessed_b: float | None
    at_least: tuple[bool, bool]
    effects: tuple[Effect, ...]

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

    def by(self, *keys: str) -> dict[tuple[str, ...], float]:
        """Return the effects summed by some of: name, only, stage, group, equipment_type.

        The largest in absolute value come first.

        Raises
        ------
        OptionError
            Another key.
        """
        for key in keys:
            if key not in KEYS:
                raise OptionError("Gap.by", "keys", key, f"some of {', '.join(KEYS)}")
        found: dict[tuple[str, ...], float] = {}
        for effect in self.effects:
            place = tuple(str(getattr(effect, name)) for name in keys)
            found[place] = found.get(place, 0.0) + effect.value
        return dict(sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0])))

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
        size = sum(abs(value) for value in sums.values())
        return tuple(
            RankedEffect(
                rank,
                key,
                value,
                value / self.value if self.value else float("nan"),
                abs(value) / size if size else 0.0,
            )
            for rank, (key, value) in enumerate(sums.items(), start=1)
            if top is None or rank <= top
        )

    def to_arrow(self) -> pa.Table:
        """Return one row per effect: a, b, the fields of `Effect`, unit."""
        return effects_table([(self.a, self.b, effect, self.unit) for effect in self.effects])

    @property
    def scale(self) -> Scale:
        """Return the unit and decimals in which the sentence writes its figures."""
        parts = self._parts().values()
        return scale_of([self.total_a, self.total_b, self.value, *parts], self.unit)

    def _parts(self) -> dict[tuple[str, str], float]:
        """Return the effects of the sentence: by cause, the factors of the use apart."""
        found: dict[tuple[str, str], float] = {}
        for (name, only, stage), value in self.by("name", "only", "stage").items():
            key = (f"{name} of use" if (name, stage) == ("factor", "use") else name, only)
            found[key] = found.get(key, 0.0) + value
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


def effects_table(effects: Sequence[tuple[str, str, Effect, str]]) -> pa.Table:
    """Return one row per (a, b, effect, unit)."""
    columns: dict[str, pa.Array] = {
        "a": pa.array([a for a, _, _, _ in effects], pa.string()),
        "b": pa.array([b for _, b, _, _ in effects], pa.string()),
    }
    for field in attrs.fields(Effect):
        kind = pa.float64() if field.name == "value" else pa.string()
        values = [getattr(effect, field.name) for _, _, effect, _ in effects]
        # blank where there is none, as in the tables of a footprint
        columns[field.name] = pa.array([None if each == "" else each for each in values], kind)
    columns["unit"] = pa.array([unit for *_, unit in effects], pa.string())
    return pa.table(columns)
