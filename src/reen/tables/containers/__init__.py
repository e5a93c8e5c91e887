"""Containers: the bytes of any file to grids of text cells, before anyone knows what they mean.

Workbooks, JSON, XML, web pages and archives; delimited text and Arrow files are handed on to their
own readers.
"""

from __future__ import annotations

from reen.tables.containers.grid import ArrowFile, Content, Grid, Skipped, TextFile
from reen.tables.containers.limits import Limits
from reen.tables.containers.opening import open_container

__all__ = [
    "ArrowFile",
    "Content",
    "Grid",
    "Limits",
    "Skipped",
    "TextFile",
    "open_container",
]
