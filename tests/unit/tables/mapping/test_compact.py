"""The compact form of the bundled mappings: the same as their files, and never used for another."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import reen_plugins.mappings
from reen.errors import FileFormatError
from reen.plugin.files import MappingFile
from reen.tables.mapping.compact import COMPACT, compact_folder, compact_mapping
from reen.tables.mapping.loading import read_mapping

BUNDLED = Path(reen_plugins.mappings.__file__).parent


def test_it_is_made_of_the_files_that_are_there() -> None:
    """Else: python -m reen.tables.mapping.compact src/reen_plugins/mappings."""
    assert (BUNDLED / COMPACT).read_text("utf-8") == compact_folder(BUNDLED)


def test_every_mapping_is_the_same_by_both_ways() -> None:
    files = sorted(BUNDLED.glob("*.toml"))
    assert len(files) > 20
    for path in files:
        assert compact_mapping(path) == read_mapping(path)
        assert repr(compact_mapping(path)) == repr(read_mapping(path)), "tuples and no lists"


def test_a_file_that_was_edited_is_read_itself(tmp_path: Path) -> None:
    shutil.copy(BUNDLED / COMPACT, tmp_path)
    edited = tmp_path / "glpi.toml"
    text = (BUNDLED / "glpi.toml").read_text("utf-8")
    edited.write_text(text.replace('title = "', 'title = "Our '), "utf-8")
    assert compact_mapping(edited) is None
    assert MappingFile(edited).load().title.startswith("Our ")


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}'])
def test_a_damaged_one_is_not_used(tmp_path: Path, content: str) -> None:
    shutil.copy(BUNDLED / "glpi.toml", tmp_path)
    tmp_path.joinpath(COMPACT).write_text(content, "utf-8")
    path = tmp_path / "glpi.toml"
    assert compact_mapping(path) is None
    assert MappingFile(path).load() == read_mapping(path)


def test_an_edited_file_is_checked(tmp_path: Path) -> None:
    shutil.copy(BUNDLED / COMPACT, tmp_path)
    edited = tmp_path / "glpi.toml"
    text = (BUNDLED / "glpi.toml").read_text("utf-8")
    edited.write_text(text + "\n[[table]]\nnonsense = 1\n", "utf-8")
    with pytest.raises(FileFormatError, match="nonsense"):
        MappingFile(edited).load()
