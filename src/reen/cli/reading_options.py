"""How to read files: the argument PATH, the options of reading, and what was odd in the files.

Input: what was typed.  Output: `Files`, and `Reading` with the inventory that it reads; what was
odd goes to standard error.  `reen COMMAND --help` passes here: what reads is imported when it
reads.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

import reen
from reen.cli.arguments import pairs, shell_words
from reen.cli.computing_options import installed
from reen.cli.errors import as_typed, traceback_option
from reen.cli.page_options import Command, decorate
from reen.cli.progress import Progress
from reen.reasons import say

if TYPE_CHECKING:
    from reen.types import Issue, ReadReport, Sharing

__all__ = [
    "Files",
    "Reading",
    "data_file",
    "files_argument",
    "grouping_columns",
    "reading_options",
    "report_issues",
    "tell_issues",
]

#: Issues shown after a file is read; `reen read` shows all.
_ISSUES_SHOWN = 5


@attrs.frozen(eq=False, repr=False)
class Files:
    """The files that were named on the command line, in order.

    Attributes
    ----------
    paths
        At least one.
    options
        What was typed of how to read them.
    """

    paths: tuple[Path, ...]
    options: tuple[str, ...] = ()

    @property
    def typed_with(self) -> str:
        """Return them with the options by which they are read, as they must be typed."""
        return shell_words([*map(str, self.paths), *self.options])

    @property
    def name(self) -> str:
        """Return their names for a person."""
        return ", ".join(path.name for path in self.paths)

    @property
    def typed(self) -> str:
        """Return them as they must be typed."""
        return shell_words(map(str, self.paths))

    def __str__(self) -> str:
        """Return their paths."""
        return ", ".join(map(str, self.paths))


def _files(_ctx: click.Context, _parameter: click.Parameter, value: object) -> Files | None:
    """Return what was typed as one value."""
    paths = value if isinstance(value, tuple) else ()
    return Files(paths) if paths else None


def files_argument(*, required: bool = True) -> Callable[[Command], Command]:
    """Return the argument PATH...; whether the files exist is for the library to say."""
    return click.argument(
        "files",
        metavar="PATH..." if required else "[PATH]...",
        type=click.Path(path_type=Path),
        nargs=-1,
        required=required,
        callback=_files,
    )


#: The argument PATH..., of which there must be one.
data_file = files_argument()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Reading:
    """How to read an inventory file.

    Attributes
    ----------
    importer, country, column, mapping, keep, key_file, encoding, delimiter, strict, perimeter
        As typed; see the help of each option.
    """

    importer: str | None
    country: str | None
    column: tuple[str, ...]
    mapping: tuple[Path, ...]
    keep: tuple[str, ...]
    key_file: Path | None
    encoding: str | None
    delimiter: str | None
    strict: bool
    perimeter: str | None = None

    @property
    def typed(self) -> tuple[str, ...]:
        """Return these options as they must be typed again, without those of the output."""
        one = {"--importer": self.importer, "--country": self.country, "--encoding": self.encoding}
        one |= {"--delimiter": self.delimiter, "--perimeter": self.perimeter}
        words = [word for name, value in one.items() if value for word in (name, value)]
        for name, values in (
            ("--column", self.column),
            ("--mapping", self.mapping),
            ("--keep", self.keep),
        ):
            words += [word for value in values for word in (name, str(value))]
        return (*words, *(("--key-file", str(self.key_file)) if self.key_file else ()))

    @property
    def mark(self) -> str | None:
        """Return the separator as the library takes it."""
        return {"tab": "\t", "\\t": "\t"}.get(self.delimiter or "", self.delimiter)

    def read(self, files: Files, *, by: Sequence[str] = ()) -> reen.Inventory:
        """Read files as one inventory, with a sign of life when it takes long.

        Parameters
        ----------
        files
            What was named.
        by
            Columns that the figures are grouped by, which are therefore kept.
        """
        columns = pairs(self.column, option="--column", form="header=column")
        sharing, name = self._sharing()
        if sharing is not None:
            by = (*by, sharing.column)
        with Progress(f"reading {files.name}"):
            found = reen.read(
                *files.paths,
                importer=self.importer,
                country=self.country,
                columns=columns,
                mapping=self.mapping or None,
                keep=self.keep,
                by=by,
                key=self.key_file,
                encoding=self.encoding,
                delimiter=self.mark,
                strict=self.strict,
                registry=reen.default_registry(),
            )
        return found if sharing is None else reen.perimeters(found, sharing)[name]

    def _sharing(self) -> tuple[Sharing | None, str]:
        """Return the rules of division that were named, and the perimeter.

        Raises
        ------
        click.BadParameter
            No file and name, or a perimeter that the file does not have.
        """
        if self.perimeter is None:
            return None, ""
        path, mark, name = self.perimeter.rpartition(":")
        if not mark:
            path, name = self.perimeter, ""

        from reen.inventory.sharing import read_sharing

        sharing = read_sharing(path)
        if name not in sharing.perimeters:
            known = ", ".join(sharing.perimeters)
            message = say(
                "error_names_no_perimeter_write_name_one",
                perimeter=self.perimeter,
                path=path,
                known=known,
            )
            raise click.BadParameter(message, param_hint="'--perimeter'")
        return sharing, name

    def understood(self, report: ReadReport | None, *, name: str) -> str:
        """Return what was understood as the text of a mapping, with what was typed of the files."""
        from reen.tables.mapping.given import mapping_given
        from reen.tables.mapping.saving import text_of, understood

        read = report.columns_read if report is not None else ()
        given = mapping_given(self.mapping, installed().equipment_types)
        columns = pairs(self.column, option="--column", form="header=column")
        mapping = understood(read, name=name, said=given, columns=columns, country=self.country)
        return text_of(mapping, read)


_READING = (
    click.option(
        "--importer", metavar="NAME", help="How to read the file; recognised when not given."
    ),
    click.option(
        "--country",
        metavar="CODE",
        help="Country of the rows that name none, such as FR. None is assumed.",
    ),
    click.option(
        "--column",
        metavar="HEADER=COLUMN",
        multiple=True,
        help="Meaning of a column of the file, such as 'Parc=entity'; 'Parc=' leaves it out."
        " Repeatable.",
    ),
    click.option(
        "--mapping",
        metavar="FILE",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Meaning of the columns, words and units of the file: the TOML file of `reen read"
        " --save-mapping`, or the answered worklist of `reen read --worklist`. Repeatable:"
        " the last one wins.",
    ),
    click.option(
        "--keep",
        metavar="HEADER",
        multiple=True,
        help="Column of the file to keep as it is. Unknown columns, and names of persons or of"
        " their devices, are dropped otherwise. Repeatable.",
    ),
    click.option(
        "--key-file",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Secret key of the organisation (make one with `reen new-key FILE`): names are"
        " hashed instead of dropped, so that two years still match.",
    ),
    click.option("--encoding", metavar="NAME", help="Encoding of a text file, such as cp1252."),
    click.option("--delimiter", metavar="CHAR", help="Separator of a text file: ';', ',', tab."),
    click.option(
        "--perimeter",
        metavar="FILE:NAME",
        help="Use the part of one of the organisations that share the inventory: NAME is a"
        " perimeter of the TOML file that divides the rows.",
    ),
    click.option(
        "--strict", is_flag=True, help="Fail when a cell or a row of the file is refused."
    ),
)


def reading_options(function: Command) -> Command:
    """Add the reading options to a command, which gets them as `reading`."""

    @functools.wraps(function)
    def gathered(**given: object) -> None:
        fields = [field.name for field in attrs.fields(Reading)]
        reading = Reading(**{name: given.pop(name) for name in fields})  # type: ignore[arg-type]
        files = given.get("files")
        if isinstance(files, Files):
            given["files"] = attrs.evolve(files, options=reading.typed)
        function(reading=reading, **given)

    return decorate(gathered, (*_READING, traceback_option))


def report_issues(source: reen.Inventory, files: Files) -> None:
    """Say on standard error what was odd or refused in a file, the worst first, in a few lines."""
    tell_issues(source.issues, files.name)
    if source.issues:
        typed = f"reen read {files.typed_with} --full"
        click.echo(f"  {say('page_whole_report', typed=typed)}", err=True)


def tell_issues(found: Iterable[Issue], name: str) -> None:
    """Say on standard error what was odd in files of a name, the worst first, in a few lines."""
    issues = list(found)
    if not issues:
        return
    from reen.inventory.holdings import WORST, counts_of

    issues.sort(key=lambda issue: WORST.index(issue.severity))
    click.echo(say("page_while_reading", name=name, said=counts_of(issues)), err=True)
    for issue in issues[:_ISSUES_SHOWN]:
        click.echo(f"  {as_typed(str(issue))}", err=True)
    if len(issues) > _ISSUES_SHOWN:
        click.echo(f"  ... {say('page_more_kinds', count=len(issues) - _ISSUES_SHOWN)}", err=True)


def grouping_columns(named: Sequence[str], inventory: reen.Inventory) -> tuple[str, ...]:
    """Return the columns to group by, also when they are named as the file does."""
    from reen.plugin.files import normalise_text

    headers = {
        normalise_text(header): column
        for report in reversed(inventory.reports)  # the first file's word wins
        if report.kind == "equipment"
        for column, header in report.mapped.items()
    }
    there = inventory.table.column_names
    return tuple(
        name if name in there else headers.get(normalise_text(name), name) for name in named
    )
