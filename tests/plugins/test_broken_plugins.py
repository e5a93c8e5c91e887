"""The matrix of broken plugins: each fault, and what the host sees of it.

The table of docs/reference/broken-plugins.md is made of the messages seen here; `python
tests/plugins/test_broken_plugins.py` writes it anew.  After every fault the host measures as it did
before: the process, its registry and the other plugins are unharmed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import importlib
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import attrs
import numpy as np
import pyarrow as pa
import pytest

import reen
from reen.plugin.arrays import Driver, Exchanges, FlowKind, Outcome
from reen.testing import ToyMethod, registry_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "broken-plugins.md"

#: Lines of the page between which its table stands.
MARKS = ("<!-- from tests/plugins/test_broken_plugins.py -->", "<!-- end of the table -->")

# -- plugins that are installed --------------------------------------------------------------

GOOD = """
import reen
from reen.testing import ToyMethod

@reen.plugin.hookimpl
def reen_methods():
    return [ToyMethod()]
"""


def criterion(key: str = "waste", *, unit: str = "kgWaste", title: str = "Waste") -> str:
    """Return the text of a plugin with a criterion of its own."""
    return f"""
from reen.plugin import hookimpl
from reen.plugin.packs import Criterion

@hookimpl
def reen_criteria():
    return [Criterion(key={key!r}, unit={unit!r}, title_en={title!r}, title_fr={title!r})]
"""


@contextlib.contextmanager
def installed(**modules: str) -> Iterator[None]:
    """Install some modules as plugins, each of a distribution of its own, for a while."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for module, text in modules.items():
            (folder / f"{module}.py").write_text(text, encoding="utf-8")
            info = folder / f"{module}_dist-1.0.dist-info"
            info.mkdir()
            metadata = f"Metadata-Version: 2.1\nName: {module}-dist\nVersion: 1.0\n"
            (info / "METADATA").write_text(metadata, encoding="utf-8")
            entry = f"[reen]\n{module} = {module}\n"
            (info / "entry_points.txt").write_text(entry, encoding="utf-8")
        sys.path.insert(0, name)
        importlib.invalidate_caches()
        try:
            yield
        finally:
            sys.path.remove(name)
            for module in modules:
                sys.modules.pop(module, None)


def loading(text: str) -> str:
    """Return why an installed plugin is left out; the others are there."""
    with installed(theirs=text):
        registry = reen.load_plugins()
    assert "base-carbone" in registry.methods
    (failed,) = registry.failed
    return failed.reason


def conflict(theirs: str = GOOD, others: str = GOOD) -> str:
    """Return what two plugins of one method, or of other things, give."""
    with installed(theirs=theirs, others=others):
        registry = reen.load_plugins()
    assert "base-carbone" in registry.methods
    (failed,) = registry.failed
    return failed.reason


def outdated() -> str:
    """Return the warning about a plugin for an older version of the plugin API."""
    from reen.plugins.api import check_api

    plugin = type("Plugin", (), {"reen_api": "1.0"})
    changes = {2: "Drivers need a unit."}
    return "warning: " + check_api(
        plugin, "theirs (theirs-dist 1.0)", version="2.0", changes=changes
    )


def raised(kind: type[Exception], run: Callable[[], object]) -> str:
    """Return the message of the error that something ends in."""
    try:
        run()
    except kind as error:
        return str(error)
    message = f"no {kind.__name__}"
    raise AssertionError(message)


LOADING: Mapping[str, Callable[[], str]] = {
    "a module that it imports is not there": lambda: loading("import nowhere\n"),
    "ends the process when it is imported": lambda: loading("import sys\nsys.exit(1)\n"),
    "a hook is misspelt": lambda: loading(GOOD.replace("def reen_methods", "def reen_method")),
    "a hook is not marked": lambda: loading(GOOD + "def reen_importers():\n    return []\n"),
    "a hook raises": lambda: loading(GOOD.replace("[ToyMethod()]", "1 / 0")),
    "a hook returns something else": lambda: loading(GOOD.replace("[ToyMethod()]", "[42]")),
    "asks for the registry that is being built": lambda: loading(
        GOOD.replace("    return", "    reen.default_registry()\n    return")
    ),
    "is written for a newer reen": lambda: loading(GOOD + "reen_api = '1.7'\n"),
    "is written for an older reen, and something changed since": outdated,
    "claims a name that another plugin has": conflict,
    "a criterion is malformed": lambda: loading(criterion(unit="kg of waste")),
    "claims the unit of another plugin's criterion": lambda: conflict(
        criterion("refuse", title="Refuse"), criterion()
    ),
    "claims a name of a criterion of reen": lambda: conflict(criterion("gwp")),
}

# -- importers -------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Reader:
    """An importer made of one reading function."""

    answer: Callable[[Path], object]
    score: float = 1.0
    name: ClassVar[str] = "theirs"
    title: ClassVar[str] = "theirs"

    def sniff(self, sample: reen.plugin.files.Sample) -> reen.plugin.files.Sniff:
        return reen.plugin.files.Sniff(self.score if sample.path.suffix == ".txt" else 0.0)

    def read(
        self, path: Path, options: reen.plugin.files.ReadOptions
    ) -> reen.plugin.files.Imported:
        assert options.today <= dt.datetime.now(tz=dt.UTC).date()
        return self.answer(path)  # type: ignore[return-value]


def reading(answer: Callable[[Path], object], *, score: float = 1.0) -> str:
    """Return what reading a file by an importer ends in."""
    registry = registry_of(importers=[Reader(answer=answer, score=score)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fleet.txt"
        path.write_text("laptop", encoding="utf-8")
        said = raised(reen.ReenError, lambda: reen.read(path, registry=registry))
        return said.replace(str(path), "fleet.txt")


def one_row(rows_read: int = 1, refused: int = 0) -> reen.plugin.files.Imported:
    """Return one laptop, and an account of other numbers."""
    return reen.plugin.files.Imported(
        table=pa.table({"equipment_type": ["laptop"], "source_row": [1]}),
        report=reen.types.ReadReport(source="fleet.txt", importer="theirs"),
        rows_read=rows_read,
        lines=(reen.types.AccountLine(fate=reen.types.Fate.REFUSED, rows=refused),),
    )


def fails(*_: object) -> NoReturn:
    """Raise as programs do."""
    raise KeyError("a")


IMPORTERS: Mapping[str, Callable[[], str]] = {
    "an importer raises": lambda: reading(fails),
    "an importer returns a table": lambda: reading(lambda _: "a table"),
    "an importer loses a row": lambda: reading(lambda _: one_row(rows_read=2)),
    "an importer refuses a row without saying why": lambda: reading(
        lambda _: one_row(rows_read=2, refused=1)
    ),
    "an importer is too sure of itself": lambda: reading(lambda _: one_row(), score=100.0),
}

# -- factor packs ----------------------------------------------------------------------------

ROW = {
    "flow": "laptop",
    "reference_unit": "item",
    "stage": "embedded",
    "criterion": "climate_change",
    "value": "100",
    "unit": "kgCO2e/item",
    "equipment_type": "laptop",
    "source": "tests",
}


def pack(*rows: Mapping[str, str]) -> reen.plugin.FactorPack:
    """Return a pack of some rows, or of a laptop."""
    return reen.plugin.FactorPack.from_rows(
        name="theirs",
        version="1",
        title="theirs",
        publisher="them",
        licence="CC0-1.0",
        source="tests",
        factors=rows or [ROW],
    )


def same(content: reen.plugin.packs.PackContent) -> reen.plugin.packs.PackContent:
    """Return what a pack is said to hold."""
    return content


def loaded(load: Callable[[], Any]) -> str:
    """Return what measuring with a pack of another content ends in."""
    broken = attrs.evolve(pack(), load=load)
    return measuring(ToyMethod(), packs=[broken])


def with_arrays(**arrays: object) -> Callable[[], reen.plugin.packs.PackContent]:
    """Return a load function of a pack with other arrays."""
    content = pack().content
    factors = attrs.evolve(content.factors, **arrays)  # type: ignore[arg-type]
    return functools.partial(same, attrs.evolve(content, factors=factors))


PACKS: Mapping[str, Callable[[], str]] = {
    "a pack cannot be loaded": lambda: loaded(fails),
    "a pack is no pack": lambda: loaded(lambda: 3),
    "a row of a pack is in a wrong unit": lambda: raised(
        reen.errors.FactorDataError, lambda: pack(ROW | {"unit": "kWh/item"})
    ),
    "a factor is infinite": lambda: loaded(with_arrays(values=np.full((1, 1, 1), np.inf))),
    "factors of a wrong shape": lambda: loaded(with_arrays(values=np.ones((2, 1, 1)))),
    "factors of a criterion that nobody defines": lambda: loaded(with_arrays(criteria=("waste",))),
    "factors of single precision": lambda: loaded(
        with_arrays(values=np.ones((1, 1, 1), np.float32))
    ),
}

# -- methods ---------------------------------------------------------------------------------

ITEM = FlowKind("item", (reen.Stage.EMBEDDED,))
LAPTOP = reen.plugin.arrays.Flow("theirs", "laptop")

#: Three laptops of a file, from its second line on.
FLEET = pa.table(
    {
        "equipment_type": ["laptop"] * 3,
        "source": ["fleet.csv"] * 3,
        "source_row": pa.array([2, 3, 4], pa.int64()),
    }
)

NEVER = threading.Event()


@attrs.frozen(kw_only=True, eq=False)
class Theirs:
    """A method made of one answering function; everything else is right."""

    answer: Callable[[reen.plugin.arrays.Batch], Iterable[Any]]
    prepares: Callable[[Theirs], Any] | None = None
    kinds: tuple[FlowKind, ...] = (ITEM,)
    columns: tuple[str, ...] = ()
    name: ClassVar[str] = "theirs"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "theirs"
    reference: ClassVar[str] = "tests"
    packs: ClassVar[tuple[str, ...]] = ("theirs",)

    def prepare(self, context: reen.plugin.Context) -> Theirs:
        assert context.factors.flow(LAPTOP) >= 0
        return self if self.prepares is None else self.prepares(self)

    def exchanges(self, batch: reen.plugin.arrays.Batch) -> Iterable[Exchanges]:
        return self.answer(batch)


def good(**changes: object) -> Exchanges:
    """Return exchanges of three laptops that are as they should be, but for some changes."""
    fields: dict[str, object] = {
        "kind": ITEM,
        "flows": (LAPTOP,),
        "flow": np.zeros(3, np.int32),
        "drivers": drivers(0.25, 0.25, 0.25),
        "reference_unit": "item",
        "outcomes": (Outcome(match=reen.plugin.Match.TYPE),),
        "outcome": np.zeros(3, np.uint8),
    }
    return Exchanges(**(fields | changes))  # type: ignore[arg-type]


def drivers(*values: float, unit: str = "item/year") -> dict[str, Driver]:
    return {"amount": Driver(np.array(values), unit)}


def measuring(method: reen.plugin.Method, *, packs: Iterable[reen.plugin.FactorPack] = ()) -> str:
    """Return what measuring three laptops by a method ends in."""
    registry = registry_of(packs=packs or [pack()])
    factors = [each for each in registry.factor_packs.values() if not method.packs]
    return raised(
        reen.ReenError,
        lambda: reen.measure(
            reen.Inventory.from_arrow(FLEET), method=method, factors=factors, registry=registry
        ),
    )


def answering(*answers: object, **changes: object) -> str:
    """Return what measuring by a method of some answers ends in."""
    return measuring(Theirs(answer=lambda _: answers, **changes))  # type: ignore[arg-type]


def hanging() -> str:
    """Return what a method that never answers gives, once the host has waited long enough."""
    NEVER.clear()
    try:
        with reen.plugin.rules.time_limit(0.5):
            return measuring(Theirs(answer=lambda _: [NEVER.wait()]))
    finally:
        NEVER.set()


def ends_the_process(_: reen.plugin.arrays.Batch) -> list[object]:
    sys.exit(1)


def reads_its_own(batch: reen.plugin.arrays.Batch) -> list[object]:
    batch.values("lifetime", "year")
    return [good()]


def comparing() -> str:
    """Return what a comparison says of a method that fails, while the two others are compared."""
    comparison = reen.compare(
        reen.Inventory.from_arrow(FLEET),
        methods=["declared", Theirs(answer=fails), "base-carbone"],
        factors={"theirs": [pack()]},
        as_of="2022-12-31",
        registry=reen.load_plugins(extra=[Offer()]),
        on_error="report",
    )
    assert list(comparison.details) == ["declared", "base-carbone"]
    return comparison.failed["theirs"]


class Offer:
    """A plugin object that provides the pack."""

    @reen.plugin.hookimpl
    def reen_factor_packs(self) -> list[reen.plugin.FactorPack]:
        return [pack()]


SECOND = FlowKind("spare", (reen.Stage.EMBEDDED,))

METHODS: Mapping[str, Callable[[], str]] = {
    "raises while preparing": lambda: answering(good(), prepares=fails),
    "prepares nothing": lambda: answering(good(), prepares=lambda _: None),
    "two flow kinds for one stage": lambda: answering(good(), kinds=(ITEM, SECOND)),
    "raises on some rows": lambda: measuring(Theirs(answer=fails)),
    "ends the process": lambda: measuring(Theirs(answer=ends_the_process)),
    "never answers, within `reen.plugin.rules.time_limit(0.5)`": hanging,
    "returns something else than exchanges": lambda: answering({"flow": 1}),
    "returns nothing": answering,
    "forgets a row": lambda: answering(
        good(
            row=np.array([0, 2]),
            flow=np.zeros(2, np.int32),
            drivers=drivers(1.0, 1.0),
            outcome=np.zeros(2, np.uint8),
        )
    ),
    "columns of another length": lambda: answering(good(drivers=drivers(1.0, 1.0))),
    "flow codes that are no integers": lambda: answering(good(flow=np.zeros(3))),
    "amounts of single precision": lambda: answering(
        good(drivers={"amount": Driver(np.ones(3, np.float32), "item/year")})  # type: ignore[arg-type]
    ),
    "amounts that are no numbers": lambda: answering(good(drivers=drivers(1.0, np.nan, 1.0))),
    "factor rows that are not there": lambda: answering(good(flow=np.array([0, 5, 0], np.int32))),
    "rows that are not there": lambda: answering(good(row=np.array([0, 1, 3]))),
    "a flow of no pack": lambda: answering(
        good(flows=(reen.plugin.arrays.Flow("theirs", "tablet"),))
    ),
    "a wrong unit": lambda: answering(good(drivers=drivers(1.0, 1.0, 1.0, unit="item/month"))),
    "reads a column that it does not declare": lambda: measuring(Theirs(answer=reads_its_own)),
    "assesses rows on no flow": lambda: answering(good(flow=np.full(3, -1, np.int32))),
    'fails in a comparison with `on_error="report"`': comparing,
}

MATRIX: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "Loading": LOADING,
    "Reading files": IMPORTERS,
    "Factor packs": PACKS,
    "Methods": METHODS,
}
FAULTS = [(part, fault) for part, faults in MATRIX.items() for fault in faults]


# -- the page --------------------------------------------------------------------------------


def table() -> str:
    """Return the table of the page, by the messages of today."""
    lines = []
    for part, faults in MATRIX.items():
        lines += [f"### {part}", "", "| the plugin | the host sees |", "|---|---|"]
        for fault, see in faults.items():
            lines.append(f"| {fault} | {_cell(see())} |")
        lines.append("")
    return "\n".join(lines)


def _cell(message: str) -> str:
    # a message may hold the marks of a table, and of code
    return "`" + message.replace("|", "\\|").replace("`", "'") + "`"


def written(page: str) -> str:
    """Return the part of the page between the marks."""
    return page.partition(MARKS[0])[2].partition(MARKS[1])[0].strip("\n")


def rows_of(text: str) -> dict[str, str]:
    """Return the cells of the table by fault."""
    rows = [line.strip("| ").split(" | ", 1) for line in text.splitlines() if " | `" in line]
    return {cells[0]: cells[1].removesuffix(" |") for cells in rows}


# -- the tests -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown() -> Mapping[str, str]:
    """Return what the page says of each fault."""
    if not PAGE.is_file():
        pytest.skip("the pages are not part of what is installed")
    return rows_of(written(PAGE.read_text(encoding="utf-8")))


@pytest.mark.slow
@pytest.mark.parametrize(("part", "fault"), FAULTS, ids=[fault for _, fault in FAULTS])
def test_the_host_sees_what_the_page_says(part: str, fault: str, shown: Mapping[str, str]) -> None:
    """The plugin is named, the process goes on, and what was measured is measured as before."""
    laptop = reen.Equipment("laptop", country="FR")
    before = reen.measure(laptop, method="base-carbone", as_of="2022-12-31")
    said = MATRIX[part][fault]()
    assert "theirs" in said
    assert reen.measure(laptop, method="base-carbone", as_of="2022-12-31") == before
    assert shown[fault] == _cell(said).removesuffix(" |")


def test_the_page_has_no_other_fault(shown: Mapping[str, str]) -> None:
    """What is no longer tested is no longer promised."""
    assert list(shown) == [fault for _, fault in FAULTS]


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        page = PAGE.read_text(encoding="utf-8")
        head, _, rest = page.partition(MARKS[0])
        tail = rest.partition(MARKS[1])[2]
        made = "\n".join([head + MARKS[0], "", table(), MARKS[1] + tail])
    PAGE.write_text(made, encoding="utf-8")
