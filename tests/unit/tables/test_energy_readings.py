"""Energy readings: meters, periods and hours, as French files write them.

All files are invented.  Instants are compared in UTC: Paris is one hour ahead in winter and two in
summer.
"""

from __future__ import annotations

import datetime as dt
import io
import zoneinfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen
from reen.errors import InventoryError
from reen.inventory.issues import Severity
from reen.plugin.files import FileMapping, TableMapping
from reen.types import Fate

UTC = dt.UTC
PARIS = zoneinfo.ZoneInfo("Europe/Paris")


def read(text: str, name: str = "releves.csv") -> reen.Inventory:
    return reen.read(text.encode(), name=name)


def instants(text: str) -> list[tuple[str | None, str | None]]:
    """Return the beginning and the end of each period."""
    rows = read(text).energy_readings.select(["period_start", "period_end"]).to_pylist()
    return [tuple(_shown(each) for each in row.values()) for row in rows]  # type: ignore[misc]


def _shown(instant: dt.datetime | None) -> str | None:
    return None if instant is None else f"{instant:%Y-%m-%dT%H:%M:%S}"


def codes(inventory: reen.Inventory) -> dict[str, Severity]:
    return {issue.reason.code: issue.severity for issue in inventory.issues}


FRENCH = (
    "PRM;Bâtiment;Du;Au;Énergie active (kWh);Périmètre;Nature du relevé\n"
    "01234567890123;Hôtel de ville;01/01/2024;31/01/2024;1 213,5;total;facture\n"
    "01234567890123;Hôtel de ville;01/02/2024;29/02/2024;1 100,25;total;estimé\n"
)


def test_a_french_bill() -> None:
    """A number of 14 digits is text; 1 213,5 is a number; a bill from 1 to 31 has 31 days."""
    inventory = read(FRENCH)
    rows = inventory.energy_readings.drop_columns(["source", "source_row"]).to_pylist()
    assert rows == [
        {
            "meter_id": "01234567890123",
            "subject_id": "Hôtel de ville",
            "period_start": dt.datetime(2023, 12, 31, 23, tzinfo=UTC),
            "period_end": dt.datetime(2024, 1, 31, 23, tzinfo=UTC),
            "energy": 1213.5,
            "scope": "total",
            "method": "invoice",
        },
        {
            "meter_id": "01234567890123",
            "subject_id": "Hôtel de ville",
            "period_start": dt.datetime(2024, 1, 31, 23, tzinfo=UTC),
            "period_end": dt.datetime(2024, 2, 29, 23, tzinfo=UTC),
            "energy": 1100.25,
            "scope": "total",
            "method": "estimate",
        },
    ]
    assert codes(inventory) == dict.fromkeys(("local_time", "last_day_counts"), Severity.NOTE)


@pytest.mark.parametrize(
    ("periods", "end", "code"),
    [
        # the second begins the day after the first ends
        (("10/01/2024;09/02/2024", "10/02/2024;09/03/2024"), "2024-02-09T23:00:00", "counts"),
        # the second begins the day on which the first ends
        (("10/01/2024;10/02/2024", "10/02/2024;10/03/2024"), "2024-02-09T23:00:00", "excluded"),
        # one day each
        (("10/01/2024;10/01/2024", "11/01/2024;11/01/2024"), "2024-01-10T23:00:00", "counts"),
        # from month to month
        (("01/01/2024;01/03/2024",), "2024-02-29T23:00:00", "excluded"),
        (("01/01/2024;29/02/2024",), "2024-02-29T23:00:00", "counts"),
        # one period, and nothing beside it
        (("10/01/2024;09/02/2024",), "2024-02-08T23:00:00", "unknown"),
    ],
)
def test_whether_a_last_day_counts(periods: tuple[str, ...], end: str, code: str) -> None:
    text = "PRM;Du;Au;kWh actifs;Énergie\n" + "".join(f"1;{each};;5\n" for each in periods)
    assert instants(text)[0][1] == end
    assert f"last_day_{code}" in codes(read(text))


def test_hours_of_the_day_the_clocks_change() -> None:
    """On 31 March 2024, 01:30 is 00:30 UTC and 03:30 is 01:30 UTC; 02:30 does not exist.

    On 27 October, 02:30 comes twice (00:30 and 01:30 UTC): the first is taken, and doubted.
    """
    text = (
        "PRM;Début;Fin;Consommation (Wh)\n"
        "1;31/03/2024 01:30;31/03/2024 03:30;500\n"
        "1;27/10/2024 01:30;27/10/2024 02:30;500\n"
        "1;27/10/2024 02:30;27/10/2024 03:30;500\n"
    )
    assert instants(text) == [
        ("2024-03-31T00:30:00", "2024-03-31T01:30:00"),
        ("2024-10-26T23:30:00", "2024-10-27T00:30:00"),
        ("2024-10-27T00:30:00", "2024-10-27T02:30:00"),
    ]
    inventory = read(text)
    assert codes(inventory)["hour_of_clock_change"] is Severity.DOUBT
    assert inventory.energy_readings.schema.field("energy").metadata == {b"unit": b"Wh"}


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2024-07-01T12:00:00Z", "2024-07-01T12:00:00"),
        ("2024-07-01T12:00:00+02:00", "2024-07-01T10:00:00"),
        ("2024-07-01 12:00:00-0400", "2024-07-01T16:00:00"),
        ("2024-07-01 12:00 UTC", "2024-07-01T12:00:00"),
        ("2024-07-01T12:00:00", "2024-07-01T10:00:00"),
        ("01/07/2024 14h15", "2024-07-01T12:15:00"),
        ("01/07/2024 02:15 PM", "2024-07-01T12:15:00"),
        ("01/07/2024 12:15 am", "2024-06-30T22:15:00"),
        ("30/06/2024 24:00", "2024-06-30T22:00:00"),
        ("45474.5", "2024-07-01T10:00:00"),
    ],
)
def test_a_written_instant(written: str, utc: str) -> None:
    """45474.5 is noon of 1 July 2024 in a spreadsheet; hours without a zone are those of Paris."""
    text = f"PRM;Date de fin;Index (kWh)\n1;{written};10\n1;20/06/2024 08:00;9\n"
    assert instants(text)[0] == (None, utc)


@pytest.mark.parametrize("written", ["01/07/2024 25:00", "01/07/2024 12:75", "01/07/2024 12:00+2"])
def test_an_hour_that_is_none_is_told(written: str) -> None:
    """The row stays, without its instant: midnight would be invented."""
    text = f"PRM;Début;Fin;Énergie (kWh)\n1;01/06/2024 00:00;{written};5\n1;;01/05/2024 08:00;4\n"
    inventory = read(text)
    assert inventory.energy_readings["period_end"].to_pylist()[0] is None
    assert codes(inventory)["no_hour"] is Severity.CELL


@pytest.mark.slow
@given(seconds=st.integers(0, 35 * 365 * 86_400))
def test_local_time_is_that_of_the_place(seconds: int) -> None:
    """From 2000 to 2034, what the time zone database says."""
    moment = dt.datetime(2000, 1, 1, tzinfo=UTC) + dt.timedelta(seconds=seconds)
    text = f"PRM;Date de fin;Index (kWh)\n1;{moment:%d/%m/%Y %H:%M:%S};1\n1;01/02/2001 08:00;1\n"
    found = read(text).energy_readings["period_end"].to_pylist()[0]
    assert found == moment.replace(tzinfo=PARIS).astimezone(UTC)


def test_a_month_is_a_period() -> None:
    text = "PRM;Mois;Consommation (MWh)\n1;janvier 2024;1,5\n1;02/2024;1,25\n"
    assert instants(text) == [
        ("2023-12-31T23:00:00", "2024-01-31T23:00:00"),
        ("2024-01-31T23:00:00", "2024-02-29T23:00:00"),
    ]


def test_a_day_alone_is_no_period() -> None:
    """An index has a day and no beginning: none is made up."""
    inventory = read("PRM;Date de relevé;Index\n1;01/02/2024;15000\n1;01/03/2024;15500\n")
    assert instants("PRM;Date de relevé;Index\n1;01/02/2024;15000\n") == [
        (None, "2024-01-31T23:00:00")
    ]
    assert codes(inventory)["period_unknown"] is Severity.NOTE


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    inventory = read("PRM;Du;Au;Conso\n1;01/02/2024;01/01/2024;5\n1;01/02/2024;01/03/2024;6\n")
    assert inventory.energy_readings["period_start"].to_pylist()[0] is None
    assert codes(inventory)["ends_before_it_begins"] is Severity.CELL


def test_the_power_of_a_contract_is_no_mean_power() -> None:
    text = (
        "PRM;Du;Au;Conso;Puissance souscrite (kVA);Puissance (kVA)\n"
        "1;01/01/2024;31/01/2024;5;36;36\n"
    )
    assert "power" not in read(text).energy_readings.column_names
    text = "Outlet;Start;End;Mean power (kW)\np1;2024-01-01T00:00Z;2024-01-01T01:00Z;1.5\n"
    (part,) = read(text).energy_readings.select(["meter_id", "power"]).to_pylist()
    assert part == {"meter_id": "p1", "power": 1.5}


def test_a_total_of_readings_is_none() -> None:
    inventory = read(FRENCH + "Total;;;;2 313,75;;\n")
    account = inventory.account_of("energy_readings")
    assert (account.rows_of(Fate.COUNTED), account.rows_of(Fate.SET_ASIDE)) == (2, 1)


def test_who_signed_the_contract_is_left_out() -> None:
    text = "PRM;Titulaire;Du;Au;Conso\n1;Camille Untel;01/01/2024;31/01/2024;5\n"
    assert "Untel" not in str(read(text).energy_readings.to_pylist())


def test_readings_need_a_meter() -> None:
    with pytest.raises(InventoryError, match="meter_id"):
        reen.read(
            b"Du;Au;Conso (kWh);Puissance moyenne\n01/01/2024;31/01/2024;5;1\n",
            name="courbe de charge.csv",
            mapping=FileMapping(
                name="own", tables=(TableMapping(kind="energy_readings", files=("*",)),)
            ),
        )


def test_a_workbook_of_a_fleet_and_its_meters() -> None:
    """Sheets of two kinds; cells of dates and hours are what they are."""
    book = openpyxl.Workbook()
    fleet = book.worksheets[0]
    fleet.title = "Parc"
    for row in (["Type", "Quantité"], ["Écran", 12]):
        fleet.append(row)
    meters = book.create_sheet("Compteurs")
    for row in (
        ["PRM", "Type de site", "Site", "Date de début", "Date de fin", "Énergie active (kWh)"],
        ["1", "Salle serveurs", "S1", *(dt.datetime(2024, 7, 1, hour) for hour in (8, 9)), 2.5],  # noqa: DTZ001 - cells have no zone
    ):
        meters.append(row)
    target = io.BytesIO()
    book.save(target)
    inventory = reen.read(target.getvalue(), name="parc.xlsx")
    assert len(inventory) == 1
    (row,) = inventory.energy_readings.to_pylist()
    assert (row["subject_kind"], row["subject_id"], row["energy"]) == ("datacenter", "S1", 2.5)
    assert row["period_start"] == dt.datetime(2024, 7, 1, 6, tzinfo=UTC)
    assert row["period_end"] == dt.datetime(2024, 7, 1, 7, tzinfo=UTC)


def test_what_is_written_is_read_again() -> None:
    one = read(FRENCH).energy_readings.drop_columns(["source", "source_row"])
    rows = "".join(
        f"{row['meter_id']},{row['period_start']:%Y-%m-%dT%H:%M:%SZ},"
        f"{row['period_end']:%Y-%m-%d %H:%M:%SZ},{row['energy']}\n"
        for row in one.to_pylist()
    )
    again = read(f"meter_id,period_start,period_end,energy_kwh\n{rows}").energy_readings
    for column in ("period_start", "period_end", "energy"):
        assert again[column].to_pylist() == one[column].to_pylist()


@pytest.mark.parametrize(("column", "unit"), [("it_energy", "kWh/year"), ("water", "m^3/year")])
def test_what_a_data_centre_uses_is_of_a_year(column: str, unit: str) -> None:
    """`it_energy_kwh` leaves out the year, as `annual_energy_kwh` does."""
    written = {"it_energy": "it_energy_kwh", "water": "water_m3"}[column]
    table = read(f"id,pue,{written},floor_area_m2\nd1,1.5,1200,30\n", "dc.csv").datacenters
    assert table[column].to_pylist() == [1200.0]
    assert table.schema.field(column).metadata == {b"unit": unit.encode()}
    assert table["floor_area"].to_pylist() == [30.0]
