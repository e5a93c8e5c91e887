"""Where results go: standard output or a file, as a page, JSON, CSV, Parquet or a workbook.

Input: the format and file asked for, and results.  Output: bytes.  Standard output gets data or
the page and nothing else; what is said about the work goes to standard error.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

import reen
from reen.cli.screen import Screen
from reen.cli.terminal import wrapped
from reen.gate.characters import visible
from reen.reasons import say

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.console import RenderableType

    from reen.views.model import View

__all__ = [
    "FORMATS",
    "about_table",
    "choose_format",
    "csv_of",
    "emit",
    "emit_html",
    "emit_json",
    "emit_page",
    "emit_table",
    "keep_formulas_option",
    "keeps_formulas",
    "refuse_to_overwrite",
    "write_footprint_as",
]

FORMATS = ("table", "json", "csv", "csv-fr", "parquet", "xlsx", "html")

#: CSV as a French spreadsheet opens it: another way to write the cells of a `csv`.
_FRENCH = "csv-fr"
_DIALECT = "reen.csv"

#: Files that a person might ask for and that are not written.
_SPREADSHEETS = frozenset({"xls", "ods"})

#: What is no text, and needs a file.
_FILES = ("parquet", "xlsx")

#: Files that hold no page of text, whatever else may be written into them.
_NO_PAGE = _SPREADSHEETS | {"parquet", "xlsx", "docx", "pdf"}

#: A page: given the screen, what to print on it.
PageMaker: TypeAlias = Callable[[Screen], Iterable["RenderableType"]]


def choose_format(chosen: str | None, output: Path | None) -> str:
    """Return the format asked for, else the one that the file's name says, else a page.

    Raises
    ------
    click.UsageError
        Parquet or a workbook without a file whose name says so.
    """
    suffix = output.suffix.lower().removeprefix(".") if output is not None else ""
    made = chosen or (suffix if suffix in FORMATS else "table")
    if chosen is None and suffix in _SPREADSHEETS:
        message = say("error_result_not_written_name_file_json", suffix=suffix)
        raise click.UsageError(message, click.get_current_context())
    if made in _FILES and suffix != made:
        message = say(
            "error_not_screen_add_output_file", what=say(f"format_name_{made}"), suffix=made
        )
        raise click.UsageError(message, click.get_current_context())
    if made == _FRENCH:
        click.get_current_context().meta[_DIALECT] = _FRENCH
        return "csv"
    return made


def csv_of(rows: pa.Table) -> bytes:
    """Return a table as the CSV asked for, inert in a spreadsheet unless formulas are kept."""
    from reen.gate.csv_text import table_as_csv, table_as_french_csv

    french = click.get_current_context().meta.get(_DIALECT) == _FRENCH
    write = table_as_french_csv if french else table_as_csv
    return write(rows, keep_formulas=keeps_formulas())


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


def refuse_to_overwrite(
    sources: Iterable[Path],
    output: Path | None,
    *,
    option: str = "--output",
    but: Collection[str] = (),
) -> None:
    """Refuse to write a result over a file that it comes from: those named, and those typed.

    It is said before anything is read; `reen.gate.writing` refuses whatever was read besides.

    Parameters
    ----------
    sources
        Files that are read.
    output, option
        The file to write, and the option that names it.
    but
        Parameters whose files may be written over.

    Raises
    ------
    click.UsageError
        When the output is one of them.
    """
    if output is None:
        return
    from reen.gate.reads import is_same_file

    context = click.get_current_context()
    typed = [value for name, value in context.params.items() if name not in {*_WRITTEN, *but}]
    for source in (*sources, *_given(typed)):
        if source.is_file() and is_same_file(output, source):
            message = say(
                "error_output_file_read_give_another_name", option=option, source=str(source)
            )
            raise click.UsageError(message, context)


def emit(content: bytes, output: Path | None) -> None:
    """Write data to a file, or to standard output."""
    if output is not None:
        from reen.gate.writing import write_file

        write_file(output, content)
        return
    sys.stdout.flush()
    if sys.stdout.isatty():  # a person looks at it; a pipe gets every byte
        content = visible(content.decode()).encode()
    stream = wrapped(sys.stdout).buffer  # UTF-8, whatever the encoding of the terminal
    rest = memoryview(content)
    while rest:  # an unbuffered stream (PYTHONUNBUFFERED) may take a part only
        rest = rest[stream.write(rest) :]
    stream.flush()


#: Where `--keep-formulas` is remembered.
_KEEP = "reen.keep_formulas"

keep_formulas_option = click.option(
    "--keep-formulas",
    is_flag=True,
    expose_value=False,
    callback=lambda ctx, _parameter, value: ctx.meta.__setitem__(_KEEP, value),
    help="In CSV, leave texts such as =1+1 as they are, for programs. Otherwise they get an"
    " apostrophe, because a spreadsheet would run them.",
)


def keeps_formulas() -> bool:
    """Tell whether `--keep-formulas` was typed."""
    return bool(click.get_current_context().meta.get(_KEEP))


def emit_json(content: object, output: Path | None = None) -> None:
    """Write a value as JSON."""
    import json

    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    emit((text + "\n").encode(), output)


def emit_page(page: PageMaker, output: Path | None = None) -> None:
    """Print a page, or write it to a file as plain text.

    Raises
    ------
    click.UsageError
        A file whose name says that it holds something else, which its program would not open.
    """
    if output is None:
        screen = Screen(sys.stdout)
        screen.show(page(screen))
        return
    suffix = output.suffix.lower().removeprefix(".")
    if suffix in _NO_PAGE:
        raise click.UsageError(
            say("error_page_not_in_file", suffix=suffix), click.get_current_context()
        )
    from reen.gate.writing import write_file

    file = io.StringIO()
    screen = Screen(file)
    screen.show(page(screen))
    write_file(output, file.getvalue())


def emit_list(page: PageMaker, *, full: bool) -> None:
    """Print a list, cut to the lines of a small terminal unless all of it is asked for."""
    screen = Screen(sys.stdout)
    if full:
        screen.show(page(screen))
    else:
        from reen.views.text import LINES

        screen.show_first(page(screen), most=LINES, then=say("page_all_of_it"))


def emit_table(
    rows: pa.Table, made: str, output: Path | None, *, provenance: Mapping[str, object]
) -> None:
    """Write a table as CSV, as a workbook, or as Parquet with the provenance in its metadata."""
    if made == "csv":
        emit(csv_of(rows), output)
    elif made == "xlsx":
        from reen.verbs.spreadsheets import as_workbook

        emit(as_workbook({"reen": rows, "provenance": about_table(provenance)}), output)
    elif output is not None:
        import json

        import pyarrow.parquet

        from reen.gate.writing import writing

        about = {"reen": json.dumps(provenance)}
        with writing(output) as file:
            pyarrow.parquet.write_table(rows.replace_schema_metadata(about), file)


def about_table(provenance: Mapping[str, object]) -> pa.Table:
    """Return what a result was made from, a line each, for a sheet of its own."""
    import pyarrow as pa

    lines = list(_flat("", provenance))
    return pa.table({"what": [name for name, _ in lines], "value": [text for _, text in lines]})


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flat(f"{name}.{key}" if name else str(key), each)
    elif isinstance(value, (list, tuple)):
        for number, each in enumerate(value, 1):
            yield from _flat(f"{name}.{number}", each)
    elif value not in (None, ""):
        yield name, str(value)


def emit_html(views: Sequence[View], output: Path | None) -> None:
    """Write views as a page of HTML that needs no other file."""
    from reen.views.web import page

    emit(page(views).encode(), output)


def write_footprint_as(
    footprint: reen.Footprint,
    made: str,
    output: Path | None,
    page: PageMaker,
    view: Callable[[], View],
) -> None:
    """Write a footprint in the format `made`."""
    if made == "json":
        emit((reen.stored.footprint_to_json(footprint) + "\n").encode(), output)
    elif made == "csv":
        emit(csv_of(footprint.to_arrow()), output)
    elif made == "parquet" and output is not None:
        reen.write_footprint(footprint, output)
    elif made == "xlsx":
        from reen.verbs.spreadsheets import as_workbook

        sheets = {
            "figures": footprint.to_arrow(),
            "coverage": footprint.coverage.to_arrow(),
            "provenance": about_table(footprint.provenance.to_dict()),
        }
        emit(as_workbook(sheets), output)
    elif made == "html":
        emit_html([view()], output)
    else:
        emit_page(page, output)
