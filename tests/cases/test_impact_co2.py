"""Impact CO2's figures of devices, by the method that runs on ADEME's study: all stages of a year.

Impact CO2 (ADEME) shows for one device the making, distribution and end of life, a lifetime, and
its electricity at 0.0519 kgCO2e/kWh.  The two last publications are held here: that of April 2024,
which this library's notes quote and a user may still hold, and that of June 2026, which is shipped.
Source: incubateur-ademe/impactco2, `numerique.ts`, figures of ADEME and Arcep (MIT).
"""

from __future__ import annotations

import pytest

import reen
from reen.plugin import FactorPack, Stage

#: kgCO2e per kWh by which Impact CO2 counts the electricity of a device.
MIX = 0.0519

#: Type: making, distribution, end of life (kgCO2e), lifetime (years), use (kgCO2e a year).
JUNE_2026 = {
    "smartphone": (77.0, 2.27, 0.246, 2.5, 0.25573725),
    "tablet": (80.5, 3.43, 0.364, 3.0, 0.947175),
    "laptop": (170.0, 12.3, 2.79, 5.0, 1.50600825),
    "desktop": (203.0, 1.85, 6.61, 6.0, 7.95627),
    "monitor": (64.6, 1.29, 3.95, 6.0, 3.7887),
}
APRIL_2024 = {
    "smartphone": (83.0, 2.1, 0.2, 2.5),
    "tablet": (56.3, 3.4, 0.4, 3.0),
    "laptop": (170.3, 12.3, 2.8, 5.0),
    "desktop": (202.6, 1.8, 6.6, 6.0),
    "monitor": (64.6, 1.3, 3.9, 6.0),
}
STAGES = (Stage.MANUFACTURING, Stage.DISTRIBUTION, Stage.END_OF_LIFE)


def pack(rows: list[dict[str, str]]) -> FactorPack:
    """Return a pack of the user's."""
    own = {"criterion": "climate_change", "source": "Impact CO2"}
    return FactorPack.from_rows(
        name="impact-co2",
        version="1",
        title="Impact CO2",
        publisher="ADEME",
        licence="MIT",
        source="Impact CO2",
        factors=[{**own, **row} for row in rows],
    )


def french_mix() -> dict[str, str]:
    """Return the electricity that Impact CO2 counts with."""
    return {
        "flow": "mix",
        "reference_unit": "kWh",
        "geography": "FR",
        "stage": "use",
        "value": str(MIX),
        "unit": "kgCO2e/kWh",
    }


@pytest.mark.parametrize("kind", JUNE_2026)
def test_the_shipped_figures(kind: str) -> None:
    """A laptop: 170 / 5 + 12.3 / 5 + 2.79 / 5 + 29.0175 kWh x 0.0519 = 38.524 kg a year."""
    *made, lifetime, use = JUNE_2026[kind]
    found = reen.measure(
        reen.Equipment(kind, country="FR", lifetime=lifetime),
        method=reen.configure(
            reen.default_registry().method("numecoeval"), {"open_completion": "true"}
        ),
        factors=pack([french_mix()]),
        as_of="2024-12-31",
    ).stage_totals()
    for stage, figure in zip(STAGES, made, strict=True):
        assert found[stage] == pytest.approx(figure / lifetime, rel=1e-9), stage
    assert found[Stage.USE] == pytest.approx(use, rel=1e-9)


@pytest.mark.parametrize("kind", APRIL_2024)
def test_the_figures_of_the_publication_before(kind: str) -> None:
    """A laptop of April 2024: (170.3 + 12.3 + 2.8) / 5 = 37.08 kg a year, by a pack."""
    *made, lifetime = APRIL_2024[kind]
    rows = [
        {
            "flow": kind,
            "reference_unit": "item",
            "equipment_type": kind,
            "stage": str(stage),
            "value": str(figure),
            "unit": "kgCO2e/item",
        }
        for stage, figure in zip(STAGES, made, strict=True)
    ]
    found = reen.measure(
        reen.Equipment(kind, country="FR", lifetime=lifetime),
        method="numecoeval",
        factors=pack(rows),
        as_of="2024-12-31",
    ).stage_totals()
    for stage, figure in zip(STAGES, made, strict=True):
        assert found[stage] == pytest.approx(figure / lifetime, rel=1e-9), stage
