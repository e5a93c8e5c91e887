"""Factor sets: the characterised impact of one unit of each flow, by stage and criterion.

Input: long-form rows (see `columns`).  Output: `values[flow, stage, criterion]`, NaN where nothing
is published, with flow keys, reference units and the source of every row.  A flow's key is its
content (pack, id, geography, year), never an index, so that folds made anywhere can be added.

Must not know methods, inventories or files.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from reen.errors import (
    DimensionError,
    DuplicateFactorError,
    FactorDataError,
    UnknownCriterionError,
)
from reen.factors.columns import FACTOR_COLUMNS, REQUIRED_FACTOR
from reen.vocabulary.criteria import bundled_criteria
from reen.vocabulary.stages import Stage
from reen.vocabulary.units import conversion_factor

__all__ = ["REFERENCE_UNITS", "FactorSet", "Flow", "FlowDescription"]

#: What one unit of a flow may be.
REFERENCE_UNITS = ("item", "kWh", "kgCO2e")

#: z of the two-sided 95 % interval of the normal law, used to read published percentages.
_Z95 = 1.959963984540054

_SAME = attrs.cmp_using(eq=lambda a, b: np.array_equal(a, b, equal_nan=True))


# A flow is a key many times over: its hash is worked out once.
@attrs.frozen(order=True, cache_hash=True)
class Flow:
    """The key of a reference flow.

    Attributes
    ----------
    pack
        Factor pack that describes it.
    id
        Identifier in that pack.
    geography
        Place, empty when it is not tied to one.
    year
        Year, 0 when it is not tied to one.
    """

    pack: str
    id: str
    geography: str = ""
    year: int = 0

    def sort_key(self) -> tuple[str, str, str, int]:
        """Return what flows are ordered by, for sorting many of them quickly."""
        return (self.pack, self.id, self.geography, self.year)

    def __str__(self) -> str:
        """Return the key in words, such as ``electricity-france:mix (FR, 2022)``."""
        place = ", ".join(part for part in (self.geography, str(self.year or "")) if part)
        return f"{self.pack}:{self.id}" + (f" ({place})" if place else "")


@attrs.frozen
class FlowDescription:
    """What is said of a flow, for explanations and matching.

    Attributes
    ----------
    name
        Label.
    reference_unit
        What one unit is: ``item``, ``kWh``.
    equipment_type, manufacturer, model
        Match keys; empty when the flow is found by id only.
    boundary, status
        System boundary and status as published.
    sources
        Distinct citations of its rows.
    licence, note
        Licence of the figures, remarks.
    """

    name: str = ""
    reference_unit: str = "item"
    equipment_type: str = ""
    manufacturer: str = ""
    model: str = ""
    boundary: str = ""
    status: str = ""
    sources: tuple[str, ...] = ()
    licence: str = ""
    note: str = ""


@attrs.frozen
class FactorSet:
    """Characterised impacts of reference flows.

    Attributes
    ----------
    flows
        Keys, length F.
    descriptions
        One per flow.
    stages, criteria
        Axes of the arrays, lengths S and C.
    values
        float64 (F, S, C), impact of one reference unit in the criterion's unit; NaN where the
        source publishes nothing.  `embedded` beside manufacturing, distribution or end of life is
        what the source does not separate: the stages of a flow always add up.
    lower, upper
        Published bounds, same shape, NaN where none.
    spread
        Relative standard deviation, same shape, NaN where none is published.
    """

    flows: tuple[Flow, ...]
    descriptions: tuple[FlowDescription, ...]
    stages: tuple[Stage, ...]
    criteria: tuple[str, ...]
    values: npt.NDArray[np.float64] = attrs.field(eq=_SAME)
    lower: npt.NDArray[np.float64] = attrs.field(eq=_SAME)
    upper: npt.NDArray[np.float64] = attrs.field(eq=_SAME)
    spread: npt.NDArray[np.float64] = attrs.field(eq=_SAME)

    def __len__(self) -> int:
        """Return the number of flows."""
        return len(self.flows)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]], *, pack: str) -> FactorSet:
        """Check long-form rows and build the set.

        Parameters
        ----------
        rows
            Cells as text, keyed by the columns of `FACTOR_COLUMNS`; the first is line 2 of its
            file.
        pack
            Name of the pack, part of every flow key and of every message.

        Raises
        ------
        FactorDataError
            A missing column, an unknown stage, criterion or unit, a value that is not a number.
        DuplicateFactorError
            Two values for one (flow, geography, year, stage, criterion).
        """
        return _Reader(pack).read(rows)

    @classmethod
    def concatenate(cls, sets: Sequence[FactorSet]) -> FactorSet:
        """Return the flows of all sets, in order, on the union of their axes."""
        stages = tuple(stage for stage in Stage if any(stage in each.stages for each in sets))
        criteria = tuple(dict.fromkeys(key for each in sets for key in each.criteria))
        names = ("values", "lower", "upper", "spread")
        arrays = {
            name: np.concatenate(
                [_on_axes(each, getattr(each, name), stages, criteria) for each in sets]
                or [np.empty((0, len(stages), len(criteria)))]
            )
            for name in names
        }
        return cls(
            tuple(flow for each in sets for flow in each.flows),
            tuple(text for each in sets for text in each.descriptions),
            stages,
            criteria,
            **arrays,
        )

    def take(self, positions: Sequence[int]) -> FactorSet:
        """Return the flows at `positions`, in that order."""
        index = np.asarray(positions, dtype=np.intp)
        return FactorSet(
            tuple(self.flows[k] for k in index),
            tuple(self.descriptions[k] for k in index),
            self.stages,
            self.criteria,
            self.values[index],
            self.lower[index],
            self.upper[index],
            self.spread[index],
        )

    def published_stages(self) -> tuple[Stage, ...]:
        """Return the stages that at least one flow publishes."""
        used = np.asarray((~np.isnan(self.values)).any(axis=(0, 2)))
        return tuple(stage for stage, there in zip(self.stages, used, strict=True) if there)

    def on_stages(self, stages: Collection[Stage]) -> FactorSet:
        """Return the same flows with only those of their stages."""
        used = np.array([stage in stages for stage in self.stages], np.bool_)
        return attrs.evolve(
            self,
            stages=tuple(stage for stage in self.stages if stage in stages),
            values=self.values[:, used],
            lower=self.lower[:, used],
            upper=self.upper[:, used],
            spread=self.spread[:, used],
        )

    def digest(self) -> str:
        """Return a SHA-256 of keys, descriptions and values, the same whatever the row order."""
        lines = []
        for k, (flow, text) in enumerate(zip(self.flows, self.descriptions, strict=True)):
            for s, stage in enumerate(self.stages):
                for c, criterion in enumerate(self.criteria):
                    cell = [a[k, s, c] for a in (self.values, self.lower, self.upper, self.spread)]
                    if not all(math.isnan(number) for number in cell):
                        numbers = [float(number) for number in cell]
                        lines.append(repr((attrs.astuple(flow), str(stage), criterion, numbers)))
            lines.append(repr((attrs.astuple(flow), attrs.astuple(text))))
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _on_axes(
    given: FactorSet,
    array: npt.NDArray[np.float64],
    stages: Sequence[Stage],
    criteria: Sequence[str],
) -> npt.NDArray[np.float64]:
    """Spread an array of `given` over wider axes, NaN elsewhere."""
    wide = np.full((len(given), len(stages), len(criteria)), np.nan)
    rows = [stages.index(stage) for stage in given.stages]
    columns = [criteria.index(key) for key in given.criteria]
    wide[np.ix_(range(len(given)), rows, columns)] = array
    return wide


class _Reader:
    """Long-form rows on their way to arrays; knows the line it is at."""

    def __init__(self, pack: str) -> None:
        self.pack = pack
        self.line = 1
        self.cells: dict[tuple[Flow, Stage, str], tuple[float, float, float, float]] = {}
        self.texts: dict[Flow, FlowDescription] = {}
        self.criteria: dict[str, str] = {}

    def read(self, rows: Iterable[Mapping[str, str]]) -> FactorSet:
        for self.line, row in enumerate(rows, start=2):
            self._row(row)
        flows = tuple(self.texts)
        stages = tuple(stage for stage in Stage if any(key[1] == stage for key in self.cells))
        criteria = tuple(dict.fromkeys(key[2] for key in self.cells))
        arrays = np.full((4, len(flows), len(stages), len(criteria)), np.nan)
        position = {flow: k for k, flow in enumerate(flows)}
        for (flow, stage, criterion), numbers in self.cells.items():
            arrays[:, position[flow], stages.index(stage), criteria.index(criterion)] = numbers
        return FactorSet(flows, tuple(self.texts.values()), stages, criteria, *arrays)

    def _fail(self, column: str, value: str, expected: str) -> FactorDataError:
        return FactorDataError(self.pack, self.line, column, value, expected)

    def _row(self, row: Mapping[str, str]) -> None:
        for column in REQUIRED_FACTOR:
            if not (row.get(column) or "").strip():
                raise self._fail(column, row.get(column) or "", FACTOR_COLUMNS[column])
        unit = row["reference_unit"]
        if unit not in REFERENCE_UNITS:
            raise self._fail("reference_unit", unit, f"one of {', '.join(REFERENCE_UNITS)}")
        try:
            stage = Stage(row["stage"])
        except ValueError as error:
            raise self._fail("stage", row["stage"], f"one of {', '.join(Stage)}") from error
        try:
            criterion = bundled_criteria().resolve(row["criterion"])
        except UnknownCriterionError as error:
            raise self._fail("criterion", row["criterion"], f"a criterion. {error}") from error
        try:
            scale = conversion_factor(row["unit"], f"{criterion.unit}/{unit}", what="a factor")
        except DimensionError as error:
            raise self._fail(
                "unit", row["unit"], f"a unit of the dimension {criterion.unit}/{unit}"
            ) from error
        year = self._whole("year", row.get("year") or "")
        flow = Flow(self.pack, row["flow"], row.get("geography") or "", year)
        key = (flow, stage, criterion.key)
        if key in self.cells:
            raise DuplicateFactorError(
                self.pack,
                self.line,
                "value",
                row["value"],
                f"one value for {flow}, {stage}, {criterion.key}; this is the second",
            )
        percent = self._number("uncertainty_percent", row)
        if percent < 0.0:
            raise self._fail("uncertainty_percent", row["uncertainty_percent"], "0 or more")
        if self._number("lower", row) > self._number("upper", row):
            raise self._fail("lower", row["lower"], f"at most the upper bound {row['upper']}")
        self.cells[key] = (
            self._number("value", row) * scale,
            self._number("lower", row) * scale,
            self._number("upper", row) * scale,
            # A published ±p % is read as the half-width of a 95 % interval, as the Bilan Carbone
            # method gives its uncertainties: p / 100 = 1.96 relative standard deviations.
            percent / 100.0 / _Z95,
        )
        self._describe(flow, unit, row)

    def _describe(self, flow: Flow, unit: str, row: Mapping[str, str]) -> None:
        citation = ", ".join(
            part
            for part in (row["source"], row.get("source_year") or "", row.get("source_url") or "")
            if part
        )
        known = self.texts.get(flow)
        if known is None:
            self.texts[flow] = FlowDescription(
                name=row.get("name") or row["flow"],
                reference_unit=unit,
                equipment_type=row.get("equipment_type") or "",
                manufacturer=row.get("manufacturer") or "",
                model=row.get("model") or "",
                boundary=row.get("boundary") or "",
                status=row.get("status") or "",
                sources=(citation,),
                licence=row.get("licence") or "",
                note=row.get("note") or "",
            )
            return
        if known.reference_unit != unit:
            raise self._fail(
                "reference_unit", unit, f"{known.reference_unit!r} as in the other rows of {flow}"
            )
        note = row.get("note") or ""
        self.texts[flow] = attrs.evolve(
            known,
            sources=tuple(dict.fromkeys((*known.sources, citation))),
            note=known.note if note in known.note else f"{known.note}; {note}".strip("; "),
        )

    def _number(self, column: str, row: Mapping[str, str]) -> float:
        text = (row.get(column) or "").strip()
        if not text:
            return math.nan
        try:
            number = float(text)
        except ValueError as error:
            raise self._fail(column, text, "a number with a decimal point") from error
        if not math.isfinite(number):
            raise self._fail(column, text, "a finite number")
        return number

    def _whole(self, column: str, text: str) -> int:
        try:
            return int(text) if text.strip() else 0
        except ValueError as error:
            raise self._fail(column, text, "a year such as 2022, or nothing") from error
