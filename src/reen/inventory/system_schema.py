"""Canonical tables of an information system besides its equipment.

Data centres, virtual machines and applications, linked by keys: equipment to its data centre,
machine to its host, application to its machine.  Declarations only, as in `schema`.
"""

from __future__ import annotations

from reen.inventory.schema import (
    SOURCE_COLUMNS,
    TableSchema,
    number_column,
    text_column,
)

__all__ = ["APPLICATIONS", "DATACENTERS", "VIRTUAL_MACHINES"]

#: Places that host equipment.
DATACENTERS = TableSchema(
    "datacenters",
    (
        text_column("id", "Short name, unique."),
        text_column("name", "Long name."),
        text_column(
            "kind",
            "Kind of place.",
            "own_datacenter",
            "server_room",
            "network_closet",
            "colocation",
            "public_cloud",
        ),
        text_column("country", "Electricity mix to use: ISO 3166-1 alpha-2."),
        text_column("country_raw", "Country as written in the source."),
        text_column("site", "Address or town."),
        text_column("entity", "Owner."),
        number_column("pue", "1", "Power usage effectiveness.", minimum=1.0),
        text_column(
            "pue_method", "Where the effectiveness comes from.", "measured", "declared", "default"
        ),
        number_column("annual_energy", "kWh/year", "Electricity of the place over a year."),
        number_column("it_energy", "kWh/year", "Electricity of its IT equipment over a year."),
        number_column("floor_area", "m^2", "Area of the room."),
        number_column("water", "m^3/year", "Water used for cooling over a year."),
        *SOURCE_COLUMNS,
    ),
)

#: Virtual machines, on a host.
VIRTUAL_MACHINES = TableSchema(
    "virtual_machines",
    (
        text_column("id", "Name or identifier, unique."),
        text_column("name", "Name shown to users."),
        text_column("kind", "What it is given of its host.", "compute", "storage"),
        text_column(
            "infrastructure",
            "Where it runs.",
            "on_premises",
            "private_cloud",
            "public_cloud",
        ),
        text_column("host_id", "Equipment that hosts it."),
        text_column("cluster", "Virtualisation cluster."),
        text_column("datacenter_id", "Data centre, when the host is not known."),
        number_column("quantity", "item", "Number of machines in the row.", default=1.0),
        text_column("provider", "Provider of the cloud, as written."),
        text_column("instance_type", "Type of cloud instance."),
        text_column("region", "Region of the cloud."),
        text_column("country", "Place of the service: ISO 3166-1 alpha-2."),
        text_column("country_raw", "Place of the service as written in the source."),
        number_column("vcpu", "1", "Virtual processors."),
        number_column("ram", "GiB", "Memory given to it."),
        number_column("storage", "GB", "Storage given to it."),
        number_column("storage_used", "GB", "Storage that it uses."),
        number_column("allocation_share", "1", "Share of the host, when given.", maximum=1.0),
        number_column("average_load", "1", "Mean load of its processors.", maximum=1.0),
        number_column("hours", "h/year", "Hours that it runs over a year.", maximum=8784.0),
        number_column("annual_energy", "kWh/year", "Its own electricity over a year, when known."),
        text_column(
            "state",
            "Whether it runs, or is no machine of its own.",
            "running",
            "stopped",
            "suspended",
            "template",
            "placeholder",
            "system",
        ),
        text_column("os", "Operating system, as written."),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)

#: Applications: one row per application, environment and machine.
APPLICATIONS = TableSchema(
    "applications",
    (
        text_column("id", "Name of the application; several rows may have it."),
        text_column("name", "Name shown to users."),
        text_column("environment", "Production, test, training... as written."),
        text_column("domain", "Domain."),
        text_column("sub_domain", "Sub-domain."),
        text_column("virtual_machine_id", "Machine that it runs on."),
        text_column("equipment_id", "Equipment that it runs on without a virtual machine."),
        number_column("share", "1", "Share of the machine, when given.", maximum=1.0),
        number_column("users", "person", "Number of users."),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)
