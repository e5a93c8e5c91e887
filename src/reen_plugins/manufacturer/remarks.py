"""Remarks of the manufacturer method: which sheet answers for a model, and how it was found.

Input: words of an inventory and the sheets in use.  Output: a remark, with the sheet, the likeness
of the names to the last digit, the line of a matching table that decided, or the sheets that come
nearest when none answers.  Made for `explain` and `trace`, in the language in force; no figure
depends on them.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from reen.plugin import Reason
from reen.plugin.arrays import Remark
from reen.plugin.packs import ModelMatch
from reen_plugins.manufacturer.sheets import Sheets

__all__ = ["remark_on"]

#: Sheets named for a model that has none.
_NEAREST = 3

Details = dict[str, str | float]


def remark_on(words: Mapping[str, str | None], sheets: Sheets, *, median: bool) -> Remark:
    """Return the remark on a model.

    Parameters
    ----------
    words
        Model, maker and type, as the inventory writes them.
    sheets
        The sheets, which the figures were made with.
    median
        Whether a model without a sheet is counted with the median of its type.
    """
    return _Said(
        sheets,
        words["model"] or "",
        words["manufacturer"] or "",
        words["equipment_type"],
        median,
    ).remark()


@attrs.frozen
class _Said:
    """One distinct model, maker and type, with the remark on it."""

    sheets: Sheets
    model: str
    maker: str
    equipment_type: str | None
    median: bool

    def remark(self) -> Remark:
        """Return the remark, as text and as data."""
        details: Details = {"model": self.model, "manufacturer": self.maker}
        text, found = _say("sheet_model_unknown"), False
        if self.model:
            answer = self.sheets.matcher.match(self.model, self.maker)
            found = answer.flow >= 0
            code = "sheet_model_of" if self.maker else "sheet_model"
            subject = _say(code, model=self.model, maker=self.maker)
            said = self._sheet(answer, details) if found else self._no_sheet(answer, details)
            text = _say("page_colon", name=subject, text=said)
        if not found:
            text += self._instead(details)
        return Remark(text, details)

    def _sheet(self, answer: ModelMatch, details: Details) -> str:
        """Say which sheet answers, and how it was found."""
        sheet = self._flow(answer.flow, details)
        if answer.by_hand:
            details["match"] = "by hand"
            return _say("sheet_by_hand", where=self._line(details), sheet=sheet)
        details["score"] = answer.score
        if answer.level == "approximate model":
            details["match"] = "approximate"
            score, least = round(answer.score, 4), self.sheets.matcher.threshold
            return _say("sheet_approximate", sheet=sheet, score=score, least=least)
        if self.model.strip() == details["sheet"]:
            details["match"] = "identifier"
            return _say("sheet_by_identifier", sheet=sheet)
        details["match"] = "exact"
        return _say("sheet_exact", sheet=sheet)

    def _no_sheet(self, answer: ModelMatch, details: Details) -> str:
        """Say why no sheet answers."""
        if answer.by_hand:
            return _say("sheet_none_by_hand", where=self._line(details))
        if answer.set_aside:
            return _say("sheet_of_model_set_aside")
        matcher = self.sheets.matcher
        if not matcher.approximate:  # likeness needs rapidfuzz, which is then not asked for
            return _say("sheet_of_no_such_name")
        (nearest,) = matcher.candidates([(self.model, self.maker)], limit=_NEAREST)
        if not nearest:
            return _say("sheet_of_no_such_name")
        details["nearest"], details["nearest_score"] = nearest[0]
        listed = ", ".join(f"{flow} ({score:.1f})" for flow, score in nearest)
        return _say("sheet_nearest_names", names=listed)

    def _instead(self, details: Details) -> str:
        """Say what is counted in place of a sheet."""
        median = self.sheets.of_type(self.equipment_type) if self.median else None
        if median is None:
            details["match"] = "none"
            return ""
        details["match"] = "median of the type"
        flow = self._flow(median.position, details)
        return _say("sheet_median", sheet=flow)

    def _flow(self, position: int, details: Details) -> str:
        factors = self.sheets.packs.context.factors.factors
        flow, name = factors.flows[position].id, factors.descriptions[position].name
        details |= {"sheet": flow, "sheet_name": name}
        return f"{name} [{flow}]"

    def _line(self, details: Details) -> str:
        """Say which line of the matching table decided."""
        table = self.sheets.matcher.table
        row = table.find(self.model, self.maker) if table is not None else None
        name = (table.name if table is not None else "") or _say("sheet_matching_table")
        details["matching_table"] = name
        if row is None or not row.line:
            return name
        details["matching_line"] = row.line
        return _say("sheet_matching_line", name=name, line=str(row.line))


def _say(code: str, **details: str | float) -> str:
    return Reason(code, **details).text()
