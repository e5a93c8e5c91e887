"""How a text is laid out is found by the cheapest look that proves it, and by one look alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given

import reen
from reen.errors import FileFormatError
from reen.sources.claims import claiming_importer
from reen.sources.opening import load_source, open_parts
from reen.tables.delimited.dialect import DELIMITERS, find_dialect, find_header
from reen.tables.delimited.textfile import Text
from reen.tables.headers.understanding import recognise
from reen.tables.importing import Imported, ReadOptions, Sample, Sniff
from reen.types import Account

CELLS = st.sampled_from(("Type", "Modèle", "Nom", "Quantité", "12", "PC", "", "Marque", "a,b", "x"))


def by_all_rows(rows: Sequence[Sequence[str]]) -> tuple[int, bool]:
    """Return what `find_header` returns, by its definition: every row is looked at."""
    need = {"equipment_type", "model"}
    found = [set(recognise(cells)) for cells in rows]
    for k in sorted(range(len(rows)), key=lambda k: (not need & found[k], -len(found[k]))):
        if len(found[k]) >= (2 if "quantity" in found[k] else 3):
            return k, True
    return next(((k, True) for k, columns in enumerate(found) if need & columns), (0, False))


@given(st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_the_header_is_the_one_that_a_look_at_every_row_finds(rows: list[list[str]]) -> None:
    assert find_header(rows, recognise) == by_all_rows(rows)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8),
    st.sampled_from(DELIMITERS),
)
def test_the_delimiter_given_is_no_better_than_the_one_found(
    rows: list[list[str]], written: str
) -> None:
    """The delimiter found shows a header whenever one of the four does."""
    text = Text("\n".join(written.join(row) for row in rows).encode(), 0, "utf-8")
    found = find_dialect(text, recognise)
    if not found.header_line:
        each = (find_dialect(text, recognise, delimiter) for delimiter in DELIMITERS)
        assert not any(dialect.header_line for dialect in each)


def test_rows_below_a_header_of_known_words_are_not_looked_at() -> None:
    asked: list[Sequence[str]] = []

    def known(cells: Sequence[str]) -> list[str]:
        asked.append(cells)
        return recognise(cells)

    text = Text(b"Type;Marque;Quantit\xc3\xa9\n" + b"PC;Dell;1,5\n" * 50, 0, "utf-8")
    assert find_dialect(text, known).header_line == 1
    assert asked == [["Type", "Marque", "Quantité"]]


@attrs.frozen
class Counting:
    """An importer that counts how often it is asked about a file."""

    asked: list[Path] = attrs.field(factory=list)
    score: float = 0.0
    name: str = "counting"
    title: str = "counts"

    def sniff(self, sample: Sample) -> Sniff:
        """Note the question; the file is somebody else's unless it has a score."""
        self.asked.append(sample.path)
        return Sniff(self.score)

    def read(self, path: Path, options: ReadOptions) -> list[Imported]:
        """Never read: nothing is claimed."""
        raise AssertionError(path, options)


def test_importers_are_asked_once_about_a_file(tmp_path: Path) -> None:
    """To open a file for a measurement asks each importer once, not again for reading."""
    path = tmp_path / "parc.csv"
    path.write_text("equipment_type,model,quantity\nlaptop,Latitude,3\n", "utf-8")
    counting = Counting()
    registry = reen.default_registry()
    importers = {**registry.importers, counting.name: counting}
    registry = attrs.evolve(registry, importers=importers)
    opened = open_parts(path, registry=registry)
    assert opened.rows() == 1
    assert counting.asked == [path]
    assert load_source(path, registry=registry).account == opened.settle(Account())


@pytest.mark.parametrize(
    ("score", "expected"), [(0.0, "table"), (0.2, "table"), (0.45, None), (0.9, "counting")]
)
def test_the_surest_importer_is_chosen(tmp_path: Path, score: float, expected: str | None) -> None:
    """The reader of tables is 0.4 sure of a hand-made list, and asked where it has a rival."""
    path = tmp_path / "parc.csv"
    path.write_text("Type;Modèle;Quantité\nPC portable;Latitude;3\n", "utf-8")
    registry = reen.default_registry()
    importers = {**registry.importers, "counting": Counting(score=score)}
    registry = attrs.evolve(registry, importers=importers)
    if expected is None:
        with pytest.raises(FileFormatError, match="counting"):
            claiming_importer(path, registry)
    else:
        found = claiming_importer(path, registry)
        assert found is not None
        assert found.name == expected
