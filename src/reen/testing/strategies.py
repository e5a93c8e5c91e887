"""Hypothesis strategies: inventories and factor packs.

Output: values as odd as real ones: blank, unreadable and out-of-range numbers, words that resolve
and words that do not, places without electricity, columns in other units and encodings, tables in
several chunks, factors that publish some cells only.  Each value is read off one string of bytes,
which is drawn and simplified much faster than hundreds of choices.  ``hypothesis`` is imported on
use; where it is not installed, asking for a strategy raises `MissingExtraError`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import attrs
import pyarrow as pa

from reen.errors import MissingExtraError
from reen.factors.pack import FactorPack
from reen.inventory.inventory import Inventory
from reen.inventory.schema import EQUIPMENT, Column, ColumnKind, TableSchema
from reen.inventory.table_kinds import REQUIRED_OF_KIND, SCHEMA_OF_KIND
from reen.lazy_names import lazy_module
from reen.vocabulary.criteria import Criterion, bundled_criteria
from reen.vocabulary.stages import Stage
from reen.vocabulary.units import conversion_factor

if TYPE_CHECKING:
    from hypothesis import strategies as searching
else:  # an extra, imported where something is drawn
    searching = lazy_module("hypothesis.strategies")

__all__ = ["composite", "factor_packs", "inventories", "tables_beside"]

T = TypeVar("T")

#: Types that get factors, and other words: resolved, unknown, blank.
TYPES = ("laptop", "desktop", "smartphone", "monitor", "server")
_WORDS = (*TYPES, "PC portables", 'Écran 24"', "other", "zorglub", "unknown", "", None)

_COUNTRIES = ("FR", "France", "DE", "RE", "BR", "Atlantis", "", None)
_STATUSES = ("in_use", "En service", "in_stock", "Réformé", "lost", "prêt", "qui sait", "", None)

#: Cells that no method may use as they are; blanks are the commonest.
_ODD = (None, -1.0, None, math.nan, None, math.inf, None, -math.inf)

#: Number columns: least and greatest usual value, further values, units that may be declared.
_NUMBERS: Mapping[str, tuple[float, float, tuple[float, ...], tuple[str, ...]]] = {
    "quantity": (0.0, 1e4, (1.0, 0.0, 3.0, 1e12), ("item",)),
    "lifetime": (0.05, 40.0, (5.0, 1.0, 0.0, 1e6), ("year", "month", "day")),
    "usage_share": (0.0, 1.0, (1.0, 0.0, 1.0000001), ("1", "percent")),
    "declared_footprint": (
        0.0,
        5e3,
        (156.0, 0.0, 1e12),
        ("kgCO2e/item", "tCO2e/item", "gCO2e/item", "kgCO2e"),
    ),
    "declared_annual_footprint": (
        0.0,
        1e3,
        (12.0, 0.0),
        ("kgCO2e/item/year", "tCO2e/item/year", "kgCO2e/item/month"),
    ),
    "annual_energy": (
        0.0,
        3e3,
        (58.0, 0.0),
        ("kWh/item/year", "kWh/year", "MWh/item/year", "Wh/item/day", "kWh/item/month"),
    ),
}

#: Text columns, with their cells; the first is the simplest.
_TEXTS: Mapping[str, tuple[str | None, ...]] = {
    "equipment_type": _WORDS,
    "country": _COUNTRIES,
    "status": _STATUSES,
    "entity": ("agents", "schools", "Mairie > DSI", "", None),
    "service": ("a", "b", None),
    "model": ("Latitude 5420", "X", None),
    "id": ("PC-1", "PC-2", None),
}
_DATES = (dt.date(2015, 2, 28), dt.date(2020, 2, 29), dt.date(2022, 12, 31), dt.date(2026, 1, 1))

#: Other columns; `service`, `floor`, `checked` and `seen` are in no schema.
_OTHERS: Mapping[str, tuple[Sequence[object], pa.DataType]] = {
    "purchase_date": ((*_DATES, None), pa.date32()),
    "floor": ((0, -1, 12, None), pa.int64()),
    "checked": ((True, False, None), pa.bool_()),
    "seen": ((*_DATES, None), pa.date32()),
}
_COLUMNS = (*_TEXTS, *_NUMBERS, *_OTHERS)

#: Cells of the other columns, which are there when asked for.
_BY_KIND: Mapping[ColumnKind, tuple[Sequence[object], pa.DataType]] = {
    ColumnKind.DATE: _OTHERS["purchase_date"],
    ColumnKind.BOOLEAN: _OTHERS["checked"],
    ColumnKind.INTEGER: _OTHERS["floor"],
}
_ANY_WORDS = ("a", "b", "", None)

#: Words added to a column: a byte tells so many apart, every second one being of the usual ones.
_MOST_WORDS = 128


def composite(function: Callable[[searching.DrawFn], T]) -> searching.SearchStrategy[T]:
    """Return the strategy that a drawing function makes.

    Raises
    ------
    MissingExtraError
        When hypothesis is not installed.
    """
    try:
        from hypothesis import strategies
    except ImportError as error:
        raise MissingExtraError("hypothesis", "test", "A strategy of reen.testing") from error
    return strategies.composite(function)()


@attrs.define
class _Dice:
    """Choices read off a string of bytes, one after the other; 0 is the simplest."""

    thrown: bytes
    at: int = 0

    def throw(self) -> int:
        self.at += 1
        return self.thrown[self.at - 1]

    def pick(self, items: Sequence[T]) -> T:
        return items[self.throw() % len(items)]

    def number(
        self,
        low: float,
        high: float,
        usual: Sequence[float],
        odd: Sequence[float | None] = (),
    ) -> float | None:
        """Return one of `usual`, or of `odd`, once in eight times each, or one in the range."""
        place, face = divmod(self.throw(), 8)
        if face == 0:
            return usual[place % len(usual)]
        if face == 1 and odd:
            return odd[place % len(odd)]
        return low + (high - low) * (8 * place + face) / 255.0

    def word(self, known: Sequence[str], others: Sequence[str | None]) -> str | None:
        """Return one of the words that are `known`, every second time, or of the others."""
        place, face = divmod(self.throw(), 2)
        words = known if known and face == 0 else others
        return words[place % len(words)]


def inventories(
    *,
    min_rows: int = 0,
    max_rows: int = 8,
    columns: Iterable[str] = (),
    also: Iterable[str] = (),
    without: Iterable[str] = (),
    words: Mapping[str, Iterable[str]] | None = None,
) -> searching.SearchStrategy[Inventory]:
    """Return a strategy of inventories.

    Each has ``equipment_type`` and some of the other columns that the strategy knows: numbers,
    text, dates, and columns that no schema names.

    Parameters
    ----------
    min_rows, max_rows
        Number of rows.
    columns
        Columns that every inventory has: any of the schema, or others, which hold text.
    also
        Further columns that some inventories have, of the same.
    without
        Columns that no inventory has.
    words
        Words that cells of a text column may hold besides the usual ones, by column: the models
        or types that a method knows.

    Raises
    ------
    MissingExtraError
        When hypothesis is not installed.
    """
    always = dict.fromkeys(["equipment_type", *columns])
    others = [name for name in dict.fromkeys([*always, *also]) if name not in _COLUMNS]
    known = [name for name in (*_COLUMNS, *others) if name not in set(without)]
    texts = {name: tuple(found)[:_MOST_WORDS] for name, found in (words or {}).items()}
    throws = 5 + len(known) * (3 + max_rows)

    def draw_inventory(draw: searching.DrawFn) -> Inventory:
        from hypothesis import strategies as st

        dice = _Dice(draw(st.binary(min_size=throws, max_size=throws)))
        size = min_rows + dice.throw() % (max_rows - min_rows + 1)
        cuts = sorted(dice.throw() % (size + 1) for _ in range(3))
        if not dice.throw() % 2:  # without empty pieces
            cuts = sorted({cut for cut in cuts if 0 < cut < size})
        fields, arrays = [], []
        for name in known:
            # Every column uses the same number of throws, there or not: simpler bytes then make
            # a simpler inventory of the same shape.
            wanted = bool(dice.throw() % 2) or name in always
            start = dice.at
            field, array = _column(dice, name, size, texts.get(name, ()))
            dice.at = start + 2 + max_rows
            if wanted:
                fields.append(field)
                arrays.append(array)
        table = pa.table(arrays, schema=pa.schema(fields))
        bounds = zip([0, *cuts], [*cuts, size], strict=True)
        return Inventory.from_arrow(
            pa.concat_tables([table.slice(low, high - low) for low, high in bounds])
        )

    return composite(draw_inventory)


def tables_beside(
    columns: Mapping[str, Iterable[str]], *, max_rows: int = 8
) -> searching.SearchStrategy[Inventory]:
    """Return a strategy of inventories without equipment, of tables beside it.

    Parameters
    ----------
    columns
        Of each kind of table, the columns that it may have.
    max_rows
        Number of rows of a table; each has one at least.

    Raises
    ------
    MissingExtraError
        When hypothesis is not installed.
    """
    known = [(SCHEMA_OF_KIND[kind], tuple(sorted(names))) for kind, names in columns.items()]
    throws = sum(1 + len(names) * (3 + max_rows) for _, names in known)

    def draw_tables(draw: searching.DrawFn) -> Inventory:
        from hypothesis import strategies as st

        dice = _Dice(draw(st.binary(min_size=throws, max_size=throws)))
        tables = {}
        for schema, names in known:
            size = 1 + dice.throw() % max_rows
            always = {schema.type_column, *REQUIRED_OF_KIND.get(schema.name, ())}
            cells = {}
            for name in names:
                wanted = dice.throw() % 4 or name in always  # most of them
                start = dice.at
                field, array = _column(dice, name, size, schema=schema)
                dice.at = start + 2 + max_rows
                if wanted:
                    cells[field] = array
            tables[schema.name] = pa.table(list(cells.values()), schema=pa.schema(list(cells)))
        return Inventory.from_tables(**tables)

    return composite(draw_tables)


_ENCODINGS = (pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()))


def _column(
    dice: _Dice,
    name: str,
    size: int,
    words: Sequence[str] = (),
    *,
    schema: TableSchema = EQUIPMENT,
) -> tuple[pa.Field, pa.Array]:
    """Return one column: two throws for its form, one per row."""
    column = schema.get(name)
    kind = ColumnKind.TEXT if column is None else column.kind
    if kind is ColumnKind.NUMBER and column is not None:
        return _number_column(dice, column, size)
    if name in _OTHERS or kind is not ColumnKind.TEXT:
        others, arrow = _OTHERS.get(name) or _BY_KIND[kind]
        dice.at += 2
        return pa.field(name, arrow), pa.array([dice.pick(others) for _ in range(size)], arrow)
    encoding = dice.pick(_ENCODINGS)
    dice.at += 1
    closed = () if column is None else column.values
    others = _TEXTS.get(name, (*closed, *_ANY_WORDS))
    texts = pa.array([dice.word(words, others) for _ in range(size)], pa.string())
    return pa.field(name, encoding), texts.cast(encoding)


def _number_column(dice: _Dice, column: Column, size: int) -> tuple[pa.Field, pa.Array]:
    name = column.name
    low, high, usual, units = _NUMBERS.get(name) or _range_of(column)
    unit, form = dice.pick(units), dice.throw()
    scale = conversion_factor(unit, column.unit)
    cells = [dice.number(low, high, usual, _ODD) for _ in range(size)]
    numbers = [None if cell is None else cell / scale for cell in cells]
    metadata = {"unit": unit} if unit != column.unit or form % 2 else None
    if form % 4 >= 2 and all(cell is None or cell.is_integer() for cell in numbers):  # noqa: PLR2004 - the second bit
        whole = [None if cell is None else int(cell) for cell in numbers]
        return pa.field(name, pa.int64(), metadata=metadata), pa.array(whole, pa.int64())
    return pa.field(name, pa.float64(), metadata=metadata), pa.array(numbers, pa.float64())


def _range_of(column: Column) -> tuple[float, float, tuple[float, ...], tuple[str, ...]]:
    """Return what the cells of any number column of the schema may be."""
    low = column.minimum or 0.0
    high = 1e3 if column.maximum is None else column.maximum
    return low, high, (1.0, low, high), (column.unit,)


_ITEM_STAGES = (
    (),
    (Stage.EMBEDDED,),
    (Stage.MANUFACTURING,),
    (Stage.MANUFACTURING, Stage.DISTRIBUTION),
    (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE),
)

_PERCENTS = ("", "10", "50", "0")


def factor_packs(
    *,
    name: str = "generated",
    flows: Mapping[str, str] | None = None,
    criteria: Sequence[str | Criterion] = ("climate_change", "acidification"),
    countries: Sequence[str] = ("FR", "DE"),
    years: Sequence[int] = (2021, 2022, 2024),
    negative: bool = True,
    uncertain: bool = True,
) -> searching.SearchStrategy[FactorPack]:
    """Return a strategy of factor packs.

    Parameters
    ----------
    name
        Name of the pack.
    flows
        Flow id of each equipment type that may have one; the type itself when absent.
    criteria
        Criteria that may be published, the key of one of reen's or a `Criterion` of your own; a
        flow publishes some of its cells only.
    countries, years
        Electricity mixes that may be there.
    negative
        Whether a value may be negative (credits at the end of life).
    uncertain
        Whether a value may come with an uncertainty.

    Raises
    ------
    MissingExtraError
        When hypothesis is not installed.
    """
    shipped = bundled_criteria()
    columns = [shipped[each] if isinstance(each, str) else each for each in criteria]
    ids = {key: key for key in TYPES} if flows is None else dict(flows)
    mixes = [(country, str(year)) for country in countries for year in years]
    deepest = max(len(stages) for stages in _ITEM_STAGES)
    per_item, per_mix = 1 + 3 * deepest * len(criteria), 1 + 3 * len(criteria)
    throws = len(ids) * (per_item + 2) + len(mixes) * per_mix
    first = (100.0, 0.0, 1.0, 0.052) if not negative else (100.0, 0.0, -1.0, 0.052)
    percents = _PERCENTS if uncertain else ("", "0")

    def cells(dice: _Dice, flow: str, unit: str, stages: Sequence[Stage]) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = []
        for stage in stages:
            for criterion in columns:
                kept, value, percent = (
                    dice.throw() % 4,
                    dice.number(-50.0 if negative else 0.0, 2e3, first),
                    dice.pick(percents),
                )
                if kept or not rows:
                    rows.append(_row(flow, unit, stage, criterion, value or 0.0, percent))
        return rows

    def draw_pack(draw: searching.DrawFn) -> FactorPack:
        from hypothesis import strategies as st

        dice = _Dice(draw(st.binary(min_size=throws, max_size=throws)))
        rows: list[dict[str, str]] = []
        defaults: list[dict[str, str]] = []
        for key in sorted(ids):
            start = dice.at
            found = cells(dice, ids[key], "item", dice.pick(_ITEM_STAGES))
            rows += [row | {"equipment_type": key} for row in found]
            dice.at = start + per_item
            defaults += _defaults(dice, key)
        for country, year in mixes:
            start = dice.at
            found = cells(dice, "electricity", "kWh", dice.pick(((), (Stage.USE,))))
            rows += [row | {"geography": country, "year": year} for row in found]
            dice.at = start + per_mix
        return FactorPack.from_rows(
            name=name,
            version="1",
            title="generated",
            publisher="hypothesis",
            licence="CC0-1.0",
            source="generated",
            factors=rows,
            defaults=defaults,
            criteria=columns,
        )

    return composite(draw_pack)


def _row(
    flow: str, unit: str, stage: Stage, criterion: Criterion, value: float, percent: str
) -> dict[str, str]:
    return {
        "flow": flow,
        "reference_unit": unit,
        "stage": str(stage),
        "criterion": criterion.key,
        "value": repr(value),
        "unit": f"{criterion.unit}/{unit}",
        "uncertainty_percent": percent,
        "source": "generated",
    }


def _defaults(dice: _Dice, key: str) -> list[dict[str, str]]:
    """Return a default lifetime and a default energy, or none: two throws."""
    units = {"lifetime": "month", "annual_energy": "kWh/year"}
    given = {parameter: dice.throw() % 64 for parameter in units}
    return [
        {
            "equipment_type": key,
            "parameter": parameter,
            "value": str(number),
            "unit": units[parameter],
            "source": "generated",
        }
        for parameter, number in given.items()
        if number
    ]
