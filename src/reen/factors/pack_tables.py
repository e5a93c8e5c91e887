"""The tables of a pack become its content: factors, defaults, and what answers for a type or model.

Input: `TextRows` under the columns of ``factors.csv``, ``defaults.csv`` and ``matching.csv``.
Output: `PackContent`, its tables checked alone and against each other.  A word that looks like a
type and is no key is refused: no inventory would ever find its default.  Reads no file; packs that
open by their compact form import none of this.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from reen.errors import DimensionError
from reen.factors.columns import (
    DEFAULT_COLUMNS,
    MATCH_COLUMNS,
    PARAMETERS,
    REQUIRED_DEFAULT,
)
from reen.factors.content import PackContent, TypeDefault
from reen.factors.factor_set import FactorSet
from reen.factors.long_form import type_hint
from reen.factors.text_rows import TextRows
from reen.reasons import Reason
from reen.vocabulary.criteria import Criterion
from reen.vocabulary.equipment_types import EquipmentTypes, bundled_equipment_types
from reen.vocabulary.units import conversion_factor

__all__ = ["content_of_tables", "read_defaults", "read_matching"]

#: Range of each parameter of a pack: what an inventory could hold.
_RANGES: Mapping[str, tuple[float, float]] = {
    "lifetime": (1e-9, 1e9),
    "annual_energy": (0.0, 1e12),
    "implied_energy": (0.0, 1e12),
    "power": (0.0, 1e9),
    "pue": (1.0, 1e3),
    "cope_rate": (0.0, 1.0),
    "byod_rate": (0.0, 1.0),
    "weight": (0.0, 1e6),
    # whether the type is a server: 0 or 1
    "server": (0.0, 1.0),
}


def content_of_tables(
    pack: str,
    equipment_types: EquipmentTypes | None,
    criteria: tuple[Criterion, ...],
    *,
    factors: TextRows,
    defaults: TextRows,
    matching: TextRows,
    type_names: frozenset[str] = frozenset(),
) -> PackContent:
    """Return the content of a pack, its tables checked alone and against each other.

    Parameters
    ----------
    pack
        Name of the pack.
    equipment_types
        Taxonomy, the bundled one when None.
    criteria
        Criteria that the rows may name besides those that reen ships.
    factors, defaults, matching
        Its tables.
    type_names
        Names of types that are no keys, of which defaults may be.

    Raises
    ------
    FactorDataError
        A row that does not fit the declared schema.
    """
    factor_set = FactorSet.from_text(
        factors, pack=pack, equipment_types=equipment_types, criteria=criteria
    )
    matches = read_matching(matching)
    known = {"*", *type_names, *(flow.id for flow in factor_set.flows)}
    known |= {key for kind, key, _ in matches if kind == "type"}
    return PackContent(factor_set, read_defaults(defaults, pack, known, equipment_types), matches)


def read_defaults(
    rows: TextRows, pack: str, known: Collection[str], equipment_types: EquipmentTypes | None
) -> tuple[TypeDefault, ...]:
    """Return the defaults of a pack.

    Parameters
    ----------
    rows
        Rows under the columns of ``defaults.csv``.
    pack
        Name of the pack.
    known
        What a default may be of besides a type: flows of the pack, further names of types.
    equipment_types
        Taxonomy, the bundled one when None.

    Raises
    ------
    FactorDataError
        A cell that is not what its column holds, two defaults for one parameter of a type.
    """
    defaults: dict[tuple[str, str], TypeDefault] = {}
    for line, row in rows:
        for name in REQUIRED_DEFAULT:
            if not (row.get(name) or "").strip():
                raise rows.fail(line, name, "", DEFAULT_COLUMNS[name])
        parameter = row["parameter"]
        if parameter not in PARAMETERS:
            raise rows.fail(
                line, "parameter", parameter, Reason("error_one_of", names=", ".join(PARAMETERS))
            )
        key = (row["equipment_type"], parameter)
        if key in defaults:
            raise rows.fail(
                line,
                "parameter",
                parameter,
                Reason("error_one_not_two", parameter=parameter, key=key[0]),
            )
        if key[0] not in known:
            _check_type(rows, line, key[0], equipment_types)
        source = ", ".join(
            part for part in (row["source"], row.get("source_year"), row.get("source_url")) if part
        )
        defaults[key] = TypeDefault(
            *key,
            _default_value(rows, line, row),
            PARAMETERS[parameter],
            pack,
            source,
            row.get("licence") or "",
            row.get("note") or "",
        )
    return tuple(defaults.values())


def _check_type(
    rows: TextRows, line: int, word: str, equipment_types: EquipmentTypes | None
) -> None:
    """Refuse a word for a type, or one mistyped: no inventory would ever find its default.

    What is like no type may be a flow of another pack.
    """
    types = bundled_equipment_types() if equipment_types is None else equipment_types
    if word not in types and (hint := type_hint(word, types)):
        raise rows.fail(line, "equipment_type", word, DEFAULT_COLUMNS["equipment_type"] + hint)


def _default_value(rows: TextRows, line: int, row: Mapping[str, str]) -> float:
    """Return the value of a default, in the unit of its parameter."""
    parameter = row["parameter"]
    unit = PARAMETERS[parameter]
    try:
        value = float(row["value"]) * conversion_factor(row["unit"], unit)
    except DimensionError as error:
        raise rows.fail(line, "unit", row["unit"], Reason("error_unit", unit=unit)) from error
    except ValueError as error:
        raise rows.fail(
            line, "value", row["value"], Reason("error_number_decimal_point")
        ) from error
    low, high = _RANGES[parameter]
    if not low <= value <= high:
        expected = (
            Reason("error_number_from_on", low=low, unit=unit)
            if high > 1.0
            else Reason("error_share_from_0_1")
        )
        raise rows.fail(line, "value", row["value"], expected)
    return value


def read_matching(rows: TextRows) -> tuple[tuple[str, str, str], ...]:
    """Return the matching of a pack: (``type`` or ``model``, key, flow id).

    Raises
    ------
    FactorDataError
        A cell that is not what its column holds, two flows for one type or model.
    """
    found: dict[tuple[str, str], str] = {}
    for line, row in rows:
        for name, expected in MATCH_COLUMNS.items():
            if not (row.get(name) or "").strip():
                raise rows.fail(line, name, "", expected)
        if row["match"] not in ("type", "model"):
            raise rows.fail(line, "match", row["match"], MATCH_COLUMNS["match"])
        key = (row["match"], row["key"])
        if found.setdefault(key, row["flow"]) != row["flow"]:
            twice = Reason("error_one_flow_not_two", key=key[0], key_2=key[1])
            raise rows.fail(line, "flow", row["flow"], twice)
    return tuple((match, key, flow) for (match, key), flow in found.items())
