"""Precedence: what given packs replace, and what they leave.

A given pack answers for all item flows, for the electricity of a place in every year, and for the
defaults that it holds; the method's own packs answer for the rest.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import ClassVar

import attrs
import pyarrow as pa
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
    Reason,
    constant,
)

FIELDS = (
    "flow",
    "reference_unit",
    "geography",
    "year",
    "stage",
    "criterion",
    "value",
    "unit",
    "equipment_type",
    "source",
)


def item(element: str, value: float) -> dict[str, str]:
    """Return one row of a factor file: an embedded total of an element."""
    return {
        "flow": element,
        "reference_unit": "item",
        "stage": "embedded",
        "criterion": "climate_change",
        "value": str(value),
        "unit": "kgCO2e/item",
        "source": "tests",
    }


def mix(country: str, year: int, value: float) -> dict[str, str]:
    """Return one row of a factor file: an electricity mix."""
    return {
        "flow": "electricity",
        "reference_unit": "kWh",
        "geography": country,
        "year": str(year),
        "stage": "use",
        "criterion": "climate_change",
        "value": str(value),
        "unit": "kgCO2e/kWh",
        "source": "tests",
    }


def default(equipment_type: str, parameter: str, value: float, unit: str) -> dict[str, str]:
    return {
        "equipment_type": equipment_type,
        "parameter": parameter,
        "value": str(value),
        "unit": unit,
        "source": "tests",
    }


def pack(
    *rows: dict[str, str],
    name: str = "mine",
    version: str = "1",
    defaults: tuple[dict[str, str], ...] = (),
) -> FactorPack:
    return FactorPack.from_rows(
        name=name,
        version=version,
        title="Mine",
        publisher="me",
        licence="CC0-1.0",
        source="me",
        factors=rows,
        defaults=defaults,
    )


def measure(
    *packs: FactorPack | str | Path,
    equipment_type: str = "laptop",
    country: str = "FR",
    as_of: str = "2022-12-31",
) -> reen.Footprint:
    """Return the footprint of one item kept one year that uses 100 kWh."""
    table = pa.table(
        {
            "equipment_type": [equipment_type],
            "country": [country],
            "lifetime": [1.0],
            "annual_energy": [100.0],
        }
    )
    inventory = reen.Inventory.from_arrow(table)
    return reen.measure(inventory, method="base-carbone", factors=packs, as_of=as_of)


def embedded(footprint: reen.Footprint) -> float:
    return footprint.stage_totals()[reen.Stage.EMBEDDED]


def use(footprint: reen.Footprint) -> float:
    return footprint.stage_totals()[reen.Stage.USE]


def pack_names(footprint: reen.Footprint) -> list[str]:
    return [record.name for record in footprint.provenance.packs]


def test_without_given_packs_the_method_uses_its_own() -> None:
    """156 kg and 5.2 kg, from the packs of the method, in its order."""
    footprint = measure()
    assert [embedded(footprint), use(footprint)] == pytest.approx([156.0, 5.2])
    assert pack_names(footprint) == [
        "base-carbone",
        "ademe-numerique",
        "electricity-france",
        "electricity-world",
        "equipment-defaults",
        "base-carbone-services",
        "weee-weights",
    ]


def test_a_given_item_replaces_the_own_one() -> None:
    """The element 27002 is 200 kg in the user's copy."""
    assert embedded(measure(pack(item("27002", 200.0)))) == pytest.approx(200.0)


def test_given_items_replace_all_items() -> None:
    """Item figures of two origins are never mixed: desktops have no factor any more."""
    footprint = measure(pack(item("27002", 200.0)), equipment_type="desktop")
    left_out = [str(row.reason) for row in footprint.coverage.left_out()]
    assert left_out == ["no factor for the type in mine"]


def test_given_items_leave_the_electricity() -> None:
    """The mix of France 2022 is still the method's own: 5.2 kg."""
    assert use(measure(pack(item("27002", 200.0)))) == pytest.approx(5.2)


def test_a_pack_that_nothing_is_left_of_is_not_in_the_provenance() -> None:
    """The own item packs, wholly replaced, were not used."""
    assert pack_names(measure(pack(item("27002", 200.0)))) == [
        "mine",
        "electricity-france",
        "electricity-world",
        "equipment-defaults",
        "base-carbone-services",
        "weee-weights",
    ]


def test_a_given_mix_replaces_that_of_the_place() -> None:
    """100 kWh at 0.1 in France: 10 kg."""
    assert use(measure(pack(mix("FR", 2022, 0.1)))) == pytest.approx(10.0)


def test_a_given_mix_replaces_every_year_of_the_place() -> None:
    """A series of one origin: France 2021 is not known to the given pack, so it is left out."""
    footprint = measure(pack(mix("FR", 2022, 0.1)), as_of="2021-12-31")
    (row,) = footprint.coverage.left_out()
    assert row.reason == Reason("no_mix", country="FR", year=2021, first=2022, last=2022)


def test_a_given_mix_leaves_the_other_places() -> None:
    """Germany keeps the method's own mix."""
    given, own = (
        use(measure(*packs, country="DE")) for packs in ((pack(mix("FR", 2022, 0.1)),), ())
    )
    assert given == own


def test_a_given_mix_leaves_the_items() -> None:
    """156 kg still."""
    assert embedded(measure(pack(mix("FR", 2022, 0.1)))) == pytest.approx(156.0)


def test_the_first_given_pack_comes_first() -> None:
    """Two given packs hold the same element: the first one's 200 kg count."""
    one, other = pack(item("27002", 200.0), name="one"), pack(item("27002", 300.0), name="other")
    assert embedded(measure(one, other)) == pytest.approx(200.0)
    assert embedded(measure(other, one)) == pytest.approx(300.0)


def test_the_second_given_pack_completes_the_first() -> None:
    """Laptops from one, desktops from the other."""
    one, other = pack(item("27002", 200.0), name="one"), pack(item("27003", 300.0), name="other")
    assert embedded(measure(one, other, equipment_type="desktop")) == pytest.approx(300.0)


def test_two_given_packs_of_one_name_are_refused_or_ordered() -> None:
    """Two files called factors.csv: either an error, or the first one's 200 kg, never 300."""
    one, other = (pack(item("27002", value), name="factors") for value in (200.0, 300.0))
    try:
        footprint = measure(one, other)
    except reen.ReenError:
        return
    assert embedded(footprint) == pytest.approx(200.0)


def test_a_given_default_replaces_the_own_one() -> None:
    """Two years in place of five for a laptop without lifetime: 78 kg."""
    given = pack(defaults=(default("laptop", "lifetime", 24, "month"),))
    footprint = reen.measure(
        reen.Equipment("laptop"), method="base-carbone", factors=[given], as_of="2022-12-31"
    )
    assert embedded(footprint) == pytest.approx(78.0)


def test_a_given_default_leaves_the_others() -> None:
    """Desktops keep 6 years: 169 / 6 kg."""
    given = pack(defaults=(default("laptop", "lifetime", 24, "month"),))
    footprint = reen.measure(
        reen.Equipment("desktop"), method="base-carbone", factors=[given], as_of="2022-12-31"
    )
    assert embedded(footprint) == pytest.approx(169.0 / 6.0)


def test_a_given_default_is_named_in_the_assumption() -> None:
    """Coverage says that the lifetime comes from the user's pack."""
    given = pack(defaults=(default("laptop", "lifetime", 24, "month"),))
    footprint = reen.measure(
        reen.Equipment("laptop"), method="base-carbone", factors=[given], as_of="2022-12-31"
    )
    assumed = next(row for row in footprint.coverage.assumed() if row.kind == "item")
    assert tuple(map(str, assumed.assumptions)) == ("lifetime: default of the type (mine)",)


def test_a_pack_can_be_given_by_name() -> None:
    """`electricity-world` in place of ADEME's for France: the same place, another origin."""
    library = reen.default_registry().factor_pack("electricity-world").factors
    (position,) = (
        k for k, flow in enumerate(library.flows) if (flow.geography, flow.year) == ("FR", 2022)
    )
    expected = 100.0 * library.values[position, 0, 0]
    assert use(measure("electricity-world")) == pytest.approx(expected, rel=1e-12)


def test_a_pack_can_be_given_as_a_file(tmp_path: Path) -> None:
    """A long-form CSV: 200 kg."""
    path = tmp_path / "mine.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerow(item("27002", 200.0))
    assert embedded(measure(path)) == pytest.approx(200.0)
    assert embedded(measure(str(path))) == pytest.approx(200.0)


def test_an_unknown_pack_is_refused_with_the_nearest_name() -> None:
    """`electricity-frence` is nothing."""
    with pytest.raises(reen.errors.UnknownNameError) as caught:
        measure("electricity-frence")
    assert str(caught.value).startswith(
        "Unknown factor pack 'electricity-frence'. Did you mean 'electricity-france'"
    )


def test_the_version_of_a_given_pack_is_in_the_provenance() -> None:
    """Name, version and content hash."""
    given = pack(item("27002", 200.0), version="2026-03")
    record = measure(given).provenance.packs[0]
    assert (record.name, record.version, record.digest) == ("mine", "2026-03", given.digest)


# -- a method with two item factors ---------------------------------------------------------------

MADE = Kind("item", (reen.Stage.EMBEDDED,), "item")
DRUM = Kind("drum", (reen.Stage.USE,), "item")


@attrs.frozen
class PreparedPrinting(CaseMethod):
    """The making of a printer over its life, and a drum a year."""

    context: Context
    kinds = (MADE, DRUM)
    reads: ClassVar[tuple[str, ...]] = ("equipment_type", "lifetime")

    def item(self, case: Case) -> Exchange:
        flow = case.of(self.packs.by_type, "equipment_type")
        if flow is None:
            raise LeftOut("no_factor", packs="printing")
        return case.quantity / case.lifetime * flow

    def drum(self, case: Case) -> Exchange:
        flow = self.packs.by_id("drum")
        if flow is None:
            raise LeftOut("no_factor", packs="printing")
        return case.quantity / constant("year", 1.0, "year") * flow


@attrs.frozen
class Printing:
    """A method whose packs have a printer and a drum."""

    name: ClassVar[str] = "printing"
    version: ClassVar[str] = "1"
    title: ClassVar[str] = "Printers and drums"
    reference: ClassVar[str] = "tests"
    packs: ClassVar[tuple[str, ...]] = ("printing",)
    other_items: ClassVar[tuple[str, ...]] = ("drum",)

    def prepare(self, context: Context) -> PreparedPrinting:
        return PreparedPrinting(context)


def printed(*given: FactorPack) -> dict[reen.Stage, float]:
    """Return the stages of a printer kept five years, by packs that the user gives."""
    own = pack(
        item("printer", 100.0) | {"equipment_type": "printer"},
        item("drum", 7.0) | {"stage": "use"},
        name="printing",
    )
    registry = reen.default_registry().with_packs(own)
    printer = reen.Equipment("printer", lifetime=5)
    footprint = reen.measure(
        printer, Printing(), factors=given, as_of="2022-12-31", registry=registry
    )
    return dict(footprint.stage_totals())


def test_a_given_item_leaves_what_is_no_equipment() -> None:
    """A printer of 250 kg instead of 100: 50 a year for 20; the drum of the method stays 7.

    A drum of the user's is 9, and leaves the printer; a file that has both replaces both.
    """
    made, used = reen.Stage.EMBEDDED, reen.Stage.USE
    printer = item("our-printer", 250.0) | {"equipment_type": "printer"}
    drum = item("drum", 9.0) | {"stage": "use"}
    assert printed() == {made: 20.0, used: 7.0}
    assert printed(pack(printer)) == {made: 50.0, used: 7.0}
    assert printed(pack(drum)) == {made: 20.0, used: 9.0}
    assert printed(pack(printer, drum)) == {made: 50.0, used: 9.0}
