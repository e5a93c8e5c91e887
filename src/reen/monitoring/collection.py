"""Indicators: some indicator values together, as text, as a table and as JSON.

Input: values.  Output: an immutable sequence of them, written to JSON and read back equal, so that
this year's file is compared with next year's.  Plain strings for terminals: the command line has
richer tables of its own.  Computes nothing.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Iterator, Mapping
from typing import ClassVar, cast, overload

import attrs
import pyarrow as pa

from reen._version import __version__
from reen.errors import FileFormatError, UnknownNameError
from reen.gate.json_text import json_content
from reen.monitoring.values import Completeness, IndicatorValue, Period, Target
from reen.reasons import Reason, speaking
from reen.views.arrow_table import ArrowTable
from reen.views.viewed import Viewed

__all__ = ["Indicators", "plain_date"]

#: Version of the JSON form; readers refuse others.
FORM = "reen-indicators/2"

_SCHEMA = pa.schema(
    [
        ("indicator", pa.string()),
        ("title", pa.string()),
        ("subject", pa.string()),
        ("value", pa.float64()),
        ("unit", pa.string()),
        ("lower_bound", pa.bool_()),
        ("missing", pa.string()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("known", pa.float64()),
        ("total", pa.float64()),
        ("counted_in", pa.string()),
        ("rows", pa.int64()),
        ("rows_of_unknown_quantity", pa.int64()),
        ("target", pa.float64()),
        ("target_source", pa.string()),
        ("meets_target", pa.bool_()),
        ("notes", pa.list_(pa.string())),
        ("provenance", pa.string()),
        ("least", pa.float64()),
        ("most", pa.float64()),
        ("unread", pa.bool_()),
        ("numerator", pa.float64()),
        ("denominator", pa.float64()),
    ]
)


@attrs.frozen(repr=False)
class Indicators(ArrowTable, Viewed):
    """Values of indicators, in the order in which you asked for them.

    Attributes
    ----------
    values
        The values: of each indicator the whole first, then its parts.
    reen_version
        Version of the library that computed them.

    Examples
    --------
    >>> fleet = reen.read("examples/ville/2025/parc.csv")
    >>> values = reen.indicators(inventory=fleet, names=["screens_per_pc"])
    >>> print(values.get("screens_per_pc"))
    0.713
    """

    made_by: ClassVar = "reen.monitoring.indicators_view:indicators_view"

    values: tuple[IndicatorValue, ...]
    reen_version: str = __version__

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self.values)

    def __iter__(self) -> Iterator[IndicatorValue]:
        """Iterate over the values."""
        return iter(self.values)

    @overload
    def __getitem__(self, index: int) -> IndicatorValue: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[IndicatorValue, ...]: ...

    def __getitem__(self, index: int | slice) -> IndicatorValue | tuple[IndicatorValue, ...]:
        """Return the value at a position, or those of a slice."""
        return self.values[index]

    def named(self, indicator: str) -> tuple[IndicatorValue, ...]:
        """Return the values of one indicator.

        Raises
        ------
        UnknownNameError
            When there is none of that name.
        """
        found = tuple(value for value in self.values if value.indicator == indicator)
        if not found:
            known = list(dict.fromkeys(value.indicator for value in self.values))
            near = difflib.get_close_matches(indicator, known, 2, cutoff=0.5)
            raise UnknownNameError("indicator", indicator, near, known)
        return found

    def get(self, indicator: str, subject: str = "") -> IndicatorValue:
        """Return the value of one indicator for one subject, the whole by default.

        Raises
        ------
        UnknownNameError
            When there is no such indicator, or it has no such subject.
        """
        values = {value.subject: value for value in self.named(indicator)}
        if subject not in values:
            near = difflib.get_close_matches(subject, list(values), 2, cutoff=0.5)
            known = [name or Reason("error_whole") for name in values]
            raise UnknownNameError(
                Reason("kind_subject_of", indicator=indicator),
                subject or Reason("error_whole"),
                near,
                known,
            )
        return values[subject]

    def __repr__(self) -> str:
        """Return how many indicators there are, and how many have a value, in one line."""
        names = {value.indicator for value in self.values}
        known = {value.indicator for value in self.values if value.value is not None}
        return f"<Indicators: {len(names)}, of which {len(known)} with a value>"

    def __str__(self) -> str:
        """Return one block per indicator: title, period, target, then one line per value."""
        lines: list[str] = []
        last, said = None, set[Reason]()
        for each in self.values:
            if each.indicator != last:
                last, said = each.indicator, set()
                goal = f"; target {each.target.text(each.unit)}" if each.target else ""
                lines.append(f"{each.title_en} ({each.indicator}), {each.period}{goal}")
            lines.append(f"  {each.subject or 'the whole'}: {each}{_completeness(each)}")
            lines += [f"    note: {note}" for note in each.notes if note not in said]
            said.update(each.notes)
        return "\n".join(lines) or "no indicator"

    # -- tables and files --------------------------------------------------------------------

    def to_arrow(self) -> pa.Table:
        """Return one row per value; `provenance` is JSON text."""
        return pa.Table.from_pylist([_row(value) for value in self.values], schema=_SCHEMA)

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the values as JSON text, which `from_json` reads back equal."""
        content = {
            "form": FORM,
            "reen_version": self.reen_version,
            "values": [_content(value) for value in self.values],
        }
        return json.dumps(content, indent=indent, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str, *, source: str = "text") -> Indicators:
        """Return the values written by `to_json`.

        Raises
        ------
        FileFormatError
            The text is not such a file.
        """
        content = json_content(text, place=source)
        form = content.get("form") if isinstance(content, dict) else None
        if form != FORM:
            reason = Reason(
                "error_not_file_indicators_form_found", form=repr(FORM), form_2=repr(form)
            )
            raise FileFormatError(source, reason)
        try:
            values = tuple(_value(each) for each in content["values"])
            return cls(values, content["reen_version"])
        except (KeyError, TypeError, ValueError) as error:
            reason = Reason(
                "error_not_file_indicators", name=type(error).__name__, error=str(error)
            )
            raise FileFormatError(source, reason) from error


def _completeness(value: IndicatorValue) -> str:
    counted = value.completeness
    return f" ({counted})" if counted and (counted.total or counted.unknown_rows) else ""


def _row(value: IndicatorValue) -> dict[str, object]:
    target, counted = value.target, value.completeness
    return {
        "indicator": value.indicator,
        "title": value.title_en,
        "subject": value.subject or None,
        "value": value.value,
        "unit": value.unit,
        "lower_bound": value.lower_bound,
        "missing": None if value.missing is None else value.missing.text("en"),
        "start": value.period.start,
        "end": value.period.end,
        "known": counted and counted.known,
        "total": counted and counted.total,
        "counted_in": counted and counted.unit,
        "rows": counted and counted.rows,
        "rows_of_unknown_quantity": counted and counted.unknown_rows,
        "target": target and target.value,
        "target_source": target and target.source,
        "meets_target": value.meets_target,
        "notes": [note.text("en") for note in value.notes],
        "provenance": json.dumps(value.provenance, sort_keys=True),
        "least": value.least,
        "most": value.most,
        "unread": value.unread,
        "numerator": value.numerator,
        "denominator": value.denominator,
    }


def _content(value: IndicatorValue) -> dict[str, object]:
    """Return JSON types; dates as ISO text, derived facts beside the data for other readers."""
    content = attrs.asdict(value, filter=_is_no_reason, value_serializer=plain_date) | {
        "missing": None if value.missing is None else value.missing.to_dict(),
        "notes": [note.to_dict() for note in value.notes],
    }
    return content | {"meets_target": value.meets_target, "text": _english(value)}


def _english(value: IndicatorValue) -> str:
    with speaking("en"):
        return str(value)


def _is_no_reason(field: attrs.Attribute[object], _: object) -> bool:
    return field.name not in {"missing", "notes"}


def plain_date(_: object, __: object, value: object) -> object:
    """Return a value as JSON holds it, for `attrs.asdict`: days as ISO text."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _value(content: Mapping[str, object]) -> IndicatorValue:
    fields = {name: content[name] for name in attrs.fields_dict(IndicatorValue)}
    period = cast("dict[str, str]", fields["period"])
    counted = cast("dict[str, float] | None", fields["completeness"])
    target = cast("dict[str, str | float | bool | None] | None", fields["target"])
    fields["period"] = Period.of(period["start"], period["end"])
    fields["completeness"] = None if counted is None else Completeness(**counted)  # type: ignore[arg-type]
    fields["target"] = None if target is None else _target(target)
    notes = cast("list[dict[str, object]]", fields["notes"])
    missing = cast("dict[str, object] | None", fields["missing"])
    fields["notes"] = tuple(map(Reason.from_dict, notes))
    fields["missing"] = None if missing is None else Reason.from_dict(missing)
    return IndicatorValue(**fields)  # type: ignore[arg-type]


def _target(content: Mapping[str, str | float | bool | None]) -> Target:
    days = {
        name: None if content[name] is None else dt.date.fromisoformat(str(content[name]))
        for name in ("since", "until")
    }
    return Target(**{**content, **days})  # type: ignore[arg-type]
