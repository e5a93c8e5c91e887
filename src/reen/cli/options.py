"""Options that several commands share, and what they become.

Input: what was typed.  Output: two values, `Reading` (how to read a file) and `Computing` (method,
options, factors, date), with the calls of the library that they stand for.  Prints warnings only.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

import reen
from reen.cli.errors import as_typed, traceback_option
from reen.cli.model_tables import matching_option, with_matching
from reen.cli.page_options import Command, decorate
from reen.cli.progress import Progress
from reen.cli.terminal import shell_words
from reen.gate.reads import is_there
from reen.plugin import Method, Registry
from reen.plugin.files import normalise_text
from reen.reasons import say
from reen.tables.mapping.given import mapping_given
from reen.types import Issue, PackRecord, ReadReport

if TYPE_CHECKING:
    from reen.types import Sharing

__all__ = [
    "Computing",
    "Files",
    "Reading",
    "computing_options",
    "data_file",
    "factors_option",
    "files_argument",
    "for_whom_option",
    "grouping_columns",
    "installed",
    "level_option",
    "listing_options",
    "pack_option",
    "pairs",
    "reading_options",
    "replace_option",
    "report_issues",
    "tell_issues",
    "with_versions",
    "words",
]

#: Issues shown after a file is read; `reen read` shows all.
_ISSUES_SHOWN = 5


@attrs.frozen(repr=False)
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


def words(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words of a repeated option, each of which may hold several between commas."""
    return tuple(
        dict.fromkeys(word.strip() for text in texts for word in text.split(",") if word.strip())
    )


def pairs(texts: Iterable[str], *, option: str, form: str) -> dict[str, str]:
    """Return the pairs of a repeated option.

    The last ``=`` separates when the name is free text (a header), the first when the value is.

    Raises
    ------
    click.BadParameter
        A text without ``=``, a blank name or value (that of a header may be blank), or a name
        given twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        split = text.rpartition if form.startswith("header") else text.partition
        name, mark, value = (part.strip() for part in split("="))
        # a column that means nothing is left out
        if not mark or not name or not (value or form.startswith("header")):
            message = say("error_not_form", text=text, form=form)
            raise click.BadParameter(message, param_hint=f"'{option}'")
        if name in found:
            message = say("error_given_twice", name=name)
            raise click.BadParameter(message, param_hint=f"'{option}'")
        found[name] = value
    return found


def _day(ctx: click.Context, parameter: click.Parameter, value: str | None) -> dt.date | None:
    """Return a calendar day."""
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        message = say("error_not_date_2022_12_31", value=repr(value))
        raise click.BadParameter(message, ctx, parameter) from None


def installed() -> Registry:
    """Return what the installed plugins provide; say on standard error which could not be used."""
    registry = reen.default_registry()
    for failed in registry.failed:
        click.echo(say("page_plugin_left_out", why=failed.reason), err=True)
    return registry


def grouping_columns(named: Sequence[str], inventory: reen.Inventory) -> tuple[str, ...]:
    """Return the columns to group by, also when they are named as the file does."""
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


# -- reading ---------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, repr=False)
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
        """Return these options as they must be typed again, but for what is said of the output."""
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


# -- computing -------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, repr=False)
class Computing:
    """What to compute with.

    Attributes
    ----------
    method, option, factors, pack, as_of, matching
        As typed; see the help of each option.
    """

    method: str
    option: tuple[str, ...]
    factors: tuple[str, ...]
    as_of: dt.date | None
    pack: tuple[str, ...] = ()
    matching: Path | None = None

    @property
    def options(self) -> Mapping[str, str]:
        """Return the options of the method, by name.

        Raises
        ------
        click.BadParameter
            An option that is not of the form name=value, or that is given twice.
        """
        given = {self.method: pairs(self.option, option="--option", form="name=value")}
        return with_matching(given, self.matching, installed())[self.method]

    @property
    def typed(self) -> str:
        """Return what another command on the same measurement must be given, as it is typed."""
        options = [word for each in self.option for word in ("--option", each)]
        options += [word for each in self.factors for word in ("--factors", each)]
        options += [word for each in self.pack for word in ("--pack", each)]
        if self.matching is not None:
            options += ["--matching", str(self.matching)]
        return shell_words(options)

    @functools.cached_property
    def registry(self) -> Registry:
        """Return what is installed, with the versions of packs that were asked for.

        Raises
        ------
        ReenError
            As `with_versions`.
        """
        return with_versions(installed(), self.pack)

    def configured(self) -> Method:
        """Return the method with its options.

        Raises
        ------
        UnknownNameError
            No plugin provides it.
        OptionError
            It has no such option, or the value does not fit.
        click.BadParameter
            As `options`.
        """
        return reen.configure(self.registry.method(self.method), self.options)


#: Endings of stored results.
_RESULTS = frozenset({".json", ".parquet"})


def with_versions(registry: Registry, packs: Sequence[str]) -> Registry:
    """Return a registry with the versions of packs that were asked for.

    Parameters
    ----------
    registry
        What is installed.
    packs
        As typed: ``name@version``, or the file of a result, whose packs are all taken.

    Raises
    ------
    UnknownNameError
        A pack, or a version, that is not there.
    FactorDataError
        A pack has another content than the result states.
    FileFormatError
        A file that holds no result.
    """
    chosen: list[str | PackRecord] = []
    for text in packs:
        # a name has neither a folder nor the ending of a result
        if is_there(text, file=True) or Path(text).suffix in _RESULTS or Path(text).name != text:
            chosen += reen.read_footprint(text).provenance.packs
        else:
            chosen.append(text)
    return registry.with_packs(*chosen) if chosen else registry


#: Versions of packs.
pack_option = click.option(
    "--pack",
    metavar="NAME@VERSION|RESULT",
    multiple=True,
    help="Use that version of a factor pack, such as base-carbone@2026.1, or all the packs of an"
    " earlier result, to compute it again. Repeatable.",
)


#: Factors of the user's.
factors_option = click.option(
    "--factors",
    metavar="NAME|FILE",
    multiple=True,
    help="Factors that go before the method's own: a pack, or your file. Repeatable.",
)

_COMPUTING = (
    click.option(
        "-m",
        "--method",
        metavar="NAME",
        required=True,
        help="How to count; `reen methods` lists them.",
    ),
    click.option(
        "-o",
        "--option",
        metavar="NAME=VALUE",
        multiple=True,
        help="Option of the method; `reen methods NAME` lists them. Repeatable.",
    ),
    matching_option,
    factors_option,
    pack_option,
    click.option(
        "--as-of",
        callback=_day,
        metavar="DATE",
        help="Reference date, such as 2022-12-31; it sets the year of the electricity factors."
        " When not given: today; of two years, the end of each.",
    ),
)


replace_option = click.option(
    "--replace",
    is_flag=True,
    help="Replace files of FOLDER even where somebody changed them since, or made them.",
)

#: What is counted, of an information system.
level_option = click.option(
    "--level",
    type=click.Choice(["equipment", "virtual_machine", "application"]),
    default="equipment",
    show_default=True,
    help="Level of an information system to show: its equipment, or the shares of its virtual"
    " machines or applications.",
)


def computing_options(function: Command) -> Command:
    """Add the computing options to a command, which gets them as `computing`."""

    @functools.wraps(function)
    def gathered(**given: object) -> None:
        fields = [field.name for field in attrs.fields(Computing)]
        computing = Computing(**{name: given.pop(name) for name in fields})  # type: ignore[arg-type]
        function(computing=computing, **given)

    return decorate(gathered, _COMPUTING)


# -- lists -----------------------------------------------------------------------------------


#: Who reads a list.
for_whom_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="For people, or for programs.",
)


def listing_options(function: Command) -> Command:
    """Add the options of the commands that list what is installed."""
    full = click.option(
        "--full",
        is_flag=True,
        help="The whole list with all that is known of each; at most 25 lines when not given.",
    )
    return decorate(function, (full, for_whom_option, traceback_option))
