"""`check_method`: good methods pass; each broken one fails on its law, with the smallest example.

Every fault below is one change of a method that is otherwise as it should be.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt
import pytest

import reen
from reen.plugin import (
    Case,
    CaseMethod,
    Context,
    Exchange,
    FactorPack,
    Kind,
    LeftOut,
    Match,
    Method,
)
from reen.plugin.arrays import Assessment, Batch, Driver, Exchanges, FlowKind
from reen.testing import ToyMethod, check_method, inventories

#: Every stage that a pack of the user's may publish of an item.
ITEM = FlowKind(
    "item",
    (
        reen.Stage.MANUFACTURING,
        reen.Stage.DISTRIBUTION,
        reen.Stage.END_OF_LIFE,
        reen.Stage.EMBEDDED,
    ),
)
PACK = FactorPack.from_rows(
    name="plain",
    version="1",
    title="A laptop and a monitor",
    publisher="tests",
    licence="CC0-1.0",
    source="tests",
    factors=[
        {
            "flow": key,
            "reference_unit": "item",
            "stage": "manufacturing",
            "criterion": "climate_change",
            "value": value,
            "unit": "kgCO2e/item",
            "equipment_type": key,
            "source": "tests",
        }
        for key, value in (("laptop", "100"), ("monitor", "60"))
    ],
)


@attrs.frozen(kw_only=True)
class Plain:
    """Quantity over lifetime, four years when unknown, on the flow of the type."""

    halved: bool = False
    name: ClassVar[str] = "plain"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Plain"
    reference: ClassVar[str] = "tests"
    packs: ClassVar[tuple[str, ...]] = ("plain",)

    def prepare(self, context: Context) -> PreparedPlain:
        return PreparedPlain(options=self, context=context)


@attrs.frozen(kw_only=True)
class PreparedPlain:
    """`Plain`, ready to answer, in steps that a fault can replace."""

    options: Plain
    context: Context
    kinds: ClassVar[tuple[FlowKind, ...]] = (ITEM,)
    columns: ClassVar[tuple[str, ...]] = ("equipment_type", "lifetime", "quantity")

    def flow(self, types: Iterable[str | None]) -> npt.NDArray[np.int32]:
        library = self.context.factors
        return np.array([library.by_type(each or "") for each in types], np.int32)

    def lifetime(self, batch: Batch) -> npt.NDArray[np.float64]:
        years = batch.values("lifetime", "year")
        return np.where(batch.missing("lifetime"), 4.0, years)

    def quantity(self, batch: Batch) -> npt.NDArray[np.float64]:
        return batch.values("quantity", "item")

    def judge(self, batch: Batch, assessment: Assessment) -> None:
        assessment.require(
            "quantity", missing=batch.missing("quantity"), invalid=batch.invalid("quantity")
        )
        assessment.leave_out(batch.invalid("lifetime"), "lifetime invalid")
        assessment.leave_out(batch.map("equipment_type", self.flow) < 0, "no factor")

    def drivers(self, batch: Batch) -> dict[str, Driver]:
        share = 0.5 if self.options.halved else 1.0
        return {
            "quantity": Driver(self.quantity(batch), "item"),
            "per_lifetime": Driver(share / self.lifetime(batch), "1/year"),
        }

    def exchanges(self, batch: Batch) -> Iterable[Exchanges]:
        assessment = Assessment(len(batch), match=Match.TYPE)
        self.judge(batch, assessment)
        flow = batch.map("equipment_type", self.flow)
        outcomes, outcome = assessment.result()
        yield Exchanges(
            kind=ITEM,
            flows=self.context.factors.factors.flows,
            flow=assessment.flow(flow),
            drivers=self.drivers(batch),
            reference_unit="item",
            outcomes=outcomes,
            outcome=outcome,
        )


# -- good methods ----------------------------------------------------------------------------


@pytest.mark.slow
def test_a_method_that_holds() -> None:
    """What the faults change was right."""
    check_method(Plain(), packs=[PACK], examples=25)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["base-carbone", "declared", "ecodiag", "numecoeval", "spend"])
def test_the_bundled_methods_hold(name: str) -> None:
    """With all their options, on the packs that they name."""
    check_method(reen.default_registry().method(name), examples=10)


@pytest.mark.slow
def test_the_method_that_needs_sheets_holds(repository: Path) -> None:
    """On sheets of the user's, whose models the inventories then hold."""
    sheets = reen.read_factors(repository / "examples" / "manufacturer_sheets_invented.csv")
    method = reen.default_registry().method("manufacturer")
    check_method(method, factors=[sheets], examples=10)


@pytest.mark.slow
def test_the_toy_holds() -> None:
    """It follows no publication; the laws hold all the same."""
    check_method(ToyMethod(), factors=[PACK], laws=("contract", "coverage", "units"), examples=25)


# -- broken methods --------------------------------------------------------------------------


def fault(**changes: object) -> Method:
    """Return `Plain` with some attributes, and some steps of what it prepares, replaced."""
    steps = {name: changes.pop(name) for name in list(changes) if name in STEPS}
    prepared = attrs.frozen(kw_only=True)(type("PreparedFault", (PreparedPlain,), steps))

    def prepare(self: Plain, context: Context) -> PreparedPlain:
        found: PreparedPlain = prepared(options=self, context=context)
        return found

    made = type("Fault", (Plain,), {"prepare": prepare, **changes})
    method: Method = attrs.frozen(kw_only=True)(made)()
    return method


STEPS = ("columns", "drivers", "exchanges", "flow", "judge", "kinds", "lifetime", "quantity")


@attrs.define
class Changeable:
    """An option that can be changed after the method was made."""

    years: float = 4.0
    name: ClassVar[str] = "plain"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Plain"
    reference: ClassVar[str] = "tests"
    packs: ClassVar[tuple[str, ...]] = ("plain",)

    def prepare(self, context: Context) -> PreparedPlain:
        return PreparedPlain(options=Plain(), context=context)


class Unattributed:
    """No attrs class: its option would be in no provenance."""

    name, version, title, reference, packs = "plain", "1", "Plain", "tests", ("plain",)

    def __init__(self, years: float = 4.0) -> None:
        self.years = years

    def prepare(self, context: Context) -> PreparedPlain:
        return PreparedPlain(options=Plain(), context=context)


def spoils_a_pack(self: Plain, context: Context) -> PreparedPlain:
    context.factors.packs[0].factors.values[0] += 1.0
    return PreparedPlain(options=self, context=context)


def spoils_its_factors(self: Plain, context: Context) -> PreparedPlain:
    context.factors.factors.values[...] = 1.0
    return PreparedPlain(options=self, context=context)


def forgets_blanks(_: PreparedPlain, batch: Batch) -> npt.NDArray[np.float64]:
    return batch.values("lifetime", "year")


def raises_on_unknown_types(_: PreparedPlain, types: Iterable[str | None]) -> npt.NDArray[np.int32]:
    known = {"laptop": 0, "monitor": 1}
    return np.array([known[each] for each in types if each is not None] + [-1], np.int32)


def fails_on_no_row(_: PreparedPlain, batch: Batch) -> npt.NDArray[np.float64]:
    years = batch.values("lifetime", "year")
    longest = float(np.nan_to_num(years).max())
    return np.where(batch.missing("lifetime"), max(longest, 4.0), years)


def in_months(self: PreparedPlain, batch: Batch) -> dict[str, Driver]:
    return {
        "quantity": Driver(self.quantity(batch), "item"),
        "per_lifetime": Driver(1.0 / self.lifetime(batch), "1/month"),
    }


def of_single_precision(self: PreparedPlain, batch: Batch) -> dict[str, Driver]:
    drivers = PreparedPlain.drivers(self, batch)
    values = drivers["quantity"].values.astype(np.float32)
    return {**drivers, "quantity": Driver(values, "item")}  # type: ignore[arg-type]


def reads_another_column(_: PreparedPlain, batch: Batch) -> npt.NDArray[np.float64]:
    return batch.values("quantity", "item") * batch.values("usage_share", "1")


def throws_dice(self: PreparedPlain, batch: Batch) -> dict[str, Driver]:
    share = Driver(np.full(len(batch), random.random()), "1")  # noqa: S311 - the fault
    return {**PreparedPlain.drivers(self, batch), "share": share}


def gives_no_reason(self: PreparedPlain, batch: Batch, assessment: Assessment) -> None:
    PreparedPlain.judge(self, batch, assessment)
    assessment.leave_out(batch.missing("lifetime"), "")


def takes_blanks_for_one(_: PreparedPlain, batch: Batch) -> npt.NDArray[np.float64]:
    return np.nan_to_num(batch.values("quantity", "item"), nan=1.0)


def judges_lifetimes_only(self: PreparedPlain, batch: Batch, assessment: Assessment) -> None:
    assessment.leave_out(batch.invalid("lifetime"), "lifetime invalid")
    assessment.leave_out(batch.map("equipment_type", self.flow) < 0, "no factor")


def buys_a_spare(_: PreparedPlain, batch: Batch) -> npt.NDArray[np.float64]:
    return batch.values("quantity", "item") + 1.0


def reads_the_rows_themselves(_: PreparedPlain, batch: Batch) -> npt.NDArray[np.float64]:
    index = batch.data.schema.get_field_index("lifetime")
    if index < 0:
        return np.full(len(batch), 4.0)
    years = batch.data.column(index).to_numpy(zero_copy_only=False).astype(np.float64)
    return np.where(years > 0.0, years, 4.0)


def takes_the_mean_of_the_batch(self: PreparedPlain, batch: Batch) -> npt.NDArray[np.float64]:
    years = PreparedPlain.lifetime(self, batch)
    known = years[np.isfinite(years)]
    return np.where(np.isfinite(years), known.mean() if len(known) else 4.0, years)


class Overhead(Exchanges):
    """Exchanges whose amount holds a term that no driver says."""

    def amount(self) -> npt.NDArray[np.float64]:
        return super().amount() * 1.1


def adds_overhead(self: PreparedPlain, batch: Batch) -> Iterable[Exchanges]:
    for each in PreparedPlain.exchanges(self, batch):
        yield Overhead(**{name: getattr(each, name) for name in attrs.fields_dict(Exchanges)})


UNSOURCED = attrs.evolve(
    PACK.factors,
    flows=tuple(attrs.evolve(flow, pack="made") for flow in PACK.factors.flows),
    descriptions=tuple(attrs.evolve(text, sources=()) for text in PACK.factors.descriptions),
)


def makes_factors_of_no_source(self: PreparedPlain, batch: Batch) -> Iterable[Exchanges]:
    for each in PreparedPlain.exchanges(self, batch):
        if len(self.context.factors.factors) == len(UNSOURCED):
            yield attrs.evolve(each, flows=UNSOURCED.flows, factors=UNSOURCED)
        else:
            yield each


def excludes_everything(_: PreparedPlain, batch: Batch, assessment: Assessment) -> None:
    assessment.exclude(np.ones(len(batch), np.bool_), "out of scope")


class Opaque:
    """A value that shows as its address."""


@attrs.frozen(kw_only=True)
class WithOpaqueOption(Plain):
    """An option that no provenance can say."""

    rule: Opaque = attrs.field(factory=Opaque, eq=False)


class WithSecret(Plain):
    """An attribute beside the options."""

    def __init__(self, *, halved: bool = False) -> None:
        super().__init__(halved=halved)
        object.__setattr__(self, "secret", 3)


class Forgetful(Plain):
    """A method that leaves its options behind."""

    def __reduce__(self) -> tuple[object, ...]:
        return Forgetful, ()


@attrs.frozen(kw_only=True)
class PreparedNothing(PreparedPlain):
    """Excludes every row."""

    judge = excludes_everything


@attrs.frozen(kw_only=True)
class Nothing(Plain):
    """A method that assesses nothing."""

    def prepare(self, context: Context) -> PreparedPlain:
        return PreparedNothing(options=self, context=context)


#: Fault: the law that it breaks, the method, and what the message says of it.
FAULTS: Mapping[str, tuple[str, Callable[[], Method], str]] = {
    "no version": ("description", lambda: fault(version=""), "version is ''"),
    "packs in a list": ("description", lambda: fault(packs=["plain"]), "expected a tuple"),
    "no attrs class": ("description", Unattributed, "is no attrs class"),
    "options that change": ("description", Changeable, "years can be changed: use attrs.frozen"),
    "a pack changed": (
        "purity",
        lambda: fault(prepare=spoils_a_pack),
        "values of the pack 'plain'",
    ),
    "factors changed": (
        "purity",
        lambda: fault(prepare=spoils_its_factors),
        "the factors of its context were changed",
    ),
    "NaN amounts": ("contract", lambda: fault(lifetime=forgets_blanks), "is not a finite number"),
    "an exception": ("contract", lambda: fault(flow=raises_on_unknown_types), "with KeyError"),
    "no row": ("contract", lambda: fault(lifetime=fails_on_no_row), "with ValueError"),
    "a wrong unit": ("contract", lambda: fault(drivers=in_months), "do not make item/year"),
    "a wrong type": ("contract", lambda: fault(drivers=of_single_precision), "float64 array"),
    "a column of its own": (
        "contract",
        lambda: fault(quantity=reads_another_column),
        "reads the column 'usage_share' without declaring it",
    ),
    "dice": ("determinism", lambda: fault(drivers=throws_dice), "figure of climate_change"),
    "no reason": ("coverage", lambda: fault(judge=gives_no_reason), "left out without a reason"),
    "unknown quantities": (
        "coverage",
        lambda: fault(quantity=takes_blanks_for_one, judge=judges_lifetimes_only),
        "and their quantity is unknown or invalid",
    ),
    "a spare": ("linearity", lambda: fault(quantity=buys_a_spare), "with twice the quantity"),
    "units not read": ("units", lambda: fault(lifetime=reads_the_rows_themselves), "in month"),
    "the mean of the batch": (
        "batches",
        lambda: fault(lifetime=takes_the_mean_of_the_batch),
        "measured with",
    ),
    "a hidden term": ("explanation", lambda: fault(exchanges=adds_overhead), "and the "),
    "no source": ("provenance", lambda: fault(exchanges=makes_factors_of_no_source), "no source"),
    "an opaque option": ("provenance", WithOpaqueOption, "an address in memory"),
    "a hidden attribute": ("provenance", WithSecret, "it holds secret"),
    "a local class": ("pickling", fault, "the method cannot be pickled"),
    "options left behind": ("pickling", Forgetful, "it comes back with other options"),
    "nothing assessed": ("reach", Nothing, "no row was assessed"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_breaks_its_law(name: str) -> None:
    """That law and no other is named, with what was found."""
    law, make, said = FAULTS[name]
    with pytest.raises(reen.errors.BrokenLawError) as caught:
        check_method(make(), packs=[PACK], inventory=FEW, examples=40)
    assert (caught.value.law, caught.value.subject[:6]) == (law, "method")
    assert said in caught.value.found


#: Small inventories, since smaller ones of each are looked for.
FEW = inventories(
    max_rows=4,
    columns=("lifetime", "quantity"),
    words={"equipment_type": ("laptop", "monitor")},
    without=("service", "model", "id", "floor", "checked", "seen", "status", "entity"),
)


def test_every_law_has_a_fault() -> None:
    """A law that nothing breaks would be no law."""
    assert {law for law, _, _ in FAULTS.values()} == {
        *("description", "purity", "contract", "determinism", "coverage", "linearity", "units"),
        *("batches", "explanation", "provenance", "pickling", "reach"),
    }


@pytest.mark.slow
def test_the_smallest_example_is_shown_in_words() -> None:
    """One laptop: 1 / 4 x 100 = 25 kg and a spare, so 50 once and 75 with twice the quantity."""
    with pytest.raises(reen.errors.BrokenLawError) as caught:
        check_method(fault(quantity=buys_a_spare), packs=[PACK], laws="linearity")
    assert str(caught.value) == (
        "method plain 1 breaks the law of linearity: twice the quantity, twice the footprint\n"
        "found: climate_change, manufacturing: 50.0, and 75.0 with twice the quantity\n"
        "smallest example: an inventory of 1 row\n"
        "  row 0: equipment_type 'laptop'\n"
        "measured as of 2021-06-30; options halved=False"
    )


@pytest.mark.slow
def test_the_same_example_is_found_again() -> None:
    """The suite of a plugin gives one answer, not another on every run."""
    messages = set()
    for _ in range(2):
        with pytest.raises(reen.errors.BrokenLawError) as caught:
            check_method(fault(lifetime=forgets_blanks), packs=[PACK], laws="contract")
        messages.add(str(caught.value))
    assert len(messages) == 1


def test_an_unknown_law() -> None:
    """The nearest is proposed, with the others."""
    with pytest.raises(
        reen.errors.OptionError, match=r"laws='linear': expected 'linearity'\? \(descr"
    ):
        check_method(Plain(), packs=[PACK], laws=["linear"])


@pytest.mark.slow
def test_inventories_of_ones_own() -> None:
    """A method that knows one type only is given rows of that type."""
    check_method(
        Plain(),
        packs=[PACK],
        inventory=inventories(columns=["lifetime"], words={"equipment_type": ["monitor"]}),
        laws=("batches", "reach"),
        examples=10,
    )


def test_a_pack_that_nobody_has() -> None:
    """The pack is named, before anything is measured."""
    with pytest.raises(reen.errors.UnknownNameError, match="Unknown factor pack 'plain'"):
        check_method(Plain())


def test_a_method_that_refuses_everything() -> None:
    """Its own words say why nothing was measured."""
    method = reen.default_registry().method("manufacturer")
    with pytest.raises(reen.errors.BrokenLawError) as caught:
        check_method(method, laws="reach", examples=5)
    assert "refused: manufacturer: option factors" in caught.value.found


# -- tables beside the equipment -------------------------------------------------------------


Service = Callable[[Case], Exchange]


@attrs.frozen
class Bills:
    """A method that counts services alone, as a function says."""

    says: Service
    name: ClassVar[str] = "bills"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Bills"
    reference: ClassVar[str] = "tests"
    packs: ClassVar[tuple[str, ...]] = ()

    def prepare(self, context: Context) -> PreparedBills:
        return PreparedBills(context, self.says)


@attrs.frozen(eq=False)
class PreparedBills(CaseMethod):
    context: Context
    says: Service
    kinds = ()
    kinds_beside = (
        Kind(
            "service",
            (reen.Stage.EMBEDDED,),
            "EUR",
            table="services",
            preamble=(),
            reads=("service_type", "amount"),
        ),
    )

    def service(self, case: Case) -> Exchange:
        return self.says(case)


def raises_on_paper(case: Case) -> Exchange:
    if case.word("service_type") == "paper":
        message = "paper is not known here"
        raise ValueError(message)
    raise LeftOut("service_type_unknown")


def gives_no_sentence(_: Case) -> Exchange:
    raise LeftOut("never_heard_of_it")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "law"),
    [(raises_on_paper, "contract"), (gives_no_sentence, "reasons")],
)
def test_a_fault_in_a_table_of_services(fault: Service, law: str) -> None:
    """Found on generated services, since the method counts no equipment; the rows are shown."""
    with pytest.raises(reen.errors.BrokenLawError) as found:
        check_method(Bills(fault), laws=["contract", "reasons"], examples=40)
    assert found.value.law == law
    assert "services: " in str(found.value)


def test_a_method_that_answers_for_no_service() -> None:
    with pytest.raises(reen.errors.BrokenLawError, match="no row was assessed"):
        check_method(Bills(gives_no_sentence), laws="reach", examples=5)
