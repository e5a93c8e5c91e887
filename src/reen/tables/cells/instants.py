"""Instants: cells with a day and mostly an hour, as points in time.

Input: the cells of a column of instants.  Output: what is written of each (the day, read as
`date_columns` does, the hour, and the zone where there is one), and points in time in UTC.

An hour without a zone is that of mainland France (Europe/Paris), summer time included; where the
clocks are put back, the first of two hours is taken.  Decides nothing of periods (`periods`).
"""

from __future__ import annotations

import zoneinfo

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.reasons import Reason
from reen.tables.cells.date_columns import Days, read_days
from reen.tables.cells.days import Precision
from reen.tables.findings import Findings
from reen.tables.sheet import Sheet, codes_of

__all__ = ["PLACE", "Instants", "in_utc", "read_instants"]

#: Where a time without a zone is read.
PLACE = "Europe/Paris"

_SECONDS = npt.NDArray[np.datetime64]
_MASK = npt.NDArray[np.bool_]

_HOUR = (
    r"(?i)\d[ T]+(?P<h>\d{1,2})[:h](?P<m>\d{0,2})(?:[:h](?P<s>\d{0,2}))?(?:[.,]\d+)?"
    r"\s*(?P<half>[ap])?\.?m?\.?\s*(?P<zone>z|utc|[+-]\d\d:?\d\d)?$"
)
#: What looks like an hour, well written or not.
_LOOKS_LIKE_ONE = r"(?i)\d[ T]+\d{1,2}[:h]"
#: Days of a spreadsheet with a part of a day.
_PART_OF_DAY = r"^\d{5}[.,](?P<part>\d+)$"

_DAY, _HOURS, _HALF, _SIXTY = 86_400, 3_600, 12, 60


@attrs.frozen(eq=False, repr=False)
class Instants:
    """A column of instants, row by row.

    Attributes
    ----------
    written
        What is written, on the clock of its zone; the beginning of a day, month or year that stands
        without an hour; NaT where there is none.
    after
        The beginning of the day, month or year after it; of an hour, that hour itself.
    zone
        Seconds that the zone is ahead of UTC; NaN where none is written.
    whole, wide
        Where it is a day, month or year without an hour; a month or a year.
    order
        What was decided of day and month, as `Days.order`.
    """

    written: _SECONDS
    after: _SECONDS
    zone: npt.NDArray[np.float64]
    whole: _MASK
    wide: _MASK
    order: str


def read_instants(
    sheet: Sheet, position: int, column: str, findings: Findings, *, language: str
) -> Instants:
    """Return a column of instants; hours that are none are told, as are days that are none.

    Parameters
    ----------
    sheet, position, column, findings, language
        As in `reen.tables.cells.date_columns.read_days`.
    """
    days = read_days(sheet, position, column, findings, language=language)
    words = sheet.words(position)
    codes = codes_of(words)
    seconds, zones, hours, bad = _hours(words.dictionary)
    texts = words.dictionary.to_pylist()
    no_hour = {int(code): texts[code] for code in np.flatnonzero(bad)}
    findings.values(
        column, no_hour, Reason("no_hour"), codes, sheet.lines, expected=Reason("expected_instant")
    )
    first, after, wide = _bounds(days)
    refused = np.append(bad, False)[codes]
    first[refused] = np.datetime64("NaT", "s")
    zone = np.append(zones, np.nan)[codes]
    # tools write days as midnights: they are hours where the column has another one, or a zone
    only_days = not (seconds % _DAY).any() and np.isnan(zones).all()
    whole = np.ones(len(sheet), np.bool_) if only_days else ~np.append(hours, False)[codes]
    written = first + np.append(seconds, 0)[codes].astype("timedelta64[s]")
    after = np.where(np.isnat(first), first, np.where(whole, after, written))
    return Instants(written, after, zone, whole, wide & whole, days.order)


def _hours(
    texts: pa.Array,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], _MASK, _MASK]:
    """Return (seconds of the day, of the zone; where an hour is written, and where badly)."""
    found = pc.extract_regex(texts, _HOUR)
    hour, minute, second = (_whole_numbers(found, name) for name in "hms")
    half = _text(found, "half")
    hour = np.where((half == "a") & (hour == _HALF), 0, hour)
    hour = np.where((half == "p") & (hour < _HALF), hour + _HALF, hour)
    seconds = hour * _HOURS + minute * _SIXTY + second
    part = pc.struct_field(pc.extract_regex(texts, _PART_OF_DAY), "part")
    share = pc.cast(pc.binary_join_element_wise("0", part, "."), pa.float64())
    of_sheet = pc.fill_null(pc.round(pc.multiply(share, float(_DAY))), 0.0)
    seconds = seconds + numpy_of(of_sheet).astype(np.int64)
    written = numpy_of(found.is_valid())
    likely = numpy_of(pc.match_substring_regex(texts, _LOOKS_LIKE_ONE))
    bad = (minute >= _SIXTY) | (second >= _SIXTY) | (seconds > _DAY) | (likely & ~written)
    hours = written | numpy_of(part.is_valid())
    return seconds, _zones(_text(found, "zone")), hours, bad


def _text(found: pa.Array, name: str) -> npt.NDArray[np.str_]:
    part = pc.fill_null(pc.utf8_lower(pc.struct_field(found, name)), "")
    return np.asarray(part.to_pylist(), dtype=np.str_)


def _whole_numbers(found: pa.Array, name: str) -> npt.NDArray[np.int64]:
    part = _text(found, name)
    return np.where(part == "", "0", part).astype(np.int64)


def _zones(texts: npt.NDArray[np.str_]) -> npt.NDArray[np.float64]:
    """Return how many seconds each zone is ahead of UTC."""
    known = {"": np.nan, "z": 0.0, "utc": 0.0}
    for text in set(texts.tolist()) - known.keys():
        digits = text[1:].replace(":", "")
        ahead = int(digits[:2]) * _HOURS + int(digits[2:]) * _SIXTY
        known[text] = -float(ahead) if text.startswith("-") else float(ahead)
    return np.array([known[text] for text in texts.tolist()], np.float64)


def _bounds(days: Days) -> tuple[_SECONDS, _SECONDS, _MASK]:
    """Return the beginning of what each cell names, that of the next, and where it is no day."""
    first = numpy_of(days.days).astype("datetime64[D]")
    after = first + np.timedelta64(1, "D")
    wide = np.zeros(len(first), np.bool_)
    if days.precision is not None:
        words = np.array(days.precision.cast(pa.string()).to_pylist(), dtype=object)
        for kind, unit in ((Precision.MONTH, "M"), (Precision.YEAR, "Y")):
            here = words == str(kind)
            begun = first[here].astype(f"datetime64[{unit}]")
            first[here], after[here] = begun, begun + np.ones(1, f"timedelta64[{unit}]")
            wide |= here
    return first.astype("datetime64[s]"), after.astype("datetime64[s]"), wide


def in_utc(
    column: str,
    written: _SECONDS,
    zone: npt.NDArray[np.float64],
    sheet: Sheet,
    findings: Findings,
) -> pa.Array:
    """Return points in time (timestamp[s, UTC]); a zone that is not written is told.

    Parameters
    ----------
    column
        Canonical column.
    written, zone
        As in `Instants`.
    sheet, findings
        The rows, and where it is told.
    """
    there = ~np.isnat(written)
    local = there & np.isnan(zone)
    ahead = np.nan_to_num(zone)
    if local.any():
        distinct, places = np.unique(written[local], return_inverse=True)
        offsets, unclear = _of_place(distinct)
        ahead[local] = offsets[places]
        example = str(written[int(local.argmax())]).replace("T", " ")
        findings.rows(column, example, Reason("local_time", place=PLACE), sheet.lines[local])
        rows = np.flatnonzero(local)[unclear[places]]
        if len(rows):
            example = str(written[rows[0]]).replace("T", " ")
            findings.rows(
                column,
                example,
                Reason("hour_of_clock_change"),
                sheet.lines[rows],
                expected=Reason("expected_instant"),
                severity=Severity.DOUBT,
            )
    utc = written - ahead.astype(np.int64).astype("timedelta64[s]")
    return pa.array(utc, pa.timestamp("s"), mask=~there).cast(pa.timestamp("s", tz="UTC"))


def _of_place(written: _SECONDS) -> tuple[npt.NDArray[np.float64], _MASK]:
    """Return how far ahead of UTC the place is, and where its clocks show an hour twice."""
    place = zoneinfo.ZoneInfo(PLACE)
    offsets = np.empty(len(written))
    unclear = np.zeros(len(written), np.bool_)
    for k, moment in enumerate(written.astype("datetime64[s]").tolist()):
        one = place.utcoffset(moment.replace(tzinfo=place))
        other = place.utcoffset(moment.replace(tzinfo=place, fold=1))
        assert one is not None and other is not None  # noqa: S101, PT018 - a place has an offset
        offsets[k] = one.total_seconds()
        unclear[k] = one != other
    return offsets, unclear
