"""Judge the types told by models on carbon footprint sheets, which say the kind of each model.

``python benchmarks/judge_types.py boavizta-data-fr.csv`` prints the share of the models that are
typed, the share of those that are right, and where the others are, by kind and not by model.  The
rules are written from how makers name things and never from these sheets.

Three shares are printed, each with its reason:

- as the sheet says;
- with what its kind covers: the kinds are coarser than the taxonomy (a desktop may be an
  all-in-one or a workstation, a printer a multifunction one, a monitor an interactive display);
- and with the sheets that gainsay themselves taken for what they describe: a "Desktop" whose own
  screen has 10 to 18 inches and that weighs less than 4 kg is a laptop.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import reen
from reen.tables.evidence.models import types_of_model

#: What a kind of the sheets covers beside the type of its name.
COVERED = {
    "desktop": {"all_in_one", "workstation"},
    "monitor": {"interactive_display"},
    "printer": {"multifunction_printer"},
    "workstation": {"laptop", "all_in_one"},
}

#: Kinds whose word means something else in the sheets (drives of servers; watches and players).
WITHOUT_TYPE = {"hard drive", "iot"}

#: Inches of the screen and kilogrammes of what can only be a laptop, whatever its kind says.
LAPTOP_SCREEN, LAPTOP_WEIGHT = (10.0, 18.0), (0.8, 4.0)


def _number(text: str) -> float:
    return float(text.replace(",", ".")) if text else 0.0


def described_as_laptop(row: Mapping[str, str]) -> bool:
    """Tell whether a sheet describes a laptop by the size of its screen and its weight."""
    (least, most), (light, heavy) = LAPTOP_SCREEN, LAPTOP_WEIGHT
    screen, weight = _number(row["screen_size"]), _number(row["weight"])
    return least <= screen <= most and light <= weight <= heavy


def judged(row: Mapping[str, str], said: str | None, told: tuple[str, ...]) -> str:
    """Compare what a sheet says a model is with what its name tells."""
    if len(told) != 1:
        return "a question" if told else "not typed"
    if said is None:
        return "typed, its kind has no type"
    if told[0] == said:
        return "right"
    if told[0] in COVERED.get(said, ()):
        return "covered by its kind"
    if said == "desktop" and told[0] == "laptop" and described_as_laptop(row):
        return "a laptop by its screen and weight"
    return "wrong"


def main(given: Sequence[str] | None = None) -> None:
    """Read the sheets, tell the type of each model, and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sheets", type=Path, help="the French variant of the Boavizta data set")
    taxonomy = reen.default_registry().equipment_types
    outcome: Counter[str] = Counter()
    by_kind: dict[str, Counter[str]] = {}
    wrong: Counter[tuple[str, str, str]] = Counter()
    with parser.parse_args(given).sheets.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            kind = row["subcategory"] or row["category"]
            said = None if kind.casefold() in WITHOUT_TYPE else taxonomy.resolve(kind)
            told = types_of_model(row["manufacturer"], row["name"])
            what = judged(row, said, told.types)
            outcome[what] += 1
            by_kind.setdefault(kind, Counter())[what] += 1
            if what == "wrong":
                wrong[kind, told.types[0], told.family] += 1
    total = outcome.total()
    typed = total - outcome["a question"] - outcome["not typed"]
    print(f"{total:,} models: {typed:,} typed ({typed / total:.1%})")
    print(f"  {outcome['a question']:,} are a question, {outcome['not typed']:,} are not typed")
    known = typed - outcome["typed, its kind has no type"]
    right = outcome["right"]
    print(f"  {known:,} can be judged: {right / known:.1%} right as the sheet says")
    right += outcome["covered by its kind"]
    print(f"  {right / known:.1%} with what its kind covers")
    right += outcome["a laptop by its screen and weight"]
    print(f"  {right / known:.1%} with the desktops that are laptops by their screen and weight")
    for kind, counts in sorted(by_kind.items()):
        print(f"  {kind}: {', '.join(f'{n:,} {what}' for what, n in counts.most_common())}")
    for (kind, told_type, family), count in wrong.most_common():
        print(f"  wrong: {kind} told as {told_type} by {family}: {count:,}")


if __name__ == "__main__":
    main()
