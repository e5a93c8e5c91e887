"""Remarks of the manufacturer method: which sheet answers for each model, and how it was found.

Input: a batch and the look-ups of the method.  Output: one remark per row, with the sheet, the
likeness of the names to the last digit, the line of a matching table that decided, or the sheets
that come nearest when none answers.  Made for `explain` and `trace`; no figure depends on them.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from reen import Batch, ModelMatch, Remark, Remarks
from reen_plugins.methods.manufacturer_lookups import Lookups, distinct_codes

__all__ = ["remarks_of"]

#: Sheets named for a model that has none.
_NEAREST = 3

Details = dict[str, str | float]


def remarks_of(batch: Batch, lookups: Lookups) -> Remarks:
    """Return what is said of the model of each row.

    Parameters
    ----------
    batch
        Rows.
    lookups
        Look-ups of the method, which the figures were made with.
    """
    names, place = lookups.names(batch)
    types, type_names = batch.codes("equipment_type")
    # the type matters to models without a sheet only, but a remark per type costs nothing
    width = len(type_names) + 1
    codes = place * width + (types + 1)
    distinct, remark = distinct_codes(codes, len(names) * width)
    asked = [
        (*names[code // width], type_names[code % width - 1] if code % width else "")
        for code in distinct.tolist()
    ]
    nearest = _nearest(lookups, {(model, maker) for model, maker, _ in asked})
    made = [
        _Said(lookups, model, maker, kind, nearest.get((model, maker), ())).remark()
        for model, maker, kind in asked
    ]
    return Remarks(tuple(made), remark.astype(np.int64, copy=False))


def _nearest(
    lookups: Lookups, names: set[tuple[str, str]]
) -> Mapping[tuple[str, str], tuple[tuple[str, float], ...]]:
    """Return the sheets whose names come nearest to those of the models that have none."""
    if not lookups.matcher.approximate:
        return {}  # likeness needs rapidfuzz, which is then not asked for
    without = sorted(each for each in names if each[0] and lookups.match(*each).flow < 0)
    found = lookups.matcher.candidates(without, limit=_NEAREST)
    return dict(zip(without, found, strict=True))


@attrs.frozen
class _Said:
    """One distinct model, maker and type, and what is said of it."""

    lookups: Lookups
    model: str
    maker: str
    equipment_type: str
    nearest: tuple[tuple[str, float], ...]

    def remark(self) -> Remark:
        """Return the remark, as text and as data."""
        answer = self.lookups.match(self.model, self.maker)
        details: Details = {"model": self.model, "manufacturer": self.maker}
        if not self.model:
            text = "model unknown"
        else:
            subject = f"model {self.model!r}" + (f" of {self.maker!r}" if self.maker else "")
            found = answer.flow >= 0
            said = self._sheet(answer, details) if found else self._no_sheet(answer, details)
            text = f"{subject}: {said}"
        if answer.flow < 0:
            text += self._instead(details)
        return Remark(text, details)

    def _sheet(self, answer: ModelMatch, details: Details) -> str:
        """Say which sheet answers, and how it was found."""
        sheet = self._flow(answer.flow, details)
        if answer.by_hand:
            details["match"] = "by hand"
            return f"sheet chosen by hand ({self._line(details)}): {sheet}"
        details["score"] = answer.score
        if answer.level == "approximate model":
            details["match"] = "approximate"
            accepted = f"accepted from {self.lookups.matcher.threshold:g}"
            return f"approximate match: {sheet}; score {answer.score:.4f} of 100, {accepted}"
        if self.model.strip() == details["sheet"]:
            details["match"] = "identifier"
            return f"named by its identifier: {sheet}"
        details["match"] = "exact"
        return f"exact match: {sheet}; score 100 of 100"

    def _no_sheet(self, answer: ModelMatch, details: Details) -> str:
        """Say why no sheet answers."""
        if answer.by_hand:
            return f"no sheet, as decided by hand ({self._line(details)})"
        if answer.set_aside:
            return "its sheet is set aside (see the notes of its pack)"
        if not self.nearest:
            return "no sheet of that name"
        details["nearest"], details["nearest_score"] = self.nearest[0]
        listed = ", ".join(f"{flow} ({score:.1f})" for flow, score in self.nearest)
        return f"no sheet of that name; nearest names, but other numbers or words: {listed}"

    def _instead(self, details: Details) -> str:
        """Say what is counted in place of a sheet."""
        median = -1
        if self.lookups.median:
            median = int(self.lookups.type_item([self.equipment_type or None])[0])
        if median < 0:
            details["match"] = "none"
            return ""
        details["match"] = "median of the type"
        return f"; counted with the median of its type: {self._flow(median, details)}"

    def _flow(self, position: int, details: Details) -> str:
        factors = self.lookups.context.factors.factors
        flow, name = factors.flows[position].id, factors.descriptions[position].name
        details |= {"sheet": flow, "sheet_name": name}
        return f"{name} [{flow}]"

    def _line(self, details: Details) -> str:
        """Say which line of the matching table decided."""
        table = self.lookups.matcher.table
        row = table.find(self.model, self.maker) if table is not None else None
        name = (table.name if table is not None else "") or "matching table"
        details["matching_table"] = name
        if row is None or not row.line:
            return name
        details["matching_line"] = row.line
        return f"{name}, line {row.line}"
