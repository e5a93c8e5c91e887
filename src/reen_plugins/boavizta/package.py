"""The package `boaviztapi`, found and opened: what it has, and whether it is as we know it.

No server is started and nothing goes to the network.  The package is AGPL-3.0, an extra of its own,
imported on first use; no figure of it is here.  `boavizta_answers` asks it.

What importing it does to the process: about a thousand modules (pandas, scipy, pydantic, FastAPI)
and some seconds; its data files read; `pandas.Series` gets a method `fuzzymatch`; its settings read
from the environment (`BOAVIZTA_...`) and from a file `.env` of the working directory.  Such a
setting would change figures behind the provenance, so it is refused by name.
"""

from __future__ import annotations

import csv
import functools
import importlib
import importlib.metadata
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from reen.errors import MissingExtraError
from reen.plugin import OptionError, PluginError, Reason
from reen.plugin.files import resolve_country

__all__ = [
    "CRITERIA",
    "DEVICES",
    "HOURS",
    "PACKAGE",
    "archetypes",
    "country_codes",
    "has_archetype",
    "installed_version",
    "instance_of",
    "is_gpu",
    "part",
    "place_of_region",
    "stranger",
]

PACKAGE = "boaviztapi"
EXTRA = "boavizta"
KNOWN = "2.5.0"

#: Hours of the package's year.
HOURS = 8760.0

#: Class of each equipment type that the package knows, in its `dto.device`.
DEVICES: Mapping[str, str] = {
    "laptop": "Laptop",
    "desktop": "Desktop",
    "tablet": "Tablet",
    "smartphone": "Smartphone",
    "television": "Television",
    "monitor": "Monitor",
    "box": "Box",
    "usb_stick": "UsbStick",
    "external_ssd": "ExternalSSD",
    "external_hdd": "ExternalHDD",
    "vr_headset": "VrHeadset",
    "server": "Server",
    "iot": "IoT",
    "cloud_instance": "Cloud",
}

#: Types of which the package has no archetype that stands for all: the row names its own.
NAMED = frozenset({"iot", "cloud_instance"})

#: Criterion of each of its codes.  It prints ionising radiation in kg, its data are in kBq.
CRITERIA: Mapping[str, str] = {
    "gwp": "climate_change",
    "adp": "abiotic_depletion",
    "pe": "primary_energy",
    "gwppb": "climate_change_biogenic",
    "gwppf": "climate_change_fossil",
    "gwpplu": "climate_change_land_use",
    "ir": "ionising_radiation",
    "lu": "land_use",
    "odp": "ozone_depletion",
    "pm": "particulate_matter",
    "pocp": "photochemical_ozone_formation",
    "wu": "water_use",
    "mips": "material_input_per_service",
    "adpe": "resource_use_minerals_metals",
    "adpf": "resource_use_fossils",
    "ap": "acidification",
    "ctue": "ecotoxicity_freshwater",
    "ctuh_c": "human_toxicity_cancer",
    "ctuh_nc": "human_toxicity_non_cancer",
    "epf": "eutrophication_freshwater",
    "epm": "eutrophication_marine",
    "ept": "eutrophication_terrestrial",
    "fw": "fresh_water_net_use",
    "fe": "final_energy",
}

#: Settings that change rounding, defaults of a request or the server, never an unrounded figure.
_HARMLESS = {
    "allowed_origins",
    "default_criteria",
    "default_duration",
    "max_sig_fig",
    "min_sig_fig",
    "special_message",
    "uncertainty",
}


def installed_version() -> str:
    """Return the version of the installed package, empty when there is none; imports nothing."""
    try:
        return _found_version()
    except importlib.metadata.PackageNotFoundError:
        return ""


@functools.cache
def _found_version() -> str:
    # kept once found, never while missing: it may be installed in the middle of a session
    return importlib.metadata.version(PACKAGE)


def part(name: str) -> ModuleType:
    """Import a module of the package.

    Raises
    ------
    MissingExtraError
        The package is not installed.
    PluginError
        It is, and does not have the module.
    """
    if importlib.util.find_spec(PACKAGE) is None:
        purpose = Reason("error_method_of_boavizta", name=EXTRA)
        raise MissingExtraError(PACKAGE, EXTRA, purpose)
    try:
        return importlib.import_module(f"{PACKAGE}.{name}" if name else PACKAGE)
    except ImportError as error:
        raise stranger(f"cannot be imported: {error}") from error


def stranger(what: str) -> PluginError:
    """Return the error that says what is not as in the version that we know."""
    version = installed_version()
    remedy = f"reen knows {KNOWN}: pip install '{PACKAGE}=={KNOWN}'"
    return PluginError(f"{PACKAGE} {version}".strip(), f"{what}; {remedy}")


def _check_settings(package: ModuleType) -> None:
    """Refuse settings that were changed outside the method's options.

    Raises
    ------
    OptionError
        Naming the setting and the remedy.
    """
    settings = package.config
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if name not in _HARMLESS and value != field.default:
            expected = Reason("error_package_s_own_default_environment_file", default=field.default)
            raise OptionError("boavizta", f"BOAVIZTA_{name.upper()}", str(value), expected)
    if package.data_dir != package.data_dir_prod:
        expected = Reason("error_unset_package_reads_invented_test_data")
        raise OptionError("boavizta", "BOAVIZTAPI_USE_TEST_DATA", "1", expected)


def archetypes(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the archetype of each equipment type: the chosen one, else the package's default.

    Raises
    ------
    MissingExtraError, PluginError
        The package is not there, or not as we know it.
    OptionError
        A type or an archetype that it does not have, or a setting changed behind the options.
    """
    package = part("")
    _check_settings(package)
    defaults = type(package.config).model_fields
    found = {
        device: str(defaults[f"default_{device}"].default)
        for device in DEVICES
        if device not in NAMED
    }
    for device, name in chosen.items():
        if device not in found:
            expected = Reason("error_types_among", found=", ".join(found))
            raise OptionError("boavizta", "archetypes", f"{device}={name}", expected)
        known = _archetypes_of(device)
        if name not in known:
            expected = Reason("error_an_archetype", package=PACKAGE, known=", ".join(known))
            raise OptionError("boavizta", "archetypes", f"{device}={name}", expected)
        found[device] = name
    return found


@functools.cache
def _archetypes_of(device: str) -> tuple[str, ...]:
    """Return the archetypes of a type; those that say nothing are none."""
    source, folder = part("data.archetype"), f"{part('').data_dir}/archetypes"
    if device == "server":
        return tuple(source.get_device_archetype_lst(f"{folder}/server.csv"))
    if device == "iot":
        names = source.get_device_archetype_lst(f"{folder}/iot_device.csv")
        return tuple(name for name in names if name != part("").config.default_iot_device)
    terminals = f"{folder}/user_terminal.csv"
    return tuple(source.get_device_archetype_lst_with_type(terminals, device))


def has_archetype(device: str, name: str) -> bool:
    """Tell whether the package has an archetype of a type."""
    return name in _archetypes_of(device)


@functools.cache
def _instances() -> Mapping[str, Mapping[str, str]]:
    """Return the instances of each provider, by their names in small letters."""
    package, source = part(""), part("data.archetype")
    folder = Path(package.data_dir) / "archetypes" / "cloud"
    with (folder / "providers.csv").open(encoding="utf-8", newline="") as file:
        providers = list(csv.DictReader(file))
    found: dict[str, Mapping[str, str]] = {}
    for row in providers:
        name = row["provider.name"].strip()
        ids = source.get_device_archetype_lst(str(folder / f"{name}.csv"))
        instances = {each.strip().casefold(): each.strip() for each in map(str, ids)}
        for word in (name, row["provider.description"]):
            found[word.strip().casefold()] = {"": name} | instances
    return found


def instance_of(provider: str, instance_type: str) -> tuple[str, str] | None:
    """Return provider and type of an instance as the package names them, None for no such one.

    The most alike name is no answer here: ``m5.large`` is not ``m5.xlarge``.
    """
    instances = _instances().get(provider.strip().casefold(), {})
    found = instances.get(instance_type.strip().casefold() or " ")
    return None if found is None else (instances[""], found)


def place_of_region(provider: str, region: str) -> str:
    """Return the country of a region of a provider, empty when the package does not have it."""
    instances = _instances().get(provider.strip().casefold())
    if instances is None:
        return ""
    code = part("data.archetype").get_cloud_region_mapping(instances[""], region.strip().casefold())
    return (code and resolve_country(code)) or ""


def is_gpu(name: str) -> bool:
    """Tell whether the package knows an accelerator of a name; a maker alone names none."""
    known = part("models.component.gpu").attributes_from_gpu_name
    return any(letter.isdigit() for letter in name) and known(name) is not None


def country_codes() -> dict[str, str]:
    """Return the package's code of each country that it has factors for, by alpha-2 code."""
    codes = part("data.factor_provider").get_available_countries(reverse=True)
    return dict(_by_country(tuple(codes)))


@functools.lru_cache(maxsize=1)
def _by_country(codes: tuple[str, ...]) -> Mapping[str, str]:
    """Return the package's codes by ours; to resolve them takes longer than to ask for an item."""
    places = {resolve_country(code): code for code in codes}
    return {country: code for country, code in places.items() if country is not None}
