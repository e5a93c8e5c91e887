# pyright: strict
"""What a client writes: types of its own, and no narrowing.  Checked and never run."""

from pathlib import Path

import reen
from reen_plugins.base_carbone import BaseCarbone

fleet: reen.Inventory = reen.read("parc.csv", b"Type\nPC\n", Path("x.csv"), name="x")
footprint = reen.measure(fleet, "base-carbone", by="equipment_type", use_stage=False)
other = reen.measure("parc.csv", BaseCarbone(use_stage=False))
value: float = footprint.total().value
added: reen.types.Total = footprint.total() + other.total().to("tCO2e/year")
first: str = fleet.worklist[0].value
some: int = len(fleet.worklist[:3])
comparison = reen.compare(fleet, ["declared", BaseCarbone()])
gap: float = comparison.gap("declared", "base-carbone").value
change = reen.change(fleet, fleet, "base-carbone")
title: str = footprint.view().title + comparison.view().title + fleet.view().title
bib: str = reen.cite(footprint).bibtex() + reen.cite(change)[0].key
Path("a.svg").write_bytes(footprint.plot())
schema: dict[str, object] = reen.stored.json_schema("footprint")
purchases: reen.types.Purchases = reen.read_records("achats.csv", kind="purchases")
found: float | None = reen.indicators(fleet, footprint=footprint)[0].value
total: float = reen.explain(fleet, "PC-0042", method="base-carbone").total()
stated = reen.statement(fleet, method="base-carbone", scheme="beges-v5")
texts: str = stated.to_json() + reen.explain(fleet, 0, method="declared").to_json()
with reen.language("fr"):
    offered: str = reen.offers("achat.toml").view().title
