"""The value of an indicator as people read it: number and unit, subject, completeness, period.

Input: an `IndicatorValue` and the equipment types in use.  Output: texts in the language in force.
"""

from __future__ import annotations

from reen.monitoring.values import Completeness, IndicatorValue, Target
from reen.reasons import has_sentence, say, share_text, spoken, title_of
from reen.results.footprint_words import amount
from reen.results.wording import scaled, unit_in
from reen.views.figures import count, day, digits
from reen.vocabulary.equipment_types import EquipmentTypes

__all__ = [
    "completeness_text",
    "number_text",
    "period_text",
    "subject_text",
    "target_text",
    "value_text",
]


def number_text(number: float, unit: str) -> str:
    """Return a number and its unit."""
    if unit == "%":
        return share_text(number / 100.0)
    shown, unit = scaled(number, unit)
    if unit == "year":
        whole = int(shown) if shown.is_integer() else float(f"{shown:.4g}")
        return say("page_years", count=whole)
    return amount(digits(shown), unit or "1", shown)


def value_text(value: IndicatorValue) -> str:
    """Return a number and its unit, with its ends, or a mark where something is not known."""
    said = number_text(value.value or 0.0, value.unit)
    if value.lower_bound:
        return f">= {said}"
    least, most = value.ends
    if least == most:
        return said if least is not None else say("page_incomplete_figure", figure=said)
    shown, _ = scaled(value.value or 0.0, value.unit)
    scale = shown / value.value if value.value else 1.0
    ends = {
        name: share_text(end / 100.0).rstrip("%\u00a0")
        if value.unit == "%"
        else digits(end * scale)
        for name, end in {"least": least, "most": most}.items()
        if end is not None
    }
    code = "page_between" if len(ends) > 1 else f"page_between_{next(iter(ends))}"
    return say(code, said=said, **ends)


def subject_text(subject: str, types: EquipmentTypes) -> str:
    """Return what a value is about: all, a type, a part of the organisation."""
    if not subject:
        return say("page_all")
    if spoken() == "en":
        return subject
    entity, apart, part = subject.rpartition(": ")  # a part of an entity
    if apart:
        return say("page_of_entity", name=entity, part=subject_text(part, types))
    if subject in types:
        return title_of(types[subject])
    codes = (
        f"kind_of_flow_{subject}",
        f"part_of_fleet_{subject}",
        f"subject_{subject}",
    )
    return next((say(code) for code in codes if has_sentence(code)), subject)


def completeness_text(counted: Completeness | None) -> str:
    """Return how much of what should be counted is behind a value."""
    if counted is None:
        return ""
    what, _, kind = counted.what.partition(" (")
    code = f"known_{what.replace(',', '').replace(' ', '_')}"
    what = say(code) if has_sentence(code) else what
    if kind:
        kind = kind.removesuffix(")")
        known = f"kind_of_flow_{kind}"
        kind = say(known) if spoken() != "en" and has_sentence(known) else kind
        what = say("page_titled", name=what, title=kind)
    unit = say("page_unit_items")
    if counted.unit != "item":
        unit = unit_in(counted.unit, spoken(), counted.total)
    known, total = count(counted.known), count(counted.total)
    said = say("page_completeness", known=known, total=total, unit=unit, what=what)
    if counted.unknown_rows:
        return f"{said}; {say('page_rows_unknown', count=counted.unknown_rows)}"
    return said


def period_text(value: IndicatorValue) -> str:
    """Return the year of a value, or its first and last day."""
    text = str(value.period)
    if text.replace("-", "").isdigit():
        return text
    return say("page_period", start=day(f"{value.period.start}"), end=day(f"{value.period.end}"))


def target_text(target: Target, unit: str) -> str:
    """Return what a target asks for."""
    said = say(
        "page_at_most" if target.at_most else "page_no_less",
        figure=number_text(target.value, unit),
    )
    return say("page_until", said=said, day=day(f"{target.until}")) if target.until else said
