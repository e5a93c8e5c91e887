"""Equipment: one asset, or n identical ones, described in code.

Role: the value that a form, a ticketing tool or a notebook hands to `reen.measure`.  Durations,
energies and footprints may be numbers in the column's unit, pint Quantities, or text such as
``"5 year"``; days may be ISO text.  Imports the schema and the units only.
"""

from __future__ import annotations

import datetime as dt
import functools
import numbers
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Self, TypeAlias

import attrs
import numpy as np
import pyarrow as pa

from reen.errors import DimensionError, InventoryError, OptionError
from reen.inventory.schema import EQUIPMENT, Column, ColumnKind
from reen.lazy_names import lazy_module
from reen.patterns import pattern
from reen.reasons import Reason
from reen.values import Compared
from reen.vocabulary.units import conversion_factor, parse_quantity

if TYPE_CHECKING:
    import pint

    from reen.inventory.plausible import Range
else:  # who asks for no quantity does not wait for it
    pint = lazy_module("pint")

__all__ = ["Amount", "Day", "Equipment", "FilledCells", "equipment_table", "table_of_cells"]

#: A number in the column's unit, a Quantity, or text with a unit.
Amount: TypeAlias = "float | str | pint.Quantity[float] | None"

#: Units of power, in text and of pint.
_POWER = pattern(r"(?:[kmM]?W|(?:kilo|milli|mega)?watts?)(?:/item)?")

#: A calendar day, or its ISO text such as ``"2022-12-31"``.
Day: TypeAlias = dt.date | np.datetime64 | str | None


# Keyword-only field by field: before attrs 25.4 no field could except itself from its class.
@attrs.frozen(eq=False, repr=False)
class Equipment(Compared):
    """One asset, or `quantity` identical ones.

    Attributes have the names, units and meaning of the inventory columns; only
    `equipment_type` or `model` is needed.

    Attributes
    ----------
    equipment_type
        A key of the taxonomy, or a word that resolves to one ("PC portable").
    model, manufacturer
        Commercial names.
    quantity
        Number of identical items, default 1.
    purchase_date, retirement_date
        Days, or their ISO text such as ``"2022-12-31"``.
    extra
        Further columns by name, canonical or not.

    Examples
    --------
    >>> laptop = reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")
    >>> laptop.quantity, laptop.lifetime
    (10, '5 year')
    >>> print(reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31").total())
    312 kgCO2e/year
    """

    equipment_type: str | None = None
    model: str | None = attrs.field(default=None, kw_only=True)
    manufacturer: str | None = attrs.field(default=None, kw_only=True)
    id: str | None = attrs.field(default=None, kw_only=True)
    name: str | None = attrs.field(default=None, kw_only=True)
    quantity: Amount = attrs.field(default=1, kw_only=True)
    status: str | None = attrs.field(default=None, kw_only=True)
    entity: str | None = attrs.field(default=None, kw_only=True)
    site: str | None = attrs.field(default=None, kw_only=True)
    country: str | None = attrs.field(default=None, kw_only=True)
    purchase_date: Day = attrs.field(default=None, kw_only=True)
    retirement_date: Day = attrs.field(default=None, kw_only=True)
    lifetime: Amount = attrs.field(default=None, kw_only=True)
    upstream_lifetime: Amount = attrs.field(default=None, kw_only=True)
    downstream_lifetime: Amount = attrs.field(default=None, kw_only=True)
    usage_share: Amount = attrs.field(default=None, kw_only=True)
    annual_energy: Amount = attrs.field(default=None, kw_only=True)
    power: Amount = attrs.field(default=None, kw_only=True)
    declared_footprint: Amount = attrs.field(default=None, kw_only=True)
    declared_annual_footprint: Amount = attrs.field(default=None, kw_only=True)
    reconditioned: bool | None = attrs.field(default=None, kw_only=True)
    extra: Mapping[str, str | float | dt.date | np.datetime64 | None] = attrs.field(
        factory=dict, kw_only=True
    )

    if not TYPE_CHECKING:  # a type checker reads the fields

        def __new__(cls, *_: object, **given: object) -> Self:
            """Refuse a name that is no attribute: a column without one is given by `extra`."""
            for name in given.keys() - _NAMES:
                raise OptionError(
                    "Equipment", name, str(given[name]), Reason("error_no_attribute", name=name)
                )
            return super().__new__(cls)

    def __attrs_post_init__(self) -> None:
        """Refuse an asset with neither a type nor a model."""
        if not self.equipment_type and not self.model:
            message = Reason("error_an_equipment_needs_an_equipment_type")
            raise InventoryError(message)

    def cells(self) -> dict[str, str | float | bool | dt.date]:
        """Return the filled columns, numbers converted to the column's unit, days as dates.

        Raises
        ------
        DimensionError
            When a quantity has the wrong dimension.
        OptionError
            When an amount is neither a number, a Quantity, nor text with a unit, or a day neither
            a date nor ISO text; when a number is none that its type can have, as is read of files;
            when `extra` says something else than the attribute of that name.
        """
        given = {name: getattr(self, name) for name in _ATTRIBUTES}
        if self.extra:
            for name in self.extra.keys() & given.keys():
                if given[name] not in (_DEFAULTS[name], self.extra[name]):
                    said = Reason("error_attribute_says", name=name, value=str(given[name]))
                    raise OptionError("Equipment", f"extra.{name}", str(self.extra[name]), said)
            given.update(self.extra)
        cells: dict[str, str | float | bool | dt.date] = {}
        for name, value in given.items():
            if value is None:
                continue
            column = EQUIPMENT.get(name)
            if column is not None and column.kind is ColumnKind.NUMBER:
                cells[name] = _plausible(column, _amount(column, value), value, self.equipment_type)
            elif column is not None and column.kind is ColumnKind.DATE:
                cells[name] = _day(column, value)
            else:
                cells[name] = value
        return cells


#: Attributes that are columns of the same name.
_ATTRIBUTES = tuple(field.name for field in attrs.fields(Equipment) if field.name != "extra")
_NAMES = frozenset((*_ATTRIBUTES, "extra"))
_DEFAULTS = {field.name: field.default for field in attrs.fields(Equipment)}


@attrs.frozen(cache_hash=True, repr=False)
class FilledCells:
    """The filled columns of one asset, to be told from those of another.

    Attributes
    ----------
    cells
        By column, in order.
    key
        Equal where no cell differs in kind or value, not even by the sign of a zero.
    """

    cells: Mapping[str, str | float | bool | dt.date] = attrs.field(eq=False)
    key: tuple[Hashable, ...]

    @classmethod
    def of(cls, item: Equipment) -> FilledCells | None:
        """Return the cells of an asset; None when one is of a kind that cannot be told apart.

        Raises
        ------
        DimensionError, OptionError
            As `Equipment.cells`.
        """
        cells = item.cells()
        key: list[Hashable] = []
        for name, value in cells.items():
            kind: type = type(value)
            if kind not in (str, float, int, bool, dt.date):
                return None
            told: Hashable = value.hex() if isinstance(value, float) else value
            key += [name, kind, told]
        return cls(cells, tuple(key))


def _amount(column: Column, value: object) -> float:
    """Return an amount in the unit of `column`."""
    if type(value) is float:
        return value
    if isinstance(value, bool):
        raise OptionError("Equipment", column.name, str(value), str(column.expected))
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, str):
        try:
            magnitude, unit = parse_quantity(value, what=column.name, expected=column.unit)
        except DimensionError as error:
            unit = column.unit.replace("/item", "")
            said = Reason("error_number_and_unit", unit=unit)
            expected = str(column.expected) if unit == "1" else said
            raise OptionError("Equipment", column.name, value, expected) from error
    elif hasattr(value, "magnitude") and hasattr(value, "units"):
        magnitude, unit = float(value.magnitude), str(value.units)
    else:
        raise OptionError("Equipment", column.name, str(value), str(column.expected))
    if not unit:
        return magnitude
    if column.name == "annual_energy" and _POWER.fullmatch(unit):
        # it has the dimension, but nobody means watts all the year round
        raise OptionError("Equipment", column.name, str(value), Reason("error_power_no_energy"))
    return magnitude * conversion_factor(unit, column.unit, what=column.name)


def _plausible(column: Column, number: float, written: object, type_word: str | None) -> float:
    """Return a number that its type can have, as a file would have it read.

    Zero and what is below are left to the schema.  How many there are is not limited: a program
    may well ask of the fleet of a country, which no line of an authority's file holds.
    """
    from reen.inventory.plausible import DOUBTED, WIDER, mistakes_of

    limits = _limits(type_word).get(column.name)
    if limits is None or column.name == "quantity" or not number > 0.0:
        return number
    # what has a unit of its own is in that one
    own_unit = not isinstance(written, numbers.Real)
    wider = WIDER if own_unit and column.name not in DOUBTED else 1.0
    if limits.minimum / wider <= number <= limits.maximum * wider:
        return number
    unit = column.unit.replace("/item", "")
    mistakes = () if own_unit else mistakes_of(column.name)
    likely = [
        mistake.unit.replace("/item", "")
        for mistake in mistakes
        if number >= mistake.floor
        and limits.minimum
        <= number * conversion_factor(mistake.unit, column.unit)
        <= limits.maximum
    ]
    expected = Reason(
        "error_implausible_unit" if likely else "error_implausible",
        unit=unit,
        low=limits.minimum,
        high=limits.maximum,
        likely=likely[0] if likely else "",
    )
    raise OptionError("Equipment", column.name, str(written), expected)


@functools.lru_cache(maxsize=1024)
def _limits(type_word: str | None) -> Mapping[str, Range]:
    """Return the limits of the number columns for what a word names."""
    from reen.inventory.plausible import range_of
    from reen.vocabulary.equipment_types import bundled_equipment_types

    key = bundled_equipment_types().resolve(type_word) if type_word else None
    found = ((name, range_of(name, key)) for name in EQUIPMENT)
    return {name: limits for name, limits in found if limits is not None}


def _day(column: Column, value: object) -> dt.date:
    """Return a calendar day; a number would be taken for one by Arrow, so it is refused here."""
    expected = Reason("error_date_iso_text_2022_12_31")
    if isinstance(value, np.datetime64) and not np.isnat(value):
        value = value.astype("datetime64[D]").item()
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError as error:
            raise OptionError("Equipment", column.name, value, expected) from error
    raise OptionError("Equipment", column.name, str(value), expected)


def equipment_table(items: Iterable[Equipment]) -> pa.Table:
    """Return the rows of some equipment as an Arrow table, one column per filled attribute."""
    return table_of_cells([item.cells() for item in items])


def table_of_cells(rows: Sequence[Mapping[str, str | float | bool | dt.date]]) -> pa.Table:
    """Return rows of filled cells as an Arrow table.

    Raises
    ------
    OptionError
        Cells of one column that are of several kinds.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {}
    for name in names:
        column = EQUIPMENT.get(name)
        cells = [row.get(name) for row in rows]
        try:
            columns[name] = _cells(column, cells)
        except (pa.ArrowException, TypeError, OverflowError, UnicodeError) as error:
            expected = Reason("error_one_kind_value") if column is None else str(column.expected)
            shown = ", ".join(map(repr, cells[:3]))
            raise OptionError("Equipment", name, shown, expected) from error
    return pa.table(columns)


#: Arrow type of the cells of a column, by its kind; found by Arrow for the others.
_ARROW_TYPES = {
    ColumnKind.TEXT: pa.string(),
    ColumnKind.NUMBER: pa.float64(),
    ColumnKind.DATE: pa.date32(),
}


def _cells(column: Column | None, cells: Sequence[object]) -> pa.Array:
    """Return the cells of one attribute as an Arrow array."""
    return pa.array(cells, None if column is None else _ARROW_TYPES.get(column.kind))
