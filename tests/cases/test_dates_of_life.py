"""What the dates of an asset decide at the reference date, and what its status decides first.

One laptop of 200 kgCO2e declared, kept four years: 50 kg by `declared`; 156 / 4 = 39 kg by
`base-carbone`, and 100 kWh x 0.052 = 5.2 kg of electricity in France, 2022.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

import reen
from reen.plugin import Match, Reason
from reen.plugin.arrays import Assessment, StatusRule

#: Methods that count by status, with the flow kinds that they answer for.
METHODS = {
    "declared": {"declared"},
    "base-carbone": {"item", "electricity"},
    "ecodiag": {"item", "electricity"},
}

BEFORE, AS_OF, AFTER = dt.date(2022, 12, 30), dt.date(2022, 12, 31), dt.date(2023, 1, 1)


def inventory(**columns: object) -> reen.Inventory:
    """Return one laptop with some further columns of one cell."""
    cells = {
        "equipment_type": ["laptop"],
        "country": ["FR"],
        "lifetime": [4.0],
        "annual_energy": [100.0],
        "declared_footprint": [200.0],
    }
    types = {"status": pa.string(), "retirement_date": pa.date32(), "purchase_date": pa.date32()}
    given = {name: pa.array([cell], types.get(name)) for name, cell in columns.items()}
    return reen.Inventory.from_arrow(pa.table({**cells, **given}))


def excluded(method: str, **columns: object) -> set[tuple[str, str]]:
    footprint = reen.measure(inventory(**columns), method=method, as_of=AS_OF)
    return {(row.kind, str(row.reason)) for row in footprint.coverage.excluded()}


@pytest.mark.parametrize("method", METHODS)
def test_what_was_bought_later_is_excluded(method: str) -> None:
    """It was not there at the reference date, whatever its status is today."""
    for status in ({}, {"status": "in_use"}, {"status": None}):
        assert excluded(method, purchase_date=AFTER, **status) == {
            (kind, "purchased after the reference date") for kind in METHODS[method]
        }


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("day", [None, BEFORE, AS_OF])
def test_what_was_bought_by_then_is_counted(method: str, day: dt.date | None) -> None:
    """On the day itself too; an unknown day excludes nothing."""
    assert excluded(method, purchase_date=day) == set()


@pytest.mark.parametrize("amortisation", ["physical", "accounting", "purchase-year"])
def test_the_rule_is_that_of_every_amortisation(amortisation: str) -> None:
    """Physical amortisation used to count them."""
    method = reen.configure(
        reen.default_registry().method("base-carbone"), {"amortisation": amortisation}
    )
    footprint = reen.measure(inventory(purchase_date=AFTER), method=method, as_of=AS_OF)
    assert {str(row.reason) for row in footprint.coverage} == {"purchased after the reference date"}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("status", [{}, {"status": None}, {"status": "unknown"}])
def test_what_was_retired_before_and_has_no_status_is_excluded(
    method: str, status: dict[str, str | None]
) -> None:
    """The day it left the organisation is all that is known of it."""
    assert excluded(method, retirement_date=BEFORE, **status) == {
        (kind, "retired before the reference date") for kind in METHODS[method]
    }


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("day", [AS_OF, AFTER])
@pytest.mark.parametrize("status", [{}, {"status": None}])
def test_what_is_retired_later_is_in_use(
    method: str, day: dt.date, status: dict[str, str | None]
) -> None:
    """Without a status, the date says so: nothing is assumed of it."""
    footprint = reen.measure(inventory(retirement_date=day, **status), method=method, as_of=AS_OF)
    assert {row.status.label for row in footprint.coverage} == {"assessed"}
    assert not any(
        each.parameter == "status" for row in footprint.coverage for each in row.assumptions
    )


@pytest.mark.parametrize("method", METHODS)
def test_a_status_goes_before_the_retirement_date(method: str) -> None:
    """In use though a date says otherwise, retired though the date is to come: as stated."""
    assert excluded(method, retirement_date=BEFORE, status="in_use") == set()
    assert excluded(method, retirement_date=AFTER, status="retired") == {
        (kind, "status retired") for kind in METHODS[method]
    }


def test_numecoeval_counts_every_row() -> None:
    """As its engine does, whatever the dates."""
    assert excluded("numecoeval", purchase_date=AFTER) == set()
    assert excluded("numecoeval", retirement_date=BEFORE) == set()


def test_a_file_without_statuses_leaves_the_dates_to_decide(tmp_path: Path) -> None:
    """Two laptops, one retired in 2021: 200 / 4 = 50 kg of the other, and the report says why."""
    path = tmp_path / "parc.csv"
    path.write_text(
        "Type;Date de réforme;Durée de vie (ans);Empreinte (kgCO2e)\n"
        "PC portable;15/03/2021;4;200\nPC portable;;4;200\n",
        encoding="utf-8",
    )
    read = reen.read(path, columns={"Empreinte (kgCO2e)": "declared_footprint"})
    assert read.table["status"].to_pylist() == [None, "in_use"]
    assert read.report is not None
    assert (
        "No status column: every row is in use, until its retirement date where it has one."
        in list(map(str, read.report.assumptions))
    )
    footprint = reen.measure(read, method="declared", as_of=AS_OF)
    assert float(footprint.total()) == pytest.approx(50.0, rel=1e-9)
    (row,) = footprint.coverage.excluded()
    assert str(row.reason) == "retired before the reference date"


@pytest.mark.parametrize("day", [BEFORE, AFTER, None])
def test_added_inventories_count_as_they_did_apart(day: dt.date | None) -> None:
    """A list with dates and no statuses, added to one with statuses."""
    dated, stated = inventory(retirement_date=day), inventory(status="retired")
    both = reen.measure(dated + stated, method="base-carbone", as_of=AS_OF)
    one, other = (
        reen.measure(each, method="base-carbone", as_of=AS_OF) for each in (dated, stated)
    )
    found = {(row.kind, row.status, row.reason, row.assumptions) for row in both.coverage}
    assert found == {
        (row.kind, row.status, row.reason, row.assumptions)
        for each in (one, other)
        for row in each.coverage
    }
    assert float(both.total()) == pytest.approx(float(one.total()), rel=1e-12, nan_ok=True)


def test_a_rule_without_a_date_reads_no_date() -> None:
    """What a method may ask for: statuses alone."""
    rule = StatusRule()
    batch = next(inventory(purchase_date=AFTER, retirement_date=BEFORE).batches())
    assessment = Assessment(1, match=Match.TYPE)
    rule.apply(batch, assessment)
    assert assessment.assessed.all()


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_a_day_of_leaving_that_cannot_be_read_is_no_blank(method: str, tmp_path: Path) -> None:
    """It left, nobody can read when: left out by name, unless a status says where it is."""
    path = tmp_path / "parc.csv"
    for status, reason in (("", "invalid"), ("En service", None)):
        path.write_text(
            "id,type,date de sortie,lifetime,pays,annual_energy,declared_footprint,statut\n"
            f"a,laptop,rendu hier,4,FR,100,200,{status}\n"
            f"b,laptop,,4,FR,100,200,{status}\n"
        )
        inventory = reen.read(path)
        precision = inventory.table["retirement_date_precision"].to_pylist()
        assert precision == ["unreadable", None]
        footprint = reen.measure(inventory, method=method, as_of=AS_OF)
        codes = {row.reason.code for row in footprint.coverage.left_out() if row.reason}
        assert codes == (set() if reason is None else {reason})
        assert footprint.total().complete is (reason is None)
    path.write_text(
        "id,type,date de sortie,lifetime,pays,annual_energy,declared_footprint\n"
        "a,laptop,rendu hier,4,FR,100,200\nb,laptop,,4,FR,100,200\n"
    )
    inventory = reen.read(path)
    assert inventory.table["status"].to_pylist() == [None, "in_use"]
    footprint = reen.measure(inventory, method=method, as_of=AS_OF)
    assert {row.reason for row in footprint.coverage.left_out()} == {
        Reason("invalid", column="retirement_date")
    }


@pytest.mark.slow
def test_a_day_of_purchase_that_cannot_be_read_takes_no_default(tmp_path: Path) -> None:
    """Real lifetimes: the default of the type is for blanks; who lists it has bought it."""
    path = tmp_path / "parc.csv"
    path.write_text("id,type,date achat,pays,statut\na,laptop,bientôt,FR,En service\n")
    real = reen.configure(reen.default_registry().method("numecoeval"), {"lifetime": "real"})
    footprint = reen.measure(path, method=real, as_of=AS_OF)
    (row,) = footprint.coverage.left_out()
    assert row.reason == Reason("invalid", column="purchase_date")
    flux = reen.configure(
        reen.default_registry().method("ecodiag"), {"mode": "flux", "undated": "true"}
    )
    (row,) = reen.measure(path, method=flux, as_of=AS_OF).coverage.left_out()
    assert row.reason == Reason("invalid", column="purchase_date")
    # its making is spread over the lifetime of its type, whenever it was bought
    assert reen.measure(path, method="base-carbone", as_of=AS_OF).total().complete
