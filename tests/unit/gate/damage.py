"""Structured damage: small files of every kind that the library reads, and ways to spoil them.

Run as a script it tries many of them in one process, which a fault of memory may end: the number
of each input is written before it is tried, so that whoever started it can name the one that did.

    python damage.py FOLDER --seed 1 --first 0 --count 500
"""

from __future__ import annotations

import argparse
import base64
import datetime as dt
import faulthandler
import json
import random
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pa_dataset
import pyarrow.parquet as pq

import reen

#: Bytes of memory that all inputs together may ask for: a bomb must not take the machine with it.
MEMORY = 4 << 30

#: Seconds after which one input hangs.
PATIENCE = 60

#: Whole numbers that lengths and offsets are spoilt by.
_NUMBERS = (-1, 0, 1, 2, 7, 127, 128, 255, 2**15, 2**31 - 1, -(2**31), 2**40, 2**62, 2**63 - 1)

Action = Callable[[Path], object]


# -- files ---------------------------------------------------------------------------------------


def fleet(rows: int = 40) -> pa.Table:
    """Return rows with text, dictionaries, numbers, dates, moments, flags and nested cells."""
    k = range(rows)
    day = dt.date(2020, 1, 1)
    return pa.table(
        {
            "id": [f"AST-{i:03d}" for i in k],
            "equipment_type": pa.array(["laptop" if i % 3 else "monitor" for i in k]),
            "model": pa.array([f"Model {i % 5}" for i in k]).dictionary_encode(),
            "quantity": pa.array([float(1 + i % 4) if i % 7 else None for i in k]),
            "lifetime": pa.array([4.0 + i % 3 for i in k]),
            "country": ["FR"] * rows,
            "purchase_date": pa.array([day + dt.timedelta(days=i) for i in k]),
            "seen": pa.array([i * 10**9 for i in k], pa.timestamp("us", tz="Europe/Paris")),
            "virtual": pa.array([bool(i % 2) for i in k]),
            "tags": pa.array([[f"t{i}"] * (i % 3) for i in k]),
            "price": pa.array([i * 100 for i in k], pa.decimal128(9, 2)),
        },
    ).replace_schema_metadata({"made by": "a test"})


def odd_table(rows: int = 40) -> pa.Table:
    """Return rows of types that few write: those that this pyarrow has."""
    k = range(rows)
    table = pa.table(
        {
            "equipment_type": pa.array(["laptop"] * rows, pa.large_string()),
            "model": pa.array([f"m{i % 4}" for i in k])
            .dictionary_encode()
            .cast(pa.dictionary(pa.int8(), pa.string())),
            "quantity": pa.array([1 + i % 3 for i in k], pa.int16()),
            "day": pa.array(list(k), pa.date32()).dictionary_encode(),
            "hour": pa.array(list(k), pa.time64("us")),
            "moment": pa.array(list(k), pa.timestamp("ns", tz="+05:30")),
            "code": pa.array([bytes(4)] * rows, pa.binary(4)),
            "blank": pa.nulls(rows),
            "pair": pa.array([{"a": i, "b": str(i)} for i in k]),
            "map": pa.array([[("a", i)] for i in k], pa.map_(pa.string(), pa.int64())),
        }
    )
    runs = pc.run_end_encode(pa.array([f"r{i // 9}" for i in k]))
    table = table.append_column("runs", runs)
    if hasattr(pa, "string_view"):
        table = table.append_column("view", pa.array(["v" * 20] * rows).cast(pa.string_view()))
    return table


def write_samples(folder: Path) -> dict[str, list[Path]]:
    """Write small files of every kind, and return them by what reads them."""
    table, found = fleet(), dict[str, list[Path]]()
    odd = table.append_column("length", pa.array([60] * len(table), pa.duration("s")))
    files = found.setdefault("inventory", [])
    for name, options in {
        "plain": {"compression": "none", "use_dictionary": False},
        "words": {"compression": "snappy", "row_group_size": 15},
        "zstd": {"compression": "zstd", "data_page_version": "2.0", "write_page_checksum": True},
    }.items():
        pq.write_table(table, folder / f"{name}.parquet", **options)
        files.append(folder / f"{name}.parquet")
    for codec in (None, "lz4", "zstd"):
        for form in ("file", "stream"):
            path = folder / f"{codec or 'plain'}_{form}.{'arrow' if form == 'file' else 'arrows'}"
            options = pa.ipc.IpcWriteOptions(compression=codec)
            new = pa.ipc.new_file if form == "file" else pa.ipc.new_stream
            with new(path, odd.schema, options=options) as writer:
                writer.write_table(odd, max_chunksize=15)
            files.append(path)
    for options in (pa.ipc.IpcWriteOptions(), pa.ipc.IpcWriteOptions(compression="zstd")):
        path = folder / f"odd_{options.compression or 'plain'}.arrow"
        with pa.ipc.new_file(path, odd_table().schema, options=options) as writer:
            writer.write_table(odd_table(), max_chunksize=25)
        files.append(path)
    purchases = pa.table(
        {"date": table["purchase_date"], "equipment_type": table["equipment_type"]}
    )
    pq.write_table(purchases, folder / "purchases.parquet")
    found["purchases"] = [folder / "purchases.parquet"]
    footprint = reen.measure(table, method="base-carbone", by=["country", "model"])
    for path in (folder / "footprint.json", folder / "footprint.parquet"):
        reen.write_footprint(footprint, path)
    found["footprint"] = [folder / "footprint.json", folder / "footprint.parquet"]
    reen.stored.write_comparison(
        reen.compare(table, methods=["base-carbone", "declared"], by="country"),
        folder / "comparison.json",
    )
    found["comparison"] = [folder / "comparison.json"]
    factor = {
        "flow": "electricity",
        "reference_unit": "kWh",
        "geography": "FR",
        "year": 2022,
        "stage": "use",
        "criterion": "climate_change",
        "value": 0.052,
        "unit": "kgCO2e/kWh",
        "source": "a test",
        "licence": "CC0-1.0",
    }
    pq.write_table(pa.Table.from_pylist([factor] * 3), folder / "factors.parquet")
    found["factors"] = [folder / "factors.parquet"]
    return found


# -- damage --------------------------------------------------------------------------------------


def damaged(content: bytes, draw: random.Random) -> bytes:
    """Return a file with one to four faults."""
    if content.startswith(b"{"):
        return _damaged_text(content.decode(), draw)
    found = bytearray(content)
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        draw.choice(_HARMS)(found, draw)
    return bytes(found)


def _place(found: bytearray, draw: random.Random, width: int) -> int:
    """Return a place, in half of the cases near the end, where the lists of contents stand."""
    last = max(len(found) - width, 0)
    first = max(last - 1500, 0) if draw.random() < 0.5 else 0
    place = draw.randint(first, last)
    return place - place % width if draw.random() < 0.8 else place


def _flip(found: bytearray, draw: random.Random) -> None:
    if found:
        found[_place(found, draw, 1)] ^= 1 << draw.randrange(8)


def _byte(found: bytearray, draw: random.Random) -> None:
    if found:
        found[_place(found, draw, 1)] = draw.choice((0, 1, 2, 127, 128, 254, 255))


def _number(found: bytearray, draw: random.Random) -> None:
    width = draw.choice((2, 4, 4, 8, 8))
    place = _place(found, draw, width)
    if place + width > len(found):
        return
    value = draw.choice(_NUMBERS)
    if draw.random() < 0.4:
        value = int.from_bytes(found[place : place + width], "little") + draw.choice((-8, -1, 1, 8))
    found[place : place + width] = (value % (1 << 8 * width)).to_bytes(width, "little")


def _truncate(found: bytearray, draw: random.Random) -> None:
    del found[draw.randint(0, len(found)) :]


def _repeat(found: bytearray, draw: random.Random) -> None:
    size = draw.choice((1, 8, 64, 256))
    place = _place(found, draw, 8)
    found[place:place] = found[place : place + size]


def _lose(found: bytearray, draw: random.Random) -> None:
    place = _place(found, draw, 8)
    del found[place : place + draw.choice((1, 8, 64, 256))]


def _move(found: bytearray, draw: random.Random) -> None:
    size = draw.choice((4, 8, 16, 64))
    here, there = _place(found, draw, 8), _place(found, draw, 8)
    piece = found[here : here + size]
    found[there : there + len(piece)] = piece


_HARMS = (_flip, _flip, _byte, _byte, _number, _number, _number, _repeat, _lose, _move, _truncate)


def _damaged_text(text: str, draw: random.Random) -> bytes:
    """Spoil the Arrow data within a stored result, or a value of it, or its text."""
    content = json.loads(text)
    choice = draw.random()
    if choice < 0.4:
        groups = bytearray(base64.b64decode(content["state"]["groups"]))
        for _ in range(draw.choice((1, 1, 2))):
            draw.choice(_HARMS)(groups, draw)
        content["state"]["groups"] = base64.b64encode(groups).decode()
    elif choice < 0.8:
        _spoil_value(content["state"], draw)
    else:
        found = bytearray(text.encode())
        draw.choice(_HARMS)(found, draw)
        return bytes(found)
    return json.dumps(content).encode()


def _spoil_value(content: object, draw: random.Random) -> None:
    """Replace some value of a nest of lists and objects."""
    while isinstance(content, (dict, list)) and content:
        keys = list(content) if isinstance(content, dict) else list(range(len(content)))
        key = draw.choice(keys)
        if not isinstance(content[key], (dict, list)) or draw.random() < 0.2:
            content[key] = draw.choice((None, -1, 2**70, 1e308, "", "é", [], {}, True, [[1]]))
            return
        content = content[key]


# -- trials --------------------------------------------------------------------------------------


def actions(kind: str, path: Path) -> Iterator[tuple[str, Action]]:
    """Yield the ways in which a file of some kind enters the library."""
    if kind == "purchases":
        yield "read_records", lambda path: reen.read_records(path, kind="purchases")
        return
    if kind == "footprint":
        yield "read_footprint", lambda path: repr(reen.read_footprint(path).totals())
        return
    if kind == "comparison":
        yield "read_comparison", lambda path: repr(reen.stored.read_comparison(path))
        return
    if kind == "factors":
        yield "read_factors", reen.read_factors
        return
    yield "read", lambda path: _used(reen.read(path, importer="arrow"))
    yield "measure", lambda path: reen.measure(path, method="base-carbone").totals()
    try:
        table = _by_pyarrow(path)
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError):
        table = None  # pyarrow alone refuses it: there is nothing to give
    if table is not None:
        yield "from_arrow", lambda _: _used(reen.Inventory.from_arrow(table))
        yield "measure table", lambda _: reen.measure(table, method="base-carbone").totals()
        yield "purchases", lambda _: reen.types.Purchases.from_arrow(table)
    try:
        form = "parquet" if path.suffix == ".parquet" else "ipc"
        dataset = pa_dataset.dataset(path, format=form)
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError):
        return
    yield "measure dataset", lambda _: reen.measure(dataset, method="base-carbone").totals()


def _by_pyarrow(path: Path) -> pa.Table:
    if path.suffix == ".parquet":
        return pq.ParquetFile(path).read()
    with pa.OSFile(str(path)) as file:
        reader = pa.ipc.open_file(file) if path.suffix == ".arrow" else pa.ipc.open_stream(file)
        return reader.read_all()


def _used(inventory: reen.Inventory) -> object:
    """Read every cell of an inventory."""
    shown = [str(issue) for issue in inventory.issues]
    table = inventory.table
    return shown, table.to_pylist(), [len(batch) for batch in inventory.batches()]


def attempt(kind: str, path: Path) -> list[str]:
    """Try every way in, and return what ended in no value and in no error of reen."""
    wrong = []
    for name, action in actions(kind, path):
        try:
            action(path)
        except reen.ReenError as error:
            # a figure out of all proportion is the method's to refuse; a failure of it is not
            if isinstance(error, reen.errors.PluginError) and "not a finite number" not in str(
                error
            ):
                wrong.append(f"{name}: PluginError: {error}")
        except BaseException as error:  # noqa: BLE001 - whatever else it is, it is wrong
            wrong.append(f"{name}: {type(error).__name__}: {str(error)[:200]}")
    return wrong


def spoilt(samples: dict[str, list[Path]], seed: int, number: int) -> tuple[str, Path, bytes]:
    """Return one damaged input, always the same for a seed and a number."""
    draw = random.Random(f"{seed} {number}")  # noqa: S311 - a reproducible choice, no secret
    kind = draw.choices(list(samples), (10, 1, 3, 1, 1))[0]
    path = draw.choice(samples[kind])
    return kind, path, damaged(path.read_bytes(), draw)


def main() -> None:
    """Try inputs one after the other, and write what was wrong as lines of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    options = parser.parse_args()
    faulthandler.enable()
    warnings.simplefilter("ignore")
    _bound_memory()
    samples = write_samples(options.folder)
    for number in range(options.first, options.first + options.count):
        kind, sample, content = spoilt(samples, options.seed, number)
        path = options.folder / f"damaged{sample.suffix}"
        path.write_bytes(content)
        print(json.dumps({"number": number, "sample": sample.name}), flush=True)  # noqa: T201
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        for wrong in attempt(kind, path):
            print(json.dumps({"number": number, "wrong": wrong}), flush=True)  # noqa: T201
        faulthandler.cancel_dump_traceback_later()


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has none: the parent's patience is all there is
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
