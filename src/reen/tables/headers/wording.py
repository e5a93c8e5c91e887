"""Wording: what one kind of table is called in files, and what must stand in it.

Input: a schema and the bundled words.  Output: one value per kind of table (equipment, virtual
machines, purchases, energy readings...) that every step of a read is given; none of them knows a
kind by itself.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping

import attrs

from reen.inventory.record_schema import (
    CONNECTED_OBJECTS,
    CONTRACTS,
    DISPOSALS,
    ENERGY_READINGS,
    EVENTS,
    HEADCOUNT,
    LAST_SEEN,
    MATURITY,
    PROJECTS,
    PURCHASES,
    REPAIRS,
    SERVICES,
)
from reen.inventory.schema import TableSchema
from reen.inventory.system_schema import APPLICATIONS, DATACENTERS, VIRTUAL_MACHINES
from reen.tables.headers.header_words import Word, header_words, key_of, value_words
from reen.tables.headers.reading_columns import EVIDENCE, JOINING, READ_EQUIPMENT
from reen.tables.mapping.layers import LaidRule, Layers
from reen.tables.mapping.mapping import KEEP

__all__ = [
    "DISPOSALS_WORDING",
    "ENERGY_READINGS_WORDING",
    "EQUIPMENT_WORDING",
    "HEADCOUNT_WORDING",
    "PURCHASES_WORDING",
    "SERVICES_WORDING",
    "WORDING_OF_KIND",
    "Wording",
]


@attrs.frozen(eq=False, kw_only=True, repr=False)
class Wording:
    """How files speak of one kind of table.

    Attributes
    ----------
    schema
        Its canonical columns.
    need
        Columns that must be there: one of each group.
    filled
        Columns whose blank cells are filled from the next header in order of preference.  Others
        (a site, a department) are different things under one roof: only the first is taken.
    counted
        The number that a row stands for, which totals add up.
    past
        Date columns that cannot lie in the future.
    row
        Code of what a row is called in messages.
    layers
        What the mappings say of the table that is read; None when they say nothing.
    day
        The day that the name of the table, or a mapping, says of all its rows: the ``date`` that
        no header gives; None when there is none.
    day_is_year
        Whether only its year is said, whose last day is taken.
    """

    schema: TableSchema
    need: tuple[tuple[str, ...], ...]
    filled: frozenset[str] = frozenset()
    counted: str = "quantity"
    past: frozenset[str] = frozenset()
    row: str = "expected_row_per_record"
    layers: Layers | None = None
    day: dt.date | None = None
    day_is_year: bool = False

    @property
    def headers(self) -> Mapping[str, Word]:
        """Return the meaning of each known header, by its normal form."""
        return header_words(self.schema.name)

    @property
    def values(self) -> Mapping[str, Mapping[str, str]]:
        """Return, by column, the value of its closed list that each word names."""
        return value_words()

    def rule(self, header: str) -> LaidRule | None:
        """Return what a mapping says of a header, None when it says nothing of this kind."""
        if self.layers is None:
            return None
        rules, key = self.layers.columns, key_of(header)
        laid = rules.get(key) or rules.get(key.replace(" ", ""))
        if laid is None or laid.rule.column in ("", KEEP) or laid.rule.column in self.schema:
            return laid
        return None

    @property
    def constants(self) -> Mapping[str, str]:
        """Return the values of the columns that no header gives, as the mappings say them."""
        said = {} if self.layers is None else self.layers.constants
        return {column: value for column, value in said.items() if column in self.schema}

    def nearest(self, header: str) -> list[str]:
        """Return the known header that looks most like one, if any does."""
        return list(_nearest(self.schema.name, key_of(header)))

    def lacks(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the first group of columns of which none is there; empty when none lacks.

        A constant that is said of every table makes none of them a list of assets.
        """
        there = set(columns)
        if self.day is not None and there:
            there.add("date")
        if self.layers is not None and there:
            shared = frozenset() if there & _SHOWS_RECORDS else self.layers.shared
            there |= set(self.constants) - shared
        return next((group for group in self.need if not there & set(group)), ())


@functools.lru_cache(maxsize=4096)
def _nearest(kind: str, key: str) -> tuple[str, ...]:
    """Return the headers of a kind that look most like one: files of one tool ask the same."""
    import difflib

    return tuple(difflib.get_close_matches(key, header_words(kind), 1, cutoff=0.7))


#: Columns of which one at least stands in a list of things; a place or an owner may be of anything.
_SHOWS_RECORDS = frozenset({"serial_number", "asset_tag", "id", "model", "quantity", "agents"})

EQUIPMENT_WORDING = Wording(
    schema=READ_EQUIPMENT,
    need=(("equipment_type", "model"),),
    filled=frozenset(
        {"equipment_type", "last_seen", "model", "purchase_date", "serial_number", "asset_tag"}
    )
    | {column.name for column in (*EVIDENCE, *JOINING)},
    row="expected_row_per_asset",
)
#: The date of a purchase is that of its invoice, else of its delivery, else of its order: the
#: order of preference of these headers.
PURCHASES_WORDING = Wording(
    schema=PURCHASES,
    need=(("date",),),
    filled=frozenset({"date", "equipment_type", "model", "serial_number"}),
    past=frozenset({"date"}),
)
DISPOSALS_WORDING = Wording(
    schema=DISPOSALS,
    need=(("date",),),
    filled=frozenset({"date", "equipment_type"}),
    past=frozenset({"date"}),
)
HEADCOUNT_WORDING = Wording(schema=HEADCOUNT, need=(("date",), ("agents",)), counted="agents")
VIRTUAL_MACHINES_WORDING = Wording(
    schema=VIRTUAL_MACHINES,
    need=(("id", "name"),),
    filled=frozenset({"id", "vcpu"}),
)
DATACENTERS_WORDING = Wording(schema=DATACENTERS, need=(("id", "name"),))
APPLICATIONS_WORDING = Wording(schema=APPLICATIONS, need=(("id", "name"),))
ENERGY_READINGS_WORDING = Wording(
    schema=ENERGY_READINGS,
    need=(("meter_id",), ("period_start", "period_end"), ("energy", "power", "index")),
    counted="energy",
)
#: What a strategy is followed by.
_REPAIRS_WORDING = Wording(
    schema=REPAIRS,
    need=(("date",),),
    filled=frozenset({"date", "equipment_type"}),
    past=frozenset({"date"}),
)
_DATED = attrs.evolve(_REPAIRS_WORDING, filled=frozenset(), counted="")
_RECORDS_OF_STRATEGIES = (
    _REPAIRS_WORDING,
    attrs.evolve(_DATED, schema=CONTRACTS, counted="amount"),
    attrs.evolve(_DATED, schema=EVENTS, counted="participants"),
    attrs.evolve(_DATED, schema=PROJECTS),
    Wording(schema=CONNECTED_OBJECTS, need=(("object_use",),)),
    Wording(
        schema=LAST_SEEN,
        need=(("last_contact",), ("serial_number", "asset_tag", "id")),
        counted="",
    ),
    Wording(schema=MATURITY, need=(("date",), ("dimension",), ("score",)), counted=""),
)
SERVICES_WORDING = Wording(
    schema=SERVICES,
    need=(
        ("service_type",),
        (
            "amount",
            "amount_with_tax",
            "amount_as_written",
            "reams",
            "paper_weight",
            "lines",
            "data_volume",
            "accounts",
            "active_users",
            "data_stored",
        ),
    ),
    counted="amount",
)

#: Wording by kind of table, equipment first.
WORDING_OF_KIND: Mapping[str, Wording] = {
    wording.schema.name: wording
    for wording in (
        EQUIPMENT_WORDING,
        VIRTUAL_MACHINES_WORDING,
        DATACENTERS_WORDING,
        APPLICATIONS_WORDING,
        PURCHASES_WORDING,
        DISPOSALS_WORDING,
        HEADCOUNT_WORDING,
        ENERGY_READINGS_WORDING,
        *_RECORDS_OF_STRATEGIES,
        SERVICES_WORDING,
    )
}
