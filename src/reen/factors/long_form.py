"""Long form: rows of text, one published value each, become the arrays of a factor set.

Input: `TextRows` under the columns of `columns.FACTOR_COLUMNS`.  Output: the fields of a set.  Each
cell is checked against what its column may hold (units, criteria, places, types, ranges), and a
flow against itself: no cell twice, no part counted once alone and once inside `embedded`.

Reads no file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from reen.errors import DimensionError, FactorDataError, UnknownNameError
from reen.factors.columns import (
    FACTOR_COLUMNS,
    LARGEST_FACTOR,
    LARGEST_UNCERTAINTY,
    REQUIRED_FACTOR,
    WORLD,
    YEARS,
)
from reen.factors.flow import (
    REFERENCE_UNITS,
    Flow,
    FlowDescription,
    is_reference_unit,
)
from reen.factors.text_rows import TextRows
from reen.reasons import Reason, Words, say
from reen.vocabulary.countries import resolve_country
from reen.vocabulary.criteria import Criterion, bundled_criteria, completed, own_criteria
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types
from reen.vocabulary.stages import Stage
from reen.vocabulary.units import conversion_factor

__all__ = ["LongForm", "read_long_form", "type_hint"]

#: z of the two-sided 95 % interval of the normal law, used to read published percentages.
_Z95 = 1.959963984540054

#: Stages that `embedded` may hold.
_PARTS = (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE)

#: What the column `remainder` may hold; Parquet files may have truth values there.
_YES = {"yes": True, "true": True, "no": False, "false": False, "": False}

_Floats: TypeAlias = "npt.NDArray[np.float64]"

#: A cell of a factor set: flow, stage, key of the criterion.
_Key = tuple[Flow, Stage, str]


class LongForm(NamedTuple):
    """The content of long-form rows: the fields of a `FactorSet`, in their order."""

    flows: tuple[Flow, ...]
    descriptions: tuple[FlowDescription, ...]
    stages: tuple[Stage, ...]
    criteria: tuple[str, ...]
    values: _Floats
    lower: _Floats
    upper: _Floats
    spread: _Floats
    definitions: tuple[Criterion, ...]


def read_long_form(
    rows: TextRows,
    pack: str,
    equipment_types: EquipmentTypes | None = None,
    criteria: Iterable[Criterion] = (),
) -> LongForm:
    """Check long-form rows and put their figures in arrays; see `FactorSet.from_rows`."""
    return _Reader(rows, pack, equipment_types, own_criteria(criteria)).read()


def type_hint(word: str, types: EquipmentTypes) -> str:
    """Return the keys that a word which is no key may stand for, as a hint for a message."""
    found = types.resolve(word)
    near = (found,) if found is not None else types.nearest(word)
    return say("error_did_you_mean_397", near=" or ".join(map(repr, near))) if near else ""


class _Reader:
    """Long-form rows on their way to arrays; knows the line it is at."""

    def __init__(
        self,
        rows: TextRows,
        pack: str,
        equipment_types: EquipmentTypes | None,
        own: tuple[Criterion, ...],
    ) -> None:
        self._rows = rows
        self._own = own
        self._criteria = completed(bundled_criteria(), own)
        self._pack = pack
        self._types = equipment_types
        self._line = 1
        self._cells: dict[_Key, tuple[float, float, float, float]] = {}
        self._lines: dict[_Key, int] = {}
        self._remainders: set[_Key] = set()
        self._texts: dict[Flow, FlowDescription] = {}
        # the same few words come in thousands of rows
        self._places = {"": "", WORLD: WORLD}
        self._known_types = {""}

    def read(self) -> LongForm:
        for line, row in self._rows:
            self._line = line
            self._row(row)
        self._check_remainders()
        flows = tuple(self._texts)
        stages = tuple(stage for stage in Stage if any(key[1] == stage for key in self._cells))
        criteria = tuple(dict.fromkeys(key[2] for key in self._cells))
        values, lower, upper, spread = arrays = np.full(
            (4, len(flows), len(stages), len(criteria)), np.nan
        )
        position = {flow: k for k, flow in enumerate(flows)}
        for (flow, stage, criterion), numbers in self._cells.items():
            arrays[:, position[flow], stages.index(stage), criteria.index(criterion)] = numbers
        used = tuple(own for own in self._own if own.key in criteria)
        texts = tuple(self._texts.values())
        return LongForm(flows, texts, stages, criteria, values, lower, upper, spread, used)

    def _fail(self, column: str, value: str, expected: Words) -> FactorDataError:
        return self._rows.fail(self._line, column, value, expected)

    def _row(self, row: Mapping[str, str]) -> None:
        for column in REQUIRED_FACTOR:
            if not (row.get(column) or "").strip():
                raise self._fail(column, row.get(column) or "", FACTOR_COLUMNS[column])
        unit = row["reference_unit"]
        if not is_reference_unit(unit):
            raise self._fail("reference_unit", unit, REFERENCE_UNITS)
        try:
            stage = Stage(row["stage"])
        except ValueError as error:
            raise self._fail(
                "stage", row["stage"], Reason("error_one_of", names=", ".join(Stage))
            ) from error
        try:
            criterion = self._criteria.resolve(row["criterion"])
        except UnknownNameError as error:
            raise self._fail(
                "criterion", row["criterion"], Reason("error_criterion", error=str(error))
            ) from error
        # units of reen's own criteria are everybody's: nothing else is looked up for them
        own = self._own if criterion in self._own else ()
        wanted = f"{criterion.unit}/{unit}"
        try:
            scale = conversion_factor(row["unit"], wanted, what="a factor", criteria=own)
        except DimensionError as error:
            raise self._fail(
                "unit", row["unit"], Reason("error_unit_dimension", wanted=wanted)
            ) from error
        place = self._place(row.get("geography") or "")
        flow = Flow(self._pack, row["flow"], place, self._year(row.get("year") or ""))
        key = (flow, stage, criterion.key)
        if key in self._cells:
            raise FactorDataError(
                self._rows.place,
                self._line,
                "value",
                row["value"],
                Reason(
                    "error_one_value_first_stands_row",
                    flow=str(flow),
                    stage=stage,
                    key=criterion.key,
                    lines=self._lines[key],
                ),
            )
        if self._is_remainder(row, stage):
            self._remainders.add(key)
        self._lines[key] = self._line
        self._cells[key] = self._numbers(row, scale)
        self._describe(flow, unit, row)

    # -- cells -------------------------------------------------------------------------------

    def _place(self, text: str) -> str:
        if text not in self._places:
            code = resolve_country(text)
            if code != text:
                hint = Reason("error_did_you_mean_hint", given_code=code) if code else ""
                raise self._fail("geography", text, f"{FACTOR_COLUMNS['geography']}{hint}")
            self._places[text] = text
        return text

    def _year(self, text: str) -> int:
        first, last = YEARS
        if not text.strip():
            return 0
        try:
            year = int(text)
        except ValueError as error:
            raise self._fail("year", text, Reason("error_year_2022_nothing")) from error
        if not first <= year <= last:
            raise self._fail(
                "year", text, Reason("error_year_from_nothing", first=first, last=last)
            )
        return year

    def _is_remainder(self, row: Mapping[str, str], stage: Stage) -> bool:
        text = row.get("remainder") or ""
        if text.casefold() not in _YES:
            raise self._fail("remainder", text, Reason("error_yes_no_nothing"))
        remainder = _YES[text.casefold()]
        if remainder and stage is not Stage.EMBEDDED:
            raise self._fail(
                "remainder", text, Reason("error_nothing_stage", stage=stage, remainder=_REMAINDER)
            )
        return remainder

    def _numbers(self, row: Mapping[str, str], scale: float) -> tuple[float, float, float, float]:
        """Return value, bounds and relative standard deviation."""
        percent = self._number("uncertainty_percent", row)
        if percent < 0.0 or percent > LARGEST_UNCERTAINTY:
            expected = Reason(
                "error_percentage_from_0_nothing_when_not", largest_uncertainty=LARGEST_UNCERTAINTY
            )
            raise self._fail("uncertainty_percent", row["uncertainty_percent"], expected)
        value, lower, upper = (self._number(name, row) for name in ("value", "lower", "upper"))
        if lower > upper:
            raise self._fail(
                "lower", row["lower"], Reason("error_at_most_upper_bound", upper=row["upper"])
            )
        # A published ±p % is read as the half-width of a 95 % interval, as the Bilan Carbone
        # method gives its uncertainties: p / 100 = 1.96 relative standard deviations.
        return value * scale, lower * scale, upper * scale, percent / 100.0 / _Z95

    def _number(self, column: str, row: Mapping[str, str]) -> float:
        text = (row.get(column) or "").strip()
        if not text:
            return math.nan
        try:
            number = float(text)
        except ValueError as error:
            raise self._fail(column, text, Reason("error_number_decimal_point")) from error
        if not math.isfinite(number):
            raise self._fail(column, text, Reason("error_finite_number"))
        if abs(number) > LARGEST_FACTOR:
            expected = Reason("error_number_at_most", largest=f"{LARGEST_FACTOR:g}")
            raise self._fail(column, text, expected)
        return number

    def _equipment_type(self, text: str) -> str:
        if text not in self._known_types:
            types = bundled_equipment_types() if self._types is None else self._types
            if text not in types:
                expected = Reason("error_key_type_equipment_nothing", types=type_hint(text, types))
                raise self._fail("equipment_type", text, expected)
            self._known_types.add(text)
        return text

    # -- flows -------------------------------------------------------------------------------

    def _describe(self, flow: Flow, unit: str, row: Mapping[str, str]) -> None:
        citation = ", ".join(
            part
            for part in (row["source"], row.get("source_year") or "", row.get("source_url") or "")
            if part
        )
        equipment_type = self._equipment_type(row.get("equipment_type") or "")
        known = self._texts.get(flow)
        if known is None:
            self._texts[flow] = FlowDescription(
                name=row.get("name") or row["flow"],
                reference_unit=unit,
                equipment_type=equipment_type,
                manufacturer=row.get("manufacturer") or "",
                model=row.get("model") or "",
                boundary=row.get("boundary") or "",
                status=row.get("status") or "",
                sources=(citation,),
                licence=row.get("licence") or "",
                note=row.get("note") or "",
                validity=row.get("validity") or "",
            )
            return
        if known.reference_unit != unit:
            raise self._fail(
                "reference_unit",
                unit,
                Reason("error_other_rows", reference_unit=known.reference_unit, flow=str(flow)),
            )
        note = row.get("note") or ""
        self._texts[flow] = attrs.evolve(
            known,
            sources=tuple(dict.fromkeys((*known.sources, citation))),
            note=known.note if note in known.note else f"{known.note}; {note}".strip("; "),
        )

    def _check_remainders(self) -> None:
        """Refuse `embedded` beside parts that it may hold, unless it is what they leave."""
        for flow, stage, criterion in self._cells:
            if stage is not Stage.EMBEDDED:
                continue
            key = (flow, stage, criterion)
            parts = {
                part: self._lines[flow, part, criterion]
                for part in _PARTS
                if (flow, part, criterion) in self._cells
            }
            self._line = self._lines[key]
            if parts and key not in self._remainders:
                beside = ", ".join(
                    say("place_part_row", part=str(part), line=str(line))
                    for part, line in parts.items()
                )
                raise self._fail(
                    "stage",
                    str(stage),
                    Reason(
                        "error_either_embedded_its_parts_beside_would",
                        flow=str(flow),
                        criterion=criterion,
                        beside=beside,
                    ),
                )
            if not parts and key in self._remainders:
                expected = Reason(
                    "error_nothing_no_row_gives_part",
                    flow=str(flow),
                    criterion=criterion,
                    remainder=_REMAINDER,
                )
                raise self._fail("remainder", "yes", expected)


_REMAINDER = Reason("error_remainder")
