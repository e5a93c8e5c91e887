"""Hostile plugins beside good ones in one host: the good ones measure, the others are named.

Each thing that a plugin can raise, at each place where it is called; arrays that it tries to write
into; answers without an end; and workers that die.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ClassVar

import attrs
import numpy as np
import pytest

import reen
from reen.plugin import Context, Deferred
from reen.plugin.arrays import Batch, Exchanges, FlowKind, Prepared
from reen.plugin.files import Imported, ReadOptions, Sample, Sniff
from reen.testing import ToyMethod

LAPTOP = reen.Equipment("laptop", lifetime=5, country="FR", declared_footprint=156)


class NoException(BaseException):
    """What derives from no `Exception`."""


def deep() -> None:
    """Never end."""
    deep()


def exhausted() -> None:
    """Raise what ends a loop."""
    next(iter(()))


#: What plugins do instead of answering.
FAULTS: dict[str, Callable[[], object]] = {
    "StopIteration": exhausted,
    "GeneratorExit": lambda: _raise(GeneratorExit()),
    "RecursionError": deep,
    "SystemExit": lambda: _raise(SystemExit(0)),
    "MemoryError": lambda: _raise(MemoryError()),
    "CancelledError": lambda: _raise(asyncio.CancelledError()),
    "NoException": lambda: _raise(NoException("x")),
    "KeyError": lambda: {}["x"],
}


def _raise(error: BaseException) -> None:
    raise error


@attrs.frozen(kw_only=True)
class Hostile(ToyMethod):
    """A method that does something else at one of its steps."""

    at: str = "exchanges"
    fault: Callable[[], object] = exhausted
    name: ClassVar[str] = "hostile"

    def prepare(self, context: Context) -> Prepared:
        if self.at == "prepare":
            self.fault()
        return Doing(method=self, prepared=super().prepare(context))


@attrs.frozen(kw_only=True, eq=False)
class Doing:
    """What `Hostile` prepares."""

    method: Hostile
    prepared: Prepared

    @property
    def kinds(self) -> tuple[FlowKind, ...]:
        return self.prepared.kinds

    @property
    def columns(self) -> tuple[str, ...]:
        return self.prepared.columns

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        if self.method.at == "exchanges":
            self.method.fault()
        if self.method.at == "generator":
            return self._later(batch)
        return self.prepared.exchanges(batch)

    def _later(self, batch: Batch) -> Iterator[Exchanges]:
        yield from self.prepared.exchanges(batch)
        self.method.fault()


@pytest.mark.parametrize("at", ["prepare", "exchanges", "generator"])
@pytest.mark.parametrize("fault", FAULTS)
def test_methods_of_a_comparison_go_on(fault: str, at: str) -> None:
    """Whatever one of them raises, and wherever: it is named, the two others have their figures."""
    comparison = reen.compare(
        LAPTOP,
        methods=["declared", Hostile(at=at, fault=FAULTS[fault]), ToyMethod()],
        as_of="2022-12-31",
        on_error="report",
    )
    assert list(comparison.details) == ["declared", "toy"]
    said = comparison.failed["hostile"]
    assert said.startswith("method hostile 1: ")
    assert fault in said or "tried to end the process" in said


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("at", ["sniff", "read"])
def test_importers(tmp_path: Path, fault: str, at: str) -> None:
    """One that fails at a file is named; a file of another kind is read."""

    class Theirs:
        name, title = "theirs", "Theirs"

        def sniff(self, sample: Sample) -> Sniff:
            if at == "sniff" and sample.path.suffix == ".theirs":
                FAULTS[fault]()
            return Sniff(1.0 if sample.path.suffix == ".theirs" else 0.0)

        def read(self, path: Path, options: ReadOptions) -> Imported:
            del path, options
            FAULTS[fault]()
            raise AssertionError

    class Plugin:
        @reen.plugin.hookimpl
        def reen_importers(self) -> list[object]:
            return [Theirs()]

    registry = reen.load_plugins(extra=[Plugin()])
    (tmp_path / "a.theirs").write_text("x", "utf-8")
    (tmp_path / "a.csv").write_text("id,equipment_type,quantity\na,laptop,3\n", "utf-8")
    with pytest.raises(reen.errors.PluginError, match="importer theirs"):
        reen.read(tmp_path / "a.theirs", registry=registry)
    assert len(reen.read(tmp_path / "a.csv", registry=registry)) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_hooks(fault: str) -> None:
    """A hook of the host's own plugin that fails is told at once."""

    class Plugin:
        @reen.plugin.hookimpl
        def reen_methods(self) -> list[object]:
            FAULTS[fault]()
            return []

    with pytest.raises(reen.errors.PluginError, match="reen_methods"):
        reen.load_plugins(extra=[Plugin()])


def test_a_person_who_interrupts_is_obeyed() -> None:
    with pytest.raises(KeyboardInterrupt):
        reen.measure(LAPTOP, method=Hostile(fault=lambda: _raise(KeyboardInterrupt())))


# -- what it is given, and what it answers -------------------------------------------------------


@attrs.frozen(kw_only=True)
class Writing(ToyMethod):
    """A method that writes into what it is given, after it lifted the mark against it."""

    name: ClassVar[str] = "writing"

    def prepare(self, context: Context) -> Prepared:
        return WritingPrepared(prepared=super().prepare(context))


@attrs.frozen(kw_only=True, eq=False)
class WritingPrepared:
    """What `Writing` prepares."""

    prepared: Prepared

    @property
    def kinds(self) -> tuple[FlowKind, ...]:
        return self.prepared.kinds

    @property
    def columns(self) -> tuple[str, ...]:
        return self.prepared.columns

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        values = batch.values("quantity", "item")
        values.flags.writeable = True
        values[:] = 0.0
        return self.prepared.exchanges(batch)


def test_arrays_cannot_be_written_into() -> None:
    """The flag cannot be lifted: what others are given stays, and the method is named."""
    with pytest.raises(reen.errors.PluginError, match=r"method writing 1: .*WRITEABLE"):
        reen.measure(LAPTOP, method=Writing())
    library = reen.default_registry().library(["base-carbone"])
    for name in ("values", "lower", "upper", "spread"):
        with pytest.raises(ValueError, match="WRITEABLE"):
            getattr(library.factors, name).flags.writeable = True


@attrs.frozen(kw_only=True)
class Endless(ToyMethod):
    """A method that never stops answering."""

    name: ClassVar[str] = "endless"

    def prepare(self, context: Context) -> Prepared:
        return EndlessPrepared(prepared=super().prepare(context))


@attrs.frozen(kw_only=True, eq=False)
class EndlessPrepared:
    """What `Endless` prepares."""

    prepared: Prepared

    @property
    def kinds(self) -> tuple[FlowKind, ...]:
        return self.prepared.kinds

    @property
    def columns(self) -> tuple[str, ...]:
        return self.prepared.columns

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        return itertools.cycle(self.prepared.exchanges(batch))


def test_an_answer_has_an_end() -> None:
    with pytest.raises(
        reen.errors.PluginError, match=r"method endless 1: gave more than 11000 exchanges for 1 row"
    ):
        reen.measure(LAPTOP, method=Endless())


DEADLY = """
import os
import reen
from reen.testing import ToyMethod

class Prepared:
    def __init__(self, inner):
        self.inner = inner
        self.kinds, self.columns = inner.kinds, inner.columns

    def exchanges(self, batch):
        os._exit(1)

class Deadly(ToyMethod):
    name = "deadly"

    def prepare(self, context):
        return Prepared(super().prepare(context))
"""


@pytest.mark.slow
def test_a_worker_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an error of its own; a new pool measures again."""
    (tmp_path / "deadly.py").write_text(DEADLY, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    import deadly  # type: ignore[import-not-found]

    inventory = reen.Inventory.from_equipment([LAPTOP] * 4)
    with ProcessPoolExecutor(1) as pool:
        with pytest.raises(reen.errors.WorkerError, match="nothing was measured"):
            reen.measure(inventory, method=deadly.Deadly(), executor=pool)
        with pytest.raises(reen.errors.WorkerError, match="A worker of the executor was lost"):
            reen.measure(inventory, method="declared", executor=pool)
    with ProcessPoolExecutor(1) as pool:
        found = reen.measure(inventory, method="declared", executor=pool)
    assert np.isclose(found.total().value, 4 * 156 / 5)


# -- answers that no method may give ------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 300])
@pytest.mark.parametrize("driver", [-1.0, float("nan"), float("inf"), 1e308])
def test_an_amount_below_zero_or_beyond_measure_names_the_method_and_the_row(
    driver: float, rows: int
) -> None:
    """A total that is lower than what was counted would call itself complete."""
    laptop = reen.Equipment("laptop", declared_annual_footprint=30)
    fleet = reen.Inventory.from_equipment([laptop] * rows)

    def wrong(each: Exchanges) -> Exchanges:
        if each.kind.name != "declared":
            return each
        given = attrs.evolve(each.drivers["intensity"], values=np.full(len(each), driver))
        return attrs.evolve(each, drivers={**each.drivers, "intensity": given})

    with pytest.raises(reen.errors.PluginError, match=r"hostile 1: .*not a finite number, 0 or"):
        reen.measure(fleet, Changed(declared=True, change=wrong), as_of="2022-12-31")


@attrs.frozen(kw_only=True)
class Changed(ToyMethod):
    """A method whose answers are changed on the way."""

    change: Callable[[Exchanges], Exchanges]
    name: ClassVar[str] = "hostile"

    def prepare(self, context: Context) -> Prepared:
        return ChangedPrepared(self.change, super().prepare(context))


@attrs.frozen(eq=False)
class ChangedPrepared:
    """What `Changed` prepares."""

    change: Callable[[Exchanges], Exchanges]
    prepared: Prepared

    @property
    def kinds(self) -> tuple[FlowKind, ...]:
        return self.prepared.kinds

    @property
    def columns(self) -> tuple[str, ...]:
        return self.prepared.columns

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        return [self.change(each) for each in self.prepared.exchanges(batch)]


class Ending:
    """What ends the process when anything is asked of it that it has not."""

    name, version, title, reference = "ending", "1", "Ending", "none: for tests"
    packs = ()

    def __getattr__(self, _name: str) -> object:
        raise SystemExit(3)

    def prepare(self, context: Context) -> object:
        del context
        return EndingPrepared()


class EndingPrepared(Ending):
    """What it prepares."""

    kinds = columns = ()

    def exchanges(self, batch: Batch) -> tuple[()]:
        del batch
        return ()


class OnlyPrepared(ToyMethod):
    """A sound method that prepares what ends the process."""

    name: ClassVar[str] = "ending"

    def prepare(self, context: Context) -> Prepared:
        del context
        return EndingPrepared()


@pytest.mark.parametrize("method", [Ending(), OnlyPrepared()], ids=["method", "prepared"])
def test_what_ends_the_process_when_it_is_looked_at(method: object) -> None:
    """From Python 3.12 on, whether it is a method is seen without running any of it."""
    ended = "tried to end the process|answers for no flow kind"
    with pytest.raises(reen.errors.PluginError, match=ended):
        reen.measure(LAPTOP, method, as_of="2022-12-31")


def test_a_comparison_beside_what_ends_the_process() -> None:
    method = OnlyPrepared()
    comparison = reen.compare(
        LAPTOP, methods=["declared", method], as_of="2022-12-31", on_error="report"
    )
    assert list(comparison.details) == ["declared"]


@pytest.mark.parametrize("home", ["", "x", "a:b:c", ":", "x:", ":x", None, 3])
def test_a_place_that_is_none(home: object) -> None:
    with pytest.raises(reen.errors.PluginError, match=r"'bad'.*is no place"):
        Deferred("bad", home)


@pytest.mark.parametrize("home", ["no.such:thing", "os:nothing", "os:sep", "..:x", "os:_exit"])
def test_a_place_where_no_method_is(home: str) -> None:
    class Plugin:
        @reen.plugin.hookimpl
        def reen_methods(self) -> list[object]:
            return [Deferred("bad", home)]

    registry = reen.load_plugins(extra=[Plugin()])
    assert reen.measure(LAPTOP, "declared", registry=registry).total().value == pytest.approx(31.2)
    with pytest.raises(reen.errors.PluginError, match="Plugin"):
        reen.measure(LAPTOP, "bad", registry=registry)
