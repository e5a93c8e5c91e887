"""The long form of factor and default files: columns declared once, for shipped and users' data.

One published value per row.  The same checks read a pack folder, a CSV or a Parquet file of a
user, and the data of the wheel.  Holds declarations only.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "DEFAULT_COLUMNS",
    "FACTOR_COLUMNS",
    "LARGEST_FACTOR",
    "LARGEST_UNCERTAINTY",
    "MATCH_COLUMNS",
    "PARAMETERS",
    "REQUIRED_DEFAULT",
    "REQUIRED_FACTOR",
    "WORLD",
    "YEARS",
]

#: Place of a world mean; every other place is a code of ISO 3166-1 alpha-2, FR-20R (Corsica) or XK
#: (Kosovo).
WORLD = "WORLD"

#: First and last year of a flow that exists by year: from before the first accounts of electricity
#: to the last year of published scenarios.  What is outside is a typing error.
YEARS = (1900, 2100)

#: Largest half-width of a 95 % interval, in percent of the value.  Ten times the value is already
#: no knowledge of it; more is a factor written as a percentage, or a mark for "unknown", which is
#: an empty cell.  0 says that the figure is exact.
LARGEST_UNCERTAINTY = 1000.0

#: No factor is larger, in any unit (joules of a building, a million years...).
LARGEST_FACTOR = 1e18

#: Columns of ``factors.csv``, in order, with what each holds.
FACTOR_COLUMNS: Mapping[str, str] = {
    "flow": "identifier of the flow in its pack",
    "name": "label shown to users",
    "reference_unit": "what the factor is of one of: 'item', 'kWh', 'EUR', 'GB', 'kg'...",
    "geography": "ISO 3166-1 alpha-2 code, FR-20R for Corsica, XK for Kosovo, WORLD for a world"
    " mean, empty when not tied to a place",
    "year": "year such as 2022 where the flow exists by year, else empty",
    "stage": "life-cycle stage",
    "remainder": "'yes' for a figure of the stage embedded that is what the other stages of the"
    " flow leave, else empty",
    "criterion": "criterion key or alias",
    "value": "number with a decimal point",
    "unit": "unit of the value, such as kgCO2e/item",
    "lower": "lower bound in the same unit, or empty",
    "upper": "upper bound in the same unit, or empty",
    "uncertainty_percent": "published half-width of the 95 % interval in percent of the value, from"
    " 0 (exact) to 1000, or empty",
    "equipment_type": "key of the type that the flow answers for, or empty",
    "manufacturer": "maker that the model belongs to, or empty",
    "model": "model that the flow answers for, or empty",
    "boundary": "system boundary as published",
    "status": "status as published",
    "validity": "date until which, or period in which, the figure is valid, as printed, or empty",
    "source": "title of the publication",
    "source_year": "year of the publication",
    "source_url": "address of the publication",
    "licence": "licence of the figure",
    "note": "remark",
}

#: Columns without which a factor file says nothing.
REQUIRED_FACTOR = ("flow", "reference_unit", "stage", "criterion", "value", "unit", "source")

#: Columns of ``defaults.csv``, in order.
DEFAULT_COLUMNS: Mapping[str, str] = {
    "equipment_type": "type key, flow id, or * for everything",
    "parameter": "'lifetime', 'annual_energy', 'implied_energy', 'power', 'pue', 'cope_rate',"
    " 'byod_rate' or 'server' (1 for a type that is one, else 0)",
    "value": "number with a decimal point",
    "lower": "lower bound in the same unit, or empty",
    "upper": "upper bound in the same unit, or empty",
    "unit": "unit of the value, such as year",
    "source": "title of the publication",
    "source_year": "year of the publication",
    "source_url": "address of the publication",
    "licence": "licence of the figure",
    "note": "remark",
}

#: Columns without which a default file says nothing.
REQUIRED_DEFAULT = ("equipment_type", "parameter", "value", "unit", "source")

#: Parameters that a pack may give, with the unit of their values: that of the inventory column of
#: the name, or a plain ratio (PUE; utilisation rates of devices of mixed use).  Implied energy is
#: a yearly energy that is not published: it was worked out from the impact of a use stage.
PARAMETERS: Mapping[str, str] = {
    "lifetime": "year",
    "annual_energy": "kWh/item/year",
    "implied_energy": "kWh/item/year",
    "power": "W/item",
    "pue": "1",
    "cope_rate": "1",
    "byod_rate": "1",
    "weight": "kg/item",
    "server": "1",
}

#: Columns of ``matching.csv``, all required: which flow answers for a type or a model.
MATCH_COLUMNS: Mapping[str, str] = {
    "match": "'type' or 'model'",
    "key": "type (key, or name as the inventory writes it) or model, exactly",
    "flow": "identifier of an item flow",
}
