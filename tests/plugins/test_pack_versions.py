"""Versions of packs stay: a result made with an earlier one is made again, by name and version."""

from __future__ import annotations

import gzip
import pickle
import tomllib
from importlib.resources import files
from pathlib import Path

import attrs
import pytest

import reen
from reen.errors import FactorDataError, OptionError, UnknownNameError
from reen.factors.pack import FactorPack
from reen.plugin import Registry
from reen.sources.pack_folders import read_pack_folder
from reen.types import PackRecord
from reen_plugins.factor_packs.embedded import PACKS
from reen_plugins.factor_packs.making import packs

DATA = files("reen_plugins.factor_packs") / "data"

#: What each version that was ever in use holds; a line is added here, and none ever changed.
KEPT = {
    "ademe-numerique@2026.1": "cc16ee16a29f28eb5152ea74b2cd4688a0ac49cad49079159871bb11668dc40e",
    "base-carbone@2026.1": "f5f2ebeed44e885cc42efa344e214dfde0d91762df6c6d7a37aa007d43505b1a",
    "electricity-france@2026.1": "9bbae1b313678477bbcefd79892ed966b39409d23ee2aa14ac85ae0ae55b9905",
    "electricity-world@2026.1": "e461ea3c96c5a9d975498b1d4f8209f31fa5a9307a92b2939306a7d0ae8aaed5",
    "equipment-defaults@2026.1": "7e4417a94a599df6e5d4759598026b4f1da42f86ba6bee2566c6905bcb4ec347",
}
PRINTER = reen.Equipment("printer", quantity=10, lifetime="5 year", country="FR", annual_energy=0)


def footprint(registry: Registry) -> reen.Footprint:
    return reen.measure(PRINTER, method="base-carbone", as_of="2024-12-31", registry=registry)


@pytest.mark.parametrize(("name", "digest"), KEPT.items())
def test_a_version_is_what_it_was(name: str, digest: str) -> None:
    assert reen.default_registry().factor_pack(name).digest == digest


def test_every_version_is_kept_and_listed_here() -> None:
    found = {
        f"{name}@{earlier.version}"
        for name in PACKS
        for earlier in reen.default_registry().factor_pack(name).earlier
    }
    assert found == set(KEPT)


def test_a_version_takes_the_place_of_the_pack() -> None:
    """Ten printers over five years: 10 x 88.2 / 5 = 176.4 kg in 2026.1, 10 x 197 / 5 = 394 kg now.

    In its place, and not before all others: the packs are the same ones in the same order.
    """
    today = reen.default_registry()
    then = footprint(today.with_packs("base-carbone@2026.1"))
    now = footprint(today)
    assert then.total().value == pytest.approx(176.4, rel=1e-12)
    assert now.total().value == pytest.approx(394.0, rel=1e-12)
    names = [pack.name for pack in now.provenance.packs]
    assert [pack.name for pack in then.provenance.packs] == names
    assert then.provenance.packs[0].version == "2026.1"


def test_a_result_is_made_again_by_the_packs_that_it_names() -> None:
    """Equal to the last digit, and to the hash of everything that it used."""
    today = reen.default_registry()
    then = footprint(today.with_packs("base-carbone@2026.1", "electricity-france@2026.1"))
    again = footprint(today.with_packs(*then.provenance.packs))
    assert again == then
    assert again.provenance.hash == then.provenance.hash != footprint(today).provenance.hash


@pytest.mark.slow
def test_a_registry_of_versions_goes_to_another_process() -> None:
    registry = reen.default_registry().with_packs("base-carbone@2026.1")
    sent = pickle.loads(pickle.dumps(registry))  # noqa: S301 - bytes of our own
    assert footprint(sent) == footprint(registry)


def test_two_versions_of_one_pack_are_refused() -> None:
    """The last one would win in silence."""
    both = ("base-carbone@2026.1", "base-carbone@2026.2")
    with pytest.raises(OptionError, match="expected one version of a pack"):
        reen.default_registry().with_packs(*both)
    again = reen.default_registry().with_packs(both[0], both[0])
    assert again.factor_packs["base-carbone"].version == "2026.1"


def test_a_version_that_is_not_kept_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownNameError, match=r"base-carbone@2026\.1") as raised:
        reen.default_registry().with_packs("base-carbone@2019.1")
    assert raised.value.name == "base-carbone@2019.1"


def test_a_pack_of_another_content_than_the_result_states_is_refused() -> None:
    record = PackRecord("base-carbone", "2026.1", "0" * 64)
    with pytest.raises(FactorDataError, match="000000000000"):
        reen.default_registry().with_packs(record)


def test_a_pack_of_the_users_is_known_by_its_name() -> None:
    """A result that used a file: who still has the file makes it again."""
    own = attrs.evolve(reen.default_registry().factor_pack("base-carbone"), name="our-figures")
    registry = reen.default_registry()
    record = PackRecord(own.name, own.version, own.digest)
    with pytest.raises(UnknownNameError):
        registry.with_packs(record)
    assert registry.with_packs(own).with_packs(record).factor_pack("our-figures") == own


def written(folder: Path, version: str, value: str, name: str = "mine") -> dict[str, str]:
    (folder / "mine").mkdir(exist_ok=True)
    about = {"name": name, "version": version, "title": "Mine", "publisher": "Us"}
    about |= {"licence": "CC0-1.0", "source": "a scale"}
    row = f"box,item,embedded,climate_change,{value},kgCO2e/item,a scale\n"
    header = "flow,reference_unit,stage,criterion,value,unit,source\n"
    return {
        "mine/pack.toml": "".join(f'{key} = "{text}"\n' for key, text in about.items()),
        "mine/factors.csv": header + row,
    }


def only(pack: FactorPack) -> float:
    return float(pack.factors.values[0, 0, 0])


def test_writing_a_new_version_keeps_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made again, a version replaces itself; a new one leaves the old beside it."""
    monkeypatch.setattr(packs, "DATA", tmp_path)
    packs.write(written(tmp_path, "1", "60"))
    packs.write(written(tmp_path, "1", "61"))
    packs.write(written(tmp_path, "2", "70"))
    packs.write(written(tmp_path, "3", "80"))
    pack = read_pack_folder(tmp_path / "mine")
    assert only(pack) == 80.0
    assert {each.version: only(each) for each in pack.earlier} == {"1": 61.0, "2": 70.0}
    assert pack.at("2").name == "mine"
    assert pack.at("3") is pack


@pytest.mark.parametrize(
    ("file", "old", "new", "match"),
    [("pack.toml", b'"mine"', b'"other"', "other"), ("factors.csv.gz", b"\x08", b"\x07", "gzip")],
    ids=["another pack", "a damaged table"],
)
def test_what_is_no_earlier_version_is_an_error_of_the_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: bytes, new: bytes, match: str
) -> None:
    monkeypatch.setattr(packs, "DATA", tmp_path)
    packs.write(written(tmp_path, "1", "60"))
    packs.write(written(tmp_path, "2", "60"))
    kept = tmp_path / "mine" / "1" / file
    kept.write_bytes(kept.read_bytes().replace(old, new, 1))
    with pytest.raises(FactorDataError, match=match):
        len(read_pack_folder(tmp_path / "mine").at("1").factors)


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_version_stands_in_a_folder_of_its_name(name: str) -> None:
    """Its table as it was, compressed the same way on every machine that makes it."""
    pack, version = name.split("@")
    folder = DATA / pack / version
    assert tomllib.loads(folder.joinpath("pack.toml").read_text("utf-8"))["version"] == version
    (table,) = (each for each in folder.iterdir() if each.name != "pack.toml")
    packed = table.read_bytes()
    assert packed[4:8] == bytes(4), "a time of day in a file that never changes"
    assert gzip.decompress(packed).startswith((b"flow,", b"equipment_type,"))
