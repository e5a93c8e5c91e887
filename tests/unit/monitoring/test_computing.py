"""`reen.indicators`: inputs, periods, the contract of an indicator, provenance, and the forms."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from typing import ClassVar

import attrs
import pyarrow as pa
import pytest

import reen
from reen.plugin import Reason
from reen.plugin.indicators import Direction, IndicatorContext, IndicatorValue, Target

YEAR = ("2022-01-01", "2022-12-31")

Values = Iterable[IndicatorValue]


def _rows(indicator: Rows, context: IndicatorContext) -> Values:
    assert context.inventory is not None
    yield context.value(indicator, float(len(context.inventory)), notes=("counted",))
    yield context.left_out(indicator, "nobody asked", subject="server")


@attrs.frozen
class Rows:
    """An indicator written as a plugin author would."""

    name: str = "rows"
    axis: int = 2
    needs: tuple[str, ...] = ("inventory",)
    targets: tuple[Target, ...] = ()
    compute: Callable[[Rows, IndicatorContext], Values] = _rows

    title_en: ClassVar[str] = "Rows"
    title_fr: ClassVar[str] = "Lignes"
    unit: ClassVar[str] = "1"
    formula: ClassVar[str] = "number of rows"
    denominator: ClassVar[str] = "one"
    source: ClassVar[str] = ""
    direction: ClassVar[Direction] = Direction.NONE

    def values(self, context: IndicatorContext) -> Values:
        return self.compute(self, context)


def texts(notes: tuple[Reason, ...]) -> tuple[str, ...]:
    return tuple(map(str, notes))


def inventory(*types: str) -> reen.Inventory:
    return reen.Inventory.from_arrow(pa.table({"equipment_type": list(types)}))


FLEET = inventory("laptop", "server")


def compute(indicator: object, **given: object) -> reen.types.Indicators:
    options: dict[str, object] = {"inventory": FLEET, "period": YEAR, "names": [indicator]}
    return reen.indicators(**(options | given))  # type: ignore[arg-type]


def test_values_carry_unit_period_and_titles() -> None:
    whole = compute(Rows()).get("rows")
    assert (whole.value, whole.unit, str(whole.period)) == (2.0, "1", "2022")
    assert (whole.title_en, whole.title_fr, texts(whole.notes)) == ("Rows", "Lignes", ("counted",))


def test_an_indicator_without_its_inputs_is_left_out_by_name() -> None:
    found = compute(Rows(needs=("inventory", "purchases", "footprint or headcount")))
    assert len(found) == 1
    assert str(found[0].missing) == "asks for purchases, footprint or headcount"


def test_one_of_two_alternatives_is_enough() -> None:
    assert compute(Rows(needs=("footprint or inventory",))).get("rows").value == 2.0


BOUGHT = pa.table({"date": pa.array([dt.date(2022, 3, 1)]), "quantity": [4.0]})


def test_records_are_taken_from_the_inventory_that_holds_them() -> None:
    """The purchases of the inventory, or the same apart: one value, one provenance."""
    purchases = reen.types.Purchases.from_arrow(BOUGHT)
    held = reen.Inventory.from_tables(equipment=FLEET, purchases=BOUGHT)
    counted = Rows(needs=("inventory", "purchases"))
    one, other = compute(counted, inventory=held), compute(counted, purchases=purchases)
    assert one.values == other.values
    assert one.get("rows").missing is None


def test_records_given_twice_are_refused() -> None:
    """They would count twice, or one of them be left out."""
    held = reen.Inventory.from_tables(equipment=FLEET, purchases=BOUGHT)
    with pytest.raises(
        reen.errors.OptionError, match="the inventory holds 1 rows of purchases itself"
    ):
        compute(Rows(), inventory=held, purchases=reen.types.Purchases.from_arrow(BOUGHT))


def test_an_inventory_of_purchases_alone_is_no_fleet() -> None:
    """An indicator of the fleet is left out by name, rather than nought."""
    held = reen.Inventory.from_tables(purchases=BOUGHT)
    assert str(compute(Rows(), inventory=held).get("rows").missing) == "asks for inventory"


# -- provenance ------------------------------------------------------------------------------


def provenance(fleet: reen.Inventory) -> str:
    return compute(Rows(), inventory=fleet).get("rows").provenance["inventory"]


def test_provenance_names_the_inputs_that_were_needed() -> None:
    given = compute(Rows(), headcount=reen.types.Headcount.of(3, date=dt.date(2022, 1, 1)))
    assert list(given.get("rows").provenance) == ["inventory"]


def test_provenance_does_not_depend_on_the_order_of_rows() -> None:
    assert provenance(inventory("laptop", "server")) == provenance(inventory("server", "laptop"))


def test_provenance_changes_with_a_row() -> None:
    assert provenance(FLEET) != provenance(inventory("laptop", "tablet"))
    assert provenance(FLEET) != provenance(inventory("laptop"))


def test_provenance_does_not_change_with_the_file() -> None:
    table = pa.table({"equipment_type": ["laptop", "server"], "source": ["a.csv", "b.csv"]})
    assert provenance(reen.Inventory.from_arrow(table)) == provenance(FLEET)


# -- periods ---------------------------------------------------------------------------------


def test_without_period_the_current_year() -> None:
    year = dt.datetime.now(tz=dt.UTC).year
    assert compute(Rows(), period=None).get("rows").period.start == dt.date(year, 1, 1)


@pytest.mark.parametrize("period", ["2022", ("2022-01-01",), ("2022-01-01", "soon")])
def test_a_period_that_is_none(period: object) -> None:
    with pytest.raises(reen.errors.OptionError, match=r"period=.*two dates"):
        compute(Rows(), period=period)


def test_the_target_in_force_at_the_end_is_taken() -> None:
    targets = tuple(
        Target(level, "plan", since=dt.date(year, 1, 1), until=dt.date(year, 12, 31))
        for level, year in ((1.0, 2021), (2.0, 2022), (3.0, 2023))
    )
    found = compute(Rows(targets=targets)).get("rows")
    assert found.target is targets[1]
    assert found.meets_target


def test_a_lapsed_target_is_said() -> None:
    lapsed = Target(1.0, "plan", until=dt.date(2021, 12, 31), note="ask the council")
    found = compute(Rows(targets=(lapsed,))).get("rows")
    assert found.meets_target is None
    assert str(found.notes[-1]) == "the target ended on 2021-12-31: ask the council"


# -- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given", "way"),
    [
        ("inventory", "parc.csv", r"Inventory: reen\.read"),
        ("purchases", FLEET, r"Purchases: reen\.read_records\(path, kind='purchases'\)"),
        ("headcount", 1_650, r"Headcount: reen\.read_records\(path, kind='headcount'\)"),
    ],
)
def test_an_input_of_another_kind(name: str, given: object, way: str) -> None:
    with pytest.raises(reen.errors.OptionError, match=way):
        compute(Rows(), **{name: given})


def test_an_unknown_name_proposes_the_nearest() -> None:
    with pytest.raises(reen.errors.UnknownNameError, match="Did you mean 'mean_lifetime'"):
        compute("mean_liftime")


def _nothing(*_: object) -> Values:
    return []


def _twice(indicator: Rows, context: IndicatorContext) -> Values:
    return [context.value(indicator, 1.0)] * 2


def _not_a_number(indicator: Rows, context: IndicatorContext) -> Values:
    return [context.value(indicator, float("nan"))]


def _numbers(*_: object) -> Values:
    return [1.0]  # type: ignore[list-item]


def _another(_: Rows, context: IndicatorContext) -> Values:
    return [context.value(Rows(name="others"), 1.0)]


def _fault(*_: object) -> Values:
    raise KeyError("agents")


@pytest.mark.parametrize(
    ("indicator", "message"),
    [
        (object(), "object: is no indicator: it needs name, title_en"),
        (Rows(axis=7), "indicator rows: axis 7: expected one of 1 to 6"),
        (Rows(needs=("staff",)), "needs 'staff', which is not among inventory, footprint"),
        (Rows(compute=_nothing), "returned nothing: what cannot be computed is left out by name"),
        (Rows(compute=_twice), "returned two values for the subject ''"),
        (Rows(compute=_not_a_number), "nan is no value; say why it is missing instead"),
        (Rows(compute=_numbers), "returned 1.0 instead of its own values"),
        (Rows(compute=_another), "instead of its own values"),
        (Rows(compute=_fault), "indicator rows: failed over 2022 with KeyError: 'agents'"),
    ],
)
def test_an_indicator_that_breaks_its_contract_is_named(indicator: object, message: str) -> None:
    with pytest.raises(reen.errors.PluginError) as caught:
        compute(indicator)
    assert message in str(caught.value)


# -- forms -----------------------------------------------------------------------------------


def test_values_are_found_by_name_and_subject() -> None:
    found = compute(Rows())
    assert [value.subject for value in found.named("rows")] == ["", "server"]
    assert str(found.get("rows", "server").missing) == "nobody asked"
    assert found[1:] == (found.get("rows", "server"),)
    with pytest.raises(reen.errors.UnknownNameError, match=r"of rows 'servers'.*'server'"):
        found.get("rows", "servers")
    with pytest.raises(reen.errors.UnknownNameError, match="Unknown indicator 'row'"):
        found.get("row")


def test_values_as_text() -> None:
    assert str(compute(Rows(targets=(Target(5.0, "plan"),)))) == (
        "Rows (rows), 2022; target at least 5 1\n"
        "  the whole: 2\n"
        "    note: counted\n"
        "  server: left out: nobody asked"
    )


def test_values_as_a_table() -> None:
    table = compute(Rows(targets=(Target(5.0, "plan"),))).to_arrow()
    assert table["value"].to_pylist() == [2.0, None]
    assert table["missing"].to_pylist() == [None, "nobody asked"]
    assert table["meets_target"].to_pylist() == [False, None]
    assert table["end"].to_pylist() == [dt.date(2022, 12, 31)] * 2


def test_values_written_and_read_back_are_equal() -> None:
    target = Target(5.0, "plan", since=dt.date(2020, 1, 1), note="a note")
    found = compute(Rows(targets=(target,)))
    text = found.to_json()
    assert reen.types.Indicators.from_json(text) == found
    assert json.loads(text)["values"][0]["text"] == "2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "old.json: is not JSON"),
        ("[]", "is not a file of indicators of form 'reen-indicators/2' .found None."),
        ('{"form": "reen-indicators/2"}', "is not a file of indicators: KeyError 'values'"),
    ],
)
def test_a_file_of_something_else(text: str, message: str) -> None:
    with pytest.raises(reen.errors.FileFormatError, match=message):
        reen.types.Indicators.from_json(text, source="old.json")
