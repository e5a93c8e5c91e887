"""Factor packs: folders and files read on first use, refused by file, row and column."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reen.plugin.packs import read_pack_folder

import reen
from reen.plugin import FactorPack

ABOUT = """
name = "mine"
version = "1"
title = "Mine"
publisher = "me"
licence = "CC0-1.0"
source = "measured"
"""

HEADER = "flow,reference_unit,stage,criterion,value,unit,source"
LAPTOP = "laptop,item,embedded,climate_change,200,kgCO2e/item,measured"

#: A citation over two lines.
QUOTED = '"measured\nby us"'

DEFAULTS = "equipment_type,parameter,value,unit,source"


def folder(path: Path, **files: str) -> Path:
    """Write a pack folder: `pack.toml` and the CSV files given."""
    (path / "pack.toml").write_text(files.pop("about", ABOUT), encoding="utf-8")
    for name, text in files.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def test_a_folder_is_a_pack(tmp_path: Path) -> None:
    """Name, version and the factors of its file."""
    pack = read_pack_folder(folder(tmp_path, factors=f"{HEADER}\n{LAPTOP}\n"))
    assert (pack.name, pack.version, pack.licence) == ("mine", "1", "CC0-1.0")
    assert pack.factors.values.tolist() == [[[200.0]]]


def test_a_folder_may_hold_defaults_only(tmp_path: Path) -> None:
    """60 months are 5 years, in the unit of the inventory column."""
    pack = read_pack_folder(
        folder(tmp_path, defaults=f"{DEFAULTS}\nlaptop,lifetime,60,month,measured\n")
    )
    (default,) = pack.defaults
    assert default.value == pytest.approx(5.0, rel=1e-12)
    assert (default.unit, default.pack) == ("year", "mine")


def test_the_content_is_read_on_first_use(tmp_path: Path) -> None:
    """A wrong file makes no error before it is asked for."""
    pack = read_pack_folder(folder(tmp_path, factors="flow\n"))
    with pytest.raises(reen.errors.FactorDataError):
        _ = pack.factors


def test_no_description(tmp_path: Path) -> None:
    """A folder without pack.toml is no pack."""
    with pytest.raises(
        reen.errors.FactorDataError, match=r"a pack\.toml file with name, version and lic"
    ):
        read_pack_folder(tmp_path)


def test_a_description_that_is_no_toml(tmp_path: Path) -> None:
    """The parser's words are kept."""
    with pytest.raises(reen.errors.FactorDataError, match="expected a TOML file in UTF-8"):
        read_pack_folder(folder(tmp_path, about="name ="))


def test_a_description_without_licence(tmp_path: Path) -> None:
    """Figures without licence are not distributed."""
    about = ABOUT.replace('licence = "CC0-1.0"', "")
    with pytest.raises(
        reen.errors.FactorDataError, match="column 'licence': ''; expected a text value"
    ):
        read_pack_folder(folder(tmp_path, about=about))


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ("flow,value\nlaptop,1\n", "mine/factors.csv, row 1, column 'reference_unit'"),
        (f"{HEADER},colour\n{LAPTOP},red\n", "column 'colour': ''; expected only the columns flow"),
        (
            f"{HEADER}\n{LAPTOP.replace('200', 'many')}\n",
            "mine/factors.csv, row 2, column 'value': 'many'",
        ),
        (f"{HEADER}\n{LAPTOP}\n{LAPTOP}\n", "mine/factors.csv, row 3"),
        (f"{HEADER},value\n{LAPTOP},1\n", "row 1, column 'value': ''; expected each column once"),
        (f"{HEADER}\n\n\n{LAPTOP.replace('200', 'x')}\n", "row 4, column 'value': 'x'"),
        (f"\n{HEADER}\n{LAPTOP.replace('200', 'x')}\n", "row 3, column 'value': 'x'"),
        (
            f"{HEADER}\n{LAPTOP.replace('measured', QUOTED)}\n{LAPTOP.replace('200', 'x')}\n",
            "row 4, column 'value': 'x'",
        ),
        (
            f"{HEADER}\n{LAPTOP.replace('200', 'x').replace('measured', QUOTED)}\n",
            "row 2, column 'value': 'x'",
        ),
        (f'{HEADER}\n{LAPTOP}\n{LAPTOP},"open\n{LAPTOP}\n', "row 3, column ''"),
        (f'{HEADER}\n{LAPTOP},"open\n{LAPTOP}\n', "expected quotes that open and close one cell"),
        (f"{HEADER}\n{LAPTOP}\1\n", "text without the control character '\\x01'"),
        (f"{HEADER}\n{LAPTOP}\0\n", "zero byte at offset 114, in line 2"),
    ],
    ids=[
        *("column lacking", "column too many", "value", "duplicate", "column twice"),
        *("blank lines", "blank first line", "after a quoted line end", "with a quoted line end"),
        *("open quote, line", "open quote", "control character", "zero byte"),
    ],
)
def test_a_factor_file_that_does_not_fit(tmp_path: Path, factors: str, message: str) -> None:
    """Pack and file, row, column, value, and what was expected."""
    pack = read_pack_folder(folder(tmp_path, factors=factors))
    with pytest.raises(reen.errors.FactorDataError) as caught:
        _ = pack.factors
    assert message in str(caught.value)


def _workbook(rows: list[list[str]]) -> bytes:
    """Return a workbook in which numbers are numbers."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_numbers": True}) as book:
        sheet = book.add_worksheet("Facteurs")
        for k, row in enumerate(rows):
            sheet.write_row(k, 0, row)
    return target.getvalue()


def _open_document(rows: list[list[str]]) -> bytes:
    """Return the least OpenDocument spreadsheet."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="F">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<m/>")
        archive.writestr("content.xml", content)
    return target.getvalue()


OWN = f"{HEADER}\n{LAPTOP.replace('200', '200.5').replace('measured', 'mesuré')}\n"
CELLS = [line.split(",") for line in OWN.splitlines()]


@pytest.mark.parametrize(
    "data",
    [
        OWN.replace(",", ";").encode(),
        OWN.encode("cp1252"),
        OWN.encode("utf-16"),
        f"Our factors\n\n{OWN}".encode(),
        _workbook(CELLS),
        _workbook([["Nos facteurs"], [], *CELLS]),
        _open_document(CELLS),
    ],
    ids=["semicolons", "cp1252", "utf-16", "title", "xlsx", "xlsx with a title", "ods"],
)
def test_a_factor_file_as_spreadsheets_save_it(tmp_path: Path, data: bytes) -> None:
    """Encoding, delimiter, titles and container do not matter; the suffix never does."""
    path = tmp_path / "own.table"
    path.write_bytes(data)
    factors = reen.read_factors(path).factors
    assert factors.values.tolist() == [[[200.5]]]
    assert factors.descriptions[0].sources == ("mesuré",)


def test_a_cell_of_a_workbook_that_does_not_fit(tmp_path: Path) -> None:
    """Sheet, row, column: a decimal comma is refused in a factor file, whatever holds it."""
    cells = [[cell.replace("200.5", "200,5") for cell in row] for row in CELLS]
    path = tmp_path / "own.xlsx"
    path.write_bytes(_workbook([["Nos facteurs"], [], *cells]))
    with pytest.raises(
        reen.errors.FactorDataError, match=r"own\.xlsx\[Facteurs\], row 4, column 'value': '200,5'"
    ):
        reen.read_factors(path)


def test_what_is_no_factor_file(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(b"%PDF-1.7\n")
    with pytest.raises(
        reen.errors.FactorDataError, match=r"own\.csv.*expected a table of factors as text"
    ):
        reen.read_factors(path)


def test_a_row_with_a_cell_too_many(tmp_path: Path) -> None:
    """An unquoted comma moves every cell after it: the row is refused."""
    text = f"{HEADER}\n{LAPTOP.replace('measured', 'measured, twice')}\n"
    with pytest.raises(reen.errors.FactorDataError, match="row 2"):
        _ = read_pack_folder(folder(tmp_path, factors=text)).factors


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "laptop,colour,5,year,s",
            "mine/defaults.csv, row 2, column 'parameter': 'colour'; expected one of",
        ),
        ("labtop,lifetime,5,year,s", "type key, flow id, or * for everything (did you mean 'lapt"),
        ("PC portable,lifetime,5,year,s", "(did you mean 'laptop'?)"),
        ("\nlaptop,lifetime,five,year,s", "row 3, column 'value': 'five'"),
        ("laptop,lifetime,five,year,s", "column 'value': 'five'; expected a number with a decimal"),
        ("laptop,lifetime,5,kg,s", "column 'unit': 'kg'; expected a unit such as year"),
        ("laptop,lifetime,5,year,", "column 'source'"),
        ("laptop,lifetime,5,year,s\nlaptop,lifetime,6,year,s", "one lifetime for laptop, not two"),
    ],
    ids=["parameter", "typo", "word", "blank line", "value", "unit", "source", "duplicate"],
)
def test_a_default_that_does_not_fit(tmp_path: Path, row: str, message: str) -> None:
    """Pack, row, column, value, and what was expected."""
    pack = read_pack_folder(folder(tmp_path, defaults=f"{DEFAULTS}\n{row}\n"))
    with pytest.raises(reen.errors.FactorDataError) as caught:
        _ = pack.defaults
    assert message in str(caught.value)


@pytest.mark.parametrize("value", ["nan", "inf", "-5", "0"])
def test_a_default_out_of_range(tmp_path: Path, value: str) -> None:
    """A lifetime by default must be one that an inventory could have."""
    row = f"laptop,lifetime,{value},year,s"
    pack = read_pack_folder(folder(tmp_path, defaults=f"{DEFAULTS}\n{row}\n"))
    with pytest.raises(reen.errors.FactorDataError, match="row 2"):
        _ = pack.defaults


@pytest.mark.parametrize("key", ["laptop", "*", "mine-laptop", "Bidule", "27002"])
def test_what_a_default_may_be_of(tmp_path: Path, key: str) -> None:
    """A type, everything, a flow, a name that the pack matches, a flow of another pack."""
    pack = read_pack_folder(
        folder(
            tmp_path,
            factors=f"{HEADER}\n{LAPTOP.replace('laptop', 'mine-laptop', 1)}\n",
            defaults=f"{DEFAULTS}\n{key},lifetime,5,year,s\n",
            matching="match,key,flow\ntype,Bidule,mine-laptop\n",
        )
    )
    assert [default.equipment_type for default in pack.defaults] == [key]


def test_names_of_types_that_are_no_keys() -> None:
    """Reference data may know the types by the names that its inventories write."""
    rows = [dict(zip(DEFAULTS.split(","), ["Serveurs", "lifetime", "5", "year", "s"], strict=True))]
    options = dict.fromkeys(("version", "title", "publisher", "licence", "source"), "")
    with pytest.raises(reen.errors.FactorDataError, match="did you mean 'server'"):
        FactorPack.from_rows(name="p", defaults=rows, **options)
    pack = FactorPack.from_rows(name="p", defaults=rows, type_names=["Serveurs"], **options)
    assert pack.defaults[0].equipment_type == "Serveurs"


def test_matching_lines_are_those_of_the_file(tmp_path: Path) -> None:
    """After a blank line too."""
    matching = "match,key,flow\n\ntype,laptop,a\n\ntype,laptop,b\n"
    pack = read_pack_folder(folder(tmp_path, matching=matching))
    with pytest.raises(
        reen.errors.FactorDataError, match=r"mine/matching\.csv, row 5, column 'flow': 'b'"
    ):
        _ = pack.matching


# -- one file --------------------------------------------------------------------------------


def test_a_csv_file_is_a_pack_named_after_it(tmp_path: Path) -> None:
    """Its version is the head of its content hash."""
    path = tmp_path / "measured.csv"
    path.write_text(f"{HEADER}\n{LAPTOP}\n", encoding="utf-8")
    pack = reen.read_factors(path)
    assert (pack.name, pack.licence) == ("measured", "not stated in the file")
    assert pack.version == pack.digest[:12]


def test_a_parquet_file_is_a_pack(tmp_path: Path) -> None:
    """Typed columns, blanks as nulls."""
    path = tmp_path / "measured.parquet"
    pq.write_table(
        pa.table(
            {
                "flow": ["electricity"],
                "reference_unit": ["kWh"],
                "geography": ["FR"],
                "year": pa.array([2022], pa.int16()),
                "stage": ["use"],
                "criterion": ["climate_change"],
                "value": [0.052],
                "unit": ["kgCO2e/kWh"],
                "upper": pa.array([None], pa.float64()),
                "source": ["measured"],
                "licence": ["CC0-1.0"],
            }
        ),
        path,
    )
    pack = reen.read_factors(path)
    assert [str(flow) for flow in pack.factors.flows] == ["measured:electricity (FR, 2022)"]
    assert (pack.factors.values[0, 0, 0], pack.licence) == (0.052, "CC0-1.0")


def test_a_row_of_a_parquet_file_is_counted_from_one(tmp_path: Path) -> None:
    """It has no header line."""
    path = tmp_path / "measured.parquet"
    cells = dict(zip(HEADER.split(","), LAPTOP.split(","), strict=True)) | {"year": "20222"}
    pq.write_table(pa.Table.from_pylist([cells]), path)
    with pytest.raises(
        reen.errors.FactorDataError, match=r"measured\.parquet, row 1, column 'year'"
    ):
        reen.read_factors(path)


def test_a_parquet_file_without_a_column(tmp_path: Path) -> None:
    """As for CSV: the column is named, whatever the rows."""
    path = tmp_path / "empty.parquet"
    pq.write_table(pa.table({"flow": pa.array([], pa.string())}), path)
    with pytest.raises(reen.errors.FactorDataError, match="reference_unit"):
        reen.read_factors(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(reen.errors.FileFormatError, match=r"nowhere\.csv: there is no such file"):
        reen.read_factors(tmp_path / "nowhere.csv")


# -- values ----------------------------------------------------------------------------------


def test_packs_can_be_pickled(tmp_path: Path) -> None:
    """Read or not: the content is the same on the other side."""
    pack = read_pack_folder(folder(tmp_path, factors=f"{HEADER}\n{LAPTOP}\n"))
    copy = pickle.loads(pickle.dumps(pack))  # noqa: S301 - our own bytes
    assert copy.digest == pack.digest


def test_the_digest_depends_on_the_defaults() -> None:
    """The same factors with another lifetime are another pack."""

    def digest(value: str) -> str:
        row = dict(
            zip(DEFAULTS.split(","), f"laptop,lifetime,{value},year,s".split(","), strict=True)
        )
        return FactorPack.from_rows(
            name="p",
            version="1",
            title="",
            publisher="",
            licence="",
            source="",
            defaults=[row],
        ).digest

    assert digest("5") != digest("6")
