"""Sections eight to ten of the review: the statement of emissions, quality of the data, sources.

Input: a `ReviewYear` and the hashes of its files.  Output: blocks in words: what is declared, what
is counted and what is not, and what it all rests on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from reen.inventory.account import Fate
from reen.plugins.registry import Registry
from reen.reasons import say, share_text, spoken, title_of
from reen.results.coverage import CoverageRow
from reen.results.statement import Statement, StatementLine
from reen.review.document import Block, Bullets, Column, Section, Table, Text
from reen.review.numbers import (
    NONE,
    bounded,
    counted,
    number,
)
from reen.review.strategy_sections import indicator_table
from reen.review.wording import (
    FLOWS,
    missing_text,
    type_title,
)
from reen.review.year import ReviewYear

__all__ = ["quality", "sources", "statements"]


def statements(review: ReviewYear) -> Section:
    """Return what the law asks to be declared elsewhere, or the name of what lacks."""
    wanted = (
        "reuse_in_spending",
        "reuse_in_purchases",
        "reuse_of_retired",
        "weee_mass",
        "weee_approved",
        "donated",
    )
    values = [
        value
        for name in wanted
        for value in review.indicators
        if (value.indicator, value.subject) == (name, "")
    ]
    known = [value for value in values if value.value is not None]
    blocks = list(_beges(review))
    if known:
        blocks.append(indicator_table(review, say("review_purchases_from_reuse_agec_law"), known))
    blocks += [
        Text(say("review_absent", title_fr=title_of(value), missing=missing_text(value.missing)))
        for value in values
        if value.missing is not None
    ]
    return Section("declarations", say("review_statements"), tuple(blocks))


def _beges(review: ReviewYear) -> Iterator[Block]:
    """Yield the regulatory account of greenhouse gases, or why there is none."""
    found = review.beges
    if found is None:
        yield Text(say("review_greenhouse_gas_statement_absent", beges_why=review.beges_why))
        return
    yield Table(
        say("review_lines_of_the_greenhouse_gas", year=found.year),
        (
            Column(say("review_category")),
            Column(say("review_emissions"), numeric=True),
            Column(say("review_remarks")),
        ),
        tuple(
            (
                f"{line.code} {line.title.text()}",
                _line(line, found, refused=review.now.footprint.account.has_refused),
                say("review_semicolon").join(line.remarks(spoken())) or NONE,
            )
            for line in found.lines
        ),
    )
    said = found.sum_in_words(spoken())
    yield Text(f"{said[:1].upper()}{said[1:]}.", "note")


def _line(line: StatementLine, of: Statement, *, refused: bool) -> str:
    """Return the figure of a category; a refused row may be of any, a doubtful sum of any too."""
    if math.isnan(line.value):
        return say("review_nothing_counted")
    low = bool(line.bound) or (refused and of.lower_bound)
    text = bounded(line.value, "kgCO2e/year", lower_bound=low and not of.doubtful)
    if line.uncertainty is not None:
        text += f" (± {share_text(line.uncertainty, decimals=0)})"
    if not of.doubtful:
        return text
    lacking = bool(line.bound) or refused
    return text + say("review_doubtful_incomplete_x" if lacking else "review_doubtful_x")


def quality(review: ReviewYear) -> Section:
    """Return what is left out, assumed, excluded and refused: what to check first."""
    coverage, account = review.now.footprint.coverage, review.now.inventory.account
    blocks: list[Block] = [
        Table(
            say("review_rows_of_the_files_of"),
            (Column(say("review_what_became_of_them")), Column(say("review_rows"), numeric=True)),
            tuple(
                (title, number(account.rows_of(fate)))
                for fate, title in (
                    (Fate.COUNTED, say("review_counted")),
                    (Fate.MERGED, say("review_merged_into_another_same_item")),
                    (Fate.SET_ASIDE, say("review_set_aside")),
                    (Fate.REFUSED, say("review_refused")),
                )
            ),
        )
    ]
    named = [each.text() for each in (*account.refused, *account.doubts)]
    if named:
        blocks += [Text(say("review_rows_refused_or_doubtful"), "heading"), Bullets(tuple(named))]
    left, excluded = coverage.left_out(), coverage.excluded()
    blocks += _outcomes(review.registry, say("review_left_out_and_to_be"), left)
    blocks += _outcomes(review.registry, say("review_excluded_by_a_rule_retired"), excluded)
    assumed = coverage.assumed()
    if assumed:
        blocks.append(
            Table(
                say("review_assumed_where_the_files_say"),
                (
                    Column(say("review_type")),
                    Column(say("review_for")),
                    Column(say("review_number"), numeric=True),
                    Column(say("review_assumption")),
                ),
                tuple(
                    (
                        type_title(review.registry, row.equipment_type),
                        str(FLOWS.get(row.kind, row.kind)),
                        counted(row),
                        say("review_semicolon").join(each.text() for each in row.assumptions),
                    )
                    for row in assumed
                ),
            )
        )
    else:
        blocks.append(Text(say("review_nothing_is_assumed_lives_and")))
    return Section("qualite", say("review_quality_of_the_data"), tuple(blocks))


def _outcomes(registry: Registry, caption: str, rows: Iterable[CoverageRow]) -> Iterator[Block]:
    lines = []
    for row in rows:
        why = NONE if row.reason is None else row.reason.text()
        lines.append(
            (
                type_title(registry, row.equipment_type),
                str(FLOWS.get(row.kind, row.kind)),
                counted(row),
                why,
            )
        )
    if lines:
        yield Table(
            caption,
            (
                Column(say("review_type")),
                Column(say("review_for")),
                Column(say("review_number"), numeric=True),
                Column(say("review_reason")),
            ),
            tuple(lines),
        )
    else:
        yield Text(say("review_nothing", caption=caption))


def sources(review: ReviewYear, files: Mapping[str, str]) -> Section:
    """Return the factors, the texts and the files that the review is made from."""
    about = review.now.footprint.provenance
    blocks: list[Block] = [
        Table(
            say("review_factor_packs"),
            (
                Column(say("review_pack")),
                Column(say("review_version")),
                Column(say("review_licence")),
                Column(say("review_hash_of_the_pack")),
            ),
            tuple(
                (each.name, each.version, each.licence, each.digest[:12]) for each in about.packs
            ),
        ),
        Table(
            say("review_files_read_sha_256_beginning"),
            (Column(say("review_file")), Column(say("review_hash_of_the_file"))),
            tuple((name, digest[:12]) for name, digest in files.items()),
        ),
        Text(
            say(
                "review_made_with_reen_method_on",
                reen_version=about.reen_version,
                method=about.method,
                method_version=about.method_version,
                as_of=about.as_of,
                hash=about.hash[:12],
            )
        ),
        Text(say("review_legal_texts"), "heading"),
        Bullets(
            (
                (say("review_law_no_2021_1485_of")),
                say("review_law_no_2020_105_of"),
                say("review_decree_no_2023_266_of"),
            )
        ),
        Text(say("review_open_data_folder_open_data"), "note"),
    ]
    return Section("sources", say("review_sources"), tuple(blocks))
