"""The exporter `numecoeval-indicators`: results in the indicator files of NumEcoEval and G4IT.

Input: an inventory or information system and a method.  Output: one line per item, life-cycle step
and criterion, with status OK or ERREUR and the trace of the figure, so that a dashboard made for
these files keeps working.  Lines are made from `reen.trace`: the figures are reen's own.

An error is a line without a figure, never a zero.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from reen import (
    ExportOptions,
    FactorPack,
    InformationSystem,
    Inventory,
    Method,
    OptionError,
    Registry,
    Stage,
    __version__,
    default_registry,
    measure,
    person_equivalents,
    read,
    read_factors,
    trace,
)
from reen_plugins.exporters.numecoeval_files import (
    COLUMNS,
    FILES,
    NUMBERS,
    STEPS,
    criterion_name,
    unit_name,
)
from reen_plugins.exporters.numecoeval_traces import (
    Facts,
    application_trace,
    equipment_trace,
    error_trace,
    machine_trace,
)

__all__ = ["NumEcoEvalIndicators", "indicator_batches", "indicator_table"]

#: Lines of a record batch, and records of the trace that are Python objects at a time.
_LINES = 50_000
_RECORDS = 4_096

#: Labels that the exporter takes.
_LABELS = ("inventory", "batch", "batch_date", "organisation")

Line = dict[str, str | float | None]


@attrs.frozen
class NumEcoEvalIndicators:
    """Writer of ``ind_physical_equipment.csv`` and, of a system, the two other indicator files.

    Labels: ``inventory`` and ``batch`` (names of the inventory and of the run), ``batch_date``
    (the reference date when absent), ``organisation``.
    """

    name: str = attrs.field(default="numecoeval-indicators", init=False)
    title: str = attrs.field(
        default="Indicator files of NumEcoEval and G4IT: one line per item, step and criterion",
        init=False,
    )

    def export(
        self, source: Inventory | InformationSystem, folder: Path, options: ExportOptions
    ) -> tuple[Path, ...]:
        """Write the files: ``;``, UTF-8, decimal points, quotation marks where needed.

        Raises
        ------
        OptionError
            A label that it does not take, factors that separate no life-cycle steps.
        """
        levels = ["equipment"]
        if isinstance(source, InformationSystem):
            levels += ["virtual_machine"] if source.virtual_machines.num_rows else []
            levels += ["application"] if source.applications.num_rows else []
        written = []
        for level in levels:
            path = folder / FILES[level]
            batches = indicator_batches(
                source,
                method=options.method,
                level=level,
                factors=options.factors,
                as_of=options.as_of,
                labels=options.labels,
                registry=options.registry,
            )
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, delimiter=";", lineterminator="\n")
                writer.writerow(COLUMNS[level])
                for batch in batches:
                    writer.writerows(zip(*(c.to_pylist() for c in batch.columns), strict=True))
            written.append(path)
        return tuple(written)


def indicator_table(
    source: Inventory | InformationSystem | str | Path,
    *,
    method: str | Method = "numecoeval",
    level: str = "equipment",
    factors: Sequence[FactorPack | str | Path] = (),
    as_of: dt.date | str | None = None,
    labels: Mapping[str, str] | None = None,
    registry: Registry | None = None,
) -> pa.Table:
    """Return the indicators of one level as a table (parameters as `indicator_batches`)."""
    return indicator_batches(
        source,
        method=method,
        level=level,
        factors=factors,
        as_of=as_of,
        labels=labels,
        registry=registry,
    ).read_all()


def indicator_batches(
    source: Inventory | InformationSystem | str | Path,
    *,
    method: str | Method = "numecoeval",
    level: str = "equipment",
    factors: Sequence[FactorPack | str | Path] = (),
    as_of: dt.date | str | None = None,
    labels: Mapping[str, str] | None = None,
    registry: Registry | None = None,
) -> pa.RecordBatchReader:
    """Return the indicators of one level, streamed.

    Parameters
    ----------
    source
        An inventory or information system, or the path of one.
    method, level, factors, as_of, registry
        As in `reen.measure`.
    labels
        Names that no inventory holds: ``inventory``, ``batch``, ``batch_date``, ``organisation``.

    Returns
    -------
    pyarrow.RecordBatchReader
        The columns of the level's file, text but for averagePowerConsumption (kWh/year of one
        item, equipment in use only), unitImpact, quantity and sipImpact (shares of the planetary
        boundaries per head), null where there is none.

    Raises
    ------
    OptionError
        A label that is not one of these, factors that separate no life-cycle steps, or a level
        that the source does not have.
    """
    registry = registry or default_registry()
    if isinstance(source, (str, Path)):
        source = read(source, registry=registry)
    lines = _Lines(
        source=source,
        method=registry.method(method) if isinstance(method, str) else method,
        level=level,
        packs=tuple(_pack(each, registry) for each in factors),
        as_of=_day(as_of),
        labels=dict(labels or {}),
        registry=registry,
    )
    schema = pa.schema(
        [
            pa.field(name, pa.float64() if name in NUMBERS else pa.string())
            for name in COLUMNS[level]
        ]
    )
    return pa.RecordBatchReader.from_batches(schema, _batches(lines.lines(), schema))


def _batches(lines: Iterator[Line], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    some: list[Line] = []
    for line in lines:
        some.append(line)
        if len(some) == _LINES:
            yield pa.RecordBatch.from_pylist(some, schema=schema)
            some = []
    yield pa.RecordBatch.from_pylist(some, schema=schema)


def _pack(given: FactorPack | str | Path, registry: Registry) -> FactorPack:
    if isinstance(given, FactorPack):
        return given
    if isinstance(given, str) and given in registry.factor_packs:
        return registry.factor_packs[given]
    return read_factors(given, registry=registry)


def _day(as_of: dt.date | str | None) -> dt.date:
    if isinstance(as_of, str):
        try:
            return dt.date.fromisoformat(as_of)
        except ValueError as error:
            expected = "a date such as 2022-12-31"
            raise OptionError("indicator_table", "as_of", as_of, expected) from error
    return as_of or dt.datetime.now(tz=dt.UTC).date()


@attrs.frozen(kw_only=True, eq=False)
class _Factors:
    """The factors of the packs in use, found by the flow keys that a trace names."""

    packs: Mapping[str, FactorPack]
    _places: dict[str, Mapping[tuple[str, str, int], int]] = attrs.field(factory=dict)

    def cell(self, record: Mapping[str, object], stage: Stage, key: str) -> tuple[float, str]:
        """Return the value of a cell of the record's flow, and its source."""
        pack = self.packs[str(record["pack"])]
        if pack.name not in self._places:
            self._places[pack.name] = {
                (flow.id, flow.geography, flow.year): k for k, flow in enumerate(pack.factors.flows)
            }
        year = record["year"]
        flow = (str(record["flow"]), str(record["geography"] or ""), int(str(year or 0)))
        place = self._places[pack.name][flow]
        factors = pack.factors
        value = factors.values[place, factors.stages.index(stage), factors.criteria.index(key)]
        return float(value), "; ".join(factors.descriptions[place].sources)


@attrs.frozen(kw_only=True, eq=False)
class _Lines:
    """The lines of one level's file."""

    source: Inventory | InformationSystem
    method: Method
    level: str
    packs: tuple[FactorPack, ...]
    as_of: dt.date
    labels: Mapping[str, str]
    registry: Registry

    def __attrs_post_init__(self) -> None:
        if self.level not in FILES:
            expected = f"one of {', '.join(FILES)}"
            raise OptionError("indicator_table", "level", self.level, expected)
        for label in self.labels:
            if label not in _LABELS:
                expected = f"labels among {', '.join(_LABELS)}"
                raise OptionError("indicator_table", "labels", label, expected)

    def lines(self) -> Iterator[Line]:
        """Yield the lines, in the order of the rows of the trace."""
        records = trace(
            self.source,
            method=self.method,
            level=self.level,
            factors=self.packs,
            as_of=self.as_of,
            registry=self.registry,
        )
        cells = _published(records.schema)
        sip = self._references()
        packs = [*(self.registry.factor_pack(name) for name in self.method.packs), *self.packs]
        factors = _Factors(packs={pack.name: pack for pack in packs})
        table = self._table()
        machines = self._machines_by_host()
        for batch in records:
            _refuse_other_stages(batch)
            for start in range(0, len(batch), _RECORDS):
                part = batch.slice(start, _RECORDS)
                rows = table.take(part.column("row")).to_pylist()
                for record, row in zip(part.to_pylist(), rows, strict=True):
                    count = machines.get(str(row.get("host_id")), 0)
                    for stage, key in cells:
                        if _answers(record, stage):
                            yield self._line(record, row, stage, key, factors, sip, count)

    def _references(self) -> Mapping[str, float]:
        """Return the yearly share of the planetary boundary of one person, by criterion."""
        footprint = measure(
            self.source,
            method=self.method,
            factors=self.packs,
            as_of=self.as_of,
            registry=self.registry,
        )
        return {each.criterion: each.reference for each in person_equivalents(footprint)}

    def _table(self) -> pa.Table:
        """Return the rows of the level, with the host of an application's machine."""
        if self.level == "equipment" or not isinstance(self.source, InformationSystem):
            return self.source.equipment.table
        machines = self.source.virtual_machines
        if self.level == "virtual_machine":
            return machines
        table = self.source.applications
        found = self.source.machine_of_application()
        hosts = pa.nulls(table.num_rows, pa.string())
        if "host_id" in machines.column_names and machines.num_rows:
            at = pa.array(found, mask=found < 0)
            hosts = machines["host_id"].cast(pa.string()).take(at)
        return table.append_column("host_id", hosts)

    def _machines_by_host(self) -> Mapping[str, int]:
        if not isinstance(self.source, InformationSystem):
            return {}
        table = self.source.virtual_machines
        if "host_id" not in table.column_names:
            return {}
        counts = pc.value_counts(table["host_id"].cast(pa.string()))
        return {each["values"]: each["counts"] for each in counts.to_pylist()}

    def _line(
        self,
        record: Mapping[str, object],
        row: Mapping[str, object],
        stage: Stage,
        key: str,
        factors: _Factors,
        sip: Mapping[str, float],
        machines: int,
    ) -> Line:
        impact = record[f"{key}.{stage}"]
        line = self._names(row)
        line |= {
            "acvStep": STEPS[stage],
            "criteria": criterion_name(key),
            "unit": unit_name(key),
        }
        if not isinstance(impact, float):
            reason = str(record["reason"] or "no value of the reference")
            line["indicatorStatus"] = "ERREUR"
            line["trace"] = error_trace(reason, name=_cell(row, "id"))
            return {name: line.get(name) for name in COLUMNS[self.level]}
        factor, source = factors.cell(record, stage, key)
        drivers, assumptions = record["drivers"], record["assumptions"]
        facts = Facts(
            drivers={each["name"]: each["value"] for each in _listed(drivers)},
            factor=factor,
            source=source,
            impact=impact,
            assumptions=tuple(map(str, _listed(assumptions))),
            row=row,
            real_lifetime=getattr(self.method, "lifetime", "fixed") == "real",
            as_of=self.as_of.isoformat(),
        )
        line["indicatorStatus"] = "OK"
        line["unitImpact"] = impact
        line["sipImpact"] = impact / sip[key] if key in sip else None
        if self.level == "equipment":
            line["trace"] = equipment_trace(facts, use=stage is Stage.USE)
            if stage is Stage.USE:
                line["averagePowerConsumption"] = facts.drivers.get("annual_energy")
        elif self.level == "virtual_machine":
            line["trace"] = machine_trace(facts, machines=machines)
        else:
            line["trace"] = application_trace(facts)
        return {name: line.get(name) for name in COLUMNS[self.level]}

    def _names(self, row: Mapping[str, object]) -> Line:
        """Return the columns that name the run and the item."""
        batch_date = self.labels.get("batch_date", self.as_of.isoformat())
        organisation = self.labels.get("organisation", "")
        entity, origin = _cell(row, "entity"), _cell(row, "nomSourceDonnee")
        line: Line = {
            "inventoryName": self.labels.get("inventory", ""),
            "calculationDate": f"{self.as_of.isoformat()} 00:00:00.000",
            "batchDate": batch_date,
            "batchName": self.labels.get("batch", ""),
            "source": "",
            "calculationVersion": f"reen {__version__}",
            "entityName": entity,
            "organizationName": organisation,
            "dataSourceName": origin,
            "entityNameDiscriminator": entity,
            "batchDateDiscriminator": batch_date,
            "organizationNameDiscriminator": organisation,
            "dataSourceNameDiscriminator": origin,
        }
        name = _cell(row, "id")
        if self.level == "equipment":
            quantity = row.get("quantity", 1.0)
            return line | {
                "equipmentName": name,
                "quantity": quantity if isinstance(quantity, float) else None,
                "physicalEquipmentStatus": _cell(row, "status_raw") or _cell(row, "status"),
                "equipmentType": _cell(row, "equipment_type_raw") or _cell(row, "equipment_type"),
            }
        if self.level == "virtual_machine":
            return line | {
                "equipmentName": _cell(row, "host_id"),
                "virtualEquipmentName": name,
                "infrastructureType": _INFRASTRUCTURES.get(_cell(row, "infrastructure"), ""),
                "provider": _cell(row, "provider") or _cell(row, "cloudProvider"),
                "instanceType": _cell(row, "typeInstance") or _cell(row, "instanceType"),
                "cluster": _cell(row, "cluster"),
            }
        return line | {
            "applicationName": name,
            "environmentType": _cell(row, "environment"),
            "physicalEquipmentName": _cell(row, "equipment_id") or _cell(row, "host_id"),
            "virtualEquipmentName": _cell(row, "virtual_machine_id"),
            "domain": _cell(row, "domain"),
            "subDomain": _cell(row, "sub_domain"),
        }


_INFRASTRUCTURES = {"on_premises": "NON_CLOUD_SERVERS", "public_cloud": "CLOUD_SERVICES"}


def _cell(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _listed(cell: object) -> list[Any]:
    return cell if isinstance(cell, list) else []


def _published(schema: pa.Schema) -> list[tuple[Stage, str]]:
    """Return the steps and criteria of the files, in their order."""
    keys = dict.fromkeys(name.split(".")[0] for name in schema.names if "." in name)
    return [(stage, key) for stage in STEPS for key in keys if f"{key}.{stage}" in schema.names]


def _refuse_other_stages(batch: pa.RecordBatch) -> None:
    """Refuse figures that the files have no step for.

    Raises
    ------
    OptionError
        The factors of some row do not separate life-cycle steps.
    """
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        stage = name.rpartition(".")[2]
        if "." in name and stage not in STEPS and column.null_count < len(column):
            expected = (
                f"factors that separate life-cycle steps; some are published for {stage!r} only,"
                " which the indicator files have no line for"
            )
            raise OptionError("indicator_table", "factors", stage, expected)


def _answers(record: Mapping[str, object], stage: Stage) -> bool:
    """Tell whether a record's flow kind is the one that answers for a step."""
    return (record["kind"] == "electricity") == (stage is Stage.USE)
