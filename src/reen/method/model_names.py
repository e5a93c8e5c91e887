"""Names of models: from what people write to a form in which two names can be compared.

"DELL LATITUDE 5420 i5 16 Go", "Latitude5420" and "Latitude 5420" are one model; "Latitude 5490" is
another.  Input: a name and a maker as text.  Output: `ModelName`: the compact key, the designators
(words with a digit, short ones, and such as Pro or Mini, which make a model another one), the
other words, and the specifications (memory, screen, year), which name a variant.

Knows no flow and no file; the vocabulary below is ours.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Mapping

import attrs

from reen.vocabulary.text import normalise

__all__ = ["ModelName", "maker_form", "model_aliases", "parse_model", "text_form"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Legal forms and the like, at the end of a maker's name.
_COMPANY = _words(
    "ag bv co company computer computers corp corporation electronics emc enterprise gmbh group inc"
    " incorporated international limited llc ltd plc sa sarl sas srl technologies technology"
)

#: Makers by other names.
_MAKERS: Mapping[str, str] = {
    "hewlett packard": "hp",
    "hpe": "hp",
    "hpinc": "hp",
    "asustek": "asus",
}

#: Words that say what kind of thing it is, not which: dropped at both ends of a name.
_KINDS = _words(
    "client computer desktop display ecran fhd fixe imprimante ips laptop lcd led mobile monitor"
    " moniteur notebook ordinateur pc phone portable poste printer qhd serveur server smartphone"
    " systeme system tablet tablette telephone thin uhd usbc workstation wqhd wuxga"
)

#: Spellings of one thing, on the normalised text; the order counts.
_SPELLINGS = (
    (re.compile(r"\b2 ?in ?1\b"), "2in1"),
    (re.compile(r"\ball in one\b"), "aio"),
    (re.compile(r"\bsmall form factor\b"), "sff"),
    (re.compile(r"\b(?:micro form factor|mff)\b"), "micro"),
    (re.compile(r"\busb c\b"), "usbc"),
    (re.compile(r"\bwi fi\b"), "wifi"),
    (re.compile(r"\b(\d{1,2}) ?(?:st|nd|rd|th|e|eme|ere|re)? ?gen(?:eration)?\b"), r"g\1"),
    (re.compile(r"\bgen(?:eration)? ?(\d{1,2})\b"), r"g\1"),
)

#: Specifications, by kind: the figures name a variant of a model, not a model.
_SPECIFICATIONS = (
    ("memory", re.compile(r"\b(\d{1,4}(?:point\d{1,2})?) ?([gt])(?:b|o|ig)\b")),
    ("screen", re.compile(r"\b(\d{2}(?:point\d{1,2})?)() ?(?:inch(?:es)?|in|pouces?|po)\b")),
    ("clock", re.compile(r"\b(\d(?:point\d{1,2})?)() ?ghz\b")),
    ("cores", re.compile(r"\b(\w+) core ([cg]pu)\b")),
    ("year", re.compile(r"\b(20[12]\d)()\b")),
    ("processor", re.compile(r"\b(intel|amd)()\b")),
)

#: What follows a memory or a disk, and processors named by inventory tools: no part of a model.
_NOISE = re.compile(
    r"\b(?:(?:core +)?i[3579](?: +\d{4,5}[a-z]{0,2}\d?[a-z]?)?"
    r"|core +ultra +\d(?: +\d{3}[a-z])?"
    r"|ryzen(?: +\d)?(?: +pro)?(?: +\d{4}[a-z]{0,2})?"
    r"|cpu|ssd|hdd|ram|ddr\d|lpddr\d|nvme|emmc|qwerty|azerty|with)\b"
)

#: The decimal mark of a specification, kept as a word since normalising drops it.
_DECIMAL = re.compile(
    r"(?<=\d)[.,](?=\d{1,2}[\s-]*(?:inch|in\b|pouces?|po\b|[gt][bo]\b|ghz|\"|''|”|″))",
    re.IGNORECASE,
)

#: An inch mark after a figure, and a plus sign that belongs to the name (Surface Pro 7+).
_INCH_MARK = re.compile(r"(?<=\d) ?(?:\"|''|”|″)")
_PLUS = re.compile(r"(?<=[^\W_])\+")

#: Boundaries at which a glued name is cut: Latitude5420, 5420Latitude; not P2422H, not T14s.
_GLUED = re.compile(r"(?<=[^\W\d_]{4})(?=\d)|(?<=\d)(?=[^\W\d_]{4})")

_ASCII_WORDS = re.compile(r"[a-z0-9]+")

#: Words of so many letters or fewer name a model like a number does (X, SE, XL), and so do these.
_SHORT = 2
_VARIANTS = _words(
    "aio air chromebook convertible fold lite max micro mini plus pro sff slim tiny tower touch"
    " ultra yoga"
)

#: A name that is not even this long, kinds of thing dropped, keeps them ("15 Laptop PC").
_SHORTEST = 4

#: A code between brackets (SM-T875) that is another name of the model.
_CODE = re.compile(r"\(((?:[A-Z]{1,3}-)?[A-Z]{1,2}\d{3,}[A-Z]?)\)")


@attrs.frozen
class ModelName:
    """A name in its comparable form.

    Attributes
    ----------
    makers
        Makers that it names: the maker column's, and known ones at the ends of the name.
    key
        Name without maker, kind of thing and specifications, blanks removed; two figures side by
        side stay apart.
    designators
        Words with a digit, of one or two letters, or such as Pro and Mini: two names of one model
        have the same.
    words
        The other words, sorted, one blank between.
    form
        All words in order.
    specifications
        (kind, value): memory, screen, clock, cores, year, processor.
    """

    makers: frozenset[str]
    key: str
    designators: frozenset[str]
    words: str
    form: str
    specifications: frozenset[tuple[str, str]] = frozenset()

    def may_be(self, maker: str) -> bool:
        """Tell whether nothing says that the maker is another one."""
        return not self.makers or not maker or self.makers == {maker}

    def contradicts(self, specifications: Iterable[tuple[str, str]]) -> bool:
        """Tell whether a kind of specification that both state differs."""
        mine: dict[str, set[str]] = {}
        for kind, value in self.specifications:
            mine.setdefault(kind, set()).add(value)
        return any(kind in mine and value not in mine[kind] for kind, value in specifications)


@functools.lru_cache(maxsize=4096)
def maker_form(text: str) -> str:
    """Return a maker's name in its comparable form: ``Hewlett-Packard Company`` is ``hp``."""
    words = normalise(text).split()
    while len(words) > 1 and words[-1] in _COMPANY:
        words.pop()
    name = " ".join(words)
    return _MAKERS.get(name, name)


def parse_model(text: str, maker: str = "", *, known: Collection[str] = ()) -> ModelName:
    """Return a model's name in its comparable form.

    Parameters
    ----------
    text
        Name, with or without the maker.
    maker
        Maker as written elsewhere, or nothing.
    known
        Makers, in the form of `maker_form`, that are recognised at the ends of the name.
    """
    marked = _INCH_MARK.sub(" inch ", _DECIMAL.sub("point", text))
    name = text_form(_PLUS.sub(" plus ", marked))
    for pattern, form in _SPELLINGS:
        name = pattern.sub(form, name)
    specifications: set[tuple[str, str]] = set()
    for kind, pattern in _SPECIFICATIONS:
        for found in pattern.findall(name):
            specifications.add((kind, " ".join(part for part in found if part)))
        name = pattern.sub(" ", name)
    tokens = _GLUED.sub(" ", _NOISE.sub(" ", name)).split()
    makers = {maker_form(maker)} if maker_form(maker) else set()
    tokens = _without_ends(tokens, makers, known)
    designators = {token for token in tokens if _designates(token)}
    words = sorted(token for token in tokens if token not in designators)
    return ModelName(
        frozenset(makers),
        _key(tokens),
        frozenset(designators),
        " ".join(words),
        " ".join(tokens),
        frozenset(specifications),
    )


def text_form(text: str) -> str:
    """Return the same as `normalise`, sooner for the plain letters of most models."""
    return " ".join(_ASCII_WORDS.findall(text.lower())) if text.isascii() else normalise(text)


def _designates(token: str) -> bool:
    return len(token) <= _SHORT or token in _VARIANTS or any(letter.isdigit() for letter in token)


def _without_ends(tokens: list[str], makers: set[str], known: Collection[str]) -> list[str]:
    """Drop makers and kinds of thing at both ends; add the makers to `makers`.

    Kinds go only when a designator and some length are left: "Surface Laptop" stays what it is.
    """
    changed = True
    while changed and tokens:
        changed = False
        for end in (0, -1):
            if len(tokens) > 1 and (brand := _maker_at(tokens, end, makers, known)):
                makers.add(brand)
                size = 2 if tokens[:2] == ["hewlett", "packard"] and end == 0 else 1
                tokens = tokens[size:] if end == 0 else tokens[:-1]
                changed = True
            elif len(tokens) > 1 and tokens[end] in _KINDS:
                rest = tokens[1:] if end == 0 else tokens[:-1]
                if any(map(_designates, rest)) and len("".join(rest)) >= _SHORTEST:
                    tokens, changed = rest, True
    return tokens


def _maker_at(tokens: list[str], end: int, makers: set[str], known: Collection[str]) -> str:
    if end == 0 and tokens[:2] == ["hewlett", "packard"]:
        return "hp"
    word = _MAKERS.get(tokens[end], tokens[end])
    return word if word in known or word in makers else ""


def _key(tokens: Iterable[str]) -> str:
    key = ""
    for token in tokens:
        key += "-" + token if key[-1:].isdigit() and token[0].isdigit() else token
    return key


def model_aliases(name: str) -> tuple[str, ...]:
    """Return the names that one published name covers, itself first.

    "ThinkPad T560. P50s" and "YOGA 520-14/FLEX 5-14" name two models each; the word that opens the
    first counts for a second one that begins with a figure or a code.  "Galaxy Tab S7 (SM-T875)" is
    also "Galaxy Tab S7" and "SM-T875".
    """
    names = [name]
    parts = [part.strip() for part in re.split(r"/|\.\s*(?=[^\W\d_])", name) if part.strip()]
    if len(parts) > 1:
        first = parts[0].split()
        for part in parts:
            opening = part.split()[0]
            bare = any(letter.isdigit() for letter in opening) and len(first) > 1
            names.append(f"{first[0]} {part}" if bare and part is not parts[0] else part)
    if found := _CODE.search(name):
        names += [f"{name[: found.start()]} {name[found.end() :]}".strip(), found[1]]
    return tuple(dict.fromkeys(names))
