"""Cases: what a method asks of a row, and what becomes of it."""

from __future__ import annotations

import datetime as dt
import gc
import math
import pickle
import weakref
from concurrent.futures import ThreadPoolExecutor

import attrs
import numpy as np
import pyarrow as pa
import pytest

import reen
from reen.errors import PluginError
from reen.measurement.ready_method import prepare_method
from reen.method.case_numbering import _STAGE
from reen.method.questions import MOST_ANSWERS
from reen.plugin import (
    Case,
    CaseMethod,
    Default,
    Exchange,
    Excluded,
    FactorPack,
    Kind,
    LeftOut,
    Match,
    Packs,
    Reason,
    ReferenceFlow,
    Stage,
    State,
    constant,
    day,
    lifetime_of,
)
from reen.plugin.arrays import FactorSet, Floats, Flow, FlowDescription
from reen.vocabulary.countries import country_words

from .toys import Toy, kilograms, measured, pack


def flow_of(case: Case, packs: Packs) -> ReferenceFlow:
    """Return the flow of the type of a case."""
    found = packs.by_type(case.equipment_type)
    if found is None:
        raise LeftOut("no_factor", packs="toys")
    return found


def plain(case: Case, packs: Packs) -> Exchange:
    """Quantity x share of use / lifetime of the flow of the type."""
    return case.quantity * case.usage_share / lifetime_of(case, packs) * flow_of(case, packs)


def reasons(footprint: reen.Footprint) -> list[Reason]:
    """Return the reasons of what is not assessed."""
    return sorted(
        klass.outcome.reason for klass in footprint.fold.classes if klass.outcome.reason is not None
    )


def test_a_case_is_multiplied_row_by_row() -> None:
    """2 x 200 / 5 + 1 x 200 / 4 (default) + 3 x 300 / 6 = 80 + 50 + 150 = 280 kg."""
    footprint = measured(
        Toy(plain),
        equipment_type=["laptop", "laptop", "monitor"],
        lifetime=[5.0, None, 6.0],
        quantity=[2.0, 1.0, 3.0],
    )
    assert kilograms(footprint) == pytest.approx(280.0, rel=1e-12)
    (flagged,) = {said for klass in footprint.fold.classes for said in klass.outcome.assumptions}
    assert str(flagged) == "lifetime: default of the type (toys)"


def test_what_stops_a_case_is_said_by_code() -> None:
    """An invalid lifetime takes no default; a monitor without one has none; a hat has no factor."""
    footprint = measured(
        Toy(plain),
        equipment_type=["laptop", "monitor", "hat", "laptop"],
        lifetime=[-1.0, None, 3.0, 4.0],
        quantity=[1.0, 1.0, 1.0, None],
    )
    assert np.isnan(footprint.total().value)
    assert reasons(footprint) == [
        Reason("invalid", column="lifetime"),
        Reason("missing", column="quantity"),
        Reason("no_default", parameter="lifetime"),
        Reason("no_factor", packs="toys"),
    ]


def test_the_engine_reads_statuses_dates_and_shares_first() -> None:
    """Retired, bought later, and half a laptop: 0.5 x 200 / 4 = 25 kg."""
    footprint = measured(
        Toy(plain),
        equipment_type=["laptop"] * 3,
        status=["retired", "in_use", "in_use"],
        purchase_date=[None, dt.date(2025, 1, 1), dt.date(2020, 1, 1)],
        usage_share=[1.0, 1.0, 0.5],
    )
    assert kilograms(footprint) == pytest.approx(25.0, rel=1e-12)
    assert reasons(footprint) == [Reason("not_yet_acquired"), Reason("status", status="retired")]


def test_what_lies_in_stock_has_no_use_stage() -> None:
    """Of a use kind, a stocked laptop is excluded by name."""
    kind = Kind("item", (Stage.EMBEDDED,), "item", use=True)
    footprint = measured(
        Toy(plain, kind=kind), equipment_type=["laptop"] * 2, status=["in_stock", "in_use"]
    )
    assert kilograms(footprint) == pytest.approx(50.0, rel=1e-12)
    assert reasons(footprint) == [Reason("not_in_use", status="in_stock")]


def test_an_option_excludes_a_kind_before_anything_is_read() -> None:
    """Not even a missing quantity is told of what is not counted at all."""
    kind = Kind("item", (Stage.EMBEDDED,), "item").without("made", "false")
    footprint = measured(Toy(plain, kind=kind), equipment_type=["laptop"], quantity=[None])
    assert reasons(footprint) == [Reason("option", option="made", value="false")]


def short(case: Case, packs: Packs) -> Exchange:
    """Count a lifetime below 3 years as 3."""
    lifetime = lifetime_of(case, packs)
    if lifetime < 3.0:
        case.assume("raised_to", parameter="lifetime", minimum=3.0)
        lifetime = constant("lifetime", 3.0, "year")
    return case.quantity / lifetime * flow_of(case, packs)


def test_a_comparison_is_a_question() -> None:
    """200 / 3 (raised from 1) + 200 / 5 + 200 / 4 (default) = 66.667 + 40 + 50."""
    footprint = measured(Toy(short), equipment_type=["laptop"] * 3, lifetime=[1.0, 5.0, None])
    assert kilograms(footprint) == pytest.approx(200.0 / 3.0 + 90.0, rel=1e-12)


def left(case: Case, packs: Packs) -> Exchange:
    """Count what is left of a life, that of the row or of the type."""
    lifetime, bought = lifetime_of(case, packs), case.date("purchase_date")
    if bought is None:
        raise LeftOut("missing", column="purchase_date")
    rest = lifetime - case.derived("age", "year", years_to_2025, bought)
    if rest <= 0.0:
        raise Excluded("amortised")
    return case.quantity * rest.named("rest", "year") / lifetime / lifetime * flow_of(case, packs)


def years_to_2025(days: Floats) -> Floats:
    """Return the years of 365.25 days from some days to the first of 2025."""
    found: Floats = (20089.0 - days) / 365.25
    return found


def test_a_comparison_may_depend_on_the_case() -> None:
    """Bought 731 days (2.0014 years) before 2025: a laptop of 1 year is amortised, of 4 is not."""
    bought = dt.date(2023, 1, 1)
    age = 731.0 / 365.25
    footprint = measured(
        Toy(left, reads=("equipment_type", "lifetime", "purchase_date")),
        equipment_type=["laptop"] * 3,
        lifetime=[1.0, None, 8.0],
        purchase_date=[bought] * 3,
    )
    expected = 200.0 * ((4.0 - age) / 16.0 + (8.0 - age) / 64.0)
    assert kilograms(footprint) == pytest.approx(expected, rel=1e-12)
    assert reasons(footprint) == [Reason("amortised")]


def two_flows(case: Case, packs: Packs) -> tuple[Exchange, ...]:
    """Count two monitors with a laptop."""
    laptop, monitor = packs.by_type("laptop"), packs.by_type("monitor")
    assert laptop is not None
    assert monitor is not None
    amount = case.quantity / lifetime_of(case, packs)
    if case.equipment_type == "monitor":
        return (amount * monitor,)
    return amount * laptop, 2 * amount * monitor


def test_a_case_may_have_several_exchanges() -> None:
    """A laptop: 200 / 4 + 2 x 300 / 4 = 200; a monitor: 300 / 5 = 60."""
    footprint = measured(Toy(two_flows), equipment_type=["laptop", "monitor"], lifetime=[4.0, 5.0])
    assert kilograms(footprint) == pytest.approx(260.0, rel=1e-12)


def by_value(case: Case, packs: Packs) -> Exchange:
    """Count a laptop of many cores twice, a blank one as it is."""
    cores = case.value("cpu_cores", "1")
    times = 2.0 if cores is not None and cores >= 8 else 1.0
    return times * case.quantity / lifetime_of(case, packs) * flow_of(case, packs)


def test_a_number_may_be_asked_for_by_value() -> None:
    """(1 + 2 + 1) x 200 / 4 = 200 kg for 4, 8.2 (rounded to 8) and unknown cores."""
    footprint = measured(
        Toy(by_value, reads=("equipment_type", "lifetime", "cpu_cores")),
        equipment_type=["laptop"] * 3,
        cpu_cores=[4.0, 8.2, None],
    )
    assert kilograms(footprint) == pytest.approx(200.0, rel=1e-12)


def of_monitors_by_value(case: Case, packs: Packs) -> Exchange:
    """Divide by the cores of a monitor, and by nothing else of other types."""
    flow, cores = flow_of(case, packs), 1.0
    if case.equipment_type == "monitor":
        cores = case.value("cpu_cores", "1") or 1.0
    return case.quantity / constant("lifetime", cores, "year") * flow


def test_a_value_is_asked_of_the_rows_that_come_to_it_alone() -> None:
    """However many values laptops have: 3,000 x 200 + 300 / 2 + 300 / 3 = 600,250 kg."""
    toy = Toy(of_monitors_by_value, reads=("equipment_type", "cpu_cores"))
    cores = [float(k) for k in range(3000)]
    footprint = measured(
        toy,
        equipment_type=["laptop"] * 3000 + ["monitor"] * 2,
        cpu_cores=[*cores, 2.0, 3.0],
    )
    assert kilograms(footprint) == pytest.approx(600_250.0, rel=1e-12)
    with pytest.raises(PluginError, match=r"case\.value has more than 2,000.*give it a rounding"):
        measured(toy, equipment_type=["monitor"] * 3000, cpu_cores=cores)


def by_country_and_value(case: Case, packs: Packs) -> Exchange:
    """Divide by the cores, asked anew in each country."""
    _ = case.word("country")
    lifetime = constant("lifetime", case.value("cpu_cores", "1") or 1.0, "year")
    return case.quantity / lifetime * flow_of(case, packs)


def test_values_may_be_asked_at_many_places() -> None:
    """1,700 values where 40 countries wait are more pairs than one table holds.

    The laptops of France have 1, 2... 1,700 cores, one of each other country has 2:
    200 x (1 + 1/2 + ... + 1/1700) + 39 x 200 / 2.
    """
    cores = [float(k) for k in range(1, 1701)]
    others = [code for code, _ in country_words() if code != "FR"][:39]
    footprint = measured(
        Toy(by_country_and_value, reads=("equipment_type", "country", "cpu_cores")),
        equipment_type=["laptop"] * (len(cores) + len(others)),
        country=["FR"] * len(cores) + others,
        cpu_cores=cores + [2.0] * len(others),
    )
    expected = 200.0 * math.fsum(1.0 / each for each in cores) + 39 * 100.0
    assert kilograms(footprint) == pytest.approx(expected, rel=1e-12)


def refusing(case: Case, packs: Packs) -> Exchange:
    """Refuse an invalid power or yearly energy, that the amount does not need."""
    case.refuse_invalid("power", "annual_energy")
    return plain(case, packs)


def test_an_invalid_cell_may_be_refused_whether_it_is_needed_or_not() -> None:
    """The first is named; a blank is none, nor is a column that is not there."""
    footprint = measured(
        Toy(refusing, reads=("annual_energy", "equipment_type", "lifetime", "power")),
        equipment_type=["laptop"] * 3,
        power=[-1.0, None, 30.0],
    )
    assert reasons(footprint) == [Reason("invalid", column="power")]
    assert kilograms(footprint) == pytest.approx(2 * 200.0 / 4, rel=1e-12)


def made_of(name: str, criteria: tuple[str, ...]) -> ReferenceFlow:
    """Return a flow made at run time: 1 of the unit of each criterion."""
    flow, ones = Flow("made", name), np.ones((1, 1, len(criteria)))
    text = FlowDescription(name=name)
    factors = FactorSet((flow,), (text,), (Stage.EMBEDDED,), criteria, ones, ones, ones, ones * 0)
    return ReferenceFlow(flow, "item", factors=factors)


MADE = {
    "laptop": made_of("laptop", ("water_use", "climate_change")),
    "monitor": made_of("monitor", ("climate_change", "water_use")),
}


def of_made(case: Case, _: Packs) -> Exchange:
    """Count one item a year of a flow made at run time."""
    flow = MADE[str(case.equipment_type)]
    return case.quantity / constant("lifetime", 1.0, "year") * flow


def test_the_order_of_factors_made_at_run_time_changes_nothing() -> None:
    """The criteria of one flow stand the other way round in the other's."""
    toy, types = Toy(of_made, reads=("equipment_type",)), ["laptop", "monitor", "monitor"]
    one, other = (
        measured(toy, equipment_type=order, quantity=[1.0] * 3) for order in (types, types[::-1])
    )
    assert one.fold.classes == other.fold.classes
    assert one.criteria == other.criteria
    assert kilograms(one) == kilograms(other) == 3.0


def test_states_of_a_cell() -> None:
    """Given, blank, invalid; absent where the column has a default."""
    seen: set[tuple[State, State]] = set()

    def note(case: Case, _: Packs) -> Exchange:
        seen.add((case.state("lifetime"), case.state("usage_share")))
        raise Excluded("out_of_scope", kept="nothing")

    measured(
        Toy(
            note,
            kind=Kind("item", (Stage.EMBEDDED,), "item", preamble=("quantity",)),
            reads=("lifetime", "usage_share"),
        ),
        equipment_type=["laptop"] * 3,
        lifetime=[1.0, None, -1.0],
    )
    assert seen == {
        (State.GIVEN, State.ABSENT),
        (State.BLANK, State.ABSENT),
        (State.INVALID, State.ABSENT),
    }


def test_dates_compare() -> None:
    """What was bought by 2020 is counted, the rest and what has no date is not."""

    def old(case: Case, packs: Packs) -> Exchange:
        bought = case.date("purchase_date")
        if bought is None or bought > day(dt.date(2020, 12, 31)):
            raise Excluded("outside_year", year=2020)
        return plain(case, packs)

    footprint = measured(
        Toy(old, reads=("equipment_type", "lifetime", "purchase_date")),
        equipment_type=["laptop"] * 3,
        purchase_date=[dt.date(2020, 12, 31), dt.date(2021, 1, 1), None],
    )
    assert kilograms(footprint) == pytest.approx(50.0, rel=1e-12)


def test_the_match_level_is_the_last_said() -> None:
    """The case's own word, else its flow's."""

    def declared(case: Case, packs: Packs) -> Exchange:
        if case.given("lifetime"):
            case.match(Match.DECLARED)
        default = Default(4.0, "year", match=Match.DEFAULT)
        return case.quantity / case.number("lifetime", else_=default) * flow_of(case, packs)

    footprint = measured(Toy(declared), equipment_type=["laptop"] * 2, lifetime=[4.0, None])
    levels = {klass.outcome.match for klass in footprint.fold.classes}
    assert levels == {Match.DECLARED, Match.DEFAULT}


def spent(case: Case, packs: Packs) -> Exchange:
    """Count what was spent, spread over the lifetime, by a ratio per euro."""
    flow = packs.by_id("hardware")
    assert flow is not None
    return case.quantity * case.number("price") / lifetime_of(case, packs) * flow


def test_a_flow_may_be_of_one_euro() -> None:
    """2 laptops of 800 EUR over 4 years, 0.4 kg a euro: 2 x 800 / 4 x 0.4 = 160 kg.

    A laptop without a price is left out.
    """
    rows = [
        {
            "flow": "hardware",
            "reference_unit": "EUR",
            "stage": "embedded",
            "criterion": "climate_change",
            "value": "0.4",
            "unit": "kgCO2e/EUR",
            "source": "invented for a test",
        }
    ]
    ratios = FactorPack.from_rows(
        name="ratios",
        version="1",
        title="Ratios",
        publisher="tests",
        licence="CC0-1.0",
        source="invented for a test",
        factors=rows,
    )
    kind = Kind("item", (Stage.EMBEDDED,), "EUR")
    toy = Toy(spent, kind=kind, reads=("equipment_type", "lifetime", "price"))
    cells = {"equipment_type": ["laptop"] * 2, "quantity": [2.0, 1.0], "price": [800.0, None]}
    inventory = reen.Inventory.from_arrow(pa.table(cells))
    footprint = reen.measure(
        inventory, method=toy, factors=[ratios, pack()], as_of=dt.date(2024, 12, 31)
    )
    assert kilograms(footprint) == pytest.approx(160.0, rel=1e-12)
    assert reasons(footprint) == [Reason("missing", column="price")]


# -- what is refused ------------------------------------------------------------------------------


def test_a_wrong_unit_is_refused_in_the_words_of_the_formula() -> None:
    """Quantity x lifetime is in no items a year."""

    def wrong(case: Case, packs: Packs) -> Exchange:
        return case.quantity * lifetime_of(case, packs) * flow_of(case, packs)

    with pytest.raises(PluginError, match=r"quantity \[item\] x lifetime \[year\]") as caught:
        measured(Toy(wrong), equipment_type=["laptop"])
    assert "method toy 1" in str(caught.value)


def test_something_else_than_an_exchange_is_refused() -> None:
    """An amount without a flow; nothing at all."""
    with pytest.raises(PluginError, match=r"item\(case\) gave Amount"):
        measured(Toy(lambda case, _: case.quantity), equipment_type=["laptop"])  # type: ignore[arg-type]
    with pytest.raises(PluginError, match=r"item\(case\) gave NoneType"):
        measured(Toy(lambda *_: None), equipment_type=["laptop"])  # type: ignore[arg-type]


def test_a_function_made_on_the_fly_is_no_question() -> None:
    """It would be another question each time."""

    def asking(case: Case, _: Packs) -> Exchange:
        case.of(lambda word: word, "equipment_type")
        raise Excluded("out_of_scope", kept="nothing")

    with pytest.raises(PluginError, match="give it a method or a function of a module"):
        measured(Toy(asking), equipment_type=["laptop"])


def test_a_raw_word_of_many_values_is_refused_with_the_remedy() -> None:
    """More than 2,000 models as they are written would be as many cases."""

    def by_model(case: Case, packs: Packs) -> Exchange:
        case.word("model")
        return plain(case, packs)

    models = [f"model {number}" for number in range(MOST_ANSWERS + 1)]
    toy = Toy(by_model, reads=("equipment_type", "lifetime", "model"))
    with pytest.raises(PluginError, match=r"class the words first, as in case\.of"):
        measured(toy, equipment_type=["laptop"] * len(models), model=models)


def first_letter(model: str | None) -> str:
    """Return a class of models."""
    return (model or " ")[0]


def test_words_that_are_classed_make_no_more_cases_than_classes() -> None:
    """10,000 models of two letters are two cases."""
    asked = []

    def by_class(case: Case, packs: Packs) -> Exchange:
        asked.append(case.of(first_letter, "model"))
        return plain(case, packs)

    models = [f"{'ab'[number % 2]} {number}" for number in range(10_000)]
    toy = Toy(by_class, reads=("equipment_type", "lifetime", "model"))
    footprint = measured(toy, equipment_type=["laptop"] * len(models), model=models)
    assert kilograms(footprint) == pytest.approx(500_000.0, rel=1e-12)
    assert sorted(asked) == ["a", "b"]


def test_a_method_that_remembers_is_refused() -> None:
    """A function that asks other things for the same case is no function of the case."""
    calls: list[int] = []

    def moody(case: Case, packs: Packs) -> Exchange:
        calls.append(1)
        if len(calls) % 2:
            case.word("country")
        case.word("status")
        return plain(case, packs)

    toy = Toy(moody, reads=("equipment_type", "lifetime", "country"))
    with pytest.raises(PluginError, match="asked other questions for one case"):
        measured(
            toy,
            equipment_type=["laptop"] * 4,
            country=["FR", "DE", "FR", "IT"],
            status=["in_use", "in_use", "unknown", "in_use"],
        )


# -- travelling, threads, sizes -------------------------------------------------------------------


def test_a_prepared_method_travels_without_its_cases() -> None:
    """Pickled, it knows no case; what it answers is the same."""
    ready = prepare_method("base-carbone", as_of="2024-12-31")
    inventory = reen.Inventory.from_arrow(pa.table({"equipment_type": ["laptop", "monitor"]}))
    (batch,) = inventory.batches()
    before = ready.answers(batch)
    copy = pickle.loads(pickle.dumps(ready.prepared))  # noqa: S301 - our own
    assert "cases" not in vars(copy)
    after = list(copy.exchanges(batch.restricted(ready.columns)))
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one.amount(), other.amount())
        assert one.outcomes == other.outcomes


@pytest.mark.slow
def test_threads_share_the_cases() -> None:
    """Many threads that learn at once give what one gives."""
    rng = np.random.default_rng(1)
    types = np.array(["laptop", "monitor", "server", "tablet", "printer", "hat"], object)
    places = np.array(["FR", "DE", "XX", None], object)
    table = pa.table(
        {
            "equipment_type": types[rng.integers(0, 6, 4000)].tolist(),
            "lifetime": pa.array(rng.uniform(1, 8, 4000), mask=rng.random(4000) < 0.5),
            "country": places[rng.integers(0, 4, 4000)].tolist(),
        }
    )
    parts = [reen.Inventory.from_arrow(table.slice(start, 100)) for start in range(0, 4000, 100)]
    alone = reen.prepare("base-carbone", as_of="2024-12-31", keep=0)
    shared = reen.prepare("base-carbone", as_of="2024-12-31", keep=0)
    expected = [alone.measure(part).fold for part in parts]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda part: shared.measure(part).fold, parts))
    assert found == expected


@pytest.mark.slow
def test_answers_that_never_meet_do_not_multiply() -> None:
    """Questions of many answers each, asked in turn by cases apart: as many keys as they are.

    Fused into one key of all answers, 8 columns of 7 words would need 7 ** 8 = 5,764,801 places.
    """
    columns = ("site", "service", "entity", "country", "manufacturer", "model", "cpu_model", "id")

    def chain(case: Case, packs: Packs) -> Exchange:
        for name in columns:
            if case.of(first_letter, name) == "a":
                break
        return plain(case, packs)

    rng = np.random.default_rng(2)
    words = np.array(list("abcdefg"), object)
    toy = Toy(chain, reads=("equipment_type", "lifetime", *columns))
    ready = prepare_method(toy, factors=pack(), as_of="2024-12-31")
    cells = {name: words[rng.integers(0, 7, 20_000)].tolist() for name in columns}
    table = pa.table({"equipment_type": ["laptop"] * 20_000, **cells})
    inventory = reen.Inventory.from_arrow(table)
    (batch,) = inventory.batches()
    assert isinstance(ready.prepared, CaseMethod)
    (answers,) = ready.prepared.answers(batch)
    assert np.isclose(answers.exchanges[0].amount, 0.25).all()
    kept = ready.prepared.cases.kinds[0]
    stages = next(iter(kept._local.numbering._layouts.values())).stages
    assert all(stage.radix <= _STAGE for stage in stages)


def test_a_default_of_the_method_says_its_figure() -> None:
    """2 x 200 / 6 by the method's own six years, whose source is named."""
    years = Default(6.0, "year", code="default_of_method", pack="note 12")

    def shared(case: Case, packs: Packs) -> Exchange:
        lifetime = case.number("lifetime", else_=years)
        return case.quantity / lifetime * case.of(packs.item, "equipment_type")

    footprint = measured(
        Toy(shared),
        equipment_type=["laptop", "server", None],
        lifetime=[None, 3.0, 3.0],
        quantity=[2.0, 1.0, 1.0],
    )
    assert kilograms(footprint) == pytest.approx(400 / 6, rel=1e-12)
    (flagged,) = {said for klass in footprint.fold.classes for said in klass.outcome.assumptions}
    assert str(flagged) == "lifetime: 6 years by default (note 12)"
    assert reasons(footprint) == [Reason("no_factor", packs="toys"), Reason("type_unknown")]


def test_an_object_made_anew_for_each_case_is_told_so() -> None:
    """What case.of is given is a question: another object would be another question."""

    def anew(case: Case, packs: Packs) -> Exchange:
        flow = case.of(Packs(packs.context).item, "equipment_type")
        return case.quantity / case.number("lifetime") * flow

    with pytest.raises(PluginError, match=r"make an object whose method you give to case\.of once"):
        measured(Toy(anew), equipment_type=["laptop", "monitor"], lifetime=[4.0, 5.0])


@pytest.mark.slow
def test_cases_hold_on_to_no_row() -> None:
    """What was learnt of a batch, its verdicts included, keeps none of its columns in memory."""
    ready = prepare_method(Toy(plain), factors=pack(), as_of="2024-12-31")
    cells = {"equipment_type": ["laptop", "hat", "laptop"], "lifetime": [4.0, 4.0, None]}
    (batch,) = reen.Inventory.from_arrow(pa.table(cells)).batches()
    assert isinstance(ready.prepared, CaseMethod)
    ready.prepared.answers(batch)
    kept = weakref.ref(batch)
    del batch
    gc.collect()
    assert kept() is None


@pytest.mark.parametrize("asked", ["number", "word", "state", "has"])
def test_a_column_that_is_not_declared_is_refused(asked: str) -> None:
    """It may be left out of what is read: taken for blank, every row would have the default."""
    name = "country" if asked == "word" else "power"

    def reads(case: Case, packs: Packs) -> Exchange:
        getattr(case, asked)(name)
        return plain(case, packs)

    with pytest.raises(PluginError, match=f"reads the column '{name}' without declaring it"):
        measured(Toy(reads), equipment_type=["laptop"], lifetime=[4.0], power=[30.0])


def test_an_amount_times_nothing_is_told_so() -> None:
    """A pack that has no factor gives None, and no error of Python's own."""

    def careless(case: Case, packs: Packs) -> Exchange:
        flow: Exchange = case.quantity * packs.by_type("server")  # type: ignore[operator]
        return flow

    with pytest.raises(PluginError, match=r"quantity \[item\] was multiplied by None: expected"):
        measured(Toy(careless), equipment_type=["laptop"], lifetime=[4.0], quantity=[1.0])


def own_flow(kilograms: str) -> ReferenceFlow:
    """Return a flow that the method makes itself, of so many kilograms an item."""
    row = {
        "flow": "own",
        "reference_unit": "item",
        "stage": "embedded",
        "criterion": "climate_change",
        "value": kilograms,
        "unit": "kgCO2e/item",
        "source": "invented for a test",
    }
    factors = FactorSet.from_rows([row], pack="own")
    return ReferenceFlow(factors.flows[0], "item", factors=factors)


def with_factors_of(kilograms: str) -> Toy:
    """Return a method that gives the laptop of the pack factors of its own."""

    def function(case: Case, packs: Packs) -> Exchange:
        flow = flow_of(case, packs)
        own = attrs.evolve(own_flow(kilograms).factors, flows=(flow.key,))
        return case.quantity / lifetime_of(case, packs) * attrs.evolve(flow, factors=own)

    return Toy(function)


def test_other_factors_for_a_flow_of_a_pack_are_refused() -> None:
    """The 200 kg of the pack would count, whatever the method says: no figure, and the way out."""
    message = r"flow toys:laptop is in the factor pack 'toys' in use, and other factors come with"
    with pytest.raises(PluginError, match=message) as error:
        measured(with_factors_of("10"), equipment_type=["laptop"])
    assert "attrs.evolve(flow.key, pack='mine')" in str(error.value)


def test_the_factors_that_a_pack_has_may_come_with_its_flow() -> None:
    """They change nothing: 200 kg over 4 years."""
    footprint = measured(with_factors_of("200"), equipment_type=["laptop"])
    assert kilograms(footprint) == pytest.approx(200.0 / 4, rel=1e-12)


def test_factors_under_a_flow_of_its_own_count() -> None:
    """What the refusal proposes: 10 kg over 4 years."""

    def function(case: Case, packs: Packs) -> Exchange:
        flow = flow_of(case, packs)
        key = attrs.evolve(flow.key, pack="mine")
        own = attrs.evolve(own_flow("10").factors, flows=(key,))
        mine = attrs.evolve(flow, key=key, factors=own)
        return case.quantity / lifetime_of(case, packs) * mine

    footprint = measured(Toy(function), equipment_type=["laptop"])
    assert kilograms(footprint) == pytest.approx(10.0 / 4, rel=1e-12)


def test_factors_made_at_run_time_stand_in_the_provenance() -> None:
    """Ten times the factor is another hash; two parts add up to the hash of the whole."""

    def by_own(flow: ReferenceFlow) -> Toy:
        return Toy(lambda case, packs: case.quantity / lifetime_of(case, packs) * flow)

    one, ten = by_own(own_flow("1")), by_own(own_flow("10"))
    cells = {"equipment_type": ["laptop"] * 2, "lifetime": [4.0, 5.0]}
    made = [measured(toy, **cells).provenance for toy in (one, one, ten)]
    assert made[0].made == made[1].made != made[2].made
    assert made[0].hash == made[1].hash != made[2].hash
    assert measured(Toy(plain), **cells).provenance.made == ""
    parts = [measured(one, equipment_type=["laptop"], lifetime=[years]) for years in (4.0, 5.0)]
    assert (parts[0] + parts[1]).provenance.hash == made[0].hash
