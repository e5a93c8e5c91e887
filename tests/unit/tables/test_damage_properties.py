"""Whatever damage a French table took on its way, it gives the inventory of the clean one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reen.plugin.files import Imported, ReadOptions
from reen.tables.reader import TableReader
from reen.types import Severity

Options = Callable[..., ReadOptions]

HEADER = "Type;Modèle;Quantité;Durée de vie;Numéro de série;Commentaire;Entité"
TYPES = ("Écran", "Unité centrale", "PC portable", "Téléphone mobile", "Serveur", "Imprimante")
REMARKS = ("", "prêté à l'été", "réformé", "en façade", "à vérifier", "où est-il", "ok")
PLACES = ("", "École", "Théâtre", "Médiathèque", "Mairie")

ROWS = st.lists(
    st.tuples(
        st.sampled_from(TYPES),
        st.sampled_from(("U24", "Zeta", "Modèle à clé")),
        st.integers(1, 40).map(str),
        st.integers(3, 9).map(str),
        st.just(""),
        st.sampled_from(REMARKS),
        st.sampled_from(PLACES),
    ),
    min_size=2,
    max_size=12,
).map(lambda rows: [(*row[:4], f"S{k}X", *row[5:]) for k, row in enumerate(rows)])


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damage") / "parc.csv"


def written(rows: list[tuple[str, ...]]) -> str:
    return "\n".join([HEADER, *(";".join(row) for row in rows)]) + "\n"


def read(raw: bytes, path: Path, options: Options) -> Imported:
    path.write_bytes(raw)
    (part,) = TableReader().read(path, options())
    return part


def facts(found: Imported) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = found.table.to_pylist()
    return rows


@given(
    rows=ROWS,
    encoding=st.sampled_from(
        [
            *("utf-8", "utf-8-sig", "cp1252", "iso8859-15", "cp850", "mac_roman"),
            *("utf-16", "utf-16-le", "utf-16-be"),
        ]
    ),
)
def test_every_encoding(
    rows: list[tuple[str, ...]], encoding: str, path: Path, options: Options
) -> None:
    text = written(rows)
    clean = read(text.encode(), path, options)
    found = read(text.encode(encoding), path, options)
    assert facts(found) == facts(clean)
    # a remark may be a status, as it may in the clean text
    others = [issue for issue in found.issues if issue.reason.code != "remark_says_status"]
    assert {issue.severity for issue in others} <= {Severity.NOTE}


@pytest.mark.slow
@given(
    rows=ROWS,
    page=st.sampled_from(["cp1252", "latin-1", "mac_roman", "cp850", "cp437"]),
    mark=st.booleans(),
)
def test_text_encoded_twice(
    rows: list[tuple[str, ...]],
    page: str,
    mark: bool,  # noqa: FBT001 - drawn
    path: Path,
    options: Options,
) -> None:
    text = written(rows)
    clean = read(text.encode(), path, options)
    twice = "".join(
        bytes((byte,)).decode(page, errors="ignore") or chr(byte) for byte in text.encode()
    )
    found = read(twice.encode("utf-8-sig" if mark else "utf-8"), path, options)
    assert facts(found) == facts(clean)
    assert {issue.reason.code for issue in found.issues} >= {"encoded_twice"}


@given(rows=ROWS, drawn=st.data())
def test_ends_left_out(
    rows: list[tuple[str, ...]], drawn: st.DataObject, path: Path, options: Options
) -> None:
    """A writer that leaves blank ends out of some rows, or of all but the first."""
    lines = written(rows).splitlines()
    clean = read(written(rows).encode(), path, options)
    lines[2:] = [line.rstrip(";") if drawn.draw(st.booleans()) else line for line in lines[2:]]
    found = read("\n".join(lines).encode(), path, options)
    assert facts(found) == facts(clean)
    assert {issue.severity for issue in found.issues} <= {Severity.NOTE, Severity.DOUBT}


@pytest.mark.slow
@given(rows=ROWS, drawn=st.data())
def test_one_letter_of_another_encoding(
    rows: list[tuple[str, ...]], drawn: st.DataObject, path: Path, options: Options
) -> None:
    """All accents of one row in Windows-1252, in a file of UTF-8."""
    lines = written(rows).splitlines()
    clean = read(written(rows).encode(), path, options)
    chosen = drawn.draw(st.integers(1, len(rows)))
    raw = [line.encode("cp1252" if k == chosen else "utf-8") for k, line in enumerate(lines)]
    found = read(b"\n".join(raw), path, options)
    assert facts(found) == facts(clean)


@pytest.mark.slow
@given(rows=ROWS, mark=st.sampled_from(["\ufffd", "?"]))
def test_lost_letters_of_headers_and_types(
    rows: list[tuple[str, ...]], mark: str, path: Path, options: Options
) -> None:
    """What figures depend on is the same; models and remarks keep their marks."""
    text = written(rows)
    types = options().equipment_types
    clean = read(text.encode(), path, options)
    found = read("".join(c if c.isascii() else mark for c in text).encode(), path, options)
    assert list(found.table.column_names)[:5] == list(clean.table.column_names)[:5]
    for one, other in zip(facts(found), facts(clean), strict=True):
        assert one["quantity"] == other["quantity"]
        assert one["lifetime"] == other["lifetime"]
        words = [str(row["equipment_type"]) for row in (one, other)]
        # a word that may mean several types is a question, with its letters or without
        kinds = [types.resolve(word) or types.candidates(word) for word in words]
        assert kinds[0] == kinds[1]
        assert kinds[0]
