"""Readers: everything that takes bytes of strangers, with files to start from and their mutators.

Input: the folder of the checkout.  Output: for each reader a few small files of our own, what reads
one, and how it is spoilt.  A reader checks what must always hold of what it gives.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import re
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
import mutators
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlwt
from defusedxml import ElementTree, EntitiesForbidden
from mutators import Mutator

import reen
from reen.results import change_storage, comparison_storage, storage
from reen.types import Fate

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).resolve().parent / "corpus"
CITY = ROOT / "examples" / "ville"
ACHAT = ROOT / "examples" / "achat"
TERMS = reen.types.Terms(
    life=5, mix=0.05, kwh_price=0.2, end_of_life=0, source="own", spread=0.2, spread_source="own",
    points_carbon=20,
)  # fmt: skip


@attrs.frozen
class Reader:
    """One thing that reads files.

    Attributes
    ----------
    ending
        Of the names of its files.
    samples
        Files to start from.
    read
        Reads one; what it raises, other than errors of reen, is a fault.
    mutate
        Ways to spoil one, beside its bytes.
    opens
        Whether some bytes are a container that opens; None where the reader's error says so.
    """

    ending: str
    samples: Callable[[], list[bytes]]
    read: Callable[[Path], object]
    mutate: tuple[Mutator, ...]
    opens: Callable[[bytes], bool] | None = None


def is_toml(data: bytes) -> bool:
    try:
        tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return True


def is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def is_zip(data: bytes) -> bool:
    """Tell whether a zip opens, with all of its members."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.testzip() is None
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError, OSError):
        return False


def is_xml(data: bytes) -> bool:
    try:
        ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError, EntitiesForbidden):
        return False
    return True


def is_table(data: bytes) -> bool:
    """Tell whether a Parquet file opens, with all of its rows."""
    try:
        pq.read_table(io.BytesIO(data))
    except (pa.ArrowException, OSError, ValueError):
        return False
    return True


def inventory(path: Path) -> object:
    """Read an inventory; every row of it must be told."""
    found = reen.read(path)
    account = found.account
    told = sum(account.rows_of(fate) for fate in Fate)
    there = rows_there(path)
    if account.rows != told or account.rows < there:
        message = f"of {there} rows, {account.rows} are read and {told} told: {account}"
        raise LostRowError(message)
    list(found.worklist)
    return found


class LostRowError(Exception):
    """A row that nobody told of."""


def rows_there(path: Path) -> int:
    """Return how many rows a file holds at least, where that is beyond doubt; 0 elsewhere.

    It is counted by other readers than ours: all rows of Parquet and Arrow, the objects of a list
    of JSON, the lines below the header of a clean text.
    """
    data = path.read_bytes()
    if path.suffix == ".parquet":
        return int(pq.read_table(io.BytesIO(data)).num_rows)
    if path.suffix == ".arrow" and data.startswith(b"ARROW1"):
        return int(pa.ipc.open_file(data).read_all().num_rows)
    if path.suffix == ".json" and is_json(data):
        whole = json.loads(data)
        plain = isinstance(whole, list) and all(isinstance(each, dict) for each in whole)
        return sum(map(_holds, whole)) if plain else 0
    return _clean_lines(data) if path.suffix == ".csv" else 0


def _holds(value: object) -> bool:
    """Tell whether a value of JSON, or one in it, is there at all."""
    if isinstance(value, (dict, list)):
        return any(map(_holds, value.values() if isinstance(value, dict) else value))
    return value is not None and str(value).strip() != ""


_CLEAN = re.compile(rb"[\w .,:/+-]+(;[\w .,:/+-]*)+")


def _clean_lines(data: bytes) -> int:
    """Return the lines below the first of a text of semicolons without quotes or blank lines.

    One without a number may be part of the header.
    """
    lines = data.splitlines()
    marks = {line.count(b";") for line in lines}
    clean = len(marks) == 1 and all(_CLEAN.fullmatch(line) for line in lines)
    return sum(re.search(rb"[0-9]", line) is not None for line in lines[1:]) if clean else 0


def measured(path: Path) -> object:
    """Read an inventory and measure it; the total is a number or nothing."""
    footprint = reen.measure(path, "base-carbone", as_of="2025-12-31")
    for total in footprint.totals():
        str(total)
    return reen.stored.footprint_to_json(footprint)


def stored_result(path: Path) -> object:
    """Read a stored result, then as who works its digest out again could make it."""
    return as_anybody_makes_it(lambda: used(reen.read_footprint(path)))


def as_anybody_makes_it(read: Callable[[], object]) -> object:
    """Read as the file is; where it is refused, once more without a look at its digest."""
    try:
        return read()
    except reen.ReenError:
        with contextlib.ExitStack() as stack:
            for module in (storage, comparison_storage, change_storage):
                stack.enter_context(mock.patch.object(module, "check_digest", return_value=None))
            read()
        raise


def stored_comparison(path: Path) -> object:
    return as_anybody_makes_it(lambda: compared(reen.stored.read_comparison(path)))


def compared(comparison: reen.types.Comparison) -> object:
    """Ask a comparison for what everybody asks of it."""
    for method in comparison.methods:
        used(comparison.footprint(method))
    comparison.view()
    comparison.to_arrow()
    return str(comparison), reen.stored.comparison_to_json(comparison)


def stored_change(path: Path) -> object:
    return as_anybody_makes_it(lambda: explained(reen.stored.read_change(path)))


def explained(change: reen.types.Change) -> object:
    """Ask a change for what everybody asks of it."""
    used(change.before)
    used(change.after)
    change.view()
    change.to_arrow()
    change.break_even()
    return str(change), reen.stored.change_to_json(change)


def purchase(path: Path) -> object:
    """Read the terms of a purchase, with a table of offers beside them."""
    (path.parent / "offres.csv").write_bytes((ACHAT / "offres.csv").read_bytes())
    return offered(reen.offers(path))


def purchase_table(path: Path) -> object:
    """Read a table of offers, for terms that stand."""
    return offered(reen.offers(path, terms=TERMS))


def offered(found: reen.types.OfferComparison) -> object:
    """Ask offers for their ranks, points and pairs."""
    found.to_dict()
    return str(found)


def used(footprint: reen.Footprint) -> object:
    """Ask a result for what everybody asks of it."""
    for total in footprint.totals():
        str(total)
    list(footprint.coverage)
    footprint.view()
    footprint.to_arrow()
    return str(footprint), reen.stored.footprint_to_json(footprint)


def heads(*names: str, lines: int = 5) -> list[bytes]:
    """Return the first lines of files of the examples."""
    found = []
    for name in names:
        text = (CITY / name).read_bytes()
        found.append(b"".join(text.splitlines(keepends=True)[:lines]))
    return found


def csv_files() -> list[bytes]:
    return [
        *heads("2025/parc.csv", "2025/achats.csv", "2025/effectifs.csv"),
        b"id;type;quantit\xe9;conso (kWh)\n1;Ordinateur portable;12;30,5\n2;Ecran;3;1.050,00\n",
        b'"serial","model","state"\n"0012","Latitude 5420","In use"\n"0013","?","Stock"\n',
        *(each.encode() for each in _LAID_OUT),
    ]


#: Lists as people lay them out: types across, lists one under the other, sums, units and names in
#: cells, boxes to tick, a report that a tool made.
_LAID_OUT = (
    (
        "Parc informatique;;;\nSite;PC portable;Écran;Imprimante\nMairie;12;15;3\nÉcole;4;6;1\n"
        "Total;16;21;4\n"
    ),
    (
        "Ordinateurs;;\nid;type;nombre\n1;PC portable;12\n2;PC fixe;3\n;;\nÉcrans;;\n"
        "id;type;nombre\n3;Écran 24 pouces;7\n"
    ),
    (
        "Utilisateur;Nom du poste;Type;Conso annuelle;Masse;Date d'achat;Durée;Prix\n"
        "Mme Durand;PC de M. Martin;PC portable;30 kWh;1,5 kg;03/2021;5 ans;1 050,00 €\n"
        "jean.petit@example.org;10.0.0.12;serveur;1,2 MWh;;2019;60 mois;4500\n"
    ),
    (
        "Étiquettes de lignes;Nombre de N° série\nDSI;14\n  PC portable;12\n  Écran;2\nCCAS;3\n"
        "  PC portable;3\nTotal général;17\n"
    ),
    "Agent;PC portable;Écran;Téléphone\nPoste 1;X;X;\nPoste 2;X;;X\nPoste 3;;XX;oui\n",
    "Année;2023;2024;2025\nPC portable;10;12;14\nÉcran;20;21;19\n",
)


def rows() -> list[list[object]]:
    """Return the same list as rows of cells."""
    head: list[object] = [
        "id",
        "equipment_type",
        "model",
        "quantity",
        "lifetime",
        "country",
        "date",
    ]
    body: list[list[object]] = [
        [f"PC-{k}", "laptop" if k % 2 else "écran", f"Model {k}", k, 4.5, "FR", f"2021-0{k}-03"]
        for k in range(1, 5)
    ]
    return [head, *body]


def xlsx_files() -> list[bytes]:
    book = openpyxl.Workbook()
    for row in rows():
        book.active.append(row)
    other = book.create_sheet("Achats")
    other.append(["Date", "Désignation", "Quantité", "Prix HT", "N° commande"])
    other.append(["2024-03-01", "PC portable", 4, 812.5, "CMD-7"])
    third = book.create_sheet("Livrés")
    third.append(["N° de série", "Type", "Modèle", "N° commande"])
    for serial in ("SN-1", "SN-2"):
        third.append([serial, "PC portable", "Latitude 5420", "CMD-7"])
    out = io.BytesIO()
    book.save(out)
    return [out.getvalue(), laid_out_workbook()]


def laid_out_workbook() -> bytes:
    """Return a workbook as people make them: merged, hidden, indented, dated, calculated."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Parc de la ville", None, "au 31/12/2025"])
    sheet.merge_cells("A1:B1")
    sheet.append(["Type", "Quantité", "Part", "Achat", "Conso (kWh)"])
    for number, name in enumerate(("Direction", "laptop", "écran", "laptop", "Total"), start=3):
        sheet.append([name, number, number / 10, dt.date(2021, 3, number), f"=B{number}*30,5"])
        sheet.cell(number, 1).alignment = openpyxl.styles.Alignment(indent=int(number > 3))
        sheet.cell(number, 3).number_format = "0 %"
    sheet.merge_cells("A4:A5")
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet["B4"].comment = openpyxl.comments.Comment("à vérifier", "DSI")
    book.create_sheet("Caché").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls_files() -> list[bytes]:
    """Return an old binary workbook, with what it can say of its layout."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Parc")
    for y, row in enumerate(rows()):
        for x, cell in enumerate(row):
            sheet.write(y, x, cell)
    sheet.write_merge(6, 7, 0, 1, "Total")
    sheet.write(6, 2, 12, xlwt.easyxf("align: indent 1", num_format_str="0 %"))
    sheet.write(7, 3, xlwt.Formula("D2+D3"))
    sheet.row(3).hidden = True
    book.add_sheet("Autre").visibility = 1
    out = io.BytesIO()
    book.save(out)
    return [out.getvalue()]


_SPREADSHEET_XML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Parc"><Table>'
    '<Row><Cell><Data ss:Type="String">type</Data></Cell>'
    '<Cell ss:MergeAcross="1"><Data ss:Type="String">quantité</Data></Cell></Row>'
    '<Row ss:Index="3"><Cell ss:MergeDown="1"><Data ss:Type="String">laptop</Data></Cell>'
    '<Cell ss:Index="2"><Data ss:Type="Number">30.5</Data></Cell></Row>'
    '<Row ss:Hidden="1"><Cell ss:Index="2"><Data ss:Type="DateTime">2022-03-15T00:00:00.000</Data>'
    '</Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell></Row></Table></Worksheet></Workbook>'
)


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    '<office:body><office:spreadsheet><table:table table:name="Parc">{}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def ods_files() -> list[bytes]:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(
        f"<table:table-row>{''.join(cell.format(each) for each in row)}</table:table-row>"
        for row in rows()
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", _ODS.format(body))
    return [out.getvalue(), laid_out_ods()]


def laid_out_ods() -> bytes:
    """Return a sheet with repeated, merged, dated and annotated cells, and a hidden row."""
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    body = (
        "<table:table-row>" + "".join(cell.format("", each) for each in ("type", "nombre", "date"))
        + '</table:table-row><table:table-row table:number-rows-repeated="3">'
        + cell.format(' table:number-columns-spanned="1" table:number-rows-spanned="2"', "laptop")
        + '<table:table-cell office:value-type="float" office:value="4.5"><office:annotation>'
        "<text:p>à vérifier</text:p></office:annotation><text:p>4,5</text:p></table:table-cell>"
        '<table:table-cell office:value-type="date" office:date-value="2021-03-01"/>'
        '</table:table-row><table:table-row table:visibility="collapse"><table:covered-table-cell/>'
        '<table:table-cell table:number-columns-repeated="2" office:value-type="percentage"'
        ' office:value="0.5"><text:p>50 %</text:p></table:table-cell></table:table-row>'
    )  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(body))
    return out.getvalue()


def records() -> list[dict[str, object]]:
    head, *body = rows()
    return [dict(zip(map(str, head), row, strict=True)) for row in body]


def json_files() -> list[bytes]:
    nested = {"site": "DSI", "computers": records(), "printers": [{"name": "x", "type": "printer"}]}
    lines = "\n".join(json.dumps(each) for each in records())
    return [json.dumps(records()).encode(), json.dumps(nested).encode(), lines.encode()]


def xml_files() -> list[bytes]:
    items = "".join(
        "<item>" + "".join(f"<{key}>{value}</{key}>" for key, value in each.items()) + "</item>"
        for each in records()
    )
    return [f'<?xml version="1.0"?><inventory site="a">{items}</inventory>'.encode()]


def web_pages() -> list[bytes]:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows())
    page = '<html><head><meta charset="{}"></head><body><table border="1">{}</table></body></html>'
    return [page.format(name, body).encode(name) for name in ("utf-8", "cp1252")]


def zip_files() -> list[bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in (("parc.csv", csv_files()[-1]), ("sub/b.json", json_files()[0])):
            archive.writestr(name, data)
    return [out.getvalue()]


def table() -> pa.Table:
    found = pa.Table.from_pylist(records())
    model = found.column("model").dictionary_encode()
    return found.set_column(2, "model", model).append_column(
        "quantity_2", pa.array([[1]] * found.num_rows)
    )


def parquet_files() -> list[bytes]:
    sink = pa.BufferOutputStream()
    pq.write_table(table(), sink)
    return [bytes(sink.getvalue())]


def arrow_files() -> list[bytes]:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table().schema) as writer:
        writer.write_table(table())
    return [bytes(sink.getvalue())]


_FACTORS = (
    b"flow,name,reference_unit,geography,year,stage,criterion,value,unit,lower,upper,"
    b"uncertainty_percent,equipment_type,source,licence\n"
    b"lap,Laptop,item,,2024,manufacturing,climate_change,156,kgCO2e,100,200,,laptop,own,x\n"
    b"elec,Mix,kWh,FR,2024,use,climate_change,0.052,kgCO2e/kWh,,,10,,own,x\n"
)
_PACK = (
    b'name = "mine"\nversion = "1"\ntitle = "Mine"\npublisher = "me"\nlicence = "CC0-1.0"\n'
    b'source = "own"\n'
)


def factor_folder(path: Path) -> object:
    """Read a folder whose description is the file, with a table beside it."""
    folder = path.with_suffix("")
    folder.mkdir(exist_ok=True)
    (folder / "pack.toml").write_bytes(path.read_bytes())
    (folder / "factors.csv").write_bytes(_FACTORS)
    return reen.read_factors(folder)


_MAPPING = (
    b'name = "mairie"\ntitle = "Mairie"\nkeep = ["Parc"]\n\n[columns]\n"Nb" = "quantity"\n'
    b'"Conso" = { column = "annual_energy", unit = "kWh/item/year" }\n\n[words.equipment_type]\n'
    b'"Gros PC" = "workstation"\n\n[constants]\ncountry = "FR"\n\n[[set_aside]]\nheader = "Etat"\n'
    b'values = ["Rebut"]\nreason = "row_filtered"\n\n[[table]]\nkind = "purchases"\nheader = 2\n'
    b'signature = [["Date", "Prix"]]\n[table.columns]\n"Prix" = "unit_price"\n'
)
_SHARING = (
    b'column = "entity"\n\n[perimeters]\nville = "Ville"\nccas = "CCAS"\n\n'
    b'[rows]\nagents = "ville"\n'
    b'ecoles = "ccas"\nlocaux = "locaux"\n\n[keys]\nlocaux = { ville = 0.6, ccas = 0.4 }\n'
)
_ANSWERS = (
    b"about;column;value;question;proposals;answer;how;rows;items;source;examples;code\n"
    b"word;equipment_type;lapin;?;laptop;laptop;;1;3;a.csv;2;word_not_known\n"
)


def mapping(path: Path) -> object:
    """Read a mapping, and a list by it."""
    rows = b"type;Nb;Conso;Etat;Parc\nGros PC;3;120;Neuf;A\nlaptop;2;30;Rebut;B\n"
    return reen.read(io.BytesIO(rows), name="a.csv", mapping=path)


def sharing(path: Path) -> object:
    """Read who has what, and divide a list by it: no item may be lost or made."""
    whole = reen.Inventory.from_equipment(
        reen.Equipment("laptop", quantity=10, entity=name, lifetime=5)
        for name in ("agents", "ecoles", "locaux")
    )
    parts = reen.perimeters(whole, path)
    items = [sum(part.table["quantity"].to_pylist()) for part in parts.values()]
    if not abs(sum(items) - 30) < 1e-6 * (1 + sum(map(abs, items))):
        message = f"of 30 items, the parts have {items}"
        raise LostRowError(message)
    return parts


def strategy(path: Path) -> object:
    return reen.Strategy.read(path)


def plan(path: Path) -> object:
    """Read the plan of a review, and what it names."""
    for year in ("2024", "2025"):
        home = path.parent / year
        home.mkdir(exist_ok=True)
        (home / "parc.csv").write_bytes(heads(f"{year}/parc.csv")[0])
    (path.parent / "strategie.toml").write_bytes((CITY / "strategie.toml").read_bytes())
    return reen.Review.open(path).plan


def stored() -> list[bytes]:
    footprint = reen.measure(
        reen.Equipment("laptop", lifetime=5, country="FR"), "base-carbone", as_of="2025-12-31"
    )
    return [reen.stored.footprint_to_json(footprint).encode()]


def stored_parquet() -> list[bytes]:
    footprint = reen.stored.footprint_from_json(stored()[0].decode())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "f.parquet"
        reen.write_footprint(footprint, file)
        return [file.read_bytes()]


def comparisons() -> list[bytes]:
    laptops = reen.Equipment("laptop", quantity=12, lifetime=5, country="FR")
    found = reen.compare(laptops, methods=["base-carbone", "ecodiag"], as_of="2025-12-31")
    return [reen.stored.comparison_to_json(found).encode()]


def changes() -> list[bytes]:
    before, after = (
        reen.Equipment("laptop", quantity=number, lifetime=5, country="FR") for number in (12, 9)
    )
    found = reen.change(before, after, method="base-carbone", as_of=("2024-12-31", "2025-12-31"))
    return [reen.stored.change_to_json(found).encode()]


def dated(kind: Any) -> Callable[[Path], object]:  # noqa: ANN401 - a word of a closed list
    """Return what reads records of a kind."""

    def read(path: Path) -> object:
        found = reen.read_records(path, kind=kind)
        return str(found.account)

    return read


def exports() -> list[bytes]:
    """Return a table of factors, and the first rows of an export of the Base Carbone."""
    export = (ROOT / "tests" / "fixtures" / "base_carbone_small.csv").read_bytes()
    return [_FACTORS, b"".join(export.splitlines(keepends=True)[:5])]


def canonical() -> list[bytes]:
    """Return a list as reen writes it, which is measured piece by piece and never held."""
    items = [
        reen.Equipment(name, quantity=2, lifetime=5, country="FR", id=name)
        for name in ("laptop", "desktop", "monitor")
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "f.parquet"
        reen.write_inventory(reen.Inventory.from_equipment(items), file)
        return [file.read_bytes()]


OF_TEXT = (mutators.of_lines,)
SHEETS = mutators.of_zip(mutators.of_markup, telling="sheet|shared|content|workbook.xml$|styles")

READERS: Mapping[str, Reader] = {
    "delimited": Reader(".csv", csv_files, inventory, OF_TEXT),
    "measured": Reader(".csv", csv_files, measured, OF_TEXT),
    "xlsx": Reader(".xlsx", xlsx_files, inventory, (SHEETS,), is_zip),
    "xls": Reader(".xls", xls_files, inventory, (mutators.of_biff,)),
    "xml-workbook": Reader(
        ".xls", lambda: [_SPREADSHEET_XML.encode()], inventory, (mutators.of_markup,)
    ),
    "ods": Reader(".ods", ods_files, inventory, (SHEETS,), is_zip),
    "json": Reader(".json", json_files, inventory, (mutators.of_json,), is_json),
    "xml": Reader(".xml", xml_files, inventory, (mutators.of_markup,), is_xml),
    "html": Reader(".html", web_pages, inventory, (mutators.of_markup,)),
    "zip": Reader(".zip", zip_files, inventory, (mutators.of_zip(mutators.of_lines),), is_zip),
    "parquet": Reader(".parquet", parquet_files, inventory, (mutators.of_arrow,)),
    "arrow": Reader(".arrow", arrow_files, inventory, (mutators.of_arrow,)),
    "streamed": Reader(".parquet", canonical, measured, (mutators.of_arrow,)),
    "mapping": Reader(".toml", lambda: [_MAPPING], mapping, (mutators.of_toml,), is_toml),
    "answers": Reader(".csv", lambda: [_ANSWERS], mapping, OF_TEXT, bool),
    "factors": Reader(".csv", exports, reen.read_factors, OF_TEXT),
    "pack": Reader(".toml", lambda: [_PACK], factor_folder, (mutators.of_toml,), is_toml),
    "sharing": Reader(".toml", lambda: [_SHARING], sharing, (mutators.of_toml,), is_toml),
    "strategy": Reader(
        ".toml",
        lambda: heads("strategie.toml", lines=400),
        strategy,
        (mutators.of_toml,),
        is_toml,
    ),
    "records": Reader(".csv", lambda: heads("2025/effectifs.csv"), dated("headcount"), OF_TEXT),
    "purchases": Reader(".csv", lambda: heads("2025/achats.csv"), dated("purchases"), OF_TEXT),
    "disposals": Reader(".csv", lambda: heads("2025/sorties.csv"), dated("disposals"), OF_TEXT),
    "energy": Reader(".csv", lambda: heads("2025/energie.csv"), dated("energy_readings"), OF_TEXT),
    "review": Reader(
        ".toml", lambda: heads("review.toml", lines=400), plan, (mutators.of_toml,), is_toml
    ),
    "purchase": Reader(
        ".toml",
        lambda: [(ACHAT / "achat.toml").read_bytes()],
        purchase,
        (mutators.of_toml,),
        is_toml,
    ),
    "offers": Reader(
        ".csv", lambda: [(ACHAT / "offres.csv").read_bytes()], purchase_table, OF_TEXT, bool
    ),
    "comparison": Reader(".json", comparisons, stored_comparison, (mutators.of_json,), is_json),
    "change": Reader(".json", changes, stored_change, (mutators.of_json,), is_json),
    "footprint": Reader(".json", stored, stored_result, (mutators.of_json,), is_json),
    "footprint-parquet": Reader(
        ".parquet", stored_parquet, stored_result, (mutators.of_arrow,), is_table
    ),
}


def corpus(name: str) -> Iterator[Path]:
    """Yield the files that once went wrong in a reader."""
    yield from sorted((CORPUS / name).glob("*"))
