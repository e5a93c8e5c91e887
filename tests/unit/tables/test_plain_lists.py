"""Plain lists: what is known to be one by its first rows is one for the layouts too."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import reen
from reen.tables.assets import _OF_YEARS
from reen.tables.containers.grid import TextFile
from reen.tables.headers.header_words import key_of
from reen.tables.headers.understanding import recognise
from reen.tables.layouts import snapshots
from reen.tables.layouts.laying import grid_of_rows, tables_of_grid
from reen.tables.layouts.plain_lists import _is_one_list, tables_of_text
from reen.tables.layouts.words import Words
from reen.tables.recognition.kinds import known_columns
from reen.tables.table import TextTable

HEADERS = (
    *("Type", "Modèle", "Quantité", "N° de série", "Site", "Service", "Date d'achat", "Statut"),
    *("Mairie", "École", "Total", "2024", "Étiquettes de lignes", "Nombre de Type", "Âge", "x"),
)
CELLS = (
    *("PC portable", "Écran", "Mairie", "École", "Total", "En stock", "Service", "Type"),
    *("3", "12", "1 200", "2.0", "2019", "2021", "0", "-", "n.c.", "", "  dont portables", "A-17"),
)


def known(cells: Sequence[str]) -> list[str]:
    return known_columns(cells, recognise(cells))


RESOLVE = reen.default_registry().equipment_types.resolve
WORDS = Words(
    known,
    lambda cell: next(iter(recognise([cell])), ""),
    lambda word: RESOLVE(word) is not None,
    "parc.csv",
)


def read(text: str) -> TextTable:
    return TextTable.of(TextFile("parc.csv", text.encode()), known)


@given(
    st.lists(st.sampled_from(HEADERS), min_size=2, max_size=6, unique=True),
    st.lists(st.lists(st.sampled_from(CELLS), min_size=6, max_size=6), min_size=1, max_size=6),
)
@settings(max_examples=settings.default.max_examples * 4)  # type: ignore[union-attr]
def test_what_is_known_as_one_list_is_laid_out_as_one(
    header: list[str], cells: list[list[str]]
) -> None:
    """Asking the layouts all the same finds one table below its header, with all of its rows."""
    rows = [header, *(row[: len(header)] for row in cells)]
    plain = _is_one_list(rows, WORDS)
    event(f"known as one list: {plain}")
    if plain:
        table = read("\n".join(map(";".join, rows)))
        (found,) = tables_of_grid(grid_of_rows(table, rows, range(1, len(rows) + 1)), WORDS)
        assert not found.laid_out
        assert (found.header_line, found.start) == (1, 1)


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("Type;Modèle;Quantité\nÉcran;P24;2\nPC portable;L14;3\n", 0),
        # numbers in columns that the header knows, and an asset's beside others
        ("Type;Quantité;Prix\nÉcran;2;180\nPC portable;3;900\n", 0),
        ("Type;N° de série;Ports;Étage\nÉcran;A1;2;1\nPC portable;A2;3;0\n", 0),
        # the first row is no header of a list, or stands above another one
        ("Type;Mairie;École\nÉcran;2;18\nPC portable;3;9\n", 1),
        ("Type;Quantité\nÉcran;2\n\nType;Site;Quantité\nPC portable;Mairie;3\n", 2),
        ("Parc;;\nType;Mairie;École\nÉcran;2;18\nPC portable;3;9\n", 1),
    ],
)
def test_the_layouts_are_asked_where_a_text_may_be_laid_out(text: str, tables: int) -> None:
    assert len(tables_of_text(read(text), WORDS)) == tables


def test_every_header_of_years_is_looked_at() -> None:
    """What is asked before the years of a list has each header that names them."""
    headers = snapshots._SAID | snapshots._PERIOD | snapshots._MAY_BE
    assert headers
    assert all(any(word in key_of(header) for word in _OF_YEARS) for header in headers)
