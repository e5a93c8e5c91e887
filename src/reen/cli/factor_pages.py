"""Factor packs as pages and as JSON: who publishes them, under which licence, which figures.

Input: `FactorPack` objects.  Output: rich renderables or JSON types.  A figure is never shown
without the pack that it comes from.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np

import reen
from reen.cli.tables import as_is, hang, heading, paragraph, table
from reen.plugin.files import normalise_text
from reen.reasons import LANGUAGES, Reason, has_sentence, number_text, say, spoken, title_of
from reen.results.factor_words import factor_name, factor_text
from reen.results.wording import unit_in
from reen.views.figures import joined, series
from reen.vocabulary.titles import bundled_title

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from reen.plugin import FactorPack
    from reen.plugin.arrays import FactorSet, Flow
    from reen.plugin.packs import TypeDefault

__all__ = [
    "found_page",
    "in_one_line",
    "pack_content",
    "pack_page",
    "packs_page",
    "select",
    "select_defaults",
]

#: Factors shown one by one with boundary and source; more are a table of figures.
_IN_FULL = 5


def select(pack: FactorPack, text: str | None) -> tuple[int, ...]:
    """Return the positions of the factors in which `text` occurs in any case; all for None."""
    flows = zip(pack.factors.flows, pack.factors.descriptions, strict=True)
    if text is None:
        return tuple(range(len(pack.factors)))
    wanted = normalise_text(text)
    found = []
    for k, (flow, about) in enumerate(flows):
        words = [flow.id, about.name, about.equipment_type, flow.geography, str(flow.year or "")]
        words += [about.manufacturer, about.model, *_words_of(about.equipment_type)]
        if any(wanted in normalise_text(word) for word in words):
            found.append(k)
    return tuple(found)


def select_defaults(pack: FactorPack, text: str | None) -> tuple[TypeDefault, ...]:
    """Return the defaults in whose type `text` occurs; all for None."""
    wanted = normalise_text(text or "")
    return tuple(
        default
        for default in pack.defaults
        if any(wanted in normalise_text(word) for word in _words_of(default.equipment_type))
    )


def _words_of(kind: str) -> tuple[str, ...]:
    """Return what a type is found by: its key, and its title in each language."""
    return (kind.replace("_", " "), *(bundled_title(kind, each) for each in LANGUAGES))


# English keeps the keys, by which an option names a type.


def _kind(key: str) -> str:
    return key if spoken() == "en" else bundled_title(key)


def _what(parameter: str) -> str:
    code = f"parameter_{parameter}"
    return say(code) if spoken() != "en" and has_sentence(code) else parameter


def packs_page(packs: Sequence[FactorPack], width: int, *, full: bool) -> Iterator[RenderableType]:
    """Yield the list of packs, a line each where they are not asked for in full."""
    if not packs:
        yield paragraph(say("factors_no_pack"))
        return
    for pack in packs:
        unreadable = _unreadable(pack)  # its version is then that of nothing
        if not full:
            named = pack.name if unreadable else f"{pack.name} {pack.version}"
            yield in_one_line(named, pack.words("title"), width)
            continue
        yield heading(pack.name if unreadable else f"{pack.name} {pack.version}")
        yield hang(pack.words("description") or pack.words("title"), width=width, first="  ")
        size = unreadable or _size(pack)
        yield hang(series([size, pack.licence]), width=width, first="  ")
    yield paragraph()
    yield paragraph(say("factors_name_shows"))


def in_one_line(name: str, text: str, width: int) -> Text:
    """Return a name and what it is in one line, cut where the terminal ends."""
    said = say("page_colon", name=name, text=text)
    return as_is(said if len(said) <= width else said[: width - 1].rstrip() + "…")


def _unreadable(pack: FactorPack) -> str:
    """Return why the content of a pack cannot be had here, empty when it can."""
    try:
        len(pack.factors)
    except reen.errors.MissingExtraError as error:
        return str(error)
    return ""


def _size(pack: FactorPack) -> str:
    parts = []
    if len(pack.factors):
        parts.append(say("factors_count", count=len(pack.factors)))
    if pack.defaults:
        parts.append(say("factors_defaults_count", count=len(pack.defaults)))
    return joined(parts) if parts else say("factors_empty")


def pack_page(
    pack: FactorPack, *, find: str | None, limit: int, width: int, full: bool
) -> Iterator[RenderableType]:
    """Yield what must be known of a pack, all of it where it is asked for, then its figures."""
    yield heading(say("page_colon", name=f"{pack.name} {pack.version}", text=pack.words("title")))
    facts = {
        "factors_publisher": pack.publisher,
        "factors_licence": pack.licence,
        "factors_source": pack.source,
        "factors_content": series([_size(pack), f"SHA-256 {pack.digest[:12]}"]),
    }
    if full:
        facts |= {
            "factors_address": pack.url,
            "factors_about": pack.words("description"),
            "factors_to_know": " ".join(pack.words("notes").split()),
        }
    for label, text in facts.items():
        if text:
            yield hang(text, width=width, first=f"  {_label(label)}", rest="    ")
    positions, defaults = select(pack, find), select_defaults(pack, find)
    if find is not None and not positions and not defaults:
        yield paragraph()
        yield _nothing_found(find, width)
    yield from _figures(pack, positions, limit=limit, width=width)
    yield from _defaults(defaults, limit=limit, width=width)


def _nothing_found(text: str, width: int) -> Text:
    return hang(say("factors_nothing_found", text=text), width=width)


def found_page(
    packs: Sequence[FactorPack], *, text: str, limit: int, width: int
) -> Iterator[RenderableType]:
    """Yield the factors and defaults of several packs in which `text` occurs."""
    found = False
    unreadable = {pack.name: reason for pack in packs if (reason := _unreadable(pack))}
    for pack in packs:
        if pack.name in unreadable:
            continue
        positions, defaults = select(pack, text), select_defaults(pack, text)
        if not positions and not defaults:
            continue
        if found:
            yield paragraph()
        found = True
        yield heading(f"{pack.name} {pack.version}")
        yield hang(pack.licence, width=width, first=f"  {_label('factors_licence')}", rest="    ")
        yield from _figures(pack, positions, limit=limit, width=width)
        yield from _defaults(defaults, limit=limit, width=width)
    if not found:
        yield _nothing_found(text, width)
    for name, reason in unreadable.items():
        yield paragraph()
        yield hang(say("factors_not_searched", name=name, reason=reason), width=width)


def _figures(
    pack: FactorPack, positions: Sequence[int], *, limit: int, width: int
) -> Iterator[RenderableType]:
    if not positions:
        return
    yield paragraph()
    if len(positions) <= _IN_FULL:
        for k in positions:
            yield from _in_full(pack, k, width)
        return
    shown = positions if limit == 0 else positions[:limit]
    typed = any(pack.factors.descriptions[k].equipment_type for k in shown)
    placed = any(_place(pack.factors.flows[k]) for k in shown)
    made = table(
        say("factors_head_factor"),
        say("factors_head_name"),
        *([say("factors_head_type")] if typed else []),
        *([say("factors_head_place")] if placed else []),
        say("factors_head_figure"),
        say("factors_head_stage"),
        right=[say("factors_head_figure")],
    )
    for k in shown:
        flow, about = pack.factors.flows[k], pack.factors.descriptions[k]
        head = [flow.id, factor_name(about.name, pack.name)]
        head += [_kind(about.equipment_type)] if typed else []
        head += [_place(flow)] if placed else []
        for figure, stage in _values(pack.factors, k):
            made.add_row(*head, figure, stage)
            head = [""] * len(head)
    yield made
    if len(shown) < len(positions):
        yield _more(len(positions) - len(shown), width)
    yield hang(say("factors_find_shows"), width=width)


def _label(code: str) -> str:
    return say("page_label", label=Reason(code))


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _more(number: int, width: int) -> Text:
    return hang(say("factors_more", count=number), width=width)


def _place(flow: Flow) -> str:
    return ", ".join(part for part in (flow.geography, str(flow.year or "")) if part)


def _values(factors: FactorSet, k: int) -> list[tuple[str, str]]:
    """Return (figure with unit and bounds, stage) of a factor, one per criterion and stage."""
    lines = []
    about = factors.descriptions[k]
    for c, key in enumerate(factors.criteria):
        unit = f"{factors.vocabulary[key].unit}/{about.reference_unit}"
        for s, stage in enumerate(factors.stages):
            value = float(factors.values[k, s, c])
            if math.isnan(value):
                continue
            low, high = float(factors.lower[k, s, c]), float(factors.upper[k, s, c])
            between = (
                ""
                if math.isnan(low)
                else f" ({say('factors_between', low=_rounded(low), high=_rounded(high))})"
            )
            lines.append(
                (
                    f"{number_text(float(f'{value:.6g}'))} {unit_in(unit, spoken())}{between}",
                    title_of(stage).lower(),
                )
            )
    return lines


def _in_full(pack: FactorPack, k: int, width: int) -> Iterator[RenderableType]:
    flow, about = pack.factors.flows[k], pack.factors.descriptions[k]
    kind = f" [{_kind(about.equipment_type)}]" if about.equipment_type else ""
    place = f" ({_place(flow)})" if _place(flow) else ""
    name = factor_name(about.name, pack.name)
    yield hang(f"{flow.id}: {name}{kind}{place}", width=width, rest="    ")
    for figure, stage in _values(pack.factors, k):
        yield hang(f"{figure}, {stage}", width=width, first="    ")
    spread = pack.factors.spread[k]
    if not np.isnan(spread).all():
        # A published half-width at 95 % is 1.96 relative standard deviations.
        percent = float(np.nanmax(spread)) * 196.0
        yield hang(
            say("factors_plus_or_minus", percent=round(percent)),
            width=width,
            first=f"    {_label('factors_uncertainty')}",
        )
    facts = [
        ("factors_boundary", factor_text(about.boundary, under="boundary")),
        ("factors_status", factor_text(about.status)),
        ("factors_validity", about.validity),
        *(("factors_source", source) for source in about.sources),
        ("factors_licence", about.licence),
        ("factors_note", factor_text(about.note)),
    ]
    for label, text in facts:
        if text:
            yield hang(text, width=width, first=f"    {_label(label)}", rest="      ")


def _defaults(
    defaults: Sequence[TypeDefault], *, limit: int, width: int
) -> Iterator[RenderableType]:
    if not defaults:
        return
    shown = defaults if limit == 0 else defaults[:limit]
    yield paragraph()
    yield heading(say("factors_defaults_head"))
    made = table(
        say("factors_head_type"),
        say("factors_head_what"),
        say("factors_head_figure"),
        say("factors_source").capitalize(),
        right=[say("factors_head_figure")],
    )
    sources: dict[str, int] = {}
    for default in shown:
        number = sources.setdefault(default.source, len(sources) + 1)
        unit = unit_in(default.unit, spoken(), default.value)
        figure = f"{number_text(float(f'{default.value:.6g}'))} {unit}"
        made.add_row(_kind(default.equipment_type), _what(default.parameter), figure, f"[{number}]")
    yield made
    if len(shown) < len(defaults):
        yield _more(len(defaults) - len(shown), width)
    for source, number in sources.items():
        yield hang(source, width=width, first=f"[{number}] ")


def pack_content(pack: FactorPack, *, find: str | None, full: bool) -> dict[str, object]:
    """Return a pack as JSON types; its figures when `full`, or those in which `find` occurs."""
    about = {
        name: getattr(pack, name)
        for name in ("name", "version", "title", "publisher", "licence", "source", "url")
    }
    about |= {"description": pack.description, "notes": pack.notes}
    if not full and (reason := _unreadable(pack)):
        return {**about, "unreadable": reason}
    content: dict[str, object] = {
        **about,
        "digest": pack.digest,
        "factors": len(pack.factors),
        "defaults": len(pack.defaults),
    }
    if full or find is not None:
        content["flows"] = [_flow_content(pack.factors, k) for k in select(pack, find)]
        content["type_defaults"] = [
            attrs.asdict(default) for default in select_defaults(pack, find)
        ]
    return content


def _flow_content(factors: FactorSet, k: int) -> dict[str, object]:
    flow, about = factors.flows[k], factors.descriptions[k]
    values = [
        {
            "criterion": key,
            "stage": str(stage),
            "value": float(factors.values[k, s, c]),
            "unit": f"{factors.vocabulary[key].unit}/{about.reference_unit}",
        }
        for c, key in enumerate(factors.criteria)
        for s, stage in enumerate(factors.stages)
        if not math.isnan(float(factors.values[k, s, c]))
    ]
    return {
        "flow": str(flow),
        "id": flow.id,
        "geography": flow.geography or None,
        "year": flow.year or None,
        **attrs.asdict(about),
        "values": values,
    }
