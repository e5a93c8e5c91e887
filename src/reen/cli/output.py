"""Where results go: standard output or a file, as a page, JSON, CSV or Parquet.

Input: the format and file asked for, and results.  Output: bytes.  Standard output gets data or
the page and nothing else; what is said about the work goes to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import click
import pyarrow as pa
from rich.console import Console, RenderableType

import reen
from reen.cli.tables import console_on, show
from reen.reasons import say
from reen.verbs.keeping import table_as_csv, table_as_french_csv

__all__ = [
    "FORMATS",
    "choose_format",
    "csv_of",
    "emit",
    "emit_json",
    "emit_page",
    "emit_table",
    "refuse_to_overwrite",
    "write_footprint_as",
]

FORMATS = ("table", "json", "csv", "csv-fr", "parquet")

#: CSV as a French spreadsheet opens it: another way to write the cells of a `csv`.
_FRENCH = "csv-fr"
_DIALECT = "reen.csv"

#: Files that a person might ask for and that are not written.
_SPREADSHEETS = frozenset({"xlsx", "xls", "ods"})

#: A page: given the console, what to print on it.
PageMaker = Callable[[Console], Iterable[RenderableType]]


def choose_format(chosen: str | None, output: Path | None) -> str:
    """Return the format asked for, else the one that the file's name says, else a page.

    Raises
    ------
    click.UsageError
        Parquet without a file whose name says so.
    """
    suffix = output.suffix.lower().removeprefix(".") if output is not None else ""
    made = chosen or (suffix if suffix in FORMATS else "table")
    if chosen is None and suffix in _SPREADSHEETS:
        message = say("error_result_not_written_name_file_json", suffix=suffix)
        raise click.UsageError(message, click.get_current_context())
    if made == "parquet" and suffix != "parquet":
        message = say("error_parquet_not_screen_add_output_file")
        raise click.UsageError(message, click.get_current_context())
    if made == _FRENCH:
        click.get_current_context().meta[_DIALECT] = _FRENCH
        return "csv"
    return made


def csv_of(rows: pa.Table) -> bytes:
    """Return a table as the CSV that was asked for."""
    french = click.get_current_context().meta.get(_DIALECT) == _FRENCH
    return table_as_french_csv(rows) if french else table_as_csv(rows)


#: Parameters that name files to write.
_WRITTEN = {"output", "save_mapping", "worklist"}


def _given(value: object) -> Iterator[Path]:
    """Yield the paths in what a parameter holds: one, several, or text that names a file."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, str):
        # PATH:PART, NAME=PATH...
        yield from (Path(part) for part in {value, *value.rsplit(":", 1), *value.split("=", 1)})
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _given(each)
    elif isinstance(value, Mapping):
        yield from _given(list(value.values()))


def refuse_to_overwrite(sources: Iterable[Path], output: Path | None) -> None:
    """Refuse to write a result over a file that it comes from: those named, and those typed.

    Raises
    ------
    click.UsageError
        When the output is one of them.
    """
    if output is None or not output.exists():
        return
    context = click.get_current_context()
    typed = [value for name, value in context.params.items() if name not in _WRITTEN]
    for source in (*sources, *_given(typed)):
        if source.is_file() and output.samefile(source):
            message = say("error_output_file_read_give_another_name", source=str(source))
            raise click.UsageError(message, click.get_current_context())


def emit(content: bytes, output: Path | None) -> None:
    """Write data to a file, or to standard output."""
    if output is not None:
        output.write_bytes(content)
        return
    sys.stdout.flush()
    stream = sys.stdout.buffer  # UTF-8, whatever the encoding of the terminal
    rest = memoryview(content)
    while rest:  # an unbuffered stream (PYTHONUNBUFFERED) may take a part only
        rest = rest[stream.write(rest) :]
    stream.flush()


def emit_json(content: object, output: Path | None = None) -> None:
    """Write a value as JSON."""
    emit((json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode(), output)


def emit_page(page: PageMaker, output: Path | None = None) -> None:
    """Print a page, or write it to a file as plain text."""
    if output is None:
        console = console_on(sys.stdout)
        show(console, page(console))
        return
    with output.open("w", encoding="utf-8") as file:
        console = console_on(file)
        show(console, page(console))


def emit_table(
    rows: pa.Table, made: str, output: Path | None, *, provenance: Mapping[str, object]
) -> None:
    """Write a table as CSV, or as Parquet with the provenance in its metadata."""
    if made == "csv":
        emit(csv_of(rows), output)
    elif output is not None:
        import pyarrow.parquet

        about = {"reen": json.dumps(provenance)}
        pyarrow.parquet.write_table(rows.replace_schema_metadata(about), output)


def write_footprint_as(
    footprint: reen.Footprint, made: str, output: Path | None, page: PageMaker
) -> None:
    """Write a footprint in the format `made`."""
    if made == "json":
        emit((reen.footprint_to_json(footprint) + "\n").encode(), output)
    elif made == "csv":
        emit(csv_of(footprint.to_arrow()), output)
    elif made == "parquet" and output is not None:
        reen.write_footprint(footprint, output)
    else:
        emit_page(page, output)
