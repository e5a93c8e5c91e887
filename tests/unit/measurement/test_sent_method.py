"""What travels to a worker: names and versions of what is installed, the rest as it is.

Each test starts processes of its own, whose path holds another copy of a plugin than this one's.
"""

from __future__ import annotations

import importlib
import multiprocessing
import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import attrs
import pyarrow as pa
import pytest

import reen
from reen.errors import WorkerError
from reen.measurement.folding import Folding
from reen.measurement.ready_method import prepare_method
from reen.measurement.sent_method import Reference, SentMethod
from reen.measurement.workers import SentFolding
from reen.plugin import FactorPack, Registry
from reen.reasons import Reason
from reen.testing import ToyMethod, registry_of

pytestmark = pytest.mark.slow

FLEET = pa.table({"equipment_type": ["laptop"] * 10, "quantity": [1.5] * 10})


@pytest.fixture
def here(
    install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, Registry]]:
    """Return version 1 of the plugin, installed in this process, and the registry that has it."""
    folder = install("here")
    monkeypatch.syspath_prepend(folder)
    importlib.invalidate_caches()
    yield folder, reen.load_plugins()
    sys.modules.pop("reen_counting", None)


def measure_elsewhere(
    registry: Registry,
    here: Path,
    there: Path | None,
    monkeypatch: pytest.MonkeyPatch,
    method: object = "counting",
    **options: object,
) -> reen.Footprint:
    """Measure in a new process, on whose path the plugin stands as `there`, or not at all."""
    path = [str(there) if each == str(here) else each for each in sys.path]
    monkeypatch.setattr(sys, "path", [each for each in path if each != "None"])
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return reen.measure(
            FLEET,
            method=method,  # type: ignore[arg-type]
            registry=registry,
            executor=pool,
            **options,  # type: ignore[arg-type]
        )


def test_the_same_plugin(here: tuple[Path, Registry], monkeypatch: pytest.MonkeyPatch) -> None:
    """10 rows of 1.5 items, 100 kgCO2e each: 1,500; with the option share=0.25, 375."""
    folder, registry = here
    found = measure_elsewhere(registry, folder, folder, monkeypatch)
    assert float(found.total()) == pytest.approx(1500.0, rel=1e-12)
    half = attrs.evolve(registry.method("counting"), share=0.25)  # type: ignore[misc]
    other = measure_elsewhere(registry, folder, folder, monkeypatch, method=half)
    assert float(other.total()) == pytest.approx(375.0, rel=1e-12)
    assert other.provenance.options["share"] == "0.25"


@pytest.mark.parametrize(
    ("there", "subject", "said"),
    [
        (
            {"plugin": "1.1"},
            "method 'counting'",
            "has version 1 of reen-counting 1.1 of the method 'counting', and the caller",
        ),
        ({"method": "2"}, "method 'counting'", "has version 2 of reen-counting 1.0"),
        ({"pack": "2"}, "factor pack 'weights'", "has version 2 (hash "),
        ({"value": "101"}, "factor pack 'weights'", "has version 1 (hash "),
    ],
    ids=["plugin", "method", "pack", "content"],
)
def test_another_version_is_refused(
    here: tuple[Path, Registry],
    install: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    there: dict[str, str],
    subject: str,
    said: str,
) -> None:
    folder, registry = here
    with pytest.raises(WorkerError) as found:
        measure_elsewhere(registry, folder, install("there", **there), monkeypatch)
    told = found.value.parameters
    assert told["subject"] == subject
    assert said in str(found.value)
    assert "Install the same versions on every worker and start them again" in str(found.value)
    assert told["caller"] != told["worker"]


def test_a_plugin_that_the_worker_lacks(
    here: tuple[Path, Registry], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, registry = here
    with pytest.raises(WorkerError, match="A worker of the executor has none of the method"):
        measure_elsewhere(registry, folder, None, monkeypatch)


def test_a_pack_of_another_plugin_is_refused_too(
    here: tuple[Path, Registry],
    install: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given by its name to a method that both have alike."""
    folder, registry = here
    there = install("there", value="99")
    with pytest.raises(WorkerError, match="of the factor pack 'weights', and the caller"):
        measure_elsewhere(
            registry, folder, there, monkeypatch, method="base-carbone", factors="weights"
        )


def test_what_is_not_installed_travels_as_it_is(
    here: tuple[Path, Registry], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A method given as an object, a pack read from a file that the worker cannot see."""
    folder, registry = here
    file = tmp_path / "mine.csv"
    file.write_text(
        "flow,reference_unit,stage,criterion,value,unit,equipment_type,source\n"
        "mine,item,manufacturing,climate_change,7,kgCO2e/item,laptop,me\n"
    )
    pack = reen.read_factors(file)
    file.unlink()
    options = {"method": ToyMethod(), "factors": [pack]}
    alone = reen.measure(FLEET, **options)  # type: ignore[arg-type]
    assert float(alone.total()) > 0.0
    assert measure_elsewhere(registry, folder, None, monkeypatch, **options) == alone


# ---------------------------------------------------------------------------- in one process


def sent_of(method: str = "base-carbone", **options: object) -> SentMethod:
    ready = prepare_method(method, **options)  # type: ignore[arg-type]
    return SentMethod.of(ready, importers=frozenset({"table"}), key="k")


def test_a_sent_of_installed_things_is_small() -> None:
    """Four packs of two thousand flows travel as four names."""
    sent = sent_of()
    assert isinstance(sent.method, Reference)
    assert all(isinstance(each, Reference) for each in (*sent.own, *sent.importers))
    assert len(pickle.dumps(sent)) < 5_000
    assert sent.own[0].digest == reen.default_registry().factor_pack(sent.own[0].name).digest


def test_a_sent_method_prepares_the_same() -> None:
    sent = pickle.loads(pickle.dumps(sent_of(as_of="2022-12-31")))  # noqa: S301 - written here
    found, meant = sent.preparation(), prepare_method("base-carbone", as_of="2022-12-31")
    assert found.provenance(rows=1, digest=0, sources=()) == meant.provenance(
        rows=1, digest=0, sources=()
    )


def test_another_reen_is_refused() -> None:
    sent = attrs.evolve(sent_of(), reen_version="0.0.0")
    with pytest.raises(WorkerError, match=r"of the library reen, .* has version 0\.0\.0"):
        sent.preparation()


def test_another_importer_is_refused() -> None:
    sent = sent_of()
    (importer,) = sent.importers
    wrong = attrs.evolve(importer, plugin="reen 0.0.0")
    with pytest.raises(WorkerError, match=r"of the importer 'table', .*reen 0\.0\.0"):
        attrs.evolve(sent, importers=(wrong,)).preparation()


def test_what_the_host_gave_is_not_looked_up_by_name() -> None:
    """A registry made in code: nothing of it is installed anywhere."""
    registry = registry_of(methods=[ToyMethod()], packs=[])
    sent = SentMethod.of(prepare_method("toy", registry=registry), importers=frozenset(), key="k")
    assert sent.method == ToyMethod()
    assert sent.preparation().method == ToyMethod()


def test_a_pack_of_the_same_name_as_an_installed_one_travels_as_it_is() -> None:
    registry = reen.default_registry()
    mine = attrs.evolve(registry.factor_pack("base-carbone"), version="mine")
    sent = sent_of(factors=[mine])
    (given,) = sent.given
    assert isinstance(given, FactorPack)
    assert sent.preparation().library.packs[0].version == "mine"


def test_what_is_sent_leaves_what_was_prepared_behind() -> None:
    folding = Folding.of(prepare_method("base-carbone"), ("team",), batch_rows=10)
    sent = SentFolding.of(folding, importers=frozenset())
    assert sent.folding() is folding
    arrived = pickle.loads(pickle.dumps(sent))  # noqa: S301 - written here
    assert arrived.here is None
    assert arrived.folding() is arrived.folding()  # prepared once
    assert arrived.folding().view.columns == folding.view.columns
    assert arrived.folding().by == ("team",)


def test_the_error_survives_pickling() -> None:
    error = WorkerError(
        Reason("error_worker", subject="method 'x'", caller="version 1", worker="version 2")
    )
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - written here
    assert str(again) == str(error)
    assert isinstance(error, RuntimeError)
