"""XML without entities, documents types or network: events of an expat parser, made safe.

defusedxml refuses what XML may do beyond data.  Names come without their namespaces, nesting is
limited, and whatever the parser raises is a FileFormatError with the line.
"""

from __future__ import annotations

from typing import Protocol
from xml.etree.ElementTree import ParseError

from reen.errors import FileFormatError
from reen.gate.packages import needed
from reen.reasons import Reason
from reen.tables.containers.limits import Limits

__all__ = ["Handler", "feed_xml"]

#: Bytes given to the parser at once.
_PIECE = 1 << 20


class Handler(Protocol):
    """What hears of elements and text, in order; names have no namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Hear of the beginning of an element."""
        ...

    def data(self, text: str) -> None:
        """Hear of some text."""
        ...

    def end(self, name: str) -> None:
        """Hear of the end of an element."""
        ...


class _Target:
    """Between the parser and the handler: no namespaces, a bound on depth."""

    def __init__(self, place: str, handler: Handler, limits: Limits) -> None:
        self._place, self._handler, self._limits, self._depth = place, handler, limits, 0
        self.data = handler.data

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._limits.check(self._place, "depth", self._depth, what="elements inside one another")
        plain = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        self._handler.start(tag.rpartition("}")[2], plain)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._handler.end(tag.rpartition("}")[2])

    def close(self) -> None:
        """Nothing is built."""


def feed_xml(place: str, data: bytes, handler: Handler, limits: Limits) -> None:
    """Parse a document for a handler.

    Raises
    ------
    FileFormatError
        The document is not well-formed, declares a document type or entities, or is nested deeper
        than the limit.
    MissingExtraError
        defusedxml is not installed.
    """
    defused = needed("defusedxml", "Reading XML", extra="tables", module="defusedxml")
    etree = needed("defusedxml", "Reading XML", extra="tables", module="defusedxml.ElementTree")
    target = _Target(place, handler, limits)
    parser = etree.DefusedXMLParser(target=target, forbid_dtd=True)
    try:
        for start in range(0, len(data), _PIECE):
            parser.feed(data[start : start + _PIECE])
        parser.close()
    except defused.DefusedXmlException as error:
        reason = Reason("error_document_declares_document_type_entities_which")
        raise FileFormatError(place, reason) from error
    except (ParseError, UnicodeError, ValueError, LookupError) as error:
        if isinstance(error, FileFormatError):
            raise
        reason = Reason("error_xml_not_well_formed_export_file", error=str(error))
        raise FileFormatError(place, reason) from error
