"""Lots: "lot de 6", "x6" or "(6)" beside a row that counts as one item.

Input: the rows of a list and what its columns are.  Output: a doubt for the rows whose model or
remark says several items where no quantity does, with their number.  A row with a serial number or
an asset tag is one asset, whatever lot it came from.

Never a quantity by itself: what a remark means, the user says in the answer to the doubt.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reen.arrays import numpy_of
from reen.inventory.issues import Severity
from reen.inventory.questions import SEVERAL
from reen.patterns import pattern
from reen.reasons import Reason
from reen.tables.converted import Converted
from reen.tables.findings import Findings
from reen.tables.headers.header_words import REMARK, key_of
from reen.tables.headers.headings import Heading, Headings
from reen.tables.headers.quantity_words import names_things
from reen.tables.mapping.mapping import AcceptedDoubt, FileMapping
from reen.tables.rows.totals import quantities_of
from reen.tables.sheet import Sheet, codes_of
from reen.values import Compared

__all__ = ["items_said", "tell_lots"]

_NUMBER = r"(?P<n>[2-9]|[1-9]\d{1,2})"
#: Numbers that are written in words.
_WORDS = {
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
    "dix": 10,
    "douze": 12,
    "quinze": 15,
    "vingt": 20,
    "trente": 30,
    "cinquante": 50,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "twenty": 20,
}
_SAID = rf"(?P<n>[2-9]|[1-9]\d{{1,2}}|{'|'.join(_WORDS)})"
_THINGS = r"(?:unit[eé]s?|exemplaires?|pi[eè]ces?|pcs|ex\.|units?|pieces?|items?)"
_LOT = r"\b(?:lots?|packs?|paquets?|cartons?|bo[iî]tes?|palettes?|s[eé]ries?|set|pack|box)"
#: Numbers of items: those of a lot, of which a quantity is a multiple, and others.
_LOT_OF = pattern(
    rf"(?i){_LOT} (?:de|d'|of) ?{_SAID}\b(?![.,]?\d| ?(?:ans?|mois|m|cm|go|gb|to|tb)\b)"
)
_TIMES = (
    # a letter of a model is no sign: "X6", "x360"
    pattern(rf"(?P<before>[^\s(]*)(?:^|[\s(])x ?{_NUMBER}\)?$"),
    pattern(rf"^{_NUMBER} ?x (?P<after>[^\W\d]+)"),
    pattern(rf"(?i)(?:^|[\s(]){_NUMBER} {_THINGS}\)?$"),
    pattern(rf"(?i)(?:^|[\s(])par {_SAID}\)?$"),
    # "Lot 2 : écrans" and "Lot 2 Dell" are parts of a contract
    pattern(rf"(?i){_LOT} {_NUMBER} [^\W\d]+[sx]\b"),
)
#: "10 PC portables" where the model or the type stands; beside it, "2 écrans" is a remark.
_THINGS_FIRST = pattern(rf"^{_NUMBER} (?P<things>PC|TV|[^\W\d]\w+[sx])\b")
#: Words before "x6" of which it is a model, and parts of one asset: "HDMI x2", "2 x Xeon".
_FAMILIES = frozenset(
    {
        *("benq", "elite", "elitebook", "envy", "epson", "honor", "hp", "iphone", "lenovo", "lg"),
        *("moto", "motorola", "nokia", "optoma", "pavilion", "poco", "predator", "probook"),
        *("realme", "spectre", "thinkpad", "viewsonic", "xiaomi", "yoga", "zbook"),
    }
)
#: "Windows 11 x64" is a kind of processor.
_PROCESSORS = frozenset({"32", "64", "86"})
_PARTS = frozenset(
    {
        *("barrette", "barrettes", "core", "cores", "cpu", "ddr", "ddr4", "ddr5", "disque"),
        *("disques", "displayport", "dp", "dvi", "ethernet", "gb", "go", "hdd", "hdmi", "intel"),
        *("lan", "nvme", "optical", "optique", "poe", "port", "ports", "ram", "rj45", "sas"),
        *("sata", "sfp", "ssd", "tb", "thunderbolt", "to", "usb", "vga", "xeon", "zoom"),
    }
)
_BRACKETS = pattern(rf"(?:^|\s)\({_NUMBER}\)$")
#: What each of these forms has, in the dialect of Arrow.
_SIGNS = (
    r"(?i)\b(de|d'|of|par) ?\d|(^|[\s(])x ?\d|^\s*\d+ ?x |\(\d+\)\s*$"
    r"|\d (unit|exemplaire|pi[eè]ce|pcs|ex\.|item)|^\s*\d+ \pL"
    rf"|\b(de|d'|of|par) ?({'|'.join(_WORDS)})\b|(lot|pack|paquet|carton|set|box)s? \d"
)
#: A number in brackets beside a model is a size from here on, beside a screen in any column.
_SIZE = 10
_SCREEN = pattern(r"(?i)\b([ée]crans?|moniteurs?|monitors?|tv|dalles?|displays?|tablettes?)\b")
#: Models whose generation stands in brackets, or after an x.
_GENERATIONS = pattern(r"(?i)\b(?:ipad|iphone|watch|pixel|surface|gen|galaxy|moto|nokia)\b")

#: The largest number of items that a sign says; a larger one is a part of a model.
_MOST = 200

_OF_ASSETS = ("serial_number", "asset_tag")
_ITEMS = ("model", "equipment_type")
_SAYING = ("model", "equipment_type", "description")
_MASK = npt.NDArray[np.bool_]


class _Form(enum.IntEnum):
    """How a cell says a number, and which quantity says it too."""

    #: "(6)": any quantity goes before it.
    BRACKETS = 0
    #: "x6": a quantity of one does not say it.
    TIMES = 1
    #: "lot de 6": a quantity of two may be two items or twelve.
    LOT = 2


@attrs.frozen(eq=False, repr=False)
class _Said(Compared):
    """How many items a cell says, and how."""

    items: int = 0
    form: _Form = _Form.BRACKETS


def items_said(text: str) -> int:
    """Return how many items a cell says, 0 when it says no number.

    Examples
    --------
    >>> from reen.tables.rows.lots import items_said
    >>> texts = ("Écran P24 (lot de 6)", "x6", "P24 (6)", "2 x Écran", "iPad (6)", "Écran (24)")
    >>> [items_said(text) for text in texts]
    [6, 6, 6, 2, 0, 0]
    >>> [items_said(text) for text in ("Lot de six", "Souris, par 10", "thinkpad x13", "HDMI x2")]
    [6, 10, 0, 0]
    """
    return _said(text, _SIZE - 1).items


def _said(text: str, largest: int, *, is_item: bool = False) -> _Said:
    if found := _LOT_OF.search(text):
        return _Said(_number(found["n"]), _Form.LOT)
    text = text.strip()
    if is_item and (found := _THINGS_FIRST.search(text)) and names_things(found["things"]):
        return _Said(_number(found["n"]), _Form.TIMES)
    for form in _TIMES:
        if (found := form.search(text)) and _number(found["n"]) <= _MOST and not _is_model(found):
            return _Said(_number(found["n"]), _Form.TIMES)
    if _GENERATIONS.search(text):
        return _Said()
    found = _BRACKETS.search(text)
    largest = min(largest, _SIZE - 1) if _SCREEN.search(text) else largest
    return _Said(int(found["n"])) if found and int(found["n"]) <= largest else _Said()


def _number(text: str) -> int:
    return _WORDS.get(text.casefold()) or int(text)


def _is_model(found: re.Match[str]) -> bool:
    """Tell whether a number is that of a model, of its parts or of its pixels."""
    words = found.groupdict()
    before, after = ((words.get(name) or "").casefold() for name in ("before", "after"))
    if before.isdecimal() or before == "iphone" or {before, after} & _PARTS:
        return True
    glued = f"x{found['n']}" in found[0] and "(" not in found[0]
    return glued and (before in _FAMILIES or found["n"] in _PROCESSORS)


def tell_lots(
    sheet: Sheet,
    headings: Headings,
    mapping: FileMapping | None,
    result: Converted,
    findings: Findings,
) -> None:
    """Doubt the rows that say several items where their quantity does not.

    Parameters
    ----------
    sheet, headings
        The rows, and what their columns are.
    mapping
        What the user says: how many items such rows are, where that was asked before.
    result
        The columns, of which the quantity gets the numbers that the user says.
    findings
        Where they are told, by number.
    """
    still = ~_filled(sheet, headings, _OF_ASSETS)
    if not still.any():  # every row is of one asset
        return
    answers = [] if mapping is None else [each for each in mapping.accepted if each.quantity]
    items = {each for name in _ITEMS for each in headings.columns.get(name, ())}
    for heading, largest in _places(headings):
        if not _may_say(sheet.raw(heading.position)):
            continue
        words = sheet.words(heading.position)
        is_item = heading in items
        texts = [_said(word, largest, is_item=is_item) for word in words.dictionary.to_pylist()]
        for said in sorted(set(texts) - {_Said()}, key=attrs.astuple):
            codes = [code for code, each in enumerate(texts) if each == said]
            rows = np.isin(codes_of(words), codes) & still & ~_counted(sheet, headings, said)
            still &= ~rows
            if not rows.any():
                continue
            text = words[int(rows.argmax())].as_py()
            text = "" if heading.position in headings.unshown else text
            key = SEVERAL, "quantity", findings.shown("quantity", text)
            known = [each for each in answers if (each.doubt, each.column, each.value) == key]
            if known:
                rows &= ~_answer(known, said, rows, sheet, result, findings)
            _tell(said.items, text, sheet.lines[rows], findings)


def _answer(
    answers: Sequence[AcceptedDoubt],
    said: _Said,
    rows: _MASK,
    sheet: Sheet,
    result: Converted,
    findings: Findings,
) -> _MASK:
    """Give rows the quantity that the user says, and return these rows.

    A quantity of two or more beside a lot stays: two lots are not known to be six items.  Of
    cells that are not shown the question is the same whatever they say, and so is the answer: it
    is for those that say its number.
    """
    nothing = np.zeros(len(sheet), np.bool_)
    fitting = [each for each in answers if each.value or each.quantity == said.items]
    if not fitting:
        return nothing
    number = fitting[-1].quantity
    before = result.columns.get("quantity")
    quantities = np.ones(len(sheet)) if before is None else numpy_of(before)
    one: _MASK = rows & ((quantities == 1.0) | np.isnan(quantities))
    result.columns["quantity"] = pa.array(np.where(one, float(number), quantities))
    why = Reason("quantity_answered", items=number)
    findings.rows("quantity", fitting[-1].value, why, sheet.lines[one])
    return one


def _may_say(cells: pa.Array) -> bool:
    """Tell whether a column may hold such a number, without looking at each cell by itself."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary
    if not pa.types.is_string(cells.type):
        return False
    return bool(pc.any(pc.match_substring_regex(cells, _SIGNS)).as_py())


def _tell(items: int, text: str, lines: npt.NDArray[np.int64], findings: Findings) -> None:
    findings.rows(
        "quantity",
        text,
        Reason(SEVERAL, items=items),
        lines,
        expected=Reason("expect_quantity", items=items),
        severity=Severity.DOUBT,
    )


def _places(headings: Headings) -> Iterator[tuple[Heading, int]]:
    """Yield the columns that may say a number, and the largest one that stands in brackets."""
    for name in _SAYING:
        for heading in headings.columns.get(name, ()):
            yield heading, _SIZE - 1 if name == "model" else _MOST
    for heading in headings.kept.values():
        remark = bool(REMARK & set(key_of(heading.text).split()))
        yield heading, _MOST if remark else 0


def _filled(sheet: Sheet, headings: Headings, names: tuple[str, ...]) -> _MASK:
    found = np.zeros(len(sheet), np.bool_)
    for name in names:
        for heading in headings.columns.get(name, ()):
            found |= sheet.filled(heading.position)
    return found


def _counted(sheet: Sheet, headings: Headings, said: _Said) -> _MASK:
    """Return the rows whose quantity says it, or may."""
    group = headings.columns.get("quantity", ())
    found = _filled(sheet, headings, ("quantity",))
    if said.form is _Form.BRACKETS or not group:
        return found
    quantities = quantities_of(sheet, group[0].position)
    says: _MASK = quantities % said.items == 0 if said.form is _Form.LOT else quantities != 1.0
    return found & says
