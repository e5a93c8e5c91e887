"""The factor library: flows by id, type, place and year; defaults by type and parameter."""

from __future__ import annotations

import pickle
from typing import Literal

import attrs
import numpy as np
import pytest

from reen.factors.factor_set import FactorSet
from reen.factors.flow import Flow
from reen.factors.library import FactorLibrary
from reen.factors.pack import FactorPack
from reen.vocabulary.stages import Stage


def row(flow: str, unit: str = "item", **more: str) -> dict[str, str]:
    stage = "use" if unit == "kWh" else "embedded"
    return {
        "flow": flow,
        "reference_unit": unit,
        "stage": stage,
        "criterion": "climate_change",
        "value": "1",
        "unit": f"kgCO2e/{unit}",
        "source": "s",
        **more,
    }


def pack(name: str, *rows: dict[str, str], defaults: tuple[dict[str, str], ...] = ()) -> FactorPack:
    return FactorPack.from_rows(
        name=name,
        version="1",
        title="",
        publisher="",
        licence="",
        source="",
        factors=rows,
        defaults=defaults,
    )


def mixes(*places: tuple[str, int], name: str = "mixes") -> FactorPack:
    return pack(
        name,
        *(row("electricity", "kWh", geography=place, year=str(year)) for place, year in places),
    )


LIBRARY = FactorLibrary.of(
    [
        pack(
            "items", row("27002", equipment_type="laptop"), row("27003", equipment_type="desktop")
        ),
        mixes(("FR", 2020), ("FR", 2024), ("DE", 2022)),
    ]
)


def found(position: int) -> str:
    return str(LIBRARY.factors.flows[position]) if position >= 0 else "nothing"


def test_by_id() -> None:
    """The position among all flows, -1 for none."""
    assert found(LIBRARY.by_id("27003")) == "items:27003"
    assert LIBRARY.by_id("99999") == -1


def test_by_type() -> None:
    """The flow that answers for a type of equipment."""
    assert found(LIBRARY.by_type("desktop")) == "items:27003"
    assert LIBRARY.by_type("server") == -1


def test_by_key() -> None:
    """The exact flow."""
    assert found(LIBRARY.flow(Flow("mixes", "electricity", "DE", 2022))).endswith("(DE, 2022)")
    assert LIBRARY.flow(Flow("mixes", "electricity", "DE", 2023)) == -1


def test_electricity_of_a_place_and_year() -> None:
    """No other year is taken."""
    assert found(LIBRARY.electricity("FR", 2024)).endswith("(FR, 2024)")
    assert LIBRARY.electricity("FR", 2022) == -1
    assert LIBRARY.electricity("BR", 2022) == -1


def test_years_of_a_place() -> None:
    """Sorted; none for a place without mixes."""
    assert LIBRARY.electricity_years("FR") == (2020, 2024)
    assert LIBRARY.electricity_years("BR") == ()


@pytest.mark.parametrize(
    ("year", "nearest"), [(2015, 2020), (2021, 2020), (2022, 2020), (2030, 2024)]
)
def test_the_nearest_year(year: int, nearest: int) -> None:
    """The earlier of two at the same distance."""
    assert found(LIBRARY.nearest_electricity("FR", year)).endswith(f"(FR, {nearest})")


def test_the_nearest_year_of_nowhere() -> None:
    """A place without mixes has none."""
    assert LIBRARY.nearest_electricity("BR", 2022) == -1


def test_defaults_by_type_and_parameter() -> None:
    """From the first pack that has one."""
    given, own = (
        pack(
            name,
            defaults=(
                {
                    "equipment_type": "laptop",
                    "parameter": "lifetime",
                    "value": value,
                    "unit": "year",
                    "source": "s",
                },
            ),
        )
        for name, value in (("given", "2"), ("own", "5"))
    )
    library = FactorLibrary.of([own], [given])
    default = library.default("laptop", "lifetime")
    assert default is not None
    assert (default.value, default.pack) == (2.0, "given")
    assert library.default("laptop", "power") is None


def test_nothing_at_all() -> None:
    """A method without packs has an empty library."""
    library = FactorLibrary.of([])
    assert (library.packs, len(library.factors), library.by_id("27002")) == ((), 0, -1)


def test_own_packs_come_in_order() -> None:
    """Of two own packs that hold one place and year, the first counts."""
    library = FactorLibrary.of([mixes(("FR", 2022), name="one"), mixes(("FR", 2022), name="two")])
    assert library.factors.flows[library.electricity("FR", 2022)].pack == "one"


@pytest.mark.parametrize(
    ("country", "year", "choose", "place", "note", "name"),
    [
        ("FR", 2022, "exact", "one (FR, 2022)", "", ""),
        ("FR", 2021, "latest", "two (FR, 2021)", "another series, one having none for 2021", "two"),
        ("FR", 2023, "exact", "nothing", "", ""),
        (
            "FR",
            2024,
            "latest",
            "one (FR, 2022)",
            "2022, the last published year, provisional for 2024",
            "one",
        ),
        ("FR", 2025, "latest", "nothing", "", ""),
        ("FR", 2020, "latest", "nothing", "", ""),
        ("FR", 2030, "nearest", "one (FR, 2022)", "nearest year to 2030", ""),
        ("DE", 2022, "exact", "two (DE)", "mix of no stated year, taken for 2022", "two"),
        (
            "RE",
            2022,
            "latest",
            "two (RE)",
            "one factor without a series, validity printed: 2020-12, taken for 2022",
            "two",
        ),
        ("BR", 2022, "nearest", "nothing", "", ""),
    ],
)
def test_a_mix_says_what_it_is(
    country: str,
    year: int,
    *,
    choose: Literal["exact", "latest", "nearest"],
    place: str,
    note: str,
    name: str,
) -> None:
    """The plain answer has no note; another series, year, or none has one, with its pack.

    The last published year serves two years on (2024), not three, and no year before the series.
    """
    undated = row("electricity", "kWh", geography="DE")
    valid = row("electricity", "kWh", geography="RE", validity="2020-12")
    two = pack(
        "two",
        *(row("electricity", "kWh", geography="FR", year=text) for text in ("2021", "2022")),
        undated,
        valid,
    )
    library = FactorLibrary.of([mixes(("FR", 2022), name="one"), two])
    mix = library.mix(country, year, choose=choose)
    flow = library.factors.flows[mix.position] if mix.position >= 0 else None
    found = "nothing" if flow is None else str(flow).replace(":electricity", "")
    assert (found, str(mix.note or ""), mix.pack) == (place, note, name)
    assert library.places == ("FR", "DE", "RE")


def test_rows_are_of_the_packs_and_of_what_was_made() -> None:
    """In the order asked for; what a pack has is the pack's; of two that were made, the first."""
    known = Flow("items", "27002")
    made = FactorSet.concatenate(
        [
            pack("made", row("new", value="5")).factors,
            pack("items", row("27002", value="9")).factors,
            pack("made", row("new", value="6")).factors,
        ]
    )
    found = LIBRARY.rows([Flow("made", "new"), known, known], made)
    assert found.flows == (Flow("made", "new"), known, known)
    assert found.values[:, found.stages.index(Stage.EMBEDDED), 0].tolist() == [5.0, 1.0, 1.0]
    assert LIBRARY.rows([known]).flows == (known,)
    with pytest.raises(KeyError):
        LIBRARY.rows([Flow("made", "new")])


def test_positions_and_negative_criteria_are_worked_out_of_the_flows() -> None:
    """Two flows, the first of -1: its criterion is negative; nothing of it can be changed."""
    factors = pack("p", row("a", value="-1"), row("b")).factors
    assert dict(factors.position) == {flow: k for k, flow in enumerate(factors.flows)}
    assert factors.negative == {"climate_change"}
    assert not pack("q", row("a"), row("b")).factors.negative
    with pytest.raises(TypeError):
        factors.position[Flow("p", "c")] = 3  # type: ignore[index]
    assert pickle.loads(pickle.dumps(factors)) == factors  # noqa: S301 - our own bytes
    twice = factors.take([1, 0, 1])
    assert dict(twice.position) == {Flow("p", "b"): 0, Flow("p", "a"): 1}


def test_arrays_made_of_other_numbers_become_float64_when_put_together() -> None:
    """A method may make float32 on the axes of another set."""
    factors = pack("p", row("a")).factors
    narrow = attrs.evolve(
        factors,
        **{
            name: getattr(factors, name).astype(np.float32)
            for name in ("values", "lower", "upper", "spread")
        },
    )
    assert FactorSet.concatenate([narrow]).values.dtype == np.float64
