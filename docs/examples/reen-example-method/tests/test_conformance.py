"""The laws that reen asks every plugin to keep: three lines for each."""

from __future__ import annotations

from pathlib import Path

from reen.testing import check_factor_pack, check_importer, check_method
from reen_example_method.factors import example_pack
from reen_example_method.json_lines import JsonLines
from reen_example_method.second_life import SecondLife


def test_the_method_conforms() -> None:
    check_method(SecondLife(), packs=[example_pack()])


def test_the_importer_conforms() -> None:
    check_importer(JsonLines(), Path(__file__).with_name("assets.jsonl"))


def test_the_pack_conforms() -> None:
    check_factor_pack(example_pack())
