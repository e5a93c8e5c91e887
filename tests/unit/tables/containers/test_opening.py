"""Which container a file is, archives, and what is refused."""

from __future__ import annotations

import gzip
import io
import warnings
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from reen.errors import FileFormatError, MissingExtraError
from reen.tables.containers import ArrowFile, Grid, Limits, Skipped, TextFile, open_container

CSV = b"Nom;Nombre\nPC;3\n"

#: Properties below each other, of two machines; and three above a table.
SHOWN = b"\r\nName   : PC1\r\nModel  : M70\r\nSerial : AX1\r\n\r\n\r\nName   : PC2\r\n"
ABOVE = b"Ville : Sud\nDate : 2025\nAuteur : DSI\n\nNom;Nombre\nPC;3\n"


@pytest.mark.parametrize(
    "data",
    [
        CSV,
        ABOVE,
        b"",
        b"[Nom];[Serie]\na;b\n",
        b"{a};b\n",
        b'["x"];["y"]\n',
        b"<3;coeur\n",
        b"\xff\xfeN\0",
    ],
)
def test_other_text_is_left_to_the_reader_of_text(files: SimpleNamespace, data: bytes) -> None:
    (content,) = files.read("parc.xlsx", data)
    assert isinstance(content, TextFile)
    assert (content.place, content.data) == ("parc.xlsx", data)


@pytest.mark.parametrize("head", [b"PAR1", b"ARROW1\0\0", b"\xff\xff\xff\xff\x10\0\0\0"])
def test_arrow_is_left_to_the_gate(files: SimpleNamespace, head: bytes, tmp_path: Path) -> None:
    (content,) = files.read("x.csv", head)
    assert isinstance(content, ArrowFile)
    path = tmp_path / "x"
    path.write_bytes(head)
    (content,) = open_container("x", path)
    assert isinstance(content, ArrowFile)
    assert content.data == path  # and not read into memory


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7", "PDF"),
        (SHOWN, "Export-Csv"),
        (SHOWN.decode().encode("utf-16"), "Export-Csv"),
        (b"**********\r\nWindows PowerShell transcript start\r\n", "Export-Csv"),
        (b"\x89PNG\r\n", "image"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"Rar!\x1a", "RAR"),
        (b"{\\rtf1", "word processor"),
        (b"MIME-Version: 1.0\r\n", "web archive"),
    ],
)
def test_kinds_without_a_table_are_named(files: SimpleNamespace, head: bytes, kind: str) -> None:
    with pytest.raises(FileFormatError, match=kind):
        files.read("parc.csv", head + bytes(100))


def test_word_and_text_documents_are_named(files: SimpleNamespace) -> None:
    with pytest.raises(FileFormatError, match="not a workbook"):
        files.read("x", files.zipped({"[Content_Types].xml": "", "word/document.xml": ""}))
    with pytest.raises(FileFormatError, match="not a spreadsheet"):
        files.read("x", files.zipped({"mimetype": "application/vnd.oasis.opendocument.text"}))


def test_an_archive_gives_its_members_in_order(files: SimpleNamespace) -> None:
    inner = files.zipped({"c.csv": b"c"})
    members = {
        "b.csv": CSV,
        "site/a.xlsx": files.xlsx({"P": [["x"]]}),
        "site/~$a.xlsx": b"lock",
        "__MACOSX/b.csv": b"m",
        ".cache/x.csv": b"h",
        "copie.csv": CSV,
        "vide.csv": b"",
        "plan.pdf": b"%PDF-1.4",
        "deep.zip": inner,
    }
    contents = files.read("parc.zip", files.zipped(members))
    places = [content.place for content in contents if not isinstance(content, Skipped)]
    assert places == ["parc.zip/b.csv", "parc.zip/site/a.xlsx[P]", "parc.zip/deep.zip/c.csv"]
    skipped = {c.place: c.remark.code for c in contents if isinstance(c, Skipped)}
    assert skipped == {
        "parc.zip/site/~$a.xlsx": "member_lock_file",
        "parc.zip/__MACOSX/b.csv": "member_of_the_system",
        "parc.zip/.cache/x.csv": "member_hidden",
        "parc.zip/copie.csv": "member_repeated",
        "parc.zip/vide.csv": "member_empty",
        "parc.zip/plan.pdf": "member_not_a_table",
    }


def test_archives_inside_archives_inside_archives_are_refused(files: SimpleNamespace) -> None:
    third = files.zipped({"c.zip": files.zipped({"d.zip": files.zipped({"e.csv": CSV})})})
    with pytest.raises(FileFormatError, match="extract the inner ones"):
        files.read("a.zip", third)


def test_gzip(files: SimpleNamespace) -> None:
    (content,) = files.read("parc.csv.gz", gzip.compress(CSV))
    assert content.data == CSV
    with pytest.raises(FileFormatError, match="cut short"):
        files.read("parc.csv.gz", gzip.compress(CSV)[:-6])


def test_an_encrypted_member_is_named(files: SimpleNamespace) -> None:
    data = bytearray(files.zipped({"a.csv": CSV}))
    directory = data.rfind(b"PK\x01\x02")
    data[6] |= 1
    data[directory + 8] |= 1
    with pytest.raises(FileFormatError, match=r"z\.zip/a\.csv: the member is encrypted"):
        files.read("z.zip", bytes(data))


def test_a_protected_workbook_says_how_to_remove_the_password(files: SimpleNamespace) -> None:
    with pytest.raises(FileFormatError, match="remove the password"):
        files.read("p.xlsx", ole2("EncryptedPackage"))
    with pytest.raises(FileFormatError, match="Word document"):
        files.read("p.doc", ole2("WordDocument"))


def ole2(stream: str) -> bytes:
    """Return the smallest OLE2 file with one stream of no bytes ([MS-CFB] 2.2 to 2.6)."""
    free, end, fat = b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\xfd\xff\xff\xff"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0"
    header += bytes(10) + b"\1\0\0\0" + b"\1\0\0\0" + bytes(4) + b"\0\x10\0\0" + end + bytes(4)
    header += end + bytes(4) + bytes(4) + free * 108
    table = fat + end + free * 126

    def entry(name: str, kind: int, child: bytes, start: bytes) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        body = text.ljust(64, b"\0") + len(text).to_bytes(2, "little") + bytes([kind, 1])
        return body + free + free + child + bytes(36) + start + bytes(8)

    directory = entry("Root Entry", 5, b"\1\0\0\0", end) + entry(stream, 2, free, end)
    return header + table + directory + bytes(256)


def test_limits_on_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(CSV)
    with pytest.raises(FileFormatError, match=r"16 bytes, .* Limits\(bytes=16\)"):
        list(open_container("x.csv", path, Limits(bytes=10)))


def test_a_missing_package_names_the_command(
    files: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtraError, match=r"pip install '\.\[tables\]'"):
        files.read("x", files.xlsx({"A": [["x"]]}))


def test_a_web_page_saved_as_a_workbook(files: SimpleNamespace) -> None:
    page = """<html><head><meta charset="iso-8859-1"></head><body><table><tr><td>
    <table><tr><th>Nom</th><th colspan=2>Site&nbsp;A</th></tr>
    <tr><td rowspan="2">é &amp; b</td><td>1<br>2</td><td>x</td></tr>
    <tr><td>3<td>y</tr></table></td></tr></table></body></html>"""
    contents = files.read("export.xls", page.encode("cp1252"))
    (grid,) = [content for content in contents if isinstance(content, Grid)]
    assert grid.place == "export.xls[table 2]"
    assert grid.rows() == [("Nom", "Site\xa0A", None), ("é & b", "1\n2", "x"), ("é & b", "3", "y")]
    assert [remark.code for remark in grid.remarks] == ["cells_merged"]


def test_a_sign_in_page_is_refused(files: SimpleNamespace) -> None:
    with pytest.raises(FileFormatError, match="sign-in"):
        files.read("export.xls", b"<!DOCTYPE html><html><body><form></form></body></html>")


def test_spreadsheet_xml_of_2003(files: SimpleNamespace) -> None:
    xml = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
    <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
     xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
    <Worksheet ss:Name="Parc"><Table>
     <Row ss:Index="3"><Cell ss:MergeDown="1"><Data ss:Type="String">Site</Data></Cell>
      <Cell ss:Index="3"><Data ss:Type="Number">30.125</Data></Cell></Row>
     <Row ss:Hidden="1"><Cell ss:Index="2"><Data ss:Type="DateTime">2022-03-15T00:00:00.000</Data>
      </Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>
     <Row><Cell ss:MergeAcross="1"><Data ss:Type="Boolean">1</Data></Cell>
      <Cell><Data ss:Type="String">é</Data></Cell></Row>
    </Table></Worksheet></Workbook>"""
    grid = files.grid("export.xls", xml.encode())
    assert grid.place == "export.xls[Parc]"
    assert grid.rows() == [
        ("Site", None, "30.1250"),
        ("Site", "2022-03-15", "#N/A"),
        ("true", None, "é"),
    ]
    assert grid.lines.tolist() == [3, 4, 5]
    codes = {remark.code for remark in grid.remarks}
    assert codes == {"cells_merged", "rows_hidden", "cells_in_error"}


def archive(*members: tuple[str, bytes]) -> bytes:
    """Return a zip whose members may have one name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # "Duplicate name"
        for name, content in members:
            file.writestr(name, content)
    return target.getvalue()


def test_members_of_one_name_are_all_read(files: SimpleNamespace) -> None:
    data = archive(("a.csv", b"one"), ("a.csv", b"two"), ("a.csv (2)", b"3"), ("a.csv", b"four"))
    contents = files.read("z.zip", data)
    assert [(content.place, content.data) for content in contents] == [
        ("z.zip/a.csv", b"one"),
        ("z.zip/a.csv (2)", b"two"),
        ("z.zip/a.csv (2) (2)", b"3"),
        ("z.zip/a.csv (3)", b"four"),
    ]


@pytest.mark.parametrize("name", ["../b.csv", "..\\b.csv", "./b.csv", "/b.csv", "../../b.csv"])
def test_members_that_lead_out_of_the_folder_are_read(files: SimpleNamespace, name: str) -> None:
    first, second = files.read("z.zip", archive(("b.csv", b"one"), (name, b"two")))
    assert (first.place, second.place) == ("z.zip/b.csv", "z.zip/b.csv (2)")
    assert (first.data, second.data) == (b"one", b"two")


def test_an_archive_without_files_says_so(files: SimpleNamespace) -> None:
    (content,) = files.read("z.zip", archive())
    assert content.remark.code == "archive_without_files"
