"""Reviews: the plan of a city, and one year of it measured, judged and ready to be written.

Input: a plan.  Output: a `YearReview`: the results of the library (footprint, change, indicators,
standings) side by side, nothing worked out twice.  Writes no page (`writing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs

from reen.errors import FileFormatError, ReenError, UnknownNameError
from reen.gate.json_text import json_content
from reen.gate.reads import noted
from reen.inventory.record_kinds import Purchases
from reen.monitoring.collection import Indicators
from reen.monitoring.computing import indicators
from reen.plugins.building import default_registry
from reen.plugins.registry import Registry
from reen.reasons import LANGUAGES, Reason, Words
from reen.reasons.system import system_words
from reen.results.change import Change
from reen.results.footprint import Footprint
from reen.results.statement import Statement
from reen.results.storage import read_footprint
from reen.review.content import content_hash, content_of
from reen.review.people import with_people
from reen.review.plan import Plan, YearFiles, read_plan
from reen.review.writing import write_review
from reen.review.year import FOOTPRINT_FILE, Beside, MeasuredYear, ReviewYear
from reen.sources.reading import read
from reen.strategy.judging import Standing
from reen.strategy.strategy import Strategy
from reen.verbs.buying import measure_purchases
from reen.verbs.changing import change
from reen.verbs.measuring import measure
from reen.verbs.stating import counting_purchases, statement

__all__ = ["Review", "YearReview"]

_ENTITY = "entity"


@attrs.frozen(kw_only=True, eq=False)
class YearReview(ReviewYear):
    """The content of one yearly review.

    Attributes
    ----------
    plan, registry
        What it was made from.
    now
        The year.
    before
        The year before; None where the plan has none.
    change
        What changed since, by cause; None without a year before.
    since_baseline
        What changed since the baseline year; None where that is the year before, or not there.
    indicators, indicators_before
        What is followed, of both years.
    strategy, standings
        What was promised and where it stands; None and nothing without a strategy.
    beside
        Totals by other methods.
    previous
        Last year's review as it was published, None where it was not given.
    beges, beges_why
        The figures under the categories of the regulatory account; why there are none.
    """

    def content(self) -> dict[str, object]:
        """Return what `review.json` holds: plain JSON types, the same for the same inputs."""
        return content_of(self)

    def write(
        self,
        folder: str | Path,
        *,
        formats: Sequence[str] | None = None,
        language: str = "fr",
        replace: bool = False,
    ) -> tuple[Path, ...]:
        """Write the review in a folder, and return the files.

        Parameters
        ----------
        folder
            Made where it is not there; files of an earlier run are written again, but for those
            that somebody changed since.
        formats
            Some of ``html``, ``pdf``, ``docx``, ``annex`` and ``open-data``; all of them when not
            given.  ``review.json`` is always written.
        language
            Of the page, the PDF and the editable file: ``fr``, which the law is written in, or
            ``en``.  The annex and the open data are in French.
        replace
            Replace files of the same names too that were changed since, or come from elsewhere.

        Raises
        ------
        UnknownNameError
            A language that reen does not speak.
        OptionError
            Another format, or a folder among the files that are read.
        FileNotWrittenError
            A file cannot be written, or is not as an earlier run left it; nothing is changed.
        MissingExtraError
            A library of the extra ``review`` is not installed.
        """
        if language not in LANGUAGES:
            raise UnknownNameError("language", language, (), LANGUAGES)
        return write_review(self, Path(folder), formats, language=language, replace=replace)


@attrs.frozen(kw_only=True)
class Review:
    """The yearly review of an authority's digital strategy.

    Attributes
    ----------
    plan
        Whose it is, and the files of each year.
    registry
        Plugins to use.

    Examples
    --------
    >>> import reen
    >>> review = reen.Review.open("examples/ville/review.toml")
    >>> [each.year for each in review.plan.years]
    [2024, 2025]
    """

    plan: Plan
    registry: Registry = attrs.field(factory=default_registry, eq=False)

    @classmethod
    def open(cls, path: str | Path, *, registry: Registry | None = None) -> Review:
        """Return the review that a TOML file describes; nothing is measured yet.

        Raises
        ------
        FileFormatError
            The file cannot be read, or a key of it is wrong: every fault with its line.
        """
        known = registry or default_registry()
        return cls(plan=read_plan(Path(path), methods=tuple(known.methods)), registry=known)

    def year(self, year: int) -> YearReview:
        """Measure a year, and the year before where the plan has it.

        Raises
        ------
        OptionError
            The plan has no such year.
        FileFormatError
            The strategy, or last year's review, cannot be read.
        ReenError
            What `read`, `measure` and `change` raise.
        """
        plan = self.plan
        files = plan.year(year)
        strategy = None if plan.strategy is None else Strategy.read(plan.strategy)
        previous, printed = _previous(plan, year)
        earlier = plan.find(year - 1)
        baseline = plan.find(plan.baseline_year)
        now = self._measured(files)
        before = None if earlier is None else self._measured(earlier)
        start = before
        if baseline is not None and baseline not in (earlier, files):
            start = self._measured(baseline)
        followed = self._indicators(now, before)
        followed_before = None if before is None else self._indicators(before, None)
        followed_start = followed_before
        if start is not before and start is not None:
            followed_start = self._indicators(start, None)
        beges, why = self._beges(now)
        standings: tuple[Standing, ...] = ()
        if strategy is not None:
            again = self._measured_again(followed_start)
            standings = strategy.standings(followed, year, baseline=again)
        return YearReview(
            plan=plan,
            registry=self.registry,
            now=now,
            before=before,
            change=None if before is None else self._change(before, now, printed),
            since_baseline=(
                None if start is before or start is None else self._change(start, now, None)
            ),
            indicators=followed,
            indicators_before=followed_before,
            strategy=strategy,
            standings=standings,
            beside=tuple(self._beside(name, now) for name in plan.comparison),
            previous=previous,
            beges=beges,
            beges_why=why,
        )

    def _measured(self, files: YearFiles) -> MeasuredYear:
        inventory = read(
            *files.files,
            country=self.plan.country,
            mapping=[*self.plan.mapping, *files.mapping] or None,
            registry=self.registry,
        )
        entities = _ENTITY in inventory.table.column_names
        footprint = measure(
            inventory,
            method=self.plan.method,
            by=(*((_ENTITY,) if entities else ()), "equipment_type"),
            as_of=files.as_of,
            registry=self.registry,
        )
        return MeasuredYear(files=files, inventory=inventory, footprint=footprint)

    def _indicators(self, now: MeasuredYear, before: MeasuredYear | None) -> Indicators:
        inventory, people = with_people(self.plan, now)
        bought = Purchases.held_by(now.inventory)
        counts = counting_purchases(self.registry.method(self.plan.method)) is not None
        made = None
        if bought is not None and counts:
            year = now.files.year
            made = measure_purchases(
                bought, year=year, method=self.plan.method, registry=self.registry
            )
        return indicators(
            purchases_footprint=made,
            inventory=inventory,
            inventory_before=None if before is None else before.inventory,
            footprint=now.footprint,
            period=now.files.period,
            registry=self.registry,
            headcount=people,
        )

    def _measured_again(self, values: Indicators | None) -> Indicators | None:
        """Return the values that another method or other factors change: those of a footprint.

        What was counted in the baseline year, such as a share of purchases, is as it was voted.
        """
        if values is None:
            return None
        names = self.registry.indicators
        return attrs.evolve(
            values,
            values=tuple(each for each in values if "footprint" in names[each.indicator].needs),
        )

    def _change(self, before: MeasuredYear, now: MeasuredYear, printed: Footprint | None) -> Change:
        both = (before.footprint.grouped_by, now.footprint.grouped_by)
        return change(
            before.inventory,
            now.inventory,
            method=self.plan.method,
            by=(_ENTITY,) if all(_ENTITY in each for each in both) else (),
            as_of=(before.files.as_of, now.files.as_of),
            printed=printed,
            registry=self.registry,
        )

    def _beges(self, now: MeasuredYear) -> tuple[Statement | None, Words]:
        """Return the regulatory account, or why the method gives none."""
        try:
            found = statement(
                now.inventory,
                method=self.plan.method,
                scheme="beges-v5",
                as_of=now.files.as_of,
                registry=self.registry,
            )
        except ReenError as error:
            return None, error.said
        return found, ""

    def _beside(self, name: str, now: MeasuredYear) -> Beside:
        """Return the footprint by another method; one that cannot run says why, and is named."""
        try:
            found = measure(
                now.inventory, method=name, as_of=now.files.as_of, registry=self.registry
            )
        except ReenError as error:
            return Beside(method=name, why=error.said)
        return Beside(method=name, footprint=found)


def _is_as_written(content: dict[str, object]) -> bool:
    """Tell whether a review still is what its hash states."""
    try:
        return content.get("hash") == content_hash(content)
    except ValueError:  # it holds what no review does: NaN, halves of characters
        return False


def _previous(plan: Plan, year: int) -> tuple[dict[str, object] | None, Footprint | None]:
    """Return last year's review as it was published, and its footprint.

    Raises
    ------
    FileFormatError
        It is no review, that of another year, or was changed since it was written.
    """
    path = plan.previous
    if path is None:
        return None, None
    path = path / "review.json" if path.is_dir() else path
    try:
        content = json_content(noted(path).read_bytes(), place=str(path))
    except (OSError, FileFormatError) as error:
        said = error.reason if isinstance(error, FileFormatError) else system_words(error)
        reason = Reason("error_cannot_read_json_give_review_json", error=said)
        raise FileFormatError(str(path), reason) from error
    form = content.get("schema") if isinstance(content, dict) else None
    if form != "reen-review/1":
        reason = Reason("error_no_review_this_form_found_expected", form=repr(form))
        raise FileFormatError(str(path), reason)
    if content.get("year") != year - 1:
        reason = Reason("error_review_expected", content=content.get("year"), year=year - 1)
        raise FileFormatError(str(path), reason)
    if not _is_as_written(content):
        raise FileFormatError(str(path), Reason("error_review_was_changed"))
    return content, read_footprint(path.parent / FOOTPRINT_FILE)
