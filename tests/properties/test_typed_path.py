"""The typed path and the careful path of the reader give the same inventory, to the last issue."""

from __future__ import annotations

import attrs
import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import example, given

import reen
from reen import kernel
from reen.errors import ReenError
from reen.tables.typed.reading import watched

built = pytest.mark.skipif(not kernel.state().built, reason="no compiled kernel here")

#: Headers, and a clean cell of each for the k-th row.
ENGLISH = {
    "id": "A{k:05d}",
    "name": "PC-{k:05d}",
    "equipment_type": "laptop",
    "manufacturer": "Dell",
    "model": "Latitude {r}",
    "serial_number": "SN{k:06d}X",
    "quantity": "{r}",
    "purchase_date": "202{r}-03-1{r}",
    "entity": "Town hall",
    "status": "in_use",
    "country": "FR",
    "annual_energy": "3{r}.5",
}
FRENCH = {
    "Identifiant": "A{k:05d}",
    "Nom": "Poste n° {k}",
    "Type": "PC portable",
    "Fabricant": "Dell",
    "Modèle": "Latitude {r}",
    "Numéro de série": "SN{k:06d}",
    "Quantité": "{r}",
    "Date d'achat": "1{r}/03/202{r}",
    "Service": "Mairie",
    "Statut": "En service",
    "Pays": "France",
    "Consommation annuelle (kWh)": "3{r},5",
    "Prix (€)": "1{k},25",
    "Remarque": "bureau {k}",
    "N° de série constructeur": "{k:09d}",
}
#: Headers of numbers with points that nothing says to be decimal marks.
MIXED = {
    "Type": "Switch",
    "Model": "C{r}",
    "Quantity": "1.{k:03d}",
    "Asset tag": "{k:07d}",
    "Weight (kg)": "{r}.25",
    "Comment": "",
    "Last seen": "2023-0{r}-01",
    "Ports": "4{r}",
}
ODD = st.sampled_from(
    (
        *(
            "",
            " ",
            "Total",
            "TOTAL GÉNÉRAL",
            "Sous-total",
            "\u017fomme",
            "N/A",
            "na",
            "NC",
            "inconnu",
        ),
        *("1.250", "1,250", "12,5", "12.5", "1 234", "1e5", " 7 ", "-3", "0", "0x1F", "nan", "inf"),
        *("12/05/2021", "05/13/2021", "2021-13-45", "1970-01-01", "9999-12-31", "2031-01-01"),
        *("mars 2021", "1987-05-05", "2021-05-05 08:00", "44927", "60", "2,5E+10", "450 W"),
        *("VMware-56 4d 1f", "VMware", "machine virtuelle", "Licence", "0000000", "XXXX", "'007"),
        *("A00001", "sn000001x", "SN000001", "a  b", "\u00a0x", "é", "e\u0301", '"guillemets"'),
        *('17" écran', "name", "Type", "id", "01 02 03 04 05", "x@y.fr", "serveur", "inconnu au"),
        *('="0012"', "&eacute;cran", "a_x000D_b", "R&D", "PC\ufffd", "\u200bPC", "Ã©cran"),
        *("50 000", "1000000000", "4096", "true", "Namibie", "Martinique", "location", "#REF!"),
    )
)
DAMAGE = st.lists(st.tuples(st.integers(0, 129), st.integers(0, 14), ODD), max_size=4)
ROWS = st.sampled_from((1, 2, 5, 120, 130))


@attrs.frozen
class Layout:
    """How a table is written."""

    delimiter: str = ";"
    end: str = "\n"
    last: str = "\n"
    mark: str = ""


LAYOUTS = st.builds(
    Layout,
    delimiter=st.sampled_from((";", "\t", "|")),
    end=st.sampled_from(("\n", "\r\n")),
    last=st.sampled_from(("", "\n", "\n\n", "\r\n")),
    mark=st.sampled_from(("", "\ufeff", "Inventaire 2024\n")),
)


def written(
    headers: dict[str, str], rows: int, damage: list[tuple[int, int, str]], layout: Layout
) -> list[list[str]]:
    """Return the rows of a table with some cells replaced; those far down repeat a row above."""
    table = [[form.format(k=k, r=k % 3 + 1) for form in headers.values()] for k in range(rows)]
    for row, column, text in damage:
        cell = text.replace(layout.delimiter, " ")
        table[row % rows][column % len(headers)] = cell
    return [list(headers), *table]


def outcome(data: bytes, *, careful: bool) -> object:
    """Return all that a read gives, or its error."""
    with watched(careful=careful):
        try:
            found = reen.read(data, name="parc.csv")
        except ReenError as error:
            return type(error), str(error)
    table = found.table
    plain = table.cast(
        pa.schema(
            field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
            for field in table.schema
        )
    )
    types = [(field.name, field.type, field.metadata) for field in table.schema]
    report = found.report
    return types, plain.to_pydict().__repr__(), found.issues, report, found.account


@pytest.mark.slow
@given(
    headers=st.sampled_from((ENGLISH, FRENCH, MIXED)),
    rows=ROWS,
    damage=DAMAGE,
    layout=LAYOUTS,
    repeat=st.booleans(),
    blank=st.sampled_from((None, None, 0, 1, 3)),
)
@example(headers=ENGLISH, rows=120, damage=[], layout=Layout(","), repeat=False, blank=None)
@example(headers=FRENCH, rows=120, damage=[], layout=Layout(), repeat=True, blank=1)
@example(
    headers=ENGLISH,
    rows=130,
    damage=[(129, 5, "SN000001X"), (3, 0, "0000000")],
    layout=Layout(","),
    repeat=False,
    blank=None,
)
@example(
    headers=MIXED,
    rows=130,
    damage=[(0, 0, "Total"), (0, 1, ""), (0, 3, "")],
    layout=Layout(),
    repeat=False,
    blank=None,
)
def test_both_paths_give_the_same(
    headers: dict[str, str],
    rows: int,
    damage: list[tuple[int, int, str]],
    layout: Layout,
    *,
    repeat: bool,
    blank: int | None,
) -> None:
    table = written(headers, rows, damage, layout)
    if repeat:
        table.append(table[0])
        table.append(table[1])
    if blank is not None:
        table.insert(blank, [])
    lines = layout.end.join(layout.delimiter.join(row) for row in table)
    data = f"{layout.mark}{lines}{layout.last}".encode()
    assert outcome(data, careful=False) == outcome(data, careful=True)


@built
@pytest.mark.slow
@given(
    headers=st.sampled_from((ENGLISH, FRENCH, MIXED)),
    rows=ROWS,
    damage=DAMAGE,
    layout=LAYOUTS,
)
def test_loops_and_arrow_give_the_same(
    headers: dict[str, str], rows: int, damage: list[tuple[int, int, str]], layout: Layout
) -> None:
    table = written(headers, rows, damage, layout)
    lines = layout.end.join(layout.delimiter.join(row) for row in table)
    data = f"{layout.mark}{lines}{layout.last}".encode()
    found = []
    for engine in ("compiled", "numpy"):
        with kernel.using(engine), watched() as watch:
            found.append((outcome(data, careful=False), watch.typed))
    assert found[0] == found[1]


#: Rows that are not counted: what their first two cells hold.
ASIDE = st.sampled_from(
    (
        *(("VM", "v"), ("vmware", "v"), ("machine virtuelle", ""), ("Serveur", "VMware7,1")),
        *(("Licence", "Office"), ("logiciel", ""), ("Total", ""), ("Sous-total", "")),
    )
)
#: Headers beside type and model, and cells that are odd, or decide how others are read.
DECIDING = {
    "Date d'achat": ("03/04/2019", "02/13/2019", "13/02/2019", "2019", "2019-03-04", "?", ""),
    "Date de mise au rebut": ("01/12/2022", "02/13/2022", "25/01/2022", "9/3/22 5:00 PM", ""),
    "Consommation annuelle (kWh)": ("1.250", "1,250", "12,5", "12.5", "30", "n.c.", ""),
    "Quantité": ("1.250", "2", "1,5", "3,0", ""),
    "Durée de vie": ("60", "5", "36", "7 ans", ""),
    "Pays": ("FR", "France", "NC", "NA", "RE", "Germany", "n.c.", ""),
    "Statut": ("En service", "location", "NC", "inconnu", ""),
    "N° de série": ("1111", "1110", "2222", "0000", "XXXX", "SN1", ""),
    "Remarque": ("1.250", "12,5", "7", "NC", "Jean Dupont", "a@b.fr", "x", ""),
}


@st.composite
def tables_with_rows_aside(draw: st.DrawFn) -> list[list[str]]:
    """Return a table of a few rows, some of which are set aside."""
    headers = draw(st.lists(st.sampled_from(sorted(DECIDING)), min_size=1, max_size=4, unique=True))
    rows = st.tuples(*(st.sampled_from(DECIDING[header]) for header in headers))
    counted = draw(st.lists(rows, min_size=1, max_size=4))
    aside = draw(st.lists(st.tuples(ASIDE, rows), min_size=1, max_size=3))
    table = [
        *(["PC portable", f"m{k}", *row] for k, row in enumerate(counted)),
        *([*names, *row] for names, row in aside),
    ]
    return [["Type", "Modèle", *headers], *draw(st.permutations(table))]


def counted_rows(data: bytes) -> str:
    """Return what the inventory of a file holds, columns by name; or its error."""
    try:
        table = reen.read(data, name="parc.csv").table
    except ReenError as error:
        return str(type(error))
    return repr({name: table[name].to_pylist() for name in sorted(table.column_names)})


@pytest.mark.slow
@given(table=tables_with_rows_aside(), places=st.permutations(range(6)))
@example(
    table=[
        ["Type", "Modèle", "Pays", "Date de mise au rebut"],
        ["PC portable", "a", "FR", "01/12/2022"],
        ["VM", "b", "FR", "02/13/2019"],
    ],
    places=[3, 2, 0, 1],
)
def test_rows_set_aside_are_evidence_in_both_paths(
    table: list[list[str]], places: list[int]
) -> None:
    """Neither the path, nor a blank last line, nor the order of the columns changes a cell."""
    text = "\n".join(";".join(row) for row in table).encode()
    assert outcome(text, careful=False) == outcome(text, careful=True)
    order = [place for place in places if place < len(table[0])]
    moved = "\n".join(";".join(row[k] for k in order) for row in table).encode()
    assert outcome(moved, careful=False) == outcome(moved, careful=True)
    assert counted_rows(text + b"\n\n") == counted_rows(text) == counted_rows(moved)


@pytest.mark.slow
def test_clean_tables_take_the_typed_path() -> None:
    for headers in (ENGLISH, FRENCH, MIXED):
        table = written(headers, 120, [], Layout())
        data = "\n".join(";".join(row) for row in table).encode()
        with watched() as watch:
            reen.read(data, name="parc.csv")
        assert (watch.typed, watch.others) == (["parc.csv"], [])


def test_a_text_that_is_not_clean_takes_the_careful_path() -> None:
    data = b"equipment_type,model\nlaptop,Latitude\n\nlaptop,Latitude,7420\n"
    with watched() as watch:
        found = reen.read(data, name="parc.csv")
    assert (watch.typed, watch.others) == ([], ["parc.csv"])
    assert found.account.rows == 3
