"""Citations: every source that a result rests on, as text and as BibTeX.

Input: a footprint, a comparison or a change.  Output: one entry for the library, for each factor
pack in use and for each source that a factor in use names, in the words of the pack.  Nothing is
looked up: what a pack does not say of its source, no entry says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import overload

import attrs

from reen.errors import OptionError
from reen.reasons import Reason
from reen.results.change import Change
from reen.results.comparison import Comparison
from reen.results.footprint import Footprint

__all__ = ["Citation", "Citations", "cite"]

#: What BibTeX reads as a command.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}

_ADDRESS = re.compile(r"https?://[^\s,;)]+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


@attrs.frozen
class Citation:
    """One source.

    Attributes
    ----------
    key
        Its key in BibTeX.
    title
        What it is, in the words of its pack.
    version, licence, address
        As far as they are said; else empty.
    year
        The first year that the title names; empty when it names none.
    used_by
        Packs whose factors it gave.
    """

    key: str
    title: str
    version: str = ""
    licence: str = ""
    address: str = ""
    year: str = ""
    used_by: tuple[str, ...] = ()

    def bibtex(self) -> str:
        """Return the entry."""
        fields = {
            "title": "{" + _escaped(self.title) + "}",
            "year": self.year,
            "version": _escaped(self.version),
            "url": self.address,
            "note": _escaped("; ".join(self._notes())),
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        return "@misc{" + self.key + ",\n" + ",\n".join(lines) + "\n}"

    def _notes(self) -> Iterator[str]:
        if self.licence:
            yield f"licence: {self.licence}"
        if self.used_by:
            yield f"in the factor pack {', '.join(self.used_by)}"

    def __str__(self) -> str:
        """Return the source in one line."""
        version = f", version {self.version}" if self.version else ""
        notes = "; ".join(self._notes())
        return f"{self.title}{version}{f' ({notes})' if notes else ''}"


@attrs.frozen
class Citations(Sequence[Citation]):
    """Every source of a result: the library, its packs, then what the factors in use name."""

    entries: tuple[Citation, ...]

    def __len__(self) -> int:
        """Return the number of sources."""
        return len(self.entries)

    @overload
    def __getitem__(self, place: int) -> Citation: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Citation, ...]: ...

    def __getitem__(self, place: int | slice) -> Citation | tuple[Citation, ...]:
        """Return a source, or some."""
        return self.entries[place]

    def bibtex(self) -> str:
        """Return the entries as a BibTeX file."""
        return "\n\n".join(each.bibtex() for each in self.entries) + "\n"

    def text(self) -> str:
        """Return the sources, one a line."""
        return "\n".join(map(str, self.entries))

    def __str__(self) -> str:
        """Return the sources, one a line."""
        return self.text()


def cite(result: Footprint | Comparison | Change) -> Citations:
    """Return every source that a result rests on.

    Parameters
    ----------
    result
        A footprint, a comparison or a change.

    Raises
    ------
    OptionError
        It is none of them.

    Returns
    -------
    Citations
        ``print`` shows one line a source; ``bibtex()`` gives a file for a bibliography.

    Examples
    --------
    >>> import reen
    >>> laptop = reen.Equipment("laptop", lifetime="5 year", country="FR")
    >>> footprint = reen.measure(laptop, "base-carbone", use_stage=False, as_of="2025-12-31")
    >>> sources = reen.cite(footprint)
    >>> [each.key for each in sources][:2]
    ['reen', 'reen-base-carbone']
    >>> print(sources.bibtex().splitlines()[0])
    @misc{reen,
    """
    found = list(_footprints(result))
    about = found[0].provenance
    entries = {
        "reen": Citation("reen", f"reen, method {_methods(found)}", version=about.reen_version)
    }
    named: dict[str, set[str]] = {}
    for footprint in found:
        used = {flow.pack for flow in footprint.factors.flows}
        for pack in footprint.provenance.packs:
            if pack.name in used:
                key = f"reen-{_slug(pack.name)}"
                title = f"Factor pack {pack.name} of reen, sha256 {pack.digest[:12]}"
                entries[f"{key}@{pack.version}"] = Citation(
                    key, title, version=pack.version, licence=pack.licence
                )
        for flow, text in zip(footprint.factors.flows, footprint.factors.descriptions, strict=True):
            for source in text.sources:
                named.setdefault(source, set()).add(flow.pack)
    taken = {each.key for each in entries.values()}
    for source in sorted(named):
        key = _key(source, taken)
        taken.add(key)
        address, year = _ADDRESS.search(source), _YEAR.search(source)
        entries[f"source {source}"] = Citation(
            key,
            source,
            address=address[0] if address else "",
            year=year[0] if year else "",
            used_by=tuple(sorted(each for each in named[source] if each)),
        )
    return Citations(tuple(entries.values()))


def _footprints(result: object) -> Iterator[Footprint]:
    if isinstance(result, Footprint):
        yield result
        yield from result.apart.values()
    elif isinstance(result, Comparison):
        yield from result.details.values()
    elif isinstance(result, Change):
        yield from (result.before, result.restated, result.after)
    else:
        reason = Reason("error_cite_expected")
        raise OptionError("cite", "result", type(result).__name__, reason)


def _methods(footprints: Sequence[Footprint]) -> str:
    names = [f"{each.provenance.method} {each.provenance.method_version}" for each in footprints]
    return ", ".join(dict.fromkeys(names))


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _key(source: str, taken: set[str]) -> str:
    """Return a key of the first words of a source, numbered where it is taken."""
    first = "-".join(_slug(_ADDRESS.sub("", source)).split("-")[:5]) or "source"
    key, number = first, 2
    while key in taken:
        key, number = f"{first}-{number}", number + 1
    return key


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(each, each) for each in text)
