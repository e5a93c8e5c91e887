"""The guard: whatever a plugin does, its host gets an error that names it, in time if it asks."""

from __future__ import annotations

import pickle
import threading
import time
from asyncio import CancelledError
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import attrs
import pytest

import reen
from reen.plugin import Context
from reen.plugin.arrays import Batch, Exchanges, FlowKind, Prepared
from reen.plugin.rules import time_limit
from reen.plugins.guard import answer_of, blame, current_time_limit
from reen.testing import ToyMethod, registry_of


class OwnError(reen.ReenError):
    """An error of a plugin, whose message is not that of its arguments."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"{first} and {second}")


class NoException(BaseException):
    """What derives from no `Exception`."""


class Unspeakable(Exception):  # noqa: N818 - a plugin calls its errors as it likes
    """An error that cannot be shown."""

    def __str__(self) -> str:
        raise RuntimeError


def raised(error: BaseException, **options: bool) -> BaseException:
    """Return what comes out of the guard when a plugin raises an error."""
    with pytest.raises(BaseException) as caught, blame("plugin x 1", "doing y", **options):  # type: ignore[arg-type]  # noqa: PT011 - whatever it is
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError("a"), "plugin x 1: failed doing y with KeyError: 'a'"),
        (FileNotFoundError("f"), "plugin x 1: failed doing y with FileNotFoundError: f"),
        (SystemExit(2), "plugin x 1: tried to end the process doing y"),
        (StopIteration(3), "plugin x 1: failed doing y with StopIteration: 3"),
        (GeneratorExit(), "plugin x 1: failed doing y with GeneratorExit: "),
        (StopAsyncIteration(), "plugin x 1: failed doing y with StopAsyncIteration: "),
        (RecursionError("deep"), "plugin x 1: failed doing y with RecursionError: deep"),
        (MemoryError(), "plugin x 1: failed doing y with MemoryError: "),
        (CancelledError(), "plugin x 1: failed doing y with CancelledError: "),
        (NoException("z"), "plugin x 1: failed doing y with NoException: z"),
        (OwnError(1, 2), "plugin x 1: failed doing y with OwnError: 1 and 2"),
        (
            Unspeakable(),
            "plugin x 1: failed doing y with Unspeakable: (its message cannot be shown)",
        ),
        (
            reen.errors.UnknownNameError("column", "lifetme"),
            "plugin x 1: Unknown column 'lifetme'.",
        ),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, BaseException) else "",
)
def test_the_culprit_is_named(error: BaseException, said: str) -> None:
    """With what it was doing, and the class and message of its error."""
    found = raised(error)
    assert isinstance(found, reen.errors.PluginError)
    assert str(found) == said
    # The cause stays here: where tblib is at work (Dask brings it), causes are pickled too, and
    # that of a plugin may be none that can be read again.
    found.__cause__ = found.__context__ = None
    assert str(pickle.loads(pickle.dumps(found))) == said  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "error",
    [
        reen.errors.OptionError("x", "years", "0", "a number above 0"),
        reen.errors.MissingExtraError("x", "y", "this"),
        KeyboardInterrupt(),
    ],
    ids=["option", "extra", "interrupt"],
)
def test_what_is_not_its_fault_passes(error: BaseException) -> None:
    """Options, what is not installed, whoever stops the program."""
    assert raised(error) is error


def test_an_error_that_passes_says_where_it_comes_from() -> None:
    """As a note, below the message."""
    found = raised(reen.errors.OptionError("x", "years", "0", "a number above 0"))
    assert found.__notes__ == ["raised by plugin x 1 doing y"]


def test_what_reads_files_may_miss_them() -> None:
    """A file that is not there, or in other units, is for the user to mend."""
    for error in (FileNotFoundError("f"), reen.errors.DimensionError("column", "kg", "year")):
        assert raised(error, reads_files=True) is error


# -- time ------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Hanging(ToyMethod):
    """A method that waits for ever at one of its steps."""

    at: str = ""
    name: ClassVar[str] = "hanging"

    def prepare(self, context: Context) -> Prepared:
        if self.at == "prepare":
            NEVER.wait()
        return Waiting(method=self, prepared=super().prepare(context))


@attrs.frozen(kw_only=True, eq=False)
class Waiting:
    """What `Hanging` prepares."""

    method: Hanging
    prepared: Prepared

    @property
    def kinds(self) -> tuple[FlowKind, ...]:
        return self.prepared.kinds

    @property
    def columns(self) -> tuple[str, ...]:
        return self.prepared.columns

    def exchanges(self, batch: Batch) -> Iterator[Exchanges]:
        if self.method.at == "exchanges":
            NEVER.wait()
        yield from self.prepared.exchanges(batch)


NEVER = threading.Event()


@pytest.fixture(autouse=True)
def _let_go() -> Iterator[None]:
    """Let the threads end that hang, once a test has seen them do so."""
    NEVER.clear()
    yield
    NEVER.set()


def run(**options: object) -> Callable[..., reen.Footprint]:
    """Measure a laptop by a method that hangs somewhere."""
    return reen.measure(  # type: ignore[return-value]
        reen.Equipment("laptop"),
        method=Hanging(**options),  # type: ignore[arg-type]
        as_of="2022-12-31",
        registry=registry_of(),
    )


@pytest.mark.parametrize(
    ("at", "doing"), [("prepare", "while preparing"), ("exchanges", "on rows 0 to 0")]
)
def test_a_method_that_hangs_is_given_up(at: str, doing: str) -> None:
    """After the time that the host allows, with what it was doing."""
    start = time.monotonic()
    with pytest.raises(reen.errors.PluginError) as caught, time_limit(0.2):
        run(at=at)
    assert time.monotonic() - start < 5.0
    assert str(caught.value) == (
        f"method hanging 1: gave no answer {doing} within 0.2 s; its thread cannot be stopped and"
        " may go on until the process ends"
    )


def test_in_time_nothing_changes() -> None:
    """The same figure with a limit and without."""
    with time_limit(60.0):
        limited = run()
    assert limited == run()


def test_errors_come_through_the_limit() -> None:
    """What a plugin raises in its thread is raised here, and blamed on it."""

    def fails() -> int:
        message = "oops"
        raise KeyError(message)

    with (
        time_limit(60.0),
        pytest.raises(reen.errors.PluginError, match="failed here with KeyError"),
    ):
        answer_of("x", "here", fails)


def test_the_limit_is_handed_to_an_executor() -> None:
    """The workers wait no longer than this thread would."""
    with (
        ThreadPoolExecutor(1) as pool,
        time_limit(0.2),
        pytest.raises(reen.errors.PluginError, match="gave no answer on rows 0 to 0 within 0"),
    ):
        reen.measure(
            reen.Equipment("laptop"),
            method=Hanging(at="exchanges"),
            registry=registry_of(),
            executor=pool,
        )


def test_the_other_methods_of_a_comparison_go_on() -> None:
    """The late one is named; the two others are compared."""
    with time_limit(0.5):
        comparison = reen.compare(
            reen.Equipment("laptop", declared_annual_footprint=12.0),
            methods=[ToyMethod(declared=True), Hanging(at="exchanges"), ToyMethod()],
            as_of="2022-12-31",
            registry=registry_of(),
            on_error="report",
        )
    assert list(comparison.details) == ["toy", "toy #2"]
    assert "gave no answer on rows 0 to 0 within 0.5 s" in comparison.failed["hanging"]


def test_a_plugin_whose_import_hangs_is_left_out(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is recorded like one that fails, and the others go on."""
    folder = tmp_path_factory.mktemp("plugins")
    (folder / "reen_test_slow.py").write_text("import time\ntime.sleep(3)\n", encoding="utf-8")
    info = folder / "slow_dist-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-dist\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[reen]\nslow = reen_test_slow\n")
    monkeypatch.syspath_prepend(folder)
    with time_limit(1.0):
        registry = reen.load_plugins()
    (failed,) = registry.failed
    assert failed.plugin.name == "slow"
    assert "gave no answer while it was imported within 1 s" in failed.reason
    assert "declared" in registry.methods


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
def test_a_limit_that_is_none(seconds: float) -> None:
    """No limit is said by not asking for one."""
    with (
        pytest.raises(reen.errors.OptionError, match="expected a number of seconds above 0"),
        time_limit(seconds),
    ):
        pass


def test_limits_end_with_their_block() -> None:
    """The inner one holds, then the outer one, then none."""
    with time_limit(2.0):
        with time_limit(1.0):
            assert current_time_limit() == 1.0
        assert current_time_limit() == 2.0
    assert current_time_limit() is None
