"""The schema of a table: the name, kind, unit and range of every column, declared once.

Role: the place that says what a column is, with the columns of the equipment (`record_schema` and
`system_schema` have the other tables); conforming, batches, importers, documentation and tests all
read it.  Units of numeric columns stand here and in the Arrow field metadata, never in names.
Per-item quantities are multiplied by `quantity`.

Must not import pyarrow, pint or anything above this storey.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from typing import TypeVar, overload

import attrs

from reen.reasons import Reason
from reen.values import Printed

__all__ = [
    "ACQUISITION",
    "EQUIPMENT",
    "FIGURE_COLUMNS",
    "TYPE_BASES",
    "UNREADABLE",
    "Column",
    "ColumnKind",
    "TableSchema",
]

T = TypeVar("T")


class ColumnKind(enum.Enum):
    """What the cells of a column are."""

    #: Text: dictionary-encoded, or plain in a column of identifiers.
    TEXT = "text"
    #: float64 in the column's unit; null is unknown, NaN is present but unreadable.
    NUMBER = "number"
    #: Calendar day (date32).
    DATE = "date"
    #: Instant (timestamp[s, UTC]).
    TIMESTAMP = "timestamp"
    #: True or false.
    BOOLEAN = "boolean"
    #: Whole number (int64), only for positions in a file.
    INTEGER = "integer"


@attrs.frozen(repr=False)
class Column(Printed):
    """One column of a canonical table.

    Attributes
    ----------
    name
        Column name, in English, snake_case, without unit.
    kind
        What the cells are.
    description
        One sentence.
    unit
        Unit of a number column, empty otherwise.
    minimum, maximum
        Range of a number column; values outside are invalid, never silently used.
    exclusive
        Whether `minimum` itself is invalid (a lifetime of 0).
    values
        Closed list of a text column, empty when free.
    identifier
        Whether hardly two rows share a text.  It then stays plain: to look for the distinct ones
        takes longer than to read the file.
    default
        Value of every row when a number column is absent (`quantity`: one item a row).  A blank
        cell of a column that is there stays unknown.
    """

    name: str
    kind: ColumnKind
    description: str
    unit: str = attrs.field(default="", kw_only=True)
    minimum: float | None = attrs.field(default=None, kw_only=True)
    maximum: float | None = attrs.field(default=None, kw_only=True)
    exclusive: bool = attrs.field(default=False, kw_only=True)
    values: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    identifier: bool = attrs.field(default=False, kw_only=True)
    default: float | None = attrs.field(default=None, kw_only=True)

    @property
    def expected(self) -> Reason:
        """Return the expected content of a cell of this column, for messages in both languages.

        Examples
        --------
        >>> str(EQUIPMENT["lifetime"].expected)
        'a number in year, above 0'
        """
        if self.kind is ColumnKind.NUMBER:
            return self._expected_number()
        of_kind = {
            ColumnKind.DATE: "expected_date",
            ColumnKind.TIMESTAMP: "expected_instant",
            ColumnKind.BOOLEAN: "expected_yes_or_no",
            ColumnKind.INTEGER: "expected_whole_number",
        }
        if self.kind in of_kind:
            return Reason(of_kind[self.kind])
        values = ", ".join(self.values)
        return Reason("expected_one_of", values=values) if values else Reason("expected_text")

    def _expected_number(self) -> Reason:
        number = Reason("number") if self.unit == "1" else Reason("number_in", unit=self.unit)
        low, high = self.minimum, self.maximum
        if low is None:
            return number
        if high is not None:
            return Reason("expected_between", number=number, low=low, high=high)
        return Reason(
            "expected_above" if self.exclusive else "expected_from", number=number, low=low
        )


# A schema is a key many times over: its hash is worked out once.
@attrs.frozen(cache_hash=True)
class TableSchema(Mapping[str, Column]):
    """The columns of one canonical table, by name, in order."""

    name: str
    columns: tuple[Column, ...]
    _by_name: Mapping[str, Column] = attrs.field(init=False, repr=False, eq=False)

    @_by_name.default
    def _index(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    def __getitem__(self, name: str) -> Column:
        """Return the column called `name`."""
        return self._by_name[name]

    @overload
    def get(self, name: str, /) -> Column | None: ...

    @overload
    def get(self, name: str, /, default: Column | T) -> Column | T: ...

    def get(self, name: str, /, default: Column | T | None = None) -> Column | T | None:
        """Return the column called `name`, or the default."""
        return self._by_name.get(name, default)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the column names, in order."""
        return iter(self._by_name)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.columns)

    @property
    def type_column(self) -> str:
        """Return the name of the column of types: of equipment, of services..."""
        return "service_type" if "service_type" in self._by_name else "equipment_type"


def text_column(name: str, description: str, *values: str) -> Column:
    """Return a text column, closed to `values` when there are any."""
    return Column(name, ColumnKind.TEXT, description, values=values)


def identifier_column(name: str, description: str) -> Column:
    """Return a text column of which hardly two cells are alike."""
    return Column(name, ColumnKind.TEXT, description, identifier=True)


def number_column(name: str, unit: str, description: str, **bounds: float | bool) -> Column:
    """Return a number column of 0 and more, or within the bounds given."""
    minimum = bounds.get("minimum", 0.0)
    return Column(
        name,
        ColumnKind.NUMBER,
        description,
        unit=unit,
        minimum=float(minimum),
        maximum=None if "maximum" not in bounds else float(bounds["maximum"]),
        exclusive=bool(bounds.get("exclusive", False)),
        default=None if "default" not in bounds else float(bounds["default"]),
    )


def _date(name: str, description: str) -> Column:
    return Column(name, ColumnKind.DATE, description)


#: Where a row comes from; every table ends with these.
SOURCE_COLUMNS = (
    text_column("source", "File, sheet or connector that the row comes from."),
    Column("source_row", ColumnKind.INTEGER, "Line of the file, counted from 1."),
)

#: Precision of a date that the source gives and that cannot be read, or used: no blank.
UNREADABLE = "unreadable"

#: Evidence that a type of equipment may rest on, the strongest first.
TYPE_BASES = (
    "mapping",
    "model",
    "role",
    "form_factor",
    "record_type",
    "word",
    "platform",
    "operating_system",
    "description",
    "model_word",
    "list_name",
)

#: One row per asset, or per n identical assets.
ACQUISITION = text_column(
    "acquisition",
    "How it was acquired.",
    *("purchase", "lease", "donation", "made_available", "unknown"),
)

EQUIPMENT = TableSchema(
    "equipment",
    (
        identifier_column("id", "Identifier, stable inside the import."),
        identifier_column("name", "Name shown to users."),
        text_column("equipment_type", "Type of equipment: a key of the taxonomy."),
        text_column("equipment_type_raw", "Type as written in the source."),
        text_column(
            "equipment_type_basis",
            "What the type rests on: the word of the source, or other evidence.",
            *TYPE_BASES,
        ),
        text_column("equipment_type_candidates", "Types that it may be, where that is open."),
        text_column("manufacturer", "Maker."),
        text_column("model", "Commercial model."),
        text_column("model_number", "Part number or machine type."),
        identifier_column("serial_number", "Serial number: text, leading zeros kept."),
        identifier_column("asset_tag", "Inventory number of the organisation: text."),
        number_column(
            "quantity", "item", "Number of items in the row; blank means unknown.", default=1.0
        ),
        text_column(
            "status",
            "Where the asset is in its life with the organisation.",
            "in_use",
            "in_stock",
            "loaned",
            "in_repair",
            "retired",
            "lost",
            "unknown",
        ),
        text_column("status_raw", "Status as written in the source."),
        text_column("order_number", "Number of the order by which it was bought: text."),
        _date("purchase_date", "Day of invoice or delivery."),
        text_column(
            "purchase_date_precision",
            "How precise the purchase date is; unreadable where the source gives one all the same.",
            *("day", "month", "year", "estimated", UNREADABLE),
        ),
        _date("commissioning_date", "First day of use."),
        _date("retirement_date", "Day it left the organisation."),
        text_column(
            "retirement_date_precision",
            "Whether the source gives a day that cannot be read.",
            *("day", UNREADABLE),
        ),
        _date("warranty_end_date", "End of the warranty."),
        _date("last_seen", "Last contact with the inventory tool."),
        ACQUISITION,
        Column("reconditioned", ColumnKind.BOOLEAN, "Bought second-hand or refurbished."),
        text_column("entity", "Organisational unit, ' > ' between levels."),
        text_column("site", "Building or place."),
        text_column("country", "Place of use: ISO 3166-1 alpha-2, overseas territories their own."),
        text_column("country_raw", "Place of use as written in the source."),
        text_column("datacenter_id", "Data centre that hosts it."),
        text_column("cluster", "Virtualisation cluster of a host."),
        text_column("parent_id", "Equipment it is attached to."),
        text_column("user_id", "Pseudonym of the user, never the name."),
        text_column(
            "user_mode",
            "Who uses it.",
            "individual",
            "shared",
            "self_service",
            "infrastructure",
            "unknown",
        ),
        text_column(
            "ownership",
            "Whose it is (COPE: corporate_personal_use; BYOD: personal).",
            "corporate",
            "corporate_personal_use",
            "personal",
            "third_party",
            "unknown",
        ),
        number_column("lifetime", "year", "Years of use, or of amortisation.", exclusive=True),
        number_column(
            "upstream_lifetime", "year", "Years of a first life before the organisation."
        ),
        number_column("downstream_lifetime", "year", "Years of a further life after it."),
        number_column(
            "usage_share",
            "1",
            "Share of the use that is the organisation's.",
            maximum=1.0,
            default=1.0,
        ),
        number_column(
            "declared_footprint", "kgCO2e/item", "Declared footprint of one item, whole life."
        ),
        number_column(
            "declared_annual_footprint",
            "kgCO2e/item/year",
            "Declared footprint of one item for one year.",
        ),
        number_column("annual_energy", "kWh/item/year", "Electricity of one item over a year."),
        text_column(
            "energy_method", "Where the energy comes from.", "measured", "manufacturer", "estimated"
        ),
        number_column("power", "W/item", "Mean power when in use."),
        number_column("power_max", "W/item", "Nameplate power, never used as mean power."),
        number_column("usage_hours", "h/year", "Hours powered on over a year.", maximum=8784.0),
        number_column("average_load", "1", "Mean load, share of the most.", maximum=1.0),
        text_column("archetype", "Archetype that completes what is not known (BoaviztAPI)."),
        text_column("cpu_model", "Processor name as reported."),
        number_column("cpu_sockets", "1", "Processors."),
        number_column("cpu_cores", "1", "Physical cores, all sockets."),
        number_column("cpu_die_size", "mm^2", "Area of the die of one processor.", exclusive=True),
        number_column("ram", "GiB/item", "Memory installed."),
        number_column("ram_density", "GB/cm^2", "Memory on an area of its chips.", exclusive=True),
        number_column("storage", "GB/item", "Raw internal storage."),
        text_column("storage_type", "Kind of storage.", "ssd", "hdd", "mixed"),
        number_column("storage_disks", "1", "Disks of one storage array."),
        text_column("gpu_model", "Accelerator or graphics card."),
        number_column("gpu_count", "1", "Accelerators or graphics cards."),
        text_column("case_type", "Form of a server.", "rack", "blade"),
        number_column("power_supplies", "1", "Power supplies."),
        number_column("power_supply_weight", "kg", "Mass of one power supply.", exclusive=True),
        text_column("provider", "Provider of a cloud instance."),
        text_column("instance_type", "Type of a cloud instance, as its provider names it."),
        text_column("region", "Region of a cloud instance, as its provider names it."),
        number_column("screen_size", "inch/item", "Diagonal of the screen."),
        number_column("weight", "kg/item", "Mass."),
        number_column("price", "EUR/item", "Purchase price without tax."),
        *SOURCE_COLUMNS,
    ),
)


#: Columns of equipment by which some method makes its figures, besides the type and the quantity,
#: which all of them read: whoever filled one that the method in use ignores is told so.
FIGURE_COLUMNS = frozenset(
    {
        *("annual_energy", "power", "usage_hours", "average_load", "usage_share"),
        *("country", "datacenter_id", "region", "provider", "instance_type"),
        *("lifetime", "upstream_lifetime", "downstream_lifetime", "reconditioned"),
        *("purchase_date", "retirement_date", "status", "ownership"),
        *("declared_footprint", "declared_annual_footprint"),
        *("model", "archetype", "case_type"),
        *("cpu_model", "cpu_cores", "cpu_sockets", "cpu_die_size", "gpu_model", "gpu_count"),
        *("ram", "ram_density", "storage", "storage_type", "storage_disks"),
        *("power_supplies", "power_supply_weight"),
    }
)
