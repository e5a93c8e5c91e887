"""Making a statement: a footprint put under the categories of a greenhouse-gas account.

Input: a footprint grouped by who owns what (`STATEMENT_BY`), and for capital goods counted whole
the footprint of what was bought in the year.  Output: a `Statement`: for each category a value, its
uncertainty, its sources and what is missing.  What goes where is `statement_parts`; the categories
of the schemes are in `statement_schemes`.  Every figure of the footprint stands in one category, so
the lines add up to it, or differ from it by named differences.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np

from reen.engine.exchanges import NOT_COUNTED, Status
from reen.engine.fold import CoverageClass
from reen.errors import OptionError
from reen.reasons import Reason
from reen.results.footprint_figures import FootprintFigures
from reen.results.interval import ENOUGH
from reen.results.statement import Difference, Missing, Statement, StatementLine, sum_of_known
from reen.results.statement_parts import STATEMENT_BY, Part, Share, shares_of, where_missing
from reen.results.statement_schemes import SCHEMES, Category, Scheme

__all__ = ["statement_of"]


_CRITERION = "climate_change"

#: A 95 % interval of a normal law is so many standard deviations to each side.
_Z95 = 1.959963984540054


def statement_of(
    footprint: FootprintFigures,
    scheme: str,
    *,
    bought: FootprintFigures | None = None,
    market: Mapping[str, float] | None = None,
) -> Statement:
    """Return a footprint under the categories of a scheme (see `Footprint.statement`).

    Raises
    ------
    OptionError
        Another scheme, a footprint that does not tell who owns what, a market factor that is none.
    """
    if scheme not in SCHEMES:
        raise OptionError(
            "statement", "scheme", scheme, Reason("error_one_of", names=", ".join(SCHEMES))
        )
    _check(footprint, bought, market)
    made = _Making(SCHEMES[scheme], footprint, bought, market or {})
    return made.statement()


def _check(
    footprint: FootprintFigures, bought: FootprintFigures | None, market: Mapping[str, float] | None
) -> None:
    by = Reason("error_grouped_for_statement", columns=", ".join(STATEMENT_BY))
    for each in (footprint, bought):
        if each is None:
            continue
        if _CRITERION not in each.criteria:
            raise OptionError("statement", "criteria", ", ".join(each.criteria), _CRITERION)
        if not set(STATEMENT_BY) <= set(each.grouped_by):
            raise OptionError("statement", "by", ", ".join(each.grouped_by) or "nothing", by)
    for place, factor in (market or {}).items():
        given: object = factor
        if not (isinstance(given, (int, float)) and math.isfinite(given) and given >= 0.0):
            expected = Reason("error_kgco2e_per_kwh_0_more")
            raise OptionError("statement", f"market.{place}", str(factor), expected)


@attrs.frozen(eq=False)
class _Making:
    """The making of one statement."""

    scheme: Scheme
    footprint: FootprintFigures
    bought: FootprintFigures | None
    market: Mapping[str, float]

    def statement(self) -> Statement:
        shares = list(shares_of(self.footprint, _CRITERION))
        differences = []
        if self.scheme.whole_purchases:
            shares, difference = self._whole(shares)
            differences += difference
        if self.market:
            shares, difference = self._at_market(shares)
            differences += difference
        missing = self._missing()
        lines = [self._line(each, shares, missing) for each in self.scheme.categories]
        outside = [
            self._line(each, shares, missing)
            for each in self.scheme.outside
            if any(share.part in each.parts for share in shares)
        ]
        total = self.footprint.total(_CRITERION)
        whole = total if self.bought is None else self.bought.total(_CRITERION)
        bounded = self.bought is not None or not self.scheme.whole_purchases
        # of a contract that is cheaper in carbon, nothing is bounded by what is counted
        lower = [t.lower_bound for t in (total, whole) if not t.complete]
        return Statement(
            scheme=self.scheme.key,
            year=int(self.footprint.provenance.as_of[:4]),
            lines=tuple(lines),
            outside=tuple(outside),
            differences=tuple(differences),
            measured=total,
            complete=bounded and total.complete and whole.complete,
            lower_bound=bool(lower) and all(lower),
            doubtful=total.doubtful or whole.doubtful,
            lacking=total.lacking or whole.lacking or any(each.missing for each in lines),
        )

    def _whole(self, shares: Sequence[Share]) -> tuple[list[Share], list[Difference]]:
        """Put what was bought in the year in place of the yearly shares of owned equipment."""
        rest = [share for share in shares if share.part is not Part.OWNED]
        yearly = math.fsum(share.value for share in shares if share.part is Part.OWNED)
        if self.bought is None:
            return rest, [Difference(Reason("statement_purchases_unknown"), -yearly)]
        whole = [s for s in shares_of(self.bought, _CRITERION) if s.part is Part.OWNED]
        value = math.fsum(share.value for share in whole)
        return rest + whole, [Difference(Reason("statement_whole_purchases"), value - yearly)]

    def _at_market(self, shares: Sequence[Share]) -> tuple[list[Share], list[Difference]]:
        """Put the factors of contracts in place of those of the place.

        Raises
        ------
        OptionError
            A contract for a place where no electricity is counted: it would change nothing.
        """
        there = sorted({each.geography for each in shares if each.part is Part.ELECTRICITY})
        for place in self.market:
            if place not in there:
                expected = Reason(
                    "error_place_whose_electricity_counted",
                    there=", ".join(there) or Reason("error_none_counted"),
                )
                raise OptionError("statement", "market", place, expected)
        found, more = [], []
        for share in shares:
            factor = self.market.get(share.geography)
            if share.part is not Part.ELECTRICITY or factor is None:
                found.append(share)
                continue
            value = share.amount * factor
            more.append(value - share.value)
            said = Reason("statement_market", place=share.geography, factor=factor)
            notes = (*map(_of_contract, share.notes), said)
            found.append(attrs.evolve(share, value=value, spread=math.nan, sources=(), notes=notes))
        return found, [Difference(Reason("statement_market_based"), math.fsum(more))]

    def _missing(self) -> list[tuple[Part, Missing]]:
        """Return what is left out, by the part that it would be of."""
        found = list(_left_out(self.footprint))
        if not self.scheme.whole_purchases:
            return found
        bought = [] if self.bought is None else list(_left_out(self.bought))
        others = [each for each in found if each[0] is not Part.OWNED]
        return others + [each for each in bought if each[0] is Part.OWNED]

    def _line(
        self, category: Category, shares: Sequence[Share], missing: Sequence[tuple[Part, Missing]]
    ) -> StatementLine:
        mine = [share for share in shares if share.part in category.parts]
        value = sum_of_known(share.value for share in mine)
        uncertainty, covered = _uncertainty(mine)
        notes = list(dict.fromkeys(note for share in mine for note in share.notes))
        notes += self._parts_not_counted(category)
        unknown = self.scheme.whole_purchases and Part.OWNED in category.parts
        if unknown and self.bought is None:
            notes.append(Reason("statement_needs_purchases"))
        elif not mine:
            notes.append(Reason("statement_nothing_counted"))
        return StatementLine(
            code=category.code,
            title=category.title,
            value=value,
            uncertainty=uncertainty,
            covered=covered,
            parts=_made_of(mine),
            sources=tuple(sorted({source for share in mine for source in share.sources})),
            missing=tuple(sorted(one for part, one in missing if part in category.parts)),
            notes=tuple(notes),
        )

    def _parts_not_counted(self, category: Category) -> Iterator[Reason]:
        """Yield what rows of a category are counted without, since no source gives it."""
        found: dict[tuple[Part, str], int] = {}
        for part, klass, _, rows in _classes(self.footprint):
            for said in klass.outcome.assumptions if part in category.parts else ():
                if said.code == NOT_COUNTED:
                    key = part, said.parameter
                    found[key] = found.get(key, 0) + rows
        for (_, parameter), rows in sorted(found.items(), key=lambda each: each[0][1]):
            yield Reason("statement_part_not_counted", parameter=parameter, count=rows)


def _of_contract(note: Reason) -> Reason:
    """Return what is to be said of electricity counted by a contract: what was said of its mix."""
    if note.code != "statement_not_split":
        return note
    return Reason("statement_market_not_split", **dict(note.details))


def _classes(footprint: FootprintFigures) -> Iterator[tuple[Part, CoverageClass, float, int]]:
    """Yield what became of the rows of each group: the part that they are of, items and rows."""
    fold = footprint.fold
    groups, cells = fold.groups.to_pylist(), fold.by_group
    for k, number in enumerate(cells.klass):
        klass = fold.classes[number]
        part = where_missing(klass.kind, klass.stages, groups[cells.key[k]])
        yield part, klass, float(cells.quantity[k]), int(cells.rows[k])


def _left_out(footprint: FootprintFigures) -> Iterator[tuple[Part, Missing]]:
    """Yield what a footprint leaves out, by the part that it would be of and the reason."""
    found: dict[tuple[Part, str, Reason], tuple[float, int]] = {}
    for part, klass, items, rows in _classes(footprint):
        if klass.outcome.status is not Status.LEFT_OUT or klass.outcome.reason is None:
            continue
        key = part, klass.kind, klass.outcome.reason
        before = found.get(key, (0.0, 0))
        found[key] = before[0] + items, before[1] + rows
    for (part, kind, reason), counts in found.items():
        yield part, Missing(kind, reason, *counts)


def _made_of(shares: Sequence[Share]) -> tuple[tuple[Reason, float], ...]:
    """Return the parts of a category by name, where there are several."""
    found: dict[Part, list[float]] = {}
    for share in shares:
        found.setdefault(share.part, []).append(share.value)
    if len(found) < 2:  # noqa: PLR2004
        return ()
    parts = [(Reason(f"part_{part.value}"), math.fsum(each)) for part, each in found.items()]
    return tuple(sorted(parts))


def _uncertainty(shares: Sequence[Share]) -> tuple[float | None, float]:
    """Return the relative half width of the 95 % interval, and the share that it covers.

    The error of a factor is shared by all that is counted by it; those of different factors are
    independent: variances of the sums by flow add up.
    """
    total = math.fsum(share.value for share in shares)
    known = [share for share in shares if not math.isnan(share.spread)]
    if not shares or total == 0.0:
        return None, 0.0
    covered = math.fsum(share.value for share in known) / total
    if covered < ENOUGH:
        return None, covered
    by_flow: dict[object, float] = {}
    for share in known:
        by_flow[share.flow] = by_flow.get(share.flow, 0.0) + share.value * share.spread
    return _Z95 * float(np.sqrt(math.fsum(v * v for v in by_flow.values()))) / abs(total), covered
