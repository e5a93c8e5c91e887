"""Periods: from which instant to which one a reading goes.

Input: the columns of instants of a table of readings.  Output: the beginning of each period and the
first instant after it, in UTC.  A day is its beginning; whether a last day counts ("from 1 to 31
January") is decided for the whole column, by the periods themselves, and told.

A period that nothing tells is unknown: no length is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.reasons import Reason
from reen.tables.cells.instants import Instants, in_utc
from reen.tables.findings import Findings
from reen.tables.sheet import Sheet

__all__ = ["END", "START", "read_periods"]

START, END = "period_start", "period_end"

_SECONDS = npt.NDArray[np.datetime64]
_DAY = np.timedelta64(1, "D")


def read_periods(
    instants: Mapping[str, Instants], sheet: Sheet, findings: Findings
) -> dict[str, pa.Array]:
    """Return both columns of a table that has one of them at least.

    Parameters
    ----------
    instants
        What the cells of ``period_start`` and ``period_end`` hold.
    sheet, findings
        The rows, and where it is told what was decided.
    """
    starts, ends = instants.get(START), instants.get(END)
    nothing = np.full(len(sheet), np.datetime64("NaT", "s"), "datetime64[s]")
    first = nothing if starts is None else starts.written
    last = nothing
    zone = np.full(len(sheet), np.nan)
    if ends is not None:
        last, zone = _ends(starts, ends, sheet, findings), ends.zone
    elif starts is not None:
        last, zone = np.where(starts.wide, starts.after, nothing), starts.zone
    found = {
        START: in_utc(
            START,
            first,
            np.full(len(sheet), np.nan) if starts is None else starts.zone,
            sheet,
            findings,
        ),
        END: in_utc(END, last, zone, sheet, findings),
    }
    return _in_order(found, sheet, findings)


def _ends(starts: Instants | None, ends: Instants, sheet: Sheet, findings: Findings) -> _SECONDS:
    """Return the first instant after each period."""
    days = ends.whole & ~ends.wide & ~np.isnat(ends.written)
    last = np.where(ends.wide, ends.after, ends.written)
    if starts is None or not days.any():
        return last
    counts, told = _last_day_counts(starts, ends, days)
    example = str(ends.written[int(days.argmax())].astype("datetime64[D]"))
    code = "last_day_counts" if counts else "last_day_excluded" if told else "last_day_unknown"
    findings.rows(END, example, Reason(code), sheet.lines[days])
    return np.where(days, ends.after, last) if counts else last


def _last_day_counts(
    starts: Instants, ends: Instants, days: npt.NDArray[np.bool_]
) -> tuple[bool, bool]:
    """Return whether a last day is part of its period, and whether the periods tell.

    It is where a period is one day, ends with its month, or ends the day before another begins; it
    is not where another begins that day.
    """
    days = days & starts.whole
    begin, end, after = (each[days] for each in (starts.written, ends.written, ends.after))
    others = np.unique(starts.written)
    one_day = begin == end
    follows = np.isin(end, others) & ~one_day
    month = _begins_a_month(begin)
    counts = one_day | (~follows & (np.isin(after, others) | (month & _begins_a_month(after))))
    excluded = follows | (month & _begins_a_month(end) & ~one_day)
    return int(counts.sum()) > int(excluded.sum()), bool(counts.any() or excluded.any())


def _begins_a_month(days: _SECONDS) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = days == days.astype("datetime64[M]").astype("datetime64[s]")
    return found


def _in_order(found: dict[str, pa.Array], sheet: Sheet, findings: Findings) -> dict[str, pa.Array]:
    """Refuse the periods that end before they begin; note those of which an end is not known."""
    first, last = (numpy_of(found[name].cast(pa.timestamp("s"))) for name in (START, END))
    wrong = last <= first
    if wrong.any():
        example = str(last[int(wrong.argmax())])
        findings.rows(
            END,
            example,
            Reason("ends_before_it_begins"),
            sheet.lines[wrong],
            expected=Reason("expected_after_start"),
            severity=Severity.CELL,
        )
        missing = pa.scalar(None, found[END].type)
        mask = pa.array(wrong)
        found = {name: pc.if_else(mask, missing, each) for name, each in found.items()}
    open_ended = (np.isnat(first) | np.isnat(last)) & ~wrong
    if open_ended.any():
        findings.rows("", "", Reason("period_unknown"), sheet.lines[open_ended])
    return found
