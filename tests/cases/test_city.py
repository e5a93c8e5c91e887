"""A plausible city by base-carbone: what share of its equipment has a factor, at a pinned date.

Fourteen lines of one authority, 1,552 items, by published figures and by documented proxies.  The
date is one whose year has no electricity published yet.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import attrs
import pyarrow as pa
import pytest

import reen
from reen.plugin import Method, Reason
from reen.plugin.arrays import Status

#: (type, items, year of purchase, lifetime in years).
CITY = (
    ("laptop", 100, 2023, 5.0),
    ("monitor", 150, 2022, 6.0),
    ("server", 4, 2021, 5.0),
    ("switch", 40, 2020, 7.0),
    ("printer", 20, 2020, 5.0),
    ("wifi_access_point", 186, 2020, 7.0),
    ("interactive_display", 230, 2018, 10.0),
    ("desk_phone", 300, 2018, 10.0),
    ("iot", 50, 2019, 8.0),
    ("iot", 400, 2021, 8.0),
    ("ups", 6, 2019, 10.0),
    ("storage", 2, 2022, 6.0),
    ("video_projector", 34, 2018, 8.0),
    ("multifunction_printer", 30, 2021, 5.0),
)

AS_OF = "2026-11-29"


@pytest.fixture(scope="module")
def city() -> reen.Inventory:
    kinds, items, years, lifetimes = zip(*CITY, strict=True)
    fleet = pa.table(
        {
            "equipment_type": kinds,
            "quantity": [float(each) for each in items],
            "country": ["FR"] * len(CITY),
            "purchase_date": [dt.date(year, 1, 1) for year in years],
            "lifetime": lifetimes,
        }
    )
    return reen.Inventory.from_arrow(fleet)


@pytest.fixture(scope="module")
def footprint(city: reen.Inventory) -> reen.Footprint:
    return reen.measure(city, method="base-carbone", as_of=AS_OF)


def by_proxies(city: reen.Inventory, *by: str) -> reen.Footprint:
    method = reen.configure(reen.default_registry().method("base-carbone"), {"proxies": "true"})
    return reen.measure(city, method=method, as_of=AS_OF, by=by)


def counted(footprint: reen.Footprint, kind: str) -> float:
    return sum(
        row.quantity
        for row in footprint.coverage
        if row.kind == kind and row.status is Status.ASSESSED
    )


def test_making_of_a_fifth_of_the_city(footprint: reen.Footprint) -> None:
    """100 + 150 + 4 + 40 + 20 + 34 + 30 = 378 of 1,552 items: 24 %.

    By the pack 2026.1 it was 608 (39 %): 300 desk phones have left, whose element is archived, 30
    copiers have come with the release, and 40 switches with ADEME's digital figures.
    """
    assert counted(footprint, "item") == 378.0
    assert sum(items for _, items, *_ in CITY) == 1552


def test_the_making_by_hand(footprint: reen.Footprint) -> None:
    """100 x 156/5 + 150 x 248/6 + 4 x 600/5 + 20 x 197/5 + 34 x 145/8 + 30 x 87.9/5, 40 x 367/7.

    3,120 + 6,200 + 480 + 788 + 616.25 + 527.4 + 2,097.142857... = 13,828.792857 kg a year.
    """
    making = footprint.stage_totals()[reen.Stage.EMBEDDED]
    assert making == pytest.approx(11_731.65 + 40 * 367 / 7, rel=1e-12)


def test_use_of_a_fifth_of_the_city_with_the_last_published_year(
    footprint: reen.Footprint,
) -> None:
    """100 x 29.0175 + 150 x 73 + 20 x 21.9 + 34 x 36.5 = 15,530.75 kWh x 0.0461 kg (2025).

    304 of 1,552 items, 20 %; with no electricity for 2026 it was none.
    """
    assert counted(footprint, "electricity") == 304.0
    use = footprint.stage_totals()[reen.Stage.USE]
    assert use == pytest.approx(15_530.75 * 0.0461, rel=1e-12)
    said = [
        each for row in footprint.coverage for each in map(str, row.assumptions) if "2025" in each
    ]
    assert set(said) == {
        "electricity: 2025, the last published year, provisional for 2026 (electricity-france)"
    }


# -- by documented proxies -------------------------------------------------------------------


def test_proxies_change_no_published_figure(
    city: reen.Inventory, footprint: reen.Footprint
) -> None:
    """Asked for, they stand beside: sums, factors and coverage are the same to the bit."""
    asked = by_proxies(city)
    assert footprint.apart == {}
    assert list(asked.apart) == ["proxy"]
    # the digest of the rows and every amount, class and example
    assert asked.fold == footprint.fold
    assert asked.factors == footprint.factors
    assert asked.totals() == footprint.totals()
    assert [pack.name for pack in asked.provenance.packs] == [
        pack.name for pack in footprint.provenance.packs
    ]


def test_what_is_counted_with_proxies(city: reen.Inventory) -> None:
    """Making of all 1,552 items; use of 304 + 1,202 = 1,506 (97 %).

    No open source gives what 40 switches and 6 UPS use.
    """
    other = by_proxies(city).apart["proxy"]
    assert other is not None
    assert counted(other, "item") == 1552.0 - 378.0
    assert counted(other, "electricity") == 1202.0
    left_out = {(row.kind, row.equipment_type, row.quantity) for row in other.coverage.left_out()}
    assert left_out == {("electricity", "switch", 40.0), ("electricity", "ups", 6.0)}


def test_the_line_by_proxy_by_hand(city: reen.Inventory) -> None:
    """Making: 186 x 41.2/7 + 300 x 17/10 + 450 x 9.72/8 + 6 x 220/10 + 2 x 1728/6 + 230 x F/10.

    F, an interactive display: 1083 kg x 1.5507 m2 / 2 m2 = 839.694.  Use: 186 x 70.08 + 300 x
    33.6384 + 450 x 17.52 + 4 x 3214.92 + 2 x 630.72 + 30 x 21.9 + 230 x 137.109 kWh, x 0.0461 kg.
    """
    other = by_proxies(city).apart["proxy"]
    assert other is not None
    stages = other.stage_totals()
    made = 186 * 41.2 / 7 + 300 * 17 / 10 + 450 * 9.72 / 8 + 6 * 220 / 10 + 2 * 1728 / 6
    assert stages[reen.Stage.EMBEDDED] == pytest.approx(made + 230 * 839.694 / 10, rel=1e-6)
    used = 186 * 70.08 + 300 * 33.6384 + 450 * 17.52 + 4 * 3214.92 + 2 * 630.72 + 30 * 21.9
    assert stages[reen.Stage.USE] == pytest.approx((used + 230 * 137.109) * 0.0461, rel=1e-5)


def test_what_archived_elements_count_is_in_a_line_of_its_own(
    city: reen.Inventory, footprint: reen.Footprint
) -> None:
    """300 desk phones x 17 kg / 10 years = 510 kg; the proxies then count 1,174 - 300 = 874 items.

    The headline does not move, and no item is in two lines.
    """
    base = reen.default_registry().method("base-carbone")
    method = reen.configure(base, {"archived": "true", "proxies": "true"})
    asked = reen.measure(city, method=method, as_of=AS_OF)
    assert float(asked.total()) == float(footprint.total())
    archived, proxy = asked.apart["archived_element"], asked.apart["proxy"]
    assert float(archived.total()) == pytest.approx(510.0, rel=1e-12)
    assert (counted(archived, "item"), counted(archived, "electricity")) == (300.0, 0.0)
    assert (counted(proxy, "item"), counted(proxy, "electricity")) == (874.0, 1202.0)
    by_proxy = float(by_proxies(city).apart["proxy"].total())
    assert float(proxy.total()) == pytest.approx(by_proxy - 510.0)
    assert "+ at least 510 kgCO2e/year by archived element (making of 300 items); no" in str(asked)


def test_every_item_by_proxy_is_matched_so(city: reen.Inventory) -> None:
    """And says which pack it borrows from; nothing else is in that line."""
    other = by_proxies(city).apart["proxy"]
    assert other is not None
    assessed = [row for row in other.coverage if row.status is Status.ASSESSED]
    assert {row.match.label for row in assessed} == {"proxy"}
    assert all(any("(proxies)" in str(each) for each in row.assumptions) for row in assessed)
    published = {row.reason for row in other.coverage.excluded()}
    assert published == {Reason("counted_as_published")}


@pytest.mark.slow
def test_the_line_by_proxy_is_said_apart(city: reen.Inventory) -> None:
    text = str(by_proxies(city))
    assert "climate_change: >= 14.54 tCO2e/year" in text
    (line,) = (each for each in text.splitlines() if "by proxy" in each)
    assert line.strip() == (
        "Climate change: + at least 25.74 tCO2e/year by proxy (making of 1,174 items, electricity"
        " of 1,202 items), with its factors between 16.6 and 41.23; no part of the total"
    )
    assert "no part of the total" in by_proxies(city)._repr_html_()


@pytest.mark.slow
def test_a_footprint_with_proxies_adds_sums_up_and_is_read_back(
    city: reen.Inventory, tmp_path: Path
) -> None:
    whole = by_proxies(city, "equipment_type")
    assert list(whole.apart) == ["proxy"]
    alone = by_proxies(city).apart["proxy"]
    assert alone is not None
    assert float(whole.by().apart["proxy"].total()) == pytest.approx(float(alone.total()))
    twice = whole + whole
    assert list(twice.apart) == ["proxy"]
    assert float(twice.apart["proxy"].total()) == pytest.approx(2.0 * float(alone.total()))
    for name in ("footprint.json", "footprint.parquet"):
        reen.write_footprint(whole, tmp_path / name)
        again = reen.read_footprint(tmp_path / name)
        assert again == whole
        assert again.apart["proxy"] == whole.apart["proxy"]
    with pytest.raises(reen.errors.OptionError, match="proxies"):
        whole + reen.measure(city, method="base-carbone", as_of=AS_OF, by="equipment_type")


def method_of(proxies: str) -> Method:
    return reen.configure(reen.default_registry().method("base-carbone"), {"proxies": proxies})


def test_the_line_alone_is_a_method_like_another(city: reen.Inventory) -> None:
    """`proxies=only` gives what stands beside; `proxies=true` is no figure to compare."""
    other = by_proxies(city).apart["proxy"]
    assert reen.measure(city, method=method_of("only"), as_of=AS_OF) == other
    with pytest.raises(reen.errors.OptionError, match="proxies=only"):
        reen.compare(city, methods=["declared", method_of("true")], as_of=AS_OF)


def test_one_item_and_its_explanation_have_the_line_too() -> None:
    """One access point over 7 years: 41.2 / 7 kg, and 70.08 kWh x 0.0461."""
    item = reen.Equipment("wifi_access_point", lifetime="7 year", country="FR")
    prepared = reen.prepare(method_of("true"), as_of="2025-12-31")
    for quantity in (1, 3):
        found = prepared.measure(attrs.evolve(item, quantity=quantity)).apart["proxy"]
        assert found is not None
        assert float(found.total()) == pytest.approx(quantity * (41.2 / 7 + 70.08 * 0.0461))
    explained = reen.explain(item, method=method_of("true"), as_of="2025-12-31")
    assert explained.left_out
    assert list(explained.apart) == ["proxy"]
    assert explained.apart["proxy"].total() == pytest.approx(41.2 / 7 + 70.08 * 0.0461)
    assert "by proxy, no part of the figure" in str(explained)


def test_a_stream_is_not_read_twice(city: reen.Inventory) -> None:
    with pytest.raises(reen.errors.OptionError, match="read twice"):
        reen.measure(city.table.to_reader(), method=method_of("true"), as_of=AS_OF)
