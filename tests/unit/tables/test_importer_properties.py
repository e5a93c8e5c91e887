"""Whatever the bytes: an inventory with issues, or an error of reen; and no row lost."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reen import Inventory, ReenError
from reen.inventory.account import Fate
from reen.plugin.files import Imported, ReadOptions, Sample
from reen.tables.delimited.mojibake import mend_mojibake, undo_entities
from reen.tables.reader import TableReader
from reen.tables.sheet import tidy

Options = Callable[..., ReadOptions]

HEADERS = (
    *("Type", "Modèle", "Quantité", "Date d'achat", "Poids (kg)", "lifetime [month]", "Statut"),
    *("N° de série", "id", "Utilisateur", "x", "", "Entité", "Reconditionné", "Conso (kg)"),
    *("Dernier inventaire", "N° inventaire", "Pays", "Mode d'acquisition", "Catégorie"),
)
CELLS = (
    *("", "PC portable", "Portable", "Total", "Sous-total", "12", "-1", "1 200", "12,5", "1.234"),
    *("12/03/2021", "03/04/2020", "2018", "sept. 2022", "31/12/9999", "44197", '24"', '"', "'1"),
    *("n.c.", "#N/A", "oui", "0", "00000000", "VMware7,1", "licence", "Jean", "a@b.example", "  "),
    *("98,5 kWh/an", "5 ans", "1e999", "nan", "inf", "3,5E+14", "9" * 400, "\u00a0", "\u2028", "é"),
    *('"a;b"', '"x\ny"', "x\ny", "|", "\ufeff", "En service", "Réunion", "0001-01-01", "\x85"),
)


@st.composite
def messy_files(draw: st.DrawFn) -> bytes:
    """Files that look like inventories, with every fault that inventories have."""
    delimiter = draw(st.sampled_from(";,\t|"))
    header = draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=7))
    if draw(st.integers(0, 9)):
        header = [draw(st.sampled_from(["Type", "Modèle"])), *dict.fromkeys(header)]
        header = list(dict.fromkeys(header))
    lines = draw(st.lists(st.sampled_from(["", "Titre", "#TYPE x", "sep=;", ";;"]), max_size=3))
    lines.append(delimiter.join(header))
    cells = st.one_of(st.sampled_from(CELLS), st.text(max_size=6))
    for _ in range(draw(st.integers(0, 8))):
        width = len(header) + draw(st.sampled_from([0, 0, 0, 0, 0, 0, -1, 1]))
        row = [draw(cells) for _ in range(max(1, width))]
        lines.append(draw(st.sampled_from([delimiter.join(row)] * 8 + ["", lines[-1]])))
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]))
    return text.encode(encoding, errors="replace")


def check(raw: bytes, path: Path, options: Options) -> None:
    """Read some bytes and account for every row of them."""
    path.write_bytes(raw)
    assert 0.0 <= TableReader().sniff(Sample(path, raw[:65_536])).score <= 1.0
    try:
        tables = TableReader().read(path, options())
    except ReenError:
        return
    for found in tables:
        check_table(found, path)


def check_table(found: Imported, path: Path) -> None:
    """Account for every row of a table."""
    account = found.uncounted
    assert found.rows_read == found.table.num_rows + account.rows
    assert account.rows_of(Fate.MERGED) == len(account.merges)
    lines = found.table["source_row"].to_pylist()
    assert lines == sorted(lines)  # several of one line where it is one of counts
    told = sum(issue.count for issue in found.issues if issue.severity == "rejected")
    assert account.rows_of(Fate.REFUSED) == told
    with contextlib.suppress(ReenError):  # a header such as "Conso (kg)"
        inventory = Inventory.from_arrow(
            found.table, source=path.name, issues=found.issues, uncounted=account
        )
        assert len(inventory) == inventory.account.rows_of(Fate.COUNTED) == len(lines)
        assert inventory.account.rows == found.rows_read


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bytes") / "parc.csv"


@pytest.mark.slow
@given(raw=st.binary(max_size=400))
def test_arbitrary_bytes(raw: bytes, path: Path, options: Options) -> None:
    check(raw, path, options)


@given(raw=messy_files())
def test_messy_files(raw: bytes, path: Path, options: Options) -> None:
    check(raw, path, options)


#: A cell may hold line breaks or delimiters: with both, two of its lines may look like rows, and
#: are then read as such, quotation marks being also what people write for inches.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), max_size=8)
LINES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r;,|\t"), max_size=8
)


@pytest.mark.slow
@given(
    rows=st.lists(st.tuples(*[TEXT | LINES] * 3), min_size=1, max_size=8),
    delimiter=st.sampled_from(";,\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    quote_all=st.booleans(),
)
def test_a_well_formed_file_is_read_as_it_was_written(
    rows: list[tuple[str, ...]],
    delimiter: str,
    end: str,
    quote_all: bool,  # noqa: FBT001 - drawn
    path: Path,
    options: Options,
) -> None:
    """Every cell, blanks apart, and the line on which every row begins.

    Two more cells make each row more than a title or a note; one of them says its line.
    """
    buffer = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(["Type", "Nb", "A1", "A2", "A3"])
    lines = []
    for row in rows:
        lines.append(buffer.getvalue().count("\n") + 1)
        # No cell is a header word: a row of those would be the header.
        writer.writerow(["PC fixe", str(lines[-1]), *(cell and f"v{cell}" for cell in row)])
    raw = buffer.getvalue().encode()
    assume(not mend_mojibake(raw)[2])  # what looks encoded twice is put right
    path.write_bytes(undo_entities(raw))
    (found,) = TableReader().read(path, options(delimiter=delimiter))
    assert found.uncounted.rows_of(Fate.REFUSED) == 0
    assert found.table["source_row"].to_pylist() == lines
    assert found.table["quantity"].to_pylist() == lines
    for k, name in enumerate(("A1", "A2", "A3")):
        expected = tidy(
            pa.array([row[k] and f"v{row[k]}" for row in rows], pa.string())
        ).to_pylist()
        assert found.table[name].to_pylist() == expected
