"""Matching models with sheets: distinct names per second, and what the likeness alone costs.

    python benchmarks/bench_matching.py
    python benchmarks/bench_matching.py --names 5000 --sheets 300 --factors boavizta-data-fr.csv

Output: a table per case, distinct models per second, and a JSON record of all runs.  Names are made
from those of the sheets (a third as they are, others in capitals, glued, mistyped, with a processor
or a memory, with another number); the sheets are invented, or those of a file.  Part *match* gives
each name its sheet; *candidates* lists the three nearest for a person.  The floor is rapidfuzz
alone, every name against every sheet, which settles nothing: no maker, no number.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt
import rapidfuzz
from harness import Case, Contender, environment, report, run_in_turns, write_json

import reen
from reen.plugin.arrays import FactorSet
from reen.plugin.packs import ModelMatcher

MAKERS = ("Makerville", "Nowhere", "Otherland", "Somewhere", "Farland")
WORDS = ("Feather", "Plume", "Slate", "Bolt", "Tower", "Folio", "Rack", "Dial", "Panel", "Console")
ENDS = ("", "", "", " Pro", " Mini", " Tiny", " Gen 2", " 2-in-1", " Monitor")

#: Names compared at a time by the floor, to bound its memory.
_BLOCK = 1024


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--names", type=int, nargs="+", default=[50_000])
    parser.add_argument("--sheets", type=int, default=1_226)
    parser.add_argument("--factors", type=Path, help="a file of sheets, instead of invented ones")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path, default=Path(".benchmarks/bench_matching.json"))
    return parser.parse_args(given)


def invented(count: int, *, seed: int = 0) -> FactorSet:
    """Return so many sheets of invented makers and models."""
    random = np.random.default_rng(seed)
    names: dict[tuple[str, str], None] = {}
    while len(names) < count:
        maker, word, end = (random.choice(words) for words in (MAKERS, WORDS, ENDS))
        number = random.integers(10, 10_000)
        letter = random.choice(("", "", "T", "P", "x"))
        names[str(maker), f"{word} {letter}{number}{end}"] = None
    return FactorSet.from_rows(
        (
            {
                "flow": f"{maker}-{model}",
                "reference_unit": "item",
                "stage": "embedded",
                "criterion": "climate_change",
                "value": "100",
                "unit": "kgCO2e/item",
                "manufacturer": maker,
                "model": model,
                "source": "invented",
            }
            for maker, model in names
        ),
        pack="invented",
    )


def written(factors: FactorSet, count: int, *, seed: int = 1) -> list[tuple[str, str]]:
    """Return so many distinct (model, maker) pairs, as inventories write them."""
    random = np.random.default_rng(seed)
    sheets = [(text.model, text.manufacturer) for text in factors.descriptions if text.model]
    names: dict[tuple[str, str], None] = {}
    while len(names) < count:
        model, maker = sheets[random.integers(len(sheets))]
        place = int(random.integers(len(model)))
        kind = random.integers(6)
        if kind == 0:
            model, maker = f"{maker} {model}".upper() + " i5", ""
        elif kind == 1:
            model = model.replace(" ", "")
        elif kind == 2:
            model = model[:place] + "e" + model[place:]
        elif kind == 3:
            model += f" {2 ** random.integers(2, 10)} Go"
        if random.integers(3):
            model += f" {random.integers(10_000)}"
        names[model, maker] = None
    return list(names)


@attrs.frozen(eq=False)
class Work:
    """Sheets and names."""

    factors: FactorSet
    names: list[tuple[str, str]]

    def matched(self) -> npt.NDArray[np.float64]:
        """Return the position and score of the sheet of each name, the index made anew."""
        matcher = ModelMatcher(self.factors)
        answers = [matcher.match(model, maker) for model, maker in self.names]
        return np.array([(answer.flow, answer.score) for answer in answers])

    def backwards(self) -> npt.NDArray[np.float64]:
        """Return the same, the names in the other order: the check that order is nothing."""
        matcher = ModelMatcher(self.factors)
        answers = [matcher.match(model, maker) for model, maker in reversed(self.names)]
        return np.array([(answer.flow, answer.score) for answer in reversed(answers)])

    def candidates(self) -> object:
        """Return the three nearest sheets of each name."""
        return ModelMatcher(self.factors).candidates(self.names)

    def likeness(self) -> float:
        """Compare every name with every sheet by rapidfuzz alone."""
        sheets = [text.model.lower() for text in self.factors.descriptions if text.model]
        best = 0.0
        for start in range(0, len(self.names), _BLOCK):
            part = [model.lower() for model, _ in self.names[start : start + _BLOCK]]
            scores = rapidfuzz.process.cdist(part, sheets, scorer=rapidfuzz.fuzz.ratio)
            best += float(scores.max(axis=1).sum())
        return best


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """Run the cases asked for, one by one."""
    factors = invented(options.sheets)
    if options.factors is not None:
        factors = reen.read_factors(options.factors).factors
    for count in options.names:
        work = Work(factors, written(factors, count))
        sizes = {"names": count, "sheets": sum(bool(t.model) for t in factors.descriptions)}
        floor = Contender("rapidfuzz, all pairs", run=work.likeness, floor=True)
        yield run_in_turns(
            "match",
            [
                Contender("reen", run=work.matched, check=work.matched),
                Contender("reen, other order", run=work.backwards, check=work.backwards),
                floor,
            ],
            sizes=sizes,
            repeats=options.repeats,
        )
        yield run_in_turns(
            "candidates",
            [Contender("reen", run=work.candidates), floor],
            sizes=sizes,
            repeats=options.repeats,
        )


def main(given: Sequence[str] | None = None) -> None:
    """Run the cases asked for, print them as they come, and write the record."""
    options = arguments(given)
    done = []
    for case in cases(options):
        print(report(case))
        print(f"  {float(case.sizes['names']) / case.timings[0].median:,.0f} distinct models/s")
        done.append(case)
    write_json(
        options.json,
        benchmark="matching",
        cases=done,
        about=environment("reen", "numpy", "rapidfuzz"),
    )


if __name__ == "__main__":
    main()
