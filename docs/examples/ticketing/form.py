"""The form "request equipment", as a WSGI application without a framework.

Input: an `Advisor`.  Output: `make_form(advisor)`, which any WSGI server runs.  Of reen it knows
only the errors: a page that cannot show a footprint still takes the request.
"""

from __future__ import annotations

import html
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias
from urllib.parse import parse_qs

from advice import Advice, Advisor, Item

import reen

__all__ = ["make_form"]

#: A WSGI application.
Application: TypeAlias = Callable[[Mapping[str, object], Callable[..., object]], Iterable[bytes]]

#: Items that one request may ask for.
MOST = 999

_LOGGER = logging.getLogger("ticketing")

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Request equipment</title></head>
<body><main>
<h1>Request equipment</h1>
<form>
<label for="item">Item</label> <select id="item" name="item">{options}</select>
<label for="quantity">Quantity</label>
<input id="quantity" name="quantity" type="number" min="1" max="{most}" value="{quantity}">
<button>Show</button>
</form>
{advice}
</main></body>
</html>
"""


def _shown(advice: Advice) -> str:
    lines = [f"Price: {advice.price:,.2f} EUR", f"Climate change: {advice.total}"]
    lines += [f"Not counted: {reason}" for reason in advice.unknown]
    return f"<p>{'<br>'.join(html.escape(line) for line in lines)}</p>"


def _option(item: Item, *, selected: bool) -> str:
    chosen = " selected" if selected else ""
    value, title = html.escape(item.reference), html.escape(item.title)
    return f'<option value="{value}"{chosen}>{title}</option>'


def _quantity(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST else 1


def make_form(advisor: Advisor) -> Application:
    """Return the application."""

    def form(environ: Mapping[str, object], start_response: Callable[..., object]) -> list[bytes]:
        asked = parse_qs(str(environ.get("QUERY_STRING", "")))
        reference = asked.get("item", [""])[0]
        quantity = _quantity(asked.get("quantity", ["1"])[0])
        advice = ""
        if reference in advisor.items:
            try:
                advice = _shown(advisor.of(reference, quantity))
            except reen.ReenError:
                # the host decides what to do with an error: here, the request goes on without
                _LOGGER.exception("no footprint of %s", reference)
        options = "".join(
            _option(each, selected=each.reference == reference) for each in advisor.items.values()
        )
        page = _PAGE.format(options=options, quantity=quantity, advice=advice, most=MOST)
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [page.encode()]

    return form
