"""The codes of reasons and assumptions, with their sentences, as Markdown tables.

The sentences come from the catalogues of reen; which codes a method may give is said here, in the
order in which a page shows them.  Imports no Sphinx, so that tests can read the same text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reen.reasons import Reason, parameters_of, sentence_template

__all__ = ["ASSUMPTIONS", "REASONS", "assumptions", "reasons"]

#: Codes of why a row is left out, excluded or included elsewhere, and of what a statement says.
REASONS: Sequence[str] = (
    *("missing", "invalid", "no_default", "zero_lifetime", "type_unknown"),
    *("no_factor", "no_items", "no_element", "element_archived", "element_implausible"),
    "disks_unknown",
    *("no_proxy", "counted_as_published", "counted_as_archived"),
    *("no_sheet", "sheet_set_aside", "refused_by_hand"),
    *("no_mix", "no_series", "no_country", "mixes_by_option", "mix_archived"),
    *("unknown_archetype", "unknown_instance"),
    *("status", "not_in_use", "not_yet_acquired", "retired", "amortised"),
    *("outside_year", "outside_period", "undated", "dates_crossed", "option", "out_of_scope"),
    *("no_host", "unknown_host", "no_datacenter", "no_machine", "unknown_machine"),
    *("no_key", "spoilt_key", "share_of_host"),
    *("refurbishing_unpublished", "half_of_three_owners"),
    *("service_type_unknown", "no_ratio", "no_figure_per_line", "networks_by_option"),
    *("not_of_year", "not_waste", "in_item_end_of_life"),
    *("not_published", "in_stage_embedded", "in_stage_unspecified"),
    *("in_separate_stages", "in_named_stages", "said"),
    *("statement_not_split", "statement_market_not_split", "statement_taken_as_owned"),
    "statement_end_of_life_shares",
    *("statement_part_not_counted", "statement_electricity_of_others"),
    *("statement_content_unknown", "statement_nothing_counted", "statement_needs_purchases"),
    *("statement_whole_purchases", "statement_purchases_unknown", "statement_market_based"),
    *("statement_market", "statement_missing", "statement_of", "statement_line"),
    *("statement_line_uncertain", "statement_of_which", "statement_difference"),
)

#: Codes of what stands in for what a row does not say.
ASSUMPTIONS: Sequence[str] = (
    *("default_of_type", "default_of_method", "of_reference_item", "of_archetype"),
    *("median_of_type", "computed_from", "raised_to", "taken_as", "rate_of_ownership"),
    *("nearest_year", "last_published_year", "no_stated_year", "printed_validity"),
    *("other_series", "year_by_option", "named_by_option", "archived_by_option"),
    *("constant_abroad", "europe_for_country", "nearest_type", "of_family", "proxy"),
    *("factor_by_proxy", "default_by_proxy", "of_another_pack"),
    *("approximate_model", "by_hand", "implied_by_sheet", "low_quality"),
    *("brought_down_to_one", "stages_not_separated", "contradicted_by_sheet"),
    *("tax_not_stated", "price_year_taken", "other_price_year", "ream_mass", "networks_origin"),
    *("waste_stream_unknown", "not_recognised", "usual_capacity", "mixed_drives"),
    *("not_counted", "not_used", "without_power"),
)


def _table(codes: Sequence[str]) -> str:
    lines = ["| code | details | English | French |", "|---|---|---|---|"]
    for code in codes:
        english, french = (_plain(sentence_template(code, each)) for each in ("en", "fr"))
        details = ", ".join(f"`{name}`" for name in sorted(parameters_of(english)))
        lines.append(f"| `{code}` | {details} | {english} | {french} |")
    return "\n".join(lines)


def _plain(template: str) -> str:
    """Return a sentence without the form of its details: ``{year:year}`` is ``{year}``."""
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", template)


def reasons() -> str:
    """Return the table of reasons."""
    return _table(REASONS)


def assumptions() -> str:
    """Return the table of assumptions, and how a page shows one."""
    shown = Reason("assumed_by_pack", parameter="lifetime", rule="default of the type", pack="mine")
    return f"{_table(ASSUMPTIONS)}\n\nA page shows one after its parameter: *{shown}*."
