"""Footprint by entity and stage of a clean inventory, as an analyst writes it in Polars.

    python benchmarks/wait_polars.py inventory.csv

`types.csv` and `mixes.csv` lie beside the inventory.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

file = Path(sys.argv[1])
scan = pl.scan_csv if file.suffix == ".csv" else pl.scan_parquet
quantity, lifetime = pl.col("quantity"), pl.coalesce("lifetime", "usual_lifetime")
figures = (
    scan(file)
    .join(pl.scan_csv(file.parent / "types.csv"), on="equipment_type")
    .join(pl.scan_csv(file.parent / "mixes.csv"), on="country")
    .group_by("entity")
    .agg(
        embedded=(quantity / lifetime * pl.col("embedded")).sum(),
        use=(quantity * pl.col("annual_energy") * pl.col("mix")).sum(),
    )
    .unpivot(index="entity", variable_name="stage")
    .collect()
)
print(figures.write_csv(), end="")
