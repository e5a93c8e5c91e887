"""Branches: how many of each area that reads bytes of strangers were taken, and which were not.

Input: what coverage.py measured of a run of `fuzz.py` (`nox -s fuzz` does both).  Output: a line
for each area, and for each module the branches that no input took.

    coverage run --rcfile=tests/fuzz/coverage.ini tests/fuzz/fuzz.py all FOLDER --seconds 60
    coverage combine && coverage json -o FILE && python tests/fuzz/branches.py FILE [--missing]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

#: The modules of each area, by the beginnings of their paths in `src`; the first that fits counts.
AREAS: Mapping[str, tuple[str, ...]] = {
    "the gate": ("reen/gate/",),
    "containers (workbooks, JSON, XML, web pages, zips)": ("reen/tables/containers/",),
    "delimited text": ("reen/tables/delimited/",),
    "mappings and answers": ("reen/tables/mapping/", "reen/tables/mapped.py"),
    "headers and layouts": (
        "reen/tables/headers/",
        "reen/tables/layouts/",
        "reen/tables/recognition/",
        "reen/tables/typed/",
    ),
    "cells": ("reen/tables/cells/", "reen/tables/evidence/"),
    "rows, identity, persons": (
        "reen/tables/rows/",
        "reen/tables/identity/",
        "reen/tables/privacy/",
        "reen/tables/reference/",
    ),
    "the rest of the tables": ("reen/tables/",),
    "packs and factor files": (
        "reen/sources/pack_folders.py",
        "reen/factors/long_form.py",
        "reen/factors/compact.py",
    ),
    "Arrow and Parquet importer": ("reen_plugins/importers/", "reen/sources/"),
    "records": ("reen/monitoring/reading.py", "reen/monitoring/records.py"),
    "perimeters and keys": ("reen/inventory/sharing.py",),
    "strategies": (
        "reen/strategy/reading.py",
        "reen/strategy/scenario_reading.py",
        "reen/strategy/sheets.py",
        "reen/strategy/fields.py",
        "reen/strategy/toml_tables.py",
    ),
    "plans of reviews": ("reen/review/plan.py",),
    "stored results": (
        "reen/results/footprint_json.py",
        "reen/results/integrity.py",
        "reen/results/storage.py",
        "reen/results/stored_state.py",
        "reen/results/json_files.py",
        "reen/results/change_storage.py",
        "reen/results/comparison_storage.py",
        "reen/inventory/carried_account.py",
    ),
}


def area_of(name: str) -> str | None:
    """Return the area of a module, by its path in `src`; None of those that read nothing."""
    found = (area for area, places in AREAS.items() if name.startswith(places))
    return next(found, None)


def summed(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the branches of each area, those that were taken, and the others by module."""
    areas: dict[str, dict[str, Any]] = {
        area: {"branches": 0, "taken": 0, "missing": {}} for area in AREAS
    }
    for path, file in content["files"].items():
        name = path.replace("\\", "/").rpartition("src/")[2]
        area = area_of(name)
        if area is not None:
            sums, missing = file["summary"], file["missing_branches"]
            areas[area]["branches"] += sums["num_branches"]
            areas[area]["taken"] += sums["covered_branches"]
            if missing:
                areas[area]["missing"][name] = missing
    return areas


def main() -> None:
    """Print the areas, and with ``--missing`` the branches."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measured", type=Path, help="what `coverage json` wrote")
    parser.add_argument("--missing", action="store_true", help="say the branches never taken")
    asked = parser.parse_args()
    areas = summed(json.loads(asked.measured.read_text("utf-8")))
    whole = {key: sum(area[key] for area in areas.values()) for key in ("branches", "taken")}
    for name, area in [*areas.items(), ("all", whole)]:
        share = 100 * area["taken"] / max(area["branches"], 1)
        sys.stdout.write(f"{share:5.1f} %  {area['taken']:5} of {area['branches']:5}  {name}\n")
    for area in areas.values() if asked.missing else ():
        for name, missing in sorted(area["missing"].items()):
            said = ", ".join(f"{start}>{end if end > 0 else 'end'}" for start, end in missing)
            sys.stdout.write(f"{name}: {said}\n")


if __name__ == "__main__":
    main()
