"""Explanation: one row's figure, as the formula with its numbers and sources.

Input: what a method said of the row, and the factors it used.  Output: a value whose text shows for
each flow kind the drivers, the factor with its id and source, the impacts by stage, and what was
assumed; or why the row is not assessed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import ClassVar

import attrs
import pyarrow as pa

from reen.engine.exchanges import Outcome, Status
from reen.factors.flow import Flow, FlowDescription
from reen.plugins.method import Remark
from reen.reasons import has_sentence, number_text, say, spoken, title_of
from reen.results.display import by_line
from reen.results.factor_words import factor_text
from reen.results.json_text import json_pieces
from reen.results.wording import unit_in
from reen.views.arrow_table import ArrowTable
from reen.views.viewed import Viewed
from reen.vocabulary.criteria import bundled_criteria
from reen.vocabulary.stages import Stage

__all__ = ["FORM", "ExplainedExchange", "Explanation", "measured"]


#: What the JSON text says it is.
FORM = "reen-explanation/1"


@attrs.frozen(kw_only=True)
class ExplainedExchange:
    """One exchange of a row.

    Attributes
    ----------
    kind
        Flow kind.
    outcome
        Status, match level, reason, assumptions.
    drivers
        (name, value, unit) in order; empty when the row is not assessed.
    amount, amount_unit
        Their product, per year; NaN when not assessed.
    flow, description
        Flow key and what is said of it, or None.
    impacts
        (criterion, stage, factor, impact, unit of the impact).
    assumed
        One sentence per assumption, with the figure used and its source.
    """

    kind: str
    outcome: Outcome
    drivers: tuple[tuple[str, float, str], ...]
    amount: float
    amount_unit: str
    flow: Flow | None
    description: FlowDescription | None
    impacts: tuple[tuple[str, Stage, float, float, str], ...]
    assumed: tuple[str, ...]

    def formula(self) -> str:
        """Return the drivers with their numbers, and their product."""
        parts = [_driver(name, value, unit) for name, value, unit in self.drivers]
        text = parts[0] if parts else "1"
        for part in parts[1:]:
            text += part if part.startswith(" / ") else f" {say('explain_times')} {part}"
        return f"{text} = {measured(self.amount, self.amount_unit)}"

    def headed(self) -> str:
        """Return the formula under the name of its flow kind."""
        return _named(_kind(self.kind), self.formula())

    def to_dict(self) -> dict[str, object]:
        """Return the exchange as JSON types."""
        reason, about = self.outcome.reason, self.description
        return {
            "kind": self.kind,
            "status": self.outcome.status.label,
            "reason": None if reason is None else reason.to_dict(),
            "match": self.outcome.match.label,
            "drivers": [
                {"name": name, "value": value, "unit": unit} for name, value, unit in self.drivers
            ],
            "amount": None if math.isnan(self.amount) else self.amount,
            "amount_unit": self.amount_unit,
            "flow": str(self.flow) if self.flow else None,
            "factor": about.name if about else None,
            "boundary": about.boundary if about else None,
            "sources": list(about.sources) if about else [],
            "licence": about.licence if about else None,
            "impacts": [
                {
                    "criterion": criterion,
                    "stage": str(stage),
                    "factor": factor,
                    "value": value,
                    "unit": unit,
                }
                for criterion, stage, factor, value, unit in self.impacts
            ],
            "assumed": list(self.assumed),
            "assumptions": [taken.to_dict() for taken in self.outcome.assumptions],
        }

    def lines(self) -> Iterator[str]:
        """Yield the exchange as lines of text."""
        if self.outcome.status is not Status.ASSESSED:
            status = say(f"explain_{self.outcome.status.name.lower()}")
            said = _named(status, str(self.outcome.reason))
            yield _named(_kind(self.kind), said)
            return
        yield self.headed()
        if self.flow is not None and self.description is not None:
            match = say(f"match_{self.outcome.match.name.lower()}")
            yield "  " + say(
                "explain_factor", name=self.description.name, flow=str(self.flow), match=match
            )
            facts = [("boundary", factor_text(self.description.boundary, under="boundary"))]
            facts += [("validity", self.description.validity)]
            facts += [("source", source) for source in self.description.sources]
            facts += [("licence", self.description.licence)]
            yield from (f"  {say(f'explain_{name}', text=text)}" for name, text in facts if text)
        for criterion, stage, factor, impact, unit in self.impacts:
            product = f"{_number(self.amount)} {say('explain_times')} {_number(factor)}"
            of = f"{_criterion(criterion)}, {_stage(stage)}"
            yield f"  {_named(of, f'{product} = {measured(impact, unit)}')}"
        yield from (f"  {say('explain_assumed', text=sentence)}" for sentence in self.assumed)


@attrs.frozen(kw_only=True, repr=False)
class Explanation(ArrowTable, Viewed):
    """The explanation of one row's footprint, exchange by exchange.

    Attributes
    ----------
    row
        What the row is: id, file and line, type and model as written.
    method
        Name and version of the method.
    as_of
        Reference date, ISO.
    exchanges
        Its exchanges.
    remarks
        What the method says of how it came to them, such as the sheet that a model was matched to
        and the likeness of their names.
    apart
        The same by each line apart that the method was asked for: no part of its figure.
    """

    made_by: ClassVar = "reen.verbs.explanation_view:explanation_view"

    row: str
    method: str
    as_of: str
    exchanges: tuple[ExplainedExchange, ...]
    remarks: tuple[Remark, ...] = ()
    apart: Mapping[str, Explanation] = attrs.field(factory=dict, hash=False)

    @property
    def left_out(self) -> bool:
        """Return whether a flow kind of the row is left out."""
        return any(each.outcome.status is Status.LEFT_OUT for each in self.exchanges)

    def total(self, criterion: str = "climate_change") -> float:
        """Return the row's yearly impact, NaN when nothing was assessed."""
        impacts = [
            impact
            for each in self.exchanges
            for key, _, _, impact, _ in each.impacts
            if key == criterion
        ]
        return math.fsum(impacts) if impacts else math.nan

    def to_arrow(self) -> pa.Table:
        """Return one row per impact, and one per exchange that has none.

        Columns: kind, status, reason (in English), flow, factor_name, source, amount, amount_unit,
        criterion, stage, factor, value, unit.
        """
        rows = []
        for each in self.exchanges:
            reason = each.outcome.reason
            said = {
                "kind": each.kind,
                "status": each.outcome.status.label,
                "reason": None if reason is None else reason.text("en"),
                "flow": None if each.flow is None else str(each.flow),
                "factor_name": None if each.description is None else each.description.name,
                "source": None if each.description is None else "; ".join(each.description.sources),
                "amount": None if math.isnan(each.amount) else each.amount,
                "amount_unit": each.amount_unit or None,
            }
            names = ("criterion", "stage", "factor", "value", "unit")
            cells = [(key, str(stage), *rest) for key, stage, *rest in each.impacts]
            rows += [said | dict(zip(names, cell, strict=True)) for cell in cells or [(None,) * 5]]
        return pa.Table.from_pylist(rows, schema=_TABLE)

    def to_dict(self) -> dict[str, object]:
        """Return the explanation as JSON types, in the language that it was made in."""
        lines = {name: line.to_dict() for name, line in self.apart.items()}
        return {
            "form": FORM,
            "row": self.row,
            "method": self.method,
            "as_of": self.as_of,
            "remarks": [
                {"text": remark.text, "details": dict(remark.details)} for remark in self.remarks
            ],
            "exchanges": [each.to_dict() for each in self.exchanges],
        } | ({"apart": lines} if lines else {})

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the explanation as JSON text, by the schema ``json_schema("explanation")``."""
        return "".join(json_pieces(self.to_dict(), indent=indent))

    def __repr__(self) -> str:
        """Return the row, the method and the first total in one line."""
        units = {key: unit for each in self.exchanges for key, *_, unit in each.impacts}
        said = next((f"{key} {self.total(key):.4g} {unit}" for key, unit in units.items()), "")
        note = " (incomplete)" if said and self.left_out else ""
        return f"<Explanation {self.row}, {self.method}: {said or 'nothing assessed'}{note}>"

    def __str__(self) -> str:
        """Return the explanation as lines of text."""
        lines = [say("explain_title", row=self.row, method=self.method, day=self.as_of)]
        lines += [remark.text for remark in self.remarks]
        for each in self.exchanges:
            lines += each.lines()
        units = {key: unit for each in self.exchanges for key, *_, unit in each.impacts}
        for key, unit in units.items():
            # what is left out of a part of the row would add to it, or not: it is not known
            figure = measured(self.total(key), unit)
            if self.left_out:
                figure = say("page_incomplete_figure", figure=figure)
            lines.append(say("explain_total", criterion=_criterion(key), figure=figure))
        for name, line in self.apart.items():
            head = say("explain_apart", by=by_line(name))
            lines += [head, *str(line).splitlines()[1:]]
        return "\n".join(lines)


#: Columns of the table of an explanation.
_TABLE = pa.schema(
    [
        *((name, pa.string()) for name in ("kind", "status", "reason", "flow", "factor_name")),
        *(("source", pa.string()), ("amount", pa.float64()), ("amount_unit", pa.string())),
        *(("criterion", pa.string()), ("stage", pa.string()), ("factor", pa.float64())),
        *(("value", pa.float64()), ("unit", pa.string())),
    ]
)


def _driver(name: str, value: float, unit: str) -> str:
    """Return a driver in words; a ``per_`` driver reads as a division by what it names."""
    if name.startswith("per_") and value != 0.0 and unit in ("1/year", "1"):
        of = _driver_name(name.removeprefix("per_"))
        known = measured(1.0 / value, "year") if unit == "1/year" else _number(1.0 / value)
        return f" / {known} ({of})"
    said = _number(value) if unit == "1" else measured(value, unit)
    return f"{said} ({_driver_name(name)})"


def _number(value: float) -> str:
    """Return a figure with ten significant digits at the most, thousands apart."""
    return number_text(float(value))


def measured(value: float, unit: str) -> str:
    """Return a figure with its unit, in the language in force."""
    return f"{_number(value)} {unit_in(unit, spoken(), value)}"


def _named(name: str, text: str) -> str:
    return say("page_colon", name=name, text=text)


def _kind(kind: str) -> str:
    return _word("kind_of_flow", kind)


def _driver_name(name: str) -> str:
    return _word("parameter", name)


def _word(prefix: str, key: str) -> str:
    code = f"{prefix}_{key}"
    return say(code) if spoken() != "en" and has_sentence(code) else key


def _criterion(key: str) -> str:
    if spoken() == "en" or key not in bundled_criteria():
        return key
    return title_of(bundled_criteria()[key])


def _stage(stage: Stage) -> str:
    return str(stage) if spoken() == "en" else title_of(stage).lower()
