"""Mappings of tools: a plugin hands over files, a table is read by the one whose headers it has."""

from __future__ import annotations

from pathlib import Path

import pytest
from reen.plugin.files import ColumnRule, FileMapping, MappingFile, TableMapping
from reen.types import Provenance

import reen
from reen.plugin import Registry, hookimpl

TOOL = """
name = "zork"
title = "Zork"
[[table]]
signature = [["Zork ID", "Zork kind"]]
[table.columns]
"Zork ID" = "id"
"Zork kind" = "equipment_type"
[table.words.equipment_type]
"Z1" = "laptop"
"""


class Plugin:
    """A plugin that knows the files of one tool."""

    def __init__(self, *paths: Path) -> None:
        self.paths = paths

    @hookimpl
    def reen_mappings(self) -> list[MappingFile]:
        return [MappingFile(path) for path in self.paths]


def registry_with(folder: Path, text: str = TOOL, name: str = "zork.toml") -> Registry:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return reen.load_plugins(extra=[Plugin(path)])


def test_a_file_is_read_by_the_mapping_of_its_tool(tmp_path: Path) -> None:
    registry = registry_with(tmp_path)
    assert registry.origins["mapping", "zork"].name == "Plugin"
    found = reen.read(b"Zork ID;Zork kind\n1;Z1\n2;Z1\n", name="export.csv", registry=registry)
    assert found.table["equipment_type"].to_pylist() == ["laptop", "laptop"]
    report = found.report
    assert report is not None
    assert list(report.mappings) == ["zork"]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (TOOL, "other.toml", "expected name = 'other'"),
        (TOOL.replace("signature", "keys"), "zork.toml", "list of texts"),
        (TOOL.replace('signature = [["Zork ID", "Zork kind"]]', ""), "zork.toml", "no signature"),
        (TOOL.replace('"laptop"', '"laptops"'), "zork.toml", "did you mean 'laptop'"),
    ],
)
def test_a_mapping_that_cannot_be_used_names_its_plugin(
    tmp_path: Path, text: str, name: str, said: str
) -> None:
    registry = registry_with(tmp_path, text, name)
    with pytest.raises(reen.errors.PluginError, match=said) as raised:
        reen.read(b"Type\nPC portable\n", name="parc.csv", registry=registry)
    assert raised.value.plugin == "Plugin"


def test_a_plugin_may_make_its_mapping_in_code() -> None:
    class Made:
        @hookimpl
        def reen_mappings(self) -> list[FileMapping]:
            columns = {"Zork kind": ColumnRule("equipment_type")}
            table = TableMapping(signature=(("Zork kind",),), columns=columns)
            return [FileMapping(name="zork", tables=(table,))]

    registry = reen.load_plugins(extra=[Made()])
    found = reen.read(b"Zork kind;Site\nTablette;x\n", name="a.csv", registry=registry)
    assert found.table["equipment_type"].to_pylist() == ["tablet"]


def test_two_plugins_do_not_know_one_tool(tmp_path: Path) -> None:
    path = tmp_path / "zork.toml"
    path.write_text(TOOL, encoding="utf-8")
    with pytest.raises(reen.errors.PluginError, match="mapping 'zork'"):
        reen.load_plugins(extra=[Plugin(path), Plugin(path)])


def test_the_mapping_of_the_user_goes_before_that_of_the_tool(tmp_path: Path) -> None:
    user = tmp_path / "mairie.toml"
    user.write_text('name = "mairie"\n[words.equipment_type]\nZ1 = "tablet"\n', encoding="utf-8")
    found = reen.read(
        b"Zork ID;Zork kind\n1;Z1\n",
        name="export.csv",
        registry=registry_with(tmp_path),
        mapping=user,
    )
    assert found.table["equipment_type"].to_pylist() == ["tablet"]
    assert found.table["equipment_type_raw"].to_pylist() == ["Z1"]


def test_a_header_that_no_table_has_is_refused() -> None:
    mapping = FileMapping(
        name="mairie",
        shared=TableMapping(
            columns={"Type": ColumnRule("equipment_type"), "Sit": ColumnRule("site")}
        ),
    )
    with pytest.raises(
        reen.errors.InventoryError, match=r"'mairie' names headers .*: 'Sit'; found: 'Site'"
    ):
        reen.read(b"Type;Site\nPC portable;x\n", name="parc.csv", mapping=mapping)


def test_a_header_that_one_of_several_tables_has_is_enough(tmp_path: Path) -> None:
    mapping = FileMapping(
        name="mairie", shared=TableMapping(columns={"Parc": ColumnRule("entity")})
    )
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path, header in zip(paths, ("Parc", "Site"), strict=True):
        path.write_text(f"Type;{header}\nPC portable;x\n", encoding="utf-8")
    found = reen.read(*paths, mapping=mapping)
    assert found.table["entity"].to_pylist() == ["x", None]


def test_a_mapping_made_in_code_is_looked_at_as_a_file_is() -> None:
    shared = TableMapping(columns={"Parc": ColumnRule("entitee")})
    with pytest.raises(reen.errors.FileFormatError, match=r"'mairie': .*did you mean 'entity'"):
        reen.read(b"Type\nPC\n", name="p.csv", mapping=FileMapping(name="mairie", shared=shared))


def test_a_section_that_fits_no_table_is_told() -> None:
    section = TableMapping(sheets=("Achats",), columns={"Le": ColumnRule("site")})
    mapping = FileMapping(name="mairie", tables=(section,))
    found = reen.read(b"Type\nPC portable\n", name="parc.csv", mapping=mapping)
    assert "mapping_fits_nothing" in [issue.reason.code for issue in found.issues]


def test_the_mapping_is_in_the_provenance() -> None:
    """The same rows read by another mapping have another hash, by an equal one the same."""
    rows = b"Type;Annee\nPC portable;2020\n"

    def measured(*constants: str) -> Provenance:
        shared = TableMapping(constants=dict.fromkeys(constants, "Mairie"))
        mapping = FileMapping(name="mairie", shared=shared)
        inventory = reen.read(rows, name="parc.csv", mapping=mapping, country="FR")
        return reen.measure(inventory, method="base-carbone", as_of="2025-01-01").provenance

    one, same, other = measured("site"), measured("site"), measured("entity")
    assert [record.name for record in one.mappings] == ["mairie"]
    assert one.hash == same.hash != other.hash
    assert Provenance.from_dict(one.to_dict()) == one
