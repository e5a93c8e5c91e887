"""Sharing: one inventory of several organisations, cut into the perimeter of each.

Input: rules that say whose the rows of each entity are, or by which key they are divided; an
inventory.  Output: an inventory for each perimeter, of which the items add up to those of the
whole: no item counts twice, none is lost.  Reads the rules from TOML; knows no method.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reen.arrays import numpy_of
from reen.errors import FileFormatError, OptionError
from reen.gate.toml_text import text_of_toml, toml_content
from reen.inventory.account import Account
from reen.inventory.batch import BatchMemo, batches_of
from reen.inventory.inventory import Inventory
from reen.inventory.ledger import Ledger
from reen.inventory.schema import EQUIPMENT
from reen.inventory.system_schema import DATACENTERS
from reen.reasons import Reason

__all__ = ["Sharing", "perimeters", "read_sharing"]

#: What separates the levels of an entity.
_LEVELS = " > "

#: The largest weight of a key: more is a slip of a finger.
_MOST = 1e12
_WEIGHT = "a number from 0 to 1e12, such as the agents of the perimeter"

#: Code of what became of rows that several perimeters share.
_SHARED = "row_shared"


@attrs.frozen(kw_only=True)
class Sharing:
    """Which organisation each row of a shared inventory belongs to.

    Attributes
    ----------
    perimeters
        Title of each perimeter, by name.
    keys
        Keys of division: by name, the weight of each perimeter, such as its agents.  What a
        perimeter is not named for, it has no part in.
    rows
        By value of the column: a perimeter, or a key.  A value also stands for those below it:
        ``Mairie`` for ``Mairie > DSI``; the longest that fits goes first.
    blank
        Perimeter or key of the rows that say nothing; empty where there must be none.
    column
        Column of the equipment that is looked at.

    Examples
    --------
    >>> sharing = Sharing(
    ...     perimeters={"ville": "Ville", "agglo": "Agglomération"},
    ...     keys={"agents": {"ville": 700, "agglo": 300}},
    ...     rows={"Mairie": "ville", "DSI": "agents"},
    ... )
    >>> sharing.shares("Mairie > État civil"), sharing.shares("DSI")
    ({'ville': 1.0, 'agglo': 0.0}, {'ville': 0.7, 'agglo': 0.3})
    """

    perimeters: Mapping[str, str]
    keys: Mapping[str, Mapping[str, float]] = attrs.field(factory=dict)
    rows: Mapping[str, str]
    blank: str = ""
    column: str = "entity"

    def __attrs_post_init__(self) -> None:
        """Refuse rules that cannot divide anything."""
        for fault, value, expected in self._faults():
            raise OptionError("perimeters", fault, value, expected)

    def _faults(self) -> Iterator[tuple[str, str, str]]:
        """Yield (where, what, expected) of every fault."""
        known = ", ".join(self.perimeters)
        if len(self.perimeters) < 2:  # noqa: PLR2004 - one perimeter divides nothing
            yield "perimeters", known, "two perimeters or more"
        for name, weights in self.keys.items():
            if name in self.perimeters:
                yield f"keys.{name}", name, "a name that is not that of a perimeter"
            for perimeter, weight in weights.items():
                if perimeter not in self.perimeters:
                    yield f"keys.{name}", perimeter, f"one of the perimeters: {known}"
                if not 0.0 <= weight <= _MOST:
                    yield f"keys.{name}.{perimeter}", str(weight)[:20], _WEIGHT
            if not any(weight > 0.0 for weight in weights.values()):
                yield f"keys.{name}", str(dict(weights)), "a weight above 0"
        rules = [*self.rows.items(), *([("blank", self.blank)] if self.blank else [])]
        for value, rule in rules:
            if rule not in self.perimeters and rule not in self.keys:
                among = ", ".join([*self.perimeters, *self.keys])
                yield f"rows.{value}", rule, f"a perimeter or a key: one of {among}"

    def rule(self, value: str | None) -> str | None:
        """Return the perimeter or the key of a value of the column; None where no rule fits."""
        if value is None or not value.strip():
            return self.blank or None
        levels = value.split(_LEVELS)
        for depth in range(len(levels), 0, -1):
            found = self.rows.get(_LEVELS.join(levels[:depth]))
            if found is not None:
                return found
        return None

    def shares(self, value: str | None) -> dict[str, float] | None:
        """Return the share of each perimeter in the rows of a value; None where no rule fits."""
        rule = self.rule(value)
        if rule is None:
            return None
        if rule in self.perimeters:
            return {name: float(name == rule) for name in self.perimeters}
        weights = self.keys[rule]
        whole = math.fsum(weights.values())
        return {name: weights.get(name, 0.0) / whole for name in self.perimeters}


def read_sharing(path: str | Path) -> Sharing:
    """Return the rules of a TOML file: its tables are the attributes of `Sharing`.

    Raises
    ------
    FileFormatError
        No such file, no TOML, or a rule that cannot be: which, and what was expected.
    """
    path = Path(path)
    what = "rules of sharing"
    content = toml_content(text_of_toml(path, what), place=str(path), what=what)
    if faults := list(_faults_of(content)):
        raise FileFormatError(str(path), "; ".join(faults))
    try:
        return Sharing(**content)
    except OptionError as error:
        raise FileFormatError(str(path), str(error)) from error


def _faults_of(content: Mapping[str, object]) -> Iterator[str]:
    """Yield what is not of the form of rules."""
    fields = {field.name for field in attrs.fields(Sharing)}
    for name in content:
        if name not in fields:
            yield f"{name!r} is not known; expected some of {', '.join(sorted(fields))}"
    for name in ("perimeters", "rows"):
        if not _is_table(content.get(name), str):
            yield f"expected a table [{name}] of texts by name"
    keys = content.get("keys", {})
    if not isinstance(keys, dict):
        yield "expected a table [keys.NAME] for each key"
        return
    for name, weights in keys.items():
        if not _is_table(weights, int, float):
            yield f"expected a table [keys.{name}] of numbers by name"
    for name in ("blank", "column"):
        if not isinstance(content.get(name, ""), str):
            yield f"expected a text for {name!r}"


def _is_table(value: object, *kinds: type) -> bool:
    return isinstance(value, dict) and all(type(each) in kinds for each in value.values())


def perimeters(inventory: Inventory, sharing: Sharing | str | Path) -> dict[str, Inventory]:
    """Return the inventory of each organisation that shares one, by the name of its perimeter.

    A row of one perimeter is in it whole.  A divided row is in each perimeter that has a part of
    it, with that part of its items.  So the items of the perimeters add up to those of the whole,
    and so do their footprints.  Rows that are not counted (refused, merged, set aside) belong to
    nobody: they are in the account of every perimeter, so that none calls itself complete where
    the whole is not.

    Parameters
    ----------
    inventory
        What they share.
    sharing
        The rules that divide the rows, or their TOML file.

    Raises
    ------
    FileFormatError
        A file without such rules.
    OptionError
        Values without a rule; a column that is not there; tables that cannot be divided.

    Examples
    --------
    >>> import pyarrow as pa, reen
    >>> fleet = {
    ...     "equipment_type": ["laptop", "server"],
    ...     "quantity": [10, 1],
    ...     "entity": ["A", "DSI"],
    ... }
    >>> rules = reen.types.Sharing(
    ...     perimeters={"ville": "Ville", "agglo": "Agglomération"},
    ...     keys={"agents": {"ville": 700, "agglo": 300}},
    ...     rows={"A": "ville", "DSI": "agents"},
    ... )
    >>> parts = reen.perimeters(reen.Inventory.from_arrow(pa.table(fleet)), rules)
    >>> {name: part.table["quantity"].to_pylist() for name, part in parts.items()}
    {'ville': [10.0, 0.7], 'agglo': [0.3]}
    """
    if not isinstance(sharing, Sharing):
        sharing = read_sharing(sharing)
    table = inventory.table
    if sharing.column not in table.column_names:
        there = ", ".join(table.column_names)
        raise OptionError(
            "perimeters", "column", sharing.column, Reason("error_column_one", there=there)
        )
    others = [kind for kind in inventory.linked if kind != DATACENTERS.name]
    if others:
        expected = Reason("error_equipment_data_centres_alone_read_other")
        raise OptionError("perimeters", "tables", ", ".join(others), expected)
    values, codes = _coded(table[sharing.column])
    rules = [sharing.rule(value) for value in values]
    lacking = [str(values[k] or "(blank)") for k in np.unique(codes).tolist() if rules[k] is None]
    if lacking:
        among = ", ".join([*sharing.perimeters, *sharing.keys])
        expected = Reason("error_rule_each_them_one_blank_rows", among=among)
        raise OptionError("perimeters", f"rows.{sharing.column}", ", ".join(lacking), expected)
    shares = [sharing.shares(value) or {} for value in values]
    return {
        name: _part(
            inventory,
            np.array([each.get(name, 0.0) for each in shares])[codes],
            np.array([rule or "" for rule in rules], object)[codes],
            frozenset(sharing.keys),
        )
        for name in sharing.perimeters
    }


def _coded(column: pa.ChunkedArray) -> tuple[list[str | None], npt.NDArray[np.int64]]:
    """Return the distinct values of a column, None last, and the number of that of each row."""
    coded = column.cast(pa.string()).combine_chunks()
    if isinstance(coded, pa.ChunkedArray):  # pyarrow returns either, by version
        coded = pa.concat_arrays([pa.array([], pa.string()), *coded.chunks])
    coded = coded.dictionary_encode()
    values = [*coded.dictionary.to_pylist(), None]
    codes = numpy_of(coded.indices.fill_null(len(values) - 1))
    return values, codes.astype(np.int64)


def _part(
    inventory: Inventory,
    share: npt.NDArray[np.float64],
    rule: npt.NDArray[np.object_],
    keys: frozenset[str],
) -> Inventory:
    """Return the rows that a perimeter has a share in, with that share of their items."""
    mine = np.flatnonzero(share > 0.0)
    table = inventory.table.take(pa.array(mine))
    part, rule = share[mine], rule[mine]
    # the share of a row by a key that is one perimeter's alone is still one of several
    divided = np.isin(rule, list(keys))
    if divided.any():
        table = _scaled(table, part)
    accounts = [inventory.account_of(EQUIPMENT.name).uncounted]
    for key in ("", *sorted(keys)):
        rows = np.flatnonzero(~divided if not key else rule == key)
        accounts.append(_counted(inventory, table.take(pa.array(rows)), key))
    return attrs.evolve(inventory, table=table, read_account=Account.sum(accounts), users=None)


def _scaled(table: pa.Table, share: npt.NDArray[np.float64]) -> pa.Table:
    """Return a table with its quantities times a share; a blank one stays unknown."""
    column = EQUIPMENT["quantity"]
    place = table.schema.get_field_index(column.name)
    if place < 0:
        field = pa.field(column.name, pa.float64(), metadata={"unit": column.unit})
        return table.append_column(field, pa.array(share))
    quantity = numpy_of(table.column(place).cast(pa.float64()))
    there = np.asarray(numpy_of(table.column(place).is_valid()))
    made = pa.array(np.where(there, quantity, 0.0) * share, mask=~there)
    return table.set_column(place, table.schema.field(place).with_type(pa.float64()), made)


def _counted(inventory: Inventory, table: pa.Table, key: str) -> Account:
    """Return the account of some rows that are counted, those divided by a key under its name."""
    ledger = Ledger()
    source = "" if inventory.report is None else inventory.report.source
    for batch in batches_of(table, schema=EQUIPMENT, memo=BatchMemo()):
        ledger.count(batch, source=source, by_row=inventory.report is not None)
    account = ledger.account()
    if not key:
        return account
    reason = Reason(_SHARED, key=key)
    return Account.of(attrs.evolve(line, reason=reason) for line in account.lines)
