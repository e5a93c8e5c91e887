"""Makes the packs base-carbone, base-carbone-services and electricity-france from the export.

``python -m reen_plugins.factor_packs.making.base_carbone`` makes them from the rows kept; with the
path of a new export and ``--date 2026-03`` it keeps the rows of that one first.

Input: an export of the Base Carbone, of which the rows used are kept in ``rows/base_carbone.csv``
(the export's 67 columns, in UTF-8), and ``rows/electricity_france_later.csv``, mixes published
since.  Output: the files of the three packs.  No figure is written or changed here: what a row
means is the business of `base_carbone_export`, the reader that users have.
"""

from __future__ import annotations

import argparse
import csv
import io
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from reen.plugin.files import write_file
from reen_plugins.base_carbone.export import BaseCarboneExport
from reen_plugins.base_carbone.file import COLUMNS, Element, read_elements
from reen_plugins.base_carbone.services_pack import SERVICE_ELEMENTS
from reen_plugins.base_carbone.types import PLACES, SET_ASIDE
from reen_plugins.factor_packs.making.packs import ROWS, description, factors, write

__all__ = ["LATER", "files", "kept", "main", "rows_used"]

#: End of the category of digital equipment.
_DIGITAL = "> Informatique et équipements électroniques"

#: Why an element that answers for a type is not used for it, as the notes of the pack say it.
_ASIDE = {
    "archived": "archived (archived=true counts it in a line of its own)",
    "implausible": "whose 15.5 kg is implausible for an array (elements={kind}={element} takes it)",
}
_ASIDE_FR = {
    "archived": "archivé (archived=true le compte sur une ligne à part)",
    "implausible": "dont les 15,5 kg ne sont pas plausibles pour une baie"
    " (elements={kind}={element} le prend)",
}

#: Mixes of years that the release of the export does not have.
LATER = "electricity_france_later.csv"


def rows_used(export: Path) -> str:
    """Return the rows of an export that the packs are made from, in its own columns.

    All elements of digital equipment counted per item, archived ones included, the average mixes
    that answer for a place, with their sub-lines, and the elements of services, paper and waste.

    Parameters
    ----------
    export
        The official file, as downloaded.
    """
    raw = export.read_bytes()
    elements, _ = read_elements(export, raw)
    rows = BaseCarboneExport.parse(export, raw).rows
    wanted = {row["flow"] for row in rows if row.get("geography")}
    wanted |= {element for elements_of in PLACES.values() for element in elements_of}
    items = {row["flow"] for row in rows if row["reference_unit"] == "item"}
    wanted |= items & {each.id for each in elements if _is_digital(each)}
    wanted |= SERVICE_ELEMENTS
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for element in sorted(elements, key=lambda each: int(each.id)):
        if element.id in wanted:
            writer.writerows(line.cells for line in (element.total, *element.sub_lines))
    return text.getvalue()


def _is_digital(element: Element) -> bool:
    return element.total["Code de la catégorie"].endswith(_DIGITAL)


def files(
    rows: str, later: Sequence[Mapping[str, str]], *, release: str, date: str
) -> dict[str, str]:
    """Return the text of each file of the packs, by its path under ``data``.

    Parameters
    ----------
    rows
        Rows of the export, as `rows_used` gives them.
    later
        Rows of factors of years that the release does not have.
    release, date
        Version of the Base Carbone (``23.6``), and year and month of its publication, which stands
        for the year of a row that says none.
    """
    export = BaseCarboneExport.parse(Path(f"base_carbone_v{release}.csv"), rows.encode())
    said = [{**row, "source_year": row["source_year"] or date[:4]} for row in export.rows]
    items = [row for row in said if row["reference_unit"] == "item"]
    known = {(row["geography"], row["year"]) for row in said if row.get("geography")}
    mixes: list[Mapping[str, str]] = [row for row in said if row["reference_unit"] == "kWh"]
    mixes += [row for row in later if (row["geography"], row["year"]) not in known]
    mixes.sort(key=_order)
    services = [row for row in said if row["flow"] in SERVICE_ELEMENTS]
    prices = [row["year"] for row in services if row["reference_unit"] == "EUR"]
    facts = {
        "release": release,
        "date": date,
        "valid": str(_count(items, archived=False)),
        "archived": str(_count(items, archived=True)),
        "first": min(row["year"] for row in mixes if row.get("year")),
        "first_price": min(prices, default=""),
        "last_price": max(prices, default=""),
        "last": max(row["year"] for row in mixes if row.get("year")),
        "set_aside": "; ".join(
            f"{kind}: {element}, {_ASIDE[why].format(kind=kind, element=element)}"
            for kind, (element, why) in SET_ASIDE.items()
        ),
        "set_aside_fr": " ; ".join(
            f"{kind} : {element}, {_ASIDE_FR[why].format(kind=kind, element=element)}"
            for kind, (element, why) in SET_ASIDE.items()
        ),
    }
    return {
        f"{pack}/{name}": text
        for pack, table in (
            ("base-carbone", items),
            ("base-carbone-services", services),
            ("electricity-france", mixes),
        )
        for name, text in (
            ("factors.csv", factors(table)),
            ("pack.toml", description(pack, **facts)),
        )
    }


def _order(row: Mapping[str, str]) -> tuple[bool, str, str]:
    """Return what mixes are sorted by: the series of years, then the others by element."""
    year = row.get("year", "")
    return not year, year, row["flow"]


def _count(items: Iterable[Mapping[str, str]], *, archived: bool) -> int:
    totals = [row for row in items if row["stage"] == "embedded"]
    return sum((row["status"] == "Archivé") == archived for row in totals)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the packs again, from the rows kept or from a new export."""
    parser = argparse.ArgumentParser(prog="base_carbone", description=__doc__)
    parser.add_argument("export", nargs="?", type=Path, help="a new export, as downloaded")
    parser.add_argument("--date", help="year and month of its publication, such as 2026-03")
    asked = parser.parse_args(arguments)
    about = ROWS / "base_carbone.toml"
    if asked.export is not None:
        release = BaseCarboneExport.read(asked.export).version
        if "." not in release or not asked.date:
            parser.error("a new export needs its version in its name (v23.6) and --date 2025-07")
        write_file(ROWS / "base_carbone.csv", rows_used(asked.export))
        write_file(about, f'release = "{release}"\ndate = "{asked.date}"\n')
    write(files(*kept(), **tomllib.loads(about.read_text("utf-8"))))


def kept() -> tuple[str, list[dict[str, str]]]:
    """Return the rows kept: those of the export, and those of later years."""
    rows = (ROWS / "base_carbone.csv").read_text("utf-8")
    with (ROWS / LATER).open(encoding="utf-8", newline="") as stream:
        return rows, list(csv.DictReader(stream))


if __name__ == "__main__":
    main()
