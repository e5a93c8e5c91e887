"""Explaining: one row's figure, as the formula with its numbers and sources.

Input: an inventory or information system, a row and a method.  Output: an `Explanation`, whose
text shows for each flow kind the drivers, the factor with its id and source, the impacts by stage,
and what was assumed; or why the row is not assessed.  Adds nothing to the arithmetic of `measure`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import attrs
import numpy as np
import pyarrow as pa

from reen.engine.exchanges import Assumption, Exchanges, Outcome, Status
from reen.errors import UnknownNameError
from reen.factors.flow import Flow, FlowDescription
from reen.inventory.account import AccountLine, Merge
from reen.inventory.batch import Batch, batches_of
from reen.inventory.inventory import Inventory
from reen.inventory.issues import Issue
from reen.inventory.pseudonyms import read_key
from reen.inventory.row_places import position_of
from reen.inventory.schema import EQUIPMENT
from reen.plugins.method import Method, Remark
from reen.plugins.options import with_options
from reen.plugins.registry import Registry, default_registry
from reen.reasons import Reason, has_sentence, number_text, say, spoken, title_of
from reen.results.display import by_line
from reen.results.json_text import json_pieces
from reen.results.wording import unit_in
from reen.runs.levels import level_of
from reen.runs.preparation import PackLike, Preparation, lines_apart_of, method_of, prepare_method
from reen.sources.opening import Source, load_source
from reen.verbs.tracing import remarks_on
from reen.views.arrow_table import ArrowTable
from reen.views.viewed import Viewed
from reen.vocabulary.criteria import bundled_criteria
from reen.vocabulary.stages import Stage

__all__ = ["ExplainedExchange", "Explanation", "explain"]

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
        return f"{text} = {_measured(self.amount, self.amount_unit)}"

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
            facts = [("boundary", self.description.boundary)]
            facts += [("validity", self.description.validity)]
            facts += [("source", source) for source in self.description.sources]
            facts += [("licence", self.description.licence)]
            yield from (f"  {say(f'explain_{name}', text=text)}" for name, text in facts if text)
        for criterion, stage, factor, impact, unit in self.impacts:
            product = f"{_number(self.amount)} {say('explain_times')} {_number(factor)}"
            of = f"{_criterion(criterion)}, {_stage(stage)}"
            yield f"  {_named(of, f'{product} = {_measured(impact, unit)}')}"
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
            figure = _measured(self.total(key), unit)
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


def explain(
    source: Source,
    row: str | int = 0,
    *,
    method: str | Method,
    level: str = "equipment",
    factors: PackLike | Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    key: bytes | str | Path | None = None,
    registry: Registry | None = None,
    **options: object,
) -> Explanation:
    """Explain the figure of one row: formula, values, factor and source.

    Parameters
    ----------
    source
        As in `measure`; Arrow streams are read whole.
    row
        Id, ``file:line``, or position counted from 0, in the table that `level` names.
    key
        Secret with which names were hashed, or its file, as in `read`: the row may then be named by
        its device or its user, too.
    method, level, factors, as_of, registry, **options
        As in `measure`.

    Raises
    ------
    UnknownNameError
        When there is no such row, or several have that id.
    OptionError
        A level that the source or the method does not have; a key that is none.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> explained = reen.explain(laptop, method="base-carbone", as_of="2025-12-31")
    >>> print(str(explained).splitlines()[1])
    item: 10 item (quantity) / 5 year (lifetime) = 2 item/year
    """
    registry = registry or default_registry()
    method = with_options(method, options, registry)
    secret = None if key is None else read_key(key)
    source = load_source(source, registry=registry, key=secret)
    places = source.datacenter()
    lines = lines_apart_of(method_of(method, registry))
    fate: Remark | None = None
    if level == "equipment":
        ready = prepare_method(
            method, factors=factors, as_of=as_of, registry=registry, datacenters=places
        )
        of_table = None
        try:
            position = source.position(row, key=secret)
        except UnknownNameError:
            of_table = _row_beside(ready, source, row)
            position, fate = (0, None) if of_table else _counted_for(source, row)
        if position < 0 and fate is not None:
            return _of_no_figure(row, fate, method, as_of, registry)
        if of_table is not None:
            ready, batch = of_table
        else:
            one = source.table.slice(position, 1)
            batch = next(batches_of(one, schema=EQUIPMENT, offset=position))
        found = [(each, k) for each in ready.shaped_answers(batch) for k in range(len(each))]
        said = remarks_on(ready, batch)
    else:
        ready = prepare_method(
            method, factors=factors, as_of=as_of, registry=registry, datacenters=places
        )
        batch, found = _of_level(ready, source, level, row)
        said = ()
    return Explanation(
        row=_row_text(batch),
        method=f"{ready.method.name} {ready.method.version}",
        as_of=ready.as_of.isoformat(),
        exchanges=tuple(_explained(ready, batch, each, k) for each, k in found),
        remarks=(
            *([fate] if fate is not None else []),
            *(each.remarks[int(each.remark[0])] for each in said if each.remark[0] >= 0),
        ),
        apart={
            name: explain(
                source,
                method=line,
                row=row,
                level=level,
                factors=factors,
                as_of=as_of,
                key=key,
                registry=registry,
            )
            for name, line in lines.items()
        },
    )


def _row_beside(
    ready: Preparation, inventory: Inventory, row: str | int
) -> tuple[Preparation, Batch] | None:
    """Return a row of a table beside the equipment and what counts it; None when there is none."""
    for each, batch in ready.beside(inventory):
        table = inventory.tables[batch.schema.name]
        try:
            position = position_of(table, row)
        except UnknownNameError:
            continue
        one = table.slice(position, 1).combine_chunks().to_batches()[0]
        return each, Batch(one, schema=batch.schema, offset=position)
    return None


def _counted_for(inventory: Inventory, row: str | int) -> tuple[int, Remark | None]:
    """Return the place of the row that counts for one that is not there, and what became of it.

    The place is -1 where none does: the row was refused, or set aside.

    Raises
    ------
    UnknownNameError
        Nothing is known of it.
    """
    found = inventory.account.fate_of(str(row)) if isinstance(row, str) else None
    if found is None:
        return inventory.position(row), None  # raises again, without the first error as its cause
    if not isinstance(found, Merge):
        return -1, Remark(_said_of(found))
    details: dict[str, str | float] = {
        "into_source": found.into_source,
        "into_row": float(found.into_row),
    }
    remark = Remark(str(Reason("row_merged", row=found.into_row, why=found.reason)), details)
    try:
        return inventory.position(f"{found.into_source}:{found.into_row}"), remark
    except UnknownNameError:
        return -1, remark  # a written list: its rows stand elsewhere than in the first file


def _said_of(found: Issue | AccountLine) -> str:
    """Return why a row is in no figure."""
    if isinstance(found, Issue):
        return str(found)
    return str(Reason("row_in_no_figure", fate=found.fate, why=found.reason or found.fate))


def _of_no_figure(
    row: str | int,
    fate: Remark,
    method: str | Method,
    as_of: dt.date | str | None,
    registry: Registry,
) -> Explanation:
    """Return what became of a row that is in no figure."""
    ready = prepare_method(method, as_of=as_of, registry=registry)
    return Explanation(
        row=say("rows", rows=str(row)),
        method=f"{ready.method.name} {ready.method.version}",
        as_of=ready.as_of.isoformat(),
        exchanges=(),
        remarks=(fate,),
    )


def _of_level(
    ready: Preparation, inventory: Inventory, level: str, row: str | int
) -> tuple[Batch, list[tuple[Exchanges, int]]]:
    """Return a virtual machine or application row, and its exchanges with their places."""
    rows = level_of(ready, inventory, level)
    position = position_of(inventory.tables[rows.schema.name], row)
    found = [
        (each, int(k))
        for each in rows.exchanges
        for k in np.flatnonzero(np.asarray(each.row) == position)
    ]
    one = Batch(rows.batch.data.slice(position, 1), schema=rows.schema, offset=position)
    return one, found


def _row_text(batch: Batch) -> str:
    cells = {name: batch.data.column(name)[0].as_py() for name in batch.data.schema.names}
    place = (
        f"{cells['source']}:{cells['source_row']}"
        if cells.get("source") and cells.get("source_row") is not None
        else say("rows", rows=str(cells["source_row"]))
        if cells.get("source_row") is not None
        else say("rows", rows=str(batch.offset))
    )
    kind = cells.get("equipment_type_raw") or cells.get("equipment_type")
    kind = kind or cells.get("service_type_raw") or cells.get("service_type")
    parts = [cells.get("id"), place, kind, cells.get("manufacturer"), cells.get("model")]
    parts += [cells.get("label")]
    parts += [cells.get("environment"), cells.get("kind")]  # of applications and virtual machines
    support = cells.get("host_id") or cells.get("virtual_machine_id")
    parts += [say("explain_on", support=support)] if support else []
    return ", ".join(str(part) for part in parts if part)


def _explained(ready: Preparation, batch: Batch, each: Exchanges, k: int) -> ExplainedExchange:
    outcome = each.outcomes[int(each.outcome[k])]
    position = int(each.flow[k])
    assessed = position >= 0
    flow = each.flows[position] if assessed else None
    amount = float(each.amount()[k]) if assessed else math.nan
    description, impacts = None, []
    if flow is not None:
        factors = ready.library.rows([flow], each.factors)
        description = factors.descriptions[0]
        for c, key in enumerate(factors.criteria):
            for s, stage in enumerate(factors.stages):
                factor = float(factors.values[0, s, c])
                if not np.isnan(factor):
                    unit = f"{factors.vocabulary[key].unit}/year"
                    impacts.append((key, stage, factor, amount * factor, unit))
    types = batch.data.column("equipment_type")[0].as_py() if batch.has("equipment_type") else None
    return ExplainedExchange(
        kind=each.kind.name,
        outcome=outcome,
        drivers=tuple(
            (name, float(driver.values[k]), driver.unit) for name, driver in each.drivers.items()
        )
        if assessed
        else (),
        amount=amount,
        amount_unit=f"{each.reference_unit}/year",
        flow=flow,
        description=description,
        impacts=tuple(impacts),
        assumed=tuple(_assumed(ready, types, each_one) for each_one in outcome.assumptions),
    )


def _assumed(ready: Preparation, equipment_type: str | None, assumption: Assumption) -> str:
    """Return an assumption with the figure used and its source, when a pack gives it."""
    default = ready.library.default(equipment_type or "", assumption.parameter)
    if default is None or assumption.pack not in ("", default.pack):
        return str(assumption)
    note = f"; {default.note}" if default.note else ""
    return say(
        "explain_default",
        parameter=assumption.parameter,
        rule=assumption.rule,
        type=equipment_type or "",
        value=_measured(default.value, default.unit),
        pack=default.pack,
        source=f"{default.source}{note}",
    )


def _driver(name: str, value: float, unit: str) -> str:
    """Return a driver in words; a ``per_`` driver reads as a division by what it names."""
    if name.startswith("per_") and value != 0.0 and unit in ("1/year", "1"):
        of = _driver_name(name.removeprefix("per_"))
        known = _measured(1.0 / value, "year") if unit == "1/year" else _number(1.0 / value)
        return f" / {known} ({of})"
    said = _number(value) if unit == "1" else _measured(value, unit)
    return f"{said} ({_driver_name(name)})"


def _number(value: float) -> str:
    """Return a figure with ten significant digits at the most, thousands apart."""
    return number_text(float(value))


def _measured(value: float, unit: str) -> str:
    return f"{_number(value)} {unit_in(unit, spoken(), value)}"


def _named(name: str, text: str) -> str:
    return say("page_colon", name=name, text=text)


# English keeps the keys of the data, by which a person finds them in the tables of a trace.


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
