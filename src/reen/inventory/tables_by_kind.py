"""Tables by kind: those of an inventory beside its equipment, as attributes.

Role: the part of `Inventory` that only looks its tables up, and follows the names by which a row of
one points to a row of another.  Checks nothing and adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import empty_of
from reen.inventory.batch import Batch, BatchMemo
from reen.inventory.datacenter import Datacenter, datacenters_by_id
from reen.inventory.schema import EQUIPMENT, TableSchema
from reen.inventory.system_schema import DATACENTERS
from reen.lazy_names import lazy_module

if TYPE_CHECKING:
    from reen.inventory import references
else:
    references = lazy_module("reen.inventory.references")

__all__ = ["TablesByKind"]


class TablesByKind:
    """Tables, each found by its kind; one that nobody gave has no row."""

    __slots__ = ()

    @property
    def tables(self) -> Mapping[str, pa.Table]:
        """Return all tables by kind, equipment first; those that are not there have no row."""
        raise NotImplementedError

    @property
    def virtual_machines(self) -> pa.Table:
        """Return the virtual machines, each on a host."""
        return self.tables["virtual_machines"]

    @property
    def datacenters(self) -> pa.Table:
        """Return the data centres."""
        return self.tables["datacenters"]

    @property
    def applications(self) -> pa.Table:
        """Return the applications, a row for each environment and machine."""
        return self.tables["applications"]

    @property
    def purchases(self) -> pa.Table:
        """Return the order or invoice lines."""
        return self.tables["purchases"]

    @property
    def disposals(self) -> pa.Table:
        """Return what left the organisation."""
        return self.tables["disposals"]

    @property
    def headcount(self) -> pa.Table:
        """Return the numbers of agents at given dates."""
        return self.tables["headcount"]

    @property
    def energy_readings(self) -> pa.Table:
        """Return what meters say, period by period."""
        return self.tables["energy_readings"]

    @property
    def repairs(self) -> pa.Table:
        """Return the equipment that failed, and what became of it."""
        return self.tables["repairs"]

    @property
    def contracts(self) -> pa.Table:
        """Return the contracts and their clauses."""
        return self.tables["contracts"]

    @property
    def events(self) -> pa.Table:
        """Return the workshops, courses and campaigns."""
        return self.tables["events"]

    @property
    def projects(self) -> pa.Table:
        """Return the digital projects."""
        return self.tables["projects"]

    @property
    def connected_objects(self) -> pa.Table:
        """Return the connected objects of the territory."""
        return self.tables["connected_objects"]

    @property
    def last_seen(self) -> pa.Table:
        """Return the dates when each device was last heard of."""
        return self.tables["last_seen"]

    @property
    def maturity(self) -> pa.Table:
        """Return the answers to a grid of maturity."""
        return self.tables["maturity"]

    @property
    def services(self) -> pa.Table:
        """Return what is bought and is no device: software as a service, telephony, paper..."""
        return self.tables["services"]

    def batch(self, schema: TableSchema) -> Batch:
        """Return the rows of one table, that of a schema's name, as one batch."""
        table = self.tables[schema.name]
        merged = table.combine_chunks().to_batches()
        data = merged[0] if merged else empty_of(table.schema)
        return Batch(data, schema=schema, memo=BatchMemo())

    def datacenter(self) -> Mapping[str, Datacenter]:
        """Return the data centres by id; the first row of an id counts."""
        if not self.datacenters.num_rows:
            return {}
        return datacenters_by_id(self.batch(DATACENTERS))

    def host_of_machine(self) -> npt.NDArray[np.int64]:
        """Return the row of equipment that hosts each virtual machine, -1 for none."""
        return references.positions(self.virtual_machines, "host_id", self.tables[EQUIPMENT.name])

    def machine_of_application(self) -> npt.NDArray[np.int64]:
        """Return the row of the virtual machine that each application runs on, -1 for none."""
        return references.positions(self.applications, "virtual_machine_id", self.virtual_machines)
