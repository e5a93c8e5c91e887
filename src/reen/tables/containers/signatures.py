"""First bytes of files: what holds no table, and what text is marked up rather than delimited.

Input: the head of a file.  Output: what it seems to be.  Nothing is opened.
"""

from __future__ import annotations

import codecs
import re

from reen.patterns import pattern
from reen.reasons import Reason

__all__ = ["markup_kind", "refused_kind"]

#: First bytes of kinds of file that hold no table that can be read, and what to do with them.
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "no_table_pdf"),
    (b"7z\xbc\xaf\x27\x1c", "no_table_7z"),
    (b"Rar!", "no_table_rar"),
    (b"BZh", "no_table_bzip2"),
    (b"\xfd7zXZ\x00", "no_table_xz"),
    (b"\x28\xb5\x2f\xfd", "no_table_zstd"),
    (b"\x89PNG", "no_table_image"),
    (b"\xff\xd8\xff", "no_table_image"),
    (b"GIF8", "no_table_image"),
    (b"II*\x00", "no_table_image"),
    (b"MM\x00*", "no_table_image"),
    (b"SQLite format 3\x00", "no_table_sqlite"),
    (b"\x00\x01\x00\x00Standard ", "no_table_access"),
    (b"{\\rtf", "no_table_rtf"),
    (b"\x09\x00\x04\x00", "no_table_old_workbook"),
    (b"\x09\x02\x06\x00", "no_table_old_workbook"),
    (b"\x09\x04\x06\x00", "no_table_old_workbook"),
    (b"\x09\x08\x08\x00\x00\x05", "no_table_old_workbook"),
    (b"MIME-Version:", "no_table_web_archive"),
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_JSON = pattern(r'\{\s*["}]|\[\s*[\[{\]]')
_ROW_OF_BRACKETS = pattern(r"\[[^\[\]{}\"]*\]\s*[;,\t|]")
_PAGE = pattern(r"<(!doctype\s+html|html|head|body|table|meta|div|style|center)\b", re.IGNORECASE)
_XML = pattern(r"<(\?xml\b|!--|!doctype\b|[A-Za-z_][\w:.-]*[\s/>])", re.IGNORECASE)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
#: A transcript of a session, and properties below each other, the first of which comes again.
_TRANSCRIPT = pattern(r"\*{10,}\r?\n[^\r\n]*\bPowerShell\b")
_LISTED = pattern(r"(?P<first>[A-Za-z]\w*) *: [^\n]*\n(?:[A-Za-z]\w* *: ?[^\n]*\n){2,}\s*\n")
_PROLOGUE = pattern(r"(?:<\?.*?\?>|<!--.*?-->|\s)+", re.DOTALL)


def refused_kind(head: bytes) -> Reason | None:
    """Return why a file holds no table, told by its first bytes, or None."""
    for signature, kind in _REFUSED:
        if head.startswith(signature):
            return Reason("error_no_table_but", kind=Reason(kind))
    text = _begin(head)
    listed = _LISTED.match(text) if ": " in text else None
    again = listed and re.search(rf"^{listed['first']} *: ", text[listed.end() :], re.MULTILINE)
    if again or (text.startswith("*") and _TRANSCRIPT.match(text)):
        return Reason("error_no_table_but", kind=Reason("no_table_powershell"))
    return None


def markup_kind(head: bytes) -> str | None:
    """Return "json", "xml", "spreadsheet xml", "web page", or None for another text."""
    text = _begin(head)
    if text.startswith(("{", "[")) and _JSON.match(text) and not _ROW_OF_BRACKETS.match(text):
        return "json"
    if not text.startswith("<"):
        return None
    body = text[prologue.end() :] if (prologue := _PROLOGUE.match(text)) else text
    if _PAGE.match(body) or (body.startswith("<") and "<x:ExcelWorkbook" in body[:4096]):
        return "web page"
    if _SPREADSHEET in body and re.match(r"<(?:\w+:)?Workbook\b", body):
        return "spreadsheet xml"
    return "xml" if _XML.match(text) else None


def _begin(head: bytes) -> str:
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return head.decode(codec, errors="ignore").lstrip()
    if head[:1] in {b"<", b"{", b"["} and head[1:2] == b"\0":
        return head.decode("utf-16-le", errors="ignore").lstrip()
    return head.decode("utf-8", errors="ignore").lstrip()
