"""Stating: an inventory under the categories of a greenhouse-gas account, in one call.

Input: what `measure` takes, and a scheme.  Output: a `Statement`.  The inventory is measured by who
owns what; where the scheme counts capital goods whole in the year of purchase, once more with what
was bought in that year, for a method that has the option ``amortisation``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import attrs

from reen.measurement.arguments import PackLike, method_of
from reen.plugins.building import default_registry
from reen.plugins.method import Method
from reen.plugins.options import with_options
from reen.plugins.registry import Registry
from reen.results.footprint import Footprint
from reen.results.statement import Statement
from reen.results.statement_parts import STATEMENT_BY
from reen.results.statement_schemes import SCHEMES
from reen.sources.opening import Source, load_source
from reen.verbs.measuring import measure

__all__ = ["counting_purchases", "statement"]

#: Option of a method that says how durable goods are spread over the years, and its value for
#: counting them whole; what else it counts is left out of that measurement.
_SPREADING, _WHOLE = "amortisation", "purchase-year"
_NOT_BOUGHT = ("use_stage", "services", "waste")


def statement(
    source: Source,
    method: str | Method,
    *,
    scheme: str,
    market: Mapping[str, float] | None = None,
    factors: PackLike | Sequence[PackLike] | None = None,
    as_of: dt.date | str | None = None,
    registry: Registry | None = None,
    **options: object,
) -> Statement:
    """Measure an inventory and sort it into the categories of a greenhouse-gas account.

    Parameters
    ----------
    source, method, factors, as_of, registry
        As in `reen.measure`.
    scheme
        ``beges-v5`` or ``ghg-protocol``.
    **options
        As in `reen.measure`.
    market
        Market-based electricity: kgCO2e per kWh of the contracts, by place (``{"FR": 0.012}``), in
        place of what the mix of the place burns.

    Returns
    -------
    Statement
        Its lines add up to the footprint but for its named differences.

    Raises
    ------
    OptionError
        A scheme that there is not, a market factor that is none.
    ReenError
        What `reen.measure` raises.

    Examples
    --------
    >>> import reen
    >>> fleet = [reen.Equipment("laptop", quantity=10, lifetime="5 year", country="FR")]
    >>> found = reen.statement(fleet, method="base-carbone", scheme="beges-v5", as_of="2024-12-31")
    >>> [(line.code, round(line.value, 1)) for line in found.lines if line.value == line.value]
    [('2.1', 10.2), ('4.1', 4.9), ('4.2', 312.0)]
    """
    known = registry or default_registry()
    configured = method_of(with_options(method, options, known), known)
    held = load_source(source, registry=known)

    def measured(by_method: Method) -> Footprint:
        return measure(
            held, method=by_method, by=STATEMENT_BY, factors=factors, as_of=as_of, registry=known
        )

    whole = counting_purchases(configured) if scheme in SCHEMES else None
    needed = whole is not None and SCHEMES[scheme].whole_purchases and len(held) > 0
    bought = measured(whole) if needed and whole is not None else None
    return measured(configured).statement(scheme, bought=bought, market=market)


def counting_purchases(method: Method) -> Method | None:
    """Return the method that counts what was bought in the year, whole; None where it cannot."""
    kind: type = type(method)
    names = {field.name for field in attrs.fields(kind)} if attrs.has(kind) else set()
    if _SPREADING not in names:
        return None
    off = {name: False for name in _NOT_BOUGHT if name in names}
    # a method with options is an attrs class, which its protocol cannot say
    return attrs.evolve(method, **{_SPREADING: _WHOLE}, **off)  # type: ignore[misc]
