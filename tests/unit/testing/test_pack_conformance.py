"""`check_factor_pack`: good packs pass; each broken one fails on its law, the figure named."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Mapping

import attrs
import numpy as np
import pytest

import reen
from reen.plugin import FactorPack
from reen.plugin.arrays import Flow, FlowDescription
from reen.plugin.packs import PackContent
from reen.testing import check_factor_pack

ROW = {
    "flow": "laptop",
    "reference_unit": "item",
    "stage": "manufacturing",
    "criterion": "climate_change",
    "value": "100",
    "lower": "80",
    "upper": "130",
    "unit": "kgCO2e/item",
    "uncertainty_percent": "20",
    "equipment_type": "laptop",
    "source": "tests",
}
DEFAULT = {
    "equipment_type": "laptop",
    "parameter": "lifetime",
    "value": "4",
    "unit": "year",
    "source": "tests",
}


def pack(*rows: Mapping[str, str], **about: object) -> FactorPack:
    """Return a pack of a laptop, or of other rows."""
    fields: dict[str, object] = {
        "name": "mine",
        "version": "1",
        "title": "Mine",
        "publisher": "me",
        "licence": "CC0-1.0",
        "source": "me",
        "factors": rows or (ROW,),
        "defaults": (DEFAULT,),
    }
    return FactorPack.from_rows(**(fields | about))  # type: ignore[arg-type]


def same(content: PackContent) -> PackContent:
    return content


def made(**changes: object) -> FactorPack:
    """Return the pack with the arrays of its content replaced, as code may do."""
    good = pack()
    factors = attrs.evolve(good.factors, **changes)  # type: ignore[arg-type]
    content = attrs.evolve(good.content, factors=factors)
    return attrs.evolve(good, load=functools.partial(same, content))


def described(**changes: object) -> FlowDescription:
    """Return what is said of the laptop, with some changes."""
    return attrs.evolve(pack().factors.descriptions[0], **changes)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_pack_that_holds() -> None:
    """What the faults change was right."""
    check_factor_pack(pack())


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        *("ademe-numerique", "base-carbone", "electricity-france", "electricity-world"),
        "equipment-defaults",
    ],
)
def test_the_bundled_packs_hold(name: str) -> None:
    """Every figure that is shipped."""
    check_factor_pack(reen.default_registry().factor_pack(name), examples=5)


def fails() -> PackContent:
    message = "no such table"
    raise KeyError(message)


def each_time(counter: itertools.count[int]) -> PackContent:
    return pack(ROW | {"value": str(next(counter)), "lower": "", "upper": ""}).content


def loaded(load: Callable[[], PackContent]) -> FactorPack:
    return attrs.evolve(pack(), load=load)


ONE = (1, 1, 1)

#: Fault: the law that it breaks, the pack, and what the message says of it.
FAULTS: Mapping[str, tuple[str, Callable[[], FactorPack], str]] = {
    "no licence": ("description", lambda: pack(licence=""), "its licence is ''"),
    "fails to load": ("contract", lambda: loaded(fails), "failed while it was loaded with KeyEr"),
    "a wrong shape": ("contract", lambda: made(values=np.ones((2, 1, 1))), "it is float64 of (2,"),
    "a wrong type": ("contract", lambda: made(values=np.ones(ONE, np.float32)), "it is float32 of"),
    "infinite": ("contract", lambda: made(values=np.full(ONE, np.inf)), "is infinite"),
    "another content each time": (
        "determinism",
        lambda: loaded(functools.partial(each_time, itertools.count())),
        "gives two contents",
    ),
    "another pack's flow": (
        "keys",
        lambda: made(flows=(Flow("theirs", "laptop"),)),
        "says the pack 'theirs'",
    ),
    "a match with nothing": (
        "keys",
        lambda: pack(matching=[{"match": "type", "key": "monitor", "flow": "screen"}]),
        "is matched with the flow 'screen', which is not there",
    ),
    "out of its bounds": (
        "values",
        lambda: pack(ROW | {"value": "1000"}),
        "the bounds of mine:laptop, manufacturing, climate_change do not hold its value",
    ),
    "nothing published": ("values", lambda: made(values=np.full(ONE, np.nan)), "publishes nothing"),
    "a criterion that nobody defines": (
        "contract",
        lambda: made(criteria=("niceness",)),
        "has figures of the criterion 'niceness', which nobody defines",
    ),
    "a unit of its own": (
        "units",
        lambda: made(descriptions=(described(reference_unit="box"),)),
        "one unit of mine:laptop is 'box'",
    ),
    "no source": (
        "provenance",
        lambda: made(descriptions=(described(sources=()),)),
        "the flow mine:laptop has no source",
    ),
    "a local function": (
        "pickling",
        lambda: loaded(lambda: pack().content),
        "the pack cannot be pickled",
    ),
    "a word for a type": (
        "types",
        lambda: made(descriptions=(described(equipment_type="laptops"),)),
        "answers for the type 'laptops'; did you mean 'laptop'",
    ),
    "a stage that no kind has": (
        "use",
        lambda: pack(ROW | {"stage": "unspecified"}),
        "publishes the stages unspecified",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_breaks_its_law(name: str) -> None:
    """That law and no other is named, with what was found."""
    law, make, said = FAULTS[name]
    with pytest.raises(reen.errors.BrokenLawError) as caught:
        check_factor_pack(make(), examples=25)
    assert (caught.value.law, caught.value.subject) == (law, "factor pack mine 1")
    assert said in caught.value.found


def test_every_law_has_a_fault() -> None:
    """A law that nothing breaks would be no law."""
    assert {law for law, _, _ in FAULTS.values()} == {
        *("description", "contract", "determinism", "keys", "values", "units", "provenance"),
        *("pickling", "types", "use"),
    }
