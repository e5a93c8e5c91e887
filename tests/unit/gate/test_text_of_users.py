"""Text of users that no parser takes: each is an error of ours that names the file."""

from __future__ import annotations

from pathlib import Path

import pytest

import reen
from reen.errors import FileFormatError, ReenError
from reen.gate.json_text import json_content
from reen.gate.toml_text import toml_content

DIGITS = "9" * 5000


@pytest.mark.parametrize(
    "text", ["{", "[" * 100_000, DIGITS, '{"a": ' * 50_000, "\x00", r'"\ud800"', r'{"\uDC00": 1}']
)
def test_json_that_cannot_be_read(text: str) -> None:
    with pytest.raises(FileFormatError, match=r"^a\.json: is not JSON"):
        json_content(text, place="a.json")


def test_a_pair_of_escapes_is_one_character() -> None:
    assert json_content(r'"\ud83d\ude00"', place="a.json") == "\U0001f600"


@pytest.mark.parametrize(
    "text",
    [
        "a",
        f"a = {DIGITS}",
        f"a = {'[' * 100_000}",
        "a = 1\na = 2",
        f"{'a.' * 50_000}b = 1",
        f"[{'a . ' * 50_000}b]",
        f"""{"'a'." * 50_000}b = 1""",
    ],
)
def test_toml_that_cannot_be_read(text: str) -> None:
    with pytest.raises(FileFormatError, match=r"^a\.toml: "):
        toml_content(text, place="a.toml", what="a plan")


def test_every_verb_names_a_number_of_too_many_digits(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(f"a = {DIGITS}\n", "utf-8")
    (tmp_path / "parc.csv").write_text("type;quantité\nécran;3\n", "utf-8")
    for call in (
        lambda: reen.offers(path),
        lambda: reen.Review.open(path),
        lambda: reen.Strategy.read(path),
        lambda: reen.read(tmp_path / "parc.csv", mapping=path),
    ):
        with pytest.raises(ReenError, match=r"plan\.toml"):
            call()
