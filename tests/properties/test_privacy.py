"""No column that is neither known nor asked for, and no name of a person, reaches any output.

Law: a mark that stands only in cells of such columns is found nowhere: not in the rows, the report,
the issues, the account, the files written, or what is said of a row.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reen

MARK = "Zyxw"
KEY = b"the secret of the town hall"

#: Headers that nothing knows, and headers of persons and their devices.
UNKNOWN = ("Remarque", "Étage", "Champ libre", "Préférence")
PERSONS = ("Utilisateur", "Nom du poste", "Courriel", "IMEI", "Adresse MAC", "UUID", "user_id")
DROPPED = ("Prénom", "Contact", "Last name")

#: What may stand around the mark: whatever a reader may stumble over.
AROUND = [
    "",
    "{}",
    "x {}",
    "{}@ville.example",
    "M. {}",
    "{};",
    '"{}',
    "{}\n{}",
    "\ufffd{}",
    "{} 12",
]
AROUND += ["{}?l\ufffdve", "total {}", "{},5", "+33 6 12 34 56 78 {}", "DOM\\{}", "{} Zyxw", "7{}"]


#: Identifiers and holders of a device that name a person, beside some that do not.
IDENTIFIERS = ["", "A-17", "{}-2024-01-02-10-11-12", "PC {}-2023-12-31-00-00-00", "{}@x.example"]
IDENTIFIERS += ["VILLE\\{}"]
HOLDERS = ["", "Finances", "Jeanne {}", "{} Ali", "M. {}", "J. {}", "{}@x.example", "{} Zoé / DSI"]


def marked(form: str) -> str:
    return form.replace("{}", MARK)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Draw a list whose types, numbers and serial numbers are known, other cells holding marks."""
    hidden = draw(
        st.lists(st.sampled_from([*UNKNOWN, *PERSONS, *DROPPED]), min_size=1, unique=True)
    )
    known_headers = ["Type", "Quantité", "N° de série", "Modèle", "Identifiant", "Affectation"]
    headers = draw(st.permutations([*known_headers, *hidden]))
    rows = []
    for number in range(draw(st.integers(1, 6))):
        known = {
            "Type": draw(st.sampled_from(["PC portable", "Écran", "Serveur"])),
            "Quantité": "1",
            "N° de série": draw(st.sampled_from([f"SN48{number}XB", "SN480XB", ""])),
            "Modèle": draw(st.sampled_from(["Latitude 5420", "U2419"])),
            "Identifiant": marked(draw(st.sampled_from(IDENTIFIERS))),
            "Affectation": marked(draw(st.sampled_from(HOLDERS))),
        }
        rows.append(
            [known[h] if h in known else marked(draw(st.sampled_from(AROUND))) for h in headers]
        )
    return [list(headers), *rows]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode()


def as_damaged_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Nothing quoted, so that quotation marks do not balance; rows stay whole."""
    plain = [[cell.replace(";", " ").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join(";".join(row) for row in plain).encode()


def as_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_json(rows: Sequence[Sequence[str]]) -> bytes:
    header, *others = rows
    return json.dumps([dict(zip(header, row, strict=True)) for row in others]).encode()


WRITERS = {"a.csv": as_csv, "b.csv": as_damaged_csv, "c.xlsx": as_workbook, "d.json": as_json}


def everything_about(source: reen.Inventory, folder: Path) -> str:
    """Return all that can be seen of an inventory, as one text."""
    seen = [
        str(source.table.to_pylist()),
        repr(source),
        json.dumps(source.account.to_dict(), ensure_ascii=False),
        json.dumps([issue.to_dict() for issue in source.issues], ensure_ascii=False),
        *(issue.text("fr") for issue in source.issues),
        str(source.report),
    ]
    reen.write_inventory(source, folder / "out.csv")
    reen.write_inventory(source, folder / "out.parquet")
    seen += [path.read_text(encoding="utf-8") for path in folder.glob("out.csv*")]
    seen += [str(pq.read_table(folder / "out.parquet").to_pydict())]
    seen += [str(pq.read_schema(folder / "out.parquet").metadata)]
    found = reen.measure(source, method="base-carbone", as_of="2024-12-31")
    seen += [str(found), repr(found.coverage), repr(found.provenance), repr(found.account)]
    seen.append(str(reen.explain(source, method="base-carbone", row=0, as_of="2024-12-31")))
    return "\n".join(seen)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("key", [None, KEY])
@settings(max_examples=max(2, settings.default.max_examples // 15))
@given(rows=tables())
def test_no_cell_that_nobody_asked_for_is_seen(
    name: str, key: bytes | None, rows: list[list[str]]
) -> None:
    content = WRITERS[name](rows)
    with tempfile.TemporaryDirectory() as folder:
        try:
            source = reen.read(content, name=name, key=key)
            seen = everything_about(source, Path(folder))
        except reen.ReenError as error:
            seen = str(error)
    assert MARK.casefold() not in seen.casefold()
