import pickle

import pint
import pytest

from reen.errors import UnknownNameError
from reen.vocabulary.criteria import Criteria, Criterion, bundled_criteria
from reen.vocabulary.lookup import VocabularyError

#: Commission Recommendation (EU) 2021/2279: the sixteen categories, and the unit of each.
EF = {
    "climate_change": "kg CO2 eq",
    "ozone_depletion": "kg CFC-11 eq",
    "human_toxicity_cancer": "CTUh",
    "human_toxicity_non_cancer": "CTUh",
    "particulate_matter": "disease incidence",
    "ionising_radiation": "kBq U-235 eq",
    "photochemical_ozone_formation": "kg NMVOC eq",
    "acidification": "mol H+ eq",
    "eutrophication_terrestrial": "mol N eq",
    "eutrophication_freshwater": "kg P eq",
    "eutrophication_marine": "kg N eq",
    "ecotoxicity_freshwater": "CTUe",
    "land_use": "Pt",
    "water_use": "m3 world eq",
    "resource_use_fossils": "MJ",
    "resource_use_minerals_metals": "kg Sb eq",
}

#: Our names of the units: factor files are written with them.
UNITS = {
    "climate_change": "kgCO2e",
    "ozone_depletion": "kgCFC11e",
    "human_toxicity_cancer": "CTUh_c",
    "human_toxicity_non_cancer": "CTUh_nc",
    "particulate_matter": "disease_incidence",
    "ionising_radiation": "kBqU235e",
    "photochemical_ozone_formation": "kgNMVOCe",
    "acidification": "molHe",
    "eutrophication_terrestrial": "molNe",
    "eutrophication_freshwater": "kgPe",
    "eutrophication_marine": "kgNe",
    "ecotoxicity_freshwater": "CTUe",
    "land_use": "Pt_land",
    "water_use": "m3_world_e",
    "resource_use_fossils": "MJ_fossil",
    "resource_use_minerals_metals": "kgSbe",
    "climate_change_fossil": "kgCO2e_fossil",
    "climate_change_biogenic": "kgCO2e_biogenic",
    "climate_change_land_use": "kgCO2e_luluc",
    "material_input_per_service": "kg_material",
    "abiotic_depletion": "kgSbe_total",
    "primary_energy": "MJ_primary",
    "final_energy": "kWh_final",
    "fresh_water_net_use": "m3_fresh",
}

#: What each tool calls its columns.
NAMES = {
    # Environmental Footprint
    "Climate change - fossil": "climate_change_fossil",
    "Climate change - biogenic": "climate_change_biogenic",
    "Climate change - land use and land use change": "climate_change_land_use",
    "Human toxicity, non-cancer": "human_toxicity_non_cancer",
    "Ionising radiation, human health": "ionising_radiation",
    "Photochemical ozone formation, human health": "photochemical_ozone_formation",
    "Resource use, minerals and metals": "resource_use_minerals_metals",
    "Land use": "land_use",
    # NumEcoEval
    "Particulate matter and respiratory inorganics": "particulate_matter",
    "Ionising radiation": "ionising_radiation",
    "Resource use (minerals and metals)": "resource_use_minerals_metals",
    "Eutrophication, marine": "eutrophication_marine",
    "Total Primary Energy": "primary_energy",
    "Changement climatique": "climate_change",
    "Émissions de particules fines": "particulate_matter",
    # G4IT
    "CLIMATE_CHANGE": "climate_change",
    "PARTICULATE_MATTER": "particulate_matter",
    "IONISING_RADIATION": "ionising_radiation",
    "ACIDIFICATION": "acidification",
    "RESOURCE_USE": "resource_use_minerals_metals",
    "RESOURCE_USE_FOSSILS": "resource_use_fossils",
    # BoaviztAPI
    "gwp": "climate_change",
    "gwppf": "climate_change_fossil",
    "adp": "abiotic_depletion",
    "adpe": "resource_use_minerals_metals",
    "adpf": "resource_use_fossils",
    "ctuh_c": "human_toxicity_cancer",
    "ctuh_nc": "human_toxicity_non_cancer",
    "ctue": "ecotoxicity_freshwater",
    "pe": "primary_energy",
    "fe": "final_energy",
    "fw": "fresh_water_net_use",
    "mips": "material_input_per_service",
    "lu": "land_use",
    "wu": "water_use",
    "resource-use": "resource_use_minerals_metals",
    "resource-use-fossils": "resource_use_fossils",
    "Photochemical ozone formation": "photochemical_ozone_formation",
    # BoaviztAPI, electricity file
    "Climate change-Biogenic": "climate_change_biogenic",
    "Climate change-Land use": "climate_change_land_use",
    "Fossile resource use": "resource_use_fossils",
    "Minerals and metal resource use": "resource_use_minerals_metals",
    "Consumption of primary energy": "primary_energy",
    # NegaOctet columns
    "GWPf": "climate_change_fossil",
    "GWPb": "climate_change_biogenic",
    "GWPlu": "climate_change_land_use",
    "CTUh-c": "human_toxicity_cancer",
    "CTUh-nc": "human_toxicity_non_cancer",
    "Ept": "eutrophication_terrestrial",
    "Epf": "eutrophication_freshwater",
    "Epm": "eutrophication_marine",
    # Ecobalyse
    "cch": "climate_change",
    "ozd": "ozone_depletion",
    "htc": "human_toxicity_cancer",
    "htn": "human_toxicity_non_cancer",
    "pma": "particulate_matter",
    "ior": "ionising_radiation",
    "pco": "photochemical_ozone_formation",
    "acd": "acidification",
    "tre": "eutrophication_terrestrial",
    "fwe": "eutrophication_freshwater",
    "swe": "eutrophication_marine",
    "etf": "ecotoxicity_freshwater",
    "ldu": "land_use",
    "wtu": "water_use",
    "fru": "resource_use_fossils",
    "mru": "resource_use_minerals_metals",
    # French names
    "Appauvrissement de la couche d'ozone": "ozone_depletion",
    "Radiations ionisantes": "ionising_radiation",
    "Formation d'ozone photochimique": "photochemical_ozone_formation",
    "Eutrophisation eaux douces": "eutrophication_freshwater",
    "Utilisation de ressources fossiles": "resource_use_fossils",
    "Utilisation de ressources minérales et métalliques": "resource_use_minerals_metals",
    "Changement climatique - Usage des sols": "climate_change_land_use",
    "Consommation d'énergie primaire": "primary_energy",
    "Toxicité humaine - non-cancer": "human_toxicity_non_cancer",
    "Utilisation du sol": "land_use",
    "Utilisation de l'eau": "water_use",
    "empreinte carbone": "climate_change",
}


def criterion(
    *, key: str = "noise", unit: str = "dB_noise", aliases: tuple[str, ...] = ()
) -> Criterion:
    return Criterion(key=key, unit=unit, title_en=key, title_fr=key, aliases=aliases)


def test_the_sixteen_of_ef_with_their_published_units() -> None:
    sixteen = {c.key: c.published_unit for c in bundled_criteria() if c.in_ef}
    assert sixteen == EF
    assert len(sixteen) == 16


def test_unit_names() -> None:
    assert {c.key: c.unit for c in bundled_criteria()} == UNITS


def test_sub_indicators_belong_to_a_category_and_are_not_of_the_sixteen() -> None:
    criteria = bundled_criteria()
    for key in ("climate_change_fossil", "climate_change_biogenic", "climate_change_land_use"):
        assert criteria[key].ef_category == "Climate change"
        assert not criteria[key].in_ef


@pytest.mark.parametrize(("name", "key"), NAMES.items())
def test_names_of_the_tools(name: str, key: str) -> None:
    assert bundled_criteria().resolve(name).key == key


def test_every_key_title_and_alias_resolves() -> None:
    criteria = bundled_criteria()
    for c in criteria:
        for word in (c.key, c.title_en, c.title_fr, *c.aliases, c.key.upper()):
            assert criteria.resolve(word) is c


@pytest.mark.slow
def test_every_unit_is_one_new_dimension_for_pint() -> None:
    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    units = [c.unit for c in bundled_criteria()]
    # A name that pint reads already (Pt: petatonne) would silently be that.
    assert [unit for unit in units if unit in registry] == []
    for unit in units:
        registry.define(f"{unit} = [{unit}]")
    dimensions = {str(registry.Unit(unit).dimensionality) for unit in units}
    assert len(dimensions) == len(units)
    assert str(registry.Unit(f"{units[0]}/year")) == "kgCO2e / year"


def test_bundled_fields_are_filled() -> None:
    for c in bundled_criteria():
        assert c.published_unit
        assert c.title_en
        assert c.title_fr
        assert bool(c.ef_category) or not c.in_ef


@pytest.mark.parametrize(
    ("typo", "key"),
    [
        ("climate chnage", "climate_change"),
        ("acidificaton", "acidification"),
        ("resource use, fossile fuels", "resource_use_fossils"),
        ("changement climatic", "climate_change"),
    ],
)
def test_a_typo_raises_with_the_nearest_key(typo: str, key: str) -> None:
    with pytest.raises(UnknownNameError, match=f"Did you mean '{key}'") as caught:
        bundled_criteria().resolve(typo)
    assert caught.value.name == typo
    assert caught.value.candidates[0] == key


@pytest.mark.parametrize("text", ["", "?", "CTUh", "xyzzy", "eau", "climate_change_and_more_words"])
def test_what_names_no_criterion_raises(text: str) -> None:
    with pytest.raises(UnknownNameError):
        bundled_criteria().resolve(text)


def test_as_a_collection() -> None:
    criteria = bundled_criteria()
    assert criteria.keys[0] == "climate_change"
    assert len(criteria) == len(criteria.keys) == len(list(criteria))
    assert criteria["water_use"].unit == "m3_world_e"
    assert "water_use" in criteria
    assert "gwp" not in criteria  # an alias is resolved, not indexed
    with pytest.raises(LookupError):
        criteria["gwp"]
    assert bundled_criteria() is criteria


def test_extended_adds_and_leaves_the_original_alone() -> None:
    criteria = bundled_criteria()
    more = criteria.extended([criterion(aliases=("bruit",))])
    assert more.resolve("Bruits").key == "noise"
    assert len(more) == len(criteria) + 1
    assert "noise" not in criteria


@pytest.mark.parametrize(
    ("added", "message"),
    [
        (criterion(aliases=("GWP",)), "'GWP' names both 'climate_change' and 'noise'"),
        (criterion(unit="kgCO2e"), "'kgCO2e' is the unit of both 'climate_change' and 'noise'"),
        (criterion(key="land_use"), "'land_use' is declared twice"),
        (criterion(unit="kg CO2 eq"), "'kg CO2 eq' cannot be the unit of 'noise'"),
        (criterion(unit="kg/item"), "'kg/item' cannot be the unit of 'noise'"),
        (criterion(unit=""), "'' cannot be the unit of 'noise'"),
    ],
)
def test_a_contradiction_is_refused(added: Criterion, message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        bundled_criteria().extended([added])


def test_equal_and_alive_after_pickling() -> None:
    criteria = bundled_criteria()
    copy = pickle.loads(pickle.dumps(criteria))  # noqa: S301 - our own bytes
    assert copy == criteria
    assert copy.resolve("gwp").key == "climate_change"
    assert Criteria(criteria.criteria[:3]) != criteria
