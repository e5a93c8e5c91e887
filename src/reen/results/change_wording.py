"""Words of a change between two years: one plain sentence, and what must be known beside it.

Input: a `Change`.  Output: text in English and in French, in which every figure has the same unit
and the same decimals.  What is no change of the fleet says so; fewer items are called doubtful
where rows of one of the years are not read.  Computes nothing but signs.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np

from reen.errors import UnknownNameError
from reen.reasons import Detail, Reason
from reen.results.change_figures import ChangeFigures
from reen.results.total import Total
from reen.results.unread import Unread
from reen.results.wording import LANGUAGES, Scale, joined

__all__ = ["cause_title", "change_lines", "change_sentence"]

#: Relative to the largest figure: what adding floats may leave of nothing.
_ROUNDING = 1e-12

#: The two years, as they are measured.
_YEARS = ("restated", "after")

#: What French does not say, and what it says.
_ELISION = ("De au moins", "D'au moins")

#: Causes of which the sign of the effect decides the words.
_SIGNED = frozenset({"lifetime", "usage_share", "annual_energy", "pue"})


def change_sentence(change: ChangeFigures, *, criterion: str, language: str) -> str:
    """Return why the footprint changed, in one sentence.

    Raises
    ------
    UnknownNameError
        Another language.
    """
    words, scale = _Words(language), change.scale(criterion)
    first, last = change.ends(criterion)
    causes = {str(cause): value for (cause,), value in change.by_cause(criterion=criterion).items()}
    size = max([abs(value) for value in causes.values()] + [_figure(first), _figure(last)])
    causes = {cause: value for cause, value in causes.items() if abs(value) > _ROUNDING * size}
    fields = {
        "before": _total(first, scale, words),
        "after": _total(last, scale, words),
        "unit": scale.unit_in(language),
        "value": scale.text(change.value(criterion), language=language, sign=True),
        "parts": joined(
            [
                words.say(
                    "part",
                    value=scale.text(value, language=language, sign=True),
                    cause=_cause(change, cause, value, words),
                )
                for cause, value in causes.items()
            ],
            words.say("and"),
        ),
    }
    if np.isnan(first.value) and np.isnan(last.value):
        return words.say("neither")
    if not causes:
        whole = first.complete and last.complete and not change.not_counted
        return words.say("same" if whole else "same measured", **fields).replace(*_ELISION)
    said = words.say("one cause" if len(causes) == 1 else "sentence", **fields)
    return said.replace(*_ELISION)


def cause_title(cause: str, detail: str, language: str) -> str:
    """Return the title of a cause, and of its detail."""
    words = _Words(language)
    title = words.name("title", cause) or cause.replace("_", " ")
    if not detail:
        return title
    said = words.name("detail", detail) or words.name("title", detail)
    return f"{title}{words.say('colon')}{said or detail.replace('_', ' ')}"


def change_lines(change: ChangeFigures, *, criterion: str, language: str) -> Iterator[str]:
    """Yield what must be known beside the sentence."""
    words = _Words(language)
    totals = change.totals(criterion)
    if change.swapped:
        yield words.say("swapped", before=change.swapped[0], after=change.swapped[1])
    if change.spelt_alike:
        names = [" / ".join(map(repr, each)) for each in change.spelt_alike]
        yield words.say("spelt alike", names=joined(names, words.say("and")))
    for year, later in zip(_YEARS, change.not_yet_bought, strict=True):
        if later:
            date = getattr(change, year).provenance.as_of
            yield words.say("later", year=words.say(f"year {year}"), count=later, date=date)
    for table, (before, after) in change.not_counted.items():
        what = words.name("table", table) or table
        dated = table in change.of_other_years
        name = "of other years" if dated else "not counted"
        yield words.say(name, table=what, before=before, after=after)
    yield from (words.say(f"incomplete {name}") for name in _YEARS if not totals[name].complete)
    yield from _of_items(change, criterion, words)
    if change.printed is not None:
        scale = change.scale(criterion)
        yield words.say(
            "printed",
            printed=_total(totals["printed"], scale, words),
            restated=_total(totals["restated"], scale, words),
            unit=scale.unit_in(language),
        )
    dates = [each.provenance.as_of for each in (change.restated, change.after)]
    if change.dated_by:
        said_by = [words.say(f"dated by {each or 'hand'}") for each in change.dated_by]
        yield words.say(
            "dated",
            **dict(zip(("before", "after"), dates, strict=True)),
            by=said_by[0],
            then_by=said_by[1],
        )
    said = {
        "one restatement": bool(change.not_replayed),
        "no entities": not change.entities,
        "no identifiers": not change.identified,
        "one date": dates[0] == dates[1],
    }
    yield from (
        words.say(name, date=dates[0], why=change.not_replayed)
        for name, holds in said.items()
        if holds
    )


def _of_items(change: ChangeFigures, criterion: str, words: _Words) -> Iterator[str]:
    """Yield what makes the number of items doubtful."""
    scale = change.scale(criterion)
    for year, unread in zip(_YEARS, change.unread, strict=True):
        said = joined(list(_unread(unread, words)), words.say("and"))
        if said:
            yield words.say("unread", year=words.say(f"year {year}"), what=said)
    even = change.break_even(criterion)
    if even is not None:
        figure = scale.text(even, language=words.language)
        yield words.say("break even", value=figure, unit=scale.unit_in(words.language))
    if not change.same_blanks:
        counts = dict(zip(("before", "after"), change.without_entity, strict=True))
        yield words.say("blank entities", **counts)
    if not change.statuses_known:
        before, after = (each.assumed_in_use for each in change.unread)
        yield words.say("status", before=before, after=after)


def _unread(unread: Unread, words: _Words) -> Iterator[str]:
    counts = {
        "refused": unread.refused_rows,
        "untyped": unread.untyped_rows,
        "unknown": unread.unknown_quantities,
        "doubts": unread.doubts,
    }
    for name, count in counts.items():
        if count:
            yield words.say(f"rows {name}", count=count)


@attrs.frozen
class _Words:
    """The sentences of a change, in one language, from the catalogues.

    Raises
    ------
    UnknownNameError
        Another language.
    """

    language: str = attrs.field()

    @language.validator
    def _is_spoken(self, _: object, language: str) -> None:
        if language not in LANGUAGES:
            raise UnknownNameError("language", language, (), LANGUAGES)

    def say(self, name: str, **details: Detail) -> str:
        """Return a sentence, its parameters filled in."""
        return Reason(_code(name), **details).text(self.language)

    def name(self, kind: str, key: str) -> str:
        """Return the words for a cause or a detail, empty for one that a plugin brings."""
        code = _code(f"{kind} {key}")
        said = Reason(code).text(self.language)
        return "" if said == code else said


def _code(name: str) -> str:
    return f"change_{name.replace(' ', '_')}"


def _figure(total: Total) -> float:
    return 0.0 if np.isnan(total.value) else abs(total.value)


def _total(total: Total, scale: Scale, words: _Words) -> str:
    """Return a total, with what it lacks."""
    text = scale.text(0.0 if np.isnan(total.value) else total.value, language=words.language)
    if total.doubtful:
        return words.say("doubtful incomplete" if total.lacking else "doubtful", value=text)
    if total.complete:
        return text
    return words.say("at least" if total.lower_bound else "incomplete", value=text)


def _cause(change: ChangeFigures, cause: str, value: float, words: _Words) -> str:
    """Return the words for a cause in the sentence."""
    if cause == "fleet":
        more = change.unread[1].items - change.unread[0].items
        sign = "less" if value < 0.0 else "more"
        said = words.name("cause", f"fleet {sign}" if more * value > 0.0 else "fleet")
        return words.say("in doubt", cause=said) if change.doubtful else said
    if cause in _SIGNED:
        return words.name("cause", f"{cause} {'less' if value < 0.0 else 'more'}")
    return words.name("cause", cause) or cause.replace("_", " ")
