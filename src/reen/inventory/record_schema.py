"""Canonical tables beside the equipment: what was bought, used and discarded, and by how many.

Purchases, disposals, services, readings of energy and headcounts; then what a strategy is followed
by besides: repairs, contracts, events, projects, connected objects, dates when a device was last
seen, and scores of maturity.  Declarations only, as in `schema`.
"""

from __future__ import annotations

from reen.inventory.schema import (
    ACQUISITION,
    SOURCE_COLUMNS,
    Column,
    ColumnKind,
    TableSchema,
    identifier_column,
    number_column,
    text_column,
)

__all__ = [
    "CONNECTED_OBJECTS",
    "CONTRACTS",
    "DISPOSALS",
    "ENERGY_READINGS",
    "EVENTS",
    "HEADCOUNT",
    "LAST_SEEN",
    "MATURITY",
    "PROJECTS",
    "PURCHASES",
    "REPAIRS",
    "SERVICES",
]


def _date(name: str, description: str) -> Column:
    return Column(name, ColumnKind.DATE, description)


def _yes_or_no(name: str, description: str) -> Column:
    return Column(name, ColumnKind.BOOLEAN, description)


#: Order or invoice lines, dated.
PURCHASES = TableSchema(
    "purchases",
    (
        identifier_column("id", "Order or invoice line."),
        _date("date", "Day of invoice, else of delivery, else of order."),
        text_column("equipment_type", "Type of equipment: a key of the taxonomy."),
        text_column("equipment_type_raw", "Type as written in the source."),
        text_column("order_number", "Number of the order: text, joins the fleet."),
        identifier_column("serial_number", "Serial number of the item bought: joins the fleet."),
        text_column("supplier", "Supplier."),
        text_column("manufacturer", "Maker."),
        text_column("model", "Commercial model."),
        number_column("quantity", "item", "Items bought.", default=1.0),
        number_column("unit_price", "EUR/item", "Price of one item without tax."),
        Column("reconditioned", ColumnKind.BOOLEAN, "Second-hand or refurbished."),
        ACQUISITION,
        number_column("repairability", "1", "Index of repairability, 0 to 10.", maximum=10.0),
        Column("labelled", ColumnKind.BOOLEAN, "Has an environmental label."),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)

#: What left the organisation, dated.
DISPOSALS = TableSchema(
    "disposals",
    (
        identifier_column("id", "Identifier of the deed or take-back slip line."),
        _date("date", "Day it left."),
        text_column("equipment_type", "Type of equipment: a key of the taxonomy."),
        text_column("equipment_type_raw", "Type as written in the source."),
        number_column("quantity", "item", "Items; blank when only a weight is known."),
        number_column("weight", "kg", "Mass of the row."),
        text_column(
            "destination",
            "Where it went.",
            "reuse_internal",
            "donation",
            "sale",
            "returned_to_lessor",
            "refurbisher",
            "recycling",
            "discarded",
            "lost",
            "unknown",
        ),
        text_column("recipient", "Body that took it: an association, a take-back scheme, a firm."),
        Column("approved", ColumnKind.BOOLEAN, "Waste handed to an approved body."),
        _date("purchase_date", "Day on which it was bought."),
        _date("warranty_end_date", "End of its warranty."),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)

#: What is bought and is no device of the inventory: what was spent or used in a year, line by line.
SERVICES = TableSchema(
    "services",
    (
        identifier_column("id", "Identifier, or number of the accounting line."),
        text_column("label", "What the line is about, as the accounts call it."),
        text_column(
            "service_type",
            "Kind of service.",
            "saas",
            "software_licence",
            "it_services",
            "hosting",
            "telecom",
            "telephone_line",
            "fixed_network",
            "mobile_network",
            "maintenance",
            "printing",
            "paper",
            "small_equipment",
            "other",
            "unknown",
        ),
        text_column("service_type_raw", "Kind of service as written in the source."),
        text_column("supplier", "Supplier."),
        _date("date", "Day of the invoice, or end of the period that it pays for."),
        number_column("amount", "EUR", "Spent without tax (HT)."),
        number_column("amount_with_tax", "EUR", "Spent with value-added tax (TTC)."),
        number_column(
            "amount_as_written", "EUR", "Spent, if the file does not specify with or without tax."
        ),
        number_column("tax_rate", "percent", "Rate of the value-added tax.", maximum=100.0),
        number_column(
            "price_year",
            "1",
            "Year of the prices; that of the date or of the measurement if blank.",
        ),
        number_column("reams", "item", "Reams of 500 sheets of A4 paper."),
        number_column("paper_weight", "kg", "Mass of paper."),
        number_column("lines", "item", "Telephone or data lines."),
        number_column("data_volume", "GB", "Data carried over the year."),
        number_column("accounts", "person", "Accounts that are open, of a service with accounts."),
        number_column("active_users", "person", "People who used it in the last 90 days."),
        number_column("data_stored", "GB", "Data that it stores, at the date of the line."),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)

#: What meters say: the energy of a period, its mean power, or the index at its end.
ENERGY_READINGS = TableSchema(
    "energy_readings",
    (
        text_column("meter_id", "Delivery point, outlet, server card or plug: text, zeros kept."),
        text_column(
            "subject_kind",
            "What kind of thing is metered.",
            "datacenter",
            "site",
            "equipment",
            "virtual_machine",
        ),
        text_column("subject_id", "The thing that is metered, by its id or name."),
        Column("period_start", ColumnKind.TIMESTAMP, "First instant of the period."),
        Column("period_end", ColumnKind.TIMESTAMP, "End of the period, the first instant after."),
        number_column("energy", "kWh", "Energy of the period."),
        number_column("power", "W", "Mean power of the period."),
        number_column("index", "kWh", "Cumulative index at the end of the period."),
        text_column("scope", "What the reading covers.", "total", "it_only", "cooling", "ups_loss"),
        text_column("method", "Where it comes from.", "invoice", "meter", "pdu", "bmc", "estimate"),
        *SOURCE_COLUMNS,
    ),
)

#: Agents (staff members) at a date, in full-time equivalents or heads as the organisation counts.
HEADCOUNT = TableSchema(
    "headcount",
    (
        _date("date", "Day of the count."),
        number_column("agents", "person", "Number of agents."),
        number_column("inhabitants", "person", "Inhabitants of the territory."),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)

#: Equipment that failed, and what became of it.
REPAIRS = TableSchema(
    "repairs",
    (
        identifier_column("id", "Identifier of the repair."),
        _date("date", "Day on which it was done."),
        text_column("equipment_type", "Type of equipment: a key of the taxonomy."),
        text_column("equipment_type_raw", "Type as written in the source."),
        number_column("quantity", "item", "Items.", default=1.0),
        text_column(
            "outcome", "What became of them.", "repaired", "replaced", "not_repaired", "unknown"
        ),
        text_column("repairer", "Who repaired them: a firm, a workshop, never a person."),
        _yes_or_no("local_repairer", "The repairer is of the territory."),
        number_column("hours", "h", "Hours of work."),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)

#: Contracts and their clauses.
CONTRACTS = TableSchema(
    "contracts",
    (
        identifier_column("id", "Number of the contract."),
        _date("date", "Day on which it was awarded."),
        text_column("subject", "What is bought."),
        number_column("amount", "EUR", "Amount without tax."),
        _yes_or_no("environmental_clause", "It has an environmental clause."),
        _yes_or_no("social_clause", "It has a social clause."),
        _yes_or_no("local_repair", "It is one of repair, with a repairer of the territory."),
        number_column(
            "criterion_weight",
            "percent",
            "Weight of the environmental criterion in the award.",
            maximum=100.0,
        ),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)

#: Workshops, courses, campaigns: who was reached.
EVENTS = TableSchema(
    "events",
    (
        identifier_column("id", "Identifier of the event."),
        _date("date", "Day, the first of several."),
        text_column("title", "What it is called."),
        number_column("axis", "1", "Axis of the strategy, 1 to 6.", minimum=1.0, maximum=6.0),
        text_column(
            "event_kind",
            "What kind of event.",
            "workshop",
            "training",
            "conference",
            "campaign",
            "phishing_test",
            "collection",
            "repair_workshop",
            "other",
        ),
        text_column(
            "theme",
            "What it is about.",
            "eco_design",
            "security",
            "sober_use",
            "inclusion",
            "reuse",
            "other",
        ),
        text_column("audience", "Whom it is for.", "staff", "elected", "public", "mixed"),
        number_column("participants", "person", "People who took part, elected members included."),
        number_column("elected", "person", "Elected members among them."),
        number_column("concerned", "person", "People who should have been reached."),
        number_column("certified", "person", "People who were certified."),
        number_column("clicked", "person", "Phishing test: people who followed the link."),
        number_column("reported", "person", "Phishing test: people who reported it."),
        number_column("weight", "kg", "Mass of the equipment collected."),
        number_column(
            "data_deleted", "GB", "Data that were deleted, of a campaign that cleans up."
        ),
        text_column("partner", "Body that took part: an association, a firm, a school."),
        text_column("partner_kind", "What kind of body."),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)

#: Digital projects and services: whether they were eco-designed, and how they score.
PROJECTS = TableSchema(
    "projects",
    (
        identifier_column("id", "Identifier of the project."),
        text_column("name", "Name."),
        _date("date", "Day on which it was put into service."),
        _yes_or_no("eco_designed", "It was eco-designed."),
        number_column(
            "rgesn_score",
            "percent",
            "Share of the criteria of the RGESN (French eco-design reference) that are met.",
            maximum=100.0,
        ),
        number_column("users", "person", "People who use it."),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)

#: Sensors and the like in the territory, one row per object or per n alike.
CONNECTED_OBJECTS = TableSchema(
    "connected_objects",
    (
        identifier_column("id", "Identifier."),
        text_column("object_use", "What they are for: lighting, water, parking..."),
        number_column("quantity", "item", "Number of objects in the row.", default=1.0),
        _date("commissioning_date", "First day of use."),
        _yes_or_no("shared_network", "They use a network shared with others."),
        number_column("annual_energy", "kWh/item/year", "Electricity of one object over a year."),
        number_column("saved_energy", "kWh", "Energy that the objects of the row save in a year."),
        text_column("counterfactual", "Against what the saving is counted."),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)

#: Last contact of each device with its management tool.
LAST_SEEN = TableSchema(
    "last_seen",
    (
        identifier_column("id", "Identifier of the device in the tool."),
        identifier_column("serial_number", "Serial number: text, leading zeros kept."),
        identifier_column("asset_tag", "Inventory number of the organisation: text."),
        _date("last_contact", "Day on which the tool last heard of it; blank when never."),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)

#: Answers to a grid of maturity.
MATURITY = TableSchema(
    "maturity",
    (
        _date("date", "Day of the answer."),
        number_column("dimension", "1", "Dimension of the grid, 1 to 7.", minimum=1.0, maximum=7.0),
        text_column("question", "Question."),
        number_column("score", "1", "Score, 1 to 5.", minimum=1.0, maximum=5.0),
        text_column("entity", "Organisational unit."),
        *SOURCE_COLUMNS,
    ),
)
