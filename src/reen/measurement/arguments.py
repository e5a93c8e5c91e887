"""Arguments: what a measurement is given by name is looked up, and what is no answer is refused.

Input: the method, the packs and the day, as a caller gives them, and a registry.  Output: the
configured method, packs in order, a date.  Prepares nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from reen.errors import OptionError, PluginError
from reen.factors.pack import FactorPack
from reen.gate.reads import is_there
from reen.plugins.guard import answer_of
from reen.plugins.method import LinesApart, Method, OtherItems
from reen.plugins.options import check_options
from reen.plugins.registry import Registry
from reen.reasons import Reason
from reen.vocabulary.arguments import one_or_more

__all__ = [
    "PackLike",
    "day_of",
    "given_packs",
    "lines_apart_of",
    "method_of",
    "other_items_of",
]

#: A factor pack, its registered name, or a file or folder of factors.
PackLike: TypeAlias = FactorPack | str | Path

_LOOKED_AT = "while it was looked at"


def method_of(method: str | Method, registry: Registry) -> Method:
    """Return the configured method of an argument `method`.

    Raises
    ------
    UnknownNameError
        A name that no plugin provides.
    PluginError
        Something else than a method.
    OptionError
        An option that is not finite.
    """
    configured = registry.method(method) if isinstance(method, str) else method
    given: object = configured
    if isinstance(given, type):
        reason = f"is a class, and a method is an instance of it: give {given.__name__}()"
        raise PluginError(given.__name__, reason)
    name = type(given).__name__
    if not answer_of(name, _LOOKED_AT, lambda: isinstance(given, Method)):
        raise PluginError(
            name,
            "is not a method: it needs name, version, title, reference, packs and prepare(context)",
        )
    check_options(configured)
    return configured


def lines_apart_of(method: Method) -> Mapping[str, Method]:
    """Return the methods of the lines apart of a method, by name; none where it has none."""
    return answer_of(
        method.name,
        _LOOKED_AT,
        lambda: method.lines_apart if isinstance(method, LinesApart) else {},
    )


def other_items_of(method: Method) -> Collection[str]:
    """Return the item flows of a method that are no making of equipment; none where it has none."""
    return answer_of(
        method.name,
        _LOOKED_AT,
        lambda: method.other_items if isinstance(method, OtherItems) else (),
    )


def day_of(as_of: dt.date | str | None) -> dt.date:
    """Return the day of an argument `as_of`; today when absent.

    Raises
    ------
    OptionError
        Something else than a day.
    """
    if as_of is None:
        return dt.datetime.now(tz=dt.UTC).date()
    if isinstance(as_of, dt.datetime):
        return as_of.date()
    if isinstance(as_of, dt.date):
        return as_of
    if not isinstance(as_of, str):
        raise OptionError("measure", "as_of", str(as_of), Reason("error_date_2022_12_31"))
    try:
        return dt.date.fromisoformat(as_of)
    except ValueError as error:
        raise OptionError("measure", "as_of", as_of, Reason("error_date_2022_12_31")) from error


def given_packs(
    factors: PackLike | Iterable[PackLike] | None, registry: Registry
) -> list[FactorPack]:
    """Return the packs of an argument `factors`, those that are named or in files read.

    Raises
    ------
    OptionError
        Something else than packs, or a pack of proxies, which stands apart from published figures.
    """
    expected = Reason("error_factor_pack_its_name_its_file")
    found: tuple[PackLike, ...] = one_or_more(
        "measure", "factors", factors, kinds=(FactorPack, str, Path), expected=expected
    )
    packs = [_pack(each, registry) for each in found]
    for pack in packs:
        if pack.proxies:
            expected = Reason("error_published_figures_pack_proxies_used_by")
            raise OptionError("measure", "factors", pack.name, expected)
    return packs


def _pack(given: PackLike, registry: Registry) -> FactorPack:
    if isinstance(given, FactorPack):
        return given
    if isinstance(given, str) and given in registry.factor_packs:
        return registry.factor_packs[given]
    if isinstance(given, Path) or is_there(given) or _is_path(given):
        from reen.sources.factor_files import read_factors  # most packs go by their names

        return read_factors(given, registry=registry)
    return registry.factor_pack(given)  # raises with the nearest names


def _is_path(given: str) -> bool:
    """Tell whether a text is written as a path: that of no file is no name that nothing bears."""
    return "@" not in given and ("/" in given or bool(Path(given).suffix))
