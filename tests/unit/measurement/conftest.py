"""Plugins that are installed, as far as Python can tell: folders with the metadata of one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

MODULE = '''
"""A plugin of the tests: one pack, and one method that uses it."""
import os
import time
from pathlib import Path

import attrs
import numpy as np

import reen
from reen.plugin.arrays import Assessment, Driver, Exchanges, FlowKind

KIND = FlowKind("item", (reen.Stage.MANUFACTURING,))


@attrs.frozen
class Counting:
    """Items over a lifetime of one year, as many kilograms as the pack says."""

    share: float = 1.0
    events: str = ""

    name = "counting"
    version = "{method}"
    title = reference = "for tests"
    packs = ("weights",)

    def prepare(self, context):
        return Prepared(self, (context.factors.factors.flows[context.factors.by_type("laptop")],))


@attrs.frozen
class Prepared:
    method: Counting
    flows: tuple
    kinds = (KIND,)
    columns = ("equipment_type", "quantity")

    def exchanges(self, batch):
        self._wait()
        rows = len(batch)
        assessment = Assessment(rows, match=reen.plugin.Match.TYPE)
        assessment.require(
            "quantity", missing=batch.missing("quantity"), invalid=batch.invalid("quantity")
        )
        outcomes, outcome = assessment.result()
        yield Exchanges(
            kind=KIND,
            flows=self.flows,
            flow=assessment.flow(0),
            drivers={{
                "quantity": Driver(batch.values("quantity", "item"), "item"),
                "share": Driver(np.full(rows, self.method.share), "1/year"),
            }},
            reference_unit="item",
            outcomes=outcomes,
            outcome=outcome,
        )

    def _wait(self):
        """Say who is at work in a file, and wait until another one is there."""
        if not self.method.events:
            return
        folder = Path(self.method.events)
        folder.joinpath(f"at-work-{{os.getpid()}}").touch()
        until = time.monotonic() + 120.0
        while not folder.joinpath("go").exists() and time.monotonic() < until:
            time.sleep(0.02)


@reen.plugin.hookimpl
def reen_methods():
    return [Counting()]


@reen.plugin.hookimpl
def reen_factor_packs():
    return [
        reen.plugin.FactorPack.from_rows(
            name="weights",
            version="{pack}",
            title="One factor",
            publisher="tests",
            licence="CC0-1.0",
            source="tests",
            factors=[
                {{
                    "flow": "laptop",
                    "reference_unit": "item",
                    "stage": "manufacturing",
                    "criterion": "climate_change",
                    "value": "{value}",
                    "unit": "kgCO2e/item",
                    "equipment_type": "laptop",
                    "source": "tests",
                }}
            ],
        )
    ]
'''


@pytest.fixture
def install(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that makes a folder which, on the path, is an installed plugin."""

    def make(
        name: str, *, plugin: str = "1.0", method: str = "1", pack: str = "1", value: str = "100"
    ) -> Path:
        folder = tmp_path / name
        metadata = folder / f"reen_counting-{plugin}.dist-info"
        metadata.mkdir(parents=True)
        metadata.joinpath("METADATA").write_text(
            f"Metadata-Version: 2.1\nName: reen-counting\nVersion: {plugin}\n"
        )
        metadata.joinpath("entry_points.txt").write_text("[reen]\ncounting = reen_counting\n")
        text = MODULE.format(method=method, pack=pack, value=value)
        folder.joinpath("reen_counting.py").write_text(text)
        return folder

    return make
