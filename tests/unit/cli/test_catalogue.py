"""`reen methods`, `importers`, `factors` and `plugins`: what is installed, and where it is from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

import reen
from reen.cli.catalogue import default_text

#: The fixture that types a command: it returns exit code, output and errors.
Typed = Callable[..., Any]


def words_of(page: str) -> str:
    return " ".join(page.split())


def test_methods_are_listed_with_their_options(typed: Typed) -> None:
    run = typed("methods", "--full")
    assert run.code == 0
    for name, method in reen.default_registry().methods.items():
        assert f"{name} {method.version}" in run.out.splitlines()
        assert words_of(method.title) in words_of(run.out)
    assert "amortisation=physical" in run.out


def test_a_method_says_what_each_option_does(typed: Typed) -> None:
    page = typed("methods", "base-carbone", "--full").out
    method = reen.default_registry().method("base-carbone")
    for field in attrs.fields(type(method)):
        assert f"--option {field.name}=" in page
    assert "Whether the electricity of use is counted." in page


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((0, "0"), (0.0, "0.0"), (1.5, "1.5"), (False, "false"), (True, "true"), ("a", "a")),
        *((None, "(none)"), ("", "(none)"), ({}, "(none)"), ((), "(none)")),
    ],
)
def test_a_default_of_zero_is_shown(value: object, text: str) -> None:
    assert default_text(value) == text


def test_methods_as_json(typed: Typed) -> None:
    content = json.loads(typed("methods", "--format", "json").out)
    assert [each["name"] for each in content] == list(reen.default_registry().methods)
    assert all(option["description"] for each in content for option in each["options"]), (
        "an option has no text in the docstring of its method"
    )


def test_an_unknown_method_is_refused_with_the_nearest(typed: Typed) -> None:
    run = typed("methods", "base_carbone")
    assert run.code == 2
    assert "Did you mean 'base-carbone'" in run.err


def test_importers_are_listed_with_the_tools_whose_files_are_known(typed: Typed) -> None:
    registry = reen.default_registry()
    page = words_of(typed("importers", "--full").out)
    for name, importer in registry.importers.items():
        assert f"{name} {importer.title}" in page
    content = json.loads(typed("importers", "--format", "json").out)
    names = [*registry.importers, *registry.mapping_files]
    assert [each["name"] for each in content] == names
    assert "glpi" in names


def test_factor_packs_are_listed_with_their_licence(typed: Typed) -> None:
    page = words_of(typed("factors", "--full").out)
    for pack in reen.default_registry().factor_packs.values():
        installed = pack.version != "not installed"
        assert (f"{pack.name} {pack.version}" in page) is installed, pack.name
        assert words_of(pack.licence) in page


@pytest.mark.slow
def test_a_pack_is_shown_with_all_that_citing_it_needs(typed: Typed) -> None:
    pack = reen.default_registry().factor_pack("base-carbone")
    page = words_of(typed("factors", "base-carbone", "--limit", "0", "--full").out)
    for text in (pack.version, pack.publisher, pack.licence, pack.source, pack.notes):
        assert words_of(text) in page
    for flow in pack.factors.flows:
        assert flow.id in page


def test_a_few_factors_are_shown_with_boundary_and_source(typed: Typed) -> None:
    page = words_of(typed("factors", "base-carbone", "--find", "27002", "--full").out)
    factors = reen.default_registry().factor_pack("base-carbone").factors
    (about,) = (
        text
        for flow, text in zip(factors.flows, factors.descriptions, strict=True)
        if flow.id == "27002"
    )
    assert f"boundary: {about.boundary}" in page
    assert f"source: {about.sources[0]}" in page
    assert "156 kgCO2e/item, all but use" in page
    assert "uncertainty: plus or minus 50 %" in page


def test_factors_are_found_in_every_pack(typed: Typed) -> None:
    page = typed("factors", "--find", "Laptop", "--full").out
    for name in ("ademe-numerique", "base-carbone", "equipment-defaults"):
        assert any(line.startswith(name) for line in page.splitlines())
    assert "No factor holds 'abacus'" in typed("factors", "--find", "abacus").out


def test_addresses_are_never_cut(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    pack = reen.default_registry().factor_pack("ademe-numerique")
    source = pack.factors.descriptions[0].sources[0]
    (address,) = (word for word in source.split() if word.startswith("https://"))
    assert address in typed("factors", "ademe-numerique", "--find", "smartphone", "--full").out


@pytest.mark.slow
def test_a_file_of_factors_is_shown_like_a_pack(typed: Typed, repository: Path) -> None:
    path = repository / "tests" / "fixtures" / "base_carbone_small.csv"
    run = typed("factors", path, "--limit", "0", "--full")
    assert run.code == 0
    for flow in reen.read_factors(path).factors.flows:
        assert flow.id in run.out


@pytest.mark.parametrize("words", [("equipment-defaults",), ("--find", "laptop")])
def test_the_limit_holds_for_defaults_too(typed: Typed, words: tuple[str, ...]) -> None:
    """One line of the table, the source of that line, and how many more there are."""
    defaults = reen.default_registry().factor_pack("equipment-defaults").defaults
    if words[0] == "--find":
        defaults = tuple(each for each in defaults if "laptop" in each.equipment_type)
    run = typed("factors", *words, "--limit", "1")
    table = run.out.partition("Defaults by equipment type")[2].splitlines()[1:]
    assert table[0].split() == ["Type", "What", "Figure", "Source"]
    assert table[1].rstrip().endswith("[1]")
    more = f"and {len(defaults) - 1} more: --limit 0 shows all, --find TEXT some."
    assert table[2].rstrip() == more
    assert table[3].startswith("[1] ")
    assert "[2]" not in "".join(table)
    every = typed("factors", *words, "--limit", "0").out
    assert more not in every


def test_factors_as_json(typed: Typed) -> None:
    content = json.loads(typed("factors", "electricity-france", "--format", "json").out)
    (pack,) = content
    assert pack["licence"] == reen.default_registry().factor_pack("electricity-france").licence
    values = {
        flow["year"]: flow["values"][0]["value"]
        for flow in pack["flows"]
        if flow["geography"] == "FR"
    }
    assert values[2022] == pytest.approx(0.052)
    brief = json.loads(typed("factors", "--format", "json").out)
    assert "flows" not in brief[0]


def test_an_unknown_pack_is_refused_with_the_nearest(typed: Typed) -> None:
    run = typed("factors", "base-carbon")
    assert run.code == 2
    assert run.err.startswith("error: Unknown factor pack 'base-carbon'. Did you mean")


def test_plugins_are_listed_with_what_they_provide(typed: Typed) -> None:
    page = words_of(typed("plugins", "--full").out)
    assert f"reen-bundled (reen {reen.__version__}) exporters: numecoeval-indicators" in page
    assert "methods: base-carbone, boavizta, declared" in page
    assert "jeux de facteurs : ademe-numerique," in words_of(
        typed("plugins", "--lang", "fr", "--full").out
    )
    content = json.loads(typed("plugins", "--format", "json").out)
    assert content["failed"] == []
    assert "importer table" in content["loaded"][0]["provides"]


def describe_broken(folder: Path) -> None:
    """Describe a package in a folder of the path whose plugin has no module."""
    metadata = folder / "broken_plugin-0.1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-plugin\nVersion: 0.1\n")
    (metadata / "entry_points.txt").write_text("[reen]\nbroken = no_such_module\n")


@pytest.mark.slow
def test_a_plugin_that_fails_is_named_with_the_reason(program: Typed, tmp_path: Path) -> None:
    """A broken distribution beside the others: its metadata are real, its module is missing."""
    describe_broken(tmp_path)
    before = f"import sys; sys.path.insert(0, {str(tmp_path)!r})"
    run = program("plugins", python=before)
    assert run.code == 0
    assert "broken (broken-plugin 0.1): left out\n" in run.out
    assert "No module named 'no_such_module'" in words_of(run.out)
    warned = program("methods", python=before)
    assert warned.code == 0
    assert warned.err.startswith("warning: plugin left out: broken (broken-plugin 0.1): failed")


@pytest.mark.slow
def test_a_plugin_that_fails_is_named_once_by_a_command(
    program: Typed, fleet: Path, tmp_path: Path
) -> None:
    """A measurement asks for what is installed more than once: for its options, for its method."""
    describe_broken(tmp_path)
    before = f"import sys; sys.path.insert(0, {str(tmp_path)!r})"
    run = program("measure", str(fleet), "--method", "base-carbone", python=before)
    assert run.code == 0
    assert run.err.count("plugin left out: broken (broken-plugin 0.1)") == 1


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "words",
    [
        ("methods",),
        ("methods", "base-carbone"),
        ("importers",),
        ("factors",),
        ("factors", "base-carbone"),
        ("factors", "--find", "laptop"),
        ("plugins",),
    ],
)
def test_a_list_is_as_long_as_a_small_terminal(
    typed: Typed, words: tuple[str, ...], language: str
) -> None:
    """And says how to see more where it is cut; `--full` is all of it."""
    short = typed(*words, "--lang", language).out.splitlines()
    full = typed(*words, "--lang", language, "--full").out.splitlines()
    assert len(short) <= min(25, len(full))
    if len(short) == 25:
        assert "--full" in short[-1]


def test_a_number_of_lines_that_was_asked_for_is_given(typed: Typed) -> None:
    assert len(typed("factors", "base-carbone", "--limit", "40").out.splitlines()) > 40
