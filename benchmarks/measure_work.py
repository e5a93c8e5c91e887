"""The work end to end: from the text columns of an inventory to impacts, by `reen.measure` and SQL.

Input: a generated fleet, as Arrow text.  Output: contenders for `harness.run_in_turns`.  `reen`
resolves the words, checks ranges and units, applies the rules of the method `base-carbone`, folds,
keeps coverage and digest.  The queries get the words already resolved, as look-up tables, and keep
no account of what they leave out: they are what an analyst would write for the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import peer_duckdb as sql
import pyarrow as pa
from fold_work import ITEM_STAGES, STAGES, by_engine, criteria_keys
from generators import FactorTable, Sizes, make_factors, make_fleet
from harness import Contender

import reen
from reen.plugin import FactorPack
from reen.plugin.arrays import FactorLibrary
from reen.plugin.files import resolve_status
from reen.vocabulary.criteria import bundled_criteria
from reen_plugins.base_carbone.method import ELEMENTS, BaseCarbone

__all__ = ["MeasureWork"]

#: The method that is measured, by the packs of one publisher: two stages.
METHOD = BaseCarbone(ademe_numerique=False)

AS_OF = "2022-12-31"
_YEAR = 2022

#: Statuses that the default rule does not count, and those that it counts without a use stage.
_EXCLUDED, _UNUSED = ("retired", "lost"), ("in_stock",)

#: Amounts by row, as the method `base-carbone` defines them; nulls drop out of the sums.
_ITEMS = """CASE WHEN coalesce(statuses.counted, true)
    THEN inventory.quantity / coalesce(inventory.lifetime, types.default_lifetime) END"""
_KWH = """CASE WHEN coalesce(statuses.used, true)
    THEN inventory.quantity * coalesce(inventory.annual_energy, types.default_energy) END"""
_JOINED = """inventory LEFT JOIN types ON inventory.equipment_type = types.flow
    LEFT JOIN statuses ON inventory.status = statuses.word"""


@attrs.frozen(eq=False)
class MeasureWork:
    """One inventory, and the packs to measure it with.

    Attributes
    ----------
    table
        The inventory as Arrow text.
    packs
        Generated packs of 4 stages, or None for the packs that come with the method: climate
        change alone, in the stages use and embedded.
    types, mixes, statuses
        Look-up tables for SQL: words already resolved, defaults, factors.
    cells
        Names of the stage and criterion columns, in the order of the impacts.
    target
        Ratio wanted against the joined query, where the project states one.
    """

    table: pa.Table
    packs: tuple[FactorPack, ...] | None
    types: pa.Table
    mixes: pa.Table
    statuses: pa.Table
    cells: tuple[str, ...]
    target: float | None

    @classmethod
    def of(
        cls, sizes: Sizes, *, criteria: int | None = None, dictionary: bool = False
    ) -> MeasureWork:
        """Prepare the work.

        Parameters
        ----------
        sizes
            Sizes of the fleet.
        criteria
            Number of criteria of generated packs; None for the packs of the method.
        dictionary
            Whether the text columns of the inventory are dictionary-encoded.
        """
        fleet = make_fleet(sizes)
        countries, words = fleet.words["country"], fleet.words["equipment_type"]
        packs = None
        if criteria is None:
            item, mix = _published(countries)
        else:
            item, mix = _generated(countries, criteria_keys(criteria))
            packs = (_pack("benchmark-items", item), _pack("benchmark-mixes", mix))
        row_of_type = {key: k for k, key in enumerate(item.keys)}
        # A word of a type without an element has a row all the same, with its defaults.
        of_word = [row_of_type.get(key, -1) for key in fleet.type_of_word]
        blank = np.full((1, *item.values.shape[1:]), np.nan)
        by_word = np.concatenate([item.values, blank])[of_word]
        types = sql.wide(attrs.evolve(item, keys=words, values=by_word), pa.array(words))
        return cls(
            table=fleet.inventory(dictionary=dictionary),
            packs=packs,
            types=_with_defaults(types, fleet.type_of_word),
            mixes=sql.wide(mix, pa.array(mix.keys)),
            statuses=_statuses(fleet.words["status"]),
            cells=tuple(item.columns()),
            target=10.0 if criteria == 16 else None,
        )

    def measure(self, source: reen.Inventory | pa.Table) -> npt.NDArray[np.float64]:
        """Measure by entity and read all impacts: (groups, stages x criteria)."""
        footprint = reen.measure(
            source, method=METHOD, by="entity", factors=self.packs, as_of=AS_OF
        )
        return footprint.impacts().reshape(footprint.group_count, -1)

    def contenders(self, *, held: bool) -> list[Contender]:
        """Return `reen.measure` and DuckDB written in two ways.

        Parameters
        ----------
        held
            Both hold the rows in a form of their own already (an `Inventory`, a DuckDB table);
            else both read the same Arrow table.
        """
        lookups = {"types": self.types, "mix_factors": self.mixes, "statuses": self.statuses}
        source: reen.Inventory | pa.Table
        if held:
            source = reen.Inventory.from_arrow(self.table)
            peer = sql.Peer({"inventory": self.table, **lookups})
        else:
            source = self.table
            peer = sql.Peer(lookups, views={"inventory": self.table})
        return [
            *by_engine(
                "reen.measure, with coverage",
                lambda: self.measure(source),
                lambda: np.nan_to_num(self.measure(source), nan=0.0),
            ),
            self._peer(peer, "DuckDB, join and group by", self._join(), self.target),
            self._peer(peer, "DuckDB, folded by hand", self._by_hand(), None),
        ]

    def _peer(self, peer: sql.Peer, name: str, text: str, target: float | None) -> Contender:
        return Contender(
            name,
            run=lambda: peer.table(text),
            check=lambda: sql.in_order(peer.table(text), self.cells),
            target=target,
        )

    def _columns(self) -> tuple[list[str], list[str]]:
        item = [name for name in self.types.column_names if "__" in name]
        return item, [name for name in self.mixes.column_names if "__" in name]

    def _join(self) -> str:
        item, mix = self._columns()
        return f"""
            SELECT entity, {sql.factor_sql(item, "items")}, {sql.factor_sql(mix, "kwh")}
            FROM (SELECT entity, country, types.*, {_ITEMS} AS items, {_KWH} AS kwh FROM {_JOINED})
            LEFT JOIN mix_factors ON country = mix_factors.flow
            GROUP BY entity
        """  # noqa: S608 - see peer_duckdb

    def _by_hand(self) -> str:
        item, mix = self._columns()
        rows = f"""
            SELECT entity, equipment_type AS item_flow, country AS mix_flow,
                {_ITEMS} AS item_amount, {_KWH} AS kwh_amount
            FROM {_JOINED}
        """  # noqa: S608 - see peer_duckdb
        query = sql.Query(rows=rows, group="entity", item=item, mix=mix)
        return sql.by_hand(query).replace("item_factors", "types")


def _published(countries: Sequence[str]) -> tuple[FactorTable, FactorTable]:
    """Return the figures that the method uses by default, read from its own packs."""
    registry = reen.default_registry()
    library = FactorLibrary.of([registry.factor_packs[name] for name in METHOD.packs])
    stages = (reen.Stage.USE, reen.Stage.EMBEDDED)

    def rows(positions: Sequence[int]) -> npt.NDArray[np.float64]:
        axes = [library.factors.stages.index(stage) for stage in stages]
        column = library.factors.criteria.index("climate_change")
        values = library.factors.values[:, axes, column]
        return np.concatenate([values, np.full((1, 2), np.nan)])[list(positions)][:, :, None]

    item = rows([library.by_id(element) for element in ELEMENTS.values()])
    mix = rows([library.electricity(country, _YEAR) for country in countries])
    return (
        FactorTable(tuple(ELEMENTS), stages, ("climate_change",), item),
        FactorTable(tuple(countries), stages, ("climate_change",), mix),
    )


def _generated(
    countries: Sequence[str], criteria: Sequence[str]
) -> tuple[FactorTable, FactorTable]:
    return (
        make_factors(
            tuple(ELEMENTS), stages=STAGES, filled=ITEM_STAGES, criteria=criteria, mean=60.0
        ),
        make_factors(
            countries, stages=STAGES, filled=(reen.Stage.USE,), criteria=criteria, mean=0.2
        ),
    )


def _pack(name: str, table: FactorTable) -> FactorPack:
    """Return a factor pack of a generated table: elements by type, or mixes by country."""
    return FactorPack.from_rows(
        name=name,
        version="1",
        title="Generated factors",
        publisher="none: random numbers",
        licence="Apache-2.0",
        source="benchmarks/generators.py",
        factors=_rows(table),
    )


def _rows(table: FactorTable) -> Iterator[dict[str, str]]:
    units = {key: bundled_criteria()[key].unit for key in table.criteria}
    for k, key in enumerate(table.keys):
        element = ELEMENTS.get(key)
        subject = (
            {"flow": element, "reference_unit": "item", "equipment_type": key}
            if element
            else {
                "flow": "electricity",
                "reference_unit": "kWh",
                "geography": key,
                "year": str(_YEAR),
            }
        )
        for (s, c), value in np.ndenumerate(table.values[k]):
            if not np.isnan(value):
                yield {
                    **subject,
                    "stage": str(table.stages[s]),
                    "criterion": table.criteria[c],
                    "value": repr(float(value)),
                    "unit": f"{units[table.criteria[c]]}/{subject['reference_unit']}",
                    "source": "random numbers",
                    "licence": "Apache-2.0",
                }


def _with_defaults(types: pa.Table, type_of_word: Sequence[str]) -> pa.Table:
    """Add the defaults of lifetime and energy that the method's own packs publish."""
    registry = reen.default_registry()
    library = FactorLibrary.of([registry.factor_packs[name] for name in METHOD.packs])
    columns = {"default_lifetime": "lifetime", "default_energy": "annual_energy"}
    for column, parameter in columns.items():
        found = [library.default(key, parameter) for key in type_of_word]
        values = [None if default is None else default.value for default in found]
        types = types.append_column(column, pa.array(values, pa.float64()))
    return types


def _statuses(words: Sequence[str]) -> pa.Table:
    """Return which status words are counted, and counted with a use stage."""
    found = [resolve_status(word) for word in words]
    return pa.table(
        {
            "word": words,
            "counted": [status not in _EXCLUDED for status in found],
            "used": [status not in _EXCLUDED + _UNUSED for status in found],
        }
    )
