"""Citations: every source of the factors in use, once, in the words of its pack."""

from __future__ import annotations

import re

import reen


def test_every_source_of_a_factor_in_use_is_cited_once() -> None:
    fleet = [
        reen.Equipment("laptop", lifetime="5 year", country="FR"),
        reen.Equipment("smartphone", lifetime="3 year", country="FR"),
    ]
    footprint = reen.measure(fleet, "base-carbone", as_of="2025-12-31")
    cited = reen.cite(footprint)
    titles = [each.title for each in cited]
    named = {source for text in footprint.factors.descriptions for source in text.sources}
    assert named
    assert named <= set(titles)
    assert len(titles) == len(set(titles))
    packs = {flow.pack for flow in footprint.factors.flows}
    assert {f"reen-{pack}" for pack in packs} <= {each.key for each in cited}
    assert str(cited).count("\n") == len(cited) - 1


def test_bibtex_keys_are_unique_and_its_braces_close() -> None:
    laptop = reen.Equipment("laptop", lifetime="5 year", country="FR")
    comparison = reen.compare([laptop], ["declared", "base-carbone"], as_of="2025-12-31")
    text = reen.cite(comparison).bibtex()
    keys = re.findall(r"@misc\{([^,]+),", text)
    assert len(keys) == len(set(keys)) > 2
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)
    plain = re.sub(r"\\[{}]", "", text)
    assert plain.count("{") == plain.count("}")


def test_what_bibtex_reads_as_a_command_is_escaped() -> None:
    from reen.results.citations import Citation

    text = Citation("k", "50 % of R&D_{x}", used_by=("p",)).bibtex()
    assert r"{50 \% of R\&D\_\{x\}}" in text
