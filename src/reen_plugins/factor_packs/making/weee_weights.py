"""Makes the pack weee-weights from the masses of Statistics Netherlands.

``python -m reen_plugins.factor_packs.making.weee_weights`` makes it from the rows kept:
``rows/unu_weights.csv`` holds the mass of one item by key of the United Nations University and
year, for the European Union, ``unu_types.csv`` the key of each type and what it holds.

Output: the files of the pack.  The last year that is no projection of the authors serves.
"""

from __future__ import annotations

from reen_plugins.factor_packs.making.ademe_numerique import rows_of
from reen_plugins.factor_packs.making.packs import DEFAULT_COLUMNS, description, table_text, write

__all__ = ["YEAR", "files", "main"]

#: Last year of the source that is no projection.
YEAR = "2017"


def files() -> dict[str, str]:
    """Return the text of each file of the pack, by its path under ``data``."""
    weights = {
        row["unu_key"]: row["value"] for row in rows_of("unu_weights.csv") if row["year"] == YEAR
    }
    rows = [
        {
            "equipment_type": each["equipment_type"],
            "parameter": "weight",
            "value": weights[each["unu_key"]],
            "unit": "kg/item",
            "source": "Statistics Netherlands, Waste over Time script, data/htbl_Key_Weight.csv,"
            f" UNU key {each['unu_key']} (Van Straalen, Roskam, Balde)",
            "source_year": YEAR,
            "source_url": "https://github.com/Statistics-Netherlands/ewaste",
            "licence": "MIT",
            "note": f"mean of what was put on the market of the EU in {YEAR}; {each['holds']}",
        }
        for each in rows_of("unu_types.csv")
    ]
    return {
        "weee-weights/defaults.csv": table_text(DEFAULT_COLUMNS, rows),
        "weee-weights/pack.toml": description("weee-weights"),
    }


def main() -> None:
    """Make the pack again."""
    write(files())


if __name__ == "__main__":
    main()
