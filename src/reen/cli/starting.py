"""The command `start`: a first plan of a review, from the files at hand.

Input: a folder.  Output: `review.toml` in it, with the years whose files are there; what nobody
said is asked for, or stands in the file as a line to fill in.  A table that is of no year is taken
where there is one year only, else it is named: nothing is left out in silence.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import click

from reen.cli.errors import traceback_option
from reen.gate.reads import noted
from reen.gate.writing import writing
from reen.reasons import say
from reen.strategy.fields import Fault
from reen.strategy.fields import siren as siren_of
from reen.strategy.sheets import SHEET_SUFFIXES
from reen.tables.files import readable
from reen.tables.mapping.answer_words import ANSWERS, key_of_header
from reen.tables.mapping.answers import holds_answers
from reen.vocabulary.text import normalise

__all__ = ["start"]

_PLAN = "review.toml"
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
#: How a sheet with objectives is called, in plain letters.
_STRATEGY = re.compile(r"strateg|objecti")
#: First columns of a worklist.
_WORKLIST = list(ANSWERS[:4])
#: Endings of files that hold tables.
_TABLES = SHEET_SUFFIXES | {
    *(".parquet", ".arrow", ".feather", ".json", ".jsonl", ".xlsb", ".xml", ".zip")
}
#: What begins a section of a mapping, and of nothing else that reen reads.
_MAPPING = re.compile(r"^\[\[?(columns|words|constants|set_aside|tables|accept)\b", re.MULTILINE)
#: Bytes that no worklist has: a larger workbook is not opened to see whether it is one.
_OF_WORKLIST = 4_000_000


def _typed_siren(text: str) -> str:
    """Return a SIREN as it was typed, or nothing."""
    try:
        return siren_of(text) if text else text
    except Fault as fault:
        message = say("error_no_siren", text=text)
        raise click.BadParameter(message) from fault


def _siren(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    return None if value is None else _typed_siren(value)


@click.command(
    epilog="\b\nExamples:\n"
    "  reen start\n"
    '  reen start ville/ --name "Ville de Valmarin" --siren 210000000 --population 61530'
)
@click.argument(
    "folder",
    metavar="[FOLDER]",
    default=".",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@click.option("--name", metavar="TEXT", help="Name of the authority.")
@click.option("--siren", metavar="NUMBER", callback=_siren, help="Its SIREN, nine digits.")
@click.option("--population", type=click.IntRange(1), metavar="N", help="Its inhabitants.")
@click.option(
    "-m",
    "--method",
    default="base-carbone",
    show_default=True,
    metavar="NAME",
    help="Method of the figures.",
)
@traceback_option
def start(
    folder: Path, *, name: str | None, siren: str | None, population: int | None, method: str
) -> None:
    """Write a first review.toml for the files in FOLDER.

    A file or folder with a year in its name (2025, parc-2025.xlsx) belongs to that year. One
    without a year belongs to the only year; if there are several years, it is listed. A TOML
    file with objectives is the strategy. On a terminal, reen asks you for what you have not
    given. It never replaces a review.toml.
    """
    path = folder / _PLAN
    if path.exists():
        message = say("error_there_already_correct_remove_start_again", path=str(path))
        raise click.UsageError(message, click.get_current_context())
    strategy, mappings = _strategy(folder), _mappings(folder)
    years, yearless = _years(folder, {strategy, *mappings})
    if not years:
        message = say("error_no_file_has_year_its_name", folder=str(folder))
        raise click.UsageError(message, click.get_current_context())
    for each in (*itertools.chain(*years.values()), *yearless, *mappings, strategy):
        if readable(each) != each:
            message = say("error_name_for_toml_no_utf8", path=str(folder / each))
            raise click.UsageError(message, click.get_current_context())
    if sys.stdin.isatty():
        name = name or click.prompt(say("start_name"), err=True)
        siren = siren or click.prompt(
            say("start_siren"), default="", value_proc=_typed_siren, err=True
        )
        population = population or click.prompt(
            say("start_population"), default=0, type=click.IntRange(0), err=True
        )
    lines = _lines(
        years,
        yearless,
        (strategy, mappings),
        name=name,
        siren=siren,
        population=population,
        method=method,
    )
    with writing(path, new=True) as file:
        file.write("".join(f"{line}\n" for line in lines).encode())
    shown = ", ".join(map(str, sorted(years)))
    click.echo(say("start_written", path=str(path), years=shown), err=True)
    if mappings:
        click.echo(say("start_mappings", files=", ".join(mappings)), err=True)
    if yearless:
        click.echo(say("start_yearless", files=", ".join(yearless)), err=True)
    last = max(years)
    following = f"reen review {path} --year {last} --output bilan-{last}/"
    click.echo(say("start_next", typed=following), err=True)


def _years(folder: Path, others: Collection[str]) -> tuple[Mapping[int, list[str]], list[str]]:
    """Return the files and folders of each year, and those that are of none; not some others.

    What has no year in its name is of the only year, where there is one; what is called like the
    folder of an earlier review is no file of a year.
    """
    found: dict[int, list[str]] = {}
    yearless, apart = [], []
    for each in sorted(folder.iterdir()):
        hidden = each.name.startswith(".") or each.name in {_PLAN, *others}
        if hidden or not (each.is_dir() or _suffix(each) in _TABLES):
            continue
        year = _YEAR.search(each.name)
        if each.name.startswith("bilan"):
            apart += [] if each.is_dir() else [each.name]
        elif year:
            found.setdefault(int(year[1]), []).append(each.name)
        else:
            yearless.append(each.name)
    if len(found) == 1:
        (only,) = found.values()
        only += yearless
        yearless = []
    return found, sorted(yearless + apart)


def _suffix(path: Path) -> str:
    """Return the ending of a name, that of the file within a gzip."""
    inner = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return inner.suffix.lower()


def _mappings(folder: Path) -> list[str]:
    """Return the names of mappings and of worklists, whose answers are one, in alphabetical order.

    Mappings come first: answers, which were given to a question, hold over them.
    """
    every = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    saved = [
        each.name
        for each in every
        if each.suffix.lower() == ".toml"
        and each.name != _PLAN
        and _MAPPING.search(noted(each).read_text("utf-8", errors="replace"))
    ]
    return [*saved, *(each.name for each in every if _is_worklist(each))]


def _is_worklist(path: Path) -> bool:
    """Tell whether a file is a worklist of `reen read`, whose answers are a mapping."""
    suffix = path.suffix.lower()
    if suffix not in SHEET_SUFFIXES or not path.is_file():
        return False
    if suffix != ".csv":
        return path.stat().st_size < _OF_WORKLIST and holds_answers(path)
    with noted(path).open("rb") as file:
        begun = file.read(200).decode("utf-8-sig", errors="replace")
    headers = re.split(r"[;,\t]", begun)[: len(_WORKLIST)]
    return list(map(key_of_header, headers)) == _WORKLIST


def _strategy(folder: Path) -> str:
    """Return the name of the file that holds objectives; empty where none or several do.

    A TOML file with such sections, else a sheet of that name.
    """
    found = [
        each.name
        for each in sorted(folder.glob("*.toml"))
        if re.search(r"^\[\[object", noted(each).read_text("utf-8", errors="replace"), re.MULTILINE)
    ]
    found = found or [
        each.name
        for each in sorted(folder.iterdir())
        if each.suffix.lower() in SHEET_SUFFIXES and _STRATEGY.match(normalise(each.stem))
    ]
    return found[0] if len(found) == 1 else ""


def _lines(
    years: Mapping[int, list[str]],
    yearless: Sequence[str],
    beside: tuple[str, Sequence[str]],
    *,
    name: str | None,
    siren: str | None,
    population: int | None,
    method: str,
) -> Iterator[str]:
    strategy, mappings = beside
    yield "# Plan du bilan annuel de la stratégie numérique responsable."
    yield "# Les chemins partent du dossier de ce fichier ; une ligne qui commence par # est à"
    yield "# compléter, puis à activer en retirant le #."
    yield "\n[organisation]"
    yield f"nom = {_text(name or 'À compléter')}"
    yield f"siren = {_text(siren)}" if siren else '# siren = "123456789"'
    yield f"habitants = {population}" if population else "# habitants = 60000"
    yield "\n[bilan]"
    yield f"methode = {_text(method)}"
    yield 'pays = "FR"  # des équipements dont les fichiers ne disent pas le pays'
    given = f"correspondances = [{', '.join(map(_text, mappings))}]"
    said = "# de reen read --save-mapping ou --worklist"
    yield f"{given}  {said}" if mappings else f'# correspondances = ["mairie.toml"]  {said}'
    yield '# comparaison = ["declared", "ecodiag"]  # autres méthodes, pour mémoire'
    yield f"strategie = {_text(strategy)}" if strategy else '# strategie = "strategie.toml"'
    yield '# bilan_precedent = "bilan-2024/review.json"'
    for year, files in sorted(years.items()):
        yield f"\n[[annee]]\nannee = {year}"
        yield f"fichiers = [{', '.join(map(_text, files))}]"
        yield f"# date = {year}-12-31"
    if yearless:
        yield "\n# Fichiers sans année dans leur nom, qui ne sont dans aucune liste : à ajouter aux"
        yield "# années qu'ils couvrent (un même fichier peut en couvrir plusieurs)."
        yield from (f"#   {_text(each)}" for each in yearless)


def _text(value: str) -> str:
    """Return a text as TOML writes it: JSON strings are basic strings of TOML."""
    return json.dumps(value, ensure_ascii=False)
