"""Files made to hurt: each ends in a FileFormatError, quickly and in little memory."""

from __future__ import annotations

import io
import json
import struct
import time
import zipfile
import zlib
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reen.errors import FileFormatError
from reen.tables.containers import Limits, open_container

MEGABYTE = 1 << 20


def peak() -> int:
    """Return the largest memory of this process so far, in kilobytes."""
    resource = pytest.importorskip("resource", reason="Windows does not count the memory so")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize("text", [b"[" * 200_000, b'{"a":' * 200_000, b"[{" + b'"a":[' * 300])
def test_deep_json(files: SimpleNamespace, text: bytes) -> None:
    with pytest.raises(FileFormatError, match=r"nested|damaged|inside one another"):
        files.read("x", text)


def test_json_deeper_than_the_limit(files: SimpleNamespace) -> None:
    text = b'[{"a":' * 60 + b"1" + b"}]" * 60
    with pytest.raises(FileFormatError, match=r"Limits\(depth=101\)"):
        files.read("x", text)


def test_deep_xml(files: SimpleNamespace) -> None:
    with pytest.raises(FileFormatError, match="elements inside one another"):
        files.read("x", b"<a>" * 200_000)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        "<!ELEMENT x ANY>",
    ],
)
def test_entities_and_document_types(files: SimpleNamespace, declaration: str) -> None:
    xml = f"<?xml version='1.0'?><!DOCTYPE x [{declaration}]><x><y>1</y></x>"
    with pytest.raises(FileFormatError, match="DOCTYPE"):
        files.read("x", xml.encode())


@pytest.mark.slow
def test_a_million_columns(files: SimpleNamespace) -> None:
    names = ",".join(f'"{number}":1' for number in range(1_000_000))
    with pytest.raises(FileFormatError, match=r"16,385 columns.*Limits\(columns=16385\)"):
        files.read("x", f"[{{{names}}}]".encode())


@pytest.mark.slow
def test_an_archive_that_becomes_huge(files: SimpleNamespace) -> None:
    """200 MB of zeros take about 0.2 MB: a thousand times less, beyond 200 times."""
    data = files.zipped({"a.csv": bytes(200 * MEGABYTE)})
    before = peak()
    with pytest.raises(FileFormatError, match="times its compressed size"):
        files.read("z.zip", data)
    with pytest.raises(FileFormatError, match="bytes, decompressed"):
        files.read("z.zip", data, Limits(inflated=MEGABYTE))
    assert peak() - before < 20_000


@pytest.mark.slow
def test_an_archive_that_lies_about_its_size(files: SimpleNamespace) -> None:
    """The member says 10 bytes, and its stream would give 50 MB."""
    data = bytearray(files.zipped({"a.csv": bytes(50 * MEGABYTE)}))
    directory = data.rfind(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)
    data[directory + 16 : directory + 20] = struct.pack("<I", zlib.crc32(bytes(10)))
    before = peak()
    with pytest.raises(FileFormatError, match="size or checksum"):
        files.read("z.zip", bytes(data))
    assert peak() - before < 20_000


@pytest.mark.slow
def test_a_workbook_whose_strings_lie_about_their_size(files: SimpleNamespace) -> None:
    with zipfile.ZipFile(io.BytesIO(files.xlsx({"A": [["x"]]}))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/sharedStrings.xml"] = bytes(50 * MEGABYTE)
    data = bytearray(files.zipped(members))
    entry = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/sharedStrings.xml"))
    data[entry + 24 : entry + 28] = struct.pack("<I", 10)
    with pytest.raises(FileFormatError, match=r"sharedStrings\.xml.*size or checksum"):
        files.read("p.xlsx", bytes(data))


@pytest.mark.slow
def test_a_gzip_that_becomes_huge(files: SimpleNamespace) -> None:
    import gzip

    data = gzip.compress(bytes(50 * MEGABYTE))
    with pytest.raises(FileFormatError, match="decompressed"):
        files.read("x.gz", data, Limits(inflated=MEGABYTE))


def test_a_page_whose_cells_span_everything(files: SimpleNamespace) -> None:
    cells = '<td rowspan="99999999999999999999" colspan="65534">x</td>' * 10
    with pytest.raises(FileFormatError, match="columns"):
        files.read("x", f"<table><tr>{cells}</tr></table>".encode())


SOURCES = ["xlsx", "ods", "xls", "zip", "json", "xml", "html"]


def sample(files: SimpleNamespace, kind: str) -> bytes:
    rows = [["Nom", "Nombre"], ["PC é", 3], ["UC", 30.125]]
    if kind in {"xlsx", "ods"}:
        return bytes(getattr(files, kind)({"A": rows, "B": rows}))
    if kind == "xls":
        import xlwt

        book, target = xlwt.Workbook(), io.BytesIO()
        sheet = book.add_sheet("A")
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                sheet.write(row, column, value)
        book.save(target)
        return target.getvalue()
    texts = {
        "zip": files.zipped({"a.csv": b"a;b\n1;2\n", "b.csv": b"c"}),
        "json": b'{"data": [{"a": 1, "b": [{"c": "x"}]}, {"a": 2}]}',
        "xml": b"<p><pc a='1'><b>x</b></pc><pc a='2'/></p>",
        "html": b"<html><table><tr><td>a<td rowspan=2>b</tr><tr><td>c</tr></table>",
    }
    return bytes(texts[kind])


@pytest.fixture(scope="module")
def samples(files: SimpleNamespace) -> dict[str, bytes]:
    """Return one file of each kind, always the same: a workbook has the time of its making."""
    return {kind: sample(files, kind) for kind in SOURCES}


def test_counts_that_lie_are_refused_before_memory_is_asked_for(files: SimpleNamespace) -> None:
    """4,294,967,295 texts of 24 bytes would be 103 GB."""
    with zipfile.ZipFile(io.BytesIO(files.xlsx({"A": [["x"]]}))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    strings = members["xl/sharedStrings.xml"]
    members["xl/sharedStrings.xml"] = strings.replace(
        b'uniqueCount="1"', b'uniqueCount="4294967295"'
    )
    with pytest.raises(FileFormatError, match=r"sharedStrings\.xml.*4,294,967,295 elements"):
        files.read("p", files.zipped(members))


@pytest.mark.parametrize(
    ("sound", "lie"),
    [
        # The shared strings: 1 in all, 1 of them different, of one letter.
        (b"\1\0\0\0\1\0\0\0\1\0\0x", b"\1\0\0\0\xff\xff\xff\x7f\1\0\0x"),
        # The size of the sheet: rows 0 to 1, columns 0 to 1.
        (b"\0\2\x0e\0\0\0\0\0\1\0\0\0", b"\0\2\x0e\0\0\0\0\0\xff\xff\xff\xff"),
        (b"\0\2\x0e\0\0\0\0\0\1\0\0\0", b"\0\2\x0e\0\xff\0\0\0\1\0\0\0"),
    ],
)
def test_an_old_workbook_that_lies_about_sizes(sound: bytes, lie: bytes) -> None:
    import xlwt

    book, target = xlwt.Workbook(), io.BytesIO()
    book.add_sheet("A").write(0, 0, "x")
    book.save(target)
    data = target.getvalue()
    assert data.count(sound) == 1
    with pytest.raises(FileFormatError, match=r"cannot be read|the limit is"):
        list(open_container("p", data.replace(sound, lie)))


def test_sectors_of_an_old_workbook_that_run_in_a_circle(samples: dict[str, bytes]) -> None:
    """The table of sectors says what follows each sector: here, the first follows every other."""
    data = samples["xls"]
    table = struct.unpack_from("<I", data, 76)[0] * 512 + 512
    numbers = [
        0 if number < 0xFFFFFFFD else number for number in struct.unpack_from("<128I", data, table)
    ]
    circle = struct.pack("<128I", *[0 if number == 0xFFFFFFFE else number for number in numbers])
    with pytest.raises(FileFormatError):
        list(open_container("p", data[:table] + circle + data[table + 512 :]))


@pytest.mark.parametrize("kind", SOURCES)
@settings(max_examples=settings.default.max_examples // 3)
@given(data=st.data())
def test_damage_ends_in_an_answer_or_in_a_documented_error(
    samples: dict[str, bytes], kind: str, data: st.DataObject
) -> None:
    content = bytearray(samples[kind])
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    for _ in range(data.draw(st.integers(0, 5))):
        if content:
            at = data.draw(st.integers(0, len(content) - 1))
            content[at] = data.draw(st.integers(0, 255))
    try:
        list(open_container("x", bytes(content)))
    except FileFormatError as error:
        if not str(error).startswith("x"):
            pytest.fail(f"the error does not name the file: {error}")


@pytest.mark.slow
def test_many_lists_and_objects_beside_one_another(files: SimpleNamespace) -> None:
    def name(number: int) -> str:
        return "n" + str(number).translate({48 + digit: 97 + digit for digit in range(10)})

    lists = {name(at): {"apps": [{"a": "b"}], "x": {"y": "z"}} for at in range(5_000)}
    start = time.perf_counter()
    assert len(files.read("x", json.dumps({"all": lists}).encode())) == 5_000
    assert time.perf_counter() - start < 20  # a second; comparing each with each takes minutes
