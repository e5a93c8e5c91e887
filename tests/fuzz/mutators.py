"""Mutators: ways to spoil a file, of its bytes and of what they mean.

Input: the bytes of a file, and a source of chance.  Output: other bytes.  A mutator of structure
keeps the container whole (a zip that opens, JSON that parses), so that what is behind it is tried.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Mutator = Callable[[bytes, random.Random], bytes]

#: Cells and values that programs stumble over.
AWKWARD = (
    "", " ", "0", "-1", "1e308", "1e-310", "nan", "inf", "1,5", "1.234,5", "1 234",
    "99999999999999", "=1+1", "\x1b[31m", "\u202e", "\ufeff", "\x00", "'", '"', ";", "\r", "\n",
    "\r\n", "é", "Ã©",
    "2024-02-30", "31/12/2024", "12/31/24", "45000", "1900-01-00", "true", "NULL", "N/A", "?",
    "laptop", "Ordinateur portable", "FR", "France", "100 %", "12 kWh", "12 W", "x" * 5000,
    "<b>", "&amp;", "&#0;", "{}", "[]", "../../etc/passwd", "\ud7ff", "\U0001d518", "a" * 70000,
)  # fmt: skip
NUMBERS = (0, 1, -1, 127, 128, 255, 256, 2**15, 2**16, 2**31 - 1, -(2**31), 2**32, 2**62, 2**63 - 1)
LEAVES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, 1e-310, 2**63, 10**400, "", "x", [], {}, [[]], {"a": {}},
    "NaN", "laptop", ["a", 1, None],
)  # fmt: skip


def of_bytes(data: bytes, chance: random.Random) -> bytes:
    """Change, drop, repeat or move some bytes."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        place = chance.randrange(len(made) + 1) if made else 0
        size = chance.choice((1, 2, 4, 8, 64))
        kind = chance.randrange(6)
        if kind == 0:
            made[place : place + size] = chance.randbytes(size)
        elif kind == 1:
            del made[place : place + size]
        elif kind == 2:
            made[place:place] = made[place : place + size] * chance.choice((1, 2, 50))
        elif kind == 3:
            number = chance.choice(NUMBERS) & (2 ** (8 * min(size, 8)) - 1)
            made[place : place + min(size, 8)] = number.to_bytes(min(size, 8), "little")
        elif kind == 4:
            del made[place:]
        else:
            made[place:place] = chance.choice(AWKWARD).encode("utf-8", "surrogatepass")
    return bytes(made)


def of_lines(data: bytes, chance: random.Random) -> bytes:
    """Change cells of a delimited text, its rows and its headers."""
    text = data.decode("utf-8", "replace")
    mark = max(";,\t", key=text.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error:  # a lone carriage return, a field of 130,000 signs
        rows = []
    if not rows:
        return of_bytes(data, chance)
    for _ in range(chance.choice((1, 2, 5))):
        row = chance.choice(rows)
        kind = chance.randrange(7)
        if kind <= 1 and row:
            row[chance.randrange(len(row))] = chance.choice(AWKWARD)
        elif kind == 2:
            rows.insert(chance.randrange(len(rows) + 1), list(chance.choice(rows)))
        elif kind == 3:
            row.append(chance.choice(AWKWARD))
        elif kind == 4 and row:
            del row[chance.randrange(len(row))]
        elif kind == 5:
            chance.shuffle(row)
        elif len(rows) > 1:
            rows.remove(row)
    out = io.StringIO()
    csv.writer(out, delimiter=chance.choice((mark, ";", ",", "\t", "|"))).writerows(rows)
    encoding = chance.choice(
        ("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "latin-1", "cp850")
    )
    return out.getvalue().encode(encoding, "replace")


def of_json(data: bytes, chance: random.Random) -> bytes:
    """Change leaves and branches of a JSON document."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return of_bytes(data, chance)
    for _ in range(chance.choice((1, 1, 2, 5))):
        whole = _spoilt(whole, chance)
    try:
        made = json.dumps(whole, ensure_ascii=chance.random() < 0.5)
    except ValueError:  # an integer of more digits than Python writes
        return of_bytes(data, chance)
    return made.encode("utf-8", "surrogatepass")


def _spoilt(node: Any, chance: random.Random) -> Any:  # noqa: ANN401 - what JSON may hold
    if isinstance(node, dict) and node and chance.random() < 0.85:
        key = chance.choice(list(node))
        kind = chance.randrange(6)
        if kind == 0:
            return {name: value for name, value in node.items() if name != key}
        if kind == 1:
            return {(chance.choice(AWKWARD) if k == key else k): v for k, v in node.items()}
        return {**node, key: _spoilt(node[key], chance)}
    if isinstance(node, list) and node and chance.random() < 0.85:
        place = chance.randrange(len(node))
        if chance.randrange(5) == 0:
            return node[:place] + node[place + 1 :]
        return [*node[:place], _spoilt(node[place], chance), *node[place + 1 :]]
    return chance.choice((*LEAVES, *AWKWARD[:40]))


_TOKEN = re.compile(rb'"[^"\n]*"|[-\w.]+|[\[\]{}=,]')


def of_tokens(data: bytes, chance: random.Random) -> bytes:
    """Change words, values and marks of a text such as TOML."""
    tokens = list(_TOKEN.finditer(data))
    if not tokens:
        return of_bytes(data, chance)
    for _ in range(chance.choice((1, 1, 2, 4))):
        match = chance.choice(tokens)
        other = chance.choice(tokens)[0]
        value = chance.choice(
            (
                other, b"-5", b"0", b"1e308", b"99999999999999999999", b"nan", b"inf", b"true",
                b'""', b"[]", b"{}", b"2025-02-29", b"1979-05-27T07:32:00Z", b'"\\u0000"',
                json.dumps(chance.choice(AWKWARD[:-2]), ensure_ascii=False).encode(),
            )
        )  # fmt: skip
        data = data[: match.start()] + value + data[match.end() :]
        tokens = list(_TOKEN.finditer(data))
        if not tokens:
            break
    return data


_TAG = re.compile(rb"<[^<>]*>|[^<>]+")


def of_markup(data: bytes, chance: random.Random) -> bytes:
    """Change texts, attributes and elements of XML, which mostly stays well formed."""
    parts = _TAG.findall(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        if not parts:
            break
        place = chance.randrange(len(parts))
        part = parts[place]
        if not part.startswith(b"<"):
            text = chance.choice(AWKWARD).replace("<", "&lt;").replace("\x00", "&#0;")
            parts[place] = text.encode("utf-8", "replace")
        elif b'="' in part:
            value = str(chance.choice(NUMBERS)) if chance.random() < 0.5 else "x"
            parts[place] = re.sub(rb'="[^"]*"', f'="{value}"'.encode(), part, count=1)
        elif chance.random() < 0.3:
            parts[place] = b""
        else:
            parts[place:place] = [b"<a>", b"</a>"]
    return b"".join(parts)


def of_zip(inside: Mutator) -> Mutator:
    """Return a mutator of one member of a zip, which is packed again: the container is whole."""

    def mutate(data: bytes, chance: random.Random) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = {info.filename: archive.read(info) for info in archive.infolist()}
        except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError, OSError):
            members = {}
        if not members:
            return of_bytes(data, chance)
        names = list(members)
        name = chance.choice(names)
        kind = chance.randrange(12)
        if kind == 0:
            del members[name]
        elif kind == 1:
            members[chance.choice(AWKWARD[:30]) or "x"] = members[name]
        else:
            members[name] = inside(members[name], chance)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for each, content in members.items():
                archive.writestr(each, content)
        return out.getvalue()

    return mutate


def of_arrow(data: bytes, chance: random.Random) -> bytes:
    """Change columns of a Parquet or Arrow file, which is written anew."""
    parquet = data.startswith(b"PAR1")
    try:
        table = pq.read_table(io.BytesIO(data)) if parquet else pa.ipc.open_file(data).read_all()
    except (pa.ArrowException, OSError, ValueError):
        return of_bytes(data, chance)
    for _ in range(chance.choice((1, 2, 4))):
        table = _spoilt_table(table, chance)
    sink = pa.BufferOutputStream()
    try:
        if parquet:
            pq.write_table(table, sink, row_group_size=chance.choice((1, 7, 1000)))
        else:
            with pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table, max_chunksize=chance.choice((1, 7, 1000)))
    except (pa.ArrowException, OSError, ValueError):
        return of_bytes(data, chance)
    return bytes(sink.getvalue())


_TYPES = (
    pa.string(), pa.large_string(), pa.binary(), pa.float64(), pa.float16(), pa.int8(), pa.uint64(),
    pa.bool_(), pa.date32(), pa.timestamp("ns"), pa.duration("s"), pa.decimal128(38, 10),
    pa.list_(pa.string()), pa.struct([("a", pa.int32())]), pa.null(), pa.string_view(),
    pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.uint64(), pa.large_string()),
    pa.map_(pa.string(), pa.int32()), pa.time64("us"),
)  # fmt: skip


def _spoilt_table(table: pa.Table, chance: random.Random) -> pa.Table:  # noqa: PLR0911 - one of several ways
    if not table.num_columns:
        return table
    place = chance.randrange(table.num_columns)
    name, rows = table.column_names[place], table.num_rows
    kind = chance.randrange(6)
    if kind == 0:
        return table.remove_column(place)
    if kind == 1:
        return table.append_column(name, table.column(place))
    if kind == 2:
        names = list(table.column_names)
        names[place] = chance.choice((*AWKWARD[:40], *names))
        return table.rename_columns(names)
    if kind == 3:
        return table.slice(chance.randrange(rows + 1))
    values = [chance.choice((*AWKWARD[:40], None)) for _ in range(rows)]
    made = pa.array(values, pa.string())
    if kind == 4:
        try:
            made = pa.nulls(rows, chance.choice(_TYPES))
        except (pa.ArrowException, NotImplementedError):
            return table
    elif chance.random() < 0.5:
        made = pa.array([float(chance.choice(NUMBERS)) for _ in range(rows)])
    return table.set_column(place, name, made)
