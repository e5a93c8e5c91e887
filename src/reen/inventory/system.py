"""Information system: equipment, data centres, virtual machines and applications, linked.

Input: one canonical table each.  Output: an immutable value whose references were checked; what
dangles is an issue, and the row stays: the method leaves it out by name.  Knows no method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.gate.admission import admit
from reen.gate.limits import GENEROUS, Limits
from reen.inventory.account import Account, AccountLine, Fate
from reen.inventory.batch import Batch, BatchMemo
from reen.inventory.conform import conform
from reen.inventory.inventory import ArrowStream, Inventory
from reen.inventory.issues import Issue, ReadReport, Severity
from reen.inventory.schema import TableSchema
from reen.inventory.system_schema import APPLICATIONS, DATACENTERS, VIRTUAL_MACHINES
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types

__all__ = ["Datacenter", "InformationSystem"]

#: Names of a column reported one by one; those beyond are counted in one issue.
_NAMES_REPORTED = 100


@attrs.frozen
class Datacenter:
    """What a method needs to know of a data centre.

    Attributes
    ----------
    id
        Short name.
    country
        ISO 3166-1 alpha-2, empty when unknown.
    pue
        Power usage effectiveness, NaN when unknown or below 1.
    """

    id: str
    country: str
    pue: float


@attrs.frozen(eq=False, kw_only=True)
class InformationSystem:
    """The equipment of an organisation and what runs on it.

    Attributes
    ----------
    equipment
        Inventory of physical equipment; hosts are its rows, found by ``id``.
    datacenters, virtual_machines, applications
        Canonical tables (see the columns page), empty when there are none.
    issues
        What was odd or refused, dangling references and duplicate names included.
    reports
        How the files were read.
    linked_account
        What became of the rows of the files of linked tables.
    """

    equipment: Inventory
    datacenters: pa.Table
    virtual_machines: pa.Table
    applications: pa.Table
    issues: tuple[Issue, ...] = ()
    reports: tuple[ReadReport, ...] = ()
    linked_account: Account = attrs.field(factory=Account)

    @property
    def account(self) -> Account:
        """Return what became of every row that was read, of equipment and of linked tables."""
        return self.equipment.account + self.linked_account

    @classmethod
    def from_tables(  # noqa: PLR0913 - the tables of a system and what was found in them
        cls,
        *,
        equipment: Inventory | ArrowStream,
        datacenters: ArrowStream | None = None,
        virtual_machines: ArrowStream | None = None,
        applications: ArrowStream | None = None,
        equipment_types: EquipmentTypes | None = None,
        issues: Sequence[Issue] = (),
        reports: Sequence[ReadReport] = (),
        limits: Limits = GENEROUS,
        uncounted: Account | None = None,
    ) -> InformationSystem:
        """Check the tables and their references.

        Parameters
        ----------
        equipment, datacenters, virtual_machines, applications
            The tables; those that are not there have no row.
        equipment_types
            Taxonomy, the bundled one by default.
        issues, reports, uncounted
            What an importer already found: `uncounted` is the account of the rows of linked
            tables that it did not hand over; those that it did are counted.

        Raises
        ------
        SchemaError
            A column that cannot hold what it should.
        BatchError
            Cells that are not what their type says, or more of them in a table than the limits
            allow.
        DimensionError
            A unit of the wrong dimension.
        """
        types = equipment_types or bundled_equipment_types()
        if not isinstance(equipment, Inventory):
            equipment = Inventory.from_arrow(
                equipment, source="equipment", equipment_types=types, limits=limits
            )
        found = list(issues)
        tables = {}
        for schema, given in (
            (DATACENTERS, datacenters),
            (VIRTUAL_MACHINES, virtual_machines),
            (APPLICATIONS, applications),
        ):
            table = (
                pa.table({"id": pa.array([], pa.string())})
                if given is None
                else admit(given, place=schema.name, limits=limits)
            )
            conformed, odd = conform(
                table,
                schema=schema,
                equipment_types=types,
                source=schema.name,
                need=("id",),
                report_nan=not reports,  # an importer has told what it could not read
            )
            tables[schema.name] = conformed
            found += odd
        system = cls(
            equipment=equipment,
            datacenters=tables["datacenters"],
            virtual_machines=tables["virtual_machines"],
            applications=tables["applications"],
            reports=tuple(reports),
        )
        linked = _counted(system, by_source=uncounted is not None) + Account.of(issues=found)
        return attrs.evolve(
            system,
            issues=(*equipment.issues, *found, *_references(system)),
            linked_account=linked if uncounted is None else linked + uncounted.without_issues,
        )

    @property
    def files(self) -> tuple[str, ...]:
        """Return the files that the tables come from."""
        return tuple(report.source for report in self.reports)

    def datacenter(self) -> Mapping[str, Datacenter]:
        """Return the data centres by id; the first row of an id counts."""
        batch = self.batch(DATACENTERS)
        codes, ids = batch.codes("id")
        country_codes, countries = batch.codes("country")
        pue = batch.values("pue", "1")
        found: dict[str, Datacenter] = {}
        for row in range(len(batch)):
            if codes[row] >= 0:
                country = countries[country_codes[row]] if country_codes[row] >= 0 else ""
                name = ids[codes[row]]
                found.setdefault(name, Datacenter(name, country, float(pue[row])))
        return found

    def batch(self, schema: TableSchema) -> Batch:
        """Return the rows of one of the linked tables as one batch."""
        table: pa.Table = getattr(self, schema.name)
        merged = table.combine_chunks().to_batches()
        data = merged[0] if merged else pa.RecordBatch.from_pylist([], schema=table.schema)
        return Batch(data, schema=schema, memo=BatchMemo())

    def host_of_machine(self) -> npt.NDArray[np.int64]:
        """Return the equipment row that hosts each virtual machine, -1 for none."""
        return positions(self.virtual_machines, "host_id", self.equipment.table)

    def machine_of_application(self) -> npt.NDArray[np.int64]:
        """Return the virtual-machine row that each application row runs on, -1 for none."""
        return positions(self.applications, "virtual_machine_id", self.virtual_machines)


def _counted(system: InformationSystem, *, by_source: bool) -> Account:
    """Return the account of the rows of linked tables; they stand for no item of equipment."""
    lines = []
    for schema in (DATACENTERS, VIRTUAL_MACHINES, APPLICATIONS):
        table: pa.Table = getattr(system, schema.name)
        if by_source and "source" in table.column_names:
            counts = table["source"].cast(pa.string()).value_counts().to_pylist()
            rows = {each["values"] or "": each["counts"] for each in counts}
        else:
            rows = {schema.name: table.num_rows}
        lines += [
            AccountLine(source=source, fate=Fate.COUNTED, rows=count)
            for source, count in rows.items()
        ]
    return Account.of(lines)


def positions(table: pa.Table, key: str, target: pa.Table) -> npt.NDArray[np.int64]:
    """Return the first row of `target` whose ``id`` is each row's `key`, -1 for none."""
    if key not in table.column_names or "id" not in target.column_names or not table.num_rows:
        return np.full(table.num_rows, -1, np.int64)
    found = pc.index_in(
        table[key].cast(pa.string()),
        value_set=target["id"].cast(pa.string()).combine_chunks(),
        skip_nulls=True,
    )
    rows: npt.NDArray[np.int64] = found.fill_null(-1).to_numpy().astype(np.int64)
    return rows


def _references(system: InformationSystem) -> list[Issue]:
    """Return the issues of duplicate names and dangling references."""
    equipment = system.equipment.table
    issues = [
        *_duplicates(equipment, "equipment"),
        *_duplicates(system.datacenters, "datacenters"),
        *_duplicates(system.virtual_machines, "virtual_machines"),
    ]
    for table, source, key, target, what in (
        (equipment, "equipment", "datacenter_id", system.datacenters, "a data centre"),
        (system.virtual_machines, "virtual_machines", "host_id", equipment, "an equipment row"),
        (
            system.applications,
            "applications",
            "virtual_machine_id",
            system.virtual_machines,
            "a virtual machine",
        ),
    ):
        issues += _dangling(table, source, key, target, what)
    return issues


def _duplicates(table: pa.Table, source: str) -> list[Issue]:
    if "id" not in table.column_names:
        return []
    counts = table["id"].cast(pa.string()).drop_null().value_counts()
    twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    return _by_name(
        _Names(table, source, "id", twice),
        one="stands in several rows; references take the first",
        many="stand in several rows each; references take the first",
        expected="one row per name",
        severity=Severity.NOTE,
    )


def _dangling(table: pa.Table, source: str, key: str, target: pa.Table, what: str) -> list[Issue]:
    if key not in table.column_names:
        return []
    found = positions(table, key, target)
    values = table[key].cast(pa.string())
    lost = pc.and_(pa.array(found < 0), values.is_valid().combine_chunks())
    return _by_name(
        _Names(table, source, key, values.filter(lost).unique()),
        one=f"refers to {what} that is not there",
        many=f"refer each to {what} that is not there",
        expected=f"the id of {what}",
        severity=Severity.CELL,
    )


@attrs.frozen(eq=False)
class _Names:
    """Names of a column that have one fault; each of its cells that holds one of them has it."""

    table: pa.Table
    source: str
    column: str
    names: pa.Array


def _by_name(
    at_fault: _Names, *, one: str, many: str, expected: str, severity: Severity
) -> list[Issue]:
    """Return an issue per name; those beyond a limit share the last one, which counts them."""
    cells = at_fault.table[at_fault.column].cast(pa.string())
    first, rest = at_fault.names[:_NAMES_REPORTED], at_fault.names[_NAMES_REPORTED:]
    said = [(name, one, pc.equal(cells, name)) for name in first.to_pylist()]
    if len(rest):
        other = pc.is_in(cells, value_set=rest, skip_nulls=True)
        said.append(("(other names)", f"{len(rest):,} further names {many}", other))
    return [
        _issue(at_fault, value, reason, expected=expected, where=where, severity=severity)
        for value, reason, where in said
    ]


def _issue(
    at_fault: _Names,
    value: str,
    reason: str,
    *,
    expected: str,
    where: pa.ChunkedArray,
    severity: Severity,
) -> Issue:
    table, source = at_fault.table, at_fault.source
    rows = pc.indices_nonzero(where)
    lines = rows[: Issue.SHOWN]
    if "source_row" in table.column_names:
        lines = table["source_row"].take(lines)
    if "source" in table.column_names and len(rows):
        source = table["source"][int(rows[0].as_py())].as_py() or source
    return Issue(
        at_fault.column,
        value,
        reason,
        expected=expected,
        severity=severity,
        source=source,
        rows=tuple(int(line) for line in lines.to_pylist() if line is not None),
        count=len(rows),
    )
