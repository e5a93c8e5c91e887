"""First bytes of files: what holds no table, and what text is marked up rather than delimited.

Input: the head of a file.  Output: what it seems to be.  Nothing is opened.
"""

from __future__ import annotations

import codecs
import re

__all__ = ["markup_kind", "refused_kind"]

#: First bytes of kinds of file that hold no table that can be read, and what to do with them.
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document: ask for the table itself, or copy it into a spreadsheet"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: extract it first, or make a zip archive of it"),
    (b"Rar!", "a RAR archive: extract it first, or make a zip archive of it"),
    (b"BZh", "a bzip2 archive: extract it first, or make a zip archive of it"),
    (b"\xfd7zXZ\x00", "an xz archive: extract it first, or make a zip archive of it"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive: extract it first, or make a zip archive of it"),
    (b"\x89PNG", "an image: ask for the table itself"),
    (b"\xff\xd8\xff", "an image: ask for the table itself"),
    (b"GIF8", "an image: ask for the table itself"),
    (b"II*\x00", "an image: ask for the table itself"),
    (b"MM\x00*", "an image: ask for the table itself"),
    (b"SQLite format 3\x00", "an SQLite database: export the table as CSV"),
    (b"\x00\x01\x00\x00Standard ", "an Access database: export the table as CSV"),
    (b"{\\rtf", "a word processor's file: copy the table into a spreadsheet"),
    (b"\x09\x00\x04\x00", "a workbook older than Excel 97: open it and save it as .xlsx"),
    (b"\x09\x02\x06\x00", "a workbook older than Excel 97: open it and save it as .xlsx"),
    (b"\x09\x04\x06\x00", "a workbook older than Excel 97: open it and save it as .xlsx"),
    (b"\x09\x08\x08\x00\x00\x05", "a workbook older than Excel 97: open it and save it as .xlsx"),
    (b"MIME-Version:", "a web archive (.mht): open it in a spreadsheet program, save it as .xlsx"),
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_JSON = re.compile(r'\{\s*["}]|\[\s*[\[{\]]')
_ROW_OF_BRACKETS = re.compile(r"\[[^\[\]{}\"]*\]\s*[;,\t|]")
_PAGE = re.compile(
    r"<(!doctype\s+html|html|head|body|table|meta|div|style|center)\b", re.IGNORECASE
)
_XML = re.compile(r"<(\?xml\b|!--|!doctype\b|[A-Za-z_][\w:.-]*[\s/>])", re.IGNORECASE)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
#: A transcript of a session, and properties below each other, the first of which comes again.
_TRANSCRIPT = re.compile(r"\*{10,}\r?\n[^\r\n]*\bPowerShell\b")
_LISTED = re.compile(r"(?P<first>[A-Za-z]\w*) *: [^\n]*\n(?:[A-Za-z]\w* *: ?[^\n]*\n){2,}\s*\n")
_POWERSHELL = (
    "what PowerShell shows on a screen: let the script write a table, with"
    " 'Export-Csv FILE -NoTypeInformation -Encoding UTF8' in place of Format-List or"
    " Start-Transcript, and read that file"
)
_PROLOGUE = re.compile(r"(?:<\?.*?\?>|<!--.*?-->|\s)+", re.DOTALL)


def refused_kind(head: bytes) -> str | None:
    """Return why a file holds no table, told by its first bytes, or None."""
    for signature, kind in _REFUSED:
        if head.startswith(signature):
            return f"this holds no table that can be read but seems to be {kind}"
    text = _begin(head)
    listed = _LISTED.match(text)
    again = listed and re.search(rf"^{listed['first']} *: ", text[listed.end() :], re.MULTILINE)
    if _TRANSCRIPT.match(text) or again:
        return f"this holds no table that can be read but seems to be {_POWERSHELL}"
    return None


def markup_kind(head: bytes) -> str | None:
    """Return "json", "xml", "spreadsheet xml", "web page", or None for another text."""
    text = _begin(head)
    if _JSON.match(text) and not _ROW_OF_BRACKETS.match(text):
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
