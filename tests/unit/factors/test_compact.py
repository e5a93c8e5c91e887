"""The compact form of a pack: the content of its tables, to the bit, or not used at all."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import attrs
import numpy as np
import pytest

from reen.factors.compact import description_of
from reen.plugin.packs import compact_folder, read_pack_folder
from reen_plugins.factor_packs.embedded import PACKS

DATA = files("reen_plugins.factor_packs") / "data"

#: The value of one row of base-carbone, and another one.
_VALUE, _OTHER = b",1283", b",2283"


def copy_of(pack: str, folder: Path) -> Path:
    shutil.copytree(str(DATA / pack), folder / pack)
    return folder / pack


@pytest.mark.parametrize("pack", PACKS)
def test_it_holds_what_the_tables_say(pack: str, tmp_path: Path) -> None:
    """Equal with every text, number, absent number and digest; the order of the flows too."""
    folder = copy_of(pack, tmp_path)
    compact = read_pack_folder(folder).content
    (folder / "compact.json").unlink()
    tables = read_pack_folder(folder).content
    assert compact == tables
    assert compact.factors.flows == tables.factors.flows
    for name in ("values", "lower", "upper", "spread"):
        one, other = getattr(compact.factors, name), getattr(tables.factors, name)
        assert one.dtype == other.dtype
        assert np.array_equal(one, other, equal_nan=True)
    # the digest that is told is the one that the content has, worked out again
    assert compact.digest() == attrs.evolve(compact).digest() == tables.digest()


def _edit_table(folder: Path) -> None:
    table = folder / "factors.csv"
    data = table.read_bytes()
    assert _VALUE in data
    table.write_bytes(data.replace(_VALUE, _OTHER, 1))


def _edit_compact(folder: Path) -> None:
    compact = folder / "compact.json"
    data = compact.read_bytes()
    assert _VALUE in data
    compact.write_bytes(data.replace(_VALUE, _OTHER, 1))


def _cut(folder: Path) -> None:
    compact = folder / "compact.json"
    compact.write_bytes(compact.read_bytes()[:-100])


def _no_json(folder: Path) -> None:
    (folder / "compact.json").write_bytes(b"\xff\x00 no JSON")


def _of_another(folder: Path) -> None:
    shutil.copy(str(DATA / "proxies" / "compact.json"), folder / "compact.json")


@pytest.mark.parametrize("change", [_edit_table, _edit_compact, _cut, _no_json, _of_another])
def test_what_does_not_fit_the_tables_is_not_used(
    change: Callable[[Path], None], tmp_path: Path
) -> None:
    """The tables count: a figure edited there is the figure, one edited in the compact form not."""
    folder = copy_of("base-carbone", tmp_path)
    change(folder)
    with_compact = read_pack_folder(folder).content
    (folder / "compact.json").unlink()
    assert with_compact == read_pack_folder(folder).content


def test_it_holds_what_the_description_says(tmp_path: Path) -> None:
    for pack in PACKS:
        folder = copy_of(pack, tmp_path)
        compact, toml = folder / "compact.json", (folder / "pack.toml").read_bytes()
        described = description_of(compact.read_bytes().partition(b"\n")[0], toml)
        assert described == tomllib.loads(toml.decode())
        by_it = read_pack_folder(folder)
        compact.unlink()
        assert by_it == read_pack_folder(folder)


def test_a_description_edited_since_is_the_description(tmp_path: Path) -> None:
    folder = copy_of("proxies", tmp_path)
    text = (folder / "pack.toml").read_text("utf-8")
    edited = re.sub(r"(?m)^title = .*$", 'title = "Another"', text)
    (folder / "pack.toml").write_text(edited, "utf-8")
    assert read_pack_folder(folder).title == "Another"


def test_a_description_with_a_date_is_read_itself(tmp_path: Path) -> None:
    """JSON has no dates: the compact form of such a pack has its content only."""
    folder = copy_of("proxies", tmp_path)
    before = read_pack_folder(folder)
    text = (folder / "pack.toml").read_text("utf-8")
    (folder / "pack.toml").write_text(f"on = 2026-03-01\n{text}", "utf-8")
    (folder / "compact.json").write_bytes(compact_folder(folder, "proxies"))
    assert read_pack_folder(folder) == before
    assert read_pack_folder(folder).content == before.content


def test_a_pack_of_ones_own_opens_by_it(tmp_path: Path) -> None:
    """Written once beside the tables; a row that does not fit is refused then."""
    folder = copy_of("proxies", tmp_path)
    (folder / "compact.json").unlink()
    content = read_pack_folder(folder).content
    (folder / "compact.json").write_bytes(compact_folder(folder, "proxies"))
    assert read_pack_folder(folder).content == content


def test_a_copy_with_other_figures_has_a_digest_of_its_own() -> None:
    """What the compact form says of its content is not said of a changed copy."""
    content = read_pack_folder(DATA / "proxies").content
    fewer = attrs.evolve(content, defaults=())
    assert fewer.digest() != content.digest()
