"""JSON files of results: written under one ending, read back as text of one form.

Input: a path, and what is to be written; or a path, and the form that is expected.  Output: the
file, or its content.  Whatever else stands there is refused in words.  Knows no result but a total.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reen.errors import FileFormatError
from reen.gate.json_text import json_content
from reen.gate.reads import note
from reen.gate.writing import write_file
from reen.reasons import Reason
from reen.results.total import Total

__all__ = ["content_of", "text_of", "total_content", "write_json"]


def write_json(path: str | Path, what: str, text: Callable[[], str]) -> None:
    """Write a result as ``.json``.

    Raises
    ------
    FileFormatError
        Another ending.
    FileNotWrittenError
        It cannot be written; what was there is unchanged.
    """
    path = Path(path)
    if path.suffix.lower() != ".json":
        reason = Reason("error_written_json_its_tables_go_other", what=what)
        raise FileFormatError(str(path), reason)
    write_file(path, text())


def text_of(path: str | Path) -> str:
    """Return the text of a file.

    Raises
    ------
    FileFormatError
        There is no such file, or it is not text.
    """
    path = Path(path)
    note(path, stored=True)
    if not path.exists():
        raise FileFormatError(str(path), Reason("error_there_no_file_check_path"))
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FileFormatError(
            str(path), Reason("error_not_utf_8_text", error=str(error))
        ) from error


def content_of(text: str, form: str, what: str, source: str) -> dict[str, Any]:
    """Return the content of JSON text of a form.

    Raises
    ------
    FileFormatError
        It is not JSON, or of another form.
    """
    content = json_content(text, place=source)
    if not isinstance(content, dict) or content.get("form") != form:
        found = content.get("form") if isinstance(content, dict) else type(content).__name__
        raise FileFormatError(
            source, Reason("error_not_form_found", what=what, form=repr(form), found=repr(found))
        )
    return content


def total_content(total: Total) -> dict[str, object]:
    """Return a total as JSON holds it: null where nothing was assessed."""
    return {
        "value": None if math.isnan(total.value) else total.value,
        "unit": total.unit,
        "complete": total.complete,
        "lower_bound": total.lower_bound,
        "doubtful": total.doubtful,
    }
