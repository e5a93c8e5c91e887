"""Footprint by entity and stage of a clean inventory, as an analyst writes it in DuckDB.

    python benchmarks/wait_duckdb.py inventory.csv

`types.csv` and `mixes.csv` lie beside the inventory.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

file = Path(sys.argv[1])
query = f"""
copy (
    with rows as (
        select entity,
               sum(quantity / coalesce(lifetime, usual_lifetime) * embedded) as embedded,
               sum(quantity * annual_energy * mix) as use
        from '{file}'
        join '{file.parent}/types.csv' using (equipment_type)
        join '{file.parent}/mixes.csv' using (country)
        group by entity
    )
    select entity, stage, value from rows unpivot (value for stage in (embedded, use))
) to '/dev/stdout' (header)
"""  # noqa: S608 - our own file names
duckdb.sql(query)
