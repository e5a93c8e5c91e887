"""Results in files and messages: comparisons and changes, JSON, and its schemas.

`reen.write_footprint` and `reen.read_footprint` are their twins for a footprint, which is what most
programs keep.

Examples
--------
>>> laptop = reen.Equipment("laptop", lifetime="5 year", country="FR")
>>> footprint = reen.measure(laptop, "base-carbone", as_of="2025-12-31")
>>> text = reen.stored.footprint_to_json(footprint)
>>> reen.stored.footprint_from_json(text).total() == footprint.total()
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reen.lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from reen.results.change_storage import (
        change_from_json,
        change_to_json,
        read_change,
        write_change,
    )
    from reen.results.comparison_storage import (
        comparison_from_json,
        comparison_to_json,
        read_comparison,
        write_comparison,
    )
    from reen.results.footprint_json import footprint_from_json, footprint_to_json
    from reen.results.schemas import json_schema

__all__ = [
    "change_from_json",
    "change_to_json",
    "comparison_from_json",
    "comparison_to_json",
    "footprint_from_json",
    "footprint_to_json",
    "json_schema",
    "read_change",
    "read_comparison",
    "write_change",
    "write_comparison",
]

__getattr__, __dir__ = _lazy_names(
    __name__,
    {
        "reen.results.change_storage": ("change_from_json change_to_json read_change write_change"),
        "reen.results.comparison_storage": (
            "comparison_from_json comparison_to_json read_comparison write_comparison"
        ),
        "reen.results.schemas": "json_schema",
        "reen.results.footprint_json": "footprint_from_json footprint_to_json",
    },
)
