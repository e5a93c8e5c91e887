"""The lines of one indicator file, made from the trace of a measurement.

Input: a source, a method and the packs in use.  Output: one mapping per item, life-cycle step and
criterion, under the columns of the file.  The figures are those of `reen.trace`; what has none is a
line of status ERREUR.

Writes no file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import pyarrow as pa
import pyarrow.compute as pc

from reen import Inventory, Stage, __version__, measure, person_equivalents, trace
from reen.errors import OptionError
from reen.plugin import FactorPack, Method, Reason, Registry
from reen.plugin.packs import Criterion
from reen_plugins.numecoeval.exported_files import (
    COLUMNS,
    FILES,
    STEPS,
    criterion_name,
    unit_name,
)
from reen_plugins.numecoeval.exported_traces import (
    Facts,
    application_trace,
    equipment_trace,
    error_trace,
    machine_trace,
)

__all__ = ["IndicatorLines", "Line"]

#: Records of the trace that are Python objects at a time.
_RECORDS = 4_096

#: Labels that the exporter takes.
LABELS = ("inventory", "batch", "batch_date", "organisation")

Line = dict[str, str | float | None]


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
class IndicatorLines:
    """The lines of one level's file."""

    source: Inventory
    method: Method
    level: str
    packs: tuple[FactorPack, ...]
    as_of: dt.date
    labels: Mapping[str, str]
    registry: Registry

    def __attrs_post_init__(self) -> None:
        if self.level not in FILES:
            expected = Reason("error_one_of", names=", ".join(FILES))
            raise OptionError("indicator_batches", "level", self.level, expected)
        for label in self.labels:
            if label not in LABELS:
                expected = Reason("error_labels_among", labels=", ".join(LABELS))
                raise OptionError("indicator_batches", "labels", label, expected)

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
        packs = [*(self.registry.factor_pack(name) for name in self.method.packs), *self.packs]
        criteria = self._defined(packs)
        sip = self._references()
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
                            yield self._line(record, row, stage, criteria[key], factors, sip, count)

    def _defined(self, packs: Sequence[FactorPack]) -> Mapping[str, Criterion]:
        """Return the criteria by key: those of the plugins, and those that packs bring."""
        own = (criterion for pack in packs for criterion in pack.factors.definitions)
        return {criterion.key: criterion for criterion in (*self.registry.criteria, *own)}

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
        if self.level == "equipment":
            return self.source.table
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
        criterion: Criterion,
        factors: _Factors,
        sip: Mapping[str, float],
        machines: int,
    ) -> Line:
        key = criterion.key
        impact = record[f"{key}.{stage}"]
        line = self._names(row)
        line |= {
            "acvStep": STEPS[stage],
            "criteria": criterion_name(criterion),
            "unit": unit_name(criterion),
        }
        if not isinstance(impact, float):
            line["indicatorStatus"] = "ERREUR"
            code, text = (str(record[name] or "") for name in ("reason_code", "reason"))
            use = stage is Stage.USE
            line["trace"] = error_trace(code, text, use=use, name=_cell(row, "id"))
            return {name: line.get(name) for name in COLUMNS[self.level]}
        factor, source = factors.cell(record, stage, key)
        drivers = record["drivers"]
        facts = Facts(
            drivers={each["name"]: each["value"] for each in _listed(drivers)},
            factor=factor,
            source=source,
            impact=impact,
            assumptions=_assumptions(record),
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


def _assumptions(record: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    """Return code and sentence of each assumption, by parameter; the first where there are two."""
    found: dict[str, tuple[str, str]] = {}
    pairs = zip(_listed(record["assumption_codes"]), _listed(record["assumptions"]), strict=True)
    for taken, text in pairs:
        found.setdefault(taken["parameter"], (taken["code"], text))
    return found


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
            expected = Reason("error_factors_separate_life_cycle_steps_some", stage=stage)
            raise OptionError("indicator_batches", "factors", stage, expected)


def _answers(record: Mapping[str, object], stage: Stage) -> bool:
    """Tell whether a record's flow kind is the one that answers for a step."""
    return (record["kind"] == "electricity") == (stage is Stage.USE)
