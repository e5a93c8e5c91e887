"""JSON and XML: which list holds the records, and what each record holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from reen.errors import FileFormatError
from reen.tables.containers import Grid, Skipped

Codes = Callable[[Grid], dict[str, dict[str, str | int]]]

DEVICES = [{"name": "PC1", "serial": "S1"}, {"name": "PC2", "serial": "S2"}]
ROWS = [("PC1", "S1"), ("PC2", "S2")]


def dumped(value: Any) -> bytes:  # noqa: ANN401 - a JSON value
    return json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (DEVICES, "x"),
        ({"data": DEVICES}, "x[data]"),
        ({"@odata.context": "u", "value": DEVICES}, "x[value]"),
        ({"total": 2, "result": {"page": 1, "devices": DEVICES}}, "x[result.devices]"),
        ([{"count": 2, "devices": DEVICES}], "x[devices]"),
        ({"organisation": {"uuid": "u", "name": "n"}, "devices": DEVICES}, "x[devices]"),
    ],
)
def test_the_list_of_devices_is_found(files: SimpleNamespace, value: object, place: str) -> None:
    grid = files.grid("x", dumped(value))
    assert (grid.place, grid.header, grid.rows()) == (place, ("name", "serial"), ROWS)
    assert grid.lines.tolist() == [1, 2]


@pytest.mark.parametrize("wrap", [lambda keyed: keyed, lambda keyed: {"n": 2, "data": keyed}])
def test_records_by_identifier(
    files: SimpleNamespace, wrap: Callable[[dict[str, object]], object]
) -> None:
    grid = files.grid("x", dumped(wrap({"101": DEVICES[0], "102": DEVICES[1]})))
    assert grid.header == ("(key)", "name", "serial")
    assert grid.rows() == [("101", "PC1", "S1"), ("102", "PC2", "S2")]


def test_json_lines_keep_their_line_numbers(files: SimpleNamespace) -> None:
    lines = b"\n".join([dumped(DEVICES[0]), b"", dumped(DEVICES[1]), b""])
    grid = files.grid("x", lines)
    assert grid.rows() == ROWS
    assert grid.lines.tolist() == [1, 3]


@pytest.mark.parametrize("wrap", [lambda phone: phone, lambda phone: [phone]])
def test_one_phone_with_its_applications_is_one_record(
    files: SimpleNamespace, wrap: Callable[[dict[str, object]], object]
) -> None:
    apps = [{"name": f"app {number}", "version": "1"} for number in range(469)]
    phone = {"DeviceName": "x", "details": {"IMEI": "35"}, "InstalledApps": apps}
    (first,) = files.read("x", dumped(wrap(phone)))
    (second,) = first.inner
    assert first.rows() == [("x", "35")]
    assert first.header == ("DeviceName", "details.IMEI")
    assert (second.place, second.height) == ("x[InstalledApps]", 469)
    assert second.header == ("(record)", "name", "version")


def test_a_few_devices_beside_many_applications(files: SimpleNamespace, codes: Codes) -> None:
    apps = [{"name": f"app {number}"} for number in range(50)]
    first, second = files.read("x", dumped({"apps": apps, "devices": DEVICES}))
    assert (first.place, second.place) == ("x[devices]", "x[apps]")
    assert codes(first)["lists_several"] == {"path": "devices", "others": "apps (50)"}
    assert first.inner == second.inner == ()


def test_lists_in_records_go_to_grids_of_their_own(files: SimpleNamespace, codes: Codes) -> None:
    value = [{"serial": "S1", "ip": ["a", None, "b"], "screens": [{"serial": "E1"}, "odd"]}]
    (first,) = files.read("x", dumped([*value, {"serial": "S2", "screens": []}]))
    (second,) = first.inner
    assert first.header == ("serial", "ip", "screens")
    assert first.rows() == [("S1", "a; b", "odd"), ("S2", None, None)]
    assert second.rows() == [("1", "E1")]
    assert codes(first)["lists_inside_records"] == {"count": 1, "lists": "screens (1)"}


def test_numbers_are_kept_as_written(files: SimpleNamespace) -> None:
    text = (
        b'[{"serial": 12345678901234567890123, "a": 30.125, "b": 1.0, "c": 1.50, "d": 2e3,'
        b' "e": 1e-05, "f": -0.0, "g": true, "h": null, "i": NaN, "j": 1e999}]'
    )
    grid = files.grid("x", text)
    expected = ("12345678901234567890123", "30.1250", "1", "1.50", "2000", "0.00001", "0")
    assert grid.rows() == [(*expected, "true", None, "NaN", "1e999")]


def test_a_value_with_how_it_is_shown_is_what_is_shown(files: SimpleNamespace) -> None:
    """As a table API writes each field, or its references alone; other objects stay as they are."""
    shown = {"display_value": "Dell", "link": "https://x/abc"}
    both = {"display_value": "In use", "value": "1"}
    blank = {"display_value": "", "value": ""}
    other = {"display_value": "a", "more": "b"}
    record = {"serial": "S1", "maker": shown, "status": both, "site": blank, "x": other}
    grid = files.grid("x", dumped({"result": [record]}))
    assert grid.header == ("serial", "maker", "status", "site", "x.display_value", "x.more")
    assert grid.rows() == [("S1", "Dell", "In use", None, "a", "b")]


def test_repeated_keys_are_told(files: SimpleNamespace, codes: Codes) -> None:
    grid = files.grid("x", b'[{"a": 1, "a": 2, "b": 3}, {"a": 4, "a": 5}]')
    assert grid.rows() == [("2", "3"), ("5", None)]
    assert codes(grid)["keys_repeated"] == {"count": 2, "keys": "a"}


def test_names_that_clash_keep_both_values(files: SimpleNamespace, codes: Codes) -> None:
    grid = files.grid("x", b'[{"a.b": 1, "a": {"b": 2}}]')
    assert (grid.header, grid.rows()) == (("a.b",), [("1; 2",)])
    assert codes(grid)["names_clash"] == {"count": 1}


def test_rows_as_lists(files: SimpleNamespace) -> None:
    grid = files.grid("x", b'[["Nom", "Nombre"], ["PC", 3], ["UC"]]')
    assert grid.header is None
    assert grid.rows() == [("Nom", "Nombre"), ("PC", "3"), ("UC", None)]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_json_of_any_encoding(files: SimpleNamespace, codec: str) -> None:
    text = '[{"é": "à", "serial": "x"}]'
    assert files.grid("x", text.encode(codec)).header == ("é", "serial")


def test_json_in_windows_1252_is_told(files: SimpleNamespace, codes: Codes) -> None:
    grid = files.grid("x", '[{"modèle": "à"}]'.encode("cp1252"))
    assert grid.rows() == [("à",)]
    assert codes(grid)["encoding_assumed"] == {"encoding": "cp1252"}


@pytest.mark.parametrize("text", [b"{}", b"[]", b'{"a": []}'])
def test_a_document_without_records(files: SimpleNamespace, text: bytes) -> None:
    contents = files.read("x", text)
    assert all(not isinstance(content, Grid) or not any(content.rows()[0]) for content in contents)


@pytest.mark.parametrize(
    ("text", "path", "count"),
    [
        ('[[{"type": "PC"}], [{"type": "Écran"}]]', "[0]", 1),
        ('[[["Type", "Nombre"], ["PC", 3]], [["Type", "Nombre"], ["Écran", 2]]]', "[0]", 2),
        ('{"data": [[["PC", 3], ["Écran", 2]]]}', "data[0]", 2),
        ('{"a": {"b": [[{"type": "PC"}]]}}', "a.b[0]", 1),
    ],
)
def test_lists_of_lists_are_told_by_their_place(
    files: SimpleNamespace, text: str, path: str, count: int
) -> None:
    (content,) = files.read("x", text.encode())
    assert isinstance(content, Skipped)
    assert content.remark.code == "document_nested_lists"
    assert content.remark.details == (("count", count), ("path", path))


@pytest.mark.parametrize(("header", "rows"), [("columns", "data"), ("fields", "rows")])
def test_headers_beside_their_rows(files: SimpleNamespace, header: str, rows: str) -> None:
    """A data frame is written so, with or without its index."""
    data = '[["PC", 3], ["É", 2]]'
    text = f'{{"{header}": ["type", "nombre"], "index": [0, 1], "{rows}": {data}}}'
    grid = files.grid("x", text.encode())
    assert grid.rows() == [("type", "nombre"), ("PC", "3"), ("É", "2")]


def test_an_empty_document_is_told(files: SimpleNamespace) -> None:
    (content,) = files.read("x", b"{}")
    assert isinstance(content, Skipped)
    assert content.remark.code == "document_without_records"


@pytest.mark.parametrize(
    ("text", "where"),
    [(b'[{"a": 1},\n {"a": ]', "line 2, column 8"), (b'{"a": 1}\n{"a": \n', "line 2, column")],
)
def test_damaged_json_says_where(files: SimpleNamespace, text: bytes, where: str) -> None:
    with pytest.raises(FileFormatError, match=where):
        files.read("x", text)


def test_repeated_elements_are_records(files: SimpleNamespace) -> None:
    xml = """<?xml version="1.0" encoding="ISO-8859-1"?>
    <parc date="2024-01-01" xmlns="urn:x"><pc id="1"><nom>é</nom><prix devise="EUR">12</prix></pc>
    <pc id="2"><nom>b</nom><ip>1</ip><ip>2</ip></pc></parc>"""
    grid = files.grid("x", xml.encode("latin-1"))
    assert grid.place == "x[pc]"
    assert grid.header == ("id", "nom", "prix.devise", "prix", "ip")
    assert grid.rows() == [("1", "é", "EUR", "12", None), ("2", "b", None, None, "1; 2")]


def test_an_agent_file_is_one_record(files: SimpleNamespace) -> None:
    software = "".join(f"<SOFTWARES><NAME>s{number}</NAME></SOFTWARES>" for number in range(9))
    xml = (
        "<REQUEST><CONTENT><BIOS><SSN>S1</SSN></BIOS><CPUS><NAME>c</NAME></CPUS>"
        f"{software}</CONTENT><DEVICEID>d</DEVICEID></REQUEST>"
    )
    (first,) = files.read("x", xml.encode())
    (second,) = first.inner
    assert dict(zip(first.header, first.rows()[0], strict=True)) == {
        "DEVICEID": "d",
        "CONTENT.BIOS.SSN": "S1",
        "CONTENT.CPUS.NAME": "c",
    }
    assert (second.place, second.height) == ("x[CONTENT.SOFTWARES]", 9)


def test_a_list_of_one_is_a_list_where_another_record_has_two(files: SimpleNamespace) -> None:
    xml = (
        b"<p><pc><serial>1</serial><ecran><serial>a</serial></ecran></pc><pc><serial>2</serial>"
        b"<ecran><serial>b</serial></ecran><ecran><serial>c</serial></ecran></pc></p>"
    )
    (first,) = files.read("x", xml)
    (second,) = first.inner
    assert first.rows() == [("1",), ("2",)]
    assert second.rows() == [("1", "a"), ("2", "b"), ("2", "c")]


LAPTOP = {"equipment_type": "laptop", "quantity": "1", "country": "FR"}
SERVER = {"equipment_type": "server", "quantity": "500", "country": "FR"}


def grids(files: SimpleNamespace, data: bytes) -> dict[str, list[tuple[str | None, ...]]]:
    return {one.place: one.rows() for one in files.read("x", data) if isinstance(one, Grid)}


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ({"laptops": [LAPTOP], "server": SERVER}, ["x[laptops]", "x[server]"]),
        ({"server": SERVER, "a": {"laptops": [LAPTOP]}}, ["x[a.laptops]", "x[server]"]),
        ({"laptops": [LAPTOP], "b": {"c": {"server": SERVER}}}, ["x[laptops]", "x[b.c.server]"]),
        (
            {"laptops": [LAPTOP] * 2, "server": SERVER, "pc": LAPTOP},
            ["x[laptops]", "x[server]", "x[pc]"],
        ),
        ({"pc": LAPTOP, "server": SERVER}, ["x[pc]", "x[server]"]),
        ({"meta": {"count": "2"}, "pc": LAPTOP, "server": SERVER}, ["x[pc]", "x[server]"]),
    ],
)
def test_an_object_beside_a_list_is_a_record(
    files: SimpleNamespace, value: object, places: list[str]
) -> None:
    found = grids(files, dumped(value))
    assert list(found) == places
    rows = [row for each in found.values() for row in each]
    assert ("server", "500", "FR") in rows


def test_an_identifier_beside_a_list_does_not_make_the_document_a_device(
    files: SimpleNamespace,
) -> None:
    server = {**SERVER, "serial": "S1"}
    found = grids(files, dumped({"laptops": [LAPTOP, LAPTOP], "server": server}))
    assert {place: len(rows) for place, rows in found.items()} == {"x[laptops]": 2, "x[server]": 1}


@pytest.mark.parametrize(
    "beside",
    [
        {"meta": {"total": "2", "page": "1"}},
        {"links": {"self": "u", "next": None, "type": "pages"}},
        {"paging": {"count": "2", "next": {"model": "cursor"}}},
        {"organisation": {"name": "Mairie", "uuid": "u", "type": "commune"}},
        {"totals": {"quantity": "501"}},
        {"extra": {"note": "x"}},
    ],
)
def test_what_describes_the_document_is_no_record(
    files: SimpleNamespace, beside: dict[str, object]
) -> None:
    assert list(grids(files, dumped({"laptops": [LAPTOP, LAPTOP], **beside}))) == ["x[laptops]"]


def test_the_parts_of_a_record_beside_a_list_stay_inside_it(files: SimpleNamespace) -> None:
    server = {**SERVER, "apps": [{"name": "a"}, {"name": "b"}], "children": [LAPTOP, LAPTOP]}
    contents = files.read("x", dumped({"laptops": [LAPTOP, LAPTOP], "server": server}))
    assert {one.place: [each.place for each in one.lists_inside()] for one in contents} == {
        "x[laptops]": [],
        "x[server.children]": [],
        "x[server]": ["x[server.apps]"],
    }


def test_a_list_inside_a_record_has_the_line_of_its_record(files: SimpleNamespace) -> None:
    """Of JSON Lines the line is that of the file; lists in lists point to the row around them."""
    disks = [{"size": "1", "parts": [{"at": "/"}, {"at": "/home"}]}, {"size": "2"}]
    lines = b"\n".join([dumped(DEVICES[0]), b"", dumped({**DEVICES[1], "disks": disks})])
    (grid,) = files.read("x", lines)
    inner, deeper = grid.lists_inside()
    assert (inner.place, inner.rows()) == ("x[disks]", [("3", "1"), ("3", "2")])
    assert (deeper.place, deeper.rows()) == ("x[disks.parts]", [("1", "/"), ("1", "/home")])


PAGE = {"devices": DEVICES}


@pytest.mark.parametrize(
    ("value", "announced"),
    [
        (PAGE, None),
        (DEVICES, None),
        ({**PAGE, "totalcount": 150, "count": 2}, 150),
        ({**PAGE, "Total": 12, "Page": 0, "PageSize": 500}, 12),
        ({"@odata.count": 7, "value": DEVICES}, 7),
        ({**PAGE, "meta": {"total": "3", "page": "1"}}, 3),
        ({"total": 9, "result": {"count": 2, "devices": DEVICES}}, 9),
        ([{"count": 5, **PAGE}], 5),
        ({**PAGE, "total": "many"}, None),
        ({**PAGE, "total": 4, "others": DEVICES}, None),
        ({"total": 500, "devices": [{"type": "PC", "quantity": "500"}]}, None),
    ],
)
def test_a_document_may_announce_how_many_records_there_are(
    files: SimpleNamespace, value: object, announced: int | None
) -> None:
    """The largest counts: others are of one page.  One of several lists, or of items, is none."""
    assert files.read("x", dumped(value))[0].announced == announced


def test_lists_of_one_in_xml(files: SimpleNamespace) -> None:
    def element(tag: str, kind: str, count: int) -> str:
        return f"<{tag}><type>{kind}</type><quantite>{count}</quantite></{tag}>"

    pcs = element("pc", "PC", 1) * 2
    server, screen = element("serveur", "Serveur", 500), element("ecran", "Ecran", 1)
    found = grids(files, f"<inv>{pcs}{server}</inv>".encode())
    assert found["x[serveur]"] == [("Serveur", "500")]
    found = grids(files, f"<inv><pcs>{pcs}</pcs><ecrans>{screen}</ecrans></inv>".encode())
    assert found["x[ecrans.ecran]"] == [("Ecran", "1")]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"asset": SERVER}, "x[asset]"),
        ({"data": {"asset": SERVER}, "total": "1"}, "x[data.asset]"),
        ({"meta": {"page": "1"}, "asset": SERVER}, "x[asset]"),
        ([{"asset": SERVER}], "x[asset]"),
        ({"assets": [{"asset": SERVER}]}, "x[assets]"),
        (SERVER, "x"),
    ],
)
def test_one_record_has_the_columns_of_two(
    files: SimpleNamespace, value: object, place: str
) -> None:
    grid = files.grid("x", dumped(value))
    assert (grid.place, grid.header) == (place, tuple(SERVER))
    assert grid.rows() == [tuple(SERVER.values())]


@pytest.mark.parametrize("tag", ["asset", "pc"])
def test_one_element_has_the_columns_of_two(files: SimpleNamespace, tag: str) -> None:
    one = f"<{tag}><type>PC</type><statut>reforme</statut></{tag}>"
    single = files.grid("x", f'<inv date="2024-01-01">{one}</inv>'.encode())
    double = files.grid("x", f'<inv date="2024-01-01">{one * 2}</inv>'.encode())
    assert (single.place, single.header) == (double.place, double.header)
    assert single.rows() * 2 == double.rows()


def test_a_device_of_sections_is_one_record(files: SimpleNamespace) -> None:
    value = {"hardware": {"model": "M", "type": "PC"}, "bios": {"serial": "S"}, "name": "PC1"}
    grid = files.grid("x", dumped(value))
    assert grid.header == ("name", "hardware.model", "hardware.type", "bios.serial")


@pytest.mark.parametrize("wrap", [lambda values: values, lambda values: {"assets": values}])
def test_values_among_records_are_named(
    files: SimpleNamespace, wrap: Callable[[list[object]], object]
) -> None:
    values = [LAPTOP, ["Serveur", "500"], "Serveur;500", None, "", [], 7, SERVER]
    grid = files.grid("x", dumped(wrap(values)))
    assert grid.lines.tolist() == [1, 8]
    assert grid.loose == (
        (2, "Serveur; 500"),
        (3, "Serveur;500"),
        (4, None),
        (5, None),
        (6, None),
        (7, "7"),
    )


def test_text_among_elements_is_named(files: SimpleNamespace) -> None:
    pc = "<pc><type>PC</type></pc>"
    grid = files.grid("x", f"<inv>{pc}<pc>Serveur 500</pc><pc/>{pc}</inv>".encode())
    assert (grid.lines.tolist(), grid.loose) == ([1, 4], ((2, "Serveur 500"), (3, None)))


def test_equipment_around_a_list_is_a_record_too(files: SimpleNamespace) -> None:
    found = grids(files, dumped({**SERVER, "laptops": [LAPTOP, LAPTOP], "note": {"a": "b"}}))
    assert {place: len(rows) for place, rows in found.items()} == {"x[laptops]": 2, "x": 1}


def test_a_device_of_sections_does_not_swallow_the_list_beside_it(files: SimpleNamespace) -> None:
    server = {"hardware": {"model": "M"}, "bios": {"serial": "S"}}
    contents = files.read("x", dumped({"laptops": [LAPTOP], "server": server}))
    assert {one.place: dict(one.details) for one in contents} == {
        "x[server]": {"list": "server"},
        "x[laptops]": {"list": "laptops"},
    }


def test_rows_as_lists_beside_a_list_of_records(files: SimpleNamespace) -> None:
    rows = [["Type", "Nombre"], ["Serveur", "500"]]
    found = grids(files, dumped({"laptops": [LAPTOP], "a": {"servers": rows}, "none": [[]]}))
    assert list(found) == ["x[laptops]", "x[a.servers]"]
    assert found["x[a.servers]"] == [tuple(row) for row in rows]
