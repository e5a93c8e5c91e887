"""A prepared measurement gives what `reen.measure` gives, again and again, to whoever asks."""

from __future__ import annotations

import datetime as dt
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar, TypeVar

import attrs
import numpy as np
import pyarrow as pa
import pytest

import reen
from reen.plugin import Context
from reen.testing import registry_of
from reen.testing.toy_method import PreparedToy, ToyMethod

T = TypeVar("T")

DAY = "2024-12-31"
METHODS = ("base-carbone", "declared", "ecodiag", "numecoeval")

ITEMS = {
    "plain": reen.Equipment("laptop", lifetime=5, annual_energy=29, country="FR"),
    "words": reen.Equipment("PC portable", lifetime="5 year", country="France", status="en stock"),
    "model": reen.Equipment(model="OptiPlex 7090", purchase_date="2021-05-04", quantity=3),
    "unknown": reen.Equipment("frobnicator", country="Atlantis", id="x1", entity="works"),
    "invalid": reen.Equipment("laptop", lifetime=-1, annual_energy=float("nan"), country="DE"),
    "declared": reen.Equipment("monitor", declared_footprint=300, lifetime=7, quantity=0),
    "further columns": reen.Equipment("server", extra={"usage_hours": 8760.0, "room": 3}),
}

TABLE = pa.table(
    {
        "equipment_type": ["laptop", None, "écran", "laptop"],
        "country": ["FR", "US", "FR", None],
        "lifetime": [5.0, None, 4.0, 0.0],
        "entity": ["a", "b", "a", None],
    }
)


@attrs.frozen
class Counting(ToyMethod):
    """A method that notes each time it is prepared."""

    notes: list[str] = attrs.field(factory=list, eq=False, repr=False)

    def prepare(self, context: Context) -> PreparedToy:
        self.notes.append(str(context.as_of))
        return super().prepare(context)


def anew(source: object, method: str, **options: object) -> reen.Footprint:
    """Measure by a method that does not go by its name, so that nothing is kept from before."""
    chosen = reen.default_registry().method(method)
    return reen.measure(source, method=chosen, as_of=DAY, **options)  # type: ignore[arg-type]


def sent(value: T) -> T:
    """Return a value as another process would get it."""
    again: T = pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes
    return again


def same(left: reen.Footprint, right: reen.Footprint) -> bool:
    """Tell whether two footprints are equal to the last bit, hashes and coverage included."""
    return (
        left == right
        and left.fold.digest == right.fold.digest
        and left.provenance.hash == right.provenance.hash
        and repr(list(left.coverage)) == repr(list(right.coverage))
        and left.fold.cells.amount.tobytes() == right.fold.cells.amount.tobytes()
    )


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
@pytest.mark.parametrize("keep", [0, 8])
def test_one_item_is_measured_as_measure_does(method: str, item: reen.Equipment, keep: int) -> None:
    """Twice, so that what is kept is looked at too."""
    prepared = reen.prepare(method, as_of=DAY, keep=keep)
    meant = anew(item, method)
    assert same(prepared.measure(item), meant)
    assert same(prepared.measure(item), meant)


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("by", [(), "entity", ("country", "equipment_type")])
def test_other_sources_are_measured_as_measure_does(method: str, by: str | tuple[str, ...]) -> None:
    prepared = reen.prepare(method, as_of=DAY, by=by, criteria="climate_change")
    items = [ITEMS["unknown"], attrs.evolve(ITEMS["plain"], entity="works")]
    for source in (TABLE, reen.Inventory.from_arrow(TABLE), items):
        meant = anew(source, method, by=by, criteria="climate_change")
        assert same(prepared.measure(source), meant)


def test_files_and_executors_are_too(tmp_path: Path) -> None:
    """The importer that read a file stands in the provenance, of that file alone."""
    path = tmp_path / "fleet.csv"
    path.write_text("type;quantity;country\nlaptop;2;FR\nécran;3;FR\n", encoding="utf-8")
    prepared = reen.prepare("base-carbone", as_of=DAY)
    told: list[tuple[int, int | None]] = []
    with ThreadPoolExecutor(2) as pool:
        found = prepared.measure(
            path, executor=pool, progress=lambda done, total: told.append((done, total))
        )
    assert same(found, anew(path, "base-carbone"))
    assert told[-1] == (2, 2)
    assert found.provenance.sources == ("fleet.csv",)
    assert prepared.measure(ITEMS["plain"]).provenance.sources == ()


def test_a_system_has_its_own_data_centres(tmp_path: Path) -> None:
    """The method is prepared again with them; the equipment alone goes on as it was."""
    del tmp_path
    places = pa.table({"id": ["north", "south"], "country": ["FR", "DE"], "pue": [1.5, 2.0]})
    servers = pa.table(
        {
            "id": ["s1", "s2"],
            "equipment_type": ["server", "server"],
            "datacenter_id": ["north", "south"],
            "annual_energy": [1000.0, 1000.0],
            "lifetime": [5.0, 5.0],
        }
    )
    system = reen.Inventory.from_tables(equipment=servers, datacenters=places)
    prepared = reen.prepare("numecoeval", as_of=DAY)
    before = prepared.measure(servers)
    assert same(prepared.measure(system), anew(system, "numecoeval"))
    assert same(prepared.measure(servers), before)


def test_a_method_is_prepared_once() -> None:
    """Three items: one preparation; `measure` prepares for each."""
    method = Counting()
    prepared = reen.prepare(method, as_of=DAY)
    for lifetime in (3, 4, 5):
        prepared.measure(reen.Equipment("laptop", lifetime=lifetime))
    assert method.notes == [DAY]
    reen.measure(ITEMS["plain"], method=method, as_of=DAY)
    assert method.notes == [DAY, DAY]


def test_a_method_that_goes_by_name_is_prepared_once_for_a_registry_and_a_day() -> None:
    """As it is registered: one with options, or with the packs of the caller, is prepared anew."""
    method = Counting()
    registry = registry_of(methods=[method])
    for lifetime in (3, 4, 5):
        item = reen.Equipment("laptop", lifetime=lifetime)
        found = reen.measure(item, "toy", as_of=DAY, registry=registry)
        prepared = reen.prepare(Counting(), as_of=DAY, registry=registry)
        assert found.fold == prepared.measure(item).fold
    assert method.notes == [DAY]
    reen.measure(ITEMS["plain"], "toy", as_of=dt.date(2023, 12, 31), registry=registry)
    assert method.notes == [DAY, "2023-12-31"]
    again = registry_of(methods=[method])
    reen.measure(ITEMS["plain"], "toy", as_of=DAY, registry=again)
    reen.measure(ITEMS["plain"], "toy", as_of=DAY, registry=again, declared=True)
    reen.measure(ITEMS["plain"], "toy", as_of=DAY, registry=again, declared=True)
    assert method.notes == [DAY, "2023-12-31", DAY, DAY, DAY]


def test_what_is_kept_is_that_of_the_same_words() -> None:
    """Nothing of a call is taken for another's: groups, criteria, level, engine, no criterion."""
    kept = reen.measure(ITEMS["plain"], "ecodiag", as_of=DAY)
    assert same(kept, anew(ITEMS["plain"], "ecodiag"))
    for options in ({"by": "country"}, {"criteria": ["climate_change"]}, {"engine": "numpy"}):
        found = reen.measure(ITEMS["plain"], "ecodiag", as_of=DAY, **options)  # type: ignore[arg-type]
        assert same(found, anew(ITEMS["plain"], "ecodiag", **options))
    for wrong in ({"criteria": ""}, {"criteria": "beauty"}, {"level": "virtual_machine"}):
        with pytest.raises(reen.ReenError):
            reen.measure(ITEMS["plain"], "ecodiag", as_of=DAY, **wrong)  # type: ignore[arg-type]


def test_few_measurements_are_kept() -> None:
    registry = registry_of(methods=[ToyMethod()])
    for year in range(2000, 2030):
        reen.measure(ITEMS["plain"], "toy", as_of=f"{year}-12-31", registry=registry)
    assert 0 < len(registry.memo) < 20


def test_today_stays_the_day_on_which_it_was_made() -> None:
    prepared = reen.prepare("base-carbone")
    assert isinstance(prepared.as_of, dt.date)
    assert prepared.measure(ITEMS["plain"]).provenance.as_of == prepared.as_of.isoformat()


def test_an_item_asked_for_again_gives_the_same_value() -> None:
    """5 years are 5, however they are written; another sign, kind or column is another item."""
    prepared = reen.prepare("base-carbone", as_of=DAY)
    first = prepared.measure(ITEMS["plain"])
    written = reen.Equipment("laptop", lifetime="5 year", annual_energy="29 kWh/year", country="FR")
    assert prepared.measure(written) is first
    for other in (
        attrs.evolve(ITEMS["plain"], quantity=2),
        attrs.evolve(ITEMS["plain"], annual_energy=0.0),
        attrs.evolve(ITEMS["plain"], annual_energy=-0.0),
        attrs.evolve(ITEMS["plain"], extra={"room": 1}),
        attrs.evolve(ITEMS["plain"], extra={"room": 1.0}),
        attrs.evolve(ITEMS["plain"], extra={"room": True}),
    ):
        found = prepared.measure(other)
        assert found is not first
        assert same(found, anew(other, "base-carbone"))


def test_no_more_than_so_many_are_kept() -> None:
    """Of two kept: the third item sends the first one away; none is kept of 0."""
    one, two, three = (reen.Equipment("laptop", lifetime=years) for years in (3, 4, 5))
    prepared = reen.prepare("base-carbone", as_of=DAY, keep=2)
    first, second = prepared.measure(one), prepared.measure(two)
    prepared.measure(three)
    assert prepared.measure(two) is second
    assert prepared.measure(one) is not first
    none = reen.prepare("base-carbone", as_of=DAY, keep=0)
    assert none.measure(one) is not none.measure(one)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_can_write_into_what_is_kept(method: str) -> None:
    """Every array of the fold and of the factors refuses; all figures can still be had of it."""
    prepared = reen.prepare(method, as_of=DAY)
    kept = prepared.measure(ITEMS["plain"])
    fold, factors = kept.fold, kept.factors
    for array in (
        fold.cells.amount,
        fold.cells.group,
        fold.by_group.quantity,
        fold.by_type.rows,
        factors.values,
        factors.spread,
        *fold.drivers.values(),
    ):
        with pytest.raises(ValueError, match="read-only"):
            np.asarray(array)[...] = 1
    free = anew(ITEMS["plain"], method)
    assert repr(kept.interval(draws=100)) == repr(free.interval(draws=100))
    assert kept.to_arrow() == free.to_arrow()
    assert same(kept + kept, free + free)
    assert str(kept) == str(free)
    assert np.array_equal(kept.impacts(), free.impacts(), equal_nan=True)


@pytest.mark.parametrize("quantity", [2, 3])
def test_nobody_can_write_into_the_mappings_of_what_is_kept(quantity: int) -> None:
    """Neither where an item was measured the whole way, nor where it was from the first one."""
    known = reen.Equipment("laptop", lifetime="5 year", country="FR", quantity=2)
    item = reen.Equipment("laptop", lifetime="5 year", country="FR", quantity=quantity)
    reen.measure(known, "base-carbone", as_of="2025-12-31")
    found = reen.measure(item, "base-carbone", as_of="2025-12-31")
    text = reen.stored.footprint_to_json(found)
    shared = (found.fold.examples, found.fold.drivers, found.provenance.options, found.apart)
    for mapping in shared:
        assert isinstance(mapping, dict)
        before = dict(mapping)
        for change in (
            lambda given: given.clear(),
            lambda given: given.update(x=1),
            lambda given: given.pop("x", None),
            lambda given: given.setdefault("x", 1),
            lambda given: given.__setitem__("x", 1),
            lambda given: given.__ior__({"x": 1}),
        ):
            with pytest.raises(TypeError, match="shared by several"):
                change(mapping)
        assert mapping == before
    again = reen.measure(item, "base-carbone", as_of="2025-12-31")
    assert reen.stored.footprint_to_json(again) == text
    # a copy that travelled is one's own
    assert reen.stored.footprint_to_json(pickle.loads(pickle.dumps(found))) == text  # noqa: S301


def test_an_item_that_arrow_would_refuse_is_refused_alike() -> None:
    """A cell that is a list is not hashable, and no column."""
    bare = attrs.evolve(ITEMS["plain"], lifetime=None)
    wrong = attrs.evolve(bare, extra={"lifetime": True})
    prepared = reen.prepare("base-carbone", as_of=DAY)
    prepared.measure(attrs.evolve(bare, extra={"lifetime": 1}))
    for again in range(2):
        with pytest.raises(reen.errors.OptionError, match="lifetime"):
            prepared.measure(attrs.evolve(wrong, quantity=again))
    odd = attrs.evolve(ITEMS["plain"], extra={"rooms": [1, 2]})  # type: ignore[dict-item]
    assert same(prepared.measure(odd), anew(odd, "base-carbone"))


@pytest.mark.slow
def test_many_threads_share_one() -> None:
    """Eight threads, two hundred questions of which twenty differ, room for five."""
    prepared = reen.prepare("base-carbone", as_of=DAY, keep=5)
    asked = [reen.Equipment("laptop", lifetime=1 + k % 20, country="FR") for k in range(200)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(prepared.measure, asked))
    for k in range(20):
        meant = anew(asked[k], "base-carbone")
        assert all(same(each, meant) for each in found[k::20])


@pytest.mark.slow
def test_it_travels() -> None:
    """Pickled, it prepares again where it arrives, and measures the same."""
    prepared = reen.prepare(
        reen.configure(reen.default_registry().method("base-carbone"), {"use_stage": "false"}),
        by="entity",
        as_of=DAY,
    )
    meant = prepared.measure(ITEMS["unknown"])
    there = sent(prepared)
    assert there.by == ("entity",)
    assert same(there.measure(ITEMS["unknown"]), meant)
    there.warm()


@pytest.mark.slow
def test_given_packs_are_read_once(tmp_path: Path) -> None:
    """The file may go once it was read: the pack is what was prepared with."""
    path = tmp_path / "ours.csv"
    path.write_text(
        "flow,reference_unit,stage,criterion,value,unit,equipment_type,source,licence\n"
        "our-laptop,item,embedded,climate_change,150,kgCO2e/item,laptop,our contract,internal\n",
        encoding="utf-8",
    )
    meant = reen.measure(ITEMS["plain"], method="base-carbone", as_of=DAY, factors=path)
    prepared = reen.prepare("base-carbone", as_of=DAY, factors=path)
    path.unlink()
    assert same(prepared.measure(ITEMS["plain"]), meant)
    assert same(sent(prepared).measure(ITEMS["plain"]), meant)


@pytest.mark.parametrize(
    "options",
    [
        {"method": "base-carbon"},
        {"method": "base-carbone", "factors": "no such pack"},
        {"method": "base-carbone", "as_of": "yesterday"},
        {"method": "base-carbone", "by": 3},
        {"method": "base-carbone", "batch_rows": 0},
        {"method": "base-carbone", "criteria": "beauty"},
        {"method": 3},
    ],
    ids=str,
)
def test_what_measure_refuses_is_refused_when_it_is_made(options: dict[str, object]) -> None:
    with pytest.raises(reen.ReenError) as meant:
        reen.measure(ITEMS["plain"], **options)  # type: ignore[arg-type]
    with pytest.raises(type(meant.value)) as found:
        reen.prepare(**options)  # type: ignore[arg-type]
    assert str(found.value) == str(meant.value)


@pytest.mark.parametrize(
    ("source", "options"),
    [
        (3, {}),
        (TABLE, {"by": "team"}),
        (TABLE, {"level": "virtual_machine"}),
        (ITEMS["plain"], {"by": "team"}),
        (ITEMS["plain"], {"criteria": "acidification"}),
        (ITEMS["plain"], {"level": "application"}),
        (reen.Equipment("laptop", lifetime="5 kg"), {}),
        ([], {"by": "team"}),
    ],
    ids=str,
)
def test_what_measure_refuses_of_a_source_is_refused_alike(
    source: object, options: dict[str, object]
) -> None:
    with pytest.raises(reen.ReenError) as meant:
        reen.measure(source, method="base-carbone", as_of=DAY, **options)  # type: ignore[arg-type]
    prepared = reen.prepare("base-carbone", as_of=DAY, **options)  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(type(meant.value)) as found:
            prepared.measure(source)
        assert str(found.value) == str(meant.value)


def test_a_number_to_keep_below_zero_is_refused() -> None:
    with pytest.raises(reen.errors.OptionError, match="keep"):
        reen.prepare("base-carbone", keep=-1)


def test_a_method_that_fails_fails_when_it_is_made() -> None:
    @attrs.frozen
    class Failing(ToyMethod):
        def prepare(self, context: Context) -> PreparedToy:
            raise ZeroDivisionError(str(context.as_of))

    with pytest.raises(reen.errors.PluginError, match="ZeroDivisionError"):
        reen.prepare(Failing(), as_of=DAY)


def test_nothing_of_it_can_be_set() -> None:
    prepared = reen.prepare("base-carbone", as_of=DAY)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        prepared.by = ("entity",)  # type: ignore[misc]
    assert "registry" not in repr(prepared)


def test_a_method_cannot_write_into_the_factors_of_the_next() -> None:
    @attrs.frozen
    class Writing(ToyMethod):
        packs: ClassVar[tuple[str, ...]] = ("base-carbone",)

        def prepare(self, context: Context) -> PreparedToy:
            context.factors.factors.values[...] = 0.0
            return super().prepare(context)

    meant = reen.measure(ITEMS["plain"], method="base-carbone", as_of=DAY)
    with pytest.raises(reen.errors.PluginError, match="read-only"):
        reen.measure(ITEMS["plain"], method=Writing(), as_of=DAY)
    assert not reen.default_registry().library(Writing.packs).factors.values.flags.writeable
    assert same(reen.measure(ITEMS["plain"], method="base-carbone", as_of=DAY), meant)


def test_two_registries_do_not_share_libraries() -> None:
    """A library is kept by the registry that it was made of; another has its own."""
    one, two = (reen.load_plugins(only=["reen-bundled"]) for _ in range(2))
    packs = ("base-carbone", "electricity-france")
    assert one.library(packs) is one.library(list(packs))
    assert one.library(packs) is not two.library(packs)
    assert sent(one).library(packs).packs == one.library(packs).packs
