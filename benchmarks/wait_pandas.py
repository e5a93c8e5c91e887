"""Footprint by entity and stage of a clean inventory, as an analyst writes it in pandas.

    python benchmarks/wait_pandas.py inventory.csv

`types.csv` and `mixes.csv` lie beside the inventory.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

file = Path(sys.argv[1])
read = pd.read_csv if file.suffix == ".csv" else pd.read_parquet
rows = (
    read(file)
    .merge(pd.read_csv(file.parent / "types.csv"), on="equipment_type")
    .merge(pd.read_csv(file.parent / "mixes.csv"), on="country")
)
lifetime = rows["lifetime"].fillna(rows["usual_lifetime"])
rows["embedded"] = rows["quantity"] / lifetime * rows["embedded"]
rows["use"] = rows["quantity"] * rows["annual_energy"] * rows["mix"]
figures = rows.groupby("entity")[["embedded", "use"]].sum()
figures.columns.name = "stage"
print(figures.stack().rename("value").to_csv(), end="")
