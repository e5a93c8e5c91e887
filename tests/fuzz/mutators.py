"""Mutators: ways to spoil a file, of its bytes and of what they mean.

Input: the bytes of a file, and a source of chance.  Output: other bytes.  A mutator of structure
takes a file apart, changes what is in it and puts it together again, so that its container is whole
(a zip that opens, TOML that parses) and what is behind it is tried.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import json
import random
import re
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

Mutator = Callable[[bytes, random.Random], bytes]

#: Cells and values that programs stumble over.
AWKWARD = (
    "", " ", "0", "-1", "1e308", "1e-310", "nan", "inf", "1,5", "1.234,5", "1 234",
    "99999999999999", "=1+1", "\x1b[31m", "\u202e", "\ufeff", "\x00", "'", '"', ";", "\r", "\n",
    "\r\n", "é", "Ã©",
    "2024-02-30", "31/12/2024", "12/31/24", "45000", "1900-01-00", "true", "NULL", "N/A", "?",
    "laptop", "Ordinateur portable", "FR", "France", "100 %", "12 kWh", "12 W", "5 year", "-3 kg",
    "1e400 kWh", "quantity", "Quantité", "Total", "Nb", "Date d'achat", "conso (MWh/an)", "serial",
    "\x85", "\u2028", "٣", "½", "1/2", "0x10", "1_000", "--", "<b>", "&amp;", "{}", "[]",
    "../../etc/passwd", "\ud7ff", "\udc80", "\U0001d518", "x" * 5000, "a" * 70000,
)  # fmt: skip
NUMBERS = (0, 1, -1, 127, 128, 255, 256, 2**15, 2**16, 2**31 - 1, -(2**31), 2**32, 2**62, 2**63 - 1)
FLOATS = (0.0, -0.0, 0.5, -1.5, 1e-310, 1e15, 1e308, -1e308, float("nan"), float("inf"))
LEAVES: tuple[Any, ...] = (
    True, False, 0, -1, 2, 0.5, 1e308, 1e-310, 2**63, 10**400, float("nan"), float("inf"), "", "x",
    [], {}, [[]], {"a": {}}, "NaN", "laptop", ["a", 1], [0.5, 0.5], dt.date(2025, 2, 28),
    dt.time(7, 32), dt.datetime(1, 1, 1, tzinfo=dt.UTC),
)  # fmt: skip


def short(chance: random.Random) -> str:
    """Return an awkward text; a long one seldom."""
    return chance.choice(AWKWARD if chance.random() < 0.05 else AWKWARD[:-2])


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
            made[place:place] = short(chance).encode("utf-8", "surrogatepass")
    return bytes(made)


# -- text ------------------------------------------------------------------------------------


def of_lines(data: bytes, chance: random.Random) -> bytes:
    """Change cells of a delimited text, its rows, its headers and its columns."""
    text = data.decode("utf-8", "replace")
    mark = max(";,\t", key=text.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error:  # a lone carriage return, a field of 130,000 signs
        rows = []
    if not rows:
        return of_bytes(data, chance)
    for _ in range(chance.choice((1, 2, 5))):
        _of_rows(rows, chance)
    out = io.StringIO()
    marks = (mark, mark, mark, ";", ",", "\t", "|")
    csv.writer(out, delimiter=chance.choice(marks)).writerows(rows)
    encoding = chance.choice(
        ("utf-8", "utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "latin-1", "cp850")
    )
    return out.getvalue().encode(encoding, "replace")


def _of_rows(rows: list[list[str]], chance: random.Random) -> None:  # noqa: C901 - one of several ways
    row = chance.choice(rows)
    place = chance.randrange(len(row)) if row else 0
    kind = chance.randrange(10)
    if kind <= 2 and row:
        row[place] = short(chance)
    elif kind == 3 and row:
        row[place] = chance.choice(chance.choice(rows) or [""])
    elif kind == 4:
        rows.insert(chance.randrange(len(rows) + 1), list(row))
    elif kind == 5:
        row.append(short(chance))
    elif kind == 6 and row:
        del row[place]
    elif kind == 7:
        chance.shuffle(row)
    elif kind == 8:  # a whole column of one value
        value = short(chance)
        for each in rows[1:]:
            if len(each) > place:
                each[place] = value
    elif len(rows) > 1:
        rows.remove(row)


_TOKEN = re.compile(rb'"[^"\n]*"|[-\w.]+|[\[\]{}=,]')


def of_tokens(data: bytes, chance: random.Random) -> bytes:
    """Change words, values and marks of a text such as TOML."""
    tokens = list(_TOKEN.finditer(data))
    if not tokens:
        return of_bytes(data, chance)
    match, other = chance.choice(tokens), chance.choice(tokens)[0]
    value = chance.choice(
        (
            other, b"-5", b"0", b"1e308", b"99999999999999999999", b"nan", b"inf", b"true", b'""',
            b"[]", b"{}", b"2025-02-29", b"1979-05-27T07:32:00Z", b'"\\u0000"',
            json.dumps(short(chance), ensure_ascii=False).encode(),
        )
    )  # fmt: skip
    return data[: match.start()] + value + data[match.end() :]


# -- trees -----------------------------------------------------------------------------------


def of_json(data: bytes, chance: random.Random) -> bytes:
    """Change leaves and branches of a JSON document, or of each of its lines."""
    try:
        whole = [json.loads(data)]
    except (ValueError, RecursionError):
        whole = []
    try:
        whole = whole or [json.loads(line) for line in data.splitlines()]
        for _ in range(chance.choice((1, 1, 2, 5))):
            whole = [_of_tree(whole[0], chance), *whole[1:]]
            chance.shuffle(whole)
        plain = chance.random() < 0.5
        made = "\n".join(json.dumps(each, ensure_ascii=plain, default=str) for each in whole)
    except (ValueError, IndexError, RecursionError, TypeError):
        return of_bytes(data, chance)
    return made.encode("utf-8", "surrogatepass")


def of_toml(data: bytes, chance: random.Random) -> bytes:
    """Change keys, values and tables of TOML, which is written anew."""
    try:
        whole = parsed_toml(data)
        for _ in range(chance.choice((1, 1, 2, 4))):
            made = _of_tree(whole, chance)
            whole = made if isinstance(made, dict) else whole
        text = tomli_w.dumps(whole)
    except (ValueError, RecursionError, TypeError, OverflowError):
        return of_tokens(data, chance)
    if chance.random() < 0.05:  # a key that stands there twice
        lines = text.splitlines()
        text = "\n".join([*lines, chance.choice(lines or [""])])
    return text.encode("utf-8", "surrogatepass")


@functools.lru_cache(maxsize=32)
def parsed_toml(data: bytes) -> dict[str, Any]:
    """Return what TOML says, which nobody may change: samples are taken apart again and again."""
    return tomllib.loads(data.decode("utf-8-sig"))


def _nodes(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    yield path
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _nodes(value, (*path, key))
    elif isinstance(tree, list):
        for place, value in enumerate(tree):
            yield from _nodes(value, (*path, place))


def _at(tree: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401 - whatever a document holds
    for key in path:
        tree = tree[key]
    return tree


def _of_tree(tree: Any, chance: random.Random) -> Any:  # noqa: ANN401
    """Change one node of a document: its value, its key, its place."""
    paths = list(_nodes(tree))
    path, other = chance.choice(paths), chance.choice(paths)
    node = _at(tree, path)
    kind = chance.randrange(9)
    if kind <= 3 or not path:
        return _put(tree, path, _of_leaf(node, chance))
    if kind == 4:
        return _put(tree, path, _at(tree, other))
    if kind == 5:
        return _put(tree, path, chance.choice(([node], [node, node], {"x": node}, {"": node})))
    inside, key = _at(tree, path[:-1]), path[-1]
    if isinstance(inside, list):
        return _put(tree, path[:-1], _of_list(inside, key, chance))
    if kind == 6:
        left = {name: value for name, value in inside.items() if name != key}
        return _put(tree, path[:-1], left)
    keys = [each for way in paths for each in way if isinstance(each, str)]
    new = chance.choice((short(chance), chance.choice(keys), key[:-1], key.upper(), key + "_2"))
    # the name changes, or the same stands under another name too
    made = {(new if name == key and kind == 7 else name): value for name, value in inside.items()}
    return _put(tree, path[:-1], {**made, new: node})


def _put(tree: Any, path: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401
    if not path:
        return value
    key = path[0]
    made = list(tree) if isinstance(tree, list) else dict(tree)
    made[key] = _put(tree[key], path[1:], value)
    return made


def _of_list(values: list[Any], place: int, chance: random.Random) -> list[Any]:
    kind = chance.randrange(4)
    if kind == 0:
        return [*values[:place], *values[place + 1 :]]
    if kind == 1:
        return [*values, values[place]]
    if kind == 2:
        return values[::-1]
    return values * chance.choice((0, 2, 20))


def _of_leaf(value: Any, chance: random.Random) -> Any:  # noqa: ANN401, PLR0911
    """Return another value, mostly of the same type."""
    if chance.random() < 0.3:
        return chance.choice((*LEAVES, short(chance)))
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return chance.choice(
            (value + 1, -value, value * 10, value % 9 + 0.5, str(value % 10**9), 2**31)
        )
    if isinstance(value, float):
        return chance.choice((*FLOATS, -value, value * 1000, int(value > 1), str(value)))
    if isinstance(value, str):
        place = chance.randrange(len(value) + 1)
        return chance.choice(
            (
                short(chance), value[:place], value[:place] + short(chance) + value[place:],
                value.upper(), value + " ", value.replace("kWh", "MWh"), value[::-1], value * 3,
            )
        )  # fmt: skip
    if isinstance(value, (dt.date, dt.datetime)):
        return chance.choice((value.replace(year=1), value.replace(year=9999), str(value)))
    return chance.choice(LEAVES)


# -- markup and archives ---------------------------------------------------------------------

_TAG = re.compile(rb"<[^<>]*>|[^<>]+")
_NAME = re.compile(rb"</?([^\s/>]+)")


def of_markup(data: bytes, chance: random.Random) -> bytes:
    """Change texts, attributes and elements of XML, which mostly stays well formed."""
    parts = _TAG.findall(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        if not parts:
            break
        place = chance.randrange(len(parts))
        part = parts[place]
        end = _end(parts, place)
        kind = chance.randrange(6)
        if not part.startswith(b"<"):
            parts[place] = _markup_text(chance)
        elif b'="' in part and kind <= 2:
            names = re.findall(rb'([\w:.-]+)="([^"]*)"', part)
            name, value = chance.choice(names or [(b"x", b"")])
            number = str(chance.choice(NUMBERS)).encode()
            new = chance.choice((number, b"x", b"", value + b"0", b"s"))
            parts[place] = part.replace(name + b'="' + value, name + b'="' + new, 1)
        elif end is None:
            parts[place:place] = [b"<a>", _markup_text(chance), b"</a>"]
        elif kind == 3:
            del parts[place : end + 1]
        elif kind == 4:
            parts[end + 1 : end + 1] = parts[place : end + 1]
        else:  # another name
            other = _NAME.match(chance.choice(parts))
            old = _NAME.match(part)
            if other and old and not other[1].startswith((b"?", b"!")):
                parts[end] = parts[end].replace(old[1], other[1])
                parts[place] = parts[place].replace(old[1], other[1], 1)
    return b"".join(parts)


def _markup_text(chance: random.Random) -> bytes:
    text = short(chance).replace("&", "&amp;").replace("<", "&lt;")
    if chance.random() < 0.95:
        text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", text)
    return text.encode("utf-8", "replace")


def _end(parts: list[bytes], place: int) -> int | None:
    """Return where the element that starts at a place ends; None where it has no end."""
    part = parts[place]
    if not part.startswith(b"<") or part.startswith((b"</", b"<?", b"<!")):
        return None
    if part.endswith(b"/>"):
        return place
    depth = 0
    for at in range(place, len(parts)):
        each = parts[at]
        if each.startswith(b"</"):
            depth -= 1
        elif each.startswith(b"<") and not each.endswith(b"/>") and each[1:2] not in b"?!":
            depth += 1
        if not depth:
            return at
    return None


def of_zip(inside: Mutator, *, telling: str = "") -> Mutator:
    """Return a mutator of one member of a zip, which is packed again: the container is whole.

    Parameters
    ----------
    inside
        Spoils a member.
    telling
        A pattern of the names of the members that matter: they are spoilt most.
    """

    def mutate(data: bytes, chance: random.Random) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = {info.filename: archive.read(info) for info in archive.infolist()}
        except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError, OSError):
            members = {}
        if not members:
            return of_bytes(data, chance)
        names = list(members)
        telling_ones = [name for name in names if re.search(telling, name)] or names
        name = chance.choice(telling_ones if chance.random() < 0.9 else names)
        kind = chance.randrange(24)
        if kind == 0:
            del members[name]
        elif kind == 1:
            members[short(chance) or "x"] = members[name]
        else:
            members[name] = inside(members[name], chance)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for each, content in members.items():
                archive.writestr(each[:1000] or "x", content)  # a name has no more than 64 kB
        return out.getvalue()

    return mutate


# -- Arrow -----------------------------------------------------------------------------------

Columns = list[tuple[str, pa.Array]]

_ARROW = (pa.ArrowException, OSError, ValueError, TypeError, OverflowError, NotImplementedError)


def of_arrow(data: bytes, chance: random.Random) -> bytes:
    """Change columns of a Parquet or Arrow file, or its metadata; it is written anew."""
    parquet = data.startswith(b"PAR1")
    try:
        table = pq.read_table(io.BytesIO(data)) if parquet else pa.ipc.open_file(data).read_all()
        table.validate(full=True)  # what was spoilt once may end the process
        columns = [
            (name, column.combine_chunks())
            for name, column in zip(table.column_names, table.columns, strict=True)
        ]
        metadata = dict(table.schema.metadata or {})
    except _ARROW:
        return of_bytes(data, chance)
    for _ in range(chance.choice((1, 1, 2, 4))):
        try:
            if metadata and chance.random() < 0.5:
                key = chance.choice(list(metadata))
                metadata[key] = of_json(metadata[key], chance)
            else:
                columns = _of_columns(columns, chance)
        except _ARROW:
            continue
    try:
        return _written(columns, metadata, chance, parquet=parquet)
    except _ARROW:
        return of_bytes(data, chance)


def _written(
    columns: Columns, metadata: dict[bytes, bytes], chance: random.Random, *, parquet: bool
) -> bytes:
    schema = pa.schema([pa.field(name, column.type) for name, column in columns], metadata)
    table = pa.Table.from_arrays([column for _, column in columns], schema=schema)
    sink = pa.BufferOutputStream()
    rows = chance.choice((1, 2, 1000))
    if parquet:
        pq.write_table(
            table,
            sink,
            row_group_size=rows,
            version=chance.choice(("1.0", "2.6")),
            compression=chance.choice(("none", "snappy", "zstd")),
            use_dictionary=chance.random() < 0.5,
        )
        return bytes(sink.getvalue())
    options = pa.ipc.IpcWriteOptions(
        compression=chance.choice((None, None, "zstd", "lz4")), unify_dictionaries=True
    )
    form = pa.ipc.new_stream if chance.random() < 0.2 else pa.ipc.new_file
    with form(sink, schema, options=options) as writer:
        writer.write_table(table, max_chunksize=rows)
    made = bytearray(sink.getvalue())
    if chance.random() < 0.3:  # offsets, lengths, numbers of words: Arrow trusts them
        for _ in range(chance.choice((1, 1, 3))):
            place = 8 * chance.randrange(len(made) // 8)
            size = chance.choice((4, 8))
            number = chance.choice(NUMBERS) & (2 ** (8 * size) - 1)
            made[place : place + size] = number.to_bytes(size, "little")
    return bytes(made)


_TYPES = (
    pa.string(), pa.large_string(), pa.binary(), pa.float64(), pa.float32(), pa.float16(),
    pa.int8(), pa.int64(), pa.uint64(), pa.bool_(), pa.date32(), pa.date64(), pa.timestamp("ns"),
    pa.timestamp("s", "Europe/Paris"), pa.duration("s"), pa.decimal128(38, 10),
    pa.list_(pa.string()), pa.struct([("a", pa.int32())]), pa.null(), pa.string_view(),
    pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.uint64(), pa.large_string()),
    pa.map_(pa.string(), pa.int32()), pa.time64("us"), pa.list_(pa.float64(), 2),
)  # fmt: skip


def _of_columns(columns: Columns, chance: random.Random) -> Columns:  # noqa: C901, PLR0911
    if not columns:
        return columns
    place = chance.randrange(len(columns))
    (name, array), rows = columns[place], len(columns[place][1])
    before, after = columns[:place], columns[place + 1 :]
    kind = chance.randrange(12)
    if kind == 0:
        return before + after
    if kind == 1:
        return [*columns, (chance.choice((name, name, short(chance))), array)]
    if kind == 2:
        other = chance.choice((short(chance), chance.choice(columns)[0]))
        return [*before, (other, array), *after]
    if kind == 3:
        first = chance.randrange(rows + 1)
        return [(each, column.slice(first)) for each, column in columns]
    if kind == 4:
        return [*before, (name, pa.nulls(rows, chance.choice(_TYPES))), *after]
    if kind == 5:
        return [*before, (name, array.cast(chance.choice(_TYPES))), *after]
    if kind == 6:
        return [*before, (name, pa.array(_numbers(rows, chance))), *after]
    if kind == 7:
        return chance.sample(columns, len(columns))
    if kind == 8:
        again = [chance.randrange(rows) for _ in range(2 * rows)] if rows else []
        return [(each, column.take(pa.array(again, pa.int64()))) for each, column in columns]
    if kind == 9:
        return [*before, (name, array.dictionary_encode()), *after]
    values = array.to_pylist()
    for _ in range(chance.choice((1, 2, rows + 1)) if rows else 0):
        at = chance.randrange(rows)
        values[at] = _of_tree(values[at], chance) if chance.random() < 0.8 else None
    kept = chance.random() < 0.6
    return [*before, (name, pa.array(values, array.type if kept else None)), *after]


def _numbers(rows: int, chance: random.Random) -> Any:  # noqa: ANN401 - of any type
    kind = chance.choice((np.float64, np.float32, np.int64, np.int8, np.uint64))
    source = FLOATS if kind in (np.float64, np.float32) else NUMBERS
    values = [chance.choice(source) for _ in range(rows)]
    with np.errstate(all="ignore"):
        return np.array(values, np.float64).astype(kind)
